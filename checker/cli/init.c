/*
 * `planlint init`: writes a commented planlint.yaml, the pre-commit hook and files for editors.
 *
 * What is there already is never changed: an existing configuration stays, and where a hook exists,
 * core.hooksPath is set or the pre-commit framework is in use, the line to add is printed instead.
 * The hook names this binary by its absolute path, because a git GUI starts it without the user's
 * PATH.
 */
#include "base/file.h"
#include "cli/editor.h"
#include "cli/law.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char configuration[] =
	"# planlint: which files are plans, and what is asked of them. `planlint rules` lists the "
	"rules.\n"
	"documents:\n"
	"  # the first entry that matches a file decides\n"
	"  - files: plans/**/*.{yaml,yml,json}\n"
	"    # exclude: plans/drafts/**\n"
	"    kind: plan\n"
	"    schema: builtin:plan        # or the path of a JSON Schema\n"
	"    key: document.id            # what a plan is known by when its file moves\n"
	"    labels: {partner: document.partner}\n"
	"rules: [builtin:nato, builtin:yaml]   # add a folder of your own: rules/\n"
	"# severity: {alias-used: info}        # error, warning, info or off\n"
	"# suppress:\n"
	"#   - {rule: objective-categories, files: plans/legacy/**, reason: why, until: "
	"2030-01-01}\n"
	"# lang: fr                             # en or fr\n";

/* This program, quoted for a shell where it has to be; NULL with `error`. */
static char *quoted_program(struct error *error)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._+-";
	char *path = g_file_read_link("/proc/self/exe", NULL);
	char *quoted = !path                       ? NULL
		       : path[strspn(path, plain)] ? g_shell_quote(path)
						   : g_strdup(path);

	if (!path)
		error_set(error, "the path of this program cannot be found");
	g_free(path);
	return quoted;
}

static bool uses_framework(const char *top)
{
	char *path = g_build_filename(top, ".pre-commit-config.yaml", NULL);
	bool exists = g_file_test(path, G_FILE_TEST_EXISTS);

	g_free(path);
	return exists;
}

static void say_framework(GString *out, const char *program)
{
	/* In YAML a value that begins with a quote needs another around it. */
	char *escaped = *program == '\'' ? g_strescape(program, NULL) : NULL;
	char *entry = escaped ? g_strdup_printf("\"%s gate --staged\"", escaped)
			      : g_strdup_printf("%s gate --staged", program);

	g_string_append_printf(
		out,
		"%s\n"
		"  - repo: local\n"
		"    hooks:\n"
		"      - id: planlint\n"
		"        name: planlint\n"
		"        entry: %s\n"
		"        language: system\n"
		"        pass_filenames: false\n",
		_("this repository uses pre-commit; add to .pre-commit-config.yaml:"), entry);
	g_free(entry);
	g_free(escaped);
}

static void say_line(GString *out, const char *why, const char *program)
{
	g_string_append_printf(out, "%s\n  %s gate --staged || exit $?\n", why, program);
}

static int install_hook(GString *out, struct repository *repository, const char *program,
			struct error *error)
{
	char *folder, *path, *text;
	int status = repository_hooks_folder(&folder, repository, error);

	if (status < 0)
		return -1;
	if (status == 1) {
		char *why = g_strdup_printf(
			_("core.hooksPath is \"%s\"; add this line to its pre-commit:"), folder);

		say_line(out, why, program);
		g_free(why);
		g_free(folder);
		return 0;
	}
	path = g_build_filename(folder, "pre-commit", NULL);
	text = g_strdup_printf(
		"#!/bin/sh\n"
		"# planlint: refuses a commit that adds faults to the plans. Old ones do not "
		"count.\n"
		"exec %s gate --staged\n",
		program);
	g_mkdir_with_parents(folder, 0777);
	status = file_create(path, text, strlen(text), 0777, error);
	if (status == 0)
		g_string_append_printf(out, _("wrote the hook %s\n"), path);
	else if (status == 1)
		say_line(
			out,
			_("there is a pre-commit hook already, which stays as it is; add this line "
			  "to it:"),
			program);
	g_free(text);
	g_free(path);
	g_free(folder);
	return status < 0 ? -1 : 0;
}

static int write_configuration(GString *out, const char *top, struct error *error)
{
	char *path = g_build_filename(top, CONFIG_NAME, NULL);
	int status = file_create(path, configuration, strlen(configuration), 0666, error);

	if (status >= 0)
		g_string_append_printf(out,
				       status ? _("%s is there already and stays as it is\n")
					      : _("wrote %s\n"),
				       path);
	g_free(path);
	return status < 0 ? -1 : 0;
}

static int init(GString *out, struct repository *repository, enum language language,
		struct error *error)
{
	const char *top = repository_worktree(repository);
	char *program = quoted_program(error);
	int status = -1;

	if (!program)
		return -1;
	if (!top) {
		error_usage(error, "a bare repository has no commits of its own to hook into");
	} else if (write_configuration(out, top, error) == 0 &&
		   editor_files_write(out, top, language, error) == 0) {
		status = 0;
		if (uses_framework(top))
			say_framework(out, program);
		else
			status = install_hook(out, repository, program, error);
	}
	g_free(program);
	return status;
}

/* What was done, a line each; names of files are made visible. */
static int print_lines(const GString *out)
{
	GString *visible = g_string_new(NULL);
	char **lines = g_strsplit(out->str, "\n", -1);
	int status;

	for (size_t i = 0; lines[i] && lines[i + 1]; i++) {
		text_append_visible(visible, lines[i], strlen(lines[i]));
		g_string_append_c(visible, '\n');
	}
	status = cli_print(visible->str, visible->len);
	g_strfreev(lines);
	g_string_free(visible, TRUE);
	return status;
}

static int run(enum language language)
{
	struct repository *repository = NULL;
	struct error error = {0};
	GString *out = g_string_new(NULL);
	int found = repository_open(&repository, ".", &error), status = EXIT_CLEAN;

	if (found == 0)
		error_usage(&error, "this is no git repository; run \"git init\" first");
	if (found <= 0 || init(out, repository, language, &error) < 0)
		status = cli_fail(&error);
	if (print_lines(out) != EXIT_CLEAN)
		status = EXIT_UNTOLD;
	g_string_free(out, TRUE);
	repository_free(repository);
	error_clear(&error);
	return status;
}

int cmd_init(int argc, char **argv)
{
	struct cli_options options = {0};
	struct report_options words = {0};
	const GOptionEntry own[] = {
		{"lang", 0, 0, G_OPTION_ARG_STRING, &options.lang,
		 N_("the language of the titles that editors show (default: the locale's)"),
		 N_("en|fr")},
		{0},
	};
	int status = cli_parse(own, "", &argc, &argv);

	if (status != CLI_RUN)
		return status;
	cli_languages(&options, NULL, &words);
	if (argc > 1)
		status = cli_misuse("\"init\" takes no arguments");
	else
		status = cli_check_language(options.lang) ? run(words.language) : EXIT_MISUSE;
	g_free(options.lang);
	return status;
}
