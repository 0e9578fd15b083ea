/* The disposable worker process of the YAML lane (RELIABILITY: files that libfyaml may crash on).
 */
#include "document/yaml.h"

void document_worker_main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
}

void document_worker_stop(void)
{
}

int worker_parse(struct slice text, yaml_event_handler *handler, void *context,
		 struct yaml_outcome *outcome, struct error *error)
{
	(void)error;
	yaml_parse(text, handler, context, outcome);
	return 0;
}
