/*
 * Rows of kept commits as bytes, see replay.h. A finding is kept as it was shown: with the labels
 * of its document, and with the files in which it and its related places stand. Those are numbered
 * by row, each once, by their blobs; their bytes are read again when the row is.
 */
#include "check/replay_row.h"

#include <string.h>

/* --- changes */

void row_keep_changes(GString *out, const struct audit *audit, uint32_t commit)
{
	uint32_t first = audit->change_start[commit], end = audit->change_start[commit + 1];

	pack_number(out, end - first);
	for (uint32_t i = first; i < end; i++) {
		const struct gathered_change *change = &g_array_index(audit->changes,
								      struct gathered_change, i);

		pack_text(out, change->place->full_path);
		pack_bytes(out, change->blob.bytes, OBJECT_ID_SIZE);
		pack_bytes(out, change->before.bytes, OBJECT_ID_SIZE);
	}
}

struct replay_change row_read_change(struct unpack *in)
{
	struct replay_change change = {.path = unpack_text(in)};

	memcpy(change.blob.bytes, unpack_bytes(in, OBJECT_ID_SIZE), OBJECT_ID_SIZE);
	memcpy(change.before.bytes, unpack_bytes(in, OBJECT_ID_SIZE), OBJECT_ID_SIZE);
	in->failed |= !change.path;
	return change;
}

/* --- findings with the blobs that they stand in */

/* The sources of a row: a first commit may have findings in every file that there is. */
struct met {
	GPtrArray *sources;  /* of struct source, in the order in which they were met */
	GHashTable *numbers; /* of them, from 1 */
};

static void met_init(struct met *met)
{
	*met = (struct met){g_ptr_array_new(), g_hash_table_new(NULL, NULL)};
}

static void met_release(struct met *met)
{
	g_ptr_array_free(met->sources, TRUE);
	g_hash_table_destroy(met->numbers);
}

/* 0: none. */
static size_t number_of(struct met *met, const struct source *source)
{
	guint number = GPOINTER_TO_UINT(g_hash_table_lookup(met->numbers, source));

	if (!source || number)
		return number;
	g_ptr_array_add(met->sources, (gpointer)source);
	g_hash_table_insert(met->numbers, (gpointer)source, GUINT_TO_POINTER(met->sources->len));
	return met->sources->len;
}

static void keep_bound(GString *out, const struct ruleset *ruleset, const struct finding *finding,
		       struct met *met)
{
	const struct check_finding found = {.finding = *finding};

	keep_finding(out, &found, ruleset);
	pack_number(out, number_of(met, finding->source));
	for (size_t i = 0; i < finding->related_count; i++)
		pack_number(out, number_of(met, finding->related[i].source));
	pack_number(out, finding->label_count);
	for (size_t i = 0; i < finding->label_count; i++) {
		pack_text(out, finding->labels[i].name);
		pack_text(out, finding->labels[i].value);
	}
}

static void keep_sources(GString *out, const struct met *met)
{
	pack_number(out, met->sources->len);
	for (guint i = 0; i < met->sources->len; i++) {
		const struct source *source = g_ptr_array_index(met->sources, i);

		pack_text(out, source->path);
		pack_bytes(out, show_source_blob(source)->bytes, OBJECT_ID_SIZE);
	}
}

static void read_sources(struct row_reading *reading)
{
	size_t count = unpack_count(&reading->in);

	reading->first = reading->sources->len;
	for (size_t i = 0; i < count && !reading->in.failed; i++) {
		const char *path = unpack_text(&reading->in);
		struct object_id blob;

		memcpy(blob.bytes, unpack_bytes(&reading->in, OBJECT_ID_SIZE), OBJECT_ID_SIZE);
		g_ptr_array_add(reading->sources,
				show_source_new(reading->audit, path ? path : "", &blob));
	}
}

static struct source *read_source(struct row_reading *reading)
{
	uint64_t number = unpack_number(&reading->in);

	if (!number || number > reading->sources->len - reading->first)
		return NULL;
	return g_ptr_array_index(reading->sources, reading->first + number - 1);
}

static void read_labels(struct row_reading *reading, struct finding *finding)
{
	size_t count = unpack_count(&reading->in);
	struct finding_label *labels = arena_array(reading->arena, count, sizeof(*labels));

	for (size_t i = 0; i < count; i++) {
		labels[i].name = unpack_text(&reading->in);
		labels[i].value = unpack_text(&reading->in);
	}
	finding->labels = labels;
	finding->label_count = count;
}

const struct finding *row_read_finding(struct row_reading *reading)
{
	struct check_finding *found = arena_new(reading->arena, struct check_finding);
	struct finding *finding = &found->finding;
	struct related *related = NULL;

	keep_read_finding(found, &reading->in, reading->arena, reading->ruleset);
	finding->source = read_source(reading);
	if (finding->related_count) {
		related = arena_array(reading->arena, finding->related_count, sizeof(*related));
		memcpy(related, finding->related, finding->related_count * sizeof(*related));
		for (size_t i = 0; i < finding->related_count; i++)
			related[i].source = read_source(reading);
		finding->related = related;
	}
	read_labels(reading, finding);
	return finding;
}

void row_keep_findings(GString *out, const struct ruleset *ruleset, const GPtrArray *findings)
{
	GString *list = g_string_new(NULL);
	struct met met;

	met_init(&met);
	pack_number(list, findings->len);
	for (guint i = 0; i < findings->len; i++)
		keep_bound(list, ruleset, g_ptr_array_index(findings, i), &met);
	keep_sources(out, &met);
	g_string_append_len(out, list->str, (gssize)list->len);
	g_string_free(list, TRUE);
	met_release(&met);
}

size_t row_read_findings(struct row_reading *reading)
{
	read_sources(reading);
	return unpack_count(&reading->in);
}

/* --- what was reported of a commit */

static void keep_commit_text(GString *out, const struct commit_text *text)
{
	pack_slice(out, text->author);
	pack_slice(out, text->author_email);
	pack_signed(out, text->author_date);
	pack_signed(out, text->author_offset);
	pack_signed(out, text->date);
	pack_signed(out, text->offset);
	pack_slice(out, text->committer);
	pack_slice(out, text->committer_email);
	pack_slice(out, text->subject);
	pack_slice(out, text->message);
}

static void read_commit_text(struct commit_text *out, struct unpack *in)
{
	out->author = unpack_slice(in);
	out->author_email = unpack_slice(in);
	out->author_date = unpack_signed(in);
	out->author_offset = (int)unpack_signed(in);
	out->date = unpack_signed(in);
	out->offset = (int)unpack_signed(in);
	out->committer = unpack_slice(in);
	out->committer_email = unpack_slice(in);
	out->subject = unpack_slice(in);
	out->message = unpack_slice(in);
}

static void keep_lists(GString *out, const struct ruleset *ruleset,
		       const struct audit_commit *report)
{
	GString *lists = g_string_new(NULL);
	struct met met;

	met_init(&met);
	for (int kind = 0; kind < AUDIT_LISTS; kind++) {
		const struct audit_list *list = &report->lists[kind];

		pack_number(lists, list->count);
		for (size_t i = 0; i < list->count; i++) {
			keep_bound(lists, ruleset, list->entries[i].finding, &met);
			pack_text(lists, list->entries[i].cause);
		}
	}
	keep_sources(out, &met);
	g_string_append_len(out, lists->str, (gssize)lists->len);
	g_string_free(lists, TRUE);
	met_release(&met);
}

static void read_lists(struct row_reading *reading, struct audit_commit *report)
{
	read_sources(reading);
	for (int kind = 0; kind < AUDIT_LISTS; kind++) {
		size_t count = unpack_count(&reading->in);
		struct audit_entry *entries = arena_array(reading->arena, count, sizeof(*entries));

		for (size_t i = 0; i < count && !reading->in.failed; i++) {
			entries[i].finding = row_read_finding(reading);
			entries[i].cause = unpack_text(&reading->in);
		}
		report->lists[kind] = (struct audit_list){entries, count};
	}
}

void row_keep_report(GString *out, const struct ruleset *ruleset, const struct audit_commit *report)
{
	pack_number(out, report->suppressed);
	pack_number(out, report->remaining);
	pack_number(out, report->documents);
	keep_commit_text(out, &report->text);
	keep_lists(out, ruleset, report);
}

void row_read_report(struct row_reading *reading, struct audit_commit *report)
{
	report->suppressed = (size_t)unpack_number(&reading->in);
	report->remaining = (size_t)unpack_number(&reading->in);
	report->documents = (size_t)unpack_number(&reading->in);
	read_commit_text(&report->text, &reading->in);
	read_lists(reading, report);
}
