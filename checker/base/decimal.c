/*
 * A number is its significant digits, left where they stand in the text, and the place of the
 * point. Comparison walks both digit strings at once. Divisibility uses that digits end in no zero:
 * for number = A * 10^p and divisor = B * 10^q with A and B whole and not divisible by 10, p < q
 * means no (A would have to end in a zero), and else B has to divide A * 10^(p - q). Only the
 * factors 2 and 5 of that power matter, and B has fewer than four of either for each of its
 * digits, so the exponent is cut to that and never expanded in memory beyond it.
 *
 * Large divisors are divided in limbs of nine decimal digits (Knuth, The Art of Computer
 * Programming 2, 4.3.1, algorithm D, keeping only the remainder).
 */
#include "base/decimal.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { LIMB_DIGITS = 9, WORD_DIGITS = 18 };
static const uint64_t LIMB = 1000000000;
static const int64_t EXPONENT_MAX = 99999999999999999; /* DECIMAL_EXPONENT_DIGITS of them */

__extension__ typedef unsigned __int128 uint128; /* gcc and clang; not ISO C */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static const char *first_digit(const struct decimal *number)
{
	return number->digits ? number->digits : number->converted;
}

/* Reads the digit at *at, stepping over the point, and moves on. */
static inline unsigned next_digit(const char **at)
{
	if (**at == '.')
		++*at;
	return (unsigned)(*(*at)++ - '0');
}

/* 0o[0-7]+ and 0x[0-9a-fA-F]+ (YAML 1.2.2 10.3.2), up to 128 bits. */
static bool parse_radix(struct decimal *out, const char *text, size_t len)
{
	unsigned shift = text[1] == 'x' ? 4 : 3;
	uint128 value = 0;
	size_t count = 0;
	char reversed[sizeof(out->converted)];

	for (size_t i = 2; i < len; i++) {
		int digit = g_ascii_xdigit_value(text[i]);

		if (digit < 0 || digit >= 1 << shift || value >> (128 - shift))
			return false;
		value = value << shift | (unsigned)digit;
	}
	for (; value && value % 10 == 0; value /= 10)
		out->exponent++;
	for (; value; value /= 10)
		reversed[count++] = (char)('0' + (int)(value % 10));
	for (size_t i = 0; i < count; i++)
		out->converted[i] = reversed[count - 1 - i];
	out->count = count;
	out->exponent = count ? out->exponent + (int64_t)count : 0;
	return len > 2;
}

/* [eE][-+]?[0-9]+ to the end of the text */
static bool parse_exponent(const char *text, size_t len, int64_t *exponent)
{
	bool negative = false;
	size_t i = 1;

	if (i < len && (text[i] == '-' || text[i] == '+'))
		negative = text[i++] == '-';
	if (i == len)
		return false;
	while (i + 1 < len && text[i] == '0')
		i++;
	if (len - i > DECIMAL_EXPONENT_DIGITS)
		return false;
	*exponent = 0;
	for (; i < len; i++) {
		if (!is_digit(text[i]))
			return false;
		*exponent = *exponent * 10 + (text[i] - '0');
	}
	if (negative)
		*exponent = -*exponent;
	return true;
}

/* [0-9]+ ( \. [0-9]* )? | \. [0-9]+, then an exponent */
static bool parse_digits(struct decimal *out, const char *text, size_t len)
{
	size_t before = 0; /* digits before the point, from the first that is not zero */
	size_t zeros = 0;  /* zeros after the point, before the first that is not zero */
	size_t seen = 0, last = 0;
	bool point = false, any = false;
	int64_t exponent = 0;
	size_t i = 0;

	for (; i < len && (is_digit(text[i]) || (text[i] == '.' && !point)); i++) {
		if (text[i] == '.') {
			point = true;
			continue;
		}
		any = true;
		if (!seen && text[i] == '0') {
			zeros += point;
			continue;
		}
		if (!seen++)
			out->digits = text + i;
		before += !point;
		if (text[i] != '0')
			last = seen;
	}
	if (!any || (i < len && ((text[i] != 'e' && text[i] != 'E') ||
				 !parse_exponent(text + i, len - i, &exponent))))
		return false;
	out->count = last;
	if (last)
		out->exponent = exponent + (int64_t)before - (int64_t)(before ? 0 : zeros);
	/* written with one digit before the point it must be a number again */
	return out->exponent <= EXPONENT_MAX + 1 && out->exponent >= 1 - EXPONENT_MAX;
}

bool decimal_parse(struct decimal *out, const char *text, size_t len)
{
	bool negative = false;

	out->negative = false;
	out->count = 0;
	out->exponent = 0;
	out->digits = NULL;
	if (!len || len > DECIMAL_TEXT_MAX)
		return false;
	if (len > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'o'))
		return parse_radix(out, text, len);
	if (*text == '-' || *text == '+') {
		negative = *text == '-';
		text++;
		len--;
	}
	if (!parse_digits(out, text, len))
		return false;
	out->negative = negative && out->count;
	return true;
}

void decimal_from_int64(struct decimal *out, int64_t value)
{
	uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
	char text[24];
	size_t at = sizeof(text);
	bool good;

	do
		text[--at] = (char)('0' + rest % 10);
	while (rest /= 10);
	good = decimal_parse(out, text + at, sizeof(text) - at);
	assert(good && "digits are a number");
	(void)good;
	memcpy(out->converted, text + at, sizeof(text) - at);
	out->digits = NULL; /* no leading zeros: d1 is the first byte */
	out->negative = value < 0;
}

/* Both without sign. */
static int compare_magnitude(const struct decimal *a, const struct decimal *b)
{
	const char *x = first_digit(a), *y = first_digit(b);

	if (!a->count || !b->count)
		return (a->count != 0) - (b->count != 0);
	if (a->exponent != b->exponent)
		return a->exponent < b->exponent ? -1 : 1;
	for (size_t i = 0, n = MIN(a->count, b->count); i < n; i++) {
		unsigned p = next_digit(&x), q = next_digit(&y);

		if (p != q)
			return p < q ? -1 : 1;
	}
	return (a->count > b->count) - (a->count < b->count);
}

int decimal_compare(const struct decimal *a, const struct decimal *b)
{
	if (a->negative != b->negative)
		return a->negative ? -1 : 1;
	return a->negative ? -compare_magnitude(a, b) : compare_magnitude(a, b);
}

bool decimal_is_integer(const struct decimal *number)
{
	return !number->count || number->exponent >= (int64_t)number->count;
}

bool decimal_to_int64(const struct decimal *number, int64_t *out)
{
	const char *at = first_digit(number);
	uint64_t limit = (uint64_t)INT64_MAX + number->negative;
	uint64_t value = 0;

	if (!decimal_is_integer(number) || number->exponent > 19)
		return false;
	for (int64_t i = 0; i < (number->count ? number->exponent : 0); i++) {
		unsigned digit = i < (int64_t)number->count ? next_digit(&at) : 0;

		if (value > (limit - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*out = number->negative ? (int64_t)(0 - value) : (int64_t)value;
	return true;
}

/*
 * Digits beyond 800 cannot change the nearest double but by being there at all (767 are needed),
 * so a longer number is cut and one digit stands for the rest.
 */
double decimal_to_double(const struct decimal *number)
{
	char text[840];
	const char *at = first_digit(number);
	size_t len = 0, count = MIN(number->count, 800);
	double value;

	if (!count)
		return 0;
	if (number->exponent > 400 || number->exponent < -400) {
		value = number->exponent > 0 ? INFINITY : 0;
		return number->negative ? -value : value;
	}
	text[len++] = '.';
	for (size_t i = 0; i < count; i++)
		text[len++] = (char)('0' + next_digit(&at));
	if (number->count > count)
		text[len++] = '1';
	g_snprintf(text + len, sizeof(text) - len, "e%d", (int)number->exponent);
	value = g_ascii_strtod(text, NULL);
	return number->negative ? -value : value;
}

/* `count` digits and then zeros of a number, as if written out with `shift` zeros behind it. */
struct digits {
	const char *at;
	size_t left;
};

static unsigned take_digit(struct digits *digits)
{
	if (!digits->left)
		return 0;
	digits->left--;
	return next_digit(&digits->at);
}

static bool divides_word(struct digits number, size_t length, uint64_t divisor)
{
	uint64_t rest = 0;

	for (size_t i = 0; i < length; i++)
		rest = (uint64_t)(((uint128)rest * 10 + take_digit(&number)) % divisor);
	return rest == 0;
}

/* The digits as limbs, lowest first; `length` digits in all, zeros added below what is there. */
static void fill_limbs(uint32_t *limbs, size_t limb_count, struct digits digits, size_t length)
{
	size_t head = limb_count * LIMB_DIGITS - length; /* zeros that fill up the highest limb */

	for (size_t i = limb_count; i-- > 0;) {
		uint32_t limb = 0;

		for (int k = 0; k < LIMB_DIGITS; k++) {
			unsigned digit = 0;

			if (head)
				head--;
			else
				digit = take_digit(&digits);
			limb = limb * 10 + digit;
		}
		limbs[i] = limb;
	}
}

/* Subtracts factor * b[0..n) from a[0..n]; returns whether the result went below zero. */
static bool subtract_product(uint32_t *a, const uint32_t *b, size_t n, uint64_t factor)
{
	uint64_t carry = 0;
	int64_t difference;

	for (size_t i = 0; i < n; i++) {
		uint64_t product = factor * b[i] + carry;

		carry = product / LIMB;
		difference = (int64_t)a[i] - (int64_t)(product % LIMB);
		if (difference < 0) {
			difference += (int64_t)LIMB;
			carry++;
		}
		a[i] = (uint32_t)difference;
	}
	difference = (int64_t)a[n] - (int64_t)carry;
	a[n] = (uint32_t)(difference < 0 ? difference + (int64_t)LIMB : difference);
	return difference < 0;
}

static void add_back(uint32_t *a, const uint32_t *b, size_t n)
{
	uint64_t carry = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t sum = (uint64_t)a[i] + b[i] + carry;

		carry = sum >= LIMB;
		a[i] = (uint32_t)(carry ? sum - LIMB : sum);
	}
	a[n] = (uint32_t)((a[n] + carry) % LIMB);
}

/* Leaves a mod b in a[0..n): a has m + n limbs and one above, b's highest limb is LIMB / 2 or more.
 */
static void reduce(uint32_t *a, size_t m, const uint32_t *b, size_t n)
{
	for (size_t j = m + 1; j-- > 0;) {
		uint64_t top = a[j + n] * LIMB + a[j + n - 1];
		uint64_t factor = MIN(top / b[n - 1], LIMB - 1);
		uint64_t rest = top - factor * b[n - 1];

		while (rest < LIMB && factor * b[n - 2] > rest * LIMB + a[j + n - 2]) {
			factor--;
			rest += b[n - 1];
		}
		if (factor && subtract_product(a + j, b, n, factor))
			add_back(a + j, b, n);
	}
}

static void multiply(uint32_t *limbs, size_t count, uint64_t factor)
{
	uint64_t carry = 0;

	for (size_t i = 0; i < count; i++) {
		carry += limbs[i] * factor;
		limbs[i] = (uint32_t)(carry % LIMB);
		carry /= LIMB;
	}
	assert(carry == 0 && "room for the product was made");
}

static bool divides_large(struct digits number, size_t length, struct digits divisor)
{
	size_t divisor_length = divisor.left;
	size_t n = (divisor_length + LIMB_DIGITS - 1) / LIMB_DIGITS;
	size_t count = MAX((length + LIMB_DIGITS - 1) / LIMB_DIGITS, n);
	uint32_t *a = g_new0(uint32_t, count + 1);
	uint32_t *b = g_new0(uint32_t, n);
	uint64_t scale;
	bool divides = true;

	fill_limbs(a, count, number, length);
	fill_limbs(b, n, divisor, divisor_length);
	scale = LIMB / (b[n - 1] + 1u);
	multiply(a, count + 1, scale);
	multiply(b, n, scale);
	reduce(a, count - n, b, n);
	for (size_t i = 0; i < n; i++)
		divides = divides && a[i] == 0;
	g_free(a);
	g_free(b);
	return divides;
}

bool decimal_is_multiple(const struct decimal *number, const struct decimal *divisor)
{
	int64_t shift = (number->exponent - (int64_t)number->count) -
			(divisor->exponent - (int64_t)divisor->count);
	struct digits a = {first_digit(number), number->count};
	struct digits b = {first_digit(divisor), divisor->count};
	size_t length;
	uint64_t word = 0;

	if (!number->count || !divisor->count)
		return divisor->count != 0;
	if (shift < 0)
		return false;
	length = number->count + (size_t)MIN(shift, (int64_t)divisor->count * 4);
	if (divisor->count > WORD_DIGITS)
		return divides_large(a, length, b);
	while (b.left)
		word = word * 10 + take_digit(&b);
	return divides_word(a, length, word);
}

static void append_digits(GString *out, const char **at, size_t *left, int64_t count)
{
	for (int64_t i = 0; i < count; i++) {
		if (*left)
			--*left;
		else
			at = NULL;
		g_string_append_c(out, at ? (char)('0' + next_digit(at)) : '0');
	}
}

/* ECMAScript Number::toString, whose k, n are count, exponent here. */
void decimal_append(GString *out, const struct decimal *number)
{
	const char *at = first_digit(number);
	size_t left = number->count;
	int64_t n = number->exponent;

	if (number->negative)
		g_string_append_c(out, '-');
	if (!left) {
		g_string_append_c(out, '0');
	} else if (n > 21 || n <= -6) {
		append_digits(out, &at, &left, 1);
		if (left)
			g_string_append_c(out, '.');
		append_digits(out, &at, &left, (int64_t)left);
		g_string_append_printf(out, "e%+" G_GINT64_FORMAT, n - 1);
	} else if (n <= 0) {
		g_string_append_len(out, "0.000000", (gssize)(2 - n));
		append_digits(out, &at, &left, (int64_t)left);
	} else {
		append_digits(out, &at, &left, n);
		if (left)
			g_string_append_c(out, '.');
		append_digits(out, &at, &left, (int64_t)left);
	}
}
