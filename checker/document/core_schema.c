/*
 * The core schema of YAML 1.2.2 10.3.2: what a plain scalar is. Decided by the first byte where it
 * can be, since most scalars are words.
 */
#include "document/yaml.h"

#include <string.h>

/* A word in lower case, with a capital, or in capitals; `lower` and `upper` have `len` bytes. */
static bool is_word(const char *text, size_t len, const char *lower, const char *upper)
{
	if (*text == *lower)
		return !memcmp(text, lower, len);
	return *text == *upper &&
	       (!memcmp(text + 1, lower + 1, len - 1) || !memcmp(text, upper, len));
}

static bool is_null(const char *text, size_t len)
{
	return (len == 1 && *text == '~') || (len == 4 && is_word(text, 4, "null", "NULL"));
}

static bool is_boolean(const char *text, size_t len)
{
	return (len == 4 && is_word(text, 4, "true", "TRUE")) ||
	       (len == 5 && is_word(text, 5, "false", "FALSE"));
}

bool yaml_is_nonfinite(const char *text, size_t len)
{
	bool has_sign = len == 5 && (*text == '-' || *text == '+');
	const char *word = text + has_sign;

	if (len - has_sign != 4 || *word != '.')
		return false;
	/* .nan has no sign, and its capitals are .NaN */
	return is_word(word + 1, 3, "inf", "INF") ||
	       (!has_sign &&
		(!memcmp(word, ".nan", 4) || !memcmp(word, ".NaN", 4) || !memcmp(word, ".NAN", 4)));
}

static size_t skip_digits(const char *text, size_t at, size_t len)
{
	while (at < len && g_ascii_isdigit(text[at]))
		at++;
	return at;
}

/* 0o [0-7]+ | 0x [0-9a-fA-F]+ */
static bool is_radix(const char *text, size_t len)
{
	if (len < 3 || text[0] != '0' || (text[1] != 'o' && text[1] != 'x'))
		return false;
	for (size_t i = 2; i < len; i++)
		if (!g_ascii_isxdigit(text[i]) || (text[1] == 'o' && text[i] > '7'))
			return false;
	return true;
}

/*
 * [-+]? [0-9]+
 * [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
 */
static enum doc_type resolve_number(const char *text, size_t len)
{
	size_t start = *text == '-' || *text == '+';
	size_t at = skip_digits(text, start, len);
	size_t digits = at - start;

	if (digits && at == len)
		return DOC_INTEGER;
	if (at < len && text[at] == '.') {
		start = ++at;
		at = skip_digits(text, at, len);
		digits += at - start;
	}
	if (!digits)
		return DOC_STRING;
	if (at < len && (text[at] == 'e' || text[at] == 'E')) {
		at++;
		at += at < len && (text[at] == '-' || text[at] == '+');
		start = at;
		at = skip_digits(text, at, len);
		if (at == start)
			return DOC_STRING;
	}
	return at == len ? DOC_NUMBER : DOC_STRING;
}

enum doc_type yaml_resolve(const char *text, size_t len)
{
	if (!len)
		return DOC_NULL;
	switch (*text) {
	case '~':
	case 'n':
	case 'N':
		return is_null(text, len) ? DOC_NULL : DOC_STRING;
	case 't':
	case 'T':
	case 'f':
	case 'F':
		return is_boolean(text, len) ? DOC_BOOLEAN : DOC_STRING;
	case '.':
	case '-':
	case '+':
		if (yaml_is_nonfinite(text, len))
			return DOC_NUMBER;
		return resolve_number(text, len);
	case '0':
		if (is_radix(text, len))
			return DOC_INTEGER;
		return resolve_number(text, len);
	default:
		return g_ascii_isdigit(*text) ? resolve_number(text, len) : DOC_STRING;
	}
}
