/*
 * Evaluates filters for one node (RFC 9535 2.3.5.2). A value is a node, of the document, of a
 * literal or computed by a function; NULL is the RFC's Nothing. Recursion follows the expression,
 * whose depth the parser bounded.
 */
#include "jsonpath/run.h"

#include "base/decimal.h"
#include "base/regex.h"

enum {
	COMPILE_STEPS = 1000, /* of a pattern that comes from the document */
	BYTES_PER_STEP = 64,  /* of texts that are compared or matched */
};

/* Room for the result of a function. */
struct computed {
	struct doc_node node;
	char digits[24];
};

static const struct doc_node *value_of(struct path_run *run, const struct jsonpath_expr *expr,
				       const struct doc_node *current, struct computed *computed);

static const struct doc_node *number_of(struct computed *computed, size_t number)
{
	int len = g_snprintf(computed->digits, sizeof(computed->digits), "%zu", number);

	computed->node = (struct doc_node){
		.type = DOC_INTEGER,
		.flags = DOC_INT64,
		.integer = (int64_t)number,
		.text = computed->digits,
		.len = (uint32_t)len,
	};
	return &computed->node;
}

/* RFC 9535 2.4.4 */
static const struct doc_node *length_of(const struct doc_node *value, struct computed *computed)
{
	if (doc_is(value, DOC_STRING) || doc_is(value, DOC_ARRAY) || doc_is(value, DOC_OBJECT))
		return number_of(computed, value->count);
	return NULL;
}

/* RFC 9535 2.4.5 and 2.4.8: functions of a list of nodes */
static const struct doc_node *count_or_value(struct path_run *run, const struct jsonpath_expr *call,
					     const struct doc_node *current,
					     struct computed *computed)
{
	GPtrArray *nodes = path_take_list(run);
	const struct doc_node *result = NULL;

	path_run_query(run, nodes, call->operands->query, current);
	if (call->function == JSONPATH_COUNT)
		result = number_of(computed, nodes->len);
	else if (nodes->len == 1)
		result = nodes->pdata[0];
	path_give_list(run, nodes);
	return result;
}

static const struct doc_node *call_value(struct path_run *run, const struct jsonpath_expr *call,
					 const struct doc_node *current, struct computed *computed)
{
	struct computed argument;

	if (call->function != JSONPATH_LENGTH)
		return count_or_value(run, call, current, computed);
	return length_of(value_of(run, call->operands, current, &argument), computed);
}

static const struct doc_node *value_of(struct path_run *run, const struct jsonpath_expr *expr,
				       const struct doc_node *current, struct computed *computed)
{
	if (expr->kind == JSONPATH_LITERAL)
		return expr->literal;
	if (expr->kind == JSONPATH_QUERY)
		return path_run_single(run, expr->query, current);
	g_assert(expr->kind == JSONPATH_CALL); /* the parser let nothing else be a value */
	return call_value(run, expr, current, computed);
}

/* The pattern of a text of the document; the last one is kept. NULL: no I-Regexp. */
static const struct regex *regex_of(struct path_run *run, struct slice pattern)
{
	if (run->pattern.data && slice_equal(run->pattern, pattern))
		return run->regex;
	regex_free(run->regex);
	run->regex = NULL;
	run->pattern = pattern;
	if (path_spend(run, COMPILE_STEPS))
		run->regex = regex_compile(pattern, REGEX_IREGEXP, NULL);
	return run->regex;
}

/* RFC 9535 2.4.6 and 2.4.7 */
static bool call_match(struct path_run *run, const struct jsonpath_expr *call,
		       const struct doc_node *current)
{
	struct computed subject_room, pattern_room;
	const struct doc_node *subject = value_of(run, call->operands, current, &subject_room);
	const struct doc_node *pattern = value_of(run, call->operands->next, current,
						  &pattern_room);
	const struct regex *regex = call->regex;
	enum regex_result result;

	if (!doc_is(subject, DOC_STRING) || !doc_is(pattern, DOC_STRING) || call->bad_pattern ||
	    !path_spend(run, subject->len / BYTES_PER_STEP))
		return false;
	if (!regex)
		regex = regex_of(run, doc_text(pattern));
	if (!regex)
		return false;
	result = call->function == JSONPATH_MATCH ? regex_match_whole(regex, doc_text(subject))
						  : regex_search(regex, doc_text(subject));
	run->limited |= result == REGEX_LIMIT;
	return result == REGEX_MATCH;
}

static bool is_number(const struct doc_node *node)
{
	return (doc_is(node, DOC_INTEGER) || doc_is(node, DOC_NUMBER)) &&
	       !(node->flags & DOC_NONFINITE);
}

static bool is_less_number(const struct doc_node *a, const struct doc_node *b)
{
	struct decimal x, y;

	if (a->flags & b->flags & DOC_INT64)
		return a->integer < b->integer;
	return decimal_parse(&x, a->text, a->len) && decimal_parse(&y, b->text, b->len) &&
	       decimal_compare(&x, &y) < 0;
}

static bool is_less(const struct doc_node *a, const struct doc_node *b)
{
	if (is_number(a) && is_number(b))
		return is_less_number(a, b);
	if (doc_is(a, DOC_STRING) && doc_is(b, DOC_STRING))
		return slice_compare(doc_text(a), doc_text(b)) < 0;
	return false;
}

static uint64_t size_of(const struct doc_node *node)
{
	return node ? node->size + node->len / BYTES_PER_STEP : 0;
}

/* RFC 9535 2.3.5.2.2 */
static bool compare(struct path_run *run, const struct jsonpath_expr *expr,
		    const struct doc_node *current)
{
	struct computed left, right;
	const struct doc_node *a = value_of(run, expr->operands, current, &left);
	const struct doc_node *b = value_of(run, expr->operands->next, current, &right);

	if (!path_spend(run, 1 + MIN(size_of(a), size_of(b))))
		return false;
	switch (expr->comparison) {
	case JSONPATH_EQ:
		return a && b ? doc_equal(a, b) : a == b;
	case JSONPATH_NE:
		return a && b ? !doc_equal(a, b) : a != b;
	case JSONPATH_LT:
		return is_less(a, b);
	case JSONPATH_LE:
		return is_less(a, b) || (a && b ? doc_equal(a, b) : a == b);
	case JSONPATH_GT:
		return is_less(b, a);
	case JSONPATH_GE:
		return is_less(b, a) || (a && b ? doc_equal(a, b) : a == b);
	}
	g_assert_not_reached();
}

static bool exists(struct path_run *run, const struct jsonpath_query *query,
		   const struct doc_node *current)
{
	GPtrArray *nodes;
	bool found;

	if (query->singular)
		return path_run_single(run, query, current) != NULL;
	nodes = path_take_list(run);
	path_run_query(run, nodes, query, current);
	found = nodes->len > 0;
	path_give_list(run, nodes);
	return found;
}

/* Whether one of the operands is `wanted`. */
static bool any_is(struct path_run *run, const struct jsonpath_expr *expr,
		   const struct doc_node *current, bool wanted)
{
	for (const struct jsonpath_expr *at = expr->operands; at; at = at->next) {
		if (path_run_filter(run, at, current) == wanted)
			return true;
	}
	return false;
}

bool path_run_filter(struct path_run *run, const struct jsonpath_expr *expr,
		     const struct doc_node *current)
{
	switch (expr->kind) {
	case JSONPATH_OR:
		return any_is(run, expr, current, true);
	case JSONPATH_AND:
		return !any_is(run, expr, current, false);
	case JSONPATH_NOT:
		return !path_run_filter(run, expr->operands, current);
	case JSONPATH_COMPARE:
		return compare(run, expr, current);
	case JSONPATH_EXISTS:
		return exists(run, expr->query, current);
	case JSONPATH_CALL:
		return call_match(run, expr, current);
	case JSONPATH_LITERAL:
	case JSONPATH_QUERY:
		break;
	}
	g_assert_not_reached(); /* a value is no test: the parser saw to it */
}
