/*
 * The parser of ECMA-262 patterns, in two files: regex_ecma.c (groups, references, repetitions) and
 * regex_ecma_class.c (escapes and classes). Internal to them.
 */
#ifndef PLANLINT_BASE_REGEX_ECMA_H
#define PLANLINT_BASE_REGEX_ECMA_H

#include "base/regex_scan.h"

struct group_name;
struct named_reference;

struct regex_ecma {
	struct regex_scanner scan;
	bool annex_b;
	bool has_names; /* the pattern has a named group: then \k is never an identity escape */
	uint32_t group_total; /* in the whole pattern */
	uint32_t group_count; /* opened so far */
	struct group_name *names;
	struct named_reference *references;
};

/*
 * Each reads behind what its production names there; false or NULL where it has failed, or (class
 * escapes) where there is none.
 */
bool regex_ecma_unicode_escape(struct regex_ecma *p, uint32_t *out);        /* \u */
bool regex_ecma_character_escape(struct regex_ecma *p, uint32_t *out);      /* a backslash */
bool regex_ecma_class_escape(struct regex_ecma *p, struct regex_node *set); /* a backslash */
struct regex_node *regex_ecma_class(struct regex_ecma *p, size_t start);    /* [ at `start` */

#endif
