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

static void test_texts_lie_close_and_all_else_aligned(void)
{
	struct arena arena = {0};
	char *first = arena_dup(&arena, "a", 1), *second = arena_dup(&arena, "bc", 2);

	CU_ASSERT_PTR_EQUAL(second, first + 2);
	CU_ASSERT_EQUAL((uintptr_t)arena_alloc(&arena, 1) % 16, 0);
	CU_ASSERT_EQUAL((uintptr_t)arena_alloc(&arena, 1) % 16, 0);
	CU_ASSERT_STRING_EQUAL(first, "a");
	CU_ASSERT_STRING_EQUAL(second, "bc");
	arena_release(&arena);
}

static void test_texts_of_every_length_end_within_their_chunk(void)
{
	struct arena arena = {0};
	char text[1100];
	const char *all[1100];

	memset(text, 'x', sizeof(text));
	for (size_t len = 0; len < sizeof(text); len++)
		all[len] = arena_dup(&arena, text, len);
	for (size_t len = 0; len < sizeof(text); len++)
		CU_ASSERT_EQUAL(strlen(all[len]), len);
	arena_release(&arena);
}

static void test_a_reset_arena_needs_no_other_memory(void)
{
	struct arena arena = {0};
	char *first;

	for (int i = 0; i < 100; i++)
		arena_alloc(&arena, 100);
	arena_reset(&arena, (struct arena_mark){0});
	first = arena_alloc(&arena, 100);
	for (int round = 0; round < 3; round++) {
		arena_reset(&arena, (struct arena_mark){0});
		CU_ASSERT_PTR_EQUAL(arena_alloc(&arena, 100), first);
	}
	arena_release(&arena);
	CU_ASSERT_PTR_NULL(arena.chunk);
}

static void test_a_large_request_is_not_kept(void)
{
	struct arena arena = {0};

	arena_alloc(&arena, 1 << 22);
	arena_reset(&arena, (struct arena_mark){0});
	CU_ASSERT_PTR_NULL(arena.chunk);
	arena_alloc(&arena, 100);
	arena_alloc(&arena, 1 << 22);
	arena_reset(&arena, (struct arena_mark){0});
	CU_ASSERT_PTR_NOT_NULL(arena.chunk);
	memset(arena_alloc(&arena, 100), 'x', 100);
	arena_release(&arena);
}

static void test_what_is_reserved_lies_in_one_piece(void)
{
	struct arena arena = {0};
	struct arena_chunk *chunk;

	arena_alloc(&arena, 300);
	arena_reserve(&arena, 1000);
	chunk = arena.chunk;
	arena_alloc(&arena, 500);
	arena_alloc(&arena, 490);
	CU_ASSERT_PTR_EQUAL(arena.chunk, chunk);
	arena_reserve(&arena, 0);
	arena_reserve(&arena, 1);
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
	{"texts lie close and all else aligned", test_texts_lie_close_and_all_else_aligned},
	{"texts of every length end within their chunk",
	 test_texts_of_every_length_end_within_their_chunk},
	{"a reset arena needs no other memory", test_a_reset_arena_needs_no_other_memory},
	{"a large request is not kept", test_a_large_request_is_not_kept},
	{"what is reserved lies in one piece", test_what_is_reserved_lies_in_one_piece},
	{0},
};
