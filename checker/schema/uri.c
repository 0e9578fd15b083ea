/*
 * URI references (RFC 3986): split by the regular expression of appendix B, resolved by the
 * pseudo-code of section 5.2.2, dot segments removed as in 5.2.4. Only what identifies schemas is
 * normalised: a scheme is compared as it stands, percent escapes are kept.
 */
#include "schema/uri.h"

#include <string.h>

static struct slice cut(struct slice *rest, size_t len)
{
	struct slice head = {rest->data, len};

	rest->data += len;
	rest->len -= len;
	return head;
}

/* How many bytes stand before the first of some characters. */
static size_t span_before(struct slice text, const char *stops)
{
	size_t i = 0;

	while (i < text.len && !(text.data[i] && strchr(stops, text.data[i])))
		i++;
	return i;
}

static bool is_scheme(struct slice text)
{
	if (!text.len || !g_ascii_isalpha(text.data[0]))
		return false;
	for (size_t i = 1; i < text.len; i++)
		if (!g_ascii_isalnum(text.data[i]) && !strchr("+-.", text.data[i]))
			return false;
	return true;
}

/* URI-reference = [ scheme ":" ] [ "//" authority ] path [ "?" query ] [ "#" fragment ] */
struct uri uri_split(struct slice text)
{
	struct uri uri = {0};
	size_t colon;

	if (!text.data)
		text.data = "";
	colon = span_before(text, ":/?#");
	if (colon < text.len && text.data[colon] == ':' &&
	    is_scheme((struct slice){text.data, colon})) {
		uri.scheme = cut(&text, colon);
		cut(&text, 1);
	}
	if (text.len >= 2 && text.data[0] == '/' && text.data[1] == '/') {
		cut(&text, 2);
		uri.authority = cut(&text, span_before(text, "/?#"));
	}
	uri.path = cut(&text, span_before(text, "?#"));
	if (text.len && text.data[0] == '?') {
		cut(&text, 1);
		uri.query = cut(&text, span_before(text, "#"));
	}
	if (text.len) {
		cut(&text, 1);
		uri.fragment = text;
	}
	return uri;
}

static bool has_prefix(struct slice text, const char *prefix)
{
	size_t len = strlen(prefix);

	return text.len >= len && !memcmp(text.data, prefix, len);
}

/* Takes the last segment away; where there is none in a relative path, ".." stays to be seen. */
static void go_up(GString *out, size_t start, bool relative)
{
	size_t end = out->len;

	if (relative && (end == start || (end >= start + 2 && !strcmp(out->str + end - 2, "..")))) {
		g_string_append(out, end == start ? ".." : "/..");
		return;
	}
	while (out->len > start && out->str[out->len - 1] != '/')
		g_string_truncate(out, out->len - 1);
	if (out->len > start)
		g_string_truncate(out, out->len - 1);
}

/*
 * RFC 3986 5.2.4, appending to `out`. A path that begins with no slash (of a base without a scheme,
 * which the RFC does not have, or such as repository:schemas/plan.yaml) keeps the ".." that lead
 * out of it, so that whoever opens it can refuse.
 */
static void append_without_dots(GString *out, struct slice path, bool relative)
{
	size_t start = out->len;

	while (path.len) {
		if (has_prefix(path, "../")) {
			cut(&path, 2);
			if (relative)
				go_up(out, start, true);
			else
				cut(&path, 1);
		} else if (has_prefix(path, "./")) {
			cut(&path, 2);
		} else if (has_prefix(path, "/./")) {
			cut(&path, 2);
		} else if (slice_equal(path, SLICE("/."))) {
			path = SLICE("/");
		} else if (has_prefix(path, "/../")) {
			cut(&path, 3);
			go_up(out, start, relative);
			if (relative && out->len == start)
				cut(&path, 1);
		} else if (slice_equal(path, SLICE("/.."))) {
			path = SLICE("/");
			go_up(out, start, relative);
		} else if (slice_equal(path, SLICE(".")) || slice_equal(path, SLICE(".."))) {
			path.len = 0;
		} else {
			struct slice rest = {path.data + 1, path.len - 1};
			struct slice segment = cut(&path, 1 + span_before(rest, "/"));

			g_string_append_len(out, segment.data, (gssize)segment.len);
		}
	}
}

/* RFC 3986 5.2.3: the base's path up to its last slash, then the reference's. */
static void append_merged(GString *out, const struct uri *base, struct slice path)
{
	g_autoptr(GString) merged = g_string_new(NULL);
	const char *slash = base->path.len ? memrchr(base->path.data, '/', base->path.len) : NULL;

	if (base->authority.data && !base->path.len)
		g_string_append_c(merged, '/');
	else if (slash)
		g_string_append_len(merged, base->path.data, slash + 1 - base->path.data);
	g_string_append_len(merged, path.data, (gssize)path.len);
	append_without_dots(out, (struct slice){merged->str, merged->len},
			    !base->authority.data && (!merged->len || merged->str[0] != '/'));
}

static void append_part(GString *out, const char *before, struct slice part, const char *after)
{
	if (!part.data)
		return;
	g_string_append(out, before);
	g_string_append_len(out, part.data, (gssize)part.len);
	g_string_append(out, after);
}

struct slice uri_resolve(struct arena *arena, struct slice base_text, struct slice reference)
{
	struct uri base = uri_split(base_text);
	struct uri ref = uri_split(reference);
	bool own = ref.scheme.data || ref.authority.data;
	bool same = !own && !ref.path.len;
	g_autoptr(GString) out = g_string_new(NULL);

	append_part(out, "", ref.scheme.data ? ref.scheme : base.scheme, ":");
	append_part(out, "//", own ? ref.authority : base.authority, "");
	if (own || (ref.path.len && ref.path.data[0] == '/'))
		append_without_dots(out, ref.path, false);
	else if (same)
		append_part(out, "", base.path, "");
	else
		append_merged(out, &base, ref.path);
	append_part(out, "?", same && !ref.query.data ? base.query : ref.query, "");
	append_part(out, "#", ref.fragment, "");
	return (struct slice){arena_dup(arena, out->str, out->len), out->len};
}

struct slice uri_without_fragment(struct slice text)
{
	return (struct slice){text.data, text.len ? span_before(text, "#") : 0};
}

struct slice uri_fragment(struct slice text)
{
	return uri_split(text).fragment;
}

bool uri_decode(struct slice *out, struct arena *arena, struct slice text)
{
	char *to = arena_dup(arena, text.data, text.len);
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] != '%') {
			to[len++] = text.data[i];
			continue;
		}
		if (i + 2 >= text.len || !g_ascii_isxdigit(text.data[i + 1]) ||
		    !g_ascii_isxdigit(text.data[i + 2]))
			return false;
		to[len++] = (char)(g_ascii_xdigit_value(text.data[i + 1]) * 16 +
				   g_ascii_xdigit_value(text.data[i + 2]));
		i += 2;
	}
	to[len] = 0;
	*out = (struct slice){to, len};
	return text_valid_length(to, len) == len;
}
