/*
 * Two states of documents compared: which document of the one is which of the other, and what
 * changed in it. For the commands diff and log.
 *
 * The documents of files are handed over, those that are the same file with the same bytes need not
 * be. A document is the same as one in the same file with the same key, else as any with its key,
 * else as the one that is left in the same place of the same file; without a key also as one with
 * the same bytes elsewhere. A file that cannot be read is one document that cannot be compared.
 */
#ifndef PLANLINT_CHECK_COMPARE_H
#define PLANLINT_CHECK_COMPARE_H

#include "base/error.h"
#include "check/changes.h"
#include "repository/repository.h"
#include "ruleset/ruleset.h"

#include <stdbool.h>
#include <stddef.h>

enum compare_side {
	COMPARE_OLD,
	COMPARE_NEW,
};

/* A document that is not the same in both states. */
struct compared_document {
	const char *path[2]; /* by enum compare_side; NULL: not there */
	size_t number[2];    /* its place in a file of several, from 1; 0: the only one */
	bool unreadable[2];  /* its bytes are no document: nothing below is known */
	const char *key;     /* the new one's, else the old one's; NULL: none */
	const struct shape *root;
	const struct change *changes;
	size_t change_count; /* 0: moved, or written in another way */
};

struct comparison;

struct comparison *comparison_new(const struct ruleset *ruleset);
void comparison_free(struct comparison *comparison); /* NULL is allowed */

/*
 * Adds a file of one of the states, also one over the limit, of which nothing was read. `path` and
 * the bytes are copied. Returns 0, or -1 with `error` (system).
 */
int comparison_add(struct comparison *comparison, enum compare_side side, const char *path,
		   const struct document_entry *entry, const struct bytes *bytes,
		   struct error *error);

/* The key of the first document of a file that was added; NULL: none, or no such file. */
const char *comparison_key(const struct comparison *comparison, enum compare_side side,
			   const char *path);

/*
 * Calls back for each document that differs, sorted by its path (the new one where it has one) and
 * place. What it is given lives as long as the comparison.
 */
typedef void compared_fn(void *context, const struct compared_document *document);
void comparison_each(struct comparison *comparison, compared_fn *each, void *context);

#endif
