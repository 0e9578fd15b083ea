/*
 * Steps at a merge (DESIGN.md section 8): a parent says nothing of a node that is as another parent
 * has it, which changed it since the merge base; where both have it so, the one without a slip
 * counts. Bases are looked for, and documents read, only where a parent has a slip.
 */
#include "check/audit_match.h"

#include <string.h>

/* --- merge bases */

enum { FIRST = 1, SECOND = 2, BEHIND = 4 };

/* Falling numbers are children first, so a common commit without a mark from behind is a base. */
GArray *audit_bases(const struct history *history, uint32_t a, uint32_t b)
{
	GArray *bases = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	uint8_t *marks = g_new0(uint8_t, MAX(a, b) + 1);

	marks[a] |= FIRST;
	marks[b] |= SECOND;
	for (uint32_t i = MAX(a, b) + 1; i-- > 0;) {
		const struct history_commit *commit = &history->commits[i];
		uint8_t mark = marks[i];

		if (!mark || mark & BEHIND) {
			mark = mark ? FIRST | SECOND | BEHIND : 0;
		} else if (mark == (FIRST | SECOND)) {
			g_array_append_val(bases, i);
			mark |= BEHIND;
		}
		for (uint32_t p = 0; mark && p < commit->parent_count; p++)
			marks[commit->parents[p]] |= mark;
	}
	g_free(marks);
	return bases;
}

const GArray *step_bases(struct stepping *stepping, uint32_t i, uint32_t j)
{
	GArray **bases = &stepping->bases[MIN(i, j) * stepping->count + MAX(i, j)];

	if (!*bases)
		*bases = audit_bases(&stepping->walk->audit->history,
				     step_parent_of(stepping->walk, i),
				     step_parent_of(stepping->walk, j));
	return *bases;
}

/* --- which parents count */

/* The document that stands for another one in a state. False: none. */
static bool locate(const struct state *state, const struct place *place, uint32_t document,
		   const char *key, struct step_version *out)
{
	const struct piece *piece = step_known(state_piece(state, place));
	const struct piece *best = step_is_file(piece) ? piece : NULL;
	bool is_there = best && document < best->verdict->document_count;
	size_t at = document;

	if (!is_there || g_strcmp0(best->verdict->documents[at].key, key) != 0) {
		if (key && find_document(&state->pieces, place, key, &piece, &at))
			best = piece;
		else if (!is_there)
			return false;
	}
	*out = (struct step_version){best->blob, (uint32_t)at, best->place->entry};
	return true;
}

struct asking {
	struct stepping *stepping;
	const struct placed_slip *placed;
	uint32_t document; /* of the merge, or of what is gone */
	const char *key;
};

/* The text of the slip's node in a state. */
static int text_in(char **out, const struct asking *asking, const struct state *state)
{
	const struct walk *walk = asking->stepping->walk;
	struct step_version version;
	bool is_there = locate(state, asking->placed->place, asking->document, asking->key,
			       &version);

	return step_twin(out, walk->reign, &asking->placed->slip, is_there ? &version : NULL);
}

static bool has_slip(const struct against *against, const struct placed_slip *placed)
{
	for (guint i = 0; i < against->slips->len; i++) {
		const struct placed_slip *other = &g_array_index(against->slips, struct placed_slip,
								 i);

		if (other->place == placed->place && slip_same(&other->slip, &placed->slip))
			return true;
	}
	return false;
}

/* Does a parent have the node otherwise than its merge base with another one has? 1, 0, -1. */
static int changed_since(const struct asking *asking, uint32_t i, uint32_t j, const char *text)
{
	const GArray *bases = step_bases(asking->stepping, i, j);
	const struct walk *walk = asking->stepping->walk;
	int changed = !bases->len && text;

	for (guint n = 0; !changed && n < bases->len; n++) {
		char *before;

		if (text_in(&before, asking, &walk->states[g_array_index(bases, uint32_t, n)]))
			return -1;
		changed = g_strcmp0(before, text) != 0;
		g_free(before);
	}
	return changed;
}

static int skips(const struct asking *asking, uint32_t j, const char *text, bool *skipped)
{
	struct stepping *stepping = asking->stepping;
	const struct walk *walk = stepping->walk;
	char *own;
	int result = text_in(&own, asking, &walk->views[j]);
	bool is_own = !g_strcmp0(own, text);

	g_free(own);
	for (uint32_t i = 0; !result && !*skipped && i < stepping->count; i++) {
		char *other;

		if (i == j || (is_own && has_slip(&stepping->against[i], asking->placed)))
			continue;
		result = text_in(&other, asking, &walk->views[i]);
		if (!result && !g_strcmp0(other, text)) {
			int changed = changed_since(asking, i, j, other);

			result = MIN(changed, 0);
			*skipped = changed > 0;
		}
		g_free(other);
	}
	return result;
}

static int skip_slip(struct stepping *stepping, uint32_t j, struct placed_slip *placed)
{
	struct walk *walk = stepping->walk;
	const struct slip *slip = &placed->slip;
	const struct piece *piece = step_own_piece(walk, placed->place);
	struct step_version version = {0};
	bool is_there = slip->document != SLIP_GONE;
	struct asking asking = {stepping, placed, is_there ? slip->document : slip->last.document,
				is_there ? piece->verdict->documents[slip->document].key
					 : slip->key};
	char *text;

	if (is_there)
		version = (struct step_version){piece->blob, slip->document, placed->place->entry};
	if (step_twin(&text, walk->reign, slip, is_there ? &version : NULL))
		return -1;
	int result = skips(&asking, j, text, &placed->is_skipped);

	g_free(text);
	return result;
}

int step_skip_parents(struct stepping *stepping)
{
	for (uint32_t j = 0; stepping->count > 1 && j < stepping->count; j++) {
		GArray *slips = stepping->against[j].slips;

		for (guint i = 0; i < slips->len; i++)
			if (skip_slip(stepping, j, &g_array_index(slips, struct placed_slip, i)))
				return -1;
	}
	return 0;
}
