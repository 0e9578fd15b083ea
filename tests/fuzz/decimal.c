/* Two numbers on two lines: order, canonical text and multiples agree with each other. */
#include "base/decimal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define HOLDS(condition)                                                                           \
	do {                                                                                       \
		if (!(condition))                                                                  \
			abort();                                                                   \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct decimal *number)
{
	GString *text = g_string_new(NULL);
	struct decimal again;
	int64_t value;

	decimal_append(text, number);
	if (decimal_parse(&again, text->str, text->len))
		HOLDS(decimal_compare(number, &again) == 0);
	if (decimal_to_int64(number, &value)) {
		HOLDS(decimal_is_integer(number));
		decimal_from_int64(&again, value);
		HOLDS(decimal_compare(number, &again) == 0);
	}
	HOLDS(!number->count || decimal_is_multiple(number, number));
	(void)decimal_to_double(number);
	g_string_free(text, TRUE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *line = size ? memchr(text, '\n', size) : NULL;
	struct decimal a, b;

	if (!line || !decimal_parse(&a, text, (size_t)(line - text)) ||
	    !decimal_parse(&b, line + 1, size - (size_t)(line + 1 - text)))
		return 0;
	check(&a);
	check(&b);
	HOLDS(decimal_compare(&a, &b) == -decimal_compare(&b, &a));
	if (b.count && a.count && decimal_is_multiple(&a, &b)) /* then it is at least as large */
		HOLDS(a.exponent >= b.exponent);
	return 0;
}
