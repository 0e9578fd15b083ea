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

static struct slice text_of(const GString *text)
{
	return (struct slice){text->str, text->len};
}

/* A new entry, to be filled at once. */
static struct index_entry *entry_new(struct judging *judging)
{
	guint count = judging->entries->len;

	g_array_set_size(judging->entries, count + 1);
	return &g_array_index(judging->entries, struct index_entry, count);
}

/* The path by keys to a node; all entries about it share the one text. */
static const char *item_of(struct judging *judging, const struct doc_node *node)
{
	struct node_note *note = note_of(judging, node);
	GString *item = judging->scratch->text;

	if (note->item)
		return note->item;
	g_string_truncate(item, 0);
	identity_append_path(item, judging->entry->programs->root, node);
	note->item = arena_dup(judging->out, item->str, item->len);
	return note->item;
}

/* A kind that no rule refers to needs no definitions; but keys also name unreadable documents. */
void entries_define(struct judging *judging)
{
	const struct entry_programs *programs = judging->entry->programs;
	const struct doc_node *key_node = judging->key_node;
	struct cel_value value;
	GString *key = judging->scratch->key;

	if (!judging->key || !judging->entry->key)
		return;
	value = cel_of_string(slice_of(judging->key));
	g_string_truncate(key, 0);
	value_key(key, &value);
	facts_keep(judging, judging->document->root, programs->target_reads);
	if (number_of(judging, key_node))
		facts_keep_whole(judging, key_node);
	*entry_new(judging) = (struct index_entry){
		.slot = programs->kind_slot,
		.role = INDEX_DEFINES,
		.document = judging->key,
		.item = "",
		.key = slice_copy(judging->out, text_of(key)),
		.value = value.string,
		.span = key_node ? key_node->span : judging->document->span,
		.facts = judging->facts,
		.key_node = number_of(judging, key_node),
	};
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

static void make_edge(const struct visit *visit, struct index_entry *entry, const GString *key)
{
	struct judging *judging = visit->judging;
	GString *end = judging->scratch->text;

	g_string_truncate(end, 0);
	own_key(visit, end);
	if (doc_parent(visit->self)) {
		g_string_append_c(end, '#');
		g_string_append(end, judging->key ? judging->key : judging->path);
	}
	entry->value = slice_copy(judging->out, text_of(end));
	g_string_truncate(end, 0);
	append_edge_key(visit, end, key);
	entry->key = slice_copy(judging->out, text_of(end));
}

/* The key and the value as people write it, which often is the key or what is in its quotes. */
static void name_entry(struct judging *judging, struct index_entry *entry,
		       const struct cel_value *value, const GString *key)
{
	GString *text = judging->scratch->text;
	struct slice inside;

	entry->key = slice_copy(judging->out, text_of(key));
	inside = (struct slice){entry->key.data + 1, MAX(entry->key.len, 2) - 2};
	if (value->kind == CEL_STRING && value->string.len == inside.len) {
		entry->value = inside; /* nothing in it is escaped */
		return;
	}
	g_string_truncate(text, 0);
	cel_value_append(text, value, CEL_AS_WRITTEN);
	if (slice_equal(text_of(text), entry->key))
		entry->value = entry->key;
	else if (slice_equal(text_of(text), inside))
		entry->value = inside;
	else
		entry->value = slice_copy(judging->out, text_of(text));
}

/* What the rule reads of the document once it is only in the index. */
static void keep_reads(const struct visit *visit, const struct doc_node *place)
{
	struct judging *judging = visit->judging;
	const struct rule_reads *reads = visit->instance->visit.reads;
	const struct doc_node *parent = holder_of(visit->self);

	if (judging->kept_reads != reads) {
		facts_keep(judging, judging->document->root, reads->document);
		judging->kept_reads = reads;
		judging->kept_parent = NULL;
	}
	if (judging->kept_parent != parent)
		facts_keep(judging, parent, reads->parent);
	judging->kept_parent = parent;
	facts_keep(judging, visit->self, reads->self);
	if (number_of(judging, place))
		facts_keep_whole(judging, place);
}

void entries_add(const struct visit *visit, enum index_role role, const struct cel_value *key,
		 const struct doc_node *place, int64_t first, int64_t last)
{
	struct judging *judging = visit->judging;
	const struct doc_node *self = visit->self;
	GString *text = judging->scratch->key;
	struct index_entry *entry;

	g_string_truncate(text, 0);
	if (!value_key(text, key))
		return;
	keep_reads(visit, place);
	entry = entry_new(judging);
	*entry = (struct index_entry){
		.slot = visit->instance->visit.slot,
		.role = (uint8_t)role,
		.span = node_place(judging->entry->programs->root, place ? place : self),
		.document = judging->key,
		.item = item_of(judging, self),
		.facts = judging->facts,
		.this_node = number_of(judging, self),
		.key_node = number_of(judging, place),
		.each = judging->each,
		.first = first,
		.last = last,
		.owner = visit->instance,
	};
	if (visit->instance->visit.check == RULE_ACYCLIC)
		make_edge(visit, entry, text);
	else
		name_entry(judging, entry, key, text);
}
