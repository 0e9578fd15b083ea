/* A report into a temporary file, whose bytes come back when it ends. */
#ifndef PLANLINT_TESTS_REPORT_FIXTURE_H
#define PLANLINT_TESTS_REPORT_FIXTURE_H

#include "report/report.h"
#include "unit/unit.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* A slice in static data, where SLICE() is no constant. */
#define TEXT(literal) {(literal), sizeof(literal) - 1}

#define FIXTURE_TEMPLATE "planlint-report-XXXXXX"

static char fixture_file[4096];

static inline struct report *fixture_report(const struct report_options *options, const char *format)
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

#endif
