/*
 * `planlint audit --impact REV`: what other rules would add to those in force. For audit.c.
 */
#ifndef PLANLINT_CLI_IMPACT_H
#define PLANLINT_CLI_IMPACT_H

#include "check/audit.h"
#include "source/finding.h"

/* What the rules in force find, by commit. */
struct impact;

/*
 * Audits by the rules in force and remembers what they find; `options` as for audit_run(), without
 * its callbacks. 0; 1 where it was interrupted; -1 with `error`. `*out` is the caller's in any
 * case: impact_free().
 */
int impact_learn(struct impact **out, const struct audit_options *options, struct error *error);
void impact_free(struct impact *impact); /* NULL is allowed, here and below: then all is added */

/* From now on it is about this commit. */
void impact_begin(struct impact *impact, uint32_t commit);

/* Is a finding in a list of the commit more than what the rules in force have there? */
bool impact_adds(struct impact *impact, enum audit_list_kind kind, const struct finding *finding);

/* The same for what is open at the end. */
bool impact_adds_open(struct impact *impact, const struct finding *finding);

/* By how many the open ones are more at the commit. */
size_t impact_remaining(const struct impact *impact, size_t remaining);

#endif
