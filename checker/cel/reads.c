/*
 * What a program reads, as paths from the variables.
 *
 * A read is the longest chain of fields above a variable. The variable of a macro stands for the
 * items of what it goes through, and filter(), sortBy(), orValue() and value() give what they are
 * given, so `target.?parts.orValue([]).filter(p, p.n > 1).all(p, p.id == x)` reads parts[*].n and
 * parts[*].id. Most reads take the value with all that is in it; some only ask whether it is there
 * or how much of it there is: has(), present(), size(), what a macro goes through.
 *
 * Whoever keeps only what is read relies on it: what is not understood counts as read whole.
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

static bool is_read_of(const struct cel_read *read, const struct place *place)
{
	if (read->slot != place->slot || read->step_count != place->count)
		return false;
	for (size_t i = 0; i < place->count; i++)
		if (!slice_equal(read->steps[i], place->steps[i]))
			return false;
	return true;
}

/* `expr`: what is read there. */
static void record(struct collector *collector, const struct place *place, enum cel_read_use use,
		   const struct cel_expr *expr)
{
	struct cel_read read = {.slot = place->slot,
				.step_count = place->count,
				.use = use,
				.type = collector->program->types[expr->id],
				.span = expr->span};
	struct slice *steps;

	if (!place->known)
		return;
	for (guint i = 0; i < collector->reads->len; i++) {
		struct cel_read *old = &g_array_index(collector->reads, struct cel_read, i);

		if (!is_read_of(old, place))
			continue;
		if (use == CEL_READ_WHOLE && old->use != CEL_READ_WHOLE) {
			read.steps = old->steps;
			*old = read;
		}
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

/* What a call gives back as it got it, of a list its items, or NULL. */
static const struct cel_expr *passed_on(const struct collector *collector,
					const struct cel_expr *expr)
{
	const struct cel_type *range;

	if (expr->kind == EXPR_FOLD && (expr->op == FOLD_FILTER || expr->op == FOLD_SORT_BY)) {
		range = collector->program->types[expr->fold.range->id];
		return range && range->kind == CEL_T_LIST ? expr->fold.range : NULL;
	}
	if (expr->kind != EXPR_CALL || expr->op != OP_NAMED || !expr->call.target ||
	    collector->program->refs[expr->id].no_target)
		return NULL;
	return slice_equal(expr->call.name, SLICE("orValue")) ||
			       slice_equal(expr->call.name, SLICE("value"))
		       ? expr->call.target
		       : NULL;
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
	} else if (passed_on(collector, expr)) {
		place = place_of(collector, passed_on(collector, expr));
	}
	return place;
}

static void add_origin(struct collector *collector, uint32_t local_id, struct place place)
{
	struct origin *origin = arena_new(collector->arena, struct origin);

	origin->local_id = local_id;
	origin->place = place;
	g_ptr_array_add(collector->origins, origin);
}

/* The condition and body of a macro, whose variable stands for the items of a place. */
static void visit_inside(struct collector *collector, const struct cel_expr *expr,
			 struct place place)
{
	const struct ref *ref = &collector->program->refs[expr->id];

	if (place.known) {
		place_add(&place, (struct slice){0});
		add_origin(collector, ref->local_id + (expr->fold.var2.data ? 1 : 0), place);
	}
	if (expr->fold.filter)
		visit(collector, expr->fold.filter);
	visit(collector, expr->fold.body);
}

/* Everything within a chain of fields that is not the chain: indexes, conditions, defaults. */
static void visit_beside(struct collector *collector, const struct cel_expr *expr)
{
	while (collector->program->refs[expr->id].kind != REF_VARIABLE) {
		const struct cel_expr *inner = passed_on(collector, expr);

		if (expr->kind == EXPR_SELECT) {
			expr = expr->select.operand;
		} else if (is_index(expr)) {
			visit(collector, expr->call.args[1]);
			expr = expr->call.args[0];
		} else if (expr->kind == EXPR_FOLD && inner) {
			visit_inside(collector, expr, place_of(collector, inner));
			expr = inner;
		} else if (inner) {
			for (uint32_t i = 0; i < expr->call.count; i++)
				visit(collector, expr->call.args[i]);
			expr = inner;
		} else {
			return;
		}
	}
}

static const struct cel_type *bare_type(const struct collector *collector,
					const struct cel_expr *expr)
{
	const struct cel_type *type = collector->program->types[expr->id];

	while (type && (type->kind == CEL_T_NULLABLE || type->kind == CEL_T_OPTIONAL))
		type = type->params[0];
	return type;
}

/* A place that is only asked for: there or not, null or not, how many are in it. */
static void visit_shallow(struct collector *collector, const struct cel_expr *expr)
{
	struct place place = place_of(collector, expr);

	if (!place.known) {
		visit(collector, expr);
		return;
	}
	record(collector, &place, CEL_READ_SHALLOW, expr);
	visit_beside(collector, expr);
}

/* The same of what is counted or gone through: of a map every name as well. */
static void visit_members(struct collector *collector, const struct cel_expr *expr)
{
	const struct cel_type *type = bare_type(collector, expr);
	struct place place = place_of(collector, expr);

	visit_shallow(collector, expr);
	if (!place.known || (type && type->kind == CEL_T_LIST))
		return;
	place_add(&place, (struct slice){0});
	record(collector, &place, CEL_READ_SHALLOW, expr);
}

static void visit_fold(struct collector *collector, const struct cel_expr *expr)
{
	visit_members(collector, expr->fold.range);
	visit_inside(collector, expr, place_of(collector, expr->fold.range));
}

static bool is_null(const struct cel_expr *expr)
{
	return expr->kind == EXPR_LITERAL && expr->literal.kind == CEL_NULL;
}

static bool is_named(const struct cel_expr *expr, const char *name)
{
	return expr->op == OP_NAMED && slice_equal(expr->call.name, slice_of(name));
}

/* Calls that take less than the whole of an argument; false: it is none. */
static bool visit_asking(struct collector *collector, const struct cel_expr *expr)
{
	struct cel_expr *const *args = expr->call.args;

	if (expr->op == OP_PRESENT) {
		visit_shallow(collector, args[0]);
		return true;
	}
	if ((expr->op == OP_EQUAL || expr->op == OP_NOT_EQUAL) &&
	    (is_null(args[0]) || is_null(args[1]))) {
		visit_shallow(collector, is_null(args[0]) ? args[1] : args[0]);
		return true;
	}
	if (is_named(expr, "hasValue") && expr->call.target && !expr->call.count) {
		visit_shallow(collector, expr->call.target);
		return true;
	}
	if (is_named(expr, "size") && expr->call.count + !!expr->call.target == 1) {
		visit_members(collector, expr->call.target ? expr->call.target : args[0]);
		return true;
	}
	return false;
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
		if (visit_asking(collector, expr))
			return;
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
		visit_shallow(collector, expr->bind.init);
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
	record(collector, &place,
	       expr->kind == EXPR_SELECT && expr->flags & EXPR_TEST ? CEL_READ_SHALLOW
								    : CEL_READ_WHOLE,
	       expr);
	visit_beside(collector, expr);
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
