/*
 * Runs the rules of an entry over one document: selects the nodes, sets the variables, asks `when`,
 * goes through `for-each`, and hands each node to the function of the check.
 *
 * What cannot be evaluated is silent where the schema already has a finding, because the rule was
 * promised what the schema says; anywhere else it is a finding that names the rule. The days for
 * which the evaluations hold narrow those of the verdict.
 */
#include "check/judge.h"

#include "source/message.h"

#include <string.h>

/* --- errors of expressions */

static bool overlaps(struct span a, struct span b)
{
	return a.start <= b.end && b.start <= a.end;
}

static bool schema_complained(const struct judging *judging, const struct doc_node *node)
{
	for (guint i = 0; node && i < judging->faulty->len; i++)
		if (overlaps(g_array_index(judging->faulty, struct span, i), node->span))
			return true;
	return false;
}

/* The finding that a rule could not be evaluated at the visited node (NULL: in the document). */
static void visit_fail(const struct visit *visit, const struct cel_fault *fault)
{
	struct judging *judging = visit->judging;
	const struct doc_node *node = fault->node ? fault->node : visit->self;
	const char *rule = visit->instance->rule->id;
	GString *item;
	struct check_finding found = {
		.finding = {.code = FINDING_RULE_ERROR,
			    .rule = finding_id(FINDING_RULE_ERROR),
			    .severity = ruleset_severity(judging->ruleset,
							 finding_id(FINDING_RULE_ERROR),
							 finding_severity(FINDING_RULE_ERROR)),
			    .message = phrase_make(judging->out,
						   fault->kind == CEL_FAULT_BUDGET
							   ? MESSAGE_RULE_BUDGET
							   : MESSAGE_RULE_FAILED,
						   1, slice_of(rule))},
	};

	if (fault->kind != CEL_FAULT_BUDGET &&
	    (schema_complained(judging, fault->node) || schema_complained(judging, visit->self)))
		return;
	found.finding.label = fault->message;
	item = g_string_new(NULL);
	if (node) {
		identity_append_path(item, judging->entry->programs->root, node);
		found.finding.span = node_place(judging->entry->programs->root, node);
		found.finding.pointer = doc_pointer(judging->out, node);
	}
	finding_copy(&found.finding, &found.finding, judging->out);
	found.finding.identity = identity_make(judging->out, found.finding.rule, judging->key,
					       (struct slice){item->str, item->len},
					       slice_of(rule));
	g_array_append_val(judging->findings, found);
	g_string_free(item, TRUE);
}

bool visit_evaluate(const struct visit *visit, const struct rule_expression *expression,
		    struct cel_value *out)
{
	*out = cel_evaluate(expression->program, visit->activation, &visit->judging->scratch->cel);
	if (out->flags & CEL_AS_OF && out->kind == CEL_DAY) {
		visit->activation->holds_from = visit->judging->as_of;
		visit->activation->holds_until = visit->judging->as_of;
	}
	if (out->kind != CEL_ERROR)
		return true;
	visit_fail(visit, out->fault);
	return false;
}

/* --- findings */

void visit_report(const struct visit *visit, struct outcome *outcome, struct slice extra,
		  const struct check_finding *with)
{
	struct judging *judging = visit->judging;
	struct check_finding found;
	GString *item = g_string_new(NULL);

	outcome->instance = visit->instance;
	outcome->activation = visit->activation;
	outcome->scratch = &judging->scratch->cel;
	outcome->out = judging->out;
	outcome->root = judging->entry->programs->root;
	if (!outcome->place)
		outcome->place = visit->self;
	outcome_make(&found, outcome);
	if (with) {
		if (with->finding.span.end) {
			found.finding.span = with->finding.span;
			found.finding.label = with->finding.label;
		}
		found.finding.hint = with->finding.hint;
		found.finding.fix = with->finding.fix;
		found.finding.edits = with->finding.edits;
		found.finding.edit_count = with->finding.edit_count;
		for (size_t i = 0; i < with->finding.related_count; i++)
			outcome_relate(&found, judging->out, NULL, with->finding.related[i].span,
				       with->finding.related[i].label);
	}
	if (visit->self)
		identity_append_path(item, outcome->root, visit->self);
	found.finding.identity = identity_make(judging->out, found.finding.rule, judging->key,
					       (struct slice){item->str, item->len}, extra);
	g_array_append_val(judging->findings, found);
	g_string_free(item, TRUE);
}

/* --- variables */

void variables_set(const struct variables *variables, enum rule_variable variable,
		   struct cel_value value)
{
	int slot = variables->instance->slots[variable];

	if (slot >= 0)
		variables->values[slot] = value;
}

static struct variables variables_of(const struct visit *visit)
{
	struct check_scratch *scratch = visit->judging->scratch;

	return (struct variables){visit->instance, scratch->variables, visit->activation,
				  &scratch->cel};
}

void visit_set(const struct visit *visit, enum rule_variable variable, struct cel_value value)
{
	struct variables variables = variables_of(visit);

	variables_set(&variables, variable, value);
}

const struct doc_node *holder_of(const struct doc_node *node)
{
	node = doc_parent(node);
	while (node && node->type == DOC_ARRAY)
		node = doc_parent(node);
	return node;
}

static bool reads(const struct rule_instance *instance, enum rule_variable variable)
{
	int slot = instance->slots[variable];

	return slot >= 0 && instance->reads_slots >> slot & 1;
}

void variables_document(const struct variables *variables, const struct doc_node *root,
			const char *path, int64_t as_of)
{
	const struct rule_instance *instance = variables->instance;

	for (size_t i = 0; i < instance->slot_count; i++)
		variables->values[i] = cel_absent(NULL);
	variables_set(variables, VARIABLE_DOCUMENT,
		      cel_of_node(root, instance->types[VARIABLE_DOCUMENT]));
	variables_set(variables, VARIABLE_FILE, cel_of_string(slice_of(path)));
	variables_set(variables, VARIABLE_AS_OF, cel_of_as_of(as_of));
}

void variables_node(const struct variables *variables, const struct doc_node *node)
{
	const struct rule_instance *instance = variables->instance;

	if (node && reads(instance, VARIABLE_THIS))
		variables_set(variables, VARIABLE_THIS,
			      cel_of_node(node, instance->types[VARIABLE_THIS]));
	if (node && reads(instance, VARIABLE_PARENT))
		variables_set(variables, VARIABLE_PARENT,
			      cel_of_node(holder_of(node), instance->types[VARIABLE_PARENT]));
	if (node && instance->reads_name)
		variables_set(variables, VARIABLE_NAME,
			      node->key ? cel_of_string(doc_key_text(node))
					: cel_of_int((int64_t)doc_index(node)));
	/* An error stays in the name and comes out where the name is used. */
	for (size_t i = 0; i < instance->let_count; i++)
		variables->values[instance->lets[i].slot] = cel_evaluate(
			instance->lets[i].value.program, variables->activation, variables->scratch);
}

/* --- nodes */

bool visit_is_wanted(const struct visit *visit)
{
	const struct rule_expression *when = &visit->instance->operands[OPERAND_WHEN];
	struct cel_value value;

	if (!when->program)
		return true;
	return visit_evaluate(visit, when, &value) && value.kind == CEL_BOOL && value.boolean;
}

static void visit_items(const struct visit *visit)
{
	const struct rule_instance *instance = visit->instance;
	struct cel_value list;
	struct cel_walk walk = {0};

	if (!instance->has_each) {
		run_check[instance->rule->check](visit);
		return;
	}
	if (!visit_evaluate(visit, &instance->each.value, &list) || list.kind != CEL_LIST)
		return;
	while (cel_next(&list, &walk)) {
		visit->judging->scratch->variables[instance->each.slot] = walk.value;
		visit->judging->each++;
		run_check[instance->rule->check](visit);
	}
	visit->judging->each = 0;
}

void visit_judge(const struct visit *visit)
{
	if (visit_is_wanted(visit))
		visit_items(visit);
}

static gint compare_nodes(gconstpointer a, gconstpointer b)
{
	const struct doc_node *x = *(const struct doc_node *const *)a;
	const struct doc_node *y = *(const struct doc_node *const *)b;

	return x < y ? -1 : x > y;
}

static bool is_ascending(const GPtrArray *nodes)
{
	for (guint i = 1; i < nodes->len; i++)
		if (nodes->pdata[i] <= nodes->pdata[i - 1])
			return false;
	return true;
}

bool rule_select(GPtrArray *nodes, const struct rule_instance *instance,
		 const struct document *document)
{
	bool whole = true;
	guint kept = 0;

	g_ptr_array_set_size(nodes, 0);
	if (!instance->given_count)
		g_ptr_array_add(nodes, (gpointer)document->root);
	for (size_t i = 0; i < instance->given_count; i++)
		whole &= given_select(instance->given[i], document, nodes);
	if (is_ascending(nodes))
		return whole;
	g_ptr_array_sort(nodes, compare_nodes);
	for (guint i = 0; i < nodes->len; i++)
		if (i == 0 || nodes->pdata[i] != nodes->pdata[i - 1])
			nodes->pdata[kept++] = nodes->pdata[i];
	g_ptr_array_set_size(nodes, (gint)kept);
	return whole;
}

void rule_fail_select(struct judging *judging, const struct rule_instance *instance,
		      const struct document *document)
{
	const struct visit visit = {.judging = judging, .instance = instance};

	visit_fail(&visit, &(struct cel_fault){.message = {.message = MESSAGE_GIVEN_TOO_FAR},
					       .kind = CEL_FAULT_BUDGET,
					       .node = document->root});
}

static const struct selection *selection_of(const struct judging *judging,
					    const struct rule_instance *instance, uint32_t number)
{
	struct selection *selection = &g_array_index(judging->scratch->selections, struct selection,
						     number);

	if (selection->done)
		return selection;
	if (!selection->nodes)
		selection->nodes = g_ptr_array_new();
	selection->whole = rule_select(selection->nodes, instance, judging->document);
	selection->done = true;
	return selection;
}

/* --- guards */

static enum guard run_guard(struct judging *judging, uint32_t number)
{
	const struct cel_program *program = judging->entry->programs->guards[number];
	struct check_scratch *scratch = judging->scratch;
	struct arena_mark mark = arena_mark(&scratch->cel);
	struct cel_activation activation;
	struct cel_value value;

	cel_activation_init(&activation, scratch->variables, RULE_SLOTS_MAX);
	value = cel_evaluate(program, &activation, &scratch->cel);
	arena_reset(&scratch->cel, mark);
	if (value.kind != CEL_BOOL)
		return GUARD_OPEN;
	return value.boolean ? GUARD_HOLDS : GUARD_FAILS;
}

/* What the guards of a rule decide together; the first that fails decides for all. */
static enum guard run_guards(struct judging *judging, const struct rule_start *start)
{
	enum guard all = GUARD_HOLDS;

	for (size_t i = 0; i < start->guard_count; i++) {
		uint32_t number = start->guards[i];
		guint8 *guard = &judging->scratch->guards->data[number];

		if (*guard == GUARD_UNKNOWN)
			*guard = run_guard(judging, number);
		if (*guard == GUARD_FAILS)
			return GUARD_FAILS;
		if (*guard == GUARD_OPEN)
			all = GUARD_OPEN;
	}
	return all;
}

/* --- a rule */

static void visit_node(struct visit *visit, const struct doc_node *node)
{
	struct arena_mark mark = arena_mark(&visit->judging->scratch->cel);
	struct variables variables = variables_of(visit);

	visit->self = node;
	variables_node(&variables, node);
	if (visit->is_wanted)
		visit_items(visit);
	else
		visit_judge(visit);
	arena_reset(&visit->judging->scratch->cel, mark);
}

/* What a rule before it left in slots that this one reads before it sets them. */
static void clear_variables(const struct judging *judging, const struct rule_instance *instance)
{
	const struct entry_programs *programs = judging->entry->programs;
	uint64_t slots = instance->reads_slots & ~((uint64_t)1 << programs->document_slot |
						   (uint64_t)1 << programs->file_slot |
						   (uint64_t)1 << programs->as_of_slot);

	for (unsigned slot = 0; slots; slot++, slots >>= 1)
		if (slots & 1)
			judging->scratch->variables[slot] = cel_absent(NULL);
}

static void run_instance(struct judging *judging, const struct rule_instance *instance,
			 const struct selection *selection, bool is_wanted)
{
	struct cel_activation activation;
	struct visit visit = {.judging = judging,
			      .instance = instance,
			      .activation = &activation,
			      .is_wanted = is_wanted};

	judging->verdict->reads_path |= instance->reads_file;
	if (!selection->whole)
		rule_fail_select(judging, instance, judging->document);
	cel_activation_init(&activation, judging->scratch->variables, instance->slot_count);
	clear_variables(judging, instance);
	if (instance->rule->check == RULE_UNIQUE && !instance->rule->across)
		visit.seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < selection->nodes->len; i++)
		visit_node(&visit, selection->nodes->pdata[i]);
	judging->verdict->from = MAX(judging->verdict->from, activation.holds_from);
	judging->verdict->until = MIN(judging->verdict->until, activation.holds_until);
	if (visit.seen)
		g_hash_table_destroy(visit.seen);
}

/* Is it in force on the day? Either way that holds until the next of its bounds. */
static bool in_force(struct judging *judging, int64_t since, int64_t until)
{
	struct verdict *verdict = judging->verdict;

	if (judging->as_of < since) {
		verdict->until = MIN(verdict->until, since - 1);
		return false;
	}
	if (judging->as_of > until) {
		verdict->from = MAX(verdict->from, until + 1);
		return false;
	}
	verdict->from = MAX(verdict->from, since);
	verdict->until = MIN(verdict->until, until);
	return true;
}

bool rule_in_force(struct judging *judging, const struct rule *rule)
{
	return in_force(judging, rule->since, rule->until);
}

/* Variables, selections and guards that all rules share, before the first of a document. */
static void start_document(struct judging *judging)
{
	const struct entry_programs *programs = judging->entry->programs;
	struct check_scratch *scratch = judging->scratch;
	struct cel_value *variables = scratch->variables;

	variables[programs->document_slot] = cel_of_node(judging->document->root,
							 programs->document_type);
	variables[programs->file_slot] = cel_of_string(slice_of(judging->path));
	variables[programs->as_of_slot] = cel_of_as_of(judging->as_of);
	if (scratch->selections->len < programs->selection_count)
		g_array_set_size(scratch->selections, programs->selection_count);
	for (guint i = 0; i < programs->selection_count; i++)
		g_array_index(scratch->selections, struct selection, i).done = false;
	g_byte_array_set_size(scratch->guards, (guint)programs->guard_count);
	if (programs->guard_count)
		memset(scratch->guards->data, GUARD_UNKNOWN, programs->guard_count);
}

/* Can the lexical check find anything in the document? Asked for all of them at once. */
static bool lexical_can_find(struct judging *judging, uint8_t check)
{
	if (!judging->has_lexical)
		judging->lexical = lexical_candidates(judging->document);
	judging->has_lexical = true;
	return judging->lexical >> check & 1;
}

/* Most rules have nothing to do in a document: what tells that comes first, and nothing is set up.
 */
static void run_rule(struct judging *judging, const struct rule_start *start,
		     const struct rule_instance *instance)
{
	const struct selection *selection;
	enum guard guard;

	if (!in_force(judging, start->since, start->until))
		return;
	if (start->is_lexical && !lexical_can_find(judging, start->lexical))
		return;
	guard = run_guards(judging, start);
	if (guard == GUARD_FAILS)
		return;
	selection = selection_of(judging, instance, start->selection);
	if (selection->nodes->len || !selection->whole)
		run_instance(judging, instance, selection,
			     guard == GUARD_HOLDS && start->is_guarded);
}

/* Another one in place of the rule, with any part of it changed: only its `given` is the same. */
static void run_instead(struct judging *judging, const struct rule_start *start)
{
	const struct rule_instance *instance = judging->scratch->instead;
	struct rule_start changed = {.since = start->since,
				     .until = start->until,
				     .selection = start->selection,
				     .is_lexical = start->is_lexical,
				     .lexical = (uint8_t)instance->lexical};

	run_rule(judging, &changed, instance);
}

void run_rules(struct judging *judging)
{
	const struct document_entry *entry = judging->entry;
	const struct rule_instance *instead = judging->scratch->instead;

	start_document(judging);
	for (size_t i = 0; i < entry->rule_count; i++) {
		const struct rule_start *start = &entry->programs->starts[i];

		if ((judging->only && judging->only != entry->rules[i]) || !start->is_judged)
			continue;
		if (instead && instead->rule == entry->rules[i]->rule)
			run_instead(judging, start);
		else
			run_rule(judging, start, entry->rules[i]);
	}
}
