/*
 * The audit done the slow way, for `--oracle` and for tests that compare it with the fast one byte
 * for byte: at every commit the whole tree is listed, every document judged anew, every cross-file
 * rule run over all of them from an empty index, and the lists of all findings are compared with
 * those of each parent. No pruning, no state moved along, no number carried over.
 *
 * What it shares with the fast way is what one file gives (check_document), which changed file is
 * the cause of a finding, and how one is shown. What a commit did it works out by itself from the
 * whole lists (oracle_settle.c), transitions too (oracle_steps.c).
 */
#include "check/oracle.h"

#include "document/document.h"

#include <string.h>

static const struct history_commit *commit_at(const struct oracle *oracle, uint32_t number)
{
	return &oracle->audit->history.commits[number];
}

struct file *oracle_file(const struct run *run, const struct place *place)
{
	for (guint i = 0; i < run->files->len; i++) {
		struct file *file = &g_array_index(run->files, struct file, i);

		if (place_is_at(file->place, place))
			return file;
	}
	return NULL;
}

const struct run *oracle_parent(const struct oracle *oracle, uint32_t j)
{
	return oracle->by_law[j].files
		       ? &oracle->by_law[j]
		       : &oracle->runs[commit_at(oracle, oracle->commit)->parents[j]];
}

/* --- listing and judging */

struct listing {
	struct oracle *oracle;
	struct run *run;
	bool is_own; /* the commit's own day and law */
};

static int list_file(void *context, const struct tree_change *change)
{
	struct listing *listing = context;
	struct file file = {.blob = change->new_id};

	if (!mode_is_file(change->new_mode))
		return 0;
	file.place = audit_place(listing->run->reign, change->path, change->path_len);
	if (!file.place)
		return 0;
	if (listing->is_own) {
		audit_note_blob(listing->oracle->audit, &file.blob, file.place);
		audit_note_path(listing->oracle->audit, file.place);
	}
	g_array_append_val(listing->run->files, file);
	return 0;
}

struct verdict *oracle_judge(struct oracle *oracle, const struct place *place,
			     const struct object_id *blob, int32_t day)
{
	struct audit *audit = oracle->audit;
	struct verdict *verdict = NULL;
	struct bytes bytes;

	if (repository_read_blob(&bytes, audit->repository, blob, document_default_limits.size,
				 audit->error))
		return NULL;
	if (!audit_judge(&verdict, place, &bytes, day, audit->scratch, audit->error))
		g_ptr_array_add(oracle->verdicts, verdict);
	bytes_release(&bytes);
	return verdict;
}

static int judge_file(struct oracle *oracle, struct file *file, int32_t day)
{
	file->verdict = oracle_judge(oracle, file->place, &file->blob, day);
	if (!file->verdict)
		return -1;
	file->piece = arena_new(&oracle->audit->arena, struct piece);
	file->piece->verdict = file->verdict;
	return 0;
}

static void add_instance(const struct oracle *oracle, GArray *instances, const struct file *file,
			 const struct check_finding *found, int32_t day)
{
	struct arena texts = {0};
	const char *path = file ? file->place->path : NULL;
	struct instance instance = {.found = found, .place = file ? file->place : NULL};

	if (found->finding.severity == SEVERITY_OFF)
		return;
	instance.said_on = DAY_ANY;
	if (!found->path && file &&
	    (file->verdict->from != DAY_OPEN_START || file->verdict->until != DAY_OPEN_END))
		instance.said_on = day;
	instance.identity = audit_identity(oracle->audit,
					   check_identity(found, path ? path : "", &texts));
	if (file &&
	    check_is_suppressed(file->place->reign->ruleset, file->verdict, path, found, day))
		instance.state = INSTANCE_SUPPRESSED;
	g_array_append_val(instances, instance);
	arena_release(&texts);
}

/* What stood open at a place in a run, now hidden. */
static GArray *hidden_from(const struct run *run, const struct place *place)
{
	GArray *hidden = g_array_new(FALSE, FALSE, sizeof(struct instance));

	for (guint i = 0; i < run->instances->len; i++) {
		struct instance instance = g_array_index(run->instances, struct instance, i);

		if (!instance.place || !place_is_at(instance.place, place) ||
		    instance.state != INSTANCE_OPEN)
			continue;
		instance.state = INSTANCE_HIDDEN;
		g_array_append_val(hidden, instance);
	}
	return hidden;
}

static void take_over(struct file *file, const struct file *before, uint32_t parent)
{
	file->has_shadow = before->has_shadow;
	file->shadow_parent = parent;
	file->shadow = before->shadow;
	file->shadow_blob = before->shadow_blob;
	file->hidden = g_array_ref(before->hidden);
}

static const struct oracle_slip *gone_at(const struct run *run, const struct place *place)
{
	for (guint i = 0; i < run->slips->len; i++) {
		const struct oracle_slip *slip = &g_array_index(run->slips, struct oracle_slip, i);

		if (place_is_at(slip->place, place) && slip->slip.document == SLIP_GONE)
			return slip;
	}
	return NULL;
}

/* An unreadable file: what a parent hid for the same blob, else what the first with the file had.
 */
static void find_shadow(const struct oracle *oracle, struct file *file, uint32_t number)
{
	const struct history_commit *commit = commit_at(oracle, number);

	for (uint32_t j = 0; j < commit->parent_count; j++) {
		const struct file *before = oracle_file(oracle_parent(oracle, j), file->place);

		if (before && before->hidden && object_id_equal(&before->blob, &file->blob)) {
			take_over(file, before, j);
			return;
		}
	}
	for (uint32_t j = 0; j < commit->parent_count; j++) {
		const struct run *run = oracle_parent(oracle, j);
		const struct file *before = oracle_file(run, file->place);

		const struct oracle_slip *gone = gone_at(run, file->place);

		if (!before && !gone)
			continue;
		if (before && before->hidden) {
			take_over(file, before, j);
		} else {
			file->has_shadow = true;
			file->shadow_parent = j;
			file->shadow = before ? before->verdict : NULL;
			file->shadow_blob = before ? before->blob : gone->slip.last.blob;
			file->hidden = hidden_from(&oracle->runs[commit->parents[j]], file->place);
		}
		return;
	}
	file->hidden = g_array_new(FALSE, FALSE, sizeof(struct instance));
}

/* --- cross-file rules, from nothing */

struct collecting {
	struct oracle *oracle;
	struct run *run;
	int32_t day;
};

static void collect_across(void *context, const struct check_finding *found)
{
	struct collecting *collecting = context;
	const struct across *across = audit_across(collecting->run->reign, found);
	const struct file *file = across->place ? oracle_file(collecting->run, across->place)
						: NULL;

	add_instance(collecting->oracle, collecting->run->instances, file, across->found,
		     collecting->day);
}

static int run_across(struct oracle *oracle, struct run *run, int32_t day)
{
	struct check_index *index = run->index = check_index_new(run->reign->ruleset);
	struct collecting collecting = {oracle, run, day};
	struct check_index_changes changes = {NULL, collect_across, &collecting};

	for (guint i = 0; i < run->files->len; i++) {
		const struct file *file = &g_array_index(run->files, struct file, i);

		if (!file->hidden)
			check_index_add(index, file->place->path, file->verdict);
		else if (file->shadow)
			check_index_add_hidden(index, file->place->path, file->shadow);
	}
	return check_index_update(index, day, &changes, oracle->audit->scratch,
				  oracle->audit->error);
}

static void run_release(struct run *run)
{
	for (guint i = 0; run->files && i < run->files->len; i++) {
		struct file *file = &g_array_index(run->files, struct file, i);

		if (file->hidden)
			g_array_unref(file->hidden);
	}
	if (run->files)
		g_array_free(run->files, TRUE);
	if (run->instances)
		g_array_free(run->instances, TRUE);
	if (run->slips)
		g_array_free(run->slips, TRUE);
	check_index_free(run->index);
}

/* What a slip says; NULL with the audit's error. */
static const struct check_finding *finding_of(struct oracle *oracle, const struct oracle_slip *slip,
					      int32_t day)
{
	const struct verdict *last;

	if (slip->slip.document != SLIP_GONE)
		return slip->slip.found;
	last = oracle_judge(oracle, slip->place, &slip->slip.last.blob, day);
	return last ? slip_gone_finding(&slip->slip, last, &oracle->audit->arena) : NULL;
}

/* A slip is a finding of its file; one that cannot be read hides it with the rest. 0, or -1. */
static int add_slip(struct oracle *oracle, struct run *run, const struct oracle_slip *slip,
		    int32_t day)
{
	const struct file *file = oracle_file(run, slip->place);
	const struct check_finding *found = finding_of(oracle, slip, day);
	struct instance instance = {.found = found, .place = slip->place, .said_on = DAY_ANY};
	struct arena texts = {0};

	if (!found)
		return -1;
	if (found->finding.severity == SEVERITY_OFF || (file && file->hidden) || slip->slip.is_also)
		return 0;
	instance.identity = audit_identity(oracle->audit,
					   check_identity(found, slip->place->path, &texts));
	if (check_is_suppressed(run->reign->ruleset, file ? file->verdict : NULL, slip->place->path,
				found, day))
		instance.state = INSTANCE_SUPPRESSED;
	g_array_append_val(run->instances, instance);
	arena_release(&texts);
	return 0;
}

/*
 * An unreadable file in another run of its commit: what it hides it hides under any law, but what
 * it was when it last could be read is judged by the one at hand.
 */
static int find_shadow_again(struct oracle *oracle, struct file *file, const struct run *own,
			     int32_t day)
{
	const struct file *before = oracle_file(own, file->place);

	if (!before || !before->hidden) {
		file->hidden = g_array_new(FALSE, FALSE, sizeof(struct instance));
		return 0;
	}
	take_over(file, before, 0);
	if (file->shadow && before->place->reign != file->place->reign)
		file->shadow = oracle_judge(oracle, file->place, &file->shadow_blob, day);
	return file->shadow || !before->shadow ? 0 : -1;
}

static void add_faults(struct run *run)
{
	if (run->faults)
		g_array_append_vals(run->instances, run->faults->instances, run->faults->count);
}

/*
 * Judges the whole of a commit on a day by run->reign. `own`: a run of it on its own day by its own
 * law, for what it hides.
 */
static int run_commit(struct oracle *oracle, struct run *run, uint32_t number, int32_t day,
		      const struct run *own)
{
	struct listing listing = {oracle, run, !own};
	int result;

	run->files = g_array_new(FALSE, FALSE, sizeof(struct file));
	run->instances = g_array_new(FALSE, FALSE, sizeof(struct instance));
	run->slips = g_array_new(FALSE, FALSE, sizeof(struct oracle_slip));
	result = tree_difference(oracle->audit->repository, NULL, &commit_at(oracle, number)->tree,
				 list_file, &listing, oracle->audit->error);
	for (guint i = 0; !result && i < run->files->len; i++) {
		struct file *file = &g_array_index(run->files, struct file, i);

		result = judge_file(oracle, file, day);
		if (result)
			break;
		if (!file->verdict->readable && own)
			result = find_shadow_again(oracle, file, own, day);
		else if (!file->verdict->readable)
			find_shadow(oracle, file, number);
		for (size_t n = 0; n < file->verdict->finding_count; n++)
			add_instance(oracle, run->instances, file, &file->verdict->findings[n],
				     day);
		if (file->hidden)
			g_array_append_vals(run->instances, file->hidden->data, file->hidden->len);
	}
	if (!result && own && own->reign != run->reign)
		result = oracle_translate(oracle, run, own, day);
	else if (own && own->slips->len)
		g_array_append_vals(run->slips, own->slips->data, own->slips->len);
	else if (!result && !own)
		result = oracle_steps(oracle, run, number, day);
	for (guint i = 0; !result && i < run->slips->len; i++)
		result = add_slip(oracle, run, &g_array_index(run->slips, struct oracle_slip, i),
				  day);
	add_faults(run);
	return result ? result : run_across(oracle, run, day);
}

/* --- comparing */

static size_t count_state(const struct run *run, uint8_t state)
{
	size_t count = 0;

	for (guint i = 0; i < run->instances->len; i++)
		count += g_array_index(run->instances, struct instance, i).state == state;
	return count;
}

static int64_t count_active(const struct run *run, uint32_t identity)
{
	int64_t count = 0;

	for (guint i = 0; i < run->instances->len; i++) {
		const struct instance *instance = &g_array_index(run->instances, struct instance,
								 i);

		count += instance->identity == identity && instance->state != INSTANCE_SUPPRESSED;
	}
	return count;
}

static bool had_since(void *context, uint32_t parent, uint32_t other, uint32_t identity,
		      int64_t level)
{
	const struct oracle *oracle = context;
	const uint32_t *parents = commit_at(oracle, oracle->commit)->parents;
	size_t count = oracle->audit->history.count;
	bool *ours = g_new0(bool, count), *theirs = g_new0(bool, count);
	bool had = false;

	oracle_reach(oracle, parents[parent], ours);
	oracle_reach(oracle, parents[other], theirs);
	for (uint32_t i = 0; !had && i < count; i++)
		had = ours[i] && count_active(&oracle->runs[i], identity) >= level &&
		      (!theirs[i] || !oracle_is_behind(oracle, i, ours, theirs));
	g_free(ours);
	g_free(theirs);
	return had;
}

static const char *cause(void *context, const struct instance *instance, uint32_t parent)
{
	const struct oracle *oracle = context;
	const struct file *file = instance->place ? oracle_file(&oracle->runs[oracle->commit],
								instance->place)
						  : NULL;

	if (instance_is_fault(instance))
		return AUDIT_CAUSE_RULES;
	return audit_cause(g_ptr_array_index(oracle->changed, parent), instance,
			   file ? file->verdict : NULL);
}

/* Documents whose bytes differ from a parent's. */
static void find_changed(struct oracle *oracle, const struct run *before, const struct run *after)
{
	GArray *list = g_array_new(FALSE, FALSE, sizeof(struct changed));

	for (guint i = 0; before && i < before->files->len; i++) {
		const struct file *file = &g_array_index(before->files, struct file, i);
		const struct file *now = oracle_file(after, file->place);
		struct changed changed = {file->place, file->piece, now ? now->piece : NULL};

		if (!now || !object_id_equal(&now->blob, &file->blob))
			g_array_append_val(list, changed);
	}
	for (guint i = 0; i < after->files->len; i++) {
		const struct file *file = &g_array_index(after->files, struct file, i);
		struct changed changed = {file->place, NULL, file->piece};

		if (!before || !oracle_file(before, file->place))
			g_array_append_val(list, changed);
	}
	g_array_sort(list, audit_changed_compare);
	g_ptr_array_add(oracle->changed, list);
}

/* --- one commit */

static bool run_blob(void *context, const char *path, bool hidden, struct standing *out)
{
	const struct run *run = context;
	const struct oracle_slip *gone;
	const struct file *file;

	out->place = run ? audit_place(run->reign, path, strlen(path)) : NULL;
	file = out->place && run ? oracle_file(run, out->place) : NULL;
	gone = out->place && run && !file ? gone_at(run, out->place) : NULL;
	if (!file && !gone)
		return false;
	bool is_shadow = file && hidden && file->has_shadow;

	out->blob = gone ? gone->slip.last.blob : is_shadow ? file->shadow_blob : file->blob;
	out->verdict = gone ? NULL : is_shadow ? file->shadow : file->verdict;
	return true;
}

static int report(struct oracle *oracle, struct audit_summary *summary, struct settle *settle)
{
	const struct history_commit *commit = commit_at(oracle, oracle->commit);
	const struct run *run = &oracle->runs[oracle->commit];
	uint32_t count = 1 + settle->parent_count;
	struct show *shows = g_new0(struct show, count);
	struct arena arena = {0};

	for (uint32_t i = 0; i < count; i++) {
		uint32_t shown = i == 0 || !commit->parent_count ? oracle->commit
								 : commit->parents[i - 1];

		show_init(&shows[i], oracle->audit, &arena, shown);
		shows[i].index = i ? NULL : run->index;
		shows[i].context = i == 0 ? (void *)run
				   : i <= commit->parent_count
					   ? &oracle->runs[commit->parents[i - 1]]
					   : NULL;
		shows[i].blob_of = run_blob;
	}
	int result = audit_report(oracle->audit, summary, oracle->commit, settle, shows,
				  count_state(run, INSTANCE_OPEN),
				  count_state(run, INSTANCE_SUPPRESSED));

	for (uint32_t i = 0; i < count; i++)
		show_release(&shows[i]);
	arena_release(&arena);
	g_free(shows);
	return result;
}

static int compare_and_report(struct oracle *oracle, struct audit_summary *summary,
			      const struct run *on_day)
{
	const struct history_commit *commit = commit_at(oracle, oracle->commit);
	struct settle settle = {
		.audit = oracle->audit,
		.parent_count = MAX(commit->parent_count, 1),
		.had_since = had_since,
		.cause = cause,
		.context = oracle,
		.documents = oracle->runs[oracle->commit].files->len,
	};

	g_ptr_array_set_size(oracle->changed, 0);
	for (uint32_t j = 0; j < settle.parent_count; j++)
		find_changed(oracle, commit->parent_count ? oracle_parent(oracle, j) : NULL,
			     &oracle->runs[oracle->commit]);
	for (int kind = 0; kind < AUDIT_LISTS; kind++)
		settle.lists[kind] = g_array_new(FALSE, FALSE, sizeof(struct settled));
	oracle_settle(oracle, &settle, on_day);
	int result = report(oracle, summary, &settle);

	for (int kind = 0; kind < AUDIT_LISTS; kind++)
		g_array_free(settle.lists[kind], TRUE);
	return result;
}

static int judge_commit(struct oracle *oracle, struct audit_summary *summary)
{
	const struct history_commit *commit = commit_at(oracle, oracle->commit);
	int32_t day = audit_day(oracle->audit, oracle->commit);
	struct run *on_day = g_new0(struct run, commit->parent_count + 1);
	struct run *run = &oracle->runs[oracle->commit];
	int result = 0;

	oracle->by_law = g_new0(struct run, commit->parent_count + 1);
	run->reign = audit_reign(oracle->audit, oracle->commit);
	run->faults = audit_faults(oracle->audit, oracle->commit);
	for (uint32_t j = 0; !result && j < commit->parent_count; j++) {
		const struct run *own = &oracle->runs[commit->parents[j]];

		oracle->by_law[j] = (struct run){.reign = run->reign, .faults = run->faults};
		if (own->reign != run->reign)
			result = run_commit(oracle, &oracle->by_law[j], commit->parents[j], day,
					    own);
	}
	if (!result)
		result = run_commit(oracle, run, oracle->commit, day, NULL);
	for (uint32_t j = 0; !result && j < commit->parent_count; j++) {
		const struct run *own = &oracle->runs[commit->parents[j]];

		on_day[j] = (struct run){.reign = own->reign, .faults = own->faults};
		result = run_commit(oracle, &on_day[j], commit->parents[j], day, own);
	}
	if (!result && commit->wanted)
		result = compare_and_report(oracle, summary, on_day);
	for (uint32_t j = 0; j < commit->parent_count; j++) {
		run_release(&on_day[j]);
		run_release(&oracle->by_law[j]);
	}
	g_free(on_day);
	g_free(oracle->by_law);
	return result;
}

static bool is_head(const struct history *history, uint32_t number)
{
	for (uint32_t i = number + 1; i < history->count; i++)
		for (uint32_t p = 0;
		     history->commits[i].wanted && p < history->commits[i].parent_count; p++)
			if (history->commits[i].parents[p] == number)
				return false;
	return history->commits[number].wanted;
}

static int close_oracle(struct oracle *oracle, struct audit_summary *summary)
{
	const struct history *history = &oracle->audit->history;
	struct closing closing;
	int result = 0;

	closing_init(&closing, oracle->audit, summary);
	for (uint32_t i = 0; !result && i < history->count; i++) {
		struct show show;

		if (!is_head(history, i))
			continue;
		show_init(&show, oracle->audit, &summary->arena, i);
		show.index = oracle->runs[i].index;
		show.context = &oracle->runs[i];
		show.blob_of = run_blob;
		result = closing_add(&closing, &show, oracle->runs[i].instances, i,
				     count_state(&oracle->runs[i], INSTANCE_SUPPRESSED));
	}
	closing_end(&closing);
	return result;
}

int audit_oracle(struct audit *audit, struct audit_summary *summary)
{
	struct oracle oracle = {
		.audit = audit,
		.runs = g_new0(struct run, audit->history.count + 1),
		.changed = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref),
		.verdicts = audit->kept_verdicts,
	};
	int result = oracle_read_laws(audit);

	for (oracle.commit = 0; !result && oracle.commit < audit->history.count; oracle.commit++) {
		if (audit->options.progress)
			audit->options.progress(audit->options.progress_context, "commits",
						oracle.commit, audit->history.count);
		result = audit_is_interrupted(audit) ? 1 : judge_commit(&oracle, summary);
	}
	if (!result)
		result = close_oracle(&oracle, summary);
	for (size_t i = 0; i < audit->history.count; i++)
		run_release(&oracle.runs[i]);
	g_free(oracle.runs);
	g_ptr_array_free(oracle.changed, TRUE);
	return result;
}
