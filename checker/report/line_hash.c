/*
 * primaryLocationLineHash (CONVENTIONS, "Fingerprints"): a line is known by the 100 UTF-16 units
 * that follow its start, blanks skipped and every line end read as LF, as the polynomial
 * sum(unit[i] * 37^(99 - i)) in 64 bits; behind the text stand one unit 65535 and zeros. Lines with
 * the same value are numbered.
 *
 * The polynomial of each position follows from that of the one before it (rolling), so a file is
 * gone through once. A unit that enters is multiplied by 37 a hundred times before it leaves again.
 */
#include "report/line_hash.h"

enum { WINDOW = 100, BASE = 37, END_MARK = 65535 };

struct roller {
	uint16_t window[WINDOW]; /* the last units, a ring */
	bool starts[WINDOW];     /* where a line starts with the unit of the same slot */
	size_t slot;             /* the oldest unit, and where the next one goes */
	uint64_t hash;
	uint64_t leaving; /* BASE to the power WINDOW */
	bool at_start;    /* the next unit starts a line */
	GArray *lines;
	GHashTable *counts; /* value -> occurrences */
};

static void emit(struct roller *roller)
{
	gint64 key = (gint64)roller->hash;
	gpointer count = g_hash_table_lookup(roller->counts, &key);
	struct line_hash line = {roller->hash, GPOINTER_TO_UINT(count) + 1};

	g_hash_table_insert(roller->counts, g_memdup2(&key, sizeof(key)),
			    GUINT_TO_POINTER(line.occurrence));
	g_array_append_val(roller->lines, line);
}

/* Moves the window on by one unit; a line whose 100 units are complete is done. */
static void push(struct roller *roller, uint16_t unit, bool starts)
{
	if (roller->starts[roller->slot])
		emit(roller);
	roller->starts[roller->slot] = starts;
	roller->hash = roller->hash * BASE + unit - roller->leaving * roller->window[roller->slot];
	roller->window[roller->slot] = unit;
	roller->slot = (roller->slot + 1) % WINDOW;
}

static void push_unit(struct roller *roller, uint16_t unit)
{
	bool starts = roller->at_start;

	roller->at_start = unit == '\n';
	push(roller, unit, starts);
}

static void push_code_point(struct roller *roller, uint32_t code_point)
{
	if (code_point < 0x10000) {
		push_unit(roller, (uint16_t)code_point);
		return;
	}
	push_unit(roller, (uint16_t)(0xd800 + ((code_point - 0x10000) >> 10)));
	push_unit(roller, (uint16_t)(0xdc00 + ((code_point - 0x10000) & 0x3ff)));
}

GArray *line_hashes(struct slice text)
{
	struct roller roller = {.leaving = 1, .at_start = true};

	for (int i = 0; i < WINDOW; i++)
		roller.leaving *= BASE;
	roller.lines = g_array_new(FALSE, FALSE, sizeof(struct line_hash));
	roller.counts = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	for (size_t i = 0; i < text.len;) {
		uint32_t code_point = 0xfffd;
		size_t len = text_decode(text.data + i, text.len - i, &code_point);

		i += len ? len : 1;
		if (!len)
			code_point = 0xfffd;
		if (code_point == '\r') {
			code_point = '\n';
			if (i < text.len && text.data[i] == '\n')
				i++;
		}
		if (code_point != ' ' && code_point != '\t')
			push_code_point(&roller, code_point);
	}
	push_unit(&roller, END_MARK);
	for (int i = 0; i < WINDOW; i++)
		push(&roller, 0, false);
	g_hash_table_destroy(roller.counts);
	return roller.lines;
}
