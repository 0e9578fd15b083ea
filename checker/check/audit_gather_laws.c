/*
 * Gathering where each commit has its own law. Which law that is shows in what a commit changed
 * against its first parent; a law that begins judges whole trees, and ends behind the last commit
 * that may ask for it. So commits are gathered in turns, as many as begin few laws.
 */
#include "check/audit_gather.h"

/* Does a commit differ from its first parent in what the law is read from? */
static bool changes_law(const struct gather *gather, uint32_t commit, const struct audit_law *law)
{
	const struct audit_laws *laws = gather->audit->options.laws;

	for (uint32_t j = 0; j < gather->change_counts[commit]; j++)
		if (laws->reads(laws->context, law, gather->changes[commit][j].path))
			return true;
	return false;
}

int gather_laws(struct gather *gather)
{
	struct audit *audit = gather->audit;
	const struct audit_laws *laws = audit->options.laws;
	int result = 0;

	for (uint32_t i = 0; laws && !result && i < audit->history.count; i++) {
		const struct history_commit *commit = &audit->history.commits[i];
		const struct audit_law *law = commit->parent_count ? audit->own[commit->parents[0]]
								   : NULL;

		if (audit_is_interrupted(audit))
			return 1;
		if (!law || changes_law(gather, i, law))
			law = laws->read(laws->context, &commit->id, audit->error);
		result = law ? audit_note_law(audit, i, law) : -1;
	}
	return result;
}

struct whole {
	struct gather *gather;
	uint32_t commit;
};

static int add_file(void *context, const struct tree_change *change)
{
	const struct whole *whole = context;
	struct audit *audit = whole->gather->audit;
	struct place *place = mode_is_file(change->new_mode)
				      ? audit_place(audit_reign(audit, whole->commit), change->path,
						    change->path_len)
				      : NULL;

	if (place)
		gather_task(whole->gather, &change->new_id, place, whole->commit);
	return 0;
}

int gather_whole_trees(struct gather *gather, uint32_t first, uint32_t end)
{
	struct audit *audit = gather->audit;
	int result = 0;

	for (uint32_t i = first; audit->of && !result && i < end; i++) {
		const struct history_commit *commit = &audit->history.commits[i];
		struct whole whole = {gather, i};

		if (commit->parent_count && audit->of[i] != audit->of[commit->parents[0]])
			result = tree_difference(audit->repository, NULL, &commit->tree, add_file,
						 &whole, audit->error);
	}
	return result;
}

/* --- which commits at once */

static void last_at(const struct audit *audit, uint32_t of, uint32_t commit)
{
	struct reign *reign = audit->of[of];

	reign->last = MAX(reign->last, commit);
}

void gather_last(struct audit *audit)
{
	const struct history *history = &audit->history;
	uint8_t *is_head = audit_heads(history);

	for (uint32_t i = 0; i < history->count; i++) {
		const struct history_commit *commit = &history->commits[i];

		last_at(audit, i, is_head[i] ? UINT32_MAX : i);
		for (uint32_t p = 0; p < commit->parent_count; p++) {
			last_at(audit, commit->parents[p], i);
			for (uint32_t q = 0; q < p; q++) {
				GArray *bases = audit_bases(history, commit->parents[q],
							    commit->parents[p]);

				for (guint n = 0; n < bases->len; n++)
					last_at(audit, g_array_index(bases, uint32_t, n), i);
				g_array_free(bases, TRUE);
			}
		}
	}
	g_free(is_head);
}

uint32_t gather_end(const struct audit *audit)
{
	uint32_t end = audit->gathered, begun = 0;
	uint8_t *is_on = g_new0(uint8_t, audit->reigns->len + 1);

	for (; end < audit->history.count; end++) {
		const struct reign *reign = audit_reign(audit, end);

		if (reign->is_on || is_on[reign->number])
			continue;
		if (++begun > audit->options.laws->held)
			break;
		is_on[reign->number] = true;
	}
	g_free(is_on);
	return end;
}
