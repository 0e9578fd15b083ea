/*
 * How shapes are worked out and kept. For shape*.c only.
 */
#ifndef PLANLINT_RULESET_SHAPE_VIEW_H
#define PLANLINT_RULESET_SHAPE_VIEW_H

#include "ruleset/shape.h"

#include <glib.h>

struct cel_type;
struct schema_node;

enum {
	SHAPE_DATE = 1 << 7, /* beside enum schema_type */
	SHAPE_DEPTH = 48,
};

enum shape_op {
	SHAPE_ANY,  /* whatever there is */
	SHAPE_NODE, /* one subschema */
	SHAPE_ALL,  /* all parts */
	SHAPE_ONE,  /* some part */
};

/* The shape of a member by the symbol of its name. */
struct shape_slot {
	uint32_t symbol; /* SYMBOL_NONE: free */
	const struct shape *shape;
};

/* What is asked about every document stands first. */
struct shape {
	unsigned types;                 /* enum schema_type and SHAPE_DATE */
	uint32_t slot_mask;             /* their number, a power of two, less one */
	const struct shape_slot *slots; /* of the fields, at most half full; NULL: no field */
	const struct shape *rest;       /* members not listed; NULL: none */
	const struct shape *items;      /* NULL: none */
	struct slice list_key;

	enum { UNSEEN, VIEWING, SEEN } state;
	bool completed;
	struct shape_field *fields; /* sorted by name */
	size_t field_count;
	const struct slice *values; /* of strings, the only ones; NULL: any */
	size_t value_count;
	const struct bilingual *title; /* NULL: none */
	uint64_t max_items;
	const struct cel_type *type;

	enum shape_op op;
	unsigned number; /* in the order of making: names it in the keys of others */
	const struct schema_node *node;
	const struct shape *const *parts;
	size_t part_count;
};

struct shapes {
	struct arena *arena;
	struct cel_env *env;
	struct symbols *symbols;
	GHashTable *interned; /* key -> struct shape */
	unsigned count;
	int depth;
};

/* What one view gathers; becomes the fields of a shape. */
struct view {
	unsigned types;
	const struct slice *values;
	size_t value_count;
	GArray *fields; /* of struct shape_field, unsorted */
	const struct shape *rest;
	const struct shape *items;
	struct slice list_key;
	const struct bilingual *title; /* NULL: none */
	uint64_t max_items;
};

/* shape.c: formulas. One subschema; what fits both; anything at all. */
extern const struct shape shape_any;
const struct shape *shape_of_node(struct shapes *shapes, const struct schema_node *node);
const struct shape *shape_both(struct shapes *shapes, const struct shape *a, const struct shape *b);

/* Works out a shape, once. */
void shape_see(struct shapes *shapes, const struct shape *shape);

/* shape_view.c: what a subschema says, or the parts of a formula; the caller frees the fields. */
struct view view_open(void); /* of anything at all */
void view_node(struct shapes *shapes, struct view *out, const struct schema_node *node);
void view_parts(struct shapes *shapes, struct view *out, const struct shape *shape);

#endif
