/*
 * The index: what the next commit will hold. Read from the path that git's environment names, so
 * that `git commit -a`, `git commit PATH` and `git commit -p` are judged by what they will really
 * commit.
 *
 * The file is read here and not by libgit2, which takes most of the time of a check of one staged
 * file: it makes an object of each entry and computes the checksum with a hash that looks for
 * attacks on it. As in git, only git fsck computes it: what is read here is what git would commit,
 * which is what is asked. Format: gitformat-index(5), versions 2, 3 and 4, without what needs
 * another file (a split index) or stands for many entries (a sparse one): those end in a sentence
 * with the command that helps.
 *
 * index = "DIRC" version count *entry *extension checksum
 */
#include "repository/internal.h"

#include "base/error.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	HEADER_SIZE = 12,
	STAT_SIZE = 40, /* times, device, inode, mode, owner, size */
	MODE_AT = 24,
	ENTRY_SIZE = STAT_SIZE + OBJECT_ID_SIZE + 2, /* ... id, flags; the path follows */
	NAME_MASK = 0xfff,
	EXTENDED = 0x4000,
	INTENT_TO_ADD = 0x2000, /* of the extended flags */
	EXTENSION_HEAD = 8,
};

#define SIZE_LIMIT (INT64_C(1) << 30)

struct index_reader {
	const char *name;
	const unsigned char *next;
	const unsigned char *end; /* of the last extension */
	uint32_t version;
	GString *path;     /* the last one */
	bool has_nameless; /* as a split index has, and no other */
	struct error *error;
};

static uint32_t number_at(const unsigned char *data)
{
	return (uint32_t)data[0] << 24 | (uint32_t)data[1] << 16 | (uint32_t)data[2] << 8 | data[3];
}

static int damaged(struct index_reader *reader)
{
	return error_set(reader->error,
			 "the index \"%s\" is damaged; delete that file, then run: git reset "
			 "(nothing is staged then)",
			 reader->name);
}

/* --- entry = stat id flags [extended flags] path */

/* version 4: a number n, seven bits a byte; the path is the last one without its last n bytes... */
static int read_prefix(struct index_reader *reader)
{
	size_t strip = 0;

	for (unsigned bytes = 0; reader->next < reader->end && bytes < 5; bytes++) {
		unsigned char byte = *reader->next++;

		strip = (strip << 7) + (byte & 0x7f) + (bytes ? 1u << 7 : 0);
		if (byte & 0x80)
			continue;
		if (strip > reader->path->len)
			return damaged(reader);
		g_string_truncate(reader->path, reader->path->len - strip);
		return 0;
	}
	return damaged(reader);
}

/* ... and what stands here up to a NUL. Older versions fill the entry up to eight bytes. */
static int read_path(struct index_reader *reader, const unsigned char *entry)
{
	const unsigned char *end;

	if (reader->version < 4)
		g_string_truncate(reader->path, 0);
	else if (read_prefix(reader))
		return -1;
	end = memchr(reader->next, '\0', (size_t)(reader->end - reader->next));
	if (!end)
		return damaged(reader);
	g_string_append_len(reader->path, (const char *)reader->next, end - reader->next);
	size_t size = (size_t)(end - entry) + 1;

	if (reader->version < 4)
		size = (size + 7) & ~(size_t)7;
	reader->has_nameless |= !reader->path->len;
	if (size > (size_t)(reader->end - entry))
		return damaged(reader);
	reader->next = entry + size;
	return 0;
}

static int read_entry(struct index_reader *reader, struct index_item *item)
{
	const unsigned char *entry = reader->next;
	uint32_t flags, extended = 0;

	if (reader->end - entry < ENTRY_SIZE + 2)
		return damaged(reader);
	flags = (uint32_t)entry[ENTRY_SIZE - 2] << 8 | entry[ENTRY_SIZE - 1];
	reader->next = entry + ENTRY_SIZE;
	if (flags & EXTENDED) {
		extended = (uint32_t)reader->next[0] << 8 | reader->next[1];
		reader->next += 2;
	}
	if ((flags & EXTENDED && reader->version < 3) || read_path(reader, entry))
		return damaged(reader);
	if (reader->path->len < NAME_MASK ? reader->path->len != (flags & NAME_MASK)
					  : (flags & NAME_MASK) != NAME_MASK)
		return damaged(reader);
	*item = (struct index_item){
		.path = reader->path->str,
		.path_len = reader->path->len,
		.mode = number_at(entry + MODE_AT),
		.stage = flags >> 12 & 3,
		.is_intended = extended & INTENT_TO_ADD,
	};
	memcpy(item->id.bytes, entry + STAT_SIZE, OBJECT_ID_SIZE);
	return 0;
}

/* --- extension = signature size data; a signature that begins with a capital may be passed over */

static int read_extension(struct index_reader *reader)
{
	const char *signature = (const char *)reader->next;
	uint32_t size;

	if (reader->end - reader->next < EXTENSION_HEAD)
		return damaged(reader);
	size = number_at(reader->next + 4);
	reader->next += EXTENSION_HEAD;
	if (size > (size_t)(reader->end - reader->next))
		return damaged(reader);
	reader->next += size;
	if (g_ascii_isupper(*signature))
		return 0;
	if (!memcmp(signature, "link", 4))
		return error_set(reader->error,
				 "the index is split, which planlint cannot read; run: "
				 "git update-index --no-split-index");
	if (!memcmp(signature, "sdir", 4))
		return error_set(reader->error,
				 "the index is sparse, which planlint cannot read; run: "
				 "git sparse-checkout reapply --no-sparse-index");
	return error_set(reader->error, "the index holds \"%.4s\", which planlint does not know",
			 signature);
}

/* --- the file */

static int read_all(struct index_reader *reader, const unsigned char *data, size_t size,
		    index_each *each, void *context)
{
	struct index_item item;
	int result = 0;

	if (size < HEADER_SIZE + OBJECT_ID_SIZE || memcmp(data, "DIRC", 4) != 0)
		return damaged(reader);
	size -= OBJECT_ID_SIZE;
	reader->version = number_at(data + 4);
	reader->next = data + HEADER_SIZE;
	reader->end = data + size;
	if (reader->version < 2 || reader->version > 4)
		return error_set(reader->error,
				 "the index is of version %u, which planlint cannot read; run: "
				 "git update-index --index-version 4",
				 reader->version);
	for (uint32_t left = number_at(data + 8); left && !result; left--) {
		result = read_entry(reader, &item);
		if (!result && item.path_len)
			result = each(context, &item);
	}
	while (!result && reader->next < reader->end)
		result = read_extension(reader);
	return !result && reader->has_nameless ? damaged(reader) : result;
}

/* 1 read, 0 it is not there, -1. */
static int load(char **data, size_t *size, struct index_reader *reader)
{
	errno = 0;
	int file = open(reader->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status = {0};

	*data = NULL;
	if (file < 0 && errno == ENOENT)
		return 0;
	if (file >= 0 && !fstat(file, &status) && S_ISREG(status.st_mode) &&
	    status.st_size <= SIZE_LIMIT)
		*data = file_read_all(file, (size_t)status.st_size, size);
	if (file >= 0)
		close(file);
	if (*data && *size <= (size_t)status.st_size)
		return 1;
	return error_set(reader->error, "the index \"%s\" cannot be read: %s", reader->name,
			 errno ? g_strerror(errno) : error_words("it is no file of git's"));
}

int index_read(struct repository *repository, index_each *each, void *context, struct error *error)
{
	struct index_reader reader = {.name = repository->places.index_file, .error = error};
	char *data;
	size_t size = 0;
	int result = load(&data, &size, &reader);

	reader.path = g_string_new(NULL);
	if (result > 0)
		result = read_all(&reader, (const unsigned char *)data, size, each, context);
	g_string_free(reader.path, TRUE);
	g_free(data);
	return result;
}

/* --- as a snapshot */

struct staged {
	struct snapshot *snapshot;
	GArray *entries;
	struct error *error;
};

/* Git keeps them in order, each once. */
static bool is_next(const GArray *entries, const struct index_item *item)
{
	const struct snapshot_entry *last;

	if (!entries->len)
		return true;
	last = &g_array_index(entries, struct snapshot_entry, entries->len - 1);
	return slice_compare((struct slice){last->path, last->path_len},
			     (struct slice){item->path, item->path_len}) < 0;
}

static int add_staged(void *context, const struct index_item *item)
{
	struct staged *staged = context;

	if (item->stage)
		return error_set(staged->error,
				 "\"%s\" is not merged yet; settle the conflict, then run: "
				 "git add \"%s\"",
				 item->path, item->path);
	if (!is_next(staged->entries, item)) {
		struct index_reader reader = {
			.name = staged->snapshot->repository->places.index_file,
			.error = staged->error};
		return damaged(&reader);
	}
	if (!item->is_intended)
		snapshot_add(staged->snapshot, staged->entries, item->path, item->path_len,
			     item->mode, &item->id);
	return 0;
}

int snapshot_of_index(struct snapshot **out, struct repository *repository, struct error *error)
{
	struct staged staged = {
		.snapshot = snapshot_new(repository),
		.entries = g_array_new(FALSE, FALSE, sizeof(struct snapshot_entry)),
		.error = error,
	};
	int result = index_read(repository, add_staged, &staged, error);

	snapshot_finish(out, staged.snapshot, staged.entries, !result);
	return result;
}
