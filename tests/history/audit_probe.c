/*
 * The audit with the judge of fake.c, printed for the tests: each commit with what it introduced,
 * fixed, let fall due, hid and brought back, then what is open at the end.
 *	fake audit [--oracle] [--all] [--first-parent] [-jN] [RANGE]...
 *	fake staged | gate BASE HEAD | preview A B
 */
#include "check/gate.h"
#include "document/document.h"
#include "source/finding.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_finding(const char *list, const struct finding *finding, const char *cause)
{
	GString *text = g_string_new(NULL);
	unsigned line = 0;

	if (finding->source)
		line = source_position(finding->source, finding->span.start).line;
	phrase_append(text, &finding->message, LANGUAGE_EN, NULL);
	g_string_append(text, " {");
	for (size_t i = 0; i < finding->related_count; i++)
		g_string_append_printf(
			text, "%s:%u ",
			finding->related[i].source ? finding->related[i].source->path : "-",
			finding->related[i].source ? source_position(finding->related[i].source,
								     finding->related[i].span.start)
							     .line
						   : 0);
	phrase_append(text, &finding->hint, LANGUAGE_EN, NULL);
	printf("  %s %s %s:%u %s [%s]%s%s %s}\n", list, finding->rule,
	       finding->source ? finding->source->path : "-", line,
	       severity_name(finding->severity), finding->identity ? finding->identity : "",
	       cause ? " cause " : "", cause ? cause : "", text->str);
	g_string_free(text, TRUE);
}

static int print_commit(void *context, const struct audit_commit *commit)
{
	static const char *const names[] = {"introduced", "fixed",      "due",
					    "hidden",     "reappeared", "suppressed"};
	char hex[OBJECT_ID_HEX + 1];

	(void)context;
	object_id_hex(hex, &commit->history->commits[commit->index].id);
	printf("%s %.*s: remaining %zu, suppressed %zu\n", hex, (int)commit->text.subject.len,
	       commit->text.subject.data, commit->remaining, commit->suppressed);
	for (int kind = 0; kind < AUDIT_LISTS; kind++)
		for (size_t i = 0; i < commit->lists[kind].count; i++)
			print_finding(names[kind], commit->lists[kind].entries[i].finding,
				      commit->lists[kind].entries[i].cause);
	return 0;
}

static void print_list(const char *name, const struct audit_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		print_finding(name, list->entries[i].finding, NULL);
}

static void print_gate(void *context, const struct gate_report *report)
{
	static const char *const judged[] = {"index", "merge", "head", "preview", "push"};

	(void)context;
	printf("%s: existing %zu, documents %zu, unmatched %zu\n", judged[report->judged],
	       report->existing, report->documents, report->unmatched);
	print_list("introduced", &report->introduced);
	print_list("fixed", &report->fixed);
	print_list("suppressed", &report->suppressed);
}

static int gate(const struct audit_options *from, char **argv, struct error *error)
{
	struct gate_options options = {
		.ruleset = from->ruleset,
		.repository = from->repository,
		.report = print_gate,
	};
	struct object_id a, b;

	if (!strcmp(argv[1], "staged"))
		return gate_staged(&options, error);
	if (repository_resolve(&a, from->repository, argv[2], error) ||
	    repository_resolve(&b, from->repository, argv[3], error))
		return -1;
	return !strcmp(argv[1], "gate") ? gate_range(&options, &a, &b, error)
					: gate_preview(&options, &a, &b, error);
}

static int audit(const struct audit_options *options, struct error *error)
{
	struct audit_summary summary;
	int result = audit_run(&summary, options, error);

	printf("commits %zu merges %zu unmatched %zu suppressed %zu open %zu\n", summary.commits,
	       summary.merges, summary.unmatched, summary.suppressed, summary.open_count);
	for (size_t i = 0; i < summary.open_count; i++)
		print_finding("open", summary.open[i], NULL);
	audit_summary_release(&summary);
	return result;
}

static void read_options(struct audit_options *options, int argc, char **argv)
{
	for (; argc && **argv == '-'; argc--, argv++) {
		options->oracle |= !strcmp(*argv, "--oracle");
		options->range.all |= !strcmp(*argv, "--all");
		options->range.first_parent |= !strcmp(*argv, "--first-parent");
		if (!strncmp(*argv, "-j", 2))
			options->jobs = atoi(*argv + 2);
	}
	options->range.revisions = (const char *const *)argv;
	options->range.revision_count = (size_t)argc;
}

int main(int argc, char **argv)
{
	struct audit_options options = {.commit = print_commit};
	struct ruleset *ruleset = NULL;
	struct error error = {0};

	if (argc < 2 || ruleset_load(&ruleset, NULL, NULL, NULL, &error))
		return 2;
	read_options(&options, argc - 2, argv + 2);
	options.ruleset = ruleset;
	if (repository_open(&options.repository, ".", &error) != 1)
		return 2;
	int result = !strcmp(argv[1], "audit") ? audit(&options, &error)
					       : gate(&options, argv, &error);

	if (result < 0)
		printf("error: %s\n", error.message);
	if (result > 0)
		puts("conflict");
	repository_free(options.repository);
	ruleset_free(ruleset);
	error_clear(&error);
	return 0;
}
