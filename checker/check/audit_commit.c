/*
 * Rules about commits in the audit and the gate: what a commit says and which files it changed
 * against its first parent, read only where such rules exist.
 */
#include "check/audit_core.h"

#include "source/message.h"

#include <string.h>

struct changed_files {
	const char *base;
	struct arena *arena;
	GPtrArray *paths;
};

/* Paths are those that rules see, from the configuration's folder; what is outside is not theirs.
 */
static int add_file(void *context, const struct tree_change *change)
{
	struct changed_files *files = context;
	size_t len = strlen(files->base);

	if (change->path_len > len && !memcmp(change->path, files->base, len))
		g_ptr_array_add(files->paths, arena_dup(files->arena, change->path + len,
							change->path_len - len));
	return 0;
}

static struct source *no_source(void *context, const char *path)
{
	(void)context;
	(void)path;
	return NULL;
}

static void add_findings(GPtrArray *out, const struct verdict *verdict, struct arena *arena)
{
	struct check_sources sources = {no_source, NULL};

	for (size_t i = 0; i < verdict->finding_count; i++) {
		struct finding *finding = arena_new(arena, struct finding);

		if (verdict->findings[i].finding.severity == SEVERITY_OFF)
			continue;
		check_bind(finding, &verdict->findings[i], NULL, &sources, arena);
		g_ptr_array_add(out, finding);
	}
}

int audit_judge_commit(const struct reign *reign, const struct history *history, uint32_t number,
		       const struct commit_text *text, int64_t day, struct arena *arena,
		       GPtrArray *out)
{
	struct audit *audit = reign->audit;
	const struct history_commit *commit = &history->commits[number];
	struct changed_files files = {reign->base, arena, g_ptr_array_new()};
	struct verdict *verdict;
	int result = tree_difference(
		audit->repository,
		commit->parent_count ? &history->commits[commit->parents[0]].tree : NULL,
		&commit->tree, add_file, &files, audit->error);

	if (!result) {
		struct check_commit said = {
			.message = text->message,
			.subject = text->subject,
			.author = text->author,
			.email = text->author_email,
			.files = (const char *const *)files.paths->pdata,
			.file_count = files.paths->len,
			.is_merge = commit->parent_count > 1,
		};

		result = check_commit(&verdict, reign->ruleset, NULL, &said, day, audit->scratch,
				      audit->error);
		if (!result) {
			g_ptr_array_add(audit->kept_verdicts, verdict);
			add_findings(out, verdict, arena);
		}
	}
	g_ptr_array_free(files.paths, TRUE);
	return result;
}

struct audit_list audit_list_with(struct arena *arena, struct audit_list list,
				  const GPtrArray *more)
{
	struct audit_entry *entries = arena_array(arena, list.count + more->len, sizeof(*entries));

	if (list.count)
		memcpy(entries, list.entries, list.count * sizeof(*entries));
	for (guint i = 0; i < more->len; i++)
		entries[list.count + i] = (struct audit_entry){g_ptr_array_index(more, i), NULL};
	qsort(entries, list.count + more->len, sizeof(*entries), audit_entry_compare);
	return (struct audit_list){entries, list.count + more->len};
}

/* Which commit a finding of a gate is about. */
static void name_commit(struct arena *arena, const GPtrArray *findings, guint first,
			const struct history_commit *commit, const struct commit_text *text)
{
	char hex[OBJECT_ID_HEX + 1];

	object_id_hex(hex, &commit->id);
	for (guint i = first; i < findings->len; i++) {
		struct finding *finding = g_ptr_array_index(findings, i);

		finding->hint = phrase_make(arena, MESSAGE_IN_COMMIT, 2,
					    (struct slice){arena_dup(arena, hex, 10), 10},
					    text->subject);
	}
}

int audit_judge_range(struct audit *audit, const struct history_options *range, int64_t day,
		      struct arena *arena, GPtrArray *out)
{
	struct history history;
	int result = history_read(&history, audit->repository, range, audit->error);

	for (uint32_t i = 0; !result && i < history.count; i++) {
		struct commit_text text;
		guint first = out->len;

		if (!history.commits[i].wanted)
			continue;
		result = repository_commit_text(&text, arena, audit->repository,
						&history.commits[i].id, audit->error);
		if (!result)
			result = audit_judge_commit(audit->reign, &history, i, &text, day, arena,
						    out);
		if (!result)
			name_commit(arena, out, first, &history.commits[i], &text);
	}
	history_release(&history);
	return result;
}
