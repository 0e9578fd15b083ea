/* What the files of store/ share. The only includer of sqlite3.h. */
#ifndef PLANLINT_STORE_INTERNAL_H
#define PLANLINT_STORE_INTERNAL_H

#include "store/store.h"

#include <glib.h>
#include <sqlite3.h>

/* --- place.c: the folder and the file, before SQLite sees them */

/* The file of the store in a folder (NULL: the user's); g_free. */
char *place_file(const char *folder);

/* Makes the folder, with the tag by which backups know a cache. False: errno says why. */
bool place_make(const char *file);

/* Why the file must not be touched, as a sentence (g_free): foreign, writable by others, on a
 * network. NULL: nothing speaks against it, or it is not there. */
char *place_refuse(const char *file);

/* Takes the file away, with what SQLite keeps beside it. False: errno says why. */
bool place_remove(const char *file);

/* Bytes on the disk of the file and what is beside it; false: there is none. */
bool place_size(const char *file, uint64_t *bytes);

/* --- file.c: the database */

enum { FILE_PAGE_SIZE = 8192 };

enum file_state {
	FILE_OURS,
	FILE_BROKEN,  /* ours, or what is left of it: to be made anew */
	FILE_FOREIGN, /* a database of somebody else */
	FILE_FAILED,  /* it cannot be opened */
};

/* Opens and, where it is empty, fills it. `*out` is set with FILE_OURS only. */
enum file_state file_open(sqlite3 **out, const char *file);

/* Is it a sign that the file is damaged? */
static inline bool is_damage(int code)
{
	return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
}

/*
 * Where rows take more than the limit, deletes those used longest ago until there is room again.
 * SQLite's code.
 */
int file_evict(sqlite3 *db, uint64_t limit);

/* The bound on its size: PLANLINT_CACHE_SIZE in MiB, or 512. */
uint64_t file_limit(void);

/* --- store.c */

/*
 * store_open() with another bound, in bytes, and a clock that is so many days fast: for tests. The
 * file stays below the bound and an eighth of it, which is what one transaction writes before it
 * makes room.
 */
struct store *store_open_with(const char *folder, uint64_t limit, int64_t days_fast,
			      char **warning);

#endif
