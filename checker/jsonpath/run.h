/*
 * One selection while it runs: shared by select.c (segments and selectors) and evaluate.c
 * (filters). Internal to jsonpath/.
 */
#ifndef PLANLINT_JSONPATH_RUN_H
#define PLANLINT_JSONPATH_RUN_H

#include "jsonpath/jsonpath.h"

struct path_run {
	const struct doc_node *root;
	uint64_t *steps;      /* left */
	bool limited;         /* given up; every loop ends soon after */
	GPtrArray *spare;     /* lists of nodes to be used again; owned, NULL until one is */
	struct regex *regex;  /* the last pattern that came from the document; owned, may be NULL */
	struct slice pattern; /* its text */
};

/* Takes steps; false, and the run is limited, where there are not enough. */
bool path_spend(struct path_run *run, uint64_t steps);

/* An empty list of nodes, and its way back. */
GPtrArray *path_take_list(struct path_run *run);
void path_give_list(struct path_run *run, GPtrArray *list);

/* Appends what a query selects, from `current` where it is relative. */
void path_run_query(struct path_run *run, GPtrArray *out, const struct jsonpath_query *query,
		    const struct doc_node *current);

/* The one node of a singular query, or NULL. */
const struct doc_node *path_run_single(struct path_run *run, const struct jsonpath_query *query,
				       const struct doc_node *current);

/* Whether a filter holds for a node (evaluate.c). */
bool path_run_filter(struct path_run *run, const struct jsonpath_expr *expr,
		     const struct doc_node *current);

#endif
