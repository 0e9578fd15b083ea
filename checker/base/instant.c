/*
 * Points in time (ISO 8601, RFC 3339). What is written to the day or the minute is all of it, so
 * that a range from and to the same text holds what happened then. A zone is taken off; there is
 * none to look up. A second of 60, a leap second, is the first of the next minute, as clocks of
 * computers have it; parts of a second are read over.
 */
#include "base/instant.h"

#include "base/date.h"

#include <string.h>

enum { DAY = 86400, HOUR = 3600, MINUTE = 60 };

struct reading {
	const char *at, *end;
};

static bool take(struct reading *reading, char c)
{
	if (reading->at == reading->end || *reading->at != c)
		return false;
	reading->at++;
	return true;
}

/* Two digits, at most `most`. */
static bool take_two(struct reading *reading, int most, int *out)
{
	const char *at = reading->at;

	if (reading->end - at < 2 || at[0] < '0' || at[0] > '9' || at[1] < '0' || at[1] > '9')
		return false;
	*out = (at[0] - '0') * 10 + at[1] - '0';
	reading->at += 2;
	return *out <= most;
}

/* fraction = "." 1*DIGIT */
static bool skip_fraction(struct reading *reading)
{
	const char *start;

	if (!take(reading, '.'))
		return true;
	start = reading->at;
	while (reading->at < reading->end && *reading->at >= '0' && *reading->at <= '9')
		reading->at++;
	return reading->at > start;
}

/* time = hour ":" minute [":" second [fraction]] */
static bool take_time(struct reading *reading, int64_t *first, int64_t *last)
{
	int hour, minute, second = 0;
	bool has_seconds;

	if (!take_two(reading, 23, &hour) || !take(reading, ':') || !take_two(reading, 59, &minute))
		return false;
	has_seconds = take(reading, ':');
	if (has_seconds && (!take_two(reading, 60, &second) || !skip_fraction(reading)))
		return false;
	*first += hour * HOUR + minute * MINUTE + second;
	*last = *first + (has_seconds ? 0 : MINUTE - 1);
	return true;
}

/* zone = [" "] ("Z" / ("+" / "-") hour [[":"] minute]); none is UTC */
static bool take_zone(struct reading *reading, int64_t *offset)
{
	int hour, minute = 0;
	bool is_east;

	*offset = 0;
	if (reading->at == reading->end)
		return true;
	take(reading, ' ');
	if (take(reading, 'Z') || take(reading, 'z'))
		return true;
	is_east = take(reading, '+');
	if ((!is_east && !take(reading, '-')) || !take_two(reading, 23, &hour))
		return false;
	if (reading->at < reading->end) {
		take(reading, ':');
		if (!take_two(reading, 59, &minute))
			return false;
	}
	*offset = (hour * HOUR + minute * MINUTE) * (is_east ? 1 : -1);
	return true;
}

/* "@" ["-"] 1*12DIGIT */
static bool take_seconds(struct reading *reading, int64_t *out)
{
	bool is_before;
	ptrdiff_t len;

	if (!take(reading, '@'))
		return false;
	is_before = take(reading, '-');
	len = reading->end - reading->at;
	*out = 0;
	for (; reading->at < reading->end && *reading->at >= '0' && *reading->at <= '9';
	     reading->at++)
		*out = len <= 12 ? *out * 10 + *reading->at - '0' : 0;
	if (is_before)
		*out = -*out;
	return len > 0 && len <= 12;
}

bool instant_parse(int64_t *first, int64_t *last, struct slice text)
{
	static const size_t day_len = 10;
	struct reading reading = {text.data, text.data + text.len};
	int64_t from, to, offset = 0;
	struct date date;

	if (take_seconds(&reading, &from)) {
		to = from;
	} else if (date_parse(&date, text)) {
		from = date_earliest(date) * DAY;
		to = (date_latest(date) + 1) * DAY - 1;
		reading.at = reading.end;
	} else {
		if (text.len <= day_len || !date_parse(&date, (struct slice){text.data, day_len}))
			return false;
		reading.at += day_len;
		from = date_earliest(date) * DAY;
		if ((!take(&reading, 'T') && !take(&reading, 't') && !take(&reading, ' ')) ||
		    !take_time(&reading, &from, &to) || !take_zone(&reading, &offset))
			return false;
	}
	if (reading.at != reading.end)
		return false;
	*first = from - offset;
	*last = to - offset;
	return true;
}
