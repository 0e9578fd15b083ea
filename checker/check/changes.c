/*
 * The changes between two versions of a value.
 *
 * Both trees are walked together. Where both have a group of entries, these are paired by name;
 * where both have a list, the items by key or value, each with the first that is left of the same;
 * anything else that differs is a change. Work grows with the two values, as lists are paired by a
 * table; depth is bounded, since both were read within the limit of depth.
 *
 * Must not: word anything (changes_words.c), or decide what a change means.
 */
#include "check/changes.h"

#include "check/judge.h"
#include "ruleset/shape.h"

/* What is compared: two values in the same place, what the schema says of it, and its group. */
struct pair {
	const struct doc_node *old, *new;
	const struct shape *shape;
	const struct doc_node *group;
};

static void compare(GArray *out, const struct pair *pair);

static void add(GArray *out, const struct pair *pair)
{
	struct change change = {pair->old, pair->new, pair->shape, pair->group};

	g_array_append_val(out, change);
}

/* The group of what stands in a value: itself where readers name it, else its own. */
static const struct doc_node *group_in(const struct pair *pair)
{
	const struct doc_node *parent = doc_parent(pair->new);

	if (doc_is(parent, DOC_ARRAY) && pair->new->type != DOC_ARRAY)
		return pair->new;
	if (parent && !doc_parent(parent) && pair->new->type == DOC_OBJECT)
		return pair->new;
	return pair->group;
}

static void compare_members(GArray *out, const struct pair *in)
{
	const struct doc_node *group = group_in(in);

	for (const struct doc_node *n = doc_first(in->new); n; n = doc_next(n)) {
		struct pair pair = {doc_member(in->old, n->key->text, n->key->len), n,
				    shape_member(in->shape, doc_key_text(n)), group};

		compare(out, &pair);
	}
	for (const struct doc_node *o = doc_first(in->old); o; o = doc_next(o)) {
		struct pair pair = {o, NULL, shape_member(in->shape, doc_key_text(o)), group};

		if (!doc_member(in->new, o->key->text, o->key->len))
			add(out, &pair);
	}
}

static char *name_of(struct slice list_key, const struct doc_node *item)
{
	GString *name = g_string_new(NULL);

	identity_append_item(name, list_key, item);
	return g_string_free(name, FALSE);
}

/* Item names -> queue of the old items with that name, in order. */
static GHashTable *names_of(struct slice list_key, const struct doc_node *list)
{
	GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
						  (GDestroyNotify)g_queue_free);

	for (const struct doc_node *o = doc_first(list); o; o = doc_next(o)) {
		char *name = name_of(list_key, o);
		GQueue *queue = g_hash_table_lookup(names, name);

		if (!queue) {
			queue = g_queue_new();
			g_hash_table_insert(names, g_strdup(name), queue);
		}
		g_queue_push_tail(queue, (gpointer)o);
		g_free(name);
	}
	return names;
}

static void compare_items(GArray *out, const struct pair *in)
{
	struct slice list_key = shape_list_key(in->shape);
	const struct shape *shape = shape_items(in->shape);
	GHashTable *names = names_of(list_key, in->old);
	GHashTable *paired = g_hash_table_new(NULL, NULL);

	for (const struct doc_node *n = doc_first(in->new); n; n = doc_next(n)) {
		char *name = name_of(list_key, n);
		GQueue *queue = g_hash_table_lookup(names, name);
		struct pair pair = {queue ? g_queue_pop_head(queue) : NULL, n, shape, in->group};

		if (pair.old)
			g_hash_table_add(paired, (gpointer)pair.old);
		compare(out, &pair);
		g_free(name);
	}
	for (const struct doc_node *o = doc_first(in->old); o; o = doc_next(o)) {
		struct pair pair = {o, NULL, shape, in->group};

		if (!g_hash_table_contains(paired, o))
			add(out, &pair);
	}
	g_hash_table_destroy(paired);
	g_hash_table_destroy(names);
}

static void compare(GArray *out, const struct pair *pair)
{
	if (pair->old && doc_equal(pair->old, pair->new))
		return;
	if (doc_is(pair->old, DOC_OBJECT) && pair->new->type == DOC_OBJECT)
		compare_members(out, pair);
	else if (doc_is(pair->old, DOC_ARRAY) && pair->new->type == DOC_ARRAY)
		compare_items(out, pair);
	else
		add(out, pair);
}

/* What the schema says of a node, and the group that it stands in, by the way down to it. */
static void place_of(struct pair *out, const struct shape *root, const struct doc_node *node)
{
	const struct doc_node *parent = doc_parent(node);

	if (!parent) {
		*out = (struct pair){.new = node, .shape = root, .group = node};
		return;
	}
	place_of(out, root, parent);
	out->group = group_in(out);
	out->shape = node->key ? shape_member(out->shape, doc_key_text(node))
			       : shape_items(out->shape);
	out->new = node;
}

void changes_between(GArray *out, const struct shape *root, const struct doc_node *old,
		     const struct doc_node *new)
{
	struct pair pair;

	place_of(&pair, root, new);
	pair.old = old;
	compare(out, &pair);
}
