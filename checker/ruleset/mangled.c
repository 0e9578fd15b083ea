/*
 * Expressions that YAML does not take for one text (DESIGN.md section 5): `!has(x)` is read as a
 * tag, ` #` begins a comment, `a ? b : c` can be read as a key, a leading `[` or `{` as a
 * collection, a leading quote ends at its twin.
 *
 * The advice is the same for all: write the expression after `|` on lines of its own. It is only
 * given where the source shows such a thing at the expression's place.
 */
#include "ruleset/compile.h"

#include "source/message.h"

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

int mangled_expression(const struct document *document, const struct doc_node *node)
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
	if (node->type == DOC_OBJECT)
		return MESSAGE_MANGLED_KEY;
	return MESSAGE_NONE;
}

/* Keys under which an expression stands. */
static const char *const expression_keys[] = {
	"when", "assert",  "present",  "includes", "in",         "on",     "order", "unique",
	"by",   "acyclic", "disjoint", "group-by", "transition", "commit", "at",
};

static enum message advice_for(char first, struct slice value)
{
	if (first == '!')
		return MESSAGE_MANGLED_TAG;
	if (first == '[' || first == '{')
		return MESSAGE_MANGLED_COLLECTION;
	if (first == '"' || first == '\'')
		return MESSAGE_MANGLED_QUOTES;
	return g_strstr_len(value.data, (gssize)value.len, ": ") ? MESSAGE_MANGLED_KEY
								 : MESSAGE_NONE;
}

static enum message advice_in(struct slice line)
{
	size_t i = 0;

	while (i < line.len && strchr(" -", line.data[i]))
		i++;
	for (size_t k = 0; k < G_N_ELEMENTS(expression_keys); k++) {
		size_t len = strlen(expression_keys[k]);

		if (line.len - i < len + 2 || memcmp(line.data + i, expression_keys[k], len) != 0 ||
		    line.data[i + len] != ':')
			continue;
		struct slice value = {line.data + i + len + 1, line.len - i - len - 1};

		while (value.len && *value.data == ' ')
			value = (struct slice){value.data + 1, value.len - 1};
		return value.len ? advice_for(*value.data, value) : MESSAGE_NONE;
	}
	return MESSAGE_NONE;
}

int mangled_line(struct source *source, uint32_t offset)
{
	uint32_t line = source_position(source, offset).line;
	enum message advice = advice_in(source_line(source, line));

	if (advice == MESSAGE_NONE && line > 1)
		advice = advice_in(source_line(source, line - 1));
	return advice;
}
