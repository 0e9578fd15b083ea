/*
 * Values: made, read from nodes, compared, walked.
 *
 * A list or map that came from a document stays where it is: the value holds the node and the type
 * by which its parts are to be read (a date is a string there, a double may be written as 1). So a
 * select allocates nothing. Maps that an expression makes have an index once they are large.
 *
 * CEL langdef: Values, Equality, Ordering.
 */
#include "cel/code.h"
#include "cel/read.h"

#include "base/hash.h"

#include <math.h>

const struct cel_value cel_null_value = {.kind = CEL_NULL};

struct cel_value cel_of_bool(bool value)
{
	return (struct cel_value){.kind = CEL_BOOL, .boolean = value};
}

struct cel_value cel_of_int(int64_t value)
{
	return (struct cel_value){.kind = CEL_INT, .integer = value};
}

struct cel_value cel_of_string(struct slice text)
{
	return (struct cel_value){.kind = CEL_STRING, .string = text};
}

struct cel_value cel_of_items(const struct cel_value *items, size_t count)
{
	struct cel_value value = {.kind = CEL_LIST};

	value.items = items;
	value.count = count;
	return value;
}

struct cel_value cel_value_list(const struct cel_value *items, size_t count)
{
	return cel_of_items(items, count);
}

struct cel_value cel_of_day(int64_t day)
{
	return (struct cel_value){.kind = CEL_DAY, .day = {.day = day}};
}

struct cel_value cel_of_as_of(int64_t day)
{
	return (struct cel_value){.kind = CEL_DAY, .flags = CEL_AS_OF, .day = {.day = day}};
}

struct cel_value cel_absent(const struct doc_node *deepest)
{
	return (struct cel_value){.kind = CEL_ABSENT, .node = deepest};
}

struct cel_value cel_value_error(struct arena *arena, struct span span, struct phrase message,
				 const struct doc_node *node)
{
	struct cel_fault *fault = arena_new(arena, struct cel_fault);

	fault->span = span;
	fault->message = message;
	fault->node = node;
	return (struct cel_value){.kind = CEL_ERROR, .node = node, .fault = fault};
}

struct cel_value cel_fail(const struct cel_call *call, struct phrase message)
{
	return cel_value_error(call->scratch, call->code->expr->at, message, NULL);
}

/* --- From nodes */

bool cel_read_date(const struct doc_node *node, struct cel_value *out)
{
	struct date date;
	bool is_date = node->type == DOC_STRING
			       ? date_parse(&date, (struct slice){node->text, node->len})
			       : node->type == DOC_INTEGER && node->flags & DOC_INT64 &&
					 date_from_integer(&date, node->integer);

	if (is_date)
		*out = (struct cel_value){.kind = CEL_DATE, .node = node, .date = date};
	return is_date;
}

void cel_of_node_into(struct cel_value *out, const struct doc_node *node,
		      const struct cel_type *type)
{
	if (node)
		cel_read_node(out, node, type);
	else
		*out = cel_absent(NULL);
}

struct cel_value cel_of_node(const struct doc_node *node, const struct cel_type *type)
{
	struct cel_value out;

	cel_of_node_into(&out, node, type);
	return out;
}

/* --- Containers */

size_t cel_size(const struct cel_value *value)
{
	if (value->kind != CEL_LIST && value->kind != CEL_MAP)
		return 0;
	if (value->flags & CEL_LAZY)
		return value->node->count;
	return value->kind == CEL_LIST ? value->count : value->map->count;
}

struct cel_value cel_item(const struct cel_value *list, size_t index)
{
	const struct doc_node *child;

	if (!(list->flags & CEL_LAZY))
		return list->items[index];
	child = doc_item(list->node, index);
	return cel_of_node(child, cel_read_child_type(list, child));
}

static bool next_child(const struct cel_value *container, struct cel_walk *walk,
		       struct cel_value *key, struct cel_value *value)
{
	const struct doc_node *child = walk->index ? doc_next(walk->node)
						   : doc_first(container->node);

	walk->node = child;
	if (!child)
		return false;
	if (value)
		cel_read_node(value, child, cel_read_child_type(container, child));
	if (key && container->kind == CEL_MAP) {
		cel_read_head(key, CEL_STRING, child);
		key->string = doc_key_text(child);
	}
	return true;
}

bool cel_value_next(const struct cel_value *container, struct cel_walk *walk, struct cel_value *key,
		    struct cel_value *value)
{
	bool is_list = container->kind == CEL_LIST;

	if (!is_list && container->kind != CEL_MAP)
		return false;
	if (container->flags & CEL_LAZY) {
		if (!next_child(container, walk, key, value))
			return false;
	} else {
		if (walk->index >= cel_size(container))
			return false;
		if (value)
			*value = is_list ? container->items[walk->index]
					 : container->map->values[walk->index];
		if (key && !is_list)
			*key = container->map->keys[walk->index];
	}
	if (key && is_list) {
		cel_read_head(key, CEL_INT, NULL);
		key->integer = (int64_t)walk->index;
	}
	walk->index++;
	return true;
}

bool cel_next(const struct cel_value *container, struct cel_walk *walk)
{
	return cel_value_next(container, walk, &walk->key, &walk->value);
}

bool cel_value_is_key(const struct cel_value *value)
{
	return value->kind == CEL_BOOL || value->kind == CEL_INT || value->kind == CEL_UINT ||
	       value->kind == CEL_STRING;
}

/* Equal keys hash alike: numbers by value, whatever their type. */
static uint32_t key_hash(const struct cel_value *key)
{
	uint64_t bits;

	if (key->kind == CEL_STRING)
		return (uint32_t)hash_bytes(key->string.data, key->string.len);
	bits = key->kind == CEL_BOOL ? (uint64_t)key->boolean + 7 : key->unsigned_;
	return (uint32_t)hash_bytes(&bits, sizeof(bits));
}

/* Keys that a lookup can be asked for; a double that is whole finds an integer. */
static const struct cel_value *as_key(const struct cel_value *key, struct cel_value *tmp)
{
	if (key->kind != CEL_DOUBLE)
		return cel_value_is_key(key) ? key : NULL;
	if (key->number != floor(key->number) || key->number < -9223372036854775808.0 ||
	    key->number >= 18446744073709551616.0)
		return NULL;
	if (key->number < 9223372036854775808.0)
		*tmp = cel_of_int((int64_t)key->number);
	else
		*tmp = (struct cel_value){.kind = CEL_UINT, .unsigned_ = (uint64_t)key->number};
	return tmp;
}

static inline bool is_same_key(const struct cel_value *a, const struct cel_value *b)
{
	if (a->kind != CEL_STRING || b->kind != CEL_STRING)
		return cel_equal(a, b);
	return a->string.len == b->string.len && slice_equal(a->string, b->string);
}

/* The entry of a key, or SIZE_MAX. */
static size_t map_find(const struct cel_map *map, const struct cel_value *key)
{
	if (!map->index) {
		for (size_t i = 0; i < map->count; i++)
			if (is_same_key(&map->keys[i], key))
				return i;
		return SIZE_MAX;
	}
	for (uint32_t at = key_hash(key) & map->mask; map->index[at]; at = (at + 1) & map->mask)
		if (is_same_key(&map->keys[map->index[at] - 1], key))
			return map->index[at] - 1;
	return SIZE_MAX;
}

bool cel_value_map(struct arena *arena, const struct cel_value *keys,
		   const struct cel_value *values, size_t count, struct cel_value *out,
		   size_t *repeated)
{
	struct cel_map *map = arena_new(arena, struct cel_map);
	size_t slots = 16;

	map->keys = keys;
	map->values = values;
	if (count > 8) {
		while (slots < count * 2)
			slots *= 2;
		map->index = arena_array(arena, slots, sizeof(*map->index));
		map->mask = (uint32_t)(slots - 1);
	}
	for (size_t i = 0; i < count; i++) {
		map->count = i;
		if (map_find(map, &keys[i]) != SIZE_MAX) {
			*repeated = i;
			return false;
		}
		if (map->index) {
			uint32_t at = key_hash(&keys[i]) & map->mask;

			while (map->index[at])
				at = (at + 1) & map->mask;
			map->index[at] = (uint32_t)i + 1;
		}
	}
	map->count = count;
	*out = (struct cel_value){.kind = CEL_MAP, .map = map};
	return true;
}

/* A few names, no two of them the same, as most maps made in C have. */
static bool are_names(const struct cel_value *keys, size_t count)
{
	enum { FEW = 8 };

	for (size_t i = 0; i < count; i++) {
		if (count > FEW || keys[i].kind != CEL_STRING)
			return false;
		for (size_t j = 0; j < i; j++)
			if (slice_equal(keys[i].string, keys[j].string))
				return false;
	}
	return true;
}

struct cel_value cel_of_pairs(struct arena *arena, const struct cel_value *keys,
			      const struct cel_value *values, size_t count)
{
	struct cel_value *new_keys = arena_array(arena, count, sizeof(*keys));
	struct cel_value *new_values = arena_array(arena, count, sizeof(*values));
	struct cel_value out = cel_null_value;
	size_t kept = 0, repeated;
	GHashTable *seen;

	if (are_names(keys, count)) {
		memcpy(new_keys, keys, count * sizeof(*keys));
		memcpy(new_values, values, count * sizeof(*values));
		cel_value_map(arena, new_keys, new_values, count, &out, &repeated);
		return out;
	}
	seen = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref,
				     NULL);
	for (size_t i = count; i-- > 0;) {
		GString *text = g_string_new(NULL);

		cel_value_append(text, &keys[i], CEL_JSON);
		if (g_hash_table_add(seen, g_string_free_to_bytes(text))) {
			new_keys[count - ++kept] = keys[i];
			new_values[count - kept] = values[i];
		}
	}
	g_hash_table_destroy(seen);
	cel_value_map(arena, new_keys + (count - kept), new_values + (count - kept), kept, &out,
		      &repeated);
	return out;
}

bool cel_value_member(const struct cel_value *map, struct slice name, struct cel_value *out)
{
	const struct doc_node *child;

	if (!(map->flags & CEL_LAZY)) {
		struct cel_value key = cel_of_string(name);

		return cel_get(map, &key, out);
	}
	child = doc_member(map->node, name.data, name.len);
	if (child && out)
		cel_read_node(out, child, cel_read_child_type(map, child));
	return child != NULL;
}

bool cel_get(const struct cel_value *map, const struct cel_value *key, struct cel_value *out)
{
	struct cel_value tmp;
	size_t at;

	key = map->kind == CEL_MAP ? as_key(key, &tmp) : NULL;
	if (!key)
		return false;
	if (map->flags & CEL_LAZY)
		return key->kind == CEL_STRING && cel_value_member(map, key->string, out);
	at = map_find(map->map, key);
	if (at == SIZE_MAX)
		return false;
	if (out)
		*out = map->map->values[at];
	return true;
}

/* --- Types at run time */

static const struct cel_type *const kind_types[] = {
	[CEL_NULL] = &cel_null,
	[CEL_BOOL] = &cel_bool,
	[CEL_INT] = &cel_int,
	[CEL_UINT] = &cel_uint,
	[CEL_DOUBLE] = &cel_double,
	[CEL_STRING] = &cel_string,
	[CEL_BYTES] = &cel_bytes,
	[CEL_LIST] = &cel_type_list_dyn,
	[CEL_MAP] = &cel_type_map_dyn,
	[CEL_TIMESTAMP] = &cel_timestamp,
	[CEL_DURATION] = &cel_duration,
	[CEL_TYPE] = &cel_type_type,
	[CEL_OPTIONAL] = &cel_type_optional_dyn,
	[CEL_DATE] = &cel_date,
	[CEL_DAY] = &cel_day,
	[CEL_SPAN] = &cel_span,
	[CEL_VERSION] = &cel_version,
	[CEL_QUANTITY] = &cel_quantity,
	[CEL_ABSENT] = &cel_dyn,
	[CEL_ERROR] = &cel_error_type,
};

const struct cel_type *cel_value_type(const struct cel_value *value)
{
	return kind_types[value->kind];
}

uint32_t cel_value_kinds(const struct cel_type *type)
{
	uint32_t kinds = 0;

	switch (type->kind) {
	case CEL_T_DYN:
	case CEL_T_PARAM:
	case CEL_T_ERROR:
		return ~(1U << CEL_ABSENT | 1U << CEL_ERROR);
	case CEL_T_NULLABLE:
		return 1U << CEL_NULL | cel_value_kinds(type->params[0]);
	case CEL_T_OBJECT:
		return 1U << CEL_MAP;
	case CEL_T_OPAQUE:
		return 0;
	case CEL_T_DATE: /* what is not there is an open bound */
		return 1U << CEL_DATE | 1U << CEL_NULL | 1U << CEL_ABSENT;
	case CEL_T_NULL:
		return 1U << CEL_NULL | 1U << CEL_ABSENT;
	default:
		for (size_t kind = 0; kind < CEL_ABSENT; kind++)
			kinds |= (uint32_t)(kind_types[kind]->kind == type->kind) << kind;
		return kinds;
	}
}

bool cel_value_fits(const struct cel_value *value, const struct cel_type *type)
{
	return cel_value_kinds(type) >> value->kind & 1;
}

const char *cel_kind_name(enum cel_kind kind)
{
	static const char *const names[] = {
		[CEL_NULL] = "null_type",
		[CEL_BOOL] = "bool",
		[CEL_INT] = "int",
		[CEL_UINT] = "uint",
		[CEL_DOUBLE] = "double",
		[CEL_STRING] = "string",
		[CEL_BYTES] = "bytes",
		[CEL_LIST] = "list",
		[CEL_MAP] = "map",
		[CEL_TIMESTAMP] = "timestamp",
		[CEL_DURATION] = "duration",
		[CEL_TYPE] = "type",
		[CEL_OPTIONAL] = "optional_type",
		[CEL_DATE] = "date",
		[CEL_DAY] = "day",
		[CEL_SPAN] = "span",
		[CEL_VERSION] = "version",
		[CEL_QUANTITY] = "quantity",
		[CEL_ABSENT] = "absent",
		[CEL_ERROR] = "error",
	};

	return names[kind];
}
