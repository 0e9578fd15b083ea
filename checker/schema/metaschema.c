/*
 * Dialects: what $schema names, with its vocabularies (JSON Schema 2020-12 core 8.1), and the check
 * of schemas against their metaschemas.
 *
 * The metaschemas of the five dialects are files of schemas/metaschema, embedded in the program and
 * read when first asked for. A metaschema of somebody else's says with $vocabulary what its
 * keywords mean; one without says so through its own $schema. Metaschemas are compiled in a set of
 * their own, with symbols of their own, so that their property names do not enter those of
 * documents.
 */
#include "schema/graph.h"
#include "schema/uri.h"

#include "base/embedded.h"
#include "source/message.h"

#include <string.h>

enum {
	ALL_19 = VOCABULARY_CORE | VOCABULARY_APPLICATOR | VOCABULARY_UNEVALUATED |
		 VOCABULARY_VALIDATION | VOCABULARY_METADATA | VOCABULARY_FORMAT |
		 VOCABULARY_CONTENT,
};

/* The metaschemas of the dialects; a name with https and a trailing '#' is taken as well. */
static const struct {
	const char *uri;
	const char *file;
	struct dialect dialect;
} builtin[] = {
#define DIALECT(uri, file, bit, vocabularies)                                                      \
	{                                                                                          \
		uri, "schemas/metaschema/" file,                                                   \
		{                                                                                  \
			bit, vocabularies,                                                         \
			{                                                                          \
				uri, sizeof(uri) - 1                                               \
			}                                                                          \
		}                                                                                  \
	}
	DIALECT("https://json-schema.org/draft/2020-12/schema", "2020-12-schema.json", D20, ALL_19),
	DIALECT("https://json-schema.org/draft/2019-09/schema", "2019-09-schema.json", D19, ALL_19),
	DIALECT("http://json-schema.org/draft-07/schema", "draft-07.json", D7, ALL_19),
	DIALECT("http://json-schema.org/draft-06/schema", "draft-06.json", D6, ALL_19),
	DIALECT("http://json-schema.org/draft-04/schema", "draft-04.json", D4, ALL_19),
#undef DIALECT
};

static const struct {
	const char *uri;
	unsigned dialect;
	unsigned vocabulary;
} vocabularies[] = {
#define IN_19(name, bit)                                                                           \
	{                                                                                          \
		"https://json-schema.org/draft/2019-09/vocab/" name, D19, bit                      \
	}
#define IN_20(name, bit)                                                                           \
	{                                                                                          \
		"https://json-schema.org/draft/2020-12/vocab/" name, D20, bit                      \
	}
	IN_19("core", VOCABULARY_CORE),
	IN_19("applicator", VOCABULARY_APPLICATOR | VOCABULARY_UNEVALUATED),
	IN_19("validation", VOCABULARY_VALIDATION),
	IN_19("meta-data", VOCABULARY_METADATA),
	IN_19("format", VOCABULARY_FORMAT),
	IN_19("content", VOCABULARY_CONTENT),
	IN_20("core", VOCABULARY_CORE),
	IN_20("applicator", VOCABULARY_APPLICATOR),
	IN_20("unevaluated", VOCABULARY_UNEVALUATED),
	IN_20("validation", VOCABULARY_VALIDATION),
	IN_20("meta-data", VOCABULARY_METADATA),
	IN_20("format-annotation", VOCABULARY_FORMAT),
	IN_20("format-assertion", VOCABULARY_FORMAT | VOCABULARY_FORMAT_ASSERTION),
	IN_20("content", VOCABULARY_CONTENT),
#undef IN_19
#undef IN_20
};

static const struct dialect *newest(void)
{
	return &builtin[0].dialect;
}

bool dialect_has(const struct dialect *dialect, enum schema_keyword_id id)
{
	return (keyword_table[id].dialects & dialect->bit) &&
	       (keyword_table[id].vocabulary & dialect->vocabularies);
}

/* Equal but for http or https. */
static bool same_uri(struct slice a, const char *b)
{
	struct slice known = slice_of(b);
	size_t from = known.data[4] == 's' ? 5 : 4;
	size_t mine = a.len > 5 && a.data[4] == 's' ? 5 : 4;

	return a.len > mine && !memcmp(a.data, "http", 4) &&
	       slice_equal((struct slice){a.data + mine, a.len - mine},
			   (struct slice){known.data + from, known.len - from});
}

static const struct dialect *builtin_dialect(struct slice uri)
{
	if (same_uri(uri, "http://json-schema.org/schema"))
		return newest();
	for (size_t i = 0; i < G_N_ELEMENTS(builtin); i++)
		if (same_uri(uri, builtin[i].uri))
			return &builtin[i].dialect;
	return NULL;
}

/* Adds one entry of $vocabulary; false with a finding where it is required and unknown. */
static bool add_vocabulary(struct dialect *dialect, struct schema *schema,
			   const struct document *document, const struct doc_node *schema_keyword,
			   const struct doc_node *entry)
{
	for (size_t i = 0; i < G_N_ELEMENTS(vocabularies); i++) {
		if (slice_equal(doc_key_text(entry), slice_of(vocabularies[i].uri))) {
			dialect->bit = vocabularies[i].dialect;
			if (vocabularies[i].vocabulary & VOCABULARY_FORMAT_ASSERTION)
				dialect->vocabularies |= VOCABULARY_FORMAT_ASSERTION;
			dialect->vocabularies |= vocabularies[i].vocabulary;
			return true;
		}
	}
	if (!entry->integer)
		return true;
	schema_fault(schema, FINDING_SCHEMA_INVALID, document, schema_keyword,
		     phrase_make(&schema->set->arena, MESSAGE_SCHEMA_VOCABULARY, 1,
				 doc_key_text(entry)));
	return false;
}

static const struct dialect *read_dialect(struct schema *schema, const struct document *document,
					  const struct doc_node *schema_keyword, struct slice uri,
					  const struct document *metaschema)
{
	struct dialect *dialect = arena_new(&schema->set->arena, struct dialect);
	const struct doc_node *list = doc_get(metaschema->root, "$vocabulary");
	const struct doc_node *own = doc_get(metaschema->root, "$schema");
	bool is_own = slice_equal(uri_without_fragment(doc_text(own)), uri);

	*dialect = *newest();
	if (doc_is(own, DOC_STRING) && !is_own) {
		const struct dialect *parent = dialect_of(schema, metaschema, own);

		if (!parent)
			return NULL;
		*dialect = *parent;
	}
	dialect->metaschema = uri;
	if (!doc_is(list, DOC_OBJECT))
		return dialect;
	dialect->vocabularies = VOCABULARY_CORE;
	for (const struct doc_node *entry = doc_first(list); entry; entry = doc_next(entry))
		if (!add_vocabulary(dialect, schema, document, schema_keyword, entry))
			return NULL;
	return dialect;
}

const struct dialect *dialect_of(struct schema *schema, const struct document *document,
				 const struct doc_node *schema_keyword)
{
	struct schema_set *set = schema->set;
	struct slice uri = uri_without_fragment(doc_is(schema_keyword, DOC_STRING)
							? doc_text(schema_keyword)
							: slice_of(set->dialect));
	char *name = arena_dup(&set->arena, uri.data, uri.len);
	const struct dialect *dialect = uri.len ? builtin_dialect(uri) : newest();
	const struct document *metaschema = NULL;
	struct error error = {0};
	gpointer known;

	if (dialect)
		return dialect;
	if (g_hash_table_lookup_extended(set->dialects, name, NULL, &known))
		return known ? known : newest();
	g_hash_table_insert(set->dialects, name, NULL);
	if (set->resolve)
		metaschema = set->resolve(set->resolve_context, uri, &error);
	if (metaschema)
		dialect = read_dialect(schema, document, schema_keyword,
				       (struct slice){name, uri.len}, metaschema);
	else
		schema_fault(schema, FINDING_SCHEMA_INVALID, document, schema_keyword,
			     phrase_make(&set->arena, MESSAGE_SCHEMA_DIALECT, 1, uri));
	error_clear(&error);
	g_hash_table_insert(set->dialects, name, (gpointer)dialect);
	return dialect;
}

/* "https://json-schema.org/draft/2020-12/meta/core" stands in schemas/metaschema/2020-12-core.json.
 */
static char *file_of(struct slice uri)
{
	static const struct slice prefix = {"https://json-schema.org/draft/", 30};
	struct slice rest;
	const char *meta;

	for (size_t i = 0; i < G_N_ELEMENTS(builtin); i++)
		if (slice_equal(uri, slice_of(builtin[i].uri)))
			return g_strdup(builtin[i].file);
	if (uri.len <= prefix.len || memcmp(uri.data, prefix.data, prefix.len))
		return NULL;
	rest = (struct slice){uri.data + prefix.len, uri.len - prefix.len};
	meta = memmem(rest.data, rest.len, "/meta/", 6);
	if (!meta)
		return NULL;
	return g_strdup_printf("schemas/metaschema/%.*s-%.*s.json", (int)(meta - rest.data),
			       rest.data, (int)(rest.data + rest.len - meta - 6), meta + 6);
}

const struct document *metaschema_document(struct schema_set *set, struct slice uri)
{
	g_autofree char *path = file_of(uri);
	const struct embedded_file *file = path ? embedded_find(path) : NULL;
	struct document_options options = {.syntax = DOCUMENT_JSON};
	struct source *source;
	struct document_set documents;
	int status;

	if (!file)
		return NULL;
	source = g_new0(struct source, 1);
	source_init(source, file->path, file->data, file->size);
	g_ptr_array_add(set->sources, source);
	status = document_read(&documents, source, &options, &set->arena, NULL, NULL);
	g_assert(!status && documents.count == 1); /* our own files are right */
	return &documents.documents[0];
}

static const struct document *resolve_for_meta(void *context, struct slice uri, struct error *error)
{
	struct schema_set *set = context;

	return set->resolve ? set->resolve(set->resolve_context, uri, error) : NULL;
}

/* The compiled metaschema of a dialect; NULL where it cannot be compiled (then it has findings). */
static const struct schema *metaschema_of(struct schema *schema, const struct dialect *dialect)
{
	struct schema_set *set = schema->set;
	const struct schema *compiled;
	const struct document *document;

	if (!set->meta) {
		struct schema_set_options options = {.symbols = symbols_new(),
						     .resolve = resolve_for_meta,
						     .resolve_context = set};

		set->meta = schema_set_new(&options);
		set->meta->is_meta = true;
	}
	compiled = g_hash_table_lookup(set->meta->metaschemas, dialect->metaschema.data);
	if (compiled)
		return compiled;
	document = metaschema_document(set->meta, dialect->metaschema);
	if (!document)
		document = resolve_for_meta(set, dialect->metaschema, NULL);
	if (document)
		compiled = schema_compile(set->meta, document, dialect->metaschema, schema->sink);
	g_hash_table_insert(set->meta->metaschemas, (gpointer)dialect->metaschema.data,
			    (gpointer)compiled);
	return compiled;
}

/* Titles and descriptions may be maps {en, fr}, which no metaschema knows. */
static bool is_bilingual(const struct doc_node *node)
{
	struct slice key = doc_key_text(node);

	return doc_is(node, DOC_OBJECT) && doc_is(doc_get(node, "en"), DOC_STRING) &&
	       (slice_equal(key, SLICE("title")) || slice_equal(key, SLICE("description")));
}

/* A resource that is checked. */
struct check {
	struct schema *schema;
	const struct schema_resource *resource;
};

/*
 * A fault of a schema has the words of the fault in a document, and an id of its own. What stands
 * in an embedded resource of another dialect is that one's business (core 9.3.2).
 */
static void emit_as_invalid(void *context, const struct finding *finding)
{
	const struct check *check = context;
	struct schema *schema = check->schema;
	const struct doc_node *node = finding->pointer
					      ? doc_pointer_find(check->resource->document->root,
								 slice_of(finding->pointer))
					      : NULL;
	const struct schema_resource *own = load_resource_of(schema->set, node);
	struct finding invalid = *finding;

	if (finding->code == FINDING_WRONG_TYPE && is_bilingual(node))
		return;
	if (own && own->dialect != check->resource->dialect)
		return;
	invalid.code = FINDING_SCHEMA_INVALID;
	invalid.rule = finding_id(FINDING_SCHEMA_INVALID);
	invalid.severity = finding_severity(FINDING_SCHEMA_INVALID);
	schema->failed = true;
	finding_emit(schema->sink, &invalid);
}

static void check_resource(struct schema *schema, const struct schema_resource *resource)
{
	struct check check = {schema, resource};
	struct finding_sink sink = {emit_as_invalid, &check};
	struct arena *arena = &schema->set->arena;
	const struct schema *metaschema = metaschema_of(schema, resource->dialect);

	if (!metaschema)
		schema->failed = true;
	else if (!schema_is_valid(metaschema, resource->document, resource->root, arena))
		schema_report(metaschema, resource->document, resource->root, arena, &sink);
}

void metaschema_check(struct schema *schema, guint first)
{
	const GPtrArray *resources = schema->set->all_resources;

	if (schema->set->is_meta)
		return;
	for (guint i = first; i < resources->len; i++) {
		const struct schema_resource *resource = resources->pdata[i];
		const struct schema_resource *around = load_resource_of(schema->set,
									doc_parent(resource->root));

		if (!around || around->dialect != resource->dialect)
			check_resource(schema, resource);
	}
}
