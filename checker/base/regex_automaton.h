/*
 * A small deterministic automaton for what most patterns are: a few characters and classes, and
 * subjects in ASCII. Internal to base/'s regex files; made from a parsed pattern, used before RE2
 * is asked, whose call alone costs more than a short subject does here.
 */
#ifndef PLANLINT_BASE_REGEX_AUTOMATON_H
#define PLANLINT_BASE_REGEX_AUTOMATON_H

#include "base/regex.h"
#include "base/regex_tree.h"

#include <stdbool.h>

struct regex_automaton;

enum regex_anchor {
	REGEX_ANYWHERE, /* a match may begin at any place of the subject */
	REGEX_AT_START, /* only at its start */
};

/*
 * The automaton of the sequence of siblings from `node` on (NULL: nothing follows), or NULL where
 * it would be large or the pattern has what it cannot do: properties, word edges, look-around,
 * back-references. regex_automaton_free() frees it.
 */
struct regex_automaton *regex_automaton_new(const struct regex_node *node,
					    enum regex_anchor anchor);
void regex_automaton_free(struct regex_automaton *automaton); /* NULL is allowed */

/*
 * Whether the subject has a match. False where the automaton cannot tell (a byte beyond ASCII came
 * before the answer was clear); else the answer is in `matches`.
 */
bool regex_automaton_tell(const struct regex_automaton *automaton, struct slice subject,
			  bool *matches);

#endif
