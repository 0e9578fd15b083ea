/*
 * Where the store lies. The folder is the user's alone, and a file in it that somebody else owns,
 * that others may write, or that lies on a network is left alone: SQLite's log needs one machine's
 * memory, and a verdict that somebody else wrote is worth nothing.
 */
#include "store/internal.h"

#include "base/error.h"
#include "base/file.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

static const char file_name[] = "verdicts.sqlite";
static const char *const companions[] = {"", "-wal", "-shm", "-journal"};

char *place_file(const char *folder)
{
	return folder ? g_build_filename(folder, file_name, NULL)
		      : g_build_filename(g_get_user_cache_dir(), "planlint", file_name, NULL);
}

/* https://bford.info/cachedir/ */
static void write_tag(const char *folder)
{
	static const char tag[] = "Signature: 8a477f597d28d172789f06886806bc55\n"
				  "# This folder holds what planlint can make again at any time.\n";
	char *path = g_build_filename(folder, "CACHEDIR.TAG", NULL);

	file_create(path, tag, sizeof(tag) - 1, 0600,
		    NULL); /* without it the store works as well */
	g_free(path);
}

bool place_make(const char *file)
{
	char *folder = g_path_get_dirname(file);
	bool is_there = g_mkdir_with_parents(folder, 0700) == 0;
	int problem = errno;

	if (is_there)
		write_tag(folder);
	g_free(folder);
	errno = problem;
	return is_there;
}

static bool is_remote(const char *folder)
{
	/* NFS, SMB, SMB2, CIFS, AFS, 9P, Ceph: statfs(2) */
	static const unsigned long kinds[] = {0x6969,     0x517b,     0xfe534d42, 0xff534d42,
					      0x5346414f, 0x01021997, 0x00c36400};
	struct statfs status;

	if (statfs(folder, &status))
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if ((unsigned long)status.f_type == kinds[i])
			return true;
	return false;
}

char *place_refuse(const char *file)
{
	char *folder = g_path_get_dirname(file);
	bool remote = is_remote(folder);
	struct stat status;

	g_free(folder);
	if (remote)
		return g_strdup_printf(error_words("%s lies on a network drive"), file);
	if (lstat(file, &status))
		return NULL;
	if (!S_ISREG(status.st_mode))
		return g_strdup_printf(error_words("%s is no plain file"), file);
	if (status.st_uid != geteuid())
		return g_strdup_printf(error_words("%s belongs to somebody else"), file);
	if (status.st_mode & (S_IWGRP | S_IWOTH))
		return g_strdup_printf(error_words("others may write %s"), file);
	if (access(file, W_OK))
		return g_strdup_printf(error_words("%s cannot be written"), file);
	return NULL;
}

bool place_remove(const char *file)
{
	for (size_t i = 0; i < G_N_ELEMENTS(companions); i++) {
		char *path = g_strconcat(file, companions[i], NULL);
		bool failed = g_unlink(path) && errno != ENOENT;

		g_free(path);
		if (failed)
			return false;
	}
	return true;
}

bool place_size(const char *file, uint64_t *bytes)
{
	bool is_there = false;

	*bytes = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(companions); i++) {
		char *path = g_strconcat(file, companions[i], NULL);
		struct stat status;

		if (!lstat(path, &status)) {
			*bytes += (uint64_t)status.st_blocks * 512;
			is_there |= !i;
		}
		g_free(path);
	}
	return is_there;
}
