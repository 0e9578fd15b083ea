/*
 * Running programs. Internal: for schema_is_valid() and for reports, which ask about branches.
 */
#ifndef PLANLINT_SCHEMA_EVALUATE_H
#define PLANLINT_SCHEMA_EVALUATE_H

#include "schema/program.h"

/* Which children of one instance were evaluated: a bit each. */
struct marks {
	uint64_t *bits;
	uint32_t words;
	uint64_t first; /* `bits` where one word is enough */
};

struct scope {
	const struct schema_resource *resource;
	const struct scope *around;
};

/* The state of one evaluation. */
struct run {
	const struct schema *schema;
	const struct symbols *symbols; /* NULL: keys carry the schema's symbols */
	struct arena *scratch;
	const struct scope *scope; /* resources entered, the innermost first */
	struct marks *marks;       /* of the instance that a tracked program runs on */
	int64_t steps;             /* left */
	bool gave_up;              /* too many steps, too deep, or a pattern beyond its limits */
};

void run_init(struct run *run, const struct schema *schema, const struct document *document,
	      struct arena *scratch);

/* Whether a subschema holds for an instance. `depth` counts calls within each other. */
bool run_holds(struct run *run, const struct schema_code *code, const struct doc_node *node,
	       unsigned depth);

/* The same, marking in run->marks the children that it evaluated where it holds. */
bool run_marks(struct run *run, const struct schema_code *code, const struct doc_node *node,
	       unsigned depth);

/* The subschema that a reference at run time leads to now. */
const struct schema_node *run_dynamic_target(const struct run *run,
					     const struct dynamic_detail *dynamic);

/* The symbol of a member's key in the schema's table. */
uint32_t run_symbol(const struct run *run, const struct doc_key *key);

/* A node that is the text of a key, for propertyNames. */
struct doc_node run_key_node(const struct doc_key *key);

/* Marks for the children of an instance, from the scratch arena where they are many. */
void marks_init(struct marks *marks, struct run *run, const struct doc_node *node);
void marks_set(struct marks *marks, uint32_t index);
bool marks_has(const struct marks *marks, uint32_t index);
void marks_set_all(struct marks *marks);
void marks_add(struct marks *marks, const struct marks *more);

/* Single assertions that reports ask about too. */
bool limit_holds_minimum(const struct limit_detail *limit, const struct doc_node *number);
bool limit_holds_maximum(const struct limit_detail *limit, const struct doc_node *number);
bool limit_holds_multiple(const struct limit_detail *limit, const struct doc_node *number);
bool value_is_integral(const struct doc_node *number);
bool value_is_in(const struct values_detail *values, const struct doc_node *value);

/* Prepares a long list for value_is_in(). */
void values_index(struct values_detail *values, struct arena *arena);
bool value_is_date(const struct doc_node *value);

/* The first two equal items; false where all differ. Uses the scratch arena. */
bool value_find_duplicate(struct run *run, const struct doc_node *array,
			  const struct doc_node **first, const struct doc_node **second);

#endif
