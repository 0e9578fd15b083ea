/*
 * What formats share: words in the report's language, dates, and the sentence that says the
 * verdict. Sentences of a report are translated here and nowhere else, also in their plural.
 */
#include "base/catalogue.h"
#include "base/date.h"
#include "report/format.h"

#include <string.h>

const char *report_words(enum language language, const char *text)
{
	return language == LANGUAGE_FR && *text ? catalogue_text(text) : text;
}

static const char *plural(enum language language, const char *one, const char *many, size_t count)
	__attribute__((format_arg(2), format_arg(3)));

static const char *plural(enum language language, const char *one, const char *many, size_t count)
{
	if (language == LANGUAGE_FR)
		return catalogue_plural(one, many, count);
	return count == 1 ? one : many;
}

const char *report_state_name(enum report_state state)
{
	static const char *const names[] = {
#define STATE(name, text) text,
#include "report/state.def"
#undef STATE
	};

	return names[state];
}

void report_append_phrase(GString *out, const struct phrase *phrase, enum language language)
{
	GString *plain = g_string_new(NULL);

	phrase_append(plain, phrase, language, NULL);
	text_append_visible(out, plain->str, plain->len);
	g_string_free(plain, TRUE);
}

void report_append_date(GString *out, int64_t time, int offset, enum report_date precision)
{
	enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };
	const int64_t latest = INT64_C(253402300800); /* the year 10000 */
	int64_t local = CLAMP(time, -latest, latest) + (int64_t)offset * MINUTE;
	int64_t second = (local % DAY + DAY) % DAY;
	struct date date;

	/* A commit may claim a year that no calendar has. */
	if (!date_of_day(&date, (local - second) / DAY)) {
		g_string_append_printf(out, "@%" G_GINT64_FORMAT, time);
		return;
	}
	g_string_append_printf(out, "%04d-%02d-%02d", date.year, date.month, date.day);
	if (precision == REPORT_DATE_SECOND)
		g_string_append_printf(out, "T%02d:%02d:%02d%c%02d:%02d", (int)(second / HOUR),
				       (int)(second % HOUR / MINUTE), (int)(second % MINUTE),
				       offset < 0 ? '-' : '+', ABS(offset) / MINUTE,
				       ABS(offset) % MINUTE);
}

const char *report_severity_words(enum severity severity, size_t count, enum language language)
{
	switch (severity) {
	case SEVERITY_ERROR:
		return plural(language, "error", "errors", count);
	case SEVERITY_WARNING:
		return plural(language, "warning", "warnings", count);
	case SEVERITY_INFO:
		return plural(language, "remark", "remarks", count);
	case SEVERITY_OFF:
		break;
	}
	return "off";
}

/* "2 errors, 1 warning", only those that there are. */
static void append_severities(GString *out, const struct report_counts *counts,
			      enum language language)
{
	const char *separator = "";

	for (int severity = SEVERITY_ERROR; severity >= SEVERITY_INFO; severity--) {
		size_t count = counts->severity[severity];

		if (!count)
			continue;
		g_string_append_printf(
			out, "%s%zu %s", separator, count,
			report_severity_words((enum severity)severity, count, language));
		separator = ", ";
	}
}

const char *report_joiner(enum language language)
{
	return language == LANGUAGE_FR ? " ; " : "; ";
}

static bool is_clean(const struct report_counts *counts)
{
	return !counts->severity[SEVERITY_ERROR] && !counts->severity[SEVERITY_WARNING] &&
	       !counts->severity[SEVERITY_INFO];
}

static void append_commits(GString *out, const struct report_counts *counts, enum language language)
{
	g_string_append_printf(out, plural(language, "%zu commit", "%zu commits", counts->commits),
			       counts->commits);
	g_string_append(out, ": ");
	g_string_append_printf(out,
			       plural(language, "%zu introduced", "%zu introduced",
				      counts->state[REPORT_INTRODUCED]),
			       counts->state[REPORT_INTRODUCED]);
	g_string_append(out, ", ");
	g_string_append_printf(
		out, plural(language, "%zu fixed", "%zu fixed", counts->state[REPORT_FIXED]),
		counts->state[REPORT_FIXED]);
}

/* What an interrupted run says: how far it came, and what it knows by then. */
static void append_incomplete(GString *out, const struct report_output *output,
			      const struct report_looked_at *looked_at)
{
	enum language language = output->language;
	const struct report_counts *counts = output->counts;
	bool audit = output->options->kind == REPORT_OF_AUDIT;
	bool gate = output->options->kind == REPORT_OF_GATE;

	if (gate && !looked_at->wanted) {
		g_string_append(out, report_words(language, "incomplete: interrupted; what the "
							    "change adds is not known"));
		return;
	}
	if (gate) {
		g_string_append_printf(
			out,
			report_words(language, "incomplete: interrupted after %zu of %zu versions "
					       "of documents; what the change adds is not known"),
			looked_at->documents, looked_at->wanted);
		return;
	}
	if (audit && !looked_at->wanted) {
		g_string_append(out, report_words(language, "incomplete: interrupted before the "
							    "first commit"));
		return;
	}
	if (audit)
		g_string_append_printf(
			out,
			report_words(language, "incomplete: interrupted after %zu of %zu commits"),
			counts->commits, looked_at->wanted);
	else
		g_string_append_printf(out,
				       report_words(language, "incomplete: interrupted after %zu "
							      "of %zu documents"),
				       looked_at->documents, looked_at->wanted);
	g_string_append(out, report_joiner(language));
	if (audit)
		append_commits(out, counts, language);
	else if (is_clean(counts))
		g_string_append(out, report_words(language, "nothing found"));
	else
		append_severities(out, counts, language);
}

void report_append_verdict(GString *out, const struct report_output *output,
			   const struct report_looked_at *looked_at, const char *first)
{
	enum language language = output->language;
	const struct report_counts *counts = output->counts;
	bool clean = is_clean(counts);
	size_t documents = output->options->kind == REPORT_OF_AUDIT ? looked_at->files
								    : looked_at->documents;

	if (looked_at->incomplete) {
		append_incomplete(out, output, looked_at);
		return;
	}
	if (output->options->kind == REPORT_OF_AUDIT) {
		append_commits(out, counts, language);
		g_string_append(out, report_joiner(language));
	}
	if (clean && output->options->kind == REPORT_OF_GATE)
		g_string_append(out, report_words(language, "nothing new found"));
	else if (clean && output->options->kind == REPORT_OF_AUDIT)
		g_string_append(out, report_words(language, "nothing open at the end"));
	else if (clean)
		g_string_append(out, report_words(language, "nothing found"));
	else
		append_severities(out, counts, language);
	if (!clean && output->options->kind == REPORT_OF_GATE)
		g_string_append(out, report_words(language, " added"));
	if (!clean && output->options->kind == REPORT_OF_AUDIT)
		g_string_append(out, report_words(language, " open at the end"));
	if (documents)
		g_string_append_printf(
			out, plural(language, " in %zu document", " in %zu documents", documents),
			documents);
	if (first)
		g_string_append_printf(out, report_words(language, "; first: %s"), first);
}

/* Behind " of " stands a revision, "the index" or "each commit". */
char *report_configuration_name(const char *name, enum language language)
{
	const char *of = strstr(name, "planlint.yaml of ");
	char *file, *words;

	if (!of)
		return g_strdup(report_words(language, name));
	of += strlen("planlint.yaml");
	file = g_strndup(name, (size_t)(of - name));
	words = g_strdup_printf(report_words(language, "%s of %s"), file,
				report_words(language, of + strlen(" of ")));
	g_free(file);
	return words;
}

void report_append_first(GString *out, const struct finding *finding, enum language language)
{
	if (finding->source) {
		text_append_visible(out, finding->source->path, strlen(finding->source->path));
		g_string_append_printf(
			out, ":%u: ", source_position(finding->source, finding->span.start).line);
	}
	report_append_phrase(out, &finding->message, language);
	if (!phrase_is_empty(&finding->hint)) {
		g_string_append(out, report_joiner(language));
		report_append_phrase(out, &finding->hint, language);
	}
}
