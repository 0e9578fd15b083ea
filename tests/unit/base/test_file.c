/* Whole files: what is there stays, what fails leaves nothing, what is long is cut and shows it. */
#include "base/file.h"

#include "base/error.h"
#include "unit/unit.h"

#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdint.h>
#include <unistd.h>

static char *read_back(const char *path, size_t most, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *data = file_read_all(fd, most, len);

	close(fd);
	return data;
}

static void test_a_file_is_created_once(void)
{
	char *folder = g_dir_make_tmp(NULL, NULL);
	char *path = g_build_filename(folder, "plan.yaml", NULL);
	struct error error = {0};
	size_t len = 0;
	char *data;

	CU_ASSERT_EQUAL(file_create(path, "first", 5, 0600, &error), 0);
	CU_ASSERT_EQUAL(file_create(path, "second", 6, 0600, &error), 1);
	CU_ASSERT_PTR_NULL(error.message);
	data = read_back(path, 100, &len);
	ASSERT_TEXT(data, len, "first");
	g_free(data);
	g_unlink(path);
	g_rmdir(folder);
	CU_ASSERT_EQUAL(file_create(path, "third", 5, 0600, &error), -1);
	CU_ASSERT_PTR_NOT_NULL(error.message);
	error_clear(&error);
	g_free(path);
	g_free(folder);
}

static void test_one_byte_more_tells_that_there_is_more(void)
{
	static char text[200000];
	int ends[2];
	char *folder = g_dir_make_tmp(NULL, NULL);
	char *path = g_build_filename(folder, "long", NULL);
	size_t len = 0;

	memset(text, 'x', sizeof(text));
	CU_ASSERT_EQUAL(file_create(path, text, sizeof(text), 0600, NULL), 0);
	for (size_t most = sizeof(text) - 1; most <= sizeof(text) + 1; most++) {
		char *data = read_back(path, most, &len);

		CU_ASSERT_EQUAL(len, sizeof(text));
		CU_ASSERT(data[len] == '\0');
		g_free(data);
	}
	g_free(read_back(path, 99999, &len));
	CU_ASSERT_EQUAL(len, 100000);
	g_free(read_back(path, SIZE_MAX, &len));
	CU_ASSERT_EQUAL(len, sizeof(text));
	CU_ASSERT_PTR_NULL(read_back(folder, 10, &len));
	CU_ASSERT_EQUAL_FATAL(pipe(ends), 0);
	close(ends[1]);
	CU_ASSERT_EQUAL(file_write_all(ends[0], "x", 1), -1);
	close(ends[0]);
	g_unlink(path);
	g_rmdir(folder);
	g_free(path);
	g_free(folder);
}

UNIT_SUITE(test_file){
	{"a file is created once", test_a_file_is_created_once},
	{"one byte more tells that there is more", test_one_byte_more_tells_that_there_is_more},
	{0},
};
