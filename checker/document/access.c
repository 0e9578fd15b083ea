/* Look-ups in a finished tree: members, items, RFC 6901 pointers. */
#include "document/reader.h"

#include <stdlib.h>
#include <string.h>

const struct doc_node *doc_root(const struct doc_node *node)
{
	while (node && node->parent)
		node -= node->parent;
	return node;
}

enum { LARGE = 32 }; /* members or items from which one is searched for instead of met */

/* By length, then bytes: any order will do as long as it is one. */
static int compare_key(const struct doc_key *key, const char *name, size_t len)
{
	if (key->len != len)
		return key->len < len ? -1 : 1;
	return len ? memcmp(key->text, name, len) : 0;
}

static int compare_members(const void *a, const void *b, void *object)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	const struct doc_node *node = object;
	int order = compare_key(node[x].key, node[y].key->text, node[y].key->len);

	return order ? order : (x > y) - (x < y);
}

void object_sort(struct arena *arena, struct doc_node *object)
{
	uint32_t *sorted;
	uint32_t count = 0;

	if (object->count <= LARGE)
		return;
	sorted = arena_alloc_raw(arena, object->count * sizeof(*sorted));
	for (const struct doc_node *at = doc_first(object); at; at = doc_next(at))
		sorted[count++] = (uint32_t)(at - object);
	qsort_r(sorted, count, sizeof(*sorted), compare_members, object);
	object->sorted = sorted;
}

void array_number(struct arena *arena, struct doc_node *array)
{
	uint32_t *items;
	uint32_t count = 0;

	if (array->count <= LARGE)
		return;
	items = arena_alloc_raw(arena, array->count * sizeof(*items));
	for (const struct doc_node *at = doc_first(array); at; at = doc_next(at))
		items[count++] = (uint32_t)(at - array);
	array->sorted = items;
}

/* The first of equal names: the lower bound. */
static const struct doc_node *search_member(const struct doc_node *object, const char *name,
					    size_t len)
{
	uint32_t low = 0, high = object->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (compare_key(object[object->sorted[middle]].key, name, len) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == object->count || compare_key(object[object->sorted[low]].key, name, len))
		return NULL;
	return &object[object->sorted[low]];
}

const struct doc_node *doc_member(const struct doc_node *object, const char *name, size_t len)
{
	if (!doc_is(object, DOC_OBJECT))
		return NULL;
	if (object->sorted)
		return search_member(object, name, len);
	for (const struct doc_node *at = doc_first(object); at; at = doc_next(at))
		if (at->key->len == len && (!len || !memcmp(at->key->text, name, len)))
			return at;
	return NULL;
}

const struct doc_node *doc_member_symbol(const struct doc_node *object, uint32_t symbol)
{
	if (!doc_is(object, DOC_OBJECT) || symbol == SYMBOL_NONE)
		return NULL;
	for (const struct doc_node *at = doc_first(object); at; at = doc_next(at))
		if (at->symbol == symbol)
			return at;
	return NULL;
}

const struct doc_node *doc_get(const struct doc_node *object, const char *name)
{
	return doc_member(object, name, strlen(name));
}

const struct doc_node *doc_item(const struct doc_node *array, size_t index)
{
	const struct doc_node *at;

	if (!doc_is(array, DOC_ARRAY) || index >= array->count)
		return NULL;
	if (array->sorted)
		return &array[array->sorted[index]];
	for (at = doc_first(array); index--; at = doc_next(at))
		;
	return at;
}

/* Items lie in their order, so the number of one is that of items before it. */
static size_t search_item(const struct doc_node *array, const struct doc_node *item)
{
	size_t low = 0, high = array->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (&array[array->sorted[middle]] < item)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t doc_index(const struct doc_node *item)
{
	const struct doc_node *parent = doc_parent(item);
	const struct doc_node *at = doc_first(parent);
	size_t index = 0;

	if (doc_is(parent, DOC_ARRAY) && parent->sorted)
		return search_item(parent, item);
	for (; at && at != item; at = doc_next(at))
		index++;
	return index;
}

struct slice doc_text(const struct doc_node *scalar)
{
	return scalar ? (struct slice){scalar->text, scalar->len} : (struct slice){NULL, 0};
}

struct slice doc_key_text(const struct doc_node *member)
{
	return member && member->key ? (struct slice){member->key->text, member->key->len}
				     : (struct slice){NULL, 0};
}

const struct doc_node *doc_origin(const struct doc_node *node)
{
	return node ? node - node->origin : NULL;
}

/* reference-token = *( unescaped / escaped )   escaped = "~" ( "0" / "1" ) (RFC 6901 3) */
static void append_token(GString *out, struct slice token)
{
	for (size_t i = 0; i < token.len; i++) {
		if (token.data[i] == '~')
			g_string_append(out, "~0");
		else if (token.data[i] == '/')
			g_string_append(out, "~1");
		else
			g_string_append_c(out, token.data[i]);
	}
}

/* From the root down; `node` is `depth` levels below it, at most the reader's limit. */
void doc_pointer_append(GString *out, const struct doc_node *node)
{
	const struct doc_node *parent = doc_parent(node);

	if (!parent)
		return;
	doc_pointer_append(out, parent);
	g_string_append_c(out, '/');
	if (node->key)
		append_token(out, doc_key_text(node));
	else
		g_string_append_printf(out, "%zu", doc_index(node));
}

const char *doc_pointer(struct arena *arena, const struct doc_node *node)
{
	GString *text = g_string_new(NULL);
	const char *copy;

	doc_pointer_append(text, node);
	copy = arena_dup(arena, text->str, text->len);
	g_string_free(text, TRUE);
	return copy;
}

/* array-index = %x30 / ( %x31-39 *(%x30-39) ) (RFC 6901 4) */
static const struct doc_node *find_item(const struct doc_node *array, struct slice token)
{
	size_t index = 0;

	if (!token.len || token.len > 9 || (token.len > 1 && token.data[0] == '0'))
		return NULL;
	for (size_t i = 0; i < token.len; i++) {
		if (!g_ascii_isdigit(token.data[i]))
			return NULL;
		index = index * 10 + (size_t)(token.data[i] - '0');
	}
	return doc_item(array, index);
}

static const struct doc_node *find_member(const struct doc_node *object, struct slice token)
{
	GString *name;
	const struct doc_node *member;

	if (!token.len || !memchr(token.data, '~', token.len))
		return doc_member(object, token.data, token.len);
	name = g_string_new(NULL);
	for (size_t i = 0; i < token.len; i++) {
		char c = token.data[i];

		if (c == '~' && i + 1 < token.len &&
		    (token.data[i + 1] == '0' || token.data[i + 1] == '1'))
			c = token.data[++i] == '0' ? '~' : '/';
		else if (c == '~')
			goto malformed;
		g_string_append_c(name, c);
	}
	member = doc_member(object, name->str, name->len);
	g_string_free(name, TRUE);
	return member;
malformed:
	g_string_free(name, TRUE);
	return NULL;
}

/* json-pointer = *( "/" reference-token ) (RFC 6901 3) */
const struct doc_node *doc_pointer_find(const struct doc_node *root, struct slice pointer)
{
	const struct doc_node *at = root;

	for (size_t i = 0; at && i < pointer.len;) {
		struct slice token = {pointer.data + i + 1, 0};

		if (pointer.data[i] != '/')
			return NULL;
		for (i++; i < pointer.len && pointer.data[i] != '/'; i++)
			token.len++;
		at = at->type == DOC_ARRAY ? find_item(at, token) : find_member(at, token);
	}
	return at;
}
