/*
 * The index of what documents define and use: groups of entries by slot and key.
 *
 * A hash table finds the group of (slot, key); the items of a group are kept sorted by path and
 * position, so that "the first" means the same however the state came about. Every group that
 * changes is put once on a list, which index_touched() hands out in order and empties. A group
 * without items lives until it has been handed out, so that its user can see it end.
 *
 * Must not: know what a slot means, or copy entries. Keys are those of the group's first entry and
 * are copied, because that entry may go while the group stays.
 */
#include "index/index.h"

#include "base/hash.h"

#include <string.h>

struct group {
	struct index_group public; /* first: handed out as it is */
	size_t capacity;
	bool touched;
};

struct index {
	GHashTable *groups; /* of struct group, by slot and key */
	GPtrArray *touched; /* of struct group */
	void (*free_data)(void *data);
};

static guint group_hash(gconstpointer group)
{
	const struct index_group *g = group;

	return (guint)hash_bytes(g->key.data, g->key.len) ^ g->slot * 2654435761u;
}

static gboolean group_equal(gconstpointer a, gconstpointer b)
{
	const struct index_group *x = a, *y = b;

	return x->slot == y->slot && slice_equal(x->key, y->key);
}

struct index *index_new(void (*free_data)(void *data))
{
	struct index *index = g_new0(struct index, 1);

	index->groups = g_hash_table_new(group_hash, group_equal);
	index->touched = g_ptr_array_new();
	index->free_data = free_data;
	return index;
}

static void group_free(struct index *index, struct group *group)
{
	if (index->free_data && group->public.data)
		index->free_data(group->public.data);
	g_free(group->public.items);
	g_free((char *)group->public.key.data);
	g_free(group);
}

void index_free(struct index *index)
{
	GHashTableIter iter;
	gpointer group;

	if (!index)
		return;
	g_hash_table_iter_init(&iter, index->groups);
	while (g_hash_table_iter_next(&iter, NULL, &group))
		group_free(index, group);
	g_hash_table_destroy(index->groups);
	g_ptr_array_free(index->touched, TRUE);
	g_free(index);
}

struct index_group *index_find(const struct index *index, uint32_t slot, struct slice key)
{
	struct index_group wanted = {.slot = slot, .key = key};

	return g_hash_table_lookup(index->groups, &wanted);
}

static void touch(struct index *index, struct group *group)
{
	if (!group->touched)
		g_ptr_array_add(index->touched, group);
	group->touched = true;
}

static struct group *group_of(struct index *index, uint32_t slot, struct slice key)
{
	struct group *group = (struct group *)index_find(index, slot, key);

	if (group)
		return group;
	group = g_new0(struct group, 1);
	group->public.slot = slot;
	group->public.key = (struct slice){g_memdup2(key.data, key.len), key.len};
	g_hash_table_add(index->groups, group);
	return group;
}

static int compare_items(const struct index_item *a, const struct index_item *b)
{
	int order = strcmp(a->path, b->path);

	if (order)
		return order;
	if (a->entry->span.start != b->entry->span.start)
		return a->entry->span.start < b->entry->span.start ? -1 : 1;
	return (int)a->entry->role - (int)b->entry->role;
}

/* Where the item stands or would be put: after those that are equal. */
static size_t place_of(const struct index_group *group, const struct index_item *item)
{
	size_t low = 0, high = group->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (compare_items(&group->items[middle], item) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void index_add(struct index *index, const char *path, const struct index_entry *entry, bool hidden)
{
	struct group *group = group_of(index, entry->slot, entry->key);
	struct index_item item = {path, entry, hidden};
	size_t at = place_of(&group->public, &item);

	if (group->public.count == group->capacity) {
		group->capacity = group->capacity ? group->capacity * 2 : 2;
		group->public.items = g_renew(struct index_item, group->public.items,
					      group->capacity);
	}
	memmove(group->public.items + at + 1, group->public.items + at,
		(group->public.count - at) * sizeof(item));
	group->public.items[at] = item;
	group->public.count++;
	touch(index, group);
}

void index_remove(struct index *index, const char *path, const struct index_entry *entry)
{
	struct group *group = (struct group *)index_find(index, entry->slot, entry->key);
	struct index_item item = {path, entry, false};
	size_t at = group ? place_of(&group->public, &item) : 0;

	while (at > 0 && group->public.items[at - 1].entry != entry)
		at--;
	if (!at)
		return;
	memmove(group->public.items + at - 1, group->public.items + at,
		(group->public.count - at) * sizeof(item));
	group->public.count--;
	touch(index, group);
}

static gint compare_groups(gconstpointer a, gconstpointer b)
{
	const struct index_group *x = *(struct index_group *const *)a;
	const struct index_group *y = *(struct index_group *const *)b;

	if (x->slot != y->slot)
		return x->slot < y->slot ? -1 : 1;
	return slice_compare(x->key, y->key);
}

void index_each(const struct index *index, uint32_t slot,
		void (*each)(void *context, struct index_group *group), void *context)
{
	GPtrArray *found = g_ptr_array_new();
	GHashTableIter iter;
	gpointer key;

	g_hash_table_iter_init(&iter, index->groups);
	while (g_hash_table_iter_next(&iter, &key, NULL))
		if (((struct index_group *)key)->slot == slot && ((struct index_group *)key)->count)
			g_ptr_array_add(found, key);
	g_ptr_array_sort(found, compare_groups);
	for (guint i = 0; i < found->len; i++)
		each(context, found->pdata[i]);
	g_ptr_array_free(found, TRUE);
}

void index_touched(struct index *index, void (*each)(void *context, struct index_group *group),
		   void *context)
{
	GPtrArray *touched = index->touched;

	index->touched = g_ptr_array_new();
	g_ptr_array_sort(touched, compare_groups);
	for (guint i = 0; i < touched->len; i++) {
		struct group *group = touched->pdata[i];

		group->touched = false;
		each(context, &group->public);
		if (group->public.count || group->touched)
			continue;
		g_hash_table_remove(index->groups, group);
		group_free(index, group);
	}
	g_ptr_array_free(touched, TRUE);
}
