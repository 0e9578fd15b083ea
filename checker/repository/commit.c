/*
 * The bytes of a commit object (git help git-hash-object; fsck.c is git's own reading): the tree,
 * the parents, who and when, then the message. Read leniently where git does: a date that is no
 * number counts as 0, texts are kept as the bytes they are.
 */
#include "repository/internal.h"

#include <string.h>

/* The line at the start of `rest` if it begins with `word` and a blank; moves behind it. */
static bool take_line(struct slice *out, struct slice *rest, const char *word)
{
	size_t len = strlen(word);
	const char *end = rest->len ? memchr(rest->data, '\n', rest->len) : NULL;

	if (!end || (size_t)(end - rest->data) < len + 1 || memcmp(rest->data, word, len) ||
	    rest->data[len] != ' ')
		return false;
	*out = (struct slice){rest->data + len + 1, (size_t)(end - rest->data) - len - 1};
	rest->len -= (size_t)(end + 1 - rest->data);
	rest->data = end + 1;
	return true;
}

/* Skips further headers (encoding, gpgsig with its continued lines) up to the empty line. */
static struct slice message_in(struct slice rest)
{
	while (rest.len && *rest.data != '\n') {
		const char *end = memchr(rest.data, '\n', rest.len);

		if (!end)
			return (struct slice){"", 0};
		rest.len -= (size_t)(end + 1 - rest.data);
		rest.data = end + 1;
	}
	return rest.len ? (struct slice){rest.data + 1, rest.len - 1} : (struct slice){"", 0};
}

bool raw_commit_parse(struct raw_commit *out, const char *data, size_t size)
{
	struct slice rest = {data, size}, line;
	struct object_id id;

	g_array_set_size(out->parents, 0);
	if (!take_line(&line, &rest, "tree") || !object_id_parse(&out->tree, line))
		return false;
	while (take_line(&line, &rest, "parent")) {
		if (!object_id_parse(&id, line))
			return false;
		g_array_append_val(out->parents, id);
	}
	out->author = out->committer = (struct slice){"", 0};
	if (!take_line(&out->author, &rest, "author") ||
	    !take_line(&out->committer, &rest, "committer"))
		return false;
	out->message = message_in(rest);
	return true;
}

/* NAME <EMAIL> SECONDS +HHMM; git looks for the last '>'. */
int64_t signature_date(struct slice signature, int *offset)
{
	size_t at = signature.len;
	char digits[64];
	char *zone;

	while (at && signature.data[at - 1] != '>')
		at--;
	size_t len = MIN(signature.len - at, sizeof(digits) - 1);

	memcpy(digits, signature.data + at, len);
	digits[len] = '\0';
	int64_t date = g_ascii_strtoll(digits, &zone, 10);
	int hours_minutes = (int)g_ascii_strtoll(zone, NULL, 10);

	if (offset)
		*offset = hours_minutes > -10000 && hours_minutes < 10000
				  ? hours_minutes / 100 * 60 + hours_minutes % 100
				  : 0;
	return at ? date : 0;
}

static struct slice trimmed(struct slice text)
{
	while (text.len && g_ascii_isspace(text.data[text.len - 1]))
		text.len--;
	while (text.len && g_ascii_isspace(*text.data))
		text.data++, text.len--;
	return text;
}

static void split_signature(struct slice signature, struct slice *name, struct slice *email)
{
	const char *open = signature.len ? memchr(signature.data, '<', signature.len) : NULL;

	*name = trimmed(signature);
	*email = (struct slice){"", 0};
	if (!open)
		return;
	const char *close = memchr(open, '>', (size_t)(signature.data + signature.len - open));

	*name = trimmed((struct slice){signature.data, (size_t)(open - signature.data)});
	if (close)
		*email = (struct slice){open + 1, (size_t)(close - open) - 1};
}

/* The first paragraph in one line, as git log --format=%s. */
static struct slice subject_of(struct arena *arena, struct slice message)
{
	GString *subject = g_string_new(NULL);
	struct slice rest = message;

	while (rest.len) {
		const char *end = memchr(rest.data, '\n', rest.len);
		size_t len = end ? (size_t)(end - rest.data) : rest.len;
		struct slice line = trimmed((struct slice){rest.data, len});

		if (!line.len && subject->len)
			break;
		if (line.len && subject->len)
			g_string_append_c(subject, ' ');
		g_string_append_len(subject, line.data, (gssize)line.len);
		len += end != NULL;
		rest = (struct slice){rest.data + len, rest.len - len};
	}
	struct slice result = {arena_dup(arena, subject->str, subject->len), subject->len};

	g_string_free(subject, TRUE);
	return result;
}

int repository_commit_text(struct commit_text *out, struct arena *arena,
			   struct repository *repository, const struct object_id *commit,
			   struct error *error)
{
	struct raw_commit raw = {.parents = g_array_new(FALSE, FALSE, sizeof(struct object_id))};
	git_odb_object *object = NULL;
	int result = object_read(&object, repository, commit, GIT_OBJECT_COMMIT, 0, error);

	*out = (struct commit_text){0};
	if (!result) {
		size_t size = git_odb_object_size(object);
		const char *data = arena_dup(arena, git_odb_object_data(object), size);

		if (!raw_commit_parse(&raw, data, size)) {
			char hex[OBJECT_ID_HEX + 1];

			object_id_hex(hex, commit);
			result = error_set(error, "commit %s is malformed; run: git fsck", hex);
		} else {
			split_signature(raw.author, &out->author, &out->author_email);
			split_signature(raw.committer, &out->committer, &out->committer_email);
			out->author_date = signature_date(raw.author, &out->author_offset);
			out->date = signature_date(raw.committer, &out->offset);
			out->message = raw.message;
			out->subject = subject_of(arena, raw.message);
		}
	}
	git_odb_object_free(object);
	g_array_free(raw.parents, TRUE);
	return result;
}
