/*
 * Translated messages: one catalogue of msgfmt's (GNU gettext manual, "MO files"), read by us. The
 * C library looks into a catalogue only where the system has a locale of that language installed,
 * which small systems and servers have not (since glibc 2.41 "C.UTF-8" no longer passes for one);
 * here the language is the user's choice alone. For source/, which chooses the file, and all who
 * word something.
 */
#ifndef PLANLINT_BASE_CATALOGUE_H
#define PLANLINT_BASE_CATALOGUE_H

/*
 * Reads the catalogue at `path` (NULL: none, messages stay as they are written). A file that is
 * missing or is no catalogue is none. Once, before threads start; later calls change nothing while
 * the path is the same.
 */
void catalogue_use(const char *path);

/* The message in the language in use, or itself. Lives as long as the program. */
const char *catalogue_text(const char *text) __attribute__((format_arg(1)));

/* The form for a count: French has the first for 0 and 1, English for 1. */
const char *catalogue_plural(const char *one, const char *many, unsigned long count)
	__attribute__((format_arg(1), format_arg(2)));

#endif
