/*
 * Transitions in the audit: what is kept of each file's past. Internal to the audit and its oracle.
 *
 * A file is accepted as it is but for its slips: nodes that differ from their last accepted version
 * in a way that a rule forbids. A document whose deletion is forbidden is a slip of the file that
 * held it. Files without slips, nearly all, have no memory at all.
 */
#ifndef PLANLINT_CHECK_AUDIT_STEPS_H
#define PLANLINT_CHECK_AUDIT_STEPS_H

#include "check/audit_core.h"

/* One document of one version of a file. */
struct step_version {
	struct object_id blob;
	uint32_t document;
	const struct document_entry *entry;
};

#define SLIP_GONE UINT32_MAX

/* A node that is not in order. */
struct slip {
	const struct check_finding *found; /* with its step, from the accepted version */
	struct step_version accepted;      /* the version in which it last was in order */
	uint32_t document;                 /* where it stands in the file; SLIP_GONE */
	bool is_also; /* another one of the node, from a version that another parent accepted */
	/* of a document that is gone: as it last was */
	struct step_version last;
	const char *key; /* NULL: none */
};

struct memory {
	const struct slip *slips;
	uint32_t count;
};

/* Is a finding about what another one was about: by the rule's id, whatever law it is of? */
bool slip_is_about(const struct check_finding *found, const struct check_finding *other);

/* Is one of these slips about the same node of the same version of a document as an earlier one? */
bool slip_is_again(const struct slip *slips, uint32_t number);

/*
 * Is the node of a slip in a version (NULL: gone) what it was when it last was in order? 1, 0, -1.
 */
int slip_is_restored(const struct reign *reign, const struct slip *slip,
		     const struct step_version *now);

/*
 * Is a finding of the step from the accepted version of a slip about its node? Of the same rule;
 * where the node was gone, which is no version of it to accept, of any rule.
 */
bool slip_goes_on(const struct slip *was, const struct check_finding *found);

/* Those that are no more after another of their node are its first now. Of struct slip. */
void slips_settle(GArray *slips);

/* The memory with these slips (struct slip); NULL: none. */
const struct memory *memory_new(struct reign *reign, const GArray *slips);

/* Is a document gone that should not be? NULL: no. */
bool memory_has_gone(const struct memory *memory);

static inline bool step_version_equal(const struct step_version *a, const struct step_version *b)
{
	return object_id_equal(&a->blob, &b->blob) && a->document == b->document;
}

/*
 * The finding of a slip about a document that is gone, in `arena`, with the labels that the
 * document had. `last`: what the blob of slip->last gives.
 */
const struct check_finding *slip_gone_finding(const struct slip *slip, const struct verdict *last,
					      struct arena *arena);

/* Are two slips, of one file, about one node and one rule? */
bool slip_same(const struct slip *a, const struct slip *b);

/* Judges the step from one version to another (NULL: gone). NULL with the thread's error. */
struct verdict *step_judge(const struct audit *audit, const struct audit_thread *thread,
			   const struct place *place, const struct step_version *old,
			   const struct step_version *new, int32_t day);

/* The same, judged once. NULL with audit->error. */
const struct verdict *step_verdict(struct audit *audit, const struct place *place,
				   const struct step_version *old, const struct step_version *new,
				   int32_t day);

/* Keeps what a thread has judged. Takes it over. */
void step_keep(const struct place *place, const struct step_version *old,
	       const struct step_version *new, struct verdict *verdict);

/* The node of a slip in another version (NULL: none), as text (g_free), or NULL. 0, or -1. */
int step_twin(char **out, const struct reign *reign, const struct slip *slip,
	      const struct step_version *other);

#endif
