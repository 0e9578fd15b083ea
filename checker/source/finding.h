/*
 * Findings: what every stage reports into. A finding carries codes and values, never words, so
 * that it can be kept, compared and said in any language; report/ words it (phrase.h).
 */
#ifndef PLANLINT_SOURCE_FINDING_H
#define PLANLINT_SOURCE_FINDING_H

#include "base/arena.h"
#include "base/text.h"
#include "source/source.h"

#include <stdbool.h>
#include <stddef.h>

/* Sorted by weight: a higher value is worse. */
enum severity {
	SEVERITY_OFF,
	SEVERITY_INFO,
	SEVERITY_WARNING,
	SEVERITY_ERROR,
};

enum finding_code {
#define FINDING(name, id, severity, suppressible) FINDING_##name,
#include "source/finding.def"
#undef FINDING
	FINDING_CODE_COUNT
};

/* Text that a rule, schema or table brings, in both languages; `fr` is `en` where only one is
 * there. */
struct bilingual {
	struct slice en;
	struct slice fr;
};

/*
 * Words still to be said: a message of ours by number or a template that a rule brings, and its
 * values. {0} in either stands for values[0]; values are UTF-8 and not escaped.
 */
struct phrase {
	int message;                   /* enum message (source/message.h), or 0 */
	const struct bilingual *words; /* NULL: see message; both unset: no words at all */
	const struct slice *values;
	size_t value_count;
	unsigned sentences; /* bit i: values[i] is a sentence marked with N_, translated as well */
};

/* A second place that the finding is about, and what stands there. */
struct related {
	struct source *source; /* may differ from the finding's */
	struct span span;
	struct phrase label;
};

/* Replaces the bytes of a span of the finding's source. */
struct edit {
	struct span span;
	struct slice text;
};

enum fix_safety {
	FIX_NONE,
	FIX_SAFE,
	FIX_UNSAFE, /* changes what the document means */
};

/* A line of the explanation: an expression and the values with which it failed. */
struct because {
	struct slice expression;
	struct slice values;
};

/* A label of the finding's document, for summaries. */
struct finding_label {
	const char *name;
	const char *value; /* NULL: the document has none */
};

/*
 * One issue. Built in an arena by the stage that found it, immutable once emitted. Pointers live
 * as long as that arena and the source; a sink that keeps findings keeps those or copies.
 */
struct finding {
	enum finding_code code;
	const char *rule;       /* the id that users see; finding_id(code) unless a rule's */
	enum severity severity; /* after the policy */
	struct phrase message;
	struct source *source; /* NULL: about no file */
	struct span span;      /* the smallest token to change */
	struct phrase label;   /* words at the caret; may be empty */
	const char *pointer;   /* instance location, an RFC 6901 pointer; NULL: the whole file */
	struct phrase hint;    /* what to type; may be empty */
	const struct related *related;
	size_t related_count;
	const struct because *because;
	size_t because_count;
	enum fix_safety fix;
	const struct edit *edits; /* sorted, not overlapping */
	size_t edit_count;
	/* JSON Schema output locations; NULL elsewhere */
	const char *evaluation_path;
	const char *keyword_location;
	/* DESIGN.md section 8; set by check/, NULL before */
	const char *identity;
	const struct finding_label *labels; /* set by check/ when it is shown */
	size_t label_count;
};

/* Where findings go. The finding is the caller's; a sink that keeps it copies what it needs. */
struct finding_sink {
	void (*emit)(void *context, const struct finding *finding);
	void *context;
};

void finding_emit(const struct finding_sink *sink, const struct finding *finding);

/* The id, default severity and suppressibility of a code. */
const char *finding_id(enum finding_code code);
enum severity finding_severity(enum finding_code code);
bool finding_is_suppressible(enum finding_code code);

/* The code with this id, or FINDING_CODE_COUNT. */
enum finding_code finding_code_of(struct slice id);

/* "error", "warning", "info", "off"; never translated. */
const char *severity_name(enum severity severity);

/*
 * A phrase with up to nine values, copied into the arena:
 *	phrase_make(arena, MESSAGE_X, 2, slice_of(name), node_text)
 */
struct phrase phrase_make(struct arena *arena, int message, int count, ...);

bool phrase_is_empty(const struct phrase *phrase);

enum language {
	LANGUAGE_EN,
	LANGUAGE_FR,
};

/*
 * Appends the words of a phrase in a language. Values are appended through `escape` (NULL: as they
 * are), the fixed words as they are. A {n} without a value is an assertion.
 */
typedef void phrase_escape(GString *out, const char *data, size_t len);
void phrase_append(GString *out, const struct phrase *phrase, enum language language,
		   phrase_escape *escape);

/*
 * Chooses the catalogue of a language for this process (base/catalogue.h); once, before threads
 * start. It is looked for beside the binary (../locale, ../share/locale), then in LOCALEDIR.
 */
void language_use(enum language language);

#endif
