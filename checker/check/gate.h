/*
 * The gate: what a change adds to what was there, by identity. For cli/ (gate, pre-receive,
 * merge-preview). Everything is judged on one day with one ruleset, that of the side that is kept.
 */
#ifndef PLANLINT_CHECK_GATE_H
#define PLANLINT_CHECK_GATE_H

#include "check/audit.h"

/* What was judged in the end. */
enum gate_judged {
	GATE_INDEX, /* against HEAD, and MERGE_HEAD during a merge; against nothing while unborn */
	GATE_MERGE, /* HEAD merged into BASE in memory, against BASE */
	GATE_HEAD,  /* HEAD itself, as the merge has conflicts; against BASE and the merge base */
	GATE_PREVIEW, /* the merge of two commits, against both */
	GATE_PUSH,    /* the new tip of a branch, against its old one or what is known of it */
};

/* What a change does. Lists and findings live until the callback returns. */
struct gate_report {
	enum gate_judged judged;
	struct audit_list introduced; /* with document-left-scope */
	struct audit_list fixed;
	struct audit_list suppressed; /* findings that the change brings and suppresses */
	size_t existing;              /* open findings that were there before */
	size_t documents;             /* files judged */
	size_t unmatched;             /* files that no pattern matches */
	bool incomplete; /* interrupted: only `documents` is known, versions of them that were
			    judged, and how many there are */
	size_t wanted;
};

struct gate_options {
	const struct ruleset *ruleset;
	struct repository *repository;
	const char *base; /* the configuration's folder: "" or "plans/"; NULL: "" */
	int64_t as_of;
	int jobs;
	struct store *store; /* verdicts of earlier runs; NULL: none */
	void (*report)(void *context, const struct gate_report *report); /* called once */
	void *context;
	void (*progress)(void *context, const char *what, size_t done, size_t total); /* or NULL */
	void *progress_context;
	const volatile sig_atomic_t *interrupted; /* may be NULL */
};

/* Each returns 0 after `report` was called, or -1 with `error`. */
int gate_staged(const struct gate_options *options, struct error *error);
int gate_range(const struct gate_options *options, const struct object_id *base,
	       const struct object_id *head, struct error *error);
/*
 * A branch that moves from `old_tip` (NULL: it is new) to `new_tip`. A new branch is held to what
 * it adds to the commits that references lead to already.
 */
int gate_push(const struct gate_options *options, const struct object_id *old_tip,
	      const struct object_id *new_tip, struct error *error);
int gate_preview(const struct gate_options *options, const struct object_id *ours,
		 const struct object_id *theirs, struct error *error); /* 1: conflicts, no report */

#endif
