/*
 * `planlint log PATH`: the commits that changed a document, newest first, and the change in words.
 *
 * The history is walked from HEAD towards its beginning. Each commit hands the document's path on
 *to its parents; where the commit changed the file, the two versions are compared, and if the
 *document (by its key) stood elsewhere in the parent, its path there is handed on. As in git, a
 *merge that has the file as one of its parents has it is not shown, and only that parent is
 *followed.
 *
 *	state[commit] = path of the document there; set by the first child that reaches it
 */
#include "check/compare.h"

#include "base/date.h"
#include "cli/changes.h"
#include "cli/judge.h"

#include <string.h>

enum { SHOWN_ID = 10, SECONDS_A_MINUTE = 60, SECONDS_A_DAY = 86400 };

struct log {
	struct cli_options options;
	struct repository *repository;
	struct law law;
	struct changes_printer printer;
	struct history history;
	const char **paths; /* of each commit; NULL: not reached */
	struct arena arena; /* the paths */
	size_t count;       /* commits shown */
	struct mailmap *mailmap;
	struct report_progress *progress;
	const volatile sig_atomic_t *interrupted;
};

/* A file that differs between a commit and one of its parents. */
struct difference {
	char *path;
	const struct document_entry *entry;
	struct object_id id[2]; /* by enum compare_side */
	bool is_there[2];
};

static void difference_free(void *data)
{
	struct difference *difference = data;

	g_free(difference->path);
	g_free(difference);
}

struct collecting {
	const struct log *log;
	GPtrArray *out;
};

static int collect(void *context, const struct tree_change *change)
{
	const struct collecting *collecting = context;
	char *path = g_strndup(change->path, change->path_len);
	const struct document_entry *entry = law_entry(&collecting->log->law, path);
	struct difference *difference;

	if (!entry || (!mode_is_file(change->old_mode) && !mode_is_file(change->new_mode)) ||
	    (mode_is_file(change->old_mode) && mode_is_file(change->new_mode) &&
	     object_id_equal(&change->old_id, &change->new_id))) {
		g_free(path);
		return 0;
	}
	difference = g_new0(struct difference, 1);
	*difference = (struct difference){
		.path = path,
		.entry = entry,
		.id = {change->old_id, change->new_id},
		.is_there = {mode_is_file(change->old_mode), mode_is_file(change->new_mode)},
	};
	g_ptr_array_add(collecting->out, difference);
	return 0;
}

/* The documents that differ between a commit and a parent (NULL: nothing was before). */
static GPtrArray *differences(const struct log *log, const struct history_commit *commit,
			      const struct history_commit *parent, struct error *error)
{
	GPtrArray *out = g_ptr_array_new_with_free_func(difference_free);
	struct collecting collecting = {log, out};

	if (tree_difference(log->repository, parent ? &parent->tree : NULL, &commit->tree, collect,
			    &collecting, error) == 0)
		return out;
	g_ptr_array_free(out, TRUE);
	return NULL;
}

static const struct difference *find(const GPtrArray *all, const char *path)
{
	for (guint i = 0; i < all->len; i++) {
		const struct difference *difference = all->pdata[i];

		if (!strcmp(difference->path, path))
			return difference;
	}
	return NULL;
}

/* --- comparing */

static int add(const struct log *log, struct comparison *comparison, enum compare_side side,
	       const struct difference *difference, struct error *error)
{
	struct bytes bytes = {0};
	int status;

	if (!difference->is_there[side])
		return 0;
	if (repository_read_blob(&bytes, log->repository, &difference->id[side],
				 document_default_limits.size, error))
		return -1;
	status = comparison_add(comparison, side, difference->path, difference->entry, &bytes,
				error);
	bytes_release(&bytes);
	return status;
}

/* All other files on the side where the document of this path may have been, or gone to. */
static int add_others(const struct log *log, struct comparison *comparison, const GPtrArray *all,
		      const struct difference *own, struct error *error)
{
	for (guint i = 0; i < all->len; i++) {
		const struct difference *other = all->pdata[i];

		if (other != own && own->is_there[COMPARE_NEW] &&
		    add(log, comparison, COMPARE_OLD, other, error))
			return -1;
		if (other != own && own->is_there[COMPARE_OLD] &&
		    add(log, comparison, COMPARE_NEW, other, error))
			return -1;
	}
	return 0;
}

/* Compares the file, with all others where it is not simply the same document on both sides. */
static struct comparison *compare(const struct log *log, const GPtrArray *all,
				  const struct difference *own, struct error *error)
{
	struct comparison *comparison = comparison_new(log->law.ruleset);
	int status = add(log, comparison, COMPARE_OLD, own, error);

	if (!status)
		status = add(log, comparison, COMPARE_NEW, own, error);
	if (!status && (!own->is_there[COMPARE_OLD] || !own->is_there[COMPARE_NEW] ||
			g_strcmp0(comparison_key(comparison, COMPARE_OLD, own->path),
				  comparison_key(comparison, COMPARE_NEW, own->path)) != 0))
		status = add_others(log, comparison, all, own, error);
	if (!status)
		return comparison;
	comparison_free(comparison);
	return NULL;
}

/* What the comparison says of the documents of one path. */
struct telling {
	struct log *log;
	const char *path;
	const char *came_from; /* another path that it has in the parent; NULL: none */
	bool prints;
	size_t count; /* documents told */
};

static void tell(void *context, const struct compared_document *document)
{
	struct telling *telling = context;
	struct changes_printer *printer = &telling->log->printer;
	const char *new = document->path[COMPARE_NEW], *old = document->path[COMPARE_OLD];
	bool is_ours = !g_strcmp0(new, telling->path) || !g_strcmp0(old, telling->path);

	if (!is_ours)
		return;
	if (!g_strcmp0(new, telling->path) && old && strcmp(old, new) != 0)
		telling->came_from = arena_strdup(&telling->log->arena, old);
	if (telling->prints && printer->json) {
		g_string_append(printer->out, telling->count ? ", " : "");
		changes_append_json(printer, document);
	} else if (telling->prints) {
		changes_print_below(printer, document);
	}
	telling->count++;
}

/* --- printing */

/* The day in the zone of the author. */
static char *day_of(const struct commit_text *text)
{
	GString *out = g_string_new(NULL);
	int64_t time = text->author_date + (int64_t)text->author_offset * SECONDS_A_MINUTE;
	int64_t day = time / SECONDS_A_DAY - (time % SECONDS_A_DAY < 0);
	struct date date;

	if (date_of_day(&date, day))
		date_append_iso(out, date);
	else
		g_string_append_printf(out, "@%" G_GINT64_FORMAT, text->author_date);
	return g_string_free(out, FALSE);
}

static void append_slice_member(GString *out, const char *name, struct slice text)
{
	char *copy = g_strndup(text.data ? text.data : "", text.len);

	g_string_append(out, ", ");
	changes_append_member(out, name, copy);
	g_free(copy);
}

static void begin_json(struct log *log, const char *id, const char *day,
		       const struct commit_text *text)
{
	GString *out = log->printer.out;

	g_string_append(out, log->count ? ",\n  {" : "\n  {");
	changes_append_member(out, "commit", id);
	g_string_append(out, ", ");
	changes_append_member(out, "date", day);
	append_slice_member(out, "author", text->author);
	append_slice_member(out, "email", text->author_email);
	append_slice_member(out, "subject", text->subject);
	g_string_append(out, ", \"documents\": [");
}

/* 1a2b3c4d5e 2009-03-05 Author: Subject */
static void begin_text(struct log *log, const char *id, const char *day,
		       const struct commit_text *text)
{
	GString *out = log->printer.out;

	g_string_append_printf(out, "%s%s%.*s%s %s ", log->count ? "\n" : "",
			       log->printer.color ? "\033[33m" : "", SHOWN_ID, id,
			       log->printer.color ? "\033[0m" : "", day);
	text_append_visible(out, text->author.data, text->author.len);
	g_string_append(out, _(": "));
	text_append_visible(out, text->subject.data, text->subject.len);
	g_string_append_c(out, '\n');
}

static int begin_commit(struct log *log, const struct history_commit *commit, struct error *error)
{
	struct arena_mark mark = arena_mark(&log->arena);
	struct commit_text text;
	char id[OBJECT_ID_HEX + 1];
	char *day;

	if (repository_commit_text(&text, &log->arena, log->repository, &commit->id, error))
		return -1;
	mailmap_apply(log->mailmap, &text.author, &text.author_email, &log->arena);
	object_id_hex(id, &commit->id);
	day = day_of(&text);
	if (log->printer.json)
		begin_json(log, id, day, &text);
	else
		begin_text(log, id, day, &text);
	g_free(day);
	arena_reset(&log->arena, mark);
	log->count++;
	return 0;
}

static void end_commit(struct log *log, const struct history_commit *commit)
{
	if (log->printer.json)
		g_string_append_printf(log->printer.out, "], \"complete\": %s}",
				       commit->is_cut ? "false" : "true");
	else if (commit->is_cut)
		g_string_append_printf(
			log->printer.out, "  %s\n",
			_("history is cut here: what this commit changed is not known"));
}

/* --- walking */

static void hand_on(struct log *log, uint32_t parent, const char *path)
{
	if (!log->paths[parent])
		log->paths[parent] = path;
}

/* The document differs from this parent: says how, where asked to, and hands on where it was. */
static int tell_parent(struct log *log, const struct history_commit *commit, uint32_t number,
		       const GPtrArray *all, const struct difference *own, struct error *error)
{
	struct telling telling = {.log = log, .path = own->path, .prints = number == 0};
	struct comparison *comparison = compare(log, all, own, error);

	if (!comparison)
		return -1;
	/* What came before a cut is not there to be compared. */
	if (number == 0 && begin_commit(log, commit, error)) {
		comparison_free(comparison);
		return -1;
	}
	telling.prints &= !commit->is_cut;
	comparison_each(comparison, tell, &telling);
	if (number == 0)
		end_commit(log, commit);
	if (number < commit->parent_count)
		hand_on(log, commit->parents[number],
			telling.came_from ? telling.came_from
					  : arena_strdup(&log->arena, own->path));
	comparison_free(comparison);
	return 0;
}

/* The parent that has the file as the commit has it, or -1 with no error set. */
static int same_parent(const struct history_commit *commit, GPtrArray *const *all, const char *path)
{
	for (uint32_t i = 0; i < commit->parent_count; i++)
		if (!find(all[i], path))
			return (int)i;
	return -1;
}

static int visit(struct log *log, uint32_t index, struct error *error)
{
	const struct history_commit *commit = &log->history.commits[index];
	uint32_t count = MAX(commit->parent_count, 1);
	GPtrArray **all = g_new0(GPtrArray *, count);
	const char *path = log->paths[index];
	int status = 0, same = -1;

	for (uint32_t i = 0; !status && i < count; i++) {
		const struct history_commit *parent =
			i < commit->parent_count ? &log->history.commits[commit->parents[i]] : NULL;

		all[i] = differences(log, commit, parent, error);
		status = all[i] ? 0 : -1;
	}
	if (!status)
		same = same_parent(commit, all, path);
	if (same >= 0)
		hand_on(log, commit->parents[same], path);
	for (uint32_t i = 0; !status && same < 0 && i < count; i++) {
		const struct difference *own = find(all[i], path);

		if (own)
			status = tell_parent(log, commit, i, all[i], own, error);
	}
	for (uint32_t i = 0; i < count; i++)
		if (all[i])
			g_ptr_array_free(all[i], TRUE);
	g_free(all);
	return status;
}

/* Newest first: children are visited before their parents. 1 where the user ended it. */
static int walk(struct log *log, const char *path, struct error *error)
{
	const struct history_options options = {.interrupted = log->interrupted};
	int status = history_read(&log->history, log->repository, &options, error);

	if (status)
		return status;
	log->paths = arena_array(&log->arena, log->history.count, sizeof(*log->paths));
	if (log->history.count)
		log->paths[log->history.count - 1] = path;
	for (size_t i = log->history.count; !status && i-- > 0;) {
		report_progress_tell(log->progress, "commits", log->history.count - i,
				     log->history.count);
		if (*log->interrupted)
			status = 1;
		else if (log->paths[i])
			status = visit(log, (uint32_t)i, error);
	}
	return status;
}

static int print_log(struct log *log, const char *path, const char *typed, struct error *error)
{
	GString *out = log->printer.out;
	int status, printed;

	if (log->printer.json) {
		g_string_append(out, "{\"version\": 1, ");
		changes_append_member(out, "path", path);
		g_string_append(out, ", \"commits\": [");
	}
	status = walk(log, path, error);
	report_progress_erase(log->progress);
	if (status < 0)
		return -1;
	if (!status && !log->count)
		return error_usage(error, "no commit before HEAD has a document \"%s\"", typed);
	if (log->printer.json)
		g_string_append_printf(out, "\n], \"incomplete\": %s}\n",
				       status ? "true" : "false");
	else if (status)
		g_string_append_printf(out, "%s\n",
				       _("incomplete: interrupted before the first commit"));
	printed = cli_print(out->str, out->len);
	return status ? EXIT_UNTOLD : printed;
}

static int run(struct log *log, int argc, char **argv, struct error *error)
{
	int status;
	char *path;

	log->interrupted = cli_interrupts();
	if (judge_open_repository(&log->repository, error) < 0)
		return -1;
	if (argc != 2)
		return error_usage(error, "give the path of one document");
	if (law_from_repository(&log->law, &log->options, log->repository, error))
		return -1;
	if (log->law.ruleset->faults)
		return judge_faulty(&log->law, &log->options, error);
	if (changes_printer_init(&log->printer, &log->options, &log->law, error))
		return -1;
	if (mailmap_read(&log->mailmap, log->repository, error))
		return -1;
	log->progress = report_progress_new(log->printer.language);
	path = wanted_resolve(argv[1], repository_prefix(log->repository),
			      repository_worktree(log->repository));
	if (!path)
		return error_usage(error, "\"%s\" is outside the repository", argv[1]);
	status = law_entry(&log->law, path) ? print_log(log, path, argv[1], error)
					    : judge_refuse(&log->law, argv[1], error);
	g_free(path);
	return status;
}

int cmd_log(int argc, char **argv)
{
	struct log log = {0};
	struct error error = {0};
	int status = cli_options_parse(&log.options, NULL, N_("PATH"), &argc, &argv, NULL);

	if (status != CLI_RUN)
		return status;
	status = run(&log, argc, argv, &error);
	if (status < 0)
		status = cli_fail(&error);
	error_clear(&error);
	report_progress_free(log.progress);
	mailmap_free(log.mailmap);
	history_release(&log.history);
	arena_release(&log.arena);
	changes_printer_release(&log.printer);
	law_release(&log.law);
	repository_free(log.repository);
	cli_options_release(&log.options);
	return status;
}
