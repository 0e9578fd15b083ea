/*
 * One reading of one source, as the lanes (JSON, YAML) share it: limits, findings, and the builder
 * of the flat tree. Only for this folder.
 *
 * A builder function that passes a limit adds the finding and returns false; the lane then stops.
 */
#ifndef PLANLINT_DOCUMENT_READER_H
#define PLANLINT_DOCUMENT_READER_H

#include "document/document.h"

struct reader_finding;

/* An open container. */
struct doc_frame {
	uint32_t node;    /* index of the container */
	uint32_t last;    /* index of its last child, or 0 */
	uint32_t number;  /* of the container, for the table */
	uint32_t members; /* keys seen */
	uint64_t hashes;  /* a bit for each key, by its hash: whether another may be the same */
	bool in_table;    /* its keys are in the table */
};

/* What is known of a key's text from an earlier key: most names come again and again. */
struct known_key {
	const char *text;
	uint32_t len; /* 0: the row is empty */
	uint32_t symbol;
	uint64_t hash;
};

struct doc_reader {
	struct source *source;
	struct document_limits limits; /* 0 replaced by the largest value */
	const struct symbols *symbols;
	struct arena *arena;
	struct reader_finding *findings, *last_finding; /* in the order of discovery */
	uint32_t finding_count;
	struct finding *dropped; /* where findings beyond the bound go; NULL until one comes */
	bool is_ascii;           /* set by the byte check */
	bool complete;

	GArray *documents; /* struct document */
	GArray *comments;  /* struct span, or NULL */

	/* the document being built */
	struct doc_node *nodes;
	uint32_t count, capacity;
	struct doc_frame *frames; /* the open containers; first_frames until there are more */
	uint32_t depth, frame_capacity;
	struct doc_frame first_frames[16];
	struct known_key known_keys[64];
	struct doc_key *key; /* of the value to come, or NULL */
	struct doc_key *spare_keys;
	uint32_t spare_key_count;
	struct key_table *table;          /* of the keys of large objects; NULL until one comes */
	uint32_t objects;                 /* containers opened so far, which numbers them */
	struct doc_node first_nodes[192]; /* `nodes` until there are more; the last field */
};

void reader_init(struct doc_reader *reader, struct source *source,
		 const struct document_options *options, struct arena *arena);
void reader_release(struct doc_reader *reader); /* scratch space; what is in the arena stays */

/*
 * An array that outgrows the `size` bytes `first` that it began in: moved or reallocated to
 * `wanted` bytes; g_free unless it is still `first`.
 */
void *reader_grow(void *array, const void *first, size_t size, size_t wanted);

/*
 * Adds a finding at a span; those beyond the first thousand of a source are dropped, and a `limit`
 * finding says so. Fields beyond code, message and place may be set in the result until the
 * findings are emitted.
 */
struct finding *reader_find(struct doc_reader *reader, enum finding_code code, struct span span,
			    struct phrase message);

/* The same for a fault after which bytes stay unread: the set is not complete. Returns false. */
bool reader_fail(struct doc_reader *reader, enum finding_code code, struct span span,
		 struct phrase message);

/* The finding added last. */
struct finding *reader_last(const struct doc_reader *reader);

/* A `limit` fault with the bound as the one value of its message. Returns false. */
bool reader_limit(struct doc_reader *reader, struct span span, int message, size_t bound);

/* The bytes of a span of the source, for a phrase; cut at 40 bytes. */
struct slice reader_excerpt(const struct doc_reader *reader, struct span span);

/* The finding's one related place, in this source. */
void reader_relate(struct doc_reader *reader, struct finding *finding, struct span span, int label);

/*
 * The builder. A document is a value; an object's members are each a key and a value. The lanes
 * call these in an order that their grammars guarantee.
 */

/* A string value or a null; numbers and booleans set their fields in the result. NULL: a limit. */
struct doc_node *build_scalar(struct doc_reader *reader, enum doc_type type, unsigned flags,
			      struct span span, const char *text, size_t len);

/* Opens an array or object; the end of the span comes with build_close. */
bool build_open(struct doc_reader *reader, enum doc_type type, unsigned flags, uint32_t start);
void build_close(struct doc_reader *reader, uint32_t end);

/* Type and start of the innermost open container; false where none is open. */
bool build_innermost(const struct doc_reader *reader, enum doc_type *type, uint32_t *start);

/*
 * Gives a large object what doc_member() needs to find a name without walking over all members: the
 * distances from the object to them, in the order of their names and then of the document.
 */
void object_sort(struct arena *arena, struct doc_node *object);

/* The same for the numbers of the items of a large array. */
void array_number(struct arena *arena, struct doc_node *array);

/* The key of the member whose value comes next; one that is there already is a finding. */
bool build_key(struct doc_reader *reader, struct span span, const char *text, size_t len);

/*
 * The same for a member that is only wanted where its object has no such key yet; then false,
 * without a finding. A limit gives false too, and leaves the set incomplete.
 */
bool build_key_once(struct doc_reader *reader, struct span span, const struct doc_key *key);

/* A place in the document being built, for build_set_aside(). */
struct build_mark {
	uint32_t count, last, children;
};
struct build_mark build_mark(const struct doc_reader *reader);

/* A node of the document being built, by index, or one kept aside in the arena. */
struct node_ref {
	const struct doc_node *aside; /* NULL: see index */
	uint32_t index;
};
const struct doc_node *build_node(const struct doc_reader *reader, struct node_ref ref);

/* The subtree from the mark on, moved to the arena and rewound. */
const struct doc_node *build_set_aside(struct doc_reader *reader, struct build_mark mark);

/*
 * Copies a subtree as the next value, DOC_COPIED, all of it at `span`, the use. The caller keeps
 * the budget; the limits on nodes and depth are kept here.
 */
bool build_copy(struct doc_reader *reader, struct node_ref from, struct span span);

/* Ends the document and adds it to the set; a document without a value gets no root. */
void build_finish(struct doc_reader *reader, struct span span);

/* Forgets the document that was begun. */
void build_abandon(struct doc_reader *reader);

/* Type and value of a number that decimal_parse() accepts or refuses only for its range. */
void scalar_set_number(struct doc_reader *reader, struct doc_node *node);

/* bytes.c: UTF-8 from `start` on, and is_ascii; false with a finding that names the likely
 * encoding. */
bool bytes_check_utf8(struct doc_reader *reader);

/* The length of a byte-order mark at the start of the source: 3 or 0. */
uint32_t bytes_mark(const struct source *source);

/* The lanes. */
enum json_attempt {
	JSON_READ,    /* faults are findings */
	JSON_ATTEMPT, /* nothing is said about syntax; false: read it in another way */
};
bool json_read(struct doc_reader *reader, enum json_attempt attempt);
void json_read_lines(struct doc_reader *reader);

#endif
