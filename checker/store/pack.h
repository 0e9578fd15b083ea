/*
 * Values in bytes and back: what rows are made of. Numbers take as few bytes as they need, texts
 * end in a NUL, so that what is read points into the row and needs no copy.
 *
 * Reading past the end, or a text that is none, sets `failed` and gives zeros from then on.
 */
#ifndef PLANLINT_STORE_PACK_H
#define PLANLINT_STORE_PACK_H

#include "base/text.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

void pack_number(GString *out, uint64_t value);
void pack_signed(GString *out, int64_t value);
void pack_slice(GString *out, struct slice text);
void pack_text(GString *out, const char *text); /* NULL is kept apart from "" */
void pack_bytes(GString *out, const void *data, size_t size);

struct unpack {
	const char *at;
	const char *end;
	bool failed;
};

uint64_t unpack_long(struct unpack *in);
int64_t unpack_signed(struct unpack *in);
struct slice unpack_slice(struct unpack *in);
const char *unpack_text(struct unpack *in);
const void *unpack_bytes(struct unpack *in, size_t size); /* never NULL */

/* Most numbers have one byte. */
static inline uint64_t unpack_number(struct unpack *in)
{
	if (in->at < in->end && !(*in->at & 0x80))
		return (unsigned char)*in->at++;
	return unpack_long(in);
}

/* A count of things that take at least a byte each. */
static inline size_t unpack_count(struct unpack *in)
{
	uint64_t count = unpack_number(in);

	if (count <= (uint64_t)(in->end - in->at))
		return (size_t)count;
	in->failed = true;
	return 0;
}

#endif
