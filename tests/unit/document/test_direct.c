/*
 * The direct lane of YAML: that it answers for the forms in which plans are written, never for
 * others, and gives the tree that libfyaml gives, on hand-made texts, on each text cut at every
 * byte, and on the samples.
 */
#include "direct.h"
#include "unit/unit.h"

#include <stdio.h>

/* Texts that the lane is for. */
static const char *const usual[] = {
	"a: 1\n",
	"a: 1",
	"---\na: 1\n",
	"# c\n\n---\n# d\na: 1 # e\n",
	"- a\n- b\n",
	"a:\n- b\n- c\nd: e\n",
	"a:\n  - b\n  -\n  - c: 1\n    d: 2\n  - - e\n    - f\n",
	"a:\nb:\n",
	"a:\n  b:\n    c: 1\n  d: 2\ne: 3\n",
	"a:\n    'b c' : 1\n    \"d\": 'it''s'\n",
	"a: \"x\\n\\xe9 y\"\n",
	"a: \"one\n  two\n\n  three\"\nb: 'one\n two'\n",
	"a: one\n  two\n\n  three\nb: 1\n",
	"a:\n  one\n  two\nb:\n  \"x\"\n",
	"- one\n  # c\n- two\n",
	"a: |\n  x\n   y\n\nb: >-\n\n  z\n  z\n# c\n",
	"a:\n  - |+\n    x\n\n  - >\n    y\n",
	"a: []\nb: {}\nc: [1, 'x', \"y\", {en: a b, fr: [d]}] # e\n",
	"a: http://x/y#z\nb: -1\nc: x#y # z\n",
	"a: 1\r\nb: |\r\n  x\r\n  y\r\n",
	"caf\xc3\xa9: \xe2\x80\x99x\n",
	"  a: 1\n  b: 2\n",
	"<<: 1\na: 1\na: 2\n",
	"a: |\nb: 1\n",
	"a:\n  b: |\n  c: 1\n",
	"a:\n  - b: >+\n\n\n    # c\n    c: 1\n  - |-\n  - d\n",
	"a:\n-\n- b\n",
	"a:\n- b\n-\nc: 1\n",
	"a:\n  - b\n  -\n",
	"a:\n- ",
	"a: &x 1\nb: *x # c\n",
	"a: !!str 1\nb: ! 1\nc: !own 'x'\n",
	"a: &x-1 !!str\n  b\nc: !!int &y \"1\"\n",
	"a: &x # c\n  b: 1\nc:\n  <<: *x\n  d: 2\n",
	"a: &x\n- b\n- &y\n  - c\n- &z d\ne: *y\n",
	"a: &x\nb: !!str\nc: !!null\n",
	"- &x\n- !!str\n- *x\n",
	"a: &x [1, &y 2]\nb: [*x, *y ]\nc: !!map {d: *y}\n",
	"a: &x\n  [1]\nb: &y\n  \"c\"\n",
	"a: &x |\n  b\nc: !!str >-\n  d\n  e\n",
	"x:\n  a: &x |\n  b: *x\n",
	"a: &x one\n  two\nb: *x\n",
	"a: *b\n",
	"a: &b\n  c: *b\n",
	"a: &x 1\nb: &x 2\nc: *x\n<<: [*x]\n",
	"a: !!foo 1\n",
};

/* Texts that are for libfyaml: rare forms, and faults. */
static const char *const unusual[] = {
	"",
	"# only a comment\n",
	"word\n",
	"&x a: 1\n",
	"&x\na: 1\n",
	"- &x a: 1\n",
	"- &x - a\n",
	"a:\n  &x b\n",
	"a:\n  &x\n  b: 1\n",
	"a:\n  *x\n",
	"*x : 1\n",
	"a: &x &y 1\n",
	"a: !!str !!str 1\n",
	"a: &x *y\n",
	"a: &x, 1\n",
	"a: [&x , 1]\n",
	"a: {&x b: 1}\n",
	"a: [*x : 1]\n",
	"a: !e!f 1\n",
	"a: !<tag:yaml.org,2002:str> 1\n",
	"a: *x.y\n",
	"a: *\n",
	"? a\n: b\n",
	"%YAML 1.2\n---\na: 1\n",
	"a: 1\n---\nb: 2\n",
	"a: 1\n...\n",
	"a:\tb\n",
	"a: [1,\n 2]\n",
	"a: [1, 2,]\n",
	"a: {b}\n",
	"a: [b: c]\n",
	"a: b: c\n",
	"a: 1\n  b: 2\n",
	"a:\n  b: 1\n c: 2\n",
	"a: 'x\n",
	"a: 'x' y\n",
	"a: \"\\q\"\n",
	"a: \"\\ud800\"\n",
	"a: |2\n  x\n",
	"a: |\n   x\n  y\n",
	"a: @x\n",
	"- a\nb: 1\n",
	"a:\n  |\n  x\n",
	"a: \xe2\x80\xa8\n",
	"\xef\xbb\xbf"
	"a: 1\n",
};

static bool answers(const char *text, size_t len)
{
	bool answered;
	uint32_t at = 0;
	const char *difference = direct_disagrees((struct slice){text, len}, &answered, &at);

	if (difference)
		printf("\n%.*s\n\tdiffers at %u: %s\n", (int)len, text, at, difference);
	CU_ASSERT_PTR_NULL(difference);
	return answered;
}

static void test_usual(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(usual); i++) {
		bool answered = answers(usual[i], strlen(usual[i]));

		if (!answered)
			printf("\n%s\n\tis not read\n", usual[i]);
		CU_ASSERT(answered);
		for (size_t len = 0; len < strlen(usual[i]); len++)
			answers(usual[i], len);
	}
}

static void test_unusual(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(unusual); i++) {
		bool answered = answers(unusual[i], strlen(unusual[i]));

		if (answered)
			printf("\n%s\n\tis read\n", unusual[i]);
		CU_ASSERT(!answered);
	}
}

static void read_folder(const char *path, size_t *count, size_t *answered)
{
	GDir *folder = g_dir_open(path, 0, NULL);
	const char *name;
	gchar *text;
	gsize len;

	while (folder && (name = g_dir_read_name(folder))) {
		gchar *child = g_build_filename(path, name, NULL);

		if (g_file_test(child, G_FILE_TEST_IS_DIR)) {
			read_folder(child, count, answered);
		} else if (g_str_has_suffix(name, ".yaml") &&
			   g_file_get_contents(child, &text, &len, NULL)) {
			++*count;
			if (yaml_is_safe((struct slice){text, len}))
				*answered += answers(text, len);
			g_free(text);
		}
		g_free(child);
	}
	if (folder)
		g_dir_close(folder);
}

static void test_samples(void)
{
	size_t count = 0, answered = 0;

	read_folder("samples/plans", &count, &answered);
	CU_ASSERT(count > 0);
	CU_ASSERT_EQUAL(answered, count);
	read_folder("samples/broken", &count, &answered);
	read_folder("tests/hostile", &count, &answered);
	read_folder("rules", &count, &answered);
	read_folder("schemas", &count, &answered);
}

UNIT_SUITE(test_direct){
	{"usual forms", test_usual},
	{"unusual forms", test_unusual},
	{"samples", test_samples},
	{0},
};
