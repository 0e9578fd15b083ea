/*
 * Values of schemas and documents as they stand in messages: cut, quoted, listed, in both languages
 * where the schema has both. Texts of schemas may stand where a phrase expects a template, so those
 * with a brace are left out.
 */
#include "schema/words.h"

#include <string.h>

struct slice words_short(struct arena *arena, struct slice text)
{
	size_t end = 0;
	size_t shown = 0;
	uint32_t code_point;

	for (; shown < WORDS_LONG && end < text.len; shown++) {
		size_t len = text_decode(text.data + end, text.len - end, &code_point);

		end += len ? len : 1;
	}
	if (end >= text.len)
		return (struct slice){arena_dup(arena, text.data, text.len), text.len};
	return slice_of(arena_printf(arena, "%.*s...", (int)end, text.data));
}

struct slice words_value(struct arena *arena, const struct doc_node *value)
{
	if (value->type == DOC_ARRAY || value->type == DOC_OBJECT)
		return (struct slice){"", 0};
	if (value->type == DOC_NULL && !value->len)
		return SLICE("null");
	return words_short(arena, (struct slice){value->text, value->len});
}

struct slice words_quoted(struct arena *arena, struct slice text)
{
	struct slice cut = words_short(arena, text);

	return slice_of(arena_printf(arena, "\"%s\"", cut.data));
}

struct slice words_names(struct arena *arena, const struct slice *names, size_t count)
{
	g_autoptr(GString) list = g_string_new(NULL);

	for (size_t i = 0; i < count && i < WORDS_LISTED; i++) {
		struct slice name = words_short(arena, names[i]);

		g_string_append(list, i ? ", " : "");
		g_string_append_len(list, name.data, (gssize)name.len);
	}
	if (count > WORDS_LISTED)
		g_string_append(list, ", ...");
	return (struct slice){arena_dup(arena, list->str, list->len), list->len};
}

struct slice words_values(struct arena *arena, const struct values_detail *values)
{
	struct slice texts[WORDS_LISTED + 1];
	size_t count = 0;

	for (uint32_t i = 0; i < values->count && count <= WORDS_LISTED; i++) {
		texts[count] = words_value(arena, values->values[i]);
		count += texts[count].len > 0;
	}
	return words_names(arena, texts, count);
}

struct slice words_like(struct arena *arena, const struct source *source, struct span span,
			struct slice text)
{
	char quote = span.start < span.end ? source->data[span.start] : 0;

	if (quote != '"' && quote != '\'')
		return text;
	return slice_of(arena_printf(arena, "%c%.*s%c", quote, (int)text.len, text.data, quote));
}

const struct bilingual *words_types(struct arena *arena, uint8_t types)
{
	static const struct {
		uint8_t bits;
		const char *en;
		const char *fr;
	} names[] = {
		{SCHEMA_STRING, "text", "un texte"},
		{SCHEMA_NUMBER | SCHEMA_INTEGER, "a number", "un nombre"},
		{SCHEMA_INTEGER, "a whole number", "un nombre entier"},
		{SCHEMA_BOOLEAN, "true or false", "true ou false"},
		{SCHEMA_ARRAY, "a list", "une liste"},
		{SCHEMA_OBJECT, "a group of fields", "un groupe de champs"},
		{SCHEMA_NULL, "empty", "vide"},
	};
	g_autoptr(GString) en = g_string_new("this must be ");
	g_autoptr(GString) fr = g_string_new("il faut ici ");
	struct bilingual *words = arena_new(arena, struct bilingual);
	bool first = true;

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		if ((types & names[i].bits) != names[i].bits)
			continue;
		g_string_append_printf(en, "%s%s", first ? "" : " or ", names[i].en);
		g_string_append_printf(fr, "%s%s", first ? "" : " ou ", names[i].fr);
		types &= (uint8_t)~names[i].bits;
		first = false;
	}
	words->en = (struct slice){arena_dup(arena, en->str, en->len), en->len};
	words->fr = (struct slice){arena_dup(arena, fr->str, fr->len), fr->len};
	return words;
}

static bool can_stand(struct slice text)
{
	return text.len && text.len <= 3 * WORDS_LONG && !memchr(text.data, '{', text.len) &&
	       !memchr(text.data, '\n', text.len);
}

const struct bilingual *words_title(const struct schema_node *node)
{
	return node->title && can_stand(node->title->en) && can_stand(node->title->fr) ? node->title
										       : NULL;
}

/* --- names of properties */

static void collect_names(GArray *names, const struct schema_node *node, unsigned depth)
{
	for (uint16_t i = 0; node && i < node->count && depth < 6; i++) {
		const struct schema_keyword *keyword = &node->keywords[i];

		switch ((int)keyword->id) {
		case SCHEMA_KEYWORD_PROPERTIES:
			for (uint32_t b = 0; b < keyword->count && names->len < WORDS_COMPARED;
			     b++) {
				const struct schema_branch *branch = &keyword->branches[b];

				if (!branch->schema->is_boolean || branch->schema->accepts)
					g_array_append_val(names, branch->name);
			}
			break;
		case SCHEMA_KEYWORD_REF:
		case SCHEMA_KEYWORD_DYNAMIC_REF:
		case SCHEMA_KEYWORD_RECURSIVE_REF:
		case SCHEMA_KEYWORD_IF:
		case SCHEMA_KEYWORD_THEN:
		case SCHEMA_KEYWORD_ELSE:
			collect_names(names, keyword->schema, depth + 1);
			break;
		case SCHEMA_KEYWORD_ALL_OF:
		case SCHEMA_KEYWORD_ANY_OF:
		case SCHEMA_KEYWORD_ONE_OF:
			for (uint32_t b = 0; b < keyword->count && names->len < WORDS_COMPARED; b++)
				collect_names(names, keyword->branches[b].schema, depth + 1);
			break;
		default:
			break;
		}
	}
}

GArray *words_known_names(const struct schema_node *node)
{
	GArray *names = g_array_new(FALSE, FALSE, sizeof(struct slice));

	collect_names(names, node, 0);
	return names;
}

/* --- names of branches */

/* The subschema behind references without anything beside them. */
static const struct schema_node *behind(const struct schema_node *node)
{
	for (unsigned i = 0; i < 8; i++) {
		const struct schema_keyword *ref = schema_keyword(node, SCHEMA_KEYWORD_REF);

		if (!ref || !ref->schema || node->title)
			break;
		node = ref->schema;
	}
	return node;
}

static void append_branch(GString *out, const struct schema_branch *branch, bool french)
{
	const struct schema_node *node = behind(branch->schema);
	const struct bilingual *title = words_title(node);
	const struct schema_keyword *required = schema_keyword(node, SCHEMA_KEYWORD_REQUIRED);

	if (title) {
		struct slice text = french ? title->fr : title->en;

		g_string_append_len(out, text.data, (gssize)text.len);
		return;
	}
	for (uint32_t i = 0; required && i < required->count && i < 4; i++) {
		if (!can_stand(required->branches[i].name))
			return;
		g_string_append_printf(out, "%s%.*s", i ? " + " : "",
				       (int)required->branches[i].name.len,
				       required->branches[i].name.data);
	}
}

const struct bilingual *words_others(struct arena *arena, const struct schema_keyword *keyword,
				     uint32_t chosen)
{
	struct bilingual *words = arena_new(arena, struct bilingual);
	struct slice *out[2] = {&words->en, &words->fr};

	for (int french = 0; french < 2; french++) {
		g_autoptr(GString) text = g_string_new(french ? "ou : " : "or: ");
		size_t start = text->len;

		for (uint32_t i = 0; i < keyword->count && text->len < 240; i++) {
			size_t before;

			if (i == chosen)
				continue;
			if (text->len > start)
				g_string_append(text, french ? " ; " : "; ");
			before = text->len;
			append_branch(text, &keyword->branches[i], french);
			if (text->len == before)
				return NULL;
		}
		if (text->len == start)
			return NULL;
		*out[french] = (struct slice){arena_dup(arena, text->str, text->len), text->len};
	}
	return words;
}
