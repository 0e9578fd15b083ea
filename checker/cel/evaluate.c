/*
 * The evaluator: a walk over the checked tree.
 *
 * Errors are values: a function of an error gives that error, && and || may outvote one, whichever
 * side it stands on. What is absent (a lenient read) travels the same way, as CEL_ABSENT. Every node
 * and every item of a loop costs a step of the budget, so no expression runs long. Scalars live in
 * the returned struct: nothing is allocated for them.
 *
 * CEL langdef: Evaluation, Logical Operators, Runtime Errors.
 */
#include "cel/program.h"

enum { ARGS_ON_STACK = 4 };

static bool is_error(const struct cel_value *value)
{
	return value->kind == CEL_ERROR;
}

/* An error, or nothing there: what a strict function gives back as it is. */
static bool is_bottom(const struct cel_value *value)
{
	return value->kind == CEL_ERROR || value->kind == CEL_ABSENT;
}

struct cel_value cel_run_fail(struct cel_run *run, const struct cel_expr *expr, struct phrase message,
			  const struct doc_node *node)
{
	return cel_value_error(run->scratch, expr->at, message, node);
}

bool cel_run_step(struct cel_run *run, uint64_t steps)
{
	if (run->steps_left < steps) {
		run->steps_left = 0;
		return false;
	}
	run->steps_left -= steps;
	return true;
}

struct cel_value cel_run_budget_error(struct cel_run *run, const struct cel_expr *expr)
{
	struct cel_value error = RUN_FAIL(run, expr, NULL, BUDGET, 0);

	((struct cel_fault *)(uintptr_t)error.fault)->kind = CEL_FAULT_BUDGET;
	return error;
}

static bool is_budget(const struct cel_value *value)
{
	return value->kind == CEL_ERROR && value->fault->kind == CEL_FAULT_BUDGET;
}

static struct slice shown(struct cel_run *run, const struct cel_value *value)
{
	return cel_value_text(run->scratch, value, CEL_LITERAL);
}

static struct slice kind_text(const struct cel_value *value)
{
	return slice_of(cel_kind_name(value->kind));
}

static struct cel_value of_optional(struct cel_run *run, const struct cel_value *value)
{
	struct cel_value out = {.kind = CEL_OPTIONAL, .node = value ? value->node : NULL};
	struct cel_value *inner;

	if (value) {
		inner = arena_new(run->scratch, struct cel_value);
		*inner = *value;
		out.inner = inner;
	}
	return out;
}

/* --- Names and fields */

static struct cel_value run_variable(struct cel_run *run, const struct cel_expr *expr,
				     const struct ref *ref)
{
	const struct cel_activation *activation = run->activation;

	if (ref->slot < activation->variable_count &&
	    activation->variables[ref->slot].kind != CEL_ABSENT)
		return activation->variables[ref->slot];
	if (ref->lenient || run->program->mode == CEL_LENIENT)
		return cel_absent(NULL);
	return RUN_FAIL(run, expr, NULL, ABSENT, 1,
			cel_env_variable_name(run->program->env, ref->slot));
}

static struct cel_value run_ident(struct cel_run *run, const struct cel_expr *expr)
{
	const struct ref *ref = &run->program->refs[expr->id];

	switch ((int)ref->kind) {
	case REF_LOCAL:
		return run->locals[ref->slot];
	case REF_VARIABLE:
		return run_variable(run, expr, ref);
	case REF_CONSTANT:
		return ref->constant;
	}
	return RUN_FAIL(run, expr, NULL, UNKNOWN_NAME, 1, expr->name);
}

enum found {
	FOUND,
	FOUND_NOT,   /* a map without that key, a list without that item */
	FOUND_ERROR, /* `out` is it */
};

static enum found find_field(struct cel_run *run, const struct cel_expr *expr,
			     const struct cel_value *operand, struct cel_value *out)
{
	const struct ref *ref = &run->program->refs[expr->id];

	if (operand->kind != CEL_MAP) {
		*out = RUN_FAIL(run, expr, operand->node, NO_FIELDS, 1, kind_text(operand));
		return FOUND_ERROR;
	}
	return cel_value_member(operand, expr->select.field, ref, out) ? FOUND : FOUND_NOT;
}

/* has(a.b), also through an optional. */
static struct cel_value run_test(struct cel_run *run, const struct cel_expr *expr,
				 struct cel_value operand)
{
	struct cel_value out;
	enum found found;

	if (operand.kind == CEL_ABSENT)
		return cel_of_bool(false);
	if (operand.kind == CEL_OPTIONAL) {
		if (!operand.inner)
			return cel_of_bool(false);
		operand = *operand.inner;
	}
	found = find_field(run, expr, &operand, &out);
	return found == FOUND_ERROR ? out : cel_of_bool(found == FOUND);
}

/* a.?b, a[?b], and either behind one: an optional of what was found. */
static struct cel_value as_optional(struct cel_run *run, enum found found, struct cel_value value)
{
	if (found == FOUND_ERROR)
		return value;
	return of_optional(run, found == FOUND && value.kind != CEL_ABSENT ? &value : NULL);
}

static struct cel_value missing_field(struct cel_run *run, const struct cel_expr *expr,
				      const struct cel_value *operand)
{
	if (run->program->refs[expr->id].lenient)
		return cel_absent(operand->node);
	return RUN_FAIL(run, expr, operand->node, NO_KEY, 1, expr->select.field);
}

static struct cel_value run_select(struct cel_run *run, const struct cel_expr *expr)
{
	const struct ref *ref = &run->program->refs[expr->id];
	struct cel_value operand, out = cel_null_value;
	enum found found;

	if (ref->kind == REF_VARIABLE)
		return run_variable(run, expr, ref);
	if (ref->kind == REF_CONSTANT)
		return ref->constant;
	operand = cel_run_expr(run, expr->select.operand);
	if (is_error(&operand))
		return operand;
	if (expr->flags & EXPR_TEST)
		return run_test(run, expr, operand);
	if (operand.kind == CEL_ABSENT)
		return expr->flags & EXPR_OPTIONAL ? of_optional(run, NULL) : operand;
	if (operand.kind == CEL_OPTIONAL) {
		if (!operand.inner)
			return operand;
		operand = *operand.inner;
		return as_optional(run, find_field(run, expr, &operand, &out), out);
	}
	if (expr->flags & EXPR_OPTIONAL)
		return as_optional(run, find_field(run, expr, &operand, &out), out);
	if (ref->lenient && operand.kind == CEL_NULL)
		return cel_absent(operand.node);
	found = find_field(run, expr, &operand, &out);
	return found == FOUND_NOT ? missing_field(run, expr, &operand) : out;
}

/* --- Index */

/* CEL langdef: a list index may be a whole double or a uint. */
static bool list_index(const struct cel_value *key, int64_t *out)
{
	switch ((int)key->kind) {
	case CEL_INT:
		*out = key->integer;
		return true;
	case CEL_UINT:
		*out = key->unsigned_ > INT64_MAX ? INT64_MAX : (int64_t)key->unsigned_;
		return true;
	case CEL_DOUBLE:
		if (!(key->number >= -9e15 && key->number <= 9e15) ||
		    key->number != (double)(int64_t)key->number)
			return false;
		*out = (int64_t)key->number;
		return true;
	}
	return false;
}

static enum found find_index(struct cel_run *run, const struct cel_expr *expr,
			     const struct cel_value *operand, const struct cel_value *key,
			     struct cel_value *out)
{
	int64_t index;

	if (operand->kind == CEL_MAP)
		return cel_get(operand, key, out) ? FOUND : FOUND_NOT;
	if (operand->kind != CEL_LIST) {
		*out = RUN_FAIL(run, expr, operand->node, NO_OVERLOAD, 2, SLICE("[]"),
				kind_text(operand));
		return FOUND_ERROR;
	}
	if (!list_index(key, &index)) {
		*out = RUN_FAIL(run, expr, operand->node, BAD_INDEX, 1, shown(run, key));
		return FOUND_ERROR;
	}
	if (index < 0 || (uint64_t)index >= cel_size(operand))
		return FOUND_NOT;
	*out = cel_item(operand, (size_t)index);
	return FOUND;
}

static struct cel_value missing_index(struct cel_run *run, const struct cel_expr *expr,
				      const struct cel_value *operand, const struct cel_value *key)
{
	if (run->program->refs[expr->id].lenient)
		return cel_absent(operand->node);
	if (operand->kind == CEL_MAP)
		return RUN_FAIL(run, expr, operand->node, NO_KEY, 1,
				cel_value_text(run->scratch, key, CEL_AS_WRITTEN));
	return RUN_FAIL(run, expr, operand->node, INDEX, 1, shown(run, key));
}

static struct cel_value run_index(struct cel_run *run, const struct cel_expr *expr)
{
	struct cel_value operand = cel_run_expr(run, expr->call.args[0]);
	struct cel_value key, out = cel_null_value;
	bool optional = expr->op == OP_OPT_INDEX;
	enum found found;

	if (is_error(&operand))
		return operand;
	key = cel_run_expr(run, expr->call.args[1]);
	if (is_error(&key))
		return key;
	if (operand.kind == CEL_ABSENT || key.kind == CEL_ABSENT)
		return optional ? of_optional(run, NULL) : cel_absent(operand.node);
	if (operand.kind == CEL_OPTIONAL) {
		if (!operand.inner)
			return operand;
		operand = *operand.inner;
		optional = true;
	}
	found = find_index(run, expr, &operand, &key, &out);
	if (optional)
		return as_optional(run, found, out);
	return found == FOUND_NOT ? missing_index(run, expr, &operand, &key) : out;
}

/* --- Logic */

static struct cel_value cel_not_bool(struct cel_run *run, const struct cel_expr *expr,
				 const struct cel_value *value)
{
	return RUN_FAIL(run, expr, value->node, NOT_BOOL, 1, kind_text(value));
}

/* CEL langdef: Logical Operators. An error counts only where no operand decides. */
static struct cel_value run_logic(struct cel_run *run, const struct cel_expr *expr)
{
	bool decides = expr->op == OP_OR;
	struct cel_value bad = {.kind = CEL_NULL};

	for (uint32_t i = 0; i < expr->call.count; i++) {
		struct cel_value value = cel_run_expr(run, expr->call.args[i]);

		if (value.kind == CEL_BOOL) {
			if (value.boolean == decides)
				return value;
		} else if (is_budget(&value)) {
			return value;
		} else if (bad.kind == CEL_NULL || (bad.kind == CEL_ABSENT && is_error(&value))) {
			bad = is_bottom(&value) ? value
						: cel_not_bool(run, expr->call.args[i], &value);
		}
	}
	return bad.kind == CEL_NULL ? cel_of_bool(!decides) : bad;
}

static struct cel_value run_conditional(struct cel_run *run, const struct cel_expr *expr)
{
	struct cel_value condition = cel_run_expr(run, expr->call.args[0]);

	if (is_bottom(&condition))
		return condition;
	if (condition.kind != CEL_BOOL)
		return cel_not_bool(run, expr->call.args[0], &condition);
	return cel_run_expr(run, expr->call.args[condition.boolean ? 1 : 2]);
}

/* DESIGN.md section 5: the whole path is there, and not null. */
static struct cel_value run_present(struct cel_run *run, const struct cel_expr *expr)
{
	struct cel_value value = cel_run_expr(run, expr->call.args[0]);

	if (is_error(&value))
		return value;
	if (value.kind == CEL_OPTIONAL)
		return cel_of_bool(value.inner && value.inner->kind != CEL_NULL);
	return cel_of_bool(value.kind != CEL_ABSENT && value.kind != CEL_NULL);
}

/* --- Comparison */

static bool is_number(const struct cel_value *value)
{
	return value->kind == CEL_INT || value->kind == CEL_UINT || value->kind == CEL_DOUBLE;
}

/* NaN is neither less nor more than anything, and no error. */
static bool ordered(enum expr_op op, int order)
{
	switch ((int)op) {
	case OP_LESS: return order < 0;
	case OP_LESS_EQUAL: return order <= 0;
	case OP_GREATER: return order > 0;
	}
	return order >= 0;
}

static struct cel_value no_overload(struct cel_run *run, const struct cel_expr *expr,
				    const struct cel_value *args, size_t count)
{
	GString *text = g_string_new(NULL);
	struct slice given;

	for (size_t i = 0; i < count; i++)
		g_string_append_printf(text, "%s%s", i ? ", " : "", cel_kind_name(args[i].kind));
	given = (struct slice){arena_dup(run->scratch, text->str, text->len), text->len};
	g_string_free(text, TRUE);
	return RUN_FAIL(run, expr, count ? args[0].node : NULL, NO_OVERLOAD, 2, expr->call.name,
			given);
}

static struct cel_value run_in(struct cel_run *run, const struct cel_expr *expr,
			       const struct cel_value *item, const struct cel_value *container)
{
	struct cel_walk walk = {0};
	struct cel_value found;

	if (container->kind == CEL_MAP)
		return cel_of_bool(cel_get(container, item, &found));
	if (container->kind != CEL_LIST)
		return no_overload(run, expr, container, 1);
	if (!cel_run_step(run, cel_size(container)))
		return cel_run_budget_error(run, expr);
	while (cel_next(container, &walk))
		if (cel_equal(item, &walk.value))
			return cel_of_bool(true);
	return cel_of_bool(false);
}

static struct cel_value run_compare(struct cel_run *run, const struct cel_expr *expr)
{
	struct cel_value args[2];
	int order;

	for (int i = 0; i < 2; i++) {
		args[i] = cel_run_expr(run, expr->call.args[i]);
		if (is_error(&args[i]))
			return args[i];
	}
	for (int i = 0; i < 2; i++)
		if (args[i].kind == CEL_ABSENT)
			return args[i];
	if (expr->op == OP_IN)
		return run_in(run, expr, &args[0], &args[1]);
	if ((args[0].flags | args[1].flags) & CEL_AS_OF)
		cel_holds_compare(run, expr->op, &args[0], &args[1]);
	if (expr->op == OP_EQUAL || expr->op == OP_NOT_EQUAL) {
		if (!cel_run_step(run, cel_size(&args[0])))
			return cel_run_budget_error(run, expr);
		return cel_of_bool(cel_equal(&args[0], &args[1]) == (expr->op == OP_EQUAL));
	}
	if (cel_compare(&args[0], &args[1], &order))
		return cel_of_bool(ordered(expr->op, order));
	if (is_number(&args[0]) && is_number(&args[1]))
		return cel_of_bool(false);
	return no_overload(run, expr, args, 2);
}

/* --- Functions */

static bool fits(const struct overload *overload, const struct cel_value *args, size_t count)
{
	bool open = cel_stdlib_takes_absent(overload); /* absent and null are open bounds there */

	for (size_t i = 0; i < count; i++)
		if (!(open && (args[i].kind == CEL_ABSENT || args[i].kind == CEL_NULL)) &&
		    !cel_value_fits(&args[i], overload->decl.params[i]))
			return false;
	return overload->decl.call != NULL;
}

static const struct overload *dispatch(const struct ref *ref, const struct cel_value *args,
				       size_t count)
{
	if (ref->overload_count && fits(ref->overloads[ref->chosen], args, count))
		return ref->overloads[ref->chosen];
	for (uint16_t i = 0; i < ref->overload_count; i++)
		if (fits(ref->overloads[i], args, count))
			return ref->overloads[i];
	return NULL;
}

/* What a strict function gives without being called: an error, or that something is absent. */
static const struct cel_value *find_bottom(const struct overload *const *overloads,
					   const struct cel_value *args, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_error(&args[i]))
			return &args[i];
	for (size_t i = 0; i < count; i++)
		if (args[i].kind == CEL_ABSENT && !(overloads && cel_stdlib_takes_absent(overloads[0])))
			return &args[i];
	return NULL;
}

static struct cel_value run_function(struct cel_run *run, const struct cel_expr *expr)
{
	const struct ref *ref = &run->program->refs[expr->id];
	struct cel_value on_stack[ARGS_ON_STACK], *args = on_stack;
	const struct cel_expr *target = ref->no_target ? NULL : expr->call.target;
	size_t count = 0, all = expr->call.count + (target != NULL);
	const struct overload *overload;
	const struct cel_value *bottom;

	if (ref->kind == REF_CONSTANT)
		return ref->constant;
	if (ref->kind != REF_FUNCTION)
		return RUN_FAIL(run, expr, NULL, UNBOUND, 1, expr->call.name);
	if (all > ARGS_ON_STACK)
		args = arena_array(run->scratch, all, sizeof(*args));
	if (target)
		args[count++] = cel_run_expr(run, target);
	for (uint32_t i = 0; i < expr->call.count; i++)
		args[count++] = cel_run_expr(run, expr->call.args[i]);
	bottom = find_bottom(ref->overload_count ? ref->overloads : NULL, args, count);
	if (bottom)
		return *bottom;
	overload = dispatch(ref, args, count);
	if (!overload)
		return no_overload(run, expr, args, count);
	cel_holds_arguments(run, overload, args, count);
	return overload->decl.call(
		&(struct cel_call){.scratch = run->scratch,
				   .context = run->activation->context,
				   .span = expr->at,
				   .run = run,
				   .regex = ref->regex},
		args, count);
}

/* --- Lists and maps */

static struct cel_value run_list(struct cel_run *run, const struct cel_expr *expr)
{
	struct cel_value *items = arena_array(run->scratch, expr->list.count, sizeof(*items));
	size_t count = 0;

	for (uint32_t i = 0; i < expr->list.count; i++) {
		struct cel_value value = cel_run_expr(run, expr->list.items[i]);

		if (is_error(&value))
			return value;
		if (expr->list.optional && expr->list.optional[i]) {
			if (value.kind != CEL_OPTIONAL)
				return no_overload(run, expr->list.items[i], &value, 1);
			value = value.inner ? *value.inner : cel_absent(NULL);
		}
		if (value.flags & CEL_AS_OF)
			cel_holds_collapse(run);
		if (value.kind != CEL_ABSENT)
			items[count++] = value;
	}
	return cel_value_list(items, count);
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
			return RUN_FAIL(run, expr, keys[i].node, BAD_KEY, 1, kind_text(&keys[i]));
	if (!cel_value_map(run->scratch, keys, values, count, &out, &repeated))
		return RUN_FAIL(run, expr, keys[repeated].node, REPEATED_KEY, 1,
				cel_value_text(run->scratch, &keys[repeated], CEL_AS_WRITTEN));
	return out;
}

static struct cel_value run_map(struct cel_run *run, const struct cel_expr *expr)
{
	struct cel_value *keys = arena_array(run->scratch, expr->map.count, sizeof(*keys));
	struct cel_value *values = arena_array(run->scratch, expr->map.count, sizeof(*values));
	size_t count = 0;

	for (uint32_t i = 0; i < expr->map.count; i++) {
		struct cel_value key = cel_run_expr(run, expr->map.keys[i]), value;

		if (is_bottom(&key))
			return key;
		value = cel_run_expr(run, expr->map.values[i]);
		if (is_error(&value))
			return value;
		if (expr->map.optional && expr->map.optional[i]) {
			if (value.kind != CEL_OPTIONAL)
				return no_overload(run, expr->map.values[i], &value, 1);
			value = value.inner ? *value.inner : cel_absent(NULL);
		}
		if (value.kind == CEL_ABSENT)
			continue;
		keys[count] = key;
		values[count++] = value;
	}
	return make_map(run, expr, keys, values, count);
}

/* --- Macros */

static struct cel_value run_bind(struct cel_run *run, const struct cel_expr *expr)
{
	const struct ref *ref = &run->program->refs[expr->id];
	struct cel_value init = cel_run_expr(run, expr->bind.init), body;

	if (expr->op == BIND_LET) {
		run->locals[ref->slot] = init;
		return cel_run_expr(run, expr->bind.body);
	}
	if (is_bottom(&init))
		return init;
	if (init.kind != CEL_OPTIONAL)
		return no_overload(run, expr->bind.init, &init, 1);
	if (!init.inner)
		return init;
	run->locals[ref->slot] = *init.inner;
	body = cel_run_expr(run, expr->bind.body);
	return expr->op == BIND_OPT_MAP && !is_bottom(&body) ? of_optional(run, &body) : body;
}

static struct cel_value run_expr_kind(struct cel_run *run, const struct cel_expr *expr)
{
	switch ((enum expr_kind)expr->kind) {
	case EXPR_LITERAL:
		return expr->literal;
	case EXPR_IDENT:
		return run_ident(run, expr);
	case EXPR_SELECT:
		return run_select(run, expr);
	case EXPR_LIST:
		return run_list(run, expr);
	case EXPR_MAP:
		return run_map(run, expr);
	case EXPR_FOLD:
		return cel_run_fold(run, expr);
	case EXPR_BIND:
		return run_bind(run, expr);
	case EXPR_CALL:
		break;
	}
	switch ((enum expr_op)expr->op) {
	case OP_AND:
	case OP_OR:
		return run_logic(run, expr);
	case OP_CONDITIONAL:
		return run_conditional(run, expr);
	case OP_PRESENT:
		return run_present(run, expr);
	case OP_INDEX:
	case OP_OPT_INDEX:
		return run_index(run, expr);
	case OP_EQUAL:
	case OP_NOT_EQUAL:
	case OP_LESS:
	case OP_LESS_EQUAL:
	case OP_GREATER:
	case OP_GREATER_EQUAL:
	case OP_IN:
		return run_compare(run, expr);
	case OP_NAMED:
	case OP_NOT:
	case OP_ADD:
	case OP_SUBTRACT:
	case OP_MULTIPLY:
	case OP_DIVIDE:
	case OP_MODULO:
	case OP_NEGATE:
		return run_function(run, expr);
	}
	g_assert_not_reached();
}

struct cel_value cel_run_expr(struct cel_run *run, const struct cel_expr *expr)
{
	if (!cel_run_step(run, 1))
		return cel_run_budget_error(run, expr);
	return run_expr_kind(run, expr);
}

void cel_activation_init(struct cel_activation *activation, const struct cel_value *variables,
			 size_t count)
{
	*activation = (struct cel_activation){
		.variables = variables,
		.variable_count = count,
		.holds_from = DAY_OPEN_START,
		.holds_until = DAY_OPEN_END,
	};
}

struct cel_value cel_evaluate(const struct cel_program *program, struct cel_activation *activation,
			      struct arena *scratch)
{
	uint64_t budget = activation->budget ? activation->budget : CEL_BUDGET;
	struct cel_value few[8] = {0};
	struct cel_run run = {
		.program = program,
		.activation = activation,
		.scratch = scratch,
		.steps_left = budget,
		.locals = program->local_count <= G_N_ELEMENTS(few)
				  ? few
				  : arena_array(scratch, program->local_count, sizeof(*few)),
	};
	struct cel_value value = cel_run_expr(&run, program->root);

	if (value.flags & CEL_AS_OF)
		cel_holds_collapse(&run);
	activation->steps = budget - run.steps_left;
	return value;
}
