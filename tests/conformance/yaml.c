/*
 * yaml-test-suite (argv[1]/yaml, a folder a case, some with numbered folders inside). A case passes
 * when
 *   - it has `error`, and there is a finding and the file does not count as read;
 *   - it has `in.json`, and our trees equal those values, one for each document;
 *   - it has neither, and a key-type finding stands at each key that is no string, or, where all
 * keys are strings, the trees have the structure, texts and styles of `test.event`. It is refused,
 * and listed with the reason, when it is valid and the byte check stopped it at a `%` line.
 * Everything else failed. Ends in "yaml: N passed, 0 failed, M refused".
 */
#include "document/document.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 402, LEAST = 380 };

struct test {
	char *name, *folder;
	struct source source;
	struct arena arena;
	struct document_set set;
	GArray *findings; /* struct finding; they live in the arena */
};

static int passed, failed, refused;

static char *read_case_file(const struct test *test, const char *name, gsize *size)
{
	char *path = g_build_filename(test->folder, name, NULL);
	char *data = NULL;

	if (!g_file_get_contents(path, &data, size, NULL))
		data = NULL;
	g_free(path);
	return data;
}

static void keep_finding(void *context, const struct finding *finding)
{
	struct test *test = context;

	g_array_append_val(test->findings, *finding);
}

static void read_documents(struct source *source, struct test *test, struct document_set *out,
			   enum document_syntax syntax)
{
	struct finding_sink sink = {keep_finding, test};
	struct document_options options = {.syntax = syntax};
	struct error error = {0};

	if (document_read(out, source, &options, &test->arena, &sink, &error)) {
		fprintf(stderr, "yaml: %s\n", error.message);
		exit(3);
	}
}

static const struct finding *finding_of(const struct test *test, guint index)
{
	return &g_array_index(test->findings, struct finding, index);
}

static bool fail(const struct test *test, const char *why)
{
	printf("FAILED %s: %s\n", test->name, why);
	for (guint i = 0; i < test->findings->len; i++) {
		const struct finding *finding = finding_of(test, i);
		GString *words = g_string_new(NULL);

		phrase_append(words, &finding->message, LANGUAGE_EN, text_append_visible);
		printf("    %s %u-%u %s\n", finding->rule, finding->span.start, finding->span.end,
		       words->str);
		g_string_free(words, TRUE);
	}
	return false;
}

/* The end of the JSON value at `at`. */
static const char *json_end(const char *at)
{
	int depth = 0;
	bool in_string = false;

	for (; *at; at++) {
		if (in_string) {
			if (*at == '\\')
				at++;
			else if (*at == '"')
				in_string = false;
		} else if (*at == '"') {
			in_string = true;
		} else if (*at == '{' || *at == '[') {
			depth++;
		} else if (*at == '}' || *at == ']') {
			depth--;
		} else if (!depth && g_ascii_isspace(*at)) {
			return at;
		}
	}
	return at;
}

/* The documents that hold something. */
static size_t document_count(const struct test *test)
{
	return test->set.count && !test->set.documents[0].root ? 0 : test->set.count;
}

static bool is_only_key_types(const struct test *test)
{
	for (guint i = 0; i < test->findings->len; i++)
		if (finding_of(test, i)->code != FINDING_KEY_TYPE)
			return false;
	return true;
}

static bool check_json(struct test *test, const char *json)
{
	size_t index = 0;
	bool good = true;

	if (!test->set.complete || !is_only_key_types(test))
		return fail(test, "a valid file has a finding");
	while (good && *(json += strspn(json, " \t\r\n"))) {
		const char *end = json_end(json);
		struct source source;
		struct document_set values;

		source_init(&source, "in.json", json, (size_t)(end - json));
		read_documents(&source, test, &values, DOCUMENT_JSON);
		good = index < document_count(test) && values.count == 1 &&
		       doc_equal(test->set.documents[index].root, values.documents[0].root);
		source_release(&source);
		json = end;
		index++;
	}
	return (good && index == document_count(test)) || fail(test, "not equal to in.json");
}

/* A node of test.event, aliases resolved. */
struct node {
	char kind;        /* 'M', 'S', or the style of a scalar: one of :'"|> */
	bool is_tagged;   /* as a string or as what the core schema does not know */
	bool is_resolved; /* tagged as a null, a boolean or a number */
	char *text;
	GPtrArray *children; /* keys and values of a mapping in turn */
};

struct events {
	char **lines;
	int next;
	GHashTable *anchors;
	GPtrArray *nodes; /* all of them, to be freed */
	bool is_broken;   /* the file ends within a document, or says what no parser says */
};

static void free_node(gpointer data)
{
	struct node *node = data;

	g_free(node->text);
	g_ptr_array_free(node->children, TRUE);
	g_free(node);
}

static struct node *new_node(struct events *events, char kind)
{
	struct node *node = g_new0(struct node, 1);

	node->kind = kind;
	node->children = g_ptr_array_new();
	g_ptr_array_add(events->nodes, node);
	return node;
}

/* "\n" and the like, as test.event writes them */
static char *unescape(const char *text)
{
	GString *out = g_string_new(NULL);

	for (; *text; text++) {
		static const char names[] = "\\ntrb0", values[] = "\\\n\t\r\b";
		const char *name = *text == '\\' && text[1] ? strchr(names, text[1]) : NULL;

		g_string_append_c(out, name ? values[name - names] : *text);
		text += name != NULL;
	}
	return g_string_free(out, FALSE);
}

static void set_tag(struct node *node, const char *tag, size_t len)
{
	static const char *const resolved[] = {"null", "bool", "int", "float"};
	static const char prefix[] = "tag:yaml.org,2002:";
	char *name = g_strndup(tag, len);

	for (size_t i = 0; i < G_N_ELEMENTS(resolved); i++)
		if (g_str_has_prefix(name, prefix) &&
		    !strcmp(name + sizeof(prefix) - 1, resolved[i]))
			node->is_resolved = true;
	node->is_tagged = !node->is_resolved;
	g_free(name);
}

/* Passes " &name" and " <tag>"; gives what follows. */
static char *read_properties(struct events *events, char *at, struct node *node)
{
	while (*at == ' ' && (at[1] == '&' || at[1] == '<')) {
		size_t len = strcspn(at + 1, at[1] == '<' ? ">" : " ");

		if (at[1] == '&')
			g_hash_table_replace(events->anchors, g_strndup(at + 2, len - 1), node);
		else
			set_tag(node, at + 2, len - 1);
		at += 1 + len + (at[1] == '<');
	}
	return at;
}

static struct node *read_alias(struct events *events, const char *name)
{
	struct node *node = g_hash_table_lookup(events->anchors, name);

	if (node)
		return node;
	events->is_broken = true;
	return new_node(events, 'S');
}

static struct node *read_node(struct events *events)
{
	char *line = events->lines[events->next];
	struct node *node;

	if (!line || strlen(line) < 4) {
		events->is_broken = true;
		return new_node(events, 'S');
	}
	events->next++;
	if (g_str_has_prefix(line, "=ALI *"))
		return read_alias(events, line + 6);
	node = new_node(events, line[0] == '+' ? line[1] : ':');
	if (g_str_has_prefix(line, "=VAL")) {
		line = read_properties(events, line + 4, node) + 1;
		node->kind = *line;
		node->text = unescape(line + 1);
		return node;
	}
	line += 4;
	if (g_str_has_prefix(line, " []") || g_str_has_prefix(line, " {}"))
		line += 3;
	read_properties(events, line, node);
	while (!events->is_broken && events->lines[events->next] &&
	       events->lines[events->next][0] != '-')
		g_ptr_array_add(node->children, read_node(events));
	if (!events->lines[events->next] || (node->kind == 'M' && node->children->len % 2))
		events->is_broken = true;
	else
		events->next++;
	return node;
}

static bool is_string_key(const struct node *key)
{
	static const char *const others[] = {"",     "~",    "null",  "Null",  "NULL", "true",
					     "True", "TRUE", "false", "False", "FALSE"};

	if (key->kind == 'M' || key->kind == 'S')
		return false;
	if (key->is_tagged || (key->kind != ':' && !key->is_resolved))
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
		if (!strcmp(key->text, others[i]))
			return false;
	return !g_regex_match_simple("^([-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?|"
				     "0x[0-9a-fA-F]+|0o[0-7]+|[-+]?\\.(inf|Inf|INF)|"
				     "\\.(nan|NaN|NAN))$",
				     key->text, 0, 0);
}

static guint count_odd_keys(const struct node *node)
{
	guint count = 0;

	for (guint i = 0; i < node->children->len; i++) {
		const struct node *child = node->children->pdata[i];
		count += node->kind == 'M' && i % 2 == 0 && !is_string_key(child);
		count += count_odd_keys(child);
	}
	return count;
}

static bool is_same_scalar(const struct node *expected, const struct doc_node *node)
{
	unsigned style = expected->kind == ':'                             ? 0
			 : expected->kind == '\'' || expected->kind == '"' ? DOC_QUOTED
									   : DOC_BLOCK;

	return node->type < DOC_ARRAY && (node->flags & (DOC_QUOTED | DOC_BLOCK)) == style &&
	       slice_equal(doc_text(node), slice_of(expected->text));
}

static bool is_same_node(const struct node *expected, const struct doc_node *node)
{
	bool is_mapping = expected->kind == 'M';
	const struct doc_node *child = doc_first(node);
	guint step = is_mapping ? 2 : 1;

	if (expected->kind != 'M' && expected->kind != 'S')
		return is_same_scalar(expected, node);
	if (node->type != (is_mapping ? DOC_OBJECT : DOC_ARRAY) ||
	    node->count != expected->children->len / step)
		return false;
	for (guint i = 0; child; i += step, child = doc_next(child)) {
		const struct node *key = expected->children->pdata[i];

		if (is_mapping && is_string_key(key) &&
		    !slice_equal(doc_key_text(child), slice_of(key->text)))
			return false;
		if (!is_same_node(expected->children->pdata[i + step - 1], child))
			return false;
	}
	return true;
}

/*
 * The key-type findings, each at a place of its own. Two keys that are no strings may be the same
 * name, which is a duplicate at such a place; any other finding is one too many.
 */
static guint count_key_types(const struct test *test)
{
	guint count = 0;
	struct span last = {1, 0};

	for (guint i = 0; i < test->findings->len; i++) {
		const struct finding *finding = finding_of(test, i);
		bool is_same = finding->span.start == last.start && finding->span.end == last.end;

		if (finding->code == FINDING_KEY_TYPE && !is_same)
			count++;
		else if (finding->code != FINDING_DUPLICATE_KEY || !is_same)
			return G_MAXUINT;
		last = finding->span;
	}
	return count;
}

static bool check_events_of(struct test *test, struct events *events)
{
	guint odd = 0;
	size_t index = 0;
	bool same = true;

	for (; events->lines[events->next]; events->next++) {
		struct node *root;

		if (!g_str_has_prefix(events->lines[events->next], "+DOC"))
			continue;
		events->next++;
		root = read_node(events);
		odd += count_odd_keys(root);
		if (events->is_broken)
			return fail(test, "test.event is not whole");
		if (index < document_count(test))
			same = same && is_same_node(root, test->set.documents[index].root);
		g_hash_table_remove_all(events->anchors);
		index++;
	}
	if (!test->set.complete || index != document_count(test))
		return fail(test, "not read");
	if (count_key_types(test) != odd)
		return fail(test, "not as many findings as keys that are no strings");
	return same || fail(test, "not the events of test.event");
}

static bool check_events(struct test *test)
{
	struct events events = {
		.anchors = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
		.nodes = g_ptr_array_new_with_free_func(free_node),
	};
	char *text = read_case_file(test, "test.event", NULL);
	bool good;

	events.lines = g_strsplit(text ? text : "", "\n", -1);
	good = text ? check_events_of(test, &events) : fail(test, "no test.event");
	g_strfreev(events.lines);
	g_ptr_array_free(events.nodes, TRUE);
	g_hash_table_destroy(events.anchors);
	g_free(text);
	return good;
}

/* Stopped by the byte check at a `%` at the start of a line. */
static bool is_refused(struct test *test)
{
	const struct finding *finding = test->findings->len ? finding_of(test, 0) : NULL;
	struct position position;
	GString *words;

	if (!finding || finding->code != FINDING_YAML_DIRECTIVE)
		return false;
	position = source_position(&test->source, finding->span.start);
	if (test->source.data[finding->span.start] != '%' || position.column_bytes != 1)
		return false;
	words = g_string_new(NULL);
	phrase_append(words, &finding->message, LANGUAGE_EN, text_append_visible);
	printf("refused %s: %u:%u: \"%.*s\": %s\n", test->name, position.line,
	       position.column_bytes, (int)(finding->span.end - finding->span.start),
	       test->source.data + finding->span.start, words->str);
	g_string_free(words, TRUE);
	return true;
}

static void judge(struct test *test)
{
	char *error = read_case_file(test, "error", NULL);
	char *json = read_case_file(test, "in.json", NULL);
	bool good;

	if (error)
		good = (test->findings->len && !test->set.complete) ||
		       fail(test, "an error case has no finding");
	else if (is_refused(test))
		good = false;
	else
		good = json ? check_json(test, json) : check_events(test);
	if (good)
		passed++;
	else if (!error && test->findings->len &&
		 finding_of(test, 0)->code == FINDING_YAML_DIRECTIVE)
		refused++;
	else
		failed++;
	g_free(error);
	g_free(json);
}

static void run_case(const char *folder, const char *name)
{
	struct test test = {.name = g_strdup(name), .folder = g_strdup(folder)};
	gsize size = 0;
	char *yaml = read_case_file(&test, "in.yaml", &size);

	if (yaml) {
		test.findings = g_array_new(FALSE, FALSE, sizeof(struct finding));
		source_init(&test.source, "in.yaml", yaml, size);
		read_documents(&test.source, &test, &test.set, DOCUMENT_YAML);
		judge(&test);
		g_array_free(test.findings, TRUE);
		source_release(&test.source);
	}
	arena_release(&test.arena);
	g_free(test.name);
	g_free(test.folder);
	g_free(yaml);
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A folder is a case where it has in.yaml, and its folders are. */
static void run_folder(const char *folder, const char *name)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	const char *entry;

	while (dir && (entry = g_dir_read_name(dir)))
		g_ptr_array_add(names, g_strdup(entry));
	g_ptr_array_sort(names, compare_names);
	if (name)
		run_case(folder, name);
	for (guint i = 0; i < names->len; i++) {
		char *inner = g_build_filename(folder, names->pdata[i], NULL);
		char *inner_name = name ? g_strdup_printf("%s/%s", name, (char *)names->pdata[i])
					: g_strdup(names->pdata[i]);

		if (g_file_test(inner, G_FILE_TEST_IS_DIR))
			run_folder(inner, inner_name);
		g_free(inner);
		g_free(inner_name);
	}
	g_ptr_array_free(names, TRUE);
	if (dir)
		g_dir_close(dir);
}

int main(int argc, char **argv)
{
	char *folder;

	document_worker_main(argc, argv);
	if (argc < 2) {
		fputs("usage: yaml FOLDER\n", stderr);
		return 2;
	}
	folder = g_build_filename(argv[1], "yaml", NULL);
	run_folder(folder, NULL);
	g_free(folder);
	document_worker_stop();
	printf("yaml: %d passed, %d failed, %d refused\n", passed, failed, refused);
	return failed || passed + refused != CASES || passed < LEAST;
}
