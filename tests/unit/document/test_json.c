/* The JSON lane: what RFC 8259 allows, what it does not, spans, limits, JSON Lines. */
#include "unit/document/read.h"

static void check_value(const char *text, const char *expected)
{
	struct read read;

	read_text(&read, "x.json", text);
	read_check_json(&read, expected);
	read_check_findings(&read, "");
	CU_ASSERT_TRUE(read.set.complete);
	CU_ASSERT_EQUAL(read.set.count, 1);
	read_release(&read);
}

static void check_fault(const char *text, const char *expected)
{
	struct read read;

	read_text(&read, "x.json", text);
	read_check_findings(&read, expected);
	CU_ASSERT_FALSE(read.set.complete);
	CU_ASSERT_EQUAL(read.set.count, 0);
	read_release(&read);
}

static void test_values(void)
{
	check_value("null", "null");
	check_value(" true\r\n", "true");
	check_value("\xef\xbb\xbf"
		    "false",
		    "false");
	check_value("-0", "0");
	check_value("[1.0, 1e2, 0.10,-12E-1]", "[1,100,0.1,-1.2]");
	check_value("[]", "[]");
	check_value("{ }", "{}");
	check_value("{\"b\":[{},[]],\"a\":{\"\":null}}", "{\"a\":{\"\":null},\"b\":[{},[]]}");
	check_value("123456789012345678901234567890.5", "1.234567890123456789012345678905e+29");
	check_value("1e999999", "1e+999999");
	check_value("9223372036854775807", "9223372036854775807");
}

static void test_strings(void)
{
	check_value("\"\"", "\"\"");
	check_value("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\"", "\"a\\\"\\\\/\\b\\f\\n\\r\\tA\"");
	check_value("\"\\u00e9\\u20ac\\ud83d\\ude00 and more text than eight bytes\"",
		    "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80 and more text than eight bytes\"");
	check_value("\"\\u0000\\u001f\"", "\"\\u0000\\u001f\"");
	check_value("{\"\\u0061\":\"\x7f\"}", "{\"a\":\"\x7f\"}");
}

static void test_faults(void)
{
	check_fault("", "json-syntax 0-0 the file is empty; JSON needs a value\n");
	check_fault("[1,]", "json-syntax 2-3 a comma stands before the closing bracket; remove the "
			    "comma\n");
	check_fault("{\"a\":1,}",
		    "json-syntax 6-7 a comma stands before the closing bracket; remove "
		    "the comma\n");
	check_fault("[1 2]",
		    "json-syntax 3-4 a comma or the closing bracket should stand here, not "
		    "\"2\"\n");
	check_fault("{a:1}", "json-syntax 1-2 a name in double quotes should stand here, not "
			     "\"a\"\n");
	check_fault("{\"a\" 1}", "json-syntax 5-6 a colon should stand between the name and its "
				 "value, not \"1\"\n");
	check_fault("[1", "json-syntax 2-2 the file ends before the document is complete\n");
	check_fault("{", "json-syntax 1-1 the file ends before the document is complete\n");
	check_fault("[1]x", "json-syntax 3-4 something stands after the end of the document: "
			    "\"x\"\n");
	check_fault("[1] // x", "json-syntax 4-5 JSON has no comments; remove this one\n");
	check_fault("True", "json-syntax 0-4 \"True\" is no JSON value; write a text in double "
			    "quotes, or true, false or null\n");
	check_fault("nul",
		    "json-syntax 0-3 \"nul\" is no JSON value; write a text in double quotes, "
		    "or true, false or null\n");
	check_fault("'a'", "json-syntax 0-1 a value should stand here, not \"'\"\n");
	check_fault("[1}", "json-syntax 2-3 a comma or the closing bracket should stand here, not "
			   "\"}\"\n");
}

static void test_number_faults(void)
{
	static const char *const texts[] = {"01",  "-",     "1.",   ".5",       "+1", "1e",
					    "1e+", "-01",   "1.e1", "0x1",      "1a", "2.",
					    "--1", "1.2.3", "NaN",  "-Infinity"};

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct read read;

		read_text(&read, "x.json", texts[i]);
		CU_ASSERT_FALSE(read.set.complete);
		CU_ASSERT(read.findings->len > 0);
		read_release(&read);
	}
}

static void test_string_faults(void)
{
	check_fault("\"a", "json-syntax 0-2 this text has no closing double quote on its line\n");
	check_fault("[\"a\n\"]", "json-syntax 1-3 this text has no closing double quote on its "
				 "line\n");
	check_fault("\"a\tb\"", "json-syntax 2-3 a tab or another control character stands in a "
				"text; write \\t, or \\u and four digits\n");
	check_fault("\"\\x41\"", "json-syntax 1-5 \"\\x41\" is no escape of JSON; for a backslash "
				 "write two of them\n");
	check_fault("\"\\ud800\"", "json-syntax 1-7 \"\\ud800\" is half a character; both halves "
				   "have to be written, one after the other\n");
	check_fault("\"\\udc00\\ud800\"", "json-syntax 1-7 \"\\udc00\" is half a character; both "
					  "halves have to be written, one after the other\n");
	check_fault("\"\\u12\"", "json-syntax 1-3 \"\\u\" is no escape of JSON; for a backslash "
				 "write two of them\n");
	check_fault("\"\\",
		    "json-syntax 1-2 \"\\\" is no escape of JSON; for a backslash write two "
		    "of them\n");
	check_fault("\"\\n", "json-syntax 0-3 this text has no closing double quote on its line\n");
}

static void test_encodings(void)
{
	struct read read;

	check_fault("\"\xe9t\xe9\"", "encoding 1-2 this file is not saved as UTF-8 but probably as "
				     "ANSI; the first letter that cannot be read is byte E9\n");
	read_with(&read, "x.json", "\xff\xfe{\0}\0", 6, NULL);
	read_check_findings(&read, "encoding 0-2 this file is saved as UTF-16 (Unicode), not as "
				   "UTF-8\n");
	read_release(&read);
	read_with(&read, "x.json", "{\0}\0", 4, NULL);
	read_check_findings(&read, "encoding 0-2 this file is saved as UTF-16 (Unicode), not as "
				   "UTF-8\n");
	read_release(&read);
	read_with(&read, "x.json", "\x89PNG\r\n\x1a\n", 8, NULL);
	read_check_findings(&read, "encoding 0-1 this is not text: byte 89 is not UTF-8\n");
	read_release(&read);
}

static void test_duplicate_keys(void)
{
	struct read read;

	read_text(&read, "x.json", "{\"a\":1,\"b\":{\"a\":2},\"\\u0061\":3}");
	read_check_findings(&read, "duplicate-key 19-27 the name \"a\" stands here a second time; "
				   "keep one of the two <- 1-4\n");
	CU_ASSERT_TRUE(read.set.complete);
	CU_ASSERT_EQUAL(doc_get(read_root(&read), "a")->integer, 1);
	read_release(&read);
}

static void test_duplicates_in_a_large_object(void)
{
	GString *text = g_string_new("{");
	struct read read;

	for (int i = 0; i < 3000; i++)
		g_string_append_printf(text, "\"k%d\":{\"k1\":%d},", i, i);
	g_string_append(text, "\"k7\":0,\"k2999\":0}");
	read_with(&read, "x.json", text->str, text->len, NULL);
	CU_ASSERT_PTR_NOT_NULL(strstr(read.findings->str, "\"k7\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(read.findings->str, "\"k2999\""));
	CU_ASSERT_EQUAL(read_root(&read)->count, 3002);
	CU_ASSERT_EQUAL(doc_get(doc_get(read_root(&read), "k1500"), "k1")->integer, 1500);
	CU_ASSERT_EQUAL(doc_member_symbol(read_root(&read), 1), NULL);
	read_release(&read);
	g_string_free(text, TRUE);
}

static void test_the_tree(void)
{
	struct symbols *symbols = symbols_new();
	struct document_options options = {.symbols = symbols};
	uint32_t name = symbols_intern(symbols, "name", 4);
	const char *text = "{\"name\": [1, {\"x\": \"\xc3\xa9\"}], \"o\": {}}";
	const struct doc_node *root, *array, *object;
	struct read read;

	read_with(&read, "x.json", text, strlen(text), &options);
	root = read_root(&read);
	CU_ASSERT_EQUAL(read.set.documents[0].node_count, 6);
	CU_ASSERT_EQUAL(root->size, 6);
	CU_ASSERT_EQUAL(root->span.start, 0);
	CU_ASSERT_EQUAL(root->span.end, strlen(text));
	array = doc_member_symbol(root, name);
	CU_ASSERT_PTR_EQUAL(array, root + 1);
	CU_ASSERT_EQUAL(array->key->span.start, 1);
	CU_ASSERT_EQUAL(array->key->span.end, 7);
	CU_ASSERT_EQUAL(array->span.start, 9);
	CU_ASSERT_EQUAL(array->span.end, 25);
	object = doc_item(array, 1);
	CU_ASSERT_EQUAL(object->depth, 2);
	CU_ASSERT_EQUAL(doc_index(object), 1);
	CU_ASSERT_EQUAL(doc_get(object, "x")->count, 1);
	CU_ASSERT_EQUAL(doc_get(object, "x")->len, 2);
	CU_ASSERT_PTR_EQUAL(doc_parent(doc_parent(object)), root);
	CU_ASSERT_PTR_EQUAL(doc_root(object), root);
	CU_ASSERT_STRING_EQUAL(doc_pointer(&read.arena, doc_first(object)), "/name/1/x");
	CU_ASSERT_PTR_NULL(doc_first(doc_get(root, "o")));
	read_release(&read);
	symbols_free(symbols);
}

static void test_limits(void)
{
	struct document_limits limits = {.depth = 2, .key_len = 3, .scalar_len = 4, .nodes = 4};
	struct document_options options = {.limits = &limits};
	static const struct {
		const char *text, *finding;
	} rows[] = {
		{"[[1]]", ""},
		{"[[[1]]]", "limit 2-3 more than 2 levels stand within each other\n"},
		{"{\"abcd\":1}", "limit 1-7 this name is longer than 3 bytes\n"},
		{"[\"abcde\"]", "limit 1-8 this text is longer than 4 bytes\n"},
		{"[1,2,3]", ""},
		{"[1,2,3,4]", "limit 7-8 this document has more than 4 values\n"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct read read;

		read_with(&read, "x.json", rows[i].text, strlen(rows[i].text), &options);
		read_check_findings(&read, rows[i].finding);
		CU_ASSERT_EQUAL(read.set.complete, !*rows[i].finding);
		read_release(&read);
	}
	limits = (struct document_limits){.size = 3};
	check_value("[1]", "[1]");
	{
		struct read read;

		read_with(&read, "x.json", "[12]", 4, &options);
		read_check_findings(&read,
				    "limit 0-0 this file is larger than the 3 bytes that planlint "
				    "reads\n");
		read_release(&read);
	}
}

static void test_a_hundred_thousand_levels(void)
{
	enum { LEVELS = 100000 };
	char *text = g_malloc(LEVELS);
	struct read read;

	memset(text, '[', LEVELS);
	read_with(&read, "x.json", text, LEVELS, NULL);
	read_check_findings(&read, "limit 100-101 more than 100 levels stand within each other\n");
	CU_ASSERT_FALSE(read.set.complete);
	read_release(&read);
	g_free(text);
}

static void test_json_lines(void)
{
	struct read read;

	read_text(&read, "x.jsonl", "{\"a\":1}\r\n\n[2\n3");
	CU_ASSERT_EQUAL(read.set.count, 2);
	CU_ASSERT_FALSE(read.set.complete);
	CU_ASSERT_EQUAL(read.set.documents[1].index, 1);
	CU_ASSERT_EQUAL(read.set.documents[1].root->integer, 3);
	CU_ASSERT_EQUAL(read.set.documents[1].span.start, 13);
	read_check_findings(&read, "json-syntax 12-12 the line ends before its document is "
				   "complete\n");
	read_release(&read);
}

/* Every prefix of a good document is read without a fault of ours, and never as complete. */
static void test_cut_at_every_byte(void)
{
	static const char text[] =
		"{\"a\\n\": [1.5e3, \"\\ud83d\\ude00\xe2\x82\xac\", null, {\"b\": "
		"true}], \"c\": {\"d\": -0}}";

	for (size_t len = 0; len < sizeof(text) - 1; len++) {
		char *cut = g_memdup2(text, len);
		struct read read;

		read_with(&read, "x.json", cut, len, NULL);
		CU_ASSERT_FALSE(read.set.complete);
		CU_ASSERT(read.findings->len > 0);
		read_release(&read);
		g_free(cut);
	}
}

UNIT_SUITE(test_json){
	{"values", test_values},
	{"strings", test_strings},
	{"faults", test_faults},
	{"number faults", test_number_faults},
	{"string faults", test_string_faults},
	{"encodings", test_encodings},
	{"duplicate keys", test_duplicate_keys},
	{"duplicates in a large object", test_duplicates_in_a_large_object},
	{"the tree", test_the_tree},
	{"limits", test_limits},
	{"a hundred thousand levels", test_a_hundred_thousand_levels},
	{"json lines", test_json_lines},
	{"cut at every byte", test_cut_at_every_byte},
	{0},
};
