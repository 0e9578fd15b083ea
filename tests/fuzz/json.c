/* The JSON lane: any bytes; what is read and written again as canonical JSON is the same value. */
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_read read, again;
	GString *text = g_string_new(NULL);

	fuzz_read(&read, "x.json", data, size);
	if (read.set.complete) {
		fuzz_check_tree(read.set.documents);
		doc_json_append(text, read.set.documents->root);
		/* Numbers out of range become texts, duplicate names stay. */
		if (!read.findings) {
			fuzz_read(&again, "y.json", (const uint8_t *)text->str, text->len);
			HOLDS(again.set.complete);
			HOLDS(doc_equal(read.set.documents->root, again.set.documents->root));
			fuzz_release(&again);
		}
	}
	fuzz_release(&read);
	g_string_free(text, TRUE);
	return 0;
}
