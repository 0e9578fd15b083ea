/*
 * Paths that were asked for, and a check from a snapshot into a report.
 *
 * A path names a document or a folder of documents; anything else is the user's mistake and said
 * as such, because a gate that looks at nothing would pass everything.
 */
#include "cli/judge.h"

#include "base/date.h"
#include "check/check.h"

#include <string.h>

int judge_open_repository(struct repository **out, struct error *error)
{
	int found = repository_open(out, ".", error);

	return found ? MIN(found, 0) : error_usage(error, "this is no git repository");
}

void wanted_init(struct wanted_paths *wanted)
{
	wanted->paths = g_ptr_array_new_with_free_func(g_free);
	wanted->typed = g_ptr_array_new_with_free_func(g_free);
}

void wanted_release(struct wanted_paths *wanted)
{
	if (wanted->paths) {
		g_ptr_array_free(wanted->paths, TRUE);
		g_ptr_array_free(wanted->typed, TRUE);
	}
	*wanted = (struct wanted_paths){0};
}

void wanted_add(struct wanted_paths *wanted, const char *path, const char *typed)
{
	g_ptr_array_add(wanted->paths, g_strdup(path));
	g_ptr_array_add(wanted->typed, g_strdup(typed));
}

static bool is_within(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	return !len || (!strncmp(path, folder, len) && (path[len] == '/' || !path[len]));
}

bool wanted_has(void *context, const char *path)
{
	const struct wanted_paths *wanted = context;

	for (guint i = 0; i < wanted->paths->len; i++)
		if (is_within(path, g_ptr_array_index(wanted->paths, i)))
			return true;
	return !wanted->paths->len;
}

/* Walks along "a/../b/" from the folders in `steps`. False where it leads above the first of them.
 */
static bool walk(GPtrArray *steps, const char *path)
{
	char **parts = g_strsplit(path, "/", -1);
	bool inside = true;

	for (size_t i = 0; inside && parts[i]; i++) {
		if (!*parts[i] || !strcmp(parts[i], "."))
			continue;
		if (strcmp(parts[i], "..") != 0)
			g_ptr_array_add(steps, g_strdup(parts[i]));
		else if (steps->len)
			g_ptr_array_remove_index(steps, steps->len - 1);
		else
			inside = false;
	}
	g_strfreev(parts);
	return inside;
}

char *wanted_resolve(const char *typed, const char *prefix, const char *base)
{
	GPtrArray *steps = g_ptr_array_new_with_free_func(g_free);
	char *path = NULL;

	if (*typed == '/') {
		char *full = g_canonicalize_filename(typed, "/");

		if (base && is_within(full, base))
			path = g_strdup(full + strlen(base) + (full[strlen(base)] == '/'));
		g_free(full);
	} else if (walk(steps, prefix) && walk(steps, typed)) {
		g_ptr_array_add(steps, NULL);
		path = g_strjoinv("/", (char **)steps->pdata);
		g_ptr_array_remove_index(steps, steps->len - 1);
	}
	g_ptr_array_free(steps, TRUE);
	return path;
}

int wanted_take(struct wanted_paths *wanted, const struct repository *repository,
		char *const *typed, size_t count, struct error *error)
{
	for (size_t i = 0; i < count; i++) {
		char *path = wanted_resolve(typed[i], repository_prefix(repository),
					    repository_worktree(repository));

		if (!path)
			return error_usage(error, "\"%s\" is outside the repository", typed[i]);
		wanted_add(wanted, path, typed[i]);
		g_free(path);
	}
	return 0;
}

bool wanted_is_there(const struct snapshot *snapshot, const char *path)
{
	size_t count;
	const struct snapshot_entry *entries = snapshot_entries(snapshot, &count);

	for (size_t i = 0; i < count; i++)
		if (is_within(entries[i].path, path))
			return true;
	return false;
}

int judge_refuse(const struct law *law, const char *typed, struct error *error)
{
	char *name = law_words(law);

	error_usage(error, "\"%s\" is no document: no pattern under \"documents\" matches it (%s)",
		    typed, name);
	g_free(name);
	return -1;
}

static int check_path(const struct law *law, const struct snapshot *snapshot, const char *path,
		      const char *typed, struct error *error)
{
	const struct snapshot_entry *entry = snapshot_find(snapshot, path, strlen(path));

	if (entry && entry->kind != ENTRY_FILE)
		return error_usage(error,
				   "\"%s\" is no document: links and submodules are not followed",
				   typed);
	if (entry)
		return law_entry(law, path) ? 0 : judge_refuse(law, typed, error);
	if (!wanted_is_there(snapshot, path))
		return error_usage(error, "\"%s\" is not there, or git ignores it", typed);
	return 0;
}

/* How many files of a snapshot are wanted, and how many of them are documents. */
struct counts {
	size_t documents;
	size_t unmatched;
};

/*
 * Counts, and refuses a path that names no document (usage error): each path must be a document or
 * a folder, and be there.
 */
static int count_wanted(struct counts *out, const struct law *law, const struct snapshot *snapshot,
			const struct wanted_paths *wanted, struct error *error)
{
	size_t count;
	const struct snapshot_entry *entries = snapshot_entries(snapshot, &count);

	*out = (struct counts){0};
	for (guint i = 0; i < wanted->paths->len; i++) {
		const char *path = g_ptr_array_index(wanted->paths, i);

		if (*path &&
		    check_path(law, snapshot, path, g_ptr_array_index(wanted->typed, i), error) < 0)
			return -1;
	}
	for (size_t i = 0; i < count; i++) {
		if (entries[i].kind != ENTRY_FILE || !wanted_has((void *)wanted, entries[i].path))
			continue;
		if (law_entry(law, entries[i].path))
			out->documents++;
		else
			out->unmatched++;
	}
	return 0;
}

struct sink_context {
	const struct cli_options *options;
	struct report *report;
};

static void to_report(void *context, const struct finding *finding)
{
	const struct sink_context *sink = context;

	if (cli_wants_rule(sink->options, finding))
		report_finding(sink->report, finding, REPORT_OPEN);
}

int judge_snapshot(const struct law *law, struct snapshot *snapshot,
		   const struct wanted_paths *wanted, const struct cli_options *options,
		   struct report *report, struct report_looked_at *looked_at, struct error *error)
{
	struct sink_context context = {options, report};
	const struct finding_sink sink = {to_report, &context};
	const struct check_filter filter = {
		.wants = wanted_has,
		.context = (void *)wanted,
		.jobs = options->jobs,
		.progress = report_progress_tell,
		.progress_context = report_progress_of(report),
		.interrupted = cli_interrupts(),
		.store = options->store,
	};
	struct check_statistics statistics = {0};
	struct counts counts;

	if (count_wanted(&counts, law, snapshot, wanted, error) < 0 ||
	    check_snapshot(law->ruleset, snapshot, law->root, options->as_of, &filter, &sink,
			   &statistics, error) < 0)
		return -1;
	looked_at->wanted += counts.documents;
	looked_at->documents += statistics.incomplete ? statistics.documents : counts.documents;
	looked_at->incomplete |= statistics.incomplete;
	looked_at->unmatched += counts.unmatched;
	looked_at->suppressed += statistics.suppressed;
	return 0;
}

void judge_describe(struct report_looked_at *looked_at, const struct law *law,
		    const struct cli_options *options, char day[JUDGE_DAY_SIZE])
{
	struct date date;
	GString *text = g_string_new(NULL);

	if (date_of_day(&date, options->as_of))
		date_append_iso(text, date);
	g_strlcpy(day, text->str, JUDGE_DAY_SIZE);
	g_string_free(text, TRUE);
	looked_at->configuration = law->name;
	looked_at->digest = law->ruleset->digest;
	looked_at->as_of = day;
}

int judge_finish(struct report *report, const struct report_looked_at *looked_at,
		 const struct cli_options *options)
{
	struct error error = {0};
	int status = EXIT_CLEAN;

	if (report_end(report, looked_at, &error) < 0)
		status = cli_fail(&error);
	else if (looked_at->incomplete)
		status = EXIT_UNTOLD;
	else if (report_has_failed(report) && !options->exit_zero)
		status = EXIT_FINDINGS;
	if (report_is_closed(report))
		cli_die_of_pipe();
	error_clear(&error);
	return status;
}

int judge_faulty(const struct law *law, const struct cli_options *options, struct error *error)
{
	struct report_looked_at looked_at = {.subject = law->name, .configuration = law->name};
	struct report *report = cli_report_new(options, REPORT_OF_CHECK, law->ruleset, error);
	int status;

	if (!report)
		return -1;
	law_report_faults(law, report);
	status = judge_finish(report, &looked_at, options);
	report_free(report);
	return status == EXIT_UNTOLD ? EXIT_UNTOLD : EXIT_MISUSE;
}

void judge_notes(GPtrArray *notes, const struct repository *repository)
{
	unsigned set = repository_notes(repository);

	if (set & REPOSITORY_SHALLOW)
		g_ptr_array_add(
			notes,
			g_strdup(N_("this clone is shallow: history ends where it was cut")));
	if (set & REPOSITORY_REPLACE)
		g_ptr_array_add(notes, g_strdup(N_("replace references are ignored")));
	if (set & REPOSITORY_GRAFTS)
		g_ptr_array_add(notes, g_strdup(N_("grafts are ignored")));
}
