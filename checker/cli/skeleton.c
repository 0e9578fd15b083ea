/*
 * A schema written out as a form.
 *
 * Remarks stand behind "# ", lines to be put in force behind "#" alone: taking the # away leaves an
 * entry with the right indentation. An example of the schema is taken as it is written there, so a
 * schema's author decides what the form shows; where there is none, one is made from the types.
 * The depth of what is made is limited, because schemas may refer to themselves.
 */
#include "cli/skeleton.h"

#include "source/source.h"

#include <string.h>

enum {
	WIDTH = 98,         /* of a line of remarks */
	REFERENCES_MAX = 8, /* in a row */
	DEPTH_MAX = 5,      /* of lists and maps in an example that is made */
	FLOW_MEMBERS = 2,   /* a map of so few plain texts stands on one line */
};

struct form {
	GString *out;
	const struct document *schema;
};

struct slice skeleton_words(const struct doc_node *node, const char *name, const char *language)
{
	const struct doc_node *words = doc_get(node, name);

	if (doc_is(words, DOC_OBJECT))
		words = doc_get(words, language);
	return doc_is(words, DOC_STRING) ? doc_text(words) : (struct slice){NULL, 0};
}

/* Where `$ref` points within the file, or NULL. JSON Schema 2020-12 core 8.2.3.1 */
static const struct doc_node *target_of(const struct form *form, const struct doc_node *node)
{
	struct slice text = doc_text(doc_get(node, "$ref"));

	if (!text.len || text.data[0] != '#')
		return NULL;
	return doc_pointer_find(form->schema->root, (struct slice){text.data + 1, text.len - 1});
}

/* A keyword of a schema, or of what it refers to. */
static const struct doc_node *keyword(const struct form *form, const struct doc_node *node,
				      const char *name)
{
	for (int i = 0; node && i < REFERENCES_MAX; i++) {
		const struct doc_node *found = doc_get(node, name);

		if (found)
			return found;
		node = target_of(form, node);
	}
	return NULL;
}

/* A value as the schema file writes it, where it takes one line there; else empty. */
static struct slice as_written(const struct form *form, const struct doc_node *value)
{
	struct slice text = {NULL, 0};

	if (!value || value->span.end > form->schema->source->size)
		return text;
	text.data = form->schema->source->data + value->span.start;
	text.len = value->span.end - value->span.start;
	if (memchr(text.data, '\n', text.len) || (value->flags & DOC_BLOCK))
		text.len = 0;
	return text;
}

/* The value that stands for a schema where it fits on one line; else empty. */
static struct slice example_of(const struct form *form, const struct doc_node *node)
{
	const struct doc_node *example = doc_first(keyword(form, node, "examples"));

	if (!example)
		example = keyword(form, node, "const");
	if (!example)
		example = doc_first(keyword(form, node, "enum"));
	return as_written(form, example);
}

static bool is_plain_text(const struct form *form, const struct doc_node *node)
{
	return slice_equal(doc_text(keyword(form, node, "type")), SLICE("string")) &&
	       !keyword(form, node, "enum") && !keyword(form, node, "examples");
}

static bool is_flow_map(const struct form *form, const struct doc_node *properties)
{
	if (!properties || properties->count > FLOW_MEMBERS)
		return false;
	for (const struct doc_node *p = doc_first(properties); p; p = doc_next(p))
		if (!is_plain_text(form, p))
			return false;
	return true;
}

static void start_line(const struct form *form, int depth)
{
	g_string_append_printf(form->out, "\n#%*s", 2 * depth, "");
}

/* The title in both languages behind an entry of an example; at depth 0 remarks said it. */
static void append_title(const struct form *form, const struct doc_node *node, int depth)
{
	struct slice en = skeleton_words(node, "title", "en");
	struct slice fr = skeleton_words(node, "title", "fr");

	if (!en.len || !depth)
		return;
	g_string_append_printf(form->out, "  # %.*s", (int)en.len, en.data);
	if (fr.len && !slice_equal(en, fr))
		g_string_append_printf(form->out, " / %.*s", (int)fr.len, fr.data);
}

static void append_value(const struct form *form, const struct doc_node *node, int depth);

/* Members each on a line; `first` stands on the line that was begun, behind a "- ". */
static void append_members(const struct form *form, const struct doc_node *properties, int depth,
			   const struct doc_node *first)
{
	for (const struct doc_node *p = doc_first(properties); p; p = doc_next(p)) {
		struct slice key = doc_key_text(p);

		if (p != first)
			start_line(form, depth);
		g_string_append_printf(form->out, "%.*s:", (int)key.len, key.data);
		append_value(form, p, depth);
	}
}

static void append_flow_map(const struct form *form, const struct doc_node *properties)
{
	g_string_append(form->out, " {");
	for (const struct doc_node *p = doc_first(properties); p; p = doc_next(p)) {
		struct slice key = doc_key_text(p);

		g_string_append_printf(form->out, "%s%.*s: \"...\"",
				       p == doc_first(properties) ? "" : ", ", (int)key.len,
				       key.data);
	}
	g_string_append_c(form->out, '}');
}

static void append_map(const struct form *form, const struct doc_node *node, int depth)
{
	const struct doc_node *properties = keyword(form, node, "properties");

	if (is_flow_map(form, properties)) {
		append_flow_map(form, properties);
		append_title(form, node, depth);
		return;
	}
	append_title(form, node, depth);
	append_members(form, properties, depth + 1, NULL);
}

static void append_list(const struct form *form, const struct doc_node *node, int depth)
{
	const struct doc_node *items = keyword(form, node, "items");
	const struct doc_node *properties = keyword(form, items, "properties");
	struct slice example = example_of(form, items);

	append_title(form, node, depth);
	start_line(form, depth + 1);
	g_string_append_c(form->out, '-');
	if (example.len)
		g_string_append_printf(form->out, " %.*s", (int)example.len, example.data);
	else if (is_flow_map(form, properties))
		append_flow_map(form, properties);
	else if (properties) {
		g_string_append_c(form->out, ' ');
		append_members(form, properties, depth + 2, doc_first(properties));
	} else
		g_string_append(form->out, " \"...\"");
}

/* What stands behind "name:", and its title. */
static void append_value(const struct form *form, const struct doc_node *node, int depth)
{
	struct slice example = example_of(form, node);
	struct slice type = doc_text(keyword(form, node, "type"));

	if (example.len || depth >= DEPTH_MAX) {
		g_string_append_printf(form->out, " %.*s", (int)example.len, example.data);
		append_title(form, node, depth);
	} else if (slice_equal(type, SLICE("object"))) {
		append_map(form, node, depth);
	} else if (slice_equal(type, SLICE("array"))) {
		append_list(form, node, depth);
	} else {
		g_string_append(form->out, slice_equal(type, SLICE("boolean"))   ? " true"
					   : slice_equal(type, SLICE("integer")) ? " 1"
										 : " \"...\"");
		append_title(form, node, depth);
	}
}

/* Words behind "# ", broken between words. */
static void append_remark(GString *out, struct slice title, const char *colon, struct slice text)
{
	char *all = g_strdup_printf("%.*s%s %.*s", (int)title.len, title.data, colon, (int)text.len,
				    text.data);
	char **words = g_strsplit(all, " ", -1);
	glong column = WIDTH;

	for (size_t i = 0; words[i]; i++) {
		glong width = g_utf8_strlen(words[i], -1);

		if (column + 1 + width > WIDTH) {
			g_string_append(out, i ? "\n#   " : "# ");
			column = i ? 4 : 2;
		} else {
			g_string_append_c(out, ' ');
			column++;
		}
		g_string_append(out, words[i]);
		column += width;
	}
	g_string_append_c(out, '\n');
	g_strfreev(words);
	g_free(all);
}

static void append_remarks(GString *out, const struct doc_node *property)
{
	append_remark(out, skeleton_words(property, "title", "en"), ":",
		      skeleton_words(property, "description", "en"));
	/* French has a no-break space before a colon. */
	append_remark(out, skeleton_words(property, "title", "fr"),
		      "\u00a0:", skeleton_words(property, "description", "fr"));
}

static const char *entry_value(const struct skeleton_entry *entries, size_t count,
			       struct slice name)
{
	for (size_t i = 0; i < count; i++)
		if (slice_equal(slice_of(entries[i].name), name))
			return entries[i].value;
	return NULL;
}

/* A property that is a reference has its own title, or that of what it refers to. */
static const struct doc_node *described(const struct form *form, const struct doc_node *property)
{
	const struct doc_node *title = keyword(form, property, "title");

	return title ? doc_parent(title) : property;
}

void skeleton_append(GString *out, const struct document *schema,
		     const struct skeleton_entry *entries, size_t entry_count)
{
	const struct form form = {out, schema};
	const struct doc_node *properties = doc_get(schema->root, "properties");

	for (const struct doc_node *p = doc_first(properties); p; p = doc_next(p)) {
		struct slice name = doc_key_text(p);
		const char *value = entry_value(entries, entry_count, name);

		g_string_append_c(out, '\n');
		append_remarks(out, described(&form, p));
		if (value) {
			g_string_append_printf(out, "%.*s:%s\n", (int)name.len, name.data, value);
			continue;
		}
		g_string_append_printf(out, "#%.*s:", (int)name.len, name.data);
		append_value(&form, p, 0);
		g_string_append_c(out, '\n');
	}
}
