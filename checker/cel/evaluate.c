/*
 * The evaluator: a walk over the code of a checked tree (code.h).
 *
 * Errors are values: a function of an error gives that error, && and || may outvote one, whichever
 * side it stands on. What is absent (a lenient read) travels the same way, as CEL_ABSENT. Every
 * node and every item of a loop costs a step of the budget, so no expression runs long. Scalars
 * live in structs of their callers and what lies somewhere already (a literal, a variable) is
 * pointed at: nothing is allocated for them, and little copied.
 *
 * CEL langdef: Evaluation, Logical Operators, Runtime Errors.
 */
#include "cel/code.h"

#include "source/message.h"

enum { ARGS_ON_STACK = 4 };

struct cel_value cel_run_fail(struct cel_run *run, const struct cel_expr *expr,
			      struct phrase message, const struct doc_node *node)
{
	return cel_value_error(run->scratch, expr->at, message, node);
}

struct cel_value cel_run_budget_error(struct cel_run *run, const struct cel_expr *expr)
{
	struct cel_value error = RUN_FAIL(run, expr, NULL, BUDGET, 0);

	((struct cel_fault *)(uintptr_t)error.fault)->kind = CEL_FAULT_BUDGET;
	return error;
}

const struct cel_value *cel_run_spent(struct cel_run *run, const struct cel_code *code,
				      struct cel_value *tmp)
{
	*tmp = cel_run_budget_error(run, code->expr);
	return tmp;
}

const struct cel_value *cel_run_literal(struct cel_run *run, const struct cel_code *code,
					struct cel_value *tmp)
{
	(void)run;
	(void)tmp;
	return &code_data(code)->value;
}

static bool is_budget(const struct cel_value *value)
{
	return value->kind == CEL_ERROR && value->fault->kind == CEL_FAULT_BUDGET;
}

static struct slice kind_text(const struct cel_value *value)
{
	return slice_of(cel_kind_name(value->kind));
}

/* --- Logic */

static CEL_COLD struct cel_value not_a_bool(struct cel_run *run, const struct cel_expr *expr,
					    const struct cel_value *value)
{
	return RUN_FAIL(run, expr, value->node, NOT_BOOL, 1, kind_text(value));
}

/* The first thing that is no bool stands for them all; an error before what is absent. */
static void note_bad(struct cel_run *run, const struct cel_expr *expr,
		     const struct cel_value *value, struct cel_value *bad)
{
	if (bad->kind == CEL_NULL || (bad->kind == CEL_ABSENT && cel_is_error(value)))
		*bad = cel_is_bottom(value) ? *value : not_a_bool(run, expr, value);
}

/* CEL langdef: Logical Operators. An error counts only where no operand decides. */
const struct cel_value *cel_run_logic(struct cel_run *run, const struct cel_code *code,
				      struct cel_value *tmp)
{
	const struct cel_code *operand = code_first(code);
	bool decides = code->op == OP_OR;
	struct cel_value bad;

	bad.kind = CEL_NULL;
	for (uint32_t left = code->count; left; left--, operand = code_next(operand)) {
		const struct cel_value *value = cel_run(run, operand, tmp);

		if (value->kind == CEL_BOOL) {
			if (value->boolean == decides) {
				cel_set_bool(tmp, decides);
				return tmp;
			}
		} else if (is_budget(value)) {
			return value;
		} else {
			note_bad(run, operand->expr, value, &bad);
		}
	}
	if (bad.kind == CEL_NULL)
		cel_set_bool(tmp, !decides);
	else
		*tmp = bad;
	return tmp;
}

const struct cel_value *cel_run_conditional(struct cel_run *run, const struct cel_code *code,
					    struct cel_value *tmp)
{
	const struct cel_code *first = code_first(code), *then = code_next(first);
	const struct cel_value *condition = cel_run(run, first, tmp);

	if (cel_is_bottom(condition))
		return condition;
	if (condition->kind == CEL_BOOL)
		return cel_run(run, condition->boolean ? then : code_next(then), tmp);
	*tmp = not_a_bool(run, first->expr, condition);
	return tmp;
}

/* DESIGN.md section 5: the whole path is there, and not null. */
const struct cel_value *cel_run_present(struct cel_run *run, const struct cel_code *code,
					struct cel_value *tmp)
{
	const struct cel_value *value = cel_run(run, code_first(code), tmp);

	if (cel_is_error(value))
		return value;
	if (value->kind == CEL_OPTIONAL)
		cel_set_bool(tmp, value->inner && value->inner->kind != CEL_NULL);
	else
		cel_set_bool(tmp, value->kind != CEL_ABSENT && value->kind != CEL_NULL);
	return tmp;
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

CEL_COLD struct cel_value cel_run_no_overload(struct cel_run *run, const struct cel_expr *expr,
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
		cel_set_bool(out, cel_get(container, item, NULL));
	} else if (container->kind != CEL_LIST) {
		*out = cel_run_no_overload(run, expr, container, 1);
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

static void compare_order(struct cel_run *run, const struct cel_code *code,
			  const struct cel_value *a, const struct cel_value *b,
			  struct cel_value *out)
{
	int order;

	if (cel_compare(a, b, &order)) {
		cel_set_bool(out, ordered((enum expr_op)code->op, order));
	} else if (is_number(a) && is_number(b)) {
		cel_set_bool(out, false); /* NaN */
	} else {
		struct cel_value args[2] = {*a, *b};

		*out = cel_run_no_overload(run, code->expr, args, 2);
	}
}

static inline bool is_equality(const struct cel_code *code)
{
	return code->op == OP_EQUAL || code->op == OP_NOT_EQUAL;
}

/* Two values of which neither is an error or absent. */
static void compare(struct cel_run *run, const struct cel_code *code, const struct cel_value *a,
		    const struct cel_value *b, struct cel_value *out)
{
	enum expr_op op = (enum expr_op)code->op;

	if (op == OP_IN) {
		run_in(run, code->expr, a, b, out);
		return;
	}
	if ((a->flags | b->flags) & CEL_AS_OF)
		cel_holds_compare(run, op, a, b);
	if (!is_equality(code))
		compare_order(run, code, a, b, out);
	else if (!cel_run_step(run, cel_size(a)))
		*out = cel_run_budget_error(run, code->expr);
	else
		cel_set_bool(out, cel_equal(a, b) == (op == OP_EQUAL));
}

const struct cel_value *cel_run_compare(struct cel_run *run, const struct cel_code *code,
					struct cel_value *tmp)
{
	const struct cel_code *first = code_first(code);
	struct cel_value left, right;
	const struct cel_value *a = cel_run(run, first, &left), *b;

	if (cel_is_error(a)) {
		*tmp = *a;
		return tmp;
	}
	b = cel_run(run, code_next(first), &right);
	if (a->kind == CEL_STRING && b->kind == CEL_STRING && is_equality(code))
		cel_set_bool(tmp, (a->string.len == b->string.len &&
				   slice_equal(a->string, b->string)) == (code->op == OP_EQUAL));
	else if (cel_is_error(b) || a->kind == CEL_ABSENT || b->kind == CEL_ABSENT)
		*tmp = cel_is_error(b) || a->kind != CEL_ABSENT ? *b : *a;
	else
		compare(run, code, a, b, tmp);
	return tmp;
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
		if (cel_is_error(&args[i]))
			return &args[i];
	for (size_t i = 0; i < count; i++)
		if (args[i].kind == CEL_ABSENT &&
		    !(overloads && cel_stdlib_takes_absent(overloads[0])))
			return &args[i];
	return NULL;
}

static struct cel_value call_overload(struct cel_run *run, const struct cel_code *code,
				      cel_function *function, const struct cel_value *args,
				      size_t count)
{
	const struct cel_callee *callee = &code_data(code)->callee;
	struct cel_call call = {.scratch = run->scratch,
				.context = run->activation->context,
				.run = run,
				.code = code,
				.regex = callee->has_regex ? callee->ref->regex : NULL};

	return function(&call, args, count);
}

/* The overload that takes these values, none of them absent or null; NULL: look again. */
static const struct overload *find_by_kinds(const struct ref *ref, const struct cel_value *args,
					    size_t count)
{
	for (uint16_t i = ref->chosen; ref->kinds && i < ref->overload_count; i++) {
		size_t fit = 0;

		while (fit < count && ref->kinds[i].of[fit] >> args[fit].kind & 1)
			fit++;
		if (fit == count)
			return ref->overloads[i];
	}
	return NULL;
}

/* The overload that takes these values, or the error or absence that stands for them. */
static __attribute__((noinline)) struct cel_value call_rarely(struct cel_run *run,
							      const struct cel_code *code,
							      const struct cel_value *args,
							      size_t count)
{
	const struct ref *ref = code_data(code)->callee.ref;
	const struct overload *overload = find_by_kinds(ref, args, count);
	const struct cel_value *bottom = NULL;

	if (!overload)
		bottom = find_bottom(ref->overload_count ? ref->overloads : NULL, args, count);
	if (bottom)
		return *bottom;
	if (!overload)
		overload = dispatch(ref, args, count);
	if (!overload)
		return cel_run_no_overload(run, code->expr, args, count);
	cel_holds_arguments(run, overload, args, count);
	return call_overload(run, code, overload->decl.call, args, count);
}

/* Evaluates the arguments, wherever their values lie; their flags. */
static uint8_t run_arguments(struct cel_run *run, const struct cel_code *code,
			     struct cel_value *args)
{
	const struct cel_code *operand = code_first(code);
	uint8_t flags = 0;

	for (uint32_t i = 0; i < code->count; i++, operand = code_next(operand)) {
		const struct cel_value *value = cel_run(run, operand, &args[i]);

		if (value != &args[i])
			args[i] = *value;
		flags |= args[i].flags;
	}
	return flags;
}

static bool takes(const struct cel_callee *callee, const struct cel_value *args, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!(callee->kinds[i] >> args[i].kind & 1))
			return false;
	return callee->call != NULL;
}

static void call(struct cel_run *run, const struct cel_code *code, const struct cel_value *args,
		 uint8_t flags, struct cel_value *out)
{
	const struct cel_callee *callee = &code_data(code)->callee;

	if (!(flags & CEL_AS_OF) && takes(callee, args, code->count))
		*out = call_overload(run, code, callee->call, args, code->count);
	else
		*out = call_rarely(run, code, args, code->count);
}

const struct cel_value *cel_run_function(struct cel_run *run, const struct cel_code *code,
					 struct cel_value *tmp)
{
	struct cel_value on_stack[ARGS_ON_STACK], *args = on_stack;
	uint8_t flags;

	if (!code_data(code)->callee.ref) {
		*tmp = RUN_FAIL(run, code->expr, NULL, UNBOUND, 1, code->expr->call.name);
		return tmp;
	}
	if (code->count > ARGS_ON_STACK)
		args = arena_array(run->scratch, code->count, sizeof(*args));
	flags = run_arguments(run, code, args);
	call(run, code, args, flags, tmp);
	return tmp;
}

/* a.?b.orValue(c), where a is a map: the field or c, without an optional between them. */
const struct cel_value *cel_run_or_value(struct cel_run *run, const struct cel_code *code,
					 struct cel_value *tmp)
{
	const struct cel_callee *callee = &code_data(code)->callee;
	const struct cel_code *select = code_first(code), *otherwise = code_next(select);
	struct cel_value under, args[2];
	const struct cel_value *operand, *other;
	bool found = false;

	if (!cel_run_step(run, 1))
		return cel_run_spent(run, select, tmp);
	operand = cel_run(run, code_first(select), &under);
	if (operand->kind == CEL_MAP)
		found = cel_find_member(select, operand, tmp);
	other = cel_run(run, otherwise, &args[1]);
	if (operand->kind == CEL_MAP && !(other->flags & CEL_AS_OF) &&
	    callee->kinds[1] >> other->kind & 1) {
		if (!found && other == &args[1])
			*tmp = *other;
		return found || other == &args[1] ? tmp : other;
	}
	if (operand->kind == CEL_MAP)
		args[0] = cel_run_optional(run, found ? tmp : NULL);
	else
		args[0] = cel_select_rarely(run, select, operand);
	if (other != &args[1])
		args[1] = *other;
	call(run, code, args, args[0].flags | args[1].flags, tmp);
	return tmp;
}

/* --- Names for a value */

static struct cel_value run_optional_bind(struct cel_run *run, const struct cel_code *code,
					  struct cel_value init)
{
	struct cel_value body;

	if (cel_is_bottom(&init))
		return init;
	if (init.kind != CEL_OPTIONAL)
		return cel_run_no_overload(run, code_first(code)->expr, &init, 1);
	if (!init.inner)
		return init;
	run->locals[code->slot] = init.inner;
	body = cel_run_value(run, code_next(code_first(code)));
	return code->op == BIND_OPT_MAP && !cel_is_bottom(&body) ? cel_run_optional(run, &body)
								 : body;
}

const struct cel_value *cel_run_bind(struct cel_run *run, const struct cel_code *code,
				     struct cel_value *tmp)
{
	struct cel_value init = cel_run_value(run, code_first(code));

	if (code->op == BIND_LET) {
		run->locals[code->slot] = &init;
		*tmp = cel_run_value(run, code_next(code_first(code)));
	} else {
		*tmp = run_optional_bind(run, code, init);
	}
	return tmp;
}

/* --- Programs */

struct cel_value cel_run_expr(struct cel_run *run, const struct cel_expr *expr)
{
	return cel_run_value(run, &program_code(run->program)[run->program->cells[expr->id]].code);
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

void cel_evaluate_into(struct cel_value *out, const struct cel_program *program,
		       struct cel_activation *activation, struct arena *scratch)
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
	const struct cel_value *value = cel_run(&run, &program_code(program)->code, out);

	if (value->flags & CEL_AS_OF)
		cel_holds_collapse(&run);
	activation->steps = budget - run.steps_left;
	if (value != out)
		*out = *value;
}

struct cel_value cel_evaluate(const struct cel_program *program, struct cel_activation *activation,
			      struct arena *scratch)
{
	struct cel_value value;

	cel_evaluate_into(&value, program, activation, scratch);
	return value;
}
