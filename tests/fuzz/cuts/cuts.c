/*
 * Reads each file whole and cut at every byte, in this process: no prefix may be read as complete
 * with bytes left over, none may crash, none may be silent. Run under the sanitizers by `make
 * cuts`; `make check` runs the small files (tests/unit/document/test_cuts.c).   cuts FILE...
 */
#include "fuzz/fuzz.h"

#include <stdio.h>

int main(int argc, char **argv)
{
	size_t bytes = 0;

	document_worker_main(argc, argv);
	for (int i = 1; i < argc; i++) {
		char *text;
		gsize size;

		if (!g_file_get_contents(argv[i], &text, &size, NULL))
			return 3;
		fuzz_cuts(argv[i], text, size);
		bytes += size;
		g_free(text);
	}
	document_worker_stop();
	printf("cuts: %d files, %zu bytes, no fault\n", argc - 1, bytes);
	return 0;
}
