/*
 * What the checker complains of, and what it suggests: each fault has one function, so that all
 * wording is chosen in one place (the words stand in source/message.def).
 */
#include "cel/check.h"

#include "source/message.h"

static struct slice type_text(struct checker *checker, const struct cel_type *type)
{
	GString *text = g_string_new(NULL);
	struct slice out;

	cel_type_append(text, cel_unify_substitute(&checker->unifier, type, true));
	out = (struct slice){arena_dup(checker->arena, text->str, text->len), text->len};
	g_string_free(text, TRUE);
	return out;
}

static struct slice source_text(const struct checker *checker, const struct cel_expr *expr)
{
	return (struct slice){checker->program->text.data + expr->span.start,
			      expr->span.end - expr->span.start};
}

static struct cel_fault *complain(struct checker *checker, struct span span, struct phrase message)
{
	static struct cel_fault ignored;

	if (checker->mode == CEL_UNCHECKED) {
		struct cel_fault *nobody = arena_new(checker->arena, struct cel_fault);

		*nobody = ignored;
		return nobody;
	}
	return cel_fault_add(checker->faults, span, message);
}

/* The message's name, the number of its values, the values. */
#define SAY(message, ...) phrase_make(checker->arena, MESSAGE_CEL_##message, __VA_ARGS__)

/* "did you mean X", where one of the names is near. */
static void suggest(struct checker *checker, struct cel_fault *fault, struct slice name,
		    const GArray *names)
{
	ptrdiff_t nearest = text_nearest(name, (const struct slice *)(void *)names->data,
					 names->len);

	if (nearest >= 0)
		fault->hint = SAY(HINT_NEAREST, 1, g_array_index(names, struct slice, nearest));
}

void cel_fault_unknown_name(struct checker *checker, const struct cel_expr *expr, struct slice name)
{
	struct cel_fault *fault = complain(checker, expr->span, SAY(UNKNOWN_NAME, 1, name));
	GArray *names = g_array_new(FALSE, FALSE, sizeof(struct slice));

	for (guint i = checker->locals->len; i-- > 0;)
		g_array_append_val(names, g_array_index(checker->locals, struct local, i).name);
	cel_env_variable_names(checker->env, names);
	suggest(checker, fault, name, names);
	g_array_free(names, TRUE);
}

void cel_fault_unknown_function(struct checker *checker, const struct cel_expr *expr,
				struct slice name)
{
	struct cel_fault *fault = complain(checker, expr->at, SAY(UNKNOWN_FUNCTION, 1, name));
	GArray *names = g_array_new(FALSE, FALSE, sizeof(struct slice));

	cel_env_function_names(checker->env, names);
	suggest(checker, fault, name, names);
	g_array_free(names, TRUE);
}

static struct slice types_text(struct checker *checker, const struct cel_type *const *types,
			       size_t count)
{
	GString *text = g_string_new(NULL);
	struct slice out;

	for (size_t i = 0; i < count; i++) {
		struct slice one = type_text(checker, types[i]);

		if (i)
			g_string_append(text, ", ");
		g_string_append_len(text, one.data, (gssize)one.len);
	}
	out = (struct slice){arena_dup(checker->arena, text->str, text->len), text->len};
	g_string_free(text, TRUE);
	return out;
}

static bool is_whole_literal(const struct cel_expr *expr)
{
	return expr->kind == EXPR_LITERAL && expr->literal.kind == CEL_INT;
}

/* An int literal beside a double: 2.0 for 2. */
static bool hint_number(struct checker *checker, struct cel_fault *fault,
			const struct cel_type *const *types, const struct cel_expr *const *args)
{
	for (int i = 0; i < 2; i++) {
		struct slice text;

		if (types[!i]->kind != CEL_T_DOUBLE || !is_whole_literal(args[i]))
			continue;
		text = source_text(checker, args[i]);
		fault->span = args[i]->span;
		fault->hint = SAY(
			HINT_DOUBLE, 2,
			slice_of(arena_printf(checker->arena, "%.*s.0", (int)text.len, text.data)),
			text);
		return true;
	}
	return false;
}

/* What to write instead, where two operands do not go together. */
static void hint_operands(struct checker *checker, struct cel_fault *fault,
			  const struct cel_type *const *types, const struct cel_expr *const *args)
{
	if (hint_number(checker, fault, types, args))
		return;
	for (int i = 0; i < 2; i++) {
		if (types[i]->kind == CEL_T_DATE) {
			fault->hint = SAY(HINT_DATE, 1, source_text(checker, args[i]));
			return;
		}
		if (types[i]->kind == CEL_T_NULL) {
			fault->hint = SAY(HINT_PRESENT, 1, source_text(checker, args[!i]));
			return;
		}
		if (types[i]->kind == CEL_T_OPTIONAL) {
			fault->hint = SAY(HINT_OR_VALUE, 1, source_text(checker, args[i]));
			return;
		}
	}
}

void cel_fault_no_overload(struct checker *checker, const struct cel_expr *expr,
			   const struct cel_type *const *types, const struct cel_expr *const *args,
			   size_t count)
{
	static const char *const signs[] = {
		[OP_NOT] = "!",        [OP_CONDITIONAL] = "?:",   [OP_EQUAL] = "==",
		[OP_NOT_EQUAL] = "!=", [OP_LESS] = "<",           [OP_LESS_EQUAL] = "<=",
		[OP_GREATER] = ">",    [OP_GREATER_EQUAL] = ">=", [OP_IN] = "in",
		[OP_ADD] = "+",        [OP_SUBTRACT] = "-",       [OP_MULTIPLY] = "*",
		[OP_DIVIDE] = "/",     [OP_MODULO] = "%",         [OP_NEGATE] = "-",
		[OP_INDEX] = "[]",     [OP_OPT_INDEX] = "[?]",
	};
	bool is_operator = expr->op && expr->op < G_N_ELEMENTS(signs) && signs[expr->op];
	struct slice name = is_operator ? slice_of(signs[expr->op]) : expr->call.name;
	struct slice given = types_text(checker, types, count);
	struct cel_fault *fault;

	if (!is_operator)
		fault = complain(checker, expr->at, SAY(NO_OVERLOAD, 2, name, given));
	else if (count == 2)
		fault = complain(checker, expr->at,
				 SAY(NO_OPERATOR, 3, name, type_text(checker, types[0]),
				     type_text(checker, types[1])));
	else
		fault = complain(checker, expr->at, SAY(NO_OPERATOR_ONE, 2, name, given));
	if (is_operator && count == 2 && expr->op != OP_INDEX && expr->op != OP_OPT_INDEX)
		hint_operands(checker, fault, types, args);
}

void cel_fault_unknown_field(struct checker *checker, const struct cel_expr *expr,
			     const struct cel_type *object, struct slice field)
{
	struct cel_fault *fault = complain(checker, expr->at,
					   SAY(UNKNOWN_FIELD, 2, field, object->name));
	GArray *names = g_array_new(FALSE, FALSE, sizeof(struct slice));

	for (size_t i = 0; i < object->field_count; i++)
		g_array_append_val(names, object->fields[i].name);
	suggest(checker, fault, field, names);
	g_array_free(names, TRUE);
}

void cel_fault_no_fields(struct checker *checker, const struct cel_expr *expr,
			 const struct cel_type *type)
{
	struct cel_fault *fault = complain(checker, expr->at,
					   SAY(NO_FIELDS, 1, type_text(checker, type)));

	if (type->kind == CEL_T_LIST)
		fault->hint = SAY(HINT_LIST, 0);
}

void cel_fault_optional_read(struct checker *checker, const struct cel_expr *expr,
			     struct slice field)
{
	struct cel_fault *fault = complain(checker, expr->at, SAY(OPTIONAL_READ, 1, field));

	fault->hint = SAY(HINT_GUARD, 1, source_text(checker, expr));
}

void cel_fault_not_bool(struct checker *checker, const struct cel_expr *expr,
			const struct cel_type *type)
{
	if (type->kind != CEL_T_ERROR)
		complain(checker, expr->span, SAY(NOT_BOOL, 1, type_text(checker, type)));
}

void cel_fault_not_iterable(struct checker *checker, const struct cel_expr *expr,
			    const struct cel_type *type)
{
	complain(checker, expr->span, SAY(NOT_ITERABLE, 1, type_text(checker, type)));
}

void cel_fault_not_wanted(struct checker *checker, const struct cel_expr *expr,
			  const struct cel_type *type, const struct cel_type *want)
{
	if (type->kind != CEL_T_ERROR)
		complain(checker, expr->span,
			 SAY(NOT_WANTED, 2, type_text(checker, want), type_text(checker, type)));
}

void cel_fault_unknown_row(struct checker *checker, const struct cel_expr *expr, struct slice name,
			   bool is_table)
{
	GArray *names = g_array_new(FALSE, FALSE, sizeof(struct slice));
	struct cel_fault *fault = complain(checker, expr->span,
					   is_table ? SAY(UNKNOWN_TABLE, 1, name)
						    : SAY(UNKNOWN_VOCABULARY, 1, name));

	for (const struct cel_env *env = checker->env; env; env = env->parent) {
		const GArray *rows = is_table ? env->tables : env->vocabularies;

		for (guint i = 0; i < rows->len; i++)
			g_array_append_val(names, g_array_index(rows, struct named_value, i).name);
	}
	suggest(checker, fault, name, names);
	g_array_free(names, TRUE);
}

void cel_fault_not_literal(struct checker *checker, const struct cel_expr *expr,
			   struct slice function)
{
	complain(checker, expr->span, SAY(NOT_LITERAL, 1, function));
}

void cel_fault_bad_pattern(struct checker *checker, const struct cel_expr *expr,
			   const struct regex_error *error)
{
	struct phrase words = SAY(BAD_PATTERN, 1, slice_of(error->message));

	words.sentences = 1;
	complain(checker, expr->span, words);
}

void cel_check_enum(struct checker *checker, const struct cel_expr *literal,
		    const struct cel_type *type)
{
	GArray *names;
	struct cel_fault *fault;

	while (type->kind == CEL_T_NULLABLE || type->kind == CEL_T_OPTIONAL)
		type = type->params[0];
	if (type->kind != CEL_T_STRING || !type->values || literal->kind != EXPR_LITERAL ||
	    literal->literal.kind != CEL_STRING)
		return;
	for (size_t i = 0; i < type->value_count; i++)
		if (slice_equal(type->values[i], literal->literal.string))
			return;
	fault = complain(checker, literal->span, SAY(NOT_IN_ENUM, 1, literal->literal.string));
	names = g_array_new(FALSE, FALSE, sizeof(struct slice));
	g_array_append_vals(names, type->values, (guint)type->value_count);
	suggest(checker, fault, literal->literal.string, names);
	g_array_free(names, TRUE);
}
