/*
 * What the files of the JSONPath parser share: parse.c (queries, segments, selectors), filter.c
 * (filter expressions), scan.c (blanks, numbers, texts, names). Internal to jsonpath/.
 */
#ifndef PLANLINT_JSONPATH_PARSE_H
#define PLANLINT_JSONPATH_PARSE_H

#include "jsonpath/jsonpath.h"

struct path_parser {
	struct slice text;
	size_t at;
	unsigned depth; /* of brackets, parentheses and calls */
	bool failed;
	struct symbols *symbols; /* may be NULL */
	struct arena *arena;
	GPtrArray *regexes;
	struct jsonpath_error *error;
};

/* Fills the error of the first failure, with a place and one value or none. Returns false. */
bool path_fail(struct path_parser *p, size_t start, size_t end, int message);
bool path_fail_with(struct path_parser *p, size_t start, size_t end, int message,
		    struct slice value, struct slice second);

/* The place from `start` to here; to the next character where that would be empty. */
struct span path_place(const struct path_parser *p, size_t start);

/* --- scan.c */

bool path_at_end(const struct path_parser *p);
char path_peek(const struct path_parser *p); /* '\0' at the end */
bool path_accept(struct path_parser *p, const char *text);
void path_skip_blanks(struct path_parser *p);   /* S */
bool path_at_name(const struct path_parser *p); /* name-first is next */

/* One more bracket, parenthesis or call is open: false with an error where there are too many. */
bool path_enter(struct path_parser *p);

struct slice path_scan_name(struct path_parser *p); /* member-name-shorthand; at_name() holds */
bool path_scan_text(struct path_parser *p, struct slice *out); /* string-literal, at its quote */
bool path_scan_integer(struct path_parser *p, int64_t *out);   /* int */

/* --- parse.c and filter.c */

/* Segments up to what is no segment; `query->relative` is set by the caller. */
bool path_parse_segments(struct path_parser *p, struct jsonpath_query *query);

/* logical-expr */
const struct jsonpath_expr *path_parse_filter(struct path_parser *p);

#endif
