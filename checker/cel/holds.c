/*
 * The days as_of for which a verdict holds. A day that moves with as_of (as_of plus months and
 * days) is compared with one that does not: the outcome changes at one day, since moving is
 * monotone, and that day bounds the interval. Any other look at as_of leaves only the day itself.
 */
#include "cel/code.h"

/* The years 1 to 9999, as days. */
enum { FIRST_DAY = -719162, LAST_DAY = 2932896 };

/* Where as_of plus months and days falls; what leaves the calendar lies beyond all days. */
static int64_t moved(int64_t as_of, const struct cel_day_value *by)
{
	int64_t out;

	if (!day_add_months(&out, as_of, by->months) || !day_add_days(&out, out, by->days))
		return by->months + by->days / 31 < 0 ? DAY_OPEN_START : DAY_OPEN_END;
	return out;
}

/* The first as_of whose moved day is not before `bound`; a month moves it by 28 to 31 days. */
static int64_t first_as_of(const struct cel_day_value *by, int64_t bound)
{
	int64_t months = by->months, nearest = bound - by->days;
	int64_t low = CLAMP(nearest - MAX(months * 28, months * 31), FIRST_DAY, LAST_DAY + 1);
	int64_t high = CLAMP(nearest - MIN(months * 28, months * 31), FIRST_DAY, LAST_DAY + 1);

	while (low < high) {
		int64_t middle = low + (high - low) / 2;

		if (moved(middle, by) >= bound)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static void holds_from(struct cel_run *run, int64_t day)
{
	if (day > FIRST_DAY)
		run->activation->holds_from = MAX(run->activation->holds_from, day);
}

static void holds_until(struct cel_run *run, int64_t day)
{
	if (day < LAST_DAY)
		run->activation->holds_until = MIN(run->activation->holds_until, day);
}

void cel_holds_collapse(struct cel_run *run)
{
	const struct cel_activation *activation = run->activation;

	for (size_t i = 0; i < activation->variable_count; i++) {
		const struct cel_value *value = &activation->variables[i];

		if (value->kind == CEL_DAY && value->flags & CEL_AS_OF) {
			holds_from(run, value->day.day);
			holds_until(run, value->day.day);
		}
	}
}

/* The outcome of "moving day is before `bound`" stays on this side. */
static void keep_side(struct cel_run *run, const struct cel_value *moving, int64_t bound)
{
	int64_t first = first_as_of(&moving->day, bound);

	if (moving->day.day < bound)
		holds_until(run, first - 1);
	else
		holds_from(run, first);
}

static bool is_fixed_difference(const struct cel_value *a, const struct cel_value *b)
{
	return a->flags & b->flags & CEL_AS_OF && a->day.months == b->day.months;
}

void cel_holds_compare(struct cel_run *run, enum expr_op op, const struct cel_value *a,
		       const struct cel_value *b)
{
	bool swapped = !(a->flags & CEL_AS_OF);
	const struct cel_value *moving = swapped ? b : a, *fixed = swapped ? a : b;
	int64_t bound = fixed->day.day;

	if (a->kind != CEL_DAY || b->kind != CEL_DAY || is_fixed_difference(a, b))
		return;
	if (fixed->flags & CEL_AS_OF) {
		cel_holds_collapse(run);
		return;
	}
	if (bound == DAY_OPEN_START || bound == DAY_OPEN_END)
		return;
	/* moving < fixed and moving >= fixed turn at the bound, the other two a day later */
	if (op == OP_EQUAL || op == OP_NOT_EQUAL) {
		keep_side(run, moving, bound);
		keep_side(run, moving, bound + 1);
	} else if (swapped ? op == OP_LESS_EQUAL || op == OP_GREATER
			   : op == OP_LESS || op == OP_GREATER_EQUAL) {
		keep_side(run, moving, bound);
	} else {
		keep_side(run, moving, bound + 1);
	}
}

void cel_holds_arguments(struct cel_run *run, const struct overload *overload,
			 const struct cel_value *args, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (args[i].flags & CEL_AS_OF && !cel_stdlib_tracks_as_of(overload))
			cel_holds_collapse(run);
}
