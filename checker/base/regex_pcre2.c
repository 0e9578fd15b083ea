/*
 * PCRE2 for the patterns that are not regular, under limits that bound the whole match.
 *
 * PCRE2 counts its match limit anew at each start position. So each start is tried by itself,
 * anchored, first under a small limit and, where that does not suffice, under larger ones; every
 * limit spent is charged to one budget for the whole subject. A step may scan the rest of the
 * subject, so the budget shrinks with the subject's length. Whatever is not a match or a plain
 * "no match" is REGEX_LIMIT. No JIT: its limits are other ones.
 *
 * Look-behinds of varying length, which PCRE2 lacks, are callouts: RE2 decides whether a match of
 * their body can end at the place.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "base/regex_engine.h"

#include <pcre2.h>

enum {
	WORK_MAX = 2000 * 1000 * 1000, /* steps times bytes of the subject */
	WORK_LENGTH_MIN = 256,         /* shorter subjects count as this long */
	FIRST_LIMIT = 32,
	HEAP_MAX_KIB = 16 * 1024,
};

struct regex_pcre2 {
	pcre2_code *code;
	GArray *behinds; /* struct regex_behind */
	bool anchored;
};

struct callout {
	const GArray *behinds;
};

static const char *message_of(int code)
{
	switch (code) {
	case PCRE2_ERROR_QUANTIFIER_TOO_BIG:
	case PCRE2_ERROR_PATTERN_TOO_LARGE:
	case PCRE2_ERROR_PATTERN_TOO_COMPLICATED:
	case PCRE2_ERROR_LOOKBEHIND_TOO_COMPLICATED:
	case PCRE2_ERROR_LOOKBEHIND_NOT_FIXED_LENGTH:
		return N_("this pattern is too large");
	}
	return N_("this pattern is beyond what planlint can match");
}

struct regex_pcre2 *regex_pcre2_compile(struct slice pattern, GArray *behinds,
					struct regex_error *error)
{
	struct regex_pcre2 *regex = g_new0(struct regex_pcre2, 1);
	uint32_t options = 0;
	PCRE2_SIZE offset;
	int code;

	regex->behinds = behinds;
	regex->code = pcre2_compile((PCRE2_SPTR)pattern.data, pattern.len,
				    PCRE2_UTF | PCRE2_MATCH_UNSET_BACKREF |
					    PCRE2_NEVER_BACKSLASH_C | PCRE2_NEVER_UCP |
					    PCRE2_DOLLAR_ENDONLY | PCRE2_NO_UTF_CHECK,
				    &code, &offset, NULL);
	if (!regex->code) {
		*error = (struct regex_error){0, message_of(code)};
		regex_pcre2_free(regex);
		return NULL;
	}
	pcre2_pattern_info(regex->code, PCRE2_INFO_ALLOPTIONS, &options);
	regex->anchored = options & PCRE2_ANCHORED;
	return regex;
}

void regex_pcre2_free(struct regex_pcre2 *regex)
{
	if (!regex)
		return;
	for (guint i = 0; i < regex->behinds->len; i++)
		regex_re2_free(g_array_index(regex->behinds, struct regex_behind, i).regex);
	g_array_free(regex->behinds, TRUE);
	pcre2_code_free(regex->code);
	g_free(regex);
}

/* 0: go on matching; positive: fail at this place; negative: give up. */
static int on_callout(pcre2_callout_block *block, void *context)
{
	struct callout *callout = context;
	struct slice subject = {(const char *)block->subject, block->subject_length};
	const struct regex_behind *behind;
	enum regex_result result;

	g_assert(block->callout_number >= 1 && block->callout_number <= callout->behinds->len);
	behind = &g_array_index(callout->behinds, struct regex_behind, block->callout_number - 1);
	result = regex_re2_match_until(behind->regex, subject, block->current_position);
	if (result == REGEX_LIMIT)
		return PCRE2_ERROR_CALLOUT;
	return (result == REGEX_MATCH) == behind->negated;
}

/* One match with what it needs. */
struct attempt {
	const struct regex_pcre2 *regex;
	struct slice subject;
	uint32_t options;
	pcre2_match_context *context;
	pcre2_match_data *data;
	size_t budget; /* steps that are left */
};

static enum regex_result match_at(struct attempt *attempt, size_t start)
{
	size_t limit = FIRST_LIMIT;
	int rc;

	do {
		limit = MIN(limit, attempt->budget);
		if (limit == 0)
			return REGEX_LIMIT;
		attempt->budget -= limit;
		pcre2_set_match_limit(attempt->context, (uint32_t)limit);
		rc = pcre2_match(attempt->regex->code, (PCRE2_SPTR)attempt->subject.data,
				 attempt->subject.len, start, attempt->options, attempt->data,
				 attempt->context);
		limit *= 8;
	} while (rc == PCRE2_ERROR_MATCHLIMIT);
	if (rc >= 0)
		return REGEX_MATCH;
	return rc == PCRE2_ERROR_NOMATCH ? REGEX_NO_MATCH : REGEX_LIMIT;
}

static enum regex_result match_anywhere(struct attempt *attempt, bool only_at_start)
{
	enum regex_result result = match_at(attempt, 0);

	for (size_t at = 1;
	     result == REGEX_NO_MATCH && !only_at_start && at <= attempt->subject.len; at++) {
		bool inside = at < attempt->subject.len &&
			      ((unsigned char)attempt->subject.data[at] & 0xc0) == 0x80;

		if (!inside)
			result = match_at(attempt, at);
	}
	return result;
}

size_t regex_pcre2_budget(size_t len)
{
	return WORK_MAX / MAX(len, WORK_LENGTH_MIN);
}

static enum regex_result match(const struct regex_pcre2 *regex, struct slice subject,
			       uint32_t options, size_t *steps)
{
	struct callout callout = {.behinds = regex->behinds};
	bool only_at_start = regex->anchored || options & PCRE2_ENDANCHORED;
	size_t length_max = only_at_start ? REGEX_BACKTRACK_ANCHORED_MAX
					  : REGEX_BACKTRACK_SUBJECT_MAX;
	struct attempt attempt = {.regex = regex, .subject = subject};
	enum regex_result result;

	*steps = 0;
	if (subject.len > length_max || text_valid_length(subject.data, subject.len) < subject.len)
		return REGEX_LIMIT;
	if (!subject.len)
		attempt.subject.data = "";
	attempt.options = options | PCRE2_ANCHORED | PCRE2_NO_UTF_CHECK;
	attempt.budget = regex_pcre2_budget(subject.len);
	attempt.context = pcre2_match_context_create(NULL);
	attempt.data = pcre2_match_data_create_from_pattern(regex->code, NULL);
	if (!attempt.context || !attempt.data)
		g_error("out of memory");
	pcre2_set_heap_limit(attempt.context, HEAP_MAX_KIB);
	pcre2_set_callout(attempt.context, on_callout, &callout);
	result = match_anywhere(&attempt, only_at_start);
	*steps = regex_pcre2_budget(subject.len) - attempt.budget;
	pcre2_match_data_free(attempt.data);
	pcre2_match_context_free(attempt.context);
	return result;
}

enum regex_result regex_pcre2_search(const struct regex_pcre2 *regex, struct slice subject,
				     size_t *steps)
{
	return match(regex, subject, 0, steps);
}

enum regex_result regex_pcre2_match_whole(const struct regex_pcre2 *regex, struct slice subject)
{
	size_t steps;

	return match(regex, subject, PCRE2_ENDANCHORED, &steps);
}

/* Every code point that UTF-8 can hold, in order. */
static GString *all_code_points(void)
{
	GString *all = g_string_sized_new(0x110000 * 4);
	char *end = all->str;

	for (uint32_t code = 0; code <= 0x10ffff; code++) {
		if (code < 0xd800 || code > 0xdfff)
			end += g_unichar_to_utf8(code, end);
	}
	g_string_set_size(all, (gsize)(end - all->str));
	return all;
}

void regex_pcre2_ranges(GArray *out, const char *class_text)
{
	GString *all = all_code_points();
	/* what is passed over is matched too: searching would begin anew at each character */
	char *text = g_strdup_printf("[^%s]*+(%s++)", class_text, class_text);
	PCRE2_SIZE offset;
	int code;
	pcre2_code *pattern = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, PCRE2_UTF,
					    &code, &offset, NULL);
	pcre2_match_data *data = pcre2_match_data_create(2, NULL);
	size_t at = 0;

	/* The names come from regex_property.def: the engine knows them all. */
	g_assert(pattern && data);
	while (pcre2_match(pattern, (PCRE2_SPTR)all->str, all->len, at,
			   PCRE2_NO_UTF_CHECK | PCRE2_ANCHORED, data, NULL) > 0) {
		const PCRE2_SIZE *run = pcre2_get_ovector_pointer(data) + 2;
		struct regex_range range = {
			g_utf8_get_char(all->str + run[0]),
			g_utf8_get_char(g_utf8_prev_char(all->str + run[1])),
		};

		g_array_append_val(out, range);
		at = run[1];
	}
	pcre2_match_data_free(data);
	pcre2_code_free(pattern);
	g_free(text);
	g_string_free(all, TRUE);
}
