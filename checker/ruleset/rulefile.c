/*
 * A rule file: a set of rules, a vocabulary or a table (DESIGN.md section 5).
 *
 * What is read here is what a rule says by itself: id, words, severity, which check it makes. Its
 * expressions mean something only together with a schema, so they stay nodes of the file until
 * compile.c meets them once for each `documents` entry.
 *
 * Must not: compile expressions, or stop at the first fault: an author wants all of them.
 */
#include "base/hash.h"
#include "ruleset/load.h"
#include "ruleset/rule.h"
#include "source/message.h"

#include <string.h>

static const char *const check_names[] = {
#define CHECK(name, key, across) key,
#include "ruleset/checks.def"
#undef CHECK
};

static const bool check_across[] = {
#define CHECK(name, key, across) across,
#include "ruleset/checks.def"
#undef CHECK
};

const char *rule_check_name(enum rule_check check)
{
	return check_names[check];
}

static void fault(struct loader *loader, const struct document *document, struct span span,
		  struct phrase message)
{
	load_fault(loader, FINDING_RULE_FILE, document, span, message, NULL);
}

/* --- the check of a rule */

/* `assert` beside `reference` or `group-by` is an operand of theirs, not a check of its own. */
static bool is_check(const struct doc_node *rule, enum rule_check check)
{
	if (!doc_get(rule, check_names[check]))
		return false;
	return check != RULE_ASSERT || !(doc_get(rule, "reference") || doc_get(rule, "group-by"));
}

static bool find_check(struct loader *loader, struct rule *rule)
{
	const struct doc_node *first = NULL;
	struct span place = doc_get(rule->node, "id") ? doc_get(rule->node, "id")->span
						      : rule->node->span;

	for (enum rule_check check = 0; check < RULE_CHECK_COUNT; check++) {
		const struct doc_node *node = doc_get(rule->node, check_names[check]);

		if (!is_check(rule->node, check))
			continue;
		if (first) {
			fault(loader, rule->document, node->key->span,
			      phrase_make(loader->arena, MESSAGE_TWO_CHECKS, 2, doc_key_text(first),
					  doc_key_text(node)));
			return false;
		}
		first = node;
		rule->check = check;
	}
	if (!first) {
		fault(loader, rule->document, place,
		      phrase_make(loader->arena, MESSAGE_NO_CHECK, 1, slice_of(rule->id)));
		return false;
	}
	rule->across = check_across[rule->check] || doc_get(rule->node, "across");
	return true;
}

/* Which checks take a key beside their own. */
struct operand_key {
	const char *key;
	unsigned checks; /* bits of enum rule_check */
	bool required;
};

#define IN(check) (1u << RULE_##check)
static const struct operand_key operand_keys[] = {
	{"in", IN(INCLUDES), true},
	{"on", IN(ONE_OF) | IN(TRANSITION), false},
	{"by", IN(REFERENCE) | IN(DISJOINT), false},
	{"across", IN(UNIQUE), false},
	{"over", IN(GROUP_BY), false},
};

static bool check_operands(struct loader *loader, const struct rule *rule)
{
	bool good = true;

	for (size_t i = 0; i < G_N_ELEMENTS(operand_keys); i++) {
		const struct operand_key *operand = &operand_keys[i];
		const struct doc_node *node = doc_get(rule->node, operand->key);
		bool takes = operand->checks & (1u << rule->check);

		if (node && !takes)
			fault(loader, rule->document, node->key->span,
			      phrase_make(loader->arena, MESSAGE_OPERAND_UNUSED, 2,
					  slice_of(operand->key),
					  slice_of(check_names[rule->check])));
		if (!node && takes && operand->required)
			fault(loader, rule->document,
			      doc_get(rule->node, check_names[rule->check])->key->span,
			      phrase_make(loader->arena, MESSAGE_OPERAND_MISSING, 2,
					  slice_of(check_names[rule->check]),
					  slice_of(operand->key)));
		good &= takes ? node || !operand->required : !node;
	}
	if (rule->check == RULE_GROUP_BY && !doc_get(rule->node, "assert")) {
		fault(loader, rule->document, doc_get(rule->node, "group-by")->key->span,
		      phrase_make(loader->arena, MESSAGE_OPERAND_MISSING, 2, SLICE("group-by"),
				  SLICE("assert")));
		return false;
	}
	return good;
}

/* --- a rule */

static int64_t day_of(const struct doc_node *node, int64_t (*bound)(struct date), int64_t open)
{
	struct date date;

	return node && date_parse(&date, doc_text(node)) ? bound(date) : open;
}

static enum severity severity_of(struct loader *loader, const struct rule *rule,
				 const struct doc_node *node)
{
	struct slice text = doc_text(node);
	gpointer configured;

	if (g_hash_table_lookup_extended(loader->store->severities, rule->id, NULL, &configured))
		return GPOINTER_TO_INT(configured);
	for (size_t i = 0; i < rule->formerly_count; i++)
		if (g_hash_table_lookup_extended(loader->store->severities, rule->formerly[i], NULL,
						 &configured))
			return GPOINTER_TO_INT(configured);
	for (enum severity s = SEVERITY_OFF; s <= SEVERITY_ERROR; s++)
		if (slice_equal(text, slice_of(severity_name(s))))
			return s;
	return SEVERITY_ERROR;
}

/* Takes an id for a rule; false where something has it already. */
static bool register_id(struct loader *loader, struct rule *rule, const char *id,
			const struct doc_node *place)
{
	const struct rule *other = g_hash_table_lookup(loader->store->rules, id);

	if (!other && finding_code_of(slice_of(id)) == FINDING_CODE_COUNT) {
		g_hash_table_insert(loader->store->rules, (gpointer)id, rule);
		return true;
	}
	fault(loader, rule->document, place->span,
	      phrase_make(loader->arena, other ? MESSAGE_DUPLICATE_RULE : MESSAGE_RESERVED_RULE, 2,
			  slice_of(id), slice_of(other ? other->file : "planlint")));
	return false;
}

static bool register_ids(struct loader *loader, struct rule *rule)
{
	const struct doc_node *formerly = doc_get(rule->node, "formerly");
	bool good = register_id(loader, rule, rule->id, doc_get(rule->node, "id"));

	for (size_t i = 0; i < rule->formerly_count; i++)
		good &= register_id(loader, rule, rule->formerly[i], doc_item(formerly, i));
	return good;
}

static void load_rule(struct loader *loader, const struct document *document, const char *file,
		      const struct doc_node *node)
{
	const struct doc_node *root = document->root;
	const struct doc_node *kinds = doc_get(node, "kinds");
	const struct doc_node *suppressible = doc_get(node, "suppressible");
	struct rule *rule = arena_new(loader->arena, struct rule);

	rule->document = document;
	rule->node = node;
	rule->file = file;
	rule->builtin = g_str_has_prefix(file, "builtin:");
	rule->file_ruleset = load_string(loader, doc_get(root, "ruleset"));
	rule->id = load_string(loader, doc_get(node, "id"));
	rule->formerly = load_strings(loader, doc_get(node, "formerly"), &rule->formerly_count);
	rule->title = load_words(loader, doc_get(node, "title"));
	rule->text = load_words(loader, doc_get(node, "text"));
	rule->source = load_string(loader, doc_get(node, "source"));
	rule->tags = load_strings(loader, doc_get(node, "tags"), &rule->tag_count);
	rule->kinds = load_strings(loader, kinds ? kinds : doc_get(root, "kinds"),
				   &rule->kind_count);
	rule->suppressible = !suppressible || suppressible->integer;
	rule->since = day_of(doc_get(node, "since"), date_earliest, DAY_OPEN_START);
	rule->until = day_of(doc_get(node, "until"), date_latest, DAY_OPEN_END);
	rule->severity = severity_of(loader, rule, doc_get(node, "severity"));
	if (!register_ids(loader, rule) || !find_check(loader, rule) ||
	    !check_operands(loader, rule))
		return;
	rule->slot = loader->rules->len;
	g_ptr_array_add(loader->rules, rule);
}

/* --- vocabularies */

static void add_name(struct loader *loader, struct rule_vocabulary *vocabulary,
		     const struct doc_node *node, struct rule_term *term)
{
	struct slice name = doc_text(node);

	if (text_table_find(&vocabulary->names, name))
		fault(loader, vocabulary->document, node->span,
		      phrase_make(loader->arena, MESSAGE_DUPLICATE_TERM, 1, name));
	else
		text_table_add(&vocabulary->names, loader->arena, name, term);
}

static void load_term(struct loader *loader, struct rule_vocabulary *vocabulary,
		      struct rule_term *term, const struct doc_node *node)
{
	const struct doc_node *aliases = doc_get(node, "aliases");
	const struct doc_node *since = doc_get(node, "since"), *until = doc_get(node, "until");
	struct slice *names = arena_array(loader->arena, aliases ? aliases->count : 0,
					  sizeof(*names));

	term->id = doc_text(doc_get(node, "id"));
	add_name(loader, vocabulary, doc_get(node, "id"), term);
	for (const struct doc_node *n = doc_first(aliases); n; n = doc_next(n)) {
		names[term->alias_count++] = doc_text(n);
		add_name(loader, vocabulary, n, term);
	}
	term->aliases = names;
	if (since)
		date_parse(&term->since, doc_text(since));
	if (until)
		date_parse(&term->until, doc_text(until));
}

static void load_vocabulary(struct loader *loader, const struct document *document)
{
	const struct doc_node *list = doc_get(document->root, "terms");
	struct rule_vocabulary *vocabulary = arena_new(loader->arena, struct rule_vocabulary);
	struct rule_term *terms = arena_array(loader->arena, list->count, sizeof(*terms));

	vocabulary->document = document;
	vocabulary->name = doc_text(doc_get(document->root, "vocabulary"));
	vocabulary->terms = terms;
	for (const struct doc_node *node = doc_first(list); node; node = doc_next(node))
		load_term(loader, vocabulary, &terms[vocabulary->term_count++], node);
	g_ptr_array_add(loader->vocabularies, vocabulary);
}

/* --- tables */

static void load_table(struct loader *loader, const struct document *document)
{
	const struct doc_node *rows = doc_get(document->root, "rows");
	struct rule_table *table = arena_new(loader->arena, struct rule_table);
	struct text_table keys = {0};

	table->document = document;
	table->name = doc_text(doc_get(document->root, "table"));
	table->key = doc_text(doc_get(document->root, "key"));
	table->rows = rows;
	for (const struct doc_node *row = doc_first(rows); row; row = doc_next(row)) {
		const struct doc_node *key = doc_member(row, table->key.data, table->key.len);

		if (!key)
			fault(loader, document, row->span,
			      phrase_make(loader->arena, MESSAGE_ROW_WITHOUT_KEY, 1, table->key));
		else if (text_table_find(&keys, doc_text(key)))
			fault(loader, document, key->span,
			      phrase_make(loader->arena, MESSAGE_DUPLICATE_ROW, 1, doc_text(key)));
		else
			text_table_add(&keys, loader->arena, doc_text(key), key);
	}
	g_ptr_array_add(loader->tables, table);
}

static bool is_known_name(const GPtrArray *list, struct slice name)
{
	/* Vocabularies and tables both begin with their name. */
	for (guint i = 0; i < list->len; i++)
		if (slice_equal(*(const struct slice *)list->pdata[i], name))
			return true;
	return false;
}

static bool is_new_name(struct loader *loader, const struct document *document, const char *key,
			const GPtrArray *list)
{
	const struct doc_node *name = doc_get(document->root, key);

	if (!is_known_name(list, doc_text(name)))
		return true;
	fault(loader, document, name->span,
	      phrase_make(loader->arena, MESSAGE_DUPLICATE_NAME, 1, doc_text(name)));
	return false;
}

void load_rule_file(struct loader *loader, const char *name)
{
	struct loaded_file *file = load_file(loader, name, FINDING_RULE_FILE);
	const struct document *document = load_first_document(loader, name, FINDING_RULE_FILE);

	if (loader->failed || !file || file->state == LOADED_FAULTY)
		return;
	if (!document) {
		struct document empty = {.source = &file->source};

		fault(loader, &empty, (struct span){0, 0},
		      phrase_make(loader->arena, MESSAGE_EMPTY_RULE_FILE, 0));
		return;
	}
	if (!load_validate(loader, document, "builtin:schemas/rule-file.schema.yaml",
			   FINDING_RULE_FILE))
		return;
	if (doc_get(document->root, "vocabulary")) {
		if (is_new_name(loader, document, "vocabulary", loader->vocabularies))
			load_vocabulary(loader, document);
	} else if (doc_get(document->root, "table")) {
		if (is_new_name(loader, document, "table", loader->tables) &&
		    (document = load_with_symbols(loader, name)))
			load_table(loader, document);
	} else {
		const struct doc_node *rules = doc_get(document->root, "rules");

		for (const struct doc_node *n = doc_first(rules); n; n = doc_next(n))
			load_rule(loader, document, name, n);
	}
}
