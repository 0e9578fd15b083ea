/* Versions of a persistent map against plain arrays. */
#include "check/pmap.h"
#include "unit/unit.h"

#include <glib.h>

enum { KEYS = 5000, VERSIONS = 60 };

/* A value holds from its last two digits to them and 50 days. */
static void days_of(uint64_t value, int32_t *from, int32_t *until)
{
	*from = (int32_t)(value % 100);
	*until = *from + 50;
}

struct seen {
	const uint64_t *before, *after;
	size_t count;
	bool wrong;
	uint32_t last;
};

static void on_difference(void *context, uint32_t key, uint64_t before, uint64_t after)
{
	struct seen *seen = context;

	seen->wrong |= (seen->count && key <= seen->last) || before == after ||
		       before != seen->before[key] || after != seen->after[key];
	seen->last = key;
	seen->count++;
}

static void on_outside(void *context, uint32_t key, uint64_t value)
{
	struct seen *seen = context;

	seen->wrong |= value != seen->after[key];
	seen->count++;
}

/* version n+1 comes from an earlier one, as commits do */
static void test_versions_stay_and_compare(void)
{
	struct pmap_builder builder = {.days = days_of};
	struct pmap maps[VERSIONS] = {{0}};
	uint64_t *model = g_new0(uint64_t, (gsize)VERSIONS * KEYS);
	GRand *random = g_rand_new_with_seed(7);

	for (int v = 1; v < VERSIONS; v++) {
		int from = g_rand_int_range(random, 0, v);
		uint32_t range = (uint32_t)g_rand_int_range(random, 1, v * 80);

		maps[v] = maps[from];
		memcpy(model + v * KEYS, model + from * KEYS, KEYS * sizeof(*model));
		pmap_branch(&builder);
		for (int i = 0; i < 30; i++) {
			uint32_t key = g_rand_int(random) % range;
			uint64_t value = g_rand_int(random) % 4 ? g_rand_int(random) : 0;

			pmap_set(&builder, &maps[v], key, value);
			model[v * KEYS + (int)key] = value;
		}
	}
	for (int a = 0; a < VERSIONS; a++) {
		for (uint32_t key = 0; key < KEYS; key += 7)
			CU_ASSERT_EQUAL(pmap_get(&maps[a], key), model[a * KEYS + (int)key]);
		for (int b = 0; b < VERSIONS; b += 3) {
			struct seen seen = {model + a * KEYS, model + b * KEYS, 0, false, 0};
			size_t wanted = 0;

			pmap_difference(&maps[a], &maps[b], on_difference, &seen);
			for (int key = 0; key < KEYS; key++)
				wanted += seen.before[key] != seen.after[key];
			CU_ASSERT(!seen.wrong);
			CU_ASSERT_EQUAL(seen.count, wanted);
		}
		struct seen seen = {NULL, model + a * KEYS, 0, false, 0};
		size_t wanted = 0;

		pmap_each_outside(&builder, &maps[a], 60, on_outside, &seen);
		for (int key = 0; key < KEYS; key++) {
			uint64_t value = model[a * KEYS + key];

			wanted += value && (value % 100 > 60 || value % 100 + 50 < 60);
		}
		CU_ASSERT(!seen.wrong);
		CU_ASSERT_EQUAL(seen.count, wanted);
	}
	g_rand_free(random);
	g_free(model);
	arena_release(&builder.arena);
}

UNIT_SUITE(test_pmap){
	{"versions_stay_and_compare", test_versions_stay_and_compare},
	{NULL, NULL},
};
