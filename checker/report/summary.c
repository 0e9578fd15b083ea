/*
 * What an audit comes to, in tables: by year (commits, the most documents that stood at one commit,
 * findings that came and went), by rule, and by each label of the documents.
 *
 * A table is a list of rows with a name and counts; columns are as wide as their headings. Years
 * are those of the committer's date in UTC, like the day on which a commit is judged.
 */
#include "report/summary.h"

#include <string.h>

enum { COLUMNS = 4, ROWS_SHOWN = 20, YEARS_SHOWN = 100 };

struct row {
	const char *table; /* of a label: its name; else NULL */
	char *name;
	size_t counts[COLUMNS];
};

struct summary {
	GHashTable *years, *rules, *labels; /* name (of a label: with its table) -> struct row */
};

enum year_column { YEAR_COMMITS, YEAR_DOCUMENTS, YEAR_INTRODUCED, YEAR_FIXED };
enum rule_column { RULE_OPEN, RULE_INTRODUCED, RULE_FIXED, RULE_DUE };

static const char *const year_heads[COLUMNS] = {N_("commits"), N_("documents"), N_("introduced"),
						N_("fixed")};
static const char *const rule_heads[COLUMNS] = {N_("open"), N_("introduced"), N_("fixed"),
						N_("due")};

static void row_free(void *data)
{
	struct row *row = data;

	g_free(row->name);
	g_free((char *)row->table);
	g_free(row);
}

struct summary *summary_new(void)
{
	struct summary *summary = g_new(struct summary, 1);

	summary->years = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, row_free);
	summary->rules = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, row_free);
	summary->labels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, row_free);
	return summary;
}

void summary_free(struct summary *summary)
{
	if (!summary)
		return;
	g_hash_table_destroy(summary->years);
	g_hash_table_destroy(summary->rules);
	g_hash_table_destroy(summary->labels);
	g_free(summary);
}

static struct row *row_of(GHashTable *rows, const char *table, const char *name)
{
	char *key = g_strconcat(table ? table : "", "=", name, NULL);
	struct row *row = g_hash_table_lookup(rows, key);

	if (row) {
		g_free(key);
		return row;
	}
	row = g_new0(struct row, 1);
	row->table = g_strdup(table);
	row->name = g_strdup(name);
	g_hash_table_insert(rows, key, row);
	return row;
}

static void count_finding(struct summary *summary, const struct finding *finding,
			  enum rule_column column)
{
	row_of(summary->rules, NULL, finding->rule)->counts[column]++;
	for (size_t i = 0; i < finding->label_count; i++) {
		const struct finding_label *label = &finding->labels[i];

		row_of(summary->labels, label->name, label->value ? label->value : "-")
			->counts[column]++;
	}
}

static void count_list(struct summary *summary, const struct report_commit *commit,
		       enum report_state state, enum rule_column column)
{
	for (size_t i = 0; i < commit->lists[state].count; i++)
		count_finding(summary, commit->lists[state].entries[i].finding, column);
}

void summary_commit(struct summary *summary, const struct report_commit *commit)
{
	GDateTime *date = g_date_time_new_from_unix_utc(commit->committed);
	char *year = date ? g_strdup_printf("%04d", g_date_time_get_year(date)) : g_strdup("?");
	struct row *row = row_of(summary->years, NULL, year);

	row->counts[YEAR_COMMITS]++;
	row->counts[YEAR_DOCUMENTS] = MAX(row->counts[YEAR_DOCUMENTS], commit->documents);
	row->counts[YEAR_INTRODUCED] += commit->lists[REPORT_INTRODUCED].count;
	row->counts[YEAR_FIXED] += commit->lists[REPORT_FIXED].count;
	count_list(summary, commit, REPORT_INTRODUCED, RULE_INTRODUCED);
	count_list(summary, commit, REPORT_FIXED, RULE_FIXED);
	count_list(summary, commit, REPORT_DUE, RULE_DUE);
	g_free(year);
	g_clear_pointer(&date, g_date_time_unref);
}

void summary_open(struct summary *summary, const struct finding *finding)
{
	count_finding(summary, finding, RULE_OPEN);
}

/* --- order */

static gint by_name(gconstpointer a, gconstpointer b)
{
	const struct row *x = *(const struct row *const *)a;
	const struct row *y = *(const struct row *const *)b;

	return strcmp(x->name, y->name);
}

/* Tables of labels by their name, then the most of each column, then by name. */
static gint by_count(gconstpointer a, gconstpointer b)
{
	const struct row *x = *(const struct row *const *)a;
	const struct row *y = *(const struct row *const *)b;
	int order = g_strcmp0(x->table, y->table);

	for (int i = 0; !order && i < COLUMNS; i++)
		order = x->counts[i] > y->counts[i] ? -1 : x->counts[i] < y->counts[i];
	return order ? order : strcmp(x->name, y->name);
}

static GPtrArray *rows_in_order(GHashTable *table, GCompareFunc compare)
{
	GPtrArray *rows = g_ptr_array_new();
	GHashTableIter iter;
	gpointer row;

	g_hash_table_iter_init(&iter, table);
	while (g_hash_table_iter_next(&iter, NULL, &row))
		g_ptr_array_add(rows, row);
	g_ptr_array_sort(rows, compare);
	return rows;
}

/* --- what is shown */

static void append_padded(GString *out, const char *text, size_t width)
{
	size_t len;

	text_append_visible(out, text, strlen(text));
	for (len = frame_width(slice_of(text)); len < width; len++)
		g_string_append_c(out, ' ');
}

static void append_head(GString *out, const char *title, size_t width, const char *const *heads,
			enum language language)
{
	g_string_append_c(out, '\n');
	append_padded(out, title, width);
	for (int i = 0; i < COLUMNS; i++)
		g_string_append_printf(out, "  %s", report_words(language, heads[i]));
	g_string_append_c(out, '\n');
}

/* The title of a rule, where it has one. */
static char *title_of(const struct report_output *output, const struct row *row)
{
	const struct report_options *options = output->options;
	struct report_rule rule = {0};

	if (row->table || !options->describe)
		return NULL;
	options->describe(options->context, row->name, output->language, &rule);
	g_free(rule.help);
	return rule.title;
}

static void append_row(GString *out, const struct report_output *output, const struct row *row,
		       size_t width, const char *const *heads)
{
	char *title = heads == rule_heads ? title_of(output, row) : NULL;

	g_string_append(out, "  ");
	append_padded(out, row->name, width - 2);
	for (int i = 0; i < COLUMNS; i++)
		g_string_append_printf(
			out, "  %*zu",
			(int)g_utf8_strlen(report_words(output->language, heads[i]), -1),
			row->counts[i]);
	if (title) {
		g_string_append(out, "  ");
		text_append_visible(out, title, strlen(title));
	}
	g_string_append_c(out, '\n');
	g_free(title);
}

/* The rows [from, to), which are one table. */
static void append_table(GString *out, const struct report_output *output, const char *title,
			 const GPtrArray *rows, guint from, guint to, const char *const *heads)
{
	guint most = heads == year_heads ? YEARS_SHOWN : ROWS_SHOWN;
	guint shown = output->options->verbosity > 0 ? to : MIN(to, from + most);
	size_t width = frame_width(slice_of(title));

	for (guint i = from; i < shown; i++) {
		const struct row *row = g_ptr_array_index(rows, i);

		width = MAX(width, frame_width(slice_of(row->name)) + 2);
	}
	append_head(out, title, width, heads, output->language);
	for (guint i = from; i < shown; i++)
		append_row(out, output, g_ptr_array_index(rows, i), width, heads);
	if (shown < to)
		g_string_append_printf(
			out, report_words(output->language, "  and %u more; -v lists all\n"),
			to - shown);
}

static void append_labels(GString *out, const struct report_output *output, const GPtrArray *rows)
{
	for (guint from = 0, to; from < rows->len; from = to) {
		const char *table = ((const struct row *)g_ptr_array_index(rows, from))->table;
		char *title;

		for (to = from; to < rows->len; to++)
			if (strcmp(((const struct row *)g_ptr_array_index(rows, to))->table,
				   table) != 0)
				break;
		title = g_strdup_printf(report_words(output->language, "by %s"), table);
		append_table(out, output, title, rows, from, to, rule_heads);
		g_free(title);
	}
}

void summary_append(GString *out, const struct summary *summary, const struct report_output *output)
{
	GPtrArray *years = rows_in_order(summary->years, by_name);
	GPtrArray *rules = rows_in_order(summary->rules, by_count);
	GPtrArray *labels = rows_in_order(summary->labels, by_count);

	if (years->len)
		append_table(out, output, report_words(output->language, "by year"), years, 0,
			     years->len, year_heads);
	if (rules->len)
		append_table(out, output, report_words(output->language, "by rule"), rules, 0,
			     rules->len, rule_heads);
	append_labels(out, output, labels);
	g_ptr_array_free(years, TRUE);
	g_ptr_array_free(rules, TRUE);
	g_ptr_array_free(labels, TRUE);
}
