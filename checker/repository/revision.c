/*
 * Revisions (git help gitrevisions), the part that names commits without searching: ids whole or
 * abbreviated, references by git's rules of completion, tags peeled, then ^, ^N, ~N, ^0, ^{},
 * ^{commit}. Read here and not by libgit2, whose `:/text` takes patterns from the user.
 *
 *	revision = base { "^" [ number ] | "~" [ number ] | "^{}" | "^{commit}" }
 */
#include "repository/internal.h"

#include <fcntl.h>
#include <string.h>

enum { TAG_CHAIN = 32, HEAD_CHAIN = 5 };

/* A reference in libgit2's store, symbolic ones followed: 1, 0, -1. */
static int stored_reference(struct object_id *out, struct repository *repository, const char *name,
			    struct error *error)
{
	git_oid oid;
	int valid = 0;

	if (git_reference_name_is_valid(&valid, name) || !valid)
		return 0;
	int code = git_reference_name_to_id(&oid, repository->git, name);

	if (code == GIT_ENOTFOUND || code == GIT_EINVALIDSPEC)
		return 0;
	if (code)
		return git_failed(error, name);
	*out = id_of(&oid);
	return 1;
}

/* The object that a full reference name stands for: 1, 0 not there, -1. */
static int read_reference(struct object_id *out, struct repository *repository, const char *name,
			  struct error *error);

/* HEAD, MERGE_HEAD, refs/bisect/...: files of the git folder, which may be a linked worktree's. */
static int own_reference(struct object_id *out, struct repository *repository, const char *name,
			 int depth, struct error *error)
{
	char *text = small_file_read(repository->places.git_folder, name, NULL);
	int result = 0;

	if (text && g_str_has_prefix(text, "ref:") && depth < HEAD_CHAIN) {
		char *target = g_strstrip(text + 4);

		result = g_str_has_prefix(target, "refs/")
				 ? read_reference(out, repository, target, error)
				 : own_reference(out, repository, target, depth + 1, error);
	} else if (text) {
		result = object_id_parse(out,
					 (struct slice){text, MIN(strlen(text), OBJECT_ID_HEX)});
	}
	g_free(text);
	return result;
}

static bool is_special(const char *name)
{
	return *name && strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == strlen(name);
}

static bool is_per_worktree(const char *name)
{
	return g_str_has_prefix(name, "refs/bisect/") || g_str_has_prefix(name, "refs/worktree/") ||
	       g_str_has_prefix(name, "refs/rewritten/");
}

static int read_reference(struct object_id *out, struct repository *repository, const char *name,
			  struct error *error)
{
	int valid = 0;

	if (is_special(name))
		return own_reference(out, repository, name, 0, error);
	if (git_reference_name_is_valid(&valid, name) || !valid)
		return 0;
	if (is_per_worktree(name))
		return own_reference(out, repository, name, 0, error);
	return stored_reference(out, repository, name, error);
}

/* git help gitrevisions: <refname>, in this order. */
static int completed_reference(struct object_id *out, struct repository *repository,
			       const char *name, struct error *error)
{
	static const char *const patterns[] = {"%s",
					       "refs/%s",
					       "refs/tags/%s",
					       "refs/heads/%s",
					       "refs/remotes/%s",
					       "refs/remotes/%s/HEAD"};

	for (size_t i = 0; i < G_N_ELEMENTS(patterns); i++) {
		char **parts = g_strsplit(patterns[i], "%s", 2);
		char *full = g_strjoinv(name, parts);
		int found = 0;

		if (i == 0 ? is_special(name) || g_str_has_prefix(name, "refs/") : true)
			found = read_reference(out, repository, full, error);
		g_free(full);
		g_strfreev(parts);
		if (found)
			return found;
	}
	return 0;
}

static int abbreviated_id(struct object_id *out, struct repository *repository, const char *text,
			  struct error *error)
{
	size_t len = strlen(text);
	char hex[OBJECT_ID_HEX + 1] = "0000000000000000000000000000000000000000";
	struct object_id prefix;
	git_oid found;

	if (len < 4 || len > OBJECT_ID_HEX || strspn(text, "0123456789abcdefABCDEF") != len)
		return 0;
	memcpy(hex, text, len);
	object_id_parse(&prefix, slice_of(hex));
	int code = git_odb_exists_prefix(&found, repository->odb, oid_of(&prefix), len);

	if (code == GIT_EAMBIGUOUS)
		return error_usage(
			error, "several objects have ids that begin with \"%s\"; write more of it",
			text);
	if (code == GIT_ENOTFOUND)
		return 0;
	if (code)
		return git_failed(error, text);
	*out = id_of(&found);
	return 1;
}

static int base_resolve(struct object_id *out, struct repository *repository, const char *base,
			struct error *error)
{
	int found;

	if (object_id_parse(out, slice_of(base)))
		return 1;
	if (!strcmp(base, "@"))
		base = "HEAD";
	found = completed_reference(out, repository, base, error);
	return found ? found : abbreviated_id(out, repository, base, error);
}

/* Follows annotated tags to a commit. */
static int peel(struct object_id *id, struct repository *repository, const char *revision,
		struct error *error)
{
	for (int i = 0; i < TAG_CHAIN; i++) {
		git_odb_object *object;
		git_object_t type;
		size_t size;
		int code = git_odb_read_header(&size, &type, repository->odb, oid_of(id));

		if (code == GIT_ENOTFOUND)
			return object_missing(repository, id, error);
		if (code)
			return git_failed(error, revision);
		if (type == GIT_OBJECT_COMMIT)
			return 0;
		if (type != GIT_OBJECT_TAG)
			break;
		if (object_read(&object, repository, id, type, 0, error))
			return -1;
		const char *data = git_odb_object_data(object);
		bool sound = git_odb_object_size(object) > 48 && !memcmp(data, "object ", 7) &&
			     object_id_parse(id, (struct slice){data + 7, OBJECT_ID_HEX});

		git_odb_object_free(object);
		if (!sound)
			return error_set(error, "the tag \"%s\" is malformed; run: git fsck",
					 revision);
	}
	return error_usage(error, "\"%s\" names no commit", revision);
}

/* The N-th parent, or the commit itself for 0. */
static int step_to_parent(struct object_id *id, struct repository *repository, unsigned long number,
			  const char *revision, struct error *error)
{
	struct raw_commit raw = {.parents = g_array_new(FALSE, FALSE, sizeof(struct object_id))};
	git_odb_object *object = NULL;
	int result = object_read(&object, repository, id, GIT_OBJECT_COMMIT, 0, error);

	if (!result &&
	    !raw_commit_parse(&raw, git_odb_object_data(object), git_odb_object_size(object)))
		result = error_set(error, "a commit on the way to \"%s\" is malformed", revision);
	if (!result && number > raw.parents->len)
		result = error_usage(error, "unknown revision \"%s\": there is no such parent",
				     revision);
	if (!result && number)
		*id = g_array_index(raw.parents, struct object_id, number - 1);
	git_odb_object_free(object);
	g_array_free(raw.parents, TRUE);
	return result;
}

/* The suffixes, one after another. */
static int follow(struct object_id *id, struct repository *repository, const char *suffix,
		  const char *revision, struct error *error)
{
	while (*suffix) {
		char kind = *suffix++;
		unsigned long number = 1;
		char *end;

		if (kind == '^' &&
		    (g_str_has_prefix(suffix, "{}") || g_str_has_prefix(suffix, "{commit}"))) {
			suffix = strchr(suffix, '}') + 1;
			continue;
		}
		if (g_ascii_isdigit(*suffix)) {
			number = strtoul(suffix, &end, 10);
			suffix = end;
		}
		if ((kind != '^' && kind != '~') || number > 10000000)
			return error_usage(
				error,
				"planlint does not understand the revision \"%s\"; write a "
				"branch, a tag or a commit id, with ^ or ~N behind it",
				revision);
		unsigned long steps = kind == '~' ? number : 1;

		for (unsigned long i = 0; i < steps; i++)
			if (step_to_parent(id, repository, kind == '~' ? 1 : number, revision,
					   error))
				return -1;
	}
	return 0;
}

int repository_resolve(struct object_id *out, struct repository *repository, const char *revision,
		       struct error *error)
{
	size_t len = strcspn(revision, "^~");
	char *base = g_strndup(revision, len);
	int found = base_resolve(out, repository, base, error);

	g_free(base);
	if (found < 0)
		return -1;
	if (!found)
		return error_usage(error, "unknown revision \"%s\"", revision);
	if (peel(out, repository, revision, error))
		return -1;
	return follow(out, repository, revision + len, revision, error);
}

int repository_head(struct object_id *out, struct repository *repository, struct error *error)
{
	int found = read_reference(out, repository, "HEAD", error);

	if (found != 1)
		return found;
	return peel(out, repository, "HEAD", error) ? -1 : 1;
}

int repository_merge_heads(struct object_id **out, struct arena *arena,
			   struct repository *repository, struct error *error)
{
	char *text = small_file_read(repository->places.git_folder, "MERGE_HEAD", NULL);
	char **lines = g_strsplit(text ? text : "", "\n", -1);
	int count = 0;

	*out = arena_array(arena, g_strv_length(lines) + 1, sizeof(**out));
	for (char **line = lines; *line && count >= 0; line++) {
		if (!**line)
			continue;
		if (object_id_parse(*out + count, slice_of(*line)))
			count++;
		else
			count = error_set(error,
					  "the file MERGE_HEAD of this repository is malformed");
	}
	g_strfreev(lines);
	g_free(text);
	return count;
}

int repository_merge_bases(struct object_id **out, struct arena *arena,
			   struct repository *repository, const struct object_id *a,
			   const struct object_id *b, struct error *error)
{
	git_oidarray bases = {0};
	int code = git_merge_bases(&bases, repository->git, oid_of(a), oid_of(b));

	*out = NULL;
	if (code == GIT_ENOTFOUND && !(repository->notes & REPOSITORY_SHALLOW))
		return 0;
	if (code)
		return git_failed(error,
				  repository->notes & REPOSITORY_SHALLOW
					  ? "this is a shallow clone without the common history of "
					    "both sides (run: git fetch --unshallow)"
					  : "the common history of both sides cannot be read");
	*out = arena_array(arena, bases.count, sizeof(**out));
	for (size_t i = 0; i < bases.count; i++)
		(*out)[i] = id_of(&bases.ids[i]);
	int count = (int)bases.count;

	git_oidarray_dispose(&bases);
	return count;
}
