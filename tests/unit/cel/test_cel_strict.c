/* Strict checking: what a rule may not say, with the place and the suggestion. */
#include "unit/cel/cel_fixture.h"
#include "unit/unit.h"

#include <stdio.h>

struct row {
	const char *text;
	const char *expected;
};

static void run(const struct row *rows, size_t count, enum cel_mode mode,
		const char *(*get)(struct fixture *, const char *, enum cel_mode))
{
	for (size_t i = 0; i < count; i++) {
		struct fixture fixture;
		const char *got;

		fixture_init(&fixture, NULL);
		got = get(&fixture, rows[i].text, mode);
		CU_ASSERT_STRING_EQUAL(got, rows[i].expected);
		if (strcmp(got, rows[i].expected) != 0)
			printf("%s\n  got      %s\n  expected %s\n", rows[i].text, got,
			       rows[i].expected);
		fixture_release(&fixture);
	}
}

#define ROWS(rows) rows, sizeof(rows) / sizeof(*(rows))

static void test_optional_reads(void)
{
	static const struct row rows[] = {
		{"document.dates.agreed == document.period.start",
		 "9-14 this field need not be there: \"dates\" | ask first: "
		 "present(document.dates) "
		 "&& ..., or put it into when; 15-21 this field need not be there: \"agreed\" | "
		 "ask "
		 "first: present(document.dates.agreed) && ..., or put it into when"},
		{"present(document.dates.agreed) && document.dates.agreed == document.period.start",
		 "bool"},
		{"!present(document.dates.agreed) || document.dates.agreed == this.start", "bool"},
		{"present(this.end) ? this.end == this.start : true", "bool"},
		{"present(this.end) ? true : this.end == this.start",
		 "32-35 this field need not be there: \"end\" | ask first: present(this.end) && "
		 "..., "
		 "or put it into when"},
		{"has(document.dates) && has(document.dates.agreed) && document.dates.agreed == "
		 "this.start",
		 "bool"},
		{"has(document.dates.agreed)", "13-18 this field need not be there: \"dates\" | "
					       "ask first: present(document.dates) "
					       "&& ..., or put it into when"},
		{"document.?dates.agreed.hasValue()", "bool"},
		{"document.?note.orValue('') == ''", "bool"},
		{"document.dates.?agreed.hasValue()",
		 "9-14 this field need not be there: \"dates\" | ask first: "
		 "present(document.dates) "
		 "&& ..., or put it into when"},
		{"earliest(document.dates.agreed) <= latest(this.end)", "bool"},
		{"surely_before(this.end, document.dates.agreed)", "bool"},
		{"document.objectives.all(o, surely_before(o.deadline, this.end))", "bool"},
		{"document.objectives.all(o, o.deadline == this.start)",
		 "29-37 this field need not be there: \"deadline\" | ask first: "
		 "present(o.deadline) && "
		 "..., or put it into when"},
		{"document.objectives.all(o, !has(o.deadline) || o.deadline == this.start)",
		 "bool"},
		{"document.objectives.filter(o, present(o.deadline)).size() > 0", "bool"},
		{"'x' in document.contacts && document.contacts.x == 'a'", "bool"},
		{"document.contacts.x == 'a'", "18-19 this field need not be there: \"x\" | ask "
					       "first: present(document.contacts.x) "
					       "&& ..., or put it into when"},
	};

	run(ROWS(rows), CEL_STRICT, fixture_check);
}

static void test_wrong_names_and_types(void)
{
	static const struct row rows[] = {
		{"document.titel == 'x'", "9-14 unknown field: \"titel\" | did you mean title?"},
		{"documnt.title == 'x'", "0-7 unknown name: \"documnt\" | did you mean document?"},
		{"document.title.startWith('x')",
		 "15-24 unknown function: \"startWith\" | did you mean startsWith?"},
		{"document.budget > 2",
		 "18-19 > does not go between double and int | write 2.0 for 2"},
		{"document.title == 1", "15-17 == does not go between string and int"},
		{"document.programme == 'IPAQ'",
		 "22-28 this value is not one of those allowed: \"IPAQ\" | did you mean IPAP?"},
		{"document.programme in ['IPAP', 'ITTP']",
		 "31-37 this value is not one of those allowed: \"ITTP\""},
		{"this.start < as_of",
		 "11-12 < does not go between date and day | dates compare as days: write "
		 "earliest(this.start) or latest(this.start)"},
		{"document.title == null", "15-17 == does not go between string and null | write "
					   "present(document.title) to ask "
					   "whether it is there"},
		{"document.objectives.id == ''", "20-22 list(Objective) has no fields | write [0] "
						 "for the first item, or .all(x, ...) "
						 "for every one"},
		{"document.title", "string"},
		{"document.title.all(x, true)", "0-14 expected a list or a map, found string"},
		{"document.level && true", "0-14 expected true or false, found int"},
		{"document.title.matches('(')", "23-26 this pattern cannot be used: a ( has no )"},
		{"vocabulary('x')", "11-14 unknown vocabulary: \"x\""},
		{"document.free.anything == 1",
		 "14-22 this field need not be there: \"anything\" | ask first: "
		 "present(document.free.anything) && ..., or put it into when"},
		{"present(document.free.anything) && document.free.anything == 1", "bool"},
		{"earliest(document.level) == as_of", "bool"},
		{"document.period.start + days(1) == as_of",
		 "22-23 + does not go between date and span | "
		 "dates compare as days: write earliest(document.period.start) or "
		 "latest(document.period.start)"},
	};

	run(ROWS(rows), CEL_STRICT, fixture_check);
}

static void test_syntax(void)
{
	static const struct row rows[] = {
		{"", "0-0 the expression ends early: a value is missing"},
		{"1 +", "3-3 the expression ends early: a value is missing"},
		{"(1", "2-2 the expression ends early: ) is missing"},
		{"1 2", "2-3 unexpected \"2\", expected the end"},
		{"a = b", "2-3 unexpected character: \"=\" | write == to compare"},
		{"'abc", "0-4 this text has no closing quote"},
		{"'\\q'",
		 "1-3 no such escape: \"\\q\" | write \\\\ for a backslash, or r before the "
		 "quotes"},
		{"12abc", "0-5 not a number: \"12abc\""},
		{"99999999999999999999",
		 "0-20 this number is out of the range of int: \"99999999999999999999\""},
		{"if", "0-2 this word is reserved: \"if\""},
		{"has(x)",
		 "4-5 has() asks for a field, such as has(a.b) | write \"key\" in map to ask "
		 "for a key"},
		{"[1].all(x.y, true)", "8-11 expected a plain name for the variable"},
		{"Foo{a: 1}",
		 "3-4 there are no message types here | write a map: {\"field\": value}"},
	};

	run(ROWS(rows), CEL_STRICT, fixture_check);
}

static void test_values(void)
{
	static const struct row rows[] = {
		{"document.budget", "3"},
		{"document.budget == 3.0", "true"},
		{"document.level == 2", "true"},
		{"this.start", "2005"},
		{"earliest(this.start)", "2005-01-01"},
		{"latest(this.end)", "2007-12-31"},
		{"earliest(document.dates.agreed) <= latest(this.end)", "true"},
		{"words(document.period.start)", "\"2005\""},
		{"present(document.note)", "false"},
		{"has(document.note)", "true"},
		{"latest(document.objectives.map(o, o.?deadline.optMap(d, latest(d)))[0].value())",
		 "2006-12-31"},
		{"document.objectives[7]", "error: the list has no item 7"},
		{"earliest(document.title)", "error: \"Plan\" cannot be read as date"},
		{"document.free.size()", "1"},
		{"document.free['x'] == 1",
		 "refused: 13-18 this field need not be there: \"x\" | ask "
		 "first: present(document.free['x']) && ..., or put it into "
		 "when"},
	};

	run(ROWS(rows), CEL_STRICT, fixture_eval);
}

static void test_lenient_values(void)
{
	static const struct row rows[] = {
		{"document.objectives[1].deadline", "-"},
		{"document.objectives.map(o, o.deadline)", "[2006]"},
		{"document.objectives[5].id", "-"},
		{"earliest(document.objectives[1].deadline) < as_of", "true"},
		{"latest(document.objectives[1].deadline) + days(1) > as_of", "true"},
		{"document.objectives[1].deadline == this.start", "-"},
		{"[document.note, document.objectives[1].deadline].size()", "1"},
	};

	run(ROWS(rows), CEL_LENIENT, fixture_eval);
}

static void test_facts_of_when(void)
{
	struct fixture fixture;
	struct cel_options options = {.mode = CEL_STRICT};
	const struct cel_program *when;
	struct slice text = SLICE("document.dates.agreed == this.start");

	fixture_init(&fixture, NULL);
	when = fixture_compile(&fixture, "present(document.dates.agreed)", CEL_STRICT);
	CU_ASSERT_PTR_NOT_NULL_FATAL(when);
	CU_ASSERT_PTR_NULL(
		cel_compile(fixture.env, text, &options, &fixture.arena, &fixture.faults));
	options.assume = &when;
	options.assume_count = 1;
	CU_ASSERT_PTR_NOT_NULL(
		cel_compile(fixture.env, text, &options, &fixture.arena, &fixture.faults));
	fixture_release(&fixture);
}

static void read_text(GString *out, const struct cel_program *program)
{
	size_t count;
	const struct cel_read *reads = cel_program_reads(program, &count);

	for (size_t i = 0; i < count; i++) {
		g_string_append_printf(out, "%s%s%u", i ? " " : "",
				       reads[i].use == CEL_READ_SHALLOW ? "~" : "", reads[i].slot);
		for (size_t j = 0; j < reads[i].step_count; j++)
			g_string_append_printf(
				out, ".%.*s",
				reads[i].steps[j].data ? (int)reads[i].steps[j].len : 1,
				reads[i].steps[j].data ? reads[i].steps[j].data : "*");
	}
}

static void test_reads(void)
{
	static const struct row rows[] = {
		{"document.title == 'x' && document.title != ''", "0.title"},
		{"document.objectives.all(o, o.id != '' && o.category != '')",
		 "~0.objectives 0.objectives.*.id 0.objectives.*.category"},
		{"document.objectives[0].id == 'x'", "0.objectives.*.id"},
		{"size(document) > 1", "~0 ~0.*"},
		{"size(document.objectives) > 1", "~0.objectives"},
		{"present(document.period)", "~0.period"},
		{"document.objectives.filter(o, o.id != '').map(o, o.category) == []",
		 "~0.objectives 0.objectives.*.id 0.objectives.*.category"},
		{"document.objectives.filter(o, o.id != '') == []",
		 "0.objectives 0.objectives.*.id"},
		{"document.?dates.?agreed.hasValue()", "~0.dates.agreed"},
		{"earliest(this.start) < as_of", "1.start 2"},
		{"cel.bind(d, document.period, earliest(d.start) < latest(d.end))",
		 "~0.period 0.period.start 0.period.end"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fixture fixture;
		const struct cel_program *program;
		GString *text = g_string_new(NULL);

		fixture_init(&fixture, NULL);
		program = fixture_compile(&fixture, rows[i].text, CEL_STRICT);
		CU_ASSERT_PTR_NOT_NULL_FATAL(program);
		read_text(text, program);
		CU_ASSERT_STRING_EQUAL(text->str, rows[i].expected);
		if (strcmp(text->str, rows[i].expected) != 0)
			printf("%s: %s\n", rows[i].text, text->str);
		g_string_free(text, TRUE);
		fixture_release(&fixture);
	}
}

static void append_bound(GString *out, int64_t day)
{
	struct date date;

	if (date_of_day(&date, day))
		date_append_iso(out, date);
	else
		g_string_append_c(out, '-');
}

static void test_days_that_a_verdict_holds(void)
{
	static const struct row rows[] = {
		/* as_of is 2006-06-15 */
		{"earliest('2006-07-01') > as_of", "-..2006-06-30"},
		{"as_of < earliest('2006-07-01')", "-..2006-06-30"},
		{"as_of <= earliest('2006-07-01')", "-..2006-07-01"},
		{"as_of >= earliest('2006-06-01') && as_of < earliest('2006-07-01')",
		 "2006-06-01..2006-06-30"},
		{"as_of > earliest('2006-06-01')", "2006-06-02..-"},
		{"as_of == earliest('2006-06-15')", "2006-06-15..2006-06-15"},
		{"as_of == earliest('2006-06-20')", "-..2006-06-19"},
		{"as_of + months(1) < earliest('2006-07-31')", "-..2006-06-30"},
		{"as_of - days(10) < earliest('2006-06-10')", "-..2006-06-19"},
		{"surely_before(as_of, '2006-07')", "-..2006-06-30"},
		{"words(as_of) != ''", "2006-06-15..2006-06-15"},
		{"[as_of].size() == 1", "2006-06-15..2006-06-15"},
		{"as_of < as_of + days(1)", "-..-"},
		{"as_of < latest(null)", "-..-"},
		{"true", "-..-"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fixture fixture;
		GString *text = g_string_new(NULL);

		fixture_init(&fixture, NULL);
		fixture_eval(&fixture, rows[i].text, CEL_STRICT);
		append_bound(text, fixture.activation.holds_from);
		g_string_append(text, "..");
		append_bound(text, fixture.activation.holds_until);
		CU_ASSERT_STRING_EQUAL(text->str, rows[i].expected);
		if (strcmp(text->str, rows[i].expected) != 0)
			printf("%s: %s (%s)\n", rows[i].text, text->str, fixture.text->str);
		g_string_free(text, TRUE);
		fixture_release(&fixture);
	}
}

UNIT_SUITE(test_cel_strict){
	{"optional_reads", test_optional_reads},
	{"wrong_names_and_types", test_wrong_names_and_types},
	{"syntax", test_syntax},
	{"values", test_values},
	{"lenient_values", test_lenient_values},
	{"facts_of_when", test_facts_of_when},
	{"reads", test_reads},
	{"days_that_a_verdict_holds", test_days_that_a_verdict_holds},
	{NULL, NULL},
};
