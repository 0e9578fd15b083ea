/*
 * Commits kept between runs: what the audit reported of each, and what stands at the heads. A
 * commit's report follows from its ancestors, the law and the day alone, so when all commits of a
 * history are known the audit need not walk them, and where some are, need not look at their trees
 * nor put together what it says of them. Inside check/ only.
 */
#ifndef PLANLINT_CHECK_REPLAY_H
#define PLANLINT_CHECK_REPLAY_H

#include "check/audit_core.h"

/* What of a history is known from earlier runs; NULL: nothing is kept in this one. */
struct replay;
struct replay *replay_new(struct audit *audit);
void replay_free(struct replay *replay); /* NULL is allowed, here and below */

/*
 * Reports the whole history from what is known: REPLAY_DONE, 0 where something is missing (then
 * nothing was reported), 1 where it was interrupted or the callback ended it.
 */
enum { REPLAY_DONE = 2 };
int replay_run(struct replay *replay, struct audit_summary *summary);

/* A document that a commit changed against its first parent; zeros: there is none. */
struct replay_change {
	const char *path; /* lives as long as the replay */
	struct object_id blob, before;
};

/*
 * Appends those of a commit (struct replay_change), in the order of the trees; any thread. False
 * where the commit is not known.
 */
bool replay_changes(const struct replay *replay, uint32_t commit, GArray *out);

/* Reports a commit where it is known: REPLAY_DONE; 0 where not, 1 if the callback ended it, -1. */
int replay_report(struct replay *replay, struct audit_summary *summary, uint32_t commit);

/* Keeps what was reported of a commit; `report` NULL: it is outside of the range. */
void replay_keep(struct replay *replay, uint32_t commit, const struct audit_commit *report);

/* Keeps what is open at a head (struct finding). */
void replay_keep_head(struct replay *replay, uint32_t commit, const GPtrArray *open,
		      size_t suppressed, size_t unmatched);

#endif
