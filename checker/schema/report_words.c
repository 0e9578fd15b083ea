/*
 * What is wrong and what to type: the findings of the keywords that assert something. For people
 * who do not program: no word of JSON, the value in quotes, the nearest name or value at the caret.
 */
#include "schema/format.h"
#include "schema/report.h"
#include "schema/words.h"

#include "base/date.h"
#include "source/message.h"

#include <string.h>

/* --- types */

static struct phrase simple(struct reporter *reporter, enum message message)
{
	return phrase_make(reporter->arena, message, 0);
}

static struct phrase with(struct reporter *reporter, enum message message, struct slice value)
{
	return phrase_make(reporter->arena, message, 1, value);
}

/* What stands there, where it is not to be seen at a glance. */
static enum message what_is(const struct doc_node *value, bool text_wanted)
{
	switch ((enum doc_type)value->type) {
	case DOC_NULL:
		return MESSAGE_SCHEMA_IS_NULL;
	case DOC_BOOLEAN:
		return text_wanted ? MESSAGE_SCHEMA_IS_BOOLEAN : MESSAGE_SCHEMA_BARE_BOOLEAN;
	case DOC_INTEGER:
	case DOC_NUMBER:
		return text_wanted ? MESSAGE_SCHEMA_IS_NUMBER : MESSAGE_SCHEMA_BARE_NUMBER;
	case DOC_STRING:
		return MESSAGE_SCHEMA_IS_TEXT;
	case DOC_ARRAY:
		return MESSAGE_SCHEMA_IS_LIST;
	case DOC_OBJECT:
		return MESSAGE_SCHEMA_IS_FIELDS;
	}
	g_assert_not_reached();
}

/* The words for one wanted type; MESSAGE_NONE for several. */
static enum message wanted(uint8_t types)
{
	switch (types) {
	case SCHEMA_NULL:
		return MESSAGE_SCHEMA_WANT_NULL;
	case SCHEMA_BOOLEAN:
		return MESSAGE_SCHEMA_WANT_BOOLEAN;
	case SCHEMA_INTEGER:
		return MESSAGE_SCHEMA_WANT_INTEGER;
	case SCHEMA_NUMBER | SCHEMA_INTEGER:
		return MESSAGE_SCHEMA_WANT_NUMBER;
	case SCHEMA_STRING:
		return MESSAGE_SCHEMA_WANT_TEXT;
	case SCHEMA_ARRAY:
		return MESSAGE_SCHEMA_WANT_LIST;
	case SCHEMA_OBJECT:
		return MESSAGE_SCHEMA_WANT_FIELDS;
	default:
		return MESSAGE_NONE;
	}
}

static bool is_scalar(const struct doc_node *value)
{
	return value->type != DOC_ARRAY && value->type != DOC_OBJECT;
}

/* Text is wanted, and what was written is read as something else. */
static bool quotes_would_help(const struct doc_node *value, uint8_t types)
{
	return types & SCHEMA_STRING && is_scalar(value) && value->type != DOC_STRING && value->len;
}

/* A number or truth value is wanted, and it was written in quotes. */
static bool quotes_are_too_much(const struct doc_node *value, uint8_t types)
{
	struct decimal number;

	if (value->type != DOC_STRING || !(value->flags & DOC_QUOTED))
		return false;
	if (types & SCHEMA_NUMBER)
		return decimal_parse(&number, value->text, value->len);
	if (types & SCHEMA_INTEGER)
		return decimal_parse(&number, value->text, value->len) &&
		       decimal_is_integer(&number);
	return types & SCHEMA_BOOLEAN && (slice_equal(doc_text(value), SLICE("true")) ||
					  slice_equal(doc_text(value), SLICE("false")));
}

static void advise_on_type(struct reporter *reporter, struct finding *finding,
			   const struct doc_node *value, uint8_t types)
{
	struct slice text = {value->text, value->len};

	finding->label = simple(reporter, what_is(value, types & SCHEMA_STRING));
	if (quotes_would_help(value, types)) {
		finding->hint = with(reporter, MESSAGE_SCHEMA_WRITE,
				     words_quoted(reporter->arena, text));
	} else if (quotes_are_too_much(value, types)) {
		finding->label = simple(reporter, MESSAGE_SCHEMA_WITHOUT_QUOTES);
		finding->hint = with(reporter, MESSAGE_SCHEMA_WRITE, text);
	} else if (types == SCHEMA_ARRAY && is_scalar(value) && value->len) {
		finding->label = simple(reporter, MESSAGE_SCHEMA_AN_ENTRY);
		finding->hint = with(reporter, MESSAGE_SCHEMA_ENTRY,
				     words_value(reporter->arena, value));
	}
}

void say_wrong_type(struct reporter *reporter, const struct spot *spot,
		    const struct schema_keyword *keyword, uint8_t types)
{
	struct finding *finding = fault_add(reporter, spot, keyword, FINDING_WRONG_TYPE);
	uint8_t told = types & SCHEMA_NULL && types != SCHEMA_NULL ? types & ~SCHEMA_NULL : types;
	enum message message = wanted(told);

	if (message != MESSAGE_NONE)
		finding->message = simple(reporter, message);
	else
		finding->message.words = words_types(reporter->arena, told);
	advise_on_type(reporter, finding, spot->instance, types);
}

/* --- lists of values */

static void offer(struct reporter *reporter, const struct spot *spot, struct finding *finding,
		  const struct doc_node *value)
{
	struct slice text = words_value(reporter->arena, value);
	struct edit *edit;

	finding->hint = with(reporter, MESSAGE_SCHEMA_WRITE, text);
	if (spot->instance->type != DOC_STRING || value->type != DOC_STRING || reporter->named ||
	    spot->instance->flags & (DOC_COPIED | DOC_BLOCK))
		return;
	edit = arena_new(reporter->arena, struct edit);
	edit->span = spot->instance->span;
	edit->text = words_like(reporter->arena, reporter->document->source, edit->span,
				doc_text(value));
	finding->fix = FIX_UNSAFE;
	finding->edits = edit;
	finding->edit_count = 1;
}

/* The value of the list that is nearest to what was written, NULL where none is near. */
static const struct doc_node *nearest_value(struct reporter *reporter,
					    const struct values_detail *values,
					    const struct doc_node *value)
{
	uint32_t count = MIN(values->count, WORDS_COMPARED);
	struct slice *texts = arena_array(reporter->arena, count, sizeof(*texts));
	ptrdiff_t nearest;

	if (value->type != DOC_STRING || value->len < 3 || value->len > WORDS_LONG)
		return NULL;
	for (uint32_t i = 0; i < count; i++)
		texts[i] = is_scalar(values->values[i]) && values->values[i]->len
				   ? (struct slice){values->values[i]->text, values->values[i]->len}
				   : (struct slice){"", 0};
	nearest = text_nearest((struct slice){value->text, value->len}, texts, count);
	return nearest < 0 ? NULL : values->values[nearest];
}

void say_not_in_list(struct reporter *reporter, const struct spot *spot,
		     const struct schema_keyword *keyword)
{
	const struct values_detail *values = keyword->detail;
	struct finding *finding = fault_add(reporter, spot, keyword, FINDING_NOT_IN_LIST);
	const struct doc_node *value = spot->instance;
	struct slice text = words_value(reporter->arena, value);
	const struct doc_node *near = nearest_value(reporter, values, value);

	if (values->count == 1) {
		struct slice only = words_value(reporter->arena, values->values[0]);

		finding->message = text.len ? phrase_make(reporter->arena, MESSAGE_SCHEMA_NOT_CONST,
							  2, only, text)
					    : with(reporter, MESSAGE_SCHEMA_NOT_CONST_BIG, only);
		offer(reporter, spot, finding, values->values[0]);
		return;
	}
	finding->message = text.len ? with(reporter, MESSAGE_SCHEMA_NOT_IN_LIST, text)
				    : simple(reporter, MESSAGE_SCHEMA_NOT_IN_LIST_BIG);
	if (near)
		offer(reporter, spot, finding, near);
	finding->label = with(reporter, MESSAGE_SCHEMA_ALLOWED,
			      words_values(reporter->arena, values));
}

/* --- dates of reduced precision */

static struct slice iso(struct reporter *reporter, struct date date)
{
	g_autoptr(GString) text = g_string_new(NULL);

	date_append_iso(text, date);
	return (struct slice){arena_dup(reporter->arena, text->str, text->len), text->len};
}

static bool same_date(struct date a, struct date b)
{
	return a.year == b.year && a.month == b.month && a.day == b.day;
}

/* 2005-02-30: digits where they belong, but no such day. */
static bool is_near_calendar(struct date *last, struct slice text)
{
	struct date date;
	int month;

	if (text.len != 10 || text.data[4] != '-' || text.data[7] != '-' ||
	    !date_parse(&date, (struct slice){text.data, 7}))
		return false;
	month = date_month_days(date.year, date.month);
	if (!g_ascii_isdigit(text.data[8]) || !g_ascii_isdigit(text.data[9]))
		return false;
	*last = (struct date){date.year, date.month, month};
	return true;
}

static void guess_date(struct reporter *reporter, struct finding *finding, struct slice text)
{
	struct date guesses[DATE_GUESSES];
	size_t count = date_guess(guesses, text);
	struct date month;

	if (count == 2 && !same_date(guesses[0], guesses[1])) {
		finding->label = phrase_make(reporter->arena, MESSAGE_SCHEMA_DATE_GUESSES, 2,
					     iso(reporter, guesses[0]), iso(reporter, guesses[1]));
	} else if (count && guesses[0].day) {
		month = guesses[0];
		month.day = 0;
		finding->label = phrase_make(reporter->arena, MESSAGE_SCHEMA_DATE_GUESS, 2,
					     iso(reporter, guesses[0]), iso(reporter, month));
	} else if (count) {
		finding->label = with(reporter, MESSAGE_SCHEMA_DATE_GUESS_MONTH,
				      iso(reporter, guesses[0]));
	} else {
		finding->label = simple(reporter, MESSAGE_SCHEMA_DATE_FORMS);
	}
}

/* One guess is a fix; of two, neither is (DESIGN.md section 6). */
static void fix_date(struct reporter *reporter, const struct spot *spot, struct finding *finding)
{
	struct date guesses[DATE_GUESSES];
	struct edit *edit;

	if (spot->instance->flags & (DOC_COPIED | DOC_BLOCK) ||
	    date_guess(guesses, doc_text(spot->instance)) != 1)
		return;
	edit = arena_new(reporter->arena, struct edit);
	edit->span = spot->instance->span;
	edit->text = words_like(reporter->arena, reporter->document->source, edit->span,
				iso(reporter, guesses[0]));
	finding->fix = FIX_UNSAFE;
	finding->edits = edit;
	finding->edit_count = 1;
}

void say_no_date(struct reporter *reporter, const struct spot *spot,
		 const struct schema_keyword *keyword)
{
	struct finding *finding = fault_add(reporter, spot, keyword, FINDING_DATE_FORMAT);
	const struct doc_node *value = spot->instance;
	struct slice text = {value->text, value->len};
	struct date last;

	if (!is_scalar(value) || !value->len || value->type == DOC_NULL) {
		finding->message = simple(reporter, MESSAGE_SCHEMA_NO_DATE_BIG);
		finding->label = simple(reporter, MESSAGE_SCHEMA_DATE_FORMS);
		return;
	}
	if (is_near_calendar(&last, text)) {
		finding->message = with(reporter, MESSAGE_SCHEMA_DATE_NO_DAY, text);
		finding->label = with(reporter, MESSAGE_SCHEMA_DATE_LAST_DAY, iso(reporter, last));
		return;
	}
	finding->message = with(reporter, MESSAGE_SCHEMA_NO_DATE,
				words_short(reporter->arena, text));
	guess_date(reporter, finding, text);
	if (value->type == DOC_STRING)
		fix_date(reporter, spot, finding);
}

/* --- numbers, lengths */

void say_limit(struct reporter *reporter, const struct spot *spot,
	       const struct schema_keyword *keyword)
{
	struct finding *finding = fault_add(reporter, spot, keyword, FINDING_OUT_OF_RANGE);
	const struct limit_detail *limit = keyword->detail;
	enum message message = MESSAGE_SCHEMA_NOT_MULTIPLE;

	if (keyword->id == SCHEMA_KEYWORD_MINIMUM ||
	    keyword->id == SCHEMA_KEYWORD_EXCLUSIVE_MINIMUM)
		message = limit->exclusive ? MESSAGE_SCHEMA_TOO_SMALL_OR_EQUAL
					   : MESSAGE_SCHEMA_TOO_SMALL;
	if (keyword->id == SCHEMA_KEYWORD_MAXIMUM ||
	    keyword->id == SCHEMA_KEYWORD_EXCLUSIVE_MAXIMUM)
		message = limit->exclusive ? MESSAGE_SCHEMA_TOO_LARGE_OR_EQUAL
					   : MESSAGE_SCHEMA_TOO_LARGE;
	finding->message = phrase_make(reporter->arena, message, 2,
				       words_value(reporter->arena, spot->instance),
				       words_value(reporter->arena, keyword->value));
}

static struct slice number_text(struct reporter *reporter, uint32_t number)
{
	return slice_of(arena_printf(reporter->arena, "%u", (unsigned)number));
}

void say_count(struct reporter *reporter, const struct spot *spot,
	       const struct schema_keyword *keyword)
{
	static const struct {
		enum schema_keyword_id id;
		enum finding_code code;
		enum message message;
		enum message empty; /* for at least 1 */
	} rows[] = {
		{SCHEMA_KEYWORD_MIN_LENGTH, FINDING_TEXT_LENGTH, MESSAGE_SCHEMA_TEXT_SHORT,
		 MESSAGE_SCHEMA_TEXT_EMPTY},
		{SCHEMA_KEYWORD_MAX_LENGTH, FINDING_TEXT_LENGTH, MESSAGE_SCHEMA_TEXT_LONG, 0},
		{SCHEMA_KEYWORD_MIN_ITEMS, FINDING_ITEM_COUNT, MESSAGE_SCHEMA_LIST_SHORT,
		 MESSAGE_SCHEMA_LIST_EMPTY},
		{SCHEMA_KEYWORD_MAX_ITEMS, FINDING_ITEM_COUNT, MESSAGE_SCHEMA_LIST_LONG, 0},
		{SCHEMA_KEYWORD_MIN_PROPERTIES, FINDING_PROPERTY_COUNT, MESSAGE_SCHEMA_FIELDS_FEW,
		 0},
		{SCHEMA_KEYWORD_MAX_PROPERTIES, FINDING_PROPERTY_COUNT, MESSAGE_SCHEMA_FIELDS_MANY,
		 0},
	};
	struct finding *finding;
	size_t row = 0;

	while (rows[row].id != keyword->id)
		row++;
	finding = fault_add(reporter, spot, keyword, rows[row].code);
	if (rows[row].empty && !spot->instance->count && keyword->number == 1)
		finding->message = simple(reporter, rows[row].empty);
	else
		finding->message = phrase_make(reporter->arena, rows[row].message, 2,
					       number_text(reporter, spot->instance->count),
					       number_text(reporter, keyword->number));
}

/* --- texts */

/* What the schema says about such values: an example, else its title. */
static void give_example(struct reporter *reporter, struct finding *finding,
			 const struct schema_node *node)
{
	const struct schema_keyword *examples = schema_keyword(node, SCHEMA_KEYWORD_EXAMPLES);
	const struct doc_node *first = examples ? doc_first(examples->value) : NULL;

	if (first && is_scalar(first))
		finding->label = with(reporter, MESSAGE_SCHEMA_FOR_EXAMPLE,
				      words_value(reporter->arena, first));
	else
		finding->label.words = words_title(node);
}

void say_pattern(struct reporter *reporter, const struct spot *spot,
		 const struct schema_keyword *keyword)
{
	struct finding *finding = fault_add(reporter, spot, keyword, FINDING_PATTERN);

	finding->message = with(reporter, MESSAGE_SCHEMA_PATTERN_FAILS,
				words_value(reporter->arena, spot->instance));
	give_example(reporter, finding, spot->node);
	if (phrase_is_empty(&finding->label))
		finding->label = with(reporter, MESSAGE_SCHEMA_PATTERN_IS,
				      words_short(reporter->arena, doc_text(keyword->value)));
}

void say_format(struct reporter *reporter, const struct spot *spot,
		const struct schema_keyword *keyword)
{
	static const struct {
		const char *format;
		enum message message;
	} rows[] = {
		{"date", MESSAGE_SCHEMA_FORMAT_DATE},
		{"time", MESSAGE_SCHEMA_FORMAT_TIME},
		{"date-time", MESSAGE_SCHEMA_FORMAT_DATE_TIME},
		{"duration", MESSAGE_SCHEMA_FORMAT_DURATION},
		{"email", MESSAGE_SCHEMA_FORMAT_EMAIL},
		{"idn-email", MESSAGE_SCHEMA_FORMAT_EMAIL},
		{"hostname", MESSAGE_SCHEMA_FORMAT_HOSTNAME},
		{"idn-hostname", MESSAGE_SCHEMA_FORMAT_HOSTNAME},
		{"ipv4", MESSAGE_SCHEMA_FORMAT_ADDRESS},
		{"ipv6", MESSAGE_SCHEMA_FORMAT_ADDRESS},
		{"uri", MESSAGE_SCHEMA_FORMAT_URI},
		{"iri", MESSAGE_SCHEMA_FORMAT_URI},
		{"uri-reference", MESSAGE_SCHEMA_FORMAT_REFERENCE},
		{"iri-reference", MESSAGE_SCHEMA_FORMAT_REFERENCE},
		{"uuid", MESSAGE_SCHEMA_FORMAT_UUID},
		{"regex", MESSAGE_SCHEMA_FORMAT_REGEX},
	};
	struct finding *finding = fault_add(reporter, spot, keyword, FINDING_FORMAT);
	struct slice name = doc_text(keyword->value);
	enum message message = MESSAGE_SCHEMA_FORMAT_FAILS;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (slice_equal(name, slice_of(rows[i].format)))
			message = rows[i].message;
	finding->message = phrase_make(reporter->arena, message, 2,
				       words_value(reporter->arena, spot->instance), name);
	give_example(reporter, finding, spot->node);
}
