/*
 * Documents of a set, the schema resources in them, and where references lead.
 *
 * A document is scanned once when it is loaded: from its root along the keywords of its dialect
 * that hold subschemas, noting what has an identifier or an anchor (JSON Schema 2020-12 core 8.2).
 * What stands below unknown keywords is not scanned, so identifiers there are none, but a pointer
 * may still lead there. Dialects may change at an embedded resource (core 9.3.2), and draft-07 and
 * older ignore what stands beside a $ref.
 *
 * A document is checked against its metaschema as soon as it is loaded, but for those that are
 * built in. Nothing here reads files or the network: unknown URIs are asked of the caller of the
 * set.
 */
#include "schema/graph.h"
#include "schema/uri.h"
#include "source/message.h"

#include <string.h>

static struct schema_resource *register_resource(struct schema_set *set, struct slice uri,
						 const struct document *document,
						 const struct doc_node *root,
						 const struct dialect *dialect)
{
	struct schema_resource *resource = arena_new(&set->arena, struct schema_resource);

	resource->uri = (struct slice){arena_dup(&set->arena, uri.data, uri.len), uri.len};
	resource->document = document;
	resource->root = root;
	resource->dialect = dialect;
	resource->anchors = g_hash_table_new(g_str_hash, g_str_equal);
	resource->dynamic_anchors = g_hash_table_new(g_str_hash, g_str_equal);
	g_hash_table_insert(set->places, (gpointer)root, resource);
	g_ptr_array_add(set->all_resources, resource);
	return resource;
}

static char *name_of(struct schema_set *set, struct slice text)
{
	return arena_dup(&set->arena, text.data, text.len);
}

/* Makes a resource known under a URI; the first that has it keeps it. */
static bool publish(struct schema_set *set, struct schema_resource *resource, struct slice uri)
{
	char *name = name_of(set, uri);

	if (g_hash_table_contains(set->resources, name))
		return g_hash_table_lookup(set->resources, name) == resource;
	g_hash_table_insert(set->resources, name, resource);
	return true;
}

/* draft-07 and older: $ref hides its siblings (draft-07 core 8.3). */
static bool is_hidden_by_ref(const struct dialect *dialect, const struct doc_node *place)
{
	return dialect->bit < D19 && doc_is(doc_get(place, "$ref"), DOC_STRING);
}

/* The $id of a subschema, `id` in draft-04; NULL where it has none that counts. */
static const struct doc_node *identifier(const struct dialect *dialect,
					 const struct doc_node *place)
{
	const struct doc_node *id = doc_get(place, dialect->bit == D4 ? "id" : "$id");

	return doc_is(id, DOC_STRING) && !is_hidden_by_ref(dialect, place) ? id : NULL;
}

static void note_anchor(struct schema_set *set, GHashTable *anchors, struct slice name,
			const struct doc_node *place)
{
	if (name.len)
		g_hash_table_insert(anchors, name_of(set, name), (gpointer)place);
}

/* $anchor, $dynamicAnchor, $recursiveAnchor, and in older dialects an $id of a fragment alone. */
static void note_anchors(struct schema_set *set, const struct schema_resource *resource,
			 const struct doc_node *place)
{
	const struct doc_node *id = identifier(resource->dialect, place);
	struct slice dynamic = doc_text(doc_get(place, "$dynamicAnchor"));
	const struct doc_node *recursive = doc_get(place, "$recursiveAnchor");

	if (resource->dialect->bit < D19) {
		if (id && doc_text(id).len > 1 && doc_text(id).data[0] == '#')
			note_anchor(set, resource->anchors,
				    (struct slice){doc_text(id).data + 1, doc_text(id).len - 1},
				    place);
		return;
	}
	note_anchor(set, resource->anchors, doc_text(doc_get(place, "$anchor")), place);
	if (resource->dialect->bit == D20) {
		note_anchor(set, resource->anchors, dynamic, place);
		note_anchor(set, resource->dynamic_anchors, dynamic, place);
	} else if (doc_is(recursive, DOC_BOOLEAN) && recursive->integer &&
		   place == resource->root) {
		g_hash_table_insert(resource->dynamic_anchors, (gpointer) "", (gpointer)place);
	}
}

/* The dialect of an embedded resource: its own $schema, else that around it. */
static const struct dialect *embedded_dialect(struct schema *schema,
					      const struct schema_resource *around,
					      const struct doc_node *place)
{
	const struct doc_node *name = doc_get(place, "$schema");

	if (!doc_is(name, DOC_STRING) || !(doc_get(place, "$id") || doc_get(place, "id")))
		return around->dialect;
	return dialect_of(schema, around->document, name);
}

static void scan(struct schema *schema, const struct schema_resource *resource,
		 const struct doc_node *place);

static void scan_children(struct schema *schema, const struct schema_resource *resource,
			  const struct doc_node *container)
{
	for (const struct doc_node *child = doc_first(container); child; child = doc_next(child))
		scan(schema, resource, child);
}

static void scan_keyword(struct schema *schema, const struct schema_resource *resource,
			 const struct doc_node *value, enum keyword_shape shape)
{
	switch (shape) {
	case SHAPE_SCHEMA:
		scan(schema, resource, value);
		break;
	case SHAPE_ITEMS:
		if (value->type == DOC_ARRAY)
			scan_children(schema, resource, value);
		else
			scan(schema, resource, value);
		break;
	case SHAPE_LIST:
	case SHAPE_NAMED:
	case SHAPE_PATTERNS:
	case SHAPE_NAMED_EITHER:
		scan_children(schema, resource, value);
		break;
	case SHAPE_VALUE:
	case SHAPE_COUNT:
	case SHAPE_REGEX:
	case SHAPE_REFERENCE:
	case SHAPE_NAMES:
	case SHAPE_NAMED_NAMES:
		break;
	}
}

/* Starts a resource where a subschema has an $id that is more than a fragment (core 8.2.1). */
static const struct schema_resource *enter_resource(struct schema *schema,
						    const struct schema_resource *resource,
						    const struct doc_node *place)
{
	struct schema_set *set = schema->set;
	const struct dialect *dialect = embedded_dialect(schema, resource, place);
	const struct doc_node *id = dialect ? identifier(dialect, place) : NULL;
	struct schema_resource *inner;
	struct slice uri;

	if (place == resource->root || !id || !uri_without_fragment(doc_text(id)).len)
		return resource;
	uri = uri_without_fragment(uri_resolve(&set->arena, resource->uri, doc_text(id)));
	inner = register_resource(set, uri, resource->document, place, dialect);
	if (!publish(set, inner, uri))
		schema_fault(schema, FINDING_SCHEMA_INVALID, resource->document, id,
			     phrase_make(&set->arena, MESSAGE_SCHEMA_ID_TWICE, 1, doc_text(id)));
	return inner;
}

/* Recursion is bounded by the reader's limit on depth. */
static void scan(struct schema *schema, const struct schema_resource *resource,
		 const struct doc_node *place)
{
	if (place->type != DOC_OBJECT)
		return;
	resource = enter_resource(schema, resource, place);
	note_anchors(schema->set, resource, place);
	for (const struct doc_node *member = doc_first(place); member; member = doc_next(member)) {
		enum schema_keyword_id id = keyword_of(schema->set, doc_key_text(member));

		if (id != SCHEMA_KEYWORD_COUNT && dialect_has(resource->dialect, id))
			scan_keyword(schema, resource, member, keyword_table[id].shape);
	}
}

static const struct schema_resource *register_document(struct schema *schema,
						       const struct document *document,
						       struct slice uri)
{
	struct schema_set *set = schema->set;
	const struct doc_node *root = document->root;
	struct schema_resource *resource = g_hash_table_lookup(set->places, root);
	const struct dialect *dialect;
	const struct doc_node *id;
	struct slice base = uri_without_fragment(uri);
	struct slice own = base;

	if (resource)
		return resource;
	if (!root || (root->type != DOC_OBJECT && root->type != DOC_BOOLEAN)) {
		schema_fault(schema, FINDING_SCHEMA_INVALID, document, root,
			     phrase_make(&set->arena, MESSAGE_SCHEMA_NO_SCHEMA, 0));
		return NULL;
	}
	dialect = dialect_of(schema, document, doc_get(root, "$schema"));
	if (!dialect)
		return NULL;
	id = identifier(dialect, root);
	if (id)
		own = uri_without_fragment(uri_resolve(&set->arena, base, doc_text(id)));
	resource = register_resource(set, own, document, root, dialect);
	publish(set, resource, own);
	if (base.len)
		publish(set, resource, base);
	scan(schema, resource, root);
	return resource;
}

static bool is_trusted(const struct schema_set *set, struct slice uri)
{
	size_t len = set->trusted ? strlen(set->trusted) : 0;

	return len && uri.len >= len && !memcmp(uri.data, set->trusted, len);
}

const struct schema_resource *schema_load_document(struct schema *schema,
						   const struct document *document,
						   struct slice uri)
{
	guint first = schema->set->all_resources->len;
	const struct schema_resource *resource = register_document(schema, document, uri);

	if (!is_trusted(schema->set, uri))
		metaschema_check(schema, first);
	return resource;
}

const struct schema_resource *load_resource_of(const struct schema_set *set,
					       const struct doc_node *place)
{
	const struct schema_resource *resource = NULL;

	for (; place && !resource; place = doc_parent(place))
		resource = g_hash_table_lookup(set->places, place);
	return resource;
}

/* A resource by URI: known, built in, or asked for; NULL with `error` set where there is none. */
static const struct schema_resource *load_resource(struct schema *schema, struct slice uri,
						   struct error *error)
{
	struct schema_set *set = schema->set;
	g_autofree char *name = g_strndup(uri.data, uri.len);
	const struct schema_resource *resource = g_hash_table_lookup(set->resources, name);
	const struct document *document;

	if (resource)
		return resource;
	document = metaschema_document(set, uri);
	if (document)
		return register_document(schema, document, uri);
	if (set->resolve)
		document = set->resolve(set->resolve_context, uri, error);
	return document ? schema_load_document(schema, document, uri) : NULL;
}

static void fault_at(struct schema *schema, const struct schema_resource *resource,
		     const struct doc_node *value, enum message message, struct slice what,
		     struct slice where)
{
	struct phrase words = phrase_make(&schema->set->arena, message, 2, what, where);

	if (message == MESSAGE_SCHEMA_REF_UNREADABLE)
		words.sentences = 1 << 1;
	schema_fault(schema, FINDING_SCHEMA_INVALID, resource->document, value, words);
}

/* The fragment of a reference within its resource: a pointer (RFC 6901 6) or an anchor's name. */
static const struct doc_node *find_fragment(struct target *out, struct schema_set *set,
					    const struct schema_resource *resource,
					    struct slice fragment)
{
	struct slice decoded;

	if (!fragment.len)
		return resource->root;
	if (!uri_decode(&decoded, &set->arena, fragment))
		return NULL;
	if (decoded.data[0] == '/')
		return doc_pointer_find(resource->root, decoded);
	out->anchor = decoded;
	return g_hash_table_lookup(resource->anchors, decoded.data);
}

bool load_reference(struct target *out, struct schema *schema,
		    const struct schema_resource *resource, const struct doc_node *value)
{
	struct schema_set *set = schema->set;
	struct slice full = uri_resolve(&set->arena, resource->uri, doc_text(value));
	struct slice uri = uri_without_fragment(full);
	struct error error = {0};
	bool is_here = slice_equal(uri, resource->uri);
	const struct schema_resource *target = is_here ? resource
						       : load_resource(schema, uri, &error);

	*out = (struct target){0};
	if (!target) {
		char *why = error.message ? arena_strdup(&set->arena, error.message) : NULL;

		fault_at(schema, resource, value,
			 why ? MESSAGE_SCHEMA_REF_UNREADABLE : MESSAGE_SCHEMA_REF_UNKNOWN,
			 why ? uri_without_fragment(doc_text(value)) : uri, slice_of(why));
		error_clear(&error);
		return false;
	}
	out->place = find_fragment(out, set, target, uri_fragment(full));
	if (!out->place || (out->place->type != DOC_OBJECT && out->place->type != DOC_BOOLEAN)) {
		fault_at(schema, resource, value,
			 out->place ? MESSAGE_SCHEMA_REF_NO_SCHEMA : MESSAGE_SCHEMA_REF_NOWHERE,
			 doc_text(value), target->uri);
		return false;
	}
	out->document = target->document;
	out->resource = load_resource_of(set, out->place);
	return true;
}
