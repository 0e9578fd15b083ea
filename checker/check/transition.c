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

#include "ruleset/shape.h"

#include <string.h>

enum { CHANGES_MAX = 1000 };

struct pairing {
	struct judging *judging;
	const struct document *old;
	const struct document *new; /* NULL: the document is gone */
};

/* --- what changed: a list of {path, old, new} */

struct changes {
	struct arena *arena;
	GArray *items; /* of struct cel_value */
};

static void add_change(struct changes *changes, const struct doc_node *old,
		       const struct doc_node *new)
{
	static const char *const names[] = {"path", "old", "new"};
	struct cel_value keys[3], values[3], change;

	if (changes->items->len >= CHANGES_MAX)
		return;
	for (size_t i = 0; i < 3; i++)
		keys[i] = cel_of_string(slice_of(names[i]));
	values[0] = cel_of_string(slice_of(doc_pointer(changes->arena, new ? new : old)));
	values[1] = old ? cel_of_node(old, NULL) : cel_null_value;
	values[2] = new ? cel_of_node(new, NULL) : cel_null_value;
	change = cel_of_pairs(changes->arena, keys, values, 3);
	g_array_append_val(changes->items, change);
}

static void compare(struct changes *changes, const struct doc_node *old,
		    const struct doc_node *new);

static void compare_members(struct changes *changes, const struct doc_node *old,
			    const struct doc_node *new)
{
	for (const struct doc_node *n = doc_first(new); n; n = doc_next(n)) {
		const struct doc_node *twin = doc_member(old, n->key->text, n->key->len);

		if (twin)
			compare(changes, twin, n);
		else
			add_change(changes, NULL, n);
	}
	for (const struct doc_node *o = doc_first(old); o; o = doc_next(o))
		if (!doc_member(new, o->key->text, o->key->len))
			add_change(changes, o, NULL);
}

static void compare_items(struct changes *changes, const struct doc_node *old,
			  const struct doc_node *new)
{
	const struct doc_node *o = doc_first(old), *n = doc_first(new);

	for (; o && n; o = doc_next(o), n = doc_next(n))
		compare(changes, o, n);
	for (; n; n = doc_next(n))
		add_change(changes, NULL, n);
	for (; o; o = doc_next(o))
		add_change(changes, o, NULL);
}

/* Depth is bounded: both trees were read within the limit of depth. */
static void compare(struct changes *changes, const struct doc_node *old, const struct doc_node *new)
{
	if (doc_equal(old, new))
		return;
	if (old->type == DOC_OBJECT && new->type == DOC_OBJECT)
		compare_members(changes, old, new);
	else if (old->type == DOC_ARRAY && new->type == DOC_ARRAY)
		compare_items(changes, old, new);
	else
		add_change(changes, old, new);
}

/* --- matching nodes */

static char *path_by_keys(const struct judging *judging, const struct doc_node *node)
{
	GString *path = g_string_new(NULL);

	identity_append_path(path, judging->entry->programs->root, node);
	return g_string_free(path, FALSE);
}

static GPtrArray *select_in(const struct rule_instance *instance, const struct document *document)
{
	GPtrArray *nodes = g_ptr_array_new();

	if (document && document->root && !instance->given_count)
		g_ptr_array_add(nodes, (gpointer)document->root);
	for (size_t i = 0; document && document->root && i < instance->given_count; i++)
		given_select(instance->given[i], document, nodes);
	return nodes;
}

/* Takes out of `old` the node that this was: by its path by keys, else by its plain path. */
static const struct doc_node *take_twin(const struct pairing *pairing, GHashTable *by_keys,
					GHashTable *left, const struct doc_node *node)
{
	char *path = path_by_keys(pairing->judging, node);
	const struct doc_node *twin = g_hash_table_lookup(by_keys, path);
	const char *pointer = doc_pointer(&pairing->judging->scratch->stage, node);

	g_free(path);
	if (!twin)
		twin = doc_pointer_find(pairing->old->root, slice_of(pointer));
	if (!twin || !g_hash_table_remove(left, twin))
		return NULL;
	return twin;
}

/* --- asking a rule */

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
	struct changes changes = {&judging->scratch->cel,
				  g_array_new(FALSE, FALSE, sizeof(struct cel_value))};

	judging->document = own;
	cel_activation_init(&activation, judging->scratch->variables, instance->slot_count);
	variables_document(&variables, own->root, judging->path, judging->as_of);
	variables_node(&variables, self);
	variables_set(&variables, VARIABLE_OLD, cel_of_node(old, instance->types[VARIABLE_OLD]));
	variables_set(&variables, VARIABLE_OLD_DOCUMENT,
		      cel_of_node(pairing->old->root, instance->types[VARIABLE_DOCUMENT]));
	if (new)
		compare(&changes, old, new);
	variables_set(&variables, VARIABLE_CHANGES,
		      cel_of_items((const struct cel_value *)(void *)changes.items->data,
				   changes.items->len));
	visit_judge(&visit);
	judging->verdict->from = MAX(judging->verdict->from, activation.holds_from);
	judging->verdict->until = MIN(judging->verdict->until, activation.holds_until);
	g_array_free(changes.items, TRUE);
}

static void ask_all(const struct pairing *pairing, const struct rule_instance *instance)
{
	GPtrArray *old = select_in(instance, pairing->old);
	GPtrArray *new = select_in(instance, pairing->new);
	GHashTable *by_keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GHashTable *left = g_hash_table_new(NULL, NULL);

	for (guint i = 0; i < old->len; i++) {
		g_hash_table_insert(by_keys, path_by_keys(pairing->judging, old->pdata[i]),
				    old->pdata[i]);
		g_hash_table_add(left, old->pdata[i]);
	}
	for (guint i = 0; i < new->len; i++) {
		const struct doc_node *twin = take_twin(pairing, by_keys, left, new->pdata[i]);

		if (twin && !instance->on_delete && !doc_equal(twin, new->pdata[i]))
			ask(pairing, instance, twin, new->pdata[i]);
	}
	for (guint i = 0; i < old->len && instance->on_delete; i++)
		if (g_hash_table_contains(left, old->pdata[i]))
			ask(pairing, instance, old->pdata[i], NULL);
	g_ptr_array_free(old, TRUE);
	g_ptr_array_free(new, TRUE);
	g_hash_table_destroy(by_keys);
	g_hash_table_destroy(left);
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
			ask_all(&pairing, instance);
	}
}
