/*
 * The schemas that are built in, by the names that configurations have for them. For commands.
 */
#ifndef PLANLINT_CLI_BUILTIN_SCHEMA_H
#define PLANLINT_CLI_BUILTIN_SCHEMA_H

#include <stdbool.h>

struct embedded_file;
struct error;

/* Whether a name is one of those ("builtin:plan"), whether or not there is such a schema. */
bool builtin_schema_is_name(const char *name);

/* The file that such a name stands for; NULL with `error`, which says what names there are. */
const struct embedded_file *builtin_schema_find(const char *name, struct error *error);

#endif
