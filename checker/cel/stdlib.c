/*
 * The table of the standard library, made from stdlib.def, and the names of types.
 */
#include "cel/std.h"

#define BOOL &cel_bool
#define BYTES &cel_bytes
#define DOUBLE &cel_double
#define DURATION &cel_duration
#define TIMESTAMP &cel_timestamp
#define INT &cel_int
#define UINT &cel_uint
#define STRING &cel_string
#define DYN &cel_dyn
#define NOTHING &cel_null
#define DATE &cel_date
#define DAY &cel_day
#define SPAN &cel_span
#define VERSION &cel_version
#define QUANTITY &cel_quantity
#define A &type_param_a
#define B &type_param_b
#define TYPE_A &type_type_a
#define LIST_A &type_list_a
#define LIST_DYN &type_list_dyn
#define LIST_STRING &type_list_string
#define LIST_INT &type_list_int
#define LIST_UINT &type_list_uint
#define LIST_DOUBLE &type_list_double
#define LIST_DATE &type_list_date
#define LIST_LIST_A &type_list_list_a
#define LIST_OPTIONAL_A &type_list_optional_a
#define MAP_AB &type_map_a_b
#define OPTIONAL_A &type_optional_a
#define OPTIONAL_B &type_optional_b
#define OPTIONAL_LIST_A &type_optional_list_a
#define OPTIONAL_MAP_AB &type_optional_map_a_b

/* One before the first, so that an empty list is one too. */
#define LIST(...) ((const struct cel_type *const[]){NULL, __VA_ARGS__})
#define COUNT(params) (sizeof(params) / sizeof(*(params)) - 1)
#define OVERLOAD(name, style, result, params, call, doc, example)                                  \
	{{{name, sizeof(name) - 1}, CEL_##style, LIST params + 1, COUNT(LIST params), result, call},   \
	 doc,                                                                                      \
	 example},

#define ORDER_OF(name, type, doc, example)                                                         \
	OVERLOAD(name, GLOBAL, BOOL, (type, type), NULL, doc, example)
#define ORDERED(name, doc, example)                                                                \
	ORDER_OF(name, BOOL, doc, "")                                                              \
	ORDER_OF(name, INT, doc, example)                                                          \
	ORDER_OF(name, UINT, doc, "")                                                              \
	ORDER_OF(name, DOUBLE, doc, "")                                                            \
	ORDER_OF(name, STRING, doc, "")                                                            \
	ORDER_OF(name, BYTES, doc, "")                                                             \
	ORDER_OF(name, TIMESTAMP, doc, "")                                                         \
	ORDER_OF(name, DURATION, doc, "")                                                          \
	ORDER_OF(name, DAY, doc, "")                                                               \
	ORDER_OF(name, VERSION, doc, "")                                                           \
	ORDER_OF(name, QUANTITY, doc, "")

#define EXTREME(name, call, doc, example)                                                          \
	OVERLOAD(name, GLOBAL, DOUBLE, (DOUBLE), call, doc, "")                                    \
	OVERLOAD(name, GLOBAL, INT, (INT), call, doc, "")                                          \
	OVERLOAD(name, GLOBAL, UINT, (UINT), call, doc, "")                                        \
	OVERLOAD(name, GLOBAL, DOUBLE, (DOUBLE, DOUBLE), call, doc, "")                            \
	OVERLOAD(name, GLOBAL, INT, (INT, INT), call, doc, "")                                     \
	OVERLOAD(name, GLOBAL, UINT, (UINT, UINT), call, doc, "")                                  \
	OVERLOAD(name, GLOBAL, DYN, (INT, UINT), call, doc, "")                                    \
	OVERLOAD(name, GLOBAL, DYN, (INT, DOUBLE), call, doc, "")                                  \
	OVERLOAD(name, GLOBAL, DYN, (DOUBLE, INT), call, doc, "")                                  \
	OVERLOAD(name, GLOBAL, DYN, (DOUBLE, UINT), call, doc, "")                                 \
	OVERLOAD(name, GLOBAL, DYN, (UINT, INT), call, doc, "")                                    \
	OVERLOAD(name, GLOBAL, DYN, (UINT, DOUBLE), call, doc, "")                                 \
	OVERLOAD(name, GLOBAL, DOUBLE, (LIST_DOUBLE), call, doc, "")                               \
	OVERLOAD(name, GLOBAL, INT, (LIST_INT), call, doc, example)                                \
	OVERLOAD(name, GLOBAL, UINT, (LIST_UINT), call, doc, "")

#define BOUND(name, call, doc, example)                                                            \
	OVERLOAD(name, GLOBAL, DAY, (DATE), call, doc, "")                                         \
	OVERLOAD(name, GLOBAL, DAY, (DAY), call, doc, "")                                          \
	OVERLOAD(name, GLOBAL, DAY, (LIST_DATE), call, doc, "")                                    \
	OVERLOAD(name, GLOBAL, DAY, (STRING), call, doc, example)                                  \
	OVERLOAD(name, GLOBAL, DAY, (LIST_STRING), call, doc, "")                                  \
	OVERLOAD(name, GLOBAL, DAY, (INT), call, doc, "")                                          \
	OVERLOAD(name, GLOBAL, DAY, (NOTHING), call, doc, "")

#define SURELY_DOC "whether every day that the first can mean lies before the second"
#define SURELY(type)                                                                               \
	OVERLOAD("surely_before", GLOBAL, BOOL, (type, DATE), date_surely, SURELY_DOC, "")         \
	OVERLOAD("surely_before", GLOBAL, BOOL, (type, DAY), date_surely, SURELY_DOC, "")          \
	OVERLOAD("surely_before", GLOBAL, BOOL, (type, LIST_DATE), date_surely, SURELY_DOC, "")    \
	OVERLOAD("surely_before", GLOBAL, BOOL, (type, STRING), date_surely, SURELY_DOC, "")

static const struct cel_type type_optional_b = {
	.kind = CEL_T_OPTIONAL,
	.params = (const struct cel_type *const[]){&type_param_b},
	.param_count = 1,
};
static const struct cel_type type_list_optional_a = {
	.kind = CEL_T_LIST,
	.params = (const struct cel_type *const[]){&type_optional_a},
	.param_count = 1,
};

const struct overload stdlib[] = {
#include "cel/stdlib.def"
};
const size_t stdlib_count = G_N_ELEMENTS(stdlib);

static const struct {
	const char *name;
	const struct cel_type *type;
} type_names[] = {
	{"bool", &cel_bool},
	{"int", &cel_int},
	{"uint", &cel_uint},
	{"double", &cel_double},
	{"string", &cel_string},
	{"bytes", &cel_bytes},
	{"null_type", &cel_null},
	{"list", &type_list_dyn},
	{"map", &type_map_dyn},
	{"type", &type_type},
	{"optional_type", &type_optional_dyn},
	{"google.protobuf.Timestamp", &cel_timestamp},
	{"google.protobuf.Duration", &cel_duration},
	{"date", &cel_date},
	{"day", &cel_day},
};

const struct cel_type *stdlib_type(struct slice name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(type_names); i++)
		if (slice_equal(name, slice_of(type_names[i].name)))
			return type_names[i].type;
	return NULL;
}

bool stdlib_takes_absent(const struct overload *overload)
{
	return overload->decl.call == date_earliest_of || overload->decl.call == date_latest_of ||
	       overload->decl.call == date_surely;
}

bool stdlib_tracks_as_of(const struct overload *overload)
{
	return stdlib_takes_absent(overload) || overload->decl.call == add_span ||
	       overload->decl.call == subtract_span || overload->decl.call == same;
}

/* --- What implementations share */

struct slice std_keep(const struct cel_call *call, GString *text)
{
	struct slice out = {arena_dup(call->scratch, text->str, text->len), text->len};

	g_string_free(text, TRUE);
	return out;
}

struct cel_value std_text(const struct cel_call *call, GString *text)
{
	return cel_of_string(std_keep(call, text));
}

bool std_charge(const struct cel_call *call, size_t work)
{
	return run_step(call->run, work / 16);
}

struct cel_value std_spent(const struct cel_call *call)
{
	struct cel_value error = FAIL(call, BUDGET, 0);

	((struct cel_fault *)(uintptr_t)error.fault)->kind = CEL_FAULT_BUDGET;
	return error;
}

struct cel_value std_uint(uint64_t number)
{
	return (struct cel_value){.kind = CEL_UINT, .unsigned_ = number};
}

struct cel_value std_double(double number)
{
	return (struct cel_value){.kind = CEL_DOUBLE, .number = number};
}
