/* Glob patterns of documents: what matches, what does not, what is refused. */
#include "ruleset/ruleset.h"

#include "unit/unit.h"

static bool matches(const char *text, const char *path)
{
	struct arena arena = {0};
	struct pattern pattern;
	const char *fault = pattern_compile(&pattern, text, &arena);
	bool result = !fault && pattern_matches(&pattern, path);

	CU_ASSERT_PTR_NULL(fault);
	arena_release(&arena);
	return result;
}

static const char *fault(const char *text)
{
	struct arena arena = {0};
	struct pattern pattern;
	const char *sentence = pattern_compile(&pattern, text, &arena);

	arena_release(&arena);
	return sentence;
}

static void test_names(void)
{
	CU_ASSERT(matches("*.yaml", "geo.yaml"));
	CU_ASSERT(matches("*.yaml", ".yaml"));
	CU_ASSERT(!matches("*.yaml", "plans/geo.yaml"));
	CU_ASSERT(!matches("*.yaml", "geo.YAML"));
	CU_ASSERT(matches("g?o.yaml", "g\xc3\xa9o.yaml"));
	CU_ASSERT(matches("[a-g]*", "geo"));
	CU_ASSERT(!matches("[!a-g]*", "geo"));
	CU_ASSERT(matches("[]x]", "]"));
	CU_ASSERT(matches("*a*b*c", "xaybzabc"));
	CU_ASSERT(!matches("*a*b*c", "xaybzab"));
}

static void test_folders(void)
{
	CU_ASSERT(matches("plans/**/*.yaml", "plans/geo.yaml"));
	CU_ASSERT(matches("plans/**/*.yaml", "plans/a/b/geo.yaml"));
	CU_ASSERT(!matches("plans/**/*.yaml", "plan/geo.yaml"));
	CU_ASSERT(!matches("plans/**/*.yaml", "x/plans/geo.yaml"));
	CU_ASSERT(matches("plans/drafts/**", "plans/drafts/a/b"));
	CU_ASSERT(!matches("plans/drafts/**", "plans/drafts"));
	CU_ASSERT(matches("**/a/**/b", "x/a/a/y/b"));
	CU_ASSERT(!matches("**/a/**/b", "x/b"));
	CU_ASSERT(matches("**/b", "b"));
	CU_ASSERT(!matches("a/b", "a/b/c"));
	CU_ASSERT(!matches("a/b/c", "a/b"));
}

static void test_braces(void)
{
	CU_ASSERT(matches("plans/**/*.{yaml,yml,json}", "plans/x/a.yml"));
	CU_ASSERT(!matches("plans/**/*.{yaml,yml,json}", "plans/x/a.txt"));
	CU_ASSERT(matches("{a/b,c{d,e}}/x", "ce/x"));
	CU_ASSERT(matches("{a/b,c{d,e}}/x", "a/b/x"));
	CU_ASSERT(matches("a{,b}", "a"));
}

static void test_faults(void)
{
	CU_ASSERT_PTR_NOT_NULL(fault(""));
	CU_ASSERT_PTR_NOT_NULL(fault("a[b"));
	CU_ASSERT_PTR_NOT_NULL(fault("a{b"));
	CU_ASSERT_PTR_NOT_NULL(fault("a}b"));
	CU_ASSERT_PTR_NOT_NULL(fault("/plans"));
	CU_ASSERT_PTR_NOT_NULL(fault("../plans"));
	CU_ASSERT_PTR_NOT_NULL(fault("{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}"));
}

UNIT_SUITE(test_pattern){
	{"names", test_names},
	{"folders", test_folders},
	{"braces", test_braces},
	{"faults", test_faults},
	{NULL, NULL},
};
