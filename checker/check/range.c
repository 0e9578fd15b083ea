/*
 * What checks read out of values besides their type: the days that a date can mean, and the text by
 * which keys are compared. Both take what is absent or null for an open bound or no key at all.
 */
#include "check/judge.h"

static bool date_days(struct date date, int64_t *first, int64_t *last)
{
	*first = date_earliest(date);
	*last = date_latest(date);
	return true;
}

bool value_days(const struct cel_value *value, int64_t *first, int64_t *last)
{
	struct date date;

	switch ((enum cel_kind)value->kind) {
	case CEL_DATE:
		return date_days(value->date, first, last);
	case CEL_DAY:
		*first = *last = value->day.day;
		return *first != DAY_OPEN_START && *first != DAY_OPEN_END;
	case CEL_STRING:
		return date_parse(&date, value->string) && date_days(date, first, last);
	case CEL_INT:
		return date_from_integer(&date, value->integer) && date_days(date, first, last);
	case CEL_OPTIONAL:
		return value->inner && value_days(value->inner, first, last);
	case CEL_NULL:
	case CEL_BOOL:
	case CEL_UINT:
	case CEL_DOUBLE:
	case CEL_BYTES:
	case CEL_LIST:
	case CEL_MAP:
	case CEL_TIMESTAMP:
	case CEL_DURATION:
	case CEL_TYPE:
	case CEL_SPAN:
	case CEL_VERSION:
	case CEL_QUANTITY:
	case CEL_ABSENT:
	case CEL_ERROR:
		return false;
	}
	return false;
}

bool value_key(GString *out, const struct cel_value *value)
{
	if (value->kind == CEL_STRING) { /* as nearly all keys are */
		text_append_json_string(out, value->string);
		return true;
	}
	if (value->kind == CEL_ABSENT || value->kind == CEL_NULL || value->kind == CEL_ERROR ||
	    (value->kind == CEL_OPTIONAL && !value->inner))
		return false;
	if (value->kind == CEL_OPTIONAL)
		return value_key(out, value->inner);
	if (value->kind == CEL_LIST) {
		struct cel_walk walk = {0};
		bool whole = true;

		while (whole && cel_next(value, &walk)) {
			g_string_append_c(out, walk.index > 1 ? ',' : '[');
			whole = value_key(out, &walk.value);
		}
		g_string_append_c(out, ']');
		return whole;
	}
	cel_value_append(out, value, CEL_JSON);
	return true;
}
