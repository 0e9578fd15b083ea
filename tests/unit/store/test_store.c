/* Rows in and out of the store, and values in and out of rows. */
#include "store/internal.h"
#include "store/pack.h"

#include "unit/unit.h"

#include <glib/gstdio.h>

static char *folder;

static struct store *open_store(void)
{
	char *warning;
	struct store *store = store_open(folder, &warning);

	CU_ASSERT_PTR_NOT_NULL_FATAL(store);
	CU_ASSERT_PTR_NULL(warning);
	return store;
}

static void close_store(struct store *store)
{
	CU_ASSERT_PTR_NULL(store_close(store));
}

static bool has(struct store *store, uint64_t number, const char *key, const char *value)
{
	struct store_link *link = store_link_new(store);
	struct store_key wanted = {number, key, strlen(key)};
	const void *data;
	size_t size;
	bool found = store_get(link, &wanted, &data, &size) && size == strlen(value) &&
		     !memcmp(data, value, size);

	store_link_free(link);
	return found;
}

static void put(struct store *store, uint64_t number, const char *key, const char *value)
{
	struct store_key wanted = {number, key, strlen(key)};

	store_put(store, &wanted, value, strlen(value));
}

static void with_folder(void (*test)(void))
{
	char *problem, *tag;

	folder = g_dir_make_tmp("planlint-XXXXXX", NULL);
	test();
	CU_ASSERT_EQUAL(store_clear(folder, &problem), 0);
	g_free(problem);
	tag = g_build_filename(folder, "CACHEDIR.TAG", NULL);
	g_unlink(tag);
	CU_ASSERT_EQUAL(g_rmdir(folder), 0);
	g_free(tag);
	g_free(folder);
}

static void rows(void)
{
	struct store *store = open_store();
	struct store_facts facts;
	char *problem;

	put(store, 1, "key", "value");
	put(store, UINT64_MAX, "large", "");
	put(store, 8, "first", "a");
	put(store, 8, "second", "b");
	close_store(store);
	store = open_store();
	CU_ASSERT(has(store, 1, "key", "value"));
	CU_ASSERT(has(store, UINT64_MAX, "large", ""));
	CU_ASSERT(!has(store, 1, "other", "value"));
	CU_ASSERT(!has(store, 1, "ke", "value"));
	CU_ASSERT(!has(store, 1, "keyvalue", ""));
	CU_ASSERT(!has(store, 2, "key", "value"));
	CU_ASSERT(!has(store, 8, "first", "a"));
	CU_ASSERT(has(store, 8, "second", "b"));
	put(store, 1, "key", "another");
	close_store(store);
	store = open_store();
	CU_ASSERT(has(store, 1, "key", "another"));
	close_store(store);
	CU_ASSERT_EQUAL(store_describe(&facts, folder, &problem), 0);
	CU_ASSERT(facts.exists);
	CU_ASSERT_EQUAL(facts.rows, 3);
	g_free(facts.path);
}

static void test_rows(void)
{
	with_folder(rows);
}

static void nothing(void)
{
	struct store_facts facts;
	char *problem;

	CU_ASSERT_PTR_NULL(store_close(NULL));
	CU_ASSERT_PTR_NULL(store_link_new(NULL));
	store_link_free(NULL);
	CU_ASSERT(!has(NULL, 1, "key", ""));
	put(NULL, 1, "key", "value");
	CU_ASSERT_EQUAL(store_describe(&facts, folder, &problem), 0);
	CU_ASSERT(!facts.exists);
	g_free(facts.path);
}

static void test_no_store(void)
{
	with_folder(nothing);
}

/* --- the bound */

enum { ROWS = 4000, LIMIT = 512 << 10, ROUND = 250, VALUE_MAX = 1200 };

/* A row of some size that no other has. */
static size_t make_value(char *value, uint64_t number)
{
	size_t size = 100 + number * 7919 % (VALUE_MAX - 100);

	for (size_t i = 0; i < size; i++)
		value[i] = (char)(number * 31 + i);
	return size;
}

static uint64_t spread(uint64_t number)
{
	return (number + 1) * UINT64_C(0x9e3779b97f4a7c15);
}

static struct store *open_bounded(uint64_t limit, int64_t days_fast)
{
	char *warning;
	struct store *store = store_open_with(folder, limit, days_fast, &warning);

	CU_ASSERT_PTR_NOT_NULL_FATAL(store);
	CU_ASSERT_PTR_NULL(warning);
	return store;
}

static void fill(struct store *store, uint64_t from, uint64_t to)
{
	char value[VALUE_MAX];

	for (uint64_t i = from; i < to; i++) {
		struct store_key key = {spread(i), &i, sizeof(i)};

		store_put(store, &key, value, make_value(value, i));
	}
}

/* How many of the rows are there; each that is must be right. */
static unsigned count(struct store *store, uint64_t from, uint64_t to)
{
	struct store_link *link = store_link_new(store);
	char value[VALUE_MAX];
	unsigned found = 0;

	for (uint64_t i = from; i < to; i++) {
		struct store_key key = {spread(i), &i, sizeof(i)};
		const void *data;
		size_t size;

		if (!store_get(link, &key, &data, &size))
			continue;
		CU_ASSERT_EQUAL(size, make_value(value, i));
		CU_ASSERT(!memcmp(data, value, size));
		found++;
	}
	store_link_free(link);
	return found;
}

static uint64_t size_of_file(void)
{
	struct store_facts facts;
	char *problem;

	CU_ASSERT_EQUAL(store_describe(&facts, folder, &problem), 0);
	g_free(facts.path);
	return facts.bytes;
}

/* 2.6 MB in rows through a store of 512 KiB, from several runs. */
static void bounded(void)
{
	for (uint64_t i = 0; i < ROWS; i += ROUND) {
		struct store *store = open_bounded(LIMIT, 0);

		fill(store, i, i + ROUND);
		close_store(store);
		CU_ASSERT(size_of_file() <= LIMIT + LIMIT / 8);
	}
	CU_ASSERT(size_of_file() >= LIMIT / 2);
	struct store *store = open_bounded(LIMIT, 0);

	CU_ASSERT_EQUAL(count(store, ROWS - ROUND, ROWS), ROUND);
	CU_ASSERT_EQUAL(count(store, 0, ROWS / 2), 0);
	close_store(store);
}

static void test_bounded(void)
{
	with_folder(bounded);
}

/* One run that writes more than all of it: what it wrote last is there, however many batches. */
static void bounded_in_one_run(void)
{
	struct store *store = open_bounded(LIMIT, 0);
	uint64_t largest = 0;

	for (uint64_t i = 0; i < ROWS; i += ROUND) {
		uint64_t size;
		char *file = place_file(folder);

		fill(store, i, i + ROUND);
		CU_ASSERT(count(store, 0, i + ROUND) > 0 || i < 2 * ROUND);
		CU_ASSERT(place_size(file, &size));
		largest = MAX(largest, size);
		g_free(file);
	}
	close_store(store);
	/* with the log beside it, which is gone at the end */
	CU_ASSERT(largest <= 3 * LIMIT);
	CU_ASSERT(size_of_file() <= LIMIT + LIMIT / 8);
	store = open_bounded(LIMIT, 0);
	CU_ASSERT_EQUAL(count(store, ROWS - ROUND, ROWS), ROUND);
	CU_ASSERT_EQUAL(count(store, 0, ROWS / 2), 0);
	close_store(store);
}

static void test_bounded_in_one_run(void)
{
	with_folder(bounded_in_one_run);
}

/* 50 rows that are written first but read since outlive 150 of the same day that nobody asked for.
 */
static void used_rows_stay(void)
{
	struct store *store = open_bounded(LIMIT, -60);

	fill(store, 0, 200);
	close_store(store);
	store = open_bounded(LIMIT, -59);
	fill(store, 200, 300);
	close_store(store);
	store = open_bounded(LIMIT, -30);
	CU_ASSERT_EQUAL(count(store, 0, 50), 50);
	close_store(store);
	for (uint64_t i = 300; i < 650; i += 70) {
		store = open_bounded(LIMIT, -10);
		fill(store, i, i + 70);
		close_store(store);
	}
	store = open_bounded(LIMIT, 0);
	CU_ASSERT_EQUAL(count(store, 0, 50), 50);
	CU_ASSERT_EQUAL(count(store, 50, 200), 0);
	CU_ASSERT_EQUAL(count(store, 300, 650), 350);
	close_store(store);
}

static void test_used_rows_stay(void)
{
	with_folder(used_rows_stay);
}

/* What was written while a clock was wrong goes as anything else does. */
static void wrong_clock(void)
{
	struct store *store = open_bounded(LIMIT, 9000);

	fill(store, 0, 400);
	close_store(store);
	store = open_bounded(LIMIT, 0);
	CU_ASSERT_EQUAL(count(store, 0, 50), 50);
	close_store(store);
	store = open_bounded(LIMIT, 0);
	fill(store, 400, 700);
	close_store(store);
	store = open_bounded(LIMIT, 0);
	CU_ASSERT_EQUAL(count(store, 0, 50), 50);
	CU_ASSERT(count(store, 50, 400) < 200);
	CU_ASSERT_EQUAL(count(store, 400, 700), 300);
	close_store(store);
}

static void test_wrong_clock(void)
{
	with_folder(wrong_clock);
}

/* The file gives its room back where the bound becomes smaller. */
static void smaller_bound(void)
{
	struct store *store = open_bounded(8 * LIMIT, 0);

	fill(store, 0, ROWS);
	close_store(store);
	CU_ASSERT(size_of_file() > 4 * LIMIT);
	store = open_bounded(LIMIT, 0);
	CU_ASSERT_EQUAL(count(store, 0, ROWS), ROWS);
	fill(store, ROWS, ROWS + 10);
	close_store(store);
	CU_ASSERT(size_of_file() <= LIMIT + LIMIT / 8);
	store = open_bounded(LIMIT, 0);
	CU_ASSERT_EQUAL(count(store, ROWS, ROWS + 10), 10);
	close_store(store);
}

static void test_smaller_bound(void)
{
	with_folder(smaller_bound);
}

/* A database of another format of ours is made anew without a word; that of a stranger is not. */
static void other_databases(void)
{
	static const char *const made[] = {
		"CREATE TABLE row(number INTEGER PRIMARY KEY, value BLOB);"
		"PRAGMA application_id=1886153076",
		"CREATE TABLE row(number INTEGER PRIMARY KEY, value BLOB)",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(made); i++) {
		char *file = place_file(folder), *warning;
		struct store *store;
		sqlite3 *db;

		CU_ASSERT_EQUAL(sqlite3_open(file, &db), SQLITE_OK);
		CU_ASSERT_EQUAL(sqlite3_exec(db, made[i], NULL, NULL, NULL), SQLITE_OK);
		sqlite3_close(db);
		CU_ASSERT_EQUAL(g_chmod(file, 0600), 0);
		store = store_open(folder, &warning);
		CU_ASSERT_EQUAL(store != NULL, i == 0);
		CU_ASSERT_EQUAL(warning != NULL, i == 1);
		close_store(store);
		g_free(warning);
		g_free(file);
		CU_ASSERT_EQUAL(store_clear(folder, &warning), 0);
	}
}

static void test_other_databases(void)
{
	with_folder(other_databases);
}

static void test_values(void)
{
	static const uint64_t numbers[] = {0, 1, 127, 128, 16383, 16384, UINT32_MAX, UINT64_MAX};
	static const int64_t signed_ones[] = {0, -1, 1, -64, 64, INT64_MIN, INT64_MAX};
	GString *out = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
		pack_number(out, numbers[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(signed_ones); i++)
		pack_signed(out, signed_ones[i]);
	pack_text(out, NULL);
	pack_text(out, "");
	pack_text(out, "text");
	pack_slice(out, (struct slice){"a\0b", 3});
	struct unpack in = {out->str, out->str + out->len, false};

	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
		CU_ASSERT_EQUAL(unpack_number(&in), numbers[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(signed_ones); i++)
		CU_ASSERT_EQUAL(unpack_signed(&in), signed_ones[i]);
	CU_ASSERT_PTR_NULL(unpack_text(&in));
	CU_ASSERT_STRING_EQUAL(unpack_text(&in), "");
	CU_ASSERT_STRING_EQUAL(unpack_text(&in), "text");
	CU_ASSERT_EQUAL(unpack_slice(&in).len, 3);
	CU_ASSERT(!in.failed);
	CU_ASSERT_PTR_EQUAL(in.at, in.end);
	CU_ASSERT_EQUAL(unpack_number(&in), 0);
	CU_ASSERT(in.failed);
	g_string_free(out, TRUE);
}

/* Whatever the bytes are, reading them ends within them. */
static void test_values_of_garbage(void)
{
	static const char *const texts[] = {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
					    "\x05"
					    "abc",
					    "\x80",
					    "\x03"
					    "abcd"};

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct unpack in = {texts[i], texts[i] + strlen(texts[i]), false};

		CU_ASSERT_EQUAL(unpack_slice(&in).len, 0);
		CU_ASSERT(in.failed);
		CU_ASSERT_PTR_EQUAL(in.at, in.end);
		CU_ASSERT_EQUAL(unpack_count(&in), 0);
		CU_ASSERT_PTR_NOT_NULL(unpack_bytes(&in, 8));
	}
}

UNIT_SUITE(test_store){
	{"rows", test_rows},
	{"no store", test_no_store},
	{"bounded", test_bounded},
	{"bounded in one run", test_bounded_in_one_run},
	{"used rows stay", test_used_rows_stay},
	{"wrong clock", test_wrong_clock},
	{"smaller bound", test_smaller_bound},
	{"other databases", test_other_databases},
	{"values", test_values},
	{"values of garbage", test_values_of_garbage},
	{NULL, NULL},
};
