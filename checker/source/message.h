/*
 * The numbers of our own messages, for what makes or words them. No header includes this one:
 * headers carry such a number as an int, so that a new message does not rebuild the program.
 */
#ifndef PLANLINT_SOURCE_MESSAGE_H
#define PLANLINT_SOURCE_MESSAGE_H

#include "source/finding.h"

enum message {
	MESSAGE_NONE,
#define MESSAGE(name, text) MESSAGE_##name,
#include "source/message.def"
#undef MESSAGE
	MESSAGE_COUNT
};

#endif
