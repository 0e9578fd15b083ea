/*
 * What changed from one version of a document to the next, and how it is said. For rules with
 * `transition`, whose `changes` are this list, and for the commands diff and log.
 *
 * Members are compared by name, items of keyed lists by their key, other items by their value: the
 * comparison by which findings are the same (DESIGN.md section 8). So order, indentation, quotes
 * and comments are no changes, and an edited item of an unkeyed list is one that came and one that
 * went.
 */
#ifndef PLANLINT_CHECK_CHANGES_H
#define PLANLINT_CHECK_CHANGES_H

#include "document/document.h"
#include "source/finding.h"

#include <glib.h>

struct shape;

/* The smallest value that is not the same in both versions. */
struct change {
	const struct doc_node *old; /* NULL: it was added */
	const struct doc_node *new; /* NULL: it was removed */
	const struct shape *shape;  /* what the schema says of it; may be NULL */
	/*
	 * The part of the new version that a reader would name first: the nearest list item that
	 * holds the change, else the entry right below the document, else the document.
	 */
	const struct doc_node *group;
};

/*
 * Appends to `out` (of struct change) what changed between two values, in the order of the new
 * version, in each list or group of entries what was removed after it. `root`: the shape of the
 * documents that they stand in; may be NULL.
 */
void changes_between(GArray *out, const struct shape *root, const struct doc_node *old,
		     const struct doc_node *new);

/*
 * The words for a change within its group, and for the group ("" for the document): "deadline June
 * 2009 -> June 2010" of "objective 2.3". With the titles of the schema, else the names in the file;
 * what comes from the file is made visible for a terminal.
 */
void change_append_words(GString *out, const struct change *change, const struct shape *root,
			 enum language language);
void change_append_group(GString *out, const struct change *change, const struct shape *root,
			 enum language language);

/*
 * All of them as lines: a group with what changed in it, "objective 2.3: deadline June 2009 -> June
 * 2010; contributor EST removed". Owned strings.
 */
GPtrArray *changes_lines(const struct change *changes, size_t count, const struct shape *root,
			 enum language language);

#endif
