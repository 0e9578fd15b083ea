/*
 * What a program reads, as paths from the variables, and what it can cost.
 *
 * A read is the longest chain of fields above a variable; the variable of a macro stands for the
 * items of what it goes through, so `target.parts.all(p, p.id == x)` reads target.parts[*].id. The
 * cost is an upper bound in the evaluator's steps: one a node, times the most items that a list can
 * have where its type says (else the cost is unbounded).
 */
#include "cel/program.h"

enum { PATH_MAX_STEPS = 64 };

/* A place while it is collected; `known` false: the expression is no path. */
struct place {
	bool known;
	unsigned slot;
	size_t count;
	struct slice steps[PATH_MAX_STEPS];
};

/* A macro's variable and what it goes through. */
struct origin {
	uint32_t local_id;
	struct place place;
};

struct collector {
	const struct cel_program *program;
	struct arena *arena;
	GArray *reads;      /* struct cel_read */
	GPtrArray *origins; /* struct origin, in the arena */
};

static void visit(struct collector *collector, const struct cel_expr *expr);

static void place_add(struct place *place, struct slice step)
{
	if (place->known && place->count < PATH_MAX_STEPS)
		place->steps[place->count++] = step;
}

static void record(struct collector *collector, const struct place *place)
{
	struct cel_read read = {.slot = place->slot, .step_count = place->count};
	struct slice *steps;

	if (!place->known)
		return;
	for (guint i = 0; i < collector->reads->len; i++) {
		const struct cel_read *old = &g_array_index(collector->reads, struct cel_read, i);
		size_t cel_same = 0;

		while (old->slot == place->slot && cel_same < old->step_count &&
		       cel_same < place->count &&
		       slice_equal(old->steps[cel_same], place->steps[cel_same]))
			cel_same++;
		if (old->slot == place->slot && old->step_count == place->count &&
		    cel_same == place->count)
			return;
	}
	steps = arena_array(collector->arena, place->count, sizeof(*steps));
	for (size_t i = 0; i < place->count; i++)
		steps[i] = place->steps[i];
	read.steps = steps;
	g_array_append_val(collector->reads, read);
}

static bool is_index(const struct cel_expr *expr)
{
	return expr->kind == EXPR_CALL && (expr->op == OP_INDEX || expr->op == OP_OPT_INDEX);
}

static const struct place *origin_of(const struct collector *collector, uint32_t local_id)
{
	for (guint i = 0; i < collector->origins->len; i++) {
		const struct origin *origin = collector->origins->pdata[i];

		if (origin->local_id == local_id)
			return &origin->place;
	}
	return NULL;
}

/* The place that an expression reads, if it is a chain of fields over a variable. */
static struct place place_of(const struct collector *collector, const struct cel_expr *expr)
{
	const struct ref *ref = &collector->program->refs[expr->id];
	struct place place = {.known = false};

	if (ref->kind == REF_VARIABLE)
		return (struct place){.known = true, .slot = ref->slot};
	if (ref->kind == REF_LOCAL) {
		const struct place *origin = origin_of(collector, ref->local_id);

		return origin ? *origin : place;
	}
	if (expr->kind == EXPR_SELECT) {
		place = place_of(collector, expr->select.operand);
		place_add(&place, expr->select.field);
	} else if (is_index(expr)) {
		const struct cel_expr *index = expr->call.args[1];
		bool named = index->kind == EXPR_LITERAL && index->literal.kind == CEL_STRING;

		place = place_of(collector, expr->call.args[0]);
		place_add(&place, named ? index->literal.string : (struct slice){0});
	}
	return place;
}

/* The indexes within a chain of fields. */
static void visit_indexes(struct collector *collector, const struct cel_expr *expr)
{
	while (expr->kind == EXPR_SELECT || is_index(expr)) {
		if (expr->kind == EXPR_CALL)
			visit(collector, expr->call.args[1]);
		expr = expr->kind == EXPR_SELECT ? expr->select.operand : expr->call.args[0];
	}
}

static void add_origin(struct collector *collector, uint32_t local_id, struct place place)
{
	struct origin *origin = arena_new(collector->arena, struct origin);

	origin->local_id = local_id;
	origin->place = place;
	g_ptr_array_add(collector->origins, origin);
}

static void visit_fold(struct collector *collector, const struct cel_expr *expr)
{
	const struct ref *ref = &collector->program->refs[expr->id];
	const struct cel_type *range = collector->program->types[expr->fold.range->id];
	struct place place = place_of(collector, expr->fold.range);
	bool keeps_items = expr->op == FOLD_FILTER || expr->op == FOLD_SORT_BY;
	uint32_t item = ref->local_id + (expr->fold.var2.data ? 1 : 0);

	if (place.known)
		visit_indexes(collector, expr->fold.range);
	else
		visit(collector, expr->fold.range);
	if (place.known && (keeps_items || (range && range->kind != CEL_T_LIST)))
		record(collector, &place);
	if (place.known) {
		struct place items = place;

		place_add(&items, (struct slice){0});
		add_origin(collector, item, items);
	}
	if (expr->fold.filter)
		visit(collector, expr->fold.filter);
	visit(collector, expr->fold.body);
}

static void visit_children(struct collector *collector, const struct cel_expr *expr)
{
	switch ((enum expr_kind)expr->kind) {
	case EXPR_LITERAL:
	case EXPR_IDENT:
		return;
	case EXPR_SELECT:
		visit(collector, expr->select.operand);
		return;
	case EXPR_CALL:
		if (expr->call.target && !collector->program->refs[expr->id].no_target)
			visit(collector, expr->call.target);
		for (uint32_t i = 0; i < expr->call.count; i++)
			visit(collector, expr->call.args[i]);
		return;
	case EXPR_LIST:
		for (uint32_t i = 0; i < expr->list.count; i++)
			visit(collector, expr->list.items[i]);
		return;
	case EXPR_MAP:
		for (uint32_t i = 0; i < expr->map.count; i++) {
			visit(collector, expr->map.keys[i]);
			visit(collector, expr->map.values[i]);
		}
		return;
	case EXPR_FOLD:
		visit_fold(collector, expr);
		return;
	case EXPR_BIND:
		add_origin(collector, collector->program->refs[expr->id].local_id,
			   place_of(collector, expr->bind.init));
		visit(collector, expr->bind.init);
		visit(collector, expr->bind.body);
		return;
	}
}

static void visit(struct collector *collector, const struct cel_expr *expr)
{
	struct place place = place_of(collector, expr);

	if (!place.known) {
		visit_children(collector, expr);
		return;
	}
	record(collector, &place);
	visit_indexes(collector, expr);
}

void cel_reads_collect(struct cel_program *program, struct arena *arena)
{
	struct collector collector = {program, arena,
				      g_array_new(FALSE, FALSE, sizeof(struct cel_read)),
				      g_ptr_array_new()};
	struct cel_read *reads;

	visit(&collector, program->root);
	reads = arena_array(arena, collector.reads->len, sizeof(*reads));
	for (guint i = 0; i < collector.reads->len; i++)
		reads[i] = g_array_index(collector.reads, struct cel_read, i);
	program->reads = reads;
	program->read_count = collector.reads->len;
	g_array_free(collector.reads, TRUE);
	g_ptr_array_free(collector.origins, TRUE);
}
