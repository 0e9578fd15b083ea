/*
 * Which rules run: a hundred and more rules together say what each of them says alone. Together
 * they are asked by sets, in several words; alone there is one bit.
 */
#include "check/check.h"
#include "document/document.h"
#include "ruleset/rule.h"

#include "unit/ruleset_fixture.h"

#define SCHEMA                                                                                     \
	"type: object\nproperties:\n"                                                              \
	"  id: {type: string}\n  level: {type: string}\n  size: {type: integer}\n"                 \
	"  end: {x-planlint-type: date}\n"                                                         \
	"  items: {type: array, items: {type: object, properties: "                                \
	"{n: {type: integer}, level: {type: string}}}}\n"
#define CONFIG "documents: [{files: '**', kind: thing, schema: s}]\nrules: [r]\n"

static const char *const given[] = {
	"'$'",
	"'$.level'",
	"'$.items[*]'",
	"'$.items[*].n'",
	"'$.items[0]'",
	"'$..level'",
	"['$.level', '$.items[*].level']",
	"['$.items[*].n', '$.size']",
	"'$.items[?@.n > 1]'",
};
static const char *const when[] = {
	"",
	", when: document.?level == optional.of(\"full\")",
	", when: 'document.?level == optional.of(\"full\") && present(document.size)'",
	", when: 'present(document.size) && 8 / document.size > 1'",
	", when: as_of <= latest(document.end)",
	", when: file == \"q\"",
};
/* Rules of one node, which `when` reads; and the same of several, or with more than that. */
static const char *const single[][2] = {
	{"'$.level'", ", when: this == \"full\""},
	{"'$.level'", ", when: this == \"full\" && present(document.size)"},
	{"'$.level'", ", when: 'this != \"full\" && 8 / document.?size.orValue(0) > 1'"},
	{"'$.level'", ", when: this == \"full\" && file == \"q\""},
	{"'$.level'", ", when: this == name"},
	{"'$.level'", ", when: present(parent.size)"},
	{"'$'", ", when: present(this.level) && this.level == \"full\""},
	{"'$.items'", ", when: this.size() > 1"},
	{"'$.items[*]'", ", when: present(this.n)"},
	{"['$.level', '$.items[*].level']", ", when: this == \"full\""},
};
static const char *const days[] = {"", ", since: 2021", ", until: 2019-12-31"};

static const char *const documents[] = {
	"{}",
	"level: full\n",
	"level: full\nsize: 3\nitems: [{n: 1, level: full}, {n: 2}, {}]\n",
	"level: none\nsize: 0\nitems: [{level: a}]\n",
	"size: 1\nitems: []\n",
	"a:\t1\nlevel: yes\nitems: [{n: 7}]\n",
};

struct rules {
	struct ruleset *ruleset;
	struct check_scratch *scratch;
};

static struct rules load(const char *text)
{
	char *file = g_strconcat("ruleset: r\nrules:\n", text, NULL);
	const struct fixture_file files[] = {
		{"planlint.yaml", CONFIG}, {"s", SCHEMA}, {"r", file}, {NULL, NULL}};
	struct rules rules = {fixture_sound(files), check_scratch_new()};

	g_free(file);
	return rules;
}

static void unload(struct rules rules)
{
	check_scratch_free(rules.scratch);
	ruleset_free(rules.ruleset);
}

static void free_text(gpointer text)
{
	g_free(text);
}

static void add_rule(GPtrArray *rules, const char *rest)
{
	g_ptr_array_add(rules, g_strdup_printf("- {id: r%u, message: m, %s}\n", rules->len, rest));
}

static void add_selecting(GPtrArray *rules, const char *path, const char *condition)
{
	for (size_t i = 0; i < G_N_ELEMENTS(days); i++) {
		char *rest = g_strdup_printf("given: %s, assert: 'false'%s%s", path, condition,
					     days[i]);

		add_rule(rules, rest);
		g_free(rest);
	}
}

/* Every combination, lexical ones, and two that judge no document, one of them the last. */
static GPtrArray *all_rules(void)
{
	GPtrArray *rules = g_ptr_array_new_with_free_func(free_text);

	add_rule(rules, "transition: 'false'");
	for (size_t g = 0; g < G_N_ELEMENTS(given); g++)
		for (size_t w = 0; w < G_N_ELEMENTS(when); w++)
			add_selecting(rules, given[g], when[w]);
	for (size_t i = 0; i < G_N_ELEMENTS(single); i++)
		add_selecting(rules, single[i][0], single[i][1]);
	for (enum lexical_check i = 0; i < LEXICAL_COUNT; i++) {
		char *rest = g_strdup_printf("lexical: %s", lexical_name(i));

		add_rule(rules, rest);
		g_free(rest);
	}
	add_rule(rules, "transition: 'false'");
	return rules;
}

static struct verdict *judge(struct rules rules, size_t document, int64_t as_of)
{
	const struct document_entry *entry = &rules.ruleset->entries[0];
	struct error error = {0};
	struct verdict *verdict;

	CU_ASSERT_EQUAL_FATAL(check_document(&verdict, rules.ruleset, entry, "q",
					     documents[document], strlen(documents[document]),
					     as_of, rules.scratch, &error),
			      0);
	return verdict;
}

/* What verdicts say, joined: findings in any order, the days, the path. */
struct sum {
	GPtrArray *findings;
	int64_t from, until;
	bool reads_path;
};

static void add_verdict(struct sum *sum, const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->finding_count; i++) {
		const struct finding *finding = &verdict->findings[i].finding;
		GString *text = g_string_new(finding->rule);

		g_string_append_printf(text, "@%u-%u ", finding->span.start, finding->span.end);
		phrase_append(text, &finding->message, LANGUAGE_EN, NULL);
		g_ptr_array_add(sum->findings, g_string_free(text, FALSE));
	}
	sum->from = MAX(sum->from, verdict->from);
	sum->until = MIN(sum->until, verdict->until);
	sum->reads_path |= verdict->reads_path;
}

static struct sum empty_sum(void)
{
	return (struct sum){g_ptr_array_new_with_free_func(free_text), DAY_OPEN_START, DAY_OPEN_END,
			    false};
}

static gint compare_texts(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* One text each, sorted. */
static void expect_equal(struct sum *one, struct sum *other)
{
	CU_ASSERT_EQUAL_FATAL(one->findings->len, other->findings->len);
	g_ptr_array_sort(one->findings, compare_texts);
	g_ptr_array_sort(other->findings, compare_texts);
	for (guint i = 0; i < one->findings->len; i++)
		CU_ASSERT_STRING_EQUAL(one->findings->pdata[i], other->findings->pdata[i]);
	CU_ASSERT_EQUAL(one->from, other->from);
	CU_ASSERT_EQUAL(one->until, other->until);
	CU_ASSERT_EQUAL(one->reads_path, other->reads_path);
}

static void judge_into(struct sum *sum, struct rules rules, size_t document)
{
	struct verdict *verdict = judge(rules, document, date_earliest((struct date){2020, 6, 15}));

	add_verdict(sum, verdict);
	verdict_free(verdict);
}

static void test_rules_together_say_what_each_says(void)
{
	struct sum alone[G_N_ELEMENTS(documents)], together[G_N_ELEMENTS(documents)];
	GPtrArray *texts = all_rules();
	GString *joined = g_string_new(NULL);
	struct rules all;
	guint findings = 0;

	for (size_t d = 0; d < G_N_ELEMENTS(documents); d++)
		alone[d] = empty_sum();
	for (guint i = 0; i < texts->len; i++) {
		struct rules one = load(texts->pdata[i]);

		for (size_t d = 0; d < G_N_ELEMENTS(documents); d++)
			judge_into(&alone[d], one, d);
		unload(one);
		g_string_append(joined, texts->pdata[i]);
	}
	all = load(joined->str);
	CU_ASSERT(all.ruleset->entries[0].programs->starts.set_words >= 3);
	for (size_t d = 0; d < G_N_ELEMENTS(documents); d++) {
		together[d] = empty_sum();
		judge_into(&together[d], all, d);
		expect_equal(&alone[d], &together[d]);
		findings += together[d].findings->len;
		g_ptr_array_free(alone[d].findings, TRUE);
		g_ptr_array_free(together[d].findings, TRUE);
	}
	CU_ASSERT(findings > texts->len / 2);
	unload(all);
	g_string_free(joined, TRUE);
	g_ptr_array_free(texts, TRUE);
}

static bool has(const uint64_t *sets, const struct rule_starts *starts, size_t set, size_t rule)
{
	return sets[set * starts->set_words + rule / 64] >> rule % 64 & 1;
}

static void test_each_rule_is_in_its_sets(void)
{
	struct rules rules = load("- {id: a, message: m, transition: 'false'}\n"
				  "- {id: b, message: m, given: '$.items[0]', assert: 'false'}\n"
				  "- {id: c, message: m, given: '$.level', assert: 'false',\n"
				  "   when: document.?level == optional.of('x'), since: 2020}\n"
				  "- {id: d, message: m, lexical: tab}\n");
	const struct rule_starts *starts = &rules.ruleset->entries[0].programs->starts;
	static const bool judged[] = {false, true, true, true};

	for (size_t i = 0; i < G_N_ELEMENTS(judged); i++) {
		CU_ASSERT_EQUAL(has(starts->judged, starts, 0, i), judged[i]);
		CU_ASSERT_EQUAL(has(starts->pathed, starts, 0, i), i == 1);
		CU_ASSERT_EQUAL(has(starts->lexical, starts, 0, i), i == 3);
		CU_ASSERT_EQUAL(has(starts->by_lexical, starts, LEXICAL_TAB, i), i == 3);
		CU_ASSERT_EQUAL(has(starts->by_guard, starts, 0, i), i == 2);
		CU_ASSERT_EQUAL(has(starts->by_selection, starts, starts->rules[2].selection, i),
				i == 2);
	}
	CU_ASSERT_EQUAL(starts->selection_count, 3);
	for (uint32_t i = 0; i < starts->selection_count; i++)
		CU_ASSERT_EQUAL(starts->in_tree[i], i != starts->rules[1].selection);
	CU_ASSERT_EQUAL_FATAL(starts->day_count, 1);
	CU_ASSERT_EQUAL(starts->days[0].rule, 2);
	unload(rules);
}

/* Conditions on the one node of a selection are asked once for all rules that look at it. */
static void test_rules_share_conditions_on_their_node(void)
{
	struct rules rules = load(
		"- {id: a, message: m, given: '$.level', assert: 'false', when: this == 'full'}\n"
		"- {id: b, message: m, given: '$.level', assert: 'false', when: this == 'full'}\n"
		"- {id: c, message: m, given: '$.id', assert: 'false', when: this == 'full'}\n"
		"- {id: d, message: m, given: '$.level', assert: 'false',\n"
		"   when: present(document.size) && this == 'full'}\n"
		"- {id: e, message: m, given: '$.level', assert: 'false',\n"
		"   when: this == 'full' && file == 'q'}\n"
		"- {id: f, message: m, given: '$.level', assert: 'false', when: name == 'full'}\n"
		"- {id: g, message: m, given: '$.items[*]', assert: 'false',\n"
		"   when: present(this.n)}\n");
	const struct rule_starts *starts = &rules.ruleset->entries[0].programs->starts;

	/* of a, of c, and present(document.size) */
	CU_ASSERT_EQUAL_FATAL(starts->guard_count, 3);
	CU_ASSERT_EQUAL(*starts->by_guard, 1 << 0 | 1 << 1 | 1 << 3);
	CU_ASSERT_EQUAL(starts->by_guard[starts->set_words], 1 << 2);
	CU_ASSERT_EQUAL(starts->by_guard[2 * starts->set_words], 1 << 3);
	CU_ASSERT_EQUAL(starts->guards[0].selection, starts->rules[0].selection);
	CU_ASSERT_EQUAL(starts->guards[1].selection, starts->rules[2].selection);
	CU_ASSERT(starts->guards[0].this_slot >= 0);
	CU_ASSERT_EQUAL(starts->guards[2].this_slot, -1);
	for (size_t i = 0; i < 7; i++)
		CU_ASSERT_EQUAL(starts->rules[i].is_guarded, i < 4);
	unload(rules);
}

UNIT_SUITE(test_course){
	{"rules share conditions on their node", test_rules_share_conditions_on_their_node},
	{"rules together say what each says", test_rules_together_say_what_each_says},
	{"each rule is in its sets", test_each_rule_is_in_its_sets},
	{0},
};
