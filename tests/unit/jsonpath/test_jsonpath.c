/* JSONPath: what the compliance suite does not ask: places of faults, limits, steps, symbols. */
#include "jsonpath/jsonpath.h"
#include "source/message.h"
#include "unit/unit.h"

#include <stdio.h>

struct fixture {
	struct arena arena;
	struct source source;
	const struct doc_node *root;
};

static void ignore_finding(void *context, const struct finding *finding)
{
	(void)context;
	(void)finding;
}

static void set_up(struct fixture *f, const char *json, const struct symbols *symbols)
{
	struct document_options options = {.syntax = DOCUMENT_JSON, .symbols = symbols};
	struct finding_sink sink = {.emit = ignore_finding};
	struct document_set set;
	struct error error = {0};

	arena_init(&f->arena);
	source_init(&f->source, "test.json", json, strlen(json));
	CU_ASSERT_EQUAL(document_read(&set, &f->source, &options, &f->arena, &sink, &error), 0);
	CU_ASSERT_FATAL(set.count == 1);
	f->root = set.documents[0].root;
}

static void tear_down(struct fixture *f)
{
	source_release(&f->source);
	arena_release(&f->arena);
}

/* The normalized paths of what a path selects, with blanks between. */
static char *select_paths(struct fixture *f, const char *text, struct symbols *symbols)
{
	struct jsonpath_error error = {0};
	const struct jsonpath *path = jsonpath_compile(slice_of(text), symbols, &f->arena, &error);
	GPtrArray *nodes = g_ptr_array_new();
	GString *out = g_string_new(NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(path);
	CU_ASSERT_EQUAL(jsonpath_select(nodes, path, f->root, NULL), JSONPATH_DONE);
	for (guint i = 0; i < nodes->len; i++) {
		if (i)
			g_string_append_c(out, ' ');
		jsonpath_append_path(out, nodes->pdata[i]);
	}
	g_ptr_array_free(nodes, TRUE);
	jsonpath_release(path);
	return g_string_free(out, FALSE);
}

static void check_paths(struct fixture *f, const char *text, const char *expected)
{
	char *paths = select_paths(f, text, NULL);

	CU_ASSERT_STRING_EQUAL(paths, expected);
	if (strcmp(paths, expected))
		fprintf(stderr, "%s: %s\n", text, paths);
	g_free(paths);
}

static const char plan[] =
	"{\"period\": {\"start\": 2003, \"end\": 2004}, \"a'b\": [10, 20, 30, 40],"
	" \"objectives\": [{\"id\": \"1.1\", \"deadline\": 2005}, {\"id\": \"1.2\"}]}";

static void test_segments_and_selectors(void)
{
	struct fixture f;

	set_up(&f, plan, NULL);
	check_paths(&f, "$", "$");
	check_paths(&f, "$.period.end", "$['period']['end']");
	check_paths(&f, "$['a\\'b'][-1,0]", "$['a\\'b'][3] $['a\\'b'][0]");
	check_paths(&f, "$[\"a'b\"][::-2]", "$['a\\'b'][3] $['a\\'b'][1]");
	check_paths(&f, "$..id", "$['objectives'][0]['id'] $['objectives'][1]['id']");
	check_paths(&f, "$.objectives[?@.deadline > $.period.end].id", "$['objectives'][0]['id']");
	check_paths(&f, "$.objectives[?!@.deadline && search(@.id, '^1[.]')]",
		    "$['objectives'][1]");
	check_paths(&f, "$.none.at.all", "");
	check_paths(&f, "$.period[0]", "");
	tear_down(&f);
}

/* RFC 9535 2.3.5.2.2: nothing equals nothing, and is neither less nor more than anything. */
static void test_comparisons_with_nothing_and_across_types(void)
{
	struct fixture f;

	set_up(&f, "[{\"a\": 1.0, \"b\": \"1\"}]", NULL);
	check_paths(&f, "$[?@.x == @.y]", "$[0]");
	check_paths(&f, "$[?@.x != null]", "$[0]");
	check_paths(&f, "$[?@.x < 1 || @.x >= 1]", "");
	check_paths(&f, "$[?@.a == 1]", "$[0]");
	check_paths(&f, "$[?@.a == 10e-1]", "$[0]");
	check_paths(&f, "$[?@.a == @.b || @.a < @.b]", "");
	check_paths(&f, "$[?@.a < 1.0000000000000000000000001]", "$[0]");
	check_paths(&f, "$[?length(@) == 2 && count(@.*) == 2 && value(@..b) == '1']", "$[0]");
	tear_down(&f);
}

static void test_names_go_by_symbol_where_there_are_symbols(void)
{
	struct symbols *symbols = symbols_new();
	struct fixture f;
	char *paths;

	symbols_intern(symbols, "period", 6);
	symbols_intern(symbols, "end", 3);
	set_up(&f, plan, symbols);
	paths = select_paths(&f, "$.period.end", symbols);
	CU_ASSERT_STRING_EQUAL(paths, "$['period']['end']");
	g_free(paths);
	tear_down(&f);
	symbols_free(symbols);
}

static void test_faults_have_their_place_and_words(void)
{
	static const struct {
		const char *path;
		uint32_t start, end;
		enum message message;
	} rows[] = {
		{"", 0, 0, MESSAGE_JSONPATH_ROOT},
		{"period", 0, 1, MESSAGE_JSONPATH_ROOT},
		{" $", 0, 1, MESSAGE_JSONPATH_BLANK},
		{"$ ", 1, 2, MESSAGE_JSONPATH_BLANK},
		{"$.a b", 4, 5, MESSAGE_JSONPATH_SEGMENT},
		{"$.", 2, 2, MESSAGE_JSONPATH_NAME},
		{"$.1", 2, 3, MESSAGE_JSONPATH_NAME},
		{"$..", 3, 3, MESSAGE_JSONPATH_NAME_DESCENDANT},
		{"$[a]", 2, 3, MESSAGE_JSONPATH_SELECTOR_BARE},
		{"$[]", 2, 3, MESSAGE_JSONPATH_SELECTOR},
		{"$['a' 'b']", 6, 7, MESSAGE_JSONPATH_BRACKET},
		{"$['a'", 5, 5, MESSAGE_JSONPATH_BRACKET},
		{"$[01]", 2, 4, MESSAGE_JSONPATH_INTEGER},
		{"$[-0]", 2, 4, MESSAGE_JSONPATH_INTEGER},
		{"$[9007199254740992]", 2, 18, MESSAGE_JSONPATH_INTEGER_RANGE},
		{"$['a]", 2, 3, MESSAGE_JSONPATH_QUOTE},
		{"$['\\a']", 3, 5, MESSAGE_JSONPATH_ESCAPE},
		{"$['\\ud800']", 3, 9, MESSAGE_JSONPATH_SURROGATE},
		{"$['\t']", 3, 4, MESSAGE_JSONPATH_CONTROL},
		{"$[?]", 3, 4, MESSAGE_JSONPATH_EXPRESSION},
		{"$[?(@.a]", 3, 4, MESSAGE_JSONPATH_PARENTHESIS},
		{"$[?@.a == 01]", 10, 12, MESSAGE_JSONPATH_NUMBER},
		{"$[?true]", 3, 7, MESSAGE_JSONPATH_LITERAL_ALONE},
		{"$[?@.* == 1]", 3, 6, MESSAGE_JSONPATH_NOT_SINGULAR},
		{"$[?@.a = 1]", 7, 8, MESSAGE_JSONPATH_EQUALS},
		{"$[?!@.a == 1]", 3, 7, MESSAGE_JSONPATH_COMPARED_NOT},
		{"$[?lenght(@) == 1]", 3, 9, MESSAGE_JSONPATH_FUNCTION_NEAREST},
		{"$[?frobnicate(@)]", 3, 13, MESSAGE_JSONPATH_FUNCTION_UNKNOWN},
		{"$[?count() == 1]", 3, 10, MESSAGE_JSONPATH_ARGUMENT_COUNT},
		{"$[?length(@.*) == 1]", 10, 13, MESSAGE_JSONPATH_ARGUMENT_VALUE},
		{"$[?count(1) == 1]", 9, 10, MESSAGE_JSONPATH_ARGUMENT_NODES},
		{"$[?match(@, 'a') == true]", 3, 16, MESSAGE_JSONPATH_RESULT_COMPARED},
		{"$[?length(@)]", 3, 12, MESSAGE_JSONPATH_RESULT_ALONE},
		{"$\xff", 1, 2, MESSAGE_JSONPATH_UTF8},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct jsonpath_error error = {0};
		struct arena arena;

		arena_init(&arena);
		CU_ASSERT_PTR_NULL(jsonpath_compile(slice_of(rows[i].path), NULL, &arena, &error));
		CU_ASSERT_EQUAL(error.message.message, rows[i].message);
		CU_ASSERT_EQUAL(error.place.start, rows[i].start);
		CU_ASSERT_EQUAL(error.place.end, rows[i].end);
		if (error.place.start != rows[i].start || error.place.end != rows[i].end ||
		    error.message.message != (int)rows[i].message)
			fprintf(stderr, "%s: %u-%u message %d\n", rows[i].path, error.place.start,
				error.place.end, error.message.message);
		arena_release(&arena);
	}
}

static void check_refused(const char *unit, size_t count, enum message message)
{
	struct jsonpath_error error = {0};
	GString *text = g_string_new("$[?");
	struct arena arena;

	for (size_t i = 0; i < count; i++)
		g_string_append(text, unit);
	arena_init(&arena);
	CU_ASSERT_PTR_NULL(
		jsonpath_compile((struct slice){text->str, text->len}, NULL, &arena, &error));
	CU_ASSERT_EQUAL(error.message.message, message);
	arena_release(&arena);
	g_string_free(text, TRUE);
}

static void test_depth_and_length_are_bounded(void)
{
	check_refused("(", 10000, MESSAGE_JSONPATH_DEEP);
	check_refused("@[?", 3000, MESSAGE_JSONPATH_DEEP);
	check_refused("count(", 1000, MESSAGE_JSONPATH_DEEP);
	check_refused("@.a&&", 10000, MESSAGE_JSONPATH_LONG);
}

static void check_limit(struct fixture *f, const char *text, uint64_t steps,
			enum jsonpath_result expected)
{
	struct jsonpath_error error = {0};
	const struct jsonpath *path = jsonpath_compile(slice_of(text), NULL, &f->arena, &error);
	GPtrArray *nodes = g_ptr_array_new();

	CU_ASSERT_PTR_NOT_NULL_FATAL(path);
	CU_ASSERT_EQUAL(jsonpath_select(nodes, path, f->root, &steps), expected);
	g_ptr_array_free(nodes, TRUE);
	jsonpath_release(path);
}

static void test_steps_bound_every_selection(void)
{
	GString *json = g_string_new("[0");
	struct fixture f;

	for (int i = 1; i < 1000; i++)
		g_string_append_printf(json, ",[%d]", i);
	g_string_append_c(json, ']');
	set_up(&f, json->str, NULL);
	check_limit(&f, "$..*", 10000, JSONPATH_DONE);
	check_limit(&f, "$..*", 100, JSONPATH_LIMIT);
	check_limit(&f, "$[?$..*]", 100000, JSONPATH_LIMIT);
	check_limit(&f, "$..[*,*,*,*]..[*,*,*,*]..[*,*,*,*]..*", 20000, JSONPATH_LIMIT);
	check_limit(&f, "$[?match(@, $[0])]", 100, JSONPATH_LIMIT);
	check_limit(&f, "$[0:10:9007199254740991,::-9007199254740991]", 100000, JSONPATH_DONE);
	tear_down(&f);
	g_string_free(json, TRUE);
}

static void test_nothing_to_select_from(void)
{
	struct fixture f = {0};

	arena_init(&f.arena);
	check_limit(&f, "$..*", 10, JSONPATH_DONE);
	arena_release(&f.arena);
}

static void test_a_pattern_that_is_no_iregexp_matches_nothing(void)
{
	struct fixture f;

	set_up(&f, "[\"1\", \"a\", \"\\\\d\"]", NULL);
	check_paths(&f, "$[?match(@, '\\\\d')]", "");
	check_paths(&f, "$[?search(@, $[2])]", "");
	check_paths(&f, "$[?!match(@, '[')]", "$[0] $[1] $[2]");
	tear_down(&f);
}

UNIT_SUITE(test_jsonpath){
	{"segments and selectors", test_segments_and_selectors},
	{"comparisons with nothing and across types",
	 test_comparisons_with_nothing_and_across_types},
	{"names go by symbol where there are symbols",
	 test_names_go_by_symbol_where_there_are_symbols},
	{"faults have their place and words", test_faults_have_their_place_and_words},
	{"depth and length are bounded", test_depth_and_length_are_bounded},
	{"steps bound every selection", test_steps_bound_every_selection},
	{"nothing to select from", test_nothing_to_select_from},
	{"a pattern that is no i-regexp matches nothing",
	 test_a_pattern_that_is_no_iregexp_matches_nothing},
	{0},
};
