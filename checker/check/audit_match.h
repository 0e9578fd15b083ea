/*
 * Which document of a commit is which of a parent's, and what the files of the steps share.
 * Internal to the audit of transitions.
 */
#ifndef PLANLINT_CHECK_AUDIT_MATCH_H
#define PLANLINT_CHECK_AUDIT_MATCH_H

#include "check/audit_steps.h"
#include "check/audit_walk.h"

/* A document of a file that differs. */
struct unit {
	struct place *place;
	struct step_version version;
	const char *key;             /* NULL: none */
	const struct memory *memory; /* of its file; NULL: all is in order */
	bool is_gone;                /* of an old one: gone, and should not be */
	bool is_taken;               /* it has its twin, */
	guint twin;                  /* this one of the other list */
};

/*
 * Matches the documents of two lists, which are put in order of path: by key and path, by key in
 * one file, by key anywhere (what is gone last), then among the rest by path.
 */
void step_match(GArray *old, GArray *new);

/*
 * The document with a key, of the kind of `place`, in a state: in the file at `place`, else in the
 * first of all by path. False: there is none.
 */
bool find_document(const struct pmap *pieces, const struct place *place, const char *key,
		   const struct piece **piece, size_t *document);

/* --- what the steps of one commit share */

static inline bool step_is_file(const struct piece *piece)
{
	return piece && !piece->is_gone;
}

static inline bool step_is_readable(const struct piece *piece)
{
	return step_is_file(piece) && piece->verdict->readable;
}

/* The version by which a file is known: the last readable one. May be a gone one's, or NULL. */
static inline const struct piece *step_known(const struct piece *piece)
{
	return step_is_file(piece) && !step_is_readable(piece) ? piece->shadow : piece;
}

/* Under the law of the commit at hand. */
static inline const struct piece *step_piece_of_parent(const struct walk *walk, uint32_t j,
						       const struct place *place)
{
	return piece_of(pmap_get(&walk->views[j].pieces, place->number));
}

static inline const struct piece *step_own_piece(const struct walk *walk, const struct place *place)
{
	return piece_of(pmap_get(&walk->state->pieces, place->number));
}

static inline uint32_t step_parent_of(const struct walk *walk, uint32_t j)
{
	return commit_at(walk, walk->commit)->parents[j];
}

static inline const struct memory *step_memory_of(const struct piece *piece)
{
	piece = step_known(piece);
	return piece ? piece->memory : NULL;
}

static inline bool step_same_file(const struct piece *a, const struct piece *b)
{
	if (!step_is_file(a) || !step_is_file(b))
		return !step_is_file(a) && !step_is_file(b);
	return object_id_equal(&a->blob, &b->blob);
}

/* A slip that a parent speaks of. */
struct placed_slip {
	struct place *place;
	struct slip slip;
	bool is_skipped;
};

/* Against one parent. */
struct against {
	GArray *old, *new; /* of struct unit */
	GArray *slips;     /* of struct placed_slip */
};

struct stepping {
	struct walk *walk;
	uint32_t count; /* of parents */
	struct against *against;
	GPtrArray *places;  /* that differ from a parent's; each once */
	GHashTable *known;  /* the same as a set */
	GArray **bases;     /* of each pair of parents, made at first need */
	uint32_t collected; /* the parent at hand */
};

/* The merge bases of two parents, as numbers of commits. */
const GArray *step_bases(struct stepping *stepping, uint32_t i, uint32_t j);

/* At a merge: marks the slips of parents that do not count for their node. 0, or -1. */
int step_skip_parents(struct stepping *stepping);

#endif
