/*
 * UTF-8 by hand where a library would need NUL-terminated or valid text; everything here takes any
 * bytes and never reads past the length it was given.
 */
#include "base/text.h"

#include "base/word.h"

#include <string.h>

struct slice slice_of(const char *text)
{
	return (struct slice){text ? text : "", text ? strlen(text) : 0};
}

bool slice_equal(struct slice a, struct slice b)
{
	return a.len == b.len && (!a.len || !memcmp(a.data, b.data, a.len));
}

int slice_compare(struct slice a, struct slice b)
{
	size_t len = MIN(a.len, b.len);
	int order = len ? memcmp(a.data, b.data, len) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* How many bytes a first byte announces, 0 where none may begin with it. */
static size_t announced_length(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first <= 0xdf)
		return 2;
	if (first >= 0xe0 && first <= 0xef)
		return 3;
	return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

size_t text_decode(const char *data, size_t len, uint32_t *code_point)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *bytes = (const unsigned char *)data;
	size_t length = len ? announced_length(bytes[0]) : 0;
	uint32_t value;

	if (length == 0 || length > len)
		return 0;
	value = length == 1 ? bytes[0] : bytes[0] & (0x7fu >> length);
	for (size_t i = 1; i < length; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (bytes[i] & 0x3f);
	}
	if (value < smallest[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*code_point = value;
	return length;
}

size_t text_encode(uint32_t code_point, char out[4])
{
	return (size_t)g_unichar_to_utf8(code_point, out);
}

size_t text_valid_length(const char *data, size_t len)
{
	const char *end = data;

	if (len)
		g_utf8_validate_len(data, len, &end);
	/* GLib stops at NUL, which is valid UTF-8. */
	while ((size_t)(end - data) < len && *end == '\0') {
		const char *rest = end + 1;

		if (rest == data + len)
			return len;
		g_utf8_validate_len(rest, len - (size_t)(rest - data), &end);
	}
	return (size_t)(end - data);
}

size_t text_code_points(const char *data, size_t len)
{
	size_t count = 0, i = 0;
	uint64_t word;

	for (; i + 8 <= len; i += 8) { /* a continuation byte: its high bit and not the next */
		memcpy(&word, data + i, 8);
		word = word >> 7 & ~(word >> 6) & 0x0101010101010101u;
		count += 8 - (size_t)((word * 0x0101010101010101u) >> 56);
	}
	for (; i < len; i++)
		count += ((unsigned char)data[i] & 0xc0) != 0x80;
	return count;
}

size_t text_utf16_units(const char *data, size_t len)
{
	size_t count = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char byte = (unsigned char)data[i];

		count += (byte & 0xc0) != 0x80;
		count += byte >= 0xf0;
	}
	return count;
}

/* Decodes to code points; what is no UTF-8 counts as itself, byte by byte. */
static size_t decode_all(struct slice text, uint32_t *out)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len;) {
		size_t length = text_decode(text.data + i, text.len - i, &out[count]);

		if (!length) {
			out[count] = (unsigned char)text.data[i];
			length = 1;
		}
		count++;
		i += length;
	}
	return count;
}

enum { DISTANCE_MAX = 128 }; /* longer words are not compared: nobody mistypes those */

size_t text_distance(struct slice a, struct slice b, size_t limit)
{
	uint32_t x[DISTANCE_MAX], y[DISTANCE_MAX];
	size_t rows[3][DISTANCE_MAX + 1];
	size_t *before = rows[0], *last = rows[1], *row = rows[2];
	size_t n, m;

	if (a.len > DISTANCE_MAX || b.len > DISTANCE_MAX)
		return slice_equal(a, b) ? 0 : limit + 1;
	n = decode_all(a, x);
	m = decode_all(b, y);
	for (size_t j = 0; j <= m; j++)
		last[j] = j;
	for (size_t i = 1; i <= n; i++) {
		size_t *spare = before;

		row[0] = i;
		for (size_t j = 1; j <= m; j++) {
			size_t cost = x[i - 1] != y[j - 1];

			row[j] = MIN(MIN(last[j] + 1, row[j - 1] + 1), last[j - 1] + cost);
			if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1])
				row[j] = MIN(row[j], before[j - 2] + 1);
		}
		before = last;
		last = row;
		row = spare;
	}
	return last[m] > limit ? limit + 1 : last[m];
}

ptrdiff_t text_nearest(struct slice word, const struct slice *candidates, size_t count)
{
	size_t length = text_code_points(word.data, word.len);
	size_t best = MIN(MAX(length / 3, 1), 3) + 1;
	ptrdiff_t nearest = -1;
	char *folded;

	if (!word.len)
		return -1;
	folded = g_utf8_casefold(word.data, (gssize)word.len);
	for (size_t i = 0; i < count; i++) {
		char *other = g_utf8_casefold(candidates[i].data, (gssize)candidates[i].len);
		size_t distance = text_distance(slice_of(folded), slice_of(other), 3);

		g_free(other);
		if (distance < best) {
			best = distance;
			nearest = (ptrdiff_t)i;
		}
	}
	g_free(folded);
	return nearest;
}

/* Controls and characters that change the order of what a terminal shows. */
static bool is_invisible(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x061c || c == 0x200e || c == 0x200f ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

/* Appends the bytes from data[at] on that are printable ASCII; returns where they end. */
static size_t append_printable(GString *out, const char *data, size_t at, size_t len)
{
	size_t end = at;

	while (end < len && data[end] >= 0x20 && data[end] < 0x7f)
		end++;
	g_string_append_len(out, data + at, (gssize)(end - at));
	return end;
}

void text_append_visible(GString *out, const char *data, size_t len)
{
	for (size_t i = append_printable(out, data, 0, len); i < len;
	     i = append_printable(out, data, i, len)) {
		uint32_t c = 0;
		size_t length = text_decode(data + i, len - i, &c);

		if (!length) {
			g_string_append_printf(out, "\\x%02x", (unsigned char)data[i]);
			length = 1;
		} else if (!is_invisible(c)) {
			g_string_append_len(out, data + i, (gssize)length);
		} else if (c == '\n') {
			g_string_append(out, "\\n");
		} else if (c == '\r') {
			g_string_append(out, "\\r");
		} else if (c == '\t') {
			g_string_append(out, "\\t");
		} else {
			g_string_append_printf(out, c < 0x100 ? "\\x%02x" : "\\u%04x", c);
		}
		i += length;
	}
}

static void append_json_escape(GString *out, unsigned char c)
{
	static const char escaped[] = "\b\t\n\f\r\"\\";
	static const char names[] = "btnfr\"\\";
	const char *escape = c ? strchr(escaped, c) : NULL;

	if (escape)
		g_string_append_printf(out, "\\%c", names[escape - escaped]);
	else
		g_string_append_printf(out, "\\u%04x", (unsigned)c);
}

/* Has one of eight bytes an escape in JSON: a control, a quote, a backslash? */
static bool word_has_escape(uint64_t word)
{
	return word_below(word, 0x20) | word_equal(word, '"') | word_equal(word, '\\');
}

/* How many bytes from `at` on stand in a JSON string as they are. */
static size_t json_plain_length(struct slice text, size_t at)
{
	size_t end = at;

	while (end + 8 <= text.len && !word_has_escape(word_load(text.data + end)))
		end += 8;
	while (end < text.len) {
		unsigned char c = (unsigned char)text.data[end];

		if (c < 0x20 || c == '"' || c == '\\')
			break;
		end++;
	}
	return end - at;
}

void text_append_json_string(GString *out, struct slice text)
{
	g_string_append_c(out, '"');
	for (size_t i = 0;; i++) {
		size_t plain = json_plain_length(text, i);

		text_append(out, text.data + i, plain);
		i += plain;
		if (i >= text.len)
			break;
		append_json_escape(out, (unsigned char)text.data[i]);
	}
	g_string_append_c(out, '"');
}

void text_append_json(GString *out, const char *data, size_t len)
{
	for (size_t i = append_printable(out, data, 0, len); i < len;
	     i = append_printable(out, data, i, len)) {
		uint32_t c = 0;
		size_t length = text_decode(data + i, len - i, &c);

		/* Line ends between values are the only controls that JSON has outside of strings.
		 */
		if (length && c >= 0x20 && is_invisible(c))
			g_string_append_printf(out, "\\u%04x", c);
		else
			g_string_append_len(out, data + i, length ? (gssize)length : 1);
		i += length ? length : 1;
	}
}
