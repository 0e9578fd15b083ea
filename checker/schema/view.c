/*
 * Reading a compiled schema: small lookups over the graph for whoever types expressions or words
 * messages. Nothing here evaluates.
 */
#include "schema/graph.h"

const struct schema_node *schema_root(const struct schema *schema)
{
	return schema ? schema->root : NULL;
}

const struct schema_keyword *schema_keyword(const struct schema_node *node,
					    enum schema_keyword_id id)
{
	for (uint16_t i = 0; node && i < node->count; i++)
		if (node->keywords[i].id == id)
			return &node->keywords[i];
	return NULL;
}

const char *schema_location(const struct schema_node *node, struct arena *arena)
{
	g_autoptr(GString) pointer = g_string_new(NULL);

	if (node->place == node->resource->root)
		return arena_printf(arena, "%s#", node->resource->uri.data);
	doc_pointer_append(pointer, node->place);
	if (node->resource->root->parent) {
		/* the pointer starts at the resource, not at the document that it is bundled in */
		g_autoptr(GString) prefix = g_string_new(NULL);

		doc_pointer_append(prefix, node->resource->root);
		g_string_erase(pointer, 0, (gssize)prefix->len);
	}
	return arena_printf(arena, "%s#%s", node->resource->uri.data, pointer->str);
}
