/*
 * A JSON text [SCHEMA, INSTANCE ...]: whatever the schema, the three ways to judge an instance (by
 * symbols, by text, by report) agree, and nothing takes for ever.
 */
#include "schema/schema.h"
#include "document/document.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void count(void *context, const struct finding *finding)
{
	g_autoptr(GString) words = g_string_new(NULL);

	phrase_append(words, &finding->message, LANGUAGE_EN, NULL);
	phrase_append(words, &finding->label, LANGUAGE_FR, NULL);
	++*(size_t *)context;
}

static void judge(const struct schema *schema, const struct document *whole,
		  const struct symbols *symbols, const struct doc_node *instance)
{
	struct document_options options = {.symbols = symbols, .syntax = DOCUMENT_JSON};
	struct document without = *whole;
	struct document_set with;
	struct arena arena = {0};
	struct source source;
	size_t found = 0;
	size_t faults = 0;
	struct finding_sink sink = {count, &found};
	struct finding_sink syntax = {count, &faults};
	bool valid;

	without.root = instance;
	valid = schema_is_valid(schema, &without, instance, &arena);
	if ((schema_report(schema, &without, instance, &arena, &sink) == 0) != valid)
		abort();
	source_init(&source, "instance.json", whole->source->data + instance->span.start,
		    instance->span.end - instance->span.start);
	if (document_read(&with, &source, &options, &arena, &syntax, NULL) || !with.complete)
		abort();
	if (schema_is_valid(schema, with.documents, NULL, &arena) != valid)
		abort();
	source_release(&source);
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct symbols *symbols = symbols_new();
	struct schema_set_options set_options = {.symbols = symbols};
	struct document_options options = {.syntax = DOCUMENT_JSON};
	struct schema_set *set;
	struct document_set documents;
	struct arena arena = {0};
	struct source source;
	size_t found = 0;
	struct finding_sink sink = {count, &found};

	set_options.formats = size % 2 ? SCHEMA_FORMATS_ASSERTED : SCHEMA_FORMATS_AS_DECLARED;
	set = schema_set_new(&set_options);
	source_init(&source, "fuzz.json", (const char *)data, size);
	if (!document_read(&documents, &source, &options, &arena, &sink, NULL) &&
	    documents.complete && !found && doc_is(documents.documents->root, DOC_ARRAY)) {
		struct document document = *documents.documents;
		const struct doc_node *first = doc_first(document.root);
		const struct schema *schema = NULL;

		document.root = first;
		if (first)
			schema = schema_compile(set, &document, SLICE("fuzz.json"), &sink);
		for (const struct doc_node *next = doc_next(first); schema && next;
		     next = doc_next(next))
			judge(schema, &document, symbols, next);
	}
	schema_set_free(set);
	symbols_free(symbols);
	source_release(&source);
	arena_release(&arena);
	return 0;
}
