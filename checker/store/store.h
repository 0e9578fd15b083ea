/*
 * The store: rows of bytes kept between runs, in one SQLite file of the user's cache folder. For
 * check/, which keeps verdicts in it, and cli/, which opens, shows and empties it.
 *
 * It can forget at any time and never lies: a row comes back whole, for exactly its key, or not at
 * all. Many processes and threads may use it at once. What goes wrong with it is never an error of
 * the run, at most one line for the user when it is opened or closed.
 */
#ifndef PLANLINT_STORE_STORE_H
#define PLANLINT_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

/*
 * Opens the store in a folder, made if need be (NULL: that of the user). NULL where it cannot be
 * used; then `*warning` (g_free) says why, or is NULL where nobody needs to know: no folder was
 * asked for and the user has none that can be written.
 */
struct store *store_open(const char *folder, char **warning);

/*
 * Writes what is waiting and closes. Links must be given back before. Gives a line about what went
 * wrong since it was opened (g_free), or NULL; also where `store` is NULL.
 */
char *store_close(struct store *store);

/* --- rows */

/* A row is found by a number that should be spread well, and known by all of its key. */
struct store_key {
	uint64_t number;
	const void *data;
	size_t size;
};

/* A connection, for one thread at a time. NULL where there is none to have; then all is missing. */
struct store_link;
struct store_link *store_link_new(struct store *store);
void store_link_free(struct store_link *link); /* NULL is allowed */

/* The bytes of a row, until the next call on the link. False: it is not there. */
bool store_get(struct store_link *link, const struct store_key *key, const void **data,
	       size_t *size);

/* Keeps a copy of a row, in place of the one with its number; any thread. Written in batches. */
void store_put(struct store *store, const struct store_key *key, const void *data, size_t size);

/* --- for people */

struct store_facts {
	char *path; /* of the file; g_free */
	bool exists;
	uint64_t bytes; /* on the disk */
	uint64_t rows;
	uint64_t limit; /* of bytes */
};

/* What is there. 0, or -1 with a sentence in `*problem` (g_free) and the rest filled. */
int store_describe(struct store_facts *out, const char *folder, char **problem);

/* Empties the store. 0 (also where there is none), or -1 with a sentence in `*problem`. */
int store_clear(const char *folder, char **problem);

#endif
