/*
 * `planlint explain ID`: one rule: its title, why it is there, where it comes from, what it reads,
 * its text as it stands in the rule file, its examples with it. `-f markdown` makes the page of it.
 * An id of a finding that the program itself makes is explained as far as the program knows it.
 */
#include "cli/rules.h"

#include "document/document.h"
#include "ruleset/rule.h"

#include <string.h>

struct page {
	GString *out;
	const struct cli_options *options;
	const struct law *law;
	bool markdown;
};

static void line(struct page *page, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	g_string_append_printf(page->out, "%s%s%s", page->markdown ? "- " : "  ", name, _(": "));
	text_append_visible(page->out, value, strlen(value));
	g_string_append_c(page->out, '\n');
}

static void list_line(struct page *page, const char *name, const char *const *items, size_t count)
{
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < count; i++)
		g_string_append_printf(text, "%s%s", i ? ", " : "", items[i]);
	line(page, name, text->str);
	g_string_free(text, TRUE);
}

/* The rule as it is written: from the line of its first key to its last byte, less its indent. */
static void rule_text(struct page *page, const struct rule *rule)
{
	struct source *source = rule->document->source;
	uint32_t first = source_position(source, rule->node->span.start).line;
	uint32_t last = source_position(source, MAX(rule->node->span.end, 1) - 1).line;
	uint32_t indent = source_position(source, rule->node->span.start).column_bytes - 1;

	g_string_append(page->out, page->markdown ? "\n```yaml\n" : "\n");
	for (uint32_t number = first; number <= last; number++) {
		struct slice text = source_line(source, number);
		size_t cut = 0;

		while (cut < indent && cut < text.len && strchr(" -", text.data[cut]))
			cut++;
		if (!page->markdown && cut < text.len)
			g_string_append(page->out, "  ");
		text_append_visible(page->out, text.data + cut, text.len - cut);
		g_string_append_c(page->out, '\n');
	}
	if (page->markdown)
		g_string_append(page->out, "```\n");
}

static void heading(struct page *page, const char *id, const char *rest)
{
	if (page->markdown)
		g_string_append_printf(page->out, "# %s\n\n", id);
	else
		g_string_append_printf(page->out, "%s%s\n", id, rest);
}

static void words(struct page *page, const struct bilingual *text)
{
	struct slice chosen = rules_words(page->options, page->law, text);

	if (!chosen.len)
		return;
	g_string_append(page->out, page->markdown ? "" : "  ");
	text_append_visible(page->out, chosen.data, chosen.len);
	g_string_append(page->out, page->markdown ? "\n\n" : "\n");
}

static void warning_line(void *context, const struct finding *finding)
{
	struct page *page = context;
	GString *text = g_string_new(NULL);

	rules_append_warning(text, finding, rules_language(page->options, page->law));
	line(page, _(severity_name(finding->severity)), text->str);
	g_string_free(text, TRUE);
}

static void explain_rule(struct page *page, const struct rule *rule)
{
	const struct ruleset *ruleset = page->law->ruleset;
	GPtrArray *reads = rules_reads(ruleset, rule);
	uint64_t cost = rules_cost(ruleset, rule);
	char *rest, *place, *steps = NULL;
	struct rule_info info;

	rule_describe(&info, ruleset, rule);
	rest = g_strdup_printf(" (%s, %s)", severity_name(info.severity), info.check);
	place = g_strdup_printf("%s:%u", info.file, info.line);
	if (cost && cost != UINT64_MAX)
		steps = g_strdup_printf(_("at most %llu steps for a node"),
					(unsigned long long)cost);
	heading(page, info.id, rest);
	words(page, &info.title);
	words(page, &rule->text);
	if (page->markdown) {
		line(page, _("severity"), severity_name(info.severity));
		line(page, _("check"), info.check);
	}
	line(page, _("source"), info.source);
	list_line(page, _("kinds"), rule->kinds, rule->kind_count);
	list_line(page, _("formerly"), rule->formerly, rule->formerly_count);
	list_line(page, _("tags"), info.tags, info.tag_count);
	list_line(page, _("reads"), (const char *const *)reads->pdata, reads->len);
	line(page, _("cost"), steps);
	line(page, _("stands in"), place);
	rules_each_warning(page->law, rule, warning_line, page);
	rule_text(page, rule);
	g_ptr_array_free(reads, TRUE);
	g_free(rest);
	g_free(place);
	g_free(steps);
}

static void explain_code(struct page *page, enum finding_code code)
{
	char *rest = g_strdup_printf(" (%s)", severity_name(finding_severity(code)));
	char *place = g_strdup_printf(_("docs/findings.md, section %s"), finding_id(code));

	heading(page, finding_id(code), rest);
	line(page, _("made by"), _("planlint itself, not by a rule"));
	line(page, _("may be suppressed"), finding_is_suppressible(code) ? _("yes") : _("no"));
	line(page, _("explained in"), place);
	g_free(rest);
	g_free(place);
}

static int explain(struct page *page, const char *id, struct error *error)
{
	const struct rule *rule = ruleset_rule(page->law->ruleset, id);
	enum finding_code code = finding_code_of(slice_of(id));

	if (rule) {
		explain_rule(page, rule);
		return 0;
	}
	if (code != FINDING_CODE_COUNT) {
		explain_code(page, code);
		return 0;
	}
	return law_unknown_rule(page->law->ruleset, id, error);
}

static const char *const formats[] = {"text", "markdown", NULL};

static int check_arguments(const struct cli_options *options, int argc, struct error *error)
{
	if (cli_format(options, formats, error) < 0)
		return -1;
	return argc < 2 ? error_usage(error, "explain needs the id of a rule") : 0;
}

static int print_pages(GString *out, const struct cli_options *options, const struct law *law,
		       int argc, char **argv, struct error *error)
{
	struct page page = {.out = out,
			    .options = options,
			    .law = law,
			    .markdown = cli_format(options, formats, error) == 1};
	int status = 0;

	for (int i = 1; !status && i < argc; i++) {
		if (i > 1)
			g_string_append_c(out, '\n');
		status = explain(&page, argv[i], error);
	}
	return status;
}

int cmd_explain(int argc, char **argv)
{
	const struct rules_command command = {N_("ID..."), check_arguments, print_pages};

	return rules_run(&command, argc, argv);
}
