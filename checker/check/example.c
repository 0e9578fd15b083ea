/*
 * The examples of rules: what a rule file says is valid must give no finding of that rule, what it
 * says is invalid at least one (DESIGN.md section 5, Examples).
 *
 * An example is a fragment, so the schema is not asked; only the one rule runs. A map whose keys
 * are all those of a wrapper is one, any other map is the document, a text is the raw bytes of a
 * file. Values are written out as JSON and read again like any file, so that examples go the way of
 * documents; examples with several documents go through the index as well.
 */
#include "check/cross.h"

#include "source/message.h"

#include <string.h>

/* Words that make a map a wrapper, where it has no others. */
static const char *const wrapper_keys[] = {"document", "text",   "documents", "old",
					   "new",      "commit", "as_of",     "expect"};

/* One example on its way. */
struct example {
	const struct ruleset *ruleset;
	const struct rule_instance *instance;
	const struct document_entry *entry;
	struct check_scratch *scratch;
	int64_t as_of;
	GPtrArray *verdicts; /* of struct verdict */
	GPtrArray *paths;
	struct check_index *index;
	const struct check_finding *first;  /* of the rule */
	const struct check_finding *failed; /* the rule could not be evaluated */
	size_t count;
};

static bool is_wrapper_key(struct slice key)
{
	for (size_t i = 0; i < G_N_ELEMENTS(wrapper_keys); i++)
		if (slice_equal(key, slice_of(wrapper_keys[i])))
			return true;
	return false;
}

static bool is_wrapper(const struct doc_node *node)
{
	if (node->type != DOC_OBJECT || !node->count)
		return false;
	for (const struct doc_node *member = doc_first(node); member; member = doc_next(member))
		if (!is_wrapper_key(doc_key_text(member)))
			return false;
	return true;
}

/* The bytes of a document: a text as it is, anything else as JSON. */
static GString *bytes_of(const struct doc_node *node, bool raw)
{
	GString *bytes = g_string_new(NULL);

	if (raw)
		g_string_append_len(bytes, doc_text(node).data, (gssize)doc_text(node).len);
	else
		doc_json_append(bytes, node);
	return bytes;
}

static void take(struct example *example, const struct check_finding *found)
{
	const struct finding *finding = &found->finding;

	if (finding->code == FINDING_RULE_ERROR || finding->code == FINDING_LIMIT ||
	    finding->code == FINDING_YAML_SYNTAX)
		example->failed = example->failed ? example->failed : found;
	if (strcmp(finding->rule, example->instance->rule->id) != 0)
		return;
	if (!example->first)
		example->first = found;
	example->count++;
}

static int judge_text(struct example *example, const char *path, const struct doc_node *node,
		      bool raw, struct error *error)
{
	GString *bytes = bytes_of(node, raw);
	struct verdict *verdict;
	int result = check_with_rule(&verdict, example->ruleset, example->entry, example->instance,
				     path, bytes->str, bytes->len, example->as_of, example->scratch,
				     error);

	g_string_free(bytes, TRUE);
	if (result)
		return -1;
	g_ptr_array_add(example->verdicts, verdict);
	g_ptr_array_add(example->paths, g_strdup(path));
	return 0;
}

static int judge_documents(struct example *example, const struct doc_node *documents,
			   struct error *error)
{
	for (const struct doc_node *node = doc_first(documents); node; node = doc_next(node)) {
		char *path = g_strndup(doc_key_text(node).data, doc_key_text(node).len);
		int result = judge_text(example, path, node, node->type == DOC_STRING, error);

		g_free(path);
		if (result)
			return -1;
	}
	return 0;
}

/* A step: from `old` to `new`, or to nothing. */
static int judge_step(struct example *example, const struct doc_node *old,
		      const struct doc_node *new, struct error *error)
{
	GString *before = bytes_of(old, false), *after = new ? bytes_of(new, false) : NULL;
	struct check_version versions[2] = {{before->str, before->len, 0}, {0}};
	struct verdict *verdict;
	int result;

	if (after)
		versions[1] = (struct check_version){after->str, after->len, 0};
	result = check_transition(
		&verdict, example->ruleset, example->entry, example->instance->rule, "example.yaml",
		&versions[0], after ? &versions[1] : NULL, example->as_of, example->scratch, error);
	g_string_free(before, TRUE);
	if (after)
		g_string_free(after, TRUE);
	if (result)
		return -1;
	g_ptr_array_add(example->verdicts, verdict);
	g_ptr_array_add(example->paths, g_strdup("example.yaml"));
	return 0;
}

static struct slice text_in(const struct doc_node *commit, const char *name)
{
	return doc_text(doc_get(commit, name));
}

/* The subject is the first line of the message, where it is not given. */
static int judge_commit(struct example *example, const struct doc_node *node, struct error *error)
{
	const struct doc_node *files = doc_get(node, "files"), *merge = doc_get(node, "merge");
	GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
	struct check_commit commit = {
		.message = text_in(node, "message"),
		.subject = text_in(node, "subject"),
		.author = text_in(node, "author"),
		.email = text_in(node, "email"),
		.is_merge = merge && merge->type == DOC_BOOLEAN && merge->integer,
	};
	struct verdict *verdict;
	int result;

	for (const struct doc_node *file = doc_first(files); file; file = doc_next(file))
		g_ptr_array_add(paths, g_strndup(doc_text(file).data, doc_text(file).len));
	commit.files = (const char *const *)paths->pdata;
	commit.file_count = paths->len;
	if (!doc_get(node, "subject") && commit.message.data) {
		const char *end = memchr(commit.message.data, '\n', commit.message.len);

		commit.subject = commit.message;
		if (end)
			commit.subject.len = (size_t)(end - commit.message.data);
	}
	result = check_commit(&verdict, example->ruleset, example->instance->rule, &commit,
			      example->as_of, example->scratch, error);
	g_ptr_array_free(paths, TRUE);
	if (result)
		return -1;
	g_ptr_array_add(example->verdicts, verdict);
	g_ptr_array_add(example->paths, g_strdup(""));
	return 0;
}

static int judge_node(struct example *example, const struct doc_node *node, struct error *error)
{
	const struct doc_node *part, *day;
	struct date date;

	if (!is_wrapper(node))
		return judge_text(example, "example.yaml", node, node->type == DOC_STRING, error);
	day = doc_get(node, "as_of");
	if (day && date_parse(&date, doc_text(day)))
		example->as_of = date_earliest(date);
	if ((part = doc_get(node, "commit")))
		return judge_commit(example, part, error);
	if ((part = doc_get(node, "old")))
		return judge_step(example, part, doc_get(node, "new"), error);
	if ((part = doc_get(node, "documents")))
		return judge_documents(example, part, error);
	if ((part = doc_get(node, "text")))
		return judge_text(example, "example.yaml", part, true, error);
	if ((part = doc_get(node, "document")))
		return judge_text(example, "example.yaml", part, false, error);
	return 0;
}

static void take_across(void *context, const struct check_finding *found)
{
	take(context, found);
}

static int judge(struct example *example, const struct doc_node *node, struct error *error)
{
	if (judge_node(example, node, error))
		return -1;
	for (guint i = 0; i < example->verdicts->len; i++)
		check_index_add(example->index, example->paths->pdata[i],
				example->verdicts->pdata[i]);
	if (check_index_update(example->index, example->as_of, NULL, example->scratch, error))
		return -1;
	for (guint i = 0; i < example->verdicts->len; i++) {
		const struct verdict *verdict = example->verdicts->pdata[i];

		for (size_t f = 0; f < verdict->finding_count; f++)
			take(example, &verdict->findings[f]);
	}
	check_index_each(example->index, take_across, example);
	return 0;
}

/* --- what was expected */

static bool says(const struct finding *finding, struct slice wanted)
{
	bool same = false;

	for (enum language language = LANGUAGE_EN; language <= LANGUAGE_FR; language++) {
		GString *text = g_string_new(NULL);

		phrase_append(text, &finding->message, language, NULL);
		same |= slice_equal((struct slice){text->str, text->len}, wanted);
		g_string_free(text, TRUE);
	}
	return same;
}

/* What does not agree with `expect`; MESSAGE_NONE where all does. */
static enum message unexpected(const struct finding *finding, const struct doc_node *expect)
{
	const struct doc_node *at = doc_get(expect, "at"), *message = doc_get(expect, "message");

	if (at && !slice_equal(doc_text(at), slice_of(finding->pointer ? finding->pointer : "")))
		return MESSAGE_EXAMPLE_AT;
	if (message && !says(finding, doc_text(message)))
		return MESSAGE_EXAMPLE_WORDS;
	return MESSAGE_NONE;
}

static enum message verdict_of(const struct example *example, const struct doc_node *node,
			       enum example_kind kind)
{
	const struct doc_node *expect = is_wrapper(node) ? doc_get(node, "expect") : NULL;

	if (example->failed)
		return MESSAGE_EXAMPLE_FAILED;
	if (kind == EXAMPLE_VALID)
		return example->first ? MESSAGE_EXAMPLE_NOT_VALID : MESSAGE_NONE;
	if (!example->first)
		return MESSAGE_EXAMPLE_NOT_INVALID;
	return unexpected(&example->first->finding, expect);
}

static void report(const struct rule *rule, const struct doc_node *node, enum message wrong,
		   const struct example *example, const struct finding_sink *sink)
{
	struct arena arena = {0};
	struct finding finding = {
		.code = FINDING_RULE_EXAMPLE,
		.rule = finding_id(FINDING_RULE_EXAMPLE),
		.severity = finding_severity(FINDING_RULE_EXAMPLE),
		.message = phrase_make(&arena, wrong, 1, slice_of(rule->id)),
		.source = rule->document->source,
		.span = node->type == DOC_OBJECT && node->count && doc_first(node)->key
				? doc_first(node)->key->span
				: node->span,
	};

	if (example && example->failed)
		finding.label = phrase_is_empty(&example->failed->finding.label)
					? example->failed->finding.message
					: example->failed->finding.label;
	else if (example && example->first)
		finding.label = example->first->finding.message;
	finding_emit(sink, &finding);
	arena_release(&arena);
}

/* --- running */

static int64_t day_in_force(const struct rule *rule)
{
	int64_t day = date_earliest((struct date){2024, 1, 1});

	return CLAMP(day, rule->since, rule->until);
}

/* What came of the examples of a rule. */
struct outcomes {
	const struct finding_sink *sink; /* NULL: the first that fails is all that is asked */
	struct example_counts *counts;
};

static int run_example(const struct ruleset *ruleset, const struct rule_instance *instance,
		       const struct document_entry *entry, const struct doc_node *node,
		       enum example_kind kind, struct check_scratch *scratch,
		       const struct outcomes *outcomes, struct error *error)
{
	struct example_counts *counts = outcomes->counts;
	struct example example = {
		.ruleset = ruleset,
		.instance = instance,
		.entry = entry,
		.scratch = scratch,
		.as_of = day_in_force(instance->rule),
		.verdicts = g_ptr_array_new_with_free_func((GDestroyNotify)verdict_free),
		.paths = g_ptr_array_new_with_free_func(g_free),
		.index = check_index_new(ruleset),
	};
	int result = judge(&example, node, error);

	if (!result) {
		enum message wrong = verdict_of(&example, node, kind);

		counts->examples++;
		if (wrong != MESSAGE_NONE) {
			counts->failed++;
			counts->faults++;
			if (outcomes->sink)
				report(instance->rule, node, wrong, &example, outcomes->sink);
		}
	}
	check_index_free(example.index);
	g_ptr_array_free(example.verdicts, TRUE);
	g_ptr_array_free(example.paths, TRUE);
	return result;
}

/* The first entry for which the rule was compiled. */
static const struct document_entry *entry_of(const struct ruleset *ruleset,
					     const struct rule_instance *instance)
{
	for (size_t i = 0; i < ruleset->entry_count; i++)
		for (size_t r = 0; r < ruleset->entries[i].rule_count; r++)
			if (ruleset->entries[i].rules[r] == instance)
				return &ruleset->entries[i];
	return NULL;
}

static int run_list(const struct ruleset *ruleset, const struct rule_instance *instance,
		    const struct doc_node *list, enum example_kind kind,
		    struct check_scratch *scratch, const struct outcomes *outcomes,
		    struct error *error)
{
	const struct document_entry *entry = entry_of(ruleset, instance);

	for (const struct doc_node *node = doc_first(list); node; node = doc_next(node)) {
		if (!outcomes->sink && outcomes->counts->failed)
			return 0;
		if (run_example(ruleset, instance, entry, node, kind, scratch, outcomes, error))
			return -1;
	}
	return 0;
}

static int run_lists(const struct ruleset *ruleset, const struct rule_instance *instance,
		     const struct outcomes *outcomes, const struct rule_instance *mutant,
		     struct error *error)
{
	const struct doc_node *examples = doc_get(instance->rule->node, "examples");
	struct check_scratch *scratch = check_scratch_new();
	int result;

	scratch->instead = mutant;
	result = run_list(ruleset, instance, doc_get(examples, "valid"), EXAMPLE_VALID, scratch,
			  outcomes, error);
	if (!result)
		result = run_list(ruleset, instance, doc_get(examples, "invalid"), EXAMPLE_INVALID,
				  scratch, outcomes, error);
	check_scratch_free(scratch);
	return result;
}

int examples_notice(bool *noticed, const struct ruleset *ruleset,
		    const struct rule_instance *instance, const struct rule_instance *mutant,
		    struct error *error)
{
	struct example_counts counts = {0};
	int result = run_lists(ruleset, instance, &(struct outcomes){NULL, &counts}, mutant, error);

	*noticed = counts.failed;
	return result;
}

int check_examples(const struct ruleset *ruleset, const struct rule *rule,
		   const struct finding_sink *sink, struct example_counts *counts,
		   struct error *error)
{
	const struct rule_instance *instance = cross_instance(ruleset, rule);
	const struct doc_node *examples = doc_get(rule->node, "examples");
	const struct doc_node *valid = doc_get(examples, "valid");
	const struct doc_node *invalid = doc_get(examples, "invalid");

	counts->rules++;
	if (!doc_first(valid) || !doc_first(invalid)) {
		counts->without++;
		if (rule->builtin)
			report(rule, doc_get(rule->node, "id"), MESSAGE_EXAMPLE_NONE, NULL, sink);
		counts->faults += rule->builtin;
	}
	if (!instance) {
		counts->unused++;
		return 0;
	}
	return run_lists(ruleset, instance, &(struct outcomes){sink, counts}, NULL, error);
}
