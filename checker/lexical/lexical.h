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

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

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

/* A node in which checks can find something. */
struct lexical_suspect {
	uint32_t node;   /* its number in the document */
	uint32_t checks; /* a bit (1 << check) for each of them */
};

/*
 * The checks that can find something in a document, a bit each: those without their bit find
 * nothing. `suspects` becomes the list of struct lexical_suspect, for each check in document order:
 * in no other node do checks of values and names find anything. One walk over the nodes. `names`:
 * what lexical_names() says of the symbols with which the document was read, NULL: nothing is
 * known.
 */
uint32_t lexical_candidates(const struct document *document, const uint8_t *names,
			    GArray *suspects);

/* For each symbol whether a check can find anything in its name, [0]: in one without a symbol. */
uint8_t *lexical_names(struct arena *arena, const struct symbols *symbols);

typedef void lexical_emit(void *context, const struct lexical_match *match);

/*
 * Runs a check over the suspects in a document (NULL: over all of its nodes), in document order.
 * What stands behind an alias is skipped: it is looked at where it is written. The match is the
 * callee's and lives for the call only.
 */
void lexical_run(enum lexical_check check, const struct document *document, const GArray *suspects,
		 struct arena *arena, lexical_emit *emit, void *context);

/* Sets span, label ("write ..."), related place and edits of a finding from a match. */
void lexical_fill(struct finding *finding, const struct lexical_match *match, struct source *source,
		  struct arena *arena);

#endif
