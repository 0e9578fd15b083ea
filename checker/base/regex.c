/*
 * Patterns: which engine runs what (regex.h).
 *
 * A pattern is parsed by its own grammar into a tree. A regular tree goes to RE2. A tree that is
 * regular but for look-aheads right behind a leading ^ becomes several RE2 patterns that must, or
 * must not, match at the start: still linear. All else goes to PCRE2, except where PCRE2 keeps the
 * groups of a back-reference otherwise than ECMA-262 does: such a pattern is valid, but every match
 * is REGEX_LIMIT. RE2's own syntax is passed on as it is.
 *
 * Small regular patterns are made into automata of our own first, and RE2 is asked, and its pattern
 * compiled, only for what those cannot tell.
 */
#include "base/regex.h"

#include "base/regex_automaton.h"
#include "base/regex_engine.h"
#include "base/regex_tree.h"

/* A regular pattern: an automaton, RE2, or both. */
struct linear {
	struct regex_automaton *automaton; /* may be NULL: then `re2` is there */
	struct slice text;                 /* for RE2 */
	struct regex_re2 *re2;             /* atomic: made when first needed, by any thread */
};

/* What must hold at the start of a subject besides the pattern itself. */
struct condition {
	struct linear *regex;
	bool negated;
};

struct regex {
	struct linear *linear;     /* the linear way, with conditions; else NULL */
	GArray *conditions;        /* struct condition */
	struct regex_pcre2 *pcre2; /* the backtracking way; both NULL: no engine can do it */
};

enum { REPEAT_MAX = 65535, BEHINDS_MAX = 255 };

static bool is_repeat_too_large(const struct regex_node *node)
{
	if (node->kind == REGEX_REPEAT &&
	    (node->min > REPEAT_MAX || (node->max > REPEAT_MAX && node->max != REGEX_UNLIMITED)))
		return true;
	for (const struct regex_node *child = node->first; child; child = child->next) {
		if (is_repeat_too_large(child))
			return true;
	}
	return false;
}

/* The text for RE2 of a subtree and its siblings to come, or NULL with `error` filled; g_free. */
static char *re2_text(const struct regex_node *node, const char *before, struct regex_error *error)
{
	GString *text = g_string_new(before);

	g_string_append(text, "(?:");
	if (regex_emit(text, node, REGEX_ENGINE_RE2, NULL)) {
		g_string_append_c(text, ')');
		return g_string_free(text, FALSE);
	}
	g_string_free(text, TRUE);
	*error = (struct regex_error){node->offset, N_("this pattern is too large")};
	return NULL;
}

static struct regex_re2 *compile_re2(const struct regex_node *node, const char *before,
				     struct regex_error *error)
{
	g_autofree char *text = re2_text(node, before, error);
	struct regex_re2 *regex = text ? regex_re2_compile(slice_of(text), NULL) : NULL;

	if (!regex) /* the translation is valid RE2 but for its size */
		*error = (struct regex_error){node->offset, N_("this pattern is too large")};
	return regex;
}

static void linear_free(struct linear *linear)
{
	if (!linear)
		return;
	regex_automaton_free(linear->automaton);
	regex_re2_free(linear->re2);
	g_free((char *)linear->text.data);
	g_free(linear);
}

static struct linear *linear_of_text(struct slice text, struct regex_error *error)
{
	struct linear *linear;
	struct regex_re2 *re2 = regex_re2_compile(text, error);

	if (!re2)
		return NULL;
	linear = g_new0(struct linear, 1);
	linear->re2 = re2;
	return linear;
}

/* Compiles a regular subtree; NULL with `error` filled where it is too large. */
static struct linear *linear_of_node(const struct regex_node *node, enum regex_anchor anchor,
				     struct regex_error *error)
{
	struct linear *linear = g_new0(struct linear, 1);
	const char *before = anchor == REGEX_AT_START ? "\\A" : "";
	char *text;

	linear->automaton = regex_automaton_new(node, anchor);
	if (linear->automaton) {
		text = re2_text(node, before, error);
		linear->text = slice_of(text);
	} else {
		linear->re2 = compile_re2(node, before, error);
	}
	if (linear->text.data || linear->re2)
		return linear;
	linear_free(linear);
	return NULL;
}

/* RE2's form of a pattern, made by whoever needs it first; NULL where RE2 refuses it. */
static const struct regex_re2 *linear_re2(const struct linear *linear)
{
	struct regex_re2 **slot = (struct regex_re2 **)&linear->re2;
	struct regex_re2 *re2 = g_atomic_pointer_get(slot);

	if (re2)
		return re2;
	re2 = regex_re2_compile(linear->text, NULL);
	if (!re2 || g_atomic_pointer_compare_and_exchange(slot, NULL, re2))
		return re2;
	regex_re2_free(re2);
	return g_atomic_pointer_get(slot);
}

static enum regex_result linear_search(const struct linear *linear, struct slice subject)
{
	const struct regex_re2 *re2;
	bool matches;

	if (linear->automaton && regex_automaton_tell(linear->automaton, subject, &matches))
		return matches ? REGEX_MATCH : REGEX_NO_MATCH;
	re2 = linear_re2(linear);
	return re2 ? regex_re2_search(re2, subject) : REGEX_LIMIT;
}

/*
 * Whether a tree is ^, look-aheads of regular bodies, then a regular rest: `rest` is where that
 * begins (NULL: nothing follows).
 */
static bool find_rest(const struct regex_node *root, const struct regex_node **rest)
{
	const struct regex_node *child;

	if (root->kind != REGEX_SEQUENCE || root->first->kind != REGEX_START)
		return false;
	child = root->first->next;
	while (child && child->kind == REGEX_LOOK && !child->behind &&
	       regex_node_is_regular(child->first))
		child = child->next;
	*rest = child;
	for (; child; child = child->next) {
		if (!regex_node_is_regular(child))
			return false;
	}
	return true;
}

static bool compile_conditions(struct regex *regex, const struct regex_node *root,
			       const struct regex_node *rest, struct regex_error *error)
{
	for (const struct regex_node *look = root->first->next; look != rest; look = look->next) {
		struct condition condition = {.negated = look->negated};

		condition.regex = linear_of_node(look->first, REGEX_AT_START, error);
		if (!condition.regex)
			return false;
		g_array_append_val(regex->conditions, condition);
	}
	return true;
}

static void drop_conditions(struct regex *regex)
{
	for (guint i = 0; i < regex->conditions->len; i++)
		linear_free(g_array_index(regex->conditions, struct condition, i).regex);
	g_array_set_size(regex->conditions, 0);
}

/* The linear way; false where the tree or its size does not allow it. */
static bool compile_linear(struct regex *regex, const struct regex_node *root,
			   struct regex_error *error)
{
	const struct regex_node *rest = NULL;
	struct regex_node sequence;

	if (regex_node_is_regular(root)) {
		regex->linear = linear_of_node(root, REGEX_ANYWHERE, error);
		return regex->linear != NULL;
	}
	if (!find_rest(root, &rest))
		return false;
	sequence = *root;
	sequence.first = (struct regex_node *)rest;
	if (!rest)
		sequence.kind = REGEX_EMPTY;
	if (compile_conditions(regex, root, rest, error))
		regex->linear = linear_of_node(&sequence, REGEX_AT_START, error);
	if (!regex->linear)
		drop_conditions(regex);
	return regex->linear != NULL;
}

static bool is_within(const struct regex_node *node, const struct regex_node *ancestor)
{
	while (node && node != ancestor)
		node = node->parent;
	return node != NULL;
}

/*
 * Whether PCRE2 keeps a referenced group as ECMA-262 does. ECMA-262 forgets groups at the start of
 * each repetition and repeats nothing that matched empty, and reads look-behinds from the right.
 * That makes no difference where whoever reaches the reference has just passed the group, or where
 * the group takes part in each repetition before the reference.
 */
static bool is_group_exact(const struct regex_node *group, const struct regex_node *reference)
{
	bool certain = true; /* the group takes part whenever its ancestor does */

	for (const struct regex_node *up = group->parent; up; up = up->parent) {
		if (up->kind == REGEX_LOOK && up->behind)
			return false;
		if (certain && up->kind == REGEX_SEQUENCE && reference->offset > group->offset &&
		    is_within(reference, up))
			return true;
		if (up->kind == REGEX_ALTERNATION || up->kind == REGEX_LOOK)
			certain = false;
		if (up->kind != REGEX_REPEAT)
			continue;
		if (up->max > 1 &&
		    (!certain || !up->first->shortest || reference->offset < group->offset))
			return false;
		certain = certain && up->min > 0;
	}
	return true;
}

/* No reference stands in the group that it means, or in a look-behind. */
static bool is_place_exact(const struct regex_node *group, const struct regex_node *reference)
{
	for (const struct regex_node *up = reference->parent; up; up = up->parent) {
		if (up->kind == REGEX_LOOK && up->behind)
			return false;
	}
	return !is_within(reference, group);
}

static bool are_references_exact(const struct regex_tree *tree, const struct regex_node *node)
{
	if (node->kind == REGEX_BACKREF && (!is_group_exact(tree->groups[node->group], node) ||
					    !is_place_exact(tree->groups[node->group], node)))
		return false;
	for (const struct regex_node *child = node->first; child; child = child->next) {
		if (!are_references_exact(tree, child))
			return false;
	}
	return true;
}

/* The bodies of the look-behinds as RE2 patterns that match everything up to a place. */
static bool compile_behinds(GArray *out, const GPtrArray *behinds)
{
	for (guint i = 0; i < behinds->len; i++) {
		const struct regex_node *look = behinds->pdata[i];
		struct regex_error ignored;
		struct regex_behind behind = {.negated = look->negated};

		if (regex_node_is_regular(look->first))
			behind.regex = compile_re2(look->first, "[\\x{0}-\\x{10ffff}]*", &ignored);
		if (!behind.regex)
			return false;
		g_array_append_val(out, behind);
	}
	return behinds->len <= BEHINDS_MAX;
}

static void free_behinds(GArray *behinds)
{
	for (guint i = 0; i < behinds->len; i++)
		regex_re2_free(g_array_index(behinds, struct regex_behind, i).regex);
	g_array_free(behinds, TRUE);
}

/* The backtracking way. True without an engine where the pattern is valid but beyond it. */
static bool compile_backtracking(struct regex *regex, const struct regex_tree *tree,
				 struct regex_error *error)
{
	GString *text = g_string_new(NULL);
	GPtrArray *nodes = g_ptr_array_new();
	GArray *behinds = g_array_new(FALSE, FALSE, sizeof(struct regex_behind));
	bool good = regex_emit(text, tree->root, REGEX_ENGINE_PCRE2, nodes);

	if (!good)
		*error = (struct regex_error){0, N_("this pattern is too large")};
	if (good && are_references_exact(tree, tree->root) && compile_behinds(behinds, nodes)) {
		regex->pcre2 = regex_pcre2_compile((struct slice){text->str, text->len}, behinds,
						   error);
		good = regex->pcre2 != NULL;
	} else {
		free_behinds(behinds);
	}
	g_ptr_array_free(nodes, TRUE);
	g_string_free(text, TRUE);
	return good;
}

static bool compile_tree(struct regex *regex, const struct regex_tree *tree, size_t len,
			 struct regex_error *error)
{
	if (is_repeat_too_large(tree->root)) {
		*error = (struct regex_error){0, N_("this repetition is too large")};
		return false;
	}
	if (compile_linear(regex, tree->root, error))
		return true;
	if (len > REGEX_BACKTRACK_PATTERN_MAX) {
		*error = (struct regex_error){REGEX_BACKTRACK_PATTERN_MAX,
					      N_("this pattern is too large")};
		return false;
	}
	return compile_backtracking(regex, tree, error);
}

static bool compile(struct regex *regex, struct slice pattern, enum regex_syntax syntax,
		    struct regex_error *error)
{
	struct regex_tree tree = {0};
	struct arena arena;
	bool good;

	if (syntax == REGEX_RE2) {
		regex->linear = linear_of_text(pattern, error);
		return regex->linear != NULL;
	}
	arena_init(&arena);
	if (syntax == REGEX_IREGEXP)
		good = regex_parse_iregexp(&tree, pattern, &arena, error);
	else
		good = regex_parse_ecma(&tree, pattern, syntax, &arena, error);
	good = good && compile_tree(regex, &tree, pattern.len, error);
	arena_release(&arena);
	return good;
}

struct regex *regex_compile(struct slice pattern, enum regex_syntax syntax,
			    struct regex_error *error)
{
	struct regex_error ignored;
	struct regex *regex;
	size_t valid = text_valid_length(pattern.data, pattern.len);

	if (!error)
		error = &ignored;
	if (pattern.len > REGEX_PATTERN_MAX) {
		*error = (struct regex_error){REGEX_PATTERN_MAX, N_("this pattern is too long")};
		return NULL;
	}
	if (valid < pattern.len) {
		*error = (struct regex_error){valid, N_("this is no UTF-8")};
		return NULL;
	}
	regex = g_new0(struct regex, 1);
	regex->conditions = g_array_new(FALSE, FALSE, sizeof(struct condition));
	if (!pattern.len)
		pattern.data = "";
	if (compile(regex, pattern, syntax, error))
		return regex;
	regex_free(regex);
	return NULL;
}

void regex_free(struct regex *regex)
{
	if (!regex)
		return;
	drop_conditions(regex);
	g_array_free(regex->conditions, TRUE);
	linear_free(regex->linear);
	regex_pcre2_free(regex->pcre2);
	g_free(regex);
}

bool regex_is_linear(const struct regex *regex)
{
	return regex->linear != NULL;
}

/* REGEX_MATCH where all conditions hold. */
static enum regex_result check_conditions(const struct regex *regex, struct slice subject)
{
	for (guint i = 0; i < regex->conditions->len; i++) {
		const struct condition *condition = &g_array_index(regex->conditions,
								   struct condition, i);
		enum regex_result result = linear_search(condition->regex, subject);

		if (result == REGEX_LIMIT)
			return result;
		if ((result == REGEX_MATCH) == condition->negated)
			return REGEX_NO_MATCH;
	}
	return REGEX_MATCH;
}

enum regex_result regex_search(const struct regex *regex, struct slice subject)
{
	size_t steps;

	return regex_search_counted(regex, subject, &steps);
}

enum regex_result regex_search_counted(const struct regex *regex, struct slice subject,
				       size_t *steps)
{
	enum regex_result result;

	*steps = 0;
	if (!regex->linear)
		return regex->pcre2 ? regex_pcre2_search(regex->pcre2, subject, steps)
				    : REGEX_LIMIT;
	result = check_conditions(regex, subject);
	return result == REGEX_MATCH ? linear_search(regex->linear, subject) : result;
}

enum regex_result regex_match_whole(const struct regex *regex, struct slice subject)
{
	const struct regex_re2 *re2;
	enum regex_result result;

	if (!regex->linear)
		return regex->pcre2 ? regex_pcre2_match_whole(regex->pcre2, subject) : REGEX_LIMIT;
	result = check_conditions(regex, subject);
	if (result != REGEX_MATCH)
		return result;
	re2 = linear_re2(regex->linear);
	return re2 ? regex_re2_match_whole(re2, subject) : REGEX_LIMIT;
}
