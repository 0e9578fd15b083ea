/* Expressions that mean harm: an error with its place, in bounded time and memory. */
#include "unit/cel/cel_fixture.h"
#include "unit/unit.h"

#include <stdio.h>

/* `count` times `head`, `middle`, `count` times `tail`. */
static char *repeat(const char *head, const char *middle, const char *tail, size_t count)
{
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < count; i++)
		g_string_append(text, head);
	g_string_append(text, middle);
	for (size_t i = 0; i < count; i++)
		g_string_append(text, tail);
	return g_string_free(text, FALSE);
}

static void refused(char *text, const char *message)
{
	struct fixture fixture;
	const char *got;

	fixture_init(&fixture, NULL);
	got = fixture_check(&fixture, text, CEL_PLAIN);
	CU_ASSERT_PTR_NOT_NULL(strstr(got, message));
	if (!strstr(got, message))
		printf("%.60s: %.200s\n", text, got);
	fixture_release(&fixture);
	g_free(text);
}

static void gives(char *text, const char *expected)
{
	struct fixture fixture;
	const char *got;

	fixture_init(&fixture, NULL);
	got = fixture_eval(&fixture, text, CEL_PLAIN);
	CU_ASSERT_STRING_EQUAL(got, expected);
	if (strcmp(got, expected) != 0)
		printf("%.60s: %.200s\n", text, got);
	fixture_release(&fixture);
	g_free(text);
}

static void test_deep_expressions(void)
{
	refused(repeat("(", "1", ")", 10000), "nested too deeply");
	refused(repeat("[", "1", "]", 10000), "nested too deeply");
	refused(repeat("{1:", "1", "}", 10000), "nested too deeply");
	refused(repeat("a.", "b", "", 10000), "nested too deeply");
	refused(repeat("1+", "1", "", 10000), "nested too deeply");
	refused(repeat("true ? 1 : ", "2", "", 10000), "nested too deeply");
	refused(repeat("f(", "1", ")", 10000), "nested too deeply");
	refused(repeat("[1].map(x, ", "1", ")", 10000), "nested too deeply");
	refused(repeat("(", "", "", 10000), "nested too deeply");
	gives(repeat("!", "true", "", 10000), "true");
	gives(repeat("-", "(1)", "", 10000), "1");
	gives(repeat("true && ", "true", "", 10000), "true");
	gives(repeat("(", "1", ")", 200), "1");
}

static void test_large_expressions(void)
{
	refused(repeat("1+1,", "1", "", 400000), "too large");
	refused(repeat("true || ", "true", "", 131000), "too large");
	refused(repeat("          ", "", "          ", 60000), "too large");
	gives(repeat("          ", "1", "          ", 50000), "1");
	refused(repeat("a", "", "", 5000), "too long");
	refused(repeat("'", "", "", 100001), "unexpected");
	refused(repeat("b.c(1).d[", "", "", 3000), "");
}

static void test_runs_end(void)
{
	gives(repeat("lists.range(1000).map(a, lists.range(1000).map(b, lists.range(1000).map(c, "
		     "a + b + c))).size()",
		     "", "", 1),
	      "error: this expression takes too long");
	gives(repeat("lists.range(1000).all(a, lists.range(1000).all(b, lists.range(1000).all(c, "
		     "true)))",
		     "", "", 1),
	      "error: this expression takes too long");
	gives(repeat("lists.range(100000000000).size()", "", "", 1),
	      "error: this expression takes too long");
	gives(repeat("cel.bind(s, 'abcdefgh', ", "", "", 1), "refused: 24-24 the expression ends "
							     "early: a value is missing");
}

/* A text that doubles forty times is stopped by its length. */
static void test_doubling_ends(void)
{
	GString *text = g_string_new("cel.bind(s0, 'abcdefgh', ");

	for (int i = 1; i <= 40; i++)
		g_string_append_printf(text, "cel.bind(s%d, s%d + s%d, ", i, i - 1, i - 1);
	g_string_append(text, "s40.size()");
	for (int i = 0; i <= 40; i++)
		g_string_append_c(text, ')');
	gives(g_string_free(text, FALSE), "error: the result is too long");
}

static void test_patterns_are_linear(void)
{
	gives(g_strdup("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.matches('^(a+)+"
		       "$')"),
	      "false");
	refused(g_strdup("'a'.matches('(a{1000}){1000}')"), "pattern");
	gives(g_strdup("'a'.matches('(' + 'a{1000}){1000}') || true"), "true");
}

static void test_bad_bytes(void)
{
	refused(g_strdup("'\xff'"), "not UTF-8");
	refused(g_strdup("\xff"), "unexpected character");
	refused(g_strdup("a\x01"), "unexpected character");
	refused(g_strdup("\xc3\xa9 == 1"), "unexpected character");
	gives(g_strdup("size(b'\xff')"), "1");
}

UNIT_SUITE(test_cel_hostile){
	{"deep_expressions", test_deep_expressions},
	{"large_expressions", test_large_expressions},
	{"runs_end", test_runs_end},
	{"doubling_ends", test_doubling_ends},
	{"patterns_are_linear", test_patterns_are_linear},
	{"bad_bytes", test_bad_bytes},
	{NULL, NULL},
};
