/*
 * The identity of a finding (DESIGN.md section 8): what makes it the same issue in two states of a
 * file, whatever happened to lines, indentation, order, file names and the words of the message.
 *
 * It is a hash over the rule, what identifies the document (its key, else its path), the path in it
 * by keys (items of keyed lists by their key, other items by their value) and what the check adds.
 * A verdict does not know its path, so the identity of a finding in a document without a key is
 * kept open: '@' and the text that is still to be hashed together with the path.
 *
 * Must not: use anything that may change while the issue stays: lines, counts, values, words.
 */
#include "check/judge.h"
#include "ruleset/shape.h"

#include <string.h>

enum { IDENTITY_HEX = 32 };

void identity_append_item(GString *out, struct slice list_key, const struct doc_node *item)
{
	const struct doc_node *key = list_key.len ? doc_member(item, list_key.data, list_key.len)
						  : NULL;

	g_string_append_c(out, '[');
	doc_json_append(out, key ? key : item);
	g_string_append_c(out, ']');
}

void identity_append_path(GString *out, const struct shape *root, const struct doc_node *node)
{
	const struct doc_node *steps[256];
	size_t count = 0;

	for (; doc_parent(node) && count < G_N_ELEMENTS(steps); node = doc_parent(node))
		steps[count++] = node;
	while (count-- > 0) {
		const struct doc_node *step = steps[count];

		if (step->key) {
			g_string_append_c(out, '/');
			text_append(out, step->key->text, step->key->len);
		} else {
			identity_append_item(out, shape_list_key(root), step);
		}
		root = shape_below(root, step);
	}
}

static const char *hash_of(struct arena *arena, const char *data, size_t len)
{
	char *hex = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)data, len);
	char *copy = arena_dup(arena, hex, IDENTITY_HEX);

	g_free(hex);
	return copy;
}

/* The parts are separated by a byte that no UTF-8 text has. */
const char *identity_make(struct arena *arena, const char *rule, const char *key, struct slice item,
			  struct slice extra)
{
	GString *text = g_string_new(key ? "k\xff" : "@");
	const char *identity;

	if (key)
		g_string_append(text, key);
	g_string_append_c(text, '\xff');
	g_string_append(text, rule);
	g_string_append_c(text, '\xff');
	g_string_append_len(text, item.data, (gssize)item.len);
	g_string_append_c(text, '\xff');
	g_string_append_len(text, extra.data, (gssize)extra.len);
	/* An open identity is kept as a C string; only a scalar's text could hold a NUL. */
	for (gsize i = 0; i < text->len; i++)
		if (!text->str[i])
			text->str[i] = '\xfe';
	identity = key ? hash_of(arena, text->str, text->len)
		       : arena_dup(arena, text->str, text->len);
	g_string_free(text, TRUE);
	return identity;
}

const char *check_identity(const struct check_finding *found, const char *path, struct arena *arena)
{
	const char *open = found->finding.identity;
	const char *file = found->path ? found->path : path ? path : "";
	GString *text;
	const char *identity;

	if (!open || *open != '@')
		return open;
	text = g_string_new("p\xff");
	g_string_append(text, file);
	g_string_append(text, open + 1);
	identity = hash_of(arena, text->str, text->len);
	g_string_free(text, TRUE);
	return identity;
}
