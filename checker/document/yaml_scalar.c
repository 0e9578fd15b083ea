/*
 * From the bytes of a scalar to its text, and back from a byte of the text to where it stands. Both
 * are one walk through the source that emits pieces; the one keeps them, the other stops at the
 * piece that holds the wanted byte. libfyaml can do the first, but not the second, slowly where
 * lines are blank, and not from the worker's offsets.
 *
 * Flow scalars (plain and quoted) are YAML 1.2.2 7.3, their folding 6.5; block scalars are 8.1.
 * That the syntax is right is the parser's part; here wrong syntax only must not lead out of the
 * source.
 */
#include "document/yaml.h"

#include <string.h>

struct walk {
	const struct yaml_scalar *scalar;
	const char *at, *end; /* in the source */
	char *out;            /* NULL: only looking for an offset */
	size_t len;           /* of the text so far */
	size_t wanted;        /* the byte of the text looked for */
	const char *found;    /* where it stands */
	const char *fault;    /* an escape that is no character */
};

/* `len` bytes of text that stand at `from`; of what is not there as it is, the place is the first.
 */
static void emit(struct walk *walk, const char *text, size_t len, const char *from)
{
	if (walk->out)
		memcpy(walk->out + walk->len, text, len);
	else if (!walk->found && walk->wanted < walk->len + len)
		walk->found = text == from ? from + (walk->wanted - walk->len) : from;
	walk->len += len;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && is_blank(*at))
		at++;
	return at;
}

/* The length of the line break at `at`, or 0. */
static size_t break_length(const char *at, const char *end)
{
	if (at == end)
		return 0;
	if (*at == '\n')
		return 1;
	return *at == '\r' && end - at > 1 && at[1] == '\n' ? 2 : 0;
}

/*
 * b-l-folded ::= b-l-trimmed | b-as-space (6.5): one break is a space, of more the first is
 * nothing. Moves behind the indentation of the next line that has content.
 */
static void fold_breaks(struct walk *walk)
{
	const char *first = walk->at;
	size_t length = break_length(first, walk->end);
	bool trimmed = false;

	walk->at = skip_blanks(walk->at + length, walk->end);
	while ((length = break_length(walk->at, walk->end))) {
		emit(walk, "\n", 1, walk->at);
		trimmed = true;
		walk->at = skip_blanks(walk->at + length, walk->end);
	}
	if (!trimmed)
		emit(walk, " ", 1, first);
}

/* s-double-escaped: nothing for the break itself, one for each empty line behind it (7.3.1). */
static void escape_break(struct walk *walk)
{
	size_t length = break_length(walk->at + 1, walk->end);

	walk->at = skip_blanks(walk->at + 1 + length, walk->end);
	while ((length = break_length(walk->at, walk->end))) {
		emit(walk, "\n", 1, walk->at);
		walk->at = skip_blanks(walk->at + length, walk->end);
	}
}

/* `count` hexadecimal digits, or -1. */
static int64_t read_hex(const char *at, const char *end, int count)
{
	int64_t value = 0;

	if (end - at < count)
		return -1;
	for (int i = 0; i < count; i++) {
		int digit = g_ascii_xdigit_value(at[i]);

		if (digit < 0)
			return -1;
		value = value << 4 | digit;
	}
	return value;
}

/* \xXX \uXXXX \UXXXXXXXX; JSON's pairs of surrogates count as one character. */
static void escape_code(struct walk *walk, int digits)
{
	const char *from = walk->at;
	int64_t value = read_hex(from + 2, walk->end, digits);
	char text[4];

	walk->at += MIN(2 + digits, walk->end - from);
	if (value >= 0xd800 && value < 0xdc00 && walk->end - walk->at >= 6 && walk->at[0] == '\\' &&
	    walk->at[1] == 'u') {
		int64_t low = read_hex(walk->at + 2, walk->end, 4);

		if (low >= 0xdc00 && low <= 0xdfff) {
			value = 0x10000 + ((value & 0x3ff) << 10 | (low & 0x3ff));
			walk->at += 6;
		}
	}
	if (value < 0 || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
		walk->fault = walk->fault ? walk->fault : from;
		return;
	}
	emit(walk, text, text_encode((uint32_t)value, text), from);
}

/* c-ns-esc-char (5.7) */
static void read_escape(struct walk *walk)
{
	static const char names[] = "0abt\tnvfre \"/\\";
	static const char values[] = "\0\a\b\t\t\n\v\f\r\x1b \"/\\";
	static const struct {
		char name;
		const char *text;
	} wide[] = {
		{'N', "\xc2\x85"}, {'_', "\xc2\xa0"}, {'L', "\xe2\x80\xa8"}, {'P', "\xe2\x80\xa9"}};
	const char *from = walk->at;
	char name = walk->end - from > 1 ? from[1] : '\0';
	const char *simple = name ? strchr(names, name) : NULL;

	if (break_length(from + 1, walk->end)) {
		escape_break(walk);
		return;
	}
	if (name == 'x' || name == 'u' || name == 'U') {
		escape_code(walk, name == 'x' ? 2 : name == 'u' ? 4 : 8);
		return;
	}
	walk->at += MIN(2, walk->end - from);
	if (simple) {
		emit(walk, values + (simple - names), 1, from);
		return;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(wide); i++) {
		if (wide[i].name == name) {
			emit(walk, wide[i].text, strlen(wide[i].text), from);
			return;
		}
	}
	walk->fault = walk->fault ? walk->fault : from;
}

/* Blanks are text unless a line break follows. */
static void read_blanks(struct walk *walk)
{
	const char *from = walk->at;

	walk->at = skip_blanks(from, walk->end);
	if (!break_length(walk->at, walk->end))
		emit(walk, from, (size_t)(walk->at - from), from);
}

static bool is_special(const struct walk *walk, char c)
{
	return is_blank(c) || c == '\n' || c == '\r' ||
	       (walk->scalar->style == YAML_DOUBLE && c == '\\') ||
	       (walk->scalar->style == YAML_SINGLE && c == '\'');
}

static void walk_flow(struct walk *walk)
{
	while (walk->at < walk->end) {
		const char *from = walk->at;

		if (is_blank(*from)) {
			read_blanks(walk);
		} else if (break_length(from, walk->end)) {
			fold_breaks(walk);
		} else if (*from == '\\' && walk->scalar->style == YAML_DOUBLE) {
			read_escape(walk);
		} else if (*from == '\'' && walk->scalar->style == YAML_SINGLE) {
			emit(walk, from, 1, from); /* c-quoted-quote ::= "''" */
			walk->at += MIN(2, walk->end - from);
		} else {
			do
				walk->at++;
			while (walk->at < walk->end && !is_special(walk, *walk->at));
			emit(walk, from, (size_t)(walk->at - from), from);
		}
	}
}

/* What stands behind `|` or `>`. */
struct block_header {
	uint32_t indent; /* 0: to be seen from the content */
	char chomping;   /* '-', '+' or 0 */
};

/* c-b-block-header (8.1.1) */
static struct block_header read_header(const struct walk *walk)
{
	struct block_header header = {0};
	const char *at = walk->scalar->source.data + walk->scalar->header + 1;

	for (; at < walk->at && (g_ascii_isdigit(*at) || *at == '-' || *at == '+'); at++) {
		if (g_ascii_isdigit(*at))
			header.indent = walk->scalar->indent + (uint32_t)(*at - '0');
		else
			header.chomping = *at;
	}
	return header;
}

static const char *line_end(const char *at, const char *end)
{
	const char *found = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;

	return found ? found : end;
}

/* The indentation of the first line with content, else of the longest (8.1.1.1). */
static uint32_t detect_indent(const char *at, const char *end)
{
	uint32_t longest = 0;

	while (at < end) {
		const char *stop = line_end(at, end);
		const char *from = at;
		uint32_t indent;

		while (at < stop && *at == ' ')
			at++;
		indent = (uint32_t)(at - from);
		if (at < stop && !break_length(at, end))
			return indent;
		longest = MAX(longest, indent);
		at = stop + 1;
	}
	return longest;
}

/* Breaks as they are: `count` of them from the one at or behind `at`. */
static void emit_breaks(struct walk *walk, const char *at, size_t count)
{
	while (count--) {
		at = line_end(at, walk->end);
		emit(walk, "\n", 1, at);
		at += at < walk->end;
	}
}

/* A line of a block scalar that has content. */
struct block_line {
	const char *start, *end; /* without indentation and break; start NULL: there was none yet */
	size_t empty;            /* empty lines behind it */
};

/* Between two lines: breaks, or a space where `>` folds them (8.1.3). */
static void join_lines(struct walk *walk, const struct block_line *last, const char *start)
{
	const char *at = last->start ? last->end : walk->at;

	if (!last->start)
		emit_breaks(walk, at, last->empty);
	else if (walk->scalar->style == YAML_LITERAL || is_blank(*last->start) || is_blank(*start))
		emit_breaks(walk, at, last->empty + 1);
	else if (last->empty)
		emit_breaks(walk, line_end(at, walk->end) + 1, last->empty);
	else
		emit(walk, " ", 1, at);
}

/* b-chomped-last, l-chomped-empty (8.1.1.2) */
static void chomp(struct walk *walk, const struct block_line *last, char chomping)
{
	const char *at = last->start ? last->end : walk->at;
	size_t count = last->start != NULL;

	if (chomping == '-')
		return;
	if (chomping == '+')
		count += last->empty;
	emit_breaks(walk, at, count);
}

static const char *source_end(const struct walk *walk)
{
	return walk->scalar->source.data + walk->scalar->source.len;
}

static void walk_block(struct walk *walk)
{
	struct block_header header = read_header(walk);
	uint32_t indent = header.indent ? header.indent : detect_indent(walk->at, walk->end);
	struct block_line last = {0};

	for (const char *at = walk->at; at < walk->end;) {
		const char *stop = line_end(at, walk->end);
		const char *content = at;
		const char *end = stop > at && stop < walk->end && stop[-1] == '\r' ? stop - 1
										    : stop;

		while (content < end && *content == ' ' && (size_t)(content - at) < indent)
			content++;
		if (content == end) {
			/* Else it is the indentation of what follows. */
			last.empty += stop < walk->end || walk->end == source_end(walk);
		} else if ((size_t)(content - at) < indent) {
			break;
		} else {
			join_lines(walk, &last, content);
			emit(walk, content, (size_t)(end - content), content);
			last = (struct block_line){content, end, 0};
		}
		at = stop + 1;
	}
	chomp(walk, &last, header.chomping);
}

static void walk_scalar(struct walk *walk)
{
	const struct yaml_scalar *scalar = walk->scalar;

	walk->at = scalar->source.data + scalar->span.start;
	walk->end = scalar->source.data + scalar->span.end;
	if (scalar->style == YAML_LITERAL || scalar->style == YAML_FOLDED)
		walk_block(walk);
	else
		walk_flow(walk);
}

/* One line without anything to be replaced, as most scalars are. */
static bool is_as_written(const struct yaml_scalar *scalar)
{
	const char *at = scalar->source.data + scalar->span.start;
	size_t size = scalar->span.end - scalar->span.start;
	char escape = scalar->style == YAML_DOUBLE   ? '\\'
		      : scalar->style == YAML_SINGLE ? '\''
						     : '\0';

	if (scalar->style == YAML_LITERAL || scalar->style == YAML_FOLDED)
		return false;
	return !memchr(at, '\n', size) && (!escape || !memchr(at, escape, size));
}

bool yaml_scalar_text(const struct yaml_scalar *scalar, struct arena *arena, struct slice *text,
		      uint32_t *fault)
{
	size_t size = scalar->span.end - scalar->span.start;
	struct walk walk = {.scalar = scalar};

	if (is_as_written(scalar)) {
		*text = (struct slice){scalar->source.data + scalar->span.start, size};
		return true;
	}
	/* \L is two bytes of the source and three of the text; a last line may lack its break. */
	walk.out = arena_alloc_raw(arena, size + size / 2 + 2);
	walk_scalar(&walk);
	*text = (struct slice){walk.out, walk.len};
	if (walk.fault)
		*fault = (uint32_t)(walk.fault - scalar->source.data);
	return !walk.fault;
}

uint32_t yaml_scalar_offset(const struct yaml_scalar *scalar, uint32_t offset)
{
	struct walk walk = {.scalar = scalar, .wanted = offset};
	const char *end = scalar->source.data + scalar->span.end;

	if (is_as_written(scalar))
		return MIN(scalar->span.start + offset, scalar->span.end);
	walk_scalar(&walk);
	return (uint32_t)((walk.found ? walk.found : end) - scalar->source.data);
}
