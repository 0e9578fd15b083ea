/*
 * The graph of an audit's commits in characters, oldest first. For format_text.c.
 */
#ifndef PLANLINT_REPORT_GRAPH_H
#define PLANLINT_REPORT_GRAPH_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

struct graph;
struct graph *graph_new(void);
void graph_free(struct graph *graph); /* NULL is allowed */

/*
 * Adds a commit; parents that were not added do not count. One that is `plain` is drawn only where
 * it joins lines that are drawn; else its children hang on its parent. Takes over `text`, lines
 * that stand beside it.
 */
void graph_add(struct graph *graph, const char *id, const char *const *parents, size_t parent_count,
	       bool plain, char *text);

void graph_append(GString *out, struct graph *graph); /* once */

#endif
