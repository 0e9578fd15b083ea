/* Dates of any precision: what is read, what the calendar has, what an author may have meant. */
#include "base/date.h"
#include "unit/unit.h"

static struct date parsed(const char *text)
{
	struct date date = {0};

	CU_ASSERT(date_parse(&date, slice_of(text)));
	return date;
}

static void test_three_precisions_are_read(void)
{
	struct date date = parsed("2005-05-27");

	CU_ASSERT(date.year == 2005 && date.month == 5 && date.day == 27);
	date = parsed("2005-05");
	CU_ASSERT(date.year == 2005 && date.month == 5 && date.day == 0);
	date = parsed("2005");
	CU_ASSERT(date.year == 2005 && date.month == 0 && date.day == 0);
}

static void test_other_forms_are_refused(void)
{
	static const char *const texts[] = {"",           "205",         "20055",
					    "2005-",      "2005-5",      "2005-13",
					    "2005-00",    "2005-02-29",  "2005-05-00",
					    "2005-05-32", "2005/05",     "2005-05-2x",
					    " 2005",      "2005-05-27T", "0000",
					    "0000-01",    "20050527",    "+005",
					    "2005-0527",  "2005 05 27",  "\xd9\xa2\xd9\xa0"};
	struct date date = {1, 2, 3};

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		CU_ASSERT_FALSE(date_parse(&date, slice_of(texts[i])));
	CU_ASSERT(date.year == 1 && date.month == 2 && date.day == 3);
	CU_ASSERT_FALSE(date_from_integer(&date, 999));
	CU_ASSERT_FALSE(date_from_integer(&date, 20050527));
	CU_ASSERT(date_from_integer(&date, 2005) && date.year == 2005 && !date.month);
}

static void test_leap_years_follow_the_gregorian_rule(void)
{
	CU_ASSERT_EQUAL(date_month_days(2000, 2), 29);
	CU_ASSERT_EQUAL(date_month_days(1900, 2), 28);
	CU_ASSERT_EQUAL(date_month_days(2004, 2), 29);
	CU_ASSERT_EQUAL(date_month_days(2005, 2), 28);
	CU_ASSERT_EQUAL(date_month_days(2005, 12), 31);
}

static void test_every_day_of_ten_thousand_years_comes_back(void)
{
	struct date date = {0}, before;
	int64_t day = date_earliest((struct date){1, 0, 0});
	int64_t last = date_latest((struct date){9999, 0, 0});
	size_t wrong = 0;

	CU_ASSERT_EQUAL(day, -719162);
	CU_ASSERT_EQUAL(last, 2932896);
	for (before = date; day <= last; day++, before = date) {
		wrong += !date_of_day(&date, day) || !date_is_valid(date);
		wrong += date_earliest(date) != day || date_latest(date) != day;
		wrong += before.year && date_latest(before) >= date_earliest(date);
	}
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT_FALSE(date_of_day(&date, last + 1));
	CU_ASSERT_FALSE(date_of_day(&date, INT64_MIN));
	CU_ASSERT_EQUAL(date_earliest(parsed("1970")), 0);
}

static void test_unknown_parts_span_what_they_can_mean(void)
{
	CU_ASSERT_EQUAL(date_earliest(parsed("2004")), date_earliest(parsed("2004-01-01")));
	CU_ASSERT_EQUAL(date_latest(parsed("2004")), date_earliest(parsed("2004-12-31")));
	CU_ASSERT_EQUAL(date_latest(parsed("2004-02")), date_earliest(parsed("2004-02-29")));
	CU_ASSERT(date_latest(parsed("2004")) < date_earliest(parsed("2005-01")));
	CU_ASSERT(date_compare(parsed("2004"), parsed("2004-01-01")) > 0);
	CU_ASSERT(date_compare(parsed("2004-03"), parsed("2004-12")) < 0);
	CU_ASSERT_EQUAL(date_compare(parsed("2004-03"), parsed("2004-03")), 0);
}

static void check_months(const char *from, int64_t months, const char *expected)
{
	GString *iso = g_string_new(NULL);
	struct date date = {0};
	int64_t day = 0;

	CU_ASSERT(day_add_months(&day, date_earliest(parsed(from)), months));
	CU_ASSERT(date_of_day(&date, day));
	date_append_iso(iso, date);
	CU_ASSERT_STRING_EQUAL(iso->str, expected);
	g_string_free(iso, TRUE);
}

static void test_months_end_where_the_month_ends(void)
{
	check_months("2005-01-31", 1, "2005-02-28");
	check_months("2004-01-31", 1, "2004-02-29");
	check_months("2004-02-29", 12, "2005-02-28");
	check_months("2005-03-31", -1, "2005-02-28");
	check_months("2005-01-15", -1, "2004-12-15");
	check_months("2005-12-31", 24, "2007-12-31");
}

static void test_sums_outside_the_calendar_fail(void)
{
	int64_t last = date_latest(parsed("9999")), first = date_earliest(parsed("0001"));
	int64_t day = 7;

	CU_ASSERT_FALSE(day_add_days(&day, last, 1));
	CU_ASSERT_FALSE(day_add_days(&day, first, INT64_MIN));
	CU_ASSERT_FALSE(day_add_months(&day, last, 1));
	CU_ASSERT_FALSE(day_add_months(&day, first, -1));
	CU_ASSERT_FALSE(day_add_months(&day, 0, INT64_MAX));
	CU_ASSERT_EQUAL(day, 7);
	CU_ASSERT(day_add_months(&day, DAY_OPEN_END, INT64_MAX) && day == DAY_OPEN_END);
	CU_ASSERT(day_add_days(&day, DAY_OPEN_START, -5) && day == DAY_OPEN_START);
	CU_ASSERT(day_add_months(&day, DAY_OPEN_START, 5) && day == DAY_OPEN_START);
}

static void check_words(const char *text, enum date_language language, const char *expected)
{
	GString *words = g_string_new(NULL);

	date_append_words(words, parsed(text), language);
	CU_ASSERT_STRING_EQUAL(words->str, expected);
	g_string_free(words, TRUE);
}

static void test_words_in_both_languages(void)
{
	check_words("2005-05-27", DATE_ENGLISH, "27 May 2005");
	check_words("2005-05", DATE_ENGLISH, "May 2005");
	check_words("2005", DATE_ENGLISH, "2005");
	check_words("2005-05-01", DATE_ENGLISH, "1 May 2005");
	check_words("2005-05-27", DATE_FRENCH, "27 mai 2005");
	check_words("2005-05-01", DATE_FRENCH, "1er mai 2005");
	check_words("2005-08", DATE_FRENCH, "août 2005");
	check_words("2005", DATE_FRENCH, "2005");
}

static void test_guesses_say_what_was_meant(void)
{
	static const struct {
		const char *text, *guesses;
	} rows[] = {
		{"27/05/2005", "2005-05-27"},
		{"05/27/2005", "2005-05-27"},
		{"05/06/2005", "2005-06-05 2005-05-06"},
		{"5.6.2005", "2005-06-05 2005-05-06"},
		{"05/05/2005", "2005-05-05"},
		{"2005-5-7", "2005-05-07"},
		{"2005/05/27", "2005-05-27"},
		{"20050527", "2005-05-27"},
		{"200505", "2005-05"},
		{"27 May 2005", "2005-05-27"},
		{"27th May 2005", "2005-05-27"},
		{"May 27, 2005", "2005-05-27"},
		{"27 mai 2005", "2005-05-27"},
		{"1er mai 2005", "2005-05-01"},
		{"1er février 2005", "2005-02-01"},
		{"15 AOÛT 2005", "2005-08-15"},
		{"15 août 2005", "2005-08-15"},
		{"27-Sep-2005", "2005-09-27"},
		{"mai 2005", "2005-05"},
		{"juil. 2005", "2005-07"},
		{"jui 2005", ""},
		{"05/2005", "2005-05"},
		{"2005-5", "2005-05"},
		{"2005-05-27T10:00:00Z", "2005-05-27"},
		{"2005-05-27 10:00", "2005-05-27"},
		{"2005-02-30", ""},
		{"2005-05-00", ""},
		{"32/13/2005", ""},
		{"27/05/05", ""},
		{"May", ""},
		{"May June 2005", ""},
		{"2005", ""},
		{"soon", ""},
		{"", ""},
		{"1/2/3/2005", ""},
		{"99999999999999", ""},
		{"27 \xff 2005", ""},
		{"27 \xc3", ""},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct date dates[DATE_GUESSES];
		size_t count = date_guess(dates, slice_of(rows[i].text));
		GString *all = g_string_new(NULL);

		for (size_t j = 0; j < count; j++) {
			if (j)
				g_string_append_c(all, ' ');
			date_append_iso(all, dates[j]);
		}
		CU_ASSERT_STRING_EQUAL(all->str, rows[i].guesses);
		if (strcmp(all->str, rows[i].guesses))
			fprintf(stderr, "guess: %s -> %s\n", rows[i].text, all->str);
		g_string_free(all, TRUE);
	}
}

UNIT_SUITE(test_date){
	{"three precisions are read", test_three_precisions_are_read},
	{"other forms are refused", test_other_forms_are_refused},
	{"leap years follow the gregorian rule", test_leap_years_follow_the_gregorian_rule},
	{"every day of ten thousand years comes back",
	 test_every_day_of_ten_thousand_years_comes_back},
	{"unknown parts span what they can mean", test_unknown_parts_span_what_they_can_mean},
	{"months end where the month ends", test_months_end_where_the_month_ends},
	{"sums outside the calendar fail", test_sums_outside_the_calendar_fail},
	{"words in both languages", test_words_in_both_languages},
	{"guesses say what was meant", test_guesses_say_what_was_meant},
	{0},
};
