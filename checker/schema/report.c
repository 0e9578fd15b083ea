/*
 * Reports: every fault of an instance as a finding. Walks the graph of subschemas (not the
 * programs, which forget where they come from) and asks the evaluator only where a keyword needs a
 * verdict: about branches, conditions, negations.
 *
 * One fault gives one finding: after a wrong type nothing else is said of a value, the list of
 * allowed values speaks before patterns do, the same fault seen through several branches of allOf
 * is told once. Where unevaluated* reads what was evaluated, failed branches count as well: a field
 * that a branch knows is not called unknown because something else in that branch is wrong.
 *
 * The number of subschemas looked at is bounded; beyond it one finding says that it was given up.
 */
#include "schema/report.h"
#include "schema/format.h"

#include "base/regex.h"
#include "source/message.h"

#include <string.h>

enum {
	WORK_BASE = 200 * 1000,
	WORK_PER_NODE = 8,
	DEPTH_MAX = 400,
	CHOICES_MAX = 5000,
	FOUND_MAX = 2000,   /* findings of one document; the rest is told in one sentence */
	MISSPELT_MAX = 500, /* findings among which a missing and an unknown field are paired */
	NEIGHBOURS = 64,    /* findings at one place that are compared with each other */
};

/* --- findings */

static void append_path(GString *out, const struct path *path)
{
	if (!path)
		return;
	append_path(out, path->up);
	g_string_append_printf(out, "/%s", path->keyword);
	if (path->index >= 0)
		g_string_append_printf(out, "/%" G_GINT64_FORMAT, path->index);
	if (!path->name.data)
		return;
	g_string_append_c(out, '/');
	for (size_t i = 0; i < path->name.len; i++) { /* RFC 6901 3 */
		if (path->name.data[i] == '~')
			g_string_append(out, "~0");
		else if (path->name.data[i] == '/')
			g_string_append(out, "~1");
		else
			g_string_append_c(out, path->name.data[i]);
	}
}

struct span fault_place(const struct doc_node *value)
{
	const struct doc_node *first = doc_first(value);

	if (value->type != DOC_ARRAY && value->type != DOC_OBJECT)
		return value->span;
	if (value->flags & DOC_COPIED)
		return value->span;
	if (value->key)
		return value->key->span;
	if (first && first->key && !(first->flags & DOC_COPIED))
		return first->key->span;
	return (struct span){value->span.start, MIN(value->span.end, value->span.start + 1)};
}

void fault_point(struct reporter *reporter, struct finding *finding, const struct doc_node *node,
		 struct span span)
{
	const struct doc_node *origin = doc_origin(node);
	struct related *related;

	finding->pointer = doc_pointer(reporter->arena, node);
	finding->span = span;
	if (!(node->flags & DOC_COPIED) || !origin || origin == node)
		return;
	/* behind an alias or merge key: the finding stands at the use */
	related = arena_new(reporter->arena, struct related);
	related->source = reporter->document->source;
	related->span = fault_place(origin);
	related->label = phrase_make(reporter->arena, MESSAGE_SCHEMA_WRITTEN_HERE, 0);
	finding->related = related;
	finding->related_count = 1;
}

static const char *location_of(struct reporter *reporter, const struct schema_node *node,
			       const struct schema_keyword *keyword)
{
	const char *place = schema_location(node, reporter->arena);

	return keyword ? arena_printf(reporter->arena, "%s/%s", place,
				      schema_keyword_name(keyword->id))
		       : place;
}

struct finding *fault_add(struct reporter *reporter, const struct spot *spot,
			  const struct schema_keyword *keyword, enum finding_code code)
{
	struct found *found = arena_new(reporter->arena, struct found);
	struct finding *finding = &found->finding;
	g_autoptr(GString) path = g_string_new(NULL);

	append_path(path, spot->path);
	if (keyword)
		g_string_append_printf(path, "/%s", schema_keyword_name(keyword->id));
	finding->code = code;
	finding->rule = finding_id(code);
	finding->severity = finding_severity(code);
	finding->source = reporter->document->source;
	finding->evaluation_path = arena_dup(reporter->arena, path->str, path->len);
	finding->keyword_location = location_of(reporter, spot->node, keyword);
	found->instance = spot->instance;
	if (reporter->named)
		fault_point(reporter, finding, reporter->named, reporter->named->key->span);
	else
		fault_point(reporter, finding, spot->instance, fault_place(spot->instance));
	if (reporter->list->last)
		reporter->list->last->next = found;
	else
		reporter->list->first = found;
	reporter->list->last = found;
	reporter->list->count++;
	found->serial = ++reporter->serial;
	return finding;
}

static const struct slice no_name = {0};

/* --- in place */

void fault_in_place(struct reporter *reporter, const struct spot *spot,
		    const struct schema_keyword *keyword, const struct schema_node *node,
		    struct slice name, int64_t index)
{
	struct path path = {spot->path, schema_keyword_name(keyword->id), name, index};
	struct spot inner = {node, spot->instance, &path, spot->marks, spot->depth + 1};

	fault_node(reporter, &inner);
}

static void report_reference(struct reporter *reporter, const struct spot *spot,
			     const struct schema_keyword *keyword)
{
	const struct dynamic_detail *dynamic = keyword->detail;
	const struct schema_node *target = keyword->schema;

	if (dynamic && dynamic->count > 1)
		target = run_dynamic_target(&reporter->run, dynamic);
	if (target)
		fault_in_place(reporter, spot, keyword, target, no_name, -1);
}

static void report_condition(struct reporter *reporter, const struct spot *spot,
			     const struct schema_keyword *keyword)
{
	struct reporter *r = reporter;
	bool holds =
		spot->marks
			? run_marks(&r->run, keyword->schema->code, spot->instance, spot->depth)
			: run_holds(&r->run, keyword->schema->code, spot->instance, spot->depth);
	const struct schema_keyword *next = schema_keyword(spot->node, holds ? SCHEMA_KEYWORD_THEN
									     : SCHEMA_KEYWORD_ELSE);
	struct found_list *outer = r->list;
	struct found_list list = {0};

	if (!next)
		return;
	r->list = &list;
	fault_in_place(r, spot, next, next->schema, no_name, -1);
	if (holds)
		say_because(r, &list, spot, keyword->schema, next->schema);
	r->list = outer;
	if (!list.first)
		return;
	if (outer->last)
		outer->last->next = list.first;
	else
		outer->first = list.first;
	outer->last = list.last;
	outer->count += list.count;
}

/* --- keywords */

static bool type_holds(uint8_t types, const struct doc_node *value)
{
	static const uint8_t bits[DOC_TYPES] = {
		[DOC_NULL] = SCHEMA_NULL,       [DOC_BOOLEAN] = SCHEMA_BOOLEAN,
		[DOC_INTEGER] = SCHEMA_INTEGER, [DOC_NUMBER] = SCHEMA_NUMBER,
		[DOC_STRING] = SCHEMA_STRING,   [DOC_ARRAY] = SCHEMA_ARRAY,
		[DOC_OBJECT] = SCHEMA_OBJECT,
	};

	return types & bits[value->type] ||
	       (value->type == DOC_NUMBER && types & SCHEMA_INTEGER && value_is_integral(value));
}

static bool date_holds(const struct schema_node *node, const struct doc_node *value)
{
	if (!node->is_date)
		return true;
	if (value->type == DOC_NULL && schema_keyword(node, SCHEMA_KEYWORD_TYPE))
		return true; /* `type` allows it, or has spoken */
	return (value->type == DOC_STRING || value->type == DOC_INTEGER) && value_is_date(value);
}

/* type, const, enum, x-planlint-type: whether one of them has said what is wrong. */
static bool report_value(struct reporter *reporter, const struct spot *spot)
{
	const struct schema_keyword *keyword;

	for (uint16_t i = 0; i < spot->node->count; i++) {
		keyword = &spot->node->keywords[i];
		if (keyword->id == SCHEMA_KEYWORD_TYPE &&
		    !type_holds(spot->node->types, spot->instance)) {
			if (spot->node->is_date)
				say_no_date(reporter, spot, keyword);
			else
				say_wrong_type(reporter, spot, keyword, spot->node->types);
			return true;
		}
		if ((keyword->id == SCHEMA_KEYWORD_CONST || keyword->id == SCHEMA_KEYWORD_ENUM) &&
		    keyword->detail && !value_is_in(keyword->detail, spot->instance)) {
			say_not_in_list(reporter, spot, keyword);
			return true;
		}
		if (keyword->id == SCHEMA_KEYWORD_PLANLINT_TYPE &&
		    !date_holds(spot->node, spot->instance)) {
			say_no_date(reporter, spot, keyword);
			return true;
		}
	}
	return false;
}

static void report_number(struct reporter *reporter, const struct spot *spot,
			  const struct schema_keyword *keyword)
{
	const struct limit_detail *limit = keyword->detail;
	bool holds = true;

	if (!limit)
		return;
	if (keyword->id == SCHEMA_KEYWORD_MULTIPLE_OF)
		holds = limit_holds_multiple(limit, spot->instance);
	else if (keyword->id == SCHEMA_KEYWORD_MINIMUM ||
		 keyword->id == SCHEMA_KEYWORD_EXCLUSIVE_MINIMUM)
		holds = limit_holds_minimum(limit, spot->instance);
	else if (keyword->id == SCHEMA_KEYWORD_MAXIMUM ||
		 keyword->id == SCHEMA_KEYWORD_EXCLUSIVE_MAXIMUM)
		holds = limit_holds_maximum(limit, spot->instance);
	if (!holds)
		say_limit(reporter, spot, keyword);
}

static void report_count(struct reporter *reporter, const struct spot *spot,
			 const struct schema_keyword *keyword, bool is_least)
{
	uint32_t count = spot->instance->count;

	if (is_least ? count < keyword->number : count > keyword->number)
		say_count(reporter, spot, keyword);
}

static void report_text(struct reporter *reporter, const struct spot *spot,
			const struct schema_keyword *keyword)
{
	const struct format *format = keyword->detail;
	struct slice text = doc_text(spot->instance);

	switch ((int)keyword->id) {
	case SCHEMA_KEYWORD_MIN_LENGTH:
	case SCHEMA_KEYWORD_MAX_LENGTH:
		report_count(reporter, spot, keyword, keyword->id == SCHEMA_KEYWORD_MIN_LENGTH);
		break;
	case SCHEMA_KEYWORD_PATTERN:
		if (!keyword->detail)
			break;
		switch (regex_search(keyword->detail, text)) {
		case REGEX_MATCH:
			break;
		case REGEX_NO_MATCH:
			say_pattern(reporter, spot, keyword);
			break;
		case REGEX_LIMIT:
			reporter->run.gave_up = true;
			break;
		}
		break;
	case SCHEMA_KEYWORD_FORMAT:
		if (format && program_asserts_format(reporter->run.schema, spot->node) &&
		    !format->holds(text))
			say_format(reporter, spot, keyword);
		break;
	default:
		break;
	}
}

static void report_array(struct reporter *reporter, const struct spot *spot,
			 const struct schema_keyword *keyword)
{
	const struct doc_node *first;
	const struct doc_node *second;

	switch ((int)keyword->id) {
	case SCHEMA_KEYWORD_MIN_ITEMS:
	case SCHEMA_KEYWORD_MAX_ITEMS:
		report_count(reporter, spot, keyword, keyword->id == SCHEMA_KEYWORD_MIN_ITEMS);
		break;
	case SCHEMA_KEYWORD_UNIQUE_ITEMS:
		if (doc_is(keyword->value, DOC_BOOLEAN) && keyword->value->integer &&
		    value_find_duplicate(&reporter->run, spot->instance, &first, &second))
			say_duplicate(reporter, spot, keyword, first, second);
		break;
	case SCHEMA_KEYWORD_PREFIX_ITEMS:
		if (!schema_keyword(spot->node, SCHEMA_KEYWORD_ITEMS))
			children_items(reporter, spot, keyword, NULL);
		break;
	case SCHEMA_KEYWORD_ITEMS:
		if (keyword->schema)
			children_items(reporter, spot,
				       schema_keyword(spot->node, SCHEMA_KEYWORD_PREFIX_ITEMS),
				       keyword);
		else
			children_items(reporter, spot, keyword,
				       schema_keyword(spot->node, SCHEMA_KEYWORD_ADDITIONAL_ITEMS));
		break;
	case SCHEMA_KEYWORD_CONTAINS:
		children_contains(reporter, spot, keyword);
		break;
	case SCHEMA_KEYWORD_UNEVALUATED_ITEMS:
		children_unevaluated(reporter, spot, keyword);
		break;
	default:
		break;
	}
}

static bool is_first_about_members(const struct schema_node *node,
				   const struct schema_keyword *keyword)
{
	for (uint16_t i = 0; &node->keywords[i] != keyword; i++)
		if (node->keywords[i].id == SCHEMA_KEYWORD_PROPERTIES ||
		    node->keywords[i].id == SCHEMA_KEYWORD_PATTERN_PROPERTIES)
			return false;
	return true;
}

static void report_object(struct reporter *reporter, const struct spot *spot,
			  const struct schema_keyword *keyword)
{
	switch ((int)keyword->id) {
	case SCHEMA_KEYWORD_REQUIRED:
		children_required(reporter, spot, keyword);
		break;
	case SCHEMA_KEYWORD_MIN_PROPERTIES:
	case SCHEMA_KEYWORD_MAX_PROPERTIES:
		report_count(reporter, spot, keyword, keyword->id == SCHEMA_KEYWORD_MIN_PROPERTIES);
		break;
	case SCHEMA_KEYWORD_PROPERTIES:
	case SCHEMA_KEYWORD_PATTERN_PROPERTIES:
	case SCHEMA_KEYWORD_ADDITIONAL_PROPERTIES:
		if (is_first_about_members(spot->node, keyword))
			children_members(reporter, spot);
		break;
	case SCHEMA_KEYWORD_PROPERTY_NAMES:
		children_names(reporter, spot, keyword);
		break;
	case SCHEMA_KEYWORD_DEPENDENT_REQUIRED:
	case SCHEMA_KEYWORD_DEPENDENT_SCHEMAS:
	case SCHEMA_KEYWORD_DEPENDENCIES:
		children_dependencies(reporter, spot, keyword);
		break;
	case SCHEMA_KEYWORD_UNEVALUATED_PROPERTIES:
		children_unevaluated(reporter, spot, keyword);
		break;
	default:
		break;
	}
}

static void report_applicator(struct reporter *reporter, const struct spot *spot,
			      const struct schema_keyword *keyword)
{
	switch ((int)keyword->id) {
	case SCHEMA_KEYWORD_REF:
	case SCHEMA_KEYWORD_DYNAMIC_REF:
	case SCHEMA_KEYWORD_RECURSIVE_REF:
		report_reference(reporter, spot, keyword);
		break;
	case SCHEMA_KEYWORD_ALL_OF:
		for (uint32_t i = 0; i < keyword->count; i++)
			fault_in_place(reporter, spot, keyword, keyword->branches[i].schema,
				       no_name, i);
		break;
	case SCHEMA_KEYWORD_ANY_OF:
	case SCHEMA_KEYWORD_ONE_OF:
		fault_choice(reporter, spot, keyword);
		break;
	case SCHEMA_KEYWORD_NOT:
		if (run_holds(&reporter->run, keyword->schema->code, spot->instance, spot->depth))
			say_not(reporter, spot, keyword);
		break;
	case SCHEMA_KEYWORD_IF:
		report_condition(reporter, spot, keyword);
		break;
	default:
		break;
	}
}

static void report_keywords(struct reporter *reporter, const struct spot *spot)
{
	if (report_value(reporter, spot))
		return;
	for (uint16_t i = 0; i < spot->node->count && !reporter->run.gave_up; i++) {
		const struct schema_keyword *keyword = &spot->node->keywords[i];

		switch ((enum doc_type)spot->instance->type) {
		case DOC_NULL:
		case DOC_BOOLEAN:
			break;
		case DOC_INTEGER:
		case DOC_NUMBER:
			report_number(reporter, spot, keyword);
			break;
		case DOC_STRING:
			report_text(reporter, spot, keyword);
			break;
		case DOC_ARRAY:
			report_array(reporter, spot, keyword);
			break;
		case DOC_OBJECT:
			report_object(reporter, spot, keyword);
			break;
		}
		report_applicator(reporter, spot, keyword);
	}
}

/* Where unevaluated* stands in this subschema, what it reads is collected from here on. */
static void report_with_marks(struct reporter *reporter, const struct spot *spot)
{
	struct spot inner = *spot;
	struct marks own;
	struct marks *outer = reporter->run.marks;
	bool reads = (spot->instance->type == DOC_OBJECT &&
		      schema_keyword(spot->node, SCHEMA_KEYWORD_UNEVALUATED_PROPERTIES)) ||
		     (spot->instance->type == DOC_ARRAY &&
		      schema_keyword(spot->node, SCHEMA_KEYWORD_UNEVALUATED_ITEMS));

	if (reads) {
		marks_init(&own, &reporter->run, spot->instance);
		inner.marks = &own;
	}
	reporter->run.marks = inner.marks;
	report_keywords(reporter, &inner);
	reporter->run.marks = outer;
	if (reads && spot->marks)
		marks_add(spot->marks, &own);
}

void fault_node(struct reporter *reporter, const struct spot *spot)
{
	struct run *run = &reporter->run;
	struct scope scope = {spot->node->resource, run->scope};

	if (run->gave_up || reporter->list->count >= FOUND_MAX)
		return;
	if (--reporter->work < 0 || spot->depth > DEPTH_MAX) {
		run->gave_up = true;
		return;
	}
	if (spot->node->is_boolean) {
		if (!spot->node->accepts)
			say_not_allowed(reporter, spot);
		return;
	}
	run->scope = &scope;
	report_with_marks(reporter, spot);
	run->scope = scope.around;
}

/* --- the way in */

static bool same_phrase(const struct phrase *a, const struct phrase *b)
{
	if (a->message != b->message || a->words != b->words || a->value_count != b->value_count)
		return false;
	for (size_t i = 0; i < a->value_count; i++)
		if (!slice_equal(a->values[i], b->values[i]))
			return false;
	return true;
}

static bool same_fault(const struct finding *a, const struct finding *b)
{
	return a->code == b->code && a->span.start == b->span.start && a->span.end == b->span.end &&
	       (a->code == FINDING_WRONG_TYPE || same_phrase(&a->message, &b->message));
}

/* The nearest name of an unknown field is the one that is missing: one fault, told at the field. */
static bool is_misspelt(const struct found *missing, const struct found_list *list)
{
	if (missing->finding.code != FINDING_MISSING_PROPERTY ||
	    missing->finding.message.message != MESSAGE_SCHEMA_MISSING)
		return false;
	for (const struct found *found = list->first; found; found = found->next)
		if (found->finding.code == FINDING_UNKNOWN_PROPERTY &&
		    found->instance == missing->instance && found->finding.hint.value_count == 1 &&
		    slice_equal(found->finding.hint.values[0], missing->finding.message.values[0]))
			return true;
	return false;
}

static int by_place(const void *a, const void *b)
{
	const struct found *first = *(const struct found *const *)a;
	const struct found *second = *(const struct found *const *)b;

	if (first->finding.span.start != second->finding.span.start)
		return first->finding.span.start < second->finding.span.start ? -1 : 1;
	return first->serial < second->serial ? -1 : 1;
}

/* In document order, each fault once. */
static size_t emit_all(const struct found_list *list, const struct finding_sink *sink)
{
	g_autoptr(GPtrArray) sorted = g_ptr_array_sized_new((guint)list->count);
	size_t emitted = 0;

	for (struct found *found = list->first; found; found = found->next)
		if (list->count > MISSPELT_MAX || !is_misspelt(found, list))
			g_ptr_array_add(sorted, found);
	qsort(sorted->pdata, sorted->len, sizeof(gpointer), by_place);
	for (guint i = 0; i < sorted->len; i++) {
		const struct found *found = g_ptr_array_index(sorted, i);
		bool told = false;

		for (guint k = i; k-- && !told && i - k < NEIGHBOURS;) {
			const struct found *before = g_ptr_array_index(sorted, k);

			if (before->finding.span.start != found->finding.span.start)
				break;
			told = same_fault(&before->finding, &found->finding);
		}
		if (told)
			continue;
		finding_emit(sink, &found->finding);
		emitted++;
	}
	return emitted;
}

size_t schema_report(const struct schema *schema, const struct document *document,
		     const struct doc_node *node, struct arena *arena,
		     const struct finding_sink *sink)
{
	const struct doc_node *instance = node ? node : document->root;
	struct found_list list = {0};
	struct reporter reporter = {.document = document, .arena = arena, .list = &list};
	struct spot spot = {.node = schema->root, .instance = instance};

	if (!instance || schema_is_valid(schema, document, instance, arena))
		return 0;
	run_init(&reporter.run, schema, document, arena);
	reporter.work = WORK_BASE + (int64_t)document->node_count * WORK_PER_NODE;
	reporter.choices = CHOICES_MAX;
	fault_node(&reporter, &spot);
	if (reporter.run.gave_up || !list.count || list.count >= FOUND_MAX)
		say_given_up(&reporter, instance);
	return emit_all(&list, sink);
}
