/*
 * URIs (RFC 3986), IRIs (RFC 3987), URI templates (RFC 6570) and addresses: the grammar, character
 * by character, on the components that uri_split() tells apart.
 */
#include "schema/format.h"
#include "schema/uri.h"

#include <string.h>

/* Code points beyond ASCII that a component may hold. */
enum beyond {
	ASCII_ONLY,
	UCSCHAR,         /* RFC 3987 2.2 ucschar */
	UCSCHAR_PRIVATE, /* and iprivate, in queries */
};

static bool is_ucschar(uint32_t c)
{
	if (c < 0xa0 || (c >= 0xd800 && c <= 0xf8ff) || (c >= 0xfdd0 && c <= 0xfdef))
		return false;
	return c < 0xe0000 ? (c & 0xffff) <= 0xfffd && !(c >= 0xfff0 && c <= 0xffff)
			   : c >= 0xe1000 && c <= 0xefffd;
}

static bool is_private(uint32_t c)
{
	return (c >= 0xe000 && c <= 0xf8ff) || (c >= 0xf0000 && c <= 0xffffd) ||
	       (c >= 0x100000 && c <= 0x10fffd);
}

static bool is_escape(struct slice text, size_t at)
{
	return at + 2 < text.len && g_ascii_isxdigit(text.data[at + 1]) &&
	       g_ascii_isxdigit(text.data[at + 2]);
}

/* unreserved / pct-encoded / sub-delims, and `more` */
static bool has_only(struct slice text, const char *more, enum beyond beyond)
{
	for (size_t i = 0; i < text.len;) {
		uint32_t c;
		size_t len = text_decode(text.data + i, text.len - i, &c);

		if (!len)
			return false;
		if (c == '%') {
			if (!is_escape(text, i))
				return false;
			len = 3;
		} else if (c < 0x80) {
			if (!c || (!g_ascii_isalnum((char)c) &&
				   !strchr("-._~!$&'()*+,;=", (int)c) && !strchr(more, (int)c)))
				return false;
		} else if (beyond == ASCII_ONLY ||
			   !(is_ucschar(c) || (beyond == UCSCHAR_PRIVATE && is_private(c)))) {
			return false;
		}
		i += len;
	}
	return true;
}

/* dec-octet "." dec-octet "." dec-octet "." dec-octet */
bool format_ipv4(struct slice text)
{
	int parts = 0;
	size_t i = 0;

	while (parts < 4) {
		size_t start = i;
		int value = 0;

		while (i < text.len && i < start + 4 && g_ascii_isdigit(text.data[i]))
			value = value * 10 + (text.data[i++] - '0');
		if (i == start || value > 255 || (i > start + 1 && text.data[start] == '0'))
			return false;
		if (++parts < 4 && (i >= text.len || text.data[i++] != '.'))
			return false;
	}
	return i == text.len;
}

/* Groups of up to four hexadecimal digits; how many, a final IPv4 address counting two; -1: wrong.
 */
static int count_groups(struct slice text, bool may_end_in_ipv4)
{
	int groups = 0;
	size_t i = 0;

	if (!text.len)
		return 0;
	for (;;) {
		struct slice rest = {text.data + i, text.len - i};
		size_t digits = 0;

		if (may_end_in_ipv4 && memchr(rest.data, '.', rest.len) &&
		    !memchr(rest.data, ':', rest.len))
			return format_ipv4(rest) ? groups + 2 : -1;
		while (digits < rest.len && g_ascii_isxdigit(rest.data[digits]))
			digits++;
		if (!digits || digits > 4 || ++groups > 8)
			return -1;
		i += digits;
		if (i == text.len)
			return groups;
		if (text.data[i++] != ':' || i == text.len)
			return -1;
	}
}

/* RFC 4291 2.2 */
bool format_ipv6(struct slice text)
{
	const char *gap = text.len > 1 ? memmem(text.data, text.len, "::", 2) : NULL;
	int before;
	int after;

	if (!gap)
		return count_groups(text, true) == 8;
	before = count_groups((struct slice){text.data, (size_t)(gap - text.data)}, false);
	after = count_groups((struct slice){gap + 2, text.len - (size_t)(gap + 2 - text.data)},
			     true);
	return before >= 0 && after >= 0 && before + after < 8;
}

/* IPvFuture = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" ) */
static bool is_future_address(struct slice text)
{
	size_t i = 1;

	if (!text.len || (text.data[0] != 'v' && text.data[0] != 'V'))
		return false;
	while (i < text.len && g_ascii_isxdigit(text.data[i]))
		i++;
	if (i < 2 || i + 1 >= text.len || text.data[i] != '.' || memchr(text.data, '%', text.len))
		return false;
	return has_only((struct slice){text.data + i + 1, text.len - i - 1}, ":", ASCII_ONLY);
}

/* authority = [ userinfo "@" ] host [ ":" port ] */
static bool is_authority(struct slice text, enum beyond beyond)
{
	const char *at = text.len ? memchr(text.data, '@', text.len) : NULL;
	const char *end;
	struct slice host = text;

	if (at) {
		if (!has_only((struct slice){text.data, (size_t)(at - text.data)}, ":", beyond))
			return false;
		host = (struct slice){at + 1, text.len - (size_t)(at + 1 - text.data)};
	}
	if (host.len && host.data[0] == '[') {
		struct slice address;

		end = memchr(host.data, ']', host.len);
		if (!end)
			return false;
		address = (struct slice){host.data + 1, (size_t)(end - host.data) - 1};
		if (!format_ipv6(address) && !is_future_address(address))
			return false;
		end++;
	} else {
		end = host.len ? memchr(host.data, ':', host.len) : NULL;
		if (!end)
			end = host.data + host.len;
		if (!has_only((struct slice){host.data, (size_t)(end - host.data)}, "", beyond))
			return false;
	}
	if (end < host.data + host.len && *end++ != ':')
		return false;
	for (; end < host.data + host.len; end++)
		if (!g_ascii_isdigit(*end))
			return false;
	return true;
}

/* path-noscheme: the first segment of a relative path has no colon */
static bool is_path(const struct uri *uri, enum beyond beyond)
{
	size_t colon = 0;

	if (!has_only(uri->path, ":@/", beyond))
		return false;
	if (uri->authority.data)
		return !uri->path.len || uri->path.data[0] == '/';
	if (uri->path.len > 1 && uri->path.data[0] == '/' && uri->path.data[1] == '/')
		return false;
	if (uri->scheme.data)
		return true;
	while (colon < uri->path.len && uri->path.data[colon] != '/')
		if (uri->path.data[colon++] == ':')
			return false;
	return true;
}

static bool is_reference(struct slice text, enum beyond beyond, bool needs_scheme)
{
	struct uri uri = uri_split(text);
	enum beyond in_query = beyond == UCSCHAR ? UCSCHAR_PRIVATE : beyond;

	return (uri.scheme.data || !needs_scheme) &&
	       (!uri.authority.data || is_authority(uri.authority, beyond)) &&
	       is_path(&uri, beyond) && has_only(uri.query, ":@/?", in_query) &&
	       has_only(uri.fragment, ":@/?", beyond);
}

bool format_uri(struct slice text)
{
	return is_reference(text, ASCII_ONLY, true);
}

bool format_uri_reference(struct slice text)
{
	return is_reference(text, ASCII_ONLY, false);
}

bool format_iri(struct slice text)
{
	return is_reference(text, UCSCHAR, true);
}

bool format_iri_reference(struct slice text)
{
	return is_reference(text, UCSCHAR, false);
}

/* --- RFC 6570 2 */

/* varname = varchar *( ["."] varchar ) */
static bool take_varname(struct slice text, size_t *at)
{
	size_t start = *at;
	bool after_dot = true;

	while (*at < text.len) {
		char c = text.data[*at];

		if (c == '%' && is_escape(text, *at))
			*at += 3;
		else if (g_ascii_isalnum(c) || c == '_' || (c == '.' && !after_dot))
			++*at;
		else
			break;
		after_dot = c == '.';
	}
	return *at > start && !after_dot;
}

/* modifier-level4 = prefix / explode; prefix = ":" max-length, at most 9999 */
static bool take_modifier(struct slice text, size_t *at)
{
	size_t digits = 0;

	if (*at < text.len && text.data[*at] == '*') {
		++*at;
		return true;
	}
	if (*at >= text.len || text.data[*at] != ':')
		return true;
	++*at;
	while (*at < text.len && g_ascii_isdigit(text.data[*at]) && digits < 4) {
		if (!digits && text.data[*at] == '0')
			return false;
		digits++;
		++*at;
	}
	return digits > 0;
}

/* expression = "{" [ operator ] variable-list "}" */
static bool is_expression(struct slice inside)
{
	size_t at = 0;

	if (inside.len && inside.data[0] && strchr("+#./;?&=,!@|", inside.data[0]))
		at = 1;
	for (;;) {
		if (!take_varname(inside, &at) || !take_modifier(inside, &at))
			return false;
		if (at == inside.len)
			return true;
		if (inside.data[at++] != ',')
			return false;
	}
}

/* literals; the apostrophe is among them by erratum 6937 */
static bool is_literal(uint32_t c)
{
	if (c < 0x80)
		return c > 0x20 && c != 0x7f && !strchr("\"<>\\^`{|}", (int)c);
	return is_ucschar(c) || is_private(c);
}

bool format_uri_template(struct slice text)
{
	for (size_t i = 0; i < text.len;) {
		uint32_t c;
		size_t len = text_decode(text.data + i, text.len - i, &c);
		const char *end;

		if (!len)
			return false;
		if (c == '{') {
			end = memchr(text.data + i, '}', text.len - i);
			if (!end || !is_expression((struct slice){
					    text.data + i + 1, (size_t)(end - text.data) - i - 1}))
				return false;
			len = (size_t)(end - text.data) + 1 - i;
		} else if (c == '%') {
			if (!is_escape(text, i))
				return false;
			len = 3;
		} else if (!is_literal(c)) {
			return false;
		}
		i += len;
	}
	return true;
}
