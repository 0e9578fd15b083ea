/*
 * `acyclic`: following a reference never returns. Over all edges of a rule at once, because an edge
 * anywhere can close a cycle.
 *
 * The graph is kept from state to state, with its cycles: the strongly connected components that
 * have an edge in them. When edges come and go, a cycle that lost or gained one is taken apart
 * again by itself; of a new edge it is asked first whether its end leads back to its start, from
 * both sides in turn, so that the shorter way decides. Only where one does, or where much is new,
 * Tarjan's algorithm runs on from there, without recursion: documents decide how deep it goes.
 *
 * A cycle is known by the name of its least member; cross_cycle.c makes the finding of it.
 *
 * Must not: let the order in which edges came be seen in what is reported.
 */
#include "check/cross_graph.h"

#include "base/hash.h"

#include <string.h>

enum { WHOLE = 4 }; /* with more than one edge in so many new, all is looked at */

struct pair {
	struct vertex *from, *to;
};

struct cross_graph {
	GHashTable *vertices; /* of struct vertex, by name */
	GHashTable *edges;    /* of struct edge, by entry and path */
	GPtrArray *added;     /* of struct edge, since the last update */
	GArray *gone;         /* of struct pair, since the last update */
	GPtrArray *stack, *path, *over;
	uint64_t count, base, search;
};

/* --- vertices and edges */

static guint vertex_hash(gconstpointer data)
{
	const struct vertex *vertex = data;

	return (guint)hash_bytes(vertex->name.data, vertex->name.len);
}

static gboolean vertex_same(gconstpointer a, gconstpointer b)
{
	return slice_equal(((const struct vertex *)a)->name, ((const struct vertex *)b)->name);
}

static void vertex_free(gpointer data)
{
	struct vertex *vertex = data;

	g_free((char *)vertex->name.data);
	g_free(vertex);
}

static guint edge_hash(gconstpointer data)
{
	const struct edge *edge = data;

	return g_direct_hash(edge->entry) * 31 + g_str_hash(edge->path);
}

static gboolean edge_same(gconstpointer a, gconstpointer b)
{
	const struct edge *x = a, *y = b;

	return x->entry == y->entry && !strcmp(x->path, y->path);
}

static guint pair_hash(gconstpointer data)
{
	const struct pair *pair = data;

	return g_direct_hash(pair->from) * 31 + g_direct_hash(pair->to);
}

static gboolean pair_same(gconstpointer a, gconstpointer b)
{
	const struct pair *x = a, *y = b;

	return x->from == y->from && x->to == y->to;
}

static void cycle_free(gpointer data)
{
	struct cycle *cycle = data;

	g_ptr_array_free(cycle->members, TRUE);
	g_free(cycle->identity);
	g_free(cycle);
}

struct cross_graph *cross_graph_new(void)
{
	struct cross_graph *graph = g_new0(struct cross_graph, 1);

	graph->vertices = g_hash_table_new_full(vertex_hash, vertex_same, vertex_free, NULL);
	graph->edges = g_hash_table_new_full(edge_hash, edge_same, g_free, NULL);
	graph->added = g_ptr_array_new();
	graph->gone = g_array_new(FALSE, FALSE, sizeof(struct pair));
	graph->stack = g_ptr_array_new();
	graph->path = g_ptr_array_new();
	graph->over = g_ptr_array_new_with_free_func(cycle_free);
	return graph;
}

void cross_graph_free(struct cross_graph *graph)
{
	GHashTableIter iter;
	gpointer data;

	if (!graph)
		return;
	g_hash_table_iter_init(&iter, graph->vertices);
	while (g_hash_table_iter_next(&iter, &data, NULL)) {
		struct cycle *cycle = ((struct vertex *)data)->cycle;

		if (cycle && cycle->least == data)
			g_ptr_array_add(graph->over, cycle);
	}
	g_hash_table_destroy(graph->edges);
	g_hash_table_destroy(graph->vertices);
	g_ptr_array_free(graph->added, TRUE);
	g_array_free(graph->gone, TRUE);
	g_ptr_array_free(graph->stack, TRUE);
	g_ptr_array_free(graph->path, TRUE);
	g_ptr_array_free(graph->over, TRUE);
	g_free(graph);
}

static struct vertex *vertex_find(const struct cross_graph *graph, struct slice name)
{
	struct vertex wanted = {.name = name};

	return g_hash_table_lookup(graph->vertices, &wanted);
}

static struct vertex *vertex_of(struct cross_graph *graph, struct slice name)
{
	struct vertex *vertex = vertex_find(graph, name);

	if (vertex)
		return vertex;
	vertex = g_new0(struct vertex, 1);
	vertex->name = (struct slice){g_memdup2(name.data, name.len), name.len};
	g_hash_table_add(graph->vertices, vertex);
	return vertex;
}

static void edge_link(struct edge *edge, enum side side, struct vertex *vertex)
{
	edge->end[side] = vertex;
	edge->next[side] = vertex->first[side];
	if (edge->next[side])
		edge->next[side]->link[side] = &edge->next[side];
	edge->link[side] = &vertex->first[side];
	vertex->first[side] = edge;
}

static void edge_unlink(struct edge *edge, enum side side)
{
	*edge->link[side] = edge->next[side];
	if (edge->next[side])
		edge->next[side]->link[side] = edge->link[side];
}

void cross_graph_add(struct cross_graph *graph, const char *path, const struct index_entry *entry)
{
	struct edge *edge = g_new0(struct edge, 1);

	edge->path = path;
	edge->entry = entry;
	edge->is_new = true;
	edge_link(edge, OUT, vertex_of(graph, entry->value));
	edge_link(edge, IN, vertex_of(graph, entry->key));
	g_hash_table_add(graph->edges, edge);
	g_ptr_array_add(graph->added, edge);
}

void cross_graph_remove(struct cross_graph *graph, const char *path,
			const struct index_entry *entry)
{
	struct edge wanted = {.path = path, .entry = entry};
	struct edge *edge = g_hash_table_lookup(graph->edges, &wanted);
	struct pair pair;

	if (!edge)
		return;
	pair = (struct pair){edge->end[OUT], edge->end[IN]};
	edge_unlink(edge, OUT);
	edge_unlink(edge, IN);
	g_array_append_val(graph->gone, pair);
	if (edge->is_new)
		g_ptr_array_remove_fast(graph->added, edge);
	g_hash_table_remove(graph->edges, edge);
}

/* --- does a new edge close a cycle? */

struct search {
	GPtrArray *queue[SIDES];
	guint at[SIDES];
	size_t cost[SIDES];
};

static void search_push(struct search *search, enum side side, struct vertex *vertex,
			uint64_t number)
{
	vertex->seen[side] = number;
	g_ptr_array_add(search->queue[side], vertex);
}

/* One vertex further on a side; true where both sides meet. */
static bool search_step(struct search *search, enum side side, uint64_t number)
{
	const struct vertex *vertex = search->queue[side]->pdata[search->at[side]++];

	for (struct edge *edge = vertex->first[side]; edge; edge = edge->next[side]) {
		struct vertex *other = edge->end[!side];

		search->cost[side]++;
		if (other->seen[!side] == number)
			return true;
		if (other->seen[side] != number)
			search_push(search, side, other, number);
	}
	search->cost[side]++;
	return false;
}

/* Does the end of an edge lead to its start? With the budget at its end (0) nobody knows. */
static bool leads_back(struct cross_graph *graph, const struct edge *edge, size_t *budget)
{
	struct search search = {.queue = {g_ptr_array_new(), g_ptr_array_new()}};
	bool is_met = edge->end[OUT] == edge->end[IN];
	size_t cost = 0;

	graph->search++;
	search_push(&search, OUT, edge->end[IN], graph->search);
	search_push(&search, IN, edge->end[OUT], graph->search);
	while (!is_met && cost < *budget && search.at[OUT] < search.queue[OUT]->len &&
	       search.at[IN] < search.queue[IN]->len) {
		enum side side = search.cost[OUT] <= search.cost[IN] ? OUT : IN;

		is_met = search_step(&search, side, graph->search);
		cost = search.cost[OUT] + search.cost[IN];
	}
	*budget -= MIN(cost, *budget);
	g_ptr_array_free(search.queue[OUT], TRUE);
	g_ptr_array_free(search.queue[IN], TRUE);
	return is_met;
}

/* --- the cycles of a part of the graph */

struct update {
	struct cross_graph *graph;
	GPtrArray *starts; /* of struct vertex: what is looked at */
	GPtrArray *cycles; /* of struct cycle that lost or gained an edge */
	GHashTable *gone;  /* of struct pair */
	bool is_wide;      /* beyond the cycles that there were */
	void (*changed)(void *context, struct slice key);
	void *context;
};

static void end_cycle(struct update *update, struct cycle *cycle)
{
	if (cycle->is_over)
		return;
	cycle->is_over = true;
	g_ptr_array_add(update->graph->over, cycle);
	update->changed(update->context, cycle->least->name);
}

static struct vertex *least_of(const GPtrArray *members)
{
	struct vertex *least = members->pdata[0];

	for (guint i = 1; i < members->len; i++) {
		struct vertex *member = members->pdata[i];

		if (slice_compare(member->name, least->name) < 0)
			least = member;
	}
	return least;
}

/* The cycle that had these members and no others, or NULL. */
static struct cycle *cycle_before(const GPtrArray *members)
{
	struct cycle *cycle = ((struct vertex *)members->pdata[0])->cycle;

	if (!cycle || cycle->members->len != members->len)
		return NULL;
	for (guint i = 1; i < members->len; i++)
		if (((struct vertex *)members->pdata[i])->cycle != cycle)
			return NULL;
	return cycle;
}

static bool has_loop(const struct vertex *vertex)
{
	for (const struct edge *edge = vertex->first[OUT]; edge; edge = edge->next[OUT])
		if (edge->end[IN] == vertex)
			return true;
	return false;
}

static void set_members(struct update *update, GPtrArray *members)
{
	bool is_cycle = members->len > 1 || has_loop(members->pdata[0]);
	struct cycle *cycle = is_cycle ? cycle_before(members) : NULL;

	if (cycle) {
		g_ptr_array_free(members, TRUE);
		if (cycle->is_changed)
			update->changed(update->context, cycle->least->name);
		return;
	}
	if (is_cycle) {
		cycle = g_new0(struct cycle, 1);
		cycle->members = members;
		cycle->least = least_of(members);
		update->changed(update->context, cycle->least->name);
	}
	for (guint i = 0; i < members->len; i++) {
		struct vertex *member = members->pdata[i];

		if (member->cycle)
			end_cycle(update, member->cycle);
		member->cycle = cycle;
	}
	if (!is_cycle)
		g_ptr_array_free(members, TRUE);
}

/* The component that ends at a vertex: off the stack. */
static void close_component(struct update *update, struct vertex *vertex)
{
	GPtrArray *members = g_ptr_array_new(), *stack = update->graph->stack;
	struct vertex *member;

	do {
		member = g_ptr_array_steal_index(stack, stack->len - 1);
		member->on_stack = false;
		g_ptr_array_add(members, member);
	} while (member != vertex);
	set_members(update, members);
}

static void enter(struct cross_graph *graph, struct vertex *vertex)
{
	vertex->index = vertex->low = ++graph->count;
	vertex->next = vertex->first[OUT];
	vertex->on_stack = true;
	g_ptr_array_add(graph->stack, vertex);
	g_ptr_array_add(graph->path, vertex);
}

/* What has lost edges only stays within the cycles that there were. */
static void visit_from(struct update *update, struct vertex *start)
{
	struct cross_graph *graph = update->graph;
	const struct cycle *within = start->cycle;

	enter(graph, start);
	while (graph->path->len) {
		struct vertex *vertex = graph->path->pdata[graph->path->len - 1];
		struct vertex *to;

		if (vertex->next) {
			to = vertex->next->end[IN];
			vertex->next = vertex->next->next[OUT];
			if (to->index <= graph->base) {
				if (update->is_wide || to->cycle == within)
					enter(graph, to);
			} else if (to->on_stack) {
				vertex->low = MIN(vertex->low, to->index);
			}
			continue;
		}
		g_ptr_array_set_size(graph->path, (gint)graph->path->len - 1);
		if (graph->path->len) {
			to = graph->path->pdata[graph->path->len - 1];
			to->low = MIN(to->low, vertex->low);
		}
		if (vertex->low == vertex->index)
			close_component(update, vertex);
	}
}

/* --- what edges that came and went have changed */

static struct cycle *cycle_within(const struct vertex *from, const struct vertex *to)
{
	return from->cycle == to->cycle ? from->cycle : NULL;
}

static void take_apart(struct update *update, struct cycle *cycle)
{
	if (cycle->is_changed)
		return;
	cycle->is_changed = true;
	g_ptr_array_add(update->cycles, cycle);
	for (guint i = 0; i < cycle->members->len; i++)
		g_ptr_array_add(update->starts, cycle->members->pdata[i]);
}

static void weigh_gone(struct update *update)
{
	const GArray *gone = update->graph->gone;

	for (guint i = 0; i < gone->len; i++) {
		struct pair *pair = &g_array_index(gone, struct pair, i);
		struct cycle *cycle = cycle_within(pair->from, pair->to);

		g_hash_table_add(update->gone, pair);
		if (cycle)
			take_apart(update, cycle);
	}
}

static void look_at_all(struct update *update)
{
	GHashTableIter iter;
	gpointer vertex;

	update->is_wide = true;
	g_ptr_array_set_size(update->starts, 0);
	g_hash_table_iter_init(&iter, update->graph->vertices);
	while (g_hash_table_iter_next(&iter, &vertex, NULL))
		g_ptr_array_add(update->starts, vertex);
}

/* An edge that another one like it replaces connects nothing that was not connected. */
static void weigh_added(struct update *update)
{
	struct cross_graph *graph = update->graph;
	size_t budget = g_hash_table_size(graph->edges);
	bool is_much = graph->added->len > budget / WHOLE;

	for (guint i = 0; i < graph->added->len; i++) {
		struct edge *edge = graph->added->pdata[i];
		struct pair pair = {edge->end[OUT], edge->end[IN]};
		struct cycle *cycle = cycle_within(pair.from, pair.to);

		edge->is_new = false;
		if (cycle) {
			take_apart(update, cycle);
		} else if (!is_much && budget && !g_hash_table_contains(update->gone, &pair) &&
			   leads_back(graph, edge, &budget)) {
			update->is_wide = true;
			g_ptr_array_add(update->starts, edge->end[IN]);
		}
	}
	if (is_much || !budget)
		look_at_all(update);
}

static void bury_vertex(GPtrArray *dead, struct vertex *vertex)
{
	if (vertex->first[OUT] || vertex->first[IN] || vertex->is_dead)
		return;
	vertex->is_dead = true;
	g_ptr_array_add(dead, vertex);
}

static void forget(struct update *update)
{
	struct cross_graph *graph = update->graph;
	GPtrArray *dead = g_ptr_array_new();

	for (guint i = 0; i < update->cycles->len; i++)
		((struct cycle *)update->cycles->pdata[i])->is_changed = false;
	for (guint i = 0; i < graph->gone->len; i++) {
		const struct pair *pair = &g_array_index(graph->gone, struct pair, i);

		bury_vertex(dead, pair->from);
		bury_vertex(dead, pair->to);
	}
	for (guint i = 0; i < dead->len; i++)
		g_hash_table_remove(graph->vertices, dead->pdata[i]);
	g_ptr_array_free(dead, TRUE);
	g_ptr_array_set_size(graph->over, 0);
	g_ptr_array_set_size(graph->added, 0);
	g_array_set_size(graph->gone, 0);
}

void cross_graph_update(struct cross_graph *graph, void (*changed)(void *context, struct slice key),
			void *context)
{
	struct update update = {
		.graph = graph,
		.starts = g_ptr_array_new(),
		.cycles = g_ptr_array_new(),
		.gone = g_hash_table_new(pair_hash, pair_same),
		.changed = changed,
		.context = context,
	};

	weigh_gone(&update);
	weigh_added(&update);
	graph->base = graph->count;
	for (guint i = 0; i < update.starts->len; i++)
		if (((struct vertex *)update.starts->pdata[i])->index <= graph->base)
			visit_from(&update, update.starts->pdata[i]);
	forget(&update);
	g_hash_table_destroy(update.gone);
	g_ptr_array_free(update.cycles, TRUE);
	g_ptr_array_free(update.starts, TRUE);
}

struct cycle *cross_graph_cycle(const struct cross_graph *graph, struct slice key)
{
	const struct vertex *vertex = vertex_find(graph, key);

	return vertex && vertex->cycle && vertex->cycle->least == vertex ? vertex->cycle : NULL;
}
