/*
 * Macros: calls that are not functions because an argument names a variable, a path or a field.
 *
 * Each becomes one node of its own (EXPR_FOLD, EXPR_BIND, a test of presence) rather than the
 * general fold with an accumulator that the specification describes: the checker gives the types
 * that the fold would have, the evaluator stops as early, and an explanation can say which item it
 * was. A call with a macro's name but another number of arguments is a plain call.
 *
 * CEL langdef: Macros; cel-go ext: two-variable comprehensions, bindings, optionals, lists.
 */
#include "cel/ast.h"

#include "source/message.h"

struct fold_macro {
	const char *name;
	enum fold_kind kind;
	uint8_t vars;
	uint8_t args; /* all of them, variables included */
	bool filter;  /* the last but one is a condition */
};

static const struct fold_macro fold_macros[] = {
	{"all", FOLD_ALL, 1, 2, false},
	{"all", FOLD_ALL, 2, 3, false},
	{"exists", FOLD_EXISTS, 1, 2, false},
	{"exists", FOLD_EXISTS, 2, 3, false},
	{"exists_one", FOLD_EXISTS_ONE, 1, 2, false},
	{"exists_one", FOLD_EXISTS_ONE, 2, 3, false},
	{"existsOne", FOLD_EXISTS_ONE, 1, 2, false},
	{"existsOne", FOLD_EXISTS_ONE, 2, 3, false},
	{"map", FOLD_MAP, 1, 2, false},
	{"map", FOLD_MAP, 1, 3, true},
	{"filter", FOLD_FILTER, 1, 2, false},
	{"transformList", FOLD_MAP, 2, 3, false},
	{"transformList", FOLD_MAP, 2, 4, true},
	{"transformMap", FOLD_TRANSFORM_MAP, 2, 3, false},
	{"transformMap", FOLD_TRANSFORM_MAP, 2, 4, true},
	{"transformMapEntry", FOLD_TRANSFORM_ENTRY, 2, 3, false},
	{"transformMapEntry", FOLD_TRANSFORM_ENTRY, 2, 4, true},
	{"sortBy", FOLD_SORT_BY, 1, 2, false},
};

static bool is_variable(struct parser *parser, const struct cel_expr *expr)
{
	if (expr->kind == EXPR_IDENT && !(expr->flags & EXPR_ROOTED))
		return true;
	cel_parse_fail(parser, expr->span, phrase_make(parser->arena, MESSAGE_CEL_NOT_A_NAME, 0),
		       (struct phrase){0});
	return false;
}

static struct cel_expr *expand_fold(struct parser *parser, const struct fold_macro *macro,
				    struct cel_expr *range, struct cel_expr **args,
				    struct span span, struct span at)
{
	struct cel_expr *expr;

	for (uint8_t i = 0; i < macro->vars; i++)
		if (!is_variable(parser, args[i]))
			return NULL;
	if (macro->vars == 2 && slice_equal(args[0]->name, args[1]->name))
		return cel_parse_fail(
			parser, args[1]->span,
			phrase_make(parser->arena, MESSAGE_CEL_SAME_NAMES, 1, args[1]->name),
			(struct phrase){0});
	expr = cel_parse_node(parser, EXPR_FOLD, span);
	if (!expr)
		return NULL;
	expr->op = (uint8_t)macro->kind;
	expr->at = at;
	expr->fold.range = range;
	expr->fold.var = args[0]->name;
	expr->fold.var_at = args[0]->span;
	if (macro->vars == 2)
		expr->fold.var2 = args[1]->name;
	if (macro->filter)
		expr->fold.filter = args[macro->args - 2];
	expr->fold.body = args[macro->args - 1];
	return expr;
}

static struct cel_expr *expand_bind(struct parser *parser, enum bind_kind kind,
				    struct cel_expr *init, struct cel_expr **args, struct span span,
				    struct span at)
{
	struct cel_expr *var = args[0];
	struct cel_expr *expr;

	if (!is_variable(parser, var))
		return NULL;
	expr = cel_parse_node(parser, EXPR_BIND, span);
	if (!expr)
		return NULL;
	expr->op = (uint8_t)kind;
	expr->at = at;
	expr->bind.init = init;
	expr->bind.var = var->name;
	expr->bind.body = kind == BIND_LET ? args[2] : args[1];
	return expr;
}

/* has(e.f): a node of its own, since e.f may be read elsewhere from the same tree. */
static struct cel_expr *expand_has(struct parser *parser, struct cel_expr *path, struct span span,
				   struct span at)
{
	struct cel_expr *expr;

	if (path->kind != EXPR_SELECT || path->flags & (EXPR_TEST | EXPR_OPTIONAL))
		return cel_parse_fail(parser, path->span,
				      phrase_make(parser->arena, MESSAGE_CEL_HAS_PATH, 0),
				      phrase_make(parser->arena, MESSAGE_CEL_HINT_HAS, 0));
	expr = cel_parse_node(parser, EXPR_SELECT, span);
	if (!expr)
		return NULL;
	(void)at;
	expr->flags = EXPR_TEST;
	expr->at = path->at;
	expr->select = path->select;
	return expr;
}

static bool is_path(const struct cel_expr *expr)
{
	while (expr->kind == EXPR_SELECT ||
	       (expr->kind == EXPR_CALL && (expr->op == OP_INDEX || expr->op == OP_OPT_INDEX)))
		expr = expr->kind == EXPR_SELECT ? expr->select.operand : expr->call.args[0];
	return expr->kind == EXPR_IDENT;
}

/* present(path): planlint's own. */
static struct cel_expr *expand_present(struct parser *parser, struct slice name,
				       struct cel_expr **args, struct span span, struct span at)
{
	struct cel_expr *expr;

	if (!is_path(args[0]))
		return cel_parse_fail(parser, args[0]->span,
				      phrase_make(parser->arena, MESSAGE_CEL_PRESENT_PATH, 0),
				      (struct phrase){0});
	expr = cel_parse_node(parser, EXPR_CALL, span);
	if (!expr)
		return NULL;
	expr->op = OP_PRESENT;
	expr->at = at;
	expr->call.name = name;
	expr->call.args = args;
	expr->call.count = 1;
	return expr;
}

/* math.greatest(a, b, c, ...): of three and more, the greatest of the list of them. */
static struct cel_expr *expand_extreme(struct parser *parser, struct slice name,
				       struct cel_expr *target, struct cel_expr **args,
				       uint32_t count, struct span span, struct span at)
{
	struct cel_expr *list = cel_parse_node(
		parser, EXPR_LIST, (struct span){args[0]->span.start, args[count - 1]->span.end});
	struct cel_expr *expr = list ? cel_parse_node(parser, EXPR_CALL, span) : NULL;

	if (!expr)
		return NULL;
	list->list.items = args;
	list->list.count = count;
	for (uint32_t i = 0; i < count; i++)
		list->depth = MAX(list->depth, args[i]->depth + 1);
	expr->depth = list->depth + 1;
	expr->at = at;
	expr->call.name = name;
	expr->call.target = target;
	expr->call.args = arena_array(parser->arena, 1, sizeof(list));
	expr->call.args[0] = list;
	expr->call.count = 1;
	return expr;
}

static bool is_name(const struct cel_expr *expr, const char *name)
{
	return expr && expr->kind == EXPR_IDENT && slice_equal(expr->name, slice_of(name));
}

struct cel_expr *cel_macro_expand(struct parser *parser, struct slice name, struct cel_expr *target,
				  struct cel_expr **args, uint32_t count, struct span span,
				  struct span at)
{
	if (!target) {
		if (slice_equal(name, SLICE("has")) && count == 1)
			return expand_has(parser, args[0], span, at);
		if (slice_equal(name, SLICE("present")) && count == 1)
			return expand_present(parser, name, args, span, at);
		return NULL;
	}
	if (slice_equal(name, SLICE("bind")) && count == 3 && is_name(target, "cel"))
		return expand_bind(parser, BIND_LET, args[1], args, span, at);
	if ((slice_equal(name, SLICE("greatest")) || slice_equal(name, SLICE("least"))) &&
	    count > 2 && is_name(target, "math"))
		return expand_extreme(parser, name, target, args, count, span, at);
	if (slice_equal(name, SLICE("optMap")) && count == 2)
		return expand_bind(parser, BIND_OPT_MAP, target, args, span, at);
	if (slice_equal(name, SLICE("optFlatMap")) && count == 2)
		return expand_bind(parser, BIND_OPT_FLAT_MAP, target, args, span, at);
	for (size_t i = 0; i < G_N_ELEMENTS(fold_macros); i++)
		if (fold_macros[i].args == count &&
		    slice_equal(name, slice_of(fold_macros[i].name)))
			return expand_fold(parser, &fold_macros[i], target, args, span, at);
	return NULL;
}
