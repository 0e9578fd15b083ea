/*
 * Chunks of doubling size in a list, newest first; allocation moves a pointer. Memory is zeroed
 * when it is handed out, not when it is obtained, because a reset hands it out again.
 *
 * Texts lie one behind the other, anything else begins where any type may. A reset to the beginning
 * keeps the newest chunk, which is the largest: an arena that is filled and reset for one blob
 * after another soon needs no other memory.
 */
#include "base/arena.h"

#include <glib.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* In a build with ASan, what was reset is poisoned until it is handed out again. */
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(start, size)   ((void)(start), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(start, size) ((void)(start), (void)(size))
#endif

enum { CHUNK_FIRST = 512, CHUNK_LARGEST = 1 << 20 };

struct arena_chunk {
	struct arena_chunk *older;
	size_t size;
	alignas(max_align_t) char data[];
};

void arena_init(struct arena *arena)
{
	*arena = (struct arena){0};
}

enum { ALIGNMENT = alignof(max_align_t) };

/* Chunks begin and end at multiples of the alignment, so no rounding leads out of one. */
static size_t round_up(size_t size)
{
	if (size > SIZE_MAX / 2)
		g_error("arena: a request of %zu bytes", size);
	return (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

static void add_chunk(struct arena *arena, size_t size)
{
	struct arena_chunk *chunk = g_malloc(sizeof(*chunk) + size);

	chunk->older = arena->chunk;
	chunk->size = size;
	arena->chunk = chunk;
	arena->next = chunk->data;
	arena->limit = chunk->data + size;
	ASAN_POISON_MEMORY_REGION(chunk->data, size);
}

static void add_larger_chunk(struct arena *arena, size_t need)
{
	size_t size = arena->chunk ? arena->chunk->size * 2 : CHUNK_FIRST;

	if (size > CHUNK_LARGEST)
		size = CHUNK_LARGEST;
	need = round_up(need);
	add_chunk(arena, MAX(size, need));
}

static size_t room_from(const struct arena *arena, const char *start)
{
	return (size_t)(arena->limit - start);
}

void arena_reserve(struct arena *arena, size_t size)
{
	size = round_up(size);
	if (!arena->chunk || room_from(arena, arena->next) < size + ALIGNMENT)
		add_chunk(arena, MAX(size, ALIGNMENT));
}

/* `size` bytes that begin where a text may. */
static char *take_bytes(struct arena *arena, size_t size)
{
	char *result;

	if (!arena->chunk || room_from(arena, arena->next) < size)
		add_larger_chunk(arena, size);
	result = arena->next;
	ASAN_UNPOISON_MEMORY_REGION(result, size);
	arena->next += size;
	return result;
}

void *arena_alloc_raw(struct arena *arena, size_t size)
{
	arena->next = (char *)(((uintptr_t)arena->next + ALIGNMENT - 1) &
			       ~(uintptr_t)(ALIGNMENT - 1));
	return take_bytes(arena, size);
}

void *arena_alloc(struct arena *arena, size_t size)
{
	void *result = arena_alloc_raw(arena, size);

	if (size)
		memset(result, 0, size);
	return result;
}

static struct arena_chunk *chunk_of(void *block)
{
	return (struct arena_chunk *)((char *)block - offsetof(struct arena_chunk, data));
}

void *arena_block_grow(void *block, size_t size)
{
	struct arena_chunk *chunk = block ? chunk_of(block) : NULL;

	size = round_up(size);
	chunk = g_realloc(chunk, sizeof(*chunk) + size);
	chunk->size = size;
	return chunk->data;
}

void arena_block_free(void *block)
{
	if (block)
		g_free(chunk_of(block));
}

void arena_block_adopt(struct arena *arena, void *block)
{
	struct arena_chunk *chunk = chunk_of(block);

	chunk->older = arena->chunk;
	arena->chunk = chunk;
	arena->next = arena->limit = chunk->data + chunk->size;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		g_error("arena: a request of %zu times %zu bytes", count, size);
	return arena_alloc(arena, count * size);
}

char *arena_dup(struct arena *arena, const char *data, size_t len)
{
	char *copy;

	if (len > SIZE_MAX / 2)
		g_error("arena: a text of %zu bytes", len);
	copy = take_bytes(arena, len + 1);
	if (len)
		memcpy(copy, data, len);
	copy[len] = '\0';
	return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return arena_dup(arena, text, strlen(text));
}

static char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
	va_list again;
	char *text;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (len < 0)
		g_error("arena: a format that vsnprintf refuses: %s", format);
	text = arena_alloc(arena, (size_t)len + 1);
	vsnprintf(text, (size_t)len + 1, format, args);
	return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = arena_vprintf(arena, format, args);
	va_end(args);
	return text;
}

struct arena_mark arena_mark(const struct arena *arena)
{
	return (struct arena_mark){arena->chunk, arena->next};
}

void arena_release(struct arena *arena)
{
	while (arena->chunk) {
		struct arena_chunk *older = arena->chunk->older;

		g_free(arena->chunk);
		arena->chunk = older;
	}
	arena->next = arena->limit = NULL;
}

/* Empties the arena, but for the newest chunk that is not of one large request alone. */
static void empty(struct arena *arena)
{
	struct arena_chunk *kept = arena->chunk;

	while (kept && kept->size > CHUNK_LARGEST)
		kept = kept->older;
	while (arena->chunk) {
		struct arena_chunk *older = arena->chunk->older;

		if (arena->chunk != kept)
			g_free(arena->chunk);
		arena->chunk = older;
	}
	if (kept)
		kept->older = NULL;
	arena->chunk = kept;
	arena->next = kept ? kept->data : NULL;
}

void arena_reset(struct arena *arena, struct arena_mark mark)
{
	arena->next = mark.next;
	if (arena->chunk != mark.chunk) {
		while (mark.chunk && arena->chunk != mark.chunk) {
			struct arena_chunk *older = arena->chunk->older;

			g_free(arena->chunk);
			arena->chunk = older;
		}
		if (!mark.chunk)
			empty(arena);
		arena->limit = arena->chunk ? arena->chunk->data + arena->chunk->size : NULL;
	}
	if (arena->chunk)
		ASAN_POISON_MEMORY_REGION(arena->next, (size_t)(arena->limit - arena->next));
}
