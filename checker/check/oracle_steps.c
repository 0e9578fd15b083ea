/*
 * Transitions for the oracle: what audit_steps.c says, by the words of DESIGN.md section 8 and
 * nothing else. Every document of a commit is held against every parent, lists are searched from
 * one end to the other, and nothing that was judged is remembered.
 */
#include "check/oracle.h"

#include <string.h>

/* A document of a state. */
struct paper {
	struct place *place;
	struct step_version version;
	const char *key;
	bool gone;
	const struct paper *twin;
};

/* What one parent says. */
struct say {
	const struct run *run; /* the parent's */
	uint32_t commit;
	GArray *old, *new; /* struct paper */
	GArray *slips;     /* struct oracle_slip */
	GArray *counts;    /* of each slip: does it count? bool */
};

struct stage {
	struct oracle *oracle;
	struct run *run; /* the commit's */
	int32_t day;
	uint32_t count;
	struct say *says;
};

static const struct oracle_slip *slip_at(const GArray *slips, guint i)
{
	return &g_array_index(slips, struct oracle_slip, i);
}

static struct paper *paper_at(const GArray *papers, guint i)
{
	return &g_array_index(papers, struct paper, i);
}

static bool same_file(const struct file *a, const struct file *b)
{
	return a && b ? object_id_equal(&a->blob, &b->blob) : !a && !b;
}

/* --- lists of documents */

static void list_papers(GArray *papers, const struct file *file)
{
	const struct verdict *verdict = file->hidden ? file->shadow : file->verdict;

	for (size_t i = 0; verdict && i < verdict->document_count; i++) {
		struct paper paper = {
			.place = file->place,
			.version = {file->hidden ? file->shadow_blob : file->blob, (uint32_t)i,
				    file->place->entry},
			.key = verdict->documents[i].key,
		};

		g_array_append_val(papers, paper);
	}
}

static bool is_paper_of(const struct oracle_slip *slip, const struct paper *paper)
{
	if (!place_is_at(slip->place, paper->place))
		return false;
	if (!paper->gone)
		return slip->slip.document == paper->version.document;
	return slip->slip.document == SLIP_GONE &&
	       step_version_equal(&slip->slip.last, &paper->version) &&
	       !g_strcmp0(slip->slip.key, paper->key);
}

static void list_gone(GArray *papers, const struct run *before, const struct run *run)
{
	for (guint i = 0; i < before->slips->len; i++) {
		const struct oracle_slip *slip = slip_at(before->slips, i);
		const struct file *now = oracle_file(run, slip->place);
		struct paper paper = {slip->place, slip->slip.last, slip->slip.key, true, NULL};
		bool is_listed = slip->slip.document != SLIP_GONE || (now && now->hidden);

		for (guint n = 0; !is_listed && n < papers->len; n++)
			is_listed = paper_at(papers, n)->gone &&
				    is_paper_of(slip, paper_at(papers, n));
		if (!is_listed)
			g_array_append_val(papers, paper);
	}
}

static int paper_compare(const void *a, const void *b)
{
	const struct paper *x = a, *y = b;
	int order = strcmp(x->place->full_path, y->place->full_path);

	if (!order)
		order = (int)x->gone - (int)y->gone;
	if (!order)
		order = x->version.document < y->version.document   ? -1
			: x->version.document > y->version.document ? 1
								    : 0;
	return order ? order : g_strcmp0(x->key, y->key);
}

static void list_changed(struct say *say, const struct run *run)
{
	for (guint i = 0; i < say->run->files->len; i++) {
		const struct file *file = &g_array_index(say->run->files, struct file, i);
		const struct file *now = oracle_file(run, file->place);

		if (!same_file(file, now) && !(now && now->hidden))
			list_papers(say->old, file);
	}
	for (guint i = 0; i < run->files->len; i++) {
		const struct file *file = &g_array_index(run->files, struct file, i);

		if (!file->hidden && !same_file(file, oracle_file(say->run, file->place)))
			list_papers(say->new, file);
	}
	list_gone(say->old, say->run, run);
	g_array_sort(say->old, paper_compare);
	g_array_sort(say->new, paper_compare);
}

/* --- which document is which */

enum { BY_KEY_AND_PATH, BY_KEY_IN_FILE, BY_KEY, BY_KEY_GONE, BY_PATH, BY_PATH_GONE, ROUNDS };

static bool fits(const struct paper *old, const struct paper *new, int round)
{
	bool same_place = place_is_at(old->place, new->place);
	bool same_path = same_place && old->version.document == new->version.document;
	/* at one path another law may have another kind */
	bool same_key = old->key && new->key && !strcmp(old->key, new->key) &&
			(same_place || !strcmp(old->place->entry->kind, new->place->entry->kind));

	switch (round) {
	case BY_KEY_AND_PATH:
		return !old->gone && same_path && (same_key || (!old->key && !new->key));
	case BY_KEY_IN_FILE:
		return !old->gone && same_place && same_key;
	case BY_KEY:
		return !old->gone && same_key;
	case BY_KEY_GONE:
		return old->gone && same_key;
	case BY_PATH:
		return !old->gone && same_path;
	default:
		return old->gone && same_place;
	}
}

static void match(struct say *say)
{
	for (int round = 0; round < ROUNDS; round++)
		for (guint n = 0; n < say->new->len; n++)
			for (guint o = 0; o < say->old->len; o++) {
				struct paper *old = paper_at(say->old, o);
				struct paper *new = paper_at(say->new, n);

				if (old->twin || new->twin || !fits(old, new, round))
					continue;
				old->twin = new;
				new->twin = old;
			}
}

/* --- what a parent says */

static void put(struct say *say, struct place *place, const struct slip *slip)
{
	struct oracle_slip item = {place, *slip};
	bool counts = true;

	g_array_append_val(say->slips, item);
	g_array_append_val(say->counts, counts);
}

/* Does a slip of this document stand for the node that a step from it is about? */
static bool stands_for(const struct slip *slip, const struct paper *paper,
		       const struct check_step *step)
{
	const struct check_step *own = slip->found->step;
	bool is_now = !paper->gone && own->pointer && !strcmp(own->pointer, step->old_pointer);
	bool is_then = step_version_equal(&slip->accepted, &paper->version) &&
		       !strcmp(own->old_pointer, step->old_pointer);

	return own->rule == step->rule && (is_now || is_then);
}

static bool has_slip_for(const struct say *say, const struct paper *paper,
			 const struct check_step *step)
{
	for (guint i = 0; i < say->run->slips->len; i++)
		if (is_paper_of(slip_at(say->run->slips, i), paper) &&
		    stands_for(&slip_at(say->run->slips, i)->slip, paper, step))
			return true;
	return false;
}

/* Is the same said of the same step already? Two rules may have forbidden that a node goes. */
static bool is_put(const struct say *say, const struct place *place, const struct slip *slip)
{
	for (guint i = 0; i < say->slips->len; i++) {
		const struct oracle_slip *other = slip_at(say->slips, i);

		if (other->place == place && slip_same(&other->slip, slip) &&
		    step_version_equal(&other->slip.accepted, &slip->accepted) &&
		    !strcmp(other->slip.found->step->old_pointer, slip->found->step->old_pointer))
			return true;
	}
	return false;
}

/* Judges one step; findings of `only` (NULL: those that no slip stands for) are slips. */
static int judge(struct stage *stage, struct say *say, const struct paper *paper,
		 const struct slip *only)
{
	const struct audit *audit = stage->oracle->audit;
	const struct paper *next = paper->twin;
	struct place *place = next ? next->place : paper->place;
	const struct step_version *from = only ? &only->accepted : &paper->version;
	const struct audit_thread thread = {audit->repository, NULL, audit->scratch, audit->error};
	struct verdict *verdict = step_judge(audit, &thread, place, from,
					     next ? &next->version : NULL, stage->day);

	if (!verdict)
		return -1;
	g_ptr_array_add(stage->oracle->verdicts, verdict);
	for (size_t i = 0; i < verdict->finding_count; i++) {
		const struct check_finding *found = &verdict->findings[i];
		struct slip slip = {.found = found,
				    .accepted = *from,
				    .document = next ? next->version.document : SLIP_GONE};

		slip.is_also = only && only->is_also;

		if (!found->step)
			continue;
		if (only ? !slip_goes_on(only, found) : has_slip_for(say, paper, found->step))
			continue;
		if (!next) {
			slip.last = paper->version;
			slip.key = paper->key;
		}
		if (!only || !is_put(say, place, &slip))
			put(say, place, &slip);
	}
	return 0;
}

/* Is there an earlier slip of the document about the same node of the same version? */
static bool is_again(const struct say *say, const struct paper *paper, guint number)
{
	const struct slip *slip = &slip_at(say->run->slips, number)->slip;

	for (guint i = 0; i < number; i++) {
		const struct oracle_slip *other = slip_at(say->run->slips, i);

		if (is_paper_of(other, paper) &&
		    other->slip.found->step->rule == slip->found->step->rule &&
		    step_version_equal(&other->slip.accepted, &slip->accepted) &&
		    !strcmp(other->slip.found->step->old_pointer, slip->found->step->old_pointer))
			return true;
	}
	return false;
}

/* Is the node what one of several parents accepted, from whom a merge has slips? 1, 0, -1. */
static int is_one_of_several(struct stage *stage, const struct say *say, const struct paper *paper,
			     guint number)
{
	const struct oracle_slip *slip = slip_at(say->run->slips, number);
	const struct step_version *now = paper->twin ? &paper->twin->version : NULL;
	int several = 0, result = 0;

	for (guint i = 0; result >= 0 && i < say->run->slips->len; i++) {
		const struct oracle_slip *other = slip_at(say->run->slips, i);

		if (!is_paper_of(other, paper) || !slip_same(&other->slip, &slip->slip))
			continue;
		int restored = slip_is_restored(stage->run->reign, &other->slip, now);

		several++;
		result = restored < 0 ? -1 : result | restored;
	}
	return result < 0 ? -1 : several > 1 && result;
}

static int judge_paper(struct stage *stage, struct say *say, const struct paper *paper)
{
	if (!(paper->gone && !paper->twin) && judge(stage, say, paper, NULL))
		return -1;
	for (guint i = 0; i < say->run->slips->len; i++) {
		const struct oracle_slip *slip = slip_at(say->run->slips, i);

		if (!is_paper_of(slip, paper))
			continue;
		if (paper->gone && !paper->twin)
			put(say, slip->place, &slip->slip);
		else if (!is_again(say, paper, i)) {
			int restored = is_one_of_several(stage, say, paper, i);

			if (restored < 0 || (!restored && judge(stage, say, paper, &slip->slip)))
				return -1;
		}
	}
	return 0;
}

static int hear(struct stage *stage, struct say *say)
{
	list_changed(say, stage->run);
	match(say);
	for (guint i = 0; i < say->run->slips->len; i++) {
		const struct oracle_slip *slip = slip_at(say->run->slips, i);
		const struct file *now = oracle_file(stage->run, slip->place);

		if (slip->slip.document != SLIP_GONE && now && !now->hidden &&
		    same_file(oracle_file(say->run, slip->place), now))
			put(say, slip->place, &slip->slip);
	}
	for (guint i = 0; i < say->old->len; i++)
		if (judge_paper(stage, say, paper_at(say->old, i)))
			return -1;
	return 0;
}

/* --- merges: which parents count */

/* The document of a state that another one is known by: best fit first. */
static bool find_paper(const struct run *run, const struct paper *wanted, struct paper *out)
{
	GArray *papers = g_array_new(FALSE, FALSE, sizeof(struct paper));
	bool found = false;

	for (guint i = 0; i < run->files->len; i++)
		list_papers(papers, &g_array_index(run->files, struct file, i));
	g_array_sort(papers, paper_compare);
	for (int round = 0; !found && round < ROUNDS; round++)
		for (guint i = 0; !found && i < papers->len; i++) {
			found = fits(paper_at(papers, i), wanted, round);
			*out = *paper_at(papers, i);
		}
	g_array_free(papers, TRUE);
	return found;
}

static int twin_in(char **out, const struct stage *stage, const struct slip *slip,
		   const struct run *run, const struct paper *wanted)
{
	struct paper paper;
	bool found = find_paper(run, wanted, &paper);

	return step_twin(out, stage->run->reign, slip, found ? &paper.version : NULL);
}

/* Has the node another text at a merge base of two parents? Without a base: was it not there? */
static int differs_at_base(const struct stage *stage, const struct slip *slip,
			   const struct paper *wanted, uint32_t i, uint32_t j, const char *text)
{
	const struct oracle *oracle = stage->oracle;
	size_t count = oracle->audit->history.count;
	bool *ours = g_new0(bool, count), *theirs = g_new0(bool, count);
	bool has_base = false;
	int differs = 0;

	oracle_reach(oracle, stage->says[i].commit, ours);
	oracle_reach(oracle, stage->says[j].commit, theirs);
	for (uint32_t n = 0; differs == 0 && n < count; n++) {
		char *before;

		if (!ours[n] || !theirs[n] || oracle_is_behind(oracle, n, ours, theirs))
			continue;
		has_base = true;
		differs = twin_in(&before, stage, slip, &oracle->runs[n], wanted);
		if (!differs)
			differs = g_strcmp0(before, text) != 0;
		g_free(before);
	}
	g_free(ours);
	g_free(theirs);
	return has_base ? differs : text != NULL;
}

static bool says_it_too(const struct say *say, const struct oracle_slip *slip)
{
	for (guint i = 0; i < say->slips->len; i++)
		if (slip_at(say->slips, i)->place == slip->place &&
		    slip_same(&slip_at(say->slips, i)->slip, &slip->slip))
			return true;
	return false;
}

/* Is a parent passed over for this node? 1, 0, -1. */
static int is_passed_over(const struct stage *stage, uint32_t j, const struct oracle_slip *item)
{
	const struct slip *slip = &item->slip;
	const struct file *file = oracle_file(stage->run, item->place);
	bool is_gone = slip->document == SLIP_GONE;
	struct paper wanted = {.place = item->place,
			       .key = is_gone ? slip->key
					      : file->verdict->documents[slip->document].key};
	char *now = NULL, *own = NULL, *other = NULL;
	int result;

	wanted.version.document = is_gone ? slip->last.document : slip->document;
	wanted.version.entry = item->place->entry;
	if (!is_gone)
		wanted.version.blob = file->blob;
	result = step_twin(&now, stage->run->reign, slip, is_gone ? NULL : &wanted.version);
	if (!result)
		result = twin_in(&own, stage, slip, stage->says[j].run, &wanted);
	for (uint32_t i = 0; result == 0 && i < stage->count; i++) {
		if (i == j || (!g_strcmp0(own, now) && says_it_too(&stage->says[i], item)))
			continue;
		result = twin_in(&other, stage, slip, stage->says[i].run, &wanted);
		if (!result && !g_strcmp0(other, now))
			result = differs_at_base(stage, slip, &wanted, i, j, now);
		g_free(other);
	}
	g_free(now);
	g_free(own);
	return result;
}

static int pass_over(struct stage *stage)
{
	for (uint32_t j = 0; stage->count > 1 && j < stage->count; j++)
		for (guint i = 0; i < stage->says[j].slips->len; i++) {
			int passed = is_passed_over(stage, j, slip_at(stage->says[j].slips, i));

			if (passed < 0)
				return -1;
			g_array_index(stage->says[j].counts, bool, i) = !passed;
		}
	return 0;
}

/* --- put together */

static bool is_said_before(const struct stage *stage, uint32_t j, struct oracle_slip *item)
{
	for (uint32_t i = 0; i < j; i++)
		for (guint n = 0; n < stage->says[i].slips->len; n++) {
			const struct oracle_slip *other = slip_at(stage->says[i].slips, n);

			if (!g_array_index(stage->says[i].counts, bool, n) ||
			    other->place != item->place || !slip_same(&other->slip, &item->slip))
				continue;
			if (step_version_equal(&other->slip.accepted, &item->slip.accepted) &&
			    !strcmp(other->slip.found->step->old_pointer,
				    item->slip.found->step->old_pointer))
				return true;
			item->slip.is_also = true;
		}
	return false;
}

/* A slip whose first one of the node is gone is the first. */
static void set_first(GArray *slips)
{
	for (guint i = 0; i < slips->len; i++) {
		struct oracle_slip *item = &g_array_index(slips, struct oracle_slip, i);
		bool has_first = false;

		for (guint n = 0; n < i; n++)
			has_first |= slip_at(slips, n)->place == item->place &&
				     slip_same(&slip_at(slips, n)->slip, &item->slip);
		item->slip.is_also &= has_first;
	}
}

static void put_together(struct stage *stage)
{
	for (uint32_t j = 0; j < stage->count; j++)
		for (guint i = 0; i < stage->says[j].slips->len; i++) {
			struct oracle_slip item = *slip_at(stage->says[j].slips, i);

			if (g_array_index(stage->says[j].counts, bool, i) &&
			    !is_said_before(stage, j, &item))
				g_array_append_val(stage->run->slips, item);
		}
	set_first(stage->run->slips);
	/* a file that cannot be read keeps what the parent had that it is known from */
	for (guint f = 0; f < stage->run->files->len; f++) {
		const struct file *file = &g_array_index(stage->run->files, struct file, f);
		const GArray *slips = file->hidden && file->has_shadow
					      ? stage->says[file->shadow_parent].run->slips
					      : NULL;

		for (guint i = 0; slips && i < slips->len; i++)
			if (slip_at(slips, i)->place == file->place)
				g_array_append_vals(stage->run->slips, slip_at(slips, i), 1);
	}
}

/* --- another law */

/* A slip as another law has it: judged from its accepted version by the rule of the same name. */
static int translate(struct oracle *oracle, struct run *run, const struct oracle_slip *item,
		     int32_t day)
{
	const struct audit *audit = oracle->audit;
	const struct audit_thread thread = {audit->repository, NULL, audit->scratch, audit->error};
	struct place *place = audit_place_under(run->reign, item->place);
	struct slip slip = item->slip;
	const struct file *file = place ? oracle_file(run, place) : NULL;
	struct step_version next = {.document = slip.document};
	bool is_gone = slip.document == SLIP_GONE;
	struct verdict *verdict;

	if (!place)
		return 0;
	next.entry = slip.accepted.entry = place->entry;
	if (is_gone) {
		verdict = oracle_judge(oracle, place, &slip.last.blob, day);
		if (!verdict)
			return -1;
		slip.last.entry = place->entry;
		slip.key = slip.last.document < verdict->document_count
				   ? verdict->documents[slip.last.document].key
				   : NULL;
	} else {
		next.blob = file->hidden ? file->shadow_blob : file->blob;
	}
	verdict = step_judge(audit, &thread, place, &slip.accepted, is_gone ? NULL : &next, day);
	if (!verdict)
		return -1;
	g_ptr_array_add(oracle->verdicts, verdict);
	for (size_t i = 0; i < verdict->finding_count; i++) {
		struct oracle_slip out = {place, slip};

		out.slip.found = &verdict->findings[i];
		if (slip_is_about(out.slip.found, item->slip.found))
			g_array_append_val(run->slips, out);
	}
	return 0;
}

int oracle_translate(struct oracle *oracle, struct run *run, const struct run *own, int32_t day)
{
	for (guint i = 0; i < own->slips->len; i++) {
		const struct oracle_slip *item = slip_at(own->slips, i);
		bool is_again = false;

		for (guint n = 0; !is_again && n < i; n++) {
			const struct slip pair[2] = {slip_at(own->slips, n)->slip, item->slip};

			is_again = slip_at(own->slips, n)->place == item->place &&
				   slip_is_again(pair, 1);
		}
		if (!is_again && translate(oracle, run, item, day))
			return -1;
	}
	set_first(run->slips);
	return 0;
}

int oracle_steps(struct oracle *oracle, struct run *run, uint32_t number, int32_t day)
{
	const struct history_commit *commit = &oracle->audit->history.commits[number];
	struct stage stage = {oracle, run, day, commit->parent_count,
			      g_new0(struct say, commit->parent_count + 1)};
	int result = 0;

	for (uint32_t j = 0; j < stage.count; j++)
		stage.says[j] = (struct say){
			.run = oracle_parent(oracle, j),
			.commit = commit->parents[j],
			.old = g_array_new(FALSE, FALSE, sizeof(struct paper)),
			.new = g_array_new(FALSE, FALSE, sizeof(struct paper)),
			.slips = g_array_new(FALSE, FALSE, sizeof(struct oracle_slip)),
			.counts = g_array_new(FALSE, FALSE, sizeof(bool)),
		};
	for (uint32_t j = 0; !result && j < stage.count; j++)
		result = hear(&stage, &stage.says[j]);
	if (!result)
		result = pass_over(&stage);
	if (!result)
		put_together(&stage);
	for (uint32_t j = 0; j < stage.count; j++) {
		g_array_free(stage.says[j].old, TRUE);
		g_array_free(stage.says[j].new, TRUE);
		g_array_free(stage.says[j].slips, TRUE);
		g_array_free(stage.says[j].counts, TRUE);
	}
	g_free(stage.says);
	return result;
}
