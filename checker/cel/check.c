/*
 * The type checker: one function a kind of expression. Results go into the program's tables by
 * expression id; the tree stays as it is.
 *
 * It gives the types of cel-go's checker, and in the strict modes refuses besides what cannot be
 * meant in a rule: a field that a closed object lacks, the read of an optional field that nothing
 * around it knows to be there (facts.c), an enum value that the enum lacks. Unchecked, it only
 * resolves names.
 *
 * CEL langdef: Type Checking, Name Resolution; DESIGN.md section 5, Types.
 */
#include "cel/check.h"

const struct cel_type *cel_check_known(struct checker *checker, const struct cel_type *type)
{
	type = cel_unify_substitute(&checker->unifier, type, false);
	return type->kind == CEL_T_NULLABLE ? type->params[0] : type;
}

struct slice cel_check_candidate(const struct checker *checker, struct slice name, bool rooted,
				 unsigned index)
{
	struct slice prefix = checker->env->container;
	char *joined;

	if (rooted)
		return index ? (struct slice){0} : name;
	for (; index && prefix.len; index--) {
		size_t dot = prefix.len;

		while (dot && prefix.data[dot - 1] != '.')
			dot--;
		prefix.len = dot ? dot - 1 : 0;
		if (!prefix.len && index == 1)
			return name;
	}
	if (index)
		return (struct slice){0};
	if (!prefix.len)
		return name;
	joined = arena_printf(checker->arena, "%.*s.%.*s", (int)prefix.len, prefix.data,
			      (int)name.len, name.data);
	return slice_of(joined);
}

static const struct local *find_local(const struct checker *checker, struct slice name)
{
	for (guint i = checker->locals->len; i-- > 0;) {
		const struct local *local = &g_array_index(checker->locals, struct local, i);

		if (slice_equal(local->name, name))
			return local;
	}
	return NULL;
}

struct slice cel_check_qualified(const struct checker *checker, const struct cel_expr *expr)
{
	const struct cel_expr *root = expr;
	struct slice name = {0};

	while (root->kind == EXPR_SELECT && !root->flags)
		root = root->select.operand;
	if (root->kind != EXPR_IDENT ||
	    (!(root->flags & EXPR_ROOTED) && find_local(checker, root->name)))
		return name;
	if (root == expr)
		return root->name;
	name = cel_check_qualified(checker, expr->select.operand);
	return slice_of(arena_printf(checker->arena, "%.*s.%.*s", (int)name.len, name.data,
				     (int)expr->select.field.len, expr->select.field.data));
}

static bool is_rooted(const struct cel_expr *expr)
{
	while (expr->kind == EXPR_SELECT)
		expr = expr->select.operand;
	return expr->flags & EXPR_ROOTED;
}

/* A variable, or the name of a type, of which `name` may be short; NULL: there is none. */
static const struct cel_type *resolve_name(struct checker *checker, const struct cel_expr *expr,
					   struct slice name)
{
	struct ref *ref = check_ref(checker, expr);
	const struct cel_type *type;
	struct slice candidate;
	bool rooted = is_rooted(expr);

	for (unsigned i = 0; (candidate = cel_check_candidate(checker, name, rooted, i)).data;
	     i++) {
		unsigned slot;
		const struct variable *variable = cel_env_find_variable(checker->env, candidate,
									&slot);

		if (variable) {
			ref->kind = REF_VARIABLE;
			ref->slot = slot;
			return variable->type;
		}
	}
	type = cel_stdlib_type(name);
	if (!type)
		return NULL;
	ref->kind = REF_CONSTANT;
	ref->constant = (struct cel_value){.kind = CEL_TYPE, .type = type};
	return cel_type_of_type(checker->arena, type);
}

static const struct cel_type *check_ident(struct checker *checker, const struct cel_expr *expr)
{
	const struct local *local = expr->flags & EXPR_ROOTED ? NULL
							      : find_local(checker, expr->name);
	struct ref *ref = check_ref(checker, expr);
	const struct cel_type *type;

	if (local) {
		ref->kind = REF_LOCAL;
		ref->slot = local->slot;
		ref->local_id = local->id;
		return local->type;
	}
	type = resolve_name(checker, expr, expr->name);
	if (type)
		return type;
	ref->kind = REF_UNKNOWN;
	cel_fault_unknown_name(checker, expr, expr->name);
	return &cel_error_type;
}

/* Whether this read of a part that may be missing is a fault. */
static void check_read(struct checker *checker, const struct cel_expr *expr, struct slice field)
{
	if (checker->mode != CEL_STRICT || checker->lenient ||
	    (expr->kind == EXPR_SELECT && expr->flags) || expr->op == OP_OPT_INDEX)
		return;
	if (!cel_facts_know(&checker->facts, checker->program, expr))
		cel_fault_optional_read(checker, expr, field);
}

static const struct cel_type *check_object_field(struct checker *checker,
						 const struct cel_expr *expr,
						 const struct cel_type *object, struct slice name)
{
	const struct cel_field *field = cel_type_field(object, name);
	struct ref *ref = check_ref(checker, expr);

	ref->object = object;
	ref->field = field;
	if (!field && !object->rest) {
		cel_fault_unknown_field(checker, expr, object, name);
		return &cel_error_type;
	}
	if (!field || field->presence == CEL_FIELD_OPTIONAL)
		check_read(checker, expr, name);
	return field ? field->type : object->rest;
}

/* cel-go checkSelectField, with `operand` already out of its optional. */
const struct cel_type *cel_check_member(struct checker *checker, const struct cel_expr *expr,
					const struct cel_type *operand, struct slice field)
{
	switch ((int)operand->kind) {
	case CEL_T_MAP:
		if (check_is_strict(checker))
			check_read(checker, expr, field);
		return operand->params[1];
	case CEL_T_OBJECT:
		return check_object_field(checker, expr, operand, field);
	case CEL_T_PARAM:
		cel_unify_assignable(&checker->unifier, &cel_dyn, operand);
		return &cel_dyn;
	case CEL_T_DYN:
	case CEL_T_ERROR:
		return &cel_dyn;
	}
	cel_fault_no_fields(checker, expr, operand);
	return &cel_error_type;
}

static const struct cel_type *check_select(struct checker *checker, const struct cel_expr *expr)
{
	struct ref *ref = check_ref(checker, expr);
	const struct cel_type *operand, *type;
	bool is_optional = expr->flags & EXPR_OPTIONAL;
	struct slice name = expr->flags ? (struct slice){0} : cel_check_qualified(checker, expr);

	type = name.data ? resolve_name(checker, expr, name) : NULL;
	if (type)
		return type;
	operand = cel_check_known(checker, cel_check_expr(checker, expr->select.operand));
	ref->lenient = checker->lenient || checker->mode == CEL_LENIENT;
	ref->symbol = checker->env->symbols
			      ? symbols_intern(checker->env->symbols, expr->select.field.data,
					       expr->select.field.len)
			      : SYMBOL_NONE;
	if (operand->kind == CEL_T_OPTIONAL) {
		is_optional = true;
		checker->lenient++;
		type = cel_check_member(checker, expr, cel_check_known(checker, operand->params[0]),
					expr->select.field);
		checker->lenient--;
	} else {
		type = cel_check_member(checker, expr, operand, expr->select.field);
	}
	if (expr->flags & EXPR_TEST)
		return &cel_bool;
	return is_optional && type->kind != CEL_T_ERROR ? cel_type_optional(checker->arena, type)
							: type;
}

/* The type of an item written [?x], which is optional. */
static const struct cel_type *unwrap_optional(struct checker *checker, const struct cel_expr *expr,
					      const struct cel_type *type)
{
	const struct cel_type *known = cel_check_known(checker, type);

	if (known->kind == CEL_T_OPTIONAL)
		return known->params[0];
	if (known->kind != CEL_T_DYN && known->kind != CEL_T_ERROR)
		cel_fault_not_wanted(checker, expr, known, &cel_type_optional_dyn);
	return &cel_dyn;
}

/* A list of literals is made once. */
static void keep_constant_list(struct checker *checker, const struct cel_expr *expr)
{
	struct ref *ref = check_ref(checker, expr);
	struct cel_value *items;

	for (uint32_t i = 0; i < expr->list.count; i++)
		if (expr->list.items[i]->kind != EXPR_LITERAL || expr->list.optional)
			return;
	items = arena_array(checker->arena, expr->list.count, sizeof(*items));
	for (uint32_t i = 0; i < expr->list.count; i++)
		items[i] = expr->list.items[i]->literal;
	ref->kind = REF_CONSTANT;
	ref->constant = cel_of_items(items, expr->list.count);
}

static const struct cel_type *check_list(struct checker *checker, const struct cel_expr *expr)
{
	const struct cel_type *item = NULL;

	for (uint32_t i = 0; i < expr->list.count; i++) {
		const struct cel_type *type = cel_check_expr(checker, expr->list.items[i]);

		if (expr->list.optional && expr->list.optional[i])
			type = unwrap_optional(checker, expr->list.items[i], type);
		item = cel_unify_join(&checker->unifier, item, type);
	}
	keep_constant_list(checker, expr);
	return cel_type_list(checker->arena, item ? item : cel_unify_fresh(&checker->unifier));
}

static const struct cel_type *check_map(struct checker *checker, const struct cel_expr *expr)
{
	const struct cel_type *key = NULL, *value = NULL;

	for (uint32_t i = 0; i < expr->map.count; i++) {
		const struct cel_type *type;

		key = cel_unify_join(&checker->unifier, key,
				     cel_check_expr(checker, expr->map.keys[i]));
		type = cel_check_expr(checker, expr->map.values[i]);
		if (expr->map.optional && expr->map.optional[i])
			type = unwrap_optional(checker, expr->map.values[i], type);
		value = cel_unify_join(&checker->unifier, value, type);
	}
	return cel_type_map(checker->arena, key ? key : cel_unify_fresh(&checker->unifier),
			    value ? value : cel_unify_fresh(&checker->unifier));
}

/* --- Variables of macros */

static void push_local(struct checker *checker, struct slice name, const struct cel_type *type,
		       uint32_t id)
{
	struct local local = {name, type, checker->locals->len, id};

	g_array_append_val(checker->locals, local);
	if (checker->locals->len > checker->program->local_count)
		checker->program->local_count = checker->locals->len;
}

/* The types of the variables over a range; for one variable `key` alone counts for a map. */
static void range_types(struct checker *checker, const struct cel_expr *range,
			const struct cel_type *type, const struct cel_type **key,
			const struct cel_type **value)
{
	switch ((int)type->kind) {
	case CEL_T_LIST:
		*key = &cel_int;
		*value = type->params[0];
		return;
	case CEL_T_MAP:
		*key = type->params[0];
		*value = type->params[1];
		return;
	case CEL_T_OBJECT:
		*key = &cel_string;
		*value = &cel_dyn;
		return;
	case CEL_T_PARAM:
		cel_unify_assignable(&checker->unifier, &cel_dyn, type);
		break;
	case CEL_T_DYN:
	case CEL_T_ERROR:
		break;
	default:
		cel_fault_not_iterable(checker, range, type);
	}
	*key = *value = &cel_dyn;
}

static void want_bool(struct checker *checker, const struct cel_expr *expr,
		      const struct cel_type *type)
{
	if (!cel_unify_assignable(&checker->unifier, type, &cel_bool))
		cel_fault_not_bool(checker, expr, cel_check_known(checker, type));
}

static const struct cel_type *fold_type(struct checker *checker, const struct cel_expr *expr,
					const struct cel_type *range, const struct cel_type *key,
					const struct cel_type *item, const struct cel_type *body)
{
	switch ((enum fold_kind)expr->op) {
	case FOLD_ALL:
	case FOLD_EXISTS:
	case FOLD_EXISTS_ONE:
		want_bool(checker, expr->fold.body, body);
		return &cel_bool;
	case FOLD_MAP:
		return cel_type_list(checker->arena, body);
	case FOLD_FILTER:
		want_bool(checker, expr->fold.body, body);
		return cel_type_list(checker->arena, item);
	case FOLD_TRANSFORM_MAP:
		return cel_type_map(checker->arena, key, body);
	case FOLD_TRANSFORM_ENTRY:
		if (!cel_unify_assignable(&checker->unifier, body, &cel_type_map_dyn))
			cel_fault_not_wanted(checker, expr->fold.body, body, &cel_type_map_dyn);
		return body;
	case FOLD_SORT_BY:
		return range->kind == CEL_T_LIST ? range : &cel_type_list_dyn;
	}
	g_assert_not_reached();
}

static const struct cel_type *check_fold(struct checker *checker, const struct cel_expr *expr)
{
	const struct cel_type *range = cel_check_known(checker,
						       cel_check_expr(checker, expr->fold.range));
	const struct cel_type *key, *value, *item, *body;
	guint depth = checker->locals->len, known = checker->facts.paths->len;
	uint32_t id = ++checker->local_ids;

	range_types(checker, expr->fold.range, range, &key, &value);
	item = range->kind == CEL_T_LIST || range->kind == CEL_T_DYN ? value : key;
	check_ref(checker, expr)->slot = depth;
	check_ref(checker, expr)->local_id = id;
	push_local(checker, expr->fold.var, expr->fold.var2.data ? key : item, id);
	if (expr->fold.var2.data)
		push_local(checker, expr->fold.var2, value, ++checker->local_ids);
	if (expr->fold.filter) {
		want_bool(checker, expr->fold.filter, cel_check_expr(checker, expr->fold.filter));
		cel_facts_add(&checker->facts, checker->program, expr->fold.filter, true);
	}
	body = cel_check_expr(checker, expr->fold.body);
	g_array_set_size(checker->locals, depth);
	g_ptr_array_set_size(checker->facts.paths, (gint)known);
	return fold_type(checker, expr, range, key, item, body);
}

static const struct cel_type *check_bind(struct checker *checker, const struct cel_expr *expr)
{
	const struct cel_type *init = cel_check_expr(checker, expr->bind.init), *body;
	guint depth = checker->locals->len;

	if (expr->op != BIND_LET) {
		const struct cel_type *known = cel_check_known(checker, init);

		init = &cel_dyn;
		if (known->kind == CEL_T_OPTIONAL)
			init = known->params[0];
		else if (known->kind != CEL_T_DYN && known->kind != CEL_T_ERROR)
			cel_fault_not_wanted(checker, expr->bind.init, known,
					     &cel_type_optional_dyn);
	}
	check_ref(checker, expr)->slot = depth;
	check_ref(checker, expr)->local_id = ++checker->local_ids;
	push_local(checker, expr->bind.var, init, checker->local_ids);
	body = cel_check_expr(checker, expr->bind.body);
	g_array_set_size(checker->locals, depth);
	if (expr->op == BIND_OPT_MAP)
		return cel_type_optional(checker->arena, body);
	if (expr->op == BIND_OPT_FLAT_MAP &&
	    !cel_unify_assignable(&checker->unifier, body, &cel_type_optional_dyn))
		cel_fault_not_wanted(checker, expr->bind.body, cel_check_known(checker, body),
				     &cel_type_optional_dyn);
	return body;
}

static const struct cel_type *check_kind(struct checker *checker, const struct cel_expr *expr)
{
	switch ((enum expr_kind)expr->kind) {
	case EXPR_LITERAL:
		return cel_value_type(&expr->literal);
	case EXPR_IDENT:
		return check_ident(checker, expr);
	case EXPR_SELECT:
		return check_select(checker, expr);
	case EXPR_CALL:
		return cel_check_call(checker, expr);
	case EXPR_LIST:
		return check_list(checker, expr);
	case EXPR_MAP:
		return check_map(checker, expr);
	case EXPR_FOLD:
		return check_fold(checker, expr);
	case EXPR_BIND:
		return check_bind(checker, expr);
	}
	g_assert_not_reached();
}

const struct cel_type *cel_check_expr(struct checker *checker, const struct cel_expr *expr)
{
	const struct cel_type *type = check_kind(checker, expr);

	if (checker->mode == CEL_UNCHECKED)
		type = &cel_dyn;
	checker->program->types[expr->id] = type;
	return type;
}

static void check_wanted(struct checker *checker, const struct cel_type *want)
{
	const struct cel_type *type = checker->program->types[checker->program->root->id];

	if (want && !cel_unify_assignable(&checker->unifier, type, want))
		cel_fault_not_wanted(checker, checker->program->root,
				     cel_check_known(checker, type), want);
}

void cel_check_program(struct cel_program *program, const struct cel_options *options,
		       struct arena *arena, struct fault_list *faults)
{
	struct checker checker = {
		.program = program,
		.env = program->env,
		.arena = arena,
		.faults = faults,
		.mode = options->mode,
		.unifier = {arena, g_ptr_array_new(), g_array_new(FALSE, FALSE, 16)},
		.facts = {arena, g_ptr_array_new()},
		.locals = g_array_new(FALSE, FALSE, sizeof(struct local)),
	};

	for (size_t i = 0; i < options->assume_count; i++)
		cel_facts_add(&checker.facts, options->assume[i], options->assume[i]->root, true);
	cel_check_expr(&checker, program->root);
	check_wanted(&checker, options->want);
	for (uint32_t i = 0; i < program->count; i++)
		if (program->types[i])
			program->types[i] = cel_unify_substitute(&checker.unifier,
								 program->types[i], true);
	g_ptr_array_free(checker.unifier.meant, TRUE);
	g_array_free(checker.unifier.trail, TRUE);
	g_ptr_array_free(checker.facts.paths, TRUE);
	g_array_free(checker.locals, TRUE);
}
