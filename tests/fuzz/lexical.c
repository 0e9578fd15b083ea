/*
 * Every lexical check over documents of any bytes: nothing crashes, every place is in the source,
 * and over the suspects a check finds what it finds over all nodes.
 */
#include "lexical/lexical.h"

#include <string.h>

static void ignore_finding(void *context, const struct finding *finding)
{
	(void)context;
	(void)finding;
}

struct run {
	const struct source *source;
	bool is_candidate;
	unsigned count;
};

static void check_match(void *context, const struct lexical_match *match)
{
	struct run *run = context;
	const struct source *source = run->source;

	run->count++;
	g_assert(run->is_candidate);
	g_assert(match->span.start < match->span.end && match->span.end <= source->size);
	g_assert(match->fix == FIX_NONE || match->suggestion_count > 0);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct finding_sink sink = {.emit = ignore_finding};
	struct document_set set;
	struct error error = {0};
	struct source source;
	struct arena arena;

	if (size && memchr(data, '?', size)) /* these may go to the worker process */
		return 0;
	arena_init(&arena);
	source_init(&source, "fuzz.yaml", (const char *)data, size);
	g_assert(document_read(&set, &source, NULL, &arena, &sink, &error) == 0);
	for (size_t i = 0; i < set.count; i++) {
		GArray *suspects = g_array_new(FALSE, FALSE, sizeof(struct lexical_suspect));
		uint32_t candidates = lexical_candidates(&set.documents[i], NULL, suspects);

		for (int check = 0; check < LEXICAL_COUNT; check++) {
			struct run run = {&source, candidates >> check & 1, 0}, few = run;

			lexical_run((enum lexical_check)check, &set.documents[i], NULL, &arena,
				    check_match, &run);
			lexical_run((enum lexical_check)check, &set.documents[i], suspects, &arena,
				    check_match, &few);
			g_assert(run.count == few.count);
		}
		g_array_free(suspects, TRUE);
	}
	source_release(&source);
	arena_release(&arena);
	return 0;
}
