/*
 * The files of rules/ and schemas/, compiled into the program (checker/embed.sh). For what resolves
 * `builtin:` names and metaschemas.
 */
#ifndef PLANLINT_BASE_EMBEDDED_H
#define PLANLINT_BASE_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
	const char *path; /* as in the repository: "rules/nato/dates.yaml" */
	const char *data;
	size_t size;
};

/* Sorted by path; ends with a row whose path is NULL. */
extern const struct embedded_file embedded_files[];

/* The file of exactly this path in the repository, or NULL. */
const struct embedded_file *embedded_find(const char *path);

#endif
