/*
 * The commits of a range (git help gitrevisions, git help rev-list) with all their ancestors.
 *
 * Commits are read from the tips down, once each; `wanted` is what is reachable from the positive
 * revisions and not from the negative ones. Then they are put in order: parents first, among those
 * whose parents are all out the one with the smallest committer date, then id. libgit2's walk is
 * not used: on a shallow clone it ends before the first commit.
 */
#include "repository/internal.h"

#include "base/hash.h"

#include <string.h>

/* A commit while the graph is read. */
struct node {
	struct object_id id;
	struct object_id tree;
	int64_t date;
	uint32_t parents; /* the first of its parents in the graph's list */
	uint32_t parent_count;
	uint32_t waiting; /* parents that are not out yet */
	uint32_t place;   /* in the result */
	uint8_t flags;
	bool is_cut;
};

struct graph {
	struct repository *repository;
	const struct history_options *options;
	GArray *nodes;       /* struct node */
	GArray *parent_list; /* uint32_t */
	GHashTable *numbers; /* struct object_id -> number + 1 */
	GHashTable *shallow; /* struct object_id */
	GArray *tips;        /* struct tip */
	struct arena arena;
};

static struct node *node_at(const struct graph *graph, uint32_t number)
{
	return &g_array_index(graph->nodes, struct node, number);
}

static uint32_t parent_at(const struct graph *graph, const struct node *node, uint32_t i)
{
	return g_array_index(graph->parent_list, uint32_t, node->parents + i);
}

static unsigned hash_of_id(const void *id)
{
	return (unsigned)hash_bytes(id, OBJECT_ID_SIZE);
}

static int is_same_id(const void *a, const void *b)
{
	return object_id_equal(a, b);
}

static void shallow_read(struct graph *graph)
{
	char *text = small_file_read(graph->repository->places.common_folder, "shallow", NULL);
	char **lines = g_strsplit(text ? text : "", "\n", -1);

	for (char **line = lines; *line; line++) {
		struct object_id *id = arena_new(&graph->arena, struct object_id);

		if (object_id_parse(id, slice_of(*line)))
			g_hash_table_add(graph->shallow, id);
	}
	g_strfreev(lines);
	g_free(text);
}

/* The number of a commit, given now if it has none (then it is read later, in order). */
static uint32_t number_of(struct graph *graph, const struct object_id *id)
{
	uint32_t number = GPOINTER_TO_UINT(g_hash_table_lookup(graph->numbers, id));

	if (number)
		return number - 1;
	struct node node = {.id = *id};
	struct object_id *key = arena_new(&graph->arena, struct object_id);

	*key = *id;
	g_array_append_val(graph->nodes, node);
	g_hash_table_insert(graph->numbers, key, GUINT_TO_POINTER(graph->nodes->len));
	return graph->nodes->len - 1;
}

static int node_read(struct graph *graph, uint32_t number, struct raw_commit *raw, bool first_only,
		     struct error *error)
{
	struct object_id id = node_at(graph, number)->id;
	git_odb_object *object;

	if (object_read(&object, graph->repository, &id, GIT_OBJECT_COMMIT, 0, error))
		return -1;
	if (!raw_commit_parse(raw, git_odb_object_data(object), git_odb_object_size(object))) {
		char hex[OBJECT_ID_HEX + 1];

		git_odb_object_free(object);
		object_id_hex(hex, &id);
		return error_set(error, "commit %s is malformed; run: git fsck", hex);
	}
	int64_t date = signature_date(raw->committer, NULL);
	bool is_shallow = g_hash_table_contains(graph->shallow, &id);
	uint32_t count = is_shallow ? 0 : raw->parents->len;
	uint32_t start = graph->parent_list->len;

	git_odb_object_free(object);
	if (first_only && count > 1)
		count = 1;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t parent = number_of(graph,
					    &g_array_index(raw->parents, struct object_id, i));

		g_array_append_val(graph->parent_list, parent);
	}
	struct node *node = node_at(graph, number);

	node->tree = raw->tree;
	node->date = date;
	node->parents = start;
	node->parent_count = count;
	node->is_cut = is_shallow && raw->parents->len;
	return 0;
}

static bool has_unwanted_tips(const struct graph *graph)
{
	for (guint i = 0; i < graph->tips->len; i++)
		if (g_array_index(graph->tips, struct tip, i).flags != WANTED)
			return true;
	return false;
}

static bool is_interrupted(const struct graph *graph)
{
	return graph->options->interrupted && *graph->options->interrupted;
}

/* Reads every commit that can be reached. Negative revisions reach through all parents. */
static int graph_read(struct graph *graph, struct error *error)
{
	struct raw_commit raw = {.parents = g_array_new(FALSE, FALSE, sizeof(struct object_id))};
	bool first_only = graph->options->first_parent && !has_unwanted_tips(graph);
	int result = 0;

	for (guint i = 0; i < graph->tips->len; i++)
		number_of(graph, &g_array_index(graph->tips, struct tip, i).id);
	for (uint32_t i = 0; !result && i < graph->nodes->len; i++)
		result = is_interrupted(graph) ? 1 : node_read(graph, i, &raw, first_only, error);
	g_array_free(raw.parents, TRUE);
	return result;
}

/* Sets a flag on a commit and all that it reaches. */
static void mark(struct graph *graph, uint32_t number, uint8_t flag, bool first_only)
{
	GArray *stack = g_array_new(FALSE, FALSE, sizeof(uint32_t));

	g_array_append_val(stack, number);
	while (stack->len) {
		struct node *node = node_at(graph, g_array_index(stack, uint32_t, stack->len - 1));
		uint32_t count = first_only ? MIN(node->parent_count, 1) : node->parent_count;

		g_array_set_size(stack, stack->len - 1);
		if (node->flags & flag)
			continue;
		node->flags |= flag;
		for (uint32_t i = 0; i < count; i++) {
			uint32_t parent = parent_at(graph, node, i);

			g_array_append_val(stack, parent);
		}
	}
	g_array_free(stack, TRUE);
}

static void mark_tips(struct graph *graph)
{
	for (guint i = 0; i < graph->tips->len; i++) {
		const struct tip *tip = &g_array_index(graph->tips, struct tip, i);
		uint32_t number = number_of(graph, &tip->id);

		for (unsigned flag = WANTED; flag <= RIGHT; flag <<= 1)
			if (tip->flags & flag)
				mark(graph, number, (uint8_t)flag,
				     flag == WANTED && graph->options->first_parent);
	}
}

/* Leaves WANTED on the commits of the range, and KEPT on those and their ancestors. */
static void choose(struct graph *graph)
{
	const struct history_options *options = graph->options;

	for (uint32_t i = 0; i < graph->nodes->len; i++) {
		struct node *node = node_at(graph, i);
		bool is_common = (node->flags & LEFT) && (node->flags & RIGHT);

		if ((node->flags & UNWANTED) || is_common ||
		    (options->has_since && node->date < options->since) ||
		    (options->has_until && node->date > options->until))
			node->flags &= (uint8_t)~WANTED;
	}
	for (uint32_t i = 0; i < graph->nodes->len; i++)
		if (node_at(graph, i)->flags & WANTED)
			mark(graph, i, KEPT, options->first_parent);
}

/* --- order: a heap of the commits whose parents are all out */

static bool comes_before(const struct graph *graph, uint32_t a, uint32_t b)
{
	const struct node *x = node_at(graph, a), *y = node_at(graph, b);

	return x->date != y->date ? x->date < y->date : object_id_compare(&x->id, &y->id) < 0;
}

static void heap_push(const struct graph *graph, GArray *heap, uint32_t number)
{
	g_array_append_val(heap, number);
	uint32_t *items = (uint32_t *)(void *)heap->data;

	for (guint i = heap->len - 1; i && comes_before(graph, items[i], items[(i - 1) / 2]);
	     i = (i - 1) / 2) {
		uint32_t above = items[(i - 1) / 2];

		items[(i - 1) / 2] = items[i];
		items[i] = above;
	}
}

static uint32_t heap_pop(const struct graph *graph, GArray *heap)
{
	uint32_t *items = (uint32_t *)(void *)heap->data;
	uint32_t top = items[0];

	items[0] = items[heap->len - 1];
	g_array_set_size(heap, heap->len - 1);
	for (guint i = 0;;) {
		guint least = i;

		for (guint child = 2 * i + 1; child <= 2 * i + 2 && child < heap->len; child++)
			if (comes_before(graph, items[child], items[least]))
				least = child;
		if (least == i)
			return top;
		uint32_t swap = items[i];

		items[i] = items[least];
		items[least] = swap;
		i = least;
	}
}

/* Children of each commit as one list: those of n are list[start[n] .. start[n + 1]). */
struct children {
	uint32_t *start;
	uint32_t *list;
};

static uint32_t used_parents(const struct graph *graph, const struct node *node)
{
	return graph->options->first_parent ? MIN(node->parent_count, 1) : node->parent_count;
}

static struct children children_of(struct graph *graph)
{
	uint32_t count = graph->nodes->len;
	struct children children = {g_new0(uint32_t, count + 2), NULL};

	for (uint32_t i = 0; i < count; i++) {
		struct node *node = node_at(graph, i);

		for (uint32_t p = 0; (node->flags & KEPT) && p < used_parents(graph, node); p++) {
			children.start[parent_at(graph, node, p) + 2]++;
			node->waiting++;
		}
	}
	for (uint32_t i = 0; i < count; i++)
		children.start[i + 2] += children.start[i + 1];
	children.list = g_new(uint32_t, children.start[count + 1] + 1);
	for (uint32_t i = 0; i < count; i++) {
		const struct node *node = node_at(graph, i);

		for (uint32_t p = 0; (node->flags & KEPT) && p < used_parents(graph, node); p++)
			children.list[children.start[parent_at(graph, node, p) + 1]++] = i;
	}
	return children;
}

static void append_commit(struct history *history, const struct graph *graph, struct node *node)
{
	uint32_t count = used_parents(graph, node);
	uint32_t *parents = arena_array(&history->arena, count, sizeof(*parents));

	for (uint32_t i = 0; i < count; i++)
		parents[i] = node_at(graph, parent_at(graph, node, i))->place;
	node->place = (uint32_t)history->count;
	history->commits[history->count++] = (struct history_commit){
		.id = node->id,
		.tree = node->tree,
		.parents = parents,
		.parent_count = count,
		.wanted = (node->flags & WANTED) != 0,
		.is_cut = node->is_cut,
		.date = node->date,
	};
	history->wanted_count += (node->flags & WANTED) != 0;
}

static void put_in_order(struct history *history, struct graph *graph)
{
	struct children children = children_of(graph);
	GArray *heap = g_array_new(FALSE, FALSE, sizeof(uint32_t));

	history->commits = arena_array(&history->arena, graph->nodes->len,
				       sizeof(*history->commits));
	for (uint32_t i = 0; i < graph->nodes->len; i++)
		if ((node_at(graph, i)->flags & KEPT) && !node_at(graph, i)->waiting)
			heap_push(graph, heap, i);
	while (heap->len) {
		uint32_t number = heap_pop(graph, heap);

		append_commit(history, graph, node_at(graph, number));
		for (uint32_t i = children.start[number]; i < children.start[number + 1]; i++)
			if (!--node_at(graph, children.list[i])->waiting)
				heap_push(graph, heap, children.list[i]);
	}
	g_array_free(heap, TRUE);
	g_free(children.start);
	g_free(children.list);
}

/* --- tips */

static int add_tip(struct graph *graph, const char *revision, size_t len, uint8_t flags,
		   struct error *error)
{
	char *text = len ? g_strndup(revision, len) : g_strdup("HEAD");
	struct tip tip = {.flags = flags};
	int result;

	if (!strcmp(text, "HEAD") || !strcmp(text, "@")) {
		int found = repository_head(&tip.id, graph->repository, error);

		result = found > 0 ? 0
			 : found   ? -1
				   : error_usage(error, "there is no commit yet: HEAD is unborn");
	} else {
		result = repository_resolve(&tip.id, graph->repository, text, error);
	}
	if (!result)
		g_array_append_val(graph->tips, tip);
	g_free(text);
	return result;
}

/* revision = [ "^" ] rev | [ rev ] ".." [ rev ] | [ rev ] "..." [ rev ] */
static int add_revision(struct graph *graph, const char *text, struct error *error)
{
	const char *dots = strstr(text, "..");

	if (!dots && *text == '^')
		return add_tip(graph, text + 1, strlen(text + 1), UNWANTED, error);
	if (!dots)
		return add_tip(graph, text, strlen(text), WANTED, error);
	size_t left = (size_t)(dots - text);
	bool symmetric = dots[2] == '.';
	const char *right = dots + 2 + symmetric;

	if (strstr(right, ".."))
		return error_usage(error, "\"%s\" is no range; write A..B or A...B", text);
	if (symmetric && (graph->tips->len || graph->options->revision_count > 1))
		return error_usage(error, "\"%s\" must be the only revision", text);
	if (add_tip(graph, text, left, symmetric ? WANTED | LEFT : UNWANTED, error))
		return -1;
	return add_tip(graph, right, strlen(right), symmetric ? WANTED | RIGHT : WANTED, error);
}

/* Every reference that leads to a commit, and HEAD. */
static int add_all(struct graph *graph, uint8_t flags, struct error *error)
{
	git_reference_iterator *iterator;
	const char *name;
	struct tip tip = {.flags = flags};
	int code;

	if (git_reference_iterator_new(&iterator, graph->repository->git))
		return git_failed(error, "the references cannot be read");
	while (!(code = git_reference_next_name(&name, iterator))) {
		struct error unknown = {0};

		if (g_str_has_prefix(name, "refs/replace/"))
			continue;
		if (!repository_resolve(&tip.id, graph->repository, name, &unknown)) {
			g_array_append_val(graph->tips, tip);
		} else if (unknown.kind == ERROR_SYSTEM) {
			error_set(error, "%s", unknown.message);
			error_clear(&unknown);
			break;
		}
		error_clear(&unknown);
	}
	git_reference_iterator_free(iterator);
	if (code != GIT_ITEROVER)
		return git_failed(error, "the references cannot be read");
	code = repository_head(&tip.id, graph->repository, error);
	if (code == 1)
		g_array_append_val(graph->tips, tip);
	return code < 0 ? -1 : 0;
}

static int tips_read(struct graph *graph, struct error *error)
{
	const struct history_options *options = graph->options;
	bool has_positive = options->all;

	for (size_t i = 0; i < options->revision_count; i++) {
		if (add_revision(graph, options->revisions[i], error))
			return -1;
		has_positive |= *options->revisions[i] != '^';
	}
	if (!has_positive && add_tip(graph, "HEAD", 4, WANTED, error))
		return -1;
	if (options->not_all && add_all(graph, UNWANTED, error))
		return -1;
	return options->all ? add_all(graph, WANTED, error) : 0;
}

int history_tips(GArray *tips, struct repository *repository, const struct history_options *options,
		 struct error *error)
{
	struct graph graph = {.repository = repository, .options = options, .tips = tips};

	return tips_read(&graph, error);
}

int history_read(struct history *out, struct repository *repository,
		 const struct history_options *options, struct error *error)
{
	struct graph graph = {
		.repository = repository,
		.options = options,
		.nodes = g_array_new(FALSE, TRUE, sizeof(struct node)),
		.parent_list = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
		.numbers = g_hash_table_new(hash_of_id, is_same_id),
		.shallow = g_hash_table_new(hash_of_id, is_same_id),
		.tips = g_array_new(FALSE, FALSE, sizeof(struct tip)),
	};
	int result;

	*out = (struct history){0};
	shallow_read(&graph);
	result = tips_read(&graph, error);
	if (!result)
		result = graph_read(&graph, error);
	if (!result) {
		mark_tips(&graph);
		choose(&graph);
		put_in_order(out, &graph);
	}
	g_array_free(graph.nodes, TRUE);
	g_array_free(graph.parent_list, TRUE);
	g_array_free(graph.tips, TRUE);
	g_hash_table_destroy(graph.numbers);
	g_hash_table_destroy(graph.shallow);
	arena_release(&graph.arena);
	return result;
}

void history_release(struct history *history)
{
	arena_release(&history->arena);
	*history = (struct history){0};
}
