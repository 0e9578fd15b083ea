/*
 * Dates of any precision (a year, a month, a day) and days of the proleptic Gregorian calendar.
 * For everything that reads, compares or words a date. No clock, no time zone, no locale.
 */
#ifndef PLANLINT_BASE_DATE_H
#define PLANLINT_BASE_DATE_H

#include "base/text.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A date as far as it is known: a month of 0 is unknown, and then so is the day. */
struct date {
	int year;  /* 1 to 9999 */
	int month; /* 1 to 12, 0: unknown */
	int day;   /* 1 to 31, 0: unknown */
};

/* A day is a number of days since 1970-01-01; the bounds stand for an absent (open) date. */
#define DAY_OPEN_START INT64_MIN
#define DAY_OPEN_END   INT64_MAX

/*
 * Reads 2005, 2005-05 or 2005-05-27, nothing else around it. False, with `out` untouched, where it
 * is another form or no day of the calendar.
 */
bool date_parse(struct date *out, struct slice text);

/* A year written as a number: 1000 to 9999. */
bool date_from_integer(struct date *out, int64_t number);

/* Whether the calendar has it: 2005-02-29 does not stand the test. */
bool date_is_valid(struct date date);

/* The days of a month of a year (valid ones): 28 to 31. */
int date_month_days(int year, int month);

/* The first and the last day that a valid date can mean. */
int64_t date_earliest(struct date date);
int64_t date_latest(struct date date);

/* The date of a day, known to the day. False where its year is not within 1 to 9999. */
bool date_of_day(struct date *out, int64_t day);

/* Order by earliest day, then by latest: <0, 0, >0. Two dates are equal only in the same precision.
 */
int date_compare(struct date a, struct date b);

/*
 * A day so many days, months or years later (earlier where negative); a day that the month lacks
 * becomes its last. Open bounds stay what they are. False where the result leaves the years 1 to
 * 9999.
 */
bool day_add_days(int64_t *out, int64_t day, int64_t count);
bool day_add_months(int64_t *out, int64_t day, int64_t count);

/* Appends 2005, 2005-05 or 2005-05-27. */
void date_append_iso(GString *out, struct date date);

/* In the order of enum language of source/. */
enum date_language {
	DATE_ENGLISH,
	DATE_FRENCH,
};

/* Appends it in words: 27 May 2005, May 2005; 27 mai 2005, 1er mai 2005, mai 2005. */
void date_append_words(GString *out, struct date date, enum date_language language);

enum { DATE_GUESSES = 2 };

/*
 * What the author of something that date_parse() refuses may have meant, for a message that says
 * what to type: 27/05/2005, 2005-5-7, 2005/05/27, 20050527, 27 May 2005, May 27, 2005, 1er mai
 * 2005, mai 2005, 05/2005, 2005-05-27T10:00:00Z. Returns how many guesses stand in `out`, the
 * likelier first: 0, 1, or 2 where day and month can be told apart by nobody (05/06/2005).
 */
size_t date_guess(struct date out[DATE_GUESSES], struct slice text);

#endif
