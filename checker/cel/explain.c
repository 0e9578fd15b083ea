/*
 * Why an expression came out as it did: the parts that made it so, with the values that they saw
 * and the places where those stand.
 *
 * The tree is evaluated again, top down, and only what decided is followed: of && that is false the
 * false operands, of || that is false all of them, of all() the items for which it fails, of
 * exists() the item that came nearest. What is compared gives a line; the places are those of the
 * fields that its values came from, or where a missing field would stand. No words are made here:
 * the line shows values around the operator, so it reads the same in every language.
 *
 * DESIGN.md section 5, Findings explain themselves.
 */
#include "cel/code.h"

enum { LINES_MAX = 16, PLACES_MAX = 32, ITEMS_MAX = 8 };

struct explainer {
	struct cel_run *run;
	GArray *because; /* struct because */
	GArray *places;  /* struct cel_place */
};

static void explain(struct explainer *explainer, const struct cel_expr *expr, bool truth);

static struct slice source_of(const struct explainer *explainer, const struct cel_expr *expr)
{
	return (struct slice){explainer->run->program->text.data + expr->span.start,
			      expr->span.end - expr->span.start};
}

/* --- Places */

static void add_place(struct explainer *explainer, struct cel_place place)
{
	for (guint i = 0; i < explainer->places->len; i++) {
		const struct cel_place *old = &g_array_index(explainer->places, struct cel_place,
							     i);

		if (old->node == place.node && old->kind == place.kind &&
		    slice_equal(old->value, place.value))
			return;
	}
	if (explainer->places->len < PLACES_MAX)
		g_array_append_val(explainer->places, place);
}

/* Where a field that is not there would stand: in the deepest part of its path that is. */
static void add_missing(struct explainer *explainer, const struct cel_expr *expr)
{
	const struct cel_expr *operand = expr;
	struct cel_value value = {.kind = CEL_ABSENT};
	struct slice name = {0};

	while (value.kind == CEL_ABSENT || (value.kind == CEL_OPTIONAL && !value.inner)) {
		if (operand->kind == EXPR_SELECT) {
			name = operand->select.field;
			operand = operand->select.operand;
		} else if (operand->kind == EXPR_CALL &&
			   (operand->op == OP_INDEX || operand->op == OP_OPT_INDEX)) {
			struct cel_value key = cel_run_expr(explainer->run, operand->call.args[1]);

			name = cel_value_text(explainer->run->scratch, &key, CEL_AS_WRITTEN);
			operand = operand->call.args[0];
		} else {
			return;
		}
		value = cel_run_expr(explainer->run, operand);
	}
	if (value.kind == CEL_OPTIONAL)
		value = *value.inner;
	if (value.node && name.data)
		add_place(explainer, (struct cel_place){.node = value.node,
							.kind = CEL_PLACE_MISSING,
							.expression = source_of(explainer, expr),
							.value = name});
}

static void add_value_place(struct explainer *explainer, const struct cel_expr *expr,
			    const struct cel_value *value)
{
	struct slice text = cel_value_text(explainer->run->scratch, value, CEL_AS_WRITTEN);

	if (value->kind == CEL_LIST || value->kind == CEL_MAP)
		text = cel_show_cut(explainer->run->scratch, text);
	add_place(explainer, (struct cel_place){.node = value->node,
						.kind = CEL_PLACE_VALUE,
						.expression = source_of(explainer, expr),
						.value = text});
}

static void add_path(struct explainer *explainer, const struct cel_expr *expr)
{
	struct cel_value value = cel_run_expr(explainer->run, expr);

	if (value.kind == CEL_ABSENT || (value.kind == CEL_OPTIONAL && !value.inner) ||
	    (value.kind == CEL_ERROR && expr->kind == EXPR_SELECT))
		add_missing(explainer, expr);
	else if (value.node && value.kind != CEL_ERROR)
		add_value_place(explainer, expr, &value);
}

/* The fields that a value was made of. */
static void add_places(struct explainer *explainer, const struct cel_expr *expr)
{
	switch ((enum expr_kind)expr->kind) {
	case EXPR_LITERAL:
		return;
	case EXPR_IDENT:
	case EXPR_SELECT:
		add_path(explainer, expr);
		return;
	case EXPR_CALL:
		if (expr->op == OP_INDEX || expr->op == OP_OPT_INDEX) {
			add_path(explainer, expr);
			return;
		}
		if (expr->call.target && !explainer->run->program->refs[expr->id].no_target)
			add_places(explainer, expr->call.target);
		for (uint32_t i = 0; i < expr->call.count; i++)
			add_places(explainer, expr->call.args[i]);
		return;
	case EXPR_LIST:
		for (uint32_t i = 0; i < expr->list.count; i++)
			add_places(explainer, expr->list.items[i]);
		return;
	case EXPR_MAP:
		for (uint32_t i = 0; i < expr->map.count; i++)
			add_places(explainer, expr->map.values[i]);
		return;
	case EXPR_FOLD:
		add_places(explainer, expr->fold.range);
		return;
	case EXPR_BIND:
		add_places(explainer, expr->bind.init);
		return;
	}
}

/* --- Lines */

static void add_line(struct explainer *explainer, const struct cel_expr *expr, GString *values)
{
	struct because line = {.expression = source_of(explainer, expr)};

	line.values = (struct slice){arena_dup(explainer->run->scratch, values->str, values->len),
				     values->len};
	g_string_free(values, TRUE);
	for (guint i = 0; i < explainer->because->len; i++) {
		const struct because *old = &g_array_index(explainer->because, struct because, i);

		if (slice_equal(old->expression, line.expression) &&
		    slice_equal(old->values, line.values))
			return;
	}
	if (explainer->because->len < LINES_MAX)
		g_array_append_val(explainer->because, line);
}

static void explain_comparison(struct explainer *explainer, const struct cel_expr *expr)
{
	struct cel_value args[2];
	GString *values = g_string_new(NULL);

	for (int i = 0; i < 2; i++)
		args[i] = cel_run_expr(explainer->run, expr->call.args[i]);
	cel_show_comparison(values, expr->op, args, explainer->run->scratch);
	add_line(explainer, expr, values);
	add_places(explainer, expr->call.args[0]);
	add_places(explainer, expr->call.args[1]);
}

/* f(x) and x.f(y) with their values. */
static void explain_call(struct explainer *explainer, const struct cel_expr *expr)
{
	const struct ref *ref = &explainer->run->program->refs[expr->id];
	GString *values = g_string_new(NULL);
	struct cel_value value;

	if (expr->call.target && !ref->no_target) {
		value = cel_run_expr(explainer->run, expr->call.target);
		cel_show_value(values, &value, explainer->run->scratch);
		g_string_append_c(values, '.');
	}
	g_string_append_len(values, expr->call.name.data, (gssize)expr->call.name.len);
	g_string_append_c(values, '(');
	for (uint32_t i = 0; i < expr->call.count; i++) {
		value = cel_run_expr(explainer->run, expr->call.args[i]);
		if (i)
			g_string_append(values, ", ");
		cel_show_value(values, &value, explainer->run->scratch);
	}
	g_string_append_c(values, ')');
	add_line(explainer, expr, values);
	add_places(explainer, expr);
}

static void explain_value(struct explainer *explainer, const struct cel_expr *expr)
{
	struct cel_value value = cel_run_expr(explainer->run, expr);
	GString *values = g_string_new(NULL);

	cel_show_value(values, &value, explainer->run->scratch);
	add_line(explainer, expr, values);
	add_places(explainer, expr);
}

/* has(a.b), present(a.b) */
static void explain_presence(struct explainer *explainer, const struct cel_expr *expr, bool truth)
{
	const struct cel_expr *path = expr->kind == EXPR_CALL ? expr->call.args[0] : expr;
	struct cel_value value = {.kind = CEL_ABSENT};
	GString *values = g_string_new(NULL);

	if (expr->kind == EXPR_CALL)
		value = cel_run_expr(explainer->run, path);
	if (truth || value.kind != CEL_ABSENT)
		cel_show_value(values, &value, explainer->run->scratch);
	else
		g_string_append_c(values, '-');
	add_line(explainer, expr, values);
	if (expr->kind == EXPR_CALL && value.kind != CEL_ABSENT)
		add_path(explainer, path);
	else
		add_missing(explainer, path);
}

/* --- Logic */

static bool is_true(struct explainer *explainer, const struct cel_expr *expr, bool *known)
{
	struct cel_value value = cel_run_expr(explainer->run, expr);

	*known = value.kind == CEL_BOOL;
	return *known && value.boolean;
}

/* The operands that have the value which decided, or all where none could. */
static void explain_logic(struct explainer *explainer, const struct cel_expr *expr, bool truth)
{
	for (uint32_t i = 0; i < expr->call.count; i++) {
		bool known, is = is_true(explainer, expr->call.args[i], &known);

		if (!known || is == truth)
			explain(explainer, expr->call.args[i], is);
	}
}

static void explain_conditional(struct explainer *explainer, const struct cel_expr *expr,
				bool truth)
{
	bool known, is = is_true(explainer, expr->call.args[0], &known);

	explain(explainer, expr->call.args[0], is);
	if (known)
		explain(explainer, expr->call.args[is ? 1 : 2], truth);
}

/* --- Folds */

/* How near a condition came to being true: 1 a true part, less than 1 for text that is nearly it.
 */
static double nearness(struct explainer *explainer, const struct cel_expr *expr)
{
	bool known;
	double sum = 0;
	struct cel_value args[2];

	if (is_true(explainer, expr, &known))
		return expr->kind == EXPR_CALL && expr->op == OP_AND ? expr->call.count : 1;
	if (!known || expr->kind != EXPR_CALL)
		return 0;
	if (expr->op == OP_AND) {
		for (uint32_t i = 0; i < expr->call.count; i++)
			sum += nearness(explainer, expr->call.args[i]);
		return sum;
	}
	if (expr->op != OP_EQUAL)
		return 0;
	for (int i = 0; i < 2; i++)
		args[i] = cel_run_expr(explainer->run, expr->call.args[i]);
	if (args[0].kind == CEL_STRING && args[1].kind == CEL_STRING) {
		size_t longest = MAX(MAX(args[0].string.len, args[1].string.len), 1);
		size_t distance = text_distance(args[0].string, args[1].string, longest / 2);

		return distance > longest / 2 ? 0 : 0.9 * (1 - (double)distance / (double)longest);
	}
	return 0;
}

static void bind_item(struct explainer *explainer, const struct cel_expr *expr,
		      const struct cel_value *range, const struct cel_walk *walk)
{
	const struct cel_value **locals = explainer->run->locals +
					  explainer->run->program->refs[expr->id].slot;

	if (expr->fold.var2.data) {
		locals[0] = &walk->key;
		locals[1] = &walk->value;
	} else {
		locals[0] = range->kind == CEL_MAP ? &walk->key : &walk->value;
	}
}

/* The items whose condition has a value: those that decided. */
static size_t explain_items(struct explainer *explainer, const struct cel_expr *expr,
			    const struct cel_value *range, bool wanted)
{
	struct cel_walk walk = {0};
	size_t count = 0;

	while (count < ITEMS_MAX && cel_next(range, &walk)) {
		guint places = explainer->places->len;
		bool known, is;

		bind_item(explainer, expr, range, &walk);
		is = is_true(explainer, expr->fold.body, &known);
		if (known && is != wanted)
			continue;
		explain(explainer, expr->fold.body, is);
		if (explainer->places->len == places && walk.value.node)
			add_value_place(explainer, expr->fold.range, &walk.value);
		count++;
	}
	return count;
}

/* exists() that found none: the item that came nearest, or the list itself. */
static void explain_nearest(struct explainer *explainer, const struct cel_expr *expr,
			    const struct cel_value *range)
{
	struct cel_walk walk = {0}, best = {0};
	double best_nearness = -1;

	while (cel_next(range, &walk)) {
		double near;

		bind_item(explainer, expr, range, &walk);
		near = nearness(explainer, expr->fold.body);
		if (near > best_nearness) {
			best = walk;
			best_nearness = near;
		}
	}
	if (best_nearness <= 0) {
		explain_value(explainer, expr->fold.range);
		return;
	}
	bind_item(explainer, expr, range, &best);
	explain(explainer, expr->fold.body, false);
}

static void explain_fold(struct explainer *explainer, const struct cel_expr *expr, bool truth)
{
	struct cel_value range = cel_run_expr(explainer->run, expr->fold.range);

	if (range.kind != CEL_LIST && range.kind != CEL_MAP) {
		explain_value(explainer, expr->fold.range);
		return;
	}
	if (expr->op == FOLD_EXISTS && !truth)
		explain_nearest(explainer, expr, &range);
	else if (expr->op == FOLD_EXISTS_ONE && !truth) {
		if (explain_items(explainer, expr, &range, true) == 0)
			explain_nearest(explainer, expr, &range);
	} else if (expr->op == FOLD_ALL && truth) {
		explain_value(explainer, expr->fold.range);
	} else {
		explain_items(explainer, expr, &range, truth);
	}
}

/* --- The walk */

static void explain_operator(struct explainer *explainer, const struct cel_expr *expr, bool truth)
{
	switch ((enum expr_op)expr->op) {
	case OP_AND:
	case OP_OR:
		explain_logic(explainer, expr, truth);
		return;
	case OP_NOT:
		explain(explainer, expr->call.args[0], !truth);
		return;
	case OP_CONDITIONAL:
		explain_conditional(explainer, expr, truth);
		return;
	case OP_PRESENT:
		explain_presence(explainer, expr, truth);
		return;
	case OP_EQUAL:
	case OP_NOT_EQUAL:
	case OP_LESS:
	case OP_LESS_EQUAL:
	case OP_GREATER:
	case OP_GREATER_EQUAL:
	case OP_IN:
		explain_comparison(explainer, expr);
		return;
	case OP_INDEX:
	case OP_OPT_INDEX:
	case OP_ADD:
	case OP_SUBTRACT:
	case OP_MULTIPLY:
	case OP_DIVIDE:
	case OP_MODULO:
	case OP_NEGATE:
		explain_value(explainer, expr);
		return;
	case OP_NAMED:
		explain_call(explainer, expr);
		return;
	}
}

static bool is_condition_fold(const struct cel_expr *expr)
{
	return expr->op == FOLD_ALL || expr->op == FOLD_EXISTS || expr->op == FOLD_EXISTS_ONE;
}

static void explain(struct explainer *explainer, const struct cel_expr *expr, bool truth)
{
	if (explainer->because->len >= LINES_MAX || !cel_run_step(explainer->run, 1))
		return;
	if (expr->kind == EXPR_CALL) {
		explain_operator(explainer, expr, truth);
	} else if (expr->kind == EXPR_FOLD && is_condition_fold(expr)) {
		explain_fold(explainer, expr, truth);
	} else if (expr->kind == EXPR_BIND && expr->op == BIND_LET) {
		struct cel_value init = cel_run_expr(explainer->run, expr->bind.init);

		explainer->run->locals[explainer->run->program->refs[expr->id].slot] = &init;
		explain(explainer, expr->bind.body, truth);
	} else if (expr->kind == EXPR_SELECT && expr->flags & EXPR_TEST) {
		explain_presence(explainer, expr, truth);
	} else {
		explain_value(explainer, expr);
	}
}

static struct cel_explanation finish(struct explainer *explainer)
{
	struct cel_explanation out = {.because_count = explainer->because->len,
				      .place_count = explainer->places->len};
	struct because *because = arena_array(explainer->run->scratch, out.because_count,
					      sizeof(*because));
	struct cel_place *places = arena_array(explainer->run->scratch, out.place_count,
					       sizeof(*places));

	for (size_t i = 0; i < out.because_count; i++)
		because[i] = g_array_index(explainer->because, struct because, i);
	for (size_t i = 0; i < out.place_count; i++)
		places[i] = g_array_index(explainer->places, struct cel_place, i);
	out.because = because;
	out.places = places;
	g_array_free(explainer->because, TRUE);
	g_array_free(explainer->places, TRUE);
	return out;
}

struct cel_explanation cel_explain(const struct cel_program *program,
				   struct cel_activation *activation, struct arena *scratch)
{
	struct cel_activation copy = *activation; /* what holds is not narrowed by looking again */
	struct cel_run run = {
		.program = program,
		.activation = &copy,
		.scratch = scratch,
		.steps_left = 2 * (activation->budget ? activation->budget : CEL_BUDGET),
		.locals = arena_array(scratch, program->local_count, sizeof(*run.locals)),
	};
	struct explainer explainer = {
		.run = &run,
		.because = g_array_new(FALSE, FALSE, sizeof(struct because)),
		.places = g_array_new(FALSE, FALSE, sizeof(struct cel_place)),
	};
	struct cel_value value = cel_run_expr(&run, program->root);

	explain(&explainer, program->root, value.kind == CEL_BOOL && value.boolean);
	return finish(&explainer);
}
