/*
 * What a French sentence must know of a noun to agree with it. For words that name something whose
 * title comes from a schema, so that nobody could write the sentence beforehand.
 */
#ifndef PLANLINT_BASE_FRENCH_H
#define PLANLINT_BASE_FRENCH_H

#include "base/text.h"

enum french_form {
	FRENCH_MASCULINE,
	FRENCH_FEMININE,
	FRENCH_MASCULINE_PLURAL,
	FRENCH_FEMININE_PLURAL,
};

/*
 * Gender and number of a noun phrase in lower case without an article ("date d'adoption"), by the
 * ending of its noun and the usual exceptions; masculine where nothing tells.
 */
enum french_form french_form_of(struct slice phrase);

#endif
