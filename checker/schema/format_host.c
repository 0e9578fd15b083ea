/*
 * Names of hosts (RFC 1123 2.1, RFC 5890 2.3) and mail addresses (RFC 5321 4.1.2, RFC 6531 3.3).
 * What an internationalised label may hold is decided by libidn2, with the rules for registration:
 * they check the context that some code points need, which those for lookup do not.
 */
#include "schema/format.h"

#include <idn2.h>
#include <string.h>

enum {
	LABEL_MAX = 63,
	HOST_MAX = 253,
	LOCAL_PART_MAX = 64,
};

static bool is_letter_or_digit(char c)
{
	return g_ascii_isalnum(c);
}

/* A label that begins with xn-- decodes to what encodes to it again, and is allowed. */
static bool is_a_label(const char *label)
{
	unsigned char *out = NULL;
	int status = idn2_register_u8(NULL, (const unsigned char *)label, &out, 0);

	idn2_free(out);
	return status == IDN2_OK;
}

/* <label> ::= <let-dig> [ [ <ldh-str> ] <let-dig> ] */
static bool is_label(struct slice label)
{
	char text[LABEL_MAX + 1];

	if (!label.len || label.len > LABEL_MAX || !is_letter_or_digit(label.data[0]) ||
	    !is_letter_or_digit(label.data[label.len - 1]))
		return false;
	for (size_t i = 0; i < label.len; i++)
		if (!is_letter_or_digit(label.data[i]) && label.data[i] != '-')
			return false;
	if (label.len < 4 || label.data[2] != '-' || label.data[3] != '-')
		return true;
	/* RFC 5890 2.3.1: "--" there is reserved, and xn is the only use of it */
	for (size_t i = 0; i < label.len; i++)
		text[i] = g_ascii_tolower(label.data[i]);
	text[label.len] = 0;
	return !strncmp(text, "xn--", 4) && is_a_label(text);
}

bool format_hostname(struct slice text)
{
	size_t start = 0;

	if (!text.len || text.len > HOST_MAX)
		return false;
	for (size_t i = 0; i <= text.len; i++) {
		if (i < text.len && text.data[i] != '.')
			continue;
		if (!is_label((struct slice){text.data + start, i - start}))
			return false;
		start = i + 1;
	}
	return true;
}

/* The scripts that are written from right to left. */
static bool is_right_to_left(uint32_t c)
{
	return (c >= 0x590 && c <= 0x8ff) || (c >= 0xfb1d && c <= 0xfdff) ||
	       (c >= 0xfe70 && c <= 0xfeff) || (c >= 0x10800 && c <= 0x10fff) ||
	       (c >= 0x1e800 && c <= 0x1efff);
}

/* What of the Bidi rule needs more than one look at a label (RFC 5893 2). */
struct direction {
	bool is_bidi;         /* some label is written from right to left */
	bool starts_in_digit; /* some label starts with a digit */
	bool mixes_digits;    /* one from right to left has digits of both kinds: condition 4 */
};

static void note_direction(struct direction *direction, struct slice label)
{
	bool european = false;
	bool arabic = false;
	bool right_to_left = false;
	uint32_t c;

	direction->starts_in_digit |= label.len && g_ascii_isdigit(label.data[0]);
	for (size_t i = 0; i < label.len;) {
		i += text_decode(label.data + i, label.len - i, &c);
		right_to_left |= is_right_to_left(c);
		european |= (c >= '0' && c <= '9') || (c >= 0x6f0 && c <= 0x6f9);
		arabic |= c >= 0x660 && c <= 0x669;
	}
	direction->is_bidi |= right_to_left;
	direction->mixes_digits |= right_to_left && european && arabic;
}

/* The length of the label in ASCII form; 0 where it is none. `flags` are libidn2's. */
static size_t u_label_length(struct slice label, int flags)
{
	g_autofree char *text = g_strndup(label.data, label.len);
	unsigned char *out = NULL;
	size_t len = 0;

	if (strlen(text) != label.len || !label.len)
		return 0;
	if (text_code_points(label.data, label.len) == label.len)
		return is_label(label) ? label.len : 0;
	if (idn2_register_u8((const unsigned char *)text, NULL, &out, flags) == IDN2_OK)
		len = strlen((const char *)out);
	idn2_free(out);
	return len <= LABEL_MAX ? len : 0;
}

/* "." and the three others that are read as one (RFC 3490 3.1) */
static bool is_dot(uint32_t code_point)
{
	return code_point == '.' || code_point == 0x3002 || code_point == 0xff0e ||
	       code_point == 0xff61;
}

static bool is_idn_hostname(struct slice text, int flags)
{
	struct direction direction = {0};
	size_t total = 0;
	size_t start = 0;
	size_t i = 0;

	if (text.len > 4 * HOST_MAX)
		return false;
	while (i <= text.len) {
		uint32_t code_point = '.';
		size_t len = i < text.len ? text_decode(text.data + i, text.len - i, &code_point)
					  : 1;
		size_t label;

		if (!len)
			return false;
		if (is_dot(code_point)) {
			struct slice part = {text.data + start, i - start};

			label = u_label_length(part, flags);
			if (!label)
				return false;
			note_direction(&direction, part);
			total += label + (start > 0);
			start = i + len;
		}
		i += len;
	}
	return total <= HOST_MAX && !direction.mixes_digits &&
	       !(direction.is_bidi && direction.starts_in_digit);
}

bool format_idn_hostname(struct slice text)
{
	return is_idn_hostname(text, 0);
}

static bool is_atom_char(char c, bool international)
{
	return is_letter_or_digit(c) || (c && strchr("!#$%&'*+-/=?^_`{|}~", c)) ||
	       (international && (unsigned char)c >= 0x80);
}

/* Dot-string = Atom *("." Atom) */
static bool is_dot_string(struct slice text, bool international)
{
	bool in_atom = false;

	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '.' && !in_atom)
			return false;
		if (text.data[i] != '.' && !is_atom_char(text.data[i], international))
			return false;
		in_atom = text.data[i] != '.';
	}
	return in_atom;
}

/* Quoted-string = DQUOTE *QcontentSMTP DQUOTE */
static bool is_quoted_string(struct slice text, bool international)
{
	if (text.len < 2 || text.data[0] != '"' || text.data[text.len - 1] != '"')
		return false;
	for (size_t i = 1; i + 1 < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];

		if (c == '\\') {
			if (++i + 1 >= text.len || (unsigned char)text.data[i] < 32)
				return false;
		} else if (c == '"' || c < 32 || c == 127 || (c >= 0x80 && !international)) {
			return false;
		}
	}
	return true;
}

/* address-literal = "[" ( IPv4-address-literal / IPv6-address-literal ) "]" */
static bool is_address_literal(struct slice text)
{
	if (text.len < 2 || text.data[0] != '[' || text.data[text.len - 1] != ']')
		return false;
	text.data++;
	text.len -= 2;
	if (text.len > 5 && !g_ascii_strncasecmp(text.data, "IPv6:", 5))
		return format_ipv6((struct slice){text.data + 5, text.len - 5});
	return format_ipv4(text);
}

/* Mailbox = Local-part "@" ( Domain / address-literal ) */
static bool is_mailbox(struct slice text, bool international)
{
	const char *at = text.len ? memrchr(text.data, '@', text.len) : NULL;
	struct slice local;
	struct slice domain;

	if (!at)
		return false;
	local = (struct slice){text.data, (size_t)(at - text.data)};
	domain = (struct slice){at + 1, text.len - local.len - 1};
	if (local.len > LOCAL_PART_MAX ||
	    (!is_dot_string(local, international) && !is_quoted_string(local, international)))
		return false;
	if (is_address_literal(domain))
		return true;
	/* an address may be typed in any form; a host name is one only when normalised */
	return international ? is_idn_hostname(domain, IDN2_NFC_INPUT) : format_hostname(domain);
}

bool format_email(struct slice text)
{
	return is_mailbox(text, false);
}

bool format_idn_email(struct slice text)
{
	return is_mailbox(text, true);
}
