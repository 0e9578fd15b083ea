/*
 * Reading: variables, fields, items, and what comes of those that are not there: an error, nothing
 * (a lenient read), an empty optional (a.?b, a[?b], and whatever follows one).
 *
 * A value is written where it is wanted, in a struct of the caller, and one that lies somewhere
 * already is pointed at: on this path nothing is copied twice. DESIGN.md section 5; CEL langdef:
 * Field Selection, Optionals.
 */
#include "cel/code.h"
#include "cel/read.h"
#include "source/message.h"

#include <string.h>

static CEL_COLD struct slice shown(struct cel_run *run, const struct cel_value *value)
{
	return cel_value_text(run->scratch, value, CEL_LITERAL);
}

static struct slice kind_text(const struct cel_value *value)
{
	return slice_of(cel_kind_name(value->kind));
}

struct cel_value cel_run_optional(struct cel_run *run, const struct cel_value *value)
{
	struct cel_value out = {.kind = CEL_OPTIONAL, .node = value ? value->node : NULL};
	struct cel_value *inner;

	if (value) {
		inner = arena_new(run->scratch, struct cel_value);
		*inner = *value;
		out.inner = inner;
	}
	return out;
}

/* --- Names */

/* A variable without a value, or a name that nothing is known of. */
static CEL_COLD const struct cel_value *no_variable(struct cel_run *run,
						    const struct cel_code *code,
						    struct cel_value *tmp)
{
	const struct ref *ref = &run->program->refs[code->expr->id];

	if (ref->kind != REF_VARIABLE)
		*tmp = RUN_FAIL(run, code->expr, NULL, UNKNOWN_NAME, 1, code->expr->name);
	else if (ref->lenient || run->program->mode == CEL_LENIENT)
		*tmp = cel_absent(NULL);
	else
		*tmp = RUN_FAIL(run, code->expr, NULL, ABSENT, 1,
				cel_env_variable_name(run->program->env, ref->slot));
	return tmp;
}

const struct cel_value *cel_run_ident(struct cel_run *run, const struct cel_code *code,
				      struct cel_value *tmp)
{
	const struct cel_activation *activation = run->activation;

	if (code->slot < activation->variable_count &&
	    activation->variables[code->slot].kind != CEL_ABSENT)
		return &activation->variables[code->slot];
	return no_variable(run, code, tmp);
}

const struct cel_value *cel_run_local(struct cel_run *run, const struct cel_code *code,
				      struct cel_value *tmp)
{
	(void)tmp;
	return run->locals[code->slot];
}

/* --- Fields */

enum found {
	FOUND,
	FOUND_NOT,   /* a map without that key, a list without that item */
	FOUND_ERROR, /* `out` is it */
};

bool cel_find_member(const struct cel_code *code, const struct cel_value *map,
		     struct cel_value *out)
{
	const struct cel_member *member =
		&code_data(code)[code->data - 1].member; /* behind a path */
	const struct doc_node *child;

	if (!(map->flags & CEL_LAZY) || member->symbol == SYMBOL_NONE)
		return cel_value_member(map, code->expr->select.field, out);
	child = cel_read_find(map->node, member->symbol);
	if (child && out)
		cel_read_node(out, child,
			      member->field && member->object == map->type
				      ? member->field->type
				      : cel_read_child_type(map, child));
	return child != NULL;
}

static enum found find_field(struct cel_run *run, const struct cel_code *code,
			     const struct cel_value *operand, struct cel_value *out)
{
	if (operand->kind != CEL_MAP) {
		*out = RUN_FAIL(run, code->expr, operand->node, NO_FIELDS, 1, kind_text(operand));
		return FOUND_ERROR;
	}
	return cel_find_member(code, operand, out) ? FOUND : FOUND_NOT;
}

/* has(a.b), also through an optional. */
static struct cel_value run_test(struct cel_run *run, const struct cel_code *code,
				 const struct cel_value *operand)
{
	struct cel_value out;
	enum found found;

	if (operand->kind == CEL_ABSENT)
		return cel_of_bool(false);
	if (operand->kind == CEL_OPTIONAL) {
		if (!operand->inner)
			return cel_of_bool(false);
		operand = operand->inner;
	}
	found = find_field(run, code, operand, &out);
	return found == FOUND_ERROR ? out : cel_of_bool(found == FOUND);
}

/* a.?b, a[?b], and either behind one: an optional of what was found. */
static struct cel_value as_optional(struct cel_run *run, enum found found,
				    const struct cel_value *value)
{
	if (found == FOUND_ERROR)
		return *value;
	return cel_run_optional(run, found == FOUND && value->kind != CEL_ABSENT ? value : NULL);
}

static struct cel_value missing_field(struct cel_run *run, const struct cel_code *code,
				      const struct cel_value *operand)
{
	if (code->flags & CODE_LENIENT)
		return cel_absent(operand->node);
	return RUN_FAIL(run, code->expr, operand->node, NO_KEY, 1, code->expr->select.field);
}

struct cel_value cel_select_rarely(struct cel_run *run, const struct cel_code *code,
				   const struct cel_value *operand)
{
	struct cel_value out = cel_null_value;
	bool is_optional = code->flags & CODE_OPTIONAL;
	enum found found;

	if (operand->kind == CEL_ERROR)
		return *operand;
	if (code->flags & CODE_TEST)
		return run_test(run, code, operand);
	if (operand->kind == CEL_ABSENT)
		return is_optional ? cel_run_optional(run, NULL) : *operand;
	if (operand->kind == CEL_OPTIONAL) {
		if (!operand->inner)
			return *operand;
		operand = operand->inner;
		is_optional = true;
	}
	if (!is_optional && operand->kind == CEL_NULL && code->flags & CODE_LENIENT)
		return cel_absent(operand->node);
	found = find_field(run, code, operand, &out);
	if (is_optional)
		return as_optional(run, found, &out);
	return found == FOUND_NOT ? missing_field(run, code, operand) : out;
}

const struct cel_value *cel_run_select(struct cel_run *run, const struct cel_code *code,
				       struct cel_value *tmp)
{
	struct cel_value under;
	const struct cel_value *operand = cel_run(run, code_first(code), &under);

	if (operand->kind != CEL_MAP || code->flags & CODE_OPTIONAL)
		*tmp = cel_select_rarely(run, code, operand);
	else if (code->flags & CODE_TEST)
		cel_set_bool(tmp, cel_find_member(code, operand, NULL));
	else if (!cel_find_member(code, operand, tmp))
		*tmp = missing_field(run, code, operand);
	return tmp;
}

/* --- Paths */

enum followed {
	FOLLOWED,
	FOLLOWED_ABSENT, /* to the deepest node that is there */
	FOLLOWED_NOT,    /* step by step, for what is different or an error */
};

/* Follows a path through the nodes: the node that it leads to. */
static inline enum followed follow(struct cel_run *run, const struct cel_path *path,
				   const struct doc_node **out)
{
	const struct cel_activation *activation = run->activation;
	const struct cel_value *root;
	const struct doc_node *node, *next;

	if (path->is_local)
		root = run->locals[path->slot];
	else if (path->slot < activation->variable_count)
		root = &activation->variables[path->slot];
	else
		return FOLLOWED_NOT;
	if (root->kind != CEL_MAP || !(root->flags & CEL_LAZY) || root->type != path->root)
		return FOLLOWED_NOT;
	node = root->node;
	for (uint32_t i = 0; i < path->count; i++, node = next) {
		next = node->type == DOC_OBJECT ? cel_read_find(node, path->symbols[i]) : NULL;
		if (next)
			continue;
		*out = node;
		return node->type == DOC_OBJECT && path->is_lenient ? FOLLOWED_ABSENT
								    : FOLLOWED_NOT;
	}
	*out = node;
	return FOLLOWED;
}

const struct cel_value *cel_run_path(struct cel_run *run, const struct cel_code *code,
				     struct cel_value *tmp)
{
	const struct cel_path *path = &code_data(code)->path;
	const struct doc_node *node;
	enum followed followed = run->steps_left >= path->count ? follow(run, path, &node)
								: FOLLOWED_NOT;

	if (followed == FOLLOWED_NOT)
		return cel_run_select(run, code, tmp);
	run->steps_left -= path->count;
	if (followed == FOLLOWED) {
		cel_read_plain(tmp, node, path->type, (enum cel_type_kind)path->kind);
	} else {
		cel_read_head(tmp, CEL_ABSENT, node);
		tmp->unsigned_ = 0;
	}
	return tmp;
}

/* A path == a text, or in a list of them. It takes as many steps as its operands would. */
const struct cel_value *cel_run_is(struct cel_run *run, const struct cel_code *code,
				   struct cel_value *tmp)
{
	const struct cel_path *path = &code_data(code)->path;
	const union cel_cell *texts = code_data(code) + code->data - code->slot;
	uint64_t steps = 2U + path->count + (code->op == OP_IN ? code->slot : 0);
	const struct doc_node *node;
	bool is = false;

	if (run->steps_left < steps || follow(run, path, &node) != FOLLOWED ||
	    node->type != DOC_STRING)
		return cel_run_compare(run, code, tmp);
	run->steps_left -= steps;
	for (uint32_t i = 0; i < code->slot && !is; i++)
		is = texts[i].text.len == node->len &&
		     !memcmp(texts[i].text.bytes, node->text, node->len);
	cel_set_bool(tmp, is != (code->op == OP_NOT_EQUAL));
	return tmp;
}

/* present() of a path. */
const struct cel_value *cel_run_is_present(struct cel_run *run, const struct cel_code *code,
					   struct cel_value *tmp)
{
	const struct cel_path *path = &code_data(code)->path;
	uint64_t steps = 1U + path->count;
	const struct doc_node *node;
	enum followed followed = run->steps_left >= steps ? follow(run, path, &node) : FOLLOWED_NOT;

	if (followed == FOLLOWED_NOT)
		return cel_run_present(run, code, tmp);
	run->steps_left -= steps;
	cel_set_bool(tmp, followed == FOLLOWED && node->type != DOC_NULL);
	return tmp;
}

/* --- Items */

/* CEL langdef: a list index may be a whole double or a uint. */
static bool list_index(const struct cel_value *key, int64_t *out)
{
	switch ((int)key->kind) {
	case CEL_INT:
		*out = key->integer;
		return true;
	case CEL_UINT:
		*out = key->unsigned_ > INT64_MAX ? INT64_MAX : (int64_t)key->unsigned_;
		return true;
	case CEL_DOUBLE:
		if (!(key->number >= -9e15 && key->number <= 9e15) ||
		    key->number != (double)(int64_t)key->number)
			return false;
		*out = (int64_t)key->number;
		return true;
	}
	return false;
}

static enum found find_index(struct cel_run *run, const struct cel_expr *expr,
			     const struct cel_value *operand, const struct cel_value *key,
			     struct cel_value *out)
{
	int64_t index;

	if (operand->kind == CEL_MAP)
		return cel_get(operand, key, out) ? FOUND : FOUND_NOT;
	if (operand->kind != CEL_LIST) {
		*out = RUN_FAIL(run, expr, operand->node, NO_OVERLOAD, 2, SLICE("[]"),
				kind_text(operand));
		return FOUND_ERROR;
	}
	if (!list_index(key, &index)) {
		*out = RUN_FAIL(run, expr, operand->node, BAD_INDEX, 1, shown(run, key));
		return FOUND_ERROR;
	}
	if (index < 0 || (uint64_t)index >= cel_size(operand))
		return FOUND_NOT;
	if (operand->flags & CEL_LAZY && !cel_run_step(run, (uint64_t)index / 8)) {
		*out = cel_run_budget_error(run, expr);
		return FOUND_ERROR;
	}
	*out = cel_item(operand, (size_t)index);
	return FOUND;
}

static struct cel_value missing_index(struct cel_run *run, const struct cel_code *code,
				      const struct cel_value *operand, const struct cel_value *key)
{
	if (code->flags & CODE_LENIENT)
		return cel_absent(operand->node);
	if (operand->kind == CEL_MAP)
		return RUN_FAIL(run, code->expr, operand->node, NO_KEY, 1,
				cel_value_text(run->scratch, key, CEL_AS_WRITTEN));
	return RUN_FAIL(run, code->expr, operand->node, INDEX, 1, shown(run, key));
}

static struct cel_value run_index(struct cel_run *run, const struct cel_code *code)
{
	const struct cel_code *first = code_first(code);
	struct cel_value left, right, out = cel_null_value;
	const struct cel_value *operand = cel_run(run, first, &left), *key;
	bool optional = code->op == OP_OPT_INDEX;
	enum found found;

	if (operand->kind == CEL_ERROR)
		return *operand;
	key = cel_run(run, code_next(first), &right);
	if (key->kind == CEL_ERROR)
		return *key;
	if (operand->kind == CEL_ABSENT || key->kind == CEL_ABSENT)
		return optional ? cel_run_optional(run, NULL) : cel_absent(operand->node);
	if (operand->kind == CEL_OPTIONAL) {
		if (!operand->inner)
			return *operand;
		operand = operand->inner;
		optional = true;
	}
	found = find_index(run, code->expr, operand, key, &out);
	if (optional)
		return as_optional(run, found, &out);
	return found == FOUND_NOT ? missing_index(run, code, operand, key) : out;
}

const struct cel_value *cel_run_index(struct cel_run *run, const struct cel_code *code,
				      struct cel_value *tmp)
{
	*tmp = run_index(run, code);
	return tmp;
}
