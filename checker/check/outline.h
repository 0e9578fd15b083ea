/*
 * The outline of a snapshot, kept between runs: of each document its path, blob and entry, and in
 * which groups of the index it stands. From it a check that is asked about a few files knows which
 * others it has to look at. Inside check/ only.
 */
#ifndef PLANLINT_CHECK_OUTLINE_H
#define PLANLINT_CHECK_OUTLINE_H

#include "check/warm.h"

struct outline_item {
	const char *path; /* from the configuration's folder */
	const struct document_entry *document;
	struct object_id blob;
	int64_t from, until; /* the days in which its groups are these */
	const uint64_t *groups;
	size_t group_count;
};

struct outline {
	struct outline_item *items; /* by path */
	size_t count;
	const uint64_t *groups; /* those of all items in a row */
	size_t group_count;
};

/* The group of a slot and key; of a rule that looks at all of its slot, that of the empty key. */
uint64_t outline_group(const struct ruleset *ruleset, uint32_t slot, struct slice key);

/* The groups of a verdict's entries, appended to an array of uint64_t. */
void outline_groups(GArray *out, const struct ruleset *ruleset, const struct verdict *verdict);

/* The last outline of what lies at `where`, in `arena`; false where there is none. */
bool outline_read(struct outline *out, struct warm *warm, struct store_link *link,
		  const char *where, struct arena *arena);
void outline_keep(const struct outline *outline, struct warm *warm, const char *where);

#endif
