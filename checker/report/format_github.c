/*
 * For a step of GitHub Actions: the report for people, then workflow commands that GitHub shows as
 * annotations. It takes ten of each severity from a step, so the rest is only counted, in a line.
 *
 * GitHub obeys commands wherever a line begins with them, and a path of the repository can begin a
 * line. So commands are stopped around the report for people, by a token that nobody can guess.
 */
#include "report/listing.h"

#include <string.h>

enum { SHOWN_OF_EACH = 10 };

struct github_state {
	struct report_output text; /* the report for people */
	GString *commands;
	size_t counts[SEVERITY_ERROR + 1];
};

static void begin(struct report_output *output)
{
	struct github_state *state = g_new0(struct github_state, 1);

	state->text = *output;
	state->text.format = &report_text;
	state->text.out = g_string_new(NULL);
	state->commands = g_string_new(NULL);
	output->state = state;
	report_text.begin(&state->text);
}

/* A value of a command: what would end it is written as %XX. */
static void append_escaped(GString *out, const char *text, const char *special)
{
	GString *plain = g_string_new(NULL);

	text_append_visible(plain, text, strlen(text));
	for (size_t i = 0; i < plain->len; i++)
		if (plain->str[i] == '%' || strchr(special, plain->str[i]))
			g_string_append_printf(out, "%%%02X", (unsigned char)plain->str[i]);
		else
			g_string_append_c(out, plain->str[i]);
	g_string_free(plain, TRUE);
}

/* ",line=3,endLine=3,col=5,endColumn=8"; columns only within one line, as GitHub wants it. */
static void append_place(GString *out, const struct finding *finding)
{
	struct position start = listing_start(finding), end = listing_end(finding);

	g_string_append_printf(out, ",line=%u,endLine=%u", start.line, end.line);
	if (start.line == end.line)
		g_string_append_printf(out, ",col=%u,endColumn=%u", start.column_utf16,
				       end.column_utf16);
}

static void item(struct report_output *output, const struct finding *finding)
{
	static const char *const names[] = {"", "notice", "warning", "error"};
	struct github_state *state = output->state;
	char *sentence = listing_sentence(finding, output->language);

	if (state->counts[finding->severity]++ < SHOWN_OF_EACH) {
		g_string_append_printf(state->commands, "::%s file=", names[finding->severity]);
		append_escaped(state->commands, listing_path(finding), ",:");
		append_place(state->commands, finding);
		g_string_append(state->commands, ",title=");
		append_escaped(state->commands, finding->rule, ",:");
		g_string_append(state->commands, "::");
		append_escaped(state->commands, sentence, "");
		g_string_append_c(state->commands, '\n');
	}
	g_free(sentence);
}

static void finding(struct report_output *output, const struct finding *finding,
		    enum report_state what)
{
	struct github_state *state = output->state;

	report_text.finding(&state->text, finding, what);
}

static void line(struct report_output *output, const struct report_line *line)
{
	struct github_state *state = output->state;

	report_text.line(&state->text, line);
}

static void commit(struct report_output *output, const struct report_commit *commit)
{
	struct github_state *state = output->state;

	report_text.commit(&state->text, commit);
}

static void append_cut(struct report_output *output)
{
	const struct github_state *state = output->state;
	size_t cut = 0;

	for (int severity = SEVERITY_INFO; severity <= SEVERITY_ERROR; severity++)
		cut += state->counts[severity] - MIN(state->counts[severity], SHOWN_OF_EACH);
	if (cut)
		g_string_append_printf(
			output->out,
			report_words(
				output->language,
				"annotations left out: %zu; GitHub shows %d of each severity\n"),
			cut, SHOWN_OF_EACH);
}

static void append_report(GString *out, const GString *text)
{
	char *token = g_uuid_string_random();

	g_string_append_printf(out, "::stop-commands::%s\n%s", token, text->str);
	g_string_append_printf(out, "::%s::\n", token);
	g_free(token);
}

static void end(struct report_output *output, const struct report_looked_at *looked_at)
{
	struct github_state *state = output->state;

	report_text.end(&state->text, looked_at);
	if (looked_at) {
		append_report(output->out, state->text.out);
		append_cut(output);
		g_string_append_len(output->out, state->commands->str,
				    (gssize)state->commands->len);
	}
	g_string_free(state->text.out, TRUE);
	g_string_free(state->commands, TRUE);
	g_free(state);
}

const struct report_format report_github = {
	.name = "github",
	.begin = begin,
	.finding = finding,
	.open = item,
	.line = line,
	.commit = commit,
	.end = end,
};
