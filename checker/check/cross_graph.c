/*
 * `acyclic`: following a reference never returns. Over all edges of a rule at once, because an edge
 * anywhere can close a cycle.
 *
 * Tarjan's strongly connected components, without recursion: documents decide how deep it goes.
 * Each component with a cycle in it is one finding, at its first edge by path and position, with
 * the others as related places; its identity is the set of its members.
 */
#include "check/cross.h"

#include "base/hash.h"
#include "source/message.h"

#include <string.h>

struct vertex {
	struct slice name; /* of an item's */
	GPtrArray *edges;  /* of const struct index_item *, that start here */
	guint index, low;  /* index 0: not visited */
	guint next;        /* edge to follow */
	guint component;   /* the low of all its members; 0: not closed yet */
	bool on_stack;
};

struct graph {
	GHashTable *vertices; /* of struct vertex, by name */
	GPtrArray *order;     /* of struct vertex, as first met */
	GPtrArray *stack, *path;
	guint count;
};

static void free_vertex(gpointer data)
{
	struct vertex *vertex = data;

	g_ptr_array_free(vertex->edges, TRUE);
	g_free(vertex);
}

static guint vertex_hash(gconstpointer data)
{
	const struct vertex *vertex = data;

	return (guint)hash_bytes(vertex->name.data, vertex->name.len);
}

static gboolean vertex_same(gconstpointer a, gconstpointer b)
{
	return slice_equal(((const struct vertex *)a)->name, ((const struct vertex *)b)->name);
}

static struct vertex *vertex_of(struct graph *graph, struct slice name)
{
	struct vertex wanted = {.name = name};
	struct vertex *vertex = g_hash_table_lookup(graph->vertices, &wanted);

	if (vertex)
		return vertex;
	vertex = g_new0(struct vertex, 1);
	vertex->name = name;
	vertex->edges = g_ptr_array_new();
	g_hash_table_add(graph->vertices, vertex);
	g_ptr_array_add(graph->order, vertex);
	return vertex;
}

static void add_edges(void *context, struct index_group *group)
{
	struct graph *graph = context;

	for (size_t i = 0; i < group->count; i++)
		if (!group->items[i].hidden)
			g_ptr_array_add(vertex_of(graph, group->items[i].entry->value)->edges,
					&group->items[i]);
}

/* A vertex by itself, as nearly all are, needs no look-up. */
static bool is_within(struct graph *graph, const struct vertex *from, bool is_alone,
		      const struct index_item *edge)
{
	return is_alone ? slice_equal(edge->entry->key, from->name)
			: vertex_of(graph, edge->entry->key)->component == from->component;
}

static gint compare_edges(gconstpointer a, gconstpointer b)
{
	const struct index_item *x = *(const struct index_item *const *)a;
	const struct index_item *y = *(const struct index_item *const *)b;
	int order = strcmp(x->path, y->path);

	if (order)
		return order;
	return x->entry->span.start < y->entry->span.start
		       ? -1
		       : x->entry->span.start > y->entry->span.start;
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
	return slice_compare((*(const struct vertex *const *)a)->name,
			     (*(const struct vertex *const *)b)->name);
}

static void report_cycle(struct cross *cross, GPtrArray *component, GPtrArray *edges)
{
	const struct index_item *first;
	struct check_finding *found;
	GString *members = g_string_new(NULL);

	g_ptr_array_sort(edges, compare_edges);
	g_ptr_array_sort(component, compare_names);
	for (guint i = 0; i < component->len; i++) {
		struct slice name = ((struct vertex *)component->pdata[i])->name;

		g_string_append_len(members, name.data, (gssize)name.len);
		g_string_append_c(members, '\n');
	}
	first = edges->pdata[0];
	cross_report(cross, first, NULL, MESSAGE_NONE, SLICE(""), NULL, NULL, 0);
	found = g_ptr_array_index(cross->found, cross->found->len - 1);
	for (guint i = 1; i < edges->len; i++) {
		const struct index_item *edge = edges->pdata[i];

		outcome_relate(found, cross->out,
			       strcmp(edge->path, first->path) ? edge->path : NULL,
			       edge->entry->span,
			       phrase_make(cross->out, MESSAGE_CYCLE_STEP, 1, edge->entry->key));
	}
	found->finding.identity = identity_make(cross->out, cross->rule->id, "", SLICE(""),
						(struct slice){members->str, members->len});
	g_string_free(members, TRUE);
}

/* The component that ends at a vertex: off the stack, and reported if an edge stays inside it. */
static void close_component(struct cross *cross, struct graph *graph, struct vertex *vertex)
{
	GPtrArray *component = g_ptr_array_new(), *edges = g_ptr_array_new();
	struct vertex *member;

	do {
		member = g_ptr_array_steal_index(graph->stack, graph->stack->len - 1);
		member->on_stack = false;
		member->component = vertex->low;
		g_ptr_array_add(component, member);
	} while (member != vertex);
	for (guint i = 0; i < component->len; i++) {
		member = component->pdata[i];
		for (guint e = 0; e < member->edges->len; e++) {
			const struct index_item *edge = member->edges->pdata[e];

			if (is_within(graph, member, component->len == 1, edge))
				g_ptr_array_add(edges, (gpointer)edge);
		}
	}
	if (edges->len)
		report_cycle(cross, component, edges);
	g_ptr_array_free(component, TRUE);
	g_ptr_array_free(edges, TRUE);
}

static void enter(struct graph *graph, struct vertex *vertex)
{
	vertex->index = vertex->low = ++graph->count;
	vertex->on_stack = true;
	g_ptr_array_add(graph->stack, vertex);
	g_ptr_array_add(graph->path, vertex);
}

static void visit_from(struct cross *cross, struct graph *graph, struct vertex *start)
{
	enter(graph, start);
	while (graph->path->len) {
		struct vertex *vertex = graph->path->pdata[graph->path->len - 1];
		struct vertex *to;

		if (vertex->next < vertex->edges->len) {
			const struct index_item *edge = vertex->edges->pdata[vertex->next++];

			to = vertex_of(graph, edge->entry->key);
			if (!to->index)
				enter(graph, to);
			else if (to->on_stack)
				vertex->low = MIN(vertex->low, to->index);
			continue;
		}
		g_ptr_array_set_size(graph->path, (gint)graph->path->len - 1);
		if (graph->path->len) {
			to = graph->path->pdata[graph->path->len - 1];
			to->low = MIN(to->low, vertex->low);
		}
		if (vertex->low == vertex->index)
			close_component(cross, graph, vertex);
	}
}

void cross_acyclic(struct cross *cross)
{
	struct graph graph = {
		.vertices = g_hash_table_new_full(vertex_hash, vertex_same, free_vertex, NULL),
		.order = g_ptr_array_new(),
		.stack = g_ptr_array_new(),
		.path = g_ptr_array_new(),
	};

	index_each(cross->index, cross->rule->slot, add_edges, &graph);
	for (guint i = 0; i < graph.order->len; i++) {
		struct vertex *vertex = graph.order->pdata[i];

		if (!vertex->index)
			visit_from(cross, &graph, vertex);
	}
	g_ptr_array_free(graph.order, TRUE);
	g_ptr_array_free(graph.stack, TRUE);
	g_ptr_array_free(graph.path, TRUE);
	g_hash_table_destroy(graph.vertices);
}
