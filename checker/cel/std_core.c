/*
 * Arithmetic and conversions. Whatever does not fit its type is an error, never a wrapped number.
 *
 * CEL langdef: Numeric Values, Overflow; standard definitions, conversions.
 */
#include "cel/std.h"

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

CHECKED(add_int, __builtin_add_overflow, int64_t, cel_of_int, integer)
CHECKED(subtract_int, __builtin_sub_overflow, int64_t, cel_of_int, integer)
CHECKED(multiply_int, __builtin_mul_overflow, int64_t, cel_of_int, integer)
CHECKED(add_uint, __builtin_add_overflow, uint64_t, std_uint, unsigned_)
CHECKED(subtract_uint, __builtin_sub_overflow, uint64_t, std_uint, unsigned_)
CHECKED(multiply_uint, __builtin_mul_overflow, uint64_t, std_uint, unsigned_)

#define ON_DOUBLES(name, operator)                                                                 \
	STD(name)                                                                                  \
	{                                                                                          \
		(void)call;                                                                        \
		(void)count;                                                                       \
		return std_double(args[0].number operator args[1].number);                         \
	}

ON_DOUBLES(add_double, +)
ON_DOUBLES(subtract_double, -)
ON_DOUBLES(multiply_double, *)

/* CEL langdef: division of doubles is IEEE 754's. */
__attribute__((no_sanitize("float-divide-by-zero"))) STD(divide_double)
{
	(void)call;
	(void)count;
	return std_double(args[0].number / args[1].number);
}

STD(divide_int)
{
	(void)count;
	if (args[1].integer == 0)
		return FAIL(call, DIVISION, 0);
	if (args[0].integer == INT64_MIN && args[1].integer == -1)
		return overflow(call);
	return cel_of_int(args[0].integer / args[1].integer);
}

STD(modulo_int)
{
	(void)count;
	if (args[1].integer == 0)
		return FAIL(call, DIVISION, 0);
	if (args[0].integer == INT64_MIN && args[1].integer == -1)
		return overflow(call);
	return cel_of_int(args[0].integer % args[1].integer);
}

STD(divide_uint)
{
	(void)count;
	if (args[1].unsigned_ == 0)
		return FAIL(call, DIVISION, 0);
	return std_uint(args[0].unsigned_ / args[1].unsigned_);
}

STD(modulo_uint)
{
	(void)count;
	if (args[1].unsigned_ == 0)
		return FAIL(call, DIVISION, 0);
	return std_uint(args[0].unsigned_ % args[1].unsigned_);
}

STD(negate_double)
{
	(void)call;
	(void)count;
	return std_double(-args[0].number);
}

STD(negate_int)
{
	(void)count;
	return args[0].integer == INT64_MIN ? overflow(call) : cel_of_int(-args[0].integer);
}

STD(not_bool)
{
	(void)call;
	(void)count;
	return cel_of_bool(!args[0].boolean);
}

/* Strings and bytes. */
STD(add_text)
{
	size_t len = args[0].string.len + args[1].string.len;
	struct cel_value out = {.kind = args[0].kind};
	char *text;

	(void)count;
	if (len > STD_LONGEST)
		return FAIL(call, TOO_LONG, 0);
	if (!std_charge(call, len))
		return std_spent(call);
	text = arena_alloc(call->scratch, len + 1);
	if (args[0].string.len)
		memcpy(text, args[0].string.data, args[0].string.len);
	if (args[1].string.len)
		memcpy(text + args[0].string.len, args[1].string.data, args[1].string.len);
	out.string = (struct slice){text, len};
	return out;
}

STD(add_lists)
{
	size_t size = cel_size(&args[0]) + cel_size(&args[1]), at = 0;
	struct cel_value *items;

	if (size > STD_LONGEST / sizeof(*items))
		return FAIL(call, TOO_LONG, 0);
	if (!run_step(call->run, size))
		return std_spent(call);
	items = arena_array(call->scratch, size, sizeof(*items));
	for (size_t i = 0; i < count; i++) {
		struct cel_walk walk = {0};

		while (cel_next(&args[i], &walk))
			items[at++] = walk.value;
	}
	return value_list(items, size);
}

STD(size_of)
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

STD(type_of_value)
{
	(void)call;
	(void)count;
	return (struct cel_value){.kind = CEL_TYPE, .type = value_type(&args[0])};
}

STD(same)
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
	return FAIL(call, RANGE, 2, value_text(call->scratch, value, CEL_LITERAL), slice_of(type));
}

STD(bool_of_string)
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

STD(bytes_of_string)
{
	(void)call;
	(void)count;
	return (struct cel_value){.kind = CEL_BYTES, .node = args[0].node, .string = args[0].string};
}

STD(double_of_int)
{
	(void)call;
	(void)count;
	return std_double(args[0].kind == CEL_INT ? (double)args[0].integer
						  : (double)args[0].unsigned_);
}

STD(double_of_string)
{
	struct slice text = args[0].string;
	char *copy = arena_dup(call->scratch, text.data, text.len), *end;
	double number;

	(void)count;
	if (!text.len || strlen(copy) != text.len || g_ascii_isspace(copy[0]) ||
	    strpbrk(copy, "()"))
		return unreadable(call, text, "double");
	number = g_ascii_strtod(copy, &end);
	return *end ? unreadable(call, text, "double") : std_double(number);
}

STD(int_of_double)
{
	(void)count;
	if (!(args[0].number > -9223372036854775808.0 && args[0].number < 9223372036854775808.0))
		return out_of_range(call, &args[0], "int");
	return cel_of_int((int64_t)args[0].number);
}

STD(uint_of_double)
{
	(void)count;
	if (!(args[0].number >= 0 && args[0].number < 18446744073709551616.0))
		return out_of_range(call, &args[0], "uint");
	return std_uint((uint64_t)args[0].number);
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

STD(int_of_string)
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

STD(uint_of_string)
{
	struct slice text = args[0].string;
	const char *copy = arena_dup(call->scratch, text.data, text.len);
	uint64_t value;

	(void)count;
	if (strlen(copy) != text.len || !read_digits(copy, &value))
		return unreadable(call, text, "uint");
	return std_uint(value);
}

STD(int_of_uint)
{
	(void)count;
	if (args[0].unsigned_ > INT64_MAX)
		return out_of_range(call, &args[0], "int");
	return cel_of_int((int64_t)args[0].unsigned_);
}

STD(uint_of_int)
{
	(void)count;
	if (args[0].integer < 0)
		return out_of_range(call, &args[0], "uint");
	return std_uint((uint64_t)args[0].integer);
}

STD(string_of_bytes)
{
	(void)count;
	if (text_valid_length(args[0].string.data, args[0].string.len) != args[0].string.len)
		return FAIL(call, NOT_UTF8, 0);
	return cel_of_string(args[0].string);
}

STD(string_of)
{
	GString *text = g_string_new(NULL);

	(void)count;
	std_append_string(text, &args[0]);
	return std_text(call, text);
}
