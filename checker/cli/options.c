/*
 * The options that commands share, and how faults are told.
 *
 * GOption parses; texts are taken as file names, because it would otherwise convert them from the
 * locale's encoding, and what users type (paths, revisions) has none. "--" is found before it
 * parses: it means something to `audit`, and GOption forgets where it stood.
 */
#include "cli/cli.h"

#include "base/date.h"
#include "base/file.h"
#include "cli/law.h"
#include "cli/laws.h"
#include "cli/usage.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int cli_misuse(const char *format, ...)
{
	struct error error = {0};
	va_list args;
	int status;

	va_start(args, format);
	error.message = g_strdup_vprintf(catalogue_text(format), args);
	error.kind = ERROR_USAGE;
	va_end(args);
	status = cli_fail(&error);
	error_clear(&error);
	return status;
}

int cli_fail(const struct error *error)
{
	GString *line = g_string_new("planlint: ");

	text_append_visible(line, error->message, strlen(error->message));
	fprintf(stderr, "%s\n", line->str);
	g_string_free(line, TRUE);
	return error->kind == ERROR_USAGE ? EXIT_MISUSE : EXIT_UNTOLD;
}

void cli_die_of_pipe(void)
{
	signal(SIGPIPE, SIG_DFL);
	raise(SIGPIPE);
	_exit(EXIT_UNTOLD);
}

int cli_print(const char *text, size_t len)
{
	struct error error = {0};
	int status;

	if (!file_write_all(STDOUT_FILENO, text, len))
		return EXIT_CLEAN;
	if (errno == EPIPE)
		cli_die_of_pipe();
	error_set(&error, "standard output cannot be written: %s", g_strerror(errno));
	status = cli_fail(&error);
	error_clear(&error);
	return status;
}

char *cli_read(const char *name, size_t most, size_t *len, struct error *error)
{
	int fd = name ? open(name, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	char *data;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
		error_usage(error, "there is no file \"%s\"", name);
		return NULL;
	}
	data = fd < 0 ? NULL : file_read_all(fd, most, len);
	if (data)
		; /* it was read */
	else if (!name)
		error_set(error, "standard input cannot be read: %s", g_strerror(errno));
	else if (errno == EISDIR)
		error_usage(error, "\"%s\" is a folder, not a document", name);
	else
		error_set(error, "\"%s\" cannot be read: %s", name, g_strerror(errno));
	if (fd > STDIN_FILENO)
		close(fd);
	return data;
}

enum { COMMON_MAX = 32 };

/* The common options over their struct. */
static void common_entries(GOptionEntry out[COMMON_MAX], struct cli_options *options)
{
	const GOptionEntry entries[] = {
		{"config", 0, 0, G_OPTION_ARG_FILENAME, &options->config,
		 N_("Use this configuration instead of the planlint.yaml that is found"),
		 N_("FILE")},
		{"config-from", 0, 0, G_OPTION_ARG_FILENAME, &options->config_from,
		 N_("Take the configuration from a revision"), N_("REV")},
		{"isolated", 0, 0, G_OPTION_ARG_NONE, &options->isolated_flag,
		 N_("Use no configuration but the built-in one"), NULL},
		{"select", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->select,
		 N_("Report only these rules (repeatable, or with commas)"), N_("RULE")},
		{"ignore", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->ignore,
		 N_("Leave out these rules"), N_("RULE")},
		{"fail-level", 0, 0, G_OPTION_ARG_FILENAME, &options->fail_level_text,
		 N_("Exit 1 from this severity on: error (default), warning, info"), N_("LEVEL")},
		{"format", 'f', 0, G_OPTION_ARG_FILENAME_ARRAY, &options->formats,
		 N_("Report as text (default), json, jsonl, sarif, csv, github, gitlab, junit, "
		    "checkstyle, rdjsonl, markdown or html (repeatable)"),
		 N_("NAME[:FILE]")},
		{"lang", 0, 0, G_OPTION_ARG_FILENAME, &options->lang, N_("Language: en or fr"),
		 N_("LANG")},
		{"as-of", 0, 0, G_OPTION_ARG_FILENAME, &options->as_of_text,
		 N_("Judge as on this day (default: today)"), N_("YYYY-MM-DD")},
		{"jobs", 'j', 0, G_OPTION_ARG_INT, &options->jobs,
		 N_("Threads (default: processors)"), N_("N")},
		{"cache-dir", 0, 0, G_OPTION_ARG_FILENAME, &options->cache_dir,
		 N_("Keep verdicts between runs here (default: the user's cache folder)"),
		 N_("DIR")},
		{"no-cache", 0, 0, G_OPTION_ARG_NONE, &options->no_cache_flag,
		 N_("Judge everything anew and keep nothing"), NULL},
		{"color", 0, 0, G_OPTION_ARG_FILENAME, &options->color_text,
		 N_("Colors: auto (default), always, never"), N_("WHEN")},
		{"quiet", 'q', 0, G_OPTION_ARG_NONE, &options->quiet,
		 N_("One line a finding, nothing where there is none"), NULL},
		{"verbose", 'v', 0, G_OPTION_ARG_NONE, &options->verbose,
		 N_("Say why, and what was looked at"), NULL},
		{"exit-zero", 0, 0, G_OPTION_ARG_NONE, &options->exit_zero_flag,
		 N_("Exit 0 whatever is found"), NULL},
		{"statistics", 0, 0, G_OPTION_ARG_NONE, &options->statistics_flag,
		 N_("Count the findings of each rule"), NULL},
		{NULL, 0, 0, 0, NULL, NULL, NULL},
	};

	_Static_assert(G_N_ELEMENTS(entries) <= COMMON_MAX, "room for all of them");
	memcpy(out, entries, sizeof(entries));
}

/* Splits "a,b" in lists of rule ids. */
static char **split_commas(char **list)
{
	GPtrArray *all;

	if (!list)
		return NULL;
	all = g_ptr_array_new();
	for (size_t i = 0; list[i]; i++) {
		char **parts = g_strsplit(list[i], ",", -1);

		for (size_t k = 0; parts[k]; k++)
			g_ptr_array_add(all, parts[k]);
		g_free(parts); /* the texts went into `all` */
	}
	g_ptr_array_add(all, NULL);
	g_strfreev(list);
	return (char **)g_ptr_array_free(all, FALSE);
}

/* YYYY-MM-DD, a day of the calendar. */
static bool parse_day(int64_t *out, const char *text)
{
	struct date date;

	if (!date_parse(&date, slice_of(text)) || !date.day)
		return false;
	*out = date_earliest(date);
	return true;
}

/* Today in UTC; SOURCE_DATE_EPOCH stands in for the clock where it is set. */
static int64_t today(void)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	gint64 seconds = epoch ? g_ascii_strtoll(epoch, NULL, 10)
			       : g_get_real_time() / G_USEC_PER_SEC;

	return seconds / 86400;
}

/* Which of the names it is; -1 with `error`. */
static int choose(const char *text, const char *const *names, const char *option,
		  struct error *error)
{
	char *list;

	for (int i = 0; names[i]; i++)
		if (!strcmp(text, names[i]))
			return i;
	list = g_strjoinv(", ", (char **)names);
	error_usage(error, "%s cannot be \"%s\"; it is one of %s", option, text, list);
	g_free(list);
	return -1;
}

static int choice(const char *text, const char *const *names, const char *option)
{
	struct error error = {0};
	int chosen = choose(text, names, option, &error);

	if (chosen < 0)
		cli_fail(&error);
	error_clear(&error);
	return chosen;
}

const char *const cli_text_or_json[] = {"text", "json", NULL};

int cli_format(const struct cli_options *options, const char *const *names, struct error *error)
{
	int chosen = 0;

	for (char **format = options->formats; chosen >= 0 && format && *format; format++)
		chosen = choose(*format, names, "--format", error);
	return chosen;
}

bool cli_check_language(const char *name)
{
	static const char *const languages[] = {"en", "fr", NULL};

	return !name || choice(name, languages, "--lang") >= 0;
}

enum { JOBS_MAX = 256 }; /* threads, each with a repository of its own to open */

/* What GOption left as texts, made into values. False: said why not. */
static bool finish(struct cli_options *options)
{
	static const char *const levels[] = {"info", "warning", "error", NULL};
	static const char *const colors[] = {"auto", "always", "never", NULL};
	int level = options->fail_level_text
			    ? choice(options->fail_level_text, levels, "--fail-level")
			    : 2;
	int color = options->color_text ? choice(options->color_text, colors, "--color") : 0;

	if (level < 0 || color < 0 || !cli_check_language(options->lang))
		return false;
	options->fail_level = SEVERITY_INFO + (enum severity)level;
	options->color = (enum report_color)color;
	options->as_of = today();
	options->has_as_of = options->as_of_text != NULL;
	if (options->as_of_text && !parse_day(&options->as_of, options->as_of_text)) {
		cli_misuse("--as-of \"%s\" is no day; write year-month-day", options->as_of_text);
		return false;
	}
	if (options->jobs < 0) {
		cli_misuse("-j cannot be negative");
		return false;
	}
	if (!options->jobs)
		options->jobs = (int)g_get_num_processors();
	options->jobs = MIN(options->jobs, JOBS_MAX);
	options->verbosity = options->quiet ? -1 : options->verbose ? 1 : 0;
	options->isolated = options->isolated_flag;
	options->no_cache = options->no_cache_flag;
	options->exit_zero = options->exit_zero_flag;
	options->statistics = options->statistics_flag;
	options->select = split_commas(options->select);
	options->ignore = split_commas(options->ignore);
	return true;
}

/* GOption knows "-j 2" but not "-j2", which every user of make types. */
static char *with_equals(char *argument)
{
	static const struct {
		char letter;
		const char *name;
	} options[] = {{'j', "--jobs="}, {'f', "--format="}};

	for (size_t i = 0; i < G_N_ELEMENTS(options); i++)
		if (argument[0] == '-' && argument[1] == options[i].letter && argument[2]) {
			char *text = g_strconcat(options[i].name, argument + 2, NULL);
			const char *kept = g_intern_string(text);

			g_free(text);
			return (char *)kept;
		}
	return argument;
}

/* --help: printed. */
static int show_help(const struct usage *usage)
{
	GString *text = g_string_new(NULL);
	int status;

	usage_append_help(text, usage);
	status = cli_print(text->str, text->len);
	g_string_free(text, TRUE);
	return status;
}

/* Parses with a context made by the caller, who frees it. */
static int parse_with(GOptionContext *context, const struct usage *usage, int *argc, char ***argv,
		      int *separator)
{
	gboolean help = FALSE;
	const GOptionEntry entries[] = {
		{"help", 'h', 0, G_OPTION_ARG_NONE, &help, NULL, NULL},
		{NULL, 0, 0, 0, NULL, NULL, NULL},
	};
	GError *problem = NULL;
	int total = *argc, options = 1;

	for (; options < total && strcmp((*argv)[options], "--") != 0; options++)
		(*argv)[options] = with_equals((*argv)[options]);
	*argc = options;
	g_option_context_set_help_enabled(context, FALSE);
	if (usage->own)
		g_option_context_add_main_entries(context, usage->own, NULL);
	if (usage->common)
		g_option_context_add_main_entries(context, usage->common, NULL);
	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, argc, argv, &problem)) {
		usage_refuse(usage, problem);
		g_error_free(problem);
		return EXIT_MISUSE;
	}
	if (help)
		return show_help(usage);
	if (separator)
		*separator = *argc;
	for (int i = options + 1; i < total; i++)
		(*argv)[(*argc)++] = (*argv)[i];
	(*argv)[*argc] = NULL;
	return CLI_RUN;
}

int cli_parse(const GOptionEntry *own, const char *usage, int *argc, char ***argv)
{
	const struct usage line = {(*argv)[0], usage, own, NULL};
	GOptionContext *context = g_option_context_new(NULL);
	int result = parse_with(context, &line, argc, argv, NULL);

	g_option_context_free(context);
	return result;
}

int cli_options_parse(struct cli_options *out, const GOptionEntry *own, const char *usage,
		      int *argc, char ***argv, int *separator)
{
	GOptionEntry common[COMMON_MAX];
	const struct usage line = {(*argv)[0], usage, own, common};
	GOptionContext *context = g_option_context_new(NULL);
	int result;

	*out = (struct cli_options){0};
	common_entries(common, out);
	result = parse_with(context, &line, argc, argv, separator);
	g_option_context_free(context);
	if (result == CLI_RUN && !finish(out))
		result = EXIT_MISUSE;
	if (result != CLI_RUN)
		cli_options_release(out);
	return result;
}

void cli_options_release(struct cli_options *options)
{
	cli_store_close(options);
	g_free(options->config);
	g_free(options->config_from);
	g_strfreev(options->select);
	g_strfreev(options->ignore);
	g_strfreev(options->formats);
	g_free(options->lang);
	g_free(options->cache_dir);
	g_free(options->fail_level_text);
	g_free(options->color_text);
	g_free(options->as_of_text);
	*options = (struct cli_options){0};
}

static enum language language_named(const char *name)
{
	return name && !strcmp(name, "fr") ? LANGUAGE_FR : LANGUAGE_EN;
}

/* The first of the variables that decide about messages, by its language. */
static enum language locale_language(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return !strncmp(value, "fr", 2) && !g_ascii_isalpha(value[2]) ? LANGUAGE_FR
										      : LANGUAGE_EN;
	}
	return LANGUAGE_EN;
}

void cli_language_of_arguments(int argc, char **argv)
{
	enum language language = locale_language();

	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (g_str_has_prefix(argv[i], "--lang="))
			language = language_named(argv[i] + strlen("--lang="));
		else if (!strcmp(argv[i], "--lang") && i + 1 < argc)
			language = language_named(argv[i + 1]);
	}
	language_use(language);
}

void cli_languages(const struct cli_options *options, const char *configured,
		   struct report_options *report)
{
	const char *named = options->lang ? options->lang : configured;

	report->machine_language = language_named(named);
	report->language = named ? report->machine_language : locale_language();
	language_use(report->language);
}

struct report *cli_report_new(const struct cli_options *options, enum report_kind kind,
			      struct ruleset *ruleset, struct error *error)
{
	struct report_options report_options = {
		.kind = kind,
		.color = options->color,
		.fail_level = options->fail_level,
		.verbosity = options->verbosity,
		.statistics = options->statistics,
		.stat = options->stat,
		.graph = options->graph,
		.describe = options->laws ? laws_describe
			    : ruleset     ? law_describe
					  : NULL,
		.context = options->laws ? (void *)options->laws : ruleset,
	};
	struct report *report;

	cli_languages(options, ruleset ? ruleset->lang : NULL, &report_options);
	report = report_new(&report_options);
	for (size_t i = 0; options->formats && options->formats[i]; i++)
		if (report_add(report, options->formats[i], error) < 0) {
			report_free(report);
			return NULL;
		}
	return report;
}

bool cli_wants_rule(const struct cli_options *options, const struct finding *finding)
{
	if (!finding_is_suppressible(finding->code))
		return true;
	if (options->select &&
	    !g_strv_contains((const char *const *)options->select, finding->rule))
		return false;
	return !options->ignore ||
	       !g_strv_contains((const char *const *)options->ignore, finding->rule);
}
