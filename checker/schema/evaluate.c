/*
 * Runs programs (program.h) on a document: whether an instance is valid, nothing else.
 *
 * One function executes one program; programs of children and calls recurse. A document's depth is
 * bounded by its reader; what can recurse without descending (a call, a reference at run time)
 * counts against a depth and against a budget of steps, and both end in `gave_up`, after which
 * nothing holds. What does not unwind the budget's count is cheap: assertions and children.
 *
 * Where the document was read with the symbols of the schema's set, members are found by number;
 * else each key is looked up in the set's table first.
 */
#include "schema/evaluate.h"
#include "schema/format.h"
#include "schema/text_set.h"

#include "base/regex.h"

#include <string.h>

enum {
	DEPTH_MAX = 1500,
};

static bool execute(struct run *run, const struct instr *program, const struct doc_node *node,
		    unsigned depth);

static bool give_up(struct run *run)
{
	run->gave_up = true;
	run->steps = 0;
	return false;
}

/* Counts a step that does not descend into the document. */
static inline bool step(struct run *run, unsigned depth)
{
	if (--run->steps < 0 || depth > DEPTH_MAX)
		return give_up(run);
	return true;
}

static inline uint32_t symbol_of(const struct run *run, const struct doc_node *member)
{
	if (__builtin_expect(!run->symbols, 1))
		return member->symbol;
	return run_symbol(run, member->key);
}

/* -1, 0, 1 where both are 64-bit integers; 2: somebody else must compare. */
static inline int quick_compare(const struct limit_detail *limit, const struct doc_node *number)
{
	if (!limit->is_int64 || !(number->flags & DOC_INT64))
		return 2;
	return (number->integer > limit->integer) - (number->integer < limit->integer);
}

static inline bool minimum_holds(const struct limit_detail *limit, const struct doc_node *number)
{
	int order = quick_compare(limit, number);

	return order == 2 ? limit_holds_minimum(limit, number) : order >= limit->exclusive;
}

static inline bool maximum_holds(const struct limit_detail *limit, const struct doc_node *number)
{
	int order = quick_compare(limit, number);

	return order == 2 ? limit_holds_maximum(limit, number) : -order >= limit->exclusive;
}

static inline bool text_is(const struct slice *text, const struct doc_node *node)
{
	return text->len == node->len && text_same(text->data, node->text, text->len);
}

/* A program; what most children need is decided here, without a call. */
static inline bool program_holds(struct run *run, const struct instr *program,
				 const struct doc_node *node, unsigned depth)
{
	for (;; program++) {
		bool holds = false;

		switch ((int)program->op) {
		case OP_END:
			return true;
		case OP_MIN_COUNT:
			holds = node->count >= program->number;
			break;
		case OP_MAX_COUNT:
			holds = node->count <= program->number;
			break;
		case OP_MINIMUM:
			holds = minimum_holds(program->limit, node);
			break;
		case OP_MAXIMUM:
			holds = maximum_holds(program->limit, node);
			break;
		case OP_TEXT_IS:
			holds = text_is(program->text, node);
			break;
		case OP_TEXT_IN:
			holds = text_set_has(program->texts, node->text, node->len);
			break;
		default:
			return execute(run, program, node, depth);
		}
		if (!holds)
			return false;
	}
}

/* A subschema on a child; code may be NULL. */
static inline bool child_holds(struct run *run, const struct schema_code *code,
			       const struct doc_node *child, unsigned depth)
{
	if (!code || code->accepts >> child->type & 1)
		return true;
	if (code->rejects >> child->type & 1)
		return false;
	return program_holds(run, code->programs[PLAIN][child->type], child, depth + 1);
}

/* --- programs with marks of their own */

/* Runs a program with marks of its own, which count in `around` where it holds; NULL: nowhere. */
static bool execute_marked(struct run *run, const struct instr *program,
			   const struct doc_node *node, unsigned depth, struct marks *around)
{
	struct arena_mark mark = arena_mark(run->scratch);
	struct marks *outer = run->marks;
	struct marks own;
	bool holds;

	marks_init(&own, run, node);
	run->marks = &own;
	holds = execute(run, program, node, depth);
	run->marks = outer;
	if (holds && around)
		marks_add(around, &own);
	arena_reset(run->scratch, mark);
	return holds;
}

/* A tracked program, as a part of the one at hand. */
static bool execute_apart(struct run *run, const struct instr *program, const struct doc_node *node,
			  unsigned depth)
{
	return execute_marked(run, program, node, depth, run->marks);
}

static bool unevaluated_hold(struct run *run, const struct schema_code *code,
			     const struct doc_node *node, unsigned depth)
{
	struct marks *marks = run->marks;
	uint32_t index = 0;

	for (const struct doc_node *child = doc_first(node); child;
	     child = doc_next(child), index++)
		if (!marks_has(marks, index) && !child_holds(run, code, child, depth))
			return false;
	marks_set_all(marks);
	return true;
}

/* --- members of objects */

static inline const struct property_rule *find_rule(const struct object_rules *rules,
						    uint32_t symbol)
{
	uint32_t at = symbol & rules->mask;

	if (symbol == SYMBOL_NONE)
		return NULL;
	while (rules->slots[at].symbol != symbol) {
		if (!rules->slots[at].symbol)
			return NULL;
		at = (at + 1) & rules->mask;
	}
	return &rules->slots[at];
}

static bool matches(struct run *run, const struct regex *regex, const char *text, size_t len)
{
	enum regex_result result = regex_search(regex, (struct slice){text, len});

	if (result == REGEX_LIMIT)
		return give_up(run);
	return result == REGEX_MATCH;
}

/* patternProperties on a member; `matched` says whether any pattern is about it. */
static bool patterns_hold(struct run *run, const struct object_rules *rules,
			  const struct doc_node *member, unsigned depth, bool *matched)
{
	for (uint32_t i = 0; i < rules->pattern_count; i++) {
		const struct pattern_rule *rule = &rules->patterns[i];

		if (!rule->regex || !matches(run, rule->regex, member->key->text, member->key->len))
			continue;
		*matched = true;
		if (!child_holds(run, rule->code, member, depth))
			return false;
	}
	return !run->gave_up;
}

static bool object_holds(struct run *run, const struct object_rules *rules,
			 const struct doc_node *node, unsigned depth)
{
	const struct doc_node *member = node + 1;
	uint64_t seen = 0;

	if (node->count < rules->required_count)
		return false;
	for (uint32_t left = node->count; left; left--, member += member->next) {
		const struct property_rule *rule = find_rule(rules, symbol_of(run, member));
		bool matched = false;

		if (rule) {
			seen |= rule->required;
			matched = rule->is_known;
			if (rule->rejects >> member->type & 1)
				return false;
			if (!(rule->accepts >> member->type & 1) &&
			    !program_holds(run, rule->code->programs[PLAIN][member->type], member,
					   depth + 1))
				return false;
		}
		if (rules->pattern_count && !patterns_hold(run, rules, member, depth, &matched))
			return false;
		if (!matched && !child_holds(run, rules->additional, member, depth))
			return false;
	}
	return seen == rules->required;
}

static bool object_marks(struct run *run, const struct object_rules *rules,
			 const struct doc_node *node, unsigned depth)
{
	uint64_t seen = 0;
	uint32_t index = 0;

	for (const struct doc_node *member = doc_first(node); member;
	     member = doc_next(member), index++) {
		const struct property_rule *rule = find_rule(rules, symbol_of(run, member));
		bool matched = rule && rule->is_known;

		if (rule)
			seen |= rule->required;
		if (matched && !child_holds(run, rule->code, member, depth))
			return false;
		if (!patterns_hold(run, rules, member, depth, &matched))
			return false;
		if (!matched && !child_holds(run, rules->additional, member, depth))
			return false;
		if (matched || rules->has_additional)
			marks_set(run->marks, index);
	}
	return seen == rules->required;
}

static const struct doc_node *find_member(const struct run *run, const struct doc_node *node,
					  uint32_t symbol)
{
	const struct doc_node *member = node + 1;

	for (uint32_t left = node->count; left; left--, member += member->next)
		if (symbol_of(run, member) == symbol)
			return member;
	return NULL;
}

static bool dependent_names_hold(struct run *run, const struct schema_keyword *keyword,
				 const struct doc_node *node)
{
	for (uint32_t i = 0; i < keyword->count; i++) {
		const struct schema_branch *branch = &keyword->branches[i];

		if (!branch->name_count || !find_member(run, node, branch->symbol))
			continue;
		for (uint32_t n = 0; n < branch->name_count; n++)
			if (!find_member(run, node, branch->names[n].symbol))
				return false;
	}
	return true;
}

static bool names_hold(struct run *run, const struct schema_code *code, const struct doc_node *node,
		       unsigned depth)
{
	for (const struct doc_node *member = doc_first(node); member; member = doc_next(member)) {
		struct doc_node name = run_key_node(member->key);

		if (!child_holds(run, code, &name, depth))
			return false;
	}
	return true;
}

/* --- items of arrays */

static bool items_hold(struct run *run, const struct item_rules *rules, const struct doc_node *node,
		       unsigned depth)
{
	const struct doc_node *item = node + 1;
	uint32_t index = 0;

	for (; index < node->count && index < rules->prefix_count; index++, item += item->next)
		if (!child_holds(run, rules->prefix[index], item, depth))
			return false;
	if (!rules->rest)
		return true;
	for (; index < node->count; index++, item += item->next)
		if (!child_holds(run, rules->rest, item, depth))
			return false;
	return true;
}

static bool items_marks(struct run *run, const struct item_rules *rules,
			const struct doc_node *node, unsigned depth)
{
	if (!items_hold(run, rules, node, depth))
		return false;
	if (rules->has_rest)
		marks_set_all(run->marks);
	for (uint32_t i = 0; i < rules->prefix_count && i < node->count; i++)
		marks_set(run->marks, i);
	return true;
}

static bool contains_hold(struct run *run, const struct contains_rules *rules,
			  const struct doc_node *node, unsigned depth, bool tracked)
{
	uint32_t found = 0;
	uint32_t index = 0;

	if (!step(run, depth))
		return false;
	for (const struct doc_node *item = doc_first(node); item; item = doc_next(item), index++) {
		if (!child_holds(run, rules->code, item, depth))
			continue;
		found++;
		if (tracked && rules->marks)
			marks_set(run->marks, index);
		if (found > rules->most)
			return false;
		if (!tracked && found >= rules->least && rules->most == UINT32_MAX)
			return true;
	}
	return found >= rules->least && !run->gave_up;
}

/* --- choices */

static bool any_holds(struct run *run, const struct choice *choice, const struct doc_node *node,
		      unsigned depth)
{
	if (!step(run, depth))
		return false;
	for (uint32_t i = 0; i < choice->count; i++)
		if (execute(run, choice->programs[i], node, depth + 1))
			return true;
	return false;
}

/* Every branch that holds adds its marks. */
static bool any_marks(struct run *run, const struct choice *choice, const struct doc_node *node,
		      unsigned depth)
{
	bool holds = false;

	if (!step(run, depth))
		return false;
	for (uint32_t i = 0; i < choice->count; i++)
		holds |= execute_apart(run, choice->programs[i], node, depth + 1);
	return holds;
}

static bool one_holds(struct run *run, const struct choice *choice, const struct doc_node *node,
		      unsigned depth, bool tracked)
{
	unsigned holding = 0;

	if (!step(run, depth))
		return false;
	for (uint32_t i = 0; i < choice->count && holding < 2; i++)
		holding += tracked ? execute_apart(run, choice->programs[i], node, depth + 1)
				   : execute(run, choice->programs[i], node, depth + 1);
	return holding == 1;
}

static bool not_holds(struct run *run, const struct choice *choice, const struct doc_node *node,
		      unsigned depth)
{
	return step(run, depth) && !execute(run, choice->programs[0], node, depth + 1) &&
	       !run->gave_up;
}

static bool if_holds(struct run *run, const struct choice *choice, const struct doc_node *node,
		     unsigned depth, bool tracked)
{
	const struct instr *next;
	bool condition;

	if (!step(run, depth))
		return false;
	condition = tracked ? execute_apart(run, choice->programs[0], node, depth + 1)
			    : execute(run, choice->programs[0], node, depth + 1);
	next = choice->programs[condition ? 1 : 2];
	return !next || execute(run, next, node, depth + 1);
}

/* --- references at run time */

static bool dynamic_holds(struct run *run, const struct dynamic_detail *dynamic,
			  const struct doc_node *node, unsigned depth, bool tracked)
{
	const struct schema_node *target = run_dynamic_target(run, dynamic);

	if (!target || !step(run, depth))
		return false;
	return execute(run, target->code->programs[tracked][node->type], node, depth + 1);
}

/* Runs the rest of a program with a resource in the dynamic scope (core 7.1). */
static bool execute_inside(struct run *run, const struct instr *rest, const struct doc_node *node,
			   unsigned depth)
{
	struct scope scope = {rest[-1].resource, run->scope};
	bool holds;

	if (run->scope && run->scope->resource == scope.resource)
		return execute(run, rest, node, depth);
	run->scope = &scope;
	holds = execute(run, rest, node, depth + 1);
	run->scope = scope.around;
	return holds;
}

static bool is_unique(struct run *run, const struct doc_node *node)
{
	const struct doc_node *first;
	const struct doc_node *second;

	return !value_find_duplicate(run, node, &first, &second);
}

/* One instruction; ENTER and END are execute()'s. */
static bool instruction_holds(struct run *run, const struct instr *i, const struct doc_node *node,
			      unsigned depth)
{
	switch (i->op) {
	case OP_END:
	case OP_ENTER:
		return true;
	case OP_FAIL:
		return false;
	case OP_MIN_COUNT:
		return node->count >= i->number;
	case OP_MAX_COUNT:
		return node->count <= i->number;
	case OP_BOOLEAN:
		return (node->integer != 0) == (i->number != 0);
	case OP_INTEGRAL:
		return value_is_integral(node);
	case OP_MINIMUM:
		return minimum_holds(i->limit, node);
	case OP_MAXIMUM:
		return maximum_holds(i->limit, node);
	case OP_MULTIPLE:
		return limit_holds_multiple(i->limit, node);
	case OP_TEXT_IS:
		return text_is(i->text, node);
	case OP_TEXT_IN:
		return text_set_has(i->texts, node->text, node->len);
	case OP_VALUE_IN:
		return value_is_in(i->values, node);
	case OP_DATE:
		return value_is_date(node);
	case OP_HAS:
		return find_member(run, node, i->number) != NULL;
	case OP_FORMAT:
		return i->format->holds(doc_text(node));
	case OP_DEPENDENT_NAMES:
		return dependent_names_hold(run, i->names, node);
	case OP_OBJECT:
		return object_holds(run, i->object, node, depth);
	case OP_OBJECT_TRACKED:
		return object_marks(run, i->object, node, depth);
	case OP_ITEMS:
		return items_hold(run, i->items, node, depth);
	case OP_ITEMS_TRACKED:
		return items_marks(run, i->items, node, depth);
	case OP_APPLY:
		return step(run, depth) &&
		       execute(run, i->code->programs[PLAIN][node->type], node, depth + 1);
	case OP_APPLY_TRACKED:
		return step(run, depth) &&
		       execute(run, i->code->programs[TRACKED][node->type], node, depth + 1);
	case OP_PATTERN:
		return matches(run, i->regex, node->text, node->len);
	case OP_NAMES:
		return names_hold(run, i->code, node, depth);
	case OP_DEPENDENT:
	case OP_DEPENDENT_TRACKED:
		return !find_member(run, node, i->choice->symbol) ||
		       (step(run, depth) && execute(run, i->choice->programs[0], node, depth + 1));
	case OP_NOT:
		return not_holds(run, i->choice, node, depth);
	case OP_IF:
	case OP_IF_TRACKED:
		return if_holds(run, i->choice, node, depth, i->op == OP_IF_TRACKED);
	case OP_ANY:
		return any_holds(run, i->choice, node, depth);
	case OP_ANY_TRACKED:
		return any_marks(run, i->choice, node, depth);
	case OP_ONE:
	case OP_ONE_TRACKED:
		return one_holds(run, i->choice, node, depth, i->op == OP_ONE_TRACKED);
	case OP_DYNAMIC:
	case OP_DYNAMIC_TRACKED:
		return dynamic_holds(run, i->dynamic, node, depth, i->op == OP_DYNAMIC_TRACKED);
	case OP_UNIQUE:
		return is_unique(run, node);
	case OP_CONTAINS:
	case OP_CONTAINS_TRACKED:
		return contains_hold(run, i->contains, node, depth, i->op == OP_CONTAINS_TRACKED);
	case OP_FRAME:
		return execute_marked(run, i->program, node, depth, NULL);
	case OP_FRAME_MERGE:
		return execute_apart(run, i->program, node, depth);
	case OP_UNEVALUATED:
		return unevaluated_hold(run, i->code, node, depth);
	}
	g_assert_not_reached();
}

static bool execute(struct run *run, const struct instr *program, const struct doc_node *node,
		    unsigned depth)
{
	for (; program->op != OP_END; program++) {
		if (program->op == OP_ENTER)
			return execute_inside(run, program + 1, node, depth);
		if (!instruction_holds(run, program, node, depth))
			return false;
	}
	return true;
}

/* --- the way in */

bool run_holds(struct run *run, const struct schema_code *code, const struct doc_node *node,
	       unsigned depth)
{
	return child_holds(run, code, node, depth) && !run->gave_up;
}

bool run_marks(struct run *run, const struct schema_code *code, const struct doc_node *node,
	       unsigned depth)
{
	const struct instr *program = code->programs[TRACKED][node->type];

	return program ? execute_apart(run, program, node, depth)
		       : run_holds(run, code, node, depth);
}

bool schema_is_valid(const struct schema *schema, const struct document *document,
		     const struct doc_node *node, struct arena *scratch)
{
	struct run run;

	if (!node)
		node = document->root;
	if (!node)
		return true;
	run_init(&run, schema, document, scratch);
	return run_holds(&run, schema->root->code, node, 0);
}
