/*
 * `planlint test [RULEFILE...]`: runs the examples of the rules that are in force here, or of those
 * in the files named. What does not agree is a finding at its example; the last line counts.
 */
#include "check/check.h"
#include "cli/rules.h"
#include "ruleset/rule.h"

#include <string.h>

/* The file of a rule as the user may write it: "rules/nato/dates.yaml" for a built-in one too. */
static bool is_file(const char *file, const char *wanted)
{
	size_t len;

	if (g_str_has_prefix(wanted, "./"))
		wanted += 2;
	len = strlen(wanted);
	if (!strcmp(file, wanted))
		return true;
	if (g_str_has_prefix(file, "builtin:") && !strcmp(file + strlen("builtin:"), wanted))
		return true;
	return len && wanted[len - 1] == '/' && g_str_has_prefix(file, wanted);
}

static bool is_wanted(const struct rule *rule, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (is_file(rule->file, argv[i]))
			return true;
	return argc < 2;
}

static int check_names(const struct ruleset *ruleset, int argc, char **argv, struct error *error)
{
	for (int i = 1; i < argc; i++) {
		bool found = false;

		for (size_t r = 0; r < ruleset->rule_count; r++)
			found |= is_file(ruleset->rules[r]->file, argv[i]);
		if (!found)
			return error_usage(error, "no rule of this configuration stands in \"%s\"",
					   argv[i]);
	}
	return 0;
}

static void emit(void *report, const struct finding *finding)
{
	report_finding(report, finding, REPORT_OPEN);
}

struct shown {
	struct report *report;
	size_t warnings;
};

static void emit_warning(void *context, const struct finding *finding)
{
	struct shown *shown = context;

	shown->warnings++;
	emit(shown->report, finding);
}

static int run(const struct law *law, int argc, char **argv, struct shown *shown,
	       struct example_counts *counts, struct error *error)
{
	const struct ruleset *ruleset = law->ruleset;
	struct finding_sink sink = {emit, shown->report};

	for (size_t i = 0; i < ruleset->rule_count; i++) {
		if (!is_wanted(ruleset->rules[i], argc, argv))
			continue;
		rules_each_warning(law, ruleset->rules[i], emit_warning, shown);
		if (check_examples(ruleset, ruleset->rules[i], &sink, counts, error))
			return -1;
	}
	return 0;
}

/* The findings, where there are any, then the counts. */
static int tell(const struct shown *shown, const struct example_counts *counts, struct error *error)
{
	struct report_looked_at looked_at = {.subject = "the examples of the rules"};
	char *text = g_strdup_printf(
		"rules: %zu, examples: %zu passed, %zu failed; rules that lack "
		"a valid or an invalid one: %zu; rules without documents: %zu\n",
		counts->rules, counts->examples - counts->failed, counts->failed, counts->without,
		counts->unused);
	int status = EXIT_CLEAN;

	if (counts->faults + shown->warnings && report_end(shown->report, &looked_at, error))
		status = cli_fail(error);
	if (status == EXIT_CLEAN)
		status = cli_print(text, strlen(text));
	g_free(text);
	if (status != EXIT_CLEAN)
		return status;
	return counts->faults || report_has_failed(shown->report) ? EXIT_FINDINGS : EXIT_CLEAN;
}

int cmd_test(int argc, char **argv)
{
	struct cli_options options = {0};
	struct error error = {0};
	struct law law = {0};
	struct example_counts counts = {0};
	struct shown shown = {0};
	int status = EXIT_MISUSE, loaded;

	switch (cli_options_parse(&options, NULL, "[RULEFILE...]", &argc, &argv, NULL)) {
	case CLI_DONE:
		return EXIT_CLEAN;
	case CLI_BAD:
		return EXIT_MISUSE;
	case CLI_RUN:
		break;
	}
	loaded = rules_load(&law, &options, &error);
	if (!loaded)
		loaded = check_names(law.ruleset, argc, argv, &error);
	if (!loaded &&
	    !(shown.report = cli_report_new(&options, REPORT_OF_CHECK, law.ruleset, &error)))
		loaded = -1;
	if (!loaded)
		loaded = run(&law, argc, argv, &shown, &counts, &error);
	if (loaded < 0)
		status = cli_fail(&error);
	else if (!loaded)
		status = tell(&shown, &counts, &error);
	report_free(shown.report);
	error_clear(&error);
	law_release(&law);
	cli_options_release(&options);
	return status;
}
