/*
 * `planlint blame [RULE | PATH]...`: for each finding that is open at HEAD the commit that brought
 * it in (or on whose day it fell due), its author and its age.
 *
 * An audit of HEAD's history tells which commits introduce which findings, by identity; the last of
 * them before HEAD is the one, since what was mended in between had to come in again.
 */
#include "check/audit.h"

#include "base/date.h"
#include "cli/judge.h"

#include <string.h>

enum { SECONDS_A_DAY = 86400, SHOWN_ID = 10 };

/* The commit that brought a finding in. */
struct origin {
	char id[OBJECT_ID_HEX + 1];
	int64_t date;
	char *author;
};

struct blame {
	struct cli_options options;
	struct repository *repository;
	struct law law;
	GHashTable *origins; /* identity -> struct origin */
	GPtrArray *rules;    /* ids wanted; with no paths either: everything */
	struct wanted_paths paths;
	struct report_options languages;
	struct mailmap *mailmap;
	struct report_progress *progress;
	size_t commits; /* looked at */
};

static void origin_free(void *data)
{
	struct origin *origin = data;

	g_free(origin->author);
	g_free(origin);
}

/* The name that .mailmap gives; g_free. */
static char *name_of(const struct blame *blame, const struct commit_text *text)
{
	struct slice name = text->author, mail = text->author_email;
	struct arena arena = {0};
	char *result;

	mailmap_apply(blame->mailmap, &name, &mail, &arena);
	result = g_strndup(name.data, name.len);
	arena_release(&arena);
	return result;
}

static void note_list(struct blame *blame, const struct audit_commit *commit,
		      const struct audit_list *list)
{
	const struct history_commit *from = &commit->history->commits[commit->index];

	for (size_t i = 0; i < list->count; i++) {
		struct origin *origin = g_new0(struct origin, 1);
		const char *identity = list->entries[i].finding->identity;

		object_id_hex(origin->id, &from->id);
		origin->date = from->date;
		origin->author = name_of(blame, &commit->text);
		g_hash_table_replace(blame->origins, g_strdup(identity ? identity : ""), origin);
	}
}

static int on_commit(void *context, const struct audit_commit *commit)
{
	struct blame *blame = context;

	note_list(blame, commit, &commit->lists[AUDIT_INTRODUCED]);
	note_list(blame, commit, &commit->lists[AUDIT_DUE]);
	blame->commits++;
	return 0;
}

static bool is_wanted(const struct blame *blame, const struct finding *finding)
{
	const char *path = finding->source ? finding->source->path : "";
	bool all = !blame->rules->len && !blame->paths.paths->len;

	return (all ||
		g_ptr_array_find_with_equal_func(blame->rules, finding->rule, g_str_equal, NULL) ||
		(blame->paths.paths->len && wanted_has((void *)&blame->paths, path))) &&
	       cli_wants_rule(&blame->options, finding);
}

/* The ids of rules among the arguments, and the paths, which must be in HEAD. 0, or -1. */
static int take_arguments(struct blame *blame, char **typed, struct error *error)
{
	struct snapshot *snapshot = NULL;
	struct object_id head;
	int born = repository_head(&head, blame->repository, error), status = MIN(born, 0);

	if (born == 1)
		status = snapshot_of_commit(&snapshot, blame->repository, &head, error);
	for (; !status && *typed; typed++) {
		const GPtrArray *paths = blame->paths.paths;

		if (ruleset_knows(blame->law.ruleset, *typed)) {
			g_ptr_array_add(blame->rules, *typed);
			continue;
		}
		status = wanted_take(&blame->paths, blame->repository, typed, 1, error);
		if (!status && snapshot && !wanted_is_there(snapshot, paths->pdata[paths->len - 1]))
			status = error_usage(
				error, "\"%s\" is no rule, and no such file is in HEAD", *typed);
	}
	snapshot_free(snapshot);
	return status;
}

static void append_date(GString *out, int64_t time)
{
	struct date date;
	int64_t day = time / SECONDS_A_DAY - (time % SECONDS_A_DAY < 0);

	if (date_of_day(&date, day))
		date_append_iso(out, date);
}

/* 1a2b3c4d5e 2009-03-05 Author, 12 days: plans/geo.yaml:12:8: error: words [rule] */
static void append_line(GString *out, const struct blame *blame, struct finding *finding,
			enum language language)
{
	const struct origin *origin = g_hash_table_lookup(
		blame->origins, finding->identity ? finding->identity : "");

	if (origin) {
		int64_t age = blame->options.as_of - origin->date / SECONDS_A_DAY;

		g_string_append_printf(out, "%.*s ", SHOWN_ID, origin->id);
		append_date(out, origin->date);
		g_string_append_c(out, ' ');
		text_append_visible(out, origin->author, strlen(origin->author));
		g_string_append_printf(out, _(", %lld d: "), (long long)MAX(age, 0));
	}
	if (finding->source) {
		struct position at = source_position(finding->source, finding->span.start);

		text_append_visible(out, finding->source->path, strlen(finding->source->path));
		g_string_append_printf(out, ":%u:%u: ", at.line, at.column_code_points);
	}
	g_string_append_printf(out, "%s%s", _(severity_name(finding->severity)), _(": "));
	phrase_append(out, &finding->message, language, text_append_visible);
	g_string_append_printf(out, " [%s]\n", finding->rule);
}

static int print_open(struct blame *blame, const struct audit_summary *summary)
{
	GString *out = g_string_new(NULL);
	bool has_failed = false;

	for (size_t i = 0; i < summary->open_count; i++) {
		struct finding finding = *summary->open[i];

		if (!is_wanted(blame, &finding))
			continue;
		append_line(out, blame, &finding, blame->languages.language);
		has_failed |= finding.severity >= blame->options.fail_level;
	}
	int status = cli_print(out->str, out->len);

	g_string_free(out, TRUE);
	if (status)
		return status;
	return has_failed && !blame->options.exit_zero ? EXIT_FINDINGS : EXIT_CLEAN;
}

/* Before the last commit nobody knows what is open there, so all that was found may be mended. */
static int print_interrupted(const struct blame *blame, const struct audit_summary *summary)
{
	GString *text = g_string_new(NULL);

	if (summary->wanted)
		g_string_printf(text,
				_("incomplete: interrupted after %zu of %zu commits; what is "
				  "open at HEAD is not known\n"),
				blame->commits, summary->wanted);
	else
		g_string_printf(text, "%s\n", _("incomplete: interrupted before the first commit"));
	cli_print(text->str, text->len);
	g_string_free(text, TRUE);
	return EXIT_UNTOLD;
}

static int run(struct blame *blame, char **typed, struct error *error)
{
	static const char *const formats[] = {"text", NULL};
	struct audit_summary summary;
	int status;

	cli_interrupts();
	if (cli_format(&blame->options, formats, error) < 0 ||
	    judge_open_repository(&blame->repository, error) < 0 ||
	    law_from_repository(&blame->law, &blame->options, blame->repository, error) < 0 ||
	    mailmap_read(&blame->mailmap, blame->repository, error) < 0)
		return -1;
	if (blame->law.ruleset->faults)
		return judge_faulty(&blame->law, &blame->options, error);
	if (law_check_options(blame->law.ruleset, &blame->options, error) < 0 ||
	    take_arguments(blame, typed, error) < 0)
		return -1;
	cli_languages(&blame->options, blame->law.ruleset->lang, &blame->languages);
	blame->progress = report_progress_new(blame->languages.language);
	const struct audit_options options = {
		.ruleset = blame->law.ruleset,
		.repository = blame->repository,
		.base = blame->law.root,
		.jobs = blame->options.jobs,
		.commit = on_commit,
		.context = blame,
		.progress = report_progress_tell,
		.progress_context = blame->progress,
		.interrupted = cli_interrupts(),
	};

	status = audit_run(&summary, &options, error);
	report_progress_erase(blame->progress);
	if (!status && summary.interrupted)
		status = print_interrupted(blame, &summary);
	else if (!status)
		status = print_open(blame, &summary);
	audit_summary_release(&summary);
	return status;
}

int cmd_blame(int argc, char **argv)
{
	struct blame blame = {0};
	struct error error = {0};
	int status = cli_options_parse(&blame.options, NULL, N_("[RULE | PATH]..."), &argc, &argv,
				       NULL);

	if (status != CLI_RUN)
		return status;
	blame.origins = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, origin_free);
	blame.rules = g_ptr_array_new();
	wanted_init(&blame.paths);
	status = run(&blame, argv + 1, &error);
	if (status < 0)
		status = cli_fail(&error);
	error_clear(&error);
	mailmap_free(blame.mailmap);
	report_progress_free(blame.progress);
	law_release(&blame.law);
	repository_free(blame.repository);
	g_hash_table_destroy(blame.origins);
	g_ptr_array_free(blame.rules, TRUE);
	wanted_release(&blame.paths);
	cli_options_release(&blame.options);
	return status;
}
