/*
 * Which document of its file a finding is about, by its place, and the labels of that document. A
 * file that cannot be read has none; a finding before the first document counts to the first, one
 * about a document that is gone has those of its last version.
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

static void set_labels(struct finding *finding, const struct document_entry *entry,
		       const struct verdict_document *document, struct arena *arena)
{
	struct finding_label *labels = arena_array(arena, entry->label_count, sizeof(*labels));

	for (size_t i = 0; i < entry->label_count; i++) {
		const char *value = document && document->labels ? document->labels[i] : NULL;

		labels[i] = (struct finding_label){
			entry->labels[i].name,
			value ? arena_strdup(arena, value) : NULL,
		};
	}
	finding->labels = entry->label_count ? labels : NULL;
	finding->label_count = entry->label_count;
}

void check_label(struct finding *bound, const struct verdict *verdict, struct arena *arena)
{
	if (verdict && verdict->entry && !bound->labels)
		set_labels(bound, verdict->entry,
			   verdict->document_count ? document_at(verdict, bound->span.start) : NULL,
			   arena);
}

void check_label_gone(struct finding *finding, const struct verdict *last, size_t document,
		      struct arena *arena)
{
	if (last->entry)
		set_labels(finding, last->entry,
			   document < last->document_count ? &last->documents[document] : NULL,
			   arena);
}
