/*
 * What the files of reports share. Internal; report.c walks, report_branch.c chooses among
 * branches, report_words.c says what is wrong.
 */
#ifndef PLANLINT_SCHEMA_REPORT_H
#define PLANLINT_SCHEMA_REPORT_H

#include "schema/evaluate.h"

/* A step of the evaluation path (core 12.3.1), linked to those before it. */
struct path {
	const struct path *up;
	const char *keyword;
	struct slice name; /* below the keyword: a property; data NULL: none */
	int64_t index;     /* below the keyword: an item; -1: none */
};

struct found {
	struct finding finding;
	const struct doc_node *instance;
	struct found *next;
	uint32_t serial;
};

/* Findings in the order in which they were made. */
struct found_list {
	struct found *first;
	struct found *last;
	size_t count;
};

struct reporter {
	struct run run;
	const struct document *document;
	struct arena *arena;
	struct found_list *list;
	const struct doc_node *named; /* the member whose name is the instance now; NULL: none */
	int64_t choices;              /* branches whose faults may still be collected */
	uint32_t serial;              /* of the newest finding */
	int64_t work;                 /* subschemas that may still be looked at */
};

/* A subschema on an instance. */
struct spot {
	const struct schema_node *node;
	const struct doc_node *instance;
	const struct path *path;
	struct marks *marks; /* where what was evaluated is noted; NULL: nobody reads it */
	unsigned depth;
};

/* --- report.c */
void fault_node(struct reporter *reporter, const struct spot *spot);

/* A subschema in place, below a keyword. */
void fault_in_place(struct reporter *reporter, const struct spot *spot,
		    const struct schema_keyword *keyword, const struct schema_node *node,
		    struct slice name, int64_t index);

/* A new finding of a keyword (NULL: of the boolean schema itself) at the instance's place. */
struct finding *fault_add(struct reporter *reporter, const struct spot *spot,
			  const struct schema_keyword *keyword, enum finding_code code);

/* Points a finding at a child or key instead of the instance. */
void fault_point(struct reporter *reporter, struct finding *finding, const struct doc_node *node,
		 struct span span);

/* The smallest token that stands for a value: its key where it is a container. */
struct span fault_place(const struct doc_node *value);

/* --- report_children.c: each reports one keyword, or those that one pass decides */
void children_members(struct reporter *reporter, const struct spot *spot);
void children_names(struct reporter *reporter, const struct spot *spot,
		    const struct schema_keyword *keyword);
void children_required(struct reporter *reporter, const struct spot *spot,
		       const struct schema_keyword *keyword);
void children_dependencies(struct reporter *reporter, const struct spot *spot,
			   const struct schema_keyword *keyword);
void children_items(struct reporter *reporter, const struct spot *spot,
		    const struct schema_keyword *prefix, const struct schema_keyword *rest);
void children_contains(struct reporter *reporter, const struct spot *spot,
		       const struct schema_keyword *keyword);
void children_unevaluated(struct reporter *reporter, const struct spot *spot,
			  const struct schema_keyword *keyword);

/* --- report_branch.c */
void fault_choice(struct reporter *reporter, const struct spot *spot,
		  const struct schema_keyword *keyword);

/* --- report_words.c: each emits the finding of a keyword that does not hold */
void say_wrong_type(struct reporter *reporter, const struct spot *spot,
		    const struct schema_keyword *keyword, uint8_t types);
void say_not_in_list(struct reporter *reporter, const struct spot *spot,
		     const struct schema_keyword *keyword);
void say_no_date(struct reporter *reporter, const struct spot *spot,
		 const struct schema_keyword *keyword);
void say_limit(struct reporter *reporter, const struct spot *spot,
	       const struct schema_keyword *keyword);
void say_count(struct reporter *reporter, const struct spot *spot,
	       const struct schema_keyword *keyword);
void say_pattern(struct reporter *reporter, const struct spot *spot,
		 const struct schema_keyword *keyword);
void say_format(struct reporter *reporter, const struct spot *spot,
		const struct schema_keyword *keyword);
void say_duplicate(struct reporter *reporter, const struct spot *spot,
		   const struct schema_keyword *keyword, const struct doc_node *first,
		   const struct doc_node *second);
void say_missing(struct reporter *reporter, const struct spot *spot,
		 const struct schema_keyword *keyword, const struct schema_branch *name);
void say_missing_with(struct reporter *reporter, const struct spot *spot,
		      const struct schema_keyword *keyword, const struct schema_branch *name,
		      const struct doc_node *trigger);
void say_unknown(struct reporter *reporter, const struct spot *spot,
		 const struct schema_keyword *keyword, const struct doc_node *member);
void say_contains(struct reporter *reporter, const struct spot *spot,
		  const struct schema_keyword *keyword, uint32_t found,
		  const struct doc_node *surplus);
void say_unexpected_item(struct reporter *reporter, const struct spot *spot,
			 const struct schema_keyword *keyword, const struct doc_node *item,
			 uint32_t allowed);
void say_not(struct reporter *reporter, const struct spot *spot,
	     const struct schema_keyword *keyword);
void say_not_allowed(struct reporter *reporter, const struct spot *spot);
void say_several(struct reporter *reporter, const struct spot *spot,
		 const struct schema_keyword *keyword, uint32_t first, uint32_t second);
void say_no_variant(struct reporter *reporter, const struct spot *spot,
		    const struct schema_keyword *keyword);
void say_given_up(struct reporter *reporter, const struct doc_node *instance);

/* Adds "or: ..." with the names of the branches that were not meant to a list's first finding. */
void say_others(struct reporter *reporter, struct found_list *list, const struct spot *spot,
		const struct schema_keyword *keyword, uint32_t chosen);

/* Adds the place in the document that made a condition hold; where `then` is false it is that
 * place.
 */
void say_because(struct reporter *reporter, struct found_list *list, const struct spot *spot,
		 const struct schema_node *condition, const struct schema_node *then);

#endif
