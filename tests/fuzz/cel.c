/*
 * Fuzz: an expression is parsed, checked in every mode, run with a small budget and explained. The
 * first byte chooses the mode; nothing may crash, leak or run long.
 */
#include "cel/cel.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(const struct cel_program *program, struct arena *arena)
{
	struct cel_value items[] = {cel_of_int(1), cel_of_string(SLICE("two")), cel_null_value};
	struct cel_value variables[] = {cel_of_items(items, G_N_ELEMENTS(items)),
					cel_of_as_of(20000), cel_absent(NULL)};
	struct cel_activation activation;
	struct cel_value value;
	GString *text = g_string_new(NULL);

	cel_activation_init(&activation, variables, G_N_ELEMENTS(variables));
	activation.budget = 20000;
	value = cel_evaluate(program, &activation, arena);
	for (enum cel_style style = CEL_AS_WRITTEN; style <= CEL_JSON; style++)
		cel_value_append(text, &value, style);
	cel_explain(program, &activation, arena);
	cel_type_append(text, cel_program_type(program));
	g_string_free(text, TRUE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cel_env *env = cel_env_new(NULL, NULL);
	struct arena arena = {0};
	struct cel_options options = {.mode = size ? data[0] % (CEL_UNCHECKED + 1) : CEL_PLAIN};
	struct cel_faults faults;
	const struct cel_program *program;

	cel_env_variable(env, SLICE("x"), &cel_dyn);
	cel_env_variable(env, SLICE("as_of"), &cel_day);
	cel_env_variable(env, SLICE("gone"), &cel_dyn);
	program = cel_compile(env,
			      (struct slice){(const char *)data + (size > 0), size - (size > 0)},
			      &options, &arena, &faults);
	if (program)
		use(program, &arena);
	else if (!faults.count)
		__builtin_trap(); /* refused without a word */
	arena_release(&arena);
	cel_env_free(env);
	return 0;
}
