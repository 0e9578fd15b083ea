/*
 * The static bound of a program's steps, and the warning for macros nested over the same list.
 *
 * One step a node, as the evaluator counts; the body of a fold counts as often as the type of its
 * range says that there can be items. UINT64_MAX stands for no bound: the type does not say.
 */
#include "cel/program.h"

#include "source/message.h"

struct estimate {
	const struct cel_program *program;
	struct arena *arena;
	GPtrArray *ranges; /* paths (char *) that folds around this place go through */
	GArray *warnings;  /* struct cel_fault */
};

static uint64_t cost(struct estimate *estimate, const struct cel_expr *expr);

static uint64_t add(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static uint64_t multiply(uint64_t a, uint64_t b)
{
	return b && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

/* The most items that a range can have. */
static uint64_t most_items(const struct estimate *estimate, const struct cel_expr *range)
{
	const struct cel_type *type = estimate->program->types[range->id];

	if (range->kind == EXPR_LIST)
		return range->list.count;
	if (range->kind == EXPR_MAP)
		return range->map.count;
	if (range->kind == EXPR_FOLD && range->op != FOLD_ALL)
		return most_items(estimate, range->fold.range);
	return type && type->max_size ? type->max_size : UINT64_MAX;
}

static void warn_nested(struct estimate *estimate, const struct cel_expr *expr, const char *path)
{
	struct slice text = {estimate->program->text.data + expr->fold.range->span.start,
			     expr->fold.range->span.end - expr->fold.range->span.start};
	struct cel_fault fault = {.span = expr->fold.range->span};

	for (guint i = 0; path && i < estimate->ranges->len; i++) {
		if (strcmp(estimate->ranges->pdata[i], path) != 0)
			continue;
		fault.message = phrase_make(estimate->arena, MESSAGE_CEL_NESTED_FOLD, 1, text);
		g_array_append_val(estimate->warnings, fault);
		return;
	}
}

static uint64_t cost_fold(struct estimate *estimate, const struct cel_expr *expr)
{
	const char *path = cel_facts_path(estimate->program, expr->fold.range, estimate->arena);
	uint64_t items = most_items(estimate, expr->fold.range), body = 1;

	warn_nested(estimate, expr, path);
	g_ptr_array_add(estimate->ranges, (gpointer)(uintptr_t)(path ? path : ""));
	if (!path)
		g_ptr_array_set_size(estimate->ranges, (gint)estimate->ranges->len - 1);
	if (expr->fold.filter)
		body = add(body, cost(estimate, expr->fold.filter));
	body = add(body, cost(estimate, expr->fold.body));
	if (path)
		g_ptr_array_set_size(estimate->ranges, (gint)estimate->ranges->len - 1);
	return add(cost(estimate, expr->fold.range), multiply(items, body));
}

static uint64_t cost_all(struct estimate *estimate, struct cel_expr *const *list, uint32_t count)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < count; i++)
		sum = add(sum, cost(estimate, list[i]));
	return sum;
}

static uint64_t cost(struct estimate *estimate, const struct cel_expr *expr)
{
	switch ((enum expr_kind)expr->kind) {
	case EXPR_LITERAL:
	case EXPR_IDENT:
		return 1;
	case EXPR_SELECT:
		return add(1, cost(estimate, expr->select.operand));
	case EXPR_CALL:
		return add(add(1, expr->call.target ? cost(estimate, expr->call.target) : 0),
			   cost_all(estimate, expr->call.args, expr->call.count));
	case EXPR_LIST:
		return add(1, cost_all(estimate, expr->list.items, expr->list.count));
	case EXPR_MAP:
		return add(add(1, cost_all(estimate, expr->map.keys, expr->map.count)),
			   cost_all(estimate, expr->map.values, expr->map.count));
	case EXPR_FOLD:
		return add(1, cost_fold(estimate, expr));
	case EXPR_BIND:
		return add(add(1, cost(estimate, expr->bind.init)),
			   cost(estimate, expr->bind.body));
	}
	g_assert_not_reached();
}

void cel_cost_estimate(struct cel_program *program, struct arena *arena)
{
	struct estimate estimate = {program, arena, g_ptr_array_new(),
				    g_array_new(FALSE, FALSE, sizeof(struct cel_fault))};
	struct cel_fault *warnings;

	program->cost = cost(&estimate, program->root);
	warnings = arena_array(arena, estimate.warnings->len, sizeof(*warnings));
	for (guint i = 0; i < estimate.warnings->len; i++)
		warnings[i] = g_array_index(estimate.warnings, struct cel_fault, i);
	program->warnings = warnings;
	program->warning_count = estimate.warnings->len;
	g_ptr_array_free(estimate.ranges, TRUE);
	g_array_free(estimate.warnings, TRUE);
}
