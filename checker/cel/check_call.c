/*
 * Checking of calls: operators with rules of their own (&&, ||, ?:, present), then overload
 * resolution for all others. The overloads that fit are tried in their order, each with fresh
 * type variables; their results are joined to dyn where they differ.
 *
 * CEL langdef: Functions, Overload resolution; cel-go checker resolveOverload.
 */
#include "cel/check.h"

enum { ARGS_MAX = 64 };

static const struct cel_type *check_logic(struct checker *checker, const struct cel_expr *expr)
{
	guint known = checker->facts.paths->len;

	for (uint32_t i = 0; i < expr->call.count; i++) {
		const struct cel_type *type = cel_check_expr(checker, expr->call.args[i]);

		if (!cel_unify_assignable(&checker->unifier, type, &cel_bool))
			cel_fault_not_bool(checker, expr->call.args[i],
					   cel_check_known(checker, type));
		cel_facts_add(&checker->facts, checker->program, expr->call.args[i],
			      expr->op == OP_AND);
	}
	g_ptr_array_set_size(checker->facts.paths, (gint)known);
	return &cel_bool;
}

static const struct cel_type *check_branch(struct checker *checker,
					   const struct cel_expr *condition,
					   const struct cel_expr *branch, bool when)
{
	guint known = checker->facts.paths->len;
	const struct cel_type *type;

	cel_facts_add(&checker->facts, checker->program, condition, when);
	type = cel_check_expr(checker, branch);
	g_ptr_array_set_size(checker->facts.paths, (gint)known);
	return type;
}

static const struct cel_type *check_conditional(struct checker *checker,
						const struct cel_expr *expr)
{
	struct cel_expr **args = expr->call.args;
	const struct cel_type *type = cel_check_expr(checker, args[0]);
	const struct cel_type *result = cel_unify_fresh(&checker->unifier);
	const struct cel_type *branches[2], *both[2] = {result, result};

	if (!cel_unify_assignable(&checker->unifier, type, &cel_bool))
		cel_fault_not_bool(checker, args[0], cel_check_known(checker, type));
	branches[0] = check_branch(checker, args[0], args[1], true);
	branches[1] = check_branch(checker, args[0], args[2], false);
	if (cel_unify_assignable_list(&checker->unifier, branches, both, 2))
		return cel_unify_substitute(&checker->unifier, result, false);
	cel_fault_no_overload(checker, expr, branches, (const struct cel_expr *const *)args + 1, 2);
	return &cel_error_type;
}

static const struct cel_type *check_present(struct checker *checker, const struct cel_expr *expr)
{
	checker->lenient++;
	cel_check_expr(checker, expr->call.args[0]);
	checker->lenient--;
	return &cel_bool;
}

/* --- vocabulary("name"), table("name") */

static const struct cel_type *check_named(struct checker *checker, const struct cel_expr *expr,
					  bool is_table)
{
	const struct cel_expr *arg = expr->call.args[0];
	const struct named_value *row;
	struct ref *ref = check_ref(checker, expr);

	cel_check_expr(checker, arg);
	if (arg->kind != EXPR_LITERAL || arg->literal.kind != CEL_STRING) {
		cel_fault_not_literal(checker, arg, expr->call.name);
		return &cel_error_type;
	}
	row = is_table ? cel_env_find_table(checker->env, arg->literal.string)
		       : cel_env_find_vocabulary(checker->env, arg->literal.string);
	if (!row) {
		cel_fault_unknown_row(checker, arg, arg->literal.string, is_table);
		return &cel_error_type;
	}
	ref->kind = REF_CONSTANT;
	ref->constant = row->value;
	return row->type;
}

/* --- Functions */

/* Functions whose arguments may be absent: an open bound. */
static bool takes_absent(struct slice name)
{
	return slice_equal(name, SLICE("earliest")) || slice_equal(name, SLICE("latest")) ||
	       slice_equal(name, SLICE("surely_before"));
}

/* The overloads of the function that a call names, and whether the target is part of its name. */
static GPtrArray *find_overloads(struct checker *checker, const struct cel_expr *expr,
				 bool *no_target)
{
	GPtrArray *found = g_ptr_array_new();
	struct slice candidate, name = expr->call.name;
	bool rooted = expr->flags & EXPR_ROOTED;

	*no_target = false;
	if (expr->call.target) {
		name = cel_check_qualified(checker, expr->call.target);
		if (name.data)
			name = slice_of(arena_printf(checker->arena, "%.*s.%.*s", (int)name.len,
						     name.data, (int)expr->call.name.len,
						     expr->call.name.data));
	}
	for (unsigned i = 0; name.data && !found->len &&
			     (candidate = cel_check_candidate(checker, name, rooted, i)).data;
	     i++)
		cel_env_find_overloads(checker->env, candidate, found);
	*no_target = found->len && expr->call.target;
	if (!found->len && expr->call.target)
		cel_env_find_overloads(checker->env, expr->call.name, found);
	return found;
}

/* Keeps the overloads of one style and number of arguments, for the evaluator. */
static void keep_overloads(struct checker *checker, struct ref *ref, GPtrArray *found, bool method,
			   size_t count)
{
	const struct overload **kept = arena_array(checker->arena, found->len, sizeof(*kept));

	for (guint i = 0; i < found->len; i++) {
		const struct overload *overload = found->pdata[i];

		if ((overload->decl.style == CEL_METHOD) == method &&
		    overload->decl.param_count == count)
			kept[ref->overload_count++] = overload;
	}
	ref->kind = REF_FUNCTION;
	ref->overloads = kept;
}

/* cel-go resolveOverload; NULL: none fits. */
static const struct cel_type *resolve(struct checker *checker, struct ref *ref,
				      const struct cel_type *const *types, size_t count)
{
	const struct cel_type *result = NULL, *params[ARGS_MAX], *given;

	for (uint16_t i = 0; i < ref->overload_count; i++) {
		cel_unify_instantiate(&checker->unifier, &ref->overloads[i]->decl, params, &given);
		if (!cel_unify_assignable_list(&checker->unifier, types, params, count))
			continue;
		given = cel_unify_substitute(&checker->unifier, given, false);
		if (!result) {
			result = given;
			ref->chosen = i;
		} else if (result->kind != CEL_T_DYN && !cel_type_equal(result, given)) {
			result = &cel_dyn;
		}
	}
	return result;
}

/* For the evaluator: which kinds of values each overload takes; one that is not there takes none.
 */
static void keep_kinds(struct checker *checker, struct ref *ref, size_t count)
{
	struct kinds *kinds;

	if (count > G_N_ELEMENTS(kinds->of) || !count)
		return;
	kinds = arena_array(checker->arena, ref->overload_count, sizeof(*kinds));
	for (uint16_t i = 0; i < ref->overload_count; i++)
		for (size_t j = 0; j < count && ref->overloads[i]->decl.call; j++)
			kinds[i].of[j] = cel_value_kinds(ref->overloads[i]->decl.params[j]) &
					 ~(1U << CEL_ABSENT | 1U << CEL_NULL);
	ref->kinds = kinds;
}

static void compile_pattern(struct checker *checker, const struct cel_expr *expr,
			    const struct cel_expr *pattern)
{
	struct regex_error error = {0};
	struct regex *regex;

	if (pattern->kind != EXPR_LITERAL || pattern->literal.kind != CEL_STRING)
		return;
	regex = regex_compile(pattern->literal.string, REGEX_RE2, &error);
	if (!regex) {
		if (checker->mode != CEL_UNCHECKED)
			cel_fault_bad_pattern(checker, pattern, &error);
		return;
	}
	g_ptr_array_add(checker->env->regexes, regex);
	check_ref(checker, expr)->regex = regex;
}

/* In strict modes: values that an enum beside them does not have. */
static void check_enums(struct checker *checker, const struct cel_expr *expr,
			const struct cel_expr *const *args, const struct cel_type *const *types)
{
	if (!check_is_strict(checker))
		return;
	if (expr->op == OP_EQUAL || expr->op == OP_NOT_EQUAL) {
		cel_check_enum(checker, args[0], types[1]);
		cel_check_enum(checker, args[1], types[0]);
	} else if (expr->op == OP_IN && types[1]->kind == CEL_T_LIST) {
		cel_check_enum(checker, args[0], types[1]->params[0]);
		for (uint32_t i = 0; args[1]->kind == EXPR_LIST && i < args[1]->list.count; i++)
			cel_check_enum(checker, args[1]->list.items[i], types[0]);
	}
}

/* An index of an object by a literal is a select; of another kind it is dyn. */
static const struct cel_type *check_object_index(struct checker *checker,
						 const struct cel_expr *expr,
						 const struct cel_type *object)
{
	const struct cel_expr *key = expr->call.args[1];
	const struct cel_type *type = &cel_dyn;

	if (key->kind == EXPR_LITERAL && key->literal.kind == CEL_STRING)
		type = cel_check_member(checker, expr, object, key->literal.string);
	return expr->op == OP_OPT_INDEX && type->kind != CEL_T_ERROR
		       ? cel_type_optional(checker->arena, type)
		       : type;
}

static const struct cel_type *check_function(struct checker *checker, const struct cel_expr *expr)
{
	struct ref *ref = check_ref(checker, expr);
	const struct cel_expr *args[ARGS_MAX];
	const struct cel_type *types[ARGS_MAX], *result;
	size_t count = 0;
	bool absent = !expr->call.target && takes_absent(expr->call.name);
	GPtrArray *found = find_overloads(checker, expr, &ref->no_target);
	bool method = expr->call.target && !ref->no_target, bad = false;

	if (!found->len) { /* its arguments may be those of a macro: names that nobody declared */
		g_ptr_array_free(found, TRUE);
		ref->kind = REF_UNKNOWN;
		cel_fault_unknown_function(checker, expr, expr->call.name);
		return &cel_error_type;
	}
	if (method)
		args[count++] = expr->call.target;
	for (uint32_t i = 0; i < expr->call.count && count < ARGS_MAX; i++)
		args[count++] = expr->call.args[i];
	checker->lenient += absent;
	for (size_t i = 0; i < count; i++) {
		types[i] = cel_unify_substitute(&checker->unifier, cel_check_expr(checker, args[i]),
						false);
		bad |= types[i]->kind == CEL_T_ERROR;
	}
	checker->lenient -= absent;
	ref->lenient = checker->lenient || checker->mode == CEL_LENIENT;
	keep_overloads(checker, ref, found, method, count);
	keep_kinds(checker, ref, count);
	g_ptr_array_free(found, TRUE);
	if (expr->op == OP_INDEX || expr->op == OP_OPT_INDEX) {
		const struct cel_type *object = cel_check_known(checker, types[0]);

		if (object->kind == CEL_T_OBJECT)
			return check_object_index(checker, expr, object);
	}
	result = resolve(checker, ref, types, count);
	if (!result) {
		if (!bad)
			cel_fault_no_overload(checker, expr, types, args, count);
		return &cel_error_type;
	}
	check_enums(checker, expr, args, types);
	if (slice_equal(expr->call.name, SLICE("matches")) && count == 2)
		compile_pattern(checker, expr, args[1]);
	return result;
}

const struct cel_type *cel_check_call(struct checker *checker, const struct cel_expr *expr)
{
	bool one = !expr->call.target && expr->call.count == 1;

	switch ((int)expr->op) {
	case OP_AND:
	case OP_OR:
		return check_logic(checker, expr);
	case OP_CONDITIONAL:
		return check_conditional(checker, expr);
	case OP_PRESENT:
		return check_present(checker, expr);
	}
	if (one && slice_equal(expr->call.name, SLICE("vocabulary")))
		return check_named(checker, expr, false);
	if (one && slice_equal(expr->call.name, SLICE("table")))
		return check_named(checker, expr, true);
	return check_function(checker, expr);
}
