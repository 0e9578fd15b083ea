/* Tables of texts: few, many, and the step from one to the other. */
#include "base/text_table.h"
#include "unit/unit.h"

#include <stdio.h>

static void test_texts_are_found_however_many_there_are(void)
{
	struct text_table table = {0};
	struct arena arena = {0};
	char name[16];

	CU_ASSERT_PTR_NULL(text_table_find(&table, SLICE("none")));
	for (size_t i = 0; i < 3000; i++) {
		int len = snprintf(name, sizeof(name), "name%zu", i);
		struct slice text = {arena_dup(&arena, name, (size_t)len), (size_t)len};

		CU_ASSERT_PTR_NULL(text_table_find(&table, text));
		text_table_add(&table, &arena, text, text.data);
		for (size_t j = i < 40 ? 0 : i; j <= i; j++) {
			const struct text_place *place = text_table_find(&table,
									 table.places[j].text);

			CU_ASSERT_PTR_EQUAL(place, &table.places[j]);
			CU_ASSERT_PTR_EQUAL(place->value, place->text.data);
		}
	}
	for (size_t i = 0; i < 3000; i++)
		CU_ASSERT_PTR_EQUAL(text_table_find(&table, table.places[i].text),
				    &table.places[i]);
	CU_ASSERT_PTR_NULL(text_table_find(&table, SLICE("name3000")));
	CU_ASSERT_PTR_NULL(text_table_find(&table, SLICE("")));
	arena_release(&arena);
}

static void test_empty_texts_and_nul_are_texts(void)
{
	struct text_table table = {0};
	struct arena arena = {0};
	int first = 1, second = 2;

	text_table_add(&table, &arena, SLICE(""), &first);
	text_table_add(&table, &arena, SLICE("\0a"), &second);
	CU_ASSERT_PTR_EQUAL(text_table_find(&table, SLICE(""))->value, &first);
	CU_ASSERT_PTR_EQUAL(text_table_find(&table, SLICE("\0a"))->value, &second);
	CU_ASSERT_PTR_NULL(text_table_find(&table, SLICE("\0b")));
	arena_release(&arena);
}

UNIT_SUITE(test_text_table){
	{"texts are found however many there are", test_texts_are_found_however_many_there_are},
	{"empty texts and nul are texts", test_empty_texts_and_nul_are_texts},
	{0},
};
