/*
 * The core schema of YAML 1.2.2 10.3.2: what a plain scalar is. Decided by the first byte where it
 * can be, since most scalars are words.
 */
#include "document/yaml.h"

#include <string.h>

static bool is_one_of(const char *text, size_t len, const char *const words[3])
{
	for (int i = 0; i < 3; i++)
		if (strlen(words[i]) == len && !memcmp(words[i], text, len))
			return true;
	return false;
}

static bool is_null(const char *text, size_t len)
{
	static const char *const words[] = {"null", "Null", "NULL"};

	return len == 0 || (len == 1 && *text == '~') || is_one_of(text, len, words);
}

static bool is_boolean(const char *text, size_t len)
{
	static const char *const yes[] = {"true", "True", "TRUE"};
	static const char *const no[] = {"false", "False", "FALSE"};

	return is_one_of(text, len, yes) || is_one_of(text, len, no);
}

bool yaml_is_nonfinite(const char *text, size_t len)
{
	static const char *const inf[] = {".inf", ".Inf", ".INF"};
	static const char *const nan[] = {".nan", ".NaN", ".NAN"};
	size_t sign = len && (*text == '-' || *text == '+');

	return is_one_of(text + sign, len - sign, inf) || is_one_of(text, len, nan);
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
