/*
 * Instructions for the keywords that assert something of the value itself. The type of the instance
 * is known: what it decides alone leaves no instruction.
 */
#include "schema/draft.h"

static bool is_number(enum doc_type type)
{
	return type == DOC_INTEGER || type == DOC_NUMBER;
}

/* `type`: decides the whole program, but for whole numbers that are written with a fraction. */
static void emit_type(struct draft *draft)
{
	static const uint8_t bits[DOC_TYPES] = {
		[DOC_NULL] = SCHEMA_NULL,       [DOC_BOOLEAN] = SCHEMA_BOOLEAN,
		[DOC_INTEGER] = SCHEMA_INTEGER, [DOC_NUMBER] = SCHEMA_NUMBER,
		[DOC_STRING] = SCHEMA_STRING,   [DOC_ARRAY] = SCHEMA_ARRAY,
		[DOC_OBJECT] = SCHEMA_OBJECT,
	};
	uint8_t types = draft->node->types;

	if (types & bits[draft->type])
		return;
	if (draft->type == DOC_NUMBER && types & SCHEMA_INTEGER)
		draft_emit(draft, OP_INTEGRAL);
	else
		draft->fails = true;
}

static void emit_date(struct draft *draft)
{
	const struct schema_node *node = draft->node;
	bool may_be_null = schema_keyword(node, SCHEMA_KEYWORD_TYPE) && node->types & SCHEMA_NULL;

	if (!node->is_date || (draft->type == DOC_NULL && may_be_null))
		return;
	if (draft->type == DOC_STRING || draft->type == DOC_INTEGER)
		draft_emit(draft, OP_DATE);
	else
		draft->fails = true;
}

static void emit_booleans(struct draft *draft, const struct values_detail *values)
{
	bool allowed[2] = {false, false};

	for (uint32_t i = 0; i < values->count; i++)
		if (values->values[i]->type == DOC_BOOLEAN)
			allowed[values->values[i]->integer != 0] = true;
	if (!allowed[0] || !allowed[1])
		draft_emit(draft, OP_BOOLEAN)->number = allowed[1];
}

static void emit_values(struct draft *draft, const struct values_detail *values)
{
	unsigned numbers = 1 << DOC_INTEGER | 1 << DOC_NUMBER;
	unsigned wanted = is_number(draft->type) ? numbers : 1u << draft->type;

	if (!values)
		return;
	if (!(values->doc_types & wanted))
		draft->fails = true;
	else if (draft->type == DOC_BOOLEAN)
		emit_booleans(draft, values);
	else if (draft->type == DOC_STRING && values->texts->count == 1)
		draft_emit(draft, OP_TEXT_IS)->text = values->texts->texts;
	else if (draft->type == DOC_STRING)
		draft_emit(draft, OP_TEXT_IN)->texts = values->texts;
	else if (draft->type != DOC_NULL)
		draft_emit(draft, OP_VALUE_IN)->values = values;
}

static void emit_limit(struct draft *draft, const struct schema_keyword *keyword, enum op op)
{
	if (is_number(draft->type) && keyword->detail)
		draft_emit(draft, op)->limit = keyword->detail;
}

/* A bound on what the type counts; a bound of 0 from below asks nothing. */
static void emit_count(struct draft *draft, const struct schema_keyword *keyword,
		       enum doc_type type, enum op op)
{
	if (draft->type == type && !(op == OP_MIN_COUNT && keyword->number == 0) &&
	    !(op == OP_MAX_COUNT && keyword->number == UINT32_MAX))
		draft_emit(draft, op)->number = keyword->number;
}

bool program_asserts_format(const struct schema *schema, const struct schema_node *node)
{
	return schema->set->formats == SCHEMA_FORMATS_ASSERTED ||
	       node->resource->dialect->vocabularies & VOCABULARY_FORMAT_ASSERTION;
}

static void emit_format(struct draft *draft, const struct schema_keyword *keyword)
{
	if (draft->type == DOC_STRING && keyword->detail &&
	    program_asserts_format(draft->builder->schema, draft->node))
		draft_emit(draft, OP_FORMAT)->format = keyword->detail;
}

void draft_assertion(struct draft *draft, const struct schema_keyword *keyword)
{
	switch ((int)keyword->id) {
	case SCHEMA_KEYWORD_TYPE:
		emit_type(draft);
		break;
	case SCHEMA_KEYWORD_CONST:
	case SCHEMA_KEYWORD_ENUM:
		emit_values(draft, keyword->detail);
		break;
	case SCHEMA_KEYWORD_PLANLINT_TYPE:
		emit_date(draft);
		break;
	case SCHEMA_KEYWORD_MULTIPLE_OF:
		emit_limit(draft, keyword, OP_MULTIPLE);
		break;
	case SCHEMA_KEYWORD_MINIMUM:
	case SCHEMA_KEYWORD_EXCLUSIVE_MINIMUM:
		emit_limit(draft, keyword, OP_MINIMUM);
		break;
	case SCHEMA_KEYWORD_MAXIMUM:
	case SCHEMA_KEYWORD_EXCLUSIVE_MAXIMUM:
		emit_limit(draft, keyword, OP_MAXIMUM);
		break;
	case SCHEMA_KEYWORD_MIN_LENGTH:
		emit_count(draft, keyword, DOC_STRING, OP_MIN_COUNT);
		break;
	case SCHEMA_KEYWORD_MAX_LENGTH:
		emit_count(draft, keyword, DOC_STRING, OP_MAX_COUNT);
		break;
	case SCHEMA_KEYWORD_MIN_ITEMS:
		emit_count(draft, keyword, DOC_ARRAY, OP_MIN_COUNT);
		break;
	case SCHEMA_KEYWORD_MAX_ITEMS:
		emit_count(draft, keyword, DOC_ARRAY, OP_MAX_COUNT);
		break;
	case SCHEMA_KEYWORD_MIN_PROPERTIES:
		emit_count(draft, keyword, DOC_OBJECT, OP_MIN_COUNT);
		break;
	case SCHEMA_KEYWORD_MAX_PROPERTIES:
		emit_count(draft, keyword, DOC_OBJECT, OP_MAX_COUNT);
		break;
	case SCHEMA_KEYWORD_PATTERN:
		if (draft->type == DOC_STRING && keyword->detail)
			draft_emit(draft, OP_PATTERN)->regex = keyword->detail;
		break;
	case SCHEMA_KEYWORD_FORMAT:
		emit_format(draft, keyword);
		break;
	case SCHEMA_KEYWORD_UNIQUE_ITEMS:
		if (draft->type == DOC_ARRAY && doc_is(keyword->value, DOC_BOOLEAN) &&
		    keyword->value->integer)
			draft_emit(draft, OP_UNIQUE);
		break;
	default:
		break;
	}
}
