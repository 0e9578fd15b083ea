/*
 * `planlint gate`: what a change adds. --staged compares the index with HEAD (this is what the hook
 * runs), BASE..HEAD the head of a branch with what it is to go into.
 *
 * The law is that of the side that is kept: HEAD's (with --staged; the index's where HEAD has none
 * or is unborn), BASE's, so that a change cannot weaken its own judge. check/ compares; old
 * findings are one counting line.
 *
 * `planlint pre-receive` does the same on a server for each branch that a push moves, while what it
 * brings is still in quarantine: the law is that of the old tip, else of HEAD. It ends before the
 * server loses patience, and then refuses.
 */
#include "check/gate.h"

#include "cli/judge.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct gate {
	struct cli_options options;
	gboolean staged;
	struct repository *repository;
	struct law law;
	struct report *report;
	struct report_looked_at looked_at;
	GPtrArray *notes; /* sentences, owned */
	char *subject;
	bool has_deadline;
};

static volatile sig_atomic_t overdue;

static void note(struct gate *gate, const char *text)
{
	g_ptr_array_add(gate->notes, g_strdup(text));
}

static void report_list(struct gate *gate, const struct audit_list *list, enum report_state state)
{
	for (size_t i = 0; i < list->count; i++)
		if (cli_wants_rule(&gate->options, list->entries[i].finding))
			report_finding(gate->report, list->entries[i].finding, state);
}

/* Suppressions that a change brings: named, and where the law forbids them, findings all the same.
 */
static void report_suppressed(struct gate *gate, const struct audit_list *list)
{
	enum suppressions_policy policy = gate->law.ruleset->suppressions;

	report_list(gate, list,
		    policy == SUPPRESSIONS_FORBIDDEN ? REPORT_INTRODUCED : REPORT_SUPPRESSED);
	for (size_t i = 0; policy == SUPPRESSIONS_LISTED && i < list->count; i++) {
		const struct finding *finding = list->entries[i].finding;
		char *text = g_strdup_printf(_("this change suppresses %s in %s"), finding->rule,
					     finding->source ? finding->source->path
							     : _("the repository"));

		note(gate, text);
		g_free(text);
	}
}

static void on_report(void *context, const struct gate_report *found)
{
	struct gate *gate = context;

	if (found->judged == GATE_HEAD)
		note(gate, N_("the merge has conflicts: HEAD was judged as it is"));
	report_list(gate, &found->introduced, REPORT_INTRODUCED);
	report_suppressed(gate, &found->suppressed);
	gate->looked_at.existing = found->existing;
	gate->looked_at.documents = found->documents;
	gate->looked_at.unmatched = found->unmatched;
	gate->looked_at.suppressed = found->suppressed.count;
	gate->looked_at.incomplete = found->incomplete;
	gate->looked_at.wanted = found->wanted;
}

static int law_of_commit(struct gate *gate, const struct object_id *id, const char *name,
			 struct error *error)
{
	struct snapshot *snapshot;
	int status;

	if (snapshot_of_commit(&snapshot, gate->repository, id, error) < 0)
		return -1;
	status = law_from_snapshot(&gate->law, snapshot, repository_prefix(gate->repository), name,
				   error);
	snapshot_free(snapshot);
	return status;
}

static int law_of_index(struct gate *gate, struct error *error)
{
	struct snapshot *snapshot;
	int status;

	if (snapshot_of_index(&snapshot, gate->repository, error) < 0)
		return -1;
	status = law_from_snapshot(&gate->law, snapshot, repository_prefix(gate->repository),
				   "the index", error);
	snapshot_free(snapshot);
	return status;
}

/* HEAD's law; the index's where HEAD has none. */
static int law_of_staged(struct gate *gate, struct error *error)
{
	struct object_id head;
	int born = repository_head(&head, gate->repository, error);

	if (born < 0 || (born && law_of_commit(gate, &head, "HEAD", error) < 0))
		return -1;
	if (born && gate->law.ruleset->config)
		return 0;
	law_release(&gate->law);
	return law_of_index(gate, error);
}

static int law_of_base(struct gate *gate, const struct object_id *base, const char *name,
		       struct error *error)
{
	if (law_of_commit(gate, base, name, error) < 0)
		return -1;
	if (!gate->law.ruleset->config)
		note(gate, N_("the base has no planlint.yaml: the built-in rules were used"));
	return 0;
}

/* The law, then the report, then what `run` finds. */
static int begin(struct gate *gate, struct error *error)
{
	if (gate->law.ruleset->faults)
		return judge_faulty(&gate->law, &gate->options, error);
	if (law_check_options(gate->law.ruleset, &gate->options, error) < 0)
		return -1;
	gate->report = cli_report_new(&gate->options, REPORT_OF_GATE, gate->law.ruleset, error);
	return gate->report ? 0 : -1;
}

static int finish(struct gate *gate)
{
	char day[JUDGE_DAY_SIZE];

	judge_notes(gate->notes, gate->repository);
	if (!gate->looked_at.documents && !gate->looked_at.incomplete)
		note(gate, N_("no document was looked at"));
	judge_describe(&gate->looked_at, &gate->law, &gate->options, day);
	gate->looked_at.subject = gate->subject;
	gate->looked_at.notes = (const char *const *)gate->notes->pdata;
	gate->looked_at.note_count = gate->notes->len;
	return judge_finish(gate->report, &gate->looked_at, &gate->options);
}

/* A server's hook has a deadline of its own; elsewhere the user may lose patience. */
static struct gate_options options_of(struct gate *gate)
{
	return (struct gate_options){
		.ruleset = gate->law.ruleset,
		.repository = gate->repository,
		.base = gate->law.root,
		.as_of = gate->options.as_of,
		.jobs = gate->options.jobs,
		.store = gate->options.store,
		.report = on_report,
		.context = gate,
		.progress = report_progress_tell,
		.progress_context = report_progress_of(gate->report),
		.interrupted = gate->has_deadline ? &overdue : cli_interrupts(),
	};
}

static int run_staged(struct gate *gate, struct error *error)
{
	struct gate_options options;
	int status = law_from_options(&gate->law, &gate->options, gate->repository,
				      repository_prefix(gate->repository), error);

	if (status < 0 || (!status && law_of_staged(gate, error) < 0))
		return -1;
	gate->subject = g_strdup(N_("the index"));
	status = begin(gate, error);
	if (status)
		return status;
	options = options_of(gate);
	return gate_staged(&options, error) < 0 ? -1 : finish(gate);
}

/* Two commits by their names: the law of the first, then the report. */
static int begin_between(struct gate *gate, struct object_id ids[2], const char *const names[2],
			 struct error *error)
{
	int status;

	for (int i = 0; i < 2; i++)
		if (repository_resolve(&ids[i], gate->repository, names[i], error) < 0)
			return -1;
	status = law_from_options(&gate->law, &gate->options, gate->repository,
				  repository_prefix(gate->repository), error);
	if (status < 0 || (!status && law_of_base(gate, &ids[0], names[0], error) < 0))
		return -1;
	return begin(gate, error);
}

/* "BASE..HEAD"; an empty side is HEAD. */
static int run_range(struct gate *gate, const char *range, struct error *error)
{
	const char *dots = strstr(range, "..");
	struct object_id ids[2];
	struct gate_options options;
	char *base;
	int status;

	if (!dots || dots[2] == '.')
		return error_usage(error, "\"%s\" is no BASE..HEAD", range);
	gate->subject = g_strdup(range);
	base = dots > range ? g_strndup(range, (size_t)(dots - range)) : g_strdup("HEAD");
	status = begin_between(gate, ids, (const char *const[]){base, dots[2] ? dots + 2 : "HEAD"},
			       error);
	g_free(base);
	if (status)
		return status;
	options = options_of(gate);
	return gate_range(&options, &ids[0], &ids[1], error) < 0 ? -1 : finish(gate);
}

static int run(struct gate *gate, int argc, char **argv, struct error *error)
{
	if (judge_open_repository(&gate->repository, error) < 0)
		return -1;
	if (gate->staged ? argc > 1 : argc != 2)
		return error_usage(error, "give either --staged or BASE..HEAD");
	cli_store_open(&gate->options);
	return gate->staged ? run_staged(gate, error) : run_range(gate, argv[1], error);
}

/* Runs one of the commands, says what went wrong, and releases everything. */
static int run_command(struct gate *gate, int argc, char **argv,
		       int (*command)(struct gate *gate, int argc, char **argv,
				      struct error *error))
{
	struct error error = {0};
	int status;

	cli_interrupts();
	gate->notes = g_ptr_array_new_with_free_func(g_free);
	status = command(gate, argc, argv, &error);
	if (status < 0)
		status = cli_fail(&error);
	error_clear(&error);
	report_free(gate->report);
	law_release(&gate->law);
	repository_free(gate->repository);
	cli_options_release(&gate->options);
	g_ptr_array_free(gate->notes, TRUE);
	g_free(gate->subject);
	return status;
}

int cmd_gate(int argc, char **argv)
{
	struct gate gate = {0};
	const GOptionEntry own[] = {
		{"staged", 0, 0, G_OPTION_ARG_NONE, &gate.staged,
		 N_("What is staged, against HEAD"), NULL},
		{NULL, 0, 0, 0, NULL, NULL, NULL},
	};
	int status = cli_options_parse(&gate.options, own, N_("[BASE..HEAD]"), &argc, &argv, NULL);

	if (status != CLI_RUN)
		return status;
	return run_command(&gate, argc, argv, run);
}

/* --- merge-preview */

/* "REV" into HEAD, or "OURS THEIRS"; the law is that of what is merged into. */
static int run_preview(struct gate *gate, int argc, char **argv, struct error *error)
{
	const char *names[] = {argc == 3 ? argv[1] : "HEAD", argv[argc - 1]};
	struct object_id ids[2];
	struct gate_options options;
	int status;

	if (argc != 2 && argc != 3)
		return error_usage(error, "give one revision to merge into HEAD, or two");
	if (judge_open_repository(&gate->repository, error) < 0)
		return -1;
	gate->subject = g_strdup_printf("%s + %s", names[0], names[1]);
	status = begin_between(gate, ids, names, error);
	if (status)
		return status;
	options = options_of(gate);
	status = gate_preview(&options, &ids[0], &ids[1], error);
	if (status > 0)
		return error_set(
			error,
			"the merge of \"%s\" into \"%s\" has conflicts: nothing can be said "
			"before they are settled",
			names[1], names[0]);
	return status < 0 ? -1 : finish(gate);
}

int cmd_merge_preview(int argc, char **argv)
{
	struct gate gate = {0};
	int status = cli_options_parse(&gate.options, NULL, N_("[OURS] THEIRS"), &argc, &argv,
				       NULL);

	if (status != CLI_RUN)
		return status;
	return run_command(&gate, argc, argv, run_preview);
}

/* --- pre-receive */

enum { DEADLINE_SECONDS = 2, LINE_MAX_LENGTH = 4096 + 2 * OBJECT_ID_HEX };

static void on_alarm(int signal_number)
{
	(void)signal_number;
	overdue = 1;
}

/* One line of standard input: "old new reference". */
struct push {
	struct object_id old_tip, new_tip;
	char *reference;
};

static void push_free(void *data)
{
	struct push *push = data;

	g_free(push->reference);
	g_free(push);
}

static int pushes_read(GPtrArray *pushes, struct error *error)
{
	char line[LINE_MAX_LENGTH + 2];

	while (fgets(line, sizeof(line), stdin)) {
		struct push *push = g_new0(struct push, 1);
		char **words = g_strsplit(g_strchomp(line), " ", 3);
		bool is_sound = g_strv_length(words) == 3 &&
				object_id_parse(&push->old_tip, slice_of(words[0])) &&
				object_id_parse(&push->new_tip, slice_of(words[1]));

		push->reference = g_strdup(is_sound ? words[2] : "");
		g_ptr_array_add(pushes, push);
		g_strfreev(words);
		if (!is_sound)
			return error_usage(error,
					   "standard input is not what git hands to pre-receive: "
					   "lines of old id, new id and reference");
	}
	return ferror(stdin) ? error_set(error, "standard input cannot be read") : 0;
}

static int law_of_push(struct gate *gate, const struct push *push, struct error *error)
{
	struct object_id head;
	int status = law_from_options(&gate->law, &gate->options, gate->repository, "", error);

	if (status)
		return status < 0 ? -1 : 0;
	if (!object_id_is_zero(&push->old_tip))
		return law_of_base(gate, &push->old_tip, push->reference, error);
	status = repository_head(&head, gate->repository, error);
	if (status < 0)
		return -1;
	return status ? law_of_base(gate, &head, "HEAD", error)
		      : law_of_base(gate, &push->new_tip, push->reference, error);
}

/* GitLab shows its users no other lines. */
static void tell_gitlab(const struct push *push, int status)
{
	if (status && getenv("GL_ID"))
		fprintf(stderr, _("GL-HOOK-ERR: planlint refuses %s; its report says why\n"),
			push->reference);
}

static int judge_push(struct gate *gate, const struct push *push, struct error *error)
{
	bool is_new = object_id_is_zero(&push->old_tip);
	struct gate_options options;
	int status = law_of_push(gate, push, error);

	if (status < 0)
		return -1;
	gate->subject = g_strdup(push->reference);
	status = begin(gate, error);
	if (status)
		return status;
	options = options_of(gate);
	status = gate_push(&options, is_new ? NULL : &push->old_tip, &push->new_tip, error);
	if (!status && !gate->looked_at.incomplete)
		return finish(gate);
	if (overdue) {
		error_clear(error);
		error_set(error,
			  "there was no time to check %s; push fewer commits at once, or ask who "
			  "keeps this server for a later --deadline",
			  push->reference);
	}
	return -1;
}

/* Each branch that the push moves; the worst status counts. Deletions and tags are let through. */
static int judge_pushes(const struct gate *common, GPtrArray *pushes, struct error *error)
{
	int worst = EXIT_CLEAN;

	for (guint i = 0; i < pushes->len; i++) {
		const struct push *push = g_ptr_array_index(pushes, i);
		struct gate gate = *common;
		int status;

		if (object_id_is_zero(&push->new_tip) ||
		    !g_str_has_prefix(push->reference, "refs/heads/"))
			continue;
		gate.notes = g_ptr_array_new_with_free_func(g_free);
		g_ptr_array_add(
			gate.notes,
			g_strdup_printf(_("branch: %s"), push->reference + strlen("refs/heads/")));
		status = judge_push(&gate, push, error);
		if (status < 0)
			status = cli_fail(error);
		tell_gitlab(push, status);
		error_clear(error);
		worst = MAX(worst, status);
		report_free(gate.report);
		law_release(&gate.law);
		g_ptr_array_free(gate.notes, TRUE);
		g_free(gate.subject);
	}
	return worst;
}

int cmd_pre_receive(int argc, char **argv)
{
	struct gate gate = {.has_deadline = true};
	int deadline = DEADLINE_SECONDS;
	const GOptionEntry own[] = {
		{"deadline", 0, 0, G_OPTION_ARG_INT, &deadline,
		 N_("Refuse after so many seconds (2; 0: never)"), N_("SECONDS")},
		{NULL, 0, 0, 0, NULL, NULL, NULL},
	};
	struct error error = {0};
	int status = cli_options_parse(&gate.options, own, "", &argc, &argv, NULL);
	GPtrArray *pushes;

	if (status != CLI_RUN)
		return status;
	pushes = g_ptr_array_new_with_free_func(push_free);
	if (deadline > 0) {
		signal(SIGALRM, on_alarm);
		alarm((unsigned)deadline);
	}
	status = argc > 1 ? error_usage(&error, "pre-receive takes no arguments")
			  : pushes_read(pushes, &error);
	if (!status)
		status = judge_open_repository(&gate.repository, &error);
	status = status ? cli_fail(&error) : judge_pushes(&gate, pushes, &error);
	error_clear(&error);
	repository_free(gate.repository);
	cli_options_release(&gate.options);
	g_ptr_array_free(pushes, TRUE);
	return status;
}
