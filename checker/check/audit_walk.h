/*
 * The states of the commits, as audit.c and audit_state.c share them. Internal to the audit.
 */
#ifndef PLANLINT_CHECK_AUDIT_WALK_H
#define PLANLINT_CHECK_AUDIT_WALK_H

#include "check/audit_core.h"

/* What a commit's tree gives. */
struct state {
	struct reign *reign;         /* by which law */
	const struct faults *faults; /* of the commit's own, where it cannot be used; NULL */
	struct pmap pieces;          /* place -> number of its piece */
	struct pmap crosses;         /* cross-file finding -> how many << 1 | suppressed */
	struct pmap counts;          /* identity -> active << 32 | suppressed */
	struct pmap gone;            /* places of documents that should not be gone */
	size_t open;
	size_t suppressed;
	size_t documents;
};

/* The index of a law's cross-file rules, and where it stands. */
struct moving {
	struct check_index *index; /* NULL: not asked for yet */
	struct pmap pieces;
	struct pmap crosses;
	int32_t day;
};

struct walk {
	struct audit *audit;
	struct state *states; /* of each commit */
	struct pmap_builder pieces_builder, builder;
	struct pmap_builder view_builder; /* of what lives for one commit */
	struct moving *indexes;           /* of each law */
	struct moving *moving;            /* the one at hand, */
	struct reign *moving_reign;       /* which is this law's */
	bool failed;
	/* the commit at hand */
	uint32_t commit;
	int32_t day;
	struct reign *reign;
	struct state *state;
	struct state *views; /* of its parents, under its law: their pieces, and what is gone */
	GPtrArray *touched;  /* places that moving the index touched */
	GPtrArray *changed;  /* GArray of struct changed: against each parent */
	GHashTable *since;   /* (parent, other) -> GArray of commits since their merge base */
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

void piece_days(uint64_t value, int32_t *from, int32_t *until);

/* The documents of walk->commit, from its first parent's. 0, or -1 with audit->error. */
int state_make(struct walk *walk);

/*
 * Fills walk->views: a parent under the same law is as it is, any other one is judged by the law
 * and on the day of the commit. 0, or -1 with audit->error.
 */
int views_make(struct walk *walk);

/* The piece of a parent at the place of another law: as it is under its own. */
const struct piece *state_piece(const struct state *state, const struct place *place);

/* What a file hides keeps the laws alive that found it. */
void pin_hidden(const struct piece *piece);

/* The cross-file findings of a view: the index moves. 0, or -1. */
int view_crosses(struct walk *walk, struct state *view);

/*
 * A parent as it is judged on the commit's day, where that may differ: documents, and cross-file
 * findings (the index moves). 1 where it may, 0, or -1.
 */
int state_on_day(struct walk *walk, uint32_t number, struct pmap *pieces, struct pmap *crosses);

/* Moves the index of a law to other documents and another day: walk->moving is where it stands. */
int index_move(struct walk *walk, struct reign *reign, const struct pmap *pieces, int32_t day);

#endif
