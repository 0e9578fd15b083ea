/*
 * Loading a ruleset from files in memory: what a configuration and rule files may say, and every
 * fault with its place.
 */
#include "document/document.h"
#include "ruleset/rule.h"
#include "unit/ruleset_fixture.h"

static void expect(const struct fixture_file *files, const char *faults)
{
	GString *out = g_string_new(NULL);
	struct ruleset *ruleset = fixture_load(files, out);

	if (strcmp(out->str, faults) != 0)
		printf("\nexpected:\n%sgot:\n%s", faults, out->str);
	CU_ASSERT_STRING_EQUAL(out->str, faults);
	ruleset_free(ruleset);
	g_string_free(out, TRUE);
}

#define SCHEMA                                                                                     \
	"type: object\nadditionalProperties: false\nrequired: [id]\nproperties:\n"                 \
	"  id: {type: string}\n  level: {enum: [low, high]}\n  start: {x-planlint-type: date}\n"   \
	"  end: {x-planlint-type: date}\n  size: {type: integer}\n"                                \
	"  items: {type: array, items: {type: object, required: [n], additionalProperties: false," \
	" properties: {n: {type: integer}, after: {type: integer}}}}\n"
#define CONFIG                                                                                     \
	"documents: [{files: '*.yaml', kind: thing, schema: s.schema, key: document.id}]\n"        \
	"rules: [r.yaml]\n"

/* One rule in a file of its own; `text` is indented by two. */
static void expect_rule(const char *text, const char *faults)
{
	char *rules = g_strconcat("ruleset: r\nkinds: [thing]\nrules:\n- id: a\n  message: m\n",
				  text, NULL);
	const struct fixture_file files[] = {
		{"planlint.yaml", CONFIG}, {"s.schema", SCHEMA}, {"r.yaml", rules}, {NULL, NULL}};

	expect(files, faults);
	g_free(rules);
}

static void test_good(void)
{
	expect_rule("  assert: document.id != ''\n", "");
	expect_rule("  given: $.items[*]\n  assert: this.n > 0\n", "");
	expect_rule("  given: $..n\n  assert: this > 0 && parent.n == this\n", "");
	expect_rule("  order: [this.start, this.end]\n", "");
	expect_rule("  let: {x: document.id}\n  assert: x.size() > 0\n", "");
	expect_rule("  for-each: {x: 'document.?items.orValue([])'}\n  assert: x.n > 0\n", "");
	expect_rule("  reference: thing\n", "");
	expect_rule("  group-by: this.level\n  assert: group.size() < 3\n", "");
	expect_rule("  disjoint: [this.start, this.end]\n  by: this.level\n", "");
	expect_rule("  acyclic: this.level\n", "");
}

static void test_faults_of_rules(void)
{
	expect_rule("",
		    "r.yaml:4:7: this rule checks nothing: \"a\"; add assert, present, one-of or "
		    "another check\n");
	expect_rule(
		"  assert: true\n  unique: this.id\n",
		"r.yaml:7:3: a rule makes exactly one check, this one makes two: \"assert\" and "
		"\"unique\"\n");
	expect_rule("  assert: true\n  by: this.id\n",
		    "r.yaml:7:3: \"by\" has no meaning beside \"assert\"\n");
	expect_rule("  includes: '[1]'\n", "r.yaml:6:3: \"includes\" needs \"in\" beside it\n");
	expect_rule("  one-of: levels\n", "r.yaml:6:11: no vocabulary has the name \"levels\"\n");
	expect_rule("  reference: thin\n", "r.yaml:6:14: no documents of planlint.yaml are of the "
					   "kind \"thin\" (did you mean thing?)\n");
	expect_rule("  given: $.itmes[*]\n  assert: true\n",
		    "r.yaml:6:12: this path can select nothing in a document of the kind \"thing\" "
		    "(did you mean items?)\n");
	expect_rule("  lexical: taab\n",
		    "r.yaml:6:12: there is no lexical check \"taab\" (did you mean tab?)\n");
	expect_rule("  present: document.items.size()\n",
		    "r.yaml:6:12: present takes a path of names, such as document.dates.agreed\n");
	expect_rule("  order: [this.start, this.id]\n",
		    "r.yaml:6:23: this must be a date; it is of the type string\n");
}

static void test_mangled_expressions(void)
{
	expect_rule("  assert: document.id == # 'x'\n",
		    "r.yaml:6:25: the expression ends early: a value is missing (YAML takes "
		    "everything from # for a "
		    "comment; write the expression on a line of its own after |)\n");
	expect_rule(
		"  assert: {a: b}\n",
		"r.yaml:6:11: there is no expression under \"assert\" (YAML reads a leading [ or "
		"{ in its own way; write the expression on a line of its own after |)\n");
	expect_rule(
		"  assert: [1].size() == 1\n",
		"r.yaml:6:14: this cannot stand behind what is before it on this line; if it is "
		"one "
		"text, put all of it in quotes (YAML reads a leading [ or { in its own way; write "
		"the expression on a line of its own after |)\n");
	expect_rule("  assert: !has(document.id)\n",
		    "r.yaml:6:11: the expression ends early: a value is missing (YAML reads a "
		    "leading ! "
		    "in its own way; write the expression on a line of its own after |)\n");
	expect_rule(
		"  assert: document.id == 'a' ? true : false\n",
		"r.yaml:6:37: this text contains \": \" without being in quotes; YAML sees a new "
		"entry there (write: \"document.id == 'a' ? true : false\")\n");
	expect_rule(
		"  when: 'a' == document.id\n  assert: true\n",
		"r.yaml:6:13: something stands behind the closing quote (YAML takes these quotes "
		"for its own; write the expression on a line of its own after |)\n");
}

static void test_faults_of_configuration(void)
{
	const struct fixture_file unknown[] = {{"planlint.yaml", "documnts: []\n"}, {NULL, NULL}};
	const struct fixture_file missing[] = {
		{"planlint.yaml",
		 "documents: [{files: a, schema: x.yaml}]\nrules: [none.yaml, ../r]\n"},
		{NULL, NULL}};
	const struct fixture_file pattern[] = {
		{"planlint.yaml", "documents: [{files: ['a{', b]}]\nrules: []\n"}, {NULL, NULL}};
	const struct fixture_file severity[] = {
		{"planlint.yaml",
		 "documents: [{files: a}]\nrules: []\nseverity: {date-fomat: info}\n"
		 "suppress: [{rule: nothing-like-it, files: a, reason: b}]\n"},
		{NULL, NULL}};

	expect(unknown, "planlint.yaml:1:1: unknown field \"documnts\" (write: documents)\n");
	expect(missing, "planlint.yaml:1:32: no such schema: \"x.yaml\"\n"
			"planlint.yaml:2:9: no such rule file or folder of rules: \"none.yaml\"\n"
			"planlint.yaml:2:20: this path leads out of the folder of planlint.yaml: "
			"\"../r\"\n");
	expect(pattern,
	       "planlint.yaml:1:22: this file pattern has a \"{\" without \"}\": \"a{\"\n");
	expect(severity, "planlint.yaml:3:12: no rule has this id: \"date-fomat\" (did you mean "
			 "date-format?)\n"
			 "planlint.yaml:4:19: no rule has this id: \"nothing-like-it\"\n");
}

static void test_entries_and_severities(void)
{
	const struct fixture_file files[] = {
		{"planlint.yaml",
		 "documents:\n"
		 "- {files: [a/*.yaml, b.yaml], exclude: a/x*, kind: one}\n"
		 "- {files: '**/*.yaml', kind: two}\n"
		 "rules: [rules/]\nseverity: {r1: info}\nlang: fr\nsuppressions: forbidden\n"
		 "suppress: [{rule: r1, files: a/**, reason: b, until: 2024}]\n"},
		{"rules/a.yaml", "ruleset: a\nrules: [{id: r1, title: t, assert: 'true'}]\n"},
		{"rules/readme.txt", "no rules\n"},
		{NULL, NULL}};
	GString *out = g_string_new(NULL);
	struct ruleset *ruleset = fixture_load(files, out);
	int64_t day = date_earliest((struct date){2024, 12, 31});
	bool expired;

	CU_ASSERT_STRING_EQUAL(out->str, "");
	CU_ASSERT_STRING_EQUAL(ruleset_entry(ruleset, "a/y.yaml")->kind, "one");
	CU_ASSERT_STRING_EQUAL(ruleset_entry(ruleset, "a/x.yaml")->kind, "two");
	CU_ASSERT_PTR_NULL(ruleset_entry(ruleset, "a/x.json"));
	CU_ASSERT_EQUAL(ruleset->rule_count, 1);
	CU_ASSERT_EQUAL(ruleset->rules[0]->severity, SEVERITY_INFO);
	CU_ASSERT_EQUAL(ruleset->suppressions, SUPPRESSIONS_FORBIDDEN);
	CU_ASSERT_STRING_EQUAL(ruleset->lang, "fr");
	CU_ASSERT_PTR_NOT_NULL(ruleset_suppression(ruleset, "r1", "a/b/c", day, &expired));
	CU_ASSERT_FALSE(expired);
	CU_ASSERT_PTR_NULL(ruleset_suppression(ruleset, "r1", "a/b/c", day + 1, &expired));
	CU_ASSERT_TRUE(expired);
	ruleset_free(ruleset);
	g_string_free(out, TRUE);
}

static char *digest_of(const char *rules)
{
	const struct fixture_file files[] = {
		{"planlint.yaml", CONFIG}, {"s.schema", SCHEMA}, {"r.yaml", rules}, {NULL, NULL}};
	GString *out = g_string_new(NULL);
	struct ruleset *ruleset = fixture_load(files, out);
	char *digest = g_strdup(ruleset->digest);

	ruleset_free(ruleset);
	g_string_free(out, TRUE);
	return digest;
}

static void test_digest_follows_the_bytes(void)
{
	char *a = digest_of("ruleset: r\nrules: []\n");
	char *b = digest_of("ruleset: r\nrules: []\n");
	char *c = digest_of("ruleset: r\nrules: []\n# more\n");

	CU_ASSERT_STRING_EQUAL(a, b);
	CU_ASSERT_STRING_NOT_EQUAL(a, c);
	CU_ASSERT_EQUAL(strlen(a), 64);
	g_free(a);
	g_free(b);
	g_free(c);
}

static void test_vocabularies_and_tables(void)
{
	const struct fixture_file files[] = {
		{"planlint.yaml", "documents: [{files: '*'}]\nrules: [v.yaml, t.yaml, r.yaml]\n"},
		{"v.yaml", "vocabulary: v\nterms: [{id: a, aliases: [b]}, {id: b}]\n"},
		{"t.yaml",
		 "table: t\nkey: code\nschema: {properties: {size: {type: integer}}}\n"
		 "rows: [{code: x, size: 1}, {code: x}, {size: 2}, {code: y, size: big}]\n"},
		{"r.yaml",
		 "ruleset: r\nrules:\n- {id: one, title: t, one-of: v}\n"
		 "- {id: two, title: t, assert: 'table(\"t\")[\"x\"].size > 0 || \"a\" in "
		 "vocabulary(\"v\")'}\n"
		 "- {id: one, title: t, assert: 'true'}\n"
		 "- {id: encoding, title: t, assert: 'true'}\n"},
		{NULL, NULL}};

	expect(files, "v.yaml:2:37: this vocabulary has the term twice: \"b\"\n"
		      "t.yaml:4:35: two rows of this table have the key \"x\"\n"
		      "t.yaml:4:39: this row has no \"code\", which is the key of the table\n"
		      "r.yaml:5:8: two rules have the id \"one\"; the other is in r.yaml\n"
		      "r.yaml:6:8: the id \"encoding\" belongs to a finding of planlint itself\n"
		      "t.yaml:4:66: this must be a whole number\n");
}

static void test_default_configuration(void)
{
	struct finding_sink sink;
	GString *out = g_string_new(NULL);
	struct error error = {0};
	struct ruleset *ruleset;

	sink = (struct finding_sink){fixture_append_finding, out};
	CU_ASSERT_EQUAL(ruleset_load(&ruleset, NULL, NULL, &sink, &error), 0);
	CU_ASSERT_STRING_EQUAL(out->str, "");
	CU_ASSERT_PTR_NOT_NULL(ruleset_entry(ruleset, "plans/a/b.json"));
	CU_ASSERT_PTR_NULL(ruleset_entry(ruleset, "a/b.json"));
	CU_ASSERT(ruleset->rule_count > 20);
	ruleset_free(ruleset);
	g_string_free(out, TRUE);
}

UNIT_SUITE(test_ruleset){
	{"good", test_good},
	{"faults_of_rules", test_faults_of_rules},
	{"mangled_expressions", test_mangled_expressions},
	{"faults_of_configuration", test_faults_of_configuration},
	{"entries_and_severities", test_entries_and_severities},
	{"digest_follows_the_bytes", test_digest_follows_the_bytes},
	{"vocabularies_and_tables", test_vocabularies_and_tables},
	{"default_configuration", test_default_configuration},
	{NULL, NULL},
};
