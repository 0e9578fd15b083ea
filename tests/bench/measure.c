/*
 * Runs commands in turn, several rounds, and prints the best time of each, its memory and its ratio
 * to the first. In turn, because the machine's mood changes; the best, because noise only adds.
 *	measure ROUNDS NAME COMMAND [NAME COMMAND]...     commands for sh; what they print is
 *dropped
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { COMMANDS = 16, STATUS_BROKEN = 2 };

struct best {
	double wall, processor;
	long kilobytes;
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

/* Returns 0, or -1 where the command could not do its work. */
static int run(const char *command, struct best *best)
{
	double start = now();
	struct rusage usage;
	int status;
	pid_t child = fork();

	if (child == 0) {
		int nowhere = open("/dev/null", O_WRONLY);

		dup2(nowhere, STDOUT_FILENO);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &usage) < 0)
		return -1;
	double wall = now() - start, processor = seconds(usage.ru_utime) + seconds(usage.ru_stime);

	if (best->wall == 0 || wall < best->wall)
		best->wall = wall;
	if (best->processor == 0 || processor < best->processor)
		best->processor = processor;
	if (usage.ru_maxrss > best->kilobytes)
		best->kilobytes = usage.ru_maxrss;
	return WIFEXITED(status) && WEXITSTATUS(status) < STATUS_BROKEN ? 0 : -1;
}

int main(int argc, char **argv)
{
	struct best best[COMMANDS] = {{0}};
	int rounds = argc > 3 ? atoi(argv[1]) : 0, count = (argc - 2) / 2;

	if (rounds < 1 || count < 1 || count > COMMANDS)
		return fputs("usage: measure ROUNDS NAME COMMAND...\n", stderr), 2;
	for (int round = 0; round < rounds; round++)
		for (int i = 0; i < count; i++)
			if (run(argv[2 * i + 3], &best[i]))
				return fprintf(stderr, "measure: failed: %s\n", argv[2 * i + 3]), 1;
	for (int i = 0; i < count; i++)
		printf("%-14s %7.3f s %5.2fx   processor %7.3f s %5.2fx   memory %4ld MB %5.2fx\n",
		       argv[2 * i + 2], best[i].wall, best[i].wall / best[0].wall,
		       best[i].processor, best[i].processor / best[0].processor,
		       best[i].kilobytes / 1024,
		       (double)best[i].kilobytes / (double)best[0].kilobytes);
	return 0;
}
