/* The rules of rules/yaml: every example agrees, and every lexical check has its rule. */
#include "check/check.h"
#include "lexical/lexical.h"
#include "ruleset/rule.h"
#include "unit/unit.h"

#include <stdio.h>

static const char configuration[] = "documents:\n  - {files: \"*.yaml\", kind: note}\n"
				    "rules: [builtin:yaml]\n";

static int read_file(void *context, const char *path, char **data, size_t *size,
		     struct error *error)
{
	(void)context;
	(void)error;
	if (strcmp(path, "planlint.yaml") != 0)
		return 1;
	*data = g_strdup(configuration);
	*size = sizeof(configuration) - 1;
	return 0;
}

static int list_folder(void *context, const char *folder, GPtrArray *names, struct error *error)
{
	(void)context;
	(void)folder;
	(void)names;
	(void)error;
	return 1;
}

static void print_finding(void *context, const struct finding *finding)
{
	GString *words = g_string_new(NULL);

	(void)context;
	phrase_append(words, &finding->message, LANGUAGE_EN, text_append_visible);
	fprintf(stderr, "%s: %s\n", finding->source ? finding->source->path : "-", words->str);
	g_string_free(words, TRUE);
}

static void test_every_example_agrees(void)
{
	struct ruleset_files files = {.read = read_file, .list = list_folder};
	struct finding_sink sink = {print_finding, NULL};
	struct example_counts counts = {0};
	struct error error = {0};
	struct ruleset *ruleset;

	CU_ASSERT_EQUAL_FATAL(ruleset_load(&ruleset, "planlint.yaml", &files, &sink, &error), 0);
	CU_ASSERT_EQUAL(ruleset->faults, 0);
	for (size_t i = 0; i < ruleset->rule_count; i++)
		CU_ASSERT_EQUAL(check_examples(ruleset, ruleset->rules[i], &sink, &counts, &error),
				0);
	CU_ASSERT_EQUAL(counts.rules, LEXICAL_COUNT);
	CU_ASSERT_EQUAL(counts.faults, 0);
	CU_ASSERT_EQUAL(counts.failed, 0);
	CU_ASSERT_EQUAL(counts.without, 0);
	ruleset_free(ruleset);
}

UNIT_SUITE(test_yaml_rules){
	{"every example agrees", test_every_example_agrees},
	{0},
};
