/*
 * The checks across documents, judged over groups of the index: unique, reference, disjoint and
 * group-by (acyclic is in cross_cycle.c).
 *
 * An expression that runs here sees the copies of documents that the entries hold; a place in one
 * of them is a place in that entry's file. Entries of files that cannot be read now only keep
 * references to them from dangling.
 *
 * Must not: depend on anything but the group, the definitions of its key, and the day.
 */
#include "check/cross.h"

#include "ruleset/shape.h"
#include "source/message.h"

#include <string.h>

enum { PAIRS_MAX = 1000 };

/* --- evaluating on an entry */

struct bound {
	struct variables variables;
	struct cel_activation activation;
};

static const struct rule_instance *instance_of(const struct index_item *item)
{
	return item->entry->owner;
}

static const struct doc_node *this_of(const struct index_item *item)
{
	return item->entry->facts->root + item->entry->this_node;
}

/* The item of for-each that an entry is about: its list is made again, and counted. */
static void bind_each(struct bound *bound, struct cross *cross,
		      const struct rule_instance *instance, uint32_t number)
{
	struct cel_value list = cel_evaluate(instance->each.value.program, &bound->activation,
					     &cross->scratch->cel);

	if (number && list.kind == CEL_LIST && number <= cel_size(&list))
		cross->scratch->variables[instance->each.slot] = cel_item(&list, number - 1);
}

static void bind(struct bound *bound, struct cross *cross, const struct rule_instance *instance,
		 const struct index_item *item)
{
	cel_activation_init(&bound->activation, cross->scratch->variables, instance->slot_count);
	bound->variables = (struct variables){instance, cross->scratch->variables,
					      &bound->activation, &cross->scratch->cel};
	variables_document(&bound->variables, item ? item->entry->facts->root : NULL,
			   item ? item->path : "", cross->as_of);
	if (item)
		variables_node(&bound->variables, this_of(item));
	if (item && instance->uses_each)
		bind_each(bound, cross, instance, item->entry->each);
}

static void narrow(struct cross *cross, const struct bound *bound)
{
	cross->from = MAX(cross->from, bound->activation.holds_from);
	cross->until = MIN(cross->until, bound->activation.holds_until);
}

/* The key as the entry's document has it, typed; as text where it was computed. */
static struct cel_value key_value(const struct index_item *item)
{
	const struct index_entry *entry = item->entry;

	if (entry->key_node)
		return cel_of_node(entry->facts->root + entry->key_node, NULL);
	return cel_of_string(entry->value);
}

/* --- findings */

static const char *identity_of(struct cross *cross, const struct index_item *item,
			       struct slice extra)
{
	const struct index_entry *entry = item->entry;

	return identity_make(cross->out, cross->rule->id, entry->document, slice_of(entry->item),
			     extra);
}

static void make(struct cross *cross, struct bound *bound, const struct index_item *item,
		 const struct cel_program *because, const struct index_item *others,
		 size_t other_count, struct check_finding *out)
{
	const struct rule_instance *instance = bound->variables.instance;
	const struct index_entry *entry = item ? item->entry : NULL;
	struct outcome outcome = {
		.instance = instance,
		.activation = &bound->activation,
		.scratch = &cross->scratch->cel,
		.out = cross->out,
		.because = because,
		.root = instance->root,
		.others = others,
		.other_count = other_count,
	};

	if (entry)
		outcome.place = entry->key_node ? entry->facts->root + entry->key_node
						: this_of(item);
	outcome_make(out, &outcome);
	out->path = item ? item->path : NULL;
	narrow(cross, bound);
}

static void keep(struct cross *cross, const struct check_finding *found)
{
	struct check_finding *copy = arena_new(cross->out, struct check_finding);

	*copy = *found;
	g_ptr_array_add(cross->found, copy);
}

void cross_report(struct cross *cross, const struct index_item *item,
		  const struct index_item *other, int other_label, struct slice extra,
		  const struct cel_program *because, const struct index_item *others,
		  size_t other_count)
{
	const struct rule_instance *instance = instance_of(item);
	struct check_finding found;
	struct bound bound;

	bind(&bound, cross, instance, item);
	variables_set(&bound.variables, VARIABLE_VALUE, key_value(item));
	if (other && other->entry->facts)
		variables_set(&bound.variables, VARIABLE_OTHER,
			      cel_of_node(this_of(other), instance->types[VARIABLE_THIS]));
	make(cross, &bound, item, because, others, other_count, &found);
	if (other)
		outcome_relate(&found, cross->out,
			       strcmp(other->path, item->path) ? other->path : NULL,
			       other->entry->span, phrase_make(cross->out, other_label, 0));
	found.finding.identity = identity_of(cross, item, extra);
	keep(cross, &found);
}

static void report_failure(struct cross *cross, const struct index_item *item,
			   const struct cel_fault *fault)
{
	struct check_finding found = {
		.finding = {.code = FINDING_RULE_ERROR,
			    .rule = finding_id(FINDING_RULE_ERROR),
			    .severity = finding_severity(FINDING_RULE_ERROR),
			    .message = phrase_make(cross->out,
						   fault->kind == CEL_FAULT_BUDGET
							   ? MESSAGE_RULE_BUDGET
							   : MESSAGE_RULE_FAILED,
						   1, slice_of(cross->rule->id)),
			    .label = fault->message},
		.path = item ? item->path : NULL,
	};

	if (item)
		found.finding.span = item->entry->span;
	finding_copy(&found.finding, &found.finding, cross->out);
	found.finding.identity =
		item ? identity_make(cross->out, found.finding.rule, item->entry->document,
				     slice_of(item->entry->item), slice_of(cross->rule->id))
		     : identity_make(cross->out, found.finding.rule, "", SLICE(""),
				     slice_of(cross->rule->id));
	keep(cross, &found);
}

/* --- unique across the repository */

static void judge_unique(struct cross *cross, const struct index_group *group)
{
	const struct index_item *first = NULL;

	for (size_t i = 0; i < group->count; i++) {
		const struct index_item *item = &group->items[i];

		if (item->hidden)
			continue;
		if (first)
			cross_report(cross, item, first, MESSAGE_FIRST_ONE, group->key, NULL, NULL,
				     0);
		else
			first = item;
	}
}

/* --- references */

/* The document with the key: the first by path, one that can be read before one that cannot. */
static const struct index_item *target_of(const struct cross *cross,
					  const struct rule_instance *instance)
{
	const struct index_group *group = index_find(cross->index, instance->kind_slot, cross->key);

	for (size_t i = 0; group && i < group->count; i++)
		if (!group->items[i].hidden)
			return &group->items[i];
	return group && group->count ? &group->items[0] : NULL;
}

static void judge_target(struct cross *cross, const struct index_item *item,
			 const struct index_item *target)
{
	const struct rule_instance *instance = instance_of(item);
	const struct cel_program *program = instance->operands[OPERAND_ASSERT].program;
	struct check_finding found;
	struct cel_value value;
	struct bound bound;

	bind(&bound, cross, instance, item);
	variables_set(&bound.variables, VARIABLE_TARGET,
		      cel_of_node(target->entry->facts->root, instance->types[VARIABLE_TARGET]));
	variables_set(&bound.variables, VARIABLE_VALUE, key_value(item));
	value = cel_evaluate(program, &bound.activation, &cross->scratch->cel);
	narrow(cross, &bound);
	if (value.kind == CEL_ERROR)
		report_failure(cross, item, value.fault);
	if (value.kind != CEL_BOOL || value.boolean)
		return;
	make(cross, &bound, item, program, target, 1, &found);
	found.finding.identity = identity_of(cross, item, cross->key);
	keep(cross, &found);
}

static void judge_reference(struct cross *cross, const struct index_group *group)
{
	for (size_t i = 0; i < group->count; i++) {
		const struct index_item *item = &group->items[i];
		const struct rule_instance *instance = instance_of(item);
		const struct index_item *target = target_of(cross, instance);
		bool has_assert = instance->operands[OPERAND_ASSERT].program;

		if (item->hidden)
			continue;
		if (target && has_assert && !target->hidden)
			judge_target(cross, item, target);
		if (target || has_assert)
			continue;
		cross_report(cross, item, NULL, MESSAGE_NONE, group->key, NULL, NULL, 0);
		((struct check_finding *)g_ptr_array_index(cross->found, cross->found->len - 1))
			->entry = item->entry;
	}
}

/* --- disjoint periods */

static gint compare_periods(gconstpointer a, gconstpointer b)
{
	const struct index_item *x = *(const struct index_item *const *)a;
	const struct index_item *y = *(const struct index_item *const *)b;

	if (x->entry->first != y->entry->first)
		return x->entry->first < y->entry->first ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* The pair in an order that no file name decides. */
static char *pair_of(const struct index_item *a, const struct index_item *b)
{
	char *x = g_strdup_printf("%s%s", a->entry->document ? a->entry->document : a->path,
				  a->entry->item);
	char *y = g_strdup_printf("%s%s", b->entry->document ? b->entry->document : b->path,
				  b->entry->item);
	bool ordered = strcmp(x, y) <= 0;
	char *pair = g_strdup_printf("%s\n%s", ordered ? x : y, ordered ? y : x);

	g_free(x);
	g_free(y);
	return pair;
}

static void report_pair(struct cross *cross, const struct index_item *early,
			const struct index_item *late)
{
	char *pair = pair_of(early, late);
	struct check_finding *found;

	cross_report(cross, late, early, MESSAGE_OTHER_ONE, slice_of(pair), NULL, NULL, 0);
	/* The pair alone is the identity, whichever of the two it is reported at. */
	found = g_ptr_array_index(cross->found, cross->found->len - 1);
	found->finding.identity = identity_make(cross->out, cross->rule->id, "", SLICE(""),
						slice_of(pair));
	g_free(pair);
}

/* More pairs than are shown: never silence. */
static void report_many_pairs(struct cross *cross, const struct index_item *item)
{
	char *limit = arena_printf(cross->out, "%d", PAIRS_MAX);
	struct cel_fault fault = {
		.message = phrase_make(cross->out, MESSAGE_MANY_OVERLAPS, 1, slice_of(limit)),
		.kind = CEL_FAULT_BUDGET,
	};
	struct check_finding *found;

	report_failure(cross, item, &fault);
	/* One for the group, whichever pair is the first that is not shown. */
	found = g_ptr_array_index(cross->found, cross->found->len - 1);
	found->finding.identity = identity_make(cross->out, found->finding.rule, "",
						slice_of(cross->rule->id), cross->key);
}

static void judge_disjoint(struct cross *cross, const struct index_group *group)
{
	GPtrArray *sorted = g_ptr_array_new();
	size_t pairs = 0;

	for (size_t i = 0; i < group->count; i++)
		if (!group->items[i].hidden &&
		    group->items[i].entry->first <= group->items[i].entry->last)
			g_ptr_array_add(sorted, &group->items[i]);
	g_ptr_array_sort(sorted, compare_periods);
	for (guint i = 0; i < sorted->len; i++) {
		const struct index_item *early = sorted->pdata[i];

		for (guint j = i + 1; j < sorted->len && pairs <= PAIRS_MAX; j++) {
			const struct index_item *late = sorted->pdata[j];

			if (late->entry->first > early->entry->last)
				break;
			if (pairs++ < PAIRS_MAX)
				report_pair(cross, early, late);
			else
				report_many_pairs(cross, late);
		}
	}
	g_ptr_array_free(sorted, TRUE);
}

/* --- groups */

static size_t members_of(struct cross *cross, const struct index_group *group,
			 const struct rule_instance *instance, struct cel_value *members)
{
	size_t count = 0;

	(void)cross;
	for (size_t i = 0; group && i < group->count; i++)
		if (!group->items[i].hidden)
			members[count++] = cel_of_node(this_of(&group->items[i]),
						       instance->types[VARIABLE_THIS]);
	return count;
}

static const struct index_item *first_member(const struct index_group *group)
{
	for (size_t i = 0; group && i < group->count; i++)
		if (!group->items[i].hidden)
			return &group->items[i];
	return NULL;
}

/* The key of a group without members: that of the table's row. */
static struct cel_value row_key(const struct cross *cross, const struct rule_table *table)
{
	GString *text = g_string_new(NULL);
	struct cel_value found = cel_absent(NULL);

	for (size_t i = 0; i < table->row_count; i++) {
		const struct doc_node *node = doc_member(table->row[i], table->key.data,
							 table->key.len);
		struct cel_value key = cel_of_string(doc_text(node));

		g_string_truncate(text, 0);
		value_key(text, &key);
		if (slice_equal((struct slice){text->str, text->len}, cross->key))
			found = key;
	}
	g_string_free(text, TRUE);
	return found;
}

static void judge_group(struct cross *cross, const struct index_group *group)
{
	const struct index_item *first = first_member(group);
	const struct rule_instance *instance = first ? instance_of(first)
						     : cross_instance(cross->ruleset, cross->rule);
	const struct cel_program *program;
	struct cel_value *members, value, key;
	struct check_finding found;
	struct bound bound;
	size_t count;

	if (!instance || (!first && !instance->table))
		return;
	instance = instance_of_scratch(cross->scratch, instance);
	key = first ? key_value(first) : row_key(cross, instance->table);
	/* With a table its rows are the groups; without a row the key is none of this rule's. */
	if (key.kind == CEL_ABSENT ||
	    (instance->table && row_key(cross, instance->table).kind == CEL_ABSENT))
		return;
	members = arena_array(&cross->scratch->cel, group ? group->count : 0, sizeof(*members));
	count = members_of(cross, group, instance, members);
	program = instance->operands[OPERAND_ASSERT].program;
	bind(&bound, cross, instance, first);
	variables_set(&bound.variables, VARIABLE_GROUP, cel_of_items(members, count));
	variables_set(&bound.variables, VARIABLE_VALUE, key);
	value = cel_evaluate(program, &bound.activation, &cross->scratch->cel);
	narrow(cross, &bound);
	if (value.kind == CEL_ERROR)
		report_failure(cross, first, value.fault);
	if (value.kind != CEL_BOOL || value.boolean)
		return;
	make(cross, &bound, first, program, group ? group->items : NULL, group ? group->count : 0,
	     &found);
	found.finding.identity = identity_make(cross->out, cross->rule->id, "", SLICE(""),
					       cross->key);
	keep(cross, &found);
}

/* --- one judgement */

const struct rule_instance *cross_instance(const struct ruleset *ruleset, const struct rule *rule)
{
	for (size_t i = 0; i < ruleset->entry_count; i++)
		for (size_t r = 0; r < ruleset->entries[i].rule_count; r++)
			if (ruleset->entries[i].rules[r]->rule == rule)
				return ruleset->entries[i].rules[r];
	return NULL;
}

static void judge_one(struct cross *cross, const struct index_group *group)
{
	switch (cross->rule->check) {
	case RULE_UNIQUE:
		if (group)
			judge_unique(cross, group);
		return;
	case RULE_REFERENCE:
		if (group)
			judge_reference(cross, group);
		return;
	case RULE_DISJOINT:
		if (group)
			judge_disjoint(cross, group);
		return;
	case RULE_GROUP_BY:
		judge_group(cross, group);
		return;
	case RULE_ACYCLIC:
		cross_acyclic(cross);
		return;
	case RULE_ASSERT:
	case RULE_PRESENT:
	case RULE_INCLUDES:
	case RULE_ONE_OF:
	case RULE_ORDER:
	case RULE_TRANSITION:
	case RULE_COMMIT:
	case RULE_LEXICAL:
	case RULE_CHECK_COUNT:
		return;
	}
}

void cross_judge(struct cross *cross)
{
	const struct index_group *group = index_find(cross->index, cross->rule->slot, cross->key);
	struct arena_mark mark = arena_mark(&cross->scratch->cel);

	judge_one(cross, group);
	arena_reset(&cross->scratch->cel, mark);
}
