/*
 * Type variables: which type may stand where another is asked, and what that says of the variables
 * in both. The rules and their order are those of cel-go's checker, since `checkedType` of the
 * conformance suite is what it gives.
 *
 * A variable is a CEL_T_PARAM without a name whose `name.len` is its number. A failed attempt
 * leaves no trace: every binding is noted in a trail and taken back.
 *
 * CEL langdef: Gradual Type Checking; cel-go checker/types.go.
 */
#include "cel/program.h"

struct binding {
	unsigned variable;
	const struct cel_type *before;
};

static bool assignable(struct unifier *unifier, const struct cel_type *a, const struct cel_type *b);

const struct cel_type *cel_unify_fresh(struct unifier *unifier)
{
	struct cel_type *type = arena_new(unifier->arena, struct cel_type);

	type->kind = CEL_T_PARAM;
	type->name.len = unifier->meant->len;
	g_ptr_array_add(unifier->meant, NULL);
	return type;
}

static bool is_variable(const struct cel_type *type)
{
	return type->kind == CEL_T_PARAM && !type->name.data;
}

static const struct cel_type *find(const struct unifier *unifier, const struct cel_type *type)
{
	return is_variable(type) ? unifier->meant->pdata[type->name.len] : NULL;
}

static void bind(struct unifier *unifier, const struct cel_type *variable,
		 const struct cel_type *type)
{
	struct binding binding = {(unsigned)variable->name.len, find(unifier, variable)};

	g_array_append_val(unifier->trail, binding);
	unifier->meant->pdata[variable->name.len] = (gpointer)(uintptr_t)type;
}

static void undo(struct unifier *unifier, guint length)
{
	while (unifier->trail->len > length) {
		struct binding *last = &g_array_index(unifier->trail, struct binding,
						      unifier->trail->len - 1);

		unifier->meant->pdata[last->variable] = (gpointer)(uintptr_t)last->before;
		g_array_set_size(unifier->trail, unifier->trail->len - 1);
	}
}

/* Whether a variable does not occur in a type, so that binding it makes no circle. */
static bool not_within(const struct unifier *unifier, const struct cel_type *variable,
		       const struct cel_type *type)
{
	if (cel_type_equal(variable, type))
		return false;
	if (type->kind == CEL_T_PARAM) {
		const struct cel_type *meant = find(unifier, type);

		return !meant || not_within(unifier, variable, meant);
	}
	for (size_t i = 0; i < type->param_count; i++)
		if (!not_within(unifier, variable, type->params[i]))
			return false;
	return true;
}

/* Whether `a` says no more than `b`. */
static bool is_less_specific(const struct cel_type *a, const struct cel_type *b)
{
	if (a->kind == CEL_T_DYN || a->kind == CEL_T_PARAM)
		return true;
	if (b->kind == CEL_T_DYN || b->kind == CEL_T_PARAM)
		return false;
	if (a->kind != b->kind || a->param_count != b->param_count)
		return false;
	if (a->kind == CEL_T_TYPE)
		return true;
	if (a->kind == CEL_T_OPAQUE && !slice_equal(a->name, b->name))
		return false;
	if (a->kind == CEL_T_OBJECT)
		return a == b;
	for (size_t i = 0; i < a->param_count; i++)
		if (!is_less_specific(a->params[i], b->params[i]))
			return false;
	return true;
}

static const struct cel_type *more_general(const struct cel_type *a, const struct cel_type *b)
{
	return is_less_specific(a, b) ? a : b;
}

/* Whether `type` may stand for `variable`; `bound`: it stood for something already. */
static bool substitution(struct unifier *unifier, const struct cel_type *type,
			 const struct cel_type *variable, bool *bound)
{
	const struct cel_type *meant;

	*bound = true;
	if (type->kind == CEL_T_PARAM && cel_type_equal(type, variable))
		return true;
	meant = find(unifier, variable);
	if (meant) {
		if (cel_type_equal(type, meant))
			return true;
		if (!assignable(unifier, type, meant))
			return false;
		meant = more_general(type, meant);
		if (not_within(unifier, variable, meant))
			bind(unifier, variable, meant);
		return true;
	}
	*bound = false;
	if (!not_within(unifier, variable, type))
		return false;
	bind(unifier, variable, type);
	return true;
}

/* The nullness of cel-go's legacy checker: abstract types, times and wrappers can be null. */
static bool can_be_null(const struct cel_type *type)
{
	switch ((int)type->kind) {
	case CEL_T_NULL:
	case CEL_T_OPAQUE:
	case CEL_T_OPTIONAL:
	case CEL_T_NULLABLE:
	case CEL_T_TIMESTAMP:
	case CEL_T_DURATION:
		return true;
	}
	return false;
}

/* An object where a map is asked, or the other way round: its fields are not told apart. */
static bool object_as_map(struct unifier *unifier, const struct cel_type *object,
			  const struct cel_type *map)
{
	(void)object;
	return assignable(unifier, &cel_string, map->params[0]) &&
	       assignable(unifier, &cel_dyn, map->params[1]);
}

static bool params_assignable(struct unifier *unifier, const struct cel_type *a,
			      const struct cel_type *b)
{
	if (a->param_count != b->param_count)
		return false;
	for (size_t i = 0; i < a->param_count; i++)
		if (!assignable(unifier, a->params[i], b->params[i]))
			return false;
	return true;
}

static bool assignable(struct unifier *unifier, const struct cel_type *a, const struct cel_type *b)
{
	bool bound;

	if (is_variable(b)) {
		if (substitution(unifier, a, b, &bound))
			return true;
		if (bound)
			return false;
	}
	if (is_variable(a))
		return substitution(unifier, b, a, &bound);
	if (a->kind == CEL_T_DYN || a->kind == CEL_T_ERROR || b->kind == CEL_T_DYN ||
	    b->kind == CEL_T_ERROR)
		return true;
	if (a->kind == CEL_T_NULL)
		return can_be_null(b);
	if (b->kind == CEL_T_NULL)
		return can_be_null(a);
	if (a->kind == CEL_T_NULLABLE)
		return assignable(unifier, a->params[0],
				  b->kind == CEL_T_NULLABLE ? b->params[0] : b);
	if (b->kind == CEL_T_NULLABLE)
		return assignable(unifier, a, b->params[0]);
	if (a->kind == CEL_T_OBJECT && b->kind == CEL_T_MAP)
		return object_as_map(unifier, a, b);
	if (b->kind == CEL_T_OBJECT && a->kind == CEL_T_MAP)
		return object_as_map(unifier, b, a);
	if (a->kind != b->kind)
		return false;
	if (a->kind == CEL_T_OBJECT)
		return a == b;
	if (a->kind == CEL_T_OPAQUE && !slice_equal(a->name, b->name))
		return false;
	if (a->kind == CEL_T_TYPE)
		return true;
	return params_assignable(unifier, a, b);
}

bool cel_unify_assignable(struct unifier *unifier, const struct cel_type *from,
			  const struct cel_type *to)
{
	return cel_unify_assignable_list(unifier, &from, &to, 1);
}

bool cel_unify_assignable_list(struct unifier *unifier, const struct cel_type *const *from,
			       const struct cel_type *const *to, size_t count)
{
	guint length = unifier->trail->len;

	for (size_t i = 0; i < count; i++) {
		if (!assignable(unifier, from[i], to[i])) {
			undo(unifier, length);
			return false;
		}
	}
	return true;
}

const struct cel_type *cel_unify_substitute(struct unifier *unifier, const struct cel_type *type,
					    bool dyn_rest)
{
	const struct cel_type *meant = find(unifier, type);
	const struct cel_type *params[8];
	bool changed = false;

	if (meant)
		return cel_unify_substitute(unifier, meant, dyn_rest);
	if (type->kind == CEL_T_PARAM)
		return dyn_rest ? &cel_dyn : type;
	if (type->param_count == 0 || type->param_count > G_N_ELEMENTS(params))
		return type;
	for (size_t i = 0; i < type->param_count; i++) {
		params[i] = cel_unify_substitute(unifier, type->params[i], dyn_rest);
		changed |= params[i] != type->params[i];
	}
	if (!changed)
		return type;
	return cel_type_with(unifier->arena, type->kind, type->name, params, type->param_count);
}

const struct cel_type *cel_unify_join(struct unifier *unifier, const struct cel_type *before,
				      const struct cel_type *type)
{
	if (!before)
		return type;
	if (cel_unify_assignable(unifier, before, type))
		return more_general(before, type);
	return &cel_dyn;
}

/* The variable that stands for a named parameter in this copy. */
struct renaming {
	struct slice name;
	const struct cel_type *variable;
};

struct renamings {
	struct renaming list[8];
	size_t count;
};

static const struct cel_type *rename(struct unifier *unifier, struct renamings *renamings,
				     const struct cel_type *type)
{
	const struct cel_type *params[8];
	bool changed = false;

	if (type->kind == CEL_T_PARAM && type->name.data) {
		for (size_t i = 0; i < renamings->count; i++)
			if (slice_equal(renamings->list[i].name, type->name))
				return renamings->list[i].variable;
		if (renamings->count == G_N_ELEMENTS(renamings->list))
			return &cel_dyn;
		renamings->list[renamings->count].name = type->name;
		renamings->list[renamings->count].variable = cel_unify_fresh(unifier);
		return renamings->list[renamings->count++].variable;
	}
	if (type->param_count == 0 || type->param_count > G_N_ELEMENTS(params))
		return type;
	for (size_t i = 0; i < type->param_count; i++) {
		params[i] = rename(unifier, renamings, type->params[i]);
		changed |= params[i] != type->params[i];
	}
	if (!changed)
		return type;
	return cel_type_with(unifier->arena, type->kind, type->name, params, type->param_count);
}

void cel_unify_instantiate(struct unifier *unifier, const struct cel_overload *decl,
			   const struct cel_type **params, const struct cel_type **result)
{
	struct renamings renamings = {.count = 0};

	for (size_t i = 0; i < decl->param_count; i++)
		params[i] = rename(unifier, &renamings, decl->params[i]);
	*result = rename(unifier, &renamings, decl->result);
}
