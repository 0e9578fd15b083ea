/*
 * CEL, the Common Expression Language: declare, compile, evaluate, explain. For ruleset/ and the
 * command `planlint eval`. The whole language as cel-go has it, with the libraries strings, math,
 * lists, encoders, bindings and optionals, and planlint's own types (objects of a schema, partial
 * dates, days, versions, quantities) and functions (DESIGN.md section 5).
 *
 * An environment declares names; a program is compiled in one and immutable; an evaluation takes an
 * activation (the values of the variables) and a scratch arena, in which its result lives. Scalars
 * allocate nothing. Environments are read-only once programs run; programs may run in any number of
 * threads, each with its own activation and arena.
 *
 * Every value that came from a document carries its node, so that results explain themselves.
 */
#ifndef PLANLINT_CEL_CEL_H
#define PLANLINT_CEL_CEL_H

#include "base/arena.h"
#include "base/date.h"
#include "base/symbols.h"
#include "base/text.h"
#include "document/document.h"
#include "source/finding.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cel_env;
struct cel_code;
struct cel_program;
struct cel_run;
struct regex;

/* --- Types */

enum cel_type_kind {
	CEL_T_DYN, /* anything, known only when it runs */
	CEL_T_NULL,
	CEL_T_BOOL,
	CEL_T_INT,
	CEL_T_UINT,
	CEL_T_DOUBLE,
	CEL_T_STRING,
	CEL_T_BYTES,
	CEL_T_TIMESTAMP,
	CEL_T_DURATION,
	CEL_T_LIST,     /* params[0]: the items */
	CEL_T_MAP,      /* params[0]: the keys, params[1]: the values */
	CEL_T_OPTIONAL, /* params[0] */
	CEL_T_TYPE,     /* params[0]: the type that it names; none: any */
	CEL_T_NULLABLE, /* params[0] or null: CEL's wrapper types */
	CEL_T_PARAM,    /* a type parameter of a function, by name */
	CEL_T_OPAQUE,   /* a type of the host by name, with params */
	CEL_T_OBJECT,   /* an object of a schema: name, fields, rest */
	CEL_T_DATE,     /* a date of any precision; compared after earliest() or latest() */
	CEL_T_DAY,      /* one day, or an open bound; compares */
	CEL_T_SPAN,     /* days(n), months(n), years(n): may be added to a day */
	CEL_T_VERSION,
	CEL_T_QUANTITY,
	CEL_T_ERROR, /* of an expression that has been complained about */
};

struct cel_field {
	struct slice name;
	uint32_t symbol; /* set by cel_env_object_fields() */
	const struct cel_type *type;
	enum { CEL_FIELD_OPTIONAL, CEL_FIELD_REQUIRED } presence;
};

/* Types are compared by structure, object types by identity; so they may refer to each other. */
struct cel_type {
	enum cel_type_kind kind;
	struct slice name; /* PARAM, OPAQUE, OBJECT */
	const struct cel_type *const *params;
	size_t param_count;
	const struct cel_field *fields; /* OBJECT */
	size_t field_count;
	const struct cel_type
		*rest; /* OBJECT: the type of fields not listed; NULL: there are none */
	const struct slice *values; /* STRING: the only ones allowed (an enum); NULL: any */
	size_t value_count;
	uint64_t max_size; /* LIST, MAP, STRING: the most there can be, for costs; 0: not known */
};

extern const struct cel_type cel_dyn, cel_null, cel_bool, cel_int, cel_uint, cel_double, cel_string,
	cel_bytes, cel_timestamp, cel_duration, cel_date, cel_day, cel_span, cel_version,
	cel_quantity;

const struct cel_type *cel_type_list(struct arena *arena, const struct cel_type *item);
const struct cel_type *cel_type_map(struct arena *arena, const struct cel_type *key,
				    const struct cel_type *value);
const struct cel_type *cel_type_nullable(struct arena *arena, const struct cel_type *type);
const struct cel_type *cel_type_optional(struct arena *arena, const struct cel_type *type);
const struct cel_type *cel_type_enum(struct arena *arena, const struct slice *values, size_t count);

/* An object type without fields yet, so that it can be referred to before they are known. */
struct cel_type *cel_type_object(struct arena *arena, struct slice name);

/* Appends it as cel-go writes types: int, list(string), map(string, dyn); objects by name. */
void cel_type_append(GString *out, const struct cel_type *type);
bool cel_type_equal(const struct cel_type *a, const struct cel_type *b);

/* The field of an object type, or NULL. */
const struct cel_field *cel_type_field(const struct cel_type *object, struct slice name);

/* --- Values */

enum cel_kind {
	CEL_NULL,
	CEL_BOOL,
	CEL_INT,
	CEL_UINT,
	CEL_DOUBLE,
	CEL_STRING,
	CEL_BYTES,
	CEL_LIST,
	CEL_MAP,
	CEL_TIMESTAMP,
	CEL_DURATION,
	CEL_TYPE,
	CEL_OPTIONAL,
	CEL_DATE,
	CEL_DAY,
	CEL_SPAN,
	CEL_VERSION,
	CEL_QUANTITY,
	CEL_ABSENT, /* an optional read of what is not there; node: the deepest part that is */
	CEL_ERROR,
};

enum cel_value_flag {
	CEL_LAZY = 1 << 0,  /* LIST, MAP: the children of `node`, read as `type` says */
	CEL_AS_OF = 1 << 1, /* DAY: as_of, or as_of and so many months and days */
};

struct cel_map;

/* What went wrong in an expression, or while it ran. */
struct cel_fault {
	struct span span; /* in the text of the expression */
	struct phrase message;
	struct phrase label;         /* words at the caret; may be empty */
	struct phrase hint;          /* what to type; may be empty */
	const struct doc_node *node; /* at run time: the value that it happened on; may be NULL */
	enum { CEL_FAULT, CEL_FAULT_BUDGET } kind;
};

struct cel_time {
	int64_t seconds; /* since 1970-01-01T00:00:00Z */
	int32_t nanos;   /* 0 to 999999999 */
};

struct cel_day_value {
	int64_t day;    /* or DAY_OPEN_START, DAY_OPEN_END */
	int32_t months; /* CEL_AS_OF: as_of and so many months, */
	int32_t days;   /* then so many days, is `day` */
};

struct cel_value {
	uint8_t kind;                /* enum cel_kind */
	uint8_t flags;               /* enum cel_value_flag */
	uint16_t scheme;             /* VERSION: 0 semver, 1 pep440 */
	const struct doc_node *node; /* where it came from; NULL: computed */
	union {
		bool boolean;
		int64_t integer;
		uint64_t unsigned_;
		double number;
		struct slice string; /* STRING, BYTES, VERSION */
		struct {
			const struct cel_value *items; /* LIST, not lazy */
			size_t count;
		};
		const struct cel_map *map;     /* MAP, not lazy */
		const struct cel_type *type;   /* TYPE; lazy LIST, MAP: how to read it, NULL: dyn */
		struct cel_time time;          /* TIMESTAMP */
		int64_t nanos;                 /* DURATION */
		const struct cel_value *inner; /* OPTIONAL; NULL: none */
		struct date date;              /* DATE */
		struct cel_day_value day;      /* DAY */
		struct {
			int32_t months;
			int32_t days;
		} span;
		struct {
			int64_t high;
			uint64_t low;
		} quantity;                    /* in billionths, 128 bits */
		const struct cel_fault *fault; /* ERROR */
	};
};

/*
 * The value of a node read as a type (NULL: dyn): `integer` 1.0 is the int 1, a number of type
 * double is one however it is written, a string or year of type date a date. A node that is not of
 * the type is read as dyn; NULL gives CEL_ABSENT.
 */
struct cel_value cel_of_node(const struct doc_node *node, const struct cel_type *type);
void cel_of_node_into(struct cel_value *out, const struct doc_node *node,
		      const struct cel_type *type);

struct cel_value cel_of_bool(bool value);
struct cel_value cel_of_int(int64_t value);
struct cel_value cel_of_string(struct slice text);                          /* not copied */
struct cel_value cel_of_items(const struct cel_value *items, size_t count); /* not copied */
struct cel_value cel_of_day(int64_t day);
struct cel_value cel_of_as_of(int64_t day); /* the variable as_of: see cel_activation */
struct cel_value cel_absent(const struct doc_node *deepest);
extern const struct cel_value cel_null_value;

/* A map of `count` pairs (copied; of equal keys the last counts); keys are scalars. */
struct cel_value cel_of_pairs(struct arena *arena, const struct cel_value *keys,
			      const struct cel_value *values, size_t count);

/* Of a list or map, else 0. */
size_t cel_size(const struct cel_value *value);
/* By index, which must be below the size; a lazy list walks, so prefer cel_next() for all items. */
struct cel_value cel_item(const struct cel_value *list, size_t index);
/* The value at a key of a map: false where it has none. `out` NULL: not wanted. */
bool cel_get(const struct cel_value *map, const struct cel_value *key, struct cel_value *out);

/* All items, or keys and values: struct cel_walk w = {0}; while (cel_next(&list, &w)) w.key,
 * w.value */
struct cel_walk {
	size_t index; /* one more than that of the item */
	const struct doc_node *node;
	struct cel_value key; /* of a list the index */
	struct cel_value value;
};
bool cel_next(const struct cel_value *container, struct cel_walk *walk);

/* CEL langdef: Equality. Numbers across types by value; NaN equals nothing. */
bool cel_equal(const struct cel_value *a, const struct cel_value *b);

/* Order of two values of one kind that has one (numbers across kinds): true and `order` set. */
bool cel_compare(const struct cel_value *a, const struct cel_value *b, int *order);

enum cel_style {
	CEL_AS_WRITTEN, /* for messages: a node as it stands in the file, strings bare, absent as
			   "-" */
	CEL_LITERAL,    /* for explanations: strings quoted, days as dates, lists as [a, b] */
	CEL_JSON,       /* canonical JSON; what JSON has not as a string */
};
void cel_value_append(GString *out, const struct cel_value *value, enum cel_style style);

/* "int", "string", "date": for messages. */
const char *cel_kind_name(enum cel_kind kind);

/* --- Environments */

/*
 * An environment that has what `parent` declares (NULL: nothing) and the standard library.
 * `symbols`: those that all documents are read with (taken from the parent where NULL; NULL in
 * both: fields are looked up by text). The parent must outlive it.
 */
struct cel_env *cel_env_new(const struct cel_env *parent, struct symbols *symbols);
void cel_env_free(struct cel_env *env); /* its programs die with it; NULL is allowed */

/* The namespace in which names are looked up first ("a.b"). */
void cel_env_container(struct cel_env *env, struct slice name);

/*
 * Declares a variable, whose name may have dots, and returns its slot: 0, 1, 2 ... in order, those
 * of the parent first. Names and types are not copied and must outlive it. A second declaration of
 * a name hides the first.
 */
unsigned cel_env_variable(struct cel_env *env, struct slice name, const struct cel_type *type);
unsigned cel_env_variable_count(const struct cel_env *env);
struct slice cel_env_variable_name(const struct cel_env *env, unsigned slot);
/* The slot, or -1. */
int cel_env_slot(const struct cel_env *env, struct slice name);

/* Gives an object type its fields (not copied) and their symbols. */
void cel_env_object_fields(struct cel_env *env, struct cel_type *object, struct cel_field *fields,
			   size_t count, const struct cel_type *rest);

/*
 * vocabulary("name") and table("name"): the name is a literal, resolved and checked when a program
 * is compiled. `type` is that of the value: list(string), map(string, row).
 */
void cel_env_vocabulary(struct cel_env *env, struct slice name, const struct cel_type *type,
			struct cel_value value);
void cel_env_table(struct cel_env *env, struct slice name, const struct cel_type *type,
		   struct cel_value value);

/* What a host function is told besides its arguments. */
struct cel_call {
	struct arena *scratch;       /* for the result */
	void *context;               /* of the activation */
	struct cel_run *run;         /* for functions of cel/ itself */
	const struct cel_code *code; /* where in the program the call stands */
	const struct regex *regex;   /* the cel_same: of a literal pattern */
};

typedef struct cel_value cel_function(const struct cel_call *call, const struct cel_value *args,
				      size_t count);

/* A function of the host. Types may have CEL_T_PARAM. Several of a name are overloads. */
struct cel_overload {
	struct slice name;                     /* "f", or with a namespace "a.f" */
	enum { CEL_GLOBAL, CEL_METHOD } style; /* f(x, y) or x.f(y): params[0] is then that of x */
	const struct cel_type *const *params;
	size_t param_count;
	const struct cel_type *result;
	cel_function *call; /* NULL: only declared */
};
void cel_env_function(struct cel_env *env, const struct cel_overload *overload);

/* The value that a host function gives to fail: the message has the values already. */
struct cel_value cel_fail(const struct cel_call *call, struct phrase message);

/* --- Programs */

enum cel_mode {
	CEL_STRICT,    /* as rules are: no read of what may be absent, closed objects, enums */
	CEL_LENIENT,   /* the cel_same, but what may be absent may be read: it gives CEL_ABSENT */
	CEL_PLAIN,     /* as cel-go checks: what is absent is an error when it runs */
	CEL_UNCHECKED, /* no types */
};

struct cel_options {
	enum cel_mode mode;
	const struct cel_type *want; /* the type that the result must be assignable to; NULL: any */
	/* Programs of the same variables that are true whenever this one runs: their facts hold. */
	const struct cel_program *const *assume;
	size_t assume_count;
};

struct cel_faults {
	const struct cel_fault *faults; /* sorted by place, at most CEL_FAULTS_MAX */
	size_t count;
	size_t left_out; /* how many more there were */
};

enum { CEL_FAULTS_MAX = 100, CEL_DEPTH_MAX = 250, CEL_TEXT_MAX = 1 << 20 };

/*
 * Parses and checks. The program lives in `arena` (and with `env`); `text` is copied into it.
 * NULL where anything is wrong: `faults`, in `arena` too, says what. `options` NULL: strict.
 */
const struct cel_program *cel_compile(struct cel_env *env, struct slice text,
				      const struct cel_options *options, struct arena *arena,
				      struct cel_faults *faults);

struct slice cel_program_text(const struct cel_program *program);

/*
 * The texts of the operands of && that a program consists of, in their order; of one that is no &&
 * its whole text. Fills at most `max` of `out`, parts of the program's text, and returns how many
 * there are. Any of them that is false makes the program false, whatever the others are (CEL
 * langdef: Logical Operators).
 */
size_t cel_program_conjuncts(const struct cel_program *program, struct slice *out, size_t max);

const struct cel_type *cel_program_type(const struct cel_program *program);

enum cel_read_use {
	CEL_READ_WHOLE,   /* the value and all that is in it */
	CEL_READ_SHALLOW, /* whether it is there, and how many items it has */
};

/* A place that a program reads: a variable's slot, then names; a step without data is any item. */
struct cel_read {
	unsigned slot;
	const struct slice *steps;
	size_t step_count; /* 0: the variable itself */
	enum cel_read_use use;
	const struct cel_type *type; /* of what is there */
	struct span span;            /* where the expression reads it */
};
const struct cel_read *cel_program_reads(const struct cel_program *program, size_t *count);
bool cel_program_reads_slot(const struct cel_program *program, unsigned slot);

/* An upper bound of the steps that an evaluation takes; UINT64_MAX: none is known. */
uint64_t cel_program_cost(const struct cel_program *program);

/* What deserves a warning: comprehensions nested over the same list. */
const struct cel_fault *cel_program_warnings(const struct cel_program *program, size_t *count);

/* --- Evaluation */

enum { CEL_BUDGET = 1000000 };

struct cel_activation {
	const struct cel_value *variables; /* by slot; CEL_ABSENT: not there */
	size_t variable_count;
	enum language language; /* of words() */
	uint64_t budget;        /* in steps; 0: CEL_BUDGET */
	void *context;          /* of host functions and `key` */
	/* key(x); NULL: x itself as text */
	struct cel_value (*key)(const struct cel_call *call, const struct cel_value *value);

	/* Filled by the evaluation: the steps it took, and the days as_of for which it is the same
	 * (only narrowed, so that several evaluations can share them; start with the open bounds).
	 */
	uint64_t steps;
	int64_t holds_from;
	int64_t holds_until;
};

/* Variables by slot, everything else at its default. */
void cel_activation_init(struct cel_activation *activation, const struct cel_value *variables,
			 size_t count);

/*
 * The value, an error value (kind CEL_ERROR, also when the budget is spent), or CEL_ABSENT in a
 * lenient program. It lives as long as the scratch arena, the documents and the program.
 */
struct cel_value cel_evaluate(const struct cel_program *program, struct cel_activation *activation,
			      struct arena *scratch);

/* The same where the value is wanted; `out` is none of the activation's variables. */
void cel_evaluate_into(struct cel_value *out, const struct cel_program *program,
		       struct cel_activation *activation, struct arena *scratch);

/* --- Mutants: programs that differ in one thing, to see whether an example notices */

struct cel_mutant {
	const struct cel_program *program;
	struct span span;  /* of what is changed or left out, in the text of the original */
	struct slice text; /* what stands there instead; empty: it is left out */
};

/*
 * Calls back for each small change of a program that compiles and has the same type. `when` (may be
 * NULL): a program whose facts hold. It may compile into the environment, so only while no program
 * of it runs elsewhere; mutants live as long as that and `arena`.
 */
void cel_mutate(const struct cel_program *program, const struct cel_program *when,
		struct arena *arena, void (*each)(void *context, const struct cel_mutant *mutant),
		void *context);

/* Another text in place of a program's, or NULL where it does not compile. */
const struct cel_program *cel_mutant_of(const struct cel_program *program, struct slice text,
					const struct cel_program *when, struct arena *arena);

/* --- Explanations */

/* A place in a document that an explanation names. */
struct cel_place {
	const struct doc_node *node; /* for CEL_PLACE_MISSING: what it would stand in */
	enum { CEL_PLACE_VALUE, CEL_PLACE_MISSING } kind;
	struct slice expression; /* the part of the expression that has this value */
	struct slice value;      /* as written in the file; MISSING: the name of the missing step */
};

struct cel_explanation {
	const struct because *because;  /* each part that made it false, with the values it saw */
	const struct cel_place *places; /* in the order of `because`, each node once */
	size_t because_count;
	size_t place_count;
};

/*
 * Why a program of type bool is false (or true, or an error): every conjunct that is so, with
 * values and places; the item for which all() fails, the nearest misses of exists(), of two
 * different strings where they part, for `in` the nearest value. Lives in `scratch`.
 */
struct cel_explanation cel_explain(const struct cel_program *program,
				   struct cel_activation *activation, struct arena *scratch);

#endif
