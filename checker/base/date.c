/*
 * Partial dates and days of the proleptic Gregorian calendar.
 *
 * A year is cut after February: with March as its first month the leap day comes last, and the days
 * before a month follow a straight line. 400 years are an era of 146,097 days. All arithmetic is
 * on days since 1970-01-01; nothing here asks a clock or a locale.
 *
 * What an author may have meant by another form is the work of date_guess.c.
 */
#include "base/date.h"

enum {
	YEAR_MIN = 1,
	YEAR_MAX = 9999,
	ERA_YEARS = 400,
	ERA_DAYS = 146097,
	EPOCH_DAYS = 719468, /* from 0000-03-01 to 1970-01-01 */
	MONTHS = 12,
};

/* 0001-01-01 and 9999-12-31. */
static const int64_t first_day = -719162;
static const int64_t last_day = 2932896;

/* The digits at `text`, `count` of them, or -1. */
static int read_digits(const char *text, size_t count)
{
	int value = 0;

	for (size_t i = 0; i < count; i++) {
		if (!g_ascii_isdigit(text[i]))
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

/* date = year [ "-" month [ "-" day ] ] */
bool date_parse(struct date *out, struct slice text)
{
	struct date date = {0};

	if (text.len != 4 && text.len != 7 && text.len != 10)
		return false;
	date.year = read_digits(text.data, 4);
	if (text.len >= 7) {
		date.month = read_digits(text.data + 5, 2);
		if (text.data[4] != '-' || date.month < 1)
			return false;
	}
	if (text.len == 10) {
		date.day = read_digits(text.data + 8, 2);
		if (text.data[7] != '-' || date.day < 1)
			return false;
	}
	if (!date_is_valid(date))
		return false;
	*out = date;
	return true;
}

bool date_from_integer(struct date *out, int64_t number)
{
	if (number < 1000 || number > YEAR_MAX)
		return false;
	*out = (struct date){.year = (int)number};
	return true;
}

int date_month_days(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	g_assert(month >= 1 && month <= MONTHS);
	return days[month - 1] + (leap && month == 2);
}

bool date_is_valid(struct date date)
{
	if (date.year < YEAR_MIN || date.year > YEAR_MAX)
		return false;
	if (date.month == 0)
		return date.day == 0;
	if (date.month < 0 || date.month > MONTHS)
		return false;
	return date.day >= 0 && date.day <= date_month_days(date.year, date.month);
}

/* The day of a date that is known to the day. */
static int64_t day_of(int year, int month, int day)
{
	int64_t y = month > 2 ? year : year - 1;
	int64_t era = y / ERA_YEARS; /* y is never negative */
	int64_t year_of_era = y - era * ERA_YEARS;
	int64_t month_from_march = (month + 9) % MONTHS;
	int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * ERA_DAYS + day_of_era - EPOCH_DAYS;
}

int64_t date_earliest(struct date date)
{
	return day_of(date.year, MAX(date.month, 1), MAX(date.day, 1));
}

int64_t date_latest(struct date date)
{
	int month = date.month ? date.month : MONTHS;

	return day_of(date.year, month, date.day ? date.day : date_month_days(date.year, month));
}

bool date_of_day(struct date *out, int64_t day)
{
	int64_t shifted, era, day_of_era, year_of_era, day_of_year, month_from_march;

	if (day < first_day || day > last_day)
		return false;
	shifted = day + EPOCH_DAYS;
	era = shifted / ERA_DAYS;
	day_of_era = shifted - era * ERA_DAYS;
	year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) /
		      365;
	day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	month_from_march = (5 * day_of_year + 2) / 153;
	out->day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
	out->month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
	out->year = (int)(year_of_era + era * ERA_YEARS + (out->month <= 2));
	return true;
}

static int compare_days(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

int date_compare(struct date a, struct date b)
{
	int order = compare_days(date_earliest(a), date_earliest(b));

	return order ? order : compare_days(date_latest(a), date_latest(b));
}

static bool is_open(int64_t day)
{
	return day == DAY_OPEN_START || day == DAY_OPEN_END;
}

bool day_add_days(int64_t *out, int64_t day, int64_t count)
{
	int64_t sum;

	if (!is_open(day)) {
		if (__builtin_add_overflow(day, count, &sum) || sum < first_day || sum > last_day)
			return false;
		day = sum;
	}
	*out = day;
	return true;
}

bool day_add_months(int64_t *out, int64_t day, int64_t count)
{
	enum { MONTHS_MAX = YEAR_MAX * MONTHS };
	struct date date;
	int64_t months;
	int month;

	if (is_open(day)) {
		*out = day;
		return true;
	}
	if (!date_of_day(&date, day) || count < -MONTHS_MAX || count > MONTHS_MAX)
		return false;
	months = (int64_t)date.year * MONTHS + date.month - 1 + count;
	if (months < YEAR_MIN * MONTHS || months >= (YEAR_MAX + 1) * MONTHS)
		return false;
	date.year = (int)(months / MONTHS);
	month = (int)(months % MONTHS) + 1;
	*out = day_of(date.year, month, MIN(date.day, date_month_days(date.year, month)));
	return true;
}

/* Two digits of a number below 100; returns where they end. */
static char *put_digits(char *at, int number)
{
	at[0] = (char)('0' + number / 10);
	at[1] = (char)('0' + number % 10);
	return at + 2;
}

void date_append_iso(GString *out, struct date date)
{
	char text[sizeof("2005-05-27")], *end = text;

	end = put_digits(end, date.year / 100);
	end = put_digits(end, date.year % 100);
	if (date.month) {
		*end++ = '-';
		end = put_digits(end, date.month);
	}
	if (date.day) {
		*end++ = '-';
		end = put_digits(end, date.day);
	}
	text_append(out, text, (size_t)(end - text));
}

void date_append_words(GString *out, struct date date, enum date_language language)
{
	static const char *const months[][MONTHS] = {
		{"January", "February", "March", "April", "May", "June", "July", "August",
		 "September", "October", "November", "December"},
		{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
		 "septembre", "octobre", "novembre", "décembre"},
	};

	if (date.day)
		g_string_append_printf(out, "%d%s ", date.day,
				       date.day == 1 && language == DATE_FRENCH ? "er" : "");
	if (date.month)
		g_string_append_printf(out, "%s ", months[language][date.month - 1]);
	g_string_append_printf(out, "%d", date.year);
}
