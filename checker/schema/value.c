/*
 * Single assertions on values: numbers against limits, membership in an enum, equal items, dates of
 * reduced precision. Exact: what does not fit 64 bits is compared as a decimal of any length.
 */
#include "schema/evaluate.h"

#include "base/date.h"
#include "base/hash.h"

#include <string.h>

/* The exact value; false for .inf and .nan, which have findings of their own. */
static bool decimal_of(struct decimal *out, const struct doc_node *number)
{
	if (number->flags & DOC_INT64) {
		decimal_from_int64(out, number->integer);
		return true;
	}
	return decimal_parse(out, number->text, number->len);
}

/* <0, 0, >0 as the number compares with the limit; `otherwise` where it has no exact value. */
static int compare(const struct limit_detail *limit, const struct doc_node *number, int otherwise)
{
	struct decimal decimal;

	if (limit->is_int64 && number->flags & DOC_INT64)
		return (number->integer > limit->integer) - (number->integer < limit->integer);
	if (!decimal_of(&decimal, number))
		return otherwise;
	return decimal_compare(&decimal, &limit->decimal);
}

bool limit_holds_minimum(const struct limit_detail *limit, const struct doc_node *number)
{
	int order = compare(limit, number, 1);

	return limit->exclusive ? order > 0 : order >= 0;
}

bool limit_holds_maximum(const struct limit_detail *limit, const struct doc_node *number)
{
	int order = compare(limit, number, -1);

	return limit->exclusive ? order < 0 : order <= 0;
}

bool limit_holds_multiple(const struct limit_detail *limit, const struct doc_node *number)
{
	struct decimal decimal;

	if (limit->is_int64 && limit->integer > 0 && number->flags & DOC_INT64)
		return number->integer % limit->integer == 0;
	return !decimal_of(&decimal, number) || decimal_is_multiple(&decimal, &limit->decimal);
}

bool value_is_integral(const struct doc_node *number)
{
	struct decimal decimal;

	return decimal_of(&decimal, number) && decimal_is_integer(&decimal);
}

bool value_is_date(const struct doc_node *value)
{
	struct date date;

	if (value->type == DOC_STRING)
		return date_parse(&date, doc_text(value));
	return value->flags & DOC_INT64 && date_from_integer(&date, value->integer);
}

/* --- equal values */

enum { PAIRWISE_MAX = 12 };

static uint64_t mix(uint64_t a, uint64_t b)
{
	a = (a << 7 | a >> 57) ^ b;
	a = (a ^ a >> 32) * 0x9e3779b97f4a7c15u;
	a = (a ^ a >> 29) * 0xd6e8feb86659fd93u;
	return a ^ a >> 32;
}

/* Equal values have equal hashes: numbers by their nearest double, members in any order. */
static uint64_t value_hash(const struct doc_node *value)
{
	uint64_t hash = value->type == DOC_NUMBER ? DOC_INTEGER : value->type;
	double number;
	uint64_t bits;

	switch ((enum doc_type)value->type) {
	case DOC_NULL:
		return hash;
	case DOC_BOOLEAN:
		return mix(hash, (uint64_t)value->integer);
	case DOC_INTEGER:
	case DOC_NUMBER:
		number = value->flags & DOC_INT64 ? (double)value->integer : value->number;
		number += 0.0; /* no negative zero */
		memcpy(&bits, &number, sizeof(bits));
		return mix(hash, bits);
	case DOC_STRING:
		return mix(hash, hash_bytes(value->text, value->len));
	case DOC_ARRAY:
		for (const struct doc_node *item = doc_first(value); item; item = doc_next(item))
			hash = mix(hash, value_hash(item));
		return hash;
	case DOC_OBJECT:
		for (const struct doc_node *item = doc_first(value); item; item = doc_next(item))
			hash += mix(hash_bytes(item->key->text, item->key->len), value_hash(item));
		return mix(hash, value->count);
	}
	g_assert_not_reached();
}

void values_index(struct values_detail *values, struct arena *arena)
{
	uint32_t mask = 1;
	uint32_t *slots;

	if (values->count <= PAIRWISE_MAX)
		return;
	while (mask < 2 * values->count)
		mask = mask * 2 + 1;
	slots = arena_array(arena, (size_t)mask + 1, sizeof(*slots));
	for (uint32_t i = 0; i < values->count; i++) {
		uint32_t at = (uint32_t)value_hash(values->values[i]) & mask;

		while (slots[at] && !doc_equal(values->values[slots[at] - 1], values->values[i]))
			at = (at + 1) & mask;
		slots[at] = i + 1;
	}
	values->slots = slots;
	values->mask = mask;
}

bool value_is_in(const struct values_detail *values, const struct doc_node *value)
{
	uint32_t at;

	if (!values->slots) {
		for (uint32_t i = 0; i < values->count; i++)
			if (doc_equal(values->values[i], value))
				return true;
		return false;
	}
	at = (uint32_t)value_hash(value) & values->mask;
	for (; values->slots[at]; at = (at + 1) & values->mask)
		if (doc_equal(values->values[values->slots[at] - 1], value))
			return true;
	return false;
}

static bool find_pairwise(const struct doc_node *array, const struct doc_node **first,
			  const struct doc_node **second)
{
	for (const struct doc_node *b = doc_next(doc_first(array)); b; b = doc_next(b))
		for (const struct doc_node *a = doc_first(array); a != b; a = doc_next(a))
			if (a->type == b->type || a->type == DOC_NUMBER || b->type == DOC_NUMBER)
				if (doc_equal(a, b)) {
					*first = a;
					*second = b;
					return true;
				}
	return false;
}

struct slot {
	uint64_t hash;
	const struct doc_node *value;
};

static bool find_hashed(struct run *run, const struct doc_node *array,
			const struct doc_node **first, const struct doc_node **second)
{
	struct arena_mark mark = arena_mark(run->scratch);
	size_t mask = 63;
	struct slot *slots;
	bool found = false;

	while (mask < 2 * (size_t)array->count)
		mask = mask * 2 + 1;
	slots = arena_array(run->scratch, mask + 1, sizeof(*slots));
	for (const struct doc_node *item = doc_first(array); item && !found;
	     item = doc_next(item)) {
		uint64_t hash = value_hash(item);
		size_t at = hash & mask;

		while (slots[at].value && !found) {
			found = slots[at].hash == hash && doc_equal(slots[at].value, item);
			if (found) {
				*first = slots[at].value;
				*second = item;
			}
			at = (at + 1) & mask;
		}
		if (!found)
			slots[at] = (struct slot){hash, item};
	}
	arena_reset(run->scratch, mark);
	return found;
}

bool value_find_duplicate(struct run *run, const struct doc_node *array,
			  const struct doc_node **first, const struct doc_node **second)
{
	if (array->count < 2)
		return false;
	if (array->count <= PAIRWISE_MAX)
		return find_pairwise(array, first, second);
	return find_hashed(run, array, first, second);
}
