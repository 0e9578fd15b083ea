/*
 * Documents as bytes: the copies that the index of cross-file rules evaluates on. Nodes stand in
 * document order; depth, parent, next sibling and size follow from the counts of children and are
 * not written. Names of keys find their symbols again, so that no numbering has to last.
 */
#include "check/keep.h"

#include <string.h>

static bool is_container(const struct doc_node *node)
{
	return node->type == DOC_ARRAY || node->type == DOC_OBJECT;
}

/* Is the value of a number kept as an integer? (document.h) */
static bool has_integer(const struct doc_node *node)
{
	return node->type == DOC_BOOLEAN || node->flags & DOC_INT64;
}

static void keep_value(GString *out, const struct doc_node *node)
{
	if (has_integer(node))
		pack_signed(out, node->integer);
	else if (node->type == DOC_INTEGER || node->type == DOC_NUMBER)
		pack_bytes(out, &node->number, sizeof(node->number));
}

static void read_value(struct doc_node *node, struct unpack *in)
{
	if (has_integer(node))
		node->integer = unpack_signed(in);
	else if (node->type == DOC_INTEGER || node->type == DOC_NUMBER)
		memcpy(&node->number, unpack_bytes(in, sizeof(node->number)), sizeof(node->number));
}

/* Spans are written from where the one before started: documents are read from front to back. */
static void keep_next_span(GString *out, struct span span, uint32_t *before)
{
	pack_signed(out, (int64_t)span.start - *before);
	pack_signed(out, (int64_t)span.end - span.start);
	*before = span.start;
}

static struct span read_next_span(struct unpack *in, uint32_t *before)
{
	struct span span;

	span.start = (uint32_t)(*before + unpack_signed(in));
	span.end = (uint32_t)(span.start + unpack_signed(in));
	*before = span.start;
	return span;
}

enum { HAS_KEY = 1 << 3, HAS_TEXT = 1 << 4, TYPE = HAS_KEY - 1 };

static void keep_node(GString *out, const struct doc_node *node, uint32_t *before)
{
	pack_number(out, node->type | (node->key ? HAS_KEY : 0u) | (node->text ? HAS_TEXT : 0u));
	pack_number(out, node->flags);
	if (node->key) {
		pack_slice(out, doc_key_text(node));
		keep_next_span(out, node->key->span, before);
	}
	pack_number(out, node->count);
	keep_next_span(out, node->span, before);
	if (node->flags & DOC_COPIED)
		pack_number(out, node->origin);
	if (node->text)
		pack_slice(out, (struct slice){node->text, node->len});
	keep_value(out, node);
}

void keep_document(GString *out, const struct document *document)
{
	uint32_t before = 0;

	pack_number(out, document->index);
	keep_span(out, document->span);
	pack_number(out, document->node_count);
	for (uint32_t i = 0; i < document->node_count; i++)
		keep_node(out, &document->root[i], &before);
}

static void read_key(struct doc_node *node, struct unpack *in, struct arena *arena,
		     const struct symbols *symbols, uint32_t *before)
{
	struct doc_key *key = arena_new(arena, struct doc_key);
	struct slice text = unpack_slice(in);

	key->text = text.data;
	key->len = (uint32_t)text.len;
	key->symbol = symbols_find(symbols, text.data, text.len);
	key->span = read_next_span(in, before);
	node->key = key;
	node->symbol = key->symbol;
}

static void read_node(struct doc_node *node, struct unpack *in, struct arena *arena,
		      const struct symbols *symbols, uint32_t *before)
{
	uint64_t head = unpack_number(in);

	node->type = (uint8_t)(head & TYPE);
	node->flags = (uint8_t)unpack_number(in);
	in->failed |= node->type > DOC_OBJECT;
	if (head & HAS_KEY)
		read_key(node, in, arena, symbols, before);
	node->count = (uint32_t)unpack_number(in);
	node->span = read_next_span(in, before);
	if (node->flags & DOC_COPIED)
		node->origin = (uint32_t)unpack_number(in);
	if (head & HAS_TEXT) {
		struct slice text = unpack_slice(in);

		node->text = text.data;
		node->len = (uint32_t)text.len;
	}
	read_value(node, in);
}

/* A container whose children are being read. */
struct opened {
	uint32_t node;
	uint32_t left;  /* children still to come */
	uint32_t child; /* the last one, 0: none yet */
};

/* Takes node `i` in as the next child of the innermost open container, and opens it if it is one.
 */
static bool link_node(struct doc_node *nodes, uint32_t i, GArray *open)
{
	while (open->len && !g_array_index(open, struct opened, open->len - 1).left)
		g_array_set_size(open, open->len - 1);
	if (open->len) {
		struct opened *top = &g_array_index(open, struct opened, open->len - 1);

		nodes[i].parent = i - top->node;
		nodes[i].depth = (uint16_t)(nodes[top->node].depth + 1);
		if (top->child)
			nodes[top->child].next = i - top->child;
		top->child = i;
		top->left--;
	} else if (i) {
		return false;
	}
	if (is_container(&nodes[i])) {
		struct opened opened = {i, nodes[i].count, 0};

		g_array_append_val(open, opened);
	}
	return true;
}

/* Every node is one of its own subtree and of all above it. */
static void add_sizes(struct doc_node *nodes, uint32_t count)
{
	for (uint32_t i = count; i-- > 0;) {
		nodes[i].size++;
		if (nodes[i].parent)
			nodes[i - nodes[i].parent].size += nodes[i].size;
	}
}

/* What the counts of children promised has come, and origins lie within. */
static bool is_whole(const struct doc_node *nodes, uint32_t count, const GArray *open)
{
	for (guint i = 0; i < open->len; i++)
		if (g_array_index(open, struct opened, i).left)
			return false;
	for (uint32_t i = 0; i < count; i++)
		if (nodes[i].origin > i)
			return false;
	return true;
}

static bool read_nodes(struct doc_node *nodes, uint32_t count, struct unpack *in,
		       struct arena *arena, const struct symbols *symbols)
{
	GArray *open = g_array_new(FALSE, FALSE, sizeof(struct opened));
	uint32_t before = 0;
	bool is_sound = true;

	for (uint32_t i = 0; is_sound && i < count; i++) {
		read_node(&nodes[i], in, arena, symbols, &before);
		is_sound = !in->failed && link_node(nodes, i, open);
	}
	is_sound = is_sound && is_whole(nodes, count, open);
	g_array_free(open, TRUE);
	if (is_sound)
		add_sizes(nodes, count);
	return is_sound;
}

const struct document *keep_read_document(struct unpack *in, struct arena *arena,
					  const struct symbols *symbols)
{
	struct document *document = arena_new(arena, struct document);
	struct doc_node *nodes;

	document->index = (uint32_t)unpack_number(in);
	document->span = keep_read_span(in);
	document->node_count = (uint32_t)unpack_count(in);
	document->symbols = symbols;
	nodes = arena_array(arena, document->node_count, sizeof(*nodes));
	document->root = document->node_count ? nodes : NULL;
	return read_nodes(nodes, document->node_count, in, arena, symbols) ? document : NULL;
}
