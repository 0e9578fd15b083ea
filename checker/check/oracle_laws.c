/*
 * The laws of the commits for the oracle (DESIGN.md section 4): every commit's is read from its
 * tree, whatever changed in it, and which one is in force is looked for along the first parents.
 * All of them are kept.
 */
#include "check/oracle.h"

/* The law in force: the commit's own, or of the first parents the next one that can be used. */
static const struct audit_law *law_in_force(struct audit *audit, const struct audit_law *const *own,
					    uint32_t commit)
{
	const struct audit_laws *laws = audit->options.laws;
	const struct history_commit *commits = audit->history.commits;

	while (own[commit]->fault_count && commits[commit].parent_count)
		commit = commits[commit].parents[0];
	return own[commit]->fault_count ? laws->builtin(laws->context, audit->error) : own[commit];
}

int oracle_read_laws(struct audit *audit)
{
	const struct audit_laws *laws = audit->options.laws;
	const struct audit_law **own = g_new0(const struct audit_law *, audit->history.count + 1);
	int result = 0;

	for (uint32_t i = 0; laws && !result && i < audit->history.count; i++) {
		const struct audit_law *in_force = NULL;

		own[i] = laws->read(laws->context, &audit->history.commits[i].id, audit->error);
		if (own[i])
			in_force = law_in_force(audit, own, i);
		if (in_force)
			audit_set_law(audit, i, own[i], in_force);
		result = in_force ? reign_begin(audit->of[i]) : -1;
	}
	g_free(own);
	return result;
}
