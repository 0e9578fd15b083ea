/*
 * The tree of a pattern: building it, and what is known about it before an engine is chosen.
 *
 * Lengths are counted in code points and saturate; the lengths of a back-reference are those of
 * nothing up to anything, because its group may not have taken part.
 */
#include "base/regex_tree.h"

struct regex_node *regex_node_new(struct arena *arena, enum regex_kind kind, size_t offset)
{
	struct regex_node *node = arena_new(arena, struct regex_node);

	node->kind = kind;
	node->offset = offset;
	return node;
}

static struct regex_item *add_item(struct arena *arena, struct regex_node *set)
{
	struct regex_item *item = arena_new(arena, struct regex_item);

	item->next = set->items;
	set->items = item;
	return item;
}

/* UTF-8 has no surrogates, so a range is cut around them. */
void regex_set_add_range(struct arena *arena, struct regex_node *set, uint32_t low, uint32_t high)
{
	enum { SURROGATE_FIRST = 0xd800, SURROGATE_LAST = 0xdfff };
	struct regex_item *item;

	if (low < SURROGATE_FIRST && high > SURROGATE_LAST) {
		regex_set_add_range(arena, set, low, SURROGATE_FIRST - 1);
		low = SURROGATE_LAST + 1;
	}
	if (low >= SURROGATE_FIRST && low <= SURROGATE_LAST)
		low = SURROGATE_LAST + 1;
	if (high >= SURROGATE_FIRST && high <= SURROGATE_LAST)
		high = SURROGATE_FIRST - 1;
	if (low > high)
		return;
	item = add_item(arena, set);
	item->low = low;
	item->high = high;
}

void regex_set_add_property(struct arena *arena, struct regex_node *set,
			    struct regex_property property)
{
	struct regex_item *item = add_item(arena, set);

	item->property = property.name;
	item->kind = property.kind;
	item->negated = property.negated;
}

struct regex_node *regex_node_set(struct arena *arena, uint32_t low, uint32_t high, size_t offset)
{
	struct regex_node *set = regex_node_new(arena, REGEX_SET, offset);

	regex_set_add_range(arena, set, low, high);
	return set;
}

static uint64_t add_length(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static uint64_t times_length(uint64_t length, uint32_t count)
{
	uint64_t product;

	if (length == 0 || count == 0)
		return 0;
	if (count == REGEX_UNLIMITED || __builtin_mul_overflow(length, count, &product))
		return UINT64_MAX;
	return product;
}

static void measure_children(struct regex_node *node)
{
	bool first = true;

	for (struct regex_node *child = node->first; child; child = child->next) {
		if (node->kind == REGEX_SEQUENCE) {
			node->shortest = add_length(node->shortest, child->shortest);
			node->longest = add_length(node->longest, child->longest);
		} else if (first) {
			node->shortest = child->shortest;
			node->longest = child->longest;
		} else {
			node->shortest = MIN(node->shortest, child->shortest);
			node->longest = MAX(node->longest, child->longest);
		}
		first = false;
	}
}

static void measure(struct regex_node *node)
{
	switch (node->kind) {
	case REGEX_SET:
		node->shortest = node->longest = 1;
		return;
	case REGEX_BACKREF:
		node->longest = UINT64_MAX;
		return;
	case REGEX_REPEAT:
		node->shortest = times_length(node->first->shortest, node->min);
		node->longest = times_length(node->first->longest, node->max);
		return;
	case REGEX_SEQUENCE:
	case REGEX_ALTERNATION:
	case REGEX_CAPTURE:
		measure_children(node);
		return;
	case REGEX_EMPTY:
	case REGEX_START:
	case REGEX_END:
	case REGEX_WORD_EDGE:
	case REGEX_LOOK:
		return;
	}
	g_assert_not_reached();
}

/* The depth of the tree is bounded by the parser (REGEX_DEPTH_MAX). */
static void link_node(struct regex_tree *tree, struct regex_node *node)
{
	for (struct regex_node *child = node->first; child; child = child->next) {
		child->parent = node;
		link_node(tree, child);
	}
	if (node->kind == REGEX_CAPTURE)
		tree->groups[node->group] = node;
	tree->has_backref |= node->kind == REGEX_BACKREF;
	measure(node);
}

void regex_tree_link(struct regex_tree *tree, struct arena *arena)
{
	tree->groups = arena_array(arena, (size_t)tree->group_count + 1, sizeof(*tree->groups));
	link_node(tree, tree->root);
}

bool regex_node_is_regular(const struct regex_node *node)
{
	if (node->kind == REGEX_LOOK || node->kind == REGEX_BACKREF)
		return false;
	for (const struct regex_node *child = node->first; child; child = child->next) {
		if (!regex_node_is_regular(child))
			return false;
	}
	return true;
}
