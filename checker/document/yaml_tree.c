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

static struct yaml_frame *innermost(struct yaml_tree *tree)
{
	return tree->depth ? &tree->frames[tree->depth - 1] : NULL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool fail_parser(struct yaml_tree *tree, uint32_t at)
{
	struct span span = {MIN(at, tree->size), MIN(at, tree->size)};

	return reader_fail(tree->reader, FINDING_YAML_PARSER, span,
			   phrase_make(tree->reader->arena, MESSAGE_YAML_EVENTS, 0));
}

/* Where a value would stand that is not there: behind its indicator, else where we are. */
static uint32_t place_of_nothing(const struct yaml_tree *tree, enum yaml_role role)
{
	static const char indicators[] = {
		[YAML_ROLE_ROOT] = '\0', [YAML_ROLE_ITEM] = '-',  [YAML_ROLE_KEY] = '?',
		[YAML_ROLE_VALUE] = ':', [YAML_ROLE_MERGE] = ':',
	};
	uint32_t at = yaml_gap_next(tree, tree->cursor);
	char next = at + 1 < tree->size ? tree->data[at + 1] : ' ';

	if (at < tree->size && tree->data[at] == ':' && role == YAML_ROLE_KEY)
		return at;
	if (at == tree->size || tree->data[at] != indicators[role])
		return tree->cursor;
	return is_blank(next) || strchr(",[]{}", next) ? at + 1 : tree->cursor;
}

/* What the value that comes is for; false where none may come. */
static bool find_role(struct yaml_tree *tree, enum yaml_role *role)
{
	const struct yaml_frame *frame = innermost(tree);

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

/* Walks over an anchor or tag in front of a value. */
static bool pass_property(struct yaml_tree *tree, struct span span)
{
	if (!span.end)
		return true;
	if (span.start < tree->cursor)
		return fail_parser(tree, span.start);
	yaml_gap_advance(tree, span.start);
	tree->cursor = span.end;
	return true;
}

/* c-ns-properties(n,c): a tag and an anchor in either order (YAML 1.2.2 6.9) */
static bool pass_properties(struct yaml_tree *tree, const struct yaml_event *event)
{
	bool tag_first = event->tag.start < event->anchor.start;

	if (!event->tag.end && !event->anchor.end)
		return true;
	return pass_property(tree, tag_first ? event->tag : event->anchor) &&
	       pass_property(tree, tag_first ? event->anchor : event->tag);
}

static enum yaml_tag read_tag(const struct yaml_tree *tree, struct span span)
{
	static const struct {
		const char *name;
		enum yaml_tag tag;
	} names[] = {{"str", YAML_TAG_STRING},    {"int", YAML_TAG_CORE},
		     {"float", YAML_TAG_CORE},    {"bool", YAML_TAG_CORE},
		     {"null", YAML_TAG_CORE},     {"map", YAML_TAG_COLLECTION},
		     {"seq", YAML_TAG_COLLECTION}};
	struct slice text = {tree->data + span.start, span.end - span.start};
	static const char verbatim[] = "!<tag:yaml.org,2002:";

	if (!span.end)
		return YAML_TAG_NONE;
	if (text.len == 1)
		return YAML_TAG_STRING; /* the non-specific tag (YAML 1.2.2 6.9.1) */
	if (text.len > 2 && !memcmp(text.data, "!!", 2)) {
		text.data += 2;
		text.len -= 2;
	} else if (text.len > sizeof(verbatim) &&
		   !memcmp(text.data, verbatim, sizeof(verbatim) - 1)) {
		text.data += sizeof(verbatim) - 1;
		text.len -= sizeof(verbatim);
	} else {
		return YAML_TAG_OTHER;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (slice_equal(text, slice_of(names[i].name)))
			return names[i].tag;
	return YAML_TAG_OTHER;
}

/* The token of a scalar with its quotes or header; `header` is set for block scalars. */
static bool find_token(struct yaml_tree *tree, const struct yaml_event *event, struct span *span,
		       uint32_t *header)
{
	char quote = event->style == YAML_SINGLE ? '\'' : '"';

	*span = event->span;
	switch ((enum yaml_style)event->style) {
	case YAML_SINGLE:
	case YAML_DOUBLE:
		if (span->start == 0 || span->end == tree->size ||
		    tree->data[--span->start] != quote || tree->data[span->end++] != quote)
			return fail_parser(tree, event->span.start);
		break;
	case YAML_LITERAL:
	case YAML_FOLDED:
		*header = yaml_gap_header(tree, span->start,
					  event->style == YAML_LITERAL ? '|' : '>');
		if (*header == event->span.start)
			return fail_parser(tree, event->span.start);
		span->end = MAX(yaml_gap_trimmed_end(tree, *span), *header + 1);
		span->start = *header;
		break;
	case YAML_EMPTY:
	case YAML_PLAIN:
	case YAML_STYLES:
		break;
	}
	return span->start >= tree->cursor || fail_parser(tree, span->start);
}

static bool read_escapes(struct yaml_tree *tree, const struct yaml_scalar *scalar,
			 struct slice *text)
{
	uint32_t fault = 0;
	struct span span;

	if (yaml_scalar_text(scalar, tree->reader->arena, text, &fault)) {
		if (scalar->style == YAML_DOUBLE && text->data != tree->data + scalar->span.start)
			tree->reader->is_ascii = false; /* an escape may be any character */
		return true;
	}
	span = (struct span){fault, fault + 2};
	return reader_fail(tree->reader, FINDING_YAML_SYNTAX, span,
			   phrase_make(tree->reader->arena, MESSAGE_YAML_ESCAPE, 1,
				       reader_excerpt(tree->reader, span)));
}

/* A value that is not there has a place all the same. */
static void read_nothing(struct yaml_tree *tree, const struct yaml_event *event,
			 enum yaml_role role, struct yaml_value *value)
{
	bool is_bare = !event->tag.end && !event->anchor.end;

	yaml_gap_advance(tree, is_bare ? place_of_nothing(tree, role) : tree->cursor);
	value->span = event->tag.end ? event->tag : (struct span){tree->cursor, tree->cursor};
	value->text = (struct slice){tree->data + tree->cursor, 0};
}

/* Moves over the scalar and gives its token and text. */
static bool read_scalar(struct yaml_tree *tree, const struct yaml_event *event, enum yaml_role role,
			struct yaml_value *value)
{
	const struct yaml_frame *frame = innermost(tree);
	uint32_t header = 0;

	if (event->style == YAML_EMPTY) {
		read_nothing(tree, event, role, value);
		return true;
	}
	if (!find_token(tree, event, &value->span, &header))
		return false;
	yaml_gap_advance(tree, value->span.start);
	if (event->style >= YAML_LITERAL) {
		tree->cursor = header + 1;
		yaml_gap_advance(tree, event->span.start);
	}
	tree->cursor = MAX(value->span.end, event->span.end);
	if (event->style == YAML_PLAIN && event->is_one_line) {
		value->text = (struct slice){tree->data + event->span.start,
					     event->span.end - event->span.start};
		return true;
	}
	return read_escapes(tree,
			    &(struct yaml_scalar){
				    .source = {tree->data, tree->size},
				    .span = event->span,
				    .header = header,
				    .indent = frame ? frame->column : 0,
				    .style = (enum yaml_style)event->style,
			    },
			    &value->text);
}

/* Type and flags from style, tag and the core schema. */
static void resolve(struct yaml_value *value, const struct yaml_event *event, enum yaml_tag tag)
{
	static const unsigned style_flags[YAML_STYLES] = {
		[YAML_SINGLE] = DOC_QUOTED,
		[YAML_DOUBLE] = DOC_QUOTED,
		[YAML_LITERAL] = DOC_BLOCK,
		[YAML_FOLDED] = DOC_BLOCK,
	};
	bool is_plain = event->style <= YAML_PLAIN;

	value->flags = style_flags[event->style];
	value->type = DOC_STRING;
	if (tag == YAML_TAG_OTHER || tag == YAML_TAG_STRING)
		value->flags |= DOC_TAGGED;
	if (tag == YAML_TAG_CORE || (tag == YAML_TAG_NONE && is_plain))
		value->type = yaml_resolve(value->text.data, value->text.len);
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

static bool find_key_type(struct yaml_tree *tree, enum doc_type type, struct span span,
			  struct slice text)
{
	enum message message = MESSAGE_KEY_COLLECTION;

	switch (type) {
	case DOC_STRING:
		return true;
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
	return true;
}

bool yaml_tree_key(struct yaml_tree *tree, enum doc_type type, struct span span, struct slice text)
{
	find_key_type(tree, type, span, text);
	if (!build_key(tree->reader, span, text.data, text.len))
		return false;
	innermost(tree)->has_key = true;
	return true;
}

/* A value has ended: what it was for is done. */
void yaml_tree_after(struct yaml_tree *tree, enum yaml_role role)
{
	if (role == YAML_ROLE_ROOT)
		tree->state = TREE_AFTER_ROOT;
	else if (role == YAML_ROLE_VALUE)
		innermost(tree)->has_key = false;
}

/* Any scalar, with all that may stand before it. */
static bool read_any(struct yaml_tree *tree, const struct yaml_event *event, enum yaml_role role,
		     struct yaml_value *value)
{
	if (!pass_properties(tree, event) || !read_scalar(tree, event, role, value))
		return false;
	tree->content_end = event->style >= YAML_LITERAL ? value->span.end
							 : MAX(tree->cursor, value->span.end);
	resolve(value, event, read_tag(tree, event->tag));
	return true;
}

/* What most scalars are: a plain word or number on one line, without properties. */
static bool read_word(struct yaml_tree *tree, const struct yaml_event *event,
		      struct yaml_value *value)
{
	if (event->span.start < tree->cursor)
		return fail_parser(tree, event->span.start);
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
		return fail_parser(tree, event->span.start);
	if (!(is_word ? read_word(tree, event, &value) : read_any(tree, event, role, &value)))
		return false;
	if (role == YAML_ROLE_KEY) {
		if (is_merge_key(event, value.text)) {
			yaml_merge_begin(tree);
			return true;
		}
		return yaml_anchor_key(tree, event, &value) &&
		       yaml_tree_key(tree, value.type, value.span, value.text);
	}
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
		return fail_parser(tree, *start);
	if (is_pair)
		return true;
	yaml_gap_advance(tree, *start);
	tree->cursor = MAX(tree->cursor, event->span.end);
	return true;
}

static bool on_start(struct yaml_tree *tree, const struct yaml_event *event)
{
	const struct yaml_frame *outer = innermost(tree);
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
		return fail_parser(tree, event->span.start);
	if (read_tag(tree, event->tag) == YAML_TAG_OTHER)
		flags |= DOC_TAGGED;
	if (!pass_properties(tree, event) || !find_start(tree, event, &frame, &start))
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
	struct yaml_frame *frame = innermost(tree);
	struct yaml_frame ended;
	bool is_mapping = event->type == YAML_MAPPING_END;

	if (!frame || frame->is_mapping != is_mapping || frame->has_key)
		return fail_parser(tree, event->span.start);
	if (event->span.end > event->span.start) {
		if (event->span.start < tree->cursor)
			return fail_parser(tree, event->span.start);
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
		return fail_parser(tree, event->span.start);
	yaml_gap_advance(tree, span.start);
	tree->cursor = tree->content_end = span.end;
	return yaml_alias(tree, span, role);
}

static bool on_document_start(struct yaml_tree *tree, const struct yaml_event *event)
{
	GArray *documents = tree->reader->documents;
	uint32_t start = tree->cursor;

	if (tree->state != TREE_BETWEEN)
		return fail_parser(tree, event->span.start);
	if (event->span.end) {
		if (event->span.start < tree->cursor)
			return fail_parser(tree, event->span.start);
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
		return fail_parser(tree, tree->cursor);
	build_finish(tree->reader, (struct span){tree->document_start, tree->size});
	yaml_anchors_release(tree);
	tree->state = TREE_BETWEEN;
	return true;
}

/* The whole source was read, or what was not is a finding: never silence. */
static bool on_stream_end(struct yaml_tree *tree, const struct yaml_event *event)
{
	if (tree->state != TREE_BETWEEN)
		return fail_parser(tree, event->span.start);
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
		return fail_parser(tree, tree->cursor);
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
	return fail_parser(tree, tree->cursor);
}

bool yaml_tree_is_complete(const struct yaml_tree *tree)
{
	return tree->state == TREE_END;
}
