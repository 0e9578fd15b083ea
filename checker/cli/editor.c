/*
 * Files that make editors write plans as git and planlint want them.
 *
 * .editorconfig and .gitattributes keep UTF-8, line feeds and two spaces, whatever the editor's
 * habits. VS Code (with Red Hat's YAML extension) completes and explains by a JSON Schema; it takes
 * titles for texts, so the built-in schema is written out with those of one language.
 *
 * Must not: change a file that somebody has written.
 */
#include "cli/editor.h"

#include "base/embedded.h"
#include "base/file.h"
#include "cli/cli.h"
#include "document/document.h"
#include "source/source.h"

#include <string.h>

static const char schema_path[] = "schemas/plan.schema.yaml";

static const struct {
	const char *path;
	const char *text;
} files[] = {
	{".editorconfig", "# Plans: UTF-8, line feeds, two spaces.\n"
			  "[plans/**.{yaml,yml,json}]\n"
			  "charset = utf-8\n"
			  "end_of_line = lf\n"
			  "indent_style = space\n"
			  "indent_size = 2\n"
			  "insert_final_newline = true\n"
			  "trim_trailing_whitespace = true\n"},
	{".gitattributes", "# Plans keep their line feeds on every system.\n"
			   "plans/**/*.yaml text eol=lf\n"
			   "plans/**/*.yml text eol=lf\n"
			   "plans/**/*.json text eol=lf\n"},
	{".vscode/settings.json",
	 "{\n"
	 "  \"yaml.schemas\": {\n"
	 "    \".vscode/plan.schema.json\": [\"plans/**/*.yaml\", \"plans/**/*.yml\"]\n"
	 "  },\n"
	 "  \"json.schemas\": [\n"
	 "    {\"fileMatch\": [\"plans/**/*.json\"], \"url\": \"./.vscode/plan.schema.json\"}\n"
	 "  ]\n"
	 "}\n"},
};

static int write_file(GString *out, const char *top, const char *name, const char *text, size_t len,
		      struct error *error)
{
	char *path = g_build_filename(top, name, NULL);
	char *folder = g_path_get_dirname(path);
	int status;

	g_mkdir_with_parents(folder, 0777); /* where it fails, so does what follows */
	status = file_create(path, text, len, 0666, error);
	if (status >= 0)
		g_string_append_printf(out,
				       status ? _("%s is there already and stays as it is\n")
					      : _("wrote %s\n"),
				       path);
	g_free(folder);
	g_free(path);
	return MIN(status, 0);
}

/* A text in both languages: {en, fr}. */
static const struct doc_node *in_language(const struct doc_node *node, enum language language)
{
	const struct doc_node *text = doc_get(node, language == LANGUAGE_FR ? "fr" : "en");
	struct slice key = doc_key_text(node);

	if (!slice_equal(key, SLICE("title")) && !slice_equal(key, SLICE("description")))
		return node;
	return doc_is(text, DOC_STRING) ? text : node;
}

static void append_text(GString *out, const char *data, size_t len)
{
	g_string_append_c(out, '"');
	for (size_t i = 0; i < len; i++) {
		if (data[i] == '"' || data[i] == '\\')
			g_string_append_c(out, '\\');
		if ((unsigned char)data[i] < 0x20)
			g_string_append_printf(out, "\\u%04x", data[i]);
		else
			g_string_append_c(out, data[i]);
	}
	g_string_append_c(out, '"');
}

/* A built-in schema is no deeper than a document may be, which bounds the recursion. */
static void append_json(GString *out, const struct doc_node *node, enum language language)
{
	bool object = node->type == DOC_OBJECT;

	node = in_language(node, language);
	if (node->type != DOC_OBJECT && node->type != DOC_ARRAY) {
		doc_json_append(out, node);
		return;
	}
	g_string_append_c(out, object ? '{' : '[');
	for (const struct doc_node *child = doc_first(node); child; child = doc_next(child)) {
		if (child != doc_first(node))
			g_string_append_c(out, ',');
		g_string_append_printf(out, "\n%*s", 2 * (node->depth + 1), "");
		if (object) {
			struct slice key = doc_key_text(child);

			append_text(out, key.data, key.len);
			g_string_append(out, ": ");
		}
		append_json(out, child, language);
	}
	if (node->count)
		g_string_append_printf(out, "\n%*s", 2 * node->depth, "");
	g_string_append_c(out, object ? '}' : ']');
}

static void ignore(void *context, const struct finding *finding)
{
	(void)context;
	(void)finding;
}

static int write_schema(GString *out, const char *top, enum language language, struct error *error)
{
	const struct embedded_file *file = embedded_find(schema_path);
	const struct document_options options = {.syntax = DOCUMENT_YAML};
	const struct finding_sink sink = {ignore, NULL};
	struct document_set set;
	struct source source;
	struct arena arena;
	GString *json;
	int status = -1;

	if (!file)
		return error_set(error, "\"%s\" is not built in", schema_path);
	arena_init(&arena);
	source_init(&source, schema_path, file->data, file->size);
	if (document_read(&set, &source, &options, &arena, &sink, error) == 0 && set.count == 1) {
		json = g_string_new(NULL);
		append_json(json, set.documents[0].root, language);
		g_string_append_c(json, '\n');
		status = write_file(out, top, ".vscode/plan.schema.json", json->str, json->len,
				    error);
		g_string_free(json, TRUE);
	}
	source_release(&source);
	arena_release(&arena);
	return status;
}

int editor_files_write(GString *out, const char *top, enum language language, struct error *error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
		if (write_file(out, top, files[i].path, files[i].text, strlen(files[i].text),
			       error) < 0)
			return -1;
	return write_schema(out, top, language, error);
}
