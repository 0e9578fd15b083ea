/*
 * Facts: which paths are known to be there at a point of an expression, because it is only reached
 * when something before it was true: has(a.b), present(a.b), "b" in a, a.?b.hasValue(), through &&,
 * ||, ! and ?:, and through the `when` of a rule.
 *
 * A path is text: the variable (by slot, or the number of a macro's variable) and the names after
 * it, each after a byte that no name has at its start, so that equal text is equal path. What is
 * known of a path is known of its beginnings.
 */
#include "cel/program.h"

#include <inttypes.h>

enum { FACTS_MAX = 256 };

static bool append_path(GString *out, const struct cel_program *program,
			const struct cel_expr *expr);

static void append_step(GString *out, struct slice name)
{
	g_string_append_c(out, '\x1f');
	g_string_append_len(out, name.data, (gssize)name.len);
}

static bool append_index(GString *out, const struct cel_program *program,
			 const struct cel_expr *expr)
{
	const struct cel_expr *index;

	if (expr->op != OP_INDEX && expr->op != OP_OPT_INDEX)
		return false;
	index = expr->call.args[1];
	if (index->kind != EXPR_LITERAL || !append_path(out, program, expr->call.args[0]))
		return false;
	if (index->literal.kind == CEL_STRING)
		append_step(out, index->literal.string);
	else if (index->literal.kind == CEL_INT)
		g_string_append_printf(out, "\x1e%" PRId64, index->literal.integer);
	else
		return false;
	return true;
}

static bool append_path(GString *out, const struct cel_program *program,
			const struct cel_expr *expr)
{
	const struct ref *ref = &program->refs[expr->id];

	if (ref->kind == REF_VARIABLE || ref->kind == REF_LOCAL) {
		g_string_append_printf(out, "%c%u", ref->kind == REF_LOCAL ? 'l' : 'v',
				       ref->kind == REF_LOCAL ? ref->local_id : ref->slot);
		return true;
	}
	if (expr->kind == EXPR_CALL)
		return append_index(out, program, expr);
	if (expr->kind != EXPR_SELECT || !append_path(out, program, expr->select.operand))
		return false;
	append_step(out, expr->select.field);
	return true;
}

const char *cel_facts_path(const struct cel_program *program, const struct cel_expr *expr,
			   struct arena *arena)
{
	GString *text = g_string_new(NULL);
	const char *path = NULL;

	if (append_path(text, program, expr))
		path = arena_dup(arena, text->str, text->len);
	g_string_free(text, TRUE);
	return path;
}

static void add_path(struct facts *facts, const char *path)
{
	if (path && facts->paths->len < FACTS_MAX)
		g_ptr_array_add(facts->paths, (gpointer)(uintptr_t)path);
}

static void add_expr(struct facts *facts, const struct cel_program *program,
		     const struct cel_expr *expr)
{
	add_path(facts, cel_facts_path(program, expr, facts->arena));
}

/* "name" in map */
static void add_membership(struct facts *facts, const struct cel_program *program,
			   const struct cel_expr *name, const struct cel_expr *map)
{
	const char *path = cel_facts_path(program, map, facts->arena);

	if (path && name->kind == EXPR_LITERAL && name->literal.kind == CEL_STRING)
		add_path(facts,
			 arena_printf(facts->arena, "%s\x1f%.*s", path,
				      (int)name->literal.string.len, name->literal.string.data));
}

static void add_call(struct facts *facts, const struct cel_program *program,
		     const struct cel_expr *expr, bool is_true)
{
	switch ((int)expr->op) {
	case OP_AND:
	case OP_OR:
		for (uint32_t i = 0; is_true == (expr->op == OP_AND) && i < expr->call.count; i++)
			cel_facts_add(facts, program, expr->call.args[i], is_true);
		return;
	case OP_NOT:
		cel_facts_add(facts, program, expr->call.args[0], !is_true);
		return;
	case OP_PRESENT:
		if (is_true)
			add_expr(facts, program, expr->call.args[0]);
		return;
	case OP_IN:
		if (is_true)
			add_membership(facts, program, expr->call.args[0], expr->call.args[1]);
		return;
	case OP_NAMED:
		if (is_true && expr->call.target && !expr->call.count &&
		    slice_equal(expr->call.name, SLICE("hasValue")))
			add_expr(facts, program, expr->call.target);
		return;
	}
}

void cel_facts_add(struct facts *facts, const struct cel_program *program,
		   const struct cel_expr *expr, bool is_true)
{
	if (expr->kind == EXPR_SELECT && expr->flags & EXPR_TEST && is_true)
		add_expr(facts, program, expr);
	else if (expr->kind == EXPR_CALL)
		add_call(facts, program, expr, is_true);
}

bool cel_facts_know(const struct facts *facts, const struct cel_program *program,
		    const struct cel_expr *expr)
{
	struct arena scratch = {0};
	const char *path;
	bool known = false;
	size_t len;

	if (!facts->paths->len)
		return false;
	path = cel_facts_path(program, expr, &scratch);
	len = path ? strlen(path) : 0;
	for (guint i = 0; path && !known && i < facts->paths->len; i++) {
		const char *fact = facts->paths->pdata[i];

		known = !strncmp(fact, path, len) &&
			(!fact[len] || fact[len] == '\x1f' || fact[len] == '\x1e');
	}
	arena_release(&scratch);
	return known;
}
