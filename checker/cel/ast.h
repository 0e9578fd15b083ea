/*
 * The syntax tree of an expression, for the files of cel/ only: what the parser makes and checker,
 * evaluator and explanation read. It is pure syntax with an id for every node; what checking finds
 * out lies in tables beside it, by id (program.h).
 */
#ifndef PLANLINT_CEL_AST_H
#define PLANLINT_CEL_AST_H

#include "cel/cel.h"

enum expr_kind {
	EXPR_LITERAL,
	EXPR_IDENT,
	EXPR_SELECT,
	EXPR_CALL,
	EXPR_LIST,
	EXPR_MAP,
	EXPR_FOLD, /* the macros over lists and maps */
	EXPR_BIND, /* the macros that name one value */
};

enum expr_flag {
	EXPR_ROOTED = 1 << 0,   /* IDENT, CALL: written with a leading dot */
	EXPR_TEST = 1 << 1,     /* SELECT: has(a.b) */
	EXPR_OPTIONAL = 1 << 2, /* SELECT: a.?b */
};

/* Operators and the calls that are no plain functions; NAMED is every other call. */
enum expr_op {
	OP_NAMED,
	OP_AND, /* of two and more */
	OP_OR,
	OP_NOT,
	OP_CONDITIONAL,
	OP_EQUAL,
	OP_NOT_EQUAL,
	OP_LESS,
	OP_LESS_EQUAL,
	OP_GREATER,
	OP_GREATER_EQUAL,
	OP_IN,
	OP_ADD,
	OP_SUBTRACT,
	OP_MULTIPLY,
	OP_DIVIDE,
	OP_MODULO,
	OP_NEGATE,
	OP_INDEX,
	OP_OPT_INDEX, /* a[?b] */
	OP_PRESENT,   /* present(a.b.c) */
};

enum fold_kind {
	FOLD_ALL,
	FOLD_EXISTS,
	FOLD_EXISTS_ONE,
	FOLD_MAP, /* transformList() too */
	FOLD_FILTER,
	FOLD_TRANSFORM_MAP,
	FOLD_TRANSFORM_ENTRY,
	FOLD_SORT_BY,
};

enum bind_kind {
	BIND_LET,          /* cel.bind(x, init, body) */
	BIND_OPT_MAP,      /* a.optMap(x, body) */
	BIND_OPT_FLAT_MAP, /* a.optFlatMap(x, body) */
};

struct cel_expr {
	uint32_t id; /* dense, from 0 */
	uint8_t kind;
	uint8_t flags;
	uint8_t op;       /* CALL: enum expr_op; FOLD, BIND: their kind */
	uint16_t depth;   /* 1 + that of the deepest child */
	struct span span; /* all of it */
	struct span at;   /* the token that a caret points at: operator, name, field */
	union {
		struct cel_value literal;
		struct slice name; /* IDENT */
		struct {
			struct cel_expr *operand;
			struct slice field;
		} select;
		struct {
			struct slice name;
			struct cel_expr *target; /* x.f(...): x; else NULL */
			struct cel_expr **args;
			uint32_t count;
		} call;
		struct {
			struct cel_expr **items;
			uint32_t count;
			uint8_t *optional; /* by index: [?x]; NULL: none is */
		} list;
		struct {
			struct cel_expr **keys;
			struct cel_expr **values;
			uint32_t count;
			uint8_t *optional;
		} map;
		struct {
			struct cel_expr *range;
			struct slice var;  /* item, or key with two variables */
			struct slice var2; /* no data: one variable */
			struct span var_at;
			struct cel_expr *filter; /* map and transforms with a condition; or NULL */
			struct cel_expr *body;   /* TRANSFORM_ENTRY: a map */
		} fold;
		struct {
			struct cel_expr *init;
			struct slice var;
			struct cel_expr *body;
		} bind;
	};
};

/* Faults as they come in; sorted and capped at the end. */
struct fault_list {
	struct arena *arena;
	GArray *faults; /* struct cel_fault */
};

struct cel_fault *cel_fault_add(struct fault_list *list, struct span span, struct phrase message);

enum { CEL_NODES_MAX = 100000, CEL_NAME_MAX = 1024 };

/* --- lex.c */

enum token_kind {
	TOKEN_END,
	TOKEN_BAD, /* a fault was reported */
	TOKEN_IDENT,
	TOKEN_QUOTED_IDENT, /* `a-b` */
	TOKEN_INT,
	TOKEN_UINT,
	TOKEN_DOUBLE,
	TOKEN_STRING,
	TOKEN_BYTES,
	TOKEN_IN,
	TOKEN_TRUE,
	TOKEN_FALSE,
	TOKEN_NULL,
	TOKEN_RESERVED, /* a word kept for later: a name only after a dot */
	TOKEN_LPAREN,
	TOKEN_RPAREN,
	TOKEN_LBRACKET,
	TOKEN_RBRACKET,
	TOKEN_LBRACE,
	TOKEN_RBRACE,
	TOKEN_DOT,
	TOKEN_COMMA,
	TOKEN_QUESTION,
	TOKEN_COLON,
	TOKEN_NOT,
	TOKEN_MINUS,
	TOKEN_PLUS,
	TOKEN_STAR,
	TOKEN_SLASH,
	TOKEN_PERCENT,
	TOKEN_LESS,
	TOKEN_LESS_EQUAL,
	TOKEN_GREATER,
	TOKEN_GREATER_EQUAL,
	TOKEN_EQUAL,
	TOKEN_NOT_EQUAL,
	TOKEN_AND,
	TOKEN_OR,
};

struct token {
	enum token_kind kind;
	struct span span;
	struct slice
		text; /* identifiers, without backquotes; numbers as written; strings decoded */
};

struct lexer {
	struct slice text;
	size_t offset;
	struct arena *arena;
	struct fault_list *faults;
};

struct token cel_lex_next(struct lexer *lexer);

/* --- parse.c */

struct parser {
	struct lexer lexer;
	struct token token; /* the next one */
	struct arena *arena;
	struct fault_list *faults;
	uint32_t ids; /* given so far */
	uint32_t depth;
	uint32_t last_end; /* of the token before */
	bool failed;       /* a syntax error was reported: stop */
};

/* The whole expression, or NULL with a fault. `ids`: how many nodes there are. */
struct cel_expr *cel_parse_expression(struct slice text, struct arena *arena,
				      struct fault_list *faults, uint32_t *ids);

struct cel_expr *cel_parse_node(struct parser *parser, enum expr_kind kind, struct span span);
struct cel_expr *cel_parse_fail(struct parser *parser, struct span span, struct phrase message,
				struct phrase hint);

/* The next token. */
void cel_parse_advance(struct parser *parser);

/* --- literal.c */

struct cel_expr *cel_parse_literal(struct parser *parser, struct span span, struct cel_value value);

/* The number at the parser; `start`: of the minus before it, if `negative`. */
struct cel_expr *cel_parse_number(struct parser *parser, uint32_t start, bool negative);
struct cel_expr *cel_parse_text(struct parser *parser);

/* --- macros.c */

/*
 * The node that a call stands for where it is a macro's, else NULL (also after a fault: then
 * parser->failed). `target` is NULL for f(...).
 */
struct cel_expr *cel_macro_expand(struct parser *parser, struct slice name, struct cel_expr *target,
				  struct cel_expr **args, uint32_t count, struct span span,
				  struct span at);

#endif
