/*
 * What stands for one character in an ECMA-262 pattern: escapes and classes (22.2.1, and B.1.2
 * where the u flag's strictness is off). Properties go into the set by name; all else is ranges of
 * code points. The groups around it are regex_ecma.c.
 */
#include "base/regex_ecma.h"

#include <string.h>

/* `count` hexadecimal digits, or nothing consumed. */
static bool parse_hex(struct regex_ecma *p, size_t count, uint32_t *out)
{
	uint32_t value = 0;

	for (size_t i = 0; i < count; i++) {
		if (!g_ascii_isxdigit(regex_scan_peek(&p->scan, i)))
			return false;
		value = value * 16 + (uint32_t)g_ascii_xdigit_value(regex_scan_peek(&p->scan, i));
	}
	p->scan.at += count;
	*out = value;
	return true;
}

/* u{ CodePoint } of RegExpUnicodeEscapeSequence, after "u{" */
static bool parse_braced_code(struct regex_ecma *p, uint32_t *out)
{
	size_t start = p->scan.at;
	uint32_t value = 0;

	for (; g_ascii_isxdigit(regex_scan_peek(&p->scan, 0)); p->scan.at++)
		value = MIN(value * 16 +
				    (uint32_t)g_ascii_xdigit_value(regex_scan_peek(&p->scan, 0)),
			    REGEX_CODE_POINT_MAX + 1);
	if (p->scan.at == start || value > REGEX_CODE_POINT_MAX ||
	    !regex_scan_accept(&p->scan, "}"))
		return regex_scan_fail(&p->scan, start,
				       "\\u{...} needs a hexadecimal code point up to 10FFFF"),
		       false;
	*out = value;
	return true;
}

/*
 * RegExpUnicodeEscapeSequence :: u HexLeadSurrogate \u HexTrailSurrogate | u Hex4Digits
 *	| u{ CodePoint }, after the "u". A surrogate alone is one that valid UTF-8 cannot hold.
 */
bool regex_ecma_unicode_escape(struct regex_ecma *p, uint32_t *out)
{
	size_t before;
	uint32_t trail;

	if (!p->annex_b && regex_scan_accept(&p->scan, "{"))
		return parse_braced_code(p, out);
	if (p->annex_b && regex_scan_peek(&p->scan, 0) == '{' &&
	    g_ascii_isxdigit(regex_scan_peek(&p->scan, 1)))
		return p->scan.at++, parse_braced_code(p, out);
	if (!parse_hex(p, 4, out))
		return false;
	before = p->scan.at;
	if (*out < 0xd800 || *out > 0xdbff || !regex_scan_accept(&p->scan, "\\u"))
		return true;
	if (parse_hex(p, 4, &trail) && trail >= 0xdc00 && trail <= 0xdfff)
		*out = 0x10000 + ((*out - 0xd800) << 10) + (trail - 0xdc00);
	else
		p->scan.at = before;
	return true;
}

/* LegacyOctalEscapeSequence (B.1.2): up to \377 */
static uint32_t parse_octal(struct regex_ecma *p)
{
	uint32_t value = 0;

	for (int i = 0;
	     i < 3 && regex_scan_peek(&p->scan, 0) >= '0' && regex_scan_peek(&p->scan, 0) <= '7';
	     i++) {
		uint32_t longer = value * 8 + (uint32_t)(regex_scan_peek(&p->scan, 0) - '0');

		if (longer > 0xff)
			break;
		value = longer;
		p->scan.at++;
	}
	return value;
}

/* IdentityEscape[U] :: SyntaxCharacter | /        IdentityEscape of B.1.2: nearly everything */
static bool parse_identity_escape(struct regex_ecma *p, uint32_t *out)
{
	size_t start = p->scan.at;
	char c = regex_scan_peek(&p->scan, 0);

	if (regex_scan_ended(&p->scan))
		return regex_scan_fail(&p->scan, start, "a backslash at the end escapes nothing"),
		       false;
	if (c && strchr("^$\\.*+?()[]{}|/", c)) {
		p->scan.at++;
		*out = (uint32_t)c;
		return true;
	}
	if (!p->annex_b || (c == 'k' && p->has_names))
		return regex_scan_fail(
			       &p->scan, start - 1,
			       "this character needs no backslash, and has no meaning with one"),
		       false;
	*out = regex_scan_next(&p->scan);
	return true;
}

/* CharacterEscape :: ControlEscape | c AsciiLetter | 0 | HexEscape | UnicodeEscape | Identity */
bool regex_ecma_character_escape(struct regex_ecma *p, uint32_t *out)
{
	static const char controls[] = "t\tn\nv\vf\fr\r";
	char c = regex_scan_peek(&p->scan, 0);
	const char *control = c ? strchr(controls, c) : NULL;
	size_t start = p->scan.at;

	if (control && g_ascii_isalpha(c)) {
		p->scan.at++;
		*out = (uint32_t)control[1];
		return true;
	}
	if (c == 'c' && g_ascii_isalpha(regex_scan_peek(&p->scan, 1))) {
		*out = (uint32_t)regex_scan_peek(&p->scan, 1) % 32;
		p->scan.at += 2;
		return true;
	}
	if (c == 'c' && p->annex_b) {
		*out = '\\'; /* B.1.2: the backslash is literal, the c follows */
		return true;
	}
	if (c == '0' && !g_ascii_isdigit(regex_scan_peek(&p->scan, 1))) {
		p->scan.at++;
		*out = 0;
		return true;
	}
	if (p->annex_b && c >= '0' && c <= '7') {
		*out = parse_octal(p);
		return true;
	}
	if (c == 'x' || c == 'u') {
		p->scan.at++;
		if (c == 'x' ? parse_hex(p, 2, out) : regex_ecma_unicode_escape(p, out))
			return true;
		p->scan.at = start;
		if (!p->annex_b)
			return regex_scan_fail(&p->scan, start - 1,
					       "this escape needs hexadecimal digits"),
			       false;
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

static void add_ranges(struct regex_ecma *p, struct regex_node *set, const struct range *ranges,
		       size_t count)
{
	for (size_t i = 0; i < count; i++)
		regex_set_add_range(p->scan.arena, set, ranges[i].low, ranges[i].high);
}

static void add_complement(struct regex_ecma *p, struct regex_node *set, const struct range *ranges,
			   size_t count)
{
	uint32_t next = 0;

	for (size_t i = 0; i < count; i++) {
		if (ranges[i].low > next)
			regex_set_add_range(p->scan.arena, set, next, ranges[i].low - 1);
		next = ranges[i].high + 1;
	}
	regex_set_add_range(p->scan.arena, set, next, REGEX_CODE_POINT_MAX);
}

/* p{ UnicodePropertyValueExpression }, after the letter */
static bool parse_property(struct regex_ecma *p, struct regex_node *set, bool negated)
{
	struct regex_property property;
	size_t start = p->scan.at + 1;
	const char *end = NULL;

	if (regex_scan_peek(&p->scan, 0) == '{')
		end = memchr(p->scan.pattern.data + start, '}', p->scan.pattern.len - start);
	if (!end)
		return regex_scan_fail(&p->scan, p->scan.at, "a property is written \\p{Name}"),
		       false;
	p->scan.at = (size_t)(end - p->scan.pattern.data);
	if (!regex_property_find(&property,
				 (struct slice){p->scan.pattern.data + start, p->scan.at - start}))
		return regex_scan_fail(&p->scan, start, "ECMA-262 knows no property of this name"),
		       false;
	p->scan.at++;
	property.negated ^= negated;
	regex_set_add_property(p->scan.arena, set, property);
	return true;
}

/* CharacterClassEscape :: d | D | s | S | w | W | p{...} | P{...}; false where it is none */
bool regex_ecma_class_escape(struct regex_ecma *p, struct regex_node *set)
{
	char c = regex_scan_peek(&p->scan, 0);

	if (!c || !strchr("dDsSwWpP", c))
		return false;
	p->scan.at++;
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
static bool parse_class_atom(struct regex_ecma *p, struct regex_node *set, uint32_t *code,
			     bool *single)
{
	*single = true;
	if (!regex_scan_accept(&p->scan, "\\")) {
		*code = regex_scan_next(&p->scan);
		return true;
	}
	if (regex_ecma_class_escape(p, set)) {
		*single = false;
		return !p->scan.failed;
	}
	if (regex_scan_accept(&p->scan, "b")) {
		*code = '\b';
		return true;
	}
	if (regex_scan_accept(&p->scan, "-")) {
		*code = '-';
		return true;
	}
	return regex_ecma_character_escape(p, code);
}

/* ClassContents :: ClassAtom | ClassAtom - ClassAtom, once */
static bool parse_class_range(struct regex_ecma *p, struct regex_node *set)
{
	size_t start = p->scan.at;
	uint32_t low = 0, high = 0;
	bool low_single, high_single;

	if (!parse_class_atom(p, set, &low, &low_single))
		return false;
	if (regex_scan_peek(&p->scan, 0) != '-' || regex_scan_peek(&p->scan, 1) == ']' ||
	    p->scan.at + 1 >= p->scan.pattern.len) {
		if (low_single)
			regex_set_add_range(p->scan.arena, set, low, low);
		return true;
	}
	p->scan.at++;
	if (!parse_class_atom(p, set, &high, &high_single))
		return false;
	if (low_single && high_single) {
		if (low > high)
			return regex_scan_fail(&p->scan, start, "this range ends before it begins"),
			       false;
		regex_set_add_range(p->scan.arena, set, low, high);
		return true;
	}
	if (!p->annex_b)
		return regex_scan_fail(&p->scan, start,
				       "a range runs between two characters, not classes"),
		       false;
	regex_set_add_range(p->scan.arena, set, '-', '-');
	if (low_single)
		regex_set_add_range(p->scan.arena, set, low, low);
	if (high_single)
		regex_set_add_range(p->scan.arena, set, high, high);
	return true;
}

/* CharacterClass :: [ ^? ClassContents ], after the bracket */
struct regex_node *regex_ecma_class(struct regex_ecma *p, size_t start)
{
	struct regex_node *set = regex_node_new(p->scan.arena, REGEX_SET, start);

	set->negated = regex_scan_accept(&p->scan, "^");
	while (!regex_scan_accept(&p->scan, "]")) {
		if (regex_scan_ended(&p->scan))
			return regex_scan_fail(&p->scan, start, "this [ has no ]");
		if (!parse_class_range(p, set))
			return NULL;
	}
	return set;
}
