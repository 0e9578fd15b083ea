/*
 * Runs every unit test, or those whose "suite" or "suite/test" is given as an argument, and ends in
 * the line "N passed, N failed".
 */
#include "document/document.h"
#include "unit/unit.h"

#include <CUnit/Basic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define SUITE(name) extern const struct unit_test name[];
#include "suites.def"
#undef SUITE

static const struct {
	const char *name;
	const struct unit_test *tests;
} suites[] = {
#define SUITE(name) {#name, name},
#include "suites.def"
#undef SUITE
};

static bool is_wanted(const char *suite, const char *test, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *slash = strchr(argv[i], '/');
		size_t len = slash ? (size_t)(slash - argv[i]) : strlen(argv[i]);

		if (strlen(suite) == len && !strncmp(argv[i], suite, len) &&
		    (!slash || !strcmp(slash + 1, test)))
			return true;
	}
	return argc == 1;
}

int main(int argc, char **argv)
{
	unsigned failed;

	document_worker_main(argc, argv);
	/* what GLib complains of is a fault, too */
	g_log_set_always_fatal(G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
	if (CU_initialize_registry() != CUE_SUCCESS)
		return EXIT_FAILURE;
	for (size_t i = 0; i < sizeof(suites) / sizeof(suites[0]); i++) {
		CU_pSuite suite = CU_add_suite(suites[i].name, NULL, NULL);

		for (const struct unit_test *test = suites[i].tests; suite && test->name; test++)
			if (is_wanted(suites[i].name, test->name, argc, argv))
				CU_add_test(suite, test->name, test->run);
	}
	CU_basic_set_mode(CU_BRM_NORMAL);
	CU_basic_run_tests();
	failed = CU_get_number_of_tests_failed();
	printf("unit: %u passed, %u failed\n", CU_get_number_of_tests_run() - failed, failed);
	if (CU_get_number_of_tests_run() == 0)
		failed = 1;
	CU_cleanup_registry();
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
