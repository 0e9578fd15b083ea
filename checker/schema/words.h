/*
 * Values of schemas and documents as they stand in messages. Internal.
 */
#ifndef PLANLINT_SCHEMA_WORDS_H
#define PLANLINT_SCHEMA_WORDS_H

#include "schema/graph.h"

enum {
	WORDS_LONG = 60,       /* code points of a value in a message; longer ones are cut */
	WORDS_LISTED = 12,     /* names in a list; the rest is "..." */
	WORDS_COMPARED = 1000, /* names among which the nearest is looked for */
};

/* A scalar as it is written, cut where it is long; empty for lists and groups of fields. */
struct slice words_value(struct arena *arena, const struct doc_node *value);
struct slice words_short(struct arena *arena, struct slice text);
struct slice words_quoted(struct arena *arena, struct slice text);

/* "a, b, c" */
struct slice words_values(struct arena *arena, const struct values_detail *values);
struct slice words_names(struct arena *arena, const struct slice *names, size_t count);

/* A text in the quotes, if any, of what it replaces. */
struct slice words_like(struct arena *arena, const struct source *source, struct span span,
			struct slice text);

/* "this must be text or a list", in both languages. */
const struct bilingual *words_types(struct arena *arena, uint8_t types);

/* The title of a subschema, NULL where it has none that can stand in a message. */
const struct bilingual *words_title(const struct schema_node *node);

/* The names of properties that a subschema knows, also through references and branches. */
GArray *words_known_names(const struct schema_node *node);

/* "or: A; B": the branches of a choice but one; NULL where they have no names. */
const struct bilingual *words_others(struct arena *arena, const struct schema_keyword *keyword,
				     uint32_t chosen);

#endif
