/*
 * Commits as lines of a graph. Commits come parents first, so each one's parents are known when it
 * is added: a commit without anything to say is replaced by its parent on the spot, and a parent
 * that another parent leads to already is left out.
 *
 * Drawing keeps a list of lanes, each the last commit drawn in it, as long as it has children to
 * come. A commit takes over the lane of a parent whose last child it is; from any other it forks a
 * lane to the right; then its lanes are joined in the leftmost.
 *
 *	* one
 *	|\
 *	| * side
 *	* | two
 *	|/
 *	* merge
 */
#include "report/graph.h"

#include <stdint.h>
#include <string.h>

enum {
	LANES_SHOWN = 30,
	STEPS = 256, /* of the search for a way between two parents */
};

/* A commit that is drawn. */
struct drawn {
	uint32_t *parents;
	uint32_t parent_count;
	uint32_t children; /* still to come */
	char *text;
};

struct graph {
	GArray *commits;     /* struct drawn */
	GHashTable *numbers; /* id -> number of the commit that stands for it, plus 1; 0: none */
	GArray *lanes;       /* uint32_t: the commit at the end of each */
};

struct graph *graph_new(void)
{
	struct graph *graph = g_new(struct graph, 1);

	graph->commits = g_array_new(FALSE, FALSE, sizeof(struct drawn));
	graph->numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	graph->lanes = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	return graph;
}

static struct drawn *commit_at(const struct graph *graph, uint32_t number)
{
	return &g_array_index(graph->commits, struct drawn, number);
}

void graph_free(struct graph *graph)
{
	if (!graph)
		return;
	for (guint i = 0; i < graph->commits->len; i++) {
		g_free(commit_at(graph, i)->parents);
		g_free(commit_at(graph, i)->text);
	}
	g_array_free(graph->commits, TRUE);
	g_hash_table_destroy(graph->numbers);
	g_array_free(graph->lanes, TRUE);
	g_free(graph);
}

/* --- which commits are drawn */

static gint descending(gconstpointer a, gconstpointer b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x > y ? -1 : x < y;
}

/* Does `child` lead to `parent`? Far ones are not looked for. */
static bool leads_to(const struct graph *graph, uint32_t child, uint32_t parent)
{
	GArray *waiting = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	bool found = false;

	g_array_append_val(waiting, child);
	for (guint i = 0; !found && i < waiting->len && i < STEPS; i++) {
		const struct drawn *commit = commit_at(graph, g_array_index(waiting, uint32_t, i));

		for (uint32_t p = 0; p < commit->parent_count; p++) {
			found |= commit->parents[p] == parent;
			if (commit->parents[p] > parent)
				g_array_append_val(waiting, commit->parents[p]);
		}
	}
	g_array_free(waiting, TRUE);
	return found;
}

/* The commits that stand for the parents, each once, none that another leads to. */
static GArray *parents_of(const struct graph *graph, const char *const *parents, size_t count)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	GArray *result = g_array_new(FALSE, FALSE, sizeof(uint32_t));

	for (size_t i = 0; i < count; i++) {
		uint32_t number = GPOINTER_TO_UINT(g_hash_table_lookup(graph->numbers, parents[i]));

		if (number--)
			g_array_append_val(all, number);
	}
	g_array_sort(all, descending);
	for (guint i = 0; i < all->len; i++) {
		uint32_t number = g_array_index(all, uint32_t, i);
		bool is_known = false;

		for (guint k = 0; !is_known && k < result->len; k++) {
			uint32_t other = g_array_index(result, uint32_t, k);

			is_known = other == number || leads_to(graph, other, number);
		}
		if (!is_known)
			g_array_append_val(result, number);
	}
	g_array_free(all, TRUE);
	return result;
}

void graph_add(struct graph *graph, const char *id, const char *const *parents, size_t parent_count,
	       bool plain, char *text)
{
	GArray *reduced = parents_of(graph, parents, parent_count);
	struct drawn commit = {.parent_count = reduced->len, .text = text};
	uint32_t number = graph->commits->len + 1;

	if (plain && reduced->len < 2) {
		number = reduced->len ? g_array_index(reduced, uint32_t, 0) + 1 : 0;
		g_array_free(reduced, TRUE);
		g_free(text);
	} else {
		commit.parents = (uint32_t *)(void *)g_array_free(reduced, FALSE);
		for (uint32_t i = 0; i < commit.parent_count; i++)
			commit_at(graph, commit.parents[i])->children++;
		g_array_append_val(graph->commits, commit);
	}
	g_hash_table_insert(graph->numbers, g_strdup(id), GUINT_TO_POINTER(number));
}

/* --- drawing */

/* A row of `width` columns, filled from cells; what does not fit is cut. */
static void append_row(GString *out, const char *cells, size_t width)
{
	size_t shown = MIN(width, 2 * LANES_SHOWN);

	while (shown && shown == width && cells[shown - 1] == ' ')
		width = --shown;
	g_string_append_len(out, cells, (gssize)shown);
	if (shown < width)
		g_string_append(out, "…");
}

/* Lanes up to `lane` stay, a line leaves it to the right, those behind it make room. */
static void draw_fork(GString *out, const struct graph *graph, guint lane)
{
	size_t width = 2 * (size_t)graph->lanes->len;
	char *cells = g_strnfill(width, ' ');

	for (guint i = 0; i < graph->lanes->len; i++) {
		if (i <= lane)
			cells[2 * i] = '|';
		if (i >= lane)
			cells[2 * i + 1] = '\\';
	}
	append_row(out, cells, width);
	g_string_append_c(out, '\n');
	g_free(cells);
}

/* The line of `lane` goes over to `target` on its left, those behind it close up. */
static void draw_join(GString *out, const struct graph *graph, guint lane, guint target)
{
	size_t width = 2 * (size_t)graph->lanes->len;
	char *cells = g_strnfill(width, ' ');

	for (guint i = 0; i < graph->lanes->len; i++) {
		if (i < lane)
			cells[2 * i] = '|';
		else
			cells[2 * i - 1] = '/';
		if (i >= target && i + 1 < lane)
			cells[2 * i + 1] = '_';
	}
	append_row(out, cells, width);
	g_string_append_c(out, '\n');
	g_free(cells);
}

/* A lane without children to come ends, those behind it close up. */
static void draw_end(GString *out, const struct graph *graph, guint lane)
{
	size_t width = 2 * (size_t)graph->lanes->len;
	char *cells = g_strnfill(width, ' ');

	for (guint i = 0; i < graph->lanes->len; i++)
		if (i < lane)
			cells[2 * i] = '|';
		else if (i > lane)
			cells[2 * i - 1] = '/';
	append_row(out, cells, width);
	g_string_append_c(out, '\n');
	g_free(cells);
}

/* The lanes beside a line of text; `mark` stands in `lane`. */
static void append_lanes(GString *out, const struct graph *graph, guint lane, char mark)
{
	size_t width = 2 * (size_t)graph->lanes->len;
	char *cells = g_strnfill(width, ' ');

	for (guint i = 0; i < graph->lanes->len; i++)
		cells[2 * i] = i == lane ? mark : '|';
	g_string_append_len(out, cells, (gssize)MIN(width, 2 * LANES_SHOWN));
	if (width > 2 * LANES_SHOWN)
		g_string_append(out, "… ");
	g_free(cells);
}

static guint lane_of(const struct graph *graph, uint32_t commit)
{
	guint lane = 0;

	while (lane < graph->lanes->len && g_array_index(graph->lanes, uint32_t, lane) != commit)
		lane++;
	return lane;
}

/* Gives a commit its lane and returns it: its parents' lines lead there. */
static guint draw_edges(GString *out, struct graph *graph, uint32_t number)
{
	const struct drawn *commit = commit_at(graph, number);
	guint target;

	for (uint32_t i = 0; i < commit->parent_count; i++) {
		guint lane = lane_of(graph, commit->parents[i]);

		if (--commit_at(graph, commit->parents[i])->children) {
			draw_fork(out, graph, lane);
			g_array_insert_val(graph->lanes, lane + 1, number);
		} else {
			g_array_index(graph->lanes, uint32_t, lane) = number;
		}
	}
	target = lane_of(graph, number);
	if (target == graph->lanes->len)
		g_array_append_val(graph->lanes, number);
	for (guint lane = graph->lanes->len; lane-- > target + 1;) {
		if (g_array_index(graph->lanes, uint32_t, lane) != number)
			continue;
		draw_join(out, graph, lane, target);
		g_array_remove_index(graph->lanes, lane);
	}
	return target;
}

static void draw_commit(GString *out, struct graph *graph, uint32_t number)
{
	const struct drawn *commit = commit_at(graph, number);
	guint lane = draw_edges(out, graph, number);
	char **lines = g_strsplit(commit->text, "\n", -1);

	for (size_t i = 0; lines[i]; i++) {
		if (!*lines[i] && !lines[i + 1])
			break;
		append_lanes(out, graph, lane, i ? (commit->children ? '|' : ' ') : '*');
		g_string_append_printf(out, "%s\n", lines[i]);
	}
	g_strfreev(lines);
	if (commit->children)
		return;
	if (lane + 1 < graph->lanes->len)
		draw_end(out, graph, lane);
	g_array_remove_index(graph->lanes, lane);
}

void graph_append(GString *out, struct graph *graph)
{
	for (guint i = 0; i < graph->commits->len; i++)
		draw_commit(out, graph, i);
}
