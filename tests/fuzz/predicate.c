/*
 * The predicate: what the byte check and yaml_is_safe() let through may be parsed in this process,
 * so libfyaml must survive it; and our texts of its scalars are those that it would give.
 */
#include "fuzz/fuzz.h"

#include <libfyaml.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum yaml_style style_of(struct fy_token *token)
{
	switch (fy_token_scalar_style(token)) {
	case FYSS_SINGLE_QUOTED:
		return YAML_SINGLE;
	case FYSS_DOUBLE_QUOTED:
		return YAML_DOUBLE;
	case FYSS_PLAIN:
		return YAML_PLAIN;
	default:
		return YAML_EMPTY; /* block scalars need what stands around them */
	}
}

/*
 * libfyaml 0.7.12 loses bytes where a scalar has two quoted apostrophes, as in 'a''b''c', keeps
 * CRLF where it should fold, and counts empty lines behind an escaped break otherwise than 7.3.1.
 */
static bool is_mistaken(struct slice source, const struct yaml_scalar *scalar)
{
	const char *text = source.data + scalar->span.start;
	size_t len = scalar->span.end - scalar->span.start;
	int count = 0;

	for (size_t i = 0; i < len; i++)
		count += text[i] == '\r' ? 3 : text[i] == '\'';
	return count > 2 || (scalar->style == YAML_DOUBLE && memmem(text, len, "\\\n", 2));
}

static void compare_text(struct slice source, struct fy_token *token)
{
	struct arena arena = {0};
	struct yaml_scalar scalar = {.source = source, .style = style_of(token)};
	struct slice ours;
	uint32_t fault;
	size_t len = 0;
	const char *theirs = fy_token_get_text(token, &len);

	scalar.span.start = (uint32_t)fy_token_start_mark(token)->input_pos;
	scalar.span.end = (uint32_t)fy_token_end_mark(token)->input_pos;
	if (scalar.style && !is_mistaken(source, &scalar) &&
	    yaml_scalar_text(&scalar, &arena, &ours, &fault))
		HOLDS(slice_equal(ours, (struct slice){theirs, len}));
	arena_release(&arena);
}

static void drain(struct slice text)
{
	struct fy_diag_cfg diag_config = {.level = FYET_ERROR, .module_mask = ~0u};
	struct fy_diag *diag = fy_diag_create(&diag_config);
	struct fy_parse_cfg config = {.flags = FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2,
				      .diag = diag};
	struct fy_parser *parser = fy_parser_create(&config);
	struct fy_event *event;

	fy_diag_set_collect_errors(diag, true);
	fy_parser_set_string(parser, text.data, text.len);
	while ((event = fy_parser_parse(parser))) {
		if (event->type == FYET_SCALAR && event->scalar.value)
			compare_text(text, event->scalar.value);
		fy_parser_event_free(parser, event);
	}
	fy_parser_destroy(parser);
	fy_diag_destroy(diag);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = {(const char *)data, size};
	struct source source;
	struct doc_reader reader;
	struct arena arena = {0};

	source_init(&source, "x.yaml", text.data, text.len);
	reader_init(&reader, &source, NULL, &arena);
	if (bytes_check_utf8(&reader) && yaml_check_bytes(&reader) && yaml_is_safe(text) && size)
		drain(text);
	reader_release(&reader);
	source_release(&source);
	arena_release(&arena);
	return 0;
}
