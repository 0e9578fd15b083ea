/*
 * Eight bytes at once, for the loops that look at every byte of a file or text. Each function gives
 * a word whose high bits mark bytes; marks above the first may be wrong, the first never is.
 */
#ifndef PLANLINT_BASE_WORD_H
#define PLANLINT_BASE_WORD_H

#include <stdint.h>
#include <string.h>

#define WORD_ONES  0x0101010101010101u
#define WORD_HIGHS 0x8080808080808080u

/* The first byte in memory is the lowest of the word. */
static inline uint64_t word_load(const char *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

/* Bytes that are `c`. */
static inline uint64_t word_equal(uint64_t word, char c)
{
	uint64_t zero = word ^ WORD_ONES * (unsigned char)c;

	return (zero - WORD_ONES) & ~zero & WORD_HIGHS;
}

/* Bytes below `c`, which is at most 80. */
static inline uint64_t word_below(uint64_t word, unsigned char c)
{
	return (word - WORD_ONES * c) & ~word & WORD_HIGHS;
}

/* The index of the first marked byte, where there is one. */
static inline unsigned word_first(uint64_t marks)
{
	return (unsigned)__builtin_ctzll(marks) / 8;
}

#endif
