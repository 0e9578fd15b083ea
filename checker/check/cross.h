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
	struct cross_graph *graph; /* of an acyclic rule, whose entries are in no group */
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

/*
 * cross_graph.c: the edges of one acyclic rule, with the cycles in them. A cycle has a key, which
 * says which one it is as long as it has the same members.
 */
struct cross_graph;
struct cross_graph *cross_graph_new(void);
void cross_graph_free(struct cross_graph *graph); /* NULL is allowed */
void cross_graph_add(struct cross_graph *graph, const char *path, const struct index_entry *entry);
void cross_graph_remove(struct cross_graph *graph, const char *path,
			const struct index_entry *entry);

/*
 * Finds the cycles again after edges came and went, at the cost of what these reach at most; calls
 * back with the key of each that came, went, or has other edges.
 */
void cross_graph_update(struct cross_graph *graph, void (*changed)(void *context, struct slice key),
			void *context);

/* cross_cycle.c: judges the cycle of cross->key, if there is one. */
void cross_acyclic(struct cross *cross);

/* Appends the finding of one entry; `other` NULL: none. `extra` goes into the identity. */
void cross_report(struct cross *cross, const struct index_item *item,
		  const struct index_item *other, int other_label, struct slice extra,
		  const struct cel_program *because, const struct index_item *others,
		  size_t other_count);

#endif
