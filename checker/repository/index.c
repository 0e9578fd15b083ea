/*
 * The index: what the next commit will hold. Opened from the path that git's environment names, so
 * that `git commit -a`, `git commit PATH` and `git commit -p` are judged by what they will really
 * commit. What libgit2 1.5 cannot read there ends in a sentence with the command that helps.
 */
#include "repository/internal.h"

#include <string.h>

static int index_failed(const char *path, struct error *error)
{
	const git_error *last = git_error_last();
	const char *why = last && last->message ? last->message : error_words("no reason given");
	static const struct {
		const char *word;
		const char *what;
	} causes[] = {
		{"'link'", "the index is split, which planlint cannot read; run: "
			   "git update-index --no-split-index"},
		{"'sdir'", "the index is sparse, which planlint cannot read; run: "
			   "git sparse-checkout reapply --no-sparse-index"},
		{"checksum",
		 "the index has no valid checksum (index.skipHash, or a damaged file); run: "
		 "git -c index.skipHash=false update-index --force-write-index"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(causes); i++)
		if (strstr(why, causes[i].word))
			return error_set(error, "%s", causes[i].what);
	return error_set(error, "the index \"%s\" cannot be read: %s", path, why);
}

int index_open(git_index **out, struct repository *repository, struct error *error)
{
	const char *path = repository->places.index_file;

	if (git_index_open(out, path))
		return index_failed(path, error);
	if (git_index_read(*out, 1)) {
		git_index_free(*out);
		*out = NULL;
		return index_failed(path, error);
	}
	return 0;
}

int snapshot_of_index(struct snapshot **out, struct repository *repository, struct error *error)
{
	struct snapshot *snapshot = snapshot_new(repository);
	GArray *entries = g_array_new(FALSE, FALSE, sizeof(struct snapshot_entry));
	git_index *index = NULL;
	int result = index_open(&index, repository, error);
	size_t count = result ? 0 : git_index_entrycount(index);

	for (size_t i = 0; !result && i < count; i++) {
		const git_index_entry *entry = git_index_get_byindex(index, i);
		struct object_id id = id_of(&entry->id);

		if (git_index_entry_stage(entry))
			result = error_set(
				error,
				"\"%s\" is not merged yet; settle the conflict, then run: "
				"git add \"%s\"",
				entry->path, entry->path);
		else if (!(entry->flags_extended & GIT_INDEX_ENTRY_INTENT_TO_ADD))
			snapshot_add(snapshot, entries, entry->path, strlen(entry->path),
				     entry->mode, &id);
	}
	snapshot_finish(out, snapshot, entries, !result);
	git_index_free(index);
	return result;
}
