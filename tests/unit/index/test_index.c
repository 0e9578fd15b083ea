/* The index: order within groups, what is touched, groups that end. */
#include "index/index.h"

#include "unit/unit.h"

static struct index_entry entry(uint32_t slot, const char *key, uint32_t at)
{
	return (struct index_entry){
		.slot = slot, .role = INDEX_MEMBER, .key = slice_of(key), .span = {at, at + 1}};
}

static void append_group(void *context, struct index_group *group)
{
	g_string_append_printf(context, "%u:%.*s(", group->slot, (int)group->key.len,
			       group->key.data);
	for (size_t i = 0; i < group->count; i++)
		g_string_append_printf(context, "%s%s@%u", i ? " " : "", group->items[i].path,
				       group->items[i].entry->span.start);
	g_string_append(context, ") ");
}

static void expect_touched(struct index *index, const char *expected)
{
	GString *text = g_string_new(NULL);

	index_touched(index, append_group, text);
	CU_ASSERT_STRING_EQUAL(text->str, expected);
	g_string_free(text, TRUE);
}

static void test_groups(void)
{
	struct index *index = index_new(NULL);
	struct index_entry a = entry(1, "x", 9), b = entry(1, "x", 3), c = entry(0, "y", 1);

	index_add(index, "b", &a, false);
	index_add(index, "a", &a, false);
	index_add(index, "b", &b, false);
	index_add(index, "a", &c, false);
	expect_touched(index, "0:y(a@1) 1:x(a@9 b@3 b@9) ");
	expect_touched(index, "");
	index_remove(index, "b", &a);
	expect_touched(index, "1:x(a@9 b@3) ");
	index_remove(index, "a", &c);
	expect_touched(index, "0:y() ");
	CU_ASSERT_PTR_NULL(index_find(index, 0, SLICE("y")));
	CU_ASSERT_PTR_NOT_NULL(index_find(index, 1, SLICE("x")));
	index_free(index);
}

static void test_twice_the_same_place(void)
{
	struct index *index = index_new(NULL);
	struct index_entry a = entry(1, "x", 3), b = entry(1, "x", 3);

	index_add(index, "p", &a, false);
	index_add(index, "p", &b, false);
	index_remove(index, "p", &a);
	CU_ASSERT_EQUAL(index_find(index, 1, SLICE("x"))->count, 1);
	CU_ASSERT_PTR_EQUAL(index_find(index, 1, SLICE("x"))->items[0].entry, &b);
	index_remove(index, "p", &b);
	expect_touched(index, "1:x() ");
	index_free(index);
}

UNIT_SUITE(test_index){
	{"groups", test_groups},
	{"twice_the_same_place", test_twice_the_same_place},
	{NULL, NULL},
};
