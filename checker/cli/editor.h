/*
 * What `planlint init` writes for editors besides the configuration. For cli/ only.
 */
#ifndef PLANLINT_CLI_EDITOR_H
#define PLANLINT_CLI_EDITOR_H

#include "base/error.h"
#include "source/finding.h"

#include <glib.h>

/*
 * Writes .editorconfig, .gitattributes and, for VS Code, the schema of plans with its titles in one
 * language and what ties it to the files. A file that is there stays as it is; a line on each goes
 * to `out`. `top` is the folder of the worktree. Returns 0, or -1 with `error`.
 */
int editor_files_write(GString *out, const char *top, enum language language, struct error *error);

#endif
