/*
 * `planlint validate --schema S FILE...`: JSON Schema alone, without git, configuration or rules.
 *
 * The schema is compiled first; what it refers to comes from --resolve, from what is built in, or
 * from files below the schema's own folder, never from the network. Files are then read and
 * judged in as many threads as -j allows, and reported in one order whatever the threads did. A
 * file may hold several documents (YAML streams, JSON Lines); each is judged alone.
 */
#include "base/embedded.h"
#include "cli/builtin_schema.h"
#include "cli/cli.h"
#include "document/document.h"
#include "schema/schema.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct options {
	char *schema;
	char **resolve;
	gboolean format_assertion;
	gboolean benchmark;
	int loop;
};

/* A file's bytes, trees and findings. */
struct file {
	struct arena arena;
	struct source source;
	struct document_set documents;
	struct error error;
	GPtrArray *findings; /* struct finding, in the arena */
	GArray *lines;       /* of JSON Lines: the numbers (uint32_t) of those that hold one */
	char *text;
	size_t judged; /* documents */
	bool is_done;
};

/* Everything that the schema is made of, and the files to judge. */
struct session {
	const struct options *options;
	const struct cli_options *common;
	struct symbols *symbols;
	struct schema_set *set;
	const struct schema *schema;
	char *root;         /* the schema's folder as typed, ending in '/'; empty: here */
	GHashTable *loaded; /* path to struct file: schemas that references asked for */
	struct file schema_file;
	struct file *files;
	int file_count;
};

/* --- reading */

static void keep_finding(void *context, const struct finding *finding)
{
	struct file *file = context;
	struct finding *copy = arena_new(&file->arena, struct finding);

	*copy = *finding; /* what it points to lives in the file's or the schema's arena */
	g_ptr_array_add(file->findings, copy);
}

/* Reads the trees of a text, which stays the caller's. */
static int file_parse(struct file *file, const char *path, const char *text, size_t len,
		      const struct symbols *symbols)
{
	struct document_options options = {.symbols = symbols};
	struct finding_sink sink = {keep_finding, file};

	arena_init(&file->arena);
	file->findings = g_ptr_array_new();
	source_init(&file->source, path, text, len);
	return document_read(&file->documents, &file->source, &options, &file->arena, &sink,
			     &file->error);
}

static int file_read(struct file *file, const char *path, const struct symbols *symbols)
{
	size_t len;

	file->text = cli_read(path, UINT32_MAX, &len, &file->error);
	if (!file->text)
		return -1;
	if (len > UINT32_MAX)
		return error_usage(&file->error, "\"%s\" is larger than 4 GiB", path);
	return file_parse(file, path, file->text, len, symbols);
}

static void file_release(struct file *file)
{
	if (file->findings)
		g_ptr_array_free(file->findings, TRUE);
	if (file->lines)
		g_array_free(file->lines, TRUE);
	source_release(&file->source);
	error_clear(&file->error);
	arena_release(&file->arena);
	g_free(file->text);
}

static void free_loaded(gpointer data)
{
	file_release(data);
	g_free(data);
}

/* --- the schema and what it refers to */

static bool is_inside(const char *relative)
{
	g_auto(GStrv) names = g_strsplit(relative, "/", -1);

	for (char **name = names; *name; name++)
		if (!strcmp(*name, ".."))
			return false;
	return relative[0] != '/';
}

/* The file that --resolve names for a URI: the same URI, or one below a folder's. NULL: none. */
static char *resolved_path(const struct session *session, const char *uri)
{
	for (char **entry = session->options->resolve; entry && *entry; entry++) {
		const char *equals = strrchr(*entry, '=');
		size_t len = (size_t)(equals - *entry);
		const char *rest = uri + len;

		if (strncmp(uri, *entry, len))
			continue;
		if (!*rest)
			return g_strdup(equals + 1);
		if (len && uri[len - 1] != '/' && *rest == '/')
			rest++;
		else if (len && uri[len - 1] != '/')
			continue;
		if (is_inside(rest) && g_file_test(equals + 1, G_FILE_TEST_IS_DIR))
			return g_build_filename(equals + 1, rest, NULL);
	}
	return NULL;
}

/* A file below the schema's folder; anything else that is no URI with a scheme is refused. */
static char *local_path(const struct session *session, const char *uri, struct error *error)
{
	g_autofree char *scheme = g_uri_parse_scheme(uri);
	g_autofree char *path = scheme ? NULL : g_uri_unescape_string(uri, NULL);

	if (!path)
		return NULL;
	if (g_str_has_prefix(path, session->root) && is_inside(path + strlen(session->root)))
		return g_steal_pointer(&path);
	error_usage(error, "%s",
		    N_("it lies outside of the schema's folder; name it with --resolve"));
	return NULL;
}

static const struct document *resolve(void *context, struct slice uri, struct error *error)
{
	struct session *session = context;
	g_autofree char *name = g_strndup(uri.data, uri.len);
	g_autofree char *path = resolved_path(session, name);
	struct file *file;

	if (!path)
		path = local_path(session, name, error);
	if (!path)
		return NULL;
	file = g_hash_table_lookup(session->loaded, path);
	if (!file && !g_file_test(path, G_FILE_TEST_EXISTS)) {
		error_usage(error, "%s", N_("there is no such file"));
		return NULL;
	}
	if (!file) {
		char *key = g_strdup(path);

		file = g_new0(struct file, 1);
		g_hash_table_insert(session->loaded, key, file);
		file_read(file, key, session->symbols);
	}
	if (file->error.message) {
		error_usage(error, "%s", file->error.message);
		return NULL;
	}
	if (!file->documents.complete || file->documents.count != 1) {
		error_usage(error, "%s", N_("its file is not one whole document"));
		return NULL;
	}
	return &file->documents.documents[0];
}

/*
 * The schema's path as typed, as a URI reference, so that references next to it work. The name of a
 * built-in one is a URI.
 */
static char *uri_of(struct session *session, const char *path)
{
	const char *slash = strrchr(path, '/');

	session->root = g_strndup(path, slash ? (size_t)(slash + 1 - path) : 0);
	return g_uri_escape_string(path, builtin_schema_is_name(path) ? "/:" : "/", TRUE);
}

/* The file that --schema names, or the schema of the program. */
static int read_schema(struct session *session)
{
	const char *path = session->options->schema;
	struct file *file = &session->schema_file;
	const struct embedded_file *builtin;

	if (!builtin_schema_is_name(path))
		return file_read(file, path, session->symbols);
	builtin = builtin_schema_find(path, &file->error);
	return builtin ? file_parse(file, path, builtin->data, builtin->size, session->symbols)
		       : -1;
}

static int load_schema(struct session *session)
{
	struct file *file = &session->schema_file;
	const char *path = session->options->schema;
	struct schema_set_options options = {
		.symbols = session->symbols,
		.resolve = resolve,
		.resolve_context = session,
		.formats = session->options->format_assertion ? SCHEMA_FORMATS_ASSERTED
							      : SCHEMA_FORMATS_AS_DECLARED,
	};
	struct finding_sink sink = {keep_finding, file};
	g_autofree char *uri = uri_of(session, path);

	if (read_schema(session))
		return cli_fail(&file->error);
	session->set = schema_set_new(&options);
	if (file->documents.complete && file->documents.count != 1)
		return cli_misuse("%s: a schema is one document", path);
	if (file->documents.complete)
		session->schema = schema_compile(session->set, &file->documents.documents[0],
						 slice_of(uri), &sink);
	return EXIT_CLEAN;
}

/* --- judging */

static void judge(struct session *session, struct file *file)
{
	struct finding_sink sink = {keep_finding, file};

	for (size_t i = 0; i < file->documents.count; i++) {
		const struct document *document = &file->documents.documents[i];

		if (!schema_is_valid(session->schema, document, NULL, &file->arena))
			schema_report(session->schema, document, NULL, &file->arena, &sink);
	}
}

static bool is_blank(const char *text, size_t len)
{
	while (len && strchr(" \t\r", *text))
		text++, len--;
	return !len;
}

/* Each line that is not blank gets a verdict: notes which they are. */
static void note_lines(struct file *file)
{
	const char *end = file->source.data + file->source.size;
	uint32_t number = 1;

	file->lines = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	for (const char *at = file->source.data; at < end; number++) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		if (!stop)
			stop = end;
		if (!is_blank(at, (size_t)(stop - at)))
			g_array_append_val(file->lines, number);
		at = stop + 1;
	}
}

/* What nothing was found in is not kept: many files are judged in the memory of a few. */
static void forget(struct file *file)
{
	const char *path = file->source.path;

	source_release(&file->source);
	arena_release(&file->arena);
	g_free(file->text);
	file->text = NULL;
	source_init(&file->source, path, NULL, 0);
}

static void read_and_judge(gpointer data, gpointer context)
{
	struct session *session = context;
	struct file *file = data;

	file->is_done = !file_read(file, file->source.path, session->symbols);
	if (!file->is_done)
		return;
	judge(session, file);
	if (file->documents.syntax == DOCUMENT_JSON_LINES)
		note_lines(file);
	file->judged = file->documents.count;
	if (!file->findings->len)
		forget(file);
}

static void judge_all(struct session *session)
{
	int jobs = session->common->jobs;
	GThreadPool *pool;

	if (jobs < 2 || session->file_count < 2) {
		for (int i = 0; i < session->file_count; i++)
			read_and_judge(&session->files[i], session);
		return;
	}
	pool = g_thread_pool_new(read_and_judge, session, jobs, TRUE, NULL);
	for (int i = 0; i < session->file_count; i++)
		g_thread_pool_push(pool, &session->files[i], NULL);
	g_thread_pool_free(pool, FALSE, TRUE);
}

/* --- benchmark */

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

/* Mean and deviation of evaluation alone, in microseconds. */
static void time_document(struct session *session, struct file *file, size_t index)
{
	const struct document *document = &file->documents.documents[index];
	int loop = MAX(session->options->loop, 1);
	double sum = 0;
	double squares = 0;
	bool valid = true;
	double mean;

	for (int i = 0; i < loop; i++) {
		double start = now();
		double took;

		valid = schema_is_valid(session->schema, document, NULL, &file->arena);
		took = now() - start;
		sum += took;
		squares += took * took;
	}
	mean = sum / loop;
	printf("%s[%zu]: %s %.3f +- %.3f us\n", file->source.path, index + 1,
	       valid ? "PASS" : "FAIL", mean, sqrt(MAX(squares / loop - mean * mean, 0)));
	if (!valid)
		g_ptr_array_add(file->findings, NULL);
}

static int benchmark(struct session *session)
{
	bool failed = false;

	for (int i = 0; i < session->file_count; i++) {
		struct file *file = &session->files[i];

		if (file_read(file, file->source.path, session->symbols))
			return cli_fail(&file->error);
		for (size_t d = 0; d < file->documents.count; d++)
			time_document(session, file, d);
		failed |= file->findings->len > 0 || !file->documents.complete;
	}
	return fflush(stdout) ? EXIT_UNTOLD : failed ? EXIT_FINDINGS : EXIT_CLEAN;
}

/* --- reporting */

static int by_place(const void *a, const void *b)
{
	return report_compare(*(const struct finding *const *)a, *(const struct finding *const *)b);
}

static void collect(const struct session *session, struct file *file, GPtrArray *out)
{
	for (guint i = 0; file->findings && i < file->findings->len; i++) {
		const struct finding *finding = g_ptr_array_index(file->findings, i);

		if (cli_wants_rule(session->common, finding))
			g_ptr_array_add(out, (gpointer)finding);
	}
}

static GPtrArray *all_findings(struct session *session)
{
	GPtrArray *findings = g_ptr_array_new();
	GHashTableIter iter;
	gpointer loaded;

	collect(session, &session->schema_file, findings);
	g_hash_table_iter_init(&iter, session->loaded);
	while (g_hash_table_iter_next(&iter, NULL, &loaded))
		collect(session, loaded, findings);
	for (int i = 0; i < session->file_count; i++)
		collect(session, &session->files[i], findings);
	if (findings->len)
		qsort(findings->pdata, findings->len, sizeof(gpointer), by_place);
	return findings;
}

/* --- verdicts on lines */

static int by_line(const void *a, const void *b)
{
	const struct report_line *first = a;
	const struct report_line *second = b;
	int order = strcmp(first->path, second->path);

	return order ? order : (first->line > second->line) - (first->line < second->line);
}

static GArray *all_lines(const struct session *session)
{
	GArray *lines = g_array_new(FALSE, FALSE, sizeof(struct report_line));

	for (int i = 0; i < session->file_count; i++) {
		const struct file *file = &session->files[i];

		for (guint k = 0; file->lines && k < file->lines->len; k++) {
			struct report_line line = {file->source.path,
						   g_array_index(file->lines, uint32_t, k), true};

			g_array_append_val(lines, line);
		}
	}
	g_array_sort(lines, by_line);
	return lines;
}

/* Below 0: the finding stands before the line; 0: in it. */
static int finding_to_line(const struct finding *finding, const struct report_line *line)
{
	struct report_line place = {0};

	if (!finding->source)
		return -1;
	place.path = finding->source->path;
	place.line = source_position(finding->source, finding->span.start).line;
	return by_line(&place, line);
}

/* All findings, those of a line behind its verdict. Both are in the order of reports. */
static void report_findings(struct report *report, const GPtrArray *findings, const GArray *lines)
{
	guint next = 0;

	for (guint i = 0; i < lines->len; i++) {
		struct report_line *line = &g_array_index(lines, struct report_line, i);
		guint end;

		while (next < findings->len && finding_to_line(findings->pdata[next], line) < 0)
			report_finding(report, findings->pdata[next++], REPORT_OPEN);
		for (end = next;
		     end < findings->len && !finding_to_line(findings->pdata[end], line); end++) {
			const struct finding *finding = findings->pdata[end];

			line->valid &= finding->severity != SEVERITY_ERROR;
		}
		report_line(report, line);
		while (next < end)
			report_finding(report, findings->pdata[next++], REPORT_OPEN);
	}
	while (next < findings->len)
		report_finding(report, findings->pdata[next++], REPORT_OPEN);
}

static int report_all(struct session *session, struct report *report)
{
	struct error error = {0};
	struct report_looked_at looked_at = {.subject = N_("the files named")};
	g_autoptr(GPtrArray) findings = all_findings(session);
	g_autoptr(GArray) lines = all_lines(session);
	int status = EXIT_CLEAN;

	for (int i = 0; session->schema && i < session->file_count; i++) {
		looked_at.files += session->files[i].is_done;
		looked_at.documents += session->files[i].judged;
	}
	report_findings(report, findings, lines);
	if (report_end(report, &looked_at, &error))
		status = cli_fail(&error);
	else if (report_is_closed(report))
		cli_die_of_pipe();
	else if (!session->schema)
		status = EXIT_MISUSE;
	else if (report_has_failed(report) && !session->common->exit_zero)
		status = EXIT_FINDINGS;
	error_clear(&error);
	return status;
}

/* What could not be read: said on stderr, and the worst of it decides. */
static int tell_unread(const struct session *session)
{
	int status = EXIT_CLEAN;

	for (int i = 0; i < session->file_count; i++) {
		int own = EXIT_CLEAN;

		if (session->files[i].error.message)
			own = cli_fail(&session->files[i].error);
		status = MAX(status, own);
	}
	return status;
}

static int run(struct session *session)
{
	struct error error = {0};
	int status = load_schema(session);
	struct report *report;
	int unread;

	if (status != EXIT_CLEAN)
		return status;
	if (session->schema && session->options->benchmark)
		return benchmark(session);
	/* before the threads: choosing a language changes the environment */
	report = cli_report_new(session->common, REPORT_OF_CHECK, NULL, &error);
	if (!report) {
		status = cli_fail(&error);
		error_clear(&error);
		return status;
	}
	if (session->schema)
		judge_all(session);
	unread = tell_unread(session);
	status = report_all(session, report);
	report_free(report);
	return MAX(status, unread);
}

/* --- the command */

static int check_options(const struct options *options, int file_count)
{
	if (!options->schema)
		return cli_misuse("validate: name the schema with --schema FILE");
	if (!file_count)
		return cli_misuse("validate: name at least one FILE");
	if (options->loop < 0)
		return cli_misuse("validate: --loop takes a number of 1 or more");
	for (char **entry = options->resolve; entry && *entry; entry++)
		if (!strchr(*entry, '='))
			return cli_misuse(
				"validate: --resolve \"%s\" is not URI=FILE or URI=FOLDER", *entry);
	return EXIT_CLEAN;
}

static void session_release(struct session *session)
{
	for (int i = 0; i < session->file_count; i++)
		file_release(&session->files[i]);
	g_hash_table_destroy(session->loaded);
	schema_set_free(session->set);
	file_release(&session->schema_file);
	symbols_free(session->symbols);
	g_free(session->root);
	g_free(session->files);
	document_worker_stop();
}

int cmd_validate(int argc, char **argv)
{
	struct options options = {0};
	const GOptionEntry own[] = {
		{"schema", 's', 0, G_OPTION_ARG_FILENAME, &options.schema,
		 N_("the JSON Schema, in YAML or JSON, or one that is built in: builtin:plan"),
		 N_("FILE")},
		{"resolve", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.resolve,
		 N_("where a referenced schema lies; a folder serves what is below the URI"),
		 N_("URI=FILE")},
		{"format-assertion", 0, 0, G_OPTION_ARG_NONE, &options.format_assertion,
		 N_("formats decide; else they only describe"), NULL},
		{"benchmark", 0, 0, G_OPTION_ARG_NONE, &options.benchmark,
		 N_("print how long the evaluation of each document takes"), NULL},
		{"loop", 0, 0, G_OPTION_ARG_INT, &options.loop,
		 N_("evaluate so many times in a benchmark"), N_("N")},
		{0},
	};
	struct cli_options common = {0};
	struct session session = {.options = &options, .common = &common};
	int status = cli_options_parse(&common, own, N_("--schema FILE FILE..."), &argc, &argv,
				       NULL);
	bool runs = status == CLI_RUN;

	if (runs)
		status = check_options(&options, argc - 1);
	if (runs && status == EXIT_CLEAN) {
		session.symbols = symbols_new();
		session.loaded = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
						       free_loaded);
		session.file_count = argc - 1;
		session.files = g_new0(struct file, argc - 1);
		for (int i = 1; i < argc; i++)
			session.files[i - 1].source.path = argv[i];
		status = run(&session);
		session_release(&session);
	}
	g_free(options.schema);
	g_strfreev(options.resolve);
	cli_options_release(&common);
	return status;
}
