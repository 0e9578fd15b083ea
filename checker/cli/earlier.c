/*
 * An earlier report against what is open now. The report is read by the same strict JSON reader as
 * any document, for it comes from a file that somebody may have edited; of each finding its
 * identity decides, as a multiset, and its words are kept for those that are gone.
 */
#include "cli/earlier.h"

#include "document/document.h"

#include <string.h>

enum { DAY_LENGTH = 10, VERSION = 1 };

/* A finding of the earlier report. */
struct earlier_finding {
	struct report_past past;
	const char *identity;
	bool stays;
};

struct earlier {
	struct report_comparison view;
	struct arena arena;
	char *digest;
	GArray *earlier;   /* struct earlier_finding, in order */
	GHashTable *slots; /* identity -> GArray of numbers in `earlier`, the first last */
	GPtrArray *added;
	GArray *gone; /* struct report_past */
};

static void slot_free(void *slot)
{
	g_array_free(slot, TRUE);
}

void earlier_free(struct earlier *comparison)
{
	if (!comparison)
		return;
	g_hash_table_destroy(comparison->slots);
	g_array_free(comparison->earlier, TRUE);
	g_array_free(comparison->gone, TRUE);
	g_ptr_array_free(comparison->added, TRUE);
	arena_release(&comparison->arena);
	g_free(comparison);
}

static void note_fault(void *context, const struct finding *finding)
{
	(void)finding;
	*(bool *)context = true;
}

/* A text in the arena; NULL where it is none. */
static const char *text_of(struct earlier *comparison, const struct doc_node *node)
{
	struct slice text = doc_text(node);

	return doc_is(node, DOC_STRING) ? arena_dup(&comparison->arena, text.data, text.len) : NULL;
}

static size_t number_of(const struct doc_node *node)
{
	return doc_is(node, DOC_INTEGER) && node->integer > 0 ? (size_t)node->integer : 0;
}

/* False where it is no finding as this program writes it. */
static bool take_finding(struct earlier *comparison, const struct doc_node *node)
{
	const struct doc_node *start = doc_get(node, "start");
	struct earlier_finding earlier = {
		.past = {.rule = text_of(comparison, doc_get(node, "rule")),
			 .severity = text_of(comparison, doc_get(node, "severity")),
			 .message = text_of(comparison, doc_get(node, "message")),
			 .path = text_of(comparison, doc_get(node, "path")),
			 .line = number_of(doc_get(start, "line")),
			 .column = number_of(doc_get(start, "column"))},
		.identity = text_of(comparison, doc_get(node, "identity")),
	};

	if (!earlier.past.rule || !earlier.past.severity || !earlier.past.message)
		return false;
	if (!earlier.identity)
		earlier.identity = arena_printf(&comparison->arena, "%s|%s", earlier.past.rule,
						earlier.past.path ? earlier.past.path : "");
	g_array_append_val(comparison->earlier, earlier);
	return true;
}

/* What is open: of an audit `open`, of a check `findings`. */
static bool take_report(struct earlier *comparison, const struct doc_node *root)
{
	const struct doc_node *looked_at = doc_get(root, "looked_at");
	const struct doc_node *open = doc_get(root, "open");
	const char *to = text_of(comparison, doc_get(looked_at, "to"));

	if (!open)
		open = doc_get(root, "findings");
	if (number_of(doc_get(root, "version")) != VERSION || !doc_is(open, DOC_ARRAY))
		return false;
	if (to)
		comparison->view.date = arena_dup(&comparison->arena, to,
						  MIN(strlen(to), DAY_LENGTH));
	comparison->digest = (char *)text_of(comparison, doc_get(looked_at, "digest"));
	for (const struct doc_node *item = doc_first(open); item; item = doc_next(item))
		if (!take_finding(comparison, item))
			return false;
	return true;
}

static bool is_incomplete(const struct doc_node *root)
{
	const struct doc_node *incomplete = doc_get(doc_get(root, "looked_at"), "incomplete");

	return doc_is(incomplete, DOC_BOOLEAN) && incomplete->integer;
}

/* Numbers are put in from the last, so that the first can be taken from the end. */
static void fill_slots(struct earlier *comparison)
{
	for (guint i = comparison->earlier->len; i-- > 0;) {
		const char *identity =
			g_array_index(comparison->earlier, struct earlier_finding, i).identity;
		GArray *slot = g_hash_table_lookup(comparison->slots, identity);

		if (!slot) {
			slot = g_array_new(FALSE, FALSE, sizeof(guint));
			g_hash_table_insert(comparison->slots, (gpointer)identity, slot);
		}
		g_array_append_val(slot, i);
	}
}

static int read_into(struct earlier *comparison, const char *file, char *data, size_t size,
		     struct error *error)
{
	struct document_limits limits = document_default_limits;
	struct document_options options = {.limits = &limits, .syntax = DOCUMENT_JSON};
	struct arena tree = {0};
	struct source source;
	struct document_set set = {0};
	bool is_faulty = false;
	const struct finding_sink sink = {note_fault, &is_faulty};
	int status;

	limits.size = limits.nodes = limits.scalar_len = 0;
	source_init(&source, file, data, size);
	status = document_read(&set, &source, &options, &tree, &sink, error);
	if (!status && (is_faulty || !set.complete || set.count != 1 ||
			!take_report(comparison, set.documents[0].root)))
		status = error_usage(error,
				     "\"%s\" is no report of planlint; make one with: planlint "
				     "audit -f json:FILE",
				     file);
	if (!status && is_incomplete(set.documents[0].root))
		status = error_usage(
			error,
			"\"%s\" was interrupted: it does not know what was open at the "
			"end",
			file);
	source_release(&source);
	arena_release(&tree);
	return status;
}

struct earlier *earlier_read(const char *file, struct error *error)
{
	struct earlier *comparison = g_new0(struct earlier, 1);
	char *data;
	size_t size;

	comparison->earlier = g_array_new(FALSE, FALSE, sizeof(struct earlier_finding));
	comparison->gone = g_array_new(FALSE, FALSE, sizeof(struct report_past));
	comparison->added = g_ptr_array_new();
	comparison->slots = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, slot_free);
	comparison->view.name = arena_strdup(&comparison->arena, file);
	data = cli_read(file, UINT32_MAX / 2, &size, error);
	if (data && size > UINT32_MAX / 2)
		error_usage(error, "\"%s\" is too large for a report", file);
	else if (data)
		read_into(comparison, file, data, size, error);
	g_free(data);
	if (error->message) {
		earlier_free(comparison);
		return NULL;
	}
	fill_slots(comparison);
	return comparison;
}

static bool is_wanted(const struct report_past *past, const struct cli_options *options,
		      const struct wanted_paths *wanted)
{
	const struct finding finding = {.code = finding_code_of(slice_of(past->rule)),
					.rule = past->rule};
	struct finding as_rule = finding;

	if (finding.code == FINDING_CODE_COUNT)
		as_rule.code = FINDING_RULE;
	return cli_wants_rule(options, &as_rule) &&
	       (!past->path || wanted_has((void *)wanted, past->path));
}

const struct report_comparison *earlier_compare(struct earlier *comparison,
						const struct finding *const *open, size_t count,
						const char *digest,
						const struct cli_options *options,
						const struct wanted_paths *wanted)
{
	for (size_t i = 0; i < count; i++) {
		GArray *slot = open[i]->identity
				       ? g_hash_table_lookup(comparison->slots, open[i]->identity)
				       : NULL;

		if (slot && slot->len) {
			guint number = g_array_index(slot, guint, slot->len - 1);

			g_array_index(comparison->earlier, struct earlier_finding, number).stays =
				true;
			g_array_set_size(slot, slot->len - 1);
		} else {
			g_ptr_array_add(comparison->added, (gpointer)open[i]);
		}
	}
	for (guint i = 0; i < comparison->earlier->len; i++) {
		const struct earlier_finding *earlier = &g_array_index(comparison->earlier,
								       struct earlier_finding, i);

		if (!earlier->stays && is_wanted(&earlier->past, options, wanted))
			g_array_append_val(comparison->gone, earlier->past);
	}
	comparison->view.other_rules = g_strcmp0(digest, comparison->digest) != 0;
	comparison->view.added = (const struct finding *const *)comparison->added->pdata;
	comparison->view.added_count = comparison->added->len;
	comparison->view.gone = (const struct report_past *)(void *)comparison->gone->data;
	comparison->view.gone_count = comparison->gone->len;
	return &comparison->view;
}
