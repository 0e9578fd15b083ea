/*
 * What each check takes beside `given` and `when`: its operands are compiled, and their types must
 * be what the check can work with (DESIGN.md section 5, the table of checks).
 *
 * One function for each check, found by a table; a check that is new gets its slot here.
 *
 * Must not: know how checks are run.
 */
#include "ruleset/compile.h"

#include "source/message.h"

#include <string.h>

/* --- what an operand's type must be */

const struct cel_type *compile_bare_type(const struct cel_type *type)
{
	while (type->kind == CEL_T_NULLABLE || type->kind == CEL_T_OPTIONAL)
		type = type->params[0];
	return type;
}

static bool is_date_like(const struct cel_type *type)
{
	enum cel_type_kind kind = compile_bare_type(type)->kind;

	return kind == CEL_T_DATE || kind == CEL_T_DAY || kind == CEL_T_DYN || kind == CEL_T_NULL;
}

static bool is_key_like(const struct cel_type *type)
{
	type = compile_bare_type(type);
	switch (type->kind) {
	case CEL_T_LIST: /* a key of several parts, or several references */
		return !type->param_count || is_key_like(type->params[0]);
	case CEL_T_DYN:
	case CEL_T_BOOL:
	case CEL_T_INT:
	case CEL_T_UINT:
	case CEL_T_DOUBLE:
	case CEL_T_STRING:
	case CEL_T_DATE:
	case CEL_T_DAY:
	case CEL_T_NULL:
		return true;
	default:
		return false;
	}
}

static bool is_list_like(const struct cel_type *type)
{
	enum cel_type_kind kind = compile_bare_type(type)->kind;

	return kind == CEL_T_LIST || kind == CEL_T_DYN;
}

static bool want_type(struct compiler *compiler, const struct rule_expression *expression,
		      bool (*fits)(const struct cel_type *type), const char *wanted)
{
	const struct cel_type *type;
	GString *name;

	if (!expression->program)
		return true;
	type = cel_program_type(expression->program);
	if (fits(type))
		return true;
	name = g_string_new(NULL);
	cel_type_append(name, type);
	compile_fault_at(compiler, expression->node,
			 phrase_make(compiler->arena, MESSAGE_OPERAND_TYPE, 2, slice_of(wanted),
				     slice_of(name->str)));
	g_string_free(name, TRUE);
	return false;
}

bool compile_wants_list(struct compiler *compiler, const struct rule_expression *expression)
{
	return want_type(compiler, expression, is_list_like, "a list");
}

/* --- the operands of each check */

static const struct rule_expression *operand_of(const struct compiler *compiler,
						enum rule_operand operand)
{
	return &compiler->instance->operands[operand];
}

static bool compile_assert(struct compiler *compiler)
{
	return compile_operand(compiler, OPERAND_CHECK, compile_rule_key(compiler, "assert"),
			       compiler->judge, CEL_STRICT, &cel_bool);
}

/* A path: names after a variable, nothing else, so that the missing step can be named. */
static bool is_path(const struct cel_program *program)
{
	size_t count;
	const struct cel_read *reads = cel_program_reads(program, &count);
	struct slice text = cel_program_text(program);

	if (count != 1 || !reads[0].step_count)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (!g_ascii_isalnum(text.data[i]) && !strchr("_.?`- \n", text.data[i]))
			return false;
	for (size_t i = 0; i < reads[0].step_count; i++)
		if (!reads[0].steps[i].data)
			return false;
	return true;
}

static bool compile_present(struct compiler *compiler)
{
	const struct doc_node *node = compile_rule_key(compiler, "present");

	if (!compile_operand(compiler, OPERAND_CHECK, node, compiler->judge, CEL_LENIENT, NULL))
		return false;
	if (is_path(operand_of(compiler, OPERAND_CHECK)->program))
		return true;
	compile_fault_at(compiler, node, phrase_make(compiler->arena, MESSAGE_PRESENT_PATH, 0));
	return false;
}

static bool compile_includes(struct compiler *compiler)
{
	return compile_operand(compiler, OPERAND_CHECK, compile_rule_key(compiler, "includes"),
			       compiler->judge, CEL_LENIENT, NULL) &&
	       compile_operand(compiler, OPERAND_IN, compile_rule_key(compiler, "in"),
			       compiler->judge, CEL_LENIENT, NULL) &&
	       compile_wants_list(compiler, operand_of(compiler, OPERAND_CHECK)) &&
	       compile_wants_list(compiler, operand_of(compiler, OPERAND_IN));
}

static bool find_vocabulary(struct compiler *compiler, const struct doc_node *node)
{
	const GPtrArray *list = compiler->loader->vocabularies;
	struct slice *names = arena_array(compiler->arena, list->len, sizeof(*names));

	for (guint i = 0; i < list->len; i++) {
		struct rule_vocabulary *vocabulary = list->pdata[i];

		names[i] = vocabulary->name;
		if (slice_equal(vocabulary->name, doc_text(node)))
			compiler->instance->vocabulary = vocabulary;
	}
	if (compiler->instance->vocabulary)
		return true;
	compiler->good = false;
	load_unknown(compiler->loader, FINDING_RULE_FILE, compiler->rule->document, node,
		     phrase_make(compiler->arena, MESSAGE_UNKNOWN_VOCABULARY, 1, doc_text(node)),
		     names, list->len);
	return false;
}

static bool compile_one_of(struct compiler *compiler)
{
	const struct doc_node *node = compile_rule_key(compiler, "one-of");
	struct cel_value *literals;
	size_t i = 0;

	if (!compile_operand(compiler, OPERAND_ON, compile_rule_key(compiler, "on"),
			     compiler->judge, CEL_LENIENT, NULL) ||
	    !want_type(compiler, operand_of(compiler, OPERAND_ON), is_date_like, "a date"))
		return false;
	if (node->type == DOC_STRING)
		return find_vocabulary(compiler, node);
	literals = arena_array(compiler->arena, node->count, sizeof(*literals));
	for (const struct doc_node *item = doc_first(node); item; item = doc_next(item))
		literals[i++] = cel_of_node(item, NULL);
	compiler->instance->literals = literals;
	compiler->instance->literal_count = i;
	return true;
}

static bool compile_order(struct compiler *compiler)
{
	const struct doc_node *node = compile_rule_key(compiler, "order");
	const struct cel_program *when = operand_of(compiler, OPERAND_WHEN)->program;
	struct cel_options options = {
		.mode = CEL_LENIENT, .assume = &when, .assume_count = when ? 1 : 0};
	struct rule_expression *dates = arena_array(compiler->arena, node->count, sizeof(*dates));
	size_t i = 0;
	bool good = true;

	for (const struct doc_node *item = doc_first(node); item; item = doc_next(item), i++)
		good &= compile_expression(compiler, &dates[i], compiler->judge,
					   compiler->rule->document, item, 0, SIZE_MAX, &options) &&
			want_type(compiler, &dates[i], is_date_like, "a date");
	compiler->instance->order = dates;
	compiler->instance->order_count = i;
	return good;
}

static bool compile_key(struct compiler *compiler)
{
	return compile_operand(compiler, OPERAND_CHECK,
			       compile_rule_key(compiler, rule_check_name(compiler->rule->check)),
			       compiler->base, CEL_LENIENT, NULL) &&
	       want_type(compiler, operand_of(compiler, OPERAND_CHECK), is_key_like, "a key");
}

static bool compile_by(struct compiler *compiler)
{
	return compile_operand(compiler, OPERAND_BY, compile_rule_key(compiler, "by"),
			       compiler->base, CEL_LENIENT, NULL) &&
	       want_type(compiler, operand_of(compiler, OPERAND_BY), is_key_like, "a key");
}

static bool compile_judgement(struct compiler *compiler)
{
	return compile_operand(compiler, OPERAND_ASSERT, compile_rule_key(compiler, "assert"),
			       compiler->judge, CEL_STRICT, &cel_bool);
}

static bool compile_reference(struct compiler *compiler)
{
	const struct doc_node *node = compile_rule_key(compiler, "reference");
	int slot = compile_kind_slot(compiler, doc_text(node));

	if (slot < 0) {
		compile_unknown_kind(compiler, node);
		return false;
	}
	compiler->instance->kind_slot = (uint32_t)slot;
	return compile_by(compiler) && compile_judgement(compiler);
}

static bool compile_disjoint(struct compiler *compiler)
{
	const struct doc_node *node = compile_rule_key(compiler, "disjoint");

	return compile_operand(compiler, OPERAND_START, doc_item(node, 0), compiler->base,
			       CEL_LENIENT, NULL) &&
	       compile_operand(compiler, OPERAND_END, doc_item(node, 1), compiler->base,
			       CEL_LENIENT, NULL) &&
	       want_type(compiler, operand_of(compiler, OPERAND_START), is_date_like, "a date") &&
	       want_type(compiler, operand_of(compiler, OPERAND_END), is_date_like, "a date") &&
	       compile_by(compiler);
}

static bool find_table(struct compiler *compiler, const struct doc_node *node)
{
	const GPtrArray *list = compiler->loader->tables;
	struct slice *names = arena_array(compiler->arena, list->len, sizeof(*names));

	for (guint i = 0; i < list->len; i++) {
		struct rule_table *table = list->pdata[i];

		names[i] = table->name;
		if (slice_equal(table->name, doc_text(node)))
			compiler->instance->table = table;
	}
	if (compiler->instance->table)
		return true;
	compiler->good = false;
	load_unknown(compiler->loader, FINDING_RULE_FILE, compiler->rule->document, node,
		     phrase_make(compiler->arena, MESSAGE_UNKNOWN_TABLE, 1, doc_text(node)), names,
		     list->len);
	return false;
}

static bool compile_group_by(struct compiler *compiler)
{
	const struct doc_node *over = compile_rule_key(compiler, "over");

	return (!over || find_table(compiler, over)) && compile_key(compiler) &&
	       compile_judgement(compiler);
}

/* `on: change`, as it is without, or `on: delete`. */
static bool compile_transition(struct compiler *compiler)
{
	const struct doc_node *on = compile_rule_key(compiler, "on");

	compiler->instance->on_delete = slice_equal(doc_text(on), SLICE("delete"));
	if (on && !compiler->instance->on_delete && !slice_equal(doc_text(on), SLICE("change"))) {
		compile_fault_at(compiler, on,
				 phrase_make(compiler->arena, MESSAGE_TRANSITION_ON, 0));
		return false;
	}
	return compile_operand(compiler, OPERAND_CHECK, compile_rule_key(compiler, "transition"),
			       compiler->judge, CEL_STRICT, &cel_bool);
}

static bool compile_lexical(struct compiler *compiler)
{
	const struct doc_node *node = compile_rule_key(compiler, "lexical");
	const char *nearest = NULL;
	struct phrase hint;

	compiler->instance->lexical = lexical_find(doc_text(node), &nearest);
	if (compiler->instance->lexical != LEXICAL_COUNT)
		return true;
	hint = phrase_make(compiler->arena, MESSAGE_DID_YOU_MEAN, 1, slice_of(nearest));
	compile_fault(compiler, compiler->rule->document, node->span,
		      phrase_make(compiler->arena, MESSAGE_UNKNOWN_LEXICAL, 1, doc_text(node)),
		      NULL, nearest ? &hint : NULL);
	return false;
}

/* There is no document to select from or to point into. */
static bool compile_commit(struct compiler *compiler)
{
	static const char *const others[] = {"given", "at", "for-each"};

	for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
		const struct doc_node *node = compile_rule_key(compiler, others[i]);

		if (!node)
			continue;
		compile_fault(
			compiler, compiler->rule->document, node->key->span,
			phrase_make(compiler->arena, MESSAGE_COMMIT_HAS_NO, 1, doc_key_text(node)),
			NULL, NULL);
		return false;
	}
	return compile_operand(compiler, OPERAND_CHECK, compile_rule_key(compiler, "commit"),
			       compiler->judge, CEL_STRICT, &cel_bool);
}

static bool (*const compile_operands[])(struct compiler *compiler) = {
	[RULE_ASSERT] = compile_assert,         [RULE_PRESENT] = compile_present,
	[RULE_INCLUDES] = compile_includes,     [RULE_ONE_OF] = compile_one_of,
	[RULE_ORDER] = compile_order,           [RULE_UNIQUE] = compile_key,
	[RULE_REFERENCE] = compile_reference,   [RULE_ACYCLIC] = compile_key,
	[RULE_DISJOINT] = compile_disjoint,     [RULE_GROUP_BY] = compile_group_by,
	[RULE_TRANSITION] = compile_transition, [RULE_COMMIT] = compile_commit,
	[RULE_LEXICAL] = compile_lexical,
};
_Static_assert(G_N_ELEMENTS(compile_operands) == RULE_CHECK_COUNT, "a compiler for every check");

bool compile_check(struct compiler *compiler)
{
	return compile_operands[compiler->rule->check](compiler);
}
