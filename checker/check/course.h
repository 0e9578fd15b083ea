/*
 * The course of an entry's rules over one document: which of them have anything to do there. For
 * run.c, which runs those.
 */
#ifndef PLANLINT_CHECK_COURSE_H
#define PLANLINT_CHECK_COURSE_H

#include "check/judge.h"
#include "jsonpath/jsonpath.h"

enum selection_state {
	SELECTION_UNKNOWN, /* nobody has asked for it yet */
	SELECTION_WHOLE,
	SELECTION_CUT, /* a path gave up: there are more nodes */
};

struct course {
	struct judging *judging;
	const struct rule_starts *starts;
	uint64_t *left;      /* the rules that may have something to do and were not run yet */
	uint64_t *open;      /* those whose `when` must be asked, though it is nothing but guards */
	uint8_t *selections; /* enum selection_state of each; the nodes are in scratch->found */
	bool is_wanted;      /* the `when` of the rule at hand lets every node through */
	struct cel_activation activation; /* of all rules, one after another, and of guards */
};

/* Sets the variables of the document, makes the selections, asks for the days in force. */
void course_begin(struct course *course, struct judging *judging);

/*
 * Takes out a rule, and its nodes are selected; NULL: it has nothing to do. Before course_ask():
 * lexical checks and guards of it are not asked.
 */
const struct rule_start *course_take(struct course *course, const struct rule *rule);

/* Takes out the rules that look for what is not in the text, and those with a guard that fails. */
void course_ask(struct course *course);

/* The next rule to run, in their order; its nodes are selected. NULL: there is none. */
const struct rule_start *course_next(struct course *course);

#endif
