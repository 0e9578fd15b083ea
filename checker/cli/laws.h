/*
 * The laws of a history, for `audit --config-from each`: every commit's own configuration, schemas
 * and rules.
 */
#ifndef PLANLINT_CLI_LAWS_H
#define PLANLINT_CLI_LAWS_H

#include "check/audit.h"
#include "report/report.h"
#include "repository/repository.h"

struct laws;

/* `prefix`: our folder in the trees, from where a configuration is looked for upwards. */
struct laws *laws_new(struct repository *repository, const char *prefix);
enum { LAWS_HELD = 32 };           /* so many stay compiled besides those that are held */
void laws_free(struct laws *laws); /* NULL is allowed */

/* For struct audit_options; lives as long as the laws. */
struct audit_laws *laws_for_audit(struct laws *laws);

/* A digest over all of them in the order in which they were met; of a single one its own. */
const char *laws_digest(struct laws *laws);

/* Words for the report's list of rules, from the last law that knows a rule. Context: the laws. */
void laws_describe(void *context, const char *id, enum language language, struct report_rule *out);

#endif
