/*
 * The report for people. The verdict stands first, and it is known last, so everything is written
 * into a body that follows it.
 *
 * A finding is its place, severity, words and rule on one line, then the frame of its places, what
 * to type, and with -v why. In an audit tables come first, then each commit that changed something
 * (with -v every one) has a line of its own, with its findings below (with -v framed as well, with
 * --stat only counted). With -q findings are single lines and a clean run prints nothing.
 */
#include "report/format.h"
#include "report/frame.h"
#include "report/graph.h"
#include "report/summary.h"

#include <string.h>

enum { STATE_COLUMNS = 10 };

struct text_state {
	GString *body;
	GHashTable *rules;               /* id -> count, for --statistics */
	bool is_after_line;              /* the body ends in the verdict on a line */
	char *first[SEVERITY_ERROR + 1]; /* the first finding of each severity, for the verdict */
	struct summary *summary;         /* of an audit */
	struct graph *graph;             /* NULL: commits are a list */
	size_t changing;                 /* commits that changed something */
};

static void begin(struct report_output *output)
{
	struct text_state *state = g_new0(struct text_state, 1);

	state->body = g_string_new(NULL);
	state->rules = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	state->summary = summary_new();
	state->graph = output->options->graph ? graph_new() : NULL;
	output->state = state;
}

static void append_place(GString *out, const struct finding *finding)
{
	struct position position;

	if (!finding->source)
		return;
	position = source_position(finding->source, finding->span.start);
	text_append_visible(out, finding->source->path, strlen(finding->source->path));
	g_string_append_printf(out, ":%u:%u: ", position.line, position.column_code_points);
}

/* "path:line:column: severity: message [rule]" */
static void append_headline(GString *out, const struct report_output *output,
			    const struct finding *finding)
{
	const struct paint *paint = paint_for(output->color);

	g_string_append(out, paint->place);
	append_place(out, finding);
	g_string_append_printf(
		out, "%s%s%s%s: ", paint->off, paint_of_severity(paint, finding->severity),
		report_severity_words(finding->severity, 1, output->language), paint->off);
	report_append_phrase(out, &finding->message, output->language);
	g_string_append(out, " [");
	text_append_visible(out, finding->rule, strlen(finding->rule));
	g_string_append(out, "]\n");
}

static void append_because(GString *out, const struct report_output *output,
			   const struct finding *finding)
{
	for (size_t i = 0; i < finding->because_count; i++) {
		const struct because *because = &finding->because[i];

		g_string_append(out, "      ");
		g_string_append(out, report_words(output->language, "= because: "));
		text_append_visible(out, because->expression.data, because->expression.len);
		if (because->values.len) {
			g_string_append(out, report_words(output->language, " is "));
			text_append_visible(out, because->values.data, because->values.len);
		}
		g_string_append_c(out, '\n');
	}
}

static void append_finding(GString *out, const struct report_output *output,
			   const struct finding *finding)
{
	append_headline(out, output, finding);
	if (output->options->verbosity < 0)
		return;
	frame_append(out, finding, output->language, paint_for(output->color));
	if (!phrase_is_empty(&finding->hint)) {
		g_string_append(out, "      ");
		g_string_append(out, "= ");
		report_append_phrase(out, &finding->hint, output->language);
		g_string_append_c(out, '\n');
	}
	if (output->options->verbosity > 0)
		append_because(out, output, finding);
}

static void remember(struct text_state *state, const struct report_output *output,
		     const struct finding *finding)
{
	char **first = &state->first[finding->severity];
	gpointer count = g_hash_table_lookup(state->rules, finding->rule);

	g_hash_table_insert(state->rules, g_strdup(finding->rule),
			    GSIZE_TO_POINTER(GPOINTER_TO_SIZE(count) + 1));
	if (!*first) {
		GString *text = g_string_new(NULL);

		report_append_first(text, finding, output->language);
		*first = g_string_free(text, FALSE);
	}
}

static void finding(struct report_output *output, const struct finding *finding,
		    enum report_state what)
{
	struct text_state *state = output->state;

	if (what == REPORT_SUPPRESSED)
		return;
	remember(state, output, finding);
	if (state->body->len && !state->is_after_line && output->options->verbosity >= 0)
		g_string_append_c(state->body, '\n');
	state->is_after_line = false;
	append_finding(state->body, output, finding);
}

/* Lines stand close together, and the findings of a line right below it. */
static void line(struct report_output *output, const struct report_line *line)
{
	struct text_state *state = output->state;

	if (output->options->verbosity < 0)
		return;
	if (state->body->len && !state->is_after_line)
		g_string_append_c(state->body, '\n');
	text_append_visible(state->body, line->path, strlen(line->path));
	g_string_append_printf(state->body, ":%u: %s\n", line->line,
			       line->valid ? report_words(output->language, "valid")
					   : report_words(output->language, "not valid"));
	state->is_after_line = true;
}

static const char *const state_words[] = {
#define STATE(name, text) text,
#include "report/state.def"
#undef STATE
};

/* The word before a finding, as wide as the widest. */
static void append_word(GString *out, const char *text, enum language language)
{
	const char *word = report_words(language, text);
	glong len = g_utf8_strlen(word, -1);

	g_string_append_printf(out, "%s%*s", word, (int)MAX(0, STATE_COLUMNS - len), "");
}

/* A changed file, or one of the words for what is no file. */
static void append_cause(GString *out, const char *cause, enum language language)
{
	const char *words = !strcmp(cause, "time") ? report_words(language, "the passing of time")
			    : !strcmp(cause, "rule-change")
				    ? report_words(language, "a change of the rules")
				    : cause;

	text_append_visible(out, words, strlen(words));
}

static void append_entry(struct report_output *output, enum report_state what,
			 const struct report_entry *entry)
{
	struct text_state *state = output->state;
	const struct paint *paint = paint_for(output->color);
	bool good = what == REPORT_FIXED || what == REPORT_HIDDEN;

	g_string_append_printf(state->body, "  %s",
			       good ? paint->good
				    : paint_of_severity(paint, entry->finding->severity));
	append_word(state->body, state_words[what], output->language);
	g_string_append_printf(state->body, "%s ", paint->off);
	append_headline(state->body, output, entry->finding);
	if (entry->cause) {
		g_string_append(state->body, "             ");
		g_string_append(state->body, report_words(output->language, "caused by "));
		append_cause(state->body, entry->cause, output->language);
		g_string_append_c(state->body, '\n');
	}
	if (output->options->verbosity > 0 && !good) {
		frame_append(state->body, entry->finding, output->language, paint);
		append_because(state->body, output, entry->finding);
	}
}

static void append_commit_line(struct report_output *output, const struct report_commit *commit)
{
	struct text_state *state = output->state;
	const struct paint *paint = paint_for(output->color);

	g_string_append_printf(state->body, "%s%.10s%s ", paint->place, commit->id, paint->off);
	report_append_date(state->body, commit->time, commit->offset, REPORT_DATE_DAY);
	g_string_append_c(state->body, ' ');
	if (commit->author.data) {
		text_append_visible(state->body, commit->author.data, commit->author.len);
		g_string_append(state->body, ": ");
	}
	text_append_visible(state->body, commit->subject.data, commit->subject.len);
	if (commit->parent_count > 1)
		g_string_append_printf(state->body,
				       report_words(output->language, " (merge of %zu)"),
				       commit->parent_count);
	g_string_append_c(state->body, '\n');
}

static bool has_changes(const struct report_commit *commit)
{
	size_t count = 0;

	for (int what = 0; what < REPORT_STATE_COUNT; what++)
		count += commit->lists[what].count;
	return count > 0;
}

/* "  introduced 2, fixed 1, " */
static void append_counts(struct report_output *output, const struct report_commit *commit)
{
	struct text_state *state = output->state;

	g_string_append(state->body, "  ");
	for (int what = 0; what < REPORT_STATE_COUNT; what++)
		if (commit->lists[what].count)
			g_string_append_printf(state->body, "%s %zu, ",
					       report_words(output->language, state_words[what]),
					       commit->lists[what].count);
}

static void append_commit(struct report_output *output, const struct report_commit *commit)
{
	struct text_state *state = output->state;

	append_commit_line(output, commit);
	for (int what = 0; !output->options->stat && what < REPORT_STATE_COUNT; what++)
		for (size_t i = 0; i < commit->lists[what].count; i++)
			append_entry(output, what, &commit->lists[what].entries[i]);
	if (output->options->stat)
		append_counts(output, commit);
	else
		g_string_append(state->body, "  ");
	g_string_append_printf(state->body, report_words(output->language, "remaining %zu"),
			       commit->remaining);
	if (commit->suppressed)
		g_string_append_printf(state->body,
				       report_words(output->language, ", suppressed %zu"),
				       commit->suppressed);
	g_string_append_c(state->body, '\n');
}

/* Only commits that changed something, unless -v asks for all or lines lead to them. */
static void commit(struct report_output *output, const struct report_commit *commit)
{
	struct text_state *state = output->state;
	bool shown = has_changes(commit) || output->options->verbosity > 0;
	GString *list = state->body;

	summary_commit(state->summary, commit);
	state->changing += has_changes(commit);
	if (!state->graph && shown)
		append_commit(output, commit);
	if (!state->graph)
		return;
	state->body = g_string_new(NULL);
	append_commit(output, commit);
	graph_add(state->graph, commit->id, commit->parents, commit->parent_count, !shown,
		  g_string_free(state->body, FALSE));
	state->body = list;
}

static void append_line(GString *out, const char *name, const char *value)
{
	if (!value)
		return;
	g_string_append_printf(out, "  %s ", name);
	text_append_visible(out, value, strlen(value));
	g_string_append_c(out, '\n');
}

/* "  configuration planlint.yaml, digest ..." */
static void append_configuration(GString *out, const struct report_looked_at *looked_at,
				 enum language language)
{
	char *name = looked_at->configuration
			     ? report_configuration_name(looked_at->configuration, language)
			     : NULL;
	char *digest = looked_at->digest ? g_strdup_printf("%s (%.12s)", name, looked_at->digest)
					 : NULL;

	if (looked_at->configuration)
		append_line(out, report_words(language, "configuration"), digest ? digest : name);
	g_free(name);
	g_free(digest);
}

static void append_range(GString *out, const struct report_output *output,
			 const struct report_looked_at *looked_at)
{
	const struct report_counts *counts = output->counts;

	g_string_append_printf(out, "  %s ", report_words(output->language, "range"));
	text_append_visible(out, looked_at->subject, strlen(looked_at->subject));
	g_string_append_printf(out, report_words(output->language, ", commits %zu, merges %zu"),
			       counts->commits, looked_at->merges);
	if (counts->commits) {
		g_string_append(out, ", ");
		report_append_date(out, counts->first_time, 0, REPORT_DATE_DAY);
		g_string_append(out, " .. ");
		report_append_date(out, counts->last_time, 0, REPORT_DATE_DAY);
	}
	g_string_append_c(out, '\n');
}

/* What an audit opens with, and any report with -v. */
static void append_looked_at(GString *out, const struct report_output *output,
			     const struct report_looked_at *looked_at)
{
	enum language language = output->language;

	if (output->options->kind == REPORT_OF_AUDIT && looked_at->subject)
		append_range(out, output, looked_at);
	else
		append_line(out, report_words(language, "looked at"),
			    looked_at->subject ? report_words(language, looked_at->subject) : NULL);
	g_string_append_printf(out, "  %s %zu, ", report_words(language, "documents"),
			       output->options->kind == REPORT_OF_AUDIT ? looked_at->files
									: looked_at->documents);
	if (output->options->kind == REPORT_OF_AUDIT)
		g_string_append_printf(out, "%s %zu, ", report_words(language, "versions"),
				       looked_at->documents);
	g_string_append_printf(out, "%s %zu, %s %zu\n",
			       report_words(language, "files that no pattern matches"),
			       looked_at->unmatched, report_words(language, "suppressed findings"),
			       looked_at->suppressed);
	append_configuration(out, looked_at, language);
	append_line(out, report_words(language, "as of"), looked_at->as_of);
	append_line(out, "planlint", PLANLINT_VERSION);
}

/* By count, then id. */
static int by_count(const void *a, const void *b, void *counts)
{
	const char *first = *(const char *const *)a;
	const char *second = *(const char *const *)b;
	size_t first_count = GPOINTER_TO_SIZE(g_hash_table_lookup(counts, first));
	size_t second_count = GPOINTER_TO_SIZE(g_hash_table_lookup(counts, second));

	if (first_count != second_count)
		return first_count > second_count ? -1 : 1;
	return strcmp(first, second);
}

static void append_statistics(GString *out, GHashTable *rules)
{
	guint count;
	char **ids = (char **)g_hash_table_get_keys_as_array(rules, &count);

	g_qsort_with_data(ids, (int)count, sizeof(*ids), by_count, rules);
	if (count)
		g_string_append_c(out, '\n');
	for (guint i = 0; i < count; i++) {
		g_string_append_printf(out, "%5zu ",
				       GPOINTER_TO_SIZE(g_hash_table_lookup(rules, ids[i])));
		text_append_visible(out, ids[i], strlen(ids[i]));
		g_string_append_c(out, '\n');
	}
	g_free(ids);
}

static void append_notes(GString *out, const struct report_output *output,
			 const struct report_looked_at *looked_at)
{
	for (size_t i = 0; i < looked_at->note_count; i++) {
		const char *note = report_words(output->language, looked_at->notes[i]);

		text_append_visible(out, note, strlen(note));
		g_string_append_c(out, '\n');
	}
	if (looked_at->existing)
		g_string_append_printf(
			out,
			report_words(output->language, "findings that were there before: %zu\n"),
			looked_at->existing);
}

static void append_head(struct report_output *output, const struct report_looked_at *looked_at)
{
	struct text_state *state = output->state;
	const struct paint *paint = paint_for(output->color);
	bool audit = output->options->kind == REPORT_OF_AUDIT;
	const char *first = NULL;

	for (int severity = SEVERITY_ERROR; !first && severity >= 0; severity--)
		first = state->first[severity];
	g_string_append(output->out, paint->place);
	report_append_verdict(output->out, output, looked_at, first);
	g_string_append_printf(output->out, "%s\n", paint->off);
	if (output->options->verbosity >= 0)
		append_notes(output->out, output, looked_at);
	if (output->options->verbosity >= (audit ? 0 : 1))
		append_looked_at(output->out, output, looked_at);
	if (state->body->len && !audit && output->options->verbosity >= 0)
		g_string_append_c(output->out, '\n');
}

static void append_gone(GString *out, const struct report_past *past, enum language language)
{
	g_string_append(out, "  ");
	append_word(out, N_("gone"), language);
	g_string_append_c(out, ' ');
	if (past->path) {
		text_append_visible(out, past->path, strlen(past->path));
		g_string_append_printf(out, ":%zu:%zu: ", past->line, past->column);
	}
	text_append_visible(out, past->severity, strlen(past->severity));
	g_string_append(out, ": ");
	text_append_visible(out, past->message, strlen(past->message));
	g_string_append(out, " [");
	text_append_visible(out, past->rule, strlen(past->rule));
	g_string_append(out, "]\n");
}

/* What is open now and was not in an earlier report, and the other way round. */
static void append_comparison(GString *out, const struct report_output *output,
			      const struct report_comparison *comparison)
{
	enum language language = output->language;

	if (output->options->verbosity >= 0)
		g_string_append_c(out, '\n');
	g_string_append_printf(out, "%s ", report_words(language, "since"));
	text_append_visible(out, comparison->name, strlen(comparison->name));
	if (comparison->date) {
		g_string_append(out, " (");
		text_append_visible(out, comparison->date, strlen(comparison->date));
		g_string_append_c(out, ')');
	}
	g_string_append_printf(out, report_words(language, ": new %zu, gone %zu\n"),
			       comparison->added_count, comparison->gone_count);
	if (comparison->other_rules)
		g_string_append(out, report_words(language, "  the rules have changed since\n"));
	for (size_t i = 0; i < comparison->added_count; i++) {
		g_string_append(out, "  ");
		append_word(out, N_("new"), language);
		g_string_append_c(out, ' ');
		append_headline(out, output, comparison->added[i]);
	}
	for (size_t i = 0; i < comparison->gone_count; i++)
		append_gone(out, &comparison->gone[i], language);
}

/* What stands between the head and the commits. */
static void append_summary(struct report_output *output, const struct report_looked_at *looked_at)
{
	const struct text_state *state = output->state;

	if (looked_at->comparison)
		append_comparison(output->out, output, looked_at->comparison);
	if (output->options->verbosity < 0)
		return;
	summary_append(output->out, state->summary, output);
	if (state->body->len)
		g_string_append_printf(
			output->out,
			report_words(output->language,
				     "\ncommits that changed something: %zu of %zu\n"),
			state->changing, output->counts->commits);
}

static void state_free(struct text_state *state)
{
	for (int i = 0; i <= SEVERITY_ERROR; i++)
		g_free(state->first[i]);
	g_hash_table_destroy(state->rules);
	g_string_free(state->body, TRUE);
	summary_free(state->summary);
	graph_free(state->graph);
	g_free(state);
}

static void end(struct report_output *output, const struct report_looked_at *looked_at)
{
	struct text_state *state = output->state;

	if (looked_at) {
		for (size_t i = 0; i < looked_at->open_count; i++) {
			remember(state, output, looked_at->open[i]);
			summary_open(state->summary, looked_at->open[i]);
		}
		if (state->graph)
			graph_append(state->body, state->graph);
		if (output->options->verbosity >= 0 || state->body->len || looked_at->incomplete) {
			append_head(output, looked_at);
			if (output->options->kind == REPORT_OF_AUDIT)
				append_summary(output, looked_at);
			g_string_append_len(output->out, state->body->str,
					    (gssize)state->body->len);
		}
		if (output->options->statistics)
			append_statistics(output->out, state->rules);
	}
	state_free(state);
}

const struct report_format report_text = {
	.name = "text",
	.begin = begin,
	.finding = finding,
	.line = line,
	.commit = commit,
	.end = end,
};
