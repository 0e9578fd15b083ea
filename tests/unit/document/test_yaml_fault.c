/*
 * Faults of YAML's syntax as people make them: where the finding stands (line:column-bytes) and
 * what it says. The text of each row is written with \\n and the like.
 */
#include "unit/document/read.h"

static const struct {
	const char *text, *finding;
} rows[] = {
	{"title:\n  fr: Plan : Georgie\n",
	 "2:12-1 [yaml-colon-in-text] this text contains \": \" without being in quotes; YAML sees "
	 "a new entry there  => write: \"Plan : Georgie\"\n"},
	{"title: Plan: Georgie\n",
	 "1:12-1 [yaml-colon-in-text] this text contains \": \" without being in quotes; YAML sees "
	 "a new entry there  => write: \"Plan: Georgie\"\n"},
	{"- name: a: b\n", "1:10-1 [yaml-colon-in-text] this text contains \": \" without being in "
			   "quotes; YAML sees a new entry there  => write: \"a: b\"\n"},
	{"a:1\nb: 2\n", "1:2-1 [yaml-syntax] a space is missing behind this colon\n"},
	{"a: 1\nb:2\nc: 3\n", "2:2-1 [yaml-syntax] a space is missing behind this colon\n"},
	{"a:\n\tb: 1\n", "2:1-1 [yaml-syntax] this line is indented with a tab; use spaces\n"},
	{"a:\n  b: 1\n\tc: 2\n",
	 "3:1-1 [yaml-syntax] this line is indented with a tab; use spaces\n"},
	{"a: \"abc\nb: 2\n",
	 "1:4-4 [yaml-syntax] this text has an opening quote but no closing one\n"},
	{"a: 'abc\nb: 2\n",
	 "1:4-4 [yaml-syntax] this text has an opening quote but no closing one\n"},
	{"b: 'l'ami'\n", "1:7-4 [yaml-syntax] something stands behind the closing quote  => inside "
			 "'...' write an apostrophe twice, or put the text in double quotes\n"},
	{"a: \"x\" y\n", "1:8-1 [yaml-syntax] something stands behind the closing quote  => inside "
			 "\"...\" write \\\" for a quote\n"},
	{"a:\n  b: [\n    \"x\"\n  ]\n",
	 "4:3-1 [yaml-syntax] the lines of a list in brackets are indented further than the line "
	 "where it begins, the closing bracket too; put spaces before it\n"},
	{"a: {\n  b: 1,\nc: 2 }\n",
	 "3:1-6 [yaml-syntax] the lines of a list in brackets are indented further than the line "
	 "where it begins, the closing bracket too; put spaces before it\n"},
	{"a: [1, 2\nb: 3\n",
	 "1:4-1 [yaml-syntax] this bracket is never closed, or a comma is missing behind it\n"},
	{"a: {x: 1\nb: 3\n",
	 "1:4-1 [yaml-syntax] this bracket is never closed, or a comma is missing behind it\n"},
	{"a:\n  b: 1\n c: 2\n",
	 "3:2-4 [yaml-syntax] this line is not indented like the lines that it belongs to\n"},
	{"a:\n  b: 1\n   c: 2\n", "3:4-4 [yaml-syntax] this line is indented further, but the line "
				  "above has a value already\n"},
	{"a: 1\n  b: 2\n", "2:3-4 [yaml-syntax] this line is indented further, but the line above "
			   "has a value already\n"},
	{"- a\nb: 1\n",
	 "2:1-4 [yaml-syntax] this line is not indented like the lines that it belongs to\n"},
	{"a: 1\n- b\n", "2:1-1 [yaml-syntax] a list item cannot stand among entries with names\n"},
	{"a:\n  - x\n - y\n",
	 "3:2-3 [yaml-syntax] this line is not indented like the lines that it belongs to\n"},
	{"<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> x\n",
	 "1:1-12 [yaml-syntax] a merge conflict of git is still in this file  => decide between "
	 "the two versions and delete the lines with <<<<<<<, ======= and >>>>>>>\n"},
	{"a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> x\n",
	 "2:1-12 [yaml-syntax] a merge conflict of git is still in this file  => decide between "
	 "the two versions and delete the lines with <<<<<<<, ======= and >>>>>>>\n"},
	{"a: @x\n",
	 "1:4-1 [yaml-syntax] a text cannot begin with @; put it in quotes  => write: \"@x\"\n"},
	{"a: `x`\n",
	 "1:4-1 [yaml-syntax] a text cannot begin with `; put it in quotes  => write: \"`x`\"\n"},
	{"a: %x\n",
	 "1:4-1 [yaml-syntax] a text cannot begin with %; put it in quotes  => write: \"%x\"\n"},
	{"a: *\n",
	 "1:4-1 [yaml-syntax] a text cannot begin with *; put it in quotes  => write: \"*\"\n"},
	{"a: *foo bar\n",
	 "1:4-4 [yaml-alias] \"*foo\" stands for something marked &foo, but nothing before it is; "
	 "for a text put it in quotes\n1:9-3 [yaml-syntax] this cannot stand behind what is before "
	 "it on this line; if it is one text, put all of it in quotes\n"},
	{"a: &\n",
	 "1:4-1 [yaml-syntax] a text cannot begin with &; put it in quotes  => write: \"&\"\n"},
	{"a: !x y: z\n", "1:8-1 [yaml-colon-in-text] this text contains \": \" without being in "
			 "quotes; YAML sees a new entry there  => write: \"!x y: z\"\n"},
	{"a: \"\\q\"\n", "1:5-2 [yaml-syntax] \"\\q\" is no character; inside double quotes write "
			 "two backslashes for one\n"},
	{"a: |x\n b\n",
	 "1:5-1 [yaml-syntax] behind | or > a text begins on the next line, indented\n"},
	{"a: - b\n", "1:4-3 [yaml-syntax] a list cannot begin on the line of its name; put it on "
		     "the next line\n"},
	{"a: [\"x\", y\n",
	 "1:4-1 [yaml-syntax] this bracket is never closed, or a comma is missing behind it\n"},
	{"key\nb: 1\n", "1:1-3 [yaml-syntax] a colon is missing behind this name\n"},
	{"a: 1\nfoo\nb: 2\n", "2:1-3 [yaml-syntax] a colon is missing behind this name\n"},
	{"\"a\": 1\n\"b\" 2\n", "2:1-4 [yaml-syntax] a colon is missing behind this name\n"},
	{"a: [1, 2]]\n", "1:10-1 [yaml-syntax] this closing bracket has no opening one\n"},
	{"a: \"x\"\n b: 1\n",
	 "2:2-4 [yaml-syntax] this line is not indented like the lines that it belongs to\n"},
	{" a: 1\nb: 2\n",
	 "2:1-4 [yaml-syntax] this line is not indented like the lines that it belongs to\n"},
	{"a: 1\n...\nfoo: [\n",
	 "3:6-1 [yaml-syntax] this bracket is never closed, or a comma is missing behind it\n"},
	{"a: !!str, x\n", "1:9-3 [yaml-syntax] this cannot stand behind what is before it on this "
			  "line; if it is one text, put all of it in quotes\n"},
	{"\tb: 1\n", "1:1-1 [yaml-syntax] this line is indented with a tab; use spaces\n"},
	{"a: >\n   x\n  y\n z\n",
	 "3:3-1 [yaml-syntax] this line is not indented like the lines that it belongs to\n"},
	{"a: [x y]: z\n", "1:9-1 [yaml-colon-in-text] this text contains \": \" without being in "
			  "quotes; YAML sees a new entry there  => write: \"[x y]: z\"\n"},
	{"a: x #c\n   y\n",
	 "2:4-1 [yaml-syntax] this line is not indented like the lines that it belongs to\n"},
	{"a: b\n\"c: d\n",
	 "2:1-5 [yaml-syntax] this text has an opening quote but no closing one\n"},
	{"a: {b: 1, c: [1, 2}\n",
	 "1:14-1 [yaml-syntax] this bracket is never closed, or a comma is missing behind it\n"},
	{"a: *x\n", "1:4-2 [yaml-alias] \"*x\" stands for something marked &x, but nothing before "
		    "it is; for a text put it in quotes\n"},
	{"a: 1\na: 2\n",
	 "2:1-1 [duplicate-key] the name \"a\" stands here a second time; keep one of the two\n"},
	{"a: 1 2: 3\n", "1:7-1 [yaml-colon-in-text] this text contains \": \" without being in "
			"quotes; YAML sees a new entry there  => write: \"1 2: 3\"\n"},
	{"objectives:\n  - id: 1.1\n    title: Defence: reform\n  - id: 1.2\n",
	 "3:19-1 [yaml-colon-in-text] this text contains \": \" without being in quotes; YAML sees "
	 "a new entry there  => write: \"Defence: reform\"\n"},
	{"dates:\n  agreed: 2004-10-29\n   signed: 2005\n",
	 "3:4-12 [yaml-syntax] this line is indented further, but the line above has a value "
	 "already\n"},
	{"title: \"Plan \"A\" of Georgia\"\n",
	 "1:15-14 [yaml-syntax] something stands behind the closing quote  => inside \"...\" write "
	 "\\\" for a quote\n"},
	{"note: it's: fine\n",
	 "1:11-1 [yaml-colon-in-text] this text contains \": \" without being in quotes; YAML sees "
	 "a new entry there  => write: \"it's: fine\"\n"},
};

static GString *say(const struct phrase *phrase, GString *out)
{
	phrase_append(out, phrase, LANGUAGE_EN, text_append_visible);
	return out;
}

static void emit(void *context, const struct finding *finding)
{
	GString *out = context;
	struct position place = source_position(finding->source, finding->span.start);

	g_string_append_printf(out, "%u:%u-%u [%s] ", place.line, place.column_bytes,
			       finding->span.end - finding->span.start, finding->rule);
	say(&finding->message, out);
	if (!phrase_is_empty(&finding->hint))
		say(&finding->hint, g_string_append(out, "  => "));
	g_string_append_c(out, '\n');
}

static void test_faults_in_our_words(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		GString *out = g_string_new(NULL);
		struct finding_sink sink = {emit, out};
		struct document_set set;
		struct arena arena = {0};
		struct source source;

		source_init(&source, "x.yaml", rows[i].text, strlen(rows[i].text));
		CU_ASSERT_EQUAL(document_read(&set, &source, NULL, &arena, &sink, NULL), 0);
		CU_ASSERT_STRING_EQUAL(out->str, rows[i].finding);
		if (strcmp(out->str, rows[i].finding) != 0)
			fprintf(stderr, "\n  got  %s  want %s", out->str, rows[i].finding);
		source_release(&source);
		arena_release(&arena);
		g_string_free(out, TRUE);
	}
}

UNIT_SUITE(test_yaml_fault){
	{"faults in our words", test_faults_in_our_words},
	{0},
};
