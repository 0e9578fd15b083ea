/*
 * How changes are printed. Text has a line for what became of a document and one for each part of
 * it that changed; JSON has both values of every change beside its words.
 */
#include "cli/changes.h"

#include "cel/cel.h"
#include "cli/law.h"

#include <string.h>

int changes_printer_init(struct changes_printer *printer, const struct cli_options *options,
			 const struct law *law, struct error *error)
{
	struct report_options languages = {0};
	int format = cli_format(options, cli_text_or_json, error);

	*printer = (struct changes_printer){.out = g_string_new(NULL), .json = format == 1};
	if (format < 0)
		return -1;
	cli_languages(options, law->ruleset->lang, &languages);
	printer->language = printer->json ? languages.machine_language : languages.language;
	printer->color = !printer->json && report_wants_color(options->color);
	return 0;
}

void changes_printer_release(struct changes_printer *printer)
{
	if (printer->out)
		g_string_free(printer->out, TRUE);
}

/* --- text */

enum paint { PAINT_NAME, PAINT_ADDED, PAINT_REMOVED, PAINT_DOUBT, PAINT_OFF };

static void paint(struct changes_printer *printer, enum paint paint)
{
	static const char *const codes[] = {"\033[1m", "\033[32m", "\033[31m", "\033[33m",
					    "\033[0m"};

	if (printer->color)
		g_string_append(printer->out, codes[paint]);
}

/* What became of the document as a whole; NULL where it stayed in its place and has changes. */
static const char *state_of(const struct compared_document *document, enum paint *paint)
{
	*paint = PAINT_DOUBT;
	if (document->unreadable[COMPARE_OLD] && document->unreadable[COMPARE_NEW])
		return _("neither version can be read, so nothing can be compared");
	if (document->unreadable[COMPARE_OLD] && document->path[COMPARE_NEW])
		return _("the old version cannot be read, so nothing can be compared");
	if (document->unreadable[COMPARE_NEW] && document->path[COMPARE_OLD])
		return _("the new version cannot be read, so nothing can be compared");
	*paint = PAINT_ADDED;
	if (!document->path[COMPARE_OLD])
		return document->unreadable[COMPARE_NEW] ? _("document added, which cannot be read")
							 : _("document added");
	*paint = PAINT_REMOVED;
	if (!document->path[COMPARE_NEW])
		return document->unreadable[COMPARE_OLD]
			       ? _("document removed, which could not be read")
			       : _("document removed");
	*paint = PAINT_NAME;
	return NULL;
}

static bool has_moved(const struct compared_document *document)
{
	return document->path[COMPARE_OLD] && document->path[COMPARE_NEW] &&
	       strcmp(document->path[COMPARE_OLD], document->path[COMPARE_NEW]) != 0;
}

static void append_visible(GString *out, const char *text)
{
	text_append_visible(out, text, strlen(text));
}

static void append_name(GString *out, const struct compared_document *document)
{
	enum compare_side side = document->path[COMPARE_NEW] ? COMPARE_NEW : COMPARE_OLD;

	append_visible(out, document->path[side]);
	if (document->number[side]) {
		g_string_append_c(out, ' ');
		g_string_append_printf(out, _("(document %zu)"), document->number[side]);
	}
}

static void append_move(GString *out, const struct compared_document *document, bool with_target)
{
	GString *old = g_string_new(NULL), *new = g_string_new(NULL);

	append_visible(old, document->path[COMPARE_OLD]);
	append_visible(new, document->path[COMPARE_NEW]);
	if (with_target)
		g_string_append_printf(out, _("moved from %s to %s"), old->str, new->str);
	else
		g_string_append_printf(out, _("moved from %s"), old->str);
	g_string_free(old, TRUE);
	g_string_free(new, TRUE);
}

/* What became of it, after `before`; nothing where only lines follow. */
static void append_state(struct changes_printer *printer, const struct compared_document *document,
			 const char *before, bool with_target)
{
	GString *out = printer->out;
	enum paint color;
	const char *state = state_of(document, &color);

	if (state) {
		g_string_append(out, before);
		paint(printer, color);
		g_string_append(out, state);
		paint(printer, PAINT_OFF);
	} else if (has_moved(document)) {
		g_string_append(out, before);
		append_move(out, document, with_target);
	} else if (!document->change_count) {
		g_string_append(out, before);
		g_string_append(out, _("only layout or comments changed"));
	}
}

static void append_lines(struct changes_printer *printer, const struct compared_document *document)
{
	GPtrArray *lines = changes_lines(document->changes, document->change_count, document->root,
					 printer->language);

	for (guint i = 0; i < lines->len; i++)
		g_string_append_printf(printer->out, "  %s\n", (char *)lines->pdata[i]);
	g_ptr_array_free(lines, TRUE);
}

void changes_print_document(struct changes_printer *printer,
			    const struct compared_document *document)
{
	paint(printer, PAINT_NAME);
	append_name(printer->out, document);
	paint(printer, PAINT_OFF);
	append_state(printer, document, _(": "), false);
	g_string_append_c(printer->out, '\n');
	append_lines(printer, document);
}

void changes_print_below(struct changes_printer *printer, const struct compared_document *document)
{
	gsize before = printer->out->len;

	append_state(printer, document, "  ", true);
	if (printer->out->len > before)
		g_string_append_c(printer->out, '\n');
	append_lines(printer, document);
}

/* --- JSON */

void changes_append_member(GString *out, const char *name, const char *text)
{
	char *valid = text ? g_utf8_make_valid(text, -1) : NULL;
	struct cel_value value = cel_of_string(slice_of(valid));
	GString *json = g_string_new(NULL);

	if (valid)
		cel_value_append(json, &value, CEL_JSON);
	else
		g_string_append(json, "null");
	g_string_append_printf(out, "\"%s\": ", name);
	text_append_json(out, json->str, json->len);
	g_string_free(json, TRUE);
	g_free(valid);
}

static void append_value(GString *out, const char *name, const struct doc_node *node)
{
	GString *json = g_string_new(NULL);

	if (node)
		doc_json_append(json, node);
	else
		g_string_append(json, "null");
	g_string_append_printf(out, ", \"%s\": ", name);
	text_append_json(out, json->str, json->len);
	g_string_free(json, TRUE);
}

static void append_pointer(GString *out, const char *name, const struct doc_node *node)
{
	GString *pointer = g_string_new(NULL);

	if (node)
		doc_pointer_append(pointer, node);
	changes_append_member(out, name, node ? pointer->str : NULL);
	g_string_free(pointer, TRUE);
}

static void append_change(struct changes_printer *printer, const struct change *change,
			  const struct shape *root)
{
	GString *out = printer->out, *words = g_string_new(NULL);
	const char *kind = !change->old ? "added" : !change->new ? "removed" : "replaced";

	g_string_append_c(out, '{');
	changes_append_member(out, "change", kind);
	g_string_append(out, ", ");
	append_pointer(out, "old_pointer", change->old);
	g_string_append(out, ", ");
	append_pointer(out, "pointer", change->new);
	append_value(out, "old", change->old);
	append_value(out, "new", change->new);
	change_append_group(words, change, root, printer->language);
	g_string_append(out, ", ");
	changes_append_member(out, "of", words->len ? words->str : NULL);
	g_string_truncate(words, 0);
	change_append_words(words, change, root, printer->language);
	g_string_append(out, ", ");
	changes_append_member(out, "words", words->str);
	g_string_append_c(out, '}');
	g_string_free(words, TRUE);
}

static const char *state_name(const struct compared_document *document)
{
	if (!document->path[COMPARE_OLD])
		return "added";
	if (!document->path[COMPARE_NEW])
		return "removed";
	if (document->unreadable[COMPARE_OLD] || document->unreadable[COMPARE_NEW])
		return "unreadable";
	if (document->change_count)
		return "changed";
	return has_moved(document) ? "moved" : "layout";
}

static void append_number(GString *out, const char *name, size_t number)
{
	if (number)
		g_string_append_printf(out, ", \"%s\": %zu", name, number);
	else
		g_string_append_printf(out, ", \"%s\": null", name);
}

void changes_append_json(struct changes_printer *printer, const struct compared_document *document)
{
	GString *out = printer->out;

	g_string_append_c(out, '{');
	changes_append_member(out, "state", state_name(document));
	g_string_append(out, ", ");
	changes_append_member(out, "key", document->key);
	g_string_append(out, ", ");
	changes_append_member(out, "old_path", document->path[COMPARE_OLD]);
	append_number(out, "old_document", document->number[COMPARE_OLD]);
	g_string_append(out, ", ");
	changes_append_member(out, "path", document->path[COMPARE_NEW]);
	append_number(out, "document", document->number[COMPARE_NEW]);
	g_string_append_printf(out, ", \"old_readable\": %s, \"readable\": %s, \"changes\": [",
			       document->unreadable[COMPARE_OLD] ? "false" : "true",
			       document->unreadable[COMPARE_NEW] ? "false" : "true");
	for (size_t i = 0; i < document->change_count; i++) {
		if (i)
			g_string_append(out, ", ");
		append_change(printer, &document->changes[i], document->root);
	}
	g_string_append(out, "]}");
}
