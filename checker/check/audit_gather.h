/*
 * What the files that gather for an audit share: audit_gather.c (trees and blobs, which threads
 * share) and audit_gather_laws.c (which laws there are, and how many commits are gathered at once).
 * Internal to them.
 */
#ifndef PLANLINT_CHECK_AUDIT_GATHER_H
#define PLANLINT_CHECK_AUDIT_GATHER_H

#include "check/audit_core.h"

/* A changed file as a thread saw it. */
struct raw_change {
	const char *path;
	uint32_t len;
	struct object_id before; /* zero: it is new */
	struct object_id blob;   /* zero: gone, or no plain file any more */
};

/* What all threads see. */
struct gather {
	struct audit *audit;
	gint next;                   /* the next commit or task, taken atomically */
	gint failed;                 /* somebody set an error */
	struct raw_change **changes; /* of each commit */
	uint32_t *change_counts;
	GArray *tasks;
	GHashTable *seen; /* those that there are, or were */
	struct worker *workers;
	int worker_count;
};

/* A blob of a commit is a task, where it is none already. */
void gather_task(struct gather *gather, const struct object_id *blob, struct place *place,
		 uint32_t commit);

/* Notes the law of each commit, where each has its own. 0, 1 interrupted, or -1. */
int gather_laws(struct gather *gather);

/* Where another law than the first parent's judges, it judges everything. 0, or -1. */
int gather_whole_trees(struct gather *gather, uint32_t first, uint32_t end);

/*
 * The commit behind which a law is not needed any more: those that have it, their children, and
 * merges of which they are a base. What stands at the end is needed then.
 */
void gather_last(struct audit *audit);

/* Up to which commit the laws that begin are few enough. */
uint32_t gather_end(const struct audit *audit);

#endif
