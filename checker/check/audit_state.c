/*
 * The state of a commit, made from its first parent's: what fell due is judged anew, what the
 * commit changed is put in, and the index of cross-file rules is moved from the state where it
 * stands to this one, by their difference alone. An unreadable version of a file hides what the
 * file had.
 */
#include "check/audit_match.h"

void piece_days(uint64_t value, int32_t *from, int32_t *until)
{
	*from = piece_of(value)->from;
	*until = piece_of(value)->until;
}

/* --- documents of a state */

struct due {
	struct walk *walk;
	struct pmap *pieces;
	int32_t day;
};

static void judge_due(void *context, uint32_t key, uint64_t value)
{
	struct due *due = context;
	struct piece *before = piece_of(value);
	struct audit *audit = due->walk->audit;
	struct piece *after = before->is_gone ? audit_gone_piece(audit, before->place,
								 before->memory, due->day)
					      : audit_piece(audit, before->place, &before->blob,
							    due->day, before->memory);

	if (!after)
		due->walk->failed = true;
	else
		pmap_set(&due->walk->pieces_builder, due->pieces, key, value_of(after));
}

/* The documents of a commit as they are judged on a day. */
static struct pmap pieces_on_day(struct walk *walk, const struct pmap *pieces, int32_t day)
{
	struct pmap result = *pieces;
	struct due due = {walk, &result, day};

	pmap_branch(&walk->pieces_builder);
	pmap_each_outside(&walk->pieces_builder, pieces, day, judge_due, &due);
	return result;
}

const struct piece *state_piece(const struct state *state, const struct place *place)
{
	place = state->reign ? audit_place_under(state->reign, place) : NULL;
	return place ? piece_of(pmap_get(&state->pieces, place->number)) : NULL;
}

/*
 * Cross-file findings that stood at a place in a parent's state, where the index is, are hidden
 * with the file.
 */
static void hide_crosses(const struct state *state, const struct place *place, struct piece *piece)
{
	for (const struct across *cross = place->crosses; cross; cross = cross->next) {
		uint64_t value = pmap_get(&state->crosses, cross->number);
		struct instance instance = {
			.identity = cross->identity,
			.state = INSTANCE_HIDDEN,
			.said_on = DAY_ANY,
			.found = cross->found,
			.place = cross->place,
		};

		for (uint64_t n = value & 1 ? 0 : value >> 1; n; n--)
			g_array_append_val(piece->hidden, instance);
	}
}

void pin_hidden(const struct piece *piece)
{
	for (guint i = 0; i < piece->hidden->len; i++) {
		const struct place *place = g_array_index(piece->hidden, struct instance, i).place;

		place->reign->is_pinned |= place->reign != piece->place->reign;
	}
}

/* What a file hides that cannot be read: what stood open in a piece, and across files, there. */
static void hide(const struct state *state, const struct piece *before, struct piece *piece)
{
	for (uint32_t i = 0; before && i < before->instance_count; i++) {
		struct instance instance = before->instances[i];

		if (instance.state == INSTANCE_SUPPRESSED)
			continue;
		instance.state = INSTANCE_HIDDEN;
		g_array_append_val(piece->hidden, instance);
	}
	if (before)
		hide_crosses(state, before->place, piece);
	pin_hidden(piece);
}

/* Moves the index to a commit, for the cross-file findings at a place. 0, or -1. */
static int index_at(struct walk *walk, uint32_t number)
{
	const struct state *state = &walk->states[number];

	return state->crosses.root ? index_move(walk, state->reign, &state->pieces,
						audit_day(walk->audit, number))
				   : 0;
}

/*
 * An unreadable blob at a place: a parent's piece where it has the same blob there, else a new one
 * that hides what the first parent with the file had.
 */
static struct piece *unreadable_piece(struct walk *walk, struct place *place,
				      const struct object_id *blob)
{
	const struct history_commit *commit = commit_at(walk, walk->commit);

	for (uint32_t j = 0; j < commit->parent_count; j++) {
		struct piece *before = piece_of(pmap_get(&walk->views[j].pieces, place->number));

		if (before && !before->is_gone && !before->verdict->readable &&
		    object_id_equal(&before->blob, blob))
			return before;
	}
	for (uint32_t j = 0; j < commit->parent_count; j++) {
		const struct state *parent = &walk->states[commit->parents[j]];
		const struct piece *before = step_piece_of_parent(walk, j, place);

		if (!before)
			continue;
		bool is_readable = before->is_gone || before->verdict->readable;
		struct piece *piece = audit_unreadable_piece(walk->audit, place, blob, walk->day,
							     is_readable ? before : before->shadow);

		if (piece && is_readable && index_at(walk, commit->parents[j]))
			return NULL;
		if (piece && is_readable)
			hide(parent, state_piece(parent, place), piece);
		else if (piece)
			g_array_append_vals(piece->hidden, before->hidden->data,
					    before->hidden->len);
		return piece;
	}
	return audit_unreadable_piece(walk->audit, place, blob, walk->day, NULL);
}

static void put_change(struct walk *walk, const struct gathered_change *change)
{
	struct pmap *pieces = &walk->state->pieces;
	struct piece *piece = NULL;

	if (!object_id_is_zero(&change->blob)) {
		const struct verdict *verdict = audit_verdict(walk->audit, change->place,
							      &change->blob, walk->day, NULL);

		piece = !verdict            ? NULL
			: verdict->readable ? audit_piece(walk->audit, change->place, &change->blob,
							  walk->day, NULL)
					    : unreadable_piece(walk, change->place, &change->blob);
		walk->failed |= !piece;
	}
	if (walk->failed)
		return;
	const struct piece *before = piece_of(pmap_get(pieces, change->place->number));

	walk->state->documents += !!piece;
	walk->state->documents -= before && !before->is_gone;
	pmap_set(&walk->pieces_builder, pieces, change->place->number, value_of(piece));
}

/* --- the index of cross-file rules */

static void touch(void *context, uint32_t key, uint64_t before, uint64_t after)
{
	struct walk *walk = context;
	const struct piece *piece = piece_of(before ? before : after);

	(void)key;
	g_ptr_array_add(walk->touched, (gpointer)piece->place);
}

static void take_out(void *context, uint32_t key, uint64_t before, uint64_t after)
{
	struct walk *walk = context;
	const struct piece *piece = piece_of(before);

	(void)key;
	(void)after;
	if (!piece || piece->is_gone)
		return;
	if (piece->verdict->readable)
		check_index_remove(walk->moving->index, piece->place->path, piece->verdict);
	else if (piece->shadow && !piece->shadow->is_gone)
		check_index_remove_hidden(walk->moving->index, piece->place->path,
					  piece->shadow->verdict);
}

static void put_in(void *context, uint32_t key, uint64_t before, uint64_t after)
{
	struct walk *walk = context;
	const struct piece *piece = piece_of(after);

	(void)key;
	(void)before;
	if (!piece || piece->is_gone)
		return;
	if (piece->verdict->readable)
		check_index_add(walk->moving->index, piece->place->path, piece->verdict);
	else if (piece->shadow && !piece->shadow->is_gone)
		check_index_add_hidden(walk->moving->index, piece->place->path,
				       piece->shadow->verdict);
}

static bool is_cross_suppressed(const struct walk *walk, const struct across *cross)
{
	const struct piece *piece =
		cross->place ? piece_of(pmap_get(&walk->moving->pieces, cross->place->number))
			     : NULL;

	return piece && !piece->is_gone &&
	       check_is_suppressed(cross->place->reign->ruleset, piece->verdict, cross->place->path,
				   cross->found, walk->moving->day);
}

/* A finding that comes or goes, among those at its place. */
static void stand(struct across *cross, bool stands)
{
	struct across **first = &cross->place->crosses;

	if (stands == (cross->link != NULL))
		return;
	if (stands) {
		cross->next = *first;
		cross->link = first;
		if (cross->next)
			cross->next->link = &cross->next;
		*first = cross;
	} else {
		*cross->link = cross->next;
		if (cross->next)
			cross->next->link = cross->link;
		cross->link = NULL;
	}
}

static void set_cross(struct walk *walk, struct across *cross, uint64_t count)
{
	if (cross->place)
		stand(cross, count > 0);
	pmap_set(&walk->builder, &walk->moving->crosses, cross->number,
		 count ? count << 1 | is_cross_suppressed(walk, cross) : 0);
}

static void on_removed(void *context, const struct check_finding *found)
{
	struct walk *walk = context;

	if (found->finding.severity == SEVERITY_OFF)
		return;
	struct across *cross = audit_across(walk->moving_reign, found);
	uint64_t count = pmap_get(&walk->moving->crosses, cross->number) >> 1;

	set_cross(walk, cross, count ? count - 1 : 0);
}

static void on_added(void *context, const struct check_finding *found)
{
	struct walk *walk = context;

	if (found->finding.severity == SEVERITY_OFF)
		return;
	struct across *cross = audit_across(walk->moving_reign, found);
	uint64_t count = pmap_get(&walk->moving->crosses, cross->number) >> 1;

	set_cross(walk, cross, count + 1);
}

/* Comments that suppress may have come or gone in the places that were touched. */
static void weigh_suppressions(struct walk *walk)
{
	for (guint i = 0; i < walk->touched->len; i++) {
		const struct place *place = g_ptr_array_index(walk->touched, i);

		for (struct across *cross = place->crosses, *next; cross; cross = next) {
			next = cross->next;
			set_cross(walk, cross,
				  pmap_get(&walk->moving->crosses, cross->number) >> 1);
		}
	}
}

int index_move(struct walk *walk, struct reign *reign, const struct pmap *pieces, int32_t day)
{
	struct check_index_changes changes = {on_removed, on_added, walk};
	struct moving *moving = &walk->indexes[reign->number];

	walk->moving = moving;
	walk->moving_reign = reign;
	if (!moving->index)
		*moving = (struct moving){.index = check_index_new(reign->ruleset),
					  .day = INT32_MIN};
	g_ptr_array_set_size(walk->touched, 0);
	pmap_difference(&moving->pieces, pieces, touch, walk);
	if (!walk->touched->len && (moving->day == day || !reign->ruleset->reads_as_of)) {
		moving->pieces = *pieces; /* the same, but who knows how long that one lives */
		return 0;
	}
	pmap_difference(&moving->pieces, pieces, take_out, walk);
	pmap_difference(&moving->pieces, pieces, put_in, walk);
	moving->pieces = *pieces;
	moving->day = day;
	pmap_branch(&walk->builder);
	if (check_index_update(moving->index, day, &changes, walk->audit->scratch,
			       walk->audit->error))
		return -1;
	weigh_suppressions(walk);
	return 0;
}

/* --- one commit */

int state_make(struct walk *walk)
{
	struct audit *audit = walk->audit;
	const struct history_commit *commit = commit_at(walk, walk->commit);

	walk->state = &walk->states[walk->commit];
	walk->reign = audit_reign(audit, walk->commit);
	if (views_make(walk))
		return -1;
	if (commit->parent_count) {
		const struct state *parent = &walk->views[0];

		*walk->state = *parent;
		walk->state->pieces = pieces_on_day(walk, &parent->pieces, walk->day);
	}
	walk->state->reign = walk->reign;
	walk->state->faults = audit_faults(audit, walk->commit);
	pmap_branch(&walk->pieces_builder);
	for (uint32_t i = audit->change_start[walk->commit];
	     i < audit->change_start[walk->commit + 1]; i++)
		put_change(walk, &g_array_index(audit->changes, struct gathered_change, i));
	return walk->failed ? -1 : steps_take(walk);
}

int state_on_day(struct walk *walk, uint32_t number, struct pmap *pieces, struct pmap *crosses)
{
	const struct state *state = &walk->states[number];

	if (!state->reign->ruleset->reads_as_of || audit_day(walk->audit, number) == walk->day)
		return 0;
	*pieces = pieces_on_day(walk, &state->pieces, walk->day);
	if (walk->failed || index_move(walk, state->reign, pieces, walk->day))
		return -1;
	*crosses = walk->moving->crosses;
	return 1;
}
