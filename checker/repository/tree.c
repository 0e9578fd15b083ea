/*
 * Trees, and the difference of two. Both are walked at once in git's order (a folder sorts as if
 * its name ended in '/'); what has the same id on both sides is never opened, so the cost is that
 * of the folders on the way to a change. Read from the objects' bytes: entries that are the same on
 * both sides are passed over by comparing bytes, and the last trees read are kept.
 *
 * libgit2 takes every malformed tree as it is. A tree whose entries are unsorted or doubled, or
 * whose names would lead elsewhere, is an error here: paths would mean two things. A budget stops
 * trees that name each other a billion times (44 KB are enough for that).
 */
#include "repository/internal.h"

#include "base/hash.h"

#include <string.h>

/* One entry of a tree's bytes after another. */
struct tree_reader {
	const char *next;
	const char *end;
};
struct tree_item {
	uint32_t mode;
	const char *name; /* NUL-terminated */
	size_t name_len;
	const unsigned char *id;
};
enum { TREE_END, TREE_ITEM, TREE_MALFORMED };

enum {
	TREE_DEPTH = 256,
	TREE_ENTRIES = 8 << 20, /* entries looked at in one difference */
	TREE_CACHE_BYTES = 48 << 20
};

static bool is_name_sound(const char *name, size_t len)
{
	if (!len || memchr(name, '/', len))
		return false;
	if (*name != '.')
		return true;
	return !(len == 1 || (len == 2 && name[1] == '.') ||
		 (len == 4 && !g_ascii_strcasecmp(name, ".git")));
}

static bool is_mode_sound(uint32_t mode)
{
	uint32_t kind = mode & 0170000;

	return kind == 0040000 || kind == 0100000 || kind == 0120000 || kind == 0160000;
}

/* mode SP name NUL id; git help git-mktree has no grammar, object-file.c decides */
static int next_item(struct tree_item *out, struct tree_reader *reader)
{
	const char *at = reader->next;
	uint32_t mode = 0;

	if (at == reader->end)
		return TREE_END;
	for (; at < reader->end && *at >= '0' && *at <= '7' && at - reader->next < 8; at++)
		mode = mode << 3 | (uint32_t)(*at - '0');
	if (at == reader->next || at == reader->end || *at != ' ')
		return TREE_MALFORMED;
	const char *name = ++at;
	const char *nul = memchr(name, '\0', (size_t)(reader->end - name));

	if (!nul || reader->end - nul < 1 + OBJECT_ID_SIZE || !is_mode_sound(mode) ||
	    !is_name_sound(name, (size_t)(nul - name)))
		return TREE_MALFORMED;
	*out = (struct tree_item){mode, name, (size_t)(nul - name), (const unsigned char *)nul + 1};
	reader->next = nul + 1 + OBJECT_ID_SIZE;
	return TREE_ITEM;
}

static bool is_folder(const struct tree_item *item)
{
	return (item->mode & 0170000) == 0040000;
}

/* git's base_name_compare(). */
static int item_compare(const struct tree_item *a, const struct tree_item *b)
{
	size_t len = MIN(a->name_len, b->name_len);
	int order = memcmp(a->name, b->name, len);

	if (order)
		return order;
	unsigned char x = (unsigned char)a->name[len], y = (unsigned char)b->name[len];

	if (!x && is_folder(a))
		x = '/';
	if (!y && is_folder(b))
		y = '/';
	return x < y ? -1 : x > y;
}

static void cache_clear(struct repository *repository)
{
	for (size_t i = 0; i < TREE_CACHE_SLOTS; i++) {
		git_odb_object_free(repository->trees[i]);
		repository->trees[i] = NULL;
	}
	repository->tree_bytes = 0;
}

/* The object of a tree, the caller's to free. */
static git_odb_object *tree_object(struct repository *repository, const struct object_id *id,
				   struct error *error)
{
	git_odb_object **slot = &repository->trees[hash_bytes(id, sizeof(*id)) % TREE_CACHE_SLOTS];
	git_odb_object *object;

	if (*slot && !git_oid_cmp(git_odb_object_id(*slot), oid_of(id))) {
		git_odb_object_dup(&object, *slot);
		return object;
	}
	if (object_read(&object, repository, id, GIT_OBJECT_TREE, 0, error))
		return NULL;
	if (repository->tree_bytes > TREE_CACHE_BYTES)
		cache_clear(repository);
	repository->tree_bytes += git_odb_object_size(object);
	git_odb_object_free(*slot);
	git_odb_object_dup(slot, object);
	return object;
}

struct difference {
	struct repository *repository;
	tree_change_fn *change;
	void *context;
	struct error *error;
	GString *path;
	size_t entries; /* looked at so far */
};

/* One side of the walk: the tree, and the entry at hand. */
struct side {
	git_odb_object *object;
	struct tree_reader reader;
	struct tree_item item;
	int state; /* TREE_END, TREE_ITEM */
	struct object_id id;
};

static int side_malformed(struct difference *difference, const struct side *side)
{
	char hex[OBJECT_ID_HEX + 1];

	object_id_hex(hex, &side->id);
	return error_set(difference->error,
			 "the tree %s (folder \"%s\") is malformed: names unsorted, doubled or not "
			 "allowed; run: git fsck",
			 hex, difference->path->str);
}

/* Moves to the next entry; it must come after the one before. */
static int side_advance(struct difference *difference, struct side *side)
{
	struct tree_item before = side->item;
	bool is_first = side->state != TREE_ITEM;

	if (++difference->entries > TREE_ENTRIES)
		return error_set(difference->error,
				 "a commit names more than %d files and folders; it looks made to "
				 "exhaust this machine",
				 TREE_ENTRIES);
	side->state = next_item(&side->item, &side->reader);
	if (side->state == TREE_MALFORMED ||
	    (side->state == TREE_ITEM && !is_first && item_compare(&before, &side->item) >= 0))
		return side_malformed(difference, side);
	return 0;
}

static int side_open(struct difference *difference, struct side *side, const struct object_id *id)
{
	*side = (struct side){.state = TREE_END};
	if (!id)
		return 0;
	side->id = *id;
	side->object = tree_object(difference->repository, id, difference->error);
	if (!side->object)
		return -1;
	side->reader.next = git_odb_object_data(side->object);
	side->reader.end = side->reader.next + git_odb_object_size(side->object);
	return side_advance(difference, side);
}

static int walk(struct difference *difference, const struct object_id *old_tree,
		const struct object_id *new_tree, int depth);

static struct object_id item_id(const struct tree_item *item)
{
	struct object_id id;

	memcpy(id.bytes, item->id, OBJECT_ID_SIZE);
	return id;
}

/* What one name is on both sides; either may be NULL. Not the same on both. */
static int report(struct difference *difference, const struct tree_item *old_item,
		  const struct tree_item *new_item, int depth)
{
	const struct tree_item *item = new_item ? new_item : old_item;
	size_t len = difference->path->len;
	struct tree_change change = {0};
	int result;

	g_string_append_len(difference->path, item->name, (gssize)item->name_len);
	if (old_item)
		change.old_id = item_id(old_item);
	if (new_item)
		change.new_id = item_id(new_item);
	if (is_folder(item)) {
		g_string_append_c(difference->path, '/');
		result = walk(difference, old_item ? &change.old_id : NULL,
			      new_item ? &change.new_id : NULL, depth + 1);
	} else {
		change.path = difference->path->str;
		change.path_len = difference->path->len;
		change.old_mode = old_item ? old_item->mode : 0;
		change.new_mode = new_item ? new_item->mode : 0;
		result = difference->change(difference->context, &change);
	}
	g_string_truncate(difference->path, len);
	return result;
}

/*
 * Passes over entries whose bytes are the same on both sides. Whether all the rest is so is asked
 * once: asked again at each entry it would be read to the next difference again and again.
 */
static int skip_equal(struct difference *difference, struct side *a, struct side *b)
{
	bool is_asked = false;

	while (a->state == TREE_ITEM && b->state == TREE_ITEM && a->item.mode == b->item.mode &&
	       a->item.name_len == b->item.name_len &&
	       !memcmp(a->item.name, b->item.name, a->item.name_len + 1 + OBJECT_ID_SIZE)) {
		size_t left = (size_t)(a->reader.end - a->reader.next);

		if (!is_asked && left == (size_t)(b->reader.end - b->reader.next) &&
		    !memcmp(a->reader.next, b->reader.next, left)) {
			a->state = b->state = TREE_END;
			break;
		}
		is_asked = true;
		if (side_advance(difference, a) || side_advance(difference, b))
			return -1;
	}
	return 0;
}

static int step(struct difference *difference, struct side *a, struct side *b, int depth)
{
	int order = a->state == TREE_END   ? 1
		    : b->state == TREE_END ? -1
					   : item_compare(&a->item, &b->item);
	int result = report(difference, order <= 0 ? &a->item : NULL, order >= 0 ? &b->item : NULL,
			    depth);

	if (!result && order <= 0)
		result = side_advance(difference, a);
	if (!result && order >= 0)
		result = side_advance(difference, b);
	return result;
}

static int walk(struct difference *difference, const struct object_id *old_tree,
		const struct object_id *new_tree, int depth)
{
	struct side a, b = {0};
	int result;

	if (old_tree && new_tree && object_id_equal(old_tree, new_tree))
		return 0;
	if (depth > TREE_DEPTH)
		return error_set(difference->error, "folders nested deeper than %d", TREE_DEPTH);
	result = side_open(difference, &a, old_tree);
	if (!result)
		result = side_open(difference, &b, new_tree);
	while (!result) {
		result = skip_equal(difference, &a, &b);
		if (result || (a.state == TREE_END && b.state == TREE_END))
			break;
		result = step(difference, &a, &b, depth);
	}
	git_odb_object_free(a.object);
	git_odb_object_free(b.object);
	return result;
}

int tree_difference(struct repository *repository, const struct object_id *old_tree,
		    const struct object_id *new_tree, tree_change_fn *change, void *context,
		    struct error *error)
{
	struct difference difference = {
		.repository = repository,
		.change = change,
		.context = context,
		.error = error,
		.path = g_string_new(NULL),
	};
	int result = walk(&difference, old_tree, new_tree, 0);

	g_string_free(difference.path, TRUE);
	return result;
}
