/*
 * What the index keeps of a document: a tree as sound as the one that was read, of the same values
 * at the same places, with what the rules read in it and no more. And the texts of entries.
 */
#include "check/check.h"
#include "document/document.h"
#include "index/index.h"
#include "ruleset/rule.h"
#include "ruleset/shape.h"

#include "unit/ruleset_fixture.h"

#define SCHEMA                                                                                     \
	"type: object\nproperties:\n"                                                              \
	"  id: {type: string}\n  unread: {type: string}\n"                                         \
	"  place: {type: object, properties: {town: {type: string}, street: {type: string}}}\n"    \
	"  items: {type: array, x-planlint-key: n, items: {type: object, properties: "             \
	"{other: {}, n: {type: integer}, name: {type: string}, tags: {type: array, items: "        \
	"{type: string}}}}}\n"
#define CONFIG "documents: [{files: '**', kind: thing, schema: s, key: document.id}]\nrules: [r]\n"
#define RULES                                                                                      \
	"ruleset: test/facts\nrules:\n"                                                            \
	"  - {id: a, title: t, given: '$.items[*]', unique: this.name, across: repository, "       \
	"message: '{document.place.town} {this.tags}', severity: error}\n"                         \
	"  - {id: b, title: t, given: '$.items[*]', unique: '[this.name, this.n]', "               \
	"across: repository, message: m, severity: error}\n"

static const struct fixture_file files[] = {
	{"planlint.yaml", CONFIG}, {"s", SCHEMA}, {"r", RULES}, {NULL, NULL}};

struct facts_bench {
	struct ruleset *ruleset;
	struct check_scratch *scratch;
	struct verdict *verdict;
	struct document_set set; /* the same, read once more */
	struct source source;
	struct arena arena;
};

static void ignore(void *context, const struct finding *finding)
{
	(void)context;
	(void)finding;
}

static void open_facts(struct facts_bench *bench, const char *text)
{
	struct finding_sink sink = {ignore, NULL};
	struct error error = {0};

	*bench = (struct facts_bench){.ruleset = fixture_sound(files),
				      .scratch = check_scratch_new()};
	struct document_options options = {.symbols = bench->ruleset->symbols};

	source_init(&bench->source, "a.yaml", text, strlen(text));
	CU_ASSERT_EQUAL_FATAL(
		document_read(&bench->set, &bench->source, &options, &bench->arena, &sink, &error),
		0);
	/* twice: the second time nothing of the scratch is new */
	for (int round = 0; round < 2; round++) {
		verdict_free(bench->verdict);
		CU_ASSERT_EQUAL_FATAL(check_document(&bench->verdict, bench->ruleset,
						     ruleset_entry(bench->ruleset, "a.yaml"),
						     "a.yaml", text, strlen(text), 0,
						     bench->scratch, &error),
				      0);
	}
}

static void close_facts(struct facts_bench *bench)
{
	verdict_free(bench->verdict);
	check_scratch_free(bench->scratch);
	ruleset_free(bench->ruleset);
	arena_release(&bench->arena);
	source_release(&bench->source);
}

/* Every link of a node against what the definition of the flat tree says; returns its end. */
static const struct doc_node *expect_sound(const struct doc_node *node,
					   const struct doc_node *parent)
{
	const struct doc_node *end = node + 1;
	uint32_t count = 0;

	CU_ASSERT_PTR_EQUAL(doc_parent(node), parent);
	CU_ASSERT_EQUAL(node->depth, parent ? parent->depth + 1 : 0);
	for (const struct doc_node *child = doc_first(node); child; child = doc_next(child)) {
		CU_ASSERT_PTR_EQUAL(child, end);
		end = expect_sound(child, node);
		count++;
	}
	if (node->type == DOC_ARRAY || node->type == DOC_OBJECT)
		CU_ASSERT_EQUAL(node->count, count);
	CU_ASSERT_EQUAL(node->size, (uint32_t)(end - node));
	return end;
}

/* Each node of a copy is the one at its place in the document, and nodes of lists are complete. */
static void expect_same(const struct doc_node *copy, const struct doc_node *node)
{
	CU_ASSERT_PTR_NOT_NULL_FATAL(node);
	CU_ASSERT_EQUAL(copy->type, node->type);
	CU_ASSERT_EQUAL(copy->span.start, node->span.start);
	CU_ASSERT_EQUAL(copy->span.end, node->span.end);
	CU_ASSERT_EQUAL(copy->symbol, node->symbol);
	CU_ASSERT(slice_equal(doc_text(copy), doc_text(node)));
	CU_ASSERT(slice_equal(doc_key_text(copy), doc_key_text(node)));
	if (copy->type == DOC_ARRAY && copy->count)
		CU_ASSERT_EQUAL(copy->count, node->count);
	for (const struct doc_node *child = doc_first(copy); child; child = doc_next(child)) {
		struct slice name = doc_key_text(child);

		expect_same(child, child->key ? doc_member(node, name.data, name.len)
					      : doc_item(node, doc_index(child)));
	}
}

static void expect_facts(const struct facts_bench *bench, size_t document, const char *expected)
{
	const struct document *facts = NULL;
	GString *json = g_string_new(NULL);

	for (size_t i = 0; i < bench->verdict->entry_count; i++)
		if (bench->verdict->entries[i].facts &&
		    bench->verdict->entries[i].facts->index == document)
			facts = bench->verdict->entries[i].facts;
	CU_ASSERT_PTR_NOT_NULL_FATAL(facts);
	CU_ASSERT_EQUAL(expect_sound(facts->root, NULL) - facts->root, facts->node_count);
	expect_same(facts->root, bench->set.documents[document].root);
	doc_json_append(json, facts->root);
	CU_ASSERT_STRING_EQUAL(json->str, expected);
	g_string_free(json, TRUE);
}

#define DOCUMENT                                                                                   \
	"id: x\nunread: u\nplace: {street: s, town: t, free: f}\nitems:\n"                         \
	"- {other: {deep: [1]}, n: 1, name: one, tags: [p, q], free: f}\n"                         \
	"- {name: 'two \"2\"', n: 2}\n- {}\n- {name: one, n: 3}\n"

static void test_a_copy_has_what_is_read_and_no_more(void)
{
	struct facts_bench bench;

	open_facts(&bench, DOCUMENT);
	expect_facts(
		&bench, 0,
		"{\"id\":\"x\",\"items\":[{\"n\":1,\"name\":\"one\",\"other\":{},\"tags\":[\"p\","
		"\"q\"]},{\"n\":2,\"name\":\"two \\\"2\\\"\"},{},{\"n\":3,\"name\":\"one\"}],"
		"\"place\":{\"town\":\"t\"}}");
	close_facts(&bench);
}

static void test_documents_of_one_file_have_a_copy_each(void)
{
	struct facts_bench bench;

	open_facts(&bench, DOCUMENT "---\n" DOCUMENT "---\nid: y\n");
	for (size_t i = 0; i < 2; i++)
		expect_facts(
			&bench, i,
			"{\"id\":\"x\",\"items\":[{\"n\":1,\"name\":\"one\",\"other\":{},\"tags\":["
			"\"p\",\"q\"]},{\"n\":2,\"name\":\"two \\\"2\\\"\"},{},{\"n\":3,\"name\":"
			"\"one\"}],\"place\":{\"town\":\"t\"}}");
	expect_facts(&bench, 2, "{\"id\":\"y\"}");
	close_facts(&bench);
}

static void test_entries_say_their_key_as_people_write_it(void)
{
	static const struct {
		const char *key, *value, *item;
	} expected[] = {
		{"\"x\"", "x", ""},
		{"[\"one\",1]", "[\"one\", 1]", "/items[1]"},
		{"\"one\"", "one", "/items[1]"},
		{"\"two \\\"2\\\"\"", "two \"2\"", "/items[2]"},
		{"[\"two \\\"2\\\"\",2]", "[\"two \\\"2\\\"\", 2]", "/items[2]"},
		{"]", "[]", "/items[{}]"}, /* a list of nothing */
		{"\"one\"", "one", "/items[3]"},
		{"[\"one\",3]", "[\"one\", 3]", "/items[3]"},
	};
	struct facts_bench bench;

	open_facts(&bench, DOCUMENT);
	CU_ASSERT_EQUAL_FATAL(bench.verdict->entry_count, G_N_ELEMENTS(expected));
	for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
		const struct index_entry *entry = &bench.verdict->entries[i];

		ASSERT_TEXT(entry->key.data, entry->key.len, expected[i].key);
		ASSERT_TEXT(entry->value.data, entry->value.len, expected[i].value);
		CU_ASSERT_STRING_EQUAL(entry->item, expected[i].item);
	}
	close_facts(&bench);
}

static void expect_shapes(const struct shape *shape, const struct doc_node *node)
{
	for (const struct doc_node *child = doc_first(node); child; child = doc_next(child)) {
		const struct shape *below = shape_below(shape, child);

		CU_ASSERT_PTR_EQUAL(below, child->key ? shape_member(shape, doc_key_text(child))
						      : shape_items(shape));
		expect_shapes(below, child);
	}
}

static void test_shapes_are_found_by_symbol_as_by_name(void)
{
	struct facts_bench bench;
	const struct document_entry *entry;

	open_facts(&bench, DOCUMENT "unknown: {id: [1]}\n");
	entry = ruleset_entry(bench.ruleset, "a.yaml");
	expect_shapes(entry->programs->root, bench.set.documents[0].root);
	close_facts(&bench);
}

UNIT_SUITE(test_facts){
	{"a copy has what is read and no more", test_a_copy_has_what_is_read_and_no_more},
	{"documents of one file have a copy each", test_documents_of_one_file_have_a_copy_each},
	{"entries say their key as people write it", test_entries_say_their_key_as_people_write_it},
	{"shapes are found by symbol as by name", test_shapes_are_found_by_symbol_as_by_name},
	{0},
};
