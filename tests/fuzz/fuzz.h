/*
 * What the fuzz targets of document/ share: one reading of the input in a lane, and what holds for
 * every result. A target aborts where it does not.
 */
#ifndef PLANLINT_TESTS_FUZZ_H
#define PLANLINT_TESTS_FUZZ_H

#include "document/document.h"
#include "document/yaml.h"

#include <stdlib.h>

#define HOLDS(condition)                                                                           \
	do {                                                                                       \
		if (!(condition))                                                                  \
			abort();                                                                   \
	} while (0)

struct fuzz_read {
	struct source source;
	struct arena arena;
	struct document_set set;
	size_t findings;
};

static inline void fuzz_count(void *context, const struct finding *finding)
{
	struct fuzz_read *read = context;

	HOLDS(finding->span.start <= finding->span.end);
	HOLDS(finding->span.end <= read->source.size);
	HOLDS(!phrase_is_empty(&finding->message));
	read->findings++;
}

static inline void fuzz_read(struct fuzz_read *read, const char *path, const uint8_t *data,
			     size_t size)
{
	struct finding_sink sink = {fuzz_count, read};

	*read = (struct fuzz_read){0};
	source_init(&read->source, path, (const char *)data, size);
	HOLDS(!document_read(&read->set, &read->source, NULL, &read->arena, &sink, NULL));
	/* Never silent: what was not read has a finding. */
	HOLDS(read->set.complete || read->findings);
}

static inline void fuzz_release(struct fuzz_read *read)
{
	source_release(&read->source);
	arena_release(&read->arena);
}

/* Links, places and texts of a tree agree with each other and with the source. */
static inline void fuzz_check_tree(const struct document *document)
{
	const struct doc_node *root = document->root;

	HOLDS(root && root->size == document->node_count && !root->parent && !root->key);
	for (uint32_t i = 0; i < root->size; i++) {
		const struct doc_node *node = root + i, *parent = doc_parent(node);
		uint32_t children = 0, size = 1;

		HOLDS(node->span.start <= node->span.end);
		HOLDS(node->span.end <= document->source->size);
		HOLDS(!parent == !i && (!parent || node->depth == parent->depth + 1));
		HOLDS(!parent || !node->key == (parent->type == DOC_ARRAY));
		for (const struct doc_node *at = doc_first(node); at; at = doc_next(at)) {
			HOLDS(doc_parent(at) == node);
			children++;
			size += at->size;
		}
		HOLDS(size == node->size && (node->type < DOC_ARRAY || children == node->count));
		HOLDS(text_valid_length(doc_text(node).data ? doc_text(node).data : "",
					node->len) == node->len);
		if (node->type == DOC_STRING)
			HOLDS(text_code_points(node->text, node->len) == node->count);
		for (uint32_t at = 0; at <= node->len && at < 64; at++)
			HOLDS(doc_text_offset(document, node, at) <= document->source->size);
	}
}

/* Every beginning of a text, so that a read beyond the cut is seen by the sanitizer. */
static inline void fuzz_cuts(const char *path, const char *text, size_t size)
{
	for (size_t len = 0; len <= size; len++) {
		char *cut = g_memdup2(text, len);
		struct fuzz_read read;

		fuzz_read(&read, path, (const uint8_t *)cut, len);
		for (size_t i = 0; i < read.set.count; i++)
			if (read.set.documents[i].root)
				fuzz_check_tree(&read.set.documents[i]);
		fuzz_release(&read);
		g_free(cut);
	}
}

#endif
