/*
 * A small plan with its types, for the tests of strict checking, evaluation and explanations: the
 * variables document (object Plan), this (its period) and as_of.
 */
#ifndef PLANLINT_TESTS_CEL_FIXTURE_H
#define PLANLINT_TESTS_CEL_FIXTURE_H

#include "cel/cel.h"

struct fixture {
	struct cel_env *env;
	struct symbols *symbols;
	struct arena arena;
	struct source source;
	struct document_set set;
	struct cel_value variables[3];
	struct cel_activation activation;
	struct cel_faults faults;
	GString *text; /* what fixture_* functions return */
};

/* `json`: the document; NULL: a plan with everything in it. */
void fixture_init(struct fixture *fixture, const char *json);
void fixture_release(struct fixture *fixture);

const struct cel_program *fixture_compile(struct fixture *fixture, const char *text,
					  enum cel_mode mode);

/* "start-end message | hint; ..." of every fault, or the type where there is none. */
const char *fixture_check(struct fixture *fixture, const char *text, enum cel_mode mode);

/* The value as a literal, "error: message" or "refused: ...". */
const char *fixture_eval(struct fixture *fixture, const char *text, enum cel_mode mode);

/* "expression: values; ... @ text of the place, ..." */
const char *fixture_explain(struct fixture *fixture, const char *text);

#endif
