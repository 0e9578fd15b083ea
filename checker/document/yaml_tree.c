/*
 * From events to the tree. Events come one at a time and are checked as they come: their places lie
 * in the source and go forward, their order is that of YAML, so that neither libfyaml's marks nor a
 * worker that was taken over can lead outside the source. What does not fit is a fault of the
 * parser and ends the file.
 *
 * Two kinds of subtrees are built where they stand and then set aside: keys that are no text (the
 * member gets their canonical JSON as its name, and a finding) and what stands behind `<<`.
 *
 * Between two tokens there is nothing but blanks, indicators and comments; walking these gaps gives
 * the places of comments and of values that are not there.
 */
#include "document/yaml_tree.h"

#include "source/message.h"

#include <math.h>
#include <string.h>

enum { TREE_START, TREE_BETWEEN, TREE_IN_DOCUMENT, TREE_AFTER_ROOT, TREE_END };

void yaml_tree_init(struct yaml_tree *tree, struct doc_reader *reader)
{
	*tree = (struct yaml_tree){
		.reader = reader,
		.data = reader->source->size ? reader->source->data : "",
		.size = (uint32_t)reader->source->size,
		.frames = tree->first_frames,
		.capacity = G_N_ELEMENTS(tree->first_frames),
	};
}

void yaml_tree_release(struct yaml_tree *tree)
{
	if (tree->frames != tree->first_frames)
		g_free(tree->frames);
	yaml_anchors_release(tree);
}

bool yaml_tree_fail(struct yaml_tree *tree, uint32_t at)
{
	struct span span = {MIN(at, tree->size), MIN(at, tree->size)};

	return reader_fail(tree->reader, FINDING_YAML_PARSER, span,
			   phrase_make(tree->reader->arena, MESSAGE_YAML_EVENTS, 0));
}

/* What the value that comes is for; false where none may come. */
static bool find_role(struct yaml_tree *tree, enum yaml_role *role)
{
	const struct yaml_frame *frame = yaml_tree_innermost(tree);

	*role = YAML_ROLE_ROOT;
	if (!frame)
		return tree->state == TREE_IN_DOCUMENT;
	if (!frame->is_mapping)
		*role = YAML_ROLE_ITEM;
	else if (!frame->has_key)
		*role = YAML_ROLE_KEY;
	else
		*role = frame->is_merge ? YAML_ROLE_MERGE : YAML_ROLE_VALUE;
	return true;
}

/* .inf and .nan have no place in the data model of JSON. */
static void set_nonfinite(struct yaml_tree *tree, struct doc_node *node)
{
	bool is_nan = node->text[1] == 'n' || node->text[1] == 'N';

	node->flags |= DOC_NONFINITE;
	node->number = is_nan ? NAN : *node->text == '-' ? -INFINITY : INFINITY;
	reader_find(tree->reader, FINDING_NUMBER_RANGE, node->span,
		    phrase_make(tree->reader->arena, MESSAGE_NUMBER_NONFINITE, 1,
				(struct slice){node->text, node->len}));
}

static void set_value(struct yaml_tree *tree, struct doc_node *node)
{
	switch ((enum doc_type)node->type) {
	case DOC_BOOLEAN:
		node->integer = *node->text == 't' || *node->text == 'T';
		break;
	case DOC_INTEGER:
	case DOC_NUMBER:
		if (yaml_is_nonfinite(node->text, node->len))
			set_nonfinite(tree, node);
		else
			scalar_set_number(tree->reader, node);
		break;
	case DOC_NULL:
	case DOC_STRING:
	case DOC_ARRAY:
	case DOC_OBJECT:
		break;
	}
}

static void find_key_type(struct yaml_tree *tree, enum doc_type type, struct span span,
			  struct slice text)
{
	enum message message = MESSAGE_KEY_COLLECTION;

	switch (type) {
	case DOC_STRING:
		return;
	case DOC_NULL:
		message = text.len ? MESSAGE_KEY_WORD : MESSAGE_KEY_EMPTY;
		break;
	case DOC_BOOLEAN:
		message = MESSAGE_KEY_WORD;
		break;
	case DOC_INTEGER:
	case DOC_NUMBER:
		message = MESSAGE_KEY_NUMBER;
		break;
	case DOC_ARRAY:
	case DOC_OBJECT:
		break;
	}
	reader_find(tree->reader, FINDING_KEY_TYPE, span,
		    phrase_make(tree->reader->arena, message, 1, text));
}

bool yaml_tree_key(struct yaml_tree *tree, enum doc_type type, struct span span, struct slice text)
{
	find_key_type(tree, type, span, text);
	if (!build_key(tree->reader, span, text.data, text.len))
		return false;
	yaml_tree_innermost(tree)->has_key = true;
	return true;
}

/* A value has ended: what it was for is done. */
void yaml_tree_after(struct yaml_tree *tree, enum yaml_role role)
{
	if (role == YAML_ROLE_ROOT)
		tree->state = TREE_AFTER_ROOT;
	else if (role == YAML_ROLE_VALUE)
		yaml_tree_innermost(tree)->has_key = false;
}

/* What most scalars are: a plain word or number on one line, without properties. */
static bool read_word(struct yaml_tree *tree, const struct yaml_event *event,
		      struct yaml_value *value)
{
	if (event->span.start < tree->cursor)
		return yaml_tree_fail(tree, event->span.start);
	yaml_gap_advance(tree, event->span.start);
	tree->cursor = tree->content_end = event->span.end;
	value->span = event->span;
	value->text = (struct slice){tree->data + event->span.start,
				     event->span.end - event->span.start};
	value->type = yaml_resolve(value->text.data, value->text.len);
	return true;
}

/* The key `<<`, written so (https://yaml.org/type/merge.html). */
static bool is_merge_key(const struct yaml_event *event, struct slice text)
{
	return text.len == 2 && !memcmp(text.data, "<<", 2) && event->style == YAML_PLAIN &&
	       !event->tag.end;
}

static bool on_scalar(struct yaml_tree *tree, const struct yaml_event *event)
{
	struct yaml_value value = {0};
	struct doc_node *node;
	enum yaml_role role;
	bool is_word = event->style == YAML_PLAIN && event->is_one_line && !event->tag.end &&
		       !event->anchor.end;

	if (!find_role(tree, &role))
		return yaml_tree_fail(tree, event->span.start);
	if (!(is_word ? read_word(tree, event, &value)
		      : yaml_token_scalar(tree, event, role, &value)))
		return false;
	if (role == YAML_ROLE_KEY) {
		if (is_merge_key(event, value.text)) {
			yaml_merge_begin(tree);
			return true;
		}
		return yaml_anchor_key(tree, event, &value) &&
		       yaml_tree_key(tree, value.type, value.span, value.text);
	}
	if (event->style != YAML_EMPTY && !yaml_gap_check_indent(tree, value.span.start))
		return false;
	if (role == YAML_ROLE_MERGE)
		return yaml_merge_refuse(tree, value.span);
	yaml_anchor_open(tree, event);
	node = build_scalar(tree->reader, value.type, value.flags, value.span, value.text.data,
			    value.text.len);
	if (!node)
		return false;
	set_value(tree, node);
	yaml_anchor_close(tree, event->anchor.end != 0);
	yaml_tree_after(tree, role);
	return true;
}

static void push_frame(struct yaml_tree *tree, struct yaml_frame frame)
{
	if (tree->depth == tree->capacity) {
		tree->capacity *= 2;
		tree->frames = reader_grow(tree->frames, tree->first_frames,
					   sizeof(tree->first_frames),
					   tree->capacity * sizeof(frame));
	}
	tree->frames[tree->depth++] = frame;
}

/*
 * Where a collection begins: at its bracket; in block style at its first key or `-`. A pair in a
 * flow sequence, [a: b], begins behind the bracket or comma before it, whatever the parser says.
 */
static bool find_start(struct yaml_tree *tree, const struct yaml_event *event,
		       const struct yaml_frame *frame, uint32_t *start)
{
	bool is_pair = frame->is_flow && event->span.end == event->span.start;

	*start = event->span.start;
	if (is_pair) {
		*start = yaml_gap_next(tree, tree->cursor);
		if (*start < tree->size && tree->data[*start] == ',')
			*start = yaml_gap_next(tree, *start + 1);
	}
	if (*start < tree->cursor)
		return yaml_tree_fail(tree, *start);
	if (is_pair)
		return true;
	yaml_gap_advance(tree, *start);
	tree->cursor = MAX(tree->cursor, event->span.end);
	return true;
}

static bool on_start(struct yaml_tree *tree, const struct yaml_event *event)
{
	const struct yaml_frame *outer = yaml_tree_innermost(tree);
	bool is_mapping = event->type == YAML_MAPPING_START;
	struct yaml_frame frame = {
		.is_mapping = is_mapping,
		.is_flow = event->span.end > event->span.start || (outer && outer->is_flow),
		.has_anchor = event->anchor.end != 0,
		.column = event->column,
	};
	unsigned flags = frame.is_flow ? 0 : DOC_BLOCK;
	uint32_t start;

	if (!find_role(tree, &frame.role))
		return yaml_tree_fail(tree, event->span.start);
	if (yaml_token_tag(tree, event->tag) == YAML_TAG_OTHER)
		flags |= DOC_TAGGED;
	if (!yaml_token_properties(tree, event) || !find_start(tree, event, &frame, &start) ||
	    (frame.is_flow && frame.role != YAML_ROLE_KEY && !yaml_gap_check_indent(tree, start)))
		return false;
	if (frame.role == YAML_ROLE_KEY || frame.role == YAML_ROLE_MERGE)
		frame.mark = build_mark(tree->reader);
	yaml_anchor_open(tree, event);
	if (!build_open(tree->reader, is_mapping ? DOC_OBJECT : DOC_ARRAY, flags, start))
		return false;
	tree->content_end = MAX(tree->cursor, start);
	push_frame(tree, frame);
	return true;
}

/* A key that was a list or a set of entries: its JSON text becomes the name. */
static bool end_key(struct yaml_tree *tree, const struct yaml_frame *frame)
{
	const struct doc_node *node = yaml_set_aside(tree, frame->mark);
	GString *text = g_string_new(NULL);
	struct slice name;
	bool good;

	doc_json_append(text, node);
	name = (struct slice){arena_dup(tree->reader->arena, text->str, text->len), text->len};
	good = yaml_tree_key(tree, (enum doc_type)node->type, node->span, name);
	g_string_free(text, TRUE);
	return good;
}

static bool on_end(struct yaml_tree *tree, const struct yaml_event *event)
{
	struct yaml_frame *frame = yaml_tree_innermost(tree);
	struct yaml_frame ended;
	bool is_mapping = event->type == YAML_MAPPING_END;

	if (!frame || frame->is_mapping != is_mapping || frame->has_key)
		return yaml_tree_fail(tree, event->span.start);
	if (event->span.end > event->span.start) {
		if (event->span.start < tree->cursor)
			return yaml_tree_fail(tree, event->span.start);
		yaml_gap_advance(tree, event->span.start);
		tree->cursor = tree->content_end = event->span.end;
	}
	if (!yaml_merge_apply(tree, frame))
		return false;
	ended = *frame;
	build_close(tree->reader, tree->content_end);
	tree->depth--;
	yaml_anchor_close(tree, ended.has_anchor);
	if (ended.role == YAML_ROLE_KEY)
		return end_key(tree, &ended);
	if (ended.role == YAML_ROLE_MERGE)
		return yaml_merge_end(tree, ended.mark);
	yaml_tree_after(tree, ended.role);
	return true;
}

static bool on_alias(struct yaml_tree *tree, const struct yaml_event *event)
{
	struct span span = event->span;
	enum yaml_role role;

	if (!find_role(tree, &role) || span.start == 0 || tree->data[--span.start] != '*' ||
	    span.start < tree->cursor)
		return yaml_tree_fail(tree, event->span.start);
	if (role != YAML_ROLE_KEY && !yaml_gap_check_indent(tree, span.start))
		return false;
	yaml_gap_advance(tree, span.start);
	tree->cursor = tree->content_end = span.end;
	return yaml_alias(tree, span, role);
}

static bool on_document_start(struct yaml_tree *tree, const struct yaml_event *event)
{
	GArray *documents = tree->reader->documents;
	uint32_t start = tree->cursor;

	if (tree->state != TREE_BETWEEN)
		return yaml_tree_fail(tree, event->span.start);
	if (event->span.end) {
		if (event->span.start < tree->cursor)
			return yaml_tree_fail(tree, event->span.start);
		yaml_gap_advance(tree, event->span.start);
		tree->cursor = event->span.end;
		start = event->span.start;
	}
	if (documents->len >= tree->reader->limits.documents)
		return reader_limit(tree->reader, (struct span){start, start},
				    MESSAGE_LIMIT_DOCUMENTS, tree->reader->limits.documents);
	if (documents->len)
		g_array_index(documents, struct document, documents->len - 1).span.end = start;
	tree->document_start = documents->len ? start : 0;
	tree->state = TREE_IN_DOCUMENT;
	return true;
}

static bool on_document_end(struct yaml_tree *tree)
{
	if (tree->state != TREE_AFTER_ROOT)
		return yaml_tree_fail(tree, tree->cursor);
	build_finish(tree->reader, (struct span){tree->document_start, tree->size});
	yaml_anchors_release(tree);
	tree->state = TREE_BETWEEN;
	return true;
}

/* The whole source was read, or what was not is a finding: never silence. */
static bool on_stream_end(struct yaml_tree *tree, const struct yaml_event *event)
{
	if (tree->state != TREE_BETWEEN)
		return yaml_tree_fail(tree, event->span.start);
	if (event->span.start != tree->size)
		return reader_fail(tree->reader, FINDING_YAML_PARSER,
				   (struct span){event->span.start, event->span.start},
				   phrase_make(tree->reader->arena, MESSAGE_YAML_UNREAD, 0));
	yaml_gap_advance(tree, tree->size);
	tree->state = TREE_END;
	return true;
}

static bool is_in_source(const struct yaml_tree *tree, struct span span)
{
	return span.start <= span.end && span.end <= tree->size;
}

bool yaml_tree_event(void *context, const struct yaml_event *event)
{
	struct yaml_tree *tree = context;

	if (!is_in_source(tree, event->span) ||
	    ((event->anchor.end | event->tag.end) &&
	     (!is_in_source(tree, event->anchor) || !is_in_source(tree, event->tag))) ||
	    event->style >= YAML_STYLES)
		return yaml_tree_fail(tree, tree->cursor);
	switch ((enum yaml_event_type)event->type) {
	case YAML_STREAM_START:
		if (tree->state != TREE_START)
			break;
		tree->state = TREE_BETWEEN;
		return true;
	case YAML_STREAM_END:
		return on_stream_end(tree, event);
	case YAML_DOCUMENT_START:
		return on_document_start(tree, event);
	case YAML_DOCUMENT_END:
		return on_document_end(tree);
	case YAML_MAPPING_START:
	case YAML_SEQUENCE_START:
		return on_start(tree, event);
	case YAML_MAPPING_END:
	case YAML_SEQUENCE_END:
		return on_end(tree, event);
	case YAML_SCALAR:
		return on_scalar(tree, event);
	case YAML_ALIAS:
		return on_alias(tree, event);
	case YAML_EVENT_TYPES:
		break;
	}
	return yaml_tree_fail(tree, tree->cursor);
}

bool yaml_tree_is_complete(const struct yaml_tree *tree)
{
	return tree->state == TREE_END;
}
