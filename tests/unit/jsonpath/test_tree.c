/*
 * Many paths at once: the lists of a tree are what jsonpath_select() gives for their paths, sorted,
 * each node once; over drawn paths and documents, and at the bounds of a tree.
 */
#include "jsonpath/jsonpath.h"
#include "unit/unit.h"

#include <stdio.h>

enum { NAMES = 6 };

struct forest {
	struct arena arena;
	struct source source;
	struct symbols *symbols;
	GPtrArray *paths; /* struct jsonpath */
	struct jsonpath_tree *tree;
	struct jsonpath_found found;
	const struct doc_node *root;
};

static void ignore_finding(void *context, const struct finding *finding)
{
	(void)context;
	(void)finding;
}

static void release_path(gpointer path)
{
	jsonpath_release(path);
}

static void plant(struct forest *forest)
{
	*forest = (struct forest){.symbols = symbols_new()};
	forest->paths = g_ptr_array_new_with_free_func(release_path);
	forest->tree = jsonpath_tree_new(&forest->arena);
}

static void fell(struct forest *forest)
{
	jsonpath_found_release(&forest->found);
	g_ptr_array_free(forest->paths, TRUE);
	source_release(&forest->source);
	arena_release(&forest->arena);
	symbols_free(forest->symbols);
}

static const struct jsonpath *compile(struct forest *forest, const char *text)
{
	struct jsonpath_error error = {0};
	const struct jsonpath *path = jsonpath_compile(slice_of(text), forest->symbols,
						       &forest->arena, &error);

	CU_ASSERT_PTR_NOT_NULL_FATAL(path);
	g_ptr_array_add(forest->paths, (gpointer)path);
	return path;
}

/* Puts in a list with one path. */
static bool add(struct forest *forest, const char *text, uint32_t number)
{
	const struct jsonpath *path = compile(forest, text);

	return jsonpath_tree_add(forest->tree, &path, 1, number);
}

/* Reads a document, whose keys get the symbols that the paths gave. */
static void read_text(struct forest *forest, const char *json)
{
	struct document_options options = {.syntax = DOCUMENT_JSON, .symbols = forest->symbols};
	struct finding_sink sink = {.emit = ignore_finding};
	struct document_set set;
	struct error error = {0};

	source_release(&forest->source);
	source_init(&forest->source, "test.json", json, strlen(json));
	CU_ASSERT_EQUAL(
		document_read(&set, &forest->source, &options, &forest->arena, &sink, &error), 0);
	CU_ASSERT_FATAL(set.count == 1);
	forest->root = set.documents[0].root;
}

static void select_lists(struct forest *forest, size_t count)
{
	jsonpath_found_clear(&forest->found, count);
	CU_ASSERT_TRUE(jsonpath_tree_select(forest->tree, forest->root, &forest->found));
}

/* The nodes of a list: numbers from the root, with blanks between. */
static char *list_text(const struct jsonpath_found *found, uint32_t number)
{
	GString *out = g_string_new(NULL);

	for (uint32_t i = found->lists[number].first; i; i = found->links[i].next)
		g_string_append_printf(out, "%s%u", out->len ? " " : "", found->links[i].node);
	CU_ASSERT_EQUAL((found->some[number / 64] >> number % 64 & 1) != 0, out->len != 0);
	return g_string_free(out, FALSE);
}

static gint compare_numbers(gconstpointer a, gconstpointer b)
{
	return *(const int *)a - *(const int *)b;
}

/* The same of what paths select, one by one. */
static char *oracle_text(const struct forest *forest, const struct jsonpath *const *paths,
			 size_t count)
{
	GArray *numbers = g_array_new(FALSE, FALSE, sizeof(int));
	GPtrArray *nodes = g_ptr_array_new();
	GString *out = g_string_new(NULL);
	int last = -1;

	for (size_t i = 0; i < count; i++)
		jsonpath_select(nodes, paths[i], forest->root, NULL);
	for (guint i = 0; i < nodes->len; i++) {
		int number = (int)((const struct doc_node *)nodes->pdata[i] - forest->root);

		g_array_append_val(numbers, number);
	}
	g_array_sort(numbers, compare_numbers);
	for (guint i = 0; i < numbers->len; i++) {
		int number = g_array_index(numbers, int, i);

		if (number != last)
			g_string_append_printf(out, "%s%d", out->len ? " " : "", number);
		last = number;
	}
	g_array_free(numbers, TRUE);
	g_ptr_array_free(nodes, TRUE);
	return g_string_free(out, FALSE);
}

static void expect_list(const struct forest *forest, uint32_t number, const char *expected)
{
	char *text = list_text(&forest->found, number);

	CU_ASSERT_STRING_EQUAL(text, expected);
	g_free(text);
}

/* --- drawn */

static void draw_path(GRand *random, GString *out)
{
	int depth = g_rand_int_range(random, 0, 5);

	g_string_assign(out, "$");
	for (int i = 0; i < depth; i++) {
		if (g_rand_int_range(random, 0, 3) == 0)
			g_string_append(out, "[*]");
		else
			g_string_append_printf(out, ".%c",
					       'a' + g_rand_int_range(random, 0, NAMES));
	}
}

/* Names come twice, are in no path, and are looked for in lists. */
static void draw_value(GRand *random, GString *out, int depth)
{
	int kind = depth ? g_rand_int_range(random, 0, 4) : 0;
	int count = g_rand_int_range(random, 0, 5);

	if (kind == 0) {
		g_string_append(out, "1");
		return;
	}
	g_string_append_c(out, kind == 1 ? '[' : '{');
	for (int i = 0; i < count; i++) {
		g_string_append(out, i ? "," : "");
		if (kind != 1)
			g_string_append_printf(
				out, "\"%c\":", 'a' + g_rand_int_range(random, 0, NAMES + 1));
		draw_value(random, out, depth - 1);
	}
	g_string_append_c(out, kind == 1 ? ']' : '}');
}

/* Lists of one to three paths, in a tree where it takes them; one is refused now and then. */
static size_t draw_tree(struct forest *forest, GRand *random, size_t lists,
			const struct jsonpath *paths[][3], size_t *counts)
{
	GString *text = g_string_new(NULL);
	size_t taken = 0;

	for (size_t i = 0; i < lists; i++) {
		size_t count = (size_t)g_rand_int_range(random, 1, 4);

		for (size_t j = 0; j < count; j++) {
			draw_path(random, text);
			paths[i][j] = compile(forest, text->str);
		}
		counts[i] = jsonpath_tree_add(forest->tree, paths[i], count, (uint32_t)i) ? count
											  : 0;
		taken += counts[i] != 0;
	}
	jsonpath_tree_finish(forest->tree);
	g_string_free(text, TRUE);
	return taken;
}

static void test_lists_are_what_their_paths_select(void)
{
	enum { LISTS = 70, TREES = 15, DOCUMENTS = 12 };
	GRand *random = g_rand_new_with_seed(1);
	const struct jsonpath *paths[LISTS][3];
	size_t counts[LISTS], taken = 0;
	size_t nodes = 0;

	for (int tree = 0; tree < TREES; tree++) {
		struct forest forest;

		plant(&forest);
		taken += draw_tree(&forest, random, LISTS, paths, counts);
		for (int i = 0; i < DOCUMENTS; i++) {
			GString *json = g_string_new(NULL);

			draw_value(random, json, 5);
			read_text(&forest, json->str);
			select_lists(&forest, LISTS);
			for (uint32_t list = 0; list < LISTS; list++) {
				char *all = oracle_text(&forest, paths[list], counts[list]);

				nodes += *all != '\0';
				expect_list(&forest, list, all);
				g_free(all);
			}
			source_release(&forest.source);
			forest.source = (struct source){0};
			g_string_free(json, TRUE);
		}
		fell(&forest);
	}
	/* most are taken, some refused, and many select something */
	CU_ASSERT(taken > TREES * LISTS / 2 && taken < TREES * LISTS);
	CU_ASSERT(nodes > 1000);
	g_rand_free(random);
}

/* --- at the bounds */

static void test_what_is_no_plain_path_is_refused(void)
{
	static const char *const others[] = {"$..a", "$[0]", "$[0:1]", "$[?@.a]", "$['a','b']"};
	const struct jsonpath *mixed[2];
	struct forest forest;

	plant(&forest);
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
		CU_ASSERT_FALSE(add(&forest, others[i], 0));
	/* one of two is enough, and then neither is in */
	mixed[0] = compile(&forest, "$.a");
	mixed[1] = compile(&forest, "$..b");
	CU_ASSERT_FALSE(jsonpath_tree_add(forest.tree, mixed, 2, 0));
	/* nodes would come in another order than that of the document */
	mixed[0] = compile(&forest, "$.a[*].b");
	mixed[1] = compile(&forest, "$.a.c");
	CU_ASSERT_FALSE(jsonpath_tree_add(forest.tree, mixed, 2, 0));
	CU_ASSERT_TRUE(jsonpath_tree_add(forest.tree, mixed, 1, 1));
	CU_ASSERT_TRUE(jsonpath_tree_add(forest.tree, mixed + 1, 1, 2));
	jsonpath_tree_finish(forest.tree);
	read_text(&forest, "{\"a\": {\"c\": {\"b\": 1}}, \"b\": 2}");
	select_lists(&forest, 3);
	expect_list(&forest, 0, "");
	expect_list(&forest, 1, "3");
	expect_list(&forest, 2, "2");
	fell(&forest);
}

static void test_a_table_has_room_for_so_many_names(void)
{
	GString *json = g_string_new("{\"none\": 0");
	uint32_t taken = 0;
	struct forest forest;

	plant(&forest);
	for (int i = 0; i < 60; i++) {
		char *text = g_strdup_printf("$.a%d", i);

		CU_ASSERT_EQUAL(add(&forest, text, taken), i < 48);
		taken += i < 48;
		g_string_append_printf(json, ", \"a%d\": %d", i, i);
		g_free(text);
	}
	CU_ASSERT_TRUE(add(&forest, "$.a7", taken));
	jsonpath_tree_finish(forest.tree);
	g_string_append(json, ", \"a7\": \"again\"}");
	read_text(&forest, json->str);
	select_lists(&forest, taken + 1);
	for (uint32_t i = 0; i < taken; i++) {
		char *number = g_strdup_printf("%u", i + 2);

		expect_list(&forest, i, number);
		g_free(number);
	}
	expect_list(&forest, taken, "9");
	fell(&forest);
	g_string_free(json, TRUE);
}

static void test_no_paths_and_no_document(void)
{
	struct forest forest;

	plant(&forest);
	CU_ASSERT_TRUE(jsonpath_tree_add(forest.tree, NULL, 0, 0));
	jsonpath_tree_finish(forest.tree);
	select_lists(&forest, 1);
	expect_list(&forest, 0, "");
	read_text(&forest, "[]");
	select_lists(&forest, 1);
	expect_list(&forest, 0, "0");
	fell(&forest);

	plant(&forest);
	jsonpath_tree_finish(forest.tree);
	read_text(&forest, "{}");
	select_lists(&forest, 0);
	fell(&forest);
}

static void test_a_long_path_is_refused(void)
{
	GString *text = g_string_new("$");
	struct forest forest;

	plant(&forest);
	for (int i = 0; i < 32; i++)
		g_string_append(text, "[*]");
	CU_ASSERT_TRUE(add(&forest, text->str, 0));
	g_string_append(text, ".a");
	CU_ASSERT_FALSE(add(&forest, text->str, 1));
	fell(&forest);
	g_string_free(text, TRUE);
}

/* Where a path could give up each is asked by itself, so that it does. */
static void test_a_huge_document_is_refused(void)
{
	struct doc_node root = {.type = DOC_NULL, .size = JSONPATH_STEPS_MAX};
	struct forest forest;

	plant(&forest);
	CU_ASSERT_TRUE(jsonpath_tree_add(forest.tree, NULL, 0, 0));
	jsonpath_tree_finish(forest.tree);
	jsonpath_found_clear(&forest.found, 1);
	CU_ASSERT_FALSE(jsonpath_tree_select(forest.tree, &root, &forest.found));
	expect_list(&forest, 0, "");
	fell(&forest);
}

UNIT_SUITE(test_tree){
	{"lists are what their paths select", test_lists_are_what_their_paths_select},
	{"what is no plain path is refused", test_what_is_no_plain_path_is_refused},
	{"a table has room for so many names", test_a_table_has_room_for_so_many_names},
	{"no paths and no document", test_no_paths_and_no_document},
	{"a long path is refused", test_a_long_path_is_refused},
	{"a huge document is refused", test_a_huge_document_is_refused},
	{0},
};
