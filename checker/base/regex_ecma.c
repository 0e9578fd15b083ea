/*
 * ECMA-262 patterns (22.2.1), read as with the u flag: code points, no identity escapes but for
 * syntax characters, braces and brackets never literal. With REGEX_ECMA_ANNEX_B what only the u
 * flag forbids is read as B.1.2 says; properties and code points stay.
 *
 * Recursive descent; each function stands under its production. The first error stays and every
 * function returns NULL or false after it. Groups within each other are bounded by REGEX_DEPTH_MAX.
 * Back-references need the number of groups, which a scan counts beforehand; named ones are
 * resolved at the end.
 */
#include "base/regex_tree.h"

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

struct parser {
	struct slice pattern;
	size_t at;
	bool annex_b;
	bool has_names; /* the pattern has a named group: then \k is never an identity escape */
	bool failed;
	unsigned depth;
	uint32_t group_total; /* in the whole pattern */
	uint32_t group_count; /* opened so far */
	struct group_name *names;
	struct named_reference *references;
	struct arena *arena;
	struct regex_error *error;
};

static struct regex_node *parse_disjunction(struct parser *p);

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

/* The byte `ahead` of here, or 0 behind the end; a NUL in a pattern is never syntax. */
static char peek(const struct parser *p, size_t ahead)
{
	return p->at + ahead < p->pattern.len ? p->pattern.data[p->at + ahead] : '\0';
}

static bool accept(struct parser *p, const char *text)
{
	size_t len = strlen(text);

	if (p->pattern.len - p->at < len || memcmp(p->pattern.data + p->at, text, len))
		return false;
	p->at += len;
	return true;
}

/* The pattern was checked to be UTF-8. */
static uint32_t next_code_point(struct parser *p)
{
	uint32_t code = 0;

	p->at += text_decode(p->pattern.data + p->at, p->pattern.len - p->at, &code);
	return code;
}

/* DecimalDigits, saturating below REGEX_UNLIMITED; false where there is no digit. */
static bool parse_decimal(struct parser *p, uint32_t *out)
{
	uint64_t value = 0;
	size_t start = p->at;

	for (; g_ascii_isdigit(peek(p, 0)); p->at++)
		value = MIN(value * 10 + (uint64_t)(peek(p, 0) - '0'), REGEX_UNLIMITED - 1);
	*out = (uint32_t)value;
	return p->at > start;
}

/* `count` hexadecimal digits, or nothing consumed. */
static bool parse_hex(struct parser *p, size_t count, uint32_t *out)
{
	uint32_t value = 0;

	for (size_t i = 0; i < count; i++) {
		if (!g_ascii_isxdigit(peek(p, i)))
			return false;
		value = value * 16 + (uint32_t)g_ascii_xdigit_value(peek(p, i));
	}
	p->at += count;
	*out = value;
	return true;
}

/* u{ CodePoint } of RegExpUnicodeEscapeSequence, after "u{" */
static bool parse_braced_code(struct parser *p, uint32_t *out)
{
	size_t start = p->at;
	uint32_t value = 0;

	for (; g_ascii_isxdigit(peek(p, 0)); p->at++)
		value = MIN(value * 16 + (uint32_t)g_ascii_xdigit_value(peek(p, 0)),
			    REGEX_CODE_POINT_MAX + 1);
	if (p->at == start || value > REGEX_CODE_POINT_MAX || !accept(p, "}"))
		return fail(p, start, "\\u{...} needs a hexadecimal code point up to 10FFFF"),
		       false;
	*out = value;
	return true;
}

/*
 * RegExpUnicodeEscapeSequence :: u HexLeadSurrogate \u HexTrailSurrogate | u Hex4Digits
 *	| u{ CodePoint }, after the "u". A surrogate alone is one that valid UTF-8 cannot hold.
 */
static bool parse_unicode_escape(struct parser *p, uint32_t *out)
{
	size_t before;
	uint32_t trail;

	if (!p->annex_b && accept(p, "{"))
		return parse_braced_code(p, out);
	if (p->annex_b && peek(p, 0) == '{' && g_ascii_isxdigit(peek(p, 1)))
		return p->at++, parse_braced_code(p, out);
	if (!parse_hex(p, 4, out))
		return false;
	before = p->at;
	if (*out < 0xd800 || *out > 0xdbff || !accept(p, "\\u"))
		return true;
	if (parse_hex(p, 4, &trail) && trail >= 0xdc00 && trail <= 0xdfff)
		*out = 0x10000 + ((*out - 0xd800) << 10) + (trail - 0xdc00);
	else
		p->at = before;
	return true;
}

/* LegacyOctalEscapeSequence (B.1.2): up to \377 */
static uint32_t parse_octal(struct parser *p)
{
	uint32_t value = 0;

	for (int i = 0; i < 3 && peek(p, 0) >= '0' && peek(p, 0) <= '7'; i++) {
		uint32_t longer = value * 8 + (uint32_t)(peek(p, 0) - '0');

		if (longer > 0xff)
			break;
		value = longer;
		p->at++;
	}
	return value;
}

/* IdentityEscape[U] :: SyntaxCharacter | /        IdentityEscape of B.1.2: nearly everything */
static bool parse_identity_escape(struct parser *p, uint32_t *out)
{
	size_t start = p->at;
	char c = peek(p, 0);

	if (at_end(p))
		return fail(p, start, "a backslash at the end escapes nothing"), false;
	if (c && strchr("^$\\.*+?()[]{}|/", c)) {
		p->at++;
		*out = (uint32_t)c;
		return true;
	}
	if (!p->annex_b || (c == 'k' && p->has_names))
		return fail(p, start - 1,
			    "this character needs no backslash, and has no meaning with one"),
		       false;
	*out = next_code_point(p);
	return true;
}

/* CharacterEscape :: ControlEscape | c AsciiLetter | 0 | HexEscape | UnicodeEscape | Identity */
static bool parse_character_escape(struct parser *p, uint32_t *out)
{
	static const char controls[] = "t\tn\nv\vf\fr\r";
	char c = peek(p, 0);
	const char *control = c ? strchr(controls, c) : NULL;
	size_t start = p->at;

	if (control && g_ascii_isalpha(c)) {
		p->at++;
		*out = (uint32_t)control[1];
		return true;
	}
	if (c == 'c' && g_ascii_isalpha(peek(p, 1))) {
		*out = (uint32_t)peek(p, 1) % 32;
		p->at += 2;
		return true;
	}
	if (c == 'c' && p->annex_b) {
		*out = '\\'; /* B.1.2: the backslash is literal, the c follows */
		return true;
	}
	if (c == '0' && !g_ascii_isdigit(peek(p, 1))) {
		p->at++;
		*out = 0;
		return true;
	}
	if (p->annex_b && c >= '0' && c <= '7') {
		*out = parse_octal(p);
		return true;
	}
	if (c == 'x' || c == 'u') {
		p->at++;
		if (c == 'x' ? parse_hex(p, 2, out) : parse_unicode_escape(p, out))
			return true;
		p->at = start;
		if (!p->annex_b)
			return fail(p, start - 1, "this escape needs hexadecimal digits"), false;
	}
	return parse_identity_escape(p, out);
}

struct range {
	uint32_t low, high;
};

static const struct range digits[] = {{'0', '9'}};
static const struct range word_characters[] = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
/* WhiteSpace and LineTerminator: 12.2 and 12.3 */
static const struct range spaces[] = {
	{0x09, 0x0d},     {0x20, 0x20},     {0xa0, 0xa0},     {0x1680, 0x1680}, {0x2000, 0x200a},
	{0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000}, {0xfeff, 0xfeff},
};

static void add_ranges(struct parser *p, struct regex_node *set, const struct range *ranges,
		       size_t count)
{
	for (size_t i = 0; i < count; i++)
		regex_set_add_range(p->arena, set, ranges[i].low, ranges[i].high);
}

static void add_complement(struct parser *p, struct regex_node *set, const struct range *ranges,
			   size_t count)
{
	uint32_t next = 0;

	for (size_t i = 0; i < count; i++) {
		if (ranges[i].low > next)
			regex_set_add_range(p->arena, set, next, ranges[i].low - 1);
		next = ranges[i].high + 1;
	}
	regex_set_add_range(p->arena, set, next, REGEX_CODE_POINT_MAX);
}

/* p{ UnicodePropertyValueExpression }, after the letter */
static bool parse_property(struct parser *p, struct regex_node *set, bool negated)
{
	struct regex_property property;
	size_t start = p->at + 1;
	const char *end = NULL;

	if (peek(p, 0) == '{')
		end = memchr(p->pattern.data + start, '}', p->pattern.len - start);
	if (!end)
		return fail(p, p->at, "a property is written \\p{Name}"), false;
	p->at = (size_t)(end - p->pattern.data);
	if (!regex_property_find(&property, (struct slice){p->pattern.data + start, p->at - start}))
		return fail(p, start, "ECMA-262 knows no property of this name"), false;
	p->at++;
	property.negated ^= negated;
	regex_set_add_property(p->arena, set, property);
	return true;
}

/* CharacterClassEscape :: d | D | s | S | w | W | p{...} | P{...}; false where it is none */
static bool parse_class_escape(struct parser *p, struct regex_node *set)
{
	char c = peek(p, 0);

	if (!c || !strchr("dDsSwWpP", c))
		return false;
	p->at++;
	switch (c) {
	case 'd':
		add_ranges(p, set, digits, G_N_ELEMENTS(digits));
		break;
	case 'D':
		add_complement(p, set, digits, G_N_ELEMENTS(digits));
		break;
	case 's':
		add_ranges(p, set, spaces, G_N_ELEMENTS(spaces));
		break;
	case 'S':
		add_complement(p, set, spaces, G_N_ELEMENTS(spaces));
		break;
	case 'w':
		add_ranges(p, set, word_characters, G_N_ELEMENTS(word_characters));
		break;
	case 'W':
		add_complement(p, set, word_characters, G_N_ELEMENTS(word_characters));
		break;
	default:
		parse_property(p, set, c == 'P');
	}
	return true;
}

/*
 * ClassAtom :: - | SourceCharacter but not \ ] - | \ ClassEscape
 * A class escape goes into the set and leaves `single` false; a character comes out as `code`.
 */
static bool parse_class_atom(struct parser *p, struct regex_node *set, uint32_t *code, bool *single)
{
	*single = true;
	if (!accept(p, "\\")) {
		*code = next_code_point(p);
		return true;
	}
	if (parse_class_escape(p, set)) {
		*single = false;
		return !p->failed;
	}
	if (accept(p, "b")) {
		*code = '\b';
		return true;
	}
	if (accept(p, "-")) {
		*code = '-';
		return true;
	}
	return parse_character_escape(p, code);
}

/* ClassContents :: ClassAtom | ClassAtom - ClassAtom, once */
static bool parse_class_range(struct parser *p, struct regex_node *set)
{
	size_t start = p->at;
	uint32_t low = 0, high = 0;
	bool low_single, high_single;

	if (!parse_class_atom(p, set, &low, &low_single))
		return false;
	if (peek(p, 0) != '-' || peek(p, 1) == ']' || p->at + 1 >= p->pattern.len) {
		if (low_single)
			regex_set_add_range(p->arena, set, low, low);
		return true;
	}
	p->at++;
	if (!parse_class_atom(p, set, &high, &high_single))
		return false;
	if (low_single && high_single) {
		if (low > high)
			return fail(p, start, "this range ends before it begins"), false;
		regex_set_add_range(p->arena, set, low, high);
		return true;
	}
	if (!p->annex_b)
		return fail(p, start, "a range runs between two characters, not classes"), false;
	regex_set_add_range(p->arena, set, '-', '-');
	if (low_single)
		regex_set_add_range(p->arena, set, low, low);
	if (high_single)
		regex_set_add_range(p->arena, set, high, high);
	return true;
}

/* CharacterClass :: [ ^? ClassContents ], after the bracket */
static struct regex_node *parse_class(struct parser *p, size_t start)
{
	struct regex_node *set = regex_node_new(p->arena, REGEX_SET, start);

	set->negated = accept(p, "^");
	while (!accept(p, "]")) {
		if (at_end(p))
			return fail(p, start, "this [ has no ]");
		if (!parse_class_range(p, set))
			return NULL;
	}
	return set;
}

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
static bool parse_name(struct parser *p, struct slice *out)
{
	size_t start = p->at;
	char *name = arena_alloc(p->arena, p->pattern.len - start + 4);
	size_t len = 0;

	while (!accept(p, ">")) {
		size_t before = p->at;
		uint32_t code = 0;

		if (at_end(p))
			return fail(p, start, "this name has no >"), false;
		if (!accept(p, "\\u"))
			code = next_code_point(p);
		else if (!parse_unicode_escape(p, &code))
			code = 0;
		if (!is_name_character(code, len == 0))
			return fail(p, before,
				    "a group's name is made of letters, digits, $ and _"),
			       false;
		len += text_encode(code, name + len);
	}
	if (!len)
		return fail(p, start, "this group has an empty name"), false;
	*out = (struct slice){name, len};
	return true;
}

static const struct group_name *find_group_name(const struct parser *p, struct slice name)
{
	const struct group_name *known = p->names;

	while (known && !slice_equal(known->name, name))
		known = known->next;
	return known;
}

static bool add_group_name(struct parser *p, size_t offset)
{
	struct group_name *entry = arena_new(p->arena, struct group_name);

	if (!parse_name(p, &entry->name))
		return false;
	if (find_group_name(p, entry->name))
		return fail(p, offset, "two groups have this name"), false;
	entry->group = p->group_count;
	entry->next = p->names;
	p->names = entry;
	return true;
}

/* Closes what `start` opened: Disjunction ) */
static struct regex_node *parse_group_body(struct parser *p, size_t start)
{
	struct regex_node *body;

	if (++p->depth > REGEX_DEPTH_MAX)
		return fail(p, start, "groups are nested too deeply");
	body = parse_disjunction(p);
	p->depth--;
	if (body && !accept(p, ")"))
		return fail(p, start, "this ( has no )");
	return body;
}

/* (?= (?! (?<= (?<! of Assertion, after the sign */
static struct regex_node *parse_look(struct parser *p, size_t start, bool behind, bool negated)
{
	struct regex_node *look = regex_node_new(p->arena, REGEX_LOOK, start);

	look->behind = behind;
	look->negated = negated;
	look->first = parse_group_body(p, start);
	return look->first ? look : NULL;
}

/* ( GroupSpecifier? Disjunction ) | (?: Disjunction ) | the look-around of Assertion */
static struct regex_node *parse_group(struct parser *p, size_t start, bool *repeatable)
{
	struct regex_node *group;

	if (accept(p, "?:"))
		return parse_group_body(p, start);
	*repeatable = p->annex_b; /* QuantifiableAssertion of B.1.2 */
	if (accept(p, "?="))
		return parse_look(p, start, false, false);
	if (accept(p, "?!"))
		return parse_look(p, start, false, true);
	*repeatable = false;
	if (accept(p, "?<="))
		return parse_look(p, start, true, false);
	if (accept(p, "?<!"))
		return parse_look(p, start, true, true);
	*repeatable = true;
	group = regex_node_new(p->arena, REGEX_CAPTURE, start);
	group->group = ++p->group_count;
	if (accept(p, "?<")) {
		if (!add_group_name(p, start))
			return NULL;
	} else if (peek(p, 0) == '?') {
		return fail(p, start, "ECMA-262 has no group that begins like this");
	}
	group->first = parse_group_body(p, start);
	return group->first ? group : NULL;
}

/* k GroupName, after the k */
static struct regex_node *parse_named_reference(struct parser *p, size_t start)
{
	struct named_reference *reference = arena_new(p->arena, struct named_reference);

	if (!accept(p, "<"))
		return fail(p, start, "\\k needs the name of a group: \\k<name>");
	if (!parse_name(p, &reference->name))
		return NULL;
	reference->node = regex_node_new(p->arena, REGEX_BACKREF, start);
	reference->next = p->references;
	p->references = reference;
	return reference->node;
}

/* DecimalEscape; NULL without an error where B.1.2 reads an octal or identity escape instead */
static struct regex_node *parse_number_reference(struct parser *p, size_t start)
{
	struct regex_node *node;
	size_t digits_at = p->at;
	uint32_t number = 0;

	parse_decimal(p, &number);
	if (number > p->group_total) {
		p->at = digits_at;
		return p->annex_b ? NULL : fail(p, start, "there is no group of this number");
	}
	node = regex_node_new(p->arena, REGEX_BACKREF, start);
	node->group = number;
	return node;
}

/* AtomEscape, and \b \B of Assertion; after the backslash */
static struct regex_node *parse_escape(struct parser *p, size_t start, bool *repeatable)
{
	struct regex_node *node;
	uint32_t code = 0;

	if (peek(p, 0) == 'b' || peek(p, 0) == 'B') {
		*repeatable = false;
		node = regex_node_new(p->arena, REGEX_WORD_EDGE, start);
		node->negated = peek(p, 0) == 'B';
		p->at++;
		return node;
	}
	if (peek(p, 0) >= '1' && peek(p, 0) <= '9') {
		node = parse_number_reference(p, start);
		if (node || p->failed)
			return node;
	}
	if (peek(p, 0) == 'k' && (!p->annex_b || p->has_names))
		return p->at++, parse_named_reference(p, start);
	node = regex_node_new(p->arena, REGEX_SET, start);
	if (parse_class_escape(p, node))
		return p->failed ? NULL : node;
	if (!parse_character_escape(p, &code))
		return NULL;
	regex_set_add_range(p->arena, node, code, code);
	return node;
}

/* InvalidBracedQuantifier (B.1.2): what looks like {1}, {1,} or {1,2} */
static bool looks_like_braces(const struct parser *p)
{
	struct parser copy = *p;
	uint32_t number;

	if (!accept(&copy, "{") || !parse_decimal(&copy, &number))
		return false;
	if (accept(&copy, ","))
		parse_decimal(&copy, &number);
	return accept(&copy, "}");
}

/* Atom and Assertion */
static struct regex_node *parse_atom(struct parser *p, bool *repeatable)
{
	struct regex_node *node;
	size_t start = p->at;
	char c = peek(p, 0);
	uint32_t code;

	*repeatable = true;
	if (accept(p, "^") || accept(p, "$")) {
		*repeatable = false;
		return regex_node_new(p->arena, c == '^' ? REGEX_START : REGEX_END, start);
	}
	if (accept(p, "("))
		return parse_group(p, start, repeatable);
	if (accept(p, "["))
		return parse_class(p, start);
	if (accept(p, "\\"))
		return parse_escape(p, start, repeatable);
	if (accept(p, ".")) {
		node = regex_node_set(p->arena, '\n', '\n', start);
		regex_set_add_range(p->arena, node, '\r', '\r');
		regex_set_add_range(p->arena, node, 0x2028, 0x2029);
		node->negated = true;
		return node;
	}
	if (c == '*' || c == '+' || c == '?' || looks_like_braces(p))
		return fail(p, start, "there is nothing to repeat");
	if ((c == '{' || c == '}' || c == ']') && !p->annex_b)
		return fail(p, start, "this bracket needs a backslash");
	code = next_code_point(p);
	return regex_node_set(p->arena, code, code, start);
}

/* QuantifierPrefix :: * | + | ? | { n } | { n , } | { n , m }; false where there is none */
static bool parse_repeat(struct parser *p, struct regex_node *repeat)
{
	size_t start = p->at;

	repeat->max = REGEX_UNLIMITED;
	if (accept(p, "*"))
		return true;
	if (accept(p, "+")) {
		repeat->min = 1;
		return true;
	}
	if (accept(p, "?")) {
		repeat->max = 1;
		return true;
	}
	if (!looks_like_braces(p) || !accept(p, "{"))
		return false;
	parse_decimal(p, &repeat->min);
	if (!accept(p, ","))
		repeat->max = repeat->min;
	else if (peek(p, 0) != '}')
		parse_decimal(p, &repeat->max);
	accept(p, "}");
	if (repeat->min > repeat->max)
		fail(p, start, "this repetition ends before it begins");
	return true;
}

/* Term :: Assertion | Atom | Atom Quantifier */
static struct regex_node *parse_term(struct parser *p)
{
	size_t start = p->at;
	bool repeatable;
	struct regex_node *atom = parse_atom(p, &repeatable);
	struct regex_node *repeat;

	if (!atom || at_end(p))
		return atom;
	repeat = regex_node_new(p->arena, REGEX_REPEAT, start);
	if (!strchr("*+?{", peek(p, 0)) || !peek(p, 0) || !parse_repeat(p, repeat))
		return atom;
	if (!repeatable)
		return fail(p, start, "an assertion cannot be repeated");
	repeat->lazy = accept(p, "?");
	repeat->first = atom;
	return p->failed ? NULL : repeat;
}

/* Alternative :: Term* */
static struct regex_node *parse_alternative(struct parser *p)
{
	struct regex_node *sequence = regex_node_new(p->arena, REGEX_SEQUENCE, p->at);
	struct regex_node **last = &sequence->first;

	while (!at_end(p) && peek(p, 0) != '|' && peek(p, 0) != ')') {
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
static struct regex_node *parse_disjunction(struct parser *p)
{
	struct regex_node *alternation = regex_node_new(p->arena, REGEX_ALTERNATION, p->at);
	struct regex_node **last = &alternation->first;

	do {
		*last = parse_alternative(p);
		if (!*last)
			return NULL;
		last = &(*last)->next;
	} while (accept(p, "|"));
	return alternation->first->next ? alternation : alternation->first;
}

/* CountLeftCapturingParensWithin: 22.2.2.8 */
static void count_groups(struct parser *p)
{
	bool in_class = false;

	for (; !at_end(p); p->at++) {
		char c = peek(p, 0);

		if (c == '\\') {
			p->at++;
		} else if (in_class) {
			in_class = c != ']';
		} else if (c == '[') {
			in_class = true;
		} else if (c == '(') {
			bool named = peek(p, 1) == '?' && peek(p, 2) == '<' && peek(p, 3) != '=' &&
				     peek(p, 3) != '!';

			p->group_total += peek(p, 1) != '?' || named;
			p->has_names |= named;
		}
	}
	p->at = 0;
}

static bool resolve_names(struct parser *p)
{
	for (struct named_reference *r = p->references; r; r = r->next) {
		const struct group_name *known = find_group_name(p, r->name);

		if (!known)
			return fail(p, r->node->offset, "there is no group of this name"), false;
		r->node->group = known->group;
	}
	return true;
}

bool regex_parse_ecma(struct regex_tree *out, struct slice pattern, enum regex_syntax syntax,
		      struct arena *arena, struct regex_error *error)
{
	struct parser parser = {
		.pattern = pattern,
		.annex_b = syntax == REGEX_ECMA_ANNEX_B,
		.arena = arena,
		.error = error,
	};

	count_groups(&parser);
	out->root = parse_disjunction(&parser);
	if (!out->root)
		return false;
	if (!at_end(&parser))
		return fail(&parser, parser.at, "this ) has no ("), false;
	if (!resolve_names(&parser))
		return false;
	out->group_count = parser.group_count;
	regex_tree_link(out, arena);
	return true;
}
