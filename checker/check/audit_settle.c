/*
 * What a commit did, from its state and those of its parents (DESIGN.md section 8). For each
 * identity: A, the findings open or hidden, and K, the suppressed ones too; of the commit (M), of
 * each parent (p), of each parent judged on the commit's day (d), and on that by its law (l).
 *
 * introduced: A(M) beyond the largest A(p) and A(d); what of it is within the largest A(l) has come
 * with the law. due: what of A(M) is beyond the largest A(p) but within A(d). fixed: levels that
 * the parent with most has beyond K(M), where each other parent has the level too, or never had it
 * since its merge base with that parent; those beyond A(d) went with time, those beyond A(l) with
 * the law. suppressed: is so in more cases than in any parent. hidden: became hidden and ceased to
 * be open, against every parent; reappeared: the reverse.
 *
 * The numbers say how many; which of several equal ones is told by what stands at a new place.
 */
#include "check/audit_core.h"

#include "source/message.h"

#include <string.h>

static int place_compare(const struct place *a, const struct place *b)
{
	if (a == b)
		return 0;
	return !a ? -1 : !b ? 1 : strcmp(a->full_path, b->full_path);
}

static int span_compare(struct span x, struct span y)
{
	if (x.start != y.start)
		return x.start < y.start ? -1 : 1;
	return x.end < y.end ? -1 : x.end > y.end;
}

int audit_related_compare(const struct check_finding *a, const struct check_finding *b)
{
	size_t count = a->finding.related_count;
	int order = 0;

	if (count != b->finding.related_count)
		return count < b->finding.related_count ? -1 : 1;
	for (size_t i = 0; !order && i < count; i++) {
		order = g_strcmp0(a->related_paths ? a->related_paths[i] : NULL,
				  b->related_paths ? b->related_paths[i] : NULL);
		if (!order)
			order = span_compare(a->finding.related[i].span,
					     b->finding.related[i].span);
	}
	return order;
}

/* Two pairs of one key may have their faults at one place: what they relate is part of it. */
static int position_compare(const struct instance *a, const struct instance *b)
{
	int order = place_compare(a->place, b->place);

	if (!order)
		order = span_compare(a->found->finding.span, b->found->finding.span);
	return order ? order : audit_related_compare(a->found, b->found);
}

static int instance_compare(const void *a, const void *b)
{
	const struct instance *x = a, *y = b;

	if (x->identity != y->identity)
		return x->identity < y->identity ? -1 : 1;
	int order = position_compare(x, y);

	if (!order)
		order = (int)x->state - (int)y->state;
	return order ? order : audit_compare_words(x->found, y->found);
}

/* The instances with one identity in a sorted list. */
struct range {
	const struct instance *items;
	guint count;
};

static struct range range_of(const GArray *list, uint32_t identity)
{
	const struct instance *items = (const struct instance *)(const void *)list->data;
	guint low = 0, high = list->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;

		if (items[middle].identity < identity)
			low = middle + 1;
		else
			high = middle;
	}
	for (high = low; high < list->len && items[high].identity == identity;)
		high++;
	return (struct range){items + low, high - low};
}

enum {
	OPEN = 1 << INSTANCE_OPEN,
	HIDDEN = 1 << INSTANCE_HIDDEN,
	SUPPRESSED = 1 << INSTANCE_SUPPRESSED
};
#define ACTIVE (OPEN | HIDDEN)
#define KNOWN  (OPEN | HIDDEN | SUPPRESSED)

static int64_t count_states(struct range range, int states)
{
	int64_t count = 0;

	for (guint i = 0; i < range.count; i++)
		count += (states >> range.items[i].state) & 1;
	return count;
}

static int64_t count_at(struct range range, const struct instance *where, int states)
{
	int64_t count = 0;

	for (guint i = 0; i < range.count; i++)
		count += (states >> range.items[i].state & 1) &&
			 !position_compare(&range.items[i], where);
	return count;
}

/* An identity in one comparison. */
struct pair {
	struct range before, after;
};

static struct pair pair_of(const struct comparison *comparison, uint32_t identity)
{
	return (struct pair){range_of(comparison->before, identity),
			     range_of(comparison->after, identity)};
}

static int64_t gained(struct pair pair, int states)
{
	return count_states(pair.after, states) - count_states(pair.before, states);
}

/* The numbers of one identity. */
struct numbers {
	int64_t introduced, due, fixed, hidden, reappeared, suppressed;
	int64_t introduced_by_law, fixed_by_time, fixed_by_law;
	uint32_t fixed_parent;
};

static int64_t fixed_levels(const struct settle *settle, uint32_t identity, const int64_t *active,
			    uint32_t most, int64_t known)
{
	int64_t count = 0;

	for (int64_t level = known + 1; level <= active[most]; level++) {
		bool is_fixed = true;

		for (uint32_t q = 0; is_fixed && q < settle->parent_count; q++)
			is_fixed = active[q] >= level ||
				   !settle->had_since(settle->context, q, most, identity, level);
		count += is_fixed;
	}
	return count;
}

static struct numbers numbers_of(const struct settle *settle, uint32_t identity, int64_t *active)
{
	struct numbers numbers = {
		.hidden = INT64_MAX, .reappeared = INT64_MAX, .suppressed = INT64_MAX};
	int64_t now, suppressed, most = 0, most_on_day = 0, most_by_law = 0;
	int64_t on_day_of_fixed = 0, by_law_of_fixed = 0;

	settle->counts(settle->context, identity, &now, &suppressed);
	for (uint32_t j = 0; j < settle->parent_count; j++) {
		const struct parent_comparison *parent = &settle->parents[j];
		struct pair own = pair_of(&parent->own, identity);
		int64_t on_day, by_law;

		active[j] = now - gained(own, ACTIVE);
		on_day = parent->has_on_day
				 ? now - gained(pair_of(&parent->on_day, identity), ACTIVE)
				 : active[j];
		by_law = parent->has_by_law
				 ? now - gained(pair_of(&parent->by_law, identity), ACTIVE)
				 : on_day;
		if (j == 0 || active[j] > active[numbers.fixed_parent]) {
			numbers.fixed_parent = j;
			on_day_of_fixed = on_day;
			by_law_of_fixed = by_law;
		}
		most = MAX(most, active[j]);
		most_on_day = MAX(most_on_day, MAX(active[j], on_day));
		most_by_law = MAX(most_by_law, by_law);
		numbers.hidden = MIN(numbers.hidden, MIN(gained(own, HIDDEN), -gained(own, OPEN)));
		numbers.suppressed = MIN(numbers.suppressed, gained(own, SUPPRESSED));
		numbers.reappeared = MIN(numbers.reappeared,
					 MIN(gained(own, OPEN), -gained(own, HIDDEN)));
	}
	numbers.introduced = MAX(0, now - most_on_day);
	numbers.introduced_by_law = MAX(0, MIN(now, most_by_law) - most_on_day);
	numbers.due = MAX(0, MIN(now, most_on_day) - most);
	numbers.fixed = fixed_levels(settle, identity, active, numbers.fixed_parent,
				     now + suppressed);
	numbers.fixed_by_time = MIN(numbers.fixed,
				    MAX(0, most - MAX(on_day_of_fixed, now + suppressed)));
	numbers.fixed_by_law = MIN(
		numbers.fixed - numbers.fixed_by_time,
		MAX(0, MIN(most, on_day_of_fixed) - MAX(by_law_of_fixed, now + suppressed)));
	numbers.hidden = MAX(0, numbers.hidden);
	numbers.reappeared = MAX(0, numbers.reappeared);
	numbers.suppressed = MAX(0, numbers.suppressed);
	return numbers;
}

/* --- which ones */

struct candidate {
	const struct instance *instance;
	uint32_t parents; /* against how many it is new */
};

static int candidate_compare(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->parents != y->parents)
		return x->parents > y->parents ? -1 : 1;
	return position_compare(x->instance, y->instance);
}

/* Is more of it at this place after than before? */
static bool is_new(struct pair pair, const struct instance *instance, int states, int states_before)
{
	return count_at(pair.after, instance, states) >
	       count_at(pair.before, instance, states_before);
}

/* Those of the commit that are new against its first parent, those new against most parents first.
 */
static GArray *newcomers(const struct settle *settle, uint32_t identity, int states,
			 int states_before)
{
	struct pair first = pair_of(&settle->parents[0].own, identity);
	GArray *candidates = g_array_new(FALSE, FALSE, sizeof(struct candidate));

	for (guint i = 0; i < first.after.count; i++) {
		struct candidate candidate = {&first.after.items[i], 0};

		if (!(states >> candidate.instance->state & 1) ||
		    !is_new(first, candidate.instance, states, states_before))
			continue;
		for (uint32_t j = 1; j < settle->parent_count; j++)
			candidate.parents += is_new(pair_of(&settle->parents[j].own, identity),
						    candidate.instance, states, states_before);
		g_array_append_val(candidates, candidate);
	}
	g_array_sort(candidates, candidate_compare);
	return candidates;
}

static void put(const struct settle *settle, enum audit_list_kind kind,
		const struct instance *instance, const char *cause, uint32_t parent)
{
	struct settled settled = {*instance, cause, parent};

	g_array_append_val(settle->lists[kind], settled);
}

static const char *cause_of(const struct settle *settle, const struct instance *instance,
			    uint32_t parent)
{
	return settle->cause(settle->context, instance, parent);
}

static void put_newcomers(const struct settle *settle, uint32_t identity,
			  const struct numbers *numbers)
{
	GArray *candidates = newcomers(settle, identity, OPEN, ACTIVE);
	guint due = (guint)MIN(numbers->due, candidates->len);
	guint introduced = (guint)MIN(numbers->introduced, candidates->len - due);

	for (guint i = 0; i < due; i++)
		put(settle, AUDIT_DUE, g_array_index(candidates, struct candidate, i).instance,
		    NULL, 0);
	for (guint i = 0; i < introduced; i++) {
		const struct instance *instance = g_array_index(candidates, struct candidate,
								candidates->len - introduced + i)
							  .instance;

		put(settle, AUDIT_INTRODUCED, instance,
		    i < numbers->introduced_by_law ? AUDIT_CAUSE_RULES
						   : cause_of(settle, instance, 0),
		    0);
	}
	g_array_free(candidates, TRUE);
}

static void put_moved(const struct settle *settle, uint32_t identity, enum audit_list_kind kind,
		      int64_t number)
{
	int states = kind == AUDIT_HIDDEN ? HIDDEN : kind == AUDIT_SUPPRESSED ? SUPPRESSED : OPEN;
	GArray *candidates = newcomers(settle, identity, states, states);

	for (guint i = 0; i < candidates->len && i < number; i++)
		put(settle, kind, g_array_index(candidates, struct candidate, i).instance, NULL, 0);
	g_array_free(candidates, TRUE);
}

/* Those that went with time come first, then those that went with the law. */
static const char *cause_of_fixed(const struct settle *settle, const struct instance *instance,
				  const struct numbers *numbers, int64_t done)
{
	return done < numbers->fixed_by_time ? AUDIT_CAUSE_TIME
	       : done < numbers->fixed_by_time + numbers->fixed_by_law
		       ? AUDIT_CAUSE_RULES
		       : cause_of(settle, instance, numbers->fixed_parent);
}

static void put_fixed(const struct settle *settle, uint32_t identity, const struct numbers *numbers)
{
	struct pair pair = pair_of(&settle->parents[numbers->fixed_parent].own, identity);
	int64_t done = 0;

	for (guint i = 0; i < pair.before.count && done < numbers->fixed; i++) {
		const struct instance *instance = &pair.before.items[i];

		if (!(ACTIVE >> instance->state & 1) ||
		    count_at(pair.before, instance, ACTIVE) <=
			    count_at(pair.after, instance, KNOWN))
			continue;
		put(settle, AUDIT_FIXED, instance, cause_of_fixed(settle, instance, numbers, done),
		    numbers->fixed_parent);
		done++;
	}
}

static void add_identities(GArray *identities, const GArray *list)
{
	uint32_t last = UINT32_MAX;

	for (guint i = 0; i < list->len; i++) {
		uint32_t identity = g_array_index(list, struct instance, i).identity;

		if (identity != last)
			g_array_append_val(identities, identity);
		last = identity;
	}
}

static int number_compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static void comparison_sort(struct comparison *comparison, GArray *identities)
{
	g_array_sort(comparison->before, instance_compare);
	g_array_sort(comparison->after, instance_compare);
	add_identities(identities, comparison->before);
	add_identities(identities, comparison->after);
}

void audit_settle(struct settle *settle)
{
	GArray *identities = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	int64_t *active = g_new0(int64_t, settle->parent_count);
	uint32_t last = UINT32_MAX;

	for (int kind = 0; kind < AUDIT_LISTS; kind++)
		g_array_set_size(settle->lists[kind], 0);
	for (uint32_t j = 0; j < settle->parent_count; j++) {
		comparison_sort(&settle->parents[j].own, identities);
		if (settle->parents[j].has_on_day)
			comparison_sort(&settle->parents[j].on_day, identities);
		if (settle->parents[j].has_by_law)
			comparison_sort(&settle->parents[j].by_law, identities);
	}
	g_array_sort(identities, number_compare);
	for (guint i = 0; i < identities->len; i++) {
		uint32_t identity = g_array_index(identities, uint32_t, i);

		if (identity == last)
			continue;
		last = identity;
		struct numbers numbers = numbers_of(settle, identity, active);

		if (numbers.introduced || numbers.due)
			put_newcomers(settle, identity, &numbers);
		if (numbers.fixed)
			put_fixed(settle, identity, &numbers);
		if (numbers.hidden)
			put_moved(settle, identity, AUDIT_HIDDEN, numbers.hidden);
		if (numbers.reappeared)
			put_moved(settle, identity, AUDIT_REAPPEARED, numbers.reappeared);
		if (numbers.suppressed)
			put_moved(settle, identity, AUDIT_SUPPRESSED, numbers.suppressed);
	}
	g_array_free(identities, TRUE);
	g_free(active);
}

/* --- cause */

int audit_changed_compare(const void *a, const void *b)
{
	return strcmp(((const struct changed *)a)->place->full_path,
		      ((const struct changed *)b)->place->full_path);
}

/* The list is sorted: of a first commit it has every file, and is asked for every finding. */
static bool is_changed(const GArray *list, const struct place *place)
{
	const struct changed wanted = {.place = (struct place *)place};

	return place &&
	       bsearch(&wanted, list->data, list->len, sizeof(wanted), audit_changed_compare);
}

static const struct changed *changed_at(const GArray *list, const char *path)
{
	for (guint i = 0; path && i < list->len; i++) {
		const struct changed *changed = &g_array_index(list, struct changed, i);

		if (!strcmp(changed->place->path, path))
			return changed;
	}
	return NULL;
}

/* Two entries that one rule reads together: of one slot, or a definition and what refers to it. */
static bool joins(const struct index_entry *a, const struct index_entry *b)
{
	return slice_equal(a->key, b->key) && (a->slot == b->slot || a->role != b->role);
}

/* Does a document say something that the rule read together with what stands at `span` in `own`? */
static bool shares_key(const struct piece *piece, const struct verdict *own, struct span span)
{
	for (size_t i = 0; piece && own && i < own->entry_count; i++) {
		const struct index_entry *entry = &own->entries[i];

		if (entry->span.start > span.start || entry->span.end < span.end)
			continue;
		for (size_t n = 0; n < piece->verdict->entry_count; n++)
			if (joins(entry, &piece->verdict->entries[n]))
				return true;
	}
	return false;
}

/* The slot of the rule that reads what stands at `span`; UINT32_MAX: none does. */
static uint32_t slot_at(const struct verdict *own, struct span span)
{
	for (size_t i = 0; own && i < own->entry_count; i++)
		if (own->entries[i].span.start == span.start &&
		    own->entries[i].span.end == span.end && own->entries[i].role == INDEX_MEMBER)
			return own->entries[i].slot;
	return UINT32_MAX;
}

/* The next entry of a slot, from `*i` on, or NULL. */
static const struct index_entry *next_of_slot(const struct piece *piece, uint32_t slot, size_t *i)
{
	while (piece && *i < piece->verdict->entry_count) {
		const struct index_entry *entry = &piece->verdict->entries[(*i)++];

		if (entry->slot == slot)
			return entry;
	}
	return NULL;
}

/* Does a document lead elsewhere than before? */
static bool has_moved_edge(const struct changed *changed, uint32_t slot)
{
	const struct index_entry *x, *y;
	size_t i = 0, j = 0;

	do {
		x = next_of_slot(changed->before, slot, &i);
		y = next_of_slot(changed->after, slot, &j);
		if (!x != !y ||
		    (x && (!slice_equal(x->key, y->key) || !slice_equal(x->value, y->value))))
			return true;
	} while (x);
	return false;
}

/* A circle too long to name all its places: the first document that leads elsewhere, or NULL. */
static const struct changed *moved_in_circle(const GArray *list, const struct check_finding *found,
					     const struct verdict *own)
{
	size_t count = found->finding.related_count;
	uint32_t slot = slot_at(own, found->finding.span);

	if (!count || found->finding.related[count - 1].label.message != MESSAGE_CYCLE_MORE)
		return NULL;
	for (guint i = 0; i < list->len; i++)
		if (has_moved_edge(&g_array_index(list, struct changed, i), slot))
			return &g_array_index(list, struct changed, i);
	return NULL;
}

const char *audit_cause(const GArray *list, const struct instance *instance,
			const struct verdict *own)
{
	const struct check_finding *found = instance->found;
	const struct changed *named = NULL;

	if (!list->len || is_changed(list, instance->place))
		return NULL;
	for (size_t i = 0; !named && found->related_paths && i < found->finding.related_count; i++)
		named = changed_at(list, found->related_paths[i]);
	named = named ? named : moved_in_circle(list, found, own);
	for (guint i = 0; !named && i < list->len; i++) {
		const struct changed *changed = &g_array_index(list, struct changed, i);

		if (shares_key(changed->before, own, found->finding.span) ||
		    shares_key(changed->after, own, found->finding.span))
			named = changed;
	}
	return (named ? named : &g_array_index(list, struct changed, 0))->place->full_path;
}
