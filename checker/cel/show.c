/*
 * Values as an explanation shows them: as literals, cut where they are long, and two of a
 * comparison so that the eye finds where they differ. No words are made here, so they read the same
 * in every language.
 */
#include "cel/program.h"

enum { SHOWN_MAX = 120 };

/* A text cut where it is long, between two characters. */
struct slice cel_show_cut(struct arena *scratch, struct slice text)
{
	size_t len = SHOWN_MAX;

	if (text.len <= SHOWN_MAX)
		return text;
	while (len && ((unsigned char)text.data[len] & 0xC0) == 0x80)
		len--;
	return slice_of(arena_printf(scratch, "%.*s…", (int)len, text.data));
}

/* A value as a literal, cut where it is long; of a fault, whose words have a language, "-". */
void cel_show_value(GString *out, const struct cel_value *value, struct arena *scratch)
{
	struct slice text = value->kind == CEL_ERROR
				    ? SLICE("-")
				    : cel_show_cut(scratch,
						   cel_value_text(scratch, value, CEL_LITERAL));

	g_string_append_len(out, text.data, (gssize)text.len);
}

/* How many bytes two texts share at their start, whole characters only. */
static size_t same_start(struct slice a, struct slice b)
{
	size_t same = 0;

	while (same < a.len && same < b.len && a.data[same] == b.data[same])
		same++;
	while (same && ((same < a.len && ((unsigned char)a.data[same] & 0xC0) == 0x80) ||
			(same < b.len && ((unsigned char)b.data[same] & 0xC0) == 0x80)))
		same--;
	return same;
}

static size_t same_end(struct slice a, struct slice b, size_t start)
{
	size_t same = 0;

	while (same < a.len - start && same < b.len - start &&
	       a.data[a.len - 1 - same] == b.data[b.len - 1 - same])
		same++;
	while (same && ((unsigned char)a.data[a.len - same] & 0xC0) == 0x80)
		same--;
	return same;
}

static void append_marked(GString *out, struct slice text, size_t start, size_t end)
{
	g_string_append_c(out, '"');
	g_string_append_len(out, text.data, (gssize)start);
	g_string_append(out, "[");
	g_string_append_len(out, text.data + start, (gssize)(text.len - start - end));
	g_string_append(out, "]");
	g_string_append_len(out, text.data + text.len - end, (gssize)end);
	g_string_append_c(out, '"');
}

/* Two texts that are nearly the same: where they part stands in brackets. */
static bool append_difference(GString *out, const struct cel_value *args)
{
	struct slice a = args[0].string, b = args[1].string;
	size_t start, end;

	if (args[0].kind != CEL_STRING || args[1].kind != CEL_STRING || slice_equal(a, b) ||
	    a.len > SHOWN_MAX || b.len > SHOWN_MAX)
		return false;
	start = same_start(a, b);
	end = same_end(a, b, start);
	if ((start + end) * 2 < MAX(a.len, b.len))
		return false;
	append_marked(out, a, start, end);
	g_string_append(out, " == ");
	append_marked(out, b, start, end);
	return true;
}

/* The item of a list that is nearest to a text, or -1. */
static ptrdiff_t nearest_item(struct slice text, const struct cel_value *list,
			      struct cel_value *out, struct arena *scratch)
{
	struct slice *texts = arena_array(scratch, cel_size(list), sizeof(*texts));
	struct cel_walk walk = {0};
	size_t count = 0;
	ptrdiff_t nearest;

	while (cel_next(list, &walk)) {
		const struct cel_value *item = list->kind == CEL_MAP ? &walk.key : &walk.value;

		if (item->kind == CEL_STRING)
			texts[count++] = item->string;
	}
	nearest = text_nearest(text, texts, count);
	if (nearest >= 0)
		*out = cel_of_string(texts[nearest]);
	return nearest;
}

/* "x" in […, "xy", …] */
static bool append_nearest(GString *out, const struct cel_value *args, struct arena *scratch)
{
	struct cel_value near;

	if (args[0].kind != CEL_STRING || (args[1].kind != CEL_LIST && args[1].kind != CEL_MAP) ||
	    cel_size(&args[1]) < 4 || nearest_item(args[0].string, &args[1], &near, scratch) < 0)
		return false;
	cel_show_value(out, &args[0], scratch);
	g_string_append(out, " in […, ");
	cel_show_value(out, &near, scratch);
	g_string_append(out, ", …]");
	return true;
}

static const char *sign_of(enum expr_op op)
{
	switch ((int)op) {
	case OP_EQUAL:
		return "==";
	case OP_NOT_EQUAL:
		return "!=";
	case OP_LESS:
		return "<";
	case OP_LESS_EQUAL:
		return "<=";
	case OP_GREATER:
		return ">";
	case OP_GREATER_EQUAL:
		return ">=";
	case OP_IN:
		return "in";
	}
	return NULL;
}

void cel_show_comparison(GString *out, enum expr_op op, const struct cel_value args[2],
			 struct arena *scratch)
{
	if ((op == OP_EQUAL && append_difference(out, args)) ||
	    (op == OP_IN && append_nearest(out, args, scratch)))
		return;
	cel_show_value(out, &args[0], scratch);
	g_string_append_printf(out, " %s ", sign_of(op));
	cel_show_value(out, &args[1], scratch);
}
