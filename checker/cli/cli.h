/*
 * What the commands share: the exit statuses, the table of commands, the common options, and how a
 * fault is told. For the files of cli/ only.
 */
#ifndef PLANLINT_CLI_CLI_H
#define PLANLINT_CLI_CLI_H

#include "base/catalogue.h"
#include "base/error.h"
#include "report/report.h"
#include "source/finding.h"

#include <glib.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/* A text in the language of the run, which cli_languages() chose. */
#define _(text) catalogue_text(text)

/* DESIGN.md section 3. */
enum exit_status {
	EXIT_CLEAN = 0,
	EXIT_FINDINGS = 1, /* at the fail level */
	EXIT_MISUSE = 2,   /* usage, configuration, schema or rule error; nothing looked at */
	EXIT_UNTOLD = 3,   /* could not tell: unreadable repository, missing object, I/O */
};

/* A command has its own file, cli/NAME.c; argv[0] is its name. Returns an exit status. */
#define COMMAND(function, name, help) int cmd_##function(int argc, char **argv);
#include "cli/commands.def"
#undef COMMAND

int cmd_version(int argc, char **argv); /* --version */

/* The function of a command, or NULL; and what is said of a name that has none: EXIT_MISUSE. */
int (*cli_command(const char *name))(int argc, char **argv);
int cli_unknown_command(const char *name);

/* The options that commands share. Texts are owned. */
struct cli_options {
	char *config;      /* --config */
	char *config_from; /* --config-from */
	char **select;     /* rule ids; NULL: all */
	char **ignore;
	char **formats; /* -f NAME[:FILE] */
	char *lang;     /* --lang as typed; NULL: not given */
	char *cache_dir;
	int64_t as_of; /* the day (base/date.h); today where not given */
	int jobs;      /* at least 1; as many as processors where not given */
	int verbosity; /* -1: -q, 1: -v */
	enum severity fail_level;
	enum report_color color;
	bool isolated; /* no configuration file is looked for */
	bool no_cache;
	bool exit_zero;
	bool statistics;
	bool stat, graph;  /* of audit */
	struct laws *laws; /* of audit: they describe the rules, not the ruleset; NULL */
	bool has_as_of;
	struct store *store; /* after cli_store_open(), where there is one; NULL */
	/* the command line as GOption leaves it, for cli_options_parse() */
	char *fail_level_text, *color_text, *as_of_text;
	gboolean quiet, verbose;
	gboolean isolated_flag, no_cache_flag, exit_zero_flag, statistics_flag;
};

/* What parsing gives where the command is to run. */
enum { CLI_RUN = -1 };

/*
 * Parses the options of a command out of argv: the common ones, those of `own` (GOption entries;
 * NULL: none) and what is left in *argc and *argv, argv[0] included. "--" ends the options and is
 * left out, but *separator (may be NULL) is the index in the rest where what followed it starts
 * (or argc). `usage` are the words behind the command's name. CLI_RUN, or, after --help or a fault
 * that was said on stderr, the exit status to end with; then there is nothing to release.
 */
int cli_options_parse(struct cli_options *out, const GOptionEntry *own, const char *usage,
		      int *argc, char ***argv, int *separator);

/* The same without the common options, for commands that have none of them. */
int cli_parse(const GOptionEntry *own, const char *usage, int *argc, char ***argv);

void cli_options_release(struct cli_options *options); /* closes the store as well */

/* Opens the store of verdicts, unless --no-cache; says so where it cannot be used. */
void cli_store_open(struct cli_options *options);
void cli_store_close(struct cli_options *options);

/*
 * The language of what is said before the options are parsed and the configuration is read: --lang
 * where it stands anywhere, else the locale's.
 */
void cli_language_of_arguments(int argc, char **argv);

/* Is it NULL or a language that there is? False: said on stderr. */
bool cli_check_language(const char *name);

/*
 * The language of people's text: --lang, else the configuration's (NULL: it says nothing), else the
 * locale's. That of machines: without the locale.
 */
void cli_languages(const struct cli_options *options, const char *configured,
		   struct report_options *report);

/*
 * A report with the outputs that -f asks for, or NULL with `error`. The ruleset (NULL: none) gives
 * the language and the rules' titles, and outlives the report.
 */
struct ruleset;
struct report *cli_report_new(const struct cli_options *options, enum report_kind kind,
			      struct ruleset *ruleset, struct error *error);

/* Do --select and --ignore leave this finding in the report? Syntax and limits always stay. */
bool cli_wants_rule(const struct cli_options *options, const struct finding *finding);

/*
 * The format of a command that makes no report: the index of the last -f among `names`, which end
 * with NULL; without any the first. -1 with `error`.
 */
int cli_format(const struct cli_options *options, const char *const *names, struct error *error);
extern const char *const cli_text_or_json[]; /* for it: 0 is text, 1 json */

/* "planlint: message" on stderr, made visible for a terminal; the status that the fault means. */
int cli_fail(const struct error *error);
int cli_misuse(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Writes text to standard output; EXIT_CLEAN, or EXIT_UNTOLD after saying why. */
int cli_print(const char *text, size_t len);

/*
 * Reads a file that the user named, NULL: standard input; to its end, or `most` bytes and one more.
 * g_free; NULL with `error`.
 */
char *cli_read(const char *name, size_t most, size_t *len, struct error *error);

/*
 * Non-zero once the user asks the run to end (SIGINT, SIGTERM); the second time ends it at once.
 * From this call on.
 */
const volatile sig_atomic_t *cli_interrupts(void);

/* Ends like a program whose reader has gone. */
_Noreturn void cli_die_of_pipe(void);

#endif
