/*
 * JSON lines: an audit gives one object a commit, a check one a finding, and no other line, so that
 * `wc -l` counts them. Written as it is known. The objects are those of the json format.
 */
#include "report/json_value.h"

static void finding(struct report_output *output, const struct finding *finding,
		    enum report_state state)
{
	struct json_writer writer = {.out = output->out, .layout = JSON_ONE_LINE};

	json_put_finding(&writer, finding, state, output->language);
	g_string_append_c(output->out, '\n');
}

static void commit(struct report_output *output, const struct report_commit *commit)
{
	struct json_writer writer = {.out = output->out, .layout = JSON_ONE_LINE};

	json_put_commit(&writer, commit, output->language);
	g_string_append_c(output->out, '\n');
}

const struct report_format report_jsonl = {
	.name = "jsonl",
	.is_machine = true,
	.streams = true,
	.finding = finding,
	.commit = commit,
};
