/*
 * From a rule that does not hold to a finding: where it points, what it says in both languages, and
 * why (DESIGN.md section 5, Findings explain themselves).
 *
 * The place is what `at` selects, or the deepest part of it that exists; the words are the rule's,
 * with the values of its expressions; the explanation is cel's, its places become related ones.
 * Everything is copied into the arena of the finding; no source is known here.
 */
#include "check/judge.h"
#include "ruleset/shape.h"
#include "source/message.h"

#include <string.h>

/* --- places */

const struct shape *shape_at(const struct shape *root, const struct doc_node *node)
{
	const struct doc_node *parent = doc_parent(node);

	return parent ? shape_below(shape_at(root, parent), node) : root;
}

/* Of an item of a keyed list the key's value, else its first name: short and on its first line. */
static struct span inside_place(const struct shape *root, const struct doc_node *node)
{
	const struct doc_node *parent = doc_parent(node);
	struct slice list_key = {0};
	const struct doc_node *key;

	if (!node->count)
		return node->span;
	if (parent && parent->type == DOC_ARRAY)
		list_key = shape_list_key(shape_at(root, parent));
	key = list_key.len ? doc_member(node, list_key.data, list_key.len) : NULL;
	if (key && key->type != DOC_OBJECT && key->type != DOC_ARRAY)
		return key->span;
	return doc_first(node)->key ? doc_first(node)->key->span
				    : node_place(root, doc_first(node));
}

struct span node_place(const struct shape *root, const struct doc_node *node)
{
	if (node->type != DOC_OBJECT && node->type != DOC_ARRAY)
		return node->span;
	if (node->flags & DOC_COPIED && !node->key)
		return node->span;
	return node->key ? node->key->span : inside_place(root, node);
}

void outcome_relate(struct check_finding *finding, struct arena *arena, const char *path,
		    struct span span, struct phrase label)
{
	size_t count = finding->finding.related_count;
	struct related *related = arena_array(arena, count + 1, sizeof(*related));
	const char **paths = arena_array(arena, count + 1, sizeof(*paths));

	if (count) {
		memcpy(related, finding->finding.related, count * sizeof(*related));
		memcpy(paths, finding->related_paths, count * sizeof(*paths));
	}
	related[count] = (struct related){NULL, span, label};
	paths[count] = path;
	finding->finding.related = related;
	finding->finding.related_count = count + 1;
	finding->related_paths = paths;
}

static bool is_below(const struct doc_node *root, const struct doc_node *node)
{
	return root && root <= node && node < root + root->size;
}

/*
 * Does a node stand in a document that is judged? Rows of tables and terms do not. `path`: the file
 * of the other document, NULL for the finding's own.
 */
static bool stands_in(const struct outcome *outcome, const struct doc_node *node, const char **path)
{
	*path = NULL;
	if (outcome->place && is_below(doc_root(outcome->place), node))
		return true;
	for (size_t i = 0; i < outcome->other_count; i++) {
		const struct document *facts = outcome->others[i].entry->facts;

		*path = outcome->others[i].path;
		if (facts && is_below(facts->root, node))
			return true;
	}
	return false;
}

static const struct doc_node *place_of(const struct outcome *outcome)
{
	const struct rule_expression *at = &outcome->instance->operands[OPERAND_AT];
	struct cel_value value;

	if (!at->program)
		return outcome->place;
	value = cel_evaluate(at->program, outcome->activation, outcome->scratch);
	return value.node && outcome->place && is_below(doc_root(outcome->place), value.node)
		       ? value.node
		       : outcome->place;
}

/* --- words */

static void append_value(GString *out, const struct cel_value *value)
{
	if (value->kind == CEL_ERROR)
		g_string_append_c(out, '-');
	else
		cel_value_append(out, value, CEL_AS_WRITTEN);
}

static struct phrase words_of(const struct outcome *outcome)
{
	const struct rule_words *words = &outcome->instance->message;
	struct slice *values = arena_array(outcome->out, words->value_count, sizeof(*values));
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < words->value_count; i++) {
		struct cel_value value;

		outcome->activation->language = words->french[i] ? LANGUAGE_FR : LANGUAGE_EN;
		value = cel_evaluate(words->values[i].program, outcome->activation,
				     outcome->scratch);
		g_string_truncate(text, 0);
		append_value(text, &value);
		values[i] = slice_copy(outcome->out, (struct slice){text->str, text->len});
	}
	outcome->activation->language = LANGUAGE_EN;
	g_string_free(text, TRUE);
	return (struct phrase){
		.words = &words->words, .values = values, .value_count = words->value_count};
}

/* --- why */

static bool same_span(struct span a, struct span b)
{
	return a.start == b.start && a.end == b.end;
}

static void explain(struct check_finding *out, const struct outcome *outcome)
{
	struct cel_explanation why = cel_explain(outcome->because, outcome->activation,
						 outcome->scratch);
	struct because *because = arena_array(outcome->out, why.because_count, sizeof(*because));

	for (size_t i = 0; i < why.because_count; i++)
		because[i] = (struct because){slice_copy(outcome->out, why.because[i].expression),
					      slice_copy(outcome->out, why.because[i].values)};
	out->finding.because = because;
	out->finding.because_count = why.because_count;
	for (size_t i = 0; i < why.place_count; i++) {
		const struct cel_place *place = &why.places[i];
		struct span span;
		bool missing = place->kind == CEL_PLACE_MISSING;
		const char *path;

		if (!place->node || !stands_in(outcome, place->node, &path))
			continue;
		span = node_place(outcome->root, place->node);
		if (!path && same_span(span, out->finding.span))
			continue;
		outcome_relate(out, outcome->out, path, span,
			       phrase_make(outcome->out,
					   missing ? MESSAGE_PLACE_MISSING : MESSAGE_PLACE_VALUE, 2,
					   place->expression, place->value));
	}
}

void outcome_make(struct check_finding *out, const struct outcome *outcome)
{
	const struct rule *rule = outcome->instance->rule;
	const struct doc_node *place = place_of(outcome);

	*out = (struct check_finding){
		.finding = {.code = FINDING_RULE,
			    .rule = rule->id,
			    .severity = rule->severity,
			    .message = words_of(outcome)},
	};
	if (place) {
		out->finding.span = node_place(outcome->root, place);
		out->finding.pointer = doc_pointer(outcome->out, place);
	}
	if (outcome->because)
		explain(out, outcome);
}
