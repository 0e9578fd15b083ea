/*
 * What every unit test includes. A file tests/unit/FOLDER/test_NAME.c defines
 * `UNIT_SUITE(test_NAME)` with a table of its tests; the Makefile finds it by its name.
 */
#ifndef PLANLINT_TESTS_UNIT_H
#define PLANLINT_TESTS_UNIT_H

#include <CUnit/CUnit.h>
#include <string.h>

struct unit_test {
	const char *name;
	CU_TestFunc run;
};

/* The table of a suite; ends with an empty row. */
#define UNIT_SUITE(suite)                                                                          \
	extern const struct unit_test suite[];                                                     \
	const struct unit_test suite[] =

#define ASSERT_TEXT(actual, len, expected)                                                         \
	do {                                                                                       \
		size_t actual_len_ = (len);                                                        \
		CU_ASSERT_EQUAL(actual_len_, strlen(expected));                                    \
		CU_ASSERT(actual_len_ == strlen(expected) &&                                       \
			  !memcmp((actual), (expected), actual_len_));                             \
	} while (0)

#endif
