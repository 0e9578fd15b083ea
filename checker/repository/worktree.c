/*
 * Files on disk: the worktree as git sees it, and plain folders. Nothing here follows a symlink, at
 * the end of a path or within it: folders are opened one in the other (openat with O_NOFOLLOW), so
 * a link that somebody exchanges meanwhile leads nowhere. Pipes and devices are not files.
 */
#include "repository/internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDER_DEPTH = 256 };

typedef bool walk_skips(void *context, const char *path, bool is_folder);

struct folder_walk {
	walk_skips *skips;
	void *context;
	struct arena *arena;
	GArray *entries;
	GString *path;
	struct error *error;
};

static int walk_failed(const struct folder_walk *walk, const char *name)
{
	return error_set(walk->error, "the folder \"%s%s\" cannot be read: %s", walk->path->str,
			 name, strerror(errno));
}

static int walk_folder(struct folder_walk *walk, int fd, int depth);

static int open_folder(int at, const char *name)
{
	return openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
}

/* Another repository within this one: a folder that holds `.git`. */
static bool is_repository(int fd)
{
	struct stat status;

	return !fstatat(fd, ".git", &status, AT_SYMLINK_NOFOLLOW);
}

static void add_file(struct folder_walk *walk, enum entry_kind kind)
{
	struct snapshot_entry entry = {
		.path = arena_dup(walk->arena, walk->path->str, walk->path->len),
		.path_len = walk->path->len,
		.kind = kind,
	};

	g_array_append_val(walk->entries, entry);
}

/* One name of a folder; `fd` is the folder. */
static int walk_name(struct folder_walk *walk, int fd, const char *name, int depth)
{
	size_t len = walk->path->len;
	struct stat status;
	int result = 0;

	if (fstatat(fd, name, &status, AT_SYMLINK_NOFOLLOW))
		return 0; /* gone meanwhile */
	bool is_folder = S_ISDIR(status.st_mode);

	g_string_append(walk->path, name);
	if (walk->skips && walk->skips(walk->context, walk->path->str, is_folder)) {
		/* not ours to look at */
	} else if (is_folder) {
		int inner = open_folder(fd, name);

		g_string_append_c(walk->path, '/');
		if (inner >= 0 && is_repository(inner))
			close(inner);
		else
			result = inner < 0 ? walk_failed(walk, "")
					   : walk_folder(walk, inner, depth + 1);
	} else if (S_ISREG(status.st_mode) || S_ISLNK(status.st_mode)) {
		add_file(walk, S_ISREG(status.st_mode) ? ENTRY_FILE : ENTRY_SYMLINK);
	}
	g_string_truncate(walk->path, len);
	return result;
}

/* Everything in an open folder, which is closed. */
static int walk_folder(struct folder_walk *walk, int fd, int depth)
{
	DIR *folder = fdopendir(fd);
	struct dirent *item;
	int result = 0;

	if (!folder) {
		close(fd);
		return walk_failed(walk, "");
	}
	if (depth > FOLDER_DEPTH)
		result = error_set(walk->error, "folders nested deeper than %d", FOLDER_DEPTH);
	while (!result && (errno = 0, item = readdir(folder)))
		if (strcmp(item->d_name, ".") && strcmp(item->d_name, "..") &&
		    strcmp(item->d_name, ".git"))
			result = walk_name(walk, fd, item->d_name, depth);
	if (!result && errno)
		result = walk_failed(walk, "");
	closedir(folder);
	return result;
}

static int folder_walk(const char *root, walk_skips *skips, void *context, struct arena *arena,
		       GArray *entries, struct error *error)
{
	struct folder_walk walk = {skips, context, arena, entries, g_string_new(NULL), error};
	int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result = fd < 0 ? walk_failed(&walk, root) : walk_folder(&walk, fd, 0);

	g_string_free(walk.path, TRUE);
	return result;
}

/* Opens a file below a root without following a link in any part of the path. -1: errno says why.
 */
static int open_beneath(const char *root, const char *path)
{
	int at = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char **parts = g_strsplit(path, "/", -1);
	size_t count = g_strv_length(parts);

	for (size_t i = 0; at >= 0 && i < count; i++) {
		int next = i + 1 < count ? open_folder(at, parts[i])
					 : openat(at, parts[i],
						  O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
		int reason = errno;

		close(at);
		errno = reason;
		at = next;
	}
	g_strfreev(parts);
	return at;
}

static int read_all(struct bytes *out, int fd, size_t size)
{
	char *data = g_malloc(size + 1);
	size_t have = 0;

	while (have < size) {
		ssize_t got = read(fd, data + have, size - have);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			g_free(data);
			return -1;
		}
		if (!got)
			break;
		have += (size_t)got;
	}
	*out = (struct bytes){.data = data, .size = have, .owner = data, .free_owner = g_free};
	return 0;
}

int file_read_beneath(struct bytes *out, const char *root, const char *path, size_t limit,
		      struct error *error)
{
	struct stat status;
	int fd = open_beneath(root, path);
	int result = -1;

	*out = (struct bytes){0};
	if (fd < 0 || fstat(fd, &status))
		error_set(error, "the file \"%s\" cannot be read: %s", path,
			  errno == ELOOP ? "it is a link, and planlint follows none"
					 : strerror(errno));
	else if (!S_ISREG(status.st_mode))
		error_set(error, "\"%s\" is no regular file", path);
	else if (limit && (size_t)status.st_size > limit) {
		*out = (struct bytes){.size = (size_t)status.st_size, .over_limit = true};
		result = 0;
	} else {
		result = read_all(out, fd, (size_t)status.st_size);
		if (result)
			error_set(error, "the file \"%s\" cannot be read: %s", path,
				  strerror(errno));
	}
	if (fd >= 0)
		close(fd);
	return result;
}

int folder_read(struct bytes *out, const char *root, const char *path, size_t limit,
		struct error *error)
{
	int fd = open_beneath(root, path);

	*out = (struct bytes){0};
	if (fd < 0 && errno == ENOENT)
		return 1;
	if (fd >= 0)
		close(fd);
	return file_read_beneath(out, root, path, limit, error);
}

/* --- the worktree */

struct worktree_rules {
	git_repository *git;
	GHashTable *tracked; /* paths of the index, and their folders with '/' behind */
};

/* git's view: what the index holds is there; else what .gitignore and the like name is not. */
static bool worktree_skips(void *context, const char *path, bool is_folder)
{
	const struct worktree_rules *rules = context;
	char *folder = is_folder ? g_strconcat(path, "/", NULL) : NULL;
	const char *name = folder ? folder : path;
	int ignored = 0;
	bool skips = !g_hash_table_contains(rules->tracked, name) &&
		     !git_ignore_path_is_ignored(&ignored, rules->git, name) && ignored;

	g_free(folder);
	return skips;
}

/* The path of what is tracked, and the folders that it is in. */
static int add_tracked(void *context, const struct index_item *item)
{
	GHashTable *tracked = context;
	const char *slash = item->path;

	while ((slash = strchr(slash, '/')))
		g_hash_table_add(tracked, g_strndup(item->path, (size_t)(++slash - item->path)));
	g_hash_table_add(tracked, g_strndup(item->path, item->path_len));
	return 0;
}

/* libgit2 1.5 leaks the path where it is the worktree's already, so that is not asked of it. */
static int set_worktree(git_repository *git, const char *root)
{
	const char *now = git_repository_workdir(git);
	size_t len = strlen(root);

	if (now && !strncmp(now, root, len) && now[len] == '/' && !now[len + 1])
		return 0;
	return git_repository_set_workdir(git, root, 0);
}

int snapshot_of_worktree(struct snapshot **out, struct repository *repository, struct error *error)
{
	struct snapshot *snapshot = snapshot_new(repository);
	GArray *entries = g_array_new(FALSE, FALSE, sizeof(struct snapshot_entry));
	struct worktree_rules rules = {.git = repository->git};
	const char *root = repository->places.worktree;
	int result = 0;

	if (!root)
		result = error_usage(error,
				     "this repository is bare: there is no worktree; name a commit "
				     "with --rev");
	else if (set_worktree(repository->git, root))
		result = git_failed(error, root);
	rules.tracked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (!result)
		result = index_read(repository, add_tracked, rules.tracked, error);
	if (!result) {
		snapshot->root = g_strdup(root);
		result = folder_walk(root, worktree_skips, &rules, &snapshot->arena, entries,
				     error);
	}
	g_hash_table_destroy(rules.tracked);
	snapshot_finish(out, snapshot, entries, !result);
	return result;
}

struct wanted {
	snapshot_wants *wants;
	void *context;
};

static bool skips_unwanted(void *context, const char *path, bool is_folder)
{
	const struct wanted *wanted = context;

	return !wanted->wants(wanted->context, path, is_folder);
}

int snapshot_of_folder(struct snapshot **out, const char *folder, snapshot_wants *wants,
		       void *context, struct error *error)
{
	struct snapshot *snapshot = snapshot_new(NULL);
	GArray *entries = g_array_new(FALSE, FALSE, sizeof(struct snapshot_entry));
	struct wanted wanted = {wants, context};
	int result = folder_walk(folder, wants ? skips_unwanted : NULL, &wanted, &snapshot->arena,
				 entries, error);

	snapshot->root = g_strdup(folder);
	snapshot_finish(out, snapshot, entries, !result);
	return result;
}
