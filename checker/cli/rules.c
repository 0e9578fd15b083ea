/*
 * `planlint rules`: the rules that are in force here, one line each: id, severity, check, title.
 *
 * Also what `explain` and `test` need besides: the law of the current folder, and what a compiled
 * rule reads, collected over all its expressions.
 */
#include "cli/rules.h"

#include "cel/cel.h"
#include "cli/judge.h"
#include "repository/repository.h"
#include "ruleset/rule.h"

#include <string.h>

/* --- the law of the current folder */

static int find_law(struct law *law, const struct cli_options *options, struct error *error)
{
	char *folder = g_get_current_dir(), *config;
	struct repository *repository = NULL;
	int result = repository_open(&repository, folder, error);
	const char *worktree;

	if (result < 0) {
		g_free(folder);
		return -1;
	}
	worktree = repository ? repository_worktree(repository) : NULL;
	result = law_from_options(law, options, repository,
				  repository ? repository_prefix(repository) : "", error);
	if (!result) {
		config = law_find_config(folder, worktree ? worktree : "/");
		result = law_from_folder(law, config,
					 worktree ? worktree
					 : config ? config
						  : folder,
					 error);
		g_free(config);
	}
	repository_free(repository);
	g_free(folder);
	return result < 0 ? -1 : 0;
}

int rules_load(struct law *law, const struct cli_options *options, struct error *error)
{
	if (find_law(law, options, error))
		return -1;
	if (!law->ruleset->faults)
		return 0;
	return judge_faulty(law, options, error) < 0 ? -1 : 1;
}

int rules_run(const struct rules_command *command, int argc, char **argv)
{
	struct cli_options options = {0};
	struct error error = {0};
	struct law law = {0};
	GString *out;
	int status = cli_options_parse(&options, NULL, command->usage, &argc, &argv, NULL), loaded;

	if (status != CLI_RUN)
		return status;
	out = g_string_new(NULL);
	loaded = command->check(&options, argc, &error);
	if (!loaded)
		loaded = rules_load(&law, &options, &error);
	if (!loaded)
		loaded = command->print(out, &options, &law, argc, argv, &error);
	status = loaded < 0 ? cli_fail(&error)
		 : loaded   ? EXIT_MISUSE
			    : cli_print(out->str, out->len);
	g_string_free(out, TRUE);
	error_clear(&error);
	law_release(&law);
	cli_options_release(&options);
	return status;
}

enum language rules_language(const struct cli_options *options, const struct law *law)
{
	struct report_options report = {0};

	cli_languages(options, law->ruleset->lang, &report);
	return report.language;
}

struct slice rules_words(const struct cli_options *options, const struct law *law,
			 const struct bilingual *words)
{
	return rules_language(options, law) == LANGUAGE_FR && words->fr.len ? words->fr : words->en;
}

void rules_append_warning(GString *out, const struct finding *finding, enum language language)
{
	struct position position = source_position(finding->source, finding->span.start);
	GString *text = g_string_new(NULL);

	g_string_append_printf(out, "%s:%u: ", finding->source->path, position.line);
	phrase_append(text, &finding->message, language, NULL);
	text_append_visible(out, text->str, text->len);
	g_string_free(text, TRUE);
}

/* --- what a rule reads */

static const struct rule_instance *instance_of(const struct ruleset *ruleset,
					       const struct rule *rule)
{
	for (size_t i = 0; i < ruleset->entry_count; i++)
		for (size_t r = 0; r < ruleset->entries[i].rule_count; r++)
			if (ruleset->entries[i].rules[r]->rule == rule)
				return ruleset->entries[i].rules[r];
	return NULL;
}

static void append_read(GString *out, const struct rule_expression *expression,
			const struct cel_read *read)
{
	struct slice name = cel_env_variable_name(expression->env, read->slot);

	g_string_append_len(out, name.data, (gssize)name.len);
	for (size_t s = 0; s < read->step_count; s++) {
		struct slice step = read->steps[s];

		if (step.data)
			g_string_append_printf(out, ".%.*s", (int)step.len, step.data);
		else
			g_string_append(out, "[*]");
	}
}

/* What is only gone through or asked for begins with '~' until drop_ways(). */
static void add_reads(void *context, enum rule_operand operand,
		      const struct rule_expression *expression)
{
	GPtrArray *out = context;
	size_t count;
	const struct cel_read *reads = cel_program_reads(expression->program, &count);

	(void)operand;
	for (size_t i = 0; i < count; i++) {
		GString *text = g_string_new(reads[i].use == CEL_READ_SHALLOW ? "~" : NULL);

		append_read(text, expression, &reads[i]);
		if (g_ptr_array_find_with_equal_func(out, text->str, g_str_equal, NULL))
			g_string_free(text, TRUE);
		else
			g_ptr_array_add(out, g_string_free(text, FALSE));
	}
}

/* Is a place seen from what is read of it, or in it? */
static bool is_seen(const GPtrArray *reads, const char *place)
{
	size_t len = strlen(place);

	for (guint i = 0; i < reads->len; i++) {
		const char *read = (const char *)reads->pdata[i] +
				   (*(char *)reads->pdata[i] == '~');

		if (read != place && !strncmp(read, place, len) &&
		    (!read[len] || read[len] == '.' || read[len] == '['))
			return true;
	}
	return false;
}

static void drop_ways(GPtrArray *reads)
{
	for (guint i = reads->len; i-- > 0;) {
		char *read = reads->pdata[i];

		if (*read == '~' && is_seen(reads, read + 1))
			g_ptr_array_remove_index(reads, i);
		else if (*read == '~')
			memmove(read, read + 1, strlen(read));
	}
}

static gint compare_texts(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static gint compare_findings(gconstpointer a, gconstpointer b)
{
	return report_compare(*(const struct finding *const *)a, *(const struct finding *const *)b);
}

GPtrArray *rules_reads(const struct ruleset *ruleset, const struct rule *rule)
{
	const struct rule_instance *instance = instance_of(ruleset, rule);
	GPtrArray *out = g_ptr_array_new_with_free_func(g_free);

	if (!instance)
		return out;
	rule_each_expression(instance, add_reads, out);
	drop_ways(out);
	g_ptr_array_sort(out, compare_texts);
	return out;
}

/* Warnings keep the bytes of the file that they stand in, under whatever name. */
static bool is_about(const struct finding *finding, const struct rule *rule)
{
	return finding->severity != SEVERITY_ERROR && finding->source &&
	       finding->source->data == rule->document->source->data &&
	       rule->node->span.start <= finding->span.start &&
	       finding->span.end <= rule->node->span.end;
}

void rules_each_warning(const struct law *law, const struct rule *rule,
			void (*each)(void *context, const struct finding *finding), void *context)
{
	g_ptr_array_sort(law->faults, compare_findings);
	for (guint i = 0; i < law->faults->len; i++)
		if (is_about(law->faults->pdata[i], rule))
			each(context, law->faults->pdata[i]);
}

uint64_t rules_cost(const struct ruleset *ruleset, const struct rule *rule)
{
	const struct rule_instance *instance = instance_of(ruleset, rule);

	return instance ? instance->cost : 0;
}

/* --- the command */

struct listing {
	GString *out;
	enum language language;
};

/* "  warning: rules/dates.yaml:12: this goes ..." below the line of its rule. */
static void append_warning(void *context, const struct finding *finding)
{
	const struct listing *listing = context;

	g_string_append_printf(listing->out, "  %s%s", _(severity_name(finding->severity)),
			       _(": "));
	rules_append_warning(listing->out, finding, listing->language);
	g_string_append_c(listing->out, '\n');
}

static void append_rules(GString *out, const struct cli_options *options, const struct law *law)
{
	const struct ruleset *ruleset = law->ruleset;
	struct listing listing = {out, rules_language(options, law)};
	size_t width = 0;

	for (size_t i = 0; i < ruleset->rule_count; i++)
		width = MAX(width, strlen(ruleset->rules[i]->id));
	for (size_t i = 0; i < ruleset->rule_count; i++) {
		struct rule_info info;
		struct slice title;

		rule_describe(&info, ruleset, ruleset->rules[i]);
		title = rules_words(options, law, &info.title);
		g_string_append_printf(out, "%-*s  %-7s  %-10s  ", (int)width, info.id,
				       severity_name(info.severity), info.check);
		text_append_visible(out, title.data, title.len);
		while (out->len && out->str[out->len - 1] == ' ')
			g_string_truncate(out, out->len - 1);
		g_string_append_c(out, '\n');
		rules_each_warning(law, ruleset->rules[i], append_warning, &listing);
	}
}

static int check_no_arguments(const struct cli_options *options, int argc, struct error *error)
{
	static const char *const formats[] = {"text", NULL};

	if (cli_format(options, formats, error) < 0)
		return -1;
	return argc > 1 ? error_usage(error, "rules takes no arguments; see explain ID") : 0;
}

static int print_rules(GString *out, const struct cli_options *options, const struct law *law,
		       int argc, char **argv, struct error *error)
{
	(void)argc;
	(void)argv;
	(void)error;
	append_rules(out, options, law);
	return 0;
}

int cmd_rules(int argc, char **argv)
{
	const struct rules_command command = {"", check_no_arguments, print_rules};

	return rules_run(&command, argc, argv);
}
