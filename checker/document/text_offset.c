/*
 * Where a byte of a scalar's text stands in its source, for carets into expressions. The style is
 * seen from the first byte of the token; then the same walk that made the text finds the place. A
 * JSON string is read like a double-quoted one, whose escapes are a superset.
 */
#include "document/yaml.h"

/* The code points before `at` on its line. */
static uint32_t column_of(const struct source *source, uint32_t at)
{
	uint32_t start = at;

	while (start && source->data[start - 1] != '\n')
		start--;
	return (uint32_t)text_code_points(source->data + start, at - start);
}

/* The indentation that an explicit indicator adds to: that of the block collection around. */
static uint32_t indent_around(const struct source *source, const struct doc_node *node)
{
	const struct doc_node *parent = doc_parent(node);

	return parent && (parent->flags & DOC_BLOCK) ? column_of(source, parent->span.start) : 0;
}

static struct yaml_scalar scalar_of(const struct source *source, const struct doc_node *node)
{
	struct yaml_scalar scalar = {
		.source = {source->data, source->size},
		.span = node->span,
		.style = YAML_PLAIN,
	};

	if (node->flags & DOC_QUOTED) {
		scalar.style = source->data[node->span.start] == '"' ? YAML_DOUBLE : YAML_SINGLE;
		scalar.span.start++;
		scalar.span.end--;
	} else if (node->flags & DOC_BLOCK) {
		scalar.style = source->data[node->span.start] == '|' ? YAML_LITERAL : YAML_FOLDED;
		scalar.header = node->span.start;
		scalar.indent = indent_around(source, node);
		while (scalar.span.start < scalar.span.end &&
		       source->data[scalar.span.start++] != '\n')
			;
	}
	return scalar;
}

uint32_t doc_text_offset(const struct document *document, const struct doc_node *scalar,
			 uint32_t offset)
{
	const struct doc_node *node = doc_origin(scalar);
	struct yaml_scalar place;

	if (!document || !node)
		return 0;
	if ((node->flags & DOC_COPIED) || node->type >= DOC_ARRAY ||
	    node->span.start == node->span.end)
		return node->span.start;
	place = scalar_of(document->source, node);
	return yaml_scalar_offset(&place, offset);
}
