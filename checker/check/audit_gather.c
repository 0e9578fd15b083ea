/*
 * The wide part of the audit, which threads share: every commit's tree is compared with its first
 * parent's, then every distinct blob among the changes is judged. Each thread has its own handle of
 * the repository and its own scratch memory; what they find is put together in the order of the
 * history, so nothing depends on which of them was faster.
 */
#include "check/audit_gather.h"

#include "check/audit_steps.h"
#include "check/replay.h"

#include <string.h>

enum { COMMITS_AT_ONCE = 64, TASKS_AT_ONCE = 16, SECONDS_A_DAY = 86400 };

/* A blob to judge; or the step to it, which transitions are about. */
struct task {
	struct object_id blob;
	struct object_id before; /* zero: no step */
	struct place *place;
	int32_t day;
	struct verdict *verdict;
};

struct worker {
	struct gather *gather;
	GThread *thread;
	struct repository *repository;
	struct check_scratch *scratch;
	struct store_link *link;
	struct arena arena; /* paths of changes */
	struct error error;
	bool is_caller; /* runs in the thread that waits for the others */
};

int32_t audit_day(const struct audit *audit, uint32_t commit)
{
	int64_t date = audit->history.commits[commit].date;

	if (audit->options.has_as_of)
		return audit->options.as_of;
	int64_t day = date / SECONDS_A_DAY - (date % SECONDS_A_DAY < 0);

	return (int32_t)CLAMP(day, INT32_MIN + 1, INT32_MAX - 1);
}

bool audit_is_interrupted(const struct audit *audit)
{
	return audit->options.interrupted && *audit->options.interrupted;
}

static bool is_over(struct gather *gather)
{
	return g_atomic_int_get(&gather->failed) || audit_is_interrupted(gather->audit);
}

static void show_progress(struct worker *worker, const char *what, size_t done, size_t total)
{
	const struct audit_options *options = &worker->gather->audit->options;

	if (worker->is_caller && options->progress)
		options->progress(options->progress_context, what, MIN(done, total), total);
}

/* --- trees */

struct collected {
	struct worker *worker;
	GArray *changes;
};

static int collect_change(void *context, const struct tree_change *change)
{
	struct collected *collected = context;
	struct raw_change raw = {.len = (uint32_t)change->path_len};

	/* what is no file is no document, but may be what a law is read from, or stand in its way
	 */
	if (!mode_is_file(change->old_mode) && !mode_is_file(change->new_mode) &&
	    !collected->worker->gather->audit->options.laws)
		return 0;
	if (mode_is_file(change->new_mode))
		raw.blob = change->new_id;
	if (mode_is_file(change->old_mode))
		raw.before = change->old_id;
	raw.path = arena_dup(&collected->worker->arena, change->path, change->path_len);
	g_array_append_val(collected->changes, raw);
	return 0;
}

/* Two lists of files, sorted by path; `before` may be NULL. */
static void compare_snapshots(struct worker *worker, GArray *changes, const struct snapshot *before,
			      const struct snapshot *after)
{
	size_t old_count = 0, new_count;
	const struct snapshot_entry *old = before ? snapshot_entries(before, &old_count) : NULL;
	const struct snapshot_entry *new = snapshot_entries(after, &new_count);
	struct collected collected = {worker, changes};

	for (size_t i = 0, j = 0; i < old_count || j < new_count;) {
		struct slice x = {i < old_count ? old[i].path : "",
				  i < old_count ? old[i].path_len : 0};
		struct slice y = {j < new_count ? new[j].path : "",
				  j < new_count ? new[j].path_len : 0};
		int order = i == old_count ? 1 : j == new_count ? -1 : slice_compare(x, y);
		const struct snapshot_entry *a = order <= 0 ? &old[i++] : NULL;
		const struct snapshot_entry *b = order >= 0 ? &new[j++] : NULL;
		struct tree_change change = {
			.path = a ? a->path : b->path,
			.path_len = a ? a->path_len : b->path_len,
			.old_mode = a && a->kind == ENTRY_FILE ? 0100644 : 0,
			.new_mode = b && b->kind == ENTRY_FILE ? 0100644 : 0,
		};

		if (a && b && a->kind == b->kind && object_id_equal(&a->id, &b->id))
			continue;
		if (a)
			change.old_id = a->id;
		if (b)
			change.new_id = b->id;
		collect_change(&collected, &change);
	}
}

/* The changes of a commit that an earlier run has looked at. */
static bool recall_changes(struct worker *worker, GArray *changes, uint32_t number)
{
	const struct replay *replay = worker->gather->audit->replay;
	GArray *known = replay ? g_array_new(FALSE, FALSE, sizeof(struct replay_change)) : NULL;
	bool is_known = replay_changes(replay, number, known);

	for (guint i = 0; is_known && i < known->len; i++) {
		const struct replay_change *change = &g_array_index(known, struct replay_change, i);
		struct raw_change raw = {
			.path = (char *)change->path,
			.len = (uint32_t)strlen(change->path),
			.blob = change->blob,
			.before = change->before,
		};

		g_array_append_val(changes, raw);
	}
	if (known)
		g_array_free(known, TRUE);
	return is_known;
}

static int compare_commit(struct worker *worker, GArray *changes, uint32_t number)
{
	struct gather *gather = worker->gather;
	const struct history *history = &gather->audit->history;
	const struct history_commit *commit = &history->commits[number];
	const struct object_id *before = commit->parent_count
						 ? &history->commits[commit->parents[0]].tree
						 : NULL;
	struct collected collected = {worker, changes};

	struct snapshot *const *snapshots = gather->audit->snapshots;

	g_array_set_size(changes, 0);
	if (recall_changes(worker, changes, number)) {
		/* nothing is read */
	} else if (snapshots && snapshots[number])
		compare_snapshots(worker, changes,
				  gather->audit->under   ? gather->audit->under
				  : commit->parent_count ? snapshots[commit->parents[0]]
							 : NULL,
				  snapshots[number]);
	else if (tree_difference(worker->repository, before, &commit->tree, collect_change,
				 &collected, &worker->error))
		return -1;
	gather->change_counts[number] = changes->len;
	gather->changes[number] = arena_array(&worker->arena, changes->len,
					      sizeof(struct raw_change));
	if (changes->len)
		memcpy(gather->changes[number], changes->data,
		       changes->len * sizeof(struct raw_change));
	return 0;
}

static void *compare_trees(void *data)
{
	struct worker *worker = data;
	struct gather *gather = worker->gather;
	size_t count = gather->audit->history.count;
	GArray *changes = g_array_new(FALSE, FALSE, sizeof(struct raw_change));

	while (!is_over(gather)) {
		size_t first = (size_t)g_atomic_int_add(&gather->next, COMMITS_AT_ONCE);

		if (first >= count)
			break;
		show_progress(worker, "trees", first, count);
		for (size_t i = first; i < count && i < first + COMMITS_AT_ONCE; i++)
			if (compare_commit(worker, changes, (uint32_t)i)) {
				g_atomic_int_set(&gather->failed, 1);
				break;
			}
	}
	g_array_free(changes, TRUE);
	return NULL;
}

/* --- blobs */

/* The first documents of both versions: nearly always the only ones. */
static int judge_step(struct worker *worker, struct task *task)
{
	struct step_version old = {task->before, 0, task->place->entry};
	struct step_version new = {task->blob, 0, task->place->entry};

	const struct audit_thread thread = {worker->repository, worker->link, worker->scratch,
					    &worker->error};

	task->verdict = step_judge(worker->gather->audit, &thread, task->place, &old, &new,
				   task->day);
	return task->verdict ? 0 : -1;
}

static int judge(struct worker *worker, struct task *task)
{
	const struct audit_thread thread = {worker->repository, worker->link, worker->scratch,
					    &worker->error};

	if (!object_id_is_zero(&task->before))
		return judge_step(worker, task);
	return audit_recall(&task->verdict, worker->gather->audit, task->place, &task->blob,
			    &task->day, &thread);
}

static void *judge_blobs(void *data)
{
	struct worker *worker = data;
	struct gather *gather = worker->gather;
	size_t count = gather->tasks->len;

	while (!is_over(gather)) {
		size_t first = (size_t)g_atomic_int_add(&gather->next, TASKS_AT_ONCE);

		if (first >= count)
			break;
		show_progress(worker, "documents", first, count);
		for (size_t i = first; i < count && i < first + TASKS_AT_ONCE; i++)
			if (judge(worker, &g_array_index(gather->tasks, struct task, i))) {
				g_atomic_int_set(&gather->failed, 1);
				break;
			}
	}
	return NULL;
}

/* --- threads */

/* Runs one step on all workers; the first is this thread. The first error of all is kept. */
static int run_on_all(struct worker *workers, int count, void *(*step)(void *))
{
	struct gather *gather = workers->gather;

	gather->next = 0;
	for (int i = 1; i < count; i++)
		workers[i].thread = g_thread_new("audit", step, &workers[i]);
	step(&workers[0]);
	for (int i = 1; i < count; i++)
		g_thread_join(workers[i].thread);
	if (!gather->failed)
		return audit_is_interrupted(gather->audit) ? 1 : 0;
	for (int i = 0; i < count; i++)
		if (workers[i].error.message) {
			error_set(gather->audit->error, "%s", workers[i].error.message);
			gather->audit->error->kind = workers[i].error.kind;
			break;
		}
	return -1;
}

static int workers_start(struct worker *workers, int count, struct gather *gather)
{
	for (int i = 0; i < count; i++) {
		workers[i].gather = gather;
		workers[i].is_caller = i == 0;
		workers[i].scratch = check_scratch_new();
		workers[i].link = gather->audit->link ? store_link_new(gather->audit->options.store)
						      : NULL;
		workers[i].repository = i ? repository_again(gather->audit->repository,
							     gather->audit->error)
					  : gather->audit->repository;
		if (!workers[i].repository)
			return -1;
	}
	return 0;
}

static void workers_stop(struct worker *workers, int count)
{
	for (int i = 0; i < count; i++) {
		if (i)
			repository_free(workers[i].repository);
		check_scratch_free(workers[i].scratch);
		store_link_free(workers[i].link);
		arena_release(&workers[i].arena);
		error_clear(&workers[i].error);
	}
}

/* Steps that the walk will ask for. At merges it asks for few. */
static void add_step(struct gather *gather, const struct raw_change *raw, struct place *place,
		     uint32_t commit)
{
	struct audit *audit = gather->audit;
	struct task task = {raw->blob, raw->before, place, audit_day(audit, commit), NULL};

	if (place->reign->has_transitions && check_has_transitions(place->entry) &&
	    audit->history.commits[commit].parent_count == 1 && !object_id_is_zero(&raw->before) &&
	    !object_id_equal(&raw->before, &raw->blob))
		g_array_append_val(gather->tasks, task);
}

/* Files that became those that count, by another name: all that went when one of those came. */
static void add_former_names(struct gather *gather)
{
	struct audit *audit = gather->audit;

	for (size_t i = audit->history.count; i-- > 0;) {
		bool has_come = false;

		for (uint32_t j = 0; !has_come && j < gather->change_counts[i]; j++) {
			const struct raw_change *raw = &gather->changes[i][j];

			has_come = object_id_is_zero(&raw->before) &&
				   g_hash_table_contains(audit->only, raw->path);
		}
		for (uint32_t j = 0; has_come && j < gather->change_counts[i]; j++) {
			const struct raw_change *raw = &gather->changes[i][j];

			if (object_id_is_zero(&raw->blob))
				g_hash_table_add(audit->only, g_strdup(raw->path));
		}
	}
}

void gather_task(struct gather *gather, const struct object_id *blob, struct place *place,
		 uint32_t commit)
{
	struct audit *audit = gather->audit;
	char key[OBJECT_ID_HEX + 48];
	char hex[OBJECT_ID_HEX + 1];

	audit_note_path(audit, place);
	object_id_hex(hex, blob);
	g_snprintf(key, sizeof(key), "%s %u %u %u", hex, place_entry_syntax(place),
		   place->reign->number, place->reign->times);
	if (g_hash_table_contains(gather->seen, key))
		return;
	g_hash_table_add(gather->seen, arena_strdup(&audit->arena, key));
	struct task task = {.blob = *blob, .place = place, .day = audit_day(audit, commit)};

	g_array_append_val(gather->tasks, task);
}

/* Puts the changes in the order of the history; each new blob under an entry is a task. */
static void order_changes(struct gather *gather, uint32_t first, uint32_t end)
{
	struct audit *audit = gather->audit;

	for (uint32_t i = first; i < end; i++) {
		audit->change_start[i] = audit->changes->len;
		for (uint32_t j = 0; j < gather->change_counts[i]; j++) {
			const struct raw_change *raw = &gather->changes[i][j];
			struct gathered_change change = {NULL, raw->blob, raw->before};

			if (!audit->only || g_hash_table_contains(audit->only, raw->path))
				change.place = audit_place(audit_reign(audit, i), raw->path,
							   raw->len);
			if (!change.place)
				continue;
			g_array_append_val(audit->changes, change);
			if (object_id_is_zero(&raw->blob))
				continue;
			add_step(gather, raw, change.place, i);
			gather_task(gather, &raw->blob, change.place, i);
		}
	}
	audit->change_start[end] = audit->changes->len;
}

static void keep_verdicts(struct gather *gather)
{
	gather->audit->to_judge = gather->tasks->len;
	for (guint i = 0; i < gather->tasks->len; i++) {
		struct task *task = &g_array_index(gather->tasks, struct task, i);

		gather->audit->judged += task->verdict != NULL;
		if (task->verdict && !object_id_is_zero(&task->before)) {
			struct step_version old = {task->before, 0, task->place->entry};
			struct step_version new = {task->blob, 0, task->place->entry};

			step_keep(task->place, &old, &new, task->verdict);
		} else if (task->verdict) {
			audit_note_blob(gather->audit, &task->blob, task->place);
			audit_keep(&task->blob, task->place, task->verdict, task->day);
		}
	}
}

static int begin_reigns(struct audit *audit, uint32_t end)
{
	int result = 0;

	for (uint32_t i = audit->gathered; !result && i < end; i++)
		result = reign_begin(audit_reign(audit, i));
	return result;
}

int audit_gather_more(struct audit *audit)
{
	struct gather *gather = audit->gather;
	uint32_t first = audit->gathered, end = gather_end(audit);
	int result = begin_reigns(audit, end);

	if (result)
		return result;
	g_array_set_size(gather->tasks, 0);
	order_changes(gather, first, end);
	result = gather_whole_trees(gather, first, end);
	if (!result) {
		result = run_on_all(gather->workers, gather->worker_count, judge_blobs);
		keep_verdicts(gather);
	}
	audit->gathered = end;
	if (result || end == audit->history.count)
		audit_gather_end(audit);
	return result;
}

void audit_gather_end(struct audit *audit)
{
	struct gather *gather = audit->gather;

	if (!gather)
		return;
	workers_stop(gather->workers, gather->worker_count);
	g_free(gather->workers);
	g_free(gather->changes);
	g_free(gather->change_counts);
	g_array_free(gather->tasks, TRUE);
	g_hash_table_destroy(gather->seen);
	g_free(gather);
	audit->gather = NULL;
}

int audit_gather(struct audit *audit)
{
	size_t count = audit->history.count;
	struct gather *gather = g_new0(struct gather, 1);
	int result;

	audit->gather = gather;
	*gather = (struct gather){
		.audit = audit,
		.changes = g_new0(struct raw_change *, count + 1),
		.change_counts = g_new0(uint32_t, count + 1),
		.tasks = g_array_new(FALSE, FALSE, sizeof(struct task)),
		.seen = g_hash_table_new(g_str_hash, g_str_equal),
		.worker_count = audit->blobs ? 1 : MAX(audit->options.jobs, 1),
	};
	gather->workers = g_new0(struct worker, (gsize)gather->worker_count);
	audit->change_start = g_new0(uint32_t, count + 1);
	result = workers_start(gather->workers, gather->worker_count, gather);
	if (!result)
		result = run_on_all(gather->workers, gather->worker_count, compare_trees);
	if (!result)
		result = gather_laws(gather);
	if (!result && audit->only)
		add_former_names(gather);
	if (!result && audit->of)
		gather_last(audit);
	return result ? result : audit_gather_more(audit);
}
