/*
 * A judge in place of the real one, so that the audit is tested on every kind of rule with files of
 * a few words. Documents are lines (files *.plan and, as another kind, *.other):
 *	key K         what identifies the document
 *	fault NAME    a finding of the rule NAME (of NAME.other in the other kind)
 *	path NAME     a finding of NAME whose words name the file: holds for this path only
 *	after DAY     a finding from the day after DAY on; until DAY: a finding up to DAY
 *	ref K         no document has the key K: a finding (cross-file)
 *	unique V      another file before this one has it too: a finding (cross-file)
 *	pair V DAY    as unique, from the day after DAY on
 *	ignore NAME   suppresses the findings of NAME in this file
 *	step NAME N   a transition: the N of a NAME must not fall, nor rise by more than 2
 *	keep NAME     a transition: it must not go away
 *	---           another document begins (for keys and transitions; all else is the file's)
 *	unreadable    the whole file cannot be read
 * The index is judged whole at every update; what came and went is found by comparing texts.
 *
 * A configuration is lines, too, in planlint.yaml and the files that it names:
 *	off NAME, mute NAME   no findings of a rule, or with the severity off
 *	plans END, others END by what the names of both kinds of documents end ("*": anything)
 *	nokey                 documents are known by their path
 *	nosteps, loose N      no transitions; by how much the N of a step may rise
 *	renumber              the rules of transitions have other numbers
 *	undated               nothing reads the day
 *	suppress NAME         suppresses a rule everywhere
 *	include FILE          the same from another file, which must be there
 *	folder NAME/          the same from all files of a folder
 *	broken WORD           a fault
 */
#include "check/check.h"
#include "document/document.h"
#include "index/index.h"
#include "source/message.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- the law */

enum { RULE_STEP, RULE_KEEP };

struct fake {
	struct ruleset public;
	struct document_entry entries[2];
	const char *ends[2];
	bool has_steps, has_keys, is_renumbered;
	int rise;
	GHashTable *off, *muted, *suppressed;
	GPtrArray *sources;
	GChecksum *checksum;
	struct arena arena;
};

struct loading {
	struct fake *fake;
	const struct ruleset_files *files;
	const struct finding_sink *sink;
	struct error *error;
	int depth;
};

static const struct fake *fake_of(const struct ruleset *ruleset)
{
	return (const struct fake *)(const void *)ruleset;
}

static const struct fake *fake_of_entry(const struct document_entry *entry)
{
	return (const struct fake *)(const void *)((const char *)(entry - entry->index) -
						   offsetof(struct fake, entries));
}

static bool is_off(const struct fake *fake, const char *rule)
{
	return g_hash_table_contains(fake->off, rule);
}

static enum severity severity_in(const struct fake *fake, const char *rule, enum severity severity)
{
	return g_hash_table_contains(fake->muted, rule) ? SEVERITY_OFF : severity;
}

static void find_fault(struct loading *loading, struct source *source, const char *word)
{
	struct fake *fake = loading->fake;
	const char *at = source ? strstr(source->data, word) : NULL;
	uint32_t start = at ? (uint32_t)(at - source->data) : 0;
	struct finding finding = {
		.code = FINDING_CONFIGURATION,
		.rule = "configuration",
		.severity = SEVERITY_ERROR,
		.message = phrase_make(&fake->arena, MESSAGE_READ_FAILED, 1, slice_of(word)),
		.source = source,
		.span = {start, start + (uint32_t)(at ? strlen(word) : 0)},
	};

	fake->public.faults++;
	finding_emit(loading->sink, &finding);
}

static int load_file(struct loading *loading, const char *name, struct source *by);

static gint compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int load_folder(struct loading *loading, const char *folder)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	int result = loading->files->list(loading->files->context, folder, names, loading->error);

	g_ptr_array_sort(names, compare_names);
	for (guint i = 0; result >= 0 && i < names->len; i++) {
		char *path = g_strconcat(folder, g_ptr_array_index(names, i), NULL);

		if (!g_str_has_suffix(path, "/"))
			result = load_file(loading, arena_strdup(&loading->fake->arena, path),
					   NULL);
		g_free(path);
	}
	g_ptr_array_free(names, TRUE);
	return MIN(result, 0);
}

static int take_line(struct loading *loading, struct source *source, const char *word,
		     const char *rest)
{
	struct fake *fake = loading->fake;

	if (!strcmp(word, "off"))
		g_hash_table_add(fake->off, (gpointer)rest);
	else if (!strcmp(word, "mute"))
		g_hash_table_add(fake->muted, (gpointer)rest);
	else if (!strcmp(word, "suppress"))
		g_hash_table_add(fake->suppressed, (gpointer)rest);
	else if (!strcmp(word, "plans"))
		fake->ends[0] = rest;
	else if (!strcmp(word, "others"))
		fake->ends[1] = rest;
	else if (!strcmp(word, "nokey"))
		fake->has_keys = false;
	else if (!strcmp(word, "nosteps"))
		fake->has_steps = false;
	else if (!strcmp(word, "loose"))
		fake->rise = atoi(rest);
	else if (!strcmp(word, "renumber"))
		fake->is_renumbered = true;
	else if (!strcmp(word, "undated"))
		fake->public.reads_as_of = false;
	else if (!strcmp(word, "include"))
		return load_file(loading, rest, source);
	else if (!strcmp(word, "folder"))
		return load_folder(loading, rest);
	else if (!strcmp(word, "broken"))
		find_fault(loading, source, rest);
	return 0;
}

/* `by`: the file that names it, in which it is a fault where it is not there. */
static int load_file(struct loading *loading, const char *name, struct source *by)
{
	struct fake *fake = loading->fake;
	char *data, *text;
	size_t size;
	int result = loading->files->read(loading->files->context, name, &data, &size,
					  loading->error);
	struct source *source;

	if (result > 0 && by)
		find_fault(loading, by, name);
	if (result)
		return MIN(result, 0);
	text = arena_dup(&fake->arena, data, size + 1);
	g_free(data);
	source = arena_new(&fake->arena, struct source);
	source_init(source, name, text, size);
	g_ptr_array_add(fake->sources, source);
	g_checksum_update(fake->checksum, (const guchar *)name, -1);
	g_checksum_update(fake->checksum, (const guchar *)text, (gssize)size + 1);
	char **lines = g_strsplit(text, "\n", -1);

	if (loading->depth++ < 4)
		for (char **line = lines; *line && !result; line++) {
			char **words = g_strsplit(*line, " ", 2);

			if (words[0])
				result = take_line(
					loading, source, arena_strdup(&fake->arena, words[0]),
					arena_strdup(&fake->arena, words[1] ? words[1] : ""));
			g_strfreev(words);
		}
	loading->depth--;
	g_strfreev(lines);
	return result;
}

int ruleset_load(struct ruleset **out, const char *config, const struct ruleset_files *files,
		 const struct finding_sink *sink, struct error *error)
{
	struct fake *fake = g_new0(struct fake, 1);
	struct loading loading = {fake, files, sink, error, 0};

	fake->entries[0] = (struct document_entry){.index = 0, .kind = "plan"};
	fake->entries[1] = (struct document_entry){.index = 1, .kind = "other"};
	fake->ends[0] = ".plan";
	fake->ends[1] = ".other";
	fake->has_steps = fake->has_keys = true;
	fake->rise = 2;
	fake->off = g_hash_table_new(g_str_hash, g_str_equal);
	fake->muted = g_hash_table_new(g_str_hash, g_str_equal);
	fake->suppressed = g_hash_table_new(g_str_hash, g_str_equal);
	fake->sources = g_ptr_array_new_with_free_func((GDestroyNotify)source_release);
	fake->checksum = g_checksum_new(G_CHECKSUM_SHA256);
	fake->public = (struct ruleset){
		.config = config,
		.reads_as_of = true,
		.entries = fake->entries,
		.entry_count = 2,
	};
	*out = &fake->public;
	if (config && load_file(&loading, config, NULL))
		return -1;
	fake->public.digest = g_checksum_get_string(fake->checksum);
	return 0;
}

void ruleset_free(struct ruleset *ruleset)
{
	struct fake *fake = (struct fake *)(void *)ruleset;

	if (!fake)
		return;
	g_hash_table_destroy(fake->off);
	g_hash_table_destroy(fake->muted);
	g_hash_table_destroy(fake->suppressed);
	g_ptr_array_free(fake->sources, TRUE);
	g_checksum_free(fake->checksum);
	arena_release(&fake->arena);
	g_free(fake);
}

const struct document_entry *ruleset_entry(const struct ruleset *ruleset, const char *path)
{
	const struct fake *fake = fake_of(ruleset);

	for (size_t i = 0; i < 2; i++)
		if (!strcmp(fake->ends[i], "*") || g_str_has_suffix(path, fake->ends[i]))
			return &fake->entries[i];
	return NULL;
}

const struct rule *ruleset_rule(const struct ruleset *unused, const char *id)
{
	(void)unused, (void)id;
	return NULL;
}

void rule_describe(struct rule_info *out, const struct ruleset *unused, const struct rule *rule)
{
	(void)unused, (void)rule;
	*out = (struct rule_info){0};
}

enum severity ruleset_severity(const struct ruleset *unused, const char *rule,
			       enum severity fallback)
{
	(void)unused;
	(void)rule;
	return fallback;
}

struct check_scratch *check_scratch_new(void)
{
	return NULL;
}

void check_scratch_free(struct check_scratch *scratch)
{
	(void)scratch;
}

/* --- one document */

struct line {
	const char *word, *first, *second;
	struct span span;
};

static GArray *lines_of(struct arena *arena, const char *data, size_t size)
{
	GArray *lines = g_array_new(FALSE, FALSE, sizeof(struct line));
	size_t at = 0;

	while (at < size) {
		const char *end = memchr(data + at, '\n', size - at);
		size_t len = end ? (size_t)(end - data) - at : size - at;
		char **words = g_strsplit(arena_dup(arena, data + at, len), " ", 3);
		guint count = g_strv_length(words);
		struct line line = {
			.word = count ? arena_strdup(arena, words[0]) : "",
			.first = count > 1 ? arena_strdup(arena, words[1]) : "",
			.second = count > 2 ? arena_strdup(arena, words[2]) : "",
			.span = {(uint32_t)at, (uint32_t)(at + len)},
		};

		g_strfreev(words);
		g_array_append_val(lines, line);
		at += len + 1;
	}
	return lines;
}

struct making {
	const struct fake *fake;
	struct verdict *verdict;
	GArray *findings, *entries, *suppressions;
	const char *key;
};

/* An identity that begins with '@' wants the path in place of a key. */
static const char *identity_of(struct arena *arena, const char *rule, const char *key,
			       const char *more)
{
	return key ? arena_printf(arena, "%s|%s|%s", rule, key, more)
		   : arena_printf(arena, "@%s|%s", rule, more);
}

static void add(struct making *making, const char *rule, const char *more, struct span span)
{
	struct arena *arena = &making->verdict->arena;
	struct check_finding found = {
		.finding = {
			.code = FINDING_RULE,
			.rule = rule,
			.severity = severity_in(making->fake, rule, SEVERITY_ERROR),
			.message = phrase_make(arena, MESSAGE_READ_FAILED, 1, slice_of(more)),
			.span = span,
			.identity = identity_of(arena, rule, making->key, more),
		}};

	if (!is_off(making->fake, rule))
		g_array_append_val(making->findings, found);
}

static void add_entry(struct making *making, const struct line *line, uint32_t slot, uint8_t role)
{
	struct index_entry entry = {
		.slot = slot,
		.role = role,
		.key = slice_of(line->first),
		.value = slice_of(line->second),
		.span = line->span,
		.document = making->key,
	};

	g_array_append_val(making->entries, entry);
}

static void hold(struct verdict *verdict, int64_t from, int64_t until)
{
	verdict->from = MAX(verdict->from, from);
	verdict->until = MIN(verdict->until, until);
}

/* A line that is about days; `is_after`: the finding comes then, else it goes. */
static void add_dated(struct making *making, const struct line *line, bool is_after, int64_t as_of)
{
	int64_t day = strtoll(line->first, NULL, 10);

	if (!making->fake->public.reads_as_of)
		return;
	if ((as_of > day) == is_after)
		add(making, line->word, line->first, line->span);
	if (as_of > day)
		hold(making->verdict, day + 1, INT64_MAX);
	else
		hold(making->verdict, INT64_MIN, day);
}

enum { SLOT_REF, SLOT_UNIQUE, SLOT_PAIR, SLOT_KEYS = 10 };

static void add_line(struct making *making, const struct line *line, const char *path,
		     int64_t as_of)
{
	struct arena *arena = &making->verdict->arena;

	if (!strcmp(line->word, "key")) {
		add_entry(making, line, SLOT_KEYS, INDEX_DEFINES);
	} else if (!strcmp(line->word, "fault")) {
		add(making,
		    arena_printf(arena, "%s%s", line->first,
				 making->verdict->entry->index ? ".other" : ""),
		    line->second, line->span);
	} else if (!strcmp(line->word, "path")) {
		making->verdict->reads_path = true;
		add(making, line->first, path, line->span);
	} else if (!strcmp(line->word, "after")) {
		add_dated(making, line, true, as_of);
	} else if (!strcmp(line->word, "until")) {
		add_dated(making, line, false, as_of);
	} else if (!strcmp(line->word, "ref")) {
		add_entry(making, line, SLOT_REF, INDEX_USES);
	} else if (!strcmp(line->word, "unique")) {
		add_entry(making, line, SLOT_UNIQUE, INDEX_MEMBER);
	} else if (!strcmp(line->word, "pair")) {
		add_entry(making, line, SLOT_PAIR, INDEX_MEMBER);
	} else if (!strcmp(line->word, "ignore")) {
		struct suppression suppression = {
			.rule = line->first, .to = UINT32_MAX, .until = INT64_MAX};

		g_array_append_val(making->suppressions, suppression);
	}
}

static const void *take(struct verdict *verdict, GArray *list, size_t *count)
{
	void *copy = arena_array(&verdict->arena, list->len, g_array_get_element_size(list));

	if (list->len)
		memcpy(copy, list->data, list->len * g_array_get_element_size(list));
	*count = list->len;
	g_array_free(list, TRUE);
	return copy;
}

/* One document, and another for each line "---". */
static void take_documents(struct verdict *verdict, const char *data, size_t size, bool has_keys)
{
	GArray *lines = lines_of(&verdict->arena, data, size);
	struct verdict_document *documents = arena_array(&verdict->arena, lines->len + 1,
							 sizeof(*documents));
	size_t count = 1;

	for (guint i = 0; i < lines->len; i++) {
		const struct line *line = &g_array_index(lines, struct line, i);

		count += !strcmp(line->word, "---");
		if (!strcmp(line->word, "key") && has_keys && !documents[count - 1].key)
			documents[count - 1].key = line->first;
	}
	verdict->documents = documents;
	verdict->document_count = count;
	g_array_free(lines, TRUE);
}

int check_document(struct verdict **out, const struct ruleset *ruleset,
		   const struct document_entry *entry, const char *path, const char *data,
		   size_t size, int64_t as_of, struct check_scratch *scratch, struct error *error)
{
	struct verdict *verdict = g_new0(struct verdict, 1);
	struct making making = {
		.fake = fake_of(ruleset),
		.verdict = verdict,
		.findings = g_array_new(FALSE, FALSE, sizeof(struct check_finding)),
		.entries = g_array_new(FALSE, FALSE, sizeof(struct index_entry)),
		.suppressions = g_array_new(FALSE, FALSE, sizeof(struct suppression)),
	};
	GArray *lines = lines_of(&verdict->arena, data, size);

	(void)scratch;
	(void)error;
	verdict->entry = entry;
	verdict->readable = true;
	verdict->from = INT64_MIN;
	verdict->until = INT64_MAX;
	for (guint i = 0; i < lines->len; i++) {
		const struct line *line = &g_array_index(lines, struct line, i);

		if (!strcmp(line->word, "key") && making.fake->has_keys && !making.key)
			making.key = line->first;
		if (!strcmp(line->word, "unreadable"))
			verdict->readable = false;
	}
	if (!verdict->readable)
		making.key = NULL;
	for (guint i = 0; verdict->readable && i < lines->len; i++)
		add_line(&making, &g_array_index(lines, struct line, i), path, as_of);
	if (!verdict->readable)
		add(&making, "syntax", "", (struct span){0, 0});
	g_array_free(lines, TRUE);
	if (verdict->readable)
		take_documents(verdict, data, size, making.fake->has_keys);
	verdict->findings = take(verdict, making.findings, &verdict->finding_count);
	verdict->entries = take(verdict, making.entries, &verdict->entry_count);
	verdict->suppressions = take(verdict, making.suppressions, &verdict->suppression_count);
	*out = verdict;
	return 0;
}

/* --- transitions */

bool check_has_transitions(const struct document_entry *entry)
{
	return fake_of_entry(entry)->has_steps;
}

/* The lines of one document that a transition is about, and their numbers in the file. */
struct nodes {
	GArray *lines;
	GArray *numbers;
	struct arena arena;
	const char *key;
	bool *taken;
};

static void nodes_read(struct nodes *nodes, const struct check_version *version)
{
	GArray *lines;
	size_t document = 0;

	*nodes = (struct nodes){0};
	lines = lines_of(&nodes->arena, version ? version->data : NULL,
			 version ? version->size : 0);
	nodes->lines = g_array_new(FALSE, FALSE, sizeof(struct line));
	nodes->numbers = g_array_new(FALSE, FALSE, sizeof(guint));
	for (guint i = 0; i < lines->len; i++) {
		const struct line *line = &g_array_index(lines, struct line, i);

		document += !strcmp(line->word, "---");
		if (version->document != document)
			continue;
		if (!strcmp(line->word, "key") && !nodes->key)
			nodes->key = line->first;
		if (strcmp(line->word, "step") && strcmp(line->word, "keep"))
			continue;
		g_array_append_vals(nodes->lines, line, 1);
		g_array_append_val(nodes->numbers, i);
	}
	nodes->taken = g_new0(bool, nodes->lines->len + 1);
	g_array_free(lines, TRUE);
}

static void nodes_release(struct nodes *nodes)
{
	g_array_free(nodes->lines, TRUE);
	g_array_free(nodes->numbers, TRUE);
	g_free(nodes->taken);
	arena_release(&nodes->arena);
}

static const struct line *node_line(const struct nodes *nodes, guint i)
{
	return &g_array_index(nodes->lines, struct line, i);
}

/* The number of each old node's twin among the new ones, -1: none. */
static int *twins_of(struct nodes *old, struct nodes *new, const char *word)
{
	int *twins = g_new(int, old->lines->len + 1);

	for (guint o = 0; o < old->lines->len; o++) {
		twins[o] = -1;
		for (guint n = 0; twins[o] < 0 && n < new->lines->len; n++)
			if (!new->taken[n] && !strcmp(node_line(old, o)->word, word) &&
			    !strcmp(node_line(new, n)->word, word) &&
			    !strcmp(node_line(old, o)->first, node_line(new, n)->first))
				new->taken[twins[o] = (int)n] = true;
	}
	for (guint o = 0; o < old->lines->len; o++)
		for (guint n = 0; twins[o] < 0 && n < new->lines->len; n++)
			if (!new->taken[n] && !strcmp(node_line(old, o)->word, word) &&
			    !strcmp(node_line(new, n)->word, word) &&
			    g_array_index(old->numbers, guint, o) ==
				    g_array_index(new->numbers, guint, n))
				new->taken[twins[o] = (int)n] = true;
	return twins;
}

static void add_slip(struct making *making, const struct nodes *old, guint number,
		     const struct nodes *new, int twin)
{
	struct arena *arena = &making->verdict->arena;
	struct check_step *step = arena_new(arena, struct check_step);
	const struct line *line = node_line(old, number);
	const char *more = arena_printf(arena, "%s from %s", line->first, line->second);
	struct span span = twin < 0 ? (struct span){0, 0} : node_line(new, (guint)twin)->span;

	if (is_off(making->fake, twin < 0 ? "keep" : "step"))
		return;
	*step = (struct check_step){
		.rule = (twin < 0) != making->fake->is_renumbered ? RULE_KEEP : RULE_STEP,
		.old_pointer = arena_printf(arena, "%u",
					    g_array_index(old->numbers, guint, number)),
		.item = arena_strdup(arena, line->first),
	};
	if (twin >= 0)
		step->pointer = arena_printf(arena, "%u",
					     g_array_index(new->numbers, guint, (guint)twin));
	add(making, twin < 0 ? "keep" : "step", more, span);
	g_array_index(making->findings, struct check_finding, making->findings->len - 1).step =
		step;
}

int check_transition(struct verdict **out, const struct ruleset *ruleset,
		     const struct document_entry *entry, const struct rule *only, const char *path,
		     const struct check_version *old_version,
		     const struct check_version *new_version, int64_t as_of,
		     struct check_scratch *scratch, struct error *error)
{
	struct verdict *verdict = g_new0(struct verdict, 1);
	struct making making = {
		.fake = fake_of(ruleset),
		.verdict = verdict,
		.findings = g_array_new(FALSE, FALSE, sizeof(struct check_finding)),
	};
	struct nodes old, new;
	int *steps, *keeps;

	(void)only, (void)path, (void)as_of, (void)scratch, (void)error;
	verdict->entry = entry;
	verdict->from = INT64_MIN;
	verdict->until = INT64_MAX;
	nodes_read(&old, old_version);
	nodes_read(&new, new_version);
	making.key = old.key && making.fake->has_keys ? arena_strdup(&verdict->arena, old.key)
						      : NULL;
	steps = twins_of(&old, &new, "step");
	keeps = twins_of(&old, &new, "keep");
	for (guint o = 0; making.fake->has_steps && o < old.lines->len; o++) {
		const struct line *line = node_line(&old, o);
		bool is_keep = !strcmp(line->word, "keep");
		int rise = !is_keep && steps[o] >= 0
				   ? atoi(node_line(&new, (guint)steps[o])->second) -
					     atoi(line->second)
				   : 0;

		if (is_keep && keeps[o] < 0)
			add_slip(&making, &old, o, &new, -1);
		if (rise < 0 || rise > making.fake->rise)
			add_slip(&making, &old, o, &new, steps[o]);
	}
	verdict->findings = take(verdict, making.findings, &verdict->finding_count);
	g_free(steps);
	g_free(keeps);
	nodes_release(&old);
	nodes_release(&new);
	*out = verdict;
	return 0;
}

int check_twin(char **out, const struct ruleset *ruleset, const struct document_entry *entry,
	       const struct check_step *step, const struct check_version *old_version,
	       const struct check_version *other, struct check_scratch *scratch,
	       struct error *error)
{
	struct nodes old, new;
	int *twins;

	bool is_keep = (step->rule == RULE_KEEP) != fake_of(ruleset)->is_renumbered;

	(void)scratch, (void)error;
	if (&fake_of(ruleset)->entries[entry->index] != entry)
		abort(); /* of another law */
	nodes_read(&old, old_version);
	nodes_read(&new, other);
	twins = twins_of(&old, &new, is_keep ? "keep" : "step");
	*out = NULL;
	for (guint o = 0; o < old.lines->len; o++)
		if (atoi(step->old_pointer) == (int)g_array_index(old.numbers, guint, o) &&
		    twins[o] >= 0)
			*out = g_strconcat(node_line(&new, (guint)twins[o])->first, " ",
					   node_line(&new, (guint)twins[o])->second, NULL);
	g_free(twins);
	nodes_release(&old);
	nodes_release(&new);
	return 0;
}

bool check_has_commit_rules(const struct ruleset *unused)
{
	(void)unused;
	return false;
}

int check_commit(struct verdict **out, const struct ruleset *unused, const struct rule *only,
		 const struct check_commit *commit, int64_t as_of, struct check_scratch *scratch,
		 struct error *error)
{
	(void)unused, (void)only, (void)commit, (void)as_of, (void)scratch, (void)error;
	*out = g_new0(struct verdict, 1);
	return 0;
}

int check_oversized(struct verdict **out, const struct ruleset *unused,
		    const struct document_entry *entry, size_t size, struct error *error)
{
	(void)size;
	return check_document(out, unused, entry, "", "unreadable", 10, 0, NULL, error);
}

void verdict_free(struct verdict *verdict)
{
	if (verdict)
		arena_release(&verdict->arena);
	g_free(verdict);
}

const char *check_identity(const struct check_finding *found, const char *path, struct arena *arena)
{
	const char *identity = found->finding.identity;

	return *identity == '@' ? arena_printf(arena, "%s|%s", identity + 1, path)
				: arena_strdup(arena, identity);
}

void check_bind(struct finding *out, const struct check_finding *found, const char *path,
		const struct check_sources *sources, struct arena *arena)
{
	struct related *related = arena_array(arena, found->finding.related_count,
					      sizeof(*related));

	*out = found->finding;
	out->identity = check_identity(found, found->path ? found->path : path, arena);
	out->source = sources->source_of(sources->context, found->path ? found->path : path);
	for (size_t i = 0; i < out->related_count; i++) {
		related[i] = found->finding.related[i];
		related[i].source = sources->source_of(sources->context, found->related_paths[i]);
	}
	out->related = related;
}

bool check_is_suppressed(const struct ruleset *ruleset, const struct verdict *verdict,
			 const char *path, const struct check_finding *found, int64_t as_of)
{
	if (g_hash_table_contains(fake_of(ruleset)->suppressed, found->finding.rule))
		return true;
	(void)path;
	(void)as_of;
	for (size_t i = 0; verdict && i < verdict->suppression_count; i++)
		if (!strcmp(verdict->suppressions[i].rule, found->finding.rule))
			return true;
	return false;
}

/* --- the index */

struct item {
	const char *path;
	const struct index_entry *entry;
	bool hidden;
};

struct check_index {
	const struct fake *fake;
	GArray *items;       /* struct item */
	GPtrArray *standing; /* struct check_finding */
	struct arena arena;
};

struct check_index *check_index_new(const struct ruleset *ruleset)
{
	struct check_index *index = g_new0(struct check_index, 1);

	index->fake = fake_of(ruleset);
	index->items = g_array_new(FALSE, FALSE, sizeof(struct item));
	index->standing = g_ptr_array_new();
	return index;
}

void check_index_free(struct check_index *index)
{
	if (!index)
		return;
	g_array_free(index->items, TRUE);
	g_ptr_array_free(index->standing, TRUE);
	arena_release(&index->arena);
	g_free(index);
}

static void put(struct check_index *index, const char *path, const struct verdict *verdict,
		bool hidden)
{
	if (fake_of_entry(verdict->entry) != index->fake)
		abort(); /* of another law */
	for (size_t i = 0; i < verdict->entry_count; i++) {
		struct item item = {path, &verdict->entries[i], hidden};

		g_array_append_val(index->items, item);
	}
}

static void drop(struct check_index *index, const char *path, const struct verdict *verdict,
		 bool hidden)
{
	for (size_t i = 0; i < verdict->entry_count; i++) {
		guint n = 0;
		struct item *items = (struct item *)(void *)index->items->data;

		while (n < index->items->len &&
		       (items[n].entry != &verdict->entries[i] || items[n].hidden != hidden ||
			strcmp(items[n].path, path)))
			n++;
		if (n == index->items->len)
			abort(); /* taken away without being in */
		g_array_remove_index_fast(index->items, n);
	}
}

void check_index_add(struct check_index *index, const char *path, const struct verdict *verdict)
{
	put(index, path, verdict, false);
}

void check_index_remove(struct check_index *index, const char *path, const struct verdict *verdict)
{
	drop(index, path, verdict, false);
}

void check_index_add_hidden(struct check_index *index, const char *path,
			    const struct verdict *verdict)
{
	put(index, path, verdict, true);
}

void check_index_remove_hidden(struct check_index *index, const char *path,
			       const struct verdict *verdict)
{
	drop(index, path, verdict, true);
}

static int item_compare(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	return order ? order : (int)x->entry->span.start - (int)y->entry->span.start;
}

/* The finding of an item, which may collide with an earlier one. */
static void judge(struct check_index *index, GPtrArray *found, const struct item *item,
		  const struct item *earlier, const char *rule)
{
	struct arena *arena = &index->arena;

	if (is_off(index->fake, rule))
		return;
	struct check_finding *finding = arena_new(arena, struct check_finding);
	const char *key = arena_dup(arena, item->entry->key.data, item->entry->key.len);
	struct related *related = arena_new(arena, struct related);
	const char **paths = arena_new(arena, const char *);

	finding->path = item->path;
	finding->finding = (struct finding){
		.code = FINDING_RULE,
		.rule = rule,
		.severity = severity_in(index->fake, rule, SEVERITY_WARNING),
		.message = phrase_make(arena, MESSAGE_READ_FAILED, 1, slice_of(key)),
		.span = item->entry->span,
		.identity = identity_of(arena, rule, item->entry->document, key),
	};
	if (earlier) {
		related->span = earlier->entry->span;
		*paths = earlier->path;
		finding->finding.related = related;
		finding->finding.related_count = 1;
		finding->related_paths = paths;
	}
	g_ptr_array_add(found, finding);
}

static void judge_item(struct check_index *index, GPtrArray *found, guint number, int64_t as_of)
{
	const struct item *items = (const struct item *)(const void *)index->items->data;
	const struct item *item = &items[number];
	bool exists = false;

	if (item->hidden || item->entry->slot == SLOT_KEYS)
		return;
	if (item->entry->slot == SLOT_REF) {
		for (guint i = 0; i < index->items->len; i++)
			exists |= items[i].entry->slot == SLOT_KEYS &&
				  slice_equal(items[i].entry->key, item->entry->key);
		if (!exists)
			judge(index, found, item, NULL, "ref");
		return;
	}
	for (guint i = 0; i < number; i++)
		if (!items[i].hidden && items[i].entry->slot == item->entry->slot &&
		    slice_equal(items[i].entry->key, item->entry->key)) {
			bool is_pair = item->entry->slot == SLOT_PAIR;

			if (!is_pair || !index->fake->public.reads_as_of ||
			    as_of > strtoll(item->entry->value.data, NULL, 10))
				judge(index, found, item, &items[i], is_pair ? "pair" : "unique");
			return;
		}
}

static char *text_of(const struct check_finding *found)
{
	const struct finding *finding = &found->finding;

	return g_strdup_printf("%s %s %u %s %u", finding->identity, found->path,
			       finding->span.start,
			       finding->related_count ? found->related_paths[0] : "",
			       finding->related_count ? finding->related[0].span.start : 0);
}

/* Calls back for those of `ours` that `theirs` lacks. */
static void tell(const GPtrArray *ours, const GPtrArray *theirs,
		 void (*callback)(void *context, const struct check_finding *found), void *context)
{
	GHashTable *counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < theirs->len; i++) {
		char *text = text_of(g_ptr_array_index(theirs, i));
		guint count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, text));

		g_hash_table_insert(counts, text, GUINT_TO_POINTER(count + 1));
	}
	for (guint i = 0; i < ours->len; i++) {
		char *text = text_of(g_ptr_array_index(ours, i));
		guint count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, text));

		if (count)
			g_hash_table_insert(counts, text, GUINT_TO_POINTER(count - 1));
		else {
			callback(context, g_ptr_array_index(ours, i));
			g_free(text);
		}
	}
	g_hash_table_destroy(counts);
}

int check_index_update(struct check_index *index, int64_t as_of,
		       const struct check_index_changes *changes, struct check_scratch *scratch,
		       struct error *error)
{
	GPtrArray *found = g_ptr_array_new();

	(void)scratch;
	(void)error;
	g_array_sort(index->items, item_compare);
	for (guint i = 0; i < index->items->len; i++)
		judge_item(index, found, i, as_of);
	tell(index->standing, found, changes->removed, changes->context);
	tell(found, index->standing, changes->added, changes->context);
	g_ptr_array_free(index->standing, TRUE);
	index->standing = found;
	return 0;
}

void check_index_each(const struct check_index *index,
		      void (*each)(void *context, const struct check_finding *found), void *context)
{
	for (guint i = 0; i < index->standing->len; i++)
		each(context, g_ptr_array_index(index->standing, i));
}

void check_index_suggest(const struct check_index *index, const struct check_finding *found,
			 struct finding *bound, struct arena *arena)
{
	(void)index;
	(void)found;
	(void)bound;
	(void)arena;
}
