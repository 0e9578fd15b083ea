/*
 * What the commands that judge snapshots share: the paths that were asked for, running the check
 * into a report, and what was looked at.
 */
#ifndef PLANLINT_CLI_JUDGE_H
#define PLANLINT_CLI_JUDGE_H

#include "cli/law.h"
#include "report/report.h"
#include "repository/repository.h"

#include <glib.h>

/* The repository that the current folder lies in, for commands that need one. 0, or -1. */
int judge_open_repository(struct repository **out, struct error *error);

/* Paths asked for, relative to the snapshot's root; none: all. */
struct wanted_paths {
	GPtrArray *paths; /* "plans", "plans/geo.yaml"; "": everything */
	GPtrArray *typed; /* what the user wrote, for messages */
};

void wanted_init(struct wanted_paths *wanted);
void wanted_release(struct wanted_paths *wanted);
void wanted_add(struct wanted_paths *wanted, const char *path, const char *typed);

/* For struct check_filter; the context is a struct wanted_paths. */
bool wanted_has(void *context, const char *path);

/*
 * Turns a path that the user wrote into one of the snapshot: relative to `prefix` ("" or "plans/"),
 * or absolute below `base` (NULL: no disk). NULL where it leads out of the root. g_free it.
 */
char *wanted_resolve(const char *typed, const char *prefix, const char *base);

/* Adds what stands behind "--". Returns 0, or -1 with `error` for a path outside the repository. */
int wanted_take(struct wanted_paths *wanted, const struct repository *repository,
		char *const *typed, size_t count, struct error *error);

/* Is there anything at or below a path of the snapshot? */
bool wanted_is_there(const struct snapshot *snapshot, const char *path);

/* The usage error that a file is no document by this law. -1 with `error`. */
int judge_refuse(const struct law *law, const char *typed, struct error *error);

/* Judges a snapshot into a report. Adds to `looked_at`. */
int judge_snapshot(const struct law *law, struct snapshot *snapshot,
		   const struct wanted_paths *wanted, const struct cli_options *options,
		   struct report *report, struct report_looked_at *looked_at, struct error *error);

/* The law and the day in `looked_at`; the day is written to `day`. */
enum { JUDGE_DAY_SIZE = 16 };
void judge_describe(struct report_looked_at *looked_at, const struct law *law,
		    const struct cli_options *options, char day[JUDGE_DAY_SIZE]);

/* Ends the report and gives the exit status; `error` is told where it is set. */
int judge_finish(struct report *report, const struct report_looked_at *looked_at,
		 const struct cli_options *options);

/* Reports the faults of the law and nothing else: EXIT_MISUSE, or -1 with `error`. */
int judge_faulty(const struct law *law, const struct cli_options *options, struct error *error);

/* What a repository's report must say: shallow, replace refs, grafts. Appends sentences, owned. */
void judge_notes(GPtrArray *notes, const struct repository *repository);

#endif
