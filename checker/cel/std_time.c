/*
 * Timestamps and durations: RFC 3339 and Go's notation of durations, arithmetic within the years 1
 * to 9999 and 64 bits of nanoseconds, and the parts of a time in a zone. Zones are IANA names (the
 * system's tzdata, through GLib) or offsets such as +05:30.
 *
 * CEL langdef: Timestamps and Durations; abstract types.
 */
#include "cel/std.h"

#include "source/message.h"

#include <inttypes.h>

#define NANOS INT64_C(1000000000)

/* 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z */
#define TIME_FIRST INT64_C(-62135596800)
#define TIME_LAST  INT64_C(253402300799)

/* `count` digits at the front of `text`, which is cut by them. */
static bool take_digits(struct slice *text, size_t count, int *out)
{
	int value = 0;

	if (text->len < count)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!g_ascii_isdigit(text->data[i]))
			return false;
		value = value * 10 + (text->data[i] - '0');
	}
	*text = (struct slice){text->data + count, text->len - count};
	*out = value;
	return true;
}

static bool take_char(struct slice *text, const char *chars)
{
	if (!text->len || !strchr(chars, text->data[0]) || !text->data[0])
		return false;
	*text = (struct slice){text->data + 1, text->len - 1};
	return true;
}

static bool take_fraction(struct slice *text, int32_t *nanos)
{
	int32_t scale = NANOS / 10;

	*nanos = 0;
	if (!take_char(text, "."))
		return true;
	if (!text->len || !g_ascii_isdigit(text->data[0]))
		return false;
	for (; text->len && g_ascii_isdigit(text->data[0]); scale /= 10) {
		*nanos += (text->data[0] - '0') * scale;
		*text = (struct slice){text->data + 1, text->len - 1};
	}
	return true;
}

/* "Z" or "+hh:mm", in seconds. */
static bool take_offset(struct slice *text, int *seconds)
{
	int sign = text->len && text->data[0] == '-' ? -1 : 1, hours, minutes;

	*seconds = 0;
	if (take_char(text, "Zz"))
		return true;
	if (!take_char(text, "+-") || !take_digits(text, 2, &hours) || !take_char(text, ":") ||
	    !take_digits(text, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*seconds = sign * (hours * 3600 + minutes * 60);
	return true;
}

/* RFC 3339 5.6 date-time */
static bool parse_time(struct slice text, struct cel_time *out)
{
	struct date date;
	int hour, minute, second, offset;
	int32_t nanos;

	if (!take_digits(&text, 4, &date.year) || !take_char(&text, "-") ||
	    !take_digits(&text, 2, &date.month) || !take_char(&text, "-") ||
	    !take_digits(&text, 2, &date.day) || !take_char(&text, "Tt") ||
	    !take_digits(&text, 2, &hour) || !take_char(&text, ":") ||
	    !take_digits(&text, 2, &minute) || !take_char(&text, ":") ||
	    !take_digits(&text, 2, &second) || !take_fraction(&text, &nanos) ||
	    !take_offset(&text, &offset) || text.len)
		return false;
	if (!date.year || !date.month || !date.day || !date_is_valid(date) || hour > 23 ||
	    minute > 59 || second > 59)
		return false;
	out->seconds = date_earliest(date) * 86400 + hour * 3600 + minute * 60 + second - offset;
	out->nanos = nanos;
	return out->seconds >= TIME_FIRST && out->seconds <= TIME_LAST;
}

/* Appends ".5" for half a second in billionths, without zeros at its end. */
static void append_fraction(GString *out, int64_t nanos)
{
	if (!nanos)
		return;
	g_string_append_printf(out, ".%09" PRId64, nanos);
	while (out->str[out->len - 1] == '0')
		g_string_truncate(out, out->len - 1);
}

static int64_t floor_divide(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

void cel_time_append(GString *out, struct cel_time time)
{
	int64_t day = floor_divide(time.seconds, 86400), second = time.seconds - day * 86400;
	struct date date = {0};

	date_of_day(&date, day);
	g_string_append_printf(out, "%04d-%02d-%02dT%02d:%02d:%02d", date.year, date.month,
			       date.day, (int)(second / 3600), (int)(second / 60 % 60),
			       (int)(second % 60));
	append_fraction(out, time.nanos);
	g_string_append_c(out, 'Z');
}

void cel_duration_append(GString *out, int64_t nanos)
{
	uint64_t size = nanos < 0 ? 0 - (uint64_t)nanos : (uint64_t)nanos;

	g_string_append_printf(out, "%s%" PRIu64, nanos < 0 ? "-" : "", size / (uint64_t)NANOS);
	append_fraction(out, (int64_t)(size % (uint64_t)NANOS));
	g_string_append_c(out, 's');
}

static const struct {
	const char *name;
	int64_t nanos;
} units[] = {
	{"ns", 1},    {"us", 1000},      {"\xC2\xB5s", 1000}, {"ms", 1000000},
	{"s", NANOS}, {"m", 60 * NANOS}, {"h", 3600 * NANOS},
};

static bool take_unit(struct slice *text, int64_t *nanos)
{
	size_t best = 0, len;

	for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
		len = strlen(units[i].name);
		if (len > best && text->len >= len && !memcmp(text->data, units[i].name, len)) {
			best = len;
			*nanos = units[i].nanos;
		}
	}
	*text = (struct slice){text->data + best, text->len - best};
	return best > 0;
}

/* A number with an optional fraction and its unit, as nanoseconds added to `sum`. */
static bool take_part(struct slice *text, int64_t *sum)
{
	int64_t whole = 0, unit, value;
	double fraction = 0, scale = 0.1;
	size_t digits = 0;

	for (; text->len && g_ascii_isdigit(text->data[0]); digits++) {
		if (__builtin_mul_overflow(whole, 10, &whole) ||
		    __builtin_add_overflow(whole, text->data[0] - '0', &whole))
			return false;
		*text = (struct slice){text->data + 1, text->len - 1};
	}
	if (take_char(text, "."))
		for (; text->len && g_ascii_isdigit(text->data[0]); digits++, scale /= 10) {
			fraction += (text->data[0] - '0') * scale;
			*text = (struct slice){text->data + 1, text->len - 1};
		}
	return digits && take_unit(text, &unit) && !__builtin_mul_overflow(whole, unit, &value) &&
	       !__builtin_add_overflow(value, (int64_t)(fraction * (double)unit + 0.5), &value) &&
	       !__builtin_add_overflow(*sum, value, sum);
}

/* Go's time.ParseDuration: [-+] number unit, one or more times; 0 alone too. */
static bool parse_duration(struct slice text, int64_t *out)
{
	bool negative = text.len && text.data[0] == '-';
	int64_t sum = 0;

	take_char(&text, "+-");
	if (slice_equal(text, SLICE("0"))) {
		*out = 0;
		return true;
	}
	if (!text.len)
		return false;
	while (text.len)
		if (!take_part(&text, &sum))
			return false;
	*out = negative ? -sum : sum;
	return true;
}

/* --- Values */

static struct cel_value of_time(struct cel_time time)
{
	return (struct cel_value){.kind = CEL_TIMESTAMP, .time = time};
}

static struct cel_value of_duration(int64_t nanos)
{
	return (struct cel_value){.kind = CEL_DURATION, .nanos = nanos};
}

STD(cel_timestamp_of_string)
{
	struct cel_time time;

	(void)count;
	if (!parse_time(args[0].string, &time))
		return FAIL(call, CONVERSION, 2, args[0].string, SLICE("timestamp"));
	return of_time(time);
}

STD(cel_timestamp_of_int)
{
	(void)count;
	if (args[0].integer < TIME_FIRST || args[0].integer > TIME_LAST)
		return FAIL(call, OVERFLOW, 0);
	return of_time((struct cel_time){.seconds = args[0].integer});
}

STD(cel_int_of_time)
{
	(void)call;
	(void)count;
	return cel_of_int(args[0].time.seconds);
}

STD(cel_duration_of_string)
{
	int64_t nanos;

	(void)count;
	if (!parse_duration(args[0].string, &nanos))
		return FAIL(call, CONVERSION, 2, args[0].string, SLICE("duration"));
	return of_duration(nanos);
}

/* A time so many nanoseconds later. */
static struct cel_value shift(const struct cel_call *call, struct cel_time time, int64_t nanos)
{
	int64_t seconds = floor_divide(nanos, NANOS), rest = nanos - seconds * NANOS + time.nanos;

	time.seconds += seconds + rest / NANOS;
	time.nanos = (int32_t)(rest % NANOS);
	if (time.seconds < TIME_FIRST || time.seconds > TIME_LAST)
		return FAIL(call, OVERFLOW, 0);
	return of_time(time);
}

STD(cel_add_to_time)
{
	bool swapped = args[0].kind == CEL_DURATION;

	(void)count;
	return shift(call, args[swapped].time, args[!swapped].nanos);
}

STD(cel_subtract_from_time)
{
	(void)count;
	if (args[1].nanos == INT64_MIN)
		return FAIL(call, OVERFLOW, 0);
	return shift(call, args[0].time, -args[1].nanos);
}

STD(cel_subtract_times)
{
	int64_t nanos;

	(void)count;
	if (__builtin_mul_overflow(args[0].time.seconds - args[1].time.seconds, NANOS, &nanos) ||
	    __builtin_add_overflow(nanos, args[0].time.nanos - args[1].time.nanos, &nanos))
		return FAIL(call, OVERFLOW, 0);
	return of_duration(nanos);
}

STD(cel_add_durations)
{
	int64_t nanos;

	(void)count;
	if (__builtin_add_overflow(args[0].nanos, args[1].nanos, &nanos))
		return FAIL(call, OVERFLOW, 0);
	return of_duration(nanos);
}

STD(cel_subtract_durations)
{
	int64_t nanos;

	(void)count;
	if (__builtin_sub_overflow(args[0].nanos, args[1].nanos, &nanos))
		return FAIL(call, OVERFLOW, 0);
	return of_duration(nanos);
}

#define DURATION_PART(name, unit)                                                                  \
	STD(name)                                                                                  \
	{                                                                                          \
		(void)call;                                                                        \
		(void)count;                                                                       \
		return cel_of_int(args[0].nanos / (unit));                                         \
	}

DURATION_PART(cel_duration_hours, 3600 * NANOS)
DURATION_PART(cel_duration_minutes, 60 * NANOS)
DURATION_PART(cel_duration_seconds, NANOS)
DURATION_PART(cel_duration_milliseconds, NANOS / 1000)

/* --- Parts of a time in a zone */

/* "+05:30", "-02:30", "02:00" */
static bool parse_offset(struct slice zone, int *seconds)
{
	int sign = zone.len && zone.data[0] == '-' ? -1 : 1, hours, minutes;

	take_char(&zone, "+-");
	if (!take_digits(&zone, 2, &hours) || !take_char(&zone, ":") ||
	    !take_digits(&zone, 2, &minutes) || zone.len || hours > 23 || minutes > 59)
		return false;
	*seconds = sign * (hours * 3600 + minutes * 60);
	return true;
}

/* A name of the IANA data base, which must not lead out of its folder. */
static bool is_zone_name(struct slice zone)
{
	for (size_t i = 0; i < zone.len; i++)
		if (!g_ascii_isalnum(zone.data[i]) && !strchr("_+-/", zone.data[i]))
			return false;
	return zone.len && zone.len < 64 && g_ascii_isalpha(zone.data[0]) &&
	       memchr(zone.data, 0, zone.len) == NULL;
}

static bool zone_offset(struct slice zone, int64_t seconds, int *offset)
{
	char name[64];
	GTimeZone *found;
	gint interval;

	*offset = 0;
	if (slice_equal(zone, SLICE("UTC")) || parse_offset(zone, offset))
		return true;
	if (!is_zone_name(zone))
		return false;
	memcpy(name, zone.data, zone.len);
	name[zone.len] = 0;
	found = g_time_zone_new_identifier(name);
	if (!found)
		return false;
	interval = g_time_zone_find_interval(found, G_TIME_TYPE_UNIVERSAL, seconds);
	*offset = interval < 0 ? 0 : g_time_zone_get_offset(found, interval);
	g_time_zone_unref(found);
	return true;
}

struct parts {
	struct date date;
	int64_t day;
	int64_t second; /* of the day */
	int32_t nanos;
};

/* False with an error, where the zone is unknown or the local time leaves the calendar. */
static bool split(const struct cel_call *call, const struct cel_value *args, size_t count,
		  struct parts *out, struct cel_value *error)
{
	struct cel_time time = args[0].time;
	int offset = 0;

	if (count == 2 && !zone_offset(args[1].string, time.seconds, &offset)) {
		*error = FAIL(call, ZONE, 1, args[1].string);
		return false;
	}
	time.seconds += offset;
	out->day = floor_divide(time.seconds, 86400);
	out->second = time.seconds - out->day * 86400;
	out->nanos = time.nanos;
	if (date_of_day(&out->date, out->day))
		return true;
	*error = FAIL(call, OVERFLOW, 0);
	return false;
}

#define TIME_PART(name, part)                                                                      \
	STD(name)                                                                                  \
	{                                                                                          \
		struct parts parts;                                                                \
		struct cel_value error;                                                            \
                                                                                                   \
		if (!split(call, args, count, &parts, &error))                                     \
			return error;                                                              \
		return cel_of_int(part);                                                           \
	}

static int64_t day_of_year(const struct parts *parts)
{
	return parts->day - date_earliest((struct date){.year = parts->date.year});
}

TIME_PART(cel_time_year, parts.date.year)
TIME_PART(cel_time_month, parts.date.month - 1)
TIME_PART(cel_time_day_of_year, day_of_year(&parts))
TIME_PART(cel_time_day_of_month, parts.date.day - 1)
TIME_PART(cel_time_date, parts.date.day)
TIME_PART(cel_time_day_of_week, ((parts.day + 4) % 7 + 7) % 7)
TIME_PART(cel_time_hours, parts.second / 3600)
TIME_PART(cel_time_minutes, parts.second / 60 % 60)
TIME_PART(cel_time_seconds, parts.second % 60)
TIME_PART(cel_time_milliseconds, parts.nanos / 1000000)
