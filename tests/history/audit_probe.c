/*
 * The audit with the judge of fake.c, printed for the tests: each commit with what it introduced,
 * fixed, let fall due, hid and brought back, then what is open at the end.
 *	fake audit [--oracle] [--all] [--first-parent] [-jN] [--each=FOLDER] [RANGE]...
 *	fake compare SEEDS      the histories of documents.awk: what the audit says of each of them
 *		on standard output, and on standard error where the oracle or three threads say
 *		otherwise
 *	fake differ SEEDS, differ-each SEEDS   the same, up to the first that differs
 *	fake each SEEDS         the same, each commit by its own configuration; every second history
 *		as seen from its folder "folder"
 *	fake staged | gate BASE HEAD | preview A B
 */
#include "check/gate.h"
#include "cli/laws.h"
#include "document/document.h"
#include "source/finding.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *out;
static unsigned held = LAWS_HELD;
static const char *folder; /* --config-from each, from here; NULL: one configuration */

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
	fprintf(out, "  %s %s %s:%u %s [%s]%s%s %s}\n", list, finding->rule,
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
	fprintf(out, "%s %.*s: remaining %zu, suppressed %zu\n", hex, (int)commit->text.subject.len,
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
	fprintf(out, "%s: existing %zu, documents %zu, unmatched %zu\n", judged[report->judged],
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

static int audit(const struct audit_options *from, struct error *error)
{
	struct audit_options own = *from;
	struct audit_summary summary;
	struct laws *laws = folder ? laws_new(from->repository, folder) : NULL;
	const struct audit_options *options = &own;

	if (laws) {
		own.laws = laws_for_audit(laws);
		laws_for_audit(laws)->held = held;
	}
	int result = audit_run(&summary, options, error);

	fprintf(out, "commits %zu merges %zu unmatched %zu suppressed %zu open %zu\n",
		summary.commits, summary.merges, summary.unmatched, summary.suppressed,
		summary.open_count);
	if (laws)
		fprintf(out, "documents %zu in %zu files, digest %s\n", summary.blobs,
			summary.files, laws_digest(laws));
	for (size_t i = 0; i < summary.open_count; i++)
		print_finding("open", summary.open[i], NULL);
	audit_summary_release(&summary);
	laws_free(laws);
	return result;
}

/* --- histories at random */

enum { BRANCHES = 5 };

/* The branches of a seed that there are; the names are the caller's. */
static size_t branches_of(struct repository *repository, int seed, char **names)
{
	size_t count = 0;

	for (int i = 0; i < BRANCHES; i++) {
		struct error error = {0};
		struct object_id id;

		names[count] = g_strdup_printf("refs/heads/s%d/b%d", seed, i);
		if (!repository_resolve(&id, repository, names[count], &error))
			count++;
		else
			g_free(names[count]);
		error_clear(&error);
	}
	return count;
}

static char *said(const struct audit_options *options)
{
	struct error error = {0};
	char *text = NULL;
	size_t size;

	out = open_memstream(&text, &size);
	if (audit(options, &error) < 0)
		fprintf(out, "error: %s\n", error.message);
	fclose(out);
	out = stdout;
	error_clear(&error);
	return text;
}

/* The first line that differs, of each. */
static void print_difference(int seed, const char *what, const char *a, const char *b)
{
	const char *x = a, *y = b;

	for (; *a && *a == *b; a++, b++)
		if (*a == '\n')
			x = a + 1, y = b + 1;
	fprintf(stderr, "seed %d, %s:\n- %.*s\n+ %.*s\n", seed, what, (int)strcspn(x, "\n"), x,
		(int)strcspn(y, "\n"), y);
}

static int compare_one(const struct audit_options *options, int seed, const char *what,
		       const char *wanted)
{
	char *text = said(options);
	int differs = strcmp(text, wanted) != 0;

	if (differs)
		print_difference(seed, what, wanted, text);
	free(text);
	return differs;
}

static int compare_seed(struct audit_options options, int seed)
{
	char *names[BRANCHES], *fast, *first;
	int failed;

	options.range.revisions = (const char *const *)names;
	options.range.revision_count = branches_of(options.repository, seed, names);
	fast = said(&options);
	fputs(fast, stdout);
	options.jobs = 3;
	held = 1; /* and hardly a law is kept */
	failed = compare_one(&options, seed, "one thread and three", fast);
	held = LAWS_HELD;
	options.oracle = true;
	failed += compare_one(&options, seed, "fast and oracle", fast);
	options.range.first_parent = true;
	first = said(&options);
	options.oracle = false;
	failed += compare_one(&options, seed, "fast and oracle, first parents", first);
	for (size_t i = 0; i < options.range.revision_count; i++)
		g_free(names[i]);
	free(fast);
	free(first);
	return failed;
}

/* Each seed; `is_hasty`: to the first that differs. */
static int compare(const struct audit_options *options, int seeds, bool is_hasty)
{
	bool is_each = folder != NULL;
	int failed = 0;

	for (int seed = 1; seed <= seeds && !(failed && is_hasty); seed++) {
		if (is_each)
			folder = seed % 2 ? "" : "folder/";
		failed += compare_seed(*options, seed);
	}
	return failed;
}

static void read_options(struct audit_options *options, int argc, char **argv)
{
	for (; argc && **argv == '-'; argc--, argv++) {
		options->oracle |= !strcmp(*argv, "--oracle");
		options->range.all |= !strcmp(*argv, "--all");
		options->range.first_parent |= !strcmp(*argv, "--first-parent");
		if (!strncmp(*argv, "--each=", 7))
			folder = *argv + 7;
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

	out = stdout;
	if (argc < 2 || ruleset_load(&ruleset, NULL, NULL, NULL, &error))
		return 2;
	read_options(&options, argc - 2, argv + 2);
	options.ruleset = ruleset;
	if (repository_open(&options.repository, ".", &error) != 1)
		return 2;
	bool is_each = !strcmp(argv[1], "each") || !strcmp(argv[1], "differ-each");
	bool is_hasty = g_str_has_prefix(argv[1], "differ");

	if (is_each)
		folder = "";
	if (argc > 2 && (!strcmp(argv[1], "compare") || is_each || is_hasty)) {
		int failed = compare(&options, atoi(argv[2]), is_hasty);

		repository_free(options.repository);
		ruleset_free(ruleset);
		return failed != 0;
	}
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
