/* Points in time: the forms that are read, the seconds that they mean, and what is refused. */
#include "base/instant.h"
#include "unit/unit.h"

/* Does a text mean the seconds from `first` to `last`? */
static bool means(const char *text, int64_t first, int64_t last)
{
	int64_t from = -7, to = -7;

	return instant_parse(&from, &to, slice_of(text)) && from == first && to == last;
}

static void test_a_day_is_all_of_it(void)
{
	CU_ASSERT(means("1970-01-02", 86400, 2 * 86400 - 1));
	CU_ASSERT(means("1970-02", 31 * 86400, 59 * 86400 - 1));
	CU_ASSERT(means("1970", 0, 365 * 86400 - 1));
	CU_ASSERT(means("1969-12-31", -86400, -1));
	CU_ASSERT(means("0001-01-01", -INT64_C(62135596800), -INT64_C(62135510401)));
	CU_ASSERT(means("9999-12-31", INT64_C(253402214400), INT64_C(253402300799)));
}

static void test_a_minute_is_all_of_it_and_a_second_is_one(void)
{
	CU_ASSERT(means("1970-01-01T01:02", 3720, 3779));
	CU_ASSERT(means("1970-01-01 01:02", 3720, 3779));
	CU_ASSERT(means("1970-01-01t01:02:03", 3723, 3723));
	CU_ASSERT(means("1970-01-01T01:02:03.999", 3723, 3723));
	CU_ASSERT(means("1970-01-01T23:59:60", 86400, 86400));
	CU_ASSERT(means("1970-01-01T00:00", 0, 59));
}

static void test_zones_are_taken_off(void)
{
	CU_ASSERT(means("1970-01-01T02:00:00Z", 7200, 7200));
	CU_ASSERT(means("1970-01-01T02:00:00z", 7200, 7200));
	CU_ASSERT(means("1970-01-01T02:00:00+02:00", 0, 0));
	CU_ASSERT(means("1970-01-01T02:00:00+0200", 0, 0));
	CU_ASSERT(means("1970-01-01T02:00:00+02", 0, 0));
	CU_ASSERT(means("1970-01-01 02:00:00 +0200", 0, 0));
	CU_ASSERT(means("1970-01-01T02:00-05:30", 7200 + 19800, 7200 + 19800 + 59));
	CU_ASSERT(means("1970-01-01T00:00:00-00:00", 0, 0));
	/* 2005-04-07T22:13:13Z */
	CU_ASSERT(means("2005-04-07T15:13:13-0700", 1112911993, 1112911993));
}

static void test_seconds_as_git_has_them(void)
{
	CU_ASSERT(means("@0", 0, 0));
	CU_ASSERT(means("@1112911993", 1112911993, 1112911993));
	CU_ASSERT(means("@-1", -1, -1));
}

static void test_everything_else_is_refused(void)
{
	static const char *const texts[] = {
		"",
		"@",
		"@-",
		"@1x",
		"@1 ",
		"@1234567890123",
		"@+1",
		"yesterday",
		"2024-01-15T",
		"2024-01-15T1",
		"2024-01-15T10",
		"2024-01-15T10:",
		"2024-01-15T10:3",
		"2024-01-15T24:00",
		"2024-01-15T10:60",
		"2024-01-15T10:30:61",
		"2024-01-15T10:30:",
		"2024-01-15T10:30:00.",
		"2024-01-15T10:30.5",
		"2024-01-15T10:30:00+",
		"2024-01-15T10:30:00+1",
		"2024-01-15T10:30:00+24",
		"2024-01-15T10:30:00+02:",
		"2024-01-15T10:30:00+02:60",
		"2024-01-15T10:30:00+02:00x",
		"2024-01-15T10:30:00 ",
		"2024-01-15T10:30:00ZZ",
		"2024-01-15Z",
		"2024-01-15+02:00",
		"2024-01-15  10:30",
		"2024-02-30T10:30",
		"2024-01T10:30",
		" 2024-01-15",
		"20240115T103000Z",
		"2024/01/15",
	};
	int64_t first = 5, last = 6;

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		CU_ASSERT_FALSE(instant_parse(&first, &last, slice_of(texts[i])));
	CU_ASSERT(first == 5 && last == 6);
}

UNIT_SUITE(test_instant){
	{"a day is all of it", test_a_day_is_all_of_it},
	{"a minute is all of it and a second is one",
	 test_a_minute_is_all_of_it_and_a_second_is_one},
	{"zones are taken off", test_zones_are_taken_off},
	{"seconds as git has them", test_seconds_as_git_has_them},
	{"everything else is refused", test_everything_else_is_refused},
	{0},
};
