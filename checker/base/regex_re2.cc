/*
 * RE2 behind a C interface: linear time, bounded memory, nothing logged. The only C++ of the
 * project; it holds no logic but the translation of arguments and errors.
 *
 * Where RE2's fast automaton runs out of memory it goes on with one whose time grows with the
 * program's size times the subject's, so that product is bounded before a match starts.
 *
 * RE2 searches byte by byte, and between the bytes of one character it sees no word on either side:
 * there an empty match of \B would be found. Patterns with \B are searched for from the start, with
 * whole characters passed over.
 */
#include <glib.h>
#include <memory>
#include <re2/re2.h>
#include <string.h>

extern "C" {
#include "base/regex_engine.h"
}

struct regex_re2 {
	RE2 pattern;
	size_t program_size;
	std::unique_ptr<RE2> searched; /* what to search with instead; may be null */

	regex_re2(const re2::StringPiece &text, const RE2::Options &options)
	    : pattern(text, options), program_size(0)
	{
	}
};

/* Bytes for the program and its automata; and steps for the subject of one match. */
static const int64_t memory_max = 8 << 20;
static const size_t work_max = 1000 * 1000 * 1000;

static const char *message_of(RE2::ErrorCode code)
{
	switch (code) {
	case RE2::NoError:
		return "";
	case RE2::ErrorBadEscape:
		return N_("there is no such escape");
	case RE2::ErrorBadCharClass:
	case RE2::ErrorBadCharRange:
		return N_("this character class or range is not valid");
	case RE2::ErrorMissingBracket:
		return N_("a [ has no ]");
	case RE2::ErrorMissingParen:
		return N_("a ( has no )");
	case RE2::ErrorUnexpectedParen:
		return N_("a ) has no (");
	case RE2::ErrorTrailingBackslash:
		return N_("a backslash at the end escapes nothing");
	case RE2::ErrorRepeatArgument:
		return N_("there is nothing to repeat");
	case RE2::ErrorRepeatSize:
		return N_("this repetition is too large");
	case RE2::ErrorRepeatOp:
		return N_("this repetition is not valid");
	case RE2::ErrorBadPerlOp:
		return N_("RE2 has no group that begins like this");
	case RE2::ErrorBadUTF8:
		return N_("this is no UTF-8");
	case RE2::ErrorBadNamedCapture:
		return N_("the name of this group is not valid");
	case RE2::ErrorPatternTooLarge:
		return N_("this pattern is too large");
	default:
		return N_("RE2 cannot compile this pattern");
	}
}

/* Where RE2's own word on the fault stands in the pattern. */
static size_t offset_of(const RE2 &pattern, struct slice text)
{
	const std::string &piece = pattern.error_arg();
	const void *found = nullptr;

	if (!piece.empty() && piece.size() <= text.len)
		found = memmem(text.data, text.len, piece.data(), piece.size());
	return found ? (size_t)((const char *)found - text.data) : 0;
}

static re2::StringPiece piece_of(struct slice text)
{
	return re2::StringPiece(text.len ? text.data : "", text.len);
}

static std::unique_ptr<RE2> searched_of(struct slice pattern, const RE2::Options &options)
{
	std::unique_ptr<RE2> searched;
	std::string text;

	if (!pattern.len || !memmem(pattern.data, pattern.len, "\\B", 2))
		return searched;
	text.append("\\A(?s:.*?)(?:").append(pattern.data, pattern.len).append(")");
	searched.reset(new RE2(text, options));
	if (!searched->ok()) /* what is open at the end may be closed by nothing: \Q */
		searched.reset();
	return searched;
}

struct regex_re2 *regex_re2_compile(struct slice pattern, struct regex_error *error)
{
	RE2::Options options;
	struct regex_re2 *regex;

	options.set_log_errors(false);
	options.set_max_mem(memory_max);
	regex = new regex_re2(piece_of(pattern), options);
	if (regex->pattern.ok()) {
		regex->program_size = (size_t)regex->pattern.ProgramSize();
		regex->searched = searched_of(pattern, options);
		return regex;
	}
	if (error) {
		error->message = message_of(regex->pattern.error_code());
		error->offset = offset_of(regex->pattern, pattern);
	}
	delete regex;
	return nullptr;
}

void regex_re2_free(struct regex_re2 *regex)
{
	delete regex;
}

static enum regex_result match(const struct regex_re2 *regex, struct slice subject, size_t end,
			       RE2::Anchor anchor)
{
	const RE2 *pattern = anchor == RE2::UNANCHORED && regex->searched ? regex->searched.get()
									  : &regex->pattern;

	if (end > work_max / MAX(regex->program_size, 1))
		return REGEX_LIMIT;
	return pattern->Match(piece_of(subject), 0, end, anchor, nullptr, 0) ? REGEX_MATCH
									     : REGEX_NO_MATCH;
}

enum regex_result regex_re2_search(const struct regex_re2 *regex, struct slice subject)
{
	return match(regex, subject, subject.len, RE2::UNANCHORED);
}

enum regex_result regex_re2_match_whole(const struct regex_re2 *regex, struct slice subject)
{
	return match(regex, subject, subject.len, RE2::ANCHOR_BOTH);
}

enum regex_result regex_re2_match_until(const struct regex_re2 *regex, struct slice subject,
					size_t end)
{
	return match(regex, subject, end, RE2::ANCHOR_BOTH);
}
