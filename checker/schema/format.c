/*
 * Formats by name, and those that are a few lines (JSON Schema 2020-12 validation 7.3): pointers,
 * UUIDs, patterns. An unknown format is an annotation and holds for everything.
 */
#include "schema/format.h"

#include "base/regex.h"

#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* RFC 4122 3: 8-4-4-4-12 hexadecimal digits */
static bool format_uuid(struct slice text)
{
	if (text.len != 36)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (text.data[i] != '-')
				return false;
		} else if (!g_ascii_isxdigit(text.data[i])) {
			return false;
		}
	}
	return true;
}

/* json-pointer = *( "/" reference-token ), RFC 6901 3 */
static bool format_json_pointer(struct slice text)
{
	if (text.len && text.data[0] != '/')
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] == '~' &&
		    (i + 1 == text.len || (text.data[i + 1] != '0' && text.data[i + 1] != '1')))
			return false;
	return true;
}

/* non-negative-integer ( "#" / json-pointer ), draft-bhutton-relative-json-pointer 3 */
static bool format_relative_json_pointer(struct slice text)
{
	size_t digits = 0;

	while (digits < text.len && is_digit(text.data[digits]))
		digits++;
	if (!digits || (digits > 1 && text.data[0] == '0'))
		return false;
	text.data += digits;
	text.len -= digits;
	return slice_equal(text, SLICE("#")) || format_json_pointer(text);
}

static bool format_regex(struct slice text)
{
	struct regex *regex = regex_compile(text, REGEX_ECMA, NULL);

	regex_free(regex);
	return regex != NULL;
}

static const struct format formats[] = {
	{"date", format_date},
	{"date-time", format_date_time},
	{"duration", format_duration},
	{"email", format_email},
	{"hostname", format_hostname},
	{"idn-email", format_idn_email},
	{"idn-hostname", format_idn_hostname},
	{"ipv4", format_ipv4},
	{"ipv6", format_ipv6},
	{"iri", format_iri},
	{"iri-reference", format_iri_reference},
	{"json-pointer", format_json_pointer},
	{"regex", format_regex},
	{"relative-json-pointer", format_relative_json_pointer},
	{"time", format_time},
	{"uri", format_uri},
	{"uri-reference", format_uri_reference},
	{"uri-template", format_uri_template},
	{"uuid", format_uuid},
};

const struct format *format_find(struct slice name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
		if (slice_equal(name, slice_of(formats[i].name)))
			return &formats[i];
	return NULL;
}
