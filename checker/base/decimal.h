/*
 * Exact decimals: what the text of a JSON or YAML number means, of any length, without rounding.
 * For whatever compares numbers: schemas, rules, equality of documents.
 *
 * A struct decimal points into the text it was parsed from and lives as long. Nothing here
 * allocates in proportion to an exponent: 1e999999 costs what 1 costs. Zero has no sign.
 */
#ifndef PLANLINT_BASE_DECIMAL_H
#define PLANLINT_BASE_DECIMAL_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bounds of decimal_parse(): a number beyond them is refused, never rounded. */
enum {
	/* of the exponent, as it is written (leading zeros aside) and behind one digit */
	DECIMAL_EXPONENT_DIGITS = 17,
	DECIMAL_TEXT_MAX = 1 << 20, /* bytes of a number */
};

/* The value 0.d1d2d3... * 10^exponent, where d1 and the last digit are not 0. */
struct decimal {
	bool negative;
	size_t count;     /* significant digits; 0: the number is zero */
	int64_t exponent; /* where the point stands: digits before it when 1 or more */
	const char
		*digits; /* d1 in the text; a '.' may stand among the digits. NULL: see converted */
	char converted[40]; /* the decimal digits of 0x and 0o numbers */
};

/*
 * Parses all of `len` bytes as a number of JSON (RFC 8259 6) or of YAML's core schema (YAML 1.2.2
 * 10.3.2: a sign, leading zeros, "1.", ".5", 0x1F, 0o17). Returns false where the text is none, its
 * exponent or length is out of bounds, or a 0x or 0o number does not fit 128 bits.
 */
bool decimal_parse(struct decimal *out, const char *text, size_t len);

void decimal_from_int64(struct decimal *out, int64_t value);

/* Less than, equal to, greater than 0 as `a` is less than, equal to, greater than `b`. Linear time.
 */
int decimal_compare(const struct decimal *a, const struct decimal *b);

/* Whether the value is a whole number: 1.0 and 1e3 are. */
bool decimal_is_integer(const struct decimal *number);

/* The value as int64; false where it is not whole or does not fit, then `out` is unchanged. */
bool decimal_to_int64(const struct decimal *number, int64_t *out);

/* The nearest double, correctly rounded; infinite where it is too large. */
double decimal_to_double(const struct decimal *number);

/*
 * Whether `number` is `divisor` times a whole number, exactly: 19.99 is a multiple of 0.01. False
 * where the divisor is zero (JSON Schema 2020-12 validation 6.2.1 forbids it). Linear time for a
 * divisor of up to 18 significant digits, else quadratic in its length.
 */
bool decimal_is_multiple(const struct decimal *number, const struct decimal *divisor);

/*
 * Appends the one text of the value, the same for 1, 1.0 and 10e-1, in the form of ECMAScript's
 * Number::toString (RFC 8785 3.2.2.3) but with all its digits.
 */
void decimal_append(GString *out, const struct decimal *number);

#endif
