/*
 * From the graph to programs (program.h): for each subschema and each type of instance the
 * instructions that decide, cheapest first.
 *
 * Building simplifies what the type already decides: a `type` that excludes it makes the whole
 * program fail, one that includes it vanishes, branches of anyOf and oneOf that fail for the type are
 * dropped, a choice with one branch left becomes that branch. Short programs of referenced
 * subschemas are copied into place, longer ones are called. A subschema that refers to itself is
 * called too: its program is found at run time, so cycles need nothing special.
 *
 * Tracked programs keep every branch that marks something: only what holds for no instance of the
 * type may be dropped from them.
 */
#include "schema/format.h"
#include "schema/program.h"

#include <string.h>

const struct instr program_accept[1] = {{.op = OP_END}};
const struct instr program_reject[1] = {{.op = OP_FAIL}};

enum {
	INLINE_MAX = 6,  /* instructions: longer programs are called, not copied */
	BUILD_DEPTH = 48, /* programs being built within each other */
	REQUIRED_BITS = 64,
};

struct builder {
	struct schema *schema;
	struct arena *arena;
	GPtrArray *objects; /* struct object_rules, whose masks are filled in at the end */
	GQueue wanted; /* struct schema_code whose tracked programs are called somewhere */
	unsigned depth;
};

/* One program while it is written. */
struct draft {
	struct builder *builder;
	const struct schema_node *node;
	GArray *instrs;
	enum doc_type type;
	enum flavor flavor;
	bool fails;
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

static const struct instr *build(struct builder *builder, struct schema_code *code,
				 enum doc_type type, enum flavor flavor);

static bool is_number(enum doc_type type)
{
	return type == DOC_INTEGER || type == DOC_NUMBER;
}

static struct instr *emit(struct draft *draft, enum op op)
{
	struct instr instr = {.op = op};

	g_array_append_val(draft->instrs, instr);
	return &g_array_index(draft->instrs, struct instr, draft->instrs->len - 1);
}

/* The op for the draft's flavor; tracked ones stand right behind the plain ones. */
static enum op flavored(const struct draft *draft, enum op op)
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
	return build(draft->builder, node->code, draft->type, useful_flavor(flavor, draft->type));
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
		emit(draft, flavored(draft, OP_ANY))->choice = choice;
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
		emit(draft, flavored(draft, OP_ONE))->choice = choice;
}

static void emit_not(struct draft *draft, const struct schema_keyword *keyword)
{
	const struct instr *program = program_of(draft, keyword->schema, PLAIN);
	struct choice *choice = choice_new(draft, 1);

	if (program == program_accept) {
		draft->fails = true;
	} else if (program != program_reject) {
		choice->programs[choice->count++] = program;
		emit(draft, OP_NOT)->choice = choice;
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
	emit(draft, flavored(draft, OP_IF))->choice = choice;
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
	emit(draft, flavored(draft, OP_DEPENDENT))->choice = choice;
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
		emit(draft, OP_DEPENDENT_NAMES)->names = keyword;
}

static void emit_reference(struct draft *draft, const struct schema_keyword *keyword)
{
	const struct dynamic_detail *dynamic = keyword->detail;

	if (dynamic && dynamic->count > 1) {
		enum flavor flavor = useful_flavor(draft->flavor, draft->type);

		emit(draft, flavor == TRACKED ? OP_DYNAMIC_TRACKED : OP_DYNAMIC)->dynamic = dynamic;
		for (uint32_t i = 0; flavor == TRACKED && i < dynamic->count; i++)
			g_queue_push_tail(&draft->builder->wanted, dynamic->nodes[i]->code);
		return;
	}
	if (keyword->schema)
		emit_all(draft, keyword->schema);
}

/* --- applicators to children */

/* NULL where it holds for everything. */
static const struct schema_code *child_code(const struct schema_node *node)
{
	return !node || (node->is_boolean && node->accepts) ? NULL : node->code;
}

static struct property_rule *slot_of(struct object_rules *rules, uint32_t symbol)
{
	struct property_rule *slots = (struct property_rule *)rules->slots;
	uint32_t at = symbol & rules->mask;

	while (slots[at].symbol && slots[at].symbol != symbol)
		at = (at + 1) & rules->mask;
	slots[at].symbol = symbol;
	return &slots[at];
}

static void add_patterns(struct draft *draft, struct object_rules *rules,
			 const struct schema_keyword *patterns)
{
	struct pattern_rule *list;

	if (!patterns)
		return;
	list = arena_array(draft->builder->arena, patterns->count, sizeof(*list));
	for (uint32_t i = 0; i < patterns->count; i++)
		list[i] = (struct pattern_rule){patterns->branches[i].pattern,
						child_code(patterns->branches[i].schema)};
	rules->patterns = list;
	rules->pattern_count = patterns->count;
}

/* Bits for the required names; those beyond the bits are looked for one by one. */
static void add_required(struct draft *draft, struct object_rules *rules,
			 const struct schema_keyword *required)
{
	for (uint32_t i = 0; required && i < required->count; i++) {
		uint32_t symbol = required->branches[i].symbol;
		struct property_rule *rule;

		if (rules->required_count == REQUIRED_BITS) {
			emit(draft, OP_HAS)->number = symbol;
			continue;
		}
		rule = slot_of(rules, symbol);
		if (rule->required)
			continue;
		rule->required = (uint64_t)1 << rules->required_count++;
		rules->required |= rule->required;
	}
}

/* properties, patternProperties, additionalProperties, required: one pass over the members. */
static void emit_object(struct draft *draft)
{
	const struct schema_node *node = draft->node;
	const struct schema_keyword *properties = schema_keyword(node, SCHEMA_KEYWORD_PROPERTIES);
	const struct schema_keyword *patterns =
		schema_keyword(node, SCHEMA_KEYWORD_PATTERN_PROPERTIES);
	const struct schema_keyword *required = schema_keyword(node, SCHEMA_KEYWORD_REQUIRED);
	const struct schema_keyword *additional =
		schema_keyword(node, SCHEMA_KEYWORD_ADDITIONAL_PROPERTIES);
	uint32_t names = (properties ? properties->count : 0) + (required ? required->count : 0);
	struct object_rules *rules;

	if (!properties && !patterns && !additional && required && required->count == 1) {
		emit(draft, OP_HAS)->number = required->branches[0].symbol;
		return;
	}
	if (!names && !patterns && !additional)
		return;
	rules = arena_new(draft->builder->arena, struct object_rules);
	rules->mask = 1;
	while (rules->mask < 2 * names)
		rules->mask = rules->mask * 2 + 1;
	rules->slots = arena_array(draft->builder->arena, (size_t)rules->mask + 1,
				   sizeof(*rules->slots));
	for (uint32_t i = 0; properties && i < properties->count; i++) {
		struct property_rule *rule = slot_of(rules, properties->branches[i].symbol);

		rule->is_known = true;
		rule->code = child_code(properties->branches[i].schema);
	}
	add_patterns(draft, rules, patterns);
	add_required(draft, rules, required);
	rules->has_additional = additional != NULL;
	rules->additional = additional ? child_code(additional->schema) : NULL;
	emit(draft, flavored(draft, OP_OBJECT))->object = rules;
	g_ptr_array_add(draft->builder->objects, rules);
}

/* prefixItems and items; up to 2019-09 items as a list and additionalItems. */
static void emit_items(struct draft *draft)
{
	const struct schema_keyword *prefix = schema_keyword(draft->node, SCHEMA_KEYWORD_PREFIX_ITEMS);
	const struct schema_keyword *items = schema_keyword(draft->node, SCHEMA_KEYWORD_ITEMS);
	const struct schema_keyword *rest = items;
	struct item_rules *rules;

	if (items && !items->schema) {
		prefix = items;
		rest = schema_keyword(draft->node, SCHEMA_KEYWORD_ADDITIONAL_ITEMS);
	}
	if (!prefix && !rest)
		return;
	rules = arena_new(draft->builder->arena, struct item_rules);
	rules->has_rest = rest != NULL;
	rules->rest = rest ? child_code(rest->schema) : NULL;
	rules->prefix_count = prefix ? prefix->count : 0;
	rules->prefix = arena_array(draft->builder->arena, rules->prefix_count,
				    sizeof(*rules->prefix));
	for (uint32_t i = 0; i < rules->prefix_count; i++)
		rules->prefix[i] = child_code(prefix->branches[i].schema);
	if (draft->flavor == PLAIN && !rules->rest && !rules->prefix_count)
		return;
	emit(draft, flavored(draft, OP_ITEMS))->items = rules;
}

static void emit_contains(struct draft *draft, const struct schema_keyword *keyword)
{
	const struct schema_keyword *least = schema_keyword(draft->node, SCHEMA_KEYWORD_MIN_CONTAINS);
	const struct schema_keyword *most = schema_keyword(draft->node, SCHEMA_KEYWORD_MAX_CONTAINS);
	struct contains_rules *rules = arena_new(draft->builder->arena, struct contains_rules);

	rules->code = keyword->schema->code;
	rules->least = least ? least->number : 1;
	rules->most = most ? most->number : UINT32_MAX;
	rules->marks = draft->node->resource->dialect->bit == D20;
	if (rules->least || most || draft->flavor == TRACKED)
		emit(draft, flavored(draft, OP_CONTAINS))->contains = rules;
}

static void emit_names(struct draft *draft, const struct schema_keyword *keyword)
{
	const struct instr *program = build(draft->builder, keyword->schema->code, DOC_STRING, PLAIN);

	if (program == program_reject)
		emit(draft, OP_MAX_COUNT)->number = 0;
	else if (program != program_accept)
		emit(draft, OP_NAMES)->code = keyword->schema->code;
}

/* --- assertions */

/* `type`: decides the whole program, but for whole numbers that are written with a fraction. */
static void emit_type(struct draft *draft)
{
	static const uint8_t bits[DOC_TYPES] = {
		[DOC_NULL] = SCHEMA_NULL,       [DOC_BOOLEAN] = SCHEMA_BOOLEAN,
		[DOC_INTEGER] = SCHEMA_INTEGER, [DOC_NUMBER] = SCHEMA_NUMBER,
		[DOC_STRING] = SCHEMA_STRING,   [DOC_ARRAY] = SCHEMA_ARRAY,
		[DOC_OBJECT] = SCHEMA_OBJECT,
	};
	uint8_t types = draft->node->types;

	if (types & bits[draft->type])
		return;
	if (draft->type == DOC_NUMBER && types & SCHEMA_INTEGER)
		emit(draft, OP_INTEGRAL);
	else
		draft->fails = true;
}

static void emit_date(struct draft *draft)
{
	const struct schema_node *node = draft->node;
	bool may_be_null = schema_keyword(node, SCHEMA_KEYWORD_TYPE) && node->types & SCHEMA_NULL;

	if (!node->is_date || (draft->type == DOC_NULL && may_be_null))
		return;
	if (draft->type == DOC_STRING || draft->type == DOC_INTEGER)
		emit(draft, OP_DATE);
	else
		draft->fails = true;
}

static void emit_booleans(struct draft *draft, const struct values_detail *values)
{
	bool allowed[2] = {false, false};

	for (uint32_t i = 0; i < values->count; i++)
		if (values->values[i]->type == DOC_BOOLEAN)
			allowed[values->values[i]->integer != 0] = true;
	if (!allowed[0] || !allowed[1])
		emit(draft, OP_BOOLEAN)->number = allowed[1];
}

static void emit_values(struct draft *draft, const struct values_detail *values)
{
	unsigned numbers = 1 << DOC_INTEGER | 1 << DOC_NUMBER;
	unsigned wanted = is_number(draft->type) ? numbers : 1u << draft->type;

	if (!values)
		return;
	if (!(values->doc_types & wanted))
		draft->fails = true;
	else if (draft->type == DOC_BOOLEAN)
		emit_booleans(draft, values);
	else if (draft->type == DOC_STRING && values->texts->count == 1)
		emit(draft, OP_TEXT_IS)->text = values->texts->texts;
	else if (draft->type == DOC_STRING)
		emit(draft, OP_TEXT_IN)->texts = values->texts;
	else if (draft->type != DOC_NULL)
		emit(draft, OP_VALUE_IN)->values = values;
}

static void emit_limit(struct draft *draft, const struct schema_keyword *keyword, enum op op)
{
	if (is_number(draft->type) && keyword->detail)
		emit(draft, op)->limit = keyword->detail;
}

/* A bound on what the type counts; a bound of 0 from below asks nothing. */
static void emit_count(struct draft *draft, const struct schema_keyword *keyword,
		       enum doc_type type, enum op op)
{
	if (draft->type == type && !(op == OP_MIN_COUNT && keyword->number == 0) &&
	    !(op == OP_MAX_COUNT && keyword->number == UINT32_MAX))
		emit(draft, op)->number = keyword->number;
}

bool program_asserts_format(const struct schema *schema, const struct schema_node *node)
{
	return schema->set->formats == SCHEMA_FORMATS_ASSERTED ||
	       node->resource->dialect->vocabularies & VOCABULARY_FORMAT_ASSERTION;
}

static void emit_format(struct draft *draft, const struct schema_keyword *keyword)
{
	if (draft->type == DOC_STRING && keyword->detail &&
	    program_asserts_format(draft->builder->schema, draft->node))
		emit(draft, OP_FORMAT)->format = keyword->detail;
}

static void emit_assertion(struct draft *draft, const struct schema_keyword *keyword)
{
	switch ((int)keyword->id) {
	case SCHEMA_KEYWORD_TYPE:
		emit_type(draft);
		break;
	case SCHEMA_KEYWORD_CONST:
	case SCHEMA_KEYWORD_ENUM:
		emit_values(draft, keyword->detail);
		break;
	case SCHEMA_KEYWORD_PLANLINT_TYPE:
		emit_date(draft);
		break;
	case SCHEMA_KEYWORD_MULTIPLE_OF:
		emit_limit(draft, keyword, OP_MULTIPLE);
		break;
	case SCHEMA_KEYWORD_MINIMUM:
	case SCHEMA_KEYWORD_EXCLUSIVE_MINIMUM:
		emit_limit(draft, keyword, OP_MINIMUM);
		break;
	case SCHEMA_KEYWORD_MAXIMUM:
	case SCHEMA_KEYWORD_EXCLUSIVE_MAXIMUM:
		emit_limit(draft, keyword, OP_MAXIMUM);
		break;
	case SCHEMA_KEYWORD_MIN_LENGTH:
		emit_count(draft, keyword, DOC_STRING, OP_MIN_COUNT);
		break;
	case SCHEMA_KEYWORD_MAX_LENGTH:
		emit_count(draft, keyword, DOC_STRING, OP_MAX_COUNT);
		break;
	case SCHEMA_KEYWORD_MIN_ITEMS:
		emit_count(draft, keyword, DOC_ARRAY, OP_MIN_COUNT);
		break;
	case SCHEMA_KEYWORD_MAX_ITEMS:
		emit_count(draft, keyword, DOC_ARRAY, OP_MAX_COUNT);
		break;
	case SCHEMA_KEYWORD_MIN_PROPERTIES:
		emit_count(draft, keyword, DOC_OBJECT, OP_MIN_COUNT);
		break;
	case SCHEMA_KEYWORD_MAX_PROPERTIES:
		emit_count(draft, keyword, DOC_OBJECT, OP_MAX_COUNT);
		break;
	case SCHEMA_KEYWORD_PATTERN:
		if (draft->type == DOC_STRING && keyword->detail)
			emit(draft, OP_PATTERN)->regex = keyword->detail;
		break;
	case SCHEMA_KEYWORD_FORMAT:
		emit_format(draft, keyword);
		break;
	case SCHEMA_KEYWORD_UNIQUE_ITEMS:
		if (draft->type == DOC_ARRAY && doc_is(keyword->value, DOC_BOOLEAN) &&
		    keyword->value->integer)
			emit(draft, OP_UNIQUE);
		break;
	default:
		break;
	}
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
			emit_contains(draft, keyword);
		break;
	case SCHEMA_KEYWORD_PROPERTY_NAMES:
		if (draft->type == DOC_OBJECT)
			emit_names(draft, keyword);
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
		emit_assertion(draft, &node->keywords[i]);
	if (draft->fails)
		return;
	if (draft->type == DOC_OBJECT)
		emit_object(draft);
	if (draft->type == DOC_ARRAY)
		emit_items(draft);
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
		emit(&draft, OP_ENTER)->resource = node->resource;
	emit_keywords(&draft);
	if (last)
		emit(&draft, OP_UNEVALUATED)->code = last->schema->code;
	program = finish(&draft);
	if (last && program != program_reject) {
		g_array_set_size(draft.instrs, 0);
		emit(&draft, flavor == TRACKED ? OP_FRAME_MERGE : OP_FRAME)->program = program;
		program = finish(&draft);
	}
	g_array_free(draft.instrs, TRUE);
	return program;
}

static const struct instr *build(struct builder *builder, struct schema_code *code,
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
	code->busy[flavor] &= (uint16_t)~(1 << type);
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
	struct builder builder = {.schema = schema,
				  .arena = &schema->set->arena,
				  .objects = g_ptr_array_new()};
	struct schema_code *code;

	for (guint i = 0; i < schema->queue->len; i++) {
		const struct schema_node *node = g_ptr_array_index(schema->queue, i);

		for (int type = 0; type < DOC_TYPES; type++)
			build(&builder, node->code, type, PLAIN);
		note_certain(node->code);
	}
	while ((code = g_queue_pop_head(&builder.wanted)))
		for (int type = 0; type < DOC_TYPES; type++)
			build(&builder, code, type,
			      type == DOC_ARRAY || type == DOC_OBJECT ? TRACKED : PLAIN);
	for (guint i = 0; i < builder.objects->len; i++)
		copy_masks(g_ptr_array_index(builder.objects, i));
	g_ptr_array_free(builder.objects, TRUE);
}
