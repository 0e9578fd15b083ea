/*
 * Documents of two versions of the repository matched: a document keeps its identity when its file
 * moves, if it has a key; else the path is what it is known by. Five rounds over lists in order of
 * path, each taking only what is still free, so that the answer does not depend on luck.
 */
#include "check/audit_match.h"

#include <string.h>

static gint unit_compare(gconstpointer a, gconstpointer b)
{
	const struct unit *x = a, *y = b;
	int order = strcmp(x->place->full_path, y->place->full_path);

	if (order)
		return order;
	if (x->is_gone != y->is_gone)
		return x->is_gone ? 1 : -1;
	return x->version.document < y->version.document   ? -1
	       : x->version.document > y->version.document ? 1
							   : g_strcmp0(x->key, y->key);
}

struct matching_units {
	GArray *old, *new;
	GHashTable *by_key; /* kind and key -> GArray of guint, old ones in order */
};

static struct unit *unit_at(GArray *units, guint i)
{
	return &g_array_index(units, struct unit, i);
}

static void take(struct matching_units *units, guint old, guint new)
{
	unit_at(units->old, old)->is_taken = true;
	unit_at(units->old, old)->twin = new;
	unit_at(units->new, new)->is_taken = true;
	unit_at(units->new, new)->twin = old;
}

static char *key_text(const struct unit *unit)
{
	return g_strconcat(unit->place->entry->kind, "\xff", unit->key, NULL);
}

/* The units of one place in a sorted list: the first, or the length of the list. */
static guint first_at(GArray *units, const struct place *place)
{
	guint low = 0, high = units->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;

		if (strcmp(unit_at(units, middle)->place->full_path, place->full_path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* At the same path and number; `same_key`: with the same key as well. Gone ones: any number. */
static void match_at_path(struct matching_units *units, bool same_key, bool gone)
{
	for (guint n = 0; n < units->new->len; n++) {
		struct unit *new = unit_at(units->new, n);

		for (guint o = first_at(units->old, new->place);
		     !new->is_taken &&o < units->old->len; o++) {
			const struct unit *old = unit_at(units->old, o);

			if (old->place != new->place)
				break;
			if (old->is_taken || old->is_gone != gone ||
			    (!gone && old->version.document != new->version.document) ||
			    (same_key && g_strcmp0(old->key, new->key) != 0))
				continue;
			take(units, o, n);
		}
	}
}

static void index_keys(struct matching_units *units)
{
	for (guint i = 0; i < units->old->len; i++) {
		const struct unit *unit = unit_at(units->old, i);
		GArray *list;
		char *key;

		if (!unit->key)
			continue;
		key = key_text(unit);
		list = g_hash_table_lookup(units->by_key, key);
		if (!list)
			g_hash_table_insert(units->by_key, g_strdup(key),
					    list = g_array_new(FALSE, FALSE, sizeof(guint)));
		g_array_append_val(list, i);
		g_free(key);
	}
}

static void match_by_key(struct matching_units *units, bool same_place, bool gone)
{
	for (guint n = 0; n < units->new->len; n++) {
		const struct unit *new = unit_at(units->new, n);
		char *key = new->key ? key_text(new) : NULL;
		const GArray *list = key ? g_hash_table_lookup(units->by_key, key) : NULL;

		g_free(key);
		for (guint i = 0; list && !new->is_taken &&i < list->len; i++) {
			guint o = g_array_index(list, guint, i);
			const struct unit *old = unit_at(units->old, o);

			if (!old->is_taken && old->is_gone == gone &&
			    (!same_place || old->place == new->place))
				take(units, o, n);
		}
	}
}

void step_match(GArray *old, GArray *new)
{
	struct matching_units units = {old, new, NULL};

	g_array_sort(old, unit_compare);
	g_array_sort(new, unit_compare);
	if (!new->len || !old->len)
		return;
	units.by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					     (GDestroyNotify)g_array_unref);
	match_at_path(&units, true, false);
	index_keys(&units);
	match_by_key(&units, true, false);
	match_by_key(&units, false, false);
	match_by_key(&units, false, true);
	match_at_path(&units, false, false);
	match_at_path(&units, false, true);
	g_hash_table_destroy(units.by_key);
}

/* --- looking for one document */

struct search {
	const struct place *place;
	const char *key;
	const struct piece *best;
	size_t document;
};

static void look(void *context, uint32_t number, uint64_t before, uint64_t after)
{
	struct search *search = context;
	const struct piece *piece = piece_of(after);

	(void)number;
	(void)before;
	if (!piece->is_gone && !piece->verdict->readable)
		piece = piece->shadow;
	if (!piece || piece->is_gone ||
	    (!place_is_at(piece->place, search->place) &&
	     strcmp(piece->place->entry->kind, search->place->entry->kind) != 0))
		return;
	if (search->best && (place_is_at(search->best->place, search->place) ||
			     (!place_is_at(piece->place, search->place) &&
			      strcmp(search->best->place->full_path, piece->place->full_path) < 0)))
		return;
	for (size_t i = 0; i < piece->verdict->document_count; i++)
		if (!g_strcmp0(piece->verdict->documents[i].key, search->key)) {
			search->best = piece;
			search->document = i;
			return;
		}
}

bool find_document(const struct pmap *pieces, const struct place *place, const char *key,
		   const struct piece **piece, size_t *document)
{
	struct search search = {.place = place, .key = key};
	static const struct pmap nothing;

	pmap_difference(&nothing, pieces, look, &search);
	*piece = search.best;
	*document = search.document;
	return search.best != NULL;
}
