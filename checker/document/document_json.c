/*
 * The JSON lane: RFC 8259 and nothing more, straight into the tree. A machine of four states, no
 * recursion: nesting lives in the builder's stack, so depth costs no C stack. Strings without
 * escapes stay where they are in the source. The text is UTF-8 by then (bytes.c).
 *
 * The first fault ends the document: what follows a broken place would be guesses. A byte-order
 * mark at the start is passed over (RFC 8259 8.1 allows it). JSON Lines is one document a line; a
 * broken line does not stop the next one.
 */
#include "base/word.h"
#include "document/reader.h"
#include "source/message.h"

#include <string.h>

struct json {
	struct doc_reader *reader;
	const char *start, *at, *end;
	const char *base; /* offset 0 of the source */
	bool silent;      /* an attempt: faults of the syntax are not said */
	bool is_line;     /* of JSON Lines: ends where the line does */
};

enum json_state {
	STATE_VALUE, /* a value comes */
	STATE_KEY,   /* a member comes */
	STATE_AFTER, /* a value has ended */
	STATE_DONE,
	STATE_FAILED,
};

static uint32_t offset_of(const struct json *json, const char *at)
{
	return (uint32_t)(at - json->base);
}

static struct span span_of(const struct json *json, const char *start, const char *end)
{
	return (struct span){offset_of(json, start), offset_of(json, end)};
}

/* ws = *( %x20 / %x09 / %x0A / %x0D ) */
static void skip_space(struct json *json)
{
	while (json->at < json->end &&
	       (*json->at == ' ' || *json->at == '\n' || *json->at == '\r' || *json->at == '\t'))
		json->at++;
}

static enum json_state fail(struct json *json, const char *start, const char *end,
			    enum message message)
{
	struct span span = span_of(json, start, end);
	struct slice value = reader_excerpt(json->reader, span);

	if (!json->silent)
		reader_fail(json->reader, FINDING_JSON_SYNTAX, span,
			    phrase_make(json->reader->arena, message, 1, value));
	json->reader->complete = false;
	return STATE_FAILED;
}

static bool is_word_char(char c)
{
	return g_ascii_isalnum(c) || c == '_' || c == '.' || c == '+' || c == '-';
}

/* The end of the word or character at `at`, to be shown as what stands there. */
static const char *token_end(const struct json *json, const char *at)
{
	const char *end = at;
	uint32_t code_point;

	while (end < json->end && is_word_char(*end))
		end++;
	return end > at ? end : at + text_decode(at, (size_t)(json->end - at), &code_point);
}

/* Something else stands where `message` says what should. */
static enum json_state fail_here(struct json *json, enum message message)
{
	const char *at = json->at;

	if (at == json->end)
		return fail(json, at, at, json->is_line ? MESSAGE_JSON_LINE_END : MESSAGE_JSON_END);
	if (*at == '/' || *at == '#')
		return fail(json, at, at + 1, MESSAGE_JSON_COMMENT);
	return fail(json, at, token_end(json, at), message);
}

/* The four digits behind \u, or -1. */
static int read_hex(const char *at, const char *end)
{
	int value = 0;

	if (end - at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int digit = g_ascii_xdigit_value(at[i]);

		if (digit < 0)
			return -1;
		value = value << 4 | digit;
	}
	return value;
}

/*
 * %x75 4HEXDIG, two of them for a character beyond FFFF (RFC 8259 7); *at is behind the u. Returns
 * the length written to `out`, 0 after a finding.
 */
static size_t read_unicode(struct json *json, const char **at, char *out)
{
	const char *escape = *at - 2;
	int unit = read_hex(*at, json->end);
	int low;

	if (unit < 0) {
		fail(json, escape, *at, MESSAGE_JSON_ESCAPE);
		return 0;
	}
	*at += 4;
	if (unit >= 0x80)
		json->reader->is_ascii = false;
	if (unit < 0xd800 || unit > 0xdfff)
		return text_encode((uint32_t)unit, out);
	low = json->end - *at >= 6 && (*at)[0] == '\\' && (*at)[1] == 'u'
		      ? read_hex(*at + 2, json->end)
		      : -1;
	if (unit >= 0xdc00 || low < 0xdc00 || low > 0xdfff) {
		fail(json, escape, *at, MESSAGE_JSON_SURROGATE);
		return 0;
	}
	*at += 6;
	return text_encode(0x10000u + (((uint32_t)unit & 0x3ff) << 10 | ((uint32_t)low & 0x3ff)),
			   out);
}

/*
 * escape = \ ( " / \ / / / b / f / n / r / t / uXXXX ); *at is at the backslash. Returns the length
 * written to `out`, 0 after a finding.
 */
static size_t read_escape(struct json *json, const char **at, char *out)
{
	static const char names[] = "\"\\/bfnrt";
	static const char values[] = "\"\\/\b\f\n\r\t";
	const char *escape = *at;
	const char *name;

	if (json->end - escape >= 2 && escape[1] == 'u') {
		*at += 2;
		return read_unicode(json, at, out);
	}
	name = json->end - escape >= 2 && escape[1] ? strchr(names, escape[1]) : NULL;
	if (!name) {
		fail(json, escape, token_end(json, MIN(escape + 1, json->end)),
		     MESSAGE_JSON_ESCAPE);
		return 0;
	}
	*at += 2;
	*out = values[name - names];
	return 1;
}

/* unescaped = %x20-21 / %x23-5B / %x5D-10FFFF: the first byte that is none of these. */
static const char *skip_unescaped(const char *at, const char *end)
{
	for (; end - at >= 8; at += 8) {
		uint64_t word = word_load(at);
		uint64_t marks = word_equal(word, '"') | word_equal(word, '\\') |
				 word_below(word, 0x20);

		if (marks)
			return at + word_first(marks);
	}
	while (at < end && *at != '"' && *at != '\\' && (unsigned char)*at >= 0x20)
		at++;
	return at;
}

/* The fault at the byte that ended a string that has no quote there. */
static bool fail_string(struct json *json, const char *quote, const char *at)
{
	if (at == json->end || *at == '\n' || *at == '\r')
		fail(json, quote, at, MESSAGE_JSON_UNCLOSED);
	else
		fail(json, at, at + 1, MESSAGE_JSON_CONTROL);
	return false;
}

/* A string with escapes; `at` is the first of them. No escape is shorter than what it means. */
static bool read_escaped(struct json *json, const char *at, struct slice *out)
{
	const char *quote = json->at, *from = quote + 1;
	const char *close = at;
	char *text, *to;

	while (close < json->end && *close != '"')
		close = skip_unescaped(
			*close == '\\' && json->end - close > 1 ? close + 2 : close + 1, json->end);
	text = to = arena_alloc_raw(json->reader->arena, (size_t)(close - from) + 4);
	for (;;) {
		memcpy(to, from, (size_t)(at - from));
		to += at - from;
		if (at == json->end || *at == '"' || *at != '\\')
			break;
		from = at;
		size_t len = read_escape(json, &from, to);

		if (!len)
			return false;
		to += len;
		at = skip_unescaped(from, json->end);
	}
	if (at == json->end || *at != '"')
		return fail_string(json, quote, at);
	*out = (struct slice){text, (size_t)(to - text)};
	json->at = at + 1;
	return true;
}

/* string = quotation-mark *char quotation-mark; at the first mark, moves behind the last. */
static bool read_string(struct json *json, struct slice *out)
{
	const char *start = json->at + 1;
	const char *at = skip_unescaped(start, json->end);

	if (at < json->end && *at == '\\')
		return read_escaped(json, at, out);
	if (at == json->end || *at != '"')
		return fail_string(json, json->at, at);
	*out = (struct slice){start, (size_t)(at - start)};
	json->at = at + 1;
	return true;
}

static const char *skip_digits(const char *at, const char *end)
{
	while (at < end && *at >= '0' && *at <= '9')
		at++;
	return at;
}

/*
 * number = [ - ] int [ frac ] [ exp ]   int = 0 / ( digit1-9 *DIGIT )
 * frac = . 1*DIGIT   exp = ( e / E ) [ - / + ] 1*DIGIT
 * Its end, or NULL.
 */
static const char *number_end(const char *at, const char *end)
{
	const char *digits = at += at < end && *at == '-';

	at = skip_digits(at, end);
	if (at == digits || (*digits == '0' && at - digits > 1))
		return NULL;
	if (at < end && *at == '.') {
		digits = ++at;
		at = skip_digits(at, end);
		if (at == digits)
			return NULL;
	}
	if (at < end && (*at == 'e' || *at == 'E')) {
		at++;
		at += at < end && (*at == '-' || *at == '+');
		digits = at;
		at = skip_digits(at, end);
		if (at == digits)
			return NULL;
	}
	return at;
}

static enum json_state read_number(struct json *json)
{
	const char *start = json->at;
	const char *end = number_end(start, json->end);
	struct doc_node *node;

	if (!end || (end < json->end && is_word_char(*end)))
		return fail(json, start, token_end(json, start), MESSAGE_JSON_NUMBER);
	node = build_scalar(json->reader, DOC_INTEGER, 0, span_of(json, start, end), start,
			    (size_t)(end - start));
	if (!node)
		return STATE_FAILED;
	scalar_set_number(json->reader, node);
	json->at = end;
	return STATE_AFTER;
}

static bool is_word(const struct json *json, const char *word, size_t len)
{
	return (size_t)(json->end - json->at) >= len && !memcmp(json->at, word, len) &&
	       ((size_t)(json->end - json->at) == len || !g_ascii_isalnum(json->at[len]));
}

/* false = %x66.61.6c.73.65   null = %x6e.75.6c.6c   true = %x74.72.75.65 */
static enum json_state read_word(struct json *json)
{
	static const struct {
		const char *word;
		size_t len;
		enum doc_type type;
		int64_t value;
	} words[] = {{"null", 4, DOC_NULL, 0},
		     {"true", 4, DOC_BOOLEAN, 1},
		     {"false", 5, DOC_BOOLEAN, 0}};

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		struct doc_node *node;

		if (!is_word(json, words[i].word, words[i].len))
			continue;
		node = build_scalar(json->reader, words[i].type, 0,
				    span_of(json, json->at, json->at + words[i].len), json->at,
				    words[i].len);
		if (!node)
			return STATE_FAILED;
		node->integer = words[i].value;
		json->at += words[i].len;
		return STATE_AFTER;
	}
	return fail_here(json, g_ascii_isalpha(*json->at) ? MESSAGE_JSON_WORD : MESSAGE_JSON_VALUE);
}

static enum json_state read_text(struct json *json)
{
	const char *start = json->at;
	struct slice text;

	if (!read_string(json, &text) ||
	    !build_scalar(json->reader, DOC_STRING, DOC_QUOTED, span_of(json, start, json->at),
			  text.data, text.len))
		return STATE_FAILED;
	return STATE_AFTER;
}

/* begin-array or begin-object, and the end of an empty one */
static enum json_state open_container(struct json *json, enum doc_type type)
{
	if (!build_open(json->reader, type, 0, offset_of(json, json->at)))
		return STATE_FAILED;
	json->at++;
	skip_space(json);
	if (json->at < json->end && *json->at == (type == DOC_OBJECT ? '}' : ']'))
		return STATE_AFTER;
	return type == DOC_OBJECT ? STATE_KEY : STATE_VALUE;
}

/* value = false / null / true / object / array / number / string */
static enum json_state read_value(struct json *json)
{
	skip_space(json);
	if (json->at == json->end)
		return fail_here(json, MESSAGE_JSON_END);
	switch (*json->at) {
	case '"':
		return read_text(json);
	case '{':
		return open_container(json, DOC_OBJECT);
	case '[':
		return open_container(json, DOC_ARRAY);
	case '-':
		return read_number(json);
	default:
		return g_ascii_isdigit(*json->at) ? read_number(json) : read_word(json);
	}
}

/* member = string name-separator value, up to the value */
static enum json_state read_key(struct json *json)
{
	const char *start;
	struct slice text;

	skip_space(json);
	start = json->at;
	if (start == json->end || *start != '"')
		return fail_here(json, MESSAGE_JSON_KEY);
	if (!read_string(json, &text) ||
	    !build_key(json->reader, span_of(json, start, json->at), text.data, text.len))
		return STATE_FAILED;
	skip_space(json);
	if (json->at == json->end || *json->at != ':')
		return fail_here(json, MESSAGE_JSON_COLON);
	json->at++;
	return STATE_VALUE;
}

/* A comma was read: what closes the container now is one comma too late. */
static enum json_state after_comma(struct json *json, const char *comma, bool is_object)
{
	skip_space(json);
	if (json->at < json->end && (*json->at == '}' || *json->at == ']'))
		return fail(json, comma, comma + 1, MESSAGE_JSON_TRAILING_COMMA);
	return is_object ? STATE_KEY : STATE_VALUE;
}

/* value-separator, end-array or end-object; nothing where the value was the document */
static enum json_state read_after(struct json *json)
{
	enum doc_type type;
	uint32_t start;

	if (!build_innermost(json->reader, &type, &start))
		return STATE_DONE;
	skip_space(json);
	if (json->at == json->end)
		return fail_here(json, MESSAGE_JSON_END);
	if (*json->at == ',')
		return after_comma(json, json->at++, type == DOC_OBJECT);
	if (*json->at != (type == DOC_OBJECT ? '}' : ']'))
		return fail_here(json, MESSAGE_JSON_COMMA);
	json->at++;
	build_close(json->reader, offset_of(json, json->at));
	return STATE_AFTER;
}

/* JSON-text = ws value ws */
static bool read_document(struct json *json)
{
	enum json_state state = STATE_VALUE;

	while (state < STATE_DONE) {
		if (state == STATE_VALUE)
			state = read_value(json);
		else if (state == STATE_KEY)
			state = read_key(json);
		else
			state = read_after(json);
	}
	skip_space(json);
	if (state == STATE_DONE && json->at < json->end)
		state = fail_here(json, MESSAGE_JSON_AFTER);
	if (state == STATE_DONE)
		build_finish(json->reader, span_of(json, json->start, json->end));
	else
		build_abandon(json->reader);
	return state == STATE_DONE;
}

static struct json json_begin(struct doc_reader *reader)
{
	const char *data = reader->source->size ? reader->source->data : "";
	const char *start = data + bytes_mark(reader->source);

	return (struct json){
		.reader = reader,
		.start = start,
		.at = start,
		.end = data + reader->source->size,
		.base = data,
	};
}

bool json_read(struct doc_reader *reader, enum json_attempt attempt)
{
	struct json json = json_begin(reader);

	json.silent = attempt == JSON_ATTEMPT;
	skip_space(&json);
	if (json.at == json.end)
		return fail(&json, json.end, json.end, MESSAGE_JSON_EMPTY) != STATE_FAILED;
	return read_document(&json);
}

void json_read_lines(struct doc_reader *reader)
{
	struct json whole = json_begin(reader);

	while (whole.at < whole.end) {
		const char *end = memchr(whole.at, '\n', (size_t)(whole.end - whole.at));
		struct json line = whole;

		line.is_line = true;
		line.start = whole.at;
		line.end = end ? end : whole.end;
		whole.at = end ? end + 1 : whole.end;
		skip_space(&line);
		if (line.at == line.end)
			continue;
		if (reader->documents->len >= reader->limits.documents) {
			reader_limit(reader, span_of(&line, line.at, line.at + 1),
				     MESSAGE_LIMIT_DOCUMENTS, reader->limits.documents);
			return;
		}
		read_document(&line);
	}
}
