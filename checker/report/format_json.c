/*
 * One JSON document for the whole run, as schemas/report.schema.yaml says: the version of that
 * schema, the verdict, what was looked at, and findings[], or for an audit commits[].
 */
#include "report/json_value.h"

enum { SCHEMA_VERSION = 1 };

struct json_state {
	struct json_writer items; /* findings or commits */
	json_t *lines;            /* NULL: no file was judged by lines */
	GString *first;
	enum severity worst; /* of `first` */
};

static void begin(struct report_output *output)
{
	struct json_state *state = g_new0(struct json_state, 1);

	state->items = json_items(2);
	state->first = g_string_new(NULL);
	output->state = state;
}

static void remember(struct report_output *output, const struct finding *finding)
{
	struct json_state *state = output->state;

	if (state->first->len && finding->severity <= state->worst)
		return;
	state->worst = finding->severity;
	g_string_truncate(state->first, 0);
	report_append_first(state->first, finding, output->language);
}

static void finding(struct report_output *output, const struct finding *finding,
		    enum report_state what)
{
	struct json_state *state = output->state;

	json_put_finding(&state->items, finding, what, output->language);
}

static json_t *integer(size_t value)
{
	return json_integer((json_int_t)value);
}

static void line(struct report_output *output, const struct report_line *line)
{
	struct json_state *state = output->state;
	json_t *object = json_object();

	if (!state->lines)
		state->lines = json_array();
	json_object_set_new(object, "path", json_text_of(line->path));
	json_object_set_new(object, "line", integer(line->line));
	json_object_set_new(object, "valid", json_boolean(line->valid));
	json_array_append_new(state->lines, object);
}

static void commit(struct report_output *output, const struct report_commit *commit)
{
	struct json_state *state = output->state;

	json_put_commit(&state->items, commit, output->language);
}

static json_t *verdict(const struct report_output *output, const struct report_looked_at *looked_at)
{
	const struct json_state *state = output->state;
	GString *sentence = g_string_new(NULL);
	json_t *object = json_object();

	report_append_verdict(sentence, output, looked_at,
			      state->first->len ? state->first->str : NULL);
	json_object_set_new(object, "ok",
			    json_boolean(!output->counts->failed && !looked_at->incomplete));
	json_object_set_new(object, "sentence", json_text(sentence->str, sentence->len));
	for (int severity = SEVERITY_ERROR; severity >= SEVERITY_INFO; severity--)
		json_object_set_new(object, severity_name((enum severity)severity),
				    integer(output->counts->severity[severity]));
	g_string_free(sentence, TRUE);
	return object;
}

static json_t *date_or_null(const struct report_counts *counts, int64_t time)
{
	GString *text;
	json_t *date;

	if (!counts->commits)
		return json_null();
	text = g_string_new(NULL);
	report_append_date(text, time, 0, REPORT_DATE_SECOND);
	date = json_text(text->str, text->len);
	g_string_free(text, TRUE);
	return date;
}

static json_t *looked_at_value(const struct report_output *output,
			       const struct report_looked_at *looked_at)
{
	const struct report_counts *counts = output->counts;
	json_t *object = json_object();
	json_t *notes = json_array();

	for (size_t i = 0; i < looked_at->note_count; i++)
		json_array_append_new(notes, json_text_of(looked_at->notes[i]));
	json_object_set_new(object, "planlint", json_string(PLANLINT_VERSION));
	json_object_set_new(object, "subject", json_text_of(looked_at->subject));
	json_object_set_new(object, "commits", integer(counts->commits));
	json_object_set_new(object, "merges", integer(looked_at->merges));
	json_object_set_new(object, "from", date_or_null(counts, counts->first_time));
	json_object_set_new(object, "to", date_or_null(counts, counts->last_time));
	json_object_set_new(object, "documents", integer(looked_at->documents));
	json_object_set_new(object, "unmatched", integer(looked_at->unmatched));
	json_object_set_new(object, "suppressed", integer(looked_at->suppressed));
	json_object_set_new(object, "existing", integer(looked_at->existing));
	json_object_set_new(object, "configuration", json_text_of(looked_at->configuration));
	json_object_set_new(object, "digest", json_text_of(looked_at->digest));
	json_object_set_new(object, "as_of", json_text_of(looked_at->as_of));
	json_object_set_new(object, "incomplete", json_boolean(looked_at->incomplete));
	json_object_set_new(object, "notes", notes);
	return object;
}

static void put_findings(struct json_writer *writer, const char *key,
			 const struct finding *const *findings, size_t count,
			 enum language language)
{
	json_open(writer, key, '[');
	for (size_t i = 0; i < count; i++)
		json_put_finding(writer, findings[i], REPORT_OPEN, language);
	json_close(writer, ']');
}

static json_t *past(const struct report_past *past)
{
	json_t *object = json_object();

	json_object_set_new(object, "rule", json_text_of(past->rule));
	json_object_set_new(object, "severity", json_text_of(past->severity));
	json_object_set_new(object, "message", json_text_of(past->message));
	json_object_set_new(object, "path", json_text_of(past->path));
	json_object_set_new(object, "line", integer(past->line));
	json_object_set_new(object, "column", integer(past->column));
	return object;
}

static void put_comparison(struct json_writer *writer, const struct report_comparison *comparison,
			   enum language language)
{
	if (!comparison) {
		json_put(writer, "compared", json_null());
		return;
	}
	json_open(writer, "compared", '{');
	json_put(writer, "report", json_text_of(comparison->name));
	json_put(writer, "date", json_text_of(comparison->date));
	json_put(writer, "other_rules", json_boolean(comparison->other_rules));
	put_findings(writer, "new", comparison->added, comparison->added_count, language);
	json_open(writer, "gone", '[');
	for (size_t i = 0; i < comparison->gone_count; i++)
		json_put(writer, NULL, past(&comparison->gone[i]));
	json_close(writer, ']');
	json_close(writer, '}');
}

static void write_out(struct report_output *output, const struct report_looked_at *looked_at)
{
	const struct json_state *state = output->state;
	struct json_writer writer = {.out = output->out, .layout = JSON_INDENTED};
	bool audit = output->options->kind == REPORT_OF_AUDIT;

	json_open(&writer, NULL, '{');
	json_put(&writer, "version", json_integer(SCHEMA_VERSION));
	json_put(&writer, "verdict", verdict(output, looked_at));
	json_put(&writer, "looked_at", looked_at_value(output, looked_at));
	if (state->lines)
		json_put(&writer, "lines", json_incref(state->lines));
	json_put_items(&writer, audit ? "commits" : "findings", &state->items);
	if (audit) {
		put_findings(&writer, "open", looked_at->open, looked_at->open_count,
			     output->language);
		put_comparison(&writer, looked_at->comparison, output->language);
	}
	json_close(&writer, '}');
	g_string_append_c(output->out, '\n');
}

static void end(struct report_output *output, const struct report_looked_at *looked_at)
{
	struct json_state *state = output->state;

	if (looked_at)
		write_out(output, looked_at);
	g_string_free(state->items.out, TRUE);
	json_decref(state->lines);
	g_string_free(state->first, TRUE);
	g_free(state);
}

const struct report_format report_json = {
	.name = "json",
	.is_machine = true,
	.begin = begin,
	.finding = finding,
	.open = remember,
	.line = line,
	.commit = commit,
	.end = end,
};
