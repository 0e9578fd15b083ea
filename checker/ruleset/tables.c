/*
 * Vocabularies and tables as expressions see them: vocabulary("NAME") is the list of ids,
 * table("NAME") a map from key to row, typed by the table's own schema of a row.
 *
 * Rows are held against that schema when the ruleset is loaded, so that no rule ever meets a row
 * that is not of its type. The values are made once and shared by all entries.
 */
#include "ruleset/compile.h"

#include "schema/schema.h"

#include <string.h>

/* --- the schema of a row: a part of the table's file, as a document of its own */

static const struct document *part_as_document(struct arena *arena, const struct document *whole,
					       const struct doc_node *part)
{
	struct document *document = arena_new(arena, struct document);
	struct doc_node *nodes = arena_array(arena, part->size, sizeof(*nodes));

	memcpy(nodes, part, part->size * sizeof(*nodes));
	nodes[0].parent = 0;
	nodes[0].next = 0;
	nodes[0].key = NULL;
	for (uint32_t i = 0; i < part->size; i++)
		nodes[i].flags &= (uint8_t)~DOC_COPIED;
	*document = *whole;
	document->root = nodes;
	document->node_count = part->size;
	document->span = part->span;
	return document;
}

struct counted_sink {
	struct loader *loader;
};

static void emit_row_fault(void *context, const struct finding *finding)
{
	struct counted_sink *sink = context;
	struct finding copy = *finding;

	copy.code = FINDING_RULE_FILE;
	copy.rule = finding_id(FINDING_RULE_FILE);
	if (copy.severity == SEVERITY_ERROR)
		sink->loader->store->public.faults++;
	finding_emit(sink->loader->sink, &copy);
}

static const struct schema *row_schema(struct loader *loader, const struct rule_table *table)
{
	const struct doc_node *node = doc_get(table->document->root, "schema");
	struct counted_sink context = {loader};
	struct finding_sink sink = {emit_row_fault, &context};
	char *name = arena_dup(loader->arena, table->name.data, table->name.len);

	return node ? load_schema_part(loader,
				       part_as_document(loader->arena, table->document, node),
				       arena_printf(loader->arena, "table:/%s", name), &sink)
		    : NULL;
}

/* --- values */

static void fill_table(struct compiler *compiler, struct rule_table *table)
{
	struct loader *loader = compiler->loader;
	struct counted_sink context = {loader};
	struct finding_sink sink = {emit_row_fault, &context};
	const struct schema *schema = row_schema(loader, table);
	const struct shape *shape = shape_of_schema(compiler->shapes, schema);
	const struct cel_type *row_type = shape_type(compiler->shapes, shape);
	size_t count = table->rows ? table->rows->count : 0;
	struct cel_value *keys = arena_array(compiler->arena, count, sizeof(*keys));
	struct cel_value *values = arena_array(compiler->arena, count, sizeof(*values));
	const struct doc_node **rows = arena_array(compiler->arena, count, sizeof(*rows));

	for (const struct doc_node *row = doc_first(table->rows); row; row = doc_next(row)) {
		const struct doc_node *key = doc_member(row, table->key.data, table->key.len);

		if (schema)
			schema_report(schema, table->document, row, compiler->arena, &sink);
		if (!key)
			continue;
		keys[table->row_count] = cel_of_string(doc_text(key));
		values[table->row_count] = cel_of_node(row, row_type);
		rows[table->row_count++] = row;
	}
	table->row = rows;
	table->row_type = row_type;
	table->value = cel_of_pairs(compiler->arena, keys, values, table->row_count);
}

static struct cel_value ids_of(struct arena *arena, const struct rule_vocabulary *vocabulary)
{
	struct cel_value *ids = arena_array(arena, vocabulary->term_count, sizeof(*ids));

	for (size_t i = 0; i < vocabulary->term_count; i++)
		ids[i] = cel_of_string(vocabulary->terms[i].id);
	return cel_of_items(ids, vocabulary->term_count);
}

void compile_tables(struct compiler *compiler, struct cel_env *env)
{
	const GPtrArray *vocabularies = compiler->loader->vocabularies;
	const GPtrArray *tables = compiler->loader->tables;

	for (guint i = 0; i < vocabularies->len; i++) {
		const struct rule_vocabulary *vocabulary = vocabularies->pdata[i];

		cel_env_vocabulary(env, vocabulary->name,
				   cel_type_list(compiler->arena, &cel_string),
				   ids_of(compiler->arena, vocabulary));
	}
	for (guint i = 0; i < tables->len; i++) {
		struct rule_table *table = tables->pdata[i];

		if (!table->row_type)
			fill_table(compiler, table);
		cel_env_table(env, table->name,
			      cel_type_map(compiler->arena, &cel_string, table->row_type),
			      table->value);
	}
}
