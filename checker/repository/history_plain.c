/*
 * The commits of a range by the definition: all that the revisions reach, one list searched from
 * end to end; `wanted` is what a positive revision reaches and no negative one; then, again and
 * again, of the commits whose parents are all out the one with the smallest date, then id.
 *
 * For the oracle of the audit, against which history.c is tested. It shares with it what a revision
 * means and how the bytes of a commit are read.
 */
#include "repository/internal.h"

#include <string.h>

struct plain {
	struct object_id id;
	struct object_id tree;
	int64_t date;
	GArray *parents; /* uint32_t */
	uint8_t flags;
	bool is_cut;
	bool is_out;
	uint32_t place;
};

struct reading {
	struct repository *repository;
	const struct history_options *options;
	GArray *commits; /* struct plain */
	char **shallow;  /* lines of the file */
};

static struct plain *commit_at(const struct reading *reading, uint32_t number)
{
	return &g_array_index(reading->commits, struct plain, number);
}

static uint32_t find(struct reading *reading, const struct object_id *id)
{
	struct plain new = {.id = *id};

	for (guint i = 0; i < reading->commits->len; i++)
		if (object_id_equal(&commit_at(reading, i)->id, id))
			return i;
	new.parents = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	g_array_append_val(reading->commits, new);
	return reading->commits->len - 1;
}

static bool is_shallow(const struct reading *reading, const struct object_id *id)
{
	char hex[OBJECT_ID_HEX + 1];

	object_id_hex(hex, id);
	return g_strv_contains((const char *const *)reading->shallow, hex);
}

static int read_one(struct reading *reading, uint32_t number, struct error *error)
{
	struct raw_commit raw = {.parents = g_array_new(FALSE, FALSE, sizeof(struct object_id))};
	struct object_id id = commit_at(reading, number)->id;
	bool cut = is_shallow(reading, &id);
	git_odb_object *object;
	int result = object_read(&object, reading->repository, &id, GIT_OBJECT_COMMIT, 0, error);

	if (!result) {
		if (!raw_commit_parse(&raw, git_odb_object_data(object),
				      git_odb_object_size(object))) {
			char hex[OBJECT_ID_HEX + 1];

			object_id_hex(hex, &id);
			result = error_set(error, "commit %s is malformed; run: git fsck", hex);
		} else {
			commit_at(reading, number)->date = signature_date(raw.committer, NULL);
		}
		git_odb_object_free(object);
	}
	for (guint i = 0; !result && !cut && i < raw.parents->len; i++) {
		uint32_t parent = find(reading, &g_array_index(raw.parents, struct object_id, i));

		g_array_append_val(commit_at(reading, number)->parents, parent);
	}
	if (!result) {
		commit_at(reading, number)->tree = raw.tree;
		commit_at(reading, number)->is_cut = cut && raw.parents->len;
	}
	g_array_free(raw.parents, TRUE);
	return result;
}

static uint32_t used(const struct plain *commit, bool first_only)
{
	return first_only ? MIN(commit->parents->len, 1) : commit->parents->len;
}

/* Marks a commit and all that it reaches: what is marked marks its parents, until nothing is new.
 */
static void mark(const struct reading *reading, uint32_t number, uint8_t flag, bool first_only)
{
	GArray *waiting = g_array_new(FALSE, FALSE, sizeof(uint32_t));

	g_array_append_val(waiting, number);
	for (guint i = 0; i < waiting->len; i++) {
		struct plain *commit = commit_at(reading, g_array_index(waiting, uint32_t, i));
		uint32_t count = commit->flags & flag ? 0 : used(commit, first_only);

		commit->flags |= flag;
		if (count)
			g_array_append_vals(waiting, commit->parents->data, count);
	}
	g_array_free(waiting, TRUE);
}

/* Commits of the range, and with them all their ancestors. */
static void choose(const struct reading *reading)
{
	const struct history_options *options = reading->options;

	for (guint i = 0; i < reading->commits->len; i++) {
		struct plain *commit = commit_at(reading, i);
		bool is_in_time = !(options->has_since && commit->date < options->since) &&
				  !(options->has_until && commit->date > options->until);
		bool is_left_out = commit->flags & UNWANTED ||
				   (commit->flags & (LEFT | RIGHT)) == (LEFT | RIGHT);

		if (!is_in_time || is_left_out)
			commit->flags &= (uint8_t)~WANTED;
	}
	for (guint i = 0; i < reading->commits->len; i++)
		if (commit_at(reading, i)->flags & WANTED)
			mark(reading, i, KEPT, options->first_parent);
}

static bool is_ready(const struct reading *reading, const struct plain *commit)
{
	bool ready = commit->flags & KEPT && !commit->is_out;

	for (uint32_t p = 0; ready && p < used(commit, reading->options->first_parent); p++)
		ready = commit_at(reading, g_array_index(commit->parents, uint32_t, p))->is_out;
	return ready;
}

static struct plain *next_of(const struct reading *reading)
{
	struct plain *best = NULL;

	for (guint i = 0; i < reading->commits->len; i++) {
		struct plain *commit = commit_at(reading, i);

		if (is_ready(reading, commit) &&
		    (!best || commit->date < best->date ||
		     (commit->date == best->date && object_id_compare(&commit->id, &best->id) < 0)))
			best = commit;
	}
	return best;
}

static void put_in_order(struct history *history, const struct reading *reading)
{
	struct plain *commit;

	history->commits = arena_array(&history->arena, reading->commits->len,
				       sizeof(*history->commits));
	while ((commit = next_of(reading))) {
		uint32_t count = used(commit, reading->options->first_parent);
		uint32_t *parents = arena_array(&history->arena, count, sizeof(*parents));

		for (uint32_t p = 0; p < count; p++)
			parents[p] = commit_at(reading, g_array_index(commit->parents, uint32_t, p))
					     ->place;
		commit->is_out = true;
		commit->place = (uint32_t)history->count;
		history->wanted_count += (commit->flags & WANTED) != 0;
		history->commits[history->count++] = (struct history_commit){
			.id = commit->id,
			.tree = commit->tree,
			.parents = parents,
			.parent_count = count,
			.wanted = (commit->flags & WANTED) != 0,
			.is_cut = commit->is_cut,
			.date = commit->date,
		};
	}
}

static int read_all(struct reading *reading, const GArray *tips, struct error *error)
{
	const volatile sig_atomic_t *interrupted = reading->options->interrupted;
	int result = 0;

	for (guint i = 0; i < tips->len; i++)
		find(reading, &g_array_index(tips, struct tip, i).id);
	for (uint32_t i = 0; !result && i < reading->commits->len; i++)
		result = interrupted && *interrupted ? 1 : read_one(reading, i, error);
	for (guint i = 0; !result && i < tips->len; i++) {
		const struct tip *tip = &g_array_index(tips, struct tip, i);
		uint32_t number = find(reading, &tip->id);

		for (unsigned flag = WANTED; flag <= RIGHT; flag <<= 1)
			if (tip->flags & flag)
				mark(reading, number, (uint8_t)flag,
				     flag == WANTED && reading->options->first_parent);
	}
	return result;
}

int history_read_plainly(struct history *out, struct repository *repository,
			 const struct history_options *options, struct error *error)
{
	char *lines = small_file_read(repository->places.common_folder, "shallow", NULL);
	GArray *tips = g_array_new(FALSE, FALSE, sizeof(struct tip));
	struct reading reading = {
		.repository = repository,
		.options = options,
		.commits = g_array_new(FALSE, FALSE, sizeof(struct plain)),
		.shallow = g_strsplit(lines ? lines : "", "\n", -1),
	};
	int result = history_tips(tips, repository, options, error);

	*out = (struct history){0};
	if (!result)
		result = read_all(&reading, tips, error);
	if (!result) {
		choose(&reading);
		put_in_order(out, &reading);
	}
	for (guint i = 0; i < reading.commits->len; i++)
		g_array_free(commit_at(&reading, i)->parents, TRUE);
	g_array_free(reading.commits, TRUE);
	g_array_free(tips, TRUE);
	g_strfreev(reading.shallow);
	g_free(lines);
	return result;
}
