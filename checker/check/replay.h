/*
 * Commits kept between runs: what the audit reported of each, and what stands at the heads. A
 * commit's report follows from its ancestors, the law and the day alone, so when all commits of a
 * history are known the audit need not walk them. Inside check/ only.
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

/* Keeps what was reported of a commit; `report` NULL: it is outside of the range. */
void replay_keep(struct replay *replay, uint32_t commit, const struct audit_commit *report);

/* Keeps what is open at a head (struct finding). */
void replay_keep_head(struct replay *replay, uint32_t commit, const GPtrArray *open,
		      size_t suppressed, size_t unmatched);

#endif
