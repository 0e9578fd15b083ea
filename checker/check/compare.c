/*
 * Which document is which (compare.h), in steps that each pair what the steps before left:
 *
 *	1. same file, same key, and of files that cannot be read the same file
 *	2. same key, wherever the file is now
 *	3. same file, same place in it
 *	4. same bytes, of documents without a key
 *
 * What is left was added or removed. Each step is a table from a name to the old documents that
 * bear it, so that work grows with the documents.
 */
#include "check/compare.h"

#include "check/judge.h"

#include <string.h>

struct file {
	char *path;
	char *data; /* owned; the trees point into it */
	size_t size;
	struct source source;
	char *digest; /* of the bytes */
};

/* One document of a file, or a whole file that cannot be read. */
struct item {
	const struct file *file;
	const struct document *document; /* NULL: cannot be read */
	const struct document_entry *entry;
	const char *key;
	size_t number; /* from 1; 0: the only one */
	struct item *twin;
};

struct comparison {
	const struct ruleset *ruleset;
	struct arena arena; /* trees, items */
	struct check_scratch *scratch;
	GPtrArray *files;    /* struct file */
	GPtrArray *items[2]; /* struct item, in the arena */
	GArray *changes;     /* struct change; of the document at hand */
};

static void file_free(void *data)
{
	struct file *file = data;

	source_release(&file->source);
	g_free(file->path);
	g_free(file->data);
	g_free(file->digest);
	g_free(file);
}

struct comparison *comparison_new(const struct ruleset *ruleset)
{
	struct comparison *comparison = g_new0(struct comparison, 1);

	comparison->ruleset = ruleset;
	comparison->scratch = check_scratch_new();
	comparison->files = g_ptr_array_new_with_free_func(file_free);
	comparison->items[COMPARE_OLD] = g_ptr_array_new();
	comparison->items[COMPARE_NEW] = g_ptr_array_new();
	comparison->changes = g_array_new(FALSE, FALSE, sizeof(struct change));
	return comparison;
}

void comparison_free(struct comparison *comparison)
{
	if (!comparison)
		return;
	g_array_free(comparison->changes, TRUE);
	g_ptr_array_free(comparison->items[COMPARE_OLD], TRUE);
	g_ptr_array_free(comparison->items[COMPARE_NEW], TRUE);
	g_ptr_array_free(comparison->files, TRUE);
	check_scratch_free(comparison->scratch);
	arena_release(&comparison->arena);
	g_free(comparison);
}

/* --- reading */

static void ignore(void *context, const struct finding *finding)
{
	(void)context;
	(void)finding;
}

static void add_item(struct comparison *comparison, enum compare_side side, struct file *file,
		     const struct document_entry *entry, const struct document *document,
		     size_t number)
{
	struct item *item = arena_new(&comparison->arena, struct item);

	*item = (struct item){.file = file, .document = document, .entry = entry, .number = number};
	if (document)
		item->key = entry_key(entry, document, comparison->scratch, &comparison->arena);
	g_ptr_array_add(comparison->items[side], item);
}

int comparison_add(struct comparison *comparison, enum compare_side side, const char *path,
		   const struct document_entry *entry, const struct bytes *bytes,
		   struct error *error)
{
	const struct document_options options = {.symbols = comparison->ruleset->symbols};
	const struct finding_sink sink = {ignore, NULL};
	struct file *file = g_new0(struct file, 1);
	struct document_set set = {0};

	file->path = g_strdup(path);
	file->size = bytes->over_limit ? 0 : bytes->size;
	file->data = g_malloc(file->size + 1);
	if (file->size)
		memcpy(file->data, bytes->data, file->size);
	file->digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)file->data,
						   file->size);
	source_init(&file->source, file->path, file->data, file->size);
	g_ptr_array_add(comparison->files, file);
	if (!bytes->over_limit &&
	    document_read(&set, &file->source, &options, &comparison->arena, &sink, error))
		return -1;
	if (!set.complete)
		add_item(comparison, side, file, entry, NULL, 0);
	for (size_t i = 0; set.complete && i < set.count; i++)
		add_item(comparison, side, file, entry, &set.documents[i],
			 set.count > 1 ? i + 1 : 0);
	return 0;
}

const char *comparison_key(const struct comparison *comparison, enum compare_side side,
			   const char *path)
{
	const GPtrArray *items = comparison->items[side];

	for (guint i = 0; i < items->len; i++) {
		const struct item *item = items->pdata[i];

		if (!strcmp(item->file->path, path))
			return item->key;
	}
	return NULL;
}

/* --- pairing */

/* The name by which a step pairs; NULL: it does not pair this one. g_free. */
typedef char *name_fn(const struct item *item);

static char *by_file_and_key(const struct item *item)
{
	if (!item->document || !item->key)
		return NULL;
	return g_strconcat(item->file->path, "\xff", item->key, NULL);
}

static char *by_key(const struct item *item)
{
	return item->key ? g_strconcat(item->entry->kind, "\xff", item->key, NULL) : NULL;
}

static char *by_place(const struct item *item)
{
	return g_strdup_printf("%s\xff%zu", item->file->path, MAX(item->number, 1));
}

static char *by_bytes(const struct item *item)
{
	if (item->key || !item->document)
		return NULL;
	return g_strdup_printf("%s %zu", item->file->digest, item->number);
}

static void pair_by(struct comparison *comparison, name_fn *name_of)
{
	GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	const GPtrArray *old = comparison->items[COMPARE_OLD],
			*new = comparison->items[COMPARE_NEW];

	/* The first of several with one name is the one that is found. */
	for (guint i = old->len; i-- > 0;) {
		struct item *item = old->pdata[i];
		char *name = item->twin ? NULL : name_of(item);

		if (name)
			g_hash_table_replace(names, name, item);
	}
	for (guint i = 0; i < new->len; i++) {
		struct item *item = new->pdata[i];
		char *name = item->twin ? NULL : name_of(item);
		struct item *twin = name ? g_hash_table_lookup(names, name) : NULL;

		if (twin && !twin->twin) {
			item->twin = twin;
			twin->twin = item;
		}
		g_free(name);
	}
	g_hash_table_destroy(names);
}

/* --- what differs */

/* The entry whose schema names things: that of the new version. */
static const struct shape *root_of(const struct item *old, const struct item *new)
{
	return (new ? new : old)->entry->programs->root;
}

static void compare_twins(struct comparison *comparison, const struct item *old,
			  const struct item *new, struct compared_document *out)
{
	const struct doc_node *old_root = old->document->root, *new_root = new->document->root;

	g_array_set_size(comparison->changes, 0);
	if (old_root && new_root) {
		changes_between(comparison->changes, out->root, old_root, new_root);
	} else if (old_root || new_root) {
		struct change change = {old_root, new_root, out->root,
					new_root ? new_root : old_root};

		g_array_append_val(comparison->changes, change);
	}
	out->changes = (const struct change *)(void *)comparison->changes->data;
	out->change_count = comparison->changes->len;
}

/* The bytes of a document; of the only one of a file also what stands around it. */
static struct slice bytes_of(const struct item *item)
{
	struct span span = item->number ? item->document->span
					: (struct span){0, (uint32_t)item->file->size};

	return (struct slice){item->file->data + span.start, span.end - span.start};
}

static bool is_same(const struct item *old, const struct item *new)
{
	return !strcmp(old->file->path, new->file->path) &&
	       slice_equal(bytes_of(old), bytes_of(new));
}

/* Is there a file on this side that cannot be read? It has a line of its own for all it held. */
static bool cannot_tell(const struct comparison *comparison, enum compare_side side,
			const char *path)
{
	for (guint i = 0; i < comparison->items[side]->len; i++) {
		const struct item *item = comparison->items[side]->pdata[i];

		if (!item->document && !strcmp(item->file->path, path))
			return true;
	}
	return false;
}

static void tell(struct comparison *comparison, const struct item *old, const struct item *new,
		 compared_fn *each, void *context)
{
	struct compared_document out = {
		.path = {old ? old->file->path : NULL, new ? new->file->path : NULL},
		.number = {old ? old->number : 0, new ? new->number : 0},
		.unreadable = {old && !old->document, new && !new->document},
		.key = new &&new->key ? new->key
		       : old          ? old->key
				      : NULL,
		.root = root_of(old, new),
	};

	if (old && new ? is_same(old, new)
		       : cannot_tell(comparison, old ? COMPARE_NEW : COMPARE_OLD,
				     (old ? old : new)->file->path))
		return;
	if (old && new && old->document &&new->document)
		compare_twins(comparison, old, new, &out);
	each(context, &out);
}

static gint compare_items(gconstpointer a, gconstpointer b)
{
	const struct item *x = *(const struct item *const *)a, *y = *(const struct item *const *)b;
	int order = strcmp(x->file->path, y->file->path);

	return order ? order : x->number < y->number ? -1 : x->number > y->number;
}

void comparison_each(struct comparison *comparison, compared_fn *each, void *context)
{
	GPtrArray *all = g_ptr_array_new();
	const GPtrArray *old = comparison->items[COMPARE_OLD],
			*new = comparison->items[COMPARE_NEW];
	GHashTable *is_new = g_hash_table_new(NULL, NULL);

	pair_by(comparison, by_file_and_key);
	pair_by(comparison, by_key);
	pair_by(comparison, by_place);
	pair_by(comparison, by_bytes);
	for (guint i = 0; i < new->len; i++) {
		g_ptr_array_add(all, new->pdata[i]);
		g_hash_table_add(is_new, new->pdata[i]);
	}
	for (guint i = 0; i < old->len; i++)
		if (!((struct item *)old->pdata[i])->twin)
			g_ptr_array_add(all, old->pdata[i]);
	g_ptr_array_sort(all, compare_items);
	for (guint i = 0; i < all->len; i++) {
		const struct item *item = all->pdata[i];

		if (g_hash_table_contains(is_new, item))
			tell(comparison, item->twin, item, each, context);
		else
			tell(comparison, item, NULL, each, context);
	}
	g_hash_table_destroy(is_new);
	g_ptr_array_free(all, TRUE);
}
