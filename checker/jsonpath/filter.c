/*
 * Parses filter expressions and checks that they are well-typed (RFC 9535 2.3.5.1 and 2.4.3):
 * only singular paths are compared, functions get what functions.def says and stand where their
 * result may stand. Operators of the same level are one expression with a list of operands.
 */
#include "jsonpath/parse.h"

#include "base/decimal.h"
#include "base/regex.h"
#include "source/message.h"

#include <string.h>

struct signature {
	const char *name;
	char result;
	const char *parameters;
};

static const struct signature functions[] = {
#define FUNCTION(enum_name, name, result, parameters) {name, result, parameters},
#include "jsonpath/functions.def"
#undef FUNCTION
};

static struct jsonpath_expr *parse_operand(struct path_parser *p);

static struct jsonpath_expr *new_expr(struct path_parser *p, enum jsonpath_expr_kind kind,
				      size_t start)
{
	struct jsonpath_expr *expr = arena_new(p->arena, struct jsonpath_expr);

	expr->kind = kind;
	expr->place = path_place(p, start);
	return expr;
}

static void *fail_at(struct path_parser *p, struct span place, enum message message)
{
	path_fail(p, place.start, place.end, message);
	return NULL;
}

static void *fail_here(struct path_parser *p, enum message message)
{
	path_fail(p, p->at, p->at + !path_at_end(p), message);
	return NULL;
}

static char result_of(const struct jsonpath_expr *call)
{
	return functions[call->function].result;
}

static void *fail_call(struct path_parser *p, const struct jsonpath_expr *call,
		       enum message message)
{
	path_fail_with(p, call->place.start, call->place.end, message,
		       slice_of(functions[call->function].name), (struct slice){0});
	return NULL;
}

/* --- Operands: what may be compared or handed to a function */

static struct doc_node *new_literal(struct path_parser *p, enum doc_type type, struct slice text)
{
	struct doc_node *node = arena_new(p->arena, struct doc_node);

	node->type = (uint8_t)type;
	node->text = text.data;
	node->len = (uint32_t)text.len;
	if (type == DOC_STRING)
		node->count = (uint32_t)text_code_points(text.data, text.len);
	return node;
}

/* The digits of frac and exp; false where none follow. */
static bool skip_digits(struct path_parser *p)
{
	size_t start = p->at;

	while (g_ascii_isdigit(path_peek(p)))
		p->at++;
	return p->at > start;
}

/* number = (int / "-0") [ frac ] [ exp ] */
static struct doc_node *parse_number(struct path_parser *p)
{
	size_t start = p->at, digits;
	struct doc_node *node;
	struct decimal value;
	bool whole = true;

	path_accept(p, "-");
	digits = p->at;
	if (!skip_digits(p) || (p->text.data[digits] == '0' && p->at > digits + 1))
		return fail_at(p, path_place(p, start), MESSAGE_JSONPATH_NUMBER);
	if (path_accept(p, ".")) {
		whole = false;
		if (!skip_digits(p))
			return fail_at(p, path_place(p, start), MESSAGE_JSONPATH_NUMBER);
	}
	if (path_accept(p, "e") || path_accept(p, "E")) {
		whole = false;
		if (!path_accept(p, "-"))
			path_accept(p, "+");
		if (!skip_digits(p))
			return fail_at(p, path_place(p, start), MESSAGE_JSONPATH_NUMBER);
	}
	node = new_literal(p, whole ? DOC_INTEGER : DOC_NUMBER,
			   (struct slice){p->text.data + start, p->at - start});
	if (!decimal_parse(&value, node->text, node->len))
		return fail_at(p, path_place(p, start), MESSAGE_JSONPATH_NUMBER);
	if (whole && decimal_to_int64(&value, &node->integer))
		node->flags |= DOC_INT64;
	else
		node->number = decimal_to_double(&value);
	return node;
}

/* literal = number / string-literal / true / false / null; NULL without an error: another word */
static struct jsonpath_expr *parse_literal(struct path_parser *p)
{
	struct jsonpath_expr *expr;
	struct doc_node *node = NULL;
	size_t start = p->at;
	struct slice text;
	char c = path_peek(p);

	if (c == '\'' || c == '"') {
		if (path_scan_text(p, &text))
			node = new_literal(p, DOC_STRING, text);
	} else if (c == '-' || g_ascii_isdigit(c)) {
		node = parse_number(p);
	} else {
		text = path_scan_name(p);
		if (slice_equal(text, SLICE("null"))) {
			node = new_literal(p, DOC_NULL, text);
		} else if (slice_equal(text, SLICE("true")) || slice_equal(text, SLICE("false"))) {
			node = new_literal(p, DOC_BOOLEAN, text);
			node->integer = text.len == 4;
		} else {
			p->at = start;
		}
	}
	if (!node)
		return NULL;
	expr = new_expr(p, JSONPATH_LITERAL, start);
	expr->literal = node;
	return expr;
}

/* filter-query = rel-query / jsonpath-query */
static struct jsonpath_expr *parse_query(struct path_parser *p)
{
	struct jsonpath_query *query = arena_new(p->arena, struct jsonpath_query);
	struct jsonpath_expr *expr;
	size_t start = p->at;

	query->relative = path_accept(p, "@");
	if (!query->relative)
		path_accept(p, "$");
	if (!path_parse_segments(p, query))
		return NULL;
	expr = new_expr(p, JSONPATH_QUERY, start);
	expr->query = query;
	return expr;
}

static bool find_function(struct path_parser *p, struct jsonpath_expr *call, struct slice name)
{
	struct slice names[G_N_ELEMENTS(functions)];
	ptrdiff_t nearest;

	for (size_t i = 0; i < G_N_ELEMENTS(functions); i++) {
		names[i] = slice_of(functions[i].name);
		call->function = (enum jsonpath_function)i;
		if (slice_equal(names[i], name))
			return true;
	}
	nearest = text_nearest(name, names, G_N_ELEMENTS(names));
	return path_fail_with(p, call->place.start, call->place.end,
			      nearest < 0 ? MESSAGE_JSONPATH_FUNCTION_UNKNOWN
					  : MESSAGE_JSONPATH_FUNCTION_NEAREST,
			      name, nearest < 0 ? (struct slice){0} : names[nearest]);
}

/* RFC 9535 2.4.3: what an argument must be for the declared type of its parameter */
static bool check_argument(struct path_parser *p, const struct jsonpath_expr *call,
			   const struct jsonpath_expr *argument, char type)
{
	const char *name = functions[call->function].name;
	enum message message = type == 'V' ? MESSAGE_JSONPATH_ARGUMENT_VALUE
					   : MESSAGE_JSONPATH_ARGUMENT_NODES;
	bool good;

	if (argument->kind == JSONPATH_QUERY)
		good = type == 'N' || argument->query->singular;
	else if (argument->kind == JSONPATH_CALL)
		good = type == result_of(argument);
	else
		good = argument->kind == JSONPATH_LITERAL && type == 'V';
	return good || path_fail_with(p, argument->place.start, argument->place.end, message,
				      slice_of(name), (struct slice){0});
}

static bool check_arguments(struct path_parser *p, const struct jsonpath_expr *call, size_t count)
{
	const struct signature *function = &functions[call->function];
	const struct jsonpath_expr *argument = call->operands;
	size_t expected = strlen(function->parameters);

	if (count != expected)
		return path_fail_with(p, call->place.start, call->place.end,
				      MESSAGE_JSONPATH_ARGUMENT_COUNT, slice_of(function->name),
				      slice_of(arena_printf(p->arena, "%zu", expected)));
	for (size_t i = 0; i < expected; i++, argument = argument->next) {
		if (!check_argument(p, call, argument, function->parameters[i]))
			return false;
	}
	return true;
}

/* A literal pattern is compiled once. One that is no I-Regexp matches nothing (RFC 9535 2.4.6). */
static void compile_pattern(struct path_parser *p, struct jsonpath_expr *call)
{
	const struct jsonpath_expr *pattern;
	struct regex *regex;

	if (call->function != JSONPATH_MATCH && call->function != JSONPATH_SEARCH)
		return;
	pattern = call->operands->next;
	if (pattern->kind != JSONPATH_LITERAL || pattern->literal->type != DOC_STRING)
		return;
	regex = regex_compile(doc_text(pattern->literal), REGEX_IREGEXP, NULL);
	call->regex = regex;
	call->bad_pattern = !regex;
	if (regex)
		g_ptr_array_add(p->regexes, regex);
}

/* function-expr = function-name "(" S [function-argument *(S "," S function-argument)] S ")" */
static struct jsonpath_expr *parse_call(struct path_parser *p, size_t start, struct slice name)
{
	struct jsonpath_expr *call = new_expr(p, JSONPATH_CALL, start);
	const struct jsonpath_expr **last = &call->operands;
	size_t count = 0;

	if (!find_function(p, call, name) || !path_enter(p))
		return NULL;
	path_accept(p, "(");
	path_skip_blanks(p);
	while (path_peek(p) != ')' || count > 0) {
		struct jsonpath_expr *argument = parse_operand(p);

		if (!argument)
			return NULL;
		*last = argument;
		last = (const struct jsonpath_expr **)&argument->next;
		count++;
		path_skip_blanks(p);
		if (!path_accept(p, ","))
			break;
		path_skip_blanks(p);
	}
	p->depth--;
	if (!path_accept(p, ")"))
		return fail_at(p, (struct span){call->place.end, call->place.end + 1},
			       MESSAGE_JSONPATH_PARENTHESIS);
	call->place.end = (uint32_t)p->at;
	if (!check_arguments(p, call, count))
		return NULL;
	compile_pattern(p, call);
	return call;
}

/* function-name-first = LCALPHA        function-name-char = function-name-first / "_" / DIGIT */
static struct slice scan_function_name(struct path_parser *p)
{
	size_t start = p->at;

	while (g_ascii_islower(path_peek(p)) ||
	       (p->at > start && (path_peek(p) == '_' || g_ascii_isdigit(path_peek(p)))))
		p->at++;
	return (struct slice){p->text.data + start, p->at - start};
}

/* filter-query / function-expr / literal */
static struct jsonpath_expr *parse_operand(struct path_parser *p)
{
	struct jsonpath_expr *literal;
	size_t start = p->at;
	struct slice name;

	if (path_peek(p) == '@' || path_peek(p) == '$')
		return parse_query(p);
	name = scan_function_name(p);
	if (name.len && path_peek(p) == '(')
		return parse_call(p, start, name);
	p->at = start;
	literal = parse_literal(p);
	return literal || p->failed ? literal : fail_here(p, MESSAGE_JSONPATH_EXPRESSION);
}

/* --- Logical expressions */

/* comparable: a literal, a singular path, a function that gives a value */
static bool check_comparable(struct path_parser *p, const struct jsonpath_expr *operand)
{
	if (operand->kind == JSONPATH_QUERY && !operand->query->singular)
		return fail_at(p, operand->place, MESSAGE_JSONPATH_NOT_SINGULAR), false;
	if (operand->kind == JSONPATH_CALL && result_of(operand) != 'V')
		return fail_call(p, operand, MESSAGE_JSONPATH_RESULT_COMPARED), false;
	return true;
}

/* comparison-op = "==" / "!=" / "<=" / ">=" / "<" / ">" */
static bool parse_comparison(struct path_parser *p, enum jsonpath_comparison *out)
{
	static const char *const operators[] = {"==", "!=", "<=", ">=", "<", ">"};
	static const enum jsonpath_comparison meanings[] = {JSONPATH_EQ, JSONPATH_NE, JSONPATH_LE,
							    JSONPATH_GE, JSONPATH_LT, JSONPATH_GT};

	for (size_t i = 0; i < G_N_ELEMENTS(operators); i++) {
		if (path_accept(p, operators[i])) {
			*out = meanings[i];
			return true;
		}
	}
	return false;
}

/* comparison-expr = comparable S comparison-op S comparable, after the operator */
static struct jsonpath_expr *parse_right_side(struct path_parser *p, struct jsonpath_expr *left,
					      enum jsonpath_comparison comparison)
{
	struct jsonpath_expr *compare, *right;

	if (!check_comparable(p, left))
		return NULL;
	path_skip_blanks(p);
	right = parse_operand(p);
	if (!right || !check_comparable(p, right))
		return NULL;
	compare = new_expr(p, JSONPATH_COMPARE, left->place.start);
	compare->comparison = comparison;
	compare->operands = left;
	left->next = right;
	return compare;
}

/* test-expr = [logical-not-op S] (filter-query / function-expr), without the "!" */
static struct jsonpath_expr *as_test(struct path_parser *p, struct jsonpath_expr *operand)
{
	if (operand->kind == JSONPATH_LITERAL)
		return fail_at(p, operand->place, MESSAGE_JSONPATH_LITERAL_ALONE);
	if (operand->kind == JSONPATH_CALL && result_of(operand) == 'V')
		return fail_call(p, operand, MESSAGE_JSONPATH_RESULT_ALONE);
	if (operand->kind == JSONPATH_QUERY)
		operand->kind = JSONPATH_EXISTS;
	return operand;
}

/* paren-expr = [logical-not-op S] "(" S logical-expr S ")", at the parenthesis */
static struct jsonpath_expr *parse_parenthesis(struct path_parser *p)
{
	size_t start = p->at;
	struct jsonpath_expr *inner;

	if (!path_enter(p))
		return NULL;
	path_accept(p, "(");
	path_skip_blanks(p);
	inner = (struct jsonpath_expr *)path_parse_filter(p);
	if (!inner)
		return NULL;
	path_skip_blanks(p);
	p->depth--;
	if (!path_accept(p, ")"))
		return fail_at(p, (struct span){(uint32_t)start, (uint32_t)start + 1},
			       MESSAGE_JSONPATH_PARENTHESIS);
	return inner;
}

static struct jsonpath_expr *parse_not(struct path_parser *p, size_t start)
{
	enum jsonpath_comparison comparison;
	struct jsonpath_expr *inner, *expr;

	path_skip_blanks(p);
	if (path_peek(p) == '(') {
		inner = parse_parenthesis(p);
	} else {
		inner = parse_operand(p);
		inner = inner ? as_test(p, inner) : NULL;
	}
	if (!inner)
		return NULL;
	expr = new_expr(p, JSONPATH_NOT, start);
	expr->operands = inner;
	path_skip_blanks(p);
	if (parse_comparison(p, &comparison))
		return fail_at(p, expr->place, MESSAGE_JSONPATH_COMPARED_NOT);
	p->at = expr->place.end;
	return expr;
}

/* basic-expr = paren-expr / comparison-expr / test-expr */
static struct jsonpath_expr *parse_basic(struct path_parser *p)
{
	enum jsonpath_comparison comparison;
	struct jsonpath_expr *operand;
	size_t start = p->at, end;

	if (path_accept(p, "!"))
		return parse_not(p, start);
	if (path_peek(p) == '(')
		return parse_parenthesis(p);
	operand = parse_operand(p);
	if (!operand)
		return NULL;
	end = p->at;
	path_skip_blanks(p);
	if (parse_comparison(p, &comparison))
		return parse_right_side(p, operand, comparison);
	if (path_peek(p) == '=')
		return fail_here(p, MESSAGE_JSONPATH_EQUALS);
	p->at = end;
	return as_test(p, operand);
}

/* Operands joined by one operator; a single one stands for itself. */
static struct jsonpath_expr *parse_joined(struct path_parser *p, enum jsonpath_expr_kind kind,
					  const char *joint,
					  struct jsonpath_expr *(*parse)(struct path_parser *p))
{
	size_t start = p->at, end;
	struct jsonpath_expr *first = parse(p), *last = first, *expr;

	if (!first)
		return NULL;
	end = p->at;
	for (path_skip_blanks(p); path_accept(p, joint); path_skip_blanks(p)) {
		struct jsonpath_expr *next;

		path_skip_blanks(p);
		next = parse(p);
		if (!next)
			return NULL;
		last->next = next;
		last = next;
		end = p->at;
	}
	p->at = end;
	if (last == first)
		return first;
	expr = new_expr(p, kind, start);
	expr->operands = first;
	return expr;
}

/* logical-and-expr = basic-expr *(S "&&" S basic-expr) */
static struct jsonpath_expr *parse_and(struct path_parser *p)
{
	return parse_joined(p, JSONPATH_AND, "&&", parse_basic);
}

/* logical-expr = logical-or-expr        logical-or-expr = logical-and-expr *(S "||" S ...) */
const struct jsonpath_expr *path_parse_filter(struct path_parser *p)
{
	return parse_joined(p, JSONPATH_OR, "||", parse_and);
}
