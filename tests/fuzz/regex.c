/*
 * Patterns of any bytes: nothing crashes, a match of the whole is a match somewhere, and both
 * engines agree. An empty look-ahead behind a regular pattern sends it to the backtracking engine
 * without changing what it means.
 */
#include "base/regex.h"

#include <glib.h>
#include <string.h>

static void check_agreement(struct slice pattern, enum regex_syntax syntax, struct slice subject,
			    enum regex_result expected)
{
	char *text = g_strdup_printf("(?:%.*s)(?=)", (int)pattern.len, pattern.data);
	struct regex *other = NULL;

	if (strlen(text) == pattern.len + 8) /* no NUL in it */
		other = regex_compile(slice_of(text), syntax, NULL);
	if (other && !regex_is_linear(other)) {
		enum regex_result result = regex_search(other, subject);

		g_assert(result == REGEX_LIMIT || expected == REGEX_LIMIT || result == expected);
	}
	regex_free(other);
	g_free(text);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* The first byte chooses the dialect; the pattern ends at the first line end. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	enum regex_syntax syntax = size ? data[0] % 4 : REGEX_ECMA;
	const char *text = (const char *)data + (size > 0);
	const char *end;
	struct slice pattern, subject = {0};
	struct regex_error error = {0};
	struct regex *regex;
	enum regex_result found, whole;

	size -= size > 0;
	end = size ? memchr(text, '\n', size) : NULL;
	pattern = (struct slice){text, end ? (size_t)(end - text) : size};
	if (end)
		subject = (struct slice){end + 1, size - pattern.len - 1};
	subject.len = text_valid_length(subject.data, MIN(subject.len, 256));
	regex = regex_compile(pattern, syntax, &error);
	if (!regex) {
		g_assert(error.message && error.offset <= pattern.len);
		return 0;
	}
	found = regex_search(regex, subject);
	whole = regex_match_whole(regex, subject);
	g_assert(whole != REGEX_MATCH || found != REGEX_NO_MATCH);
	if (regex_is_linear(regex) && syntax <= REGEX_ECMA_ANNEX_B)
		check_agreement(pattern, syntax, subject, found);
	regex_free(regex);
	return 0;
}
