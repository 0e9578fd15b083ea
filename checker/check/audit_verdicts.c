/*
 * Verdicts on steps from one version of a document to another, for the audit: bytes are read, and
 * each pair of versions is judged once, most of them by threads before the walk asks.
 */
#include "check/audit_steps.h"

#include "base/hash.h"

#include <string.h>

/* What a verdict on a step depends on, besides the day. */
struct step_key {
	struct object_id old_blob, new_blob; /* new: zero where the document is gone */
	uint32_t old_document, new_document;
	uint32_t entry;
	uint32_t place; /* rules may read the path */
};
_Static_assert(sizeof(struct step_key) == 2 * OBJECT_ID_SIZE + 4 * sizeof(uint32_t),
	       "the key has no holes");

struct step_verdicts {
	struct step_key key;
	GPtrArray *verdicts;
};

static guint step_hash(gconstpointer key)
{
	return (guint)hash_bytes(key, sizeof(struct step_key));
}

static gboolean step_same(gconstpointer a, gconstpointer b)
{
	return !memcmp(a, b, sizeof(struct step_key));
}

static void step_free(gpointer data)
{
	struct step_verdicts *item = data;

	g_ptr_array_free(item->verdicts, TRUE);
	g_free(item);
}

static struct step_key key_of(const struct place *place, const struct step_version *old,
			      const struct step_version *new)
{
	struct step_key key = {
		.old_blob = old->blob,
		.old_document = old->document,
		.entry = (uint32_t)(new ? new : old)->entry->index,
		.place = place->number,
	};

	if (new) {
		key.new_blob = new->blob;
		key.new_document = new->document;
	}
	return key;
}

/* A verdict that finds nothing, on any day. */
static struct verdict *empty_verdict(const struct document_entry *entry)
{
	struct verdict *verdict = g_new0(struct verdict, 1);

	verdict->entry = entry;
	verdict->from = DAY_OPEN_START;
	verdict->until = DAY_OPEN_END;
	return verdict;
}

struct verdict *step_judge(const struct audit *audit, const struct audit_thread *thread,
			   const struct place *place, const struct step_version *old,
			   const struct step_version *new, int32_t day)
{
	const struct document_entry *entry = (new ? new : old)->entry;
	struct warm_step step = {.old_blob = old->blob,
				 .old_document = old->document,
				 .entry = (uint32_t)entry->index,
				 .syntax = document_syntax_of(place->path)};
	struct bytes before = {0}, after = {0};
	struct verdict *verdict = NULL;
	struct check_version versions[2];

	if (new) {
		step.new_blob = new->blob;
		step.new_document = new->document;
		if (warm_has_step(place->reign->warm, thread->link, &step))
			return empty_verdict(entry);
	}
	if (audit_read_blob(&before, audit, thread->repository, &old->blob, thread->error) ||
	    (new &&audit_read_blob(&after, audit, thread->repository, &new->blob, thread->error)))
		goto out;
	versions[0] = (struct check_version){before.data, before.data ? before.size : 0,
					     old->document};
	versions[1] = (struct check_version){after.data, after.data ? after.size : 0,
					     new ? new->document : 0};
	if (check_transition(&verdict, place->reign->ruleset, entry, NULL, place->path,
			     &versions[0], new ? &versions[1] : NULL, day, thread->scratch,
			     thread->error))
		verdict = NULL;
	if (verdict && new)
		warm_put_step(place->reign->warm, thread->link, &step, &before, &after, verdict);
out:
	bytes_release(&before);
	bytes_release(&after);
	return verdict;
}

void step_keep(const struct place *place, const struct step_version *old,
	       const struct step_version *new, struct verdict *verdict)
{
	struct step_key key = key_of(place, old, new);
	struct reign *reign = place->reign;
	struct step_verdicts *item;

	if (!reign->steps)
		reign->steps = g_hash_table_new_full(step_hash, step_same, NULL, step_free);
	item = g_hash_table_lookup(reign->steps, &key);
	if (!item) {
		item = g_new0(struct step_verdicts, 1);
		item->key = key;
		item->verdicts = g_ptr_array_new_with_free_func((GDestroyNotify)verdict_free);
		g_hash_table_add(reign->steps, item);
	}
	g_ptr_array_add(item->verdicts, verdict);
}

const struct verdict *step_verdict(struct audit *audit, const struct place *place,
				   const struct step_version *old, const struct step_version *new,
				   int32_t day)
{
	const struct audit_thread own = {audit->repository, audit->link, audit->scratch,
					 audit->error};
	struct step_key key = key_of(place, old, new);
	const struct step_verdicts *item = place->reign->steps
						   ? g_hash_table_lookup(place->reign->steps, &key)
						   : NULL;
	struct verdict *verdict;

	for (guint i = 0; item && i < item->verdicts->len; i++)
		if (verdict_holds(item->verdicts->pdata[i], day))
			return item->verdicts->pdata[i];
	verdict = step_judge(audit, &own, place, old, new, day);
	if (verdict)
		step_keep(place, old, new, verdict);
	return verdict;
}

int step_twin(char **out, const struct reign *reign, const struct slip *slip,
	      const struct step_version *other)
{
	const struct audit *audit = reign->audit;
	const struct step_version *old = &slip->accepted;
	struct bytes before = {0}, after = {0};
	int result = -1;

	*out = NULL;
	if (!other)
		return 0;
	if (!audit_read_blob(&before, audit, audit->repository, &old->blob, audit->error) &&
	    !audit_read_blob(&after, audit, audit->repository, &other->blob, audit->error)) {
		struct check_version versions[2] = {
			{before.data, before.data ? before.size : 0, old->document},
			{after.data, after.data ? after.size : 0, other->document}};

		result = check_twin(out, reign->ruleset, old->entry, slip->found->step,
				    &versions[0], &versions[1], audit->scratch, audit->error);
	}
	bytes_release(&before);
	bytes_release(&after);
	return result;
}

bool slip_same(const struct slip *a, const struct slip *b)
{
	const struct check_step *x = a->found->step, *y = b->found->step;

	if (a->document != b->document || x->rule != y->rule ||
	    (a->document == SLIP_GONE && g_strcmp0(a->key, b->key) != 0))
		return false;
	if (x->pointer && y->pointer)
		return !strcmp(x->pointer, y->pointer);
	return !x->pointer && !y->pointer && !strcmp(x->item, y->item);
}

const struct check_finding *slip_gone_finding(const struct slip *slip, const struct verdict *last,
					      struct arena *arena)
{
	struct check_finding *found = arena_new(arena, struct check_finding);

	*found = *slip->found;
	check_label_gone(&found->finding, last, slip->last.document, arena);
	return found;
}

bool slip_is_about(const struct check_finding *found, const struct check_finding *other)
{
	return found->step && !strcmp(found->finding.rule, other->finding.rule) &&
	       !strcmp(found->step->old_pointer, other->step->old_pointer);
}

int slip_is_restored(const struct reign *reign, const struct slip *slip,
		     const struct step_version *now)
{
	char *then = NULL, *text = NULL;
	int result = -1;

	if (!step_twin(&then, reign, slip, &slip->accepted) && !step_twin(&text, reign, slip, now))
		result = then && !g_strcmp0(then, text);
	g_free(then);
	g_free(text);
	return result;
}

void slips_settle(GArray *slips)
{
	for (guint i = 0; i < slips->len; i++) {
		struct slip *slip = &g_array_index(slips, struct slip, i);
		bool is_after = false;

		for (guint n = 0; slip->is_also && n < i; n++)
			is_after |= slip_same(&g_array_index(slips, struct slip, n), slip);
		slip->is_also = is_after;
	}
}

bool slip_goes_on(const struct slip *was, const struct check_finding *found)
{
	const struct check_step *then = was->found->step, *now = found->step;

	return now && !strcmp(now->old_pointer, then->old_pointer) &&
	       (now->rule == then->rule || (!then->pointer && now->pointer));
}
