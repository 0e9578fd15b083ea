/* Where the bytes of texts stand in the source. */
#include "unit/document/read.h"

/*
 * Reads `text`, whose value under "a" has the bytes of `expected`, and checks the place of each:
 * the offsets are those of the same signs in `places`, a copy of `text` in which the value's bytes
 * are numbered 0-9a-z.
 */
static void check_places(const char *path, const char *text, const char *places)
{
	static const char signs[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	struct read read;
	const struct doc_node *node;

	read_text(&read, path, text);
	node = doc_get(read_root(&read), "a");
	CU_ASSERT_PTR_NOT_NULL_FATAL(node);
	CU_ASSERT_EQUAL(strlen(text), strlen(places));
	for (uint32_t i = 0; i < node->len; i++) {
		const char *sign = strchr(places, signs[i]);
		uint32_t offset = doc_text_offset(read.set.documents, node, i);

		if (sign) {
			CU_ASSERT_EQUAL(offset, (uint32_t)(sign - places));
		}
		CU_ASSERT(offset >= node->span.start && offset <= node->span.end);
	}
	CU_ASSERT(doc_text_offset(read.set.documents, node, node->len) <= node->span.end);
	read_release(&read);
}

static void test_one_line(void)
{
	check_places("x.yaml", "a: xyz", "a: 012");
	check_places("x.yaml", "a: 'xyz'", "a: '012'");
	check_places("x.yaml", "a: 12", "a: 01");
	check_places("x.json", "{\"a\":\"xyz\"}", "{\"_\":\"012\"}");
}

static void test_escapes(void)
{
	check_places("x.yaml", "a: 'x''y z'", "a: '01 234'");
	check_places("x.yaml", "a: \"x\\ty\\u0041z\"", "_: \"01 23     4\"");
	check_places("x.json", "{\"a\":\"\\n\\\"\\ud83d\\ude00z\"}",
		     "{\"_\":\"0 1 2           6\"}");
}

static void test_folding(void)
{
	check_places("x.yaml", "a: xy\n  z\n\n  w", "_: 012  3 4  5");
	check_places("x.yaml", "a: \"xy \\\n  z\"", "_: \"012    3\"");
	check_places("x.yaml", "a: >\n  xy\n  z\n\n  w\n", "_: >\n  012  3\n4  5\n");
	check_places("x.yaml", "a: >-\r\n  xy\r\n  z\r\n", "_: >-..  012.  3..");
}

static void test_literal(void)
{
	check_places("x.yaml", "a: |\n  xy\n   z\n  w\n", "_: |\n  012  345  67");
}

static void test_explicit_indentation(void)
{
	struct read read;
	const struct doc_node *node;

	read_text(&read, "x.yaml", "k:\n  - a: |2\n        x\n");
	node = doc_pointer_find(read_root(&read), SLICE("/k/0/a"));
	ASSERT_TEXT(node->text, node->len, "  x\n");
	CU_ASSERT_EQUAL(doc_text_offset(read.set.documents, node, 2), 21);
	read_release(&read);
}

static void test_an_alias_points_to_its_anchor(void)
{
	struct read read;

	read_text(&read, "x.yaml", "b: &x 'abc'\na: *x\n");
	CU_ASSERT_EQUAL(doc_text_offset(read.set.documents, doc_get(read_root(&read), "a"), 1), 8);
	read_release(&read);
}

static void test_nothing_has_a_place(void)
{
	struct read read;

	read_text(&read, "x.yaml", "a:\nb: ''\nc: []\n");
	CU_ASSERT_EQUAL(doc_text_offset(read.set.documents, doc_get(read_root(&read), "a"), 0), 2);
	CU_ASSERT_EQUAL(doc_text_offset(read.set.documents, doc_get(read_root(&read), "b"), 0), 7);
	CU_ASSERT_EQUAL(doc_text_offset(read.set.documents, doc_get(read_root(&read), "c"), 0), 12);
	CU_ASSERT_EQUAL(doc_text_offset(NULL, NULL, 0), 0);
	read_release(&read);
}

UNIT_SUITE(test_text_offset){
	{"one line", test_one_line},
	{"escapes", test_escapes},
	{"folding", test_folding},
	{"literal", test_literal},
	{"explicit indentation", test_explicit_indentation},
	{"an alias points to its anchor", test_an_alias_points_to_its_anchor},
	{"nothing has a place", test_nothing_has_a_place},
	{0},
};
