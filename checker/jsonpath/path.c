/* Normalized paths (RFC 9535 2.7): the one spelling of a node's place. */
#include "jsonpath/jsonpath.h"

#include <string.h>

/* normal-single-quoted */
static void append_character(GString *out, char c)
{
	static const char plain[] = "\b\t\n\f\r'\\";
	static const char letters[] = "btnfr'\\";
	const char *escaped = c ? strchr(plain, c) : NULL;

	if (escaped)
		g_string_append_printf(out, "\\%c", letters[escaped - plain]);
	else if ((unsigned char)c < 0x20)
		g_string_append_printf(out, "\\u%04x", (unsigned char)c);
	else
		g_string_append_c(out, c);
}

void jsonpath_append_path(GString *out, const struct doc_node *node)
{
	const struct doc_node *parent = doc_parent(node);
	struct slice name = doc_key_text(node);

	/* The depth of a document is bounded (struct document_limits). */
	if (!parent) {
		g_string_append_c(out, '$');
		return;
	}
	jsonpath_append_path(out, parent);
	if (!node->key) {
		g_string_append_printf(out, "[%zu]", doc_index(node));
		return;
	}
	g_string_append(out, "['");
	for (size_t i = 0; i < name.len; i++)
		append_character(out, name.data[i]);
	g_string_append(out, "']");
}
