/*
 * Whole files: reading and writing that a signal or a short count does not end early. For every
 * folder; what a file is and where it may lie is not known here.
 */
#ifndef PLANLINT_BASE_FILE_H
#define PLANLINT_BASE_FILE_H

#include <stddef.h>

struct error;

/* Writes all of it: 0, or -1 with errno. */
int file_write_all(int fd, const char *data, size_t len);

/*
 * Reads to the end, or `most` bytes and one more where there are more. The bytes, with a NUL behind
 * them that does not count, g_free; NULL with errno.
 */
char *file_read_all(int fd, size_t most, size_t *len);

/*
 * Writes a new file with a mode that the umask narrows: 0; 1 where there is one of that name, which
 * stays; -1 with `error`, and then no part of it is left.
 */
int file_create(const char *path, const char *data, size_t len, int mode, struct error *error);

#endif
