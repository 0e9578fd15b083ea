/*
 * The JSONPath compliance suite, <folder>/jsonpath/cts.json: paths that must be refused, and what
 * the others select from their documents, in one of the orders that the RFC allows, with the
 * normalized path of each node.
 *
 * The suite is one document, so a test's document stands somewhere inside it; what a path has
 * before that place is cut off.
 */
#include "jsonpath/jsonpath.h"
#include "document/document.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

struct tally {
	unsigned passed;
	unsigned failed;
};

/* The normalized path of a node, counted from `root`; g_free. */
static char *path_within(const struct doc_node *root, const struct doc_node *node)
{
	GString *text = g_string_new(NULL);
	size_t before;

	jsonpath_append_path(text, root);
	before = text->len;
	g_string_truncate(text, 0);
	jsonpath_append_path(text, node);
	g_string_erase(text, 1, (gssize)before - 1);
	return g_string_free(text, FALSE);
}

static bool is_node_expected(const struct doc_node *root, const struct doc_node *node,
			     const struct doc_node *value, const struct doc_node *path)
{
	char *text = path_within(root, node);
	bool same = doc_equal(node, value) && slice_equal(slice_of(text), doc_text(path));

	g_free(text);
	return same;
}

/* Whether the selected nodes, and their paths, are those that the suite lists. */
static bool is_expected(const GPtrArray *nodes, const struct doc_node *root,
			const struct doc_node *values, const struct doc_node *paths)
{
	const struct doc_node *value = doc_first(values), *path = doc_first(paths);
	bool same = doc_is(values, DOC_ARRAY) && doc_is(paths, DOC_ARRAY) &&
		    values->count == nodes->len && paths->count == nodes->len;

	for (guint i = 0; same && i < nodes->len; i++) {
		same = is_node_expected(root, nodes->pdata[i], value, path);
		value = doc_next(value);
		path = doc_next(path);
	}
	return same;
}

static bool is_one_of(const GPtrArray *nodes, const struct doc_node *root,
		      const struct doc_node *results, const struct doc_node *paths)
{
	const struct doc_node *path = doc_first(paths);

	for (const struct doc_node *result = doc_first(results); result;
	     result = doc_next(result)) {
		if (is_expected(nodes, root, result, path))
			return true;
		path = doc_next(path);
	}
	return false;
}

static const char *select_and_compare(const struct jsonpath *path, const struct doc_node *test)
{
	const struct doc_node *root = doc_get(test, "document");
	const struct doc_node *results = doc_get(test, "results");
	GPtrArray *nodes = g_ptr_array_new();
	const char *fault = NULL;

	if (jsonpath_select(nodes, path, root, NULL) != JSONPATH_DONE)
		fault = "given up";
	else if (results && !is_one_of(nodes, root, results, doc_get(test, "results_paths")))
		fault = "none of the results";
	else if (!results &&
		 !is_expected(nodes, root, doc_get(test, "result"), doc_get(test, "result_paths")))
		fault = "another result";
	g_ptr_array_free(nodes, TRUE);
	return fault;
}

/* What is wrong, or NULL. */
static const char *run_test(const struct doc_node *test)
{
	bool invalid = doc_get(test, "invalid_selector") != NULL;
	struct jsonpath_error error = {0};
	const struct jsonpath *path;
	const char *fault = NULL;
	struct arena arena;

	arena_init(&arena);
	path = jsonpath_compile(doc_text(doc_get(test, "selector")), NULL, &arena, &error);
	if (invalid && path)
		fault = "accepted";
	else if (invalid && phrase_is_empty(&error.message))
		fault = "refused without a message";
	else if (!invalid)
		fault = path ? select_and_compare(path, test) : "refused";
	jsonpath_release(path);
	arena_release(&arena);
	return fault;
}

static void run_suite(const struct doc_node *tests, struct tally *tally)
{
	for (const struct doc_node *test = doc_first(tests); test; test = doc_next(test)) {
		const char *fault = run_test(test);
		struct slice name = doc_text(doc_get(test, "name"));

		if (fault)
			printf("jsonpath: %.*s: %s\n", (int)name.len, name.data, fault);
		tally->passed += !fault;
		tally->failed += fault != NULL;
	}
}

static void ignore_finding(void *context, const struct finding *finding)
{
	(void)context;
	(void)finding;
}

int main(int argc, char **argv)
{
	struct document_options options = {.syntax = DOCUMENT_JSON};
	struct finding_sink sink = {.emit = ignore_finding};
	struct document_set set = {0};
	struct tally tally = {0};
	struct error error = {0};
	struct source source;
	struct arena arena;
	char *path = g_build_filename(argc > 1 ? argv[1] : ".", "jsonpath", "cts.json", NULL);
	char *data = NULL;
	gsize size = 0;

	if (!g_file_get_contents(path, &data, &size, NULL)) {
		printf("jsonpath: %s cannot be read\n", path);
		return 1;
	}
	arena_init(&arena);
	source_init(&source, path, data, size);
	if (document_read(&set, &source, &options, &arena, &sink, &error) < 0 || !set.complete) {
		printf("jsonpath: %s is no JSON\n", path);
		return 1;
	}
	run_suite(doc_get(set.documents[0].root, "tests"), &tally);
	printf("jsonpath: %u passed, %u failed\n", tally.passed, tally.failed);
	source_release(&source);
	arena_release(&arena);
	g_free(data);
	g_free(path);
	return tally.failed > 0 || tally.passed == 0;
}
