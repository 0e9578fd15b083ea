/*
 * Changes in words: "objective 2.3: deadline June 2009 -> June 2010; contributor EST removed".
 *
 * Names come from the titles of the schema in the chosen language, else from the file. An item is
 * named by its key, one without a key by what stands first in it. Dates are said as far as they are
 * known, a text in two languages by the one that is asked for. Of long texts that part is shown
 * that differs. Fixed words come from the catalogue; in French "added" agrees with the title.
 */
#include "check/changes.h"

#include "base/date.h"
#include "base/french.h"
#include "ruleset/shape.h"
#include "source/message.h"

#include <string.h>

enum { TEXT_SHOWN = 60, TEXT_LEAD = 20, DETAILS_SHOWN = 3, ITEMS_SHOWN = 4, BARE_LENGTH = 60 };

/* A value on the way from the document to a change. */
struct step {
	const struct doc_node *node;
	const struct shape *shape;
};

static void say(GString *out, enum language language, enum message message,
		const struct slice *values, size_t count)
{
	struct phrase phrase = {.message = message, .values = values, .value_count = count};

	phrase_append(out, &phrase, language, NULL);
}

static struct slice slice_in(const GString *text)
{
	return (struct slice){text->str, text->len};
}

/* --- values */

/* The first `count` code points. */
static size_t cut_at(struct slice text, size_t count)
{
	size_t end = 0;
	uint32_t code_point;

	while (count-- && end < text.len) {
		size_t len = text_decode(text.data + end, text.len - end, &code_point);

		end += len ? len : 1;
	}
	return end;
}

static bool is_bare(struct slice text)
{
	return text.len && text.len <= BARE_LENGTH && !memchr(text.data, ' ', text.len) &&
	       !memchr(text.data, '"', text.len) && !memchr(text.data, ';', text.len);
}

/* A text: words in quotation marks, a code as it is, a long one from `from` on. */
static void append_text(GString *out, struct slice text, size_t from, enum language language)
{
	struct slice rest = {text.data + from, text.len - from};
	size_t len = cut_at(rest, TEXT_SHOWN);
	GString *shown = g_string_new(from ? "…" : NULL);
	struct slice value;

	text_append_visible(shown, rest.data, len);
	if (len < rest.len)
		g_string_append(shown, "…");
	value = slice_in(shown);
	if (is_bare(text))
		g_string_append_len(out, value.data, (gssize)value.len);
	else
		say(out, language, MESSAGE_CHANGE_IN_QUOTES, &value, 1);
	g_string_free(shown, TRUE);
}

static bool append_date(GString *out, const struct doc_node *node, const struct shape *shape,
			enum language language)
{
	struct date date;

	if (!shape_is_date(shape) || !date_parse(&date, doc_text(node)))
		return false;
	date_append_words(out, date, language == LANGUAGE_FR ? DATE_FRENCH : DATE_ENGLISH);
	return true;
}

/* The text of one that stands in both languages, {en: ..., fr: ...}; NULL for anything else. */
static const struct doc_node *text_in(const struct doc_node *node, enum language language)
{
	const struct doc_node *asked = doc_get(node, language == LANGUAGE_FR ? "fr" : "en");

	for (const struct doc_node *child = doc_first(node); child; child = doc_next(child)) {
		struct slice name = doc_key_text(child);

		if (child->type != DOC_STRING ||
		    (!slice_equal(name, SLICE("en")) && !slice_equal(name, SLICE("fr"))))
			return NULL;
	}
	return asked ? asked : doc_is(node, DOC_OBJECT) ? doc_first(node) : NULL;
}

/* Where two long texts begin to differ, at the start of a word and with some words before it. */
static size_t difference_of(struct slice a, struct slice b)
{
	size_t same = 0, from;

	if (text_code_points(a.data, a.len) <= TEXT_SHOWN &&
	    text_code_points(b.data, b.len) <= TEXT_SHOWN)
		return 0;
	while (same < a.len && same < b.len && a.data[same] == b.data[same])
		same++;
	from = same > TEXT_LEAD ? same - TEXT_LEAD : 0;
	while (from && a.data[from - 1] != ' ')
		from--;
	return from;
}

static bool is_scalar(const struct doc_node *node)
{
	return node && node->type != DOC_ARRAY && node->type != DOC_OBJECT;
}

static void append_details(GString *out, const struct step *in, const struct doc_node *but,
			   enum language language);

/* A value; of a text what stands from the byte `from` on. */
static void append_value(GString *out, const struct step *step, size_t from, enum language language)
{
	const struct doc_node *text = text_in(step->node, language);

	if (text) {
		append_text(out, doc_text(text), 0, language);
	} else if (!is_scalar(step->node)) {
		g_string_append_c(out, '(');
		append_details(out, step, NULL, language);
		g_string_append_c(out, ')');
	} else if (append_date(out, step->node, step->shape, language)) {
		return;
	} else if (step->node->type == DOC_STRING) {
		append_text(out, doc_text(step->node), from, language);
	} else if (step->node->type == DOC_BOOLEAN) {
		say(out, language, step->node->integer ? MESSAGE_CHANGE_YES : MESSAGE_CHANGE_NO,
		    NULL, 0);
	} else if (step->node->type == DOC_NULL) {
		say(out, language, MESSAGE_SCHEMA_IS_NULL, NULL, 0);
	} else {
		text_append_visible(out, step->node->text, step->node->len);
	}
}

/* --- names */

static struct slice title_of(const struct shape *shape, enum language language)
{
	const struct bilingual *title = shape_title(shape);

	if (!title)
		return SLICE("");
	return language == LANGUAGE_FR && title->fr.len ? title->fr : title->en;
}

static void append_title(GString *out, const struct step *step, enum language language)
{
	struct slice title = title_of(step->shape, language);

	if (!title.len && step->node->key)
		title = doc_key_text(step->node);
	text_append_visible(out, title.data, title.len);
}

static struct step member_of(const struct step *in, const struct doc_node *member)
{
	return (struct step){member, shape_member(in->shape, doc_key_text(member))};
}

/* The part of an item that names it: its key, else its first value that is no group. */
static const struct doc_node *name_in(const struct step *item, struct slice list_key)
{
	const struct doc_node *key = list_key.len
					     ? doc_member(item->node, list_key.data, list_key.len)
					     : NULL;

	if (is_scalar(key))
		return key;
	for (const struct doc_node *child = doc_first(item->node); child; child = doc_next(child))
		if (is_scalar(child) && child->key)
			return child;
	return NULL;
}

/* "objective 2.3"; without a title of the items "themes: interoperability". */
static void append_item(GString *out, const struct step *list, const struct step *item,
			enum language language)
{
	const struct doc_node *name = text_in(item->node, language)
					      ? NULL
					      : name_in(item, shape_list_key(list->shape));
	struct step shown = name ? member_of(item, name) : *item;
	struct slice title = title_of(item->shape, language);
	GString *value = g_string_new(NULL);
	GString *label = g_string_new(NULL);

	if (!name && !is_scalar(item->node) && !text_in(item->node, language))
		g_string_append(value, "…");
	else
		append_value(value, &shown, 0, language);
	if (title.len) {
		text_append_visible(out, title.data, title.len);
		g_string_append_printf(out, " %s", value->str);
	} else {
		append_title(label, list, language);
		say(out, language, MESSAGE_CHANGE_LINE,
		    (struct slice[]){slice_in(label), slice_in(value)}, 2);
	}
	g_string_free(label, TRUE);
	g_string_free(value, TRUE);
}

/* What stands in a list or group of entries, in short; `but` is left out. */
static void append_details(GString *out, const struct step *in, const struct doc_node *but,
			   enum language language)
{
	size_t most = in->node->type == DOC_ARRAY ? ITEMS_SHOWN : DETAILS_SHOWN, shown = 0;

	for (const struct doc_node *child = doc_first(in->node); child; child = doc_next(child)) {
		struct step step = child->key ? member_of(in, child)
					      : (struct step){child, shape_items(in->shape)};
		bool is_short = is_scalar(child) || text_in(child, language);

		if (child == but)
			continue;
		g_string_append(out, shown ? ", " : "");
		if (shown++ == most) {
			g_string_append(out, "…");
			return;
		}
		if (!child->key && !is_short) {
			append_item(out, in, &step, language);
			continue;
		}
		append_title(out, &step, language);
		if (is_short) {
			g_string_append(out, child->key ? " " : "");
			append_value(out, &step, 0, language);
		}
	}
}

/* --- from the document to a change */

/* The values from the document down to a node. */
static GArray *steps_to(const struct shape *root, const struct doc_node *node)
{
	GArray *steps = g_array_new(FALSE, FALSE, sizeof(struct step));

	for (const struct doc_node *at = node; at; at = doc_parent(at)) {
		struct step step = {at, root};

		g_array_prepend_val(steps, step);
	}
	for (guint i = 1; i < steps->len; i++) {
		struct step *step = &g_array_index(steps, struct step, i);
		const struct shape *above = (step - 1)->shape;

		step->shape = step->node->key ? shape_member(above, doc_key_text(step->node))
					      : shape_items(above);
	}
	return steps;
}

/* The names of the steps from `from` to `to`; a list whose item follows is named by the item. */
static void append_steps(GString *out, const GArray *steps, guint from, guint to,
			 enum language language)
{
	const char *separator = "";

	for (guint i = from; i <= to && i < steps->len; i++) {
		const struct step *step = &g_array_index(steps, struct step, i);

		if (step->node->type == DOC_ARRAY && i < to)
			continue;
		g_string_append(out, separator);
		if (step->node->key)
			append_title(out, step, language);
		else if (i)
			append_item(out, step - 1, step, language);
		separator = ", ";
	}
}

static const enum message participles[2][4] = {
	{MESSAGE_CHANGE_ADDED, MESSAGE_CHANGE_ADDED_F, MESSAGE_CHANGE_ADDED_P,
	 MESSAGE_CHANGE_ADDED_FP},
	{MESSAGE_CHANGE_REMOVED, MESSAGE_CHANGE_REMOVED_F, MESSAGE_CHANGE_REMOVED_P,
	 MESSAGE_CHANGE_REMOVED_FP},
};

/* "added" or "removed", agreeing with what it is said of. */
static void append_participle(GString *out, const struct change *change, enum language language)
{
	struct slice title = title_of(change->shape, language);
	enum french_form form = language == LANGUAGE_FR && title.len ? french_form_of(title)
								     : FRENCH_MASCULINE;

	say(out, language, participles[change->new ? 0 : 1][form], NULL, 0);
}

/* What came or went, after its name: the value of an entry, of what came also what is in it. */
static void append_content(GString *out, const struct change *change, const struct step *list,
			   enum language language)
{
	struct step step = {change->new ? change->new : change->old, change->shape};
	bool is_text = text_in(step.node, language);
	const struct doc_node *but = step.node->key ? NULL
						    : name_in(&step, shape_list_key(list->shape));

	if (is_scalar(step.node) || is_text) {
		if (!step.node->key)
			return;
		g_string_append_c(out, ' ');
		append_value(out, &step, 0, language);
	} else if (change->new &&step.node->count > (but ? 1 : 0)) {
		g_string_append(out, " (");
		append_details(out, &step, but, language);
		g_string_append_c(out, ')');
	}
}

static void append_replaced(GString *out, const struct change *change, enum language language)
{
	struct step old = {change->old, change->shape}, new = {change->new, change->shape};
	size_t from = old.node->type == DOC_STRING && new.node->type == DOC_STRING
			      ? difference_of(doc_text(old.node), doc_text(new.node))
			      : 0;

	append_value(out, &old, from, language);
	g_string_append(out, " → ");
	append_value(out, &new, from, language);
}

void change_append_words(GString *out, const struct change *change, const struct shape *root,
			 enum language language)
{
	const struct doc_node *node = change->new ? change->new : change->old;
	GArray *steps = steps_to(root, node);
	guint last = steps->len - 1;
	GString *label = g_string_new(NULL), *value = g_string_new(NULL);

	append_steps(label, steps, change->group->depth + 1u, last, language);
	if (change->old && change->new) {
		append_replaced(value, change, language);
		if (label->len && !doc_parent(change->group))
			say(out, language, MESSAGE_CHANGE_LINE,
			    (struct slice[]){slice_in(label), slice_in(value)}, 2);
		else
			g_string_append_printf(out, "%s%s%s", label->str, label->len ? " " : "",
					       value->str);
	} else {
		g_string_append(out, label->str);
		if (!label->len)
			say(out, language, MESSAGE_CHANGE_WHOLE, NULL, 0);
		append_content(out, change, &g_array_index(steps, struct step, last ? last - 1 : 0),
			       language);
		g_string_append_c(out, ' ');
		append_participle(out, change, language);
	}
	g_string_free(value, TRUE);
	g_string_free(label, TRUE);
	g_array_free(steps, TRUE);
}

void change_append_group(GString *out, const struct change *change, const struct shape *root,
			 enum language language)
{
	GArray *steps = steps_to(root, change->group);

	append_steps(out, steps, 1, change->group->depth, language);
	g_array_free(steps, TRUE);
}

/* The changes from `first` on that stand in one line; the document's own each have one. */
static size_t line_end(const struct change *changes, size_t count, size_t first)
{
	size_t end = first + 1;

	while (end < count && doc_parent(changes[first].group) &&
	       changes[end].group == changes[first].group)
		end++;
	return end;
}

static char *line_of(const struct change *changes, size_t count, const struct shape *root,
		     enum language language)
{
	GString *group = g_string_new(NULL), *words = g_string_new(NULL), *line;

	change_append_group(group, changes, root, language);
	for (size_t i = 0; i < count; i++) {
		if (i)
			say(words, language, MESSAGE_CHANGE_SEPARATOR, NULL, 0);
		change_append_words(words, &changes[i], root, language);
	}
	if (!group->len) {
		g_string_free(group, TRUE);
		return g_string_free(words, FALSE);
	}
	line = g_string_new(NULL);
	say(line, language, MESSAGE_CHANGE_LINE, (struct slice[]){slice_in(group), slice_in(words)},
	    2);
	g_string_free(group, TRUE);
	g_string_free(words, TRUE);
	return g_string_free(line, FALSE);
}

GPtrArray *changes_lines(const struct change *changes, size_t count, const struct shape *root,
			 enum language language)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);

	for (size_t i = 0; i < count;) {
		size_t end = line_end(changes, count, i);

		g_ptr_array_add(lines, line_of(changes + i, end - i, root, language));
		i = end;
	}
	return lines;
}
