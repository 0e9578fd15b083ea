/*
 * Finds the selects that are plain chains of fields over a variable (struct cel_path). They are
 * what most of an expression is, and followed in one go they cost a third.
 *
 * The type by which each step is read must be the one that the checker saw, or dyn throughout: a
 * value that is read otherwise when it runs makes the evaluator go step by step.
 */
#include "cel/std.h"

enum { STEPS_MAX = 16 };

static const struct cel_type *plain(const struct cel_type *type)
{
	while (type && type->kind == CEL_T_NULLABLE)
		type = type->params[0];
	return type;
}

/* How a value of this static type is read from a node, where it is a map. */
static const struct cel_type *reading(const struct cel_type *type)
{
	type = plain(type);
	return type && (type->kind == CEL_T_OBJECT || type->kind == CEL_T_MAP) ? type : NULL;
}

/* How a field of a value is read; false: that is known only when it runs. */
static bool field_type(const struct ref *ref, const struct cel_type *operand,
		       const struct cel_type **out)
{
	operand = reading(operand);
	if (!operand)
		*out = NULL;
	else if (operand->kind == CEL_T_MAP)
		*out = operand->params[1];
	else if (operand == ref->object)
		*out = ref->field ? ref->field->type : operand->rest;
	else
		return false;
	return true;
}

static const struct cel_path *find_path(const struct cel_program *program,
					const struct cel_expr *expr, struct arena *arena)
{
	const struct cel_expr *chain[STEPS_MAX];
	const struct cel_type *type;
	struct cel_path *path;
	uint32_t count = 0, *symbols;

	for (; expr->kind == EXPR_SELECT && !expr->flags; expr = expr->select.operand) {
		const struct ref *ref = &program->refs[expr->id];

		if (count == STEPS_MAX || ref->kind != REF_NONE || !ref->symbol)
			return NULL;
		chain[count++] = expr;
	}
	if (expr->kind != EXPR_IDENT || !count ||
	    (program->refs[expr->id].kind != REF_LOCAL &&
	     program->refs[expr->id].kind != REF_VARIABLE))
		return NULL;
	path = arena_new(arena, struct cel_path);
	path->symbols = symbols = arena_array(arena, count, sizeof(*symbols));
	path->is_local = program->refs[expr->id].kind == REF_LOCAL;
	path->slot = program->refs[expr->id].slot;
	path->count = count;
	path->is_lenient = true;
	type = program->types[expr->id];
	path->root = reading(type);
	for (uint32_t i = 0; i < count; i++) {
		const struct ref *ref = &program->refs[chain[count - 1 - i]->id];

		symbols[i] = ref->symbol;
		path->is_lenient &= ref->lenient;
		if (!field_type(ref, type, &type))
			return NULL;
	}
	path->type = type;
	return path;
}

/* Whether a call gives the same for the same arguments, always. */
static bool is_conversion(const struct overload *overload)
{
	static cel_function *const conversions[] = {
		cel_timestamp_of_string, cel_timestamp_of_int, cel_duration_of_string,
		cel_date_earliest_of,    cel_date_latest_of,   cel_span_days,
		cel_span_months,         cel_span_years,       cel_version_of,
		cel_quantity_of,
	};

	for (size_t i = 0; i < G_N_ELEMENTS(conversions); i++)
		if (overload->decl.call == conversions[i])
			return true;
	return false;
}

/* A conversion of literals becomes its value; one that fails stays, to fail when it runs. */
static void convert(struct cel_program *program, const struct cel_expr *expr, struct arena *arena)
{
	struct ref *ref = &program->refs[expr->id];
	struct cel_activation activation;
	struct cel_run run = {program, &activation, arena, 1000, NULL};
	struct cel_value value;

	if (ref->kind != REF_FUNCTION || expr->call.target || !ref->overload_count ||
	    !is_conversion(ref->overloads[ref->chosen]))
		return;
	for (uint32_t i = 0; i < expr->call.count; i++)
		if (expr->call.args[i]->kind != EXPR_LITERAL)
			return;
	cel_activation_init(&activation, NULL, 0);
	value = cel_run_expr(&run, expr);
	if (value.kind == CEL_ERROR)
		return;
	ref->kind = REF_CONSTANT;
	ref->constant = value;
}

static void visit(struct cel_program *program, const struct cel_expr *expr, struct arena *arena)
{
	if (!expr)
		return;
	switch ((enum expr_kind)expr->kind) {
	case EXPR_LITERAL:
	case EXPR_IDENT:
		return;
	case EXPR_SELECT:
		program->refs[expr->id].path = find_path(program, expr, arena);
		if (!program->refs[expr->id].path)
			visit(program, expr->select.operand, arena);
		return;
	case EXPR_CALL:
		if (!program->refs[expr->id].no_target)
			visit(program, expr->call.target, arena);
		for (uint32_t i = 0; i < expr->call.count; i++)
			visit(program, expr->call.args[i], arena);
		convert(program, expr, arena);
		return;
	case EXPR_LIST:
		for (uint32_t i = 0; i < expr->list.count; i++)
			visit(program, expr->list.items[i], arena);
		return;
	case EXPR_MAP:
		for (uint32_t i = 0; i < expr->map.count; i++) {
			visit(program, expr->map.keys[i], arena);
			visit(program, expr->map.values[i], arena);
		}
		return;
	case EXPR_FOLD:
		visit(program, expr->fold.range, arena);
		visit(program, expr->fold.filter, arena);
		visit(program, expr->fold.body, arena);
		return;
	case EXPR_BIND:
		visit(program, expr->bind.init, arena);
		visit(program, expr->bind.body, arena);
		return;
	}
}

void cel_prepare(struct cel_program *program, struct arena *arena)
{
	visit(program, program->root, arena);
}
