/*
 * Where expressions on plans have no types: the places of the shipped plan schema that are `dyn`,
 * as a golden list, so that a change of the schema or of the algebra of shapes that loses types is
 * seen. Places are paths from the document; [*] stands for any item or free name.
 */
#include "cel/cel.h"
#include "ruleset/rule.h"
#include "ruleset/ruleset.h"
#include "unit/unit.h"

#include <stdio.h>
#include <string.h>

static const char *const golden[] = {
	NULL,
};

struct walk {
	GPtrArray *found;
	GPtrArray *open; /* object types on the way, so that a recursive schema ends */
};

static void walk_type(struct walk *walk, const struct cel_type *type, const char *path)
{
	if (type->kind == CEL_T_DYN)
		g_ptr_array_add(walk->found, g_strdup(path));
	if (g_ptr_array_find(walk->open, type, NULL))
		return;
	g_ptr_array_add(walk->open, (gpointer)type);
	for (size_t i = 0; i < type->field_count; i++) {
		const struct cel_field *field = &type->fields[i];
		char *below = g_strdup_printf("%s.%.*s", path, (int)field->name.len,
					      field->name.data);

		walk_type(walk, field->type, below);
		g_free(below);
	}
	/* of a list the items, of a map the values, of what may be null the value */
	if (type->param_count) {
		bool is_wrapper = type->kind == CEL_T_NULLABLE || type->kind == CEL_T_OPTIONAL;
		char *below = g_strdup_printf(is_wrapper ? "%s" : "%s[*]", path);

		walk_type(walk, type->params[type->param_count - 1], below);
		g_free(below);
	}
	if (type->rest) {
		char *below = g_strdup_printf("%s[*]", path);

		walk_type(walk, type->rest, below);
		g_free(below);
	}
	g_ptr_array_remove_index(walk->open, walk->open->len - 1);
}

static void refuse(void *context, const struct finding *finding)
{
	(void)context;
	(void)finding;
	CU_FAIL("the built-in rules have a fault");
}

static void test_the_places_without_a_type(void)
{
	struct finding_sink sink = {refuse, NULL};
	struct walk walk = {g_ptr_array_new_with_free_func(g_free), g_ptr_array_new()};
	struct ruleset *ruleset;
	struct error error = {0};
	size_t expected = 0;

	CU_ASSERT_EQUAL_FATAL(ruleset_load(&ruleset, NULL, NULL, &sink, &error), 0);
	walk_type(&walk, ruleset->entries[0].programs->document_type, "document");
	while (golden[expected])
		expected++;
	CU_ASSERT_EQUAL(walk.found->len, expected);
	for (guint i = 0; i < walk.found->len; i++) {
		bool is_same = i < expected && !strcmp(walk.found->pdata[i], golden[i]);

		CU_ASSERT_TRUE(is_same);
		if (!is_same)
			printf("\n\t\"%s\",", (const char *)walk.found->pdata[i]);
	}
	ruleset_free(ruleset);
	g_ptr_array_free(walk.found, TRUE);
	g_ptr_array_free(walk.open, TRUE);
}

UNIT_SUITE(test_types){
	{"the places without a type", test_the_places_without_a_type},
	{0},
};
