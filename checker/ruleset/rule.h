/*
 * Rules as they are compiled. For ruleset/ and check/, which runs them; everybody else uses
 * rule_describe().
 */
#ifndef PLANLINT_RULESET_RULE_H
#define PLANLINT_RULESET_RULE_H

#include "base/text_table.h"
#include "cel/cel.h"
#include "document/document.h"
#include "lexical/lexical.h"
#include "ruleset/ruleset.h"
#include "source/finding.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct jsonpath;
struct jsonpath_tree;
struct shape;

enum rule_check {
#define CHECK(name, key, across) RULE_##name,
#include "ruleset/checks.def"
#undef CHECK
	RULE_CHECK_COUNT
};

const char *rule_check_name(enum rule_check check);

/* The variables of DESIGN.md section 5, in the order in which they are declared. */
enum rule_variable {
	VARIABLE_DOCUMENT,
	VARIABLE_THIS,
	VARIABLE_PARENT,
	VARIABLE_NAME,
	VARIABLE_FILE,
	VARIABLE_AS_OF,
	VARIABLE_TARGET,
	VARIABLE_GROUP,
	VARIABLE_OLD,
	VARIABLE_OLD_DOCUMENT,
	VARIABLE_CHANGES,
	VARIABLE_COMMIT,
	VARIABLE_VALUE,
	VARIABLE_OTHER,
	VARIABLE_COUNT
};

enum { RULE_SLOTS_MAX = VARIABLE_COUNT + 32 }; /* and the names of let and for-each */

/* An expression in a file, compiled. */
struct rule_expression {
	const struct cel_program *program;
	const struct document *document; /* the file that it stands in */
	const struct doc_node *node;     /* the text of it there, */
	size_t offset;                   /* from this byte of that text */
	const struct cel_env *env;
};

/* A message with its interpolations: {0} {1} ... in `words` stand for the values in order. */
struct rule_words {
	struct bilingual words;
	const struct rule_expression *values;
	const bool *french; /* values that are said in French: words() of the French text */
	size_t value_count;
};

/* A term of a vocabulary. */
struct rule_term {
	struct slice id;
	const struct slice *aliases;
	size_t alias_count;
	struct date since; /* year 0: open */
	struct date until;
};

struct rule_vocabulary {
	struct text_table names; /* ids and aliases: struct rule_term */
	struct slice name;
	const struct rule_term *terms;
	size_t term_count;
	const struct document *document;
};

struct rule_table {
	struct slice name;
	struct slice key;
	const struct doc_node *rows;
	const struct doc_node *const *row; /* in the file's order */
	size_t row_count;
	const struct cel_type *row_type;
	struct cel_value value; /* map from key to row */
	const struct document *document;
};

/* What a rule says, before it meets a schema. */
struct rule {
	const char *id;
	const char *const *formerly;
	size_t formerly_count;
	enum severity severity; /* after the configuration */
	enum rule_check check;
	bool across; /* judged over the index */
	bool suppressible;
	bool builtin;
	struct bilingual title;
	struct bilingual text;
	const char *source;
	const char *const *tags;
	size_t tag_count;
	const char *const *kinds; /* none: every kind */
	size_t kind_count;
	int64_t since; /* in force on these days of as_of, both included */
	int64_t until;
	const char *file;         /* "builtin:rules/nato/dates.yaml" or a path */
	const char *file_ruleset; /* `ruleset:` of its file */
	const struct document *document;
	const struct doc_node *node; /* the rule in its file */
	uint32_t slot;               /* its number among all rules, and its slot in the index */
};

struct rule_let {
	struct slice name;
	struct rule_expression value;
	unsigned slot;
};

enum rule_operand {
	OPERAND_WHEN,
	OPERAND_CHECK, /* the value of the check's own key, where it is one expression */
	OPERAND_IN,
	OPERAND_ON,
	OPERAND_BY,
	OPERAND_ASSERT, /* beside reference and group-by */
	OPERAND_AT,
	OPERAND_START, /* disjoint */
	OPERAND_END,
	OPERAND_COUNT
};

/*
 * What is read below a place, in a row: the place, then each name that is read in it with what is
 * read below that. Every entry that a document leaves for the index walks over three of these.
 */
struct read_step {
	uint32_t symbol;    /* of the name; SYMBOL_NONE: the place, or the items of a list */
	uint32_t whole : 1; /* with all that is in it */
	uint32_t size : 31; /* steps from here to the end of what is below it */
};

/* What is read of documents when a rule is judged over the index. NULL: nothing below the place. */
struct rule_reads {
	const struct read_step *document; /* of its own */
	const struct read_step *self;     /* of `this`, `other` and each of `group` */
	const struct read_step *parent;
	const struct read_step *target;
};

/*
 * What a visit of a node needs of a rule besides its expressions, side by side, because every
 * document visits rules that are long out of the cache. It follows from the rest of the instance.
 */
struct rule_visit {
	const struct cel_type *this_type, *parent_type;
	const struct rule_reads *reads;           /* NULL: it is not judged over the index */
	const struct rule_vocabulary *vocabulary; /* one-of: NAME */
	uint64_t foreign; /* slots that are read, where something is that no visit has put there */
	int8_t this_slot, parent_slot, name_slot; /* -1: the variable is not read */
	uint8_t check;                            /* enum rule_check */
	uint8_t slot_count;
	bool has_lets, has_each;
	bool reads_file;
	uint16_t operands; /* those that there are, a bit each */
	uint32_t slot;     /* of the rule */
};

/* A rule compiled for the schema of one `documents` entry. */
struct rule_instance {
	const struct rule *rule;
	struct rule_visit visit;                        /* rule_visit_fill() */
	struct rule_expression operands[OPERAND_COUNT]; /* program NULL: not there */
	const struct jsonpath *const *given;            /* none: the root */
	size_t given_count;
	const struct rule_let *lets;
	size_t let_count;
	bool has_each;  /* for-each */
	bool uses_each; /* its name is used when the rule is judged over the index */
	struct rule_let each;
	const struct rule_expression *order; /* order: its dates */
	size_t order_count;
	const struct rule_vocabulary *vocabulary; /* one-of: NAME */
	const struct cel_value *literals;         /* one-of: a list */
	size_t literal_count;
	const char *kind;               /* reference: the kind referred to */
	uint32_t kind_slot;             /* its slot in the index */
	const struct rule_table *table; /* over */
	bool on_delete;                 /* transition on: delete */
	enum lexical_check lexical;
	struct rule_words message;
	struct cel_env *env;       /* of what is known of a node */
	const struct shape *root;  /* of the entry's schema */
	int slots[VARIABLE_COUNT]; /* of the variables in the activation; -1: not declared */
	const struct cel_type *types[VARIABLE_COUNT]; /* as which they are read */
	unsigned slot_count;
	bool reads_as_of;
	bool reads_file;
	bool reads_changes;   /* of a transition: to find them all takes a comparison */
	bool reads_name;      /* that of a list item is its index, which takes a walk to find */
	uint64_t reads_slots; /* those that any expression reads, a bit each */
	uint64_t cost;
	const struct rule_reads *reads; /* NULL: it is not judged over the index */
};

/* Fills `visit` from everything else. */
void rule_visit_fill(struct rule_instance *instance);

/*
 * Calls back for every expression of a rule, with the operand that it is (OPERAND_COUNT: of a name
 * or of the message).
 */
void rule_each_expression(const struct rule_instance *instance,
			  void (*each)(void *context, enum rule_operand operand,
				       const struct rule_expression *expression),
			  void *context);

/* given.c: appends the nodes that a path of a rule selects; false where it gave up. */
bool given_select(const struct jsonpath *path, const struct document *document, GPtrArray *nodes);

/* A rule as far as it must be known to run it; 4 in a cache line. */
struct rule_start {
	const struct rule_instance *instance;
	uint32_t selection; /* the number of what `given` selects, the same for the same paths */
	bool is_guarded;    /* `when` is nothing but guards, or there is none */
};

/*
 * Something that makes `when` false for every node of a rule where it is false itself: a part of it
 * that only reads the document, or parts that read the one node that a selection has.
 */
struct rule_guard {
	const struct cel_program *program; /* of type bool */
	const struct cel_type *this_type;
	int this_slot;      /* -1: it does not read `this` */
	uint32_t selection; /* of `this`; where it has several nodes nothing is known */
};

/* A rule that is not always in force. */
struct rule_days {
	uint32_t rule;        /* its number in the entry */
	int64_t since, until; /* struct rule */
};

/*
 * What decides which rules have anything to do in a document (share.c). All rules are asked about
 * every document and most have nothing to do, so they are not looked at one by one: each answer
 * that many rules share takes a set of them in or out. A set has a bit for each rule of the entry,
 * in `set_words` words; what lies in an array of sets begins at set_words times its number.
 */
struct rule_starts {
	size_t set_words;
	const uint64_t *judged;  /* those that judge a document, or leave entries for the index */
	const uint64_t *pathed;  /* of these, those whose selection the tree does not make */
	const uint64_t *lexical; /* those of lexical checks */
	const uint64_t *by_selection;     /* sets: those that have a selection, */
	const uint64_t *by_guard;         /* a guard, */
	const uint64_t *by_lexical;       /* a lexical check */
	const struct jsonpath_tree *tree; /* the paths of most selections */
	const bool *in_tree;              /* of each selection */
	uint32_t selection_count;
	uint32_t guard_count;
	const struct rule_guard *guards;
	const struct rule_start *rules; /* one for each of the entry's rules */
	const struct rule_days *days;
	size_t day_count;
};

/* What check/ needs to know about an entry besides its rules. */
struct entry_programs {
	uint32_t kind_slot; /* of its keys in the index */
	const struct cel_type *document_type;
	const struct shape *root; /* shape.h: what the schema says of a document */
	int document_slot;        /* of `document`, the same in every rule about documents */
	int file_slot;            /* of `file` */
	int as_of_slot;           /* of `as_of` */
	struct rule_starts starts;
	const struct read_step *target_reads; /* what references to it read of it; NULL: nothing */
};

#endif
