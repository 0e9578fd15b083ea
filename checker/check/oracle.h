/*
 * What the files of the oracle share. Internal to it.
 */
#ifndef PLANLINT_CHECK_ORACLE_H
#define PLANLINT_CHECK_ORACLE_H

#include "check/audit_steps.h"

/* A document of a commit. */
struct file {
	struct place *place;
	struct object_id blob;
	struct piece *piece; /* only its verdict, for audit_cause() */
	struct verdict *verdict;
	/* unreadable: what it was when it last could be read, and which parent says so */
	bool has_shadow;
	const struct verdict *shadow; /* NULL: it was gone */
	struct object_id shadow_blob;
	uint32_t shadow_parent;
	GArray *hidden; /* struct instance; NULL: readable */
};

/* A slip and the file in which it is one. */
struct oracle_slip {
	struct place *place;
	struct slip slip;
};

/* Everything about one commit, judged on one day. */
struct run {
	struct reign *reign;         /* by which law */
	const struct faults *faults; /* of the commit's own, where it cannot be used; NULL */
	GArray *files;               /* struct file, in order of the tree */
	GArray *instances;           /* struct instance */
	GArray *slips;               /* struct oracle_slip, those of unreadable files too */
	struct check_index *index;
};

struct oracle {
	struct audit *audit;
	struct run *runs; /* of each commit on its own day, by its own law */
	/* of each parent of the commit at hand, on its day by its law; no files: `runs` has that */
	struct run *by_law;
	GPtrArray *verdicts;
	uint32_t commit;
	GPtrArray *changed; /* of each parent: struct changed */
	bool failed;
};

/* By its path, be the law another. */
struct file *oracle_file(const struct run *run, const struct place *place);

/* A parent of the commit at hand as the commit's law has it. */
const struct run *oracle_parent(const struct oracle *oracle, uint32_t j);

/* Which law judges each commit, where each has its own. 0, or -1 with the audit's error. */
int oracle_read_laws(struct audit *audit);

/* What a blob gives at a place; the oracle's. NULL with the audit's error. */
struct verdict *oracle_judge(struct oracle *oracle, const struct place *place,
			     const struct object_id *blob, int32_t day);

/* Ancestors, itself included: reached[i] for each commit of the history. */
void oracle_reach(const struct oracle *oracle, uint32_t number, bool *reached);

/* Is a common ancestor reached from another one? Then it is no merge base. */
bool oracle_is_behind(const struct oracle *oracle, uint32_t number, const bool *a, const bool *b);

/* Fills run->slips of the commit from the runs of its parents. 0, or -1 with the audit's error. */
int oracle_steps(struct oracle *oracle, struct run *run, uint32_t number, int32_t day);

/* Fills run->slips of a commit from those of its run by another law. The same. */
int oracle_translate(struct oracle *oracle, struct run *run, const struct run *own, int32_t day);

/* Fills settle->lists from the whole lists of the commit and its parents. */
void oracle_settle(struct oracle *oracle, struct settle *settle, const struct run *on_day);

#endif
