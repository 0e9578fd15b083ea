/*
 * The direct lane: the forms of YAML in which nearly all plans are written, read without libfyaml
 * at a tenth of its cost. Block mappings and sequences, scalars on one line, literal and folded
 * text, and brackets that close on their line; no properties, aliases, `?`, tabs, directives or
 * second document. It gives the events that libfyaml would give or, at the first byte that it is
 * not sure of, none at all: what is wrong with a text is never said here. That both agree wherever
 * this lane answers is tested on every text at hand and by a fuzzer, but for two forms that are
 * right and that libfyaml 0.7 stumbles over: a `-` with nothing behind it at the column of its key,
 * and a `|` or `>` with no text before the next entry.
 *
 * A line is read by its indentation. The open collections are a stack of columns; `wants_value`
 * says that the innermost one waits for the value behind a `:` or `-`.
 */
#include "document/yaml.h"

#include <string.h>

enum {
	DEPTH_MAX = 64,
	FLOW_DEPTH_MAX = 16,
	KEY_MAX = 512,      /* bytes; YAML allows 1024 characters */
	TEXT_MAX = 1 << 20, /* beyond it the events would take too much memory */
};

struct open_block {
	uint32_t column;
	bool is_mapping;
};

struct direct {
	const char *data;
	uint32_t size;
	uint32_t at;
	uint32_t line; /* where the line begins that `at` is in */
	uint32_t end;  /* of that line, without its break */
	uint32_t next; /* where the line behind it begins, or the size */
	struct yaml_event *events;
	uint32_t count, capacity;
	struct open_block open[DEPTH_MAX];
	uint32_t depth;
	bool has_root;
	bool wants_value;
};

/* --- events */

static struct yaml_event *add(struct direct *direct, enum yaml_event_type type, uint32_t start,
			      uint32_t end)
{
	struct yaml_event *event;

	if (direct->count == direct->capacity) {
		direct->capacity *= 2;
		direct->events = g_renew(struct yaml_event, direct->events, direct->capacity);
	}
	event = &direct->events[direct->count++];
	*event = (struct yaml_event){.type = type, .span = {start, end}};
	return event;
}

static void add_scalar(struct direct *direct, enum yaml_style style, uint32_t start, uint32_t end)
{
	struct yaml_event *event = add(direct, YAML_SCALAR, start, end);

	event->style = (uint16_t)style;
	event->is_one_line = style == YAML_PLAIN;
}

/* --- the open collections */

static struct open_block *innermost(struct direct *direct)
{
	return direct->depth ? &direct->open[direct->depth - 1] : NULL;
}

/* The value that an indicator promised is not there. */
static void fill(struct direct *direct)
{
	if (direct->wants_value)
		add_scalar(direct, YAML_EMPTY, 0, 0);
	direct->wants_value = false;
}

static void close_block(struct direct *direct)
{
	const struct open_block *block = innermost(direct);

	fill(direct);
	add(direct, block->is_mapping ? YAML_MAPPING_END : YAML_SEQUENCE_END, 0, 0);
	direct->depth--;
}

/* Closes what the indentation of a line ends; a sequence may stand at the column of its key. */
static void close_deeper(struct direct *direct, uint32_t column, bool is_mapping)
{
	const struct open_block *block;

	while ((block = innermost(direct)) &&
	       (block->column > column ||
		(block->column == column && is_mapping && !block->is_mapping)))
		close_block(direct);
}

/* A key or `-` at a column: the next entry of the collection that stands there, or its first. */
static bool enter(struct direct *direct, bool is_mapping, uint32_t column)
{
	const struct open_block *block;

	close_deeper(direct, column, is_mapping);
	block = innermost(direct);
	if (block && block->column == column && block->is_mapping == is_mapping) {
		fill(direct);
		return true;
	}
	if (block ? !direct->wants_value : direct->has_root)
		return false;
	if (direct->depth == DEPTH_MAX)
		return false;
	direct->has_root = true;
	direct->wants_value = false;
	direct->open[direct->depth++] = (struct open_block){column, is_mapping};
	add(direct, is_mapping ? YAML_MAPPING_START : YAML_SEQUENCE_START, direct->at, direct->at)
		->column = column;
	return true;
}

/* --- lines */

static bool is_end(const struct direct *direct, uint32_t at)
{
	return at >= direct->end;
}

static char byte_at(const struct direct *direct, uint32_t at)
{
	return at < direct->end ? direct->data[at] : '\n';
}

static bool is_space(const struct direct *direct, uint32_t at)
{
	return at >= direct->end || direct->data[at] == ' ';
}

static void skip_spaces(struct direct *direct)
{
	while (direct->at < direct->end && direct->data[direct->at] == ' ')
		direct->at++;
}

/* Takes the next line; false at the end of the text. */
static bool next_line(struct direct *direct)
{
	uint32_t from = direct->next;
	const char *start = direct->data + from;
	const char *stop;

	if (from == direct->size)
		return false;
	stop = memchr(start, '\n', direct->size - from);
	direct->line = direct->at = from;
	direct->end = stop ? (uint32_t)(stop - direct->data) : direct->size;
	direct->next = stop ? direct->end + 1 : direct->size;
	if (direct->end > from && direct->data[direct->end - 1] == '\r')
		direct->end--;
	return true;
}

/* Nothing but a comment may follow what stood before on the line. */
static bool ends_line(struct direct *direct)
{
	uint32_t from = direct->at;

	skip_spaces(direct);
	return is_end(direct, direct->at) || (direct->data[direct->at] == '#' && direct->at > from);
}

/* --- scalars */

/* `:` as an indicator, not as a character of a word. */
static bool is_colon(const struct direct *direct, uint32_t at)
{
	return byte_at(direct, at) == ':' && is_space(direct, at + 1);
}

/* c-indicator (YAML 1.2.2 5.3), which begins something else than a plain scalar. */
static bool is_indicator(char c)
{
	return strchr("?:,[]{}#&*!|>'\"%@`", c) != NULL;
}

/* ns-plain(n,c) on one line, in a block or in brackets (7.3.3) */
static bool read_plain(struct direct *direct, bool is_flow, struct span *span)
{
	uint32_t at = direct->at, last;
	char first = byte_at(direct, at);

	if (is_end(direct, at) || is_indicator(first) ||
	    (first == '-' &&
	     (is_space(direct, at + 1) || (is_flow && strchr(",[]{}", direct->data[at + 1])))))
		return false;
	last = at;
	for (; at < direct->end; at++) {
		char c = direct->data[at];

		if (c == ' ')
			continue;
		if (c == ':' && (is_space(direct, at + 1) ||
				 (is_flow && strchr(",[]{}", direct->data[at + 1]))))
			break;
		if (c == '#' && direct->data[at - 1] == ' ')
			break;
		if (is_flow && strchr(",[]{}", c))
			break;
		last = at + 1;
	}
	*span = (struct span){direct->at, last};
	direct->at = at < direct->end && direct->data[at] != '#' ? at : last;
	return true;
}

/* Whether an escape is one that needs no second thought. */
static bool is_plain_escape(const struct direct *direct, uint32_t at)
{
	char name = byte_at(direct, at);

	if (name == 'x')
		return g_ascii_isxdigit(byte_at(direct, at + 1)) &&
		       g_ascii_isxdigit(byte_at(direct, at + 2));
	return name != '\n' && strchr("0abtnvfre \"/\\N_LP", name);
}

/* The first column of the line that is no space, or -1 for an empty line. */
static int64_t text_column(const struct direct *direct)
{
	for (uint32_t at = direct->line; at < direct->end; at++)
		if (direct->data[at] != ' ')
			return at - direct->line;
	return -1;
}

/* Goes on to the next line of a scalar in quotes: empty, or indented more than what it is in. */
static bool next_quoted_line(struct direct *direct)
{
	int64_t column = next_line(direct) ? text_column(direct) : 0;

	return column < 0 || column > innermost(direct)->column;
}

/* c-double-quoted, c-single-quoted (7.3.1, 7.3.2); the span lacks the quotes. */
static bool read_quoted(struct direct *direct, bool is_one_line, struct span *span)
{
	char quote = direct->data[direct->at];
	uint32_t at = direct->at + 1;

	span->start = at;
	for (;; at++) {
		char c = byte_at(direct, at);

		if (is_end(direct, at)) {
			if (is_one_line || !next_quoted_line(direct))
				return false;
			at = direct->line - 1;
		} else if (c == '\\' && quote == '"') {
			if (!is_plain_escape(direct, ++at))
				return false;
		} else if (c == quote) {
			if (quote == '"' || byte_at(direct, at + 1) != '\'')
				break;
			at++;
		}
	}
	span->end = at;
	direct->at = at + 1;
	return true;
}

/* A plain or quoted scalar where we are, on one line. */
static bool read_word(struct direct *direct, bool is_flow, enum yaml_style *style,
		      struct span *span)
{
	char first = byte_at(direct, direct->at);

	*style = first == '"' ? YAML_DOUBLE : first == '\'' ? YAML_SINGLE : YAML_PLAIN;
	return *style == YAML_PLAIN ? read_plain(direct, is_flow, span)
				    : read_quoted(direct, true, span);
}

/* --- literal and folded scalars (8.1) */

/*
 * l-literal-content, l-folded-content: the lines that are indented as the first one is; none, where
 * that is indented no more than what the scalar is in. Empty lines before it that reach further are
 * wrong, lines between the two indentations too. libfyaml ends the scalar behind the indentation of
 * what follows.
 */
static bool read_text(struct direct *direct, enum yaml_style style)
{
	uint32_t parent = innermost(direct)->column, longest = 0;
	uint32_t start = direct->next, stop = direct->size;
	int64_t indent = -1;

	while (next_line(direct)) {
		int64_t column = text_column(direct);

		if (column < 0) {
			longest = MAX(longest, direct->end - direct->line);
		} else if (indent < 0 && column > parent) {
			if (longest > column)
				return false;
			indent = column;
		} else if (column < indent || indent < 0) {
			if (column > parent)
				return false;
			indent = column;
			stop = direct->line + (uint32_t)column;
			direct->next = direct->line; /* it is still to be read */
			break;
		}
	}
	if (indent < 0)
		return false;
	add_scalar(direct, style, start, stop);
	return true;
}

/* c-b-block-header without an indentation indicator (8.1.1) */
static bool read_block_scalar(struct direct *direct)
{
	enum yaml_style style = direct->data[direct->at] == '|' ? YAML_LITERAL : YAML_FOLDED;

	direct->at++;
	if (byte_at(direct, direct->at) == '-' || byte_at(direct, direct->at) == '+')
		direct->at++;
	return is_end(direct, direct->at) && read_text(direct, style);
}

/* --- flow collections on one line (7.4) */

static bool read_flow(struct direct *direct, unsigned depth);

static bool read_flow_node(struct direct *direct, unsigned depth)
{
	enum yaml_style style;
	struct span span;
	char first = byte_at(direct, direct->at);

	if (first == '[' || first == '{')
		return read_flow(direct, depth + 1);
	if (!read_word(direct, true, &style, &span))
		return false;
	add_scalar(direct, style, span.start, span.end);
	return true;
}

/* ns-flow-map-implicit-entry with both its key and value (7.4.2) */
static bool read_flow_pair(struct direct *direct, unsigned depth)
{
	enum yaml_style style;
	struct span span;

	if (!read_word(direct, true, &style, &span) || span.end - span.start > KEY_MAX)
		return false;
	add_scalar(direct, style, span.start, span.end);
	if (!is_colon(direct, direct->at))
		return false;
	direct->at++;
	skip_spaces(direct);
	return read_flow_node(direct, depth);
}

static bool read_flow(struct direct *direct, unsigned depth)
{
	bool is_mapping = direct->data[direct->at] == '{';
	char close = is_mapping ? '}' : ']';

	if (depth > FLOW_DEPTH_MAX)
		return false;
	add(direct, is_mapping ? YAML_MAPPING_START : YAML_SEQUENCE_START, direct->at,
	    direct->at + 1);
	direct->at++;
	skip_spaces(direct);
	while (byte_at(direct, direct->at) != close) {
		if (!(is_mapping ? read_flow_pair : read_flow_node)(direct, depth))
			return false;
		skip_spaces(direct);
		if (byte_at(direct, direct->at) == close)
			break;
		if (byte_at(direct, direct->at) != ',')
			return false;
		direct->at++;
		skip_spaces(direct);
		if (byte_at(direct, direct->at) == close)
			return false;
	}
	add(direct, is_mapping ? YAML_MAPPING_END : YAML_SEQUENCE_END, direct->at, direct->at + 1);
	direct->at++;
	return true;
}

/* --- lines of a block */

/*
 * s-ns-plain-next-line (7.3.3): lines that are indented more belong to the scalar. Where such a
 * line looks like anything but words, libfyaml is asked.
 */
static bool read_next_plain(struct direct *direct, struct span *span, bool *is_one_line)
{
	for (;;) {
		uint32_t next = direct->next;
		struct span more;
		int64_t column = -1;

		while (column < 0 && next_line(direct))
			column = text_column(direct);
		direct->at = direct->line + (uint32_t)MAX(column, 0);
		if (column <= (int64_t)innermost(direct)->column ||
		    byte_at(direct, direct->at) == '#') {
			direct->next = column < 0 ? direct->next : next;
			return true;
		}
		if (byte_at(direct, direct->at) == '-' || !read_plain(direct, false, &more) ||
		    !ends_line(direct) || !is_end(direct, direct->at))
			return false;
		span->end = more.end;
		*is_one_line = false;
	}
}

/* The scalar that is a value, from here to its end, which may be on another line. */
static bool read_scalar(struct direct *direct)
{
	char first = byte_at(direct, direct->at);
	bool is_one_line = true;
	struct span span;

	if (first == '"' || first == '\'') {
		if (!read_quoted(direct, false, &span) || !ends_line(direct))
			return false;
		add_scalar(direct, first == '"' ? YAML_DOUBLE : YAML_SINGLE, span.start, span.end);
		return true;
	}
	if (!read_plain(direct, false, &span) || !ends_line(direct))
		return false;
	if (is_end(direct, direct->at) && !read_next_plain(direct, &span, &is_one_line))
		return false;
	add_scalar(direct, YAML_PLAIN, span.start, span.end);
	direct->events[direct->count - 1].is_one_line = is_one_line;
	return true;
}

/* The value that an indicator has announced. */
static bool read_value(struct direct *direct)
{
	char first = byte_at(direct, direct->at);

	direct->wants_value = false;
	if (first == '|' || first == '>')
		return read_block_scalar(direct);
	if (first == '[' || first == '{')
		return read_flow(direct, 0) && ends_line(direct);
	return read_scalar(direct);
}

/* Whether the rest of the line is empty or a comment; then the value stands on another. */
static bool is_rest_empty(struct direct *direct)
{
	return is_end(direct, direct->at) || direct->data[direct->at] == '#';
}

/* Whether a key stands here: a word on one line with a colon behind it; `at` moves behind that. */
static bool read_key(struct direct *direct, enum yaml_style *style, struct span *span)
{
	if (!read_word(direct, false, style, span) || span->end - span->start > KEY_MAX)
		return false;
	skip_spaces(direct);
	if (!is_colon(direct, direct->at))
		return false;
	direct->at++;
	return true;
}

/* `|` or `>` on a line of its own: how far its text must be indented is another matter there. */
static bool is_lone_header(const struct direct *direct, uint32_t column)
{
	char first = byte_at(direct, direct->at);

	return (first == '|' || first == '>') && text_column(direct) == column;
}

/* ns-l-block-map-implicit-entry (8.2.2), or a value on a line of its own */
static bool read_entry(struct direct *direct)
{
	uint32_t start = direct->at, column = start - direct->line, behind;
	enum yaml_style style;
	struct span span;

	if (!read_key(direct, &style, &span)) {
		direct->at = start;
		return direct->wants_value && column > innermost(direct)->column &&
		       !is_lone_header(direct, column) && read_value(direct);
	}
	behind = direct->at;
	direct->at = start;
	if (!enter(direct, true, column))
		return false;
	direct->at = behind;
	add_scalar(direct, style, span.start, span.end);
	direct->wants_value = true;
	skip_spaces(direct);
	return is_rest_empty(direct) || read_value(direct);
}

/* A line with content, from its first byte that is no space. */
static bool read_line(struct direct *direct)
{
	while (byte_at(direct, direct->at) == '-' && is_space(direct, direct->at + 1)) {
		if (!enter(direct, false, direct->at - direct->line))
			return false;
		direct->wants_value = true;
		direct->at++;
		skip_spaces(direct);
		if (is_rest_empty(direct))
			return true;
	}
	return read_entry(direct);
}

/* c-directives-end, c-document-end: `---` or `...` at the start of a line (9.1.2, 9.1.4) */
static bool is_marker(const struct direct *direct)
{
	const char *at = direct->data + direct->line;

	return direct->end - direct->line >= 3 && (!memcmp(at, "---", 3) || !memcmp(at, "...", 3));
}

/* The one marker that may stand in a text of one document: `---` before it, alone on its line. */
static bool read_marker(struct direct *direct)
{
	struct yaml_event *start = &direct->events[direct->count - 1];

	if (direct->end - direct->line != 3 || direct->data[direct->line] != '-' ||
	    start->type != YAML_DOCUMENT_START || start->span.end)
		return false;
	start->span = (struct span){direct->line, direct->end};
	return true;
}

static bool read_lines(struct direct *direct)
{
	while (next_line(direct)) {
		skip_spaces(direct);
		if (is_rest_empty(direct))
			continue;
		if (!(is_marker(direct) ? read_marker : read_line)(direct))
			return false;
	}
	return direct->has_root;
}

/* Whether one of two sequences of bytes that begin alike is in a text. */
static bool has_bytes(struct slice text, const char *one, const char *other)
{
	const char *at = text.data, *end = text.data + text.len;

	while (end - at >= 3 && (at = memchr(at, *one, (size_t)(end - at - 2)))) {
		if (!memcmp(at, one, 3) || !memcmp(at, other, 3))
			return true;
		at++;
	}
	return false;
}

/* Tabs, marks of byte order, and what could be taken for a line break, are left to libfyaml. */
static bool has_foreign_bytes(struct slice text)
{
	return memchr(text.data, '\t', text.len) ||
	       has_bytes(text, "\xef\xbb\xbf", "\xef\xbb\xbf") ||
	       has_bytes(text, "\xe2\x80\xa8", "\xe2\x80\xa9");
}

static bool deliver(const struct direct *direct, yaml_event_handler *handler, void *context)
{
	for (uint32_t i = 0; i < direct->count; i++)
		if (!handler(context, &direct->events[i]))
			return false;
	return true;
}

bool yaml_direct(struct slice text, yaml_event_handler *handler, void *context,
		 struct yaml_outcome *outcome)
{
	struct direct direct = {
		.data = text.data,
		.size = (uint32_t)text.len,
		.capacity = 256,
	};
	bool good;

	if (text.len > TEXT_MAX || has_foreign_bytes(text))
		return false;
	direct.events = g_new(struct yaml_event, direct.capacity);
	add(&direct, YAML_STREAM_START, 0, 0);
	add(&direct, YAML_DOCUMENT_START, 0, 0);
	good = read_lines(&direct);
	if (good) {
		while (direct.depth)
			close_block(&direct);
		add(&direct, YAML_DOCUMENT_END, 0, 0);
		add(&direct, YAML_STREAM_END, direct.size, direct.size);
		*outcome = (struct yaml_outcome){
			.status = deliver(&direct, handler, context) ? YAML_DONE : YAML_STOPPED};
	}
	g_free(direct.events);
	return good;
}
