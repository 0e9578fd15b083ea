/*
 * What a commit did, for the oracle: the definitions of DESIGN.md section 8 over whole lists. For
 * each identity the findings of the commit and of each parent, on its own day and on the commit's,
 * are counted from the lists themselves; nothing is a difference, nothing is carried.
 *
 * The numbers say how many. Which of several equal findings is told is a matter of taste, and the
 * audit's: of new ones those that stand where no parent has any come first, by place.
 */
#include "check/oracle.h"

#include <string.h>

enum {
	OPEN = 1 << INSTANCE_OPEN,
	HIDDEN = 1 << INSTANCE_HIDDEN,
	SUPPRESSED = 1 << INSTANCE_SUPPRESSED,
	ACTIVE = OPEN | HIDDEN,
	KNOWN = OPEN | HIDDEN | SUPPRESSED
};

/* The lists of a commit, and of each of its parents; an empty one stands for none. */
struct lists {
	const GArray *now;
	const GArray **was;    /* on the parent's own day */
	const GArray **on_day; /* on the commit's */
	const GArray **by_law; /* on that by the commit's law */
	uint32_t count;
};

struct settling {
	struct oracle *oracle;
	struct settle *settle;
	struct lists lists;
	uint32_t identity;
};

static const struct instance *at(const GArray *list, guint i)
{
	return &g_array_index(list, struct instance, i);
}

static bool is_in(const struct instance *instance, int states)
{
	return states >> instance->state & 1;
}

static int64_t number(const struct settling *settling, const GArray *list, int states)
{
	int64_t count = 0;

	for (guint i = 0; i < list->len; i++)
		count += at(list, i)->identity == settling->identity && is_in(at(list, i), states);
	return count;
}

static int compare_places(const struct instance *a, const struct instance *b)
{
	const char *x = a->place ? a->place->full_path : NULL;
	const char *y = b->place ? b->place->full_path : NULL;
	int order = g_strcmp0(x, y);

	if (!order)
		order = (a->found->finding.span.start > b->found->finding.span.start) -
			(a->found->finding.span.start < b->found->finding.span.start);
	if (!order)
		order = (a->found->finding.span.end > b->found->finding.span.end) -
			(a->found->finding.span.end < b->found->finding.span.end);
	return order ? order : audit_related_compare(a->found, b->found);
}

/* How many of the identity stand at the same place. */
static int64_t number_at(const struct settling *settling, const GArray *list,
			 const struct instance *where, int states)
{
	int64_t count = 0;

	for (guint i = 0; i < list->len; i++)
		count += at(list, i)->identity == settling->identity &&
			 is_in(at(list, i), states) && !compare_places(at(list, i), where);
	return count;
}

/* --- what lies behind a commit */

void oracle_reach(const struct oracle *oracle, uint32_t number, bool *reached)
{
	const struct history_commit *commit = &oracle->audit->history.commits[number];

	if (reached[number])
		return;
	reached[number] = true;
	for (uint32_t p = 0; p < commit->parent_count; p++)
		oracle_reach(oracle, commit->parents[p], reached);
}

/* Is a common ancestor reached from another one? Then it is no merge base. */
bool oracle_is_behind(const struct oracle *oracle, uint32_t number, const bool *a, const bool *b)
{
	for (uint32_t i = number + 1; i < oracle->audit->history.count; i++) {
		bool *reached;
		bool found;

		if (!a[i] || !b[i])
			continue;
		reached = g_new0(bool, oracle->audit->history.count);
		oracle_reach(oracle, i, reached);
		found = reached[number];
		g_free(reached);
		if (found)
			return true;
	}
	return false;
}

/* --- how many */

/* The parent that has most of it; of several the first. */
static uint32_t parent_with_most(const struct settling *settling)
{
	uint32_t most = 0;

	for (uint32_t j = 1; j < settling->lists.count; j++)
		if (number(settling, settling->lists.was[j], ACTIVE) >
		    number(settling, settling->lists.was[most], ACTIVE))
			most = j;
	return most;
}

static int64_t most_of(const struct settling *settling, const GArray **lists)
{
	int64_t most = 0;

	for (uint32_t j = 0; j < settling->lists.count; j++)
		most = MAX(most, number(settling, lists[j], ACTIVE));
	return most;
}

/* Of the levels that a parent has and the commit does not: has each other one it, or never had? */
static int64_t number_fixed(const struct settling *settling, uint32_t parent)
{
	const struct lists *lists = &settling->lists;
	int64_t known = number(settling, lists->now, KNOWN), fixed = 0;

	for (int64_t level = known + 1; level <= number(settling, lists->was[parent], ACTIVE);
	     level++) {
		bool all = true;

		for (uint32_t q = 0; q < lists->count; q++)
			all &= number(settling, lists->was[q], ACTIVE) >= level ||
			       !settling->settle->had_since(settling->oracle, q, parent,
							    settling->identity, level);
		fixed += all;
	}
	return fixed;
}

/* More in `into` and fewer in `out_of` than every parent has (`out_of` 0: does not matter). */
static int64_t number_moved(const struct settling *settling, int into, int out_of)
{
	const struct lists *lists = &settling->lists;
	int64_t moved = INT64_MAX;

	for (uint32_t j = 0; j < lists->count; j++) {
		moved = MIN(moved, number(settling, lists->now, into) -
					   number(settling, lists->was[j], into));
		if (out_of)
			moved = MIN(moved, number(settling, lists->was[j], out_of) -
						   number(settling, lists->now, out_of));
	}
	return MAX(moved, 0);
}

/* --- which */

struct choice {
	struct instance instance;
	uint32_t new_to; /* to how many parents beyond the first */
};

static gint compare_instances(gconstpointer a, gconstpointer b)
{
	const struct instance *x = a, *y = b;
	int order = compare_places(x, y);

	if (!order)
		order = (int)x->state - (int)y->state;
	return order ? order : audit_compare_words(x->found, y->found);
}

static gint compare_choices(gconstpointer a, gconstpointer b)
{
	const struct choice *x = a, *y = b;

	if (x->new_to != y->new_to)
		return x->new_to > y->new_to ? -1 : 1;
	return compare_instances(&x->instance, &y->instance);
}

static bool is_new_to(const struct settling *settling, const struct instance *instance,
		      uint32_t parent, int states, int states_before)
{
	return number_at(settling, settling->lists.now, instance, states) >
	       number_at(settling, settling->lists.was[parent], instance, states_before);
}

static GArray *choices(const struct settling *settling, int states, int states_before)
{
	GArray *list = g_array_new(FALSE, FALSE, sizeof(struct choice));

	for (guint i = 0; i < settling->lists.now->len; i++) {
		struct choice choice = {*at(settling->lists.now, i), 0};

		if (choice.instance.identity != settling->identity ||
		    !is_in(&choice.instance, states) ||
		    !is_new_to(settling, &choice.instance, 0, states, states_before))
			continue;
		for (uint32_t j = 1; j < settling->lists.count; j++)
			choice.new_to += is_new_to(settling, &choice.instance, j, states,
						   states_before);
		g_array_append_val(list, choice);
	}
	g_array_sort(list, compare_choices);
	return list;
}

static void tell(const struct settling *settling, enum audit_list_kind kind,
		 const struct instance *instance, const char *cause, uint32_t parent)
{
	struct settled settled = {*instance, cause, parent};

	g_array_append_val(settling->settle->lists[kind], settled);
}

static const char *cause_of(const struct settling *settling, const struct instance *instance,
			    uint32_t parent)
{
	return settling->settle->cause(settling->oracle, instance, parent);
}

/* What is due comes first among the new ones, what was introduced last. */
static void tell_new(const struct settling *settling)
{
	const struct lists *lists = &settling->lists;
	int64_t now = number(settling, lists->now, ACTIVE), most = most_of(settling, lists->was);
	int64_t most_on_day = MAX(most, most_of(settling, lists->on_day));
	int64_t most_by_law = most_of(settling, lists->by_law);
	int64_t with_law = MAX(0, MIN(now, most_by_law) - most_on_day), told = 0;
	int64_t due = MAX(0, MIN(now, most_on_day) - most);
	int64_t introduced = MAX(0, now - most_on_day);
	GArray *list = choices(settling, OPEN, ACTIVE);
	int64_t len = list->len;

	due = MIN(due, len);
	introduced = MIN(introduced, len - due);
	for (int64_t i = 0; i < len; i++) {
		const struct instance *instance = &g_array_index(list, struct choice, i).instance;

		if (i < due)
			tell(settling, AUDIT_DUE, instance, NULL, 0);
		else if (i >= len - introduced)
			tell(settling, AUDIT_INTRODUCED, instance,
			     told++ < with_law ? AUDIT_CAUSE_RULES
					       : cause_of(settling, instance, 0),
			     0);
	}
	g_array_free(list, TRUE);
}

static void tell_moved(const struct settling *settling, enum audit_list_kind kind, int into,
		       int out_of)
{
	int64_t count = number_moved(settling, into, out_of);
	GArray *list = choices(settling, into, into);

	for (int64_t i = 0; i < count && i < list->len; i++)
		tell(settling, kind, &g_array_index(list, struct choice, i).instance, NULL, 0);
	g_array_free(list, TRUE);
}

static void tell_fixed(const struct settling *settling)
{
	const struct lists *lists = &settling->lists;
	uint32_t parent = parent_with_most(settling);
	int64_t fixed = number_fixed(settling, parent);
	int64_t most = number(settling, lists->was[parent], ACTIVE);
	int64_t known = number(settling, lists->now, KNOWN);
	int64_t on_day = number(settling, lists->on_day[parent], ACTIVE);
	int64_t by_law = number(settling, lists->by_law[parent], ACTIVE);
	int64_t by_time = MIN(fixed, MAX(0, most - MAX(on_day, known))), told = 0;
	int64_t with_law = MIN(fixed - by_time, MAX(0, MIN(most, on_day) - MAX(by_law, known)));
	GArray *list = g_array_new(FALSE, FALSE, sizeof(struct instance));

	for (guint i = 0; i < lists->was[parent]->len; i++)
		if (at(lists->was[parent], i)->identity == settling->identity &&
		    is_in(at(lists->was[parent], i), ACTIVE))
			g_array_append_vals(list, at(lists->was[parent], i), 1);
	g_array_sort(list, compare_instances);
	for (guint i = 0; i < list->len && told < fixed; i++) {
		const struct instance *instance = at(list, i);

		if (number_at(settling, lists->was[parent], instance, ACTIVE) <=
		    number_at(settling, lists->now, instance, KNOWN))
			continue;
		tell(settling, AUDIT_FIXED, instance,
		     told < by_time              ? AUDIT_CAUSE_TIME
		     : told < by_time + with_law ? AUDIT_CAUSE_RULES
						 : cause_of(settling, instance, parent),
		     parent);
		told++;
	}
	g_array_free(list, TRUE);
}

/* --- every identity that there is */

static void note(bool *occurs, const GArray *list)
{
	for (guint i = 0; i < list->len; i++)
		occurs[at(list, i)->identity] = true;
}

void oracle_settle(struct oracle *oracle, struct settle *settle, const struct run *on_day)
{
	const struct history_commit *commit = &oracle->audit->history.commits[oracle->commit];
	guint identities = oracle->audit->identity_list->len;
	GArray *nothing = g_array_new(FALSE, FALSE, sizeof(struct instance));
	bool *occurs = g_new0(bool, identities);
	struct settling settling = {
		.oracle = oracle,
		.settle = settle,
		.lists = {.now = oracle->runs[oracle->commit].instances,
			  .was = g_new(const GArray *, settle->parent_count),
			  .on_day = g_new(const GArray *, settle->parent_count),
			  .by_law = g_new(const GArray *, settle->parent_count),
			  .count = settle->parent_count},
	};

	note(occurs, settling.lists.now);
	for (uint32_t j = 0; j < settle->parent_count; j++) {
		bool is_there = j < commit->parent_count;

		settling.lists.was[j] = is_there ? oracle->runs[commit->parents[j]].instances
						 : nothing;
		settling.lists.on_day[j] = is_there ? on_day[j].instances : nothing;
		note(occurs, settling.lists.was[j]);
		note(occurs, settling.lists.on_day[j]);
		/* where the law is the same, so is what it finds on the day */
		settling.lists.by_law[j] = is_there && oracle->by_law[j].instances
						   ? oracle->by_law[j].instances
						   : settling.lists.on_day[j];
		note(occurs, settling.lists.by_law[j]);
	}
	for (settling.identity = 0; settling.identity < identities; settling.identity++) {
		if (!occurs[settling.identity])
			continue;
		tell_new(&settling);
		tell_fixed(&settling);
		tell_moved(&settling, AUDIT_HIDDEN, HIDDEN, OPEN);
		tell_moved(&settling, AUDIT_REAPPEARED, OPEN, HIDDEN);
		tell_moved(&settling, AUDIT_SUPPRESSED, SUPPRESSED, 0);
	}
	g_array_free(nothing, TRUE);
	g_free(occurs);
	g_free(settling.lists.was);
	g_free(settling.lists.on_day);
	g_free(settling.lists.by_law);
}
