/*
 * From a document to the graph of a schema: one schema_node for each subschema that can be reached,
 * with its keywords in the order of keywords.def and references already followed.
 *
 * Nodes are made as shells and filled from a queue, so that neither cycles nor long chains of
 * references recurse. What a metaschema forbids was reported before (metaschema.c); a value of the
 * wrong type is left out here without a word. Faults that only compiling sees are reported here:
 * references that lead nowhere, patterns that are none, references that only lead to each other.
 */
#include "schema/format.h"
#include "schema/graph.h"
#include "schema/program.h"
#include "schema/uri.h"

#include "base/regex.h"
#include "source/message.h"

#include <string.h>

const struct keyword_info keyword_table[SCHEMA_KEYWORD_COUNT] = {
#define KEYWORD(name, text, shape, dialects, vocabulary)                                           \
	{text, SHAPE_##shape, dialects, VOCABULARY_##vocabulary},
#include "schema/keywords.def"
#undef KEYWORD
};

const char *schema_keyword_name(enum schema_keyword_id id)
{
	return keyword_table[id].name;
}

enum schema_keyword_id keyword_of(const struct schema_set *set, struct slice name)
{
	uint32_t symbol = symbols_find(set->keywords, name.data, name.len);

	return symbol == SYMBOL_NONE ? SCHEMA_KEYWORD_COUNT : (enum schema_keyword_id)(symbol - 1);
}

void schema_fault(struct schema *schema, enum finding_code code, const struct document *document,
		  const struct doc_node *place, struct phrase message)
{
	struct span start = {document->span.start, document->span.start};

	schema_fault_at(schema, code, document, place, place ? place->span : start, message);
}

void schema_fault_at(struct schema *schema, enum finding_code code, const struct document *document,
		     const struct doc_node *place, struct span span, struct phrase message)
{
	struct finding finding = {
		.code = code,
		.rule = finding_id(code),
		.severity = finding_severity(code),
		.message = message,
		.source = document->source,
		.span = span,
		.pointer = place ? doc_pointer(&schema->set->arena, place) : "",
	};

	if (finding.severity == SEVERITY_ERROR)
		schema->failed = true;
	finding_emit(schema->sink, &finding);
}

const struct schema_node *compile_node(struct schema *schema, const struct document *document,
				       const struct doc_node *place,
				       const struct schema_resource *resource)
{
	struct schema_node *node = g_hash_table_lookup(schema->nodes, place);
	const struct schema_resource *own;

	if (node)
		return node;
	node = arena_new(&schema->set->arena, struct schema_node);
	own = g_hash_table_lookup(schema->set->places, place);
	node->document = document;
	node->place = place;
	node->resource = own ? own : resource;
	node->types = SCHEMA_ANY_TYPE;
	node->is_boolean = place->type == DOC_BOOLEAN;
	node->accepts = node->is_boolean && place->integer;
	node->code = program_new(&schema->set->arena, node);
	g_hash_table_insert(schema->nodes, (gpointer)place, node);
	g_ptr_array_add(schema->queue, node);
	return node;
}

static bool is_schema(const struct doc_node *place)
{
	return doc_is(place, DOC_OBJECT) || doc_is(place, DOC_BOOLEAN);
}

static const struct schema_node *compile_child(struct schema *schema,
					       const struct schema_node *node,
					       const struct doc_node *place)
{
	return is_schema(place) ? compile_node(schema, node->document, place, node->resource)
				: NULL;
}

static uint32_t intern(struct schema *schema, struct slice name)
{
	return symbols_intern(schema->set->symbols, name.data, name.len);
}

/* A list of property names as branches without schemas. */
static const struct schema_branch *compile_names(struct schema *schema, uint32_t *count,
						 const struct doc_node *list)
{
	struct schema_branch *names = arena_array(&schema->set->arena, list->count, sizeof(*names));

	*count = 0;
	for (const struct doc_node *item = doc_first(list); item; item = doc_next(item)) {
		if (item->type != DOC_STRING)
			continue;
		names[*count].name = doc_text(item);
		names[*count].symbol = intern(schema, doc_text(item));
		names[(*count)++].value = item;
	}
	return names;
}

/* A pattern as ECMA-262 reads it, or as browsers do, with a lint (Annex B). */
static const struct regex *compile_regex(struct schema *schema, const struct schema_node *node,
					 const struct doc_node *place, struct slice pattern)
{
	struct arena *arena = &schema->set->arena;
	struct regex_error error = {0};
	struct regex *regex = regex_compile(pattern, REGEX_ECMA, &error);
	struct phrase message;

	if (!regex) {
		regex = regex_compile(pattern, REGEX_ECMA_ANNEX_B, NULL);
		message = phrase_make(arena,
				      regex ? MESSAGE_SCHEMA_PATTERN_LOOSE : MESSAGE_SCHEMA_PATTERN,
				      2, pattern, slice_of(error.message));
		message.sentences = 1 << 1;
		schema_fault(schema, regex ? FINDING_SCHEMA_LINT : FINDING_SCHEMA_INVALID,
			     node->document, place, message);
	}
	if (regex)
		g_ptr_array_add(schema->set->regexes, regex);
	return regex;
}

static void compile_branch(struct schema *schema, const struct schema_node *node,
			   struct schema_branch *branch, const struct doc_node *entry,
			   enum keyword_shape shape)
{
	branch->name = doc_key_text(entry);
	branch->value = entry;
	if (shape == SHAPE_PATTERNS)
		branch->pattern = compile_regex(schema, node, entry, branch->name);
	else if (entry->key)
		branch->symbol = intern(schema, branch->name);
	if (entry->type == DOC_ARRAY)
		branch->names = compile_names(schema, &branch->name_count, entry);
	else
		branch->schema = compile_child(schema, node, entry);
}

static void compile_branches(struct schema *schema, const struct schema_node *node,
			     struct schema_keyword *keyword, enum keyword_shape shape)
{
	struct schema_branch *branches;
	const struct doc_node *value = keyword->value;

	branches = arena_array(&schema->set->arena, value->count, sizeof(*branches));
	for (const struct doc_node *entry = doc_first(value); entry; entry = doc_next(entry)) {
		struct schema_branch *branch = &branches[keyword->count];

		compile_branch(schema, node, branch, entry, shape);
		if (branch->schema || branch->names)
			keyword->count++;
	}
	keyword->branches = branches;
}

/* A non-negative integer, 2.0 too; what no document can reach is UINT32_MAX. */
static uint32_t count_of(const struct doc_node *value)
{
	struct decimal decimal;
	int64_t number;

	if (!decimal_parse(&decimal, value->text, value->len))
		return 0;
	if (!decimal_to_int64(&decimal, &number))
		return decimal.negative ? 0 : UINT32_MAX;
	return number < 0 ? 0 : (uint32_t)MIN(number, (int64_t)UINT32_MAX);
}

static void compile_reference(struct schema *schema, const struct schema_node *node,
			      struct schema_keyword *keyword)
{
	struct target target;

	if (!load_reference(&target, schema, node->resource, keyword->value))
		return;
	keyword->schema = compile_node(schema, target.document, target.place, target.resource);
	if (target.resource != node->resource)
		program_note_entry(keyword->schema);
	if (keyword->id != SCHEMA_KEYWORD_REF)
		keyword->detail = program_dynamic(schema, keyword->schema, &target, keyword->id);
}

static bool has_shape(const struct doc_node *value, enum keyword_shape shape)
{
	switch (shape) {
	case SHAPE_VALUE:
		return true;
	case SHAPE_COUNT:
		return value->type == DOC_INTEGER || value->type == DOC_NUMBER;
	case SHAPE_REGEX:
	case SHAPE_REFERENCE:
		return value->type == DOC_STRING;
	case SHAPE_SCHEMA:
		return is_schema(value);
	case SHAPE_ITEMS:
		return is_schema(value) || value->type == DOC_ARRAY;
	case SHAPE_LIST:
	case SHAPE_NAMES:
		return value->type == DOC_ARRAY;
	case SHAPE_NAMED:
	case SHAPE_PATTERNS:
	case SHAPE_NAMED_EITHER:
	case SHAPE_NAMED_NAMES:
		return value->type == DOC_OBJECT;
	}
	g_assert_not_reached();
}

static void compile_keyword(struct schema *schema, struct schema_node *node,
			    struct schema_keyword *keyword)
{
	enum keyword_shape shape = keyword_table[keyword->id].shape;

	switch (shape) {
	case SHAPE_VALUE:
		keyword->detail = program_detail(schema, node, keyword);
		break;
	case SHAPE_COUNT:
		keyword->number = count_of(keyword->value);
		break;
	case SHAPE_REGEX:
		keyword->detail = compile_regex(schema, node, keyword->value,
						doc_text(keyword->value));
		break;
	case SHAPE_REFERENCE:
		compile_reference(schema, node, keyword);
		break;
	case SHAPE_ITEMS:
	case SHAPE_SCHEMA:
		if (is_schema(keyword->value))
			keyword->schema = compile_child(schema, node, keyword->value);
		else
			compile_branches(schema, node, keyword, SHAPE_LIST);
		break;
	case SHAPE_LIST:
	case SHAPE_NAMED:
	case SHAPE_PATTERNS:
	case SHAPE_NAMED_EITHER:
	case SHAPE_NAMED_NAMES:
		compile_branches(schema, node, keyword, shape);
		break;
	case SHAPE_NAMES:
		keyword->branches = compile_names(schema, &keyword->count, keyword->value);
		break;
	}
}

static uint8_t type_bit(struct slice name)
{
	static const struct {
		const char *name;
		uint8_t bits;
	} types[] = {
		{"null", SCHEMA_NULL},       {"boolean", SCHEMA_BOOLEAN},
		{"integer", SCHEMA_INTEGER}, {"number", SCHEMA_NUMBER | SCHEMA_INTEGER},
		{"string", SCHEMA_STRING},   {"array", SCHEMA_ARRAY},
		{"object", SCHEMA_OBJECT},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (slice_equal(name, slice_of(types[i].name)))
			return types[i].bits;
	return 0;
}

static uint8_t types_of(const struct doc_node *value)
{
	uint8_t types = 0;

	if (value->type == DOC_STRING)
		return type_bit(doc_text(value));
	for (const struct doc_node *item = doc_first(value); item; item = doc_next(item))
		types |= type_bit(doc_text(item));
	return types;
}

/* A text for both languages, or a map {en, fr}; the other language stands in for a missing one. */
static const struct bilingual *bilingual_of(struct arena *arena, const struct doc_node *value)
{
	struct bilingual *words = arena_new(arena, struct bilingual);
	struct slice en = doc_text(doc_get(value, "en"));
	struct slice fr = doc_text(doc_get(value, "fr"));

	if (doc_is(value, DOC_STRING))
		en = fr = doc_text(value);
	words->en = en.len ? en : fr;
	words->fr = fr.len ? fr : en;
	return words->en.len ? words : NULL;
}

/* What readers of the graph want without looking for the keyword. */
static void note_annotations(struct schema *schema, struct schema_node *node,
			     const struct schema_keyword *keyword)
{
	switch ((int)keyword->id) {
	case SCHEMA_KEYWORD_TYPE:
		node->types = types_of(keyword->value);
		break;
	case SCHEMA_KEYWORD_TITLE:
		node->title = bilingual_of(&schema->set->arena, keyword->value);
		break;
	case SCHEMA_KEYWORD_DESCRIPTION:
		node->description = bilingual_of(&schema->set->arena, keyword->value);
		break;
	case SCHEMA_KEYWORD_PLANLINT_TYPE:
		node->is_date = slice_equal(doc_text(keyword->value), SLICE("date"));
		if (!node->is_date)
			schema_fault(
				schema, FINDING_SCHEMA_INVALID, node->document, keyword->value,
				phrase_make(&schema->set->arena, MESSAGE_SCHEMA_PLANLINT_TYPE, 0));
		break;
	case SCHEMA_KEYWORD_PLANLINT_KEY:
		node->list_key = doc_text(keyword->value);
		if (!node->list_key.len)
			schema_fault(
				schema, FINDING_SCHEMA_INVALID, node->document, keyword->value,
				phrase_make(&schema->set->arena, MESSAGE_SCHEMA_PLANLINT_KEY, 0));
		break;
	default:
		break;
	}
}

/* Whether a keyword counts in this subschema: its dialect has it, and no $ref hides it. */
static bool counts(const struct schema_node *node, enum schema_keyword_id id, bool has_ref)
{
	const struct dialect *dialect = node->resource->dialect;

	if (has_ref && dialect->bit < D19 && id != SCHEMA_KEYWORD_REF &&
	    id != SCHEMA_KEYWORD_DEFINITIONS)
		return false;
	return dialect_has(dialect, id);
}

static void fill_node(struct schema *schema, struct schema_node *node)
{
	const struct doc_node *values[SCHEMA_KEYWORD_COUNT] = {0};
	struct schema_keyword *keywords;
	size_t found = 0;

	for (const struct doc_node *member = doc_first(node->place); member;
	     member = doc_next(member)) {
		enum schema_keyword_id id = keyword_of(schema->set, doc_key_text(member));

		if (id != SCHEMA_KEYWORD_COUNT && has_shape(member, keyword_table[id].shape)) {
			found += !values[id];
			values[id] = member;
		}
	}
	keywords = arena_array(&schema->set->arena, found, sizeof(*keywords));
	for (enum schema_keyword_id id = 0; id < SCHEMA_KEYWORD_COUNT; id++) {
		struct schema_keyword *keyword = &keywords[node->count];

		if (!values[id] || !counts(node, id, values[SCHEMA_KEYWORD_REF] != NULL))
			continue;
		keyword->id = id;
		keyword->value = values[id];
		compile_keyword(schema, node, keyword);
		note_annotations(schema, node, keyword);
		node->count++;
	}
	node->keywords = keywords;
}

static void compile_queue(struct schema *schema)
{
	do {
		while (schema->compiled < schema->queue->len) {
			struct schema_node *node = g_ptr_array_index(schema->queue,
								     schema->compiled++);

			if (!node->is_boolean)
				fill_node(schema, node);
		}
		program_complete_dynamic(schema);
	} while (schema->compiled < schema->queue->len);
}

static struct schema *schema_new(struct schema_set *set, const struct document *document,
				 const struct finding_sink *sink)
{
	struct schema *schema = arena_new(&set->arena, struct schema);

	schema->set = set;
	schema->nodes = g_hash_table_new(g_direct_hash, g_direct_equal);
	schema->queue = g_ptr_array_new();
	schema->dynamic = g_ptr_array_new();
	schema->sink = sink;
	schema->document = document;
	g_ptr_array_add(set->schemas, schema);
	return schema;
}

static void discard(void *context, const struct finding *finding)
{
	(void)context;
	(void)finding;
}

const struct schema *schema_compile(struct schema_set *set, const struct document *document,
				    struct slice uri, const struct finding_sink *sink)
{
	static const struct finding_sink nowhere = {discard, NULL};
	struct schema *schema = schema_new(set, document, sink ? sink : &nowhere);
	const struct schema_resource *resource = schema_load_document(schema, document, uri);

	if (!resource || schema->failed)
		return NULL;
	schema->root = compile_node(schema, document, document->root, resource);
	compile_queue(schema);
	lint_cycles(schema);
	if (!schema->failed)
		program_build(schema);
	if (!set->is_meta)
		lint_schema(schema);
	schema->sink = NULL;
	return schema->failed ? NULL : schema;
}

/* --- sets */

static void free_schema(gpointer data)
{
	struct schema *schema = data;

	g_hash_table_destroy(schema->nodes);
	g_ptr_array_free(schema->queue, TRUE);
	g_ptr_array_free(schema->dynamic, TRUE);
}

static void free_resource(gpointer data)
{
	struct schema_resource *resource = data;

	g_hash_table_destroy(resource->anchors);
	g_hash_table_destroy(resource->dynamic_anchors);
}

static void free_regex(gpointer data)
{
	regex_free(data);
}

static void free_source(gpointer data)
{
	source_release(data);
	g_free(data);
}

struct schema_set *schema_set_new(const struct schema_set_options *options)
{
	struct schema_set *set = g_new0(struct schema_set, 1);

	arena_init(&set->arena);
	set->symbols = options->symbols;
	set->resolve = options->resolve;
	set->resolve_context = options->resolve_context;
	set->trusted = options->trusted;
	set->formats = options->formats;
	set->dialect = options->dialect;
	set->keywords = symbols_new();
	for (enum schema_keyword_id id = 0; id < SCHEMA_KEYWORD_COUNT; id++)
		symbols_intern(set->keywords, keyword_table[id].name,
			       strlen(keyword_table[id].name));
	set->resources = g_hash_table_new(g_str_hash, g_str_equal);
	set->places = g_hash_table_new(g_direct_hash, g_direct_equal);
	set->dialects = g_hash_table_new(g_str_hash, g_str_equal);
	set->metaschemas = g_hash_table_new(g_str_hash, g_str_equal);
	set->all_resources = g_ptr_array_new_with_free_func(free_resource);
	set->schemas = g_ptr_array_new_with_free_func(free_schema);
	set->regexes = g_ptr_array_new_with_free_func(free_regex);
	set->sources = g_ptr_array_new_with_free_func(free_source);
	return set;
}

void schema_set_free(struct schema_set *set)
{
	if (!set)
		return;
	if (set->meta) {
		struct symbols *symbols = set->meta->symbols;

		schema_set_free(set->meta);
		symbols_free(symbols);
	}
	g_hash_table_destroy(set->resources);
	g_hash_table_destroy(set->places);
	g_hash_table_destroy(set->dialects);
	g_hash_table_destroy(set->metaschemas);
	g_ptr_array_free(set->all_resources, TRUE);
	g_ptr_array_free(set->schemas, TRUE);
	g_ptr_array_free(set->regexes, TRUE);
	g_ptr_array_free(set->sources, TRUE);
	symbols_free(set->keywords);
	arena_release(&set->arena);
	g_free(set);
}
