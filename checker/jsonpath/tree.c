/*
 * Many paths over one document at once. Rules ask for the same few dozen places of every document,
 * most of which it has not; so the paths are put together into a tree by the names that they share,
 * and a document is walked down along it: what begins with a name that is not there is never looked
 * at, and every member is looked at once however many paths lead through it.
 *
 *	$.dates.agreed           steps  0 $ --.-- dates -- agreed     -> 3
 *	$.dates                             |       `-> 5
 *	$.objectives[*].text                `-- objectives -- * -- text -> 1
 *
 * The finished tree is an array of steps of 12 bytes, 5 in a cache line. The names below a step are
 * a table of places in that array, found by the symbol of a member, because members are known by
 * their symbols. Of members with the same name only the first is one (RFC 9535 2.3.1.2), which a
 * bit for each place of the table remembers: therefore a table has 64 places at most.
 *
 * Only paths of names and `*` are put in; what else there is (or what would not fit) is left to
 * jsonpath_select(). Nodes come in document order by themselves: a list that two paths go to, one
 * through `*` where the other has a name, would be out of order and is refused as well.
 */
#include "jsonpath/jsonpath.h"

#include <string.h>

enum {
	TREE_DEPTH_MAX = 32,      /* segments of a path */
	TREE_PLACES_MAX = 64,     /* of a table, as bits are in `seen` */
	TREE_NAMES_MAX = 48,      /* in a table: a search in it must come to an empty place */
	TREE_BRANCHES_MAX = 8192, /* so that all places can be numbered */
	TREE_ENDS_MAX = UINT16_MAX,
};

/* While it grows. */
struct branch {
	uint32_t symbol; /* of the name; SYMBOL_NONE: * */
	uint32_t name_count;
	struct branch *names; /* below it, the newest first */
	struct branch *next;  /* beside it */
	struct branch *any;   /* `*` below it */
	struct ending *endings;
	uint32_t ending_count;
};

struct ending {
	struct ending *next;
	uint16_t number;
};

struct step {
	uint32_t symbol;   /* of the name; SYMBOL_NONE in an empty place, and of the root and * */
	uint16_t names;    /* the table below it begins at this step; 0: no names */
	uint16_t any;      /* the step of `*` below it; 0: none */
	uint16_t ends;     /* the lists it goes to begin here */
	uint8_t end_count; /* how many these are */
	uint8_t last;      /* the number of the last place of the table */
};

struct jsonpath_tree {
	struct arena *arena;
	struct branch root;
	uint32_t branch_count;
	uint32_t ending_count;

	/* when it is finished */
	struct step *steps; /* the first is the root */
	uint16_t *ends;     /* numbers of lists */
	uint16_t step_count;
	uint16_t end_count;
};

/* --- growing */

struct jsonpath_tree *jsonpath_tree_new(struct arena *arena)
{
	struct jsonpath_tree *tree = arena_new(arena, struct jsonpath_tree);

	tree->arena = arena;
	return tree;
}

static struct branch *new_branch(struct jsonpath_tree *tree, uint32_t symbol)
{
	struct branch *branch = arena_new(tree->arena, struct branch);

	branch->symbol = symbol;
	tree->branch_count++;
	return branch;
}

/* The branch of a name, or NULL where there is no room for it. */
static struct branch *branch_of_name(struct jsonpath_tree *tree, struct branch *branch,
				     uint32_t symbol)
{
	struct branch *found = branch->names;

	while (found && found->symbol != symbol)
		found = found->next;
	if (found || branch->name_count == TREE_NAMES_MAX)
		return found;
	found = new_branch(tree, symbol);
	found->next = branch->names;
	branch->names = found;
	branch->name_count++;
	return found;
}

static bool is_any(const struct jsonpath_query *query, size_t segment)
{
	return query->segments[segment].selectors[0].kind == JSONPATH_WILDCARD;
}

/* Child segments of one name or `*` each? */
static bool is_plain(const struct jsonpath_query *query)
{
	for (size_t i = 0; i < query->count; i++) {
		const struct jsonpath_segment *segment = &query->segments[i];
		const struct jsonpath_selector *selector = &segment->selectors[0];

		if (segment->kind != JSONPATH_CHILD || segment->count != 1)
			return false;
		if (!is_any(query, i) &&
		    (selector->kind != JSONPATH_NAME || selector->symbol == SYMBOL_NONE))
			return false;
	}
	return query->count <= TREE_DEPTH_MAX;
}

/* Where a path ends; NULL where it is none for the tree. What it leaves there then harms nobody. */
static struct branch *grow(struct jsonpath_tree *tree, const struct jsonpath_query *query)
{
	struct branch *branch = &tree->root;

	if (!is_plain(query) || tree->branch_count + query->count > TREE_BRANCHES_MAX)
		return NULL;
	for (size_t i = 0; branch && i < query->count; i++) {
		if (!is_any(query, i)) {
			branch = branch_of_name(tree, branch,
						query->segments[i].selectors[0].symbol);
			continue;
		}
		if (!branch->any)
			branch->any = new_branch(tree, SYMBOL_NONE);
		branch = branch->any;
	}
	return branch;
}

/* Does one go through `*` where the other, the same until then, has a name? */
static bool part_at_any(const struct jsonpath_query *a, const struct jsonpath_query *b)
{
	for (size_t i = 0; i < MIN(a->count, b->count); i++) {
		if (is_any(a, i) != is_any(b, i))
			return true;
		if (!is_any(a, i) &&
		    a->segments[i].selectors[0].symbol != b->segments[i].selectors[0].symbol)
			return false;
	}
	return false;
}

static bool can_end(const struct jsonpath_tree *tree, const struct branch *branch)
{
	return branch && branch->ending_count < UINT8_MAX && tree->ending_count < TREE_ENDS_MAX;
}

static void end(struct jsonpath_tree *tree, struct branch *branch, uint16_t number)
{
	struct ending *ending;

	if (branch->endings && branch->endings->number == number)
		return;
	ending = arena_new(tree->arena, struct ending);
	*ending = (struct ending){branch->endings, number};
	branch->endings = ending;
	branch->ending_count++;
	tree->ending_count++;
}

bool jsonpath_tree_add(struct jsonpath_tree *tree, const struct jsonpath *const *paths,
		       size_t count, uint32_t number)
{
	static const struct jsonpath_query root = {0};
	struct branch *branches[JSONPATH_TREE_PATHS_MAX];
	size_t path_count = count ? count : 1;

	if (path_count > JSONPATH_TREE_PATHS_MAX || number > UINT16_MAX ||
	    tree->ending_count + path_count > TREE_ENDS_MAX)
		return false;
	for (size_t i = 0; i < path_count; i++) {
		const struct jsonpath_query *query = count ? &paths[i]->query : &root;

		branches[i] = grow(tree, query);
		if (!can_end(tree, branches[i]))
			return false;
		for (size_t j = 0; j < i; j++)
			if (part_at_any(query, &paths[j]->query))
				return false;
	}
	for (size_t i = 0; i < path_count; i++)
		end(tree, branches[i], (uint16_t)number);
	return true;
}

/* --- the finished tree */

/* At least half of the places are empty, or a quarter of the largest table. */
static uint32_t table_size(const struct branch *branch)
{
	uint32_t size = branch->name_count ? 2 : 0;

	while (size && size < 2 * branch->name_count && size < TREE_PLACES_MAX)
		size *= 2;
	return size;
}

/* A branch can be no deeper than TREE_DEPTH_MAX. */
static uint32_t count_steps(const struct branch *branch)
{
	uint32_t count = table_size(branch);

	for (const struct branch *at = branch->names; at; at = at->next)
		count += count_steps(at);
	return count + (branch->any ? 1 + count_steps(branch->any) : 0);
}

static void finish_step(struct jsonpath_tree *tree, struct step *step, const struct branch *branch);

static void finish_names(struct jsonpath_tree *tree, struct step *step, const struct branch *branch)
{
	struct step *table = tree->steps + tree->step_count;
	uint32_t size = table_size(branch);

	step->names = tree->step_count;
	step->last = (uint8_t)(size - 1);
	tree->step_count += (uint16_t)size;
	for (const struct branch *at = branch->names; at; at = at->next) {
		uint32_t place = at->symbol & step->last;

		while (table[place].symbol != SYMBOL_NONE)
			place = (place + 1) & step->last;
		table[place].symbol = at->symbol;
		finish_step(tree, &table[place], at);
	}
}

static void finish_step(struct jsonpath_tree *tree, struct step *step, const struct branch *branch)
{
	step->ends = tree->end_count;
	step->end_count = (uint8_t)branch->ending_count;
	for (const struct ending *at = branch->endings; at; at = at->next)
		tree->ends[tree->end_count++] = at->number;
	if (branch->any) {
		step->any = tree->step_count++;
		finish_step(tree, &tree->steps[step->any], branch->any);
	}
	if (branch->names)
		finish_names(tree, step, branch);
}

void jsonpath_tree_finish(struct jsonpath_tree *tree)
{
	tree->steps = arena_array(tree->arena, 1 + count_steps(&tree->root), sizeof(*tree->steps));
	tree->ends = arena_array(tree->arena, tree->ending_count, sizeof(*tree->ends));
	tree->step_count = 1;
	finish_step(tree, tree->steps, &tree->root);
}

/* --- walking a document */

struct walking {
	const struct jsonpath_tree *tree;
	const struct doc_node *root;
	struct jsonpath_found *found;
};

static void walk(const struct walking *walking, const struct step *step,
		 const struct doc_node *node);

static void walk_members(const struct walking *walking, const struct step *step,
			 const struct doc_node *object)
{
	const struct step *table = walking->tree->steps + step->names;
	uint64_t seen = 0;

	for (const struct doc_node *member = doc_first(object); member; member = doc_next(member)) {
		uint32_t place = member->symbol & step->last;

		while (table[place].symbol != SYMBOL_NONE && table[place].symbol != member->symbol)
			place = (place + 1) & step->last;
		if (table[place].symbol == SYMBOL_NONE || seen >> place & 1)
			continue;
		seen |= (uint64_t)1 << place;
		walk(walking, &table[place], member);
	}
}

static void walk(const struct walking *walking, const struct step *step,
		 const struct doc_node *node)
{
	const struct jsonpath_tree *tree = walking->tree;

	for (size_t i = 0; i < step->end_count; i++)
		jsonpath_found_add(walking->found, tree->ends[step->ends + i],
				   (uint32_t)(node - walking->root));
	if (step->any)
		for (const struct doc_node *child = doc_first(node); child; child = doc_next(child))
			walk(walking, &tree->steps[step->any], child);
	if (step->names && node->type == DOC_OBJECT)
		walk_members(walking, step, node);
}

/*
 * A path comes to each node once at most, and is charged one step for it, one as a child of what
 * `*` stands for, and an eighth for having it among the members passed.
 */
bool jsonpath_tree_select(const struct jsonpath_tree *tree, const struct doc_node *root,
			  struct jsonpath_found *found)
{
	const struct walking walking = {tree, root, found};

	if (!root)
		return true;
	if (root->size > JSONPATH_STEPS_MAX / 4)
		return false;
	walk(&walking, tree->steps, root);
	return true;
}

/* --- what was found */

void jsonpath_found_clear(struct jsonpath_found *found, size_t count)
{
	size_t words = (count + 63) / 64;
	size_t size = words * sizeof(*found->some) + count * sizeof(*found->lists);

	if (size > found->room) {
		found->some = g_realloc(found->some, size);
		found->room = size;
	}
	if (size)
		memset(found->some, 0, size);
	found->lists = (struct jsonpath_list *)(void *)(found->some + words);
	found->link_count = 1;
}

void jsonpath_found_grow(struct jsonpath_found *found)
{
	uint32_t room = found->link_room ? found->link_room * 2 : 64;

	if (room < found->link_room)
		g_error("jsonpath: more nodes are selected than can be numbered");
	found->links = g_realloc_n(found->links, room, sizeof(*found->links));
	found->link_room = room;
}

void jsonpath_found_release(struct jsonpath_found *found)
{
	g_free(found->some);
	g_free(found->links);
	*found = (struct jsonpath_found){0};
}
