/*
 * Findings and commits as JSON, for the formats that are JSON. Only for files of report/ that
 * write it: Jansson's types stand here.
 */
#ifndef PLANLINT_REPORT_JSON_VALUE_H
#define PLANLINT_REPORT_JSON_VALUE_H

#include "report/format.h"

#include <jansson.h>

/* A string; bytes that are no UTF-8 become U+FFFD each. `data` may be NULL: JSON null. */
json_t *json_text(const char *data, size_t len);
json_t *json_text_of(const char *text);

/* The words of a phrase. */
json_t *json_phrase(const struct phrase *phrase, enum language language);

/*
 * Text of JSON that is written as it is made: of a history or a large check the findings as values
 * would take ten times the memory of their text. Values go in with json_put(), containers are
 * opened and closed. Nothing that is written can steer a terminal: what JSON lets through (DEL, C1,
 * bidirectional controls) is written as \uXXXX too.
 */
enum json_layout { JSON_ONE_LINE, JSON_INDENTED };
struct json_writer {
	GString *out;
	enum json_layout layout;
	unsigned depth; /* of the items of the container that is open; 0: none is */
	bool has_items; /* the container has some */
};

/* A container with '{' or '['. `key` NULL: an item of a list, or the outermost value. */
void json_open(struct json_writer *writer, const char *key, char bracket);
void json_close(struct json_writer *writer, char bracket);

/* A value, which is freed. */
void json_put(struct json_writer *writer, const char *key, json_t *value);

/*
 * Items of a list that are written before the list is: a writer for their text, and the list with
 * that text. `depth`: of the items.
 */
struct json_writer json_items(unsigned depth);
void json_put_items(struct json_writer *writer, const char *key, const struct json_writer *items);

/* {rule, severity, message, path, start, end, ...}: schemas/report.schema.yaml. */
void json_put_finding(struct json_writer *writer, const struct finding *finding,
		      enum report_state state, enum language language);

/* {commit, parents, date, author, subject, introduced, ...} */
void json_put_commit(struct json_writer *writer, const struct report_commit *commit,
		     enum language language);

/* Appends the text of one value and a line end, and frees the value. */
void json_append(GString *out, json_t *value, enum json_layout layout);

#endif
