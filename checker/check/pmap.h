/*
 * A persistent map from small numbers to 64-bit values: changing it leaves every older version as
 * it was, and versions share what they have in common. For the audit, which keeps a version for
 * each commit. Internal to check/.
 *
 * Nodes carry the days in which everything below them holds, and a fingerprint of it, so that what
 * has fallen due is found, and two versions are compared, without a look at the rest.
 */
#ifndef PLANLINT_CHECK_PMAP_H
#define PLANLINT_CHECK_PMAP_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct pmap_node;

/* A version; copied freely. A zeroed one is empty. Values of 0 are absent. */
struct pmap {
	struct pmap_node *root;
	uint32_t height; /* levels; 0: empty */
};

/* Where versions are made. One thread. */
struct pmap_builder {
	struct arena arena;
	uint32_t epoch; /* nodes of this epoch belong to one version only and may change in place */
	/* the days in which a value holds; NULL: always */
	void (*days)(uint64_t value, int32_t *from, int32_t *until);
};

uint64_t pmap_get(const struct pmap *map, uint32_t key);

/* Sets a value (0: takes it away). Call pmap_branch() after copying a map that will change. */
void pmap_set(struct pmap_builder *builder, struct pmap *map, uint32_t key, uint64_t value);

static inline void pmap_branch(struct pmap_builder *builder)
{
	builder->epoch++;
}

/* Calls back for each key whose values differ, in order of keys. */
typedef void pmap_difference_fn(void *context, uint32_t key, uint64_t before, uint64_t after);
void pmap_difference(const struct pmap *before, const struct pmap *after, pmap_difference_fn *each,
		     void *context);

/* Calls back for each key whose value does not hold on a day. */
typedef void pmap_each_fn(void *context, uint32_t key, uint64_t value);
void pmap_each_outside(const struct pmap_builder *builder, const struct pmap *map, int32_t day,
		       pmap_each_fn *each, void *context);

#endif
