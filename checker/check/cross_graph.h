/*
 * The graph of an acyclic rule as cross_graph.c keeps it, for the finding of a cycle. Internal to
 * the two files.
 */
#ifndef PLANLINT_CHECK_CROSS_GRAPH_H
#define PLANLINT_CHECK_CROSS_GRAPH_H

#include "check/cross.h"

enum side { OUT, IN, SIDES }; /* of a vertex: edges that start, and that end there */

struct cycle {
	GPtrArray *members; /* of struct vertex */
	struct vertex *least;
	char *identity; /* NULL: not asked for yet */
	bool is_changed, is_over;
};

struct vertex {
	struct slice name;
	struct edge *first[SIDES];
	struct cycle *cycle;  /* NULL: in none */
	uint64_t index, low;  /* index up to graph->base: not visited this time */
	struct edge *next;    /* edge to follow */
	uint64_t seen[SIDES]; /* the search that came by */
	bool on_stack, is_dead;
};

struct edge {
	const char *path;
	const struct index_entry *entry;
	struct vertex *end[SIDES]; /* OUT: where it starts */
	struct edge *next[SIDES], **link[SIDES];
	bool is_new;
};

/* The cycle with a key, or NULL. */
struct cycle *cross_graph_cycle(const struct cross_graph *graph, struct slice key);

#endif
