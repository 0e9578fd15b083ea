/*
 * A radix tree of 16 ways over 32-bit keys, as high as its largest key needs. A node that belongs
 * to an older epoch is copied before it changes, and so are those above it. Fingerprints are sums
 * of mixed (key, value) pairs: equal sums are taken for equal contents (64 bits, mixed with a key
 * of this process, so nobody can aim at them).
 */
#include "check/pmap.h"

#include "base/hash.h"

#include <string.h>

enum { WAYS = 16, BITS = 4, HEIGHT_MAX = 8 };

struct pmap_node {
	uint64_t fingerprint;
	int32_t from, until; /* all below hold on these days */
	uint32_t epoch;
	union {
		struct pmap_node *child[WAYS];
		uint64_t value[WAYS];
	};
};

static uint64_t mixed(uint32_t key, uint64_t value)
{
	uint64_t pair[2] = {key, value};

	return value ? hash_bytes(pair, sizeof(pair)) : 0;
}

static uint32_t slot_of(uint32_t key, uint32_t level)
{
	return key >> (BITS * level) & (WAYS - 1);
}

static bool is_within(uint32_t key, uint32_t height)
{
	return height >= HEIGHT_MAX || !(key >> (BITS * height));
}

uint64_t pmap_get(const struct pmap *map, uint32_t key)
{
	const struct pmap_node *node = map->root;

	if (!node || !is_within(key, map->height))
		return 0;
	for (uint32_t level = map->height - 1; node && level; level--)
		node = node->child[slot_of(key, level)];
	return node ? node->value[slot_of(key, 0)] : 0;
}

static struct pmap_node *owned(struct pmap_builder *builder, struct pmap_node *node)
{
	if (node && node->epoch == builder->epoch)
		return node;
	struct pmap_node *copy = arena_new(&builder->arena, struct pmap_node);

	if (node)
		*copy = *node;
	else
		*copy = (struct pmap_node){.from = INT32_MIN, .until = INT32_MAX};
	copy->epoch = builder->epoch;
	return copy;
}

/* Sums up a node from what is below it. */
static void node_sum(const struct pmap_builder *builder, struct pmap_node *node, uint32_t level)
{
	node->from = INT32_MIN;
	node->until = INT32_MAX;
	if (!builder->days && level == 0)
		return;
	for (int i = 0; i < WAYS; i++) {
		int32_t from = INT32_MIN, until = INT32_MAX;

		if (level == 0 && node->value[i])
			builder->days(node->value[i], &from, &until);
		if (level && node->child[i])
			from = node->child[i]->from, until = node->child[i]->until;
		node->from = from > node->from ? from : node->from;
		node->until = until < node->until ? until : node->until;
	}
}

static struct pmap_node *node_set(struct pmap_builder *builder, struct pmap_node *node,
				  uint32_t level, uint32_t key, uint64_t value)
{
	uint32_t slot = slot_of(key, level);

	node = owned(builder, node);
	if (level == 0) {
		node->fingerprint += mixed(key, value) - mixed(key, node->value[slot]);
		node->value[slot] = value;
	} else {
		uint64_t before = node->child[slot] ? node->child[slot]->fingerprint : 0;

		node->child[slot] = node_set(builder, node->child[slot], level - 1, key, value);
		node->fingerprint += node->child[slot]->fingerprint - before;
	}
	node_sum(builder, node, level);
	return node;
}

void pmap_set(struct pmap_builder *builder, struct pmap *map, uint32_t key, uint64_t value)
{
	if (pmap_get(map, key) == value)
		return;
	if (!map->height)
		map->height = 1;
	while (!is_within(key, map->height)) {
		struct pmap_node *above = owned(builder, NULL);

		above->child[0] = map->root;
		if (map->root)
			above->fingerprint = map->root->fingerprint;
		node_sum(builder, above, map->height);
		map->root = above;
		map->height++;
	}
	map->root = node_set(builder, map->root, map->height - 1, key, value);
}

struct difference {
	pmap_difference_fn *each;
	void *context;
};

static void node_difference(const struct difference *difference, const struct pmap_node *a,
			    const struct pmap_node *b, uint32_t level, uint32_t base)
{
	if (a == b || (a ? a->fingerprint : 0) == (b ? b->fingerprint : 0))
		return;
	for (uint32_t i = 0; i < WAYS; i++) {
		uint32_t key = base | i << (BITS * level);

		if (level) {
			node_difference(difference, a ? a->child[i] : NULL, b ? b->child[i] : NULL,
					level - 1, key);
			continue;
		}
		uint64_t before = a ? a->value[i] : 0, after = b ? b->value[i] : 0;

		if (before != after)
			difference->each(difference->context, key, before, after);
	}
}

/* The tree of a map as if it were `height` high: its first child down to its own height. */
static void lifted_difference(const struct difference *difference, const struct pmap *low,
			      const struct pmap_node *high, uint32_t height, bool low_is_before)
{
	const struct pmap_node *rest = high;

	if (height > low->height && high) {
		lifted_difference(difference, low, high->child[0], height - 1, low_is_before);
		for (uint32_t i = 1; i < WAYS; i++) {
			uint32_t key = i << (BITS * (height - 1));

			node_difference(difference, low_is_before ? NULL : high->child[i],
					low_is_before ? high->child[i] : NULL, height - 2, key);
		}
		return;
	}
	if (low->height)
		node_difference(difference, low_is_before ? low->root : rest,
				low_is_before ? rest : low->root, low->height - 1, 0);
}

void pmap_difference(const struct pmap *before, const struct pmap *after, pmap_difference_fn *each,
		     void *context)
{
	struct difference difference = {each, context};

	if (before->height == after->height) {
		if (before->height)
			node_difference(&difference, before->root, after->root, before->height - 1,
					0);
	} else if (!before->height || !after->height) {
		const struct pmap *only = before->height ? before : after;

		node_difference(&difference, before->root, after->root, only->height - 1, 0);
	} else if (before->height < after->height) {
		lifted_difference(&difference, before, after->root, after->height, true);
	} else {
		lifted_difference(&difference, after, before->root, before->height, false);
	}
}

static void node_outside(const struct pmap_builder *builder, const struct pmap_node *node,
			 uint32_t level, uint32_t base, int32_t day, pmap_each_fn *each,
			 void *context)
{
	if (!node || (node->from <= day && day <= node->until))
		return;
	for (uint32_t i = 0; i < WAYS; i++) {
		uint32_t key = base | i << (BITS * level);
		int32_t from = INT32_MIN, until = INT32_MAX;

		if (level) {
			node_outside(builder, node->child[i], level - 1, key, day, each, context);
			continue;
		}
		if (node->value[i])
			builder->days(node->value[i], &from, &until);
		if (day < from || until < day)
			each(context, key, node->value[i]);
	}
}

void pmap_each_outside(const struct pmap_builder *builder, const struct pmap *map, int32_t day,
		       pmap_each_fn *each, void *context)
{
	if (builder->days && map->height)
		node_outside(builder, map->root, map->height - 1, 0, day, each, context);
}
