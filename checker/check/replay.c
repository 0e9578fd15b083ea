/*
 * The audit from memory. A row for each commit has the documents that it changed against its first
 * parent, its texts and its lists of findings, with the blobs in which they stand; a row for each
 * head what is open there. First all rows are looked for, in the order of their numbers, because
 * that is how they lie. Where none is missing they are the report; else the history is walked, but
 * of commits that are known no tree is read, and what is reported of them is what was kept.
 *
 * Must not: be asked by the oracle, by a gate, or where the history is cut.
 */
#include "check/replay.h"

#include "check/replay_row.h"

#include <string.h>

enum { CONTEXT_SIZE = 16 };

struct replay {
	struct audit *audit;
	const struct ruleset *ruleset;       /* whose words rows refer to */
	struct warm *warm;                   /* of it: makes the keys */
	unsigned char context[CONTEXT_SIZE]; /* options on which a report depends */
	bool *known;                         /* of each commit: its row needs no other */
	struct slice *rows;                  /* of each commit */
	struct arena arena;                  /* of the rows */
};

/* --- keys */

static void make_context(struct replay *replay)
{
	const struct audit_options *options = &replay->audit->options;
	GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
	GString *text = g_string_new("planlint commits 2");
	unsigned char digest[32];
	gsize size = sizeof(digest);

	pack_number(text, options->range.first_parent);
	pack_number(text, options->has_as_of);
	pack_signed(text, options->has_as_of ? options->as_of : 0);
	pack_text(text, options->base ? options->base : "");
	pack_number(text, options->laws != NULL);
	pack_text(text, options->laws ? options->laws->from : "");
	g_checksum_update(checksum, (const guchar *)text->str, (gssize)text->len);
	g_checksum_get_digest(checksum, digest, &size);
	memcpy(replay->context, digest, CONTEXT_SIZE);
	g_checksum_free(checksum);
	g_string_free(text, TRUE);
}

static void key_of(struct warm_key *out, const struct replay *replay, char what, uint32_t commit)
{
	unsigned char data[OBJECT_ID_SIZE + CONTEXT_SIZE];

	memcpy(data, replay->audit->history.commits[commit].id.bytes, OBJECT_ID_SIZE);
	memcpy(data + OBJECT_ID_SIZE, replay->context, CONTEXT_SIZE);
	warm_key_make(out, replay->warm, what, data, sizeof(data));
}

/*
 * Where each commit has its own law its row depends on no other but those of its ancestors, which
 * its id stands for; and it brings all words along.
 */
static const struct ruleset of_each_commit = {.digest = "of each commit"};

struct replay *replay_new(struct audit *audit)
{
	struct replay *replay;

	if (!audit->options.store || !audit->options.commit)
		return NULL;
	for (size_t i = 0; i < audit->history.count; i++)
		if (audit->history.commits[i].is_cut)
			return NULL;
	replay = g_new0(struct replay, 1);
	replay->audit = audit;
	replay->ruleset = audit->reign ? audit->reign->ruleset : &of_each_commit;
	replay->warm = audit->reign ? audit->reign->warm
				    : warm_new(audit->options.store, replay->ruleset);
	replay->known = g_new0(bool, audit->history.count + 1);
	make_context(replay);
	return replay;
}

void replay_free(struct replay *replay)
{
	if (!replay)
		return;
	if (!replay->audit->reign)
		warm_free(replay->warm);
	arena_release(&replay->arena);
	g_free(replay->rows);
	g_free(replay->known);
	g_free(replay);
}

/* --- keeping */

/* Is the law read anew at a commit? Else it is that of its first parent. */
static bool has_new_law(const struct audit *audit, uint32_t commit)
{
	const struct history_commit *at = &audit->history.commits[commit];

	return !at->parent_count || audit->own[commit] != audit->own[at->parents[0]];
}

/* What is wrong with a law stands in no blob of a document: such commits are not kept. */
static bool has_faults(const struct audit *audit, uint32_t commit)
{
	const struct history_commit *at = &audit->history.commits[commit];
	bool found = audit_faults(audit, commit) != NULL;

	for (uint32_t p = 0; p < at->parent_count; p++)
		found |= audit_faults(audit, at->parents[p]) != NULL;
	return found;
}

void replay_keep(struct replay *replay, uint32_t commit, const struct audit_commit *report)
{
	struct warm_key key;
	GString *row;

	if (!replay || replay->known[commit] || has_faults(replay->audit, commit))
		return;
	row = g_string_new(NULL);
	pack_number(row, report != NULL);
	if (replay->audit->of)
		pack_number(row, has_new_law(replay->audit, commit));
	row_keep_changes(row, replay->audit, commit);
	if (report)
		row_keep_report(row, replay->ruleset, report);
	key_of(&key, replay, 'c', commit);
	store_put(warm_store(replay->warm), &key.key, row->str, row->len);
	g_string_free(row, TRUE);
}

void replay_keep_head(struct replay *replay, uint32_t commit, const GPtrArray *open,
		      size_t suppressed, size_t unmatched)
{
	GString *row;
	struct warm_key key;

	if (!replay || has_faults(replay->audit, commit))
		return;
	row = g_string_new(NULL);
	pack_number(row, suppressed);
	pack_number(row, unmatched);
	row_keep_findings(row, replay->ruleset, open);
	key_of(&key, replay, 'h', commit);
	store_put(warm_store(replay->warm), &key.key, row->str, row->len);
	g_string_free(row, TRUE);
}

/* --- looking for the rows */

struct numbered {
	uint64_t number;
	uint32_t commit;
};

static int compare_numbers(const void *a, const void *b)
{
	const struct numbered *x = a, *y = b;

	return x->number < y->number ? -1 : x->number > y->number;
}

static bool fetch(struct replay *replay, char what, uint32_t commit, struct slice *out)
{
	struct warm_key key;
	const void *data;
	size_t size;

	key_of(&key, replay, what, commit);
	if (!store_get(replay->audit->link, &key.key, &data, &size))
		return false;
	*out = (struct slice){arena_dup(&replay->arena, data, size), size};
	return true;
}

/* Is the row good for this run? A commit of the range needs its report. */
static bool is_enough(const struct slice *row, bool wanted)
{
	return row->len && (row->data[0] == 1 || !wanted);
}

/* False where a commit is not known. */
static bool fetch_commits(struct replay *replay)
{
	const struct history *history = &replay->audit->history;
	struct numbered *order = g_new(struct numbered, history->count + 1);
	bool is_whole = true;

	for (uint32_t i = 0; i < history->count; i++) {
		struct warm_key key;

		key_of(&key, replay, 'c', i);
		order[i] = (struct numbered){key.key.number, i};
	}
	qsort(order, history->count, sizeof(*order), compare_numbers);
	for (size_t i = 0; i < history->count; i++) {
		uint32_t commit = order[i].commit;
		struct slice *row = &replay->rows[commit];

		replay->known[commit] = fetch(replay, 'c', commit, row) &&
					is_enough(row, history->commits[commit].wanted);
		is_whole &= replay->known[commit];
	}
	g_free(order);
	return is_whole;
}

/* --- laws of the commits */

/* Every law is read as the audit would have read it, for what a report says of laws and rules. */
static int read_laws(struct replay *replay)
{
	struct audit *audit = replay->audit;
	const struct audit_laws *laws = audit->options.laws;
	int result = 0;

	for (uint32_t i = 0; laws && !result && i < audit->history.count; i++) {
		const struct history_commit *commit = &audit->history.commits[i];
		struct unpack in = {replay->rows[i].data,
				    replay->rows[i].data + replay->rows[i].len, false};
		const struct audit_law *law;

		unpack_number(&in);
		law = unpack_number(&in) || !commit->parent_count
			      ? laws->read(laws->context, &commit->id, audit->error)
			      : audit->own[commit->parents[0]];
		result = law ? audit_note_law(audit, i, law) : -1;
	}
	return result;
}

/* The law of a commit, begun; where too many are, the others end. */
static struct reign *reign_at(struct audit *audit, uint32_t commit)
{
	struct reign *reign = audit_reign(audit, commit);
	guint begun = 0;

	for (guint i = 0; !reign->is_on && i < audit->reigns->len; i++)
		begun += ((struct reign *)g_ptr_array_index(audit->reigns, i))->is_on;
	for (guint i = 0; audit->of && begun >= audit->options.laws->held && i < audit->reigns->len;
	     i++)
		reign_end(g_ptr_array_index(audit->reigns, i));
	return reign_begin(reign) ? NULL : reign;
}

struct noting {
	struct audit *audit;
	struct reign *reign;
};

static void note(const struct noting *noting, const char *path, size_t len,
		 const struct object_id *blob)
{
	struct place *place = audit_place(noting->reign, path, len);

	if (!place)
		return;
	audit_note_blob(noting->audit, blob, place);
	audit_note_path(noting->audit, place);
}

static int note_file(void *context, const struct tree_change *change)
{
	if (mode_is_file(change->new_mode))
		note(context, change->path, change->path_len, &change->new_id);
	return 0;
}

/* Where another law than the first parent's begins to judge, it has judged everything. */
static int note_whole(const struct noting *noting, uint32_t commit)
{
	struct audit *audit = noting->audit;
	const struct history_commit *at = &audit->history.commits[commit];

	if (!audit->of || !at->parent_count || audit->of[commit] == audit->of[at->parents[0]])
		return 0;
	return tree_difference(audit->repository, NULL, &at->tree, note_file, (void *)noting,
			       audit->error);
}

/* --- reporting */

static void read_changes(struct row_reading *reading, const struct noting *noting)
{
	size_t count = unpack_count(&reading->in);

	for (size_t i = 0; i < count && !reading->in.failed; i++) {
		struct replay_change change = row_read_change(&reading->in);

		if (change.path && !object_id_is_zero(&change.blob))
			note(noting, change.path, strlen(change.path), &change.blob);
	}
}

static bool is_known(const struct replay *replay, uint32_t commit)
{
	return replay && replay->rows && replay->known[commit] && !replay->audit->options.laws;
}

bool replay_changes(const struct replay *replay, uint32_t commit, GArray *out)
{
	struct unpack in;

	if (!is_known(replay, commit))
		return false;
	in = (struct unpack){replay->rows[commit].data,
			     replay->rows[commit].data + replay->rows[commit].len, false};
	unpack_number(&in);
	for (size_t left = unpack_count(&in); left && !in.failed; left--) {
		struct replay_change change = row_read_change(&in);

		g_array_append_val(out, change);
	}
	if (in.failed)
		g_array_set_size(out, 0);
	return !in.failed;
}

static int report_commit(struct replay *replay, struct audit_summary *summary, uint32_t commit)
{
	struct audit *audit = replay->audit;
	const struct history_commit *at = &audit->history.commits[commit];
	const struct slice *row = &replay->rows[commit];
	struct audit_commit report = {.history = &audit->history, .index = commit};
	struct arena arena = {0};
	struct row_reading reading = {
		.audit = replay->audit,
		.ruleset = replay->ruleset,
		.in = {row->data, row->data + row->len, false},
		.arena = &arena,
		.sources = g_ptr_array_new_with_free_func(show_source_free),
	};
	struct noting noting = {audit, reign_at(audit, commit)};
	int result = noting.reign ? note_whole(&noting, commit) : -1;

	unpack_number(&reading.in);
	if (audit->of)
		unpack_number(&reading.in);
	if (!result)
		read_changes(&reading, &noting);
	if (!result && at->wanted) {
		row_read_report(&reading, &report);
		summary->commits++;
		summary->merges += at->parent_count > 1;
		result = audit->options.commit(audit->options.context, &report) ? 1 : 0;
	}
	g_ptr_array_free(reading.sources, TRUE);
	arena_release(&arena);
	return result;
}

int replay_report(struct replay *replay, struct audit_summary *summary, uint32_t commit)
{
	if (!is_known(replay, commit))
		return 0;
	int result = report_commit(replay, summary, commit);

	return result ? result : REPLAY_DONE;
}

static void report_head(struct replay *replay, struct closing *closing, struct slice row)
{
	struct audit_summary *summary = closing->summary;
	struct row_reading reading = {
		.audit = replay->audit,
		.ruleset = replay->ruleset,
		.in = {row.data, row.data + row.len, false},
		.arena = &summary->arena,
		.sources = summary->sources,
	};

	closing->head_has_it = !closing->heads++;
	summary->suppressed += (size_t)unpack_number(&reading.in);
	summary->unmatched += (size_t)unpack_number(&reading.in);
	for (size_t left = row_read_findings(&reading); left && !reading.in.failed; left--)
		closing_take(closing, row_read_finding(&reading));
}

static int report_commits(struct replay *replay, struct audit_summary *summary)
{
	const struct audit_options *options = &replay->audit->options;
	size_t count = replay->audit->history.count;
	int result = 0;

	for (uint32_t i = 0; !result && i < count; i++) {
		if (audit_is_interrupted(replay->audit))
			return 1;
		if (options->progress && i % 64 == 0)
			options->progress(options->progress_context, "commits", i, count);
		result = report_commit(replay, summary, i);
	}
	return result;
}

/* The rows of findings at heads live as long as the summary. */
static int report_heads(struct replay *replay, struct audit_summary *summary,
			const struct slice *heads)
{
	struct closing closing;

	closing_init(&closing, replay->audit, summary);
	for (size_t i = 0; i < replay->audit->history.count; i++)
		if (heads[i].data)
			report_head(replay, &closing,
				    (struct slice){
					    arena_dup(&summary->arena, heads[i].data, heads[i].len),
					    heads[i].len});
	closing_end(&closing);
	return REPLAY_DONE;
}

int replay_run(struct replay *replay, struct audit_summary *summary)
{
	const struct history *history;
	struct slice *heads;
	uint8_t *is_head;
	bool is_whole;
	int result = 0;

	if (!replay)
		return 0;
	history = &replay->audit->history;
	replay->rows = g_new0(struct slice, history->count + 1);
	heads = g_new0(struct slice, history->count + 1);
	is_head = audit_heads(history);
	is_whole = fetch_commits(replay);
	for (uint32_t i = 0; is_whole && i < history->count; i++)
		is_whole = !is_head[i] || fetch(replay, 'h', i, &heads[i]);
	if (is_whole) {
		result = read_laws(replay);
		if (!result)
			result = report_commits(replay, summary);
		if (!result)
			result = report_heads(replay, summary, heads);
	}
	g_free(is_head);
	g_free(heads);
	return result;
}
