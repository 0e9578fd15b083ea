/*
 * The gate as an audit of a history made up for it: what was there before, one state a side, and
 * the change as a commit on top of them. What the audit would say of that commit is what the change
 * adds (introduced: on none of the sides), what it mends, and what it suppresses.
 *
 * A document that the change takes out of every pattern by renaming it would be judged by nobody
 * from then on; that is a finding of its own, found by equal or half equal bytes.
 */
#include "check/gate.h"

#include "check/audit_core.h"
#include "source/message.h"

#include <string.h>

enum { SIDES = 8, SIMILAR_FILES = 500, SIMILAR_SIZE = 1 << 20 };

struct gate {
	const struct gate_options *options;
	enum gate_judged judged;
	struct snapshot *states[SIDES + 1]; /* the sides, then the change */
	uint32_t sides;
	struct object_id commits[SIDES]; /* of the sides */
	struct object_id tips[SIDES];    /* on which the change stands: the sides, but for these */
	uint32_t tip_count;
	bool is_new; /* of a push: the branch is */
	struct error *error;
};

/* --- documents that leave every pattern */

static bool is_document(struct audit *audit, const struct snapshot_entry *entry)
{
	return entry->kind == ENTRY_FILE && audit_place(audit->reign, entry->path, entry->path_len);
}

static bool is_in(const struct snapshot *snapshot, const struct snapshot_entry *entry)
{
	return snapshot_find(snapshot, entry->path, entry->path_len) != NULL;
}

/* Files of `in` that are not in `out`, and documents or not as asked. */
static GPtrArray *files_only_in(struct audit *audit, const struct snapshot *in,
				const struct snapshot *out, bool documents)
{
	GPtrArray *files = g_ptr_array_new();
	size_t count;
	const struct snapshot_entry *entries = snapshot_entries(in, &count);

	for (size_t i = 0; i < count; i++)
		if (entries[i].kind == ENTRY_FILE && !is_in(out, &entries[i]) &&
		    is_document(audit, &entries[i]) == documents)
			g_ptr_array_add(files, (gpointer)&entries[i]);
	return files;
}

/* Adds the lines of a blob to a table, or counts those that are in it (each once). */
static size_t count_lines(GHashTable *lines, const struct bytes *bytes, bool adds, size_t *total)
{
	char **parts = g_strsplit(bytes->data ? bytes->data : "", "\n", -1);
	size_t found = 0;

	*total = 0;
	for (char **part = parts; *part; part++) {
		guint count = GPOINTER_TO_UINT(g_hash_table_lookup(lines, *part));

		if (!**part)
			continue;
		++*total;
		if (!adds && count)
			found++;
		if (adds || count)
			g_hash_table_insert(lines, g_strdup(*part),
					    GUINT_TO_POINTER(adds ? count + 1 : count - 1));
	}
	g_strfreev(parts);
	return found;
}

static int read_text(struct bytes *out, struct audit *audit, const struct snapshot_entry *entry)
{
	const struct gate *gate = audit->gate;
	struct bytes bytes;

	if (snapshot_read_blob(&bytes, gate->states[gate->sides], &entry->id, SIMILAR_SIZE,
			       audit->error))
		return -1;
	char *text = g_strndup(bytes.data ? bytes.data : "", bytes.data ? bytes.size : 0);

	*out = (struct bytes){
		.data = text, .size = strlen(text), .owner = text, .free_owner = g_free};
	bytes_release(&bytes);
	return 0;
}

/* Do two files share at least half of their lines? */
static bool is_similar(struct audit *audit, const struct snapshot_entry *a,
		       const struct snapshot_entry *b)
{
	GHashTable *lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	struct bytes first = {0}, second = {0};
	size_t total, other_total, shared = 0;

	if (!read_text(&first, audit, a) && !read_text(&second, audit, b)) {
		count_lines(lines, &first, true, &total);
		shared = count_lines(lines, &second, false, &other_total);
		shared = shared * 2 >= MAX(total, other_total) ? shared : 0;
	}
	bytes_release(&first);
	bytes_release(&second);
	g_hash_table_destroy(lines);
	return shared > 0;
}

/* The new file that a document has become, or NULL. */
static const struct snapshot_entry *renamed_to(struct audit *audit,
					       const struct snapshot_entry *document,
					       const GPtrArray *files)
{
	for (guint i = 0; i < files->len; i++) {
		const struct snapshot_entry *file = g_ptr_array_index(files, i);

		if (object_id_equal(&file->id, &document->id))
			return file;
	}
	for (guint i = 0; i < files->len && i < SIMILAR_FILES; i++)
		if (is_similar(audit, document, g_ptr_array_index(files, i)))
			return g_ptr_array_index(files, i);
	return NULL;
}

/* A source that lives as long as the show; its line table goes with the report. */
static struct source *source_of_entry(struct show *show, const struct snapshot_entry *entry)
{
	struct source *source = arena_new(show->arena, struct source);

	source_init(source, entry->path, NULL, 0);
	return source;
}

static void find_left_scope(const struct gate *gate, struct audit *audit, struct show *show,
			    GPtrArray *out)
{
	const struct snapshot *before = gate->sides ? gate->states[0] : NULL;
	const struct snapshot *after = gate->states[gate->sides];

	if (!before)
		return;
	GPtrArray *gone = files_only_in(audit, before, after, true);
	GPtrArray *come = gone->len ? files_only_in(audit, after, before, false)
				    : g_ptr_array_new();

	for (guint i = 0; i < gone->len && i < SIMILAR_FILES; i++) {
		const struct snapshot_entry *document = g_ptr_array_index(gone, i);
		const struct snapshot_entry *file = renamed_to(audit, document, come);
		struct finding *finding;

		if (!file)
			continue;
		finding = arena_new(show->arena, struct finding);
		*finding = (struct finding){
			.code = FINDING_DOCUMENT_LEFT_SCOPE,
			.rule = finding_id(FINDING_DOCUMENT_LEFT_SCOPE),
			.severity = ruleset_severity(audit->reign->ruleset,
						     finding_id(FINDING_DOCUMENT_LEFT_SCOPE),
						     finding_severity(FINDING_DOCUMENT_LEFT_SCOPE)),
			.message = phrase_make(show->arena, MESSAGE_DOCUMENT_LEFT_SCOPE, 1,
					       slice_of(document->path)),
			.hint = phrase_make(show->arena, MESSAGE_KEEP_IN_SCOPE, 0),
			.source = source_of_entry(show, file),
			.identity = arena_printf(show->arena, "document-left-scope|%s",
						 document->path),
		};
		if (finding->severity != SEVERITY_OFF)
			g_ptr_array_add(out, finding);
	}
	g_ptr_array_free(gone, TRUE);
	g_ptr_array_free(come, TRUE);
}

/* --- the report */

/* What the rules about commits say of those that the change brings. */
static int judge_commits(const struct gate *gate, struct audit *audit, struct arena *arena,
			 GPtrArray *out)
{
	char(*hex)[OBJECT_ID_HEX + 2] = arena_array(arena, SIDES + 1, sizeof(*hex));
	const char *revisions[SIDES + 1];
	struct history_options range = {.revisions = revisions,
					.interrupted = gate->options->interrupted,
					.not_all = gate->judged == GATE_PUSH && gate->is_new};

	if (!gate->tip_count || !check_has_commit_rules(audit->reign->ruleset))
		return 0;
	object_id_hex(hex[0], &gate->tips[gate->tip_count - 1]);
	revisions[range.revision_count++] = hex[0];
	for (uint32_t i = 0; i < gate->sides && !gate->is_new; i++) {
		hex[i + 1][0] = '^';
		object_id_hex(hex[i + 1] + 1, &gate->commits[i]);
		revisions[range.revision_count++] = hex[i + 1];
	}
	return audit_judge_range(audit, &range, gate->options->as_of, arena, out);
}

int gate_take(struct audit *audit, uint32_t commit, struct settle *settle, struct show *shows,
	      size_t remaining)
{
	const struct gate *gate = audit->gate;
	struct gate_report report = {.judged = gate->judged};
	GPtrArray *left = g_ptr_array_new();
	int result;
	size_t count;
	const struct snapshot_entry *entries = snapshot_entries(gate->states[commit], &count);

	for (size_t i = 0; i < count; i++) {
		if (entries[i].kind != ENTRY_FILE)
			continue;
		if (is_document(audit, &entries[i]))
			report.documents++;
		else
			report.unmatched++;
	}
	report.introduced = audit_list_of(shows, settle->lists[AUDIT_INTRODUCED], false);
	report.existing = remaining - report.introduced.count;
	find_left_scope(gate, audit, &shows[0], left);
	result = judge_commits(gate, audit, shows[0].arena, left);
	report.introduced = audit_list_with(shows[0].arena, report.introduced, left);
	report.fixed = audit_list_of(shows, settle->lists[AUDIT_FIXED], true);
	report.suppressed = audit_list_of(shows, settle->lists[AUDIT_SUPPRESSED], false);
	if (!result && !audit->error->message)
		gate->options->report(gate->options->context, &report);
	for (guint i = 0; i < left->len; i++) {
		const struct finding *finding = g_ptr_array_index(left, i);

		if (finding->source)
			source_release(finding->source);
	}
	g_ptr_array_free(left, TRUE);
	return audit->error->message ? -1 : result;
}

/* --- a history made up */

static void make_history(struct history *history, uint32_t sides)
{
	uint32_t *parents = arena_array(&history->arena, sides, sizeof(*parents));

	history->count = sides + 1;
	history->commits = arena_array(&history->arena, history->count, sizeof(*history->commits));
	for (uint32_t i = 0; i < sides; i++)
		parents[i] = i;
	history->commits[sides] = (struct history_commit){
		.parents = parents,
		.parent_count = sides,
		.wanted = true,
	};
}

static int gate_run(struct gate *gate)
{
	const struct gate_options *options = gate->options;
	struct audit *audit = g_new0(struct audit, 1);
	struct audit_summary summary = {0};
	bool is_commit = gate->judged == GATE_HEAD || gate->judged == GATE_PUSH;
	struct gate_commits commits = {
		.sides = gate->commits,
		.side_count = gate->sides,
		.tips = gate->tip_count ? gate->tips : gate->commits,
		.tip_count = gate->tip_count ? gate->tip_count : gate->sides,
		.first = gate->states[is_commit ? gate->sides : 0],
		.change = gate->states[gate->sides],
	};
	int result;

	audit->options = (struct audit_options){
		.ruleset = options->ruleset,
		.repository = options->repository,
		.base = options->base,
		.jobs = options->jobs,
		.store = options->store,
		.has_as_of = true,
		.as_of = options->as_of,
		.progress = options->progress,
		.progress_context = options->progress_context,
		.interrupted = options->interrupted,
	};
	audit->repository = options->repository;
	audit->error = gate->error;
	audit->gate = gate;
	audit->snapshots = gate->states;
	if (gate->judged == GATE_MERGE || gate->judged == GATE_PREVIEW)
		audit->blobs = gate->states[gate->sides];
	audit->gate_commits = &commits;
	audit_tables_init(audit);
	make_history(&audit->history, gate->sides);
	result = audit_walk(audit, &summary);
	if (result > 0) {
		const struct gate_report report = {.judged = gate->judged,
						   .incomplete = true,
						   .documents = audit->judged,
						   .wanted = audit->to_judge};

		options->report(options->context, &report);
	}
	audit_free(audit);
	return MIN(result, 0);
}

static void gate_release(struct gate *gate)
{
	for (uint32_t i = 0; i <= gate->sides; i++)
		snapshot_free(gate->states[i]);
}

static int add_side(struct gate *gate, const struct object_id *commit)
{
	if (gate->sides == SIDES)
		return error_set(gate->error, "a merge of more than %d commits cannot be judged",
				 SIDES);
	int result = snapshot_of_commit(&gate->states[gate->sides], gate->options->repository,
					commit, gate->error);

	gate->commits[gate->sides] = *commit;
	gate->sides += !result;
	return result;
}

/* The change is a commit, or a merge of it into the sides. */
static void add_tip(struct gate *gate, const struct object_id *commit)
{
	gate->tips[gate->tip_count++] = *commit;
}

int gate_staged(const struct gate_options *options, struct error *error)
{
	struct gate gate = {.options = options, .judged = GATE_INDEX, .error = error};
	struct arena arena = {0};
	struct object_id head, *merge_heads;
	int found = repository_head(&head, options->repository, error);
	int result = found < 0 ? -1 : found ? add_side(&gate, &head) : 0;
	int count = result ? -1
			   : repository_merge_heads(&merge_heads, &arena, options->repository,
						    error);

	result = MIN(count, 0);
	for (int i = 0; !result && i < count; i++)
		result = add_side(&gate, &merge_heads[i]);
	if (!result)
		result = snapshot_of_index(&gate.states[gate.sides], options->repository, error);
	if (!result)
		result = gate_run(&gate);
	gate_release(&gate);
	arena_release(&arena);
	return result;
}

/* The merge has conflicts: HEAD is judged; what BASE or their common ancestor has is not new. */
static int gate_head(struct gate *gate, const struct object_id *base, const struct object_id *head)
{
	struct arena arena = {0};
	struct object_id *bases;
	int count = repository_merge_bases(&bases, &arena, gate->options->repository, base, head,
					   gate->error);
	int result = MIN(count, 0);

	gate->judged = GATE_HEAD;
	add_tip(gate, head);
	for (int i = 0; !result && i < count; i++)
		result = add_side(gate, &bases[i]);
	if (!result)
		result = snapshot_of_commit(&gate->states[gate->sides], gate->options->repository,
					    head, gate->error);
	arena_release(&arena);
	return result;
}

int gate_range(const struct gate_options *options, const struct object_id *base,
	       const struct object_id *head, struct error *error)
{
	struct gate gate = {.options = options, .judged = GATE_MERGE, .error = error};
	int result = add_side(&gate, base);
	int clean = result ? -1
			   : snapshot_of_merge(&gate.states[1], options->repository, base, head,
					       error);

	if (clean == 0)
		result = gate_head(&gate, base, head);
	else if (clean < 0)
		result = -1;
	if (clean > 0) {
		add_tip(&gate, base);
		add_tip(&gate, head);
	}
	if (!result)
		result = gate_run(&gate);
	gate_release(&gate);
	return result;
}

/* The known commits on which those of a new branch stand. */
static int add_known(struct gate *gate, const struct object_id *tip)
{
	char hex[OBJECT_ID_HEX + 1];
	const char *revisions[] = {hex};
	struct history_options range = {
		.revisions = revisions, .revision_count = 1, .not_all = true};
	struct history history;
	int result;

	object_id_hex(hex, tip);
	result = history_read(&history, gate->options->repository, &range, gate->error);
	bool *is_side = g_new0(bool, history.count + 1);

	for (size_t i = 0; i < history.count; i++) {
		const struct history_commit *commit = &history.commits[i];

		for (uint32_t p = 0; commit->wanted && p < commit->parent_count; p++)
			is_side[commit->parents[p]] = !history.commits[commit->parents[p]].wanted;
	}
	for (size_t i = history.count; !result && i-- > 0 && gate->sides < SIDES;)
		if (is_side[i])
			result = add_side(gate, &history.commits[i].id);
	if (!result && !history.wanted_count)
		result = add_side(gate, tip);
	g_free(is_side);
	history_release(&history);
	return result;
}

int gate_push(const struct gate_options *options, const struct object_id *old_tip,
	      const struct object_id *new_tip, struct error *error)
{
	struct gate gate = {.options = options, .judged = GATE_PUSH, .error = error};
	int result = old_tip ? add_side(&gate, old_tip) : add_known(&gate, new_tip);

	add_tip(&gate, new_tip);

	if (!result)
		result = snapshot_of_commit(&gate.states[gate.sides], options->repository, new_tip,
					    error);
	if (!result)
		result = gate_run(&gate);
	gate_release(&gate);
	return result;
}

int gate_preview(const struct gate_options *options, const struct object_id *ours,
		 const struct object_id *theirs, struct error *error)
{
	struct gate gate = {.options = options, .judged = GATE_PREVIEW, .error = error};
	int result = add_side(&gate, ours);

	if (!result)
		result = add_side(&gate, theirs);
	if (!result) {
		int clean = snapshot_of_merge(&gate.states[2], options->repository, ours, theirs,
					      error);

		result = clean < 0 ? -1 : !clean;
	}
	if (!result)
		result = gate_run(&gate);
	gate_release(&gate);
	return result;
}
