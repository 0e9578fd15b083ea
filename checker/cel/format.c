/*
 * Values as text, in three styles: as it stands in the file (for messages), as a literal (for
 * explanations), as JSON (for reports and keys); and what string() and %s make of scalars.
 */
#include "cel/std.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

/* The shortest digits that read back as the same number. */
static void shortest(double number, char digits[40])
{
	char format[20];

	for (int precision = 0; precision < 17; precision++) {
		snprintf(format, sizeof(format), "%%.%de", precision);
		g_ascii_formatd(digits, 40, format, number);
		if (g_ascii_strtod(digits, NULL) == number)
			return;
	}
}

/* Digits and exponent laid out; `limit`: the exponent from which on there is one. */
static void append_number(GString *out, double number, int limit)
{
	char text[40], digits[24];
	int count = 0, exponent;
	const char *c = text;

	shortest(number, text);
	if (*c == '-')
		g_string_append_c(out, *c++);
	for (; *c && *c != 'e'; c++)
		if (g_ascii_isdigit(*c))
			digits[count++] = *c;
	exponent = (int)g_ascii_strtoll(c + 1, NULL, 10);
	if (exponent < -4 || exponent >= limit) {
		g_string_append_c(out, digits[0]);
		if (count > 1)
			g_string_append_printf(out, ".%.*s", count - 1, digits + 1);
		g_string_append_printf(out, "e%c%02d", exponent < 0 ? '-' : '+', ABS(exponent));
		return;
	}
	if (exponent < 0)
		g_string_append(out, "0.");
	for (int i = exponent; i < -1; i++)
		g_string_append_c(out, '0');
	for (int i = 0; i < MAX(count, exponent + 1); i++) {
		if (i == exponent + 1 && exponent >= 0)
			g_string_append_c(out, '.');
		g_string_append_c(out, i < count ? digits[i] : '0');
	}
}

static bool append_special(GString *out, double number)
{
	if (isfinite(number))
		return false;
	g_string_append(out, isnan(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
	return true;
}

static void append_double(GString *out, double number)
{
	if (!append_special(out, number))
		append_number(out, number, 16);
}

static void append_day(GString *out, int64_t day)
{
	struct date date;

	if (day == DAY_OPEN_START || day == DAY_OPEN_END || !date_of_day(&date, day))
		g_string_append_c(out, '-');
	else
		date_append_iso(out, date);
}

static void append_span(GString *out, const struct cel_value *value)
{
	if (value->span.months)
		g_string_append_printf(out, "months(%d)", value->span.months);
	if (value->span.months && value->span.days)
		g_string_append(out, " + ");
	if (value->span.days || !value->span.months)
		g_string_append_printf(out, "days(%d)", value->span.days);
}

/* A quantity as a decimal number. */
static void append_quantity(GString *out, const struct cel_value *value)
{
	__extension__ typedef unsigned __int128 wide;
	wide size = (wide)(uint64_t)value->quantity.high << 64 | value->quantity.low;
	bool negative = value->quantity.high < 0;
	char digits[48];
	size_t at = sizeof(digits);

	if (negative)
		size = -size;
	for (int i = 0; size || i < 10; i++, size /= 10) {
		if (i == 9)
			digits[--at] = '.';
		digits[--at] = (char)('0' + (int)(size % 10));
	}
	if (negative)
		g_string_append_c(out, '-');
	g_string_append_len(out, digits + at, (gssize)(sizeof(digits) - at));
	while (out->str[out->len - 1] == '0')
		g_string_truncate(out, out->len - 1);
	if (out->str[out->len - 1] == '.')
		g_string_truncate(out, out->len - 1);
}

static void append_fault(GString *out, const struct cel_fault *fault)
{
	phrase_append(out, &fault->message, LANGUAGE_EN, NULL);
}

/* Kinds that look alike in every style. */
static bool append_plain(GString *out, const struct cel_value *value)
{
	switch ((int)value->kind) {
	case CEL_NULL:
		g_string_append(out, "null");
		return true;
	case CEL_BOOL:
		g_string_append(out, value->boolean ? "true" : "false");
		return true;
	case CEL_INT:
		g_string_append_printf(out, "%" PRId64, value->integer);
		return true;
	case CEL_TIMESTAMP:
		cel_time_append(out, value->time);
		return true;
	case CEL_DURATION:
		cel_duration_append(out, value->nanos);
		return true;
	case CEL_DATE:
		date_append_iso(out, value->date);
		return true;
	case CEL_DAY:
		append_day(out, value->day.day);
		return true;
	case CEL_TYPE:
		g_string_append(out, value->type->kind == CEL_T_NULL ? "null_type" : "");
		if (value->type->kind != CEL_T_NULL) {
			GString *name = g_string_new(NULL);

			cel_type_append(name, value->type);
			g_string_append_len(out, name->str, (gssize)strcspn(name->str, "("));
			g_string_free(name, TRUE);
		}
		return true;
	case CEL_SPAN:
		append_span(out, value);
		return true;
	case CEL_QUANTITY:
		append_quantity(out, value);
		return true;
	}
	return false;
}

void cel_std_append_string(GString *out, const struct cel_value *value)
{
	if (append_plain(out, value))
		return;
	if (value->kind == CEL_UINT)
		g_string_append_printf(out, "%" PRIu64, value->unsigned_);
	else if (value->kind == CEL_DOUBLE) {
		if (!append_special(out, value->number))
			append_number(out, value->number, 21);
	} else
		cel_value_append(out, value, CEL_AS_WRITTEN);
}

/* JSON has these as strings only. */
static bool is_json_text(const struct cel_value *value)
{
	return value->kind == CEL_TIMESTAMP || value->kind == CEL_DURATION ||
	       value->kind == CEL_DATE || value->kind == CEL_DAY || value->kind == CEL_TYPE ||
	       value->kind == CEL_SPAN || value->kind == CEL_QUANTITY ||
	       (value->kind == CEL_DOUBLE && !isfinite(value->number));
}

static void append_container(GString *out, const struct cel_value *value, enum cel_style style)
{
	enum cel_style inner = style == CEL_AS_WRITTEN ? CEL_LITERAL : style;
	struct cel_walk walk = {0};
	bool is_map = value->kind == CEL_MAP;

	g_string_append_c(out, is_map ? '{' : '[');
	while (cel_next(value, &walk)) {
		if (walk.index > 1)
			g_string_append(out, style == CEL_JSON ? "," : ", ");
		if (is_map && style == CEL_JSON && walk.key.kind != CEL_STRING)
			g_string_append_c(out, '"');
		if (is_map) {
			cel_value_append(out, &walk.key, inner);
			if (style == CEL_JSON && walk.key.kind != CEL_STRING)
				g_string_append_c(out, '"');
			g_string_append(out, style == CEL_JSON ? ":" : ": ");
		}
		cel_value_append(out, &walk.value, inner);
	}
	g_string_append_c(out, is_map ? '}' : ']');
}

static void append_text(GString *out, const struct cel_value *value, enum cel_style style)
{
	if (value->kind == CEL_BYTES && style != CEL_AS_WRITTEN) {
		gchar *text = g_base64_encode((const guchar *)value->string.data,
					      value->string.len);

		g_string_append_printf(out, style == CEL_JSON ? "\"%s\"" : "base64 %s", text);
		g_free(text);
	} else if (style == CEL_AS_WRITTEN) {
		g_string_append_len(out, value->string.data, (gssize)value->string.len);
	} else {
		text_append_json_string(out, value->string);
	}
}

/* Whether the node's own text says the value best. */
static bool is_written(const struct cel_value *value)
{
	return value->node &&
	       (value->node->type == DOC_INTEGER || value->node->type == DOC_NUMBER ||
		value->node->type == DOC_BOOLEAN) &&
	       value->kind != CEL_DATE && value->kind != CEL_DAY && value->kind != CEL_QUANTITY &&
	       value->kind != CEL_MAP && value->kind != CEL_LIST && value->kind != CEL_OPTIONAL &&
	       value->kind != CEL_ERROR && value->kind != CEL_STRING && value->kind != CEL_VERSION;
}

void cel_value_append(GString *out, const struct cel_value *value, enum cel_style style)
{
	if (value->kind == CEL_ABSENT) {
		g_string_append(out, style == CEL_JSON ? "null" : "-");
	} else if (value->kind == CEL_NULL && style == CEL_AS_WRITTEN) {
		g_string_append_c(out, '-');
	} else if (style == CEL_AS_WRITTEN && is_written(value)) {
		g_string_append_len(out, value->node->text, (gssize)value->node->len);
	} else if (value->kind == CEL_LIST || value->kind == CEL_MAP) {
		append_container(out, value, style);
	} else if (value->kind == CEL_OPTIONAL) {
		if (value->inner)
			cel_value_append(out, value->inner, style);
		else
			g_string_append(out, style == CEL_JSON ? "null" : "-");
	} else if (value->kind == CEL_ERROR) {
		append_fault(out, value->fault);
	} else if (value->kind == CEL_STRING || value->kind == CEL_BYTES ||
		   value->kind == CEL_VERSION) {
		append_text(out, value, style);
	} else if (style == CEL_JSON && is_json_text(value)) {
		g_string_append_c(out, '"');
		if (!append_plain(out, value))
			append_special(out, value->number);
		g_string_append_c(out, '"');
	} else if (!append_plain(out, value)) {
		if (value->kind == CEL_UINT)
			g_string_append_printf(out,
					       style == CEL_LITERAL ? "%" PRIu64 "u" : "%" PRIu64,
					       value->unsigned_);
		else
			append_double(out, value->number);
	}
}

struct slice cel_value_text(struct arena *arena, const struct cel_value *value,
			    enum cel_style style)
{
	GString *text = g_string_new(NULL);
	struct slice out;

	cel_value_append(text, value, style);
	out = (struct slice){arena_dup(arena, text->str, text->len), text->len};
	g_string_free(text, TRUE);
	return out;
}
