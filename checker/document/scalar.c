/* What number a text means: the integer where it fits, else the nearest double; exact is the text.
 */
#include "document/reader.h"

#include "base/decimal.h"
#include "source/message.h"

#include <string.h>

/* Up to 18 digits with an optional minus, which is what almost every number is. */
static bool read_short_integer(const char *text, size_t len, int64_t *out)
{
	bool negative = len > 1 && *text == '-';
	int64_t value = 0;

	if (len - negative > 18)
		return false;
	for (size_t i = negative; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		value = value * 10 + (text[i] - '0');
	}
	*out = negative ? -value : value;
	return true;
}

static bool is_integer_text(const char *text, size_t len)
{
	if (len > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'o'))
		return true;
	for (size_t i = 0; i < len; i++)
		if (text[i] == '.' || text[i] == 'e' || text[i] == 'E')
			return false;
	return true;
}

void scalar_set_number(struct doc_reader *reader, struct doc_node *node)
{
	struct decimal number;

	if (read_short_integer(node->text, node->len, &node->integer)) {
		node->type = DOC_INTEGER;
		node->flags |= DOC_INT64;
		return;
	}
	node->type = is_integer_text(node->text, node->len) ? DOC_INTEGER : DOC_NUMBER;
	if (!decimal_parse(&number, node->text, node->len)) {
		reader_find(reader, FINDING_NUMBER_RANGE, node->span,
			    phrase_make(reader->arena, MESSAGE_NUMBER_RANGE, 0));
		node->number = 0;
	} else if (node->type == DOC_INTEGER && decimal_to_int64(&number, &node->integer)) {
		node->flags |= DOC_INT64;
	} else {
		node->number = decimal_to_double(&number);
	}
}
