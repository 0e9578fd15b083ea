/*
 * One reading: chooses the lane, keeps findings until it is known that they are wanted (a YAML file
 * that begins like JSON is tried as JSON first), and hands the set over.
 */
#include "document/yaml.h"

#include "source/message.h"

#include <string.h>

enum {
	DEPTH_MAX = 10000, /* what functions that recurse over a tree can bear */
	FINDINGS_MAX = 1000,
};

struct reader_finding {
	struct reader_finding *next;
	struct finding finding;
};

/* RELIABILITY.md 1.2 has the measurements behind these. */
const struct document_limits document_default_limits = {
	.size = 32u << 20,
	.depth = 100,
	.nodes = 4u << 20,
	.key_len = 1024,
	.scalar_len = 1u << 20,
	.aliases = 10000,
	.documents = 100000,
};

static void set_limits(struct document_limits *out, const struct document_limits *limits)
{
	*out = *(limits ? limits : &document_default_limits);
	if (!out->size || out->size > UINT32_MAX - 1)
		out->size = UINT32_MAX - 1;
	if (!out->depth || out->depth > DEPTH_MAX)
		out->depth = DEPTH_MAX;
	out->nodes = out->nodes ? out->nodes : UINT32_MAX / 2;
	out->key_len = out->key_len ? out->key_len : UINT32_MAX;
	out->scalar_len = out->scalar_len ? out->scalar_len : UINT32_MAX;
	out->aliases = out->aliases ? out->aliases : UINT32_MAX;
	out->documents = out->documents ? out->documents : UINT32_MAX;
}

void reader_init(struct doc_reader *reader, struct source *source,
		 const struct document_options *options, struct arena *arena)
{
	uint32_t estimate = (uint32_t)MIN(source->size / 12, 1u << 20);

	memset(reader, 0, offsetof(struct doc_reader, first_nodes));
	reader->source = source;
	reader->symbols = options ? options->symbols : NULL;
	reader->arena = arena;
	reader->complete = true;
	reader->frames = reader->first_frames;
	reader->frame_capacity = G_N_ELEMENTS(reader->first_frames);
	reader->nodes = reader->first_nodes;
	reader->capacity = G_N_ELEMENTS(reader->first_nodes);
	if (estimate > reader->capacity * 4) {
		reader->capacity = estimate;
		reader->nodes = arena_block_grow(NULL, estimate * sizeof(struct doc_node));
	}
	reader->documents = g_array_new(FALSE, FALSE, sizeof(struct document));
	set_limits(&reader->limits, options ? options->limits : NULL);
}

void reader_release(struct doc_reader *reader)
{
	build_abandon(reader);
	if (reader->nodes != reader->first_nodes)
		arena_block_free(reader->nodes);
	if (reader->frames != reader->first_frames)
		g_free(reader->frames);
	g_free(reader->table);
	g_array_free(reader->documents, TRUE);
	if (reader->comments)
		g_array_free(reader->comments, TRUE);
}

void *reader_grow(void *array, const void *first, size_t size, size_t wanted)
{
	return array == first ? memcpy(g_malloc(wanted), first, size) : g_realloc(array, wanted);
}

static void emit_all(const struct doc_reader *reader, const struct finding_sink *sink)
{
	for (const struct reader_finding *at = reader->findings; at; at = at->next)
		finding_emit(sink, &at->finding);
}

static struct finding *append_finding(struct doc_reader *reader)
{
	struct reader_finding *added = arena_new(reader->arena, struct reader_finding);

	if (reader->last_finding)
		reader->last_finding->next = added;
	else
		reader->findings = added;
	reader->last_finding = added;
	return &added->finding;
}

static void fill_finding(struct doc_reader *reader, struct finding *finding, enum finding_code code,
			 struct span span, struct phrase message)
{
	*finding = (struct finding){
		.code = code,
		.rule = finding_id(code),
		.severity = finding_severity(code),
		.message = message,
		.source = reader->source,
		.span = span,
	};
}

struct finding *reader_find(struct doc_reader *reader, enum finding_code code, struct span span,
			    struct phrase message)
{
	struct finding *finding = reader->dropped;

	if (reader->finding_count < FINDINGS_MAX) {
		reader->finding_count++;
		finding = append_finding(reader);
	} else if (!finding) {
		fill_finding(reader, append_finding(reader), FINDING_LIMIT, span,
			     phrase_make(reader->arena, MESSAGE_LIMIT_FINDINGS, 0));
		finding = reader->dropped = arena_new(reader->arena, struct finding);
	}
	fill_finding(reader, finding, code, span, message);
	return finding;
}

bool reader_fail(struct doc_reader *reader, enum finding_code code, struct span span,
		 struct phrase message)
{
	reader_find(reader, code, span, message);
	reader->complete = false;
	return false;
}

struct finding *reader_last(const struct doc_reader *reader)
{
	if (reader->dropped)
		return reader->dropped;
	return reader->last_finding ? &reader->last_finding->finding : NULL;
}

bool reader_limit(struct doc_reader *reader, struct span span, int message, size_t bound)
{
	const char *text = arena_printf(reader->arena, "%zu", bound);

	return reader_fail(reader, FINDING_LIMIT, span,
			   phrase_make(reader->arena, message, 1, slice_of(text)));
}

struct slice reader_excerpt(const struct doc_reader *reader, struct span span)
{
	enum { EXCERPT = 40 };
	const char *text = reader->source->data + span.start;
	size_t len = span.end - span.start;

	if (len > EXCERPT) {
		len = EXCERPT;
		while (len && ((unsigned char)text[len] & 0xc0) == 0x80)
			len--;
	}
	return (struct slice){text, len};
}

void reader_relate(struct doc_reader *reader, struct finding *finding, struct span span, int label)
{
	struct related *related = arena_new(reader->arena, struct related);

	*related = (struct related){reader->source, span, phrase_make(reader->arena, label, 0)};
	finding->related = related;
	finding->related_count = 1;
}

static bool has_suffix(const char *path, const char *suffix)
{
	size_t len = path ? strlen(path) : 0, suffix_len = strlen(suffix);

	return len > suffix_len && !g_ascii_strcasecmp(path + len - suffix_len, suffix);
}

enum document_syntax document_syntax_of(const char *path)
{
	if (has_suffix(path, ".json"))
		return DOCUMENT_JSON;
	if (has_suffix(path, ".jsonl") || has_suffix(path, ".ndjson"))
		return DOCUMENT_JSON_LINES;
	return DOCUMENT_AUTO;
}

static bool has_limit_finding(const struct doc_reader *reader)
{
	for (const struct reader_finding *at = reader->findings; at; at = at->next)
		if (at->finding.code == FINDING_LIMIT)
			return true;
	return false;
}

/* Reads as JSON what begins like it and is it; false, and nothing is kept, where it is not. */
static bool read_as_json(struct doc_reader *reader)
{
	const struct source *source = reader->source;
	uint32_t start = bytes_mark(source);

	if (start == source->size || (source->data[start] != '{' && source->data[start] != '['))
		return false;
	if (json_read(reader, JSON_ATTEMPT) || has_limit_finding(reader))
		return true;
	build_abandon(reader);
	reader->findings = reader->last_finding = NULL;
	reader->finding_count = 0;
	reader->dropped = NULL;
	reader->complete = true;
	return false;
}

static int read_all(struct doc_reader *reader, enum document_syntax syntax, struct error *error)
{
	if (reader->source->size > reader->limits.size) {
		reader_limit(reader, (struct span){0, 0}, MESSAGE_LIMIT_SIZE, reader->limits.size);
		return 0;
	}
	if (!bytes_check_utf8(reader))
		return 0;
	if (syntax == DOCUMENT_JSON)
		json_read(reader, JSON_READ);
	else if (syntax == DOCUMENT_JSON_LINES)
		json_read_lines(reader);
	else if (syntax == DOCUMENT_YAML || !read_as_json(reader))
		return yaml_read(reader, error);
	return 0;
}

static void *copy_array(struct arena *arena, const GArray *array)
{
	size_t size = array ? array->len * g_array_get_element_size((GArray *)array) : 0;

	return size ? memcpy(arena_alloc_raw(arena, size), array->data, size) : NULL;
}

int document_read(struct document_set *out, struct source *source,
		  const struct document_options *options, struct arena *arena,
		  const struct finding_sink *sink, struct error *error)
{
	struct doc_reader reader;
	int result;

	enum document_syntax asked = options ? options->syntax : DOCUMENT_AUTO;
	enum document_syntax syntax = asked == DOCUMENT_AUTO ? document_syntax_of(source->path)
							     : asked;

	reader_init(&reader, source, options, arena);
	result = read_all(&reader, syntax, error);
	*out = (struct document_set){
		.documents = copy_array(arena, reader.documents),
		.count = reader.documents->len,
		.complete = reader.complete,
		.comments = copy_array(arena, reader.comments),
		.comment_count = reader.comments ? reader.comments->len : 0,
		.syntax = syntax,
	};
	emit_all(&reader, sink);
	reader_release(&reader);
	return result;
}
