/*
 * The short ways of the code that runs (paths, tests of one field, a.?b.orValue(c)) give what the
 * long ways give, whatever stands in the document, and take as many steps.
 */
#include "cel/cel.h"
#include "document/document.h"
#include "unit/unit.h"

#include <stdio.h>

/* What each says in a short and in a long way. */
static const struct {
	const char *short_way;
	const char *long_way;
} pairs[] = {
	{"document.a == 'x'", "'x' == document.a"},
	{"document.a.b == 'x'", "'x' == document.a.b"},
	{"document.a != 'x'", "'x' != document.a"},
	{"document.a in ['x', 'a longer text', '']",
	 "document.a in ([''] + ['a longer text', 'x'])"},
	{"document.a.b in ['x', '']", "document.a.b in (['x'] + [''])"},
	{"document.a in ['a text that is longer than a cell has room for']",
	 "document.a in (['a text that is longer than a cell has room for'] + [])"},
	{"document.a == 'a text that is longer than a cell has room for'",
	 "'a text that is longer than a cell has room for' == document.a"},
	{"document.?a.orValue('x')", "[document.?a].map(o, o.orValue('x'))[0]"},
	{"document.a.?b.orValue('x')", "[document.a.?b].map(o, o.orValue('x'))[0]"},
	{"document.a.?b.orValue(null)", "[document.a.?b].map(o, o.orValue(null))[0]"},
	{"document.a.?b.orValue(document.c)", "[document.a.?b].map(o, o.orValue(document.c))[0]"},
	{"{'a': 'x'}.?a.orValue('y')", "[{'a': 'x'}.?a].map(o, o.orValue('y'))[0]"},
	{"document.?a.?b.orValue('x')", "[document.?a.?b].map(o, o.orValue('x'))[0]"},
	{"has(document.a)", "'a' in document"},
};

static const char *const documents[] = {
	"{}",
	"{\"a\": \"x\"}",
	"{\"a\": \"\"}",
	"{\"a\": \"a longer text\"}",
	"{\"a\": \"a text that is longer than a cell has room for\"}",
	"{\"a\": \"2020-01-01\"}",
	"{\"a\": null}",
	"{\"a\": 1}",
	"{\"a\": 1.5}",
	"{\"a\": true}",
	"{\"a\": [\"x\"]}",
	"{\"a\": {}}",
	"{\"a\": {\"b\": \"x\"}, \"c\": 3}",
	"{\"a\": {\"b\": null}}",
	"{\"a\": {\"b\": {\"c\": 1}}}",
};

struct result {
	char *value; /* as a literal, or "error: ..." */
	uint64_t steps;
};

static void ignore(void *context, const struct finding *finding)
{
	(void)context;
	(void)finding;
}

/* What an expression gives on a document without types, with so many steps (0: enough). */
static struct result evaluate(const char *json, const char *text, uint64_t budget)
{
	const struct cel_options options = {.mode = CEL_PLAIN};
	const struct finding_sink sink = {ignore, NULL};
	struct document_options reading = {.syntax = DOCUMENT_JSON};
	struct symbols *symbols = symbols_new();
	struct cel_env *env = cel_env_new(NULL, symbols);
	struct arena arena = {0};
	struct cel_activation activation;
	struct document_set set;
	struct source source;
	struct cel_faults faults;
	struct error error = {0};
	struct cel_value document, value;
	const struct cel_program *program;
	GString *out = g_string_new(NULL);

	cel_env_variable(env, SLICE("document"), &cel_dyn);
	program = cel_compile(env, slice_of(text), &options, &arena, &faults);
	CU_ASSERT_FATAL(program != NULL);
	reading.symbols = symbols; /* which the program has added to */
	source_init(&source, "plan.json", json, strlen(json));
	CU_ASSERT_FATAL(!document_read(&set, &source, &reading, &arena, &sink, &error));
	document = cel_of_node(set.documents[0].root, NULL);
	cel_activation_init(&activation, &document, 1);
	activation.budget = budget;
	value = cel_evaluate(program, &activation, &arena);
	if (value.kind == CEL_ERROR)
		phrase_append(out, &value.fault->message, LANGUAGE_EN, NULL);
	else
		cel_value_append(out, &value, CEL_LITERAL);
	source_release(&source);
	cel_env_free(env);
	arena_release(&arena);
	symbols_free(symbols);
	return (struct result){g_string_free(out, FALSE), activation.steps};
}

static void compare(const char *json, const char *a, const char *b, uint64_t budget, bool steps)
{
	struct result x = evaluate(json, a, budget), y = evaluate(json, b, budget);
	bool same = !strcmp(x.value, y.value) && (!steps || x.steps == y.steps);

	CU_ASSERT(same);
	if (!same)
		printf("%s on %s: %s (%d), but %s: %s (%d)\n", a, json, x.value, (int)x.steps, b,
		       y.value, (int)y.steps);
	g_free(x.value);
	g_free(y.value);
}

static void test_same_values(void)
{
	for (size_t d = 0; d < G_N_ELEMENTS(documents); d++)
		for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
			compare(documents[d], pairs[i].short_way, pairs[i].long_way, 0, false);
}

/* The same tree with its operands exchanged takes as many steps, in the short way and in the long.
 */
static void test_same_steps(void)
{
	static const char *const scalars[] = {
		"{\"a\": {\"b\": \"x\"}}", "{\"a\": {\"b\": \"longer\"}}", "{\"a\": {\"b\": 1}}",
		"{\"a\": {\"b\": null}}",  "{\"a\": {\"b\": true}}",
	};

	for (size_t d = 0; d < G_N_ELEMENTS(scalars); d++)
		for (uint64_t budget = 1; budget < 8; budget++)
			compare(scalars[d], "document.a.b == 'x'", "'x' == document.a.b", budget,
				true);
}

/* The steps of the other short ways: a node each, a field of a path each, an item each. */
static void test_steps(void)
{
	static const struct {
		const char *text;
		uint64_t steps;
	} rows[] = {
		{"document.a in ['x', 'y', 'z']", 1 + 2 + 1 + 3},
		{"document.a.b in ['x', 'y', 'z']", 1 + 3 + 1 + 3},
		{"document.a.b == 'x'", 1 + 3 + 1},
		{"document.?c.orValue('x')", 1 + 1 + 1 + 1},
		{"present(document.a.b)", 1 + 3},
		{"has(document.a)", 1 + 1},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct result result = evaluate("{\"a\": {\"b\": \"x\"}}", rows[i].text, 0);

		CU_ASSERT_EQUAL(result.steps, rows[i].steps);
		if (result.steps != rows[i].steps)
			printf("%s: %d steps\n", rows[i].text, (int)result.steps);
		g_free(result.value);
	}
}

static void test_present(void)
{
	static const struct {
		const char *json;
		const char *expected;
	} rows[] = {
		{"{\"a\": {\"b\": \"x\"}}", "true"},
		{"{\"a\": {\"b\": {}}}", "true"},
		{"{\"a\": {\"b\": null}}", "false"},
		{"{\"a\": {}}", "false"},
		{"{\"a\": null}", "false"},
		{"{\"a\": \"x\"}", "string has no fields"},
		{"{}", "false"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct result result = evaluate(rows[i].json, "present(document.a.b)", 0);

		CU_ASSERT_STRING_EQUAL(result.value, rows[i].expected);
		if (strcmp(result.value, rows[i].expected) != 0)
			printf("%s: %s\n", rows[i].json, result.value);
		g_free(result.value);
	}
}

UNIT_SUITE(test_cel_code){
	{"same_values", test_same_values},
	{"same_steps", test_same_steps},
	{"steps", test_steps},
	{"present", test_present},
	{NULL, NULL},
};
