/*
 * What became of the findings of an earlier report (`audit --compare LAST.json`). For cli/audit.c.
 */
#ifndef PLANLINT_CLI_EARLIER_H
#define PLANLINT_CLI_EARLIER_H

#include "cli/judge.h"

struct earlier;

/* Reads a report in the format json, of an audit or check. NULL with `error`. */
struct earlier *earlier_read(const char *file, struct error *error);
void earlier_free(struct earlier *earlier); /* NULL is allowed */

/*
 * Compares what is open now, by identity; findings of the earlier report that `options` and
 * `wanted` would leave out do not count. What comes back lives as long as the comparison.
 */
const struct report_comparison *earlier_compare(struct earlier *earlier,
						const struct finding *const *open, size_t count,
						const char *digest,
						const struct cli_options *options,
						const struct wanted_paths *wanted);

#endif
