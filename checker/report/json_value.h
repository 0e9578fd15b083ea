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

/* {rule, severity, message, path, start, end, ...}: schemas/report.schema.yaml. */
json_t *json_finding(const struct finding *finding, enum report_state state,
		     enum language language);

/* {commit, parents, date, author, subject, introduced, ...} */
json_t *json_commit(const struct report_commit *commit, enum language language);

/*
 * Appends the text of a value and frees it: indented, or on one line. Nothing in it can steer a
 * terminal: what JSON lets through (DEL, C1, bidirectional controls) is written as \uXXXX too.
 */
enum json_layout { JSON_ONE_LINE, JSON_INDENTED };
void json_append(GString *out, json_t *value, enum json_layout layout);

#endif
