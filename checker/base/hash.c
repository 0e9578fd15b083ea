/* SipHash-1-3 (one round a word, three at the end) with a key from getrandom(2). */
#include "base/hash.h"

#include <glib.h>
#include <string.h>
#include <sys/random.h>

struct sip {
	uint64_t a, b, c, d;
};

static inline uint64_t rotate(uint64_t x, int bits)
{
	return (x << bits) | (x >> (64 - bits));
}

static inline void sip_round(struct sip *v)
{
	v->a += v->b;
	v->b = rotate(v->b, 13) ^ v->a;
	v->a = rotate(v->a, 32);
	v->c += v->d;
	v->d = rotate(v->d, 16) ^ v->c;
	v->a += v->d;
	v->d = rotate(v->d, 21) ^ v->a;
	v->c += v->b;
	v->b = rotate(v->b, 17) ^ v->c;
	v->c = rotate(v->c, 32);
}

static const uint64_t *process_key(void)
{
	static uint64_t key[2];
	static gsize drawn;

	if (g_once_init_enter(&drawn)) {
		if (getrandom(key, sizeof(key), 0) != (ssize_t)sizeof(key))
			g_error("no random numbers from the system");
		g_once_init_leave(&drawn, 1);
	}
	return key;
}

uint64_t hash_bytes(const void *data, size_t len)
{
	return hash_bytes_with(process_key(), data, len);
}

uint64_t hash_bytes_with(const uint64_t key[2], const void *data, size_t len)
{
	struct sip v = {0x736f6d6570736575 ^ key[0], 0x646f72616e646f6d ^ key[1],
			0x6c7967656e657261 ^ key[0], 0x7465646279746573 ^ key[1]};
	const unsigned char *bytes = data;
	size_t left = len;
	uint64_t word;

	for (; left >= 8; bytes += 8, left -= 8) {
		memcpy(&word, bytes, 8);
		v.d ^= word;
		sip_round(&v);
		v.a ^= word;
	}
	word = (uint64_t)len << 56;
	for (size_t i = 0; i < left; i++)
		word |= (uint64_t)bytes[i] << (8 * i);
	v.d ^= word;
	sip_round(&v);
	v.a ^= word;
	v.c ^= 0xff;
	for (int i = 0; i < 3; i++)
		sip_round(&v);
	return v.a ^ v.b ^ v.c ^ v.d;
}
