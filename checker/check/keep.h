/*
 * Verdicts as bytes, for the store: codes and values, never words that belong to the program or to
 * a rule (those are named by number). Read and written under one ruleset only, which the key of the
 * row sees to. Inside check/ only.
 */
#ifndef PLANLINT_CHECK_KEEP_H
#define PLANLINT_CHECK_KEEP_H

#include "check/check.h"
#include "document/document.h"
#include "store/pack.h"

#include <glib.h>

/* Appends a verdict. */
void keep_verdict(GString *out, const struct verdict *verdict, const struct ruleset *ruleset);

/*
 * The verdict in `data`, made anew (verdict_free), or NULL where the bytes are none. Bytes are
 * copied.
 */
struct verdict *keep_read(const struct ruleset *ruleset, const struct document_entry *entry,
			  struct slice data);

/* --- keep_document.c */

void keep_document(GString *out, const struct document *document);
/* Texts point into what is read; nodes live in `arena`. NULL where the bytes are none. */
const struct document *keep_read_document(struct unpack *in, struct arena *arena,
					  const struct symbols *symbols);

/* --- keep_finding.c */

/* Rules are named by their numbers. */
void keep_finding(GString *out, const struct check_finding *found, const struct ruleset *ruleset);
void keep_read_finding(struct check_finding *out, struct unpack *in, struct arena *arena,
		       const struct ruleset *ruleset);

void keep_span(GString *out, struct span span);
struct span keep_read_span(struct unpack *in);

#endif
