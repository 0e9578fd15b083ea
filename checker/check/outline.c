/*
 * The outline of a snapshot as a row of the store. It is a hint about the state that was looked at
 * last, not about the one at hand: an item counts only for a file with the same path and blob.
 * Groups are known by a hash; two that share one are taken for one group, which costs a look at a
 * few files more and changes nothing.
 */
#include "check/outline.h"

#include "base/hash.h"
#include "check/keep.h"
#include "index/index.h"
#include "ruleset/rule.h"

#include <string.h>

static const uint64_t group_key[2] = {0x6f75746c696e6520, 0x67726f7570732031};

uint64_t outline_group(const struct ruleset *ruleset, uint32_t slot, struct slice key)
{
	bool is_whole = slot < ruleset->rule_count && ruleset->rules[slot]->check == RULE_ACYCLIC;

	return hash_bytes_with(group_key, key.data, is_whole ? 0 : key.len) ^
	       (slot * UINT64_C(0x9e3779b97f4a7c15));
}

void outline_groups(GArray *out, const struct ruleset *ruleset, const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->entry_count; i++) {
		const struct index_entry *entry = &verdict->entries[i];
		uint64_t group = outline_group(ruleset, entry->slot, entry->key);

		g_array_append_val(out, group);
	}
}

static void key_of(struct warm_key *out, const struct warm *warm, const char *where)
{
	GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
	unsigned char digest[32];
	gsize size = sizeof(digest);

	g_checksum_update(checksum, (const guchar *)where, (gssize)strlen(where));
	g_checksum_get_digest(checksum, digest, &size);
	g_checksum_free(checksum);
	warm_key_make(out, warm, 'o', digest, size);
}

void outline_keep(const struct outline *outline, struct warm *warm, const char *where)
{
	GString *row = g_string_new(NULL);
	struct warm_key key;

	pack_number(row, outline->count);
	for (size_t i = 0; i < outline->count; i++) {
		const struct outline_item *item = &outline->items[i];

		pack_text(row, item->path);
		pack_number(row, item->document->index);
		pack_bytes(row, item->blob.bytes, OBJECT_ID_SIZE);
		pack_signed(row, item->from);
		pack_signed(row, item->until);
		pack_number(row, item->group_count);
	}
	pack_bytes(row, outline->groups, outline->group_count * sizeof(uint64_t));
	key_of(&key, warm, where);
	store_put(warm_store(warm), &key.key, row->str, row->len);
	g_string_free(row, TRUE);
}

static void read_item(struct outline_item *item, struct unpack *in, const struct ruleset *ruleset)
{
	uint64_t number;

	item->path = unpack_text(in);
	number = unpack_number(in);
	memcpy(item->blob.bytes, unpack_bytes(in, OBJECT_ID_SIZE), OBJECT_ID_SIZE);
	item->from = unpack_signed(in);
	item->until = unpack_signed(in);
	item->group_count = unpack_count(in);
	in->failed |= !item->path || number >= ruleset->entry_count;
	if (!in->failed)
		item->document = &ruleset->entries[number];
}

/* The groups of all items are what is left of the row. */
static bool read_groups(struct outline *out, struct unpack *in, struct arena *arena)
{
	size_t left = (size_t)(in->end - in->at);
	uint64_t *groups = arena_alloc_raw(arena, left);

	for (size_t i = 0; i < out->count; i++) {
		out->items[i].groups = groups + out->group_count;
		out->group_count += out->items[i].group_count;
	}
	if (in->failed || left != out->group_count * sizeof(uint64_t))
		return false;
	memcpy(groups, in->at, left);
	out->groups = groups;
	return true;
}

bool outline_read(struct outline *out, struct warm *warm, struct store_link *link,
		  const char *where, struct arena *arena)
{
	struct warm_key key;
	struct unpack in = {0};
	const void *data;
	size_t size;

	*out = (struct outline){0};
	key_of(&key, warm, where);
	if (!link || !store_get(link, &key.key, &data, &size))
		return false;
	in.at = arena_dup(arena, data, size);
	in.end = in.at + size;
	out->count = unpack_count(&in);
	out->items = arena_array(arena, out->count, sizeof(*out->items));
	for (size_t i = 0; i < out->count && !in.failed; i++)
		read_item(&out->items[i], &in, warm_ruleset(warm));
	return !in.failed && read_groups(out, &in, arena);
}
