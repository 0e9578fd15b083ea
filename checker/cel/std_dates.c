/*
 * planlint's own functions: partial dates as days, spans, words, keys, versions and quantities.
 *
 * A date means any of several days; earliest() and latest() say which, and only days compare. What
 * is absent or null is an open bound. A string counts as a date where it is written as one.
 *
 * DESIGN.md section 5, Functions.
 */
#include "cel/compare.h"
#include "cel/std.h"
#include "source/message.h"

static bool is_nothing(const struct cel_value *value)
{
	return value->kind == CEL_NULL || value->kind == CEL_ABSENT;
}

/* The date that a value is or spells. */
static bool as_date(const struct cel_value *value, struct date *out)
{
	if (value->kind == CEL_DATE) {
		*out = value->date;
		return true;
	}
	if (value->kind == CEL_STRING)
		return date_parse(out, value->string);
	return value->kind == CEL_INT && date_from_integer(out, value->integer);
}

static struct cel_value no_date(const struct cel_call *call, const struct cel_value *value)
{
	struct cel_value error = FAIL(call, CONVERSION, 2,
				      cel_value_text(call->scratch, value, CEL_AS_WRITTEN),
				      SLICE("date"));

	error.node = value->node;
	((struct cel_fault *)(uintptr_t)error.fault)->node = value->node;
	return error;
}

enum side { EARLIEST, LATEST };

static struct cel_value bound(const struct cel_call *call, const struct cel_value *value,
			      enum side side);

/* The outermost of a list; of none, the open bound. */
static struct cel_value bound_of_list(const struct cel_call *call, const struct cel_value *list,
				      enum side side)
{
	struct cel_walk walk = {0};
	struct cel_value best = {.kind = CEL_NULL};

	while (cel_next(list, &walk)) {
		struct cel_value day;

		if (!cel_run_step(call->run, 1))
			return cel_std_spent(call);
		if (is_nothing(&walk.value))
			continue;
		day = bound(call, &walk.value, side);
		if (day.kind == CEL_ERROR)
			return day;
		if (best.kind == CEL_NULL ||
		    (side == EARLIEST ? day.day.day < best.day.day : day.day.day > best.day.day))
			best = day;
	}
	return best.kind == CEL_NULL ? bound(call, &cel_null_value, side) : best;
}

static struct cel_value bound(const struct cel_call *call, const struct cel_value *value,
			      enum side side)
{
	struct cel_value day;
	struct date date;

	if (value->kind == CEL_DAY)
		return *value;
	if (value->kind == CEL_LIST)
		return bound_of_list(call, value, side);
	if (is_nothing(value))
		day = cel_of_day(side == EARLIEST ? DAY_OPEN_START : DAY_OPEN_END);
	else if (as_date(value, &date))
		day = cel_of_day(side == EARLIEST ? date_earliest(date) : date_latest(date));
	else
		return no_date(call, value);
	day.node = value->node;
	return day;
}

STD(cel_date_earliest_of)
{
	(void)count;
	return bound(call, &args[0], EARLIEST);
}

STD(cel_date_latest_of)
{
	(void)count;
	return bound(call, &args[0], LATEST);
}

/* latest(a) < earliest(b); an open end lies before nothing. */
STD(cel_date_surely)
{
	struct cel_value a = bound(call, &args[0], LATEST), b;

	(void)count;
	if (a.kind == CEL_ERROR)
		return a;
	b = bound(call, &args[1], EARLIEST);
	if (b.kind == CEL_ERROR)
		return b;
	if ((a.flags | b.flags) & CEL_AS_OF)
		cel_holds_compare(call->run, OP_LESS, &a, &b);
	return cel_of_bool(a.day.day < b.day.day);
}

/* --- Spans */

static struct cel_value of_span(const struct cel_call *call, int64_t months, int64_t days)
{
	struct cel_value span = {.kind = CEL_SPAN};

	if (months > 120000 || months < -120000 || days > 4000000 || days < -4000000)
		return FAIL(call, OVERFLOW, 0);
	span.span.months = (int32_t)months;
	span.span.days = (int32_t)days;
	return span;
}

STD(cel_span_days)
{
	(void)count;
	return of_span(call, 0, args[0].integer);
}

STD(cel_span_months)
{
	(void)count;
	return of_span(call, args[0].integer, 0);
}

STD(cel_span_years)
{
	(void)count;
	if (args[0].integer > 10000 || args[0].integer < -10000)
		return FAIL(call, OVERFLOW, 0);
	return of_span(call, args[0].integer * 12, 0);
}

STD(cel_add_spans)
{
	(void)count;
	return of_span(call, (int64_t)args[0].span.months + args[1].span.months,
		       (int64_t)args[0].span.days + args[1].span.days);
}

/* A day plus months, then days. A day of as_of that was moved by days first is no longer tracked.
 */
static struct cel_value move(const struct cel_call *call, struct cel_value day, int64_t months,
			     int64_t days)
{
	if (!day_add_months(&day.day.day, day.day.day, months) ||
	    !day_add_days(&day.day.day, day.day.day, days))
		return FAIL(call, OVERFLOW, 0);
	if (day.flags & CEL_AS_OF && months && day.day.days) {
		cel_holds_collapse(call->run);
		day.flags &= (uint8_t)~CEL_AS_OF;
	}
	day.day.months += (int32_t)months;
	day.day.days += (int32_t)days;
	return day;
}

STD(cel_add_span)
{
	bool swapped = args[0].kind == CEL_SPAN;
	const struct cel_value *span = &args[!swapped];

	(void)count;
	return move(call, args[swapped], span->span.months, span->span.days);
}

STD(cel_subtract_span)
{
	(void)count;
	return move(call, args[0], -(int64_t)args[1].span.months, -(int64_t)args[1].span.days);
}

/* --- Words, keys */

STD(cel_date_words)
{
	enum date_language language = call->run->activation->language == LANGUAGE_FR ? DATE_FRENCH
										     : DATE_ENGLISH;
	GString *text = g_string_new(NULL);
	struct date date;

	(void)count;
	if (args[0].kind == CEL_DAY ? date_of_day(&date, args[0].day.day)
				    : as_date(&args[0], &date)) {
		date_append_words(text, date, language);
	} else if (is_nothing(&args[0]) || args[0].kind == CEL_DAY) {
		g_string_append_c(text, '-');
	} else {
		g_string_free(text, TRUE);
		return no_date(call, &args[0]);
	}
	return cel_std_text(call, text);
}

STD(cel_key_of)
{
	const struct cel_activation *activation = call->run->activation;

	(void)count;
	if (activation->key)
		return activation->key(call, &args[0]);
	return cel_of_string(cel_value_text(call->scratch, &args[0], CEL_AS_WRITTEN));
}

/* --- Versions and quantities */

STD(cel_version_of)
{
	struct cel_value out;
	enum version_scheme scheme;

	(void)count;
	if (slice_equal(args[1].string, SLICE("semver")))
		scheme = VERSION_SEMVER;
	else if (slice_equal(args[1].string, SLICE("pep440")))
		scheme = VERSION_PEP440;
	else
		return FAIL(call, CONVERSION, 2, args[1].string, SLICE("semver or pep440"));
	if (!cel_version_parse(args[0].string, scheme, &out))
		return FAIL(call, CONVERSION, 2, args[0].string, args[1].string);
	out.node = args[0].node;
	return out;
}

STD(cel_quantity_of)
{
	struct slice text = cel_value_text(call->scratch, &args[0], CEL_AS_WRITTEN);
	struct cel_value out;

	(void)count;
	if (!cel_quantity_parse(text, &out))
		return FAIL(call, CONVERSION, 2, text, SLICE("quantity"));
	out.node = args[0].node;
	return out;
}
