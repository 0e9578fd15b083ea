/*
 * Transitions: may the new version of a document follow the accepted one? (DESIGN.md section 5 and
 * 8)
 *
 * Both versions are read; the nodes that a rule selects are matched by their path by keys, those
 * that are left by their plain path. A node that did not change is not asked about. Where the rule
 * says `on: delete` it is asked about the nodes that are gone, with `this` the node that was.
 *
 * Which version is the accepted one is for the caller, who knows the history.
 */
#include "check/judge.h"

#include "check/changes.h"
#include "ruleset/shape.h"

#include <string.h>

enum { CHANGES_MAX = 1000 };

struct pairing {
	struct judging *judging;
	const struct document *old;
	const struct document *new; /* NULL: the document is gone */
};

/* --- what changed: a list of {path, old, new} */

/* The value of a change; its pointer is the new version's, of what is gone the old one's. */
static struct cel_value value_of(const struct change *change, struct arena *arena)
{
	static const char *const names[] = {"path", "old", "new"};
	const struct doc_node *place = change->new ? change->new : change->old;
	struct cel_value keys[3], values[3];

	for (size_t i = 0; i < 3; i++)
		keys[i] = cel_of_string(slice_of(names[i]));
	values[0] = cel_of_string(slice_of(doc_pointer(arena, place)));
	values[1] = change->old ? cel_of_node(change->old, NULL) : cel_null_value;
	values[2] = change->new ? cel_of_node(change->new, NULL) : cel_null_value;
	return cel_of_pairs(arena, keys, values, 3);
}

/* All of them, up to the limit; none where the node is gone. */
static struct cel_value list_of_changes(const struct pairing *pairing, const struct doc_node *old,
					const struct doc_node *new)
{
	struct arena *arena = &pairing->judging->scratch->cel;
	GArray *changes = g_array_new(FALSE, FALSE, sizeof(struct change));
	struct cel_value *values;
	size_t count;

	if (new)
		changes_between(changes, pairing->judging->entry->programs->root, old, new);
	count = MIN(changes->len, CHANGES_MAX);
	values = arena_array(arena, count, sizeof(*values));
	for (size_t i = 0; i < count; i++)
		values[i] = value_of(&g_array_index(changes, struct change, i), arena);
	g_array_free(changes, TRUE);
	return cel_of_items(values, count);
}

/* --- matching nodes */

static char *path_by_keys(const struct judging *judging, const struct doc_node *node)
{
	GString *path = g_string_new(NULL);

	identity_append_path(path, judging->entry->programs->root, node);
	return g_string_free(path, FALSE);
}

/* The nodes that a rule selects; none where there is no document. */
static GPtrArray *select_in(const struct rule_instance *instance, const struct document *document,
			    bool *whole)
{
	GPtrArray *nodes = g_ptr_array_new();

	if (document && document->root)
		*whole &= rule_select(nodes, instance, document);
	return nodes;
}

/* The nodes of two versions that a rule selects, and which of them are the same. */
struct matching {
	GPtrArray *old, *new;
	GPtrArray *twins; /* of each new one: the old one, or NULL */
	GHashTable *left; /* old ones without a new one */
	bool whole;       /* false: a path gave up, there are more */
};

/* Do names alone lead to both, the same ones? Then their path by keys is the same. */
static bool same_names(const struct doc_node *a, const struct doc_node *b)
{
	for (; doc_parent(a) && doc_parent(b); a = doc_parent(a), b = doc_parent(b))
		if (!a->key || !b->key || !slice_equal(doc_key_text(a), doc_key_text(b)))
			return false;
	return !doc_parent(a) && !doc_parent(b);
}

/* Most rules select the same few places in both versions, in the same order. */
static bool match_by_names(struct matching *matching)
{
	guint count = MIN(matching->old->len, matching->new->len), matched = 0;

	for (guint i = 0; i < count; i++)
		if (same_names(matching->old->pdata[i], matching->new->pdata[i])) {
			matching->twins->pdata[i] = matching->old->pdata[i];
			g_hash_table_remove(matching->left, matching->old->pdata[i]);
			matched++;
		}
	return matched == matching->old->len || matched == matching->new->len;
}

static void match_by_keys(const struct judging *judging, struct matching *matching)
{
	GHashTable *by_keys;

	if (match_by_names(matching))
		return;
	by_keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					(GDestroyNotify)g_ptr_array_unref);
	for (guint i = 0; i < matching->old->len; i++) {
		if (!g_hash_table_contains(matching->left, matching->old->pdata[i]))
			continue;
		char *path = path_by_keys(judging, matching->old->pdata[i]);
		GPtrArray *same = g_hash_table_lookup(by_keys, path);

		if (!same)
			g_hash_table_insert(by_keys, path, same = g_ptr_array_new());
		else
			g_free(path);
		g_ptr_array_add(same, matching->old->pdata[i]);
	}
	for (guint i = 0; i < matching->new->len; i++) {
		char *path = matching->twins->pdata[i]
				     ? NULL
				     : path_by_keys(judging, matching->new->pdata[i]);
		GPtrArray *same = path ? g_hash_table_lookup(by_keys, path) : NULL;

		g_free(path);
		if (!same || !same->len)
			continue;
		matching->twins->pdata[i] = same->pdata[0];
		g_hash_table_remove(matching->left, same->pdata[0]);
		g_ptr_array_remove_index(same, 0);
	}
	g_hash_table_destroy(by_keys);
}

static void match_by_path(struct judging *judging, const struct document *old,
			  struct matching *matching)
{
	for (guint i = 0; i < matching->new->len; i++) {
		const char *pointer;
		const struct doc_node *twin;

		if (matching->twins->pdata[i])
			continue;
		pointer = doc_pointer(&judging->scratch->stage, matching->new->pdata[i]);
		twin = doc_pointer_find(old->root, slice_of(pointer));
		if (twin && g_hash_table_remove(matching->left, twin))
			matching->twins->pdata[i] = (gpointer)twin;
	}
}

static void matching_make(struct matching *matching, struct judging *judging,
			  const struct rule_instance *instance, const struct document *old,
			  const struct document *new)
{
	matching->whole = true;
	matching->old = select_in(instance, old, &matching->whole);
	matching->new = select_in(instance, new, &matching->whole);
	matching->twins = g_ptr_array_new();
	matching->left = g_hash_table_new(NULL, NULL);
	g_ptr_array_set_size(matching->twins, (gint)matching->new->len);
	for (guint i = 0; i < matching->old->len; i++)
		g_hash_table_add(matching->left, matching->old->pdata[i]);
	match_by_keys(judging, matching);
	match_by_path(judging, old, matching);
}

static void matching_release(struct matching *matching)
{
	g_ptr_array_free(matching->old, TRUE);
	g_ptr_array_free(matching->new, TRUE);
	g_ptr_array_free(matching->twins, TRUE);
	g_hash_table_destroy(matching->left);
}

/* --- places of what is gone */

static bool same_key(const struct doc_node *a, const struct doc_node *b, struct slice key)
{
	a = doc_member(a, key.data, key.len);
	b = doc_member(b, key.data, key.len);
	return a && b && doc_equal(a, b);
}

/* What of the way to a node is still there in the new version: the last that is. */
static const struct doc_node *survivor(const struct shape **shape, const struct doc_node *node,
				       const struct doc_node *new_root)
{
	const struct doc_node *parent = doc_parent(node), *above;
	const struct shape *own;
	struct slice key;

	if (!parent)
		return new_root;
	above = survivor(shape, parent, new_root);
	if (node->key) {
		const struct doc_node *same = doc_member(above, node->key->text, node->key->len);

		own = shape_member(*shape, doc_key_text(node));
		*shape = same ? own : NULL;
		return same ? same : above;
	}
	own = shape_items(*shape);
	key = shape_list_key(*shape);
	*shape = NULL;
	for (const struct doc_node *item = doc_first(above); item && key.len; item = doc_next(item))
		if (same_key(item, node, key)) {
			*shape = own;
			return item;
		}
	return above;
}

/* A finding about what is gone stands where it would be; the old version's places mean nothing. */
static void place_gone(struct judging *judging, struct finding *finding,
		       const struct doc_node *node, const struct document *new)
{
	const struct shape *root = judging->entry->programs->root, *shape = root;
	const struct doc_node *place = new ? survivor(&shape, node, new->root) : NULL;

	finding->span = place ? node_place(root, place) : (struct span){0, 0};
	finding->pointer = place ? doc_pointer(judging->out, place) : NULL;
	finding->related_count = 0;
}

/* --- asking a rule */

/*
 * Says of the findings from `first` on what they are about. The node is known as it was in the
 * accepted version: what it has become may change while the issue stays.
 */
static void note_step(const struct pairing *pairing, const struct rule_instance *instance,
		      const struct doc_node *old, const struct doc_node *new, guint first)
{
	struct judging *judging = pairing->judging;
	struct check_step *step;
	char *item;

	if (first == judging->findings->len)
		return;
	step = arena_new(judging->out, struct check_step);
	item = path_by_keys(judging, old);
	*step = (struct check_step){
		.rule = instance->rule->slot,
		.old_pointer = doc_pointer(judging->out, old),
		.item = arena_strdup(judging->out, item),
		.pointer = new ? doc_pointer(judging->out, new) : NULL,
	};
	g_free(item);
	for (guint i = first; i < judging->findings->len; i++) {
		struct check_finding *found = &g_array_index(judging->findings,
							     struct check_finding, i);

		found->step = step;
		if (found->finding.code == FINDING_RULE)
			found->finding.identity = identity_make(judging->out, found->finding.rule,
								judging->key, slice_of(step->item),
								SLICE(""));
		if (!new)
			place_gone(judging, &found->finding, old, pairing->new);
	}
}

/* The list of changes is made last, for what `when` lets through; unless `when` reads it. */
static bool wants_changes(const struct visit *visit)
{
	const struct rule_instance *instance = visit->instance;
	const struct cel_program *when = instance->operands[OPERAND_WHEN].program;

	if (!instance->reads_changes)
		return false;
	return (when &&
		cel_program_reads_slot(when, (unsigned)instance->slots[VARIABLE_CHANGES])) ||
	       visit_is_wanted(visit);
}

static void ask(const struct pairing *pairing, const struct rule_instance *instance,
		const struct doc_node *old, const struct doc_node *new)
{
	struct judging *judging = pairing->judging;
	const struct document *own = new ? pairing->new : pairing->old;
	const struct doc_node *self = new ? new : old;
	struct cel_activation activation;
	struct visit visit = {
		.judging = judging, .instance = instance, .activation = &activation, .self = self};
	struct variables variables = {instance, judging->scratch->variables, &activation,
				      &judging->scratch->cel};

	guint first = judging->findings->len;

	judging->document = own;
	cel_activation_init(&activation, judging->scratch->variables, instance->slot_count);
	variables_document(&variables, own->root, judging->path, judging->as_of);
	variables_node(&variables, self);
	variables_set(&variables, VARIABLE_OLD, cel_of_node(old, instance->types[VARIABLE_OLD]));
	variables_set(&variables, VARIABLE_OLD_DOCUMENT,
		      cel_of_node(pairing->old->root, instance->types[VARIABLE_DOCUMENT]));
	if (wants_changes(&visit)) {
		variables_set(&variables, VARIABLE_CHANGES, list_of_changes(pairing, old, new));
		visit_judge(&visit);
	} else if (!instance->reads_changes) {
		visit_judge(&visit);
	}
	note_step(pairing, instance, old, new, first);
	judging->verdict->reads_path |= instance->reads_file;
	judging->verdict->from = MAX(judging->verdict->from, activation.holds_from);
	judging->verdict->until = MIN(judging->verdict->until, activation.holds_until);
}

/* Nodes that were not seen may have changed: that is an issue of the whole document. */
static void fail_select(const struct pairing *pairing, const struct rule_instance *instance)
{
	const struct document *new = pairing->new && pairing->new->root ? pairing->new : NULL;
	guint first = pairing->judging->findings->len;

	rule_fail_select(pairing->judging, instance, new ? new : pairing->old);
	note_step(pairing, instance, pairing->old->root, new ? new->root : NULL, first);
}

static void ask_all(const struct pairing *pairing, const struct rule_instance *instance)
{
	struct matching matching;

	matching_make(&matching, pairing->judging, instance, pairing->old, pairing->new);
	if (!matching.whole && (pairing->new || instance->on_delete))
		fail_select(pairing, instance);
	for (guint i = 0; i < matching.new->len && !instance->on_delete; i++) {
		const struct doc_node *twin = matching.twins->pdata[i];

		if (twin && !doc_equal(twin, matching.new->pdata[i]))
			ask(pairing, instance, twin, matching.new->pdata[i]);
	}
	for (guint i = 0; i < matching.old->len && instance->on_delete; i++)
		if (g_hash_table_contains(matching.left, matching.old->pdata[i]))
			ask(pairing, instance, matching.old->pdata[i], NULL);
	matching_release(&matching);
}

const struct doc_node *find_twin(struct judging *judging, uint32_t rule, const char *pointer,
				 const struct document *old, const struct document *new)
{
	const struct doc_node *wanted = doc_pointer_find(old->root, slice_of(pointer));
	const struct doc_node *found = NULL;

	if (wanted == old->root)
		return new->root;
	for (size_t i = 0; i < judging->entry->rule_count; i++) {
		const struct rule_instance *instance = judging->entry->rules[i];
		struct matching matching;

		if (instance->rule->slot != rule)
			continue;
		matching_make(&matching, judging, instance, old, new);
		for (guint n = 0; n < matching.new->len; n++)
			if (matching.twins->pdata[n] == wanted)
				found = matching.new->pdata[n];
		matching_release(&matching);
	}
	return found;
}

void run_transitions(struct judging *judging, const struct document *old,
		     const struct document *new)
{
	const struct document_entry *entry = judging->entry;
	struct pairing pairing = {judging, old, new};

	for (size_t i = 0; old && old->root && i < entry->rule_count; i++) {
		const struct rule_instance *instance = entry->rules[i];

		if (instance->rule->check == RULE_TRANSITION &&
		    (!judging->only || judging->only == instance) &&
		    rule_in_force(judging, instance->rule))
			ask_all(&pairing, instance_of_scratch(judging->scratch, instance));
	}
}
