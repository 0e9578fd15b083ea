/*
 * Values apart from how they are written: equality in the JSON data model (JSON Schema 2020-12 core
 * 4.2.2) and one text for each value (RFC 8785 3.2, but numbers with all their digits). Both
 * recurse, which the reader's depth limit bounds. Large objects are compared in sorted order.
 */
#include "document/document.h"

#include "base/decimal.h"

#include <stdlib.h>
#include <string.h>

enum { SMALL_OBJECT = 16 };

static bool is_number(const struct doc_node *node)
{
	return node->type == DOC_INTEGER || node->type == DOC_NUMBER;
}

static bool is_same_text(const struct doc_node *a, const struct doc_node *b)
{
	return a->len == b->len && (!a->len || !memcmp(a->text, b->text, a->len));
}

static bool is_same_number(const struct doc_node *a, const struct doc_node *b)
{
	struct decimal x, y;

	if ((a->flags & DOC_INT64) && (b->flags & DOC_INT64))
		return a->integer == b->integer;
	if (!decimal_parse(&x, a->text, a->len) || !decimal_parse(&y, b->text, b->len))
		return is_same_text(a, b); /* .inf and what is out of range */
	return decimal_compare(&x, &y) == 0;
}

/*
 * RFC 8785 3.2.3 sorts by UTF-16 units: as UTF-8 bytes but for U+E000 to U+FFFF (EE, EF), which
 * come after the surrogates that stand for what begins with F0 to F4.
 */
static int unit_order(unsigned char byte)
{
	return byte == 0xee || byte == 0xef ? byte + 0x100 : byte;
}

static int compare_keys(const void *a, const void *b)
{
	const struct doc_key *x = (*(const struct doc_node *const *)a)->key;
	const struct doc_key *y = (*(const struct doc_node *const *)b)->key;
	uint32_t len = MIN(x->len, y->len);

	for (uint32_t i = 0; i < len; i++)
		if (x->text[i] != y->text[i])
			return unit_order((unsigned char)x->text[i]) -
			       unit_order((unsigned char)y->text[i]);
	if (x->len != y->len)
		return x->len < y->len ? -1 : 1;
	/* A duplicate: as in the document. */
	return *(const struct doc_node *const *)a < *(const struct doc_node *const *)b ? -1 : 1;
}

/* The members in canonical order; g_free. */
static const struct doc_node **sort_members(const struct doc_node *object)
{
	const struct doc_node **members = g_new(const struct doc_node *, object->count + 1);
	uint32_t count = 0;

	for (const struct doc_node *at = doc_first(object); at; at = doc_next(at))
		members[count++] = at;
	qsort(members, count, sizeof(*members), compare_keys);
	return members;
}

static bool is_same_large_object(const struct doc_node *a, const struct doc_node *b)
{
	const struct doc_node **x = sort_members(a), **y = sort_members(b);
	bool same = true;

	for (uint32_t i = 0; same && i < a->count; i++)
		same = slice_equal(doc_key_text(x[i]), doc_key_text(y[i])) && doc_equal(x[i], y[i]);
	g_free(x);
	g_free(y);
	return same;
}

static bool is_same_object(const struct doc_node *a, const struct doc_node *b)
{
	if (a->count > SMALL_OBJECT)
		return is_same_large_object(a, b);
	for (const struct doc_node *at = doc_first(a); at; at = doc_next(at)) {
		const struct doc_node *other = doc_member(b, at->key->text, at->key->len);

		if (!other || !doc_equal(at, other))
			return false;
	}
	return true;
}

static bool is_same_array(const struct doc_node *a, const struct doc_node *b)
{
	const struct doc_node *x = doc_first(a), *y = doc_first(b);

	for (; x && y; x = doc_next(x), y = doc_next(y))
		if (!doc_equal(x, y))
			return false;
	return true;
}

bool doc_equal(const struct doc_node *a, const struct doc_node *b)
{
	if (a == b)
		return true;
	if (!a || !b)
		return false;
	if (is_number(a) && is_number(b))
		return is_same_number(a, b);
	if (a->type != b->type)
		return false;
	switch ((enum doc_type)a->type) {
	case DOC_NULL:
		return true;
	case DOC_BOOLEAN:
		return a->integer == b->integer;
	case DOC_STRING:
		return is_same_text(a, b);
	case DOC_ARRAY:
		return a->count == b->count && is_same_array(a, b);
	case DOC_OBJECT:
		return a->count == b->count && is_same_object(a, b);
	case DOC_INTEGER:
	case DOC_NUMBER:
		break;
	}
	return false;
}

/* What JSON has no number for is written as a text. */
static void append_number(GString *out, const struct doc_node *node)
{
	struct decimal number;

	if (node->flags & DOC_INT64)
		g_string_append_printf(out, "%" G_GINT64_FORMAT, node->integer);
	else if (decimal_parse(&number, node->text, node->len))
		decimal_append(out, &number);
	else
		text_append_json_string(out, doc_text(node));
}

static void append_array(GString *out, const struct doc_node *array)
{
	g_string_append_c(out, '[');
	for (const struct doc_node *at = doc_first(array); at; at = doc_next(at)) {
		doc_json_append(out, at);
		if (at->next)
			g_string_append_c(out, ',');
	}
	g_string_append_c(out, ']');
}

static void append_object(GString *out, const struct doc_node *object)
{
	const struct doc_node **members = sort_members(object);

	g_string_append_c(out, '{');
	for (uint32_t i = 0; i < object->count; i++) {
		if (i)
			g_string_append_c(out, ',');
		text_append_json_string(out, doc_key_text(members[i]));
		g_string_append_c(out, ':');
		doc_json_append(out, members[i]);
	}
	g_string_append_c(out, '}');
	g_free(members);
}

void doc_json_append(GString *out, const struct doc_node *node)
{
	switch (node ? (enum doc_type)node->type : DOC_NULL) {
	case DOC_NULL:
		g_string_append(out, "null");
		break;
	case DOC_BOOLEAN:
		g_string_append(out, node->integer ? "true" : "false");
		break;
	case DOC_INTEGER:
	case DOC_NUMBER:
		append_number(out, node);
		break;
	case DOC_STRING:
		text_append_json_string(out, doc_text(node));
		break;
	case DOC_ARRAY:
		append_array(out, node);
		break;
	case DOC_OBJECT:
		append_object(out, node);
		break;
	}
}
