/* A finding to report, and a report into a temporary file, whose bytes come back when it ends. */
#ifndef PLANLINT_TESTS_REPORT_FIXTURE_H
#define PLANLINT_TESTS_REPORT_FIXTURE_H

#include "report/report.h"
#include "source/message.h"
#include "unit/unit.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* A slice in static data, where SLICE() is no constant. */
#define TEXT(literal)                                                                              \
	{                                                                                          \
		(literal), sizeof(literal) - 1                                                     \
	}

#define FIXTURE_TEMPLATE "planlint-report-XXXXXX"

static char fixture_file[4096];

static inline struct report *fixture_report(const struct report_options *options,
					    const char *format)
{
	struct report *report = report_new(options);
	struct error error = {0};
	char *spec;
	int fd;

	g_snprintf(fixture_file, sizeof(fixture_file), "%s/%s", g_get_tmp_dir(), FIXTURE_TEMPLATE);
	fd = g_mkstemp(fixture_file);
	CU_ASSERT_FATAL(fd >= 0);
	close(fd);
	spec = g_strdup_printf("%s:%s", format, fixture_file);
	CU_ASSERT_EQUAL_FATAL(report_add(report, spec, &error), 0);
	g_free(spec);
	return report;
}

/* Ends and frees the report; what it wrote, NUL-terminated. */
static inline char *fixture_end(struct report *report, const struct report_looked_at *looked_at)
{
	struct error error = {0};
	char *text = NULL;

	CU_ASSERT_EQUAL(report_end(report, looked_at, &error), 0);
	CU_ASSERT_FATAL(g_file_get_contents(fixture_file, &text, NULL, NULL));
	report_free(report);
	g_unlink(fixture_file);
	return text;
}

static const char fixture_plan[] = "dates:\n"
				   "  agreed: 2005-05-27\n"
				   "period:\n"
				   "  start: 2003\n"
				   "  end: 2004-12-31\n";

/* A finding at the end of the period, with the agreement related. */
static inline void fixture_finding(struct finding *finding, struct source *source,
				   struct related *related)
{
	static const struct bilingual words = {
		TEXT("ends on {0}, before it was agreed on {1}"),
		TEXT("fin le {0}, avant l'adoption le {1}"),
	};
	static const struct bilingual ends = {TEXT("ends on {0}"), TEXT("fin le {0}")};
	static const struct bilingual agreed = {TEXT("agreed on {1}"), TEXT("adopté le {1}")};
	static const struct slice values[] = {TEXT("2004-12-31"), TEXT("2005-05-27")};
	static const struct because because[] = {
		{TEXT("earliest(document.dates.agreed) <= latest(this.end)"),
		 TEXT("2005-05-27 <= 2004-12-31")},
	};

	*related = (struct related){
		source, {17, 27}, {.words = &agreed, .values = values, .value_count = 2}};
	*finding = (struct finding){
		.code = FINDING_RULE,
		.rule = "agreed-after-end",
		.severity = SEVERITY_ERROR,
		.message = {MESSAGE_NONE, &words, values, 2},
		.source = source,
		.span = {57, 67},
		.label = {MESSAGE_NONE, &ends, values, 2},
		.pointer = "/period/end",
		.related = related,
		.related_count = 1,
		.because = because,
		.because_count = 1,
		.identity = "agreed-after-end|document||",
	};
}

/* That finding alone in a report of the worktree. */
static inline char *fixture_report_one(const struct report_options *options, const char *format,
				       enum report_state state)
{
	static const struct report_looked_at looked_at = {.subject = "the worktree",
							  .documents = 1};
	struct finding finding;
	struct related related;
	struct source source;
	struct report *report = fixture_report(options, format);
	char *text;

	source_init(&source, "plans/aze.yaml", fixture_plan, sizeof(fixture_plan) - 1);
	fixture_finding(&finding, &source, &related);
	report_finding(report, &finding, state);
	text = fixture_end(report, &looked_at);
	source_release(&source);
	return text;
}

#endif
