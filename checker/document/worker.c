/* The disposable worker process of the YAML lane (RELIABILITY: files that libfyaml may crash on).
 */
#include "document/document.h"

void document_worker_main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
}
