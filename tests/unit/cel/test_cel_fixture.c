/* The fixture of the CEL tests, and that it reads its own document. */
#include "unit/cel/cel_fixture.h"
#include "unit/unit.h"

static const char plan[] =
	"{\"programme\": \"IPAP\", \"title\": \"Plan\", \"dates\": {\"agreed\": \"2005-05-27\"},"
	" \"period\": {\"start\": 2005, \"end\": \"2007-12\"}, \"budget\": 3, \"level\": 2.0,"
	" \"objectives\": [{\"id\": \"1.1\", \"category\": \"political\", \"deadline\": \"2006\"},"
	" {\"id\": \"1.2\", \"category\": \"securty\"}], \"note\": null,"
	" \"contacts\": {\"lead\": \"a@b\"}, \"free\": {\"x\": 1}}";

#define FIELD(field, of, is)                                                                       \
	{                                                                                          \
		{#field, sizeof(#field) - 1}, 0, of, is                                            \
	}
#define FIELDS(...)                                                                                \
	(struct cel_field[]){__VA_ARGS__},                                                         \
		sizeof((struct cel_field[]){__VA_ARGS__}) / sizeof(struct cel_field)

static const struct cel_type *declare_plan(struct cel_env *env, struct arena *arena,
					   const struct cel_type **period)
{
	static const struct slice programmes[] = {{"IPAP", 4}, {"IPCP", 4}};
	struct cel_type *plan_type = cel_type_object(arena, SLICE("Plan"));
	struct cel_type *dates = cel_type_object(arena, SLICE("Dates"));
	struct cel_type *span = cel_type_object(arena, SLICE("Period"));
	struct cel_type *objective = cel_type_object(arena, SLICE("Objective"));
	struct cel_type *free = cel_type_object(arena, SLICE("Free"));
	struct cel_field *fields = arena_alloc(arena, 12 * sizeof(*fields));
	const struct cel_field date_fields[] = {FIELD(agreed, &cel_date, CEL_FIELD_OPTIONAL)};
	const struct cel_field period_fields[] = {FIELD(start, &cel_date, CEL_FIELD_REQUIRED),
						  FIELD(end, &cel_date, CEL_FIELD_OPTIONAL)};
	const struct cel_field objective_fields[] = {
		FIELD(id, &cel_string, CEL_FIELD_REQUIRED),
		FIELD(category, &cel_string, CEL_FIELD_REQUIRED),
		FIELD(deadline, &cel_date, CEL_FIELD_OPTIONAL)};
	const struct cel_field plan_fields[] = {
		FIELD(programme, cel_type_enum(arena, programmes, 2), CEL_FIELD_REQUIRED),
		FIELD(title, &cel_string, CEL_FIELD_REQUIRED),
		FIELD(dates, dates, CEL_FIELD_OPTIONAL),
		FIELD(period, span, CEL_FIELD_REQUIRED),
		FIELD(budget, &cel_double, CEL_FIELD_REQUIRED),
		FIELD(level, &cel_int, CEL_FIELD_REQUIRED),
		FIELD(objectives, cel_type_list(arena, objective), CEL_FIELD_REQUIRED),
		FIELD(note, cel_type_nullable(arena, &cel_string), CEL_FIELD_OPTIONAL),
		FIELD(contacts, cel_type_map(arena, &cel_string, &cel_string), CEL_FIELD_REQUIRED),
		FIELD(free, free, CEL_FIELD_REQUIRED)};

#define GIVE(type, list, rest)                                                                     \
	fields = arena_alloc(arena, sizeof(list));                                                 \
	memcpy(fields, list, sizeof(list));                                                        \
	cel_env_object_fields(env, type, fields, sizeof(list) / sizeof(*(list)), rest)
	GIVE(dates, date_fields, NULL);
	GIVE(span, period_fields, NULL);
	GIVE(objective, objective_fields, NULL);
	GIVE(free, objective_fields, &cel_dyn);
	GIVE(plan_type, plan_fields, NULL);
	*period = span;
	return plan_type;
}

static void ignore(void *context, const struct finding *finding)
{
	(void)context;
	(void)finding;
}

void fixture_init(struct fixture *fixture, const char *json)
{
	const struct finding_sink sink = {ignore, NULL};
	struct document_options options = {.syntax = DOCUMENT_JSON};
	struct error error = {0};
	const struct cel_type *plan_type, *period;
	const struct doc_node *root;

	memset(fixture, 0, sizeof(*fixture));
	json = json ? json : plan;
	fixture->symbols = symbols_new();
	fixture->env = cel_env_new(NULL, fixture->symbols);
	fixture->text = g_string_new(NULL);
	plan_type = declare_plan(fixture->env, &fixture->arena, &period);
	cel_env_variable(fixture->env, SLICE("document"), plan_type);
	cel_env_variable(fixture->env, SLICE("this"), period);
	cel_env_variable(fixture->env, SLICE("as_of"), &cel_day);
	source_init(&fixture->source, "plan.json", json, strlen(json));
	options.symbols = fixture->symbols;
	document_read(&fixture->set, &fixture->source, &options, &fixture->arena, &sink, &error);
	root = fixture->set.count ? fixture->set.documents[0].root : NULL;
	fixture->variables[0] = cel_of_node(root, plan_type);
	fixture->variables[1] = cel_of_node(doc_get(root, "period"), period);
	fixture->variables[2] = cel_of_as_of(date_earliest((struct date){2006, 6, 15}));
	cel_activation_init(&fixture->activation, fixture->variables, 3);
	error_clear(&error);
}

void fixture_release(struct fixture *fixture)
{
	g_string_free(fixture->text, TRUE);
	source_release(&fixture->source);
	cel_env_free(fixture->env);
	symbols_free(fixture->symbols);
	arena_release(&fixture->arena);
}

const struct cel_program *fixture_compile(struct fixture *fixture, const char *text,
					  enum cel_mode mode)
{
	struct cel_options options = {.mode = mode};

	return cel_compile(fixture->env, slice_of(text), &options, &fixture->arena,
			   &fixture->faults);
}

const char *fixture_check(struct fixture *fixture, const char *text, enum cel_mode mode)
{
	const struct cel_program *program = fixture_compile(fixture, text, mode);

	g_string_truncate(fixture->text, 0);
	if (program)
		cel_type_append(fixture->text, cel_program_type(program));
	for (size_t i = 0; !program && i < fixture->faults.count; i++) {
		const struct cel_fault *fault = &fixture->faults.faults[i];

		g_string_append_printf(fixture->text, "%s%u-%u ", i ? "; " : "", fault->span.start,
				       fault->span.end);
		phrase_append(fixture->text, &fault->message, LANGUAGE_EN, NULL);
		if (!phrase_is_empty(&fault->hint)) {
			g_string_append(fixture->text, " | ");
			phrase_append(fixture->text, &fault->hint, LANGUAGE_EN, NULL);
		}
	}
	return fixture->text->str;
}

const char *fixture_eval(struct fixture *fixture, const char *text, enum cel_mode mode)
{
	const struct cel_program *program = fixture_compile(fixture, text, mode);
	struct cel_value value;

	if (!program) {
		fixture_check(fixture, text, mode);
		g_string_prepend(fixture->text, "refused: ");
		return fixture->text->str;
	}
	value = cel_evaluate(program, &fixture->activation, &fixture->arena);
	g_string_assign(fixture->text, value.kind == CEL_ERROR ? "error: " : "");
	cel_value_append(fixture->text, &value, CEL_LITERAL);
	return fixture->text->str;
}

const char *fixture_explain(struct fixture *fixture, const char *text)
{
	const struct cel_program *program = fixture_compile(fixture, text, CEL_STRICT);
	struct cel_explanation explanation;

	if (!program)
		return fixture_check(fixture, text, CEL_STRICT);
	explanation = cel_explain(program, &fixture->activation, &fixture->arena);
	g_string_truncate(fixture->text, 0);
	for (size_t i = 0; i < explanation.because_count; i++)
		g_string_append_printf(fixture->text, "%s%.*s: %.*s", i ? "; " : "",
				       (int)explanation.because[i].expression.len,
				       explanation.because[i].expression.data,
				       (int)explanation.because[i].values.len,
				       explanation.because[i].values.data);
	for (size_t i = 0; i < explanation.place_count; i++) {
		const struct cel_place *place = &explanation.places[i];
		const char *pointer = doc_pointer(&fixture->arena, place->node);

		g_string_append_printf(fixture->text, " @%s%s%.*s", pointer,
				       place->kind == CEL_PLACE_MISSING ? " lacks " : "=",
				       (int)place->value.len, place->value.data);
	}
	return fixture->text->str;
}

static void test_document_is_read(void)
{
	struct fixture fixture;

	fixture_init(&fixture, NULL);
	CU_ASSERT_STRING_EQUAL(fixture_eval(&fixture, "document.title", CEL_STRICT), "\"Plan\"");
	fixture_release(&fixture);
}

UNIT_SUITE(test_cel_fixture){
	{"document_is_read", test_document_is_read},
	{NULL, NULL},
};
