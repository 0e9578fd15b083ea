/*
 * What the parts of compiling share: one rule meeting the schema of one entry. Inside ruleset/
 * only.
 */
#ifndef PLANLINT_RULESET_COMPILE_H
#define PLANLINT_RULESET_COMPILE_H

#include "ruleset/load.h"
#include "ruleset/rule.h"
#include "ruleset/shape.h"

/* Places that a path can select, by the schema: what `this`, `parent` and `name` are there. */
struct selected {
	const struct shape *self;   /* NULL: nothing can be selected */
	const struct shape *parent; /* the map that holds it; NULL: none does */
	bool is_member;             /* `name` can be a key */
	bool is_item;               /* `name` can be an index */
};

struct compiler {
	struct loader *loader;
	struct arena *arena;
	struct shapes *shapes;
	GHashTable *said; /* faults that were emitted: a rule may be compiled for several entries */

	/* one entry */
	struct document_entry *entry;
	const struct shape *root;
	struct cel_env *entry_env;  /* document, file, as_of, vocabularies, tables */
	struct cel_env *commit_env; /* commit, as_of, vocabularies, tables */

	GArray *starts;            /* struct rule_start, of the rules in their order */
	GArray *guards;            /* struct rule_guard, by number */
	GHashTable *guard_numbers; /* selection and text -> number from 1; 0: it is none */
	GArray *guard_uses;        /* struct guard_use (share.c) */
	GHashTable *selections;    /* text of `given` -> number from 1 */
	struct jsonpath_tree *tree;
	GByteArray *in_tree; /* of each selection */

	/* one rule */
	const struct rule *rule;
	struct rule_instance *instance;
	struct cel_env *base;    /* and this, parent, name, let, for-each */
	struct cel_env *judge;   /* and target, group, old ... */
	struct cel_env *outcome; /* and value, other */
	struct selected selected;
	bool good;
};

/* A fault in a rule or configuration file, said once. */
void compile_fault(struct compiler *compiler, const struct document *document, struct span span,
		   struct phrase message, const struct phrase *label, const struct phrase *hint);

/*
 * Compiles the text of a node, or `len` bytes of it from `offset` (SIZE_MAX: to the end); faults
 * with their places in the file. False after a fault.
 */
bool compile_expression(struct compiler *compiler, struct rule_expression *out, struct cel_env *env,
			const struct document *document, const struct doc_node *node, size_t offset,
			size_t len, const struct cel_options *options);

/* Compiles an operand of the rule from its node; true where there is none. False after a fault. */
bool compile_operand(struct compiler *compiler, enum rule_operand operand,
		     const struct doc_node *node, struct cel_env *env, enum cel_mode mode,
		     const struct cel_type *want);

/* A fault at a node of the rule's file. */
void compile_fault_at(struct compiler *compiler, const struct doc_node *node,
		      struct phrase message);

/* What the rule says under a key, or NULL. */
const struct doc_node *compile_rule_key(const struct compiler *compiler, const char *key);

/* The slot of a kind in the index, behind those of the rules; -1 where no entry has the kind. */
int compile_kind_slot(const struct compiler *compiler, struct slice kind);

/* The fault that no entry has the kind that a node names. */
void compile_unknown_kind(struct compiler *compiler, const struct doc_node *node);

/* operands.c: the operands of the rule's check; false after a fault. */
bool compile_check(struct compiler *compiler);

/* A type without what may wrap it: nullable and optional. */
const struct cel_type *compile_bare_type(const struct cel_type *type);

/* Whether an expression gives a list; a fault where it does not. */
bool compile_wants_list(struct compiler *compiler, const struct rule_expression *expression);

/* names.c: environments and what is declared in them. */
struct cel_env *names_env(struct compiler *compiler, const struct cel_env *parent);
void names_declare(struct compiler *compiler, struct cel_env *env, enum rule_variable variable,
		   const struct cel_type *type);
void names_node(struct compiler *compiler);    /* this, parent, name */
void names_commit(struct compiler *compiler);  /* commit_env: commit, as_of */
bool names_lets(struct compiler *compiler);    /* let; false after a fault */
bool names_each(struct compiler *compiler);    /* for-each; false after a fault */
void names_judge(struct compiler *compiler);   /* target, group, old ... */
void names_outcome(struct compiler *compiler); /* value, other */

/* The slot of a variable in an environment; -1 where it is not declared there. */
int names_slot(const struct cel_env *env, enum rule_variable variable);

/* reads.c: what the rule reads of documents over the index. */
bool reads_check_whole(struct compiler *compiler); /* false: it takes the whole of one */
void reads_gather(struct compiler *compiler);
void reads_finish(struct loader *loader); /* when all entries are compiled */

/* share.c: what rules of an entry have in common. */
void share_begin(struct compiler *compiler); /* an entry */
void share_rule(struct compiler *compiler, const struct rule_instance *instance);
void share_end(struct compiler *compiler, struct entry_programs *programs);

/* cost.c: warns of expressions that can take too many steps. */
void cost_check(struct compiler *compiler);

/* given.c: the paths of `given` and what they select. */
bool compile_given(struct compiler *compiler);
void given_free(gpointer path);

/* words.c: the message with its interpolations. */
bool compile_words(struct compiler *compiler, struct rule_words *out, const struct doc_node *node);

/* tables.c: vocabularies and tables as values and types, in an environment. */
void compile_tables(struct compiler *compiler, struct cel_env *env);

/*
 * mangled.c: what YAML made of an expression that it did not take for one text: the advice to write
 * it after `|`, or MESSAGE_NONE where nothing of the kind is seen.
 */
int mangled_expression(const struct document *document, const struct doc_node *node);

#endif
