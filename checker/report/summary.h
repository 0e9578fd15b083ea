/*
 * An audit in three tables: by year, by rule and by label. For format_text.c and format_markdown.c.
 */
#ifndef PLANLINT_REPORT_SUMMARY_H
#define PLANLINT_REPORT_SUMMARY_H

#include "report/format.h"
#include "report/frame.h"

struct summary;
struct summary *summary_new(void);
void summary_free(struct summary *summary); /* NULL is allowed */

/* A commit, and a finding that is open at the end. */
void summary_commit(struct summary *summary, const struct report_commit *commit);
void summary_open(struct summary *summary, const struct finding *finding);

/*
 * Appends the tables that have rows, each after an empty line. Long ones are cut for people who did
 * not ask for more (-v).
 */
void summary_append(GString *out, const struct summary *summary,
		    const struct report_output *output);

#endif
