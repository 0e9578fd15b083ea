/*
 * The table of the checks and the walk over a document that runs one of them.
 *
 * A check is a function that gets a node and reports what it finds. Nodes behind an alias are not
 * handed to it: their text stands elsewhere.
 */
#include "lexical/lexical.h"

#include "lexical/run.h"
#include "source/message.h"

#include <string.h>

enum scope {
	SCOPE_VALUE,
	SCOPE_NAME,
	SCOPE_FILE,
};

static const struct {
	const char *name;
	enum scope scope;
} checks[] = {
#define LEXICAL(enum_name, name, scope) {name, SCOPE_##scope},
#include "lexical/lexical.def"
#undef LEXICAL
};

static void (*const functions[])(const struct lexical_run *run, const struct doc_node *node) = {
	[LEXICAL_APOSTROPHE_TWICE] = lexical_apostrophe_twice,
	[LEXICAL_BOOLEAN_WORD] = lexical_boolean_word,
	[LEXICAL_BOOLEAN_WORD_NAME] = lexical_boolean_word_name,
	[LEXICAL_CURLY_QUOTES] = lexical_curly_quotes,
	[LEXICAL_DATE_ORDER] = lexical_date_order,
	[LEXICAL_FRENCH_BOOLEAN] = lexical_french_boolean,
	[LEXICAL_GROUPED_DIGITS] = lexical_grouped_digits,
	[LEXICAL_HASH_IN_TEXT] = lexical_hash_in_text,
	[LEXICAL_INVISIBLE_CHARACTER] = lexical_invisible_character,
	[LEXICAL_INVISIBLE_CHARACTER_NAME] = lexical_invisible_character_name,
	[LEXICAL_LEADING_ZERO] = lexical_leading_zero,
	[LEXICAL_LINE_ENDINGS] = lexical_line_endings,
	[LEXICAL_LIST_IN_TEXT] = lexical_list_in_text,
	[LEXICAL_LIST_OF_COMMAS] = lexical_list_of_commas,
	[LEXICAL_LOOK_ALIKE] = lexical_look_alike,
	[LEXICAL_LOOK_ALIKE_NAME] = lexical_look_alike_name,
	[LEXICAL_NUMBER_AS_ID] = lexical_number_as_id,
	[LEXICAL_SEXAGESIMAL] = lexical_sexagesimal,
	[LEXICAL_SPACE_IN_NAME] = lexical_space_in_name,
	[LEXICAL_TAB] = lexical_tab,
};
_Static_assert(G_N_ELEMENTS(functions) == LEXICAL_COUNT, "a function for each check");

const char *lexical_name(enum lexical_check check)
{
	return checks[check].name;
}

enum lexical_check lexical_find(struct slice name, const char **nearest)
{
	struct slice names[LEXICAL_COUNT];
	ptrdiff_t near;

	for (size_t i = 0; i < LEXICAL_COUNT; i++) {
		names[i] = slice_of(checks[i].name);
		if (slice_equal(name, names[i]))
			return (enum lexical_check)i;
	}
	near = text_nearest(name, names, LEXICAL_COUNT);
	if (nearest)
		*nearest = near < 0 ? NULL : checks[near].name;
	return LEXICAL_COUNT;
}

struct slice lexical_source(const struct lexical_run *run, struct span span)
{
	return (struct slice){run->document->source->data + span.start, span.end - span.start};
}

struct lexical_match lexical_match_at(const struct lexical_run *run, const struct doc_node *node,
				      struct span span)
{
	return (struct lexical_match){
		.node = node, .span = span, .value = lexical_source(run, span)};
}

void lexical_suggest(struct lexical_match *match, struct slice text)
{
	g_assert(match->suggestion_count < LEXICAL_SUGGESTIONS);
	match->suggestions[match->suggestion_count++] = text;
}

void lexical_report(const struct lexical_run *run, const struct lexical_match *match)
{
	run->emit(run->context, match);
}

struct slice lexical_quoted(const struct lexical_run *run, struct slice text)
{
	char *quoted = arena_alloc(run->arena, 2 * text.len + 2);
	size_t len = 0;

	quoted[len++] = '"';
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '"' || text.data[i] == '\\')
			quoted[len++] = '\\';
		quoted[len++] = text.data[i];
	}
	quoted[len++] = '"';
	return (struct slice){quoted, len};
}

static bool has_line_end(struct slice text)
{
	return text.len && memchr(text.data, '\n', text.len);
}

bool lexical_is_plain(const struct lexical_run *run, const struct doc_node *node)
{
	return node->type != DOC_ARRAY && node->type != DOC_OBJECT &&
	       !(node->flags & (DOC_QUOTED | DOC_BLOCK)) && node->span.end > node->span.start &&
	       !has_line_end(lexical_source(run, node->span));
}

bool lexical_is_plain_name(const struct lexical_run *run, const struct doc_node *member)
{
	struct slice text = lexical_source(run, member->key->span);

	return slice_equal(text, doc_key_text(member));
}

static void run_everywhere(enum lexical_check check, const struct lexical_run *run)
{
	for (uint32_t i = 0; i < run->document->node_count; i++) {
		const struct doc_node *node = run->document->root + i;

		if (!(node->flags & DOC_COPIED) &&
		    (checks[check].scope == SCOPE_VALUE || node->key))
			functions[check](run, node);
	}
}

void lexical_run(enum lexical_check check, const struct document *document, const GArray *suspects,
		 struct arena *arena, lexical_emit *emit, void *context)
{
	const struct lexical_run run = {document, arena, emit, context};

	if (!document->root)
		return;
	if (checks[check].scope == SCOPE_FILE) {
		functions[check](&run, document->root);
		return;
	}
	if (!suspects) {
		run_everywhere(check, &run);
		return;
	}
	for (guint i = 0; i < suspects->len; i++) {
		const struct lexical_suspect *suspect = &g_array_index(suspects,
								       struct lexical_suspect, i);

		if (suspect->checks >> check & 1)
			functions[check](&run, document->root + suspect->node);
	}
}

static struct phrase label_of(const struct lexical_match *match, struct arena *arena)
{
	struct slice first = match->suggestions[0];

	if (match->suggestion_count == 2)
		return phrase_make(arena, MESSAGE_LEXICAL_WRITE_OR, 2, first,
				   match->suggestions[1]);
	if (match->suggestion_count == 0)
		return (struct phrase){0};
	if (first.len == 0)
		return phrase_make(arena, MESSAGE_LEXICAL_DELETE, 0);
	if (slice_equal(first, SLICE(" ")))
		return phrase_make(arena, MESSAGE_LEXICAL_SPACES, 0);
	return phrase_make(arena, MESSAGE_LEXICAL_WRITE, 1, first);
}

void lexical_fill(struct finding *finding, const struct lexical_match *match, struct source *source,
		  struct arena *arena)
{
	struct related *related;
	struct edit *edit;

	finding->source = source;
	finding->span = match->span;
	finding->label = label_of(match, arena);
	finding->fix = match->fix;
	if (match->other) {
		related = arena_new(arena, struct related);
		related->source = source;
		related->span = match->other->span;
		related->label = phrase_make(arena, MESSAGE_LEXICAL_OTHER, 0);
		finding->related = related;
		finding->related_count = 1;
	}
	if (match->fix != FIX_NONE) {
		g_assert(match->suggestion_count > 0);
		struct slice text = match->suggestions[0];

		edit = arena_new(arena, struct edit);
		edit->span = match->span;
		edit->text = (struct slice){arena_dup(arena, text.data, text.len), text.len};
		finding->edits = edit;
		finding->edit_count = 1;
	}
}
