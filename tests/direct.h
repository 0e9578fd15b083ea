/*
 * The direct lane of YAML against libfyaml, for the unit test and the fuzzer: the text is read in
 * both ways, and what differs in the trees is said.
 */
#ifndef PLANLINT_TESTS_DIRECT_H
#define PLANLINT_TESTS_DIRECT_H

#include "document/yaml_tree.h"

#include <string.h>

struct direct_read {
	struct source source;
	struct arena arena;
	struct doc_reader reader;
	struct yaml_tree tree;
	struct yaml_outcome outcome;
	bool is_read; /* the lane answered */
};

static inline void direct_read(struct direct_read *read, struct slice text, bool is_direct)
{
	*read = (struct direct_read){0};
	source_init(&read->source, "x.yaml", text.data, text.len);
	reader_init(&read->reader, &read->source, NULL, &read->arena);
	if (!bytes_check_utf8(&read->reader) || !yaml_check_bytes(&read->reader))
		return;
	yaml_tree_init(&read->tree, &read->reader);
	read->is_read = true;
	if (is_direct)
		read->is_read = yaml_direct(text, yaml_tree_event, &read->tree, &read->outcome);
	else
		yaml_parse(text, yaml_tree_event, &read->tree, &read->outcome);
}

static inline void direct_release(struct direct_read *read)
{
	build_abandon(&read->reader);
	yaml_tree_release(&read->tree);
	reader_release(&read->reader);
	source_release(&read->source);
	arena_release(&read->arena);
}

static inline bool direct_same_span(struct span a, struct span b)
{
	return a.start == b.start && a.end == b.end;
}

static inline bool direct_same_node(const struct doc_node *a, const struct doc_node *b)
{
	return a->type == b->type && a->flags == b->flags && a->depth == b->depth &&
	       a->count == b->count && a->next == b->next && a->parent == b->parent &&
	       a->size == b->size && direct_same_span(a->span, b->span) &&
	       slice_equal(doc_text(a), doc_text(b)) && !a->key == !b->key &&
	       (!a->key || (direct_same_span(a->key->span, b->key->span) &&
			    slice_equal(doc_key_text(a), doc_key_text(b))));
}

/*
 * Whether there is an empty item or text: forms that libfyaml 0.7 can take for a fault. What a
 * merge key brings is no node; such an item may be in it.
 */
static inline bool direct_has_empty(const struct direct_read *direct)
{
	const GArray *documents = direct->reader.documents;
	const struct source *source = &direct->source;

	if (memmem(source->data, source->size, "<<", 2))
		return true;
	for (guint i = 0; i < documents->len; i++) {
		const struct document *document = &g_array_index(documents, struct document, i);

		for (uint32_t n = 0; n < document->node_count; n++) {
			const struct doc_node *node = document->root + n;
			bool is_item = node->type == DOC_NULL && !node->len &&
				       doc_is(doc_parent(node), DOC_ARRAY);
			bool is_text = node->flags & DOC_BLOCK && !doc_is(node, DOC_ARRAY) &&
				       !doc_is(node, DOC_OBJECT);
			uint32_t breaks = 0;

			while (is_text && breaks < node->len && node->text[breaks] == '\n')
				breaks++;
			if (is_item || (is_text && breaks == node->len))
				return true;
		}
	}
	return false;
}

/* What differs in the two readings, or NULL; `at` is where in the direct one. */
static inline const char *direct_difference(const struct direct_read *direct,
					    const struct direct_read *slow, uint32_t *at)
{
	const GArray *a = direct->reader.documents, *b = slow->reader.documents;

	*at = slow->outcome.offset;
	if (slow->outcome.status != YAML_DONE && direct_has_empty(direct))
		return NULL;
	if (direct->outcome.status != slow->outcome.status)
		return "a fault";
	if (direct->reader.finding_count != slow->reader.finding_count)
		return "findings";
	if (direct->reader.complete != slow->reader.complete)
		return "completeness";
	if (a->len != b->len)
		return "documents";
	for (guint i = 0; i < a->len; i++) {
		const struct document *x = &g_array_index(a, struct document, i);
		const struct document *y = &g_array_index(b, struct document, i);

		for (uint32_t n = 0; n < MIN(x->node_count, y->node_count); n++) {
			*at = x->root[n].span.start;
			if (!direct_same_node(x->root + n, y->root + n))
				return "a node";
		}
		if (x->node_count != y->node_count || !direct_same_span(x->span, y->span))
			return "the number of nodes, or the span of the document";
	}
	a = direct->reader.comments;
	b = slow->reader.comments;
	if ((a ? a->len : 0) != (b ? b->len : 0) ||
	    (a && memcmp(a->data, b->data, a->len * sizeof(struct span)) != 0))
		return "comments";
	return NULL;
}

/* NULL where the direct lane does not answer, or as libfyaml does; `*answered` tells which. */
static inline const char *direct_disagrees(struct slice text, bool *answered, uint32_t *at)
{
	struct direct_read direct, slow;
	const char *difference = NULL;

	direct_read(&direct, text, true);
	*answered = direct.is_read;
	if (direct.is_read) {
		direct_read(&slow, text, false);
		difference = direct_difference(&direct, &slow, at);
		direct_release(&slow);
	}
	direct_release(&direct);
	return difference;
}

#endif
