/*
 * The one sentence of a failed operation, see error.h. It is made where the fault is met and shown
 * as it is, so it is translated here, for every folder that may fail.
 */
#include "base/error.h"

#include "base/catalogue.h"

#include <glib.h>

__attribute__((format(printf, 3, 0))) static int set(struct error *error, enum error_kind kind,
						     const char *format, va_list args)
{
	if (error && !error->message) {
		error->message = g_strdup_vprintf(catalogue_text(format), args);
		error->kind = kind;
	}
	return -1;
}

int error_set(struct error *error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set(error, ERROR_SYSTEM, format, args);
	va_end(args);
	return -1;
}

int error_usage(struct error *error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set(error, ERROR_USAGE, format, args);
	va_end(args);
	return -1;
}

const char *error_words(const char *text)
{
	return text && *text ? catalogue_text(text) : text;
}

void error_clear(struct error *error)
{
	if (!error)
		return;
	g_free(error->message);
	*error = (struct error){0};
}
