/* The direct lane: wherever it answers, libfyaml gives the same tree. */
#include "direct.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = {(const char *)data, size};
	bool answered;
	uint32_t at;

	if (yaml_is_safe(text))
		HOLDS(!direct_disagrees(text, &answered, &at));
	return 0;
}
