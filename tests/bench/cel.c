/*
 * Times CEL expressions on the documents of a JSON file (a list), as rules are run: every
 *expression on one document, then on the next, again and again. Called by cel.sh beside cel.mjs,
 *which does the same with another engine on the same input; only their ratio means anything.
 *
 *	bench-cel EXPRESSIONS DOCUMENTS.json ROUNDS
 *
 * EXPRESSIONS has one expression a line. Prints how many of the values of each were true (so that
 *the two can be compared), then nanoseconds of processor time an evaluation, the best of several
 * batches: other processes on the machine count as little as can be.
 */
#include "cel/cel.h"
#include "document/document.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCHES = 9, PROGRAMS = 64 };

struct bench {
	struct symbols *symbols;
	struct cel_env *env;
	struct arena arena;
	struct document_set set;
	unsigned long rounds;
	const struct cel_program *programs[PROGRAMS];
	size_t count;
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void say(void *context, const struct finding *finding)
{
	(void)context;
	fprintf(stderr, "bench-cel: %s\n", finding_id(finding->code));
}

static void run_once(const struct bench *bench, unsigned long *truths, struct arena *scratch)
{
	const struct doc_node *item = doc_first(bench->set.documents[0].root);

	memset(truths, 0, bench->count * sizeof(*truths));
	for (; item; item = doc_next(item)) {
		struct cel_value document = cel_of_node(item, NULL);
		struct cel_activation activation;
		struct arena_mark mark = arena_mark(scratch);

		cel_activation_init(&activation, &document, 1);
		for (size_t i = 0; i < bench->count; i++) {
			struct cel_value value = cel_evaluate(bench->programs[i], &activation,
							      scratch);

			truths[i] += value.kind == CEL_BOOL && value.boolean;
		}
		arena_reset(scratch, mark);
	}
}

static void run(const struct bench *bench)
{
	size_t documents = bench->set.documents[0].root->count;
	unsigned long truths[PROGRAMS];
	struct arena scratch = {0};
	double best = 0;

	for (int batch = 0; batch < BATCHES; batch++) {
		double start = now(), spent;

		for (unsigned long i = 0; i < bench->rounds; i++)
			run_once(bench, truths, &scratch);
		spent = now() - start;
		best = !batch || spent < best ? spent : best;
	}
	for (size_t i = 0; i < bench->count; i++)
		printf("%lu\n", truths[i]);
	printf("%.1f\n", best / (double)(bench->rounds * documents * bench->count));
	arena_release(&scratch);
}

static bool compile_all(struct bench *bench, char *text)
{
	struct cel_options options = {.mode = CEL_PLAIN};
	char **lines = g_strsplit(text, "\n", -1);
	bool good = true;

	for (char **line = lines; *line && bench->count < PROGRAMS && good; line++) {
		struct cel_faults faults;

		if (!**line)
			continue;
		bench->programs[bench->count++] = cel_compile(bench->env, slice_of(*line), &options,
							      &bench->arena, &faults);
		good = bench->programs[bench->count - 1] != NULL;
		if (!good)
			fprintf(stderr, "bench-cel: refused: %s\n", *line);
	}
	g_strfreev(lines);
	return good;
}

int main(int argc, char **argv)
{
	struct bench bench = {.symbols = symbols_new()};
	const struct finding_sink sink = {say, NULL};
	struct document_options options = {.syntax = DOCUMENT_JSON, .symbols = bench.symbols};
	struct error error = {0};
	struct source source;
	gchar *text = NULL, *data = NULL;
	gsize size;

	document_worker_main(argc, argv);
	if (argc != 4 || !g_file_get_contents(argv[1], &text, NULL, NULL) ||
	    !g_file_get_contents(argv[2], &data, &size, NULL))
		return 2;
	bench.rounds = strtoul(argv[3], NULL, 10);
	bench.env = cel_env_new(NULL, bench.symbols);
	cel_env_variable(bench.env, SLICE("document"), &cel_dyn);
	if (!compile_all(&bench, text))
		return 2;
	source_init(&source, argv[2], data, size);
	if (document_read(&bench.set, &source, &options, &bench.arena, &sink, &error) ||
	    !bench.set.count)
		return 2;
	run(&bench);
	return 0;
}
