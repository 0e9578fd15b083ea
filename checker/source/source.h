/*
 * Source: the bytes of one file and where things stand in them. For every stage that reports a
 * place. Offsets are bytes from 0; lines and columns are computed when somebody asks.
 */
#ifndef PLANLINT_SOURCE_SOURCE_H
#define PLANLINT_SOURCE_SOURCE_H

#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

/* A half-open range of bytes in a source. Empty spans point between two bytes. */
struct span {
	uint32_t start;
	uint32_t end;
};

/* Filled by the caller; `data` and `path` must outlive it. */
struct source {
	const char *path;    /* as shown: relative to the root, with '/'; UTF-8 not promised */
	const char *data;    /* may be NULL where size is 0 */
	size_t size;         /* at most UINT32_MAX, which the loaders guarantee */
	uint32_t *lines;     /* offset of the start of each line; NULL until first asked for */
	uint32_t line_count; /* at least 1 once computed */
	/* where the last position was: those behind it on its line are counted on from there */
	struct {
		uint32_t line; /* 1 and up; 0: none yet */
		uint32_t offset;
		uint32_t code_points, utf16; /* before `offset` */
	} last;
};

/* 1-based line, and 1-based column in each of the units that formats want. */
struct position {
	uint32_t line;
	uint32_t column_bytes;
	uint32_t column_code_points;
	uint32_t column_utf16;
};

void source_init(struct source *source, const char *path, const char *data, size_t size);
void source_release(struct source *source); /* the line table; not the bytes */

/*
 * The position of a byte offset (at most `size`; more is taken as the end). Lines end at LF or
 * CRLF. A byte-order mark at the start has no column. Not for two threads on one source at once.
 */
struct position source_position(struct source *source, uint32_t offset);

/* The text of a 1-based line without its line end; empty beyond the last. */
struct slice source_line(struct source *source, uint32_t line);

#endif
