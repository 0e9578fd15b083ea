/*
 * Formats of time (RFC 3339 5.6, and appendix A for durations): productions as functions that take
 * their part off the front of the text.
 */
#include "schema/format.h"

#include "base/date.h"

/* Exactly `count` digits as a number; -1 where they are not there. */
static int take_digits(struct slice *text, size_t count)
{
	int value = 0;

	if (text->len < count)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (!g_ascii_isdigit(text->data[i]))
			return -1;
		value = value * 10 + (text->data[i] - '0');
	}
	text->data += count;
	text->len -= count;
	return value;
}

static bool take(struct slice *text, const char *any_of)
{
	for (; text->len && *any_of; any_of++) {
		if (text->data[0] != *any_of)
			continue;
		text->data++;
		text->len--;
		return true;
	}
	return false;
}

/* full-date = date-fullyear "-" date-month "-" date-mday */
static bool take_date(struct slice *text)
{
	int year = take_digits(text, 4);
	bool first = take(text, "-");
	int month = take_digits(text, 2);
	bool second = take(text, "-");
	int day = take_digits(text, 2);

	if (year < 0 || !first || month < 1 || month > 12 || !second || day < 1)
		return false;
	/* the year 0000 is a leap year that struct date does not have */
	return day <= date_month_days(year ? year : 4, month);
}

/* time-offset = "Z" / time-numoffset; its minutes east of UTC */
static bool take_offset(struct slice *text, int *minutes)
{
	int sign;
	int hours;

	*minutes = 0;
	if (take(text, "Zz"))
		return true;
	sign = text->len && text->data[0] == '-' ? -1 : 1;
	if (!take(text, "+-"))
		return false;
	hours = take_digits(text, 2);
	if (hours < 0 || hours > 23 || !take(text, ":"))
		return false;
	*minutes = take_digits(text, 2);
	if (*minutes < 0 || *minutes > 59)
		return false;
	*minutes = sign * (hours * 60 + *minutes);
	return true;
}

/* full-time = partial-time time-offset; a leap second only at the end of a day in UTC */
static bool take_time(struct slice *text)
{
	int hour = take_digits(text, 2);
	bool first = take(text, ":");
	int minute = take_digits(text, 2);
	bool second = take(text, ":");
	int seconds = take_digits(text, 2);
	int offset;
	int utc;

	if (hour < 0 || hour > 23 || !first || minute < 0 || minute > 59 || !second ||
	    seconds < 0 || seconds > 60)
		return false;
	if (take(text, ".")) {
		if (take_digits(text, 1) < 0)
			return false;
		while (take_digits(text, 1) >= 0)
			;
	}
	if (!take_offset(text, &offset))
		return false;
	utc = ((hour * 60 + minute - offset) % 1440 + 1440) % 1440;
	return seconds < 60 || utc == 23 * 60 + 59;
}

bool format_date(struct slice text)
{
	return take_date(&text) && !text.len;
}

bool format_time(struct slice text)
{
	return take_time(&text) && !text.len;
}

bool format_date_time(struct slice text)
{
	return take_date(&text) && take(&text, "Tt") && take_time(&text) && !text.len;
}

/*
 * Parts such as 1Y6M in the order of `units`. Every one may stand first, but what follows must be
 * the next unit: dur-year = 1*DIGIT "Y" [dur-month]. 0: there is none; -1: wrong.
 */
static int take_parts(struct slice *text, const char *units)
{
	int parts = 0;

	while (text->len && g_ascii_isdigit(text->data[0])) {
		const char *unit = units;

		while (take_digits(text, 1) >= 0)
			;
		if (!text->len)
			return -1;
		while (*unit && *unit != text->data[0])
			unit++;
		if (!*unit || (parts && unit != units))
			return -1;
		take(text, units);
		units = unit + 1;
		parts++;
	}
	return parts;
}

/* duration = "P" (dur-date / dur-time / dur-week) */
bool format_duration(struct slice text)
{
	struct slice weeks;
	int date;

	if (!take(&text, "P"))
		return false;
	weeks = text;
	if (take_parts(&weeks, "W") == 1 && !weeks.len)
		return true;
	date = take_parts(&text, "YMD");
	if (date < 0)
		return false;
	if (!take(&text, "T"))
		return date > 0 && !text.len;
	return take_parts(&text, "HMS") > 0 && !text.len;
}
