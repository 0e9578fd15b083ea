/*
 * Sets of texts: whether a string is one of an enum's. Internal; in a header because evaluation
 * asks for nearly every string of some documents. Made by detail.c.
 */
#ifndef PLANLINT_SCHEMA_TEXT_SET_H
#define PLANLINT_SCHEMA_TEXT_SET_H

#include "base/hash.h"
#include "schema/program.h"

#include <string.h>

/* Whether `len` bytes are equal; names are short, so a call of memcmp() is rarely worth it. */
static inline bool text_same(const char *a, const char *b, size_t len)
{
	uint64_t x[4];
	uint32_t y[4];

	if (len > 16)
		return !memcmp(a, b, len);
	if (len >= 8) {
		memcpy(&x[0], a, 8);
		memcpy(&x[1], b, 8);
		memcpy(&x[2], a + len - 8, 8);
		memcpy(&x[3], b + len - 8, 8);
		return x[0] == x[1] && x[2] == x[3];
	}
	if (len >= 4) {
		memcpy(&y[0], a, 4);
		memcpy(&y[1], b, 4);
		memcpy(&y[2], a + len - 4, 4);
		memcpy(&y[3], b + len - 4, 4);
		return y[0] == y[1] && y[2] == y[3];
	}
	while (len--)
		if (a[len] != b[len])
			return false;
	return true;
}

/* Length and the ends of a text, which tell most names apart. */
static inline uint32_t text_quick_hash(const char *text, size_t len)
{
	uint64_t head = 0;
	uint64_t tail = 0;

	if (len >= 8) {
		memcpy(&head, text, 8);
		memcpy(&tail, text + len - 8, 8);
	} else if (len >= 4) {
		memcpy(&head, text, 4);
		memcpy(&tail, text + len - 4, 4);
	} else if (len) {
		head = (uint64_t)(unsigned char)text[0] |
		       (uint64_t)(unsigned char)text[len / 2] << 8 |
		       (uint64_t)(unsigned char)text[len - 1] << 16;
	}
	head = (head ^ len) * 0x9e3779b97f4a7c15u;
	head = (head ^ (head >> 32) ^ tail) * 0xd6e8feb86659fd93u;
	return (uint32_t)(head >> 32);
}

static inline uint32_t text_set_hash(const struct text_set *set, const char *text, size_t len)
{
	return set->is_keyed ? (uint32_t)hash_bytes(text, len) : text_quick_hash(text, len);
}

static inline bool text_set_has(const struct text_set *set, const char *text, size_t len)
{
	uint32_t slot;

	if (!set->mask) {
		for (uint32_t i = 0; i < set->count; i++)
			if (set->texts[i].len == len && text_same(set->texts[i].data, text, len))
				return true;
		return false;
	}
	slot = text_set_hash(set, text, len) & set->mask;
	for (; set->slots[slot]; slot = (slot + 1) & set->mask) {
		const struct slice *candidate = &set->texts[set->slots[slot] - 1];

		if (candidate->len == len && text_same(candidate->data, text, len))
			return true;
	}
	return false;
}

#endif
