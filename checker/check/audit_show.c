/*
 * Findings of a state made ready to be shown: bound to the bytes that their files had in it. Bytes
 * are read again for those few blobs that a report shows.
 */
#include "check/audit_core.h"
#include "check/replay.h"

#include <string.h>

/* A source with its bytes and its id. */
struct shown_source {
	struct source source; /* first: a pointer to it is one to this */
	struct object_id blob;
	struct bytes bytes;
	const struct verdict *verdict; /* what the file gives in the state; NULL: not known */
	struct verdict
		*on_day; /* judged again, for the words of its findings; NULL: not asked for */
};

void show_source_free(void *source)
{
	struct shown_source *shown = source;

	verdict_free(shown->on_day);
	source_release(&shown->source);
	bytes_release(&shown->bytes);
	g_free(shown);
}

void show_init(struct show *show, struct audit *audit, struct arena *arena, uint32_t commit)
{
	*show = (struct show){
		.audit = audit,
		.arena = arena,
		.reign = audit_reign(audit, commit),
		.day = audit_day(audit, commit),
		.sources = g_ptr_array_new_with_free_func(show_source_free),
		.by_blob = g_hash_table_new(g_str_hash, g_str_equal),
	};
}

void show_release(struct show *show)
{
	g_hash_table_destroy(show->by_blob);
	g_ptr_array_free(show->sources, TRUE);
}

static struct shown_source *shown_new(const struct audit *audit, const char *path,
				      const struct object_id *blob)
{
	struct shown_source *shown = g_new0(struct shown_source, 1);
	struct error ignored = {0};

	if (audit_read_blob(&shown->bytes, audit, audit->repository, blob, &ignored))
		shown->bytes = (struct bytes){0};
	error_clear(&ignored);
	shown->blob = *blob;
	source_init(&shown->source, path, shown->bytes.data,
		    shown->bytes.data ? shown->bytes.size : 0);
	return shown;
}

struct source *show_source_new(const struct audit *audit, const char *path,
			       const struct object_id *blob)
{
	return &shown_new(audit, path, blob)->source;
}

const struct object_id *show_source_blob(const struct source *source)
{
	return &((const struct shown_source *)source)->blob;
}

/* One source for each path and blob. NULL: there is none in this state. */
static struct shown_source *shown_of(struct show *show, const char *path,
				     const struct place **place)
{
	struct standing standing = {0};
	char *full_path = path ? g_strconcat(show->found_under->base, path, NULL) : NULL;
	bool found = path && show->blob_of(show->context, full_path, show->hidden, &standing);
	char hex[OBJECT_ID_HEX + 1];

	g_free(full_path);
	if (!found)
		return NULL;

	*place = standing.place;
	object_id_hex(hex, &standing.blob);
	char *key = g_strconcat(hex, (*place)->full_path, NULL);
	struct shown_source *shown = g_hash_table_lookup(show->by_blob, key);

	if (!shown) {
		shown = shown_new(show->audit, (*place)->full_path, &standing.blob);
		shown->verdict = standing.verdict;
		g_ptr_array_add(show->sources, shown);
		g_hash_table_insert(show->by_blob, arena_strdup(show->arena, key), shown);
	}
	g_free(key);
	return shown;
}

static struct source *source_of(void *context, const char *path)
{
	const struct place *place;
	struct shown_source *shown = shown_of(context, path, &place);

	return shown ? &shown->source : NULL;
}

static bool is_same(const struct check_finding *a, const struct check_finding *b)
{
	return a->finding.span.start == b->finding.span.start &&
	       a->finding.span.end == b->finding.span.end &&
	       !strcmp(a->finding.rule, b->finding.rule) &&
	       !g_strcmp0(a->finding.identity, b->finding.identity);
}

/*
 * A verdict holds for many days, but what it says may name the one on which it was made ("as_of").
 * What is shown is what is said on the day of the state.
 */
static const struct check_finding *said_on_day(struct show *show, const struct instance *instance)
{
	const struct place *place;
	struct error ignored = {0};

	if (instance->said_on == DAY_ANY || instance->said_on == show->day)
		return instance->found;
	struct shown_source *shown = shown_of(show, instance->place->path, &place);

	if (!shown)
		return instance->found;
	if (!shown->on_day && audit_judge(&shown->on_day, instance->place, &shown->bytes, show->day,
					  show->audit->scratch, &ignored))
		shown->on_day = NULL;
	error_clear(&ignored);
	for (size_t i = 0; shown->on_day && i < shown->on_day->finding_count; i++)
		if (is_same(&shown->on_day->findings[i], instance->found))
			return &shown->on_day->findings[i];
	return instance->found;
}

static void show_finding(struct show *show, struct finding *out, const struct instance *instance)
{
	struct check_sources sources = {source_of, show};
	struct check_finding known;

	if (instance_is_fault(instance)) {
		*out = instance->found->finding;
		return;
	}
	show->found_under = instance->place ? instance->place->reign : show->reign;
	show->hidden = instance->state == INSTANCE_HIDDEN;
	known = *said_on_day(show, instance);
	known.finding.identity = g_ptr_array_index(show->audit->identity_list, instance->identity);
	check_bind(out, &known, instance->place ? instance->place->path : NULL, &sources,
		   show->arena);
	if (out->source)
		check_label(out, ((struct shown_source *)(void *)out->source)->verdict,
			    show->arena);
	if (show->index && instance->state == INSTANCE_OPEN && instance->found->entry)
		check_index_suggest(show->index, instance->found, out, show->arena);
}

static const char *path_of(const struct finding *finding)
{
	return finding->source ? finding->source->path : "";
}

static const char *related_path(const struct related *related)
{
	return related->source ? related->source->path : "";
}

/* Pairs of one key may have their faults at one place: what they relate tells them apart. */
static int related_compare(const struct finding *x, const struct finding *y)
{
	int order = (x->related_count > y->related_count) - (x->related_count < y->related_count);

	for (size_t i = 0; !order && i < x->related_count; i++) {
		struct span a = x->related[i].span, b = y->related[i].span;

		order = strcmp(related_path(&x->related[i]), related_path(&y->related[i]));
		if (!order)
			order = (a.start > b.start) - (a.start < b.start);
		if (!order)
			order = (a.end > b.end) - (a.end < b.end);
	}
	return order;
}

int audit_entry_compare(const void *a, const void *b)
{
	const struct finding *x = ((const struct audit_entry *)a)->finding;
	const struct finding *y = ((const struct audit_entry *)b)->finding;
	int order = strcmp(path_of(x), path_of(y));

	if (!order && x->span.start != y->span.start)
		order = x->span.start < y->span.start ? -1 : 1;
	if (!order && x->span.end != y->span.end)
		order = x->span.end < y->span.end ? -1 : 1;
	if (!order)
		order = strcmp(x->rule, y->rule);
	if (!order)
		order = g_strcmp0(x->identity, y->identity);
	return order ? order : related_compare(x, y);
}

struct audit_list audit_list_of(struct show *shows, const GArray *settled, bool of_parent)
{
	struct arena *arena = shows[0].arena;
	struct audit_entry *entries = arena_array(arena, settled->len, sizeof(*entries));

	for (guint i = 0; i < settled->len; i++) {
		const struct settled *item = &g_array_index(settled, struct settled, i);
		struct finding *finding = arena_new(arena, struct finding);

		show_finding(&shows[of_parent ? 1 + item->parent : 0], finding, &item->instance);
		entries[i] = (struct audit_entry){finding, item->cause};
	}
	qsort(entries, settled->len, sizeof(*entries), audit_entry_compare);
	return (struct audit_list){entries, settled->len};
}

static int add_commit(struct audit *audit, struct audit_commit *report, struct arena *arena)
{
	GPtrArray *findings = g_ptr_array_new();
	struct audit_list *introduced = &report->lists[AUDIT_INTRODUCED];
	int result = audit_judge_commit(audit_reign(audit, report->index), report->history,
					report->index, &report->text,
					audit_day(audit, report->index), arena, findings);

	if (!result)
		*introduced = audit_list_with(arena, *introduced, findings);
	g_ptr_array_free(findings, TRUE);
	return result;
}

int audit_report(struct audit *audit, struct audit_summary *summary, uint32_t number,
		 struct settle *settle, struct show *shows, size_t remaining, size_t suppressed)
{
	const struct audit_options *options = &audit->options;
	const struct history_commit *commit = &audit->history.commits[number];
	struct audit_commit report = {
		.history = &audit->history,
		.index = number,
		.remaining = remaining,
		.suppressed = suppressed,
		.documents = settle->documents,
	};

	if (audit->gate)
		return gate_take(audit, number, settle, shows, remaining);
	int replayed = replay_report(audit->replay, summary, number);

	if (replayed)
		return replayed == REPLAY_DONE ? 0 : replayed;
	summary->commits++;
	summary->merges += commit->parent_count > 1;
	if (!options->commit)
		return 0;
	if (repository_commit_text(&report.text, shows[0].arena, audit->repository, &commit->id,
				   audit->error))
		return -1;
	for (int kind = 0; kind < AUDIT_LISTS; kind++)
		report.lists[kind] = audit_list_of(shows, settle->lists[kind], kind == AUDIT_FIXED);
	if (check_has_commit_rules(audit_reign(audit, number)->ruleset) &&
	    add_commit(audit, &report, shows[0].arena))
		return -1;
	replay_keep(audit->replay, number, &report);
	return options->commit(options->context, &report) ? 1 : 0;
}

/* --- what is open at the end of the range */

void closing_init(struct closing *closing, struct audit *audit, struct audit_summary *summary)
{
	*closing = (struct closing){
		.audit = audit,
		.summary = summary,
		.open = g_ptr_array_new(),
		.seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
	};
}

static int count_unmatched(void *context, const struct tree_change *change)
{
	struct closing *closing = context;

	closing->summary->unmatched += mode_is_file(change->new_mode) &&
				       !audit_place(closing->reign, change->path, change->path_len);
	return 0;
}

/* Two heads may hold the same file with the same fault: it is told once. */
void closing_take(struct closing *closing, const struct finding *finding)
{
	GString *key = g_string_new(path_of(finding));
	bool is_new;

	g_string_append_printf(key, "|%s|%u", finding->identity, finding->span.start);
	for (size_t i = 0; i < finding->related_count; i++)
		g_string_append_printf(key, "|%s", related_path(&finding->related[i]));
	is_new = !g_hash_table_contains(closing->seen, key->str) || closing->head_has_it;
	g_hash_table_add(closing->seen, g_string_free(key, FALSE));
	if (is_new)
		g_ptr_array_add(closing->open, (gpointer)finding);
}

static int pointer_compare(const void *a, const void *b)
{
	struct audit_entry x = {*(struct finding *const *)a, NULL};
	struct audit_entry y = {*(struct finding *const *)b, NULL};

	return audit_entry_compare(&x, &y);
}

int closing_add(struct closing *closing, struct show *show, const GArray *instances,
		uint32_t commit, size_t suppressed)
{
	struct audit *audit = closing->audit;
	size_t unmatched = closing->summary->unmatched;
	GPtrArray *open = g_ptr_array_new();

	closing->head_has_it = !closing->heads++;
	closing->reign = audit_reign(audit, commit);
	for (guint i = 0; i < instances->len; i++) {
		const struct instance *instance = &g_array_index(instances, struct instance, i);
		struct finding *finding;

		if (instance->state != INSTANCE_OPEN)
			continue;
		finding = arena_new(&closing->summary->arena, struct finding);
		show_finding(show, finding, instance);
		g_ptr_array_add(open, finding);
	}
	g_ptr_array_sort(open, pointer_compare);
	for (guint i = 0; i < open->len; i++)
		closing_take(closing, open->pdata[i]);
	closing->summary->suppressed += suppressed;
	int result = tree_difference(audit->repository, NULL, &audit->history.commits[commit].tree,
				     count_unmatched, closing, audit->error);

	if (!result)
		replay_keep_head(audit->replay, commit, open, suppressed,
				 closing->summary->unmatched - unmatched);
	g_ptr_array_free(open, TRUE);
	for (guint i = 0; i < show->sources->len; i++)
		g_ptr_array_add(closing->summary->sources, g_ptr_array_index(show->sources, i));
	g_ptr_array_set_free_func(show->sources, NULL);
	show_release(show);
	return result;
}

void closing_end(struct closing *closing)
{
	struct audit_summary *summary = closing->summary;
	struct finding **open = arena_array(&summary->arena, closing->open->len,
					    sizeof(struct finding *));

	g_ptr_array_sort(closing->open, pointer_compare);
	for (guint i = 0; i < closing->open->len; i++)
		open[i] = g_ptr_array_index(closing->open, i);
	summary->open = (const struct finding *const *)open;
	summary->open_count = closing->open->len;
	g_ptr_array_free(closing->open, TRUE);
	g_hash_table_destroy(closing->seen);
}

void audit_summary_release(struct audit_summary *summary)
{
	if (summary->sources)
		g_ptr_array_free(summary->sources, TRUE);
	arena_release(&summary->arena);
	audit_free(summary->audit);
	*summary = (struct audit_summary){0};
}
