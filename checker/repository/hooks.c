/*
 * Where git looks for hooks: core.hooksPath wherever git's configuration sets it, else hooks/ of
 * the common folder. Only read, never run.
 */
#include "repository/internal.h"

#include <string.h>

int repository_hooks_folder(char **out, struct repository *repository, struct error *error)
{
	git_config *config = NULL;
	git_buf path = {0};
	int status = git_repository_config_snapshot(&config, repository->git);

	*out = NULL;
	if (!status)
		status = git_config_get_path(&path, config, "core.hookspath");
	if (!status)
		*out = g_strdup(path.ptr);
	else if (status == GIT_ENOTFOUND)
		*out = g_build_filename(repository->places.common_folder, "hooks", NULL);
	git_buf_dispose(&path);
	git_config_free(config);
	if (!*out)
		return git_failed(error, "the configuration of git cannot be read");
	return status == 0;
}
