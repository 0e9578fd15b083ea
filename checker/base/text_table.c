/*
 * Few texts are compared one after another, by length first; from FEW on they are found by a keyed
 * hash, so that texts which collide cannot be prepared.
 */
#include "base/text_table.h"

#include "base/hash.h"

enum { FEW = 8 };

static uint32_t *slot_of(const struct text_table *table, struct slice text, uint64_t hash)
{
	for (uint32_t at = (uint32_t)hash;; at++) {
		uint32_t *slot = &table->slots[at & table->slot_mask];
		const struct text_place *place = &table->places[*slot - 1];

		if (!*slot || (place->hash == hash && slice_equal(place->text, text)))
			return slot;
	}
}

const struct text_place *text_table_find(const struct text_table *table, struct slice text)
{
	if (table->slots) {
		uint32_t number = *slot_of(table, text, hash_bytes(text.data, text.len));

		return number ? &table->places[number - 1] : NULL;
	}
	for (uint32_t i = 0; i < table->count; i++)
		if (slice_equal(table->places[i].text, text))
			return &table->places[i];
	return NULL;
}

static void put_in_slot(struct text_table *table, uint32_t number)
{
	struct text_place *place = &table->places[number - 1];

	place->hash = hash_bytes(place->text.data, place->text.len);
	*slot_of(table, place->text, place->hash) = number;
}

/* Twice the room, and slots for all that will have it. */
static void grow(struct text_table *table, struct arena *arena)
{
	struct text_place *old = table->places;

	table->room = table->room ? table->room * 2 : FEW;
	table->places = arena_array(arena, table->room, sizeof(*table->places));
	if (!old)
		return;
	memcpy(table->places, old, table->count * sizeof(*old));
	table->slots = arena_array(arena, (size_t)table->room * 2, sizeof(*table->slots));
	table->slot_mask = table->room * 2 - 1;
	for (uint32_t number = 1; number <= table->count; number++)
		put_in_slot(table, number);
}

void text_table_add(struct text_table *table, struct arena *arena, struct slice text,
		    const void *value)
{
	if (table->count == table->room)
		grow(table, arena);
	table->places[table->count++] = (struct text_place){.text = text, .value = value};
	if (table->slots)
		put_in_slot(table, table->count);
}
