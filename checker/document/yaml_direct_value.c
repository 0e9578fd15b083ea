/*
 * The values of the direct lane of YAML (yaml_direct.c), each from its first byte to its end: plain
 * and quoted scalars, which may go on over lines that are indented more than what they are in;
 * literal and folded text; brackets that close on their line; aliases. As there: false, for
 * libfyaml, at the first byte that is not surely one of these.
 */
#include "document/yaml_direct.h"

#include <string.h>

enum { FLOW_DEPTH_MAX = 16 };

/* Nothing but a comment may follow what stood before on the line. */
static bool ends_line(struct direct *direct)
{
	uint32_t from = direct->at;

	direct_skip_spaces(direct);
	return direct_is_end(direct, direct->at) ||
	       (direct->data[direct->at] == '#' && direct->at > from);
}

/* --- scalars */

/* c-indicator (YAML 1.2.2 5.3), which begins something else than a plain scalar. */
static bool is_indicator(char c)
{
	return strchr("?:,[]{}#&*!|>'\"%@`", c) != NULL;
}

/* ns-plain(n,c) on one line, in a block or in brackets (7.3.3) */
static bool read_plain(struct direct *direct, bool is_flow, struct span *span)
{
	uint32_t at = direct->at, last;
	char first = direct_byte(direct, at);

	if (direct_is_end(direct, at) || is_indicator(first) ||
	    (first == '-' && (direct_is_space(direct, at + 1) ||
			      (is_flow && strchr(",[]{}", direct->data[at + 1])))))
		return false;
	last = at;
	for (; at < direct->end; at++) {
		char c = direct->data[at];

		if (c == ' ')
			continue;
		if (c == ':' && (direct_is_space(direct, at + 1) ||
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
	char name = direct_byte(direct, at);

	if (name == 'x')
		return g_ascii_isxdigit(direct_byte(direct, at + 1)) &&
		       g_ascii_isxdigit(direct_byte(direct, at + 2));
	return name != '\n' && strchr("0abtnvfre \"/\\N_LP", name);
}

/* Goes on to the next line of a scalar in quotes: empty, or indented more than what it is in. */
static bool next_quoted_line(struct direct *direct)
{
	int64_t column = direct_next_line(direct) ? direct_text_column(direct) : 0;

	return column < 0 || column > direct_innermost(direct)->column;
}

/* c-double-quoted, c-single-quoted (7.3.1, 7.3.2); the span lacks the quotes. */
static bool read_quoted(struct direct *direct, bool is_one_line, struct span *span)
{
	char quote = direct->data[direct->at];
	uint32_t at = direct->at + 1;

	span->start = at;
	for (;; at++) {
		char c = direct_byte(direct, at);

		if (direct_is_end(direct, at)) {
			if (is_one_line || !next_quoted_line(direct))
				return false;
			at = direct->line - 1;
		} else if (c == '\\' && quote == '"') {
			if (!is_plain_escape(direct, ++at))
				return false;
		} else if (c == quote) {
			if (quote == '"' || direct_byte(direct, at + 1) != '\'')
				break;
			at++;
		}
	}
	span->end = at;
	direct->at = at + 1;
	return true;
}

bool direct_read_word(struct direct *direct, bool is_flow, enum yaml_style *style,
		      struct span *span)
{
	char first = direct_byte(direct, direct->at);

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
	uint32_t parent = direct_innermost(direct)->column, longest = 0;
	uint32_t start = direct->next, stop = direct->size;
	int64_t indent = -1;

	while (direct_next_line(direct)) {
		int64_t column = direct_text_column(direct);

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
	direct_add_scalar(direct, style, start, stop);
	return true;
}

/* c-b-block-header without an indentation indicator (8.1.1) */
static bool read_block_scalar(struct direct *direct)
{
	enum yaml_style style = direct->data[direct->at] == '|' ? YAML_LITERAL : YAML_FOLDED;

	direct->at++;
	if (direct_byte(direct, direct->at) == '-' || direct_byte(direct, direct->at) == '+')
		direct->at++;
	return direct_is_end(direct, direct->at) && read_text(direct, style);
}

/* --- properties (6.9) and aliases (7.1) */

/* Where a name ends that is surely one of an anchor or a tag. */
static uint32_t name_end(const struct direct *direct, uint32_t at)
{
	char c = direct_byte(direct, at);

	while (g_ascii_isalnum(c) || c == '-' || c == '_')
		c = direct_byte(direct, ++at);
	return at;
}

/* c-ns-tag-property: `!`, `!name` or `!!name` */
static bool read_tag(struct direct *direct)
{
	uint32_t name = direct->at + 1;
	bool is_secondary = direct_byte(direct, name) == '!';
	uint32_t end = name_end(direct, name + is_secondary);

	if (direct->tag.end || (is_secondary && end == name + 1))
		return false;
	direct->tag = (struct span){direct->at, end};
	direct->at = end;
	return true;
}

/* c-ns-anchor-property: `&name` */
static bool read_anchor(struct direct *direct)
{
	uint32_t name = direct->at + 1, end = name_end(direct, name);

	if (direct->anchor.end || end == name)
		return false;
	direct->anchor = (struct span){name, end};
	direct->at = end;
	return true;
}

/* c-ns-properties(n,c) and the blanks behind them, for the event that comes next; or none */
static bool read_properties(struct direct *direct)
{
	for (;;) {
		char first = direct_byte(direct, direct->at);

		if (first != '&' && first != '!')
			return true;
		if (!(first == '&' ? read_anchor : read_tag)(direct) ||
		    !direct_is_space(direct, direct->at))
			return false;
		direct_skip_spaces(direct);
	}
}

/* c-ns-alias-node: `*name`, which has no properties */
static bool read_alias(struct direct *direct)
{
	uint32_t name = direct->at + 1, end = name_end(direct, name);

	if (direct->anchor.end || direct->tag.end || end == name)
		return false;
	direct_add(direct, YAML_ALIAS, name, end);
	direct->at = end;
	return true;
}

/* --- flow collections on one line (7.4) */

static bool read_flow(struct direct *direct, unsigned depth);

static bool read_flow_node(struct direct *direct, unsigned depth)
{
	enum yaml_style style;
	struct span span;
	char first;

	if (!read_properties(direct))
		return false;
	first = direct_byte(direct, direct->at);
	if (first == '[' || first == '{')
		return read_flow(direct, depth + 1);
	if (first == '*')
		return read_alias(direct);
	if (!direct_read_word(direct, true, &style, &span))
		return false;
	direct_add_scalar(direct, style, span.start, span.end);
	return true;
}

/* ns-flow-map-implicit-entry with both its key and value (7.4.2) */
static bool read_flow_pair(struct direct *direct, unsigned depth)
{
	enum yaml_style style;
	struct span span;

	if (!direct_read_word(direct, true, &style, &span) ||
	    span.end - span.start > DIRECT_KEY_MAX)
		return false;
	direct_add_scalar(direct, style, span.start, span.end);
	if (!direct_is_colon(direct, direct->at))
		return false;
	direct->at++;
	direct_skip_spaces(direct);
	return read_flow_node(direct, depth);
}

static bool read_flow(struct direct *direct, unsigned depth)
{
	bool is_mapping = direct->data[direct->at] == '{';
	char close = is_mapping ? '}' : ']';

	if (depth > FLOW_DEPTH_MAX)
		return false;
	direct_add(direct, is_mapping ? YAML_MAPPING_START : YAML_SEQUENCE_START, direct->at,
		   direct->at + 1);
	direct->at++;
	direct_skip_spaces(direct);
	while (direct_byte(direct, direct->at) != close) {
		if (!(is_mapping ? read_flow_pair : read_flow_node)(direct, depth))
			return false;
		direct_skip_spaces(direct);
		if (direct_byte(direct, direct->at) == close)
			break;
		if (direct_byte(direct, direct->at) != ',')
			return false;
		direct->at++;
		direct_skip_spaces(direct);
		if (direct_byte(direct, direct->at) == close)
			return false;
	}
	direct_add(direct, is_mapping ? YAML_MAPPING_END : YAML_SEQUENCE_END, direct->at,
		   direct->at + 1);
	direct->at++;
	return true;
}

/* --- values in a block */

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

		while (column < 0 && direct_next_line(direct))
			column = direct_text_column(direct);
		direct->at = direct->line + (uint32_t)MAX(column, 0);
		if (column <= (int64_t)direct_innermost(direct)->column ||
		    direct_byte(direct, direct->at) == '#') {
			direct->next = column < 0 ? direct->next : next;
			return true;
		}
		if (direct_byte(direct, direct->at) == '-' || !read_plain(direct, false, &more) ||
		    !ends_line(direct) || !direct_is_end(direct, direct->at))
			return false;
		span->end = more.end;
		*is_one_line = false;
	}
}

/* The scalar that is a value, from here to its end, which may be on another line. */
static bool read_scalar(struct direct *direct)
{
	char first = direct_byte(direct, direct->at);
	bool is_one_line = true;
	struct span span;

	if (first == '"' || first == '\'') {
		if (!read_quoted(direct, false, &span) || !ends_line(direct))
			return false;
		direct_add_scalar(direct, first == '"' ? YAML_DOUBLE : YAML_SINGLE, span.start,
				  span.end);
		return true;
	}
	if (!read_plain(direct, false, &span) || !ends_line(direct))
		return false;
	if (direct_is_end(direct, direct->at) && !read_next_plain(direct, &span, &is_one_line))
		return false;
	direct_add_scalar(direct, YAML_PLAIN, span.start, span.end);
	direct->events[direct->count - 1].is_one_line = is_one_line;
	return true;
}

bool direct_read_value(struct direct *direct)
{
	char first;

	if (!read_properties(direct))
		return false;
	if (direct_is_rest_empty(direct))
		return true;
	direct->wants_value = false;
	first = direct_byte(direct, direct->at);
	if (first == '*')
		return read_alias(direct) && ends_line(direct);
	if (first == '|' || first == '>')
		return read_block_scalar(direct);
	if (first == '[' || first == '{')
		return read_flow(direct, 0) && ends_line(direct);
	return read_scalar(direct);
}
