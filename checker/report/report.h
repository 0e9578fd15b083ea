/*
 * Reports: what a run found, in the shape that somebody reads. For cli/ only; nothing here knows
 * documents, rules or git. A run opens a report, adds an output for each `-f NAME[:FILE]`, hands
 * over findings or commits in order, and ends it with what was looked at.
 *
 * The findings and all texts are the caller's and need to live only for the call that takes them.
 */
#ifndef PLANLINT_REPORT_REPORT_H
#define PLANLINT_REPORT_REPORT_H

#include "base/error.h"
#include "source/finding.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What became of a finding; the names of DESIGN.md section 8. */
enum report_state {
#define STATE(name, text) REPORT_##name,
#include "report/state.def"
#undef STATE
	REPORT_STATE_COUNT
};

/* What the run is: it decides the words of the verdict and the shape of the machine formats. */
enum report_kind {
	REPORT_OF_CHECK, /* one snapshot; findings */
	REPORT_OF_GATE,  /* what a change adds; findings */
	REPORT_OF_AUDIT, /* commits */
};

enum report_color {
	REPORT_COLOR_AUTO, /* where the output is a terminal and the environment does not object */
	REPORT_COLOR_ALWAYS,
	REPORT_COLOR_NEVER,
};

/* What a format that lists rules says of one, NULL where nothing is known; g_free. */
struct report_rule {
	char *title;
	char *help;
};

struct report_options {
	enum report_kind kind;
	enum language language;         /* of text */
	enum language machine_language; /* of formats for programs: never from the locale */
	enum report_color color;
	enum severity fail_level; /* SEVERITY_OFF counts as SEVERITY_ERROR */
	int verbosity;            /* -1: -q, 1: -v */
	bool statistics;          /* text: a count for each rule at the end */
	bool stat;                /* text, of an audit: counts in place of findings */
	bool graph;               /* text, of an audit: the lines between commits */
	/* fills in what is known of a rule; may be NULL */
	void (*describe)(void *context, const char *rule, enum language language,
			 struct report_rule *out);
	void *context;
};

/* A finding of a commit and why it stands there. */
struct report_entry {
	const struct finding *finding;
	const char *
		cause; /* the changed file, "time" or "rule-change"; NULL: the finding's own file */
};

/* A commit of an audit. Lists are in the order of report_compare(). */
struct report_commit {
	const char *id; /* hexadecimal, whole */
	const char *const *parents;
	size_t parent_count;
	int64_t time;        /* the author's date, seconds since 1970 in UTC */
	int offset;          /* its zone, minutes east of UTC */
	int64_t committed;   /* the committer's date */
	struct slice author; /* Name <mail>; without data: left out */
	struct slice subject;
	struct {
		const struct report_entry *entries;
		size_t count;
	} lists[REPORT_STATE_COUNT]; /* those of a commit: introduced, fixed, due, hidden,
					reappeared */
	size_t suppressed;           /* at this commit */
	size_t remaining;            /* open at this commit */
	size_t documents;            /* at this commit */
};

/* A finding of an earlier report, as it was worded there. */
struct report_past {
	const char *rule, *severity, *message;
	const char *path; /* NULL: about no file */
	size_t line, column;
};

/* What is open now and was not at the end of an earlier report, and the other way round. */
struct report_comparison {
	const char *name; /* of the earlier report */
	const char *date; /* of its last commit, YYYY-MM-DD; NULL: it had none */
	bool other_rules; /* it was made with other rules */
	const struct finding *const *added;
	size_t added_count;
	const struct report_past *gone;
	size_t gone_count;
};

/* What was looked at, and what was not. NULL and 0 leave a line out. */
struct report_looked_at {
	const char *subject; /* "the worktree", "the index", "commit 1234", "HEAD", "main..topic" */
	size_t documents;    /* judged; of an audit: distinct versions */
	size_t files;        /* of an audit: paths that held them */
	size_t unmatched;    /* files that no pattern matches */
	size_t suppressed;   /* findings */
	size_t existing;     /* gate: findings that were there before */
	size_t merges;       /* audit: of its commits */
	bool incomplete;     /* the run was interrupted: this is what was known by then */
	size_t wanted;       /* incomplete: documents or commits that were to be looked at */
	const char *configuration; /* "planlint.yaml", "planlint.yaml of main", "built in" */
	const char *digest;        /* of the ruleset, hexadecimal */
	const char *as_of;         /* YYYY-MM-DD */
	const char *const *notes;  /* sentences marked with N_, or made */
	size_t note_count;
	/* audit: what is open at the end of the range; in order */
	const struct finding *const *open;
	size_t open_count;
	const struct report_comparison *comparison; /* NULL: none was asked for */
};

struct report;

/* Life cycle. The options are copied. */
struct report *report_new(const struct report_options *options);
void report_free(struct report *report); /* NULL is allowed; unfinished outputs are dropped */

/*
 * Adds an output "NAME" or "NAME:FILE" (without a file: standard output). An unknown name and a
 * second format for one place are usage errors, a file that cannot be written a system error.
 * A report without outputs prints text.
 */
int report_add(struct report *report, const char *spec, struct error *error);

/* One finding of a check or gate, in the order of report_compare(). */
void report_finding(struct report *report, const struct finding *finding, enum report_state state);

/* A line of a file whose lines are documents of their own (JSON Lines). */
struct report_line {
	const char *path;
	uint32_t line; /* from 1 */
	bool valid;    /* no error in it */
};

/* The verdict on a line, before its findings. Formats without a place for it leave it out. */
void report_line(struct report *report, const struct report_line *line);

/* One commit of an audit, parents first. */
void report_commit(struct report *report, const struct report_commit *commit);

/* Writes everything out. -1 where an output failed; a closed pipe is not a failure. */
int report_end(struct report *report, const struct report_looked_at *looked_at,
	       struct error *error);

/* Findings at the fail level that count for the exit status: reported open, or open at the end. */
bool report_has_failed(const struct report *report);

/* True once the reader of standard output has gone: what is still to come is for nobody. */
bool report_is_closed(const struct report *report);

/*
 * Progress of a long run on standard error, where that is a terminal, from the second second on.
 * `what` is a constant marked with N_, the context of tell() a struct report_progress (NULL: none).
 */
struct report_progress;
struct report_progress *report_progress_new(enum language language);
void report_progress_tell(void *context, const char *what, size_t done, size_t total);
void report_progress_erase(struct report_progress *progress); /* before anything else is written */
void report_progress_free(struct report_progress *progress);  /* erases; NULL is allowed */

/* That of a report, in its language; erased whenever the report writes and when it is freed. */
struct report_progress *report_progress_of(struct report *report);

/*
 * The name of a configuration as people read it: "built in" and "planlint.yaml of HEAD" in a
 * language. g_free.
 */
char *report_configuration_name(const char *name, enum language language);

/* Is standard output to be colored: a terminal, and nothing in the environment objects? */
bool report_wants_color(enum report_color color);

/* The order of every report: path, place, rule, then words; for qsort of pointers to findings. */
int report_compare(const struct finding *a, const struct finding *b);

#endif
