/*
 * Rules about a commit itself: `commit: CEL` (DESIGN.md section 5). There is no document, no place
 * and no other version; what does not hold is an event, introduced by the commit and by no other.
 * Such a rule is compiled for each kind of documents, always to the same; the first counts.
 */
#include "check/judge.h"

#include <string.h>

static struct cel_value list_of_texts(struct arena *arena, const char *const *texts, size_t count)
{
	struct cel_value *items = arena_array(arena, count, sizeof(*items));

	for (size_t i = 0; i < count; i++)
		items[i] = cel_of_string(slice_of(texts[i]));
	return cel_of_items(items, count);
}

/* The fields are those that ruleset/names.c declares. */
static struct cel_value value_of(struct arena *arena, const struct check_commit *commit)
{
	static const char *const names[] = {"message", "subject", "author",
					    "email",   "files",   "merge"};
	struct cel_value keys[G_N_ELEMENTS(names)];
	struct cel_value values[] = {
		cel_of_string(commit->message),
		cel_of_string(commit->subject),
		cel_of_string(commit->author),
		cel_of_string(commit->email),
		list_of_texts(arena, commit->files, commit->file_count),
		cel_of_bool(commit->is_merge),
	};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		keys[i] = cel_of_string(slice_of(names[i]));
	return cel_of_pairs(arena, keys, values, G_N_ELEMENTS(names));
}

static void judge(struct judging *judging, const struct rule_instance *instance,
		  const struct check_commit *commit)
{
	struct check_scratch *scratch = judging->scratch;
	struct cel_activation activation;
	struct visit visit = {.judging = judging, .instance = instance, .activation = &activation};
	struct variables variables = {instance, scratch->variables, &activation, &scratch->cel};

	cel_activation_init(&activation, scratch->variables, instance->slot_count);
	variables_document(&variables, NULL, "", judging->as_of);
	variables_set(&variables, VARIABLE_COMMIT, value_of(&scratch->cel, commit));
	variables_node(&variables, NULL);
	visit_judge(&visit);
}

/* Has the rule been judged for an earlier entry? */
static bool is_again(const struct ruleset *ruleset, size_t entry, const struct rule *rule)
{
	for (size_t i = 0; i < entry; i++)
		for (size_t r = 0; r < ruleset->entries[i].rule_count; r++)
			if (ruleset->entries[i].rules[r]->rule == rule)
				return true;
	return false;
}

void run_commits(struct judging *judging, const struct check_commit *commit)
{
	const struct ruleset *ruleset = judging->ruleset;

	for (size_t i = 0; i < ruleset->entry_count; i++) {
		judging->entry = &ruleset->entries[i];
		for (size_t r = 0; r < judging->entry->rule_count; r++) {
			const struct rule_instance *instance = judging->entry->rules[r];

			if (instance->rule->check == RULE_COMMIT &&
			    (!judging->only || judging->only->rule == instance->rule) &&
			    !is_again(ruleset, i, instance->rule) &&
			    rule_in_force(judging, instance->rule))
				judge(judging, instance_of_scratch(judging->scratch, instance),
				      commit);
		}
	}
}

bool check_has_commit_rules(const struct ruleset *ruleset)
{
	for (size_t i = 0; i < ruleset->entry_count; i++)
		for (size_t r = 0; r < ruleset->entries[i].rule_count; r++)
			if (ruleset->entries[i].rules[r]->rule->check == RULE_COMMIT)
				return true;
	return false;
}
