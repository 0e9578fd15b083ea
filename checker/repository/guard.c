/*
 * A bound on what libgit2 allocates while it reads one object. A packed object of a few bytes can
 * unpack to gigabytes. Asking for its header first costs as much as reading a small object does, so
 * objects are read at once, and an allocation beyond what the caller would take fails. Only then
 * the header is looked at, to tell what is too large from what cannot be read.
 *
 * The bound is the thread's: other threads, and everything else that libgit2 does, have none.
 */
#include "repository/internal.h"

#include <git2/sys/alloc.h>
#include <stdlib.h>
#include <string.h>

/* Beside the object there are the headers of its parts. */
enum { BESIDE = 64 << 10 };

static _Thread_local size_t bound = SIZE_MAX;

void guard_begin(size_t limit)
{
	bound = limit ? limit + BESIDE : SIZE_MAX;
}

void guard_end(void)
{
	bound = SIZE_MAX;
}

static void *guard_malloc(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return size > bound ? NULL : malloc(size ? size : 1);
}

static void *guard_realloc(void *data, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return size > bound ? NULL : realloc(data, size ? size : 1);
}

static void guard_free(void *data)
{
	free(data);
}

#if LIBGIT2_VER_MAJOR == 1 && LIBGIT2_VER_MINOR < 6
/* Older versions ask for what they later do themselves. */
static bool is_beyond(size_t count, size_t size)
{
	return size && count > bound / size;
}

static void *guard_calloc(size_t count, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return is_beyond(count, size) ? NULL : calloc(count ? count : 1, size ? size : 1);
}

static void *guard_mallocarray(size_t count, size_t size, const char *file, int line)
{
	return is_beyond(count, size) ? NULL : guard_malloc(count * size, file, line);
}

static void *guard_reallocarray(void *data, size_t count, size_t size, const char *file, int line)
{
	return is_beyond(count, size) ? NULL : guard_realloc(data, count * size, file, line);
}

static char *guard_substrdup(const char *text, size_t len, const char *file, int line)
{
	char *copy = len < SIZE_MAX ? guard_malloc(len + 1, file, line) : NULL;

	if (copy) {
		memcpy(copy, text, len);
		copy[len] = '\0';
	}
	return copy;
}

static char *guard_strdup(const char *text, const char *file, int line)
{
	return guard_substrdup(text, strlen(text), file, line);
}

static char *guard_strndup(const char *text, size_t len, const char *file, int line)
{
	return guard_substrdup(text, strnlen(text, len), file, line);
}
#endif

void guard_install(void)
{
	static git_allocator allocator = {
		.gmalloc = guard_malloc,
		.grealloc = guard_realloc,
		.gfree = guard_free,
#if LIBGIT2_VER_MAJOR == 1 && LIBGIT2_VER_MINOR < 6
		.gcalloc = guard_calloc,
		.gmallocarray = guard_mallocarray,
		.greallocarray = guard_reallocarray,
		.gsubstrdup = guard_substrdup,
		.gstrdup = guard_strdup,
		.gstrndup = guard_strndup,
#endif
	};

	git_libgit2_opts(GIT_OPT_SET_ALLOCATOR, &allocator);
}
