/*
 * Patterns as tables (regex_automaton.h). The tree becomes steps (Thompson's construction), sets of
 * steps become states, and the 128 ASCII characters fall into classes that no step tells apart, so
 * that a table of states by classes is small. A pattern whose table is not small gets none.
 *
 * A state knows the steps it waits at: those that read a character and $, which only the end of the
 * subject passes. ^ is passed at the start alone, so the first state is one of a kind. Where a
 * match is complete the rest of the subject does not matter: there are no groups to report.
 */
#include "base/regex_automaton.h"

#include <string.h>

enum {
	STEPS_MAX = 256,
	WORDS = STEPS_MAX / 64,
	CELLS_MAX = 2048, /* of the table: states times classes */
	ASCII = 128,
	DEAD = 0,    /* the state from which nothing matches */
	MATCHED = 1, /* the state in which a match is complete */
	NONE = UINT16_MAX,
};

struct regex_automaton {
	uint8_t class_of[ASCII];
	uint16_t start;   /* where a state's row begins in `next`; so are the entries of `next` */
	uint16_t matched; /* the row of MATCHED; DEAD's is 0 */
	uint16_t stride;  /* classes, then one entry: whether the end of the subject is a match */
	uint16_t next[];  /* states by classes */
};

/* --- steps */

enum step_kind {
	STEP_JUMP,  /* on to `next` */
	STEP_SPLIT, /* to `next` and to `other` */
	STEP_READ,  /* one of `set` */
	STEP_START,
	STEP_END,
	STEP_ACCEPT,
};

struct step {
	enum step_kind kind;
	uint16_t next, other; /* NONE: not known yet */
	uint64_t set[ASCII / 64];
};

struct states {
	uint64_t steps[WORDS];
};

struct builder {
	enum regex_anchor anchor;
	struct step steps[STEPS_MAX];
	uint16_t count;
	bool failed;
	uint8_t class_of[ASCII];
	unsigned class_count;
	struct states reach[STEPS_MAX]; /* from a step, within the subject */
	GArray *states;                 /* struct states; DEAD and MATCHED are empty ones */
	GArray *table;                  /* uint16_t: by state and class */
};

static uint16_t add_step(struct builder *b, enum step_kind kind, uint16_t from)
{
	uint16_t at = b->count;

	if (b->count == STEPS_MAX) {
		b->failed = true;
		return 0;
	}
	b->steps[b->count++] = (struct step){.kind = kind, .next = NONE, .other = NONE};
	if (from != NONE)
		b->steps[from].next = at;
	return at;
}

static void set_add(uint64_t set[ASCII / 64], uint32_t low, uint32_t high)
{
	for (uint32_t c = low; c <= high && c < ASCII; c++)
		set[c / 64] |= (uint64_t)1 << c % 64;
}

static bool set_has(const uint64_t set[ASCII / 64], uint32_t c)
{
	return set[c / 64] >> c % 64 & 1;
}

static uint16_t add_set(struct builder *b, const struct regex_node *node, uint16_t from)
{
	uint16_t at = add_step(b, STEP_READ, from);
	struct step *step = &b->steps[at];

	if (b->failed)
		return at;
	for (const struct regex_item *item = node->items; item; item = item->next) {
		if (item->property)
			b->failed = true;
		else
			set_add(step->set, item->low, item->high);
	}
	for (size_t i = 0; node->negated && i < G_N_ELEMENTS(step->set); i++)
		step->set[i] = ~step->set[i];
	return at;
}

static uint16_t add_node(struct builder *b, const struct regex_node *node, uint16_t from);

static uint16_t add_sequence(struct builder *b, const struct regex_node *first, uint16_t from)
{
	for (const struct regex_node *node = first; node && !b->failed; node = node->next)
		from = add_node(b, node, from);
	return from;
}

static uint16_t add_alternation(struct builder *b, const struct regex_node *node, uint16_t from)
{
	uint16_t out = add_step(b, STEP_JUMP, NONE);

	for (const struct regex_node *child = node->first; child && !b->failed;
	     child = child->next) {
		uint16_t split = child->next ? add_step(b, STEP_SPLIT, from) : from;
		uint16_t rest = child->next ? add_step(b, STEP_JUMP, NONE) : NONE;

		if (child->next)
			b->steps[split].other = rest;
		b->steps[add_node(b, child, split)].next = out;
		from = rest;
	}
	return out;
}

/* What matches nothing but places need not be repeated: it holds at a place or does not. */
static uint16_t add_repeat(struct builder *b, const struct regex_node *node, uint16_t from)
{
	bool is_unlimited = node->max == REGEX_UNLIMITED;
	uint32_t most = node->first->longest ? UINT32_MAX : 1;
	uint32_t min = MIN(node->min, most);
	uint32_t max = is_unlimited ? min : MIN(node->max, most);
	uint16_t out;

	for (uint32_t i = 0; i < min && !b->failed; i++)
		from = add_node(b, node->first, from);
	out = add_step(b, STEP_JUMP, NONE);
	for (uint32_t i = min; i < max && !b->failed; i++) {
		uint16_t split = add_step(b, STEP_SPLIT, from);

		b->steps[split].other = out;
		from = add_node(b, node->first, split);
	}
	if (is_unlimited && !b->failed) {
		uint16_t split = add_step(b, STEP_SPLIT, from);

		b->steps[split].other = out;
		b->steps[add_node(b, node->first, split)].next = split;
	} else {
		b->steps[from].next = out;
	}
	return out;
}

/* Adds a subtree's steps behind the loose end `from` and returns the new loose end. */
static uint16_t add_node(struct builder *b, const struct regex_node *node, uint16_t from)
{
	switch (node->kind) {
	case REGEX_EMPTY:
		return from;
	case REGEX_SET:
		return add_set(b, node, from);
	case REGEX_START:
		return add_step(b, STEP_START, from);
	case REGEX_END:
		return add_step(b, STEP_END, from);
	case REGEX_SEQUENCE:
	case REGEX_CAPTURE:
		return add_sequence(b, node->first, from);
	case REGEX_ALTERNATION:
		return add_alternation(b, node, from);
	case REGEX_REPEAT:
		return add_repeat(b, node, from);
	case REGEX_WORD_EDGE:
	case REGEX_LOOK:
	case REGEX_BACKREF:
		b->failed = true;
		return from;
	}
	g_assert_not_reached();
}

/* --- sets of steps */

static bool states_has(const struct states *states, uint16_t step)
{
	return states->steps[step / 64] >> step % 64 & 1;
}

static void states_add(struct states *states, const struct states *more)
{
	for (int i = 0; i < WORDS; i++)
		states->steps[i] |= more->steps[i];
}

static bool is_empty(const struct states *states)
{
	static const struct states none;

	return !memcmp(states, &none, sizeof(none));
}

/* All steps that are reached from one without reading, at a place that is or is not an end. */
static void reach(const struct builder *b, struct states *out, uint16_t from, bool at_start,
		  bool at_end)
{
	uint16_t stack[2 * STEPS_MAX + 1];
	size_t depth = 0;

	stack[depth++] = from;
	while (depth) {
		uint16_t at = stack[--depth];
		const struct step *step = &b->steps[at];

		if (states_has(out, at))
			continue;
		out->steps[at / 64] |= (uint64_t)1 << at % 64;
		if (step->kind == STEP_JUMP || step->kind == STEP_SPLIT ||
		    (step->kind == STEP_START && at_start) || (step->kind == STEP_END && at_end))
			stack[depth++] = step->next;
		if (step->kind == STEP_SPLIT)
			stack[depth++] = step->other;
	}
}

static bool accepts(const struct builder *b, const struct states *states)
{
	return states_has(states, (uint16_t)(b->count - 1));
}

/* Whether the subject may end in these steps. */
static bool accepts_at_end(const struct builder *b, const struct states *states, bool at_start)
{
	struct states reached = {0};

	for (uint16_t i = 0; i < b->count; i++)
		if (b->steps[i].kind == STEP_END && states_has(states, i))
			reach(b, &reached, i, at_start, true);
	return accepts(b, &reached);
}

/* --- classes and states */

/* Characters are of one class where every step reads both or none. */
static void find_classes(struct builder *b)
{
	b->class_count = 1;
	for (unsigned i = 0; i < b->count; i++) {
		const struct step *step = &b->steps[i];
		uint8_t inside[ASCII] = {0}; /* of a class: what its part in the set is called */
		unsigned before = b->class_count;
		unsigned outside[ASCII] = {0}; /* characters of a class beyond the set */

		if (step->kind != STEP_READ)
			continue;
		for (unsigned c = 0; c < ASCII; c++)
			outside[b->class_of[c]] += !set_has(step->set, c);
		for (unsigned c = 0; c < ASCII; c++) {
			uint8_t old = b->class_of[c];

			if (old >= before || !outside[old] || !set_has(step->set, c))
				continue;
			if (!inside[old])
				inside[old] = (uint8_t)b->class_count++;
			b->class_of[c] = inside[old];
		}
	}
}

/* The number of the state for a set of steps, made where it is new. */
static uint16_t state_of(struct builder *b, const struct states *states)
{
	guint first = MATCHED + 2; /* behind the first state, which is compared with none */

	if (is_empty(states))
		return DEAD;
	if (accepts(b, states))
		return MATCHED;
	for (guint i = first; i < b->states->len; i++)
		if (!memcmp(&g_array_index(b->states, struct states, i), states, sizeof(*states)))
			return (uint16_t)i;
	g_array_append_vals(b->states, states, 1);
	return (uint16_t)(b->states->len - 1);
}

static void add_row(struct builder *b, guint state)
{
	struct states from = g_array_index(b->states, struct states, state);
	uint8_t example[ASCII]; /* a character of each class */
	uint16_t ends = accepts_at_end(b, &from, state == MATCHED + 1);

	for (int c = ASCII - 1; c >= 0; c--)
		example[b->class_of[c]] = (uint8_t)c;
	for (unsigned i = 0; i < b->class_count; i++) {
		struct states to = {0};
		uint16_t next;

		for (uint16_t at = 0; at < b->count; at++)
			if (b->steps[at].kind == STEP_READ && states_has(&from, at) &&
			    set_has(b->steps[at].set, example[i]))
				states_add(&to, &b->reach[b->steps[at].next]);
		if (b->anchor == REGEX_ANYWHERE)
			states_add(&to, &b->reach[0]);
		next = state_of(b, &to);
		g_array_append_val(b->table, next);
	}
	g_array_append_val(b->table, ends);
}

/* Only what waits is part of a state: steps that merely led there would tell equal states apart. */
static void find_reach(struct builder *b, struct states *out, uint16_t from, bool at_start)
{
	struct states all = {0};

	reach(b, &all, from, at_start, false);
	for (uint16_t i = 0; i < b->count; i++) {
		enum step_kind kind = b->steps[i].kind;

		if (states_has(&all, i) &&
		    (kind == STEP_READ || kind == STEP_END || kind == STEP_ACCEPT))
			out->steps[i / 64] |= (uint64_t)1 << i % 64;
	}
}

/* False where the table would be large. */
static bool build_table(struct builder *b)
{
	struct states start = {0};

	find_classes(b);
	for (uint16_t i = 0; i < b->count; i++)
		find_reach(b, &b->reach[i], i, false);
	find_reach(b, &start, 0, true);
	g_array_set_size(b->states, MATCHED + 1);
	g_array_append_val(b->states, start);
	g_array_set_size(b->table, (MATCHED + 1) * (b->class_count + 1));
	for (guint i = MATCHED + 1; i < b->states->len; i++) {
		if (b->states->len * (b->class_count + 1) > CELLS_MAX)
			return false;
		add_row(b, i);
	}
	return true;
}

static struct regex_automaton *finish(const struct builder *b)
{
	struct regex_automaton *automaton = g_malloc0(sizeof(*automaton) +
						      b->table->len * sizeof(uint16_t));
	unsigned stride = b->class_count + 1;
	const struct states *start = &g_array_index(b->states, struct states, MATCHED + 1);

	memcpy(automaton->class_of, b->class_of, sizeof(b->class_of));
	automaton->stride = (uint16_t)stride;
	automaton->matched = (uint16_t)(MATCHED * stride);
	automaton->start = (uint16_t)((accepts(b, start) ? MATCHED : MATCHED + 1) * stride);
	for (guint i = 0; i < b->table->len; i++) {
		uint16_t entry = g_array_index(b->table, uint16_t, i);

		automaton->next[i] = i % stride == stride - 1 ? entry : (uint16_t)(entry * stride);
	}
	return automaton;
}

struct regex_automaton *regex_automaton_new(const struct regex_node *node, enum regex_anchor anchor)
{
	struct builder *b = g_new0(struct builder, 1);
	struct regex_automaton *automaton = NULL;
	uint16_t end;

	b->anchor = anchor;
	b->states = g_array_new(FALSE, TRUE, sizeof(struct states));
	b->table = g_array_new(FALSE, TRUE, sizeof(uint16_t));
	end = add_sequence(b, node, add_step(b, STEP_JUMP, NONE));
	add_step(b, STEP_ACCEPT, end);
	if (!b->failed && build_table(b))
		automaton = finish(b);
	g_array_free(b->states, TRUE);
	g_array_free(b->table, TRUE);
	g_free(b);
	return automaton;
}

void regex_automaton_free(struct regex_automaton *automaton)
{
	g_free(automaton);
}

bool regex_automaton_tell(const struct regex_automaton *automaton, struct slice subject,
			  bool *matches)
{
	uint16_t state = automaton->start;

	for (size_t i = 0; i < subject.len && state > automaton->matched; i++) {
		unsigned char byte = (unsigned char)subject.data[i];

		if (byte >= ASCII)
			return false;
		state = automaton->next[state + automaton->class_of[byte]];
	}
	*matches = state > automaton->matched ? automaton->next[state + automaton->stride - 1] != 0
					      : state == automaton->matched;
	return true;
}
