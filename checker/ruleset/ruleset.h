/*
 * The ruleset: the configuration, its schemas, rules, vocabularies and tables, compiled into one
 * immutable thing with a digest. For check/, which runs it, and cli/, which shows it.
 */
#ifndef PLANLINT_RULESET_RULESET_H
#define PLANLINT_RULESET_RULESET_H

#include "base/arena.h"
#include "base/date.h"
#include "base/error.h"
#include "base/symbols.h"
#include "source/finding.h"
#include "source/source.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct schema;
struct rule;

/*
 * Where the files come from that a configuration names: the worktree, a commit's tree, the index.
 * Paths are relative to the folder of the configuration, with '/', without "." and "..".
 * Files named `builtin:` never come through here.
 */
struct ruleset_files {
	/*
	 * The bytes of a file, owned by the caller (g_free). 0; 1 where there is no such file;
	 * -1 with `error` for a fault of the system.
	 */
	int (*read)(void *context, const char *path, char **data, size_t *size,
		    struct error *error);
	/*
	 * Appends the names (g_malloc'd) of the entries of a folder, folders with a '/' behind.
	 * 0; 1 where there is no such folder; -1 with `error`. Any order.
	 */
	int (*list)(void *context, const char *folder, GPtrArray *names, struct error *error);
	void *context;
	/* Rule files to read besides those that the configuration names; through read() too. */
	const char *const *more;
	size_t more_count;
};

/* What gates do with suppressions: the configuration's `suppressions`. */
enum suppressions_policy {
	SUPPRESSIONS_LISTED,
	SUPPRESSIONS_FORBIDDEN,
	SUPPRESSIONS_ALLOWED,
};

/*
 * Glob patterns of `files` and `exclude`: `*`, `?`, `[...]` within a name, `{a,b}`, `**` + '/' any
 * number of folders. Case counts; a leading dot is nothing special.
 */
struct pattern {
	const char *text;                /* as written */
	const char *const *alternatives; /* braces expanded */
	size_t count;
};

/* Compiles into the arena. NULL where all is well, else what is wrong, as a fixed sentence. */
const char *pattern_compile(struct pattern *out, const char *text, struct arena *arena);
bool pattern_matches(const struct pattern *pattern, const char *path);

/* Can a path below this folder match? "" is the top. */
bool pattern_reaches(const struct pattern *pattern, const char *folder);

/* A label of a document for summaries: `labels: {partner: document.partner}`. */
struct document_label {
	const char *name;
	const struct rule_expression *value;
};

/* An entry of `documents`. */
struct document_entry {
	size_t index; /* its place among the entries */
	const char *kind;
	const struct pattern *files;
	size_t file_count;
	const struct pattern *exclude;
	size_t exclude_count;
	const struct schema *schema;       /* NULL: none given */
	const char *schema_name;           /* as written: "builtin:plan" or a path; NULL */
	const struct rule_expression *key; /* NULL: documents are known by their path */
	const struct document_label *labels;
	size_t label_count;
	const struct rule_instance *const *rules; /* compiled for this entry's schema; rule.h */
	size_t rule_count;
	const struct entry_programs *programs; /* for check/; rule.h */
};

/* An entry of `suppress`. */
struct config_suppression {
	const char *rule;
	const struct pattern *files;
	size_t file_count;
	const char *reason;
	int64_t until;    /* a day (base/date.h); DAY_OPEN_END: none */
	struct span span; /* in the configuration */
};

struct ruleset {
	const char *digest; /* hex SHA-256 of all that went in and of the program's version */
	const char *config; /* path of the configuration; NULL: none, the built-in one */
	const struct document_entry *entries;
	size_t entry_count;
	const struct rule *const *rules; /* every rule, in order of reading; rule.h */
	size_t rule_count;
	const struct config_suppression *suppress;
	size_t suppress_count;
	enum suppressions_policy suppressions;
	const char *lang;              /* "en", "fr", or NULL where it is not set */
	const struct symbols *symbols; /* for document_read() */
	const uint8_t *lexical_names;  /* of these symbols, for lexical_candidates() */
	bool reads_as_of;              /* some rule or suppression reads the day */
	size_t faults; /* findings of severity error at load: 0, or it cannot be used */
};

/*
 * Compiles a configuration. `config`: its file name for `files` (such as "planlint.yaml"), or NULL
 * for none: the default entry and the built-in rules.
 * Faults in the configuration, schemas and rules go to `sink` as findings (CONFIGURATION,
 * RULE_FILE, SCHEMA_INVALID, syntax) with their places; their sources live as long as the ruleset.
 * Returns 0 with *out set (the caller's; check `faults` before use), or -1 with `error` for a fault
 * of the system, *out NULL.
 */
int ruleset_load(struct ruleset **out, const char *config, const struct ruleset_files *files,
		 const struct finding_sink *sink, struct error *error);

/* NULL is allowed. */
void ruleset_free(struct ruleset *ruleset);

/*
 * The first entry whose patterns match a path (relative to the configuration's folder), or NULL:
 * then the file is no document of ours.
 */
const struct document_entry *ruleset_entry(const struct ruleset *ruleset, const char *path);

/* The severity of a finding code or rule after the configuration; `fallback` where it says nothing.
 */
enum severity ruleset_severity(const struct ruleset *ruleset, const char *rule,
			       enum severity fallback);

/*
 * The `suppress` entry that covers a rule in a file on a day, or NULL. `expired` (may be NULL) is
 * set where one covered it until a day that is past.
 */
const struct config_suppression *ruleset_suppression(const struct ruleset *ruleset,
						     const char *rule, const char *path,
						     int64_t as_of, bool *expired);

/* The rule with this id or former id, or NULL. */
const struct rule *ruleset_rule(const struct ruleset *ruleset, const char *id);

/* Is this the id of a rule, or of a finding of the program? */
bool ruleset_knows(const struct ruleset *ruleset, const char *id);

/* What report/ and cli/ show of a rule without knowing how it is compiled. */
struct rule_info {
	const char *id;
	enum severity severity; /* after the configuration */
	const char *check;      /* "assert", "one-of", ... */
	struct bilingual title;
	const char *source; /* where the rule comes from; may be NULL */
	const char *const *tags;
	size_t tag_count;
	const char *file; /* of the rule: "builtin:nato/dates.yaml" or a path */
	uint32_t line;    /* of its id, 1-based */
};
void rule_describe(struct rule_info *out, const struct ruleset *ruleset, const struct rule *rule);

#endif
