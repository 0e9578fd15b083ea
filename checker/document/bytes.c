/*
 * What bytes a document may be made of, and whether libfyaml may read them in this process. Text is
 * UTF-8; what is not is told apart by what Windows programs write (UTF-16 with its mark, the ANSI
 * code page), because the remedy is to save the file again and the message says how.
 */
#include "base/word.h"
#include "document/yaml.h"
#include "source/message.h"

#include <string.h>

enum {
	BLANK_LINES = 250, /* in a row: libfyaml's time is quadratic in them (RELIABILITY.md 1.2) */
	FINDINGS = 20,     /* of one byte check */
};

uint32_t bytes_mark(const struct source *source)
{
	return source->size >= 3 && !memcmp(source->data, "\xef\xbb\xbf", 3) ? 3 : 0;
}

/* Eight bytes a step while they are ASCII. */
static size_t ascii_length(const char *data, size_t len)
{
	size_t i = 0;

	for (; i + 8 <= len; i += 8) {
		uint64_t marks = word_load(data + i) & WORD_HIGHS;

		if (marks)
			return i + word_first(marks);
	}
	while (i < len && !((unsigned char)data[i] & 0x80))
		i++;
	return i;
}

/* UTF-16 by its mark or, without one, by its zeros: a brace or letter and a NUL. */
static bool looks_like_utf16(const struct source *source)
{
	const unsigned char *bytes = (const unsigned char *)source->data;

	if (source->size < 2)
		return false;
	return (bytes[0] == 0xff && bytes[1] == 0xfe) || (bytes[0] == 0xfe && bytes[1] == 0xff) ||
	       (!bytes[0] != !bytes[1] && (bytes[0] | bytes[1]) < 0x80);
}

/*
 * Text in the code page of Western Windows: no control characters, and the bytes above 7F are few
 * beside the letters.
 */
static bool looks_like_ansi(const struct source *source)
{
	size_t high = 0, controls = 0;

	for (size_t i = 0; i < source->size; i++) {
		unsigned char c = (unsigned char)source->data[i];

		high += c >= 0x80;
		controls += c < 0x20 && c != '\t' && c != '\n' && c != '\r';
	}
	return !controls && high <= source->size / 2;
}

static bool fail_encoding(struct doc_reader *reader, size_t at)
{
	struct span span = {(uint32_t)at, (uint32_t)at + 1};
	enum message message = MESSAGE_ENCODING_BINARY, hint = MESSAGE_NONE;
	const char *byte = arena_printf(reader->arena, "%02X",
					(unsigned char)reader->source->data[at]);
	struct finding *finding;

	if (looks_like_utf16(reader->source)) {
		message = MESSAGE_ENCODING_UTF16;
		hint = MESSAGE_ENCODING_SAVE;
		span = (struct span){0, 2};
	} else if (looks_like_ansi(reader->source)) {
		message = MESSAGE_ENCODING_ANSI;
		hint = MESSAGE_ENCODING_SAVE;
	}
	finding = reader_find(reader, FINDING_ENCODING, span,
			      phrase_make(reader->arena, message, 1, slice_of(byte)));
	if (hint)
		finding->hint = phrase_make(reader->arena, hint, 0);
	reader->complete = false;
	return false;
}

bool bytes_check_utf8(struct doc_reader *reader)
{
	const struct source *source = reader->source;
	size_t at = ascii_length(source->data, source->size);

	if (source->size && looks_like_utf16(source))
		return fail_encoding(reader, 0);
	reader->is_ascii = at == source->size;
	if (!reader->is_ascii)
		at += text_valid_length(source->data + at, source->size - at);
	return at == source->size || fail_encoding(reader, at);
}

struct check {
	struct doc_reader *reader;
	const char *data, *end;
	uint32_t found;
	uint32_t blank_lines;
};

static struct span span_at(const struct check *check, const char *at, size_t len)
{
	uint32_t start = (uint32_t)(at - check->data);

	return (struct span){start, start + (uint32_t)len};
}

/* A refusal: what is wrong with the bytes `at`; its value is the code point. */
static void refuse(struct check *check, const char *at, size_t len, uint32_t c,
		   enum message message)
{
	const char *value = arena_printf(check->reader->arena, "U+%04X", c);

	reader_fail(check->reader, FINDING_ENCODING, span_at(check, at, len),
		    phrase_make(check->reader->arena, message, 1, slice_of(value)));
	check->found++;
}

/* A line that begins with `%`: only exactly `%YAML 1.2` is read. */
static void check_directive(struct check *check, const char *at)
{
	const char *end = memchr(at, '\n', (size_t)(check->end - at));
	struct slice line = {at, (size_t)((end ? end : check->end) - at)};

	if (line.len && line.data[line.len - 1] == '\r')
		line.len--;
	if (slice_equal(line, SLICE("%YAML 1.2")))
		return;
	reader_fail(check->reader, FINDING_YAML_DIRECTIVE, span_at(check, at, line.len),
		    phrase_make(check->reader->arena, MESSAGE_YAML_DIRECTIVE, 0));
	check->found++;
}

/* Whether the line that ends at `at` holds only blanks; its last byte says no for most. */
static bool is_blank_line(const struct check *check, const char *at)
{
	while (at > check->data && (at[-1] == ' ' || at[-1] == '\t' || at[-1] == '\r'))
		at--;
	return at == check->data || at[-1] == '\n';
}

/* At a line feed. */
static void check_line(struct check *check, const char *at)
{
	if (at + 1 < check->end && at[1] == '%')
		check_directive(check, at + 1);
	if (!is_blank_line(check, at)) {
		check->blank_lines = 0;
	} else if (++check->blank_lines == BLANK_LINES + 1) {
		reader_limit(check->reader, span_at(check, at, 0), MESSAGE_LIMIT_BLANK_LINES,
			     BLANK_LINES);
		check->found++;
	}
}

/* Embeddings, overrides and isolates: the line is shown in another order than it is read. */
static bool is_bidi_control(uint32_t c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* A character beyond ASCII; returns its length. */
static size_t check_wide(struct check *check, const char *at)
{
	uint32_t c = 0;
	size_t length = text_decode(at, (size_t)(check->end - at), &c);

	if (c >= 0x80 && c < 0xa0)
		refuse(check, at, length, c, MESSAGE_BYTE_CONTROL);
	else if (is_bidi_control(c))
		refuse(check, at, length, c, MESSAGE_BYTE_BIDI);
	return length ? length : 1;
}

/* A byte below 20, or 7F; returns how many were looked at. */
static size_t check_control(struct check *check, const char *at)
{
	bool is_crlf = *at == '\r' && check->end - at > 1 && at[1] == '\n';

	if (*at == '\n')
		check_line(check, at);
	else if (*at == '\0')
		refuse(check, at, 1, 0, MESSAGE_BYTE_ZERO);
	else if (*at == '\r' && !is_crlf)
		refuse(check, at, 1, '\r', MESSAGE_BYTE_RETURN);
	else if (*at != '\t' && *at != '\r')
		refuse(check, at, 1, (unsigned char)*at, MESSAGE_BYTE_CONTROL);
	return 1;
}

/* The next byte that is not from 20 to 7E. */
static const char *skip_printable(const char *at, const char *end)
{
	for (; end - at >= 8; at += 8) {
		uint64_t word = word_load(at);
		uint64_t marks = (word_below(word, 0x20) | word | (word + WORD_ONES)) & WORD_HIGHS;

		if (marks)
			return at + word_first(marks);
	}
	while (at < end && (unsigned char)*at >= 0x20 && (unsigned char)*at < 0x7f)
		at++;
	return at;
}

bool yaml_check_bytes(struct doc_reader *reader)
{
	const struct source *source = reader->source;
	const char *data = source->size ? source->data : "";
	struct check check = {.reader = reader, .data = data, .end = data + source->size};
	const char *at = data + bytes_mark(source);

	if (at < check.end && *at == '%')
		check_directive(&check, at);
	while ((at = skip_printable(at, check.end)) < check.end && check.found < FINDINGS)
		at += (unsigned char)*at >= 0x80 ? check_wide(&check, at)
						 : check_control(&check, at);
	return check.found == 0;
}

bool yaml_is_safe(struct slice text)
{
	const char *at = text.data, *end = text.data + text.len;

	while (at < end && (at = memchr(at, '?', (size_t)(end - at)))) {
		at++;
		if (at == end || strchr(" \t\r\n,[]{}", *at) || (unsigned char)*at >= 0x80)
			return false;
	}
	return true;
}
