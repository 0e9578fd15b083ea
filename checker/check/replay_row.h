/*
 * What the rows of kept commits hold, written and read. For replay.c only.
 */
#ifndef PLANLINT_CHECK_REPLAY_ROW_H
#define PLANLINT_CHECK_REPLAY_ROW_H

#include "check/keep.h"
#include "check/replay.h"

/* A row being read. */
struct row_reading {
	const struct audit *audit;
	const struct ruleset *ruleset; /* whose words rows refer to */
	struct unpack in;
	struct arena *arena; /* of findings */
	GPtrArray *sources;  /* of struct source, kept as show.c makes them */
	guint first;         /* those of this list start there */
};

/* The documents that a commit changed; and one of them, after their number. */
void row_keep_changes(GString *out, const struct audit *audit, uint32_t commit);
struct replay_change row_read_change(struct unpack *in);

/* What was reported of a commit: numbers, its texts and its lists. */
void row_keep_report(GString *out, const struct ruleset *ruleset,
		     const struct audit_commit *report);
void row_read_report(struct row_reading *reading, struct audit_commit *report);

/* A list of findings (struct finding); how many there are, and the next of them. */
void row_keep_findings(GString *out, const struct ruleset *ruleset, const GPtrArray *findings);
size_t row_read_findings(struct row_reading *reading);
const struct finding *row_read_finding(struct row_reading *reading);

#endif
