/*
 * Help texts and faults of a command line.
 *
 * GOption would write both itself, but in the languages that GLib is installed with, not in ours.
 * So it only parses: its error says what kind of fault it is, and the option that it names is taken
 * out of its sentence.
 */
#include "cli/usage.h"

#include "cli/cli.h"

#include <string.h>

enum { COLUMN = 28 };

static const struct {
	const char *name;
	const char *help;
} commands[] = {
#define COMMAND(function, name, help) {name, help},
#include "cli/commands.def"
#undef COMMAND
};

static const GOptionEntry help_entries[] = {
	{"help", 'h', 0, G_OPTION_ARG_NONE, NULL, N_("Show this"), NULL},
	{NULL, 0, 0, 0, NULL, NULL, NULL},
};

/* "  -f, --format=NAME[:FILE]   Report as text, ..." */
static void append_option(GString *out, const GOptionEntry *entry)
{
	GString *name = g_string_new("  ");

	if (entry->short_name)
		g_string_append_printf(name, "-%c, ", entry->short_name);
	g_string_append_printf(name, "--%s", entry->long_name);
	if (entry->arg_description)
		g_string_append_printf(name, "=%s", _(entry->arg_description));
	g_string_append(out, name->str);
	for (glong width = g_utf8_strlen(name->str, -1); width < COLUMN; width++)
		g_string_append_c(out, ' ');
	g_string_append_printf(out, "  %s\n", _(entry->description));
	g_string_free(name, TRUE);
}

static void append_options(GString *out, const char *title, const GOptionEntry *entries)
{
	if (title)
		g_string_append_printf(out, "\n%s\n", title);
	for (; entries && entries->long_name; entries++)
		if (!(entries->flags & G_OPTION_FLAG_HIDDEN))
			append_option(out, entries);
}

void usage_append_help(GString *out, const struct usage *usage)
{
	g_string_append_printf(out, _("usage: planlint %s [OPTION...] %s"), usage->command,
			       *usage->arguments ? _(usage->arguments) : "");
	while (out->str[out->len - 1] == ' ')
		g_string_truncate(out, out->len - 1);
	g_string_append(out, "\n\n");
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		if (!strcmp(commands[i].name, usage->command))
			g_string_append_printf(out, "%s\n", _(commands[i].help));
	append_options(out, _("Options:"), usage->own);
	append_options(out, NULL, help_entries);
	if (usage->common)
		append_options(out, _("Common options:"), usage->common);
}

/* --- faults */

/* The last word of GOption's sentence that is an option. */
static char *option_in(const char *sentence)
{
	char **words = g_strsplit(sentence, " ", -1);
	char *found = NULL;

	for (size_t i = 0; words[i]; i++)
		if (words[i][0] == '-') {
			g_free(found);
			found = g_strdup(words[i]);
		}
	g_strfreev(words);
	return found ? found : g_strdup("-");
}

static const GOptionEntry *find_in(const GOptionEntry *entries, const char *option)
{
	for (; entries && entries->long_name; entries++)
		if ((g_str_has_prefix(option, "--") && !strcmp(option + 2, entries->long_name)) ||
		    (option[0] == '-' && option[1] == entries->short_name && !option[2]))
			return entries;
	return NULL;
}

static size_t collect(struct slice *names, size_t count, size_t most, const GOptionEntry *entries)
{
	for (; entries && entries->long_name && count < most; entries++)
		names[count++] = slice_of(entries->long_name);
	return count;
}

static void refuse_unknown(const struct usage *usage, const char *option)
{
	struct slice names[64];
	size_t count = collect(names, 0, G_N_ELEMENTS(names), usage->own);
	ptrdiff_t nearest;

	count = collect(names, count, G_N_ELEMENTS(names), usage->common);
	nearest = g_str_has_prefix(option, "--") ? text_nearest(slice_of(option + 2), names, count)
						 : -1;
	if (nearest >= 0)
		cli_misuse("unknown option \"%s\"; did you mean \"--%s\"?", option,
			   names[nearest].data);
	else
		cli_misuse("unknown option \"%s\"; \"planlint help %s\" lists them", option,
			   usage->command);
}

void usage_refuse(const struct usage *usage, const GError *problem)
{
	char *option = option_in(problem->message);
	const GOptionEntry *entry = find_in(usage->own, option);

	if (!entry)
		entry = find_in(usage->common, option);
	if (g_error_matches(problem, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION))
		refuse_unknown(usage, option);
	else if (entry && entry->arg == G_OPTION_ARG_INT)
		cli_misuse("the option \"%s\" needs a whole number", option);
	else if (entry && entry->arg == G_OPTION_ARG_NONE)
		cli_misuse("the option \"%s\" takes no value", option);
	else
		cli_misuse("the option \"%s\" needs a value", option);
	g_free(option);
}
