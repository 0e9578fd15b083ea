/*
 * One fault, one finding: what the schema says of a value that is of the wrong kind, and what a
 * lexical rule says of the trap that made it so, are the same fault.
 *
 * The schema knows what should stand there and its error is the one that gates fail on, so it
 * stays; the trap goes, and its advice stays where the schema has none.
 */
#include "check/judge.h"

#include <string.h>

gint findings_compare(gconstpointer a, gconstpointer b)
{
	const struct finding *x = &((const struct check_finding *)a)->finding;
	const struct finding *y = &((const struct check_finding *)b)->finding;

	if (x->span.start != y->span.start)
		return x->span.start < y->span.start ? -1 : 1;
	if (x->span.end != y->span.end)
		return x->span.end < y->span.end ? -1 : 1;
	return strcmp(x->rule, y->rule);
}

static bool is_trap(const struct judging *judging, const struct check_finding *found)
{
	const struct rule *rule = found->finding.code == FINDING_RULE
					  ? ruleset_rule(judging->ruleset, found->finding.rule)
					  : NULL;

	return rule && rule->check == RULE_LEXICAL;
}

/* The schema says that a value is not of the kind that it should be. */
static bool is_of_wrong_kind(const struct check_finding *found)
{
	return found->finding.code == FINDING_WRONG_TYPE ||
	       found->finding.code == FINDING_DATE_FORMAT;
}

/* The schema knows what should stand there; the trap may know better what to type. */
static void take_advice(struct finding *finding, const struct finding *trap)
{
	if (finding->code == FINDING_WRONG_TYPE && phrase_is_empty(&finding->hint))
		finding->hint = phrase_is_empty(&trap->hint) ? trap->label : trap->hint;
	if (finding->fix == FIX_NONE) {
		finding->fix = trap->fix;
		finding->edits = trap->edits;
		finding->edit_count = trap->edit_count;
	}
}

static bool same_place(const struct check_finding *a, const struct check_finding *b)
{
	return a->finding.span.start == b->finding.span.start &&
	       a->finding.span.end == b->finding.span.end;
}

/* A finding that the value at the place of all[at], in sorted order, is of the wrong kind. */
static struct check_finding *wrong_kind_at(struct check_finding *all, guint count, guint at)
{
	guint first = at;

	while (first && same_place(&all[first - 1], &all[at]))
		first--;
	for (guint i = first; i < count && same_place(&all[i], &all[at]); i++)
		if (is_of_wrong_kind(&all[i]))
			return &all[i];
	return NULL;
}

/* A trap that explains what the schema says of the same value goes, its advice stays. */
void traps_merge(struct judging *judging)
{
	struct check_finding *all = (struct check_finding *)(void *)judging->findings->data;
	guint count = judging->findings->len, kept = 0;
	bool *dropped, any = false;

	for (guint i = 0; i < count && !any; i++)
		any = is_of_wrong_kind(&all[i]);
	if (!any)
		return;
	g_array_sort(judging->findings, findings_compare);
	dropped = g_new0(bool, count);
	for (guint i = 0; i < count; i++) {
		struct check_finding *wrong = is_trap(judging, &all[i])
						      ? wrong_kind_at(all, count, i)
						      : NULL;

		if (wrong)
			take_advice(&wrong->finding, &all[i].finding);
		dropped[i] = wrong;
	}
	for (guint i = 0; i < count; i++)
		if (!dropped[i])
			all[kept++] = all[i];
	g_array_set_size(judging->findings, kept);
	g_free(dropped);
}
