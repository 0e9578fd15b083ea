/* Lexical checks: each trap with its place, its value and what to type, and what is just no trap.
 */
#include "lexical/lexical.h"
#include "source/message.h"
#include "unit/unit.h"

#include <stdio.h>

struct row {
	enum lexical_check check;
	const char *yaml;
	const char *expected; /* "start-end value > suggestion | suggestion (other)" a match */
};

static void ignore_finding(void *context, const struct finding *finding)
{
	(void)context;
	(void)finding;
}

static void append_match(void *context, const struct lexical_match *match)
{
	GString *out = context;

	if (out->len)
		g_string_append(out, "; ");
	g_string_append_printf(out, "%u-%u %.*s", match->span.start, match->span.end,
			       (int)match->value.len, match->value.data);
	for (size_t i = 0; i < match->suggestion_count; i++)
		g_string_append_printf(out, " %c %.*s", i ? '|' : '>',
				       (int)match->suggestions[i].len, match->suggestions[i].data);
	if (match->other)
		g_string_append_printf(out, " (%.*s)", (int)match->other->len, match->other->text);
}

/* What a check finds in a document; over its suspects and over all nodes it is the same. */
static void find(GString *out, enum lexical_check check, const struct document *document,
		 struct arena *arena)
{
	GArray *suspects = g_array_new(FALSE, FALSE, sizeof(struct lexical_suspect));
	GString *everywhere = g_string_new(NULL), *among = g_string_new(NULL);
	uint8_t *names = lexical_names(arena, document->symbols);

	lexical_run(check, document, NULL, arena, append_match, everywhere);
	for (int known = 0; known < 2; known++) {
		uint32_t found = lexical_candidates(document, known ? names : NULL, suspects);

		g_string_truncate(among, 0);
		if (found >> check & 1)
			lexical_run(check, document, suspects, arena, append_match, among);
		CU_ASSERT_STRING_EQUAL(among->str, everywhere->str);
	}
	g_string_append(out, out->len && everywhere->len ? "; " : "");
	g_string_append(out, everywhere->str);
	g_string_free(everywhere, TRUE);
	g_string_free(among, TRUE);
	g_array_free(suspects, TRUE);
}

/* What a check finds in a text named `path`; g_free. */
static char *run_check(enum lexical_check check, const char *path, const char *text)
{
	struct finding_sink sink = {.emit = ignore_finding};
	struct symbols *symbols = symbols_new();
	struct document_options options = {.symbols = symbols};
	struct document_set set;
	struct error error = {0};
	struct source source;
	struct arena arena;
	GString *out = g_string_new(NULL);

	symbols_intern(symbols, "a", 1);
	symbols_intern(symbols, "NO", 2);
	symbols_intern(symbols, "pays\xc2\xa0", 6);
	arena_init(&arena);
	source_init(&source, path, text, strlen(text));
	CU_ASSERT_EQUAL(document_read(&set, &source, &options, &arena, &sink, &error), 0);
	CU_ASSERT_TRUE(set.complete);
	for (size_t i = 0; i < set.count; i++)
		find(out, check, &set.documents[i], &arena);
	source_release(&source);
	arena_release(&arena);
	symbols_free(symbols);
	return g_string_free(out, FALSE);
}

static void check_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char *found = run_check(rows[i].check, "test.yaml", rows[i].yaml);

		CU_ASSERT_STRING_EQUAL(found, rows[i].expected);
		if (strcmp(found, rows[i].expected))
			fprintf(stderr, "%s in \"%s\": %s\n", lexical_name(rows[i].check),
				rows[i].yaml, found);
		g_free(found);
	}
}

static void test_words_that_are_booleans_elsewhere(void)
{
	static const struct row rows[] = {
		{LEXICAL_BOOLEAN_WORD, "a: NO\n", "3-5 NO > \"NO\" | false"},
		{LEXICAL_BOOLEAN_WORD, "- on\n- Yes\n",
		 "2-4 on > \"on\" | true; 7-10 Yes > \"Yes\" | true"},
		{LEXICAL_BOOLEAN_WORD, "a: \"NO\"\nb: no way\nc: yEs\nd: true\ne: |\n  no\nf: n\n",
		 ""},
		{LEXICAL_BOOLEAN_WORD_NAME, "NO: Norway\n\"on\": 1\nother: no\n",
		 "0-2 NO > \"NO\""},
		{LEXICAL_BOOLEAN_WORD, "a: &x NO\nb: *x\n", "6-8 NO > \"NO\" | false"},
		{LEXICAL_FRENCH_BOOLEAN, "a: oui\nb: Faux\n",
		 "3-6 oui > true | \"oui\"; 10-14 Faux > false | \"Faux\""},
		{LEXICAL_FRENCH_BOOLEAN, "a: 'oui'\nb: ouistiti\noui: 1\n", ""},
	};

	check_rows(rows, G_N_ELEMENTS(rows));
}

static void test_numbers_that_are_something_else(void)
{
	static const struct row rows[] = {
		{LEXICAL_LEADING_ZERO, "a: 012\nb: -007\n",
		 "3-6 012 > \"012\" | 12; 10-14 -007 > \"-007\" | -7"},
		{LEXICAL_LEADING_ZERO, "a: 0\nb: 10\nc: '012'\nd: 0.5\ne: 0x1F\nf: 01.5\n", ""},
		{LEXICAL_LEADING_ZERO, "a: 000\n", "3-6 000 > \"000\" | 0"},
		{LEXICAL_SEXAGESIMAL, "a: 12:30\nb: 1:20:59\n",
		 "3-8 12:30 > \"12:30\"; 12-19 1:20:59 > \"1:20:59\""},
		{LEXICAL_SEXAGESIMAL, "a: 12:75\nb: \"12:30\"\nc: 1.1:30\nd: 12:3a\ne: 09:30\n",
		 ""},
		{LEXICAL_GROUPED_DIGITS,
		 "a: 1_000\nb: 12 345\nc: 1\xc2\xa0"
		 "000\xe2\x80\xaf"
		 "000\n",
		 "3-8 1_000 > 1000 | \"1_000\"; 12-18 12 345 > 12345 | \"12 345\"; "
		 "22-34 1\xc2\xa0"
		 "000\xe2\x80\xaf"
		 "000 > 1000000 | \"1\xc2\xa0"
		 "000\xe2\x80\xaf"
		 "000\""},
		{LEXICAL_GROUPED_DIGITS, "a: 1000\nb: 12 34\nc: 1,000\nd: '1_000'\ne: 12_a\n", ""},
		{LEXICAL_NUMBER_AS_ID, "- id: 1.1\n- id: 1.2\n- id: 1.10\n",
		 "6-9 1.1 > \"1.1\"; 16-19 1.2 > \"1.2\"; 26-30 1.10 > \"1.10\" (1.1)"},
		{LEXICAL_NUMBER_AS_ID, "parent_id: 2e1\nid: 11\nrate: 1.10\nversion: \"1.10\"\n",
		 "11-14 2e1 > \"2e1\""},
	};

	check_rows(rows, G_N_ELEMENTS(rows));
}

static void test_dates_and_lists_that_are_texts(void)
{
	static const struct row rows[] = {
		{LEXICAL_DATE_ORDER, "a: 27/05/2005\nb: \"05/06/2005\"\n",
		 "3-13 27/05/2005 > 2005-05-27; 17-29 \"05/06/2005\" > 2005-06-05 | 2005-05-06"},
		{LEXICAL_DATE_ORDER, "a: 2005-05-27\nb: 32/13/2005\nc: 1.2.3\nd: on 27/05/2005\n",
		 ""},
		{LEXICAL_LIST_OF_COMMAS, "a: MDA, GEO\nb: one;two\n",
		 "3-11 MDA, GEO > [MDA, GEO]; 15-22 one;two > [one, two]"},
		{LEXICAL_LIST_OF_COMMAS,
		 "a: Geneva, Switzerland\nb: 1,5\nc: peace, and more\nd: MDA\ne: a,\nf: ', '\n",
		 ""},
		{LEXICAL_LIST_IN_TEXT, "a: goals\n  - one\n  - two\n", "11-16 - one"},
		{LEXICAL_LIST_IN_TEXT, "a:\n  - one\nb: x - y\nc: |\n  - one\n", ""},
		{LEXICAL_HASH_IN_TEXT, "a: Plan #2 of 3\n", "3-15 #2 of 3 > \"Plan #2 of 3\""},
		{LEXICAL_HASH_IN_TEXT, "a: Plan # 2\nb: 'Plan' #2\nc: Plan#2\nd: [x] #y\n", ""},
	};

	check_rows(rows, G_N_ELEMENTS(rows));
}

static void test_signs_that_look_like_others(void)
{
	static const struct row rows[] = {
		{LEXICAL_CURLY_QUOTES, "a: \xe2\x80\x9cPlan \"A\"\xe2\x80\x9d\n",
		 "3-17 \xe2\x80\x9cPlan \"A\"\xe2\x80\x9d > \"Plan \\\"A\\\"\""},
		{LEXICAL_CURLY_QUOTES,
		 "a: the \xe2\x80\x9cPlan\xe2\x80\x9d\nb: \"\xe2\x80\x9cx\xe2\x80\x9d\"\nc: "
		 "\xe2\x80\x9c\n",
		 ""},
		{LEXICAL_APOSTROPHE_TWICE, "a: l''action\nb: \"d''un\"\n",
		 "4-6 '' > '; 18-20 '' > '"},
		{LEXICAL_APOSTROPHE_TWICE, "a: 'l''action'\nb: l'action\nc: ''\nd: \"''\"\n", ""},
		{LEXICAL_SPACE_IN_NAME,
		 "titre\xc2\xa0: x\n\"a\xc2\xa0\": 1\nb\xe2\x80\xaf"
		 "c: 2\n",
		 "0-7 titre\xc2\xa0 > titre; 20-25 b\xe2\x80\xaf"
		 "c > b c"},
		{LEXICAL_INVISIBLE_CHARACTER,
		 "a: M\xe2\x80\x8b"
		 "DA\nb: \"M\\u200bDA\"\n",
		 "4-7 U+200B > "},
		{LEXICAL_INVISIBLE_CHARACTER,
		 "a: soft\xc2\xadly spoken\nb: x\xe2\x80\x8by z\nc: soft\xc2\xad"
		 "ly\n",
		 "23-26 U+200B > ; 37-39 U+00AD > "},
		{LEXICAL_INVISIBLE_CHARACTER_NAME, "a\xe2\x80\x8c: 1\nb: 2\n", "1-4 U+200C > "},
		{LEXICAL_LOOK_ALIKE, "a: MD\xd0\x90\nb: \"IP\xd0\x90P\"\n",
		 "3-7 MD\xd0\x90 > MDA; 11-18 IP\xd0\x90P > \"IPAP\""},
		{LEXICAL_LOOK_ALIKE,
		 "a: 2005\xe2\x80\x93"
		 "05\xe2\x80\x93"
		 "27\n",
		 "3-17 2005\xe2\x80\x93"
		 "05\xe2\x80\x93"
		 "27 > 2005-05-27"},
		{LEXICAL_LOOK_ALIKE,
		 "a: \xd0\x9c\xd0\x9e\xd0\xa1\nb: 2004\xe2\x80\x93"
		 "2006\nc: caf\xc3\xa9\nd: a \xd0\xb0\ne: x\xd0\x96\n",
		 ""},
		{LEXICAL_LOOK_ALIKE_NAME, "p\xd0\xb0rtner: x\n", "0-8 p\xd0\xb0rtner > partner"},
	};

	check_rows(rows, G_N_ELEMENTS(rows));
}

static void test_tabs_and_line_ends(void)
{
	static const struct row rows[] = {
		{LEXICAL_TAB, "a:\t\t1\nb: 2\t# x\ty\nc: \"\t\"\nd: |\n  x\ty\n",
		 "2-4 \\t >  ; 10-11 \\t >  "},
		{LEXICAL_TAB, "{\"a\":\t1}\n", ""},
		{LEXICAL_TAB, "a: &x\t1\nb:\t*x\n", "5-6 \\t >  ; 10-11 \\t >  "},
		{LEXICAL_LINE_ENDINGS, "a: 1\r\nb: 2\r\nc: 3\n", "16-17 LF"},
		{LEXICAL_LINE_ENDINGS, "a: 1\nb: 2\nc: 3\r\n", "14-16 CRLF"},
		{LEXICAL_LINE_ENDINGS, "a: 1\r\nb: 2\r\n", ""},
		{LEXICAL_LINE_ENDINGS, "a: 1\nb: 2\n---\nc: 3\r\n", "18-20 CRLF"},
	};

	check_rows(rows, G_N_ELEMENTS(rows));
}

static void test_every_check_takes_every_document(void)
{
	static const char *const texts[] = {"",           "# only a comment\n",
					    "x",          "\"\"",
					    "''",         "[]",
					    "a:\n",       "- \n- |\n- >-\n",

					    "'': ''\n",   "a: '\n\n  '\n",
					    "&x a: *x\n", "{\"a\": [1, \"x\"]}"};

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		for (int check = 0; check < LEXICAL_COUNT; check++) {
			char *found = run_check((enum lexical_check)check, "test.yaml", texts[i]);

			CU_ASSERT_STRING_EQUAL(found, "");
			g_free(found);
		}
	}
}

static void test_names_are_found_or_the_nearest(void)
{
	const char *nearest = NULL;

	CU_ASSERT_EQUAL(lexical_find(SLICE("tab"), NULL), LEXICAL_TAB);
	for (int check = 0; check < LEXICAL_COUNT; check++)
		CU_ASSERT_EQUAL(
			lexical_find(slice_of(lexical_name((enum lexical_check)check)), NULL),
			check);
	CU_ASSERT_EQUAL(lexical_find(SLICE("sexagesimla"), &nearest), LEXICAL_COUNT);
	CU_ASSERT_STRING_EQUAL(nearest, "sexagesimal");
	CU_ASSERT_EQUAL(lexical_find(SLICE("frobnicate"), &nearest), LEXICAL_COUNT);
	CU_ASSERT_PTR_NULL(nearest);
}

static void test_a_finding_gets_its_words_and_its_fix(void)
{
	struct source source;
	struct doc_node other = {.span = {7, 9}};
	struct lexical_match match = {
		.span = {1, 3},
		.other = &other,
		.suggestions = {SLICE("12")},
		.suggestion_count = 1,
		.fix = FIX_SAFE,
	};
	struct finding finding = {0};
	struct arena arena;

	arena_init(&arena);
	source_init(&source, "a.yaml", "", 0);
	lexical_fill(&finding, &match, &source, &arena);
	CU_ASSERT(finding.span.start == 1 && finding.span.end == 3);
	CU_ASSERT_EQUAL(finding.label.message, MESSAGE_LEXICAL_WRITE);
	CU_ASSERT(finding.related_count == 1 && finding.related[0].span.start == 7);
	CU_ASSERT_EQUAL_FATAL(finding.edit_count, 1);
	ASSERT_TEXT(finding.edits[0].text.data, finding.edits[0].text.len, "12");
	source_release(&source);
	arena_release(&arena);
}

/* Every check over every sample. */
static void test_suspects_are_all_there_is(void)
{
	GDir *dir = g_dir_open("samples/plans", 0, NULL);
	const char *name;
	unsigned files = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(dir);
	while ((name = g_dir_read_name(dir))) {
		char *path = g_build_filename("samples/plans", name, NULL), *text;

		if (g_str_has_suffix(name, ".yaml") &&
		    g_file_get_contents(path, &text, NULL, NULL)) {
			for (int check = 0; check < LEXICAL_COUNT; check++)
				g_free(run_check((enum lexical_check)check, path, text));
			g_free(text);
			files++;
		}
		g_free(path);
	}
	CU_ASSERT(files > 0);
	g_dir_close(dir);
}

UNIT_SUITE(test_lexical){
	{"words that are booleans elsewhere", test_words_that_are_booleans_elsewhere},
	{"numbers that are something else", test_numbers_that_are_something_else},
	{"dates and lists that are texts", test_dates_and_lists_that_are_texts},
	{"signs that look like others", test_signs_that_look_like_others},
	{"suspects are all there is", test_suspects_are_all_there_is},
	{"tabs and line ends", test_tabs_and_line_ends},
	{"every check takes every document", test_every_check_takes_every_document},
	{"names are found or the nearest", test_names_are_found_or_the_nearest},
	{"a finding gets its words and its fix", test_a_finding_gets_its_words_and_its_fix},
	{0},
};
