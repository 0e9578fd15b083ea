/*
 * The states of the commits, as audit.c and audit_state.c share them. Internal to the audit.
 */
#ifndef PLANLINT_CHECK_AUDIT_WALK_H
#define PLANLINT_CHECK_AUDIT_WALK_H

#include "check/audit_core.h"

/* What a commit's tree gives. */
struct state {
	struct pmap pieces;  /* place -> number of its piece */
	struct pmap crosses; /* cross-file finding -> how many << 1 | suppressed */
	struct pmap counts;  /* identity -> active << 32 | suppressed */
	struct pmap gone;    /* places of documents that should not be gone */
	size_t open;
	size_t suppressed;
	size_t documents;
};

struct walk {
	struct audit *audit;
	struct state *states; /* of each commit */
	struct pmap_builder pieces_builder, builder;
	/* the index of cross-file rules, and where it stands */
	struct check_index *index;
	struct pmap index_pieces;
	struct pmap index_crosses;
	int32_t index_day;
	bool failed;
	/* the commit at hand */
	uint32_t commit;
	int32_t day;
	struct state *state;
	GPtrArray *touched; /* places that moving the index touched */
	GPtrArray *changed; /* GArray of struct changed: against each parent */
	GHashTable *since;  /* (parent, other) -> GArray of commits since their merge base */
};

static inline const struct history_commit *commit_at(const struct walk *walk, uint32_t number)
{
	return &walk->audit->history.commits[number];
}

/* The values of struct state's pieces are the pieces themselves. */
static inline uint64_t value_of(const struct piece *piece)
{
	return (uint64_t)(uintptr_t)piece;
}

static inline struct piece *piece_of(uint64_t value)
{
	return (struct piece *)(uintptr_t)value;
}

/*
 * What transitions say of walk->commit, whose files are in its state: puts what they remember
 * there. 0, AUDIT_AGAIN, or -1 with audit->error. Nothing is done where no rule is of that kind.
 */
int steps_take(struct walk *walk);

/* Puts a memory (NULL: none) in the place of a state. */
int steps_remember(struct walk *walk, struct place *place, const struct memory *memory);

void piece_days(uint64_t value, int32_t *from, int32_t *until);

/* The documents of walk->commit, from its first parent's. 0, or -1 with audit->error. */
int state_make(struct walk *walk);

/*
 * A parent as it is judged on the commit's day, where that may differ: documents, and cross-file
 * findings (the index moves). 1 where it may, 0, or -1.
 */
int state_on_day(struct walk *walk, uint32_t number, struct pmap *pieces, struct pmap *crosses);

/* Moves the index to other documents and another day; what stands then is in index_crosses. */
int index_move(struct walk *walk, const struct pmap *pieces, int32_t day);

#endif
