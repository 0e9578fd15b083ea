/* The rules of rules/yaml: every example agrees, and every lexical check has its rule. */
#include "check/check.h"
#include "lexical/lexical.h"
#include "ruleset/rule.h"
#include "unit/ruleset_fixture.h"

static const struct fixture_file files[] = {
	{"planlint.yaml", "documents:\n  - {files: \"*.yaml\", kind: note}\n"
			  "rules: [builtin:yaml]\n"},
	{NULL, NULL},
};

static void test_every_example_agrees(void)
{
	struct ruleset *ruleset = fixture_sound(files);
	GString *said = g_string_new(NULL);
	struct finding_sink sink = {fixture_append_finding, said};
	struct example_counts counts = {0};
	struct error error = {0};

	for (size_t i = 0; i < ruleset->rule_count; i++)
		CU_ASSERT_EQUAL(check_examples(ruleset, ruleset->rules[i], &sink, &counts, &error),
				0);
	CU_ASSERT_STRING_EQUAL(said->str, "");
	CU_ASSERT_EQUAL(counts.rules, LEXICAL_COUNT);
	CU_ASSERT_EQUAL(counts.faults, 0);
	CU_ASSERT_EQUAL(counts.failed, 0);
	CU_ASSERT_EQUAL(counts.without, 0);
	ruleset_free(ruleset);
	g_string_free(said, TRUE);
}

UNIT_SUITE(test_yaml_rules){
	{"every example agrees", test_every_example_agrees},
	{0},
};
