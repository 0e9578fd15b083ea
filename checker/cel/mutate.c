/*
 * Small changes to an expression, each of which ought to matter: what an example of a rule does not
 * notice, it does not prove.
 *
 * A change is made in the text, at the place of one node of the tree, so that it can be shown where
 * it stands, and the result is compiled like any expression, in the same environment and with the
 * same facts. What does not compile, or is of another type, is no change worth trying.
 *
 * Comparisons are negated and moved to their edge, conjuncts dropped, && and || exchanged, literals
 * changed, items of lists left out, conditions turned round, all() and exists(), earliest() and
 * latest() exchanged.
 */
#include "cel/program.h"

#include <string.h>

struct mutator {
	const struct cel_program *program;
	const struct cel_program *when; /* true whenever it runs; or NULL */
	struct arena *arena;
	void (*each)(void *context, const struct cel_mutant *mutant);
	void *context;
};

static void mutate(struct mutator *mutator, const struct cel_expr *expr, bool is_negated);

const struct cel_program *cel_mutant_of(const struct cel_program *program, struct slice text,
					const struct cel_program *when, struct arena *arena)
{
	struct cel_options options = {
		.mode = program->mode, .assume = &when, .assume_count = when ? 1 : 0};
	struct cel_faults faults;

	if (cel_program_type(program)->kind == CEL_T_BOOL)
		options.want = &cel_bool;
	return cel_compile(program->env, text, &options, arena, &faults);
}

static struct slice source_of(const struct mutator *mutator, const struct cel_expr *expr)
{
	return (struct slice){mutator->program->text.data + expr->span.start,
			      expr->span.end - expr->span.start};
}

/* The whole text with another one at a span. */
static struct slice replaced(const struct mutator *mutator, struct span span, struct slice text)
{
	struct slice old = mutator->program->text;
	GString *out = g_string_new_len(old.data, span.start);
	struct slice copy;

	g_string_append_len(out, text.data, (gssize)text.len);
	g_string_append_len(out, old.data + span.end, (gssize)(old.len - span.end));
	copy = (struct slice){arena_dup(mutator->arena, out->str, out->len), out->len};
	g_string_free(out, TRUE);
	return copy;
}

/* Offers the program with `text` at `span`; `shown`: what is at stake there, `now`: what it is. */
static void offer(struct mutator *mutator, struct span span, struct slice text, struct span shown,
		  struct slice now)
{
	struct cel_mutant mutant = {.span = shown, .text = now};

	mutant.program = cel_mutant_of(mutator->program, replaced(mutator, span, text),
				       mutator->when, mutator->arena);
	if (mutant.program &&
	    cel_program_type(mutant.program)->kind == cel_program_type(mutator->program)->kind)
		mutator->each(mutator->context, &mutant);
}

static void change(struct mutator *mutator, const struct cel_expr *expr, const char *text)
{
	offer(mutator, expr->span, slice_of(text), expr->span, slice_of(text));
}

static char *text_of(struct mutator *mutator, const struct cel_expr *expr)
{
	struct slice text = source_of(mutator, expr);

	return arena_dup(mutator->arena, text.data, text.len);
}

/* --- comparisons */

struct exchange {
	enum expr_op op;
	const char *others[2];
};

static const struct exchange exchanges[] = {
	{OP_EQUAL, {"!=", NULL}},    {OP_NOT_EQUAL, {"==", NULL}}, {OP_LESS, {"<=", ">="}},
	{OP_LESS_EQUAL, {"<", ">"}}, {OP_GREATER, {">=", "<="}},   {OP_GREATER_EQUAL, {">", "<"}},
	{OP_ADD, {"-", NULL}},       {OP_SUBTRACT, {"+", NULL}},
};

static void exchange_operator(struct mutator *mutator, const struct cel_expr *expr)
{
	for (size_t i = 0; i < G_N_ELEMENTS(exchanges); i++)
		for (int o = 0; exchanges[i].op == expr->op && o < 2; o++)
			if (exchanges[i].others[o])
				change(mutator, expr,
				       arena_printf(mutator->arena, "(%s %s %s)",
						    text_of(mutator, expr->call.args[0]),
						    exchanges[i].others[o],
						    text_of(mutator, expr->call.args[1])));
}

/* --- logic */

/* The operands of && or || with another sign between them, and without one of them. */
static char *joined(struct mutator *mutator, struct cel_expr *const *items, uint32_t count,
		    uint32_t without, const char *sign)
{
	GString *out = g_string_new(NULL);
	char *copy;

	for (uint32_t i = 0; i < count; i++)
		if (i != without)
			g_string_append_printf(out, "%s%s", out->len ? sign : "",
					       text_of(mutator, items[i]));
	copy = arena_dup(mutator->arena, out->str, out->len);
	g_string_free(out, TRUE);
	return copy;
}

static char *in_brackets(struct mutator *mutator, const char *open, const char *text,
			 const char *close)
{
	return arena_printf(mutator->arena, "%s%s%s", open, text, close);
}

static void mutate_logic(struct mutator *mutator, const struct cel_expr *expr)
{
	const char *own = expr->op == OP_AND ? " && " : " || ";
	const char *other = expr->op == OP_AND ? " || " : " && ";
	struct cel_expr *const *args = expr->call.args;
	uint32_t count = expr->call.count;

	change(mutator, expr,
	       in_brackets(mutator, "(", joined(mutator, args, count, count, other), ")"));
	for (uint32_t i = 0; i < count; i++) {
		char *rest = in_brackets(mutator, "(", joined(mutator, args, count, i, own), ")");

		offer(mutator, expr->span, slice_of(rest), args[i]->span, (struct slice){0});
	}
}

static void negate(struct mutator *mutator, const struct cel_expr *expr)
{
	change(mutator, expr, in_brackets(mutator, "!(", text_of(mutator, expr), ")"));
}

/* --- names */

static const char *const twins[][2] = {
	{"all", "exists"},
	{"exists", "all"},
	{"earliest", "latest"},
	{"latest", "earliest"},
};

static void exchange_name(struct mutator *mutator, const struct cel_expr *expr)
{
	struct slice name = {mutator->program->text.data + expr->at.start,
			     expr->at.end - expr->at.start};

	for (size_t i = 0; i < G_N_ELEMENTS(twins); i++)
		if (slice_equal(name, slice_of(twins[i][0])))
			offer(mutator, expr->at, slice_of(twins[i][1]), expr->at,
			      slice_of(twins[i][1]));
}

/* --- literals */

static void mutate_literal(struct mutator *mutator, const struct cel_expr *expr)
{
	struct slice text = source_of(mutator, expr);

	switch ((enum cel_kind)expr->literal.kind) {
	case CEL_BOOL:
		change(mutator, expr, expr->literal.boolean ? "false" : "true");
		return;
	case CEL_INT:
		change(mutator, expr,
		       arena_printf(mutator->arena, "(%.*s + 1)", (int)text.len, text.data));
		return;
	case CEL_DOUBLE:
		change(mutator, expr,
		       arena_printf(mutator->arena, "(%.*s + 1.0)", (int)text.len, text.data));
		return;
	case CEL_STRING:
		if (text.len >= 2)
			change(mutator, expr,
			       arena_printf(mutator->arena, "%.*s~%c", (int)text.len - 1, text.data,
					    text.data[text.len - 1]));
		return;
	default:
		return;
	}
}

static void mutate_list(struct mutator *mutator, const struct cel_expr *expr)
{
	struct cel_expr *const *items = expr->list.items;
	uint32_t count = expr->list.count;

	for (uint32_t i = 0; i < count; i++) {
		char *rest = in_brackets(mutator, "[", joined(mutator, items, count, i, ", "), "]");

		offer(mutator, expr->span, slice_of(rest), items[i]->span, (struct slice){0});
		/* a literal that is changed is one that is left out */
		if (items[i]->kind != EXPR_LITERAL)
			mutate(mutator, items[i], false);
	}
}

/* --- the walk */

static bool is_bool(const struct mutator *mutator, const struct cel_expr *expr)
{
	const struct cel_type *type = mutator->program->types[expr->id];

	return type && type->kind == CEL_T_BOOL;
}

static void mutate_call(struct mutator *mutator, const struct cel_expr *expr, bool is_negated)
{
	struct cel_expr *const *args = expr->call.args;

	switch ((enum expr_op)expr->op) {
	case OP_AND:
	case OP_OR:
		mutate_logic(mutator, expr);
		break;
	case OP_NOT:
		change(mutator, expr, text_of(mutator, args[0]));
		break;
	case OP_CONDITIONAL:
		change(mutator, expr, text_of(mutator, args[1]));
		change(mutator, expr, text_of(mutator, args[2]));
		break;
	case OP_IN:
	case OP_PRESENT:
	case OP_NAMED:
		if (is_bool(mutator, expr) && !is_negated)
			negate(mutator, expr);
		exchange_name(mutator, expr);
		break;
	default:
		exchange_operator(mutator, expr);
		break;
	}
	if (expr->op == OP_PRESENT)
		return;
	if (expr->call.target && !mutator->program->refs[expr->id].no_target)
		mutate(mutator, expr->call.target, false);
	for (uint32_t i = 0; i < expr->call.count; i++)
		mutate(mutator, args[i], expr->op == OP_NOT);
}

static void mutate(struct mutator *mutator, const struct cel_expr *expr, bool is_negated)
{
	switch ((enum expr_kind)expr->kind) {
	case EXPR_LITERAL:
		mutate_literal(mutator, expr);
		return;
	case EXPR_IDENT:
	case EXPR_SELECT:
		if (is_bool(mutator, expr) && !is_negated)
			negate(mutator, expr);
		if (expr->kind == EXPR_SELECT && !(expr->flags & EXPR_TEST))
			mutate(mutator, expr->select.operand, true);
		return;
	case EXPR_CALL:
		mutate_call(mutator, expr, is_negated);
		return;
	case EXPR_LIST:
		mutate_list(mutator, expr);
		return;
	case EXPR_MAP:
		for (uint32_t i = 0; i < expr->map.count; i++)
			mutate(mutator, expr->map.values[i], false);
		return;
	case EXPR_FOLD:
		exchange_name(mutator, expr);
		mutate(mutator, expr->fold.range, false);
		if (expr->fold.filter)
			mutate(mutator, expr->fold.filter, false);
		mutate(mutator, expr->fold.body, false);
		return;
	case EXPR_BIND:
		mutate(mutator, expr->bind.init, false);
		mutate(mutator, expr->bind.body, false);
		return;
	}
}

void cel_mutate(const struct cel_program *program, const struct cel_program *when,
		struct arena *arena, void (*each)(void *context, const struct cel_mutant *mutant),
		void *context)
{
	struct mutator mutator = {program, when, arena, each, context};

	mutate(&mutator, program->root, false);
}
