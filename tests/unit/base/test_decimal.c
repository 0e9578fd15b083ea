/* Exact decimals: order, whole numbers, multiples, the canonical text; short, long and huge. */
#include "base/decimal.h"
#include "unit/unit.h"

#include <math.h>

static struct decimal decimal(const char *text)
{
	struct decimal number = {0};

	CU_ASSERT_TRUE(decimal_parse(&number, text, strlen(text)));
	return number;
}

static int compare(const char *a, const char *b)
{
	struct decimal x = decimal(a), y = decimal(b);

	CU_ASSERT_EQUAL(decimal_compare(&x, &y), -decimal_compare(&y, &x));
	return decimal_compare(&x, &y);
}

static bool multiple(const char *a, const char *b)
{
	struct decimal x = decimal(a), y = decimal(b);

	return decimal_is_multiple(&x, &y);
}

static void test_what_is_a_number(void)
{
	static const char *const numbers[] = {"0",
					      "-0",
					      "1",
					      "+1",
					      "012",
					      "1.",
					      ".5",
					      "-.5",
					      "1e5",
					      "1E+5",
					      "1e-5",
					      "1.5e0005",
					      "0x1F",
					      "0o17",
					      "0.0",
					      "00",
					      "1e99999999999999999",
					      "10e99999999999999998",
					      "0.1e-99999999999999998",
					      "1e-99999999999999999"};
	static const char *const others[] = {"",
					     "-",
					     "+",
					     ".",
					     "e5",
					     "1e",
					     "1e+",
					     "1.2.3",
					     "0x",
					     "0o8",
					     "-0x1",
					     "1e5.0",
					     "1 ",
					     " 1",
					     "0xg",
					     "1_000",
					     ".inf",
					     "1e999999999999999999",
					     "10e99999999999999999",
					     "0.1e-99999999999999999"};
	struct decimal number;

	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
		CU_ASSERT_TRUE(decimal_parse(&number, numbers[i], strlen(numbers[i])));
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
		CU_ASSERT_FALSE(decimal_parse(&number, others[i], strlen(others[i])));
}

static void test_order(void)
{
	CU_ASSERT_EQUAL(compare("1", "1.0"), 0);
	CU_ASSERT_EQUAL(compare("-0", "0.000e5"), 0);
	CU_ASSERT_EQUAL(compare("100", "1e2"), 0);
	CU_ASSERT_EQUAL(compare("0.001", "1e-3"), 0);
	CU_ASSERT_EQUAL(compare("00120", "1.2e2"), 0);
	CU_ASSERT_EQUAL(compare("0x1F", "31"), 0);
	CU_ASSERT_EQUAL(compare("0o17", "15"), 0);
	CU_ASSERT_EQUAL(compare("0x10", "1.6e1"), 0);
	CU_ASSERT_EQUAL(compare("0xffffffffffffffffffffffffffffffff",
				"340282366920938463463374607431768211455"),
			0);
	CU_ASSERT(compare("9007199254740993", "9007199254740992") > 0);
	CU_ASSERT(compare("-2", "1") < 0);
	CU_ASSERT(compare("-2", "-1") < 0);
	CU_ASSERT(compare("0", "1e-999999") < 0);
	CU_ASSERT(compare("1e999999", "1e999998") > 0);
	CU_ASSERT(compare("1.23", "1.230001") < 0);
	CU_ASSERT(compare("0.1", "0.09") > 0);
	CU_ASSERT(compare("-1", "0") < 0);
}

static void test_whole_numbers(void)
{
	static const struct {
		const char *text;
		bool whole, fits;
		int64_t value;
	} rows[] = {
		{"0", true, true, 0},
		{"1.0", true, true, 1},
		{"-12e2", true, true, -1200},
		{"1.5", false, false, 0},
		{"15e-1", false, false, 0},
		{"150e-1", true, true, 15},
		{"9223372036854775807", true, true, INT64_MAX},
		{"9223372036854775808", true, false, 0},
		{"-9223372036854775808", true, true, INT64_MIN},
		{"-9223372036854775809", true, false, 0},
		{"1e18", true, true, 1000000000000000000},
		{"1e19", true, false, 0},
		{"18446744073709551616", true, false, 0},
		{"1e999999", true, false, 0},
		{"1e-999999", false, false, 0},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct decimal number = decimal(rows[i].text);
		int64_t value = 0;

		CU_ASSERT_EQUAL(decimal_is_integer(&number), rows[i].whole);
		CU_ASSERT_EQUAL(decimal_to_int64(&number, &value), rows[i].fits);
		CU_ASSERT_EQUAL(value, rows[i].value);
	}
}

static void test_multiples(void)
{
	CU_ASSERT_TRUE(multiple("19.99", "0.01"));
	CU_ASSERT_FALSE(multiple("19.995", "0.01"));
	CU_ASSERT_TRUE(multiple("1e308", "0.5"));
	CU_ASSERT_TRUE(multiple("0", "7"));
	CU_ASSERT_FALSE(multiple("7", "0"));
	CU_ASSERT_TRUE(multiple("-9", "3"));
	CU_ASSERT_TRUE(multiple("9", "-4.5"));
	CU_ASSERT_FALSE(multiple("3", "9"));
	CU_ASSERT_FALSE(multiple("0.00751", "0.0001"));
	CU_ASSERT_TRUE(multiple("0.0075", "0.0001"));
	CU_ASSERT_TRUE(multiple("1e999999", "1024"));
	CU_ASSERT_FALSE(multiple("1e999999", "3"));
	CU_ASSERT_FALSE(multiple("1e-999999", "3"));
	CU_ASSERT_TRUE(multiple("3e99999999", "3"));
	CU_ASSERT_TRUE(multiple("1", "1e-999999"));
	CU_ASSERT_TRUE(
		multiple("1219326311263526899876695626776253619990", "12345678901234567890"));
	CU_ASSERT_FALSE(
		multiple("1219326311263526899876695626776253619991", "12345678901234567890"));
	CU_ASSERT_TRUE(multiple("121932631356500531591068431581771069347203169112635269",
				"123456789123456789123456789"));
	CU_ASSERT_TRUE(multiple("1e100", "1267650600228229401496703205376")); /* 2^100 */
	CU_ASSERT_FALSE(multiple("1e99", "1267650600228229401496703205376"));
}

/* (10^n - 1) = 9 * 11...1, and 11...1 (n ones) divides 11...1 (2n ones). */
static void test_long_numbers(void)
{
	enum { ONES = 100000 };
	char *longer = g_malloc(ONES), *shorter = g_malloc(ONES / 2);
	struct decimal a, b, c;
	int64_t value;

	memset(longer, '1', ONES);
	memset(shorter, '1', ONES / 2);
	CU_ASSERT_TRUE(decimal_parse(&a, longer, ONES));
	CU_ASSERT_TRUE(decimal_parse(&b, shorter, ONES / 2));
	c = decimal("0.01");
	CU_ASSERT_TRUE(decimal_is_multiple(&a, &b));
	CU_ASSERT_TRUE(decimal_is_multiple(&a, &c));
	CU_ASSERT(decimal_compare(&a, &b) > 0);
	CU_ASSERT_FALSE(decimal_to_int64(&a, &value));
	CU_ASSERT(isinf(decimal_to_double(&a)));
	longer[ONES - 1] = '2';
	CU_ASSERT_FALSE(decimal_is_multiple(&a, &b));
	g_free(longer);
	g_free(shorter);
}

static void test_doubles(void)
{
	static const char *const rows[] = {"0.1",
					   "1e23",
					   "9007199254740993",
					   "-2.5e-3",
					   "2.2250738585072011e-308",
					   "5e-324",
					   "1.7976931348623157e308"};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct decimal number = decimal(rows[i]);

		CU_ASSERT_EQUAL(decimal_to_double(&number), g_ascii_strtod(rows[i], NULL));
	}
}

static void test_canonical_text(void)
{
	static const struct {
		const char *text, *expected;
	} rows[] = {
		{"1.0", "1"},
		{"-0", "0"},
		{"100", "100"},
		{"1e2", "100"},
		{"0.5", "0.5"},
		{"-12.50", "-12.5"},
		{"1e21", "1e+21"},
		{"1e20", "100000000000000000000"},
		{"0.000001", "0.000001"},
		{"1e-7", "1e-7"},
		{"12e-9", "1.2e-8"},
		{"0x10", "16"},
		{"123456789012345678901234567890", "1.2345678901234567890123456789e+29"},
		{"00.50e1", "5"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct decimal number = decimal(rows[i].text);
		GString *out = g_string_new(NULL);

		decimal_append(out, &number);
		CU_ASSERT_STRING_EQUAL(out->str, rows[i].expected);
		g_string_free(out, TRUE);
	}
}

static void test_from_int64(void)
{
	static const int64_t rows[] = {0, 1, -1, 10, -1200, INT64_MAX, INT64_MIN};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct decimal number;
		int64_t value = 7;

		decimal_from_int64(&number, rows[i]);
		CU_ASSERT_TRUE(decimal_to_int64(&number, &value));
		CU_ASSERT_EQUAL(value, rows[i]);
	}
}

UNIT_SUITE(test_decimal){
	{"what is a number", test_what_is_a_number},
	{"order", test_order},
	{"whole numbers", test_whole_numbers},
	{"multiples", test_multiples},
	{"long numbers", test_long_numbers},
	{"doubles", test_doubles},
	{"canonical text", test_canonical_text},
	{"from int64", test_from_int64},
	{0},
};
