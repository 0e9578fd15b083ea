/* The formats for machines: shapes, states, languages, bytes that are no text, limits. */
#include "report/report.h"
#include "unit/report/report_fixture.h"
#include "unit/unit.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static const struct report_looked_at one_document = {.subject = "the worktree", .documents = 1};

static json_t *parse(char *text)
{
	json_error_t error;
	json_t *value = json_loads(text, JSON_REJECT_DUPLICATES, &error);

	CU_ASSERT_PTR_NOT_NULL_FATAL(value);
	g_free(text);
	return value;
}

/* Follows keys and indexes: "findings/0/start". */
static json_t *at(json_t *value, const char *path)
{
	char **steps = g_strsplit(path, "/", -1);

	for (size_t i = 0; steps[i] && value; i++)
		value = json_is_array(value)
				? json_array_get(value,
						 (size_t)g_ascii_strtoull(steps[i], NULL, 10))
				: json_object_get(value, steps[i]);
	g_strfreev(steps);
	return value;
}

static void assert_string(json_t *value, const char *path, const char *expected)
{
	const char *text = json_string_value(at(value, path));

	CU_ASSERT_PTR_NOT_NULL(text);
	if (g_strcmp0(text, expected) != 0)
		fprintf(stderr, "%s: %s\n", path, text ? text : "no string");
	CU_ASSERT_STRING_EQUAL(text ? text : "", expected);
}

static void assert_integer(json_t *value, const char *path, json_int_t expected)
{
	CU_ASSERT(json_is_integer(at(value, path)));
	CU_ASSERT_EQUAL(json_integer_value(at(value, path)), expected);
}

static void test_json_has_every_key(void)
{
	const struct report_options options = {0};
	json_t *value = parse(fixture_report_one(&options, "json", REPORT_OPEN));

	assert_integer(value, "version", 1);
	CU_ASSERT(json_is_false(at(value, "verdict/ok")));
	assert_integer(value, "verdict/error", 1);
	assert_string(value, "looked_at/subject", "the worktree");
	assert_string(value, "looked_at/planlint", PLANLINT_VERSION);
	assert_string(value, "findings/0/rule", "agreed-after-end");
	assert_string(value, "findings/0/severity", "error");
	assert_string(value, "findings/0/message",
		      "ends on 2004-12-31, before it was agreed on 2005-05-27");
	assert_string(value, "findings/0/path", "plans/aze.yaml");
	assert_integer(value, "findings/0/start/line", 5);
	assert_integer(value, "findings/0/start/column", 8);
	assert_integer(value, "findings/0/start/offset", 57);
	assert_integer(value, "findings/0/end/offset", 67);
	assert_string(value, "findings/0/pointer", "/period/end");
	assert_string(value, "findings/0/related/0/message", "agreed on 2005-05-27");
	assert_string(value, "findings/0/because/0/values", "2005-05-27 <= 2004-12-31");
	CU_ASSERT(json_is_null(at(value, "findings/0/fix")));
	assert_string(value, "findings/0/identity", "agreed-after-end|document||");
	assert_string(value, "findings/0/state", "open");
	json_decref(value);
}

static void test_machine_formats_have_a_language_of_their_own(void)
{
	const struct report_options french = {.machine_language = LANGUAGE_FR};
	const struct report_options locale = {.language = LANGUAGE_FR};
	json_t *value = parse(fixture_report_one(&french, "json", REPORT_OPEN));

	assert_string(value, "findings/0/label", "fin le 2004-12-31");
	json_decref(value);
	value = parse(fixture_report_one(&locale, "json", REPORT_OPEN));
	assert_string(value, "findings/0/label", "ends on 2004-12-31");
	json_decref(value);
}

static void test_suppressed_findings_are_told_apart(void)
{
	const struct report_options options = {0};
	json_t *value = parse(fixture_report_one(&options, "json", REPORT_SUPPRESSED));

	CU_ASSERT(json_is_true(at(value, "verdict/ok")));
	assert_string(value, "findings/0/state", "suppressed");
	json_decref(value);
	value = parse(fixture_report_one(&options, "sarif", REPORT_SUPPRESSED));
	CU_ASSERT_EQUAL(json_array_size(at(value, "runs/0/results")), 0);
	json_decref(value);
}

static void test_jsonl_is_a_line_a_commit(void)
{
	const struct report_options options = {.kind = REPORT_OF_AUDIT};
	const char *parents[] = {"11", "22"};
	const struct report_commit commit = {
		.id = "33",
		.parents = parents,
		.parent_count = 2,
		.time = 1117195200,
		.offset = -90,
		.author = SLICE("J\xff"),
		.subject = SLICE("A \xe2\x80\xae subject"),
		.suppressed = 2,
		.remaining = 7,
	};
	struct report *report = fixture_report(&options, "jsonl");
	char *text;
	json_t *value;

	report_commit(report, &commit);
	text = fixture_end(report, &one_document);
	CU_ASSERT_EQUAL(strcspn(text, "\n"), strlen(text) - 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\\u202e"));
	value = parse(text);
	assert_string(value, "commit", "33");
	assert_string(value, "parents/1", "22");
	assert_string(value, "date", "2005-05-27T10:30:00-01:30");
	assert_string(value, "author", "J\xef\xbf\xbd");
	CU_ASSERT(json_is_array(at(value, "reappeared")));
	assert_integer(value, "suppressed", 2);
	assert_integer(value, "remaining", 7);
	json_decref(value);
}

static void test_an_audit_in_json_has_commits(void)
{
	const struct report_options options = {.kind = REPORT_OF_AUDIT};
	const struct report_commit commit = {.id = "33", .author = SLICE(""), .subject = SLICE("")};
	struct report *report = fixture_report(&options, "json");
	json_t *value;

	report_commit(report, &commit);
	value = parse(fixture_end(report, &one_document));
	assert_string(value, "commits/0/commit", "33");
	CU_ASSERT_PTR_NULL(at(value, "findings"));
	assert_integer(value, "looked_at/commits", 1);
	assert_string(value, "looked_at/from", "1970-01-01T00:00:00+00:00");
	json_decref(value);
}

static void test_sarif_as_code_scanning_reads_it(void)
{
	const struct report_options options = {0};
	json_t *value = parse(fixture_report_one(&options, "sarif", REPORT_OPEN));

	assert_string(value, "version", "2.1.0");
	assert_string(value, "runs/0/columnKind", "utf16CodeUnits");
	assert_string(value, "runs/0/tool/driver/rules/0/id", "agreed-after-end");
	assert_integer(value, "runs/0/results/0/ruleIndex", 0);
	assert_string(value, "runs/0/results/0/level", "error");
	assert_string(value, "runs/0/results/0/message/text",
		      "ends on 2004-12-31, before it was agreed on 2005-05-27: "
		      "[agreed on 2005-05-27](1)");
	assert_string(value, "runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri",
		      "plans/aze.yaml");
	assert_integer(value, "runs/0/results/0/locations/0/physicalLocation/region/startLine", 5);
	assert_integer(value, "runs/0/results/0/locations/0/physicalLocation/region/endColumn", 18);
	assert_integer(value, "runs/0/results/0/relatedLocations/0/id", 1);
	CU_ASSERT_STRING_EQUAL(
		json_string_value(json_object_get(at(value, "runs/0/results/0/partialFingerprints"),
						  "planlint/v1")),
		"agreed-after-end|document||");
	json_decref(value);
}

/* A file whose name is no URI, a span over two lines, no file at all. */
static void test_sarif_places(void)
{
	const struct report_options options = {0};
	struct report *report = fixture_report(&options, "sarif");
	static const char text[] = "\xf0\x9f\x98\x80: [\n1]\n";
	struct source source;
	struct finding finding = {.rule = "a", .severity = SEVERITY_WARNING, .span = {6, 10}};
	json_t *value;

	report_finding(report, &finding, REPORT_OPEN);
	source_init(&source, "plans/a b\xc3\xa9\xff.yaml", text, sizeof(text) - 1);
	finding.source = &source;
	report_finding(report, &finding, REPORT_OPEN);
	value = parse(fixture_end(report, &one_document));
	source_release(&source);
	assert_string(value, "runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri",
		      "planlint.yaml");
	assert_string(value, "runs/0/results/1/locations/0/physicalLocation/artifactLocation/uri",
		      "plans/a%20b%C3%A9%FF.yaml");
	assert_integer(value, "runs/0/results/1/locations/0/physicalLocation/region/startColumn",
		       5);
	assert_integer(value, "runs/0/results/1/locations/0/physicalLocation/region/endLine", 1);
	assert_integer(value, "runs/0/results/1/locations/0/physicalLocation/region/endColumn", 6);
	json_decref(value);
}

static void test_sarif_keeps_the_worst_of_too_many(void)
{
	const struct report_options options = {0};
	struct report *report = fixture_report(&options, "sarif");
	struct finding finding = {.rule = "a", .severity = SEVERITY_WARNING};
	json_t *value;

	for (int i = 0; i < 25010; i++) {
		finding.severity = i == 25009 ? SEVERITY_ERROR : SEVERITY_WARNING;
		report_finding(report, &finding, REPORT_OPEN);
	}
	value = parse(fixture_end(report, &one_document));
	CU_ASSERT_EQUAL(json_array_size(at(value, "runs/0/results")), 25000);
	assert_string(value, "runs/0/results/0/level", "error");
	assert_string(value, "runs/0/invocations/0/toolExecutionNotifications/0/message/text",
		      "10 findings are left out: code scanning takes 25000");
	json_decref(value);
}

static void test_two_formats_need_two_places(void)
{
	const struct report_options options = {0};
	struct report *report = report_new(&options);
	struct error error = {0};

	CU_ASSERT_EQUAL(report_add(report, "text", &error), 0);
	CU_ASSERT_EQUAL(report_add(report, "json:-", &error), -1);
	CU_ASSERT_EQUAL(error.kind, ERROR_USAGE);
	error_clear(&error);
	CU_ASSERT_EQUAL(report_add(report, "sarfi:x", &error), -1);
	CU_ASSERT_STRING_EQUAL(error.message, "unknown format \"sarfi\"; did you mean \"sarif\"?");
	error_clear(&error);
	report_free(report);
}

static void test_a_full_disk_is_an_error(void)
{
	const struct report_options options = {0};
	struct report *report = report_new(&options);
	struct error error = {0};

	CU_ASSERT_EQUAL(report_add(report, "json:/dev/full", &error), 0);
	CU_ASSERT_EQUAL(report_end(report, &one_document, &error), -1);
	CU_ASSERT_EQUAL(error.kind, ERROR_SYSTEM);
	error_clear(&error);
	report_free(report);
}

UNIT_SUITE(test_report_json){
	{"json has every key", test_json_has_every_key},
	{"machine formats have a language of their own",
	 test_machine_formats_have_a_language_of_their_own},
	{"suppressed findings are told apart", test_suppressed_findings_are_told_apart},
	{"jsonl is a line a commit", test_jsonl_is_a_line_a_commit},
	{"an audit in json has commits", test_an_audit_in_json_has_commits},
	{"sarif as code scanning reads it", test_sarif_as_code_scanning_reads_it},
	{"sarif places", test_sarif_places},
	{"sarif keeps the worst of too many", test_sarif_keeps_the_worst_of_too_many},
	{"two formats need two places", test_two_formats_need_two_places},
	{"a full disk is an error", test_a_full_disk_is_an_error},
	{0},
};
