/*
 * The macros that go through a list or map. Each stops as soon as its result is known and counts a
 * step an item; all() and exists() outvote errors like && and ||, the others give the first error.
 *
 * CEL langdef: Macros; cel-go ext: two-variable comprehensions, lists.sortBy.
 */
#include "cel/code.h"
#include "cel/read.h"

#include "source/message.h"

#include <stdlib.h>

struct fold {
	struct cel_run *run;
	const struct cel_expr *expr;
	const struct cel_code *body;
	const struct cel_code *filter; /* NULL: none */
	const struct cel_value *range;
	struct cel_walk walk; /* its key and value are the variables */
	uint32_t slot;
};

/* Binds the variables to the next item: 1, 0 at the end, -1 with `error` when the budget is spent.
 */
static int next_item(struct fold *fold, struct cel_value *error)
{
	const struct cel_value **locals = fold->run->locals + fold->slot;
	bool two = fold->expr->fold.var2.data != NULL;
	bool keys = two || fold->range->kind == CEL_MAP, values = two || !keys;

	if (values && fold->range->kind == CEL_LIST && !(fold->range->flags & CEL_LAZY)) {
		if (fold->walk.index >= fold->range->count)
			return 0;
		locals[two] = &fold->range->items[fold->walk.index];
		if (two)
			fold->walk.key = cel_of_int((int64_t)fold->walk.index);
		fold->walk.index++;
	} else if (values && !two && fold->range->kind == CEL_LIST) {
		const struct cel_type *type = fold->range->type;
		const struct doc_node *node = fold->walk.index++ ? doc_next(fold->walk.node)
								 : doc_first(fold->range->node);

		fold->walk.node = node;
		if (!node)
			return 0;
		cel_read_node(&fold->walk.value, node, type ? type->params[0] : NULL);
		locals[0] = &fold->walk.value;
	} else {
		if (!cel_value_next(fold->range, &fold->walk, keys ? &fold->walk.key : NULL,
				    values ? &fold->walk.value : NULL))
			return 0;
		locals[two] = &fold->walk.value;
	}
	if (keys)
		locals[0] = &fold->walk.key;
	if (cel_run_step(fold->run, 1))
		return 1;
	*error = cel_run_budget_error(fold->run, fold->expr);
	return -1;
}

/* The value of a condition, or an error where it is no bool. */
static const struct cel_value *run_condition(struct fold *fold, const struct cel_code *condition,
					     struct cel_value *tmp)
{
	const struct cel_value *value = cel_run(fold->run, condition, tmp);

	if (value->kind == CEL_BOOL || cel_is_bottom(value))
		return value;
	*tmp = RUN_FAIL(fold->run, condition->expr, value->node, NOT_BOOL, 1,
			slice_of(cel_kind_name(value->kind)));
	return tmp;
}

/* all() looks for a false, exists() for a true. */
static void run_quantifier(struct fold *fold, bool wanted, struct cel_value *out)
{
	struct cel_value bad, tmp;
	int more;

	bad.kind = CEL_NULL;
	while ((more = next_item(fold, out)) > 0) {
		const struct cel_value *value = run_condition(fold, fold->body, &tmp);

		if ((value->kind == CEL_BOOL && value->boolean == wanted) ||
		    (value->kind == CEL_ERROR && value->fault->kind == CEL_FAULT_BUDGET)) {
			*out = *value;
			return;
		}
		if (value->kind != CEL_BOOL && bad.kind == CEL_NULL)
			bad = *value;
	}
	if (more == 0 && bad.kind == CEL_NULL)
		cel_set_bool(out, !wanted);
	else if (more == 0)
		*out = bad;
}

static void run_exists_one(struct fold *fold, struct cel_value *out)
{
	struct cel_value tmp;
	size_t count = 0;
	int more;

	while ((more = next_item(fold, out)) > 0) {
		const struct cel_value *value = run_condition(fold, fold->body, &tmp);

		if (value->kind != CEL_BOOL) {
			*out = *value;
			return;
		}
		count += value->boolean;
	}
	if (more == 0)
		cel_set_bool(out, count == 1);
}

/* Whether the filter lets the item through: 1 or 0, or -1 with `error`. */
static int passes(struct fold *fold, const struct cel_code *filter, struct cel_value *error)
{
	struct cel_value tmp;
	const struct cel_value *value;

	if (!filter)
		return 1;
	value = run_condition(fold, filter, &tmp);
	if (value->kind == CEL_BOOL)
		return value->boolean;
	*error = *value;
	return value->kind == CEL_ABSENT ? 0 : -1;
}

/* map(), transformList(), filter() */
static struct cel_value run_list_fold(struct fold *fold)
{
	bool is_filter = fold->expr->op == FOLD_FILTER;
	const struct cel_code *condition = is_filter ? fold->body : fold->filter;
	struct cel_value *items = arena_array(fold->run->scratch, cel_size(fold->range),
					      sizeof(*items));
	const struct cel_value *value;
	struct cel_value error;
	size_t count = 0;
	int more;

	while ((more = next_item(fold, &error)) > 0) {
		int pass = passes(fold, condition, &error);

		if (pass < 0)
			return error;
		if (pass == 0)
			continue;
		value = is_filter ? fold->run->locals[fold->slot]
				  : cel_run(fold->run, fold->body, &items[count]);
		if (value != &items[count])
			items[count] = *value;
		if (items[count].kind == CEL_ERROR)
			return items[count];
		if (items[count].flags & CEL_AS_OF)
			cel_holds_collapse(fold->run);
		count += items[count].kind != CEL_ABSENT;
	}
	return more < 0 ? error : cel_value_list(items, count);
}

/* Adds the entries of transformMapEntry()'s body, or the one of transformMap(). */
static bool add_entries(struct fold *fold, const struct cel_value *body, GArray *keys,
			GArray *values)
{
	struct cel_walk walk = {0};

	if (fold->expr->op == FOLD_TRANSFORM_MAP) {
		g_array_append_val(keys, fold->walk.key);
		g_array_append_val(values, *body);
		return true;
	}
	if (body->kind != CEL_MAP)
		return false;
	while (cel_next(body, &walk)) {
		g_array_append_val(keys, walk.key);
		g_array_append_val(values, walk.value);
	}
	return true;
}

static struct cel_value map_of_arrays(struct fold *fold, const GArray *keys, const GArray *values)
{
	struct arena *scratch = fold->run->scratch;
	size_t bytes = keys->len * sizeof(struct cel_value), repeated;
	struct cel_value *new_keys = arena_alloc(scratch, bytes);
	struct cel_value *new_values = arena_alloc(scratch, bytes);
	struct cel_value out = cel_null_value;

	if (bytes) {
		memcpy(new_keys, keys->data, bytes);
		memcpy(new_values, values->data, bytes);
	}
	if (!cel_value_map(scratch, new_keys, new_values, keys->len, &out, &repeated))
		return RUN_FAIL(fold->run, fold->expr, NULL, REPEATED_KEY, 1,
				cel_value_text(scratch, &new_keys[repeated], CEL_AS_WRITTEN));
	return out;
}

static struct cel_value run_map_fold(struct fold *fold)
{
	GArray *keys = g_array_new(FALSE, FALSE, sizeof(struct cel_value));
	GArray *values = g_array_new(FALSE, FALSE, sizeof(struct cel_value));
	struct cel_value result;
	int more;

	while ((more = next_item(fold, &result)) > 0) {
		int pass = passes(fold, fold->filter, &result);

		if (pass == 0)
			continue;
		if (pass > 0)
			result = cel_run_value(fold->run, fold->body);
		if (pass < 0 || result.kind == CEL_ERROR)
			goto out;
		if (result.kind != CEL_ABSENT && !add_entries(fold, &result, keys, values)) {
			result = RUN_FAIL(fold->run, fold->expr, NULL, NOT_ITERABLE, 1,
					  slice_of(cel_kind_name(result.kind)));
			goto out;
		}
	}
	if (more == 0)
		result = map_of_arrays(fold, keys, values);
out:
	g_array_free(keys, TRUE);
	g_array_free(values, TRUE);
	return result;
}

struct keyed {
	struct cel_value key;
	struct cel_value item;
	size_t index;
};

static int compare_keyed(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;
	int order = 0;

	cel_compare(&x->key, &y->key, &order);
	return order ? order : (x->index > y->index) - (x->index < y->index);
}

static struct cel_value run_sort_by(struct fold *fold)
{
	size_t size = cel_size(fold->range), count = 0;
	struct arena *scratch = fold->run->scratch;
	struct keyed *rows = arena_array(scratch, size, sizeof(*rows));
	struct cel_value *items, error;
	int more, order;

	while ((more = next_item(fold, &error)) > 0) {
		struct keyed *row = &rows[count];

		row->item = *fold->run->locals[fold->slot];
		row->index = count++;
		row->key = cel_run_value(fold->run, fold->body);
		if (row->key.kind == CEL_ERROR)
			return row->key;
		if (!cel_compare(&rows[0].key, &row->key, &order))
			return RUN_FAIL(fold->run, fold->expr->fold.body, row->key.node, ORDER, 2,
					slice_of(cel_kind_name(rows[0].key.kind)),
					slice_of(cel_kind_name(row->key.kind)));
	}
	if (more < 0)
		return error;
	qsort(rows, count, sizeof(*rows), compare_keyed);
	items = arena_array(scratch, count, sizeof(*items));
	for (size_t i = 0; i < count; i++)
		items[i] = rows[i].item;
	return cel_value_list(items, count);
}

static void run_fold(struct fold *fold, struct cel_value *out)
{
	switch ((enum fold_kind)fold->expr->op) {
	case FOLD_ALL:
		run_quantifier(fold, false, out);
		return;
	case FOLD_EXISTS:
		run_quantifier(fold, true, out);
		return;
	case FOLD_EXISTS_ONE:
		run_exists_one(fold, out);
		return;
	case FOLD_MAP:
	case FOLD_FILTER:
		*out = run_list_fold(fold);
		return;
	case FOLD_TRANSFORM_MAP:
	case FOLD_TRANSFORM_ENTRY:
		*out = run_map_fold(fold);
		return;
	case FOLD_SORT_BY:
		*out = run_sort_by(fold);
		return;
	}
}

const struct cel_value *cel_run_fold(struct cel_run *run, const struct cel_code *code,
				     struct cel_value *tmp)
{
	const struct cel_code *range = code_first(code);
	struct cel_value list;
	struct fold fold;

	fold.range = cel_run(run, range, &list);
	if (cel_is_bottom(fold.range)) {
		*tmp = *fold.range;
		return tmp;
	}
	if (fold.range->kind != CEL_LIST &&
	    (fold.range->kind != CEL_MAP || code->op == FOLD_SORT_BY)) {
		*tmp = RUN_FAIL(run, code->expr, fold.range->node, NOT_ITERABLE, 1,
				slice_of(cel_kind_name(fold.range->kind)));
		return tmp;
	}
	fold.run = run;
	fold.expr = code->expr;
	fold.body = code_next(range);
	fold.filter = code->count > 2 ? code_next(fold.body) : NULL;
	fold.slot = code->slot;
	fold.walk.index = 0;
	run_fold(&fold, tmp);
	return tmp;
}
