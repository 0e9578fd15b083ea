/*
 * Where a repository lies, by git's own rules (git help git: environment variables; setup.c is the
 * behaviour that the tests compare with): GIT_DIR, else upward from a folder, `.git` as a folder or
 * as a file that names one, else the folder itself where it is bare.
 *
 * libgit2's own discovery is not used: it reads the wrong index under `git commit -a`, does not see
 * what a push brings, and gives up on GIT_WORK_TREE (RELIABILITY 2.1 lists what was measured).
 */
#include "repository/internal.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SMALL_FILE = 1 << 20 };

char *small_file_read(const char *folder, const char *name, size_t *size)
{
	char *path = name ? g_build_filename(folder, name, NULL) : g_strdup(folder);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	char *data = NULL;
	size_t len = 0;

	g_free(path);
	if (fd >= 0 && !fstat(fd, &status) && S_ISREG(status.st_mode) &&
	    status.st_size < SMALL_FILE)
		data = file_read_all(fd, SMALL_FILE, &len);
	if (data && size)
		*size = len;
	if (fd >= 0)
		close(fd);
	return data;
}

static const char *environment(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

static char *real_path(const char *path)
{
	char *resolved = realpath(path, NULL);
	char *copy = g_strdup(resolved);

	free(resolved);
	return copy;
}

static char *join(const char *folder, const char *path)
{
	return g_path_is_absolute(path) ? g_strdup(path) : g_build_filename(folder, path, NULL);
}

/* The folder that holds objects and references: GIT_COMMON_DIR, else what `commondir` names. */
static char *common_folder_of(const char *git_folder)
{
	const char *given = environment("GIT_COMMON_DIR");

	if (given)
		return real_path(given);
	char *text = small_file_read(git_folder, "commondir", NULL);

	if (!text)
		return g_strdup(git_folder);
	char *path = join(git_folder, g_strchomp(text));
	char *resolved = real_path(path);

	g_free(path);
	g_free(text);
	return resolved;
}

static bool head_is_sound(const char *git_folder)
{
	char *path = g_build_filename(git_folder, "HEAD", NULL);
	char *target = g_file_read_link(path, NULL);
	char *text = target ? NULL : small_file_read(git_folder, "HEAD", NULL);
	struct object_id id;
	bool sound = target && g_str_has_prefix(target, "refs/");

	if (text && g_str_has_prefix(text, "ref:"))
		sound = g_str_has_prefix(g_strchug(text + 4), "refs/");
	else if (text)
		sound = object_id_parse(&id, (struct slice){text, MIN(strlen(text), 40)}) ||
			strlen(text) >= 64;
	g_free(text);
	g_free(target);
	g_free(path);
	return sound;
}

static bool has_folder(const char *folder, const char *name)
{
	char *path = g_build_filename(folder, name, NULL);
	bool there = g_file_test(path, G_FILE_TEST_IS_DIR);

	g_free(path);
	return there;
}

/* git's is_git_directory(). */
static bool is_git_folder(const char *folder)
{
	if (!head_is_sound(folder))
		return false;
	char *common = common_folder_of(folder);
	const char *objects = environment("GIT_OBJECT_DIRECTORY");
	bool sound = common && has_folder(common, "refs") &&
		     (objects ? g_file_test(objects, G_FILE_TEST_IS_DIR)
			      : has_folder(common, "objects"));

	g_free(common);
	return sound;
}

/* Follows a file `gitdir: PATH`. NULL with `error` where it leads nowhere. */
static char *git_file_follow(const char *file, struct error *error)
{
	char *text = small_file_read(file, NULL, NULL);
	char *folder = g_path_get_dirname(file);
	char *result = NULL;

	if (text && g_str_has_prefix(text, "gitdir:")) {
		char *path = join(folder, g_strstrip(text + 7));

		result = real_path(path);
		if (result && !is_git_folder(result))
			g_clear_pointer(&result, g_free);
		g_free(path);
	}
	if (!result)
		error_set(error, "the file \"%s\" does not lead to a git repository", file);
	g_free(folder);
	g_free(text);
	return result;
}

/* `folder` as the git folder that it is or leads to: 1, 0 not one, -1. */
static int git_folder_at(char **out, const char *folder, struct error *error)
{
	struct stat status;

	if (stat(folder, &status))
		return 0;
	if (S_ISREG(status.st_mode)) {
		*out = git_file_follow(folder, error);
		return *out ? 1 : -1;
	}
	if (!S_ISDIR(status.st_mode) || !is_git_folder(folder))
		return 0;
	*out = real_path(folder);
	return *out ? 1 : 0;
}

/* A setting of the repository's own configuration, in the common folder; NULL where absent. */
static char *own_setting(const char *common_folder, const char *name)
{
	char *path = g_build_filename(common_folder, "config", NULL);
	git_config *config = NULL;
	git_config_entry *entry = NULL;
	char *value = NULL;

	if (!git_config_new(&config) && g_file_test(path, G_FILE_TEST_IS_REGULAR) &&
	    !git_config_add_file_ondisk(config, path, GIT_CONFIG_LEVEL_LOCAL, NULL, 0) &&
	    !git_config_get_entry(&entry, config, name))
		value = g_strdup(entry->value ? entry->value : "true");
	git_config_entry_free(entry);
	git_config_free(config);
	g_free(path);
	return value;
}

static bool setting_is_true(const char *value)
{
	int result = 0;

	return value && !git_config_parse_bool(&result, value) && result;
}

/*
 * The worktree: GIT_WORK_TREE, else `natural` (where `.git` was found, or the current folder under
 * GIT_DIR) unless the repository is bare. A core.worktree that points elsewhere is the
 * repository's word for which folder of this machine to read: refused, but for the user's own.
 */
static int worktree_find(struct places *places, const char *natural, struct error *error)
{
	const char *given = environment("GIT_WORK_TREE");

	if (given) {
		places->worktree = real_path(given);
		return places->worktree
			       ? 0
			       : error_set(error, "GIT_WORK_TREE names no folder: \"%s\"", given);
	}
	bool is_linked = strcmp(places->git_folder, places->common_folder) != 0;
	char *bare = is_linked ? NULL : own_setting(places->common_folder, "core.bare");
	char *own = is_linked ? NULL : own_setting(places->common_folder, "core.worktree");
	int result = 0;

	if (setting_is_true(bare))
		natural = NULL;
	if (natural && own) {
		char *path = join(places->git_folder, own);
		char *resolved = real_path(path);

		if (g_strcmp0(resolved, natural))
			result = error_set(
				error,
				"the configuration of this repository (core.worktree) puts its "
				"files in \"%s\"; to check those, set GIT_WORK_TREE to that folder",
				resolved ? resolved : path);
		g_free(resolved);
		g_free(path);
	}
	places->worktree = result ? NULL : g_strdup(natural);
	g_free(own);
	g_free(bare);
	return result;
}

static char *prefix_of(const char *worktree, const char *folder)
{
	size_t len = worktree ? strlen(worktree) : 0;

	if (len == 1)
		len = 0; /* the worktree is "/" */
	if (!worktree || strncmp(folder, worktree, len) || folder[len] != '/' || !folder[len + 1])
		return g_strdup("");
	return g_strconcat(folder + len + 1, "/", NULL);
}

/* The longest ceiling above `folder`: discovery looks in no folder that is a ceiling or above it.
 */
static size_t ceiling_length(const char *folder)
{
	const char *value = environment("GIT_CEILING_DIRECTORIES");
	char **parts = g_strsplit(value ? value : "", ":", -1);
	size_t longest = 0;

	for (char **part = parts; *part; part++) {
		char *ceiling = g_path_is_absolute(*part) ? real_path(*part) : NULL;
		size_t len = ceiling ? strlen(ceiling) : 0;

		if (len > longest && !strncmp(folder, ceiling, len) && folder[len] == '/')
			longest = len;
		g_free(ceiling);
	}
	g_strfreev(parts);
	return longest;
}

static bool same_file_system(const char *a, const char *b)
{
	struct stat first, second;

	return !stat(a, &first) && !stat(b, &second) && first.st_dev == second.st_dev;
}

/* Upward from `folder` (a real path). `found` is the folder in which `.git` lies; NULL: bare. */
static int git_folder_discover(char **git_folder, char **found, const char *folder,
			       struct error *error)
{
	size_t ceiling = ceiling_length(folder);
	const char *across = environment("GIT_DISCOVERY_ACROSS_FILESYSTEM");
	char *current = g_strdup(folder);
	int result = 0;

	*found = NULL;
	while (!result) {
		char *dot_git = g_build_filename(current, ".git", NULL);

		result = git_folder_at(git_folder, dot_git, error);
		g_free(dot_git);
		if (result == 1)
			*found = g_strdup(current);
		else if (result == 0 && is_git_folder(current)) {
			*git_folder = g_strdup(current);
			result = 1;
		}
		char *above = g_path_get_dirname(current);
		bool is_last = !strcmp(above, current) || (ceiling && strlen(above) <= ceiling) ||
			       (!setting_is_true(across) && !same_file_system(above, folder));

		g_free(current);
		current = above;
		if (is_last)
			break;
	}
	g_free(current);
	return result;
}

static int places_fill(struct places *places, const char *natural, const char *folder,
		       struct error *error)
{
	const char *index_file = environment("GIT_INDEX_FILE");

	places->common_folder = common_folder_of(places->git_folder);
	if (!places->common_folder)
		return error_set(error, "the shared part of the repository \"%s\" is not there",
				 places->git_folder);
	if (worktree_find(places, natural, error))
		return -1;
	places->prefix = prefix_of(places->worktree, folder);
	places->objects = g_strdup(environment("GIT_OBJECT_DIRECTORY"));
	places->alternates = g_strdup(environment("GIT_ALTERNATE_OBJECT_DIRECTORIES"));
	places->index_file = index_file ? g_canonicalize_filename(index_file, NULL)
					: g_build_filename(places->git_folder, "index", NULL);
	return 1;
}

int places_find(struct places *out, const char *folder, struct error *error)
{
	const char *given = environment("GIT_DIR");
	char *start = real_path(folder);
	char *natural = NULL;
	int result;

	*out = (struct places){0};
	if (!start)
		return error_usage(error, "no such folder: \"%s\"", folder);
	if (given) {
		out->explicit_git_folder = true;
		result = git_folder_at(&out->git_folder, given, error);
		if (result == 0)
			result = error_usage(error, "GIT_DIR names no git repository: \"%s\"",
					     given);
		natural = g_get_current_dir();
	} else {
		result = git_folder_discover(&out->git_folder, &natural, start, error);
	}
	if (result == 1)
		result = places_fill(out, natural, start, error);
	g_free(natural);
	g_free(start);
	return result;
}

void places_release(struct places *places)
{
	g_free(places->git_folder);
	g_free(places->common_folder);
	g_free(places->worktree);
	g_free(places->prefix);
	g_free(places->objects);
	g_free(places->alternates);
	g_free(places->index_file);
	*places = (struct places){0};
}
