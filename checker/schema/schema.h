/*
 * JSON Schema: compile once, evaluate many. For whoever validates documents (check/, cli/) and for
 * whoever types expressions over them (ruleset/).
 *
 * A set compiles schemas that may refer to each other; what it gives lives as long as the set, is
 * immutable once compiled and may be shared between threads. Dialects: 2020-12 (where $schema says
 * nothing), 2019-09, draft-07, -06, -04, and metaschemas with $vocabulary.
 */
#ifndef PLANLINT_SCHEMA_SCHEMA_H
#define PLANLINT_SCHEMA_SCHEMA_H

#include "base/arena.h"
#include "base/error.h"
#include "base/symbols.h"
#include "document/document.h"
#include "source/finding.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct schema;
struct schema_set;
struct regex;

/* --- compiling */

/*
 * Gives the document at an absolute URI (without a fragment), which must outlive the set; NULL
 * where there is none (then `error` may say why). Never asked for what the set knows already:
 * compiled documents, their embedded resources, and the built-in metaschemas.
 */
typedef const struct document *schema_resolve(void *context, struct slice uri, struct error *error);

enum schema_formats {
	SCHEMA_FORMATS_AS_DECLARED, /* annotation, unless the metaschema has the assertion
				       vocabulary */
	SCHEMA_FORMATS_ASSERTED,
};

struct schema_set_options {
	struct symbols *symbols; /* required; gets every property name that the schemas use */
	schema_resolve *resolve; /* NULL: nothing but what is built in */
	void *resolve_context;
	enum schema_formats formats;
	const char *dialect; /* the $schema of a schema that has none; NULL: 2020-12 */
	/* Schemas that are compiled with a `uri` that begins so are known to be right and not held
	   against their metaschemas; NULL: all are. */
	const char *trusted;
};

struct schema_set *schema_set_new(const struct schema_set_options *options);
void schema_set_free(struct schema_set *set); /* NULL is allowed */

/*
 * Compiles the schema that a document is. `uri` is where it was found, the base of its relative
 * references; it may be relative or empty. The document may be read with any symbols or none.
 * Faults of the schema (SCHEMA_INVALID) and lints (SCHEMA_LINT) go to `sink` with their places in
 * the schema file. NULL where a fault leaves nothing that could be evaluated.
 */
const struct schema *schema_compile(struct schema_set *set, const struct document *document,
				    struct slice uri, const struct finding_sink *sink);

/* --- evaluating: any number of times, in any number of threads */

/*
 * Whether a node (NULL: the document's root) is valid. Documents that were read with the set's
 * symbols after its last schema was compiled are fastest; others are compared by text. `scratch` is
 * used for bookkeeping only and is as before afterwards; a valid document needs none of it but
 * where unevaluated* meets more than 64 members. False where evaluation gave up too (schema_report
 * says so).
 */
bool schema_is_valid(const struct schema *schema, const struct document *document,
		     const struct doc_node *node, struct arena *scratch);

/*
 * Emits a finding for each fault of a node (NULL: the root), with pointers, label, hint, related
 * places, evaluation_path and keyword_location; returns how many. 0 exactly where schema_is_valid()
 * holds. Findings point into `arena`.
 */
size_t schema_report(const struct schema *schema, const struct document *document,
		     const struct doc_node *node, struct arena *arena,
		     const struct finding_sink *sink);

/* --- reading a compiled schema: its graph of subschemas */

enum schema_keyword_id {
#define KEYWORD(name, text, shape, dialects, vocabulary) SCHEMA_KEYWORD_##name,
#include "schema/keywords.def"
#undef KEYWORD
	SCHEMA_KEYWORD_COUNT
};

/* Bits of schema_node.types. An `integer` is a number without a fraction, 1.0 too. */
enum schema_type {
	SCHEMA_NULL = 1 << 0,
	SCHEMA_BOOLEAN = 1 << 1,
	SCHEMA_INTEGER = 1 << 2,
	SCHEMA_NUMBER = 1 << 3, /* set together with SCHEMA_INTEGER */
	SCHEMA_STRING = 1 << 4,
	SCHEMA_ARRAY = 1 << 5,
	SCHEMA_OBJECT = 1 << 6,
	SCHEMA_ANY_TYPE = 127,
};

struct schema_node;

/* One entry of a keyword that has several. */
struct schema_branch {
	struct slice name; /* property name, pattern, name of a definition; empty in lists */
	uint32_t symbol;   /* of the name, where it is one of a property */
	uint32_t name_count;
	const struct schema_branch
		*names; /* dependentRequired, dependencies: required with `name` */
	const struct schema_node *schema; /* NULL for names alone */
	const struct regex *pattern;      /* patternProperties */
	const struct doc_node *value;     /* in the schema file */
};

/* A keyword in a subschema. Those that its dialect does not have are not there. */
struct schema_keyword {
	enum schema_keyword_id id;
	const struct doc_node *value; /* in the schema file */
	/*
	 * The subschema, for additionalProperties, propertyNames, items (one schema), contains,
	 * not, if, then, else, unevaluated*, and the target of $ref. For $dynamicRef and
	 * $recursiveRef the target where nothing overrides it.
	 */
	const struct schema_node *schema;
	/*
	 * properties, patternProperties, dependentSchemas, dependencies, $defs, definitions: with
	 * names; allOf, anyOf, oneOf, prefixItems, items (older dialects: a list): in order;
	 * required: names alone; dependentRequired: names with names.
	 */
	const struct schema_branch *branches;
	uint32_t count;  /* of branches */
	uint32_t number; /* minLength, maxItems ...: the bound (UINT32_MAX: beyond any document) */
	const void *detail; /* the evaluator's */
};

struct schema_node {
	const struct document *document; /* of the schema */
	const struct doc_node *place;    /* the subschema in it: an object or a boolean */
	bool is_boolean;                 /* `true` or `false`, then `accepts` */
	bool accepts;
	bool is_date;   /* x-planlint-type: date */
	uint8_t types;  /* enum schema_type, SCHEMA_ANY_TYPE without `type` */
	uint16_t count; /* of keywords */
	const struct schema_keyword *keywords; /* in the order of keywords.def */
	const struct bilingual *title;         /* NULL: none; a text, or a map {en, fr} */
	const struct bilingual *description;
	struct slice list_key; /* x-planlint-key: the field that identifies an item; else empty */
	/* the evaluator's */
	const struct schema_resource *resource;
	struct schema_code *code;
};

/* The root subschema. */
const struct schema_node *schema_root(const struct schema *schema);

/* A keyword of a subschema, NULL where it does not have it (or `node` is NULL or a boolean). */
const struct schema_keyword *schema_keyword(const struct schema_node *node,
					    enum schema_keyword_id id);

/* The name of a keyword ("additionalProperties"). */
const char *schema_keyword_name(enum schema_keyword_id id);

/* Where the subschema stands, as URI reference: base URI and pointer; in the set's memory or
 * `arena`. */
const char *schema_location(const struct schema_node *node, struct arena *arena);

#endif
