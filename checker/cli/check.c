/*
 * `planlint check [PATH...]`: judges the documents of the worktree, of the index (--staged), of a
 * commit (--rev), or one that comes on standard input (-), and reports the findings on the paths.
 *
 * In the worktree each path has the nearest configuration above it, so paths are first gathered
 * into targets: a snapshot, a configuration, and the paths that are judged by it. Findings of all
 * targets make one report.
 */
#include "base/date.h"
#include "cli/judge.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STDIN_LIMIT = 256 << 20 };

/* What is judged together. */
struct target {
	struct repository *repository; /* NULL: plain files */
	struct snapshot *snapshot;
	char *base;          /* absolute: the snapshot's root */
	char *config_folder; /* absolute: where its planlint.yaml is; NULL: none */
	struct wanted_paths wanted;
	struct law law;
};

struct check {
	struct cli_options options;
	gboolean staged;
	char *revision;
	char *stdin_filename;
	char *stdin_data; /* what came on standard input */
	size_t stdin_size;
	GPtrArray *targets;
	const char *subject;
	char *subject_text; /* owns `subject` where it is made */
};

static void target_free(void *data)
{
	struct target *target = data;

	law_release(&target->law);
	snapshot_free(target->snapshot);
	repository_free(target->repository);
	wanted_release(&target->wanted);
	g_free(target->base);
	g_free(target->config_folder);
	g_free(target);
}

static struct target *target_add(struct check *check)
{
	struct target *target = g_new0(struct target, 1);

	wanted_init(&target->wanted);
	g_ptr_array_add(check->targets, target);
	return target;
}

static bool is_folder(const char *path)
{
	struct stat status;

	return !stat(path, &status) && S_ISDIR(status.st_mode);
}

/* The real path of a folder and the name in it, so that links above do not matter, the last one
 * does. */
static char *real_path(const char *typed, bool must_exist)
{
	char *folder, *name, *real, *path = NULL;
	struct stat status;

	if (lstat(typed, &status) && must_exist)
		return NULL;
	if (is_folder(typed)) {
		real = realpath(typed, NULL);
		path = g_strdup(real);
		free(real);
		return path;
	}
	folder = g_path_get_dirname(typed);
	name = g_path_get_basename(typed);
	real = realpath(folder, NULL);
	if (real)
		path = g_build_filename(real, name, NULL);
	free(real);
	g_free(folder);
	g_free(name);
	return path;
}

/* The root of a path outside any repository: its configuration's folder, or ours, or its own. */
static char *plain_base(const char *folder, const char *config_folder)
{
	char *cwd = g_get_current_dir();
	char *base = g_strdup(config_folder             ? config_folder
			      : path_below(folder, cwd) ? cwd
							: folder);

	g_free(cwd);
	return base;
}

static struct target *same_target(struct check *check, const char *base, const char *config_folder)
{
	for (guint i = 0; i < check->targets->len; i++) {
		struct target *target = g_ptr_array_index(check->targets, i);

		if (!strcmp(target->base, base) && !g_strcmp0(target->config_folder, config_folder))
			return target;
	}
	return NULL;
}

/* Adds a path of the worktree, or of a plain folder, to its target. */
static int add_path(struct check *check, const char *typed, struct error *error)
{
	char *path = real_path(typed, !check->stdin_data);
	char *folder, *base, *config_folder;
	struct repository *repository = NULL;
	struct target *target;
	int found;

	if (!path)
		return error_usage(error, "\"%s\" is not there", typed);
	folder = is_folder(path) ? g_strdup(path) : g_path_get_dirname(path);
	found = repository_open(&repository, folder, error);
	if (found == 1 && !repository_worktree(repository))
		found = error_usage(error, "a bare repository has no worktree; use --rev HEAD");
	if (found < 0) {
		repository_free(repository);
		g_free(path);
		g_free(folder);
		return -1;
	}
	config_folder = law_find_config(folder, repository ? repository_worktree(repository) : "/");
	base = repository ? g_strdup(repository_worktree(repository))
			  : plain_base(folder, config_folder);
	target = same_target(check, base, config_folder);
	if (target) {
		repository_free(repository);
		g_free(base);
		g_free(config_folder);
	} else {
		target = target_add(check);
		target->repository = repository;
		target->base = base;
		target->config_folder = config_folder;
	}
	wanted_add(&target->wanted, path_below(path, target->base), typed);
	g_free(folder);
	g_free(path);
	return 0;
}

static int load_target(struct check *check, struct target *target, struct error *error)
{
	const char *prefix = target->repository ? repository_prefix(target->repository) : "";
	int decided = law_from_options(&target->law, &check->options, target->repository, prefix,
				       error);

	if (decided)
		return decided < 0 ? -1 : 0;
	return law_from_folder(&target->law, target->config_folder, target->base, error);
}

/*
 * Outside a repository nobody says what belongs together, and the folder may be a whole home: of
 * that only what patterns can reach is looked at, without a planlint.yaml only what was named, and
 * always what was named.
 */
static bool wants_of_folder(void *context, const char *path, bool is_folder)
{
	const struct target *target = context;
	bool is_reached = false;
	char *folder = is_folder ? g_strdup(path) : g_path_get_dirname(path);
	const char *shown = !strcmp(folder, ".") ? "" : folder;

	for (guint i = 0; i < target->wanted.paths->len; i++) {
		const char *named = g_ptr_array_index(target->wanted.paths, i);

		if (*named && (path_below(path, named) || (is_folder && path_below(named, path)))) {
			g_free(folder);
			return true;
		}
		is_reached |= !*named;
	}
	is_reached = (is_reached || target->config_folder) && law_reaches(&target->law, shown);
	g_free(folder);
	return is_reached;
}

static int open_worktree(struct check *check, char **paths, int count, struct error *error)
{
	check->subject = N_("the worktree");
	if (!count && add_path(check, ".", error) < 0)
		return -1;
	for (int i = 0; i < count; i++)
		if (add_path(check, paths[i], error) < 0)
			return -1;
	for (guint i = 0; i < check->targets->len; i++) {
		struct target *target = g_ptr_array_index(check->targets, i);

		if (load_target(check, target, error) < 0)
			return -1;
		if ((target->repository
			     ? snapshot_of_worktree(&target->snapshot, target->repository, error)
			     : snapshot_of_folder(&target->snapshot, target->base, wants_of_folder,
						  target, error)) < 0)
			return -1;
	}
	return 0;
}

/* Reads standard input and puts it into the worktree in place of the named file. */
static int open_stdin(struct check *check, struct error *error)
{
	struct target *target;

	check->stdin_data = cli_read(NULL, STDIN_LIMIT, &check->stdin_size, error);
	if (!check->stdin_data || open_worktree(check, &check->stdin_filename, 1, error) < 0)
		return -1;
	check->subject = N_("standard input");
	target = g_ptr_array_index(check->targets, 0);
	snapshot_put(target->snapshot, g_ptr_array_index(target->wanted.paths, 0),
		     check->stdin_data, check->stdin_size);
	return 0;
}

static int open_commit(struct check *check, struct target *target, struct error *error)
{
	struct object_id id;
	char hex[OBJECT_ID_HEX + 1];

	if (repository_resolve(&id, target->repository, check->revision, error) < 0)
		return -1;
	object_id_hex(hex, &id);
	check->subject = check->subject_text = g_strdup_printf("commit %s", hex);
	return snapshot_of_commit(&target->snapshot, target->repository, &id, error);
}

/* The index or a commit: one target, and its configuration from the same snapshot. */
static int open_tree(struct check *check, char **paths, int count, struct error *error)
{
	struct target *target = target_add(check);
	int decided;

	if (judge_open_repository(&target->repository, error) < 0)
		return -1;
	check->subject = N_("the index");
	if (check->staged ? snapshot_of_index(&target->snapshot, target->repository, error) < 0
			  : open_commit(check, target, error) < 0)
		return -1;
	if (wanted_take(&target->wanted, target->repository, paths, (size_t)count, error) < 0)
		return -1;
	decided = law_from_options(&target->law, &check->options, target->repository,
				   repository_prefix(target->repository), error);
	if (decided)
		return decided < 0 ? -1 : 0;
	return law_from_snapshot(&target->law, target->snapshot,
				 repository_prefix(target->repository),
				 check->staged ? "the index" : check->revision, error);
}

static int open_targets(struct check *check, char **paths, int count, struct error *error)
{
	bool from_stdin = count == 1 && !strcmp(paths[0], "-");

	if (check->staged && check->revision)
		return error_usage(error, "--staged and --rev exclude each other");
	if (from_stdin != !!check->stdin_filename)
		return error_usage(error, "\"-\" and --stdin-filename FILE go together");
	if (from_stdin && (check->staged || check->revision))
		return error_usage(error, "standard input is judged with the worktree");
	if (from_stdin)
		return open_stdin(check, error);
	if (check->staged || check->revision)
		return open_tree(check, paths, count, error);
	return open_worktree(check, paths, count, error);
}

/* Judges all targets; the exit status, or -1 with `error`. */
static int judge_targets(struct check *check, struct report *report, struct error *error)
{
	struct report_looked_at looked_at = {.subject = check->subject};
	GPtrArray *notes = g_ptr_array_new_with_free_func(g_free);
	const struct target *first = g_ptr_array_index(check->targets, 0);
	char day[JUDGE_DAY_SIZE];
	int status = 0;

	for (guint i = 0; !status && i < check->targets->len; i++) {
		struct target *target = g_ptr_array_index(check->targets, i);

		if (target->repository && !i)
			judge_notes(notes, target->repository);
		status = judge_snapshot(&target->law, target->snapshot, &target->wanted,
					&check->options, report, &looked_at, error);
	}
	if (!status && !looked_at.documents && !looked_at.incomplete)
		status = law_found_nothing(&first->law, _(check->subject), error);
	report_progress_erase(report_progress_of(report));
	judge_describe(&looked_at, &first->law, &check->options, day);
	looked_at.notes = (const char *const *)notes->pdata;
	looked_at.note_count = notes->len;
	if (!status)
		status = judge_finish(report, &looked_at, &check->options);
	g_ptr_array_free(notes, TRUE);
	return status;
}

/* Faults in a configuration end it; its warnings go into the report over all targets. */
static int run(struct check *check, struct error *error)
{
	const struct target *first = g_ptr_array_index(check->targets, 0);
	struct report *report;
	int status;

	for (guint i = 0; i < check->targets->len; i++) {
		const struct target *target = g_ptr_array_index(check->targets, i);

		if (target->law.ruleset->faults)
			return judge_faulty(&target->law, &check->options, error);
	}
	/* of several laws, only one may have the rule */
	if (check->targets->len == 1 &&
	    law_check_options(first->law.ruleset, &check->options, error) < 0)
		return -1;
	cli_store_open(&check->options);
	report = cli_report_new(&check->options, REPORT_OF_CHECK, first->law.ruleset, error);
	if (!report)
		return -1;
	for (guint i = 0; i < check->targets->len; i++)
		law_report_faults(
			&((const struct target *)g_ptr_array_index(check->targets, i))->law,
			report);
	status = judge_targets(check, report, error);
	report_free(report);
	return status;
}

int cmd_check(int argc, char **argv)
{
	struct check check = {0};
	const GOptionEntry own[] = {
		{"staged", 0, 0, G_OPTION_ARG_NONE, &check.staged, N_("Judge what is staged"),
		 NULL},
		{"rev", 0, 0, G_OPTION_ARG_FILENAME, &check.revision, N_("Judge a commit's files"),
		 N_("REV")},
		{"stdin-filename", 0, 0, G_OPTION_ARG_FILENAME, &check.stdin_filename,
		 N_("The name of what stands on standard input, with \"-\""), N_("FILE")},
		{NULL, 0, 0, 0, NULL, NULL, NULL},
	};
	struct error error = {0};
	int status = cli_options_parse(&check.options, own, N_("[PATH...]"), &argc, &argv, NULL);

	if (status != CLI_RUN)
		return status;
	check.targets = g_ptr_array_new_with_free_func(target_free);
	status = open_targets(&check, argv + 1, argc - 1, &error);
	if (!status)
		status = run(&check, &error);
	if (status < 0)
		status = cli_fail(&error);
	error_clear(&error);
	g_ptr_array_free(check.targets, TRUE);
	cli_options_release(&check.options);
	g_free(check.revision);
	g_free(check.stdin_filename);
	g_free(check.stdin_data);
	g_free(check.subject_text);
	return status;
}
