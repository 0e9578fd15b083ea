/* The arena: alignment, zeroing, marks. */
#include "base/arena.h"
#include "unit/unit.h"

#include <stdint.h>

static void test_memory_is_zeroed_again_after_a_reset(void)
{
	struct arena arena = {0};
	struct arena_mark mark = arena_mark(&arena);
	char *first = arena_alloc(&arena, 100);

	memset(first, 'x', 100);
	arena_reset(&arena, mark);
	first = arena_alloc(&arena, 100);
	CU_ASSERT_EQUAL(first[0], 0);
	CU_ASSERT_EQUAL(first[99], 0);
	arena_release(&arena);
}

static void test_large_requests_get_their_own_chunk(void)
{
	struct arena arena = {0};

	for (size_t size = 1; size < (1 << 22); size *= 3) {
		char *memory = arena_alloc(&arena, size);

		CU_ASSERT_EQUAL((uintptr_t)memory % 16, 0);
		memory[size - 1] = 1;
	}
	arena_release(&arena);
}

static void test_printf_and_dup(void)
{
	struct arena arena = {0};

	CU_ASSERT_STRING_EQUAL(arena_printf(&arena, "%d-%s", 7, "x"), "7-x");
	CU_ASSERT_STRING_EQUAL(arena_dup(&arena, "abc", 2), "ab");
	CU_ASSERT_STRING_EQUAL(arena_dup(&arena, NULL, 0), "");
	arena_release(&arena);
}

static void test_nothing_asked_is_still_a_pointer(void)
{
	struct arena arena = {0};

	CU_ASSERT_PTR_NOT_NULL(arena_alloc(&arena, 0));
	arena_release(&arena);
}

static void test_a_block_is_adopted(void)
{
	struct arena arena = {0};
	char *before = arena_strdup(&arena, "before");
	struct arena_mark mark = arena_mark(&arena);
	char *block = arena_block_grow(NULL, 10);

	memcpy(block, "123456789", 10);
	block = arena_block_grow(block, 100000);
	CU_ASSERT_STRING_EQUAL(block, "123456789");
	arena_block_adopt(&arena, block);
	CU_ASSERT_STRING_EQUAL(arena_strdup(&arena, "behind"), "behind");
	CU_ASSERT_STRING_EQUAL(block, "123456789");
	arena_reset(&arena, mark); /* the block is gone with it */
	CU_ASSERT_STRING_EQUAL(before, "before");
	CU_ASSERT_STRING_EQUAL(arena_strdup(&arena, "again"), "again");
	arena_release(&arena);
	arena_block_free(arena_block_grow(NULL, 1));
	arena_block_free(NULL);
}

UNIT_SUITE(test_arena){
	{"a block is adopted", test_a_block_is_adopted},
	{"nothing asked is still a pointer", test_nothing_asked_is_still_a_pointer},
	{"memory is zeroed again after a reset", test_memory_is_zeroed_again_after_a_reset},
	{"large requests get their own chunk", test_large_requests_get_their_own_chunk},
	{"printf and dup", test_printf_and_dup},
	{0},
};
