/* Compiled schemas as their readers see them, and what the public suite does not ask for. */
#include "base/embedded.h"
#include "schema/schema.h"
#include "schema/uri.h"
#include "unit/unit.h"

#include <glib.h>

struct fixture {
	struct arena arena;
	struct symbols *symbols;
	struct schema_set *set;
	size_t found;
	enum finding_code code; /* of the last finding */
};

static void keep(void *context, const struct finding *finding)
{
	struct fixture *fixture = context;

	fixture->found++;
	fixture->code = finding->code;
}

static void begin(struct fixture *fixture)
{
	struct schema_set_options options = {0};

	memset(fixture, 0, sizeof(*fixture));
	fixture->symbols = symbols_new();
	options.symbols = fixture->symbols;
	fixture->set = schema_set_new(&options);
}

static void end(struct fixture *fixture)
{
	schema_set_free(fixture->set);
	symbols_free(fixture->symbols);
	arena_release(&fixture->arena);
}

static const struct document *read_json(struct fixture *fixture, const char *text, size_t len,
					const struct symbols *symbols)
{
	struct document_options options = {.symbols = symbols, .syntax = DOCUMENT_JSON};
	struct source *source = arena_new(&fixture->arena, struct source);
	struct finding_sink sink = {keep, fixture};
	struct document_set documents;

	source_init(source, "test.json", arena_dup(&fixture->arena, text, len), len);
	CU_ASSERT_EQUAL(document_read(&documents, source, &options, &fixture->arena, &sink, NULL),
			0);
	return documents.complete && documents.count == 1 ? documents.documents : NULL;
}

static const struct schema *compile(struct fixture *fixture, const char *text)
{
	struct finding_sink sink = {keep, fixture};
	const struct document *document = read_json(fixture, text, strlen(text), fixture->symbols);

	return document ? schema_compile(fixture->set, document, SLICE("test.json"), &sink) : NULL;
}

/* The verdict, which must be the same by symbols, by text and by report. */
static bool is_valid(struct fixture *fixture, const struct schema *schema, const char *text)
{
	const struct document *with = read_json(fixture, text, strlen(text), fixture->symbols);
	const struct document *without = read_json(fixture, text, strlen(text), NULL);
	struct finding_sink sink = {keep, fixture};
	bool valid = schema_is_valid(schema, with, NULL, &fixture->arena);

	CU_ASSERT_EQUAL(schema_is_valid(schema, without, NULL, &fixture->arena), valid);
	CU_ASSERT_EQUAL(schema_report(schema, with, NULL, &fixture->arena, &sink) == 0, valid);
	return valid;
}

/* RFC 3986 5.4 */
static void test_references_resolve_as_in_rfc_3986(void)
{
	static const char *const rows[][2] = {
		{"g:h", "g:h"},
		{"g", "http://a/b/c/g"},
		{"./g", "http://a/b/c/g"},
		{"g/", "http://a/b/c/g/"},
		{"/g", "http://a/g"},
		{"//g", "http://g"},
		{"?y", "http://a/b/c/d;p?y"},
		{"g?y", "http://a/b/c/g?y"},
		{"#s", "http://a/b/c/d;p?q#s"},
		{"g?y#s", "http://a/b/c/g?y#s"},
		{"", "http://a/b/c/d;p?q"},
		{".", "http://a/b/c/"},
		{"..", "http://a/b/"},
		{"../g", "http://a/b/g"},
		{"../..", "http://a/"},
		{"../../g", "http://a/g"},
		{"../../../g", "http://a/g"},
		{"/./g", "http://a/g"},
		{"/../g", "http://a/g"},
		{"g.", "http://a/b/c/g."},
		{"..g", "http://a/b/c/..g"},
		{"./../g", "http://a/b/g"},
		{"g/./h", "http://a/b/c/g/h"},
		{"g/../h", "http://a/b/c/h"},
		{"g?y/../x", "http://a/b/c/g?y/../x"},
	};
	struct arena arena = {0};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct slice out = uri_resolve(&arena, SLICE("http://a/b/c/d;p?q"),
					       slice_of(rows[i][0]));

		ASSERT_TEXT(out.data, out.len, rows[i][1]);
	}
	arena_release(&arena);
}

static void test_a_relative_base_shows_what_leaves_it(void)
{
	static const char *const rows[][3] = {
		{"plan.yaml", "other.yaml", "other.yaml"},
		{"schemas/plan.yaml", "../other.yaml", "other.yaml"},
		{"plan.yaml", "../other.yaml", "../other.yaml"},
		{"a/plan.yaml", "../../b/other.yaml", "../b/other.yaml"},
		{"plan.yaml", "b/../../../c", "../../c"},
	};
	struct arena arena = {0};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct slice out = uri_resolve(&arena, slice_of(rows[i][0]), slice_of(rows[i][1]));

		ASSERT_TEXT(out.data, out.len, rows[i][2]);
	}
	arena_release(&arena);
}

static const struct schema_node *property(const struct schema_node *node, const char *name)
{
	const struct schema_keyword *all = schema_keyword(node, SCHEMA_KEYWORD_PROPERTIES);

	for (uint32_t i = 0; all && i < all->count; i++)
		if (slice_equal(all->branches[i].name, slice_of(name)))
			return all->branches[i].schema;
	CU_FAIL_FATAL("the schema has this property");
	return NULL;
}

static void test_the_graph_can_be_read(void)
{
	struct fixture fixture;
	const struct schema_node *root;
	const struct schema_node *goals, *items;

	begin(&fixture);
	root = schema_root(compile(
		&fixture,
		"{\"title\": {\"en\": \"plan\", \"fr\": \"plan (fr)\"}, \"type\": \"object\","
		" \"required\": [\"period\"], \"properties\": {\"period\": {\"$ref\": "
		"\"#/$defs/p\"},"
		" \"goals\": {\"type\": [\"array\", \"null\"], \"x-planlint-key\": \"id\","
		" \"items\": {\"x-planlint-type\": \"date\", \"title\": \"one\"}}},"
		" \"$defs\": {\"p\": {\"type\": \"number\"}}}"));
	CU_ASSERT_PTR_NOT_NULL_FATAL(root);
	CU_ASSERT_EQUAL(root->types, SCHEMA_OBJECT);
	ASSERT_TEXT(root->title->fr.data, root->title->fr.len, "plan (fr)");
	CU_ASSERT_EQUAL(schema_keyword(property(root, "period"), SCHEMA_KEYWORD_REF)->schema->types,
			SCHEMA_NUMBER | SCHEMA_INTEGER);
	goals = property(root, "goals");
	CU_ASSERT_EQUAL(goals->types, SCHEMA_ARRAY | SCHEMA_NULL);
	ASSERT_TEXT(goals->list_key.data, goals->list_key.len, "id");
	items = schema_keyword(goals, SCHEMA_KEYWORD_ITEMS)->schema;
	CU_ASSERT(items->is_date);
	ASSERT_TEXT(items->title->en.data, items->title->en.len, "one");
	ASSERT_TEXT(schema_location(items, &fixture.arena),
		    strlen(schema_location(items, &fixture.arena)),
		    "test.json#/properties/goals/items");
	CU_ASSERT_PTR_NULL(schema_keyword(NULL, SCHEMA_KEYWORD_REF));
	end(&fixture);
}

/* More than a word of marks, and marks of branches that fail must not count. */
static void test_unevaluated_with_many_members(void)
{
	struct fixture fixture;
	const struct schema *schema;
	g_autoptr(GString) text = g_string_new("{\"kind\": 1");

	begin(&fixture);
	schema = compile(&fixture, "{\"anyOf\": [{\"patternProperties\": {\"^a\": true},"
				   " \"properties\": {\"kind\": {\"const\": 1}}},"
				   " {\"patternProperties\": {\"^b\": true}, \"properties\": "
				   "{\"kind\": {\"const\": 2}}}],"
				   " \"unevaluatedProperties\": false}");
	CU_ASSERT_PTR_NOT_NULL_FATAL(schema);
	for (int i = 0; i < 200; i++)
		g_string_append_printf(text, ", \"a%d\": 1", i);
	g_string_append(text, "}");
	CU_ASSERT(is_valid(&fixture, schema, text->str));
	g_string_truncate(text, text->len - 1);
	g_string_append(text, ", \"b\": 1}");
	CU_ASSERT(!is_valid(&fixture, schema, text->str));
	CU_ASSERT_EQUAL(fixture.code, FINDING_UNKNOWN_PROPERTY);
	end(&fixture);
}

static void test_required_beyond_the_bits(void)
{
	struct fixture fixture;
	const struct schema *schema;
	g_autoptr(GString) text = g_string_new("{\"required\": [\"n0\"");
	g_autoptr(GString) all = g_string_new("{\"n0\": 0");
	g_autoptr(GString) less = NULL;

	begin(&fixture);
	for (int i = 1; i < 150; i++) {
		g_string_append_printf(text, ", \"n%d\"", i);
		g_string_append_printf(all, ", \"n%d\": 0", i);
		if (i == 148)
			less = g_string_new_len(all->str, (gssize)all->len);
	}
	g_string_append(text, "]}");
	g_string_append(all, "}");
	g_string_append(less, ", \"x\": 0}");
	schema = compile(&fixture, text->str);
	CU_ASSERT(is_valid(&fixture, schema, all->str));
	CU_ASSERT(!is_valid(&fixture, schema, less->str));
	end(&fixture);
}

static void test_numbers_are_exact(void)
{
	struct fixture fixture;
	const struct schema *schema;

	begin(&fixture);
	schema = compile(&fixture, "{\"enum\": [9007199254740993, 1.10, 1e400]}");
	CU_ASSERT(is_valid(&fixture, schema, "9007199254740993"));
	CU_ASSERT(is_valid(&fixture, schema, "9007199254740993.0"));
	CU_ASSERT(!is_valid(&fixture, schema, "9007199254740992"));
	CU_ASSERT(is_valid(&fixture, schema, "1.1"));
	CU_ASSERT(is_valid(&fixture, schema, "10e399"));
	CU_ASSERT(!is_valid(&fixture, schema, "1e401"));
	end(&fixture);
}

static void test_endless_evaluation_is_a_finding(void)
{
	struct fixture fixture;
	const struct schema *schema;

	begin(&fixture);
	schema = compile(&fixture, "{\"anyOf\": [{\"type\": \"string\"}, {\"$ref\": \"#\"}]}");
	CU_ASSERT_PTR_NOT_NULL_FATAL(schema);
	CU_ASSERT(is_valid(&fixture, schema, "\"a\""));
	CU_ASSERT(!is_valid(&fixture, schema, "1"));
	CU_ASSERT_EQUAL(fixture.code, FINDING_SCHEMA_LIMIT);
	CU_ASSERT_PTR_NULL(compile(&fixture, "{\"allOf\": [{\"$ref\": \"#\"}]}"));
	CU_ASSERT_EQUAL(fixture.code, FINDING_SCHEMA_INVALID);
	end(&fixture);
}

/* `not` of what gave up must not become true. */
static void test_giving_up_is_never_valid(void)
{
	struct fixture fixture;
	const struct schema *schema;

	begin(&fixture);
	schema = compile(&fixture,
			 "{\"not\": {\"$ref\": \"#/$defs/a\"}, \"$defs\": {\"a\": "
			 "{\"anyOf\": [{\"type\": \"string\"}, {\"$ref\": \"#/$defs/a\"}]}}}");
	CU_ASSERT_PTR_NOT_NULL_FATAL(schema);
	CU_ASSERT(!is_valid(&fixture, schema, "1"));
	end(&fixture);
}

/* Every beginning of a schema is no schema, or one with findings, or an answer. */
static void test_schemas_cut_anywhere(void)
{
	static const char text[] = "{\"$id\": \"a\", \"$defs\": {\"x\": {\"$anchor\": \"y\", "
				   "\"oneOf\": [true, {\"const\": 1}]}},"
				   " \"properties\": {\"p\": {\"$ref\": \"#y\"}, \"q\": "
				   "{\"pattern\": \"^a\"}}, \"if\": {}}";

	for (size_t len = 0; len <= strlen(text); len++) {
		struct fixture fixture;
		struct finding_sink sink = {keep, &fixture};
		const struct document *document;

		begin(&fixture);
		document = read_json(&fixture, text, len, fixture.symbols);
		if (document)
			CU_ASSERT_PTR_NOT_NULL(
				schema_compile(fixture.set, document, SLICE(""), &sink));
		CU_ASSERT_EQUAL(document != NULL, fixture.found == 0);
		end(&fixture);
	}
}

/* A title may hold what looks like a place for a value. */
static void test_titles_are_no_templates(void)
{
	struct fixture fixture;
	const struct schema *schema;

	begin(&fixture);
	schema = compile(
		&fixture,
		"{\"pattern\": \"^a\", \"title\": \"{7}\", \"oneOf\": [{\"title\": \"{8}\","
		" \"pattern\": \"c\"}, {\"title\": \"{9}\", \"pattern\": \"d\"}]}");
	CU_ASSERT(!is_valid(&fixture, schema, "\"b\""));
	end(&fixture);
}

/* The program trusts its own schemas at run time, so they are held against the metaschema here. */
static void test_embedded_schemas_are_valid(void)
{
	size_t count = 0;

	for (const struct embedded_file *file = embedded_files; file->path; file++) {
		struct document_set documents;
		struct fixture fixture;
		struct finding_sink sink = {keep, &fixture};
		struct source source;

		if (!g_str_has_prefix(file->path, "schemas/") ||
		    !g_str_has_suffix(file->path, ".yaml"))
			continue;
		begin(&fixture);
		source_init(&source, file->path, file->data, file->size);
		CU_ASSERT_EQUAL(
			document_read(&documents, &source, NULL, &fixture.arena, &sink, NULL), 0);
		CU_ASSERT_PTR_NOT_NULL(schema_compile(fixture.set, documents.documents,
						      slice_of(file->path), &sink));
		CU_ASSERT_EQUAL(fixture.found, 0);
		source_release(&source);
		end(&fixture);
		count++;
	}
	CU_ASSERT(count >= 3);
}

UNIT_SUITE(test_schema){
	{"embedded_schemas_are_valid", test_embedded_schemas_are_valid},
	{"references_resolve_as_in_rfc_3986", test_references_resolve_as_in_rfc_3986},
	{"a_relative_base_shows_what_leaves_it", test_a_relative_base_shows_what_leaves_it},
	{"the_graph_can_be_read", test_the_graph_can_be_read},
	{"unevaluated_with_many_members", test_unevaluated_with_many_members},
	{"required_beyond_the_bits", test_required_beyond_the_bits},
	{"numbers_are_exact", test_numbers_are_exact},
	{"endless_evaluation_is_a_finding", test_endless_evaluation_is_a_finding},
	{"giving_up_is_never_valid", test_giving_up_is_never_valid},
	{"schemas_cut_anywhere", test_schemas_cut_anywhere},
	{"titles_are_no_templates", test_titles_are_no_templates},
	{0},
};
