/*
 * The table of the standard library, made from stdlib.def, and the names of types.
 */
#include "cel/std.h"

#include "source/message.h"

#define BOOL            &cel_bool
#define BYTES           &cel_bytes
#define DOUBLE          &cel_double
#define DURATION        &cel_duration
#define TIMESTAMP       &cel_timestamp
#define INT             &cel_int
#define UINT            &cel_uint
#define STRING          &cel_string
#define DYN             &cel_dyn
#define NOTHING         &cel_null
#define DATE            &cel_date
#define DAY             &cel_day
#define SPAN            &cel_span
#define VERSION         &cel_version
#define QUANTITY        &cel_quantity
#define A               &cel_type_param_a
#define B               &cel_type_param_b
#define TYPE_A          &cel_type_type_a
#define LIST_A          &cel_type_list_a
#define LIST_DYN        &cel_type_list_dyn
#define LIST_STRING     &cel_type_list_string
#define LIST_INT        &cel_type_list_int
#define LIST_UINT       &cel_type_list_uint
#define LIST_DOUBLE     &cel_type_list_double
#define LIST_DATE       &cel_type_list_date
#define LIST_LIST_A     &cel_type_list_list_a
#define LIST_OPTIONAL_A &type_list_optional_a
#define MAP_AB          &cel_type_map_a_b
#define OPTIONAL_A      &cel_type_optional_a
#define OPTIONAL_B      &type_optional_b
#define OPTIONAL_LIST_A &cel_type_optional_list_a
#define OPTIONAL_MAP_AB &cel_type_optional_map_a_b

/* One before the first, so that an empty list is one too. */
#define LIST(...)     ((const struct cel_type *const[]){NULL, __VA_ARGS__})
#define COUNT(params) (sizeof(params) / sizeof(*(params)) - 1)
#define OVERLOAD(name, style, result, params, call, doc, example)                                  \
	{{{name, sizeof(name) - 1},                                                                \
	  CEL_##style,                                                                             \
	  LIST params + 1,                                                                         \
	  COUNT(LIST params),                                                                      \
	  result,                                                                                  \
	  call},                                                                                   \
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
	OVERLOAD("surely_before", GLOBAL, BOOL, (type, DATE), cel_date_surely, SURELY_DOC, "")     \
	OVERLOAD("surely_before", GLOBAL, BOOL, (type, DAY), cel_date_surely, SURELY_DOC, "")      \
	OVERLOAD("surely_before", GLOBAL, BOOL, (type, LIST_DATE), cel_date_surely, SURELY_DOC,    \
		 "")                                                                               \
	OVERLOAD("surely_before", GLOBAL, BOOL, (type, STRING), cel_date_surely, SURELY_DOC, "")

static const struct cel_type type_optional_b = {
	.kind = CEL_T_OPTIONAL,
	.params = (const struct cel_type *const[]){&cel_type_param_b},
	.param_count = 1,
};
static const struct cel_type type_list_optional_a = {
	.kind = CEL_T_LIST,
	.params = (const struct cel_type *const[]){&cel_type_optional_a},
	.param_count = 1,
};

const struct overload cel_stdlib[] = {
#include "cel/stdlib.def"
};
const size_t cel_stdlib_count = G_N_ELEMENTS(cel_stdlib);

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
	{"list", &cel_type_list_dyn},
	{"map", &cel_type_map_dyn},
	{"type", &cel_type_type},
	{"optional_type", &cel_type_optional_dyn},
	{"google.protobuf.Timestamp", &cel_timestamp},
	{"google.protobuf.Duration", &cel_duration},
	{"date", &cel_date},
	{"day", &cel_day},
};

const struct cel_type *cel_stdlib_type(struct slice name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(type_names); i++)
		if (slice_equal(name, slice_of(type_names[i].name)))
			return type_names[i].type;
	return NULL;
}

bool cel_stdlib_takes_absent(const struct overload *overload)
{
	return overload->decl.call == cel_date_earliest_of ||
	       overload->decl.call == cel_date_latest_of || overload->decl.call == cel_date_surely;
}

bool cel_stdlib_tracks_as_of(const struct overload *overload)
{
	return cel_stdlib_takes_absent(overload) || overload->decl.call == cel_add_span ||
	       overload->decl.call == cel_subtract_span || overload->decl.call == cel_same;
}

/* --- What implementations share */

/* The text of a GString, kept in the scratch arena; the GString is freed. */
static struct slice keep(const struct cel_call *call, GString *text)
{
	struct slice out = {arena_dup(call->scratch, text->str, text->len), text->len};

	g_string_free(text, TRUE);
	return out;
}

struct cel_value cel_std_text(const struct cel_call *call, GString *text)
{
	return cel_of_string(keep(call, text));
}

bool cel_std_charge(const struct cel_call *call, size_t work)
{
	return cel_run_step(call->run, work / 16);
}

struct cel_value cel_std_spent(const struct cel_call *call)
{
	struct cel_value error = FAIL(call, BUDGET, 0);

	((struct cel_fault *)(uintptr_t)error.fault)->kind = CEL_FAULT_BUDGET;
	return error;
}

struct cel_value cel_std_uint(uint64_t number)
{
	return (struct cel_value){.kind = CEL_UINT, .unsigned_ = number};
}

struct cel_value cel_std_double(double number)
{
	return (struct cel_value){.kind = CEL_DOUBLE, .number = number};
}
