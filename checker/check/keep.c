/*
 * A verdict as bytes: what it found, its documents, what cross-file rules read of them with the
 * copies of the documents that they evaluate on, and its comments that suppress. What is read
 * points into one copy of the bytes in the verdict's arena.
 */
#include "check/keep.h"

#include "index/index.h"
#include "ruleset/rule.h"

/* Who adds a field to these must keep it, and change FORMAT in warm.c. */
_Static_assert(sizeof(void *) != 8 || sizeof(struct verdict) == 120, "a new field");
_Static_assert(sizeof(void *) != 8 || sizeof(struct verdict_document) == 24, "a new field");
_Static_assert(sizeof(void *) != 8 || sizeof(struct index_entry) == 112, "a new field");
_Static_assert(sizeof(void *) != 8 || sizeof(struct suppression) == 48, "a new field");

/* --- documents */

static void keep_documents(GString *out, const struct verdict *verdict)
{
	pack_number(out, verdict->document_count);
	for (size_t i = 0; i < verdict->document_count; i++) {
		const struct verdict_document *document = &verdict->documents[i];

		pack_text(out, document->key);
		keep_span(out, document->span);
		pack_number(out, document->labels != NULL);
		for (size_t l = 0; document->labels && l < verdict->entry->label_count; l++)
			pack_text(out, document->labels[l]);
	}
}

static void read_documents(struct verdict *verdict, struct unpack *in)
{
	size_t count = unpack_count(in), labels = verdict->entry->label_count;
	struct verdict_document *documents = arena_array(&verdict->arena, count,
							 sizeof(*documents));

	for (size_t i = 0; i < count; i++) {
		documents[i].key = unpack_text(in);
		documents[i].span = keep_read_span(in);
		if (!unpack_number(in))
			continue;
		const char **texts = arena_array(&verdict->arena, labels, sizeof(*texts));

		for (size_t l = 0; l < labels; l++)
			texts[l] = unpack_text(in);
		documents[i].labels = texts;
	}
	verdict->documents = documents;
	verdict->document_count = count;
}

/* --- entries of the index */

/* The copies of documents, each once; entries name them by number. */
static GPtrArray *facts_of(const struct verdict *verdict)
{
	GPtrArray *facts = g_ptr_array_new();

	for (size_t i = 0; i < verdict->entry_count; i++) {
		const struct document *document = verdict->entries[i].facts;

		if (document && !g_ptr_array_find(facts, document, NULL))
			g_ptr_array_add(facts, (gpointer)document);
	}
	return facts;
}

static void keep_owner(GString *out, const void *owner, const struct document_entry *entry)
{
	size_t i = 0;

	while (owner && i < entry->rule_count && entry->rules[i] != owner)
		i++;
	pack_number(out, owner ? i + 1 : 0);
}

static const void *read_owner(struct unpack *in, const struct document_entry *entry)
{
	uint64_t place = unpack_number(in);

	in->failed |= place > entry->rule_count;
	return in->failed || !place ? NULL : entry->rules[place - 1];
}

static void keep_entry(GString *out, const struct index_entry *entry, guint facts,
		       const struct document_entry *owner)
{
	pack_number(out, entry->slot);
	pack_number(out, entry->role);
	pack_slice(out, entry->key);
	pack_slice(out, entry->value);
	keep_span(out, entry->span);
	pack_text(out, entry->document);
	pack_text(out, entry->item);
	pack_number(out, entry->facts ? facts + 1 : 0);
	pack_number(out, entry->this_node);
	pack_number(out, entry->key_node);
	pack_number(out, entry->each);
	pack_signed(out, entry->first);
	pack_signed(out, entry->last);
	keep_owner(out, entry->owner, owner);
}

static void keep_entries(GString *out, const struct verdict *verdict)
{
	GPtrArray *facts = facts_of(verdict);

	pack_number(out, facts->len);
	for (guint i = 0; i < facts->len; i++)
		keep_document(out, g_ptr_array_index(facts, i));
	pack_number(out, verdict->entry_count);
	for (size_t i = 0; i < verdict->entry_count; i++) {
		guint number = 0;

		g_ptr_array_find(facts, verdict->entries[i].facts, &number);
		keep_entry(out, &verdict->entries[i], number, verdict->entry);
	}
	g_ptr_array_free(facts, TRUE);
}

static void read_entry(struct index_entry *out, struct unpack *in, const struct verdict *verdict,
		       const struct document *const *facts, size_t fact_count)
{
	out->slot = (uint32_t)unpack_number(in);
	out->role = (uint8_t)unpack_number(in);
	out->key = unpack_slice(in);
	out->value = unpack_slice(in);
	out->span = keep_read_span(in);
	out->document = unpack_text(in);
	out->item = unpack_text(in);
	uint64_t number = unpack_number(in);

	out->this_node = (uint32_t)unpack_number(in);
	out->key_node = (uint32_t)unpack_number(in);
	out->each = (uint32_t)unpack_number(in);
	out->first = unpack_signed(in);
	out->last = unpack_signed(in);
	out->owner = read_owner(in, verdict->entry);
	in->failed |= number > fact_count;
	if (in->failed || !number)
		return;
	out->facts = facts[number - 1];
	in->failed |= out->this_node >= out->facts->node_count ||
		      out->key_node >= out->facts->node_count;
}

static void read_entries(struct verdict *verdict, struct unpack *in, const struct symbols *symbols)
{
	struct arena *arena = &verdict->arena;
	size_t fact_count = unpack_count(in);
	const struct document **facts = arena_array(arena, fact_count, sizeof(*facts));

	for (size_t i = 0; i < fact_count; i++) {
		facts[i] = keep_read_document(in, arena, symbols);
		in->failed |= !facts[i];
		if (in->failed)
			return;
	}
	size_t count = unpack_count(in);
	struct index_entry *entries = arena_array(arena, count, sizeof(*entries));

	for (size_t i = 0; i < count && !in->failed; i++)
		read_entry(&entries[i], in, verdict, facts, fact_count);
	verdict->entries = entries;
	verdict->entry_count = count;
}

/* --- suppressions */

static void keep_suppressions(GString *out, const struct verdict *verdict)
{
	pack_number(out, verdict->suppression_count);
	for (size_t i = 0; i < verdict->suppression_count; i++) {
		const struct suppression *suppression = &verdict->suppressions[i];

		pack_text(out, suppression->rule);
		pack_text(out, suppression->reason);
		keep_span(out, suppression->span);
		pack_number(out, suppression->from);
		pack_number(out, suppression->to);
		pack_signed(out, suppression->until);
		pack_number(out, suppression->used);
	}
}

static void read_suppressions(struct verdict *verdict, struct unpack *in)
{
	size_t count = unpack_count(in);
	struct suppression *list = arena_array(&verdict->arena, count, sizeof(*list));

	for (size_t i = 0; i < count; i++) {
		list[i].rule = unpack_text(in);
		list[i].reason = unpack_text(in);
		list[i].span = keep_read_span(in);
		list[i].from = (uint32_t)unpack_number(in);
		list[i].to = (uint32_t)unpack_number(in);
		list[i].until = unpack_signed(in);
		list[i].used = unpack_number(in) != 0;
		in->failed |= !list[i].rule;
	}
	verdict->suppressions = list;
	verdict->suppression_count = count;
}

/* --- a verdict */

void keep_verdict(GString *out, const struct verdict *verdict, const struct ruleset *ruleset)
{
	pack_number(out, verdict->readable);
	pack_number(out, verdict->reads_path);
	pack_signed(out, verdict->from);
	pack_signed(out, verdict->until);
	pack_number(out, verdict->finding_count);
	for (size_t i = 0; i < verdict->finding_count; i++)
		keep_finding(out, &verdict->findings[i], ruleset);
	keep_documents(out, verdict);
	keep_entries(out, verdict);
	keep_suppressions(out, verdict);
}

static void read_findings(struct verdict *verdict, struct unpack *in, const struct ruleset *ruleset)
{
	size_t count = unpack_count(in);
	struct check_finding *findings = arena_array(&verdict->arena, count, sizeof(*findings));

	for (size_t i = 0; i < count; i++)
		keep_read_finding(&findings[i], in, &verdict->arena, ruleset);
	verdict->findings = findings;
	verdict->finding_count = count;
}

struct verdict *keep_read(const struct ruleset *ruleset, const struct document_entry *entry,
			  struct slice data)
{
	struct verdict *verdict = g_new0(struct verdict, 1);
	const char *copy = arena_dup(&verdict->arena, data.data, data.len);
	struct unpack in = {copy, copy + data.len, false};

	verdict->entry = entry;
	verdict->readable = unpack_number(&in) != 0;
	verdict->reads_path = unpack_number(&in) != 0;
	verdict->from = unpack_signed(&in);
	verdict->until = unpack_signed(&in);
	read_findings(verdict, &in, ruleset);
	read_documents(verdict, &in);
	if (!in.failed)
		read_entries(verdict, &in, ruleset->symbols);
	read_suppressions(verdict, &in);
	if (!in.failed && in.at == in.end)
		return verdict;
	verdict_free(verdict);
	return NULL;
}
