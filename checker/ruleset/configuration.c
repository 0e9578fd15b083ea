/*
 * planlint.yaml: which files are documents, their schemas, the rules, severities and suppressions
 * (DESIGN.md section 4).
 *
 * The file is first held against its own schema, which finds unknown keys and wrong types; what is
 * left to do here is what a schema cannot know: that patterns are patterns, that files exist, that
 * ids are ids of something. Expressions (`key`, `labels`) are compiled later, by compile.c, when
 * the schema that types them is there.
 *
 * Must not: look for the configuration (the caller does) or read a clock.
 */
#include "ruleset/load.h"
#include "ruleset/rule.h"
#include "source/message.h"

#include <string.h>

static void fault(struct loader *loader, const struct doc_node *node, struct phrase message)
{
	load_fault(loader, FINDING_CONFIGURATION, loader->config, node->span, message, NULL);
}

static const struct pattern *load_patterns(struct loader *loader, const struct doc_node *node,
					   size_t *count)
{
	const char *const *texts = load_strings(loader, node, count);
	struct pattern *patterns = arena_array(loader->arena, *count, sizeof(*patterns));

	for (size_t i = 0; i < *count; i++) {
		const char *wrong = pattern_compile(&patterns[i], texts[i], loader->arena);

		if (wrong)
			fault(loader, node->type == DOC_ARRAY ? doc_item(node, i) : node,
			      phrase_make(loader->arena, MESSAGE_PATTERN_FAULT, 2,
					  slice_of(texts[i]), slice_of(wrong)));
	}
	return patterns;
}

/* "builtin:plan" is schemas/plan.schema.yaml in the program. */
static char *schema_file(struct loader *loader, const char *name)
{
	if (!g_str_has_prefix(name, "builtin:"))
		return arena_strdup(loader->arena, name);
	return arena_printf(loader->arena, "builtin:schemas/%s.schema.yaml",
			    name + strlen("builtin:"));
}

static bool leads_outside(const char *path)
{
	return *path == '/' || !strcmp(path, "..") || g_str_has_prefix(path, "../") ||
	       strstr(path, "/../") || g_str_has_suffix(path, "/..");
}

static void load_entry_schema(struct loader *loader, struct document_entry *entry,
			      const struct doc_node *node)
{
	char *name = load_string(loader, node);
	struct loaded_file *file;

	if (!name)
		return;
	entry->schema_name = name;
	if (leads_outside(name)) {
		fault(loader, node,
		      phrase_make(loader->arena, MESSAGE_PATH_OUTSIDE, 1, slice_of(name)));
		return;
	}
	file = load_file(loader, schema_file(loader, name), FINDING_SCHEMA_INVALID);
	if (file && file->state == LOADED_MISSING)
		fault(loader, node,
		      phrase_make(loader->arena, MESSAGE_NO_SCHEMA_FILE, 1, slice_of(name)));
	else if (file)
		entry->schema = load_schema(loader, file->name);
}

static void load_labels(struct loader *loader, struct document_entry *entry,
			struct entry_source *source, const struct doc_node *node)
{
	struct document_label *labels;
	size_t i = 0;

	if (!node)
		return;
	labels = arena_array(loader->arena, node->count, sizeof(*labels));
	source->labels = node;
	for (const struct doc_node *item = doc_first(node); item; item = doc_next(item), i++) {
		struct slice name = doc_key_text(item);

		labels[i].name = arena_dup(loader->arena, name.data, name.len);
	}
	entry->labels = labels;
	entry->label_count = i;
}

static void load_entry(struct loader *loader, const struct doc_node *node)
{
	struct entry_source *source = arena_new(loader->arena, struct entry_source);
	struct document_entry *entry = &source->entry;

	entry->index = loader->entries->len;
	entry->kind = load_string(loader, doc_get(node, "kind"));
	if (!entry->kind)
		entry->kind = "document";
	entry->files = load_patterns(loader, doc_get(node, "files"), &entry->file_count);
	entry->exclude = load_patterns(loader, doc_get(node, "exclude"), &entry->exclude_count);
	source->document = loader->config;
	source->key = doc_get(node, "key");
	load_labels(loader, entry, source, doc_get(node, "labels"));
	load_entry_schema(loader, entry, doc_get(node, "schema"));
	g_ptr_array_add(loader->entries, source);
}

static void load_rules_item(struct loader *loader, const struct doc_node *node)
{
	char *name = load_string(loader, node);
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	struct loaded_file *file;

	if (leads_outside(name)) {
		fault(loader, node,
		      phrase_make(loader->arena, MESSAGE_PATH_OUTSIDE, 1, slice_of(name)));
	} else if (g_str_has_prefix(name, "builtin:") || g_str_has_suffix(name, "/")) {
		if (!load_folder(loader, name, names) && !loader->failed)
			fault(loader, node,
			      phrase_make(loader->arena, MESSAGE_NO_RULES, 1, slice_of(name)));
	} else {
		file = load_file(loader, name, FINDING_RULE_FILE);
		if (file && file->state == LOADED_MISSING && !load_folder(loader, name, names) &&
		    !loader->failed)
			fault(loader, node,
			      phrase_make(loader->arena, MESSAGE_NO_RULES, 1, slice_of(name)));
		else if (file && file->state != LOADED_MISSING)
			g_ptr_array_add(names, g_strdup(name));
	}
	for (guint i = 0; i < names->len && !loader->failed; i++)
		load_rule_file(loader, arena_strdup(loader->arena, names->pdata[i]));
	g_ptr_array_free(names, TRUE);
}

static void load_suppress(struct loader *loader, const struct doc_node *list)
{
	struct config_suppression *rows;
	size_t i = 0;

	if (!list)
		return;
	rows = arena_array(loader->arena, list->count, sizeof(*rows));
	for (const struct doc_node *node = doc_first(list); node; node = doc_next(node), i++) {
		const struct doc_node *until = doc_get(node, "until");
		struct date date;

		rows[i].rule = load_string(loader, doc_get(node, "rule"));
		rows[i].files = load_patterns(loader, doc_get(node, "files"), &rows[i].file_count);
		rows[i].reason = load_string(loader, doc_get(node, "reason"));
		rows[i].span = node->span;
		rows[i].until = DAY_OPEN_END;
		if (until && date_parse(&date, doc_text(until))) {
			rows[i].until = date_latest(date);
			loader->store->public.reads_as_of = true;
		}
	}
	loader->store->public.suppress = rows;
	loader->store->public.suppress_count = i;
}

static enum suppressions_policy policy_of(struct slice text)
{
	if (slice_equal(text, SLICE("forbidden")))
		return SUPPRESSIONS_FORBIDDEN;
	return slice_equal(text, SLICE("allowed")) ? SUPPRESSIONS_ALLOWED : SUPPRESSIONS_LISTED;
}

static enum severity severity_of(struct slice text)
{
	for (enum severity s = SEVERITY_OFF; s <= SEVERITY_ERROR; s++)
		if (slice_equal(text, slice_of(severity_name(s))))
			return s;
	return SEVERITY_ERROR;
}

/* DESIGN.md section 4: where there is no configuration. */
static const char *const default_patterns[] = {"plans/**/*.{yaml,yml,json}"};
static const char *const default_rules[] = {"builtin:nato", "builtin:yaml"};

static void load_default_entry(struct loader *loader)
{
	struct entry_source *source = arena_new(loader->arena, struct entry_source);
	struct document_entry *entry = &source->entry;
	struct pattern *files = arena_array(loader->arena, 1, sizeof(*files));
	struct document_label *labels = arena_array(loader->arena, 1, sizeof(*labels));
	const char *schema = "builtin:schemas/plan.schema.yaml";

	pattern_compile(files, default_patterns[0], loader->arena);
	entry->files = files;
	entry->file_count = 1;
	entry->kind = "plan";
	entry->schema_name = "builtin:plan";
	if (embedded_find("schemas/plan.schema.yaml"))
		entry->schema = load_schema(loader, schema);
	source->default_key = "document.id";
	source->default_label = "document.partner";
	labels->name = "partner";
	entry->labels = labels;
	entry->label_count = 1;
	g_ptr_array_add(loader->entries, source);
}

static void load_default_rules(struct loader *loader)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

	for (size_t i = 0; i < G_N_ELEMENTS(default_rules); i++)
		load_folder(loader, default_rules[i], names);
	for (guint i = 0; i < names->len && !loader->failed; i++)
		load_rule_file(loader, arena_strdup(loader->arena, names->pdata[i]));
	g_ptr_array_free(names, TRUE);
}

void load_defaults(struct loader *loader)
{
	load_default_entry(loader);
	load_default_rules(loader);
}

static void load_parts(struct loader *loader, const struct doc_node *root)
{
	struct ruleset *ruleset = &loader->store->public;
	const struct doc_node *documents = doc_get(root, "documents");
	const struct doc_node *rules = doc_get(root, "rules");
	const struct doc_node *severity = doc_get(root, "severity");

	if (!documents)
		load_default_entry(loader);
	for (const struct doc_node *n = doc_first(documents); n && !loader->failed; n = doc_next(n))
		load_entry(loader, n);
	/* Before the rules: they are given their severity as they are read. */
	for (const struct doc_node *n = doc_first(severity); n; n = doc_next(n)) {
		struct slice id = doc_key_text(n);

		g_hash_table_insert(loader->store->severities,
				    arena_dup(loader->arena, id.data, id.len),
				    GINT_TO_POINTER(severity_of(doc_text(n))));
	}
	if (!rules)
		load_default_rules(loader);
	for (const struct doc_node *n = doc_first(rules); n && !loader->failed; n = doc_next(n))
		load_rules_item(loader, n);
	load_suppress(loader, doc_get(root, "suppress"));
	ruleset->suppressions = policy_of(doc_text(doc_get(root, "suppressions")));
	ruleset->lang = load_string(loader, doc_get(root, "lang"));
}

void load_configuration(struct loader *loader, const char *name)
{
	struct loaded_file *file = load_file(loader, name, FINDING_CONFIGURATION);
	struct source *source = file ? &file->source : NULL;

	loader->store->public.config = arena_strdup(loader->arena, name);
	if (!file || file->state == LOADED_FAULTY)
		return;
	loader->config = load_first_document(loader, name, FINDING_CONFIGURATION);
	if (file->state == LOADED_MISSING || !loader->config) {
		struct document nothing = {.source = source};

		load_fault(
			loader, FINDING_CONFIGURATION,
			file->state == LOADED_MISSING ? NULL : &nothing, (struct span){0, 0},
			phrase_make(loader->arena, MESSAGE_EMPTY_CONFIGURATION, 1, slice_of(name)),
			NULL);
		return;
	}
	if (load_validate(loader, loader->config, "builtin:schemas/configuration.schema.yaml",
			  FINDING_CONFIGURATION))
		load_parts(loader, loader->config->root);
}

/* Ids that the configuration names must be ids of something: checked when all rules are read. */
static void check_id(struct loader *loader, struct slice id, struct span span)
{
	char *text = arena_dup(loader->arena, id.data, id.len);
	GArray *known;
	struct phrase hint = {0};
	ptrdiff_t nearest;

	if (ruleset_knows(&loader->store->public, text))
		return;
	known = g_array_new(FALSE, FALSE, sizeof(struct slice));
	for (guint i = 0; i < loader->rules->len; i++) {
		struct slice name = slice_of(((struct rule *)loader->rules->pdata[i])->id);

		g_array_append_val(known, name);
	}
	for (enum finding_code code = 0; code < FINDING_CODE_COUNT; code++) {
		struct slice name = slice_of(finding_id(code));

		g_array_append_val(known, name);
	}
	nearest = text_nearest(id, (const struct slice *)(void *)known->data, known->len);
	if (nearest >= 0)
		hint = phrase_make(loader->arena, MESSAGE_DID_YOU_MEAN, 1,
				   g_array_index(known, struct slice, nearest));
	load_fault(loader, FINDING_CONFIGURATION, loader->config, span,
		   phrase_make(loader->arena, MESSAGE_UNKNOWN_RULE, 1, id),
		   nearest >= 0 ? &hint : NULL);
	g_array_free(known, TRUE);
}

void load_severities(struct loader *loader)
{
	const struct doc_node *root = loader->config ? loader->config->root : NULL;
	const struct doc_node *severity = doc_get(root, "severity");
	const struct doc_node *suppress = doc_get(root, "suppress");

	for (const struct doc_node *n = doc_first(severity); n; n = doc_next(n))
		check_id(loader, doc_key_text(n), n->key->span);
	for (const struct doc_node *n = doc_first(suppress); n; n = doc_next(n)) {
		const struct doc_node *rule = doc_get(n, "rule");

		if (rule)
			check_id(loader, doc_text(rule), rule->span);
	}
}
