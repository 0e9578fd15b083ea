/*
 * Faults of YAML's syntax in words for the people who write plans. The parser knows that something
 * is wrong and roughly where; its words are for programmers and its place often is where it
 * noticed. A table says which of our messages belong to which of its words, and a function for each
 * looks at the text around the place for what was probably meant. What is in no table gets a
 * general message.
 */
#include "document/yaml.h"

#include "source/message.h"

#include <string.h>

struct fault {
	struct doc_reader *reader;
	const char *data;
	uint32_t size;
	uint32_t at;         /* where the parser noticed */
	uint32_t bracket;    /* the innermost open one, or size */
	const char *message; /* the parser's */
};

static uint32_t line_start(const struct fault *fault, uint32_t at)
{
	while (at && fault->data[at - 1] != '\n')
		at--;
	return at ? at : bytes_mark(fault->reader->source);
}

static uint32_t line_end(const struct fault *fault, uint32_t at)
{
	while (at < fault->size && fault->data[at] != '\n' && fault->data[at] != '\r')
		at++;
	return at;
}

static uint32_t next_line(const struct fault *fault, uint32_t at)
{
	while (at < fault->size && fault->data[at++] != '\n')
		;
	return at;
}

/* The first byte of a line that is no blank. */
static uint32_t content_start(const struct fault *fault, uint32_t at)
{
	at = line_start(fault, at);
	while (at < fault->size && (fault->data[at] == ' ' || fault->data[at] == '\t'))
		at++;
	return at;
}

static struct finding *report(const struct fault *fault, enum finding_code code, struct span span,
			      enum message message)
{
	reader_fail(
		fault->reader, code, span,
		phrase_make(fault->reader->arena, message, 1, reader_excerpt(fault->reader, span)));
	return reader_last(fault->reader);
}

static struct finding *report_syntax(const struct fault *fault, uint32_t start, uint32_t end,
				     enum message message)
{
	return report(fault, FINDING_YAML_SYNTAX, (struct span){start, MAX(start, end)}, message);
}

static void set_hint(const struct fault *fault, struct finding *finding, enum message message,
		     const char *text)
{
	finding->hint = text ? phrase_make(fault->reader->arena, message, 1, slice_of(text))
			     : phrase_make(fault->reader->arena, message, 0);
}

static bool line_begins(const struct fault *fault, uint32_t at, const char *text)
{
	size_t len = strlen(text);

	return fault->size - at >= len && !memcmp(fault->data + at, text, len);
}

/* The lines that git leaves in a file: seven signs at the start of one. */
static bool explain_conflict(const struct fault *fault)
{
	struct finding *finding;

	for (uint32_t at = 0; at < fault->size; at = next_line(fault, at)) {
		if (!line_begins(fault, at, "<<<<<<< ") && !line_begins(fault, at, ">>>>>>> "))
			continue;
		finding = report_syntax(fault, at, line_end(fault, at), MESSAGE_YAML_CONFLICT);
		set_hint(fault, finding, MESSAGE_YAML_CONFLICT_HINT, NULL);
		return true;
	}
	return false;
}

/* The text from `start` to the end of its line, in double quotes. */
static const char *quoted(const struct fault *fault, uint32_t start)
{
	uint32_t end = line_end(fault, start);
	GString *text = g_string_new("\"");
	const char *copy;

	while (end > start && fault->data[end - 1] == ' ')
		end--;
	for (uint32_t at = start; at < end; at++) {
		if (fault->data[at] == '"' || fault->data[at] == '\\')
			g_string_append_c(text, '\\');
		g_string_append_c(text, fault->data[at]);
	}
	g_string_append_c(text, '"');
	copy = arena_dup(fault->reader->arena, text->str, text->len);
	g_string_free(text, TRUE);
	return copy;
}

/* The place behind "name: " or "- " at the start of the line, where its value begins. */
static uint32_t value_start(const struct fault *fault, uint32_t at)
{
	uint32_t end = line_end(fault, at);
	uint32_t start = content_start(fault, at);

	while (start + 1 < end && fault->data[start] == '-' && fault->data[start + 1] == ' ')
		start += 2;
	for (uint32_t i = start; i + 1 < end; i++)
		if (fault->data[i] == ':' && fault->data[i + 1] == ' ') {
			while (++i < end && fault->data[i] == ' ')
				;
			return i;
		}
	return start;
}

/* title: Plan: a second colon in the value */
static void explain_colon(const struct fault *fault)
{
	uint32_t value = value_start(fault, fault->at);
	uint32_t colon = MAX(fault->at, value);
	uint32_t end = line_end(fault, colon);
	struct finding *finding;

	while (colon + 1 < end && (fault->data[colon] != ':' || fault->data[colon + 1] != ' '))
		colon++;
	finding = report(fault, FINDING_YAML_COLON_IN_TEXT,
			 (struct span){colon, MIN(colon + 1, fault->size)}, MESSAGE_YAML_COLON);
	set_hint(fault, finding, MESSAGE_YAML_QUOTE_HINT, quoted(fault, value));
}

/* The first colon of a line that no blank follows, or the line's end. */
static uint32_t tight_colon(const struct fault *fault, uint32_t at)
{
	uint32_t end = line_end(fault, at);

	for (at = content_start(fault, at); at + 1 < end; at++)
		if (fault->data[at] == ':')
			return fault->data[at + 1] == ' ' ? end : at;
	return end;
}

static bool has_entry(const struct fault *fault, uint32_t at)
{
	return value_start(fault, at) > content_start(fault, at);
}

/*
 * A text goes on over a line that was meant as an entry: the colon lacks its space or is not there,
 * or the line is indented below a value.
 */
static void explain_run_on(const struct fault *fault)
{
	uint32_t colon = tight_colon(fault, fault->at);
	uint32_t next = next_line(fault, fault->at);

	if (colon < line_end(fault, fault->at))
		report_syntax(fault, colon, colon + 1, MESSAGE_YAML_COLON_SPACE);
	else if (has_entry(fault, fault->at) && next < fault->size)
		report_syntax(fault, content_start(fault, next), line_end(fault, next),
			      MESSAGE_YAML_INDENT_DEEPER);
	else
		report_syntax(fault, content_start(fault, fault->at), line_end(fault, fault->at),
			      MESSAGE_YAML_NO_COLON);
}

static void explain_tab(const struct fault *fault)
{
	uint32_t at = line_start(fault, fault->at), end = line_end(fault, at);

	while (at < end && fault->data[at] != '\t')
		at++;
	report_syntax(fault, at, at + (at < end), MESSAGE_YAML_TAB);
}

static void explain_unclosed_quote(const struct fault *fault)
{
	char quote = strstr(fault->message, "single") ? '\'' : '"';
	uint32_t at = MIN(fault->at, fault->size ? fault->size - 1 : 0);

	while (at && fault->data[at] != quote)
		at--;
	report_syntax(fault, at, line_end(fault, at), MESSAGE_YAML_UNCLOSED_QUOTE);
}

static void explain_after_quote(const struct fault *fault)
{
	bool is_single = strstr(fault->message, "single") != NULL;
	uint32_t start = content_start(fault, fault->at);
	struct finding *finding;

	if (start < fault->at && fault->data[start] == (is_single ? '\'' : '"')) {
		report_syntax(fault, start, fault->at, MESSAGE_YAML_NO_COLON);
		return;
	}
	finding = report_syntax(fault, fault->at, line_end(fault, fault->at),
				MESSAGE_YAML_AFTER_QUOTE);
	set_hint(fault, finding,
		 is_single ? MESSAGE_YAML_APOSTROPHE_HINT : MESSAGE_YAML_INNER_QUOTE_HINT, NULL);
}

static void explain_bracket(const struct fault *fault)
{
	uint32_t at = fault->bracket < fault->size ? fault->bracket : MIN(fault->at, fault->size);

	report_syntax(fault, at, MIN(at + 1, fault->size), MESSAGE_YAML_UNCLOSED_BRACKET);
}

static void explain_extra_bracket(const struct fault *fault)
{
	report_syntax(fault, fault->at, MIN(fault->at + 1, fault->size),
		      MESSAGE_YAML_EXTRA_BRACKET);
}

/* A line in brackets, or their end, is not indented more than what they are in. */
static void explain_indent_in_brackets(const struct fault *fault)
{
	uint32_t at = fault->at;

	while (at < fault->size && strchr(" \t\r\n,", fault->data[at]))
		at++;
	report_syntax(fault, content_start(fault, at), line_end(fault, at),
		      MESSAGE_YAML_INDENT_BRACKETS);
}

static void explain_indent(const struct fault *fault)
{
	uint32_t at = content_start(fault, fault->at);
	bool is_item = at + 1 < fault->size && fault->data[at] == '-' && fault->data[at + 1] == ' ';
	bool is_tab = memchr(fault->data + line_start(fault, at), '\t',
			     at - line_start(fault, at)) != NULL;

	if (is_tab)
		explain_tab(fault);
	else if (fault->at > at)
		report_syntax(fault, fault->at, line_end(fault, fault->at),
			      MESSAGE_YAML_UNEXPECTED);
	else if (is_item && !strstr(fault->message, "sequence"))
		report_syntax(fault, at, at + 1, MESSAGE_YAML_ITEM);
	else
		report_syntax(fault, at, line_end(fault, at), MESSAGE_YAML_INDENT);
}

static void explain_item_on_line(const struct fault *fault)
{
	report_syntax(fault, fault->at, line_end(fault, fault->at), MESSAGE_YAML_ITEM_ON_LINE);
}

static void explain_first_character(const struct fault *fault)
{
	uint32_t at = value_start(fault, fault->at);
	uint32_t code_point;
	size_t len = text_decode(fault->data + at, fault->size - at, &code_point);
	struct finding *finding = report_syntax(fault, at, at + (uint32_t)len,
						MESSAGE_YAML_FIRST_CHARACTER);

	set_hint(fault, finding, MESSAGE_YAML_QUOTE_HINT, quoted(fault, at));
}

static void explain_escape(const struct fault *fault)
{
	uint32_t at = MIN(fault->at, fault->size);

	while (at && fault->data[at - 1] == '\\' && fault->data[at] != '\\')
		at--;
	report_syntax(fault, at, MIN(at + 2, fault->size), MESSAGE_YAML_ESCAPE);
}

static void explain_block_header(const struct fault *fault)
{
	report_syntax(fault, fault->at, line_end(fault, fault->at), MESSAGE_YAML_BLOCK_HEADER);
}

/* Within a bracket, that is what the reader has to look at. */
static void explain_general(const struct fault *fault)
{
	if (fault->bracket < fault->size)
		explain_bracket(fault);
	else
		report_syntax(fault, fault->at, line_end(fault, fault->at), MESSAGE_YAML_GENERAL);
}

/* The first row whose words the parser's message contains. */
static const struct {
	const char *words;
	void (*explain)(const struct fault *fault);
} explanations[] = {
	{"tab", explain_tab},
	{"nested block mapping on the same line", explain_colon},
	{"multiline plain key", explain_run_on},
	{"could not find expected ':'", explain_run_on},
	{"invalid value after mapping", explain_indent},
	{"without closing quote", explain_unclosed_quote},
	{"wrongly indented flow", explain_indent_in_brackets},
	{"in flow mode", explain_indent_in_brackets},
	{"wrongly indented", explain_unclosed_quote},
	{"invalid trailing content", explain_after_quote},
	{"without a closing bracket", explain_bracket},
	{"missing comma", explain_bracket},
	{"extra closing bracket", explain_extra_bracket},
	{"invalid escape", explain_escape},
	{"block sequence on the same line", explain_item_on_line},
	{"block scalar no linebreak", explain_block_header},
	{"cannot start with", explain_first_character},
	{"invalid alias", explain_first_character},
	{"invalid anchor", explain_first_character},
	{"indentation", explain_indent},
	{"indendation", explain_indent},
	{"did not find expected key", explain_indent},
	{"at the end of block sequence", explain_indent},
	{"mapping in plain multiline", explain_indent},
	{"", explain_general},
};

void yaml_explain(struct doc_reader *reader, const struct yaml_outcome *outcome, uint32_t bracket)
{
	struct fault fault = {
		.reader = reader,
		.data = reader->source->data,
		.size = (uint32_t)reader->source->size,
		.at = MIN(outcome->offset, (uint32_t)reader->source->size),
		.bracket = bracket,
		.message = outcome->message,
	};
	size_t row = 0;

	if (explain_conflict(&fault))
		return;
	while (!strstr(fault.message, explanations[row].words))
		row++;
	explanations[row].explain(&fault);
}
