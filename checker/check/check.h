/*
 * The pipeline: what one blob gives (a verdict), what the documents of one state give together
 * (the index of cross-file rules), and all findings of a snapshot. For cli/, lsp/ and the audit.
 *
 * Findings inside verdicts and the index belong to no file yet: their `source` and the sources of
 * their related places are NULL, and check_bind() puts them in when a finding is to be shown.
 */
#ifndef PLANLINT_CHECK_CHECK_H
#define PLANLINT_CHECK_CHECK_H

#include "base/arena.h"
#include "base/date.h"
#include "base/error.h"
#include "ruleset/ruleset.h"
#include "source/finding.h"
#include "source/source.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct snapshot;
struct store; /* store/store.h */

struct index_entry; /* index/index.h */

/* What the finding of a transition is about. */
struct check_step {
	uint32_t rule;           /* its number */
	const char *old_pointer; /* the node in the old version */
	const char *item;        /* its path by keys there */
	const char *pointer;     /* the node in the new version; NULL: it is gone */
};

/* A finding before it is bound to files. */
struct check_finding {
	struct finding finding; /* sources NULL; identity: see check_bind() */
	const char *path;       /* its file; NULL: that of the verdict, or (index) none */
	const char *const
		*related_paths;          /* one for each related, NULL: in its file; NULL: all so */
	const struct index_entry *entry; /* index: the reference that leads nowhere; else NULL */
	const struct check_step *step;   /* of a transition; else NULL */
};

/* A comment `# planlint: ignore[rule] reason until=DATE`. */
struct suppression {
	const char *rule;
	const char *reason;
	struct span span; /* the comment */
	uint32_t from;    /* it covers findings that start in the bytes [from, to) */
	uint32_t to;
	int64_t until; /* from this day on it warns, 30 days later it fails; DAY_OPEN_END: never */
	bool used;     /* by a finding of this verdict (cross-file ones are not known here) */
};

/* One document of a blob. */
struct verdict_document {
	const char *key; /* what identifies it when its file moves; NULL: its path does */
	struct span span;
	const char *const *labels; /* as many as the entry has; NULL where absent */
};

/*
 * What one blob gives under one `documents` entry: a pure function of its bytes, the entry, and,
 * where a rule reads them, the day and the path. Immutable; safe to share between threads.
 */
struct verdict {
	struct arena arena; /* owns everything below */
	const struct document_entry *entry;
	bool readable;   /* every byte was read into trees */
	bool reads_path; /* a rule read `file`: holds for this path only */
	int64_t from;    /* the days (base/date.h) in which it holds, both included */
	int64_t until;
	const struct check_finding *findings; /* sorted by position, rule; suppressed ones too */
	size_t finding_count;
	const struct verdict_document *documents;
	size_t document_count;
	const struct index_entry *entries; /* what cross-file rules read; sorted by position */
	size_t entry_count;
	const struct suppression *suppressions;
	size_t suppression_count;
};

/* The working memory of one thread. */
struct check_scratch;
struct check_scratch *check_scratch_new(void);
void check_scratch_free(struct check_scratch *scratch); /* NULL is allowed */

/*
 * Judges the bytes of one file: reads it, evaluates the schema and every rule that needs nothing
 * else. `as_of`: the day for rules that read it. The bytes may go away afterwards.
 * Returns 0 with *out (the caller's, verdict_free), or -1 with `error` (system).
 */
int check_document(struct verdict **out, const struct ruleset *ruleset,
		   const struct document_entry *entry, const char *path, const char *data,
		   size_t size, int64_t as_of, struct check_scratch *scratch, struct error *error);

/* The bytes of one version of a file, and which of its documents is meant (0: the first). */
struct check_version {
	const char *data;
	size_t size;
	size_t document;
};

/* Are there rules with `transition` for the documents of this entry? */
bool check_has_transitions(const struct document_entry *entry);

/*
 * Judges the step from the accepted version of a document to the next one (NULL: it is gone) by
 * the rules with `transition`. `only` (NULL: all): one rule. The verdict has findings only, each
 * with its `step`. They stand in the new version: what is gone from it where it would be, what went
 * with the document at the first byte. A version that cannot be read gives none.
 */
int check_transition(struct verdict **out, const struct ruleset *ruleset,
		     const struct document_entry *entry, const struct rule *only, const char *path,
		     const struct check_version *old, const struct check_version *new,
		     int64_t as_of, struct check_scratch *scratch, struct error *error);

/*
 * The node of another version that is the same as the one of `step` in the old version: its value
 * as canonical JSON (the caller's, g_free), or NULL where there is none.
 */
int check_twin(char **out, const struct ruleset *ruleset, const struct document_entry *entry,
	       const struct check_step *step, const struct check_version *old,
	       const struct check_version *other, struct check_scratch *scratch,
	       struct error *error);

/* What rules about commits are told. */
struct check_commit {
	struct slice message;
	struct slice subject; /* the first paragraph in one line */
	struct slice author;  /* the name */
	struct slice email;
	const char *const *files; /* changed ones */
	size_t file_count;
	bool is_merge;
};

bool check_has_commit_rules(const struct ruleset *ruleset);

/* Judges a commit by the rules with `commit`; `only` (NULL: all): one of them. No places. */
int check_commit(struct verdict **out, const struct ruleset *ruleset, const struct rule *only,
		 const struct check_commit *commit, int64_t as_of, struct check_scratch *scratch,
		 struct error *error);

/* check_document() for a file that was not read because it passes the limit of size. */
int check_oversized(struct verdict **out, const struct ruleset *ruleset,
		    const struct document_entry *entry, size_t size, struct error *error);

void verdict_free(struct verdict *verdict); /* NULL is allowed */

/* Does the verdict hold on that day? */
static inline bool verdict_holds(const struct verdict *verdict, int64_t as_of)
{
	return verdict->from <= as_of && as_of <= verdict->until;
}

/*
 * A finding ready for a sink: sources put in, identity completed (where a document has no key its
 * path stands in, so identities are final only here). `path` is its file where found->path is
 * NULL. source_of(context, path) gives the source of a path, or NULL (then the place stays open).
 * The copy lives in `arena`; what it points to in the verdict or index.
 */
struct check_sources {
	struct source *(*source_of)(void *context, const char *path);
	void *context;
};
void check_bind(struct finding *out, const struct check_finding *found, const char *path,
		const struct check_sources *sources, struct arena *arena);

/*
 * Gives a bound finding the labels of its document, where it has none yet; `verdict`: of its file,
 * may be NULL. They are copied into `arena`.
 */
void check_label(struct finding *bound, const struct verdict *verdict, struct arena *arena);

/* The same for a document that is gone: its number in what its file last gave. */
void check_label_gone(struct finding *finding, const struct verdict *last, size_t document,
		      struct arena *arena);

/* Only the final identity of a finding (the string of struct finding), in `arena`. */
const char *check_identity(const struct check_finding *found, const char *path,
			   struct arena *arena);

/*
 * Is the finding, standing in `path` with the verdict of that file (may be NULL), suppressed by a
 * comment or by the configuration on that day? Findings that must not be suppressed never are.
 */
bool check_is_suppressed(const struct ruleset *ruleset, const struct verdict *verdict,
			 const char *path, const struct check_finding *found, int64_t as_of);

/*
 * The cross-file rules over one state of the repository. Files come and go by their verdicts;
 * check_index_update() then re-judges only what they touched.
 */
struct check_index;
struct check_index *check_index_new(const struct ruleset *ruleset);
void check_index_free(struct check_index *index); /* NULL is allowed */

/* Adds or takes away what a file gives. The verdict and the path must live while they are in. */
void check_index_add(struct check_index *index, const char *path, const struct verdict *verdict);
void check_index_remove(struct check_index *index, const char *path, const struct verdict *verdict);

/* Keys that a file had when it last could be read: they satisfy references, and give nothing else.
 */
void check_index_add_hidden(struct check_index *index, const char *path,
			    const struct verdict *last_readable);
void check_index_remove_hidden(struct check_index *index, const char *path,
			       const struct verdict *last_readable);

/*
 * From now on only groups of which `needs` says so are judged: a slot and key, and whether the
 * index has members of it.
 */
void check_index_limit(struct check_index *index,
		       bool (*needs)(void *context, uint32_t slot, struct slice key,
				     bool has_members),
		       void *context);

/*
 * Judges what was touched since the last update. Findings that went away are handed to `removed`,
 * new ones to `added` (a finding that stays, by its identity and places, to neither); removed ones
 * live until the next update, the others while they stay. Either callback may be NULL.
 */
struct check_index_changes {
	void (*removed)(void *context, const struct check_finding *found);
	void (*added)(void *context, const struct check_finding *found);
	void *context;
};
int check_index_update(struct check_index *index, int64_t as_of,
		       const struct check_index_changes *changes, struct check_scratch *scratch,
		       struct error *error);

/* Every finding that stands after the last update, in order of rule and key. */
void check_index_each(const struct check_index *index,
		      void (*each)(void *context, const struct check_finding *found),
		      void *context);

/*
 * The near miss of a dangling reference depends on all keys there are, so it is found when the
 * finding is shown: adds hint and fix to a bound finding. Others are left alone.
 */
void check_index_suggest(const struct check_index *index, const struct check_finding *found,
			 struct finding *bound, struct arena *arena);

/* What a check of a whole snapshot looked at. */
struct check_statistics {
	size_t documents;  /* files that an entry matched */
	size_t unmatched;  /* files that none did */
	size_t unreadable; /* documents that could not be read into trees */
	size_t suppressed; /* findings that a comment or the configuration suppresses */
	bool incomplete;   /* interrupted: cross-file rules and some documents were not judged */
};

/* Is a path among those asked for? NULL callback: every path. */
struct check_filter {
	bool (*wants)(void *context, const char *path);
	void *context;
	int jobs; /* threads that judge; 1 or less: this one */
	/* called by this thread with words, how much is done and of how much; NULL: nobody */
	void (*progress)(void *context, const char *what, size_t done, size_t total);
	void *progress_context;
	const volatile sig_atomic_t *interrupted; /* non-zero: end as soon as can be; may be NULL */
	struct store *store;                      /* verdicts of earlier runs; NULL: none */
};

/*
 * All findings of one state, sorted by path, position and rule; suppressed ones are counted only.
 * The whole snapshot is loaded for cross-file rules, findings on other paths than the filter's are
 * left out. Sources live until the sink returns. `base`: the folder of the configuration in the
 * snapshot, "" or ending in '/'; files outside of it are no documents. The filter and the sources
 * have paths from the snapshot's root.
 */
int check_snapshot(const struct ruleset *ruleset, struct snapshot *snapshot, const char *base,
		   int64_t as_of, const struct check_filter *filter,
		   const struct finding_sink *sink, struct check_statistics *statistics,
		   struct error *error);

/* --- examples of rules */

enum example_kind {
	EXAMPLE_VALID,
	EXAMPLE_INVALID,
};

struct example_counts {
	size_t rules;
	size_t examples;
	size_t failed;  /* examples that do not agree */
	size_t without; /* rules that lack a valid or an invalid example */
	size_t unused;  /* rules whose kinds no documents have, so that they cannot run */
	size_t faults;  /* findings: those that failed, and built-in rules that lack one */
};

/*
 * Runs the examples of a rule and adds to `counts`; what does not agree is a finding
 * (RULE_EXAMPLE) at the example. Returns 0, or -1 with `error` (system).
 */
int check_examples(const struct ruleset *ruleset, const struct rule *rule,
		   const struct finding_sink *sink, struct example_counts *counts,
		   struct error *error);

/* --- mutants of rules */

struct mutant_counts {
	size_t mutants;
	size_t killed;
	size_t idle; /* rules whose examples kill none */
};

/*
 * Runs the examples of a rule, which must agree with it, against changed copies of it, and adds to
 * `counts`. A rule whose examples notice no change is a finding (RULE_MUTANT) at its id; each
 * change that none notices goes to `survivors` (NULL: nowhere), as information. Compiles into the
 * ruleset, so nobody else may use it meanwhile. Returns 0, or -1 with `error` (system).
 */
int check_mutants(const struct ruleset *ruleset, const struct rule *rule,
		  const struct finding_sink *sink, const struct finding_sink *survivors,
		  struct mutant_counts *counts, struct error *error);

#endif
