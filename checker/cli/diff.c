/*
 * `planlint diff A [B] [-- PATH...]`: what changed in the documents between two revisions, or from
 * one to the worktree, in words.
 *
 * Files that are the same in both are not read. Which document is which, and what changed in it,
 * check/ says; the configuration is that of the worktree (in a bare repository HEAD's) for both.
 */
#include "check/compare.h"

#include "cli/changes.h"
#include "cli/judge.h"

#include <string.h>

struct diff {
	struct cli_options options;
	struct repository *repository;
	struct law law;
	struct wanted_paths wanted;
	struct snapshot *snapshots[2]; /* by enum compare_side */
	struct comparison *comparison;
	struct changes_printer printer;
	gboolean exit_code;
	size_t count; /* documents that differ */
	const volatile sig_atomic_t *interrupted;
	bool is_incomplete; /* it was, before all documents were read */
};

/* The id of a file's bytes; of the worktree's it is computed. 1 where it is too large to be read.
 */
static int id_of(struct object_id *out, struct snapshot *snapshot,
		 const struct snapshot_entry *entry, struct error *error)
{
	struct bytes bytes = {0};
	int status;

	if (entry->has_id) {
		*out = entry->id;
		return 0;
	}
	if (snapshot_read(&bytes, snapshot, entry, document_default_limits.size, error))
		return -1;
	status = bytes.over_limit
			 ? 1
			 : object_id_of_blob(out, bytes.data ? bytes.data : "", bytes.size, error);
	bytes_release(&bytes);
	return status;
}

/* Is the file the same on the other side? 1, 0, or -1. */
static int is_unchanged(const struct diff *diff, enum compare_side side,
			const struct snapshot_entry *entry, struct error *error)
{
	struct snapshot *other = diff->snapshots[!side];
	const struct snapshot_entry *twin = snapshot_find(other, entry->path, entry->path_len);
	struct object_id ids[2];
	int status;

	if (!twin || twin->kind != ENTRY_FILE)
		return 0;
	status = id_of(&ids[0], diff->snapshots[side], entry, error);
	if (!status)
		status = id_of(&ids[1], other, twin, error);
	return status ? MIN(status, 0) : object_id_equal(&ids[0], &ids[1]);
}

static int add_file(struct diff *diff, enum compare_side side, const struct snapshot_entry *entry,
		    const struct document_entry *as, struct error *error)
{
	struct bytes bytes = {0};
	int status = is_unchanged(diff, side, entry, error);

	if (status)
		return MIN(status, 0);
	status = snapshot_read(&bytes, diff->snapshots[side], entry, document_default_limits.size,
			       error);
	if (!status)
		status = comparison_add(diff->comparison, side, entry->path, as, &bytes, error);
	bytes_release(&bytes);
	return status;
}

static int add_side(struct diff *diff, enum compare_side side, struct error *error)
{
	size_t count;
	const struct snapshot_entry *entries = snapshot_entries(diff->snapshots[side], &count);

	for (size_t i = 0; i < count && !*diff->interrupted; i++) {
		const struct document_entry *as = entries[i].kind == ENTRY_FILE
							  ? law_entry(&diff->law, entries[i].path)
							  : NULL;

		if (as && add_file(diff, side, &entries[i], as, error))
			return -1;
	}
	return 0;
}

static void print(void *context, const struct compared_document *document)
{
	struct diff *diff = context;
	const char *old = document->path[COMPARE_OLD], *new = document->path[COMPARE_NEW];

	if (!(old && wanted_has(&diff->wanted, old)) && !(new &&wanted_has(&diff->wanted, new)))
		return;
	if (diff->printer.json) {
		g_string_append(diff->printer.out, diff->count ? ",\n  " : "\n  ");
		changes_append_json(&diff->printer, document);
	} else {
		changes_print_document(&diff->printer, document);
	}
	diff->count++;
}

static int snapshot_named(struct diff *diff, enum compare_side side, const char *revision,
			  struct error *error)
{
	struct object_id id;

	if (!revision && !repository_worktree(diff->repository))
		return error_usage(error, "a bare repository has no worktree; give two revisions");
	if (!revision)
		return snapshot_of_worktree(&diff->snapshots[side], diff->repository, error);
	if (repository_resolve(&id, diff->repository, revision, error))
		return -1;
	return snapshot_of_commit(&diff->snapshots[side], diff->repository, &id, error);
}

/* A path that names nothing on either side is a slip of the hand. */
static int check_paths(const struct diff *diff, struct error *error)
{
	for (guint i = 0; i < diff->wanted.paths->len; i++) {
		const char *path = diff->wanted.paths->pdata[i];

		if (!wanted_is_there(diff->snapshots[COMPARE_OLD], path) &&
		    !wanted_is_there(diff->snapshots[COMPARE_NEW], path))
			return error_usage(error, "\"%s\" is in neither version",
					   (char *)diff->wanted.typed->pdata[i]);
	}
	return 0;
}

static int compare(struct diff *diff, const char *old, const char *new, struct error *error)
{
	GString *out = diff->printer.out;

	if (snapshot_named(diff, COMPARE_OLD, old, error) ||
	    snapshot_named(diff, COMPARE_NEW, new, error) || check_paths(diff, error))
		return -1;
	diff->comparison = comparison_new(diff->law.ruleset);
	if (add_side(diff, COMPARE_OLD, error) || add_side(diff, COMPARE_NEW, error))
		return -1;
	if (diff->printer.json) {
		g_string_append(out, "{\"version\": 1, ");
		changes_append_member(out, "old", old);
		g_string_append(out, ", ");
		changes_append_member(out, "new", new);
		g_string_append(out, ", \"documents\": [");
	}
	diff->is_incomplete = *diff->interrupted;
	if (!diff->is_incomplete) /* a half would call the rest new */
		comparison_each(diff->comparison, print, diff);
	if (diff->printer.json)
		g_string_append_printf(out, "%s], \"incomplete\": %s}\n", diff->count ? "\n" : "",
				       diff->is_incomplete ? "true" : "false");
	else if (diff->is_incomplete)
		g_string_append_printf(
			out, "%s\n",
			_("incomplete: interrupted before all documents were compared"));
	else if (!diff->count && diff->options.verbosity >= 0)
		g_string_append_printf(out, "%s\n", _("no document changed"));
	return 0;
}

/* "A", "A B" or "A..B". */
static int take_revisions(struct diff *diff, int argc, char **argv, struct error *error)
{
	const char *dots = argc == 2 ? strstr(argv[1], "..") : NULL;
	char *old, *new;
	int status;

	if (argc != 2 && argc != 3)
		return error_usage(error, "give one revision, to compare it with the worktree, or "
					  "two; paths stand behind --");
	if (!dots || dots[2] == '.')
		return compare(diff, argv[1], argc == 3 ? argv[2] : NULL, error);
	old = dots > argv[1] ? g_strndup(argv[1], (size_t)(dots - argv[1])) : g_strdup("HEAD");
	new = g_strdup(dots[2] ? dots + 2 : "HEAD");
	status = compare(diff, old, new, error);
	g_free(old);
	g_free(new);
	return status;
}

static int run(struct diff *diff, int argc, char **argv, int separator, struct error *error)
{
	int status;

	diff->interrupted = cli_interrupts();
	if (judge_open_repository(&diff->repository, error) < 0 ||
	    law_from_repository(&diff->law, &diff->options, diff->repository, error))
		return -1;
	if (diff->law.ruleset->faults)
		return judge_faulty(&diff->law, &diff->options, error);
	if (changes_printer_init(&diff->printer, &diff->options, &diff->law, error) ||
	    wanted_take(&diff->wanted, diff->repository, argv + separator,
			(size_t)(argc - separator), error) ||
	    take_revisions(diff, separator, argv, error))
		return -1;
	status = cli_print(diff->printer.out->str, diff->printer.out->len);
	if (diff->is_incomplete)
		return EXIT_UNTOLD;
	if (status)
		return status;
	return diff->exit_code && diff->count ? EXIT_FINDINGS : EXIT_CLEAN;
}

int cmd_diff(int argc, char **argv)
{
	struct diff diff = {0};
	const GOptionEntry own[] = {
		{"exit-code", 0, 0, G_OPTION_ARG_NONE, &diff.exit_code,
		 N_("Exit 1 where a document changed"), NULL},
		{NULL, 0, 0, 0, NULL, NULL, NULL},
	};
	struct error error = {0};
	int separator;
	int status = cli_options_parse(&diff.options, own, N_("A [B] [-- PATH...]"), &argc, &argv,
				       &separator);

	if (status != CLI_RUN)
		return status;
	wanted_init(&diff.wanted);
	status = run(&diff, argc, argv, separator, &error);
	if (status < 0)
		status = cli_fail(&error);
	error_clear(&error);
	comparison_free(diff.comparison);
	snapshot_free(diff.snapshots[COMPARE_OLD]);
	snapshot_free(diff.snapshots[COMPARE_NEW]);
	changes_printer_release(&diff.printer);
	wanted_release(&diff.wanted);
	law_release(&diff.law);
	repository_free(diff.repository);
	cli_options_release(&diff.options);
	return status;
}
