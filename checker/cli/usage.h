/*
 * The help of a command and what is wrong with a command line, in the language of the run. For
 * options.c.
 */
#ifndef PLANLINT_CLI_USAGE_H
#define PLANLINT_CLI_USAGE_H

#include <glib.h>

/* The command line of one command. Entries end with an empty one; their texts are marked by N_().
 */
struct usage {
	const char *command;
	const char *arguments;      /* "[PATH...]" */
	const GOptionEntry *own;    /* NULL: none */
	const GOptionEntry *common; /* NULL: none */
};

void usage_append_help(GString *out, const struct usage *usage);

/* Says on stderr what GOption did not understand. */
void usage_refuse(const struct usage *usage, const GError *problem);

#endif
