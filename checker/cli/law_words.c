/*
 * What people are told of a law, and whether there are the rules that they name: its own name, what
 * is said where it judged nothing, words for the rules of a report, ids that were typed.
 */
#include "cli/law.h"

#include "ruleset/rule.h"

#include <string.h>

/* Texts are in the language of the run, whichever that is. */
char *law_words(const struct law *law)
{
	return report_configuration_name(law->name, LANGUAGE_FR);
}

int law_found_nothing(const struct law *law, const char *where, struct error *error)
{
	if (!law->ruleset->config)
		return error_usage(
			error,
			"no document was looked at: there is no planlint.yaml, and %s has no "
			"YAML or JSON file under plans/",
			where);
	char *name = law_words(law);

	error_usage(error, "no document was looked at: no file of %s matches a pattern of %s",
		    where, name);
	g_free(name);
	return -1;
}

void law_describe(void *context, const char *id, enum language language, struct report_rule *out)
{
	const struct ruleset *ruleset = context;
	const struct rule *rule = ruleset_rule(ruleset, id);
	struct rule_info info;
	struct slice title;

	if (!rule)
		return;
	rule_describe(&info, ruleset, rule);
	title = language == LANGUAGE_FR ? info.title.fr : info.title.en;
	out->title = g_strndup(title.data, title.len);
	out->help = g_strdup(info.source);
}

/* --- ids that the user typed */

int law_unknown_rule(const struct ruleset *ruleset, const char *id, struct error *error)
{
	const struct rule *renamed = ruleset_rule(ruleset, id);
	GArray *known = g_array_new(FALSE, FALSE, sizeof(struct slice));
	ptrdiff_t nearest;

	for (size_t i = 0; i < ruleset->rule_count + FINDING_CODE_COUNT; i++) {
		struct slice name = slice_of(
			i < ruleset->rule_count
				? ruleset->rules[i]->id
				: finding_id((enum finding_code)(i - ruleset->rule_count)));

		g_array_append_val(known, name);
	}
	nearest = text_nearest(slice_of(id), (const struct slice *)(void *)known->data, known->len);
	if (renamed)
		error_usage(error, "the rule \"%s\" is called \"%s\" now", id, renamed->id);
	else if (nearest >= 0)
		error_usage(error, "no rule has the id \"%s\"; did you mean \"%s\"?", id,
			    g_array_index(known, struct slice, nearest).data);
	else
		error_usage(error, "no rule has the id \"%s\"; planlint rules lists them", id);
	g_array_free(known, TRUE);
	return -1;
}

static int check_ids(const struct ruleset *ruleset, char **ids, struct error *error)
{
	for (; ids && *ids; ids++) {
		const struct rule *rule = ruleset_rule(ruleset, *ids);

		if (finding_code_of(slice_of(*ids)) == FINDING_CODE_COUNT &&
		    (!rule || strcmp(rule->id, *ids) != 0))
			return law_unknown_rule(ruleset, *ids, error);
	}
	return 0;
}

int law_check_options(const struct ruleset *ruleset, const struct cli_options *options,
		      struct error *error)
{
	return check_ids(ruleset, options->select, error) ||
			       check_ids(ruleset, options->ignore, error)
		       ? -1
		       : 0;
}
