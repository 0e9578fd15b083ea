/*
 * Expressions that YAML does not take for one text (DESIGN.md section 5): `!has(x)` is read as a
 * tag, ` #` begins a comment, `a ? b : c` can be read as a key, a leading `[` or `{` as a
 * collection, a leading quote ends at its twin.
 *
 * The advice is the same for all: write the expression after `|` on lines of its own. It is only
 * given where the source shows such a thing at the expression's place.
 */
#include "ruleset/compile.h"

#include <string.h>

/* The rest of the line behind an offset. */
static struct slice rest_of_line(const struct source *source, uint32_t offset)
{
	const char *start = source->data + offset;
	const char *end = memchr(start, '\n', source->size - offset);

	return (struct slice){start, end ? (size_t)(end - start) : source->size - offset};
}

/* Is there a comment behind the value, on its last line? */
static bool is_cut_by_comment(const struct source *source, const struct doc_node *node)
{
	struct slice rest = rest_of_line(source, node->span.end);
	size_t i = 0;

	if (node->flags & (DOC_QUOTED | DOC_BLOCK))
		return false;
	while (i < rest.len && (rest.data[i] == ' ' || rest.data[i] == '\t'))
		i++;
	return i > 0 && i < rest.len && rest.data[i] == '#';
}

/* What stands behind the key and its colon, before blanks. */
static char first_of_value(const struct source *source, const struct doc_node *node)
{
	uint32_t at = node->key ? node->key->span.end : node->span.start;

	while (at < source->size && strchr(" \t:", source->data[at]))
		at++;
	return at < source->size ? source->data[at] : 0;
}

enum message mangled_expression(const struct document *document, const struct doc_node *node)
{
	const struct source *source = document->source;
	char first = first_of_value(source, node);

	if (is_cut_by_comment(source, node))
		return MESSAGE_MANGLED_COMMENT;
	if (node->flags & DOC_BLOCK && node->type == DOC_STRING)
		return MESSAGE_NONE;
	if (first == '!')
		return MESSAGE_MANGLED_TAG;
	if (first == '[' || first == '{')
		return MESSAGE_MANGLED_COLLECTION;
	if (first == '"' || first == '\'')
		return MESSAGE_MANGLED_QUOTES;
	if (node->type == DOC_OBJECT)
		return MESSAGE_MANGLED_KEY;
	return MESSAGE_NONE;
}
