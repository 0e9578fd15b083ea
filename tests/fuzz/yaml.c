/* The YAML lane in process: any bytes but those that would go to the worker. */
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = {(const char *)data, size};
	struct fuzz_read read;

	if (!yaml_is_safe(text))
		return 0;
	fuzz_read(&read, "x.yaml", data, size);
	for (size_t i = 0; i < read.set.count; i++)
		if (read.set.documents[i].root)
			fuzz_check_tree(&read.set.documents[i]);
	for (size_t i = 0; i < read.set.comment_count; i++)
		HOLDS(data[read.set.comments[i].start] == '#');
	fuzz_release(&read);
	return 0;
}
