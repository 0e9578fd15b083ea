/*
 * What the parts of ruleset/ share while a ruleset is compiled. Inside this folder only.
 */
#ifndef PLANLINT_RULESET_LOAD_H
#define PLANLINT_RULESET_LOAD_H

#include "base/embedded.h"
#include "document/document.h"
#include "ruleset/ruleset.h"
#include "schema/schema.h"

#include <glib.h>

/* A file that was read: its bytes and trees live as long as the ruleset. */
struct loaded_file {
	char *name; /* as shown: "rules/dates.yaml", "builtin:rules/nato/dates.yaml" */
	char *data;
	bool owned; /* `data` is g_free'd */
	struct source source;
	struct document_set documents;
	enum { LOADED, LOADED_MISSING, LOADED_FAULTY } state;
};

struct rule;
struct cel_env;

/* The ruleset and everything that it owns; the public part comes first. */
struct ruleset_store {
	struct ruleset public;
	struct arena arena;
	GPtrArray *files; /* of struct loaded_file */
	GHashTable *file_by_name;
	struct symbols *symbols;
	struct schema_set *schemas;
	GPtrArray *envs;        /* of struct cel_env; freed last to first */
	GPtrArray *paths;       /* of struct jsonpath */
	GHashTable *severities; /* rule id -> GINT severity */
	GHashTable *rules;      /* id and former ids -> struct rule */
};

struct loader {
	struct ruleset_store *store;
	struct arena *arena;
	const struct ruleset_files *files;
	const struct finding_sink *sink;
	GChecksum *checksum;
	struct error *error;
	bool failed;                   /* a fault of the system: `error` is set */
	const struct document *config; /* NULL: none */
	GPtrArray *rules;              /* of struct rule */
	GPtrArray *vocabularies;       /* of struct rule_vocabulary */
	GPtrArray *tables;             /* of struct rule_table */
	GPtrArray *entries;            /* of struct entry_source */
};

/* An entry and what of it is still text. */
struct entry_source {
	struct document_entry entry;     /* first: loader->entries holds these */
	const struct document *document; /* NULL: the default entry */
	const struct doc_node *key;
	const struct doc_node *labels;
	const char *default_key; /* of the entry that is built in; NULL: of any other */
	const char *default_label;
};

/* files.c */

/*
 * Reads a file once: `builtin:` from the program, else through the caller's files. Faults in its
 * bytes are emitted with the code. NULL after a fault of the system.
 */
struct loaded_file *load_file(struct loader *loader, const char *name, enum finding_code code);

/* The first document of a file, or NULL where it is missing, faulty or empty. */
const struct document *load_first_document(struct loader *loader, const char *name,
					   enum finding_code code);

/*
 * The first document of a file that was read, once more, with a symbol for each of its keys: for
 * files whose values expressions look into. NULL after a fault of the system.
 */
const struct document *load_with_symbols(struct loader *loader, const char *name);

/* Appends the names of all rule files under a folder ("rules/", "builtin:nato"), sorted. */
bool load_folder(struct loader *loader, const char *folder, GPtrArray *names);

/* A fault at a place; `hint` may be NULL. */
void load_fault(struct loader *loader, enum finding_code code, const struct document *document,
		struct span span, struct phrase message, const struct phrase *hint);

/* The fault of an unknown name at a place, with the nearest of the known ones as hint and fix. */
void load_unknown(struct loader *loader, enum finding_code code, const struct document *document,
		  const struct doc_node *node, struct phrase message, const struct slice *known,
		  size_t count);

/* Validates a document with a built-in schema; faults are emitted with the code. */
bool load_validate(struct loader *loader, const struct document *document, const char *schema,
		   enum finding_code code);

/* The schema of a file, compiled once; NULL after a fault. */
const struct schema *load_schema(struct loader *loader, const char *name);

/* The same of a document in memory, known by a URI. */
const struct schema *load_schema_part(struct loader *loader, const struct document *document,
				      const char *uri, const struct finding_sink *sink);

/* A text or a list of texts as an array of strings in the arena. */
const char *const *load_strings(struct loader *loader, const struct doc_node *node, size_t *count);
char *load_string(struct loader *loader, const struct doc_node *node);

/* A text or a map {en, fr}. */
struct bilingual load_words(struct loader *loader, const struct doc_node *node);

/*
 * mangled.c: the advice where the line of an offset, or the one before it, holds an expression that
 * YAML takes for something else; MESSAGE_NONE where not.
 */
int mangled_line(struct source *source, uint32_t offset);

/* configuration.c */
void load_configuration(struct loader *loader, const char *name);
void load_defaults(struct loader *loader);
void load_severities(struct loader *loader);

/* rulefile.c */
void load_rule_file(struct loader *loader, const char *name);

/* compile.c: what the rules say, for the schema of each entry */
void compile_entries(struct loader *loader);
void compile_release(struct ruleset_store *store); /* what it made that no arena holds */

#endif
