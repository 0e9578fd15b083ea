/*
 * The laws of an audit and their tables: paths, what they hold, and which law judges which commit.
 * One law judges all commits, unless each brings its own: then a commit whose law cannot be used is
 * judged by the one of its first parent (a first commit: by the built-in one), and what is wrong
 * with its own are findings of the commits that have it.
 *
 * Nothing is shared between laws but the numbers of identities and the bytes of files, so that two
 * laws are compared by what they find alone.
 */
#include "check/audit_core.h"

#include "base/hash.h"

#include <string.h>

static guint text_hash(gconstpointer text)
{
	return (guint)hash_bytes(text, strlen(text));
}

static int day_compare(gconstpointer a, gconstpointer b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return x < y ? -1 : x > y;
}

/* Within the years that have four digits, and those around them. */
static bool day_is_near(int64_t day)
{
	return day > -10000000 && day < 10000000;
}

/* Days from which a suppression of the configuration may say something else. */
static void boundaries_read(struct reign *reign)
{
	const struct ruleset *ruleset = reign->ruleset;

	reign->boundaries = g_array_new(FALSE, FALSE, sizeof(int32_t));
	for (size_t i = 0; i < ruleset->suppress_count; i++) {
		int64_t until = ruleset->suppress[i].until;

		for (int64_t after = 0; day_is_near(until) && after <= 31;
		     after += after == 1 ? 29 : 1) {
			int32_t day = (int32_t)(until + after);

			g_array_append_val(reign->boundaries, day);
		}
	}
	g_array_sort(reign->boundaries, day_compare);
}

void reign_clip(const struct reign *reign, int32_t day, int32_t *from, int32_t *until)
{
	for (guint i = 0; i < reign->boundaries->len; i++) {
		int32_t boundary = g_array_index(reign->boundaries, int32_t, i);

		if (boundary <= day)
			*from = MAX(*from, boundary);
		else
			*until = MIN(*until, boundary - 1);
	}
}

/* --- one law */

static struct reign *reign_new(struct audit *audit, const struct audit_law *law)
{
	struct reign *reign = g_new0(struct reign, 1);

	reign->audit = audit;
	reign->law = law;
	reign->number = audit->reigns->len;
	g_ptr_array_add(audit->reigns, reign);
	return reign;
}

int reign_begin(struct reign *reign)
{
	const struct audit *audit = reign->audit;
	const struct audit_options *options = &audit->options;
	const struct audit_laws *laws = options->laws;

	if (reign->is_on)
		return 0;
	if (reign->law && laws->hold(laws->context, reign->law, audit->error))
		return -1;
	reign->is_on = true;
	reign->times++;
	reign->ruleset = reign->law ? reign->law->ruleset : options->ruleset;
	reign->base = reign->law ? reign->law->base : options->base;
	if (!reign->base)
		reign->base = "";
	reign->warm = warm_new(options->oracle ? NULL : options->store, reign->ruleset);
	reign->places = g_hash_table_new(text_hash, g_str_equal);
	reign->place_list = g_ptr_array_new();
	reign->judgements = audit_judgements_new();
	reign->pieces = g_ptr_array_new();
	g_ptr_array_add(reign->pieces, NULL);
	reign->piece_table = audit_piece_table_new();
	reign->cross_table = g_hash_table_new(text_hash, g_str_equal);
	reign->crosses = g_ptr_array_new();
	reign->has_transitions = false;
	for (size_t i = 0; i < reign->ruleset->entry_count; i++)
		reign->has_transitions |= check_has_transitions(&reign->ruleset->entries[i]);
	boundaries_read(reign);
	return 0;
}

void reign_end(struct reign *reign)
{
	const struct audit_laws *laws = reign->audit->options.laws;

	if (!reign->is_on)
		return;
	for (guint i = 1; i < reign->pieces->len; i++) {
		struct piece *piece = g_ptr_array_index(reign->pieces, i);

		if (piece->hidden)
			g_array_free(piece->hidden, TRUE);
	}
	g_hash_table_destroy(reign->places);
	g_ptr_array_free(reign->place_list, TRUE);
	g_hash_table_destroy(reign->judgements);
	g_ptr_array_free(reign->pieces, TRUE);
	g_hash_table_destroy(reign->piece_table);
	g_hash_table_destroy(reign->cross_table);
	g_ptr_array_free(reign->crosses, TRUE);
	g_array_free(reign->boundaries, TRUE);
	if (reign->steps)
		g_hash_table_destroy(reign->steps);
	reign->steps = NULL;
	warm_free(reign->warm);
	arena_release(&reign->arena);
	reign->is_on = false;
	if (reign->law)
		laws->drop(laws->context, reign->law);
}

static void reign_free(void *data)
{
	reign_end(data);
	g_free(data);
}

/* --- which law judges a commit */

static struct reign *reign_of_law(struct audit *audit, const struct audit_law *law)
{
	for (guint i = 0; i < audit->reigns->len; i++) {
		struct reign *reign = g_ptr_array_index(audit->reigns, i);

		if (reign->law == law)
			return reign;
	}
	return reign_new(audit, law);
}

static void faults_free(void *data)
{
	g_free(((struct faults *)data)->instances);
	g_free(data);
}

/* What is wrong with a law, as findings about no document. */
static const struct faults *faults_of(struct audit *audit, const struct audit_law *law)
{
	struct faults *faults = g_hash_table_lookup(audit->broken_laws, law);

	if (faults)
		return faults;
	faults = g_new0(struct faults, 1);
	faults->law = law;
	faults->instances = g_new0(struct instance, law->fault_count + 1);
	for (size_t i = 0; i < law->fault_count; i++) {
		struct check_finding *found = arena_new(&audit->arena, struct check_finding);

		found->finding = *law->faults[i];
		faults->instances[faults->count++] = (struct instance){
			.identity = audit_identity(audit, found->finding.identity),
			.said_on = DAY_ANY,
			.found = found,
		};
	}
	g_hash_table_insert(audit->broken_laws, (gpointer)law, faults);
	return faults;
}

void audit_set_law(struct audit *audit, uint32_t commit, const struct audit_law *own,
		   const struct audit_law *in_force)
{
	if (!audit->of) {
		audit->own = g_new0(const struct audit_law *, audit->history.count + 1);
		audit->of = g_new0(struct reign *, audit->history.count + 1);
		audit->broken = g_new0(const struct faults *, audit->history.count + 1);
		audit->broken_laws = g_hash_table_new_full(NULL, NULL, NULL, faults_free);
	}
	audit->own[commit] = own;
	audit->of[commit] = reign_of_law(audit, in_force);
	audit->broken[commit] = own->fault_count ? faults_of(audit, own) : NULL;
}

int audit_note_law(struct audit *audit, uint32_t commit, const struct audit_law *law)
{
	const struct history_commit *at = &audit->history.commits[commit];
	const struct audit_laws *laws = audit->options.laws;
	const struct audit_law *in_force = law;

	if (at->parent_count && audit->own[at->parents[0]] == law) {
		audit->own[commit] = law;
		audit->of[commit] = audit->of[at->parents[0]];
		audit->broken[commit] = audit->broken[at->parents[0]];
		return 0;
	}
	if (law->fault_count)
		in_force = at->parent_count ? audit->of[at->parents[0]]->law
					    : laws->builtin(laws->context, audit->error);
	if (!in_force)
		return -1;
	audit_set_law(audit, commit, law, in_force);
	return 0;
}

/* --- the tables of all */

/* What was looked at: a blob under an entry. */
struct looked_at {
	struct object_id blob;
	uint32_t entry;
};

static guint looked_at_hash(gconstpointer key)
{
	return (guint)hash_bytes(key, sizeof(struct looked_at));
}

static gboolean looked_at_same(gconstpointer a, gconstpointer b)
{
	return !memcmp(a, b, sizeof(struct looked_at));
}

_Static_assert(sizeof(struct looked_at) == OBJECT_ID_SIZE + sizeof(uint32_t),
	       "the key has no holes");

void audit_note_blob(struct audit *audit, const struct object_id *blob, const struct place *place)
{
	struct looked_at wanted = {*blob, (uint32_t)place->entry->index}, *kept;

	if (!g_hash_table_contains(audit->blobs_seen, &wanted)) {
		kept = arena_new(&audit->arena, struct looked_at);
		*kept = wanted;
		g_hash_table_add(audit->blobs_seen, kept);
	}
}

void audit_note_path(struct audit *audit, const struct place *place)
{
	if (audit->options.laws && !g_hash_table_contains(audit->paths_seen, place->full_path))
		g_hash_table_add(audit->paths_seen, arena_strdup(&audit->arena, place->full_path));
}

size_t audit_path_count(const struct audit *audit)
{
	return audit->options.laws ? g_hash_table_size(audit->paths_seen)
				   : audit->reign->place_list->len;
}

void audit_tables_init(struct audit *audit)
{
	const struct audit_options *options = &audit->options;

	audit->scratch = check_scratch_new();
	audit->link = options->oracle || !options->store ? NULL : store_link_new(options->store);
	audit->reigns = g_ptr_array_new_with_free_func(reign_free);
	audit->identities = g_hash_table_new(text_hash, g_str_equal);
	audit->identity_list = g_ptr_array_new();
	audit->shelf = shelf_new();
	audit->kept_verdicts = g_ptr_array_new_with_free_func((GDestroyNotify)verdict_free);
	audit->changes = g_array_new(FALSE, FALSE, sizeof(struct gathered_change));
	audit->blobs_seen = g_hash_table_new(looked_at_hash, looked_at_same);
	audit->paths_seen = g_hash_table_new(text_hash, g_str_equal);
	if (!options->laws) {
		audit->reign = reign_new(audit, NULL);
		reign_begin(audit->reign);
	}
}

void audit_tables_release(struct audit *audit)
{
	g_hash_table_destroy(audit->identities);
	g_ptr_array_free(audit->identity_list, TRUE);
	shelf_free(audit->shelf);
	g_hash_table_destroy(audit->blobs_seen);
	g_hash_table_destroy(audit->paths_seen);
	g_ptr_array_free(audit->kept_verdicts, TRUE);
	g_array_free(audit->changes, TRUE);
	g_free(audit->change_start);
	if (audit->broken_laws)
		g_hash_table_destroy(audit->broken_laws);
	g_free(audit->own);
	g_free(audit->of);
	g_free(audit->broken);
	gate_past_free(audit->past);
	audit_gather_end(audit);
	g_ptr_array_free(audit->reigns, TRUE);
	check_scratch_free(audit->scratch);
	store_link_free(audit->link);
	history_release(&audit->history);
	arena_release(&audit->arena);
}

/* --- places */

struct place *audit_place(struct reign *reign, const char *full_path, size_t len)
{
	size_t base_len = strlen(reign->base);
	struct place *place;
	char *key = g_strndup(full_path, len);

	if (g_hash_table_lookup_extended(reign->places, key, NULL, (gpointer *)&place)) {
		g_free(key);
		return place;
	}
	const char *path = arena_dup(&reign->arena, full_path, len);
	bool is_inside = len > base_len && !memcmp(path, reign->base, base_len);
	const struct document_entry *entry =
		is_inside ? ruleset_entry(reign->ruleset, path + base_len) : NULL;

	g_free(key);
	place = NULL;
	if (entry) {
		place = arena_new(&reign->arena, struct place);
		place->reign = reign;
		place->number = reign->place_list->len;
		place->path = path + base_len;
		place->full_path = path;
		place->entry = entry;
		g_ptr_array_add(reign->place_list, place);
	}
	g_hash_table_insert(reign->places, (gpointer)path, place);
	return place;
}

struct place *audit_place_under(struct reign *reign, const struct place *place)
{
	if (!place || place->reign == reign)
		return (struct place *)place;
	return audit_place(reign, place->full_path, strlen(place->full_path));
}

uint32_t audit_identity(struct audit *audit, const char *text)
{
	uint32_t number = GPOINTER_TO_UINT(g_hash_table_lookup(audit->identities, text));

	if (number)
		return number - 1;
	char *copy = arena_strdup(&audit->arena, text);

	g_ptr_array_add(audit->identity_list, copy);
	g_hash_table_insert(audit->identities, copy, GUINT_TO_POINTER(audit->identity_list->len));
	return audit->identity_list->len - 1;
}
