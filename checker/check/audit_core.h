/*
 * What the files of the audit share. Internal to check/.
 *
 * gather: trees of all commits compared with their first parents', distinct blobs judged (threads).
 * reign: the laws that judge, and the tables of each. pieces: what one file gives on one day, and
 * the findings of cross-file rules, both with numbers. audit: the states of the commits, each from
 * its first parent's. view: a parent under the law of the commit. settle: states compared:
 * introduced, fixed, due, hidden, reappeared. show: findings bound to the bytes of their commit.
 */
#ifndef PLANLINT_CHECK_AUDIT_CORE_H
#define PLANLINT_CHECK_AUDIT_CORE_H

#include "check/audit.h"
#include "check/audit_bytes.h"
#include "check/pmap.h"
#include "check/warm.h"
#include "index/index.h"

#include <glib.h>
#include <string.h>

struct reign;

/* A path that holds a document somewhere in the history, under one law. */
struct place {
	struct reign *reign;
	uint32_t number;       /* under this law */
	const char *path;      /* from the configuration's folder; what rules and findings see */
	const char *full_path; /* from the top of the tree */
	const struct document_entry *entry;
	struct across *crosses; /* cross-file findings that stand here where the index is */
};

/* What a blob at the place is judged as besides the law: the number of its entry, and its syntax.
 */
static inline uint32_t place_entry_syntax(const struct place *place)
{
	return (uint32_t)place->entry->index * 8 + (uint32_t)document_syntax_of(place->path);
}

enum { DAY_ANY = INT32_MIN };

enum instance_state {
	INSTANCE_OPEN,
	INSTANCE_HIDDEN, /* of a file that cannot be read now */
	INSTANCE_SUPPRESSED,
};

/* A finding in a state of the repository. */
struct instance {
	uint32_t identity; /* number of its final identity */
	uint8_t state;
	int32_t said_on; /* the day that its words may name; DAY_ANY: they name none */
	const struct check_finding *found;
	const struct place *place; /* NULL: about no file */
};

/* What one file gives on some days. Immutable once the commit that made it is done. */
struct piece {
	int32_t from, until; /* the days; both included */
	uint32_t number;     /* 1 and up; the value in maps */
	struct place *place;
	struct object_id blob;
	const struct verdict *verdict;
	struct instance *instances;
	uint32_t instance_count;
	const struct piece *shadow; /* unreadable: what it was when it last could be read; NULL */
	GArray *hidden;     /* unreadable: its findings of then, as struct instance; or NULL */
	struct piece *next; /* of the same blob at the same place */
	const struct memory *memory; /* nodes that transitions forbid; NULL: none */
	bool is_gone; /* no file: documents that should not be gone; `blob` as it was, no verdict */
};

/* A finding of a cross-file rule, known by all that it says. */
struct across {
	uint32_t number;
	uint32_t identity;
	const struct check_finding *found; /* a copy */
	struct place *place;               /* NULL: about no file */
	const char *text;                  /* what it is known by */
	struct across *next, **link;       /* of those at the place; link NULL: it does not stand */
};

/*
 * A law that judges, and all that is known under it. Of many laws of commits only some are kept at
 * once: one reigns while a commit that has it, or is compared with one that has, is still to come.
 */
struct reign {
	struct audit *audit;
	uint32_t number;
	const struct audit_law *law; /* NULL: the only one of the audit */
	uint32_t last;               /* the commit behind which nobody needs it */
	uint32_t times;              /* how often it has begun */
	bool is_on;
	bool is_pinned; /* what it found is hidden in files under other laws */
	const struct ruleset *ruleset;
	const char *base;  /* the configuration's folder in the trees: "" or "plans/" */
	struct warm *warm; /* NULL: nothing is kept between runs */
	bool has_transitions;
	GArray *boundaries;    /* int32_t: days on which suppressions of the configuration change */
	GHashTable *places;    /* full path -> struct place */
	GPtrArray *place_list; /* by number */
	GHashTable *judgements;  /* struct judged, by blob and entry */
	GPtrArray *pieces;       /* by number; [0] is NULL */
	GHashTable *piece_table; /* struct piece, the first of each place and blob */
	GHashTable *cross_table; /* text -> struct across */
	GPtrArray *crosses;      /* by number */
	GHashTable *steps;       /* verdicts on steps between versions; NULL: none yet */
	struct arena arena;      /* of its tables */
};

/* The faults of a law that cannot be used: findings of the commits that have it. */
struct faults {
	const struct audit_law *law;
	struct instance *instances;
	uint32_t count;
};

/* A changed document of a commit against its first parent. */
struct gathered_change {
	struct place *place;
	struct object_id blob;   /* zero: gone */
	struct object_id before; /* in the first parent; zero: it is new */
};

/* What a thread works with. */
struct audit_thread {
	struct repository *repository;
	struct store_link *link;
	struct check_scratch *scratch;
	struct error *error;
};

struct judged;
struct gather;
struct gate;
struct replay;
struct settle;
struct show;
struct memory;
struct past;

struct audit {
	struct audit_options options;
	struct repository *repository;
	struct history history;
	struct error *error;
	struct arena arena; /* lives as long as the audit */
	struct check_scratch *scratch;
	struct store_link *link; /* of this thread */
	struct replay *replay;   /* commits of earlier runs; NULL: none are kept */
	struct shelf *shelf;     /* bytes that findings are shown in */
	GHashTable *identities;  /* text -> number + 1 */
	GPtrArray *identity_list;
	GPtrArray *kept_verdicts; /* of the oracle, and of rules about commits */
	struct past *past; /* of a gate: what transitions know of its sides; NULL: not needed */
	/* laws: one, or with options.laws that of each commit, known once gathering has begun */
	GPtrArray *reigns;            /* by number */
	struct reign *reign;          /* the one of all commits */
	struct reign **of;            /* of each commit; NULL: `reign` is */
	struct gather *gather;        /* while commits are left to be gathered; else NULL */
	uint32_t gathered;            /* up to this commit everything is judged */
	const struct faults **broken; /* of each commit; NULL: its own law can be used */
	const struct audit_law **own; /* of each commit: the one that it has, good or not */
	GHashTable *broken_laws;      /* struct audit_law -> struct faults */
	GHashTable *blobs_seen;       /* what was looked at: struct looked_at */
	GHashTable *paths_seen;       /* and where: full paths */
	/* a gate: snapshots in place of commits; blobs are read through `blobs` where it is set */
	struct snapshot *const *snapshots;
	struct snapshot *blobs;
	const struct gate *gate;
	const struct gate_commits *gate_commits;
	/* the past of a gate */
	GHashTable *only;       /* full paths that count; NULL: all */
	struct snapshot *under; /* what the last commit, a snapshot, is compared with */
	/* blobs and steps, for what an interrupted gate says */
	size_t judged, to_judge;
	/* of each commit, against its first parent */
	GArray *changes;        /* struct gathered_change */
	uint32_t *change_start; /* commits + 1 */
};

void audit_free(struct audit *audit);

/* --- laws */

/* The law that judges a commit. */
static inline struct reign *audit_reign(const struct audit *audit, uint32_t commit)
{
	return audit->of ? audit->of[commit] : audit->reign;
}

/* The faults of the law that the commit has, where it cannot be used; else NULL. */
static inline const struct faults *audit_faults(const struct audit *audit, uint32_t commit)
{
	return audit->broken ? audit->broken[commit] : NULL;
}

/* Makes the tables of a law, and its ruleset if it is gone. 0, or -1 with audit->error. */
int reign_begin(struct reign *reign);

/* Frees them. Pieces, places, verdicts and what the index has of them must not be looked at then.
 */
void reign_end(struct reign *reign);

/*
 * Notes which law a commit has, its own (`law`) or where that has faults the one of its first
 * parent, whose laws are noted. 0, or -1 with audit->error.
 */
int audit_note_law(struct audit *audit, uint32_t commit, const struct audit_law *law);

/* Which law a commit has, and which judges it. */
void audit_set_law(struct audit *audit, uint32_t commit, const struct audit_law *own,
		   const struct audit_law *in_force);

/* Is it what is wrong with a law? Such a finding is bound to its file already. */
static inline bool instance_is_fault(const struct instance *instance)
{
	return !instance->place && instance->found->finding.source;
}

/* The same path, be it under different laws. */
static inline bool place_is_at(const struct place *a, const struct place *b)
{
	return a == b || !strcmp(a->full_path, b->full_path);
}

/*
 * Reads a blob with a thread's own handle. What is larger than a document may be is neither judged
 * nor shown: over_limit. 0, or -1 with `error`.
 */
int audit_read_blob(struct bytes *out, const struct audit *audit, struct repository *repository,
		    const struct object_id *blob, struct error *error);

/*
 * What transitions know of the commits that a gate compares, read when a step looks forbidden:
 * their real history, as far as it concerns `places` (of struct place). AUDIT_AGAIN: the walk is to
 * begin again; or -1 with audit->error. The memory of a commit of the gate at a place, then.
 */
struct gate_commits {
	struct object_id *sides; /* of the states of the gate */
	uint32_t side_count;
	struct object_id *tips; /* on which the change stands */
	uint32_t tip_count;
	struct snapshot *first; /* the first tip's */
	struct snapshot *change;
};
enum { AUDIT_AGAIN = 2 };
int gate_past_read(struct audit *audit, const GPtrArray *places);
const struct memory *gate_past_memory(const struct past *past, uint32_t commit,
				      const struct place *place);
void gate_past_free(struct past *past); /* NULL is allowed */

/* A walk over audit->history, which is filled. */
int audit_walk(struct audit *audit, struct audit_summary *summary);

/* Only what the files and transitions of each commit give. 0, 1 interrupted, or -1. */
typedef void audit_step_fn(void *context, uint32_t commit, const struct pmap *pieces);
int audit_walk_steps(struct audit *audit, audit_step_fn *each, void *context);

/* gate.c: takes what audit_report() would report of the last state. */
int gate_take(struct audit *audit, uint32_t commit, struct settle *settle, struct show *shows,
	      size_t remaining);

/* Binds the findings of a list and puts them in order. */
struct audit_list audit_list_of(struct show *shows, const GArray *settled, bool of_parent);

/* --- pieces */

void audit_tables_init(struct audit *audit);
void audit_tables_release(struct audit *audit);

/* The place of a full path under a law, or NULL where it holds no document. */
struct place *audit_place(struct reign *reign, const char *full_path, size_t len);

/* The place of another law at the same path, or NULL. NULL gives NULL. */
struct place *audit_place_under(struct reign *reign, const struct place *place);

/*
 * The verdict of a blob at a place on a day, judged now if it was not. NULL with audit->error.
 * `made_on` (may be NULL) is the day on which it was, or DAY_ANY where that does not matter.
 */
const struct verdict *audit_verdict(struct audit *audit, struct place *place,
				    const struct object_id *blob, int32_t day, int32_t *made_on);

/*
 * The verdict of a blob at a place from an earlier run, or judged now: bytes are read through the
 * caller's own handle, links and scratch. `*day` becomes the one on which it was made.
 */
int audit_recall(struct verdict **out, const struct audit *audit, const struct place *place,
		 const struct object_id *blob, int32_t *day, const struct audit_thread *thread);

/* Judges bytes that were read at a place. For any thread with its own scratch. */
int audit_judge(struct verdict **out, const struct place *place, const struct bytes *bytes,
		int32_t day, struct check_scratch *scratch, struct error *error);

/* Counts a blob as looked at. */
void audit_note_blob(struct audit *audit, const struct object_id *blob, const struct place *place);

/* The same of a path at which a document stands; and how many there are in the whole history. */
void audit_note_path(struct audit *audit, const struct place *place);
size_t audit_path_count(const struct audit *audit);

/* Keeps a verdict that a thread has made. Takes it over. */
void audit_keep(const struct object_id *blob, struct place *place, struct verdict *verdict,
		int32_t made_on);

/* The tables of a law's verdicts, and of its pieces. */
GHashTable *audit_judgements_new(void);
GHashTable *audit_piece_table_new(void);

/* The piece of a readable blob at a place on a day. NULL with audit->error. */
struct piece *audit_piece(struct audit *audit, struct place *place, const struct object_id *blob,
			  int32_t day, const struct memory *memory);

/* The piece of a place without a file, of documents that should be there. */
struct piece *audit_gone_piece(struct audit *audit, struct place *place,
			       const struct memory *memory, int32_t day);

/* A new piece of an unreadable blob, known by `shadow` (readable, or NULL). It hides nothing yet.
 */
struct piece *audit_unreadable_piece(struct audit *audit, struct place *place,
				     const struct object_id *blob, int32_t day,
				     const struct piece *shadow);

uint32_t audit_identity(struct audit *audit, const char *text);

/* The cross-file finding with this content under a law. */
struct across *audit_across(struct reign *reign, const struct check_finding *found);

/* The order of findings that have all but their words in common; 0: they say the same. */
int audit_compare_words(const struct check_finding *a, const struct check_finding *b);

/* The days around `day` in which no suppression of the configuration changes. */
void reign_clip(const struct reign *reign, int32_t day, int32_t *from, int32_t *until);

/* --- gather: fills changes; judges all distinct blobs. 0, -1 with audit->error, 1 interrupted. */
int audit_gather(struct audit *audit);

/* The same for the next commits from audit->gathered on, as many as have few enough laws. */
int audit_gather_more(struct audit *audit);
void audit_gather_end(struct audit *audit);

/* The merge bases of two commits, as numbers. */
GArray *audit_bases(const struct history *history, uint32_t a, uint32_t b);
int32_t audit_day(const struct audit *audit, uint32_t commit);
bool audit_is_interrupted(const struct audit *audit);

/* --- settle: comparisons of a commit's state with those of its parents */

/* Findings that one state has and the other does not (by what changed, or all: it is the same). */
struct comparison {
	GArray *before; /* struct instance */
	GArray *after;
};

/*
 * A parent: as it was judged on its own day, on the commit's (same: `on_day` is empty), and on that
 * by the commit's law (same: `by_law` is).
 */
struct parent_comparison {
	struct comparison own;
	struct comparison on_day;
	struct comparison by_law;
	bool has_on_day;
	bool has_by_law;
};

struct settled {
	struct instance instance;
	const char *cause;
	uint32_t parent; /* of a fixed one: which parent had it */
};

struct settle {
	const struct audit *audit;
	struct parent_comparison *parents;
	uint32_t parent_count; /* at least 1: an empty one stands for none */
	/* open and hidden, and suppressed ones with an identity in the commit's state */
	void (*counts)(void *context, uint32_t identity, int64_t *active, int64_t *suppressed);
	/* did `parent` have `level` of it since its merge base with `other`? */
	bool (*had_since)(void *context, uint32_t parent, uint32_t other, uint32_t identity,
			  int64_t level);
	/* the changed file (against a parent) behind a finding in a file that was not; or NULL */
	const char *(*cause)(void *context, const struct instance *instance, uint32_t parent);
	void *context;
	size_t documents;           /* in the commit's state; passed on */
	GArray *lists[AUDIT_LISTS]; /* of struct settled; the caller's, cleared first */
};
void audit_settle(struct settle *settle);

/* --- show */

/* A document in a state: which blob stands at a path, and what it gives (NULL: not known). */
struct standing {
	const struct place *place;
	struct object_id blob;
	const struct verdict *verdict;
};

/* What stands at a full path, or (hidden) stood there when last read. False: nothing. */
typedef bool audit_blob_fn(void *context, const char *path, bool hidden, struct standing *out);

struct show {
	struct audit *audit;
	struct arena *arena;
	GPtrArray *sources; /* of struct source, freed by show_release() or kept */
	GHashTable *by_blob;
	audit_blob_fn *blob_of;
	void *context;
	const struct reign *reign;       /* under which the state is */
	const struct reign *found_under; /* of the finding at hand */
	int32_t day;                     /* of this state */
	const struct check_index *index; /* as of this state, for near misses; NULL: none */
	bool hidden;
};
/* A show of a commit's state. */
void show_init(struct show *show, struct audit *audit, struct arena *arena, uint32_t commit);
void show_release(struct show *show);
void show_source_free(void *source);

/* A source for a report, with the bytes of its blob; show_source_free(). */
struct source *show_source_new(const struct audit *audit, const char *path,
			       const struct object_id *blob);
const struct object_id *show_source_blob(const struct source *source);

/* The order of entries in a list. */
int audit_entry_compare(const void *a, const void *b);

/* What is open at the heads of the range, put together in a summary. */
struct closing {
	struct audit *audit;
	struct reign *reign; /* of the head at hand */
	struct audit_summary *summary;
	GPtrArray *open;
	GHashTable *seen;
	size_t heads;
	bool head_has_it; /* the first head's own are all told */
};
void closing_init(struct closing *closing, struct audit *audit, struct audit_summary *summary);
/* All instances of a head; releases `show`, keeping its sources. */
int closing_add(struct closing *closing, struct show *show, const GArray *instances,
		uint32_t commit, size_t suppressed);
/* One open finding of a head. */
void closing_take(struct closing *closing, const struct finding *finding);
void closing_end(struct closing *closing);

/* Of each commit: is it of the range, and no parent of another? g_free. */
uint8_t *audit_heads(const struct history *history);

/* A document that a commit changed against its first parent. */
struct changed {
	const struct place *place;
	const struct piece *before, *after; /* NULL: not there */
};

/*
 * The changed file behind a finding in a file that the commit left alone (NULL: it did not): one
 * that the finding names, else one that shares a key with the place where the finding stands (in
 * the verdict `own`, may be NULL), else the first. `changed` holds struct changed, sorted by path.
 */
const char *audit_cause(const GArray *changed, const struct instance *instance,
			const struct verdict *own);
int audit_changed_compare(const void *a, const void *b);

/* The order of two findings at one place by the places that they relate. */
int audit_related_compare(const struct check_finding *a, const struct check_finding *b);

/* --- rules about commits */

/* Adds what they say of a commit (struct finding, in `arena`). 0, or -1 with audit->error. */
int audit_judge_commit(const struct reign *reign, const struct history *history, uint32_t number,
		       const struct commit_text *text, int64_t day, struct arena *arena,
		       GPtrArray *out);

/* The same of each commit of a range, which the findings name. */
int audit_judge_range(struct audit *audit, const struct history_options *range, int64_t day,
		      struct arena *arena, GPtrArray *out);

/* A list with more findings, in order. */
struct audit_list audit_list_with(struct arena *arena, struct audit_list list,
				  const GPtrArray *more);

/* --- oracle */
int audit_oracle(struct audit *audit, struct audit_summary *summary);

/* Reports a commit; what audit and oracle share at its end. 0, or non-zero to end. */
int audit_report(struct audit *audit, struct audit_summary *summary, uint32_t commit,
		 struct settle *settle, struct show *shows, size_t remaining, size_t suppressed);

#endif
