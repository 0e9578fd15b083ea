/*
 * Shapes as the types of expressions (DESIGN.md section 5, Types): a field that is not required is
 * optional, a value of mixed types is `dyn`.
 *
 * An object's type is made before its fields, which may lead back to it; any other shape that
 * contains itself is read as it comes.
 */
#include "ruleset/shape_view.h"

#include "cel/cel.h"
#include "schema/schema.h"

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
	shape_see(shapes, shape);
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
