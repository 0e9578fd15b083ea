/*
 * Opening a repository. What it is and where is found by places.c; libgit2 is opened on the common
 * folder alone, for objects and references. HEAD, the index and the objects of a push in quarantine
 * are read from where git's environment says.
 *
 * What libgit2 cannot read (SHA-256, reftable, other extensions) ends in a sentence, never in
 * silence.
 */
#include "repository/internal.h"

#include <git2/sys/repository.h>
#include <string.h>
#include <strings.h>

enum { FILES_OPEN_AT_ONCE = 256 };

static void library_start(void)
{
	static gsize guarded;

	/* the first object that libgit2 allocates must be the guard's already */
	if (g_once_init_enter(&guarded)) {
		guard_install();
		g_once_init_leave(&guarded, 1);
	}
	if (git_libgit2_init() > 1)
		return;
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	git_libgit2_opts(GIT_OPT_SET_MWINDOW_FILE_LIMIT, (size_t)FILES_OPEN_AT_ONCE);
}

/* Says in our words why libgit2 would not open the repository. */
static int open_failed(const char *folder, struct error *error)
{
	const git_error *last = git_error_last();
	const char *why = last && last->message ? last->message : error_words("no reason given");
	if (strstr(why, "objectformat") || strstr(why, "object format"))
		return error_set(error,
				 "the repository \"%s\" uses SHA-256 object ids, which planlint "
				 "cannot read yet; check a clone of it with SHA-1 ids",
				 folder);
	if (strstr(why, "refstorage"))
		return error_set(error,
				 "the repository \"%s\" keeps its references as reftable, which "
				 "planlint cannot read yet; run: git refs migrate "
				 "--ref-format=files",
				 folder);
	const char *extension = strstr(why, "extensions.");

	if (extension)
		return error_set(
			error,
			"the repository \"%s\" uses %s, which planlint cannot read; check a "
			"fresh clone of it, or run: git config --unset %s",
			folder, extension, extension);
	return error_set(error, "the repository \"%s\" cannot be opened: %s", folder, why);
}

/* The parts of a list of folders; a part may stand in quotes, as C writes them. */
static int add_alternates(git_odb *odb, const char *list, struct error *error)
{
	const char *next = list;

	while (next && *next) {
		GString *path = g_string_new(NULL);
		bool is_quoted = *next == '"';

		for (next += is_quoted; *next && *next != (is_quoted ? '"' : ':'); next++) {
			if (is_quoted && *next == '\\' && next[1])
				next++;
			g_string_append_c(path, *next);
		}
		next += is_quoted && *next == '"';
		next += *next == ':';
		int failed = path->len && git_odb_add_disk_alternate(odb, path->str)
				     ? git_failed(error, "GIT_ALTERNATE_OBJECT_DIRECTORIES")
				     : 0;

		g_string_free(path, TRUE);
		if (failed)
			return -1;
	}
	return 0;
}

/* The objects: the repository's, or those of GIT_OBJECT_DIRECTORY and the alternates. */
static int open_objects(struct repository *repository, struct error *error)
{
	const struct places *places = &repository->places;

	if (!places->objects) {
		if (git_repository_odb(&repository->odb, repository->git))
			return git_failed(error, "the objects of this repository cannot be read");
	} else {
		if (git_odb_open(&repository->odb, places->objects))
			return git_failed(error, "GIT_OBJECT_DIRECTORY");
		if (git_repository_set_odb(repository->git, repository->odb))
			return git_failed(error, "GIT_OBJECT_DIRECTORY");
	}
	return add_alternates(repository->odb, places->alternates, error);
}

static bool file_is_filled(const char *folder, const char *name)
{
	size_t size = 0;
	char *data = small_file_read(folder, name, &size);

	g_free(data);
	return data && size;
}

/* Is there a reference under refs/replace/? */
static bool has_replacements(git_repository *git)
{
	git_reference_iterator *iterator = NULL;
	const char *name;
	bool found = !git_reference_iterator_glob_new(&iterator, git, "refs/replace/*") &&
		     !git_reference_next_name(&name, iterator);

	git_reference_iterator_free(iterator);
	return found;
}

static bool says_partial(const char *name)
{
	return !strcmp(name, "extensions.partialclone") ||
	       (g_str_has_prefix(name, "remote.") && g_str_has_suffix(name, ".promisor"));
}

/* Not with libgit2's iterator by pattern, which leaks a match for each entry in 1.5. */
static bool is_partial_clone(git_repository *git)
{
	git_config *config = NULL;
	git_config_iterator *iterator = NULL;
	git_config_entry *entry;
	bool found = false;

	if (!git_repository_config_snapshot(&config, git) &&
	    !git_config_iterator_new(&iterator, config))
		while (!found && !git_config_next(&entry, iterator))
			found = says_partial(entry->name);
	git_config_iterator_free(iterator);
	git_config_free(config);
	return found;
}

static void read_notes(struct repository *repository)
{
	const char *common = repository->places.common_folder;

	if (file_is_filled(common, "shallow"))
		repository->notes |= REPOSITORY_SHALLOW;
	if (file_is_filled(common, "info/grafts"))
		repository->notes |= REPOSITORY_GRAFTS;
	if (has_replacements(repository->git))
		repository->notes |= REPOSITORY_REPLACE;
	repository->is_partial = is_partial_clone(repository->git);
}

/* Opens what `places` says; takes them over. */
static struct repository *repository_at(struct places *places, struct error *error)
{
	struct repository *repository = g_new0(struct repository, 1);
	const char *common = places->common_folder;

	repository->places = *places;
	*places = (struct places){0};
	library_start();
	if (git_repository_open_ext(&repository->git, common,
				    GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_NO_DOTGIT,
				    NULL))
		open_failed(common, error);
	else if (!open_objects(repository, error)) {
		read_notes(repository);
		return repository;
	}
	repository_free(repository);
	return NULL;
}

int repository_open(struct repository **out, const char *folder, struct error *error)
{
	struct places places;

	*out = NULL;
	library_start();
	int result = places_find(&places, folder, error);

	if (result == 1 && owner_check(&places, error))
		result = -1;
	if (result == 1 && !(*out = repository_at(&places, error)))
		result = -1;
	places_release(&places);
	git_libgit2_shutdown();
	return result;
}

struct repository *repository_again(const struct repository *repository, struct error *error)
{
	const struct places *from = &repository->places;
	struct places places = {
		.git_folder = g_strdup(from->git_folder),
		.common_folder = g_strdup(from->common_folder),
		.worktree = g_strdup(from->worktree),
		.prefix = g_strdup(from->prefix),
		.objects = g_strdup(from->objects),
		.alternates = g_strdup(from->alternates),
		.index_file = g_strdup(from->index_file),
		.explicit_git_folder = from->explicit_git_folder,
	};

	return repository_at(&places, error);
}

void repository_free(struct repository *repository)
{
	if (!repository)
		return;
	for (size_t i = 0; i < TREE_CACHE_SLOTS; i++)
		git_odb_object_free(repository->trees[i]);
	git_odb_free(repository->odb);
	git_repository_free(repository->git);
	places_release(&repository->places);
	g_free(repository);
	git_libgit2_shutdown();
}

const char *repository_git_folder(const struct repository *repository)
{
	return repository->places.git_folder;
}

const char *repository_worktree(const struct repository *repository)
{
	return repository->places.worktree;
}

const char *repository_prefix(const struct repository *repository)
{
	return repository->places.prefix;
}

unsigned repository_notes(const struct repository *repository)
{
	return repository->notes;
}
