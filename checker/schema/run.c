/*
 * The state of one evaluation, and what it is asked: symbols, marks, the dynamic scope. The running
 * itself is evaluate.c.
 */
#include "schema/evaluate.h"

#include <string.h>

enum {
	STEPS_BASE = 4 * 1000 * 1000,
	STEPS_PER_NODE = 512,
};

void run_init(struct run *run, const struct schema *schema, const struct document *document,
	      struct arena *scratch)
{
	*run = (struct run){
		.schema = schema,
		.symbols = document->symbols == schema->set->symbols ? NULL : schema->set->symbols,
		.scratch = scratch,
		.steps = STEPS_BASE + (int64_t)document->node_count * STEPS_PER_NODE,
	};
}

uint32_t run_symbol(const struct run *run, const struct doc_key *key)
{
	return run->symbols ? symbols_find(run->symbols, key->text, key->len) : key->symbol;
}

struct doc_node run_key_node(const struct doc_key *key)
{
	return (struct doc_node){
		.type = DOC_STRING,
		.flags = DOC_QUOTED,
		.count = (uint32_t)text_code_points(key->text, key->len),
		.size = 1,
		.span = key->span,
		.text = key->text,
		.len = key->len,
	};
}

/* The outermost resource of the dynamic scope that has the anchor (core 8.2.3.2). */
const struct schema_node *run_dynamic_target(const struct run *run,
					     const struct dynamic_detail *dynamic)
{
	const struct schema_node *outermost = NULL;

	for (const struct scope *scope = run->scope; scope; scope = scope->around)
		for (uint32_t i = 0; i < dynamic->count; i++)
			if (dynamic->resources[i] == scope->resource)
				outermost = dynamic->nodes[i];
	return outermost;
}

/* --- marks: annotations of the applicators to children (JSON Schema 2020-12 core 11) */

void marks_init(struct marks *marks, struct run *run, const struct doc_node *node)
{
	marks->words = node->count / 64 + 1;
	marks->first = 0;
	marks->bits = marks->words == 1 ? &marks->first
					: arena_array(run->scratch, marks->words, sizeof(uint64_t));
}

void marks_set(struct marks *marks, uint32_t index)
{
	marks->bits[index / 64] |= (uint64_t)1 << index % 64;
}

bool marks_has(const struct marks *marks, uint32_t index)
{
	return marks->bits[index / 64] >> index % 64 & 1;
}

void marks_set_all(struct marks *marks)
{
	memset(marks->bits, 0xff, marks->words * sizeof(uint64_t));
}

void marks_add(struct marks *marks, const struct marks *more)
{
	for (uint32_t i = 0; i < marks->words; i++)
		marks->bits[i] |= more->bits[i];
}
