/* `planlint --version`: the program's version and those of the libraries it was built with. */
#include "cli/cli.h"

/* From pkg-config, "name version name version ..."; see the Makefile. */
static const char libraries[] = PLANLINT_LIBRARIES;

int cmd_version(int argc, char **argv)
{
	GString *text = g_string_new("planlint " PLANLINT_VERSION "\n");
	char **words = g_strsplit(libraries, " ", -1);
	int status;

	(void)argc;
	(void)argv;
	for (size_t i = 0; words[i] && words[i + 1]; i += 2)
		g_string_append_printf(text, "%s %s\n", words[i], words[i + 1]);
	status = cli_print(text->str, text->len);
	g_strfreev(words);
	g_string_free(text, TRUE);
	return status;
}
