/*
 * Arena: memory that is freed all at once. For every part that builds trees (documents, schemas,
 * rules, findings) or needs scratch space for one evaluation.
 *
 * Nothing is freed alone; whoever owns the arena frees all of it, or resets it to a mark.
 * Out of memory aborts (GLib's rule), so no function here returns NULL.
 */
#ifndef PLANLINT_BASE_ARENA_H
#define PLANLINT_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena_chunk;

struct arena {
	struct arena_chunk *chunk; /* the newest; older ones are linked behind it */
	char *next;                /* first free byte of the newest chunk */
	char *limit;               /* end of the newest chunk */
};

/* A moment in an arena's life, to which arena_reset() returns. */
struct arena_mark {
	struct arena_chunk *chunk;
	char *next;
};

/* Life cycle. A zeroed struct arena is valid and empty too. */
void arena_init(struct arena *arena);
void arena_release(struct arena *arena); /* frees everything; the arena is empty and usable */

/* `size` zeroed bytes, aligned for any type. A size of 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t size);

/* The same without the zeros, for what is overwritten at once. */
void *arena_alloc_raw(struct arena *arena, size_t size);

/*
 * What is allocated next lies in one chunk, that is obtained at once and no larger than needed, as
 * far as it has no more than `size` bytes; what is no text counts up to the next multiple of 16.
 */
void arena_reserve(struct arena *arena, size_t size);

/* `count` zeroed elements of `size` bytes; aborts on overflow. */
void *arena_array(struct arena *arena, size_t count, size_t size);

#define arena_new(arena, type) ((type *)arena_alloc((arena), sizeof(type)))

/*
 * A block that grows outside of any arena, for an array whose size is not known before it is done:
 * arena_block_grow() gives or moves it (NULL: a new one), arena_block_adopt() makes it the arena's
 * newest allocation, what is left of the chunk before it is lost, so that it pays for large ones.
 */
void *arena_block_grow(void *block, size_t size);
void arena_block_free(void *block); /* one that was not adopted; NULL is allowed */
void arena_block_adopt(struct arena *arena, void *block);

/* A copy of `len` bytes with a NUL behind it. `data` may be NULL where `len` is 0. */
char *arena_dup(struct arena *arena, const char *data, size_t len);
char *arena_strdup(struct arena *arena, const char *text);

/* printf into the arena; the result ends in NUL. */
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * What was allocated after the mark is gone after the reset. Marks nest. A reset to the mark of an
 * empty arena, a zeroed one, keeps some memory for what comes next; arena_release() frees it.
 */
struct arena_mark arena_mark(const struct arena *arena);
void arena_reset(struct arena *arena, struct arena_mark mark);

#endif
