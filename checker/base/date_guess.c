/*
 * What an author may have meant by a date in a form that planlint does not read, so that a message
 * can say what to type. The text is cut into numbers and words; their number, widths and kinds
 * decide the form. Numbers never mean a two-digit year, and a guess is always a day of the
 * calendar.
 *
 * Must not: decide. Where 05/06/2005 may be June or May, both are offered (date.h).
 */
#include "base/date.h"

#include <string.h>

enum { PARTS = 3, PART_MAX = 12 };

enum part_kind { PART_NUMBER, PART_MONTH };

struct part {
	enum part_kind kind;
	int value;    /* of a number; of a month 1 to 12 */
	size_t width; /* digits */
};

/* A language's months; abbreviations are any beginning of three letters or more but for "jui". */
static const char *const month_names[] = {
	"january", "february", "march",     "april",   "may",      "june",
	"july",    "august",   "september", "october", "november", "december",
	"janvier", "fevrier",  "mars",      "avril",   "mai",      "juin",
	"juillet", "aout",     "septembre", "octobre", "novembre", "decembre",
};

/* The month that a word of `len` folded letters begins or spells, 0 where none or several. */
static int month_of(const char *word, size_t len)
{
	int month = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(month_names) && len >= 3; i++) {
		int candidate = (int)(i % 12) + 1;

		if (strncmp(month_names[i], word, len))
			continue;
		if (month && month != candidate)
			return 0;
		month = candidate;
	}
	return month;
}

/* A letter folded to lower-case ASCII: é and û are all that months need; 0 where it is none. */
static char folded_letter(uint32_t c)
{
	if (c < 0x80)
		return g_ascii_isalpha((char)c) ? g_ascii_tolower((char)c) : 0;
	if (c == 0xe9 || c == 0xc9)
		return 'e';
	return c == 0xfb || c == 0xdb ? 'u' : 0;
}

/* Reads a word into a part; false where it is no month. The "er" of 1er is the caller's. */
static bool read_word(struct part *part, struct slice text, size_t *at)
{
	char word[PART_MAX];
	size_t len = 0;

	while (*at < text.len) {
		uint32_t c = 0;
		size_t length = text_decode(text.data + *at, text.len - *at, &c);
		char letter = length ? folded_letter(c) : 0;

		if (!letter)
			break;
		if (len == sizeof(word))
			return false;
		word[len++] = letter;
		*at += length;
	}
	*part = (struct part){.kind = PART_MONTH, .value = month_of(word, len)};
	return part->value != 0;
}

static void skip_ordinal(struct slice text, size_t *at)
{
	static const char *const endings[] = {"er", "st", "nd", "rd", "th"};

	for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
		size_t end = *at + strlen(endings[i]);

		if (end < text.len && !g_ascii_isalpha(text.data[end]) &&
		    !g_ascii_strncasecmp(text.data + *at, endings[i], end - *at)) {
			*at = end;
			return;
		}
	}
}

static bool read_number(struct part *part, struct slice text, size_t *at)
{
	size_t start = *at;
	int value = 0;

	while (*at < text.len && g_ascii_isdigit(text.data[*at])) {
		if (*at - start == 8)
			return false;
		value = value * 10 + (text.data[(*at)++] - '0');
	}
	*part = (struct part){.kind = PART_NUMBER, .value = value, .width = *at - start};
	if (part->width <= 2)
		skip_ordinal(text, at);
	return true;
}

/* Cuts the text into parts between blanks and - / . , ; false where something else stands there. */
static bool read_parts(struct part parts[PARTS], size_t *count, struct slice text)
{
	size_t at = 0;

	*count = 0;
	while (at < text.len) {
		unsigned char c = (unsigned char)text.data[at];

		if (strchr(" \t-/.,", c) && c) {
			at++;
		} else if (*count == PARTS) {
			return false;
		} else if (g_ascii_isdigit(c)) {
			if (!read_number(&parts[(*count)++], text, &at))
				return false;
		} else if (folded_letter(c) || c >= 0xc3) {
			if (!read_word(&parts[(*count)++], text, &at))
				return false;
		} else {
			return false;
		}
	}
	return true;
}

static size_t add_guess(struct date out[DATE_GUESSES], size_t count, int year, int month, int day)
{
	struct date date = {year, month, day};

	if (month < 1 || year < 1000 || !date_is_valid(date))
		return count;
	if (count == 1 && !date_compare(out[0], date))
		return count;
	out[count] = date;
	return count + 1;
}

/* 20050527, 200505 */
static size_t guess_run(struct date out[DATE_GUESSES], const struct part *part)
{
	if (part->kind == PART_NUMBER && part->width == 8 && part->value % 100)
		return add_guess(out, 0, part->value / 10000, part->value / 100 % 100,
				 part->value % 100);
	if (part->kind == PART_NUMBER && part->width == 6)
		return add_guess(out, 0, part->value / 100, part->value % 100, 0);
	return 0;
}

/* May 2005, 5/2005, 2005-5 */
static size_t guess_month(struct date out[DATE_GUESSES], const struct part *parts)
{
	if (parts[1].width == 4 && parts[0].width <= 2)
		return add_guess(out, 0, parts[1].value, parts[0].value, 0);
	if (parts[0].width == 4 && parts[1].width <= 2)
		return add_guess(out, 0, parts[0].value, parts[1].value, 0);
	return 0;
}

/* 27/05/2005, 27 May 2005, May 27 2005, 2005-5-7, 2005 May 7 */
static size_t guess_day(struct date out[DATE_GUESSES], const struct part *parts)
{
	size_t count = 0;

	if (parts[0].width == 4 && parts[1].width <= 2 && parts[2].width <= 2) {
		count = parts[2].value
				? add_guess(out, 0, parts[0].value, parts[1].value, parts[2].value)
				: 0;
	} else if (parts[2].width == 4 && parts[0].width <= 2 && parts[1].width <= 2) {
		if (parts[0].kind == PART_NUMBER && parts[0].value)
			count = add_guess(out, count, parts[2].value, parts[1].value,
					  parts[0].value);
		if (parts[1].kind == PART_NUMBER && parts[1].value)
			count = add_guess(out, count, parts[2].value, parts[0].value,
					  parts[1].value);
	}
	return count;
}

/* Without the time of day of an RFC 3339 text. */
static struct slice without_time(struct slice text)
{
	if (text.len > 11 &&
	    (text.data[10] == 'T' || text.data[10] == 't' || text.data[10] == ' ') &&
	    g_ascii_isdigit(text.data[11]))
		text.len = 10;
	return text;
}

size_t date_guess(struct date out[DATE_GUESSES], struct slice text)
{
	struct part parts[PARTS] = {{0}};
	size_t count = 0;
	size_t words = 0;

	if (!read_parts(parts, &count, without_time(text)))
		return 0;
	for (size_t i = 0; i < count; i++)
		words += parts[i].kind == PART_MONTH;
	if (words > 1)
		return 0;
	if (count == 1)
		return guess_run(out, &parts[0]);
	if (count == 2)
		return guess_month(out, parts);
	return count == 3 ? guess_day(out, parts) : 0;
}
