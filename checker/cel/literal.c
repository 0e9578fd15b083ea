/*
 * Literals: numbers with the minus that belongs to them, strings and bytes. A number that its type
 * cannot hold is refused here, where it stands.
 *
 * CEL langdef: Syntax, INT_LIT, UINT_LIT, FLOAT_LIT, STRING_LIT, BYTES_LIT.
 */
#include "cel/ast.h"

#include "source/message.h"

#include <math.h>

struct cel_expr *cel_parse_literal(struct parser *parser, struct span span, struct cel_value value)
{
	struct cel_expr *expr = cel_parse_node(parser, EXPR_LITERAL, span);

	if (expr)
		expr->literal = value;
	return expr;
}

static struct cel_expr *bad_number(struct parser *parser, struct span span, struct slice text,
				   const char *type)
{
	return cel_parse_fail(
		parser, span,
		phrase_make(parser->arena, MESSAGE_CEL_NUMBER_RANGE, 2, text, slice_of(type)),
		(struct phrase){0});
}

/* An integer as written (decimal or 0x) with the minus before it, if any. */
static bool read_unsigned(struct slice text, uint64_t *out)
{
	bool hex = text.len > 2 && (text.data[1] == 'x' || text.data[1] == 'X');
	uint64_t base = hex ? 16 : 10, value = 0;

	for (size_t i = hex ? 2 : 0; i < text.len; i++) {
		int digit = g_ascii_xdigit_value(text.data[i]);

		if (__builtin_mul_overflow(value, base, &value) ||
		    __builtin_add_overflow(value, (uint64_t)digit, &value))
			return false;
	}
	*out = value;
	return true;
}

static struct cel_expr *int_literal(struct parser *parser, struct span span, struct slice text,
				    bool negative)
{
	uint64_t value;
	uint64_t limit = (uint64_t)INT64_MAX + negative;

	if (!read_unsigned(text, &value) || value > limit)
		return bad_number(parser, span, text, "int");
	return cel_parse_literal(parser, span,
				 cel_of_int(negative ? (int64_t)(0 - value) : (int64_t)value));
}

static struct cel_expr *double_literal(struct parser *parser, struct span span, struct slice text,
				       bool negative)
{
	double value = g_ascii_strtod(arena_dup(parser->arena, text.data, text.len), NULL);
	struct cel_value literal = {.kind = CEL_DOUBLE, .number = negative ? -value : value};

	return isinf(value) ? bad_number(parser, span, text, "double")
			    : cel_parse_literal(parser, span, literal);
}

/* The number at the parser; `start`: of the minus before it, if `negative`. */
struct cel_expr *cel_parse_number(struct parser *parser, uint32_t start, bool negative)
{
	struct token token = parser->token;
	struct span span = {start, token.span.end};
	struct cel_value value = {.kind = CEL_UINT};

	cel_parse_advance(parser);
	if (token.kind == TOKEN_INT)
		return int_literal(parser, span, token.text, negative);
	if (token.kind == TOKEN_DOUBLE)
		return double_literal(parser, span, token.text, negative);
	token.text.len--;
	if (negative || !read_unsigned(token.text, &value.unsigned_))
		return bad_number(parser, span, token.text, "uint");
	return cel_parse_literal(parser, span, value);
}

struct cel_expr *cel_parse_text(struct parser *parser)
{
	struct token token = parser->token;
	struct cel_value value = {.kind = token.kind == TOKEN_STRING ? CEL_STRING : CEL_BYTES,
				  .string = token.text};

	cel_parse_advance(parser);
	if (token.kind == TOKEN_STRING &&
	    text_valid_length(token.text.data, token.text.len) != token.text.len)
		return cel_parse_fail(parser, token.span,
				      phrase_make(parser->arena, MESSAGE_CEL_NOT_UTF8, 0),
				      (struct phrase){0});
	return cel_parse_literal(parser, token.span, value);
}
