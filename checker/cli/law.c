/*
 * Finds the configuration and compiles it (DESIGN.md section 4). It comes from a folder of the disk
 * or from a snapshot; either is handed to ruleset/ as two callbacks, read and list, that see paths
 * relative to the configuration's folder. A configuration cannot reach out of that folder: the disk
 * is read without following links, a snapshot has nothing else.
 */
#include "cli/law.h"

#include "ruleset/rule.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_LIMIT = 16 << 20 }; /* bytes of a configuration, schema or rule file */

/* Where ruleset_load() reads from. */
struct place {
	const char *folder;        /* of the disk; or */
	struct snapshot *snapshot; /* this, below `root` */
	const char *root;
	const struct law *law; /* the files that it takes besides are read as they were typed */
};

static int take(struct bytes *bytes, const char *path, char **data, size_t *size,
		struct error *error)
{
	int status = 0;

	if (bytes->over_limit) {
		status = error_usage(error, "\"%s\" is too large for a configuration or rule file",
				     path);
	} else {
		*size = bytes->size;
		*data = g_malloc(bytes->size + 1);
		if (bytes->size)
			memcpy(*data, bytes->data, bytes->size);
		(*data)[bytes->size] = '\0';
	}
	bytes_release(bytes);
	return status;
}

/* A file of the snapshot that the law depends on, by its full path. */
static void note_file(const struct law *law, const char *path)
{
	if (law && law->origin)
		g_hash_table_add(law->origin->files, g_strdup(path));
}

static int read_snapshot(const struct place *place, const char *path, char **data, size_t *size,
			 struct error *error)
{
	char *full = g_strconcat(place->root, path, NULL);
	const struct snapshot_entry *entry = snapshot_find(place->snapshot, full, strlen(full));
	struct bytes bytes = {0};
	int status = 1;

	note_file(place->law, full);
	g_free(full);
	if (entry && entry->kind == ENTRY_FILE)
		status = snapshot_read(&bytes, place->snapshot, entry, FILE_LIMIT, error);
	return status ? status : take(&bytes, path, data, size, error);
}

/* The file that was typed for a name, or NULL. */
static const char *typed_for(const struct law *law, const char *name)
{
	for (guint i = 0; law && law->more && i < law->more->len; i++)
		if (!strcmp(g_ptr_array_index(law->more, i), name))
			return law->more_typed[i];
	return NULL;
}

static int read_typed(const char *typed, struct bytes *bytes, struct error *error)
{
	char *folder = g_path_get_dirname(typed), *base = g_path_get_basename(typed);
	int status = folder_read(bytes, folder, base, FILE_LIMIT, error);

	g_free(folder);
	g_free(base);
	return status;
}

static int place_read(void *context, const char *path, char **data, size_t *size,
		      struct error *error)
{
	const struct place *place = context;
	const char *typed = typed_for(place->law, path);
	struct bytes bytes = {0};
	int status;

	if (typed) {
		status = read_typed(typed, &bytes, error);
		return status ? status : take(&bytes, path, data, size, error);
	}
	if (place->snapshot)
		return read_snapshot(place, path, data, size, error);
	status = folder_read(&bytes, place->folder, path, FILE_LIMIT, error);
	return status ? status : take(&bytes, path, data, size, error);
}

/* The names right below a folder: what stands up to the next slash, each once. */
static int list_snapshot(const struct place *place, const char *folder, GPtrArray *names)
{
	const char *slash = *folder && !g_str_has_suffix(folder, "/") ? "/" : "";
	char *start = g_strconcat(place->root, folder, slash, NULL);
	size_t len = strlen(start), count;
	const struct snapshot_entry *entries = snapshot_entries(place->snapshot, &count);
	bool found = false;

	if (place->law->origin)
		g_ptr_array_add(place->law->origin->folders, g_strdup(start));
	for (size_t i = 0; i < count; i++) {
		const char *rest = entries[i].path + len;
		const char *end;
		char *name;

		if (entries[i].path_len <= len || strncmp(entries[i].path, start, len) != 0)
			continue;
		found = true;
		end = strchr(rest, '/');
		name = end ? g_strndup(rest, (size_t)(end - rest) + 1) : g_strdup(rest);
		/* Entries are sorted, so what is in a folder stands together. */
		if (names->len && !strcmp(g_ptr_array_index(names, names->len - 1), name))
			g_free(name);
		else
			g_ptr_array_add(names, name);
	}
	g_free(start);
	return found ? 0 : 1;
}

static int place_list(void *context, const char *folder, GPtrArray *names, struct error *error)
{
	const struct place *place = context;
	char *path;
	GDir *dir;
	const char *name;

	(void)error;
	if (place->snapshot)
		return list_snapshot(place, folder, names);
	path = g_build_filename(place->folder, folder, NULL);
	dir = g_dir_open(path, 0, NULL);
	while (dir && (name = g_dir_read_name(dir))) {
		char *full = g_build_filename(path, name, NULL);
		struct stat status;
		bool is_folder = !lstat(full, &status) && S_ISDIR(status.st_mode);

		g_ptr_array_add(names, g_strconcat(name, is_folder ? "/" : "", NULL));
		g_free(full);
	}
	g_free(path);
	if (!dir)
		return 1;
	g_dir_close(dir);
	return 0;
}

/* A source under the name that it has from the snapshot's root. */
static struct source *rename_source(struct law *law, struct source *source)
{
	struct source *renamed;
	char *path;

	if (!source || !*law->root || g_str_has_prefix(source->path, "builtin:"))
		return source;
	if (typed_for(law, source->path) && !strcmp(typed_for(law, source->path), source->path))
		return source;
	renamed = g_hash_table_lookup(law->sources, source);
	if (renamed)
		return renamed;
	path = g_strconcat(law->root, source->path, NULL);
	renamed = g_new(struct source, 1);
	source_init(renamed, path, source->data, source->size);
	g_hash_table_insert(law->sources, source, renamed);
	return renamed;
}

static void source_free(void *data)
{
	struct source *source = data;

	source_release(source);
	g_free((char *)source->path);
	g_free(source);
}

static void keep_fault(void *context, const struct finding *finding)
{
	struct law *law = context;
	struct finding *kept = g_memdup2(finding, sizeof(*finding));
	struct related *related = g_memdup2(finding->related,
					    finding->related_count * sizeof(*related));

	kept->source = rename_source(law, kept->source);
	for (size_t i = 0; i < kept->related_count; i++)
		related[i].source = rename_source(law, related[i].source);
	kept->related = related;
	g_ptr_array_add(law->faults, kept);
}

static void fault_free(void *data)
{
	struct finding *finding = data;

	g_free((struct related *)finding->related);
	g_free(finding);
}

/* A file below the configuration's folder has its name from there; any other that typed. */
static void name_more(struct law *law, const struct place *place)
{
	char *folder = place->folder ? realpath(place->folder, NULL) : NULL;

	law->more = g_ptr_array_new_with_free_func(g_free);
	for (char **typed = law->more_typed; typed && *typed; typed++) {
		char *file = realpath(*typed, NULL);
		const char *rest = file && folder ? path_below(file, folder) : NULL;

		g_ptr_array_add(law->more, g_strdup(rest && *rest ? rest : *typed));
		free(file);
	}
	free(folder);
}

static int load(struct law *out, const char *config, struct place *place, const char *name,
		struct error *error)
{
	struct ruleset_files files = {place_read, place_list, place, NULL, 0};
	const struct finding_sink sink = {keep_fault, out};

	place->law = out;
	name_more(out, place);
	files.more = (const char *const *)out->more->pdata;
	files.more_count = out->more->len;
	out->root = g_strdup(place->root ? place->root : "");
	out->name = g_strdup(name);
	out->faults = g_ptr_array_new_with_free_func(fault_free);
	out->sources = g_hash_table_new_full(NULL, NULL, NULL, source_free);
	return ruleset_load(&out->ruleset, config, &files, &sink, error);
}

static int load_builtin(struct law *out, struct error *error)
{
	struct place place = {.snapshot = NULL, .folder = "/nonexistent", .root = ""};

	return load(out, NULL, &place, N_("built in"), error);
}

static bool is_file(const char *path)
{
	struct stat status;

	return !lstat(path, &status) && S_ISREG(status.st_mode);
}

char *law_find_config(const char *folder, const char *top)
{
	char *at = g_strdup(folder);

	for (;;) {
		char *file = g_build_filename(at, CONFIG_NAME, NULL);
		bool found = is_file(file);
		char *up;

		g_free(file);
		if (found)
			return at;
		if (!strcmp(at, top) || !strcmp(at, "/"))
			break;
		up = g_path_get_dirname(at);
		g_free(at);
		at = up;
	}
	g_free(at);
	return NULL;
}

const char *path_below(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	if (!strcmp(folder, "/"))
		return path + 1;
	if (strncmp(path, folder, len) != 0 || (path[len] != '/' && path[len]))
		return NULL;
	return path[len] ? path + len + 1 : path + len;
}

/* "samples/" for a folder in a root, "" for the root itself. */
static char *root_of(const char *folder, const char *base)
{
	const char *rest = path_below(folder, base);

	return rest && *rest ? g_strconcat(rest, "/", NULL) : g_strdup("");
}

int law_from_folder(struct law *out, const char *folder, const char *base, struct error *error)
{
	struct place place = {.folder = folder};
	char *root, *name;
	int status;

	if (!folder)
		return load_builtin(out, error);
	root = root_of(folder, base);
	place.root = root;
	name = g_strconcat(root, CONFIG_NAME, NULL);
	status = load(out, CONFIG_NAME, &place, name, error);
	g_free(name);
	g_free(root);
	return status;
}

int law_from_worktree(struct law *out, const char *worktree, const char *prefix,
		      struct error *error)
{
	char *folder = *prefix ? g_build_filename(worktree, prefix, NULL) : g_strdup(worktree);
	size_t len = strlen(folder);
	char *config_folder;
	int status;

	if (len > 1 && folder[len - 1] == '/')
		folder[len - 1] = '\0';
	config_folder = law_find_config(folder, worktree);
	status = law_from_folder(out, config_folder, worktree, error);
	g_free(config_folder);
	g_free(folder);
	return status;
}

/* Cuts the last folder off "a/b/"; false at the top. */
static bool go_up(char *prefix)
{
	size_t len = strlen(prefix);

	if (!len)
		return false;
	prefix[len - 1] = '\0';
	len = strlen(prefix);
	while (len && prefix[len - 1] != '/')
		len--;
	prefix[len] = '\0';
	return true;
}

static bool has_config(const struct law *law, const struct snapshot *snapshot, const char *prefix)
{
	char *path = g_strconcat(prefix, CONFIG_NAME, NULL);
	const struct snapshot_entry *entry = snapshot_find(snapshot, path, strlen(path));

	note_file(law, path);
	g_free(path);
	return entry && entry->kind == ENTRY_FILE;
}

int law_from_snapshot(struct law *out, struct snapshot *snapshot, const char *prefix,
		      const char *what, struct error *error)
{
	char *at = g_strdup(prefix);
	bool found = has_config(out, snapshot, at);
	struct place place = {.snapshot = snapshot};
	char *name;
	int status;

	while (!found && go_up(at))
		found = has_config(out, snapshot, at);
	place.root = at;
	name = what ? g_strdup_printf("%s%s of %s", at, CONFIG_NAME, what)
		    : g_strconcat(at, CONFIG_NAME, NULL);
	status = found ? load(out, CONFIG_NAME, &place, name, error) : load_builtin(out, error);
	g_free(name);
	g_free(at);
	return status;
}

/* --config FILE: its folder on the disk; its root is where it lies in the worktree, else the top.
 */
static int law_from_file(struct law *out, const char *file, const char *worktree,
			 struct error *error)
{
	char *real = realpath(file, NULL);
	struct place place = {0};
	char *folder, *base, *root;
	const char *rest;
	int status;

	if (!real)
		return error_usage(error, "the configuration \"%s\" cannot be found", file);
	if (g_file_test(real, G_FILE_TEST_IS_DIR)) {
		free(real);
		return error_usage(error, "\"%s\" is a folder; name the planlint.yaml in it", file);
	}
	folder = g_path_get_dirname(real);
	base = g_path_get_basename(real);
	rest = worktree ? path_below(folder, worktree) : NULL;
	root = rest && *rest ? g_strconcat(rest, "/", NULL) : g_strdup("");
	place = (struct place){.folder = folder, .root = root};
	status = load(out, base, &place, file, error);
	g_free(folder);
	g_free(base);
	g_free(root);
	free(real);
	return status;
}

static int law_from_revision(struct law *out, const char *revision, struct repository *repository,
			     const char *prefix, struct error *error)
{
	struct object_id id;
	struct snapshot *snapshot = NULL;
	int status;

	if (!repository)
		return error_usage(error, "--config-from needs a git repository");
	if (!strcmp(revision, CONFIG_FROM_EACH))
		return error_usage(error,
				   "--config-from each is for audit: everything else is judged by "
				   "one configuration");
	if (repository_resolve(&id, repository, revision, error) < 0 ||
	    snapshot_of_commit(&snapshot, repository, &id, error) < 0)
		return -1;
	status = law_from_snapshot(out, snapshot, prefix, revision, error);
	snapshot_free(snapshot);
	return status;
}

int law_from_options(struct law *out, const struct cli_options *options,
		     struct repository *repository, const char *prefix, struct error *error)
{
	int status = 0;

	if (options->isolated + !!options->config + !!options->config_from > 1)
		return error_usage(error,
				   "--isolated, --config and --config-from exclude each other");
	if (options->isolated)
		status = load_builtin(out, error);
	else if (options->config)
		status = law_from_file(out, options->config,
				       repository ? repository_worktree(repository) : NULL, error);
	else if (options->config_from)
		status = law_from_revision(out, options->config_from, repository, prefix, error);
	else
		return 0;
	return status < 0 ? -1 : 1;
}

int law_from_repository(struct law *out, const struct cli_options *options,
			struct repository *repository, struct error *error)
{
	const char *prefix = repository_prefix(repository);
	const char *worktree = repository_worktree(repository);
	struct snapshot *snapshot;
	struct object_id head;
	int status = law_from_options(out, options, repository, prefix, error);

	if (status)
		return status < 0 ? -1 : 0;
	if (worktree)
		return law_from_worktree(out, worktree, prefix, error);
	status = repository_head(&head, repository, error);
	if (!status)
		snapshot = snapshot_of_nothing();
	else if (status < 0 || snapshot_of_commit(&snapshot, repository, &head, error))
		return -1;
	status = law_from_snapshot(out, snapshot, prefix, "HEAD", error);
	snapshot_free(snapshot);
	return status;
}

const struct document_entry *law_entry(const struct law *law, const char *path)
{
	size_t len = strlen(law->root);

	return strncmp(path, law->root, len) == 0 ? ruleset_entry(law->ruleset, path + len) : NULL;
}

void law_release(struct law *law)
{
	if (law->faults)
		g_ptr_array_free(law->faults, TRUE);
	if (law->sources)
		g_hash_table_destroy(law->sources);
	if (law->more)
		g_ptr_array_free(law->more, TRUE);
	ruleset_free(law->ruleset);
	g_free(law->root);
	g_free(law->name);
	*law = (struct law){0};
}

static int compare_faults(const void *a, const void *b)
{
	return report_compare(*(struct finding *const *)a, *(struct finding *const *)b);
}

void law_report_faults(const struct law *law, struct report *report)
{
	g_ptr_array_sort(law->faults, compare_faults);
	for (guint i = 0; i < law->faults->len; i++)
		report_finding(report, g_ptr_array_index(law->faults, i), REPORT_OPEN);
}

bool law_reaches(const struct law *law, const char *folder)
{
	const struct ruleset *ruleset = law->ruleset;
	const char *root = law->root ? law->root : "";
	size_t len = strlen(root);

	/* The folder leads to the configuration's, or lies in it. */
	if (len && strncmp(folder, root, len) != 0)
		return !strncmp(folder, root, strlen(folder));
	for (size_t i = 0; i < ruleset->entry_count; i++)
		for (size_t k = 0; k < ruleset->entries[i].file_count; k++)
			if (pattern_reaches(&ruleset->entries[i].files[k], folder + len))
				return true;
	return false;
}
