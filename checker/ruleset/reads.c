/*
 * What rules that are judged over the index read of the documents, as trees of names: the index
 * keeps only that much of each document (DESIGN.md section 8).
 *
 * Of its own document a rule reads, when it is judged over the index: its names (`let`,
 * `for-each`), what it asserts, where it points, and its message. Of a target or of the members of
 * a group it reads fields only: the whole of one would make every document part of the index, so
 * that is a fault here, with a field to name instead.
 *
 * Must not: know how the index keeps them.
 */
#include "ruleset/compile.h"

#include "source/message.h"

#include <string.h>

void rule_each_expression(const struct rule_instance *instance,
			  void (*each)(void *context, enum rule_operand operand,
				       const struct rule_expression *expression),
			  void *context)
{
	for (size_t i = 0; i < instance->let_count; i++)
		each(context, OPERAND_COUNT, &instance->lets[i].value);
	if (instance->each.value.program)
		each(context, OPERAND_COUNT, &instance->each.value);
	for (enum rule_operand i = 0; i < OPERAND_COUNT; i++)
		if (instance->operands[i].program)
			each(context, i, &instance->operands[i]);
	for (size_t i = 0; i < instance->order_count; i++)
		if (instance->order[i].program)
			each(context, OPERAND_CHECK, &instance->order[i]);
	for (size_t i = 0; i < instance->message.value_count; i++)
		if (instance->message.values[i].program)
			each(context, OPERAND_COUNT, &instance->message.values[i]);
}

/* --- trees */

static struct read_tree *step_into(struct loader *loader, struct read_tree *tree, struct slice name)
{
	struct read_tree *child = tree->first;

	while (child && !(!child->name.data == !name.data && slice_equal(child->name, name)))
		child = child->next;
	if (child)
		return child;
	child = arena_new(loader->arena, struct read_tree);
	child->name = name;
	if (name.data)
		child->symbol = symbols_intern(loader->store->symbols, name.data, name.len);
	child->next = tree->first;
	tree->first = child;
	return child;
}

static void add_read(struct loader *loader, struct read_tree *tree, const struct cel_read *read,
		     size_t skip, enum cel_read_use use)
{
	for (size_t i = skip; i < read->step_count; i++)
		tree = step_into(loader, tree, read->steps[i]);
	tree->whole |= use == CEL_READ_WHOLE;
}

struct gathering {
	struct compiler *compiler;
	struct rule_instance *instance;
};

/* Where `at` points, nothing is read: the place alone is wanted. */
static enum cel_read_use use_of(enum rule_operand operand, const struct rule_expression *expression,
				const struct cel_read *read)
{
	bool is_result = !read->span.start &&
			 read->span.end == cel_program_text(expression->program).len;

	return operand == OPERAND_AT && is_result ? CEL_READ_SHALLOW : read->use;
}

static void gather_expression(const struct gathering *gathering, enum rule_operand operand,
			      const struct rule_expression *expression)
{
	struct rule_instance *instance = gathering->instance;
	struct loader *loader = gathering->compiler->loader;
	size_t count;
	const struct cel_read *reads = cel_program_reads(expression->program, &count);

	for (size_t i = 0; i < count; i++) {
		const struct cel_read *read = &reads[i];
		int slot = (int)read->slot;
		enum cel_read_use use = use_of(operand, expression, read);

		if (slot == instance->slots[VARIABLE_DOCUMENT])
			add_read(loader, &instance->reads->document, read, 0, use);
		else if (slot == instance->slots[VARIABLE_THIS] ||
			 slot == instance->slots[VARIABLE_OTHER])
			add_read(loader, &instance->reads->self, read, 0, use);
		else if (slot == instance->slots[VARIABLE_PARENT])
			add_read(loader, &instance->reads->parent, read, 0, use);
		else if (slot == instance->slots[VARIABLE_TARGET])
			add_read(loader, &instance->reads->target, read, 0, use);
		else if (slot == instance->slots[VARIABLE_GROUP] && read->step_count)
			add_read(loader, &instance->reads->self, read, 1, use);
	}
}

struct wanting {
	unsigned slot;
	bool wanted;
};

static void want_slot(struct wanting *wanting, const struct rule_expression *expression)
{
	wanting->wanted |= expression->program &&
			   cel_program_reads_slot(expression->program, wanting->slot);
}

/* What is evaluated over the index without having been asked for by a name. */
static bool is_judging(enum rule_operand operand)
{
	return operand == OPERAND_ASSERT || operand == OPERAND_AT;
}

/* Is a name of `let` or `for-each` used over the index, itself or in a later name that is? */
static bool is_used(const struct rule_instance *instance, unsigned slot)
{
	struct wanting wanting = {.slot = slot};

	for (enum rule_operand i = 0; i < OPERAND_COUNT; i++)
		if (is_judging(i))
			want_slot(&wanting, &instance->operands[i]);
	for (size_t i = 0; i < instance->message.value_count; i++)
		want_slot(&wanting, &instance->message.values[i]);
	for (size_t i = 0; i < instance->let_count && !wanting.wanted; i++) {
		struct wanting in_let = {.slot = slot};

		if (instance->lets[i].slot <= slot)
			continue;
		want_slot(&in_let, &instance->lets[i].value);
		wanting.wanted |= in_let.wanted && is_used(instance, instance->lets[i].slot);
	}
	if (instance->has_each && instance->each.slot > slot) {
		struct wanting in_each = {.slot = slot};

		want_slot(&in_each, &instance->each.value);
		wanting.wanted |= in_each.wanted && is_used(instance, instance->each.slot);
	}
	return wanting.wanted;
}

void reads_gather(struct compiler *compiler)
{
	struct rule_instance *instance = compiler->instance;
	struct gathering gathering = {compiler, instance};

	if (!compiler->rule->across)
		return;
	instance->reads = arena_new(compiler->arena, struct rule_reads);
	for (enum rule_operand i = 0; i < OPERAND_COUNT; i++)
		if (is_judging(i) && instance->operands[i].program)
			gather_expression(&gathering, i, &instance->operands[i]);
	for (size_t i = 0; i < instance->message.value_count; i++)
		gather_expression(&gathering, OPERAND_COUNT, &instance->message.values[i]);
	for (size_t i = 0; i < instance->let_count; i++)
		if (is_used(instance, instance->lets[i].slot))
			gather_expression(&gathering, OPERAND_COUNT, &instance->lets[i].value);
	instance->uses_each = instance->has_each && is_used(instance, instance->each.slot);
	if (instance->uses_each)
		gather_expression(&gathering, OPERAND_COUNT, &instance->each.value);
}

static void join(struct loader *loader, struct read_tree *into, const struct read_tree *tree)
{
	into->whole |= tree->whole;
	for (const struct read_tree *child = tree->first; child; child = child->next)
		join(loader, step_into(loader, into, child->name), child);
}

void reads_join_targets(struct loader *loader)
{
	for (guint e = 0; e < loader->entries->len; e++) {
		struct document_entry *entry = loader->entries->pdata[e];

		for (size_t i = 0; i < entry->rule_count; i++) {
			const struct rule_instance *instance = entry->rules[i];

			if (instance->rule->check != RULE_REFERENCE)
				continue;
			for (guint t = 0; t < loader->entries->len; t++) {
				struct document_entry *target = loader->entries->pdata[t];
				struct entry_programs *programs = (void *)target->programs;

				if (programs->kind_slot == instance->kind_slot)
					join(loader, &programs->target_reads,
					     &instance->reads->target);
			}
		}
	}
}

/* --- the whole of a target or group */

static bool holds_objects(const struct cel_type *type)
{
	type = compile_bare_type(type);
	if (type->kind == CEL_T_LIST && type->param_count)
		return holds_objects(type->params[0]);
	return type->kind == CEL_T_OBJECT || type->kind == CEL_T_MAP;
}

/* A field that can be named instead, as it would be written; of `group` within map(). */
static char *field_of(const struct rule_expression *expression, const struct cel_read *read)
{
	struct slice text = cel_program_text(expression->program);
	const struct cel_type *type = read->type ? compile_bare_type(read->type) : &cel_dyn;
	bool is_list = type->kind == CEL_T_LIST;
	struct slice field = SLICE("id");

	if (is_list)
		type = compile_bare_type(type->params[0]);
	for (size_t i = type->field_count; i-- > 0;)
		if (!holds_objects(type->fields[i].type) &&
		    (type->fields[i].presence == CEL_FIELD_REQUIRED || !field.data))
			field = type->fields[i].name;
	text = (struct slice){text.data + read->span.start, read->span.end - read->span.start};
	return g_strdup_printf(is_list ? "%.*s.map(x, x.%.*s)" : "%.*s.%.*s", (int)text.len,
			       text.data, (int)field.len, field.data);
}

static void refuse_whole(struct compiler *compiler, const struct rule_expression *expression,
			 const struct cel_read *read)
{
	struct slice name = cel_env_variable_name(expression->env, read->slot);
	uint32_t offset = (uint32_t)expression->offset;
	struct span span = {
		doc_text_offset(expression->document, expression->node, offset + read->span.start),
		doc_text_offset(expression->document, expression->node, offset + read->span.end),
	};
	char *field = field_of(expression, read);
	struct phrase hint = phrase_make(compiler->arena, MESSAGE_WHOLE_OBJECT_HINT, 1,
					 slice_of(field));

	compile_fault(compiler, expression->document, span,
		      phrase_make(compiler->arena, MESSAGE_WHOLE_OBJECT, 1, name), NULL, &hint);
	g_free(field);
}

static void check_whole(void *context, enum rule_operand operand,
			const struct rule_expression *expression)
{
	struct compiler *compiler = context;
	const int *slots = compiler->instance->slots;
	size_t count;
	const struct cel_read *reads = cel_program_reads(expression->program, &count);

	(void)operand;
	for (size_t i = 0; i < count; i++) {
		const struct cel_read *read = &reads[i];
		bool is_target = (int)read->slot == slots[VARIABLE_TARGET];
		size_t own_steps = is_target ? 0 : 1;

		if (read->use != CEL_READ_WHOLE ||
		    (!is_target && (int)read->slot != slots[VARIABLE_GROUP]))
			continue;
		if (read->step_count <= own_steps || (read->type && holds_objects(read->type)))
			refuse_whole(compiler, expression, read);
	}
}

bool reads_check_whole(struct compiler *compiler)
{
	bool good = compiler->good;

	compiler->good = true;
	if (compiler->rule->check == RULE_REFERENCE || compiler->rule->check == RULE_GROUP_BY)
		rule_each_expression(compiler->instance, check_whole, compiler);
	good &= compiler->good;
	compiler->good = good;
	return good;
}
