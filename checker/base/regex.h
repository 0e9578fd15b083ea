/*
 * Patterns in the four dialects that planlint meets, matched in linear time where that is possible
 * and under limits where it is not. For schema/, jsonpath/ and cel/.
 *
 * A pattern is compiled once; a compiled one is immutable and may be matched by many threads at a
 * time. Subjects are valid UTF-8 and may hold NUL.
 */
#ifndef PLANLINT_BASE_REGEX_H
#define PLANLINT_BASE_REGEX_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

struct regex;

enum regex_syntax {
	REGEX_ECMA,         /* ECMA-262 with the u flag: what JSON Schema asks for */
	REGEX_ECMA_ANNEX_B, /* the same, but what only the u flag forbids is read as browsers do */
	REGEX_IREGEXP,      /* RFC 9485: JSONPath's match() and search() */
	REGEX_RE2,          /* as RE2 reads it: CEL's matches() */
};

/* Why a pattern was refused. */
struct regex_error {
	size_t offset;       /* in bytes of the pattern; at most its length */
	const char *message; /* a fixed sentence in English, lower case; never freed */
};

enum regex_result {
	REGEX_NO_MATCH,
	REGEX_MATCH,
	REGEX_LIMIT, /* could not tell within the limits: never to be taken for "no match" */
};

enum {
	REGEX_PATTERN_MAX = 4096, /* bytes of a pattern; longer ones are refused */
	/* for patterns that are not regular: */
	REGEX_BACKTRACK_PATTERN_MAX = 1024,  /* bytes of the pattern */
	REGEX_BACKTRACK_SUBJECT_MAX = 2048,  /* bytes of a subject */
	REGEX_BACKTRACK_ANCHORED_MAX = 32768 /* the same where the pattern begins with ^ */
};

/*
 * Compiles a pattern, or returns NULL and fills `error` (may be NULL), also where the compiled
 * form would be too large. The caller frees it with regex_free().
 */
struct regex *regex_compile(struct slice pattern, enum regex_syntax syntax,
			    struct regex_error *error);
void regex_free(struct regex *regex); /* NULL is allowed */

/* Whether the pattern matches somewhere in the subject, or the whole of it. */
enum regex_result regex_search(const struct regex *regex, struct slice subject);
enum regex_result regex_match_whole(const struct regex *regex, struct slice subject);

/* regex_search() that also says how many steps an engine that backtracks took (else 0). */
enum regex_result regex_search_counted(const struct regex *regex, struct slice subject,
				       size_t *steps);

/* Whether matching takes linear time; false: it backtracks under limits, so REGEX_LIMIT can come.
 */
bool regex_is_linear(const struct regex *regex);

#endif
