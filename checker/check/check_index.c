/*
 * The cross-file rules over one moving state: which groups of the index must be judged again, and
 * what came and went by it (DESIGN.md section 8).
 *
 * A judgement is the findings of one rule for one key, kept in an arena of its own. When entries
 * come or go, the index says which groups they touched; a definition also touches the references of
 * every rule to its key. Edges of acyclic rules are in a graph in place of groups, which says what
 * cycles changed. A judgement that reads the day says for which days it holds and is made
 * again when the day leaves them. New findings are compared with the old ones, so that only real
 * changes are handed on.
 */
#include "check/cross.h"

#include "source/message.h"

#include <string.h>

struct judgement {
	uint32_t slot;
	struct slice key;
	struct arena arena;
	struct check_finding **found;
	guint count;
	int64_t from, until;
	bool pending;
};

struct check_index {
	const struct ruleset *ruleset;
	struct index *index;
	struct cross_graph **graphs; /* by slot; NULL but of acyclic rules */
	GHashTable *judgements;      /* of struct judgement, by slot and key */
	GPtrArray *pending;          /* of struct judgement */
	GPtrArray *dated;            /* of struct judgement whose days end */
	GArray *graveyard;           /* of struct arena: findings that were handed to `removed` */
	bool (*needs)(void *context, uint32_t slot, struct slice key, bool has_members);
	void *needs_context;
};

static guint judgement_hash(gconstpointer data)
{
	const struct judgement *judgement = data;
	guint hash = judgement->slot * 2654435761u;

	for (size_t i = 0; i < judgement->key.len; i++)
		hash = hash * 31 + (guchar)judgement->key.data[i];
	return hash;
}

static gboolean judgement_equal(gconstpointer a, gconstpointer b)
{
	const struct judgement *x = a, *y = b;

	return x->slot == y->slot && slice_equal(x->key, y->key);
}

static void judgement_free(gpointer data)
{
	struct judgement *judgement = data;

	arena_release(&judgement->arena);
	g_free((char *)judgement->key.data);
	g_free(judgement);
}

/* Marks a judgement to be made (again). */
static void want(struct check_index *index, uint32_t slot, struct slice key)
{
	struct judgement wanted = {.slot = slot, .key = key};
	struct judgement *judgement = g_hash_table_lookup(index->judgements, &wanted);

	if (!judgement) {
		judgement = g_new0(struct judgement, 1);
		judgement->slot = slot;
		judgement->key = (struct slice){g_strndup(key.data, key.len), key.len};
		g_hash_table_add(index->judgements, judgement);
	}
	if (!judgement->pending)
		g_ptr_array_add(index->pending, judgement);
	judgement->pending = true;
}

/* Every row of a table is a group, with or without members. */
static void want_rows(struct check_index *index, const struct rule_instance *instance)
{
	const struct rule_table *table = instance->table;
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < table->row_count; i++) {
		struct cel_value key = cel_of_string(
			doc_text(doc_member(table->row[i], table->key.data, table->key.len)));

		g_string_truncate(text, 0);
		if (value_key(text, &key))
			want(index, instance->rule->slot, (struct slice){text->str, text->len});
	}
	g_string_free(text, TRUE);
}

struct check_index *check_index_new(const struct ruleset *ruleset)
{
	struct check_index *index = g_new0(struct check_index, 1);

	index->ruleset = ruleset;
	index->index = index_new(NULL);
	index->graphs = g_new0(struct cross_graph *, ruleset->rule_count);
	index->judgements = g_hash_table_new_full(judgement_hash, judgement_equal, judgement_free,
						  NULL);
	index->pending = g_ptr_array_new();
	index->dated = g_ptr_array_new();
	index->graveyard = g_array_new(FALSE, FALSE, sizeof(struct arena));
	for (size_t i = 0; i < ruleset->rule_count; i++) {
		const struct rule_instance *instance = cross_instance(ruleset, ruleset->rules[i]);

		if (instance && instance->table)
			want_rows(index, instance);
		if (ruleset->rules[i]->check == RULE_ACYCLIC)
			index->graphs[i] = cross_graph_new();
	}
	return index;
}

static void bury(struct check_index *index)
{
	for (guint i = 0; i < index->graveyard->len; i++)
		arena_release(&g_array_index(index->graveyard, struct arena, i));
	g_array_set_size(index->graveyard, 0);
}

void check_index_free(struct check_index *index)
{
	if (!index)
		return;
	bury(index);
	g_array_free(index->graveyard, TRUE);
	g_ptr_array_free(index->pending, TRUE);
	g_ptr_array_free(index->dated, TRUE);
	g_hash_table_destroy(index->judgements);
	for (size_t i = 0; i < index->ruleset->rule_count; i++)
		cross_graph_free(index->graphs[i]);
	g_free(index->graphs);
	index_free(index->index);
	g_free(index);
}

/* --- files come and go */

static struct cross_graph *graph_of(const struct check_index *index, uint32_t slot)
{
	return slot < index->ruleset->rule_count ? index->graphs[slot] : NULL;
}

void check_index_add(struct check_index *index, const char *path, const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->entry_count; i++) {
		const struct index_entry *entry = &verdict->entries[i];
		struct cross_graph *graph = graph_of(index, entry->slot);

		if (graph)
			cross_graph_add(graph, path, entry);
		else
			index_add(index->index, path, entry, false);
	}
}

void check_index_remove(struct check_index *index, const char *path, const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->entry_count; i++) {
		const struct index_entry *entry = &verdict->entries[i];
		struct cross_graph *graph = graph_of(index, entry->slot);

		if (graph)
			cross_graph_remove(graph, path, entry);
		else
			index_remove(index->index, path, entry);
	}
}

void check_index_add_hidden(struct check_index *index, const char *path,
			    const struct verdict *last_readable)
{
	for (size_t i = 0; i < last_readable->entry_count; i++)
		if (last_readable->entries[i].role == INDEX_DEFINES)
			index_add(index->index, path, &last_readable->entries[i], true);
}

void check_index_remove_hidden(struct check_index *index, const char *path,
			       const struct verdict *last_readable)
{
	for (size_t i = 0; i < last_readable->entry_count; i++)
		if (last_readable->entries[i].role == INDEX_DEFINES)
			index_remove(index->index, path, &last_readable->entries[i]);
}

/* --- what must be judged again */

static void want_touched(void *context, struct index_group *group)
{
	struct check_index *index = context;
	const struct ruleset *ruleset = index->ruleset;

	if (group->slot < ruleset->rule_count) {
		want(index, group->slot, group->key);
		return;
	}
	for (size_t i = 0; i < ruleset->rule_count; i++) {
		const struct rule_instance *instance;

		if (ruleset->rules[i]->check != RULE_REFERENCE)
			continue;
		instance = cross_instance(ruleset, ruleset->rules[i]);
		if (instance && instance->kind_slot == group->slot &&
		    index_find(index->index, (uint32_t)i, group->key))
			want(index, (uint32_t)i, group->key);
	}
}

struct cycles {
	struct check_index *index;
	uint32_t slot;
};

static void want_cycle(void *context, struct slice key)
{
	const struct cycles *cycles = context;

	want(cycles->index, cycles->slot, key);
}

static void want_cycles(struct check_index *index)
{
	for (uint32_t i = 0; i < index->ruleset->rule_count; i++)
		if (index->graphs[i])
			cross_graph_update(index->graphs[i], want_cycle,
					   &(struct cycles){index, i});
}

static void want_undated(struct check_index *index, int64_t as_of)
{
	GPtrArray *dated = index->dated;

	index->dated = g_ptr_array_new();
	for (guint i = 0; i < dated->len; i++) {
		struct judgement *judgement = dated->pdata[i];

		if (judgement->from <= as_of && as_of <= judgement->until)
			g_ptr_array_add(index->dated, judgement);
		else
			want(index, judgement->slot, judgement->key);
	}
	g_ptr_array_free(dated, TRUE);
}

/* --- what came and went */

static bool same_phrase(const struct phrase *a, const struct phrase *b)
{
	if (a->message != b->message || a->words != b->words || a->value_count != b->value_count)
		return false;
	for (size_t i = 0; i < a->value_count; i++)
		if (!slice_equal(a->values[i], b->values[i]))
			return false;
	return true;
}

static bool same_span(struct span a, struct span b)
{
	return a.start == b.start && a.end == b.end;
}

static bool same_related(const struct check_finding *a, const struct check_finding *b)
{
	const struct finding *x = &a->finding, *y = &b->finding;

	if (x->related_count != y->related_count)
		return false;
	for (size_t i = 0; i < x->related_count; i++)
		if (!same_span(x->related[i].span, y->related[i].span) ||
		    g_strcmp0(a->related_paths[i], b->related_paths[i]) ||
		    !same_phrase(&x->related[i].label, &y->related[i].label))
			return false;
	return true;
}

static bool same_explanation(const struct finding *x, const struct finding *y)
{
	if (x->because_count != y->because_count || x->edit_count != y->edit_count)
		return false;
	for (size_t i = 0; i < x->because_count; i++)
		if (!slice_equal(x->because[i].expression, y->because[i].expression) ||
		    !slice_equal(x->because[i].values, y->because[i].values))
			return false;
	for (size_t i = 0; i < x->edit_count; i++)
		if (!same_span(x->edits[i].span, y->edits[i].span) ||
		    !slice_equal(x->edits[i].text, y->edits[i].text))
			return false;
	return true;
}

/*
 * Do they say the same? Who keeps what is handed on knows findings by all that they say, so one
 * that explains itself otherwise than before has gone, and another has come.
 */
static bool same_finding(const struct check_finding *a, const struct check_finding *b)
{
	const struct finding *x = &a->finding, *y = &b->finding;

	return !g_strcmp0(x->identity, y->identity) && !g_strcmp0(a->path, b->path) &&
	       same_span(x->span, y->span) && x->code == y->code && x->severity == y->severity &&
	       !g_strcmp0(x->pointer, y->pointer) && same_phrase(&x->message, &y->message) &&
	       same_phrase(&x->label, &y->label) && same_phrase(&x->hint, &y->hint) &&
	       same_related(a, b) && same_explanation(x, y);
}

/* Hands on those of `ours` that have no twin in `theirs`; each twin counts for one. */
static void hand_on(struct check_finding *const *ours, guint our_count,
		    struct check_finding *const *theirs, guint their_count,
		    void (*callback)(void *context, const struct check_finding *found),
		    void *context)
{
	bool *taken = g_new0(bool, their_count);

	for (guint i = 0; callback && i < our_count; i++) {
		guint j = 0;

		while (j < their_count && (taken[j] || !same_finding(ours[i], theirs[j])))
			j++;
		if (j < their_count)
			taken[j] = true;
		else
			callback(context, ours[i]);
	}
	g_free(taken);
}

/* --- judging */

static bool is_in_force(const struct rule *rule, struct cross *cross)
{
	if (cross->as_of < rule->since) {
		cross->until = rule->since - 1;
		return false;
	}
	if (cross->as_of > rule->until) {
		cross->from = rule->until + 1;
		return false;
	}
	cross->from = rule->since;
	cross->until = rule->until;
	return true;
}

static void judge(struct check_index *index, struct judgement *judgement, int64_t as_of,
		  const struct check_index_changes *changes, struct check_scratch *scratch)
{
	struct arena arena = {0};
	struct cross cross = {
		.ruleset = index->ruleset,
		.index = index->index,
		.rule = index->ruleset->rules[judgement->slot],
		.key = judgement->key,
		.graph = graph_of(index, judgement->slot),
		.as_of = as_of,
		.scratch = scratch,
		.out = &arena,
		.found = g_ptr_array_new(),
		.from = DAY_OPEN_START,
		.until = DAY_OPEN_END,
	};
	struct check_finding **found;

	if (is_in_force(cross.rule, &cross) && cross.rule->severity != SEVERITY_OFF)
		cross_judge(&cross);
	found = arena_array(&arena, cross.found->len, sizeof(*found));
	if (cross.found->len)
		memcpy(found, cross.found->pdata, cross.found->len * sizeof(*found));
	if (changes) {
		hand_on(judgement->found, judgement->count, found, cross.found->len,
			changes->removed, changes->context);
		hand_on(found, cross.found->len, judgement->found, judgement->count, changes->added,
			changes->context);
	}
	g_array_append_val(index->graveyard, judgement->arena);
	judgement->arena = arena;
	judgement->found = found;
	judgement->count = cross.found->len;
	judgement->from = cross.from;
	judgement->until = cross.until;
	judgement->pending = false;
	if (cross.from != DAY_OPEN_START || cross.until != DAY_OPEN_END)
		g_ptr_array_add(index->dated, judgement);
	g_ptr_array_free(cross.found, TRUE);
}

static gint compare_judgements(gconstpointer a, gconstpointer b)
{
	const struct judgement *x = *(const struct judgement *const *)a;
	const struct judgement *y = *(const struct judgement *const *)b;

	if (x->slot != y->slot)
		return x->slot < y->slot ? -1 : 1;
	return slice_compare(x->key, y->key);
}

void check_index_limit(struct check_index *index,
		       bool (*needs)(void *context, uint32_t slot, struct slice key,
				     bool has_members),
		       void *context)
{
	index->needs = needs;
	index->needs_context = context;
}

static bool is_needed(const struct check_index *index, const struct judgement *judgement)
{
	return !index->needs ||
	       index->needs(index->needs_context, judgement->slot, judgement->key,
			    graph_of(index, judgement->slot) ||
				    index_find(index->index, judgement->slot, judgement->key));
}

int check_index_update(struct check_index *index, int64_t as_of,
		       const struct check_index_changes *changes, struct check_scratch *scratch,
		       struct error *error)
{
	GPtrArray *pending;

	(void)error; /* everything is in memory: nothing of the system can fail */
	bury(index);
	index_touched(index->index, want_touched, index);
	want_cycles(index);
	want_undated(index, as_of);
	pending = index->pending;
	index->pending = g_ptr_array_new();
	g_ptr_array_sort(pending, compare_judgements);
	for (guint i = 0; i < pending->len; i++) {
		/* One that is made again for its content must not stay among the dated as well. */
		g_ptr_array_remove_fast(index->dated, pending->pdata[i]);
		if (is_needed(index, pending->pdata[i]))
			judge(index, pending->pdata[i], as_of, changes, scratch);
	}
	g_ptr_array_free(pending, TRUE);
	return 0;
}

/* In order of rule and key, so that what is equal in place keeps one order. */
void check_index_each(const struct check_index *index,
		      void (*each)(void *context, const struct check_finding *found), void *context)
{
	GPtrArray *judgements = g_ptr_array_new();
	GHashTableIter iter;
	gpointer data;

	g_hash_table_iter_init(&iter, index->judgements);
	while (g_hash_table_iter_next(&iter, &data, NULL))
		if (((struct judgement *)data)->count)
			g_ptr_array_add(judgements, data);
	g_ptr_array_sort(judgements, compare_judgements);
	for (guint j = 0; j < judgements->len; j++) {
		const struct judgement *judgement = judgements->pdata[j];

		for (guint i = 0; i < judgement->count; i++)
			each(context, judgement->found[i]);
	}
	g_ptr_array_free(judgements, TRUE);
}

/* --- near misses */

static void collect_name(void *context, struct index_group *group)
{
	g_array_append_val((GArray *)context, group->items[0].entry->value);
}

void check_index_suggest(const struct check_index *index, const struct check_finding *found,
			 struct finding *bound, struct arena *arena)
{
	const struct index_entry *entry = found->entry;
	const struct rule_instance *instance = entry ? entry->owner : NULL;
	const struct doc_node *node;
	struct edit *edit;
	GArray *names;
	ptrdiff_t nearest;

	if (!instance)
		return;
	names = g_array_new(FALSE, FALSE, sizeof(struct slice));
	index_each(index->index, instance->kind_slot, collect_name, names);
	nearest = text_nearest(entry->value, (const struct slice *)(void *)names->data, names->len);
	if (nearest >= 0) {
		struct slice name = g_array_index(names, struct slice, nearest);

		node = entry->key_node ? entry->facts->root + entry->key_node : NULL;
		bound->hint = phrase_make(arena, MESSAGE_DID_YOU_MEAN, 1, name);
		if (node && node->type == DOC_STRING &&
		    !(node->flags & (DOC_QUOTED | DOC_BLOCK | DOC_COPIED))) {
			edit = arena_new(arena, struct edit);
			*edit = (struct edit){node->span, slice_copy(arena, name)};
			bound->fix = FIX_UNSAFE;
			bound->edits = edit;
			bound->edit_count = 1;
		}
	}
	g_array_free(names, TRUE);
}
