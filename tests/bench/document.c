/*
 * What the tree costs on top of the parser: reads generated plans of 1 to 3 KB as documents, and in
 * turn drains libfyaml's events of the same texts and does nothing with them, as floor.c does.
 * Prints the ratio of the two and the speed of the JSON lane, each the best of several rounds, in
 * CPU time of this thread.   document [ROUNDS]
 */
#include "document/document.h"

#include <libfyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PLANS = 200, ROWS = 20000 };

static double cpu_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static GString *make_plan(int number)
{
	GString *out = g_string_new(NULL);

	g_string_append_printf(out,
			       "# An action plan\nid: ipap-%d\npartner: GEO\nprogramme: IPAP\n"
			       "title:\n  en: Individual Partnership Action Plan %d\n"
			       "  fr: \"Plan d'action individuel : partenariat %d\"\n"
			       "coverage: full\ndates:\n  agreed: 2004-10-29\n"
			       "  reviewed: [2005-06, 2006-03-15]\nperiod:\n  start: 2004\n"
			       "  end: 2006\nobjectives:\n",
			       number, number, number);
	for (int i = 0; i < 3 + number % 8; i++)
		g_string_append_printf(
			out,
			"  - id: \"%d.%d\"\n    category: security\n"
			"    title: Strengthen democratic control of the forces\n"
			"    deadline: 200%d-0%d\n    status: ongoing # so far\n"
			"    note: >\n      The partner reports every year on what was\n"
			"      done, and the staff assesses it.\n",
			i / 3 + 1, i % 3 + 1, i % 7, i % 9 + 1);
	return out;
}

static void drain(const GString *text)
{
	struct fy_parse_cfg config = {.flags = FYPCF_QUIET};
	struct fy_parser *parser = fy_parser_create(&config);
	struct fy_event *event;

	fy_parser_set_string(parser, text->str, text->len);
	while ((event = fy_parser_parse(parser)))
		fy_parser_event_free(parser, event);
	fy_parser_destroy(parser);
}

static void refuse(void *context, const struct finding *finding)
{
	(void)context;
	fprintf(stderr, "bench: %s at %u\n", finding->rule, finding->span.start);
	exit(1);
}

static void read_document(const GString *text, const char *path, const struct symbols *symbols)
{
	struct finding_sink sink = {refuse, NULL};
	struct document_options options = {.symbols = symbols};
	struct document_set set;
	struct source source;
	struct arena arena = {0};

	source_init(&source, path, text->str, text->len);
	if (document_read(&set, &source, &options, &arena, &sink, NULL) || !set.complete)
		exit(1);
	source_release(&source);
	arena_release(&arena);
}

static void time_yaml(GString **plans, int rounds, const struct symbols *symbols)
{
	double best_events = 1e9, best_tree = 1e9;
	size_t bytes = 0;

	for (int i = 0; i < PLANS; i++)
		bytes += plans[i]->len;
	for (int round = 0; round < rounds; round++) {
		double start = cpu_seconds(), middle;

		for (int i = 0; i < PLANS; i++)
			drain(plans[i]);
		middle = cpu_seconds();
		for (int i = 0; i < PLANS; i++)
			read_document(plans[i], "plan.yaml", symbols);
		best_tree = MIN(best_tree, cpu_seconds() - middle);
		best_events = MIN(best_events, middle - start);
	}
	printf("yaml: %zu bytes a plan, events %.1f MB/s, tree %.1f MB/s, ratio %.2f\n",
	       bytes / PLANS, (double)bytes / best_events / 1e6, (double)bytes / best_tree / 1e6,
	       best_tree / best_events);
}

static void time_json(int rounds, const struct symbols *symbols)
{
	GString *text = g_string_new("[");
	double best = 1e9;

	for (int i = 0; i < ROWS; i++)
		g_string_append_printf(
			text,
			"%s{\"id\": \"%d.%d\", \"category\": \"security\", \"title\": "
			"\"Strengthen democratic control of the forces\", "
			"\"deadline\": \"2005-06\", \"count\": %d, \"done\": false}",
			i ? ",\n" : "", i / 7, i % 7, i);
	g_string_append_c(text, ']');
	for (int round = 0; round < rounds; round++) {
		double start = cpu_seconds();

		read_document(text, "x.json", symbols);
		best = MIN(best, cpu_seconds() - start);
	}
	printf("json: %zu bytes, %.0f MB/s\n", text->len, (double)text->len / best / 1e6);
	g_string_free(text, TRUE);
}

int main(int argc, char **argv)
{
	static const char *const names[] = {"id",  "partner", "programme",  "title",    "en",
					    "fr",  "dates",   "agreed",     "period",   "start",
					    "end", "status",  "objectives", "category", "note"};
	int rounds = argc > 1 ? atoi(argv[1]) : 20;
	struct symbols *symbols = symbols_new();
	GString *plans[PLANS];

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		symbols_intern(symbols, names[i], strlen(names[i]));
	for (int i = 0; i < PLANS; i++)
		plans[i] = make_plan(i);
	time_yaml(plans, rounds, symbols);
	time_json(rounds, symbols);
	for (int i = 0; i < PLANS; i++)
		g_string_free(plans[i], TRUE);
	symbols_free(symbols);
	return 0;
}
