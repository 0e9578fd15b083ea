/*
 * What a keyword's value means, worked out once: limits as exact decimals, lists of values, sets of
 * texts, the possible targets of references at run time.
 *
 * A $dynamicRef (JSON Schema 2020-12 core 8.2.3.2) or $recursiveRef (2019-09 core 8.2.4.2.1) is an
 * ordinary reference unless more than one resource of this graph has the anchor; only then does
 * the path of evaluation decide, and the graph gets all of the targets.
 */
#include "schema/evaluate.h"
#include "schema/format.h"
#include "schema/text_set.h"

#include <string.h>

/* --- sets of texts */

enum {
	TEXT_SET_LINEAR = 3, /* so few are compared one by one */
	TEXT_SET_PROBES = 16,
};

/* False where a text needs more probes than a good hash would. */
static bool fill_slots(const struct text_set *set, uint32_t *slots)
{
	memset(slots, 0, ((size_t)set->mask + 1) * sizeof(*slots));
	for (uint32_t i = 0; i < set->count; i++) {
		uint32_t slot = text_set_hash(set, set->texts[i].data, set->texts[i].len) &
				set->mask;
		unsigned probes = 0;

		while (slots[slot] && !slice_equal(set->texts[slots[slot] - 1], set->texts[i])) {
			slot = (slot + 1) & set->mask;
			if (++probes > TEXT_SET_PROBES && !set->is_keyed)
				return false;
		}
		slots[slot] = i + 1;
	}
	return true;
}

static const struct text_set *text_set_new(struct arena *arena, const struct values_detail *values)
{
	struct text_set *set = arena_new(arena, struct text_set);
	struct slice *texts = arena_array(arena, values->count, sizeof(*texts));
	uint32_t *slots;

	for (uint32_t i = 0; i < values->count; i++)
		if (values->values[i]->type == DOC_STRING)
			texts[set->count++] = doc_text(values->values[i]);
	set->texts = texts;
	if (set->count <= TEXT_SET_LINEAR)
		return set;
	set->mask = 1;
	while (set->mask < 2 * set->count)
		set->mask = set->mask * 2 + 1;
	slots = arena_array(arena, (size_t)set->mask + 1, sizeof(*slots));
	set->is_keyed = false;
	if (!fill_slots(set, slots)) {
		set->is_keyed = true;
		fill_slots(set, slots);
	}
	set->slots = slots;
	return set;
}

/* --- values */

static const struct limit_detail *limit_of(struct arena *arena, const struct doc_node *value)
{
	struct limit_detail *limit = arena_new(arena, struct limit_detail);

	if ((value->type != DOC_INTEGER && value->type != DOC_NUMBER) ||
	    !decimal_parse(&limit->decimal, value->text, value->len))
		return NULL;
	limit->is_int64 = decimal_to_int64(&limit->decimal, &limit->integer);
	return limit;
}

/* draft-04: exclusiveMinimum: true beside minimum (draft-04 validation 5.1.3). */
static const void *limit_with_flag(struct schema *schema, const struct schema_node *node,
				   const struct schema_keyword *keyword, const char *flag)
{
	const struct doc_node *exclusive = doc_get(node->place, flag);
	struct limit_detail *limit = (struct limit_detail *)limit_of(&schema->set->arena,
								     keyword->value);

	if (limit && node->resource->dialect->bit == D4)
		limit->exclusive = doc_is(exclusive, DOC_BOOLEAN) && exclusive->integer;
	return limit;
}

static const void *exclusive_limit(struct schema *schema, const struct schema_keyword *keyword)
{
	struct limit_detail *limit = (struct limit_detail *)limit_of(&schema->set->arena,
								     keyword->value);

	if (limit)
		limit->exclusive = true;
	return limit;
}

static const struct values_detail *values_of(struct arena *arena, const struct doc_node *value,
					     bool is_list)
{
	struct values_detail *detail = arena_new(arena, struct values_detail);

	if (is_list && value->type != DOC_ARRAY)
		return NULL;
	detail->values = arena_array(arena, is_list ? value->count : 1, sizeof(*detail->values));
	if (!is_list)
		detail->values[detail->count++] = value;
	for (const struct doc_node *item = is_list ? doc_first(value) : NULL; item;
	     item = doc_next(item))
		detail->values[detail->count++] = item;
	for (uint32_t i = 0; i < detail->count; i++)
		detail->doc_types |= (uint8_t)(1 << detail->values[i]->type);
	if (detail->doc_types & (1 << DOC_STRING))
		detail->texts = text_set_new(arena, detail);
	values_index(detail, arena);
	return detail;
}

const void *program_detail(struct schema *schema, const struct schema_node *node,
			   const struct schema_keyword *keyword)
{
	struct arena *arena = &schema->set->arena;

	switch ((int)keyword->id) {
	case SCHEMA_KEYWORD_MULTIPLE_OF:
		return limit_of(arena, keyword->value);
	case SCHEMA_KEYWORD_MINIMUM:
		return limit_with_flag(schema, node, keyword, "exclusiveMinimum");
	case SCHEMA_KEYWORD_MAXIMUM:
		return limit_with_flag(schema, node, keyword, "exclusiveMaximum");
	case SCHEMA_KEYWORD_EXCLUSIVE_MINIMUM:
	case SCHEMA_KEYWORD_EXCLUSIVE_MAXIMUM:
		return exclusive_limit(schema, keyword);
	case SCHEMA_KEYWORD_CONST:
		return values_of(arena, keyword->value, false);
	case SCHEMA_KEYWORD_ENUM:
		return values_of(arena, keyword->value, true);
	case SCHEMA_KEYWORD_FORMAT:
		return format_find(doc_text(keyword->value));
	default:
		return NULL;
	}
}

/* --- references at run time */

const void *program_dynamic(struct schema *schema, const struct schema_node *initial,
			    const struct target *target, enum schema_keyword_id id)
{
	const char *name = id == SCHEMA_KEYWORD_RECURSIVE_REF ? "" : target->anchor.data;
	struct dynamic_detail *dynamic;

	/* the first target must have the anchor too ("bookending") */
	if (!name || g_hash_table_lookup(target->resource->dynamic_anchors, name) != initial->place)
		return NULL;
	dynamic = arena_new(&schema->set->arena, struct dynamic_detail);
	dynamic->name = name;
	g_ptr_array_add(schema->dynamic, dynamic);
	return dynamic;
}

/* Resources that some node of the graph belongs to. */
static GPtrArray *reached_resources(const struct schema *schema)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_direct_hash, g_direct_equal);
	GPtrArray *resources = g_ptr_array_new();

	for (guint i = 0; i < schema->queue->len; i++) {
		const struct schema_node *node = g_ptr_array_index(schema->queue, i);

		if (g_hash_table_add(seen, (gpointer)node->resource))
			g_ptr_array_add(resources, (gpointer)node->resource);
	}
	return resources;
}

void program_complete_dynamic(struct schema *schema)
{
	g_autoptr(GPtrArray) resources = schema->dynamic->len ? reached_resources(schema) : NULL;
	struct arena *arena = &schema->set->arena;

	for (guint d = 0; d < schema->dynamic->len; d++) {
		struct dynamic_detail *dynamic = g_ptr_array_index(schema->dynamic, d);

		dynamic->count = 0;
		dynamic->resources = arena_array(arena, resources->len,
						 sizeof(*dynamic->resources));
		dynamic->nodes = arena_array(arena, resources->len, sizeof(*dynamic->nodes));
		for (guint i = 0; i < resources->len; i++) {
			const struct schema_resource *resource = g_ptr_array_index(resources, i);
			const struct doc_node *place = g_hash_table_lookup(
				resource->dynamic_anchors, dynamic->name);

			if (!place)
				continue;
			dynamic->resources[dynamic->count] = resource;
			dynamic->nodes[dynamic->count++] = compile_node(schema, resource->document,
									place, resource);
		}
		if (dynamic->count > 1)
			schema->is_dynamic = true;
	}
}
