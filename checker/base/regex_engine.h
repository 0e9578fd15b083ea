/*
 * The two engines behind base/regex.h: RE2, linear (regex_re2.cc, the one C++ file), and PCRE2,
 * backtracking under limits (regex_pcre2.c). Internal to base/'s regex files.
 */
#ifndef PLANLINT_BASE_REGEX_ENGINE_H
#define PLANLINT_BASE_REGEX_ENGINE_H

#include "base/regex.h"
#include "base/text.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

struct regex_re2;

/* Compiles RE2 syntax; NULL with `error` (may be NULL) filled where RE2 refuses or it is too large.
 */
struct regex_re2 *regex_re2_compile(struct slice pattern, struct regex_error *error);
void regex_re2_free(struct regex_re2 *regex); /* NULL is allowed */
enum regex_result regex_re2_search(const struct regex_re2 *regex, struct slice subject);
enum regex_result regex_re2_match_whole(const struct regex_re2 *regex, struct slice subject);

/* Whether the pattern matches the bytes from the start of the subject to `end`, all of them. */
enum regex_result regex_re2_match_until(const struct regex_re2 *regex, struct slice subject,
					size_t end);

struct regex_pcre2;

/* A look-behind of varying length: where a match of `regex` may end decides (regex_emit.c). */
struct regex_behind {
	struct regex_re2 *regex; /* owned by the struct regex_pcre2 that gets it */
	bool negated;
};

/*
 * Compiles PCRE2 syntax with its look-behinds, the n-th of which is called out to as n + 1; takes
 * them over, also on failure. NULL with `error` filled where PCRE2 refuses.
 */
struct regex_pcre2 *regex_pcre2_compile(struct slice pattern, GArray *behinds,
					struct regex_error *error);
void regex_pcre2_free(struct regex_pcre2 *regex); /* NULL is allowed */

/* `steps`: what the match was charged of its budget, of all attempts together. */
enum regex_result regex_pcre2_search(const struct regex_pcre2 *regex, struct slice subject,
				     size_t *steps);
enum regex_result regex_pcre2_match_whole(const struct regex_pcre2 *regex, struct slice subject);

/* The steps that a match of a subject of `len` bytes may take before it is REGEX_LIMIT. */
size_t regex_pcre2_budget(size_t len);

struct regex_range {
	uint32_t low, high; /* both included */
};

/* Appends the code points that a class in PCRE2 syntax has, as sorted struct regex_range. */
void regex_pcre2_ranges(GArray *out, const char *class_text);

#endif
