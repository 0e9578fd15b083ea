/*
 * `planlint audit [RANGE] [-- PATH...]`: every commit of a range, and what it brought in and
 * mended.
 *
 * check/ does the work and hands over one commit after another; here they become report entries.
 * Paths filter what is reported, never what is judged. The configuration is one for the whole
 * audit: the worktree's, in a bare repository HEAD's; or, when asked for, each commit's own.
 */
#include "check/audit.h"

#include "base/instant.h"
#include "cli/earlier.h"
#include "cli/impact.h"
#include "cli/laws.h"

#include <string.h>

/* How much of an author is told. */
enum authors { AUTHORS_FULL, AUTHORS_NAMES, AUTHORS_NONE };

struct audit {
	struct cli_options options;
	struct history_options range;
	struct repository *repository;
	struct law law;
	struct laws *laws; /* --config-from each; NULL: `law` judges all commits */
	struct report *report;
	struct wanted_paths wanted;
	struct arena scratch; /* of one commit's entries */
	struct mailmap *mailmap;
	struct earlier *earlier; /* --compare; NULL: none */
	gboolean all, first_parent, oracle, stat, graph;
	char *since, *until, *authors_text, *compare;
	enum authors authors;
	char *impact_name; /* --impact; then `law` is that of the revision */
	struct law before; /* and this the one in force */
	struct impact *impact;
};

/* Is it wrong with a law of a commit? Then that commit was judged by another, whatever is asked. */
static bool is_of_law(const struct audit *audit, const struct finding *finding)
{
	return audit->laws &&
	       (finding->code == FINDING_CONFIGURATION || finding->code == FINDING_RULE_FILE ||
		finding->code == FINDING_SCHEMA_INVALID);
}

/* Is this finding to be reported: its rule and its file? */
static bool is_wanted(const struct audit *audit, const struct finding *finding)
{
	return is_of_law(audit, finding) ||
	       (cli_wants_rule(&audit->options, finding) &&
		(!finding->source || wanted_has((void *)&audit->wanted, finding->source->path)));
}

static void convert_list(struct audit *audit, struct report_commit *out, enum report_state state,
			 enum audit_list_kind kind, const struct audit_list *list)
{
	struct report_entry *entries = arena_array(&audit->scratch, list->count, sizeof(*entries));
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++)
		if (is_wanted(audit, list->entries[i].finding) &&
		    impact_adds(audit->impact, kind, list->entries[i].finding))
			entries[count++] = (struct report_entry){list->entries[i].finding,
								 list->entries[i].cause};
	out->lists[state].entries = entries;
	out->lists[state].count = count;
}

static const char *hex_of(struct audit *audit, const struct object_id *id)
{
	char *hex = arena_alloc(&audit->scratch, OBJECT_ID_HEX + 1);

	object_id_hex(hex, id);
	return hex;
}

static struct slice author_of(struct audit *audit, const struct commit_text *text)
{
	struct slice name = text->author, mail = text->author_email;

	if (audit->authors == AUTHORS_NONE)
		return (struct slice){NULL, 0};
	mailmap_apply(audit->mailmap, &name, &mail, &audit->scratch);
	return audit->authors == AUTHORS_NAMES
		       ? name
		       : slice_of(arena_printf(&audit->scratch, "%.*s <%.*s>", (int)name.len,
					       name.data, (int)mail.len, mail.data));
}

static int on_commit(void *context, const struct audit_commit *found)
{
	static const enum report_state states[AUDIT_LISTS] = {
		[AUDIT_INTRODUCED] = REPORT_INTRODUCED,
		[AUDIT_FIXED] = REPORT_FIXED,
		[AUDIT_DUE] = REPORT_DUE,
		[AUDIT_HIDDEN] = REPORT_HIDDEN,
		[AUDIT_REAPPEARED] = REPORT_REAPPEARED,
		[AUDIT_SUPPRESSED] = REPORT_SUPPRESSED,
	};
	struct audit *audit = context;
	const struct history_commit *commit = &found->history->commits[found->index];
	struct arena_mark mark = arena_mark(&audit->scratch);
	const char **parents = arena_array(&audit->scratch, commit->parent_count, sizeof(*parents));
	struct report_commit out = {
		.id = hex_of(audit, &commit->id),
		.parents = parents,
		.parent_count = commit->parent_count,
		.time = found->text.author_date,
		.offset = found->text.author_offset,
		.committed = commit->date,
		.author = author_of(audit, &found->text),
		.subject = found->text.subject,
		.suppressed = found->suppressed,
		.remaining = found->remaining,
		.documents = found->documents,
	};

	impact_begin(audit->impact, found->index);
	out.remaining = impact_remaining(audit->impact, found->remaining);
	for (uint32_t i = 0; i < commit->parent_count; i++)
		parents[i] = hex_of(audit, &found->history->commits[commit->parents[i]].id);
	for (int i = 0; i < AUDIT_LISTS; i++)
		convert_list(audit, &out, states[i], (enum audit_list_kind)i, &found->lists[i]);
	report_commit(audit->report, &out);
	arena_reset(&audit->scratch, mark);
	return report_is_closed(audit->report);
}

/*
 * --config-from each: every commit brings its own. The law here judges nothing, but says in which
 * language it is reported.
 */
static int load_laws(struct audit *audit, struct error *error)
{
	char *from = audit->options.config_from;
	int status;

	if (g_strcmp0(from, CONFIG_FROM_EACH) != 0)
		return law_from_repository(&audit->law, &audit->options, audit->repository, error);
	if (audit->impact_name || audit->options.config || audit->options.isolated)
		return error_usage(error, "--config-from each, --impact, --config and --isolated "
					  "exclude each other");
	audit->options.config_from = NULL;
	status = law_from_repository(&audit->law, &audit->options, audit->repository, error);
	audit->options.config_from = from;
	if (status < 0)
		return -1;
	g_free(audit->law.name);
	audit->law.name = g_strconcat("planlint.yaml of ", N_("each commit"), NULL);
	audit->laws = laws_new(audit->repository, repository_prefix(audit->repository));
	audit->options.laws = audit->laws;
	return 0;
}

/* --impact REV: its law judges, and what the one in force finds too is left out. */
static int load_impact(struct audit *audit, struct error *error)
{
	struct cli_options options = audit->options;

	if (!audit->impact_name)
		return 0;
	options.config = NULL;
	options.isolated = false;
	options.config_from = audit->impact_name;
	audit->before = audit->law;
	audit->law = (struct law){0};
	return MIN(law_from_options(&audit->law, &options, audit->repository,
				    repository_prefix(audit->repository), error),
		   0);
}

static char *subject_of(const struct audit *audit)
{
	char *names = audit->range.revision_count ? g_strjoinv(" ", (char **)audit->range.revisions)
						  : g_strdup(audit->all ? "--all" : "HEAD");
	char *subject = g_strconcat(
		names, audit->first_parent ? " --first-parent" : "",
		audit->since ? " --since " : "", audit->since ? audit->since : "",
		audit->until ? " --until " : "", audit->until ? audit->until : "", NULL);

	g_free(names);
	return subject;
}

static int finish(struct audit *audit, const struct audit_summary *summary)
{
	char day[JUDGE_DAY_SIZE];
	char *subject = subject_of(audit);
	GPtrArray *notes = g_ptr_array_new_with_free_func(g_free);
	GPtrArray *open = g_ptr_array_new();
	struct report_looked_at looked_at = {
		.subject = subject,
		.documents = summary->blobs,
		.files = summary->files,
		.unmatched = summary->unmatched,
		.suppressed = summary->suppressed,
		.merges = summary->merges,
		.incomplete = summary->interrupted,
		.wanted = summary->wanted,
	};
	int status;

	judge_notes(notes, audit->repository);
	if (audit->impact)
		g_ptr_array_add(notes, g_strdup(N_("only what these rules would add is told")));
	for (size_t i = 0; i < summary->open_count; i++)
		if (is_wanted(audit, summary->open[i]) &&
		    impact_adds_open(audit->impact, summary->open[i]))
			g_ptr_array_add(open, (void *)summary->open[i]);
	judge_describe(&looked_at, &audit->law, &audit->options, day);
	if (audit->laws)
		looked_at.digest = laws_digest(audit->laws);
	/* Each commit is judged on its own day. */
	if (!audit->options.has_as_of)
		looked_at.as_of = NULL;
	looked_at.notes = (const char *const *)notes->pdata;
	looked_at.note_count = notes->len;
	looked_at.open = (const struct finding *const *)open->pdata;
	looked_at.open_count = open->len;
	if (audit->earlier && !summary->interrupted)
		looked_at.comparison = earlier_compare(audit->earlier, looked_at.open, open->len,
						       looked_at.digest, &audit->options,
						       &audit->wanted);
	status = judge_finish(audit->report, &looked_at, &audit->options);
	g_ptr_array_free(open, TRUE);
	g_ptr_array_free(notes, TRUE);
	g_free(subject);
	return status;
}

static int no_commits(const struct audit *audit, struct error *error)
{
	char *subject = subject_of(audit);
	int status = error_usage(error, "no document was looked at: %s holds no commit", subject);

	g_free(subject);
	return status;
}

static int run_audit(struct audit *audit, struct error *error)
{
	if (!audit->oracle)
		cli_store_open(&audit->options);
	const struct audit_options options = {
		.ruleset = audit->law.ruleset,
		.laws = audit->laws ? laws_for_audit(audit->laws) : NULL,
		.repository = audit->repository,
		.range = audit->range,
		.base = audit->law.root,
		.jobs = audit->options.jobs,
		.store = audit->options.store,
		.oracle = audit->oracle,
		.has_as_of = audit->options.has_as_of,
		.as_of = audit->options.as_of,
		.commit = on_commit,
		.context = audit,
		.progress = report_progress_tell,
		.progress_context = report_progress_of(audit->report),
		.interrupted = cli_interrupts(),
	};
	struct audit_options before = options;
	struct audit_summary summary = {0};
	int status = 0;

	before.ruleset = audit->before.ruleset;
	before.base = audit->before.root;
	if (audit->impact_name)
		status = MIN(impact_learn(&audit->impact, &before, error), 0);
	if (!status)
		status = audit_run(&summary, &options, error);
	report_progress_erase(report_progress_of(audit->report));
	if (!status) {
		if (report_is_closed(audit->report))
			cli_die_of_pipe();
		if (!summary.wanted && !summary.interrupted)
			status = no_commits(audit, error);
		else if (!summary.files && !summary.interrupted)
			status = law_found_nothing(&audit->law, _("this history"), error);
		else
			status = finish(audit, &summary);
	}
	audit_summary_release(&summary);
	return status;
}

/* --since: from the first second that it can mean. --until: to the last. */
static int parse_instant(int64_t *first, int64_t *last, const char *option, const char *text,
			 struct error *error)
{
	if (!text || instant_parse(first, last, slice_of(text)))
		return 0;
	return error_usage(error,
			   "%s \"%s\" is no date; write year-month-day, or a time as in "
			   "2024-05-27T10:30+02:00",
			   option, text);
}

static int parse_instants(struct audit *audit, struct error *error)
{
	struct history_options *range = &audit->range;
	int64_t unused;

	range->has_since = audit->since != NULL;
	range->has_until = audit->until != NULL;
	return parse_instant(&range->since, &unused, "--since", audit->since, error) < 0 ||
			       parse_instant(&unused, &range->until, "--until", audit->until,
					     error) < 0
		       ? -1
		       : 0;
}

static int parse_authors(struct audit *audit, struct error *error)
{
	static const char *const names[] = {
		[AUTHORS_FULL] = "full", [AUTHORS_NAMES] = "names", [AUTHORS_NONE] = "none"};

	if (!audit->authors_text)
		return 0;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (!strcmp(audit->authors_text, names[i])) {
			audit->authors = (enum authors)i;
			return 0;
		}
	return error_usage(error, "--authors cannot be \"%s\"; it is one of full, names, none",
			   audit->authors_text);
}

/* What stands before "--" is a range, what stands behind it paths. */
static int take_arguments(struct audit *audit, int argc, char **argv, int separator,
			  struct error *error)
{
	audit->range.revisions = (const char *const *)argv + 1;
	audit->range.revision_count = (size_t)(separator - 1);
	audit->range.all = audit->all;
	audit->range.first_parent = audit->first_parent;
	if (wanted_take(&audit->wanted, audit->repository, argv + separator,
			(size_t)(argc - separator), error))
		return -1;
	return parse_authors(audit, error) < 0 ? -1 : parse_instants(audit, error);
}

static int run(struct audit *audit, int argc, char **argv, int separator, struct error *error)
{
	cli_interrupts();
	if (judge_open_repository(&audit->repository, error) < 0 ||
	    take_arguments(audit, argc, argv, separator, error) < 0 ||
	    load_laws(audit, error) < 0 || load_impact(audit, error) < 0 ||
	    mailmap_read(&audit->mailmap, audit->repository, error) < 0)
		return -1;
	if (audit->compare && !(audit->earlier = earlier_read(audit->compare, error)))
		return -1;
	audit->options.stat = audit->stat;
	audit->options.graph = audit->graph;
	audit->report = cli_report_new(&audit->options, REPORT_OF_AUDIT, audit->law.ruleset, error);
	if (!audit->report)
		return -1;
	if (audit->law.ruleset->faults && !audit->laws)
		return judge_faulty(&audit->law, &audit->options, error);
	if (audit->impact_name && audit->before.ruleset->faults)
		return judge_faulty(&audit->before, &audit->options, error);
	if (!audit->laws && law_check_options(audit->law.ruleset, &audit->options, error) < 0)
		return -1;
	return run_audit(audit, error);
}

int cmd_audit(int argc, char **argv)
{
	struct audit audit = {0};
	const GOptionEntry own[] = {
		{"all", 0, 0, G_OPTION_ARG_NONE, &audit.all, N_("Every branch and tag"), NULL},
		{"first-parent", 0, 0, G_OPTION_ARG_NONE, &audit.first_parent,
		 N_("Follow only the first parent of merges"), NULL},
		{"since", 0, 0, G_OPTION_ARG_FILENAME, &audit.since,
		 N_("Only commits from this day or time on"), N_("DATE")},
		{"until", 0, 0, G_OPTION_ARG_FILENAME, &audit.until,
		 N_("Only commits up to this day or time"), N_("DATE")},
		{"stat", 0, 0, G_OPTION_ARG_NONE, &audit.stat,
		 N_("Count the findings of each commit instead of listing them"), NULL},
		{"graph", 0, 0, G_OPTION_ARG_NONE, &audit.graph,
		 N_("Draw the lines between the commits"), NULL},
		{"authors", 0, 0, G_OPTION_ARG_FILENAME, &audit.authors_text,
		 N_("How authors are told: full (default), names, none"), N_("HOW")},
		{"compare", 0, 0, G_OPTION_ARG_FILENAME, &audit.compare,
		 N_("Say what is new and gone since an earlier report in the format json"),
		 N_("FILE")},
		{"impact", 0, 0, G_OPTION_ARG_FILENAME, &audit.impact_name,
		 N_("What the rules of this revision would add to those in force"), N_("REV")},
		{"oracle", 0, 0, G_OPTION_ARG_NONE, &audit.oracle,
		 N_("Judge everything anew at each commit: slow, and the same to the byte"), NULL},
		{NULL, 0, 0, 0, NULL, NULL, NULL},
	};
	struct error error = {0};
	int separator;
	int status = cli_options_parse(&audit.options, own, N_("[RANGE...] [-- PATH...]"), &argc,
				       &argv, &separator);

	if (status != CLI_RUN)
		return status;
	wanted_init(&audit.wanted);
	status = run(&audit, argc, argv, separator, &error);
	if (status < 0)
		status = cli_fail(&error);
	error_clear(&error);
	report_free(audit.report);
	earlier_free(audit.earlier);
	mailmap_free(audit.mailmap);
	law_release(&audit.law);
	law_release(&audit.before);
	laws_free(audit.laws);
	impact_free(audit.impact);
	g_free(audit.impact_name);
	repository_free(audit.repository);
	wanted_release(&audit.wanted);
	arena_release(&audit.scratch);
	cli_options_release(&audit.options);
	g_free(audit.since);
	g_free(audit.until);
	g_free(audit.authors_text);
	g_free(audit.compare);
	return status;
}
