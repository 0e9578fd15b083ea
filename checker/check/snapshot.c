/*
 * A check: all documents of one state are read and judged, the cross-file rules over all of them,
 * and what is open is handed on in order of path, position and rule.
 *
 * Every document is loaded whatever is asked for, because references and unique keys need them all;
 * the filter only decides what is reported. A file that is too large is not read at all: that is a
 * finding, as for any other limit. A file whose verdict is known from an earlier run, by the id of
 * its blob, is read only where its text is shown.
 */
#include "check/check.h"

#include "check/judge.h"
#include "check/partial.h"

#include <string.h>

struct snapshot_check {
	const struct ruleset *ruleset;
	struct snapshot *snapshot;
	const char *base;
	int64_t as_of;
	struct arena arena;
	GArray *files;     /* of struct loaded, by path */
	GPtrArray *judged; /* those of them that a step looks at */
	struct check_index *index;
	struct check_scratch *scratch;
	GPtrArray *found; /* of struct bound_finding */
	const struct check_filter *filter;
	struct check_statistics *statistics;
	struct warm *warm; /* NULL: nothing is kept */
	struct partial partial;
	struct error *error;
};

struct bound_finding {
	const char *path; /* NULL: about no file */
	const struct check_finding *found;
};

static struct loaded *file_at(const struct snapshot_check *check, const char *path)
{
	guint first = 0, behind = path ? check->files->len : 0;

	while (first < behind) {
		guint middle = first + (behind - first) / 2;
		struct loaded *file = &g_array_index(check->files, struct loaded, middle);
		int order = strcmp(path, file->path);

		if (!order)
			return file;
		if (order < 0)
			behind = middle;
		else
			first = middle + 1;
	}
	return NULL;
}

/* The path under the configuration's folder, or NULL where it is not under it. */
static const char *under(const char *base, const char *path)
{
	size_t len = base ? strlen(base) : 0;

	return !len ? path : !strncmp(path, base, len) ? path + len : NULL;
}

static int read_file(struct snapshot_check *check, struct loaded *file)
{
	size_t limit = document_default_limits.size;

	if (file->is_read)
		return 0;
	if (snapshot_read(&file->bytes, check->snapshot, file->entry, limit, check->error))
		return -1;
	source_init(&file->source, file->entry->path, file->bytes.data,
		    file->bytes.over_limit ? 0 : file->bytes.size);
	file->is_read = true;
	return 0;
}

/* What cannot be read now leaves check->error set. */
static struct source *source_of(void *context, const char *path)
{
	struct loaded *file = file_at(context, path);

	return file && !read_file(context, file) ? &file->source : NULL;
}

static void list_files(struct snapshot_check *check)
{
	size_t count;
	const struct snapshot_entry *entries = snapshot_entries(check->snapshot, &count);

	for (size_t i = 0; i < count; i++) {
		const char *path = under(check->base, entries[i].path);
		struct loaded file = {.entry = &entries[i], .path = path};

		if (path && entries[i].kind == ENTRY_FILE)
			file.outline = partial_find(&check->partial, path);
		if (file.outline)
			file.document = file.outline->document;
		else if (path && entries[i].kind == ENTRY_FILE)
			file.document = ruleset_entry(check->ruleset, path);
		if (!file.document) {
			check->statistics->unmatched++;
			continue;
		}
		g_array_append_val(check->files, file);
	}
}

static bool is_interrupted(const struct snapshot_check *check)
{
	return check->filter && check->filter->interrupted && *check->filter->interrupted;
}

/* Reads what has no verdict yet. */
static int read_files(struct snapshot_check *check)
{
	for (guint i = 0; i < check->judged->len && !is_interrupted(check); i++)
		if (read_file(check, check->judged->pdata[i]))
			return -1;
	return 0;
}

/* --- judging each file, by several threads; what comes out depends on none of them */

enum { FILES_A_THREAD = 32, JOBS_MAX = 64 };

struct judge_worker {
	struct snapshot_check *check;
	int (*step)(struct judge_worker *worker, struct loaded *file);
	gint *next; /* the next file, taken atomically */
	struct check_scratch *scratch;
	struct store_link *link;
	struct error error;
	GThread *thread;
	bool is_caller; /* runs in the thread that waits for the others */
};

static struct warm_blob blob_of(const struct snapshot_check *check, const struct loaded *file)
{
	return (struct warm_blob){file->document, file->path, file->entry->id, check->as_of};
}

/* What is known of a blob by its id alone. */
static int recall_file(struct judge_worker *worker, struct loaded *file)
{
	struct warm_blob blob = blob_of(worker->check, file);

	if (file->entry->has_id)
		file->verdict = warm_get_on_day(worker->check->warm, worker->link, &blob);
	return 0;
}

static int judge_bytes(struct judge_worker *worker, struct loaded *file)
{
	const struct snapshot_check *check = worker->check;

	if (file->bytes.over_limit)
		return check_oversized(&file->verdict, check->ruleset, file->document,
				       file->bytes.size, &worker->error);
	return check_document(&file->verdict, check->ruleset, file->document, file->path,
			      file->bytes.data, file->bytes.size, check->as_of, worker->scratch,
			      &worker->error);
}

/* Files of the worktree have no id before they are read. */
static int judge_file(struct judge_worker *worker, struct loaded *file)
{
	const struct snapshot_check *check = worker->check;
	struct warm_blob blob = blob_of(check, file);
	bool is_keyed = worker->link && !file->bytes.over_limit;

	if (is_keyed && !file->entry->has_id) {
		is_keyed = !object_id_of_blob(&blob.id, file->bytes.data, file->bytes.size, NULL);
		file->verdict = is_keyed ? warm_get_on_day(check->warm, worker->link, &blob) : NULL;
	}
	if (file->verdict)
		return 0;
	if (judge_bytes(worker, file))
		return -1;
	if (is_keyed)
		warm_put(check->warm, worker->link, &blob, &file->bytes, file->verdict);
	return 0;
}

/* Told by the thread that the caller waits in. */
static void show_progress(const struct judge_worker *worker, size_t done, size_t total)
{
	const struct check_filter *filter = worker->check->filter;

	if (worker->is_caller && filter && filter->progress)
		filter->progress(filter->progress_context, "documents", done, total);
}

static void *judge_some(void *data)
{
	struct judge_worker *worker = data;
	const GPtrArray *files = worker->check->judged;
	guint number;

	while (!worker->error.message && !is_interrupted(worker->check) &&
	       (number = (guint)g_atomic_int_add(worker->next, 1)) < files->len) {
		show_progress(worker, number, files->len);
		worker->step(worker, files->pdata[number]);
	}
	return NULL;
}

/* Chooses the files that have no verdict yet and need one. */
static void choose_files(struct snapshot_check *check)
{
	g_ptr_array_set_size(check->judged, 0);
	for (guint i = 0; i < check->files->len; i++) {
		struct loaded *file = &g_array_index(check->files, struct loaded, i);

		if (!file->is_light && !file->verdict)
			g_ptr_array_add(check->judged, file);
	}
}

/* The first of the errors counts. */
static int on_each_file(struct snapshot_check *check, int jobs,
			int (*step)(struct judge_worker *worker, struct loaded *file))
{
	guint most = check->judged->len / FILES_A_THREAD + 1;
	int count = (int)MIN((guint)CLAMP(jobs, 1, JOBS_MAX), most);
	struct judge_worker workers[JOBS_MAX] = {{0}};
	gint next = 0;

	for (int i = 0; i < count; i++) {
		workers[i].check = check;
		workers[i].step = step;
		workers[i].is_caller = i == 0;
		workers[i].next = &next;
		workers[i].scratch = i ? check_scratch_new() : check->scratch;
		workers[i].link = warm_link(check->warm);
		if (i)
			workers[i].thread = g_thread_new("check", judge_some, &workers[i]);
	}
	judge_some(&workers[0]);
	for (int i = 0; i < count; i++) {
		if (i) {
			g_thread_join(workers[i].thread);
			check_scratch_free(workers[i].scratch);
		}
		store_link_free(workers[i].link);
		if (workers[i].error.message && !check->error->message)
			*check->error = workers[i].error;
		else
			error_clear(&workers[i].error);
	}
	return check->error->message ? -1 : 0;
}

/* Gives all files that are not light their verdicts. */
static int judge_files(struct snapshot_check *check, int jobs)
{
	choose_files(check);
	if (check->warm && on_each_file(check, jobs, recall_file))
		return -1;
	choose_files(check);
	return read_files(check) || on_each_file(check, jobs, judge_file) ? -1 : 0;
}

static void count_files(struct snapshot_check *check)
{
	for (guint i = 0; i < check->files->len; i++) {
		const struct loaded *file = &g_array_index(check->files, struct loaded, i);

		check->statistics->documents += file->verdict || file->is_light;
		check->statistics->incomplete |= !file->verdict && !file->is_light;
		check->statistics->unreadable += file->verdict && !file->verdict->readable;
	}
}

/* --- what is reported */

static bool is_wanted(const struct snapshot_check *check, const struct loaded *file)
{
	const struct check_filter *filter = check->filter;

	return !filter || !filter->wants || !file ||
	       filter->wants(filter->context, file->entry->path);
}

static void collect(struct snapshot_check *check, const char *path,
		    const struct check_finding *found)
{
	const struct loaded *file = file_at(check, path);
	struct bound_finding *bound;

	if (found->finding.severity == SEVERITY_OFF || !is_wanted(check, file))
		return;
	if (check_is_suppressed(check->ruleset, file ? file->verdict : NULL, path, found,
				check->as_of)) {
		check->statistics->suppressed++;
		return;
	}
	bound = arena_new(&check->arena, struct bound_finding);
	*bound = (struct bound_finding){path, found};
	g_ptr_array_add(check->found, bound);
}

static void collect_across(void *context, const struct check_finding *found)
{
	collect(context, found->path, found);
}

static gint compare_bound(gconstpointer a, gconstpointer b)
{
	const struct bound_finding *x = *(const struct bound_finding *const *)a;
	const struct bound_finding *y = *(const struct bound_finding *const *)b;
	int order = g_strcmp0(x->path, y->path);

	if (order)
		return order;
	if (x->found->finding.span.start != y->found->finding.span.start)
		return x->found->finding.span.start < y->found->finding.span.start ? -1 : 1;
	return strcmp(x->found->finding.rule, y->found->finding.rule);
}

static bool is_asked_for(void *context, const struct loaded *file)
{
	return is_wanted(context, file);
}

static int judge_across(struct snapshot_check *check)
{
	if (check->partial.is_on)
		check_index_limit(check->index, partial_needs, &check->partial);
	for (guint i = 0; i < check->files->len; i++) {
		const struct loaded *file = &g_array_index(check->files, struct loaded, i);

		if (file->verdict)
			check_index_add(check->index, file->path, file->verdict);
	}
	return check_index_update(check->index, check->as_of, NULL, check->scratch, check->error);
}

/* A dangling reference that is reported: its near miss is among all keys there are. */
static void find_dangling(void *context, const struct check_finding *found)
{
	void **pair = context;
	struct snapshot_check *check = pair[0];
	bool *is_there = pair[1];

	*is_there |= found->entry && is_wanted(check, file_at(check, found->path));
}

/* The files that the wanted ones have to do with; all of them where that does not do. */
static int judge_parts(struct snapshot_check *check, int jobs)
{
	bool has_dangling = false;
	void *pair[2] = {check, &has_dangling};

	partial_grow(&check->partial, is_asked_for, check);
	if (judge_files(check, jobs) || judge_across(check))
		return -1;
	check_index_each(check->index, find_dangling, pair);
	if (!has_dangling)
		return 0;
	partial_end(&check->partial);
	check_index_free(check->index);
	check->index = check_index_new(check->ruleset);
	return judge_files(check, jobs) || judge_across(check) ? -1 : 0;
}

static int judge_all(struct snapshot_check *check, int jobs)
{
	partial_begin(&check->partial, check->as_of, is_asked_for, check);
	if (judge_files(check, jobs))
		return -1;
	check->statistics->incomplete = is_interrupted(check);
	if (check->statistics->incomplete) {
		count_files(check);
		return 0;
	}
	if (check->partial.is_on ? judge_parts(check, jobs) : judge_across(check))
		return -1;
	count_files(check);
	partial_keep(&check->partial);
	return 0;
}

static int emit_all(struct snapshot_check *check, const struct finding_sink *sink)
{
	struct check_sources sources = {source_of, check};

	for (guint i = 0; i < check->files->len; i++) {
		const struct loaded *file = &g_array_index(check->files, struct loaded, i);

		for (size_t f = 0; file->verdict && f < file->verdict->finding_count; f++)
			collect(check, file->path, &file->verdict->findings[f]);
	}
	check_index_each(check->index, collect_across, check);
	g_ptr_array_sort(check->found, compare_bound);
	for (guint i = 0; i < check->found->len; i++) {
		const struct bound_finding *bound = check->found->pdata[i];
		const struct loaded *file = file_at(check, bound->path);
		struct finding finding;

		check_bind(&finding, bound->found, bound->path, &sources, &check->arena);
		if (check->error->message)
			return -1;
		check_index_suggest(check->index, bound->found, &finding, &check->arena);
		check_label(&finding, file ? file->verdict : NULL, &check->arena);
		finding_emit(sink, &finding);
	}
	return 0;
}

static void release(struct snapshot_check *check)
{
	for (guint i = 0; i < check->files->len; i++) {
		struct loaded *file = &g_array_index(check->files, struct loaded, i);

		source_release(&file->source);
		bytes_release(&file->bytes);
	}
	check_index_free(check->index);
	for (guint i = 0; i < check->files->len; i++)
		verdict_free(g_array_index(check->files, struct loaded, i).verdict);
	check_scratch_free(check->scratch);
	partial_release(&check->partial);
	warm_free(check->warm);
	g_array_free(check->files, TRUE);
	g_ptr_array_free(check->judged, TRUE);
	g_ptr_array_free(check->found, TRUE);
	arena_release(&check->arena);
}

int check_snapshot(const struct ruleset *ruleset, struct snapshot *snapshot, const char *base,
		   int64_t as_of, const struct check_filter *filter,
		   const struct finding_sink *sink, struct check_statistics *statistics,
		   struct error *error)
{
	struct check_statistics unused;
	struct error problem = {0};
	struct snapshot_check check = {
		.ruleset = ruleset,
		.snapshot = snapshot,
		.base = base,
		.as_of = as_of,
		.files = g_array_new(FALSE, FALSE, sizeof(struct loaded)),
		.judged = g_ptr_array_new(),
		.index = check_index_new(ruleset),
		.scratch = check_scratch_new(),
		.found = g_ptr_array_new(),
		.filter = filter,
		.statistics = statistics ? statistics : &unused,
		.warm = warm_new(filter ? filter->store : NULL, ruleset),
		.error = error ? error : &problem,
	};
	int result;

	*check.statistics = (struct check_statistics){0};
	partial_init(&check.partial, ruleset, check.warm, snapshot, base, check.files);
	list_files(&check);
	result = judge_all(&check, filter ? filter->jobs : 1);
	if (!result)
		result = emit_all(&check, sink);
	release(&check);
	error_clear(&problem);
	return result;
}
