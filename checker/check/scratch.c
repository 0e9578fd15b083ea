/*
 * The working memory of one thread, that one blob after another is judged in.
 *
 * It is emptied behind each blob and not given back, so that after a few nothing is asked of the
 * system any more but what verdicts are made of; only what an extraordinary blob made large is.
 */
#include "check/judge.h"

enum { KEPT_MAX = 1 << 16 }; /* elements for which an array keeps its memory */

struct check_scratch *check_scratch_new(void)
{
	struct check_scratch *scratch = g_new0(struct check_scratch, 1);

	scratch->key = g_string_new(NULL);
	scratch->text = g_string_new(NULL);
	scratch->states = g_byte_array_new();
	scratch->findings = g_array_new(FALSE, FALSE, sizeof(struct check_finding));
	scratch->entries = g_array_new(FALSE, FALSE, sizeof(struct index_entry));
	scratch->faulty = g_array_new(FALSE, FALSE, sizeof(struct span));
	scratch->notes = g_array_new(FALSE, FALSE, sizeof(struct node_note));
	scratch->suspects = g_array_new(FALSE, FALSE, sizeof(struct lexical_suspect));
	scratch->copied = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	return scratch;
}

void check_scratch_free(struct check_scratch *scratch)
{
	if (!scratch)
		return;
	arena_release(&scratch->tree);
	arena_release(&scratch->stage);
	arena_release(&scratch->cel);
	arena_release(&scratch->seen_arena);
	g_string_free(scratch->key, TRUE);
	g_string_free(scratch->text, TRUE);
	jsonpath_found_release(&scratch->found);
	g_byte_array_free(scratch->states, TRUE);
	g_array_free(scratch->findings, TRUE);
	g_array_free(scratch->entries, TRUE);
	g_array_free(scratch->faulty, TRUE);
	g_array_free(scratch->notes, TRUE);
	g_array_free(scratch->suspects, TRUE);
	g_array_free(scratch->copied, TRUE);
	g_free(scratch);
}

/* Empties an array, and gives its memory back where that is much. */
static void empty(GArray **array)
{
	if (!(*array)->len)
		return;
	if ((*array)->len > KEPT_MAX) {
		guint size = g_array_get_element_size(*array);

		g_array_free(*array, TRUE);
		*array = g_array_new(FALSE, FALSE, size);
	}
	g_array_set_size(*array, 0);
}

void scratch_empty(struct check_scratch *scratch)
{
	arena_reset(&scratch->tree, (struct arena_mark){0});
	arena_reset(&scratch->stage, (struct arena_mark){0});
	arena_reset(&scratch->cel, (struct arena_mark){0});
	arena_reset(&scratch->seen_arena, (struct arena_mark){0});
	empty(&scratch->findings);
	empty(&scratch->entries);
	empty(&scratch->faulty);
	empty(&scratch->notes);
	empty(&scratch->suspects);
	empty(&scratch->copied);
	if (scratch->found.link_room > KEPT_MAX)
		jsonpath_found_release(&scratch->found);
}
