/* Patterns: each dialect's reading, refusals with their place, and limits that are never "no
 * match". */
#include "base/regex.h"
#include "base/regex_engine.h"
#include "unit/unit.h"

#include <stdio.h>

struct row {
	const char *pattern;
	const char *matching[8];
	const char *failing[8];
};

static void check_row(const struct row *row, enum regex_syntax syntax)
{
	struct regex_error error = {0};
	struct regex *regex = regex_compile(slice_of(row->pattern), syntax, &error);

	CU_ASSERT_PTR_NOT_NULL(regex);
	if (!regex) {
		fprintf(stderr, "refused: %s: %zu: %s\n", row->pattern, error.offset,
			error.message);
		return;
	}
	for (size_t i = 0; row->matching[i]; i++) {
		enum regex_result result = regex_search(regex, slice_of(row->matching[i]));

		CU_ASSERT_EQUAL(result, REGEX_MATCH);
		if (result != REGEX_MATCH)
			fprintf(stderr, "no match (%d): %s: %s\n", result, row->pattern,
				row->matching[i]);
	}
	for (size_t i = 0; row->failing[i]; i++) {
		enum regex_result result = regex_search(regex, slice_of(row->failing[i]));

		CU_ASSERT_EQUAL(result, REGEX_NO_MATCH);
		if (result != REGEX_NO_MATCH)
			fprintf(stderr, "match (%d): %s: %s\n", result, row->pattern,
				row->failing[i]);
	}
	regex_free(regex);
}

static void test_ecma_characters_and_classes(void)
{
	static const struct row rows[] = {
		{"^abc$", {"abc"}, {"abc\n", "xabc", "ab"}},
		{"^\\t$", {"\t"}, {"\\t"}},
		{"^\\cC$", {"\x03"}, {"\\cC"}},
		{"^\\d$", {"0"}, {"\xdf\x80", "a"}},
		{"^\\D$", {"\xdf\x80", "a"}, {"0"}},
		{"^\\w$", {"a", "_", "9"}, {"\xc3\xa9", "-"}},
		{"^\\W$", {"\xc3\xa9", "-"}, {"a", "_"}},
		{"^\\s$",
		 {" ", "\v", "\xc2\xa0", "\xef\xbb\xbf", "\xe2\x80\xa9", "\xe2\x80\x83"},
		 {"\x01", "\xe2\x80\x93", "\xe1\xa0\x8e"}},
		{"^\\S$", {"\x01", "\xe1\xa0\x8e"}, {" ", "\xef\xbb\xbf", "\n"}},
		{"^.$", {"a", "\xf0\x9f\x90\xb2"}, {"\n", "\r", "\xe2\x80\xa8", ""}},
		{"^[\\s\\S]$", {"\n", "a"}, {"", "ab"}},
		{"^[^]$", {"\n", "a"}, {"", "ab"}},
		{"[]", {0}, {"", "a"}},
		{"^[^\\d\\s]$", {"a"}, {"1", " "}},
		{"^[\\]\\-\\b^]$", {"]", "-", "\b", "^"}, {"a", "\\"}},
		{"^[a-c-]$", {"a", "c", "-"}, {"d"}},
		{"^[-a]$", {"a", "-"}, {"b"}},
		{"^\\u0041\\x42\\u{43}$", {"ABC"}, {"abc"}},
		{"^\\ud83d\\udc32$", {"\xf0\x9f\x90\xb2"}, {"\xf0\x9f\x90\x89"}},
		{"^[\\u{1f400}-\\u{1f4ff}]*$", {"\xf0\x9f\x90\xb2", ""}, {"D"}},
		{"^[\\ud000-\\ue000]$", {"\xed\x80\x80", "\xee\x80\x80"}, {"a"}},
		{"\\ud800", {0}, {"", "a", "\xf0\x9f\x90\xb2"}},
		{"^\\0$", {0}, {"", "0"}},
		{"^\\/\\.\\{\\}$", {"/.{}"}, {"/a{}"}},
		{"\\bfoo\\b", {"a foo b", "foo"}, {"food", "\xc3\xa9oo"}},
		{"a\\Bb", {"ab"}, {"a b"}},
		/* no place is within a character */
		{"\\B", {"", "ab", "\xc3\xa9"}, {"a", "a\xcd\x85g", "a\xe2\x80\xa8g"}},
		{"x|\\B", {"x", "--"}, {"a\xcd\x85g"}},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		check_row(&rows[i], REGEX_ECMA);
}

static void test_ecma_properties(void)
{
	static const struct row rows[] = {
		{"^\\p{Letter}cole",
		 {"\xc3\xa9"
		  "cole",
		  "ecole"},
		 {"1cole"}},
		{"^\\p{digit}+$", {"42", "\xe0\xa7\xaa\xe0\xa7\xa8"}, {"-%#"}},
		{"^\\P{L}$", {"1"}, {"a", "\xcf\x80"}},
		{"^[\\p{Lu}\\d]$", {"A", "1", "\xd0\x96"}, {"a"}},
		{"^[^\\P{Lu}]$", {"A"}, {"a", "1"}},
		{"^\\p{LC}$", {"a", "A", "\xc7\x85"}, {"1", "\xd7\x90"}},
		{"^\\p{Script=Greek}$", {"\xcf\x80"}, {"p", "1"}},
		{"^\\p{sc=Grek}$", {"\xcf\x80"}, {"p"}},
		{"^\\p{scx=Deva}$", {"\xe0\xa5\xa4"}, {"a"}},
		{"^\\p{sc=Deva}$", {"\xe0\xa4\x85"}, {"\xe0\xa5\xa4"}},
		{"^\\p{General_Category=Uppercase_Letter}$", {"A"}, {"a"}},
		{"^\\p{Alphabetic}$", {"a", "\xcd\x85"}, {"1"}},
		{"^\\P{Alpha}$", {"1"}, {"a"}},
		{"^\\p{White_Space}$", {" ", "\xc2\x85"}, {"a"}},
		{"^\\p{Emoji_Presentation}$", {"\xf0\x9f\x90\xb2"}, {"#"}},
		{"^\\p{ASCII}$", {"a"}, {"\xc3\xa9"}},
		{"^\\p{Any}$", {"a", "\n"}, {""}},
		{"\\P{Any}", {0}, {"a", ""}},
		{"^\\p{Assigned}$", {"a"}, {"\xcd\xb8"}},
		{"^\\P{Assigned}$", {"\xcd\xb8"}, {"a"}},
		{"^\\p{C}$", {"\x01", "\xcd\xb8"}, {"a"}},
		{"^(?=\\p{Alpha})(?<!x)\\p{sc=Latin}$", {"a"}, {"1", "\xcf\x80"}},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		check_row(&rows[i], REGEX_ECMA);
}

static void test_ecma_groups_and_repetitions(void)
{
	static const struct row rows[] = {
		{"^(?:ab|c)+$", {"abc", "cab"}, {"", "abx"}},
		{"a|b", {"xa", "b"}, {"c"}},
		{"^(|a)$", {"", "a"}, {"b"}},
		{"^a{2,3}?$", {"aa", "aaa"}, {"a", "aaaa"}},
		{"^(?:a{2}){2}$", {"aaaa"}, {"aaa", "aaaaa"}},
		{"^a{0}$", {""}, {"a"}},
		{"^(?:)*$", {""}, {"a"}},
		{"^.{0,2000}$", {"", "abc"}, {"\n"}},
		{"^(?:.{20}){100}$", {0}, {"", "abc"}},
		{"^(?:a{0,2000}b){2}$", {"bb", "aabab"}, {"b", "aab"}},
		{"", {"", "a"}, {0}},
		{"^a|b$", {"ax", "xb"}, {"xa", "bx"}},
		{"(?:a|b)c", {"ac", "bc"}, {"a"}},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		check_row(&rows[i], REGEX_ECMA);
}

static void test_ecma_what_is_not_regular(void)
{
	static const struct row rows[] = {
		{"^(?=.*[A-Z])(?=.*\\d).{4,}$", {"aB3x"}, {"abcd", "aB3"}},
		{"^(?!draft)", {"final"}, {"draft 1"}},
		{"^(?!.*foo).*$", {"bar"}, {"a foo"}},
		{"^(?:(?!foo).)*$", {"bar", ""}, {"a foo"}},
		{"a(?=b)", {"ab"}, {"ac"}},
		{"a(?!b)", {"ac", "a"}, {"ab"}},
		{"(?<=\\$)\\d+", {"$42"}, {"42"}},
		{"(?<!\\$)\\b\\d+", {"42"}, {"$42"}},
		{"(?<=a+)b", {"aab"}, {"b", "cb"}},
		{"(?<!a+|^)b", {"cb"}, {"ab", "b"}},
		{"(?<=^a*)b", {"aab", "b"}, {"cb"}},
		{"(?<=\\bab?)c", {"abc", "x ac"}, {"xabc"}},
		{"^(['\"])[^'\"]*\\1$", {"'a'", "\"\""}, {"'a\""}},
		{"^(?<q>['\"]).*\\k<q>$", {"'a'"}, {"'a\""}},
		{"^(?:(['\"])x\\1)*$", {"'x'\"x\"", ""}, {"'x\""}},
		{"^(?:[^'\"]|(['\"])[^'\"]*\\1)+$", {"a'b'c\"\"", "a"}, {"'a\"b", "'"}},
		{"^(a)?\\1b$", {"aab", "b"}, {"ab"}},
		{"^\\1(a)$", {"a"}, {"aa"}},
		{"^(?:(a)|b)\\1$", {"aa", "b"}, {"a", "bb"}},
		{"^(?<\\u0061b>x)\\k<ab>$", {"xx"}, {"x"}},
		{"(?=)", {"", "a"}, {0}},
		{"(?!)", {0}, {"", "a"}},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		check_row(&rows[i], REGEX_ECMA);
}

static void test_annex_b_reads_what_u_forbids(void)
{
	static const struct row rows[] = {
		{"^\\a\\-$", {"a-"}, {"\\a-"}},
		{"^{a}]$", {"{a}]"}, {"a"}},
		{"^x{$", {"x{"}, {"x"}},
		{"^x{1$", {"x{1"}, {"x"}},
		{"^\\101\\8$", {"A8"}, {"101"}},
		{"^\\c$", {"\\c"}, {"c"}},
		{"^[\\w-x]$", {"a", "-", "x"}, {"."}},
		{"^(?=a)*b$", {"b"}, {"a"}},
		{"^\\k$", {"k"}, {"\\k"}},
		{"^\\xg\\u12$", {"xgu12"}, {"g"}},
		{"^\\u{61}$", {"a"}, {"u"}},
		{"^(a)\\1\\2$", {"aa\x02"}, {"aa"}},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		check_row(&rows[i], REGEX_ECMA_ANNEX_B);
}

static void test_iregexp(void)
{
	static const struct row rows[] = {
		{"a.*", {"xab"}, {"b"}},
		{"^.$", {"\xe2\x80\xa8", "a"}, {"\n", "\r"}},
		{"^[^a-c\\n]$", {"d"}, {"a", "\n"}},
		{"^[-a]+[b-]$", {"-a-", "ab"}, {"a"}},
		{"^\\p{Lu}\\P{Lu}$", {"Aa"}, {"aA"}},
		{"^[\\p{L}\\-]{2,}$", {"a-"}, {"a"}},
		{"^(a|b){2}$", {"ab"}, {"a"}},
		{"^a{0,1}$", {"a", ""}, {"aa"}},
		{"a\\\\.", {"a\\x"}, {"a\\"}},
		{"", {""}, {0}},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		check_row(&rows[i], REGEX_IREGEXP);
}

static void test_re2_syntax_is_passed_on(void)
{
	static const struct row rows[] = {
		{"(?i)ABC", {"xabc"}, {"ab"}},
		{"^\\pL+$", {"\xc3\xa9"}, {"1"}},
		{"\\Qa.b\\E", {"a.b"}, {"axb"}},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		check_row(&rows[i], REGEX_RE2);
}

static void check_whole(const char *pattern, enum regex_syntax syntax, const char *subject,
			enum regex_result expected)
{
	struct regex *regex = regex_compile(slice_of(pattern), syntax, NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(regex);
	CU_ASSERT_EQUAL(regex_match_whole(regex, slice_of(subject)), expected);
	regex_free(regex);
}

static void test_whole_matches_leave_nothing_over(void)
{
	check_whole("a|ab", REGEX_IREGEXP, "ab", REGEX_MATCH);
	check_whole("a|ab", REGEX_IREGEXP, "abc", REGEX_NO_MATCH);
	check_whole("a|ab", REGEX_ECMA, "ab", REGEX_MATCH);
	check_whole("(?=a)a|ab", REGEX_ECMA, "ab", REGEX_MATCH);
	check_whole("(?=a)a|ab", REGEX_ECMA, "xab", REGEX_NO_MATCH);
	check_whole("^(?!b)a*", REGEX_ECMA, "aa", REGEX_MATCH);
	check_whole("^(?!b)a*", REGEX_ECMA, "aab", REGEX_NO_MATCH);
	check_whole("a.c", REGEX_RE2, "abc", REGEX_MATCH);
}

static void test_refusals_say_where(void)
{
	static const struct {
		const char *pattern;
		size_t offset;
		enum regex_syntax syntax;
	} rows[] = {
		{"\\a", 0, REGEX_ECMA},
		{"(?P<name>x)", 0, REGEX_ECMA},
		{"(?#comment)a", 0, REGEX_ECMA},
		{"(?i)abc", 0, REGEX_ECMA},
		{"^(abc]", 5, REGEX_ECMA},
		{"^(abc", 1, REGEX_ECMA},
		{"abc)", 3, REGEX_ECMA},
		{"[a", 0, REGEX_ECMA},
		{"[b-a]", 1, REGEX_ECMA},
		{"[\\w-x]", 1, REGEX_ECMA},
		{"a**", 2, REGEX_ECMA},
		{"*a", 0, REGEX_ECMA},
		{"{1}", 0, REGEX_ECMA},
		{"a{2,1}", 1, REGEX_ECMA},
		{"a{", 1, REGEX_ECMA},
		{"a}", 1, REGEX_ECMA},
		{"^*", 0, REGEX_ECMA},
		{"(?=a)*", 0, REGEX_ECMA},
		{"\\1", 0, REGEX_ECMA},
		{"(a)\\2", 3, REGEX_ECMA},
		{"\\k<a>", 0, REGEX_ECMA},
		{"(?<a>x)(?<a>y)", 7, REGEX_ECMA},
		{"(?<1>x)", 3, REGEX_ECMA},
		{"(?<>x)", 3, REGEX_ECMA},
		{"\\p{letter}", 3, REGEX_ECMA},
		{"\\p{Foo=Bar}", 3, REGEX_ECMA},
		{"\\p{}", 3, REGEX_ECMA},
		{"\\pL", 2, REGEX_ECMA},
		{"\\u{110000}", 3, REGEX_ECMA},
		{"\\u12", 0, REGEX_ECMA},
		{"\\x1", 0, REGEX_ECMA},
		{"\\c1", 0, REGEX_ECMA},
		{"\\00", 0, REGEX_ECMA},
		{"ab\\", 3, REGEX_ECMA},
		{"a{99999999999}", 0, REGEX_ECMA},
		{"(?<=a)*", 0, REGEX_ECMA_ANNEX_B},
		{"a\xff", 1, REGEX_ECMA},
		{"\\d", 1, REGEX_IREGEXP},
		{"a*?", 2, REGEX_IREGEXP},
		{"(?:a)", 1, REGEX_IREGEXP},
		{"[]", 1, REGEX_IREGEXP},
		{"[a-b-c]", 4, REGEX_IREGEXP},
		{"a{,2}", 2, REGEX_IREGEXP},
		{"\\p{Cs}", 3, REGEX_IREGEXP},
		{"\\p{Greek}", 3, REGEX_IREGEXP},
		{"a)", 1, REGEX_IREGEXP},
		{"a]", 1, REGEX_IREGEXP},
		{"x(?=a)", 1, REGEX_RE2},
		{"ab[c", 2, REGEX_RE2},
		{"a\\8", 1, REGEX_RE2},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct regex_error error = {0};
		struct regex *regex = regex_compile(slice_of(rows[i].pattern), rows[i].syntax,
						    &error);

		CU_ASSERT_PTR_NULL(regex);
		CU_ASSERT_EQUAL(error.offset, rows[i].offset);
		CU_ASSERT_PTR_NOT_NULL(error.message);
		if (regex || error.offset != rows[i].offset)
			fprintf(stderr, "%s: %zu %s\n", rows[i].pattern, error.offset,
				error.message ? error.message : "accepted");
		regex_free(regex);
	}
}

/* A pattern of a unit many times over, between a beginning and an end. */
static char *repeated(const char *before, const char *unit, size_t count, const char *after)
{
	GString *text = g_string_new(before);

	for (size_t i = 0; i < count; i++)
		g_string_append(text, unit);
	g_string_append(text, after);
	return g_string_free(text, FALSE);
}

static void check_refused(char *pattern)
{
	struct regex_error error = {0};

	CU_ASSERT_PTR_NULL(regex_compile(slice_of(pattern), REGEX_ECMA, &error));
	CU_ASSERT_PTR_NOT_NULL(error.message);
	g_free(pattern);
}

static void test_large_patterns_are_refused(void)
{
	check_refused(repeated("", "(", 1000, ""));
	check_refused(repeated("", "a", REGEX_PATTERN_MAX + 1, ""));
	check_refused(repeated("((((((((((a", "{1000})", 10, ""));
	check_refused(repeated("(?=a)", "a", REGEX_BACKTRACK_PATTERN_MAX, ""));
	check_refused(repeated("(?<=", "\\p{Alpha}{60000}", 60, ")"));
}

static void test_nul_is_a_character(void)
{
	struct regex *regex = regex_compile((struct slice){"^a\0\\0b$", 7}, REGEX_ECMA, NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(regex);
	CU_ASSERT_EQUAL(regex_search(regex, (struct slice){"a\0\0b", 4}), REGEX_MATCH);
	CU_ASSERT_EQUAL(regex_search(regex, SLICE("a")), REGEX_NO_MATCH);
	regex_free(regex);
	regex = regex_compile((struct slice){"a(?=\0)", 6}, REGEX_ECMA, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(regex);
	CU_ASSERT_EQUAL(regex_search(regex, (struct slice){"xa\0", 3}), REGEX_MATCH);
	CU_ASSERT_EQUAL(regex_search(regex, SLICE("a")), REGEX_NO_MATCH);
	CU_ASSERT_EQUAL(regex_search(regex, (struct slice){NULL, 0}), REGEX_NO_MATCH);
	regex_free(regex);
}

static void check_result(const char *pattern, const char *subject, enum regex_result expected)
{
	struct regex *regex = regex_compile(slice_of(pattern), REGEX_ECMA, NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(regex);
	CU_ASSERT_EQUAL(regex_search(regex, slice_of(subject)), expected);
	regex_free(regex);
}

/* PCRE2 would answer, but not as ECMA-262 does: the answer is that planlint cannot tell. */
static void test_groups_that_the_engine_keeps_otherwise(void)
{
	check_result("(?:(a)|b)*\\1", "ab", REGEX_LIMIT);
	check_result("(?:\\1(a))*", "aa", REGEX_LIMIT);
	check_result("(a\\1)", "aa", REGEX_LIMIT);
	check_result("(?<=\\1(a))", "aa", REGEX_LIMIT);
	check_result("(?<=(?=a)a+)b", "aab", REGEX_LIMIT);
}

static void test_hostile_pairs_end_soon_and_never_wrongly(void)
{
	static const struct {
		const char *pattern, *unit, *end;
		enum regex_result truth;
	} rows[] = {
		{"^(a+)+$", "a", "!", REGEX_NO_MATCH},
		{"^(a|aa)+$", "a", "!", REGEX_NO_MATCH},
		{"^(a|a?)+$", "a", "!", REGEX_NO_MATCH},
		{"^(.*a){25}$", "a", "!", REGEX_NO_MATCH},
		{"(x+x+)+y", "x", "", REGEX_NO_MATCH},
		{"([a-z]+)*\\d", "a", "", REGEX_NO_MATCH},
		{"^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@)$", "a", "!", REGEX_NO_MATCH},
		{"\\s+$", " ", "x", REGEX_NO_MATCH},
		{"^(\\w+\\s?)*$", "a ", "!", REGEX_NO_MATCH},
		{"(.*)*(.*)*[^a]", "a", "", REGEX_NO_MATCH},
		{"^(?=(a+)+$)b", "a", "!", REGEX_NO_MATCH},
		{"^(?!(a+)+$).*!", "a", "!", REGEX_MATCH},
		{"(?=(a+)+$)b", "a", "!", REGEX_NO_MATCH},
		{"(?:(?=a)a+)+$", "a", "!", REGEX_NO_MATCH},
		{"^((?=a)a|aa)+$", "a", "!", REGEX_NO_MATCH},
		{"(a+)+\\1!!", "a", "!", REGEX_NO_MATCH},
		{"^(a*)*b(?!x)", "a", "", REGEX_NO_MATCH},
		{"(?=.)(a|a|a|a)*b", "a", "", REGEX_NO_MATCH},
		{"(?!x)(.*,){20}y", "a,", "", REGEX_NO_MATCH},
		{"(?<=a+)(a+)+b", "a", "", REGEX_NO_MATCH},
		{"(?<!b+)(a+)+b", "a", "", REGEX_NO_MATCH},
		{"^(([^'\"]|(['\"])[^'\"]*\\3)+)+$", "a", "'", REGEX_NO_MATCH},
		{"(?=\\w)(\\w|\\d)+!!", "a1", "", REGEX_NO_MATCH},
		{"(?:(?!y).)*(?:(?!y).)*z", "x", "", REGEX_NO_MATCH},
		{"^(?:(?=[a-z]*[0-9])b|a|a)*$", "a", "!", REGEX_NO_MATCH},
		{"(?=a)[a-z]*[0-9]", "a", "", REGEX_NO_MATCH},
		{"(?=a)(?:a|ab)+c?[0-9]{2}", "ab", "", REGEX_NO_MATCH},
		{"(?!b)(?:a?){30}a{30}b", "a", "", REGEX_NO_MATCH},
		{"^(?=a)(?:a*a*a*a*a*a*)(?!a)b", "a", "", REGEX_NO_MATCH},
		{"(a)(?:\\1*)*b", "a", "", REGEX_NO_MATCH},
		{"(?=a)a", "b", "a", REGEX_MATCH},
		{"(\\w)\\1!", "ab", "zz!", REGEX_MATCH},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		size_t count = (REGEX_BACKTRACK_SUBJECT_MAX - 4) / strlen(rows[i].unit);
		char *subject = repeated("", rows[i].unit, count, rows[i].end);
		struct regex *regex = regex_compile(slice_of(rows[i].pattern), REGEX_ECMA, NULL);
		enum regex_result result;
		size_t steps;

		CU_ASSERT_PTR_NOT_NULL_FATAL(regex);
		result = regex_search_counted(regex, slice_of(subject), &steps);
		CU_ASSERT(result == rows[i].truth ||
			  (result == REGEX_LIMIT && !regex_is_linear(regex)));
		/* What is linear has no steps to count, what backtracks ends at its budget. */
		CU_ASSERT(steps <= regex_pcre2_budget(strlen(subject)));
		CU_ASSERT(regex_is_linear(regex) == (steps == 0));
		regex_free(regex);
		g_free(subject);
	}
}

static void test_long_subjects_stay_linear_or_say_limit(void)
{
	char *text = repeated("", "abcdefghij", 20000, "");

	check_result("^(?!.*foo)[a-j]*$", text, REGEX_MATCH);
	check_result("^(?:(?!foo).)*$", text, REGEX_LIMIT);
	check_result("j$", text, REGEX_MATCH);
	check_result("k", text, REGEX_NO_MATCH);
	g_free(text);
}

/* --- our automata beside RE2: patterns that both dialects read alike, drawn from a small grammar
 */

static void draw_pattern(GRand *random, GString *out, int depth)
{
	static const char *const atoms[] = {"a", "b", ".", "[ab]", "[^a]", "^", "$", "c", "\\d"};
	static const char *const repeats[] = {"*", "+", "?", "{2}", "{0,2}", "{1,}", "{3}"};
	int terms = g_rand_int_range(random, 0, 4);

	for (int i = 0; i < terms; i++) {
		const char *atom = atoms[g_rand_int_range(random, 0, G_N_ELEMENTS(atoms))];

		if (depth > 0 && g_rand_int_range(random, 0, 3) == 0) {
			g_string_append(out, "(?:");
			draw_pattern(random, out, depth - 1);
			g_string_append_c(out, ')');
			atom = "";
		}
		g_string_append(out, atom);
		if (strcmp(atom, "^") != 0 && strcmp(atom, "$") != 0 && g_rand_boolean(random))
			g_string_append(
				out, repeats[g_rand_int_range(random, 0, G_N_ELEMENTS(repeats))]);
	}
	if (depth > 0 && g_rand_int_range(random, 0, 3) == 0) {
		g_string_append_c(out, '|');
		draw_pattern(random, out, depth - 1);
	}
}

static void draw_subject(GRand *random, GString *out)
{
	static const char *const parts[] = {"a", "b", "c", "1", "a", "b", "\n", "\xc3\xa9"};
	int count = g_rand_int_range(random, 0, 9);

	g_string_truncate(out, 0);
	for (int i = 0; i < count; i++)
		g_string_append(out, parts[g_rand_int_range(random, 0, G_N_ELEMENTS(parts))]);
}

static void compare_with_re2(GRand *random, const char *pattern)
{
	struct regex *own = regex_compile(slice_of(pattern), REGEX_ECMA, NULL);
	struct regex *re2 = regex_compile(slice_of(pattern), REGEX_RE2, NULL);
	GString *subject = g_string_new(NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(own);
	CU_ASSERT_PTR_NOT_NULL_FATAL(re2);
	for (int i = 0; i < 40; i++) {
		enum regex_result result;
		enum regex_result expected;

		draw_subject(random, subject);
		result = regex_search(own, slice_of(subject->str));
		expected = regex_search(re2, slice_of(subject->str));
		CU_ASSERT_EQUAL(result, expected);
		if (result != expected)
			fprintf(stderr, "%d, RE2 says %d: %s: %s\n", result, expected, pattern,
				subject->str);
	}
	g_string_free(subject, TRUE);
	regex_free(own);
	regex_free(re2);
}

static void test_automata_agree_with_re2(void)
{
	GRand *random = g_rand_new_with_seed(9485);
	GString *pattern = g_string_new(NULL);

	for (int i = 0; i < 1500; i++) {
		g_string_truncate(pattern, 0);
		draw_pattern(random, pattern, 3);
		compare_with_re2(random, pattern->str);
	}
	g_string_free(pattern, TRUE);
	g_rand_free(random);
}

UNIT_SUITE(test_regex){
	{"ecma: characters and classes", test_ecma_characters_and_classes},
	{"ecma: properties", test_ecma_properties},
	{"ecma: groups and repetitions", test_ecma_groups_and_repetitions},
	{"ecma: what is not regular", test_ecma_what_is_not_regular},
	{"annex b reads what u forbids", test_annex_b_reads_what_u_forbids},
	{"i-regexp", test_iregexp},
	{"re2 syntax is passed on", test_re2_syntax_is_passed_on},
	{"whole matches leave nothing over", test_whole_matches_leave_nothing_over},
	{"refusals say where", test_refusals_say_where},
	{"large patterns are refused", test_large_patterns_are_refused},
	{"nul is a character", test_nul_is_a_character},
	{"groups that the engine keeps otherwise", test_groups_that_the_engine_keeps_otherwise},
	{"hostile pairs end soon and never wrongly", test_hostile_pairs_end_soon_and_never_wrongly},
	{"long subjects stay linear or say limit", test_long_subjects_stay_linear_or_say_limit},
	{"automata agree with re2", test_automata_agree_with_re2},
	{0},
};
