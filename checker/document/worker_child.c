/*
 * The worker's side: one text after another is read, parsed with libfyaml and answered with places,
 * until the socket closes. Nothing of a text is kept for the next one but what libfyaml leaks or
 * breaks, which is why workers are short-lived. Faults end the process: the other side sees it.
 */
#include "document/worker.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BATCH = 256 }; /* records written at once */

struct answer {
	struct worker_record records[BATCH];
	size_t count;
};

/* Fills the buffer; ends the process where the other side is gone. */
static void read_all(void *data, size_t size)
{
	for (char *at = data; size;) {
		ssize_t got = read(WORKER_SOCKET, at, size);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			_exit(0);
		at += got;
		size -= (size_t)got;
	}
}

static void write_all(const void *data, size_t size)
{
	for (const char *at = data; size;) {
		ssize_t put = write(WORKER_SOCKET, at, size);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			_exit(0);
		at += put;
		size -= (size_t)put;
	}
}

static void flush(struct answer *answer)
{
	write_all(answer->records, answer->count * sizeof(answer->records[0]));
	answer->count = 0;
}

static bool send_event(void *context, const struct yaml_event *event)
{
	struct answer *answer = context;
	struct worker_record *record = &answer->records[answer->count];

	memset(record, 0, sizeof(*record));
	record->event = *event;
	if (++answer->count == BATCH)
		flush(answer);
	return true;
}

static void serve_one(struct answer *answer)
{
	struct worker_request request;
	struct yaml_outcome outcome;
	char *text;

	read_all(&request, sizeof(request));
	text = malloc(request.size ? request.size : 1);
	if (!text)
		_exit(1);
	read_all(text, request.size);
	yaml_parse((struct slice){text, request.size}, send_event, answer, &outcome);
	free(text);
	answer->records[answer->count] = (struct worker_record){.is_last = 1};
	answer->records[answer->count++].outcome = outcome;
	flush(answer);
}

/* Serves requests until the socket closes. */
static _Noreturn void worker_serve(void)
{
	static struct answer answer;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (worker_lock())
		_exit(1);
	/* Whoever waits for the start learns that the lock is in place. */
	write_all("", 1);
	for (;;)
		serve_one(&answer);
}

/* Whether this process was started as a worker: its name, and a socket to serve. */
static bool is_worker(int argc, char **argv)
{
	int type;
	socklen_t size = sizeof(type);

	return argc == 1 && argv[0] && !strcmp(argv[0], WORKER_NAME) &&
	       !getsockopt(WORKER_SOCKET, SOL_SOCKET, SO_TYPE, &type, &size);
}

void document_worker_main(int argc, char **argv)
{
	unsetenv("FY_VALGRIND"); /* changes what libfyaml does */
	if (is_worker(argc, argv))
		worker_serve();
	worker_prepare();
}
