/*
 * The skeleton of a document: its schema written out as a form to be filled in. For cli/ only.
 */
#ifndef PLANLINT_CLI_SKELETON_H
#define PLANLINT_CLI_SKELETON_H

#include "base/text.h"
#include "document/document.h"

#include <glib.h>

/* An entry that the form has filled in. */
struct skeleton_entry {
	const char *name;
	const char *value; /* as it stands behind "name:"; line ends and indentation included */
};

/*
 * Appends the form of an object's schema: each property with its title and description in both
 * languages, in the schema's order. The entries given stand as they are; every other property
 * stands behind a # with an example, so that taking the # away puts it in force.
 */
void skeleton_append(GString *out, const struct document *schema,
		     const struct skeleton_entry *entries, size_t entry_count);

/* The text of `node[name][language]`, or of node[name] where it is one text; empty where absent. */
struct slice skeleton_words(const struct doc_node *node, const char *name, const char *language);

#endif
