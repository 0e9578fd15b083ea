/*
 * A parsed pattern. Between the parsers of the dialects (regex_ecma.c, regex_iregexp.c) and the
 * writers for the two engines (regex_emit.c). Internal to base/'s regex files.
 */
#ifndef PLANLINT_BASE_REGEX_TREE_H
#define PLANLINT_BASE_REGEX_TREE_H

#include "base/arena.h"
#include "base/regex.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	REGEX_DEPTH_MAX = 100, /* groups within each other */
	REGEX_CODE_POINT_MAX = 0x10ffff,
};

#define REGEX_UNLIMITED UINT32_MAX /* the maximum of * and + */

/* A property of \p{...}. */
enum regex_property_kind {
	REGEX_PROPERTY_CATEGORY,
	REGEX_PROPERTY_SCRIPT,
	REGEX_PROPERTY_SCRIPT_EXTENSIONS,
	REGEX_PROPERTY_BINARY,
	REGEX_PROPERTY_ANY,
};

struct regex_property {
	enum regex_property_kind kind;
	const char
		*name; /* static: a category's code, a script's long name, a binary's long name */
	bool negated;
};

/* One piece of a class: a range of code points, or a property. */
struct regex_item {
	struct regex_item *next;
	const char *property; /* as in struct regex_property; NULL: a range */
	enum regex_property_kind kind;
	bool negated;       /* of a property */
	uint32_t low, high; /* of a range, both included; never surrogates */
};

enum regex_kind {
	REGEX_EMPTY,
	REGEX_SET, /* one code point; a literal is a set of one range */
	REGEX_START,
	REGEX_END,
	REGEX_WORD_EDGE,
	REGEX_SEQUENCE,
	REGEX_ALTERNATION,
	REGEX_CAPTURE,
	REGEX_REPEAT,
	REGEX_LOOK,
	REGEX_BACKREF,
};

struct regex_node {
	enum regex_kind kind;
	struct regex_node *first; /* children; one for CAPTURE, REPEAT and LOOK */
	struct regex_node *next;
	struct regex_node *parent;  /* set by regex_tree_link() */
	struct regex_item *items;   /* SET */
	bool negated;               /* SET, LOOK, WORD_EDGE */
	bool behind;                /* LOOK */
	bool lazy;                  /* REPEAT */
	uint32_t min, max;          /* REPEAT; max may be REGEX_UNLIMITED */
	uint32_t group;             /* CAPTURE and BACKREF: the number, from 1 */
	size_t offset;              /* in the pattern */
	uint64_t shortest, longest; /* code points it can match, by regex_tree_link(); saturating */
};

struct regex_tree {
	struct regex_node *root;
	struct regex_node **groups; /* by number; [0] is unused */
	uint32_t group_count;
	bool has_backref;
};

/*
 * Parse a pattern of valid UTF-8 into a tree in the arena. False with `error` filled where the
 * dialect does not have it.
 */
bool regex_parse_ecma(struct regex_tree *out, struct slice pattern, enum regex_syntax syntax,
		      struct arena *arena, struct regex_error *error);
bool regex_parse_iregexp(struct regex_tree *out, struct slice pattern, struct arena *arena,
			 struct regex_error *error);

/* Sets parents, lengths and the table of groups. Done by both parsers at their end. */
void regex_tree_link(struct regex_tree *tree, struct arena *arena);

/* Whether a subtree is free of look-around and back-references. */
bool regex_node_is_regular(const struct regex_node *node);

/* The property that a name inside \p{...} means, by ECMA-262's exact names; false where none. */
bool regex_property_find(struct regex_property *out, struct slice name);

/* Building, for the parsers. */
struct regex_node *regex_node_new(struct arena *arena, enum regex_kind kind, size_t offset);
struct regex_node *regex_node_set(struct arena *arena, uint32_t low, uint32_t high, size_t offset);
void regex_set_add_range(struct arena *arena, struct regex_node *set, uint32_t low, uint32_t high);
void regex_set_add_property(struct arena *arena, struct regex_node *set,
			    struct regex_property property);

/* Which engine the text is for. */
enum regex_engine {
	REGEX_ENGINE_RE2,
	REGEX_ENGINE_PCRE2,
};

/*
 * Appends a subtree in the engine's syntax; false where that would be too long. For PCRE2,
 * `behinds` receives the look-behinds of varying length, whose places in the text are callouts
 * numbered by their order in it (from 1).
 */
bool regex_emit(GString *out, const struct regex_node *node, enum regex_engine engine,
		GPtrArray *behinds);

#endif
