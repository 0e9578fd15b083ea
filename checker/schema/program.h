/*
 * Programs: what a subschema asks of an instance of one type, as a list of instructions. Internal;
 * made by program.c (keywords to instructions) from the graph, run by evaluate.c.
 *
 * Each subschema has a program for each of the seven types of doc_node, so that keywords about
 * other types cost nothing, and branches that a type rules out are gone before anything runs. The
 * plain programs decide validity alone. Where unevaluated* of a subschema around needs to know what
 * was evaluated, the tracked ones decide and mark the children they evaluated.
 */
#ifndef PLANLINT_SCHEMA_PROGRAM_H
#define PLANLINT_SCHEMA_PROGRAM_H

#include "schema/graph.h"

#define DOC_TYPES (DOC_OBJECT + 1)

/* In the order in which they are tried: cheap first, what reads marks last. */
enum op {
	OP_END,       /* holds */
	OP_FAIL,      /* does not hold */
	OP_ENTER,     /* resource: in the dynamic scope for the rest of the program */
	OP_MIN_COUNT, /* number: of code points, items, members */
	OP_MAX_COUNT,
	OP_BOOLEAN,  /* number: the only one allowed */
	OP_INTEGRAL, /* a number without a fraction */
	OP_MINIMUM,  /* limit */
	OP_MAXIMUM,
	OP_TEXT_IS,  /* text: strings; in the document's text */
	OP_TEXT_IN,  /* texts */
	OP_VALUE_IN, /* values */
	OP_MULTIPLE,
	OP_DATE,
	OP_HAS,             /* number: the symbol of a member */
	OP_FORMAT,          /* format */
	OP_DEPENDENT_NAMES, /* names */
	OP_OBJECT,          /* object */
	OP_OBJECT_TRACKED,
	OP_ITEMS, /* items */
	OP_ITEMS_TRACKED,
	OP_APPLY, /* code */
	OP_APPLY_TRACKED,
	OP_PATTERN,   /* regex */
	OP_NAMES,     /* code: of each member's name */
	OP_DEPENDENT, /* choice: number is the symbol of a member, programs[0] for the object */
	OP_DEPENDENT_TRACKED,
	OP_NOT, /* choice */
	OP_IF,  /* choice: if, then, else */
	OP_IF_TRACKED,
	OP_ANY, /* choice */
	OP_ANY_TRACKED,
	OP_ONE, /* choice */
	OP_ONE_TRACKED,
	OP_DYNAMIC, /* dynamic */
	OP_DYNAMIC_TRACKED,
	OP_UNIQUE,
	OP_CONTAINS, /* contains */
	OP_CONTAINS_TRACKED,
	OP_FRAME,       /* program: a tracked one, with marks of its own */
	OP_FRAME_MERGE, /* the same; what it marked is then marked around it too */
	OP_UNEVALUATED, /* code: of each child without a mark; all are marked afterwards */
};

struct instr {
	enum op op;
	uint32_t number;
	union {
		const struct schema_resource *resource;
		const struct limit_detail *limit;
		const struct slice *text;
		const struct text_set *texts;
		const struct values_detail *values;
		const struct regex *regex;
		const struct format *format;
		const struct schema_keyword *names;
		const struct object_rules *object;
		const struct item_rules *items;
		const struct contains_rules *contains;
		const struct schema_code *code;
		const struct choice *choice;
		const struct dynamic_detail *dynamic;
		const struct instr *program;
	};
};

enum flavor {
	PLAIN,
	TRACKED,
};

struct schema_code {
	const struct instr
		*programs[2][DOC_TYPES]; /* NULL: not built (tracked ones that none uses) */
	uint16_t busy[2];                /* bits 1 << enum doc_type: being built */
	bool is_entry;                   /* a reference comes here from another resource */
	uint8_t accepts; /* bits 1 << enum doc_type: the plain program holds for all */
	uint8_t rejects; /* for none */
	const struct schema_node *node;
};

/* The programs that always and never hold. */
extern const struct instr program_accept[1];
extern const struct instr program_reject[1];

struct choice {
	uint32_t count;
	uint32_t symbol;
	const struct instr *programs[]; /* NULL in OP_IF where there is no then or else */
};

/* Strings of an enum. A table for more than a few. */
struct text_set {
	uint32_t count;
	uint32_t mask; /* of slots; 0: no table */
	bool is_keyed; /* by hash_bytes: the quick hash had too many collisions */
	const struct slice *texts;
	const uint32_t *slots; /* index + 1 of a text, 0: free */
};

struct property_rule {
	uint32_t symbol;   /* 0: a free slot */
	bool is_known;     /* stands in `properties`, not only in `required` */
	uint8_t accepts;   /* bits 1 << enum doc_type: `code` holds for all; copied to be near */
	uint8_t rejects;   /* for none */
	uint64_t required; /* its bit, or 0 */
	const struct schema_code *code; /* NULL: anything */
};

struct pattern_rule {
	const struct regex *regex;
	const struct schema_code *code;
};

/* properties, patternProperties, additionalProperties and required of one subschema. */
struct object_rules {
	const struct property_rule *slots; /* open addressing by symbol & mask */
	uint32_t mask;
	uint32_t required_count; /* with bits */
	uint64_t required;
	uint32_t pattern_count;
	const struct pattern_rule *patterns;
	const struct schema_code *additional; /* NULL: anything */
	bool has_additional;                  /* the keyword is there: marks what it applies to */
};

struct item_rules {
	uint32_t prefix_count;
	const struct schema_code **prefix;
	const struct schema_code *rest; /* NULL: anything */
	bool has_rest;                  /* the keyword is there */
};

struct contains_rules {
	const struct schema_code *code;
	uint32_t least;
	uint32_t most;
	bool marks; /* 2020-12: what it matches is evaluated */
};

struct schema_code *program_new(struct arena *arena, const struct schema_node *node);
void program_note_entry(const struct schema_node *node);

/* --- detail.c: what compile.c hangs on keywords */
const void *program_detail(struct schema *schema, const struct schema_node *node,
			   const struct schema_keyword *keyword);
const void *program_dynamic(struct schema *schema, const struct schema_node *initial,
			    const struct target *target, enum schema_keyword_id id);
/* Adds to the graph what references at run time can lead to. */
void program_complete_dynamic(struct schema *schema);

/* --- program.c: programs for every node of the graph */
void program_build(struct schema *schema);

/* Whether `format` decides in this subschema, or only annotates. */
bool program_asserts_format(const struct schema *schema, const struct schema_node *node);

#endif
