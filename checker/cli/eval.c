/*
 * planlint eval EXPR [FILE]: the value of a CEL expression, its type, and why it is false.
 *
 * The variables are those of a rule's simplest case: `document` and `this` are the first document
 * of FILE, `as_of` the day. There is no schema here, so everything of the document is dyn; what is
 * absent may be read and prints as "-".
 */
#include "cel/cel.h"
#include "cli/cli.h"
#include "source/message.h"

#include <stdlib.h>
#include <string.h>

struct eval {
	struct cli_options options;
	bool json;
	enum language language;
	const char *path; /* NULL: no document */
	char *data;
	struct source source, expression;
	struct document_set set;
	struct arena arena;
	struct cel_env *env;
	GString *out;
	GString *faults; /* of the file, for stderr */
};

enum { SLOT_DOCUMENT, SLOT_THIS, SLOT_AS_OF, SLOTS };

static void note_finding(void *context, const struct finding *finding)
{
	struct eval *eval = context;
	struct position at = source_position(&eval->source, finding->span.start);

	g_string_append(eval->faults, "planlint: ");
	text_append_visible(eval->faults, eval->path, strlen(eval->path));
	g_string_append_printf(eval->faults, ":%u:%u: ", at.line, at.column_code_points);
	phrase_append(eval->faults, &finding->message, eval->language, text_append_visible);
	g_string_append_c(eval->faults, '\n');
}

static int read_file(struct eval *eval, struct error *error)
{
	const struct finding_sink sink = {note_finding, eval};
	struct document_options options = {.symbols = NULL};
	size_t len;

	eval->data = cli_read(eval->path, document_default_limits.size, &len, error);
	if (!eval->data)
		return -1;
	source_init(&eval->source, eval->path, eval->data, len);
	return document_read(&eval->set, &eval->source, &options, &eval->arena, &sink, error);
}

/* --- Words */

static void append_slice(GString *out, struct slice text)
{
	text_append_visible(out, text.data, text.len);
}

/* The expression's line with carets under a span. */
static void append_carets(struct eval *eval, struct span span)
{
	struct position from = source_position(&eval->expression, span.start);
	struct position to = source_position(&eval->expression, span.end);
	struct slice line = source_line(&eval->expression, from.line);
	uint32_t width = to.line == from.line && to.column_code_points > from.column_code_points
				 ? to.column_code_points - from.column_code_points
				 : 1;

	g_string_append(eval->out, "  ");
	append_slice(eval->out, line);
	g_string_append(eval->out, "\n  ");
	for (uint32_t i = 1; i < from.column_code_points; i++)
		g_string_append_c(eval->out, ' ');
	for (uint32_t i = 0; i < width; i++)
		g_string_append_c(eval->out, '^');
}

/* One of the command's own sentences, with its values made visible. */
static void append_words(struct eval *eval, enum message message, struct slice first,
			 struct slice second)
{
	struct phrase words = phrase_make(&eval->arena, message, 2, first, second);

	phrase_append(eval->out, &words, eval->language, text_append_visible);
	g_string_append_c(eval->out, '\n');
}

static void append_fault(struct eval *eval, const struct cel_fault *fault)
{
	GString *text = g_string_new(NULL);

	phrase_append(text, &fault->message, eval->language, NULL);
	append_words(eval, MESSAGE_CEL_EVAL_ERROR, (struct slice){text->str, text->len},
		     (struct slice){0});
	g_string_free(text, TRUE);
	append_carets(eval, fault->span);
	if (!phrase_is_empty(&fault->hint)) {
		g_string_append_c(eval->out, ' ');
		phrase_append(eval->out, &fault->hint, eval->language, text_append_visible);
	}
	g_string_append_c(eval->out, '\n');
}

static void append_place(struct eval *eval, const struct cel_place *place)
{
	struct position at = source_position(&eval->source, place->node->span.start);

	g_string_append(eval->out, "  ");
	text_append_visible(eval->out, eval->path, strlen(eval->path));
	g_string_append_printf(eval->out, ":%u:%u: ", at.line, at.column_code_points);
	append_words(eval,
		     place->kind == CEL_PLACE_MISSING ? MESSAGE_CEL_EVAL_MISSING
						      : MESSAGE_CEL_EVAL_VALUE,
		     place->expression, place->value);
}

static void append_why(struct eval *eval, const struct cel_explanation *why)
{
	for (size_t i = 0; i < why->because_count; i++)
		append_words(eval, MESSAGE_CEL_EVAL_BECAUSE, why->because[i].expression,
			     why->because[i].values);
	for (size_t i = 0; i < why->place_count; i++)
		append_place(eval, &why->places[i]);
}

/* --- JSON */

static void append_json(GString *out, const char *name, struct slice text)
{
	struct cel_value value = cel_of_string(text);

	g_string_append_printf(out, "\"%s\":", name);
	cel_value_append(out, &value, CEL_JSON);
}

static void append_json_fault(struct eval *eval, const struct cel_fault *fault)
{
	GString *text = g_string_new(NULL);

	phrase_append(text, &fault->message, eval->language, NULL);
	g_string_append_c(eval->out, '{');
	append_json(eval->out, "message", (struct slice){text->str, text->len});
	g_string_append_printf(eval->out, ",\"start\":%u,\"end\":%u", fault->span.start,
			       fault->span.end);
	if (!phrase_is_empty(&fault->hint)) {
		g_string_truncate(text, 0);
		phrase_append(text, &fault->hint, eval->language, NULL);
		g_string_append_c(eval->out, ',');
		append_json(eval->out, "hint", (struct slice){text->str, text->len});
	}
	g_string_append_c(eval->out, '}');
	g_string_free(text, TRUE);
}

static void append_json_why(struct eval *eval, const struct cel_explanation *why)
{
	g_string_append(eval->out, ",\"because\":[");
	for (size_t i = 0; i < why->because_count; i++) {
		g_string_append(eval->out, i ? ",{" : "{");
		append_json(eval->out, "expression", why->because[i].expression);
		g_string_append_c(eval->out, ',');
		append_json(eval->out, "values", why->because[i].values);
		g_string_append_c(eval->out, '}');
	}
	g_string_append(eval->out, "],\"places\":[");
	for (size_t i = 0; i < why->place_count; i++) {
		const struct cel_place *place = &why->places[i];
		bool missing = place->kind == CEL_PLACE_MISSING;

		g_string_append(eval->out, i ? ",{" : "{");
		append_json(eval->out, "pointer", slice_of(doc_pointer(&eval->arena, place->node)));
		g_string_append_printf(eval->out, ",\"start\":%u,\"end\":%u,",
				       place->node->span.start, place->node->span.end);
		append_json(eval->out, "expression", place->expression);
		g_string_append_c(eval->out, ',');
		append_json(eval->out, missing ? "missing" : "value", place->value);
		g_string_append_c(eval->out, '}');
	}
	g_string_append_c(eval->out, ']');
}

/* --- The command */

static int refuse(struct eval *eval, const struct cel_faults *faults)
{
	if (eval->json)
		g_string_append(eval->out, "{\"version\":1,\"errors\":[");
	for (size_t i = 0; i < faults->count; i++) {
		if (!eval->json) {
			append_fault(eval, &faults->faults[i]);
			continue;
		}
		if (i)
			g_string_append_c(eval->out, ',');
		append_json_fault(eval, &faults->faults[i]);
	}
	if (eval->json)
		g_string_append(eval->out, "]}\n");
	return EXIT_MISUSE;
}

static struct slice type_text(struct eval *eval, const struct cel_program *program,
			      const struct cel_value *value)
{
	const struct cel_type *type = cel_program_type(program);
	GString *text = g_string_new(NULL);
	struct slice out;

	if (type->kind == CEL_T_DYN && value->kind != CEL_ABSENT && value->kind != CEL_ERROR)
		g_string_append(text, cel_kind_name(value->kind));
	else
		cel_type_append(text, type);
	out = (struct slice){arena_dup(&eval->arena, text->str, text->len), text->len};
	g_string_free(text, TRUE);
	return out;
}

static void print_json(struct eval *eval, const struct cel_program *program,
		       const struct cel_value *value, const struct cel_explanation *why)
{
	g_string_append(eval->out, "{\"version\":1,");
	if (value->kind == CEL_ERROR) {
		g_string_append(eval->out, "\"error\":");
		append_json_fault(eval, value->fault);
	} else {
		g_string_append(eval->out, "\"value\":");
		cel_value_append(eval->out, value, CEL_JSON);
	}
	g_string_append_c(eval->out, ',');
	append_json(eval->out, "type", type_text(eval, program, value));
	append_json_why(eval, why);
	g_string_append(eval->out, "}\n");
}

static void print_text(struct eval *eval, const struct cel_program *program,
		       const struct cel_value *value, const struct cel_explanation *why)
{
	GString *text = g_string_new(NULL);

	if (value->kind == CEL_ERROR) {
		append_fault(eval, value->fault);
	} else {
		cel_value_append(text, value, CEL_LITERAL);
		text_append_visible(eval->out, text->str, text->len);
		g_string_append_c(eval->out, '\n');
		append_words(eval, MESSAGE_CEL_EVAL_TYPE, type_text(eval, program, value),
			     (struct slice){0});
	}
	append_why(eval, why);
	g_string_free(text, TRUE);
}

static int evaluate(struct eval *eval)
{
	struct cel_options options = {.mode = CEL_LENIENT};
	struct slice text = {eval->expression.data, eval->expression.size};
	struct cel_value variables[SLOTS], value;
	struct cel_explanation why = {.because_count = 0};
	struct cel_activation activation;
	const struct cel_program *program;
	struct cel_faults faults;

	cel_env_variable(eval->env, SLICE("document"), &cel_dyn);
	cel_env_variable(eval->env, SLICE("this"), &cel_dyn);
	cel_env_variable(eval->env, SLICE("as_of"), &cel_day);
	program = cel_compile(eval->env, text, &options, &eval->arena, &faults);
	if (!program)
		return refuse(eval, &faults);
	variables[SLOT_DOCUMENT] = eval->set.count ? cel_of_node(eval->set.documents[0].root, NULL)
						   : cel_absent(NULL);
	variables[SLOT_THIS] = variables[SLOT_DOCUMENT];
	variables[SLOT_AS_OF] = cel_of_as_of(eval->options.as_of);
	cel_activation_init(&activation, variables, SLOTS);
	activation.language = eval->language;
	value = cel_evaluate(program, &activation, &eval->arena);
	if (value.kind == CEL_BOOL && !value.boolean)
		why = cel_explain(program, &activation, &eval->arena);
	if (eval->json)
		print_json(eval, program, &value, &why);
	else
		print_text(eval, program, &value, &why);
	return value.kind == CEL_ERROR ? EXIT_FINDINGS : EXIT_CLEAN;
}

static int read_and_evaluate(struct eval *eval)
{
	struct error error = {0};
	int status = eval->path ? read_file(eval, &error) : 0;

	if (status) {
		status = cli_fail(&error);
		error_clear(&error);
		return status;
	}
	if (eval->path && (!eval->set.complete || !eval->set.count)) {
		g_printerr("%s", eval->faults->str);
		if (!eval->set.count || !eval->set.documents[0].root)
			return EXIT_FINDINGS;
	}
	return evaluate(eval);
}

static void release(struct eval *eval)
{
	cel_env_free(eval->env);
	source_release(&eval->source);
	source_release(&eval->expression);
	arena_release(&eval->arena);
	g_string_free(eval->out, TRUE);
	g_string_free(eval->faults, TRUE);
	g_free(eval->data);
	cli_options_release(&eval->options);
}

int cmd_eval(int argc, char **argv)
{
	struct report_options report = {.verbosity = 0};
	struct eval eval = {.json = false};
	int status = cli_options_parse(&eval.options, NULL, N_("EXPRESSION [FILE]"), &argc, &argv,
				       NULL);
	struct error error = {0};
	int format;

	if (status != CLI_RUN)
		return status;
	format = cli_format(&eval.options, cli_text_or_json, &error);
	eval.json = format == 1;
	cli_languages(&eval.options, NULL, &report);
	eval.env = cel_env_new(NULL, NULL);
	eval.out = g_string_new(NULL);
	eval.faults = g_string_new(NULL);
	if (argc < 2 || argc > 3) {
		status = cli_misuse("eval wants an expression and at most one file");
	} else if (format < 0) {
		status = cli_fail(&error);
	} else {
		eval.language = eval.json ? report.machine_language : report.language;
		eval.path = argv[2];
		source_init(&eval.expression, "expression", argv[1], strlen(argv[1]));
		status = read_and_evaluate(&eval);
		if (eval.out->len && cli_print(eval.out->str, eval.out->len) != EXIT_CLEAN)
			status = EXIT_UNTOLD;
	}
	error_clear(&error);
	release(&eval);
	return status;
}
