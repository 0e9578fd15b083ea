/*
 * Anchors, aliases and merge keys, all ours: libfyaml is never asked to resolve. An alias becomes a
 * copy of what its anchor names, so that every node has one path; how much a copy brings is known
 * before it is made, and a budget for the document stops a bomb (RELIABILITY.md 1.2, 6). An anchor
 * that is still open is a cycle.
 *
 * A merge key (https://yaml.org/type/merge.html) brings the members that its mapping does not have,
 * so it is applied where the mapping ends; of several sources the first wins.
 */
#include "document/yaml_tree.h"

#include "base/hash.h"
#include "source/message.h"

#include <string.h>

struct yaml_anchor {
	struct slice name;
	struct span span; /* of the name */
	struct node_ref node;
	bool is_open;
};

struct yaml_anchors {
	GHashTable *by_name; /* struct slice * of the anchor -> itself: the latest of each name */
	GPtrArray *in_tree;  /* those of nodes of the document being built, in their order */
	GPtrArray *open;     /* those whose node has not ended */
};

struct yaml_merge {
	struct yaml_merge *earlier;
	struct node_ref node;
	struct span span;
};

static guint hash_name(gconstpointer name)
{
	const struct slice *slice = name;

	return (guint)hash_bytes(slice->data, slice->len);
}

static gboolean equal_names(gconstpointer a, gconstpointer b)
{
	return slice_equal(*(const struct slice *)a, *(const struct slice *)b);
}

static struct yaml_anchors *anchors_of(struct yaml_tree *tree)
{
	if (!tree->anchors) {
		tree->anchors = g_new0(struct yaml_anchors, 1);
		tree->anchors->by_name = g_hash_table_new(hash_name, equal_names);
		tree->anchors->in_tree = g_ptr_array_new();
		tree->anchors->open = g_ptr_array_new();
	}
	return tree->anchors;
}

void yaml_anchors_release(struct yaml_tree *tree)
{
	if (!tree->anchors)
		return;
	g_hash_table_destroy(tree->anchors->by_name);
	g_ptr_array_free(tree->anchors->in_tree, TRUE);
	g_ptr_array_free(tree->anchors->open, TRUE);
	g_free(tree->anchors);
	tree->anchors = NULL;
}

static struct yaml_anchor *add_anchor(struct yaml_tree *tree, struct span span)
{
	struct yaml_anchors *anchors = anchors_of(tree);
	struct yaml_anchor *anchor = arena_new(tree->reader->arena, struct yaml_anchor);

	anchor->name = (struct slice){tree->data + span.start, span.end - span.start};
	anchor->span = span;
	g_hash_table_replace(anchors->by_name, &anchor->name, anchor);
	return anchor;
}

void yaml_anchor_open(struct yaml_tree *tree, const struct yaml_event *event)
{
	struct yaml_anchor *anchor;

	if (!event->anchor.end)
		return;
	anchor = add_anchor(tree, event->anchor);
	anchor->node.index = tree->reader->count;
	anchor->is_open = true;
	g_ptr_array_add(tree->anchors->in_tree, anchor);
	g_ptr_array_add(tree->anchors->open, anchor);
}

void yaml_anchor_close(struct yaml_tree *tree, bool has_anchor)
{
	GPtrArray *open = has_anchor ? tree->anchors->open : NULL;
	struct yaml_anchor *anchor = open ? g_ptr_array_remove_index(open, open->len - 1) : NULL;

	if (anchor)
		anchor->is_open = false;
}

bool yaml_anchor_key(struct yaml_tree *tree, const struct yaml_event *event,
		     const struct yaml_value *value)
{
	struct build_mark mark;
	struct doc_node *node;

	if (!event->anchor.end)
		return true;
	/* Built and taken back at once: the node gets all that a node has. */
	mark = build_mark(tree->reader);
	node = build_scalar(tree->reader, value->type, value->flags, value->span, value->text.data,
			    value->text.len);
	if (!node)
		return false;
	if (node->type == DOC_INTEGER || node->type == DOC_NUMBER)
		scalar_set_number(tree->reader, node);
	add_anchor(tree, event->anchor)->node.aside = build_set_aside(tree->reader, mark);
	return true;
}

const struct doc_node *yaml_set_aside(struct yaml_tree *tree, struct build_mark mark)
{
	GPtrArray *in_tree = tree->anchors ? tree->anchors->in_tree : NULL;
	const struct doc_node *aside = build_set_aside(tree->reader, mark);

	while (in_tree && in_tree->len) {
		struct yaml_anchor *anchor = g_ptr_array_index(in_tree, in_tree->len - 1);

		if (anchor->node.index < mark.count)
			break;
		anchor->node.aside = aside + (anchor->node.index - mark.count);
		g_ptr_array_set_size(in_tree, (gint)in_tree->len - 1);
	}
	return aside;
}

static struct finding *find_fault(struct yaml_tree *tree, struct span span, enum message message,
				  struct slice value)
{
	return reader_find(tree->reader, FINDING_YAML_ALIAS, span,
			   phrase_make(tree->reader->arena, message, 1, value));
}

/* The node that an alias means, or NULL after a finding. */
static const struct yaml_anchor *look_up(struct yaml_tree *tree, struct span span)
{
	struct slice name = {tree->data + span.start + 1, span.end - span.start - 1};
	const struct yaml_anchor *anchor =
		tree->anchors ? g_hash_table_lookup(tree->anchors->by_name, &name) : NULL;

	if (!anchor) {
		find_fault(tree, span, MESSAGE_ALIAS_UNDEFINED, name);
		return NULL;
	}
	if (anchor->is_open) {
		reader_relate(tree->reader, find_fault(tree, span, MESSAGE_ALIAS_CYCLE, name),
			      anchor->span, MESSAGE_ALIAS_ANCHOR);
		return NULL;
	}
	return anchor;
}

/* Whether `size` more nodes may be copied. */
static bool spend(struct yaml_tree *tree, uint32_t size, struct span span)
{
	enum { FREE = 1000000, TIMES = 64 };
	uint64_t written = tree->reader->count - MIN(tree->copied, tree->reader->count);
	uint64_t budget = MAX((uint64_t)FREE, written * TIMES);

	tree->copied += size;
	return tree->copied <= budget ||
	       reader_limit(tree->reader, span, MESSAGE_LIMIT_COPIES, budget);
}

static bool alias_as_value(struct yaml_tree *tree, const struct yaml_anchor *anchor,
			   struct span span)
{
	if (!anchor)
		return build_scalar(tree->reader, DOC_NULL, 0, span, tree->data + span.start, 0);
	return spend(tree, build_node(tree->reader, anchor->node)->size, span) &&
	       build_copy(tree->reader, anchor->node, span);
}

/* As a name stands what the anchor names: its text, or for more than that its JSON text. */
static bool alias_as_key(struct yaml_tree *tree, const struct yaml_anchor *anchor, struct span span)
{
	const struct doc_node *node = anchor ? build_node(tree->reader, anchor->node) : NULL;
	struct slice text = {tree->data + span.start, span.end - span.start};
	enum doc_type type = node ? (enum doc_type)node->type : DOC_STRING;

	if (node && node->type < DOC_ARRAY) {
		text = doc_text(node);
	} else if (node) {
		GString *json = g_string_new(NULL);

		if (!spend(tree, node->size, span)) {
			g_string_free(json, TRUE);
			return false;
		}
		doc_json_append(json, node);
		text = (struct slice){arena_dup(tree->reader->arena, json->str, json->len),
				      json->len};
		g_string_free(json, TRUE);
	}
	return yaml_tree_key(tree, type, span, text);
}

static void add_merge(struct yaml_tree *tree, struct node_ref node, struct span span)
{
	struct yaml_frame *frame = &tree->frames[tree->depth - 1];
	struct yaml_merge *merge = arena_new(tree->reader->arena, struct yaml_merge);

	*merge = (struct yaml_merge){frame->merges, node, span};
	frame->merges = merge;
}

/* `<<` has its value: the next entry comes. */
static void end_merge(struct yaml_tree *tree)
{
	struct yaml_frame *frame = &tree->frames[tree->depth - 1];

	frame->has_key = false;
	frame->is_merge = false;
}

/* What `<<` may bring: a mapping or a list of them. */
static bool is_mergeable(const struct doc_node *node)
{
	if (!doc_is(node, DOC_ARRAY))
		return doc_is(node, DOC_OBJECT);
	for (const struct doc_node *item = doc_first(node); item; item = doc_next(item))
		if (item->type != DOC_OBJECT)
			return false;
	return true;
}

bool yaml_alias(struct yaml_tree *tree, struct span span, enum yaml_role role)
{
	const struct yaml_anchor *anchor = look_up(tree, span);

	if (++tree->aliases > tree->reader->limits.aliases)
		return reader_limit(tree->reader, span, MESSAGE_LIMIT_ALIASES,
				    tree->reader->limits.aliases);
	if (role == YAML_ROLE_KEY)
		return alias_as_key(tree, anchor, span);
	if (role != YAML_ROLE_MERGE) {
		if (!alias_as_value(tree, anchor, span))
			return false;
		yaml_tree_after(tree, role);
		return true;
	}
	if (anchor && !is_mergeable(build_node(tree->reader, anchor->node)))
		return yaml_merge_refuse(tree, span);
	if (anchor)
		add_merge(tree, anchor->node, span);
	end_merge(tree);
	return true;
}

void yaml_merge_begin(struct yaml_tree *tree)
{
	struct yaml_frame *frame = &tree->frames[tree->depth - 1];

	frame->has_key = true;
	frame->is_merge = true;
}

bool yaml_merge_end(struct yaml_tree *tree, struct build_mark mark)
{
	const struct doc_node *node = yaml_set_aside(tree, mark);

	if (!is_mergeable(node))
		return yaml_merge_refuse(tree, node->span);
	add_merge(tree, (struct node_ref){.aside = node}, node->span);
	end_merge(tree);
	return true;
}

bool yaml_merge_refuse(struct yaml_tree *tree, struct span span)
{
	find_fault(tree, span, MESSAGE_MERGE_VALUE, reader_excerpt(tree->reader, span));
	end_merge(tree);
	return true;
}

/* Adds the members of an object that the innermost mapping lacks. `object` may move, so by index.
 */
static bool merge_object(struct yaml_tree *tree, struct node_ref object, struct span span)
{
	uint32_t child = build_node(tree->reader, object)->count ? 1 : 0;
	struct doc_reader *reader = tree->reader;

	while (child) {
		struct node_ref member = {.index = object.index + child};
		const struct doc_node *node;
		uint32_t size, next;

		if (object.aside)
			member.aside = object.aside + child;
		node = build_node(reader, member);
		size = node->size;
		next = node->next ? child + node->next : 0;
		if (!spend(tree, 1, span))
			return false;
		if (build_key_once(reader, span, node->key) &&
		    (!spend(tree, size, span) || !build_copy(reader, member, span)))
			return false;
		child = next;
	}
	return true;
}

static bool merge_source(struct yaml_tree *tree, const struct yaml_merge *merge)
{
	const struct doc_node *node = build_node(tree->reader, merge->node);
	uint32_t child = 1;

	if (node->type == DOC_OBJECT)
		return merge_object(tree, merge->node, merge->span);
	for (uint32_t left = node->count; left; left--) {
		struct node_ref item = {.index = merge->node.index + child};

		if (merge->node.aside)
			item.aside = merge->node.aside + child;
		if (!merge_object(tree, item, merge->span))
			return false;
		child += build_node(tree->reader, item)->size;
	}
	return true;
}

bool yaml_merge_apply(struct yaml_tree *tree, struct yaml_frame *frame)
{
	struct yaml_merge *merge = frame->merges, *first = NULL;

	while (merge) { /* in the order of the source */
		struct yaml_merge *earlier = merge->earlier;

		merge->earlier = first;
		first = merge;
		merge = earlier;
	}
	for (merge = first; merge; merge = merge->earlier)
		if (!merge_source(tree, merge))
			return false;
	return true;
}
