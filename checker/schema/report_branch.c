/*
 * anyOf and oneOf: which branch was meant, so that its faults can be told instead of all.
 *
 * First what discriminates: a branch of another type was not meant; nor was one whose `const` or
 * `enum` rules out what stands in a field, while one whose const is there was. Where all branches
 * fail for one and the same value, or one allows nearly what is there, that value is wrong, and all
 * that they allow is offered. Else the
 * faults of the branches left are collected, and the branch wins that fails deepest, then the one
 * with the fewest faults, then the first.
 */
#include "schema/report.h"
#include "schema/words.h"
#include "source/message.h"

#include <string.h>

enum fit {
	FIT_TYPE,    /* another type altogether */
	FIT_RULED,   /* a const or enum rules it out */
	FIT_OPEN,    /* nothing tells */
	FIT_MATCHED, /* a const of a field is there */
};

enum {
	FIT_DEPTH = 6,
	CANDIDATES_MAX = 12, /* branches whose faults are collected */
};

/* What a const or enum says of a value, and which value that is. */
struct verdict {
	enum fit fit;
	const struct doc_node *culprit;     /* FIT_RULED: the value that is ruled out */
	const struct values_detail *values; /* and those that are allowed */
	bool is_near;                       /* one of them is nearly what is there */
};

static const struct values_detail *allowed_values(const struct schema_node *node, unsigned depth)
{
	const struct schema_keyword *keyword = schema_keyword(node, SCHEMA_KEYWORD_CONST);
	const struct schema_keyword *ref = schema_keyword(node, SCHEMA_KEYWORD_REF);

	if (!keyword)
		keyword = schema_keyword(node, SCHEMA_KEYWORD_ENUM);
	if (keyword)
		return keyword->detail;
	return ref && depth < FIT_DEPTH ? allowed_values(ref->schema, depth + 1) : NULL;
}

static bool is_near(const struct values_detail *values, const struct doc_node *value)
{
	for (uint32_t i = 0; i < values->count && i < WORDS_COMPARED && value->len <= WORDS_LONG;
	     i++) {
		struct slice text = doc_text(values->values[i]);

		if (value->type == DOC_STRING && value->len >= 3 && text.len &&
		    text_nearest(doc_text(value), &text, 1) == 0)
			return true;
	}
	return false;
}

static void weigh_value(struct verdict *verdict, const struct values_detail *values,
			const struct doc_node *value, bool is_field)
{
	if (value_is_in(values, value)) {
		if (is_field && values->count == 1 && verdict->fit == FIT_OPEN)
			verdict->fit = FIT_MATCHED;
	} else if (verdict->fit > FIT_RULED) {
		*verdict = (struct verdict){FIT_RULED, value, values, is_near(values, value)};
	}
}

static void weigh_fields(struct verdict *verdict, const struct schema_keyword *properties,
			 const struct doc_node *instance)
{
	for (uint32_t i = 0; i < properties->count && verdict->fit > FIT_RULED; i++) {
		const struct schema_branch *branch = &properties->branches[i];
		const struct values_detail *values = allowed_values(branch->schema, 0);
		const struct doc_node *member =
			values ? doc_member(instance, branch->name.data, branch->name.len) : NULL;

		if (member)
			weigh_value(verdict, values, member, true);
	}
}

static bool has_type(const struct schema_node *node, const struct doc_node *value)
{
	static const uint8_t bits[DOC_TYPES] = {
		[DOC_NULL] = SCHEMA_NULL,       [DOC_BOOLEAN] = SCHEMA_BOOLEAN,
		[DOC_INTEGER] = SCHEMA_INTEGER, [DOC_NUMBER] = SCHEMA_NUMBER,
		[DOC_STRING] = SCHEMA_STRING,   [DOC_ARRAY] = SCHEMA_ARRAY,
		[DOC_OBJECT] = SCHEMA_OBJECT,
	};

	return node->types & bits[value->type];
}

static struct verdict weigh(const struct schema_node *node, const struct doc_node *instance,
			    unsigned depth);

/* Worse verdicts win, a match wins over nothing told. */
static void combine(struct verdict *verdict, struct verdict other)
{
	if (other.fit < verdict->fit && other.fit != FIT_OPEN)
		*verdict = other;
	else if (verdict->fit == FIT_OPEN && other.fit == FIT_MATCHED)
		verdict->fit = FIT_MATCHED;
}

/* The best branch speaks for a choice within the branch. */
static struct verdict weigh_choice(const struct schema_keyword *keyword,
				   const struct doc_node *instance, unsigned depth)
{
	struct verdict best = {.fit = FIT_TYPE};

	for (uint32_t i = 0; i < keyword->count; i++) {
		struct verdict verdict = weigh(keyword->branches[i].schema, instance, depth + 1);

		if (i == 0 || verdict.fit > best.fit)
			best = verdict;
	}
	return best;
}

static struct verdict weigh(const struct schema_node *node, const struct doc_node *instance,
			    unsigned depth)
{
	struct verdict verdict = {.fit = FIT_OPEN};

	if (node->is_boolean || depth > FIT_DEPTH)
		return verdict;
	if (!has_type(node, instance))
		return (struct verdict){.fit = FIT_TYPE};
	for (uint16_t i = 0; i < node->count; i++) {
		const struct schema_keyword *keyword = &node->keywords[i];

		switch ((int)keyword->id) {
		case SCHEMA_KEYWORD_CONST:
		case SCHEMA_KEYWORD_ENUM:
			if (keyword->detail)
				weigh_value(&verdict, keyword->detail, instance, false);
			break;
		case SCHEMA_KEYWORD_PROPERTIES:
			if (instance->type == DOC_OBJECT)
				weigh_fields(&verdict, keyword, instance);
			break;
		case SCHEMA_KEYWORD_REF:
			if (keyword->schema)
				combine(&verdict, weigh(keyword->schema, instance, depth + 1));
			break;
		case SCHEMA_KEYWORD_ALL_OF:
			for (uint32_t b = 0; b < keyword->count; b++)
				combine(&verdict,
					weigh(keyword->branches[b].schema, instance, depth + 1));
			break;
		case SCHEMA_KEYWORD_ANY_OF:
		case SCHEMA_KEYWORD_ONE_OF:
			combine(&verdict, weigh_choice(keyword, instance, depth));
			break;
		default:
			break;
		}
	}
	return verdict;
}

/* --- all branches fail for the same reason */

/* The types that a subschema admits, through what applies in place. */
static uint8_t admitted_types(const struct schema_node *node, unsigned depth)
{
	uint8_t types = node->types;

	if (node->is_boolean || depth > FIT_DEPTH)
		return node->is_boolean && !node->accepts ? 0 : types;
	for (uint16_t i = 0; i < node->count; i++) {
		const struct schema_keyword *keyword = &node->keywords[i];
		uint8_t any = 0;

		switch ((int)keyword->id) {
		case SCHEMA_KEYWORD_REF:
			if (keyword->schema)
				types &= admitted_types(keyword->schema, depth + 1);
			break;
		case SCHEMA_KEYWORD_ALL_OF:
			for (uint32_t b = 0; b < keyword->count; b++)
				types &= admitted_types(keyword->branches[b].schema, depth + 1);
			break;
		case SCHEMA_KEYWORD_ANY_OF:
		case SCHEMA_KEYWORD_ONE_OF:
			for (uint32_t b = 0; b < keyword->count; b++)
				any |= admitted_types(keyword->branches[b].schema, depth + 1);
			types &= any;
			break;
		default:
			break;
		}
	}
	return types;
}

static void report_type_of_all(struct reporter *reporter, const struct spot *spot,
			       const struct schema_keyword *keyword)
{
	uint8_t types = 0;

	for (uint32_t i = 0; i < keyword->count; i++)
		types |= admitted_types(keyword->branches[i].schema, 0);
	if (types)
		say_wrong_type(reporter, spot, keyword, types);
	else
		say_no_variant(reporter, spot, keyword);
}

/* One value that the best branches all rule out: everything that they allow is offered. */
static bool report_value_of_all(struct reporter *reporter, const struct spot *spot,
				const struct schema_keyword *keyword,
				const struct verdict *verdicts)
{
	struct values_detail *all = arena_new(reporter->arena, struct values_detail);
	struct schema_keyword merged = *keyword;
	struct spot at = *spot;
	uint32_t count = 0;

	at.instance = NULL;
	for (uint32_t i = 0; i < keyword->count; i++) {
		if (verdicts[i].fit != FIT_RULED)
			continue;
		if (at.instance && at.instance != verdicts[i].culprit)
			return false;
		at.instance = verdicts[i].culprit;
		count += verdicts[i].values->count;
	}
	all->values = arena_array(reporter->arena, count, sizeof(*all->values));
	for (uint32_t i = 0; i < keyword->count; i++) {
		if (verdicts[i].fit != FIT_RULED)
			continue;
		memcpy(all->values + all->count, verdicts[i].values->values,
		       verdicts[i].values->count * sizeof(*all->values));
		all->count += verdicts[i].values->count;
	}
	merged.detail = all;
	say_not_in_list(reporter, &at, &merged);
	return true;
}

/* --- the branch that came closest */

struct candidate {
	struct found_list list;
	uint32_t branch;
	unsigned depth; /* of the shallowest fault */
};

static void collect(struct reporter *reporter, const struct spot *spot,
		    const struct schema_keyword *keyword, struct candidate *candidate)
{
	static const struct slice none = {0};
	struct found_list *outer = reporter->list;

	reporter->list = &candidate->list;
	fault_in_place(reporter, spot, keyword, keyword->branches[candidate->branch].schema, none,
		       candidate->branch);
	reporter->list = outer;
	candidate->depth = G_MAXUINT;
	for (struct found *found = candidate->list.first; found; found = found->next)
		candidate->depth = MIN(candidate->depth, found->instance->depth);
}

static bool is_closer(const struct candidate *a, const struct candidate *b)
{
	if (!a->list.count || !b->list.count)
		return a->list.count > 0;
	if (a->depth != b->depth)
		return a->depth > b->depth;
	return a->list.count < b->list.count;
}

static void take(struct reporter *reporter, struct found_list *list)
{
	if (reporter->list->last)
		reporter->list->last->next = list->first;
	else
		reporter->list->first = list->first;
	reporter->list->last = list->last;
	reporter->list->count += list->count;
}

/* Each branch only lacks one field: any of them would do. */
static bool say_any_field(struct reporter *reporter, const struct candidate *candidates,
			  size_t count)
{
	struct slice names[CANDIDATES_MAX];
	struct finding *finding = &candidates[0].list.first->finding;

	for (size_t i = 0; i < count; i++) {
		const struct found *only = candidates[i].list.first;

		if (candidates[i].list.count != 1 ||
		    only->finding.code != FINDING_MISSING_PROPERTY ||
		    only->instance != candidates[0].list.first->instance ||
		    only->finding.message.value_count != 1)
			return false;
		names[i] = only->finding.message.values[0];
	}
	finding->message = phrase_make(reporter->arena, MESSAGE_SCHEMA_ONE_OF_FIELDS, 1,
				       words_names(reporter->arena, names, count));
	finding->label = (struct phrase){0};
	return true;
}

static void report_closest(struct reporter *reporter, const struct spot *spot,
			   const struct schema_keyword *keyword, const struct verdict *verdicts,
			   enum fit best)
{
	struct candidate candidates[CANDIDATES_MAX];
	size_t count = 0;
	size_t closest = 0;

	for (uint32_t i = 0; i < keyword->count && count < CANDIDATES_MAX; i++) {
		if (verdicts[i].fit != best || --reporter->choices < 0)
			continue;
		candidates[count] = (struct candidate){.branch = i};
		collect(reporter, spot, keyword, &candidates[count++]);
	}
	for (size_t i = 1; i < count; i++)
		if (is_closer(&candidates[i], &candidates[closest]))
			closest = i;
	if (!count || !candidates[closest].list.count) {
		say_no_variant(reporter, spot, keyword);
		return;
	}
	if (count < 2 || !say_any_field(reporter, candidates, count)) {
		if (best != FIT_MATCHED)
			say_others(reporter, &candidates[closest].list, spot, keyword,
				   candidates[closest].branch);
	} else {
		closest = 0;
	}
	take(reporter, &candidates[closest].list);
}

static void report_none(struct reporter *reporter, const struct spot *spot,
			const struct schema_keyword *keyword)
{
	struct verdict *verdicts = g_new0(struct verdict, keyword->count + 1);
	enum fit best = FIT_TYPE;
	bool near = false;

	for (uint32_t i = 0; i < keyword->count; i++) {
		verdicts[i] = weigh(keyword->branches[i].schema, spot->instance, 0);
		best = MAX(best, verdicts[i].fit);
		near |= verdicts[i].is_near;
	}
	if (best == FIT_TYPE)
		report_type_of_all(reporter, spot, keyword);
	else if ((best != FIT_RULED && !(best == FIT_OPEN && near)) ||
		 !report_value_of_all(reporter, spot, keyword, verdicts))
		report_closest(reporter, spot, keyword, verdicts, best);
	g_free(verdicts);
}

void fault_choice(struct reporter *reporter, const struct spot *spot,
		  const struct schema_keyword *keyword)
{
	uint32_t holding = 0;
	uint32_t first = 0;

	for (uint32_t i = 0; i < keyword->count; i++) {
		const struct schema_code *code = keyword->branches[i].schema->code;
		bool holds = spot->marks
				     ? run_marks(&reporter->run, code, spot->instance, spot->depth)
				     : run_holds(&reporter->run, code, spot->instance, spot->depth);

		if (!holds)
			continue;
		if (holding++ == 0) {
			first = i;
		} else if (keyword->id == SCHEMA_KEYWORD_ONE_OF) {
			say_several(reporter, spot, keyword, first, i);
			return;
		}
		if (keyword->id == SCHEMA_KEYWORD_ANY_OF && !spot->marks)
			return;
	}
	if (!holding && !reporter->run.gave_up)
		report_none(reporter, spot, keyword);
}
