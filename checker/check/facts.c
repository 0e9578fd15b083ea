/*
 * What the index keeps of a document: a tree of the same form with only those names in it that
 * rules read when they are judged over the index (DESIGN.md section 8), because that happens when
 * the blob is long gone.
 *
 * While a document is judged its nodes are marked; when it is done the marked ones are copied, each
 * with all that it is below of. Lists keep all their items, if only as empty ones, so that places
 * in them keep their number; objects keep the name by which they are pointed at. All entries of a
 * document share the one copy, and get the numbers of their nodes in it.
 *
 * The copy is one piece of memory: the nodes, their keys, and what texts the symbols do not have.
 * Nodes lie in document order in both trees, so it takes a loop to choose them and one to copy.
 */
#include "check/judge.h"
#include "ruleset/shape.h"

#include <string.h>

enum mark {
	MARK_NONE,
	MARK_KEPT,  /* the node, of its members those that are marked */
	MARK_WHOLE, /* and all below it */
};

static void keep(struct judging *judging, const struct doc_node *node)
{
	for (; node && !note_of(judging, node)->mark; node = doc_parent(node))
		note_of(judging, node)->mark = MARK_KEPT;
}

static void keep_below(struct judging *judging, const struct doc_node *node,
		       const struct read_step *place)
{
	const struct read_step *end = place + place->size;

	if (place->whole) {
		note_of(judging, node)->mark = MARK_WHOLE;
		return;
	}
	for (const struct read_step *step = place + 1; step < end; step += step->size) {
		bool is_name = step->symbol != SYMBOL_NONE;
		const struct doc_node *child = is_name ? doc_member_symbol(node, step->symbol)
						       : doc_first(node);

		for (; child; child = is_name ? NULL : doc_next(child)) {
			keep(judging, child);
			keep_below(judging, child, step);
		}
	}
}

static void begin(struct judging *judging)
{
	GArray *notes = judging->scratch->notes;

	judging->facts = arena_new(judging->out, struct document);
	judging->kept_reads = NULL;
	g_array_set_size(notes, judging->document->node_count);
	memset(notes->data, 0, notes->len * sizeof(struct node_note));
	keep(judging, judging->document->root);
}

void facts_keep(struct judging *judging, const struct doc_node *node, const struct read_step *below)
{
	if (!judging->facts)
		begin(judging);
	if (!node)
		return;
	keep(judging, node);
	if (below)
		keep_below(judging, node, below);
}

void facts_keep_whole(struct judging *judging, const struct doc_node *node)
{
	facts_keep(judging, node, NULL);
	note_of(judging, node)->mark = MARK_WHOLE;
}

/* --- the copy */

struct copying {
	struct judging *judging;
	uint32_t *copied; /* numbers in the document, in the scratch */
	uint32_t count;
	size_t key_count;   /* of these nodes, */
	size_t text_length; /* and of their texts, and keys that have no symbol */
	const struct doc_node *list;
	struct slice list_key; /* of that list, the one last asked for */
};

static struct slice list_key_of(struct copying *copying, const struct doc_node *list)
{
	const struct shape *root = copying->judging->entry->programs->root;

	if (copying->list != list) {
		copying->list = list;
		copying->list_key = list->type == DOC_ARRAY ? shape_list_key(shape_at(root, list))
							    : (struct slice){0};
	}
	return copying->list_key;
}

/* What has no name of its own is pointed at by its key in the list, else by what comes first. */
static bool is_handle(struct copying *copying, const struct doc_node *node,
		      const struct doc_node *child)
{
	const struct doc_node *list = doc_parent(node);
	struct slice list_key;

	if (node->key)
		return false;
	if (child == doc_first(node))
		return true;
	list_key = list ? list_key_of(copying, list) : (struct slice){0};
	return list_key.len && slice_equal(doc_key_text(child), list_key);
}

/* Is a node in the copy, the one that holds it being so? */
static bool is_copied(struct copying *copying, const struct doc_node *node, struct node_note *note)
{
	const struct doc_node *parent = doc_parent(node);

	if (parent && note_of(copying->judging, parent)->mark == MARK_WHOLE)
		note->mark = MARK_WHOLE;
	return note->mark || parent->type == DOC_ARRAY || is_handle(copying, parent, node);
}

/* Numbers the nodes of the copy. Of what is not marked nothing is in it, of an item only itself. */
static void choose(struct copying *copying)
{
	const struct document *document = copying->judging->document;
	const struct doc_node *node = document->root, *end = node + document->node_count;
	uint32_t *copied;

	g_array_set_size(copying->judging->scratch->copied, document->node_count);
	copied = copying->copied = (uint32_t *)(void *)copying->judging->scratch->copied->data;
	while (node < end) {
		struct node_note *note = note_of(copying->judging, node);

		if (is_copied(copying, node, note)) {
			note->number = copying->count;
			copied[copying->count++] = (uint32_t)(node - document->root);
			copying->text_length += node->text ? node->len : 0;
			copying->key_count += node->key != NULL;
			if (node->key && node->symbol == SYMBOL_NONE)
				copying->text_length += node->key->len;
		}
		node += note->mark ? 1 : node->size;
	}
}

/* Where the next key and text of the copy go. */
struct filling {
	const struct symbols *symbols;
	struct doc_key *key;
	char *text;
};

static const char *put_text(struct filling *filling, const char *text, size_t len)
{
	char *copy = filling->text;

	if (len)
		memcpy(copy, text, len);
	filling->text += len;
	return copy;
}

/* `parent`: nodes back to it; children and siblings come later (link_nodes). */
static void copy_node(struct filling *filling, struct doc_node *copy, const struct doc_node *node,
		      uint32_t parent)
{
	*copy = *node;
	copy->next = copy->origin = copy->size = 0;
	copy->parent = parent;
	if (node->text)
		copy->text = put_text(filling, node->text, node->len);
	if (node->type == DOC_OBJECT || node->type == DOC_ARRAY) {
		copy->count = 0;
		copy->sorted = NULL;
	}
	if (!node->key)
		return;
	*filling->key = *node->key;
	filling->key->text = node->symbol == SYMBOL_NONE
				     ? put_text(filling, node->key->text, node->key->len)
				     : symbols_name(filling->symbols, node->symbol).data;
	copy->key = filling->key++;
}

/* From the last to the first: a sibling comes right behind all that is below the one before it. */
static void link_nodes(struct doc_node *nodes, uint32_t count)
{
	for (struct doc_node *node = nodes + count; node-- > nodes;) {
		struct doc_node *parent = node - node->parent;

		node->size++;
		if (parent == node)
			continue;
		node->next = parent->count++ ? node->size : 0;
		parent->size += node->size;
	}
}

static struct doc_node *copy_nodes(struct copying *copying, size_t behind)
{
	struct judging *judging = copying->judging;
	const struct doc_node *root = judging->document->root;
	uint32_t count = copying->count;
	size_t size = count * sizeof(struct doc_node) + copying->key_count * sizeof(struct doc_key);
	struct filling filling = {.symbols = judging->document->symbols};
	struct doc_node *nodes;

	arena_reserve(judging->out, size + copying->text_length + behind);
	nodes = arena_alloc_raw(judging->out, size + copying->text_length);
	filling.key = (struct doc_key *)(nodes + count);
	filling.text = (char *)nodes + size;
	for (uint32_t i = 0; i < count; i++) {
		const struct doc_node *node = root + copying->copied[i];
		const struct doc_node *parent = doc_parent(node);

		copy_node(&filling, &nodes[i], node,
			  parent ? i - note_of(judging, parent)->number : 0);
	}
	link_nodes(nodes, count);
	return nodes;
}

/* The entries of this document name nodes by their numbers in it; now by those in the copy. */
static void renumber(struct judging *judging)
{
	const struct doc_node *root = judging->document->root;

	for (guint i = 0; i < judging->entries->len; i++) {
		struct index_entry *entry = &g_array_index(judging->entries, struct index_entry, i);

		if (entry->facts != judging->facts)
			continue;
		entry->this_node = note_of(judging, root + entry->this_node)->number;
		entry->key_node = note_of(judging, root + entry->key_node)->number;
	}
}

void facts_finish(struct judging *judging, size_t behind)
{
	struct copying copying = {.judging = judging};

	if (!judging->facts)
		return;
	choose(&copying);
	*judging->facts = *judging->document;
	judging->facts->source = NULL;
	judging->facts->root = copy_nodes(&copying, behind);
	judging->facts->node_count = copying.count;
	renumber(judging);
	judging->facts = NULL;
}
