/*
 * Values that are not what they look like: words and numbers that YAML 1.1 reads otherwise, numbers
 * that lose their zeros, dates in another order, lists that are one text.
 *
 * planlint reads YAML 1.2 (core schema, 10.3.2); a file is also read by tools of YAML 1.1
 * (yaml.org/type/), and by people.
 */
#include "lexical/run.h"

#include "base/date.h"

#include <string.h>

/* Letter case ignored, for ASCII. */
static bool is_word(struct slice text, const char *word)
{
	return text.len == strlen(word) && !g_ascii_strncasecmp(text.data, word, text.len);
}

const char *lexical_boolean_meant(struct slice text)
{
	static const char *const words[] = {"yes", "no", "on", "off"};
	bool capital, upper;

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		if (!is_word(text, words[i]))
			continue;
		upper = g_ascii_isupper(text.data[1]);
		capital = g_ascii_isupper(text.data[0]);
		if (upper && !capital)
			return NULL; /* yEs is no boolean in any version */
		return i % 2 ? "false" : "true";
	}
	return NULL;
}

void lexical_boolean_word(const struct lexical_run *run, const struct doc_node *node)
{
	const char *meant = lexical_boolean_meant(doc_text(node));
	struct lexical_match match;

	if (!meant || node->type != DOC_STRING || !lexical_is_plain(run, node))
		return;
	match = lexical_match_at(run, node, node->span);
	lexical_suggest(&match, lexical_quoted(run, doc_text(node)));
	lexical_suggest(&match, slice_of(meant));
	match.fix = FIX_SAFE;
	lexical_report(run, &match);
}

void lexical_boolean_word_name(const struct lexical_run *run, const struct doc_node *node)
{
	struct lexical_match match;

	if (!lexical_boolean_meant(doc_key_text(node)) || !lexical_is_plain_name(run, node))
		return;
	match = lexical_match_at(run, node, node->key->span);
	lexical_suggest(&match, lexical_quoted(run, doc_key_text(node)));
	match.fix = FIX_SAFE;
	lexical_report(run, &match);
}

const char *lexical_french_boolean_meant(struct slice text)
{
	static const char *const words[] = {"oui", "non", "vrai", "faux"};

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (is_word(text, words[i]))
			return i % 2 ? "false" : "true";
	return NULL;
}

void lexical_french_boolean(const struct lexical_run *run, const struct doc_node *node)
{
	const char *meant = lexical_french_boolean_meant(doc_text(node));
	struct lexical_match match;

	if (!meant || node->type != DOC_STRING || !lexical_is_plain(run, node))
		return;
	match = lexical_match_at(run, node, node->span);
	lexical_suggest(&match, slice_of(meant));
	lexical_suggest(&match, lexical_quoted(run, doc_text(node)));
	match.fix = FIX_UNSAFE;
	lexical_report(run, &match);
}

static size_t skip_sign(struct slice text)
{
	return text.len && (text.data[0] == '-' || text.data[0] == '+');
}

/* The digits from `at` on. */
static size_t count_digits(struct slice text, size_t at)
{
	size_t end = at;

	while (end < text.len && g_ascii_isdigit(text.data[end]))
		end++;
	return end - at;
}

/* 012: twelve in YAML 1.2, ten in YAML 1.1, and never the code 012 */
void lexical_leading_zero(const struct lexical_run *run, const struct doc_node *node)
{
	struct slice text = doc_text(node);
	size_t at = skip_sign(text), digits = count_digits(text, at);
	struct lexical_match match;
	GString *shorter;

	if (node->type != DOC_INTEGER || !lexical_is_plain(run, node) || digits < 2 ||
	    at + digits < text.len || text.data[at] != '0')
		return;
	match = lexical_match_at(run, node, node->span);
	lexical_suggest(&match, lexical_quoted(run, text));
	shorter = g_string_new_len(text.data, (gssize)at);
	while (at + 1 < text.len && text.data[at] == '0')
		at++;
	g_string_append_len(shorter, text.data + at, (gssize)(text.len - at));
	lexical_suggest(&match, (struct slice){arena_dup(run->arena, shorter->str, shorter->len),
					       shorter->len});
	g_string_free(shorter, TRUE);
	match.fix = FIX_UNSAFE;
	lexical_report(run, &match);
}

/* yaml.org/type/int, base 60: [-+]?[1-9][0-9_]*(:[0-5]?[0-9])+ */
static bool is_sexagesimal(struct slice text)
{
	size_t at = skip_sign(text), digits = count_digits(text, at), groups = 0;

	if (!digits || text.data[at] == '0')
		return false;
	for (at += digits; at < text.len && text.data[at] == ':'; groups++) {
		digits = count_digits(text, ++at);
		if (!digits || digits > 2 || (digits == 2 && text.data[at] > '5'))
			return false;
		at += digits;
	}
	return groups && at == text.len;
}

void lexical_sexagesimal(const struct lexical_run *run, const struct doc_node *node)
{
	struct lexical_match match;

	if (node->type != DOC_STRING || !lexical_is_plain(run, node) ||
	    !is_sexagesimal(doc_text(node)))
		return;
	match = lexical_match_at(run, node, node->span);
	lexical_suggest(&match, lexical_quoted(run, doc_text(node)));
	match.fix = FIX_SAFE;
	lexical_report(run, &match);
}

/* The length of what people put between groups of digits: _ ' blank, no-break and thin spaces, ’ */
static size_t group_separator(struct slice text, size_t at)
{
	uint32_t code = 0;
	size_t len = at < text.len ? text_decode(text.data + at, text.len - at, &code) : 0;

	return code == '_' || code == '\'' || code == ' ' || code == 0xa0 || code == 0x202f ||
			       code == 0x2009 || code == 0x2019
		       ? len
		       : 0;
}

/* Digits in groups of three (or, with _, as yaml.org/type/int allows, in any); `out` without signs.
 */
static bool read_groups(struct slice text, GString *out)
{
	size_t at = skip_sign(text), digits = count_digits(text, at), separator, groups = 0;

	g_string_append_len(out, text.data, (gssize)at);
	if (!digits)
		return false;
	g_string_append_len(out, text.data + at, (gssize)digits);
	for (at += digits; (separator = group_separator(text, at)) > 0; at += digits, groups++) {
		bool loose = text.data[at] == '_';

		at += separator;
		digits = count_digits(text, at);
		if (!digits || (digits != 3 && !loose))
			return false;
		g_string_append_len(out, text.data + at, (gssize)digits);
	}
	return groups && at == text.len;
}

void lexical_grouped_digits(const struct lexical_run *run, const struct doc_node *node)
{
	struct slice text = doc_text(node);
	struct lexical_match match;
	GString *digits;

	if (node->type != DOC_STRING || !lexical_is_plain(run, node) ||
	    !count_digits(text, skip_sign(text)))
		return;
	digits = g_string_new(NULL);
	if (read_groups(text, digits)) {
		match = lexical_match_at(run, node, node->span);
		lexical_suggest(&match,
				(struct slice){arena_dup(run->arena, digits->str, digits->len),
					       digits->len});
		lexical_suggest(&match, lexical_quoted(run, text));
		match.fix = FIX_UNSAFE;
		lexical_report(run, &match);
	}
	g_string_free(digits, TRUE);
}

/* 27/05/2005, 27.5.2005: day, month and a year of four digits, whatever their order */
static bool is_other_date(struct slice text)
{
	size_t first = count_digits(text, 0), second;
	char sign;

	if (!first || first > 2 || first >= text.len)
		return false;
	sign = text.data[first];
	second = count_digits(text, first + 1);
	return (sign == '/' || sign == '.') && second && second <= 2 &&
	       text.len == first + second + 6 && text.data[first + 1 + second] == sign &&
	       count_digits(text, first + second + 2) == 4;
}

void lexical_date_order(const struct lexical_run *run, const struct doc_node *node)
{
	struct date guesses[DATE_GUESSES];
	struct lexical_match match;
	size_t count;

	if (node->type != DOC_STRING || node->flags & DOC_BLOCK || !is_other_date(doc_text(node)))
		return;
	count = date_guess(guesses, doc_text(node));
	if (!count)
		return;
	match = lexical_match_at(run, node, node->span);
	for (size_t i = 0; i < count; i++) {
		GString *iso = g_string_new(NULL);

		date_append_iso(iso, guesses[i]);
		lexical_suggest(&match, (struct slice){arena_dup(run->arena, iso->str, iso->len),
						       iso->len});
		g_string_free(iso, TRUE);
	}
	match.fix = count == 1 ? FIX_UNSAFE : FIX_NONE;
	lexical_report(run, &match);
}

/* Names of members whose values are labels, not quantities. */
static bool is_label(struct slice name)
{
	static const char *const labels[] = {"id",     "ref",    "reference", "code", "version",
					     "number", "numero", "no",        "key"};
	size_t len = name.len;

	for (size_t i = 0; i < G_N_ELEMENTS(labels); i++) {
		if (is_word(name, labels[i]))
			return true;
	}
	return len > 3 && (name.data[len - 3] == '_' || name.data[len - 3] == '-') &&
	       is_word((struct slice){name.data + len - 2, 2}, "id");
}

/*
 * The earlier item of the same list whose member of this name is the same number, written
 * otherwise: 1.10 beside 1.1.
 */
static const struct doc_node *find_collision(const struct doc_node *node)
{
	enum { ITEMS_MAX = 1000 };
	const struct doc_node *item = doc_first(doc_parent(doc_parent(node)));
	struct slice name = doc_key_text(node);

	for (int i = 0; item && i < ITEMS_MAX && item < doc_parent(node); i++) {
		const struct doc_node *other = doc_member(item, name.data, name.len);

		if (other && doc_equal(other, node) &&
		    !slice_equal(doc_text(other), doc_text(node)))
			return other;
		item = doc_next(item);
	}
	return NULL;
}

void lexical_number_as_id(const struct lexical_run *run, const struct doc_node *node)
{
	struct lexical_match match;

	if (node->type != DOC_NUMBER || !node->key || !lexical_is_plain(run, node) ||
	    !is_label(doc_key_text(node)))
		return;
	match = lexical_match_at(run, node, node->span);
	match.other = find_collision(node);
	lexical_suggest(&match, lexical_quoted(run, doc_text(node)));
	match.fix = FIX_UNSAFE;
	lexical_report(run, &match);
}

/* One word of a list of codes: ASCII letters, digits, _ and -; a letter at least. */
struct code_word {
	size_t len;
	bool upper, lower;
};

static bool read_code(struct code_word *out, struct slice text, size_t at)
{
	size_t end = at;

	*out = (struct code_word){0};
	for (; end < text.len &&
	       (g_ascii_isalnum(text.data[end]) || text.data[end] == '_' || text.data[end] == '-');
	     end++) {
		out->upper |= g_ascii_isupper(text.data[end]);
		out->lower |= g_ascii_islower(text.data[end]);
	}
	out->len = end - at;
	return out->upper || out->lower;
}

/* Codes of one letter case between commas or semicolons; `out` gets them between commas. */
static bool read_codes(struct slice text, GString *out)
{
	bool upper = false, lower = false;
	size_t at = 0, count = 0;
	struct code_word word;

	do {
		while (at < text.len && text.data[at] == ' ')
			at++;
		if (!read_code(&word, text, at))
			return false;
		if (count++)
			g_string_append(out, ", ");
		g_string_append_len(out, text.data + at, (gssize)word.len);
		at += word.len;
		upper |= word.upper;
		lower |= word.lower;
	} while (at < text.len && (text.data[at] == ',' || text.data[at] == ';') && at++);
	return at == text.len && count > 1 && !(upper && lower);
}

/* MDA, GEO: one text where a list was meant */
void lexical_list_of_commas(const struct lexical_run *run, const struct doc_node *node)
{
	struct lexical_match match;
	GString *list;

	if (node->type != DOC_STRING || !lexical_is_plain(run, node))
		return;
	list = g_string_new("[");
	if (read_codes(doc_text(node), list)) {
		g_string_append_c(list, ']');
		match = lexical_match_at(run, node, node->span);
		lexical_suggest(&match, (struct slice){arena_dup(run->arena, list->str, list->len),
						       list->len});
		match.fix = FIX_UNSAFE;
		lexical_report(run, &match);
	}
	g_string_free(list, TRUE);
}
