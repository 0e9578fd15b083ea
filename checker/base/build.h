/* What this process is made of, for keys of things that are kept between runs. */
#ifndef PLANLINT_BASE_BUILD_H
#define PLANLINT_BASE_BUILD_H

#include <glib.h>

/*
 * Appends what tells this build of the program, and each library that it runs with, from any other:
 * their build ids, else what the disk says of the file. Bytes, the same in every process.
 */
void build_append(GString *out);

#endif
