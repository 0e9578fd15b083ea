/* Versions and quantities (version.c), for the files of cel/ only. */
#ifndef PLANLINT_CEL_COMPARE_H
#define PLANLINT_CEL_COMPARE_H

#include "cel/cel.h"

enum version_scheme {
	VERSION_SEMVER, /* Semantic Versioning 2.0.0 */
	VERSION_PEP440,
};

/* False where the two are of different schemes. */
bool cel_version_compare(const struct cel_value *a, const struct cel_value *b, int *order);
bool cel_version_parse(struct slice text, enum version_scheme scheme, struct cel_value *out);

/* 512Mi, 1.5G, 250m, 2e3: a number with a suffix, exact to a billionth, rounded up beyond. */
bool cel_quantity_parse(struct slice text, struct cel_value *out);

#endif
