/*
 * Which document of its file a finding is about, by its place, and the labels of that document. A
 * file that cannot be read has none; a finding before the first document counts to the first.
 */
#include "check/check.h"

/* The last document that begins before the place; the first where none does. */
static const struct verdict_document *document_at(const struct verdict *verdict, uint32_t offset)
{
	const struct verdict_document *document = verdict->documents;

	for (size_t i = 1; i < verdict->document_count; i++)
		if (verdict->documents[i].span.start <= offset)
			document = &verdict->documents[i];
	return document;
}

void check_label(struct finding *bound, const struct verdict *verdict, struct arena *arena)
{
	const struct document_entry *entry = verdict ? verdict->entry : NULL;
	const struct verdict_document *document;
	struct finding_label *labels;

	if (!entry || !entry->label_count)
		return;
	document = verdict->document_count ? document_at(verdict, bound->span.start) : NULL;
	labels = arena_array(arena, entry->label_count, sizeof(*labels));
	for (size_t i = 0; i < entry->label_count; i++)
		labels[i] = (struct finding_label){
			entry->labels[i].name,
			document && document->labels ? document->labels[i] : NULL,
		};
	bound->labels = labels;
	bound->label_count = entry->label_count;
}
