/*
 * This side of the worker: starts it at first need, sends one text at a time and hands the events
 * of the answer on as they come. One worker serves all threads in turn, since few files need it. It
 * is replaced when it has read a few megabytes, when it does not answer in time, when its answer is
 * nonsense and when it dies; only that it cannot be started at all is a fault of the system.
 */
#include "document/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The one process of this process: shared by all threads, hence not const (document.h). */
static struct {
	GMutex mutex;
	bool is_prepared; /* main() called document_worker_main() */
	pid_t pid;        /* 0: none runs */
	int socket;
	size_t read; /* bytes of text that it was sent */
} worker;

enum wait { WAIT_READ = POLLIN, WAIT_WRITE = POLLOUT };

void worker_prepare(void)
{
	worker.is_prepared = true;
}

/* Ends the process, whatever it does. */
static void stop(void)
{
	if (!worker.pid)
		return;
	close(worker.socket);
	kill(worker.pid, SIGKILL);
	while (waitpid(worker.pid, NULL, 0) < 0 && errno == EINTR)
		;
	worker.pid = 0;
}

void document_worker_stop(void)
{
	g_mutex_lock(&worker.mutex);
	stop();
	g_mutex_unlock(&worker.mutex);
}

/* Waits until the socket is ready; false when the deadline passes or the worker is gone. */
static bool await(enum wait what, gint64 deadline)
{
	for (;;) {
		struct pollfd fd = {.fd = worker.socket, .events = (short)what};
		gint64 left = (deadline - g_get_monotonic_time()) / 1000;
		int ready = left > 0 ? poll(&fd, 1, (int)left) : 0;

		if (ready < 0 && errno == EINTR)
			continue;
		return ready > 0;
	}
}

static bool send_all(const void *data, size_t size, gint64 deadline)
{
	for (const char *at = data; size;) {
		ssize_t put;

		if (!await(WAIT_WRITE, deadline))
			return false;
		put = send(worker.socket, at, size, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (put < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (put <= 0)
			return false;
		at += put;
		size -= (size_t)put;
	}
	return true;
}

/* Up to `size` bytes; 0 when the worker is gone or late. */
static size_t receive(void *data, size_t size, gint64 deadline)
{
	while (await(WAIT_READ, deadline)) {
		ssize_t got = recv(worker.socket, data, size, MSG_DONTWAIT);

		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		return got > 0 ? (size_t)got : 0;
	}
	return 0;
}

/* The descriptors of the worker: the socket, nothing to read, nowhere to write. */
static void set_descriptors(posix_spawn_file_actions_t *actions, int socket)
{
	posix_spawn_file_actions_adddup2(actions, socket, WORKER_SOCKET);
	posix_spawn_file_actions_addopen(actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(actions, 2, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addclosefrom_np(actions, 3);
}

/*
 * This program. Where something stands between it and the kernel (valgrind), /proc/self/exe is
 * that, but readlink() gives the program; they are the same file otherwise.
 */
static const char *program_path(char *buffer, size_t size)
{
	static const char self[] = "/proc/self/exe";
	struct stat kernel, link;
	ssize_t len = readlink(self, buffer, size - 1);

	if (len <= 0 || (size_t)len >= size - 1)
		return self;
	buffer[len] = '\0';
	if (stat(buffer, &link) || stat(self, &kernel) || link.st_ino == kernel.st_ino)
		return self;
	return buffer;
}

/* Nothing of the environment but where libraries are found. */
static int spawn(int socket)
{
	char *const argv[] = {(char *)WORKER_NAME, NULL};
	const char *libraries = getenv("LD_LIBRARY_PATH");
	char *path = libraries ? g_strconcat("LD_LIBRARY_PATH=", libraries, NULL) : NULL;
	char *const environment[] = {(char *)"ASAN_OPTIONS=detect_leaks=0:symbolize=0", path, NULL};
	posix_spawn_file_actions_t actions;
	char program[4096];
	int result;

	posix_spawn_file_actions_init(&actions);
	set_descriptors(&actions, socket);
	result = posix_spawn(&worker.pid, program_path(program, sizeof(program)), &actions, NULL,
			     argv, environment);
	posix_spawn_file_actions_destroy(&actions);
	g_free(path);
	if (result)
		worker.pid = 0;
	return result;
}

static gint64 deadline_from_now(void)
{
	return g_get_monotonic_time() + (gint64)WORKER_WALL_SECONDS * G_USEC_PER_SEC;
}

static int start(struct error *error)
{
	int sockets[2];
	int result;
	char ready;

	if (!worker.is_prepared)
		return error_set(error, "the YAML worker cannot run in this program");
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets))
		return error_set(error, "the YAML worker cannot be started: %s", g_strerror(errno));
	result = spawn(sockets[1]);
	close(sockets[1]);
	if (result) {
		close(sockets[0]);
		return error_set(error, "the YAML worker cannot be started: %s",
				 g_strerror(result));
	}
	worker.socket = sockets[0];
	worker.read = 0;
	if (receive(&ready, 1, deadline_from_now()) == 1)
		return 0;
	stop();
	return error_set(error,
			 "the YAML worker cannot be started: this system does not let it give "
			 "up its rights (seccomp)");
}

/* An answer as it comes in, record by record. */
struct answer {
	struct worker_record records[128];
	size_t size; /* bytes in `records` */
};

/*
 * Hands on the events among whole records; true when the answer has ended, with the outcome. What
 * is left of a record stays for the next bytes.
 */
static bool take_records(struct answer *answer, yaml_event_handler *handler, void *context,
			 struct yaml_outcome *outcome)
{
	size_t count = answer->size / sizeof(answer->records[0]);

	for (size_t i = 0; i < count; i++) {
		const struct worker_record *record = &answer->records[i];

		if (record->is_last) {
			bool is_end = answer->size == (i + 1) * sizeof(answer->records[0]);

			*outcome = record->outcome;
			if (!is_end) /* it would be taken for the answer to the next text */
				outcome->status = YAML_DIED;
			return true;
		}
		if (!handler(context, &record->event)) {
			outcome->status = YAML_STOPPED;
			return true;
		}
	}
	answer->size -= count * sizeof(answer->records[0]);
	memmove(answer->records, answer->records + count, answer->size);
	return false;
}

static void read_answer(yaml_event_handler *handler, void *context, struct yaml_outcome *outcome,
			gint64 deadline)
{
	struct answer answer = {.size = 0};

	outcome->status = YAML_DIED;
	do {
		size_t got = receive((char *)answer.records + answer.size,
				     sizeof(answer.records) - answer.size, deadline);

		if (!got)
			return;
		answer.size += got;
	} while (!take_records(&answer, handler, context, outcome));
}

/* What the worker says of the end is checked like everything else that it says. */
static void check_outcome(struct yaml_outcome *outcome)
{
	outcome->message[sizeof(outcome->message) - 1] = '\0';
	if (outcome->status != YAML_DONE && outcome->status != YAML_FAULT &&
	    outcome->status != YAML_STOPPED)
		outcome->status = YAML_DIED;
}

static int exchange(struct slice text, yaml_event_handler *handler, void *context,
		    struct yaml_outcome *outcome, struct error *error)
{
	struct worker_request request = {(uint32_t)text.len};
	gint64 deadline;

	if (worker.pid && worker.read > WORKER_RECYCLE)
		stop();
	if (!worker.pid && start(error))
		return -1;
	deadline = deadline_from_now();
	worker.read += text.len;
	*outcome = (struct yaml_outcome){.status = YAML_DIED};
	if (send_all(&request, sizeof(request), deadline) &&
	    send_all(text.data, text.len, deadline))
		read_answer(handler, context, outcome, deadline);
	check_outcome(outcome);
	if (outcome->status != YAML_DONE && outcome->status != YAML_FAULT)
		stop();
	return 0;
}

int worker_parse(struct slice text, yaml_event_handler *handler, void *context,
		 struct yaml_outcome *outcome, struct error *error)
{
	int result;

	g_mutex_lock(&worker.mutex);
	result = exchange(text, handler, context, outcome, error);
	g_mutex_unlock(&worker.mutex);
	return result;
}
