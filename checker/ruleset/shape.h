/*
 * Shapes: what a schema says about the values at a place, as far as expressions, paths and
 * identities need it. Inside ruleset/, and for check/ to follow keyed lists.
 *
 * A shape is a formula over subschemas: one of them, all of several, any of several. Formulas are
 * interned, so a recursive schema has finitely many and equal ones are the same pointer.
 */
#ifndef PLANLINT_RULESET_SHAPE_H
#define PLANLINT_RULESET_SHAPE_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cel_env;
struct cel_type;
struct doc_node;
struct schema;
struct shape;
struct shapes;
struct symbols;
struct bilingual; /* source/finding.h */

struct shape_field {
	struct slice name;
	const struct shape *shape;
	bool required;
};

/*
 * Shapes live in `arena`. `env` is where object types get their fields, `symbols` where the names
 * of members get theirs.
 */
struct shapes *shapes_new(struct arena *arena, struct cel_env *env, struct symbols *symbols);
void shapes_free(struct shapes *shapes); /* the tables for building; shapes stay */

/* The shape of a schema's root; of anything at all where it is NULL. */
const struct shape *shape_of_schema(struct shapes *shapes, const struct schema *schema);

/* A value of any of them. */
const struct shape *shape_either(struct shapes *shapes, const struct shape *a,
				 const struct shape *b);

/* The type by which expressions read it. */
const struct cel_type *shape_type(struct shapes *shapes, const struct shape *shape);

/* Works out everything that can be reached, after which shapes are only read. */
void shapes_complete(struct shapes *shapes, const struct shape *root);

/*
 * The shape of a member or item, NULL where there can be none: by name (also what the schema leaves
 * open), of any item. After shapes_complete() safe for any number of threads.
 */
const struct shape *shape_member(const struct shape *shape, struct slice name);
const struct shape *shape_items(const struct shape *shape);

/* The same for a node of a document that was read with the symbols of the ruleset: by symbol. */
const struct shape *shape_below(const struct shape *shape, const struct doc_node *child);

/* The members that are known by name; those that are not are of the shape `rest` (NULL: none). */
const struct shape_field *shape_fields(const struct shape *shape, size_t *count);
const struct shape *shape_rest(const struct shape *shape);

/* x-planlint-key of a list: the field that identifies an item; empty where there is none. */
struct slice shape_list_key(const struct shape *shape);

/* The schema's title of such a value, NULL where it has none. It lives as long as the schema. */
const struct bilingual *shape_title(const struct shape *shape);

/* x-planlint-type: date, and nothing else but null. */
bool shape_is_date(const struct shape *shape);

#endif
