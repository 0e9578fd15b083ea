/*
 * The gaps between YAML's tokens: blanks, line breaks, indicators and comments. libfyaml gives the
 * places of tokens only (its comments leak and are attached wrongly, RELIABILITY.md 1.3), so
 * comments are found here, where nothing else can be taken for one. What a value is indented by is
 * seen here, too.
 */
#include "document/yaml_tree.h"
#include "source/message.h"

#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* c-nb-comment-text ::= "#" nb-char* after a blank or at the start of a line (YAML 1.2.2 6.6) */
static bool is_comment(const struct yaml_tree *tree, uint32_t at)
{
	return tree->data[at] == '#' &&
	       (at == 0 || is_blank(tree->data[at - 1]) || at == bytes_mark(tree->reader->source));
}

static uint32_t comment_end(const struct yaml_tree *tree, uint32_t at)
{
	while (at < tree->size && tree->data[at] != '\n')
		at++;
	return at && tree->data[at - 1] == '\r' ? at - 1 : at;
}

static void add_comment(struct yaml_tree *tree, struct span span)
{
	if (!tree->reader->comments)
		tree->reader->comments = g_array_new(FALSE, FALSE, sizeof(struct span));
	g_array_append_val(tree->reader->comments, span);
}

/* The next `#` at or behind `at`, or the size. */
static uint32_t find_hash(const struct yaml_tree *tree, uint32_t at)
{
	const char *found = at < tree->size ? memchr(tree->data + at, '#', tree->size - at) : NULL;

	return found ? (uint32_t)(found - tree->data) : tree->size;
}

void yaml_gap_advance(struct yaml_tree *tree, uint32_t to)
{
	if (tree->next_hash < tree->cursor)
		tree->next_hash = find_hash(tree, tree->cursor);
	while (tree->next_hash < to) {
		struct span span = {tree->next_hash, tree->next_hash + 1};

		if (is_comment(tree, span.start)) {
			span.end = MAX(MIN(comment_end(tree, span.start), to), span.end);
			add_comment(tree, span);
		}
		tree->next_hash = find_hash(tree, span.end);
	}
	tree->cursor = MAX(tree->cursor, to);
}

uint32_t yaml_gap_next(const struct yaml_tree *tree, uint32_t at)
{
	while (at < tree->size && (is_blank(tree->data[at]) || is_comment(tree, at)))
		at = is_comment(tree, at) ? MAX(comment_end(tree, at), at + 1) : at + 1;
	return at;
}

uint32_t yaml_gap_header(const struct yaml_tree *tree, uint32_t content, char indicator)
{
	for (uint32_t at = yaml_gap_next(tree, tree->cursor); at < content;
	     at = yaml_gap_next(tree, at + 1))
		if (tree->data[at] == indicator)
			return at;
	return content;
}

/* Whether what stands at a place is the first on its line and indented no more than what it is in.
 */
static bool is_shallow(const struct yaml_tree *tree, uint32_t at)
{
	const struct yaml_frame *frame = tree->depth ? &tree->frames[tree->depth - 1] : NULL;
	uint32_t line = at;

	if (!frame || frame->is_flow)
		return false;
	while (line > 0 && tree->data[line - 1] == ' ')
		line--;
	return (line == 0 || tree->data[line - 1] == '\n' || tree->data[line - 1] == '\r') &&
	       at - line <= frame->column;
}

static bool check(struct yaml_tree *tree, uint32_t at, enum message message)
{
	const char *end;

	if (!is_shallow(tree, at))
		return true;
	end = memchr(tree->data + at, '\n', tree->size - at);
	return reader_fail(tree->reader, FINDING_YAML_SYNTAX,
			   (struct span){at, end ? (uint32_t)(end - tree->data) : tree->size},
			   phrase_make(tree->reader->arena, message, 0));
}

bool yaml_gap_check_indent(struct yaml_tree *tree, uint32_t at)
{
	return check(tree, at, MESSAGE_YAML_INDENT);
}

bool yaml_gap_check_text(struct yaml_tree *tree, struct span span)
{
	while (span.start < span.end && is_blank(tree->data[span.start]))
		span.start++;
	return span.start == span.end || check(tree, span.start, MESSAGE_YAML_BLOCK_HEADER);
}

uint32_t yaml_gap_trimmed_end(const struct yaml_tree *tree, struct span span)
{
	while (span.end > span.start && is_blank(tree->data[span.end - 1]))
		span.end--;
	return span.end;
}
