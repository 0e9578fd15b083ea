/*
 * The state of building trees from YAML events, shared by yaml_tree.c (order, values), yaml_token.c
 * (where a value stands and what it says), yaml_gap.c (what stands between tokens) and
 * yaml_anchor.c (anchors, aliases, merge keys). Only for these and the lane.
 */
#ifndef PLANLINT_DOCUMENT_YAML_TREE_H
#define PLANLINT_DOCUMENT_YAML_TREE_H

#include "document/yaml.h"

/* What a value is for. */
enum yaml_role {
	YAML_ROLE_ROOT,
	YAML_ROLE_ITEM,
	YAML_ROLE_KEY,
	YAML_ROLE_VALUE,
	YAML_ROLE_MERGE, /* the value of `<<` */
};

/* Tags as far as they decide a type. */
enum yaml_tag {
	YAML_TAG_NONE,
	YAML_TAG_STRING,     /* !!str, and ! */
	YAML_TAG_CORE,       /* a scalar resolved by the core schema even in quotes */
	YAML_TAG_COLLECTION, /* !!map, !!seq: nothing to decide */
	YAML_TAG_OTHER,
};

struct yaml_merge;

/* An open collection. */
struct yaml_frame {
	enum yaml_role role;
	bool is_mapping;
	bool is_flow;  /* in brackets, its own or those around */
	bool has_key;  /* of a mapping: its value comes next */
	bool is_merge; /* that key is `<<` */
	bool has_anchor;
	uint32_t column;           /* the indentation of a block collection */
	struct build_mark mark;    /* roles KEY and MERGE: where it began */
	struct yaml_merge *merges; /* what `<<` brought, the last first */
};

struct yaml_anchors;

struct yaml_tree {
	struct doc_reader *reader;
	const char *data;
	uint32_t size;
	int state;
	uint32_t cursor;      /* everything before was walked over */
	uint32_t next_hash;   /* a `#` that is not before the cursor, or was not looked for */
	uint32_t content_end; /* of the last value, where a block collection ends */
	uint32_t document_start;
	struct yaml_frame *frames; /* the open collections; first_frames until there are more */
	uint32_t depth, capacity;
	struct yaml_frame first_frames[16];
	struct yaml_anchors *anchors; /* of this document; NULL until one comes */
	uint64_t copied;              /* nodes that aliases and merges brought */
	uint32_t aliases;             /* uses so far */
};

/* A scalar before it becomes a node or a key. */
struct yaml_value {
	struct span span;
	struct slice text;
	enum doc_type type;
	unsigned flags;
};

void yaml_tree_init(struct yaml_tree *tree, struct doc_reader *reader);
void yaml_tree_release(struct yaml_tree *tree);

/* A yaml_event_handler whose context is the tree. */
bool yaml_tree_event(void *tree, const struct yaml_event *event);

/* Whether STREAM-END came, at the end of the source. */
bool yaml_tree_is_complete(const struct yaml_tree *tree);

/* The innermost open collection, or NULL. */
static inline struct yaml_frame *yaml_tree_innermost(struct yaml_tree *tree)
{
	return tree->depth ? &tree->frames[tree->depth - 1] : NULL;
}

/* A fault of the parser at an offset; false. */
bool yaml_tree_fail(struct yaml_tree *tree, uint32_t at);

/* Moves over what stands before a value: a tag and an anchor. False where they do not fit. */
bool yaml_token_properties(struct yaml_tree *tree, const struct yaml_event *event);

/* What the tag of a value says of its type. */
enum yaml_tag yaml_token_tag(const struct yaml_tree *tree, struct span span);

/* Moves over any scalar and what stands before it, and reads it. False where it does not fit. */
bool yaml_token_scalar(struct yaml_tree *tree, const struct yaml_event *event, enum yaml_role role,
		       struct yaml_value *value);

/* Walks the gap from where we are to `to`, noting its comments. */
void yaml_gap_advance(struct yaml_tree *tree, uint32_t to);

/* The next place from `at` on that is neither blank nor in a comment. */
uint32_t yaml_gap_next(const struct yaml_tree *tree, uint32_t at);

/* The offset of `|` or `>` before the content of a block scalar, or of the content itself. */
uint32_t yaml_gap_header(const struct yaml_tree *tree, uint32_t content, char indicator);

/*
 * A value in a block collection that begins its line is indented more than the collection; so is
 * the text of a block scalar (YAML 1.2.2 8.1, 8.2). libfyaml 0.7 does not see to it. False with a
 * finding.
 */
bool yaml_gap_check_indent(struct yaml_tree *tree, uint32_t at);
bool yaml_gap_check_text(struct yaml_tree *tree, struct span span);

/* The end of a span without the line breaks and blanks at it. */
uint32_t yaml_gap_trimmed_end(const struct yaml_tree *tree, struct span span);

/* yaml_tree.c for yaml_anchor.c: a key of the innermost mapping; a value has ended. */
bool yaml_tree_key(struct yaml_tree *tree, enum doc_type type, struct span span, struct slice text);
void yaml_tree_after(struct yaml_tree *tree, enum yaml_role role);

/* Before and after the node that an event's anchor names; anchors nest as collections do. */
void yaml_anchor_open(struct yaml_tree *tree, const struct yaml_event *event);
void yaml_anchor_close(struct yaml_tree *tree, bool has_anchor);

/* An anchor on a key, which is no node of the tree. */
bool yaml_anchor_key(struct yaml_tree *tree, const struct yaml_event *event,
		     const struct yaml_value *value);

/* A use of an anchor, `*` included in the span. */
bool yaml_alias(struct yaml_tree *tree, struct span span, enum yaml_role role);

/* build_set_aside(), with the anchors in that subtree. */
const struct doc_node *yaml_set_aside(struct yaml_tree *tree, struct build_mark mark);

/* The key `<<`, the end of its value, a value that it cannot have, and the end of its mapping. */
void yaml_merge_begin(struct yaml_tree *tree);
bool yaml_merge_end(struct yaml_tree *tree, struct build_mark mark);
bool yaml_merge_refuse(struct yaml_tree *tree, struct span span);
bool yaml_merge_apply(struct yaml_tree *tree, struct yaml_frame *frame);

void yaml_anchors_release(struct yaml_tree *tree);

#endif
