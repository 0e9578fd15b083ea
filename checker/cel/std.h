/* The implementations that stdlib.def names, and what they share. For the std_*.c files only. */
#ifndef PLANLINT_CEL_STD_H
#define PLANLINT_CEL_STD_H

#include "cel/code.h"

#define STD(name)                                                                                  \
	struct cel_value name(const struct cel_call *call, const struct cel_value *args,           \
			      size_t count)

cel_function cel_add_text, cel_add_double, cel_add_durations, cel_add_to_time, cel_add_int,
	cel_add_lists, cel_add_uint, cel_add_span, cel_add_spans, cel_subtract_double,
	cel_subtract_durations, cel_subtract_int, cel_subtract_from_time, cel_subtract_times,
	cel_subtract_uint, cel_subtract_span, cel_multiply_double, cel_multiply_int,
	cel_multiply_uint, cel_divide_double, cel_divide_int, cel_divide_uint, cel_modulo_int,
	cel_modulo_uint, cel_negate_double, cel_negate_int, cel_not_bool, cel_size_of,
	cel_type_of_value, cel_same, cel_bool_of_string, cel_bytes_of_string, cel_double_of_int,
	cel_double_of_string, cel_duration_of_string, cel_int_of_double, cel_int_of_string,
	cel_int_of_time, cel_int_of_uint, cel_string_of, cel_string_of_bytes, cel_timestamp_of_int,
	cel_timestamp_of_string, cel_uint_of_double, cel_uint_of_int, cel_uint_of_string,
	cel_string_contains, cel_string_ends_with, cel_string_starts_with, cel_string_matches,
	cel_string_char_at, cel_string_index_of, cel_string_last_index_of, cel_list_join,
	cel_string_lower, cel_string_upper, cel_string_replace, cel_string_split,
	cel_string_substring, cel_string_trim, cel_string_reverse, cel_string_format,
	cel_string_quote, cel_time_year, cel_time_month, cel_time_day_of_year,
	cel_time_day_of_month, cel_time_date, cel_time_day_of_week, cel_time_hours,
	cel_time_minutes, cel_time_seconds, cel_time_milliseconds, cel_duration_hours,
	cel_duration_minutes, cel_duration_seconds, cel_duration_milliseconds, cel_math_greatest,
	cel_math_least, cel_math_ceil, cel_math_floor, cel_math_round, cel_math_trunc,
	cel_math_sqrt, cel_math_abs, cel_math_sign, cel_math_is_nan, cel_math_is_inf,
	cel_math_is_finite, cel_math_bit_and, cel_math_bit_or, cel_math_bit_xor, cel_math_bit_not,
	cel_math_shift_left, cel_math_shift_right, cel_list_slice, cel_list_flatten, cel_list_sort,
	cel_list_distinct, cel_list_reverse, cel_list_first, cel_list_last, cel_list_range,
	cel_base64_encode, cel_base64_decode, cel_optional_of, cel_optional_of_non_zero,
	cel_optional_none, cel_optional_value, cel_optional_has_value, cel_optional_or,
	cel_optional_or_value, cel_optional_unwrap, cel_date_earliest_of, cel_date_latest_of,
	cel_date_surely, cel_span_days, cel_span_months, cel_span_years, cel_date_words, cel_key_of,
	cel_version_of, cel_quantity_of;

/* The text of a GString, kept in the scratch arena; the GString is freed. */
struct cel_value cel_std_text(const struct cel_call *call, GString *text);

/* Charges steps for work that grows with its values: false, when the budget is spent. */
bool cel_std_charge(const struct cel_call *call, size_t work);
struct cel_value cel_std_spent(const struct cel_call *call);

/* The longest text or list that an expression may make. */
enum { STD_LONGEST = 4 << 20 };

struct cel_value cel_std_uint(uint64_t number);
struct cel_value cel_std_double(double number);

/* In format.c: the text that string() gives. */
void cel_std_append_string(GString *out, const struct cel_value *value);

/* std_time.c */
void cel_time_append(GString *out, struct cel_time time);
void cel_duration_append(GString *out, int64_t nanos);

#endif
