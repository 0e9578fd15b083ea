/*
 * A report: carries what a run hands over to each of its outputs, counts it, and writes the bytes.
 *
 * Outputs write into a string of their own. A machine format that streams is written out after each
 * commit; all others at the end, files before standard output, so that a reader who closes the pipe
 * early loses no file. Nothing of an unfinished report is written to a file: a report that is there
 * is whole.
 */
#include "report/report.h"

#include "base/file.h"
#include "report/format.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct report_format *const formats[] = {
#define REPORT_FORMAT(name) &report_##name,
#include "report/formats.def"
#undef REPORT_FORMAT
};

static const char *const format_names[] = {
#define REPORT_FORMAT(name) #name,
#include "report/formats.def"
#undef REPORT_FORMAT
	NULL,
};

_Static_assert(G_N_ELEMENTS(formats) + 1 == G_N_ELEMENTS(format_names), "a name for each");

/* An output and where its bytes go. */
struct target {
	struct report_output output;
	char *file;   /* NULL: standard output */
	bool appends; /* to what the file holds already */
};

struct report {
	struct report_options options;
	struct report_counts counts;
	GPtrArray *targets;
	char *last_path;    /* of the last open finding, to count the files that have one */
	struct error error; /* the first of a streaming output */
	struct report_progress *progress; /* NULL: none was asked for */
	bool begun;
	bool closed;
};

static void target_free(void *data)
{
	struct target *target = data;

	g_string_free(target->output.out, TRUE);
	g_free(target->file);
	g_free(target);
}

struct report *report_new(const struct report_options *options)
{
	struct report *report = g_new0(struct report, 1);

	report->options = *options;
	if (report->options.fail_level == SEVERITY_OFF)
		report->options.fail_level = SEVERITY_ERROR;
	report->targets = g_ptr_array_new_with_free_func(target_free);
	return report;
}

struct report_progress *report_progress_of(struct report *report)
{
	if (!report->progress)
		report->progress = report_progress_new(report->options.language);
	return report->progress;
}

static struct target *target_at(struct report *report, guint i)
{
	return g_ptr_array_index(report->targets, i);
}

void report_free(struct report *report)
{
	if (!report)
		return;
	for (guint i = 0; i < report->targets->len; i++) {
		struct report_output *output = &target_at(report, i)->output;

		if (output->state)
			output->format->end(output, NULL);
	}
	g_ptr_array_free(report->targets, TRUE);
	report_progress_free(report->progress);
	error_clear(&report->error);
	g_free(report->last_path);
	g_free(report);
}

/* CONVENTIONS: NO_COLOR, CLICOLOR_FORCE and FORCE_COLOR, TERM=dumb. */
static bool wants_color(enum report_color color, const char *file)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (color != REPORT_COLOR_AUTO)
		return color == REPORT_COLOR_ALWAYS;
	if (file || (no_color && *no_color))
		return false;
	if (getenv("CLICOLOR_FORCE") || getenv("FORCE_COLOR"))
		return true;
	return isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") != 0;
}

bool report_wants_color(enum report_color color)
{
	return wants_color(color, NULL);
}

static const struct report_format *format_named(const char *name, size_t len)
{
	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
		if (strlen(formats[i]->name) == len && !memcmp(formats[i]->name, name, len))
			return formats[i];
	return NULL;
}

static int unknown_format(const char *name, size_t len, struct error *error)
{
	struct slice names[G_N_ELEMENTS(formats)];
	char *list = g_strjoinv(", ", (char **)format_names);
	ptrdiff_t nearest;

	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
		names[i] = slice_of(formats[i]->name);
	nearest = text_nearest((struct slice){name, len}, names, G_N_ELEMENTS(names));
	if (nearest >= 0)
		error_usage(error, "unknown format \"%.*s\"; did you mean \"%s\"?", (int)len, name,
			    formats[nearest]->name);
	else
		error_usage(error, "unknown format \"%.*s\"; there are %s", (int)len, name, list);
	g_free(list);
	return -1;
}

int report_add(struct report *report, const char *spec, struct error *error)
{
	const char *colon = strchr(spec, ':');
	size_t len = colon ? (size_t)(colon - spec) : strlen(spec);
	const char *file = colon && colon[1] && strcmp(colon + 1, "-") != 0 ? colon + 1 : NULL;
	const struct report_format *format = format_named(spec, len);
	struct target *target;

	if (!format)
		return unknown_format(spec, len, error);
	for (guint i = 0; i < report->targets->len; i++)
		if (!g_strcmp0(target_at(report, i)->file, file))
			return error_usage(
				error, "two formats for %s; give one of them a file: -f %s:FILE",
				file ? file : "standard output", format->name);
	target = g_new0(struct target, 1);
	target->file = g_strdup(file);
	target->output = (struct report_output){
		.format = format,
		.options = &report->options,
		.counts = &report->counts,
		.language = format->is_machine ? report->options.machine_language
					       : report->options.language,
		.color = !format->is_machine && wants_color(report->options.color, file),
		.out = g_string_new(NULL),
	};
	g_ptr_array_add(report->targets, target);
	return 0;
}

/*
 * Outputs where none was asked for: text; in a step of GitHub Actions annotations with it, and the
 * summary that the step's page shows.
 */
static void add_default(struct report *report)
{
	const char *actions = getenv("GITHUB_ACTIONS");
	const char *summary = getenv("GITHUB_STEP_SUMMARY");
	bool is_step = actions && !strcmp(actions, "true");

	report_add(report, is_step ? report_github.name : formats[0]->name, NULL);
	if (is_step && summary && *summary) {
		char *spec = g_strdup_printf("%s:%s", report_markdown.name, summary);

		report_add(report, spec, NULL);
		target_at(report, 1)->appends = true;
		g_free(spec);
	}
}

/* Opens every output. */
static void begin(struct report *report)
{
	if (report->begun)
		return;
	report->begun = true;
	if (!report->targets->len)
		add_default(report);
	for (guint i = 0; i < report->targets->len; i++) {
		struct report_output *output = &target_at(report, i)->output;

		if (output->format->begin)
			output->format->begin(output);
	}
}

static int write_stdout(struct report *report, GString *out, struct error *error)
{
	int status = 0;

	report_progress_erase(report->progress);
	if (!report->closed && file_write_all(STDOUT_FILENO, out->str, out->len) < 0) {
		report->closed = errno == EPIPE;
		if (!report->closed)
			status = error_set(error, "the report cannot be written: %s",
					   g_strerror(errno));
	}
	g_string_truncate(out, 0);
	return status;
}

/* Takes back what was written of a report that did not fit; a device or a pipe has it for good. */
static void take_back(const struct target *target, off_t size)
{
	struct stat status;

	if (stat(target->file, &status) || !S_ISREG(status.st_mode) ||
	    truncate(target->file, size) || target->appends)
		return;
	if (!lstat(target->file, &status) && S_ISREG(status.st_mode))
		unlink(target->file);
}

static int write_file(const struct target *target, struct error *error)
{
	const char *file = target->file;
	const GString *out = target->output.out;
	int fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC | (target->appends ? O_APPEND : O_TRUNC),
		      0666);
	off_t before = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
	int failed = fd < 0 || file_write_all(fd, out->str, out->len) < 0;
	int problem = errno;

	if (fd >= 0 && close(fd) < 0 && !failed) {
		failed = 1;
		problem = errno;
	}
	if (failed && fd >= 0)
		take_back(target, before);
	return failed ? error_set(error, "\"%s\" cannot be written: %s", file, g_strerror(problem))
		      : 0;
}

static void count_open(struct report *report, const struct finding *finding)
{
	const char *path = finding->source ? finding->source->path : NULL;

	report->counts.severity[finding->severity]++;
	if (finding->severity >= report->options.fail_level)
		report->counts.failed = true;
	if (!path || (report->last_path && !strcmp(path, report->last_path)))
		return;
	report->counts.documents_hit++;
	g_free(report->last_path);
	report->last_path = g_strdup(path);
}

void report_finding(struct report *report, const struct finding *finding, enum report_state state)
{
	begin(report);
	report->counts.state[state]++;
	if (state != REPORT_SUPPRESSED)
		count_open(report, finding);
	for (guint i = 0; i < report->targets->len; i++) {
		struct report_output *output = &target_at(report, i)->output;

		if (output->format->finding)
			output->format->finding(output, finding, state);
		if (output->format->open && state != REPORT_SUPPRESSED)
			output->format->open(output, finding);
	}
}

void report_line(struct report *report, const struct report_line *line)
{
	begin(report);
	for (guint i = 0; i < report->targets->len; i++) {
		struct report_output *output = &target_at(report, i)->output;

		if (output->format->line)
			output->format->line(output, line);
	}
}

static void count_commit(struct report_counts *counts, const struct report_commit *commit)
{
	if (!counts->commits || commit->time < counts->first_time)
		counts->first_time = commit->time;
	if (!counts->commits || commit->time > counts->last_time)
		counts->last_time = commit->time;
	counts->commits++;
	for (int state = 0; state < REPORT_STATE_COUNT; state++)
		counts->state[state] += commit->lists[state].count;
}

void report_commit(struct report *report, const struct report_commit *commit)
{
	begin(report);
	count_commit(&report->counts, commit);
	for (guint i = 0; i < report->targets->len; i++) {
		struct target *target = target_at(report, i);

		if (target->output.format->commit)
			target->output.format->commit(&target->output, commit);
		if (target->output.format->streams && !target->file)
			write_stdout(report, target->output.out, &report->error);
	}
}

static void end_output(struct report_output *output, const struct report_looked_at *looked_at)
{
	const struct report_format *format = output->format;

	for (size_t i = 0; format->open && i < looked_at->open_count; i++)
		format->open(output, looked_at->open[i]);
	if (format->end)
		format->end(output, looked_at);
	output->state = NULL;
}

int report_end(struct report *report, const struct report_looked_at *looked_at, struct error *error)
{
	int status = 0;

	begin(report);
	report->counts.suppressed = looked_at->suppressed;
	for (size_t i = 0; i < looked_at->open_count; i++)
		count_open(report, looked_at->open[i]);
	for (guint i = 0; i < report->targets->len; i++) {
		struct target *target = target_at(report, i);

		end_output(&target->output, looked_at);
		if (target->file && write_file(target, error) < 0)
			status = -1;
	}
	for (guint i = 0; i < report->targets->len; i++) {
		struct target *target = target_at(report, i);

		if (!target->file && write_stdout(report, target->output.out, error) < 0)
			status = -1;
	}
	if (report->error.message)
		status = error_set(error, "%s", report->error.message);
	return status;
}

bool report_has_failed(const struct report *report)
{
	return report->counts.failed;
}

bool report_is_closed(const struct report *report)
{
	return report->closed;
}

int report_compare(const struct finding *a, const struct finding *b)
{
	const char *a_path = a->source ? a->source->path : NULL;
	const char *b_path = b->source ? b->source->path : NULL;
	int order = g_strcmp0(a_path, b_path);

	if (!order)
		order = a->span.start < b->span.start ? -1 : a->span.start > b->span.start;
	if (!order)
		order = a->span.end < b->span.end ? -1 : a->span.end > b->span.end;
	if (!order)
		order = g_strcmp0(a->rule, b->rule);
	return order ? order : g_strcmp0(a->identity, b->identity);
}
