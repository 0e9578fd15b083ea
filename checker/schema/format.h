/*
 * Formats (JSON Schema 2020-12 validation 7.3): checks of strings by name. Internal.
 */
#ifndef PLANLINT_SCHEMA_FORMAT_H
#define PLANLINT_SCHEMA_FORMAT_H

#include "base/text.h"

#include <stdbool.h>

/* A known format. */
struct format {
	const char *name;
	bool (*holds)(struct slice text);
};

/* The format with this name, NULL where it is not known (then it is an annotation). */
const struct format *format_find(struct slice name);

/* One function for each format that is more than a few lines; see the files. */
bool format_uri(struct slice text); /* format_uri.c */
bool format_uri_reference(struct slice text);
bool format_iri(struct slice text);
bool format_iri_reference(struct slice text);
bool format_uri_template(struct slice text);
bool format_ipv4(struct slice text);
bool format_ipv6(struct slice text);
bool format_hostname(struct slice text); /* format_host.c */
bool format_idn_hostname(struct slice text);
bool format_email(struct slice text);
bool format_idn_email(struct slice text);
bool format_date(struct slice text); /* format_time.c */
bool format_time(struct slice text);
bool format_date_time(struct slice text);
bool format_duration(struct slice text);

#endif
