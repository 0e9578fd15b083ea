/*
 * The words of a path: blanks, names, integers, texts in quotes. Every function stands under its
 * production of RFC 9535; the text was checked to be UTF-8.
 */
#include "jsonpath/parse.h"

#include "source/message.h"

#include <string.h>

bool path_fail_with(struct path_parser *p, size_t start, size_t end, int message,
		    struct slice value, struct slice second)
{
	if (p->failed)
		return false;
	p->failed = true;
	p->error->place = (struct span){(uint32_t)start, (uint32_t)MAX(start, end)};
	if (value.data)
		p->error->message = phrase_make(p->arena, message, second.data ? 2 : 1, value,
						second);
	else
		p->error->message = phrase_make(p->arena, message, 0);
	return false;
}

bool path_fail(struct path_parser *p, size_t start, size_t end, int message)
{
	return path_fail_with(p, start, end, message, (struct slice){0}, (struct slice){0});
}

struct span path_place(const struct path_parser *p, size_t start)
{
	return (struct span){(uint32_t)start, (uint32_t)p->at};
}

bool path_at_end(const struct path_parser *p)
{
	return p->at >= p->text.len;
}

char path_peek(const struct path_parser *p)
{
	return path_at_end(p) ? '\0' : p->text.data[p->at];
}

bool path_accept(struct path_parser *p, const char *text)
{
	size_t len = strlen(text);

	if (p->text.len - p->at < len || memcmp(p->text.data + p->at, text, len))
		return false;
	p->at += len;
	return true;
}

/* S = *B        B = %x20 / %x09 / %x0A / %x0D */
void path_skip_blanks(struct path_parser *p)
{
	while (!path_at_end(p) && strchr(" \t\n\r", path_peek(p)) && path_peek(p))
		p->at++;
}

bool path_enter(struct path_parser *p)
{
	char *limit;

	if (++p->depth <= JSONPATH_DEPTH_MAX)
		return true;
	limit = arena_printf(p->arena, "%d", JSONPATH_DEPTH_MAX);
	return path_fail_with(p, p->at, p->at, MESSAGE_JSONPATH_DEEP, slice_of(limit),
			      (struct slice){0});
}

/* name-first = ALPHA / "_" / %x80-D7FF / %xE000-10FFFF */
bool path_at_name(const struct path_parser *p)
{
	unsigned char c = (unsigned char)path_peek(p);

	return g_ascii_isalpha((char)c) || c == '_' || c >= 0x80;
}

/* member-name-shorthand = name-first *name-char        name-char = name-first / DIGIT */
struct slice path_scan_name(struct path_parser *p)
{
	size_t start = p->at;

	while (path_at_name(p) || g_ascii_isdigit(path_peek(p)))
		p->at++;
	return (struct slice){p->text.data + start, p->at - start};
}

/* int = "0" / (["-"] DIGIT1 *DIGIT), within the exact integers of I-JSON (RFC 9535 2.1) */
bool path_scan_integer(struct path_parser *p, int64_t *out)
{
	static const int64_t exact_max = (INT64_C(1) << 53) - 1;
	size_t start = p->at;
	bool negative = path_accept(p, "-");
	size_t digits = p->at;
	int64_t value = 0;

	for (; g_ascii_isdigit(path_peek(p)); p->at++)
		value = MIN(value * 10 + (path_peek(p) - '0'), exact_max + 1);
	if (p->at == digits || (p->text.data[digits] == '0' && (p->at > digits + 1 || negative)))
		return path_fail(p, start, p->at, MESSAGE_JSONPATH_INTEGER);
	if (value > exact_max)
		return path_fail(p, start, p->at, MESSAGE_JSONPATH_INTEGER_RANGE);
	*out = negative ? -value : value;
	return true;
}

static bool scan_hex(struct path_parser *p, uint32_t *out)
{
	uint32_t value = 0;

	if (p->text.len - p->at < 4)
		return false;
	for (int i = 0; i < 4; i++, p->at++) {
		if (!g_ascii_isxdigit(path_peek(p)))
			return false;
		value = value * 16 + (uint32_t)g_ascii_xdigit_value(path_peek(p));
	}
	*out = value;
	return true;
}

/* hexchar = non-surrogate / (high-surrogate "\" %x75 low-surrogate), after the u */
static bool scan_unicode(struct path_parser *p, uint32_t *out)
{
	size_t start = p->at - 2;
	uint32_t low;

	if (!scan_hex(p, out))
		return path_fail(p, start, p->at, MESSAGE_JSONPATH_ESCAPE);
	if (*out < 0xd800 || *out > 0xdfff)
		return true;
	if (*out > 0xdbff || !path_accept(p, "\\u") || !scan_hex(p, &low) || low < 0xdc00 ||
	    low > 0xdfff)
		return path_fail(p, start, p->at, MESSAGE_JSONPATH_SURROGATE);
	*out = 0x10000 + ((*out - 0xd800) << 10) + (low - 0xdc00);
	return true;
}

/* escapable, or the quote that encloses the text; after the backslash */
static bool scan_escape(struct path_parser *p, char quote, uint32_t *out)
{
	static const char from[] = "bfnrt/\\";
	static const char to[] = "\b\f\n\r\t/\\";
	char c = path_peek(p);
	const char *known = c ? strchr(from, c) : NULL;

	p->at += !path_at_end(p);
	if (c == 'u')
		return scan_unicode(p, out);
	if (!known && c != quote)
		return path_fail(p, p->at - 2, p->at, MESSAGE_JSONPATH_ESCAPE);
	*out = (uint32_t)(known ? to[known - from] : quote);
	return true;
}

/* string-literal = %x22 *double-quoted %x22 / %x27 *single-quoted %x27 */
bool path_scan_text(struct path_parser *p, struct slice *out)
{
	size_t start = p->at;
	char quote = p->text.data[p->at++];
	char *text = arena_alloc(p->arena, p->text.len - start);
	size_t len = 0;

	while (!path_at_end(p) && path_peek(p) != quote) {
		size_t before = p->at;
		uint32_t code = (unsigned char)path_peek(p);

		if (code < 0x20)
			return path_fail(p, before, before + 1, MESSAGE_JSONPATH_CONTROL);
		if (path_accept(p, "\\")) {
			if (!scan_escape(p, quote, &code))
				return false;
		} else {
			p->at += text_decode(p->text.data + p->at, p->text.len - p->at, &code);
		}
		len += text_encode(code, text + len);
	}
	if (path_at_end(p))
		return path_fail(p, start, start + 1, MESSAGE_JSONPATH_QUOTE);
	p->at++;
	*out = (struct slice){text, len};
	return true;
}
