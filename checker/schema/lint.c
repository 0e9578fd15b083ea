/*
 * What is allowed in a schema but hardly meant, and what can never be decided.
 *
 * Lints: a keyword that this dialect does not have, an unknown keyword near a known one, a required
 * field that `additionalProperties: false` forbids. A fault: references and allOf that lead back to
 * the subschema they start from without a step into the instance (JSON Schema 2020-12 core 9.4.1);
 * cycles through anyOf, oneOf or if may end for some instances, so they are met when evaluated.
 */
#include "schema/graph.h"

#include "base/regex.h"
#include "source/message.h"

#include <string.h>

enum { NAME_MIN = 4 }; /* bytes of an unknown keyword that is compared with known ones */

/* Keywords of OpenAPI and of editors that are near ours and meant. */
static const char *const foreign[] = {
	"example", "nullable", "discriminator", "externalDocs", "xml", "defaultSnippets", "notes",
};

static bool is_foreign(struct slice name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(foreign); i++)
		if (slice_equal(name, slice_of(foreign[i])))
			return true;
	return name.len < NAME_MIN || (!g_ascii_isalpha(name.data[0]) && name.data[0] != '$') ||
	       !memcmp(name.data, "x-", 2);
}

static void lint_at_key(struct schema *schema, const struct schema_node *node,
			const struct doc_node *member, struct phrase message)
{
	schema_fault_at(schema, FINDING_SCHEMA_LINT, node->document, member, member->key->span,
			message);
}

/*
 * Whether a name is near to no keyword of any dialect. Such names (of editors, mostly) stand in
 * each of a thousand subschemas, so each is compared once and then remembered.
 */
static bool is_far(GHashTable *far, struct slice name)
{
	g_autofree char *text = g_strndup(name.data, name.len);
	struct slice names[SCHEMA_KEYWORD_COUNT];

	if (g_hash_table_contains(far, text))
		return true;
	for (enum schema_keyword_id id = 0; id < SCHEMA_KEYWORD_COUNT; id++)
		names[id] = slice_of(keyword_table[id].name);
	if (text_nearest(name, names, SCHEMA_KEYWORD_COUNT) >= 0)
		return false;
	g_hash_table_add(far, g_steal_pointer(&text));
	return true;
}

static void lint_unknown(struct schema *schema, const struct schema_node *node,
			 const struct doc_node *member, GHashTable *far)
{
	struct slice names[SCHEMA_KEYWORD_COUNT];
	struct slice name = doc_key_text(member);
	size_t count = 0;
	ptrdiff_t nearest;

	if (is_foreign(name) || is_far(far, name))
		return;
	for (enum schema_keyword_id id = 0; id < SCHEMA_KEYWORD_COUNT; id++)
		if (dialect_has(node->resource->dialect, id) &&
		    !doc_get(node->place, keyword_table[id].name))
			names[count++] = slice_of(keyword_table[id].name);
	nearest = text_nearest(name, names, count);
	if (nearest >= 0)
		lint_at_key(schema, node, member,
			    phrase_make(&schema->set->arena, MESSAGE_SCHEMA_LINT_NEAR, 2, name,
					names[nearest]));
}

static void lint_keywords(struct schema *schema, const struct schema_node *node, GHashTable *far)
{
	const struct dialect *dialect = node->resource->dialect;

	for (const struct doc_node *member = doc_first(node->place); member;
	     member = doc_next(member)) {
		enum schema_keyword_id id = keyword_of(schema->set, doc_key_text(member));

		if (id == SCHEMA_KEYWORD_COUNT)
			lint_unknown(schema, node, member, far);
		else if (id < SCHEMA_KEYWORD_DEFS && !(keyword_table[id].dialects & dialect->bit))
			lint_at_key(schema, node, member,
				    phrase_make(&schema->set->arena, MESSAGE_SCHEMA_LINT_DIALECT, 2,
						doc_key_text(member), dialect->metaschema));
	}
}

static bool is_known(const struct schema_node *node, struct slice name)
{
	const struct schema_keyword *properties = schema_keyword(node, SCHEMA_KEYWORD_PROPERTIES);
	const struct schema_keyword *patterns = schema_keyword(node,
							       SCHEMA_KEYWORD_PATTERN_PROPERTIES);

	for (uint32_t i = 0; properties && i < properties->count; i++)
		if (slice_equal(properties->branches[i].name, name))
			return true;
	for (uint32_t i = 0; patterns && i < patterns->count; i++)
		if (patterns->branches[i].pattern &&
		    regex_search(patterns->branches[i].pattern, name) != REGEX_NO_MATCH)
			return true;
	return false;
}

static void lint_required(struct schema *schema, const struct schema_node *node)
{
	const struct schema_keyword *required = schema_keyword(node, SCHEMA_KEYWORD_REQUIRED);
	const struct schema_keyword *additional = schema_keyword(
		node, SCHEMA_KEYWORD_ADDITIONAL_PROPERTIES);

	if (!required || !additional || !additional->schema || !additional->schema->is_boolean ||
	    additional->schema->accepts)
		return;
	for (uint32_t i = 0; i < required->count; i++)
		if (!is_known(node, required->branches[i].name))
			schema_fault(schema, FINDING_SCHEMA_LINT, node->document,
				     required->branches[i].value,
				     phrase_make(&schema->set->arena, MESSAGE_SCHEMA_LINT_REQUIRED,
						 1, required->branches[i].name));
}

/* --- cycles */

enum color {
	NEW,
	OPEN, /* on the path that is followed */
	DONE,
};

/* Where a subschema is applied in place whatever the instance is; NULL behind the last. */
static const struct schema_node *certain_edge(const struct schema_node *node, uint32_t index,
					      const struct schema_keyword **keyword)
{
	const struct schema_keyword *ref = schema_keyword(node, SCHEMA_KEYWORD_REF);
	const struct schema_keyword *all = schema_keyword(node, SCHEMA_KEYWORD_ALL_OF);

	if (ref && ref->schema && index-- == 0) {
		*keyword = ref;
		return ref->schema;
	}
	if (!all || index >= all->count)
		return NULL;
	*keyword = all;
	return all->branches[index].schema;
}

struct visit {
	const struct schema_node *node;
	uint32_t next;
};

/* Depth first with a stack of its own: chains of references may be long. */
static void follow(struct schema *schema, GHashTable *colors, const struct schema_node *start)
{
	g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(struct visit));
	struct visit first = {start, 0};

	g_array_append_val(stack, first);
	g_hash_table_insert(colors, (gpointer)start, GINT_TO_POINTER(OPEN));
	while (stack->len) {
		struct visit *top = &g_array_index(stack, struct visit, stack->len - 1);
		const struct schema_keyword *keyword = NULL;
		const struct schema_node *node = top->node;
		struct visit next = {certain_edge(node, top->next++, &keyword), 0};

		if (!next.node) {
			g_hash_table_insert(colors, (gpointer)node, GINT_TO_POINTER(DONE));
			g_array_set_size(stack, stack->len - 1);
			continue;
		}
		switch ((enum color)GPOINTER_TO_INT(g_hash_table_lookup(colors, next.node))) {
		case NEW:
			g_hash_table_insert(colors, (gpointer)next.node, GINT_TO_POINTER(OPEN));
			g_array_append_val(stack, next);
			break;
		case OPEN:
			schema_fault(schema, FINDING_SCHEMA_INVALID, node->document, keyword->value,
				     phrase_make(&schema->set->arena, MESSAGE_SCHEMA_CYCLE, 0));
			break;
		case DONE:
			break;
		}
	}
}

void lint_cycles(struct schema *schema)
{
	g_autoptr(GHashTable) colors = g_hash_table_new(g_direct_hash, g_direct_equal);

	for (guint i = 0; i < schema->queue->len; i++) {
		const struct schema_node *node = g_ptr_array_index(schema->queue, i);

		if (!node->is_boolean && !g_hash_table_contains(colors, node))
			follow(schema, colors, node);
	}
}

void lint_schema(struct schema *schema)
{
	g_autoptr(GHashTable) far = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < schema->queue->len; i++) {
		const struct schema_node *node = g_ptr_array_index(schema->queue, i);

		if (node->is_boolean)
			continue;
		lint_keywords(schema, node, far);
		lint_required(schema, node);
	}
}
