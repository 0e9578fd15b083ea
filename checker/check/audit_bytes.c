/*
 * Judging reads every blob once. A finding that is shown needs the bytes again, for its line and
 * column and for the frame around it: of a repository with findings in every file each blob would
 * be unpacked three times, when it is judged, when its findings are introduced and when they are
 * fixed, and unpacking is most of an audit. So the last bytes with findings in them are kept.
 */
#include "check/audit_bytes.h"

#include <string.h>

enum {
	SHELF_SIZE = 128 << 20,
	BLOB_SIZE = 1 << 20, /* of one; larger ones are read again */
};

struct shelved {
	struct object_id id;
	struct bytes bytes;
	gint users; /* the shelf and each that got it */
};

struct shelf {
	GMutex lock;
	GHashTable *by_id; /* struct shelved, by its id */
	GQueue order;      /* of them, the oldest first */
	size_t size;
};

static guint id_hash(gconstpointer id)
{
	guint hash;

	memcpy(&hash, id, sizeof(hash)); /* an object id is a hash itself */
	return hash;
}

static gboolean id_equal(gconstpointer a, gconstpointer b)
{
	return object_id_equal(a, b);
}

static void shelved_unref(void *item)
{
	struct shelved *shelved = item;

	if (!g_atomic_int_dec_and_test(&shelved->users))
		return;
	bytes_release(&shelved->bytes);
	g_free(shelved);
}

struct shelf *shelf_new(void)
{
	struct shelf *shelf = g_new0(struct shelf, 1);

	g_mutex_init(&shelf->lock);
	shelf->by_id = g_hash_table_new(id_hash, id_equal);
	g_queue_init(&shelf->order);
	return shelf;
}

void shelf_free(struct shelf *shelf)
{
	if (!shelf)
		return;
	g_hash_table_destroy(shelf->by_id);
	g_queue_clear_full(&shelf->order, shelved_unref);
	g_mutex_clear(&shelf->lock);
	g_free(shelf);
}

static void add(struct shelf *shelf, struct shelved *shelved)
{
	g_hash_table_insert(shelf->by_id, &shelved->id, shelved);
	g_queue_push_tail(&shelf->order, shelved);
	shelf->size += shelved->bytes.size;
	while (shelf->size > SHELF_SIZE) {
		struct shelved *oldest = g_queue_pop_head(&shelf->order);

		g_hash_table_remove(shelf->by_id, &oldest->id);
		shelf->size -= oldest->bytes.size;
		shelved_unref(oldest);
	}
}

void shelf_put(struct shelf *shelf, const struct object_id *blob, struct bytes *bytes)
{
	struct shelved *shelved;

	g_mutex_lock(&shelf->lock);
	if (bytes->data && bytes->size <= BLOB_SIZE && !g_hash_table_lookup(shelf->by_id, blob)) {
		shelved = g_new(struct shelved, 1);
		*shelved = (struct shelved){*blob, *bytes, 1};
		*bytes = (struct bytes){0};
		add(shelf, shelved);
	}
	g_mutex_unlock(&shelf->lock);
	bytes_release(bytes);
}

bool shelf_get(struct shelf *shelf, const struct object_id *blob, struct bytes *out)
{
	struct shelved *shelved;

	g_mutex_lock(&shelf->lock);
	shelved = g_hash_table_lookup(shelf->by_id, blob);
	if (shelved) {
		g_atomic_int_inc(&shelved->users);
		*out = shelved->bytes;
		out->owner = shelved;
		out->free_owner = shelved_unref;
	}
	g_mutex_unlock(&shelf->lock);
	return shelved;
}
