/*
 * What repository/ sees, printed for the scripts of this folder to compare with git.
 *	probe list worktree|index|folder|REV    mode and path of each file, with its id where it has
 *one probe cat worktree|index|REV PATH       the bytes probe log [OPTION] [RANGE]...           ids
 *of the commits, in order probe parents [RANGE]                   id and parents of each commit
 *	probe diff A B | --stdin                as git diff-tree -r --raw --abbrev=40, A may be "-"
 *	probe resolve REV
 *	probe merge OURS THEIRS                 as list, or "conflict"
 *	probe where                             git folder, worktree, prefix
 */
#include "repository/repository.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct error error;

static int fail(void)
{
	fprintf(stderr, "probe: %s\n", error.message);
	return error.kind == ERROR_USAGE ? 2 : 3;
}

static struct repository *open_here(void)
{
	struct repository *repository;
	int found = repository_open(&repository, ".", &error);

	if (found == 0)
		error_usage(&error, "not a git repository");
	if (found != 1) {
		int status = fail();

		error_clear(&error);
		exit(status);
	}
	return repository;
}

static struct snapshot *snapshot_named(struct repository *repository, const char *name)
{
	struct snapshot *snapshot;
	struct object_id id;
	int failed;

	if (!strcmp(name, "worktree"))
		failed = snapshot_of_worktree(&snapshot, repository, &error);
	else if (!strcmp(name, "index"))
		failed = snapshot_of_index(&snapshot, repository, &error);
	else if (!strcmp(name, "folder"))
		failed = snapshot_of_folder(&snapshot, ".", NULL, NULL, &error);
	else
		failed = repository_resolve(&id, repository, name, &error) ||
			 snapshot_of_commit(&snapshot, repository, &id, &error);
	if (failed) {
		repository_free(repository);
		int status = fail();

		error_clear(&error);
		exit(status);
	}
	return snapshot;
}

static void print_entries(const struct snapshot *snapshot)
{
	static const char *const kinds[] = {"file", "symlink", "submodule"};
	size_t count;
	const struct snapshot_entry *entries = snapshot_entries(snapshot, &count);

	for (size_t i = 0; i < count; i++) {
		char hex[OBJECT_ID_HEX + 1] = "-";

		if (entries[i].has_id)
			object_id_hex(hex, &entries[i].id);
		printf("%s %s %s\n", kinds[entries[i].kind], hex, entries[i].path);
	}
}

static int list(int argc, char **argv)
{
	struct repository *repository = strcmp(argv[0], "folder") ? open_here() : NULL;
	struct snapshot *snapshot = snapshot_named(repository, argv[0]);

	(void)argc;
	print_entries(snapshot);
	snapshot_free(snapshot);
	repository_free(repository);
	return 0;
}

static int cat(int argc, char **argv)
{
	struct repository *repository = open_here();
	struct snapshot *snapshot = snapshot_named(repository, argv[0]);
	const struct snapshot_entry *entry = snapshot_find(snapshot, argv[1], strlen(argv[1]));
	struct bytes bytes;
	int result = 0;

	if (!entry)
		error_usage(&error, "no such file: %s", argv[1]);
	if (!entry || snapshot_read(&bytes, snapshot, entry,
				    argc > 2 ? strtoul(argv[2], NULL, 10) : 0, &error)) {
		result = fail();
	} else {
		if (bytes.over_limit)
			printf("over limit: %zu\n", bytes.size);
		else if (bytes.size)
			fwrite(bytes.data, 1, bytes.size, stdout);
		bytes_release(&bytes);
	}
	snapshot_free(snapshot);
	repository_free(repository);
	return result;
}

static int print_history(int argc, char **argv, bool with_parents)
{
	struct repository *repository = open_here();
	struct history_options options = {0};
	struct history history;
	int result = 0;

	for (; argc && !strncmp(*argv, "--", 2); argc--, argv++) {
		options.all |= !strcmp(*argv, "--all");
		options.first_parent |= !strcmp(*argv, "--first-parent");
		if (!strncmp(*argv, "--since=", 8)) {
			options.has_since = true;
			options.since = g_ascii_strtoll(*argv + 8, NULL, 10);
		}
	}
	options.revisions = (const char *const *)argv;
	options.revision_count = (size_t)argc;
	if (history_read(&history, repository, &options, &error))
		result = fail();
	for (size_t i = 0; i < history.count; i++) {
		const struct history_commit *commit = &history.commits[i];
		char hex[OBJECT_ID_HEX + 1];

		if (!commit->wanted)
			continue;
		object_id_hex(hex, &commit->id);
		fputs(hex, stdout);
		for (uint32_t p = 0; with_parents && p < commit->parent_count; p++) {
			object_id_hex(hex, &history.commits[commit->parents[p]].id);
			printf(" %s", hex);
		}
		putchar('\n');
	}
	history_release(&history);
	repository_free(repository);
	return result;
}

static int run_log(int argc, char **argv)
{
	return print_history(argc, argv, false);
}

static int parents(int argc, char **argv)
{
	return print_history(argc, argv, true);
}

static int print_change(void *context, const struct tree_change *change)
{
	char old_hex[OBJECT_ID_HEX + 1], new_hex[OBJECT_ID_HEX + 1];

	(void)context;
	object_id_hex(old_hex, &change->old_id);
	object_id_hex(new_hex, &change->new_id);
	printf(":%06o %06o %s %s %s\n", change->old_mode, change->new_mode, old_hex, new_hex,
	       change->path);
	return 0;
}

/* Trees are named by their full ids. */
static int diff_pair(struct repository *repository, const char *old_name, const char *new_name)
{
	struct object_id a, b;
	bool is_new = !strcmp(old_name, "-");

	if ((!is_new && !object_id_parse(&a, slice_of(old_name))) ||
	    !object_id_parse(&b, slice_of(new_name)))
		return 2;
	return tree_difference(repository, is_new ? NULL : &a, &b, print_change, NULL, &error)
		       ? fail()
		       : 0;
}

/* diff A B, or diff --stdin: a pair on each line, printed before its difference. */
static int diff(int argc, char **argv)
{
	struct repository *repository = open_here();
	char names[2][64];
	int result = 0;

	if (argc == 2)
		result = diff_pair(repository, argv[0], argv[1]);
	while (argc == 1 && !result && scanf("%63s %63s", names[0], names[1]) == 2) {
		printf("%s %s\n", names[0], names[1]);
		result = diff_pair(repository, names[0], names[1]);
	}
	repository_free(repository);
	return result;
}

static int resolve(int argc, char **argv)
{
	struct repository *repository = open_here();
	char hex[OBJECT_ID_HEX + 1];
	struct object_id id;
	int result = 0;

	(void)argc;
	if (repository_resolve(&id, repository, argv[0], &error)) {
		result = fail();
	} else {
		object_id_hex(hex, &id);
		puts(hex);
	}
	repository_free(repository);
	return result;
}

static int merge(int argc, char **argv)
{
	struct repository *repository = open_here();
	struct snapshot *snapshot = NULL;
	struct object_id ours, theirs;
	int clean = -1;

	(void)argc;
	if (!repository_resolve(&ours, repository, argv[0], &error) &&
	    !repository_resolve(&theirs, repository, argv[1], &error))
		clean = snapshot_of_merge(&snapshot, repository, &ours, &theirs, &error);
	if (clean == 1)
		print_entries(snapshot);
	else if (clean == 0)
		puts("conflict");
	snapshot_free(snapshot);
	repository_free(repository);
	return clean < 0 ? fail() : 0;
}

static int where(int argc, char **argv)
{
	struct repository *repository = open_here();

	(void)argc;
	(void)argv;
	printf("%s\n%s\n%s\n%u\n", repository_git_folder(repository),
	       repository_worktree(repository) ? repository_worktree(repository) : "bare",
	       repository_prefix(repository), repository_notes(repository));
	repository_free(repository);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int arguments;
		int (*run)(int argc, char **argv);
	} commands[] = {
		{"list", 1, list},       {"cat", 2, cat},     {"log", 0, run_log},
		{"parents", 0, parents}, {"diff", 1, diff},   {"resolve", 1, resolve},
		{"merge", 2, merge},     {"where", 0, where},
	};

	for (size_t i = 0; argc > 1 && i < G_N_ELEMENTS(commands); i++)
		if (!strcmp(argv[1], commands[i].name) && argc - 2 >= commands[i].arguments) {
			int status = commands[i].run(argc - 2, argv + 2);

			error_clear(&error);
			return status;
		}
	fputs("usage: see the top of probe.c\n", stderr);
	return 2;
}
