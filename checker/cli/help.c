/* `planlint help [COMMAND]`: the commands with their one-line help, or the options of one. */
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

static int help_of(const char *name)
{
	char *args[] = {(char *)name, (char *)"--help", NULL};

	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		if (!strcmp(commands[i].name, name))
			return commands[i].run == cmd_help ? cmd_help(1, args)
							   : commands[i].run(2, args);
	return cli_misuse("unknown command \"%s\"; \"planlint help\" lists them", name);
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
