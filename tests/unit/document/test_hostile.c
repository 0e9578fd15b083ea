/*
 * Hostile files: each of tests/hostile/yaml is read in bounded time and gives a finding, but for
 * three that are good YAML and only costly for the library (a plan's schema refuses those). So are
 * generated ones: depth, aliases, keys, sizes.
 */
#include "document/yaml.h"
#include "unit/document/read.h"

#include <time.h>

/* CPU seconds for one file, sanitizers included; without them it is a tenth. */
enum { SECONDS = 5 };

static const char *const good_files[] = {"leak_squote", "keys_10000",
					 "leak-49c665a585e26932437e397729d9e7d8bc8d6199"};

static double cpu_seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

static bool is_good_file(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(good_files); i++)
		if (!strcmp(name, good_files[i]))
			return true;
	return false;
}

static void check_file(const char *folder, const char *name)
{
	char *path = g_build_filename(folder, name, NULL);
	double start = cpu_seconds();
	bool is_good = is_good_file(name);
	gsize size = 0;
	char *text = NULL;
	struct read read;

	CU_ASSERT_TRUE_FATAL(g_file_get_contents(path, &text, &size, NULL));
	read_with(&read, "x.yaml", text, size, NULL);
	if (is_good != !read.findings->len)
		fprintf(stderr, "\n  %s: %s\n", name, read.findings->str);
	CU_ASSERT_EQUAL(is_good, !read.findings->len);
	CU_ASSERT(!is_good || read.set.complete);
	CU_ASSERT(cpu_seconds() - start < SECONDS);
	read_release(&read);
	g_free(text);
	g_free(path);
}

static void test_every_file_gives_a_finding(void)
{
	const char *folder = "tests/hostile/yaml";
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;
	int count = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(dir);
	while ((name = g_dir_read_name(dir))) {
		check_file(folder, name);
		count++;
	}
	CU_ASSERT(count >= 31);
	g_dir_close(dir);
}

/* `count` times `text`. */
static GString *repeated(const char *text, size_t count)
{
	GString *out = g_string_sized_new(strlen(text) * count);

	while (count--)
		g_string_append(out, text);
	return out;
}

/* Reads a generated text and frees it; the first finding begins with `expected`. */
static void check_text(const char *path, GString *text, const char *expected)
{
	double start = cpu_seconds();
	struct read read;

	read_with(&read, path, text->str, text->len, NULL);
	CU_ASSERT(g_str_has_prefix(read.findings->str, expected));
	CU_ASSERT_EQUAL(read.findings->len == 0, *expected == '\0');
	if (!g_str_has_prefix(read.findings->str, expected))
		fprintf(stderr, "\n  got  %.200s\n  want %s\n", read.findings->str, expected);
	CU_ASSERT(cpu_seconds() - start < SECONDS);
	read_release(&read);
	g_string_free(text, TRUE);
}

static void test_depth(void)
{
	GString *indented = g_string_new(NULL);

	check_text("x.yaml", repeated("[", 100000), "limit 100-101 more than 100 levels");
	check_text("x.json", repeated("[", 100000), "limit 100-101 more than 100 levels");
	check_text("x.yaml", repeated("- ", 100000), "limit 200-201 more than 100 levels");
	check_text("x.yaml", repeated("{a: ", 100000), "limit 400-401 more than 100 levels");
	check_text("x.yaml", repeated("? ", 100000), "limit 200-201 more than 100 levels");
	for (int i = 0; i < 1000; i++)
		g_string_append_printf(indented, "%*sa:\n", i, "");
	check_text("x.yaml", indented, "limit ");
}

/* Ten levels of ten: ten to the tenth values. */
static void test_nested_aliases(void)
{
	GString *text = g_string_new("a0: &a0 [x]\n");
	GString *keys = g_string_new("? &a0 [x]\n: x\n");

	for (int i = 1; i <= 10; i++) {
		g_string_append_printf(text, "a%d: &a%d [", i, i);
		for (int k = 0; k < 10; k++)
			g_string_append_printf(text, "*a%d,", i - 1);
		g_string_append(text, "]\n");
	}
	check_text("x.yaml", text, "limit 288-291 what this brings would make more than 1000000");
	for (int i = 1; i <= 7; i++) {
		g_string_append_printf(keys, "? &a%d [", i);
		for (int k = 0; k < 10; k++)
			g_string_append_printf(keys, "*a%d,", i - 1);
		g_string_append(keys, "]\n: x\n");
	}
	check_text("x.yaml", keys, "key-type ");
}

static void test_nesting_by_aliases_counts_as_depth(void)
{
	GString *text = g_string_new("a0: &a0 [x]\n");

	for (int i = 1; i <= 100; i++)
		g_string_append_printf(text, "a%d: &a%d [*a%d]\n", i, i, i - 1);
	check_text("x.yaml", text, "limit ");
}

static void test_many_uses_of_anchors(void)
{
	GString *text = repeated("- *a\n", 10001);

	g_string_prepend(text, "- &a x\n");
	check_text("x.yaml", text, "limit 50009-50011 this file uses its anchors more than 10000");
}

static void test_many_keys(void)
{
	GString *yaml = g_string_new(NULL), *json = g_string_new("{");

	for (int i = 0; i < 100000; i++) {
		g_string_append_printf(yaml, "key%d: v\n", i);
		g_string_append_printf(json, "\"key%d\":0,", i);
	}
	g_string_append(json, "\"\":0}");
	check_text("x.yaml", yaml, "");
	check_text("x.json", json, "");
}

static void test_many_faults(void)
{
	struct read read;
	GString *text = repeated("1:\n", 100000);
	size_t lines = 0;

	read_with(&read, "x.yaml", text->str, text->len, NULL);
	for (size_t i = 0; i < read.findings->len; i++)
		lines += read.findings->str[i] == '\n';
	CU_ASSERT_EQUAL(lines, 1001);
	CU_ASSERT(g_str_has_suffix(read.findings->str, "from here on they are left out\n"));
	CU_ASSERT_EQUAL(read_root(&read)->count, 100000);
	read_release(&read);
	g_string_free(text, TRUE);
}

/* Keys of one length and the same ends, as a weak hash would have them collide. */
static void test_keys_made_to_collide(void)
{
	GString *json = g_string_new("{");

	for (unsigned i = 0; i < 65536; i++) {
		g_string_append(json, "\"");
		for (int bit = 0; bit < 16; bit++)
			g_string_append(json, i >> bit & 1 ? "Aa" : "BB");
		g_string_append(json, "\":0,");
	}
	g_string_append(json, "\"\":0}");
	check_text("x.json", json, "");
}

static void test_long_tokens(void)
{
	GString *key = repeated("k", 1025), *text = repeated("v", (1 << 20) + 1);
	GString *quoted = repeated("'", 200000);

	g_string_append(key, ": 1\n");
	g_string_prepend(text, "a: ");
	g_string_prepend(quoted, "a: ");
	check_text("x.yaml", key, "limit 0-1025 this name is longer than 1024 bytes");
	check_text("x.yaml", text, "limit 3-1048580 this text is longer than 1048576 bytes");
	check_text("x.yaml", quoted, "");
	check_text("x.yaml", repeated("%", 80000), "yaml-directive 0-80000 ");
	check_text("x.yaml", repeated("\"", 80001), "yaml-");
}

/* Refused before a byte of them is looked at. */
static void test_two_hundred_megabytes(void)
{
	size_t size = 200u << 20;
	char *text = g_malloc(size);
	struct read read;

	for (int i = 0; i < 2; i++) {
		read_with(&read, i ? "x.json" : "x.yaml", text, size, NULL);
		read_check_findings(&read, "limit 0-0 this file is larger than the 33554432 bytes "
					   "that planlint reads\n");
		CU_ASSERT_FALSE(read.set.complete);
		read_release(&read);
	}
	g_free(text);
}

static void test_binary(void)
{
	GString *text = g_string_new(NULL);
	struct read read;

	for (unsigned i = 0; i < 4096; i++)
		g_string_append_c(text, (char)(i * 2654435761u >> 13));
	read_with(&read, "x.yaml", text->str, text->len, NULL);
	CU_ASSERT(g_str_has_prefix(read.findings->str, "encoding "));
	CU_ASSERT_FALSE(read.set.complete);
	read_release(&read);
	g_string_free(text, TRUE);
}

/* A NUL, a byte that is no UTF-8, a lone return at each place: never complete, never silent. */
static void test_a_bad_byte_anywhere(void)
{
	static const char good[] =
		"# c\na: [1, 'x', \"y\"] # d\nb: |\n  t\n  u\nc: &k {d: e}\n--- *k\n";
	static const char bad[] = {'\0', '\x01', '\x7f', '\xff', '\xc3'};

	for (size_t at = 0; at < sizeof(good); at++) {
		for (size_t i = 0; i < sizeof(bad); i++) {
			GString *text = g_string_new_len(good, sizeof(good) - 1);
			struct read read;

			g_string_insert_c(text, (gssize)at, bad[i]);
			read_with(&read, "x.yaml", text->str, text->len, NULL);
			CU_ASSERT_FALSE(read.set.complete);
			CU_ASSERT(read.findings->len > 0);
			read_release(&read);
			g_string_free(text, TRUE);
		}
	}
}

UNIT_SUITE(test_hostile){
	{"every file gives a finding", test_every_file_gives_a_finding},
	{"depth", test_depth},
	{"nested aliases", test_nested_aliases},
	{"nesting by aliases counts as depth", test_nesting_by_aliases_counts_as_depth},
	{"many uses of anchors", test_many_uses_of_anchors},
	{"many keys", test_many_keys},
	{"many faults", test_many_faults},
	{"keys made to collide", test_keys_made_to_collide},
	{"long tokens", test_long_tokens},
	{"two hundred megabytes", test_two_hundred_megabytes},
	{"binary", test_binary},
	{"a bad byte anywhere", test_a_bad_byte_anywhere},
	{0},
};
