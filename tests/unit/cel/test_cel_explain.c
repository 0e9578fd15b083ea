/* Explanations: the lines and the places of expressions that are false. */
#include "unit/cel/cel_fixture.h"
#include "unit/unit.h"

#include <stdio.h>

static void test_explanations(void)
{
	static const struct {
		const char *text;
		const char *expected;
	} rows[] = {
		{"earliest(document.dates.agreed) <= latest(this.start)",
		 "earliest(document.dates.agreed) <= latest(this.start): 2005-05-27 <= 2005-12-31 "
		 "@/dates/agreed=2005-05-27 @/period/start=2005"},
		{"document.programme == 'IPCP' && document.level > 5 && document.title != ''",
		 "document.programme == 'IPCP': \"IP[A]P\" == \"IP[C]P\"; document.level > 5: 2 > "
		 "5 "
		 "@/programme=IPAP @/level=2.0"},
		{"document.objectives.all(o, present(o.deadline))",
		 "present(o.deadline): - @/objectives/1 lacks deadline"},
		{"document.objectives.exists(o, o.category == 'security')",
		 "o.category == 'security': \"secur[]ty\" == \"secur[i]ty\" "
		 "@/objectives/1/category=securty"},
		{"document.objectives.exists(o, o.id == '1.1' && o.category == 'economic')",
		 "o.category == 'economic': \"political\" == \"economic\" "
		 "@/objectives/0/category=political"},
		{"present(document.note)", "present(document.note): null @/note=-"},
		{"document.title in ['Plam', 'x', 'y', 'z']",
		 "document.title in ['Plam', 'x', 'y', 'z']: \"Plan\" in […, \"Plam\", …] "
		 "@/title=Plan"},
		{"!document.title.startsWith('P')",
		 "document.title.startsWith('P'): \"Plan\".startsWith(\"P\") @/title=Plan"},
		{"document.level > 1 ? document.budget > 9.0 : true",
		 "document.level > 1: 2 > 1; document.budget > 9.0: 3 > 9 @/level=2.0 @/budget=3"},
		{"size(document.objectives) > 5",
		 "size(document.objectives) > 5: 2 > 5 @/objectives=[{\"id\": \"1.1\", "
		 "\"category\": "
		 "\"political\", \"deadline\": 2006}, {\"id\": \"1.2\", \"category\": "
		 "\"securty\"}]"},
		{"document.?note.orValue('') == 'x'",
		 "document.?note.orValue('') == 'x': null == \"x\" @/note=-"},
		{"document.objectives.exists_one(o, o.category != '')",
		 "o.category != '': \"political\" != \"\"; o.category != '': \"securty\" != \"\" "
		 "@/objectives/0/category=political @/objectives/1/category=securty"},
		{"has(document.free.y) || document.level == 3",
		 "has(document.free.y): -; document.level == 3: 2 == 3 @/free lacks y @/level=2.0"},
		{"document.level / 0 == 1", "document.level / 0 == 1: - == 1 @/level=2.0"},
		{"dyn('x') in {1: 'a', 2: 'b', 3: 'c', 4: 'd'}",
		 "dyn('x') in {1: 'a', 2: 'b', 3: 'c', 4: 'd'}: \"x\" in {1: \"a\", 2: \"b\", 3: "
		 "\"c\", 4: \"d\"}"},
		{"'ab' in {'abc': 1, 'x': 2, 'y': 3, 4: 4}",
		 "'ab' in {'abc': 1, 'x': 2, 'y': 3, 4: 4}: \"ab\" in […, \"abc\", …]"},
		{"false", "false: false"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fixture fixture;
		const char *got;

		fixture_init(&fixture, NULL);
		got = fixture_explain(&fixture, rows[i].text);
		CU_ASSERT_STRING_EQUAL(got, rows[i].expected);
		if (strcmp(got, rows[i].expected) != 0)
			printf("%s\n  got      %s\n  expected %s\n", rows[i].text, got,
			       rows[i].expected);
		fixture_release(&fixture);
	}
}

UNIT_SUITE(test_cel_explain){
	{"explanations", test_explanations},
	{NULL, NULL},
};
