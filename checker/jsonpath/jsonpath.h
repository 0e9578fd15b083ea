/*
 * JSONPath (RFC 9535): compile a path once, select from any document. For ruleset/, which also
 * walks the steps of a path over a schema, check/, and the command `planlint query`.
 *
 * A compiled path is immutable and may be used by many threads at a time.
 */
#ifndef PLANLINT_JSONPATH_JSONPATH_H
#define PLANLINT_JSONPATH_JSONPATH_H

#include "base/arena.h"
#include "base/symbols.h"
#include "base/text.h"
#include "document/document.h"
#include "source/finding.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct regex;
struct jsonpath_expr;

/* --- The steps of a path: queries have segments, segments have selectors (RFC 9535 1.4.2). */

enum jsonpath_selector_kind {
	JSONPATH_NAME,     /* 'name' */
	JSONPATH_WILDCARD, /* * */
	JSONPATH_INDEX,    /* 3, -1 */
	JSONPATH_SLICE,    /* start:end:step */
	JSONPATH_FILTER,   /* ?logical-expr */
};

struct jsonpath_selector {
	enum jsonpath_selector_kind kind;
	struct span place;       /* in the text of the path */
	struct slice name;       /* NAME, after escapes */
	uint32_t symbol;         /* NAME: in the symbols it was compiled with, or SYMBOL_NONE */
	int64_t index;           /* INDEX; SLICE: the start */
	int64_t end;             /* SLICE */
	int64_t step;            /* SLICE; 1 where none is written */
	bool has_start, has_end; /* SLICE */
	const struct jsonpath_expr *filter;
};

enum jsonpath_segment_kind {
	JSONPATH_CHILD,
	JSONPATH_DESCENDANT,
};

struct jsonpath_segment {
	enum jsonpath_segment_kind kind;
	const struct jsonpath_selector *selectors;
	size_t count; /* 1 or more */
};

struct jsonpath_query {
	const struct jsonpath_segment *segments;
	size_t count;
	bool relative; /* begins with @: only in filters */
	bool singular; /* selects one node at most */
};

struct jsonpath {
	struct slice text; /* as written, in the arena */
	struct jsonpath_query query;
	GPtrArray *regexes; /* struct regex of the filters; owned */
};

/* --- Filters (RFC 9535 2.3.5) */

enum jsonpath_expr_kind {
	JSONPATH_OR,      /* operands */
	JSONPATH_AND,     /* operands */
	JSONPATH_NOT,     /* one operand */
	JSONPATH_COMPARE, /* two operands, each LITERAL, singular QUERY or CALL of a value */
	JSONPATH_EXISTS,  /* query */
	JSONPATH_LITERAL, /* literal */
	JSONPATH_QUERY,   /* query, for its value or its nodes */
	JSONPATH_CALL,    /* function of operands */
};

enum jsonpath_comparison {
	JSONPATH_EQ,
	JSONPATH_NE,
	JSONPATH_LT,
	JSONPATH_LE,
	JSONPATH_GT,
	JSONPATH_GE,
};

enum jsonpath_function {
#define FUNCTION(enum_name, name, result, parameters) JSONPATH_##enum_name,
#include "jsonpath/functions.def"
#undef FUNCTION
	JSONPATH_FUNCTION_COUNT
};

struct jsonpath_expr {
	enum jsonpath_expr_kind kind;
	struct span place; /* in the text of the path */
	const struct jsonpath_expr *operands;
	const struct jsonpath_expr *next; /* the next operand of the same expression */
	enum jsonpath_comparison comparison;
	enum jsonpath_function function;
	const struct jsonpath_query *query;
	const struct doc_node *literal; /* a scalar */
	const struct regex *regex;      /* of match() and search() with a literal pattern */
	bool bad_pattern; /* that pattern is no I-Regexp: nothing matches (RFC 9535 2.4.6) */
};

/* --- Compiling */

enum {
	JSONPATH_TEXT_MAX = 16384, /* bytes of a path */
	JSONPATH_DEPTH_MAX = 64,   /* parentheses, filters and functions within each other */
};

struct jsonpath_error {
	struct span place;     /* in the text of the path */
	struct phrase message; /* its values live in the arena */
};

/*
 * Compiles a path, or returns NULL and fills `error`. Names are interned in `symbols`; then the
 * path is for documents that were read with the same table. With NULL it is for any document. The
 * path lives in the arena, but for its patterns, which jsonpath_release() frees.
 */
const struct jsonpath *jsonpath_compile(struct slice text, struct symbols *symbols,
					struct arena *arena, struct jsonpath_error *error);
void jsonpath_release(const struct jsonpath *path); /* NULL is allowed */

/* --- Selecting */

enum jsonpath_result {
	JSONPATH_DONE,
	JSONPATH_LIMIT, /* given up: out of steps, or a pattern that could not be decided */
};

/* Nodes visited by one selection where the caller has no count of its own. */
enum { JSONPATH_STEPS_MAX = 10 * 1000 * 1000 };

/*
 * Appends the nodes (const struct doc_node *) that the path selects from a document to `out`, in
 * the order of the RFC; one may come several times. `root` may be NULL: nothing. `steps` is lowered
 * by the work done (NULL: JSONPATH_STEPS_MAX are allowed); what `out` got before a limit stays.
 */
enum jsonpath_result jsonpath_select(GPtrArray *out, const struct jsonpath *path,
				     const struct doc_node *root, uint64_t *steps);

/* --- Selecting by many paths at once */

/* Lists of nodes by number, each in document order. Zeroed it is valid and has none. */
struct jsonpath_list {
	uint32_t first, last; /* numbers of links; 0: it is empty */
};
struct jsonpath_link {
	uint32_t node; /* nodes from the root to it */
	uint32_t next; /* the number of the next link; 0: the last */
};
struct jsonpath_found {
	uint64_t *some; /* a bit for each list that is not empty; owned, the lists stand behind */
	struct jsonpath_list *lists;
	struct jsonpath_link *links; /* of all lists, by number; owned */
	size_t room;                 /* bytes at `some` */
	uint32_t link_count;
	uint32_t link_room;
};
void jsonpath_found_release(struct jsonpath_found *found);

/* Makes it `count` empty lists. */
void jsonpath_found_clear(struct jsonpath_found *found, size_t count);

/* Room for another link. */
void jsonpath_found_grow(struct jsonpath_found *found);

/* Appends a node, by its number from the root, to a list. */
static inline void jsonpath_found_add(struct jsonpath_found *found, uint32_t number, uint32_t node)
{
	struct jsonpath_list *list = &found->lists[number];
	uint32_t link = found->link_count;

	if (link >= found->link_room)
		jsonpath_found_grow(found);
	found->link_count++;
	found->links[link] = (struct jsonpath_link){node, 0};
	if (list->first)
		found->links[list->last].next = link;
	else
		list->first = link;
	list->last = link;
	found->some[number / 64] |= (uint64_t)1 << number % 64;
}

enum { JSONPATH_TREE_PATHS_MAX = 16 }; /* that go to one list */

/* Paths put together, each for a list; lives in the arena. Immutable once it is finished. */
struct jsonpath_tree;
struct jsonpath_tree *jsonpath_tree_new(struct arena *arena);

/*
 * Puts in all paths of one list (a `count` of 0: the root). False where one of them is none for a
 * tree: then none is in, and they are for jsonpath_select(). Their symbols must be those that the
 * documents are read with.
 */
bool jsonpath_tree_add(struct jsonpath_tree *tree, const struct jsonpath *const *paths,
		       size_t count, uint32_t number);
void jsonpath_tree_finish(struct jsonpath_tree *tree);

/*
 * Fills the lists, which must be empty, with what jsonpath_select() gives for their paths, each
 * node once. `root` may be NULL: nothing. False, and nothing is selected, for a document that is so
 * large that a path could give up.
 */
bool jsonpath_tree_select(const struct jsonpath_tree *tree, const struct doc_node *root,
			  struct jsonpath_found *found);

/* Appends the normalized path of a node (RFC 9535 2.7): $['objectives'][0]. */
void jsonpath_append_path(GString *out, const struct doc_node *node);

#endif
