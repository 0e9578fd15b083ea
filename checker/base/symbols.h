/*
 * Symbols: a number for each name that schemas, rules and paths look up, so that a document's keys
 * are compared with text once, when they are read, and by number ever after.
 *
 * Filled while a ruleset is compiled, read-only afterwards (then safe to share between threads).
 */
#ifndef PLANLINT_BASE_SYMBOLS_H
#define PLANLINT_BASE_SYMBOLS_H

#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

struct symbols;

/* The symbol of a name that nobody looks up. */
enum { SYMBOL_NONE = 0 };

struct symbols *symbols_new(void);
void symbols_free(struct symbols *symbols); /* NULL is allowed */

/* The symbol of a name (`len` bytes of UTF-8), given now if it has none; 1 or more, dense. */
uint32_t symbols_intern(struct symbols *symbols, const char *name, size_t len);

/* The symbol of a name, or SYMBOL_NONE; also where `symbols` is NULL. */
uint32_t symbols_find(const struct symbols *symbols, const char *name, size_t len);

/* The same for who has hash_bytes(name, len) already. */
uint32_t symbols_find_hashed(const struct symbols *symbols, const char *name, size_t len,
			     uint64_t hash);

/* The symbols that there are go from 1 to this one. */
uint32_t symbols_last(const struct symbols *symbols);

/* The name of one of them; it lives as long as they do. */
struct slice symbols_name(const struct symbols *symbols, uint32_t symbol);

#endif
