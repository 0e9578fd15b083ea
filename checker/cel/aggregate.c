/*
 * Lists and maps that an expression writes, [a, ?b] and {k: v, ?l: w}: their items are evaluated in
 * order, the first error stands for all, what is absent is left out.
 *
 * CEL langdef: Aggregate Literals; cel-go: optional entries.
 */
#include "cel/code.h"

#include "source/message.h"

/* What [?x] adds: the value of the optional, or nothing; false, with an error, where it is none. */
static bool open_optional(struct cel_run *run, const struct cel_code *operand,
			  struct cel_value *value)
{
	if (value->kind != CEL_OPTIONAL) {
		*value = cel_run_no_overload(run, operand->expr, value, 1);
		return false;
	}
	*value = value->inner ? *value->inner : cel_absent(NULL);
	return true;
}

const struct cel_value *cel_run_list(struct cel_run *run, const struct cel_code *code,
				     struct cel_value *tmp)
{
	const uint8_t *optional = code->expr->list.optional;
	const struct cel_code *operand = code_first(code);
	struct cel_value *items = arena_array(run->scratch, code->count, sizeof(*items));
	size_t count = 0;

	for (uint32_t i = 0; i < code->count; i++, operand = code_next(operand)) {
		struct cel_value value = cel_run_value(run, operand);

		if (cel_is_error(&value) ||
		    (optional && optional[i] && !open_optional(run, operand, &value))) {
			*tmp = value;
			return tmp;
		}
		if (value.flags & CEL_AS_OF)
			cel_holds_collapse(run);
		if (value.kind != CEL_ABSENT)
			items[count++] = value;
	}
	*tmp = cel_value_list(items, count);
	return tmp;
}

/* The map of these entries, or the error that a key is none or occurs twice. */
static struct cel_value make_map(struct cel_run *run, const struct cel_expr *expr,
				 const struct cel_value *keys, const struct cel_value *values,
				 size_t count)
{
	struct cel_value out = cel_null_value;
	size_t repeated;

	for (size_t i = 0; i < count; i++)
		if (!cel_value_is_key(&keys[i]))
			return RUN_FAIL(run, expr, keys[i].node, BAD_KEY, 1,
					slice_of(cel_kind_name(keys[i].kind)));
	if (!cel_value_map(run->scratch, keys, values, count, &out, &repeated))
		return RUN_FAIL(run, expr, keys[repeated].node, REPEATED_KEY, 1,
				cel_value_text(run->scratch, &keys[repeated], CEL_AS_WRITTEN));
	return out;
}

static struct cel_value run_map(struct cel_run *run, const struct cel_code *code)
{
	const struct cel_expr *expr = code->expr;
	struct cel_value *keys = arena_array(run->scratch, expr->map.count, sizeof(*keys));
	struct cel_value *values = arena_array(run->scratch, expr->map.count, sizeof(*values));
	const struct cel_code *operand = code_first(code);
	size_t count = 0;

	for (uint32_t i = 0; i < expr->map.count; i++, operand = code_next(operand)) {
		struct cel_value key = cel_run_value(run, operand), value;

		if (cel_is_bottom(&key))
			return key;
		operand = code_next(operand);
		value = cel_run_value(run, operand);
		if (cel_is_error(&value) || (expr->map.optional && expr->map.optional[i] &&
					     !open_optional(run, operand, &value)))
			return value;
		if (value.kind == CEL_ABSENT)
			continue;
		keys[count] = key;
		values[count++] = value;
	}
	return make_map(run, expr, keys, values, count);
}

const struct cel_value *cel_run_map(struct cel_run *run, const struct cel_code *code,
				    struct cel_value *tmp)
{
	*tmp = run_map(run, code);
	return tmp;
}
