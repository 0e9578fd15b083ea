/* The lines between commits: forks, joins over other lanes, commits that are left out, many lanes.
 */
#include "report/graph.h"
#include "unit/unit.h"

#include <stdio.h>
#include <string.h>

/* "b a" adds commit b with the parent a; "-b a" one without anything to say. */
static void check_graph(const char *const *commits, const char *wanted)
{
	struct graph *graph = graph_new();
	GString *out = g_string_new(NULL);

	for (; *commits; commits++) {
		char **words = g_strsplit(*commits, " ", -1);
		bool plain = words[0][0] == '-';
		const char *id = words[0] + plain;

		graph_add(graph, id, (const char *const *)words + 1, g_strv_length(words) - 1,
			  plain, g_strdup_printf("%s\n", id));
		g_strfreev(words);
	}
	graph_append(out, graph);
	CU_ASSERT_STRING_EQUAL(out->str, wanted);
	if (strcmp(out->str, wanted) != 0)
		fprintf(stderr, "%s", out->str);
	g_string_free(out, TRUE);
	graph_free(graph);
}

static void test_a_line(void)
{
	check_graph((const char *const[]){"a", "b a", "c b", NULL}, "* a\n* b\n* c\n");
}

static void test_a_side_branch(void)
{
	check_graph((const char *const[]){"a", "s a", "b a", "m b s", "c m", NULL}, "* a\n"
										    "|\\\n"
										    "| * s\n"
										    "* | b\n"
										    "|/\n"
										    "* m\n"
										    "* c\n");
}

static void test_what_says_nothing_is_left_out(void)
{
	check_graph(
		(const char *const[]){"-a", "b a", "-s b", "-t s", "c b", "-m c t", "d m", NULL},
		"* b\n* c\n* d\n");
	check_graph((const char *const[]){"a", "s a", "-b a", "-m b s", "c m", NULL},
		    "* a\n* s\n* c\n");
}

static void test_a_join_over_other_lanes(void)
{
	check_graph((const char *const[]){"a", "b a", "c a", "d a", "m b d", "n m c", NULL},
		    "* a\n"
		    "|\\\n"
		    "| * b\n"
		    "|\\ \\\n"
		    "| * | c\n"
		    "* | | d\n"
		    "|_|/\n"
		    "* | m\n"
		    "|/\n"
		    "* n\n");
}

static void test_several_roots_and_ends(void)
{
	check_graph((const char *const[]){"a", "b", "c a", "d b", NULL}, "* a\n"
									 "| * b\n"
									 "* | c\n"
									 " /\n"
									 "* d\n");
}

static void test_many_lanes_are_cut(void)
{
	struct graph *graph = graph_new();
	GString *out = g_string_new(NULL);
	char id[16], parent[16];
	const char *parents[] = {parent};

	for (int i = 0; i < 200; i++) {
		g_snprintf(id, sizeof(id), "r%d", i);
		graph_add(graph, id, NULL, 0, false, g_strdup("root\n"));
	}
	for (int i = 0; i < 200; i++) {
		g_snprintf(id, sizeof(id), "c%d", i);
		g_snprintf(parent, sizeof(parent), "r%d", i);
		graph_add(graph, id, parents, 1, false, g_strdup("child\n"));
	}
	graph_append(out, graph);
	for (const char *line = out->str, *end; *line; line = end + 1) {
		end = strchr(line, '\n');
		CU_ASSERT_FATAL(end != NULL);
		CU_ASSERT(end - line < 100);
	}
	g_string_free(out, TRUE);
	graph_free(graph);
}

UNIT_SUITE(test_graph){
	{"a line", test_a_line},
	{"a side branch", test_a_side_branch},
	{"what says nothing is left out", test_what_says_nothing_is_left_out},
	{"a join over other lanes", test_a_join_over_other_lanes},
	{"several roots and ends", test_several_roots_and_ends},
	{"many lanes are cut", test_many_lanes_are_cut},
	{0},
};
