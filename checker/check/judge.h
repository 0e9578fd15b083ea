/*
 * What the parts of check/ share while one blob is judged. Inside this folder only.
 */
#ifndef PLANLINT_CHECK_JUDGE_H
#define PLANLINT_CHECK_JUDGE_H

#include "base/text_table.h"
#include "cel/cel.h"
#include "check/check.h"
#include "document/document.h"
#include "index/index.h"
#include "jsonpath/jsonpath.h"
#include "ruleset/rule.h"

#include <glib.h>

/* What is known of a node of the document at hand that entries speak of (facts.c). */
struct node_note {
	const char *item; /* its path by keys, in the verdict's arena; NULL: nobody asked */
	uint32_t number;  /* in the copy that the index keeps */
	uint8_t mark;     /* what of it that will be */
};

struct check_scratch {
	struct arena tree;           /* the documents of one blob */
	struct arena stage;          /* findings of other stages before they are copied */
	struct arena cel;            /* one evaluation, reset after each */
	struct text_table seen;      /* of one `unique`: keys with the first node of each */
	struct arena seen_arena;     /* and its memory */
	GString *key;                /* a key while it is looked up */
	GString *text;               /* a text on its way into an arena */
	struct jsonpath_found found; /* by selection: the nodes of the document at hand */
	GByteArray *states;          /* what is known of it (struct course) */
	GArray *findings; /* of struct judging, kept for their memory, as are the next two */
	GArray *entries;
	GArray *faulty;
	GArray *notes;    /* of struct node_note, by number, of the document at hand */
	GArray *suspects; /* of struct lexical_suspect, of the document at hand */
	GArray *copied;   /* of uint32_t: nodes of the document by their numbers in the copy */
	struct cel_value variables[RULE_SLOTS_MAX];
	const struct rule_instance *instead; /* runs in place of its rule's own; NULL: none */
};

/* Empties it behind a blob. scratch.c */
void scratch_empty(struct check_scratch *scratch);

/* The instance that runs: the one that is there, unless another stands in for its rule. */
static inline const struct rule_instance *instance_of_scratch(const struct check_scratch *scratch,
							      const struct rule_instance *own)
{
	return scratch->instead && scratch->instead->rule == own->rule ? scratch->instead : own;
}

/* One blob on its way to a verdict. */
struct judging {
	const struct ruleset *ruleset;
	const struct document_entry *entry;
	const struct rule_instance *only; /* this rule and no schema; NULL: all of it */
	const char *path;
	int64_t as_of;
	struct verdict *verdict;
	struct arena *out; /* the verdict's */
	struct check_scratch *scratch;
	struct source *source;
	GArray *findings; /* of struct check_finding */
	GArray *entries;  /* of struct index_entry */

	/* the document at hand */
	const struct document *document;
	const char *key; /* its key, or NULL */
	const struct doc_node *key_node;
	struct document *facts; /* what the index keeps of it; empty until facts_finish() */
	const struct rule_reads *kept_reads; /* whose part of the document and, */
	const struct doc_node *kept_parent;  /* of this node, of the parent is kept already */
	uint32_t each;                       /* for-each: the item at hand, from 1; 0: none */
	GArray *faulty;                      /* of struct span: where the schema has findings */
};

/* --- verdict.c */

/* check_document() with one rule only, and without the schema: for fragments. */
int check_with_rule(struct verdict **out, const struct ruleset *ruleset,
		    const struct document_entry *entry, const struct rule_instance *only,
		    const char *path, const char *data, size_t size, int64_t as_of,
		    struct check_scratch *scratch, struct error *error);

/* What identifies a document of an entry when its file moves; NULL: nothing. In `out`. */
const char *entry_key(const struct document_entry *entry, const struct document *document,
		      struct check_scratch *scratch, struct arena *out);

/* --- example.c */

/*
 * Does an example of the rule no longer agree when `mutant` runs in its place? Returns 0, or -1
 * with `error` (system).
 */
int examples_notice(bool *noticed, const struct ruleset *ruleset,
		    const struct rule_instance *instance, const struct rule_instance *mutant,
		    struct error *error);

/* --- identity.c */

/* Writes the path of a node by keys of keyed lists and values of other items. */
void identity_append_path(GString *out, const struct shape *root, const struct doc_node *node);

/* The name of a list item in such a path: its key, where the list has one and it has it, else its
 * value. */
void identity_append_item(GString *out, struct slice list_key, const struct doc_node *item);

/*
 * The identity of a finding of a rule in a document known by `key` (NULL: by its path, then it is
 * completed by check_identity()), at `item` (a path by keys), with what the check adds to it.
 */
const char *identity_make(struct arena *arena, const char *rule, const char *key, struct slice item,
			  struct slice extra);

/* --- outcome.c: from a rule that does not hold to a finding */

struct outcome {
	const struct rule_instance *instance;
	struct cel_activation *activation; /* variables set, value and other included */
	struct arena *scratch;             /* for evaluations */
	struct arena *out;                 /* for the finding */
	const struct doc_node *place;      /* where to point when there is no `at` */
	const struct cel_program *because; /* explained; NULL: nothing */
	const struct shape *root;          /* of the schema, for keys of list items; may be NULL */
	const struct index_item *others;   /* documents that places of the explanation may lie in */
	size_t other_count;
};

/* Fills rule, words, place, explanation; identity and fix are the caller's. Spans only, no sources.
 */
void outcome_make(struct check_finding *out, const struct outcome *outcome);

/* What the schema says of a node; NULL: nothing. */
const struct shape *shape_at(const struct shape *root, const struct doc_node *node);

/* The span by which a node is pointed at: a text or number itself, of anything larger its key. */
struct span node_place(const struct shape *root, const struct doc_node *node);

/* Adds a related place; `path` NULL: in the finding's own file. */
void outcome_relate(struct check_finding *finding, struct arena *arena, const char *path,
		    struct span span, struct phrase label);

/* --- run.c: rules over one document */
void run_rules(struct judging *judging);
void rule_fail_select(struct judging *judging, const struct rule_instance *instance,
		      const struct document *document);

/* --- course.c: which of them */

/*
 * The nodes that a rule selects, in document order, each once. False: a path gave up and there are
 * more, which is a finding about the whole document.
 */
bool rule_select(GPtrArray *nodes, const struct rule_instance *instance,
		 const struct document *document);

/* Is the rule in force on the day? Narrows the days of the verdict either way. */
bool rule_in_force(struct judging *judging, const struct rule *rule);

/* --- transition.c: the rules about what may follow; `new` NULL: the document is gone */
void run_transitions(struct judging *judging, const struct document *old,
		     const struct document *new);

/* The node of `new` that a rule of the entry takes for the one at `pointer` in `old`, or NULL. */
const struct doc_node *find_twin(struct judging *judging, uint32_t rule, const char *pointer,
				 const struct document *old, const struct document *new);

/* --- commit.c: the rules about a commit */
void run_commits(struct judging *judging, const struct check_commit *commit);

/* Sets the variables of a node of a document, and the names of `let`. */
struct variables {
	const struct rule_instance *instance;
	struct cel_value *values; /* RULE_SLOTS_MAX of them */
	struct cel_activation *activation;
	struct arena *scratch;
};
void variables_set(const struct variables *variables, enum rule_variable variable,
		   struct cel_value value);
void variables_document(const struct variables *variables, const struct doc_node *root,
			const char *path, int64_t as_of);
void variables_node(const struct variables *variables, const struct doc_node *node);

/* The map that holds a node; for a list item the map that holds the list. NULL: the root. */
const struct doc_node *holder_of(const struct doc_node *node);

/* A node at which a rule is run; what the functions of a check are given. */
struct visit {
	struct judging *judging;
	const struct rule_instance *instance;
	struct cel_activation *activation;
	const struct doc_node *self;
	bool is_wanted; /* `when` is known to let every node through */
};

/* Evaluates an operand; false, after a finding where one is due, when it cannot be. */
bool visit_evaluate(const struct visit *visit, const struct rule_expression *expression,
		    struct cel_value *out);

/* Emits a finding about the visited node; what is set in `outcome` beforehand stays. */
void visit_report(const struct visit *visit, struct outcome *outcome, struct slice extra,
		  const struct check_finding *with);

/* Asks `when`, goes through `for-each`, and runs the check; all variables are set. */
void visit_judge(const struct visit *visit);

/* Whether `when` lets the node through; a fault of it is a finding. */
bool visit_is_wanted(const struct visit *visit);

void visit_set(const struct visit *visit, enum rule_variable variable, struct cel_value value);

/* --- checks.c: one function for each check within a document */
extern void (*const run_check[])(const struct visit *visit);

/* Forgets the keys of the `unique` before: those of each are compared within one document. */
void unique_begin(struct check_scratch *scratch);

/* The lexical checks that can find something in the document, a bit each, and for run_check where
 * (lexical_candidates): asked before any of them runs. */
uint32_t lexical_look(struct judging *judging);

/* --- entries.c: what cross-file rules read */
void entries_define(struct judging *judging);
void entries_add(const struct visit *visit, enum index_role role, const struct cel_value *key,
		 const struct doc_node *place, int64_t first, int64_t last);

/* --- facts.c: what the index keeps of a document */

/* The note of a node of the document, once there is a copy to come. */
static inline struct node_note *note_of(const struct judging *judging, const struct doc_node *node)
{
	return &g_array_index(judging->scratch->notes, struct node_note,
			      node - judging->document->root);
}

/*
 * Keeps a node (NULL: none) with what is named below it (NULL: nothing), or with everything. From
 * the first time on there is judging->facts, which becomes the copy at the end.
 */
void facts_keep(struct judging *judging, const struct doc_node *node,
		const struct read_step *below);
void facts_keep_whole(struct judging *judging, const struct doc_node *node);

/* Makes the copy if there are entries, and gives them their numbers in it. `behind`: bytes that the
 * verdict will need besides, so that all of it is one piece of memory. */
void facts_finish(struct judging *judging, size_t behind);

/* --- range.c: dates of values */

/* The days that a value can mean; false where it says nothing about a day (absent, null, other). */
bool value_days(const struct cel_value *value, int64_t *first, int64_t *last);

/* The canonical text of a key; false where there is none (absent, null, a part of it so). */
bool value_key(GString *out, const struct cel_value *value);

/* --- copy.c */

/* A copy of a finding in another arena, without its sources. */
void finding_copy(struct finding *out, const struct finding *in, struct arena *arena);
struct slice slice_copy(struct arena *arena, struct slice text);

/* --- traps.c */

/* Leaves out what lexical rules say of values that the schema says are of the wrong kind. */
void traps_merge(struct judging *judging);

/* The order of findings in a file (struct check_finding): by place, then rule. */
gint findings_compare(gconstpointer a, gconstpointer b);

/* --- suppression.c */
void suppressions_read(struct judging *judging, const struct document_set *set);

#endif
