/*
 * Programs: text to tree to checked tables, in one call. Nothing here knows the language.
 */
#include "cel/code.h"

struct cel_fault *cel_fault_add(struct fault_list *list, struct span span, struct phrase message)
{
	struct cel_fault fault = {.span = span, .message = message};

	g_array_append_val(list->faults, fault);
	return &g_array_index(list->faults, struct cel_fault, list->faults->len - 1);
}

static gint by_place(gconstpointer a, gconstpointer b)
{
	const struct cel_fault *x = a, *y = b;

	return (x->span.start > y->span.start) - (x->span.start < y->span.start);
}

static void finish_faults(struct fault_list *list, struct cel_faults *out)
{
	struct cel_fault *faults;
	size_t count = MIN(list->faults->len, (guint)CEL_FAULTS_MAX);

	g_array_sort(list->faults, by_place);
	faults = arena_array(list->arena, count, sizeof(*faults));
	for (size_t i = 0; i < count; i++)
		faults[i] = g_array_index(list->faults, struct cel_fault, i);
	*out = (struct cel_faults){faults, count, list->faults->len - count};
	g_array_free(list->faults, TRUE);
}

static struct cel_program *program_new(struct cel_env *env, struct slice text, struct arena *arena,
				       struct cel_expr *root, uint32_t count, enum cel_mode mode)
{
	struct cel_program *program = arena_new(arena, struct cel_program);

	program->env = env;
	program->text = text;
	program->root = root;
	program->count = count;
	program->mode = mode;
	program->types = arena_array(arena, count, sizeof(*program->types));
	program->refs = arena_array(arena, count, sizeof(*program->refs));
	return program;
}

const struct cel_program *cel_compile(struct cel_env *env, struct slice text,
				      const struct cel_options *options, struct arena *arena,
				      struct cel_faults *faults)
{
	static const struct cel_options strict = {.mode = CEL_STRICT};
	struct fault_list list = {arena, g_array_new(FALSE, FALSE, sizeof(struct cel_fault))};
	struct cel_program *program = NULL;
	struct cel_expr *root;
	uint32_t count = 0;

	if (!options)
		options = &strict;
	if (text.len <= CEL_TEXT_MAX)
		text = (struct slice){arena_dup(arena, text.data, text.len), text.len};
	root = cel_parse_expression(text, arena, &list, &count);
	if (root) {
		program = program_new(env, text, arena, root, count, options->mode);
		cel_check_program(program, options, arena, &list);
	}
	if (!list.faults->len && program) {
		program = cel_emit(program, arena);
		cel_reads_collect(program, arena);
		cel_cost_estimate(program, arena);
	} else {
		program = NULL;
	}
	finish_faults(&list, faults);
	return program;
}

struct slice cel_program_text(const struct cel_program *program)
{
	return program->text;
}

const struct cel_type *cel_program_type(const struct cel_program *program)
{
	return program->types[program->root->id];
}

const struct cel_read *cel_program_reads(const struct cel_program *program, size_t *count)
{
	*count = program->read_count;
	return program->reads;
}

bool cel_program_reads_slot(const struct cel_program *program, unsigned slot)
{
	for (size_t i = 0; i < program->read_count; i++)
		if (program->reads[i].slot == slot)
			return true;
	return false;
}

size_t cel_program_conjuncts(const struct cel_program *program, struct slice *out, size_t max)
{
	const struct cel_expr *root = program->root;
	bool is_and = root->kind == EXPR_CALL && root->op == OP_AND;
	size_t count = is_and ? root->call.count : 1;

	for (size_t i = 0; i < MIN(count, max); i++) {
		struct span span = is_and ? root->call.args[i]->span : root->span;

		out[i] = (struct slice){program->text.data + span.start, span.end - span.start};
	}
	return count;
}

uint64_t cel_program_cost(const struct cel_program *program)
{
	return program->cost;
}

const struct cel_fault *cel_program_warnings(const struct cel_program *program, size_t *count)
{
	*count = program->warning_count;
	return program->warnings;
}
