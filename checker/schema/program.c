/*
 * From the graph to programs (program.h): for each subschema and each type of instance the
 * instructions that decide, cheapest first.
 *
 * Building simplifies what the type already decides: a `type` that excludes it makes the whole
 * program fail, one that includes it vanishes, branches of anyOf and oneOf that fail for the type
 * are dropped, a choice with one branch left becomes that branch. Short programs of referenced
 * subschemas are copied into place, longer ones are called. A subschema that refers to itself is
 * called too: its program is found at run time, so cycles need nothing special.
 *
 * Tracked programs keep every branch that marks something: only what holds for no instance of the
 * type may be dropped from them.
 */
#include "schema/draft.h"

#include <string.h>

const struct instr program_accept[1] = {{.op = OP_END}};
const struct instr program_reject[1] = {{.op = OP_FAIL}};

enum {
	INLINE_MAX = 6,   /* instructions: longer programs are called, not copied */
	BUILD_DEPTH = 48, /* programs being built within each other */
};

struct schema_code *program_new(struct arena *arena, const struct schema_node *node)
{
	struct schema_code *code = arena_new(arena, struct schema_code);

	code->node = node;
	return code;
}

void program_note_entry(const struct schema_node *node)
{
	node->code->is_entry = true;
}

struct instr *draft_emit(struct draft *draft, enum op op)
{
	struct instr instr = {.op = op};

	g_array_append_val(draft->instrs, instr);
	return &g_array_index(draft->instrs, struct instr, draft->instrs->len - 1);
}

/* The op for the draft's flavor; tracked ones stand right behind the plain ones. */
enum op draft_flavored(const struct draft *draft, enum op op)
{
	return draft->flavor == TRACKED ? op + 1 : op;
}

/* --- calls and copies of other subschemas' programs */

static const struct instr *call(struct builder *builder, const struct schema_code *code,
				enum flavor flavor)
{
	struct instr *program = arena_array(builder->arena, 2, sizeof(*program));

	program[0].op = flavor == TRACKED ? OP_APPLY_TRACKED : OP_APPLY;
	program[0].code = code;
	if (flavor == TRACKED)
		g_queue_push_tail(&builder->wanted, (gpointer)code);
	return program;
}

/* Only arrays and objects have children to mark. */
static enum flavor useful_flavor(enum flavor flavor, enum doc_type type)
{
	return type == DOC_ARRAY || type == DOC_OBJECT ? flavor : PLAIN;
}

/* The program of a subschema applied in place, or a call of it. */
static const struct instr *program_of(struct draft *draft, const struct schema_node *node,
				      enum flavor flavor)
{
	return draft_build(draft->builder, node->code, draft->type,
			   useful_flavor(flavor, draft->type));
}

static size_t program_length(const struct instr *program)
{
	size_t length = 0;

	while (program[length].op != OP_END && program[length].op != OP_FAIL)
		length++;
	return length;
}

static void append_program(struct draft *draft, const struct instr *program)
{
	if (program == program_reject)
		draft->fails = true;
	else
		g_array_append_vals(draft->instrs, program, (guint)program_length(program));
}

static bool can_inline(const struct instr *program)
{
	for (size_t i = 0; program[i].op != OP_END; i++)
		if (program[i].op == OP_ENTER || i >= INLINE_MAX)
			return false;
	return true;
}

/* All of a subschema must hold in place: $ref, allOf, a choice with one branch left. */
static void emit_all(struct draft *draft, const struct schema_node *node)
{
	const struct instr *program = program_of(draft, node, draft->flavor);

	if (program == program_reject || can_inline(program))
		append_program(draft, program);
	else
		append_program(draft, call(draft->builder, node->code,
					   useful_flavor(draft->flavor, draft->type)));
}

/* --- applicators in place */

static struct choice *choice_new(struct draft *draft, uint32_t count)
{
	return arena_alloc(draft->builder->arena,
			   sizeof(struct choice) + count * sizeof(const struct instr *));
}

static void emit_any(struct draft *draft, const struct schema_keyword *keyword)
{
	struct choice *choice = choice_new(draft, keyword->count);
	const struct schema_node *last = NULL;

	for (uint32_t i = 0; i < keyword->count; i++) {
		const struct schema_node *branch = keyword->branches[i].schema;
		const struct instr *program = program_of(draft, branch, draft->flavor);

		if (program == program_accept && draft->flavor == PLAIN)
			return;
		if (program == program_reject)
			continue;
		choice->programs[choice->count++] = program;
		last = branch;
	}
	if (choice->count == 0)
		draft->fails = true;
	else if (choice->count == 1)
		emit_all(draft, last);
	else
		draft_emit(draft, draft_flavored(draft, OP_ANY))->choice = choice;
}

static void emit_one(struct draft *draft, const struct schema_keyword *keyword)
{
	struct choice *choice = choice_new(draft, keyword->count);
	const struct schema_node *last = NULL;
	unsigned certain = 0;

	for (uint32_t i = 0; i < keyword->count; i++) {
		const struct schema_node *branch = keyword->branches[i].schema;
		const struct instr *program = program_of(draft, branch, draft->flavor);

		if (program == program_reject)
			continue;
		certain += program == program_accept;
		choice->programs[choice->count++] = program;
		last = branch;
	}
	if (choice->count == 0 || certain > 1)
		draft->fails = true;
	else if (choice->count == 1)
		emit_all(draft, last);
	else
		draft_emit(draft, draft_flavored(draft, OP_ONE))->choice = choice;
}

static void emit_not(struct draft *draft, const struct schema_keyword *keyword)
{
	const struct instr *program = program_of(draft, keyword->schema, PLAIN);
	struct choice *choice = choice_new(draft, 1);

	if (program == program_accept) {
		draft->fails = true;
	} else if (program != program_reject) {
		choice->programs[choice->count++] = program;
		draft_emit(draft, OP_NOT)->choice = choice;
	}
}

static const struct schema_node *subschema(const struct schema_node *node,
					   enum schema_keyword_id id)
{
	const struct schema_keyword *keyword = schema_keyword(node, id);

	return keyword ? keyword->schema : NULL;
}

static void emit_if(struct draft *draft, const struct schema_keyword *keyword)
{
	const struct schema_node *yes = subschema(draft->node, SCHEMA_KEYWORD_THEN);
	const struct schema_node *no = subschema(draft->node, SCHEMA_KEYWORD_ELSE);
	const struct instr *condition = program_of(draft, keyword->schema, draft->flavor);
	struct choice *choice;

	if (!yes && !no && draft->flavor == PLAIN)
		return;
	if (condition == program_reject) {
		if (no)
			emit_all(draft, no);
		return;
	}
	if (condition == program_accept && draft->flavor == PLAIN) {
		if (yes)
			emit_all(draft, yes);
		return;
	}
	choice = choice_new(draft, 3);
	choice->count = 3;
	choice->programs[0] = condition;
	choice->programs[1] = yes ? program_of(draft, yes, draft->flavor) : NULL;
	choice->programs[2] = no ? program_of(draft, no, draft->flavor) : NULL;
	draft_emit(draft, draft_flavored(draft, OP_IF))->choice = choice;
}

static void emit_dependent_schema(struct draft *draft, const struct schema_branch *branch)
{
	const struct instr *program = program_of(draft, branch->schema, draft->flavor);
	struct choice *choice = choice_new(draft, 1);

	if (program == program_accept)
		return;
	choice->count = 1;
	choice->symbol = branch->symbol;
	choice->programs[0] = program;
	draft_emit(draft, draft_flavored(draft, OP_DEPENDENT))->choice = choice;
}

static void emit_dependencies(struct draft *draft, const struct schema_keyword *keyword)
{
	bool has_names = false;

	for (uint32_t i = 0; i < keyword->count; i++) {
		if (keyword->branches[i].schema)
			emit_dependent_schema(draft, &keyword->branches[i]);
		else
			has_names = true;
	}
	if (has_names)
		draft_emit(draft, OP_DEPENDENT_NAMES)->names = keyword;
}

static void emit_reference(struct draft *draft, const struct schema_keyword *keyword)
{
	const struct dynamic_detail *dynamic = keyword->detail;

	if (dynamic && dynamic->count > 1) {
		enum flavor flavor = useful_flavor(draft->flavor, draft->type);

		draft_emit(draft, flavor == TRACKED ? OP_DYNAMIC_TRACKED : OP_DYNAMIC)->dynamic =
			dynamic;
		for (uint32_t i = 0; flavor == TRACKED && i < dynamic->count; i++)
			g_queue_push_tail(&draft->builder->wanted, dynamic->nodes[i]->code);
		return;
	}
	if (keyword->schema)
		emit_all(draft, keyword->schema);
}

static void emit_in_place(struct draft *draft, const struct schema_keyword *keyword)
{
	switch ((int)keyword->id) {
	case SCHEMA_KEYWORD_REF:
	case SCHEMA_KEYWORD_DYNAMIC_REF:
	case SCHEMA_KEYWORD_RECURSIVE_REF:
		emit_reference(draft, keyword);
		break;
	case SCHEMA_KEYWORD_ALL_OF:
		for (uint32_t i = 0; i < keyword->count; i++)
			emit_all(draft, keyword->branches[i].schema);
		break;
	case SCHEMA_KEYWORD_ANY_OF:
		emit_any(draft, keyword);
		break;
	case SCHEMA_KEYWORD_ONE_OF:
		emit_one(draft, keyword);
		break;
	case SCHEMA_KEYWORD_NOT:
		emit_not(draft, keyword);
		break;
	case SCHEMA_KEYWORD_IF:
		emit_if(draft, keyword);
		break;
	case SCHEMA_KEYWORD_DEPENDENT_REQUIRED:
	case SCHEMA_KEYWORD_DEPENDENT_SCHEMAS:
	case SCHEMA_KEYWORD_DEPENDENCIES:
		if (draft->type == DOC_OBJECT)
			emit_dependencies(draft, keyword);
		break;
	case SCHEMA_KEYWORD_CONTAINS:
		if (draft->type == DOC_ARRAY)
			draft_contains(draft, keyword);
		break;
	case SCHEMA_KEYWORD_PROPERTY_NAMES:
		if (draft->type == DOC_OBJECT)
			draft_names(draft, keyword);
		break;
	default:
		break;
	}
}

/* --- whole programs */

static const struct schema_keyword *unevaluated(const struct schema_node *node, enum doc_type type)
{
	return type == DOC_OBJECT  ? schema_keyword(node, SCHEMA_KEYWORD_UNEVALUATED_PROPERTIES)
	       : type == DOC_ARRAY ? schema_keyword(node, SCHEMA_KEYWORD_UNEVALUATED_ITEMS)
				   : NULL;
}

static int by_op(const void *a, const void *b)
{
	return (int)((const struct instr *)a)->op - (int)((const struct instr *)b)->op;
}

static const struct instr *finish(struct draft *draft)
{
	struct instr *program;
	guint count = draft->instrs->len;

	if (draft->fails)
		return program_reject;
	if (!count)
		return program_accept;
	program = arena_array(draft->builder->arena, count + 1, sizeof(*program));
	memcpy(program, draft->instrs->data, count * sizeof(*program));
	qsort(program, count, sizeof(*program), by_op); /* any order is right */
	program[count].op = OP_END;
	return program;
}

static bool enters(const struct builder *builder, const struct schema_node *node)
{
	return builder->schema->is_dynamic &&
	       (node->code->is_entry || node->place == node->resource->root);
}

/* The instructions of all keywords, for the draft's type and flavor. */
static void emit_keywords(struct draft *draft)
{
	const struct schema_node *node = draft->node;

	for (uint16_t i = 0; i < node->count && !draft->fails; i++)
		draft_assertion(draft, &node->keywords[i]);
	if (draft->fails)
		return;
	if (draft->type == DOC_OBJECT)
		draft_object(draft);
	if (draft->type == DOC_ARRAY)
		draft_items(draft);
	for (uint16_t i = 0; i < node->count && !draft->fails; i++)
		emit_in_place(draft, &node->keywords[i]);
}

static const struct instr *write_program(struct builder *builder, const struct schema_node *node,
					 enum doc_type type, enum flavor flavor)
{
	const struct schema_keyword *last = unevaluated(node, type);
	struct draft draft = {
		.builder = builder,
		.node = node,
		.type = type,
		.flavor = last ? TRACKED : flavor,
		.instrs = g_array_new(FALSE, TRUE, sizeof(struct instr)),
	};
	const struct instr *program;

	if (enters(builder, node))
		draft_emit(&draft, OP_ENTER)->resource = node->resource;
	emit_keywords(&draft);
	if (last)
		draft_emit(&draft, OP_UNEVALUATED)->code = last->schema->code;
	program = finish(&draft);
	if (last && program != program_reject) {
		g_array_set_size(draft.instrs, 0);
		draft_emit(&draft, flavor == TRACKED ? OP_FRAME_MERGE : OP_FRAME)->program =
			program;
		program = finish(&draft);
	}
	g_array_free(draft.instrs, TRUE);
	return program;
}

const struct instr *draft_build(struct builder *builder, struct schema_code *code,
				enum doc_type type, enum flavor flavor)
{
	const struct schema_node *node = code->node;

	if (code->programs[flavor][type])
		return code->programs[flavor][type];
	if (code->busy[flavor] & 1 << type || builder->depth >= BUILD_DEPTH)
		return call(builder, code, flavor);
	builder->depth++;
	code->busy[flavor] |= (uint16_t)(1 << type);
	if (node->is_boolean)
		code->programs[flavor][type] = node->accepts ? program_accept : program_reject;
	else
		code->programs[flavor][type] = write_program(builder, node, type, flavor);
	code->busy[flavor] &= (uint16_t) ~(1 << type);
	builder->depth--;
	return code->programs[flavor][type];
}

static void note_certain(struct schema_code *code)
{
	for (int type = 0; type < DOC_TYPES; type++) {
		if (code->programs[PLAIN][type] == program_accept)
			code->accepts |= (uint8_t)(1 << type);
		if (code->programs[PLAIN][type] == program_reject)
			code->rejects |= (uint8_t)(1 << type);
	}
}

/* What each property's program always or never allows, beside its symbol. */
static void copy_masks(struct object_rules *rules)
{
	struct property_rule *slots = (struct property_rule *)rules->slots;

	for (uint32_t i = 0; i <= rules->mask; i++) {
		slots[i].accepts = slots[i].code ? slots[i].code->accepts : UINT8_MAX;
		slots[i].rejects = slots[i].code ? slots[i].code->rejects : 0;
	}
}

void program_build(struct schema *schema)
{
	struct builder builder = {
		.schema = schema, .arena = &schema->set->arena, .objects = g_ptr_array_new()};
	struct schema_code *code;

	for (guint i = 0; i < schema->queue->len; i++) {
		const struct schema_node *node = g_ptr_array_index(schema->queue, i);

		for (int type = 0; type < DOC_TYPES; type++)
			draft_build(&builder, node->code, type, PLAIN);
		note_certain(node->code);
	}
	while ((code = g_queue_pop_head(&builder.wanted)))
		for (int type = 0; type < DOC_TYPES; type++)
			draft_build(&builder, code, type,
				    type == DOC_ARRAY || type == DOC_OBJECT ? TRACKED : PLAIN);
	for (guint i = 0; i < builder.objects->len; i++)
		copy_masks(g_ptr_array_index(builder.objects, i));
	g_ptr_array_free(builder.objects, TRUE);
}
