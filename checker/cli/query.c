/*
 * `planlint query JSONPATH FILE`: the nodes that a path selects (RFC 9535), each with its place in
 * the file, its normalized path and its value as JSON. `-` reads standard input.
 *
 * A file with a syntax fault is reported like by any other command and not queried: what was not
 * read is never "nothing selected".
 */
#include "cli/cli.h"
#include "document/document.h"
#include "jsonpath/jsonpath.h"

#include <stdio.h>
#include <string.h>

struct query {
	struct cli_options options;
	const struct jsonpath *path;
	const char *file; /* as shown */
	char *data;
	struct source source;
	struct document_set set;
	struct arena arena;
	GPtrArray *findings; /* struct finding in the arena */
	bool json;
};

static void keep_finding(void *context, const struct finding *finding)
{
	struct query *query = context;
	struct finding *copy = arena_new(&query->arena, struct finding);

	*copy = *finding;
	g_ptr_array_add(query->findings, copy);
}

/* "planlint: words", the path, and carets below the place. */
static int refuse_path(const char *text, const struct jsonpath_error *error, enum language language)
{
	GString *words = g_string_new(NULL);
	GString *before = g_string_new(NULL);
	struct slice head = {text, error->place.start};
	struct slice token = {text + error->place.start, error->place.end - error->place.start};
	size_t carets;

	phrase_append(words, &error->message, language, text_append_visible);
	cli_misuse("%s", words->str);
	text_append_visible(before, head.data, head.len);
	carets = text_code_points(token.data, token.len);
	g_string_truncate(words, 0);
	text_append_visible(words, text, strlen(text));
	fprintf(stderr, "    %s\n    %*s", words->str,
		(int)text_code_points(before->str, before->len), "");
	for (size_t i = 0; i < MAX(carets, 1); i++)
		fputc('^', stderr);
	fputc('\n', stderr);
	g_string_free(before, TRUE);
	g_string_free(words, TRUE);
	return EXIT_MISUSE;
}

static int compile_path(struct query *query, const char *text)
{
	struct report_options report = {0};
	struct jsonpath_error error;

	cli_languages(&query->options, NULL, &report);
	query->path = jsonpath_compile(slice_of(text), NULL, &query->arena, &error);
	return query->path ? EXIT_CLEAN : refuse_path(text, &error, report.language);
}

static int read_document(struct query *query, const char *name, struct error *error)
{
	struct finding_sink sink = {.emit = keep_finding, .context = query};

	bool from_stdin = !strcmp(name, "-");
	size_t len;

	query->file = from_stdin ? _("standard input") : name;
	query->data = cli_read(from_stdin ? NULL : name, document_default_limits.size, &len, error);
	if (!query->data)
		return -1;
	source_init(&query->source, query->file, query->data, len);
	return document_read(&query->set, &query->source, NULL, &query->arena, &sink, error);
}

/* The findings of a file that could not be read whole. */
static int report_faults(struct query *query)
{
	struct report_looked_at looked_at = {.subject = query->file, .documents = 1, .files = 1};
	struct error error = {0};
	struct report *report = cli_report_new(&query->options, REPORT_OF_CHECK, NULL, &error);
	int status = EXIT_FINDINGS;

	for (guint i = 0; report && i < query->findings->len; i++)
		report_finding(report, query->findings->pdata[i], REPORT_OPEN);
	if (!report || report_end(report, &looked_at, &error) < 0) {
		status = cli_fail(&error);
		error_clear(&error);
	}
	report_free(report);
	return status;
}

static void append_json_text(GString *out, const char *text, size_t len)
{
	const struct doc_node node = {.type = DOC_STRING, .text = text, .len = (uint32_t)len};

	doc_json_append(out, &node);
}

static void append_place_json(GString *out, struct query *query, const char *name, uint32_t offset)
{
	struct position at = source_position(&query->source, offset);

	g_string_append_printf(out, "\"%s\":{\"line\":%u,\"column\":%u,\"offset\":%u}", name,
			       at.line, at.column_code_points, offset);
}

static void append_node_json(GString *out, struct query *query, const struct doc_node *node)
{
	GString *path = g_string_new(NULL);
	GString *value = g_string_new(NULL);

	jsonpath_append_path(path, node);
	g_string_append(value, "{\"path\":");
	append_json_text(value, path->str, path->len);
	g_string_truncate(path, 0);
	doc_pointer_append(path, node);
	g_string_append(value, ",\"pointer\":");
	append_json_text(value, path->str, path->len);
	g_string_append_c(value, ',');
	append_place_json(value, query, "start", node->span.start);
	g_string_append_c(value, ',');
	append_place_json(value, query, "end", node->span.end);
	g_string_append(value, ",\"value\":");
	doc_json_append(value, node);
	g_string_append_c(value, '}');
	text_append_json(out, value->str, value->len);
	g_string_free(value, TRUE);
	g_string_free(path, TRUE);
}

static void append_node_text(GString *out, struct query *query, const struct doc_node *node)
{
	struct position at = source_position(&query->source, node->span.start);
	GString *path = g_string_new(NULL);

	text_append_visible(out, query->file, strlen(query->file));
	jsonpath_append_path(path, node);
	g_string_append_printf(out, ":%u:%u: ", at.line, at.column_code_points);
	text_append_visible(out, path->str, path->len);
	g_string_append(out, ": ");
	g_string_truncate(path, 0);
	doc_json_append(path, node);
	text_append_json(out, path->str, path->len);
	g_string_append_c(out, '\n');
	g_string_free(path, TRUE);
}

static int select_all(struct query *query, GString *out, GPtrArray *nodes)
{
	for (size_t i = 0; i < query->set.count; i++) {
		struct error error = {0};
		int status;

		if (jsonpath_select(nodes, query->path, query->set.documents[i].root, NULL) ==
		    JSONPATH_DONE)
			continue;
		error_set(&error, "this path takes too long on %s", query->file);
		status = cli_fail(&error);
		error_clear(&error);
		return status;
	}
	if (query->json)
		g_string_append_c(out, '[');
	for (guint i = 0; i < nodes->len; i++) {
		if (query->json) {
			g_string_append(out, i ? ",\n " : "\n ");
			append_node_json(out, query, nodes->pdata[i]);
		} else {
			append_node_text(out, query, nodes->pdata[i]);
		}
	}
	if (query->json)
		g_string_append(out, nodes->len ? "\n]\n" : "]\n");
	return EXIT_CLEAN;
}

static int print_nodes(struct query *query)
{
	GPtrArray *nodes = g_ptr_array_new();
	GString *out = g_string_new(NULL);
	int status = select_all(query, out, nodes);

	if (status == EXIT_CLEAN)
		status = cli_print(out->str, out->len);
	g_string_free(out, TRUE);
	g_ptr_array_free(nodes, TRUE);
	return status;
}

static int run(struct query *query, const char *path, const char *file)
{
	struct error error = {0};
	int format = cli_format(&query->options, cli_text_or_json, &error);
	int status = format < 0 ? EXIT_CLEAN : compile_path(query, path);

	query->json = format == 1;
	if (status != EXIT_CLEAN)
		return status;
	if (format < 0 || read_document(query, file, &error) < 0) {
		status = cli_fail(&error);
		error_clear(&error);
		return status;
	}
	return query->set.complete ? print_nodes(query) : report_faults(query);
}

int cmd_query(int argc, char **argv)
{
	struct query query = {0};
	int status = cli_options_parse(&query.options, NULL, N_("JSONPATH FILE"), &argc, &argv,
				       NULL);

	if (status != CLI_RUN)
		return status;
	query.findings = g_ptr_array_new();
	if (argc != 3)
		status = cli_misuse(
			"query needs a path and a file, such as: planlint query '$.title' "
			"plan.yaml");
	else
		status = run(&query, argv[1], argv[2]);
	jsonpath_release(query.path);
	source_release(&query.source);
	g_ptr_array_free(query.findings, TRUE);
	g_free(query.data);
	arena_release(&query.arena);
	cli_options_release(&query.options);
	return status;
}
