/*
 * One page for a browser, without anything from elsewhere: the verdict, what was looked at, a table
 * of the findings (of an audit those that are open at its end) and of an audit the commits that
 * changed something. The page forbids itself scripts and loading, should an escape ever fail.
 */
#include "report/listing.h"

#include <string.h>

struct html_state {
	GString *rows;
	GString *commits; /* rows of their table */
	struct listing_first first;
};

static const char head[] =
	"<meta charset=\"utf-8\">\n"
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	"style-src 'unsafe-inline'\">\n"
	"<meta name=\"viewport\" content=\"width=device-width\">\n"
	"<title>planlint</title>\n"
	"<style>\n"
	"body { font: 16px/1.5 sans-serif; max-width: 75em; margin: 2em auto; padding: 0 1em }\n"
	"h1 { font-size: 1.3em } h2 { font-size: 1.1em }\n"
	"table { border-collapse: collapse } th, td { padding: .3em .8em; text-align: left; "
	"vertical-align: top; border-bottom: 1px solid #ccc }\n"
	".error { color: #a00 } .warning { color: #850 } .info { color: #055 }\n"
	"td.place { font-family: monospace; white-space: nowrap }\n"
	"</style>\n";

static void begin(struct report_output *output)
{
	struct html_state *state = g_new0(struct html_state, 1);

	state->rows = g_string_new(NULL);
	state->commits = g_string_new(NULL);
	output->state = state;
}

static void append_xml(GString *out, const char *text)
{
	listing_append_xml(out, text, strlen(text));
}

/* <td>text</td> */
static void append_cell(GString *out, const char *class, const char *text)
{
	g_string_append_printf(out, "<td class=\"%s\">", class);
	append_xml(out, text);
	g_string_append(out, "</td>");
}

/* The cells of a finding: severity, place, message, rule. */
static void append_finding(GString *out, const struct finding *finding, enum language language)
{
	const char *severity = severity_name(finding->severity);
	struct position start = listing_start(finding);
	char *sentence = listing_sentence(finding, language);
	char *place = g_strdup_printf("%s:%u:%u", listing_path(finding), start.line,
				      start.column_code_points);

	append_cell(out, severity, report_severity_words(finding->severity, 1, language));
	append_cell(out, "place", place);
	append_cell(out, "message", sentence);
	append_cell(out, "rule", finding->rule);
	g_string_append(out, "</tr>\n");
	g_free(place);
	g_free(sentence);
}

static void item(struct report_output *output, const struct finding *finding)
{
	struct html_state *state = output->state;

	listing_first_note(&state->first, finding, output->language);
	g_string_append(state->rows, "<tr>");
	append_finding(state->rows, finding, output->language);
}

/* "1a2b3c4d5e 2009-03-05 Author: subject" over all columns */
static void append_commit(GString *out, const struct report_commit *commit)
{
	g_string_append(out, "<tr><th colspan=\"5\">");
	g_string_append_printf(out, "%.10s ", commit->id);
	report_append_date(out, commit->time, commit->offset, REPORT_DATE_DAY);
	g_string_append_c(out, ' ');
	if (commit->author.data) {
		listing_append_xml(out, commit->author.data, commit->author.len);
		g_string_append(out, ": ");
	}
	listing_append_xml(out, commit->subject.data, commit->subject.len);
	g_string_append(out, "</th></tr>\n");
}

static void commit(struct report_output *output, const struct report_commit *commit)
{
	struct html_state *state = output->state;
	bool is_named = false;

	for (int what = 0; what < REPORT_STATE_COUNT; what++)
		for (size_t i = 0; i < commit->lists[what].count; i++) {
			if (!is_named)
				append_commit(state->commits, commit);
			is_named = true;
			g_string_append(state->commits, "<tr>");
			append_cell(state->commits, "state",
				    report_words(output->language,
						 report_state_name((enum report_state)what)));
			append_finding(state->commits, commit->lists[what].entries[i].finding,
				       output->language);
		}
}

static void append_fact(struct report_output *output, const char *name, const char *value)
{
	g_string_append_printf(output->out, "<li>%s: ", name);
	append_xml(output->out, value);
	g_string_append(output->out, "</li>\n");
}

static void append_table(struct report_output *output, const char *title, const char *first_head,
			 const GString *rows)
{
	enum language language = output->language;

	if (!rows->len)
		return;
	g_string_append_printf(output->out, "<h2>%s</h2>\n<table>\n<tr>", title);
	if (first_head)
		g_string_append_printf(output->out, "<th>%s</th>", first_head);
	g_string_append_printf(
		output->out, "<th>%s</th><th>%s</th><th>%s</th><th>%s</th></tr>\n%s</table>\n",
		report_words(language, "severity"), report_words(language, "place"),
		report_words(language, "message"), report_words(language, "rule"), rows->str);
}

static void append_page(struct report_output *output, const struct report_looked_at *looked_at)
{
	const struct html_state *state = output->state;
	enum language language = output->language;
	char *verdict = listing_verdict(output, looked_at, &state->first);

	g_string_append_printf(output->out, "<!doctype html>\n<html lang=\"%s\">\n%s<h1>",
			       language == LANGUAGE_FR ? "fr" : "en", head);
	append_xml(output->out, verdict);
	g_string_append(output->out, "</h1>\n<ul>\n");
	listing_each_fact(output, looked_at, append_fact);
	g_string_append(output->out, "</ul>\n");
	append_table(output, report_words(language, "findings"), NULL, state->rows);
	append_table(output, report_words(language, "commits"), report_words(language, "state"),
		     state->commits);
	g_string_append(output->out, "</html>\n");
	g_free(verdict);
}

static void end(struct report_output *output, const struct report_looked_at *looked_at)
{
	struct html_state *state = output->state;

	if (looked_at)
		append_page(output, looked_at);
	listing_first_release(&state->first);
	g_string_free(state->rows, TRUE);
	g_string_free(state->commits, TRUE);
	g_free(state);
}

const struct report_format report_html = {
	.name = "html",
	.begin = begin,
	.open = item,
	.commit = commit,
	.end = end,
};
