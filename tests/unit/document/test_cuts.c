/*
 * Golden inputs cut at every byte: the YAML and JSON files of rules/, schemas/, samples/ and the
 * cases that are smaller than two kilobytes. `make cuts` takes the large ones too.
 */
#include "fuzz/fuzz.h"
#include "unit/unit.h"

enum { SMALL = 2048, DEPTH = 8 };

static void cut_file(const char *path)
{
	char *text = NULL;
	gsize size = 0;

	if (!g_file_get_contents(path, &text, &size, NULL) || size >= SMALL) {
		g_free(text);
		return;
	}
	fuzz_cuts(path, text, size);
	g_free(text);
}

/* The files below a folder; gives how many there were. */
static int cut_folder(const char *folder, int depth)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;
	int count = 0;

	while (dir && depth && (name = g_dir_read_name(dir))) {
		char *path = g_build_filename(folder, name, NULL);

		if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
			count += cut_folder(path, depth - 1);
		} else if (g_str_has_suffix(name, ".yaml") || g_str_has_suffix(name, ".yml") ||
			   g_str_has_suffix(name, ".json")) {
			cut_file(path);
			count++;
		}
		g_free(path);
	}
	if (dir)
		g_dir_close(dir);
	return count;
}

static void test_the_shipped_files(void)
{
	CU_ASSERT(cut_folder("rules", DEPTH) + cut_folder("schemas", DEPTH) > 0);
}

static void test_the_samples(void)
{
	CU_ASSERT(cut_folder("samples/plans", DEPTH) > 0);
}

static void test_the_cases(void)
{
	CU_ASSERT(cut_folder("tests/cases", DEPTH) > 0);
}

UNIT_SUITE(test_cuts){
	{"the shipped files", test_the_shipped_files},
	{"the samples", test_the_samples},
	{"the cases", test_the_cases},
	{0},
};
