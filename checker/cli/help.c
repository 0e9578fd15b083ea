/*
 * `planlint help [COMMAND]`: the commands with their one-line help, or the options of one. The
 * table of commands is kept here, for main() too.
 */
#include "cli/cli.h"

#include <string.h>

static const struct {
	const char *name;
	const char *help;
	int (*run)(int argc, char **argv);
} commands[] = {
#define COMMAND(function, name, help) {name, help, cmd_##function},
#include "cli/commands.def"
#undef COMMAND
};

int (*cli_command(const char *name))(int argc, char **argv)
{
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		if (!strcmp(name, commands[i].name))
			return commands[i].run;
	return NULL;
}

int cli_unknown_command(const char *name)
{
	struct slice names[G_N_ELEMENTS(commands)];
	ptrdiff_t nearest;

	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		names[i] = slice_of(commands[i].name);
	nearest = text_nearest(slice_of(name), names, G_N_ELEMENTS(names));
	if (nearest >= 0)
		return cli_misuse("unknown command \"%s\"; did you mean \"%s\"?", name,
				  commands[nearest].name);
	return cli_misuse("unknown command \"%s\"; \"planlint help\" lists them", name);
}

static int help_of(const char *name)
{
	char *args[] = {(char *)name, (char *)"--help", NULL};
	int (*run)(int argc, char **argv) = cli_command(name);

	if (!run)
		return cli_unknown_command(name);
	return run == cmd_help ? cmd_help(1, args) : run(2, args);
}

int cmd_help(int argc, char **argv)
{
	GString *text;
	int status;

	for (int i = 1; i < argc; i++) {
		/* --lang has been taken already; what follows it is no command */
		if (!strcmp(argv[i], "--lang"))
			i++;
		else if (argv[i][0] != '-')
			return help_of(argv[i]);
	}
	text = g_string_new(_("usage: planlint COMMAND [OPTION...] [ARGUMENT...]\n\n"));
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		g_string_append_printf(text, "  %-14s %s\n", commands[i].name, _(commands[i].help));
	g_string_append(text,
			_("\n\"planlint help COMMAND\" shows the options of a command, "
			  "\"planlint --version\" the versions.\n"
			  "Exit status: 0 nothing found, 1 findings, 2 wrong use or configuration, "
			  "3 could not tell.\n"));
	status = cli_print(text->str, text->len);
	g_string_free(text, TRUE);
	return status;
}
