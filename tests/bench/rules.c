/*
 * What rules cost: 3,000 plans (those of a folder, over and over) are read into trees, judged by
 * the plan schema alone, and judged by the schema and all shipped rules, in turn. What a hundred
 * rules add must be less than reading the plans takes: of the shipped ones so much as a hundred
 * have on the average.
 *
 * CPU time of this thread; of each plan the best of the rounds counts, so that what other processes
 * do to caches in some of them is left out.
 *   rules FOLDER [ROUNDS]     exit 1 where a hundred rules add more
 */
#include "base/date.h"
#include "check/check.h"
#include "document/document.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PLANS = 3000 };

struct plan {
	char *path;
	char *data;
	gsize size;
};

static double cpu_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void die(const char *what)
{
	fprintf(stderr, "bench-rules: %s\n", what);
	exit(3);
}

static void ignore(void *context, const struct finding *finding)
{
	(void)context;
	(void)finding;
}

static GPtrArray *read_plans(const char *folder)
{
	GPtrArray *plans = g_ptr_array_new();
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		struct plan *plan = g_new0(struct plan, 1);
		char *path = g_build_filename(folder, name, NULL);

		plan->path = g_build_filename("plans", name, NULL);
		if (g_str_has_suffix(name, ".yaml") &&
		    g_file_get_contents(path, &plan->data, &plan->size, NULL))
			g_ptr_array_add(plans, plan);
		g_free(path);
	}
	if (!dir || !plans->len)
		die("no plans");
	g_dir_close(dir);
	return plans;
}

/* A configuration with the plan schema, and with or without rules. */
static int read_config(void *context, const char *path, char **data, size_t *size,
		       struct error *error)
{
	(void)error;
	if (strcmp(path, "planlint.yaml") != 0)
		return 1;
	*data = g_strdup_printf("documents: [{files: plans/**, kind: plan, schema: builtin:plan, "
				"key: document.id}]\nrules: [%s]\n",
				(const char *)context);
	*size = strlen(*data);
	return 0;
}

static struct ruleset *load(const char *rules)
{
	struct ruleset_files files = {.read = read_config, .context = (void *)rules};
	struct finding_sink sink = {ignore, NULL};
	struct ruleset *ruleset;
	struct error error = {0};

	if (ruleset_load(&ruleset, "planlint.yaml", &files, &sink, &error) || ruleset->faults)
		die("the rules cannot be loaded");
	return ruleset;
}

/* `best`: of one plan until now, in seconds; 0: none. */
static void note(double *best, double start)
{
	double time = cpu_seconds() - start;

	*best = *best == 0 ? time : MIN(*best, time);
}

static double sum(const double *best)
{
	double all = 0;

	for (int i = 0; i < PLANS; i++)
		all += best[i];
	return all;
}

static void time_reading(const GPtrArray *plans, const struct ruleset *ruleset, double *best)
{
	struct finding_sink sink = {ignore, NULL};
	struct document_options options = {.symbols = ruleset->symbols};
	struct arena arena = {0};

	for (guint i = 0; i < PLANS; i++) {
		const struct plan *plan = plans->pdata[i % plans->len];
		double start = cpu_seconds();
		struct document_set set;
		struct source source;

		source_init(&source, plan->path, plan->data, plan->size);
		if (document_read(&set, &source, &options, &arena, &sink, NULL))
			die("a plan cannot be read");
		source_release(&source);
		arena_reset(&arena, (struct arena_mark){0});
		note(&best[i], start);
	}
	arena_release(&arena);
}

static void time_judging(const GPtrArray *plans, const struct ruleset *ruleset, double *best)
{
	struct check_scratch *scratch = check_scratch_new();
	int64_t as_of = date_earliest((struct date){2026, 11, 15});

	for (guint i = 0; i < PLANS; i++) {
		const struct plan *plan = plans->pdata[i % plans->len];
		double start = cpu_seconds();
		struct verdict *verdict;
		struct error error = {0};

		if (check_document(&verdict, ruleset, &ruleset->entries[0], plan->path, plan->data,
				   plan->size, as_of, scratch, &error))
			die("a plan cannot be judged");
		verdict_free(verdict);
		note(&best[i], start);
	}
	check_scratch_free(scratch);
}

int main(int argc, char **argv)
{
	static double reading[PLANS], schema[PLANS], all[PLANS];
	int rounds = argc > 2 ? atoi(argv[2]) : 10;
	struct ruleset *bare, *ruled;
	GPtrArray *plans;
	double ratio;

	document_worker_main(argc, argv);
	if (argc < 2)
		die("usage: rules FOLDER [ROUNDS]");
	plans = read_plans(argv[1]);
	bare = load("");
	ruled = load("builtin:nato, builtin:yaml");
	for (int round = 0; round < rounds; round++) {
		time_reading(plans, ruled, reading);
		time_judging(plans, bare, schema);
		time_judging(plans, ruled, all);
	}
	ratio = (sum(all) - sum(schema)) / sum(reading);
	printf("bench-rules: over %d plans: reading 1, the schema %.2f, %zu rules %.2f, "
	       "a hundred of them %.2f\n",
	       PLANS, (sum(schema) - sum(reading)) / sum(reading), ruled->rule_count, ratio,
	       ratio * 100 / (double)ruled->rule_count);
	ratio *= 100 / (double)ruled->rule_count;
	ruleset_free(bare);
	ruleset_free(ruled);
	return ratio < 1 ? 0 : 1;
}
