/* Inside repository/: the handle, and the pieces that its files share. The only includer of git2.h.
 */
#ifndef PLANLINT_REPOSITORY_INTERNAL_H
#define PLANLINT_REPOSITORY_INTERNAL_H

#include "repository/repository.h"

#include <git2.h>
#include <glib.h>

_Static_assert(OBJECT_ID_SIZE == GIT_OID_RAWSZ, "ids are SHA-1");

enum { TREE_CACHE_SLOTS = 512 };

/* Where the parts of a repository lie; found without libgit2. */
struct places {
	char *git_folder;    /* holds HEAD and the index */
	char *common_folder; /* holds objects and references; the same but in a linked worktree */
	char *worktree;      /* NULL: bare */
	char *prefix;
	char *objects;    /* GIT_OBJECT_DIRECTORY, or NULL */
	char *alternates; /* GIT_ALTERNATE_OBJECT_DIRECTORIES, or NULL */
	char *index_file;
	bool explicit_git_folder; /* GIT_DIR named it: its owner is the user's business */
};

struct repository {
	struct places places;
	git_repository *git; /* of the common folder */
	git_odb *odb;
	unsigned notes;
	bool is_partial;                         /* objects may be missing on purpose */
	git_odb_object *trees[TREE_CACHE_SLOTS]; /* the last ones read, by hash of their id */
	size_t tree_bytes;
};

/* places.c: returns 1, 0 (no repository) or -1. places_release() is right after each of them. */
int places_find(struct places *out, const char *folder, struct error *error);
void places_release(struct places *places);

/* owner.c: git's rule of safe.directory; 0, or -1 with a sentence. */
int owner_check(const struct places *places, struct error *error);

/* Sets the error from libgit2's last one. */
int git_failed(struct error *error, const char *what);

/*
 * guard.c: installs the bound, before libgit2 is started; between begin and end no allocation of
 * libgit2 in this thread is larger than a limit (0: none) and a little.
 */
void guard_install(void);
void guard_begin(size_t limit);
void guard_end(void);

/* object.c: an object that must be there, of a type, within a limit (0: that of structures). */
int object_read(git_odb_object **out, struct repository *repository, const struct object_id *id,
		git_object_t type, size_t limit, struct error *error);
int object_missing(struct repository *repository, const struct object_id *id, struct error *error);

static inline const git_oid *oid_of(const struct object_id *id)
{
	return (const git_oid *)(const void *)id;
}

static inline struct object_id id_of(const git_oid *oid)
{
	struct object_id id;

	memcpy(id.bytes, oid->id, OBJECT_ID_SIZE);
	return id;
}

/* history.c: what the revisions of a range name, and what is to be done with what they reach. */
enum { WANTED = 1, UNWANTED = 2, LEFT = 4, RIGHT = 8, KEPT = 16 };
struct tip {
	struct object_id id;
	uint8_t flags;
};
int history_tips(GArray *tips, struct repository *repository, const struct history_options *options,
		 struct error *error);

/* The contents of a small file of the git folder; NULL where it is not there or no regular file. */
char *small_file_read(const char *folder, const char *name, size_t *size);

/* commit.c: parses the header of a commit's bytes. False where it is malformed. */
struct raw_commit {
	struct object_id tree;
	GArray *parents; /* of struct object_id; cleared first */
	struct slice author;
	struct slice committer;
	struct slice message;
};
bool raw_commit_parse(struct raw_commit *out, const char *data, size_t size);
int64_t signature_date(struct slice signature, int *offset);

/* tree.c */
const git_odb_object *tree_read(struct repository *repository, const struct object_id *id,
				struct error *error);

/* worktree.c: a file below a folder, through no link. */
int file_read_beneath(struct bytes *out, const char *root, const char *path, size_t limit,
		      struct error *error);

/* index.c: the entries of the index that git would use, in order; an absent one is empty. */
struct index_item {
	const char *path; /* NUL-terminated, until the call ends */
	size_t path_len;
	uint32_t mode;
	unsigned stage; /* not 0: of a conflict */
	bool is_intended;
	struct object_id id;
};
typedef int index_each(void *context, const struct index_item *item);
int index_read(struct repository *repository, index_each *each, void *context, struct error *error);

/* snapshot.c */
struct snapshot {
	struct repository *repository; /* NULL: a plain folder */
	char *root;                    /* for entries without an id */
	struct snapshot_entry *entries;
	size_t count;
	git_odb *merged; /* objects that a merge made in memory */
	const char *put; /* path of the entry whose bytes are here; NULL: none */
	struct slice put_bytes;
	struct arena arena;
};
struct snapshot *snapshot_new(struct repository *repository);
void snapshot_add(struct snapshot *snapshot, GArray *entries, const char *path, size_t len,
		  uint32_t mode, const struct object_id *id);

/* Takes the entries and sorts them. Gives the snapshot out, or NULL and frees it where !good. */
void snapshot_finish(struct snapshot **out, struct snapshot *snapshot, GArray *entries, bool good);

#endif
