/*
 * What is wrong with objects, lists and whole branches: missing and unknown fields, entries, what
 * must not be, and the words around a chosen branch. See report_words.c for single values.
 */
#include "schema/report.h"
#include "schema/words.h"
#include "source/message.h"

#include <string.h>

static struct slice number_text(struct reporter *reporter, uint32_t number)
{
	return slice_of(arena_printf(reporter->arena, "%u", (unsigned)number));
}

static void relate(struct reporter *reporter, struct finding *finding, struct span span,
		   struct phrase label)
{
	struct related *related = arena_array(reporter->arena, finding->related_count + 1,
					      sizeof(*related));

	for (size_t i = 0; i < finding->related_count; i++)
		related[i] = finding->related[i];
	related[finding->related_count].source = reporter->document->source;
	related[finding->related_count].span = span;
	related[finding->related_count].label = label;
	finding->related = related;
	finding->related_count++;
}

/* --- fields */

void say_missing(struct reporter *reporter, const struct spot *spot,
		 const struct schema_keyword *keyword, const struct schema_branch *name)
{
	struct finding *finding = fault_add(reporter, spot, keyword, FINDING_MISSING_PROPERTY);

	finding->message = phrase_make(reporter->arena, MESSAGE_SCHEMA_MISSING, 1, name->name);
	finding->label = phrase_make(reporter->arena, MESSAGE_SCHEMA_MISSING_ADD, 1, name->name);
}

void say_missing_with(struct reporter *reporter, const struct spot *spot,
		      const struct schema_keyword *keyword, const struct schema_branch *name,
		      const struct doc_node *trigger)
{
	struct finding *finding = fault_add(reporter, spot, keyword, FINDING_MISSING_PROPERTY);

	finding->message = phrase_make(reporter->arena, MESSAGE_SCHEMA_MISSING_WITH, 2, name->name,
				       doc_key_text(trigger));
	finding->label = phrase_make(reporter->arena, MESSAGE_SCHEMA_MISSING_ADD, 1, name->name);
	relate(reporter, finding, trigger->key->span,
	       phrase_make(reporter->arena, MESSAGE_SCHEMA_MISSING_TRIGGER, 1, name->name));
}

/* Names that are not there yet: the one that was meant is among them. */
static void drop_present(const struct reporter *reporter, GArray *names,
			 const struct doc_node *object)
{
	(void)reporter;
	for (guint i = 0; i < names->len;) {
		struct slice name = g_array_index(names, struct slice, i);

		if (doc_member(object, name.data, name.len))
			g_array_remove_index(names, i);
		else
			i++;
	}
}

static void offer_name(struct reporter *reporter, struct finding *finding,
		       const struct doc_node *member, struct slice name)
{
	struct edit *edit;

	finding->hint = phrase_make(reporter->arena, MESSAGE_SCHEMA_WRITE, 1, name);
	if (member->flags & DOC_COPIED)
		return;
	edit = arena_new(reporter->arena, struct edit);
	edit->span = member->key->span;
	edit->text = words_like(reporter->arena, reporter->document->source, edit->span, name);
	finding->fix = FIX_UNSAFE;
	finding->edits = edit;
	finding->edit_count = 1;
}

/* Faults with a suggestion: finding one takes a look at every field, and nobody reads more. */
enum { SUGGESTED_MAX = 100 };

void say_unknown(struct reporter *reporter, const struct spot *spot,
		 const struct schema_keyword *keyword, const struct doc_node *member)
{
	struct finding *finding = fault_add(reporter, spot, keyword, FINDING_UNKNOWN_PROPERTY);
	g_autoptr(GArray) names = words_known_names(spot->node);
	bool any = names->len > 0;
	struct slice word = doc_key_text(member);
	ptrdiff_t nearest = -1;

	finding->message = phrase_make(reporter->arena, MESSAGE_SCHEMA_UNKNOWN_FIELD, 1,
				       words_short(reporter->arena, word));
	fault_point(reporter, finding, member, member->key->span);
	if (reporter->list->count > SUGGESTED_MAX)
		return;
	drop_present(reporter, names, spot->instance);
	if (word.len >= 3 && word.len <= WORDS_LONG)
		nearest = text_nearest(word, (const struct slice *)(void *)names->data, names->len);
	if (nearest >= 0)
		offer_name(reporter, finding, member, g_array_index(names, struct slice, nearest));
	else if (names->len)
		finding->label = phrase_make(reporter->arena, MESSAGE_SCHEMA_KNOWN_FIELDS, 1,
					     words_names(reporter->arena,
							 (const struct slice *)(void *)names->data,
							 names->len));
	else if (!any)
		finding->label = phrase_make(reporter->arena, MESSAGE_SCHEMA_NO_FIELDS, 0);
}

/* --- entries */

void say_duplicate(struct reporter *reporter, const struct spot *spot,
		   const struct schema_keyword *keyword, const struct doc_node *first,
		   const struct doc_node *second)
{
	struct finding *finding = fault_add(reporter, spot, keyword, FINDING_DUPLICATE_ITEM);

	finding->message = phrase_make(reporter->arena, MESSAGE_SCHEMA_DUPLICATE, 0);
	fault_point(reporter, finding, second, fault_place(second));
	relate(reporter, finding, fault_place(first),
	       phrase_make(reporter->arena, MESSAGE_SCHEMA_DUPLICATE_FIRST, 0));
}

/* The value or values that a subschema allows, as const or enum; NULL: it says no such thing. */
static const struct values_detail *wanted_values(const struct schema_node *node)
{
	const struct schema_keyword *keyword = schema_keyword(node, SCHEMA_KEYWORD_CONST);

	if (!keyword)
		keyword = schema_keyword(node, SCHEMA_KEYWORD_ENUM);
	return keyword ? keyword->detail : NULL;
}

/* Whether an entry of a list has one of the values in a field. */
static bool has_entry_with(const struct doc_node *list, struct slice name,
			   const struct values_detail *values)
{
	for (const struct doc_node *item = doc_first(list); item; item = doc_next(item)) {
		const struct doc_node *member = doc_is(item, DOC_OBJECT)
							? doc_member(item, name.data, name.len)
							: NULL;

		if (member && value_is_in(values, member))
			return true;
	}
	return false;
}

/* The first field that a subschema wants to have a value that no entry has in it; NULL: none. */
static const struct schema_branch *wanted_field(const struct schema_node *node,
						const struct doc_node *list)
{
	const struct schema_keyword *fields = schema_keyword(node, SCHEMA_KEYWORD_PROPERTIES);

	for (uint32_t i = 0; fields && i < fields->count; i++) {
		const struct schema_branch *field = &fields->branches[i];
		const struct values_detail *values = wanted_values(field->schema);

		if (values && !has_entry_with(list, field->name, values))
			return field;
	}
	return NULL;
}

/* No entry is what `contains` asks for: which one that is, where its subschema says it. */
static void say_contains_none(struct reporter *reporter, const struct spot *spot,
			      struct finding *finding, const struct schema_node *node)
{
	const struct values_detail *values = wanted_values(node);
	const struct schema_branch *field = values ? NULL : wanted_field(node, spot->instance);
	struct slice listed = {0};

	if (field)
		values = wanted_values(field->schema);
	if (values)
		listed = words_values(reporter->arena, values);
	if (!listed.len) {
		finding->message = phrase_make(reporter->arena, MESSAGE_SCHEMA_CONTAINS_NONE, 0);
	} else if (field) {
		finding->message = phrase_make(reporter->arena, MESSAGE_SCHEMA_CONTAINS_FIELD, 2,
					       words_short(reporter->arena, field->name), listed);
	} else if (values->count == 1) {
		finding->message = phrase_make(reporter->arena, MESSAGE_SCHEMA_CONTAINS_VALUE, 1,
					       listed);
		finding->hint = phrase_make(reporter->arena, MESSAGE_SCHEMA_ENTRY, 1, listed);
	} else {
		finding->message = phrase_make(reporter->arena, MESSAGE_SCHEMA_CONTAINS_ONE_OF, 1,
					       listed);
	}
}

void say_contains(struct reporter *reporter, const struct spot *spot,
		  const struct schema_keyword *keyword, uint32_t found,
		  const struct doc_node *surplus)
{
	struct finding *finding = fault_add(reporter, spot, keyword, FINDING_ITEM_COUNT);
	const struct schema_keyword *contains = schema_keyword(spot->node, SCHEMA_KEYWORD_CONTAINS);

	finding->label.words = words_title(contains->schema);
	if (surplus) {
		fault_point(reporter, finding, surplus, fault_place(surplus));
		finding->message = phrase_make(reporter->arena, MESSAGE_SCHEMA_CONTAINS_MANY, 2,
					       number_text(reporter, found),
					       number_text(reporter, keyword->number));
	} else if (keyword->id == SCHEMA_KEYWORD_MIN_CONTAINS && keyword->number > 1) {
		finding->message = phrase_make(reporter->arena, MESSAGE_SCHEMA_CONTAINS_FEW, 2,
					       number_text(reporter, found),
					       number_text(reporter, keyword->number));
	} else {
		say_contains_none(reporter, spot, finding, contains->schema);
	}
}

void say_unexpected_item(struct reporter *reporter, const struct spot *spot,
			 const struct schema_keyword *keyword, const struct doc_node *item,
			 uint32_t allowed)
{
	struct finding *finding = fault_add(reporter, spot, keyword, FINDING_UNEXPECTED_ITEM);

	finding->message = phrase_make(reporter->arena, MESSAGE_SCHEMA_ITEM_UNEXPECTED, 1,
				       number_text(reporter, allowed));
	fault_point(reporter, finding, item, fault_place(item));
}

/* --- what must not be */

/* The value in quotes where it can be shown, else "this". */
static struct phrase not_allowed(struct reporter *reporter, const struct doc_node *value)
{
	struct slice text = words_value(reporter->arena, value);

	return text.len ? phrase_make(reporter->arena, MESSAGE_SCHEMA_NOT_ALLOWED_VALUE, 1, text)
			: phrase_make(reporter->arena, MESSAGE_SCHEMA_NOT_ALLOWED, 0);
}

void say_not_allowed(struct reporter *reporter, const struct spot *spot)
{
	struct finding *finding = fault_add(reporter, spot, NULL, FINDING_NOT_ALLOWED);
	const struct doc_node *member = reporter->named ? reporter->named : spot->instance;

	if (!member->key) {
		finding->message = not_allowed(reporter, member);
		return;
	}
	finding->message = phrase_make(reporter->arena, MESSAGE_SCHEMA_NOT_ALLOWED_FIELD, 1,
				       words_short(reporter->arena, doc_key_text(member)));
	finding->span = member->key->span;
}

/* `not: {required: [a, b]}`: the fields exclude each other, or one must not be there. */
static bool say_not_required(struct reporter *reporter, const struct spot *spot,
			     struct finding *finding, const struct schema_node *node)
{
	const struct schema_keyword *required = schema_keyword(node, SCHEMA_KEYWORD_REQUIRED);
	const struct doc_node *member = NULL;
	struct slice names[WORDS_LISTED];
	uint32_t count = 0;

	if (node->is_boolean || !required || !required->count ||
	    spot->instance->type != DOC_OBJECT || required->count > WORDS_LISTED)
		return false;
	for (uint32_t i = 0; i < required->count; i++) {
		names[count++] = required->branches[i].name;
		member = doc_member(spot->instance, names[i].data, names[i].len);
		if (!member)
			return false;
	}
	fault_point(reporter, finding, member, member->key->span);
	finding->message = count == 1 ? phrase_make(reporter->arena,
						    MESSAGE_SCHEMA_NOT_ALLOWED_FIELD, 1, *names)
				      : phrase_make(reporter->arena, MESSAGE_SCHEMA_NOT_TOGETHER, 1,
						    words_names(reporter->arena, names, count));
	return true;
}

void say_not(struct reporter *reporter, const struct spot *spot,
	     const struct schema_keyword *keyword)
{
	struct finding *finding = fault_add(reporter, spot, keyword, FINDING_NOT_ALLOWED);

	if (say_not_required(reporter, spot, finding, keyword->schema))
		return;
	finding->message = not_allowed(reporter, spot->instance);
	finding->label.words = words_title(keyword->schema);
}

/* --- branches */

void say_several(struct reporter *reporter, const struct spot *spot,
		 const struct schema_keyword *keyword, uint32_t first, uint32_t second)
{
	struct finding *finding = fault_add(reporter, spot, keyword, FINDING_SEVERAL_VARIANTS);
	struct schema_branch both[2] = {keyword->branches[first], keyword->branches[second]};
	struct schema_keyword chosen = {.branches = both, .count = 2};

	finding->message = phrase_make(reporter->arena, MESSAGE_SCHEMA_SEVERAL, 0);
	finding->label.words = words_others(reporter->arena, &chosen, 2);
}

void say_no_variant(struct reporter *reporter, const struct spot *spot,
		    const struct schema_keyword *keyword)
{
	struct finding *finding = fault_add(reporter, spot, keyword, FINDING_NO_VARIANT);

	finding->message = phrase_make(reporter->arena, MESSAGE_SCHEMA_NO_VARIANT, 0);
	finding->label.words = words_others(reporter->arena, keyword, keyword->count);
}

void say_others(struct reporter *reporter, struct found_list *list, const struct spot *spot,
		const struct schema_keyword *keyword, uint32_t chosen)
{
	struct finding *finding = &list->first->finding;

	struct phrase label = {.words = words_others(reporter->arena, keyword, chosen)};

	if (label.words)
		relate(reporter, finding, fault_place(spot->instance), label);
}

/* The member that the condition of an `if` reads first; NULL where it reads none. */
static const struct doc_node *condition_member(const struct doc_node *instance,
					       const struct schema_node *condition)
{
	const struct schema_keyword *properties = schema_keyword(condition,
								 SCHEMA_KEYWORD_PROPERTIES);
	const struct schema_keyword *required = schema_keyword(condition, SCHEMA_KEYWORD_REQUIRED);
	const struct schema_keyword *names = properties ? properties : required;
	const struct doc_node *member = NULL;

	for (uint32_t i = 0; names && i < names->count && !member; i++)
		member = doc_member(instance, names->branches[i].name.data,
				    names->branches[i].name.len);
	return member;
}

/* `then: false`: it is the condition that must not hold, so its member is what is wrong. */
static void say_condition(struct reporter *reporter, struct finding *finding,
			  const struct doc_node *member, const struct schema_node *condition)
{
	bool has_value = schema_keyword(condition, SCHEMA_KEYWORD_PROPERTIES) != NULL;

	fault_point(reporter, finding, member, has_value ? fault_place(member) : member->key->span);
	finding->message = has_value ? not_allowed(reporter, member)
				     : phrase_make(
					       reporter->arena, MESSAGE_SCHEMA_NOT_ALLOWED_FIELD, 1,
					       words_short(reporter->arena, doc_key_text(member)));
}

void say_because(struct reporter *reporter, struct found_list *list, const struct spot *spot,
		 const struct schema_node *condition, const struct schema_node *then)
{
	const struct doc_node *member = condition_member(spot->instance, condition);

	if (member && list->first && then->is_boolean) {
		say_condition(reporter, &list->first->finding, member, condition);
		return;
	}
	for (struct found *found = list->first; member && found; found = found->next) {
		struct span span = {member->key->span.start,
				    MAX(member->key->span.end, fault_place(member).end)};

		relate(reporter, &found->finding, span,
		       phrase_make(reporter->arena, MESSAGE_SCHEMA_BECAUSE, 0));
	}
}

void say_given_up(struct reporter *reporter, const struct doc_node *instance)
{
	struct spot spot = {.node = reporter->run.schema->root, .instance = instance};
	struct finding *finding = fault_add(reporter, &spot, NULL, FINDING_SCHEMA_LIMIT);

	finding->message = phrase_make(reporter->arena, MESSAGE_SCHEMA_GIVEN_UP, 0);
}
