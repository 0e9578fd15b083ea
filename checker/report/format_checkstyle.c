/*
 * Checkstyle's XML, which many build servers show: a file element for each document with findings,
 * an error element for each of them. Findings come in order of their path.
 */
#include "report/listing.h"

#include <string.h>

struct checkstyle_state {
	char *path; /* of the open file element; NULL: none */
};

static void begin(struct report_output *output)
{
	output->state = g_new0(struct checkstyle_state, 1);
	g_string_append(output->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
				     "<checkstyle version=\"4.3\">\n");
}

static void close_file(struct report_output *output)
{
	struct checkstyle_state *state = output->state;

	if (state->path)
		g_string_append(output->out, "  </file>\n");
	g_clear_pointer(&state->path, g_free);
}

static void open_file(struct report_output *output, const char *path)
{
	struct checkstyle_state *state = output->state;

	if (!g_strcmp0(state->path, path))
		return;
	close_file(output);
	state->path = g_strdup(path);
	g_string_append(output->out, "  <file name=\"");
	listing_append_xml(output->out, path, strlen(path));
	g_string_append(output->out, "\">\n");
}

static void item(struct report_output *output, const struct finding *finding)
{
	struct position place = listing_start(finding);
	char *sentence = listing_sentence(finding, output->language);

	open_file(output, listing_path(finding));
	g_string_append_printf(
		output->out, "    <error line=\"%u\" column=\"%u\" severity=\"%s\" message=\"",
		place.line, place.column_code_points, severity_name(finding->severity));
	listing_append_xml(output->out, sentence, strlen(sentence));
	g_string_append(output->out, "\" source=\"planlint.");
	listing_append_xml(output->out, finding->rule, strlen(finding->rule));
	g_string_append(output->out, "\"/>\n");
	g_free(sentence);
}

static void end(struct report_output *output, const struct report_looked_at *looked_at)
{
	struct checkstyle_state *state = output->state;

	(void)looked_at;
	close_file(output);
	g_string_append(output->out, "</checkstyle>\n");
	g_free(state);
}

const struct report_format report_checkstyle = {
	.name = "checkstyle",
	.is_machine = true,
	.begin = begin,
	.open = item,
	.end = end,
};
