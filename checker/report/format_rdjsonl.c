/*
 * Reviewdog's diagnostics, one JSON object a line (rdjsonl): columns count bytes of UTF-8 from 1,
 * ends are exclusive. A safe fix of one edit is offered as a suggestion.
 */
#include "report/json_value.h"
#include "report/listing.h"

static json_t *position(struct source *source, uint32_t offset)
{
	struct position place = source_position(source, offset);

	return json_pack("{s:I, s:I}", "line", (json_int_t)place.line, "column",
			 (json_int_t)place.column_bytes);
}

static json_t *range(struct source *source, struct span span)
{
	return json_pack("{s:o, s:o}", "start", position(source, span.start), "end",
			 position(source, span.end));
}

static json_t *location(struct source *source, struct span span)
{
	return source ? json_pack("{s:o, s:o}", "path", json_text_of(source->path), "range",
				  range(source, span))
		      : json_pack("{s:s}", "path", "planlint.yaml");
}

static json_t *suggestions(const struct finding *finding)
{
	json_t *list = json_array();
	const struct edit *edit = finding->edits;

	if (finding->fix == FIX_SAFE && finding->edit_count == 1 && finding->source)
		json_array_append_new(list,
				      json_pack("{s:o, s:o}", "range",
						range(finding->source, edit->span), "text",
						json_text(edit->text.data ? edit->text.data : "",
							  edit->text.len)));
	return list;
}

static json_t *related_locations(const struct finding *finding, enum language language)
{
	json_t *list = json_array();

	for (size_t i = 0; i < finding->related_count; i++)
		json_array_append_new(
			list,
			json_pack("{s:o, s:o}", "message",
				  json_phrase(&finding->related[i].label, language), "location",
				  location(finding->related[i].source, finding->related[i].span)));
	return list;
}

static void item(struct report_output *output, const struct finding *finding)
{
	char *sentence = listing_sentence(finding, output->language);
	const char *severity = finding->severity == SEVERITY_ERROR     ? "ERROR"
			       : finding->severity == SEVERITY_WARNING ? "WARNING"
								       : "INFO";
	json_t *object = json_pack(
		"{s:o, s:o, s:s, s:{s:s}, s:{s:o}}", "message", json_text_of(sentence), "location",
		location(finding->source, finding->span), "severity", severity, "source", "name",
		"planlint", "code", "value", json_text_of(finding->rule));

	json_object_set_new(object, "suggestions", suggestions(finding));
	json_object_set_new(object, "related_locations",
			    related_locations(finding, output->language));
	json_append(output->out, object, JSON_ONE_LINE);
	g_free(sentence);
}

const struct report_format report_rdjsonl = {
	.name = "rdjsonl",
	.is_machine = true,
	.open = item,
};
