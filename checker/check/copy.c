/*
 * Copies of findings that outlive the bytes and trees of a blob. Words are copied too: those of a
 * rule live longer, but a schema's may be put together.
 */
#include "check/judge.h"

#include <string.h>

struct slice slice_copy(struct arena *arena, struct slice text)
{
	return (struct slice){arena_dup(arena, text.data, text.len), text.len};
}

static struct phrase phrase_copy(const struct phrase *phrase, struct arena *arena)
{
	struct phrase copy = *phrase;
	struct slice *values = arena_array(arena, phrase->value_count, sizeof(*values));

	for (size_t i = 0; i < phrase->value_count; i++)
		values[i] = slice_copy(arena, phrase->values[i]);
	copy.values = values;
	if (phrase->words) {
		struct bilingual *words = arena_new(arena, struct bilingual);

		words->en = slice_copy(arena, phrase->words->en);
		words->fr = slice_copy(arena, phrase->words->fr);
		copy.words = words;
	}
	return copy;
}

static const char *text_copy(struct arena *arena, const char *text)
{
	return text ? arena_strdup(arena, text) : NULL;
}

static void copy_related(struct finding *out, const struct finding *in, struct arena *arena)
{
	struct related *related = arena_array(arena, in->related_count, sizeof(*related));

	for (size_t i = 0; i < in->related_count; i++)
		related[i] = (struct related){NULL, in->related[i].span,
					      phrase_copy(&in->related[i].label, arena)};
	out->related = related;
}

static void copy_because(struct finding *out, const struct finding *in, struct arena *arena)
{
	struct because *because = arena_array(arena, in->because_count, sizeof(*because));

	for (size_t i = 0; i < in->because_count; i++)
		because[i] = (struct because){slice_copy(arena, in->because[i].expression),
					      slice_copy(arena, in->because[i].values)};
	out->because = because;
}

static void copy_edits(struct finding *out, const struct finding *in, struct arena *arena)
{
	struct edit *edits = arena_array(arena, in->edit_count, sizeof(*edits));

	for (size_t i = 0; i < in->edit_count; i++)
		edits[i] = (struct edit){in->edits[i].span, slice_copy(arena, in->edits[i].text)};
	out->edits = edits;
}

void finding_copy(struct finding *out, const struct finding *in, struct arena *arena)
{
	*out = *in;
	out->source = NULL;
	if (in->rule != finding_id(in->code))
		out->rule = text_copy(arena, in->rule);
	out->message = phrase_copy(&in->message, arena);
	out->label = phrase_copy(&in->label, arena);
	out->hint = phrase_copy(&in->hint, arena);
	out->pointer = text_copy(arena, in->pointer);
	out->evaluation_path = text_copy(arena, in->evaluation_path);
	out->keyword_location = text_copy(arena, in->keyword_location);
	out->identity = text_copy(arena, in->identity);
	copy_related(out, in, arena);
	copy_because(out, in, arena);
	copy_edits(out, in, arena);
}
