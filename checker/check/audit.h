/*
 * The audit: what each commit of a history brought in, mended, hid, or let fall due. For cli/.
 *
 * DESIGN.md section 8 decides what the words mean. Work grows with the changed blobs: each distinct
 * one is judged once, trees that did not change are not opened, and the index of cross-file rules
 * is moved from one commit's state to the next. With `oracle` everything is judged again, whole, at
 * every commit: slow, and the same to the byte.
 */
#ifndef PLANLINT_CHECK_AUDIT_H
#define PLANLINT_CHECK_AUDIT_H

#include "check/check.h"
#include "repository/repository.h"

#include <signal.h>

/* A finding of a commit and why it stands there. */
struct audit_entry {
	const struct finding *finding;
	const char *cause; /* a changed file, AUDIT_CAUSE_...; NULL: the finding's own file */
};
#define AUDIT_CAUSE_TIME  "time"
#define AUDIT_CAUSE_RULES "rule-change"

enum audit_list_kind {
	AUDIT_INTRODUCED,
	AUDIT_FIXED,
	AUDIT_DUE,
	AUDIT_HIDDEN,
	AUDIT_REAPPEARED,
	AUDIT_SUPPRESSED, /* came suppressed, or is so from now on */
	AUDIT_LISTS
};

struct audit_list {
	const struct audit_entry *entries; /* by path, place, rule, identity */
	size_t count;
};

/* One commit of the range. Everything lives until the callback returns. */
struct audit_commit {
	const struct history *history;
	uint32_t index; /* in the history */
	struct commit_text text;
	struct audit_list lists[AUDIT_LISTS];
	size_t suppressed; /* findings at this commit */
	size_t remaining;  /* open ones */
	size_t documents;  /* files that hold documents */
};

/* A law as the tree of a commit has it. */
struct audit_law {
	const struct ruleset *ruleset;       /* judges nothing where it has faults */
	const char *base;                    /* as in the options */
	const struct finding *const *faults; /* bound to its files, with identities */
	size_t fault_count;
};

/*
 * Where the law of each commit comes from. Laws live as long as the audit, but their rulesets only
 * while they are held (those with faults: always). Called by one thread.
 */
struct audit_laws {
	/* The law of a commit, the same one for the same law; NULL with `error`. */
	const struct audit_law *(*read)(void *context, const struct object_id *commit,
					struct error *error);
	/* The one that stands where there was none before a faulty one. NULL with `error`. */
	const struct audit_law *(*builtin)(void *context, struct error *error);
	/* May a tree that differs at this path alone have another law? */
	bool (*reads)(void *context, const struct audit_law *law, const char *path);
	/* From now on law->ruleset is there (0, or -1 with `error`); and need not be any more. */
	int (*hold)(void *context, const struct audit_law *law, struct error *error);
	void (*drop)(void *context, const struct audit_law *law);
	void *context;
	const char *from; /* where in a tree they are looked for: our folder, "" or "plans/" */
	unsigned held;    /* so many at once are no burden; at least 1 */
};

struct audit_options {
	const struct ruleset *ruleset;
	const struct audit_laws
		*laws; /* each commit is judged by its own; NULL: all by `ruleset` */
	struct repository *repository;
	struct history_options range;
	const char *base;    /* the configuration's folder in the trees: "" or "plans/"; NULL: "" */
	int jobs;            /* threads; 0 or less: one */
	struct store *store; /* verdicts of earlier runs; NULL: none; the oracle asks nobody */
	bool oracle;
	bool has_as_of; /* judge every commit on that day, not on its own */
	int64_t as_of;
	/* each may be NULL */
	int (*commit)(void *context, const struct audit_commit *commit); /* non-zero: end */
	void *context;
	void (*progress)(void *context, const char *what, size_t done, size_t total);
	void *progress_context;
	const volatile sig_atomic_t *interrupted; /* non-zero: end as soon as can be */
};

struct audit;

/* What was looked at. */
struct audit_summary {
	size_t commits;    /* of the range, reported */
	size_t wanted;     /* of the range, known when the walk begins */
	size_t merges;     /* of them */
	size_t blobs;      /* distinct documents judged */
	size_t files;      /* paths that hold documents in the whole history */
	size_t unmatched;  /* files at the end of the range that no pattern matches */
	size_t suppressed; /* findings at the end of the range */
	bool interrupted;  /* not all commits were reported */
	bool is_cut;       /* the history of a shallow clone begins in its middle */
	/* what is open at the end of the range; in `arena`, sorted */
	const struct finding *const *open;
	size_t open_count;
	struct arena arena;
	GPtrArray *sources;  /* what the findings point into */
	struct audit *audit; /* and what they are made of */
};

/*
 * Audits a range and hands over its commits, parents first. Returns 0, or -1 with `error` (usage:
 * unknown revision, unborn HEAD; system: what could not be read). `summary` is the caller's in any
 * case: audit_summary_release().
 */
int audit_run(struct audit_summary *summary, const struct audit_options *options,
	      struct error *error);
void audit_summary_release(struct audit_summary *summary);

#endif
