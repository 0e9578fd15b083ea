/* Pointers and equality. */
#include "unit/document/read.h"

static void test_pointers_find_their_nodes(void)
{
	struct read read;
	const struct doc_node *root;

	read_text(&read, "x.json", "{\"a/b\":[10,{\"m~n\":20}],\"\":30,\"01\":40}");
	root = read_root(&read);
	for (uint32_t i = 0; i < root->size; i++) {
		const char *pointer = doc_pointer(&read.arena, root + i);

		CU_ASSERT_PTR_EQUAL(doc_pointer_find(root, slice_of(pointer)), root + i);
	}
	CU_ASSERT_EQUAL(doc_pointer_find(root, SLICE("/a~1b/1/m~0n"))->integer, 20);
	CU_ASSERT_EQUAL(doc_pointer_find(root, SLICE("/"))->integer, 30);
	CU_ASSERT_PTR_NULL(doc_pointer_find(root, SLICE("/a~1b/01")));
	CU_ASSERT_PTR_NULL(doc_pointer_find(root, SLICE("/a~1b/2")));
	CU_ASSERT_PTR_NULL(doc_pointer_find(root, SLICE("/a~1b/-")));
	CU_ASSERT_PTR_NULL(doc_pointer_find(root, SLICE("/a~2b")));
	CU_ASSERT_PTR_NULL(doc_pointer_find(root, SLICE("a")));
	CU_ASSERT_PTR_NULL(doc_pointer_find(root, SLICE("/x/y")));
	read_release(&read);
}

/* Beyond 32 members a name is searched for; of duplicates the first is found, through aliases too.
 */
static void test_members_of_a_large_object(void)
{
	GString *text = g_string_new("a: &a\n");
	struct read read;
	const struct doc_node *copy;

	for (int i = 0; i < 1000; i++)
		g_string_append_printf(text, "  k%d: %d\n", i * 7 % 1000, i);
	g_string_append(text, "  k7: -1\n  '': -2\nb: *a\n");
	read_with(&read, "x.yaml", text->str, text->len, NULL);
	copy = doc_get(read_root(&read), "b");
	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	for (int i = 0; i < 1000; i++) {
		char *name = g_strdup_printf("k%d", i * 7 % 1000);

		CU_ASSERT_EQUAL(doc_get(copy, name)->integer, i);
		g_free(name);
	}
	CU_ASSERT_EQUAL(doc_get(copy, "")->integer, -2);
	CU_ASSERT_PTR_NULL(doc_get(copy, "k1000"));
	CU_ASSERT_PTR_NULL(doc_get(copy, "z"));
	read_release(&read);
	g_string_free(text, TRUE);
}

/* Beyond 32 items their numbers are searched for, through aliases too. */
static void test_items_of_a_large_array(void)
{
	GString *text = g_string_new("a: &a\n");
	struct read read;
	const struct doc_node *copy;

	for (int i = 0; i < 1000; i++)
		g_string_append_printf(text, "  - [%d, {x: %d}]\n", i, i);
	g_string_append(text, "b: *a\n");
	read_with(&read, "x.yaml", text->str, text->len, NULL);
	copy = doc_get(read_root(&read), "b");
	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	for (size_t i = 0; i < 1000; i++) {
		const struct doc_node *item = doc_item(copy, i);

		CU_ASSERT_EQUAL(doc_item(item, 0)->integer, (int64_t)i);
		CU_ASSERT_EQUAL(doc_index(item), i);
		CU_ASSERT_EQUAL(doc_index(doc_item(item, 1)), 1);
	}
	CU_ASSERT_PTR_NULL(doc_item(copy, 1000));
	read_release(&read);
	g_string_free(text, TRUE);
}

static bool is_equal(const char *a, const char *b)
{
	struct read x, y;
	bool equal;

	read_text(&x, "x.json", a);
	read_text(&y, "y.json", b);
	equal = doc_equal(read_root(&x), read_root(&y));
	CU_ASSERT_EQUAL(doc_equal(read_root(&y), read_root(&x)), equal);
	read_release(&x);
	read_release(&y);
	return equal;
}

static void test_equality(void)
{
	CU_ASSERT_TRUE(is_equal("1", "1.0"));
	CU_ASSERT_TRUE(is_equal("100", "1e2"));
	CU_ASSERT_FALSE(is_equal("9007199254740993", "9007199254740992.0"));
	CU_ASSERT_FALSE(is_equal("1", "\"1\""));
	CU_ASSERT_FALSE(is_equal("0", "false"));
	CU_ASSERT_FALSE(is_equal("true", "false"));
	CU_ASSERT_TRUE(is_equal("{\"a\":1,\"b\":[2,{}]}", "{\"b\":[2,{}],\"a\":1}"));
	CU_ASSERT_FALSE(is_equal("{\"a\":1}", "{\"b\":1}"));
	CU_ASSERT_FALSE(is_equal("{\"a\":1}", "{\"a\":1,\"b\":1}"));
	CU_ASSERT_FALSE(is_equal("[1,2]", "[2,1]"));
	CU_ASSERT_FALSE(is_equal("[]", "{}"));
	CU_ASSERT_FALSE(is_equal("null", "0"));
}

static void test_equality_of_large_objects(void)
{
	GString *a = g_string_new("{\"x\":0"), *b = g_string_new("{\"x\":0");

	for (int i = 0; i < 500; i++) {
		g_string_append_printf(a, ",\"k%d\":%d", i, i);
		g_string_append_printf(b, ",\"k%d\":%d", 499 - i, 499 - i);
	}
	g_string_append_c(a, '}');
	g_string_append_c(b, '}');
	CU_ASSERT_TRUE(is_equal(a->str, b->str));
	*strchr(b->str, '0') = '1';
	CU_ASSERT_FALSE(is_equal(a->str, b->str));
	g_string_free(a, TRUE);
	g_string_free(b, TRUE);
}

static void test_accessors_take_nothing(void)
{
	CU_ASSERT_PTR_NULL(doc_member(NULL, "a", 1));
	CU_ASSERT_PTR_NULL(doc_get(NULL, "a"));
	CU_ASSERT_PTR_NULL(doc_item(NULL, 0));
	CU_ASSERT_PTR_NULL(doc_first(NULL));
	CU_ASSERT_PTR_NULL(doc_next(NULL));
	CU_ASSERT_PTR_NULL(doc_parent(NULL));
	CU_ASSERT_PTR_NULL(doc_root(NULL));
	CU_ASSERT_PTR_NULL(doc_origin(NULL));
	CU_ASSERT_EQUAL(doc_text(NULL).len, 0);
	CU_ASSERT_EQUAL(doc_key_text(NULL).len, 0);
	CU_ASSERT_EQUAL(doc_index(NULL), 0);
	CU_ASSERT_PTR_NULL(doc_pointer_find(NULL, SLICE("/a")));
	CU_ASSERT_FALSE(doc_is(NULL, DOC_NULL));
}

/* RFC 8785 3.2.3: by UTF-16 units, so U+1F600 comes before U+FB33. */
static void test_canonical_order(void)
{
	struct read read;

	read_text(&read, "x.json",
		  "{\"\xef\xac\xb3\":1,\"\xf0\x9f\x98\x80\":2,\"1\":3,\"\xc3\xb6\":4,\"\":5}");
	read_check_json(
		&read, "{\"\":5,\"1\":3,\"\xc3\xb6\":4,\"\xf0\x9f\x98\x80\":2,\"\xef\xac\xb3\":1}");
	read_release(&read);
}

UNIT_SUITE(test_access){
	{"pointers find their nodes", test_pointers_find_their_nodes},
	{"members of a large object", test_members_of_a_large_object},
	{"items of a large array", test_items_of_a_large_array},
	{"equality", test_equality},
	{"equality of large objects", test_equality_of_large_objects},
	{"accessors take nothing", test_accessors_take_nothing},
	{"canonical order", test_canonical_order},
	{0},
};
