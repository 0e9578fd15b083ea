/*
 * Suppressions: comments `# planlint: ignore[rule-id] reason`, and the configuration's `suppress`
 * (DESIGN.md section 4).
 *
 * At the end of a line a comment covers the findings that start on that line; on a line of its own
 * those of the next node and what is under it, which is a range of bytes. `until=DATE` in it warns
 * from that day on and fails 30 days later.
 */
#include "check/judge.h"

#include "source/message.h"

#include <string.h>

/* --- which findings may be suppressed */

static bool may_be_suppressed(const struct ruleset *ruleset, const struct finding *finding)
{
	const struct rule *rule;

	if (!finding_is_suppressible(finding->code))
		return false;
	if (finding->code != FINDING_RULE)
		return true;
	rule = ruleset_rule(ruleset, finding->rule);
	return !rule || rule->suppressible;
}

/* Does a comment that names `id` speak of this rule, by its name or a former one? */
static bool names(const struct ruleset *ruleset, const char *id, const char *rule)
{
	const struct rule *meant;

	if (!strcmp(id, rule))
		return true;
	meant = ruleset_rule(ruleset, id);
	return meant && !strcmp(meant->id, rule);
}

enum { GRACE_DAYS = 30 };

static bool comment_covers(const struct ruleset *ruleset, const struct suppression *suppression,
			   const struct finding *finding, int64_t as_of)
{
	bool expired = suppression->until != DAY_OPEN_END &&
		       as_of >= suppression->until + GRACE_DAYS;

	return !expired && suppression->from <= finding->span.start &&
	       finding->span.start < suppression->to &&
	       names(ruleset, suppression->rule, finding->rule);
}

bool check_is_suppressed(const struct ruleset *ruleset, const struct verdict *verdict,
			 const char *path, const struct check_finding *found, int64_t as_of)
{
	const struct finding *finding = &found->finding;

	if (!ruleset->suppress_count && !(verdict && verdict->suppression_count))
		return false;
	if (!may_be_suppressed(ruleset, finding))
		return false;
	for (size_t i = 0; verdict && i < verdict->suppression_count; i++)
		if (comment_covers(ruleset, &verdict->suppressions[i], finding, as_of))
			return true;
	return path && ruleset_suppression(ruleset, finding->rule, path, as_of, NULL);
}

/* --- reading comments: planlint ":" "ignore" "[" id "]" reason, with until=DATE somewhere in it */

#define WORD   "planlint:"
#define IGNORE "ignore["

struct comment {
	struct span span;  /* the whole of it, with its # */
	struct slice rest; /* behind "planlint:" */
	struct slice id;
	struct slice reason;
	int64_t until;
};

static struct slice trim(struct slice text)
{
	while (text.len && g_ascii_isspace(text.data[0]))
		text = (struct slice){text.data + 1, text.len - 1};
	while (text.len && g_ascii_isspace(text.data[text.len - 1]))
		text.len--;
	return text;
}

/* Is it a comment for planlint at all? */
static bool is_ours(const struct source *source, struct span span, struct comment *out)
{
	struct slice text = {source->data + span.start, span.end - span.start};

	while (text.len && text.data[0] == '#')
		text = (struct slice){text.data + 1, text.len - 1};
	text = trim(text);
	if (text.len < strlen(WORD) || memcmp(text.data, WORD, strlen(WORD)) != 0)
		return false;
	*out = (struct comment){.span = span, .until = DAY_OPEN_END};
	out->rest = trim((struct slice){text.data + strlen(WORD), text.len - strlen(WORD)});
	return true;
}

/* Takes the word until=DATE out of the reason. False where the date is none. */
static bool read_until(struct comment *comment)
{
	const char *found = g_strstr_len(comment->reason.data, (gssize)comment->reason.len,
					 "until=");
	struct slice word, before;
	struct date date;

	if (!found)
		return true;
	word.data = found + strlen("until=");
	word.len = comment->reason.len - (size_t)(word.data - comment->reason.data);
	for (size_t i = 0; i < word.len; i++)
		if (g_ascii_isspace(word.data[i]))
			word.len = i;
	if (!date_parse(&date, word))
		return false;
	comment->until = date_earliest(date);
	before = trim((struct slice){comment->reason.data, (size_t)(found - comment->reason.data)});
	if (before.len || word.data + word.len == comment->reason.data + comment->reason.len)
		comment->reason = before;
	return true;
}

/* MESSAGE_NONE where the comment is well formed. */
static enum message parse(struct comment *comment)
{
	struct slice rest = comment->rest;
	const char *close;

	if (rest.len < strlen(IGNORE) || memcmp(rest.data, IGNORE, strlen(IGNORE)) != 0)
		return MESSAGE_SUPPRESSION_FORM;
	rest = (struct slice){rest.data + strlen(IGNORE), rest.len - strlen(IGNORE)};
	close = memchr(rest.data, ']', rest.len);
	if (!close)
		return MESSAGE_SUPPRESSION_FORM;
	comment->id = trim((struct slice){rest.data, (size_t)(close - rest.data)});
	comment->reason = trim(
		(struct slice){close + 1, rest.len - (size_t)(close + 1 - rest.data)});
	if (!comment->id.len)
		return MESSAGE_SUPPRESSION_FORM;
	if (!read_until(comment))
		return MESSAGE_SUPPRESSION_DATE;
	return comment->reason.len ? MESSAGE_NONE : MESSAGE_SUPPRESSION_REASON;
}

/* --- what a comment covers */

static bool is_alone(const struct source *source, uint32_t offset)
{
	while (offset > 0 && (source->data[offset - 1] == ' ' || source->data[offset - 1] == '\t'))
		offset--;
	return offset == 0 || source->data[offset - 1] == '\n';
}

static void cover_line(const struct source *source, struct suppression *out)
{
	uint32_t start = out->span.start;

	while (start > 0 && source->data[start - 1] != '\n')
		start--;
	out->from = start;
	out->to = out->span.end;
}

/* The first node that starts behind the comment, the outermost one but never the whole document. */
static void cover_next(const struct document_set *set, struct suppression *out)
{
	out->from = out->to = out->span.end;
	for (size_t d = 0; d < set->count; d++) {
		const struct document *document = &set->documents[d];

		for (uint32_t i = 0; document->root && i < document->node_count; i++) {
			const struct doc_node *node = &document->root[i];
			uint32_t start = node->key ? node->key->span.start : node->span.start;

			bool whole = node == document->root && node->count &&
				     (node->type == DOC_OBJECT || node->type == DOC_ARRAY);

			if (whole || start < out->span.end ||
			    (node->flags & DOC_COPIED && !node->key))
				continue;
			out->from = start;
			out->to = MAX(node->span.end, start + 1);
			return;
		}
	}
}

/* --- findings about comments */

static void report(struct judging *judging, enum finding_code code, enum severity severity,
		   struct span span, struct phrase message, const struct phrase *hint,
		   struct slice id)
{
	struct check_finding found = {
		.finding = {.code = code,
			    .rule = finding_id(code),
			    .severity = ruleset_severity(judging->ruleset, finding_id(code),
							 severity),
			    .message = message,
			    .span = span},
	};

	if (hint)
		found.finding.hint = *hint;
	found.finding.identity = identity_make(judging->out, found.finding.rule, judging->key,
					       SLICE(""), id);
	if (found.finding.severity != SEVERITY_OFF)
		g_array_append_val(judging->findings, found);
}

static void report_unknown(struct judging *judging, const struct comment *comment)
{
	const struct ruleset *ruleset = judging->ruleset;
	size_t total = ruleset->rule_count + FINDING_CODE_COUNT;
	struct slice *known = g_new(struct slice, total);
	struct phrase hint = {0};
	ptrdiff_t nearest;

	for (size_t i = 0; i < ruleset->rule_count; i++)
		known[i] = slice_of(ruleset->rules[i]->id);
	for (enum finding_code code = 0; code < FINDING_CODE_COUNT; code++)
		known[ruleset->rule_count + code] = slice_of(finding_id(code));
	nearest = text_nearest(comment->id, known, total);
	if (nearest >= 0)
		hint = phrase_make(judging->out, MESSAGE_DID_YOU_MEAN, 1, known[nearest]);
	report(judging, FINDING_SUPPRESSION_INVALID, SEVERITY_ERROR, comment->span,
	       phrase_make(judging->out, MESSAGE_UNKNOWN_RULE, 1, comment->id),
	       nearest >= 0 ? &hint : NULL, comment->id);
	g_free(known);
}

static bool may_name(const struct ruleset *ruleset, const char *id)
{
	const struct rule *rule = ruleset_rule(ruleset, id);

	return rule ? rule->suppressible : finding_is_suppressible(finding_code_of(slice_of(id)));
}

/* The date of a comment: on which days the verdict is the same as on this one. */
static void check_date(struct judging *judging, const struct suppression *suppression)
{
	struct verdict *verdict = judging->verdict;
	int64_t warns = suppression->until, fails = warns + GRACE_DAYS;
	enum severity severity = judging->as_of >= fails ? SEVERITY_ERROR : SEVERITY_WARNING;

	if (judging->as_of < warns) {
		verdict->until = MIN(verdict->until, warns - 1);
		return;
	}
	if (judging->as_of < fails)
		verdict->until = MIN(verdict->until, fails - 1);
	verdict->from = MAX(verdict->from, judging->as_of < fails ? warns : fails);
	report(judging, FINDING_SUPPRESSION_EXPIRED, severity, suppression->span,
	       phrase_make(judging->out, MESSAGE_SUPPRESSION_EXPIRED, 1,
			   slice_of(suppression->rule)),
	       NULL, slice_of(suppression->rule));
}

static bool is_used(const struct judging *judging, const struct suppression *suppression)
{
	for (guint i = 0; i < judging->findings->len; i++)
		if (comment_covers(
			    judging->ruleset, suppression,
			    &g_array_index(judging->findings, struct check_finding, i).finding,
			    judging->as_of))
			return true;
	return false;
}

/* Whether one of a cross-file rule is used, no single file can tell. */
static bool is_across(const struct ruleset *ruleset, const char *id)
{
	const struct rule *rule = ruleset_rule(ruleset, id);

	return rule && (rule->across || rule->check == RULE_TRANSITION);
}

static void check_use(struct judging *judging, struct suppression *suppression)
{
	suppression->used = is_used(judging, suppression);
	if (suppression->used || is_across(judging->ruleset, suppression->rule) ||
	    (suppression->until != DAY_OPEN_END &&
	     judging->as_of >= suppression->until + GRACE_DAYS))
		return;
	report(judging, FINDING_SUPPRESSION_UNUSED, SEVERITY_WARNING, suppression->span,
	       phrase_make(judging->out, MESSAGE_SUPPRESSION_UNUSED, 1,
			   slice_of(suppression->rule)),
	       NULL, slice_of(suppression->rule));
}

static void add_comment(struct judging *judging, const struct document_set *set,
			const struct comment *comment, GArray *out)
{
	struct suppression suppression = {
		.rule = arena_dup(judging->out, comment->id.data, comment->id.len),
		.reason = arena_dup(judging->out, comment->reason.data, comment->reason.len),
		.span = comment->span,
		.until = comment->until,
	};

	if (!ruleset_knows(judging->ruleset, suppression.rule)) {
		report_unknown(judging, comment);
		return;
	}
	if (!may_name(judging->ruleset, suppression.rule)) {
		report(judging, FINDING_SUPPRESSION_INVALID, SEVERITY_ERROR, comment->span,
		       phrase_make(judging->out, MESSAGE_SUPPRESSION_REFUSED, 1, comment->id), NULL,
		       comment->id);
		return;
	}
	if (is_alone(judging->source, comment->span.start))
		cover_next(set, &suppression);
	else
		cover_line(judging->source, &suppression);
	g_array_append_val(out, suppression);
}

/* The comments for planlint that say something sound. */
static GArray *read_comments(struct judging *judging, const struct document_set *set)
{
	GArray *list = NULL;
	struct comment comment;

	for (size_t i = 0; i < set->comment_count; i++) {
		enum message wrong;

		if (!is_ours(judging->source, set->comments[i], &comment))
			continue;
		if (!list)
			list = g_array_new(FALSE, FALSE, sizeof(struct suppression));
		wrong = parse(&comment);
		if (wrong == MESSAGE_NONE)
			add_comment(judging, set, &comment, list);
		else
			report(judging, FINDING_SUPPRESSION_INVALID, SEVERITY_ERROR, comment.span,
			       phrase_make(judging->out, wrong, 0), NULL, comment.id);
	}
	return list;
}

void suppressions_read(struct judging *judging, const struct document_set *set)
{
	GArray *list = read_comments(judging, set);
	struct suppression *copy;

	if (!list)
		return;
	copy = arena_array(judging->out, list->len, sizeof(*copy));
	for (guint i = 0; i < list->len; i++) {
		copy[i] = g_array_index(list, struct suppression, i);
		check_use(judging, &copy[i]);
		if (copy[i].until != DAY_OPEN_END)
			check_date(judging, &copy[i]);
	}
	judging->verdict->suppressions = copy;
	judging->verdict->suppression_count = list->len;
	g_array_free(list, TRUE);
}
