/*
 * Shapes of values from the graph of subschemas (DESIGN.md section 5, Types).
 *
 * A shape is worked out once, by viewing it (shape_view.c). Its fields keep formulas, not shapes
 * worked out, so that a schema that refers to itself ends here in a finite graph. Formulas are
 * interned: the parts of one are flat and in the order of their making, which names it.
 */
#include "ruleset/shape_view.h"

#include "cel/cel.h"
#include "document/document.h"
#include "schema/schema.h"

#include <string.h>

enum { PARTS_MAX = 64 };

const struct shape shape_any = {
	.op = SHAPE_ANY,
	.state = SEEN,
	.types = SCHEMA_ANY_TYPE,
	.rest = &shape_any,
	.items = &shape_any,
	.type = &cel_dyn,
	.completed = true,
};

struct shapes *shapes_new(struct arena *arena, struct cel_env *env, struct symbols *symbols)
{
	struct shapes *shapes = g_new0(struct shapes, 1);

	shapes->arena = arena;
	shapes->env = env;
	shapes->symbols = symbols;
	shapes->interned = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return shapes;
}

void shapes_free(struct shapes *shapes)
{
	if (!shapes)
		return;
	g_hash_table_destroy(shapes->interned);
	g_free(shapes);
}

/* --- formulas */

/* The one shape of this formula. Takes the key. */
static struct shape *intern(struct shapes *shapes, char *key, const struct shape *formula)
{
	struct shape *shape = g_hash_table_lookup(shapes->interned, key);

	if (shape) {
		g_free(key);
		return shape;
	}
	shape = arena_new(shapes->arena, struct shape);
	*shape = *formula;
	shape->number = ++shapes->count;
	g_hash_table_insert(shapes->interned, key, shape);
	return shape;
}

/* What only refers to another subschema is that one, so that values of both are of one type. */
static const struct schema_node *referred(const struct schema_node *node)
{
	for (int i = 0; i < SHAPE_DEPTH && node && !node->is_boolean; i++) {
		const struct schema_keyword *keyword = schema_keyword(node, SCHEMA_KEYWORD_REF);

		if (!keyword || !keyword->schema || node->count != 1 || node->is_date ||
		    node->title || node->list_key.len || node->types != SCHEMA_ANY_TYPE)
			return node;
		node = keyword->schema;
	}
	return node;
}

const struct shape *shape_of_node(struct shapes *shapes, const struct schema_node *node)
{
	node = referred(node);
	if (!node || (node->is_boolean && node->accepts))
		return &shape_any;
	return intern(shapes, g_strdup_printf("%p", (const void *)node),
		      &(struct shape){.op = SHAPE_NODE, .node = node});
}

static gint compare_shapes(gconstpointer a, gconstpointer b)
{
	const struct shape *x = *(const struct shape *const *)a,
			   *y = *(const struct shape *const *)b;

	return x->number < y->number ? -1 : x->number > y->number;
}

/* Appends the parts of a formula of the same operation, else the formula itself; each once. */
static void flatten(GPtrArray *out, enum shape_op op, const struct shape *shape)
{
	size_t count = shape->op == op ? shape->part_count : 1;

	for (size_t i = 0; i < count; i++) {
		gpointer part = (gpointer)(shape->op == op ? shape->parts[i] : shape);

		if (!g_ptr_array_find(out, part, NULL))
			g_ptr_array_add(out, part);
	}
}

static const struct shape *combine(struct shapes *shapes, enum shape_op op, const struct shape *a,
				   const struct shape *b)
{
	GPtrArray *parts;
	GString *key;
	const struct shape *result = &shape_any;

	if (a == b)
		return a;
	if (a == &shape_any || b == &shape_any)
		return op == SHAPE_ONE ? &shape_any : a == &shape_any ? b : a;
	parts = g_ptr_array_new();
	flatten(parts, op, a);
	flatten(parts, op, b);
	g_ptr_array_sort(parts, compare_shapes);
	if (parts->len == 1) {
		result = parts->pdata[0];
	} else if (parts->len <= PARTS_MAX) {
		key = g_string_new(op == SHAPE_ALL ? "&" : "|");
		for (guint i = 0; i < parts->len; i++)
			g_string_append_printf(key, "%u,",
					       ((const struct shape *)parts->pdata[i])->number);
		const struct shape **copy = arena_array(shapes->arena, parts->len, sizeof(*copy));

		memcpy(copy, parts->pdata, parts->len * sizeof(*copy));
		result = intern(shapes, g_string_free(key, FALSE),
				&(struct shape){.op = op, .parts = copy, .part_count = parts->len});
	}
	g_ptr_array_free(parts, TRUE);
	return result;
}

const struct shape *shape_either(struct shapes *shapes, const struct shape *a,
				 const struct shape *b)
{
	return !a ? b : !b ? a : combine(shapes, SHAPE_ONE, a, b);
}

const struct shape *shape_both(struct shapes *shapes, const struct shape *a, const struct shape *b)
{
	return !a || !b ? NULL : combine(shapes, SHAPE_ALL, a, b);
}

/* --- seeing */

static gint compare_fields(gconstpointer a, gconstpointer b)
{
	return slice_compare(((const struct shape_field *)a)->name,
			     ((const struct shape_field *)b)->name);
}

/* The slot of a symbol, or the free one where it belongs. Symbols are dense, so they need no hash.
 */
static size_t slot_of(const struct shape *shape, uint32_t symbol)
{
	size_t at = symbol & shape->slot_mask;

	while (shape->slots[at].symbol && shape->slots[at].symbol != symbol)
		at = (at + 1) & shape->slot_mask;
	return at;
}

/* The fields by the symbols of their names. */
static void make_slots(struct shapes *shapes, struct shape *shape)
{
	struct shape_slot *slots;
	uint32_t count = 2;

	if (!shape->field_count)
		return;
	while (count < 2 * shape->field_count)
		count *= 2;
	shape->slots = slots = arena_array(shapes->arena, count, sizeof(*slots));
	shape->slot_mask = count - 1;
	for (size_t i = 0; i < shape->field_count; i++) {
		const struct shape_field *field = &shape->fields[i];
		uint32_t symbol = symbols_intern(shapes->symbols, field->name.data,
						 field->name.len);

		slots[slot_of(shape, symbol)] = (struct shape_slot){symbol, field->shape};
	}
}

/* A field of shape NULL can never be there. */
static void keep_fields(struct shapes *shapes, struct shape *shape, GArray *fields)
{
	g_array_sort(fields, compare_fields);
	shape->fields = arena_array(shapes->arena, fields->len, sizeof(*shape->fields));
	for (guint i = 0; i < fields->len; i++)
		if (g_array_index(fields, struct shape_field, i).shape)
			shape->fields[shape->field_count++] = g_array_index(fields,
									    struct shape_field, i);
}

void shape_see(struct shapes *shapes, const struct shape *constant)
{
	struct shape *shape = (struct shape *)constant;
	struct view view;

	if (shape->state != UNSEEN)
		return;
	if (shapes->depth > SHAPE_DEPTH) {
		view = view_open();
	} else {
		shape->state = VIEWING;
		shapes->depth++;
		if (shape->op == SHAPE_NODE)
			view_node(shapes, &view, shape->node);
		else
			view_parts(shapes, &view, shape);
		shapes->depth--;
	}
	shape->types = view.types;
	shape->values = view.values;
	shape->value_count = view.value_count;
	keep_fields(shapes, shape, view.fields);
	make_slots(shapes, shape);
	shape->rest = view.rest;
	shape->items = view.items;
	shape->list_key = view.list_key;
	shape->title = view.title;
	shape->max_items = view.max_items;
	shape->state = SEEN;
	g_array_free(view.fields, TRUE);
}

/* --- reading */

const struct shape *shape_of_schema(struct shapes *shapes, const struct schema *schema)
{
	const struct shape *shape = schema ? shape_of_node(shapes, schema_root(schema))
					   : &shape_any;

	shape_see(shapes, shape);
	return shape;
}

void shapes_complete(struct shapes *shapes, const struct shape *root)
{
	GPtrArray *todo = g_ptr_array_new();

	g_ptr_array_add(todo, (gpointer)root);
	while (todo->len) {
		struct shape *shape = g_ptr_array_steal_index(todo, todo->len - 1);

		if (!shape || shape->completed)
			continue;
		shape_see(shapes, shape);
		shape->completed = true;
		for (size_t i = 0; i < shape->field_count; i++)
			g_ptr_array_add(todo, (gpointer)shape->fields[i].shape);
		g_ptr_array_add(todo, (gpointer)shape->rest);
		g_ptr_array_add(todo, (gpointer)shape->items);
	}
	g_ptr_array_free(todo, TRUE);
}

const struct shape *shape_member(const struct shape *shape, struct slice name)
{
	if (!shape || !(shape->types & SCHEMA_OBJECT))
		return NULL;
	for (size_t i = 0; i < shape->field_count; i++)
		if (slice_equal(shape->fields[i].name, name))
			return shape->fields[i].shape;
	return shape->rest;
}

const struct shape *shape_items(const struct shape *shape)
{
	return shape && shape->types & SCHEMA_ARRAY ? shape->items : NULL;
}

const struct shape *shape_below(const struct shape *shape, const struct doc_node *child)
{
	const struct shape_slot *slot;

	if (!child->key)
		return shape_items(shape);
	if (child->symbol == SYMBOL_NONE)
		return shape_member(shape, doc_key_text(child));
	if (!shape || !(shape->types & SCHEMA_OBJECT))
		return NULL;
	if (!shape->slots)
		return shape->rest;
	slot = &shape->slots[slot_of(shape, child->symbol)];
	return slot->symbol ? slot->shape : shape->rest;
}

const struct shape_field *shape_fields(const struct shape *shape, size_t *count)
{
	*count = shape && shape->types & SCHEMA_OBJECT ? shape->field_count : 0;
	return shape ? shape->fields : NULL;
}

const struct shape *shape_rest(const struct shape *shape)
{
	return shape && shape->types & SCHEMA_OBJECT ? shape->rest : NULL;
}

struct slice shape_list_key(const struct shape *shape)
{
	return shape ? shape->list_key : (struct slice){0};
}

const struct bilingual *shape_title(const struct shape *shape)
{
	return shape ? shape->title : NULL;
}

bool shape_is_date(const struct shape *shape)
{
	return shape && shape->types & SHAPE_DATE && !(shape->types & ~(SHAPE_DATE | SCHEMA_NULL));
}
