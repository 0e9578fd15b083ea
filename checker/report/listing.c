/*
 * Findings one by one: their sentence, place and escapes, for formats that other programs show.
 */
#include "report/listing.h"

#include <string.h>

char *listing_sentence(const struct finding *finding, enum language language)
{
	GString *text = g_string_new(NULL);

	report_append_phrase(text, &finding->message, language);
	if (!phrase_is_empty(&finding->hint)) {
		g_string_append(text, report_joiner(language));
		report_append_phrase(text, &finding->hint, language);
	}
	return g_string_free(text, FALSE);
}

const char *listing_path(const struct finding *finding)
{
	return finding->source ? finding->source->path : "planlint.yaml";
}

static struct position position_of(const struct finding *finding, uint32_t offset)
{
	return finding->source ? source_position(finding->source, offset)
			       : (struct position){1, 1, 1, 1};
}

struct position listing_start(const struct finding *finding)
{
	return position_of(finding, finding->span.start);
}

struct position listing_end(const struct finding *finding)
{
	return position_of(finding, finding->span.end);
}

void listing_append_xml(GString *out, const char *data, size_t len)
{
	GString *plain = g_string_new(NULL);

	text_append_visible(plain, data, len);
	/* XML 1.0 2.2: these two are no characters. */
	g_string_replace(plain, "\xef\xbf\xbe", "\\ufffe", 0);
	g_string_replace(plain, "\xef\xbf\xbf", "\\uffff", 0);
	for (size_t i = 0; i < plain->len; i++)
		switch (plain->str[i]) {
		case '&':
			g_string_append(out, "&amp;");
			break;
		case '<':
			g_string_append(out, "&lt;");
			break;
		case '>':
			g_string_append(out, "&gt;");
			break;
		case '"':
			g_string_append(out, "&quot;");
			break;
		case '\'':
			g_string_append(out, "&#39;");
			break;
		default:
			g_string_append_c(out, plain->str[i]);
		}
	g_string_free(plain, TRUE);
}

void listing_first_note(struct listing_first *first, const struct finding *finding,
			enum language language)
{
	GString *text;

	if (first->words[finding->severity])
		return;
	text = g_string_new(NULL);
	report_append_first(text, finding, language);
	first->words[finding->severity] = g_string_free(text, FALSE);
}

void listing_first_release(struct listing_first *first)
{
	for (int i = 0; i <= SEVERITY_ERROR; i++)
		g_free(first->words[i]);
}

char *listing_verdict(const struct report_output *output, const struct report_looked_at *looked_at,
		      const struct listing_first *first)
{
	GString *text = g_string_new(NULL);
	const char *words = NULL;

	for (int severity = SEVERITY_ERROR; !words && severity >= 0; severity--)
		words = first->words[severity];
	report_append_verdict(text, output, looked_at, words);
	return g_string_free(text, FALSE);
}

void listing_each_fact(struct report_output *output, const struct report_looked_at *looked_at,
		       void (*each)(struct report_output *output, const char *name,
				    const char *value))
{
	enum language language = output->language;
	bool audit = output->options->kind == REPORT_OF_AUDIT;
	char *name = looked_at->configuration
			     ? report_configuration_name(looked_at->configuration, language)
			     : NULL;
	char *counts = g_strdup_printf(
		"%s %zu, %s %zu, %s %zu", report_words(language, "documents"),
		audit ? looked_at->files : looked_at->documents,
		report_words(language, "files that no pattern matches"), looked_at->unmatched,
		report_words(language, "suppressed findings"), looked_at->suppressed);

	if (looked_at->subject)
		each(output, report_words(language, "looked at"),
		     report_words(language, looked_at->subject));
	each(output, report_words(language, "found"), counts);
	if (name)
		each(output, report_words(language, "configuration"), name);
	if (looked_at->as_of)
		each(output, report_words(language, "as of"), looked_at->as_of);
	each(output, "planlint", PLANLINT_VERSION);
	for (size_t i = 0; i < looked_at->note_count; i++)
		each(output, report_words(language, "note"),
		     report_words(language, looked_at->notes[i]));
	g_free(counts);
	g_free(name);
}
