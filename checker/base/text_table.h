/*
 * Things by their names or keys: a table from texts to pointers that only grows, for few texts as
 * well as for many. For every folder.
 *
 * Texts and values are the caller's and live as long as the table, whose memory is an arena's. A
 * zeroed table is empty.
 */
#ifndef PLANLINT_BASE_TEXT_TABLE_H
#define PLANLINT_BASE_TEXT_TABLE_H

#include "base/arena.h"
#include "base/text.h"

#include <stdint.h>

/* A text that is in a table. */
struct text_place {
	struct slice text; /* as it was put there */
	const void *value;
	uint64_t hash; /* of the text; only where there are many */
};

struct text_table {
	struct text_place *places; /* in the order in which they came */
	uint32_t count, room;
	uint32_t *slots; /* numbers of places from 1, 0: free; at most half full. NULL: few */
	uint32_t slot_mask;
};

/* The place of a text, or NULL. */
const struct text_place *text_table_find(const struct text_table *table, struct slice text);

/* Puts a text that is not in it yet. */
void text_table_add(struct text_table *table, struct arena *arena, struct slice text,
		    const void *value);

#endif
