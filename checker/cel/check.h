/* The type checker's own state, for check.c, check_call.c and check_faults.c. */
#ifndef PLANLINT_CEL_CHECK_H
#define PLANLINT_CEL_CHECK_H

#include "cel/program.h"

struct local {
	struct slice name;
	const struct cel_type *type;
	uint32_t slot;
	uint32_t id;
};

struct checker {
	struct cel_program *program;
	struct cel_env *env;
	struct arena *arena;
	struct fault_list *faults;
	enum cel_mode mode;
	struct unifier unifier;
	struct facts facts;
	GArray *locals; /* struct local, the innermost last */
	uint32_t local_ids;
	unsigned lenient; /* within that many contexts where what is absent may be read */
};

/* The type of an expression, also kept in the program's table. */
const struct cel_type *cel_check_expr(struct checker *checker, const struct cel_expr *expr);
const struct cel_type *cel_check_call(struct checker *checker, const struct cel_expr *expr);
const struct cel_type *cel_check_member(struct checker *checker, const struct cel_expr *expr,
					const struct cel_type *operand, struct slice field);

/* The type with what is known of its variables by now, nullable taken off. */
const struct cel_type *cel_check_known(struct checker *checker, const struct cel_type *type);

/* The name that a chain of selects spells, or an empty slice. */
struct slice cel_check_qualified(const struct checker *checker, const struct cel_expr *expr);

/* The names that one may stand for in the container, most special first: NULL at the end. */
struct slice cel_check_candidate(const struct checker *checker, struct slice name, bool rooted,
				 unsigned index);

static inline struct ref *check_ref(struct checker *checker, const struct cel_expr *expr)
{
	return &checker->program->refs[expr->id];
}

static inline bool check_is_strict(const struct checker *checker)
{
	return checker->mode == CEL_STRICT || checker->mode == CEL_LENIENT;
}

/* --- check_faults.c: every complaint of the checker, and what it suggests */

void cel_fault_unknown_name(struct checker *checker, const struct cel_expr *expr,
			    struct slice name);
void cel_fault_unknown_function(struct checker *checker, const struct cel_expr *expr,
				struct slice name);
void cel_fault_no_overload(struct checker *checker, const struct cel_expr *expr,
			   const struct cel_type *const *types, const struct cel_expr *const *args,
			   size_t count);
void cel_fault_unknown_field(struct checker *checker, const struct cel_expr *expr,
			     const struct cel_type *object, struct slice field);
void cel_fault_no_fields(struct checker *checker, const struct cel_expr *expr,
			 const struct cel_type *type);
void cel_fault_optional_read(struct checker *checker, const struct cel_expr *expr,
			     struct slice field);
void cel_fault_not_bool(struct checker *checker, const struct cel_expr *expr,
			const struct cel_type *type);
void cel_fault_not_iterable(struct checker *checker, const struct cel_expr *expr,
			    const struct cel_type *type);
void cel_fault_not_wanted(struct checker *checker, const struct cel_expr *expr,
			  const struct cel_type *type, const struct cel_type *want);
void cel_fault_unknown_row(struct checker *checker, const struct cel_expr *expr, struct slice name,
			   bool is_table);
void cel_fault_not_literal(struct checker *checker, const struct cel_expr *expr,
			   struct slice function);
void cel_fault_bad_pattern(struct checker *checker, const struct cel_expr *expr,
			   const struct regex_error *error);

/* In strict modes: a string literal beside an enum that does not have it. */
void cel_check_enum(struct checker *checker, const struct cel_expr *literal,
		    const struct cel_type *type);

#endif
