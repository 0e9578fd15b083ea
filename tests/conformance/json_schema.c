/*
 * Runs the JSON Schema test suite: json-schema/tests/DRAFT and DRAFT/optional below the suites'
 * folder given as the first argument (a second one, "required", leaves out the optional parts).
 *
 * Every case is decided three times, and all must agree with the suite: on a document read with
 * the schema's symbols, on one read without them, and by whether schema_report() finds something.
 * Formats are asserted in the files of optional/format. Ends in a line for each part.
 */
#include "document/document.h"
#include "schema/schema.h"

#include <dirent.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tally {
	unsigned passed;
	unsigned failed;
	unsigned left_out;
};

/* Cases that are decided otherwise on purpose: none is required, and none is of 2020-12. */
static const struct {
	const char *file;
	const char *description;
	const char *reason;
} left_out[] = {
	{"draft7/optional/content.json", "an invalid JSON document", "content* only describes"},
	{"draft7/optional/content.json", "an invalid base64 string (% is not a valid character)",
	 "content* only describes"},
	{"draft7/optional/content.json", "a validly-encoded invalid JSON document",
	 "content* only describes"},
	{"draft7/optional/content.json", "an invalid base64 string that is valid JSON",
	 "content* only describes"},
	{"draft6/optional/format/hostname.json", "hostname with consecutive hyphens (RFC1123)",
	 "host names are those of RFC 5890 in all dialects"},
	{"draft4/optional/format/hostname.json", "hostname with consecutive hyphens (RFC1123)",
	 "host names are those of RFC 5890 in all dialects"},
	{"draft4/optional/zeroTerminatedFloats.json",
	 "a float is not an integer even without fractional part",
	 "1.0 is an integer in all dialects"},
};

/* Documents of the folder remotes/, by URI. */
struct remotes {
	const char *folder;
	const char *dialect; /* of the suite's part; a remote without $schema has it too */
	GHashTable *documents;
	struct arena arena;
};

struct file {
	const char *path;
	struct document document;
	bool asserts_formats;
	const char *dialect;
	struct remotes *remotes;
	struct tally *tally;
};

static void show(void *context, const struct finding *finding)
{
	g_autoptr(GString) words = g_string_new(NULL);

	if (finding->severity < SEVERITY_ERROR)
		return;
	phrase_append(words, &finding->message, LANGUAGE_EN, NULL);
	printf("    %s [%s] %s\n", finding->pointer ? finding->pointer : "", finding->rule,
	       words->str);
	(void)context;
}

static const struct finding_sink shown = {show, NULL};

static bool read_text(struct document *out, struct arena *arena, const char *path, const char *text,
		      size_t len, const struct symbols *symbols)
{
	struct document_options options = {.symbols = symbols, .syntax = DOCUMENT_JSON};
	struct source *source = arena_new(arena, struct source);
	struct document_set documents;

	source_init(source, arena_strdup(arena, path), text, len);
	if (document_read(&documents, source, &options, arena, &shown, NULL) ||
	    documents.count != 1)
		return false;
	*out = documents.documents[0];
	return documents.complete;
}

static const struct document *resolve_remote(void *context, struct slice uri, struct error *error)
{
	static const char prefix[] = "http://localhost:1234/";
	struct remotes *remotes = context;
	g_autofree char *name = g_strndup(uri.data, uri.len);
	struct document *document = g_hash_table_lookup(remotes->documents, name);
	g_autofree char *path = NULL;
	char *text;
	gsize len;

	if (document || !g_str_has_prefix(name, prefix))
		return document;
	path = g_strconcat(remotes->folder, "/", name + strlen(prefix), NULL);
	if (!g_file_get_contents(path, &text, &len, NULL)) {
		error_set(error, "no such file");
		return NULL;
	}
	document = arena_new(&remotes->arena, struct document);
	if (!read_text(document, &remotes->arena, path, arena_dup(&remotes->arena, text, len), len,
		       NULL))
		document = NULL;
	g_free(text);
	if (document)
		g_hash_table_insert(remotes->documents, g_strdup(name), document);
	return document;
}

static struct slice text_of(const struct file *file, const struct doc_node *node)
{
	return (struct slice){file->document.source->data + node->span.start,
			      node->span.end - node->span.start};
}

static void count(void *context, const struct finding *finding)
{
	(void)finding;
	++*(size_t *)context;
}

/* The three verdicts on one instance; false where one of them is not the expected one. */
static bool judge(const struct file *file, const struct schema *schema, struct symbols *symbols,
		  const struct doc_node *data, bool expected)
{
	struct arena arena = {0};
	struct slice text = text_of(file, data);
	struct document with;
	struct document without = file->document;
	size_t found = 0;
	struct finding_sink counter = {count, &found};
	bool agree;

	without.root = data;
	agree = read_text(&with, &arena, "data.json", text.data, text.len, symbols) &&
		schema_is_valid(schema, &with, NULL, &arena) == expected &&
		schema_is_valid(schema, &without, data, &arena) == expected &&
		(schema_report(schema, &with, NULL, &arena, &counter) == 0) == expected &&
		(found == 0) == expected;
	arena_release(&arena);
	return agree;
}

static const char *reason_to_leave_out(const struct file *file, struct slice description)
{
	for (size_t i = 0; i < G_N_ELEMENTS(left_out); i++)
		if (g_str_has_suffix(file->path, left_out[i].file) &&
		    slice_equal(description, slice_of(left_out[i].description)))
			return left_out[i].reason;
	return NULL;
}

/* Counts a case and names it where it did not pass; one that is left out must not pass. */
static void tell(const struct file *file, const struct doc_node *group, struct slice name,
		 bool passed)
{
	struct slice title = doc_text(doc_get(group, "description"));
	const char *reason = reason_to_leave_out(file, name);

	if (passed && !reason) {
		file->tally->passed++;
		return;
	}
	if (reason && !passed)
		file->tally->left_out++;
	else
		file->tally->failed++;
	printf("%s %s: %.*s: %.*s%s%s\n", reason && !passed ? "LEFT OUT" : "FAILED", file->path,
	       (int)title.len, title.data, (int)name.len, name.data, reason ? ": " : "",
	       reason ? reason : "");
}

static void run_group(const struct file *file, const struct doc_node *group)
{
	struct symbols *symbols = symbols_new();
	struct schema_set_options options = {
		.symbols = symbols,
		.resolve = resolve_remote,
		.resolve_context = file->remotes,
		.dialect = file->dialect,
		.formats = file->asserts_formats ? SCHEMA_FORMATS_ASSERTED
						 : SCHEMA_FORMATS_AS_DECLARED,
	};
	struct schema_set *set = schema_set_new(&options);
	struct arena arena = {0};
	struct slice text = text_of(file, doc_get(group, "schema"));
	const struct schema *schema = NULL;
	struct document document;

	if (read_text(&document, &arena, "schema.json", text.data, text.len, symbols))
		schema = schema_compile(set, &document, SLICE(""), &shown);
	for (const struct doc_node *test = doc_first(doc_get(group, "tests")); test;
	     test = doc_next(test)) {
		bool expected = doc_get(test, "valid")->integer;

		tell(file, group, doc_text(doc_get(test, "description")),
		     schema && judge(file, schema, symbols, doc_get(test, "data"), expected));
	}
	schema_set_free(set);
	symbols_free(symbols);
	arena_release(&arena);
}

static void run_file(const char *path, struct remotes *remotes, struct tally *tally)
{
	struct arena arena = {0};
	struct file file = {
		.path = path, .remotes = remotes, .tally = tally, .dialect = remotes->dialect};
	char *text;
	gsize len;

	file.asserts_formats = strstr(path, "/optional/format/") != NULL;
	if (g_file_get_contents(path, &text, &len, NULL) &&
	    read_text(&file.document, &arena, path, text, len, NULL)) {
		for (const struct doc_node *group = doc_first(file.document.root); group;
		     group = doc_next(group))
			run_group(&file, group);
		g_free(text);
	} else {
		printf("FAILED %s: cannot be read\n", path);
		tally->failed++;
	}
	arena_release(&arena);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All .json files of a folder by name; `optional` decides about the folder optional/ below it. */
static void run_folder(const char *folder, bool optional, struct remotes *remotes,
		       struct tally *tally)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	DIR *dir = opendir(folder);

	for (struct dirent *entry; dir && (entry = readdir(dir));)
		g_ptr_array_add(names, g_strdup(entry->d_name));
	if (dir)
		closedir(dir);
	if (names->len)
		qsort(names->pdata, names->len, sizeof(gpointer), by_name);
	for (guint i = 0; i < names->len; i++) {
		const char *name = g_ptr_array_index(names, i);
		g_autofree char *path = g_strconcat(folder, "/", name, NULL);

		if (g_str_has_suffix(name, ".json"))
			run_file(path, remotes, tally);
		else if (optional && !strchr(name, '.'))
			run_folder(path, true, remotes, tally);
	}
}

static unsigned run_part(const char *suite, const char *draft, const char *name, const char *part,
			 struct remotes *remotes)
{
	bool optional = !strcmp(part, "optional");
	g_autofree char *folder = g_strconcat(suite, "/tests/", draft, optional ? "/optional" : "",
					      NULL);
	struct tally tally = {0};

	run_folder(folder, optional, remotes, &tally);
	printf("json-schema-%s-%s: %u passed, %u failed", name, part, tally.passed, tally.failed);
	if (tally.left_out)
		printf(", %u left out", tally.left_out);
	putchar('\n');
	return tally.failed + (tally.passed == 0);
}

int main(int argc, char **argv)
{
	static const char *const drafts[][3] = {
		{"draft2020-12", "2020-12", "https://json-schema.org/draft/2020-12/schema"},
		{"draft2019-09", "2019-09", "https://json-schema.org/draft/2019-09/schema"},
		{"draft7", "draft-07", "http://json-schema.org/draft-07/schema#"},
		{"draft6", "draft-06", "http://json-schema.org/draft-06/schema#"},
		{"draft4", "draft-04", "http://json-schema.org/draft-04/schema#"},
	};
	g_autofree char *suite = NULL;
	g_autofree char *folder = NULL;
	struct remotes remotes = {0};
	unsigned failed = 0;

	document_worker_main(argc, argv);
	if (argc < 2)
		return EXIT_FAILURE;
	suite = g_strconcat(argv[1], "/json-schema", NULL);
	folder = g_strconcat(suite, "/remotes", NULL);
	remotes.folder = folder;
	remotes.documents = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(drafts); i++) {
		remotes.dialect = drafts[i][2];
		failed += run_part(suite, drafts[i][0], drafts[i][1], "required", &remotes);
		if (argc < 3)
			failed += run_part(suite, drafts[i][0], drafts[i][1], "optional", &remotes);
	}
	g_hash_table_destroy(remotes.documents);
	arena_release(&remotes.arena);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
