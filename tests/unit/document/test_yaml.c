/* The YAML lane: values, places, anchors and merge keys, keys, streams. */
#include "document/yaml.h"
#include "unit/document/read.h"

static void check_yaml(const char *text, const char *json, const char *findings)
{
	struct read read;

	read_text(&read, "x.yaml", text);
	read_check_json(&read, json);
	read_check_findings(&read, findings);
	CU_ASSERT_TRUE(read.set.complete);
	read_release(&read);
}

static void test_core_schema(void)
{
	check_yaml("[null, ~, Null, nULL]", "[null,null,null,\"nULL\"]", "");
	check_yaml("[true, False, yes, NO, on]", "[true,false,\"yes\",\"NO\",\"on\"]", "");
	check_yaml("[012, 0o14, 0x1F, +7, -0, 0o8]", "[12,12,31,7,0,\"0o8\"]", "");
	check_yaml("[1., .5, 1e3, -1.5E-2, 1.2.3, 1e, .]",
		   "[1,0.5,1000,-0.015,\"1.2.3\",\"1e\",\".\"]", "");
	check_yaml("[12:30, 2004-05-27, 27/05/2005, 1_000, '1', \"true\"]",
		   "[\"12:30\",\"2004-05-27\",\"27/05/2005\",\"1_000\",\"1\",\"true\"]", "");
	check_yaml("[!!str 1, !!int '2', ! 3, !!null '', !x 4]", "[\"1\",2,\"3\",null,\"4\"]", "");
	check_yaml("9223372036854775808", "9223372036854775808", "");
}

static void test_numbers_that_are_none(void)
{
	check_yaml(
		"a: .inf", "{\"a\":\".inf\"}",
		"number-range 3-7 \".inf\" is no number that planlint can use; for a text put it "
		"in quotes\n");
	check_yaml("a: -.Inf", "{\"a\":\"-.Inf\"}",
		   "number-range 3-8 \"-.Inf\" is no number that planlint can use; for a text put "
		   "it in quotes\n");
	check_yaml("a: 0xfffffffffffffffffffffffffffffffff",
		   "{\"a\":\"0xfffffffffffffffffffffffffffffffff\"}",
		   "number-range 3-38 this number is too long or too large to be read exactly\n");
}

static void test_scalars_of_every_style(void)
{
	check_yaml("a: x\n  y\n\n  z", "{\"a\":\"x y\\nz\"}", "");
	check_yaml("a: 'it''s\n\n  so'", "{\"a\":\"it's\\nso\"}", "");
	check_yaml("a: \"x\\\n   y\\tz\\u00e9\\x41\\ud83d\\ude00 \n  w\"",
		   "{\"a\":\"xy\\tz\xc3\xa9"
		   "A\xf0\x9f\x98\x80 w\"}",
		   "");
	check_yaml("a: |\n  x\n   y\n\nb: 1", "{\"a\":\"x\\n y\\n\",\"b\":1}", "");
	check_yaml("a: >-\n  x\n  y\n\n  z\n\n", "{\"a\":\"x y\\nz\"}", "");
	check_yaml("a: |+\n  x\n\nb: 1", "{\"a\":\"x\\n\\n\",\"b\":1}", "");
	check_yaml("a:\n- |1\n   x\n", "{\"a\":[\"  x\\n\"]}", "");
	check_yaml("a: |\r\n  x\r\n  y\r\nb: z\r\n", "{\"a\":\"x\\ny\\n\",\"b\":\"z\"}", "");
	check_yaml("\xef\xbb\xbf"
		   "a: 1\n",
		   "{\"a\":1}", "");
}

static void check_span(struct span span, const char *text, const char *expected)
{
	ASSERT_TEXT(text + span.start, span.end - span.start, expected);
}

static void test_empty_items_and_texts(void)
{
	static const char *const rows[][2] = {
		{"a:\n-\n- x\n", "{\"a\":[null,\"x\"]}"},
		{"a:\n- x\n-\nb: 1\n", "{\"a\":[\"x\",null],\"b\":1}"},
		{"a:\n- ", "{\"a\":[null]}"},
		{"x:\n  a: |\n  b: 1\n", "{\"x\":{\"a\":\"\",\"b\":1}}"},
		{"x:\n  a: >+\n\n  # c\n  b: 1\n", "{\"x\":{\"a\":\"\\n\",\"b\":1}}"},
		{"- a: |\n  b: 1\n- |\n- c\n", "[{\"a\":\"\",\"b\":1},\"\",\"c\"]"},
		{"x:\n  b: &a |\n  c: *a\n", "{\"x\":{\"b\":\"\",\"c\":\"\"}}"},
		{"- k: !!str |+\n\n  c: &a 1\n- !x >\n- *a\n", "[{\"c\":1,\"k\":\"\\n\"},\"\",1]"},
		/* properties count as part of the key that they stand before */
		{"- &x key: |\n   a\n", "[{\"key\":\"a\\n\"}]"},
		{"- &x key:\n   a\n", "[{\"key\":\"a\"}]"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct read read;

		read_text(&read, "x.yaml", rows[i][0]);
		read_check_findings(&read, "");
		read_check_json(&read, rows[i][1]);
		read_release(&read);
	}
}

/* What libfyaml 0.7 would take for a value. */
static void test_values_that_are_not_indented(void)
{
	static const char *const texts[] = {
		"b:\nx\n",           "b:\n\"x\"\n", "b:\n[1]\n",          "b:\n{x: 1}\n",
		"a: &x 1\nb:\n*x\n", "-\nx\n",      "- b:\n  # c\n  x\n", "x:\n  &a b: |\n  c: 1\n",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct read read;

		read_text(&read, "x.yaml", texts[i]);
		CU_ASSERT_FALSE(read.set.complete);
		CU_ASSERT_PTR_NOT_NULL(
			strstr(read.findings->str, strchr(texts[i], '|')
							   ? "behind | or > a text"
							   : "this line is not indented like"));
		read_release(&read);
	}
}

static void test_places(void)
{
	static const char text[] = "# c\n\"k\": 'v'\nlist: [a, {b: c}] # d\nblock:\n  - 1\n  -\n"
				   "text: >- # e\n  one\n  two\n\nnone:\ntagged: !x\n";
	struct read read;
	const struct doc_node *root, *at;

	read_text(&read, "x.yaml", text);
	read_check_findings(&read, "");
	root = read_root(&read);
	at = doc_get(root, "k");
	check_span(at->key->span, text, "\"k\"");
	check_span(at->span, text, "'v'");
	at = doc_get(root, "list");
	check_span(at->span, text, "[a, {b: c}]");
	check_span(doc_item(at, 1)->span, text, "{b: c}");
	at = doc_get(root, "block");
	check_span(at->span, text, "- 1\n  -");
	CU_ASSERT_EQUAL(doc_item(at, 1)->span.start,
			(uint32_t)(strstr(text, "-\ntext") + 1 - text));
	CU_ASSERT_EQUAL(doc_item(at, 1)->type, DOC_NULL);
	check_span(doc_get(root, "text")->span, text, ">- # e\n  one\n  two");
	at = doc_get(root, "none");
	CU_ASSERT_EQUAL(at->span.start, (uint32_t)(strstr(text, "\ntagged") - text));
	CU_ASSERT_EQUAL(at->span.end, at->span.start);
	at = doc_get(root, "tagged");
	check_span(at->span, text, "!x");
	CU_ASSERT(at->flags & DOC_TAGGED);
	CU_ASSERT_EQUAL(read.set.comment_count, 3);
	check_span(read.set.comments[0], text, "# c");
	check_span(read.set.comments[1], text, "# d");
	check_span(read.set.comments[2], text, "# e");
	read_release(&read);
}

static void test_comments_are_no_text(void)
{
	static const char text[] =
		"a: x#y # one\nb: \"# no\"\nc: '# no'\nd: |\n  # no\n # two\ne: [1, #three\n"
		" 2] #four\nf: http://x/#y\n#five\r\ng: &a#b 1\n? #six\n  h\n: i\n... # seven";
	struct read read;

	read_text(&read, "x.yaml", text);
	read_check_findings(&read, "");
	CU_ASSERT_EQUAL_FATAL(read.set.comment_count, 7);
	check_span(read.set.comments[0], text, "# one");
	check_span(read.set.comments[1], text, "# two");
	check_span(read.set.comments[2], text, "#three");
	check_span(read.set.comments[3], text, "#four");
	check_span(read.set.comments[4], text, "#five");
	check_span(read.set.comments[5], text, "#six");
	check_span(read.set.comments[6], text, "# seven");
	read_release(&read);
}

static void test_aliases(void)
{
	static const char text[] = "a: &x {k: [1]}\nb: *x\nc: &y v\n*y : w\n";
	struct read read;
	const struct doc_node *use;

	read_text(&read, "x.yaml", text);
	read_check_json(&read, "{\"a\":{\"k\":[1]},\"b\":{\"k\":[1]},\"c\":\"v\",\"v\":\"w\"}");
	read_check_findings(&read, "");
	use = doc_first(doc_get(read_root(&read), "b"));
	CU_ASSERT(use->flags & DOC_COPIED);
	check_span(use->span, text, "*x");
	check_span(use->key->span, text, "*x");
	check_span(doc_origin(use)->span, text, "[1]");
	check_span(doc_origin(use)->key->span, text, "k");
	CU_ASSERT_EQUAL(doc_first(use)->depth, 3);
	CU_ASSERT_STRING_EQUAL(doc_pointer(&read.arena, doc_first(use)), "/b/k/0");
	read_release(&read);
	check_yaml("- &a 1\n- &a 2\n- *a", "[1,2,2]", "");
	check_yaml(
		"[*x]", "[null]",
		"yaml-alias 1-3 \"*x\" stands for something marked &x, but nothing before it is; "
		"for a text put it in quotes\n");
	check_yaml("&x [*x]", "[null]",
		   "yaml-alias 4-6 \"*x\" stands within what it stands for <- 1-2\n");
	check_yaml("--- &x a\n--- *x", "\"a\"",
		   "yaml-alias 13-15 \"*x\" stands for something marked &x, but nothing before it "
		   "is; for a text put it in quotes\n");
}

static void test_merge_keys(void)
{
	check_yaml("- &a {x: 1, y: 2}\n- <<: *a\n  y: 3\n- {<<: [{z: 4}, *a], x: 5}",
		   "[{\"x\":1,\"y\":2},{\"x\":1,\"y\":3},{\"x\":5,\"y\":2,\"z\":4}]", "");
	check_yaml("a: {<<: {x: 1, y: {z: 2}}, x: 0}", "{\"a\":{\"x\":0,\"y\":{\"z\":2}}}", "");
	check_yaml("'<<': 1", "{\"<<\":1}", "");
	check_yaml("<<: 1\na: 2", "{\"a\":2}",
		   "yaml-alias 4-5 after \"<<:\" has to stand a * and the mark of a group of "
		   "entries, not \"1\"\n");
	check_yaml("a: &x {<<: *x}", "{\"a\":{}}",
		   "yaml-alias 11-13 \"*x\" stands within what it stands for <- 4-5\n");
}

static void test_keys_that_are_no_strings(void)
{
	check_yaml(
		"1: a\ntrue: b\n~: c\n? [x, {y: z}]\n: d\n: e",
		"{\"\":\"e\",\"1\":\"a\",\"[\\\"x\\\",{\\\"y\\\":\\\"z\\\"}]\":\"d\",\"true\":"
		"\"b\",\"~\":\"c\"}",
		"key-type 0-1 \"1\" is a number, so it is no name; put it in quotes\n"
		"key-type 5-9 \"true\" stands for yes, no or nothing, so it is no name; put it in "
		"quotes\n"
		"key-type 13-14 \"~\" stands for yes, no or nothing, so it is no name; put it in "
		"quotes\n"
		"key-type 20-31 a list or a group of entries cannot be a name\n"
		"key-type 36-36 a name is missing before the colon\n");
	check_yaml(
		"{ &a [a, &b b]: *b, *a : [c, *b, d]}",
		"{\"[\\\"a\\\",\\\"b\\\"]\":\"b\",\"[\\\"a\\\",\\\"b\\\"]\":[\"c\",\"b\",\"d\"]}",
		"key-type 5-14 a list or a group of entries cannot be a name\n"
		"key-type 20-22 a list or a group of entries cannot be a name\n"
		"duplicate-key 20-22 the name \"[\"a\",\"b\"]\" stands here a second time; keep "
		"one of the two <- 5-14\n");
}

static void test_streams(void)
{
	struct read read;

	read_text(&read, "x.yaml", "a: 1\n---\nb: 2\n...\n---\n");
	CU_ASSERT_EQUAL(read.set.count, 3);
	CU_ASSERT_EQUAL(read.set.documents[0].span.end, 5);
	CU_ASSERT_EQUAL(read.set.documents[1].span.start, 5);
	CU_ASSERT_EQUAL(read.set.documents[1].index, 1);
	CU_ASSERT_EQUAL(read.set.documents[2].root->type, DOC_NULL);
	read_release(&read);
	read_text(&read, "x.yaml", "a: 1\n---\nb: [");
	CU_ASSERT_EQUAL(read.set.count, 1);
	CU_ASSERT_FALSE(read.set.complete);
	read_check_findings(&read, "yaml-syntax 12-13 this bracket is never closed, or a comma is "
				   "missing behind it\n");
	read_release(&read);
}

static void test_nothing(void)
{
	static const char *const texts[] = {"", "\n\n", "# only a comment\n", "\xef\xbb\xbf", " "};

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct read read;

		read_text(&read, "x.yaml", texts[i]);
		read_check_findings(&read, "");
		CU_ASSERT_TRUE(read.set.complete);
		CU_ASSERT_EQUAL(read.set.count, 1);
		CU_ASSERT_PTR_NULL(read_root(&read));
		read_release(&read);
	}
}

static void test_json_in_a_yaml_file(void)
{
	check_yaml(
		"{\"a\": 1, \"a\": 2}", "{\"a\":1,\"a\":2}",
		"duplicate-key 9-12 the name \"a\" stands here a second time; keep one of the two "
		"<- 1-4\n");
	check_yaml("{\"a\": 1, b: 2}", "{\"a\":1,\"b\":2}", "");
	check_yaml("[1, # one\n 2]", "[1,2]", "");
}

static void check_refused(const char *text, size_t len, const char *findings)
{
	struct read read;

	read_with(&read, "x.yaml", text, len, NULL);
	read_check_findings(&read, findings);
	CU_ASSERT_FALSE(read.set.complete);
	CU_ASSERT_EQUAL(read.set.count, 0);
	read_release(&read);
}

static void test_bytes_that_are_refused(void)
{
	GString *blank = g_string_new("a: |\n");

	check_refused("a: b\0c", 6,
		      "encoding 4-5 a zero byte stands here; this is not a text file, "
		      "or it is not saved as UTF-8\n");
	check_refused(
		"a: \x01\nb: \x7f\n", 10,
		"encoding 3-4 an invisible control character (U+0001) stands here; delete it\n"
		"encoding 8-9 an invisible control character (U+007F) stands here; delete it\n");
	check_refused("a: \xc2\x85", 5,
		      "encoding 3-5 an invisible control character (U+0085) stands "
		      "here; delete it\n");
	check_refused("a: 1\rb: 2", 9,
		      "encoding 4-5 a line ends in a way that only old Macs know; "
		      "save the file with Windows or Unix line ends\n");
	check_refused("a: \xe2\x80\xae x", 8,
		      "encoding 3-6 an invisible character (U+202E) changes "
		      "the order in which this line is shown; delete it\n");
	check_refused("%YAML 1.1\n---\na: 1", 18,
		      "yaml-directive 0-9 a line that begins with % is an instruction to YAML, and "
		      "only %YAML 1.2 is read; remove this line\n");
	check_refused(
		"a: 1 # \xff\nb: 2", 13,
		"encoding 7-8 this file is not saved as UTF-8 but probably as ANSI; the first "
		"letter that cannot be read is byte FF\n");
	for (int i = 0; i < 252; i++)
		g_string_append(blank, " \n");
	check_refused(blank->str, blank->len,
		      "limit 506-506 more than 250 blank lines follow each "
		      "other; remove some\n");
	g_string_free(blank, TRUE);
	check_yaml("%YAML 1.2\n---\na: 1", "{\"a\":1}", "");
}

static void test_what_may_not_be_parsed_here(void)
{
	static const char *const safe[] = {"", "a?b", "what?x", "http://x?y=1", "?x", "a: ?b"};
	static const char *const unsafe[] = {"?",   "? a", "a: b?\n", "x?",
					     "?\t", "[?]", "?,",      "?\xc3\xa9"};

	for (size_t i = 0; i < G_N_ELEMENTS(safe); i++)
		CU_ASSERT_TRUE(yaml_is_safe(slice_of(safe[i])));
	for (size_t i = 0; i < G_N_ELEMENTS(unsafe); i++)
		CU_ASSERT_FALSE(yaml_is_safe(slice_of(unsafe[i])));
}

UNIT_SUITE(test_yaml){
	{"core schema", test_core_schema},
	{"numbers that are none", test_numbers_that_are_none},
	{"scalars of every style", test_scalars_of_every_style},
	{"empty items and texts", test_empty_items_and_texts},
	{"values that are not indented", test_values_that_are_not_indented},
	{"places", test_places},
	{"comments are no text", test_comments_are_no_text},
	{"aliases", test_aliases},
	{"merge keys", test_merge_keys},
	{"keys that are no strings", test_keys_that_are_no_strings},
	{"streams", test_streams},
	{"nothing", test_nothing},
	{"json in a yaml file", test_json_in_a_yaml_file},
	{"bytes that are refused", test_bytes_that_are_refused},
	{"what may not be parsed here", test_what_may_not_be_parsed_here},
	{0},
};
