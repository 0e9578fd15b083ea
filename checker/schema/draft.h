/*
 * Writing programs: what program.c (building, applicators in place), draft_children.c and
 * draft_assert.c share. Internal.
 */
#ifndef PLANLINT_SCHEMA_DRAFT_H
#define PLANLINT_SCHEMA_DRAFT_H

#include "schema/program.h"

struct builder {
	struct schema *schema;
	struct arena *arena;
	GPtrArray *objects; /* struct object_rules, whose masks are filled in at the end */
	GQueue wanted;      /* struct schema_code whose tracked programs are called somewhere */
	unsigned depth;
};

/* One program while it is written. */
struct draft {
	struct builder *builder;
	const struct schema_node *node;
	GArray *instrs;
	enum doc_type type;
	enum flavor flavor;
	bool fails;
};

/* --- program.c */

/* Appends an instruction; valid until the next one. */
struct instr *draft_emit(struct draft *draft, enum op op);

/* The op for the draft's flavor; tracked ones stand right behind the plain ones. */
enum op draft_flavored(const struct draft *draft, enum op op);

/* The program of a subschema, built now, or a call of it. */
const struct instr *draft_build(struct builder *builder, struct schema_code *code,
				enum doc_type type, enum flavor flavor);

/* --- draft_children.c: the instructions for keywords about members and items */
void draft_object(struct draft *draft);
void draft_items(struct draft *draft);
void draft_contains(struct draft *draft, const struct schema_keyword *keyword);
void draft_names(struct draft *draft, const struct schema_keyword *keyword);

/* --- draft_assert.c: those for a keyword that asserts something of the value itself */
void draft_assertion(struct draft *draft, const struct schema_keyword *keyword);

#endif
