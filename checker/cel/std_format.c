/*
 * format(): the verbs %s %d %f %e %b %o %x %X %%, with a precision for %f and %e.
 *
 * cel-go ext/formatting.go.
 */
#include "cel/std.h"

#include "source/message.h"

#include <math.h>
#include <stdio.h>

struct formatter {
	const struct cel_call *call;
	GString *out;
	struct cel_value error; /* CEL_ERROR once something is wrong */
};

static void fail(struct formatter *formatter, const char *text, struct slice value)
{
	char *message = arena_printf(formatter->call->scratch, "%s%.*s", text, (int)value.len,
				     value.data);

	formatter->error = FAIL(formatter->call, FORMAT, 1, slice_of(message));
}

static void wrong_kind(struct formatter *formatter, const char *text, const struct cel_value *value)
{
	fail(formatter, text, slice_of(cel_kind_name(value->kind)));
}

static void append_any(GString *out, const struct cel_value *value);

static gint by_text(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* {key: value, ...}, sorted by the text of the keys. */
static void append_map(GString *out, const struct cel_value *map)
{
	GPtrArray *entries = g_ptr_array_new_with_free_func(g_free);
	struct cel_walk walk = {0};

	while (cel_next(map, &walk)) {
		GString *entry = g_string_new(NULL);

		append_any(entry, &walk.key);
		g_string_append(entry, ": ");
		append_any(entry, &walk.value);
		g_ptr_array_add(entries, g_string_free(entry, FALSE));
	}
	g_ptr_array_sort(entries, by_text);
	g_string_append_c(out, '{');
	for (guint i = 0; i < entries->len; i++)
		g_string_append_printf(out, "%s%s", i ? ", " : "", (char *)entries->pdata[i]);
	g_string_append_c(out, '}');
	g_ptr_array_free(entries, TRUE);
}

static void append_any(GString *out, const struct cel_value *value)
{
	struct cel_walk walk = {0};

	if (value->kind == CEL_MAP) {
		append_map(out, value);
	} else if (value->kind == CEL_LIST) {
		g_string_append_c(out, '[');
		while (cel_next(value, &walk)) {
			if (walk.index > 1)
				g_string_append(out, ", ");
			append_any(out, &walk.value);
		}
		g_string_append_c(out, ']');
	} else {
		cel_std_append_string(out, value);
	}
}

static bool append_special(GString *out, double number)
{
	if (isfinite(number))
		return false;
	g_string_append(out, isnan(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
	return true;
}

static void append_decimal(struct formatter *formatter, const struct cel_value *value)
{
	if (value->kind == CEL_INT || value->kind == CEL_UINT || value->kind == CEL_DOUBLE)
		cel_std_append_string(formatter->out, value);
	else
		wrong_kind(formatter, "decimal clause can only be used on integers, was given ",
			   value);
}

static void append_double(struct formatter *formatter, const struct cel_value *value, char verb,
			  int precision)
{
	double number = value->number;
	char format[20], text[512];

	if (value->kind == CEL_INT)
		number = (double)value->integer;
	else if (value->kind == CEL_UINT)
		number = (double)value->unsigned_;
	else if (value->kind != CEL_DOUBLE) {
		wrong_kind(formatter,
			   verb == 'e'
				   ? "scientific clause can only be used on doubles, was given "
				   : "fixed-point clause can only be used on doubles, was given ",
			   value);
		return;
	}
	if (append_special(formatter->out, number))
		return;
	snprintf(format, sizeof(format), "%%.%d%c", precision, verb);
	g_ascii_formatd(text, sizeof(text), format, number);
	g_string_append(formatter->out, text);
}

static void append_bits(GString *out, uint64_t bits, unsigned shift, bool upper)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	char text[65];
	size_t at = sizeof(text);

	do {
		text[--at] = digits[bits & ((1U << shift) - 1)];
		bits >>= shift;
	} while (bits);
	g_string_append_len(out, text + at, (gssize)(sizeof(text) - at));
}

/* The digits of an integer in a base of 2^shift; false: it is none. */
static bool append_integer(GString *out, const struct cel_value *value, unsigned shift, bool upper)
{
	uint64_t bits = value->unsigned_;

	if (value->kind == CEL_INT && value->integer < 0) {
		g_string_append_c(out, '-');
		bits = 0 - bits;
	} else if (value->kind != CEL_INT && value->kind != CEL_UINT) {
		return false;
	}
	append_bits(out, bits, shift, upper);
	return true;
}

static void append_hex(struct formatter *formatter, const struct cel_value *value, bool upper)
{
	if (append_integer(formatter->out, value, 4, upper))
		return;
	if (value->kind != CEL_STRING && value->kind != CEL_BYTES) {
		wrong_kind(formatter,
			   "only integers, byte buffers, and strings can be formatted as hex, was "
			   "given ",
			   value);
		return;
	}
	for (size_t i = 0; i < value->string.len; i++)
		g_string_append_printf(formatter->out, upper ? "%02X" : "%02x",
				       (unsigned char)value->string.data[i]);
}

static void append_verb(struct formatter *formatter, char verb, int precision,
			const struct cel_value *value)
{
	switch (verb) {
	case 's':
		append_any(formatter->out, value);
		return;
	case 'd':
		append_decimal(formatter, value);
		return;
	case 'f':
	case 'e':
		append_double(formatter, value, verb, precision);
		return;
	case 'x':
	case 'X':
		append_hex(formatter, value, verb == 'X');
		return;
	case 'o':
		if (!append_integer(formatter->out, value, 3, false))
			wrong_kind(formatter,
				   "octal clause can only be used on integers, was given ", value);
		return;
	case 'b':
		if (value->kind == CEL_BOOL)
			g_string_append_c(formatter->out, value->boolean ? '1' : '0');
		else if (!append_integer(formatter->out, value, 1, false))
			wrong_kind(formatter,
				   "only integers and bools can be formatted as binary, was given ",
				   value);
		return;
	}
	fail(formatter, "unrecognized formatting clause ", (struct slice){&verb, 1});
}

/* Reads ".3" in front of a verb: the precision, or 6. */
static int take_precision(struct slice text, size_t *at)
{
	int precision = 0;

	if (*at >= text.len || text.data[*at] != '.')
		return 6;
	for (++*at; *at < text.len && g_ascii_isdigit(text.data[*at]) && precision < 100; ++*at)
		precision = precision * 10 + (text.data[*at] - '0');
	return MIN(precision, 100);
}

STD(cel_string_format)
{
	struct slice text = args[0].string;
	struct formatter formatter = {call, g_string_new(NULL), {.kind = CEL_NULL}};
	struct cel_walk walk = {0};
	size_t used = 0;

	(void)count;
	for (size_t at = 0; at < text.len && formatter.error.kind != CEL_ERROR; at++) {
		int precision;

		if (text.data[at] != '%') {
			g_string_append_c(formatter.out, text.data[at]);
			continue;
		}
		at++;
		precision = take_precision(text, &at);
		if (at >= text.len)
			fail(&formatter, "unexpected end of format string", (struct slice){"", 0});
		else if (text.data[at] == '%')
			g_string_append_c(formatter.out, '%');
		else if (!cel_next(&args[1], &walk))
			formatter.error = FAIL(
				call, FORMAT, 1,
				slice_of(arena_printf(call->scratch, "index %zu out of range",
						      used)));
		else
			append_verb(&formatter, text.data[at], precision, &walk.value);
		used++;
	}
	if (formatter.error.kind != CEL_ERROR && !cel_std_charge(call, formatter.out->len))
		formatter.error = cel_std_spent(call);
	if (formatter.error.kind == CEL_ERROR) {
		g_string_free(formatter.out, TRUE);
		return formatter.error;
	}
	return cel_std_text(call, formatter.out);
}
