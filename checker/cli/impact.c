/*
 * The impact of a change of the rules: the history is audited twice, by the rules in force and by
 * those of the revision, and what both find at a commit is left out of the second report. Findings
 * are compared by identity, as often as each occurs, so that other words or another severity are
 * no addition.
 */
#include "cli/impact.h"

#include <string.h>

enum { OPEN = AUDIT_LISTS }; /* in the place of a list: what is open at the end */

struct impact {
	GHashTable *found; /* "commit list identity" -> how often */
	GArray *remaining; /* size_t, by commit */
	uint32_t commit;   /* the one at hand */
};

static char *key_of(uint32_t commit, int list, const struct finding *finding)
{
	return g_strdup_printf("%u %d %s", commit, list, finding->identity);
}

static guint count_of(const struct impact *impact, const char *key)
{
	return GPOINTER_TO_UINT(g_hash_table_lookup(impact->found, key));
}

static void learn(struct impact *impact, int list, const struct finding *finding)
{
	char *key = key_of(impact->commit, list, finding);

	g_hash_table_insert(impact->found, key, GUINT_TO_POINTER(count_of(impact, key) + 1));
}

static int learn_commit(void *context, const struct audit_commit *commit)
{
	struct impact *impact = context;

	impact->commit = commit->index;
	if (impact->remaining->len <= commit->index)
		g_array_set_size(impact->remaining, commit->index + 1);
	g_array_index(impact->remaining, size_t, commit->index) = commit->remaining;
	for (int list = 0; list < AUDIT_LISTS; list++)
		for (size_t i = 0; i < commit->lists[list].count; i++)
			learn(impact, list, commit->lists[list].entries[i].finding);
	return 0;
}

int impact_learn(struct impact **out, const struct audit_options *options, struct error *error)
{
	struct impact *impact = g_new0(struct impact, 1);
	struct audit_options own = *options;
	struct audit_summary summary = {0};
	int result;

	impact->found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	impact->remaining = g_array_new(FALSE, TRUE, sizeof(size_t));
	*out = impact;
	own.commit = learn_commit;
	own.context = impact;
	result = audit_run(&summary, &own, error);
	impact->commit = 0;
	for (size_t i = 0; i < summary.open_count; i++)
		learn(impact, OPEN, summary.open[i]);
	if (!result)
		result = summary.interrupted;
	audit_summary_release(&summary);
	return result;
}

void impact_free(struct impact *impact)
{
	if (!impact)
		return;
	g_hash_table_destroy(impact->found);
	g_array_free(impact->remaining, TRUE);
	g_free(impact);
}

void impact_begin(struct impact *impact, uint32_t commit)
{
	if (impact)
		impact->commit = commit;
}

/* Each that was found before counts for one now. */
static bool adds(struct impact *impact, int list, const struct finding *finding)
{
	char *key = key_of(impact->commit, list, finding);
	guint count = count_of(impact, key);

	if (!count) {
		g_free(key);
		return true;
	}
	g_hash_table_insert(impact->found, key, GUINT_TO_POINTER(count - 1));
	return false;
}

bool impact_adds(struct impact *impact, enum audit_list_kind kind, const struct finding *finding)
{
	return !impact || adds(impact, (int)kind, finding);
}

bool impact_adds_open(struct impact *impact, const struct finding *finding)
{
	impact_begin(impact, 0);
	return !impact || adds(impact, OPEN, finding);
}

size_t impact_remaining(const struct impact *impact, size_t remaining)
{
	size_t before;

	if (!impact || impact->commit >= impact->remaining->len)
		return remaining;
	before = g_array_index(impact->remaining, size_t, impact->commit);
	return remaining > before ? remaining - before : 0;
}
