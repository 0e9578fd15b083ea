/*
 * The paths of `given`, and what they can select by the schema (DESIGN.md section 5, Types): the
 * path is walked over shapes as it would be over a document, every selector by what it may select.
 *
 * A position is the shape of a value and that of the map that holds it. Positions are kept once
 * each, so that `..` over a schema that refers to itself ends. Filters only ever select fewer.
 *
 * A path that can select nothing is a fault at the selector after which nothing is left, with the
 * nearest name that is there.
 */
#include "ruleset/compile.h"

#include "jsonpath/jsonpath.h"
#include "source/message.h"

#include <string.h>

enum { POSITIONS_MAX = 4096 };

struct spot {
	const struct shape *self;
	const struct shape *holder; /* the map that holds it, through lists; NULL: none */
	bool is_member;
	bool is_item;
};

static void add_position(GArray *positions, struct spot position)
{
	if (!position.self || positions->len >= POSITIONS_MAX)
		return;
	for (guint i = 0; i < positions->len; i++) {
		const struct spot *p = &g_array_index(positions, struct spot, i);

		if (p->self == position.self && p->holder == position.holder &&
		    p->is_item == position.is_item)
			return;
	}
	g_array_append_val(positions, position);
}

static void add_item(GArray *out, const struct spot *from)
{
	add_position(out, (struct spot){shape_items(from->self), from->holder, false, true});
}

static void add_member(GArray *out, const struct spot *from, const struct shape *member)
{
	add_position(out, (struct spot){member, from->self, true, false});
}

static void add_children(GArray *out, const struct spot *from)
{
	size_t count;
	const struct shape_field *fields = shape_fields(from->self, &count);

	for (size_t i = 0; i < count; i++)
		add_member(out, from, fields[i].shape);
	add_member(out, from, shape_rest(from->self));
	add_item(out, from);
}

static void add_selected(struct compiler *compiler, GArray *out, const struct spot *from,
			 const struct jsonpath_selector *selector)
{
	/* shapes are worked out when they are first looked into */
	shape_type(compiler->shapes, from->self);
	switch (selector->kind) {
	case JSONPATH_NAME:
		add_member(out, from, shape_member(from->self, selector->name));
		return;
	case JSONPATH_INDEX:
	case JSONPATH_SLICE:
		add_item(out, from);
		return;
	case JSONPATH_WILDCARD:
	case JSONPATH_FILTER:
		add_children(out, from);
		return;
	}
}

/* The positions and everything below them. */
static GArray *descend(struct compiler *compiler, const GArray *from)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct spot));

	for (guint i = 0; i < from->len; i++)
		add_position(all, g_array_index(from, struct spot, i));
	for (guint i = 0; i < all->len; i++) {
		struct spot position = g_array_index(all, struct spot, i);

		shape_type(compiler->shapes, position.self);
		add_children(all, &position);
	}
	return all;
}

/* --- a path that selects nothing */

static void fault_in_path(struct compiler *compiler, const struct doc_node *node, struct span place,
			  struct phrase message, const struct phrase *hint)
{
	const struct document *document = compiler->rule->document;
	struct span span = {doc_text_offset(document, node, place.start),
			    doc_text_offset(document, node, place.end)};

	compile_fault(compiler, document, span, message, NULL, hint);
}

static void selects_nothing(struct compiler *compiler, const struct doc_node *node,
			    const GArray *from, const struct jsonpath_selector *selector)
{
	GArray *names = g_array_new(FALSE, FALSE, sizeof(struct slice));
	struct phrase hint = {0};
	ptrdiff_t nearest = -1;

	for (guint i = 0; i < from->len && selector->kind == JSONPATH_NAME; i++) {
		size_t count;
		const struct shape_field *fields = shape_fields(
			g_array_index(from, struct spot, i).self, &count);

		for (size_t f = 0; f < count; f++)
			g_array_append_val(names, fields[f].name);
	}
	if (names->len)
		nearest = text_nearest(selector->name, (const struct slice *)(void *)names->data,
				       names->len);
	if (nearest >= 0)
		hint = phrase_make(compiler->arena, MESSAGE_DID_YOU_MEAN, 1,
				   g_array_index(names, struct slice, nearest));
	fault_in_path(compiler, node, selector->place,
		      phrase_make(compiler->arena, MESSAGE_GIVEN_NOTHING, 1,
				  slice_of(compiler->entry->kind)),
		      nearest >= 0 ? &hint : NULL);
	g_array_free(names, TRUE);
}

/* One segment: the positions that it leads to; takes `from`. NULL where it leads nowhere. */
static GArray *walk_segment(struct compiler *compiler, const struct doc_node *node, GArray *from,
			    const struct jsonpath_segment *segment)
{
	GArray *out = g_array_new(FALSE, FALSE, sizeof(struct spot));

	if (segment->kind == JSONPATH_DESCENDANT) {
		GArray *all = descend(compiler, from);

		g_array_free(from, TRUE);
		from = all;
	}
	for (size_t s = 0; s < segment->count; s++) {
		guint before = out->len;

		for (guint i = 0; i < from->len; i++) {
			struct spot position = g_array_index(from, struct spot, i);

			add_selected(compiler, out, &position, &segment->selectors[s]);
		}
		if (out->len == before && !before)
			selects_nothing(compiler, node, from, &segment->selectors[s]);
	}
	g_array_free(from, TRUE);
	if (out->len)
		return out;
	g_array_free(out, TRUE);
	return NULL;
}

static void join_positions(struct compiler *compiler, const GArray *positions)
{
	struct selected *selected = &compiler->selected;

	for (guint i = 0; i < positions->len; i++) {
		const struct spot *p = &g_array_index(positions, struct spot, i);

		selected->self = shape_either(compiler->shapes, selected->self, p->self);
		selected->parent = shape_either(compiler->shapes, selected->parent, p->holder);
		selected->is_member |= p->is_member;
		selected->is_item |= p->is_item;
	}
}

static bool walk_path(struct compiler *compiler, const struct doc_node *node,
		      const struct jsonpath_query *query)
{
	GArray *positions = g_array_new(FALSE, FALSE, sizeof(struct spot));

	add_position(positions, (struct spot){compiler->root, NULL, false, false});
	for (size_t i = 0; positions && i < query->count; i++)
		positions = walk_segment(compiler, node, positions, &query->segments[i]);
	if (!positions)
		return false;
	join_positions(compiler, positions);
	g_array_free(positions, TRUE);
	return true;
}

static bool compile_path(struct compiler *compiler, const struct jsonpath **out,
			 const struct doc_node *node)
{
	struct ruleset_store *store = compiler->loader->store;
	struct jsonpath_error error = {0};
	const struct jsonpath *path = jsonpath_compile(doc_text(node), store->symbols,
						       compiler->arena, &error);

	if (!path) {
		fault_in_path(compiler, node, error.place, error.message, NULL);
		return false;
	}
	g_ptr_array_add(store->paths, (gpointer)path);
	*out = path;
	return walk_path(compiler, node, &path->query);
}

bool compile_given(struct compiler *compiler)
{
	const struct doc_node *node = doc_get(compiler->rule->node, "given");
	const struct jsonpath **paths;
	bool is_list = doc_is(node, DOC_ARRAY);
	bool good = true;

	compiler->selected = (struct selected){0};
	if (!node) {
		compiler->selected.self = compiler->root;
		return true;
	}
	paths = arena_array(compiler->arena, is_list ? node->count : 1, sizeof(*paths));
	for (const struct doc_node *item = is_list ? doc_first(node) : node; item;
	     item = is_list ? doc_next(item) : NULL)
		good &= compile_path(compiler, &paths[compiler->instance->given_count++], item);
	compiler->instance->given = paths;
	return good;
}

void given_free(gpointer path)
{
	jsonpath_release(path);
}

bool given_select(const struct jsonpath *path, const struct document *document, GPtrArray *nodes)
{
	return jsonpath_select(nodes, path, document->root, NULL) == JSONPATH_DONE;
}
