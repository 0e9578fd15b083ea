/*
 * URI references: resolving and taking apart, for base URIs of schemas. Not a check of the grammar
 * (format.h has that): what cannot be a URI is carried along as text.
 */
#ifndef PLANLINT_SCHEMA_URI_H
#define PLANLINT_SCHEMA_URI_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>

/* The five components (RFC 3986 3); data is NULL where a component is absent. */
struct uri {
	struct slice scheme;
	struct slice authority;
	struct slice path; /* never absent, may be empty */
	struct slice query;
	struct slice fragment;
};

struct uri uri_split(struct slice text);

/* The reference resolved against a base (RFC 3986 5.2), in the arena. The base may be relative. */
struct slice uri_resolve(struct arena *arena, struct slice base, struct slice reference);

/* The text up to the fragment, and the fragment (NULL data where there is none). */
struct slice uri_without_fragment(struct slice text);
struct slice uri_fragment(struct slice text);

/* Percent-decodes into the arena. False where the result is no UTF-8 or an escape is broken. */
bool uri_decode(struct slice *out, struct arena *arena, struct slice text);

#endif
