/*
 * The line table of a source. It is made at the first question, because most files have no
 * findings and nobody asks. UTF-16 and code-point columns are counted from the line's start, or on
 * from the last place that was asked for: findings come in order, and a line may be the whole file.
 */
#include "source/source.h"

#include <string.h>

static const char byte_order_mark[] = "\xef\xbb\xbf";

void source_init(struct source *source, const char *path, const char *data, size_t size)
{
	*source = (struct source){.path = path, .data = data, .size = size};
}

void source_release(struct source *source)
{
	g_free(source->lines);
	source->lines = NULL;
	source->line_count = 0;
}

static void find_lines(struct source *source)
{
	GArray *lines = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	const char *data = source->data;
	uint32_t start = 0;

	g_array_append_val(lines, start);
	for (size_t i = 0; i < source->size; i++) {
		const char *end = memchr(data + i, '\n', source->size - i);

		if (!end)
			break;
		i = (size_t)(end - data);
		start = (uint32_t)i + 1;
		g_array_append_val(lines, start);
	}
	source->line_count = lines->len;
	source->lines = (uint32_t *)(void *)g_array_free(lines, FALSE);
}

/* The 0-based line that holds an offset. */
static uint32_t line_of(struct source *source, uint32_t offset)
{
	uint32_t low = 0, high;

	if (!source->lines)
		find_lines(source);
	high = source->line_count - 1;
	while (low < high) {
		uint32_t middle = low + (high - low + 1) / 2;

		if (source->lines[middle] <= offset)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

static size_t mark_length(const struct source *source)
{
	return source->size >= 3 && !memcmp(source->data, byte_order_mark, 3) ? 3 : 0;
}

/*
 * Counts what stands between the start of a line, or the last position on it, and an offset. Not on
 * from the middle of a character, so that the order of questions does not matter.
 */
static void count_to(struct source *source, uint32_t line, uint32_t start, uint32_t offset)
{
	if (source->last.line != line || source->last.offset > offset ||
	    (source->last.offset < source->size &&
	     ((unsigned char)source->data[source->last.offset] & 0xc0) == 0x80)) {
		source->last.line = line;
		source->last.offset = start;
		source->last.code_points = source->last.utf16 = 0;
	}
	const char *data = source->data + source->last.offset;
	size_t len = offset - source->last.offset;

	source->last.offset = offset;
	if (!len)
		return;
	source->last.code_points += (uint32_t)text_code_points(data, len);
	source->last.utf16 += (uint32_t)text_utf16_units(data, len);
}

struct position source_position(struct source *source, uint32_t offset)
{
	struct position position;
	uint32_t line, start;

	if (offset > source->size)
		offset = (uint32_t)source->size;
	line = line_of(source, offset);
	start = source->lines[line];
	if (line == 0 && start < mark_length(source))
		start = MIN(offset, 3);
	if (offset > start)
		count_to(source, line + 1, start, offset);
	position.line = line + 1;
	position.column_bytes = offset - start + 1;
	position.column_code_points = offset > start ? source->last.code_points + 1 : 1;
	position.column_utf16 = offset > start ? source->last.utf16 + 1 : 1;
	return position;
}

struct slice source_line(struct source *source, uint32_t line)
{
	uint32_t start, end;

	if (!source->lines)
		find_lines(source);
	if (line < 1 || line > source->line_count)
		return (struct slice){"", 0};
	start = source->lines[line - 1];
	end = line < source->line_count ? source->lines[line] : (uint32_t)source->size;
	if (line == 1)
		start += (uint32_t)mark_length(source);
	if (end > start && source->data[end - 1] == '\n')
		end--;
	if (end > start && source->data[end - 1] == '\r')
		end--;
	return (struct slice){source->data ? source->data + start : "", end - start};
}
