/*
 * Messages: "ends on {this.end}, before it was agreed on {document.dates.agreed}".
 *
 * Each text is cut at its braces; what is between them is CEL, compiled where optional reads are
 * allowed and checked in both languages. The template that is kept has {0} {1} ... in place of the
 * expressions, the English ones first, so that words(date) can say one date in two languages.
 * A brace that is meant is written twice.
 */
#include "ruleset/compile.h"

#include "source/message.h"

#include <string.h>

enum { WORDS_VALUES_MAX = 10 }; /* {0} to {9} in a phrase */

/* The '}' that ends the expression starting at `i`, skipping texts and inner braces; or the length.
 */
static size_t expression_end(struct slice text, size_t i)
{
	int depth = 0;
	char quote = 0;

	for (; i < text.len; i++) {
		char c = text.data[i];

		if (quote) {
			if (c == '\\')
				i++;
			else if (c == quote)
				quote = 0;
		} else if (c == '"' || c == '\'') {
			quote = c;
		} else if (c == '{') {
			depth++;
		} else if (c == '}' && depth-- == 0) {
			return i;
		}
	}
	return text.len;
}

struct words_builder {
	struct compiler *compiler;
	struct rule_expression *values;
	bool *french;
	size_t count;
};

static bool words_fault(struct compiler *compiler, const struct doc_node *node, size_t from,
			size_t to, enum message message)
{
	const struct document *document = compiler->rule->document;

	compile_fault(compiler, document,
		      (struct span){doc_text_offset(document, node, (uint32_t)from),
				    doc_text_offset(document, node, (uint32_t)to)},
		      phrase_make(compiler->arena, message, 0), NULL, NULL);
	return false;
}

/* Compiles what is in a pair of braces and appends its {n}. */
static bool add_value(struct words_builder *builder, GString *out, const struct doc_node *node,
		      size_t from, size_t to, bool french)
{
	struct compiler *compiler = builder->compiler;
	const struct cel_program *when = compiler->instance->operands[OPERAND_WHEN].program;
	struct cel_options options = {
		.mode = CEL_LENIENT, .assume = &when, .assume_count = when ? 1 : 0};

	if (builder->count == WORDS_VALUES_MAX)
		return words_fault(compiler, node, from, to, MESSAGE_TOO_MANY_VALUES);
	builder->french[builder->count] = french;
	if (!compile_expression(compiler, &builder->values[builder->count], compiler->outcome,
				compiler->rule->document, node, from, to - from, &options))
		return false;
	g_string_append_printf(out, "{%zu}", builder->count++);
	return true;
}

static bool add_text(struct words_builder *builder, struct slice *out, const struct doc_node *node,
		     bool french)
{
	struct slice text = doc_text(node);
	GString *template = g_string_new(NULL);
	bool good = true;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		if ((c == '{' || c == '}') && i + 1 < text.len && text.data[i + 1] == c) {
			g_string_append_c(template, c);
			i++;
		} else if (c == '{') {
			size_t end = expression_end(text, i + 1);

			if (end == text.len) {
				good = words_fault(builder->compiler, node, i, i + 1,
						   MESSAGE_OPEN_BRACE);
				break;
			}
			good &= add_value(builder, template, node, i + 1, end, french);
			i = end;
		} else {
			g_string_append_c(template, c);
		}
	}
	*out = (struct slice){arena_dup(builder->compiler->arena, template->str, template->len),
			      template->len};
	g_string_free(template, TRUE);
	return good;
}

bool compile_words(struct compiler *compiler, struct rule_words *out, const struct doc_node *node)
{
	const struct doc_node *en = node->type == DOC_OBJECT ? doc_get(node, "en") : node;
	const struct doc_node *fr = node->type == DOC_OBJECT ? doc_get(node, "fr") : NULL;
	struct words_builder builder = {
		.compiler = compiler,
		.values = arena_array(compiler->arena, WORDS_VALUES_MAX, sizeof(*out->values)),
		.french = arena_array(compiler->arena, WORDS_VALUES_MAX, sizeof(*out->french)),
	};
	bool good = add_text(&builder, &out->words.en, en, false);

	if (fr)
		good &= add_text(&builder, &out->words.fr, fr, true);
	else
		out->words.fr = out->words.en;
	out->values = builder.values;
	out->french = builder.french;
	out->value_count = builder.count;
	return good;
}
