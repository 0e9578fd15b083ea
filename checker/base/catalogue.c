/*
 * The catalogue is a file of two tables, of messages and of their translations, each row a length
 * and an offset; all are checked once and kept in a hash table. A message with two forms is both,
 * with a zero byte between, and so is its translation.
 */
#include "base/catalogue.h"

#include <glib.h>
#include <string.h>

#define MAGIC 0x950412deu

enum { HEADER = 20, ROW = 8 };

static char *used_path;
static GPtrArray *files; /* all that were read: texts of them are handed out */
static char *data;       /* of the one in use */
static gsize size;
static GHashTable *texts; /* message -> translation; NULL: none */

static guint32 word_at(gsize offset)
{
	guint32 word;

	memcpy(&word, data + offset, sizeof(word));
	return GUINT32_FROM_LE(word);
}

/* The text that row `number` of a table is about; NULL where it does not lie in the file. */
static char *text_at(guint32 table, guint32 number)
{
	gsize row = (gsize)table + (gsize)number * ROW;
	gsize length, offset;

	if (row + ROW > size)
		return NULL;
	length = word_at(row);
	offset = word_at(row + 4);
	return offset < size && length < size - offset && !data[offset + length] ? data + offset
										 : NULL;
}

static void read_tables(void)
{
	guint32 count = word_at(8), messages = word_at(12), translations = word_at(16);

	texts = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint32 i = 0; i < count && i < size / ROW; i++) {
		char *message = text_at(messages, i), *translation = text_at(translations, i);

		/* the empty message is the header of the catalogue */
		if (message && translation && *message && *translation)
			g_hash_table_insert(texts, message, translation);
	}
}

void catalogue_use(const char *path)
{
	if (!g_strcmp0(path, used_path))
		return;
	g_free(used_path);
	used_path = g_strdup(path);
	g_clear_pointer(&texts, g_hash_table_destroy);
	if (!path || !g_file_get_contents(path, &data, &size, NULL))
		return;
	if (!files)
		files = g_ptr_array_new();
	g_ptr_array_add(files, data);
	if (size >= HEADER && word_at(0) == MAGIC)
		read_tables();
}

const char *catalogue_text(const char *text)
{
	const char *found = texts ? g_hash_table_lookup(texts, text) : NULL;

	return found ? found : text;
}

const char *catalogue_plural(const char *one, const char *many, unsigned long count)
{
	const char *found = texts ? g_hash_table_lookup(texts, one) : NULL;

	if (!found)
		return count == 1 ? one : many;
	if (count <= 1 || found + strlen(found) + 1 >= data + size)
		return found;
	return found + strlen(found) + 1;
}
