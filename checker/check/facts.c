/*
 * What the index keeps of a document: a tree of the same form with only those names in it that
 * rules read when they are judged over the index (DESIGN.md section 8), because that happens when
 * the blob is long gone.
 *
 * While a document is judged its nodes are marked; when it is done the marked ones are copied, each
 * with all that it is below of. Lists keep all their items, if only as empty ones, so that places
 * in them keep their number; objects keep the name by which they are pointed at. All entries of a
 * document share the one copy, and get the numbers of their nodes in it.
 */
#include "check/judge.h"
#include "ruleset/shape.h"

#include <string.h>

enum mark {
	MARK_NONE,
	MARK_KEPT,  /* the node, of its members those that are marked */
	MARK_WHOLE, /* and all below it */
};

static uint32_t number_of(const struct judging *judging, const struct doc_node *node)
{
	return (uint32_t)(node - judging->document->root);
}

static void keep(struct judging *judging, const struct doc_node *node)
{
	uint8_t *marks = judging->marks->data;

	for (; node && !marks[number_of(judging, node)]; node = doc_parent(node))
		marks[number_of(judging, node)] = MARK_KEPT;
}

static void keep_below(struct judging *judging, const struct doc_node *node,
		       const struct read_tree *tree)
{
	if (tree->whole)
		judging->marks->data[number_of(judging, node)] = MARK_WHOLE;
	for (const struct read_tree *step = tree->first; step && !tree->whole; step = step->next) {
		const struct doc_node *child = step->name.data ? doc_member(node, step->name.data,
									    step->name.len)
							       : doc_first(node);

		for (; child; child = step->name.data ? NULL : doc_next(child)) {
			keep(judging, child);
			keep_below(judging, child, step);
		}
	}
}

struct document *facts_of(struct judging *judging)
{
	if (judging->facts)
		return judging->facts;
	judging->facts = arena_new(judging->out, struct document);
	judging->marks = g_byte_array_new();
	g_byte_array_set_size(judging->marks, judging->document->node_count);
	memset(judging->marks->data, MARK_NONE, judging->document->node_count);
	keep(judging, judging->document->root);
	return judging->facts;
}

void facts_keep(struct judging *judging, const struct doc_node *node, const struct read_tree *tree)
{
	facts_of(judging);
	if (!node)
		return;
	keep(judging, node);
	if (tree)
		keep_below(judging, node, tree);
	else
		judging->marks->data[number_of(judging, node)] = MARK_WHOLE;
}

/* --- the copy */

struct copying {
	struct judging *judging;
	struct doc_node *nodes;
	uint32_t count;
	uint32_t *numbers; /* of a node in the copy, by its number in the document */
};

static struct doc_node *copy_node(struct copying *copying, const struct doc_node *node,
				  const struct doc_node *parent)
{
	struct arena *arena = copying->judging->out;
	struct doc_node *copy = &copying->nodes[copying->count];

	*copy = *node;
	copy->next = 0;
	copy->origin = 0;
	copy->parent = parent ? (uint32_t)(copy - parent) : 0;
	copying->numbers[number_of(copying->judging, node)] = copying->count++;
	if (node->text)
		copy->text = arena_dup(arena, node->text, node->len);
	if (node->key) {
		struct doc_key *key = arena_new(arena, struct doc_key);

		*key = *node->key;
		key->text = arena_dup(arena, key->text, key->len);
		copy->key = key;
	}
	if (node->type == DOC_OBJECT || node->type == DOC_ARRAY) {
		copy->count = 0;
		copy->sorted = NULL;
	}
	return copy;
}

static enum mark mark_of(const struct copying *copying, const struct doc_node *node)
{
	return copying->judging->marks->data[number_of(copying->judging, node)];
}

/* What has no name of its own is pointed at by its key in the list, else by what comes first. */
static bool is_handle(const struct doc_node *node, const struct doc_node *child,
		      struct slice list_key)
{
	return !node->key && (child == doc_first(node) ||
			      (list_key.len && slice_equal(doc_key_text(child), list_key)));
}

/* `list_key`: of the list that the node is an item of. `whole`: all of it, marked or not. */
static void copy_tree(struct copying *copying, const struct doc_node *node,
		      const struct doc_node *parent, const struct shape *shape,
		      struct slice list_key, bool whole)
{
	struct doc_node *copy = copy_node(copying, node, parent);
	enum mark mark = mark_of(copying, node);
	struct slice items_key = node->type == DOC_ARRAY ? shape_list_key(shape)
							 : (struct slice){0};
	struct doc_node *last = NULL;

	whole |= mark == MARK_WHOLE;
	for (const struct doc_node *child = mark || whole ? doc_first(node) : NULL; child;
	     child = doc_next(child)) {
		struct doc_node *at = &copying->nodes[copying->count];

		if (!whole && node->type == DOC_OBJECT && !mark_of(copying, child) &&
		    !is_handle(node, child, list_key))
			continue;
		if (last)
			last->next = (uint32_t)(at - last);
		copy_tree(copying, child, copy,
			  child->key ? shape_member(shape, doc_key_text(child))
				     : shape_items(shape),
			  items_key, whole);
		copy->count++;
		last = at;
	}
	copy->size = (uint32_t)(&copying->nodes[copying->count] - copy);
}

/* The entries of this document name nodes by their numbers in it; now by those in the copy. */
static void renumber(struct judging *judging, const uint32_t *numbers)
{
	for (guint i = 0; i < judging->entries->len; i++) {
		struct index_entry *entry = &g_array_index(judging->entries, struct index_entry, i);

		if (entry->facts != judging->facts)
			continue;
		entry->this_node = numbers[entry->this_node];
		entry->key_node = numbers[entry->key_node];
	}
}

void facts_finish(struct judging *judging)
{
	const struct document *document = judging->document;
	struct copying copying = {.judging = judging};
	struct doc_node *nodes;

	if (!judging->facts)
		return;
	copying.nodes = g_new(struct doc_node, document->node_count);
	copying.numbers = g_new0(uint32_t, document->node_count);
	copy_tree(&copying, document->root, NULL, judging->entry->programs->root, (struct slice){0},
		  false);
	nodes = arena_array(judging->out, copying.count, sizeof(*nodes));
	memcpy(nodes, copying.nodes, copying.count * sizeof(*nodes));
	*judging->facts = *document;
	judging->facts->source = NULL;
	judging->facts->root = nodes;
	judging->facts->node_count = copying.count;
	renumber(judging, copying.numbers);
	judging->facts = NULL;
	g_byte_array_free(judging->marks, TRUE);
	judging->marks = NULL;
	g_free(copying.nodes);
	g_free(copying.numbers);
}
