/*
 * The seam between this process and the worker. Only for worker.c (this side), worker_child.c (the
 * other side) and worker_lock.c (what the other side gives up before it reads a byte).
 *
 * A request is a struct worker_request and its text. The answer is a row of struct worker_record,
 * the last of which has the outcome. Both sides are the same binary, so structs go as they are;
 * what comes back is believed as little as a file is.
 */
#ifndef PLANLINT_DOCUMENT_WORKER_H
#define PLANLINT_DOCUMENT_WORKER_H

#include "document/yaml.h"

/* argv[0] of the worker, which no command line can reach. */
#define WORKER_NAME "planlint-yaml-worker"

enum {
	WORKER_SOCKET = 0,         /* the worker's only descriptor but for /dev/null on 1 and 2 */
	WORKER_CPU_SECONDS = 20,   /* of one worker's life */
	WORKER_WALL_SECONDS = 20,  /* of one request */
	WORKER_MEMORY = 512 << 20, /* bytes of address space */
	WORKER_RECYCLE = 4 << 20,  /* bytes of text after which a new worker is started */
};

struct worker_request {
	uint32_t size; /* of the text that follows */
};

struct worker_record {
	uint32_t is_last; /* an outcome, else an event */
	union {
		struct yaml_event event;
		struct yaml_outcome outcome;
	};
};

/* This process may start workers: its main() knows what a worker is. */
void worker_prepare(void);

/*
 * Gives up everything but memory, the open descriptors and the end: resource limits, then a seccomp
 * filter that lets no other system call do anything. 0, or -1 where the system does not allow it.
 */
int worker_lock(void);

#endif
