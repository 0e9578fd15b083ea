/*
 * The fingerprint of a line that GitHub's uploader would compute for it, so that ours raise no
 * warning and its alerts stay matched. For format_sarif.c.
 */
#ifndef PLANLINT_REPORT_LINE_HASH_H
#define PLANLINT_REPORT_LINE_HASH_H

#include "base/text.h"

#include <glib.h>

struct line_hash {
	uint64_t value;
	uint32_t occurrence; /* 1 for the first line of the file with this value */
};

/* A struct line_hash for each line of a file, the empty one after a last line end included. */
GArray *line_hashes(struct slice text);

#endif
