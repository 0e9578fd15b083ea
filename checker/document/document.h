/*
 * Documents: bytes of YAML or JSON as one immutable, flat tree. For everything above; also used for
 * schemas, rule files and JSON-RPC.
 *
 * The nodes of a document lie in one array in document order (pre-order): the first child of a
 * non-empty container is the next node. Aliases and merge keys are resolved when the tree is
 * built: what stands behind them is copied, so every node has one parent and one path.
 */
#ifndef PLANLINT_DOCUMENT_DOCUMENT_H
#define PLANLINT_DOCUMENT_DOCUMENT_H

#include "base/arena.h"
#include "base/error.h"
#include "base/symbols.h"
#include "source/finding.h"
#include "source/source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The JSON data model; an integer is a number whose text has no fraction or exponent. */
enum doc_type {
	DOC_NULL,
	DOC_BOOLEAN,
	DOC_INTEGER,
	DOC_NUMBER,
	DOC_STRING,
	DOC_ARRAY,
	DOC_OBJECT,
};

enum doc_flag {
	DOC_QUOTED = 1 << 0, /* a scalar in single or double quotes, or any JSON string */
	DOC_BLOCK = 1 << 1,  /* a literal or folded scalar, a block collection */
	DOC_COPIED = 1 << 2, /* stands behind an alias or merge key: span is the use, see origin */
	DOC_INT64 = 1 << 3,  /* a DOC_INTEGER that fits `integer` */
	DOC_TAGGED = 1 << 4, /* a tag other than the core schema's non-string ones stands before it;
				a value that is nothing but its tag has the tag as its span */
	DOC_NONFINITE = 1 << 5, /* .inf or .nan: a DOC_NUMBER that JSON lacks; has a finding */
};

/* The key of a member. */
struct doc_key {
	const char *text; /* UTF-8 after escapes; not NUL-terminated */
	uint32_t len;
	uint32_t symbol;  /* in the symbols the document was read with, or SYMBOL_NONE */
	struct span span; /* the token, quotes included */
};

struct doc_node {
	uint8_t type;     /* enum doc_type */
	uint8_t flags;    /* enum doc_flag */
	uint16_t depth;   /* 0: the root */
	uint32_t count;   /* children of a container; of a string, its code points */
	uint32_t next;    /* nodes from here to the next sibling; 0: the last */
	uint32_t parent;  /* nodes back from here to the parent; 0: the root */
	uint32_t size;    /* nodes of this subtree, itself included */
	uint32_t origin;  /* DOC_COPIED: nodes back to where it is written; its span is the alias */
	struct span span; /* the value's token, quotes or brackets included; without its comments */
	uint32_t len;     /* bytes of `text` */
	uint32_t symbol;  /* of the key, SYMBOL_NONE without one: saves a look at the key */
	const char *text; /* scalars: the value; of numbers and booleans as written; may point into
			     the source; not NUL-terminated */
	const struct doc_key *key; /* NULL for list items and the root */
	union {
		int64_t integer; /* DOC_INT64; DOC_BOOLEAN: 0 or 1 */
		double number; /* DOC_NUMBER, and DOC_INTEGER without DOC_INT64: the nearest double
				*/
		const uint32_t *sorted; /* of a large container, for look-ups; else NULL */
	};
};

struct document {
	struct source *source;
	const struct doc_node *root; /* NULL: nothing but comments, or not readable */
	uint32_t node_count;
	uint32_t index;   /* 0-based in a stream of several */
	struct span span; /* its part of the source */
	const struct symbols *symbols;
};

/* Bounds on one source; each that is passed is a `limit` finding. 0 is none. */
struct document_limits {
	size_t size;         /* bytes of a source */
	uint32_t depth;      /* containers within each other */
	uint32_t nodes;      /* after aliases are resolved */
	uint32_t key_len;    /* bytes */
	uint32_t scalar_len; /* bytes */
	uint32_t aliases;    /* uses of anchors */
	uint32_t documents;  /* in one stream */
};

extern const struct document_limits document_default_limits;

enum document_syntax {
	DOCUMENT_AUTO, /* by extension, else JSON where it is RFC 8259, else YAML */
	DOCUMENT_YAML,
	DOCUMENT_JSON,
	DOCUMENT_JSON_LINES, /* one document a line */
};

/* What DOCUMENT_AUTO means for a file of this name (may be NULL): DOCUMENT_AUTO: its bytes say. */
enum document_syntax document_syntax_of(const char *path);

struct document_options {
	const struct symbols *symbols;        /* may be NULL */
	const struct document_limits *limits; /* NULL: the default ones */
	enum document_syntax syntax;
};

struct document_set {
	struct document *documents; /* in order; in the arena */
	size_t count;
	bool complete; /* every byte was read into a tree; false: a finding says why not */
	const struct span *comments; /* of YAML, each from its `#` to the end of its line; in order,
					in the arena */
	size_t comment_count;
	enum document_syntax syntax; /* asked for, or of the extension; else DOCUMENT_AUTO */
};

/*
 * Reads all documents of a source. YAML without any, which is nothing but comments, gives one whose
 * root is NULL. Faults in the bytes go to `sink` as findings and leave
 * `complete` false (duplicate keys and other faults that still give a tree leave it true).
 * Returns 0, or -1 with `error` for a fault of the system (no worker process); then `complete` is
 * false too. Of duplicate keys all stay in the tree, and look-ups find the first. Sources may be
 * read in several threads at once, each with an arena and a sink of its own. Trees live in `arena`
 * and point into source->data, which must outlive them.
 */
int document_read(struct document_set *out, struct source *source,
		  const struct document_options *options, struct arena *arena,
		  const struct finding_sink *sink, struct error *error);

/* Ends the worker process if one runs (it is started at first need). */
void document_worker_stop(void);

/*
 * What the program must call first in main(): does the worker's work and never returns where this
 * process was started as the worker.
 */
void document_worker_main(int argc, char **argv);

/* Accessors; every one accepts NULL and then gives NULL, 0, false or an empty slice. */

static inline const struct doc_node *doc_first(const struct doc_node *node)
{
	return node && (node->type == DOC_ARRAY || node->type == DOC_OBJECT) && node->count
		       ? node + 1
		       : NULL;
}

static inline const struct doc_node *doc_next(const struct doc_node *node)
{
	return node && node->next ? node + node->next : NULL;
}

static inline const struct doc_node *doc_parent(const struct doc_node *node)
{
	return node && node->parent ? node - node->parent : NULL;
}

static inline bool doc_is(const struct doc_node *node, enum doc_type type)
{
	return node && node->type == type;
}

const struct doc_node *doc_root(const struct doc_node *node);
const struct doc_node *doc_member(const struct doc_node *object, const char *name, size_t len);
const struct doc_node *doc_member_symbol(const struct doc_node *object, uint32_t symbol);
const struct doc_node *doc_get(const struct doc_node *object,
			       const char *name); /* NUL-terminated */
const struct doc_node *doc_item(const struct doc_node *array, size_t index);
size_t doc_index(const struct doc_node *item); /* 0-based place among its siblings */
struct slice doc_text(const struct doc_node *scalar);
struct slice doc_key_text(const struct doc_node *member);
const struct doc_node *doc_origin(const struct doc_node *node); /* itself unless DOC_COPIED */

/* Equality of the JSON data model: 1 equals 1.0, members in any order. Exact for all numbers. */
bool doc_equal(const struct doc_node *a, const struct doc_node *b);

/* RFC 6901. Append writes the pointer of a node ("" for the root); find follows one, NULL if
 * absent. */
void doc_pointer_append(GString *out, const struct doc_node *node);
const char *doc_pointer(struct arena *arena, const struct doc_node *node);
const struct doc_node *doc_pointer_find(const struct doc_node *root, struct slice pointer);

/* The canonical JSON text of a value (RFC 8785 order and escapes; numbers by value). */
void doc_json_append(GString *out, const struct doc_node *node);

/*
 * The source offset of byte `offset` of a scalar's text (through quotes, escapes, folding and
 * indentation), for carets into expressions. `offset` may be the length. Exact for every style.
 */
uint32_t doc_text_offset(const struct document *document, const struct doc_node *scalar,
			 uint32_t offset);

#endif
