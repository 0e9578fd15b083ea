#include "schema/format.h"
#include <stddef.h>
const struct format *format_find(struct slice name)
{
	(void)name;
	return NULL;
}
