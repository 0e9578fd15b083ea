/*
 * An open-addressing table over names kept in an arena. Names come from schemas and rules, which
 * may be hostile: the hash is SipHash-like only in being keyed, with a key drawn at start-up, so
 * that collisions cannot be prepared. Nothing observable depends on the key.
 */
#include "base/symbols.h"

#include "base/arena.h"
#include "base/hash.h"

#include <assert.h>
#include <glib.h>
#include <string.h>

struct symbol_name {
	const char *name;
	size_t len;
	uint64_t hash;
};

struct symbols {
	struct arena names;
	struct symbol_name *table; /* by symbol, [0] unused */
	uint32_t count;
	uint32_t *slots; /* symbol or SYMBOL_NONE; a power of two of them, at most half full */
	uint32_t slot_count;
};

struct symbols *symbols_new(void)
{
	struct symbols *symbols = g_new0(struct symbols, 1);

	symbols->slot_count = 256;
	symbols->slots = g_new0(uint32_t, symbols->slot_count);
	symbols->table = g_new0(struct symbol_name, symbols->slot_count / 2 + 1);
	return symbols;
}

void symbols_free(struct symbols *symbols)
{
	if (!symbols)
		return;
	arena_release(&symbols->names);
	g_free(symbols->table);
	g_free(symbols->slots);
	g_free(symbols);
}

/* The slot that holds the name, or the free one where it belongs. */
static uint32_t *find_slot(const struct symbols *symbols, const char *name, size_t len,
			   uint64_t hash)
{
	uint32_t mask = symbols->slot_count - 1;

	for (uint32_t i = (uint32_t)hash & mask;; i = (i + 1) & mask) {
		uint32_t symbol = symbols->slots[i];
		const struct symbol_name *known = &symbols->table[symbol];

		if (symbol == SYMBOL_NONE ||
		    (known->hash == hash && known->len == len && !memcmp(known->name, name, len)))
			return &symbols->slots[i];
	}
}

static void grow(struct symbols *symbols)
{
	symbols->slot_count *= 2;
	g_free(symbols->slots);
	symbols->slots = g_new0(uint32_t, symbols->slot_count);
	symbols->table = g_renew(struct symbol_name, symbols->table, symbols->slot_count / 2 + 1);
	for (uint32_t i = 1; i <= symbols->count; i++) {
		const struct symbol_name *known = &symbols->table[i];

		*find_slot(symbols, known->name, known->len, known->hash) = i;
	}
}

uint32_t symbols_intern(struct symbols *symbols, const char *name, size_t len)
{
	uint64_t hash = hash_bytes(name, len);
	uint32_t *slot = find_slot(symbols, name, len, hash);

	if (*slot != SYMBOL_NONE)
		return *slot;
	if (symbols->count >= symbols->slot_count / 2) {
		grow(symbols);
		slot = find_slot(symbols, name, len, hash);
	}
	*slot = ++symbols->count;
	symbols->table[*slot] = (struct symbol_name){arena_dup(&symbols->names, name, len), len,
						     hash};
	return *slot;
}

uint32_t symbols_find(const struct symbols *symbols, const char *name, size_t len)
{
	return symbols ? symbols_find_hashed(symbols, name, len, hash_bytes(name, len))
		       : SYMBOL_NONE;
}

uint32_t symbols_find_hashed(const struct symbols *symbols, const char *name, size_t len,
			     uint64_t hash)
{
	return symbols ? *find_slot(symbols, name, len, hash) : SYMBOL_NONE;
}

uint32_t symbols_last(const struct symbols *symbols)
{
	return symbols ? symbols->count : SYMBOL_NONE;
}

struct slice symbols_name(const struct symbols *symbols, uint32_t symbol)
{
	assert(symbol != SYMBOL_NONE && symbol <= symbols->count && "given by symbols_intern()");
	return (struct slice){symbols->table[symbol].name, symbols->table[symbol].len};
}
