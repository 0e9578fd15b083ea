/* Hostile names and texts in the formats for other programs; what each makes of several findings.
 */
#include "report/report.h"
#include "source/message.h"
#include "unit/report/report_fixture.h"
#include "unit/unit.h"

#include <stdio.h>
#include <string.h>

/* A finding at a path with words, in one format; g_free. */
static char *format_one(const char *format, const char *path, const char *words, size_t times)
{
	const struct report_options options = {.verbosity = 0};
	const struct report_looked_at looked_at = {.subject = "the worktree", .documents = 1};
	const struct bilingual message = {{words, strlen(words)}, {words, strlen(words)}};
	struct report *report = fixture_report(&options, format);
	struct source source;
	const struct finding finding = {
		.code = FINDING_RULE,
		.rule = "a-rule",
		.severity = SEVERITY_ERROR,
		.message = {MESSAGE_NONE, &message, NULL, 0},
		.source = &source,
		.span = {7, 7},
		.identity = "one",
	};
	char *text;

	source_init(&source, path, fixture_plan, sizeof(fixture_plan) - 1);
	for (size_t i = 0; i < times; i++)
		report_finding(report, &finding, REPORT_OPEN);
	text = fixture_end(report, &looked_at);
	source_release(&source);
	return text;
}

static size_t count_of(const char *text, const char *part)
{
	size_t count = 0;

	for (; (text = strstr(text, part)); text += strlen(part))
		count++;
	return count;
}

static void assert_has(const char *format, const char *path, const char *words, const char *wanted)
{
	char *text = format_one(format, path, words, 1);

	CU_ASSERT_PTR_NOT_NULL(strstr(text, wanted));
	if (!strstr(text, wanted))
		fprintf(stderr, "%s: %s\n", wanted, text);
	g_free(text);
}

static void test_csv_cells_are_no_formulas(void)
{
	assert_has("csv", "=1+1", "+2", ",a-rule,'=1+1,2,1,'+2,,,one\r\n");
	assert_has("csv", "@x", "-2", ",a-rule,'@x,2,1,'-2,,,one\r\n");
	assert_has("csv", "a\"b", "c,d", ",a-rule,\"a\"\"b\",2,1,\"c,d\",,,one\r\n");
	assert_has("csv", "a\nb", "c\rd", ",a-rule,a\\nb,2,1,c\\rd,,,one\r\n");
}

static void test_xml_stays_well_formed(void)
{
	static const char *const formats[] = {"junit", "checkstyle", "html"};

	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
		char *text = format_one(formats[i], "a<b>&\"'\x01\xff\xef\xbf\xbf", "]]><x>", 1);

		CU_ASSERT_PTR_NULL(strstr(text, "<b>"));
		CU_ASSERT_PTR_NULL(strstr(text, "<x>"));
		CU_ASSERT_PTR_NULL(strchr(text, '\x01'));
		CU_ASSERT_PTR_NULL(strchr(text, '\xff'));
		CU_ASSERT_PTR_NULL(strstr(text, "\xef\xbf\xbf"));
		CU_ASSERT_PTR_NOT_NULL(strstr(text, "a&lt;b&gt;&amp;&quot;&#39;"));
		g_free(text);
	}
}

static void test_github_commands_end_where_we_end_them(void)
{
	assert_has("github", "a,b:c%", "100%\n::error::x",
		   "::error file=a%2Cb%3Ac%25,line=2,endLine=2,col=1,endColumn=1,title=a-rule::"
		   "100%25\\n::error::x\n");
}

static void test_github_shows_ten(void)
{
	char *text = format_one("github", "a", "b", 25);

	CU_ASSERT_EQUAL(count_of(text, "::error file="), 10);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "annotations left out: 15; "));
	g_free(text);
}

static void test_gitlab_fingerprints_differ(void)
{
	char *text = format_one("gitlab", "a", "b", 2);
	char *first = strstr(text, "\"fingerprint\": \"");
	char *second = first ? strstr(first + 1, "\"fingerprint\": \"") : NULL;

	CU_ASSERT_PTR_NOT_NULL_FATAL(second);
	CU_ASSERT(strncmp(first, second, strlen("\"fingerprint\": \"") + 64) != 0);
	g_free(text);
}

static void test_markdown_is_only_text(void)
{
	char *text = format_one("markdown", "a|b", "<img> @all [x](y) `z` www.example.org #1", 1);

	CU_ASSERT_PTR_NOT_NULL(strstr(text, "| a&#124;b 2 | &#60;img&#62; &#64;all "));
	CU_ASSERT_PTR_NULL(strstr(text, "<img>"));
	CU_ASSERT_PTR_NULL(strstr(text, "www.e"));
	g_free(text);
}

UNIT_SUITE(test_formats){
	{"csv cells are no formulas", test_csv_cells_are_no_formulas},
	{"XML stays well formed", test_xml_stays_well_formed},
	{"GitHub's commands end where we end them", test_github_commands_end_where_we_end_them},
	{"GitHub shows ten", test_github_shows_ten},
	{"GitLab's fingerprints differ", test_gitlab_fingerprints_differ},
	{"Markdown is only text", test_markdown_is_only_text},
	{0},
};
