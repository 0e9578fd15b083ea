/*
 * Pieces of text: slices, UTF-8, the nearest of several names, escaping for a terminal.
 * For every folder. All text is UTF-8; lengths are bytes unless a name says otherwise.
 */
#ifndef PLANLINT_BASE_TEXT_H
#define PLANLINT_BASE_TEXT_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Marks a text that is translated when it is shown, for the catalogue of po/. */
#define N_(text) (text)

/* `len` bytes that somebody else owns; not NUL-terminated, may hold NUL. */
struct slice {
	const char *data;
	size_t len;
};

#define SLICE(literal) ((struct slice){(literal), sizeof(literal) - 1})

struct slice slice_of(const char *text); /* of a NUL-terminated string; NULL gives an empty slice */
bool slice_equal(struct slice a, struct slice b);
int slice_compare(struct slice a, struct slice b); /* by bytes, which is by code point: <0, 0, >0 */

/*
 * Decodes the code point at `data` (at least one byte of `len`) and returns its length in bytes,
 * or 0 where the bytes are no UTF-8 (overlong forms, surrogates and values above 10FFFF included).
 */
size_t text_decode(const char *data, size_t len, uint32_t *code_point);

/* Appends a code point (a valid scalar value) as UTF-8 to `out` (4 bytes free); returns its length.
 */
size_t text_encode(uint32_t code_point, char out[4]);

/* The offset of the first byte that is no UTF-8, or `len`. */
size_t text_valid_length(const char *data, size_t len);

/* Code points, and UTF-16 units, of valid UTF-8. */
size_t text_code_points(const char *data, size_t len);
size_t text_utf16_units(const char *data, size_t len);

/*
 * The candidate nearest to `word` by edit distance (a swap of neighbours counts one), letter case
 * counting little; -1 where none is near enough to be meant (a third of the word, at most 3).
 * The first of several equally near wins; nothing is near an empty word.
 */
ptrdiff_t text_nearest(struct slice word, const struct slice *candidates, size_t count);

/* Edit distance in code points (optimal string alignment), or `limit` + 1 where it is more. */
size_t text_distance(struct slice a, struct slice b, size_t limit);

/*
 * Appends text for a terminal or a log: C0, DEL, C1, bidirectional controls and bytes that are no
 * UTF-8 come out as visible escapes (\n, \t, \x1b, \u202e), everything else as it is.
 */
void text_append_visible(GString *out, const char *data, size_t len);

/* g_string_append_len() without a call where there is room. */
static inline void text_append(GString *out, const char *data, size_t len)
{
	if (len >= out->allocated_len - out->len) {
		g_string_append_len(out, data, (gssize)len);
		return;
	}
	if (len)
		memcpy(out->str + out->len, data, len);
	out->len += len;
	out->str[out->len] = '\0';
}

/* Appends a text as a JSON string, in quotes and with the escapes of RFC 8785 3.2.2.2. */
void text_append_json_string(GString *out, struct slice text);

/*
 * Appends valid JSON text; what JSON allows in strings but can steer a terminal (DEL, C1,
 * bidirectional controls, separators, byte-order marks) comes out as \uXXXX.
 */
void text_append_json(GString *out, const char *data, size_t len);

#endif
