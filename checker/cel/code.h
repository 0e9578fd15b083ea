/*
 * A checked expression in the form in which it runs: one block of 32-byte cells, for the evaluator
 * and what calls it (cel/ only).
 *
 * The tree of the parser and the tables of the checker are made for reading and explaining: a
 * comparison of a field with a text takes fourteen cache lines of them, and a hundred rules more
 * than a cache has. Here it takes three. A node is a cell: the function that evaluates it, what it
 * was made of, and behind it what it needs (a literal's value, the symbols of a path), then its
 * operands, each with all that is below it, as the nodes of a document lie.
 */
#ifndef PLANLINT_CEL_CODE_H
#define PLANLINT_CEL_CODE_H

#include "cel/program.h"

struct cel_run;
struct cel_code;

/* The value of a node, in `tmp` or where it lies already (a literal, a variable). */
typedef const struct cel_value *cel_runner(struct cel_run *run, const struct cel_code *code,
					   struct cel_value *tmp);

enum cel_code_flag {
	CODE_LENIENT = 1 << 0,  /* what is absent gives CEL_ABSENT */
	CODE_OPTIONAL = 1 << 1, /* a.?b, a[?b] */
	CODE_TEST = 1 << 2,     /* has(a.b) */
};

struct cel_code {
	cel_runner *run;
	const struct cel_expr *expr;
	uint32_t size;  /* in cells, with all that is below it: there the next operand begins */
	uint32_t count; /* of operands */
	uint8_t op;     /* enum expr_op, fold_kind or bind_kind */
	uint8_t flags;  /* enum cel_code_flag */
	uint16_t data;  /* cells between it and its first operand */
	uint32_t slot;  /* of a variable or local; cel_run_is: how many texts */
};

/*
 * A chain of plain selects over a variable, so that it is followed through the nodes at once,
 * without a value for each step. It holds where the variable is a map of a document read as `root`;
 * else, and where a missing step is an error, the selects are evaluated one by one.
 */
struct cel_path {
	const struct cel_type *root; /* how the variable must be read; NULL: dyn */
	const struct cel_type *type; /* how the last field is read, as cel_read_plain() wants it */
	uint32_t slot;
	uint8_t count;
	bool is_local;
	bool is_lenient; /* every step: where one is missing the value is CEL_ABSENT */
	uint8_t kind;    /* enum cel_type_kind of `type` */
	uint32_t symbols[];
};

/* A text that a field is compared with, without a look anywhere else. */
struct cel_text {
	uint32_t len;
	char bytes[28];
};

/* A field that a select reads of a map, where documents are read with symbols. */
struct cel_member {
	const struct cel_type *object; /* the type of the map that the checker saw, of which */
	const struct cel_field *field; /* this is the field; NULL: found when it runs */
	uint32_t symbol;               /* SYMBOL_NONE: found by its name */
};

/* The overload that the checker found most likely, by the kinds of values that it takes. */
struct cel_callee {
	cel_function *call; /* NULL: look for it among all of them */
	uint32_t kinds[3];  /* of each argument, a bit each */
	bool has_regex;
	const struct ref *ref; /* NULL: it is no function */
};

union cel_cell {
	struct cel_code code;
	struct cel_value value;
	struct cel_path path; /* and what follows */
	struct cel_callee callee;
	struct cel_member member;
	struct cel_text text;
	uint64_t bytes[4];
};

static inline const union cel_cell *code_data(const struct cel_code *code)
{
	return (const union cel_cell *)code + 1;
}

static inline const struct cel_code *code_first(const struct cel_code *code)
{
	return &((const union cel_cell *)code + 1 + code->data)->code;
}

static inline const struct cel_code *code_next(const struct cel_code *code)
{
	return &((const union cel_cell *)code + code->size)->code;
}

/* The code of a program lies behind it. */
static inline const union cel_cell *program_code(const struct cel_program *program)
{
	return (const union cel_cell *)(program + 1);
}

/* emit.c: the checked program with its code, in `arena`. */
struct cel_program *cel_emit(struct cel_program *program, struct arena *arena);

/* --- Evaluation */

struct cel_run {
	const struct cel_program *program;
	struct cel_activation *activation;
	struct arena *scratch;
	uint64_t steps_left;
	const struct cel_value **locals; /* by slot: where the macro keeps its variable */
};

/* Steps for a node, an item of a fold or of a walk over a container; false: the budget is spent. */
static inline bool cel_run_step(struct cel_run *run, uint64_t steps)
{
	if (run->steps_left < steps) {
		run->steps_left = 0;
		return false;
	}
	run->steps_left -= steps;
	return true;
}

cel_runner cel_run_literal, cel_run_logic, cel_run_conditional, cel_run_present, cel_run_compare,
	cel_run_function, cel_run_or_value, cel_run_bind; /* evaluate.c */
cel_runner cel_run_list, cel_run_map;                     /* aggregate.c */
cel_runner cel_run_ident, cel_run_local, cel_run_path, cel_run_is, cel_run_is_present,
	cel_run_select, cel_run_index; /* access.c */
cel_runner cel_run_fold;               /* fold.c */

/* What goes wrong lies apart from what runs: less code to fetch. */
#define CEL_COLD __attribute__((cold))

CEL_COLD const struct cel_value *cel_run_spent(struct cel_run *run, const struct cel_code *code,
					       struct cel_value *tmp);

/* Evaluates a node; the two kinds that most are without a jump through a pointer. */
static inline const struct cel_value *cel_run(struct cel_run *run, const struct cel_code *code,
					      struct cel_value *tmp)
{
	if (!cel_run_step(run, 1))
		return cel_run_spent(run, code, tmp);
	if (code->run == cel_run_literal)
		return &code_data(code)->value;
	if (code->run == cel_run_path)
		return cel_run_path(run, code, tmp);
	return code->run(run, code, tmp);
}

static inline struct cel_value cel_run_value(struct cel_run *run, const struct cel_code *code)
{
	struct cel_value tmp;

	return *cel_run(run, code, &tmp);
}

/* The value of a part of the program. */
struct cel_value cel_run_expr(struct cel_run *run, const struct cel_expr *expr);

static inline bool cel_is_error(const struct cel_value *value)
{
	return value->kind == CEL_ERROR;
}

/* An error, or nothing there: what a strict function gives back as it is. */
static inline bool cel_is_bottom(const struct cel_value *value)
{
	return value->kind == CEL_ERROR || value->kind == CEL_ABSENT;
}

static inline void cel_set_bool(struct cel_value *out, bool value)
{
	out->kind = CEL_BOOL;
	out->flags = 0;
	out->scheme = 0;
	out->node = NULL;
	out->unsigned_ = 0;
	out->boolean = value;
}

/*
 * The field that a select names, in a map: one of a document is found by its symbol. False: it has
 * none. `out` NULL: not wanted.
 */
bool cel_find_member(const struct cel_code *code, const struct cel_value *map,
		     struct cel_value *out);

/* The value of a select of anything but a field of a map. */
struct cel_value cel_select_rarely(struct cel_run *run, const struct cel_code *code,
				   const struct cel_value *operand);

struct cel_value cel_run_optional(struct cel_run *run, const struct cel_value *value);

CEL_COLD struct cel_value cel_run_fail(struct cel_run *run, const struct cel_expr *expr,
				       struct phrase message, const struct doc_node *node);

CEL_COLD struct cel_value cel_run_budget_error(struct cel_run *run, const struct cel_expr *expr);

/* The error that no function of the name takes such values. */
CEL_COLD struct cel_value cel_run_no_overload(struct cel_run *run, const struct cel_expr *expr,
					      const struct cel_value *args, size_t count);

/* An error value at an expression: the message's name, the number of its values, the values. */
#define RUN_FAIL(run, expr, node, code, ...)                                                       \
	cel_run_fail((run), (expr),                                                                \
		     phrase_make((run)->scratch, MESSAGE_CEL_RUN_##code, __VA_ARGS__), (node))

/* holds.c: narrows the days for which the verdict holds, where as_of was looked at. */
void cel_holds_compare(struct cel_run *run, enum expr_op op, const struct cel_value *a,
		       const struct cel_value *b);
void cel_holds_arguments(struct cel_run *run, const struct overload *overload,
			 const struct cel_value *args, size_t count);
void cel_holds_collapse(struct cel_run *run);

#endif
