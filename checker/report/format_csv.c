/*
 * A table for spreadsheets (RFC 4180): a line a finding, of an audit those of each commit as it is
 * known, and the same columns for every command. Nothing that came from a repository can be taken
 * for a formula: a cell that begins like one gets an apostrophe in front.
 */
#include "report/listing.h"

#include <string.h>

enum { DAY_LENGTH = 10 };

static const char head[] =
	"commit,date,author,subject,state,severity,rule,path,line,column,message,"
	"cause,labels,identity\r\n";

static void begin(struct report_output *output)
{
	g_string_append(output->out, head);
}

/* A cell and what follows it: a comma or the end of the line. */
static void append_cell(GString *out, const char *data, size_t len, const char *after)
{
	GString *cell = g_string_new(NULL);
	bool is_quoted;

	if (len && strchr("=+-@\t\r", *data))
		g_string_append_c(cell, '\'');
	text_append_visible(cell, data, len);
	is_quoted = strpbrk(cell->str, "\",") ||
		    (cell->len && (cell->str[0] == ' ' || cell->str[cell->len - 1] == ' '));
	if (is_quoted)
		g_string_append_c(out, '"');
	for (size_t i = 0; i < cell->len; i++) {
		if (cell->str[i] == '"')
			g_string_append_c(out, '"');
		g_string_append_c(out, cell->str[i]);
	}
	if (is_quoted)
		g_string_append_c(out, '"');
	g_string_append(out, after);
	g_string_free(cell, TRUE);
}

static void append_text(GString *out, const char *text, const char *after)
{
	append_cell(out, text, text ? strlen(text) : 0, after);
}

/* commit, date, author, subject */
static void append_commit(GString *out, const struct report_commit *commit)
{
	if (!commit) {
		g_string_append(out, ",,,,");
		return;
	}
	append_text(out, commit->id, ",");
	report_append_date(out, commit->time, commit->offset, REPORT_DATE_DAY);
	g_string_append_c(out, ',');
	append_cell(out, commit->author.data, commit->author.len, ",");
	append_cell(out, commit->subject.data, commit->subject.len, ",");
}

static void append_labels(GString *out, const struct finding *finding)
{
	GString *labels = g_string_new(NULL);

	for (size_t i = 0; i < finding->label_count; i++)
		if (finding->labels[i].value)
			g_string_append_printf(labels, "%s%s=%s", labels->len ? "; " : "",
					       finding->labels[i].name, finding->labels[i].value);
	append_cell(out, labels->str, labels->len, ",");
	g_string_free(labels, TRUE);
}

static void append_row(struct report_output *output, const struct report_commit *commit,
		       enum report_state state, const struct report_entry *entry)
{
	const struct finding *finding = entry->finding;
	struct position place = listing_start(finding);
	char *sentence = listing_sentence(finding, output->language);
	GString *out = output->out;

	append_commit(out, commit);
	append_text(out, report_state_name(state), ",");
	append_text(out, severity_name(finding->severity), ",");
	append_text(out, finding->rule, ",");
	append_text(out, finding->source ? finding->source->path : NULL, ",");
	g_string_append_printf(out, "%u,%u,", place.line, place.column_code_points);
	append_text(out, sentence, ",");
	append_text(out, entry->cause, ",");
	append_labels(out, finding);
	append_text(out, finding->identity, "\r\n");
	g_free(sentence);
}

static void finding(struct report_output *output, const struct finding *finding,
		    enum report_state state)
{
	const struct report_entry entry = {finding, NULL};

	append_row(output, NULL, state, &entry);
}

static void commit(struct report_output *output, const struct report_commit *commit)
{
	for (int state = 0; state < REPORT_STATE_COUNT; state++)
		for (size_t i = 0; i < commit->lists[state].count; i++)
			append_row(output, commit, (enum report_state)state,
				   &commit->lists[state].entries[i]);
}

const struct report_format report_csv = {
	.name = "csv",
	.is_machine = true,
	.streams = true,
	.begin = begin,
	.finding = finding,
	.commit = commit,
};
