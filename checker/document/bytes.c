/*
 * What bytes a document may be made of. Text is UTF-8; what is not is told apart by what Windows
 * programs write (UTF-16 with its mark, the ANSI code page), because the remedy is to save the file
 * again and the message says how.
 */
#include "document/reader.h"

#include <string.h>

uint32_t bytes_mark(const struct source *source)
{
	return source->size >= 3 && !memcmp(source->data, "\xef\xbb\xbf", 3) ? 3 : 0;
}

/* Eight bytes a step while they are ASCII. */
static size_t ascii_length(const char *data, size_t len)
{
	size_t i = 0;
	uint64_t word;

	for (; i + 8 <= len; i += 8) {
		memcpy(&word, data + i, 8);
		if (word & 0x8080808080808080u)
			break;
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
