/*
 * Suppressions: comments `# planlint: ignore[rule-id] reason`, and the configuration's `suppress`
 * (DESIGN.md section 4).
 *
 * At the end of a line a comment covers the findings that start on that line; on a line of its own
 * those of the next node and what is under it, which is a range of bytes. `until=DATE` in it warns
 * from that day on and fails 30 days later.
 */
#include "check/judge.h"

#include <string.h>

/* --- which findings may be suppressed */

static bool may_be_suppressed(const struct ruleset *ruleset, const struct finding *finding)
{
	const struct rule *rule;

	if (!finding_is_suppressible(finding->code))
		return false;
	if (finding->code != FINDING_RULE)
		return true;
	rule = ruleset_rule(ruleset, finding->rule);
	return !rule || rule->suppressible;
}

/* Does a comment that names `id` speak of this rule, by its name or a former one? */
static bool names(const struct ruleset *ruleset, const char *id, const char *rule)
{
	const struct rule *meant;

	if (!strcmp(id, rule))
		return true;
	meant = ruleset_rule(ruleset, id);
	return meant && !strcmp(meant->id, rule);
}

enum { GRACE_DAYS = 30 };

static bool comment_covers(const struct ruleset *ruleset, const struct suppression *suppression,
			   const struct finding *finding, int64_t as_of)
{
	bool expired = suppression->until != DAY_OPEN_END &&
		       as_of >= suppression->until + GRACE_DAYS;

	return !expired && suppression->from <= finding->span.start &&
	       finding->span.start < suppression->to &&
	       names(ruleset, suppression->rule, finding->rule);
}

bool check_is_suppressed(const struct ruleset *ruleset, const struct verdict *verdict,
			 const char *path, const struct check_finding *found, int64_t as_of)
{
	const struct finding *finding = &found->finding;

	if (!ruleset->suppress_count && !(verdict && verdict->suppression_count))
		return false;
	if (!may_be_suppressed(ruleset, finding))
		return false;
	for (size_t i = 0; verdict && i < verdict->suppression_count; i++)
		if (comment_covers(ruleset, &verdict->suppressions[i], finding, as_of))
			return true;
	return path && ruleset_suppression(ruleset, finding->rule, path, as_of, NULL);
}

void suppressions_read(struct judging *judging, const struct document_set *set)
{
	(void)judging;
	(void)set;
}
