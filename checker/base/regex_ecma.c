/*
 * ECMA-262 patterns (22.2.1), read as with the u flag: code points, no identity escapes but for
 * syntax characters, braces and brackets never literal. With REGEX_ECMA_ANNEX_B what only the u
 * flag forbids is read as B.1.2 says; properties and code points stay. Here: groups, references,
 * repetitions; what stands for one character is regex_ecma_class.c.
 *
 * Recursive descent; each function stands under its production. The first error stays and every
 * function returns NULL or false after it. Groups within each other are bounded by REGEX_DEPTH_MAX.
 * Back-references need the number of groups, which a scan counts beforehand; named ones are
 * resolved at the end.
 */
#include "base/regex_ecma.h"

#include <string.h>

struct group_name {
	struct group_name *next;
	struct slice name;
	uint32_t group;
};

struct named_reference {
	struct named_reference *next;
	struct slice name;
	struct regex_node *node;
};

static struct regex_node *parse_disjunction(struct regex_ecma *p);

static bool is_name_character(uint32_t code, bool first)
{
	GUnicodeType type = g_unichar_type(code);

	if (code == '$' || code == '_' || g_unichar_isalpha(code) ||
	    type == G_UNICODE_LETTER_NUMBER)
		return true;
	if (first)
		return false;
	return type == G_UNICODE_DECIMAL_NUMBER || type == G_UNICODE_NON_SPACING_MARK ||
	       type == G_UNICODE_SPACING_MARK || type == G_UNICODE_CONNECT_PUNCTUATION ||
	       code == 0x200c || code == 0x200d;
}

/* GroupName :: < RegExpIdentifierName >, after the "<"; escapes are decoded */
static bool parse_name(struct regex_ecma *p, struct slice *out)
{
	size_t start = p->scan.at;
	char *name = arena_alloc(p->scan.arena, p->scan.pattern.len - start + 4);
	size_t len = 0;

	while (!regex_scan_accept(&p->scan, ">")) {
		size_t before = p->scan.at;
		uint32_t code = 0;

		if (regex_scan_ended(&p->scan))
			return regex_scan_fail(&p->scan, start, "this name has no >"), false;
		if (!regex_scan_accept(&p->scan, "\\u"))
			code = regex_scan_next(&p->scan);
		else if (!regex_ecma_unicode_escape(p, &code))
			code = 0;
		if (!is_name_character(code, len == 0))
			return regex_scan_fail(
				       &p->scan, before,
				       "a group's name is made of letters, digits, $ and _"),
			       false;
		len += text_encode(code, name + len);
	}
	if (!len)
		return regex_scan_fail(&p->scan, start, "this group has an empty name"), false;
	*out = (struct slice){name, len};
	return true;
}

static const struct group_name *find_group_name(const struct regex_ecma *p, struct slice name)
{
	const struct group_name *known = p->names;

	while (known && !slice_equal(known->name, name))
		known = known->next;
	return known;
}

static bool add_group_name(struct regex_ecma *p, size_t offset)
{
	struct group_name *entry = arena_new(p->scan.arena, struct group_name);

	if (!parse_name(p, &entry->name))
		return false;
	if (find_group_name(p, entry->name))
		return regex_scan_fail(&p->scan, offset, "two groups have this name"), false;
	entry->group = p->group_count;
	entry->next = p->names;
	p->names = entry;
	return true;
}

/* Closes what `start` opened: Disjunction ) */
static struct regex_node *parse_group_body(struct regex_ecma *p, size_t start)
{
	struct regex_node *body;

	if (++p->scan.depth > REGEX_DEPTH_MAX)
		return regex_scan_fail(&p->scan, start, "groups are nested too deeply");
	body = parse_disjunction(p);
	p->scan.depth--;
	if (body && !regex_scan_accept(&p->scan, ")"))
		return regex_scan_fail(&p->scan, start, "this ( has no )");
	return body;
}

/* (?= (?! (?<= (?<! of Assertion, after the sign */
static struct regex_node *parse_look(struct regex_ecma *p, size_t start, bool behind, bool negated)
{
	struct regex_node *look = regex_node_new(p->scan.arena, REGEX_LOOK, start);

	look->behind = behind;
	look->negated = negated;
	look->first = parse_group_body(p, start);
	return look->first ? look : NULL;
}

/* ( GroupSpecifier? Disjunction ) | (?: Disjunction ) | the look-around of Assertion */
static struct regex_node *parse_group(struct regex_ecma *p, size_t start, bool *repeatable)
{
	struct regex_node *group;

	if (regex_scan_accept(&p->scan, "?:"))
		return parse_group_body(p, start);
	*repeatable = p->annex_b; /* QuantifiableAssertion of B.1.2 */
	if (regex_scan_accept(&p->scan, "?="))
		return parse_look(p, start, false, false);
	if (regex_scan_accept(&p->scan, "?!"))
		return parse_look(p, start, false, true);
	*repeatable = false;
	if (regex_scan_accept(&p->scan, "?<="))
		return parse_look(p, start, true, false);
	if (regex_scan_accept(&p->scan, "?<!"))
		return parse_look(p, start, true, true);
	*repeatable = true;
	group = regex_node_new(p->scan.arena, REGEX_CAPTURE, start);
	group->group = ++p->group_count;
	if (regex_scan_accept(&p->scan, "?<")) {
		if (!add_group_name(p, start))
			return NULL;
	} else if (regex_scan_peek(&p->scan, 0) == '?') {
		return regex_scan_fail(&p->scan, start,
				       "ECMA-262 has no group that begins like this");
	}
	group->first = parse_group_body(p, start);
	return group->first ? group : NULL;
}

/* k GroupName, after the k */
static struct regex_node *parse_named_reference(struct regex_ecma *p, size_t start)
{
	struct named_reference *reference = arena_new(p->scan.arena, struct named_reference);

	if (!regex_scan_accept(&p->scan, "<"))
		return regex_scan_fail(&p->scan, start, "\\k needs the name of a group: \\k<name>");
	if (!parse_name(p, &reference->name))
		return NULL;
	reference->node = regex_node_new(p->scan.arena, REGEX_BACKREF, start);
	reference->next = p->references;
	p->references = reference;
	return reference->node;
}

/* DecimalEscape; NULL without an error where B.1.2 reads an octal or identity escape instead */
static struct regex_node *parse_number_reference(struct regex_ecma *p, size_t start)
{
	struct regex_node *node;
	size_t digits_at = p->scan.at;
	uint32_t number = 0;

	regex_scan_number(&p->scan, &number);
	if (number > p->group_total) {
		p->scan.at = digits_at;
		return p->annex_b ? NULL
				  : regex_scan_fail(&p->scan, start,
						    "there is no group of this number");
	}
	node = regex_node_new(p->scan.arena, REGEX_BACKREF, start);
	node->group = number;
	return node;
}

/* AtomEscape, and \b \B of Assertion; after the backslash */
static struct regex_node *parse_escape(struct regex_ecma *p, size_t start, bool *repeatable)
{
	struct regex_node *node;
	uint32_t code = 0;

	if (regex_scan_peek(&p->scan, 0) == 'b' || regex_scan_peek(&p->scan, 0) == 'B') {
		*repeatable = false;
		node = regex_node_new(p->scan.arena, REGEX_WORD_EDGE, start);
		node->negated = regex_scan_peek(&p->scan, 0) == 'B';
		p->scan.at++;
		return node;
	}
	if (regex_scan_peek(&p->scan, 0) >= '1' && regex_scan_peek(&p->scan, 0) <= '9') {
		node = parse_number_reference(p, start);
		if (node || p->scan.failed)
			return node;
	}
	if (regex_scan_peek(&p->scan, 0) == 'k' && (!p->annex_b || p->has_names))
		return p->scan.at++, parse_named_reference(p, start);
	node = regex_node_new(p->scan.arena, REGEX_SET, start);
	if (regex_ecma_class_escape(p, node))
		return p->scan.failed ? NULL : node;
	if (!regex_ecma_character_escape(p, &code))
		return NULL;
	regex_set_add_range(p->scan.arena, node, code, code);
	return node;
}

/* InvalidBracedQuantifier (B.1.2): what looks like {1}, {1,} or {1,2} */
static bool looks_like_braces(const struct regex_ecma *p)
{
	struct regex_scanner copy = p->scan;
	uint32_t number;

	if (!regex_scan_accept(&copy, "{") || !regex_scan_number(&copy, &number))
		return false;
	if (regex_scan_accept(&copy, ","))
		regex_scan_number(&copy, &number);
	return regex_scan_accept(&copy, "}");
}

/* Atom and Assertion */
static struct regex_node *parse_atom(struct regex_ecma *p, bool *repeatable)
{
	struct regex_node *node;
	size_t start = p->scan.at;
	char c = regex_scan_peek(&p->scan, 0);
	uint32_t code;

	*repeatable = true;
	if (regex_scan_accept(&p->scan, "^") || regex_scan_accept(&p->scan, "$")) {
		*repeatable = false;
		return regex_node_new(p->scan.arena, c == '^' ? REGEX_START : REGEX_END, start);
	}
	if (regex_scan_accept(&p->scan, "("))
		return parse_group(p, start, repeatable);
	if (regex_scan_accept(&p->scan, "["))
		return regex_ecma_class(p, start);
	if (regex_scan_accept(&p->scan, "\\"))
		return parse_escape(p, start, repeatable);
	if (regex_scan_accept(&p->scan, ".")) {
		node = regex_node_set(p->scan.arena, '\n', '\n', start);
		regex_set_add_range(p->scan.arena, node, '\r', '\r');
		regex_set_add_range(p->scan.arena, node, 0x2028, 0x2029);
		node->negated = true;
		return node;
	}
	if (c == '*' || c == '+' || c == '?' || looks_like_braces(p))
		return regex_scan_fail(&p->scan, start, "there is nothing to repeat");
	if ((c == '{' || c == '}' || c == ']') && !p->annex_b)
		return regex_scan_fail(&p->scan, start, "this bracket needs a backslash");
	code = regex_scan_next(&p->scan);
	return regex_node_set(p->scan.arena, code, code, start);
}

/* QuantifierPrefix :: * | + | ? | { n } | { n , } | { n , m }; false where there is none */
static bool parse_repeat(struct regex_ecma *p, struct regex_node *repeat)
{
	size_t start = p->scan.at;

	repeat->max = REGEX_UNLIMITED;
	if (regex_scan_accept(&p->scan, "*"))
		return true;
	if (regex_scan_accept(&p->scan, "+")) {
		repeat->min = 1;
		return true;
	}
	if (regex_scan_accept(&p->scan, "?")) {
		repeat->max = 1;
		return true;
	}
	if (!looks_like_braces(p) || !regex_scan_accept(&p->scan, "{"))
		return false;
	regex_scan_number(&p->scan, &repeat->min);
	if (!regex_scan_accept(&p->scan, ","))
		repeat->max = repeat->min;
	else if (regex_scan_peek(&p->scan, 0) != '}')
		regex_scan_number(&p->scan, &repeat->max);
	regex_scan_accept(&p->scan, "}");
	if (repeat->min > repeat->max)
		regex_scan_fail(&p->scan, start, "this repetition ends before it begins");
	return true;
}

/* Term :: Assertion | Atom | Atom Quantifier */
static struct regex_node *parse_term(struct regex_ecma *p)
{
	size_t start = p->scan.at;
	bool repeatable;
	struct regex_node *atom = parse_atom(p, &repeatable);
	struct regex_node *repeat;

	if (!atom || regex_scan_ended(&p->scan))
		return atom;
	repeat = regex_node_new(p->scan.arena, REGEX_REPEAT, start);
	if (!strchr("*+?{", regex_scan_peek(&p->scan, 0)) || !regex_scan_peek(&p->scan, 0) ||
	    !parse_repeat(p, repeat))
		return atom;
	if (!repeatable)
		return regex_scan_fail(&p->scan, start, "an assertion cannot be repeated");
	repeat->lazy = regex_scan_accept(&p->scan, "?");
	repeat->first = atom;
	return p->scan.failed ? NULL : repeat;
}

/* Alternative :: Term* */
static struct regex_node *parse_alternative(struct regex_ecma *p)
{
	struct regex_node *sequence = regex_node_new(p->scan.arena, REGEX_SEQUENCE, p->scan.at);
	struct regex_node **last = &sequence->first;

	while (!regex_scan_ended(&p->scan) && regex_scan_peek(&p->scan, 0) != '|' &&
	       regex_scan_peek(&p->scan, 0) != ')') {
		*last = parse_term(p);
		if (!*last)
			return NULL;
		last = &(*last)->next;
	}
	if (sequence->first && !sequence->first->next)
		return sequence->first;
	if (!sequence->first)
		sequence->kind = REGEX_EMPTY;
	return sequence;
}

/* Disjunction :: Alternative ( | Alternative )* */
static struct regex_node *parse_disjunction(struct regex_ecma *p)
{
	struct regex_node *alternation = regex_node_new(p->scan.arena, REGEX_ALTERNATION,
							p->scan.at);
	struct regex_node **last = &alternation->first;

	do {
		*last = parse_alternative(p);
		if (!*last)
			return NULL;
		last = &(*last)->next;
	} while (regex_scan_accept(&p->scan, "|"));
	return alternation->first->next ? alternation : alternation->first;
}

/* CountLeftCapturingParensWithin: 22.2.2.8 */
static void count_groups(struct regex_ecma *p)
{
	bool in_class = false;

	for (; !regex_scan_ended(&p->scan); p->scan.at++) {
		char c = regex_scan_peek(&p->scan, 0);

		if (c == '\\') {
			p->scan.at++;
		} else if (in_class) {
			in_class = c != ']';
		} else if (c == '[') {
			in_class = true;
		} else if (c == '(') {
			bool named = regex_scan_peek(&p->scan, 1) == '?' &&
				     regex_scan_peek(&p->scan, 2) == '<' &&
				     regex_scan_peek(&p->scan, 3) != '=' &&
				     regex_scan_peek(&p->scan, 3) != '!';

			p->group_total += regex_scan_peek(&p->scan, 1) != '?' || named;
			p->has_names |= named;
		}
	}
	p->scan.at = 0;
}

static bool resolve_names(struct regex_ecma *p)
{
	for (struct named_reference *r = p->references; r; r = r->next) {
		const struct group_name *known = find_group_name(p, r->name);

		if (!known)
			return regex_scan_fail(&p->scan, r->node->offset,
					       "there is no group of this name"),
			       false;
		r->node->group = known->group;
	}
	return true;
}

bool regex_parse_ecma(struct regex_tree *out, struct slice pattern, enum regex_syntax syntax,
		      struct arena *arena, struct regex_error *error)
{
	struct regex_ecma parser = {
		.scan = {.pattern = pattern, .arena = arena, .error = error},
		.annex_b = syntax == REGEX_ECMA_ANNEX_B,
	};

	count_groups(&parser);
	out->root = parse_disjunction(&parser);
	if (!out->root)
		return false;
	if (!regex_scan_ended(&parser.scan))
		return regex_scan_fail(&parser.scan, parser.scan.at, "this ) has no ("), false;
	if (!resolve_names(&parser))
		return false;
	out->group_count = parser.group_count;
	regex_tree_link(out, arena);
	return true;
}
