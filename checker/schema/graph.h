/*
 * What the files of schema/ share: sets, resources, dialects, the graph of a schema. Internal.
 */
#ifndef PLANLINT_SCHEMA_GRAPH_H
#define PLANLINT_SCHEMA_GRAPH_H

#include "base/decimal.h"
#include "schema/schema.h"

#include <glib.h>

/* Dialects as bits, and the sets that keywords.def uses. */
enum dialect_bit {
	D4 = 1 << 0,
	D6 = 1 << 1,
	D7 = 1 << 2,
	D19 = 1 << 3,
	D20 = 1 << 4,
	F4 = 31,
	F6 = D6 | D7 | D19 | D20,
	F7 = D7 | D19 | D20,
	F19 = D19 | D20,
	T19 = D4 | D6 | D7 | D19,
};

enum vocabulary {
	VOCABULARY_CORE = 1 << 0,
	VOCABULARY_APPLICATOR = 1 << 1,
	VOCABULARY_UNEVALUATED = 1 << 2,
	VOCABULARY_VALIDATION = 1 << 3,
	VOCABULARY_METADATA = 1 << 4,
	VOCABULARY_FORMAT = 1 << 5,
	VOCABULARY_FORMAT_ASSERTION = 1 << 6,
	VOCABULARY_CONTENT = 1 << 7,
};

enum keyword_shape {
	SHAPE_VALUE,
	SHAPE_COUNT,
	SHAPE_REGEX,
	SHAPE_REFERENCE,
	SHAPE_SCHEMA,
	SHAPE_LIST,
	SHAPE_ITEMS, /* a schema, or up to 2019-09 a list of them */
	SHAPE_NAMED,
	SHAPE_PATTERNS,
	SHAPE_NAMED_EITHER, /* dependencies: schemas or lists of names */
	SHAPE_NAMES,
	SHAPE_NAMED_NAMES,
};

struct keyword_info {
	const char *name;
	enum keyword_shape shape;
	unsigned dialects;
	unsigned vocabulary;
};

extern const struct keyword_info keyword_table[SCHEMA_KEYWORD_COUNT];

/* The keyword with this name, SCHEMA_KEYWORD_COUNT where there is none in any dialect. */
enum schema_keyword_id keyword_of(const struct schema_set *set, struct slice name);

/* What a metaschema says about the schemas that name it. */
struct dialect {
	unsigned bit;          /* enum dialect_bit */
	unsigned vocabularies; /* enum vocabulary */
	struct slice metaschema;
};

bool dialect_has(const struct dialect *dialect, enum schema_keyword_id id);

/* A schema resource: a document's root or what has an $id of its own (core 4.3.5). */
struct schema_resource {
	struct slice uri; /* absolute where anything was; without a fragment */
	const struct document *document;
	const struct doc_node *root;
	const struct dialect *dialect;
	GHashTable *anchors;         /* name (NUL-terminated) to struct doc_node */
	GHashTable *dynamic_anchors; /* the dynamic ones of them; $recursiveAnchor is "" here */
};

struct schema_set {
	struct arena arena;
	struct symbols *symbols;
	schema_resolve *resolve;
	void *resolve_context;
	enum schema_formats formats;
	const char *dialect;      /* NULL: 2020-12 */
	struct symbols *keywords; /* names of keywords; symbol - 1 is the enum */
	GHashTable *resources;    /* URI to struct schema_resource */
	GHashTable *places;       /* struct doc_node to the struct schema_resource that it starts */
	GHashTable *dialects;    /* URI of a metaschema to struct dialect; NULL value: being read */
	GHashTable *metaschemas; /* the same to struct schema */
	GPtrArray *all_resources;
	GPtrArray *schemas;
	GPtrArray *regexes;
	GPtrArray *sources;      /* of the built-in documents */
	struct schema_set *meta; /* compiles metaschemas, with symbols of its own; NULL: not yet */
	const char *trusted;     /* as in the options; not owned */
	bool is_meta;
};

struct schema {
	struct schema_set *set;
	const struct schema_node *root;
	GHashTable *nodes; /* place to struct schema_node */
	GPtrArray *
		queue; /* nodes in the order they were found; those from `compiled` on are shells */
	guint compiled;
	const struct finding_sink *sink;
	const struct document *document; /* of the root, for faults without a place */
	GPtrArray *dynamic;              /* struct dynamic_detail */
	bool failed;
	bool is_dynamic; /* some reference is resolved at run time */
};

/* --- load.c: documents, resources, references */

/*
 * Registers a document as resource `uri` with everything embedded in it. NULL where its dialect
 * cannot be used; findings go to the schema's sink.
 */
const struct schema_resource *schema_load_document(struct schema *schema,
						   const struct document *document,
						   struct slice uri);

/* The resource that a place in a loaded document belongs to. */
const struct schema_resource *load_resource_of(const struct schema_set *set,
					       const struct doc_node *place);

/* Where a reference leads: a place and its document. */
struct target {
	const struct document *document;
	const struct doc_node *place;
	const struct schema_resource *resource;
	struct slice anchor; /* the fragment where it is a plain name */
};

/* False with a finding at `value` where it leads nowhere. */
bool load_reference(struct target *out, struct schema *schema,
		    const struct schema_resource *resource, const struct doc_node *value);

/* --- metaschema.c: dialects and checking schemas against their metaschemas */

const struct dialect *dialect_of(struct schema *schema, const struct document *document,
				 const struct doc_node *schema_keyword); /* NULL: the default */

/* The built-in document with this URI (no fragment), parsed into the set; NULL: none. */
const struct document *metaschema_document(struct schema_set *set, struct slice uri);

/*
 * Checks the resources of a document, which are those of the set from `first` on, each against the
 * metaschema of its dialect. Faults are reported and make the schema fail.
 */
void metaschema_check(struct schema *schema, guint first);

/* --- compile.c */

/* The node of a place, made now if there is none yet. */
const struct schema_node *compile_node(struct schema *schema, const struct document *document,
				       const struct doc_node *place,
				       const struct schema_resource *resource);

/* A finding about the schema itself. `place` may be NULL: the start of the document. */
void schema_fault(struct schema *schema, enum finding_code code, const struct document *document,
		  const struct doc_node *place, struct phrase message);

/* The same at a span of its own. */
void schema_fault_at(struct schema *schema, enum finding_code code, const struct document *document,
		     const struct doc_node *place, struct span span, struct phrase message);

/* --- lint.c */
void lint_cycles(struct schema *schema); /* faults */
void lint_schema(struct schema *schema);

/* --- details of keywords, made by compile.c, read by program.c and report.c */

struct limit_detail { /* minimum ... multipleOf */
	struct decimal decimal;
	int64_t integer; /* where is_int64 */
	bool is_int64;
	bool exclusive;
};

struct values_detail { /* enum, const */
	const struct doc_node **values;
	uint32_t count;
	uint8_t doc_types;            /* bits 1 << enum doc_type of the values */
	const struct text_set *texts; /* NULL: no texts among them */
	const uint32_t *slots; /* index + 1 by value_hash(); NULL: few, compared one by one */
	uint32_t mask;         /* of slots */
};

struct dynamic_detail { /* $dynamicRef, $recursiveRef that are resolved at run time */
	const char *name;
	uint32_t count;
	const struct schema_resource **resources;
	const struct schema_node **nodes;
};

#endif
