/*
 * The evaluator: a walk over the checked tree.
 *
 * Errors are values: a function of an error gives that error, && and || may outvote one, whichever
 * side it stands on. What is absent (a lenient read) travels the same way, as CEL_ABSENT. Every
 * node and every item of a loop costs a step of the budget, so no expression runs long. Scalars
 * live in structs of their callers and what lies somewhere already (a literal, a variable) is
 * pointed at: nothing is allocated for them, and little copied.
 *
 * CEL langdef: Evaluation, Logical Operators, Runtime Errors.
 */
#include "cel/program.h"

#include "source/message.h"

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

struct cel_value cel_run_fail(struct cel_run *run, const struct cel_expr *expr,
			      struct phrase message, const struct doc_node *node)
{
	return cel_value_error(run->scratch, expr->at, message, node);
}

__attribute__((noinline)) struct cel_value cel_run_budget_error(struct cel_run *run,
								const struct cel_expr *expr)
{
	struct cel_value error = RUN_FAIL(run, expr, NULL, BUDGET, 0);

	((struct cel_fault *)(uintptr_t)error.fault)->kind = CEL_FAULT_BUDGET;
	return error;
}

static bool is_budget(const struct cel_value *value)
{
	return value->kind == CEL_ERROR && value->fault->kind == CEL_FAULT_BUDGET;
}

static struct slice kind_text(const struct cel_value *value)
{
	return slice_of(cel_kind_name(value->kind));
}

/* cel_run() with a call less for the two kinds that most operands are. */
static inline const struct cel_value *run_operand(struct cel_run *run, const struct cel_expr *expr,
						  struct cel_value *tmp)
{
	if (expr->kind == EXPR_LITERAL && cel_run_step(run, 1))
		return &expr->literal;
	if (expr->kind == EXPR_SELECT && cel_run_step(run, 1))
		return cel_run_select(run, expr, tmp);
	return cel_run(run, expr, tmp);
}

/* --- Logic */

static struct cel_value not_a_bool(struct cel_run *run, const struct cel_expr *expr,
				   const struct cel_value *value)
{
	return RUN_FAIL(run, expr, value->node, NOT_BOOL, 1, kind_text(value));
}

/* The first thing that is no bool stands for them all; an error before what is absent. */
static void note_bad(struct cel_run *run, const struct cel_expr *expr,
		     const struct cel_value *value, struct cel_value *bad)
{
	if (bad->kind == CEL_NULL || (bad->kind == CEL_ABSENT && is_error(value)))
		*bad = is_bottom(value) ? *value : not_a_bool(run, expr, value);
}

/* CEL langdef: Logical Operators. An error counts only where no operand decides. */
static __attribute__((noinline)) void run_logic(struct cel_run *run, const struct cel_expr *expr,
						struct cel_value *out)
{
	bool decides = expr->op == OP_OR;
	struct cel_value under, bad;

	bad.kind = CEL_NULL;
	for (uint32_t i = 0; i < expr->call.count; i++) {
		const struct cel_value *value = cel_run(run, expr->call.args[i], &under);

		if (value->kind == CEL_BOOL) {
			if (value->boolean == decides) {
				cel_set_bool(out, decides);
				return;
			}
		} else if (is_budget(value)) {
			*out = *value;
			return;
		} else {
			note_bad(run, expr->call.args[i], value, &bad);
		}
	}
	if (bad.kind == CEL_NULL)
		cel_set_bool(out, !decides);
	else
		*out = bad;
}

static const struct cel_value *run_conditional(struct cel_run *run, const struct cel_expr *expr,
					       struct cel_value *tmp)
{
	const struct cel_value *condition = cel_run(run, expr->call.args[0], tmp);

	if (is_bottom(condition))
		return condition;
	if (condition->kind == CEL_BOOL)
		return cel_run(run, expr->call.args[condition->boolean ? 1 : 2], tmp);
	*tmp = not_a_bool(run, expr->call.args[0], condition);
	return tmp;
}

/* DESIGN.md section 5: the whole path is there, and not null. */
static void run_present(struct cel_run *run, const struct cel_expr *expr, struct cel_value *out)
{
	struct cel_value under;
	const struct cel_value *value = cel_run(run, expr->call.args[0], &under);

	if (is_error(value))
		*out = *value;
	else if (value->kind == CEL_OPTIONAL)
		cel_set_bool(out, value->inner && value->inner->kind != CEL_NULL);
	else
		cel_set_bool(out, value->kind != CEL_ABSENT && value->kind != CEL_NULL);
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
	case OP_LESS:
		return order < 0;
	case OP_LESS_EQUAL:
		return order <= 0;
	case OP_GREATER:
		return order > 0;
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

static bool is_in_items(const struct cel_value *item, const struct cel_value *list)
{
	if (item->kind != CEL_STRING) {
		for (size_t i = 0; i < list->count; i++)
			if (cel_equal(item, &list->items[i]))
				return true;
		return false;
	}
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].kind == CEL_STRING &&
		    list->items[i].string.len == item->string.len &&
		    slice_equal(list->items[i].string, item->string))
			return true;
	return false;
}

static void run_in(struct cel_run *run, const struct cel_expr *expr, const struct cel_value *item,
		   const struct cel_value *container, struct cel_value *out)
{
	struct cel_walk walk = {0};
	struct cel_value found;

	if (container->kind == CEL_MAP) {
		cel_set_bool(out, cel_get(container, item, &found));
	} else if (container->kind != CEL_LIST) {
		*out = no_overload(run, expr, container, 1);
	} else if (!cel_run_step(run, cel_size(container))) {
		*out = cel_run_budget_error(run, expr);
	} else if (!(container->flags & CEL_LAZY)) {
		cel_set_bool(out, is_in_items(item, container));
	} else {
		cel_set_bool(out, false);
		while (!out->boolean && cel_value_next(container, &walk, NULL, &found))
			out->boolean = cel_equal(item, &found);
	}
}

/* Two values of which one is neither an error nor absent. */
static void compare(struct cel_run *run, const struct cel_expr *expr, const struct cel_value *a,
		    const struct cel_value *b, struct cel_value *out)
{
	int order;

	if (a->kind == CEL_STRING && b->kind == CEL_STRING &&
	    (expr->op == OP_EQUAL || expr->op == OP_NOT_EQUAL)) {
		bool same = a->string.len == b->string.len && slice_equal(a->string, b->string);

		cel_set_bool(out, same == (expr->op == OP_EQUAL));
		return;
	}
	if ((a->flags | b->flags) & CEL_AS_OF)
		cel_holds_compare(run, expr->op, a, b);
	if (expr->op == OP_EQUAL || expr->op == OP_NOT_EQUAL) {
		if (!cel_run_step(run, cel_size(a)))
			*out = cel_run_budget_error(run, expr);
		else
			cel_set_bool(out, cel_equal(a, b) == (expr->op == OP_EQUAL));
	} else if (cel_compare(a, b, &order)) {
		cel_set_bool(out, ordered(expr->op, order));
	} else if (is_number(a) && is_number(b)) {
		cel_set_bool(out, false); /* NaN */
	} else {
		struct cel_value args[2] = {*a, *b};

		*out = no_overload(run, expr, args, 2);
	}
}

static __attribute__((noinline)) void run_compare(struct cel_run *run, const struct cel_expr *expr,
						  struct cel_value *out)
{
	struct cel_value left, right;
	const struct cel_value *a = run_operand(run, expr->call.args[0], &left), *b;

	if (is_error(a)) {
		*out = *a;
		return;
	}
	b = run_operand(run, expr->call.args[1], &right);
	if (is_error(b) || a->kind == CEL_ABSENT || b->kind == CEL_ABSENT)
		*out = is_error(b) || a->kind != CEL_ABSENT ? *b : *a;
	else if (expr->op == OP_IN)
		run_in(run, expr, a, b, out);
	else
		compare(run, expr, a, b, out);
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
		if (args[i].kind == CEL_ABSENT &&
		    !(overloads && cel_stdlib_takes_absent(overloads[0])))
			return &args[i];
	return NULL;
}

/* Evaluates into args[i], wherever the value lies. */
static void run_argument(struct cel_run *run, const struct cel_expr *expr, struct cel_value *out)
{
	const struct cel_value *value = run_operand(run, expr, out);

	if (value != out)
		*out = *value;
}

static struct cel_value call_overload(struct cel_run *run, const struct cel_expr *expr,
				      const struct ref *ref, const struct overload *overload,
				      const struct cel_value *args, size_t count)
{
	struct cel_call call = {.scratch = run->scratch,
				.context = run->activation->context,
				.span = expr->at,
				.run = run,
				.regex = ref->regex};

	return overload->decl.call(&call, args, count);
}

/* Calls the overload that fits the values, or gives the error or absence that stands for them. */
static __attribute__((noinline)) struct cel_value call_rarely(struct cel_run *run,
							      const struct cel_expr *expr,
							      const struct ref *ref,
							      const struct cel_value *args,
							      size_t count)
{
	const struct cel_value *bottom = find_bottom(ref->overload_count ? ref->overloads : NULL,
						     args, count);
	const struct overload *overload;

	if (bottom)
		return *bottom;
	overload = dispatch(ref, args, count);
	if (!overload)
		return no_overload(run, expr, args, count);
	cel_holds_arguments(run, overload, args, count);
	return call_overload(run, expr, ref, overload, args, count);
}

/* The overload that takes these values, none of them absent or null; NULL: look again. */
static inline const struct overload *find_by_kinds(const struct ref *ref,
						   const struct cel_value *args, size_t count)
{
	for (uint16_t i = ref->chosen; i < ref->overload_count; i++) {
		size_t fit = 0;

		while (fit < count && ref->kinds[i].of[fit] >> args[fit].kind & 1)
			fit++;
		if (fit == count)
			return ref->overloads[i];
	}
	return NULL;
}

static __attribute__((noinline)) struct cel_value run_function(struct cel_run *run,
							       const struct cel_expr *expr,
							       const struct ref *ref)
{
	struct cel_value on_stack[ARGS_ON_STACK], *args = on_stack;
	const struct cel_expr *target = ref->no_target ? NULL : expr->call.target;
	size_t count = 0, all = expr->call.count + (target != NULL);
	uint8_t flags = 0;

	if (ref->kind != REF_FUNCTION)
		return RUN_FAIL(run, expr, NULL, UNBOUND, 1, expr->call.name);
	if (all > ARGS_ON_STACK)
		args = arena_array(run->scratch, all, sizeof(*args));
	if (target)
		run_argument(run, target, &args[count++]);
	for (uint32_t i = 0; i < expr->call.count; i++)
		run_argument(run, expr->call.args[i], &args[count++]);
	for (size_t i = 0; i < count; i++)
		flags |= args[i].flags;
	if (ref->kinds && !(flags & CEL_AS_OF)) {
		const struct overload *overload = find_by_kinds(ref, args, count);

		if (overload)
			return call_overload(run, expr, ref, overload, args, count);
	}
	return call_rarely(run, expr, ref, args, count);
}

/* --- Lists and maps */

static __attribute__((noinline)) struct cel_value run_list(struct cel_run *run,
							   const struct cel_expr *expr)
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

static __attribute__((noinline)) struct cel_value run_map(struct cel_run *run,
							  const struct cel_expr *expr)
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

static __attribute__((noinline)) struct cel_value run_bind(struct cel_run *run,
							   const struct cel_expr *expr)
{
	const struct ref *ref = &run->program->refs[expr->id];
	struct cel_value init = cel_run_expr(run, expr->bind.init), body;

	if (expr->op == BIND_LET) {
		run->locals[ref->slot] = &init;
		return cel_run_expr(run, expr->bind.body);
	}
	if (is_bottom(&init))
		return init;
	if (init.kind != CEL_OPTIONAL)
		return no_overload(run, expr->bind.init, &init, 1);
	if (!init.inner)
		return init;
	run->locals[ref->slot] = init.inner;
	body = cel_run_expr(run, expr->bind.body);
	return expr->op == BIND_OPT_MAP && !is_bottom(&body) ? cel_run_optional(run, &body) : body;
}

static __attribute__((noinline)) const struct cel_value *run_call(struct cel_run *run,
								  const struct cel_expr *expr,
								  struct cel_value *tmp)
{
	const struct ref *ref = &run->program->refs[expr->id];

	if (ref->kind == REF_CONSTANT)
		return &ref->constant;
	switch ((enum expr_op)expr->op) {
	case OP_AND:
	case OP_OR:
		run_logic(run, expr, tmp);
		return tmp;
	case OP_CONDITIONAL:
		return run_conditional(run, expr, tmp);
	case OP_PRESENT:
		run_present(run, expr, tmp);
		return tmp;
	case OP_INDEX:
	case OP_OPT_INDEX:
		*tmp = cel_run_index(run, expr);
		return tmp;
	case OP_EQUAL:
	case OP_NOT_EQUAL:
	case OP_LESS:
	case OP_LESS_EQUAL:
	case OP_GREATER:
	case OP_GREATER_EQUAL:
	case OP_IN:
		run_compare(run, expr, tmp);
		return tmp;
	case OP_NAMED:
	case OP_NOT:
	case OP_ADD:
	case OP_SUBTRACT:
	case OP_MULTIPLY:
	case OP_DIVIDE:
	case OP_MODULO:
	case OP_NEGATE:
		*tmp = run_function(run, expr, ref);
		return tmp;
	}
	g_assert_not_reached();
}

static __attribute__((noinline)) const struct cel_value *run_rest(struct cel_run *run,
								  const struct cel_expr *expr,
								  struct cel_value *tmp)
{
	const struct ref *ref = &run->program->refs[expr->id];

	if (expr->kind == EXPR_LIST && ref->kind == REF_CONSTANT)
		return &ref->constant;
	if (expr->kind == EXPR_LIST)
		*tmp = run_list(run, expr);
	else if (expr->kind == EXPR_MAP)
		*tmp = run_map(run, expr);
	else if (expr->kind == EXPR_BIND)
		*tmp = run_bind(run, expr);
	else
		cel_run_fold(run, expr, tmp);
	return tmp;
}

/* The kinds in the order of how often they come. */
const struct cel_value *cel_run(struct cel_run *run, const struct cel_expr *expr,
				struct cel_value *tmp)
{
	if (!cel_run_step(run, 1)) {
		*tmp = cel_run_budget_error(run, expr);
		return tmp;
	}
	if (expr->kind == EXPR_SELECT)
		return cel_run_select(run, expr, tmp);
	if (expr->kind == EXPR_LITERAL)
		return &expr->literal;
	if (expr->kind == EXPR_CALL)
		return run_call(run, expr, tmp);
	if (expr->kind == EXPR_IDENT)
		return cel_run_ident(run, expr, tmp);
	return run_rest(run, expr, tmp);
}

struct cel_value cel_run_expr(struct cel_run *run, const struct cel_expr *expr)
{
	struct cel_value tmp;

	return *cel_run(run, expr, &tmp);
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
	const struct cel_value *few[8]; /* each is written before it is read */
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
