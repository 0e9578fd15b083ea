/*
 * One run of a lexical check: shared by lexical.c (table, walk), scalars.c (values that YAML or a
 * reader of YAML 1.1 takes for something else), characters.c (signs that look like others) and
 * layout.c (blanks, line ends, what swallowed its neighbours). Internal to lexical/.
 */
#ifndef PLANLINT_LEXICAL_RUN_H
#define PLANLINT_LEXICAL_RUN_H

#include "lexical/lexical.h"

#include <stdbool.h>

struct lexical_run {
	const struct document *document;
	struct arena *arena;
	lexical_emit *emit;
	void *context;
};

/* A match over a span of the source, its value the text there. */
struct lexical_match lexical_match_at(const struct lexical_run *run, const struct doc_node *node,
				      struct span span);
void lexical_suggest(struct lexical_match *match, struct slice text);
void lexical_report(const struct lexical_run *run, const struct lexical_match *match);

/* The bytes of a span of the source. */
struct slice lexical_source(const struct lexical_run *run, struct span span);

/* The text in double quotes, escaped for YAML. */
struct slice lexical_quoted(const struct lexical_run *run, struct slice text);

/* A scalar without quotes, written here and on one line. */
bool lexical_is_plain(const struct lexical_run *run, const struct doc_node *node);
bool lexical_is_plain_name(const struct lexical_run *run, const struct doc_node *member);

/* "true" or "false" for a word of YAML 1.1's booleans (yaml.org/type/bool), or NULL. */
const char *lexical_boolean_meant(struct slice text);

/* The same for oui, non, vrai, faux. */
const char *lexical_french_boolean_meant(struct slice text);

/* Can a text that is not ASCII look like one that is? No where its first other letter does not. */
bool lexical_may_have_twin(struct slice text);

/* The functions of lexical.def; those of the file's scope get the root. */
void lexical_apostrophe_twice(const struct lexical_run *run, const struct doc_node *node);
void lexical_boolean_word(const struct lexical_run *run, const struct doc_node *node);
void lexical_boolean_word_name(const struct lexical_run *run, const struct doc_node *node);
void lexical_curly_quotes(const struct lexical_run *run, const struct doc_node *node);
void lexical_date_order(const struct lexical_run *run, const struct doc_node *node);
void lexical_french_boolean(const struct lexical_run *run, const struct doc_node *node);
void lexical_grouped_digits(const struct lexical_run *run, const struct doc_node *node);
void lexical_hash_in_text(const struct lexical_run *run, const struct doc_node *node);
void lexical_invisible_character(const struct lexical_run *run, const struct doc_node *node);
void lexical_invisible_character_name(const struct lexical_run *run, const struct doc_node *node);
void lexical_leading_zero(const struct lexical_run *run, const struct doc_node *node);
void lexical_line_endings(const struct lexical_run *run, const struct doc_node *root);
void lexical_list_in_text(const struct lexical_run *run, const struct doc_node *node);
void lexical_list_of_commas(const struct lexical_run *run, const struct doc_node *node);
void lexical_look_alike(const struct lexical_run *run, const struct doc_node *node);
void lexical_look_alike_name(const struct lexical_run *run, const struct doc_node *node);
void lexical_number_as_id(const struct lexical_run *run, const struct doc_node *node);
void lexical_sexagesimal(const struct lexical_run *run, const struct doc_node *node);
void lexical_space_in_name(const struct lexical_run *run, const struct doc_node *node);
void lexical_tab(const struct lexical_run *run, const struct doc_node *root);

#endif
