/*
 * Transitions along the history (DESIGN.md section 8): which nodes of a commit's documents are not
 * what they may be after their last accepted version. Only files that differ from a parent's are
 * looked at; what a parent has open in a file that did not change is carried over.
 *
 * Against each parent documents are matched by key, then by path among the unmatched (step_match).
 * A matched one is judged from its version in the parent, but for the nodes that were not in order
 * there: these from their own accepted versions. At a merge a parent says nothing of a node that is
 * as another parent has it, which changed it since the merge base; where both have it so, the one
 * without a slip counts. What the parents say is put together, the first one's version first.
 */
#include "check/audit_match.h"

#include <string.h>

/* --- one commit */

static void add_place(struct stepping *stepping, struct place *place)
{
	if (g_hash_table_add(stepping->known, place))
		g_ptr_array_add(stepping->places, place);
}

static int place_compare(const void *a, const void *b)
{
	return strcmp((*(const struct place *const *)a)->full_path,
		      (*(const struct place *const *)b)->full_path);
}

/* --- documents that changed */

static void add_units(GArray *units, const struct piece *piece)
{
	const struct verdict *verdict = piece->verdict;

	for (size_t i = 0; i < verdict->document_count; i++) {
		struct unit unit = {
			.place = piece->place,
			.version = {piece->blob, (uint32_t)i, piece->place->entry},
			.key = verdict->documents[i].key,
			.memory = piece->memory,
		};

		g_array_append_val(units, unit);
	}
}

static bool same_keys(const struct verdict *a, const struct verdict *b)
{
	bool same = a->document_count == b->document_count;

	for (size_t i = 0; same && i < a->document_count; i++)
		same = !g_strcmp0(a->documents[i].key, b->documents[i].key);
	return same;
}

/*
 * Does the merge take a file from another parent, where this one left it as it was in their base?
 * Then every node that differs is skipped, and nothing needs to be judged.
 */
static bool is_taken_over(struct stepping *stepping, const struct piece *before,
			  const struct piece *after)
{
	const struct walk *walk = stepping->walk;
	uint32_t j = stepping->collected;

	if (before->memory || !same_keys(before->verdict, after->verdict))
		return false;
	for (uint32_t i = 0; i < stepping->count; i++) {
		const struct piece *other = step_piece_of_parent(walk, i, before->place);
		const GArray *bases;

		if (i == j || !step_is_file(other) || !step_same_file(other, after))
			continue;
		bases = step_bases(stepping, i, j);
		for (guint n = 0; n < bases->len; n++) {
			const struct state *state =
				&walk->states[g_array_index(bases, uint32_t, n)];
			const struct piece *base = state_piece(state, before->place);

			/* another law may know the document by another key */
			if (state->reign == walk->reign && step_is_file(base) &&
			    step_same_file(base, before))
				return true;
		}
	}
	return false;
}

static void collect(void *context, uint32_t key, uint64_t value_before, uint64_t value_after)
{
	struct stepping *stepping = context;
	struct against *against = &stepping->against[stepping->collected];
	const struct piece *before = piece_of(value_before), *after = piece_of(value_after);
	struct place *place = (before ? before : after)->place;

	(void)key;
	if (!check_has_transitions(place->entry))
		return;
	add_place(stepping, place);
	if (step_same_file(before, after) || (step_is_file(after) && !step_is_readable(after)))
		return;
	if (step_is_readable(before) && step_is_readable(after) && stepping->count > 1 &&
	    is_taken_over(stepping, before, after))
		return;
	if (step_is_file(before) && step_is_file(step_known(before)))
		add_units(against->old, step_known(before));
	if (step_is_file(after))
		add_units(against->new, after);
}

struct gone {
	struct stepping *stepping;
	GArray *units;
	uint32_t parent;
};

/* Documents that are gone and should not be. Those behind an unreadable file wait with it. */
static void collect_gone(void *context, uint32_t key, uint64_t before, uint64_t after)
{
	struct gone *gone = context;
	struct walk *walk = gone->stepping->walk;
	struct place *place = g_ptr_array_index(walk->reign->place_list, key);
	const struct piece *now = step_own_piece(walk, place);
	const struct memory *memory = step_memory_of(
		step_piece_of_parent(walk, gone->parent, place));

	(void)before;
	(void)after;
	if (step_is_file(now) && !step_is_readable(now))
		return;
	for (uint32_t i = 0; memory && i < memory->count; i++) {
		const struct slip *slip = &memory->slips[i];
		struct unit unit = {.place = place,
				    .version = slip->last,
				    .key = slip->key,
				    .memory = memory,
				    .is_gone = true};
		bool is_known = slip->document != SLIP_GONE;

		for (guint n = 0; !is_known && n < gone->units->len; n++) {
			const struct unit *other = &g_array_index(gone->units, struct unit, n);

			is_known = other->is_gone && other->place == place &&
				   step_version_equal(&other->version, &unit.version) &&
				   !g_strcmp0(other->key, unit.key);
		}
		if (!is_known)
			g_array_append_val(gone->units, unit);
	}
}

/* --- judging */

static void add_slip(GArray *slips, struct place *place, const struct slip *slip)
{
	struct placed_slip placed = {place, *slip, false};

	g_array_append_val(slips, placed);
}

/* Is the slip one of this document? */
static bool is_of(const struct slip *slip, const struct unit *unit)
{
	if (!unit->is_gone)
		return slip->document == unit->version.document;
	return slip->document == SLIP_GONE && step_version_equal(&slip->last, &unit->version) &&
	       !g_strcmp0(slip->key, unit->key);
}

/* Does a slip stand for the node that a finding from this version is about? */
static bool covers(const struct slip *slip, const struct unit *unit, const struct check_step *step)
{
	const struct check_step *own = slip->found->step;

	if (own->rule != step->rule)
		return false;
	if (own->pointer && !unit->is_gone && !strcmp(own->pointer, step->old_pointer))
		return true;
	return step_version_equal(&slip->accepted, &unit->version) &&
	       !strcmp(own->old_pointer, step->old_pointer);
}

static bool is_covered(const struct unit *unit, const struct check_step *step)
{
	for (uint32_t i = 0; unit->memory && i < unit->memory->count; i++)
		if (is_of(&unit->memory->slips[i], unit) &&
		    covers(&unit->memory->slips[i], unit, step))
			return true;
	return false;
}

static bool same_origin(const struct slip *a, const struct slip *b)
{
	const struct check_step *x = a->found->step, *y = b->found->step;

	return x->rule == y->rule && step_version_equal(&a->accepted, &b->accepted) &&
	       !strcmp(x->old_pointer, y->old_pointer);
}

/* Two rules may forbid that a node goes: what a third says when it is back is told once. */
static bool is_told(const GArray *slips, const struct place *place, const struct slip *slip)
{
	for (guint i = 0; i < slips->len; i++) {
		const struct placed_slip *other = &g_array_index(slips, struct placed_slip, i);

		if (other->place == place && slip_same(&other->slip, slip) &&
		    same_origin(&other->slip, slip))
			return true;
	}
	return false;
}

/* One node that was not in order, from its own accepted version. */
static int judge_slip(struct stepping *stepping, const struct slip *was, const struct slip *like,
		      struct place *place, const struct step_version *next, GArray *out)
{
	struct walk *walk = stepping->walk;
	const struct verdict *verdict = step_verdict(walk->audit, place, &was->accepted, next,
						     walk->day);

	for (size_t i = 0; verdict && i < verdict->finding_count; i++) {
		struct slip slip = *like;

		slip.found = &verdict->findings[i];
		slip.accepted = was->accepted;
		slip.is_also = was->is_also;
		if (slip_goes_on(was, slip.found) && !is_told(out, place, &slip))
			add_slip(out, place, &slip);
	}
	return verdict ? 0 : -1;
}

/*
 * Parents that accepted different versions of a node have a slip each; what one of them had is in
 * order for all. 1, 0, or -1.
 */
static int is_as_one_had_it(const struct stepping *stepping, const struct unit *unit,
			    const struct slip *slip, const struct step_version *next)
{
	bool has_other = false;
	int result = 0;

	for (uint32_t i = 0; !has_other && i < unit->memory->count; i++)
		has_other = &unit->memory->slips[i] != slip &&
			    slip_same(&unit->memory->slips[i], slip) &&
			    is_of(&unit->memory->slips[i], unit);
	for (uint32_t i = 0; has_other && result == 0 && i < unit->memory->count; i++) {
		const struct slip *other = &unit->memory->slips[i];

		if (is_of(other, unit) && slip_same(other, slip))
			result = slip_is_restored(stepping->walk->reign, other, next);
	}
	return result;
}

/* From a document of a parent to what it is now; `next` NULL: gone. */
static int judge_unit(struct stepping *stepping, const struct unit *unit, const struct unit *next,
		      GArray *out)
{
	struct walk *walk = stepping->walk;
	struct place *place = next ? next->place : unit->place;
	const struct step_version *version = next ? &next->version : NULL;
	struct slip like = {.document = next ? version->document : SLIP_GONE};
	const struct verdict *verdict = step_verdict(walk->audit, place, &unit->version, version,
						     walk->day);

	if (!next) {
		like.last = unit->version;
		like.key = unit->key;
	}
	for (size_t i = 0; verdict && i < verdict->finding_count; i++) {
		struct slip slip = like;

		slip.found = &verdict->findings[i];
		slip.accepted = unit->version;
		if (slip.found->step && !is_covered(unit, slip.found->step))
			add_slip(out, place, &slip);
	}
	for (uint32_t i = 0; verdict && unit->memory && i < unit->memory->count; i++) {
		const struct slip *was = &unit->memory->slips[i];
		bool is_done = !is_of(was, unit);

		for (uint32_t n = 0; !is_done && n < i; n++)
			is_done = is_of(&unit->memory->slips[n], unit) &&
				  same_origin(&unit->memory->slips[n], was);
		int restored = is_done ? 1 : is_as_one_had_it(stepping, unit, was, version);

		if (restored < 0 ||
		    (!restored && judge_slip(stepping, was, &like, place, version, out)))
			return -1;
	}
	return verdict ? 0 : -1;
}

static int judge_against(struct stepping *stepping, struct against *against)
{
	for (guint i = 0; i < against->old->len; i++) {
		const struct unit *unit = &g_array_index(against->old, struct unit, i);
		const struct unit *next = unit->is_taken ? &g_array_index(against->new, struct unit,
									  unit->twin)
							 : NULL;

		if (unit->is_gone && !next) {
			for (uint32_t n = 0; n < unit->memory->count; n++)
				if (is_of(&unit->memory->slips[n], unit))
					add_slip(against->slips, unit->place,
						 &unit->memory->slips[n]);
		} else if (judge_unit(stepping, unit, next, against->slips)) {
			return -1;
		}
	}
	return 0;
}

/* Files that are as this parent has them keep what is open in them. */
static void carry(struct stepping *stepping, uint32_t j)
{
	struct walk *walk = stepping->walk;

	for (guint i = 0; i < stepping->places->len; i++) {
		struct place *place = g_ptr_array_index(stepping->places, i);
		const struct piece *before = step_piece_of_parent(walk, j, place);
		const struct memory *memory = step_memory_of(before);

		if (!memory || !step_is_readable(before) ||
		    !step_same_file(before, step_own_piece(walk, place)))
			continue;
		for (uint32_t n = 0; n < memory->count; n++)
			if (memory->slips[n].document != SLIP_GONE)
				add_slip(stepping->against[j].slips, place, &memory->slips[n]);
	}
}

/* --- what becomes of it */

/*
 * Does an earlier parent speak of the node (`also`), and of the same accepted version of it? Then
 * it is said.
 */
static bool said_before(const struct stepping *stepping, uint32_t j,
			const struct placed_slip *placed, bool *also)
{
	for (uint32_t i = 0; i < j; i++) {
		const GArray *slips = stepping->against[i].slips;

		for (guint n = 0; n < slips->len; n++) {
			const struct placed_slip *other = &g_array_index(slips, struct placed_slip,
									 n);

			if (other->is_skipped || other->place != placed->place ||
			    !slip_same(&other->slip, &placed->slip))
				continue;
			if (same_origin(&other->slip, &placed->slip))
				return true;
			*also = true;
		}
	}
	return false;
}

static bool same_slips(const struct memory *memory, const GArray *slips)
{
	if (!memory || memory->count != slips->len)
		return false;
	for (guint i = 0; i < slips->len; i++) {
		const struct slip *slip = &g_array_index(slips, struct slip, i);

		if (memory->slips[i].found != slip->found ||
		    memory->slips[i].document != slip->document ||
		    memory->slips[i].is_also != slip->is_also ||
		    !step_version_equal(&memory->slips[i].accepted, &slip->accepted) ||
		    !step_version_equal(&memory->slips[i].last, &slip->last) ||
		    g_strcmp0(memory->slips[i].key, slip->key) != 0)
			return false;
	}
	return true;
}

const struct memory *memory_new(struct reign *reign, const GArray *slips)
{
	struct memory *memory;
	struct slip *copies;

	if (!slips->len)
		return NULL;
	memory = arena_new(&reign->arena, struct memory);
	copies = arena_array(&reign->arena, slips->len, sizeof(*copies));
	memcpy(copies, slips->data, slips->len * sizeof(*copies));
	memory->slips = copies;
	memory->count = slips->len;
	return memory;
}

/* The memory with these slips: a parent's where it has the same, so that pieces stay the same. */
static const struct memory *memory_with(const struct stepping *stepping, const struct place *place,
					const GArray *slips)
{
	const struct walk *walk = stepping->walk;

	if (!slips->len)
		return NULL;
	for (uint32_t j = 0; j < stepping->count; j++) {
		const struct memory *old = step_memory_of(step_piece_of_parent(walk, j, place));

		if (same_slips(old, slips))
			return old;
	}
	return memory_new(walk->reign, slips);
}

bool memory_has_gone(const struct memory *memory)
{
	for (uint32_t i = 0; memory && i < memory->count; i++)
		if (memory->slips[i].document == SLIP_GONE)
			return true;
	return false;
}

/* Puts a memory (NULL: none) in the place of a state. */
static int steps_remember(struct walk *walk, struct place *place, const struct memory *memory)
{
	const struct piece *piece = step_own_piece(walk, place);

	if (step_is_file(piece) && !step_is_readable(piece))
		memory = step_memory_of(piece);
	pmap_set(&walk->builder, &walk->state->gone, place->number, memory_has_gone(memory));
	if (step_is_file(piece) && !step_is_readable(piece))
		return 0;
	if (step_is_file(piece) ? piece->memory == memory : !piece && !memory)
		return 0;
	if (step_is_file(piece))
		piece = audit_piece(walk->audit, place, &piece->blob, walk->day, memory);
	else
		piece = memory ? audit_gone_piece(walk->audit, place, memory, walk->day) : NULL;
	if (!piece && (memory || step_is_file(step_own_piece(walk, place))))
		return -1;
	pmap_set(&walk->pieces_builder, &walk->state->pieces, place->number, value_of(piece));
	return 0;
}

static int remember_all(struct stepping *stepping)
{
	GArray *slips = g_array_new(FALSE, FALSE, sizeof(struct slip));
	int result = 0;

	for (guint p = 0; !result && p < stepping->places->len; p++) {
		struct place *place = g_ptr_array_index(stepping->places, p);

		g_array_set_size(slips, 0);
		for (uint32_t j = 0; j < stepping->count; j++) {
			const GArray *list = stepping->against[j].slips;

			for (guint i = 0; i < list->len; i++) {
				const struct placed_slip *placed = &g_array_index(
					list, struct placed_slip, i);
				struct slip slip = placed->slip;

				if (placed->place == place && !placed->is_skipped &&
				    !said_before(stepping, j, placed, &slip.is_also))
					g_array_append_val(slips, slip);
			}
		}
		slips_settle(slips);
		result = steps_remember(stepping->walk, place, memory_with(stepping, place, slips));
	}
	g_array_free(slips, TRUE);
	return result;
}

static bool has_slips(const struct stepping *stepping)
{
	for (uint32_t j = 0; j < stepping->count; j++)
		if (stepping->against[j].slips->len)
			return true;
	return false;
}

static int step_all(struct stepping *stepping)
{
	struct walk *walk = stepping->walk;
	static const struct pmap nothing;

	for (uint32_t j = 0; j < stepping->count; j++) {
		stepping->collected = j;
		pmap_difference(&walk->views[j].pieces, &walk->state->pieces, collect, stepping);
	}
	for (uint32_t j = 0; j < stepping->count; j++) {
		struct against *against = &stepping->against[j];
		struct gone gone = {stepping, against->old, j};

		pmap_difference(&nothing, &walk->views[j].gone, collect_gone, &gone);
		step_match(against->old, against->new);
		for (guint i = 0; i < against->old->len; i++) {
			const struct unit *unit = &g_array_index(against->old, struct unit, i);

			if (unit->is_gone && unit->is_taken)
				add_place(stepping, unit->place);
		}
	}
	g_ptr_array_sort(stepping->places, place_compare);
	for (uint32_t j = 0; j < stepping->count; j++) {
		carry(stepping, j);
		if (judge_against(stepping, &stepping->against[j]))
			return -1;
	}
	if (walk->audit->gate && !walk->audit->past && has_slips(stepping))
		return gate_past_read(walk->audit, stepping->places);
	return step_skip_parents(stepping) ? -1 : remember_all(stepping);
}

/* In a gate whose sides have a past that counts, it says what there is to remember. */
static int step_from_past(struct walk *walk)
{
	GPtrArray *places = walk->reign->place_list;
	int result = 0;

	for (guint i = 0; !result && i < places->len; i++) {
		struct place *place = g_ptr_array_index(places, i);
		const struct memory *memory = gate_past_memory(walk->audit->past, walk->commit,
							       place);
		const struct piece *piece = step_own_piece(walk, place);

		if (memory || (piece && (piece->memory || piece->is_gone)))
			result = steps_remember(walk, place, memory);
	}
	return result;
}

int steps_take(struct walk *walk)
{
	uint32_t count = commit_at(walk, walk->commit)->parent_count;
	struct stepping stepping = {.walk = walk, .count = count};
	int result;

	if (!walk->reign->has_transitions || (!count && !walk->audit->past))
		return 0;
	pmap_branch(&walk->builder);
	pmap_branch(&walk->pieces_builder);
	if (walk->audit->past)
		return step_from_past(walk);
	stepping.against = g_new0(struct against, count);
	stepping.places = g_ptr_array_new();
	stepping.known = g_hash_table_new(NULL, NULL);
	stepping.bases = g_new0(GArray *, (gsize)count * count);
	for (uint32_t j = 0; j < count; j++)
		stepping.against[j] = (struct against){
			g_array_new(FALSE, FALSE, sizeof(struct unit)),
			g_array_new(FALSE, FALSE, sizeof(struct unit)),
			g_array_new(FALSE, FALSE, sizeof(struct placed_slip)),
		};
	result = step_all(&stepping);
	for (uint32_t j = 0; j < count; j++) {
		g_array_free(stepping.against[j].old, TRUE);
		g_array_free(stepping.against[j].new, TRUE);
		g_array_free(stepping.against[j].slips, TRUE);
	}
	for (uint32_t i = 0; i < count * count; i++)
		if (stepping.bases[i])
			g_array_free(stepping.bases[i], TRUE);
	g_free(stepping.against);
	g_ptr_array_free(stepping.places, TRUE);
	g_hash_table_destroy(stepping.known);
	g_free(stepping.bases);
	return result;
}
