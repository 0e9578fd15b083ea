/* The implementations that stdlib.def names, and what they share. For the std_*.c files only. */
#ifndef PLANLINT_CEL_STD_H
#define PLANLINT_CEL_STD_H

#include "cel/program.h"

#define STD(name)                                                                                  \
	struct cel_value name(const struct cel_call *call, const struct cel_value *args,           \
			      size_t count)

cel_function add_text, add_double, add_durations, add_to_time, add_int, add_lists, add_uint,
	add_span, add_spans, subtract_double, subtract_durations, subtract_int, subtract_from_time,
	subtract_times, subtract_uint, subtract_span, multiply_double, multiply_int, multiply_uint,
	divide_double, divide_int, divide_uint, modulo_int, modulo_uint, negate_double, negate_int,
	not_bool, size_of, type_of_value, same, bool_of_string, bytes_of_string, double_of_int,
	double_of_string, duration_of_string, int_of_double, int_of_string, int_of_time, int_of_uint,
	string_of, string_of_bytes, timestamp_of_int, timestamp_of_string, uint_of_double,
	uint_of_int, uint_of_string, string_contains, string_ends_with, string_starts_with,
	string_matches, string_char_at, string_index_of, string_last_index_of, list_join,
	string_lower, string_upper, string_replace, string_split, string_substring, string_trim,
	string_reverse, string_format, string_quote, time_year, time_month, time_day_of_year,
	time_day_of_month, time_date, time_day_of_week, time_hours, time_minutes, time_seconds,
	time_milliseconds, duration_hours, duration_minutes, duration_seconds,
	duration_milliseconds, math_greatest, math_least, math_ceil, math_floor, math_round,
	math_trunc, math_sqrt, math_abs, math_sign, math_is_nan, math_is_inf, math_is_finite,
	math_bit_and, math_bit_or, math_bit_xor, math_bit_not, math_shift_left, math_shift_right,
	list_slice, list_flatten, list_sort, list_distinct, list_reverse, list_first, list_last,
	list_range, base64_encode, base64_decode, optional_of, optional_of_non_zero, optional_none,
	optional_value, optional_has_value, optional_or, optional_or_value, optional_unwrap,
	date_earliest_of, date_latest_of, date_surely, span_days, span_months, span_years,
	date_words, key_of, version_of, quantity_of;

/* The text of a GString, kept in the scratch arena; the GString is freed. */
struct slice std_keep(const struct cel_call *call, GString *text);
struct cel_value std_text(const struct cel_call *call, GString *text);

/* Charges steps for work that grows with its values: false, when the budget is spent. */
bool std_charge(const struct cel_call *call, size_t work);
struct cel_value std_spent(const struct cel_call *call);

/* The longest text or list that an expression may make. */
enum { STD_LONGEST = 4 << 20 };

struct cel_value std_uint(uint64_t number);
struct cel_value std_double(double number);

/* In format.c: the text that string() gives. */
void std_append_string(GString *out, const struct cel_value *value);

/* std_time.c */
bool time_parse(struct slice text, struct cel_time *out);
void time_append(GString *out, struct cel_time time);
bool duration_parse(struct slice text, int64_t *out);
void duration_append(GString *out, int64_t nanos);

#endif
