/*
 * SARIF 2.1.0 as GitHub code scanning reads it (CONVENTIONS, "SARIF for GitHub"): findings that are
 * open and not suppressed; columns in UTF-16 units; regions of one line, because an alert shows in
 * a pull request only when all its lines are in the change; related places linked from the message.
 *
 * GitHub takes 25,000 results a run. Of more, the worst are kept and a notification says how many
 * were left out.
 */
#include "report/json_value.h"
#include "report/line_hash.h"

#include <string.h>

enum {
	RESULT_LIMIT = 25000,
	RESULT_DEPTH = 4,  /* $.runs[0].results[*] */
	TEXT_LIMIT = 1024, /* of a description */
};

static const char schema_uri[] = "https://json.schemastore.org/sarif-2.1.0.json";

/* The text of a result, at its depth in the report. */
struct sarif_result {
	char *text;
	enum severity severity;
};

struct sarif_state {
	GArray *results;   /* struct sarif_result */
	json_t *rules;     /* reportingDescriptor */
	GHashTable *index; /* rule id -> its place in `rules`, plus 1 */
	GArray *hashes;    /* struct line_hash of the lines of `hashed` */
	char *hashed;      /* path */
	const char *hashed_data;
};

static void begin(struct report_output *output)
{
	struct sarif_state *state = g_new0(struct sarif_state, 1);

	state->results = g_array_new(FALSE, FALSE, sizeof(struct sarif_result));
	state->rules = json_array();
	state->index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	output->state = state;
}

static const char *level(enum severity severity)
{
	return severity == SEVERITY_ERROR     ? "error"
	       : severity == SEVERITY_WARNING ? "warning"
					      : "note";
}

/* {text: ...}, cut at a character where it is longer than GitHub takes. */
static json_t *text_object(const char *text)
{
	size_t len = strlen(text);

	if (len > TEXT_LIMIT) {
		len = TEXT_LIMIT;
		while (((unsigned char)text[len] & 0xc0) == 0x80)
			len--;
	}
	return json_pack("{s:o}", "text", json_text(text, len));
}

static size_t rule_index(struct report_output *output, const struct finding *finding)
{
	struct sarif_state *state = output->state;
	size_t index = GPOINTER_TO_SIZE(g_hash_table_lookup(state->index, finding->rule));
	struct report_rule rule = {0};
	json_t *descriptor;

	if (index)
		return index - 1;
	if (output->options->describe)
		output->options->describe(output->options->context, finding->rule, output->language,
					  &rule);
	if (!rule.title)
		rule.title = g_strdup(finding->rule);
	descriptor = json_pack("{s:o, s:o, s:o, s:o, s:{s:s}}", "id", json_text_of(finding->rule),
			       "shortDescription", text_object(rule.title), "fullDescription",
			       text_object(rule.title), "help",
			       text_object(rule.help ? rule.help : rule.title),
			       "defaultConfiguration", "level", level(finding->severity));
	g_free(rule.title);
	g_free(rule.help);
	json_array_append_new(state->rules, descriptor);
	index = json_array_size(state->rules);
	g_hash_table_insert(state->index, g_strdup(finding->rule), GSIZE_TO_POINTER(index));
	return index - 1;
}

/* The part of a span that stands on its first line. */
static json_t *region(struct source *source, struct span span)
{
	struct position start = source_position(source, span.start);
	struct position end = source_position(source, span.end);
	struct slice line = source_line(source, start.line);

	if (end.line != start.line)
		end = source_position(source, (uint32_t)(line.data + line.len - source->data));
	return json_pack("{s:I, s:I, s:I, s:I}", "startLine", (json_int_t)start.line, "startColumn",
			 (json_int_t)start.column_utf16, "endLine", (json_int_t)start.line,
			 "endColumn", (json_int_t)MAX(end.column_utf16, start.column_utf16));
}

static json_t *artifact(const char *path)
{
	char *uri = g_uri_escape_bytes((const guint8 *)path, strlen(path), "/");
	json_t *object = json_pack("{s:s}", "uri", uri);

	g_free(uri);
	return object;
}

static json_t *physical_location(struct source *source, struct span span)
{
	return json_pack("{s:o, s:o}", "artifactLocation", artifact(source->path), "region",
			 region(source, span));
}

/* Code scanning wants a place for everything: what is about no file stands at its first related
 * one. */
static json_t *locations(const struct finding *finding)
{
	struct source *source = finding->source;
	struct span span = finding->span;

	for (size_t i = 0; !source && i < finding->related_count; i++) {
		source = finding->related[i].source;
		span = finding->related[i].span;
	}
	if (!source)
		return json_pack("[{s:{s:{s:s}, s:{s:i}}}]", "physicalLocation", "artifactLocation",
				 "uri", "planlint.yaml", "region", "startLine", 1);
	return json_pack("[{s:o}]", "physicalLocation", physical_location(source, span));
}

static json_t *related_locations(const struct finding *finding, enum language language)
{
	json_t *list = json_array();

	for (size_t i = 0; i < finding->related_count; i++) {
		const struct related *related = &finding->related[i];

		if (!related->source)
			continue;
		json_array_append_new(
			list, json_pack("{s:I, s:o, s:{s:o}}", "id", (json_int_t)i + 1,
					"physicalLocation",
					physical_location(related->source, related->span),
					"message", "text", json_phrase(&related->label, language)));
	}
	return list;
}

/* Plain text in a SARIF message: brackets and backslashes would begin a link. */
static void append_plain(GString *out, const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (data[i] == '[' || data[i] == ']' || data[i] == '\\')
			g_string_append_c(out, '\\');
		g_string_append_c(out, data[i]);
	}
}

static void append_phrase(GString *out, const struct phrase *phrase, enum language language)
{
	GString *words = g_string_new(NULL);

	phrase_append(words, phrase, language, NULL);
	append_plain(out, words->str, words->len);
	g_string_free(words, TRUE);
}

/* The words, what to type, and a link to each related place. */
static json_t *message(const struct finding *finding, enum language language)
{
	GString *text = g_string_new(NULL);
	json_t *object;

	append_phrase(text, &finding->message, language);
	if (!phrase_is_empty(&finding->hint)) {
		g_string_append(text, "; ");
		append_phrase(text, &finding->hint, language);
	}
	for (size_t i = 0; i < finding->related_count; i++) {
		const struct related *related = &finding->related[i];

		if (!related->source)
			continue;
		g_string_append(text, i ? ", [" : ": [");
		if (phrase_is_empty(&related->label))
			append_plain(text, related->source->path, strlen(related->source->path));
		else
			append_phrase(text, &related->label, language);
		g_string_append_printf(text, "](%zu)", i + 1);
	}
	object = json_pack("{s:o}", "text", json_text(text->str, text->len));
	g_string_free(text, TRUE);
	return object;
}

static const struct line_hash *hash_of_line(struct sarif_state *state, const struct source *source,
					    uint32_t line)
{
	if (!state->hashed || state->hashed_data != source->data ||
	    strcmp(state->hashed, source->path) != 0) {
		if (state->hashes)
			g_array_free(state->hashes, TRUE);
		g_free(state->hashed);
		state->hashed = g_strdup(source->path);
		state->hashed_data = source->data;
		state->hashes = line_hashes((struct slice){source->data, source->size});
	}
	return line <= state->hashes->len
		       ? &g_array_index(state->hashes, struct line_hash, line - 1)
		       : NULL;
}

static json_t *fingerprints(struct sarif_state *state, const struct finding *finding)
{
	json_t *object = json_object();
	const struct line_hash *hash = NULL;

	if (finding->source)
		hash = hash_of_line(state, finding->source,
				    source_position(finding->source, finding->span.start).line);
	if (hash) {
		char *text = g_strdup_printf("%" G_GINT64_MODIFIER "x:%u", hash->value,
					     hash->occurrence);

		json_object_set_new(object, "primaryLocationLineHash", json_string(text));
		g_free(text);
	}
	if (finding->identity)
		json_object_set_new(object, "planlint/v1", json_text_of(finding->identity));
	return object;
}

/* Of a schema's findings: where in the document and the schema (JSON Schema core 12.3). */
static json_t *schema_locations(const struct finding *finding)
{
	json_t *object = json_object();

	json_object_set_new(object, "instanceLocation", json_text_of(finding->pointer));
	json_object_set_new(object, "evaluationPath", json_text_of(finding->evaluation_path));
	json_object_set_new(object, "keywordLocation", json_text_of(finding->keyword_location));
	return object;
}

static void add(struct report_output *output, const struct finding *finding)
{
	struct sarif_state *state = output->state;
	struct json_writer item = json_items(RESULT_DEPTH);
	struct sarif_result result = {.severity = finding->severity};
	json_t *related = related_locations(finding, output->language);
	json_t *value = json_object();

	json_object_set_new(value, "ruleId", json_text_of(finding->rule));
	json_object_set_new(value, "ruleIndex",
			    json_integer((json_int_t)rule_index(output, finding)));
	json_object_set_new(value, "level", json_string(level(finding->severity)));
	json_object_set_new(value, "message", message(finding, output->language));
	json_object_set_new(value, "locations", locations(finding));
	if (json_array_size(related))
		json_object_set(value, "relatedLocations", related);
	json_object_set_new(value, "partialFingerprints", fingerprints(state, finding));
	if (finding->evaluation_path)
		json_object_set_new(value, "properties", schema_locations(finding));
	json_decref(related);
	json_put(&item, NULL, value);
	result.text = g_string_free(item.out, FALSE);
	g_array_append_val(state->results, result);
}

/* All results in their order; of too many the worst ones. */
static void put_results(struct json_writer *writer, const struct sarif_state *state)
{
	bool all = state->results->len <= RESULT_LIMIT;
	struct json_writer items = json_items(RESULT_DEPTH);
	guint count = 0;

	for (int severity = SEVERITY_ERROR; severity >= SEVERITY_OFF; severity--) {
		for (guint i = 0; i < state->results->len && count < RESULT_LIMIT; i++) {
			const struct sarif_result *result = &g_array_index(state->results,
									   struct sarif_result, i);

			if (!all && (int)result->severity != severity)
				continue;
			g_string_append_printf(items.out, "%s%s", count++ ? "," : "", result->text);
		}
		if (all)
			break;
	}
	items.has_items = count > 0;
	json_put_items(writer, "results", &items);
	g_string_free(items.out, TRUE);
}

static json_t *invocations(const struct sarif_state *state, bool is_complete,
			   enum language language)
{
	json_t *notifications = json_array();

	if (state->results->len > RESULT_LIMIT) {
		char *text = g_strdup_printf(
			report_words(language, "%u findings are left out: code scanning takes %u"),
			state->results->len - RESULT_LIMIT, (unsigned)RESULT_LIMIT);

		json_array_append_new(notifications, json_pack("{s:s, s:{s:s}}", "level", "warning",
							       "message", "text", text));
		g_free(text);
	}
	return json_pack("[{s:b, s:o}]", "executionSuccessful", is_complete,
			 "toolExecutionNotifications", notifications);
}

static json_t *properties(const struct report_looked_at *looked_at)
{
	return json_pack(
		"{s:o, s:I, s:I, s:I, s:o, s:o}", "subject", json_text_of(looked_at->subject),
		"documents", (json_int_t)looked_at->documents, "unmatched",
		(json_int_t)looked_at->unmatched, "suppressed", (json_int_t)looked_at->suppressed,
		"configuration", json_text_of(looked_at->configuration), "digest",
		json_text_of(looked_at->digest));
}

static void write_out(struct report_output *output, const struct report_looked_at *looked_at)
{
	struct sarif_state *state = output->state;
	struct json_writer writer = {.out = output->out, .layout = JSON_INDENTED};
	json_t *driver = json_pack("{s:s, s:s, s:O}", "name", "planlint", "semanticVersion",
				   PLANLINT_VERSION, "rules", state->rules);

	json_open(&writer, NULL, '{');
	json_put(&writer, "$schema", json_string(schema_uri));
	json_put(&writer, "version", json_string("2.1.0"));
	json_open(&writer, "runs", '[');
	json_open(&writer, NULL, '{');
	json_put(&writer, "tool", json_pack("{s:o}", "driver", driver));
	json_put(&writer, "columnKind", json_string("utf16CodeUnits"));
	json_put(&writer, "automationDetails", json_pack("{s:s}", "id", "planlint/"));
	json_put(&writer, "invocations",
		 invocations(state, !looked_at->incomplete, output->language));
	json_put(&writer, "properties", properties(looked_at));
	put_results(&writer, state);
	json_close(&writer, '}');
	json_close(&writer, ']');
	json_close(&writer, '}');
	g_string_append_c(output->out, '\n');
}

static void end(struct report_output *output, const struct report_looked_at *looked_at)
{
	struct sarif_state *state = output->state;

	if (looked_at)
		write_out(output, looked_at);
	for (guint i = 0; i < state->results->len; i++)
		g_free(g_array_index(state->results, struct sarif_result, i).text);
	g_array_free(state->results, TRUE);
	if (state->hashes)
		g_array_free(state->hashes, TRUE);
	g_hash_table_destroy(state->index);
	g_free(state->hashed);
	json_decref(state->rules);
	g_free(state);
}

const struct report_format report_sarif = {
	.name = "sarif",
	.is_machine = true,
	.begin = begin,
	.open = add,
	.end = end,
};
