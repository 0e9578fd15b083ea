/*
 * The verdict of one blob: reading, the schema, the rules, and what the index needs of it.
 *
 * Everything a verdict holds is copied into its own arena, so that bytes and trees can go as soon
 * as it is made. It is a pure function of what its header says; `from` and `until` say for which
 * days.
 *
 * Must not: know other files, or which of its findings are shown.
 */
#include "check/check.h"

#include "check/judge.h"
#include "ruleset/shape.h"
#include "schema/schema.h"
#include "source/message.h"

#include <string.h>

void verdict_free(struct verdict *verdict)
{
	if (!verdict)
		return;
	arena_release(&verdict->arena);
	g_free(verdict);
}

/* --- findings of other stages */

/* What tells two findings of one code at one place apart: the name that is missing or unknown. */
static struct slice extra_of(const struct finding *finding)
{
	switch (finding->code) {
	case FINDING_MISSING_PROPERTY:
	case FINDING_UNKNOWN_PROPERTY:
	case FINDING_DUPLICATE_KEY:
		return finding->message.value_count ? finding->message.values[0] : SLICE("");
	default:
		return SLICE("");
	}
}

static void add_finding(struct judging *judging, const struct finding *finding)
{
	struct check_finding found = {0};
	const struct doc_node *root = judging->document ? judging->document->root : NULL;
	const struct doc_node *node = root && finding->pointer
					      ? doc_pointer_find(root, slice_of(finding->pointer))
					      : NULL;
	GString *item = g_string_new(NULL);

	finding_copy(&found.finding, finding, judging->out);
	found.finding.severity = ruleset_severity(judging->ruleset, finding->rule,
						  finding->severity);
	if (node)
		identity_append_path(item, judging->entry->programs->root, node);
	found.finding.identity = identity_make(judging->out, found.finding.rule, judging->key,
					       (struct slice){item->str, item->len},
					       extra_of(finding));
	if (found.finding.severity != SEVERITY_OFF)
		g_array_append_val(judging->findings, found);
	g_string_free(item, TRUE);
}

static void emit_reading(void *context, const struct finding *finding)
{
	add_finding(context, finding);
}

static void emit_schema(void *context, const struct finding *finding)
{
	struct judging *judging = context;

	add_finding(judging, finding);
	g_array_append_val(judging->faulty, finding->span);
}

/* --- one document */

static struct cel_value evaluate_entry(struct judging *judging,
				       const struct rule_expression *expression)
{
	const struct entry_programs *programs = judging->entry->programs;
	struct cel_value *variables = judging->scratch->variables;
	struct cel_activation activation;

	/* Of the variables that there are for it a key or label is told the document. */
	variables[programs->file_slot] = variables[programs->as_of_slot] = cel_absent(NULL);
	variables[programs->document_slot] = cel_of_node(judging->document->root,
							 programs->document_type);
	cel_activation_init(&activation, variables, RULE_SLOTS_MAX);
	return cel_evaluate(expression->program, &activation, &judging->scratch->cel);
}

static const char *text_of(struct judging *judging, const struct cel_value *value)
{
	GString *text = judging->scratch->text;

	if (value->kind == CEL_ABSENT || value->kind == CEL_NULL || value->kind == CEL_ERROR)
		return NULL;
	g_string_truncate(text, 0);
	cel_value_append(text, value, CEL_AS_WRITTEN);
	return arena_dup(judging->out, text->str, text->len);
}

static void find_key(struct judging *judging)
{
	struct cel_value value;

	judging->key = NULL;
	judging->key_node = NULL;
	if (!judging->entry->key)
		return;
	value = evaluate_entry(judging, judging->entry->key);
	judging->key = text_of(judging, &value);
	judging->key_node = value.node;
}

const char *entry_key(const struct document_entry *entry, const struct document *document,
		      struct check_scratch *scratch, struct arena *out)
{
	struct judging judging = {
		.entry = entry, .document = document, .scratch = scratch, .out = out};
	struct arena_mark mark = arena_mark(&scratch->cel);

	if (document->root)
		find_key(&judging);
	arena_reset(&scratch->cel, mark);
	return judging.key;
}

static const char *const *find_labels(struct judging *judging)
{
	const struct document_entry *entry = judging->entry;
	const char **labels = arena_array(judging->out, entry->label_count, sizeof(*labels));

	for (size_t i = 0; i < entry->label_count; i++) {
		struct cel_value value;

		if (!entry->labels[i].value)
			continue;
		value = evaluate_entry(judging, entry->labels[i].value);
		labels[i] = text_of(judging, &value);
	}
	return labels;
}

static size_t size_of(GArray *array)
{
	return (size_t)array->len * g_array_get_element_size(array);
}

/* `is_alone`: no other document stands in its source. */
static void judge_document(struct judging *judging, const struct document *document, bool is_alone,
			   struct verdict_document *out)
{
	struct finding_sink sink = {emit_schema, judging};
	const struct schema *schema = judging->only ? NULL : judging->entry->schema;
	struct arena *stage = &judging->scratch->stage;

	judging->document = document;
	judging->facts = NULL;
	judging->kept_reads = NULL;
	g_array_set_size(judging->faulty, 0);
	out->span = document->span;
	if (!document->root)
		return;
	find_key(judging);
	out->key = judging->key;
	out->labels = find_labels(judging);
	if (schema && !schema_is_valid(schema, document, NULL, stage))
		schema_report(schema, document, NULL, stage, &sink);
	run_rules(judging);
	entries_define(judging);
	facts_finish(judging,
		     is_alone ? size_of(judging->entries) + size_of(judging->findings) : 0);
}

/* --- order */

static gint compare_entries(gconstpointer a, gconstpointer b)
{
	const struct index_entry *x = a, *y = b;

	if (x->span.start != y->span.start)
		return x->span.start < y->span.start ? -1 : 1;
	return x->slot < y->slot ? -1 : x->slot > y->slot;
}

/*
 * A copy in order; stable: what cannot be told apart keeps the order in which it was found. Few are
 * each put where they belong, more are sorted before.
 */
static void *copy_sorted(struct arena *arena, GArray *array, GCompareFunc compare)
{
	enum { FEW = 24 };
	size_t size = g_array_get_element_size(array);
	char *copy;

	if (array->len > FEW)
		g_array_sort(array, compare);
	copy = arena_alloc_raw(arena, array->len * size);
	for (size_t i = 0; i < array->len; i++) {
		const char *element = array->data + i * size;
		size_t at = i;

		while (at && compare(copy + (at - 1) * size, element) > 0)
			at--;
		if (at < i)
			memmove(copy + (at + 1) * size, copy + at * size, (i - at) * size);
		memcpy(copy + at * size, element, size);
	}
	return copy;
}

static void finish(struct judging *judging)
{
	struct verdict *verdict = judging->verdict;

	verdict->entries = copy_sorted(judging->out, judging->entries, compare_entries);
	verdict->entry_count = judging->entries->len;
	verdict->findings = copy_sorted(judging->out, judging->findings, findings_compare);
	verdict->finding_count = judging->findings->len;
}

static bool has_content(const struct document_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->documents[i].root)
			return true;
	return false;
}

/* Nothing but comments is not clean: nothing was looked at. */
static void report_empty(struct judging *judging)
{
	struct arena *arena = &judging->scratch->stage;
	const struct finding finding = {
		.code = FINDING_EMPTY_DOCUMENT,
		.rule = finding_id(FINDING_EMPTY_DOCUMENT),
		.severity = finding_severity(FINDING_EMPTY_DOCUMENT),
		.message = phrase_make(arena, MESSAGE_EMPTY_DOCUMENT, 0),
		.source = judging->source,
		.hint = phrase_make(arena, MESSAGE_WRITE_DOCUMENT, 0),
		.pointer = "",
	};

	add_finding(judging, &finding);
}

static int judge_source(struct judging *judging, struct error *error)
{
	struct finding_sink sink = {emit_reading, judging};
	struct document_options options = {.symbols = judging->ruleset->symbols};
	struct verdict_document *documents;
	struct document_set set;

	if (document_read(&set, judging->source, &options, &judging->scratch->tree, &sink, error))
		return -1;
	documents = arena_array(judging->out, set.count, sizeof(*documents));
	judging->verdict->readable = set.complete;
	judging->verdict->documents = documents;
	judging->verdict->document_count = set.count;
	for (size_t i = 0; set.complete && i < set.count; i++)
		judge_document(judging, &set.documents[i], set.count == 1, &documents[i]);
	if (set.complete && !judging->only && !has_content(&set))
		report_empty(judging);
	traps_merge(judging);
	suppressions_read(judging, &set);
	finish(judging);
	return 0;
}

/* What every judging starts and ends with. */
static void start(struct judging *judging, const struct ruleset *ruleset,
		  const struct document_entry *entry, const char *path, int64_t as_of,
		  struct check_scratch *scratch)
{
	struct verdict *verdict = g_new0(struct verdict, 1);

	verdict->entry = entry;
	verdict->from = DAY_OPEN_START;
	verdict->until = DAY_OPEN_END;
	*judging = (struct judging){
		.ruleset = ruleset,
		.entry = entry,
		.path = path,
		.as_of = as_of,
		.verdict = verdict,
		.out = &verdict->arena,
		.scratch = scratch,
		.findings = scratch->findings,
		.entries = scratch->entries,
		.faulty = scratch->faulty,
	};
}

/* Hands over the verdict, or frees it after a fault of the system. */
static int end(struct judging *judging, int result, struct verdict **out)
{
	scratch_empty(judging->scratch);
	*out = result ? NULL : judging->verdict;
	if (result)
		verdict_free(judging->verdict);
	return result;
}

int check_with_rule(struct verdict **out, const struct ruleset *ruleset,
		    const struct document_entry *entry, const struct rule_instance *only,
		    const char *path, const char *data, size_t size, int64_t as_of,
		    struct check_scratch *scratch, struct error *error)
{
	struct judging judging;
	struct source source;
	int result;

	start(&judging, ruleset, entry, path, as_of, scratch);
	source_init(&source, path, data, size);
	judging.source = &source;
	judging.only = only;
	result = judge_source(&judging, error);
	source_release(&source);
	return end(&judging, result, out);
}

/* --- from one version to the next */

static void ignore_finding(void *context, const struct finding *finding)
{
	(void)context;
	(void)finding;
}

/* A version that cannot be read has been reported where it stands, and is no accepted one. */
static int read_version(struct judging *judging, struct document_set *set, struct source *source,
			struct error *error)
{
	struct finding_sink sink = {ignore_finding, NULL};
	struct document_options options = {.symbols = judging->ruleset->symbols};

	*set = (struct document_set){0};
	if (!source->data)
		return 0;
	if (document_read(set, source, &options, &judging->scratch->tree, &sink, error))
		return -1;
	if (!set->complete)
		set->count = 0;
	return 0;
}

static const struct document *document_of(const struct document_set *set,
					  const struct check_version *version)
{
	const struct document *document = version && version->document < set->count
						  ? &set->documents[version->document]
						  : NULL;

	return document && document->root ? document : NULL;
}

/* Two versions on their way. */
struct versions {
	struct judging judging;
	struct source old_source, new_source;
	struct document_set old_set, new_set;
	const struct document *old, *new; /* NULL: cannot be read, or there is none */
};

static int versions_open(struct versions *versions, const struct ruleset *ruleset,
			 const struct document_entry *entry, const char *path,
			 const struct check_version *old, const struct check_version *new,
			 int64_t as_of, struct check_scratch *scratch, struct error *error)
{
	struct judging *judging = &versions->judging;

	bool is_json = document_syntax_of(path) == DOCUMENT_JSON;

	start(judging, ruleset, entry, path, as_of, scratch);
	/* a.json may have been a.yaml: what it was is seen from its bytes */
	source_init(&versions->old_source, is_json ? NULL : path, old->data, old->size);
	source_init(&versions->new_source, path, new ? new->data : NULL, new ? new->size : 0);
	judging->source = &versions->new_source;
	if (read_version(judging, &versions->old_set, &versions->old_source, error) ||
	    read_version(judging, &versions->new_set, &versions->new_source, error))
		return -1;
	versions->old = document_of(&versions->old_set, old);
	versions->new = document_of(&versions->new_set, new);
	return 0;
}

static int versions_close(struct versions *versions, int result, struct verdict **out)
{
	source_release(&versions->old_source);
	source_release(&versions->new_source);
	return end(&versions->judging, result, out);
}

int check_transition(struct verdict **out, const struct ruleset *ruleset,
		     const struct document_entry *entry, const struct rule *only, const char *path,
		     const struct check_version *old, const struct check_version *new,
		     int64_t as_of, struct check_scratch *scratch, struct error *error)
{
	struct versions versions;
	struct judging *judging = &versions.judging;
	int result = versions_open(&versions, ruleset, entry, path, old, new, as_of, scratch,
				   error);

	for (size_t i = 0; only && i < entry->rule_count; i++)
		if (entry->rules[i]->rule == only)
			judging->only = entry->rules[i];
	if (!result && versions.old && (versions.new || !new)) {
		judging->document = versions.old;
		find_key(judging);
		run_transitions(judging, versions.old, versions.new);
	}
	finish(judging);
	return versions_close(&versions, result, out);
}

int check_twin(char **out, const struct ruleset *ruleset, const struct document_entry *entry,
	       const struct check_step *step, const struct check_version *old,
	       const struct check_version *other, struct check_scratch *scratch,
	       struct error *error)
{
	struct versions versions;
	struct verdict *unused;
	const struct doc_node *twin = NULL;
	int result = versions_open(&versions, ruleset, entry, "", old, other, 0, scratch, error);

	*out = NULL;
	if (!result && versions.old && versions.new)
		twin = find_twin(&versions.judging, step->rule, step->old_pointer, versions.old,
				 versions.new);
	if (twin) {
		GString *text = g_string_new(NULL);

		doc_json_append(text, twin);
		*out = g_string_free(text, FALSE);
	}
	result = versions_close(&versions, result, &unused);
	verdict_free(unused);
	return result;
}

int check_commit(struct verdict **out, const struct ruleset *ruleset, const struct rule *only,
		 const struct check_commit *commit, int64_t as_of, struct check_scratch *scratch,
		 struct error *error)
{
	struct judging judging;

	(void)error;
	start(&judging, ruleset, NULL, "", as_of, scratch);
	for (size_t i = 0; only && i < ruleset->entry_count; i++)
		for (size_t r = 0; r < ruleset->entries[i].rule_count; r++)
			if (ruleset->entries[i].rules[r]->rule == only)
				judging.only = ruleset->entries[i].rules[r];
	run_commits(&judging, commit);
	finish(&judging);
	return end(&judging, 0, out);
}

bool check_has_transitions(const struct document_entry *entry)
{
	for (size_t i = 0; i < entry->rule_count; i++)
		if (entry->rules[i]->rule->check == RULE_TRANSITION)
			return true;
	return false;
}

int check_document(struct verdict **out, const struct ruleset *ruleset,
		   const struct document_entry *entry, const char *path, const char *data,
		   size_t size, int64_t as_of, struct check_scratch *scratch, struct error *error)
{
	return check_with_rule(out, ruleset, entry, NULL, path, data, size, as_of, scratch, error);
}

int check_oversized(struct verdict **out, const struct ruleset *ruleset,
		    const struct document_entry *entry, size_t size, struct error *error)
{
	struct verdict *verdict = g_new0(struct verdict, 1);
	struct check_finding *found = arena_new(&verdict->arena, struct check_finding);
	char *bytes = arena_printf(&verdict->arena, "%zu", size);
	char *limit = arena_printf(&verdict->arena, "%zu", document_default_limits.size);

	(void)ruleset;
	(void)error;
	verdict->entry = entry;
	verdict->from = DAY_OPEN_START;
	verdict->until = DAY_OPEN_END;
	found->finding = (struct finding){
		.code = FINDING_LIMIT,
		.rule = finding_id(FINDING_LIMIT),
		.severity = SEVERITY_ERROR,
		.message = phrase_make(&verdict->arena, MESSAGE_FILE_TOO_LARGE, 2, slice_of(bytes),
				       slice_of(limit)),
		.identity = identity_make(&verdict->arena, finding_id(FINDING_LIMIT), NULL,
					  SLICE(""), SLICE("")),
	};
	verdict->findings = found;
	verdict->finding_count = 1;
	*out = verdict;
	return 0;
}

/* --- binding */

void check_bind(struct finding *out, const struct check_finding *found, const char *path,
		const struct check_sources *sources, struct arena *arena)
{
	const char *own = found->path ? found->path : path;
	struct related *related;

	*out = found->finding;
	out->identity = check_identity(found, path, arena);
	out->source = own ? sources->source_of(sources->context, own) : NULL;
	if (!out->related_count)
		return;
	related = arena_array(arena, out->related_count, sizeof(*related));
	for (size_t i = 0; i < out->related_count; i++) {
		const char *there = found->related_paths ? found->related_paths[i] : NULL;

		related[i] = found->finding.related[i];
		related[i].source = there ? sources->source_of(sources->context, there)
					  : out->source;
	}
	out->related = related;
}
