/* The worker process: what it answers, what it survives, what it cannot do. */
#include "document/worker.h"
#include "document/yaml_tree.h"
#include "unit/document/read.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Ten bytes that free memory twice in libfyaml 0.7.12 (RELIABILITY.md 1.1). */
static const char crash[] = "? a: \t: 2=";

static void check_good(void)
{
	struct read read;

	read_text(&read, "x.yaml", "? a\n: [b, &x c]\nd: *x\n");
	read_check_json(&read, "{\"a\":[\"b\",\"c\"],\"d\":\"c\"}");
	read_check_findings(&read, "");
	CU_ASSERT_TRUE(read.set.complete);
	read_release(&read);
}

static void test_explicit_keys_are_read(void)
{
	check_good();
}

static void test_faults_come_back(void)
{
	struct read read;

	read_text(&read, "x.yaml", "? a\n: 'b\n");
	CU_ASSERT(g_str_has_prefix(read.findings->str, "yaml-syntax 6-8 this text has an opening"));
	read_release(&read);
}

/* A library without that fault says that the text is wrong; either way there is a finding. */
static void test_its_death_is_a_finding(void)
{
	for (int i = 0; i < 3; i++) {
		struct read read;

		read_text(&read, "x.yaml", crash);
		CU_ASSERT(g_str_has_prefix(read.findings->str, "yaml-"));
		CU_ASSERT_FALSE(read.set.complete);
		CU_ASSERT_EQUAL(read.set.count, 0);
		read_release(&read);
		check_good();
	}
}

static void test_it_starts_again_after_a_stop(void)
{
	document_worker_stop();
	document_worker_stop();
	check_good();
}

static void test_a_large_text_goes_through(void)
{
	GString *text = g_string_new(NULL);
	struct read read;

	for (int i = 0; i < 60000; i++)
		g_string_append_printf(text, "key%d: [a, 'b', \"c\"]\n", i);
	CU_ASSERT(text->len > 1 << 20);
	read_with(&read, "x.yaml", text->str, text->len, NULL);
	read_check_findings(&read, "");
	CU_ASSERT_PTR_NOT_NULL_FATAL(read_root(&read));
	CU_ASSERT_EQUAL(read_root(&read)->count, 60000);
	read_release(&read);
	g_string_free(text, TRUE);
}

static gpointer read_many(gpointer data)
{
	(void)data;
	for (int i = 0; i < 20; i++) {
		struct source source;
		struct arena arena = {0};
		struct document_set set;
		struct finding_sink sink = {NULL, NULL};
		const char *text = "? a\n: b\n";

		source_init(&source, "x.yaml", text, strlen(text));
		if (document_read(&set, &source, NULL, &arena, &sink, NULL) || !set.complete)
			return GINT_TO_POINTER(1);
		source_release(&source);
		arena_release(&arena);
	}
	return NULL;
}

static void test_threads_share_it(void)
{
	GThread *threads[4];

	for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("reader", read_many, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
		CU_ASSERT_PTR_NULL(g_thread_join(threads[i]));
}

/* In a child that gave up its rights: the number of calls that did more than fail with EPERM. */
static int try_everything(void)
{
	int done = 0;

	if (worker_lock())
		return 99;
#define REFUSED(call) (done += ((call) != -1 || errno != EPERM))
	REFUSED(open("/etc/passwd", O_RDONLY));
	REFUSED(openat(AT_FDCWD, "/tmp/planlint-escape", O_CREAT | O_WRONLY, 0600));
	REFUSED(socket(AF_INET, SOCK_STREAM, 0));
	REFUSED(dup(0));
	REFUSED(fork());
	REFUSED(execl("/bin/true", "true", (char *)NULL));
	REFUSED(kill(getppid(), 0));
	REFUSED(unlink("/tmp/planlint-escape"));
	REFUSED(mkdir("/tmp/planlint-escape", 0700));
	REFUSED(chdir("/"));
	REFUSED(pipe((int[2]){0}));
	REFUSED(setuid(getuid()));
#undef REFUSED
	return done;
}

/* valgrind lives in the process that would give up its rights, and needs them. */
static bool is_under_valgrind(void)
{
	const char *preload = g_getenv("LD_PRELOAD");

	return preload && strstr(preload, "vgpreload");
}

static void test_it_can_do_nothing_else(void)
{
	int status = 0;
	pid_t pid;

	if (is_under_valgrind())
		return;
	pid = fork();
	if (pid == 0)
		_exit(try_everything());
	CU_ASSERT(pid > 0 && waitpid(pid, &status, 0) == pid);
	CU_ASSERT(WIFEXITED(status));
	CU_ASSERT_EQUAL(WEXITSTATUS(status), 0);
}

/* A worker that was taken over may say anything: what it says is checked. */
static void check_events(const struct yaml_event *events, size_t count)
{
	struct source source;
	struct arena arena = {0};
	struct doc_reader reader;
	struct yaml_tree tree;
	const char *text = "a: [b, 'c']\n";
	bool good = true;

	source_init(&source, "x.yaml", text, strlen(text));
	reader_init(&reader, &source, NULL, &arena);
	yaml_tree_init(&tree, &reader);
	for (size_t i = 0; good && i < count; i++)
		good = yaml_tree_event(&tree, &events[i]);
	CU_ASSERT_FALSE(good);
	CU_ASSERT_FALSE(yaml_tree_is_complete(&tree));
	CU_ASSERT_FALSE(reader.complete);
	yaml_tree_release(&tree);
	reader_release(&reader);
	source_release(&source);
	arena_release(&arena);
}

static void test_nonsense_is_refused(void)
{
	static const struct yaml_event start[] = {{.type = YAML_STREAM_START},
						  {.type = YAML_DOCUMENT_START},
						  {.type = YAML_MAPPING_START, .span = {0, 0}}};
	static const struct yaml_event rows[] = {
		{.type = YAML_EVENT_TYPES},
		{.type = 77},
		{.type = YAML_STREAM_START},
		{.type = YAML_DOCUMENT_START},
		{.type = YAML_DOCUMENT_END},
		{.type = YAML_STREAM_END, .span = {12, 12}},
		{.type = YAML_SEQUENCE_END},
		{.type = YAML_ALIAS, .span = {0, 1}},
		{.type = YAML_ALIAS, .span = {3, 4}},
		{.type = YAML_SCALAR, .style = YAML_PLAIN, .span = {5, 99}},
		{.type = YAML_SCALAR, .style = YAML_PLAIN, .span = {5, 4}},
		{.type = YAML_SCALAR, .style = YAML_STYLES, .span = {0, 1}},
		{.type = YAML_SCALAR, .style = YAML_SINGLE, .span = {0, 1}},
		{.type = YAML_SCALAR, .style = YAML_DOUBLE, .span = {11, 12}},
		{.type = YAML_SCALAR, .style = YAML_LITERAL, .span = {4, 7}},
		{.type = YAML_SCALAR, .style = YAML_PLAIN, .span = {0, 1}, .anchor = {9, 99}},
		{.type = YAML_SCALAR, .style = YAML_PLAIN, .span = {0, 1}, .tag = {8, 7}},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct yaml_event events[4] = {start[0], start[1], start[2], rows[i]};

		check_events(events, G_N_ELEMENTS(events));
	}
}

UNIT_SUITE(test_worker){
	{"explicit keys are read", test_explicit_keys_are_read},
	{"faults come back", test_faults_come_back},
	{"its death is a finding", test_its_death_is_a_finding},
	{"it starts again after a stop", test_it_starts_again_after_a_stop},
	{"a large text goes through", test_a_large_text_goes_through},
	{"threads share it", test_threads_share_it},
	{"it can do nothing else", test_it_can_do_nothing_else},
	{"nonsense is refused", test_nonsense_is_refused},
	{0},
};
