/*
 * The names that an expression of a rule may use, declared in layers, one environment on top of the
 * other, so that it can only use what is known when it runs: the entry (document, file, as_of), the
 * node (this, parent, name, let, for-each), what the check judges it with (target, group, old), and
 * what came of it (value, other), for `at` and the message.
 *
 * Must not: evaluate anything, or know how checks are run.
 */
#include "ruleset/compile.h"

#include "source/message.h"

#include <string.h>

static const struct slice variable_names[] = {
	[VARIABLE_DOCUMENT] = {"document", 8}, [VARIABLE_THIS] = {"this", 4},
	[VARIABLE_PARENT] = {"parent", 6},     [VARIABLE_NAME] = {"name", 4},
	[VARIABLE_FILE] = {"file", 4},         [VARIABLE_AS_OF] = {"as_of", 5},
	[VARIABLE_TARGET] = {"target", 6},     [VARIABLE_GROUP] = {"group", 5},
	[VARIABLE_OLD] = {"old", 3},           [VARIABLE_OLD_DOCUMENT] = {"old_document", 12},
	[VARIABLE_CHANGES] = {"changes", 7},   [VARIABLE_COMMIT] = {"commit", 6},
	[VARIABLE_VALUE] = {"value", 5},       [VARIABLE_OTHER] = {"other", 5},
};
_Static_assert(G_N_ELEMENTS(variable_names) == VARIABLE_COUNT, "a name for every variable");

void names_declare(struct compiler *compiler, struct cel_env *env, enum rule_variable variable,
		   const struct cel_type *type)
{
	int slot = (int)cel_env_variable(env, variable_names[variable], type);

	if (!compiler->instance)
		return;
	compiler->instance->slots[variable] = slot;
	compiler->instance->types[variable] = type;
}

struct cel_env *names_env(struct compiler *compiler, const struct cel_env *parent)
{
	struct ruleset_store *store = compiler->loader->store;
	struct cel_env *env = cel_env_new(parent, parent ? NULL : store->symbols);

	g_ptr_array_add(store->envs, env);
	return env;
}

static const struct cel_type *name_type(const struct selected *selected)
{
	if (selected->is_member == selected->is_item)
		return &cel_dyn;
	return selected->is_item ? &cel_int : &cel_string;
}

void names_node(struct compiler *compiler)
{
	const struct selected *selected = &compiler->selected;

	compiler->base = names_env(compiler, compiler->entry_env);
	compiler->instance->env = compiler->base;
	if (compiler->rule->check == RULE_COMMIT)
		return;
	names_declare(compiler, compiler->base, VARIABLE_THIS,
		      shape_type(compiler->shapes, selected->self));
	if (selected->parent) {
		names_declare(compiler, compiler->base, VARIABLE_PARENT,
			      shape_type(compiler->shapes, selected->parent));
		names_declare(compiler, compiler->base, VARIABLE_NAME, name_type(selected));
	}
	if (compiler->rule->check == RULE_TRANSITION) {
		names_declare(compiler, compiler->base, VARIABLE_OLD,
			      compiler->instance->types[VARIABLE_THIS]);
		names_declare(compiler, compiler->base, VARIABLE_OLD_DOCUMENT,
			      compiler->instance->types[VARIABLE_DOCUMENT]);
	}
}

static void declare_target(struct compiler *compiler)
{
	const struct doc_node *node = compile_rule_key(compiler, "reference");
	const struct shape *shape = NULL;

	for (guint i = 0; i < compiler->loader->entries->len; i++) {
		const struct document_entry *entry = compiler->loader->entries->pdata[i];

		if (slice_equal(slice_of(entry->kind), doc_text(node)))
			shape = shape_either(compiler->shapes, shape,
					     shape_of_schema(compiler->shapes, entry->schema));
	}
	if (shape)
		names_declare(compiler, compiler->judge, VARIABLE_TARGET,
			      shape_type(compiler->shapes, shape));
}

/* The type of `value`: what the finding is about, by the check. */
static const struct cel_type *value_type(struct compiler *compiler)
{
	switch (compiler->rule->check) {
	case RULE_ORDER:
		return &cel_date;
	case RULE_PRESENT:
		return &cel_string;
	case RULE_ASSERT:
	case RULE_ONE_OF:
		return shape_type(compiler->shapes, compiler->selected.self);
	case RULE_INCLUDES:
	case RULE_UNIQUE:
	case RULE_REFERENCE:
	case RULE_ACYCLIC:
	case RULE_DISJOINT:
	case RULE_GROUP_BY:
	case RULE_TRANSITION:
	case RULE_COMMIT:
	case RULE_LEXICAL:
	case RULE_CHECK_COUNT:
		return &cel_dyn;
	}
	return &cel_dyn;
}

/* An item of `changes`: where, what it was, what it is; null where it was not or is gone. */
static const struct cel_type *change_type(struct compiler *compiler)
{
	static const struct cel_field shape[] = {
		{.name = {"path", 4}, .type = &cel_string, .presence = CEL_FIELD_REQUIRED},
		{.name = {"old", 3}, .type = &cel_dyn, .presence = CEL_FIELD_REQUIRED},
		{.name = {"new", 3}, .type = &cel_dyn, .presence = CEL_FIELD_REQUIRED},
	};
	struct cel_type *type = cel_type_object(compiler->arena, SLICE("change"));
	struct cel_field *fields = arena_array(compiler->arena, G_N_ELEMENTS(shape),
					       sizeof(*fields));

	memcpy(fields, shape, sizeof(shape));
	cel_env_object_fields(compiler->judge, type, fields, G_N_ELEMENTS(shape), NULL);
	return type;
}

/* What a commit says of itself; check/commit.c fills it in. */
static const struct cel_type *commit_type(struct compiler *compiler, struct cel_env *env)
{
	const struct cel_field shape[] = {
		{.name = SLICE("message"), .type = &cel_string, .presence = CEL_FIELD_REQUIRED},
		{.name = SLICE("subject"), .type = &cel_string, .presence = CEL_FIELD_REQUIRED},
		{.name = SLICE("author"), .type = &cel_string, .presence = CEL_FIELD_REQUIRED},
		{.name = SLICE("email"), .type = &cel_string, .presence = CEL_FIELD_REQUIRED},
		{.name = SLICE("files"),
		 .type = cel_type_list(compiler->arena, &cel_string),
		 .presence = CEL_FIELD_REQUIRED},
		{.name = SLICE("merge"), .type = &cel_bool, .presence = CEL_FIELD_REQUIRED},
	};
	struct cel_type *type = cel_type_object(compiler->arena, SLICE("commit"));
	struct cel_field *fields = arena_array(compiler->arena, G_N_ELEMENTS(shape),
					       sizeof(*fields));

	memcpy(fields, shape, sizeof(shape));
	cel_env_object_fields(env, type, fields, G_N_ELEMENTS(shape), NULL);
	return type;
}

void names_commit(struct compiler *compiler)
{
	compiler->commit_env = names_env(compiler, NULL);
	names_declare(compiler, compiler->commit_env, VARIABLE_COMMIT,
		      commit_type(compiler, compiler->commit_env));
	names_declare(compiler, compiler->commit_env, VARIABLE_AS_OF, &cel_day);
}

void names_judge(struct compiler *compiler)
{
	const struct cel_type *self = shape_type(compiler->shapes, compiler->selected.self);

	compiler->judge = names_env(compiler, compiler->base);
	if (compiler->rule->check == RULE_REFERENCE)
		declare_target(compiler);
	if (compiler->rule->check == RULE_TRANSITION)
		names_declare(compiler, compiler->judge, VARIABLE_CHANGES,
			      cel_type_list(compiler->arena, change_type(compiler)));
	if (compiler->rule->check == RULE_GROUP_BY) {
		names_declare(compiler, compiler->judge, VARIABLE_GROUP,
			      cel_type_list(compiler->arena, self));
		names_declare(compiler, compiler->judge, VARIABLE_VALUE, &cel_dyn);
	}
}

static bool has_other(enum rule_check check)
{
	return check == RULE_UNIQUE || check == RULE_DISJOINT || check == RULE_ORDER ||
	       check == RULE_ACYCLIC;
}

void names_outcome(struct compiler *compiler)
{
	const struct cel_type *self = shape_type(compiler->shapes, compiler->selected.self);
	enum rule_check check = compiler->rule->check;

	compiler->outcome = names_env(compiler, compiler->judge);
	if (check != RULE_GROUP_BY)
		names_declare(compiler, compiler->outcome, VARIABLE_VALUE, value_type(compiler));
	if (has_other(check))
		names_declare(compiler, compiler->outcome, VARIABLE_OTHER,
			      check == RULE_ORDER ? &cel_date : self);
}

bool names_lets(struct compiler *compiler)
{
	const struct doc_node *node = compile_rule_key(compiler, "let");
	struct rule_instance *instance = compiler->instance;
	struct rule_let *lets;
	bool good = true;

	if (!node)
		return true;
	if (node->count > RULE_SLOTS_MAX - VARIABLE_COUNT - 1) {
		compile_fault_at(compiler, node,
				 phrase_make(compiler->arena, MESSAGE_TOO_MANY_LETS, 0));
		return false;
	}
	lets = arena_array(compiler->arena, node->count, sizeof(*lets));
	instance->lets = lets;
	for (const struct doc_node *item = doc_first(node); item && good; item = doc_next(item)) {
		struct rule_let *let = &lets[instance->let_count];

		let->name = doc_key_text(item);
		good = compile_expression(compiler, &let->value, compiler->base,
					  compiler->rule->document, item, 0, SIZE_MAX, NULL);
		if (!good)
			break;
		let->slot = cel_env_variable(compiler->base, let->name,
					     cel_program_type(let->value.program));
		instance->let_count++;
	}
	return good;
}

bool names_each(struct compiler *compiler)
{
	const struct doc_node *node = compile_rule_key(compiler, "for-each");
	const struct doc_node *item = doc_first(node);
	struct rule_let *each = &compiler->instance->each;
	struct cel_options options = {.mode = CEL_LENIENT};
	const struct cel_type *type;

	if (!item)
		return true;
	each->name = doc_key_text(item);
	if (!compile_expression(compiler, &each->value, compiler->base, compiler->rule->document,
				item, 0, SIZE_MAX, &options) ||
	    !compile_wants_list(compiler, &each->value))
		return false;
	type = compile_bare_type(cel_program_type(each->value.program));
	each->slot = cel_env_variable(
		compiler->base, each->name,
		type->kind == CEL_T_LIST && type->param_count ? type->params[0] : &cel_dyn);
	compiler->instance->has_each = true;
	return true;
}

int names_slot(const struct cel_env *env, enum rule_variable variable)
{
	return cel_env_slot(env, variable_names[variable]);
}
