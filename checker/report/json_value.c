/*
 * Findings and commits as JSON. The shape is the contract of schemas/report.schema.yaml:
 * every key is always there, null where there is nothing to say, so that a reader needs no test for
 * presence. Columns count code points from 1, offsets bytes from 0, ends are exclusive.
 */
#include "report/json_value.h"

#include <string.h>

json_t *json_text(const char *data, size_t len)
{
	GString *valid;
	json_t *text;

	if (!data)
		return json_null();
	if (text_valid_length(data, len) == len)
		return json_stringn(data, len);
	valid = g_string_sized_new(len + 8);
	while (len) {
		uint32_t code_point;
		size_t good = text_decode(data, len, &code_point);

		if (good)
			g_string_append_len(valid, data, (gssize)good);
		else
			g_string_append(valid, "\xef\xbf\xbd");
		data += good ? good : 1;
		len -= good ? good : 1;
	}
	text = json_stringn(valid->str, valid->len);
	g_string_free(valid, TRUE);
	return text;
}

json_t *json_text_of(const char *text)
{
	return json_text(text, text ? strlen(text) : 0);
}

json_t *json_phrase(const struct phrase *phrase, enum language language)
{
	GString *words = g_string_new(NULL);
	json_t *text;

	phrase_append(words, phrase, language, NULL);
	text = json_text(words->str, words->len);
	g_string_free(words, TRUE);
	return text;
}

/* DEL, C1, line and paragraph separators, bidirectional controls, the byte-order mark. */
static bool can_steer(uint32_t code_point)
{
	return (code_point >= 0x7f && code_point <= 0x9f) || code_point == 0x61c ||
	       (code_point >= 0x200e && code_point <= 0x200f) ||
	       (code_point >= 0x2028 && code_point <= 0x202e) ||
	       (code_point >= 0x2066 && code_point <= 0x2069) || code_point == 0xfeff;
}

/* A character that JSON or can_steer() does not let through as it is. */
static void append_escape(GString *out, uint32_t code_point)
{
	static const char names[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
	const char *name = code_point && code_point < 0x80 ? strchr(names, (char)code_point) : NULL;

	if (name)
		g_string_append_printf(out, "\\%c", letters[name - names]);
	else
		g_string_append_printf(out, code_point < 0x20 ? "\\u%04X" : "\\u%04x", code_point);
}

static void append_string(GString *out, const char *text, size_t len)
{
	size_t done = 0, size;

	g_string_append_c(out, '"');
	for (size_t i = 0; i < len; i += size) {
		uint32_t code_point = (unsigned char)text[i];
		bool is_plain = code_point >= 0x20 && code_point < 0x7f && code_point != '"' &&
				code_point != '\\';

		size = 1;
		if (is_plain)
			continue;
		if (code_point >= 0x80)
			size = text_decode(text + i, len - i, &code_point);
		if (code_point >= 0x80 && !can_steer(code_point))
			continue;
		g_string_append_len(out, text + done, (gssize)(i - done));
		append_escape(out, code_point);
		done = i + size;
	}
	g_string_append_len(out, text + done, (gssize)(len - done));
	g_string_append_c(out, '"');
}

/* Where the next item of a container begins, or it ends. */
static void append_break(GString *out, const char *comma, unsigned depth, bool is_indented)
{
	g_string_append(out, comma);
	if (is_indented)
		g_string_append_printf(out, "\n%*s", (int)(2 * depth), "");
	else if (*comma)
		g_string_append_c(out, ' ');
}

/*
 * Jansson would dump values too, at five times the cost: it looks for cycles, which values made
 * here never have, and hands out its text in pieces that would have to be gone through once more.
 */
static void append_value(GString *out, json_t *value, unsigned depth, bool is_indented);

static void append_array(GString *out, json_t *array, unsigned depth, bool is_indented)
{
	size_t count = json_array_size(array);

	g_string_append_c(out, '[');
	for (size_t i = 0; i < count; i++) {
		append_break(out, i ? "," : "", depth + 1, is_indented);
		append_value(out, json_array_get(array, i), depth + 1, is_indented);
	}
	if (count)
		append_break(out, "", depth, is_indented);
	g_string_append_c(out, ']');
}

static void append_object(GString *out, json_t *object, unsigned depth, bool is_indented)
{
	void *at = json_object_iter(object);
	bool is_empty = !at;

	g_string_append_c(out, '{');
	for (bool is_first = true; at; at = json_object_iter_next(object, at), is_first = false) {
		const char *key = json_object_iter_key(at);

		append_break(out, is_first ? "" : ",", depth + 1, is_indented);
		append_string(out, key, strlen(key));
		g_string_append(out, ": ");
		append_value(out, json_object_iter_value(at), depth + 1, is_indented);
	}
	if (!is_empty)
		append_break(out, "", depth, is_indented);
	g_string_append_c(out, '}');
}

static void append_integer(GString *out, json_int_t value)
{
	char digits[32];

	g_string_append_len(out, digits,
			    g_snprintf(digits, sizeof(digits), "%" JSON_INTEGER_FORMAT, value));
}

static void append_value(GString *out, json_t *value, unsigned depth, bool is_indented)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		append_object(out, value, depth, is_indented);
		return;
	case JSON_ARRAY:
		append_array(out, value, depth, is_indented);
		return;
	case JSON_STRING:
		append_string(out, json_string_value(value), json_string_length(value));
		return;
	case JSON_INTEGER:
		append_integer(out, json_integer_value(value));
		return;
	case JSON_REAL:
		g_assert_not_reached(); /* no report has one */
	case JSON_TRUE:
		g_string_append(out, "true");
		return;
	case JSON_FALSE:
		g_string_append(out, "false");
		return;
	case JSON_NULL:
		g_string_append(out, "null");
		return;
	}
}

void json_append(GString *out, json_t *value, enum json_layout layout)
{
	append_value(out, value, 0, layout == JSON_INDENTED);
	g_string_append_c(out, '\n');
	json_decref(value);
}

/* --- text as it is made */

static void begin_item(struct json_writer *writer, const char *key)
{
	if (writer->depth)
		append_break(writer->out, writer->has_items ? "," : "", writer->depth,
			     writer->layout == JSON_INDENTED);
	writer->has_items = true;
	if (!key)
		return;
	append_string(writer->out, key, strlen(key));
	g_string_append(writer->out, ": ");
}

void json_open(struct json_writer *writer, const char *key, char bracket)
{
	begin_item(writer, key);
	g_string_append_c(writer->out, bracket);
	writer->depth++;
	writer->has_items = false;
}

void json_close(struct json_writer *writer, char bracket)
{
	writer->depth--;
	if (writer->has_items)
		append_break(writer->out, "", writer->depth, writer->layout == JSON_INDENTED);
	g_string_append_c(writer->out, bracket);
	writer->has_items = true;
}

void json_put(struct json_writer *writer, const char *key, json_t *value)
{
	begin_item(writer, key);
	append_value(writer->out, value, writer->depth, writer->layout == JSON_INDENTED);
	json_decref(value);
}

struct json_writer json_items(unsigned depth)
{
	return (struct json_writer){g_string_new(NULL), JSON_INDENTED, depth, false};
}

void json_put_items(struct json_writer *writer, const char *key, const struct json_writer *items)
{
	json_open(writer, key, '[');
	g_string_append_len(writer->out, items->out->str, (gssize)items->out->len);
	writer->has_items = items->has_items;
	json_close(writer, ']');
}

/* A string, or null where `data` is NULL. */
static void put_text(struct json_writer *writer, const char *key, const char *data, size_t len)
{
	if (data && text_valid_length(data, len) == len) {
		begin_item(writer, key);
		append_string(writer->out, data, len);
	} else {
		json_put(writer, key, json_text(data, len));
	}
}

static void put_text_of(struct json_writer *writer, const char *key, const char *text)
{
	put_text(writer, key, text, text ? strlen(text) : 0);
}

static void put_integer(struct json_writer *writer, const char *key, json_int_t value)
{
	begin_item(writer, key);
	append_integer(writer->out, value);
}

/* --- findings */

static void put_phrase(struct json_writer *writer, const char *key, const struct phrase *phrase,
		       enum language language)
{
	GString *words = g_string_new(NULL);

	phrase_append(words, phrase, language, NULL);
	put_text(writer, key, words->str, words->len);
	g_string_free(words, TRUE);
}

static void put_phrase_or_null(struct json_writer *writer, const char *key,
			       const struct phrase *phrase, enum language language)
{
	if (phrase_is_empty(phrase))
		put_text(writer, key, NULL, 0);
	else
		put_phrase(writer, key, phrase, language);
}

static void put_position(struct json_writer *writer, const char *key, struct source *source,
			 uint32_t offset)
{
	struct position place;

	if (!source) {
		put_text(writer, key, NULL, 0);
		return;
	}
	place = source_position(source, offset);
	json_open(writer, key, '{');
	put_integer(writer, "line", (json_int_t)place.line);
	put_integer(writer, "column", (json_int_t)place.column_code_points);
	put_integer(writer, "offset", (json_int_t)offset);
	json_close(writer, '}');
}

/* Members start and end of the object that is open. */
static void put_span(struct json_writer *writer, struct source *source, struct span span)
{
	put_position(writer, "start", source, span.start);
	put_position(writer, "end", source, span.end);
}

static void put_path(struct json_writer *writer, const struct source *source)
{
	put_text_of(writer, "path", source ? source->path : NULL);
}

static void put_related(struct json_writer *writer, const struct finding *finding,
			enum language language)
{
	json_open(writer, "related", '[');
	for (size_t i = 0; i < finding->related_count; i++) {
		const struct related *place = &finding->related[i];

		json_open(writer, NULL, '{');
		put_path(writer, place->source);
		put_span(writer, place->source, place->span);
		put_phrase_or_null(writer, "message", &place->label, language);
		json_close(writer, '}');
	}
	json_close(writer, ']');
}

static void put_because(struct json_writer *writer, const struct finding *finding)
{
	json_open(writer, "because", '[');
	for (size_t i = 0; i < finding->because_count; i++) {
		const struct because *line = &finding->because[i];

		json_open(writer, NULL, '{');
		put_text(writer, "expression", line->expression.data, line->expression.len);
		put_text(writer, "values", line->values.data, line->values.len);
		json_close(writer, '}');
	}
	json_close(writer, ']');
}

static void put_fix(struct json_writer *writer, const struct finding *finding)
{
	if (finding->fix == FIX_NONE) {
		put_text(writer, "fix", NULL, 0);
		return;
	}
	json_open(writer, "fix", '{');
	put_text_of(writer, "safety", finding->fix == FIX_SAFE ? "safe" : "unsafe");
	json_open(writer, "edits", '[');
	for (size_t i = 0; i < finding->edit_count; i++) {
		const struct edit *edit = &finding->edits[i];

		json_open(writer, NULL, '{');
		put_span(writer, finding->source, edit->span);
		put_text(writer, "text", edit->text.data ? edit->text.data : "", edit->text.len);
		json_close(writer, '}');
	}
	json_close(writer, ']');
	json_close(writer, '}');
}

static void put_labels(struct json_writer *writer, const struct finding *finding)
{
	json_open(writer, "labels", '{');
	for (size_t i = 0; i < finding->label_count; i++)
		put_text_of(writer, finding->labels[i].name, finding->labels[i].value);
	json_close(writer, '}');
}

/* The members of a finding, in the object that is open. */
static void put_members(struct json_writer *writer, const struct finding *finding,
			enum report_state state, enum language language)
{
	put_text_of(writer, "rule", finding->rule);
	put_text_of(writer, "severity", severity_name(finding->severity));
	put_phrase(writer, "message", &finding->message, language);
	put_path(writer, finding->source);
	put_span(writer, finding->source, finding->span);
	put_text_of(writer, "pointer", finding->pointer);
	put_phrase_or_null(writer, "label", &finding->label, language);
	put_phrase_or_null(writer, "hint", &finding->hint, language);
	put_related(writer, finding, language);
	put_because(writer, finding);
	put_fix(writer, finding);
	put_text_of(writer, "evaluation_path", finding->evaluation_path);
	put_text_of(writer, "keyword_location", finding->keyword_location);
	put_text_of(writer, "identity", finding->identity);
	put_labels(writer, finding);
	put_text_of(writer, "state", report_state_name(state));
}

void json_put_finding(struct json_writer *writer, const struct finding *finding,
		      enum report_state state, enum language language)
{
	json_open(writer, NULL, '{');
	put_members(writer, finding, state, language);
	json_close(writer, '}');
}

/* --- commits */

static void put_entries(struct json_writer *writer, const struct report_commit *commit,
			enum report_state state, enum language language)
{
	json_open(writer, report_state_name(state), '[');
	for (size_t i = 0; i < commit->lists[state].count; i++) {
		const struct report_entry *entry = &commit->lists[state].entries[i];

		json_open(writer, NULL, '{');
		put_members(writer, entry->finding, state, language);
		put_text_of(writer, "cause", entry->cause);
		json_close(writer, '}');
	}
	json_close(writer, ']');
}

void json_put_commit(struct json_writer *writer, const struct report_commit *commit,
		     enum language language)
{
	static const enum report_state states[] = {REPORT_INTRODUCED, REPORT_FIXED, REPORT_DUE,
						   REPORT_HIDDEN, REPORT_REAPPEARED};
	json_t *parents = json_array();
	GString *date = g_string_new(NULL);

	for (size_t i = 0; i < commit->parent_count; i++)
		json_array_append_new(parents, json_text_of(commit->parents[i]));
	report_append_date(date, commit->time, commit->offset, REPORT_DATE_SECOND);
	json_open(writer, NULL, '{');
	json_put(writer, "commit", json_text_of(commit->id));
	json_put(writer, "parents", parents);
	json_put(writer, "date", json_text(date->str, date->len));
	json_put(writer, "author", json_text(commit->author.data, commit->author.len));
	json_put(writer, "subject", json_text(commit->subject.data, commit->subject.len));
	for (size_t i = 0; i < G_N_ELEMENTS(states); i++)
		put_entries(writer, commit, states[i], language);
	json_put(writer, "suppressed", json_integer((json_int_t)commit->suppressed));
	json_put(writer, "remaining", json_integer((json_int_t)commit->remaining));
	json_close(writer, '}');
	g_string_free(date, TRUE);
}
