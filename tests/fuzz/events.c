/*
 * What a worker that was taken over may say: the input is a text of 64 bytes and then events. No
 * order of them may lead outside the text or break the builder.
 */
#include "document/yaml_tree.h"
#include "fuzz/fuzz.h"

#include <string.h>

enum { TEXT = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Eight bytes an event, so that places are mostly in the text. */
static struct yaml_event make_event(const uint8_t *at)
{
	struct yaml_event event = {
		.type = at[0] % (YAML_EVENT_TYPES + 1),
		.style = at[1] % (YAML_STYLES + 1),
		.is_one_line = at[1] >> 7,
		.span = {at[2], at[3]},
		.column = at[4],
	};

	if (at[5] & 1)
		event.anchor = (struct span){at[6], at[7]};
	if (at[5] & 2)
		event.tag = (struct span){at[6] / 2, at[7] / 2};
	return event;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source source;
	struct doc_reader reader;
	struct yaml_tree tree;
	struct arena arena = {0};
	bool good = true;

	if (size < TEXT || text_valid_length((const char *)data, TEXT) < TEXT)
		return 0;
	source_init(&source, "x.yaml", (const char *)data, TEXT);
	reader_init(&reader, &source, NULL, &arena);
	yaml_tree_init(&tree, &reader);
	for (size_t at = TEXT; good && at + 8 <= size; at += 8) {
		struct yaml_event event = make_event(data + at);

		good = yaml_tree_event(&tree, &event);
	}
	HOLDS(good || !reader.complete);
	yaml_tree_release(&tree);
	reader_release(&reader);
	source_release(&source);
	arena_release(&arena);
	return 0;
}
