/*
 * Glob patterns of file names: compiling and matching.
 *
 * Braces are expanded when a pattern is compiled, into at most MAX_ALTERNATIVES plain globs, so
 * that matching meets only names, `*`, `?`, `[...]` and folders. Names and whole paths are matched
 * by the same idea: remember the last star and, on a mismatch, let it swallow one more. Going back
 * to the last star alone is enough, so the time is at most the product of the lengths.
 *
 * Must not: look at the file system, or know that a leading dot is special elsewhere.
 */
#include "ruleset/ruleset.h"

#include <string.h>

enum {
	MAX_ALTERNATIVES = 256,
	MAX_PATTERN = 4096,
};

/* The ']' that ends the set that starts behind `p`, or NULL. A ']' in first place is a member. */
static const char *set_end(const char *p)
{
	if (*p == '!' || *p == '^')
		p++;
	if (*p == ']')
		p++;
	for (; *p && *p != '/'; p++)
		if (*p == ']')
			return p;
	return NULL;
}

/* The '}' that closes the brace before `p`, skipping nested ones; NULL where there is none. */
static const char *brace_end(const char *p)
{
	int depth = 1;

	for (; *p; p++) {
		if (*p == '{')
			depth++;
		else if (*p == '}' && !--depth)
			return p;
	}
	return NULL;
}

/* Appends the expansions of `text`, first brace first; false where there are too many. */
static bool expand(GPtrArray *out, const char *text)
{
	const char *open = strchr(text, '{');

	if (!open) {
		g_ptr_array_add(out, g_strdup(text));
		return out->len <= MAX_ALTERNATIVES;
	}
	const char *close = brace_end(open + 1);
	const char *from = open + 1;
	int depth = 0;

	for (const char *p = from; p <= close; p++) {
		if (*p == '{')
			depth++;
		else if (*p == '}' && p < close)
			depth--;
		if (p < close && (*p != ',' || depth))
			continue;
		char *next = g_strdup_printf("%.*s%.*s%s", (int)(open - text), text,
					     (int)(p - from), from, close + 1);
		bool fits = expand(out, next);

		g_free(next);
		if (!fits)
			return false;
		from = p + 1;
	}
	return true;
}

static const char *fault_in(const char *text)
{
	int depth = 0;

	if (!*text)
		return "is empty";
	if (strlen(text) > MAX_PATTERN)
		return "is too long";
	if (*text == '/')
		return "starts with \"/\"; patterns are relative to the folder of planlint.yaml";
	if (g_str_has_prefix(text, "./") || g_str_has_prefix(text, "../") || strstr(text, "/../"))
		return "leads through \".\" or \"..\"; patterns are relative to the folder of "
		       "planlint.yaml";
	for (const char *p = text; *p; p++) {
		if (*p == '[' && !(p = set_end(p + 1)))
			return "has a \"[\" without \"]\"";
		if (*p == '{' && (++depth > 8 || !brace_end(p + 1)))
			return depth > 8 ? "has too many braces" : "has a \"{\" without \"}\"";
		if (*p == '}' && depth-- == 0)
			return "has a \"}\" without \"{\"";
	}
	return NULL;
}

const char *pattern_compile(struct pattern *out, const char *text, struct arena *arena)
{
	const char *fault = fault_in(text);
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);

	*out = (struct pattern){.text = arena_strdup(arena, text)};
	if (!fault && !expand(list, text))
		fault = "stands for too many alternatives";
	if (!fault) {
		const char **copies = arena_array(arena, list->len, sizeof(*copies));

		for (guint i = 0; i < list->len; i++)
			copies[i] = arena_strdup(arena, list->pdata[i]);
		out->alternatives = copies;
		out->count = list->len;
	}
	g_ptr_array_free(list, TRUE);
	return fault;
}

/* Is the code point in the set `[...]` that starts behind the bracket? */
static bool set_has(const char *p, const char *end, uint32_t c)
{
	bool negated = *p == '!' || *p == '^';
	bool found = false;

	if (negated)
		p++;
	while (p < end) {
		uint32_t low, high;

		p += MAX(text_decode(p, (size_t)(end - p), &low), 1);
		high = low;
		if (p + 1 < end && *p == '-')
			p += 1 + MAX(text_decode(p + 1, (size_t)(end - p - 1), &high), 1);
		found |= low <= c && c <= high;
	}
	return found != negated;
}

/* One step of a name: how much of the pattern matches one code point of `*name`; 0: none does. */
static size_t match_one(const char *p, const char *p_end, const char *name, const char *n_end,
			size_t *taken)
{
	uint32_t c = (unsigned char)*name;
	size_t len = text_decode(name, (size_t)(n_end - name), &c);

	*taken = len ? len : 1;
	if (*p == '?')
		return 1;
	if (*p == '[') {
		const char *end = set_end(p + 1);

		return end && end < p_end && set_has(p + 1, end, c) ? (size_t)(end - p) + 1 : 0;
	}
	if (*taken > (size_t)(p_end - p) || memcmp(p, name, *taken))
		return 0;
	return *taken;
}

/* A name between slashes. */
static bool match_name(const char *p, const char *p_end, const char *name, const char *n_end)
{
	const char *star = NULL, *retry = NULL;

	while (name < n_end) {
		size_t taken = 0, used;

		if (p < p_end && *p == '*') {
			star = ++p;
			retry = name;
		} else if (p < p_end && (used = match_one(p, p_end, name, n_end, &taken))) {
			p += used;
			name += taken;
		} else if (star) {
			p = star;
			name = ++retry;
		} else {
			return false;
		}
	}
	while (p < p_end && *p == '*')
		p++;
	return p == p_end;
}

static const char *name_end(const char *p)
{
	return p + strcspn(p, "/");
}

static bool is_any_folders(const char *p)
{
	return p[0] == '*' && p[1] == '*' && (p[2] == '/' || !p[2]);
}

/* A whole path: as match_name(), with names for letters and `**` for the star. */
static bool match_path(const char *p, const char *path)
{
	const char *star = NULL, *retry = NULL;

	while (*path) {
		const char *p_end = name_end(p), *n_end = name_end(path);

		if (is_any_folders(p)) {
			star = p[2] ? p + 3 : p + 2;
			retry = path;
			if (!p[2])
				return true;
			p = star;
		} else if (*p && match_name(p, p_end, path, n_end) && !*p_end == !*n_end) {
			p = *p_end ? p_end + 1 : p_end;
			path = *n_end ? n_end + 1 : n_end;
		} else if (star && *name_end(retry)) {
			retry = name_end(retry) + 1;
			p = star;
			path = retry;
		} else {
			return false;
		}
	}
	return !*p;
}

/* Can a path below the folder match? Its names are matched one by one until a `**`. */
static bool reaches_folder(const char *p, const char *folder)
{
	while (*folder) {
		const char *p_end = name_end(p), *n_end = name_end(folder);

		if (is_any_folders(p))
			return true;
		if (!*p_end || !match_name(p, p_end, folder, n_end))
			return false;
		p = p_end + 1;
		folder = *n_end ? n_end + 1 : n_end;
	}
	return true;
}

bool pattern_reaches(const struct pattern *pattern, const char *folder)
{
	for (size_t i = 0; i < pattern->count; i++)
		if (reaches_folder(pattern->alternatives[i], folder))
			return true;
	return false;
}

bool pattern_matches(const struct pattern *pattern, const char *path)
{
	for (size_t i = 0; i < pattern->count; i++)
		if (match_path(pattern->alternatives[i], path))
			return true;
	return false;
}
