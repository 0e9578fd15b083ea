/*
 * git's rule of ownership: a repository that belongs to somebody else is not opened unless
 * safe.directory names it (git help config). The setting counts from the system's, the user's and
 * the command's configuration, never from the repository's own.
 *
 * libgit2's version of the rule refuses `*` (which many CI images set), so it is switched off and
 * this one stands in its place.
 */
#include "repository/internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_ours(const char *path)
{
	struct stat status;
	const char *sudo = getuid() == 0 ? getenv("SUDO_UID") : NULL;

	if (!path || lstat(path, &status))
		return true;
	return status.st_uid == geteuid() ||
	       (sudo && *sudo && status.st_uid == (uid_t)strtoul(sudo, NULL, 10));
}

struct safe {
	const char *path; /* the repository, as git names it */
	bool allowed;
};

static char *expand(const char *value)
{
	if (g_str_has_prefix(value, "~/"))
		return g_build_filename(g_get_home_dir(), value + 2, NULL);
	return g_strdup(value);
}

/* One value of safe.directory; an empty one forgets those before it. */
static void safe_consider(struct safe *safe, const char *value)
{
	char *path = expand(value ? value : "");
	size_t len = strlen(path);

	if (!len) {
		safe->allowed = false;
	} else if (!strcmp(path, "*")) {
		safe->allowed = true;
	} else if (len > 2 && !strcmp(path + len - 2, "/*")) {
		safe->allowed |= !strncmp(safe->path, path, len - 1) && safe->path[len - 1];
	} else {
		char *resolved = realpath(path, NULL);

		safe->allowed |= !strcmp(resolved ? resolved : path, safe->path);
		free(resolved);
	}
	g_free(path);
}

static int on_value(const git_config_entry *entry, void *context)
{
	safe_consider(context, entry->value);
	return 0;
}

static void safe_consider_file(struct safe *safe, const char *path)
{
	git_config *config = NULL;

	if (path && g_file_test(path, G_FILE_TEST_IS_REGULAR) && !git_config_new(&config) &&
	    !git_config_add_file_ondisk(config, path, GIT_CONFIG_LEVEL_GLOBAL, NULL, 0))
		git_config_get_multivar_foreach(config, "safe.directory", NULL, on_value, safe);
	git_config_free(config);
}

static bool is_true(const char *name)
{
	const char *value = getenv(name);
	int result = 0;

	return value && *value && !git_config_parse_bool(&result, value) && result;
}

/* GIT_CONFIG_COUNT, GIT_CONFIG_KEY_n, GIT_CONFIG_VALUE_n. */
static void safe_consider_command(struct safe *safe)
{
	const char *count = getenv("GIT_CONFIG_COUNT");
	unsigned long total = count ? strtoul(count, NULL, 10) : 0;

	for (unsigned long i = 0; i < total && i < 1000; i++) {
		char key[40], value[40];

		g_snprintf(key, sizeof(key), "GIT_CONFIG_KEY_%lu", i);
		g_snprintf(value, sizeof(value), "GIT_CONFIG_VALUE_%lu", i);
		if (getenv(key) && !g_ascii_strcasecmp(getenv(key), "safe.directory"))
			safe_consider(safe, getenv(value));
	}
}

/* In git's order: system, user (two files), command. */
static bool is_declared_safe(const char *path)
{
	struct safe safe = {.path = path};
	const char *system = getenv("GIT_CONFIG_SYSTEM");
	const char *global = getenv("GIT_CONFIG_GLOBAL");

	if (!is_true("GIT_CONFIG_NOSYSTEM"))
		safe_consider_file(&safe, system ? system : "/etc/gitconfig");
	if (global) {
		safe_consider_file(&safe, global);
	} else {
		char *xdg = g_build_filename(g_get_user_config_dir(), "git", "config", NULL);
		char *home = g_build_filename(g_get_home_dir(), ".gitconfig", NULL);

		safe_consider_file(&safe, xdg);
		safe_consider_file(&safe, home);
		g_free(home);
		g_free(xdg);
	}
	safe_consider_command(&safe);
	return safe.allowed;
}

int owner_check(const struct places *places, struct error *error)
{
	const char *path = places->worktree ? places->worktree : places->git_folder;

	if (places->explicit_git_folder ||
	    (!is_true("GIT_TEST_ASSUME_DIFFERENT_OWNER") && is_ours(places->worktree) &&
	     is_ours(places->git_folder)) ||
	    is_declared_safe(path))
		return 0;
	return error_set(error,
			 "the repository \"%s\" belongs to another user; if you trust it, run: "
			 "git config --global --add safe.directory \"%s\"",
			 path, path);
}
