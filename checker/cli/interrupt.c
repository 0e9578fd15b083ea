/*
 * The user's wish to end: the first SIGINT or SIGTERM asks the run to stop and to say what it knows
 * by then, the second one ends the program at once. Commands listen as soon as they begin, but not
 * while they wait for standard input: there the first one ends it.
 */
#include "cli/cli.h"

#include <signal.h>

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	(void)number;
	interrupted = 1;
}

const volatile sig_atomic_t *cli_interrupts(void)
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART | SA_RESETHAND};

	if (interrupted) /* then the next one shall end it */
		return &interrupted;
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	return &interrupted;
}
