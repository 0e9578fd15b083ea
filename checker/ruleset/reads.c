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

/* Names below a place that are read; of a list the items stand under a name without data. */
struct read_tree {
	struct slice name;
	bool whole; /* with all that is in it */
	struct read_tree *first;
	struct read_tree *next; /* beside it */
};

/* What a rule reads while it is gathered; becomes the steps when all is. */
struct read_trees {
	struct rule_reads reads; /* first: instances point to it */
	struct read_tree document, self, parent, target;
};

static struct read_trees *trees_of(const struct rule_instance *instance)
{
	return (struct read_trees *)(void *)instance->reads;
}

static struct read_tree *step_into(struct loader *loader, struct read_tree *tree, struct slice name)
{
	struct read_tree *child = tree->first;

	while (child && !(!child->name.data == !name.data && slice_equal(child->name, name)))
		child = child->next;
	if (child)
		return child;
	child = arena_new(loader->arena, struct read_tree);
	child->name = name;
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
	struct read_trees *trees = trees_of(instance);
	size_t count;
	const struct cel_read *reads = cel_program_reads(expression->program, &count);

	for (size_t i = 0; i < count; i++) {
		const struct cel_read *read = &reads[i];
		int slot = (int)read->slot;
		enum cel_read_use use = use_of(operand, expression, read);

		if (slot == instance->slots[VARIABLE_DOCUMENT])
			add_read(loader, &trees->document, read, 0, use);
		else if (slot == instance->slots[VARIABLE_THIS] ||
			 slot == instance->slots[VARIABLE_OTHER])
			add_read(loader, &trees->self, read, 0, use);
		else if (slot == instance->slots[VARIABLE_PARENT])
			add_read(loader, &trees->parent, read, 0, use);
		else if (slot == instance->slots[VARIABLE_TARGET])
			add_read(loader, &trees->target, read, 0, use);
		else if (slot == instance->slots[VARIABLE_GROUP] && read->step_count)
			add_read(loader, &trees->self, read, 1, use);
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
	instance->reads = &arena_new(compiler->arena, struct read_trees)->reads;
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

/* --- steps */

static size_t count_steps(const struct read_tree *tree)
{
	size_t count = 1;

	for (const struct read_tree *child = tree->first; child && !tree->whole;
	     child = child->next)
		count += count_steps(child);
	return count;
}

/* Returns where those of the tree end. */
static struct read_step *put_steps(struct read_step *at, const struct read_tree *tree,
				   struct symbols *symbols)
{
	struct read_step *place = at++;

	for (const struct read_tree *child = tree->first; child && !tree->whole;
	     child = child->next)
		at = put_steps(at, child, symbols);
	*place = (struct read_step){
		.symbol = tree->name.data ? symbols_intern(symbols, tree->name.data, tree->name.len)
					  : SYMBOL_NONE,
		.whole = tree->whole,
		.size = (uint32_t)(at - place) & 0x7fffffff,
	};
	return at;
}

/* Moves `at` behind the steps of the tree. */
static const struct read_step *take_steps(struct read_step **at, const struct read_tree *tree,
					  struct symbols *symbols)
{
	struct read_step *steps = *at;

	if (!tree->whole && !tree->first)
		return NULL;
	*at = put_steps(steps, tree, symbols);
	return steps;
}

static void finish_rule(struct loader *loader, struct read_trees *trees)
{
	struct symbols *symbols = loader->store->symbols;
	size_t count = count_steps(&trees->document) + count_steps(&trees->self) +
		       count_steps(&trees->parent) + count_steps(&trees->target);
	struct read_step *at = arena_array(loader->arena, count, sizeof(*at));

	trees->reads.document = take_steps(&at, &trees->document, symbols);
	trees->reads.self = take_steps(&at, &trees->self, symbols);
	trees->reads.parent = take_steps(&at, &trees->parent, symbols);
	trees->reads.target = take_steps(&at, &trees->target, symbols);
}

/* What the references of any entry read of the documents of this one. */
static void finish_target(struct loader *loader, struct entry_programs *programs)
{
	struct read_tree all = {0};
	struct read_step *at;

	for (guint e = 0; e < loader->entries->len; e++) {
		const struct document_entry *entry = loader->entries->pdata[e];

		for (size_t i = 0; i < entry->rule_count; i++)
			if (entry->rules[i]->rule->check == RULE_REFERENCE &&
			    entry->rules[i]->kind_slot == programs->kind_slot)
				join(loader, &all, &trees_of(entry->rules[i])->target);
	}
	at = arena_array(loader->arena, count_steps(&all), sizeof(*at));
	programs->target_reads = take_steps(&at, &all, loader->store->symbols);
}

void reads_finish(struct loader *loader)
{
	for (guint e = 0; e < loader->entries->len; e++) {
		const struct document_entry *entry = loader->entries->pdata[e];

		for (size_t i = 0; i < entry->rule_count; i++)
			if (entry->rules[i]->reads)
				finish_rule(loader, trees_of(entry->rules[i]));
		finish_target(loader, (struct entry_programs *)(void *)entry->programs);
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
