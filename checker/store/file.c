/*
 * The database of the store: one table of rows, found by number, in the order in which they were
 * written, so that the oldest stand together and leave whole pages free when they go. What is in it
 * may be anything (a disk rots, another program writes there), so SQLite is told to trust nothing,
 * the schema is compared with ours byte for byte, and every row carries a checksum (store.c),
 * because SQLite's pages have none.
 *
 * Nothing here has to survive a loss of power: rows can be made again, and a file that is damaged
 * is thrown away. A process that is killed leaves a log that the next one reads.
 */
#include "store/internal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUSY_MILLISECONDS = 2000, DEFAULT_MIB = 512 };

#define APPLICATION_ID "1886153076" /* "plnt" */
#define FORMAT         "2"
#define TABLE                                                                                      \
	"CREATE TABLE row(id INTEGER PRIMARY KEY, number INTEGER UNIQUE, day INTEGER, value BLOB)"
#define INDEX "sqlite_autoindex_row_1" /* of the numbers */

static int run(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

/* The first column of the first row; `fallback` where there is none. Sets *code where it fails. */
static int64_t ask(sqlite3 *db, const char *sql, int64_t fallback, int *code)
{
	sqlite3_stmt *statement;
	int64_t value = fallback;
	int result = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

	if (result == SQLITE_OK) {
		result = sqlite3_step(statement);
		if (result == SQLITE_ROW)
			value = sqlite3_column_int64(statement, 0);
		sqlite3_finalize(statement);
	}
	if (result != SQLITE_ROW && result != SQLITE_DONE && result != SQLITE_OK)
		*code = result;
	return value;
}

/* Does the file hold our table and nothing else? An empty one holds nothing. */
static enum file_state schema_state(sqlite3 *db, bool *is_empty, int *code)
{
	sqlite3_stmt *statement;
	enum file_state state = FILE_OURS;
	bool has_table = false, has_index = false;
	int result = sqlite3_prepare_v2(db, "SELECT coalesce(sql, name) FROM sqlite_schema", -1,
					&statement, NULL);

	while (result == SQLITE_OK || result == SQLITE_ROW) {
		result = sqlite3_step(statement);
		if (result != SQLITE_ROW)
			break;
		const char *what = (const char *)sqlite3_column_text(statement, 0);

		if (what && !has_table && !strcmp(what, TABLE))
			has_table = true;
		else if (what && !has_index && !strcmp(what, INDEX))
			has_index = true;
		else
			state = FILE_FOREIGN;
	}
	sqlite3_finalize(statement);
	if (result != SQLITE_DONE)
		*code = result;
	*is_empty = !has_table && !has_index && state == FILE_OURS;
	return has_table == has_index ? state : FILE_FOREIGN;
}

static int make_table(sqlite3 *db)
{
	int code = run(db, "BEGIN IMMEDIATE");

	if (code != SQLITE_OK)
		return code;
	/* Another process may have been faster. */
	if (!ask(db, "SELECT count(*) FROM sqlite_schema", 0, &code) && code == SQLITE_OK)
		code = run(db, TABLE ";PRAGMA application_id=" APPLICATION_ID
				     ";PRAGMA user_version=" FORMAT);
	return run(db, code == SQLITE_OK ? "COMMIT" : "ROLLBACK") == SQLITE_OK ? code
									       : SQLITE_ERROR;
}

static int prepare_connection(sqlite3 *db)
{
	char *pages = g_strdup_printf("PRAGMA page_size=%d;PRAGMA auto_vacuum=INCREMENTAL",
				      FILE_PAGE_SIZE);

	sqlite3_busy_timeout(db, BUSY_MILLISECONDS);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	int code = run(db, pages);

	g_free(pages);
	if (code == SQLITE_OK)
		code = run(db, "PRAGMA cell_size_check=ON;PRAGMA synchronous=OFF;"
			       "PRAGMA cache_size=-8192;PRAGMA temp_store=MEMORY");
	return code;
}

/* What an opened file is; makes the table in an empty one. */
static enum file_state examine(sqlite3 *db, int *code)
{
	bool is_empty = false;
	enum file_state state;

	*code = prepare_connection(db);
	state = *code == SQLITE_OK ? schema_state(db, &is_empty, code) : FILE_FAILED;
	if (*code == SQLITE_OK && state == FILE_FOREIGN &&
	    ask(db, "PRAGMA application_id", 0, code) == strtoll(APPLICATION_ID, NULL, 10))
		return FILE_BROKEN; /* of another format of ours */
	if (*code != SQLITE_OK || state == FILE_FOREIGN)
		return state;
	*code = run(db, "PRAGMA journal_mode=WAL;PRAGMA journal_size_limit=1048576;"
			"PRAGMA wal_autocheckpoint=64");
	if (*code == SQLITE_OK && is_empty)
		*code = make_table(db);
	if (*code == SQLITE_OK &&
	    (ask(db, "PRAGMA application_id", 0, code) != strtoll(APPLICATION_ID, NULL, 10) ||
	     ask(db, "PRAGMA user_version", 0, code) != strtoll(FORMAT, NULL, 10)))
		return *code == SQLITE_OK ? FILE_BROKEN : FILE_FAILED;
	return FILE_OURS;
}

/* SQLite makes files as readable as the umask lets it, and its companions as the file is. */
static void make_private(const char *path)
{
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (file >= 0)
		close(file);
}

/* Links above the file are the user's; the file itself must be none. */
static int open_database(sqlite3 **out, const char *file)
{
	char *folder = g_path_get_dirname(file), *name = g_path_get_basename(file);
	char *real = realpath(folder, NULL);
	char *path = g_build_filename(real ? real : folder, name, NULL);
	int code;

	make_private(path);
	code = sqlite3_open_v2(path, out,
			       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
				       SQLITE_OPEN_NOFOLLOW,
			       NULL);
	free(real);
	g_free(folder);
	g_free(name);
	g_free(path);
	return code;
}

enum file_state file_open(sqlite3 **out, const char *file)
{
	enum file_state state = FILE_FAILED;
	sqlite3 *db = NULL;
	int code = open_database(&db, file);

	*out = NULL;
	if (code == SQLITE_OK)
		state = examine(db, &code);
	if (state == FILE_OURS && code == SQLITE_OK) {
		*out = db;
		return FILE_OURS;
	}
	sqlite3_close_v2(db);
	if (is_damage(code))
		return FILE_BROKEN;
	return code != SQLITE_OK ? FILE_FAILED : state;
}

/* --- its size */

uint64_t file_limit(void)
{
	const char *text = getenv("PLANLINT_CACHE_SIZE");
	guint64 mib = text ? g_ascii_strtoull(text, NULL, 10) : 0;

	return (mib && mib < 1u << 20 ? mib : DEFAULT_MIB) << 20;
}

static int64_t page_size(sqlite3 *db, int *code)
{
	return ask(db, "PRAGMA page_size", FILE_PAGE_SIZE, code);
}

/* Bytes that rows take; pages that deletions have freed are used again first. */
static uint64_t bytes_in_use(sqlite3 *db, int *code)
{
	int64_t pages = ask(db, "PRAGMA page_count", 0, code);

	pages -= ask(db, "PRAGMA freelist_count", 0, code);
	return (uint64_t)pages * (uint64_t)page_size(db, code);
}

/* Gives pages back that rows will not need again: the bound was larger once. */
static int shrink(sqlite3 *db, uint64_t limit)
{
	int code = SQLITE_OK;
	int64_t size = page_size(db, &code);
	int64_t over = ask(db, "PRAGMA page_count", 0, &code) - (int64_t)limit / size;
	char *sql = g_strdup_printf("PRAGMA incremental_vacuum(%" G_GINT64_FORMAT ")", over);

	if (code == SQLITE_OK && over > 0)
		code = run(db, sql);
	g_free(sql);
	return code;
}

/* What was used longest ago goes, down to three quarters, so that not every run has to. */
int file_evict(sqlite3 *db, uint64_t limit)
{
	static const char oldest[] =
		"DELETE FROM row WHERE id <= (SELECT id FROM row ORDER BY id LIMIT 1 "
		"OFFSET (SELECT count(*) / 16 FROM row))";
	int code = SQLITE_OK;

	if (bytes_in_use(db, &code) <= limit)
		return code;
	do {
		if (code == SQLITE_OK)
			code = run(db, oldest);
	} while (code == SQLITE_OK && sqlite3_changes(db) &&
		 bytes_in_use(db, &code) > limit / 4 * 3);
	return code == SQLITE_OK ? shrink(db, limit) : code;
}
