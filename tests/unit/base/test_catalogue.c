/* Catalogues of msgfmt's: found, and nothing where the file is none or damaged at any byte. */
#include "base/catalogue.h"
#include "unit/unit.h"

#include <glib.h>
#include <glib/gstdio.h>

/* Two messages, the second with two forms, as msgfmt writes them (little-endian). */
static GString *make(void)
{
	static const char *const texts[] = {"a", "one\0many", "A", "un\0des"};
	static const guint32 lengths[] = {1, 8, 1, 6};
	guint32 offset = 20 + 4 * 8, words[5] = {0x950412deu, 0, 2, 20, 36};
	GString *file = g_string_new_len((const char *)words, sizeof(words));

	for (int i = 0; i < 4; i++) {
		guint32 row[2] = {lengths[i], offset};

		g_string_append_len(file, (const char *)row, sizeof(row));
		offset += lengths[i] + 1;
	}
	for (int i = 0; i < 4; i++)
		g_string_append_len(file, texts[i], lengths[i] + 1);
	return file;
}

static void use(const char *folder, int number, const char *bytes, gsize size)
{
	char *path = g_strdup_printf("%s/%d.mo", folder, number);

	CU_ASSERT_TRUE(g_file_set_contents(path, bytes, (gssize)size, NULL));
	catalogue_use(path);
	g_unlink(path);
	g_free(path);
}

static void test_messages(void)
{
	char *folder = g_dir_make_tmp("catalogueXXXXXX", NULL);
	GString *file = make();

	use(folder, 0, file->str, file->len);
	CU_ASSERT_STRING_EQUAL(catalogue_text("a"), "A");
	CU_ASSERT_STRING_EQUAL(catalogue_text("b"), "b");
	CU_ASSERT_STRING_EQUAL(catalogue_plural("one", "many", 0), "un");
	CU_ASSERT_STRING_EQUAL(catalogue_plural("one", "many", 1), "un");
	CU_ASSERT_STRING_EQUAL(catalogue_plural("one", "many", 2), "des");
	CU_ASSERT_STRING_EQUAL(catalogue_plural("x", "xs", 0), "xs");
	catalogue_use(NULL);
	CU_ASSERT_STRING_EQUAL(catalogue_text("a"), "a");
	CU_ASSERT_STRING_EQUAL(catalogue_plural("one", "many", 2), "many");
	g_string_free(file, TRUE);
	g_rmdir(folder);
	g_free(folder);
}

static void test_damaged(void)
{
	char *folder = g_dir_make_tmp("catalogueXXXXXX", NULL);
	GString *file = make();

	for (gsize i = 0; i < file->len; i++) {
		char *copy = g_memdup2(file->str, file->len);

		use(folder, 1 + (int)i * 2, copy, i);
		CU_ASSERT_PTR_NOT_NULL(catalogue_plural("one", "many", 2));
		copy[i] = (char)(copy[i] ^ 0xff);
		use(folder, 2 + (int)i * 2, copy, file->len);
		CU_ASSERT_PTR_NOT_NULL(catalogue_text("a"));
		CU_ASSERT_PTR_NOT_NULL(catalogue_plural("one", "many", 2));
		g_free(copy);
	}
	catalogue_use("/nonexistent.mo");
	CU_ASSERT_STRING_EQUAL(catalogue_text("a"), "a");
	catalogue_use(NULL);
	g_string_free(file, TRUE);
	g_rmdir(folder);
	g_free(folder);
}

UNIT_SUITE(test_catalogue){
	{"messages", test_messages},
	{"damaged at any byte", test_damaged},
	{0},
};
