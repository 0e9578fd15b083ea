/*
 * `planlint cache`: where verdicts are kept between runs, how many, and how to be rid of them; and
 * the store as the other commands open it. What is wrong with it never fails a run: one line on
 * standard error, and everything is judged anew.
 */
#include "base/text.h"
#include "cli/cli.h"
#include "store/store.h"

#include <stdio.h>
#include <string.h>

/* --- for the commands that judge */

static void tell(char *warning)
{
	GString *text = g_string_new(NULL);

	if (warning) {
		text_append_visible(text, warning, strlen(warning));
		fprintf(stderr, "planlint: %s\n", text->str);
	}
	g_string_free(text, TRUE);
	g_free(warning);
}

void cli_store_open(struct cli_options *options)
{
	char *warning = NULL;

	if (!options->no_cache && !options->store)
		options->store = store_open(options->cache_dir, &warning);
	tell(warning);
}

void cli_store_close(struct cli_options *options)
{
	tell(store_close(options->store));
	options->store = NULL;
}

/* --- the command */

static int show(const char *folder)
{
	struct store_facts facts;
	char *problem;
	int failed = store_describe(&facts, folder, &problem);
	const double mib = 1 << 20;
	char *text = facts.exists
			     ? g_strdup_printf(
				       _("%s\nentries: %llu\nsize: %.1f MiB of at most %.0f MiB\n"),
				       facts.path, (unsigned long long)facts.rows,
				       (double)facts.bytes / mib, (double)facts.limit / mib)
			     : g_strdup_printf(_("%s\nempty\n"), facts.path);
	int status = failed ? EXIT_UNTOLD : cli_print(text, strlen(text));

	tell(problem);
	g_free(text);
	g_free(facts.path);
	return status;
}

static int clear(const char *folder)
{
	char *problem;
	int failed = store_clear(folder, &problem);

	tell(problem);
	return failed ? EXIT_UNTOLD : EXIT_CLEAN;
}

int cmd_cache(int argc, char **argv)
{
	char *folder = NULL;
	gboolean clears = FALSE;
	const GOptionEntry own[] = {
		{"clear", 0, 0, G_OPTION_ARG_NONE, &clears, N_("Forget all verdicts"), NULL},
		{"cache-dir", 0, 0, G_OPTION_ARG_FILENAME, &folder,
		 N_("Another folder than the user's own"), N_("DIR")},
		{NULL, 0, 0, 0, NULL, NULL, NULL},
	};
	int status = cli_parse(own, N_("[clear]"), &argc, &argv);

	if (status != CLI_RUN)
		return status;
	if (argc > 2 || (argc == 2 && strcmp(argv[1], "clear") != 0))
		status = cli_misuse("\"planlint cache\" shows where verdicts are kept, \"planlint "
				    "cache clear\" forgets them");
	else
		status = clears || argc == 2 ? clear(folder) : show(folder);
	g_free(folder);
	return status;
}
