/*
 * The library math: extremes, rounding, signs, bits.
 *
 * cel-go ext/math.go; CEL extension library math.
 */
#include "cel/std.h"

#include "source/message.h"

#include <math.h>

/* The greatest (sign 1) or least (-1) of two numbers; the first where they are equal. */
static struct cel_value choose(const struct cel_value *a, const struct cel_value *b, int sign)
{
	int order;

	return cel_compare(b, a, &order) && order * sign > 0 ? *b : *a;
}

static bool is_number(const struct cel_value *value)
{
	return value->kind == CEL_INT || value->kind == CEL_UINT || value->kind == CEL_DOUBLE;
}

static struct cel_value extreme_of_list(const struct cel_call *call, const struct cel_value *list,
					int sign)
{
	struct cel_walk walk = {0};
	struct cel_value best = {.kind = CEL_NULL};

	if (!cel_run_step(call->run, cel_size(list)))
		return cel_std_spent(call);
	while (cel_next(list, &walk)) {
		if (!is_number(&walk.value))
			return FAIL(call, NO_OVERLOAD, 2, SLICE("math"),
				    slice_of(cel_kind_name(walk.value.kind)));
		best = best.kind == CEL_NULL ? walk.value : choose(&best, &walk.value, sign);
	}
	if (best.kind == CEL_NULL)
		return FAIL(call, EMPTY, 1,
			    sign > 0 ? SLICE("math.greatest") : SLICE("math.least"));
	return best;
}

static struct cel_value extreme(const struct cel_call *call, const struct cel_value *args,
				size_t count, int sign)
{
	if (args[0].kind == CEL_LIST)
		return extreme_of_list(call, &args[0], sign);
	return count == 1 ? args[0] : choose(&args[0], &args[1], sign);
}

STD(cel_math_greatest)
{
	return extreme(call, args, count, 1);
}

STD(cel_math_least)
{
	return extreme(call, args, count, -1);
}

#define ROUND(name, function)                                                                      \
	STD(name)                                                                                  \
	{                                                                                          \
		(void)call;                                                                        \
		(void)count;                                                                       \
		return cel_std_double(function(args[0].number));                                   \
	}

ROUND(cel_math_ceil, ceil)
ROUND(cel_math_floor, floor)
ROUND(cel_math_round, round)
ROUND(cel_math_trunc, trunc)

STD(cel_math_sqrt)
{
	(void)call;
	(void)count;
	if (args[0].kind == CEL_INT)
		return cel_std_double(sqrt((double)args[0].integer));
	if (args[0].kind == CEL_UINT)
		return cel_std_double(sqrt((double)args[0].unsigned_));
	return cel_std_double(sqrt(args[0].number));
}

STD(cel_math_abs)
{
	(void)count;
	if (args[0].kind == CEL_DOUBLE)
		return cel_std_double(fabs(args[0].number));
	if (args[0].kind == CEL_UINT)
		return args[0];
	if (args[0].integer == INT64_MIN)
		return FAIL(call, OVERFLOW, 0);
	return cel_of_int(args[0].integer < 0 ? -args[0].integer : args[0].integer);
}

STD(cel_math_sign)
{
	(void)call;
	(void)count;
	if (args[0].kind == CEL_UINT)
		return cel_std_uint(args[0].unsigned_ > 0);
	if (args[0].kind == CEL_INT)
		return cel_of_int((args[0].integer > 0) - (args[0].integer < 0));
	if (isnan(args[0].number))
		return args[0];
	return cel_std_double((args[0].number > 0) - (args[0].number < 0));
}

#define TEST(name, test)                                                                           \
	STD(name)                                                                                  \
	{                                                                                          \
		(void)call;                                                                        \
		(void)count;                                                                       \
		return cel_of_bool(test(args[0].number));                                          \
	}

TEST(cel_math_is_nan, isnan)
TEST(cel_math_is_inf, isinf)
TEST(cel_math_is_finite, isfinite)

/* Bits are those of the unsigned number, whatever the type. */
static struct cel_value of_bits(const struct cel_value *like, uint64_t bits)
{
	return like->kind == CEL_INT ? cel_of_int((int64_t)bits) : cel_std_uint(bits);
}

#define ON_BITS(name, operator)                                                                    \
	STD(name)                                                                                  \
	{                                                                                          \
		(void)call;                                                                        \
		(void)count;                                                                       \
		return of_bits(&args[0], args[0].unsigned_ operator args[1].unsigned_);            \
	}

ON_BITS(cel_math_bit_and, &)
ON_BITS(cel_math_bit_or, |)
ON_BITS(cel_math_bit_xor, ^)

STD(cel_math_bit_not)
{
	(void)call;
	(void)count;
	return of_bits(&args[0], ~args[0].unsigned_);
}

static struct cel_value shift(const struct cel_call *call, const struct cel_value *args, bool left)
{
	int64_t by = args[1].integer;

	if (by < 0)
		return FAIL(call, SHIFT, 1, cel_value_text(call->scratch, &args[1], CEL_LITERAL));
	if (by > 63)
		return of_bits(&args[0], 0);
	return of_bits(&args[0], left ? args[0].unsigned_ << by : args[0].unsigned_ >> by);
}

STD(cel_math_shift_left)
{
	(void)count;
	return shift(call, args, true);
}

STD(cel_math_shift_right)
{
	(void)count;
	return shift(call, args, false);
}
