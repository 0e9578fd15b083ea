/*
 * The reader under both parsers of patterns (regex_scan.h). It knows no grammar: bytes, code
 * points, digits, and the first error, which later ones never replace.
 */
#include "base/regex_scan.h"

#include <string.h>

void *regex_scan_fail(struct regex_scanner *scan, size_t offset, const char *message)
{
	if (!scan->failed)
		*scan->error = (struct regex_error){MIN(offset, scan->pattern.len), message};
	scan->failed = true;
	return NULL;
}

bool regex_scan_ended(const struct regex_scanner *scan)
{
	return scan->at >= scan->pattern.len;
}

char regex_scan_peek(const struct regex_scanner *scan, size_t ahead)
{
	return scan->at + ahead < scan->pattern.len ? scan->pattern.data[scan->at + ahead] : '\0';
}

bool regex_scan_accept(struct regex_scanner *scan, const char *text)
{
	size_t len = strlen(text);

	if (scan->pattern.len - scan->at < len || memcmp(scan->pattern.data + scan->at, text, len))
		return false;
	scan->at += len;
	return true;
}

uint32_t regex_scan_next(struct regex_scanner *scan)
{
	uint32_t code = 0;

	scan->at += text_decode(scan->pattern.data + scan->at, scan->pattern.len - scan->at, &code);
	return code;
}

bool regex_scan_number(struct regex_scanner *scan, uint32_t *out)
{
	uint64_t value = 0;
	size_t start = scan->at;

	for (; g_ascii_isdigit(regex_scan_peek(scan, 0)); scan->at++)
		value = MIN(value * 10 + (uint64_t)(regex_scan_peek(scan, 0) - '0'),
			    REGEX_UNLIMITED - 1);
	*out = (uint32_t)value;
	return scan->at > start;
}
