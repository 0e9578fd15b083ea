/*
 * Where bytes come from: the worktree, the index, any commit, a merge made in memory, a plain
 * folder; and the history between them. For check/ and cli/. The only folder that knows libgit2.
 *
 * Everything read here is hostile. Nothing of the repository's configuration is run, no symlink is
 * followed, no submodule entered, nothing written. A handle and what was made from it belong to one
 * thread; another thread takes its own with repository_again().
 */
#ifndef PLANLINT_REPOSITORY_REPOSITORY_H
#define PLANLINT_REPOSITORY_REPOSITORY_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* --- object ids */

enum { OBJECT_ID_SIZE = 20, OBJECT_ID_HEX = 40 };

struct object_id {
	unsigned char bytes[OBJECT_ID_SIZE];
};

bool object_id_equal(const struct object_id *a, const struct object_id *b);
int object_id_compare(const struct object_id *a, const struct object_id *b);
bool object_id_is_zero(const struct object_id *id);
void object_id_hex(char out[OBJECT_ID_HEX + 1], const struct object_id *id);

/* Reads 40 hexadecimal digits; false for anything else. */
bool object_id_parse(struct object_id *out, struct slice hex);

/* The id that git gives a blob with these bytes; computed here, collisions detected. */
int object_id_of_blob(struct object_id *out, const char *data, size_t size, struct error *error);

/* --- bytes of one file or blob */

struct bytes {
	const char *data; /* NULL where `size` is 0 or the limit was passed; not NUL-terminated */
	size_t size;      /* the true size, also where the limit was passed */
	bool over_limit;  /* nothing was read: the file is larger than the limit */
	void *owner;      /* for bytes_release() */
	void (*free_owner)(void *owner);
};

void bytes_release(struct bytes *bytes); /* a zeroed struct is allowed */

/* --- repository */

struct repository;

/*
 * Finds the repository of a folder as git does: GIT_DIR, GIT_COMMON_DIR, GIT_WORK_TREE,
 * GIT_INDEX_FILE, GIT_OBJECT_DIRECTORY, GIT_ALTERNATE_OBJECT_DIRECTORIES, GIT_CEILING_DIRECTORIES,
 * GIT_DISCOVERY_ACROSS_FILESYSTEM and safe.directory count. Returns 1 with `*out` set, 0 where
 * there is none (`*out` is NULL), or -1 with a sentence that says what to do (ownership, SHA-256,
 * ...).
 */
int repository_open(struct repository **out, const char *folder, struct error *error);
void repository_free(struct repository *repository); /* NULL is allowed */

/* The same repository for another thread; NULL with `error` on failure. Free it as well. */
struct repository *repository_again(const struct repository *repository, struct error *error);

/* Absolute, without a trailing slash; the worktree is NULL in a bare repository. */
const char *repository_git_folder(const struct repository *repository);
const char *repository_worktree(const struct repository *repository);

/* The place of `folder` within the worktree: "" at its top (or when bare), else "plans/old/". */
const char *repository_prefix(const struct repository *repository);

/* What a report must say about this repository: a set of flags, usually empty. */
enum repository_note {
	REPOSITORY_SHALLOW = 1 << 0, /* history ends at .git/shallow */
	REPOSITORY_REPLACE = 1 << 1, /* refs/replace exists and is ignored */
	REPOSITORY_GRAFTS = 1 << 2,  /* info/grafts exists and is ignored */
};
unsigned repository_notes(const struct repository *repository);

/*
 * The folder of the hooks, g_free: 1 where core.hooksPath names it (it may be relative to where the
 * hook runs), 0 where it is git's own, or -1.
 */
int repository_hooks_folder(char **out, struct repository *repository, struct error *error);

/*
 * The commit that a revision names: a full or abbreviated id, HEAD or @, a reference name, a tag
 * (peeled), each with ^, ^N, ~N, ^{commit}, ^0; BRANCH@{upstream} is not understood. Returns 0, or
 * -1 with a usage error (unknown, ambiguous, no commit) or a system error (unreadable).
 */
int repository_resolve(struct object_id *out, struct repository *repository, const char *revision,
		       struct error *error);

/* HEAD's commit: 1, or 0 where HEAD is unborn, or -1. MERGE_HEAD's ids: their number, or -1. */
int repository_head(struct object_id *out, struct repository *repository, struct error *error);
int repository_merge_heads(struct object_id **out, struct arena *arena,
			   struct repository *repository, struct error *error);

/*
 * Reads a blob whose size, known from its header, is at most `limit` (0: none). In quarantine
 * (GIT_OBJECT_DIRECTORY) bytes that do not have this id are an error.
 */
int repository_read_blob(struct bytes *out, struct repository *repository,
			 const struct object_id *id, size_t limit, struct error *error);

/* --- snapshot: the files of one state */

enum entry_kind {
	ENTRY_FILE, /* executable or not */
	ENTRY_SYMLINK,
	ENTRY_SUBMODULE,
};

struct snapshot_entry {
	const char *path; /* from the snapshot's root, with '/'; bytes, UTF-8 not promised */
	size_t path_len;
	enum entry_kind kind;
	bool has_id; /* false: a file of the worktree or a plain folder */
	struct object_id id;
};

struct snapshot;

/*
 * Each lists its files at once, sorted by path bytes; contents are read on demand. All return 0, or
 * -1 with `error`. The repository must outlive the snapshot.
 *
 * worktree: what git would show there: tracked files that exist, untracked ones that are not
 *           ignored. Not `.git`, not what is behind a symlink or in another repository.
 * index:    what the next commit will hold. Unmerged entries are an error; intent-to-add ones are
 *           left out.
 * folder:   every file under a plain folder outside any repository; `.git` folders are skipped, and
 *           what `wants` (NULL: everything) does not want.
 */
typedef bool snapshot_wants(void *context, const char *path, bool is_folder);
int snapshot_of_worktree(struct snapshot **out, struct repository *repository, struct error *error);
int snapshot_of_index(struct snapshot **out, struct repository *repository, struct error *error);
int snapshot_of_commit(struct snapshot **out, struct repository *repository,
		       const struct object_id *commit, struct error *error);
int snapshot_of_folder(struct snapshot **out, const char *folder, snapshot_wants *wants,
		       void *context, struct error *error);

/* No commit at all: no files. */
struct snapshot *snapshot_of_nothing(void);

/*
 * The merge of `theirs` into `ours`, made in memory. Returns 1 where it is clean, 0 where it is not
 * (`*out` is NULL), -1 on an error. A commit that contains the other wins as it is.
 */
int snapshot_of_merge(struct snapshot **out, struct repository *repository,
		      const struct object_id *ours, const struct object_id *theirs,
		      struct error *error);

void snapshot_free(struct snapshot *snapshot); /* NULL is allowed */

/* The git folder of its repository; NULL for a plain folder. */
const char *snapshot_where(const struct snapshot *snapshot);

const struct snapshot_entry *snapshot_entries(const struct snapshot *snapshot, size_t *count);

/* The entry with this path, or NULL. */
const struct snapshot_entry *snapshot_find(const struct snapshot *snapshot, const char *path,
					   size_t path_len);

/*
 * Reads a file; a symlink or submodule is an assertion. A file of the worktree is opened without
 * following a symlink in any part of its path. `limit` as for blobs.
 */
int snapshot_read(struct bytes *out, struct snapshot *snapshot, const struct snapshot_entry *entry,
		  size_t limit, struct error *error);

/*
 * Puts a file into the state, or other bytes in place of those that it has: what stands on standard
 * input under the name of a file. One for a snapshot; the bytes must outlive it.
 */
void snapshot_put(struct snapshot *snapshot, const char *path, const char *data, size_t size);

/*
 * Reads a file below a folder of the disk, following no symlink below `root`. As snapshot_read();
 * 1 where there is no such file.
 */
int folder_read(struct bytes *out, const char *root, const char *path, size_t limit,
		struct error *error);

/* Reads any blob of a snapshot by its id, also one that a merge made in memory. */
int snapshot_read_blob(struct bytes *out, struct snapshot *snapshot, const struct object_id *id,
		       size_t limit, struct error *error);

/* The commits that are best common ancestors of two; 0 of them is no error. Number, or -1. */
int repository_merge_bases(struct object_id **out, struct arena *arena,
			   struct repository *repository, const struct object_id *a,
			   const struct object_id *b, struct error *error);

/* --- history */

struct history_options {
	const char *const *revisions; /* A, ^A, A..B, A...B; none: HEAD */
	size_t revision_count;
	bool all;          /* every reference as well, and HEAD */
	bool not_all;      /* nothing that a reference leads to */
	bool first_parent; /* only first parents exist */
	bool has_since;
	int64_t since; /* only commits whose committer date is not before */
	bool has_until;
	int64_t until; /* only commits whose committer date is not after */
	const volatile sig_atomic_t *interrupted; /* non-zero: end (1); may be NULL */
};

/* One commit of a history. */
struct history_commit {
	struct object_id id;
	struct object_id tree;
	const uint32_t *parents; /* indexes into the history, each below this commit's own */
	uint32_t parent_count;   /* after shallow and first-parent cuts */
	bool wanted;             /* within the range; others are ancestors of it */
	bool is_cut;             /* has parents that this (shallow) repository does not hold */
	int64_t date;            /* committer date, seconds since 1970 */
};

/*
 * All commits of a range and all their ancestors, parents before children, ties by committer date,
 * then id. Replace references and grafts do not count.
 */
struct history {
	struct history_commit *commits;
	size_t count;
	size_t wanted_count;
	struct arena arena;
};

/*
 * Returns 0, or -1: usage (unknown revision, unborn HEAD, malformed range) or system; 1 where it
 * was interrupted (the history is empty).
 */
int history_read(struct history *out, struct repository *repository,
		 const struct history_options *options, struct error *error);
void history_release(struct history *history);

/* The same, slowly and by the definition alone: for the oracle of the audit. */
int history_read_plainly(struct history *out, struct repository *repository,
			 const struct history_options *options, struct error *error);

/* The texts of a commit, as its bytes say; invalid UTF-8 is kept. */
struct commit_text {
	struct slice author;       /* name */
	struct slice author_email; /* without <> */
	int64_t author_date;
	int author_offset; /* minutes east of UTC */
	int64_t date;      /* the committer's */
	int offset;
	struct slice committer;
	struct slice committer_email;
	struct slice subject; /* the first paragraph in one line */
	struct slice message;
};

int repository_commit_text(struct commit_text *out, struct arena *arena,
			   struct repository *repository, const struct object_id *commit,
			   struct error *error);

/* People's names and mails as .mailmap says: the worktree's, in a bare repository HEAD's. */
struct mailmap;
int mailmap_read(struct mailmap **out, struct repository *repository, struct error *error);
void mailmap_free(struct mailmap *mailmap); /* NULL is allowed */

/* Puts what .mailmap says in place of a name and a mail, in the arena. NULL leaves them. */
void mailmap_apply(const struct mailmap *mailmap, struct slice *name, struct slice *mail,
		   struct arena *arena);

/* --- difference of two trees */

/* A file that is not the same in both. Modes are git's (0100644, 0120000, 0160000); 0: not there.
 */
struct tree_change {
	const char *path; /* valid during the call */
	size_t path_len;
	struct object_id old_id;
	struct object_id new_id;
	uint32_t old_mode;
	uint32_t new_mode;
};

/* Is it a file, executable or not? */
static inline bool mode_is_file(uint32_t mode)
{
	return (mode & 0170000) == 0100000;
}

typedef int tree_change_fn(void *context, const struct tree_change *change);

/*
 * Calls `change` for each file that differs between two trees (NULL: the empty tree), in the order
 * of git diff-tree -r. Equal subtrees are never opened. A callback that returns non-zero ends the
 * walk with that value. Returns 0, or -1 with `error` (missing or malformed tree, too many paths).
 */
int tree_difference(struct repository *repository, const struct object_id *old_tree,
		    const struct object_id *new_tree, tree_change_fn *change, void *context,
		    struct error *error);

#endif
