/*
 * What the rules of an entry have in common, found when they are loaded: of 138 rules 35 look at
 * the root, ten at the status, and half ask first whether the plan is `full` or in force.
 *
 * Rules with the same `given` share what it selects. The parts of `when`, joined by &&, that read
 * nothing but the document are guards: programs of their own, one for each text, that give the same
 * for every rule and every node of a document. A guard that is false makes `when` false whatever
 * the rest of it is, an error included (CEL langdef: Logical Operators), so the rule need not run.
 *
 * A part may lean on the one before it, `present(document.status) && document.status in [...]`: the
 * two are one guard then. What depends on the day or the path is none: that the verdict does so
 * would be lost.
 */
#include "ruleset/compile.h"

#include <string.h>

enum { CONJUNCTS_MAX = 16 };

void share_begin(struct compiler *compiler)
{
	compiler->starts = g_array_new(FALSE, TRUE, sizeof(struct rule_start));
	compiler->guards = g_ptr_array_new();
	compiler->guard_numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	compiler->selections = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

/* --- selections */

static uint32_t selection_number(struct compiler *compiler)
{
	const struct doc_node *given = compile_rule_key(compiler, "given");
	GString *text = g_string_new(NULL);
	gpointer number;

	if (given)
		doc_json_append(text, given);
	number = g_hash_table_lookup(compiler->selections, text->str);
	if (!number) {
		number = GUINT_TO_POINTER(g_hash_table_size(compiler->selections) + 1);
		g_hash_table_insert(compiler->selections, g_strdup(text->str), number);
	}
	g_string_free(text, TRUE);
	return GPOINTER_TO_UINT(number) - 1;
}

/* --- guards */

static bool only_reads_document(const struct compiler *compiler, const struct cel_program *program)
{
	static const enum rule_variable others[] = {VARIABLE_AS_OF, VARIABLE_FILE};

	for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
		if (cel_program_reads_slot(program,
					   (unsigned)names_slot(compiler->entry_env, others[i])))
			return false;
	return true;
}

static const struct cel_program *compile_guard(struct compiler *compiler, const char *text)
{
	const struct cel_options options = {.mode = CEL_STRICT, .want = &cel_bool};
	const struct cel_program *program;
	struct cel_faults faults;

	if (!strstr(text, "document"))
		return NULL;
	program = cel_compile(compiler->entry_env, slice_of(text), &options, compiler->arena,
			      &faults);
	return program && only_reads_document(compiler, program) ? program : NULL;
}

/* The number of the guard with a text, from 1; 0: it is none. */
static guint guard_number(struct compiler *compiler, const char *text)
{
	const struct cel_program *program;
	gpointer number;

	if (g_hash_table_lookup_extended(compiler->guard_numbers, text, NULL, &number))
		return GPOINTER_TO_UINT(number);
	program = compile_guard(compiler, text);
	if (program)
		g_ptr_array_add(compiler->guards, (gpointer)program);
	number = GUINT_TO_POINTER(program ? compiler->guards->len : 0);
	g_hash_table_insert(compiler->guard_numbers, g_strdup(text), number);
	return GPOINTER_TO_UINT(number);
}

/* A part in brackets of its own, at the end of those that it leans on. */
static char *join(const char *before, struct slice part)
{
	return g_strdup_printf("%s%s(%.*s\n)", before, *before ? " && " : "", (int)part.len,
			       part.data);
}

static void find_guards(struct compiler *compiler, struct rule_start *start,
			const struct slice *parts, size_t count)
{
	uint32_t *guards = arena_array(compiler->arena, count, sizeof(*guards));
	char *last = g_strdup("");
	size_t rest = 0;

	start->guards = guards;
	for (size_t i = 0; i < count; i++) {
		char *alone = join("", parts[i]), *joined = join(last, parts[i]);
		guint number = guard_number(compiler, alone);

		if (number) {
			guards[start->guard_count++] = number - 1;
			g_free(last);
			last = g_strdup(alone);
		} else if (*last && (number = guard_number(compiler, joined))) {
			guards[start->guard_count - 1] = number - 1;
			g_free(last);
			last = g_strdup(joined);
		} else {
			rest++;
		}
		g_free(alone);
		g_free(joined);
	}
	start->is_guarded = !rest;
	g_free(last);
}

void share_rule(struct compiler *compiler, const struct rule_instance *instance)
{
	const struct rule *rule = instance->rule;
	const struct cel_program *when = instance->operands[OPERAND_WHEN].program;
	struct rule_start start = {
		.since = rule->since,
		.until = rule->until,
		.is_judged = rule->check != RULE_COMMIT && rule->check != RULE_TRANSITION,
		.is_lexical = rule->check == RULE_LEXICAL,
		.lexical = (uint8_t)instance->lexical,
	};
	struct slice parts[CONJUNCTS_MAX];
	size_t count = 0;

	if (start.is_judged)
		start.selection = selection_number(compiler);
	/* a name of the rule's own may hide one of the entry */
	if (start.is_judged && when && !instance->let_count && !instance->has_each)
		count = cel_program_conjuncts(when, parts, CONJUNCTS_MAX);
	if (count && count <= CONJUNCTS_MAX)
		find_guards(compiler, &start, parts, count);
	g_array_append_val(compiler->starts, start);
}

void share_end(struct compiler *compiler, struct entry_programs *programs)
{
	const struct cel_program **guards = arena_array(compiler->arena, compiler->guards->len,
							sizeof(*guards));
	struct rule_start *starts;

	for (guint i = 0; i < compiler->guards->len; i++)
		guards[i] = compiler->guards->pdata[i];
	starts = arena_array(compiler->arena, compiler->starts->len, sizeof(*starts));
	if (compiler->starts->len)
		memcpy(starts, compiler->starts->data, compiler->starts->len * sizeof(*starts));
	programs->starts = starts;
	programs->guards = guards;
	programs->guard_count = compiler->guards->len;
	programs->selection_count = g_hash_table_size(compiler->selections);
	g_array_free(compiler->starts, TRUE);
	g_ptr_array_free(compiler->guards, TRUE);
	g_hash_table_destroy(compiler->guard_numbers);
	g_hash_table_destroy(compiler->selections);
}
