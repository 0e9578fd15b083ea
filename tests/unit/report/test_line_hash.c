/* The values that GitHub's uploader publishes for these inputs in its own tests. */
#include "report/line_hash.h"
#include "unit/unit.h"

#include <stdio.h>

static void assert_hashes(const char *text, const char *expected)
{
	GArray *lines = line_hashes(slice_of(text));
	GString *found = g_string_new(NULL);

	for (guint i = 0; i < lines->len; i++) {
		const struct line_hash *line = &g_array_index(lines, struct line_hash, i);

		g_string_append_printf(found, "%s%" G_GINT64_MODIFIER "x:%u", i ? " " : "",
				       line->value, line->occurrence);
	}
	CU_ASSERT_STRING_EQUAL(found->str, expected);
	g_string_free(found, TRUE);
	g_array_free(lines, TRUE);
}

static void test_an_empty_file_has_one_line(void)
{
	assert_hashes("", "c129715d7a2bc9a3:1");
}

static void test_blanks_are_skipped(void)
{
	assert_hashes(" a\nb\n  \t\tc\n d",
		      "271789c17abda88f:1 54703d4cd895b18:1 180aee12dab6264:1 a23a3dc5e078b07b:1");
}

static void test_every_line_end_is_the_same(void)
{
	static const char expected[] = "e9496ae3ebfced30:1 fb7c023a8b9ccb3f:1 ce8ba1a563dcdaca:1 "
				       "e20e36e16fcb0cc8:1 b3edc88f2938467e:1 c8e28b0b4002a3a0:1 "
				       "c129715d7a2bc9a3:1";

	assert_hashes(" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", expected);
	assert_hashes(" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", expected);
	assert_hashes(" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", expected);
}

static void test_equal_lines_are_numbered(void)
{
	GString *text = g_string_new(NULL);
	GArray *lines;

	for (int i = 0; i < 300; i++)
		g_string_append(text, "x\n");
	lines = line_hashes((struct slice){text->str, text->len});
	CU_ASSERT_EQUAL(lines->len, 301);
	CU_ASSERT_EQUAL(g_array_index(lines, struct line_hash, 1).occurrence, 2);
	CU_ASSERT_EQUAL(g_array_index(lines, struct line_hash, 200).occurrence, 201);
	g_array_free(lines, TRUE);
	g_string_free(text, TRUE);
}

UNIT_SUITE(test_line_hash){
	{"an empty file has one line", test_an_empty_file_has_one_line},
	{"blanks are skipped", test_blanks_are_skipped},
	{"every line end is the same", test_every_line_end_is_the_same},
	{"equal lines are numbered", test_equal_lines_are_numbered},
	{0},
};
