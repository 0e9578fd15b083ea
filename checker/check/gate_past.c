/*
 * What a gate knows of the past. A gate compares states, and a node of the change may differ from
 * that of a side in a way that a rule forbids although all is well: it was brought back to its
 * accepted version, or came there step by step. So where, and only where, a step looks forbidden,
 * the real history of the commits concerned is walked for their files alone, with the change as a
 * commit on top of it, and what it says of each side and of the change is what counts.
 */
#include "check/audit_steps.h"
#include "check/audit_walk.h"

#include <string.h>

struct past {
	struct audit *audit;
	GHashTable **memories; /* of each commit of the gate: full path -> struct memory */
	uint32_t *commits;     /* where it stands in the history */
	uint32_t count;
};

const struct memory *gate_past_memory(const struct past *past, uint32_t commit,
				      const struct place *place)
{
	return g_hash_table_lookup(past->memories[commit], place->full_path);
}

void gate_past_free(struct past *past)
{
	if (!past)
		return;
	for (uint32_t i = 0; i < past->count; i++)
		g_hash_table_destroy(past->memories[i]);
	if (past->audit->only)
		g_hash_table_destroy(past->audit->only);
	audit_free(past->audit);
	g_free(past->memories);
	g_free(past->commits);
	g_free(past);
}

static uint32_t number_of(const struct history *history, const struct object_id *id)
{
	for (size_t i = 0; i < history->count; i++)
		if (object_id_equal(&history->commits[i].id, id))
			return (uint32_t)i;
	return 0;
}

/* All that the sides and the tips are made of. */
static int read_history(struct audit *audit, const struct gate_commits *commits)
{
	uint32_t count = commits->side_count + commits->tip_count;
	char(*hex)[OBJECT_ID_HEX + 1] = g_malloc0_n(count, sizeof(*hex));
	const char **revisions = g_new0(const char *, count);
	struct history_options range = {.revisions = revisions,
					.revision_count = count,
					.interrupted = audit->options.interrupted};
	int result;

	for (uint32_t i = 0; i < count; i++) {
		object_id_hex(hex[i], i < commits->side_count
					      ? &commits->sides[i]
					      : &commits->tips[i - commits->side_count]);
		revisions[i] = hex[i];
	}
	result = history_read(&audit->history, audit->repository, &range, audit->error);
	g_free(hex);
	g_free(revisions);
	return result;
}

/* The change, as a commit on top of them. */
static void add_change(struct audit *audit, const struct gate_commits *commits)
{
	struct history *history = &audit->history;
	struct history_commit *all = arena_array(&history->arena, history->count + 1, sizeof(*all));
	uint32_t *parents = arena_array(&history->arena, commits->tip_count, sizeof(*parents));

	if (history->count)
		memcpy(all, history->commits, history->count * sizeof(*all));
	for (uint32_t i = 0; i < commits->tip_count; i++)
		parents[i] = number_of(history, &commits->tips[i]);
	all[history->count] = (struct history_commit){.parents = parents,
						      .parent_count = commits->tip_count};
	history->commits = all;
	history->count++;
}

static void remember(void *context, uint32_t key, uint64_t before, uint64_t after)
{
	const struct piece *piece = piece_of(after);

	(void)key;
	(void)before;
	if (!piece->is_gone && !piece->verdict->readable)
		piece = piece->shadow;
	if (piece && piece->memory)
		g_hash_table_insert(context, (gpointer)piece->place->full_path,
				    (gpointer)piece->memory);
}

static void take_commit(void *context, uint32_t commit, const struct pmap *pieces)
{
	struct past *past = context;
	static const struct pmap nothing;

	for (uint32_t i = 0; i < past->count; i++)
		if (past->commits[i] == commit)
			pmap_difference(&nothing, pieces, remember, past->memories[i]);
}

/* The paths that count, at first: those of the change. */
static GHashTable *paths_of(const GPtrArray *places)
{
	GHashTable *paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < places->len; i++) {
		const struct place *place = g_ptr_array_index(places, i);

		g_hash_table_add(paths, g_strdup(place->full_path));
	}
	return paths;
}

static int walk_past(struct past *past, const struct gate_commits *commits)
{
	struct audit *audit = past->audit;
	int result = read_history(audit, commits);

	if (result)
		return result;
	add_change(audit, commits);
	audit->under = commits->first;
	struct snapshot **snapshots = g_new0(struct snapshot *, audit->history.count);

	snapshots[audit->history.count - 1] = commits->change;
	audit->snapshots = snapshots;
	for (uint32_t i = 0; i < commits->side_count; i++)
		past->commits[i] = number_of(&audit->history, &commits->sides[i]);
	past->commits[commits->side_count] = (uint32_t)audit->history.count - 1;
	result = audit_walk_steps(audit, take_commit, past);
	audit->snapshots = NULL;
	g_free(snapshots);
	return result;
}

int gate_past_read(struct audit *audit, const GPtrArray *places)
{
	const struct gate_commits *commits = audit->gate_commits;
	struct past *past = g_new0(struct past, 1);
	int result;

	past->count = commits->side_count + 1;
	past->commits = g_new0(uint32_t, past->count);
	past->memories = g_new0(GHashTable *, past->count);
	for (uint32_t i = 0; i < past->count; i++)
		past->memories[i] = g_hash_table_new(g_str_hash, g_str_equal);
	past->audit = g_new0(struct audit, 1);
	past->audit->options = audit->options;
	past->audit->options.progress = NULL;
	past->audit->repository = audit->repository;
	past->audit->blobs = audit->blobs;
	past->audit->error = audit->error;
	audit_tables_init(past->audit);
	past->audit->only = paths_of(places);
	audit->past = past;
	result = walk_past(past, commits);
	return result ? result : AUDIT_AGAIN;
}
