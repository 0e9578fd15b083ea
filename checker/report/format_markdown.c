/*
 * Markdown for a comment or the summary of a build: the verdict, what was looked at, a table of the
 * findings (of an audit those that are open at its end). Every character of the repository's that
 * Markdown or GitHub could take for more than text is written as a character reference.
 */
#include "report/listing.h"

#include <string.h>

enum { ROWS_SHOWN = 200 };

struct markdown_state {
	GString *rows;
	size_t count;
	struct listing_first first; /* for the verdict */
};

static void begin(struct report_output *output)
{
	struct markdown_state *state = g_new0(struct markdown_state, 1);

	state->rows = g_string_new(NULL);
	output->state = state;
}

static void append_text(GString *out, const char *text)
{
	GString *plain = g_string_new(NULL);

	text_append_visible(plain, text, strlen(text));
	for (size_t i = 0; i < plain->len; i++) {
		char c = plain->str[i];
		bool ends_www = c == '.' && i && g_ascii_tolower(plain->str[i - 1]) == 'w';

		if (ends_www || (g_ascii_ispunct(c) && !strchr(" ,.;-/()", c)))
			g_string_append_printf(out, "&#%d;", c);
		else
			g_string_append_c(out, c);
	}
	g_string_free(plain, TRUE);
}

static void item(struct report_output *output, const struct finding *finding)
{
	struct markdown_state *state = output->state;
	char *sentence;

	listing_first_note(&state->first, finding, output->language);
	if (state->count++ >= ROWS_SHOWN)
		return;
	sentence = listing_sentence(finding, output->language);
	g_string_append_printf(state->rows, "| %s | ",
			       report_severity_words(finding->severity, 1, output->language));
	append_text(state->rows, listing_path(finding));
	g_string_append_printf(state->rows, " %u | ", listing_start(finding).line);
	append_text(state->rows, sentence);
	g_string_append(state->rows, " | ");
	append_text(state->rows, finding->rule);
	g_string_append(state->rows, " |\n");
	g_free(sentence);
}

/* "- name: value" */
static void append_fact(struct report_output *output, const char *name, const char *value)
{
	g_string_append_printf(output->out, "- %s: ", name);
	append_text(output->out, value);
	g_string_append_c(output->out, '\n');
}

static void append_rows(struct report_output *output)
{
	const struct markdown_state *state = output->state;
	enum language language = output->language;

	if (!state->count)
		return;
	g_string_append_printf(output->out,
			       "\n| %s | %s | %s | %s |\n| --- | --- | --- | --- |\n%s",
			       report_words(language, "severity"), report_words(language, "place"),
			       report_words(language, "message"), report_words(language, "rule"),
			       state->rows->str);
	if (state->count > ROWS_SHOWN)
		g_string_append_printf(output->out,
				       report_words(language, "\n%zu more are not shown.\n"),
				       state->count - ROWS_SHOWN);
}

static void end(struct report_output *output, const struct report_looked_at *looked_at)
{
	struct markdown_state *state = output->state;

	if (looked_at) {
		char *verdict = listing_verdict(output, looked_at, &state->first);

		g_string_append(output->out, "**planlint:** ");
		append_text(output->out, verdict);
		g_string_append(output->out, "\n\n");
		listing_each_fact(output, looked_at, append_fact);
		append_rows(output);
		g_free(verdict);
	}
	listing_first_release(&state->first);
	g_string_free(state->rows, TRUE);
	g_free(state);
}

const struct report_format report_markdown = {
	.name = "markdown",
	.begin = begin,
	.open = item,
	.end = end,
};
