/*
 * What changed between two versions: the comparison by keys and values, its words in both
 * languages, and which document is which.
 */
#include "check/compare.h"
#include "document/document.h"
#include "ruleset/rule.h"

#include "unit/ruleset_fixture.h"

#include <stdio.h>

#define TEXT                                                                                       \
	"{type: object, properties: {en: {type: string, title: {en: English, fr: anglais}}, "      \
	"fr: {type: string, title: {en: French, fr: français}}}}"
#define SCHEMA                                                                                     \
	"type: object\nproperties:\n"                                                              \
	"  id: {type: string}\n"                                                                   \
	"  state: {type: string, title: {en: status, fr: état}}\n"                                \
	"  open: {type: boolean, title: {en: open to all, fr: ouvert à tous}}\n"                  \
	"  name: {title: {en: title, fr: titre}, " TEXT_ALL_OF "}\n"                               \
	"  period: {type: object, title: {en: period, fr: période}, properties: {\n"              \
	"    start: {x-planlint-type: date, title: {en: start, fr: début}},\n"                    \
	"    end: {x-planlint-type: date, title: {en: end, fr: fin}}}}\n"                          \
	"  tags: {type: array, title: {en: themes, fr: thèmes}, items: {type: string}}\n"         \
	"  reviews: {type: array, x-planlint-key: date, items: {type: object, "                    \
	"title: {en: review, fr: revue}, "                                                         \
	"properties: {date: {x-planlint-type: date}, by: {type: string, title: {en: by, fr: "      \
	"par}}}}}\n"                                                                               \
	"  objectives: {type: array, x-planlint-key: id, items: {type: object, "                   \
	"title: {en: objective, fr: objectif}, properties: {\n"                                    \
	"    id: {type: string},\n"                                                                \
	"    deadline: {x-planlint-type: date, title: {en: deadline, fr: échéance}},\n"          \
	"    contributors: {type: array, title: {en: contributors, fr: contributeurs}, "           \
	"items: {type: object, title: {en: contributor, fr: contributeur}, properties: "           \
	"{country: {type: string}, since: {x-planlint-type: date, title: {en: since, fr: "         \
	"depuis}}}}}}}}\n"
#define TEXT_ALL_OF "allOf: [" TEXT "]"
#define CONFIG      "documents: [{files: '**', kind: thing, schema: s, key: document.id}]\nrules: []\n"

struct bench {
	struct ruleset *ruleset;
	struct comparison *comparison;
	enum language language;
	GString *out;
};

static void open_bench(struct bench *bench, enum language language)
{
	static const struct fixture_file files[] = {
		{"planlint.yaml", CONFIG}, {"s", SCHEMA}, {NULL, NULL}};

	*bench = (struct bench){
		.language = language, .ruleset = fixture_sound(files), .out = g_string_new(NULL)};
	bench->comparison = comparison_new(bench->ruleset);
	language_use(language);
}

static void close_bench(struct bench *bench)
{
	comparison_free(bench->comparison);
	ruleset_free(bench->ruleset);
	g_string_free(bench->out, TRUE);
	language_use(LANGUAGE_EN);
}

static void add(struct bench *bench, enum compare_side side, const char *path, const char *text)
{
	const struct bytes bytes = {.data = text, .size = strlen(text)};
	struct error error = {0};

	CU_ASSERT_EQUAL_FATAL(comparison_add(bench->comparison, side, path,
					     &bench->ruleset->entries[0], &bytes, &error),
			      0);
}

/* "old > new (number): key!" and the lines */
static void tell(void *context, const struct compared_document *document)
{
	struct bench *bench = context;
	GPtrArray *lines = changes_lines(document->changes, document->change_count, document->root,
					 bench->language);

	g_string_append_printf(bench->out, "%s > %s",
			       document->path[COMPARE_OLD] ? document->path[COMPARE_OLD] : "-",
			       document->path[COMPARE_NEW] ? document->path[COMPARE_NEW] : "-");
	if (document->number[COMPARE_NEW])
		g_string_append_printf(bench->out, " (%zu)", document->number[COMPARE_NEW]);
	if (document->unreadable[COMPARE_OLD] || document->unreadable[COMPARE_NEW])
		g_string_append(bench->out, " !");
	g_string_append_c(bench->out, '\n');
	for (guint i = 0; i < lines->len; i++)
		g_string_append_printf(bench->out, "  %s\n", (char *)lines->pdata[i]);
	g_ptr_array_free(lines, TRUE);
}

static void expect(struct bench *bench, const char *expected)
{
	comparison_each(bench->comparison, tell, bench);
	if (strcmp(bench->out->str, expected) != 0)
		printf("\nexpected:\n%s\ngot:\n%s\n", expected, bench->out->str);
	CU_ASSERT_STRING_EQUAL(bench->out->str, expected);
	close_bench(bench);
}

/* One document, from one text to another. */
static void step(enum language language, const char *old, const char *new, const char *expected)
{
	struct bench bench;

	open_bench(&bench, language);
	add(&bench, COMPARE_OLD, "p.yaml", old);
	add(&bench, COMPARE_NEW, "p.yaml", new);
	expect(&bench, expected);
}

#define OBJECTIVES                                                                                 \
	"objectives:\n- id: '2.3'\n  deadline: 2009-06\n"                                          \
	"  contributors: [{country: EST}, {country: NOR}]\n- {id: '2.4', deadline: 2010}\n"

static void test_the_model_sentence(void)
{
	const char *later = "objectives:\n- {id: '2.4', deadline: 2010}\n- contributors:\n"
			    "  - {country: NOR}\n  deadline: '2010-06'\n  id: '2.3'\n";

	step(LANGUAGE_FR, OBJECTIVES, later,
	     "p.yaml > p.yaml\n"
	     "  objectif 2.3 : contributeur EST retiré ; échéance juin 2009 → juin 2010\n");
	step(LANGUAGE_EN, OBJECTIVES, later,
	     "p.yaml > p.yaml\n"
	     "  objective 2.3: contributor EST removed; deadline June 2009 → June 2010\n");
}

static void test_order_and_form_are_no_changes(void)
{
	step(LANGUAGE_EN, OBJECTIVES "tags: [a, b]\n",
	     "# a comment\ntags:\n  - \"b\"\n  - 'a'\nobjectives: [{id: \"2.4\", deadline: "
	     "\"2010\"}, {contributors: [{country: NOR}, {country: EST}], deadline: 2009-06, "
	     "id: '2.3'}]\n",
	     "p.yaml > p.yaml\n  objective 2.4: deadline 2010 → 2010\n");
	step(LANGUAGE_EN, OBJECTIVES, "# a comment\n" OBJECTIVES, "p.yaml > p.yaml\n");
	step(LANGUAGE_EN, OBJECTIVES, OBJECTIVES, "");
}

static void test_lists_by_value(void)
{
	step(LANGUAGE_EN, "tags: [a, b, b]\n", "tags: [b, c]\n",
	     "p.yaml > p.yaml\n  themes: c added\n  themes: a removed\n  themes: b removed\n");
	step(LANGUAGE_EN, "objectives: [{id: x, contributors: [{country: EST}]}]\n",
	     "objectives: [{id: x, contributors: [{country: EST, since: 2009-01}]}]\n",
	     "p.yaml > p.yaml\n  objective x: contributor EST (since January 2009) added; "
	     "contributor EST removed\n");
	/* an item without its key is known by its value; of two with one key each meets one */
	step(LANGUAGE_EN, "objectives: [{deadline: 2009}, {id: x, deadline: 2001}, {id: x}]\n",
	     "objectives: [{deadline: 2010}, {id: x, deadline: 2002}, {id: x}]\n",
	     "p.yaml > p.yaml\n  objective 2010 added\n  objective x: deadline 2001 → 2002\n"
	     "  objective 2009 removed\n");
}

static void test_values_in_words(void)
{
	step(LANGUAGE_EN, "state: draft\nopen: true\nperiod: {start: 2004-11-02, end: 2006}\n",
	     "state: in force\nopen: false\nperiod: {start: 2004-11, end: 2007}\n",
	     "p.yaml > p.yaml\n  status: draft → \"in force\"\n  open to all: yes → no\n"
	     "  period: start 2 November 2004 → November 2004; end 2006 → 2007\n");
	step(LANGUAGE_FR, "state: draft\nopen: true\nperiod: {end: 2006}\n",
	     "open: null\nperiod: {start: 2004-05-01}\nreviews: [{date: 2005-03, by: NAC}]\n",
	     "p.yaml > p.yaml\n  ouvert à tous : oui → vide\n"
	     "  période : début 1er mai 2004 ajouté ; fin 2006 retirée\n"
	     "  reviews (revue mars 2005) ajouté\n  état draft retiré\n");
	step(LANGUAGE_FR, "reviews: [{date: 2005-03, by: NAC}]\n",
	     "reviews: [{date: 2005-03, by: EAPC}, {date: 2006, by: 'le Conseil'}]\n",
	     "p.yaml > p.yaml\n  revue mars 2005 : par NAC → EAPC\n"
	     "  revue 2006 (par « le Conseil ») ajoutée\n");
	step(LANGUAGE_EN, "period: {start: 2004}\n", "period: soon\n",
	     "p.yaml > p.yaml\n  period: (start 2004) → soon\n");
}

static void test_texts(void)
{
	step(LANGUAGE_FR, "name: {en: A plan, fr: Un plan}\n", "name: {en: A plan, fr: Le plan}\n",
	     "p.yaml > p.yaml\n  titre : français « Un plan » → « Le plan »\n");
	step(LANGUAGE_FR, "id: x\n", "id: x\nname: {en: A plan, fr: Un plan}\n",
	     "p.yaml > p.yaml\n  titre « Un plan » ajouté\n");
	step(LANGUAGE_EN,
	     "state: the country sets out to have all of its armed forces under civilian control\n",
	     "state: the country sets out to have all of its armed forces under parliament\n",
	     "p.yaml > p.yaml\n  status: \"…its armed forces under civilian control\" → "
	     "\"…its armed forces under parliament\"\n");
	/* what could steer a terminal is made visible */
	step(LANGUAGE_EN, "state: a\n", "state: \"\\e[31m red\"\n",
	     "p.yaml > p.yaml\n  status: a → \"\\x1b[31m red\"\n");
	step(LANGUAGE_EN, "\"\\e[1m\": 1\n", "\"\\e[1m\": 2\n",
	     "p.yaml > p.yaml\n  \\x1b[1m: 1 → 2\n");
}

static void test_documents_by_key(void)
{
	struct bench bench;

	open_bench(&bench, LANGUAGE_EN);
	add(&bench, COMPARE_OLD, "a", "id: x\nstate: s\n");
	add(&bench, COMPARE_OLD, "b", "id: y\n");
	add(&bench, COMPARE_OLD, "c", "id: z\n");
	add(&bench, COMPARE_OLD, "d", "state: s\n");
	add(&bench, COMPARE_NEW, "b", "id: x\nstate: t\n");
	add(&bench, COMPARE_NEW, "c", "id: w\n");
	add(&bench, COMPARE_NEW, "e", "state: s\n");
	/* x moved to b, and y with it away; in c another document took the place; d has no key */
	expect(&bench, "a > b\n  status: s → t\nb > -\nc > c\n  id: z → w\nd > e\n");
}

static void test_unreadable(void)
{
	struct bench bench;

	step(LANGUAGE_EN, "id: x\n", "id: [\n", "p.yaml > p.yaml !\n");
	step(LANGUAGE_EN, "id: [\n", "id: x\n", "p.yaml > p.yaml !\n");
	/* a file of several has one line */
	step(LANGUAGE_EN, "id: x\n---\nid: y\n", "id: [\n", "p.yaml > p.yaml !\n");
	step(LANGUAGE_EN, "", "id: x\n", "p.yaml > p.yaml\n  the whole content added\n");
	open_bench(&bench, LANGUAGE_EN);
	add(&bench, COMPARE_NEW, "p", "{");
	expect(&bench, "- > p !\n");
}

static void test_several_documents(void)
{
	step(LANGUAGE_EN, "id: x\n---\nid: y\nstate: a\n",
	     "id: x\n---\nid: y\nstate: b\n---\nid: z\n",
	     "p.yaml > p.yaml (2)\n  status: a → b\n- > p.yaml (3)\n");
	/* the second became the first */
	step(LANGUAGE_EN, "id: x\n---\nid: y\nstate: a\n", "id: y\nstate: b\n",
	     "p.yaml > p.yaml\n  status: a → b\np.yaml > -\n");
}

/* Lists within lists, and as deep as a document may be: no more than a few words of them. */
static void test_deep_values(void)
{
	GString *deep = g_string_new("tags: ");

	for (int i = 0; i < 60; i++)
		g_string_append(deep, "[[1],[2],[3],");
	g_string_append(deep, "x");
	for (int i = 0; i < 60; i++)
		g_string_append_c(deep, ']');
	g_string_append_c(deep, '\n');
	step(LANGUAGE_EN, "id: x\n", deep->str,
	     "p.yaml > p.yaml\n  themes (themes: …, themes: …, themes: …, themes: …) added\n"
	     "  id x removed\n");
	g_string_free(deep, TRUE);
}

UNIT_SUITE(test_changes){
	{"the model sentence", test_the_model_sentence},
	{"order and form are no changes", test_order_and_form_are_no_changes},
	{"lists by value", test_lists_by_value},
	{"values in words", test_values_in_words},
	{"texts", test_texts},
	{"documents by key", test_documents_by_key},
	{"unreadable", test_unreadable},
	{"several documents", test_several_documents},
	{"deep values", test_deep_values},
	{0},
};
