/*
 * Strings: the standard functions and the library strings but format(). Positions are in code
 * points; ASCII text is indexed directly.
 *
 * CEL standard definitions; cel-go ext/strings.go.
 */
#include "cel/std.h"

#include "source/message.h"

/* The byte offset of a code point (at most the end), from a byte offset that is one. */
static size_t offset_of(struct slice text, int64_t index)
{
	size_t at = 0;

	for (; index > 0 && at < text.len; index--) {
		at++;
		while (at < text.len && ((unsigned char)text.data[at] & 0xC0) == 0x80)
			at++;
	}
	return at;
}

static int64_t points(struct slice text)
{
	return (int64_t)text_code_points(text.data, text.len);
}

static struct slice cut(struct slice text, size_t start, size_t end)
{
	return (struct slice){text.data + start, end - start};
}

static const char *find(struct slice text, struct slice what)
{
	if (!what.len)
		return text.data ? text.data : "";
	return text.len >= what.len ? memmem(text.data, text.len, what.data, what.len) : NULL;
}

static struct cel_value bad_index(const struct cel_call *call, const struct cel_value *index)
{
	return FAIL(call, OUT_OF_RANGE, 1, cel_value_text(call->scratch, index, CEL_LITERAL));
}

STD(cel_string_contains)
{
	(void)count;
	if (!cel_std_charge(call, args[0].string.len))
		return cel_std_spent(call);
	return cel_of_bool(find(args[0].string, args[1].string) != NULL);
}

STD(cel_string_starts_with)
{
	struct slice text = args[0].string, head = args[1].string;

	(void)call;
	(void)count;
	return cel_of_bool(head.len <= text.len &&
			   (!head.len || !memcmp(text.data, head.data, head.len)));
}

STD(cel_string_ends_with)
{
	struct slice text = args[0].string, tail = args[1].string;

	(void)call;
	(void)count;
	return cel_of_bool(
		tail.len <= text.len &&
		(!tail.len || !memcmp(text.data + text.len - tail.len, tail.data, tail.len)));
}

/* RE2, linear in the text; a literal pattern was compiled with the program. */
STD(cel_string_matches)
{
	struct regex_error error = {0};
	const struct regex *regex = call->regex;
	struct regex *own = NULL;
	enum regex_result result;

	(void)count;
	if (!cel_std_charge(call, args[0].string.len) || (!regex && !cel_run_step(call->run, 1000)))
		return cel_std_spent(call);
	if (!regex)
		regex = own = regex_compile(args[1].string, REGEX_RE2, &error);
	if (!regex)
		return FAIL(call, PATTERN, 1, slice_of(error.message));
	result = regex_search(regex, args[0].string);
	regex_free(own);
	if (result == REGEX_LIMIT)
		return FAIL(call, PATTERN_LIMIT, 0);
	return cel_of_bool(result == REGEX_MATCH);
}

STD(cel_string_char_at)
{
	struct slice text = args[0].string;
	int64_t index = args[1].integer, size = points(text);
	size_t start;

	(void)count;
	if (index < 0 || index > size)
		return bad_index(call, &args[1]);
	start = offset_of(text, index);
	return cel_of_string(cut(text, start, start + offset_of(cut(text, start, text.len), 1)));
}

STD(cel_string_index_of)
{
	struct slice text = args[0].string;
	int64_t from = count > 2 ? args[2].integer : 0;
	const char *found;
	size_t start;

	if (from < 0 || from > points(text))
		return bad_index(call, &args[2]);
	if (!cel_std_charge(call, text.len))
		return cel_std_spent(call);
	start = offset_of(text, from);
	if (!args[1].string.len)
		return cel_of_int(from);
	found = find(cut(text, start, text.len), args[1].string);
	if (!found)
		return cel_of_int(-1);
	return cel_of_int(from + points(cut(text, start, (size_t)(found - text.data))));
}

STD(cel_string_last_index_of)
{
	struct slice text = args[0].string, what = args[1].string;
	int64_t size = points(text), from = count > 2 ? args[2].integer : size;

	if (from < 0 || from > size)
		return bad_index(call, &args[2]);
	if (!what.len)
		return cel_of_int(from);
	if (!cel_std_charge(call, text.len + text.len / 16 * what.len))
		return cel_std_spent(call);
	if (what.len > text.len)
		return cel_of_int(-1);
	for (size_t at = MIN(offset_of(text, from), text.len - what.len) + 1; at-- > 0;)
		if (!memcmp(text.data + at, what.data, what.len))
			return cel_of_int(points(cut(text, 0, at)));
	return cel_of_int(-1);
}

STD(cel_list_join)
{
	struct slice between = count > 1 ? args[1].string : (struct slice){0};
	GString *text = g_string_new(NULL);
	struct cel_walk walk = {0};

	while (cel_next(&args[0], &walk)) {
		if (walk.value.kind != CEL_STRING ||
		    !cel_std_charge(call, 16 + walk.value.string.len) || text->len > STD_LONGEST) {
			g_string_free(text, TRUE);
			if (walk.value.kind == CEL_STRING)
				return cel_std_spent(call);
			return FAIL(call, NO_OVERLOAD, 2, SLICE("join"),
				    slice_of(cel_kind_name(walk.value.kind)));
		}
		if (walk.index > 1)
			g_string_append_len(text, between.data, (gssize)between.len);
		g_string_append_len(text, walk.value.string.data, (gssize)walk.value.string.len);
	}
	return cel_std_text(call, text);
}

static struct cel_value map_ascii(const struct cel_call *call, struct slice text,
				  gchar (*change)(gchar))
{
	char *copy = arena_dup(call->scratch, text.data, text.len);

	if (!cel_std_charge(call, text.len))
		return cel_std_spent(call);
	for (size_t i = 0; i < text.len; i++)
		copy[i] = change(copy[i]);
	return cel_of_string((struct slice){copy, text.len});
}

STD(cel_string_lower)
{
	(void)count;
	return map_ascii(call, args[0].string, g_ascii_tolower);
}

STD(cel_string_upper)
{
	(void)count;
	return map_ascii(call, args[0].string, g_ascii_toupper);
}

/* Replaces the first `limit` places; an empty text is found before each character and at the end.
 */
STD(cel_string_replace)
{
	struct slice text = args[0].string, old = args[1].string, new = args[2].string;
	int64_t limit = count > 3 ? args[3].integer : -1;
	GString *out = g_string_new(NULL);
	size_t at = 0;

	while (limit != 0 && out->len <= STD_LONGEST && cel_std_charge(call, 16 + new.len)) {
		struct slice rest = cut(text, at, text.len);
		const char *found = find(rest, old);
		size_t end;

		if (!found)
			break;
		end = (size_t)(found - rest.data);
		g_string_append_len(out, rest.data, (gssize)(old.len ? end : 0));
		g_string_append_len(out, new.data, (gssize) new.len);
		limit--;
		if (old.len) {
			at += end + old.len;
			continue;
		}
		if (!rest.len) {
			limit = 0;
			break;
		}
		end = offset_of(rest, 1);
		g_string_append_len(out, rest.data, (gssize)end);
		at += end;
	}
	g_string_append_len(out, text.data + at, (gssize)(text.len - at));
	if (out->len > STD_LONGEST || !cel_std_charge(call, out->len)) {
		g_string_free(out, TRUE);
		return cel_std_spent(call);
	}
	return cel_std_text(call, out);
}

static struct cel_value list_of_array(const struct cel_call *call, GArray *items)
{
	size_t size = items->len;
	struct cel_value *kept = arena_array(call->scratch, size, sizeof(*kept));

	for (size_t i = 0; i < size; i++)
		kept[i] = g_array_index(items, struct cel_value, i);
	g_array_free(items, TRUE);
	return cel_value_list(kept, size);
}

/* Go's strings.SplitN: an empty separator splits after each character. */
STD(cel_string_split)
{
	struct slice rest = args[0].string, between = args[1].string;
	int64_t limit = count > 2 ? args[2].integer : -1;
	GArray *parts = g_array_new(FALSE, FALSE, sizeof(struct cel_value));

	if (!cel_std_charge(call, rest.len * 16)) {
		g_array_free(parts, TRUE);
		return cel_std_spent(call);
	}
	while (limit != 0) {
		const char *found = find(rest, between);
		size_t end = found ? (size_t)(found - rest.data) : rest.len;
		struct cel_value part;

		if (!between.len)
			end = offset_of(rest, 1);
		if (limit == 1 || (!between.len && end == rest.len))
			end = rest.len;
		if (!between.len && !rest.len)
			break;
		part = cel_of_string(cut(rest, 0, end));
		g_array_append_val(parts, part);
		if (limit-- == 1 || !found || (!between.len && end == rest.len))
			break;
		rest = cut(rest, end + between.len, rest.len);
	}
	return list_of_array(call, parts);
}

STD(cel_string_substring)
{
	struct slice text = args[0].string;
	int64_t size = points(text), start = args[1].integer;
	int64_t end = count > 2 ? args[2].integer : size;
	size_t from, to;

	if (start < 0 || start > size)
		return bad_index(call, &args[1]);
	if (end < 0 || end > size)
		return bad_index(call, &args[2]);
	if (start > end)
		return FAIL(call, SUBSTRING, 2,
			    cel_value_text(call->scratch, &args[1], CEL_LITERAL),
			    cel_value_text(call->scratch, &args[2], CEL_LITERAL));
	from = offset_of(text, start);
	to = from + offset_of(cut(text, from, text.len), end - start);
	return cel_of_string(cut(text, from, to));
}

/* Unicode's White_Space. */
static bool is_blank(uint32_t code)
{
	return (code >= 9 && code <= 13) || code == ' ' || code == 0x85 || code == 0xA0 ||
	       code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 ||
	       code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

STD(cel_string_trim)
{
	struct slice text = args[0].string;
	uint32_t code;
	size_t len;

	(void)call;
	(void)count;
	while (text.len && (len = text_decode(text.data, text.len, &code)) && is_blank(code))
		text = cut(text, len, text.len);
	while (text.len) {
		size_t start = text.len - 1;

		while (start && ((unsigned char)text.data[start] & 0xC0) == 0x80)
			start--;
		if (!text_decode(text.data + start, text.len - start, &code) || !is_blank(code))
			break;
		text.len = start;
	}
	return cel_of_string(text);
}

STD(cel_string_reverse)
{
	struct slice text = args[0].string;
	char *out = arena_alloc(call->scratch, text.len + 1), *end = out + text.len;

	(void)count;
	if (!cel_std_charge(call, text.len))
		return cel_std_spent(call);
	for (size_t at = 0, len; at < text.len; at += len) {
		len = offset_of(cut(text, at, text.len), 1);
		end -= len;
		memcpy(end, text.data + at, len);
	}
	return cel_of_string((struct slice){out, text.len});
}

/* A literal; bytes that are no UTF-8 become U+FFFD. */
STD(cel_string_quote)
{
	static const char names[] = "abfnrtv\\\"";
	static const char meant[] = "\a\b\f\n\r\t\v\\\"";
	struct slice text = args[0].string;
	GString *out = g_string_new("\"");
	uint32_t code;

	(void)count;
	for (size_t at = 0, len; at < text.len; at += len) {
		const char *special = text.data[at] ? strchr(meant, text.data[at]) : NULL;

		len = text_decode(text.data + at, text.len - at, &code);
		if (special)
			g_string_append_printf(out, "\\%c", names[special - meant]);
		else if (len)
			g_string_append_len(out, text.data + at, (gssize)len);
		else
			g_string_append(out, "\xEF\xBF\xBD");
		len = MAX(len, 1);
	}
	g_string_append_c(out, '"');
	return cel_std_text(call, out);
}
