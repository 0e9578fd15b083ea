/*
 * Paths of any bytes over a small document: nothing crashes, faults stand inside the path, and the
 * normalized path of every selected node is a path that selects just this node.
 */
#include "jsonpath/jsonpath.h"

#include <string.h>

static const char text[] =
	"{\"a\": {\"b\": [1, 2.50, \"x\", null, true, [], {}]}, \"c'd\": \"\\u0001\","
	" \"\": [{\"a\": 1}, {\"a\": 2, \"b\": \"[ab]+\"}, \"ab\"], \"\\u00e9\": 1e3}";

static void ignore_finding(void *context, const struct finding *finding)
{
	(void)context;
	(void)finding;
}

static void check_normalized(const struct doc_node *root, const struct doc_node *node)
{
	GString *path = g_string_new(NULL);
	GPtrArray *nodes = g_ptr_array_new();
	struct jsonpath_error error;
	const struct jsonpath *again;
	struct arena arena;

	arena_init(&arena);
	jsonpath_append_path(path, node);
	again = jsonpath_compile((struct slice){path->str, path->len}, NULL, &arena, &error);
	g_assert(again);
	g_assert(jsonpath_select(nodes, again, root, NULL) == JSONPATH_DONE);
	g_assert(nodes->len == 1 && nodes->pdata[0] == node);
	jsonpath_release(again);
	arena_release(&arena);
	g_ptr_array_free(nodes, TRUE);
	g_string_free(path, TRUE);
}

static void select_from(const struct doc_node *root, const struct jsonpath *path)
{
	GPtrArray *nodes = g_ptr_array_new();
	uint64_t steps = 20000;

	jsonpath_select(nodes, path, root, &steps);
	g_assert(steps <= 20000);
	for (guint i = 0; i < MIN(nodes->len, 20); i++)
		check_normalized(root, nodes->pdata[i]);
	g_ptr_array_free(nodes, TRUE);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct finding_sink sink = {.emit = ignore_finding};
	struct jsonpath_error error = {0};
	const struct jsonpath *path;
	struct document_set set;
	struct error fault = {0};
	struct source source;
	struct arena arena;

	arena_init(&arena);
	source_init(&source, "fuzz.json", text, sizeof(text) - 1);
	g_assert(document_read(&set, &source, NULL, &arena, &sink, &fault) == 0 && set.count == 1);
	path = jsonpath_compile((struct slice){(const char *)data, size}, NULL, &arena, &error);
	if (path)
		select_from(set.documents[0].root, path);
	else
		g_assert(!phrase_is_empty(&error.message) && error.place.start <= error.place.end &&
			 error.place.start <= size);
	jsonpath_release(path);
	source_release(&source);
	arena_release(&arena);
	return 0;
}
