/*
 * The direct lane: the forms of YAML in which nearly all plans are written, read without libfyaml
 * at a tenth of its cost. Block mappings and sequences, scalars on one line, literal and folded
 * text, brackets that close on their line, properties and aliases of values; none of keys, no `?`,
 * tabs, directives or second document. It gives the events that libfyaml would give or, at the
 * first byte that it is not sure of, none at all: what is wrong with a text is never said here.
 * That both agree wherever this lane answers is tested on every text at hand and by a fuzzer, but
 * for two forms that are right and that libfyaml 0.7 stumbles over: a `-` with nothing behind it at
 * the column of its key, and a `|` or `>` with no text before the next entry.
 *
 * A line is read by its indentation. The open collections are a stack of columns; `wants_value`
 * says that the innermost one waits for the value behind a `:` or `-`, which yaml_direct_value.c
 * reads.
 */
#include "document/yaml_direct.h"

#include <string.h>

enum { TEXT_MAX = 1 << 20 }; /* beyond it the events would take too much memory */

/* --- events */

struct yaml_event *direct_add(struct direct *direct, enum yaml_event_type type, uint32_t start,
			      uint32_t end)
{
	struct yaml_event *event;

	if (direct->count == direct->capacity) {
		direct->capacity *= 2;
		direct->events = g_renew(struct yaml_event, direct->events, direct->capacity);
	}
	event = &direct->events[direct->count++];
	*event = (struct yaml_event){.type = type, .span = {start, end}};
	if (direct->anchor.end | direct->tag.end) {
		event->anchor = direct->anchor;
		event->tag = direct->tag;
		direct->anchor = direct->tag = (struct span){0};
	}
	return event;
}

void direct_add_scalar(struct direct *direct, enum yaml_style style, uint32_t start, uint32_t end)
{
	struct yaml_event *event = direct_add(direct, YAML_SCALAR, start, end);

	event->style = (uint16_t)style;
	event->is_one_line = style == YAML_PLAIN;
}

/* --- the open collections */

/* The value that an indicator promised is not there. */
static void fill(struct direct *direct)
{
	if (direct->wants_value)
		direct_add_scalar(direct, YAML_EMPTY, 0, 0);
	direct->wants_value = false;
}

static void close_block(struct direct *direct)
{
	const struct direct_block *block = direct_innermost(direct);

	fill(direct);
	direct_add(direct, block->is_mapping ? YAML_MAPPING_END : YAML_SEQUENCE_END, 0, 0);
	direct->depth--;
}

/* Closes what the indentation of a line ends; a sequence may stand at the column of its key. */
static void close_deeper(struct direct *direct, uint32_t column, bool is_mapping)
{
	const struct direct_block *block;

	while ((block = direct_innermost(direct)) &&
	       (block->column > column ||
		(block->column == column && is_mapping && !block->is_mapping)))
		close_block(direct);
}

/* A key or `-` at a column: the next entry of the collection that stands there, or its first. */
static bool enter(struct direct *direct, bool is_mapping, uint32_t column)
{
	const struct direct_block *block;

	close_deeper(direct, column, is_mapping);
	block = direct_innermost(direct);
	if (block && block->column == column && block->is_mapping == is_mapping) {
		fill(direct);
		return true;
	}
	if (block ? !direct->wants_value : direct->has_root)
		return false;
	if (direct->depth == DIRECT_DEPTH_MAX)
		return false;
	direct->has_root = true;
	direct->wants_value = false;
	direct->open[direct->depth++] = (struct direct_block){column, is_mapping};
	direct_add(direct, is_mapping ? YAML_MAPPING_START : YAML_SEQUENCE_START, direct->at,
		   direct->at)
		->column = column;
	return true;
}

/* --- lines */

bool direct_next_line(struct direct *direct)
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

int64_t direct_text_column(const struct direct *direct)
{
	for (uint32_t at = direct->line; at < direct->end; at++)
		if (direct->data[at] != ' ')
			return at - direct->line;
	return -1;
}

/* Whether a key stands here: a word on one line with a colon behind it; `at` moves behind that. */
static bool read_key(struct direct *direct, enum yaml_style *style, struct span *span)
{
	if (!direct_read_word(direct, false, style, span) ||
	    span->end - span->start > DIRECT_KEY_MAX)
		return false;
	direct_skip_spaces(direct);
	if (!direct_is_colon(direct, direct->at))
		return false;
	direct->at++;
	return true;
}

/*
 * `|` or `>` on a line of its own: how far its text must be indented is another matter there. So it
 * is with properties, which may be those of a key.
 */
static bool is_lone(const struct direct *direct, uint32_t column)
{
	return strchr("|>&!*", direct_byte(direct, direct->at)) &&
	       direct_text_column(direct) == column;
}

/* ns-l-block-map-implicit-entry (8.2.2), or a value on a line of its own */
static bool read_entry(struct direct *direct)
{
	uint32_t start = direct->at, column = start - direct->line, behind;
	enum yaml_style style;
	struct span span;

	if (!read_key(direct, &style, &span)) {
		direct->at = start;
		return direct->wants_value && column > direct_innermost(direct)->column &&
		       !is_lone(direct, column) && direct_read_value(direct);
	}
	behind = direct->at;
	direct->at = start;
	if (!enter(direct, true, column))
		return false;
	direct->at = behind;
	direct_add_scalar(direct, style, span.start, span.end);
	direct->wants_value = true;
	direct_skip_spaces(direct);
	return direct_read_value(direct);
}

/* A line with content, from its first byte that is no space. */
static bool read_line(struct direct *direct)
{
	while (direct_byte(direct, direct->at) == '-' && direct_is_space(direct, direct->at + 1)) {
		if (!enter(direct, false, direct->at - direct->line))
			return false;
		direct->wants_value = true;
		direct->at++;
		direct_skip_spaces(direct);
		if (direct_is_rest_empty(direct))
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
	while (direct_next_line(direct)) {
		direct_skip_spaces(direct);
		if (direct_is_rest_empty(direct))
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
	direct_add(&direct, YAML_STREAM_START, 0, 0);
	direct_add(&direct, YAML_DOCUMENT_START, 0, 0);
	good = read_lines(&direct);
	if (good) {
		while (direct.depth)
			close_block(&direct);
		direct_add(&direct, YAML_DOCUMENT_END, 0, 0);
		direct_add(&direct, YAML_STREAM_END, direct.size, direct.size);
		*outcome = (struct yaml_outcome){
			.status = deliver(&direct, handler, context) ? YAML_DONE : YAML_STOPPED};
	}
	g_free(direct.events);
	return good;
}
