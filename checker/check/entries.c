/*
 * What cross-file rules read of a document: its key, and for each rule the references, unique keys,
 * edges, periods and members of groups, as entries for the index (DESIGN.md section 8).
 *
 * An entry holds what such rules read of the document, because they still evaluate expressions on
 * it when the blob is long gone; all entries of a document share one copy (facts.c).
 */
#include "check/judge.h"
#include "ruleset/shape.h"

#include <string.h>

static uint32_t number_of(const struct judging *judging, const struct doc_node *node)
{
	const struct doc_node *root = judging->document->root;

	/* A key may come from a table, then it stands nowhere in the document. */
	return node && root <= node && node < root + root->size ? (uint32_t)(node - root) : 0;
}

static const char *item_of(struct judging *judging, const struct doc_node *node)
{
	GString *item = judging->scratch->text;

	g_string_truncate(item, 0);
	identity_append_path(item, judging->entry->programs->root, node);
	return arena_dup(judging->out, item->str, item->len);
}

/* A kind that no rule refers to needs no definitions; but keys also name unreadable documents. */
void entries_define(struct judging *judging)
{
	const struct rule_expression *expression = judging->entry->key;
	struct index_entry entry = {.slot = judging->entry->programs->kind_slot,
				    .role = INDEX_DEFINES,
				    .document = judging->key,
				    .item = ""};
	GString *key = judging->scratch->key;
	struct cel_value value;

	if (!judging->key || !expression)
		return;
	value = cel_of_string(slice_of(judging->key));
	g_string_truncate(key, 0);
	value_key(key, &value);
	entry.key = slice_copy(judging->out, (struct slice){key->str, key->len});
	entry.value = slice_of(judging->key);
	entry.span = judging->key_node ? judging->key_node->span : judging->document->span;
	entry.facts = facts_of(judging);
	entry.key_node = number_of(judging, judging->key_node);
	facts_keep(judging, judging->document->root, &judging->entry->programs->target_reads);
	if (entry.key_node)
		facts_keep(judging, judging->key_node, NULL);
	g_array_append_val(judging->entries, entry);
}

/* The key of an item of a keyed list, for the ends of edges; false where it has none. */
static bool own_key(const struct visit *visit, GString *out)
{
	const struct judging *judging = visit->judging;

	if (!doc_parent(visit->self)) {
		struct cel_value key = cel_of_string(slice_of(judging->key));

		return judging->key && value_key(out, &key);
	}
	identity_append_path(out, judging->entry->programs->root, visit->self);
	return true;
}

/* An edge inside a document leads to an item of the same list: its path with the other key. */
static void append_edge_key(const struct visit *visit, GString *out, const GString *key)
{
	const struct doc_node *list = doc_parent(visit->self);

	if (list)
		identity_append_path(out, visit->judging->entry->programs->root, list);
	if (list && list->type == DOC_ARRAY)
		g_string_append_printf(out, "[%s]", key->str);
	else
		g_string_append(out, key->str);
	if (list) {
		g_string_append_c(out, '#');
		g_string_append(out,
				visit->judging->key ? visit->judging->key : visit->judging->path);
	}
}

static void make_edge(const struct visit *visit, struct index_entry *entry, GString *key)
{
	struct judging *judging = visit->judging;
	GString *from = g_string_new(NULL), *to = g_string_new(NULL);

	own_key(visit, from);
	if (doc_parent(visit->self)) {
		g_string_append_c(from, '#');
		g_string_append(from, judging->key ? judging->key : judging->path);
	}
	append_edge_key(visit, to, key);
	entry->value = slice_copy(judging->out, (struct slice){from->str, from->len});
	entry->key = slice_copy(judging->out, (struct slice){to->str, to->len});
	g_string_free(from, TRUE);
	g_string_free(to, TRUE);
}

static struct slice plain_text(struct judging *judging, const struct cel_value *value)
{
	GString *text = judging->scratch->text;

	g_string_truncate(text, 0);
	cel_value_append(text, value, CEL_AS_WRITTEN);
	return slice_copy(judging->out, (struct slice){text->str, text->len});
}

/* What the rule reads of the document once it is only in the index. */
static void keep_reads(const struct visit *visit, const struct doc_node *place)
{
	struct judging *judging = visit->judging;
	const struct rule_reads *reads = visit->instance->reads;

	facts_keep(judging, judging->document->root, &reads->document);
	facts_keep(judging, visit->self, &reads->self);
	facts_keep(judging, holder_of(visit->self), &reads->parent);
	if (number_of(judging, place))
		facts_keep(judging, place, NULL);
}

void entries_add(const struct visit *visit, enum index_role role, const struct cel_value *key,
		 const struct doc_node *place, int64_t first, int64_t last)
{
	struct judging *judging = visit->judging;
	GString *text = judging->scratch->key;
	struct index_entry entry = {.slot = visit->instance->rule->slot,
				    .role = (uint8_t)role,
				    .document = judging->key,
				    .first = first,
				    .last = last,
				    .each = judging->each,
				    .owner = visit->instance};

	g_string_truncate(text, 0);
	if (!value_key(text, key))
		return;
	entry.facts = facts_of(judging);
	keep_reads(visit, place);
	entry.item = item_of(judging, visit->self);
	entry.this_node = number_of(judging, visit->self);
	entry.key_node = number_of(judging, place);
	entry.span = node_place(judging->entry->programs->root, place ? place : visit->self);
	entry.key = slice_copy(judging->out, (struct slice){text->str, text->len});
	entry.value = plain_text(judging, key);
	if (visit->instance->rule->check == RULE_ACYCLIC)
		make_edge(visit, &entry, text);
	g_array_append_val(judging->entries, entry);
}
