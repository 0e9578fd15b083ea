/*
 * The YAML lane: the byte check, then the usual forms directly, else libfyaml in this process where
 * the predicate allows it, else in the worker; then the tree. However the parse ends, either every
 * byte was read or there is a finding.
 */
#include "document/yaml_tree.h"

#include "source/message.h"

/* Above this a text goes to the worker, whose memory is bounded: flow style on one line costs
   hundreds of bytes for each of the text's (RELIABILITY.md 1.2). */
enum { LARGE = 128 << 10 };

static int parse(const struct doc_reader *reader, struct yaml_tree *tree,
		 struct yaml_outcome *outcome, struct error *error)
{
	struct slice text = {tree->data, reader->source->size};

	if (yaml_direct(text, yaml_tree_event, tree, outcome))
		return 0;
	if (text.len > LARGE || !yaml_is_safe(text))
		return worker_parse(text, yaml_tree_event, tree, outcome, error);
	yaml_parse(text, yaml_tree_event, tree, outcome);
	return 0;
}

/* Where the innermost bracket stands that is open, or the size of the source. */
static uint32_t open_bracket(const struct yaml_tree *tree)
{
	enum doc_type type;
	uint32_t start;

	if (!build_innermost(tree->reader, &type, &start) ||
	    (tree->data[start] != '[' && tree->data[start] != '{'))
		return tree->size;
	return start;
}

static void conclude(struct doc_reader *reader, const struct yaml_tree *tree,
		     const struct yaml_outcome *outcome)
{
	switch (outcome->status) {
	case YAML_DONE:
		if (!yaml_tree_is_complete(tree) && tree->size)
			reader_fail(reader, FINDING_YAML_PARSER,
				    (struct span){tree->cursor, tree->cursor},
				    phrase_make(reader->arena, MESSAGE_YAML_UNREAD, 0));
		break;
	case YAML_STOPPED:
		break; /* the tree has said why */
	case YAML_FAULT:
		yaml_explain(reader, outcome, open_bracket(tree));
		break;
	case YAML_DIED:
		reader_fail(reader, FINDING_YAML_PARSER, (struct span){0, 0},
			    phrase_make(reader->arena, MESSAGE_YAML_DIED, 0));
		break;
	}
	build_abandon(reader);
	if (reader->complete && !reader->documents->len)
		build_finish(reader, (struct span){0, tree->size});
}

int yaml_read(struct doc_reader *reader, struct error *error)
{
	struct yaml_outcome outcome = {.status = YAML_DONE};
	struct yaml_tree tree;
	int result;

	if (!yaml_check_bytes(reader))
		return 0;
	yaml_tree_init(&tree, reader);
	result = parse(reader, &tree, &outcome, error);
	if (result)
		reader->complete = false;
	else
		conclude(reader, &tree, &outcome);
	yaml_tree_release(&tree);
	return result;
}
