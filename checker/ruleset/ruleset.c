/*
 * The ruleset as a whole: loading in its order, the questions that others ask of it, the end.
 *
 * The order matters: configuration, schemas, rule files, expressions. Each step gives names to the
 * next, and all of them put the names that they will look up into one table of symbols, with which
 * documents are read afterwards. From then on nothing here changes.
 */
#include "ruleset/ruleset.h"

#include "ruleset/load.h"
#include "ruleset/rule.h"

#include <string.h>

static void free_file(gpointer data)
{
	struct loaded_file *file = data;

	source_release(&file->source);
	if (file->owned)
		g_free(file->data);
	g_free(file->name);
	g_free(file);
}

static struct ruleset_store *store_new(void)
{
	struct ruleset_store *store = g_new0(struct ruleset_store, 1);

	arena_init(&store->arena);
	store->files = g_ptr_array_new_with_free_func(free_file);
	store->file_by_name = g_hash_table_new(g_str_hash, g_str_equal);
	store->symbols = symbols_new();
	store->envs = g_ptr_array_new();
	store->paths = g_ptr_array_new();
	store->severities = g_hash_table_new(g_str_hash, g_str_equal);
	store->rules = g_hash_table_new(g_str_hash, g_str_equal);
	store->public.symbols = store->symbols;
	return store;
}

void ruleset_free(struct ruleset *ruleset)
{
	struct ruleset_store *store = (struct ruleset_store *)ruleset;

	if (!ruleset)
		return;
	for (guint i = store->envs->len; i-- > 0;)
		cel_env_free(store->envs->pdata[i]);
	compile_release(store);
	g_ptr_array_free(store->envs, TRUE);
	g_ptr_array_free(store->paths, TRUE);
	schema_set_free(store->schemas);
	g_hash_table_destroy(store->severities);
	g_hash_table_destroy(store->rules);
	g_hash_table_destroy(store->file_by_name);
	g_ptr_array_free(store->files, TRUE);
	symbols_free(store->symbols);
	arena_release(&store->arena);
	g_free(store);
}

static void loader_release(struct loader *loader)
{
	g_checksum_free(loader->checksum);
	g_ptr_array_free(loader->rules, TRUE);
	g_ptr_array_free(loader->vocabularies, TRUE);
	g_ptr_array_free(loader->tables, TRUE);
	g_ptr_array_free(loader->entries, TRUE);
}

/* Hands the collected lists to the public part. */
static void publish(struct loader *loader)
{
	struct ruleset *ruleset = &loader->store->public;
	struct document_entry *entries = arena_array(loader->arena, loader->entries->len,
						     sizeof(*entries));
	const struct rule **rules = arena_array(loader->arena, loader->rules->len, sizeof(*rules));

	for (guint i = 0; i < loader->entries->len; i++)
		entries[i] = ((struct entry_source *)loader->entries->pdata[i])->entry;
	for (guint i = 0; i < loader->rules->len; i++)
		rules[i] = loader->rules->pdata[i];
	ruleset->entries = entries;
	ruleset->entry_count = loader->entries->len;
	ruleset->rules = rules;
	ruleset->rule_count = loader->rules->len;
	ruleset->digest = arena_strdup(loader->arena, g_checksum_get_string(loader->checksum));
}

/* Rule files that the caller asks for, where the configuration has not read them already. */
static void load_more(struct loader *loader)
{
	const struct ruleset_files *files = loader->files;

	for (size_t i = 0; files && i < files->more_count && !loader->failed; i++)
		if (!g_hash_table_contains(loader->store->file_by_name, files->more[i]))
			load_rule_file(loader, arena_strdup(loader->arena, files->more[i]));
}

int ruleset_load(struct ruleset **out, const char *config, const struct ruleset_files *files,
		 const struct finding_sink *sink, struct error *error)
{
	struct ruleset_store *store = store_new();
	struct loader loader = {
		.store = store,
		.arena = &store->arena,
		.files = files,
		.sink = sink,
		.checksum = g_checksum_new(G_CHECKSUM_SHA256),
		.error = error,
		.rules = g_ptr_array_new(),
		.vocabularies = g_ptr_array_new(),
		.tables = g_ptr_array_new(),
		.entries = g_ptr_array_new(),
	};

	*out = NULL;
	g_checksum_update(loader.checksum, (const guchar *)PLANLINT_VERSION, -1);
	if (config)
		load_configuration(&loader, config);
	else
		load_defaults(&loader);
	load_more(&loader);
	load_severities(&loader);
	if (!loader.failed)
		compile_entries(&loader);
	store->public.lexical_names = lexical_names(loader.arena, store->symbols);
	publish(&loader);
	loader_release(&loader);
	if (loader.failed) {
		ruleset_free(&store->public);
		return -1;
	}
	*out = &store->public;
	return 0;
}

/* --- questions */

static bool any_matches(const struct pattern *patterns, size_t count, const char *path)
{
	for (size_t i = 0; i < count; i++)
		if (pattern_matches(&patterns[i], path))
			return true;
	return false;
}

const struct document_entry *ruleset_entry(const struct ruleset *ruleset, const char *path)
{
	for (size_t i = 0; i < ruleset->entry_count; i++) {
		const struct document_entry *entry = &ruleset->entries[i];

		if (any_matches(entry->files, entry->file_count, path) &&
		    !any_matches(entry->exclude, entry->exclude_count, path))
			return entry;
	}
	return NULL;
}

enum severity ruleset_severity(const struct ruleset *ruleset, const char *rule,
			       enum severity fallback)
{
	const struct ruleset_store *store = (const struct ruleset_store *)ruleset;
	gpointer severity;

	if (g_hash_table_lookup_extended(store->severities, rule, NULL, &severity))
		return GPOINTER_TO_INT(severity);
	return fallback;
}

/* Does the entry name this rule, now or by a former id? */
static bool names_rule(const struct ruleset *ruleset, const char *name, const char *rule)
{
	const struct rule *meant;

	if (!strcmp(name, rule))
		return true;
	meant = ruleset_rule(ruleset, name);
	return meant && !strcmp(meant->id, rule);
}

const struct config_suppression *ruleset_suppression(const struct ruleset *ruleset,
						     const char *rule, const char *path,
						     int64_t as_of, bool *expired)
{
	if (expired)
		*expired = false;
	for (size_t i = 0; i < ruleset->suppress_count; i++) {
		const struct config_suppression *row = &ruleset->suppress[i];

		if (!names_rule(ruleset, row->rule, rule) ||
		    !any_matches(row->files, row->file_count, path))
			continue;
		if (as_of <= row->until)
			return row;
		if (expired)
			*expired = true;
	}
	return NULL;
}

const struct rule *ruleset_rule(const struct ruleset *ruleset, const char *id)
{
	const struct ruleset_store *store = (const struct ruleset_store *)ruleset;

	return g_hash_table_lookup(store->rules, id);
}

bool ruleset_knows(const struct ruleset *ruleset, const char *id)
{
	return ruleset_rule(ruleset, id) || finding_code_of(slice_of(id)) != FINDING_CODE_COUNT;
}

void rule_describe(struct rule_info *out, const struct ruleset *ruleset, const struct rule *rule)
{
	const struct doc_node *id = doc_get(rule->node, "id");

	(void)ruleset;
	*out = (struct rule_info){
		.id = rule->id,
		.severity = rule->severity,
		.check = rule_check_name(rule->check),
		.title = rule->title,
		.source = rule->source,
		.tags = rule->tags,
		.tag_count = rule->tag_count,
		.file = rule->file,
		.line = source_position(rule->document->source, id->span.start).line,
	};
}
