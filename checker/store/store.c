/*
 * Rows in and out. A value in the database is
 *
 *	checksum (8 bytes)  size of the key (4 bytes)  key  bytes
 *
 * where the checksum covers the number and all that follows it, so that a row which rotted, or
 * which SQLite found under another number, is no row. Rows wait in memory and are written in a few
 * transactions; where another process writes for too long they are dropped, since they can be made
 * again. After the first failure of the disk nothing more is written.
 */
#include "store/internal.h"

#include "base/error.h"
#include "base/hash.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	HEAD_SIZE = 12,
	BATCH_BYTES = 8 << 20, /* at most, and an eighth of the bound */
	TOUCH_DAYS = 7,        /* a row that is used and older is written again, so that it stays */
};

struct waiting {
	int64_t number;
	uint32_t size;
	unsigned char value[];
};

struct store {
	char *file;
	int64_t today;
	uint64_t limit;
	GMutex lock; /* of all below */
	struct store_link *spare;
	GPtrArray *waiting; /* of struct waiting */
	size_t waiting_bytes;
	bool is_damaged;   /* to be made anew */
	bool is_read_only; /* a write failed */
	char *warning;
};

struct store_link {
	struct store *store;
	sqlite3 *db;
	sqlite3_stmt *get;
	GByteArray *row; /* the last one, so that nothing in the file is held */
};

/* What waits before it is written. */
static size_t batch_bytes(const struct store *store)
{
	return (size_t)MIN(BATCH_BYTES, store->limit / 8);
}

/* --- the value of a row */

static const uint64_t checksum_key[2] = {0x706c616e6c696e74, 0x76657264696374};

static uint64_t checksum_of(int64_t number, const unsigned char *rest, size_t size)
{
	return hash_bytes_with(checksum_key, rest, size) ^ ((uint64_t)number * 0x9e3779b97f4a7c15);
}

static struct waiting *waiting_new(const struct store_key *key, const void *data, size_t size)
{
	size_t total = HEAD_SIZE + key->size + size;
	struct waiting *row = g_malloc(sizeof(*row) + total);
	uint32_t key_size = (uint32_t)key->size;

	row->number = (int64_t)(key->number >> 1);
	row->size = (uint32_t)total;
	memcpy(row->value + 8, &key_size, 4);
	memcpy(row->value + HEAD_SIZE, key->data, key->size);
	if (size)
		memcpy(row->value + HEAD_SIZE + key->size, data, size);
	uint64_t sum = checksum_of(row->number, row->value + 8, total - 8);

	memcpy(row->value, &sum, 8);
	return row;
}

/* Is the value that of this key, and whole? */
static bool is_sound(const unsigned char *value, size_t size, const struct store_key *key)
{
	uint32_t key_size;
	uint64_t sum;

	if (!value || size < HEAD_SIZE + key->size)
		return false;
	memcpy(&sum, value, 8);
	memcpy(&key_size, value + 8, 4);
	return key_size == key->size && !memcmp(value + HEAD_SIZE, key->data, key->size) &&
	       sum == checksum_of((int64_t)(key->number >> 1), value + 8, size - 8);
}

/* --- what goes wrong */

/* The first line stays. Takes the text over; the lock is held, or nobody else is there yet. */
static void warn(struct store *store, char *text)
{
	if (store->warning)
		g_free(text);
	else
		store->warning = text;
}

/* The lock is held. */
static void note_failure(struct store *store, sqlite3 *db, int code)
{
	if (is_damage(code))
		store->is_damaged = true;
	if (code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY)
		return;
	store->is_read_only = true;
	if (!is_damage(code))
		warn(store, g_strdup_printf(error_words("verdicts are not kept: %s: %s"),
					    store->file, sqlite3_errmsg(db)));
}

/* --- links */

static struct store_link *link_of(struct store *store, sqlite3 *db)
{
	struct store_link *link = g_new0(struct store_link, 1);

	*link = (struct store_link){.store = store, .db = db, .row = g_byte_array_new()};
	if (sqlite3_prepare_v3(db, "SELECT value, day FROM row WHERE number = ?", -1,
			       SQLITE_PREPARE_PERSISTENT, &link->get, NULL) != SQLITE_OK)
		link->get = NULL;
	return link;
}

static void link_close(struct store_link *link)
{
	if (!link)
		return;
	sqlite3_finalize(link->get);
	sqlite3_close_v2(link->db);
	g_byte_array_free(link->row, TRUE);
	g_free(link);
}

/* The lock is held. */
static struct store_link *link_take(struct store *store)
{
	struct store_link *link = store->spare;
	sqlite3 *db;

	store->spare = NULL;
	if (!link && !store->is_damaged && file_open(&db, store->file) == FILE_OURS)
		link = link_of(store, db);
	return link;
}

/* The lock is held. */
static void link_give(struct store *store, struct store_link *link)
{
	if (store->spare)
		link_close(link);
	else
		store->spare = link;
}

struct store_link *store_link_new(struct store *store)
{
	struct store_link *link;

	if (!store)
		return NULL;
	g_mutex_lock(&store->lock);
	link = link_take(store);
	g_mutex_unlock(&store->lock);
	return link;
}

void store_link_free(struct store_link *link)
{
	struct store *store = link ? link->store : NULL;

	if (!link)
		return;
	g_mutex_lock(&store->lock);
	link_give(store, link);
	g_mutex_unlock(&store->lock);
}

/* --- opening */

static bool is_users_own(const char *folder, const char *file)
{
	return !folder &&
	       (errno == EACCES || errno == EROFS || errno == ENOENT || errno == EPERM ||
		errno == ENOTDIR) &&
	       !g_file_test(file, G_FILE_TEST_EXISTS);
}

/* Opens the file, throwing away what is left of a damaged one. */
static enum file_state open_file(sqlite3 **db, const char *file)
{
	enum file_state state = file_open(db, file);

	if (state != FILE_BROKEN || !place_remove(file))
		return state;
	return file_open(db, file);
}

static char *explain(enum file_state state, const char *file)
{
	if (state == FILE_FOREIGN)
		return g_strdup_printf(
			error_words("verdicts are not kept: %s is a database of another program"),
			file);
	return g_strdup_printf(error_words("verdicts are not kept: %s cannot be used"), file);
}

struct store *store_open(const char *folder, char **warning)
{
	return store_open_with(folder, file_limit(), 0, warning);
}

struct store *store_open_with(const char *folder, uint64_t limit, int64_t days_fast, char **warning)
{
	char *file = place_file(folder);
	enum file_state state;
	struct store *store;
	sqlite3 *db;

	*warning = NULL;
	if (!place_make(file)) {
		if (!is_users_own(folder, file))
			*warning = g_strdup_printf(error_words("verdicts are not kept: %s: %s"),
						   file, g_strerror(errno));
		g_free(file);
		return NULL;
	}
	char *refused = place_refuse(file);

	state = refused ? FILE_FAILED : open_file(&db, file);
	if (state != FILE_OURS) {
		*warning = refused ? g_strdup_printf(error_words("verdicts are not kept: %s"),
						     refused)
				   : explain(state, file);
		g_free(refused);
		g_free(file);
		return NULL;
	}
	store = g_new0(struct store, 1);
	store->file = file;
	store->today = g_get_real_time() / G_USEC_PER_SEC / 86400 + days_fast;
	store->limit = limit;
	store->waiting = g_ptr_array_new_with_free_func(g_free);
	g_mutex_init(&store->lock);
	store->spare = link_of(store, db);
	return store;
}

/* --- reading */

static void put(struct store *store, struct waiting *row);

/* A row that has been there for long is used: it is young again. */
static void touch(struct store *store, const struct store_key *key, const unsigned char *value,
		  size_t size)
{
	size_t head = HEAD_SIZE + key->size;

	put(store, waiting_new(key, value + head, size - head));
}

/* The row of a number, copied into the link; the day when it was written. SQLite's code. */
static int fetch(struct store_link *link, int64_t number, int64_t *day)
{
	int code;

	g_byte_array_set_size(link->row, 0);
	sqlite3_bind_int64(link->get, 1, number);
	code = sqlite3_step(link->get);
	if (code == SQLITE_ROW) {
		const void *value = sqlite3_column_blob(link->get, 0);
		guint size = (guint)sqlite3_column_bytes(link->get, 0);

		if (value && size)
			g_byte_array_append(link->row, value, size);
		*day = sqlite3_column_int64(link->get, 1);
	}
	/* A statement that is not reset holds the log, which could then only grow. */
	sqlite3_reset(link->get);
	return code;
}

bool store_get(struct store_link *link, const struct store_key *key, const void **data,
	       size_t *size)
{
	int64_t day = 0;
	int code;

	if (!link || !link->get)
		return false;
	code = fetch(link, (int64_t)(key->number >> 1), &day);
	if (code != SQLITE_ROW) {
		g_mutex_lock(&link->store->lock);
		link->store->is_damaged |= is_damage(code);
		g_mutex_unlock(&link->store->lock);
		return false;
	}
	const unsigned char *value = link->row->data;
	const size_t len = link->row->len;

	if (!is_sound(value, len, key))
		return false;
	*data = value + HEAD_SIZE + key->size;
	*size = len - HEAD_SIZE - key->size;
	/* one of the days to come was written while a clock was wrong */
	if (day < link->store->today - TOUCH_DAYS || day > link->store->today + 1)
		touch(link->store, key, value, len);
	return true;
}

/* --- writing */

static gint compare_waiting(gconstpointer a, gconstpointer b)
{
	const struct waiting *x = *(const struct waiting *const *)a;
	const struct waiting *y = *(const struct waiting *const *)b;

	return x->number < y->number ? -1 : x->number > y->number;
}

static int write_rows(struct store *store, sqlite3 *db)
{
	sqlite3_stmt *insert;
	int code = sqlite3_prepare_v2(db, "INSERT OR REPLACE INTO row VALUES(NULL, ?, ?, ?)", -1,
				      &insert, NULL);

	for (guint i = 0; code == SQLITE_OK && i < store->waiting->len; i++) {
		const struct waiting *row = g_ptr_array_index(store->waiting, i);

		sqlite3_bind_int64(insert, 1, row->number);
		sqlite3_bind_int64(insert, 2, store->today);
		sqlite3_bind_blob64(insert, 3, row->value, row->size, SQLITE_STATIC);
		code = sqlite3_step(insert);
		if (code == SQLITE_DONE)
			code = sqlite3_reset(insert);
	}
	sqlite3_finalize(insert);
	return code;
}

static int write_batch(struct store *store, sqlite3 *db)
{
	int code = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);

	if (code != SQLITE_OK)
		return code;
	code = write_rows(store, db);
	if (code == SQLITE_OK)
		code = file_evict(db, store->limit);
	if (code == SQLITE_OK)
		code = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	if (code != SQLITE_OK)
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return code;
}

/* Writes what waits, or forgets it. The lock is held. */
static void flush(struct store *store)
{
	struct store_link *link = NULL;

	if (store->waiting->len && !store->is_read_only && !store->is_damaged)
		link = link_take(store);
	if (link) {
		g_ptr_array_sort(store->waiting, compare_waiting);
		int code = write_batch(store, link->db);

		note_failure(store, link->db, code);
		link_give(store, link);
	}
	g_ptr_array_set_size(store->waiting, 0);
	store->waiting_bytes = 0;
}

/* Takes the row over. */
static void put(struct store *store, struct waiting *row)
{
	g_mutex_lock(&store->lock);
	if (store->is_read_only || store->is_damaged) {
		g_free(row);
	} else {
		store->waiting_bytes += row->size;
		g_ptr_array_add(store->waiting, row);
		if (store->waiting_bytes > batch_bytes(store))
			flush(store);
	}
	g_mutex_unlock(&store->lock);
}

void store_put(struct store *store, const struct store_key *key, const void *data, size_t size)
{
	if (store && size < store->limit / 8 && size < UINT32_MAX / 2)
		put(store, waiting_new(key, data, size));
}

char *store_close(struct store *store)
{
	char *warning;

	if (!store)
		return NULL;
	g_mutex_lock(&store->lock);
	flush(store);
	link_close(store->spare);
	store->spare = NULL;
	g_mutex_unlock(&store->lock);
	if (store->is_damaged)
		place_remove(store->file);
	g_mutex_clear(&store->lock);
	g_ptr_array_free(store->waiting, TRUE);
	warning = store->warning;
	g_free(store->file);
	g_free(store);
	return warning;
}

/* --- for people */

static uint64_t count_rows(sqlite3 *db)
{
	sqlite3_stmt *statement;
	uint64_t rows = 0;

	if (sqlite3_prepare_v2(db, "SELECT count(*) FROM row", -1, &statement, NULL) != SQLITE_OK)
		return 0;
	if (sqlite3_step(statement) == SQLITE_ROW)
		rows = (uint64_t)sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return rows;
}

int store_describe(struct store_facts *out, const char *folder, char **problem)
{
	enum file_state state;
	sqlite3 *db;

	*problem = NULL;
	*out = (struct store_facts){.path = place_file(folder), .limit = file_limit()};
	out->exists = place_size(out->path, &out->bytes);
	if (!out->exists)
		return 0;
	*problem = place_refuse(out->path);
	if (*problem)
		return -1;
	state = file_open(&db, out->path);
	if (state != FILE_OURS) {
		*problem =
			state == FILE_FOREIGN
				? g_strdup_printf(
					  error_words("%s is a database of another program"),
					  out->path)
				: g_strdup_printf(
					  error_words("%s is damaged; the next run makes it anew"),
					  out->path);
		return -1;
	}
	out->rows = count_rows(db);
	sqlite3_close_v2(db);
	return 0;
}

int store_clear(const char *folder, char **problem)
{
	char *file = place_file(folder);
	bool is_gone = place_remove(file);

	*problem = is_gone ? NULL : g_strdup_printf("%s: %s", file, g_strerror(errno));
	g_free(file);
	return is_gone ? 0 : -1;
}
