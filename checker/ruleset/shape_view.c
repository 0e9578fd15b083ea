/*
 * What a subschema says of the values that fit it, and how several such views become one.
 *
 * One subschema contributes its keywords; `allOf` and references are intersected with it; `anyOf`,
 * `oneOf` and the two ways of an `if` are joined field by field and the join intersected.
 *
 * What is not understood (`not`, dependentSchemas, contains) only makes the view wider, never
 * narrower: a rule that is refused because of a shape is refused rightly.
 */
#include "ruleset/shape_view.h"

#include "document/document.h"
#include "schema/schema.h"

#include <string.h>

static void view_shape(struct shapes *shapes, struct view *out, const struct shape *shape);

/* --- two views become one */

struct view view_open(void)
{
	return (struct view){.types = SCHEMA_ANY_TYPE,
			     .fields = g_array_new(FALSE, TRUE, sizeof(struct shape_field)),
			     .rest = &shape_any,
			     .items = &shape_any};
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
		else if (other->rest && other->rest != &shape_any)
			field->shape = shape_both(shapes, field->shape, other->rest);
		field->required |= twin && twin->required;
	}
	for (guint i = 0; i < other->fields->len; i++) {
		struct shape_field field = g_array_index(other->fields, struct shape_field, i);

		if (view_field(out, field.name))
			continue;
		if (out->rest && out->rest != &shape_any)
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
					    shape_of_node(shapes, properties->branches[i].schema),
					    false};

		g_array_append_val(out->fields, field);
	}
	if (more)
		out->rest = more->schema && more->schema->is_boolean && !more->schema->accepts
				    ? NULL
				    : shape_of_node(shapes, more->schema);
	for (uint32_t i = 0; patterns && i < patterns->count; i++)
		out->rest = shape_either(shapes, out->rest,
					 shape_of_node(shapes, patterns->branches[i].schema));
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
				     : shape_of_node(shapes, items->schema);
	for (uint32_t i = 0; list && i < list->count; i++)
		out->items = shape_either(shapes, out->items,
					  shape_of_node(shapes, list->branches[i].schema));
	if (most && most->number != UINT32_MAX)
		out->max_items = most->number;
	out->list_key = node->list_key;
}

static void view_also(struct shapes *shapes, struct view *out, const struct shape *shape)
{
	struct view other;

	view_shape(shapes, &other, shape);
	view_both(shapes, out, &other);
	g_array_free(other.fields, TRUE);
}

/* `anyOf` and `oneOf`: the join of the branches, intersected. */
static void view_branches(struct shapes *shapes, struct view *out,
			  const struct schema_keyword *keyword)
{
	const struct shape *either = NULL;

	for (uint32_t i = 0; keyword && i < keyword->count; i++)
		either = shape_either(shapes, either,
				      shape_of_node(shapes, keyword->branches[i].schema));
	if (either)
		view_also(shapes, out, either);
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
	with = shape_of_node(shapes, condition->schema);
	if (then)
		with = shape_both(shapes, with, shape_of_node(shapes, then->schema));
	without = otherwise ? shape_of_node(shapes, otherwise->schema) : &shape_any;
	view_also(shapes, out, shape_either(shapes, with, without));
}

void view_node(struct shapes *shapes, struct view *out, const struct schema_node *node)
{
	static const enum schema_keyword_id references[] = {
		SCHEMA_KEYWORD_REF, SCHEMA_KEYWORD_DYNAMIC_REF, SCHEMA_KEYWORD_RECURSIVE_REF};
	const struct schema_keyword *all, *values, *closed;

	*out = view_open();
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
			view_also(shapes, out, shape_of_node(shapes, keyword->schema));
	}
	all = schema_keyword(node, SCHEMA_KEYWORD_ALL_OF);
	for (uint32_t i = 0; all && i < all->count; i++)
		view_also(shapes, out, shape_of_node(shapes, all->branches[i].schema));
	view_branches(shapes, out, schema_keyword(node, SCHEMA_KEYWORD_ANY_OF));
	view_branches(shapes, out, schema_keyword(node, SCHEMA_KEYWORD_ONE_OF));
	view_condition(shapes, out, node);
	closed = schema_keyword(node, SCHEMA_KEYWORD_UNEVALUATED_PROPERTIES);
	if (closed && closed->schema && closed->schema->is_boolean && !closed->schema->accepts)
		out->rest = NULL;
}

/* --- views of formulas */

/* The view of a shape, from its parts or as it was worked out before. */
static void view_shape(struct shapes *shapes, struct view *out, const struct shape *shape)
{
	shape_see(shapes, shape);
	*out = view_open();
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

void view_parts(struct shapes *shapes, struct view *out, const struct shape *shape)
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
