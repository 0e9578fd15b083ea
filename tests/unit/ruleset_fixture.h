/* A ruleset from files in memory, for the tests of ruleset/ and of what stands above it. */
#ifndef PLANLINT_TESTS_RULESET_FIXTURE_H
#define PLANLINT_TESTS_RULESET_FIXTURE_H

#include "ruleset/ruleset.h"
#include "unit/unit.h"

#include <stdio.h>

/* The last one has no path. */
struct fixture_file {
	const char *path, *text;
};

static inline int fixture_read(void *context, const char *path, char **data, size_t *size,
			       struct error *error)
{
	(void)error;
	for (const struct fixture_file *file = context; file->path; file++) {
		if (strcmp(file->path, path) != 0)
			continue;
		*data = g_strdup(file->text);
		*size = strlen(file->text);
		return 0;
	}
	return 1;
}

static inline int fixture_list(void *context, const char *folder, GPtrArray *names,
			       struct error *error)
{
	int result = 1;

	(void)error;
	for (const struct fixture_file *file = context; file->path; file++) {
		if (!g_str_has_prefix(file->path, folder))
			continue;
		g_ptr_array_add(names, g_strdup(file->path + strlen(folder)));
		result = 0;
	}
	return result;
}

/* A sink into a GString: "path:line:column: message (hint)" */
static inline void fixture_append_finding(void *context, const struct finding *finding)
{
	GString *out = context;
	struct position position = {0};

	if (finding->source)
		position = source_position(finding->source, finding->span.start);
	g_string_append_printf(out, "%s:%u:%u: ", finding->source ? finding->source->path : "-",
			       position.line, position.column_code_points);
	phrase_append(out, &finding->message, LANGUAGE_EN, NULL);
	if (!phrase_is_empty(&finding->hint)) {
		g_string_append(out, " (");
		phrase_append(out, &finding->hint, LANGUAGE_EN, NULL);
		g_string_append(out, ")");
	}
	g_string_append(out, "\n");
}

/* The ruleset of the files, and its faults as text in `out`. */
static inline struct ruleset *fixture_load(const struct fixture_file *files, GString *out)
{
	struct ruleset_files reader = {
		.read = fixture_read, .list = fixture_list, .context = (void *)files};
	struct finding_sink sink = {fixture_append_finding, out};
	struct error error = {0};
	struct ruleset *ruleset;

	CU_ASSERT_EQUAL_FATAL(ruleset_load(&ruleset, "planlint.yaml", &reader, &sink, &error), 0);
	return ruleset;
}

/* One that must be without faults. */
static inline struct ruleset *fixture_sound(const struct fixture_file *files)
{
	GString *faults = g_string_new(NULL);
	struct ruleset *ruleset = fixture_load(files, faults);

	if (faults->len)
		printf("\n%s", faults->str);
	CU_ASSERT_EQUAL_FATAL(ruleset->faults, 0);
	g_string_free(faults, TRUE);
	return ruleset;
}

#endif
