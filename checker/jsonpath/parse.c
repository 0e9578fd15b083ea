/*
 * Parses a path (RFC 9535 2.1 to 2.5.2) into its query. Recursive descent over the bytes; each
 * function stands under its production. The first error stays, and every function returns false or
 * NULL after it. What nests (filters, parentheses, calls) is bounded by JSONPATH_DEPTH_MAX.
 */
#include "jsonpath/parse.h"

#include "base/regex.h"
#include "source/message.h"

#include <string.h>

/* slice-selector = [start S] ":" S [end S] [":" [S step ]], at its colon */
static bool parse_slice(struct path_parser *p, struct jsonpath_selector *selector)
{
	selector->kind = JSONPATH_SLICE;
	selector->step = 1;
	path_accept(p, ":");
	path_skip_blanks(p);
	if (path_peek(p) == '-' || g_ascii_isdigit(path_peek(p))) {
		selector->has_end = true;
		if (!path_scan_integer(p, &selector->end))
			return false;
		path_skip_blanks(p);
	}
	if (!path_accept(p, ":"))
		return true;
	path_skip_blanks(p);
	if (path_peek(p) != '-' && !g_ascii_isdigit(path_peek(p)))
		return true;
	return path_scan_integer(p, &selector->step);
}

/* index-selector = int, or the start of a slice */
static bool parse_index_or_slice(struct path_parser *p, struct jsonpath_selector *selector)
{
	size_t end;

	selector->kind = JSONPATH_INDEX;
	if (path_peek(p) == ':')
		return parse_slice(p, selector);
	if (!path_scan_integer(p, &selector->index))
		return false;
	end = p->at;
	path_skip_blanks(p);
	if (path_peek(p) == ':') {
		selector->has_start = true;
		return parse_slice(p, selector);
	}
	p->at = end;
	return true;
}

static void set_name(struct path_parser *p, struct jsonpath_selector *selector, struct slice name)
{
	selector->kind = JSONPATH_NAME;
	selector->name = name;
	if (p->symbols)
		selector->symbol = symbols_intern(p->symbols, name.data, name.len);
}

/* Says what is wrong where no selector begins: most often a name without its quotes. */
static bool fail_selector(struct path_parser *p)
{
	size_t start = p->at;
	struct slice name;

	if (!path_at_name(p))
		return path_fail(p, start, start + !path_at_end(p), MESSAGE_JSONPATH_SELECTOR);
	name = path_scan_name(p);
	return path_fail_with(p, start, p->at, MESSAGE_JSONPATH_SELECTOR_BARE, name,
			      (struct slice){0});
}

/* selector = name-selector / wildcard-selector / slice-selector / index-selector / filter-selector
 */
static bool parse_selector(struct path_parser *p, struct jsonpath_selector *selector)
{
	size_t start = p->at;
	struct slice name;
	char c = path_peek(p);

	if (c == '\'' || c == '"') {
		if (!path_scan_text(p, &name))
			return false;
		set_name(p, selector, name);
	} else if (path_accept(p, "*")) {
		selector->kind = JSONPATH_WILDCARD;
	} else if (path_accept(p, "?")) {
		selector->kind = JSONPATH_FILTER;
		path_skip_blanks(p);
		selector->filter = path_parse_filter(p);
	} else if (c == ':' || c == '-' || g_ascii_isdigit(c)) {
		parse_index_or_slice(p, selector);
	} else {
		return fail_selector(p);
	}
	selector->place = path_place(p, start);
	return !p->failed;
}

/* bracketed-selection = "[" S selector *(S "," S selector) S "]", at its bracket */
static bool parse_bracketed(struct path_parser *p, GArray *selectors)
{
	if (!path_enter(p))
		return false;
	path_accept(p, "[");
	do {
		struct jsonpath_selector selector = {0};

		path_skip_blanks(p);
		if (!parse_selector(p, &selector))
			return false;
		g_array_append_val(selectors, selector);
		path_skip_blanks(p);
	} while (path_accept(p, ","));
	p->depth--;
	if (!path_accept(p, "]"))
		return path_fail(p, p->at, p->at + !path_at_end(p), MESSAGE_JSONPATH_BRACKET);
	return true;
}

/* wildcard-selector / member-name-shorthand */
static bool parse_shorthand(struct path_parser *p, GArray *selectors, enum message fault)
{
	struct jsonpath_selector selector = {.kind = JSONPATH_WILDCARD};
	size_t start = p->at;

	if (!path_accept(p, "*")) {
		if (!path_at_name(p))
			return path_fail(p, start, start + !path_at_end(p), fault);
		set_name(p, &selector, path_scan_name(p));
	}
	selector.place = path_place(p, start);
	g_array_append_val(selectors, selector);
	return true;
}

/*
 * child-segment = bracketed-selection / ("." (wildcard-selector / member-name-shorthand))
 * descendant-segment = ".." (bracketed-selection / wildcard-selector / member-name-shorthand)
 */
static bool parse_segment(struct path_parser *p, struct jsonpath_segment *segment,
			  GArray *selectors)
{
	if (path_accept(p, "..")) {
		segment->kind = JSONPATH_DESCENDANT;
		if (path_peek(p) == '[')
			return parse_bracketed(p, selectors);
		return parse_shorthand(p, selectors, MESSAGE_JSONPATH_NAME_DESCENDANT);
	}
	if (path_peek(p) == '[')
		return parse_bracketed(p, selectors);
	path_accept(p, ".");
	return parse_shorthand(p, selectors, MESSAGE_JSONPATH_NAME);
}

/* The elements of an array in the arena. */
static void *keep_array(struct path_parser *p, const GArray *array)
{
	size_t size = g_array_get_element_size((GArray *)array);
	void *copy = arena_array(p->arena, array->len, size);

	if (array->len)
		memcpy(copy, array->data, array->len * size);
	return copy;
}

static bool is_single(const struct jsonpath_segment *segment)
{
	return segment->kind == JSONPATH_CHILD && segment->count == 1 &&
	       (segment->selectors[0].kind == JSONPATH_NAME ||
		segment->selectors[0].kind == JSONPATH_INDEX);
}

static bool add_segment(struct path_parser *p, GArray *segments)
{
	struct jsonpath_segment segment = {.kind = JSONPATH_CHILD};
	GArray *selectors = g_array_new(FALSE, FALSE, sizeof(struct jsonpath_selector));
	bool good = parse_segment(p, &segment, selectors);

	segment.count = selectors->len;
	segment.selectors = keep_array(p, selectors);
	g_array_append_val(segments, segment);
	g_array_free(selectors, TRUE);
	return good;
}

/* segments = *(S segment) */
bool path_parse_segments(struct path_parser *p, struct jsonpath_query *query)
{
	GArray *segments = g_array_new(FALSE, FALSE, sizeof(struct jsonpath_segment));
	size_t end = p->at;

	path_skip_blanks(p);
	while (path_peek(p) == '[' || path_peek(p) == '.') {
		if (!add_segment(p, segments))
			break;
		end = p->at;
		path_skip_blanks(p);
	}
	p->at = end;
	query->count = segments->len;
	query->segments = keep_array(p, segments);
	query->singular = true;
	for (size_t i = 0; i < query->count; i++)
		query->singular = query->singular && is_single(&query->segments[i]);
	g_array_free(segments, TRUE);
	return !p->failed;
}

/* jsonpath-query = root-identifier segments */
static bool parse_query(struct path_parser *p, struct jsonpath_query *query)
{
	size_t end;

	if (!path_accept(p, "$")) {
		size_t start = p->at;

		path_skip_blanks(p);
		if (p->at > start && path_peek(p) == '$')
			return path_fail(p, start, p->at, MESSAGE_JSONPATH_BLANK);
		return path_fail(p, start, start + !path_at_end(p), MESSAGE_JSONPATH_ROOT);
	}
	if (!path_parse_segments(p, query))
		return false;
	end = p->at;
	path_skip_blanks(p);
	if (!path_at_end(p))
		return path_fail(p, p->at, p->at + 1, MESSAGE_JSONPATH_SEGMENT);
	return p->at == end || path_fail(p, end, p->at, MESSAGE_JSONPATH_BLANK);
}

static bool check_text(struct path_parser *p)
{
	size_t valid = text_valid_length(p->text.data, p->text.len);

	if (p->text.len > JSONPATH_TEXT_MAX) {
		char *limit = arena_printf(p->arena, "%d", JSONPATH_TEXT_MAX);

		return path_fail_with(p, 0, 0, MESSAGE_JSONPATH_LONG, slice_of(limit),
				      (struct slice){0});
	}
	if (valid < p->text.len)
		return path_fail(p, valid, valid + 1, MESSAGE_JSONPATH_UTF8);
	return true;
}

static void free_regex(gpointer regex)
{
	regex_free(regex);
}

const struct jsonpath *jsonpath_compile(struct slice text, struct symbols *symbols,
					struct arena *arena, struct jsonpath_error *error)
{
	struct jsonpath *path = arena_new(arena, struct jsonpath);
	struct path_parser parser = {.symbols = symbols, .arena = arena, .error = error};

	path->text = (struct slice){arena_dup(arena, text.data, text.len), text.len};
	path->regexes = g_ptr_array_new_with_free_func(free_regex);
	parser.text = path->text;
	parser.regexes = path->regexes;
	if (check_text(&parser) && parse_query(&parser, &path->query))
		return path;
	jsonpath_release(path);
	return NULL;
}

void jsonpath_release(const struct jsonpath *path)
{
	if (path)
		g_ptr_array_free(path->regexes, TRUE);
}
