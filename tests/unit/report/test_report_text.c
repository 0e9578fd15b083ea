/* The report for people: verdict, frames, carets over wide characters and tabs, commits. */
#include "report/frame.h"
#include "report/report.h"
#include "unit/report/report_fixture.h"
#include "unit/unit.h"

#include <string.h>

static void test_a_frame_holds_all_places_of_a_file(void)
{
	const struct report_options options = {.verbosity = 1};
	char *text = fixture_report_one(&options, "text", REPORT_OPEN);

	CU_ASSERT_STRING_EQUAL(
		strstr(text, "plans/aze.yaml:5"),
		"plans/aze.yaml:5: ends on 2004-12-31, before it was agreed on 2005-05-27\n"
		"  looked at the worktree\n"
		"  documents 1, files that no pattern matches 0, suppressed findings 0\n"
		"  planlint " PLANLINT_VERSION "\n"
		"\n"
		"plans/aze.yaml:5:8: error: ends on 2004-12-31, before it was agreed on 2005-05-27 "
		"[agreed-after-end]\n"
		"    1 | dates:\n"
		"    2 |   agreed: 2005-05-27\n"
		"      |           ---------- agreed on 2005-05-27\n"
		"    3 | period:\n"
		"    5 |   end: 2004-12-31\n"
		"      |        ^^^^^^^^^^ ends on 2004-12-31\n"
		"      = because: earliest(document.dates.agreed) <= latest(this.end) is "
		"2005-05-27 <= 2004-12-31\n");
	g_free(text);
}

static void test_the_first_line_is_the_verdict(void)
{
	const struct report_options options = {.verbosity = 0};
	char *text = fixture_report_one(&options, "text", REPORT_OPEN);

	CU_ASSERT(
		g_str_has_prefix(text, "1 error in 1 document; first: plans/aze.yaml:5: ends on "));
	g_free(text);
}

static void test_quiet_is_one_line_a_finding(void)
{
	const struct report_options options = {.verbosity = -1};
	char *text = fixture_report_one(&options, "text", REPORT_OPEN);

	CU_ASSERT_STRING_EQUAL(
		strchr(text, '\n'),
		"\nplans/aze.yaml:5:8: error: ends on 2004-12-31, before it was agreed on "
		"2005-05-27 [agreed-after-end]\n");
	g_free(text);
}

static void test_quiet_and_clean_is_nothing(void)
{
	const struct report_options options = {.verbosity = -1};
	const struct report_looked_at looked_at = {.documents = 3};
	char *text = fixture_end(fixture_report(&options, "text"), &looked_at);

	CU_ASSERT_STRING_EQUAL(text, "");
	g_free(text);
}

static void test_width_of_text_on_a_terminal(void)
{
	CU_ASSERT_EQUAL(frame_width(SLICE("abc")), 3);
	CU_ASSERT_EQUAL(frame_width(SLICE("a\tb")), 9);
	CU_ASSERT_EQUAL(frame_width(SLICE("é")), 1);
	CU_ASSERT_EQUAL(frame_width(SLICE("e\xcc\x81")), 1);
	CU_ASSERT_EQUAL(frame_width(SLICE("計画")), 4);
	CU_ASSERT_EQUAL(frame_width(SLICE("\033")), 4);
	CU_ASSERT_EQUAL(frame_width(SLICE("\xff")), 4);
}

/* The frame of a span in a line of its own. */
static char *frame_of(const char *line, uint32_t start, uint32_t end)
{
	struct source source;
	struct finding finding = {.severity = SEVERITY_ERROR, .span = {start, end}};
	GString *out = g_string_new(NULL);

	source_init(&source, "x.yaml", line, strlen(line));
	finding.source = &source;
	frame_append(out, &finding, LANGUAGE_EN, paint_for(false));
	source_release(&source);
	return g_string_free(out, FALSE);
}

static void assert_frame(const char *line, uint32_t start, uint32_t end, const char *expected)
{
	char *text = frame_of(line, start, end);

	CU_ASSERT_STRING_EQUAL(text, expected);
	g_free(text);
}

static void test_carets_stand_under_what_is_seen(void)
{
	assert_frame("a:\tb", 3, 4, "    1 | a:      b\n      |         ^\n");
	assert_frame("計画: x", 8, 9, "    1 | 計画: x\n      |       ^\n");
	assert_frame("a: \033[31m", 3, 8, "    1 | a: \\x1b[31m\n      |    ^^^^^^^^\n");
	assert_frame("a: b\n", 5, 5, "    2 |\n      | ^\n");
	assert_frame("a: b", 4, 4, "    1 | a: b\n      |     ^\n");
	assert_frame("a: |\n  b\n", 3, 9, "    1 | a: |\n      |    ^\n");
	assert_frame("a: b   \nc: d", 3, 9, "    1 | a: b\n      |    ^\n");
}

static void test_long_lines_are_cut_around_the_place(void)
{
	char *line = g_strnfill(5000, 'x');
	char *text;

	line[2500] = 'y';
	text = frame_of(line, 2500, 2501);
	CU_ASSERT(strlen(text) < 300);
	CU_ASSERT_PTR_NOT_NULL_FATAL(strchr(text, 'y'));
	/* "…" is one column and three bytes */
	CU_ASSERT_EQUAL(strchr(text, '^') - strrchr(text, '|'),
			strchr(text, 'y') - strchr(text, '|') - 2);
	g_free(text);
	text = frame_of(line, 0, 5000);
	CU_ASSERT(strlen(text) < 300);
	g_free(text);
	g_free(line);
}

static void test_a_line_that_is_the_whole_file_takes_no_longer(void)
{
	enum { FINDINGS = 2000, LENGTH = 1 << 20, STEP = LENGTH / FINDINGS };
	const struct report_options options = {.verbosity = 0};
	const struct report_looked_at looked_at = {.documents = 1};
	struct finding finding;
	struct related related;
	struct source source;
	struct report *report = fixture_report(&options, "text");
	char *line = g_strnfill(LENGTH, 'x'), *text;

	source_init(&source, "plans/aze.json", line, LENGTH);
	fixture_finding(&finding, &source, &related);
	finding.related_count = 0;
	for (uint32_t i = 0; i < FINDINGS; i++) {
		finding.span = (struct span){i * STEP, i * STEP + 3};
		report_finding(report, &finding, REPORT_OPEN);
	}
	text = fixture_end(report, &looked_at);
	/* each shows a window of the line; who goes through all of it for each is here for minutes
	 */
	CU_ASSERT(strlen(text) < FINDINGS * 1000);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "plans/aze.json:1:1047477: error: "));
	g_free(text);
	g_free(line);
	source_release(&source);
}

static void test_a_commit_lists_what_became_of_its_findings(void)
{
	const struct report_options options = {.kind = REPORT_OF_AUDIT};
	const char *parents[] = {"1111111111111111111111111111111111111111"};
	struct source source;
	struct related related;
	struct finding finding;
	struct report *report = fixture_report(&options, "text");
	const struct report_entry introduced = {.finding = &finding};
	const struct report_entry fixed = {.finding = &finding, .cause = "plans/geo.yaml"};
	struct report_commit commit = {
		.id = "2222222222222222222222222222222222222222",
		.parents = parents,
		.parent_count = 1,
		.time = 1117195200,
		.offset = 120,
		.committed = 1117195200,
		.author = SLICE("Jane Doe <jane@example.org>"),
		.subject = SLICE("Add the plan\033[2J"),
		.remaining = 1,
		.documents = 7,
	};
	const struct finding *open[] = {&finding};
	const struct report_looked_at looked_at = {
		.subject = "HEAD", .documents = 2, .files = 1, .open = open, .open_count = 1};
	char *text;

	source_init(&source, "plans/aze.yaml", fixture_plan, sizeof(fixture_plan) - 1);
	fixture_finding(&finding, &source, &related);
	commit.lists[REPORT_INTRODUCED].entries = &introduced;
	commit.lists[REPORT_INTRODUCED].count = 1;
	commit.lists[REPORT_FIXED].entries = &fixed;
	commit.lists[REPORT_FIXED].count = 1;
	report_commit(report, &commit);
	CU_ASSERT_FALSE(report_has_failed(report));
	text = fixture_end(report, &looked_at);
	CU_ASSERT_STRING_EQUAL(
		text,
		"1 commit: 1 introduced, 1 fixed; 1 error open at the end in 1 document; first: "
		"plans/aze.yaml:5: ends on 2004-12-31, before it was agreed on 2005-05-27\n"
		"  range HEAD, commits 1, merges 0, 2005-05-27 .. 2005-05-27\n"
		"  documents 1, versions 2, files that no pattern matches 0, suppressed findings "
		"0\n"
		"  planlint " PLANLINT_VERSION "\n"
		"\n"
		"by year  commits  documents  introduced  fixed\n"
		"  2005         1          7           1      1\n"
		"\n"
		"by rule             open  introduced  fixed  due\n"
		"  agreed-after-end     1           1      1    0\n"
		"\n"
		"commits that changed something: 1 of 1\n"
		"2222222222 2005-05-27 Jane Doe <jane@example.org>: Add the plan\\x1b[2J\n"
		"  introduced plans/aze.yaml:5:8: error: ends on 2004-12-31, before it was agreed "
		"on "
		"2005-05-27 [agreed-after-end]\n"
		"  fixed      plans/aze.yaml:5:8: error: ends on 2004-12-31, before it was agreed "
		"on "
		"2005-05-27 [agreed-after-end]\n"
		"             caused by plans/geo.yaml\n"
		"  remaining 1\n");
	g_free(text);
	source_release(&source);
}

UNIT_SUITE(test_report_text){
	{"a frame holds all places of a file", test_a_frame_holds_all_places_of_a_file},
	{"the first line is the verdict", test_the_first_line_is_the_verdict},
	{"quiet is one line a finding", test_quiet_is_one_line_a_finding},
	{"quiet and clean is nothing", test_quiet_and_clean_is_nothing},
	{"width of text on a terminal", test_width_of_text_on_a_terminal},
	{"carets stand under what is seen", test_carets_stand_under_what_is_seen},
	{"long lines are cut around the place", test_long_lines_are_cut_around_the_place},
	{"a line that is the whole file takes no longer",
	 test_a_line_that_is_the_whole_file_takes_no_longer},
	{"a commit lists what became of its findings",
	 test_a_commit_lists_what_became_of_its_findings},
	{0},
};
