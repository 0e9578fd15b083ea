/*
 * Each commit's law. A commit has the law of its first parent unless it differs from it in a file
 * or folder that the law was read from, or looked for: only then it is read and compiled again.
 * Two that read the same bytes under the same names are one, whichever commits they come from.
 *
 * A law with faults is one of its own kind: it judges nothing, and its faults get identities, so
 * that the audit can say which commit broke it and which mended it.
 */
#include "cli/laws.h"

#include "cli/law.h"
#include "source/message.h"

#include <string.h>

struct day_law {
	struct audit_law public;
	struct law law;          /* without a ruleset: dropped */
	struct object_id commit; /* that has it */
	bool is_builtin;
	unsigned holders;
	uint64_t used; /* when it last was */
	char *digest;
	struct law_origin origin;
	const struct finding **faults; /* copies, with identities */
	struct source unread;          /* in place of a file that could not be read */
	struct arena arena;
};

struct laws {
	struct audit_laws public;
	struct repository *repository;
	char *prefix;
	GPtrArray *all; /* struct day_law */
	struct day_law *builtin;
	GHashTable *told; /* id of a rule -> struct told, of laws that were dropped */
	uint64_t clock;
	char *digest;
};

/* What reports say of a rule, of the last law of several that had it. */
struct told {
	guint law;
	char *titles[2];
	char *help;
};

static struct day_law *day_law_new(void)
{
	struct day_law *day = g_new0(struct day_law, 1);

	day->origin.files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	day->origin.folders = g_ptr_array_new_with_free_func(g_free);
	day->law.origin = &day->origin;
	return day;
}

static void day_law_free(void *data)
{
	struct day_law *day = data;

	g_hash_table_destroy(day->origin.files);
	g_ptr_array_free(day->origin.folders, TRUE);
	law_release(&day->law);
	source_release(&day->unread);
	arena_release(&day->arena);
	g_free(day->digest);
	g_free(day);
}

static void told_free(void *data)
{
	struct told *told = data;

	g_free(told->titles[0]);
	g_free(told->titles[1]);
	g_free(told->help);
	g_free(told);
}

/* --- faults */

/* Rule, file, place by names, and what it is about. */
static const char *identity_of(struct arena *arena, const struct finding *fault)
{
	GString *text = g_string_new(fault->rule);
	const char *identity;

	g_string_append_printf(text, "|%s|%s", fault->source ? fault->source->path : "",
			       fault->pointer ? fault->pointer : "");
	for (size_t i = 0; i < fault->message.value_count; i++) {
		g_string_append_c(text, '|');
		g_string_append_len(text, fault->message.values[i].data,
				    (gssize)fault->message.values[i].len);
	}
	identity = arena_strdup(arena, text->str);
	g_string_free(text, TRUE);
	return identity;
}

/* Warnings of a law are said where it is checked, not along history. */
static void take_faults(struct day_law *day)
{
	const GPtrArray *found = day->law.faults;
	size_t count = 0;

	day->faults = arena_array(&day->arena, found->len, sizeof(*day->faults));
	for (guint i = 0; day->law.ruleset->faults && i < found->len; i++) {
		struct finding *copy = arena_new(&day->arena, struct finding);

		*copy = *(const struct finding *)g_ptr_array_index(found, i);
		copy->identity = identity_of(&day->arena, copy);
		if (copy->severity == SEVERITY_ERROR)
			day->faults[count++] = copy;
	}
	day->public = (struct audit_law){day->law.ruleset, day->law.root, day->faults, count};
	day->digest = g_strdup(day->law.ruleset->digest);
}

/* --- reading */

static bool is_same(const struct day_law *a, const struct day_law *b)
{
	bool same = !strcmp(a->digest, b->digest) && !strcmp(a->public.base, b->public.base) &&
		    a->public.fault_count == b->public.fault_count;

	for (size_t i = 0; same && i < a->public.fault_count; i++)
		same = a->faults[i]->span.start == b->faults[i]->span.start &&
		       !strcmp(a->faults[i]->identity, b->faults[i]->identity);
	return same;
}

/* What either was read from is what the one that stays depends on. */
static void join_origins(struct law_origin *out, const struct law_origin *more)
{
	GHashTableIter iter;
	gpointer path;

	g_hash_table_iter_init(&iter, more->files);
	while (g_hash_table_iter_next(&iter, &path, NULL))
		if (!g_hash_table_contains(out->files, path))
			g_hash_table_add(out->files, g_strdup(path));
	for (guint i = 0; i < more->folders->len; i++) {
		const char *folder = g_ptr_array_index(more->folders, i);

		if (!g_ptr_array_find_with_equal_func(out->folders, folder, g_str_equal, NULL))
			g_ptr_array_add(out->folders, g_strdup(folder));
	}
}

/* --- compiled or not */

static int compile(struct day_law *day, struct laws *laws, struct error *error)
{
	struct snapshot *snapshot = NULL;
	int result;

	/* what it is read from is known when it was read before */
	day->law = (struct law){.origin = day->digest ? NULL : &day->origin};
	if (day->is_builtin)
		return law_from_folder(&day->law, NULL, NULL, error);
	result = snapshot_of_commit(&snapshot, laws->repository, &day->commit, error);
	if (!result)
		result = law_from_snapshot(&day->law, snapshot, laws->prefix, NULL, error);
	snapshot_free(snapshot);
	return result;
}

/* What a report will want to say of the rules of a law that is dropped. */
static void remember_rules(struct laws *laws, const struct day_law *day, guint number)
{
	for (size_t i = 0; i < day->law.ruleset->rule_count; i++) {
		struct report_rule words[2] = {{0}};
		struct rule_info info;
		struct told *told;

		rule_describe(&info, day->law.ruleset, day->law.ruleset->rules[i]);
		told = g_hash_table_lookup(laws->told, info.id);
		if (told && told->law > number)
			continue;
		law_describe(day->law.ruleset, info.id, LANGUAGE_EN, &words[0]);
		law_describe(day->law.ruleset, info.id, LANGUAGE_FR, &words[1]);
		told = g_new0(struct told, 1);
		*told = (struct told){number,
				      {(char *)words[0].title, (char *)words[1].title},
				      (char *)words[0].help};
		g_free((char *)words[1].help);
		g_hash_table_insert(laws->told, g_strdup(info.id), told);
	}
}

/* The law that nobody holds and that was used longest ago goes, where there are too many. */
static void make_room(struct laws *laws)
{
	struct day_law *oldest = NULL;
	guint compiled = 0, number = 0;

	for (guint i = 0; i < laws->all->len; i++) {
		struct day_law *day = g_ptr_array_index(laws->all, i);

		if (!day->law.ruleset || day->holders || day->public.fault_count)
			continue;
		compiled++;
		if (!oldest || day->used < oldest->used) {
			oldest = day;
			number = i;
		}
	}
	if (compiled <= laws->public.held)
		return;
	remember_rules(laws, oldest, number);
	oldest->public.ruleset = NULL;
	oldest->public.base = arena_strdup(&oldest->arena, oldest->public.base);
	law_release(&oldest->law);
}

/* The one that is kept for a law just read. */
static struct day_law *keep(struct laws *laws, struct day_law *day)
{
	day->used = laws->clock++;
	for (guint i = 0; i < laws->all->len; i++) {
		struct day_law *known = g_ptr_array_index(laws->all, i);

		if (!is_same(known, day))
			continue;
		join_origins(&known->origin, &day->origin);
		known->used = day->used;
		day_law_free(day);
		return known;
	}
	g_ptr_array_add(laws->all, day);
	make_room(laws);
	return day;
}

/* What is too large or otherwise not to be read is a fault of this law alone. */
static void take_error(struct day_law *day, struct error *error)
{
	struct finding *fault = arena_new(&day->arena, struct finding);
	struct source *source = &day->unread;
	const char *words = arena_strdup(&day->arena, error->message);

	source_init(source, arena_strdup(&day->arena, day->law.name), "", 0);
	*fault = (struct finding){
		.code = FINDING_CONFIGURATION,
		.rule = finding_id(FINDING_CONFIGURATION),
		.severity = SEVERITY_ERROR,
		.source = source,
	};
	/* the words are in the language of the run */
	fault->identity = identity_of(&day->arena, fault);
	fault->message = phrase_make(&day->arena, MESSAGE_READ_FAILED, 1, slice_of(words));
	day->faults = arena_array(&day->arena, 1, sizeof(*day->faults));
	day->faults[0] = fault;
	day->public = (struct audit_law){NULL, arena_strdup(&day->arena, day->law.root),
					 day->faults, 1};
	day->digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, fault->identity, -1);
	error_clear(error);
}

static const struct audit_law *read_law(void *context, const struct object_id *commit,
					struct error *error)
{
	struct laws *laws = context;
	struct day_law *day = day_law_new();

	day->commit = *commit;
	if (!compile(day, laws, error)) {
		take_faults(day);
	} else if (error->kind == ERROR_USAGE && day->law.root) {
		take_error(day, error);
	} else {
		day_law_free(day);
		return NULL;
	}
	return &keep(laws, day)->public;
}

static const struct audit_law *builtin_law(void *context, struct error *error)
{
	struct laws *laws = context;
	struct day_law *day = laws->builtin ? NULL : day_law_new();

	if (day) {
		day->is_builtin = true;
		if (compile(day, laws, error)) {
			day_law_free(day);
			return NULL;
		}
		take_faults(day);
		laws->builtin = keep(laws, day);
	}
	return &laws->builtin->public;
}

/* The public part comes first. */
static struct day_law *day_of(const struct audit_law *law)
{
	return (struct day_law *)(void *)law;
}

static int hold_law(void *context, const struct audit_law *law, struct error *error)
{
	struct laws *laws = context;
	struct day_law *day = day_of(law);

	if (!day->law.ruleset && compile(day, laws, error))
		return -1;
	day->public.ruleset = day->law.ruleset;
	day->public.base = day->law.root;
	day->holders++;
	return 0;
}

static void drop_law(void *context, const struct audit_law *law)
{
	struct laws *laws = context;
	struct day_law *day = day_of(law);

	day->holders--;
	day->used = laws->clock++;
	make_room(laws);
}

static bool reads(void *context, const struct audit_law *law, const char *path)
{
	const struct day_law *day = day_of(law);

	(void)context;
	if (g_hash_table_contains(day->origin.files, path))
		return true;
	for (guint i = 0; i < day->origin.folders->len; i++)
		if (g_str_has_prefix(path, g_ptr_array_index(day->origin.folders, i)))
			return true;
	return false;
}

struct laws *laws_new(struct repository *repository, const char *prefix)
{
	struct laws *laws = g_new0(struct laws, 1);

	laws->public = (struct audit_laws){
		.read = read_law,
		.builtin = builtin_law,
		.reads = reads,
		.hold = hold_law,
		.drop = drop_law,
		.context = laws,
		.held = LAWS_HELD,
	};
	laws->told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, told_free);
	laws->repository = repository;
	laws->prefix = g_strdup(prefix);
	laws->public.from = laws->prefix;
	laws->all = g_ptr_array_new_with_free_func(day_law_free);
	return laws;
}

void laws_free(struct laws *laws)
{
	if (!laws)
		return;
	g_ptr_array_free(laws->all, TRUE);
	g_hash_table_destroy(laws->told);
	g_free(laws->prefix);
	g_free(laws->digest);
	g_free(laws);
}

struct audit_laws *laws_for_audit(struct laws *laws)
{
	return &laws->public;
}

const char *laws_digest(struct laws *laws)
{
	GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);

	const char *digest = NULL;

	for (guint i = 0; i < laws->all->len; i++) {
		const struct day_law *day = g_ptr_array_index(laws->all, i);

		digest = day->digest;
		g_checksum_update(checksum, (const guchar *)digest, -1);
	}
	g_free(laws->digest);
	laws->digest = g_strdup(laws->all->len == 1 ? digest : g_checksum_get_string(checksum));
	g_checksum_free(checksum);
	return laws->digest;
}

void laws_describe(void *context, const char *id, enum language language, struct report_rule *out)
{
	const struct laws *laws = context;
	const struct told *told = g_hash_table_lookup(laws->told, id);

	for (guint i = laws->all->len; i-- > (told ? told->law + 1 : 0);) {
		const struct day_law *day = g_ptr_array_index(laws->all, i);

		if (!day->law.ruleset || !ruleset_rule(day->law.ruleset, id))
			continue;
		law_describe(day->law.ruleset, id, language, out);
		return;
	}
	if (!told)
		return;
	out->title = g_strdup(told->titles[language == LANGUAGE_FR]);
	out->help = g_strdup(told->help);
}
