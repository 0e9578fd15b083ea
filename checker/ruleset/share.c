/*
 * What the rules of an entry have in common, found when they are loaded: of 138 rules 35 look at
 * the root, ten at the status, and half ask first whether the plan is `full` or in force.
 *
 * Rules with the same `given` share what it selects, and the paths of all that are nothing but
 * names and `*` are one tree (jsonpath.h). The parts of `when`, joined by &&, that read nothing but
 * the document are guards: programs of their own, one for each text, that give the same for every
 * rule and every node of a document. A guard that is false makes `when` false whatever the rest of
 * it is, an error included (CEL langdef: Logical Operators), so the rule need not run.
 *
 * What is left of a `when` is a guard as well where the rule looks at one node at most and it reads
 * nothing but that and the document: of the rules about the status most ask which it is.
 *
 * A part may lean on the one before it, `present(document.status) && document.status in [...]`: the
 * two are one guard then. What depends on the day or the path is none: that the verdict does so
 * would be lost.
 *
 * For each selection, guard and lexical check stands the set of rules that have it.
 */
#include "ruleset/compile.h"

#include "jsonpath/jsonpath.h"

#include <string.h>

enum { CONJUNCTS_MAX = 16 };

struct guard_use {
	uint32_t guard, rule; /* numbers */
};

void share_begin(struct compiler *compiler)
{
	compiler->starts = g_array_new(FALSE, TRUE, sizeof(struct rule_start));
	compiler->guards = g_array_new(FALSE, FALSE, sizeof(struct rule_guard));
	compiler->guard_numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	compiler->guard_uses = g_array_new(FALSE, FALSE, sizeof(struct guard_use));
	compiler->selections = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	compiler->tree = jsonpath_tree_new(compiler->arena);
	compiler->in_tree = g_byte_array_new();
}

/* --- selections */

static uint32_t new_selection(struct compiler *compiler, const struct rule_instance *instance)
{
	uint32_t number = compiler->in_tree->len;
	guint8 in_tree = jsonpath_tree_add(compiler->tree, instance->given, instance->given_count,
					   number);

	g_byte_array_append(compiler->in_tree, &in_tree, 1);
	return number;
}

static uint32_t selection_number(struct compiler *compiler, const struct rule_instance *instance)
{
	const struct doc_node *given = compile_rule_key(compiler, "given");
	GString *text = g_string_new(NULL);
	gpointer number;

	if (given)
		doc_json_append(text, given);
	if (!g_hash_table_lookup_extended(compiler->selections, text->str, NULL, &number)) {
		number = GUINT_TO_POINTER(new_selection(compiler, instance));
		g_hash_table_insert(compiler->selections, g_strdup(text->str), number);
	}
	g_string_free(text, TRUE);
	return GPOINTER_TO_UINT(number);
}

/* --- guards */

static bool reads_any(const struct compiler *compiler, const struct cel_program *program,
		      const enum rule_variable *variables, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int slot = names_slot(compiler->base, variables[i]);

		if (slot >= 0 && cel_program_reads_slot(program, (unsigned)slot))
			return true;
	}
	return false;
}

/* NULL where it does not compile alone, or reads more than it may. */
static const struct cel_program *compile_guard(struct compiler *compiler, struct cel_env *env,
					       const char *text)
{
	static const enum rule_variable others[] = {VARIABLE_AS_OF, VARIABLE_FILE, VARIABLE_PARENT,
						    VARIABLE_NAME};
	const struct cel_options options = {.mode = CEL_STRICT, .want = &cel_bool};
	struct cel_faults faults;
	const struct cel_program *program = cel_compile(env, slice_of(text), &options,
							compiler->arena, &faults);

	return program && !reads_any(compiler, program, others, G_N_ELEMENTS(others)) ? program
										      : NULL;
}

/* The number of a guard, from 1; 0: it has no program. */
static guint add_guard(struct compiler *compiler, struct rule_guard guard)
{
	if (!guard.program)
		return 0;
	g_array_append_val(compiler->guards, guard);
	return compiler->guards->len;
}

/* The number of the guard with a text, from 1; 0: it is none. */
static guint document_guard(struct compiler *compiler, const char *text)
{
	struct rule_guard guard = {.this_slot = -1};
	gpointer number;

	if (g_hash_table_lookup_extended(compiler->guard_numbers, text, NULL, &number))
		return GPOINTER_TO_UINT(number);
	if (strstr(text, "document"))
		guard.program = compile_guard(compiler, compiler->entry_env, text);
	number = GUINT_TO_POINTER(add_guard(compiler, guard));
	g_hash_table_insert(compiler->guard_numbers, g_strdup(text), number);
	return GPOINTER_TO_UINT(number);
}

/* The same of one that reads the only node of a selection as well. */
static guint node_guard(struct compiler *compiler, uint32_t selection, const char *text)
{
	const struct rule_instance *instance = compiler->instance;
	struct rule_guard guard = {.this_type = instance->types[VARIABLE_THIS],
				   .this_slot = instance->slots[VARIABLE_THIS],
				   .selection = selection};
	char *key = g_strdup_printf("%u:%s", selection, text);
	gpointer number;

	if (g_hash_table_lookup_extended(compiler->guard_numbers, key, NULL, &number)) {
		g_free(key);
		return GPOINTER_TO_UINT(number);
	}
	guard.program = compile_guard(compiler, compiler->base, text);
	number = GUINT_TO_POINTER(add_guard(compiler, guard));
	g_hash_table_insert(compiler->guard_numbers, key, number);
	return GPOINTER_TO_UINT(number);
}

/*
 * Does the rule select one node at most? One that reads the path is left out, because a verdict
 * depends on the path if such a rule has come to a node.
 */
static bool is_single(const struct rule_instance *instance)
{
	if (instance->reads_file)
		return false;
	return !instance->given_count ||
	       (instance->given_count == 1 && instance->given[0]->query.singular);
}

/* A part in brackets of its own, at the end of those that it leans on. */
static char *join(const char *before, struct slice part)
{
	return g_strdup_printf("%s%s(%.*s\n)", before, *before ? " && " : "", (int)part.len,
			       part.data);
}

static void use_guard(struct compiler *compiler, guint number)
{
	const struct guard_use use = {number - 1, compiler->starts->len};

	g_array_append_val(compiler->guard_uses, use);
}

/* Notes the parts that only read the document; what is left, joined, is the caller's. */
static char *find_document_guards(struct compiler *compiler, const struct slice *parts,
				  size_t count)
{
	GArray *uses = compiler->guard_uses;
	char *last = g_strdup(""), *rest = g_strdup("");

	for (size_t i = 0; i < count; i++) {
		char *alone = join("", parts[i]), *joined = join(last, parts[i]);
		guint number = document_guard(compiler, alone);

		if (number) {
			use_guard(compiler, number);
			g_free(last);
			last = g_strdup(alone);
		} else if (*last && (number = document_guard(compiler, joined))) {
			g_array_index(uses, struct guard_use, uses->len - 1).guard = number - 1;
			g_free(last);
			last = g_strdup(joined);
		} else {
			char *longer = join(rest, parts[i]);

			g_free(rest);
			rest = longer;
		}
		g_free(alone);
		g_free(joined);
	}
	g_free(last);
	return rest;
}

static void find_guards(struct compiler *compiler, struct rule_start *start,
			const struct slice *parts, size_t count)
{
	char *rest = find_document_guards(compiler, parts, count);
	guint number = *rest && is_single(start->instance)
			       ? node_guard(compiler, start->selection, rest)
			       : 0;

	if (number)
		use_guard(compiler, number);
	start->is_guarded = number || !*rest;
	g_free(rest);
}

static bool is_judged(const struct rule *rule)
{
	return rule->check != RULE_COMMIT && rule->check != RULE_TRANSITION;
}

void share_rule(struct compiler *compiler, const struct rule_instance *instance)
{
	const struct cel_program *when = instance->operands[OPERAND_WHEN].program;
	struct rule_start start = {.instance = instance, .is_guarded = !when};
	struct slice parts[CONJUNCTS_MAX];
	size_t count = 0;
	bool judged = is_judged(instance->rule);

	if (judged)
		start.selection = selection_number(compiler, instance);
	/* a name of the rule's own may hide one of the entry */
	if (judged && when && !instance->let_count && !instance->has_each)
		count = cel_program_conjuncts(when, parts, CONJUNCTS_MAX);
	if (count && count <= CONJUNCTS_MAX)
		find_guards(compiler, &start, parts, count);
	g_array_append_val(compiler->starts, start);
}

/* --- sets of rules */

struct gathering {
	struct arena *arena;
	size_t words;
	GArray *days;
};

static uint64_t *new_sets(const struct gathering *gathering, size_t count)
{
	return arena_array(gathering->arena, count * gathering->words, sizeof(uint64_t));
}

static void put(const struct gathering *gathering, uint64_t *sets, size_t set, size_t rule)
{
	sets[set * gathering->words + rule / 64] |= (uint64_t)1 << rule % 64;
}

/* The elements of a GLib array in the arena, for good. */
static void *keep(struct arena *arena, gconstpointer data, size_t count, size_t size)
{
	void *kept = arena_array(arena, count, size);

	if (count)
		memcpy(kept, data, count * size);
	return kept;
}

static void gather_days(struct gathering *gathering, const struct rule *rule, uint32_t number)
{
	const struct rule_days days = {number, rule->since, rule->until};

	if (rule->since != DAY_OPEN_START || rule->until != DAY_OPEN_END)
		g_array_append_val(gathering->days, days);
}

static const uint64_t *gather_guards(const struct gathering *gathering, const GArray *uses,
				     size_t count)
{
	uint64_t *by_guard = new_sets(gathering, count);

	for (guint i = 0; i < uses->len; i++) {
		const struct guard_use *use = &g_array_index(uses, struct guard_use, i);

		put(gathering, by_guard, use->guard, use->rule);
	}
	return by_guard;
}

static void gather_sets(struct gathering *gathering, struct rule_starts *starts, size_t count)
{
	uint64_t *judged = new_sets(gathering, 1), *pathed = new_sets(gathering, 1);
	uint64_t *lexical = new_sets(gathering, 1);
	uint64_t *by_selection = new_sets(gathering, starts->selection_count);
	uint64_t *by_lexical = new_sets(gathering, LEXICAL_COUNT);

	for (uint32_t i = 0; i < count; i++) {
		const struct rule_start *start = &starts->rules[i];
		const struct rule_instance *instance = start->instance;

		if (!is_judged(instance->rule))
			continue;
		put(gathering, judged, 0, i);
		put(gathering, by_selection, start->selection, i);
		if (!starts->in_tree[start->selection])
			put(gathering, pathed, 0, i);
		if (instance->rule->check == RULE_LEXICAL) {
			put(gathering, lexical, 0, i);
			put(gathering, by_lexical, instance->lexical, i);
		}
		gather_days(gathering, instance->rule, i);
	}
	starts->judged = judged;
	starts->pathed = pathed;
	starts->lexical = lexical;
	starts->by_selection = by_selection;
	starts->by_lexical = by_lexical;
}

void share_end(struct compiler *compiler, struct entry_programs *programs)
{
	struct rule_starts *starts = &programs->starts;
	struct arena *arena = compiler->arena;
	struct gathering gathering = {
		.arena = arena,
		.words = (compiler->starts->len + 63) / 64,
		.days = g_array_new(FALSE, FALSE, sizeof(struct rule_days)),
	};

	*starts = (struct rule_starts){
		.set_words = gathering.words,
		.tree = compiler->tree,
		.selection_count = compiler->in_tree->len,
		.guard_count = compiler->guards->len,
	};
	jsonpath_tree_finish(compiler->tree);
	starts->rules = keep(arena, compiler->starts->data, compiler->starts->len,
			     sizeof(struct rule_start));
	starts->guards = keep(arena, compiler->guards->data, compiler->guards->len,
			      sizeof(struct rule_guard));
	starts->by_guard = gather_guards(&gathering, compiler->guard_uses, starts->guard_count);
	starts->in_tree = keep(arena, compiler->in_tree->data, compiler->in_tree->len,
			       sizeof(bool));
	gather_sets(&gathering, starts, compiler->starts->len);
	starts->days = keep(arena, gathering.days->data, gathering.days->len,
			    sizeof(struct rule_days));
	starts->day_count = gathering.days->len;
	g_array_free(gathering.days, TRUE);
	g_array_free(compiler->starts, TRUE);
	g_array_free(compiler->guards, TRUE);
	g_array_free(compiler->guard_uses, TRUE);
	g_byte_array_free(compiler->in_tree, TRUE);
	g_hash_table_destroy(compiler->guard_numbers);
	g_hash_table_destroy(compiler->selections);
}
