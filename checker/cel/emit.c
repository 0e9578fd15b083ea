/*
 * Makes the code of a checked program (code.h): a cell for each node, in front of those of its
 * operands, and what each needs to run.
 *
 * Selects that are plain chains of fields over a variable become paths: they are what most of an
 * expression is, and followed in one go they cost a third. The type by which each step is read must
 * be the one that the checker saw, or dyn throughout: a value that is read otherwise when it runs
 * makes the evaluator go step by step. Conversions of literals become their values.
 */
#include "cel/code.h"
#include "cel/std.h"

#include <string.h>

enum { STEPS_MAX = 16, LINE = 64 /* bytes of the cache */, LIST_MAX_MOVED = 64, TEXTS_MAX = 12 };

struct emitter {
	struct cel_program *program;
	struct arena *arena;
	GArray *cells; /* union cel_cell */
};

static void emit(struct emitter *emitter, const struct cel_expr *expr);

static const struct ref *ref_of(const struct emitter *emitter, const struct cel_expr *expr)
{
	return &emitter->program->refs[expr->id];
}

static union cel_cell *cell_at(struct emitter *emitter, guint at)
{
	return &g_array_index(emitter->cells, union cel_cell, at);
}

/* A node with `data` cells behind it; until it is finished only what is set here is there. */
static guint begin(struct emitter *emitter, const struct cel_expr *expr, cel_runner *run,
		   size_t data)
{
	guint at = emitter->cells->len;
	const struct ref *ref = ref_of(emitter, expr);
	uint8_t flags = ref->lenient ? CODE_LENIENT : 0;

	if (expr->flags & EXPR_OPTIONAL)
		flags |= CODE_OPTIONAL;
	if (expr->flags & EXPR_TEST)
		flags |= CODE_TEST;
	g_array_set_size(emitter->cells, at + 1 + (guint)data);
	cell_at(emitter, at)->code = (struct cel_code){.run = run,
						       .expr = expr,
						       .op = expr->op,
						       .flags = flags,
						       .data = (uint16_t)data,
						       .slot = ref->slot};
	emitter->program->cells[expr->id] = at;
	return at;
}

static void emit_operand(struct emitter *emitter, guint at, const struct cel_expr *operand)
{
	if (!operand)
		return;
	emit(emitter, operand);
	cell_at(emitter, at)->code.count++;
}

static void finish(struct emitter *emitter, guint at)
{
	cell_at(emitter, at)->code.size = emitter->cells->len - at;
}

/* The node gives always the same, which lies in its first data cell. */
static void make_constant(struct emitter *emitter, guint at, const struct cel_value *value)
{
	cell_at(emitter, at)->code.run = cel_run_literal;
	cell_at(emitter, at + 1)->value = *value;
}

static void emit_constant(struct emitter *emitter, const struct cel_expr *expr,
			  const struct cel_value *value)
{
	guint at = begin(emitter, expr, cel_run_literal, 1);

	make_constant(emitter, at, value);
	finish(emitter, at);
}

/* --- Paths */

static const struct cel_type *plain(const struct cel_type *type)
{
	while (type && type->kind == CEL_T_NULLABLE)
		type = type->params[0];
	return type;
}

/* How a value of this static type is read from a node, where it is a map. */
static const struct cel_type *reading(const struct cel_type *type)
{
	type = plain(type);
	return type && (type->kind == CEL_T_OBJECT || type->kind == CEL_T_MAP) ? type : NULL;
}

/* How a field of a value is read; false: that is known only when it runs. */
static bool field_type(const struct ref *ref, const struct cel_type *operand,
		       const struct cel_type **out)
{
	operand = reading(operand);
	if (!operand)
		*out = NULL;
	else if (operand->kind == CEL_T_MAP)
		*out = operand->params[1];
	else if (operand == ref->object)
		*out = ref->field ? ref->field->type : operand->rest;
	else
		return false;
	return true;
}

static bool is_variable(const struct ref *ref)
{
	return ref->kind == REF_LOCAL || ref->kind == REF_VARIABLE;
}

/* The steps of a chain from the last to the first; 0: the select is none, or too long. */
static uint32_t find_chain(const struct emitter *emitter, const struct cel_expr *expr,
			   const struct cel_expr **chain, const struct cel_expr **variable)
{
	uint32_t count = 0;

	for (; expr->kind == EXPR_SELECT && !expr->flags; expr = expr->select.operand) {
		const struct ref *ref = ref_of(emitter, expr);

		if (count == STEPS_MAX || ref->kind != REF_NONE || !ref->symbol)
			return 0;
		chain[count++] = expr;
	}
	*variable = expr;
	return expr->kind == EXPR_IDENT && is_variable(ref_of(emitter, expr)) ? count : 0;
}

/* False: it is none. `path` has room for STEPS_MAX symbols. */
static bool find_path(const struct emitter *emitter, const struct cel_expr *expr,
		      struct cel_path *path)
{
	const struct cel_expr *chain[STEPS_MAX], *variable;
	uint32_t count = find_chain(emitter, expr, chain, &variable);
	const struct cel_type *type;

	if (!count)
		return false;
	type = emitter->program->types[variable->id];
	*path = (struct cel_path){.root = reading(type),
				  .slot = ref_of(emitter, variable)->slot,
				  .count = (uint8_t)count,
				  .is_local = ref_of(emitter, variable)->kind == REF_LOCAL,
				  .is_lenient = true};
	for (uint32_t i = 0; i < count; i++) {
		const struct ref *ref = ref_of(emitter, chain[count - 1 - i]);

		path->symbols[i] = ref->symbol;
		path->is_lenient &= ref->lenient;
		if (!field_type(ref, type, &type))
			return false;
	}
	path->type = plain(type);
	path->kind = (uint8_t)(path->type ? path->type->kind : CEL_T_DYN);
	return true;
}

/* A path with its symbols, as it is built. */
union room_for_path {
	struct cel_path path;
	char bytes[sizeof(struct cel_path) + STEPS_MAX * sizeof(uint32_t)];
};

static size_t path_bytes(const struct cel_path *path)
{
	return sizeof(*path) + path->count * sizeof(*path->symbols);
}

static size_t path_cells(const struct cel_path *path)
{
	return (path_bytes(path) + sizeof(union cel_cell) - 1) / sizeof(union cel_cell);
}

/* A path is a select too, for when it cannot be followed at once: that cell comes last. */
static guint begin_select(struct emitter *emitter, const struct cel_expr *expr)
{
	const struct ref *ref = ref_of(emitter, expr);
	union room_for_path found;
	bool is_path = find_path(emitter, expr, &found.path);
	size_t cells = is_path ? path_cells(&found.path) : 0;
	guint at = begin(emitter, expr, is_path ? cel_run_path : cel_run_select, 1 + cells);

	if (is_path)
		memcpy(cell_at(emitter, at + 1), &found, path_bytes(&found.path));
	cell_at(emitter, at + 1 + (guint)cells)->member = (struct cel_member){
		ref->object, ref->field, ref->symbol};
	return at;
}

static void emit_select(struct emitter *emitter, const struct cel_expr *expr)
{
	const struct ref *ref = ref_of(emitter, expr);
	guint at;

	if (ref->kind == REF_CONSTANT) {
		at = begin(emitter, expr, cel_run_literal, 1);
		make_constant(emitter, at, &ref->constant);
	} else if (ref->kind == REF_VARIABLE) {
		at = begin(emitter, expr, cel_run_ident, 0);
	} else {
		at = begin_select(emitter, expr);
	}
	emit_operand(emitter, at, expr->select.operand);
	finish(emitter, at);
}

/* --- Calls */

/* Whether a call gives the same for the same arguments, always. */
static bool is_conversion(const struct overload *overload)
{
	static cel_function *const conversions[] = {
		cel_timestamp_of_string, cel_timestamp_of_int, cel_duration_of_string,
		cel_date_earliest_of,    cel_date_latest_of,   cel_span_days,
		cel_span_months,         cel_span_years,       cel_version_of,
		cel_quantity_of,
	};

	for (size_t i = 0; i < G_N_ELEMENTS(conversions); i++)
		if (overload->decl.call == conversions[i])
			return true;
	return false;
}

/* A conversion of literals becomes its value; one that fails stays, to fail when it runs. */
static void convert(struct emitter *emitter, const struct cel_expr *expr, guint at)
{
	struct ref *ref = &emitter->program->refs[expr->id];
	struct cel_activation activation;
	struct cel_run run = {emitter->program, &activation, emitter->arena, 1000, NULL};
	struct cel_value value;

	if (ref->kind != REF_FUNCTION || expr->call.target || !ref->overload_count ||
	    !is_conversion(ref->overloads[ref->chosen]))
		return;
	for (uint32_t i = 0; i < expr->call.count; i++)
		if (expr->call.args[i]->kind != EXPR_LITERAL)
			return;
	cel_activation_init(&activation, NULL, 0);
	value = cel_run_value(&run, &cell_at(emitter, at)->code);
	if (value.kind == CEL_ERROR)
		return;
	ref->kind = REF_CONSTANT;
	ref->constant = value;
	make_constant(emitter, at, &value);
}

/* What to call at once where the arguments are of the kinds that the checker expects. */
static void fill_callee(struct cel_callee *callee, const struct ref *ref, size_t count)
{
	*callee = (struct cel_callee){.has_regex = ref->regex != NULL,
				      .ref = ref->kind == REF_FUNCTION ? ref : NULL};
	if (!callee->ref || !ref->kinds || count > G_N_ELEMENTS(callee->kinds) ||
	    !ref->overload_count)
		return;
	callee->call = ref->overloads[ref->chosen]->decl.call;
	for (size_t i = 0; i < count; i++)
		callee->kinds[i] = ref->kinds[ref->chosen].of[i];
}

/* a.?b.orValue(c) */
static bool is_or_value(const struct ref *ref, const struct cel_expr *expr)
{
	const struct cel_expr *target = expr->call.target;

	return ref->kind == REF_FUNCTION && ref->overload_count == 1 && ref->kinds && target &&
	       ref->overloads[0]->decl.call == cel_optional_or_value && expr->call.count == 1 &&
	       target->kind == EXPR_SELECT && target->flags & EXPR_OPTIONAL;
}

static void emit_function(struct emitter *emitter, const struct cel_expr *expr)
{
	const struct ref *ref = ref_of(emitter, expr);
	guint at = begin(emitter, expr,
			 is_or_value(ref, expr) ? cel_run_or_value : cel_run_function, 1);

	if (!ref->no_target)
		emit_operand(emitter, at, expr->call.target);
	for (uint32_t i = 0; i < expr->call.count; i++)
		emit_operand(emitter, at, expr->call.args[i]);
	finish(emitter, at);
	fill_callee(&cell_at(emitter, at + 1)->callee, ref, cell_at(emitter, at)->code.count);
	convert(emitter, expr, at);
}

static cel_runner *operator_runner(enum expr_op op)
{
	switch (op) {
	case OP_AND:
	case OP_OR:
		return cel_run_logic;
	case OP_CONDITIONAL:
		return cel_run_conditional;
	case OP_PRESENT:
		return cel_run_present;
	case OP_INDEX:
	case OP_OPT_INDEX:
		return cel_run_index;
	case OP_EQUAL:
	case OP_NOT_EQUAL:
	case OP_LESS:
	case OP_LESS_EQUAL:
	case OP_GREATER:
	case OP_GREATER_EQUAL:
	case OP_IN:
		return cel_run_compare;
	case OP_NAMED:
	case OP_NOT:
	case OP_ADD:
	case OP_SUBTRACT:
	case OP_MULTIPLY:
	case OP_DIVIDE:
	case OP_MODULO:
	case OP_NEGATE:
		return NULL;
	}
	g_assert_not_reached();
}

/* --- Tests of one field, which most conditions are */

/* The texts that an operand consists of: one, or a list of constants. NULL: it is no such. */
static const struct cel_value *texts_of(const struct emitter *emitter, const struct cel_expr *expr,
					enum expr_op op, size_t *count)
{
	const struct cel_value *list = &ref_of(emitter, expr)->constant, *texts;

	if (op == OP_IN && (expr->kind != EXPR_LIST || ref_of(emitter, expr)->kind != REF_CONSTANT))
		return NULL;
	if (op != OP_IN && expr->kind != EXPR_LITERAL)
		return NULL;
	texts = op == OP_IN ? list->items : &expr->literal;
	*count = op == OP_IN ? list->count : 1;
	for (size_t i = 0; i < *count; i++)
		if (*count > TEXTS_MAX || texts[i].kind != CEL_STRING ||
		    texts[i].string.len > sizeof(((struct cel_text *)NULL)->bytes))
			return NULL;
	return texts;
}

/* Begins `path == "text"`, `path in ["text", ...]` or present(path); false: it is none of them. */
static bool begin_test(struct emitter *emitter, const struct cel_expr *expr, guint *at)
{
	enum expr_op op = (enum expr_op)expr->op;
	const struct cel_value *texts = NULL;
	union room_for_path found;
	size_t count = 0, cells;

	if (op == OP_EQUAL || op == OP_NOT_EQUAL || op == OP_IN)
		texts = texts_of(emitter, expr->call.args[1], op, &count);
	if ((!texts && op != OP_PRESENT) || !find_path(emitter, expr->call.args[0], &found.path) ||
	    (texts && found.path.kind == CEL_T_DATE))
		return false;
	cells = path_cells(&found.path);
	*at = begin(emitter, expr, texts ? cel_run_is : cel_run_is_present, cells + count);
	memcpy(cell_at(emitter, *at + 1), &found, path_bytes(&found.path));
	cell_at(emitter, *at)->code.slot = (uint32_t)count;
	for (size_t i = 0; i < count; i++) {
		struct cel_text *text = &cell_at(emitter, *at + 1 + (guint)(cells + i))->text;

		text->len = (uint32_t)texts[i].string.len;
		memcpy(text->bytes, texts[i].string.data, texts[i].string.len);
	}
	return true;
}

static void emit_call(struct emitter *emitter, const struct cel_expr *expr)
{
	const struct ref *ref = ref_of(emitter, expr);
	cel_runner *run = operator_runner((enum expr_op)expr->op);
	guint at;

	if (ref->kind != REF_CONSTANT && !run) {
		emit_function(emitter, expr);
		return;
	}
	if (ref->kind == REF_CONSTANT) {
		at = begin(emitter, expr, run, 1);
		make_constant(emitter, at, &ref->constant);
	} else if (!begin_test(emitter, expr, &at)) {
		at = begin(emitter, expr, run, 0);
	}
	for (uint32_t i = 0; i < expr->call.count; i++)
		emit_operand(emitter, at, expr->call.args[i]);
	finish(emitter, at);
}

/* --- Lists, maps, macros */

static void emit_list(struct emitter *emitter, const struct cel_expr *expr)
{
	const struct ref *ref = ref_of(emitter, expr);
	guint at = begin(emitter, expr, cel_run_list, ref->kind == REF_CONSTANT);

	if (ref->kind == REF_CONSTANT)
		make_constant(emitter, at, &ref->constant);
	for (uint32_t i = 0; i < expr->list.count; i++)
		emit_operand(emitter, at, expr->list.items[i]);
	finish(emitter, at);
}

static void emit_map(struct emitter *emitter, const struct cel_expr *expr)
{
	guint at = begin(emitter, expr, cel_run_map, 0);

	for (uint32_t i = 0; i < expr->map.count; i++) {
		emit_operand(emitter, at, expr->map.keys[i]);
		emit_operand(emitter, at, expr->map.values[i]);
	}
	finish(emitter, at);
}

static void emit_macro(struct emitter *emitter, const struct cel_expr *expr)
{
	bool is_fold = expr->kind == EXPR_FOLD;
	guint at = begin(emitter, expr, is_fold ? cel_run_fold : cel_run_bind, 0);

	emit_operand(emitter, at, is_fold ? expr->fold.range : expr->bind.init);
	emit_operand(emitter, at, is_fold ? expr->fold.body : expr->bind.body);
	if (is_fold)
		emit_operand(emitter, at, expr->fold.filter);
	finish(emitter, at);
}

static void emit_name(struct emitter *emitter, const struct cel_expr *expr)
{
	const struct ref *ref = ref_of(emitter, expr);

	if (ref->kind == REF_CONSTANT)
		emit_constant(emitter, expr, &ref->constant);
	else
		finish(emitter, begin(emitter, expr,
				      ref->kind == REF_LOCAL ? cel_run_local : cel_run_ident, 0));
}

static void emit(struct emitter *emitter, const struct cel_expr *expr)
{
	switch ((enum expr_kind)expr->kind) {
	case EXPR_LITERAL:
		emit_constant(emitter, expr, &expr->literal);
		return;
	case EXPR_IDENT:
		emit_name(emitter, expr);
		return;
	case EXPR_SELECT:
		emit_select(emitter, expr);
		return;
	case EXPR_CALL:
		emit_call(emitter, expr);
		return;
	case EXPR_LIST:
		emit_list(emitter, expr);
		return;
	case EXPR_MAP:
		emit_map(emitter, expr);
		return;
	case EXPR_FOLD:
	case EXPR_BIND:
		emit_macro(emitter, expr);
		return;
	}
}

/* --- The block */

/* What the literals of a program take behind its cells, or where the next ones go. */
struct room {
	size_t items; /* of lists */
	size_t bytes; /* of texts */
	struct cel_value *item;
	char *text;
};

static bool is_small_list(const struct cel_value *value)
{
	return value->kind == CEL_LIST && !(value->flags & CEL_LAZY) &&
	       value->count <= LIST_MAX_MOVED;
}

static void measure(struct room *room, const struct cel_value *value)
{
	if (value->kind == CEL_STRING)
		room->bytes += value->string.len;
	for (size_t i = 0; is_small_list(value) && i < value->count; i++, room->items++)
		if (value->items[i].kind == CEL_STRING)
			room->bytes += value->items[i].string.len;
}

static void move_text(struct room *room, struct cel_value *value)
{
	if (value->kind != CEL_STRING || !value->string.len)
		return;
	value->string.data = memcpy(room->text, value->string.data, value->string.len);
	room->text += value->string.len;
}

static void move(struct room *room, struct cel_value *value)
{
	move_text(room, value);
	if (!is_small_list(value) || !value->count)
		return;
	memcpy(room->item, value->items, value->count * sizeof(*room->item));
	value->items = room->item;
	for (size_t i = 0; i < value->count; i++)
		move_text(room, room->item++);
}

/* The cell of the next literal from `at` on, or `count`. */
static guint find_literal(const union cel_cell *cells, guint at, guint count)
{
	while (at < count && cells[at].code.run != cel_run_literal)
		at += 1U + cells[at].code.data;
	return at;
}

/*
 * Program, code, and what its literals point at, in one block: whatever an evaluation reads is
 * read in order. The end of the program and the first cell share a cache line.
 */
static struct cel_program *make_block(const struct emitter *emitter)
{
	union cel_cell *cells = (union cel_cell *)(void *)emitter->cells->data, *code;
	guint count = emitter->cells->len;
	struct room room = {0};
	struct cel_program *program;
	uintptr_t start;

	for (guint at = 0; (at = find_literal(cells, at, count)) < count; at += 2)
		measure(&room, &cells[at + 1].value);
	start = (uintptr_t)arena_alloc_raw(
		emitter->arena, sizeof(*program) + count * sizeof(*code) +
					room.items * sizeof(struct cel_value) + room.bytes + LINE);
	start += sizeof(*program);
	start += (LINE + sizeof(*code) - start % LINE) % LINE;
	code = (union cel_cell *)start;
	program = (struct cel_program *)start - 1;
	*program = *emitter->program;
	memcpy(code, cells, count * sizeof(*code));
	room.item = (struct cel_value *)(void *)(code + count);
	room.text = (char *)(room.item + room.items);
	for (guint at = 0; (at = find_literal(code, at, count)) < count; at += 2)
		move(&room, &code[at + 1].value);
	return program;
}

struct cel_program *cel_emit(struct cel_program *program, struct arena *arena)
{
	struct emitter emitter = {program, arena, g_array_new(FALSE, TRUE, sizeof(union cel_cell))};
	struct cel_program *out;

	program->cells = arena_array(arena, program->count, sizeof(*program->cells));
	emit(&emitter, program->root);
	out = make_block(&emitter);
	g_array_free(emitter.cells, TRUE);
	return out;
}
