/*
 * Which rules have anything to do in a document. Of 126 rules 35 have, so what tells that costs
 * more than to run them if each is asked by itself. Here each answer is asked for once and takes
 * all the rules that it decides for in or out of the set of those that are left (struct
 * rule_starts): what is selected, by one walk over the document; the days in force; what a lexical
 * check could find; and last the guards, each if a rule that is still left has it.
 *
 * Selections that are not in the tree of paths are made when a rule that is left needs them.
 *
 * Must not: run a rule, or add findings.
 */
#include "check/course.h"

#include <string.h>

/* --- sets of rules */

static void add_set(uint64_t *to, const uint64_t *set, size_t words)
{
	for (size_t i = 0; i < words; i++)
		to[i] |= set[i];
}

static void take_set(uint64_t *from, const uint64_t *set, size_t words)
{
	for (size_t i = 0; i < words; i++)
		from[i] &= ~set[i];
}

static bool overlap(const uint64_t *a, const uint64_t *b, size_t words)
{
	uint64_t both = 0;

	for (size_t i = 0; i < words; i++)
		both |= a[i] & b[i];
	return both;
}

static bool has_rule(const uint64_t *set, size_t rule)
{
	return set[rule / 64] >> rule % 64 & 1;
}

static void take_rule(uint64_t *from, size_t rule)
{
	from[rule / 64] &= ~((uint64_t)1 << rule % 64);
}

/* --- days */

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

/* Of a rule that is not asked at all the days do not matter. */
static void ask_days(struct course *course)
{
	struct judging *judging = course->judging;
	const struct rule_starts *starts = course->starts;

	for (size_t i = 0; i < starts->day_count; i++) {
		const struct rule_days *days = &starts->days[i];

		if (judging->only && judging->only != starts->rules[days->rule].instance)
			continue;
		if (!in_force(judging, days->since, days->until))
			take_rule(course->left, days->rule);
	}
}

/* --- selections */

_Static_assert(SELECTION_UNKNOWN == false && SELECTION_WHOLE == true && sizeof(bool) == 1,
	       "what is in the tree is whole, as it stands in rule_starts.in_tree");

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

/* The rules whose selections have nodes, or are not made yet. */
static void select_all(struct course *course)
{
	struct judging *judging = course->judging;
	const struct rule_starts *starts = course->starts;
	struct jsonpath_found *found = &judging->scratch->found;
	size_t words = starts->set_words;

	jsonpath_found_clear(found, starts->selection_count);
	if (!jsonpath_tree_select(starts->tree, judging->document->root, found)) {
		memset(course->selections, SELECTION_UNKNOWN, starts->selection_count);
		memcpy(course->left, starts->judged, words * sizeof(*course->left));
		return;
	}
	memcpy(course->selections, starts->in_tree, starts->selection_count);
	memcpy(course->left, starts->pathed, words * sizeof(*course->left));
	for (uint32_t base = 0; base < starts->selection_count; base += 64)
		for (uint64_t some = found->some[base / 64]; some; some &= some - 1)
			add_set(course->left,
				starts->by_selection +
					(base + (unsigned)__builtin_ctzll(some)) * words,
				words);
}

/* Where nothing is selected the rules that have the selection are not left either. */
static __attribute__((cold)) void select_by_paths(struct course *course,
						  const struct rule_start *start)
{
	const struct document *document = course->judging->document;
	const struct rule_starts *starts = course->starts;
	GPtrArray *nodes = g_ptr_array_new();
	bool whole = rule_select(nodes, start->instance, document);

	for (guint i = 0; i < nodes->len; i++)
		jsonpath_found_add(
			&course->judging->scratch->found, start->selection,
			(uint32_t)((const struct doc_node *)nodes->pdata[i] - document->root));
	if (whole && !nodes->len)
		take_set(course->left, starts->by_selection + start->selection * starts->set_words,
			 starts->set_words);
	course->selections[start->selection] = whole ? SELECTION_WHOLE : SELECTION_CUT;
	g_ptr_array_free(nodes, TRUE);
}

/* Takes out a rule that is left; false where its selection turns out to be empty. */
static bool take_selected(struct course *course, const struct rule_start *start, size_t rule)
{
	if (course->selections[start->selection] == SELECTION_UNKNOWN) {
		select_by_paths(course, start);
		if (!has_rule(course->left, rule))
			return false;
	}
	take_rule(course->left, rule);
	return true;
}

/* --- lexical checks and guards */

static void ask_lexical(struct course *course)
{
	const struct rule_starts *starts = course->starts;
	size_t words = starts->set_words;
	uint32_t found;

	if (!overlap(course->left, starts->lexical, words))
		return;
	found = lexical_look(course->judging);
	for (unsigned check = 0; check < LEXICAL_COUNT; check++)
		if (!(found >> check & 1))
			take_set(course->left, starts->by_lexical + check * words, words);
}

/* Sets `this`, if the guard reads it. False where there is not just one to set. */
static bool set_this(struct course *course, const struct rule_guard *guard)
{
	struct judging *judging = course->judging;
	const struct jsonpath_found *found = &judging->scratch->found;
	const struct jsonpath_list *list;

	if (guard->this_slot < 0)
		return true;
	list = &found->lists[guard->selection];
	if (!list->first || list->first != list->last)
		return false;
	judging->scratch->variables[guard->this_slot] = cel_of_node(
		judging->document->root + found->links[list->first].node, guard->this_type);
	return true;
}

static void run_guard(struct course *course, const struct rule_guard *guard, struct cel_value *out)
{
	struct arena *scratch = &course->judging->scratch->cel;
	struct arena_mark mark = arena_mark(scratch);

	cel_evaluate_into(out, guard->program, &course->activation, scratch);
	arena_reset(scratch, mark);
}

/* Where one says neither, as it is an error, the rest of `when` may still be false. */
static void ask_guards(struct course *course)
{
	const struct rule_starts *starts = course->starts;
	size_t words = starts->set_words;

	for (uint32_t i = 0; i < starts->guard_count; i++) {
		const uint64_t *set = starts->by_guard + i * words;
		struct cel_value value;

		if (!overlap(course->left, set, words))
			continue;
		value.kind = CEL_NULL;
		if (set_this(course, &starts->guards[i]))
			run_guard(course, &starts->guards[i], &value);
		if (value.kind != CEL_BOOL)
			add_set(course->open, set, words);
		else if (!value.boolean)
			take_set(course->left, set, words);
	}
}

void course_ask(struct course *course)
{
	ask_lexical(course);
	ask_guards(course);
}

/* --- the course */

/* Only the one rule that is asked for, if it is left. */
static void leave_only(struct course *course, const struct rule_instance *only)
{
	const struct document_entry *entry = course->judging->entry;

	for (size_t i = 0; i < entry->rule_count; i++)
		if (entry->rules[i] != only)
			take_rule(course->left, i);
}

static void set_document(struct course *course)
{
	struct judging *judging = course->judging;
	const struct entry_programs *programs = judging->entry->programs;
	struct cel_value *variables = judging->scratch->variables;

	variables[programs->document_slot] = cel_of_node(judging->document->root,
							 programs->document_type);
	variables[programs->file_slot] = cel_of_string(slice_of(judging->path));
	variables[programs->as_of_slot] = cel_of_as_of(judging->as_of);
	cel_activation_init(&course->activation, variables, RULE_SLOTS_MAX);
}

void course_begin(struct course *course, struct judging *judging)
{
	const struct rule_starts *starts = &judging->entry->programs->starts;
	GByteArray *states = judging->scratch->states;
	size_t words = starts->set_words;

	g_byte_array_set_size(states, 2 * words * sizeof(*course->left) + starts->selection_count);
	course->judging = judging;
	course->starts = starts;
	course->left = (uint64_t *)(void *)states->data;
	course->open = course->left + words;
	course->selections = (uint8_t *)(course->open + words);
	memset(course->open, 0, words * sizeof(*course->open));
	set_document(course);
	select_all(course);
	if (judging->only)
		leave_only(course, judging->only);
	ask_days(course);
}

const struct rule_start *course_take(struct course *course, const struct rule *rule)
{
	const struct document_entry *entry = course->judging->entry;

	for (size_t i = 0; i < entry->rule_count; i++) {
		const struct rule_start *start = &course->starts->rules[i];

		if (start->instance->rule != rule || !has_rule(course->left, i))
			continue;
		course->is_wanted = false;
		return take_selected(course, start, i) ? start : NULL;
	}
	return NULL;
}

const struct rule_start *course_next(struct course *course)
{
	const struct rule_starts *starts = course->starts;

	for (size_t i = 0; i < starts->set_words; i++) {
		while (course->left[i]) {
			size_t number = i * 64 + (unsigned)__builtin_ctzll(course->left[i]);
			const struct rule_start *start = &starts->rules[number];

			if (!take_selected(course, start, number))
				continue;
			course->is_wanted = start->is_guarded & !has_rule(course->open, number);
			return start;
		}
	}
	return NULL;
}
