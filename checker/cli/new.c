/*
 * `planlint new PROGRAMME PARTNER`: a commented skeleton of a plan, in both languages.
 *
 * All its words come from the built-in schema, the vocabulary of programmes and the table of
 * partners, so the form and the rules cannot drift apart. What every plan must have is filled in;
 * the rest stands behind #. The skeleton passes `check` as it is.
 *
 * With -o the file is written by us and never over another one: PowerShell's ">" writes UTF-16.
 */
#include "base/embedded.h"
#include "base/file.h"
#include "cli/cli.h"
#include "cli/skeleton.h"

#include <string.h>

enum { NAMES_MAX = 200, YEAR_MIN = 1994, YEAR_MAX = 2200 };

/* The files that a skeleton is made of. */
static const char schema_path[] = "schemas/plan.schema.yaml";
static const char programmes_path[] = "rules/nato/vocabulary-programme.yaml";
static const char partners_path[] = "rules/nato/table-partner.yaml";

static const char opening[] =
	"# Lines that begin with # are remarks. To use an entry, take the # before it away.\n"
	"# Les lignes qui commencent par # sont des remarques. Pour utiliser une rubrique, ôtez le "
	"#\n"
	"# qui la précède.\n";

static void count_finding(void *context, const struct finding *finding)
{
	(void)finding;
	++*(size_t *)context;
}

/* A built-in file, read. Our own files are sound, which the tests see to. */
static const struct document *builtin(const char *path, struct source *source, struct arena *arena,
				      struct error *error)
{
	const struct embedded_file *file = embedded_find(path);
	const struct document_options options = {.syntax = DOCUMENT_YAML};
	size_t findings = 0;
	const struct finding_sink sink = {count_finding, &findings};
	struct document_set set;

	if (!file) {
		error_set(error, "\"%s\" is not built in", path);
		return NULL;
	}
	source_init(source, path, file->data, file->size);
	if (document_read(&set, source, &options, arena, &sink, error) < 0)
		return NULL;
	if (set.count == 1 && set.complete && !findings)
		return &set.documents[0];
	error_set(error, "\"%s\" as built in is no document", path);
	return NULL;
}

/* The entry of a list whose `field` is this code; letter case does not count. */
static const struct doc_node *entry_of(const struct doc_node *list, const char *field,
				       const char *code)
{
	for (const struct doc_node *e = doc_first(list); e; e = doc_next(e)) {
		struct slice text = doc_text(doc_get(e, field));

		if (text.len == strlen(code) && !g_ascii_strncasecmp(text.data, code, text.len))
			return e;
	}
	return NULL;
}

/* Says on stderr that a code is unknown, with the nearest one. */
static int unknown(const char *what, const struct doc_node *list, const char *field,
		   const char *code)
{
	struct slice names[NAMES_MAX];
	size_t count = 0;
	ptrdiff_t nearest;

	for (const struct doc_node *e = doc_first(list); e && count < NAMES_MAX; e = doc_next(e))
		names[count++] = doc_text(doc_get(e, field));
	nearest = text_nearest(slice_of(code), names, count);
	if (nearest >= 0)
		return cli_misuse("unknown %s \"%s\"; did you mean \"%.*s\"?", what, code,
				  (int)names[nearest].len, names[nearest].data);
	return cli_misuse("unknown %s \"%s\"", what, code);
}

static void append_capital(GString *out, struct slice text)
{
	uint32_t first;
	size_t len = text.len ? text_decode(text.data, text.len, &first) : 0;

	if (!len)
		return;
	g_string_append_unichar(out, g_unichar_toupper(first));
	g_string_append_len(out, text.data + len, (gssize)(text.len - len));
}

/* The title in both languages, as the titles of real plans are built. */
static void append_titles(GString *out, const struct doc_node *programme,
			  const struct doc_node *partner)
{
	struct slice en = skeleton_words(partner, "name", "en");
	struct slice fr = skeleton_words(partner, "name", "fr");

	g_string_append(out, "\n  en: \"");
	append_capital(out, skeleton_words(programme, "title", "en"));
	g_string_append_printf(out, " NATO - %.*s\"\n  fr: \"", (int)en.len, en.data);
	append_capital(out, skeleton_words(programme, "title", "fr"));
	g_string_append_printf(out, " OTAN-%.*s\"", (int)fr.len, fr.data);
}

static void append_skeleton(GString *out, const struct document *schema,
			    const struct doc_node *programme, const struct doc_node *partner,
			    int year)
{
	struct slice type = doc_text(doc_get(programme, "id"));
	struct slice country = doc_text(doc_get(partner, "code"));
	GString *titles = g_string_new(NULL);
	char *type_value = g_strdup_printf(" %.*s", (int)type.len, type.data);
	char *country_value = g_strdup_printf(" %.*s", (int)country.len, country.data);
	char *id = g_strdup_printf(" %s-%s-%d", country_value + 1, type_value + 1, year);
	char *id_value = g_ascii_strdown(id, -1);
	char *period = g_strdup_printf("\n  start: %d", year);

	append_titles(titles, programme, partner);
	const struct skeleton_entry entries[] = {
		{"id", id_value},          {"coverage", " outline"}, {"partner", country_value},
		{"programme", type_value}, {"title", titles->str},   {"status", " draft"},
		{"period", period},
	};

	g_string_append(out, opening);
	skeleton_append(out, schema, entries, G_N_ELEMENTS(entries));
	g_string_free(titles, TRUE);
	g_free(type_value);
	g_free(country_value);
	g_free(id);
	g_free(id_value);
	g_free(period);
}

static int write_file(const char *path, const GString *text)
{
	struct error error = {0};
	int status = file_create(path, text->str, text->len, 0666, &error);

	if (status == 1)
		status = error_usage(&error, "\"%s\" is there already and stays as it is", path);
	status = status < 0 ? cli_fail(&error) : EXIT_CLEAN;
	error_clear(&error);
	return status;
}

/* The built-in files, while a skeleton is made of them. */
struct materials {
	struct arena arena;
	struct source sources[3];
	const struct document *schema, *programmes, *partners;
};

static int materials_load(struct materials *materials, struct error *error)
{
	memset(materials, 0, sizeof(*materials));
	arena_init(&materials->arena);
	materials->schema = builtin(schema_path, &materials->sources[0], &materials->arena, error);
	materials->programmes = builtin(programmes_path, &materials->sources[1], &materials->arena,
					error);
	materials->partners = builtin(partners_path, &materials->sources[2], &materials->arena,
				      error);
	return materials->schema && materials->programmes && materials->partners ? 0 : -1;
}

static void materials_release(struct materials *materials)
{
	for (size_t i = 0; i < G_N_ELEMENTS(materials->sources); i++)
		source_release(&materials->sources[i]);
	arena_release(&materials->arena);
}

static int make(const struct materials *materials, char **codes, int year, const char *file)
{
	const struct doc_node *terms = doc_get(materials->programmes->root, "terms");
	const struct doc_node *rows = doc_get(materials->partners->root, "rows");
	const struct doc_node *programme = entry_of(terms, "id", codes[0]);
	const struct doc_node *partner = entry_of(rows, "code", codes[1]);
	GString *out;
	int status;

	if (!programme)
		return unknown(_("programme"), terms, "id", codes[0]);
	if (!partner)
		return unknown(_("partner"), rows, "code", codes[1]);
	out = g_string_new(NULL);
	append_skeleton(out, materials->schema, programme, partner, year);
	if (!file)
		status = cli_print(out->str, out->len);
	else
		status = write_file(file, out);
	g_string_free(out, TRUE);
	return status;
}

static int this_year(void)
{
	GDateTime *now = g_date_time_new_now_utc();
	int year = g_date_time_get_year(now);

	g_date_time_unref(now);
	return year;
}

int cmd_new(int argc, char **argv)
{
	char *file = NULL;
	int year = 0;
	const GOptionEntry own[] = {
		{"output", 'o', 0, G_OPTION_ARG_FILENAME, &file,
		 N_("write a new file instead of standard output"), N_("FILE")},
		{"start", 0, 0, G_OPTION_ARG_INT, &year,
		 N_("the plan's first year (default: this year)"), N_("YEAR")},
		{0},
	};
	struct materials materials;
	struct error error = {0};
	int status = cli_parse(own, N_("PROGRAMME PARTNER"), &argc, &argv);

	if (status != CLI_RUN)
		return status;
	if (!year)
		year = this_year();
	if (argc != 3)
		status = cli_misuse(
			"name a programme and a partner, such as: planlint new ITPP CHE");
	else if (year < YEAR_MIN || year > YEAR_MAX)
		status = cli_misuse("no plan starts in the year %d", year);
	else if (materials_load(&materials, &error) < 0)
		status = cli_fail(&error), materials_release(&materials);
	else {
		status = make(&materials, argv + 1, year, file);
		materials_release(&materials);
	}
	error_clear(&error);
	g_free(file);
	return status;
}
