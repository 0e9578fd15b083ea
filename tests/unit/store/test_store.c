/* Rows in and out of the store, and values in and out of rows. */
#include "store/pack.h"
#include "store/store.h"

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
	{"values", test_values},
	{"values of garbage", test_values_of_garbage},
	{NULL, NULL},
};
