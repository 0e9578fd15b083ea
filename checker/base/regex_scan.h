/*
 * Reading a pattern byte by byte, for the parsers of the dialects (regex_ecma.c, regex_iregexp.c).
 * Internal to base/'s regex files.
 */
#ifndef PLANLINT_BASE_REGEX_SCAN_H
#define PLANLINT_BASE_REGEX_SCAN_H

#include "base/regex_tree.h"

struct regex_scanner {
	struct slice pattern; /* valid UTF-8 */
	size_t at;            /* read up to here */
	bool failed;
	unsigned depth; /* of groups around here */
	struct arena *arena;
	struct regex_error *error; /* filled by the first failure */
};

/* Notes the first fault and where it stands; returns NULL. */
void *regex_scan_fail(struct regex_scanner *scan, size_t offset, const char *message);

bool regex_scan_ended(const struct regex_scanner *scan);

/* The byte `ahead` of here, or 0 behind the end; a NUL in a pattern is never syntax. */
char regex_scan_peek(const struct regex_scanner *scan, size_t ahead);

/* Reads exactly this text, or nothing. */
bool regex_scan_accept(struct regex_scanner *scan, const char *text);

/* Reads a code point; there must be one. */
uint32_t regex_scan_next(struct regex_scanner *scan);

/* Reads decimal digits, saturating below REGEX_UNLIMITED; false where there is none. */
bool regex_scan_number(struct regex_scanner *scan, uint32_t *out);

#endif
