/*
 * Which checks can find anything in a document: one look at each node decides it for all checks, so
 * that most of them are never run. A bit may be set in vain, never be missing: what a function asks
 * for first stands here again, as cheap as can be.
 */
#include "lexical/lexical.h"

#include <string.h>

#define BIT(check) (1u << LEXICAL_##check)
_Static_assert(LEXICAL_COUNT <= 32, "a bit for each check");

static bool has_byte(struct slice text, char c)
{
	return text.len && memchr(text.data, c, text.len);
}

static bool has_twice(struct slice text, char c)
{
	const char *at = text.data, *end = text.data + text.len;

	while (at < end && (at = memchr(at, c, (size_t)(end - at))) && ++at < end)
		if (*at == c)
			return true;
	return false;
}

static bool begins_with_any(struct slice text, const char *letters)
{
	return text.len && strchr(letters, g_ascii_tolower(text.data[0]));
}

static bool is_wide(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.data[i] >= 0x80)
			return true;
	return false;
}

/* Digits, a sign before them or not, and what stands behind: the checks for other numbers. */
static uint32_t of_digits(struct slice text)
{
	size_t at = text.len && (text.data[0] == '-' || text.data[0] == '+');
	size_t first = at;
	char next;

	while (at < text.len && g_ascii_isdigit(text.data[at]))
		at++;
	if (at == first || at == text.len)
		return 0;
	next = text.data[at];
	if (next == ':')
		return BIT(SEXAGESIMAL);
	return next == '_' || next == '\'' || next == ' ' || (unsigned char)next >= 0x80
		       ? BIT(GROUPED_DIGITS)
		       : 0;
}

/* One or two digits and a slash or full stop. */
static bool begins_date(struct slice text)
{
	size_t at = 0;

	while (at < text.len && at < 3 && g_ascii_isdigit(text.data[at]))
		at++;
	return at && at < 3 && at < text.len && (text.data[at] == '/' || text.data[at] == '.');
}

/* A first word with a comma or semicolon behind it. */
static bool begins_list(struct slice text)
{
	size_t at = 0;

	while (at < text.len && text.data[at] == ' ')
		at++;
	while (at < text.len &&
	       (g_ascii_isalnum(text.data[at]) || text.data[at] == '_' || text.data[at] == '-'))
		at++;
	return at < text.len && (text.data[at] == ',' || text.data[at] == ';');
}

static uint32_t of_plain_string(const struct source *source, const struct doc_node *node)
{
	struct slice text = doc_text(node);
	struct slice written = {source->data + node->span.start, node->span.end - node->span.start};
	uint32_t checks = of_digits(text);

	if (text.len <= 3 && begins_with_any(text, "yno"))
		checks |= BIT(BOOLEAN_WORD);
	if (text.len <= 4 && begins_with_any(text, "onvf"))
		checks |= BIT(FRENCH_BOOLEAN);
	if (text.len && (unsigned char)text.data[0] == 0xe2)
		checks |= BIT(CURLY_QUOTES);
	if (begins_list(text))
		checks |= BIT(LIST_OF_COMMAS);
	if (has_byte(written, '\n'))
		checks |= BIT(LIST_IN_TEXT);
	return checks;
}

static uint32_t of_string(const struct source *source, const struct doc_node *node)
{
	uint32_t checks = 0;

	if (!(node->flags & (DOC_QUOTED | DOC_BLOCK)))
		checks |= of_plain_string(source, node);
	if (!(node->flags & DOC_BLOCK) && begins_date(doc_text(node)))
		checks |= BIT(DATE_ORDER);
	if (node->count != node->len && !memchr(node->text, ' ', node->len))
		checks |= BIT(LOOK_ALIKE);
	return checks;
}

static uint32_t of_value(const struct source *source, const struct doc_node *node)
{
	switch ((enum doc_type)node->type) {
	case DOC_STRING:
		return of_string(source, node);
	case DOC_INTEGER:
		return node->len > 1 && (node->text[0] == '0' || !g_ascii_isdigit(node->text[0]))
			       ? BIT(LEADING_ZERO)
			       : 0;
	case DOC_NUMBER:
		return BIT(NUMBER_AS_ID);
	case DOC_NULL:
	case DOC_BOOLEAN:
	case DOC_ARRAY:
	case DOC_OBJECT:
		break;
	}
	return 0;
}

/* A comment behind a value. */
static uint32_t of_end(const struct source *source, const struct doc_node *node)
{
	uint32_t at = node->span.end;

	if (node->type >= DOC_ARRAY || at >= source->size || source->data[at] != ' ')
		return 0;
	while (at < source->size && source->data[at] == ' ')
		at++;
	return at < source->size && source->data[at] == '#' ? BIT(HASH_IN_TEXT) : 0;
}

static uint32_t of_name(struct slice name)
{
	uint32_t checks = 0;

	if (name.len <= 3 && begins_with_any(name, "yno"))
		checks |= BIT(BOOLEAN_WORD_NAME);
	if (is_wide(name))
		checks |= BIT(LOOK_ALIKE_NAME) | BIT(SPACE_IN_NAME);
	return checks;
}

/* What begins as the signs do that cannot be seen: never a letter with an accent. */
static bool has_unseen(struct slice text)
{
	const char *at = text.data, *end = text.data + text.len;

	if (has_byte(text, '\xe1') || has_byte(text, '\xe2') || has_byte(text, '\xef'))
		return true;
	while (at < end && (at = memchr(at, '\xc2', (size_t)(end - at))) && ++at < end)
		if (*at == '\xad')
			return true;
	return false;
}

static uint32_t of_source(struct slice text)
{
	uint32_t checks = 0;

	if (has_byte(text, '\t'))
		checks |= BIT(TAB);
	if (has_byte(text, '\r'))
		checks |= BIT(LINE_ENDINGS);
	if (has_unseen(text))
		checks |= BIT(INVISIBLE_CHARACTER) | BIT(INVISIBLE_CHARACTER_NAME);
	if (has_twice(text, '\''))
		checks |= BIT(APOSTROPHE_TWICE);
	return checks;
}

uint32_t lexical_candidates(const struct document *document)
{
	const struct source *source = document->source;
	uint32_t checks = 0;

	if (!document->root)
		return 0;
	checks = of_source((struct slice){source->data, source->size});
	for (uint32_t i = 0; i < document->node_count; i++) {
		const struct doc_node *node = document->root + i;

		checks |= of_value(source, node) | of_end(source, node);
		if (node->key)
			checks |= of_name(doc_key_text(node));
	}
	return checks;
}
