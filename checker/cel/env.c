/*
 * Environments: what names an expression may use, in a chain from the most special to the most
 * general, and behind them the standard library.
 *
 * Looking up walks the chain; environments are small, and this happens while compiling only.
 */
#include "cel/program.h"

struct cel_env *cel_env_new(const struct cel_env *parent, struct symbols *symbols)
{
	struct cel_env *env = g_new0(struct cel_env, 1);

	env->parent = parent;
	env->symbols = symbols ? symbols : parent ? parent->symbols : NULL;
	env->container = parent ? parent->container : (struct slice){0};
	env->first_slot = cel_env_variable_count(parent);
	env->variables = g_array_new(FALSE, FALSE, sizeof(struct variable));
	env->overloads = g_ptr_array_new();
	env->vocabularies = g_array_new(FALSE, FALSE, sizeof(struct named_value));
	env->tables = g_array_new(FALSE, FALSE, sizeof(struct named_value));
	env->regexes = g_ptr_array_new_with_free_func((GDestroyNotify)regex_free);
	arena_init(&env->arena);
	return env;
}

void cel_env_free(struct cel_env *env)
{
	if (!env)
		return;
	g_array_free(env->variables, TRUE);
	g_ptr_array_free(env->overloads, TRUE);
	g_array_free(env->vocabularies, TRUE);
	g_array_free(env->tables, TRUE);
	g_ptr_array_free(env->regexes, TRUE);
	arena_release(&env->arena);
	g_free(env);
}

void cel_env_container(struct cel_env *env, struct slice name)
{
	env->container = name;
}

unsigned cel_env_variable(struct cel_env *env, struct slice name, const struct cel_type *type)
{
	struct variable variable = {name, type ? type : &cel_dyn};

	g_array_append_val(env->variables, variable);
	return env->first_slot + env->variables->len - 1;
}

unsigned cel_env_variable_count(const struct cel_env *env)
{
	return env ? env->first_slot + env->variables->len : 0;
}

struct slice cel_env_variable_name(const struct cel_env *env, unsigned slot)
{
	for (; env; env = env->parent)
		if (slot >= env->first_slot && slot - env->first_slot < env->variables->len)
			return g_array_index(env->variables, struct variable,
					     slot - env->first_slot)
				.name;
	return (struct slice){0};
}

const struct variable *cel_env_find_variable(const struct cel_env *env, struct slice name,
					     unsigned *slot)
{
	for (; env; env = env->parent) {
		for (guint i = env->variables->len; i-- > 0;) {
			const struct variable *variable = &g_array_index(env->variables,
									 struct variable, i);

			if (slice_equal(variable->name, name)) {
				*slot = env->first_slot + i;
				return variable;
			}
		}
	}
	return NULL;
}

int cel_env_slot(const struct cel_env *env, struct slice name)
{
	unsigned slot;

	return cel_env_find_variable(env, name, &slot) ? (int)slot : -1;
}

void cel_env_object_fields(struct cel_env *env, struct cel_type *object, struct cel_field *fields,
			   size_t count, const struct cel_type *rest)
{
	for (size_t i = 0; i < count; i++)
		fields[i].symbol = env->symbols ? symbols_intern(env->symbols, fields[i].name.data,
								 fields[i].name.len)
						: SYMBOL_NONE;
	object->fields = fields;
	object->field_count = count;
	object->rest = rest;
}

void cel_env_vocabulary(struct cel_env *env, struct slice name, const struct cel_type *type,
			struct cel_value value)
{
	struct named_value row = {name, type, value};

	g_array_append_val(env->vocabularies, row);
}

void cel_env_table(struct cel_env *env, struct slice name, const struct cel_type *type,
		   struct cel_value value)
{
	struct named_value row = {name, type, value};

	g_array_append_val(env->tables, row);
}

static const struct named_value *find_named(const GArray *rows, struct slice name)
{
	for (guint i = 0; i < rows->len; i++)
		if (slice_equal(g_array_index(rows, struct named_value, i).name, name))
			return &g_array_index(rows, struct named_value, i);
	return NULL;
}

const struct named_value *cel_env_find_vocabulary(const struct cel_env *env, struct slice name)
{
	const struct named_value *found = NULL;

	for (; env && !found; env = env->parent)
		found = find_named(env->vocabularies, name);
	return found;
}

const struct named_value *cel_env_find_table(const struct cel_env *env, struct slice name)
{
	const struct named_value *found = NULL;

	for (; env && !found; env = env->parent)
		found = find_named(env->tables, name);
	return found;
}

void cel_env_function(struct cel_env *env, const struct cel_overload *overload)
{
	struct overload *copy = arena_new(&env->arena, struct overload);

	copy->decl = *overload;
	g_ptr_array_add(env->overloads, copy);
}

void cel_env_find_overloads(const struct cel_env *env, struct slice name, GPtrArray *out)
{
	for (; env; env = env->parent) {
		for (guint i = 0; i < env->overloads->len; i++) {
			const struct overload *overload = env->overloads->pdata[i];

			if (slice_equal(overload->decl.name, name))
				g_ptr_array_add(out, (gpointer)(uintptr_t)overload);
		}
	}
	for (size_t i = 0; i < cel_stdlib_count; i++)
		if (slice_equal(cel_stdlib[i].decl.name, name))
			g_ptr_array_add(out, (gpointer)(uintptr_t)&cel_stdlib[i]);
}

void cel_env_function_names(const struct cel_env *env, GArray *out)
{
	static const char *const macros[] = {
		"has",    "present",       "all",          "exists", "exists_one", "map",
		"filter", "transformList", "transformMap", "sortBy", "optMap",     "optFlatMap",
	};

	for (; env; env = env->parent)
		for (guint i = 0; i < env->overloads->len; i++)
			g_array_append_val(
				out, ((struct overload *)env->overloads->pdata[i])->decl.name);
	for (size_t i = 0; i < cel_stdlib_count; i++)
		if (g_ascii_isalpha(cel_stdlib[i].decl.name.data[0]))
			g_array_append_val(out, cel_stdlib[i].decl.name);
	for (size_t i = 0; i < G_N_ELEMENTS(macros); i++) {
		struct slice name = slice_of(macros[i]);

		g_array_append_val(out, name);
	}
}

void cel_env_variable_names(const struct cel_env *env, GArray *out)
{
	for (; env; env = env->parent)
		for (guint i = 0; i < env->variables->len; i++)
			g_array_append_val(out,
					   g_array_index(env->variables, struct variable, i).name);
}
