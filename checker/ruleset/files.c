/*
 * The files that a configuration names: reading, checking against a built-in schema, and the
 * findings about them.
 *
 * Every file is read once and stays until the ruleset goes, because compiled rules and findings
 * point into it. All bytes go into the digest in the order of reading, each with its name and size,
 * so that two rulesets with one digest judge alike.
 *
 * Must not: know what the files mean; that is for configuration.c and rulefile.c.
 */
#include "ruleset/load.h"

#include "base/embedded.h"
#include "source/message.h"

#include <string.h>

#define BUILTIN    "builtin:"
#define REPOSITORY "repository:"

static bool is_builtin(const char *name)
{
	return g_str_has_prefix(name, BUILTIN);
}

/* "builtin:rules/nato/dates.yaml" is that file; anything else does not exist. */
static void read_builtin(struct loaded_file *file)
{
	const struct embedded_file *embedded = embedded_find(file->name + strlen(BUILTIN));

	if (!embedded) {
		file->state = LOADED_MISSING;
		return;
	}
	file->data = (char *)embedded->data;
	source_init(&file->source, file->name, embedded->data, embedded->size);
}

static void read_named(struct loader *loader, struct loaded_file *file)
{
	size_t size = 0;
	int result = loader->files ? loader->files->read(loader->files->context, file->name,
							 &file->data, &size, loader->error)
				   : 1;

	file->owned = true;
	if (result < 0)
		loader->failed = true;
	if (result)
		file->state = LOADED_MISSING;
	else
		source_init(&file->source, file->name, file->data, size);
}

static void digest_file(struct loader *loader, const struct loaded_file *file)
{
	char *head = g_strdup_printf("%zu:%s=%zu:", strlen(file->name), file->name,
				     file->source.size);

	g_checksum_update(loader->checksum, (const guchar *)head, -1);
	if (file->source.size)
		g_checksum_update(loader->checksum, (const guchar *)file->source.data,
				  (gssize)file->source.size);
	g_free(head);
}

/* --- findings about our files: their own codes give way to `code` */

struct recode {
	struct loader *loader;
	enum finding_code code;
};

static void emit_counted(struct loader *loader, const struct finding *finding)
{
	if (finding->severity == SEVERITY_ERROR)
		loader->store->public.faults++;
	finding_emit(loader->sink, finding);
}

static void emit_recoded(void *context, const struct finding *finding)
{
	struct recode *recode = context;
	struct finding copy = *finding;

	copy.code = recode->code;
	copy.rule = finding_id(recode->code);
	if (finding->code == FINDING_YAML_SYNTAX && finding->source) {
		enum message advice = mangled_line(finding->source, finding->span.start);

		if (advice != MESSAGE_NONE)
			copy.hint = phrase_make(recode->loader->arena, advice, 0);
	}
	emit_counted(recode->loader, &copy);
}

struct loaded_file *load_file(struct loader *loader, const char *name, enum finding_code code)
{
	struct loaded_file *file = g_hash_table_lookup(loader->store->file_by_name, name);
	struct recode recode = {loader, code};
	struct finding_sink sink = {emit_recoded, &recode};
	/* No symbols: names that are looked up are only collected by what these files say. */
	struct document_options options = {0};

	if (file)
		return file;
	file = g_new0(struct loaded_file, 1);
	file->name = g_strdup(name);
	g_ptr_array_add(loader->store->files, file);
	g_hash_table_insert(loader->store->file_by_name, file->name, file);
	if (is_builtin(name))
		read_builtin(file);
	else
		read_named(loader, file);
	if (loader->failed || file->state != LOADED)
		return loader->failed ? NULL : file;
	digest_file(loader, file);
	if (document_read(&file->documents, &file->source, &options, loader->arena, &sink,
			  loader->error)) {
		loader->failed = true;
		return NULL;
	}
	if (!file->documents.complete)
		file->state = LOADED_FAULTY;
	return file;
}

const struct document *load_first_document(struct loader *loader, const char *name,
					   enum finding_code code)
{
	struct loaded_file *file = load_file(loader, name, code);

	if (!file || file->state != LOADED || !file->documents.count)
		return NULL;
	return file->documents.documents[0].root ? &file->documents.documents[0] : NULL;
}

static void ignore_finding(void *context, const struct finding *finding)
{
	(void)context;
	(void)finding;
}

const struct document *load_with_symbols(struct loader *loader, const char *name)
{
	struct loaded_file *file = g_hash_table_lookup(loader->store->file_by_name, name);
	const struct document *first = &file->documents.documents[0];
	struct symbols *symbols = loader->store->symbols;
	struct document_options options = {.symbols = symbols};
	struct finding_sink sink = {ignore_finding, NULL}; /* said when it was read first */

	for (uint32_t i = 0; i < first->node_count; i++) {
		struct slice key = doc_key_text(&first->root[i]);

		if (first->root[i].key)
			symbols_intern(symbols, key.data, key.len);
	}
	if (document_read(&file->documents, &file->source, &options, loader->arena, &sink,
			  loader->error)) {
		loader->failed = true;
		return NULL;
	}
	return &file->documents.documents[0];
}

/* --- folders */

static bool is_rule_file(const char *name)
{
	return g_str_has_suffix(name, ".yaml") || g_str_has_suffix(name, ".yml") ||
	       g_str_has_suffix(name, ".json");
}

/* "builtin:nato" is every file under rules/nato/. */
static bool builtin_folder(const char *folder, GPtrArray *names)
{
	char *prefix = g_strdup_printf("rules/%s/", folder + strlen(BUILTIN));
	bool found = false;

	for (const struct embedded_file *file = embedded_files; file->path; file++) {
		if (!g_str_has_prefix(file->path, prefix))
			continue;
		g_ptr_array_add(names, g_strdup_printf(BUILTIN "%s", file->path));
		found = true;
	}
	g_free(prefix);
	/* builtin:yaml exists from the start, with or without rules in it */
	return found || !strcmp(folder, BUILTIN "yaml");
}

enum { FOLDER_DEPTH = 8 };

static bool named_folder(struct loader *loader, const char *folder, GPtrArray *names, int depth)
{
	GPtrArray *entries = g_ptr_array_new_with_free_func(g_free);
	int result = loader->files && loader->files->list
			     ? loader->files->list(loader->files->context, folder, entries,
						   loader->error)
			     : 1;

	loader->failed |= result < 0;
	for (guint i = 0; !result && i < entries->len; i++) {
		const char *name = entries->pdata[i];
		char *path = g_strdup_printf("%s%s", folder, name);

		if (g_str_has_suffix(name, "/") && depth < FOLDER_DEPTH)
			named_folder(loader, path, names, depth + 1);
		else if (is_rule_file(name))
			g_ptr_array_add(names, g_strdup(path));
		g_free(path);
	}
	g_ptr_array_free(entries, TRUE);
	return !result;
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool load_folder(struct loader *loader, const char *folder, GPtrArray *names)
{
	char *slashed = g_str_has_suffix(folder, "/") ? g_strdup(folder)
						      : g_strdup_printf("%s/", folder);
	bool found = is_builtin(folder) ? builtin_folder(folder, names)
					: named_folder(loader, slashed, names, 0);

	g_free(slashed);
	g_ptr_array_sort(names, compare_names);
	return found;
}

/* --- faults */

void load_fault(struct loader *loader, enum finding_code code, const struct document *document,
		struct span span, struct phrase message, const struct phrase *hint)
{
	struct finding finding = {
		.code = code,
		.rule = finding_id(code),
		.severity = finding_severity(code),
		.message = message,
		.source = document ? document->source : NULL,
		.span = span,
	};

	if (hint)
		finding.hint = *hint;
	emit_counted(loader, &finding);
}

void load_unknown(struct loader *loader, enum finding_code code, const struct document *document,
		  const struct doc_node *node, struct phrase message, const struct slice *known,
		  size_t count)
{
	ptrdiff_t nearest = text_nearest(doc_text(node), known, count);
	struct phrase hint = {0};

	if (nearest >= 0)
		hint = phrase_make(loader->arena, MESSAGE_DID_YOU_MEAN, 1, known[nearest]);
	load_fault(loader, code, document, node->span, message, nearest >= 0 ? &hint : NULL);
}

/* --- schemas */

/* A path that stays below the folder that it is relative to. */
static bool is_inside(const char *path)
{
	g_auto(GStrv) names = g_strsplit(path, "/", -1);

	for (char **name = names; *name; name++)
		if (!strcmp(*name, ".."))
			return false;
	return path[0] != '/';
}

/* The file of a URI of ours; NULL with `error` where it is none that may be read; g_free. */
static char *path_of_uri(const char *uri, struct error *error)
{
	g_autofree char *path = NULL;

	if (g_str_has_prefix(uri, BUILTIN))
		return g_strdup(uri);
	if (g_str_has_prefix(uri, REPOSITORY))
		path = g_uri_unescape_string(uri + strlen(REPOSITORY), NULL);
	if (path && is_inside(path))
		return g_steal_pointer(&path);
	error_usage(error, "%s",
		    path ? N_("it lies outside of the folder of planlint.yaml")
			 : N_("planlint fetches nothing; copy it into the repository"));
	return NULL;
}

/* A schema file refers to others beside it; http and the rest are never fetched. */
static const struct document *resolve(void *context, struct slice uri, struct error *error)
{
	struct loader *loader = context;
	g_autofree char *text = g_strndup(uri.data, uri.len);
	g_autofree char *path = path_of_uri(text, error);
	const struct document *document;
	const struct loaded_file *file;

	if (!path)
		return NULL;
	document = load_first_document(loader, path, FINDING_SCHEMA_INVALID);
	file = g_hash_table_lookup(loader->store->file_by_name, path);
	if (!document && file && file->state == LOADED_MISSING)
		error_usage(error, "%s", N_("there is no such file"));
	else if (!document)
		error_usage(error, "%s", N_("its file is not one whole document"));
	return document;
}

static void emit_own(void *context, const struct finding *finding)
{
	emit_counted(context, finding);
}

const struct schema *load_schema_part(struct loader *loader, const struct document *document,
				      const char *uri, const struct finding_sink *sink)
{
	struct ruleset_store *store = loader->store;

	if (!store->schemas) {
		struct schema_set_options options = {
			.symbols = store->symbols,
			.resolve = resolve,
			.resolve_context = loader,
			.trusted = BUILTIN, /* their test holds them against their metaschema */
		};

		store->schemas = schema_set_new(&options);
	}
	return schema_compile(store->schemas, document, slice_of(uri), sink);
}

const struct schema *load_schema(struct loader *loader, const char *name)
{
	const struct document *document = load_first_document(loader, name, FINDING_SCHEMA_INVALID);
	struct finding_sink sink = {emit_own, loader};
	const struct schema *schema;
	char *escaped;

	if (!document)
		return NULL;
	escaped = g_uri_escape_string(is_builtin(name) ? name + strlen(BUILTIN) : name, "/", TRUE);
	schema = load_schema_part(loader, document,
				  arena_printf(loader->arena, "%s%s",
					       is_builtin(name) ? BUILTIN : REPOSITORY, escaped),
				  &sink);
	g_free(escaped);
	return schema;
}

bool load_validate(struct loader *loader, const struct document *document, const char *schema,
		   enum finding_code code)
{
	const struct schema *compiled = load_schema(loader, schema);
	struct recode recode = {loader, code};
	struct finding_sink sink = {emit_recoded, &recode};

	return compiled && (schema_is_valid(compiled, document, NULL, loader->arena) ||
			    !schema_report(compiled, document, NULL, loader->arena, &sink));
}

/* --- values */

char *load_string(struct loader *loader, const struct doc_node *node)
{
	struct slice text = doc_text(node);

	return node ? arena_dup(loader->arena, text.data, text.len) : NULL;
}

const char *const *load_strings(struct loader *loader, const struct doc_node *node, size_t *count)
{
	bool is_list = doc_is(node, DOC_ARRAY);
	size_t length = is_list ? node->count : node ? 1 : 0;
	const char **strings = arena_array(loader->arena, length, sizeof(*strings));
	const struct doc_node *item = is_list ? doc_first(node) : node;

	*count = 0;
	for (; item && *count < length; item = is_list ? doc_next(item) : NULL)
		strings[(*count)++] = load_string(loader, item);
	return strings;
}

struct bilingual load_words(struct loader *loader, const struct doc_node *node)
{
	const struct doc_node *en = doc_is(node, DOC_OBJECT) ? doc_get(node, "en") : node;
	const struct doc_node *fr = doc_is(node, DOC_OBJECT) ? doc_get(node, "fr") : NULL;

	(void)loader;
	return (struct bilingual){doc_text(en), doc_text(fr ? fr : en)};
}
