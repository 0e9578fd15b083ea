/*
 * I-Regexp (RFC 9485): the small dialect of JSONPath, read by its own grammar into the same tree.
 *
 * Nothing outside the grammar of section 4 is accepted: no \d, no lazy repetition, no groups but
 * plain ones. As in the mappings of section 5.3, a dot is any character but LF and CR, and ^ and $
 * keep the meaning that they have in the engines.
 */
#include "base/regex_scan.h"

#include <string.h>

static struct regex_node *parse_expression(struct regex_scanner *p);

/* SingleCharEsc = "\" ( %x28-2B / "-" / "." / "?" / %x5B-5E / %s"n" / %s"r" / %s"t" / %x7B-7D ) */
static bool parse_single_escape(struct regex_scanner *p, uint32_t *out)
{
	static const char literal[] = "()*+-.?[\\]^{|}";
	char c = regex_scan_peek(p, 0);

	if (!c || !(strchr(literal, c) || strchr("nrt", c)))
		return regex_scan_fail(p, p->at, "I-Regexp has no such escape"), false;
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
static bool parse_category(struct regex_scanner *p, struct regex_node *set)
{
	struct regex_property property;
	bool negated = regex_scan_peek(p, 0) == 'P';
	size_t start = p->at + 2;
	const char *end;
	struct slice name;

	p->at++;
	if (!regex_scan_accept(p, "{"))
		return regex_scan_fail(p, p->at, "a category is written \\p{Lu}"), false;
	end = memchr(p->pattern.data + start, '}', p->pattern.len - start);
	name = (struct slice){p->pattern.data + start,
			      end ? (size_t)(end - p->pattern.data) - start : 0};
	if (!is_category(name) || !regex_property_find(&property, name))
		return regex_scan_fail(p, start, "I-Regexp knows no category of this name"), false;
	p->at = start + name.len + 1;
	property.negated ^= negated;
	regex_set_add_property(p->arena, set, property);
	return true;
}

/* CCchar = ( %x00-2C / %x2E-5A / %x5E-D7FF / %xE000-10FFFF ) / SingleCharEsc */
static bool parse_class_character(struct regex_scanner *p, uint32_t *out)
{
	if (regex_scan_accept(p, "\\"))
		return parse_single_escape(p, out);
	if (regex_scan_peek(p, 0) == '[' || regex_scan_peek(p, 0) == '-')
		return regex_scan_fail(p, p->at, "this character needs a backslash in brackets"),
		       false;
	*out = regex_scan_next(p);
	return true;
}

/* CCE1 = ( CCchar [ "-" CCchar ] ) / charClassEsc */
static bool parse_class_part(struct regex_scanner *p, struct regex_node *set)
{
	size_t start = p->at;
	uint32_t low = 0, high;

	if (regex_scan_accept(p, "\\")) {
		if (regex_scan_peek(p, 0) == 'p' || regex_scan_peek(p, 0) == 'P')
			return parse_category(p, set);
		p->at = start;
	}
	if (!parse_class_character(p, &low))
		return false;
	high = low;
	if (regex_scan_peek(p, 0) == '-' && p->at + 1 < p->pattern.len &&
	    p->pattern.data[p->at + 1] != ']') {
		p->at++;
		if (!parse_class_character(p, &high))
			return false;
	}
	if (low > high)
		return regex_scan_fail(p, start, "this range ends before it begins"), false;
	regex_set_add_range(p->arena, set, low, high);
	return true;
}

/* charClassExpr = "[" [ "^" ] ( "-" / CCE1 ) *CCE1 [ "-" ] "]", after the bracket */
static struct regex_node *parse_class(struct regex_scanner *p, size_t start)
{
	struct regex_node *set = regex_node_new(p->arena, REGEX_SET, start);
	bool first = true;

	set->negated = regex_scan_accept(p, "^");
	while (first || !regex_scan_accept(p, "]")) {
		size_t here = p->at;

		if (regex_scan_ended(p))
			return regex_scan_fail(p, start, "this [ has no ]");
		if (first && regex_scan_peek(p, 0) == ']')
			return regex_scan_fail(p, here, "brackets hold at least one character");
		if (regex_scan_accept(p, "-")) {
			if (!first && regex_scan_peek(p, 0) != ']')
				return regex_scan_fail(p, here, "this - needs a backslash");
			regex_set_add_range(p->arena, set, '-', '-');
		} else if (!parse_class_part(p, set)) {
			return NULL;
		}
		first = false;
	}
	return set;
}

/* "(" i-regexp ")" of atom, after the parenthesis */
static struct regex_node *parse_group(struct regex_scanner *p, size_t start)
{
	struct regex_node *body;

	if (++p->depth > REGEX_DEPTH_MAX)
		return regex_scan_fail(p, start, "groups are nested too deeply");
	body = parse_expression(p);
	p->depth--;
	if (body && !regex_scan_accept(p, ")"))
		return regex_scan_fail(p, start, "this ( has no )");
	return body;
}

/* charClass = "." / SingleCharEsc / charClassEsc, after a backslash */
static struct regex_node *parse_escape(struct regex_scanner *p, size_t start)
{
	struct regex_node *set = regex_node_new(p->arena, REGEX_SET, start);
	uint32_t code = 0;

	if (regex_scan_peek(p, 0) == 'p' || regex_scan_peek(p, 0) == 'P')
		return parse_category(p, set) ? set : NULL;
	if (!parse_single_escape(p, &code))
		return NULL;
	regex_set_add_range(p->arena, set, code, code);
	return set;
}

/* atom = NormalChar / charClass / ( "(" i-regexp ")" ) */
static struct regex_node *parse_atom(struct regex_scanner *p)
{
	struct regex_node *node;
	size_t start = p->at;
	char c = regex_scan_peek(p, 0);
	uint32_t code;

	if (regex_scan_accept(p, "^"))
		return regex_node_new(p->arena, REGEX_START, start);
	if (regex_scan_accept(p, "$"))
		return regex_node_new(p->arena, REGEX_END, start);
	if (regex_scan_accept(p, "("))
		return parse_group(p, start);
	if (regex_scan_accept(p, "["))
		return parse_class(p, start);
	if (regex_scan_accept(p, "\\"))
		return parse_escape(p, start);
	if (regex_scan_accept(p, ".")) {
		node = regex_node_set(p->arena, '\n', '\n', start);
		regex_set_add_range(p->arena, node, '\r', '\r');
		node->negated = true;
		return node;
	}
	if (c == '*' || c == '+' || c == '?')
		return regex_scan_fail(p, start, "there is nothing to repeat");
	if (c && strchr("]{}", c))
		return regex_scan_fail(p, start, "this bracket needs a backslash");
	code = regex_scan_next(p);
	return regex_node_set(p->arena, code, code, start);
}

/*
 * range-quantifier = "{" QuantExact [ "," [ QuantExact ] ] "}", after the brace
 * QuantExact = 1*%x30-39, saturating
 */
static bool parse_range(struct regex_scanner *p, struct regex_node *repeat)
{
	size_t start = p->at;
	bool good = regex_scan_number(p, &repeat->min);

	repeat->max = repeat->min;
	if (good && regex_scan_accept(p, ",") && !regex_scan_number(p, &repeat->max))
		repeat->max = REGEX_UNLIMITED;
	if (!good || !regex_scan_accept(p, "}"))
		return regex_scan_fail(p, start, "a repetition is written {2}, {2,} or {2,3}"),
		       false;
	if (repeat->min > repeat->max)
		return regex_scan_fail(p, start, "this repetition ends before it begins"), false;
	return true;
}

/* piece = atom [ quantifier ]        quantifier = "*" / "+" / "?" / range-quantifier */
static struct regex_node *parse_piece(struct regex_scanner *p)
{
	size_t start = p->at;
	struct regex_node *atom = parse_atom(p);
	struct regex_node *repeat;

	if (!atom || regex_scan_ended(p) || !regex_scan_peek(p, 0) ||
	    !strchr("*+?{", regex_scan_peek(p, 0)))
		return atom;
	repeat = regex_node_new(p->arena, REGEX_REPEAT, start);
	repeat->first = atom;
	repeat->max = REGEX_UNLIMITED;
	if (regex_scan_accept(p, "{"))
		return parse_range(p, repeat) ? repeat : NULL;
	repeat->min = regex_scan_peek(p, 0) == '+';
	if (regex_scan_peek(p, 0) == '?')
		repeat->max = 1;
	p->at++;
	return repeat;
}

/* branch = *piece */
static struct regex_node *parse_branch(struct regex_scanner *p)
{
	struct regex_node *sequence = regex_node_new(p->arena, REGEX_SEQUENCE, p->at);
	struct regex_node **last = &sequence->first;

	while (!regex_scan_ended(p) && regex_scan_peek(p, 0) != '|' &&
	       regex_scan_peek(p, 0) != ')') {
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
static struct regex_node *parse_expression(struct regex_scanner *p)
{
	struct regex_node *alternation = regex_node_new(p->arena, REGEX_ALTERNATION, p->at);
	struct regex_node **last = &alternation->first;

	do {
		*last = parse_branch(p);
		if (!*last)
			return NULL;
		last = &(*last)->next;
	} while (regex_scan_accept(p, "|"));
	return alternation;
}

bool regex_parse_iregexp(struct regex_tree *out, struct slice pattern, struct arena *arena,
			 struct regex_error *error)
{
	struct regex_scanner parser = {.pattern = pattern, .arena = arena, .error = error};

	out->root = parse_expression(&parser);
	if (!out->root)
		return false;
	if (!regex_scan_ended(&parser))
		return regex_scan_fail(&parser, parser.at, "this ) has no ("), false;
	regex_tree_link(out, arena);
	return true;
}
