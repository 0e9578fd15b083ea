/*
 * The walk of the audit over the commits, parents first. A state is three persistent maps (pieces
 * by place, cross-file findings, counts by identity), kept for every commit, so that a merge can be
 * compared with each of its parents and with what lies behind them.
 */
#include "check/audit_walk.h"
#include "check/replay.h"

#include <string.h>

/* --- comparisons */

struct comparing {
	struct comparison *comparison;
	const struct reign *reign; /* of cross-file findings */
	GArray *changed;           /* documents with other bytes; NULL: not asked for */
};

static void add_piece(GArray *list, const struct piece *piece)
{
	if (!piece)
		return;
	g_array_append_vals(list, piece->instances, piece->instance_count);
	if (piece->hidden)
		g_array_append_vals(list, piece->hidden->data, piece->hidden->len);
}

static void compare_piece(void *context, uint32_t key, uint64_t before, uint64_t after)
{
	struct comparing *comparing = context;
	struct changed changed = {piece_of(before ? before : after)->place, piece_of(before),
				  piece_of(after)};

	(void)key;
	add_piece(comparing->comparison->before, changed.before);
	add_piece(comparing->comparison->after, changed.after);
	if (changed.before && changed.before->is_gone)
		changed.before = NULL;
	if (changed.after && changed.after->is_gone)
		changed.after = NULL;
	if (comparing->changed && changed.before != changed.after &&
	    !(changed.before && changed.after &&
	      object_id_equal(&changed.before->blob, &changed.after->blob)))
		g_array_append_val(comparing->changed, changed);
}

static void add_faults(GArray *list, const struct faults *faults)
{
	if (faults)
		g_array_append_vals(list, faults->instances, faults->count);
}

static void add_cross(GArray *list, const struct across *cross, uint64_t value)
{
	struct instance instance = {
		.identity = cross->identity,
		.state = value & 1 ? INSTANCE_SUPPRESSED : INSTANCE_OPEN,
		.said_on = DAY_ANY,
		.found = cross->found,
		.place = cross->place,
	};

	for (uint64_t n = value >> 1; n; n--)
		g_array_append_val(list, instance);
}

static void compare_cross(void *context, uint32_t key, uint64_t before, uint64_t after)
{
	struct comparing *comparing = context;
	const struct across *cross = g_ptr_array_index(comparing->reign->crosses, key);

	add_cross(comparing->comparison->before, cross, before);
	add_cross(comparing->comparison->after, cross, after);
}

/*
 * A state with that of the commit. Under different laws no piece is the same: all of both are
 * listed.
 */
static void compare(struct walk *walk, struct comparison *comparison, const struct state *before,
		    GArray *changed)
{
	struct comparing comparing = {comparison, before->reign, changed};
	const struct state *after = walk->state;
	static const struct pmap nothing;
	bool is_same = before->reign == after->reign;

	comparison->before = g_array_new(FALSE, FALSE, sizeof(struct instance));
	comparison->after = g_array_new(FALSE, FALSE, sizeof(struct instance));
	if (!is_same) {
		pmap_difference(&before->pieces, &nothing, compare_piece, &comparing);
		pmap_difference(&before->crosses, &nothing, compare_cross, &comparing);
		comparing.reign = after->reign;
	}
	pmap_difference(is_same ? &before->pieces : &nothing, &after->pieces, compare_piece,
			&comparing);
	pmap_difference(is_same ? &before->crosses : &nothing, &after->crosses, compare_cross,
			&comparing);
	if (before->faults != after->faults) {
		add_faults(comparison->before, before->faults);
		add_faults(comparison->after, after->faults);
	}
}

static void comparison_release(struct comparison *comparison)
{
	if (comparison->before)
		g_array_free(comparison->before, TRUE);
	if (comparison->after)
		g_array_free(comparison->after, TRUE);
}

/* Carries the counts of the first parent over by what is gone and what is new. */
static void count(struct walk *walk, const GArray *list, int sign)
{
	for (guint i = 0; i < list->len; i++) {
		const struct instance *instance = &g_array_index(list, struct instance, i);
		uint64_t value = pmap_get(&walk->state->counts, instance->identity);
		uint64_t unit = instance->state == INSTANCE_SUPPRESSED ? 1 : (uint64_t)1 << 32;

		value = sign > 0 ? value + unit : value - unit;
		pmap_set(&walk->builder, &walk->state->counts, instance->identity, value);
		if (instance->state == INSTANCE_OPEN)
			walk->state->open += (size_t)sign;
		if (instance->state == INSTANCE_SUPPRESSED)
			walk->state->suppressed += (size_t)sign;
	}
}

/* --- what settle asks */

static void counts(void *context, uint32_t identity, int64_t *active, int64_t *suppressed)
{
	const struct walk *walk = context;
	uint64_t value = pmap_get(&walk->state->counts, identity);

	*active = (int64_t)(value >> 32);
	*suppressed = (int64_t)(value & UINT32_MAX);
}

enum { OF_PARENT = 1, OF_OTHER = 2, BEHIND = 4 };

/*
 * The commits that `parent` reaches and `other` does not, and their merge bases. Commits are taken
 * in falling order of their numbers, which is children first; what lies behind a base is left out.
 */
static GArray *commits_since(const struct walk *walk, uint32_t parent, uint32_t other)
{
	GArray *result = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	uint8_t *marks = g_new0(uint8_t, MAX(parent, other) + 1);
	size_t waiting = parent == other ? 1
					 : 2; /* marked commits not yet seen that lead further */

	marks[parent] |= OF_PARENT;
	marks[other] |= OF_OTHER;
	for (uint32_t i = MAX(parent, other) + 1; waiting && i-- > 0;) {
		uint8_t mark = marks[i];
		const struct history_commit *commit = commit_at(walk, i);
		bool is_common = (mark & OF_PARENT) && (mark & OF_OTHER);

		if (!mark)
			continue;
		waiting -= !(mark & BEHIND);
		if ((mark & OF_PARENT) && !(mark & BEHIND))
			g_array_append_val(result, i);
		if (is_common)
			mark |= BEHIND;
		for (uint32_t p = 0; p < commit->parent_count; p++) {
			uint8_t *above = &marks[commit->parents[p]];
			bool was_open = *above && !(*above & BEHIND);

			*above |= mark;
			waiting += (*above && !(*above & BEHIND)) - was_open;
		}
	}
	g_free(marks);
	return result;
}

static bool had_since(void *context, uint32_t parent, uint32_t other, uint32_t identity,
		      int64_t level)
{
	struct walk *walk = context;
	const uint32_t *parents = commit_at(walk, walk->commit)->parents;
	gpointer key = GUINT_TO_POINTER(parent * 65536 + other + 1);
	GArray *commits = g_hash_table_lookup(walk->since, key);

	if (!commits) {
		commits = commits_since(walk, parents[parent], parents[other]);
		g_hash_table_insert(walk->since, key, commits);
	}
	for (guint i = 0; i < commits->len; i++) {
		const struct state *state = &walk->states[g_array_index(commits, uint32_t, i)];

		if ((int64_t)(pmap_get(&state->counts, identity) >> 32) >= level)
			return true;
	}
	return false;
}

/* --- cause */

static const char *cause(void *context, const struct instance *instance, uint32_t parent)
{
	const struct walk *walk = context;
	const struct piece *own = instance->place ? state_piece(walk->state, instance->place)
						  : NULL;

	if (instance_is_fault(instance))
		return AUDIT_CAUSE_RULES;
	return audit_cause(g_ptr_array_index(walk->changed, parent), instance,
			   own ? own->verdict : NULL);
}

/* --- one commit */

static bool state_blob(void *context, const char *path, bool hidden, struct standing *out)
{
	const struct state *state = context;
	const struct piece *piece;

	out->place = state->reign ? audit_place(state->reign, path, strlen(path)) : NULL;
	piece = out->place ? piece_of(pmap_get(&state->pieces, out->place->number)) : NULL;
	if (!piece)
		return false;
	if (hidden && piece->shadow)
		piece = piece->shadow;
	out->blob = piece->blob;
	out->verdict = piece->verdict;
	return true;
}

static int report(struct walk *walk, struct audit_summary *summary, struct settle *settle)
{
	const struct history_commit *commit = commit_at(walk, walk->commit);
	uint32_t count_of_shows = 1 + MAX(commit->parent_count, 1);
	struct show *shows = g_new0(struct show, count_of_shows);
	static struct state nothing;
	struct arena arena = {0};

	for (uint32_t i = 0; i < count_of_shows; i++) {
		const struct state *state = i == 0 ? walk->state
					    : i - 1 < commit->parent_count
						    ? &walk->states[commit->parents[i - 1]]
						    : &nothing;

		uint32_t shown = i == 0 || !commit->parent_count ? walk->commit
								 : commit->parents[i - 1];

		show_init(&shows[i], walk->audit, &arena, shown);
		shows[i].context = (void *)state;
		shows[i].blob_of = state_blob;
		shows[i].index = i ? NULL : walk->moving->index;
	}
	int result = audit_report(walk->audit, summary, walk->commit, settle, shows,
				  walk->state->open, walk->state->suppressed);

	for (uint32_t i = 0; i < count_of_shows; i++)
		show_release(&shows[i]);
	arena_release(&arena);
	g_free(shows);
	return result;
}

static int settle_and_report(struct walk *walk, struct audit_summary *summary,
			     struct parent_comparison *parents, uint32_t parent_count)
{
	struct settle settle = {
		.audit = walk->audit,
		.parents = parents,
		.parent_count = parent_count,
		.counts = counts,
		.had_since = had_since,
		.cause = cause,
		.context = walk,
		.documents = walk->state->documents,
	};
	int result;

	for (int kind = 0; kind < AUDIT_LISTS; kind++)
		settle.lists[kind] = g_array_new(FALSE, FALSE, sizeof(struct settled));
	audit_settle(&settle);
	result = report(walk, summary, &settle);
	for (int kind = 0; kind < AUDIT_LISTS; kind++)
		g_array_free(settle.lists[kind], TRUE);
	return result;
}

/* The parents as they are on the commit's day, and as its law has them. */
static int judge_parents(struct walk *walk, struct parent_comparison *parents, struct state *on_day)
{
	const struct history_commit *commit = commit_at(walk, walk->commit);
	int result = 0;

	for (uint32_t j = 0; !result && j < commit->parent_count; j++) {
		on_day[j] = walk->states[commit->parents[j]];
		result = state_on_day(walk, commit->parents[j], &on_day[j].pieces,
				      &on_day[j].crosses);
		parents[j].has_on_day = result > 0;
		parents[j].has_by_law = walk->views[j].reign != on_day[j].reign;
		result = MIN(result, 0);
		if (!result && parents[j].has_by_law) {
			walk->views[j].faults = walk->state->faults;
			result = view_crosses(walk, &walk->views[j]);
		}
	}
	return result;
}

static void compare_parent(struct walk *walk, uint32_t j, struct parent_comparison *parent,
			   const struct state *own, const struct state *on_day)
{
	GArray *changed = g_array_new(FALSE, FALSE, sizeof(struct changed));

	compare(walk, &parent->own, own, parent->has_by_law ? NULL : changed);
	if (parent->has_on_day)
		compare(walk, &parent->on_day, on_day, NULL);
	if (parent->has_by_law)
		compare(walk, &parent->by_law, &walk->views[j], changed);
	g_array_sort(changed, audit_changed_compare);
	g_ptr_array_add(walk->changed, changed);
}

static int walk_commit(struct walk *walk, struct audit_summary *summary)
{
	const struct history_commit *commit = commit_at(walk, walk->commit);
	uint32_t parent_count = MAX(commit->parent_count, 1);
	struct parent_comparison *parents = g_new0(struct parent_comparison, parent_count);
	struct state *on_day = g_new0(struct state, parent_count);
	const struct state nothing = {.reign = audit_reign(walk->audit, walk->commit)};
	int result;

	walk->day = audit_day(walk->audit, walk->commit);
	g_ptr_array_set_size(walk->changed, 0);
	g_hash_table_remove_all(walk->since);
	result = state_make(walk);
	if (!result)
		result = judge_parents(walk, parents, on_day);
	if (!result)
		result = index_move(walk, walk->reign, &walk->state->pieces, walk->day);
	if (!result) {
		walk->state->crosses = walk->moving->crosses;
		for (uint32_t j = 0; j < parent_count; j++)
			compare_parent(walk, j, &parents[j],
				       commit->parent_count ? &walk->states[commit->parents[j]]
							    : &nothing,
				       &on_day[j]);
		pmap_branch(&walk->builder);
		count(walk, parents[0].own.after, 1);
		count(walk, parents[0].own.before, -1);
		if (commit->wanted)
			result = settle_and_report(walk, summary, parents, parent_count);
		else
			replay_keep(walk->audit->replay, walk->commit, NULL);
	}
	for (uint32_t j = 0; j < parent_count; j++) {
		comparison_release(&parents[j].own);
		comparison_release(&parents[j].on_day);
		comparison_release(&parents[j].by_law);
	}
	g_free(parents);
	g_free(on_day);
	return result;
}

/* --- the end of the range */

/* Commits of the range that are no parent of another. */
uint8_t *audit_heads(const struct history *history)
{
	uint8_t *is_head = g_new0(uint8_t, history->count + 1);

	for (size_t i = 0; i < history->count; i++) {
		const struct history_commit *commit = &history->commits[i];

		is_head[i] = commit->wanted;
		for (uint32_t p = 0; commit->wanted && p < commit->parent_count; p++)
			is_head[commit->parents[p]] = false;
	}
	return is_head;
}

/* Everything that stands at the heads of the range. */
static int close_audit(struct walk *walk, struct audit_summary *summary)
{
	const struct history *history = &walk->audit->history;
	uint8_t *is_head = audit_heads(history);
	struct closing closing;
	int result = 0;

	closing_init(&closing, walk->audit, summary);
	for (uint32_t i = 0; !result && i < history->count; i++) {
		struct comparison whole = {0};
		struct show show;

		if (!is_head[i])
			continue;
		walk->state = &walk->states[i];
		const struct state nothing = {.reign = walk->state->reign};

		result = index_move(walk, walk->state->reign, &walk->state->pieces,
				    audit_day(walk->audit, i));
		if (result)
			break;
		show_init(&show, walk->audit, &summary->arena, i);
		show.context = walk->state;
		show.blob_of = state_blob;
		show.index = walk->moving->index;
		compare(walk, &whole, &nothing, NULL);
		result = closing_add(&closing, &show, whole.after, i, walk->state->suppressed);
		comparison_release(&whole);
	}
	closing_end(&closing);
	g_free(is_head);
	return result;
}

/* The next laws begin; those that nobody needs any more end. */
static int walk_on(struct walk *walk)
{
	const GPtrArray *reigns = walk->audit->reigns;

	for (guint i = 0; i < reigns->len; i++) {
		struct reign *reign = g_ptr_array_index(reigns, i);

		if (!reign->is_on || reign->is_pinned || reign->last >= walk->commit)
			continue;
		check_index_free(walk->indexes[i].index);
		walk->indexes[i] = (struct moving){0};
		reign_end(reign);
	}
	return audit_gather_more(walk->audit);
}

static int walk_all(struct walk *walk, struct audit_summary *summary)
{
	const struct audit_options *options = &walk->audit->options;
	size_t total = walk->audit->history.count;
	int result = 0;

	for (walk->commit = 0; !result && walk->commit < total; walk->commit++) {
		if (audit_is_interrupted(walk->audit))
			return 1;
		if (options->progress && walk->commit % 64 == 0)
			options->progress(options->progress_context, "commits", walk->commit,
					  total);
		if (walk->commit == walk->audit->gathered)
			result = walk_on(walk);
		if (!result)
			result = walk_commit(walk, summary);
	}
	return result || walk->audit->gate ? result : close_audit(walk, summary);
}

static void walk_init(struct walk *walk, struct audit *audit)
{
	*walk = (struct walk){
		.audit = audit,
		.states = g_new0(struct state, audit->history.count + 1),
		.pieces_builder = {.days = piece_days},
		.view_builder = {.days = piece_days},
		.indexes = g_new0(struct moving, audit->reigns->len + 1),
		.touched = g_ptr_array_new(),
		.changed = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref),
		.since = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref),
	};
}

static void walk_release(struct walk *walk)
{
	for (guint i = 0; i < walk->audit->reigns->len; i++)
		check_index_free(walk->indexes[i].index);
	g_free(walk->indexes);
	g_free(walk->views);
	arena_release(&walk->pieces_builder.arena);
	arena_release(&walk->view_builder.arena);
	arena_release(&walk->builder.arena);
	g_ptr_array_free(walk->touched, TRUE);
	g_ptr_array_free(walk->changed, TRUE);
	g_hash_table_destroy(walk->since);
	g_free(walk->states);
}

int audit_walk(struct audit *audit, struct audit_summary *summary)
{
	int result = audit_gather(audit);

	for (bool again = true; !result && again;) {
		struct walk walk;

		walk_init(&walk, audit);
		result = walk_all(&walk, summary);
		walk_release(&walk);
		again = result == AUDIT_AGAIN;
		if (again)
			result = 0;
	}
	return result;
}

int audit_walk_steps(struct audit *audit, audit_step_fn *each, void *context)
{
	struct walk walk;
	int result = audit_gather(audit);

	walk_init(&walk, audit);
	for (walk.commit = 0; !result && walk.commit < audit->history.count; walk.commit++) {
		walk.day = audit_day(audit, walk.commit);
		result = audit_is_interrupted(audit) ? 1 : state_make(&walk);
		if (!result)
			each(context, walk.commit, &walk.state->pieces);
	}
	walk_release(&walk);
	return result;
}

void audit_free(struct audit *audit)
{
	if (!audit)
		return;
	audit_tables_release(audit);
	g_free(audit);
}

/* From memory where every commit is known. */
static int replay_or_walk(struct audit *audit, struct audit_summary *summary)
{
	int result;

	audit->replay = replay_new(audit);
	result = replay_run(audit->replay, summary);
	if (!result)
		result = audit_walk(audit, summary);
	else
		result = result == REPLAY_DONE ? 0 : result;
	replay_free(audit->replay);
	audit->replay = NULL;
	return result;
}

int audit_run(struct audit_summary *summary, const struct audit_options *options,
	      struct error *error)
{
	struct audit *audit = g_new0(struct audit, 1);
	int result;

	audit->options = *options;
	audit->repository = options->repository;
	audit->error = error;
	*summary = (struct audit_summary){
		.sources = g_ptr_array_new_with_free_func(show_source_free),
		.audit = audit,
	};
	audit_tables_init(audit);
	audit->options.range.interrupted = options->interrupted;
	result = (options->oracle ? history_read_plainly : history_read)(
		&audit->history, options->repository, &audit->options.range, error);
	if (!result)
		result = options->oracle ? audit_oracle(audit, summary)
					 : replay_or_walk(audit, summary);
	for (size_t i = 0; i < audit->history.count; i++)
		summary->is_cut |= audit->history.commits[i].is_cut;
	summary->wanted = audit->history.wanted_count;
	summary->files = audit_path_count(audit);
	summary->blobs = g_hash_table_size(audit->blobs_seen);
	summary->interrupted = result > 0;
	return result < 0 ? -1 : 0;
}
