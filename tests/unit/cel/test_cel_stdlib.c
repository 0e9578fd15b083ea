/* The standard library: every example of stdlib.def is a true expression, with and without types.
 */
#include "cel/program.h"
#include "unit/unit.h"

#include <stdio.h>

static bool is_true(const char *text, enum cel_mode mode)
{
	struct cel_env *env = cel_env_new(NULL, NULL);
	struct cel_options options = {.mode = mode};
	struct arena arena = {0};
	struct cel_faults faults;
	struct cel_activation activation;
	const struct cel_program *program = cel_compile(env, slice_of(text), &options, &arena,
							&faults);
	struct cel_value value = cel_null_value;
	bool result;

	if (program) {
		cel_activation_init(&activation, NULL, 0);
		value = cel_evaluate(program, &activation, &arena);
	}
	result = value.kind == CEL_BOOL && value.boolean;
	arena_release(&arena);
	cel_env_free(env);
	return result;
}

static void test_examples_are_true(void)
{
	size_t examples = 0;

	for (size_t i = 0; i < cel_stdlib_count; i++) {
		if (!*cel_stdlib[i].example)
			continue;
		for (enum cel_mode mode = CEL_STRICT; mode <= CEL_UNCHECKED; mode++) {
			bool holds = is_true(cel_stdlib[i].example, mode);

			CU_ASSERT(holds);
			if (!holds)
				printf("not true: %s\n", cel_stdlib[i].example);
		}
		examples++;
	}
	CU_ASSERT(examples > 150);
}

static void test_versions(void)
{
	static const char *const truths[] = {
		"version('1.0.0-alpha', 'semver') < version('1.0.0-alpha.1', 'semver')",
		"version('1.0.0-alpha.1', 'semver') < version('1.0.0-alpha.beta', 'semver')",
		"version('1.0.0-beta.2', 'semver') < version('1.0.0-beta.11', 'semver')",
		"version('1.0.0-rc.1', 'semver') < version('1.0.0', 'semver')",
		"version('1.0.0+a', 'semver') == version('1.0.0+b', 'semver')",
		"version('1.0', 'pep440') == version('1.0.0', 'pep440')",
		"version('1.0.dev1', 'pep440') < version('1.0a1', 'pep440')",
		"version('1.0a1', 'pep440') < version('1.0b1', 'pep440')",
		"version('1.0rc1', 'pep440') < version('1.0', 'pep440')",
		"version('1.0', 'pep440') < version('1.0+abc.5', 'pep440')",
		"version('1.0', 'pep440') < version('1.0.post1', 'pep440')",
		"version('1.0.post1.dev2', 'pep440') < version('1.0.post1', 'pep440')",
		"version('1!0.1', 'pep440') > version('2024.1', 'pep440')",
		"version('v1.0-alpha_1', 'pep440') == version('1.0a1', 'pep440')",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(truths); i++)
		CU_ASSERT(is_true(truths[i], CEL_PLAIN));
	CU_ASSERT_FALSE(is_true("version('1.0', 'semver') == version('1.0', 'semver')", CEL_PLAIN));
	CU_ASSERT_FALSE(
		is_true("version('01.0.0', 'semver') == version('1.0.0', 'semver')", CEL_PLAIN));
}

static void test_quantities(void)
{
	static const char *const truths[] = {
		"quantity('0.5') == quantity('500m')",        "quantity('1e3') == quantity('1k')",
		"quantity('1.5Gi') == quantity('1536Mi')",    "quantity('-1') < quantity('0')",
		"quantity('0.0000000001') == quantity('1n')", "quantity('1E') > quantity('1P')",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(truths); i++)
		CU_ASSERT(is_true(truths[i], CEL_PLAIN));
	CU_ASSERT_FALSE(is_true("quantity('1GB') == quantity('1G')", CEL_PLAIN));
	CU_ASSERT_FALSE(is_true("quantity('') == quantity('')", CEL_PLAIN));
}

UNIT_SUITE(test_cel_stdlib){
	{"examples_are_true", test_examples_are_true},
	{"versions", test_versions},
	{"quantities", test_quantities},
	{NULL, NULL},
};
