/*
 * Equality and order of values. Numbers of different types are compared by value; integers of both
 * signs exactly.
 *
 * CEL langdef: Equality, Ordering. Semantic Versioning 2.0.0 11; PEP 440 live in version.c.
 */
#include "cel/compare.h"
#include "cel/program.h"

#include <math.h>

static bool is_number(const struct cel_value *value)
{
	return value->kind == CEL_INT || value->kind == CEL_UINT || value->kind == CEL_DOUBLE;
}

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

/*
 * An integer (signed or not) beside a double; false where the double is NaN. Where both are in
 * range the integer is taken as the nearest double, as cel-go does and the conformance suite asks.
 */
static bool compare_with_double(const struct cel_value *value, double number, int *order)
{
	double low = value->kind == CEL_INT ? -9223372036854775808.0 : 0;
	double high = value->kind == CEL_INT ? 9223372036854775808.0 : 18446744073709551616.0;
	double nearest = value->kind == CEL_INT ? (double)value->integer : (double)value->unsigned_;

	if (isnan(number))
		return false;
	if (number < low || number > high)
		*order = number > 0 ? -1 : 1;
	else
		*order = ORDER(nearest, number);
	return true;
}

static bool compare_numbers(const struct cel_value *a, const struct cel_value *b, int *order)
{
	if (a->kind == CEL_DOUBLE && b->kind == CEL_DOUBLE) {
		*order = ORDER(a->number, b->number);
		return !isnan(a->number) && !isnan(b->number);
	}
	if (b->kind == CEL_DOUBLE)
		return compare_with_double(a, b->number, order);
	if (a->kind == CEL_DOUBLE) {
		bool ordered = compare_with_double(b, a->number, order);

		*order = -*order;
		return ordered;
	}
	if (a->kind == b->kind)
		*order = a->kind == CEL_INT ? ORDER(a->integer, b->integer)
					    : ORDER(a->unsigned_, b->unsigned_);
	else if (a->kind == CEL_INT)
		*order = a->integer < 0 ? -1 : ORDER((uint64_t)a->integer, b->unsigned_);
	else
		*order = b->integer < 0 ? 1 : ORDER(a->unsigned_, (uint64_t)b->integer);
	return true;
}

static int compare_times(struct cel_time a, struct cel_time b)
{
	return a.seconds != b.seconds ? ORDER(a.seconds, b.seconds) : ORDER(a.nanos, b.nanos);
}

bool cel_compare(const struct cel_value *a, const struct cel_value *b, int *order)
{
	*order = 0;
	if (is_number(a) && is_number(b))
		return compare_numbers(a, b, order);
	if (a->kind != b->kind)
		return false;
	switch ((int)a->kind) {
	case CEL_BOOL:
		*order = ORDER(a->boolean, b->boolean);
		return true;
	case CEL_STRING:
	case CEL_BYTES:
		*order = slice_compare(a->string, b->string);
		return true;
	case CEL_TIMESTAMP:
		*order = compare_times(a->time, b->time);
		return true;
	case CEL_DURATION:
		*order = ORDER(a->nanos, b->nanos);
		return true;
	case CEL_DAY:
		*order = ORDER(a->day.day, b->day.day);
		return true;
	case CEL_VERSION:
		return cel_version_compare(a, b, order);
	case CEL_QUANTITY:
		*order = a->quantity.high != b->quantity.high
				 ? ORDER(a->quantity.high, b->quantity.high)
				 : ORDER(a->quantity.low, b->quantity.low);
		return true;
	}
	return false;
}

static bool equal_lists(const struct cel_value *a, const struct cel_value *b)
{
	struct cel_walk left = {0}, right = {0};

	if (cel_size(a) != cel_size(b))
		return false;
	while (cel_next(a, &left) && cel_next(b, &right))
		if (!cel_equal(&left.value, &right.value))
			return false;
	return true;
}

static bool equal_maps(const struct cel_value *a, const struct cel_value *b)
{
	struct cel_walk walk = {0};
	struct cel_value other;

	if (cel_size(a) != cel_size(b))
		return false;
	while (cel_next(a, &walk))
		if (!cel_get(b, &walk.key, &other) || !cel_equal(&walk.value, &other))
			return false;
	return true;
}

static bool equal_dates(struct date a, struct date b)
{
	return a.year == b.year && a.month == b.month && a.day == b.day;
}

/* Types are equal by their name: the parameters are not known when they come from values. */
static bool equal_types(const struct cel_type *a, const struct cel_type *b)
{
	if (a->kind == CEL_T_OPAQUE || a->kind == CEL_T_OBJECT)
		return a->kind == b->kind && slice_equal(a->name, b->name);
	return a->kind == b->kind;
}

bool cel_equal(const struct cel_value *a, const struct cel_value *b)
{
	int order;

	if (is_number(a) && is_number(b))
		return compare_numbers(a, b, &order) && order == 0;
	if (a->kind != b->kind)
		return false;
	switch ((enum cel_kind)a->kind) {
	case CEL_NULL:
		return true;
	case CEL_LIST:
		return equal_lists(a, b);
	case CEL_MAP:
		return equal_maps(a, b);
	case CEL_TYPE:
		return equal_types(a->type, b->type);
	case CEL_OPTIONAL:
		return a->inner && b->inner ? cel_equal(a->inner, b->inner) : a->inner == b->inner;
	case CEL_DATE:
		return equal_dates(a->date, b->date);
	case CEL_SPAN:
		return a->span.months == b->span.months && a->span.days == b->span.days;
	case CEL_STRING:
	case CEL_BYTES:
		return slice_equal(a->string, b->string);
	case CEL_BOOL:
	case CEL_INT:
	case CEL_UINT:
	case CEL_DOUBLE:
	case CEL_TIMESTAMP:
	case CEL_DURATION:
	case CEL_DAY:
	case CEL_VERSION:
	case CEL_QUANTITY:
		return cel_compare(a, b, &order) && order == 0;
	case CEL_ABSENT:
	case CEL_ERROR:
		return false;
	}
	g_assert_not_reached();
}
