#include "schema/graph.h"
size_t schema_report(const struct schema *schema, const struct document *document,
		     const struct doc_node *node, struct arena *arena,
		     const struct finding_sink *sink)
{
	struct finding f = {.code = FINDING_NOT_ALLOWED, .source = document->source, .pointer = "", .rule = "not-allowed", .severity = SEVERITY_ERROR, .message = phrase_make(arena, MESSAGE_SCHEMA_NOT_VALID, 0)};
	if (schema_is_valid(schema, document, node, arena)) return 0;
	finding_emit(sink, &f);
	return 1;
}
