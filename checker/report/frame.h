/*
 * Code frames: the lines of a file that a finding is about, with carets below. For format_text.c.
 */
#ifndef PLANLINT_REPORT_FRAME_H
#define PLANLINT_REPORT_FRAME_H

#include "source/finding.h"

#include <glib.h>

/* The escape sequences of a terminal, or empty strings. */
struct paint {
	const char *error, *warning, *info, *place, *gutter, *good, *related, *off;
};

const struct paint *paint_for(bool color);
const char *paint_of_severity(const struct paint *paint, enum severity severity);

/*
 * Appends the frames of a finding: its own place and the related ones, one frame a file, that of
 * the finding first. Nothing where it has no source or the source no bytes.
 */
void frame_append(GString *out, const struct finding *finding, enum language language,
		  const struct paint *paint);

/* Display columns of text as text_append_visible() shows it; a tab reaches to the next eighth. */
size_t frame_width(struct slice text);

#endif
