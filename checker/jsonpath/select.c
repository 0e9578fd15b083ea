/*
 * Selects: each segment makes a new list of nodes from the last one (RFC 9535 2.1.2). A document's
 * nodes lie in pre-order, so the descendants of a node are the array from it on.
 *
 * Every node looked at is a step, members passed by a search for a name are a part of one. A run
 * out of steps ends with what it has and says so.
 */
#include "jsonpath/run.h"

#include "base/regex.h"

enum { MEMBERS_PER_STEP = 8 };

bool path_spend(struct path_run *run, uint64_t steps)
{
	if (run->limited || *run->steps < steps) {
		run->limited = true;
		*run->steps = 0;
		return false;
	}
	*run->steps -= steps;
	return true;
}

static void free_list(gpointer list)
{
	g_ptr_array_free(list, TRUE);
}

GPtrArray *path_take_list(struct path_run *run)
{
	if (run->spare && run->spare->len)
		return g_ptr_array_steal_index_fast(run->spare, run->spare->len - 1);
	return g_ptr_array_new();
}

void path_give_list(struct path_run *run, GPtrArray *list)
{
	if (!run->spare)
		run->spare = g_ptr_array_new_with_free_func(free_list);
	g_ptr_array_set_size(list, 0);
	g_ptr_array_add(run->spare, list);
}

static void add(GPtrArray *out, const struct doc_node *node)
{
	g_ptr_array_add(out, (gpointer)node);
}

/* RFC 9535 2.3.1.2 */
static const struct doc_node *find_name(struct path_run *run,
					const struct jsonpath_selector *selector,
					const struct doc_node *node)
{
	if (!doc_is(node, DOC_OBJECT) || !path_spend(run, 1 + node->count / MEMBERS_PER_STEP))
		return NULL;
	if (selector->symbol != SYMBOL_NONE)
		return doc_member_symbol(node, selector->symbol);
	return doc_member(node, selector->name.data, selector->name.len);
}

/* RFC 9535 2.3.3.2 */
static const struct doc_node *find_index(struct path_run *run, int64_t index,
					 const struct doc_node *node)
{
	if (!doc_is(node, DOC_ARRAY) || !path_spend(run, 1 + node->count / MEMBERS_PER_STEP))
		return NULL;
	if (index < 0)
		index += node->count;
	return index < 0 ? NULL : doc_item(node, (size_t)index);
}

static void select_children(struct path_run *run, GPtrArray *out, const struct doc_node *node,
			    const struct jsonpath_expr *filter)
{
	for (const struct doc_node *child = doc_first(node); child && path_spend(run, 1);
	     child = doc_next(child)) {
		if (!filter || path_run_filter(run, filter, child))
			add(out, child);
	}
}

/* A bound of a slice within [low, high]; negative ones count from the end (RFC 9535 2.3.4.2.2). */
static int64_t bound(int64_t index, int64_t len, int64_t low, int64_t high)
{
	if (index < 0)
		index += len;
	return CLAMP(index, low, high);
}

static void select_slice(struct path_run *run, GPtrArray *out,
			 const struct jsonpath_selector *selector, const struct doc_node *node)
{
	int64_t step = selector->step, len, start, end;
	GPtrArray *items;

	if (!doc_is(node, DOC_ARRAY) || step == 0)
		return;
	len = node->count;
	items = path_take_list(run);
	select_children(run, items, node, NULL);
	if (run->limited)
		len = 0;
	if (step > 0) {
		start = selector->has_start ? bound(selector->index, len, 0, len) : 0;
		end = selector->has_end ? bound(selector->end, len, 0, len) : len;
		for (; start < end; start += step)
			g_ptr_array_add(out, items->pdata[start]);
	} else {
		start = selector->has_start ? bound(selector->index, len, -1, len - 1) : len - 1;
		end = selector->has_end ? bound(selector->end, len, -1, len - 1) : -1;
		for (; start > end; start += step)
			g_ptr_array_add(out, items->pdata[start]);
	}
	path_give_list(run, items);
}

static void apply_selector(struct path_run *run, GPtrArray *out,
			   const struct jsonpath_selector *selector, const struct doc_node *node)
{
	const struct doc_node *found;

	switch (selector->kind) {
	case JSONPATH_NAME:
		found = find_name(run, selector, node);
		if (found)
			add(out, found);
		return;
	case JSONPATH_WILDCARD:
		select_children(run, out, node, NULL);
		return;
	case JSONPATH_INDEX:
		found = find_index(run, selector->index, node);
		if (found)
			add(out, found);
		return;
	case JSONPATH_SLICE:
		select_slice(run, out, selector, node);
		return;
	case JSONPATH_FILTER:
		select_children(run, out, node, selector->filter);
		return;
	}
	g_assert_not_reached();
}

static void apply_segment(struct path_run *run, GPtrArray *out,
			  const struct jsonpath_segment *segment, const struct doc_node *node)
{
	/* RFC 9535 2.5.2.2: the node itself is the first of its descendants */
	uint32_t count = segment->kind == JSONPATH_DESCENDANT ? node->size : 1;

	for (uint32_t i = 0; i < count && path_spend(run, 1); i++) {
		for (size_t j = 0; j < segment->count; j++)
			apply_selector(run, out, &segment->selectors[j], node + i);
	}
}

const struct doc_node *path_run_single(struct path_run *run, const struct jsonpath_query *query,
				       const struct doc_node *current)
{
	const struct doc_node *node = query->relative ? current : run->root;

	for (size_t i = 0; node && i < query->count; i++) {
		const struct jsonpath_selector *selector = &query->segments[i].selectors[0];

		node = selector->kind == JSONPATH_NAME ? find_name(run, selector, node)
						       : find_index(run, selector->index, node);
	}
	return node;
}

void path_run_query(struct path_run *run, GPtrArray *out, const struct jsonpath_query *query,
		    const struct doc_node *current)
{
	const struct doc_node *start = query->relative ? current : run->root;
	GPtrArray *from = path_take_list(run), *to = path_take_list(run);

	add(from, start);
	for (size_t i = 0; i < query->count && !run->limited; i++) {
		GPtrArray *last = from;

		for (guint j = 0; j < from->len && !run->limited; j++)
			apply_segment(run, to, &query->segments[i], from->pdata[j]);
		from = to;
		to = last;
		g_ptr_array_set_size(to, 0);
	}
	for (guint i = 0; i < from->len; i++)
		g_ptr_array_add(out, from->pdata[i]);
	path_give_list(run, from);
	path_give_list(run, to);
}

/*
 * A query of child segments with one name, index or wildcard each, as most are: going down from
 * each child at once gives the nodes in the order of 2.1.2, without a list for each segment.
 */
static bool is_plain_query(const struct jsonpath_query *query)
{
	for (size_t i = 0; i < query->count; i++) {
		const struct jsonpath_segment *segment = &query->segments[i];

		if (segment->kind == JSONPATH_DESCENDANT || segment->count != 1 ||
		    segment->selectors[0].kind == JSONPATH_SLICE ||
		    segment->selectors[0].kind == JSONPATH_FILTER)
			return false;
	}
	return true;
}

static void run_plain_query(struct path_run *run, GPtrArray *out,
			    const struct jsonpath_query *query, size_t from,
			    const struct doc_node *node)
{
	for (size_t i = from; node && i < query->count; i++) {
		const struct jsonpath_selector *selector = &query->segments[i].selectors[0];

		if (selector->kind == JSONPATH_WILDCARD) {
			for (const struct doc_node *child = doc_first(node);
			     child && path_spend(run, 1); child = doc_next(child))
				run_plain_query(run, out, query, i + 1, child);
			return;
		}
		node = selector->kind == JSONPATH_NAME ? find_name(run, selector, node)
						       : find_index(run, selector->index, node);
	}
	if (node)
		add(out, node);
}

enum jsonpath_result jsonpath_select(GPtrArray *out, const struct jsonpath *path,
				     const struct doc_node *root, uint64_t *steps)
{
	uint64_t all = JSONPATH_STEPS_MAX;
	struct path_run run = {.root = root, .steps = steps ? steps : &all};

	if (!root)
		return JSONPATH_DONE;
	if (is_plain_query(&path->query))
		run_plain_query(&run, out, &path->query, 0, root);
	else
		path_run_query(&run, out, &path->query, root);
	if (run.spare)
		g_ptr_array_free(run.spare, TRUE);
	regex_free(run.regex);
	return run.limited ? JSONPATH_LIMIT : JSONPATH_DONE;
}
