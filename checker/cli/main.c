/*
 * The program: finds the command and runs it.
 *
 * GLib ends a process that is out of memory by abort(); here that becomes one line and exit 3, so
 * that a caller never takes it for a verdict. A closed pipe is met where the report is written,
 * not by a signal: the worker of document/ may die while it is written to.
 */
#include "cli/cli.h"
#include "document/document.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Nothing here may allocate. */
static void end_on_fatal(const char *domain, GLogLevelFlags level, const char *message,
			 void *context)
{
	static const char start[] = "planlint: ";
	size_t len = message ? strcspn(message, "\n") : 0;

	(void)domain;
	(void)context;
	if (write(STDERR_FILENO, start, sizeof(start) - 1) < 0 ||
	    write(STDERR_FILENO, message, len) < 0 || write(STDERR_FILENO, "\n", 1) < 0)
		_exit(EXIT_UNTOLD);
	if (level & (G_LOG_FLAG_FATAL | G_LOG_LEVEL_ERROR))
		_exit(EXIT_UNTOLD);
}

int main(int argc, char **argv)
{
	int (*run)(int argc, char **argv);

	document_worker_main(argc, argv);
	g_log_set_default_handler(end_on_fatal, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a write that passes the limit fails like any other */
	cli_language_of_arguments(argc, argv);
	if (argc < 2) {
		cmd_help(1, argv);
		return EXIT_MISUSE;
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V"))
		return cmd_version(argc - 1, argv + 1);
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return cmd_help(1, argv);
	if (argv[1][0] == '-')
		return cli_misuse("\"%s\" is no command; options stand behind it: planlint COMMAND "
				  "[OPTION...]",
				  argv[1]);
	run = cli_command(argv[1]);
	return run ? run(argc - 1, argv + 1) : cli_unknown_command(argv[1]);
}
