/*
 * The CEL suites: <suites>/cel/core and <suites>/cel/ext. Each case is checked (its type must be
 * `checkedType`), run, and its value compared; a case that must fail must fail. Ends in one line a
 * suite: "cel-core: N passed, N failed".
 *
 * A case without `checkedType` is one that cel-go's checker refuses or that is not to be checked
 * (`disableCheck`): it runs unchecked.
 */
#include "cel/cel.h"
#include "document/document.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct suite {
	const char *name;
	unsigned passed;
	unsigned failed;
};

struct test {
	const struct doc_node *node;
	struct arena arena;
	struct cel_env *env;
	GString *why; /* what was wrong */
};

static struct slice text_of(const struct doc_node *node, const char *name)
{
	return doc_text(doc_get(node, name));
}

/* --- Types and values as protobuf JSON */

static const struct cel_type *primitive(struct slice name)
{
	static const struct {
		const char *name;
		const struct cel_type *type;
	} rows[] = {{"BOOL", &cel_bool},     {"INT64", &cel_int},     {"UINT64", &cel_uint},
		    {"DOUBLE", &cel_double}, {"STRING", &cel_string}, {"BYTES", &cel_bytes}};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (slice_equal(name, slice_of(rows[i].name)))
			return rows[i].type;
	return &cel_dyn;
}

static const struct cel_type *read_type(struct arena *arena, const struct doc_node *node)
{
	const struct doc_node *inner;
	struct cel_type *type;

	if ((inner = doc_get(node, "primitive")))
		return primitive(doc_text(inner));
	if (doc_get(node, "null"))
		return &cel_null;
	if ((inner = doc_get(node, "listType")))
		return cel_type_list(arena, read_type(arena, doc_get(inner, "elemType")));
	if ((inner = doc_get(node, "mapType")))
		return cel_type_map(arena, read_type(arena, doc_get(inner, "keyType")),
				    read_type(arena, doc_get(inner, "valueType")));
	type = arena_new(arena, struct cel_type);
	if ((inner = doc_get(node, "typeParam"))) {
		type->kind = CEL_T_PARAM;
		type->name = doc_text(inner);
	} else if ((inner = doc_get(node, "abstractType"))) {
		const struct doc_node *params = doc_get(inner, "parameterTypes");
		const struct cel_type **list = arena_array(arena, params ? params->count : 0,
							   sizeof(*list));

		type->kind = CEL_T_OPAQUE;
		type->name = text_of(inner, "name");
		for (const struct doc_node *p = doc_first(params); p; p = doc_next(p))
			list[type->param_count++] = read_type(arena, p);
		type->params = list;
	}
	return type;
}

static struct cel_value read_value(struct arena *arena, const struct doc_node *node)
{
	const struct doc_node *member = doc_first(node), *list;
	struct slice kind = doc_key_text(member), text = doc_text(member);
	char *copy = arena_dup(arena, text.data, text.len);
	struct cel_value value = {.kind = CEL_NULL};
	gsize len;

	if (slice_equal(kind, SLICE("boolValue")))
		return cel_of_bool(member->integer != 0);
	if (slice_equal(kind, SLICE("int64Value")))
		return cel_of_int(strtoll(copy, NULL, 10));
	if (slice_equal(kind, SLICE("uint64Value"))) {
		value.kind = CEL_UINT;
		value.unsigned_ = strtoull(copy, NULL, 10);
	} else if (slice_equal(kind, SLICE("doubleValue"))) {
		value.kind = CEL_DOUBLE;
		value.number = g_ascii_strtod(copy, NULL);
	} else if (slice_equal(kind, SLICE("stringValue"))) {
		return cel_of_string(text);
	} else if (slice_equal(kind, SLICE("bytesValue"))) {
		guchar *bytes = g_base64_decode(copy, &len);

		value.kind = CEL_BYTES;
		value.string = (struct slice){arena_dup(arena, (char *)bytes, len), len};
		g_free(bytes);
	} else if (slice_equal(kind, SLICE("listValue"))) {
		struct cel_value *items;
		size_t count = 0;

		list = doc_get(member, "values");
		items = arena_array(arena, list ? list->count : 0, sizeof(*items));
		for (const struct doc_node *i = doc_first(list); i; i = doc_next(i))
			items[count++] = read_value(arena, i);
		return cel_of_items(items, count);
	} else if (slice_equal(kind, SLICE("mapValue"))) {
		struct cel_value *keys, *values;
		size_t count = 0;

		list = doc_get(member, "entries");
		keys = arena_array(arena, list ? list->count : 0, sizeof(*keys));
		values = arena_array(arena, list ? list->count : 0, sizeof(*values));
		for (const struct doc_node *i = doc_first(list); i; i = doc_next(i)) {
			keys[count] = read_value(arena, doc_get(i, "key"));
			values[count++] = read_value(arena, doc_get(i, "value"));
		}
		return cel_of_pairs(arena, keys, values, count);
	}
	return value;
}

/* --- Environment */

static void declare_function(struct test *test, struct slice name, const struct doc_node *overload)
{
	const struct doc_node *params = doc_get(overload, "params");
	const struct cel_type **list = arena_array(&test->arena, params ? params->count : 0,
						   sizeof(*list));
	struct cel_overload decl = {.name = name, .params = list};

	for (const struct doc_node *p = doc_first(params); p; p = doc_next(p))
		list[decl.param_count++] = read_type(&test->arena, p);
	decl.result = read_type(&test->arena, doc_get(overload, "resultType"));
	cel_env_function(test->env, &decl);
}

static void declare(struct test *test)
{
	const struct doc_node *decl = doc_first(doc_get(test->node, "typeEnv"));

	cel_env_container(test->env, text_of(test->node, "container"));
	for (; decl; decl = doc_next(decl)) {
		const struct doc_node *ident = doc_get(decl, "ident");
		const struct doc_node *overload = doc_first(
			doc_get(doc_get(decl, "function"), "overloads"));

		if (ident)
			cel_env_variable(test->env, text_of(decl, "name"),
					 read_type(&test->arena, doc_get(ident, "type")));
		for (; overload; overload = doc_next(overload))
			declare_function(test, text_of(decl, "name"), overload);
	}
}

static struct cel_value *bind(struct test *test)
{
	size_t count = cel_env_variable_count(test->env);
	struct cel_value *values = arena_array(&test->arena, count, sizeof(*values));
	const struct doc_node *binding = doc_first(doc_get(test->node, "bindings"));

	for (size_t i = 0; i < count; i++)
		values[i] = cel_absent(NULL);
	for (; binding; binding = doc_next(binding)) {
		int slot = cel_env_slot(test->env, doc_key_text(binding));

		if (slot >= 0)
			values[slot] = read_value(&test->arena, doc_get(binding, "value"));
	}
	return values;
}

/* --- One case */

static void note_value(struct test *test, const char *words, const struct cel_value *value)
{
	g_string_append_printf(test->why, "%s %s ", words, cel_kind_name(value->kind));
	cel_value_append(test->why, value, CEL_LITERAL);
}

static const struct cel_program *compile(struct test *test, enum cel_mode mode)
{
	struct cel_options options = {.mode = mode};
	struct cel_faults faults;
	const struct cel_program *program = cel_compile(test->env, text_of(test->node, "expr"),
							&options, &test->arena, &faults);

	if (!program) {
		g_string_append(test->why, "refused: ");
		phrase_append(test->why, &faults.faults[0].message, LANGUAGE_EN, NULL);
	}
	return program;
}

/* Whether the checker gives the type that cel-go's does. */
static bool is_type_right(struct test *test)
{
	struct slice wanted = text_of(test->node, "checkedType");
	const struct cel_program *program;
	GString *type;
	bool right;

	if (!wanted.data)
		return true;
	program = compile(test, CEL_PLAIN);
	if (!program)
		return false;
	type = g_string_new(NULL);
	cel_type_append(type, cel_program_type(program));
	right = slice_equal((struct slice){type->str, type->len}, wanted);
	if (!right)
		g_string_append_printf(test->why, "type %s, expected %.*s", type->str,
				       (int)wanted.len, wanted.data);
	g_string_free(type, TRUE);
	return right;
}

/* Equal in kind too; NaN is NaN here. */
static bool is_same(const struct cel_value *a, const struct cel_value *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == CEL_DOUBLE && isnan(a->number) && isnan(b->number))
		return true;
	return cel_equal(a, b);
}

static bool is_type_value(struct test *test, const struct cel_value *value)
{
	struct slice wanted = text_of(doc_get(test->node, "value"), "typeValue");
	GString *name = g_string_new(NULL);
	bool right;

	cel_value_append(name, value, CEL_LITERAL);
	right = value->kind == CEL_TYPE &&
		slice_equal((struct slice){name->str, name->len}, wanted);
	g_string_free(name, TRUE);
	if (!right)
		note_value(test, "got", value);
	return right;
}

static bool is_value_right(struct test *test, const struct cel_value *value)
{
	const struct doc_node *expected = doc_get(test->node, "value");
	const struct doc_node *typed = doc_get(test->node, "typedResult");
	struct cel_value wanted = cel_of_bool(true);

	if (doc_get(test->node, "evalError")) {
		if (value->kind != CEL_ERROR)
			note_value(test, "expected an error, got", value);
		return value->kind == CEL_ERROR;
	}
	if (doc_get(expected, "typeValue"))
		return is_type_value(test, value);
	if (typed)
		expected = doc_get(typed, "result");
	if (expected)
		wanted = read_value(&test->arena, expected);
	if (is_same(value, &wanted))
		return true;
	note_value(test, "got", value);
	note_value(test, ", expected", &wanted);
	return false;
}

static bool is_passed(struct test *test)
{
	const struct cel_program *program;
	struct cel_activation activation;
	struct cel_value value;
	bool checked = text_of(test->node, "checkedType").data &&
		       !doc_get(test->node, "disableCheck");

	declare(test);
	if (!is_type_right(test))
		return false;
	if (doc_get(test->node, "checkOnly"))
		return true;
	program = compile(test, checked ? CEL_PLAIN : CEL_UNCHECKED);
	if (!program)
		return false;
	cel_activation_init(&activation, bind(test), cel_env_variable_count(test->env));
	value = cel_evaluate(program, &activation, &test->arena);
	return is_value_right(test, &value);
}

static void run_case(struct suite *suite, const char *file, const struct doc_node *node)
{
	struct test test = {
		.node = node, .env = cel_env_new(NULL, NULL), .why = g_string_new(NULL)};
	struct slice section = text_of(node, "section"), name = text_of(node, "name");

	if (is_passed(&test)) {
		suite->passed++;
	} else {
		suite->failed++;
		printf("FAILED %s: %s %.*s/%.*s: %s\n", suite->name, file, (int)section.len,
		       section.data, (int)name.len, name.data, test.why->str);
	}
	cel_env_free(test.env);
	g_string_free(test.why, TRUE);
	arena_release(&test.arena);
}

/* --- Files */

static void ignore_finding(void *context, const struct finding *finding)
{
	(void)context;
	(void)finding;
}

static void run_file(struct suite *suite, const char *folder, const char *file)
{
	gchar *path = g_build_filename(folder, file, NULL), *data = NULL;
	const struct finding_sink sink = {ignore_finding, NULL};
	struct document_options options = {.syntax = DOCUMENT_JSON};
	struct document_set set = {0};
	struct error error = {0};
	struct arena arena = {0};
	struct source source;
	gsize size = 0;

	if (!g_file_get_contents(path, &data, &size, NULL))
		goto unreadable;
	source_init(&source, path, data, size);
	if (document_read(&set, &source, &options, &arena, &sink, &error) || set.count != 1) {
		source_release(&source);
		goto unreadable;
	}
	for (const struct doc_node *c = doc_first(set.documents[0].root); c; c = doc_next(c))
		run_case(suite, file, c);
	source_release(&source);
	goto out;
unreadable:
	suite->failed++;
	printf("FAILED %s: %s cannot be read\n", suite->name, path);
out:
	error_clear(&error);
	arena_release(&arena);
	g_free(data);
	g_free(path);
}

static bool run_suite(struct suite *suite, const char *root, const char *name)
{
	gchar *folder = g_build_filename(root, "cel", name, NULL);
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *file;

	while (dir && (file = g_dir_read_name(dir)))
		if (g_str_has_suffix(file, ".json"))
			run_file(suite, folder, file);
	if (dir)
		g_dir_close(dir);
	g_free(folder);
	printf("%s: %u passed, %u failed\n", suite->name, suite->passed, suite->failed);
	return suite->passed && !suite->failed;
}

int main(int argc, char **argv)
{
	struct suite core = {.name = "cel-core"}, ext = {.name = "cel-ext"};
	bool good;

	if (argc != 2) {
		fprintf(stderr, "usage: cel SUITES\n");
		return 2;
	}
	good = run_suite(&core, argv[1], "core");
	good = run_suite(&ext, argv[1], "ext") && good;
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
