/*
 * Runs rules of an entry over one document: sets the variables, asks `when`, goes through
 * `for-each`, and hands each node to the function of the check. course.c says which rules.
 *
 * What cannot be evaluated is silent where the schema already has a finding, because the rule was
 * promised what the schema says; anywhere else it is a finding that names the rule. The days for
 * which the evaluations hold narrow those of the verdict.
 */
#include "check/course.h"

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
	cel_evaluate_into(out, expression->program, visit->activation,
			  &visit->judging->scratch->cel);
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

/* An error stays in the name and comes out where the name is used. */
static void set_lets(const struct variables *variables)
{
	const struct rule_instance *instance = variables->instance;

	for (size_t i = 0; i < instance->let_count; i++)
		variables->values[instance->lets[i].slot] = cel_evaluate(
			instance->lets[i].value.program, variables->activation, variables->scratch);
}

static struct cel_value name_of(const struct doc_node *node)
{
	return node->key ? cel_of_string(doc_key_text(node)) : cel_of_int((int64_t)doc_index(node));
}

void variables_node(const struct variables *variables, const struct doc_node *node)
{
	const struct rule_visit *visit = &variables->instance->visit;
	struct cel_value *values = variables->values;

	if (node && visit->this_slot >= 0)
		cel_of_node_into(&values[visit->this_slot], node, visit->this_type);
	if (node && visit->parent_slot >= 0)
		cel_of_node_into(&values[visit->parent_slot], holder_of(node), visit->parent_type);
	if (node && visit->name_slot >= 0)
		values[visit->name_slot] = name_of(node);
	if (visit->has_lets)
		set_lets(variables);
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

static void visit_each(const struct visit *visit)
{
	const struct rule_instance *instance = visit->instance;
	struct cel_value list;
	struct cel_walk walk = {0};

	if (!visit_evaluate(visit, &instance->each.value, &list) || list.kind != CEL_LIST)
		return;
	while (cel_next(&list, &walk)) {
		visit->judging->scratch->variables[instance->each.slot] = walk.value;
		visit->judging->each++;
		run_check[instance->visit.check](visit);
	}
	visit->judging->each = 0;
}

static void visit_items(const struct visit *visit)
{
	const struct rule_visit *needs = &visit->instance->visit;

	if (needs->has_each)
		visit_each(visit);
	else
		run_check[needs->check](visit);
}

void visit_judge(const struct visit *visit)
{
	if (visit_is_wanted(visit))
		visit_items(visit);
}

void rule_fail_select(struct judging *judging, const struct rule_instance *instance,
		      const struct document *document)
{
	const struct visit visit = {.judging = judging, .instance = instance};

	visit_fail(&visit, &(struct cel_fault){.message = {.message = MESSAGE_GIVEN_TOO_FAR},
					       .kind = CEL_FAULT_BUDGET,
					       .node = document->root});
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

/* What a rule before it left in slots that this one reads. */
static void clear_foreign(const struct judging *judging, const struct rule_instance *instance)
{
	for (uint64_t slots = instance->visit.foreign; slots; slots &= slots - 1)
		judging->scratch->variables[__builtin_ctzll(slots)] = cel_absent(NULL);
}

static void run_instance(struct course *course, const struct rule_instance *instance,
			 uint32_t selection)
{
	const struct rule_visit *needs = &instance->visit;
	struct judging *judging = course->judging;
	const struct jsonpath_found *found = &judging->scratch->found;
	struct cel_activation *activation = &course->activation;
	struct visit visit = {.judging = judging,
			      .instance = instance,
			      .activation = activation,
			      .is_wanted = course->is_wanted};

	judging->verdict->reads_path |= needs->reads_file;
	if (course->selections[selection] == SELECTION_CUT)
		rule_fail_select(judging, instance, judging->document);
	activation->variable_count = needs->slot_count;
	activation->holds_from = DAY_OPEN_START;
	activation->holds_until = DAY_OPEN_END;
	clear_foreign(judging, instance);
	if (needs->check == RULE_UNIQUE && !instance->rule->across)
		unique_begin(judging->scratch);
	for (uint32_t i = found->lists[selection].first; i; i = found->links[i].next)
		visit_node(&visit, judging->document->root + found->links[i].node);
	judging->verdict->from = MAX(judging->verdict->from, activation->holds_from);
	judging->verdict->until = MIN(judging->verdict->until, activation->holds_until);
}

/* Another one in place of its rule, with any part of it changed: only its `given` is the same. */
static void run_instead(struct course *course)
{
	struct judging *judging = course->judging;
	const struct rule_instance *instead = judging->scratch->instead;
	const struct rule_start *start = course_take(course, instead->rule);

	if (!start)
		return;
	if (instead->rule->check == RULE_LEXICAL &&
	    !(lexical_look(judging) >> instead->lexical & 1))
		return;
	run_instance(course, instead, start->selection);
}

void run_rules(struct judging *judging)
{
	const struct rule_start *start;
	struct course course;

	if (!judging->entry->rule_count)
		return;
	course_begin(&course, judging);
	if (judging->scratch->instead)
		run_instead(&course);
	course_ask(&course);
	while ((start = course_next(&course)))
		run_instance(&course, start->instance, start->selection);
}
