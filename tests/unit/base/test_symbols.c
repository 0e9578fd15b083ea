/* Symbols: dense numbers, found again after growth. */
#include "base/symbols.h"
#include "unit/unit.h"

#include <stdio.h>

static void test_names_keep_their_number_through_growth(void)
{
	struct symbols *symbols = symbols_new();
	char name[16];

	for (int i = 0; i < 5000; i++) {
		size_t len = (size_t)snprintf(name, sizeof(name), "name%d", i);

		CU_ASSERT_EQUAL(symbols_intern(symbols, name, len), (uint32_t)i + 1);
	}
	CU_ASSERT_EQUAL(symbols_find(symbols, "name4999", 8), 5000);
	CU_ASSERT_EQUAL(symbols_find(symbols, "name5000", 8), SYMBOL_NONE);
	CU_ASSERT_EQUAL(symbols_find(NULL, "x", 1), SYMBOL_NONE);
	CU_ASSERT_EQUAL(symbols_find(symbols, "name0", 5), 1);
	CU_ASSERT_EQUAL(symbols_last(symbols), 5000);
	CU_ASSERT_EQUAL(symbols_last(NULL), SYMBOL_NONE);
	ASSERT_TEXT(symbols_name(symbols, 4711).data, symbols_name(symbols, 4711).len, "name4710");
	symbols_free(symbols);
}

UNIT_SUITE(test_symbols){
	{"names keep their number through growth", test_names_keep_their_number_through_growth},
	{0},
};
