/*
 * What the commands about rules share (rules, explain, test). For cli/ only.
 */
#ifndef PLANLINT_CLI_RULES_H
#define PLANLINT_CLI_RULES_H

#include "cli/law.h"

struct rule;

/*
 * The law of the current folder, as `check` without paths finds it. Returns 0 with it usable; -1
 * with `error`; or 1 where it has faults, which stand in the report that was written: exit 2.
 */
int rules_load(struct law *law, const struct cli_options *options, struct error *error);

/*
 * A command that prints something about the rules that are in force here: `check` looks at the
 * arguments before anything is read, `print` appends the text. Both return 0, or -1 with `error`.
 */
struct rules_command {
	const char *usage; /* the words behind its name */
	int (*check)(const struct cli_options *options, int argc, struct error *error);
	int (*print)(GString *out, const struct cli_options *options, const struct law *law,
		     int argc, char **argv, struct error *error);
};
int rules_run(const struct rules_command *command, int argc, char **argv);

/* The text of a title or description in the language of the run. */
struct slice rules_words(const struct cli_options *options, const struct law *law,
			 const struct bilingual *words);

enum language rules_language(const struct cli_options *options, const struct law *law);

/* Calls back for each warning that its rule file has about a rule, in their order. */
void rules_each_warning(const struct law *law, const struct rule *rule,
			void (*each)(void *context, const struct finding *finding), void *context);

/* "rules/dates.yaml:12: this goes through the same list again ..." */
void rules_append_warning(GString *out, const struct finding *finding, enum language language);

/* What a rule reads, as a sorted list of paths: "document.dates.agreed". Owned strings. */
GPtrArray *rules_reads(const struct ruleset *ruleset, const struct rule *rule);

/* A bound of the steps that one node takes; UINT64_MAX: none is known. */
uint64_t rules_cost(const struct ruleset *ruleset, const struct rule *rule);

#endif
