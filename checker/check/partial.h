/*
 * A check that is asked about a few files of a large snapshot: which others it has to look at.
 * Inside check/ only.
 */
#ifndef PLANLINT_CHECK_PARTIAL_H
#define PLANLINT_CHECK_PARTIAL_H

#include "check/check.h"
#include "check/outline.h"
#include "repository/repository.h"

#include <glib.h>

/* A file of the snapshot that is a document. */
struct loaded {
	const struct snapshot_entry *entry;
	const struct document_entry *document;
	const char *path; /* relative to the configuration's folder */
	bool is_read;     /* bytes and source are there */
	bool is_light;    /* not looked at: the outline says all that is needed */
	struct bytes bytes;
	struct source source;
	struct verdict *verdict;
	const struct outline_item *outline; /* of this very version; NULL: none */
};

struct partial {
	const struct ruleset *ruleset;
	struct warm *warm;
	char *where; /* NULL: outlines are of no use here */
	GArray *files;
	struct arena arena;
	struct outline outline;
	size_t next;        /* item of the outline that a file is compared with next */
	GHashTable *needed; /* groups that are judged; NULL: all are */
	bool is_on;
};

/* Reads the last outline. `warm` NULL: there will be none. */
void partial_init(struct partial *partial, const struct ruleset *ruleset, struct warm *warm,
		  const struct snapshot *snapshot, const char *base, GArray *files);
void partial_release(struct partial *partial);

/* The outline of a file; files come in order of path. */
const struct outline_item *partial_find(struct partial *partial, const char *path);

/*
 * Makes files light that are known and not wanted, where that spares most of the work. `is_wanted`
 * tells of each file whether its findings are.
 */
void partial_begin(struct partial *partial, int64_t as_of,
		   bool (*is_wanted)(void *context, const struct loaded *file), void *context);

/* The wanted files are judged: takes in those that share a group with them. */
void partial_grow(struct partial *partial,
		  bool (*is_wanted)(void *context, const struct loaded *file), void *context);

/* For check_index_limit(): is the group asked for, or in no file at all? */
bool partial_needs(void *context, uint32_t slot, struct slice key, bool has_members);

/* No file is light any more. */
void partial_end(struct partial *partial);

/* Keeps the outline of what was judged, where it is no longer like the last one. */
void partial_keep(const struct partial *partial);

#endif
