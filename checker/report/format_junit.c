/*
 * JUnit's XML as Jenkins and GitLab read it: a testsuite for each document with findings, a
 * testcase for each finding, which fails where it is at the fail level and else only prints. A run
 * that found nothing has one testcase that passes, because an empty report counts as a fault.
 */
#include "report/listing.h"

#include <string.h>

struct junit_state {
	GString *suites; /* finished ones */
	GString *cases;  /* of the one at hand */
	char *path;      /* of it; NULL: none */
	size_t tests, failures;
	size_t all_tests, all_failures;
};

static void begin(struct report_output *output)
{
	struct junit_state *state = g_new0(struct junit_state, 1);

	state->suites = g_string_new(NULL);
	state->cases = g_string_new(NULL);
	output->state = state;
}

static void append_attribute(GString *out, const char *name, const char *value)
{
	g_string_append_printf(out, " %s=\"", name);
	listing_append_xml(out, value, strlen(value));
	g_string_append_c(out, '"');
}

static void close_suite(struct junit_state *state)
{
	if (!state->path)
		return;
	g_string_append(state->suites, "  <testsuite");
	append_attribute(state->suites, "name", state->path);
	g_string_append_printf(state->suites,
			       " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"0\">\n%s"
			       "  </testsuite>\n",
			       state->tests, state->failures, state->cases->str);
	state->all_tests += state->tests;
	state->all_failures += state->failures;
	state->tests = state->failures = 0;
	g_string_truncate(state->cases, 0);
	g_clear_pointer(&state->path, g_free);
}

/* "line:column: message" between tags */
static void append_body(GString *out, const char *tag, const char *attributes,
			const struct finding *finding, const char *sentence)
{
	struct position place = listing_start(finding);

	g_string_append_printf(out, "      <%s%s>", tag, attributes);
	listing_append_xml(out, listing_path(finding), strlen(listing_path(finding)));
	g_string_append_printf(out, ":%u:%u: ", place.line, place.column_code_points);
	listing_append_xml(out, sentence, strlen(sentence));
	g_string_append_printf(out, "</%s>\n", tag);
}

static void item(struct report_output *output, const struct finding *finding)
{
	struct junit_state *state = output->state;
	char *sentence = listing_sentence(finding, output->language);
	bool fails = finding->severity >= output->options->fail_level;
	GString *attributes = g_string_new(NULL);

	if (g_strcmp0(state->path, listing_path(finding)) != 0) {
		close_suite(state);
		state->path = g_strdup(listing_path(finding));
	}
	state->tests++;
	state->failures += fails;
	g_string_append(state->cases, "    <testcase");
	append_attribute(state->cases, "classname", state->path);
	append_attribute(state->cases, "name", finding->rule);
	g_string_append(state->cases, " time=\"0\">\n");
	if (fails) {
		append_attribute(attributes, "message", sentence);
		append_attribute(attributes, "type", severity_name(finding->severity));
	}
	append_body(state->cases, fails ? "failure" : "system-out", attributes->str, finding,
		    sentence);
	g_string_append(state->cases, "    </testcase>\n");
	g_string_free(attributes, TRUE);
	g_free(sentence);
}

static void end(struct report_output *output, const struct report_looked_at *looked_at)
{
	struct junit_state *state = output->state;

	(void)looked_at;
	close_suite(state);
	if (!state->all_tests) {
		state->all_tests = 1;
		g_string_append(
			state->suites,
			"  <testsuite name=\"planlint\" tests=\"1\" failures=\"0\" "
			"errors=\"0\" skipped=\"0\">\n"
			"    <testcase classname=\"planlint\" name=\"planlint\" time=\"0\"/>\n"
			"  </testsuite>\n");
	}
	g_string_append_printf(output->out,
			       "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			       "<testsuites name=\"planlint\" tests=\"%zu\" failures=\"%zu\" "
			       "errors=\"0\">\n%s</testsuites>\n",
			       state->all_tests, state->all_failures, state->suites->str);
	g_string_free(state->suites, TRUE);
	g_string_free(state->cases, TRUE);
	g_free(state->path);
	g_free(state);
}

const struct report_format report_junit = {
	.name = "junit",
	.is_machine = true,
	.begin = begin,
	.open = item,
	.end = end,
};
