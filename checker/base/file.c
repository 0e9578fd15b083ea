/*
 * Reading and writing whole files, see file.h. Calls that a signal interrupted are made again,
 * short counts are gone on from, and what close() says of a file that was written is not lost: on a
 * network or with a quota that is where a full disk shows.
 */
#include "base/file.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <unistd.h>

int file_write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t written = write(fd, data, len);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -1;
		data += written;
		len -= (size_t)written;
	}
	return 0;
}

char *file_read_all(int fd, size_t most, size_t *len)
{
	GString *data = g_string_new(NULL);
	char buffer[1 << 16];

	while (data->len <= most) {
		ssize_t got = read(fd, buffer, MIN(sizeof(buffer) - 1, most - data->len) + 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			g_string_free(data, TRUE);
			return NULL;
		}
		if (!got)
			break;
		g_string_append_len(data, buffer, got);
	}
	*len = data->len;
	return g_string_free(data, FALSE);
}

int file_create(const char *path, const char *data, size_t len, int mode, struct error *error)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)mode);
	int failed, problem;

	if (fd < 0 && errno == EEXIST)
		return 1;
	failed = fd < 0 || file_write_all(fd, data, len) < 0;
	problem = errno;
	if (fd >= 0 && close(fd) < 0 && !failed) {
		failed = 1;
		problem = errno;
	}
	if (!failed)
		return 0;
	if (fd >= 0)
		unlink(path);
	return error_set(error, "\"%s\" cannot be written: %s", path, g_strerror(problem));
}
