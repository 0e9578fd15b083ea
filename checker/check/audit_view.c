/*
 * A parent of a commit under the law of the commit (DESIGN.md sections 4 and 8): what its files
 * would give if that law had judged them, on the commit's day. What it lacks of what the parent's
 * own law found has gone with the law, what it has besides has come with it; and against it, not
 * against what another law found, the steps of transitions are judged.
 *
 * The tree is listed and every blob under the law asked for its verdict, which mostly is known: a
 * law that comes judges everything anyway, and what gathering did not foresee is judged here. Nodes
 * that were not in order are judged again, from their accepted versions, by the rule with the same
 * id; where the law has none, or it has nothing to say, the node is accepted as it is. A file that
 * cannot be read goes on hiding what it hid, whatever law found that.
 */
#include "check/audit_match.h"

#include <string.h>

struct viewing {
	struct walk *walk;
	struct pmap_builder *builder; /* of the view's pieces */
	const struct state *own;      /* the parent by its own law */
	struct state *view;
};

/* --- nodes that were not in order */

bool slip_is_again(const struct slip *slips, uint32_t number)
{
	const struct slip *slip = &slips[number];

	for (uint32_t i = 0; i < number; i++) {
		const struct slip *other = &slips[i];

		if (other->document != slip->document ||
		    (slip->document == SLIP_GONE &&
		     (!step_version_equal(&other->last, &slip->last) ||
		      g_strcmp0(other->key, slip->key) != 0)))
			continue;
		if (other->found->step->rule == slip->found->step->rule &&
		    step_version_equal(&other->accepted, &slip->accepted) &&
		    !strcmp(other->found->step->old_pointer, slip->found->step->old_pointer))
			return true;
	}
	return false;
}

/* A document that is gone, as it is known under the law of a place. */
static int know_gone(struct walk *walk, struct place *place, struct slip *slip)
{
	const struct verdict *verdict = audit_verdict(walk->audit, place, &slip->last.blob,
						      walk->day, NULL);
	uint32_t document = slip->last.document;

	if (!verdict)
		return -1;
	slip->last.entry = place->entry;
	slip->key = document < verdict->document_count ? verdict->documents[document].key : NULL;
	return 0;
}

/* One of them under the law of `place`, which holds `blob` (NULL: the document is gone). */
static int translate_slip(struct walk *walk, struct place *place, const struct object_id *blob,
			  const struct slip *was, GArray *out)
{
	struct slip like = *was;
	struct step_version next = {.document = was->document, .entry = place->entry};
	bool is_gone = was->document == SLIP_GONE;

	like.accepted.entry = place->entry;
	if (is_gone && know_gone(walk, place, &like))
		return -1;
	if (!is_gone)
		next.blob = *blob;
	const struct verdict *verdict = step_verdict(walk->audit, place, &like.accepted,
						     is_gone ? NULL : &next, walk->day);

	for (size_t i = 0; verdict && i < verdict->finding_count; i++) {
		like.found = &verdict->findings[i];
		if (slip_is_about(like.found, was->found))
			g_array_append_val(out, like);
	}
	return verdict ? 0 : -1;
}

static int translate(const struct memory **out, struct walk *walk, struct place *place,
		     const struct object_id *blob, const struct memory *memory)
{
	GArray *slips;
	int result = 0;

	*out = NULL;
	if (!memory || !walk->reign->has_transitions)
		return 0;
	slips = g_array_new(FALSE, FALSE, sizeof(struct slip));
	for (uint32_t i = 0; !result && i < memory->count; i++)
		if (!slip_is_again(memory->slips, i))
			result = translate_slip(walk, place, blob, &memory->slips[i], slips);
	slips_settle(slips);
	*out = memory_new(walk->reign, slips);
	g_array_free(slips, TRUE);
	return result;
}

/* --- files */

/* What an unreadable file was when it last could be read: under the law of its place. */
static int translate_shadow(const struct piece **out, struct walk *walk, struct place *place,
			    const struct piece *shadow)
{
	const struct memory *memory = NULL;

	*out = NULL;
	if (!shadow)
		return 0;
	if (translate(&memory, walk, place, &shadow->blob, shadow->memory))
		return -1;
	if (shadow->is_gone)
		*out = memory ? audit_gone_piece(walk->audit, place, memory, walk->day) : NULL;
	else
		*out = audit_piece(walk->audit, place, &shadow->blob, walk->day, memory);
	return *out || (shadow->is_gone && !memory) ? 0 : -1;
}

static struct piece *view_unreadable(struct viewing *viewing, struct place *place,
				     const struct object_id *blob, const struct piece *own)
{
	struct walk *walk = viewing->walk;
	const struct piece *shadow = NULL;
	struct piece *piece;

	if (own && own->hidden && translate_shadow(&shadow, walk, place, own->shadow))
		return NULL;
	piece = audit_unreadable_piece(walk->audit, place, blob, walk->day, shadow);
	if (piece && own && own->hidden) {
		g_array_append_vals(piece->hidden, own->hidden->data, own->hidden->len);
		pin_hidden(piece);
	}
	return piece;
}

static struct piece *view_piece(struct viewing *viewing, struct place *place,
				const struct object_id *blob)
{
	struct walk *walk = viewing->walk;
	const struct piece *own = state_piece(viewing->own, place);
	const struct verdict *verdict = audit_verdict(walk->audit, place, blob, walk->day, NULL);
	const struct memory *memory = NULL;

	if (!verdict)
		return NULL;
	if (!verdict->readable)
		return view_unreadable(viewing, place, blob, own);
	if (own && translate(&memory, walk, place, blob, own->memory))
		return NULL;
	return audit_piece(walk->audit, place, blob, walk->day, memory);
}

static void put_piece(struct viewing *viewing, struct piece *piece)
{
	struct walk *walk = viewing->walk;

	pmap_set(viewing->builder, &viewing->view->pieces, piece->place->number, value_of(piece));
	pmap_set(&walk->builder, &viewing->view->gone, piece->place->number,
		 memory_has_gone(step_memory_of(piece)));
}

static int view_file(void *context, const struct tree_change *change)
{
	struct viewing *viewing = context;
	struct walk *walk = viewing->walk;
	struct place *place = mode_is_file(change->new_mode)
				      ? audit_place(walk->reign, change->path, change->path_len)
				      : NULL;
	struct piece *piece;

	if (!place)
		return 0;
	piece = view_piece(viewing, place, &change->new_id);
	if (!piece)
		return -1;
	viewing->view->documents++;
	put_piece(viewing, piece);
	return 0;
}

/* Documents that are gone with their whole file. */
static void view_gone(void *context, uint32_t number, uint64_t before, uint64_t after)
{
	struct viewing *viewing = context;
	struct walk *walk = viewing->walk;
	const struct piece *own = piece_of(pmap_get(&viewing->own->pieces, number));
	struct place *place = own && own->is_gone ? audit_place_under(walk->reign, own->place)
						  : NULL;
	const struct memory *memory;
	struct piece *piece;

	(void)before;
	(void)after;
	if (!place || walk->failed)
		return;
	walk->failed = translate(&memory, walk, place, NULL, own->memory) != 0;
	piece = memory ? audit_gone_piece(walk->audit, place, memory, walk->day) : NULL;
	if (piece)
		put_piece(viewing, piece);
	walk->failed |= memory && !piece;
}

/* The state of the commit is made from the first one; the others are gone with it. */
static int view_make(struct walk *walk, uint32_t number, struct state *view)
{
	struct pmap_builder *builder = view == walk->views ? &walk->pieces_builder
							   : &walk->view_builder;
	struct viewing viewing = {walk, builder, &walk->states[number], view};
	static const struct pmap nothing;
	struct audit *audit = walk->audit;

	view->reign = walk->reign;
	view->pieces = view->gone = view->crosses = nothing;
	view->documents = 0;
	pmap_branch(builder);
	pmap_branch(&walk->builder);
	if (tree_difference(audit->repository, NULL, &commit_at(walk, number)->tree, view_file,
			    &viewing, audit->error))
		return -1;
	pmap_difference(&nothing, &viewing.own->gone, view_gone, &viewing);
	return walk->failed ? -1 : 0;
}

int views_make(struct walk *walk)
{
	const struct history_commit *commit = commit_at(walk, walk->commit);
	int result = 0;

	g_free(walk->views);
	arena_release(&walk->view_builder.arena);
	walk->views = g_new0(struct state, commit->parent_count + 1);
	for (uint32_t j = 0; !result && j < commit->parent_count; j++) {
		walk->views[j] = walk->states[commit->parents[j]];
		if (walk->views[j].reign != walk->reign)
			result = view_make(walk, commit->parents[j], &walk->views[j]);
	}
	return result;
}

int view_crosses(struct walk *walk, struct state *view)
{
	if (index_move(walk, walk->reign, &view->pieces, walk->day))
		return -1;
	view->crosses = walk->moving->crosses;
	return 0;
}
