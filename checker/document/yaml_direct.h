/*
 * The state of the direct lane of YAML, shared by yaml_direct.c (lines, entries and what they open
 * and close) and yaml_direct_value.c (what stands behind a `:` or `-`). Only for these.
 */
#ifndef PLANLINT_DOCUMENT_YAML_DIRECT_H
#define PLANLINT_DOCUMENT_YAML_DIRECT_H

#include "document/yaml.h"

enum {
	DIRECT_DEPTH_MAX = 64,
	DIRECT_KEY_MAX = 512, /* bytes; YAML allows 1024 characters */
};

struct direct_block {
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
	struct direct_block open[DIRECT_DEPTH_MAX];
	uint32_t depth;
	struct span anchor, tag; /* of the value that comes next; end 0: none */
	bool has_root;
	bool wants_value;
};

/* Appends an event, with the properties that wait for it; it stays where it is until the next. */
struct yaml_event *direct_add(struct direct *direct, enum yaml_event_type type, uint32_t start,
			      uint32_t end);
void direct_add_scalar(struct direct *direct, enum yaml_style style, uint32_t start, uint32_t end);

/* Takes the next line; false at the end of the text. */
bool direct_next_line(struct direct *direct);

/* The first column of the line that is no space, or -1 for an empty line. */
int64_t direct_text_column(const struct direct *direct);

/* A plain or quoted scalar where we are, on one line. */
bool direct_read_word(struct direct *direct, bool is_flow, enum yaml_style *style,
		      struct span *span);

/*
 * The value that an indicator has announced, or only its properties where it stands on another line
 * or nowhere.
 */
bool direct_read_value(struct direct *direct);

static inline struct direct_block *direct_innermost(struct direct *direct)
{
	return direct->depth ? &direct->open[direct->depth - 1] : NULL;
}

static inline bool direct_is_end(const struct direct *direct, uint32_t at)
{
	return at >= direct->end;
}

static inline char direct_byte(const struct direct *direct, uint32_t at)
{
	return at < direct->end ? direct->data[at] : '\n';
}

static inline bool direct_is_space(const struct direct *direct, uint32_t at)
{
	return at >= direct->end || direct->data[at] == ' ';
}

static inline void direct_skip_spaces(struct direct *direct)
{
	while (direct->at < direct->end && direct->data[direct->at] == ' ')
		direct->at++;
}

/* Whether the rest of the line is empty or a comment; then the value stands on another. */
static inline bool direct_is_rest_empty(const struct direct *direct)
{
	return direct_is_end(direct, direct->at) || direct->data[direct->at] == '#';
}

/* `:` as an indicator, not as a character of a word. */
static inline bool direct_is_colon(const struct direct *direct, uint32_t at)
{
	return direct_byte(direct, at) == ':' && direct_is_space(direct, at + 1);
}

#endif
