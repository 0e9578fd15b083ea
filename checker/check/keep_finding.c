/*
 * Findings as bytes. Words of a rule's message are named by the number of the rule;
 * words that a schema puts together are values like any other and go in whole.
 */
#include "check/keep.h"

#include "ruleset/rule.h"
#include "source/message.h"

/* Who adds a field to these must keep it, and change FORMAT in warm.c. */
_Static_assert(sizeof(void *) != 8 || sizeof(struct phrase) == 40, "a new field");
_Static_assert(sizeof(void *) != 8 || sizeof(struct finding) == 264, "a new field");
_Static_assert(sizeof(void *) != 8 || sizeof(struct check_finding) == 296, "a new field");

void keep_span(GString *out, struct span span)
{
	pack_number(out, span.start);
	pack_signed(out, (int64_t)span.end - span.start);
}

struct span keep_read_span(struct unpack *in)
{
	uint32_t start = (uint32_t)unpack_number(in);

	return (struct span){start, (uint32_t)(start + unpack_signed(in))};
}

/* --- phrases */

enum { WORDS_NONE, WORDS_WHOLE, WORDS_OF_RULES };

/* Messages of rules are counted through all entries of the configuration. */
static size_t message_count(const struct ruleset *ruleset)
{
	size_t count = 0;

	for (size_t e = 0; e < ruleset->entry_count; e++)
		count += ruleset->entries[e].rule_count;
	return count;
}

static const struct bilingual *message_at(const struct ruleset *ruleset, size_t place)
{
	const struct document_entry *entry = ruleset->entries;

	for (; place >= entry->rule_count; entry++)
		place -= entry->rule_count;
	return &entry->rules[place]->message.words;
}

static size_t place_of_words(const struct bilingual *words, const struct ruleset *ruleset)
{
	size_t place = 0;

	for (size_t e = 0; e < ruleset->entry_count; e++)
		for (size_t i = 0; i < ruleset->entries[e].rule_count; i++, place++)
			if (&ruleset->entries[e].rules[i]->message.words == words)
				return place;
	return place;
}

static void keep_words(GString *out, const struct bilingual *words, const struct ruleset *ruleset)
{
	size_t place = words ? place_of_words(words, ruleset) : 0;

	if (!words) {
		pack_number(out, WORDS_NONE);
	} else if (place < message_count(ruleset)) {
		pack_number(out, WORDS_OF_RULES + place);
	} else {
		pack_number(out, WORDS_WHOLE);
		pack_slice(out, words->en);
		pack_slice(out, words->fr);
	}
}

static const struct bilingual *read_words(struct unpack *in, struct arena *arena,
					  const struct ruleset *ruleset)
{
	uint64_t kind = unpack_number(in);
	struct bilingual *words;

	if (kind == WORDS_NONE)
		return NULL;
	if (kind != WORDS_WHOLE) {
		in->failed |= kind - WORDS_OF_RULES >= message_count(ruleset);
		return in->failed ? NULL : message_at(ruleset, kind - WORDS_OF_RULES);
	}
	words = arena_new(arena, struct bilingual);
	words->en = unpack_slice(in);
	words->fr = unpack_slice(in);
	return words;
}

static void keep_phrase(GString *out, const struct phrase *phrase, const struct ruleset *ruleset)
{
	pack_number(out, phrase->message);
	keep_words(out, phrase->words, ruleset);
	pack_number(out, phrase->sentences);
	pack_number(out, phrase->value_count);
	for (size_t i = 0; i < phrase->value_count; i++)
		pack_slice(out, phrase->values[i]);
}

static struct phrase read_phrase(struct unpack *in, struct arena *arena,
				 const struct ruleset *ruleset)
{
	struct phrase phrase = {.message = (int)unpack_number(in)};
	struct slice *values;

	in->failed |= phrase.message >= MESSAGE_COUNT;
	phrase.words = read_words(in, arena, ruleset);
	phrase.sentences = (unsigned)unpack_number(in);
	phrase.value_count = unpack_count(in);
	values = arena_array(arena, phrase.value_count, sizeof(*values));
	for (size_t i = 0; i < phrase.value_count; i++)
		values[i] = unpack_slice(in);
	phrase.values = values;
	return phrase;
}

/* --- the id of a rule: of a code of ours, else of the ruleset's, else as text */

enum { RULE_OF_CODE, RULE_WHOLE, RULE_OF_RULESET };

static void keep_rule(GString *out, const struct finding *finding, const struct ruleset *ruleset)
{
	size_t i = 0;

	if (finding->rule == finding_id(finding->code)) {
		pack_number(out, RULE_OF_CODE);
		return;
	}
	while (i < ruleset->rule_count && ruleset->rules[i]->id != finding->rule)
		i++;
	pack_number(out, i < ruleset->rule_count ? RULE_OF_RULESET + i : RULE_WHOLE);
	if (i == ruleset->rule_count)
		pack_text(out, finding->rule);
}

static const char *read_rule(struct unpack *in, enum finding_code code,
			     const struct ruleset *ruleset)
{
	uint64_t kind = unpack_number(in);
	const char *text;

	in->failed |= code >= FINDING_CODE_COUNT;
	if (kind >= RULE_OF_RULESET)
		in->failed |= kind - RULE_OF_RULESET >= ruleset->rule_count;
	if (in->failed || kind == RULE_OF_CODE)
		return in->failed ? "" : finding_id(code);
	if (kind != RULE_WHOLE)
		return ruleset->rules[kind - RULE_OF_RULESET]->id;
	text = unpack_text(in);
	return text ? text : "";
}

/* --- lists */

static void keep_related(GString *out, const struct check_finding *found,
			 const struct ruleset *ruleset)
{
	pack_number(out, found->finding.related_count);
	pack_number(out, found->related_paths != NULL);
	for (size_t i = 0; i < found->finding.related_count; i++) {
		keep_span(out, found->finding.related[i].span);
		keep_phrase(out, &found->finding.related[i].label, ruleset);
		if (found->related_paths)
			pack_text(out, found->related_paths[i]);
	}
}

static void read_related(struct check_finding *found, struct unpack *in, struct arena *arena,
			 const struct ruleset *ruleset)
{
	size_t count = unpack_count(in);
	bool has_paths = unpack_number(in) != 0;
	struct related *related = arena_array(arena, count, sizeof(*related));
	const char **paths = has_paths ? arena_array(arena, count, sizeof(*paths)) : NULL;

	for (size_t i = 0; i < count; i++) {
		related[i].span = keep_read_span(in);
		related[i].label = read_phrase(in, arena, ruleset);
		if (has_paths)
			paths[i] = unpack_text(in);
	}
	found->finding.related = related;
	found->finding.related_count = count;
	found->related_paths = paths;
}

static void keep_lists(GString *out, const struct finding *finding)
{
	pack_number(out, finding->because_count);
	for (size_t i = 0; i < finding->because_count; i++) {
		pack_slice(out, finding->because[i].expression);
		pack_slice(out, finding->because[i].values);
	}
	pack_number(out, finding->edit_count);
	for (size_t i = 0; i < finding->edit_count; i++) {
		keep_span(out, finding->edits[i].span);
		pack_slice(out, finding->edits[i].text);
	}
}

static void read_lists(struct finding *out, struct unpack *in, struct arena *arena)
{
	struct because *because;
	struct edit *edits;

	out->because_count = unpack_count(in);
	out->because = because = arena_array(arena, out->because_count, sizeof(*because));
	for (size_t i = 0; i < out->because_count; i++) {
		because[i].expression = unpack_slice(in);
		because[i].values = unpack_slice(in);
	}
	out->edit_count = unpack_count(in);
	out->edits = edits = arena_array(arena, out->edit_count, sizeof(*edits));
	for (size_t i = 0; i < out->edit_count; i++) {
		edits[i].span = keep_read_span(in);
		edits[i].text = unpack_slice(in);
	}
}

/* --- a finding */

void keep_finding(GString *out, const struct check_finding *found, const struct ruleset *ruleset)
{
	const struct finding *finding = &found->finding;

	pack_number(out, finding->code);
	keep_rule(out, finding, ruleset);
	pack_number(out, finding->severity);
	pack_number(out, finding->fix);
	keep_span(out, finding->span);
	keep_phrase(out, &finding->message, ruleset);
	keep_phrase(out, &finding->label, ruleset);
	keep_phrase(out, &finding->hint, ruleset);
	pack_text(out, finding->pointer);
	pack_text(out, finding->evaluation_path);
	pack_text(out, finding->keyword_location);
	pack_text(out, finding->identity);
	pack_text(out, found->path);
	keep_related(out, found, ruleset);
	keep_lists(out, finding);
}

void keep_read_finding(struct check_finding *out, struct unpack *in, struct arena *arena,
		       const struct ruleset *ruleset)
{
	struct finding *finding = &out->finding;

	*out = (struct check_finding){0};
	finding->code = (enum finding_code)unpack_number(in);
	finding->rule = read_rule(in, finding->code, ruleset);
	finding->severity = (enum severity)unpack_number(in);
	finding->fix = (enum fix_safety)unpack_number(in);
	finding->span = keep_read_span(in);
	finding->message = read_phrase(in, arena, ruleset);
	finding->label = read_phrase(in, arena, ruleset);
	finding->hint = read_phrase(in, arena, ruleset);
	finding->pointer = unpack_text(in);
	finding->evaluation_path = unpack_text(in);
	finding->keyword_location = unpack_text(in);
	finding->identity = unpack_text(in);
	out->path = unpack_text(in);
	read_related(out, in, arena, ruleset);
	read_lists(finding, in, arena);
}
