/*
 * The builder of the flat tree: nodes in pre-order in one growing array, linked by distances, so
 * that the finished array moves into the arena by one copy. Open containers are a stack of frames
 * that know their last child.
 *
 * Keys lie in the arena in blocks and never move. A key is looked up among its object's earlier
 * keys when it comes: one after another while the object is small, then in a hash table shared by
 * all objects of the document, keyed by (object, text). Its hash is keyed per process, so keys that
 * collide cannot be prepared. The duplicate stays in the tree; look-ups find the first.
 */
#include "document/reader.h"

#include "base/hash.h"
#include "source/message.h"

#include <assert.h>
#include <string.h>

enum { SMALL_OBJECT = 8, KEY_BLOCK = 32, LARGE_TREE = 256 << 10 };

struct key_slot {
	const struct doc_key *key; /* NULL: free */
	uint64_t hash;
	uint32_t object; /* number of the container */
};

struct key_table {
	struct key_slot *slots;
	uint32_t count, size; /* size is a power of two */
};

/* Leaves the array that came with the reader, or one that was handed over, for a block. */
static void grow(struct doc_reader *reader, uint32_t wanted)
{
	struct doc_node *old = reader->nodes == reader->first_nodes ? reader->nodes : NULL;

	reader->capacity = MAX(reader->capacity * 2, MAX(wanted, 16));
	reader->nodes = arena_block_grow(old ? NULL : reader->nodes,
					 (size_t)reader->capacity * sizeof(struct doc_node));
	if (old)
		memcpy(reader->nodes, old, reader->count * sizeof(struct doc_node));
}

static inline void reserve(struct doc_reader *reader, uint32_t count)
{
	if (reader->capacity - reader->count < count)
		grow(reader, reader->count + count);
}

static struct doc_node *add_node(struct doc_reader *reader, enum doc_type type, unsigned flags,
				 struct span span)
{
	struct doc_frame *frame = reader->depth ? &reader->frames[reader->depth - 1] : NULL;
	uint32_t index = reader->count;
	struct doc_node *node;

	if (index >= reader->limits.nodes) {
		reader_limit(reader, span, MESSAGE_LIMIT_NODES, reader->limits.nodes);
		return NULL;
	}
	reserve(reader, 1);
	node = &reader->nodes[reader->count++];
	*node = (struct doc_node){
		.type = (uint8_t)type,
		.flags = (uint8_t)flags,
		.depth = (uint16_t)reader->depth,
		.size = 1,
		.span = span,
		.symbol = reader->key ? reader->key->symbol : SYMBOL_NONE,
		.key = reader->key,
	};
	reader->key = NULL;
	if (frame) {
		if (frame->last)
			reader->nodes[frame->last].next = index - frame->last;
		frame->last = index;
		node->parent = index - frame->node;
		reader->nodes[frame->node].count++;
	}
	return node;
}

struct doc_node *build_scalar(struct doc_reader *reader, enum doc_type type, unsigned flags,
			      struct span span, const char *text, size_t len)
{
	struct doc_node *node;

	if (len > reader->limits.scalar_len) {
		reader_limit(reader, span, MESSAGE_LIMIT_SCALAR, reader->limits.scalar_len);
		return NULL;
	}
	node = add_node(reader, type, flags, span);
	if (!node)
		return NULL;
	node->text = text;
	node->len = (uint32_t)len;
	if (type == DOC_STRING)
		node->count = (uint32_t)(reader->is_ascii ? len : text_code_points(text, len));
	return node;
}

bool build_open(struct doc_reader *reader, enum doc_type type, unsigned flags, uint32_t start)
{
	uint32_t index = reader->count;
	struct span span = {start, start + 1};

	if (reader->depth >= reader->limits.depth)
		return reader_limit(reader, span, MESSAGE_LIMIT_DEPTH, reader->limits.depth);
	if (!add_node(reader, type, flags, span))
		return false;
	if (reader->depth == reader->frame_capacity) {
		reader->frame_capacity *= 2;
		reader->frames = reader_grow(reader->frames, reader->first_frames,
					     sizeof(reader->first_frames),
					     reader->frame_capacity * sizeof(struct doc_frame));
	}
	reader->frames[reader->depth++] = (struct doc_frame){.node = index,
							     .number = reader->objects++};
	return true;
}

void build_close(struct doc_reader *reader, uint32_t end)
{
	struct doc_node *node;

	assert(reader->depth && "a container is open");
	node = &reader->nodes[reader->frames[--reader->depth].node];
	node->span.end = end;
	node->size = (uint32_t)(&reader->nodes[reader->count] - node);
	if (node->type == DOC_OBJECT)
		object_sort(reader->arena, node);
	else
		array_number(reader->arena, node);
}

bool build_innermost(const struct doc_reader *reader, enum doc_type *type, uint32_t *start)
{
	const struct doc_node *node;

	if (!reader->depth)
		return false;
	node = &reader->nodes[reader->frames[reader->depth - 1].node];
	*type = (enum doc_type)node->type;
	*start = node->span.start;
	return true;
}

static bool is_same_key(const struct doc_key *key, const char *text, size_t len)
{
	return key->len == len && (!len || !memcmp(key->text, text, len));
}

/* The slot of a key of an object, or the free one where it belongs. */
static struct key_slot *find_slot(const struct key_table *table, uint32_t object, uint64_t hash,
				  const char *text, size_t len)
{
	uint32_t mask = table->size - 1;
	uint32_t at = (uint32_t)hash ^ object * 0x9e3779b1u;

	for (;; at++) {
		struct key_slot *slot = &table->slots[at & mask];

		if (!slot->key || (slot->hash == hash && slot->object == object &&
				   is_same_key(slot->key, text, len)))
			return slot;
	}
}

static void grow_table(struct key_table *table)
{
	struct key_slot *old = table->slots;
	uint32_t old_size = table->size;

	table->size = MAX(64, old_size * 2);
	table->slots = g_new0(struct key_slot, table->size);
	for (uint32_t i = 0; i < old_size; i++)
		if (old[i].key)
			*find_slot(table, old[i].object, old[i].hash, old[i].key->text,
				   old[i].key->len) = old[i];
	g_free(old);
}

/* The key with this text that is in the table already, or NULL after `key` was put there. */
static const struct doc_key *put_in_table(struct doc_reader *reader, uint32_t object,
					  const struct doc_key *key, uint64_t hash)
{
	struct key_slot *slot;

	if (!reader->table)
		reader->table = g_new0(struct key_table, 1);
	if (reader->table->count >= reader->table->size / 2)
		grow_table(reader->table);
	slot = find_slot(reader->table, object, hash, key->text, key->len);
	if (slot->key)
		return slot->key;
	*slot = (struct key_slot){key, hash, object};
	reader->table->count++;
	return NULL;
}

/* An object grows large: puts the keys that it has into the table. */
static void move_to_table(struct doc_reader *reader, struct doc_frame *frame)
{
	const struct doc_node *object = &reader->nodes[frame->node];

	frame->in_table = true;
	for (const struct doc_node *child = doc_first(object); child; child = doc_next(child))
		put_in_table(reader, frame->number, child->key,
			     hash_bytes(child->key->text, child->key->len));
}

/* The earlier key with the text of `key` in the innermost object, or NULL. */
static const struct doc_key *find_duplicate(struct doc_reader *reader, const struct doc_key *key,
					    uint64_t hash)
{
	struct doc_frame *frame = &reader->frames[reader->depth - 1];
	uint64_t bit = 1ull << (hash >> 58);
	bool may_be_known = frame->hashes & bit;

	frame->hashes |= bit;
	if (frame->members++ < SMALL_OBJECT && !may_be_known)
		return NULL;
	if (frame->members <= SMALL_OBJECT) {
		const struct doc_node *object = &reader->nodes[frame->node];

		for (const struct doc_node *child = doc_first(object); child;
		     child = doc_next(child))
			if (is_same_key(child->key, key->text, key->len))
				return child->key;
		return NULL;
	}
	if (!frame->in_table)
		move_to_table(reader, frame);
	return put_in_table(reader, frame->number, key, hash);
}

static struct doc_key *new_key(struct doc_reader *reader)
{
	if (!reader->spare_key_count) {
		reader->spare_keys = arena_array(reader->arena, KEY_BLOCK, sizeof(struct doc_key));
		reader->spare_key_count = KEY_BLOCK;
	}
	reader->spare_key_count--;
	return reader->spare_keys++;
}

/*
 * Hash and symbol of a key. The row is chosen by a few of its bytes, which an attacker can choose
 * too: then rows are overwritten, which costs what it costs without them.
 */
static const struct known_key *know_key(struct doc_reader *reader, const char *text, size_t len)
{
	unsigned first = len ? (unsigned char)text[0] : 0,
		 last = len ? (unsigned char)text[len - 1] : 0;
	struct known_key *known = &reader->known_keys[(first + last * 5 + len * 11) % 64];

	if (known->len != len || !len || memcmp(known->text, text, len) != 0) {
		uint64_t hash = hash_bytes(text, len);

		*known = (struct known_key){
			.text = text,
			.len = (uint32_t)len,
			.symbol = symbols_find_hashed(reader->symbols, text, len, hash),
			.hash = hash,
		};
	}
	return known;
}

bool build_key(struct doc_reader *reader, struct span span, const char *text, size_t len)
{
	const struct doc_key *duplicate;
	const struct known_key *known;
	struct doc_key *key;

	assert(reader->depth && !reader->key && "a member comes, and the last one has its value");
	if (len > reader->limits.key_len)
		return reader_limit(reader, span, MESSAGE_LIMIT_KEY, reader->limits.key_len);
	known = know_key(reader, text, len);
	key = new_key(reader);
	*key = (struct doc_key){
		.text = text,
		.len = (uint32_t)len,
		.symbol = known->symbol,
		.span = span,
	};
	duplicate = find_duplicate(reader, key, known->hash);
	if (duplicate) {
		struct finding *finding = reader_find(reader, FINDING_DUPLICATE_KEY, span,
						      phrase_make(reader->arena,
								  MESSAGE_DUPLICATE_KEY, 1,
								  (struct slice){text, len}));

		reader_relate(reader, finding, duplicate->span, MESSAGE_DUPLICATE_KEY_FIRST);
	}
	reader->key = key;
	return true;
}

bool build_key_once(struct doc_reader *reader, struct span span, const struct doc_key *key)
{
	struct doc_key *copy = new_key(reader);

	*copy = *key;
	copy->span = span;
	if (find_duplicate(reader, copy, hash_bytes(key->text, key->len)))
		return false;
	reader->key = copy;
	return true;
}

struct build_mark build_mark(const struct doc_reader *reader)
{
	const struct doc_frame *frame = &reader->frames[reader->depth - 1];

	assert(reader->depth && "only what stands in a container is taken back");
	return (struct build_mark){reader->count, frame->last, reader->nodes[frame->node].count};
}

static void rewind_to(struct doc_reader *reader, struct build_mark mark)
{
	struct doc_frame *frame = &reader->frames[reader->depth - 1];

	reader->count = mark.count;
	reader->key = NULL;
	frame->last = mark.last;
	if (mark.last)
		reader->nodes[mark.last].next = 0;
	reader->nodes[frame->node].count = mark.children;
}

const struct doc_node *build_node(const struct doc_reader *reader, struct node_ref ref)
{
	return ref.aside ? ref.aside : &reader->nodes[ref.index];
}

const struct doc_node *build_set_aside(struct doc_reader *reader, struct build_mark mark)
{
	size_t size = (reader->count - mark.count) * sizeof(struct doc_node);
	struct doc_node *nodes = arena_alloc_raw(reader->arena, size);

	memcpy(nodes, reader->nodes + mark.count, size);
	nodes->parent = 0;
	nodes->key = NULL;
	nodes->symbol = SYMBOL_NONE;
	rewind_to(reader, mark);
	return nodes;
}

/* Whether a subtree keeps the depth limit where its root is `deeper` levels further down. */
static bool fits_depth(const struct doc_reader *reader, const struct doc_node *root, int deeper)
{
	for (uint32_t i = 0; i < root->size; i++)
		if (root[i].type >= DOC_ARRAY &&
		    root[i].depth + deeper >= (int)reader->limits.depth)
			return false;
	return true;
}

static const struct doc_key *copy_key(struct doc_reader *reader, const struct doc_key *key,
				      struct span span)
{
	struct doc_key *copy = new_key(reader);

	*copy = *key;
	copy->span = span;
	return copy;
}

bool build_copy(struct doc_reader *reader, struct node_ref from, struct span span)
{
	uint32_t size = build_node(reader, from)->size;
	uint32_t index = reader->count;
	uint32_t distance = from.aside ? 0 : index - from.index;
	int deeper = (int)reader->depth - build_node(reader, from)->depth;
	const struct doc_node *source;
	struct doc_node place;

	if (!fits_depth(reader, build_node(reader, from), deeper))
		return reader_limit(reader, span, MESSAGE_LIMIT_DEPTH, reader->limits.depth);
	if (size > reader->limits.nodes || index > reader->limits.nodes - size)
		return reader_limit(reader, span, MESSAGE_LIMIT_NODES, reader->limits.nodes);
	reserve(reader, size);
	place = *add_node(reader, DOC_NULL, 0, span);
	source = build_node(reader, from);
	for (uint32_t i = 0; i < size; i++) {
		struct doc_node *copy = &reader->nodes[index + i];

		*copy = source[i];
		copy->flags |= DOC_COPIED;
		copy->origin = distance ? distance + copy->origin : 0;
		copy->depth = (uint16_t)(copy->depth + deeper);
		copy->span = span;
		if (i && copy->key)
			copy->key = copy_key(reader, copy->key, span);
	}
	reader->nodes[index].parent = place.parent;
	reader->nodes[index].next = 0;
	reader->nodes[index].key = place.key;
	reader->nodes[index].symbol = place.symbol;
	reader->count = index + size;
	return true;
}

static void reset(struct doc_reader *reader)
{
	reader->count = 0;
	reader->depth = 0;
	reader->objects = 0;
	reader->key = NULL;
	if (reader->table) {
		g_free(reader->table->slots);
		*reader->table = (struct key_table){0};
	}
}

/* The finished array in the arena: copied where it is small, handed over where it is large. */
static const struct doc_node *keep_nodes(struct doc_reader *reader)
{
	size_t size = reader->count * sizeof(struct doc_node);
	struct doc_node *nodes = reader->nodes;

	if (size < LARGE_TREE || nodes == reader->first_nodes)
		return memcpy(arena_alloc_raw(reader->arena, size), nodes, size);
	arena_block_adopt(reader->arena, nodes);
	reader->nodes = NULL;
	reader->capacity = 0;
	return nodes;
}

void build_finish(struct doc_reader *reader, struct span span)
{
	struct document document = {
		.source = reader->source,
		.node_count = reader->count,
		.index = reader->documents->len,
		.span = span,
		.symbols = reader->symbols,
	};

	assert(!reader->depth && !reader->key && "every container is closed");
	if (reader->count)
		document.root = keep_nodes(reader);
	g_array_append_val(reader->documents, document);
	reset(reader);
}

void build_abandon(struct doc_reader *reader)
{
	reset(reader);
}
