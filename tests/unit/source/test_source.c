/* Positions in every unit, line ends, the byte-order mark. */
#include "source/source.h"
#include "unit/unit.h"

static void test_columns_in_every_unit(void)
{
	struct source source;
	struct position position;

	source_init(&source, "x", "a\n\xc3\xa9\xf0\x9f\x98\x80z\r\nlast", 15);
	position = source_position(&source, 8);
	CU_ASSERT_EQUAL(position.line, 2);
	CU_ASSERT_EQUAL(position.column_bytes, 7);
	CU_ASSERT_EQUAL(position.column_code_points, 3);
	CU_ASSERT_EQUAL(position.column_utf16, 4);
	CU_ASSERT_EQUAL(source_line(&source, 2).len, 7);
	CU_ASSERT_EQUAL(source_line(&source, 3).len, 4);
	CU_ASSERT_EQUAL(source_line(&source, 4).len, 0);
	source_release(&source);
}

static void test_the_mark_has_no_column(void)
{
	struct source source;

	source_init(&source, "x",
		    "\xef\xbb\xbf"
		    "a",
		    4);
	CU_ASSERT_EQUAL(source_position(&source, 3).column_bytes, 1);
	CU_ASSERT_EQUAL(source_position(&source, 0).column_bytes, 1);
	ASSERT_TEXT(source_line(&source, 1).data, source_line(&source, 1).len, "a");
	source_release(&source);
}

/* Asked in any order, each is what it is when asked alone. */
static void test_positions_do_not_depend_on_those_before(void)
{
	static const char text[] = "\xef\xbb\xbf"
				   "\xc3\xa9t\xc3\xa9 \xf0\x9f\x98\x80 x\n\xc3\xa0 b\n";
	struct source source;

	source_init(&source, "x", text, sizeof(text) - 1);
	for (uint32_t before = 0; before < sizeof(text); before++)
		for (uint32_t offset = 0; offset < sizeof(text); offset++) {
			struct source fresh;
			struct position alone, after;

			source_init(&fresh, "x", text, sizeof(text) - 1);
			alone = source_position(&fresh, offset);
			source_position(&source, before);
			after = source_position(&source, offset);
			CU_ASSERT_EQUAL(alone.line, after.line);
			CU_ASSERT_EQUAL(alone.column_bytes, after.column_bytes);
			CU_ASSERT_EQUAL(alone.column_code_points, after.column_code_points);
			CU_ASSERT_EQUAL(alone.column_utf16, after.column_utf16);
			source_release(&fresh);
		}
	source_release(&source);
}

static void test_an_empty_source_has_one_line(void)
{
	struct source source;

	source_init(&source, "x", NULL, 0);
	CU_ASSERT_EQUAL(source_position(&source, 9).line, 1);
	CU_ASSERT_EQUAL(source_line(&source, 1).len, 0);
	source_release(&source);
}

/* Bytes of a repository end where they end: nothing stands behind them. */
static void test_the_end_can_be_asked_for_twice(void)
{
	char *data = g_memdup2("a: 1", 4);
	struct source source;

	source_init(&source, "x", data, 4);
	CU_ASSERT_EQUAL(source_position(&source, 4).column_code_points, 5);
	CU_ASSERT_EQUAL(source_position(&source, 4).column_code_points, 5);
	CU_ASSERT_EQUAL(source_position(&source, 2).column_code_points, 3);
	source_release(&source);
	g_free(data);
}

/* The last position is remembered; what comes of it must not depend on it. */
static void test_positions_in_any_order(void)
{
	static const char text[] = "a\xc3\xa9\xf0\x9d\x84\x9e\xff\xe2\x82x\n\xf0\x9d\x84\x9e\x80z";
	enum { SIZE = sizeof(text) - 1 };
	struct source source;

	source_init(&source, "x", text, SIZE);
	for (uint32_t first = 0; first <= SIZE; first++)
		for (uint32_t second = 0; second <= SIZE; second++) {
			struct source fresh;
			struct position wanted, got;

			source_init(&fresh, "x", text, SIZE);
			wanted = source_position(&fresh, second);
			source_position(&source, first);
			got = source_position(&source, second);
			CU_ASSERT_EQUAL(got.line, wanted.line);
			CU_ASSERT_EQUAL(got.column_bytes, wanted.column_bytes);
			CU_ASSERT_EQUAL(got.column_code_points, wanted.column_code_points);
			CU_ASSERT_EQUAL(got.column_utf16, wanted.column_utf16);
			source_release(&fresh);
		}
	source_release(&source);
}

UNIT_SUITE(test_source){
	{"the end can be asked for twice", test_the_end_can_be_asked_for_twice},
	{"positions in any order", test_positions_in_any_order},
	{"columns in every unit", test_columns_in_every_unit},
	{"the mark has no column", test_the_mark_has_no_column},
	{"positions do not depend on those before", test_positions_do_not_depend_on_those_before},
	{"an empty source has one line", test_an_empty_source_has_one_line},
	{0},
};
