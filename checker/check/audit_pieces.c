/*
 * What stands in the tables of a law: verdicts, pieces (what one file gives on some days) and the
 * findings of cross-file rules. Everything has a number, so that states are small.
 *
 * A verdict is asked for by blob and entry; where it depends on the day or on the path there are
 * several. What the index says of a cross-file finding dies with the next update, so it is copied;
 * two findings that say the same are one.
 */
#include "check/audit_steps.h"

#include "base/hash.h"
#include "document/document.h"

#include <assert.h>
#include <string.h>

/* The verdicts of one blob under one entry, read in one syntax: a.yaml may become a.json. */
struct judged {
	struct object_id blob;
	uint32_t entry_syntax; /* place_entry_syntax() */
	GPtrArray *verdicts;   /* struct judged_verdict */
};

struct judged_verdict {
	struct verdict *verdict;
	const struct place *place; /* the only one it holds for, where it reads the path */
	int32_t made_on;
};

static guint judged_hash(gconstpointer key)
{
	return (guint)hash_bytes(key, offsetof(struct judged, verdicts));
}

static gboolean judged_same(gconstpointer a, gconstpointer b)
{
	return !memcmp(a, b, offsetof(struct judged, verdicts));
}

_Static_assert(offsetof(struct judged, verdicts) == OBJECT_ID_SIZE + sizeof(uint32_t),
	       "the key has no holes");

static void judged_free(gpointer data)
{
	struct judged *judged = data;

	for (guint i = 0; i < judged->verdicts->len; i++) {
		struct judged_verdict *item = g_ptr_array_index(judged->verdicts, i);

		verdict_free(item->verdict);
		g_free(item);
	}
	g_ptr_array_free(judged->verdicts, TRUE);
	g_free(judged);
}

GHashTable *audit_judgements_new(void)
{
	return g_hash_table_new_full(judged_hash, judged_same, NULL, judged_free);
}

/* --- verdicts */

static struct judged *judged_of(const struct place *place, const struct object_id *blob)
{
	struct judged wanted = {.blob = *blob, .entry_syntax = place_entry_syntax(place)};
	struct judged *judged = g_hash_table_lookup(place->reign->judgements, &wanted);

	if (judged)
		return judged;
	judged = g_new(struct judged, 1);
	*judged = wanted;
	judged->verdicts = g_ptr_array_new();
	g_hash_table_add(place->reign->judgements, judged);
	return judged;
}

void audit_keep(const struct object_id *blob, struct place *place, struct verdict *verdict,
		int32_t made_on)
{
	struct judged_verdict *item = g_new(struct judged_verdict, 1);

	*item = (struct judged_verdict){verdict, verdict->reads_path ? place : NULL,
					warm_names_day(verdict) ? made_on : DAY_ANY};
	g_ptr_array_add(judged_of(place, blob)->verdicts, item);
}

int audit_read_blob(struct bytes *out, const struct audit *audit, struct repository *repository,
		    const struct object_id *blob, struct error *error)
{
	size_t limit = document_default_limits.size;

	if (shelf_get(audit->shelf, blob, out))
		return 0;
	return audit->blobs ? snapshot_read_blob(out, audit->blobs, blob, limit, error)
			    : repository_read_blob(out, repository, blob, limit, error);
}

int audit_judge(struct verdict **out, const struct place *place, const struct bytes *bytes,
		int32_t day, struct check_scratch *scratch, struct error *error)
{
	const struct ruleset *ruleset = place->reign->ruleset;

	if (bytes->over_limit)
		return check_oversized(out, ruleset, place->entry, bytes->size, error);
	return check_document(out, ruleset, place->entry, place->path, bytes->data, bytes->size,
			      day, scratch, error);
}

int audit_recall(struct verdict **out, const struct audit *audit, const struct place *place,
		 const struct object_id *blob, int32_t *day, const struct audit_thread *thread)
{
	const struct warm_blob known = {place->entry, place->path, *blob, *day};
	struct bytes bytes;
	int64_t made_on;

	*out = warm_get(place->reign->warm, thread->link, &known, &made_on);
	if (*out) {
		*day = (int32_t)made_on;
		return 0;
	}
	int result = audit_read_blob(&bytes, audit, thread->repository, blob, thread->error);

	if (result)
		return result;
	result = audit_judge(out, place, &bytes, *day, thread->scratch, thread->error);
	if (!result)
		warm_put(place->reign->warm, thread->link, &known, &bytes, *out);
	if (!result && (*out)->finding_count)
		shelf_put(audit->shelf, blob, &bytes);
	else
		bytes_release(&bytes);
	return result;
}

const struct verdict *audit_verdict(struct audit *audit, struct place *place,
				    const struct object_id *blob, int32_t day, int32_t *made_on)
{
	struct judged *judged = judged_of(place, blob);

	for (guint i = 0; i < judged->verdicts->len; i++) {
		const struct judged_verdict *item = g_ptr_array_index(judged->verdicts, i);

		if (!verdict_holds(item->verdict, day) || (item->place && item->place != place))
			continue;
		if (made_on)
			*made_on = item->made_on;
		return item->verdict;
	}
	const struct audit_thread own = {audit->repository, audit->link, audit->scratch,
					 audit->error};
	struct verdict *verdict;
	int32_t judged_on = day;

	if (audit_recall(&verdict, audit, place, blob, &judged_on, &own))
		return NULL;
	audit_keep(blob, place, verdict, judged_on);
	return audit_verdict(audit, place, blob, day, made_on);
}

/* --- pieces */

static guint piece_hash(gconstpointer data)
{
	const struct piece *piece = data;

	return (guint)hash_bytes(&piece->blob, sizeof(piece->blob)) ^
	       piece->place->number * 2654435761U;
}

static gboolean piece_same(gconstpointer a, gconstpointer b)
{
	const struct piece *x = a, *y = b;

	return x->place == y->place && object_id_equal(&x->blob, &y->blob);
}

/* A file may have thousands of versions. */
GHashTable *audit_piece_table_new(void)
{
	return g_hash_table_new(piece_hash, piece_same);
}

static void add_instance(struct audit *audit, struct piece *piece, struct arena *texts,
			 const struct check_finding *found, int32_t day, int32_t made_on)
{
	const struct place *place = piece->place;
	bool is_suppressed;

	if (found->finding.severity == SEVERITY_OFF)
		return;
	is_suppressed = check_is_suppressed(place->reign->ruleset, piece->verdict, place->path,
					    found, day);
	piece->instances[piece->instance_count++] = (struct instance){
		.identity = audit_identity(audit, check_identity(found, place->path, texts)),
		.state = is_suppressed ? INSTANCE_SUPPRESSED : INSTANCE_OPEN,
		.said_on = made_on,
		.found = found,
		.place = place,
	};
}

/* What a slip says, on the days for which its labels hold too. NULL with the audit's error. */
static const struct check_finding *finding_of(struct audit *audit, struct piece *piece,
					      const struct slip *slip, int32_t day)
{
	struct reign *reign = piece->place->reign;
	const struct verdict *last;

	if (slip->document != SLIP_GONE)
		return slip->found;
	last = audit_verdict(audit, piece->place, &slip->last.blob, day, NULL);
	if (!last)
		return NULL;
	piece->from = (int32_t)MAX(piece->from, last->from);
	piece->until = (int32_t)MIN(piece->until, last->until);
	return slip_gone_finding(slip, last, &reign->arena);
}

/* `verdict` NULL: the file is gone. NULL with the audit's error. */
static struct piece *piece_new(struct audit *audit, struct place *place,
			       const struct object_id *blob, const struct verdict *verdict,
			       const struct memory *memory, int32_t day, int32_t made_on)
{
	struct reign *reign = place->reign;
	struct piece *piece = arena_new(&reign->arena, struct piece);
	size_t count = verdict ? verdict->finding_count : 0, slips = memory ? memory->count : 0;
	struct arena texts = {0};
	bool is_good = true;

	piece->from = INT32_MIN;
	piece->until = INT32_MAX;
	if (verdict) {
		piece->from = (int32_t)CLAMP(verdict->from, INT32_MIN, INT32_MAX);
		piece->until = (int32_t)CLAMP(verdict->until, INT32_MIN, INT32_MAX);
	}
	reign_clip(reign, day, &piece->from, &piece->until);
	piece->number = reign->pieces->len;
	g_ptr_array_add(reign->pieces, piece);
	piece->place = place;
	piece->blob = *blob;
	piece->verdict = verdict;
	piece->memory = memory;
	piece->instances = arena_array(&reign->arena, count + slips, sizeof(struct instance));
	for (size_t i = 0; i < count; i++)
		add_instance(audit, piece, &texts, &verdict->findings[i], day, made_on);
	for (size_t i = 0; i < slips && is_good; i++) {
		const struct slip *slip = &memory->slips[i];
		const struct check_finding *found = slip->is_also
							    ? NULL
							    : finding_of(audit, piece, slip, day);

		is_good = found || slip->is_also;
		if (found)
			add_instance(audit, piece, &texts, found, day, DAY_ANY);
	}
	arena_release(&texts);
	if (!is_good)
		return NULL;
	piece->next = g_hash_table_lookup(reign->piece_table, piece);
	g_hash_table_replace(reign->piece_table, piece, piece);
	return piece;
}

static struct piece *piece_known(struct place *place, const struct object_id *blob, int32_t day,
				 const struct memory *memory, bool is_gone)
{
	const struct piece wanted = {.place = place, .blob = *blob};

	for (struct piece *piece = g_hash_table_lookup(place->reign->piece_table, &wanted); piece;
	     piece = piece->next)
		if (piece->from <= day && day <= piece->until && piece->memory == memory &&
		    piece->is_gone == is_gone && (is_gone || piece->verdict->readable))
			return piece;
	return NULL;
}

struct piece *audit_piece(struct audit *audit, struct place *place, const struct object_id *blob,
			  int32_t day, const struct memory *memory)
{
	struct piece *piece = piece_known(place, blob, day, memory, false);
	int32_t made_on;
	const struct verdict *verdict;

	if (piece)
		return piece;
	verdict = audit_verdict(audit, place, blob, day, &made_on);
	return verdict ? piece_new(audit, place, blob, verdict, memory, day, made_on) : NULL;
}

struct piece *audit_gone_piece(struct audit *audit, struct place *place,
			       const struct memory *memory, int32_t day)
{
	const struct object_id *blob = &memory->slips[0].last.blob;
	struct piece *piece = piece_known(place, blob, day, memory, true);

	if (!piece) {
		piece = piece_new(audit, place, blob, NULL, memory, day, DAY_ANY);
		if (piece)
			piece->is_gone = true;
	}
	return piece;
}

struct piece *audit_unreadable_piece(struct audit *audit, struct place *place,
				     const struct object_id *blob, int32_t day,
				     const struct piece *shadow)
{
	int32_t made_on;
	const struct verdict *verdict = audit_verdict(audit, place, blob, day, &made_on);

	if (!verdict)
		return NULL;
	struct piece *piece = piece_new(audit, place, blob, verdict, NULL, day, made_on);

	piece->from = INT32_MIN;
	piece->until = INT32_MAX;
	piece->shadow = shadow;
	piece->hidden = g_array_new(FALSE, FALSE, sizeof(struct instance));
	return piece;
}

/* --- findings of cross-file rules */

static void append_slice(GString *out, struct slice text)
{
	g_string_append_printf(out, "%zu:", text.len);
	g_string_append_len(out, text.data, (gssize)text.len);
}

static void append_phrase(GString *out, const struct phrase *phrase)
{
	g_string_append_printf(out, "|%d,%p", (int)phrase->message, (const void *)phrase->words);
	for (size_t i = 0; i < phrase->value_count; i++)
		append_slice(out, phrase->values[i]);
}

static void append_place(GString *out, const char *path, struct span span)
{
	g_string_append_printf(out, "|%u-%u@", span.start, span.end);
	append_slice(out, slice_of(path ? path : ""));
}

/* Everything that a finding says, as one text. */
static char *cross_text(const struct check_finding *found, const char *identity)
{
	const struct finding *finding = &found->finding;
	GString *out = g_string_new(identity);

	append_place(out, found->path, finding->span);
	g_string_append_printf(out, "|%s|%d|%d|%s", finding->rule, (int)finding->code,
			       (int)finding->severity, finding->pointer ? finding->pointer : "-");
	append_phrase(out, &finding->message);
	append_phrase(out, &finding->label);
	append_phrase(out, &finding->hint);
	for (size_t i = 0; i < finding->related_count; i++) {
		append_place(out, found->related_paths ? found->related_paths[i] : NULL,
			     finding->related[i].span);
		append_phrase(out, &finding->related[i].label);
	}
	for (size_t i = 0; i < finding->because_count; i++) {
		append_slice(out, finding->because[i].expression);
		append_slice(out, finding->because[i].values);
	}
	for (size_t i = 0; i < finding->edit_count; i++) {
		append_place(out, NULL, finding->edits[i].span);
		append_slice(out, finding->edits[i].text);
	}
	return g_string_free(out, FALSE);
}

static int compare_values(const struct phrase *a, const struct phrase *b)
{
	int order = (a->value_count > b->value_count) - (a->value_count < b->value_count);

	for (size_t i = 0; !order && i < a->value_count; i++)
		order = slice_compare(a->values[i], b->values[i]);
	return order;
}

int audit_compare_words(const struct check_finding *a, const struct check_finding *b)
{
	const struct finding *x = &a->finding, *y = &b->finding;
	int order = compare_values(&x->message, &y->message);

	if (!order)
		order = (x->because_count > y->because_count) -
			(x->because_count < y->because_count);
	for (size_t i = 0; !order && i < x->because_count; i++)
		order = slice_compare(x->because[i].values, y->because[i].values);
	return order;
}

static struct slice copy_slice(struct arena *arena, struct slice text)
{
	return (struct slice){arena_dup(arena, text.data, text.len), text.len};
}

/* Templates belong to the ruleset and stay where they are. */
static struct phrase copy_phrase(struct arena *arena, const struct phrase *phrase)
{
	struct slice *values = arena_array(arena, phrase->value_count, sizeof(*values));
	struct phrase copy = *phrase;

	for (size_t i = 0; i < phrase->value_count; i++)
		values[i] = copy_slice(arena, phrase->values[i]);
	copy.values = values;
	return copy;
}

static const char *copy_text(struct arena *arena, const char *text)
{
	return text ? arena_strdup(arena, text) : NULL;
}

static void copy_related(struct arena *arena, struct check_finding *copy)
{
	size_t count = copy->finding.related_count;
	struct related *related = arena_array(arena, count, sizeof(*related));
	const char **paths = arena_array(arena, count, sizeof(*paths));

	for (size_t i = 0; i < count; i++) {
		related[i] = copy->finding.related[i];
		related[i].label = copy_phrase(arena, &related[i].label);
		paths[i] = copy->related_paths ? copy_text(arena, copy->related_paths[i]) : NULL;
	}
	copy->finding.related = related;
	if (copy->related_paths)
		copy->related_paths = paths;
}

static void copy_explanation(struct arena *arena, struct finding *copy)
{
	struct because *because = arena_array(arena, copy->because_count, sizeof(*because));
	struct edit *edits = arena_array(arena, copy->edit_count, sizeof(*edits));

	for (size_t i = 0; i < copy->because_count; i++) {
		because[i].expression = copy_slice(arena, copy->because[i].expression);
		because[i].values = copy_slice(arena, copy->because[i].values);
	}
	for (size_t i = 0; i < copy->edit_count; i++) {
		edits[i].span = copy->edits[i].span;
		edits[i].text = copy_slice(arena, copy->edits[i].text);
	}
	copy->because = because;
	copy->edits = edits;
}

static const struct check_finding *copy_found(struct arena *arena,
					      const struct check_finding *found)
{
	struct check_finding *copy = arena_new(arena, struct check_finding);
	struct finding *finding = &copy->finding;

	*copy = *found;
	copy->path = copy_text(arena, found->path);
	finding->rule = copy_text(arena, finding->rule);
	finding->message = copy_phrase(arena, &finding->message);
	finding->label = copy_phrase(arena, &finding->label);
	finding->hint = copy_phrase(arena, &finding->hint);
	finding->pointer = copy_text(arena, finding->pointer);
	finding->identity = copy_text(arena, finding->identity);
	finding->evaluation_path = copy_text(arena, finding->evaluation_path);
	finding->keyword_location = copy_text(arena, finding->keyword_location);
	copy_related(arena, copy);
	copy_explanation(arena, finding);
	return copy;
}

static struct place *place_of_path(struct reign *reign, const char *path)
{
	char *full_path = g_strconcat(reign->base, path, NULL);
	struct place *place = audit_place(reign, full_path, strlen(full_path));

	g_free(full_path);
	return place;
}

struct across *audit_across(struct reign *reign, const struct check_finding *found)
{
	struct arena texts = {0};
	const char *identity = check_identity(found, found->path ? found->path : "", &texts);
	char *text = cross_text(found, identity);
	struct across *cross = g_hash_table_lookup(reign->cross_table, text);

	if (!cross) {
		cross = arena_new(&reign->arena, struct across);
		cross->number = reign->crosses->len;
		cross->identity = audit_identity(reign->audit, identity);
		cross->found = copy_found(&reign->arena, found);
		cross->place = found->path ? place_of_path(reign, found->path) : NULL;
		cross->text = arena_strdup(&reign->arena, text);
		g_ptr_array_add(reign->crosses, cross);
		g_hash_table_insert(reign->cross_table, (gpointer)cross->text, cross);
	}
	g_free(text);
	arena_release(&texts);
	return cross;
}
