/*
 * Reports of the keywords about children: members and their names, items. report.c calls them as
 * the keywords come along.
 */
#include "schema/report.h"

#include "base/regex.h"

static void report_child(struct reporter *reporter, const struct spot *spot,
			 const struct schema_keyword *keyword, const struct schema_node *node,
			 const struct doc_node *child, struct slice name, int64_t index)
{
	struct path path = {spot->path, schema_keyword_name(keyword->id), name, index};
	struct spot inner = {node, child, &path, NULL, spot->depth + 1};

	fault_node(reporter, &inner);
}

static const struct slice no_name = {0};

static void mark(const struct spot *spot, uint32_t index)
{
	if (spot->marks)
		marks_set(spot->marks, index);
}

static const struct schema_branch *branch_of(const struct schema_keyword *keyword, uint32_t symbol)
{
	for (uint32_t i = 0; keyword && i < keyword->count; i++)
		if (keyword->branches[i].symbol == symbol)
			return &keyword->branches[i];
	return NULL;
}

static bool is_never(const struct schema_node *node)
{
	return node->is_boolean && !node->accepts;
}

/* patternProperties on one member; whether any pattern is about it. */
static bool report_patterns(struct reporter *reporter, const struct spot *spot,
			    const struct schema_keyword *keyword, const struct doc_node *member)
{
	bool matched = false;

	for (uint32_t i = 0; keyword && i < keyword->count; i++) {
		const struct schema_branch *branch = &keyword->branches[i];
		enum regex_result result = REGEX_NO_MATCH;

		if (branch->pattern)
			result = regex_search(branch->pattern, doc_key_text(member));
		if (result == REGEX_LIMIT)
			reporter->run.gave_up = true;
		if (result != REGEX_MATCH)
			continue;
		matched = true;
		report_child(reporter, spot, keyword, branch->schema, member, branch->name, -1);
	}
	return matched;
}

/* properties, patternProperties and additionalProperties, as the first of them comes along. */
void children_members(struct reporter *reporter, const struct spot *spot)
{
	const struct schema_node *node = spot->node;
	const struct schema_keyword *properties = schema_keyword(node, SCHEMA_KEYWORD_PROPERTIES);
	const struct schema_keyword *patterns = schema_keyword(node,
							       SCHEMA_KEYWORD_PATTERN_PROPERTIES);
	const struct schema_keyword *additional = schema_keyword(
		node, SCHEMA_KEYWORD_ADDITIONAL_PROPERTIES);
	uint32_t index = 0;

	for (const struct doc_node *member = doc_first(spot->instance); member;
	     member = doc_next(member), index++) {
		uint32_t symbol = run_symbol(&reporter->run, member->key);
		const struct schema_branch *branch = symbol ? branch_of(properties, symbol) : NULL;
		bool matched = branch != NULL;

		if (branch)
			report_child(reporter, spot, properties, branch->schema, member,
				     branch->name, -1);
		matched |= report_patterns(reporter, spot, patterns, member);
		if (matched || additional)
			mark(spot, index);
		if (matched || !additional)
			continue;
		if (is_never(additional->schema))
			say_unknown(reporter, spot, additional, member);
		else
			report_child(reporter, spot, additional, additional->schema, member,
				     no_name, -1);
	}
}

void children_names(struct reporter *reporter, const struct spot *spot,
		    const struct schema_keyword *keyword)
{
	for (const struct doc_node *member = doc_first(spot->instance); member;
	     member = doc_next(member)) {
		struct doc_node name = run_key_node(member->key);
		struct doc_node *kept;

		if (run_holds(&reporter->run, keyword->schema->code, &name, spot->depth))
			continue;
		kept = arena_new(reporter->arena, struct doc_node);
		*kept = name;
		reporter->named = member;
		report_child(reporter, spot, keyword, keyword->schema, kept, no_name, -1);
		reporter->named = NULL;
	}
}

static const struct doc_node *member_of(const struct reporter *reporter,
					const struct doc_node *object, uint32_t symbol)
{
	for (const struct doc_node *member = doc_first(object); member; member = doc_next(member))
		if (run_symbol(&reporter->run, member->key) == symbol)
			return member;
	return NULL;
}

void children_required(struct reporter *reporter, const struct spot *spot,
		       const struct schema_keyword *keyword)
{
	for (uint32_t i = 0; i < keyword->count; i++)
		if (!member_of(reporter, spot->instance, keyword->branches[i].symbol))
			say_missing(reporter, spot, keyword, &keyword->branches[i]);
}

void children_dependencies(struct reporter *reporter, const struct spot *spot,
			   const struct schema_keyword *keyword)
{
	for (uint32_t i = 0; i < keyword->count; i++) {
		const struct schema_branch *branch = &keyword->branches[i];
		const struct doc_node *trigger = member_of(reporter, spot->instance,
							   branch->symbol);

		if (!trigger)
			continue;
		if (branch->schema)
			fault_in_place(reporter, spot, keyword, branch->schema, branch->name, -1);
		for (uint32_t n = 0; n < branch->name_count; n++)
			if (!member_of(reporter, spot->instance, branch->names[n].symbol))
				say_missing_with(reporter, spot, keyword, &branch->names[n],
						 trigger);
	}
}

void children_items(struct reporter *reporter, const struct spot *spot,
		    const struct schema_keyword *prefix, const struct schema_keyword *rest)
{
	uint32_t index = 0;

	for (const struct doc_node *item = doc_first(spot->instance); item;
	     item = doc_next(item), index++) {
		const struct schema_keyword *keyword = prefix && index < prefix->count ? prefix
										       : rest;

		if (!keyword)
			return;
		mark(spot, index);
		if (keyword == prefix)
			report_child(reporter, spot, keyword, prefix->branches[index].schema, item,
				     no_name, index);
		else if (is_never(rest->schema))
			say_unexpected_item(reporter, spot, rest, item, prefix ? prefix->count : 0);
		else
			report_child(reporter, spot, keyword, rest->schema, item, no_name, -1);
	}
}

void children_contains(struct reporter *reporter, const struct spot *spot,
		       const struct schema_keyword *keyword)
{
	const struct schema_keyword *least = schema_keyword(spot->node,
							    SCHEMA_KEYWORD_MIN_CONTAINS);
	const struct schema_keyword *most = schema_keyword(spot->node, SCHEMA_KEYWORD_MAX_CONTAINS);
	const struct doc_node *surplus = NULL; /* the first entry that is one too many */
	uint32_t found = 0;
	uint32_t index = 0;

	for (const struct doc_node *item = doc_first(spot->instance); item;
	     item = doc_next(item), index++) {
		if (!run_holds(&reporter->run, keyword->schema->code, item, spot->depth))
			continue;
		found++;
		if (most && found > most->number && !surplus)
			surplus = item;
		if (spot->node->resource->dialect->bit == D20)
			mark(spot, index);
	}
	if (found < (least ? least->number : 1))
		say_contains(reporter, spot, least ? least : keyword, found, NULL);
	else if (surplus)
		say_contains(reporter, spot, most, found, surplus);
}

void children_unevaluated(struct reporter *reporter, const struct spot *spot,
			  const struct schema_keyword *keyword)
{
	uint32_t index = 0;
	uint32_t allowed = 0;

	for (const struct doc_node *child = doc_first(spot->instance); child;
	     child = doc_next(child), index++) {
		if (marks_has(spot->marks, index)) {
			allowed++;
			continue;
		}
		if (!is_never(keyword->schema))
			report_child(reporter, spot, keyword, keyword->schema, child, no_name, -1);
		else if (child->key)
			say_unknown(reporter, spot, keyword, child);
		else
			say_unexpected_item(reporter, spot, keyword, child, allowed);
	}
	marks_set_all(spot->marks);
}
