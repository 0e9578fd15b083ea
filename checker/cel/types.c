/*
 * Types as data: the fixed ones, constructors, equality, text.
 *
 * A type is immutable once it is used and never copied; object types refer to each other freely, so
 * nothing here walks into their fields.
 */
#include "cel/program.h"

#define PARAMS(...)                                                                                \
	.params = (const struct cel_type *const[])                                                 \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}

const struct cel_type cel_dyn = {.kind = CEL_T_DYN};
const struct cel_type cel_null = {.kind = CEL_T_NULL};
const struct cel_type cel_bool = {.kind = CEL_T_BOOL};
const struct cel_type cel_int = {.kind = CEL_T_INT};
const struct cel_type cel_uint = {.kind = CEL_T_UINT};
const struct cel_type cel_double = {.kind = CEL_T_DOUBLE};
const struct cel_type cel_string = {.kind = CEL_T_STRING};
const struct cel_type cel_bytes = {.kind = CEL_T_BYTES};
const struct cel_type cel_timestamp = {.kind = CEL_T_TIMESTAMP};
const struct cel_type cel_duration = {.kind = CEL_T_DURATION};
const struct cel_type cel_date = {.kind = CEL_T_DATE};
const struct cel_type cel_day = {.kind = CEL_T_DAY};
const struct cel_type cel_span = {.kind = CEL_T_SPAN};
const struct cel_type cel_version = {.kind = CEL_T_VERSION};
const struct cel_type cel_quantity = {.kind = CEL_T_QUANTITY};
const struct cel_type cel_error_type = {.kind = CEL_T_ERROR};

const struct cel_type cel_type_param_a = {.kind = CEL_T_PARAM, .name = {"A", 1}};
const struct cel_type cel_type_param_b = {.kind = CEL_T_PARAM, .name = {"B", 1}};
const struct cel_type cel_type_list_a = {
	.kind = CEL_T_LIST, PARAMS(&cel_type_param_a), .param_count = 1};
const struct cel_type cel_type_list_list_a = {
	.kind = CEL_T_LIST, PARAMS(&cel_type_list_a), .param_count = 1};
const struct cel_type cel_type_list_dyn = {.kind = CEL_T_LIST, PARAMS(&cel_dyn), .param_count = 1};
const struct cel_type cel_type_list_string = {
	.kind = CEL_T_LIST, PARAMS(&cel_string), .param_count = 1};
const struct cel_type cel_type_list_int = {.kind = CEL_T_LIST, PARAMS(&cel_int), .param_count = 1};
const struct cel_type cel_type_list_uint = {
	.kind = CEL_T_LIST, PARAMS(&cel_uint), .param_count = 1};
const struct cel_type cel_type_list_double = {
	.kind = CEL_T_LIST, PARAMS(&cel_double), .param_count = 1};
const struct cel_type cel_type_list_date = {
	.kind = CEL_T_LIST, PARAMS(&cel_date), .param_count = 1};
const struct cel_type cel_type_map_a_b = {
	.kind = CEL_T_MAP, PARAMS(&cel_type_param_a, &cel_type_param_b), .param_count = 2};
const struct cel_type cel_type_map_dyn = {
	.kind = CEL_T_MAP, PARAMS(&cel_dyn, &cel_dyn), .param_count = 2};
const struct cel_type cel_type_optional_a = {
	.kind = CEL_T_OPTIONAL, PARAMS(&cel_type_param_a), .param_count = 1};
const struct cel_type cel_type_optional_dyn = {
	.kind = CEL_T_OPTIONAL, PARAMS(&cel_dyn), .param_count = 1};
const struct cel_type cel_type_optional_list_a = {
	.kind = CEL_T_OPTIONAL, PARAMS(&cel_type_list_a), .param_count = 1};
const struct cel_type cel_type_optional_map_a_b = {
	.kind = CEL_T_OPTIONAL, PARAMS(&cel_type_map_a_b), .param_count = 1};
const struct cel_type cel_type_type_a = {
	.kind = CEL_T_TYPE, PARAMS(&cel_type_param_a), .param_count = 1};
const struct cel_type cel_type_type = {.kind = CEL_T_TYPE};

const struct cel_type *cel_type_with(struct arena *arena, enum cel_type_kind kind,
				     struct slice name, const struct cel_type *const *params,
				     size_t count)
{
	struct cel_type *type = arena_new(arena, struct cel_type);
	const struct cel_type **copy = arena_array(arena, count, sizeof(*copy));

	for (size_t i = 0; i < count; i++)
		copy[i] = params[i];
	type->kind = kind;
	type->name = name;
	type->params = copy;
	type->param_count = count;
	return type;
}

const struct cel_type *cel_type_list(struct arena *arena, const struct cel_type *item)
{
	return cel_type_with(arena, CEL_T_LIST, (struct slice){0}, &item, 1);
}

const struct cel_type *cel_type_map(struct arena *arena, const struct cel_type *key,
				    const struct cel_type *value)
{
	const struct cel_type *params[] = {key, value};

	return cel_type_with(arena, CEL_T_MAP, (struct slice){0}, params, 2);
}

const struct cel_type *cel_type_nullable(struct arena *arena, const struct cel_type *type)
{
	if (type->kind == CEL_T_NULLABLE || type->kind == CEL_T_NULL || type->kind == CEL_T_DYN)
		return type;
	return cel_type_with(arena, CEL_T_NULLABLE, (struct slice){0}, &type, 1);
}

const struct cel_type *cel_type_optional(struct arena *arena, const struct cel_type *type)
{
	return cel_type_with(arena, CEL_T_OPTIONAL, (struct slice){0}, &type, 1);
}

const struct cel_type *cel_type_of_type(struct arena *arena, const struct cel_type *type)
{
	return cel_type_with(arena, CEL_T_TYPE, (struct slice){0}, &type, 1);
}

const struct cel_type *cel_type_enum(struct arena *arena, const struct slice *values, size_t count)
{
	struct cel_type *type = arena_new(arena, struct cel_type);

	type->kind = CEL_T_STRING;
	type->values = values;
	type->value_count = count;
	return type;
}

struct cel_type *cel_type_object(struct arena *arena, struct slice name)
{
	struct cel_type *type = arena_new(arena, struct cel_type);

	type->kind = CEL_T_OBJECT;
	type->name = name;
	return type;
}

const struct cel_field *cel_type_field(const struct cel_type *object, struct slice name)
{
	if (!object || object->kind != CEL_T_OBJECT)
		return NULL;
	for (size_t i = 0; i < object->field_count; i++)
		if (slice_equal(object->fields[i].name, name))
			return &object->fields[i];
	return NULL;
}

bool cel_type_equal(const struct cel_type *a, const struct cel_type *b)
{
	if (a == b)
		return true;
	if (!a || !b || a->kind != b->kind || a->param_count != b->param_count)
		return false;
	if (a->kind == CEL_T_OBJECT)
		return false;
	if ((a->kind == CEL_T_OPAQUE || a->kind == CEL_T_PARAM) &&
	    (a->name.len != b->name.len || (a->name.data && !slice_equal(a->name, b->name))))
		return false;
	for (size_t i = 0; i < a->param_count; i++)
		if (!cel_type_equal(a->params[i], b->params[i]))
			return false;
	return true;
}

static const char *type_word(enum cel_type_kind kind)
{
	switch (kind) {
	case CEL_T_DYN:
		return "dyn";
	case CEL_T_NULL:
		return "null";
	case CEL_T_BOOL:
		return "bool";
	case CEL_T_INT:
		return "int";
	case CEL_T_UINT:
		return "uint";
	case CEL_T_DOUBLE:
		return "double";
	case CEL_T_STRING:
		return "string";
	case CEL_T_BYTES:
		return "bytes";
	case CEL_T_TIMESTAMP:
		return "timestamp";
	case CEL_T_DURATION:
		return "duration";
	case CEL_T_LIST:
		return "list";
	case CEL_T_MAP:
		return "map";
	case CEL_T_OPTIONAL:
		return "optional_type";
	case CEL_T_TYPE:
		return "type";
	case CEL_T_NULLABLE:
		return "wrapper";
	case CEL_T_PARAM:
		return NULL;
	case CEL_T_OPAQUE:
		return NULL;
	case CEL_T_OBJECT:
		return NULL;
	case CEL_T_DATE:
		return "date";
	case CEL_T_DAY:
		return "day";
	case CEL_T_SPAN:
		return "span";
	case CEL_T_VERSION:
		return "version";
	case CEL_T_QUANTITY:
		return "quantity";
	case CEL_T_ERROR:
		return "!error!";
	}
	g_assert_not_reached();
}

void cel_type_append(GString *out, const struct cel_type *type)
{
	const char *word = type ? type_word(type->kind) : "dyn";

	if (word)
		g_string_append(out, word);
	else if (type->name.data)
		g_string_append_len(out, type->name.data, (gssize)type->name.len);
	else
		g_string_append_printf(out, "_var%zu", type->name.len);
	if (!type || !type->param_count)
		return;
	g_string_append_c(out, '(');
	for (size_t i = 0; i < type->param_count; i++) {
		if (i)
			g_string_append(out, ", ");
		cel_type_append(out, type->params[i]);
	}
	g_string_append_c(out, ')');
}
