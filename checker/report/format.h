/*
 * What a format is, and what formats share. For the files of report/ only.
 *
 * A format writes into `out`, which report.c carries to the file or terminal: after every commit of
 * a format that streams, else at the end. A format may keep state behind `state`.
 */
#ifndef PLANLINT_REPORT_FORMAT_H
#define PLANLINT_REPORT_FORMAT_H

#include "report/report.h"

#include <glib.h>

/* Counts over everything reported, by severity. */
struct report_counts {
	size_t severity[SEVERITY_ERROR + 1]; /* open ones; in an audit those at its end */
	size_t suppressed;
	size_t documents_hit; /* files with an open finding */
	size_t state[REPORT_STATE_COUNT];
	size_t commits;
	bool failed;                   /* something open is at the fail level */
	int64_t first_time, last_time; /* of the commits */
};

/* What a format is handed on every call. */
struct report_output {
	const struct report_format *format;
	const struct report_options *options;
	const struct report_counts *counts;
	enum language language;
	bool color;
	GString *out;
	void *state; /* the format's own */
};

struct report_format {
	const char *name;
	bool is_machine; /* its language never comes from the locale */
	bool streams;    /* what is in `out` after a commit may be written at once */
	/* each may be NULL: it is passed over */
	void (*begin)(struct report_output *output);
	void (*finding)(struct report_output *output, const struct finding *finding,
			enum report_state state);
	/* an open finding, in any state but suppressed: of a check or gate as it comes, right after
	 * finding(); of an audit at its end, right before end() */
	void (*open)(struct report_output *output, const struct finding *finding);
	void (*line)(struct report_output *output, const struct report_line *line);
	void (*commit)(struct report_output *output, const struct report_commit *commit);
	/* `looked_at` NULL: the run ended early, only `state` is to be freed; never NULL where a
	 * format keeps state */
	void (*end)(struct report_output *output, const struct report_looked_at *looked_at);
};

#define REPORT_FORMAT(name) extern const struct report_format report_##name;
#include "report/formats.def"
#undef REPORT_FORMAT

/* The text in a language: `text` itself in English, its translation in French. */
const char *report_words(enum language language, const char *text) __attribute__((format_arg(2)));

/* "error", "warning" or "remark" in a language, or the plural. */
const char *report_severity_words(enum severity severity, size_t count, enum language language);

/* Between two parts of a sentence: "; ", before which French has a space. */
const char *report_joiner(enum language language);

/* "open", "introduced", ...; never translated. */
const char *report_state_name(enum report_state state);

/* The words of a phrase with everything in them made visible for a terminal. */
void report_append_phrase(GString *out, const struct phrase *phrase, enum language language);

/* "YYYY-MM-DDThh:mm:ss+hh:mm" of a moment in its zone; `date_only` cuts after the day. */
enum report_date { REPORT_DATE_DAY, REPORT_DATE_SECOND };
void report_append_date(GString *out, int64_t time, int offset, enum report_date precision);

/*
 * The verdict in one sentence: how many of what, where the first is and what to do. The same in
 * every format; not yet escaped for anything but a terminal.
 */
void report_append_verdict(GString *out, const struct report_output *output,
			   const struct report_looked_at *looked_at, const char *first);

/* The first open finding as "path:line: message; remedy", for the verdict. */
void report_append_first(GString *out, const struct finding *finding, enum language language);

#endif
