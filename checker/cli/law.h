/*
 * The law of a run: which configuration judges, where it was found, and its ruleset. For the
 * commands that judge documents.
 */
#ifndef PLANLINT_CLI_LAW_H
#define PLANLINT_CLI_LAW_H

#include "base/error.h"
#include "cli/cli.h"
#include "repository/repository.h"
#include "ruleset/ruleset.h"

#include <stddef.h>

#define CONFIG_NAME "planlint.yaml"

struct law {
	struct ruleset *ruleset;
	char *root; /* the configuration's folder within the snapshot: "" or "samples/" */
	char *name; /* what reports call it: "planlint.yaml", "planlint.yaml of HEAD", "built in" */
	GPtrArray *faults; /* struct finding: of configuration, schemas and rules, bound to files */
	GHashTable *sources; /* those of the faults, renamed to be found from the snapshot's root */
	/* Set before it is filled: rule files to read besides, as typed; NULL-terminated, or NULL.
	 */
	char **more_typed;
	GPtrArray *more; /* by what names they are known: as rule->file has it */
	/* Set as well, or NULL: what it is read from in a snapshot, present or not, is noted. */
	struct law_origin *origin;
};

/* What a law was read from: another snapshot that is the same there has the same law. */
struct law_origin {
	GHashTable *files;  /* paths, from the snapshot's root; a set that owns them */
	GPtrArray *folders; /* whose entries were listed: "law/" */
};

#define CONFIG_FROM_EACH "each" /* --config-from each: not a revision */

/*
 * Each fills `out` (law_release() it whatever comes) and returns 0, or -1 with `error`. Faults in
 * the configuration are no error here: see law_report_faults().
 */

/* Can a file below this folder (from the snapshot's root) be a document? */
bool law_reaches(const struct law *law, const char *folder);

/* The configuration in a folder (absolute; NULL: the built-in one) within the snapshot of `base`.
 */
int law_from_folder(struct law *out, const char *folder, const char *base, struct error *error);

/* The nearest one from `prefix` upwards in a worktree; where there is none the built-in one. */
int law_from_worktree(struct law *out, const char *worktree, const char *prefix,
		      struct error *error);

/* The nearest folder with a planlint.yaml from `folder` up to `top` (absolute); NULL: none. */
char *law_find_config(const char *folder, const char *top);

/* What is left of a path at or below a folder, without a slash in front; NULL: it is elsewhere. */
const char *path_below(const char *path, const char *folder);

/*
 * The nearest planlint.yaml from `prefix` upwards in a snapshot; where there is none the built-in
 * one. `what` names the snapshot behind the file's name; NULL: nothing.
 */
int law_from_snapshot(struct law *out, struct snapshot *snapshot, const char *prefix,
		      const char *what, struct error *error);

/*
 * What --isolated, --config and --config-from ask for. 1 where they decided, 0 where they say
 * nothing, -1. `repository` may be NULL.
 */
int law_from_options(struct law *out, const struct cli_options *options,
		     struct repository *repository, const char *prefix, struct error *error);

/*
 * The law of the worktree from our folder upwards, in a bare repository that of HEAD; or what the
 * options ask for.
 */
int law_from_repository(struct law *out, const struct cli_options *options,
			struct repository *repository, struct error *error);

/* The entry under which a file of the snapshot is a document, or NULL. */
const struct document_entry *law_entry(const struct law *law, const char *path);

/* Its name in the language of the run: "integre", "planlint.yaml de HEAD". g_free. */
char *law_words(const struct law *law);

/* The usage error that nothing was judged in `where` ("the worktree"). */
int law_found_nothing(const struct law *law, const char *where, struct error *error);

void law_release(struct law *law);

/* Hands the faults to the report, in order. Where law->ruleset->faults is set nothing can be
 * judged. */
void law_report_faults(const struct law *law, struct report *report);

/*
 * Words for the report's list of rules (struct report_options): title and source of a rule. The
 * context is the ruleset.
 */
void law_describe(void *context, const char *id, enum language language, struct report_rule *out);

/* Says that no rule has this id, with the nearest one that there is. -1 with `error`. */
int law_unknown_rule(const struct ruleset *ruleset, const char *id, struct error *error);

/* Is there a rule for each id of --select and --ignore? 0, or -1 with `error`. */
int law_check_options(const struct ruleset *ruleset, const struct cli_options *options,
		      struct error *error);

#endif
