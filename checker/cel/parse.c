/*
 * The parser: text to syntax tree, by recursive descent with one function a production and a
 * precedence table for the binary operators.
 *
 * The first syntax error ends it: what follows one is guesswork. Depth is bounded for nesting and
 * for chains alike, because everything after walks the tree by recursion; chains of && and ||
 * become one node of many arguments and so stay flat. Macros are expanded as soon as their call is
 * read (macros.c).
 *
 * CEL langdef: Syntax.
 */
#include "cel/ast.h"

#include "source/message.h"

static const struct {
	enum token_kind token;
	enum expr_op op;
	int priority;
	const char *name;
} binary[] = {
	{TOKEN_LESS, OP_LESS, 1, "_<_"},       {TOKEN_LESS_EQUAL, OP_LESS_EQUAL, 1, "_<=_"},
	{TOKEN_GREATER, OP_GREATER, 1, "_>_"}, {TOKEN_GREATER_EQUAL, OP_GREATER_EQUAL, 1, "_>=_"},
	{TOKEN_EQUAL, OP_EQUAL, 1, "_==_"},    {TOKEN_NOT_EQUAL, OP_NOT_EQUAL, 1, "_!=_"},
	{TOKEN_IN, OP_IN, 1, "@in"},           {TOKEN_PLUS, OP_ADD, 2, "_+_"},
	{TOKEN_MINUS, OP_SUBTRACT, 2, "_-_"},  {TOKEN_STAR, OP_MULTIPLY, 3, "_*_"},
	{TOKEN_SLASH, OP_DIVIDE, 3, "_/_"},    {TOKEN_PERCENT, OP_MODULO, 3, "_%_"},
};

static struct cel_expr *parse_expr(struct parser *parser);

struct cel_expr *cel_parse_fail(struct parser *parser, struct span span, struct phrase message,
				struct phrase hint)
{
	if (!parser->failed) {
		struct cel_fault *fault = cel_fault_add(parser->faults, span, message);

		fault->hint = hint;
	}
	parser->failed = true;
	return NULL;
}

void cel_parse_advance(struct parser *parser)
{
	parser->last_end = parser->token.span.end;
	parser->token = cel_lex_next(&parser->lexer);
	if (parser->token.kind == TOKEN_BAD)
		parser->failed = true;
}

static bool accept(struct parser *parser, enum token_kind kind)
{
	if (parser->failed || parser->token.kind != kind)
		return false;
	cel_parse_advance(parser);
	return true;
}

/* The source text of the next token, for messages. */
static struct slice token_source(const struct parser *parser)
{
	struct span span = parser->token.span;

	return (struct slice){parser->lexer.text.data + span.start, span.end - span.start};
}

static struct cel_expr *unexpected(struct parser *parser, const char *wanted)
{
	struct arena *arena = parser->arena;
	struct phrase message;

	if (parser->failed)
		return NULL;
	if (parser->token.kind == TOKEN_END)
		message = phrase_make(arena, MESSAGE_CEL_ENDS_EARLY, 1, slice_of(wanted));
	else if (parser->token.kind == TOKEN_RESERVED)
		message = phrase_make(arena, MESSAGE_CEL_RESERVED, 1, token_source(parser));
	else
		message = phrase_make(arena, MESSAGE_CEL_UNEXPECTED, 2, token_source(parser),
				      slice_of(wanted));
	return cel_parse_fail(parser, parser->token.span, message, (struct phrase){0});
}

static bool expect(struct parser *parser, enum token_kind kind, const char *wanted)
{
	if (accept(parser, kind))
		return true;
	unexpected(parser, wanted);
	return false;
}

struct cel_expr *cel_parse_node(struct parser *parser, enum expr_kind kind, struct span span)
{
	struct cel_expr *expr;

	if (parser->ids >= CEL_NODES_MAX)
		return cel_parse_fail(parser, span,
				      phrase_make(parser->arena, MESSAGE_CEL_TOO_LARGE, 0),
				      (struct phrase){0});
	expr = arena_new(parser->arena, struct cel_expr);
	expr->id = parser->ids++;
	expr->kind = (uint8_t)kind;
	expr->depth = 1;
	expr->span = span;
	expr->at = span;
	return expr;
}

static struct cel_expr *too_deep(struct parser *parser, struct span span)
{
	return cel_parse_fail(parser, span, phrase_make(parser->arena, MESSAGE_CEL_TOO_DEEP, 0),
			      (struct phrase){0});
}

/* Notes that `child` stands under `parent`: false where the tree became too deep. */
static bool adopt(struct parser *parser, struct cel_expr *parent, const struct cel_expr *child)
{
	if (child && child->depth >= parent->depth)
		parent->depth = child->depth + 1;
	if (parent->depth <= CEL_DEPTH_MAX)
		return true;
	too_deep(parser, parent->at);
	return false;
}

static struct cel_expr *call_node(struct parser *parser, enum expr_op op, const char *name,
				  struct span at, struct cel_expr **args, uint32_t count)
{
	struct span span = {args[0]->span.start, parser->last_end};
	struct cel_expr *expr;

	if (at.start < span.start)
		span.start = at.start;
	expr = cel_parse_node(parser, EXPR_CALL, span);
	if (!expr)
		return NULL;
	expr->op = (uint8_t)op;
	expr->at = at;
	expr->call.name = slice_of(name);
	expr->call.args = arena_array(parser->arena, count, sizeof(*args));
	expr->call.count = count;
	for (uint32_t i = 0; i < count; i++) {
		expr->call.args[i] = args[i];
		if (!adopt(parser, expr, args[i]))
			return NULL;
	}
	return expr;
}

/* --- Primaries */

/* ExprList = ["?"] Expr {"," ["?"] Expr} [","]; up to `close`. Each flag tells of a "?" */
static bool parse_list(struct parser *parser, enum token_kind close, const char *closing,
		       GPtrArray *items, GByteArray *optional)
{
	while (!parser->failed && parser->token.kind != close) {
		uint8_t is_optional = optional && accept(parser, TOKEN_QUESTION);
		struct cel_expr *item = parse_expr(parser);

		if (!item)
			return false;
		g_ptr_array_add(items, item);
		if (optional)
			g_byte_array_append(optional, &is_optional, 1);
		if (!accept(parser, TOKEN_COMMA))
			break;
	}
	return expect(parser, close, closing);
}

static uint8_t *optional_flags(struct parser *parser, const GByteArray *flags)
{
	for (guint i = 0; i < flags->len; i++)
		if (flags->data[i])
			return (uint8_t *)arena_dup(parser->arena, (const char *)flags->data,
						    flags->len);
	return NULL;
}

static struct cel_expr **keep(struct parser *parser, const GPtrArray *items)
{
	struct cel_expr **out = arena_array(parser->arena, items->len, sizeof(*out));

	for (guint i = 0; i < items->len; i++)
		out[i] = items->pdata[i];
	return out;
}

/* "[" [ExprList] "]" */
static struct cel_expr *parse_list_literal(struct parser *parser)
{
	uint32_t start = parser->token.span.start;
	GPtrArray *items = g_ptr_array_new();
	GByteArray *optional = g_byte_array_new();
	struct cel_expr *expr = NULL;

	cel_parse_advance(parser);
	if (parse_list(parser, TOKEN_RBRACKET, "]", items, optional))
		expr = cel_parse_node(parser, EXPR_LIST, (struct span){start, parser->last_end});
	if (expr) {
		expr->list.items = keep(parser, items);
		expr->list.count = items->len;
		expr->list.optional = optional_flags(parser, optional);
		for (guint i = 0; expr && i < items->len; i++)
			if (!adopt(parser, expr, items->pdata[i]))
				expr = NULL;
	}
	g_ptr_array_free(items, TRUE);
	g_byte_array_free(optional, TRUE);
	return expr;
}

/* MapInits = ["?"] Expr ":" Expr {"," ["?"] Expr ":" Expr} [","] */
static bool parse_entries(struct parser *parser, GPtrArray *keys, GPtrArray *values,
			  GByteArray *optional)
{
	while (!parser->failed && parser->token.kind != TOKEN_RBRACE) {
		uint8_t is_optional = accept(parser, TOKEN_QUESTION);
		struct cel_expr *key = parse_expr(parser);
		struct cel_expr *value;

		if (!key || !expect(parser, TOKEN_COLON, ":"))
			return false;
		value = parse_expr(parser);
		if (!value)
			return false;
		g_ptr_array_add(keys, key);
		g_ptr_array_add(values, value);
		g_byte_array_append(optional, &is_optional, 1);
		if (!accept(parser, TOKEN_COMMA))
			break;
	}
	return expect(parser, TOKEN_RBRACE, "}");
}

/* "{" [MapInits] "}" */
static struct cel_expr *parse_map_literal(struct parser *parser)
{
	uint32_t start = parser->token.span.start;
	GPtrArray *keys = g_ptr_array_new(), *values = g_ptr_array_new();
	GByteArray *optional = g_byte_array_new();
	struct cel_expr *expr = NULL;

	cel_parse_advance(parser);
	if (parse_entries(parser, keys, values, optional))
		expr = cel_parse_node(parser, EXPR_MAP, (struct span){start, parser->last_end});
	if (expr) {
		expr->map.keys = keep(parser, keys);
		expr->map.values = keep(parser, values);
		expr->map.count = keys->len;
		expr->map.optional = optional_flags(parser, optional);
		for (guint i = 0; expr && i < keys->len; i++)
			if (!adopt(parser, expr, keys->pdata[i]) ||
			    !adopt(parser, expr, values->pdata[i]))
				expr = NULL;
	}
	g_ptr_array_free(keys, TRUE);
	g_ptr_array_free(values, TRUE);
	g_byte_array_free(optional, TRUE);
	return expr;
}

/* "(" [ExprList] ")" behind a name: the call, or what the macro of that name makes of it. */
static struct cel_expr *parse_call(struct parser *parser, struct token name,
				   struct cel_expr *target, uint32_t start, uint8_t flags)
{
	GPtrArray *args = g_ptr_array_new();
	struct cel_expr *expr = NULL, **kept;

	cel_parse_advance(parser);
	if (!parse_list(parser, TOKEN_RPAREN, ")", args, NULL))
		goto out;
	kept = keep(parser, args);
	expr = cel_macro_expand(parser, name.text, target, kept, args->len,
				(struct span){start, parser->last_end}, name.span);
	if (!expr && !parser->failed) {
		expr = cel_parse_node(parser, EXPR_CALL, (struct span){start, parser->last_end});
		if (!expr)
			goto out;
		expr->at = name.span;
		expr->flags = flags;
		expr->call.name = name.text;
		expr->call.target = target;
		expr->call.args = kept;
		expr->call.count = args->len;
	}
	if (expr && target && !adopt(parser, expr, target))
		expr = NULL;
	for (guint i = 0; expr && i < args->len; i++)
		if (!adopt(parser, expr, args->pdata[i]))
			expr = NULL;
out:
	g_ptr_array_free(args, TRUE);
	return expr;
}

/* ["."] IDENT ["(" [ExprList] ")"] */
static struct cel_expr *parse_ident(struct parser *parser, uint32_t start, uint8_t flags)
{
	struct token name = parser->token;
	struct cel_expr *expr;

	cel_parse_advance(parser);
	if (!parser->failed && parser->token.kind == TOKEN_LPAREN)
		return parse_call(parser, name, NULL, start, flags);
	expr = cel_parse_node(parser, EXPR_IDENT, (struct span){start, name.span.end});
	if (expr) {
		expr->flags = flags;
		expr->name = name.text;
	}
	return expr;
}

/*
 * Primary = ["."] IDENT ["(" [ExprList] ")"] | "(" Expr ")" | "[" [ExprList] [","] "]"
 *         | "{" [MapInits] [","] "}" | LITERAL
 */
static struct cel_expr *parse_primary(struct parser *parser)
{
	uint32_t start = parser->token.span.start;
	struct cel_expr *expr;

	if (parser->failed)
		return NULL;
	switch ((int)parser->token.kind) {
	case TOKEN_DOT:
		cel_parse_advance(parser);
		if (parser->token.kind != TOKEN_IDENT)
			return unexpected(parser, "a name");
		return parse_ident(parser, start, EXPR_ROOTED);
	case TOKEN_IDENT:
		return parse_ident(parser, start, 0);
	case TOKEN_LPAREN:
		cel_parse_advance(parser);
		expr = parse_expr(parser);
		if (!expr || !expect(parser, TOKEN_RPAREN, ")"))
			return NULL;
		expr->span = (struct span){start, parser->last_end};
		return expr;
	case TOKEN_LBRACKET:
		return parse_list_literal(parser);
	case TOKEN_LBRACE:
		return parse_map_literal(parser);
	case TOKEN_INT:
	case TOKEN_UINT:
	case TOKEN_DOUBLE:
		return cel_parse_number(parser, start, false);
	case TOKEN_STRING:
	case TOKEN_BYTES:
		return cel_parse_text(parser);
	case TOKEN_TRUE:
	case TOKEN_FALSE:
		expr = cel_parse_literal(parser, parser->token.span,
					 cel_of_bool(parser->token.kind == TOKEN_TRUE));
		cel_parse_advance(parser);
		return expr;
	case TOKEN_NULL:
		expr = cel_parse_literal(parser, parser->token.span, cel_null_value);
		cel_parse_advance(parser);
		return expr;
	}
	return unexpected(parser, "a value");
}

/* --- Members */

static bool is_selector(enum token_kind kind)
{
	return kind == TOKEN_IDENT || kind == TOKEN_RESERVED || kind == TOKEN_QUOTED_IDENT;
}

/* Member "." ["?"] SELECTOR ["(" [ExprList] ")"] */
static struct cel_expr *parse_select(struct parser *parser, struct cel_expr *operand)
{
	bool optional;
	struct token name;
	struct cel_expr *expr;

	cel_parse_advance(parser);
	optional = accept(parser, TOKEN_QUESTION);
	name = parser->token;
	if (parser->failed || !is_selector(name.kind))
		return unexpected(parser, "a name");
	cel_parse_advance(parser);
	if (!parser->failed && parser->token.kind == TOKEN_LPAREN && !optional &&
	    name.kind != TOKEN_QUOTED_IDENT)
		return parse_call(parser, name, operand, operand->span.start, 0);
	expr = cel_parse_node(parser, EXPR_SELECT,
			      (struct span){operand->span.start, name.span.end});
	if (!expr)
		return NULL;
	expr->at = name.span;
	expr->flags = optional ? EXPR_OPTIONAL : 0;
	expr->select.operand = operand;
	expr->select.field = name.text;
	return adopt(parser, expr, operand) ? expr : NULL;
}

/* Member "[" ["?"] Expr "]" */
static struct cel_expr *parse_index(struct parser *parser, struct cel_expr *operand)
{
	struct span at = parser->token.span;
	struct cel_expr *args[2] = {operand};
	bool optional;

	cel_parse_advance(parser);
	optional = accept(parser, TOKEN_QUESTION);
	args[1] = parse_expr(parser);
	if (!args[1] || !expect(parser, TOKEN_RBRACKET, "]"))
		return NULL;
	at.end = parser->last_end;
	return optional ? call_node(parser, OP_OPT_INDEX, "_[?_]", at, args, 2)
			: call_node(parser, OP_INDEX, "_[_]", at, args, 2);
}

/* Member = Primary | Member "." SELECTOR ["(" [ExprList] ")"] | Member "[" Expr "]" */
static struct cel_expr *parse_member(struct parser *parser, struct cel_expr *expr)
{
	while (expr && !parser->failed) {
		if (parser->token.kind == TOKEN_DOT) {
			expr = parse_select(parser, expr);
		} else if (parser->token.kind == TOKEN_LBRACKET) {
			expr = parse_index(parser, expr);
		} else if (parser->token.kind == TOKEN_LBRACE && expr->kind != EXPR_LITERAL) {
			return cel_parse_fail(
				parser, parser->token.span,
				phrase_make(parser->arena, MESSAGE_CEL_NO_MESSAGES, 0),
				phrase_make(parser->arena, MESSAGE_CEL_HINT_MAP, 0));
		} else {
			return expr;
		}
	}
	return parser->failed ? NULL : expr;
}

static bool is_number(enum token_kind kind)
{
	return kind == TOKEN_INT || kind == TOKEN_UINT || kind == TOKEN_DOUBLE;
}

/* Unary = Member | "!" {"!"} Member | "-" {"-"} Member; a minus before a number belongs to it. */
static struct cel_expr *parse_unary(struct parser *parser)
{
	enum token_kind kind = parser->token.kind;
	struct span at = parser->token.span;
	struct cel_expr *expr;
	uint32_t count = 0;

	if (kind != TOKEN_NOT && kind != TOKEN_MINUS)
		return parse_member(parser, parse_primary(parser));
	while (!parser->failed && parser->token.kind == kind) {
		uint32_t start = parser->token.span.start;

		cel_parse_advance(parser);
		if (kind == TOKEN_MINUS && is_number(parser->token.kind)) {
			expr = parse_member(parser, cel_parse_number(parser, start, true));
			goto operand;
		}
		count++;
	}
	expr = parse_member(parser, parse_primary(parser));
operand:
	if (!expr || count % 2 == 0)
		return expr;
	return kind == TOKEN_NOT ? call_node(parser, OP_NOT, "!_", at, &expr, 1)
				 : call_node(parser, OP_NEGATE, "-_", at, &expr, 1);
}

/* --- Operators */

/*
 * Relation = [Relation ("<" | "<=" | ">=" | ">" | "==" | "!=" | "in")] Addition
 * Addition = [Addition ("+" | "-")] Multiplication
 * Multiplication = [Multiplication ("*" | "/" | "%")] Unary
 */
static struct cel_expr *parse_binary(struct parser *parser, int priority)
{
	struct cel_expr *left = priority > 3 ? parse_unary(parser)
					     : parse_binary(parser, priority + 1);

	while (left && !parser->failed && priority <= 3) {
		struct cel_expr *args[2] = {left};
		struct span at = parser->token.span;
		size_t i = 0;

		while (i < G_N_ELEMENTS(binary) &&
		       (binary[i].token != parser->token.kind || binary[i].priority != priority))
			i++;
		if (i == G_N_ELEMENTS(binary))
			break;
		cel_parse_advance(parser);
		args[1] = parse_binary(parser, priority + 1);
		if (!args[1])
			return NULL;
		left = call_node(parser, binary[i].op, binary[i].name, at, args, 2);
	}
	return parser->failed ? NULL : left;
}

/* ConditionalOr = [ConditionalOr "||"] ConditionalAnd; ConditionalAnd = [ConditionalAnd "&&"]
 * Relation */
static struct cel_expr *parse_chain(struct parser *parser, enum token_kind kind)
{
	GPtrArray *terms = NULL;
	struct span at = {0};
	struct cel_expr *expr = NULL;

	for (;;) {
		struct cel_expr *term = kind == TOKEN_OR ? parse_chain(parser, TOKEN_AND)
							 : parse_binary(parser, 1);

		if (!term)
			goto out;
		if (!terms && parser->token.kind != kind)
			return term;
		if (!terms) {
			at = parser->token.span;
			terms = g_ptr_array_new();
		}
		g_ptr_array_add(terms, term);
		if (!accept(parser, kind))
			break;
	}
	if (!parser->failed)
		expr = kind == TOKEN_OR ? call_node(parser, OP_OR, "_||_", at,
						    (struct cel_expr **)terms->pdata, terms->len)
					: call_node(parser, OP_AND, "_&&_", at,
						    (struct cel_expr **)terms->pdata, terms->len);
out:
	if (terms)
		g_ptr_array_free(terms, TRUE);
	return expr;
}

/* Expr = ConditionalOr ["?" ConditionalOr ":" Expr] */
static struct cel_expr *parse_expr(struct parser *parser)
{
	struct cel_expr *args[3];
	struct span at;

	if (parser->failed)
		return NULL;
	if (++parser->depth > CEL_DEPTH_MAX)
		return too_deep(parser, parser->token.span);
	args[0] = parse_chain(parser, TOKEN_OR);
	at = parser->token.span;
	if (args[0] && accept(parser, TOKEN_QUESTION)) {
		args[1] = parse_chain(parser, TOKEN_OR);
		if (!args[1] || !expect(parser, TOKEN_COLON, ":"))
			return NULL;
		args[2] = parse_expr(parser);
		if (!args[2])
			return NULL;
		args[0] = call_node(parser, OP_CONDITIONAL, "_?_:_", at, args, 3);
	}
	parser->depth--;
	return parser->failed ? NULL : args[0];
}

struct cel_expr *cel_parse_expression(struct slice text, struct arena *arena,
				      struct fault_list *faults, uint32_t *ids)
{
	struct parser parser = {
		.lexer = {.text = text, .arena = arena, .faults = faults},
		.arena = arena,
		.faults = faults,
	};
	struct cel_expr *expr;

	if (text.len > CEL_TEXT_MAX)
		return cel_parse_fail(&parser, (struct span){0, 1},
				      phrase_make(arena, MESSAGE_CEL_TOO_LARGE, 0),
				      (struct phrase){0});
	cel_parse_advance(&parser);
	expr = parse_expr(&parser);
	if (expr && parser.token.kind != TOKEN_END)
		expr = unexpected(&parser, "the end");
	*ids = parser.ids;
	return parser.failed ? NULL : expr;
}
