/*
 * GitLab's code quality report: one JSON array, without a byte-order mark. GitLab keeps only the
 * first of the items with one fingerprint, so a number tells apart those that have one identity.
 */
#include "report/json_value.h"
#include "report/listing.h"

struct gitlab_state {
	struct json_writer items;
	GHashTable *seen; /* identity -> how many */
};

static void begin(struct report_output *output)
{
	struct gitlab_state *state = g_new(struct gitlab_state, 1);

	state->items = json_items(1);
	state->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	output->state = state;
}

static const char *severity_of(const struct finding *finding)
{
	return finding->severity == SEVERITY_ERROR     ? "major"
	       : finding->severity == SEVERITY_WARNING ? "minor"
						       : "info";
}

static json_t *fingerprint(struct gitlab_state *state, const struct finding *finding)
{
	char *identity = finding->identity
				 ? g_strdup(finding->identity)
				 : g_strdup_printf("%s|%s|%u", finding->rule, listing_path(finding),
						   finding->span.start);
	guint count = GPOINTER_TO_UINT(g_hash_table_lookup(state->seen, identity)) + 1;
	char *numbered = count > 1 ? g_strdup_printf("%s:%u", identity, count) : g_strdup(identity);
	char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, numbered, -1);
	json_t *text = json_text_of(hash);

	g_hash_table_replace(state->seen, identity, GUINT_TO_POINTER(count));
	g_free(numbered);
	g_free(hash);
	return text;
}

static void item(struct report_output *output, const struct finding *finding)
{
	struct gitlab_state *state = output->state;
	char *sentence = listing_sentence(finding, output->language);
	json_t *lines = json_pack("{s:I, s:I}", "begin", (json_int_t)listing_start(finding).line,
				  "end", (json_int_t)listing_end(finding).line);

	json_put(&state->items, NULL,
		 json_pack("{s:o, s:o, s:o, s:s, s:{s:o, s:o}}", "description",
			   json_text_of(sentence), "check_name", json_text_of(finding->rule),
			   "fingerprint", fingerprint(state, finding), "severity",
			   severity_of(finding), "location", "path",
			   json_text_of(listing_path(finding)), "lines", lines));
	g_free(sentence);
}

static void end(struct report_output *output, const struct report_looked_at *looked_at)
{
	struct gitlab_state *state = output->state;
	struct json_writer writer = {.out = output->out, .layout = JSON_INDENTED};

	(void)looked_at;
	json_put_items(&writer, NULL, &state->items);
	g_string_append_c(output->out, '\n');
	g_string_free(state->items.out, TRUE);
	g_hash_table_destroy(state->seen);
	g_free(state);
}

const struct report_format report_gitlab = {
	.name = "gitlab",
	.is_machine = true,
	.begin = begin,
	.open = item,
	.end = end,
};
