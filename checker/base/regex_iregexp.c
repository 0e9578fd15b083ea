/*
 * I-Regexp (RFC 9485): the small dialect of JSONPath, read by its own grammar into the same tree.
 *
 * Nothing outside the grammar of section 4 is accepted: no \d, no lazy repetition, no groups but
 * plain ones. As in the mappings of section 5.3, a dot is any character but LF and CR, and ^ and $
 * keep the meaning that they have in the engines.
 */
#include "base/regex_tree.h"

#include <string.h>

struct parser {
	struct slice pattern;
	size_t at;
	bool failed;
	unsigned depth;
	struct arena *arena;
	struct regex_error *error;
};

static struct regex_node *parse_expression(struct parser *p);

static void *fail(struct parser *p, size_t offset, const char *message)
{
	if (!p->failed)
		*p->error = (struct regex_error){MIN(offset, p->pattern.len), message};
	p->failed = true;
	return NULL;
}

static bool at_end(const struct parser *p)
{
	return p->at >= p->pattern.len;
}

static char peek(const struct parser *p)
{
	return at_end(p) ? '\0' : p->pattern.data[p->at];
}

static bool accept(struct parser *p, char c)
{
	if (at_end(p) || p->pattern.data[p->at] != c)
		return false;
	p->at++;
	return true;
}

static uint32_t next_code_point(struct parser *p)
{
	uint32_t code = 0;

	p->at += text_decode(p->pattern.data + p->at, p->pattern.len - p->at, &code);
	return code;
}

/* SingleCharEsc = "\" ( %x28-2B / "-" / "." / "?" / %x5B-5E / %s"n" / %s"r" / %s"t" / %x7B-7D ) */
static bool parse_single_escape(struct parser *p, uint32_t *out)
{
	static const char literal[] = "()*+-.?[\\]^{|}";
	char c = peek(p);

	if (!c || !(strchr(literal, c) || strchr("nrt", c)))
		return fail(p, p->at, "I-Regexp has no such escape"), false;
	p->at++;
	*out = c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : (uint32_t)c;
	return true;
}

/*
 * charProp = IsCategory = Letters / Marks / Numbers / Punctuation / Separators / Symbols / Others
 * A major letter, alone or with one of its own: no Cs, unlike ECMA-262.
 */
static bool is_category(struct slice name)
{
	static const char *const majors[] = {"Llmotu", "Mcen",  "Ndlo", "Pcdefios",
					     "Zlps",   "Sckmo", "Ccfno"};

	for (size_t i = 0; i < G_N_ELEMENTS(majors); i++) {
		if (name.len >= 1 && name.data[0] == majors[i][0])
			return name.len == 1 || (name.len == 2 && name.data[1] != '\0' &&
						 strchr(majors[i] + 1, name.data[1]) != NULL);
	}
	return false;
}

/* catEsc = %s"\p{" charProp "}"        complEsc = %s"\P{" charProp "}", after the backslash */
static bool parse_category(struct parser *p, struct regex_node *set)
{
	struct regex_property property;
	bool negated = peek(p) == 'P';
	size_t start = p->at + 2;
	const char *end;
	struct slice name;

	p->at++;
	if (!accept(p, '{'))
		return fail(p, p->at, "a category is written \\p{Lu}"), false;
	end = memchr(p->pattern.data + start, '}', p->pattern.len - start);
	name = (struct slice){p->pattern.data + start,
			      end ? (size_t)(end - p->pattern.data) - start : 0};
	if (!is_category(name) || !regex_property_find(&property, name))
		return fail(p, start, "I-Regexp knows no category of this name"), false;
	p->at = start + name.len + 1;
	property.negated ^= negated;
	regex_set_add_property(p->arena, set, property);
	return true;
}

/* CCchar = ( %x00-2C / %x2E-5A / %x5E-D7FF / %xE000-10FFFF ) / SingleCharEsc */
static bool parse_class_character(struct parser *p, uint32_t *out)
{
	if (accept(p, '\\'))
		return parse_single_escape(p, out);
	if (peek(p) == '[' || peek(p) == '-')
		return fail(p, p->at, "this character needs a backslash in brackets"), false;
	*out = next_code_point(p);
	return true;
}

/* CCE1 = ( CCchar [ "-" CCchar ] ) / charClassEsc */
static bool parse_class_part(struct parser *p, struct regex_node *set)
{
	size_t start = p->at;
	uint32_t low = 0, high;

	if (accept(p, '\\')) {
		if (peek(p) == 'p' || peek(p) == 'P')
			return parse_category(p, set);
		p->at = start;
	}
	if (!parse_class_character(p, &low))
		return false;
	high = low;
	if (peek(p) == '-' && p->at + 1 < p->pattern.len && p->pattern.data[p->at + 1] != ']') {
		p->at++;
		if (!parse_class_character(p, &high))
			return false;
	}
	if (low > high)
		return fail(p, start, "this range ends before it begins"), false;
	regex_set_add_range(p->arena, set, low, high);
	return true;
}

/* charClassExpr = "[" [ "^" ] ( "-" / CCE1 ) *CCE1 [ "-" ] "]", after the bracket */
static struct regex_node *parse_class(struct parser *p, size_t start)
{
	struct regex_node *set = regex_node_new(p->arena, REGEX_SET, start);
	bool first = true;

	set->negated = accept(p, '^');
	while (first || !accept(p, ']')) {
		size_t here = p->at;

		if (at_end(p))
			return fail(p, start, "this [ has no ]");
		if (first && peek(p) == ']')
			return fail(p, here, "brackets hold at least one character");
		if (accept(p, '-')) {
			if (!first && peek(p) != ']')
				return fail(p, here, "this - needs a backslash");
			regex_set_add_range(p->arena, set, '-', '-');
		} else if (!parse_class_part(p, set)) {
			return NULL;
		}
		first = false;
	}
	return set;
}

/* "(" i-regexp ")" of atom, after the parenthesis */
static struct regex_node *parse_group(struct parser *p, size_t start)
{
	struct regex_node *body;

	if (++p->depth > REGEX_DEPTH_MAX)
		return fail(p, start, "groups are nested too deeply");
	body = parse_expression(p);
	p->depth--;
	if (body && !accept(p, ')'))
		return fail(p, start, "this ( has no )");
	return body;
}

/* charClass = "." / SingleCharEsc / charClassEsc, after a backslash */
static struct regex_node *parse_escape(struct parser *p, size_t start)
{
	struct regex_node *set = regex_node_new(p->arena, REGEX_SET, start);
	uint32_t code = 0;

	if (peek(p) == 'p' || peek(p) == 'P')
		return parse_category(p, set) ? set : NULL;
	if (!parse_single_escape(p, &code))
		return NULL;
	regex_set_add_range(p->arena, set, code, code);
	return set;
}

/* atom = NormalChar / charClass / ( "(" i-regexp ")" ) */
static struct regex_node *parse_atom(struct parser *p)
{
	struct regex_node *node;
	size_t start = p->at;
	char c = peek(p);
	uint32_t code;

	if (accept(p, '^'))
		return regex_node_new(p->arena, REGEX_START, start);
	if (accept(p, '$'))
		return regex_node_new(p->arena, REGEX_END, start);
	if (accept(p, '('))
		return parse_group(p, start);
	if (accept(p, '['))
		return parse_class(p, start);
	if (accept(p, '\\'))
		return parse_escape(p, start);
	if (accept(p, '.')) {
		node = regex_node_set(p->arena, '\n', '\n', start);
		regex_set_add_range(p->arena, node, '\r', '\r');
		node->negated = true;
		return node;
	}
	if (c == '*' || c == '+' || c == '?')
		return fail(p, start, "there is nothing to repeat");
	if (c && strchr("]{}", c))
		return fail(p, start, "this bracket needs a backslash");
	code = next_code_point(p);
	return regex_node_set(p->arena, code, code, start);
}

/* QuantExact = 1*%x30-39, saturating */
static bool parse_count(struct parser *p, uint32_t *out)
{
	uint64_t value = 0;
	size_t start = p->at;

	for (; g_ascii_isdigit(peek(p)); p->at++)
		value = MIN(value * 10 + (uint64_t)(peek(p) - '0'), REGEX_UNLIMITED - 1);
	*out = (uint32_t)value;
	return p->at > start;
}

/* range-quantifier = "{" QuantExact [ "," [ QuantExact ] ] "}", after the brace */
static bool parse_range(struct parser *p, struct regex_node *repeat)
{
	size_t start = p->at;
	bool good = parse_count(p, &repeat->min);

	repeat->max = repeat->min;
	if (good && accept(p, ',') && !parse_count(p, &repeat->max))
		repeat->max = REGEX_UNLIMITED;
	if (!good || !accept(p, '}'))
		return fail(p, start, "a repetition is written {2}, {2,} or {2,3}"), false;
	if (repeat->min > repeat->max)
		return fail(p, start, "this repetition ends before it begins"), false;
	return true;
}

/* piece = atom [ quantifier ]        quantifier = "*" / "+" / "?" / range-quantifier */
static struct regex_node *parse_piece(struct parser *p)
{
	size_t start = p->at;
	struct regex_node *atom = parse_atom(p);
	struct regex_node *repeat;

	if (!atom || at_end(p) || !peek(p) || !strchr("*+?{", peek(p)))
		return atom;
	repeat = regex_node_new(p->arena, REGEX_REPEAT, start);
	repeat->first = atom;
	repeat->max = REGEX_UNLIMITED;
	if (accept(p, '{'))
		return parse_range(p, repeat) ? repeat : NULL;
	repeat->min = peek(p) == '+';
	if (peek(p) == '?')
		repeat->max = 1;
	p->at++;
	return repeat;
}

/* branch = *piece */
static struct regex_node *parse_branch(struct parser *p)
{
	struct regex_node *sequence = regex_node_new(p->arena, REGEX_SEQUENCE, p->at);
	struct regex_node **last = &sequence->first;

	while (!at_end(p) && peek(p) != '|' && peek(p) != ')') {
		*last = parse_piece(p);
		if (!*last)
			return NULL;
		last = &(*last)->next;
	}
	if (!sequence->first)
		sequence->kind = REGEX_EMPTY;
	return sequence;
}

/* i-regexp = branch *( "|" branch ) */
static struct regex_node *parse_expression(struct parser *p)
{
	struct regex_node *alternation = regex_node_new(p->arena, REGEX_ALTERNATION, p->at);
	struct regex_node **last = &alternation->first;

	do {
		*last = parse_branch(p);
		if (!*last)
			return NULL;
		last = &(*last)->next;
	} while (accept(p, '|'));
	return alternation;
}

bool regex_parse_iregexp(struct regex_tree *out, struct slice pattern, struct arena *arena,
			 struct regex_error *error)
{
	struct parser parser = {.pattern = pattern, .arena = arena, .error = error};

	out->root = parse_expression(&parser);
	if (!out->root)
		return false;
	if (!at_end(&parser))
		return fail(&parser, parser.at, "this ) has no ("), false;
	regex_tree_link(out, arena);
	return true;
}
