/*
 * What the formats share that list open findings one by one. Only for format_*.c.
 */
#ifndef PLANLINT_REPORT_LISTING_H
#define PLANLINT_REPORT_LISTING_H

#include "report/format.h"

/* Message and hint as one sentence, made visible; g_free. */
char *listing_sentence(const struct finding *finding, enum language language);

/* The path, or where there is none that of the configuration, which a finding about no file is
 * nearest to. */
const char *listing_path(const struct finding *finding);

/* Where it starts and ends; line 1, column 1 where it is about no file. */
struct position listing_start(const struct finding *finding);
struct position listing_end(const struct finding *finding);

/* A text made visible and escaped for XML 1.0, in attributes too. */
void listing_append_xml(GString *out, const char *data, size_t len);

/* The first finding of each severity, for the verdict. */
struct listing_first {
	char *words[SEVERITY_ERROR + 1];
};
void listing_first_note(struct listing_first *first, const struct finding *finding,
			enum language language);
void listing_first_release(struct listing_first *first);

/* The verdict in one sentence; g_free. */
char *listing_verdict(const struct report_output *output, const struct report_looked_at *looked_at,
		      const struct listing_first *first);

/* Calls `each` with what was looked at, a name and a value each. */
void listing_each_fact(struct report_output *output, const struct report_looked_at *looked_at,
		       void (*each)(struct report_output *output, const char *name,
				    const char *value));

#endif
