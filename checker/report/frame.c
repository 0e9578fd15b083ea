/*
 * Code frames. A frame is made in three steps: collect the places that stand in one file and sort
 * them by line; render each line (of a very long one what is near the place) to cells, one a
 * display column, so that tabs, wide characters and escapes keep the caret where it belongs; cut a
 * window around the place from what is too long for a reader.
 *
 * Where a file has several places, the line above each that encloses it is shown too, when it is
 * near: two values mean more under `dates:` and `period:`.
 */
#include "report/frame.h"

#include "report/format.h"

#include <string.h>

enum {
	LINE_COLUMNS = 100, /* of a source line that are shown */
	REACH = 2000,       /* bytes before and behind a place that are rendered */
	TAB_COLUMNS = 8,
	PARENT_REACH = 3, /* lines above a place in which its enclosing line is shown */
	GUTTER = 5,       /* columns of the line number */
};

static const struct paint plain = {"", "", "", "", "", "", "", ""};
static const struct paint colored = {
	.error = "\033[1;31m",
	.warning = "\033[1;33m",
	.info = "\033[1;36m",
	.place = "\033[1m",
	.gutter = "\033[34m",
	.good = "\033[32m",
	.related = "\033[36m",
	.off = "\033[0m",
};

const struct paint *paint_for(bool color)
{
	return color ? &colored : &plain;
}

const char *paint_of_severity(const struct paint *paint, enum severity severity)
{
	switch (severity) {
	case SEVERITY_ERROR:
		return paint->error;
	case SEVERITY_WARNING:
		return paint->warning;
	case SEVERITY_INFO:
	case SEVERITY_OFF:
		return paint->info;
	}
	g_assert_not_reached();
}

/* A place of the finding in one file. */
struct place {
	struct source *source;
	struct span span;
	const struct phrase *label;
	uint32_t line;
	bool is_main;
	bool is_done; /* stands in a frame already */
};

/* A source line, or what is near a place on it, as it is shown. */
struct rendered {
	size_t from; /* the first byte of the line that is rendered */
	size_t len;  /* how many are */
	bool is_cut_before, is_cut_behind;
	GString *text;   /* what is printed, for cell 0 on */
	GArray *cells;   /* size_t: offset in `text` of each display column, and of the end */
	size_t *columns; /* display column of each byte that is rendered, and of their end */
};

/* Appends what is shown for the character at `data` and returns its length in bytes. */
static size_t render_character(struct rendered *line, struct slice text, size_t at)
{
	uint32_t code_point = 0;
	size_t len = text_decode(text.data + at, text.len - at, &code_point);
	size_t start = line->text->len;
	size_t width;

	if (!len)
		len = 1;
	if (text.data[at] == '\t') {
		width = TAB_COLUMNS - line->cells->len % TAB_COLUMNS;
		g_string_append_printf(line->text, "%*s", (int)width, "");
	} else {
		text_append_visible(line->text, text.data + at, len);
		width = line->text->len - start;
		/* Shown as it is: as wide as a terminal draws it. */
		if (width == len && code_point >= 0x80)
			width = g_unichar_iszerowidth(code_point) ? 0
				: g_unichar_iswide(code_point)    ? 2
								  : 1;
	}
	for (size_t i = 0; i < width; i++) {
		bool each = line->text->len - start == width;
		size_t offset = each ? start + i : i ? line->text->len : start;

		g_array_append_val(line->cells, offset);
	}
	return len;
}

static bool is_inside_character(struct slice text, size_t at)
{
	return at < text.len && ((unsigned char)text.data[at] & 0xc0) == 0x80;
}

/* The bytes of a line around a place, whole characters. */
static struct slice near_place(struct rendered *line, struct slice text, size_t at)
{
	size_t from = at > REACH ? at - REACH : 0;
	size_t to = MIN(text.len, at + REACH);

	for (int i = 0; i < 3 && from && is_inside_character(text, from); i++)
		from--;
	for (int i = 0; i < 3 && is_inside_character(text, to); i++)
		to++;
	line->from = from;
	line->is_cut_before = from > 0;
	line->is_cut_behind = to < text.len;
	return (struct slice){text.data + from, to - from};
}

static void render(struct rendered *line, struct slice whole, size_t at)
{
	struct slice text = near_place(line, whole, at);

	line->len = text.len;
	line->text = g_string_new(NULL);
	line->cells = g_array_new(FALSE, FALSE, sizeof(size_t));
	line->columns = g_new(size_t, text.len + 1);
	for (size_t i = 0; i < text.len;) {
		size_t column = line->cells->len;
		size_t len = render_character(line, text, i);

		for (size_t end = i + len; i < end; i++)
			line->columns[i] = column;
	}
	line->columns[text.len] = line->cells->len;
}

static void rendered_release(struct rendered *line)
{
	g_string_free(line->text, TRUE);
	g_array_free(line->cells, TRUE);
	g_free(line->columns);
}

size_t frame_width(struct slice text)
{
	struct rendered line;
	size_t width = 0;

	for (size_t from = 0; from < text.len; from += line.len) {
		render(&line, (struct slice){text.data + from, text.len - from}, 0);
		width += line.cells->len;
		rendered_release(&line);
	}
	return width;
}

/* The display column of a byte of the line; of one that is not rendered the nearest. */
static size_t column_of(const struct rendered *line, size_t at)
{
	return line->columns[CLAMP(at, line->from, line->from + line->len) - line->from];
}

static size_t cell_offset(const struct rendered *line, size_t column)
{
	return column < line->cells->len ? g_array_index(line->cells, size_t, column)
					 : line->text->len;
}

/* The display columns [from, to) of a line that are shown. */
struct window {
	size_t from, to;
};

/* All of a short line; of a long one the part around the place, most of it before the end. */
static struct window window_around(const struct rendered *line, size_t column)
{
	size_t width = line->cells->len;
	struct window window = {0, width};

	if (width <= LINE_COLUMNS)
		return window;
	window.from = column > LINE_COLUMNS / 2 ? column - LINE_COLUMNS / 2 : 0;
	if (window.from + LINE_COLUMNS > width)
		window.from = width - LINE_COLUMNS;
	window.to = window.from + LINE_COLUMNS;
	return window;
}

static void append_gutter(GString *out, uint32_t number, const struct paint *paint)
{
	g_string_append(out, paint->gutter);
	if (number)
		g_string_append_printf(out, "%*u |", GUTTER, number);
	else
		g_string_append_printf(out, "%*s |", GUTTER, "");
	g_string_append(out, paint->off);
}

static void append_line(GString *out, uint32_t number, const struct rendered *line,
			struct window window, const struct paint *paint)
{
	size_t from = cell_offset(line, window.from);
	size_t to = cell_offset(line, window.to);

	append_gutter(out, number, paint);
	g_string_append_c(out, ' ');
	if (window.from || line->is_cut_before)
		g_string_append(out, "…");
	g_string_append_len(out, line->text->str + from, (gssize)(to - from));
	if (window.to < line->cells->len || line->is_cut_behind)
		g_string_append(out, "…");
	while (out->str[out->len - 1] == ' ')
		g_string_truncate(out, out->len - 1);
	g_string_append_c(out, '\n');
}

/* The bytes of the place within its line: from its start to its end or the line's. */
static struct span span_in_line(const struct place *place, struct slice line)
{
	uint32_t base = (uint32_t)(line.data - place->source->data);
	uint32_t start = MIN(place->span.start - base, (uint32_t)line.len);
	uint32_t end = MIN(MAX(place->span.end, place->span.start) - base, (uint32_t)line.len);

	while (end > start && (line.data[end - 1] == ' ' || line.data[end - 1] == '\t'))
		end--;
	return (struct span){start, MAX(start, end)};
}

static void append_marks(GString *out, const struct place *place, const struct rendered *line,
			 struct span span, struct window window, enum severity severity,
			 enum language language, const struct paint *paint)
{
	size_t from = CLAMP(column_of(line, span.start), window.from, window.to);
	size_t to = CLAMP(column_of(line, span.end), window.from, window.to);
	size_t count = to > from ? to - from : 1;
	size_t dots = window.from || line->is_cut_before ? 1 : 0;

	append_gutter(out, 0, paint);
	g_string_append_printf(out, "%*s%s", (int)(1 + dots + from - window.from), "",
			       place->is_main ? paint_of_severity(paint, severity)
					      : paint->related);
	for (size_t i = 0; i < count; i++)
		g_string_append_c(out, place->is_main ? '^' : '-');
	if (!phrase_is_empty(place->label)) {
		g_string_append_c(out, ' ');
		report_append_phrase(out, place->label, language);
	}
	g_string_append_printf(out, "%s\n", paint->off);
}

/* How far a line's first character is indented, or -1 for a line without text. */
static ptrdiff_t indentation(struct slice line)
{
	size_t i = 0;

	while (i < line.len && line.data[i] == ' ')
		i++;
	return i == line.len || line.data[i] == '#' ? -1 : (ptrdiff_t)i;
}

/* The line that encloses a place's line, where it is near; 0: none. */
static uint32_t parent_line(const struct place *place)
{
	ptrdiff_t own = indentation(source_line(place->source, place->line));

	for (uint32_t i = 1; own > 0 && i <= PARENT_REACH && i < place->line; i++) {
		struct slice line = source_line(place->source, place->line - i);
		ptrdiff_t indent = indentation(line);

		if (indent >= 0 && indent < own)
			return line.len && line.data[line.len - 1] == ':' ? place->line - i : 0;
	}
	return 0;
}

static int by_position(const void *a, const void *b)
{
	const struct place *first = *(struct place *const *)a;
	const struct place *second = *(struct place *const *)b;

	if (first->line != second->line)
		return first->line < second->line ? -1 : 1;
	if (first->is_main != second->is_main)
		return first->is_main ? -1 : 1;
	return first->span.start < second->span.start ? -1 : first->span.start > second->span.start;
}

static void append_plain_line(GString *out, struct source *source, uint32_t number,
			      const struct paint *paint)
{
	struct rendered line;

	render(&line, source_line(source, number), 0);
	append_line(out, number, &line, window_around(&line, 0), paint);
	rendered_release(&line);
}

/* All places of one line: the line, then a line of marks for each. Returns how many there are. */
static guint append_places(GString *out, GPtrArray *places, guint first, enum severity severity,
			   enum language language, const struct paint *paint)
{
	const struct place *place = g_ptr_array_index(places, first);
	struct slice text = source_line(place->source, place->line);
	struct rendered line;
	struct window window;
	guint i = first;

	render(&line, text, span_in_line(place, text).start);
	window = window_around(&line, column_of(&line, span_in_line(place, text).start));
	append_line(out, place->line, &line, window, paint);
	for (; i < places->len; i++) {
		const struct place *next = g_ptr_array_index(places, i);

		if (next->line != place->line)
			break;
		append_marks(out, next, &line, span_in_line(next, text), window, severity, language,
			     paint);
	}
	rendered_release(&line);
	return i - first;
}

static void append_frame(GString *out, GPtrArray *places, const struct finding *finding,
			 enum language language, const struct paint *paint)
{
	uint32_t shown = 0;

	g_ptr_array_sort(places, by_position);
	for (guint i = 0; i < places->len;) {
		const struct place *place = g_ptr_array_index(places, i);
		uint32_t parent = places->len > 1 ? parent_line(place) : 0;

		if (parent > shown)
			append_plain_line(out, place->source, parent, paint);
		shown = place->line;
		i += append_places(out, places, i, finding->severity, language, paint);
	}
}

/* The places of the same file as `of` that stand in no frame yet, taken out of `all`. */
static GPtrArray *take_file(struct place *all, size_t count, const struct source *of)
{
	GPtrArray *places = g_ptr_array_new();

	for (size_t i = 0; i < count; i++) {
		if (all[i].source != of && strcmp(all[i].source->path, of->path) != 0)
			continue;
		if (all[i].is_done)
			continue;
		all[i].is_done = true;
		g_ptr_array_add(places, &all[i]);
	}
	return places;
}

static struct place place_of(struct source *source, struct span span, const struct phrase *label,
			     bool is_main)
{
	uint32_t start = MIN(span.start, (uint32_t)source->size);

	return (struct place){source,  {start, MIN(span.end, (uint32_t)source->size)},
			      label,   source_position(source, start).line,
			      is_main, false};
}

void frame_append(GString *out, const struct finding *finding, enum language language,
		  const struct paint *paint)
{
	struct place *all = g_new(struct place, finding->related_count + 1);
	size_t count = 0;

	if (finding->source && finding->source->size)
		all[count++] = place_of(finding->source, finding->span, &finding->label, true);
	for (size_t i = 0; i < finding->related_count; i++) {
		const struct related *related = &finding->related[i];

		if (related->source && related->source->size)
			all[count++] = place_of(related->source, related->span, &related->label,
						false);
	}
	for (size_t i = 0; i < count; i++) {
		if (all[i].is_done)
			continue;
		if (all[i].source != finding->source) {
			g_string_append_printf(out, "%*s%s", GUTTER + 1, "", paint->place);
			text_append_visible(out, all[i].source->path, strlen(all[i].source->path));
			g_string_append_printf(out, ":%u:%s\n", all[i].line, paint->off);
		}
		GPtrArray *places = take_file(all, count, all[i].source);

		append_frame(out, places, finding, language, paint);
		g_ptr_array_free(places, TRUE);
	}
	g_free(all);
}
