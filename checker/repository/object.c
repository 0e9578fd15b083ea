/*
 * Object ids and blobs. Every read asks for the header first, so that the size of an object is
 * known before its bytes are unpacked: 400 MB of zeros are less than 2 MB in a pack.
 *
 * libgit2's own verification of hashes is off (it is one switch for the whole process and slow).
 * What a push brings into quarantine is hashed here before it is judged.
 */
#include "repository/internal.h"

#include <assert.h>
#include <string.h>

/* Commits, tags and trees beyond this are refused; git's own trees stay far below. */
enum { STRUCTURE_LIMIT = 256 << 20 };

bool object_id_equal(const struct object_id *a, const struct object_id *b)
{
	return !memcmp(a->bytes, b->bytes, OBJECT_ID_SIZE);
}

int object_id_compare(const struct object_id *a, const struct object_id *b)
{
	return memcmp(a->bytes, b->bytes, OBJECT_ID_SIZE);
}

bool object_id_is_zero(const struct object_id *id)
{
	static const struct object_id zero;

	return object_id_equal(id, &zero);
}

void object_id_hex(char out[OBJECT_ID_HEX + 1], const struct object_id *id)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < OBJECT_ID_SIZE; i++) {
		out[2 * i] = digits[id->bytes[i] >> 4];
		out[2 * i + 1] = digits[id->bytes[i] & 15];
	}
	out[OBJECT_ID_HEX] = '\0';
}

bool object_id_parse(struct object_id *out, struct slice hex)
{
	if (hex.len != OBJECT_ID_HEX)
		return false;
	for (size_t i = 0; i < OBJECT_ID_SIZE; i++) {
		int high = g_ascii_xdigit_value(hex.data[2 * i]);
		int low = g_ascii_xdigit_value(hex.data[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out->bytes[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

int git_failed(struct error *error, const char *what)
{
	const git_error *last = git_error_last();

	return error_set(error, "%s: %s", error_words(what),
			 last && last->message ? last->message : error_words("no reason given"));
}

/* libgit2 changed the signature when it learnt of SHA-256; without that it stays this one. */
int object_id_of_blob(struct object_id *out, const char *data, size_t size, struct error *error)
{
	git_oid oid;

	git_libgit2_init();
	int failed = git_odb_hash(&oid, data ? data : "", size, GIT_OBJECT_BLOB);

	if (failed)
		git_failed(error, "cannot compute an object id");
	else
		*out = id_of(&oid);
	git_libgit2_shutdown();
	return failed ? -1 : 0;
}

int object_missing(struct repository *repository, const struct object_id *id, struct error *error)
{
	char hex[OBJECT_ID_HEX + 1];

	object_id_hex(hex, id);
	if (repository->is_partial)
		return error_set(error,
				 "this is a partial clone and object %s is not in it; "
				 "run: git fetch --refetch --no-filter",
				 hex);
	if (repository->notes & REPOSITORY_SHALLOW)
		return error_set(error,
				 "this is a shallow clone and object %s is not in it; "
				 "run: git fetch --unshallow",
				 hex);
	return error_set(error, "object %s is missing; run: git fsck", hex);
}

static int object_broken(const struct object_id *id, struct error *error)
{
	char what[OBJECT_ID_HEX + 32];
	char hex[OBJECT_ID_HEX + 1];

	object_id_hex(hex, id);
	g_snprintf(what, sizeof(what), "object %s cannot be read", hex);
	return git_failed(error, what);
}

/* Returns 0, 1 where the object is larger than the limit (its size is in `size`), or -1. */
static int header_read(size_t *size, struct repository *repository, const struct object_id *id,
		       git_object_t type, size_t limit, struct error *error)
{
	char hex[OBJECT_ID_HEX + 1];
	git_object_t actual;
	int code = git_odb_read_header(size, &actual, repository->odb, oid_of(id));

	if (code == GIT_ENOTFOUND)
		return object_missing(repository, id, error);
	if (code)
		return object_broken(id, error);
	if (actual != type) {
		object_id_hex(hex, id);
		return error_set(error, "object %s is a %s where a %s is expected", hex,
				 git_object_type2string(actual), git_object_type2string(type));
	}
	return limit && *size > limit;
}

/*
 * Reads an object without looking at its header before (guard.c). Returns 0, 1 where it is larger
 * than the limit (its size is in `size`), or -1.
 */
static int read_within(git_odb_object **out, size_t *size, struct repository *repository,
		       const struct object_id *id, git_object_t type, size_t limit,
		       struct error *error)
{
	int code, result;

	guard_begin(limit);
	code = git_odb_read(out, repository->odb, oid_of(id));
	guard_end();
	if (!code && git_odb_object_type(*out) == type &&
	    (!limit || git_odb_object_size(*out) <= limit))
		return 0;
	if (!code)
		git_odb_object_free(*out);
	*out = NULL;
	result = header_read(size, repository, id, type, limit, error);
	/* Within the limit after all, as an object may be that is made from a larger one. */
	if (!result && git_odb_read(out, repository->odb, oid_of(id)))
		return object_broken(id, error);
	return result;
}

int object_read(git_odb_object **out, struct repository *repository, const struct object_id *id,
		git_object_t type, size_t limit, struct error *error)
{
	char hex[OBJECT_ID_HEX + 1];
	size_t size;
	int result = read_within(out, &size, repository, id, type, limit ? limit : STRUCTURE_LIMIT,
				 error);

	if (result <= 0)
		return result;
	object_id_hex(hex, id);
	return error_set(error, "object %s is too large (%zu bytes)", hex, size);
}

static int lies(const struct object_id *id, struct error *error)
{
	char hex[OBJECT_ID_HEX + 1];

	object_id_hex(hex, id);
	return error_set(error, "object %s holds other bytes than its name says; run: git fsck",
			 hex);
}

/* libgit2 computes it with detection of collisions. */
static bool has_this_id(git_odb_object *object, const struct object_id *id)
{
	git_oid actual;

	return !git_odb_hash(&actual, git_odb_object_data(object), git_odb_object_size(object),
			     GIT_OBJECT_BLOB) &&
	       !git_oid_cmp(&actual, oid_of(id));
}

static void free_object(void *object)
{
	git_odb_object_free(object);
}

int repository_read_blob(struct bytes *out, struct repository *repository,
			 const struct object_id *id, size_t limit, struct error *error)
{
	git_odb_object *object;
	size_t size;
	int result = read_within(&object, &size, repository, id, GIT_OBJECT_BLOB, limit, error);

	*out = (struct bytes){0};
	if (result < 0)
		return -1;
	if (result) {
		*out = (struct bytes){.size = size, .over_limit = true};
		return 0;
	}
	if (repository->places.objects && !has_this_id(object, id)) {
		git_odb_object_free(object);
		return lies(id, error);
	}
	*out = (struct bytes){
		.data = git_odb_object_data(object),
		.size = git_odb_object_size(object),
		.owner = object,
		.free_owner = free_object,
	};
	return 0;
}

void bytes_release(struct bytes *bytes)
{
	if (bytes->free_owner)
		bytes->free_owner(bytes->owner);
	*bytes = (struct bytes){0};
}
