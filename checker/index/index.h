/*
 * What documents define and use across files: entries grouped by slot (a rule, or the keys of a
 * kind) and key, with the groups that changed since last asked. For check/, which judges groups.
 *
 * Entries belong to verdicts and are not copied; a file's entries come and go together.
 */
#ifndef PLANLINT_INDEX_INDEX_H
#define PLANLINT_INDEX_INDEX_H

#include "document/document.h"
#include "source/source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum index_role {
	INDEX_DEFINES, /* a document of a kind, by its key: what references look for */
	INDEX_USES,    /* a reference to a key */
	INDEX_MEMBER,  /* a member of a group, a unique key, a period */
};

/* One thing that a document says and a cross-file rule reads. */
struct index_entry {
	uint32_t slot;        /* the rule, or the kind (INDEX_DEFINES); numbers of the ruleset */
	uint8_t role;         /* enum index_role */
	struct slice key;     /* canonical text of the key */
	struct slice value;   /* the key as people write it; of an edge (acyclic) where it starts */
	struct span span;     /* where the finding would point; orders the entries of a file */
	const char *document; /* key of the document; NULL: its path stands in */
	const char *item;     /* path by keys to the place, for the identity */
	/* What rules read of the document: a copy with only that in it, spans in the file. */
	const struct document *facts;
	uint32_t this_node; /* index of `this` in facts */
	uint32_t key_node;  /* index of the node that holds the key; 0 where it is computed */
	uint32_t each;      /* for-each: which item of its list it is about, from 1; 0: none */
	int64_t first;      /* days of a period (disjoint), open bounds at the limits */
	int64_t last;
	const void *owner; /* who made it: the caller's */
};

/* An entry in the index: with the file that it comes from. */
struct index_item {
	const char *path;
	const struct index_entry *entry;
	bool hidden; /* of a file that cannot be read now */
};

/* The entries of one slot and key. */
struct index_group {
	uint32_t slot;
	struct slice key;
	struct index_item *items; /* sorted by path, then position */
	size_t count;
	void *data; /* the user's; freed by index_free() and when a group dies, through free_data */
};

struct index;
struct index *index_new(void (*free_data)(void *data));
void index_free(struct index *index); /* NULL is allowed */

void index_add(struct index *index, const char *path, const struct index_entry *entry, bool hidden);
void index_remove(struct index *index, const char *path, const struct index_entry *entry);

/* The group of a slot and key, or NULL. */
struct index_group *index_find(const struct index *index, uint32_t slot, struct slice key);

/* Calls back for every group of a slot, in order of their keys. */
void index_each(const struct index *index, uint32_t slot,
		void (*each)(void *context, struct index_group *group), void *context);

/* Calls back for every group that changed since the last call, in order of slot and key. */
void index_touched(struct index *index, void (*each)(void *context, struct index_group *group),
		   void *context);

#endif
