/*
 * From the event of a value to its token: the properties before it, the bytes that it is written
 * with, its text, and its type by style, tag and the core schema. Moves over it in the source.
 *
 * libfyaml tells where a scalar's content stands; quotes, block headers and the place of a value
 * that is not there are found here. What does not fit together is a fault of the parser.
 */
#include "document/yaml_tree.h"

#include "source/message.h"

#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
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

/* Walks over an anchor or tag in front of a value. */
static bool pass_property(struct yaml_tree *tree, struct span span)
{
	if (!span.end)
		return true;
	if (span.start < tree->cursor)
		return yaml_tree_fail(tree, span.start);
	yaml_gap_advance(tree, span.start);
	tree->cursor = span.end;
	return true;
}

/* c-ns-properties(n,c): a tag and an anchor in either order (YAML 1.2.2 6.9) */
bool yaml_token_properties(struct yaml_tree *tree, const struct yaml_event *event)
{
	bool tag_first = event->tag.start < event->anchor.start;

	if (!event->tag.end && !event->anchor.end)
		return true;
	return pass_property(tree, tag_first ? event->tag : event->anchor) &&
	       pass_property(tree, tag_first ? event->anchor : event->tag);
}

enum yaml_tag yaml_token_tag(const struct yaml_tree *tree, struct span span)
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
			return yaml_tree_fail(tree, event->span.start);
		break;
	case YAML_LITERAL:
	case YAML_FOLDED:
		*header = yaml_gap_header(tree, span->start,
					  event->style == YAML_LITERAL ? '|' : '>');
		if (*header == event->span.start)
			return yaml_tree_fail(tree, event->span.start);
		span->end = MAX(yaml_gap_trimmed_end(tree, *span), *header + 1);
		span->start = *header;
		break;
	case YAML_EMPTY:
	case YAML_PLAIN:
	case YAML_STYLES:
		break;
	}
	return span->start >= tree->cursor || yaml_tree_fail(tree, span->start);
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
	const struct yaml_frame *frame = yaml_tree_innermost(tree);
	uint32_t header = 0;

	if (event->style == YAML_EMPTY) {
		read_nothing(tree, event, role, value);
		return true;
	}
	if (!find_token(tree, event, &value->span, &header))
		return false;
	yaml_gap_advance(tree, value->span.start);
	if (event->style >= YAML_LITERAL) {
		if (!yaml_gap_check_text(tree, event->span))
			return false;
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

bool yaml_token_scalar(struct yaml_tree *tree, const struct yaml_event *event, enum yaml_role role,
		       struct yaml_value *value)
{
	if (!yaml_token_properties(tree, event) || !read_scalar(tree, event, role, value))
		return false;
	tree->content_end = event->style >= YAML_LITERAL ? value->span.end
							 : MAX(tree->cursor, value->span.end);
	resolve(value, event, yaml_token_tag(tree, event->tag));
	return true;
}
