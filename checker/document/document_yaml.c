/*
 * The only file that knows libfyaml. It drains the events of one text and passes on where they
 * stand. Rules from measurement (RELIABILITY.md 1): a new parser for each text (a reset aborted on
 * a malformed one), events only and never resolved, diagnostics always collected (showing them
 * reads beyond the text), no comments (they leak), the version fixed at 1.2. A stream of events
 * that ends is not yet a text that was read: the caller compares where STREAM-END stands with the
 * size.
 */
#include "document/yaml.h"

#include <libfyaml.h>
#include <string.h>

static struct span mark_span(const struct fy_mark *start, const struct fy_mark *end)
{
	return start && end ? (struct span){(uint32_t)start->input_pos, (uint32_t)end->input_pos}
			    : (struct span){0, 0};
}

static struct span token_span(struct fy_token *token)
{
	return token ? mark_span(fy_token_start_mark(token), fy_token_end_mark(token))
		     : (struct span){0, 0};
}

static void set_token(struct yaml_event *event, struct fy_token *token)
{
	const struct fy_mark *start = token ? fy_token_start_mark(token) : NULL;
	const struct fy_mark *end = start ? fy_token_end_mark(token) : NULL;

	if (!end)
		return;
	event->span = mark_span(start, end);
	event->column = start->column > 0 ? (uint32_t)start->column : 0;
	event->is_one_line = start->line == end->line;
}

static enum yaml_style scalar_style(struct fy_token *token)
{
	switch (token ? fy_token_scalar_style(token) : FYSS_ANY) {
	case FYSS_PLAIN:
		return YAML_PLAIN;
	case FYSS_SINGLE_QUOTED:
		return YAML_SINGLE;
	case FYSS_DOUBLE_QUOTED:
		return YAML_DOUBLE;
	case FYSS_LITERAL:
		return YAML_LITERAL;
	case FYSS_FOLDED:
		return YAML_FOLDED;
	default:
		return YAML_EMPTY;
	}
}

static void set_properties(struct yaml_event *event, struct fy_token *anchor, struct fy_token *tag)
{
	if (anchor)
		event->anchor = token_span(anchor);
	if (tag)
		event->tag = token_span(tag);
}

/* False for an event that has no meaning to us. */
static bool translate(struct yaml_event *out, struct fy_event *event)
{
	*out = (struct yaml_event){0};
	switch (event->type) {
	case FYET_NONE:
		return false;
	case FYET_STREAM_START:
		out->type = YAML_STREAM_START;
		return true;
	case FYET_STREAM_END:
		out->type = YAML_STREAM_END;
		set_token(out, event->stream_end.stream_end);
		return true;
	case FYET_DOCUMENT_START:
		out->type = YAML_DOCUMENT_START;
		set_token(out, event->document_start.document_start);
		/* Since 0.8 a document without `---` begins somewhere, too. */
		if (out->span.start == out->span.end)
			out->span = (struct span){0, 0};
		return true;
	case FYET_DOCUMENT_END:
		out->type = YAML_DOCUMENT_END;
		return true;
	case FYET_MAPPING_START:
		out->type = YAML_MAPPING_START;
		set_token(out, event->mapping_start.mapping_start);
		set_properties(out, event->mapping_start.anchor, event->mapping_start.tag);
		return true;
	case FYET_MAPPING_END:
		out->type = YAML_MAPPING_END;
		set_token(out, event->mapping_end.mapping_end);
		return true;
	case FYET_SEQUENCE_START:
		out->type = YAML_SEQUENCE_START;
		set_token(out, event->sequence_start.sequence_start);
		set_properties(out, event->sequence_start.anchor, event->sequence_start.tag);
		return true;
	case FYET_SEQUENCE_END:
		out->type = YAML_SEQUENCE_END;
		set_token(out, event->sequence_end.sequence_end);
		return true;
	case FYET_SCALAR:
		out->type = YAML_SCALAR;
		out->style = (uint16_t)scalar_style(event->scalar.value);
		set_token(out, event->scalar.value);
		/* Since 0.8 a scalar that is not there has a token, somewhere. */
		if (out->style == YAML_PLAIN && out->span.start == out->span.end)
			*out = (struct yaml_event){.type = YAML_SCALAR, .style = YAML_EMPTY};
		set_properties(out, event->scalar.anchor, event->scalar.tag);
		return true;
	case FYET_ALIAS:
		out->type = YAML_ALIAS;
		set_token(out, event->alias.anchor);
		return true;
	}
	return false;
}

static struct fy_diag *new_diag(void)
{
	/* Not fy_diag_cfg_default(), which looks at the terminal. */
	struct fy_diag_cfg config = {.level = FYET_ERROR, .module_mask = ~0u};
	struct fy_diag *diag = fy_diag_create(&config);

	if (!diag)
		g_error("libfyaml: out of memory");
	fy_diag_set_collect_errors(diag, true);
	return diag;
}

/* The first error; there may be none for a text that was refused. */
static void set_fault(struct yaml_outcome *outcome, struct fy_diag *diag)
{
	struct fy_diag_error *error;
	void *iterator = NULL;

	outcome->status = YAML_FAULT;
	while ((error = fy_diag_errors_iterate(diag, &iterator))) {
		const struct fy_mark *mark = error->fyt ? fy_token_start_mark(error->fyt) : NULL;

		if (error->type != FYET_ERROR)
			continue;
		outcome->offset = mark ? (uint32_t)mark->input_pos : 0;
		g_strlcpy(outcome->message, error->msg ? error->msg : "", sizeof(outcome->message));
		return;
	}
}

static void drain(struct fy_parser *parser, yaml_event_handler *handler, void *context,
		  struct yaml_outcome *outcome)
{
	struct fy_event *event;

	while (outcome->status == YAML_DONE && (event = fy_parser_parse(parser))) {
		struct yaml_event out;

		if (translate(&out, event) && !handler(context, &out))
			outcome->status = YAML_STOPPED;
		fy_parser_event_free(parser, event);
	}
}

void yaml_parse(struct slice text, yaml_event_handler *handler, void *context,
		struct yaml_outcome *outcome)
{
	struct fy_diag *diag = new_diag();
	struct fy_parse_cfg config = {
		.flags = FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE,
		.diag = diag,
	};
	struct fy_parser *parser = fy_parser_create(&config);

	*outcome = (struct yaml_outcome){.status = YAML_DONE};
	if (!parser || fy_parser_set_string(parser, text.data, text.len))
		g_error("libfyaml: out of memory");
	drain(parser, handler, context, outcome);
	if (outcome->status == YAML_DONE && fy_parser_get_stream_error(parser))
		set_fault(outcome, diag);
	fy_parser_destroy(parser);
	fy_diag_destroy(diag);
}
