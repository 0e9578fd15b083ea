/*
 * The YAML lane between its parts: libfyaml's events as plain offsets into the source, who makes
 * them (document_yaml.c in process, worker.c in another one) and who builds the tree from them
 * (yaml_tree.c). Only for this folder.
 *
 * Events carry no text: every scalar is decoded from the source by yaml_scalar.c, which also knows
 * where each byte of it stands. An event is never trusted: what does not fit the source or the
 * order of events is refused by the tree builder.
 */
#ifndef PLANLINT_DOCUMENT_YAML_H
#define PLANLINT_DOCUMENT_YAML_H

#include "document/reader.h"

enum yaml_event_type {
	YAML_STREAM_START,
	YAML_STREAM_END, /* start is how far the parser has read */
	YAML_DOCUMENT_START,
	YAML_DOCUMENT_END,
	YAML_MAPPING_START,
	YAML_MAPPING_END,
	YAML_SEQUENCE_START,
	YAML_SEQUENCE_END,
	YAML_SCALAR,
	YAML_ALIAS,
	YAML_EVENT_TYPES,
};

enum yaml_style {
	YAML_EMPTY, /* a scalar that is not there: no position */
	YAML_PLAIN,
	YAML_SINGLE,
	YAML_DOUBLE,
	YAML_LITERAL,
	YAML_FOLDED,
	YAML_STYLES,
};

struct yaml_event {
	uint32_t type;        /* enum yaml_event_type */
	uint16_t style;       /* of a scalar */
	uint16_t is_one_line; /* of a plain scalar: its text is as written */
	/* As libfyaml marks them: quoted scalars without quotes, block scalars from the line behind
	   the header, aliases without the `*`; a bracket, `---`, or nothing for collections and
	   documents. */
	struct span span;
	uint32_t column;    /* of the span's start, code points from 0 */
	struct span anchor; /* without the `&`; end 0: none */
	struct span tag;    /* as written; end 0: none */
};

/* Takes one event; false ends the parse. */
typedef bool yaml_event_handler(void *context, const struct yaml_event *event);

enum yaml_status {
	YAML_DONE,
	YAML_STOPPED, /* the handler said so */
	YAML_FAULT,   /* the parser found one: see offset, message */
	YAML_DIED,    /* the worker is gone: crash, time or memory */
};

struct yaml_outcome {
	enum yaml_status status;
	uint32_t offset;   /* of the fault */
	char message[128]; /* the parser's own words, to be recognised; may be empty */
};

/* libfyaml in this process. Only for bytes that yaml_is_safe() allows, or in the worker. */
void yaml_parse(struct slice text, yaml_event_handler *handler, void *context,
		struct yaml_outcome *outcome);

/* libfyaml in the worker process; -1 with `error` where no worker can be started. */
int worker_parse(struct slice text, yaml_event_handler *handler, void *context,
		 struct yaml_outcome *outcome, struct error *error);

/*
 * The direct lane (yaml_direct.c): the events of a text in the usual forms, the same as
 * yaml_parse() gives (but for marks that nobody reads: columns of scalars, places of ends; and for
 * empty items and texts that yaml_parse() takes for faults). False without any event where the text
 * has other forms, or faults; then yaml_parse() has to read it.
 */
bool yaml_direct(struct slice text, yaml_event_handler *handler, void *context,
		 struct yaml_outcome *outcome);

/*
 * Whether libfyaml may read these bytes in this process: no `?` that it could take for the sign of
 * an explicit key (RELIABILITY.md 0a).
 */
bool yaml_is_safe(struct slice text);

/* The byte check of the YAML lane, after bytes_check_utf8(); false with findings. */
bool yaml_check_bytes(struct doc_reader *reader);

/* The lane: byte check, parse, tree. 0, or -1 with `error` for a fault of the system. */
int yaml_read(struct doc_reader *reader, struct error *error);

/*
 * The finding for a fault of the parser: what is wrong in words of ours, as far as we can tell.
 * `bracket` is the offset of the innermost open bracket, or the size of the source.
 */
void yaml_explain(struct doc_reader *reader, const struct yaml_outcome *outcome, uint32_t bracket);

/*
 * A scalar of the source in its style: the content span as in struct yaml_event; `indent` is the
 * column of the collection around it (0 at the top), for block scalars with an explicit
 * indentation.
 */
struct yaml_scalar {
	struct slice source;
	struct span span;
	uint32_t header; /* block scalars: the offset of `|` or `>` */
	uint32_t indent;
	enum yaml_style style;
};

/* Its text: in place where it is one line without escapes, else in the arena. False: an escape that
   is no character; its offset is in *fault. */
bool yaml_scalar_text(const struct yaml_scalar *scalar, struct arena *arena, struct slice *text,
		      uint32_t *fault);

/* The source offset of byte `offset` of its text. */
uint32_t yaml_scalar_offset(const struct yaml_scalar *scalar, uint32_t offset);

/* What a plain scalar is in the core schema (YAML 1.2.2 10.3.2). */
enum doc_type yaml_resolve(const char *text, size_t len);

/* Whether a plain scalar is .inf or .nan, which yaml_resolve() calls a number. */
bool yaml_is_nonfinite(const char *text, size_t len);

#endif
