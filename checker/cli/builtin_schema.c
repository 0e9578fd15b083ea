/*
 * The schemas that are built in: "builtin:plan" is schemas/plan.schema.yaml of the repository. What
 * else is in the program (rules, metaschemas) has no such name.
 */
#include "cli/builtin_schema.h"

#include "base/embedded.h"
#include "base/error.h"
#include "base/text.h"

#include <glib.h>
#include <string.h>

#define BUILTIN "builtin:"
#define FOLDER  "schemas/"
#define ENDING  ".schema.yaml"

bool builtin_schema_is_name(const char *name)
{
	return g_str_has_prefix(name, BUILTIN);
}

/* The name of an embedded file behind "builtin:"; empty where it has none. */
static struct slice name_of(const struct embedded_file *file)
{
	if (!g_str_has_prefix(file->path, FOLDER) || !g_str_has_suffix(file->path, ENDING))
		return (struct slice){0};
	return (struct slice){file->path + strlen(FOLDER),
			      strlen(file->path) - strlen(FOLDER ENDING)};
}

const struct embedded_file *builtin_schema_find(const char *name, struct error *error)
{
	g_autoptr(GString) list = g_string_new(NULL);
	struct slice wanted = slice_of(name + strlen(BUILTIN));

	for (const struct embedded_file *file = embedded_files; file->path; file++) {
		struct slice found = name_of(file);

		if (!found.len)
			continue;
		if (slice_equal(found, wanted))
			return file;
		g_string_append_printf(list, "%s" BUILTIN "%.*s", list->len ? ", " : "",
				       (int)found.len, found.data);
	}
	error_usage(error, "no schema \"%s\" is built in; there are %s", name, list->str);
	return NULL;
}
