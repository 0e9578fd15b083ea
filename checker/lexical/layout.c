/*
 * Layout that means something else than it shows: tabs between tokens, line ends of two kinds, a
 * list or the rest of a line that a value swallowed or lost.
 *
 * Tabs and line ends are looked at in YAML in block style only: in JSON and in flow style they mean
 * nothing.
 */
#include "lexical/run.h"

#include <string.h>

/* --- Tabs between tokens */

static void report_tab(const struct lexical_run *run, uint32_t start, uint32_t end)
{
	struct lexical_match match = lexical_match_at(run, NULL, (struct span){start, end});

	match.value = SLICE("\\t");
	lexical_suggest(&match, SLICE(" "));
	match.fix = FIX_SAFE;
	lexical_report(run, &match);
}

/* The tabs of a gap between two tokens, outside of its comments. */
static void check_gap(const struct lexical_run *run, uint32_t start, uint32_t end)
{
	const char *data = run->document->source->data;

	for (uint32_t at = start; at < end; at++) {
		if (data[at] == '#') {
			while (at < end && data[at] != '\n')
				at++;
		} else if (data[at] == '\t') {
			uint32_t first = at;

			while (at + 1 < end && data[at + 1] == '\t')
				at++;
			report_tab(run, first, at + 1);
		}
	}
}

static void pass_token(const struct lexical_run *run, uint32_t *at, struct span token)
{
	if (token.start > *at)
		check_gap(run, *at, token.start);
	*at = MAX(*at, token.end);
}

void lexical_tab(const struct lexical_run *run, const struct doc_node *root)
{
	uint32_t at = run->document->span.start;

	if (!(root->flags & DOC_BLOCK))
		return;
	for (uint32_t i = 0; i < run->document->node_count; i++) {
		const struct doc_node *node = root + i;

		if (node->flags & DOC_COPIED && !(doc_parent(node)->flags & DOC_COPIED)) {
			if (node->key)
				pass_token(run, &at, node->key->span);
			pass_token(run, &at, node->span);
		} else if (!(node->flags & DOC_COPIED)) {
			if (node->key)
				pass_token(run, &at, node->key->span);
			if (node->type != DOC_ARRAY && node->type != DOC_OBJECT)
				pass_token(run, &at, node->span);
		}
	}
	if (at < run->document->span.end)
		check_gap(run, at, run->document->span.end);
}

/* --- Line ends of two kinds */

void lexical_line_endings(const struct lexical_run *run, const struct doc_node *root)
{
	const struct source *source = run->document->source;
	uint32_t count[2] = {0}, first[2] = {0}; /* LF alone, CRLF */
	struct lexical_match match;
	bool rare;

	if (run->document->index > 0 || !(root->flags & DOC_BLOCK))
		return;
	for (uint32_t at = 0; at < source->size; at++) {
		bool windows = at && source->data[at - 1] == '\r';

		if (source->data[at] == '\n' && !count[windows]++)
			first[windows] = at - windows;
	}
	if (!count[0] || !count[1])
		return;
	rare = count[1] < count[0];
	match = lexical_match_at(run, NULL, (struct span){first[rare], first[rare] + 1 + rare});
	match.value = rare ? SLICE("CRLF") : SLICE("LF");
	lexical_report(run, &match);
}

/* --- Values that swallowed or lost something */

/* The end of the line without its line end and the blanks before it. */
static uint32_t text_end(const struct source *source, uint32_t at)
{
	uint32_t end = at;

	while (end < source->size && source->data[end] != '\n')
		end++;
	while (end > at && g_ascii_isspace(source->data[end - 1]))
		end--;
	return end;
}

/* Plan #2: what follows the blank is a comment to YAML */
void lexical_hash_in_text(const struct lexical_run *run, const struct doc_node *node)
{
	const struct source *source = run->document->source;
	const struct doc_node *parent = doc_parent(node);
	uint32_t hash = node->span.end;
	struct lexical_match match;

	if (!lexical_is_plain(run, node) || (parent && !(parent->flags & DOC_BLOCK)))
		return;
	while (hash < source->size && source->data[hash] == ' ')
		hash++;
	if (hash == node->span.end || hash + 1 >= source->size || source->data[hash] != '#' ||
	    !(g_ascii_isalnum(source->data[hash + 1]) ||
	      (unsigned char)source->data[hash + 1] >= 0x80))
		return;
	match = lexical_match_at(run, node,
				 (struct span){node->span.start, text_end(source, hash)});
	lexical_suggest(&match, lexical_quoted(run, match.value));
	match.value = lexical_source(run, (struct span){hash, match.span.end});
	match.fix = FIX_UNSAFE;
	lexical_report(run, &match);
}

/* A text that goes on over lines that begin with "- ": they are no list but a part of it */
void lexical_list_in_text(const struct lexical_run *run, const struct doc_node *node)
{
	const struct source *source = run->document->source;
	struct lexical_match match;

	if (node->type != DOC_STRING || node->flags & (DOC_QUOTED | DOC_BLOCK))
		return;
	for (uint32_t at = node->span.start; at < node->span.end; at++) {
		if (source->data[at] != '\n')
			continue;
		while (at + 1 < node->span.end && strchr(" \t\r\n", source->data[at + 1]))
			at++;
		if (at + 2 >= node->span.end || source->data[at + 1] != '-' ||
		    source->data[at + 2] != ' ')
			continue;
		match = lexical_match_at(run, node,
					 (struct span){at + 1, text_end(source, at + 1)});
		lexical_report(run, &match);
		return;
	}
}
