/*
 * Which checks can find anything in a document, and in which of its nodes: one look at each node
 * decides it for all checks, so that most of them are never run and the others only where they may
 * find something. A node may be suspected in vain, never be missed: what a function asks for first
 * stands here again, as cheap as can be.
 *
 * Most texts are let go by their length and first byte, most names because their symbol was looked
 * at when the rules were loaded, and what only one sign in the whole text can cause by asking for
 * that sign once.
 */
#include "lexical/run.h"

#include "base/word.h"

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

static bool is_wide(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.data[i] >= 0x80)
			return true;
	return false;
}

static struct slice source_of(const struct source *source, struct span span)
{
	return (struct slice){source->data + span.start, span.end - span.start};
}

/* --- values */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits, a sign before them or not, and what stands behind: the checks for other numbers. */
static uint32_t of_digits(struct slice text)
{
	size_t at = text.data[0] == '-' || text.data[0] == '+', first = at;
	char next;

	while (at < text.len && is_digit(text.data[at]))
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

	while (at < text.len && at < 3 && is_digit(text.data[at]))
		at++;
	return at && at < 3 && at < text.len && (text.data[at] == '/' || text.data[at] == '.');
}

/* A first word, of one letter case, with a comma or semicolon behind it. */
static bool begins_list(struct slice text)
{
	const unsigned cases = G_ASCII_UPPER | G_ASCII_LOWER;
	unsigned seen = 0;
	size_t at = 0;

	for (; at < text.len; at++) {
		char c = text.data[at];
		unsigned kinds = g_ascii_table[(unsigned char)c];

		if (!(kinds & G_ASCII_ALNUM) && c != '_' && c != '-')
			break;
		seen |= kinds & cases;
	}
	return at < text.len && (text.data[at] == ',' || text.data[at] == ';') && seen != cases;
}

/* Words that are booleans to YAML 1.1 or in French; few texts begin as they do. */
static uint32_t of_short_word(struct slice text)
{
	uint32_t checks = 0;
	char first = (char)(text.data[0] | 0x20);

	if ((first == 'y' || first == 'n' || first == 'o') && lexical_boolean_meant(text))
		checks |= BIT(BOOLEAN_WORD);
	if ((first == 'o' || first == 'n' || first == 'v' || first == 'f') &&
	    lexical_french_boolean_meant(text))
		checks |= BIT(FRENCH_BOOLEAN);
	return checks;
}

static uint32_t of_plain_string(const struct source *source, const struct doc_node *node)
{
	enum { LONGEST_WORD = 4 };
	struct slice text = {node->text, node->len};
	uint32_t checks = 0;

	if (text.len <= LONGEST_WORD)
		checks |= of_short_word(text);
	if (is_digit(text.data[0]) || text.data[0] == '-' || text.data[0] == '+')
		checks |= of_digits(text);
	if ((unsigned char)text.data[0] == 0xe2)
		checks |= BIT(CURLY_QUOTES);
	if (begins_list(text))
		checks |= BIT(LIST_OF_COMMAS);
	/* the text of one line is the source's own */
	if (text.data != source->data + node->span.start &&
	    has_byte(source_of(source, node->span), '\n'))
		checks |= BIT(LIST_IN_TEXT);
	return checks;
}

/* Can a sign begin here that cannot be seen? None is a letter with an accent. */
static bool may_be_unseen(unsigned char byte)
{
	return byte == 0xe1 || byte == 0xe2 || byte == 0xef || byte == 0xc2;
}

static bool has_unseen(struct slice text)
{
	for (size_t at = 0; at < text.len; at++) {
		if (at + 8 <= text.len) {
			uint64_t word = word_load(text.data + at);

			/* e0 to ef, or c2 */
			if (!(word_equal(word & 0xf0f0f0f0f0f0f0f0u, '\xe0') |
			      word_equal(word, '\xc2'))) {
				at += 7;
				continue;
			}
		}
		if (may_be_unseen((unsigned char)text.data[at]) &&
		    ((unsigned char)text.data[at] != 0xc2 ||
		     (at + 1 < text.len && text.data[at + 1] == '\xad')))
			return true;
	}
	return false;
}

/* A text that is not ASCII. */
static uint32_t of_wide_string(const struct source *source, const struct doc_node *node)
{
	uint32_t checks = 0;

	if (!(node->flags & DOC_BLOCK) && lexical_may_have_twin(doc_text(node)))
		checks |= BIT(LOOK_ALIKE);
	if (has_unseen(source_of(source, node->span)))
		checks |= BIT(INVISIBLE_CHARACTER);
	return checks;
}

static uint32_t of_string(const struct source *source, const struct doc_node *node)
{
	struct slice text = {node->text, node->len};
	uint32_t checks = 0;

	if (!text.len)
		return 0;
	if (!(node->flags & (DOC_QUOTED | DOC_BLOCK)))
		checks |= of_plain_string(source, node);
	if (is_digit(text.data[0]) && !(node->flags & DOC_BLOCK) && begins_date(text))
		checks |= BIT(DATE_ORDER);
	if (node->count != text.len)
		checks |= of_wide_string(source, node);
	return checks;
}

static uint32_t of_value(const struct source *source, const struct doc_node *node)
{
	if (node->type == DOC_STRING)
		return of_string(source, node);
	if (node->type == DOC_INTEGER && node->len > 1 &&
	    (node->text[0] == '0' || !is_digit(node->text[0])))
		return BIT(LEADING_ZERO);
	return node->type == DOC_NUMBER && node->key ? BIT(NUMBER_AS_ID) : 0;
}

/* A comment behind a value without quotes. */
static uint32_t of_end(const struct source *source, const struct doc_node *node)
{
	uint32_t at = node->span.end;

	if (at >= source->size || source->data[at] != ' ' || node->type >= DOC_ARRAY ||
	    node->flags & (DOC_QUOTED | DOC_BLOCK))
		return 0;
	while (at < source->size && source->data[at] == ' ')
		at++;
	return at < source->size && source->data[at] == '#' ? BIT(HASH_IN_TEXT) : 0;
}

/* --- names */

static uint32_t of_name(struct slice name)
{
	uint32_t checks = 0;

	if (lexical_boolean_meant(name))
		checks |= BIT(BOOLEAN_WORD_NAME);
	if (is_wide(name))
		checks |= BIT(INVISIBLE_CHARACTER_NAME) | BIT(LOOK_ALIKE_NAME) | BIT(SPACE_IN_NAME);
	return checks;
}

uint8_t *lexical_names(struct arena *arena, const struct symbols *symbols)
{
	uint32_t last = symbols_last(symbols);
	uint8_t *names = arena_array(arena, (size_t)last + 1, sizeof(*names));

	names[SYMBOL_NONE] = true;
	for (uint32_t symbol = 1; symbol <= last; symbol++)
		names[symbol] = of_name(symbols_name(symbols, symbol)) != 0;
	return names;
}

/* --- documents */

/* Signs without which a check finds nothing anywhere in the document. */
static uint32_t of_source(const struct document *document)
{
	const struct source *source = document->source;
	struct slice part = source_of(source, document->span);
	uint32_t checks = 0;

	if (document->root->flags & DOC_BLOCK && has_byte(part, '\t'))
		checks |= BIT(TAB);
	/* said of the file as a whole, with its first document */
	if (document->root->flags & DOC_BLOCK && !document->index &&
	    has_byte((struct slice){source->data, source->size}, '\r'))
		checks |= BIT(LINE_ENDINGS);
	if (has_twice(part, '\''))
		checks |= BIT(APOSTROPHE_TWICE);
	return checks;
}

static bool has_apostrophes(const struct source *source, const struct doc_node *node)
{
	struct slice token = source_of(source, node->span);

	return node->type == DOC_STRING && token.len && token.data[0] != '\'' &&
	       has_twice(token, '\'');
}

static uint32_t suspect(GArray *suspects, const struct document *document,
			const struct doc_node *node, uint32_t checks)
{
	struct lexical_suspect suspect = {(uint32_t)(node - document->root), checks};

	if (node->flags & DOC_COPIED)
		return 0;
	g_array_append_val(suspects, suspect);
	return checks;
}

uint32_t lexical_candidates(const struct document *document, const uint8_t *names, GArray *suspects)
{
	const struct source *source = document->source;
	const struct doc_node *node = document->root, *end;
	uint32_t all;

	g_array_set_size(suspects, 0);
	if (!node)
		return 0;
	end = node + document->node_count;
	all = of_source(document);
	for (; node < end; node++) {
		uint32_t checks = of_value(source, node) | of_end(source, node);

		if ((!names || names[node->symbol]) && node->key)
			checks |= of_name(doc_key_text(node));
		if (checks)
			all |= suspect(suspects, document, node, checks);
	}
	for (node = document->root; all & BIT(APOSTROPHE_TWICE) && node < end; node++)
		if (has_apostrophes(source, node))
			suspect(suspects, document, node, BIT(APOSTROPHE_TWICE));
	return all;
}
