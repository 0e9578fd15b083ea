/*
 * `planlint test [RULEFILE...]`: runs the examples of the rules that are in force here, or of those
 * in the files named; a file that no configuration names is read besides. What does not agree is a
 * finding at its example; the last line counts. `--mutate` then changes each rule in one thing at a
 * time and asks whether its examples notice.
 */
#include "check/check.h"
#include "cli/rules.h"
#include "ruleset/rule.h"

#include <string.h>

struct test {
	struct cli_options options;
	struct law law;
	char **files; /* as typed; NULL-terminated */
	gboolean mutate;
	struct report *report;
	size_t shown; /* findings in it */
	struct example_counts examples;
	struct mutant_counts mutants;
};

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

/* Is it of the file that was typed in this place? Files read besides have a name of their own. */
static bool is_of(const struct test *test, const struct rule *rule, size_t index)
{
	for (guint i = 0; i < test->law.more->len; i++)
		if (!strcmp(test->law.more_typed[i], test->files[index]) &&
		    !strcmp(test->law.more->pdata[i], rule->file))
			return true;
	return is_file(rule->file, test->files[index]);
}

static bool is_wanted(const struct test *test, const struct rule *rule)
{
	for (size_t i = 0; test->files[i]; i++)
		if (is_of(test, rule, i))
			return true;
	return !test->files[0];
}

static int check_names(const struct test *test, struct error *error)
{
	const struct ruleset *ruleset = test->law.ruleset;

	for (size_t i = 0; test->files[i]; i++) {
		bool found = false;

		for (size_t r = 0; r < ruleset->rule_count; r++)
			found |= is_of(test, ruleset->rules[r], i);
		if (!found)
			return error_usage(error, "no rule of this configuration stands in \"%s\"",
					   test->files[i]);
	}
	return 0;
}

static void emit(void *context, const struct finding *finding)
{
	struct test *test = context;

	test->shown++;
	report_finding(test->report, finding, REPORT_OPEN);
}

/* Examples that do not agree with their rule prove nothing about others. */
static int run_rule(struct test *test, const struct rule *rule, struct error *error)
{
	const struct ruleset *ruleset = test->law.ruleset;
	struct finding_sink sink = {emit, test};
	size_t failed = test->examples.failed;

	rules_each_warning(&test->law, rule, emit, test);
	if (check_examples(ruleset, rule, &sink, &test->examples, error))
		return -1;
	if (!test->mutate || test->examples.failed != failed)
		return 0;
	return check_mutants(ruleset, rule, &sink, test->options.verbosity > 0 ? &sink : NULL,
			     &test->mutants, error);
}

static int run(struct test *test, struct error *error)
{
	const struct ruleset *ruleset = test->law.ruleset;

	if (check_names(test, error))
		return -1;
	test->report = cli_report_new(&test->options, REPORT_OF_CHECK, test->law.ruleset, error);
	if (!test->report)
		return -1;
	for (size_t i = 0; i < ruleset->rule_count; i++)
		if (is_wanted(test, ruleset->rules[i]) && run_rule(test, ruleset->rules[i], error))
			return -1;
	return 0;
}

static void append_counts(GString *out, const struct test *test)
{
	const struct example_counts *examples = &test->examples;
	const struct mutant_counts *mutants = &test->mutants;

	g_string_append_printf(out,
			       _("rules: %zu, examples: %zu passed, %zu failed; rules that lack "
				 "a valid or an invalid one: %zu; rules without documents: %zu\n"),
			       examples->rules, examples->examples - examples->failed,
			       examples->failed, examples->without, examples->unused);
	if (test->mutate)
		g_string_append_printf(
			out,
			_("changes to rules: %zu, noticed by their examples: %zu; rules whose "
			  "examples notice none: %zu\n"),
			mutants->mutants, mutants->killed, mutants->idle);
}

/* The findings, where there are any, then the counts. */
static int tell(const struct test *test, struct error *error)
{
	struct report_looked_at looked_at = {.subject = N_("the examples of the rules")};
	GString *text = g_string_new(NULL);
	int status = EXIT_CLEAN;

	append_counts(text, test);
	if (test->shown && report_end(test->report, &looked_at, error))
		status = cli_fail(error);
	if (status == EXIT_CLEAN)
		status = cli_print(text->str, text->len);
	g_string_free(text, TRUE);
	if (status != EXIT_CLEAN)
		return status;
	return test->examples.faults + test->mutants.idle || report_has_failed(test->report)
		       ? EXIT_FINDINGS
		       : EXIT_CLEAN;
}

/* Files are read besides what the configuration names; folders and built-in files are in it. */
static char **files_of(char **typed)
{
	GPtrArray *files = g_ptr_array_new();

	for (; *typed; typed++)
		if (g_file_test(*typed, G_FILE_TEST_IS_REGULAR))
			g_ptr_array_add(files, *typed);
	g_ptr_array_add(files, NULL);
	return (char **)g_ptr_array_free(files, FALSE);
}

int cmd_test(int argc, char **argv)
{
	struct test test = {0};
	const GOptionEntry own[] = {
		{"mutate", 0, 0, G_OPTION_ARG_NONE, &test.mutate,
		 N_("Change the rules and ask whether their examples notice; -v lists what they do "
		    "not"),
		 NULL},
		{NULL, 0, 0, 0, NULL, NULL, NULL},
	};
	struct error error = {0};
	int status = cli_options_parse(&test.options, own, N_("[RULEFILE...]"), &argc, &argv, NULL);
	int loaded;

	if (status != CLI_RUN)
		return status;
	test.files = argv + 1;
	test.law.more_typed = files_of(test.files);
	loaded = rules_load(&test.law, &test.options, &error);
	if (!loaded)
		loaded = run(&test, &error);
	status = loaded < 0 ? cli_fail(&error) : loaded ? EXIT_MISUSE : tell(&test, &error);
	report_free(test.report);
	error_clear(&error);
	g_free(test.law.more_typed);
	law_release(&test.law);
	cli_options_release(&test.options);
	return status;
}
