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

	judging->document = own;
	cel_activation_init(&activation, judging->scratch->variables, instance->slot_count);
	variables_document(&variables, own->root, judging->path, judging->as_of);
	variables_node(&variables, self);
	variables_set(&variables, VARIABLE_OLD, cel_of_node(old, instance->types[VARIABLE_OLD]));
	variables_set(&variables, VARIABLE_OLD_DOCUMENT,
		      cel_of_node(pairing->old->root, instance->types[VARIABLE_DOCUMENT]));
	variables_set(&variables, VARIABLE_CHANGES, list_of_changes(pairing, old, new));
	visit_judge(&visit);
	judging->verdict->from = MAX(judging->verdict->from, activation.holds_from);
	judging->verdict->until = MIN(judging->verdict->until, activation.holds_until);
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
			ask_all(&pairing, instance_of_scratch(judging->scratch, instance));
	}
}
