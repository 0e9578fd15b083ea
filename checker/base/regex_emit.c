/*
 * Writes a tree in the syntax of RE2 or PCRE2. Nothing is left to the engines' own reading of what
 * ECMA-262 defines otherwise: every character and range is written as \x{...}, the classes are
 * spelled out by the parser, ^ and $ become \A and \z, groups are kept by name only where PCRE2
 * needs them for a back-reference.
 *
 * Properties go by name where the engine has exactly the same one, else as the ranges that
 * PCRE2's tables have for it.
 */
#include "base/regex_engine.h"
#include "base/regex_tree.h"

enum {
	RE2_REPEAT_MAX = 1000, /* the product of the counts of repetitions within each other */
	TEXT_MAX = 512 * 1024, /* bytes that are written */
};

struct writer {
	GString *out;
	enum regex_engine engine;
	GPtrArray *behinds;
	GHashTable *ranges; /* what emit_ranges() has written, by sign and class */
};

static void emit(struct writer *w, const struct regex_node *node);

/* ASCII letters and digits as they are, all else by number. */
static void emit_code(GString *out, uint32_t code)
{
	if (code < 0x80 && g_ascii_isalnum((char)code))
		g_string_append_c(out, (char)code);
	else
		g_string_append_printf(out, "\\x{%x}", code);
}

static void emit_range(GString *out, uint32_t low, uint32_t high)
{
	emit_code(out, low);
	if (low != high) {
		g_string_append_c(out, '-');
		emit_code(out, high);
	}
}

/* The ranges of a class of PCRE2, or those between them; g_free. */
static char *ranges_text(const char *class_text, bool negated)
{
	GString *text = g_string_new(NULL);
	GArray *ranges = g_array_new(FALSE, FALSE, sizeof(struct regex_range));
	uint32_t next = 0;

	regex_pcre2_ranges(ranges, class_text);
	for (guint i = 0; i < ranges->len; i++) {
		struct regex_range range = g_array_index(ranges, struct regex_range, i);

		if (!negated)
			emit_range(text, range.low, range.high);
		else if (range.low > next)
			emit_range(text, next, range.low - 1);
		next = range.high + 1;
	}
	if (negated && next <= REGEX_CODE_POINT_MAX)
		emit_range(text, next, REGEX_CODE_POINT_MAX);
	g_array_free(ranges, TRUE);
	return g_string_free(text, FALSE);
}

/* Finding the ranges takes milliseconds, so each class is done once a pattern. */
static void emit_ranges(struct writer *w, const char *class_text, bool negated)
{
	char *key = g_strdup_printf("%c%s", negated ? '!' : '=', class_text);
	const char *text = g_hash_table_lookup(w->ranges, key);

	if (!text) {
		text = ranges_text(class_text, negated);
		g_hash_table_insert(w->ranges, g_strdup(key), (gpointer)text);
	}
	g_string_append(w->out, text);
	g_free(key);
}

/* The property as PCRE2 writes it; its script names alone would mean script extensions. */
static char *pcre2_name(const struct regex_item *item)
{
	switch (item->kind) {
	case REGEX_PROPERTY_CATEGORY:
		return g_strdup(
			slice_equal(slice_of(item->property), SLICE("LC")) ? "L&" : item->property);
	case REGEX_PROPERTY_SCRIPT:
		return g_strdup_printf("sc:%s", item->property);
	case REGEX_PROPERTY_SCRIPT_EXTENSIONS:
		return g_strdup_printf("scx:%s", item->property);
	case REGEX_PROPERTY_BINARY:
	case REGEX_PROPERTY_ANY:
		return g_strdup(item->property);
	}
	g_assert_not_reached();
}

/* RE2 lacks Cn, so its C is another one, and LC; it has most scripts and no other property. */
static bool re2_has(const struct regex_item *item)
{
	struct regex_re2 *regex;
	char *text;

	if (item->kind == REGEX_PROPERTY_CATEGORY)
		return item->property[0] != 'C' && g_strcmp0(item->property, "LC") != 0;
	if (item->kind != REGEX_PROPERTY_SCRIPT)
		return false;
	text = g_strdup_printf("\\p{%s}", item->property);
	regex = regex_re2_compile(slice_of(text), NULL);
	regex_re2_free(regex);
	g_free(text);
	return regex != NULL;
}

static void emit_property(struct writer *w, const struct regex_item *item)
{
	char sign = item->negated ? 'P' : 'p';
	char *name, *class_text;

	if (w->engine == REGEX_ENGINE_RE2 && re2_has(item)) {
		g_string_append_printf(w->out, "\\%c{%s}", sign, item->property);
		return;
	}
	name = pcre2_name(item);
	class_text = g_strdup_printf("\\p{%s}", name);
	if (w->engine == REGEX_ENGINE_PCRE2)
		g_string_append_printf(w->out, "\\%c{%s}", sign, name);
	else
		emit_ranges(w, class_text, item->negated);
	g_free(class_text);
	g_free(name);
}

static bool is_literal(const struct regex_node *set)
{
	const struct regex_item *item = set->items;

	return !set->negated && item && !item->next && !item->property && item->low == item->high;
}

static void emit_items(struct writer *w, const struct regex_node *set)
{
	for (const struct regex_item *item = set->items; item; item = item->next) {
		if (item->property)
			emit_property(w, item);
		else
			emit_range(w->out, item->low, item->high);
	}
}

static void emit_set(struct writer *w, const struct regex_node *set)
{
	struct writer inner = *w;

	if (is_literal(set)) {
		emit_code(w->out, set->items->low);
		return;
	}
	/* Empty brackets are no class in either engine; \P{Any} and its like have no ranges. */
	inner.out = g_string_new(NULL);
	emit_items(&inner, set);
	if (inner.out->len)
		g_string_append_printf(w->out, "[%s%s]", set->negated ? "^" : "", inner.out->str);
	else
		g_string_append_printf(w->out, "[%s\\x{0}-\\x{10ffff}]", set->negated ? "" : "^");
	g_string_free(inner.out, TRUE);
}

static void emit_group(struct writer *w, const struct regex_node *node)
{
	g_string_append(w->out, "(?:");
	emit(w, node);
	g_string_append_c(w->out, ')');
}

static void emit_counts(GString *out, uint32_t min, uint32_t max, bool lazy)
{
	if (max == REGEX_UNLIMITED)
		g_string_append_printf(out, "{%u,}", min);
	else
		g_string_append_printf(out, "{%u,%u}", min, max);
	if (lazy)
		g_string_append_c(out, '?');
}

static uint32_t count_of(const struct regex_node *repeat)
{
	uint32_t count = repeat->max == REGEX_UNLIMITED ? repeat->min : repeat->max;

	return CLAMP(count, 1, RE2_REPEAT_MAX);
}

/* The product of the counts within each other, up to what RE2 allows. */
static uint32_t counts_product(const struct regex_node *node)
{
	uint32_t largest = 1;

	for (const struct regex_node *child = node->first; child; child = child->next)
		largest = MAX(largest, counts_product(child));
	if (node->kind == REGEX_REPEAT)
		largest *= count_of(node);
	return MIN(largest, RE2_REPEAT_MAX);
}

/* Longer repetitions than RE2 takes at once are strung together. */
static void emit_strung(struct writer *w, const struct regex_node *node, const GString *body)
{
	uint32_t step = RE2_REPEAT_MAX / counts_product(node->first);
	uint32_t min = node->min, max = node->max;

	while (w->out->len <= TEXT_MAX && (min > step || (max != REGEX_UNLIMITED && max > step))) {
		uint32_t least = MIN(min, step);
		uint32_t most = max == REGEX_UNLIMITED ? least : step;

		g_string_append_len(w->out, body->str, (gssize)body->len);
		emit_counts(w->out, least, most, false);
		min -= least;
		max -= max == REGEX_UNLIMITED ? 0 : most;
	}
	g_string_append_len(w->out, body->str, (gssize)body->len);
	emit_counts(w->out, min, max, false);
}

static void emit_repeat(struct writer *w, const struct regex_node *node)
{
	struct writer inner = *w;

	inner.out = g_string_new(NULL);
	emit_group(&inner, node->first);
	if (w->engine == REGEX_ENGINE_RE2) {
		emit_strung(w, node, inner.out);
	} else {
		g_string_append_len(w->out, inner.out->str, (gssize)inner.out->len);
		emit_counts(w->out, node->min, node->max, node->lazy);
	}
	g_string_free(inner.out, TRUE);
}

static void emit_look(struct writer *w, const struct regex_node *node)
{
	g_string_append_printf(w->out, "(?%s%c", node->behind ? "<" : "",
			       node->negated ? '!' : '=');
	emit(w, node->first);
	g_string_append_c(w->out, ')');
}

static void emit_behind(struct writer *w, const struct regex_node *node)
{
	g_ptr_array_add(w->behinds, (gpointer)node);
	g_string_append_printf(w->out, "(?C%u)", w->behinds->len);
}

static void emit_children(struct writer *w, const struct regex_node *node)
{
	for (const struct regex_node *child = node->first; child; child = child->next) {
		if (node->kind == REGEX_ALTERNATION && child != node->first)
			g_string_append_c(w->out, '|');
		if (child->kind == REGEX_ALTERNATION)
			emit_group(w, child);
		else
			emit(w, child);
	}
}

static void emit(struct writer *w, const struct regex_node *node)
{
	if (w->out->len > TEXT_MAX)
		return; /* regex_emit() refuses it */
	switch (node->kind) {
	case REGEX_EMPTY:
		return;
	case REGEX_SET:
		emit_set(w, node);
		return;
	case REGEX_START:
		g_string_append(w->out, "\\A");
		return;
	case REGEX_END:
		g_string_append(w->out, "\\z");
		return;
	case REGEX_WORD_EDGE:
		g_string_append(w->out, node->negated ? "\\B" : "\\b");
		return;
	case REGEX_SEQUENCE:
	case REGEX_ALTERNATION:
		emit_children(w, node);
		return;
	case REGEX_CAPTURE:
		if (w->engine == REGEX_ENGINE_PCRE2)
			g_string_append_printf(w->out, "(?<g%u>", node->group);
		else
			g_string_append(w->out, "(?:");
		emit(w, node->first);
		g_string_append_c(w->out, ')');
		return;
	case REGEX_REPEAT:
		emit_repeat(w, node);
		return;
	case REGEX_LOOK:
		if (node->behind && node->first->shortest != node->first->longest)
			emit_behind(w, node);
		else
			emit_look(w, node);
		return;
	case REGEX_BACKREF:
		g_string_append_printf(w->out, "\\k<g%u>", node->group);
		return;
	}
	g_assert_not_reached();
}

bool regex_emit(GString *out, const struct regex_node *node, enum regex_engine engine,
		GPtrArray *behinds)
{
	struct writer writer = {.out = out, .engine = engine, .behinds = behinds};

	writer.ranges = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	emit(&writer, node);
	g_hash_table_destroy(writer.ranges);
	return out->len <= TEXT_MAX;
}
