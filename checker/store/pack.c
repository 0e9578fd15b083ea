/* Values in bytes: little endian base 128 (seven bits a byte, the top bit says that more follow).
 */
#include "store/pack.h"

#include <string.h>

enum { NUMBER_BYTES = 10 };

void pack_number(GString *out, uint64_t value)
{
	char bytes[NUMBER_BYTES];
	gssize len = 0;

	for (; value > 0x7f; value >>= 7)
		bytes[len++] = (char)(value | 0x80);
	bytes[len++] = (char)value;
	g_string_append_len(out, bytes, len);
}

/* Small values of either sign stay short: 0, -1, 1, -2, ... */
void pack_signed(GString *out, int64_t value)
{
	pack_number(out, (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0));
}

void pack_slice(GString *out, struct slice text)
{
	pack_number(out, text.len);
	g_string_append_len(out, text.len ? text.data : "", (gssize)text.len);
	g_string_append_c(out, '\0');
}

/* The length plus 1; 0: there is none. */
void pack_text(GString *out, const char *text)
{
	size_t len = text ? strlen(text) : 0;

	pack_number(out, text ? len + 1 : 0);
	if (text)
		g_string_append_len(out, text, (gssize)len + 1);
}

void pack_bytes(GString *out, const void *data, size_t size)
{
	g_string_append_len(out, data, (gssize)size);
}

uint64_t unpack_long(struct unpack *in)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 64 && in->at < in->end; shift += 7) {
		unsigned char byte = (unsigned char)*in->at++;

		value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return value;
	}
	in->failed = true;
	in->at = in->end;
	return 0;
}

int64_t unpack_signed(struct unpack *in)
{
	uint64_t value = unpack_number(in);

	return (int64_t)(value >> 1 ^ (value & 1 ? UINT64_MAX : 0));
}

/* `len` bytes and the NUL behind them. */
static const char *take_text(struct unpack *in, uint64_t len)
{
	const char *text = in->at;

	if (in->failed || len >= (uint64_t)(in->end - in->at) || text[len]) {
		in->failed = true;
		in->at = in->end;
		return NULL;
	}
	in->at += len + 1;
	return text;
}

struct slice unpack_slice(struct unpack *in)
{
	uint64_t len = unpack_number(in);
	const char *text = take_text(in, len);

	return text ? (struct slice){text, (size_t)len} : SLICE("");
}

const char *unpack_text(struct unpack *in)
{
	uint64_t len = unpack_number(in);
	const char *text = len ? take_text(in, len - 1) : NULL;

	return len && !text ? "" : text;
}

const void *unpack_bytes(struct unpack *in, size_t size)
{
	static const char nothing[32];
	const char *data = in->at;

	if (in->failed || size > (size_t)(in->end - in->at)) {
		g_assert(size <= sizeof(nothing));
		in->failed = true;
		in->at = in->end;
		return nothing;
	}
	in->at += size;
	return data;
}
