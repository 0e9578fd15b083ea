/*
 * Proves the explanations of findings by mutation: over samples/plans, every root of samples/broken
 * and every invalid example of a shipped rule, for each finding that names places besides its own,
 *   - the places that it names, changed together, can make the finding go away;
 *   - none of them is superfluous: for some values of the others it decides.
 * A change replaces a value by another that stands under the same name somewhere in the samples, by
 * a text of the rule, or by something near; takes it away; or puts in what is missing. Documents
 * are written as JSON and judged by that one rule. The choices are pseudo-random from a fixed seed,
 * so a run is the same every time. That the second proof can fail is
 * shown with a decoy: a title, which is named beside the places of a few findings, is superfluous.
 *   explanations FOLDER   (of the samples); exit 1 where a proof fails
 */
#include "base/date.h"
#include "check/cross.h"
#include "document/document.h"
#include "ruleset/rule.h"
#include "ruleset/ruleset.h"
#include "ruleset/shape.h"
#include "source/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRIES = 600, DECOYS = 3, PLACES_MAX = 40, CANDIDATES_MAX = 60 };

struct file {
	char *path;
	char *data;
	struct source source;
	const struct document *document;
	struct verdict *verdict;
};

struct root {
	char *name;
	GPtrArray *files; /* struct file */
	struct arena arena;
	int64_t as_of;
};

/* A place that a finding names. */
struct place {
	struct file *file;
	const struct doc_node *node; /* the value; where `missing` is set what it would stand in */
	struct slice missing;
	GPtrArray *candidates; /* JSON texts; NULL in it: it is taken away */
	int chosen;            /* -1: as it is */
};

struct proof {
	struct root *root;
	const struct rule_instance *instance;
	const struct check_finding *found;
	struct place places[PLACES_MAX];
	size_t place_count;
	struct check_index *index; /* across: of the base verdicts */
	GPtrArray *base;           /* across: struct verdict, by file */
	size_t before;
};

static const struct ruleset *ruleset;
static struct check_scratch *scratch;
static GHashTable *values; /* name -> GPtrArray of JSON texts */
static unsigned findings, places_seen, failures, decoys;

static void die(const char *what)
{
	fprintf(stderr, "explanations: %s\n", what);
	exit(3);
}

/* --- pseudo-random choices */

static uint32_t seed = 20240101;

static uint32_t choose(uint32_t count)
{
	seed = seed * 1664525 + 1013904223;
	return count ? (seed >> 8) % count : 0;
}

/* --- candidates */

static void add_candidate(GPtrArray *list, char *text)
{
	if (list->len < CANDIDATES_MAX &&
	    !(text && g_ptr_array_find_with_equal_func(list, text, g_str_equal, NULL)))
		g_ptr_array_add(list, text);
}

static GPtrArray *values_of(struct slice name)
{
	char *key = g_strndup(name.data, name.len);
	GPtrArray *list = g_hash_table_lookup(values, key);

	if (list) {
		g_free(key);
		return list;
	}
	list = g_ptr_array_new();
	g_hash_table_insert(values, key, list);
	return list;
}

static struct slice name_of(const struct doc_node *node)
{
	while (node && !node->key)
		node = doc_parent(node);
	return node ? doc_key_text(node) : SLICE("");
}

static char *json_of(const struct doc_node *node)
{
	GString *out = g_string_new(NULL);

	doc_json_append(out, node);
	return g_string_free(out, FALSE);
}

static void collect(const struct document *document)
{
	for (uint32_t i = 0; document && i < document->node_count; i++) {
		const struct doc_node *node = &document->root[i];
		GPtrArray *list;

		if (!doc_parent(node) || node->size > 40)
			continue;
		list = values_of(name_of(node));
		if (list->len < CANDIDATES_MAX / 2)
			add_candidate(list, json_of(node));
	}
}

/* Texts that the rule itself compares with. */
static void add_own_texts(GPtrArray *list, const struct rule *rule)
{
	char *text = json_of(rule->node);

	for (char *at = strstr(text, "\\\""); at; at = strstr(at, "\\\"")) {
		char *end = strstr(at += 2, "\\\"");

		if (!end)
			break;
		if (end > at && end - at < 40)
			add_candidate(list, g_strdup_printf("\"%.*s\"", (int)(end - at), at));
		at = end + 2;
	}
	g_free(text);
}

static void add_near(GPtrArray *list, const struct doc_node *node)
{
	static const int years[] = {-30, -8, -3, -1, 1, 3, 8, 30};
	struct date date;

	if (node->type == DOC_ARRAY || node->type == DOC_OBJECT) {
		add_candidate(list, g_strdup(node->type == DOC_ARRAY ? "[]" : "{}"));
		if (node->type == DOC_ARRAY && node->count) {
			char *first = json_of(doc_first(node));

			add_candidate(list, g_strdup_printf("[%s]", first));
			add_candidate(list, g_strdup_printf("[%s,%s,%s]", first, first, first));
			g_free(first);
		}
		return;
	}
	if (date_parse(&date, doc_text(node)))
		for (size_t i = 0; i < G_N_ELEMENTS(years); i++)
			add_candidate(list,
				      g_strdup_printf("\"%04d-06-15\"", (int)date.year + years[i]));
	if (node->type == DOC_INTEGER)
		for (int i = -2; i <= 2; i++)
			add_candidate(list, g_strdup_printf("%d", (int)node->integer + i));
	if (node->type == DOC_BOOLEAN)
		add_candidate(list, g_strdup(node->integer ? "false" : "true"));
	if (node->type == DOC_STRING)
		add_candidate(list, g_strdup("\"zz\""));
}

static GPtrArray *candidates_of(const struct place *place, const struct rule *rule)
{
	GPtrArray *list = g_ptr_array_new();
	GPtrArray *known = values_of(place->missing.len ? place->missing : name_of(place->node));

	if (!place->missing.len)
		add_near(list, place->node);
	for (guint i = 0; i < known->len && i < CANDIDATES_MAX / 2; i++)
		add_candidate(list, known->pdata[i]);
	add_own_texts(list, rule);
	if (place->missing.len)
		add_candidate(list, g_strdup("\"zz\""));
	else
		g_ptr_array_add(list, NULL);
	return list;
}

/* --- documents with changes, as JSON */

static const struct place *change_at(const struct proof *proof, const struct doc_node *node,
				     bool is_missing)
{
	for (size_t i = 0; i < proof->place_count; i++) {
		const struct place *place = &proof->places[i];

		if (place->node == node && place->chosen >= 0 && !!place->missing.len == is_missing)
			return place;
	}
	return NULL;
}

static void append_name(GString *out, struct slice name)
{
	g_string_append_c(out, '"');
	for (size_t i = 0; i < name.len; i++) {
		if (strchr("\"\\", name.data[i]))
			g_string_append_c(out, '\\');
		g_string_append_c(out, name.data[i]);
	}
	g_string_append(out, "\":");
}

static void append_members(const struct proof *proof, GString *out, const struct doc_node *node);

static void append_node(const struct proof *proof, GString *out, const struct doc_node *node)
{
	const struct place *place = change_at(proof, node, false);

	if (place)
		g_string_append(out, place->candidates->pdata[place->chosen]);
	else if (node->type == DOC_OBJECT || node->type == DOC_ARRAY)
		append_members(proof, out, node);
	else
		doc_json_append(out, node);
}

static void append_members(const struct proof *proof, GString *out, const struct doc_node *node)
{
	bool is_map = node->type == DOC_OBJECT, is_first = true;

	g_string_append_c(out, is_map ? '{' : '[');
	for (const struct doc_node *child = doc_first(node); child; child = doc_next(child)) {
		const struct place *place = change_at(proof, child, false);

		if (place && !place->candidates->pdata[place->chosen])
			continue;
		if (!is_first)
			g_string_append_c(out, ',');
		is_first = false;
		if (is_map)
			append_name(out, doc_key_text(child));
		append_node(proof, out, child);
	}
	for (size_t i = 0; is_map && i < proof->place_count; i++) {
		const struct place *place = &proof->places[i];

		if (place->node != node || !place->missing.len || place->chosen < 0)
			continue;
		if (!is_first)
			g_string_append_c(out, ',');
		is_first = false;
		append_name(out, place->missing);
		g_string_append(out, place->candidates->pdata[place->chosen]);
	}
	g_string_append_c(out, is_map ? '}' : ']');
}

/* --- judging */

static struct verdict *judge(const struct proof *proof, const struct file *file)
{
	GString *text = g_string_new(NULL);
	struct verdict *verdict;
	struct error error = {0};

	append_node(proof, text, file->document->root);
	if (check_with_rule(&verdict, ruleset, &ruleset->entries[0], proof->instance, file->path,
			    text->str, text->len, proof->root->as_of, scratch, &error))
		die("a document cannot be judged");
	g_string_free(text, TRUE);
	return verdict;
}

struct counting {
	const struct rule *rule;
	size_t count;
};

static void count_finding(void *context, const struct check_finding *found)
{
	struct counting *counting = context;

	counting->count += found->finding.code == FINDING_RULE &&
			   !strcmp(found->finding.rule, counting->rule->id);
}

static void update(const struct proof *proof)
{
	struct error error = {0};

	if (check_index_update(proof->index, proof->root->as_of, NULL, scratch, &error))
		die("the index cannot be updated");
}

static bool is_changed(const struct proof *proof, const struct file *file)
{
	for (size_t i = 0; i < proof->place_count; i++)
		if (proof->places[i].file == file)
			return true;
	return false;
}

/* How many findings the rule has with the changes that are chosen. */
static size_t count_now(const struct proof *proof)
{
	struct counting counting = {proof->instance->rule, 0};
	GPtrArray *fresh = g_ptr_array_new();

	for (guint i = 0; i < proof->root->files->len; i++) {
		struct file *file = proof->root->files->pdata[i];
		struct verdict *verdict = is_changed(proof, file) ? judge(proof, file) : NULL;

		g_ptr_array_add(fresh, verdict);
		for (size_t f = 0; verdict && f < verdict->finding_count; f++)
			count_finding(&counting, &verdict->findings[f]);
		if (verdict && proof->index) {
			check_index_remove(proof->index, file->path, proof->base->pdata[i]);
			check_index_add(proof->index, file->path, verdict);
		}
	}
	if (proof->index) {
		update(proof);
		check_index_each(proof->index, count_finding, &counting);
	}
	for (guint i = 0; i < fresh->len; i++) {
		struct file *file = proof->root->files->pdata[i];

		if (fresh->pdata[i] && proof->index) {
			check_index_remove(proof->index, file->path, fresh->pdata[i]);
			check_index_add(proof->index, file->path, proof->base->pdata[i]);
		}
	}
	if (proof->index)
		update(proof);
	for (guint i = 0; i < fresh->len; i++)
		verdict_free(fresh->pdata[i]);
	g_ptr_array_free(fresh, TRUE);
	return counting.count;
}

/* --- the two proofs */

static void reset(struct proof *proof)
{
	for (size_t i = 0; i < proof->place_count; i++)
		proof->places[i].chosen = -1;
}

static void choose_all(struct proof *proof, uint32_t one_of)
{
	for (size_t i = 0; i < proof->place_count; i++) {
		struct place *place = &proof->places[i];

		place->chosen = choose(one_of) ? (int)choose(place->candidates->len) : -1;
	}
}

static bool can_flip(struct proof *proof)
{
	for (size_t i = 0; i < proof->place_count; i++) {
		reset(proof);
		for (guint c = 0; c < proof->places[i].candidates->len; c++) {
			proof->places[i].chosen = (int)c;
			if (count_now(proof) < proof->before)
				return true;
		}
	}
	for (int i = 0; i < TRIES; i++) {
		choose_all(proof, 3);
		if (count_now(proof) < proof->before)
			return true;
	}
	return false;
}

/* For some values of the others, does this one decide? */
static bool matters(struct proof *proof, struct place *place)
{
	reset(proof);
	for (guint c = 0; c < place->candidates->len; c++) {
		place->chosen = (int)c;
		if (count_now(proof) != proof->before)
			return true;
	}
	for (int i = 0; i < TRIES; i++) {
		size_t count;

		choose_all(proof, 2);
		place->chosen = -1;
		count = count_now(proof);
		for (int c = 0; c < 4; c++) {
			place->chosen = (int)choose(place->candidates->len);
			if (count_now(proof) != count)
				return true;
		}
	}
	return false;
}

static void fail(const struct proof *proof, const char *what, const struct place *place)
{
	GString *text = g_string_new(NULL);

	if (place)
		doc_pointer_append(text, place->node);
	if (place && place->missing.len)
		g_string_append_printf(text, "/%.*s (missing)", (int)place->missing.len,
				       place->missing.data);
	printf("FAILED %s, %s: %s %s\n", proof->root->name, proof->instance->rule->id, what,
	       text->str);
	g_string_free(text, TRUE);
	failures++;
}

/* --- places of a finding */

static struct file *file_of(const struct root *root, const char *path)
{
	for (guint i = 0; i < root->files->len; i++)
		if (!strcmp(((struct file *)root->files->pdata[i])->path, path))
			return root->files->pdata[i];
	return NULL;
}

/* What the schema says of a node. */
static const struct shape *shape_of(const struct doc_node *node)
{
	const struct doc_node *parent = doc_parent(node);

	if (!parent)
		return ruleset->entries[0].programs->root;
	return node->key ? shape_member(shape_of(parent), doc_key_text(node))
			 : shape_items(shape_of(parent));
}

/* The node that is pointed at by a span: the smallest, or one in which the missing name may be. */
static const struct doc_node *node_at(const struct file *file, struct span span,
				      struct slice missing)
{
	const struct shape *shape = ruleset->entries[0].programs->root;
	const struct doc_node *best = NULL;

	for (uint32_t i = 0; i < file->document->node_count; i++) {
		const struct doc_node *node = &file->document->root[i];
		struct span own = node_place(shape, node);

		if (own.start != span.start || own.end != span.end)
			continue;
		if (missing.len &&
		    (node->type != DOC_OBJECT || doc_member(node, missing.data, missing.len) ||
		     !shape_member(shape_of(node), missing)))
			continue;
		best = node;
	}
	return best;
}

static void add_place(struct proof *proof, const char *path, struct span span, struct slice missing)
{
	struct place *place = &proof->places[proof->place_count];
	struct file *file = file_of(proof->root, path);
	const struct doc_node *node = file ? node_at(file, span, missing) : NULL;

	if (!node || proof->place_count == PLACES_MAX)
		return;
	for (size_t i = 0; i < proof->place_count; i++)
		if (proof->places[i].node == node && slice_equal(proof->places[i].missing, missing))
			return;
	*place = (struct place){.file = file, .node = node, .missing = missing, .chosen = -1};
	place->candidates = candidates_of(place, proof->instance->rule);
	proof->place_count++;
}

static struct slice missing_of(const struct phrase *label)
{
	return label->message == MESSAGE_PLACE_MISSING ? label->values[1] : (struct slice){0};
}

static void add_places(struct proof *proof, const char *path)
{
	const struct finding *finding = &proof->found->finding;

	for (size_t i = 0; i < finding->related_count; i++) {
		const char *there = proof->found->related_paths ? proof->found->related_paths[i]
								: NULL;

		add_place(proof, there ? there : path, finding->related[i].span,
			  missing_of(&finding->related[i].label));
	}
}

static void open_index(struct proof *proof)
{
	proof->index = check_index_new(ruleset);
	proof->base = g_ptr_array_new();
	for (guint i = 0; i < proof->root->files->len; i++) {
		const struct file *file = proof->root->files->pdata[i];
		struct verdict *verdict = judge(proof, file);

		g_ptr_array_add(proof->base, verdict);
		check_index_add(proof->index, file->path, verdict);
	}
	update(proof);
}

/* A title beside the places: no rule that has places reads it, so it must not seem to matter. */
static void try_decoy(struct proof *proof)
{
	const struct doc_node *title = doc_get(proof->places[0].file->document->root, "title");
	struct place *place = &proof->places[proof->place_count];

	if (!title || decoys == DECOYS || proof->place_count == PLACES_MAX)
		return;
	*place = (struct place){.file = proof->places[0].file, .node = title, .chosen = -1};
	place->candidates = candidates_of(place, proof->instance->rule);
	proof->place_count++;
	decoys++;
	if (matters(proof, place))
		fail(proof, "a decoy seems to matter:", place);
}

static void prove(struct root *root, const struct check_finding *found, const char *own)
{
	const struct rule *rule = ruleset_rule(ruleset, found->finding.rule);
	const char *path = found->path ? found->path : own;
	struct proof proof = {.root = root, .found = found};
	size_t related;

	if (found->finding.code != FINDING_RULE || rule->check == RULE_LEXICAL ||
	    !found->finding.related_count || !path)
		return;
	proof.instance = cross_instance(ruleset, rule);
	if (rule->across)
		open_index(&proof);
	add_places(&proof, path);
	related = proof.place_count;
	add_place(&proof, path, found->finding.span, (struct slice){0});
	proof.before = count_now(&proof);
	findings++;
	places_seen += (unsigned)related;
	if (!proof.before)
		fail(&proof, "it is not found again", NULL);
	else if (!can_flip(&proof))
		fail(&proof, "the places named cannot flip it", NULL);
	for (size_t i = 0; proof.before && i < related; i++)
		if (!matters(&proof, &proof.places[i]))
			fail(&proof, "superfluous:", &proof.places[i]);
	if (proof.before && related)
		try_decoy(&proof);
	check_index_free(proof.index);
	for (guint i = 0; proof.base && i < proof.base->len; i++)
		verdict_free(proof.base->pdata[i]);
}

/* --- roots */

static void ignore(void *context, const struct finding *finding)
{
	(void)context;
	(void)finding;
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Takes the data. */
static void add_file(struct root *root, const char *path, char *data, size_t size)
{
	struct file *file = g_new0(struct file, 1);
	struct document_options options = {.symbols = ruleset->symbols};
	struct finding_sink sink = {ignore, NULL};
	struct document_set set;
	struct error error = {0};

	file->path = g_strdup(path);
	file->data = data;
	source_init(&file->source, file->path, file->data, size);
	if (document_read(&set, &file->source, &options, &root->arena, &sink, &error))
		die("a sample cannot be read");
	if (set.complete && set.count && set.documents[0].root &&
	    !check_document(&file->verdict, ruleset, &ruleset->entries[0], path, file->data, size,
			    root->as_of, scratch, &error)) {
		file->document = &set.documents[0];
		g_ptr_array_add(root->files, file);
	}
}

static void load_file(struct root *root, const char *folder, const char *path)
{
	char *full = g_build_filename(folder, path, NULL), *data;
	gsize size;

	if (!g_file_get_contents(full, &data, &size, NULL))
		die(full);
	add_file(root, path, data, size);
	g_free(full);
}

static int64_t day_of(struct slice text)
{
	struct date date;

	return date_parse(&date, text) ? date_earliest(date) : 0;
}

static struct root *new_root(const char *name)
{
	struct root *root = g_new0(struct root, 1);

	root->name = g_strdup(name);
	root->files = g_ptr_array_new();
	root->as_of = day_of(SLICE("2026-11-15"));
	return root;
}

static struct root *load_root(const char *folder)
{
	char *base = g_path_get_basename(folder);
	struct root *root = new_root(base);
	char *plans = g_build_filename(folder, "plans", NULL);
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	GDir *dir = g_dir_open(plans, 0, NULL);
	const char *name;

	g_free(base);
	while (dir && (name = g_dir_read_name(dir)))
		if (g_str_has_suffix(name, ".yaml"))
			g_ptr_array_add(names, g_strdup(name));
	if (dir)
		g_dir_close(dir);
	g_ptr_array_sort(names, compare_names);
	for (guint i = 0; i < names->len; i++) {
		char *path = g_build_filename("plans", names->pdata[i], NULL);

		load_file(root, folder, path);
		g_free(path);
	}
	g_ptr_array_free(names, TRUE);
	g_free(plans);
	return root;
}

static void gather_across(void *context, const struct check_finding *found)
{
	g_ptr_array_add(context, (gpointer)found);
}

/* The documents of an example that is no text and no step. */
static void add_example(GPtrArray *roots, const struct rule *rule, const struct doc_node *example)
{
	char *name = g_strdup_printf("example of %s", rule->id);
	struct root *root = new_root(name);
	const struct doc_node *documents = doc_get(example, "documents");
	const struct doc_node *wrapped = doc_get(example, "document");
	const struct doc_node *day = doc_get(example, "as_of");

	g_free(name);
	if (day)
		root->as_of = day_of(doc_text(day));
	g_ptr_array_add(roots, root);
	for (const struct doc_node *node = doc_first(documents); node; node = doc_next(node)) {
		char *path = g_strndup(doc_key_text(node).data, doc_key_text(node).len);
		char *data = json_of(node);

		add_file(root, path, data, strlen(data));
		g_free(path);
	}
	if (!documents && example->type == DOC_OBJECT && !doc_get(example, "text") &&
	    !doc_get(example, "old") && !doc_get(example, "commit")) {
		char *data = json_of(wrapped ? wrapped : example);

		add_file(root, "plans/example.yaml", data, strlen(data));
	}
}

static void add_examples(GPtrArray *roots)
{
	for (size_t i = 0; i < ruleset->rule_count; i++) {
		const struct rule *rule = ruleset->rules[i];
		const struct doc_node *invalid = doc_get(doc_get(rule->node, "examples"),
							 "invalid");

		for (const struct doc_node *node = doc_first(invalid); node; node = doc_next(node))
			add_example(roots, rule, node);
	}
}

static void prove_root(struct root *root)
{
	struct check_index *index = check_index_new(ruleset);
	GPtrArray *across = g_ptr_array_new();
	struct error error = {0};

	for (guint i = 0; i < root->files->len; i++) {
		struct file *file = root->files->pdata[i];

		for (size_t f = 0; f < file->verdict->finding_count; f++)
			prove(root, &file->verdict->findings[f], file->path);
		check_index_add(index, file->path, file->verdict);
	}
	if (check_index_update(index, root->as_of, NULL, scratch, &error))
		die("the index cannot be updated");
	check_index_each(index, gather_across, across);
	for (guint i = 0; i < across->len; i++)
		prove(root, across->pdata[i], NULL);
	g_ptr_array_free(across, TRUE);
	check_index_free(index);
}

static GPtrArray *load_roots(const char *samples)
{
	GPtrArray *roots = g_ptr_array_new(), *names = g_ptr_array_new_with_free_func(g_free);
	char *broken = g_build_filename(samples, "broken", NULL);
	GDir *dir = g_dir_open(broken, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir)))
		g_ptr_array_add(names, g_build_filename(broken, name, NULL));
	if (dir)
		g_dir_close(dir);
	g_ptr_array_sort(names, compare_names);
	g_ptr_array_add(roots, load_root(samples));
	for (guint i = 0; i < names->len; i++)
		g_ptr_array_add(roots, load_root(names->pdata[i]));
	g_ptr_array_free(names, TRUE);
	g_free(broken);
	return roots;
}

int main(int argc, char **argv)
{
	struct finding_sink sink = {ignore, NULL};
	struct ruleset *loaded;
	struct error error = {0};
	GPtrArray *roots;

	document_worker_main(argc, argv);
	if (argc < 2 || ruleset_load(&loaded, NULL, NULL, &sink, &error) || loaded->faults)
		die("usage: explanations FOLDER");
	ruleset = loaded;
	scratch = check_scratch_new();
	values = g_hash_table_new(g_str_hash, g_str_equal);
	roots = load_roots(argv[1]);
	add_examples(roots);
	for (guint i = 0; i < roots->len; i++) {
		const struct root *root = roots->pdata[i];

		for (guint f = 0; f < root->files->len; f++)
			collect(((struct file *)root->files->pdata[f])->document);
	}
	for (guint i = 0; i < roots->len; i++)
		prove_root(roots->pdata[i]);
	printf("explanations: %u findings, %u places besides their own, %u failed\n", findings,
	       places_seen, failures);
	return failures ? 1 : 0;
}
