/*
 * What lies between checking and running, for the files of cel/ only: environments, overloads, the
 * tables that the checker fills by expression id, the state of one evaluation.
 */
#ifndef PLANLINT_CEL_PROGRAM_H
#define PLANLINT_CEL_PROGRAM_H

#include "base/regex.h"
#include "cel/ast.h"

/* --- Environments (env.c) */

/* An overload and its place in the documentation. */
struct overload {
	struct cel_overload decl;
	const char *doc;     /* one line; NULL: the host's */
	const char *example; /* an expression that is true */
};

struct named_value {
	struct slice name;
	const struct cel_type *type;
	struct cel_value value;
};

struct variable {
	struct slice name;
	const struct cel_type *type;
};

struct cel_env {
	const struct cel_env *parent;
	struct symbols *symbols;
	struct slice container;
	unsigned first_slot;  /* slots below are the parents' */
	GArray *variables;    /* struct variable */
	GPtrArray *overloads; /* struct overload, in the arena */
	GArray *vocabularies; /* struct named_value */
	GArray *tables;
	GPtrArray *regexes; /* compiled for its programs */
	struct arena arena;
};

/* The variable of exactly this name, or NULL; its slot. */
const struct variable *cel_env_find_variable(const struct cel_env *env, struct slice name,
					     unsigned *slot);
const struct named_value *cel_env_find_vocabulary(const struct cel_env *env, struct slice name);
const struct named_value *cel_env_find_table(const struct cel_env *env, struct slice name);

/* The overloads of a name, those of the environment first; appended to `out`. */
void cel_env_find_overloads(const struct cel_env *env, struct slice name, GPtrArray *out);

/* All names that could have been meant, for suggestions; appended to `out` (struct slice). */
void cel_env_function_names(const struct cel_env *env, GArray *out);
void cel_env_variable_names(const struct cel_env *env, GArray *out);

/* The standard library (stdlib.c). */
extern const struct overload cel_stdlib[];
extern const size_t cel_stdlib_count;

/* A type by the name that expressions use (int, list, optional_type), or NULL. */
const struct cel_type *cel_stdlib_type(struct slice name);

/* --- Types (types.c, unify.c) */

extern const struct cel_type cel_error_type, cel_type_param_a, cel_type_param_b, cel_type_list_a,
	cel_type_list_dyn, cel_type_map_a_b, cel_type_map_dyn, cel_type_type_a, cel_type_type,
	cel_type_optional_a, cel_type_list_string, cel_type_list_int, cel_type_list_uint,
	cel_type_list_double, cel_type_optional_dyn, cel_type_list_date, cel_type_list_list_a,
	cel_type_optional_list_a, cel_type_optional_map_a_b;

/* Type variables and what they stand for while an expression is checked. */
struct unifier {
	struct arena *arena;
	GPtrArray *meant; /* by variable: a type or NULL */
	GArray *trail;    /* struct {unsigned variable; const struct cel_type *before} */
};

const struct cel_type *cel_unify_fresh(struct unifier *unifier);

/* Whether `from` may stand where `to` is asked; variables are bound only if so. */
bool cel_unify_assignable(struct unifier *unifier, const struct cel_type *from,
			  const struct cel_type *to);
bool cel_unify_assignable_list(struct unifier *unifier, const struct cel_type *const *from,
			       const struct cel_type *const *to, size_t count);

/* The type with variables replaced; `dyn_rest`: those that nothing is known of by dyn. */
const struct cel_type *cel_unify_substitute(struct unifier *unifier, const struct cel_type *type,
					    bool dyn_rest);

/* The type of a list whose items are of both: the more general one, or dyn. */
const struct cel_type *cel_unify_join(struct unifier *unifier, const struct cel_type *before,
				      const struct cel_type *type);

/* A copy of a function's types with fresh variables for its parameters. */
void cel_unify_instantiate(struct unifier *unifier, const struct cel_overload *decl,
			   const struct cel_type **params, const struct cel_type **result);

const struct cel_type *cel_type_with(struct arena *arena, enum cel_type_kind kind,
				     struct slice name, const struct cel_type *const *params,
				     size_t count);
const struct cel_type *cel_type_of_type(struct arena *arena, const struct cel_type *type);

/* --- Programs */

enum ref_kind {
	REF_NONE,
	REF_LOCAL,    /* slot: of the run's locals */
	REF_VARIABLE, /* slot: of the activation; on a SELECT too (a name with dots) */
	REF_CONSTANT, /* a type's name, a vocabulary, a table */
	REF_FUNCTION,
	REF_UNKNOWN, /* unchecked: an error when it runs */
};

/* The kinds of values that an overload takes for each parameter, a bit each. */
struct kinds {
	uint32_t of[3];
};

struct ref {
	uint8_t kind;
	bool lenient;    /* SELECT, CALL of an index: what is absent gives CEL_ABSENT */
	bool no_target;  /* CALL: the target is part of the function's name */
	uint16_t chosen; /* FUNCTION: first of `overloads` to try */
	uint16_t overload_count;
	uint32_t slot;
	uint32_t symbol;               /* SELECT: of the field */
	uint32_t local_id;             /* LOCAL; FOLD, BIND: which declaration, from 1 */
	const struct cel_type *object; /* SELECT: the static type of the operand, and */
	const struct cel_field *field; /* its field */
	const struct overload *const *overloads;
	const struct kinds *kinds; /* of each of them; NULL: they take too many */
	struct cel_value constant;
	const struct regex *regex; /* CALL of matches with a literal */
};

struct cel_program {
	struct cel_env *env;
	struct slice text;
	struct cel_expr *root;
	uint32_t count;                /* of nodes */
	const struct cel_type **types; /* by id */
	struct ref *refs;              /* by id */
	uint32_t *cells;               /* by id: the number of its cell */
	const struct cel_read *reads;
	size_t read_count;
	uint64_t cost;
	const struct cel_fault *warnings;
	size_t warning_count;
	/* What an evaluation reads of it: last, so that it lies beside the code. */
	uint32_t local_count;
	enum cel_mode mode;
};

/* check.c: fills the tables; faults are added to the list. */
void cel_check_program(struct cel_program *program, const struct cel_options *options,
		       struct arena *arena, struct fault_list *faults);

/* reads.c: what it reads, what it costs, what is nested. */
void cel_reads_collect(struct cel_program *program, struct arena *arena);
void cel_cost_estimate(struct cel_program *program, struct arena *arena);

/* --- Facts (facts.c): paths known to be there */

struct facts {
	struct arena *arena;
	GPtrArray *paths; /* char * */
};

/* The path that an expression reads, as text that is equal for equal paths; NULL: it is none. */
const char *cel_facts_path(const struct cel_program *program, const struct cel_expr *expr,
			   struct arena *arena);

/* Adds what follows from an expression being true (or false). */
void cel_facts_add(struct facts *facts, const struct cel_program *program,
		   const struct cel_expr *expr, bool is_true);
bool cel_facts_know(const struct facts *facts, const struct cel_program *program,
		    const struct cel_expr *expr);

/* --- Evaluation: code.h, and */

/* An error value of a function: the message's name, the number of its values, the values. */
#define FAIL(call, code, ...)                                                                      \
	cel_fail((call), phrase_make((call)->scratch, MESSAGE_CEL_RUN_##code, __VA_ARGS__))

/* show.c: a text cut where it is long; a value as a literal; both sides of a comparison. */
struct slice cel_show_cut(struct arena *scratch, struct slice text);
void cel_show_value(GString *out, const struct cel_value *value, struct arena *scratch);
void cel_show_comparison(GString *out, enum expr_op op, const struct cel_value args[2],
			 struct arena *scratch);

/* Whether a function takes what is absent as an open bound (earliest, latest, surely_before). */
bool cel_stdlib_takes_absent(const struct overload *overload);

/* Whether it carries as_of on into its result, or compares it itself. */
bool cel_stdlib_tracks_as_of(const struct overload *overload);

/* values.c */

struct cel_map {
	const struct cel_value *keys;
	const struct cel_value *values;
	size_t count;
	uint32_t *index; /* open addressing, entries + 1; NULL: few entries */
	uint32_t mask;
};

struct cel_value cel_value_error(struct arena *arena, struct span span, struct phrase message,
				 const struct doc_node *node);
/* cel_next() into two structs of the caller; NULL: not wanted. */
bool cel_value_next(const struct cel_value *container, struct cel_walk *walk, struct cel_value *key,
		    struct cel_value *value);
struct cel_value cel_value_list(const struct cel_value *items, size_t count);
/* False: a key occurs twice, at `repeated`. */
bool cel_value_map(struct arena *arena, const struct cel_value *keys,
		   const struct cel_value *values, size_t count, struct cel_value *out,
		   size_t *repeated);
const struct cel_type *cel_value_type(const struct cel_value *value);
bool cel_value_is_key(const struct cel_value *value);

/* The member of a map by name; `out` NULL: not wanted. */
bool cel_value_member(const struct cel_value *map, struct slice name, struct cel_value *out);

/* The kinds of values that may be passed where a type is asked, a bit each. */
uint32_t cel_value_kinds(const struct cel_type *type);

/* Whether a value at run time may be passed where a type is asked. */
bool cel_value_fits(const struct cel_value *value, const struct cel_type *type);

/* format.c: the text of a value into an arena. */
struct slice cel_value_text(struct arena *arena, const struct cel_value *value,
			    enum cel_style style);

#endif
