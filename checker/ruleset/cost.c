/*
 * What the expressions of a rule can cost, as warnings at load: more steps than an evaluation may
 * take, as far as the schema bounds its lists, and macros nested over the same list. The bound only
 * warns; what really takes too long ends in a finding when it runs.
 *
 * DESIGN.md section 5, Errors while a rule runs.
 */
#include "ruleset/compile.h"

#include "source/message.h"

#include <inttypes.h>

static void warn(struct compiler *compiler, const struct rule_expression *expression,
		 struct span span, struct phrase message, struct phrase hint)
{
	const char *id = finding_id(FINDING_RULE_COST);
	uint32_t offset = (uint32_t)expression->offset;
	struct finding finding = {
		.code = FINDING_RULE_COST,
		.rule = id,
		.severity = ruleset_severity(&compiler->loader->store->public, id,
					     finding_severity(FINDING_RULE_COST)),
		.message = message,
		.hint = hint,
		.source = expression->document->source,
		.span = {doc_text_offset(expression->document, expression->node,
					 offset + span.start),
			 doc_text_offset(expression->document, expression->node,
					 offset + span.end)},
	};
	char *key = g_strdup_printf("%p:%u:%d", (const void *)expression->document,
				    finding.span.start, (int)message.message);

	/* Once, though a rule may be compiled for several entries; a warning is never a fault. */
	if (g_hash_table_add(compiler->said, key) && finding.severity != SEVERITY_OFF)
		finding_emit(compiler->loader->sink, &finding);
}

static void warn_bound(struct compiler *compiler, const struct rule_expression *expression,
		       uint64_t cost)
{
	char steps[32], allowed[32];

	g_snprintf(steps, sizeof(steps), "%" PRIu64, cost);
	g_snprintf(allowed, sizeof(allowed), "%d", CEL_BUDGET);
	warn(compiler, expression,
	     (struct span){0, (uint32_t)cel_program_text(expression->program).len},
	     phrase_make(compiler->arena, MESSAGE_RULE_COST, 2, slice_of(steps), slice_of(allowed)),
	     phrase_make(compiler->arena, MESSAGE_RULE_COST_HINT, 0));
}

static void check_cost(void *context, enum rule_operand operand,
		       const struct rule_expression *expression)
{
	struct compiler *compiler = context;
	uint64_t cost = cel_program_cost(expression->program);
	size_t count;
	const struct cel_fault *warnings = cel_program_warnings(expression->program, &count);

	(void)operand;
	for (size_t i = 0; i < count; i++)
		warn(compiler, expression, warnings[i].span, warnings[i].message,
		     phrase_make(compiler->arena, MESSAGE_NESTED_FOLD_HINT, 0));
	if (cost > CEL_BUDGET && cost != UINT64_MAX)
		warn_bound(compiler, expression, cost);
}

void cost_check(struct compiler *compiler)
{
	rule_each_expression(compiler->instance, check_cost, compiler);
}
