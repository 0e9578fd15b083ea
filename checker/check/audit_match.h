/*
 * Which document of a commit is which of a parent's. Internal to the audit of transitions.
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

#endif
