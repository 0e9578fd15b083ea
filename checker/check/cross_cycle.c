/*
 * The finding of a cycle: at its first edge by path and position, with the next ones as related
 * places, so many as people read; its identity is the set of its members.
 *
 * Must not: let the order in which edges came be seen in what is reported.
 */
#include "check/cross_graph.h"

#include "source/message.h"

#include <string.h>

enum { SHOWN_MAX = 8 }; /* related places of one finding */

static int compare_numbers(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* All that shows decides, not where an edge lies in memory. */
static int compare_edges(const struct edge *a, const struct edge *b)
{
	const struct index_entry *x = a->entry, *y = b->entry;
	int order = strcmp(a->path, b->path);

	if (!order)
		order = compare_numbers(x->span.start, y->span.start);
	if (!order)
		order = compare_numbers(x->span.end, y->span.end);
	if (!order)
		order = slice_compare(x->value, y->value);
	if (!order)
		order = slice_compare(x->key, y->key);
	return order ? order : compare_numbers(x->each, y->each);
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
	return slice_compare((*(const struct vertex *const *)a)->name,
			     (*(const struct vertex *const *)b)->name);
}

static const char *identity_of(struct cross *cross, struct cycle *cycle)
{
	GString *members;

	if (cycle->identity)
		return cycle->identity;
	members = g_string_new(NULL);
	g_ptr_array_sort(cycle->members, compare_names);
	for (guint i = 0; i < cycle->members->len; i++) {
		struct slice name = ((struct vertex *)cycle->members->pdata[i])->name;

		g_string_append_len(members, name.data, (gssize)name.len);
		g_string_append_c(members, '\n');
	}
	cycle->identity = g_strdup(identity_make(cross->out, cross->rule->id, "", SLICE(""),
						 (struct slice){members->str, members->len}));
	g_string_free(members, TRUE);
	return cycle->identity;
}

/* The first edges of a cycle, in order; `total`: how many it has. */
struct first_edges {
	const struct edge *edges[SHOWN_MAX + 1];
	size_t count, total;
};

static void take_edge(struct first_edges *first, const struct edge *edge)
{
	size_t at = first->count;

	first->total++;
	while (at && compare_edges(edge, first->edges[at - 1]) < 0)
		at--;
	if (at == G_N_ELEMENTS(first->edges))
		return;
	if (first->count < G_N_ELEMENTS(first->edges))
		first->count++;
	memmove(first->edges + at + 1, first->edges + at,
		(first->count - at - 1) * sizeof(*first->edges));
	first->edges[at] = edge;
}

static void take_edges(struct first_edges *first, const struct cycle *cycle)
{
	for (guint i = 0; i < cycle->members->len; i++) {
		const struct vertex *member = cycle->members->pdata[i];

		for (struct edge *edge = member->first[OUT]; edge; edge = edge->next[OUT])
			if (edge->end[IN]->cycle == cycle)
				take_edge(first, edge);
	}
}

/* What a related place says; the last one also how many there are behind it. */
static struct phrase step_words(const struct cross *cross, const struct first_edges *first,
				size_t i)
{
	size_t left = first->total - first->count;

	if (!left || i + 1 < first->count)
		return phrase_make(cross->out, MESSAGE_CYCLE_STEP, 1, first->edges[i]->entry->key);
	return phrase_make(cross->out, MESSAGE_CYCLE_MORE, 2, first->edges[i]->entry->key,
			   slice_of(arena_printf(cross->out, "%zu", left)));
}

void cross_acyclic(struct cross *cross)
{
	struct cycle *cycle = cross_graph_cycle(cross->graph, cross->key);
	struct first_edges first = {0};
	struct index_item item;
	struct check_finding *found;

	if (!cycle)
		return;
	take_edges(&first, cycle);
	item = (struct index_item){first.edges[0]->path, first.edges[0]->entry, false};
	cross_report(cross, &item, NULL, MESSAGE_NONE, SLICE(""), NULL, NULL, 0);
	found = g_ptr_array_index(cross->found, cross->found->len - 1);
	for (size_t i = 1; i < first.count; i++) {
		const struct edge *edge = first.edges[i];

		outcome_relate(found, cross->out, strcmp(edge->path, item.path) ? edge->path : NULL,
			       edge->entry->span, step_words(cross, &first, i));
	}
	found->finding.identity = arena_dup(cross->out, identity_of(cross, cycle),
					    strlen(identity_of(cross, cycle)));
}
