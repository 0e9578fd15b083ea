/*
 * Shapes of values from the graph of subschemas (DESIGN.md section 5, Types).
 *
 * A shape is worked out once, by viewing it: one subschema contributes its keywords, `allOf` and
 * references are intersected with it, `anyOf`, `oneOf` and the two ways of an `if` are joined field
 * by field and the join intersected. Fields keep formulas, not shapes worked out, so that a schema
 * that refers to itself ends here in a finite graph.
 *
 * What is not understood (`not`, dependentSchemas, contains) only makes the shape wider, never
 * narrower: a rule that is refused because of a shape is refused rightly.
 */
#include "ruleset/shape.h"

#include "cel/cel.h"
#include "schema/schema.h"

#include <glib.h>
#include <string.h>

enum { SHAPE_DATE = 1 << 7, SHAPE_DEPTH = 48, PARTS_MAX = 64 };

enum shape_op {
	SHAPE_ANY,  /* whatever there is */
	SHAPE_NODE, /* one subschema */
	SHAPE_ALL,  /* all parts */
	SHAPE_ONE,  /* some part */
};

struct shape {
	enum shape_op op;
	const struct schema_node *node;
	const struct shape *const *parts;
	size_t part_count;
	unsigned number; /* in the order of making: names it in the keys of others */

	enum { UNSEEN, VIEWING, SEEN } state;
	unsigned types;             /* enum schema_type and SHAPE_DATE */
	const struct slice *values; /* of strings, the only ones; NULL: any */
	size_t value_count;
	struct shape_field *fields; /* sorted by name */
	size_t field_count;
	const struct shape *rest;  /* members not listed; NULL: none */
	const struct shape *items; /* NULL: none */
	struct slice list_key;
	const struct bilingual *title; /* NULL: none */
	uint64_t max_items;

	const struct cel_type *type;
	bool completed;
};

struct shapes {
	struct arena *arena;
	struct cel_env *env;
	GHashTable *interned; /* key -> struct shape */
	unsigned count;
	int depth;
};

/* What one view gathers; becomes the fields of a shape. */
struct view {
	unsigned types;
	const struct slice *values;
	size_t value_count;
	GArray *fields; /* of struct shape_field, unsorted */
	const struct shape *rest;
	const struct shape *items;
	struct slice list_key;
	const struct bilingual *title; /* NULL: none */
	uint64_t max_items;
};

static const struct shape any_shape = {
	.op = SHAPE_ANY,
	.state = SEEN,
	.types = SCHEMA_ANY_TYPE,
	.rest = &any_shape,
	.items = &any_shape,
	.type = &cel_dyn,
	.completed = true,
};

struct shapes *shapes_new(struct arena *arena, struct cel_env *env)
{
	struct shapes *shapes = g_new0(struct shapes, 1);

	shapes->arena = arena;
	shapes->env = env;
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

static const struct shape *of_node(struct shapes *shapes, const struct schema_node *node)
{
	node = referred(node);
	if (!node || (node->is_boolean && node->accepts))
		return &any_shape;
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
	const struct shape *result = &any_shape;

	if (a == b)
		return a;
	if (a == &any_shape || b == &any_shape)
		return op == SHAPE_ONE ? &any_shape : a == &any_shape ? b : a;
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

static const struct shape *shape_both(struct shapes *shapes, const struct shape *a,
				      const struct shape *b)
{
	return !a || !b ? NULL : combine(shapes, SHAPE_ALL, a, b);
}

/* --- views */

static void view_shape(struct shapes *shapes, struct view *out, const struct shape *shape);
static void see(struct shapes *shapes, const struct shape *shape);

static struct view open_view(void)
{
	return (struct view){.types = SCHEMA_ANY_TYPE,
			     .fields = g_array_new(FALSE, TRUE, sizeof(struct shape_field)),
			     .rest = &any_shape,
			     .items = &any_shape};
}

static struct shape_field *view_field(const struct view *view, struct slice name)
{
	for (guint i = 0; i < view->fields->len; i++) {
		struct shape_field *field = &g_array_index(view->fields, struct shape_field, i);

		if (slice_equal(field->name, name))
			return field;
	}
	return NULL;
}

/* A date is written as a string or an integer, so it goes together with either. */
static unsigned both_types(unsigned a, unsigned b)
{
	unsigned both = a & b;

	if ((a & SHAPE_DATE && b & (SCHEMA_STRING | SCHEMA_INTEGER)) ||
	    (b & SHAPE_DATE && a & (SCHEMA_STRING | SCHEMA_INTEGER)))
		both |= SHAPE_DATE;
	if (both & SHAPE_DATE)
		both &= SHAPE_DATE | SCHEMA_NULL;
	return both;
}

static bool has_value(const struct view *view, struct slice value)
{
	for (size_t i = 0; i < view->value_count; i++)
		if (slice_equal(view->values[i], value))
			return true;
	return false;
}

static void both_values(struct shapes *shapes, struct view *out, const struct view *other)
{
	struct slice *values;
	size_t count = 0;

	if (!other->values)
		return;
	if (!out->values) {
		out->values = other->values;
		out->value_count = other->value_count;
		return;
	}
	values = arena_array(shapes->arena, out->value_count, sizeof(*values));
	for (size_t i = 0; i < out->value_count; i++)
		if (has_value(other, out->values[i]))
			values[count++] = out->values[i];
	out->values = values;
	out->value_count = count;
}

static void either_values(struct shapes *shapes, struct view *out, const struct view *other)
{
	struct slice *values;
	size_t count = out->value_count;

	if (!(other->types & SCHEMA_STRING))
		return;
	if (!(out->types & SCHEMA_STRING) || !other->values) {
		out->values = other->values;
		out->value_count = other->value_count;
		return;
	}
	if (!out->values)
		return;
	values = arena_array(shapes->arena, count + other->value_count, sizeof(*values));
	memcpy(values, out->values, count * sizeof(*values));
	for (size_t i = 0; i < other->value_count; i++)
		if (!has_value(out, other->values[i]))
			values[count++] = other->values[i];
	out->values = values;
	out->value_count = count;
}

/* Narrows `out` to what `other` allows too. */
static void view_both(struct shapes *shapes, struct view *out, const struct view *other)
{
	for (guint i = 0; i < out->fields->len; i++) {
		struct shape_field *field = &g_array_index(out->fields, struct shape_field, i);
		const struct shape_field *twin = view_field(other, field->name);

		if (twin)
			field->shape = shape_both(shapes, field->shape, twin->shape);
		else if (other->rest && other->rest != &any_shape)
			field->shape = shape_both(shapes, field->shape, other->rest);
		field->required |= twin && twin->required;
	}
	for (guint i = 0; i < other->fields->len; i++) {
		struct shape_field field = g_array_index(other->fields, struct shape_field, i);

		if (view_field(out, field.name))
			continue;
		if (out->rest && out->rest != &any_shape)
			field.shape = shape_both(shapes, field.shape, out->rest);
		g_array_append_val(out->fields, field);
	}
	out->types = both_types(out->types, other->types);
	out->rest = shape_both(shapes, out->rest, other->rest);
	out->items = shape_both(shapes, out->items, other->items);
	both_values(shapes, out, other);
	if (other->list_key.len)
		out->list_key = other->list_key;
	if (!out->title)
		out->title = other->title;
	if (other->max_items && (!out->max_items || other->max_items < out->max_items))
		out->max_items = other->max_items;
}

/* Fields of one of two ways: required only where both require them. */
static void either_fields(struct shapes *shapes, struct view *out, const struct view *other)
{
	for (guint i = 0; i < out->fields->len; i++) {
		struct shape_field *field = &g_array_index(out->fields, struct shape_field, i);
		const struct shape_field *twin = view_field(other, field->name);
		const struct shape *there = twin ? twin->shape : other->rest;

		field->shape = shape_either(shapes, field->shape, there);
		field->required &= twin && twin->required;
	}
	for (guint i = 0; i < other->fields->len; i++) {
		struct shape_field field = g_array_index(other->fields, struct shape_field, i);

		if (view_field(out, field.name))
			continue;
		field.shape = shape_either(shapes, field.shape, out->rest);
		field.required = false;
		g_array_append_val(out->fields, field);
	}
	out->rest = shape_either(shapes, out->rest, other->rest);
}

/* Widens `out` by what `other` allows. */
static void view_either(struct shapes *shapes, struct view *out, const struct view *other)
{
	either_values(shapes, out, other);
	if (!(out->types & SCHEMA_OBJECT)) {
		g_array_set_size(out->fields, 0);
		g_array_append_vals(out->fields, other->fields->data, other->fields->len);
		out->rest = other->rest;
	} else if (other->types & SCHEMA_OBJECT) {
		either_fields(shapes, out, other);
	}
	if (!(out->types & SCHEMA_ARRAY))
		out->items = other->items;
	else if (other->types & SCHEMA_ARRAY)
		out->items = shape_either(shapes, out->items, other->items);
	out->max_items = out->max_items && other->max_items ? MAX(out->max_items, other->max_items)
							    : 0;
	if (!slice_equal(out->list_key, other->list_key))
		out->list_key = (struct slice){0};
	out->types |= other->types;
}

/* --- keywords of one subschema */

static unsigned type_of_value(const struct doc_node *value)
{
	static const unsigned types[] = {
		[DOC_NULL] = SCHEMA_NULL,       [DOC_BOOLEAN] = SCHEMA_BOOLEAN,
		[DOC_INTEGER] = SCHEMA_INTEGER, [DOC_NUMBER] = SCHEMA_INTEGER | SCHEMA_NUMBER,
		[DOC_STRING] = SCHEMA_STRING,   [DOC_ARRAY] = SCHEMA_ARRAY,
		[DOC_OBJECT] = SCHEMA_OBJECT,
	};

	return types[value->type];
}

/* `enum`, or `const` as a list of one. */
static void view_values(struct shapes *shapes, struct view *out, const struct doc_node *first,
			size_t count)
{
	struct view given = {.types = 0};
	struct slice *values = arena_array(shapes->arena, count, sizeof(*values));

	for (const struct doc_node *value = first; value && count--; value = doc_next(value)) {
		given.types |= type_of_value(value);
		if (value->type == DOC_STRING)
			values[given.value_count++] = doc_text(value);
	}
	given.values = values;
	out->types = both_types(out->types, given.types);
	if (given.types & SCHEMA_STRING)
		both_values(shapes, out, &given);
}

static void view_properties(struct shapes *shapes, struct view *out, const struct schema_node *node)
{
	const struct schema_keyword *properties = schema_keyword(node, SCHEMA_KEYWORD_PROPERTIES);
	const struct schema_keyword *required = schema_keyword(node, SCHEMA_KEYWORD_REQUIRED);
	const struct schema_keyword *patterns = schema_keyword(node,
							       SCHEMA_KEYWORD_PATTERN_PROPERTIES);
	const struct schema_keyword *more = schema_keyword(node,
							   SCHEMA_KEYWORD_ADDITIONAL_PROPERTIES);

	for (uint32_t i = 0; properties && i < properties->count; i++) {
		struct shape_field field = {properties->branches[i].name,
					    of_node(shapes, properties->branches[i].schema), false};

		g_array_append_val(out->fields, field);
	}
	if (more)
		out->rest = more->schema && more->schema->is_boolean && !more->schema->accepts
				    ? NULL
				    : of_node(shapes, more->schema);
	for (uint32_t i = 0; patterns && i < patterns->count; i++)
		out->rest = shape_either(shapes, out->rest,
					 of_node(shapes, patterns->branches[i].schema));
	for (uint32_t i = 0; required && i < required->count; i++) {
		struct shape_field *field = view_field(out, required->branches[i].name);
		struct shape_field added = {required->branches[i].name, out->rest, true};

		if (field)
			field->required = true;
		else if (out->rest)
			g_array_append_val(out->fields, added);
	}
}

static void view_items(struct shapes *shapes, struct view *out, const struct schema_node *node)
{
	const struct schema_keyword *prefix = schema_keyword(node, SCHEMA_KEYWORD_PREFIX_ITEMS);
	const struct schema_keyword *items = schema_keyword(node, SCHEMA_KEYWORD_ITEMS);
	const struct schema_keyword *most = schema_keyword(node, SCHEMA_KEYWORD_MAX_ITEMS);
	const struct schema_keyword *list = prefix                     ? prefix
					    : items && items->branches ? items
								       : NULL;

	if (items && items->schema)
		out->items = items->schema->is_boolean && !items->schema->accepts
				     ? NULL
				     : of_node(shapes, items->schema);
	for (uint32_t i = 0; list && i < list->count; i++)
		out->items = shape_either(shapes, out->items,
					  of_node(shapes, list->branches[i].schema));
	if (most && most->number != UINT32_MAX)
		out->max_items = most->number;
	out->list_key = node->list_key;
}

/* `anyOf` and `oneOf`: the join of the branches, intersected. */
static void view_branches(struct shapes *shapes, struct view *out,
			  const struct schema_keyword *keyword)
{
	const struct shape *either = NULL;
	struct view branch;

	for (uint32_t i = 0; keyword && i < keyword->count; i++)
		either = shape_either(shapes, either, of_node(shapes, keyword->branches[i].schema));
	if (!either)
		return;
	view_shape(shapes, &branch, either);
	view_both(shapes, out, &branch);
	g_array_free(branch.fields, TRUE);
}

static void view_also(struct shapes *shapes, struct view *out, const struct shape *shape)
{
	struct view other;

	view_shape(shapes, &other, shape);
	view_both(shapes, out, &other);
	g_array_free(other.fields, TRUE);
}

/* What holds with the condition, or else without it. */
static void view_condition(struct shapes *shapes, struct view *out, const struct schema_node *node)
{
	const struct schema_keyword *condition = schema_keyword(node, SCHEMA_KEYWORD_IF);
	const struct schema_keyword *then = schema_keyword(node, SCHEMA_KEYWORD_THEN);
	const struct schema_keyword *otherwise = schema_keyword(node, SCHEMA_KEYWORD_ELSE);
	const struct shape *with, *without;

	if (!condition || !(then || otherwise))
		return;
	with = of_node(shapes, condition->schema);
	if (then)
		with = combine(shapes, SHAPE_ALL, with, of_node(shapes, then->schema));
	without = otherwise ? of_node(shapes, otherwise->schema) : &any_shape;
	view_also(shapes, out, combine(shapes, SHAPE_ONE, with, without));
}

static void view_node(struct shapes *shapes, struct view *out, const struct schema_node *node)
{
	static const enum schema_keyword_id references[] = {
		SCHEMA_KEYWORD_REF, SCHEMA_KEYWORD_DYNAMIC_REF, SCHEMA_KEYWORD_RECURSIVE_REF};
	const struct schema_keyword *all, *values, *closed;

	*out = open_view();
	if (node->is_boolean) {
		out->types = node->accepts ? SCHEMA_ANY_TYPE : 0;
		return;
	}
	out->types = node->types;
	if (node->is_date)
		out->types = SHAPE_DATE |
			     (node->types == SCHEMA_ANY_TYPE ? 0 : node->types & SCHEMA_NULL);
	out->title = node->title;
	if ((values = schema_keyword(node, SCHEMA_KEYWORD_ENUM)))
		view_values(shapes, out, doc_first(values->value), values->value->count);
	if ((values = schema_keyword(node, SCHEMA_KEYWORD_CONST)))
		view_values(shapes, out, values->value, 1);
	view_properties(shapes, out, node);
	view_items(shapes, out, node);
	for (size_t i = 0; i < G_N_ELEMENTS(references); i++) {
		const struct schema_keyword *keyword = schema_keyword(node, references[i]);

		if (keyword && keyword->schema)
			view_also(shapes, out, of_node(shapes, keyword->schema));
	}
	all = schema_keyword(node, SCHEMA_KEYWORD_ALL_OF);
	for (uint32_t i = 0; all && i < all->count; i++)
		view_also(shapes, out, of_node(shapes, all->branches[i].schema));
	view_branches(shapes, out, schema_keyword(node, SCHEMA_KEYWORD_ANY_OF));
	view_branches(shapes, out, schema_keyword(node, SCHEMA_KEYWORD_ONE_OF));
	view_condition(shapes, out, node);
	closed = schema_keyword(node, SCHEMA_KEYWORD_UNEVALUATED_PROPERTIES);
	if (closed && closed->schema && closed->schema->is_boolean && !closed->schema->accepts)
		out->rest = NULL;
}

/* The view of a shape, from its parts or as it was worked out before. */
static void view_shape(struct shapes *shapes, struct view *out, const struct shape *shape)
{
	see(shapes, shape);
	*out = open_view();
	/* A schema that is part of itself says nothing more about itself. */
	if (shape->state != SEEN)
		return;
	out->types = shape->types;
	out->values = shape->values;
	out->value_count = shape->value_count;
	g_array_append_vals(out->fields, shape->fields, (guint)shape->field_count);
	out->rest = shape->rest;
	out->items = shape->items;
	out->list_key = shape->list_key;
	out->title = shape->title;
	out->max_items = shape->max_items;
}

static void view_parts(struct shapes *shapes, struct view *out, const struct shape *shape)
{
	view_shape(shapes, out, shape->parts[0]);
	for (size_t i = 1; i < shape->part_count; i++) {
		struct view part;

		view_shape(shapes, &part, shape->parts[i]);
		if (shape->op == SHAPE_ALL)
			view_both(shapes, out, &part);
		else
			view_either(shapes, out, &part);
		g_array_free(part.fields, TRUE);
	}
}

static gint compare_fields(gconstpointer a, gconstpointer b)
{
	return slice_compare(((const struct shape_field *)a)->name,
			     ((const struct shape_field *)b)->name);
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

static void see(struct shapes *shapes, const struct shape *constant)
{
	struct shape *shape = (struct shape *)constant;
	struct view view;

	if (shape->state != UNSEEN)
		return;
	if (shapes->depth > SHAPE_DEPTH) {
		view = open_view();
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
	shape->rest = view.rest;
	shape->items = view.items;
	shape->list_key = view.list_key;
	shape->title = view.title;
	shape->max_items = view.max_items;
	shape->state = SEEN;
	g_array_free(view.fields, TRUE);
}

/* --- types */

static const struct cel_type *object_type(struct shapes *shapes, struct shape *shape)
{
	struct cel_type *type;
	struct cel_field *fields;

	if (!shape->field_count && shape->rest)
		return cel_type_map(shapes->arena, &cel_string, shape_type(shapes, shape->rest));
	type = cel_type_object(shapes->arena, shape->title && shape->title->en.len
						      ? shape->title->en
						      : SLICE("object"));
	shape->type = type; /* before its fields, which may lead back here */
	fields = arena_array(shapes->arena, shape->field_count, sizeof(*fields));
	for (size_t i = 0; i < shape->field_count; i++) {
		fields[i].name = shape->fields[i].name;
		fields[i].type = shape_type(shapes, shape->fields[i].shape);
		fields[i].presence = shape->fields[i].required ? CEL_FIELD_REQUIRED
							       : CEL_FIELD_OPTIONAL;
	}
	cel_env_object_fields(shapes->env, type, fields, shape->field_count,
			      shape->rest ? shape_type(shapes, shape->rest) : NULL);
	return type;
}

static const struct cel_type *array_type(struct shapes *shapes, struct shape *shape)
{
	struct cel_type *type = (struct cel_type *)cel_type_list(
		shapes->arena, shape->items ? shape_type(shapes, shape->items) : &cel_dyn);

	type->max_size = shape->max_items;
	return type;
}

static const struct cel_type *type_without_null(struct shapes *shapes, struct shape *shape)
{
	switch (shape->types & ~(unsigned)SCHEMA_NULL) {
	case SHAPE_DATE:
		return &cel_date;
	case SCHEMA_BOOLEAN:
		return &cel_bool;
	case SCHEMA_INTEGER:
		return &cel_int;
	case SCHEMA_NUMBER:
	case SCHEMA_NUMBER | SCHEMA_INTEGER:
		return &cel_double;
	case SCHEMA_STRING:
		return shape->values
			       ? cel_type_enum(shapes->arena, shape->values, shape->value_count)
			       : &cel_string;
	case SCHEMA_ARRAY:
		return array_type(shapes, shape);
	case SCHEMA_OBJECT:
		return object_type(shapes, shape);
	case 0:
		return &cel_null;
	default:
		return &cel_dyn;
	}
}

const struct cel_type *shape_type(struct shapes *shapes, const struct shape *constant)
{
	struct shape *shape = (struct shape *)constant;
	const struct cel_type *type;

	if (!shape || shape->type)
		return shape ? shape->type : &cel_dyn;
	see(shapes, shape);
	if (shapes->depth > SHAPE_DEPTH)
		return &cel_dyn;
	shapes->depth++;
	/* A list that contains itself has no finite name; it is read as it comes. */
	if ((shape->types & ~(unsigned)SCHEMA_NULL) != SCHEMA_OBJECT || !shape->field_count)
		shape->type = &cel_dyn;
	type = type_without_null(shapes, shape);
	if (shape->types & SCHEMA_NULL && type->kind != CEL_T_DYN && type->kind != CEL_T_NULL)
		type = cel_type_nullable(shapes->arena, type);
	shape->type = type;
	shapes->depth--;
	return type;
}

/* --- reading */

const struct shape *shape_of_schema(struct shapes *shapes, const struct schema *schema)
{
	const struct shape *shape = schema ? of_node(shapes, schema_root(schema)) : &any_shape;

	see(shapes, shape);
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
		see(shapes, shape);
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

bool shape_may_be_object(const struct shape *shape)
{
	return shape && shape->types & SCHEMA_OBJECT;
}

bool shape_may_be_array(const struct shape *shape)
{
	return shape && shape->types & SCHEMA_ARRAY;
}

bool shape_is_any(const struct shape *shape)
{
	return shape == &any_shape;
}
