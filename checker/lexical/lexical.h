/*
 * Lexical checks: traps of YAML and of typing that the values no longer show, found in the source
 * text of a document. For ruleset/, which knows their names, and check/, which runs them.
 *
 * A check looks at one document of a source and finds matches; a rule of a rule file says how
 * severe that is and in which words.
 */
#ifndef PLANLINT_LEXICAL_LEXICAL_H
#define PLANLINT_LEXICAL_LEXICAL_H

#include "base/arena.h"
#include "base/text.h"
#include "document/document.h"
#include "source/finding.h"

#include <stddef.h>

enum lexical_check {
#define LEXICAL(enum_name, name, scope) LEXICAL_##enum_name,
#include "lexical/lexical.def"
#undef LEXICAL
	LEXICAL_COUNT
};

const char *lexical_name(enum lexical_check check);

/* The check of this name, or LEXICAL_COUNT. `nearest` (may be NULL): the name that was meant, or
 * NULL. */
enum lexical_check lexical_find(struct slice name, const char **nearest);

enum { LEXICAL_SUGGESTIONS = 2 };

/* One place that a check found. Texts point into the source or the arena of lexical_run(). */
struct lexical_match {
	const struct doc_node
		*node;      /* the value, also where its name is meant; NULL: the document */
	struct span span;   /* the smallest piece to change */
	struct slice value; /* what a rule's {value} says: the text as it stands there */
	const struct doc_node *other;                  /* what it collides with, or NULL */
	struct slice suggestions[LEXICAL_SUGGESTIONS]; /* what to type in place of the span */
	size_t suggestion_count;
	enum fix_safety fix; /* how safe the first suggestion is as a fix; FIX_NONE: none */
};

/*
 * The checks that can find something in a document, a bit (1 << check) each: those without their
 * bit find nothing. One walk over the nodes.
 */
uint32_t lexical_candidates(const struct document *document);

typedef void lexical_emit(void *context, const struct lexical_match *match);

/*
 * Runs a check over a document, in document order. What stands behind an alias is skipped: it is
 * looked at where it is written. The match is the callee's and lives for the call only.
 */
void lexical_run(enum lexical_check check, const struct document *document, struct arena *arena,
		 lexical_emit *emit, void *context);

/* Sets span, label ("write ..."), related place and edits of a finding from a match. */
void lexical_fill(struct finding *finding, const struct lexical_match *match, struct source *source,
		  struct arena *arena);

#endif
