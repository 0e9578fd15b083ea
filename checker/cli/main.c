/* The program: finds the command and runs it. */
#include "document/document.h"

#include <stdio.h>

int main(int argc, char **argv)
{
	document_worker_main(argc, argv);
	fputs("usage: planlint COMMAND\n", stderr);
	return 2;
}
