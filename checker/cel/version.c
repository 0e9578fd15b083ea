/*
 * Versions in two schemes and quantities with suffixes: read, and put in order.
 *
 * A version keeps its text; it is read again for each comparison, which needs no memory. A quantity
 * is a 128-bit number of billionths, rounded up beyond that.
 *
 * Semantic Versioning 2.0.0, 2, 9 to 11; PEP 440; Kubernetes resource quantities.
 */
#include "cel/compare.h"

#include <string.h>

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

/* A number of any length as its digits without leading zeros. */
static struct slice strip_zeros(struct slice digits)
{
	while (digits.len > 1 && digits.data[0] == '0')
		digits = (struct slice){digits.data + 1, digits.len - 1};
	return digits;
}

static int compare_digits(struct slice a, struct slice b)
{
	a = strip_zeros(a);
	b = strip_zeros(b);
	return a.len != b.len ? ORDER(a.len, b.len) : slice_compare(a, b);
}

static struct slice take_while(struct slice *text, gboolean (*test)(char))
{
	struct slice taken = {text->data, 0};

	while (taken.len < text->len && test(text->data[taken.len]))
		taken.len++;
	*text = (struct slice){text->data + taken.len, text->len - taken.len};
	return taken;
}

static gboolean is_digit(char c)
{
	return g_ascii_isdigit(c);
}

static gboolean is_alnum(char c)
{
	return g_ascii_isalnum(c);
}

static gboolean is_identifier(char c)
{
	return g_ascii_isalnum(c) || c == '-';
}

static bool take(struct slice *text, char c)
{
	if (!text->len || text->data[0] != c)
		return false;
	*text = (struct slice){text->data + 1, text->len - 1};
	return true;
}

static bool all_digits(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!is_digit(text.data[i]))
			return false;
	return text.len > 0;
}

/* --- Semantic Versioning */

struct semver {
	struct slice core[3];
	struct slice pre; /* "alpha.1"; empty: a release */
};

/* dot-separated identifiers, none empty */
static bool take_identifiers(struct slice *text, struct slice *out)
{
	*out = (struct slice){text->data, 0};
	do {
		if (!take_while(text, is_identifier).len)
			return false;
	} while (take(text, '.'));
	out->len = (size_t)(text->data - out->data);
	return true;
}

static bool semver_read(struct slice text, struct semver *out)
{
	struct slice build;

	*out = (struct semver){.pre = {"", 0}};
	for (int i = 0; i < 3; i++) {
		if (i && !take(&text, '.'))
			return false;
		out->core[i] = take_while(&text, is_digit);
		if (!out->core[i].len || (out->core[i].len > 1 && out->core[i].data[0] == '0'))
			return false;
	}
	if (take(&text, '-') && !take_identifiers(&text, &out->pre))
		return false;
	if (take(&text, '+') && !take_identifiers(&text, &build))
		return false;
	return text.len == 0;
}

/* SemVer 11.4: numbers below words, a longer list above its beginning */
static int compare_pre(struct slice a, struct slice b)
{
	if (!a.len || !b.len)
		return ORDER(b.len > 0, a.len > 0);
	for (;;) {
		struct slice x = take_while(&a, is_identifier), y = take_while(&b, is_identifier);
		bool numbers = all_digits(x) && all_digits(y);
		int order = numbers                          ? compare_digits(x, y)
			    : all_digits(x) != all_digits(y) ? ORDER(all_digits(y), all_digits(x))
							     : slice_compare(x, y);
		bool more_a, more_b;

		if (order)
			return order;
		more_a = take(&a, '.');
		more_b = take(&b, '.');
		if (!more_a || !more_b)
			return ORDER(more_a, more_b);
	}
}

static int semver_compare(struct slice a, struct slice b)
{
	struct semver x, y;
	int order = 0;

	semver_read(a, &x);
	semver_read(b, &y);
	for (int i = 0; i < 3 && !order; i++)
		order = compare_digits(x.core[i], y.core[i]);
	return order ? order : compare_pre(x.pre, y.pre);
}

/* --- PEP 440 */

struct pep440 {
	struct slice epoch;
	struct slice release; /* "1.10" */
	int pre;              /* 1 a, 2 b, 3 rc; 0: none */
	struct slice pre_number;
	bool has_post, has_dev;
	struct slice post_number;
	struct slice dev_number;
	struct slice local; /* empty: none */
};

static bool take_word(struct slice *text, const char *word)
{
	size_t len = strlen(word);

	if (text->len < len || g_ascii_strncasecmp(text->data, word, len) != 0)
		return false;
	*text = (struct slice){text->data + len, text->len - len};
	return true;
}

static bool take_separator(struct slice *text)
{
	return take(text, '.') || take(text, '-') || take(text, '_');
}

/* The number behind a word, 0 where there is none. */
static struct slice take_number(struct slice *text)
{
	struct slice before = *text, digits;

	take_separator(text);
	digits = take_while(text, is_digit);
	if (digits.len)
		return digits;
	*text = before;
	return SLICE("0");
}

static bool take_pre(struct slice *text, struct pep440 *out)
{
	static const struct {
		const char *word;
		int rank;
	} words[] = {{"alpha", 1}, {"beta", 2}, {"preview", 3}, {"pre", 3},
		     {"rc", 3},    {"a", 1},    {"b", 2},       {"c", 3}};
	struct slice before = *text;

	take_separator(text);
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		if (!take_word(text, words[i].word))
			continue;
		out->pre = words[i].rank;
		out->pre_number = take_number(text);
		return true;
	}
	*text = before;
	return false;
}

static void take_post(struct slice *text, struct pep440 *out)
{
	struct slice before = *text;

	if (take(text, '-') && text->len && is_digit(text->data[0])) {
		out->has_post = true;
		out->post_number = take_while(text, is_digit);
		return;
	}
	*text = before;
	take_separator(text);
	if (take_word(text, "post") || take_word(text, "rev") || take_word(text, "r")) {
		out->has_post = true;
		out->post_number = take_number(text);
	} else {
		*text = before;
	}
}

static void take_dev(struct slice *text, struct pep440 *out)
{
	struct slice before = *text;

	take_separator(text);
	if (take_word(text, "dev")) {
		out->has_dev = true;
		out->dev_number = take_number(text);
	} else {
		*text = before;
	}
}

static bool take_local(struct slice *text, struct pep440 *out)
{
	out->local = (struct slice){text->data, 0};
	do {
		if (!take_while(text, is_alnum).len)
			return false;
	} while (take_separator(text));
	out->local.len = (size_t)(text->data - out->local.data);
	return true;
}

static bool pep440_read(struct slice text, struct pep440 *out)
{
	struct slice first;

	*out = (struct pep440){.epoch = SLICE("0")};
	if (!take(&text, 'v'))
		take(&text, 'V');
	first = take_while(&text, is_digit);
	if (first.len && take(&text, '!')) {
		out->epoch = first;
		first = take_while(&text, is_digit);
	}
	if (!first.len)
		return false;
	out->release = first;
	while (text.len > 1 && text.data[0] == '.' && is_digit(text.data[1])) {
		take(&text, '.');
		take_while(&text, is_digit);
		out->release.len = (size_t)(text.data - out->release.data);
	}
	take_pre(&text, out);
	take_post(&text, out);
	take_dev(&text, out);
	if (take(&text, '+') && !take_local(&text, out))
		return false;
	return text.len == 0;
}

/* 1.0 equals 1.0.0 */
static int compare_release(struct slice a, struct slice b)
{
	while (a.len || b.len) {
		struct slice x = take_while(&a, is_digit), y = take_while(&b, is_digit);
		int order = compare_digits(x.len ? x : SLICE("0"), y.len ? y : SLICE("0"));

		if (order)
			return order;
		take(&a, '.');
		take(&b, '.');
	}
	return 0;
}

/* PEP 440: a development release of no pre-release comes before all pre-releases. */
static int pre_rank(const struct pep440 *version)
{
	if (version->pre)
		return version->pre;
	return version->has_dev && !version->has_post ? 0 : 4;
}

static int compare_local(struct slice a, struct slice b)
{
	while (a.len && b.len) {
		struct slice x = take_while(&a, is_alnum), y = take_while(&b, is_alnum);
		int order;

		if (all_digits(x) && all_digits(y))
			order = compare_digits(x, y);
		else if (all_digits(x) != all_digits(y))
			order = all_digits(x) ? 1 : -1;
		else
			order = slice_compare(x, y);
		if (order)
			return order;
		take_separator(&a);
		take_separator(&b);
	}
	return ORDER(a.len > 0, b.len > 0);
}

static int pep440_compare(struct slice a, struct slice b)
{
	struct pep440 x, y;
	int order;

	pep440_read(a, &x);
	pep440_read(b, &y);
	order = compare_digits(x.epoch, y.epoch);
	if (!order)
		order = compare_release(x.release, y.release);
	if (!order)
		order = ORDER(pre_rank(&x), pre_rank(&y));
	if (!order && x.pre)
		order = compare_digits(x.pre_number, y.pre_number);
	if (!order)
		order = ORDER(x.has_post, y.has_post);
	if (!order && x.has_post)
		order = compare_digits(x.post_number, y.post_number);
	if (!order)
		order = ORDER(y.has_dev, x.has_dev);
	if (!order && x.has_dev)
		order = compare_digits(x.dev_number, y.dev_number);
	return order ? order : compare_local(x.local, y.local);
}

bool cel_version_parse(struct slice text, enum version_scheme scheme, struct cel_value *out)
{
	struct semver semver;
	struct pep440 pep440;

	*out = (struct cel_value){.kind = CEL_VERSION, .scheme = (uint16_t)scheme, .string = text};
	return scheme == VERSION_SEMVER ? semver_read(text, &semver) : pep440_read(text, &pep440);
}

bool cel_version_compare(const struct cel_value *a, const struct cel_value *b, int *order)
{
	*order = 0;
	if (a->scheme != b->scheme)
		return false;
	*order = a->scheme == VERSION_SEMVER ? semver_compare(a->string, b->string)
					     : pep440_compare(a->string, b->string);
	return true;
}

/* --- Quantities */

__extension__ typedef __int128 wide;

static const struct {
	const char *suffix;
	wide billionths;
} suffixes[] = {
	{"", 1000000000},
	{"n", 1},
	{"u", 1000},
	{"m", 1000000},
	{"k", (wide)1000000000 * 1000},
	{"M", (wide)1000000000 * 1000000},
	{"G", (wide)1000000000 * 1000000000},
	{"T", (wide)1000000000 * 1000000000000},
	{"P", (wide)1000000000 * 1000000000000000},
	{"E", (wide)1000000000 * 1000000000000000000},
	{"Ki", (wide)1000000000 << 10},
	{"Mi", (wide)1000000000 << 20},
	{"Gi", (wide)1000000000 << 30},
	{"Ti", (wide)1000000000 << 40},
	{"Pi", (wide)1000000000 << 50},
	{"Ei", (wide)1000000000 << 60},
};

/* e3, E-2: the billionths of one such unit; rounded up to one where it is less. */
static bool exponent_unit(struct slice text, wide *unit)
{
	bool negative;
	int exponent = 0;

	if (!take(&text, 'e') && !take(&text, 'E'))
		return false;
	negative = take(&text, '-');
	if (!negative)
		take(&text, '+');
	if (!text.len || text.len > 2 || !all_digits(text))
		return false;
	for (size_t i = 0; i < text.len; i++)
		exponent = exponent * 10 + (text.data[i] - '0');
	*unit = 1000000000;
	for (; exponent > 0; exponent--) {
		if (negative)
			*unit /= 10;
		else if (__builtin_mul_overflow(*unit, 10, unit))
			return false;
	}
	return *unit > 0;
}

static bool suffix_unit(struct slice text, wide *unit)
{
	for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++) {
		if (slice_equal(text, slice_of(suffixes[i].suffix))) {
			*unit = suffixes[i].billionths;
			return true;
		}
	}
	return exponent_unit(text, unit);
}

/* whole.fraction of a unit; digits too small to count round up */
static bool multiply(struct slice whole, struct slice fraction, wide unit, wide *out)
{
	wide sum = 0, part = 0, scale = 1;

	for (size_t i = 0; i < whole.len; i++)
		if (__builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_add_overflow(sum, whole.data[i] - '0', &sum))
			return false;
	for (size_t i = 0; i < fraction.len && i < 18; i++) {
		part = part * 10 + (fraction.data[i] - '0');
		scale *= 10;
	}
	if (__builtin_mul_overflow(sum, unit, &sum) || __builtin_mul_overflow(part, unit, &part))
		return false;
	part = part / scale + (part % scale != 0);
	return !__builtin_add_overflow(sum, part, out);
}

bool cel_quantity_parse(struct slice text, struct cel_value *out)
{
	bool negative = take(&text, '-');
	struct slice whole, fraction = {0};
	wide unit, value;

	if (!negative)
		take(&text, '+');
	whole = take_while(&text, is_digit);
	if (take(&text, '.'))
		fraction = take_while(&text, is_digit);
	if (whole.len + fraction.len == 0 || !suffix_unit(text, &unit) ||
	    !multiply(whole, fraction, unit, &value))
		return false;
	if (negative)
		value = -value;
	*out = (struct cel_value){.kind = CEL_QUANTITY};
	out->quantity.high = (int64_t)(value >> 64);
	out->quantity.low = (uint64_t)value;
	return true;
}
