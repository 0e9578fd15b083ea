/* Reads a text into documents and keeps its findings as one text, for the tests of document/. */
#ifndef PLANLINT_TESTS_UNIT_READ_H
#define PLANLINT_TESTS_UNIT_READ_H

#include "document/document.h"
#include "unit/unit.h"

struct read {
	struct source source;
	struct arena arena;
	struct document_set set;
	GString *findings; /* "code start-end message\n" each, related places behind "<- start-end"
			    */
};

static inline void read_emit(void *context, const struct finding *finding)
{
	struct read *read = context;

	g_string_append_printf(read->findings, "%s %u-%u ", finding->rule, finding->span.start,
			       finding->span.end);
	phrase_append(read->findings, &finding->message, LANGUAGE_EN, text_append_visible);
	for (size_t i = 0; i < finding->related_count; i++)
		g_string_append_printf(read->findings, " <- %u-%u", finding->related[i].span.start,
				       finding->related[i].span.end);
	g_string_append_c(read->findings, '\n');
}

static inline void read_with(struct read *read, const char *path, const char *text, size_t len,
			     const struct document_options *options)
{
	struct finding_sink sink = {read_emit, read};
	struct error error = {0};

	*read = (struct read){.findings = g_string_new(NULL)};
	source_init(&read->source, path, text, len);
	CU_ASSERT_EQUAL(
		document_read(&read->set, &read->source, options, &read->arena, &sink, &error), 0);
	error_clear(&error);
}

static inline void read_text(struct read *read, const char *path, const char *text)
{
	read_with(read, path, text, strlen(text), NULL);
}

static inline const struct doc_node *read_root(const struct read *read)
{
	return read->set.count ? read->set.documents[0].root : NULL;
}

static inline void read_release(struct read *read)
{
	g_string_free(read->findings, TRUE);
	source_release(&read->source);
	arena_release(&read->arena);
}

/* The canonical JSON of the first document is `expected`. */
static inline void read_check_json(const struct read *read, const char *expected)
{
	GString *out = g_string_new(NULL);

	doc_json_append(out, read_root(read));
	CU_ASSERT_STRING_EQUAL(out->str, expected);
	if (strcmp(out->str, expected))
		fprintf(stderr, "\n  got  %s\n  want %s\n", out->str, expected);
	g_string_free(out, TRUE);
}

static inline void read_check_findings(const struct read *read, const char *expected)
{
	CU_ASSERT_STRING_EQUAL(read->findings->str, expected);
	if (strcmp(read->findings->str, expected))
		fprintf(stderr, "\n  got  %s\n  want %s\n", read->findings->str, expected);
}

#endif
