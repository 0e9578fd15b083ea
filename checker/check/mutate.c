/*
 * Mutants of a rule: does an example notice when the rule says something else? (DESIGN.md section
 * 5, Examples; `planlint test --mutate`.)
 *
 * Each mutant is the compiled rule with one thing changed: one of its expressions (cel_mutate), or
 * an operand as a whole: `when` left out, dates of `order` left out or turned round, terms of
 * `one-of` left out, the bounds of `disjoint` exchanged, every key the same, the last step of a
 * path of `present` left out, another lexical check. It runs against the rule's own examples until
 * one of them no longer agrees: then it is killed.
 */
#include "check/check.h"
#include "check/cross.h"
#include "source/message.h"

#include <string.h>

enum { MUTANTS_MAX = 1000 }; /* of one rule */

struct mutation {
	const struct ruleset *ruleset;
	const struct rule_instance *instance; /* as it is */
	struct rule_instance mutant;          /* with one thing changed */
	const struct rule_expression *at;     /* the expression that cel_mutate() goes through */
	const struct cel_program **place;     /* where its program stands in the mutant */
	struct arena arena;
	const struct finding_sink *survivors; /* NULL: they are only counted */
	size_t tried, killed;
	int result; /* -1: a fault of the system */
	struct error *error;
};

static void report_survivor(const struct mutation *mutation, struct span span, struct slice text)
{
	const struct rule *rule = mutation->instance->rule;
	struct arena arena = {0};
	struct finding finding = {
		.code = FINDING_RULE_MUTANT,
		.rule = finding_id(FINDING_RULE_MUTANT),
		.severity = SEVERITY_INFO,
		.message = phrase_make(&arena,
				       text.len ? MESSAGE_MUTANT_CHANGED : MESSAGE_MUTANT_DROPPED,
				       1, slice_of(rule->id)),
		.source = rule->document->source,
		.span = span,
	};

	if (text.len)
		finding.label = phrase_make(&arena, MESSAGE_MUTANT_WRITTEN, 1, text);
	finding_emit(mutation->survivors, &finding);
	arena_release(&arena);
}

/* Runs the mutant; `text` (empty: nothing) stands in it in place of `span` of the rule file. */
static void run_mutant(struct mutation *mutation, struct span span, struct slice text)
{
	bool noticed = false;

	if (mutation->result || mutation->tried == MUTANTS_MAX)
		return;
	rule_visit_fill(&mutation->mutant);
	mutation->result = examples_notice(&noticed, mutation->ruleset, mutation->instance,
					   &mutation->mutant, mutation->error);
	mutation->tried++;
	if (noticed)
		mutation->killed++;
	else if (mutation->survivors && !mutation->result)
		report_survivor(mutation, span, text);
}

/* --- expressions */

static struct span span_in_file(const struct rule_expression *expression, struct span span)
{
	uint32_t offset = (uint32_t)expression->offset;

	return (struct span){
		doc_text_offset(expression->document, expression->node, offset + span.start),
		doc_text_offset(expression->document, expression->node, offset + span.end)};
}

static void run_changed(void *context, const struct cel_mutant *changed)
{
	struct mutation *mutation = context;
	const struct cel_program *before = *mutation->place;

	*mutation->place = changed->program;
	run_mutant(mutation, span_in_file(mutation->at, changed->span), changed->text);
	*mutation->place = before;
}

static const struct cel_program *facts_for(const struct mutation *mutation,
					   const struct rule_expression *expression)
{
	const struct cel_program *when = mutation->instance->operands[OPERAND_WHEN].program;

	return expression->program == when ? NULL : when;
}

/* `place`: of the program in the mutant, which the expression is a copy of. */
static void mutate_expression(struct mutation *mutation, const struct rule_expression *expression,
			      const struct cel_program **place)
{
	if (!expression->program)
		return;
	mutation->at = expression;
	mutation->place = place;
	cel_mutate(expression->program, facts_for(mutation, expression), &mutation->arena,
		   run_changed, mutation);
}

/* An operand that is something else altogether. */
static void replace_operand(struct mutation *mutation, enum rule_operand operand, const char *text)
{
	const struct rule_expression *expression = &mutation->instance->operands[operand];
	const struct cel_program *program;

	if (!expression->program)
		return;
	program = cel_mutant_of(expression->program, slice_of(text),
				facts_for(mutation, expression), &mutation->arena);
	if (!program)
		return;
	mutation->mutant.operands[operand].program = program;
	run_mutant(mutation, expression->node->span, slice_of(text));
	mutation->mutant.operands[operand].program = expression->program;
}

static void drop_operand(struct mutation *mutation, enum rule_operand operand)
{
	const struct rule_expression *expression = &mutation->instance->operands[operand];

	if (!expression->program)
		return;
	mutation->mutant.operands[operand].program = NULL;
	run_mutant(mutation, expression->node->span, (struct slice){0});
	mutation->mutant.operands[operand].program = expression->program;
}

/* --- lists of the rule file */

static const struct doc_node *own_node(const struct mutation *mutation)
{
	const struct rule *rule = mutation->instance->rule;

	return doc_get(rule->node, rule_check_name(rule->check));
}

/* "[c, b, a]" */
static const char *turned_round(struct mutation *mutation)
{
	const struct rule_instance *instance = mutation->instance;
	char *text = arena_strdup(&mutation->arena, "");

	for (size_t i = 0; i < instance->order_count; i++) {
		struct slice date = cel_program_text(instance->order[i].program);

		text = arena_printf(&mutation->arena, "%.*s%s%s", (int)date.len, date.data,
				    i ? ", " : "", text);
	}
	return arena_printf(&mutation->arena, "[%s]", text);
}

static void mutate_order(struct mutation *mutation)
{
	const struct rule_instance *instance = mutation->instance;
	size_t count = instance->order_count;
	struct rule_expression *dates = arena_array(&mutation->arena, count, sizeof(*dates));

	mutation->mutant.order = dates;
	for (size_t i = 0; i < count; i++)
		dates[i] = instance->order[count - 1 - i];
	run_mutant(mutation, own_node(mutation)->span, slice_of(turned_round(mutation)));
	mutation->mutant.order_count = count - 1;
	for (size_t left_out = 0; left_out < count; left_out++) {
		for (size_t i = 0; i + 1 < count; i++)
			dates[i] = instance->order[i + (i >= left_out)];
		run_mutant(mutation, instance->order[left_out].node->span, (struct slice){0});
	}
	mutation->mutant.order_count = count;
	memcpy(dates, instance->order, count * sizeof(*dates));
	for (size_t i = 0; i < count; i++)
		mutate_expression(mutation, &instance->order[i], &dates[i].program);
}

static void mutate_literals(struct mutation *mutation)
{
	const struct rule_instance *instance = mutation->instance;
	size_t count = instance->literal_count;
	struct cel_value *literals = arena_array(&mutation->arena, count, sizeof(*literals));

	mutation->mutant.literals = literals;
	mutation->mutant.literal_count = count - 1;
	for (size_t left_out = 0; left_out < count; left_out++) {
		for (size_t i = 0; i + 1 < count; i++)
			literals[i] = instance->literals[i + (i >= left_out)];
		run_mutant(mutation, doc_item(own_node(mutation), left_out)->span,
			   (struct slice){0});
	}
	mutation->mutant.literals = instance->literals;
	mutation->mutant.literal_count = count;
}

/* Without any term; one by one they would be a list of what examples need not name. */
static void mutate_vocabulary(struct mutation *mutation)
{
	struct rule_vocabulary empty = *mutation->instance->vocabulary;

	empty.names = (struct text_table){0};
	empty.term_count = 0;
	mutation->mutant.vocabulary = &empty;
	run_mutant(mutation, own_node(mutation)->span, (struct slice){0});
	mutation->mutant.vocabulary = mutation->instance->vocabulary;
}

/* --- the checks */

static void mutate_one_of(struct mutation *mutation)
{
	if (mutation->instance->vocabulary)
		mutate_vocabulary(mutation);
	else if (mutation->instance->literal_count)
		mutate_literals(mutation);
	drop_operand(mutation, OPERAND_ON);
}

/* `present: a.b.c` without its last step. */
static void mutate_present(struct mutation *mutation)
{
	struct slice text = cel_program_text(mutation->instance->operands[OPERAND_CHECK].program);
	const char *dot = g_strrstr_len(text.data, (gssize)text.len, ".");

	if (dot)
		replace_operand(mutation, OPERAND_CHECK,
				arena_dup(&mutation->arena, text.data, (size_t)(dot - text.data)));
}

static void mutate_disjoint(struct mutation *mutation)
{
	struct rule_expression *operands = mutation->mutant.operands;

	operands[OPERAND_START] = mutation->instance->operands[OPERAND_END];
	operands[OPERAND_END] = mutation->instance->operands[OPERAND_START];
	run_mutant(mutation, own_node(mutation)->span, SLICE("[end, start]"));
	operands[OPERAND_START] = mutation->instance->operands[OPERAND_START];
	operands[OPERAND_END] = mutation->instance->operands[OPERAND_END];
	drop_operand(mutation, OPERAND_BY);
}

/* Where `by` is not there it is `this`. */
static void mutate_reference(struct mutation *mutation)
{
	const struct rule_instance *instance = mutation->instance;
	struct cel_options options = {.mode = CEL_LENIENT};
	struct cel_faults faults;

	if (instance->operands[OPERAND_BY].program) {
		replace_operand(mutation, OPERAND_BY, "'~'");
		return;
	}
	mutation->mutant.operands[OPERAND_BY].program = cel_compile(
		instance->env, SLICE("'~'"), &options, &mutation->arena, &faults);
	run_mutant(mutation, own_node(mutation)->span, SLICE("'~'"));
	mutation->mutant.operands[OPERAND_BY].program = NULL;
}

static void mutate_lexical(struct mutation *mutation)
{
	enum lexical_check other = (mutation->instance->lexical + 1) % LEXICAL_COUNT;

	mutation->mutant.lexical = other;
	run_mutant(mutation, own_node(mutation)->span, slice_of(lexical_name(other)));
	mutation->mutant.lexical = mutation->instance->lexical;
}

static void mutate_check(struct mutation *mutation)
{
	switch (mutation->instance->rule->check) {
	case RULE_PRESENT:
		mutate_present(mutation);
		return;
	case RULE_INCLUDES:
		replace_operand(mutation, OPERAND_CHECK, "[]");
		replace_operand(mutation, OPERAND_IN, "[]");
		return;
	case RULE_ONE_OF:
		mutate_one_of(mutation);
		return;
	case RULE_ORDER:
		mutate_order(mutation);
		return;
	case RULE_UNIQUE:
	case RULE_ACYCLIC:
	case RULE_GROUP_BY:
		replace_operand(mutation, OPERAND_CHECK, "'~'");
		return;
	case RULE_REFERENCE:
		mutate_reference(mutation);
		return;
	case RULE_DISJOINT:
		mutate_disjoint(mutation);
		return;
	case RULE_LEXICAL:
		mutate_lexical(mutation);
		return;
	case RULE_ASSERT:
	case RULE_TRANSITION:
	case RULE_COMMIT:
	case RULE_CHECK_COUNT:
		return;
	}
}

static bool is_judging(enum rule_operand operand)
{
	return operand != OPERAND_AT;
}

static void mutate_rule(struct mutation *mutation)
{
	const struct rule_instance *instance = mutation->instance;
	struct rule_let *lets = arena_array(&mutation->arena, instance->let_count, sizeof(*lets));

	mutation->mutant = *instance;
	mutation->mutant.reads_slots = UINT64_MAX >> (64 - RULE_SLOTS_MAX);
	drop_operand(mutation, OPERAND_WHEN);
	mutate_check(mutation);
	for (enum rule_operand i = 0; i < OPERAND_COUNT; i++)
		if (is_judging(i))
			mutate_expression(mutation, &instance->operands[i],
					  &mutation->mutant.operands[i].program);
	if (instance->has_each)
		mutate_expression(mutation, &instance->each.value,
				  &mutation->mutant.each.value.program);
	for (size_t i = 0; i < instance->let_count; i++)
		lets[i] = instance->lets[i];
	mutation->mutant.lets = lets;
	for (size_t i = 0; i < instance->let_count; i++)
		mutate_expression(mutation, &instance->lets[i].value, &lets[i].value.program);
}

/* --- a rule */

static void report_idle(const struct rule *rule, size_t tried, const struct finding_sink *sink)
{
	struct arena arena = {0};
	char *count = arena_printf(&arena, "%zu", tried);
	struct finding finding = {
		.code = FINDING_RULE_MUTANT,
		.rule = finding_id(FINDING_RULE_MUTANT),
		.severity = finding_severity(FINDING_RULE_MUTANT),
		.message = phrase_make(&arena, MESSAGE_MUTANT_NONE, 2, slice_of(rule->id),
				       slice_of(count)),
		.hint = phrase_make(&arena, MESSAGE_MUTANT_NONE_HINT, 0),
		.source = rule->document->source,
		.span = doc_get(rule->node, "id")->span,
	};

	finding_emit(sink, &finding);
	arena_release(&arena);
}

int check_mutants(const struct ruleset *ruleset, const struct rule *rule,
		  const struct finding_sink *sink, const struct finding_sink *survivors,
		  struct mutant_counts *counts, struct error *error)
{
	struct mutation mutation = {
		.ruleset = ruleset,
		.instance = cross_instance(ruleset, rule),
		.survivors = survivors,
		.error = error,
	};

	if (!mutation.instance)
		return 0;
	mutate_rule(&mutation);
	counts->mutants += mutation.tried;
	counts->killed += mutation.killed;
	if (!mutation.result && mutation.tried && !mutation.killed) {
		counts->idle++;
		report_idle(rule, mutation.tried, sink);
	}
	arena_release(&mutation.arena);
	return mutation.result;
}
