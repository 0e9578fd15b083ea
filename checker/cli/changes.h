/*
 * Changes of documents as text and as JSON, for the commands diff and log. For cli/ only.
 */
#ifndef PLANLINT_CLI_CHANGES_H
#define PLANLINT_CLI_CHANGES_H

#include "check/compare.h"
#include "cli/cli.h"

struct law;

struct changes_printer {
	bool json;
	bool color;
	enum language language; /* of the format */
	GString *out;
};

/*
 * Takes --format (text or json) and the language; `command` is its name, for the message where
 * another format is asked for. Returns 0, or -1 with `error`. Free with changes_printer_release().
 */
int changes_printer_init(struct changes_printer *printer, const struct cli_options *options,
			 const struct law *law, struct error *error);
void changes_printer_release(struct changes_printer *printer);

/* A document with its path: "plans/geo.yaml: document added", or its path and the lines below. */
void changes_print_document(struct changes_printer *printer,
			    const struct compared_document *document);

/* The same below a commit: without the path. */
void changes_print_below(struct changes_printer *printer, const struct compared_document *document);

/* As a JSON object: schemas/changes.schema.yaml. */
void changes_append_json(struct changes_printer *printer, const struct compared_document *document);

/* A member of a JSON object, `"name": "text"`; `text` NULL: null. Bytes that are no UTF-8 become
 * U+FFFD. */
void changes_append_member(GString *out, const char *name, const char *text);

#endif
