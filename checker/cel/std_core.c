/*
 * Arithmetic and conversions. Whatever does not fit its type is an error, never a wrapped number.
 *
 * CEL langdef: Numeric Values, Overflow; standard definitions, conversions.
 */
#include "cel/std.h"

#include "source/message.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static struct cel_value overflow(const struct cel_call *call)
{
	return FAIL(call, OVERFLOW, 0);
}

#define CHECKED(name, builtin, kind_type, make, field)                                             \
	STD(name)                                                                                  \
	{                                                                                          \
		kind_type result;                                                                  \
                                                                                                   \
		(void)count;                                                                       \
		if (builtin(args[0].field, args[1].field, &result))                                \
			return overflow(call);                                                     \
		return make(result);                                                               \
	}

CHECKED(cel_add_int, __builtin_add_overflow, int64_t, cel_of_int, integer)
CHECKED(cel_subtract_int, __builtin_sub_overflow, int64_t, cel_of_int, integer)
CHECKED(cel_multiply_int, __builtin_mul_overflow, int64_t, cel_of_int, integer)
CHECKED(cel_add_uint, __builtin_add_overflow, uint64_t, cel_std_uint, unsigned_)
CHECKED(cel_subtract_uint, __builtin_sub_overflow, uint64_t, cel_std_uint, unsigned_)
CHECKED(cel_multiply_uint, __builtin_mul_overflow, uint64_t, cel_std_uint, unsigned_)

#define ON_DOUBLES(name, operator)                                                                 \
	STD(name)                                                                                  \
	{                                                                                          \
		(void)call;                                                                        \
		(void)count;                                                                       \
		return cel_std_double(args[0].number operator args[1].number);                     \
	}

ON_DOUBLES(cel_add_double, +)
ON_DOUBLES(cel_subtract_double, -)
ON_DOUBLES(cel_multiply_double, *)

/* CEL langdef: division of doubles is IEEE 754's. */
__attribute__((no_sanitize("float-divide-by-zero"))) STD(cel_divide_double)
{
	(void)call;
	(void)count;
	return cel_std_double(args[0].number / args[1].number);
}

STD(cel_divide_int)
{
	(void)count;
	if (args[1].integer == 0)
		return FAIL(call, DIVISION, 0);
	if (args[0].integer == INT64_MIN && args[1].integer == -1)
		return overflow(call);
	return cel_of_int(args[0].integer / args[1].integer);
}

STD(cel_modulo_int)
{
	(void)count;
	if (args[1].integer == 0)
		return FAIL(call, DIVISION, 0);
	if (args[0].integer == INT64_MIN && args[1].integer == -1)
		return overflow(call);
	return cel_of_int(args[0].integer % args[1].integer);
}

STD(cel_divide_uint)
{
	(void)count;
	if (args[1].unsigned_ == 0)
		return FAIL(call, DIVISION, 0);
	return cel_std_uint(args[0].unsigned_ / args[1].unsigned_);
}

STD(cel_modulo_uint)
{
	(void)count;
	if (args[1].unsigned_ == 0)
		return FAIL(call, DIVISION, 0);
	return cel_std_uint(args[0].unsigned_ % args[1].unsigned_);
}

STD(cel_negate_double)
{
	(void)call;
	(void)count;
	return cel_std_double(-args[0].number);
}

STD(cel_negate_int)
{
	(void)count;
	return args[0].integer == INT64_MIN ? overflow(call) : cel_of_int(-args[0].integer);
}

STD(cel_not_bool)
{
	(void)call;
	(void)count;
	return cel_of_bool(!args[0].boolean);
}

/* Strings and bytes. */
STD(cel_add_text)
{
	size_t len = args[0].string.len + args[1].string.len;
	struct cel_value out = {.kind = args[0].kind};
	char *text;

	(void)count;
	if (len > STD_LONGEST)
		return FAIL(call, TOO_LONG, 0);
	if (!cel_std_charge(call, len))
		return cel_std_spent(call);
	text = arena_alloc(call->scratch, len + 1);
	if (args[0].string.len)
		memcpy(text, args[0].string.data, args[0].string.len);
	if (args[1].string.len)
		memcpy(text + args[0].string.len, args[1].string.data, args[1].string.len);
	out.string = (struct slice){text, len};
	return out;
}

STD(cel_add_lists)
{
	size_t size = cel_size(&args[0]) + cel_size(&args[1]), at = 0;
	struct cel_value *items;

	if (size > STD_LONGEST / sizeof(*items))
		return FAIL(call, TOO_LONG, 0);
	if (!cel_run_step(call->run, size))
		return cel_std_spent(call);
	items = arena_array(call->scratch, size, sizeof(*items));
	for (size_t i = 0; i < count; i++) {
		struct cel_walk walk = {0};

		while (cel_next(&args[i], &walk))
			items[at++] = walk.value;
	}
	return cel_value_list(items, size);
}

STD(cel_size_of)
{
	const struct cel_value *value = &args[0];

	(void)call;
	(void)count;
	if (value->kind == CEL_BYTES)
		return cel_of_int((int64_t)value->string.len);
	if (value->kind != CEL_STRING)
		return cel_of_int((int64_t)cel_size(value));
	if (value->node && value->node->type == DOC_STRING)
		return cel_of_int(value->node->count);
	return cel_of_int((int64_t)text_code_points(value->string.data, value->string.len));
}

STD(cel_type_of_value)
{
	(void)call;
	(void)count;
	return (struct cel_value){.kind = CEL_TYPE, .type = cel_value_type(&args[0])};
}

STD(cel_same)
{
	(void)call;
	(void)count;
	return args[0];
}

/* --- Conversions */

static struct cel_value unreadable(const struct cel_call *call, struct slice text, const char *type)
{
	return FAIL(call, CONVERSION, 2, text, slice_of(type));
}

static struct cel_value out_of_range(const struct cel_call *call, const struct cel_value *value,
				     const char *type)
{
	return FAIL(call, RANGE, 2, cel_value_text(call->scratch, value, CEL_LITERAL),
		    slice_of(type));
}

STD(cel_bool_of_string)
{
	static const char *const yes[] = {"1", "t", "T", "true", "TRUE", "True"};
	static const char *const no[] = {"0", "f", "F", "false", "FALSE", "False"};

	(void)count;
	for (size_t i = 0; i < G_N_ELEMENTS(yes); i++) {
		if (slice_equal(args[0].string, slice_of(yes[i])))
			return cel_of_bool(true);
		if (slice_equal(args[0].string, slice_of(no[i])))
			return cel_of_bool(false);
	}
	return unreadable(call, args[0].string, "bool");
}

STD(cel_bytes_of_string)
{
	(void)call;
	(void)count;
	return (struct cel_value){
		.kind = CEL_BYTES, .node = args[0].node, .string = args[0].string};
}

STD(cel_double_of_int)
{
	(void)call;
	(void)count;
	return cel_std_double(args[0].kind == CEL_INT ? (double)args[0].integer
						      : (double)args[0].unsigned_);
}

STD(cel_double_of_string)
{
	struct slice text = args[0].string;
	char *copy = arena_dup(call->scratch, text.data, text.len), *end;
	double number;

	(void)count;
	if (!text.len || strlen(copy) != text.len || g_ascii_isspace(copy[0]) ||
	    strpbrk(copy, "()"))
		return unreadable(call, text, "double");
	number = g_ascii_strtod(copy, &end);
	return *end ? unreadable(call, text, "double") : cel_std_double(number);
}

STD(cel_int_of_double)
{
	(void)count;
	if (!(args[0].number > -9223372036854775808.0 && args[0].number < 9223372036854775808.0))
		return out_of_range(call, &args[0], "int");
	return cel_of_int((int64_t)args[0].number);
}

STD(cel_uint_of_double)
{
	(void)count;
	if (!(args[0].number >= 0 && args[0].number < 18446744073709551616.0))
		return out_of_range(call, &args[0], "uint");
	return cel_std_uint((uint64_t)args[0].number);
}

/* Digits without anything around them. */
static bool read_digits(const char *text, uint64_t *out)
{
	uint64_t value = 0;

	if (!*text)
		return false;
	for (; *text; text++)
		if (!g_ascii_isdigit(*text) || __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(*text - '0'), &value))
			return false;
	*out = value;
	return true;
}

STD(cel_int_of_string)
{
	struct slice text = args[0].string;
	const char *copy = arena_dup(call->scratch, text.data, text.len);
	bool negative = copy[0] == '-', sign = negative || copy[0] == '+';
	uint64_t value;

	(void)count;
	if (strlen(copy) != text.len || !read_digits(copy + sign, &value) ||
	    value > (uint64_t)INT64_MAX + negative)
		return unreadable(call, text, "int");
	return cel_of_int(negative ? (int64_t)(0 - value) : (int64_t)value);
}

STD(cel_uint_of_string)
{
	struct slice text = args[0].string;
	const char *copy = arena_dup(call->scratch, text.data, text.len);
	uint64_t value;

	(void)count;
	if (strlen(copy) != text.len || !read_digits(copy, &value))
		return unreadable(call, text, "uint");
	return cel_std_uint(value);
}

STD(cel_int_of_uint)
{
	(void)count;
	if (args[0].unsigned_ > INT64_MAX)
		return out_of_range(call, &args[0], "int");
	return cel_of_int((int64_t)args[0].unsigned_);
}

STD(cel_uint_of_int)
{
	(void)count;
	if (args[0].integer < 0)
		return out_of_range(call, &args[0], "uint");
	return cel_std_uint((uint64_t)args[0].integer);
}

STD(cel_string_of_bytes)
{
	(void)count;
	if (text_valid_length(args[0].string.data, args[0].string.len) != args[0].string.len)
		return FAIL(call, NOT_UTF8, 0);
	return cel_of_string(args[0].string);
}

STD(cel_string_of)
{
	GString *text = g_string_new(NULL);

	(void)count;
	cel_std_append_string(text, &args[0]);
	return cel_std_text(call, text);
}
