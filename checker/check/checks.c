/*
 * The checks that one document decides, a function each (DESIGN.md section 5, the table of checks).
 *
 * Each is called for a node that `when` let through, evaluates its operands and reports what does
 * not hold. Checks across documents only leave their entries here (entries.c); cross.c judges them.
 */
#include "check/judge.h"

#include "source/message.h"

#include <string.h>

static const struct rule_expression *operand(const struct visit *visit, enum rule_operand which)
{
	return &visit->instance->operands[which];
}

/* Asked without going to look at the operand, which mostly is not there. */
static bool has_operand(const struct visit *visit, enum rule_operand which)
{
	return visit->instance->visit.operands >> which & 1;
}

static struct slice text_of(const GString *text)
{
	return (struct slice){text->str, text->len};
}

/* The value of the check's own expression; `this` where it has none. */
static bool own_value(const struct visit *visit, enum rule_operand which, struct cel_value *out)
{
	const struct rule_expression *expression = operand(visit, which);

	if (expression->program)
		return visit_evaluate(visit, expression, out);
	cel_of_node_into(out, visit->self, visit->instance->types[VARIABLE_THIS]);
	return true;
}

/* --- assert */

static void run_assert(const struct visit *visit)
{
	const struct rule_expression *expression = operand(visit, OPERAND_CHECK);
	struct cel_value value;

	if (!visit_evaluate(visit, expression, &value) || value.kind != CEL_BOOL || value.boolean)
		return;
	visit_set(visit, VARIABLE_VALUE,
		  cel_of_node(visit->self, visit->instance->types[VARIABLE_THIS]));
	visit_report(visit, &(struct outcome){.because = expression->program}, SLICE(""), NULL);
}

/* --- present */

static void run_present(const struct visit *visit)
{
	const struct cel_program *program = operand(visit, OPERAND_CHECK)->program;
	size_t count;
	const struct cel_read *read = cel_program_reads(program, &count);
	const struct doc_node *node = visit->judging->scratch->variables[read->slot].node;
	struct check_finding with = {0};

	for (size_t i = 0; node && i < read->step_count; i++) {
		const struct doc_node *next = doc_member(node, read->steps[i].data,
							 read->steps[i].len);

		if (next && next->type != DOC_NULL) {
			node = next;
			continue;
		}
		with.finding.hint = phrase_make(visit->judging->out, MESSAGE_ADD_STEP, 1,
						read->steps[i]);
		visit_set(visit, VARIABLE_VALUE, cel_of_string(read->steps[i]));
		visit_report(visit, &(struct outcome){.place = next ? next : node}, read->steps[i],
			     &with);
		return;
	}
}

/* --- includes */

static bool is_in(const struct cel_value *list, const struct cel_value *wanted)
{
	struct cel_walk walk = {0};

	while (cel_next(list, &walk))
		if (cel_equal(&walk.value, wanted))
			return true;
	return false;
}

static void run_includes(const struct visit *visit)
{
	struct cel_value wanted, there;
	struct cel_walk walk = {0};
	GString *text;

	if (!visit_evaluate(visit, operand(visit, OPERAND_CHECK), &wanted) ||
	    !visit_evaluate(visit, operand(visit, OPERAND_IN), &there) || wanted.kind != CEL_LIST)
		return;
	text = g_string_new(NULL);
	while (cel_next(&wanted, &walk)) {
		if (walk.value.kind == CEL_NULL ||
		    (there.kind == CEL_LIST && is_in(&there, &walk.value)))
			continue;
		g_string_truncate(text, 0);
		cel_value_append(text, &walk.value, CEL_JSON);
		visit_set(visit, VARIABLE_VALUE, walk.value);
		visit_report(visit, &(struct outcome){0}, text_of(text), NULL);
	}
	g_string_free(text, TRUE);
}

/* --- one-of */

/* Text as YAML reads it as a string, in the quotes that stood there before. */
static struct slice written(struct arena *arena, const struct doc_node *node, const char *source,
			    struct slice text)
{
	char quote = node->flags & DOC_QUOTED ? source[node->span.start] : 0;
	bool plain = text.len && g_ascii_isalpha(text.data[0]);

	for (size_t i = 0; i < text.len; i++)
		plain &= g_ascii_isalnum(text.data[i]) || strchr("_-/. ", text.data[i]) != NULL;
	if (!quote && plain)
		return slice_copy(arena, text);
	if (memchr(text.data, '"', text.len) || memchr(text.data, '\\', text.len) ||
	    memchr(text.data, '\'', text.len))
		return (struct slice){0};
	char *out = arena_printf(arena, "%c%.*s%c", quote ? quote : '"', (int)text.len, text.data,
				 quote ? quote : '"');

	return slice_of(out);
}

static void suggest(const struct visit *visit, struct check_finding *with, struct slice text,
		    enum fix_safety safety)
{
	struct judging *judging = visit->judging;
	struct slice edit = written(judging->out, visit->self, judging->source->data, text);
	struct edit *edits = arena_new(judging->out, struct edit);

	with->finding.hint = phrase_make(judging->out, MESSAGE_WRITE, 1, edit.len ? edit : text);
	if (!edit.len || visit->self->flags & (DOC_BLOCK | DOC_COPIED))
		return;
	*edits = (struct edit){visit->self->span, edit};
	with->finding.fix = safety;
	with->finding.edits = edits;
	with->finding.edit_count = 1;
}

/* The id of the term that has the name nearest to the value. */
static bool nearest_term(const struct rule_vocabulary *vocabulary, struct slice value,
			 struct slice *out)
{
	GArray *names = g_array_new(FALSE, FALSE, sizeof(struct slice));
	GArray *ids = g_array_new(FALSE, FALSE, sizeof(struct slice));
	ptrdiff_t nearest;

	for (size_t i = 0; i < vocabulary->term_count; i++) {
		const struct rule_term *term = &vocabulary->terms[i];

		g_array_append_val(names, term->id);
		g_array_append_val(ids, term->id);
		for (size_t a = 0; a < term->alias_count; a++) {
			g_array_append_val(names, term->aliases[a]);
			g_array_append_val(ids, term->id);
		}
	}
	nearest = text_nearest(value, (const struct slice *)(void *)names->data, names->len);
	if (nearest >= 0)
		*out = g_array_index(ids, struct slice, nearest);
	g_array_free(names, TRUE);
	g_array_free(ids, TRUE);
	return nearest >= 0;
}

static void report_alias(const struct visit *visit, const struct rule_term *term)
{
	struct judging *judging = visit->judging;
	const char *id = finding_id(FINDING_ALIAS_USED);
	struct check_finding found = {
		.finding = {.code = FINDING_ALIAS_USED,
			    .rule = id,
			    .severity = ruleset_severity(judging->ruleset, id,
							 finding_severity(FINDING_ALIAS_USED)),
			    .message = phrase_make(judging->out, MESSAGE_ALIAS_USED, 2,
						   doc_text(visit->self), term->id),
			    .span = visit->self->span,
			    .pointer = doc_pointer(judging->out, visit->self)},
	};
	GString *item = g_string_new(NULL);

	suggest(visit, &found, term->id, FIX_SAFE);
	identity_append_path(item, judging->entry->programs->root, visit->self);
	found.finding.identity = identity_make(judging->out, id, judging->key, text_of(item),
					       SLICE(""));
	if (found.finding.severity != SEVERITY_OFF)
		g_array_append_val(judging->findings, found);
	g_string_free(item, TRUE);
}

/* Is the term certainly not in use at any time that `on` can mean? */
static bool out_of_use(const struct rule_term *term, const struct cel_value *on)
{
	int64_t first, last;

	if (!value_days(on, &first, &last))
		return false;
	return (term->since.year && last < date_earliest(term->since)) ||
	       (term->until.year && first > date_latest(term->until));
}

static void run_one_of_vocabulary(const struct visit *visit, const struct cel_value *value)
{
	const struct rule_vocabulary *vocabulary = visit->instance->visit.vocabulary;
	bool has_day = has_operand(visit, OPERAND_ON);
	struct check_finding with = {0};
	struct cel_value on;
	struct slice text = doc_text(visit->self), near;
	const struct text_place *name = visit->self->type == DOC_STRING
						? text_table_find(&vocabulary->names, text)
						: NULL;
	const struct rule_term *term = name ? name->value : NULL;

	if (has_day && !visit_evaluate(visit, operand(visit, OPERAND_ON), &on))
		return;
	if (term && term->id.data != name->text.data)
		report_alias(visit, term);
	if (term && !(has_day && out_of_use(term, &on)))
		return;
	if (!term && nearest_term(vocabulary, text, &near))
		suggest(visit, &with, near, FIX_UNSAFE);
	visit_set(visit, VARIABLE_VALUE, *value);
	visit_report(visit, &(struct outcome){0}, SLICE(""), &with);
}

static void run_one_of_list(const struct visit *visit, const struct cel_value *value)
{
	const struct rule_instance *instance = visit->instance;
	struct slice *texts;
	struct check_finding with = {0};
	ptrdiff_t nearest;
	size_t count = 0;

	for (size_t i = 0; i < instance->literal_count; i++)
		if (cel_equal(&instance->literals[i], value))
			return;
	texts = g_new(struct slice, instance->literal_count);
	for (size_t i = 0; i < instance->literal_count; i++)
		if (instance->literals[i].kind == CEL_STRING)
			texts[count++] = instance->literals[i].string;
	nearest = text_nearest(doc_text(visit->self), texts, count);
	if (nearest >= 0)
		suggest(visit, &with, texts[nearest], FIX_UNSAFE);
	visit_set(visit, VARIABLE_VALUE, *value);
	visit_report(visit, &(struct outcome){0}, SLICE(""), &with);
	g_free(texts);
}

static void run_one_of(const struct visit *visit)
{
	struct cel_value value;

	if (visit->self->type == DOC_NULL || !own_value(visit, OPERAND_CHECK, &value))
		return;
	if (visit->instance->visit.vocabulary)
		run_one_of_vocabulary(visit, &value);
	else
		run_one_of_list(visit, &value);
}

/* --- order */

struct dated {
	struct cel_value value;
	int64_t first, last;
	bool there;
};

static void report_order(const struct visit *visit, const struct dated *late,
			 const struct dated *early, size_t index, size_t early_index)
{
	struct check_finding with = {0};
	struct slice text;

	if (early->value.node) {
		text = cel_program_text(visit->instance->order[early_index].program);
		outcome_relate(&with, visit->judging->out, NULL, early->value.node->span,
			       phrase_make(visit->judging->out, MESSAGE_EARLIER_STEP, 1, text));
	}
	visit_set(visit, VARIABLE_VALUE, late->value);
	visit_set(visit, VARIABLE_OTHER, early->value);
	visit_report(visit, &(struct outcome){.place = late->value.node},
		     cel_program_text(visit->instance->order[index].program), &with);
}

static void run_order(const struct visit *visit)
{
	const struct rule_instance *instance = visit->instance;
	struct dated *dates = g_new0(struct dated, instance->order_count);

	for (size_t i = 0; i < instance->order_count; i++)
		dates[i].there = visit_evaluate(visit, &instance->order[i], &dates[i].value) &&
				 value_days(&dates[i].value, &dates[i].first, &dates[i].last);
	for (size_t i = 1; i < instance->order_count; i++) {
		const struct dated *latest = NULL;

		for (size_t j = 0; dates[i].there && j < i; j++)
			if (dates[j].there && dates[i].last < dates[j].first &&
			    (!latest || dates[j].first >= latest->first))
				latest = &dates[j];
		if (latest)
			report_order(visit, &dates[i], latest, i, (size_t)(latest - dates));
	}
	g_free(dates);
}

/* --- unique */

void unique_begin(struct check_scratch *scratch)
{
	arena_reset(&scratch->seen_arena, (struct arena_mark){0});
	scratch->seen = (struct text_table){0};
}

static void report_twin(const struct visit *visit, const struct cel_value *key,
			const struct doc_node *first)
{
	const struct shape *root = visit->judging->entry->programs->root;
	struct check_finding with = {0};

	outcome_relate(&with, visit->judging->out, NULL, node_place(root, first),
		       phrase_make(visit->judging->out, MESSAGE_FIRST_ONE, 0));
	visit_set(visit, VARIABLE_VALUE, *key);
	visit_set(visit, VARIABLE_OTHER, cel_of_node(first, visit->instance->types[VARIABLE_THIS]));
	visit_report(visit, &(struct outcome){.place = key->node},
		     text_of(visit->judging->scratch->key), &with);
}

static void run_unique(const struct visit *visit)
{
	struct check_scratch *scratch = visit->judging->scratch;
	GString *text = scratch->key;
	const struct text_place *first;
	struct cel_value key;

	if (!visit_evaluate(visit, operand(visit, OPERAND_CHECK), &key))
		return;
	if (visit->instance->visit.reads) { /* across documents */
		entries_add(visit, INDEX_MEMBER, &key, key.node, DAY_OPEN_START, DAY_OPEN_END);
		return;
	}
	g_string_truncate(text, 0);
	if (!value_key(text, &key))
		return;
	first = text_table_find(&scratch->seen, text_of(text));
	if (first)
		report_twin(visit, &key, first->value);
	else
		text_table_add(&scratch->seen, &scratch->seen_arena,
			       slice_copy(&scratch->seen_arena, text_of(text)), visit->self);
}

/* --- across documents: entries for the index */

static void run_reference(const struct visit *visit)
{
	struct cel_value key;
	struct cel_walk walk = {0};

	if (!own_value(visit, OPERAND_BY, &key))
		return;
	if (key.kind != CEL_LIST) {
		entries_add(visit, INDEX_USES, &key, key.node, DAY_OPEN_START, DAY_OPEN_END);
		return;
	}
	while (cel_next(&key, &walk))
		entries_add(visit, INDEX_USES, &walk.value, walk.value.node, DAY_OPEN_START,
			    DAY_OPEN_END);
}

static void run_member(const struct visit *visit)
{
	struct cel_value key;

	if (visit_evaluate(visit, operand(visit, OPERAND_CHECK), &key))
		entries_add(visit, INDEX_MEMBER, &key, key.node, DAY_OPEN_START, DAY_OPEN_END);
}

static void run_disjoint(const struct visit *visit)
{
	struct cel_value start, end, key = cel_of_string(SLICE(""));
	int64_t first, last, unused;

	if (!visit_evaluate(visit, operand(visit, OPERAND_START), &start) ||
	    !visit_evaluate(visit, operand(visit, OPERAND_END), &end))
		return;
	if (has_operand(visit, OPERAND_BY) &&
	    !visit_evaluate(visit, operand(visit, OPERAND_BY), &key))
		return;
	/* Only what certainly belongs to the period: from the latest start to the earliest end. */
	if (!value_days(&start, &unused, &first))
		first = DAY_OPEN_START;
	if (!value_days(&end, &last, &unused))
		last = DAY_OPEN_END;
	entries_add(visit, INDEX_MEMBER, &key, NULL, first, last);
}

/* --- lexical */

struct lexing {
	const struct visit *visit;
};

static bool is_inside(const struct doc_node *tree, const struct doc_node *node)
{
	return !node || (tree <= node && node < tree + tree->size);
}

static void report_match(void *context, const struct lexical_match *match)
{
	struct visit visit = *((const struct lexing *)context)->visit;
	struct check_finding with = {0};

	if (!is_inside(visit.self, match->node))
		return;
	if (match->node)
		visit.self = match->node;
	lexical_fill(&with.finding, match, NULL, visit.judging->out);
	visit_set(&visit, VARIABLE_VALUE, cel_of_string(match->value));
	visit_report(&visit, &(struct outcome){0}, SLICE(""), &with);
}

uint32_t lexical_look(struct judging *judging)
{
	return lexical_candidates(judging->document, judging->ruleset->lexical_names,
				  judging->scratch->suspects);
}

/* Over what is suspected in the document; what lies outside the selected node is left out. */
static void run_lexical(const struct visit *visit)
{
	struct judging *judging = visit->judging;
	struct lexing lexing = {visit};

	lexical_run(visit->instance->lexical, judging->document, judging->scratch->suspects,
		    &judging->scratch->stage, report_match, &lexing);
}

void (*const run_check[])(const struct visit *visit) = {
	[RULE_ASSERT] = run_assert,       [RULE_PRESENT] = run_present,
	[RULE_INCLUDES] = run_includes,   [RULE_ONE_OF] = run_one_of,
	[RULE_ORDER] = run_order,         [RULE_UNIQUE] = run_unique,
	[RULE_REFERENCE] = run_reference, [RULE_ACYCLIC] = run_member,
	[RULE_DISJOINT] = run_disjoint,   [RULE_GROUP_BY] = run_member,
	[RULE_TRANSITION] = run_assert,   [RULE_COMMIT] = run_assert,
	[RULE_LEXICAL] = run_lexical,
};
_Static_assert(G_N_ELEMENTS(run_check) == RULE_CHECK_COUNT, "a function for every check");
