/*
 * Verdicts kept between runs: the keys under which the store has them, and when a row may be
 * believed. Inside check/ only.
 */
#ifndef PLANLINT_CHECK_WARM_H
#define PLANLINT_CHECK_WARM_H

#include "check/check.h"
#include "repository/repository.h"
#include "store/store.h"

#include <glib.h>

/* One ruleset of one program over a store. Shared by threads, each with a link of its own. */
struct warm;
struct warm *warm_new(struct store *store, const struct ruleset *ruleset); /* store NULL: NULL */
void warm_free(struct warm *warm); /* NULL is allowed, here and below */
struct store_link *warm_link(struct warm *warm);

/* A blob to be judged. */
struct warm_blob {
	const struct document_entry *entry;
	const char *path; /* from the configuration's folder */
	struct object_id id;
	int64_t as_of;
};

/*
 * The verdict of a blob (the caller's), or NULL where none is kept that holds on the day.
 * `*made_on` is the day on which it was made, which its words may name where it does not hold for
 * all days.
 */
struct verdict *warm_get(struct warm *warm, struct store_link *link, const struct warm_blob *blob,
			 int64_t *made_on);

/* The same; none where its words may name another day than that of the blob. */
struct verdict *warm_get_on_day(struct warm *warm, struct store_link *link,
				const struct warm_blob *blob);

/* Keeps a verdict that was made of `bytes` on the day, if they are those of the id. */
void warm_put(struct warm *warm, struct store_link *link, const struct warm_blob *blob,
	      const struct bytes *bytes, const struct verdict *verdict);

/*
 * May the words of a verdict name the day on which it was made? Only where it does not hold for all
 * days, and a rule that reads the day found something.
 */
bool warm_names_day(const struct verdict *verdict);

/*
 * Steps from one version of a document to another in which nothing was found, on any day and at any
 * path of the syntax: nearly all. Only that is kept.
 */
struct warm_step {
	struct object_id old_blob, new_blob;
	uint32_t old_document, new_document;
	uint32_t entry;
	uint32_t syntax; /* enum document_syntax of the path */
};
bool warm_has_step(struct warm *warm, struct store_link *link, const struct warm_step *step);
void warm_put_step(struct warm *warm, struct store_link *link, const struct warm_step *step,
		   const struct bytes *old, const struct bytes *new, const struct verdict *verdict);

/* A key of another kind under the same ruleset: `what` and bytes that tell rows apart. */
struct warm_key {
	struct store_key key;
	unsigned char data[128];
};
void warm_key_make(struct warm_key *out, const struct warm *warm, char what, const void *data,
		   size_t size);
struct store *warm_store(const struct warm *warm);
const struct ruleset *warm_ruleset(const struct warm *warm);

#endif
