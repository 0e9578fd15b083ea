/*
 * How far a long run has come: one line on standard error, written over itself, in the language of
 * the run. Nothing is shown in the first second, nor where standard error is no terminal, and the
 * line is gone before anything else is written.
 */
#include "report/report.h"

#include "report/format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
	PATIENCE = G_USEC_PER_SEC,   /* nothing before */
	EVERY = G_USEC_PER_SEC / 10, /* between two writings */
	COLUMNS = 79,                /* where the terminal does not say */
};

struct report_progress {
	enum language language;
	bool is_on;
	bool is_shown;
	gint64 started, shown_at;
	/* what is done now, since when, and how much was done of it then */
	const char *what;
	gint64 what_started;
};

struct report_progress *report_progress_new(enum language language)
{
	struct report_progress *progress = g_new0(struct report_progress, 1);
	const char *term = getenv("TERM");

	progress->language = language;
	progress->is_on = isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
	progress->started = g_get_monotonic_time();
	return progress;
}

static size_t columns(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || !size.ws_col ? COLUMNS
								       : (size_t)size.ws_col - 1;
}

/* "commits: 12800 of 20000 (64%), 3200 a second, 2 s left" */
static GString *line_of(const struct report_progress *progress, size_t done, size_t total,
			gint64 now)
{
	double seconds = (double)(now - progress->what_started) / G_USEC_PER_SEC;
	double rate = seconds > 0 ? (double)done / seconds : 0;
	GString *line = g_string_new(report_words(progress->language, progress->what));

	g_string_append_printf(line, report_words(progress->language, ": %zu of %zu (%zu%%)"), done,
			       total, total ? done * 100 / total : 100);
	if (rate >= 1)
		g_string_append_printf(
			line, report_words(progress->language, ", %.0f a second, %.0f s left"),
			rate, (double)(total - done) / rate);
	return line;
}

void report_progress_tell(void *context, const char *what, size_t done, size_t total)
{
	struct report_progress *progress = context;
	gint64 now;
	GString *line;

	if (!progress || !progress->is_on)
		return;
	now = g_get_monotonic_time();
	if (progress->what != what) {
		progress->what = what;
		progress->what_started = now;
	}
	if (now - progress->started < PATIENCE || now - progress->shown_at < EVERY)
		return;
	progress->shown_at = now;
	progress->is_shown = true;
	line = line_of(progress, MIN(done, total), total, now);
	fprintf(stderr, "\r%.*s\033[K", (int)MIN(line->len, columns()), line->str);
	fflush(stderr);
	g_string_free(line, TRUE);
}

void report_progress_erase(struct report_progress *progress)
{
	if (!progress || !progress->is_shown)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	progress->is_shown = false;
}

void report_progress_free(struct report_progress *progress)
{
	report_progress_erase(progress);
	g_free(progress);
}
