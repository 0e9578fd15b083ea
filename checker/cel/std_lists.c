/*
 * The libraries lists, encoders and optionals.
 *
 * cel-go ext/lists.go, ext/encoders.go, cel/library.go.
 */
#include "cel/std.h"

#include "source/message.h"

#include <stdlib.h>

/* The items of a list as an array of its own; NULL: the budget is spent. */
static struct cel_value *copy_items(const struct cel_call *call, const struct cel_value *list,
				    size_t *size)
{
	struct cel_value *items;
	struct cel_walk walk = {0};

	*size = cel_size(list);
	if (!cel_run_step(call->run, *size))
		return NULL;
	items = arena_array(call->scratch, *size, sizeof(*items));
	while (cel_next(list, &walk))
		items[walk.index - 1] = walk.value;
	return items;
}

STD(cel_list_slice)
{
	int64_t start = args[1].integer, end = args[2].integer;
	size_t size;
	struct cel_value *items;

	(void)count;
	if (start < 0 || end < start || (uint64_t)end > cel_size(&args[0]))
		return FAIL(call, SUBSTRING, 2,
			    cel_value_text(call->scratch, &args[1], CEL_LITERAL),
			    cel_value_text(call->scratch, &args[2], CEL_LITERAL));
	items = copy_items(call, &args[0], &size);
	if (!items)
		return cel_std_spent(call);
	return cel_value_list(items + start, (size_t)(end - start));
}

static bool flatten(const struct cel_call *call, const struct cel_value *list, int64_t depth,
		    GArray *out)
{
	struct cel_walk walk = {0};

	while (cel_next(list, &walk)) {
		if (!cel_run_step(call->run, 1))
			return false;
		if (walk.value.kind != CEL_LIST || depth == 0)
			g_array_append_val(out, walk.value);
		else if (!flatten(call, &walk.value, depth - 1, out))
			return false;
	}
	return true;
}

static struct cel_value keep_array(const struct cel_call *call, GArray *items)
{
	struct cel_value *kept = arena_array(call->scratch, items->len, sizeof(*kept));
	size_t size = items->len;

	for (size_t i = 0; i < size; i++)
		kept[i] = g_array_index(items, struct cel_value, i);
	g_array_free(items, TRUE);
	return cel_value_list(kept, size);
}

STD(cel_list_flatten)
{
	int64_t depth = count > 1 ? args[1].integer : 1;
	GArray *items;

	if (depth < 0)
		return FAIL(call, OUT_OF_RANGE, 1,
			    cel_value_text(call->scratch, &args[1], CEL_LITERAL));
	items = g_array_new(FALSE, FALSE, sizeof(struct cel_value));
	if (!flatten(call, &args[0], MIN(depth, CEL_DEPTH_MAX), items)) {
		g_array_free(items, TRUE);
		return cel_std_spent(call);
	}
	return keep_array(call, items);
}

static int compare_items(const void *a, const void *b)
{
	int order = 0;

	cel_compare(a, b, &order);
	return order;
}

STD(cel_list_sort)
{
	size_t size;
	struct cel_value *items = copy_items(call, &args[0], &size);
	int order;

	(void)count;
	if (!items || !cel_run_step(call->run, size * 8))
		return cel_std_spent(call);
	for (size_t i = 0; i < size; i++)
		if (!cel_compare(&items[0], &items[i], &order))
			return FAIL(call, ORDER, 2, slice_of(cel_kind_name(items[0].kind)),
				    slice_of(cel_kind_name(items[i].kind)));
	if (size)
		qsort(items, size, sizeof(*items), compare_items);
	return cel_value_list(items, size);
}

STD(cel_list_distinct)
{
	size_t size, kept = 0;
	struct cel_value *items = copy_items(call, &args[0], &size);

	(void)count;
	if (!items)
		return cel_std_spent(call);
	for (size_t i = 0; i < size; i++) {
		size_t cel_same = 0;

		if (!cel_run_step(call->run, kept))
			return cel_std_spent(call);
		while (cel_same < kept && !cel_equal(&items[cel_same], &items[i]))
			cel_same++;
		if (cel_same == kept)
			items[kept++] = items[i];
	}
	return cel_value_list(items, kept);
}

STD(cel_list_reverse)
{
	size_t size;
	struct cel_value *items = copy_items(call, &args[0], &size);

	(void)count;
	if (!items)
		return cel_std_spent(call);
	for (size_t i = 0; i < size / 2; i++) {
		struct cel_value kept = items[i];

		items[i] = items[size - 1 - i];
		items[size - 1 - i] = kept;
	}
	return cel_value_list(items, size);
}

STD(cel_list_range)
{
	int64_t size = args[0].integer;
	struct cel_value *items;

	(void)count;
	if (size < 0)
		return FAIL(call, OUT_OF_RANGE, 1,
			    cel_value_text(call->scratch, &args[0], CEL_LITERAL));
	if (!cel_run_step(call->run, (uint64_t)size))
		return cel_std_spent(call);
	items = arena_array(call->scratch, (size_t)size, sizeof(*items));
	for (int64_t i = 0; i < size; i++)
		items[i] = cel_of_int(i);
	return cel_value_list(items, (size_t)size);
}

/* --- Encoders */

STD(cel_base64_encode)
{
	gchar *text = g_base64_encode((const guchar *)args[0].string.data, args[0].string.len);
	struct cel_value out = cel_of_string(slice_of(arena_strdup(call->scratch, text)));

	(void)count;
	g_free(text);
	return cel_std_charge(call, args[0].string.len) ? out : cel_std_spent(call);
}

static int base64_digit(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *found = c ? strchr(digits, c) : NULL;

	return found ? (int)(found - digits) : -1;
}

/* RFC 4648 4, with or without the padding at the end. */
STD(cel_base64_decode)
{
	struct slice text = args[0].string;
	char *out = arena_alloc(call->scratch, text.len + 1);
	size_t len = 0, pad = 0;
	uint32_t bits = 0;
	struct cel_value value = {.kind = CEL_BYTES};

	(void)count;
	if (!cel_std_charge(call, text.len))
		return cel_std_spent(call);
	while (pad < 2 && text.len && text.len % 4 == 0 && text.data[text.len - 1] == '=' &&
	       pad < text.len && text.data[text.len - 1 - pad] == '=')
		pad++;
	text.len -= pad;
	for (size_t i = 0; i < text.len; i++) {
		int digit = base64_digit(text.data[i]);

		if (digit < 0)
			return FAIL(call, CONVERSION, 2, args[0].string, SLICE("base64"));
		bits = bits << 6 | (uint32_t)digit;
		if (i % 4)
			out[len++] = (char)(bits >> (6 - i % 4 * 2));
	}
	if (text.len % 4 == 1)
		return FAIL(call, CONVERSION, 2, args[0].string, SLICE("base64"));
	value.string = (struct slice){out, len};
	return value;
}

/* --- Optionals */

static struct cel_value some(const struct cel_call *call, const struct cel_value *value)
{
	struct cel_value out = {.kind = CEL_OPTIONAL, .node = value->node};
	struct cel_value *inner = arena_new(call->scratch, struct cel_value);

	*inner = *value;
	out.inner = inner;
	return out;
}

static const struct cel_value none = {.kind = CEL_OPTIONAL};

STD(cel_list_first)
{
	struct cel_walk walk = {0};

	(void)count;
	return cel_next(&args[0], &walk) ? some(call, &walk.value) : none;
}

STD(cel_list_last)
{
	size_t size = cel_size(&args[0]);
	struct cel_value last;

	(void)count;
	if (!size)
		return none;
	last = cel_item(&args[0], size - 1);
	return some(call, &last);
}

STD(cel_optional_of)
{
	(void)count;
	return some(call, &args[0]);
}

/* CEL optionals: false, 0, "", empty containers, null and the empty optional are zero. */
static bool is_zero(const struct cel_value *value)
{
	switch ((int)value->kind) {
	case CEL_NULL:
		return true;
	case CEL_BOOL:
		return !value->boolean;
	case CEL_INT:
	case CEL_UINT:
		return value->unsigned_ == 0;
	case CEL_DOUBLE:
		return value->number == 0;
	case CEL_STRING:
	case CEL_BYTES:
		return value->string.len == 0;
	case CEL_LIST:
	case CEL_MAP:
		return cel_size(value) == 0;
	case CEL_DURATION:
		return value->nanos == 0;
	case CEL_OPTIONAL:
		return value->inner == NULL;
	}
	return false;
}

STD(cel_optional_of_non_zero)
{
	(void)count;
	return is_zero(&args[0]) ? none : some(call, &args[0]);
}

STD(cel_optional_none)
{
	(void)call;
	(void)args;
	(void)count;
	return none;
}

STD(cel_optional_value)
{
	(void)count;
	return args[0].inner ? *args[0].inner : FAIL(call, NONE, 0);
}

STD(cel_optional_has_value)
{
	(void)call;
	(void)count;
	return cel_of_bool(args[0].inner != NULL);
}

STD(cel_optional_or)
{
	(void)call;
	(void)count;
	return args[0].inner ? args[0] : args[1];
}

STD(cel_optional_or_value)
{
	(void)call;
	(void)count;
	return args[0].inner ? *args[0].inner : args[1];
}

STD(cel_optional_unwrap)
{
	size_t size, kept = 0;
	struct cel_value *items = copy_items(call, &args[0], &size);

	(void)count;
	if (!items)
		return cel_std_spent(call);
	for (size_t i = 0; i < size; i++)
		if (items[i].kind == CEL_OPTIONAL && items[i].inner)
			items[kept++] = *items[i].inner;
	return cel_value_list(items, kept);
}
