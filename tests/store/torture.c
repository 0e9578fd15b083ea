/*
 * What the store must bear, with verdicts of real documents: after each assault a check of a folder
 * says what it said without a store, byte for byte, or the run fails.
 *	torture FOLDER flips COUNT [SEED]   one bit of the file or its log, anywhere
 *	torture FOLDER cuts COUNT [SEED]    the file ends anywhere
 *	torture FOLDER kills COUNT [SEED]   kill -9 at any moment of a run that fills it
 * Ends in a line such as "store flips: 300 passed, 0 failed".
 *
 * Of the kills one in four comes at a moment that is spread evenly over the time that such a run
 * takes; the others at one of its calls that change the file or its log, when half of the bytes are
 * written, since most of a run's time goes elsewhere. Every second of these has another run beside
 * it, and every second a bound so small that room is made all the time.
 */
#include "check/check.h"
#include "repository/repository.h"
#include "store/internal.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DAY = 20000, SMALL_BOUND = 192 << 10 };

struct torture {
	struct ruleset *ruleset;
	const char *folder; /* documents */
	char *cache;
	char *file;
	GRand *chance;
	char *wanted;
	uint64_t limit;
	int64_t duration; /* of a run that fills the store, in microseconds; 0: not yet known */
	struct counts *counts;
	int killed_writing; /* runs that ended in one of their writes */
};

/* What runs that end by a kill tell the one that killed them: in shared memory. */
struct counts {
	gint writes;  /* calls that changed a file */
	gint kill_at; /* the call during which the run ends; 0: none */
	gint is_done; /* it came to its end */
};

static void append_finding(void *context, const struct finding *finding)
{
	GString *out = context;

	g_string_append_printf(out, "%s:%u-%u %s %d %s ",
			       finding->source ? finding->source->path : "-", finding->span.start,
			       finding->span.end, finding->rule, (int)finding->severity,
			       finding->identity);
	phrase_append(out, &finding->message, LANGUAGE_FR, NULL);
	phrase_append(out, &finding->label, LANGUAGE_EN, NULL);
	phrase_append(out, &finding->hint, LANGUAGE_EN, NULL);
	for (size_t i = 0; i < finding->related_count; i++) {
		const struct related *related = &finding->related[i];

		g_string_append_printf(out, " %s:%u ",
				       related->source ? related->source->path : "-",
				       related->span.start);
		phrase_append(out, &related->label, LANGUAGE_EN, NULL);
	}
	for (size_t i = 0; i < finding->because_count; i++)
		g_string_append_printf(out, " because %.*s", (int)finding->because[i].values.len,
				       finding->because[i].values.data);
	for (size_t i = 0; i < finding->edit_count; i++)
		g_string_append_printf(out, " edit %.*s", (int)finding->edits[i].text.len,
				       finding->edits[i].text.data);
	g_string_append_c(out, '\n');
}

/* The report of a check; g_free. NULL: the run failed. */
static char *check(struct torture *torture, struct store *store)
{
	GString *out = g_string_new(NULL);
	struct finding_sink sink = {append_finding, out};
	struct check_filter filter = {.jobs = 2, .store = store};
	struct snapshot *snapshot;
	struct error error = {0};
	int failed = snapshot_of_folder(&snapshot, torture->folder, NULL, NULL, &error);

	if (!failed) {
		failed = check_snapshot(torture->ruleset, snapshot, "", DAY, &filter, &sink, NULL,
					&error);
		snapshot_free(snapshot);
	}
	if (failed)
		fprintf(stderr, "torture: %s\n", error.message);
	error_clear(&error);
	return g_string_free(out, failed);
}

/* With the store as it is now; what it warns of is let pass. */
static char *check_with_store(struct torture *torture)
{
	char *warning;
	struct store *store = store_open_with(torture->cache, torture->limit, 0, &warning);
	char *report = check(torture, store);

	g_free(warning);
	g_free(store_close(store));
	return report;
}

static void empty(struct torture *torture)
{
	char *problem;

	store_clear(torture->cache, &problem);
	g_free(problem);
}

/* --- assaults; each leaves a store behind, false where it could not */

static bool change_file(struct torture *torture, bool cuts)
{
	char *data;
	gsize size;

	if (!g_file_get_contents(torture->file, &data, &size, NULL) || !size)
		return false;
	gsize at = (gsize)(g_rand_double(torture->chance) * (double)size);

	if (!cuts)
		data[at] = (char)(data[at] ^ 1 << g_rand_int_range(torture->chance, 0, 8));
	bool written = g_file_set_contents(torture->file, data, (gssize)(cuts ? at : size), NULL);

	g_free(data);
	return written && !g_chmod(torture->file, 0600);
}

/* A store with all rows. */
static void fill(struct torture *torture)
{
	empty(torture);
	g_free(check_with_store(torture));
}

/*
 * A filled store every now and then, so that damage adds up in between; also where the last run has
 * found damage and thrown the file away.
 */
static bool flip(struct torture *torture, int turn)
{
	if (turn % 16 == 0)
		fill(torture);
	if (change_file(torture, false))
		return true;
	fill(torture);
	return change_file(torture, false);
}

static bool cut(struct torture *torture, int turn)
{
	(void)turn;
	fill(torture);
	return change_file(torture, true);
}

/* --- kills */

static struct counts *counts; /* of the run in a child */

/* Counts a call, and says whether the run ends in it. */
static bool is_last_call(void)
{
	return g_atomic_int_add(&counts->writes, 1) + 1 == counts->kill_at;
}

static ssize_t write_half(int file, const void *data, size_t size, off_t at)
{
	if (is_last_call()) {
		if (pwrite(file, data, size / 2, at) >= 0)
			raise(SIGKILL);
		abort();
	}
	return pwrite(file, data, size, at);
}

static int truncate_or_not(int file, off_t size)
{
	if (is_last_call())
		raise(SIGKILL);
	return ftruncate(file, size);
}

static int unlink_or_not(const char *path)
{
	if (is_last_call())
		raise(SIGKILL);
	return unlink(path);
}

/* SQLite lets tests take the place of the system. False: of a write it does not. */
static bool watch_writes(void)
{
	static const struct {
		const char *name;
		sqlite3_syscall_ptr call;
	} calls[] = {
		{"pwrite", (sqlite3_syscall_ptr)write_half},
		{"pwrite64", (sqlite3_syscall_ptr)write_half},
		{"ftruncate", (sqlite3_syscall_ptr)truncate_or_not},
		{"unlink", (sqlite3_syscall_ptr)unlink_or_not},
	};
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
	int replaced = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(calls); i++)
		if (vfs->xGetSystemCall(vfs, calls[i].name))
			replaced += vfs->xSetSystemCall(vfs, calls[i].name, calls[i].call) ==
				    SQLITE_OK;
	return replaced >= 3;
}

/* A run in a child, which ends in the call `kill_at`. */
static pid_t start_run(struct torture *torture, int kill_at)
{
	pid_t child;

	*torture->counts = (struct counts){.kill_at = kill_at};
	counts = torture->counts;
	child = fork();
	if (child)
		return child;
	if (!watch_writes()) {
		fputs("torture: SQLite's writes cannot be watched\n", stderr);
		_exit(1);
	}
	g_free(check_with_store(torture));
	torture->counts->is_done = 1;
	_exit(0);
}

/* How long a run takes that fills the store, and how often it writes. */
static bool measure_run(struct torture *torture)
{
	int64_t start = g_get_monotonic_time();
	pid_t child;
	int status;

	empty(torture);
	child = start_run(torture, 0);
	if (child < 0 || waitpid(child, &status, 0) != child || !torture->counts->is_done)
		return false;
	torture->duration = g_get_monotonic_time() - start;
	return torture->counts->writes > 0;
}

static bool kill_in_time(struct torture *torture)
{
	pid_t child = start_run(torture, 0);
	int status;

	if (child < 0)
		return false;
	g_usleep((gulong)(g_rand_double(torture->chance) * (double)torture->duration));
	kill(child, SIGKILL);
	return waitpid(child, &status, 0) == child;
}

static bool kill_in_write(struct torture *torture, int turn, int writes)
{
	pid_t child = start_run(torture, g_rand_int_range(torture->chance, 1, writes + 1));
	bool is_right = true;
	int status;

	if (child < 0)
		return false;
	if (turn & 1) {
		char *beside = check_with_store(torture);

		is_right = beside && !strcmp(beside, torture->wanted);
		g_free(beside);
	}
	return waitpid(child, &status, 0) == child && is_right;
}

static bool kill_one(struct torture *torture, int turn)
{
	static int writes[2];
	int bound = turn / 4 & 1;
	bool done;

	torture->limit = bound ? SMALL_BOUND : file_limit();
	if (!writes[bound]) {
		if (!measure_run(torture))
			return false;
		writes[bound] = torture->counts->writes;
	}
	if (turn % 4 != 3) /* else the rows of the last turns are there */
		empty(torture);
	if (turn % 4 == 0)
		return kill_in_time(torture);
	done = kill_in_write(torture, turn, writes[bound]);
	torture->killed_writing += !torture->counts->is_done;
	/* A store that is filled already, or by the other run, leaves little to write. */
	if (turn % 100 == 99 && torture->killed_writing < turn / 4) {
		fputs("torture: too few runs end while they write\n", stderr);
		return false;
	}
	return done;
}

static const struct assault {
	const char *name;
	bool (*run)(struct torture *torture, int turn);
} assaults[] = {{"flips", flip}, {"cuts", cut}, {"kills", kill_one}};

/* --- */

/* Is it what is wanted? Shows the first line that is not. */
static bool tell(const char *wanted, const char *report)
{
	size_t at = 0, start = 0;

	for (; report && wanted[at] && wanted[at] == report[at]; at++)
		start = wanted[at] == '\n' ? at + 1 : start;
	if (report && !wanted[at] && !report[at])
		return true;
	fprintf(stderr, "wanted: %.*s\ngot:    %.*s\n", (int)strcspn(wanted + start, "\n"),
		wanted + start, report ? (int)strcspn(report + start, "\n") : 0,
		report ? report + start : "");
	return false;
}

static int run(struct torture *torture, const struct assault *assault, int count)
{
	int failed = 0;

	for (int turn = 0; turn < count; turn++) {
		bool done = assault->run(torture, turn);

		if (!done)
			fprintf(stderr, "torture: the assault itself failed\n");
		char *report = done ? check_with_store(torture) : NULL;
		char *again = done ? check_with_store(torture) : NULL;

		bool is_right = tell(torture->wanted, report) && tell(torture->wanted, again);

		if (!is_right) {
			failed++;
			fprintf(stderr, "FAILED %s %d\n", assault->name, turn);
		}
		g_free(report);
		g_free(again);
	}
	if (torture->killed_writing)
		printf("store %s: %d of them in the midst of a write\n", assault->name,
		       torture->killed_writing);
	printf("store %s: %d passed, %d failed\n", assault->name, count - failed, failed);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

static void ignore_fault(void *context, const struct finding *finding)
{
	(void)context;
	(void)finding;
}

static bool open_torture(struct torture *torture, const char *folder, uint32_t seed)
{
	static const struct ruleset_files no_files;
	struct finding_sink sink = {ignore_fault, NULL};
	struct error error = {0};

	*torture = (struct torture){
		.folder = folder,
		.chance = g_rand_new_with_seed(seed),
		.limit = file_limit(),
		.counts = mmap(NULL, sizeof(*torture->counts), PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0),
	};
	if (torture->counts == MAP_FAILED)
		return false;
	torture->cache = g_dir_make_tmp("planlint-XXXXXX", NULL);
	if (!torture->cache || ruleset_load(&torture->ruleset, NULL, &no_files, &sink, &error))
		return false;
	torture->file = g_build_filename(torture->cache, "verdicts.sqlite", NULL);
	torture->wanted = check(torture, NULL);
	return torture->wanted && *torture->wanted;
}

static void close_torture(struct torture *torture)
{
	char *tag = g_build_filename(torture->cache, "CACHEDIR.TAG", NULL);

	empty(torture);
	munmap(torture->counts, sizeof(*torture->counts));
	g_unlink(tag);
	g_rmdir(torture->cache);
	ruleset_free(torture->ruleset);
	g_rand_free(torture->chance);
	g_free(tag);
	g_free(torture->wanted);
	g_free(torture->file);
	g_free(torture->cache);
}

int main(int argc, char **argv)
{
	struct torture torture;
	int status = EXIT_FAILURE;

	for (size_t i = 0; argc > 3 && i < G_N_ELEMENTS(assaults); i++) {
		if (strcmp(argv[2], assaults[i].name) != 0)
			continue;
		if (!open_torture(&torture, argv[1], argc > 4 ? (uint32_t)atoi(argv[4]) : 1)) {
			fputs("torture: no findings in the folder to compare\n", stderr);
			return EXIT_FAILURE;
		}
		status = run(&torture, &assaults[i], atoi(argv[3]));
		close_torture(&torture);
		return status;
	}
	fputs("usage: torture FOLDER flips|cuts|kills COUNT [SEED]\n", stderr);
	return status;
}
