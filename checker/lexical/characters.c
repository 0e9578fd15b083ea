/*
 * Signs that are others than they look: curly quotes, no-break spaces in names, characters that
 * cannot be seen, letters of another alphabet.
 *
 * Everything is looked for in the bytes as written, so what is written as an escape ("\u200b") is
 * taken for meant. In running text only what is never meant is reported; an identifier is a name
 * or a value without blanks.
 */
#include "lexical/run.h"

#include "base/date.h"

#include <string.h>

enum { IDENTIFIER_MAX = 100 };

static bool is_identifier(struct slice text)
{
	return text.len && text.len <= IDENTIFIER_MAX && !memchr(text.data, ' ', text.len) &&
	       !memchr(text.data, '\n', text.len);
}

static bool has_non_ascii(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.data[i] >= 0x80)
			return true;
	}
	return false;
}

/* --- Quotes */

static bool is_curly(uint32_t code)
{
	return (code >= 0x2018 && code <= 0x201f);
}

static uint32_t last_code_point(struct slice text)
{
	const char *last = g_utf8_find_prev_char(text.data, text.data + text.len);

	return last ? g_utf8_get_char(last) : 0;
}

/* “Plan” without straight quotes: the curly ones belong to the text */
void lexical_curly_quotes(const struct lexical_run *run, const struct doc_node *node)
{
	struct slice text = doc_text(node);
	struct lexical_match match;
	uint32_t first = 0;
	size_t len;

	if (node->type != DOC_STRING || !lexical_is_plain(run, node))
		return;
	len = text_decode(text.data, text.len, &first);
	if (!is_curly(first) || text.len < 2 * len || !is_curly(last_code_point(text)))
		return;
	match = lexical_match_at(run, node, node->span);
	/* all curly quotes have three bytes */
	lexical_suggest(&match,
			lexical_quoted(run, (struct slice){text.data + len, text.len - 2 * len}));
	match.fix = FIX_UNSAFE;
	lexical_report(run, &match);
}

/* l''action outside of '...': both apostrophes belong to the text */
void lexical_apostrophe_twice(const struct lexical_run *run, const struct doc_node *node)
{
	struct slice token;
	struct lexical_match match;

	if (node->type != DOC_STRING || node->span.end == node->span.start)
		return;
	token = lexical_source(run, node->span);
	if (token.data[0] == '\'')
		return;
	for (size_t i = 1; i + 2 < token.len; i++) {
		uint32_t start = node->span.start + (uint32_t)i;

		if (memcmp(token.data + i, "''", 2) || !g_ascii_isalpha(token.data[i - 1]) ||
		    !(g_ascii_isalpha(token.data[i + 2]) ||
		      (unsigned char)token.data[i + 2] >= 0x80))
			continue;
		match = lexical_match_at(run, node, (struct span){start, start + 2});
		lexical_suggest(&match, SLICE("'"));
		match.fix = FIX_UNSAFE;
		lexical_report(run, &match);
		return;
	}
}

/* --- Spaces that are none */

static bool is_other_space(uint32_t code)
{
	return code == 0xa0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200a) ||
	       code == 0x202f || code == 0x205f || code == 0x3000;
}

/* The name with common spaces, and none at its ends. */
static struct slice with_spaces(const struct lexical_run *run, struct slice name)
{
	GString *text = g_string_new(NULL);
	struct slice result;

	for (size_t i = 0; i < name.len;) {
		uint32_t code = 0;
		size_t len = text_decode(name.data + i, name.len - i, &code);

		if (is_other_space(code))
			g_string_append_c(text, ' ');
		else
			g_string_append_len(text, name.data + i, (gssize)len);
		i += len;
	}
	g_strstrip(text->str);
	result = slice_of(arena_strdup(run->arena, text->str));
	g_string_free(text, TRUE);
	return result;
}

void lexical_space_in_name(const struct lexical_run *run, const struct doc_node *node)
{
	struct slice name = doc_key_text(node);
	struct lexical_match match;

	if (!has_non_ascii(name) || !lexical_is_plain_name(run, node))
		return;
	for (size_t i = 0; i < name.len;) {
		uint32_t code = 0;
		size_t len = text_decode(name.data + i, name.len - i, &code);

		if (is_other_space(code)) {
			match = lexical_match_at(run, node, node->key->span);
			lexical_suggest(&match, with_spaces(run, name));
			match.fix = FIX_UNSAFE;
			lexical_report(run, &match);
			return;
		}
		i += len;
	}
}

/* --- What cannot be seen */

/* Marks of direction, which can make a text look like another one. */
static bool is_direction(uint32_t code)
{
	return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

/* Never meant in any text; the joiners and the soft hyphen have their use in running text. */
static bool is_never_meant(uint32_t code)
{
	return code == 0x200b || code == 0x2060 || code == 0xfeff || code == 0x180e ||
	       is_direction(code);
}

static bool is_unseen(uint32_t code)
{
	return is_never_meant(code) || code == 0xad || (code >= 0x200c && code <= 0x200f) ||
	       (code >= 0x2061 && code <= 0x2064);
}

/* The first character of a token that cannot be seen. */
static void report_unseen(const struct lexical_run *run, const struct doc_node *node,
			  struct span token, bool identifier)
{
	struct slice text = lexical_source(run, token);
	struct lexical_match match;

	for (size_t i = 0; i < text.len;) {
		uint32_t code = 0;
		size_t len = text_decode(text.data + i, text.len - i, &code);
		uint32_t start = token.start + (uint32_t)i;

		if (identifier ? is_unseen(code) : is_never_meant(code)) {
			match = lexical_match_at(run, node,
						 (struct span){start, start + (uint32_t)len});
			match.value = slice_of(arena_printf(run->arena, "U+%04X", code));
			lexical_suggest(&match, SLICE(""));
			match.fix = FIX_UNSAFE;
			lexical_report(run, &match);
			return;
		}
		i += len ? len : 1;
	}
}

void lexical_invisible_character(const struct lexical_run *run, const struct doc_node *node)
{
	if (node->type == DOC_STRING && has_non_ascii(doc_text(node)))
		report_unseen(run, node, node->span, is_identifier(doc_text(node)));
}

void lexical_invisible_character_name(const struct lexical_run *run, const struct doc_node *node)
{
	if (has_non_ascii(doc_key_text(node)))
		report_unseen(run, node, node->key->span, true);
}

/* --- Letters of another alphabet that look like ours */

/* The ASCII character that looks the same, or 0. */
static char ascii_twin(uint32_t code)
{
	static const struct {
		uint32_t code;
		char twin;
	} twins[] = {
		{0x0391, 'A'}, {0x0392, 'B'}, {0x0395, 'E'}, {0x0396, 'Z'}, {0x0397, 'H'},
		{0x0399, 'I'}, {0x039a, 'K'}, {0x039c, 'M'}, {0x039d, 'N'}, {0x039f, 'O'},
		{0x03a1, 'P'}, {0x03a4, 'T'}, {0x03a5, 'Y'}, {0x03a7, 'X'}, {0x03bd, 'v'},
		{0x03bf, 'o'}, {0x0405, 'S'}, {0x0406, 'I'}, {0x0408, 'J'}, {0x0410, 'A'},
		{0x0412, 'B'}, {0x0415, 'E'}, {0x041a, 'K'}, {0x041c, 'M'}, {0x041d, 'H'},
		{0x041e, 'O'}, {0x0420, 'P'}, {0x0421, 'C'}, {0x0422, 'T'}, {0x0423, 'Y'},
		{0x0425, 'X'}, {0x0430, 'a'}, {0x0435, 'e'}, {0x043e, 'o'}, {0x0440, 'p'},
		{0x0441, 'c'}, {0x0443, 'y'}, {0x0445, 'x'}, {0x0455, 's'}, {0x0456, 'i'},
		{0x0458, 'j'}, {0x2010, '-'}, {0x2011, '-'}, {0x2012, '-'}, {0x2013, '-'},
		{0x2014, '-'}, {0x2212, '-'},
	};

	if (code >= 0xff01 && code <= 0xff5e)
		return (char)(code - 0xff01 + '!'); /* the wide forms of ASCII */
	for (size_t i = 0; i < G_N_ELEMENTS(twins); i++) {
		if (twins[i].code == code)
			return twins[i].twin;
	}
	return 0;
}

bool lexical_may_have_twin(struct slice text)
{
	uint32_t code = 0;
	size_t i = 0;

	if (!is_identifier(text))
		return false;
	while (i < text.len && (unsigned char)text.data[i] < 0x80)
		i++;
	return text_decode(text.data + i, text.len - i, &code) && ascii_twin(code);
}

/* The text in ASCII, where every other character has a twin there; else an empty slice. */
static struct slice in_ascii(const struct lexical_run *run, struct slice text)
{
	char *ascii = arena_alloc(run->arena, text.len);
	size_t count = 0;

	for (size_t i = 0; i < text.len;) {
		uint32_t code = 0;
		size_t len = text_decode(text.data + i, text.len - i, &code);

		ascii[count] = code < 0x80 ? text.data[i] : ascii_twin(code);
		if (!len || !ascii[count++])
			return (struct slice){0};
		i += len;
	}
	return (struct slice){ascii, count};
}

/* Both alphabets in one word, or a date whose hyphens are dashes. */
static bool is_mixed(struct slice text, struct slice ascii)
{
	struct date date;

	for (size_t i = 0; i < text.len; i++) {
		if (g_ascii_isalpha(text.data[i]))
			return true;
	}
	return ascii.len > 4 && date_parse(&date, ascii);
}

static void report_twins(const struct lexical_run *run, const struct doc_node *node,
			 struct span token, struct slice text)
{
	struct lexical_match match;
	struct slice ascii;

	if (!has_non_ascii(text) || !is_identifier(text))
		return;
	ascii = in_ascii(run, text);
	if (!ascii.len || !is_mixed(text, ascii))
		return;
	match = lexical_match_at(run, node, token);
	if (slice_equal(match.value, text))
		lexical_suggest(&match, ascii);
	else
		lexical_suggest(&match, lexical_quoted(run, ascii));
	match.value = text;
	match.fix = FIX_UNSAFE;
	lexical_report(run, &match);
}

void lexical_look_alike(const struct lexical_run *run, const struct doc_node *node)
{
	if (node->type == DOC_STRING && !(node->flags & DOC_BLOCK))
		report_twins(run, node, node->span, doc_text(node));
}

void lexical_look_alike_name(const struct lexical_run *run, const struct doc_node *node)
{
	report_twins(run, node, node->key->span, doc_key_text(node));
}
