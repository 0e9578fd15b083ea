/*
 * Verdicts and the index of cross-file rules: every check holding and failing, identities that
 * survive what they must, and the index moved by difference against a full run.
 */
#include "check/check.h"
#include "document/document.h"
#include "ruleset/rule.h"
#include "source/message.h"

#include "unit/ruleset_fixture.h"

#define SCHEMA                                                                                     \
	"type: object\nproperties:\n"                                                              \
	"  id: {type: string}\n  level: {type: string}\n  start: {x-planlint-type: date}\n"        \
	"  middle: {x-planlint-type: date}\n  end: {x-planlint-type: date}\n"                      \
	"  next: {type: string}\n  size: {type: integer}\n"                                        \
	"  items: {type: array, x-planlint-key: n, items: {type: object, properties: "             \
	"{n: {type: integer}, level: {type: string}}}}\n"
#define CONFIG "documents: [{files: '**', kind: thing, schema: s, key: document.id}]\nrules: [r]\n"

struct bench {
	struct ruleset *ruleset;
	struct check_scratch *scratch;
	struct check_index *index;
	GPtrArray *verdicts;
	GString *out;
};

static void open_bench(struct bench *bench, const char *rules)
{
	const struct fixture_file files[] = {
		{"planlint.yaml", CONFIG}, {"s", SCHEMA}, {"r", rules}, {NULL, NULL}};

	*bench = (struct bench){.ruleset = fixture_sound(files)};
	bench->scratch = check_scratch_new();
	bench->index = check_index_new(bench->ruleset);
	bench->verdicts = g_ptr_array_new_with_free_func((GDestroyNotify)verdict_free);
	bench->out = g_string_new(NULL);
}

static void close_bench(struct bench *bench)
{
	check_index_free(bench->index);
	g_ptr_array_free(bench->verdicts, TRUE);
	check_scratch_free(bench->scratch);
	ruleset_free(bench->ruleset);
	g_string_free(bench->out, TRUE);
}

static struct verdict *judge_on(struct bench *bench, const char *path, const char *text,
				int64_t as_of)
{
	struct error error = {0};
	struct verdict *verdict;

	CU_ASSERT_EQUAL_FATAL(check_document(&verdict, bench->ruleset,
					     ruleset_entry(bench->ruleset, path), path, text,
					     strlen(text), as_of, bench->scratch, &error),
			      0);
	g_ptr_array_add(bench->verdicts, verdict);
	return verdict;
}

static struct verdict *judge(struct bench *bench, const char *path, const char *text)
{
	return judge_on(bench, path, text, 0);
}

/* "path@offset rule: message" */
static void append(void *context, const struct check_finding *found)
{
	struct bench *bench = context;

	g_string_append_printf(bench->out, "%s%s@%u %s: ", bench->out->len ? "\n" : "",
			       found->path ? found->path : "", found->finding.span.start,
			       found->finding.rule);
	phrase_append(bench->out, &found->finding.message, LANGUAGE_EN, NULL);
}

static void expect_text(struct bench *bench, const char *expected)
{
	if (strcmp(bench->out->str, expected) != 0)
		printf("\nexpected:\n%s\ngot:\n%s\n", expected, bench->out->str);
	CU_ASSERT_STRING_EQUAL(bench->out->str, expected);
	g_string_truncate(bench->out, 0);
}

/* One document under one rule. */
static void expect(const char *rule, const char *document, const char *expected)
{
	char *rules = g_strdup_printf("ruleset: r\nrules:\n- id: a\n%s\n", rule);
	struct bench bench;
	struct verdict *verdict;

	open_bench(&bench, rules);
	verdict = judge(&bench, "d.yaml", document);
	for (size_t i = 0; i < verdict->finding_count; i++)
		append(&bench, &verdict->findings[i]);
	expect_text(&bench, expected);
	close_bench(&bench);
	g_free(rules);
}

static void test_assert(void)
{
	const char *rule = "  given: $.items[*]\n  when: present(this.n)\n  assert: this.n > 1\n"
			   "  at: this.n\n  message: \"{name} has {this.n} of {document.id}\"\n";

	expect(rule, "items: [{n: 2}, {}]\n", "");
	expect(rule, "id: x\nitems: [{n: 2}, {n: 1}]\n", "@26 a: 1 has 1 of x");
	expect(rule, "items: [{n: 1}]\n", "@12 a: 0 has 1 of -");
}

static void test_present(void)
{
	const char *rule = "  present: document.start\n  message: \"no {value}\"\n";

	expect(rule, "start: 2005\n", "");
	expect(rule, "start:\n",
	       "@6 a: no start\n@6 date-format: this must be a date; write year-month-day");
	expect(rule, "id: x\n", "@0 a: no start");
}

static void test_includes(void)
{
	const char *rule = "  includes: '[\"x\", \"y\"]'\n"
			   "  in: document.?items.orValue([]).map(i, i.?level.orValue(\"\"))\n"
			   "  at: document.items\n  message: \"no {value}\"\n";

	expect(rule, "items: [{level: x}, {level: y}]\n", "");
	expect(rule, "items: [{level: x}]\n", "@0 a: no y");
}

static void test_one_of(void)
{
	const char *rule = "  given: $.level\n  one-of: [low, high]\n  message: \"not {this}\"\n";

	expect(rule, "level: low\n", "");
	expect(rule, "id: x\n", "");
	expect(rule, "level: lo\n", "@7 a: not lo");
}

static void test_order_is_judged_by_what_is_certain(void)
{
	const char *rule = "  order: [this.start, this.middle, this.end]\n"
			   "  message: \"{value} before {other}\"\n";

	expect(rule, "start: 2008-02\nmiddle: 2008\nend: 2008-03\n", "");
	expect(rule, "start: 2008-03-15\nmiddle: 2008\nend: 2008-02\n",
	       "@36 a: 2008-02 before 2008-03-15");
	expect(rule, "start: 2009\nmiddle: 2008\nend: 2007\n",
	       "@20 a: 2008 before 2009\n@30 a: 2007 before 2009");
	expect(rule, "end: 2007\n", "");
}

static void test_unique(void)
{
	const char *rule = "  given: $.items[*]\n  unique: this.n\n  message: \"again {value}\"\n";

	expect(rule, "items: [{n: 1}, {n: 2}, {}]\n", "");
	expect(rule, "items: [{n: 1}, {n: 2}, {n: 1}]\n", "@28 a: again 1");
}

static void test_errors_are_silent_where_the_schema_speaks(void)
{
	const char *rule = "  given: $.items[*]\n  when: present(this.n)\n"
			   "  assert: 10 / this.n > 1\n  message: m\n";

	expect(rule, "items: [{n: 0}]\n",
	       "@12 rule-error: the rule \"a\" could not be evaluated here");
	expect(rule, "items: [{n: x}]\n", "@12 wrong-type: this must be a whole number");
}

static void test_let_and_for_each(void)
{
	const char *rule = "  let: {most: 'document.?size.orValue(0)'}\n"
			   "  for-each: {i: 'document.?items.orValue([])'}\n"
			   "  assert: '!present(i.n) || i.n <= most'\n  at: i.n\n"
			   "  message: \"{i.n} over {most}\"\n";

	expect(rule, "size: 2\nitems: [{n: 1}, {n: 2}]\n", "");
	expect(rule, "size: 1\nitems: [{n: 1}, {n: 2}]\n", "@28 a: 2 over 1");
}

static void test_lexical(void)
{
	const char *rule = "  lexical: leading-zero\n  message: \"{value} begins with a zero\"\n";

	expect(rule, "size: 12\n", "");
	expect(rule, "size: 012\n", "@6 a: 012 begins with a zero");
	expect("  given: $.items\n  lexical: leading-zero\n  message: m\n", "size: 012\n", "");
}

/* --- across files */

static void add(struct bench *bench, const char *path, const char *text)
{
	check_index_add(bench->index, path, judge(bench, path, text));
}

static void update(struct bench *bench)
{
	struct error error = {0};

	CU_ASSERT_EQUAL(check_index_update(bench->index, 0, NULL, bench->scratch, &error), 0);
}

static void expect_across(struct bench *bench, const char *expected)
{
	update(bench);
	check_index_each(bench->index, append, bench);
	expect_text(bench, expected);
}

static void test_reference(void)
{
	struct bench bench;

	open_bench(&bench,
		   "ruleset: r\nrules:\n"
		   "- {id: a, given: $.next, reference: thing, message: 'no {value}'}\n"
		   "- {id: b, given: $.next, reference: thing, assert: "
		   "target.?level == document.?level, message: '{value} {target.level}'}\n");
	add(&bench, "1", "id: x\nnext: y\n");
	expect_across(&bench, "1@12 a: no y");
	add(&bench, "2", "id: y\nlevel: low\n");
	expect_across(&bench, "1@12 b: y low");
	check_index_remove(bench.index, "2", bench.verdicts->pdata[1]);
	check_index_add_hidden(bench.index, "2", bench.verdicts->pdata[1]);
	expect_across(&bench, "");
	check_index_remove_hidden(bench.index, "2", bench.verdicts->pdata[1]);
	expect_across(&bench, "1@12 a: no y");
	close_bench(&bench);
}

static void test_unique_across(void)
{
	struct bench bench;

	open_bench(&bench, "ruleset: r\nrules:\n- {id: a, unique: this.id, across: repository, "
			   "message: 'again {value}'}\n");
	add(&bench, "2", "id: x\n");
	add(&bench, "3", "id: y\n");
	expect_across(&bench, "");
	add(&bench, "1", "id: x\n");
	expect_across(&bench, "2@4 a: again x");
	close_bench(&bench);
}

static void test_acyclic(void)
{
	struct bench bench;

	open_bench(&bench,
		   "ruleset: r\nrules:\n- {id: a, acyclic: this.next, message: 'leads back'}\n");
	add(&bench, "1", "id: x\nnext: y\n");
	add(&bench, "2", "id: y\nnext: z\n");
	expect_across(&bench, "");
	add(&bench, "3", "id: z\nnext: x\n");
	add(&bench, "4", "id: s\nnext: s\n");
	expect_across(&bench, "4@12 a: leads back\n1@12 a: leads back");
	close_bench(&bench);
}

static void take_only(void *context, const struct check_finding *found)
{
	const struct check_finding **only = context;

	CU_ASSERT_PTR_NULL(*only);
	*only = found;
}

static const struct check_finding *only_across(struct bench *bench)
{
	const struct check_finding *only = NULL;

	update(bench);
	check_index_each(bench->index, take_only, &only);
	CU_ASSERT_PTR_NOT_NULL_FATAL(only);
	return only;
}

/* However long a circle is, the places that its finding shows are few. */
static void test_long_circle(void)
{
	enum { LENGTH = 300, SHOWN = 8 };
	static char paths[LENGTH][8];
	const struct check_finding *found;
	const struct phrase *last;
	struct bench bench;

	open_bench(&bench, "ruleset: r\nrules:\n- {id: a, acyclic: this.next, message: 'back'}\n");
	for (int i = 0; i < LENGTH; i++) {
		char *text = g_strdup_printf("id: x%d\nnext: x%d\n", i, (i + 1) % LENGTH);

		g_snprintf(paths[i], sizeof(paths[i]), "%03d", i);
		add(&bench, paths[i], text);
		g_free(text);
	}
	found = only_across(&bench);
	CU_ASSERT_STRING_EQUAL(found->path, "000");
	CU_ASSERT_EQUAL_FATAL(found->finding.related_count, SHOWN);
	CU_ASSERT_EQUAL(found->finding.related[SHOWN - 2].label.message, MESSAGE_CYCLE_STEP);
	last = &found->finding.related[SHOWN - 1].label;
	CU_ASSERT_EQUAL(last->message, MESSAGE_CYCLE_MORE);
	CU_ASSERT(slice_equal(last->values[1], SLICE("291")));
	add(&bench, "300", "id: x300\nnext: x0\n");
	add(&bench, "301", "id: x0\nnext: x300\n");
	found = only_across(&bench);
	last = &found->finding.related[SHOWN - 1].label;
	CU_ASSERT(slice_equal(last->values[1], SLICE("293")));
	close_bench(&bench);
}

static void test_disjoint(void)
{
	struct bench bench;

	open_bench(&bench, "ruleset: r\nrules:\n- {id: a, disjoint: [this.start, this.end], "
			   "by: this.level, message: 'overlaps {other.id}'}\n");
	add(&bench, "1", "id: x\nlevel: l\nstart: 2004\nend: 2006\n");
	add(&bench, "2", "id: y\nlevel: l\nstart: 2006\nend: 2008\n");
	add(&bench, "3", "id: z\nlevel: m\nstart: 2005\nend: 2009\n");
	expect_across(&bench, "");
	add(&bench, "4", "id: w\nlevel: l\nstart: 2007-03\n");
	expect_across(&bench, "4@0 a: overlaps y");
	close_bench(&bench);
}

static void test_group_by(void)
{
	struct bench bench;

	open_bench(&bench, "ruleset: r\nrules:\n- {id: a, when: present(this.level), "
			   "group-by: this.level, assert: 'group.size() <= 1', "
			   "message: '{value} has {group.size()}'}\n");
	add(&bench, "1", "id: x\nlevel: l\n");
	add(&bench, "2", "id: y\nlevel: m\n");
	expect_across(&bench, "");
	add(&bench, "3", "id: z\nlevel: l\n");
	expect_across(&bench, "1@13 a: l has 2");
	close_bench(&bench);
}

/* --- transitions */

static void expect_step(struct bench *bench, const char *old, const char *new, const char *expected)
{
	struct check_version versions[2] = {{old, strlen(old), 0}, {new, new ? strlen(new) : 0, 0}};
	struct error error = {0};
	struct verdict *verdict;

	CU_ASSERT_EQUAL_FATAL(check_transition(&verdict, bench->ruleset,
					       &bench->ruleset->entries[0], NULL, "p", &versions[0],
					       new ? &versions[1] : NULL, 0, bench->scratch,
					       &error),
			      0);
	for (size_t i = 0; i < verdict->finding_count; i++)
		append(bench, &verdict->findings[i]);
	expect_text(bench, expected);
	g_ptr_array_add(bench->verdicts, verdict);
}

static void test_transition(void)
{
	struct bench bench;

	open_bench(&bench,
		   "ruleset: r\nrules:\n"
		   "- {id: a, given: '$.items[*]', when: present(this.n), "
		   "transition: 'old.?level == this.?level', at: this.level, "
		   "message: '{old.level} to {this.level}'}\n"
		   "- {id: b, given: '$.items[*]', transition: 'false', on: delete, "
		   "message: '{old.n} is gone'}\n"
		   "- {id: c, transition: 'changes.all(c, c.path != \"/id\")', message: 'id'}\n");
	expect_step(&bench, "items: [{n: 1, level: x}, {n: 2, level: y}]\n",
		    "items: [{n: 2, level: y}, {n: 1, level: x}]\n", "");
	expect_step(&bench, "items: [{n: 1, level: x}, {n: 2, level: y}]\n",
		    "items: [{n: 2, level: z}, {n: 1, level: x}]\n", "@22 a: y to z");
	expect_step(&bench, "items: [{n: 1}, {n: 2}]\n", "items: [{n: 1}]\n", "@0 b: 2 is gone");
	expect_step(&bench, "id: x\n", "id: y\n", "@0 c: id");
	expect_step(&bench, "items: [{n: 1}]\n", NULL, "@0 b: 1 is gone");
	expect_step(&bench, "items: [{n: 1}]\n", "items: [\n", "");
	close_bench(&bench);
}

/* What a path did not reach may have changed: that is said, never passed over. */
static void test_transition_of_a_path_that_gives_up(void)
{
	struct bench bench;
	GString *long_list = g_string_new("id: x\nitems:\n");

	for (int i = 0; i < 300; i++)
		g_string_append_printf(long_list, "- {n: %d}\n", i);
	open_bench(&bench, "ruleset: r\nrules:\n"
			   "- {id: a, given: '$..[?count($..[?count($..*) > 0]) > 0]', "
			   "transition: 'true', message: m}\n"
			   "- {id: b, given: '$..[?count($..[?count($..*) > 0]) > 0]', "
			   "transition: 'true', on: delete, message: m}\n");
	expect_step(&bench, "id: y\n", "id: x\n", "");
	expect_step(&bench, "id: x\n", long_list->str,
		    "@0 rule-error: the rule \"a\" takes too many steps here\n"
		    "@0 rule-error: the rule \"b\" takes too many steps here");
	expect_step(&bench, long_list->str, NULL,
		    "@0 rule-error: the rule \"b\" takes too many steps here");
	close_bench(&bench);
	g_string_free(long_list, TRUE);
}

/* `changes` compares items by their key: order is no change, a path is that of the new version. */
static void test_changes_of_a_transition(void)
{
	struct bench bench;

	open_bench(&bench, "ruleset: r\nrules:\n"
			   "- {id: a, transition: 'false', message: '{changes.map(c, c.path)} "
			   "{changes.map(c, c.old == null)} {changes.map(c, c.new == null)}'}\n");
	expect_step(&bench, "items: [{n: 1, level: x}, {n: 2}]\n",
		    "items: [{n: 2}, {n: 1, level: y}]\n",
		    "@0 a: [\"/items/1/level\"] [false] [false]");
	expect_step(&bench, "items: [{n: 1}, {n: 2}]\nid: x\n", "items: [{n: 2}, {n: 3}]\n",
		    "@0 a: [\"/items/1\", \"/items/0\", \"/id\"] [true, false, false] "
		    "[false, true, true]");
	close_bench(&bench);
}

/* --- identity */

static const char *identity(struct bench *bench, const char *path, const char *text)
{
	struct verdict *verdict = judge(bench, path, text);

	CU_ASSERT_EQUAL_FATAL(verdict->finding_count, 1);
	return check_identity(&verdict->findings[0], path, &verdict->arena);
}

/* The guards of a rule, a bit each. */
static uint32_t guards_of(const struct rule_starts *starts, size_t rule)
{
	uint32_t guards = 0;

	for (uint32_t i = 0; i < starts->guard_count; i++)
		guards |= (uint32_t)(starts->by_guard[i * starts->set_words] >> rule & 1) << i;
	return guards;
}

/* Conditions that read nothing but the document are asked once for all rules, and change nothing.
 */
static void test_rules_share_their_conditions(void)
{
	const char *rules =
		"ruleset: r\nrules:\n"
		"- {id: a, when: document.?level == optional.of(\"full\"), assert: 'false', "
		"message: a}\n"
		"- {id: b, given: '$.items[*]', assert: this.n == 0, message: \"b {this.n}\",\n"
		"   when: 'document.?level == optional.of(\"full\") && present(this.n)'}\n"
		"- {id: c, given: '$.items[*]', assert: this.n == 0, message: \"c {this.n}\",\n"
		"   when: 'present(this.n) && this.n > 5'}\n"
		"- id: d\n  when: |\n    present(document.size) // where it is known\n"
		"    && document.size > 3\n  assert: 'false'\n  message: d\n"
		"- {id: e, let: {level: '\"full\"'}, when: level == \"full\" && file == \"p\",\n"
		"   assert: 'false', message: e}\n"
		"- {id: f, when: present(document.size) && 8 / document.size > 1,\n"
		"   assert: 'false', message: f}\n"
		"- {id: g, when: present(document.size) && 8 / document.size > 1 && "
		"document.?level == optional.of(\"none\"),\n   assert: 'false', message: g}\n";
	const struct rule_starts *starts;
	struct bench bench;
	struct verdict *verdict;

	open_bench(&bench, rules);
	starts = &bench.ruleset->entries[0].programs->starts;
	/* level, present(size), and size > 3 and 8 / size with the present() that they lean on */
	CU_ASSERT_EQUAL(starts->guard_count, 5);
	CU_ASSERT_EQUAL(starts->selection_count, 2);
	CU_ASSERT_TRUE(starts->rules[0].is_guarded);
	CU_ASSERT_FALSE(starts->rules[1].is_guarded);
	CU_ASSERT_EQUAL(guards_of(starts, 0), 1);
	CU_ASSERT_EQUAL(guards_of(starts, 1), guards_of(starts, 0));
	CU_ASSERT_EQUAL(guards_of(starts, 2), 0);
	CU_ASSERT_TRUE(starts->rules[3].is_guarded);
	CU_ASSERT_EQUAL(__builtin_popcount(guards_of(starts, 3)), 1);
	CU_ASSERT_EQUAL(guards_of(starts, 4), 0);
	CU_ASSERT_EQUAL(__builtin_popcount(guards_of(starts, 5)), 1);
	CU_ASSERT_EQUAL(__builtin_popcount(guards_of(starts, 6)), 2);
	CU_ASSERT_EQUAL(guards_of(starts, 6) & guards_of(starts, 5), guards_of(starts, 5));

	verdict = judge(&bench, "q", "level: full\nitems: [{n: 1}, {}, {n: 7}]\n");
	for (size_t i = 0; i < verdict->finding_count; i++)
		append(&bench, &verdict->findings[i]);
	g_string_append(bench.out, "\n--");
	verdict = judge(&bench, "p", "level: none\nsize: 0\nitems: [{n: 7}]\n");
	for (size_t i = 0; i < verdict->finding_count; i++)
		append(&bench, &verdict->findings[i]);
	g_string_append(bench.out, "\n--");
	verdict = judge(&bench, "q", "level: some\nsize: 0\n");
	for (size_t i = 0; i < verdict->finding_count; i++)
		append(&bench, &verdict->findings[i]);
	expect_text(&bench,
		    "@0 a: a\n@24 b: b 1\n@36 b: b 7\n@36 c: c 7\n--\n@0 e: e\n"
		    "@0 rule-error: the rule \"f\" could not be evaluated here\n"
		    "@0 rule-error: the rule \"g\" could not be evaluated here\n@32 c: c 7\n--\n"
		    "@0 rule-error: the rule \"f\" could not be evaluated here");
	close_bench(&bench);
}

static void test_identity_survives(void)
{
	struct bench bench;
	const char *first, *open;

	open_bench(&bench, "ruleset: r\nrules:\n- {id: a, given: '$.items[*]', "
			   "assert: '!present(this.level)', message: 'm'}\n");
	first = identity(&bench, "p", "id: x\nitems: [{n: 1}, {n: 2, level: a}]\n");
	/* another file name, order, indentation, value */
	CU_ASSERT_STRING_EQUAL(
		first, identity(&bench, "q", "items:\n  - n:   2\n    level: b\n\nid: x\n"));
	/* another item, another document */
	CU_ASSERT_STRING_NOT_EQUAL(first,
				   identity(&bench, "p", "id: x\nitems: [{n: 3, level: a}]\n"));
	CU_ASSERT_STRING_NOT_EQUAL(first,
				   identity(&bench, "p", "id: z\nitems: [{n: 2, level: a}]\n"));
	/* without a key the path stands in */
	open = identity(&bench, "p", "items: [{n: 2, level: a}]\n");
	CU_ASSERT_STRING_EQUAL(open, identity(&bench, "p", "items: [{n: 2, level: c}]\n"));
	CU_ASSERT_STRING_NOT_EQUAL(open, identity(&bench, "q", "items: [{n: 2, level: a}]\n"));
	close_bench(&bench);
}

/* --- days */

static void test_days_in_which_a_verdict_holds(void)
{
	int64_t day = date_earliest((struct date){2020, 6, 1});
	struct verdict *verdict;
	struct bench bench;

	open_bench(&bench, "ruleset: r\nrules:\n- {id: a, assert: 'as_of <= latest(document.end)', "
			   "message: 'over'}\n"
			   "- {id: b, since: 2021, assert: 'false', message: 'from 2021'}\n");
	verdict = judge_on(&bench, "p", "end: 2020-07\n", day);
	CU_ASSERT_EQUAL(verdict->finding_count, 0);
	CU_ASSERT_EQUAL(verdict->until, date_earliest((struct date){2020, 7, 31}));
	CU_ASSERT_EQUAL(verdict->from, DAY_OPEN_START);
	verdict = judge_on(&bench, "p", "end: 2020-05\n", day);
	CU_ASSERT_EQUAL(verdict->finding_count, 1);
	CU_ASSERT_EQUAL(verdict->from, date_earliest((struct date){2020, 6, 1}));
	CU_ASSERT_EQUAL(verdict->until, date_earliest((struct date){2020, 12, 31}));
	verdict = judge_on(&bench, "p", "end: 2030\n", date_earliest((struct date){2021, 1, 1}));
	CU_ASSERT_EQUAL(verdict->finding_count, 1);
	CU_ASSERT_EQUAL(verdict->from, date_earliest((struct date){2021, 1, 1}));
	close_bench(&bench);
}

/* --- suppressions */

static void expect_suppressed(struct bench *bench, const char *text, int64_t as_of, size_t hidden,
			      const char *shown)
{
	struct verdict *verdict = judge_on(bench, "p", text, as_of);
	size_t count = 0;

	for (size_t i = 0; i < verdict->finding_count; i++) {
		if (check_is_suppressed(bench->ruleset, verdict, "p", &verdict->findings[i], as_of))
			count++;
		else
			append(bench, &verdict->findings[i]);
	}
	CU_ASSERT_EQUAL(count, hidden);
	expect_text(bench, shown);
}

static void test_suppressions(void)
{
	int64_t day = date_earliest((struct date){2020, 1, 1});
	struct bench bench;

	open_bench(&bench, "ruleset: r\nrules:\n- {id: a, given: $.level, assert: 'false', "
			   "message: 'm'}\n"
			   "- {id: b, given: $.id, assert: 'false', message: 'm', "
			   "suppressible: false}\n");
	expect_suppressed(&bench, "level: x # planlint: ignore[a] known\n", day, 1, "");
	expect_suppressed(&bench, "# planlint: ignore[a] known\nlevel: x\n", day, 1, "");
	expect_suppressed(
		&bench, "# planlint: ignore[a] known\nsize: 1\nlevel: x\n", day, 0,
		"@0 suppression-unused: nothing is suppressed here: there is no finding of "
		"\"a\"\n@43 a: m");
	expect_suppressed(&bench, "level: x # planlint: ignore[a]\n", day, 0,
			  "@7 a: m\n@9 suppression-invalid: this comment gives no reason; write it "
			  "behind the bracket");
	expect_suppressed(
		&bench, "id: x # planlint: ignore[b] known\n", day, 0,
		"@4 b: m\n@6 suppression-invalid: findings of \"b\" cannot be suppressed");
	expect_suppressed(&bench, "level: x # planlint: ignore[a] known until=2020-01-02\n", day, 1,
			  "");
	expect_suppressed(&bench, "level: x # planlint: ignore[a] known until=2020-01-02\n",
			  day + 1, 1,
			  "@9 suppression-expired: the time of this suppression of \"a\" is over; "
			  "mend the finding or write a later date");
	expect_suppressed(
		&bench, "level: x # planlint: ignore[a] known until=2020-01-02\n", day + 31, 0,
		"@7 a: m\n@9 suppression-expired: the time of this suppression of \"a\" is "
		"over; mend the finding or write a later date");
	close_bench(&bench);
}

/* --- the index by difference and from the start */

static void test_difference_equals_a_full_run(void)
{
	static const char *const texts[] = {"id: x\nnext: y\nlevel: l\nstart: 2004\nend: 2007\n",
					    "id: y\nnext: x\nlevel: l\nstart: 2006\nend: 2008\n",
					    "id: x\nnext: q\nlevel: m\n",
					    "id: q\nnext: q\nlevel: l\nstart: 2005\n", "{\n"};
	static const char *const paths[] = {"1", "2", "3", "4"};
	const struct verdict *there[G_N_ELEMENTS(paths)] = {0};
	struct bench bench;
	unsigned random = 1;

	open_bench(
		&bench,
		"ruleset: r\nrules:\n"
		"- {id: a, given: $.next, reference: thing, message: 'no {value}'}\n"
		"- {id: b, unique: this.id, across: repository, message: 'again {value}'}\n"
		"- {id: c, acyclic: this.next, message: 'back'}\n"
		"- {id: d, disjoint: [this.start, this.end], by: this.level, message: 'over'}\n"
		"- {id: e, group-by: this.level, assert: 'group.size() < 3', message: 'many'}\n");
	for (int step = 0; step < 200; step++) {
		unsigned file = (random = random * 1103515245 + 12345) >> 16 & 3;
		unsigned text = ((random = random * 1103515245 + 12345) >> 16) % 6;
		struct check_index *full = check_index_new(bench.ruleset), *moved = bench.index;
		char *expected;

		if (there[file])
			check_index_remove(moved, paths[file], there[file]);
		there[file] = text < 5 ? judge(&bench, paths[file], texts[text]) : NULL;
		if (there[file])
			check_index_add(moved, paths[file], there[file]);
		for (size_t i = 0; i < G_N_ELEMENTS(paths); i++)
			if (there[i])
				check_index_add(full, paths[i], there[i]);
		bench.index = full;
		update(&bench);
		check_index_each(full, append, &bench);
		expected = g_strdup(bench.out->str);
		g_string_truncate(bench.out, 0);
		bench.index = moved;
		expect_across(&bench, expected);
		g_free(expected);
		check_index_free(full);
	}
	close_bench(&bench);
}

static void test_unreadable(void)
{
	struct bench bench;
	struct verdict *verdict;

	open_bench(&bench, "ruleset: r\nrules: []\n");
	verdict = judge(&bench, "p", "a: [\n");
	CU_ASSERT_FALSE(verdict->readable);
	CU_ASSERT_EQUAL(verdict->entry_count, 0);
	CU_ASSERT(verdict->finding_count > 0);
	verdict = judge(&bench, "p", "");
	CU_ASSERT_EQUAL(verdict->entry_count, 0);
	close_bench(&bench);
}

UNIT_SUITE(test_check){
	{"assert", test_assert},
	{"present", test_present},
	{"includes", test_includes},
	{"one_of", test_one_of},
	{"order_is_judged_by_what_is_certain", test_order_is_judged_by_what_is_certain},
	{"unique", test_unique},
	{"errors_are_silent_where_the_schema_speaks",
	 test_errors_are_silent_where_the_schema_speaks},
	{"let_and_for_each", test_let_and_for_each},
	{"lexical", test_lexical},
	{"reference", test_reference},
	{"unique_across", test_unique_across},
	{"acyclic", test_acyclic},
	{"a long circle", test_long_circle},
	{"disjoint", test_disjoint},
	{"group_by", test_group_by},
	{"transition", test_transition},
	{"transition of a path that gives up", test_transition_of_a_path_that_gives_up},
	{"changes of a transition", test_changes_of_a_transition},
	{"rules_share_their_conditions", test_rules_share_their_conditions},
	{"identity_survives", test_identity_survives},
	{"days_in_which_a_verdict_holds", test_days_in_which_a_verdict_holds},
	{"suppressions", test_suppressions},
	{"difference_equals_a_full_run", test_difference_equals_a_full_run},
	{"unreadable", test_unreadable},
	{NULL, NULL},
};
