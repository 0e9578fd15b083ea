/*
 * Judging one group of the index under one rule. Inside check/ only.
 */
#ifndef PLANLINT_CHECK_CROSS_H
#define PLANLINT_CHECK_CROSS_H

#include "check/judge.h"

/* One judgement on its way: of a rule, over the entries of one key. */
struct cross {
	const struct ruleset *ruleset;
	const struct index *index;
	const struct rule *rule;
	struct slice key;
	int64_t as_of;
	struct check_scratch *scratch;
	struct arena *out;   /* of the findings */
	GPtrArray *found;    /* of struct check_finding */
	int64_t from, until; /* the days for which the judgement holds */
};

/* Judges; what does not hold is appended to `found`. */
void cross_judge(struct cross *cross);

/* The instance of a rule for the first entry that has it, or NULL. */
const struct rule_instance *cross_instance(const struct ruleset *ruleset, const struct rule *rule);

/* cross_graph.c: acyclic, over all entries of the rule. */
void cross_acyclic(struct cross *cross);

/* Appends the finding of one entry; `other` NULL: none. `extra` goes into the identity. */
void cross_report(struct cross *cross, const struct index_item *item,
		  const struct index_item *other, int other_label, struct slice extra,
		  const struct cel_program *because, const struct index_item *others,
		  size_t other_count);

#endif
