/*
 * `check --staged FILE` in a repository of thousands of plans must not read them all. What
 * cross-file rules find at the wanted files depends on the groups of the index in which these
 * stand, so only those groups are judged: the outline of the snapshot tells which other files are
 * in them. A group that is in no file at all (a row of a table without members) is found from the
 * outline as well.
 *
 * The near miss of a dangling reference needs every key there is; the caller ends the partial check
 * then and starts over.
 */
#include "check/partial.h"

#include "index/index.h"
#include "ruleset/rule.h"

#include <string.h>

enum { CHANGED_MAX = 16, SMALL = 16 };

void partial_init(struct partial *partial, const struct ruleset *ruleset, struct warm *warm,
		  const struct snapshot *snapshot, const char *base, GArray *files)
{
	const char *folder = snapshot_where(snapshot);
	struct store_link *link;

	*partial = (struct partial){.ruleset = ruleset, .warm = warm, .files = files};
	if (!warm || !folder)
		return;
	partial->where = g_strconcat(folder, "\n", base ? base : "", NULL);
	link = warm_link(warm);
	if (!outline_read(&partial->outline, warm, link, partial->where, &partial->arena))
		partial->outline = (struct outline){0};
	store_link_free(link);
}

void partial_release(struct partial *partial)
{
	if (partial->needed)
		g_hash_table_destroy(partial->needed);
	g_free(partial->where);
	arena_release(&partial->arena);
}

const struct outline_item *partial_find(struct partial *partial, const char *path)
{
	const struct outline *outline = &partial->outline;
	int order = -1;

	while (partial->next < outline->count && order < 0) {
		order = strcmp(outline->items[partial->next].path, path);
		partial->next += order < 0;
	}
	return order == 0 ? &outline->items[partial->next] : NULL;
}

static bool is_same(const struct loaded *file, int64_t as_of)
{
	const struct outline_item *item = file->outline;

	return item && file->entry->has_id && object_id_equal(&item->blob, &file->entry->id) &&
	       item->document == file->document && item->from <= as_of && as_of <= item->until;
}

void partial_begin(struct partial *partial, int64_t as_of,
		   bool (*is_wanted)(void *context, const struct loaded *file), void *context)
{
	size_t heavy = 0;

	for (guint i = 0; i < partial->files->len; i++) {
		struct loaded *file = &g_array_index(partial->files, struct loaded, i);

		if (!is_same(file, as_of))
			file->outline = NULL;
		file->is_light = file->outline && !is_wanted(context, file);
		heavy += !file->is_light;
	}
	partial->is_on = heavy * 2 + SMALL < partial->files->len;
	if (!partial->is_on)
		partial_end(partial);
}

void partial_end(struct partial *partial)
{
	for (guint i = 0; i < partial->files->len; i++)
		g_array_index(partial->files, struct loaded, i).is_light = false;
	partial->is_on = false;
}

/* --- which groups */

static void need(struct partial *partial, uint32_t slot, struct slice key)
{
	uint64_t *group = arena_new(&partial->arena, uint64_t);

	*group = outline_group(partial->ruleset, slot, key);
	g_hash_table_add(partial->needed, group);
}

/* A reference is judged with the documents that have its key. */
static void need_groups_of(struct partial *partial, const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->entry_count; i++) {
		const struct index_entry *entry = &verdict->entries[i];
		const struct rule_instance *instance = entry->owner;

		need(partial, entry->slot, entry->key);
		if (instance && instance->rule->check == RULE_REFERENCE)
			need(partial, instance->kind_slot, entry->key);
	}
}

static bool is_in_needed(const struct partial *partial, const struct outline_item *item)
{
	for (size_t i = 0; i < item->group_count; i++)
		if (g_hash_table_contains(partial->needed, &item->groups[i]))
			return true;
	return false;
}

void partial_grow(struct partial *partial,
		  bool (*is_wanted)(void *context, const struct loaded *file), void *context)
{
	partial->needed = g_hash_table_new(g_int64_hash, g_int64_equal);
	for (guint i = 0; i < partial->files->len; i++) {
		const struct loaded *file = &g_array_index(partial->files, struct loaded, i);

		if (!file->is_light && file->verdict && is_wanted(context, file))
			need_groups_of(partial, file->verdict);
	}
	for (guint i = 0; i < partial->files->len; i++) {
		struct loaded *file = &g_array_index(partial->files, struct loaded, i);

		if (file->is_light && is_in_needed(partial, file->outline))
			file->is_light = false;
	}
}

/* Is any file that is known by its outline in the group? */
static bool is_outlined(const struct partial *partial, uint64_t group)
{
	for (guint i = 0; i < partial->files->len; i++) {
		const struct loaded *file = &g_array_index(partial->files, struct loaded, i);

		for (size_t g = 0; file->outline && g < file->outline->group_count; g++)
			if (file->outline->groups[g] == group)
				return true;
	}
	return false;
}

bool partial_needs(void *context, uint32_t slot, struct slice key, bool has_members)
{
	const struct partial *partial = context;
	uint64_t group = outline_group(partial->ruleset, slot, key);

	if (g_hash_table_contains(partial->needed, &group))
		return true;
	return !has_members && !is_outlined(partial, group);
}

/* --- the next outline */

static bool is_worth_keeping(const struct partial *partial)
{
	size_t changed = 0;

	if (!partial->where || partial->files->len <= SMALL)
		return false;
	for (guint i = 0; i < partial->files->len; i++) {
		const struct loaded *file = &g_array_index(partial->files, struct loaded, i);

		if (!file->entry->has_id || (!file->outline && !file->verdict))
			return false;
		changed += !file->outline;
	}
	return changed > CHANGED_MAX;
}

static void outline_file(struct outline_item *item, const struct partial *partial,
			 const struct loaded *file, GArray *groups)
{
	guint first = groups->len;

	if (file->outline) {
		*item = *file->outline;
		g_array_append_vals(groups, item->groups, (guint)item->group_count);
		return;
	}
	outline_groups(groups, partial->ruleset, file->verdict);
	*item = (struct outline_item){
		.path = file->path,
		.document = file->document,
		.blob = file->entry->id,
		.from = file->verdict->from,
		.until = file->verdict->until,
		.group_count = groups->len - first,
	};
}

void partial_keep(const struct partial *partial)
{
	struct outline outline = {.count = partial->files->len};
	GArray *groups;

	if (!is_worth_keeping(partial))
		return;
	groups = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	outline.items = g_new(struct outline_item, outline.count);
	for (guint i = 0; i < partial->files->len; i++)
		outline_file(&outline.items[i], partial,
			     &g_array_index(partial->files, struct loaded, i), groups);
	outline.groups = (const uint64_t *)(const void *)groups->data;
	outline.group_count = groups->len;
	outline_keep(&outline, partial->warm, partial->where);
	g_free(outline.items);
	g_array_free(groups, TRUE);
}
