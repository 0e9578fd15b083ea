/*
 * .mailmap (git help gitmailmap): names and mails of people as they want to be known. The file of
 * the worktree counts, in a bare repository HEAD's; files that git's configuration names do not.
 */
#include "repository/internal.h"

#include <string.h>

enum { MAILMAP_LIMIT = 16 << 20 };

struct mailmap {
	git_mailmap *git; /* NULL: there is no file */
};

static int read_of_head(struct bytes *bytes, struct repository *repository, struct error *error)
{
	struct snapshot *snapshot;
	const struct snapshot_entry *entry;
	struct object_id head;
	int result = repository_head(&head, repository, error);

	if (result < 1)
		return result;
	if (snapshot_of_commit(&snapshot, repository, &head, error))
		return -1;
	entry = snapshot_find(snapshot, ".mailmap", strlen(".mailmap"));
	result = entry && entry->kind == ENTRY_FILE
			 ? snapshot_read(bytes, snapshot, entry, MAILMAP_LIMIT, error)
			 : 0;
	snapshot_free(snapshot);
	return result;
}

int mailmap_read(struct mailmap **out, struct repository *repository, struct error *error)
{
	const char *worktree = repository_worktree(repository);
	struct bytes bytes = {0};
	int result = worktree ? folder_read(&bytes, worktree, ".mailmap", MAILMAP_LIMIT, error)
			      : read_of_head(&bytes, repository, error);

	*out = NULL;
	if (result < 0)
		return -1;
	if (bytes.over_limit)
		return error_set(error, ".mailmap is larger than %d MB", MAILMAP_LIMIT >> 20);
	*out = g_new0(struct mailmap, 1);
	if (bytes.size && git_mailmap_from_buffer(&(*out)->git, bytes.data, bytes.size)) {
		mailmap_free(*out);
		*out = NULL;
		result = git_failed(error, ".mailmap cannot be read");
	}
	bytes_release(&bytes);
	return MIN(result, 0);
}

void mailmap_free(struct mailmap *mailmap)
{
	if (!mailmap)
		return;
	git_mailmap_free(mailmap->git);
	g_free(mailmap);
}

void mailmap_apply(const struct mailmap *mailmap, struct slice *name, struct slice *mail,
		   struct arena *arena)
{
	const char *real_name, *real_mail;
	const char *old_name = arena_dup(arena, name->data, name->len);
	const char *old_mail = arena_dup(arena, mail->data, mail->len);

	if (!mailmap || !mailmap->git ||
	    git_mailmap_resolve(&real_name, &real_mail, mailmap->git, old_name, old_mail))
		return;
	*name = slice_of(arena_strdup(arena, real_name));
	*mail = slice_of(arena_strdup(arena, real_mail));
}
