/*
 * A snapshot: the files of one state as a sorted list, whatever they come from. Contents are read
 * when somebody asks, from the objects or from disk.
 */
#include "repository/internal.h"

#include <assert.h>
#include <git2/sys/mempack.h>
#include <git2/sys/repository.h>
#include <string.h>

enum { MERGE_PRIORITY = 1000 };

struct snapshot *snapshot_new(struct repository *repository)
{
	struct snapshot *snapshot = g_new0(struct snapshot, 1);

	snapshot->repository = repository;
	return snapshot;
}

struct snapshot *snapshot_of_nothing(void)
{
	return snapshot_new(NULL);
}

void snapshot_free(struct snapshot *snapshot)
{
	if (!snapshot)
		return;
	git_odb_free(snapshot->merged);
	arena_release(&snapshot->arena);
	g_free(snapshot->root);
	g_free(snapshot);
}

static enum entry_kind kind_of_mode(uint32_t mode)
{
	switch (mode & 0170000) {
	case 0120000:
		return ENTRY_SYMLINK;
	case 0160000:
		return ENTRY_SUBMODULE;
	default:
		return ENTRY_FILE;
	}
}

void snapshot_add(struct snapshot *snapshot, GArray *entries, const char *path, size_t len,
		  uint32_t mode, const struct object_id *id)
{
	struct snapshot_entry entry = {
		.path = arena_dup(&snapshot->arena, path, len),
		.path_len = len,
		.kind = kind_of_mode(mode),
		.has_id = true,
		.id = *id,
	};

	g_array_append_val(entries, entry);
}

static struct slice entry_path(const struct snapshot_entry *entry)
{
	return (struct slice){entry->path, entry->path_len};
}

static int entry_compare(const void *a, const void *b)
{
	return slice_compare(entry_path(a), entry_path(b));
}

/* Trees and the index are in this order already. */
static bool is_sorted(const GArray *entries)
{
	for (guint i = 1; i < entries->len; i++)
		if (entry_compare(&g_array_index(entries, struct snapshot_entry, i - 1),
				  &g_array_index(entries, struct snapshot_entry, i)) > 0)
			return false;
	return true;
}

static void take(struct snapshot *snapshot, GArray *entries)
{
	if (!is_sorted(entries))
		g_array_sort(entries, entry_compare);
	snapshot->count = entries->len;
	snapshot->entries = arena_array(&snapshot->arena, entries->len, sizeof(*snapshot->entries));
	if (entries->len)
		memcpy(snapshot->entries, entries->data, entries->len * sizeof(*snapshot->entries));
	g_array_free(entries, TRUE);
}

void snapshot_finish(struct snapshot **out, struct snapshot *snapshot, GArray *entries, bool good)
{
	take(snapshot, entries);
	*out = good ? snapshot : NULL;
	if (!good)
		snapshot_free(snapshot);
}

const struct snapshot_entry *snapshot_entries(const struct snapshot *snapshot, size_t *count)
{
	*count = snapshot->count;
	return snapshot->entries;
}

const char *snapshot_where(const struct snapshot *snapshot)
{
	return snapshot->repository ? repository_git_folder(snapshot->repository) : NULL;
}

const struct snapshot_entry *snapshot_find(const struct snapshot *snapshot, const char *path,
					   size_t path_len)
{
	struct snapshot_entry wanted = {.path = path, .path_len = path_len};

	return snapshot->count ? bsearch(&wanted, snapshot->entries, snapshot->count,
					 sizeof(*snapshot->entries), entry_compare)
			       : NULL;
}

int snapshot_read(struct bytes *out, struct snapshot *snapshot, const struct snapshot_entry *entry,
		  size_t limit, struct error *error)
{
	assert(entry->kind == ENTRY_FILE && "only files are read");
	if (snapshot->put && entry->path == snapshot->put) {
		bool over = limit && snapshot->put_bytes.len > limit;

		*out = (struct bytes){.data = over ? NULL : snapshot->put_bytes.data,
				      .size = snapshot->put_bytes.len,
				      .over_limit = over};
		return 0;
	}
	if (!entry->has_id)
		return file_read_beneath(out, snapshot->root, entry->path, limit, error);
	return snapshot_read_blob(out, snapshot, &entry->id, limit, error);
}

int snapshot_read_blob(struct bytes *out, struct snapshot *snapshot, const struct object_id *id,
		       size_t limit, struct error *error)
{
	if (!snapshot->merged)
		return repository_read_blob(out, snapshot->repository, id, limit, error);
	struct repository with_merged = {
		.git = snapshot->repository->git,
		.odb = snapshot->merged,
		.notes = snapshot->repository->notes,
		.is_partial = snapshot->repository->is_partial,
	};

	return repository_read_blob(out, &with_merged, id, limit, error);
}

void snapshot_put(struct snapshot *snapshot, const char *path, const char *data, size_t size)
{
	GArray *entries = g_array_new(FALSE, FALSE, sizeof(struct snapshot_entry));
	struct snapshot_entry entry = {
		.path = arena_strdup(&snapshot->arena, path),
		.path_len = strlen(path),
		.kind = ENTRY_FILE,
	};

	for (size_t i = 0; i < snapshot->count; i++)
		if (entry_compare(&snapshot->entries[i], &entry) != 0)
			g_array_append_val(entries, snapshot->entries[i]);
	g_array_append_val(entries, entry);
	snapshot->put = entry.path;
	snapshot->put_bytes = (struct slice){data, size};
	take(snapshot, entries);
}

/* --- of a commit */

struct collection {
	struct snapshot *snapshot;
	GArray *entries;
};

static int collect(void *context, const struct tree_change *change)
{
	struct collection *collection = context;

	snapshot_add(collection->snapshot, collection->entries, change->path, change->path_len,
		     change->new_mode, &change->new_id);
	return 0;
}

static int tree_of_commit(struct object_id *out, struct repository *repository,
			  const struct object_id *commit, struct error *error)
{
	struct raw_commit raw = {.parents = g_array_new(FALSE, FALSE, sizeof(struct object_id))};
	git_odb_object *object = NULL;
	int result = object_read(&object, repository, commit, GIT_OBJECT_COMMIT, 0, error);

	if (!result &&
	    !raw_commit_parse(&raw, git_odb_object_data(object), git_odb_object_size(object))) {
		char hex[OBJECT_ID_HEX + 1];

		object_id_hex(hex, commit);
		result = error_set(error, "commit %s is malformed; run: git fsck", hex);
	}
	*out = raw.tree;
	git_odb_object_free(object);
	g_array_free(raw.parents, TRUE);
	return result;
}

int snapshot_of_commit(struct snapshot **out, struct repository *repository,
		       const struct object_id *commit, struct error *error)
{
	struct snapshot *snapshot = snapshot_new(repository);
	struct collection collection = {snapshot,
					g_array_new(FALSE, FALSE, sizeof(struct snapshot_entry))};
	struct object_id tree;
	int result = tree_of_commit(&tree, repository, commit, error);

	if (!result)
		result = tree_difference(repository, NULL, &tree, collect, &collection, error);
	snapshot_finish(out, snapshot, collection.entries, !result);
	return result;
}

/* --- of a merge */

/* The repository's objects with a place in memory before them, where new ones go. */
static int objects_in_memory(git_odb **out, struct repository *repository, struct error *error)
{
	git_odb_backend *memory;
	struct places *places = &repository->places;
	char *folder = places->objects ? g_strdup(places->objects)
				       : g_build_filename(places->common_folder, "objects", NULL);
	int failed = git_odb_open(out, folder);

	g_free(folder);
	if (!failed && places->alternates)
		for (char **list = g_strsplit(places->alternates, ":", -1), **part = list;;
		     part++) {
			if (!*part) {
				g_strfreev(list);
				break;
			}
			if (**part)
				git_odb_add_disk_alternate(*out, *part);
		}
	if (failed || git_mempack_new(&memory))
		return git_failed(error, "the objects of this repository cannot be read");
	if (git_odb_add_backend(*out, memory, MERGE_PRIORITY)) {
		git_odb_free(*out);
		return git_failed(error, "a merge in memory cannot be prepared");
	}
	return 0;
}

/* Merges with a handle whose objects are `odb`. 1 clean, 0 conflicts, -1. */
static int merge_with(struct snapshot *snapshot, GArray *entries, git_odb *odb,
		      const struct object_id *ours, const struct object_id *theirs,
		      struct error *error)
{
	git_repository *git = NULL;
	git_commit *our_commit = NULL, *their_commit = NULL;
	git_index *index = NULL;
	git_merge_options options;
	int result = -1;

	git_merge_options_init(&options, GIT_MERGE_OPTIONS_VERSION);
	if (git_repository_wrap_odb(&git, odb) ||
	    git_commit_lookup(&our_commit, git, oid_of(ours)) ||
	    git_commit_lookup(&their_commit, git, oid_of(theirs)) ||
	    git_merge_commits(&index, git, our_commit, their_commit, &options)) {
		git_failed(error, "the merge cannot be made");
	} else {
		size_t count = git_index_entrycount(index);

		result = git_index_has_conflicts(index) ? 0 : 1;
		for (size_t i = 0; result && i < count; i++) {
			const git_index_entry *entry = git_index_get_byindex(index, i);
			struct object_id id = id_of(&entry->id);

			snapshot_add(snapshot, entries, entry->path, strlen(entry->path),
				     entry->mode, &id);
		}
	}
	git_index_free(index);
	git_commit_free(our_commit);
	git_commit_free(their_commit);
	git_repository_free(git);
	return result;
}

int snapshot_of_merge(struct snapshot **out, struct repository *repository,
		      const struct object_id *ours, const struct object_id *theirs,
		      struct error *error)
{
	struct snapshot *snapshot = snapshot_new(repository);
	GArray *entries = g_array_new(FALSE, FALSE, sizeof(struct snapshot_entry));
	int result = objects_in_memory(&snapshot->merged, repository, error) ? -1 : 1;

	if (result == 1)
		result = merge_with(snapshot, entries, snapshot->merged, ours, theirs, error);
	snapshot_finish(out, snapshot, entries, result == 1);
	return result;
}
