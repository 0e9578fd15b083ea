/*
 * Instructions for the keywords about members and items: one pass over the members decides
 * properties, patternProperties, additionalProperties and required together, one over the items
 * prefixItems and items.
 */
#include "schema/draft.h"

enum { REQUIRED_BITS = 64 };

/* NULL where it holds for everything. */
static const struct schema_code *child_code(const struct schema_node *node)
{
	return !node || (node->is_boolean && node->accepts) ? NULL : node->code;
}

static struct property_rule *slot_of(struct object_rules *rules, uint32_t symbol)
{
	struct property_rule *slots = (struct property_rule *)rules->slots;
	uint32_t at = symbol & rules->mask;

	while (slots[at].symbol && slots[at].symbol != symbol)
		at = (at + 1) & rules->mask;
	slots[at].symbol = symbol;
	return &slots[at];
}

static void add_patterns(struct draft *draft, struct object_rules *rules,
			 const struct schema_keyword *patterns)
{
	struct pattern_rule *list;

	if (!patterns)
		return;
	list = arena_array(draft->builder->arena, patterns->count, sizeof(*list));
	for (uint32_t i = 0; i < patterns->count; i++)
		list[i] = (struct pattern_rule){patterns->branches[i].pattern,
						child_code(patterns->branches[i].schema)};
	rules->patterns = list;
	rules->pattern_count = patterns->count;
}

/* Bits for the required names; those beyond the bits are looked for one by one. */
static void add_required(struct draft *draft, struct object_rules *rules,
			 const struct schema_keyword *required)
{
	for (uint32_t i = 0; required && i < required->count; i++) {
		uint32_t symbol = required->branches[i].symbol;
		struct property_rule *rule;

		if (rules->required_count == REQUIRED_BITS) {
			draft_emit(draft, OP_HAS)->number = symbol;
			continue;
		}
		rule = slot_of(rules, symbol);
		if (rule->required)
			continue;
		rule->required = (uint64_t)1 << rules->required_count++;
		rules->required |= rule->required;
	}
}

/* properties, patternProperties, additionalProperties, required: one pass over the members. */
void draft_object(struct draft *draft)
{
	const struct schema_node *node = draft->node;
	const struct schema_keyword *properties = schema_keyword(node, SCHEMA_KEYWORD_PROPERTIES);
	const struct schema_keyword *patterns = schema_keyword(node,
							       SCHEMA_KEYWORD_PATTERN_PROPERTIES);
	const struct schema_keyword *required = schema_keyword(node, SCHEMA_KEYWORD_REQUIRED);
	const struct schema_keyword *additional = schema_keyword(
		node, SCHEMA_KEYWORD_ADDITIONAL_PROPERTIES);
	uint32_t names = (properties ? properties->count : 0) + (required ? required->count : 0);
	struct object_rules *rules;

	if (!properties && !patterns && !additional && required && required->count == 1) {
		draft_emit(draft, OP_HAS)->number = required->branches[0].symbol;
		return;
	}
	if (!names && !patterns && !additional)
		return;
	rules = arena_new(draft->builder->arena, struct object_rules);
	rules->mask = 1;
	while (rules->mask < 2 * names)
		rules->mask = rules->mask * 2 + 1;
	rules->slots = arena_array(draft->builder->arena, (size_t)rules->mask + 1,
				   sizeof(*rules->slots));
	for (uint32_t i = 0; properties && i < properties->count; i++) {
		struct property_rule *rule = slot_of(rules, properties->branches[i].symbol);

		rule->is_known = true;
		rule->code = child_code(properties->branches[i].schema);
	}
	add_patterns(draft, rules, patterns);
	add_required(draft, rules, required);
	rules->has_additional = additional != NULL;
	rules->additional = additional ? child_code(additional->schema) : NULL;
	draft_emit(draft, draft_flavored(draft, OP_OBJECT))->object = rules;
	g_ptr_array_add(draft->builder->objects, rules);
}

/* prefixItems and items; up to 2019-09 items as a list and additionalItems. */
void draft_items(struct draft *draft)
{
	const struct schema_keyword *prefix = schema_keyword(draft->node,
							     SCHEMA_KEYWORD_PREFIX_ITEMS);
	const struct schema_keyword *items = schema_keyword(draft->node, SCHEMA_KEYWORD_ITEMS);
	const struct schema_keyword *rest = items;
	struct item_rules *rules;

	if (items && !items->schema) {
		prefix = items;
		rest = schema_keyword(draft->node, SCHEMA_KEYWORD_ADDITIONAL_ITEMS);
	}
	if (!prefix && !rest)
		return;
	rules = arena_new(draft->builder->arena, struct item_rules);
	rules->has_rest = rest != NULL;
	rules->rest = rest ? child_code(rest->schema) : NULL;
	rules->prefix_count = prefix ? prefix->count : 0;
	rules->prefix = arena_array(draft->builder->arena, rules->prefix_count,
				    sizeof(*rules->prefix));
	for (uint32_t i = 0; i < rules->prefix_count; i++)
		rules->prefix[i] = child_code(prefix->branches[i].schema);
	if (draft->flavor == PLAIN && !rules->rest && !rules->prefix_count)
		return;
	draft_emit(draft, draft_flavored(draft, OP_ITEMS))->items = rules;
}

void draft_contains(struct draft *draft, const struct schema_keyword *keyword)
{
	const struct schema_keyword *least = schema_keyword(draft->node,
							    SCHEMA_KEYWORD_MIN_CONTAINS);
	const struct schema_keyword *most = schema_keyword(draft->node,
							   SCHEMA_KEYWORD_MAX_CONTAINS);
	struct contains_rules *rules = arena_new(draft->builder->arena, struct contains_rules);

	rules->code = keyword->schema->code;
	rules->least = least ? least->number : 1;
	rules->most = most ? most->number : UINT32_MAX;
	rules->marks = draft->node->resource->dialect->bit == D20;
	if (rules->least || most || draft->flavor == TRACKED)
		draft_emit(draft, draft_flavored(draft, OP_CONTAINS))->contains = rules;
}

void draft_names(struct draft *draft, const struct schema_keyword *keyword)
{
	const struct instr *program = draft_build(draft->builder, keyword->schema->code, DOC_STRING,
						  PLAIN);

	if (program == program_reject)
		draft_emit(draft, OP_MAX_COUNT)->number = 0;
	else if (program != program_accept)
		draft_emit(draft, OP_NAMES)->code = keyword->schema->code;
}
