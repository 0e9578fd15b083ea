/* Looks up what is compiled into the program; the table itself is generated (checker/embed.sh). */
#include "base/embedded.h"

#include <string.h>

const struct embedded_file *embedded_find(const char *path)
{
	for (const struct embedded_file *file = embedded_files; file->path; file++)
		if (!strcmp(file->path, path))
			return file;
	return NULL;
}
