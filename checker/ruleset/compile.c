/*
 * Rules meet schemas: every expression of every rule is compiled for each `documents` entry whose
 * kind it names (DESIGN.md section 5, Types).
 *
 * The names that each may use are declared in names.c.
 *
 * Must not: evaluate anything but literals, or know how checks are run.
 */
#include "ruleset/compile.h"

#include <string.h>

/* --- faults */

void compile_fault(struct compiler *compiler, const struct document *document, struct span span,
		   struct phrase message, const struct phrase *label, const struct phrase *hint)
{
	bool is_rule = compiler->rule != NULL;
	char *key = g_strdup_printf("%p:%u:%d", (const void *)document, span.start,
				    (int)message.message);
	struct finding finding = {
		.code = is_rule ? FINDING_RULE_FILE : FINDING_CONFIGURATION,
		.rule = finding_id(is_rule ? FINDING_RULE_FILE : FINDING_CONFIGURATION),
		.severity = SEVERITY_ERROR,
		.message = message,
		.source = document ? document->source : NULL,
		.span = span,
	};

	compiler->good = false;
	if (label)
		finding.label = *label;
	if (hint)
		finding.hint = *hint;
	if (!g_hash_table_add(compiler->said, key))
		return;
	compiler->loader->store->public.faults++;
	finding_emit(compiler->loader->sink, &finding);
}

void compile_fault_at(struct compiler *compiler, const struct doc_node *node, struct phrase message)
{
	compile_fault(compiler, compiler->rule->document, node->span, message, NULL, NULL);
}

/* --- expressions */

static void report_faults(struct compiler *compiler, const struct document *document,
			  const struct doc_node *node, size_t offset,
			  const struct cel_faults *faults)
{
	enum message advice = mangled_expression(document, node);

	for (size_t i = 0; i < faults->count; i++) {
		const struct cel_fault *fault = &faults->faults[i];
		struct span span = {
			doc_text_offset(document, node, (uint32_t)offset + fault->span.start),
			doc_text_offset(document, node, (uint32_t)offset + fault->span.end),
		};
		struct phrase hint = fault->hint;

		if (advice != MESSAGE_NONE && phrase_is_empty(&hint))
			hint = phrase_make(compiler->arena, advice, 0);
		compile_fault(compiler, document, span, fault->message, &fault->label, &hint);
	}
}

bool compile_expression(struct compiler *compiler, struct rule_expression *out, struct cel_env *env,
			const struct document *document, const struct doc_node *node, size_t offset,
			size_t len, const struct cel_options *options)
{
	struct slice text = doc_text(node);
	struct cel_faults faults = {0};

	*out = (struct rule_expression){
		.document = document, .node = node, .offset = offset, .env = env};
	if (node->type == DOC_NULL || node->type == DOC_ARRAY || node->type == DOC_OBJECT) {
		enum message advice = mangled_expression(document, node);
		struct phrase hint = phrase_make(compiler->arena, advice, 0);

		compile_fault(
			compiler, document, node->span,
			phrase_make(compiler->arena, MESSAGE_NO_EXPRESSION, 1, doc_key_text(node)),
			NULL, advice == MESSAGE_NONE ? NULL : &hint);
		return false;
	}
	text.data += offset;
	text.len = MIN(text.len - offset, len);
	out->program = cel_compile(env, text, options, compiler->arena, &faults);
	if (!out->program)
		report_faults(compiler, document, node, offset, &faults);
	return out->program;
}

static bool compile_operand(struct compiler *compiler, enum rule_operand operand,
			    const struct doc_node *node, struct cel_env *env, enum cel_mode mode,
			    const struct cel_type *want)
{
	const struct cel_program *when = compiler->instance->operands[OPERAND_WHEN].program;
	struct cel_options options = {
		.mode = mode, .want = want, .assume = &when, .assume_count = when ? 1 : 0};

	return !node || compile_expression(compiler, &compiler->instance->operands[operand], env,
					   compiler->rule->document, node, 0, SIZE_MAX, &options);
}

const struct doc_node *compile_rule_key(const struct compiler *compiler, const char *key)
{
	return doc_get(compiler->rule->node, key);
}

/* --- what an operand's type must be */

const struct cel_type *compile_bare_type(const struct cel_type *type)
{
	while (type->kind == CEL_T_NULLABLE || type->kind == CEL_T_OPTIONAL)
		type = type->params[0];
	return type;
}

static bool is_date_like(const struct cel_type *type)
{
	enum cel_type_kind kind = compile_bare_type(type)->kind;

	return kind == CEL_T_DATE || kind == CEL_T_DAY || kind == CEL_T_DYN || kind == CEL_T_NULL;
}

static bool is_key_like(const struct cel_type *type)
{
	type = compile_bare_type(type);
	switch (type->kind) {
	case CEL_T_LIST: /* a key of several parts, or several references */
		return !type->param_count || is_key_like(type->params[0]);
	case CEL_T_DYN:
	case CEL_T_BOOL:
	case CEL_T_INT:
	case CEL_T_UINT:
	case CEL_T_DOUBLE:
	case CEL_T_STRING:
	case CEL_T_DATE:
	case CEL_T_DAY:
	case CEL_T_NULL:
		return true;
	default:
		return false;
	}
}

static bool is_list_like(const struct cel_type *type)
{
	enum cel_type_kind kind = compile_bare_type(type)->kind;

	return kind == CEL_T_LIST || kind == CEL_T_DYN;
}

static bool want_type(struct compiler *compiler, const struct rule_expression *expression,
		      bool (*fits)(const struct cel_type *type), const char *wanted)
{
	const struct cel_type *type;
	GString *name;

	if (!expression->program)
		return true;
	type = cel_program_type(expression->program);
	if (fits(type))
		return true;
	name = g_string_new(NULL);
	cel_type_append(name, type);
	compile_fault_at(compiler, expression->node,
			 phrase_make(compiler->arena, MESSAGE_OPERAND_TYPE, 2, slice_of(wanted),
				     slice_of(name->str)));
	g_string_free(name, TRUE);
	return false;
}

bool compile_wants_list(struct compiler *compiler, const struct rule_expression *expression)
{
	return want_type(compiler, expression, is_list_like, "a list");
}

/* --- the operands of each check */

static const struct rule_expression *operand_of(const struct compiler *compiler,
						enum rule_operand operand)
{
	return &compiler->instance->operands[operand];
}

static bool compile_assert(struct compiler *compiler)
{
	return compile_operand(compiler, OPERAND_CHECK, compile_rule_key(compiler, "assert"),
			       compiler->judge, CEL_STRICT, &cel_bool);
}

/* A path: names after a variable, nothing else, so that the missing step can be named. */
static bool is_path(const struct cel_program *program)
{
	size_t count;
	const struct cel_read *reads = cel_program_reads(program, &count);
	struct slice text = cel_program_text(program);

	if (count != 1 || !reads[0].step_count)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (!g_ascii_isalnum(text.data[i]) && !strchr("_.?`- \n", text.data[i]))
			return false;
	for (size_t i = 0; i < reads[0].step_count; i++)
		if (!reads[0].steps[i].data)
			return false;
	return true;
}

static bool compile_present(struct compiler *compiler)
{
	const struct doc_node *node = compile_rule_key(compiler, "present");

	if (!compile_operand(compiler, OPERAND_CHECK, node, compiler->judge, CEL_LENIENT, NULL))
		return false;
	if (is_path(operand_of(compiler, OPERAND_CHECK)->program))
		return true;
	compile_fault_at(compiler, node, phrase_make(compiler->arena, MESSAGE_PRESENT_PATH, 0));
	return false;
}

static bool compile_includes(struct compiler *compiler)
{
	return compile_operand(compiler, OPERAND_CHECK, compile_rule_key(compiler, "includes"),
			       compiler->judge, CEL_LENIENT, NULL) &&
	       compile_operand(compiler, OPERAND_IN, compile_rule_key(compiler, "in"),
			       compiler->judge, CEL_LENIENT, NULL) &&
	       compile_wants_list(compiler, operand_of(compiler, OPERAND_CHECK)) &&
	       compile_wants_list(compiler, operand_of(compiler, OPERAND_IN));
}

static bool find_vocabulary(struct compiler *compiler, const struct doc_node *node)
{
	const GPtrArray *list = compiler->loader->vocabularies;
	struct slice *names = arena_array(compiler->arena, list->len, sizeof(*names));

	for (guint i = 0; i < list->len; i++) {
		struct rule_vocabulary *vocabulary = list->pdata[i];

		names[i] = vocabulary->name;
		if (slice_equal(vocabulary->name, doc_text(node)))
			compiler->instance->vocabulary = vocabulary;
	}
	if (compiler->instance->vocabulary)
		return true;
	compiler->good = false;
	load_unknown(compiler->loader, FINDING_RULE_FILE, compiler->rule->document, node,
		     phrase_make(compiler->arena, MESSAGE_UNKNOWN_VOCABULARY, 1, doc_text(node)),
		     names, list->len);
	return false;
}

static bool compile_one_of(struct compiler *compiler)
{
	const struct doc_node *node = compile_rule_key(compiler, "one-of");
	struct cel_value *literals;
	size_t i = 0;

	if (!compile_operand(compiler, OPERAND_ON, compile_rule_key(compiler, "on"),
			     compiler->judge, CEL_LENIENT, NULL) ||
	    !want_type(compiler, operand_of(compiler, OPERAND_ON), is_date_like, "a date"))
		return false;
	if (node->type == DOC_STRING)
		return find_vocabulary(compiler, node);
	literals = arena_array(compiler->arena, node->count, sizeof(*literals));
	for (const struct doc_node *item = doc_first(node); item; item = doc_next(item))
		literals[i++] = cel_of_node(item, NULL);
	compiler->instance->literals = literals;
	compiler->instance->literal_count = i;
	return true;
}

static bool compile_order(struct compiler *compiler)
{
	const struct doc_node *node = compile_rule_key(compiler, "order");
	const struct cel_program *when = operand_of(compiler, OPERAND_WHEN)->program;
	struct cel_options options = {
		.mode = CEL_LENIENT, .assume = &when, .assume_count = when ? 1 : 0};
	struct rule_expression *dates = arena_array(compiler->arena, node->count, sizeof(*dates));
	size_t i = 0;
	bool good = true;

	for (const struct doc_node *item = doc_first(node); item; item = doc_next(item), i++)
		good &= compile_expression(compiler, &dates[i], compiler->judge,
					   compiler->rule->document, item, 0, SIZE_MAX, &options) &&
			want_type(compiler, &dates[i], is_date_like, "a date");
	compiler->instance->order = dates;
	compiler->instance->order_count = i;
	return good;
}

static bool compile_key(struct compiler *compiler)
{
	return compile_operand(compiler, OPERAND_CHECK,
			       compile_rule_key(compiler, rule_check_name(compiler->rule->check)),
			       compiler->base, CEL_LENIENT, NULL) &&
	       want_type(compiler, operand_of(compiler, OPERAND_CHECK), is_key_like, "a key");
}

static bool compile_by(struct compiler *compiler)
{
	return compile_operand(compiler, OPERAND_BY, compile_rule_key(compiler, "by"),
			       compiler->base, CEL_LENIENT, NULL) &&
	       want_type(compiler, operand_of(compiler, OPERAND_BY), is_key_like, "a key");
}

static bool compile_judgement(struct compiler *compiler)
{
	return compile_operand(compiler, OPERAND_ASSERT, compile_rule_key(compiler, "assert"),
			       compiler->judge, CEL_STRICT, &cel_bool);
}

/* The slot of a kind in the index: behind those of the rules. */
static int kind_slot(const struct compiler *compiler, struct slice kind)
{
	const GPtrArray *entries = compiler->loader->entries;

	for (guint i = 0; i < entries->len; i++) {
		const struct document_entry *entry = entries->pdata[i];

		if (slice_equal(slice_of(entry->kind), kind))
			return (int)(compiler->loader->rules->len + i);
	}
	return -1;
}

static void unknown_kind(struct compiler *compiler, const struct doc_node *node)
{
	const GPtrArray *entries = compiler->loader->entries;
	struct slice *names = arena_array(compiler->arena, entries->len, sizeof(*names));

	for (guint i = 0; i < entries->len; i++)
		names[i] = slice_of(((struct document_entry *)entries->pdata[i])->kind);
	compiler->good = false;
	load_unknown(compiler->loader, FINDING_RULE_FILE, compiler->rule->document, node,
		     phrase_make(compiler->arena, MESSAGE_UNKNOWN_KIND, 1, doc_text(node)), names,
		     entries->len);
}

static bool compile_reference(struct compiler *compiler)
{
	const struct doc_node *node = compile_rule_key(compiler, "reference");
	int slot = kind_slot(compiler, doc_text(node));

	if (slot < 0) {
		unknown_kind(compiler, node);
		return false;
	}
	compiler->instance->kind_slot = (uint32_t)slot;
	return compile_by(compiler) && compile_judgement(compiler);
}

static bool compile_disjoint(struct compiler *compiler)
{
	const struct doc_node *node = compile_rule_key(compiler, "disjoint");

	return compile_operand(compiler, OPERAND_START, doc_item(node, 0), compiler->base,
			       CEL_LENIENT, NULL) &&
	       compile_operand(compiler, OPERAND_END, doc_item(node, 1), compiler->base,
			       CEL_LENIENT, NULL) &&
	       want_type(compiler, operand_of(compiler, OPERAND_START), is_date_like, "a date") &&
	       want_type(compiler, operand_of(compiler, OPERAND_END), is_date_like, "a date") &&
	       compile_by(compiler);
}

static bool find_table(struct compiler *compiler, const struct doc_node *node)
{
	const GPtrArray *list = compiler->loader->tables;
	struct slice *names = arena_array(compiler->arena, list->len, sizeof(*names));

	for (guint i = 0; i < list->len; i++) {
		struct rule_table *table = list->pdata[i];

		names[i] = table->name;
		if (slice_equal(table->name, doc_text(node)))
			compiler->instance->table = table;
	}
	if (compiler->instance->table)
		return true;
	compiler->good = false;
	load_unknown(compiler->loader, FINDING_RULE_FILE, compiler->rule->document, node,
		     phrase_make(compiler->arena, MESSAGE_UNKNOWN_TABLE, 1, doc_text(node)), names,
		     list->len);
	return false;
}

static bool compile_group_by(struct compiler *compiler)
{
	const struct doc_node *over = compile_rule_key(compiler, "over");

	return (!over || find_table(compiler, over)) && compile_key(compiler) &&
	       compile_judgement(compiler);
}

/* `on: change`, as it is without, or `on: delete`. */
static bool compile_transition(struct compiler *compiler)
{
	const struct doc_node *on = compile_rule_key(compiler, "on");

	compiler->instance->on_delete = slice_equal(doc_text(on), SLICE("delete"));
	if (on && !compiler->instance->on_delete && !slice_equal(doc_text(on), SLICE("change"))) {
		compile_fault_at(compiler, on,
				 phrase_make(compiler->arena, MESSAGE_TRANSITION_ON, 0));
		return false;
	}
	return compile_operand(compiler, OPERAND_CHECK, compile_rule_key(compiler, "transition"),
			       compiler->judge, CEL_STRICT, &cel_bool);
}

static bool compile_lexical(struct compiler *compiler)
{
	const struct doc_node *node = compile_rule_key(compiler, "lexical");
	const char *nearest = NULL;
	struct phrase hint;

	compiler->instance->lexical = lexical_find(doc_text(node), &nearest);
	if (compiler->instance->lexical != LEXICAL_COUNT)
		return true;
	hint = phrase_make(compiler->arena, MESSAGE_DID_YOU_MEAN, 1, slice_of(nearest));
	compile_fault(compiler, compiler->rule->document, node->span,
		      phrase_make(compiler->arena, MESSAGE_UNKNOWN_LEXICAL, 1, doc_text(node)),
		      NULL, nearest ? &hint : NULL);
	return false;
}

/* There is no document to select from or to point into. */
static bool compile_commit(struct compiler *compiler)
{
	static const char *const others[] = {"given", "at", "for-each"};

	for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
		const struct doc_node *node = compile_rule_key(compiler, others[i]);

		if (!node)
			continue;
		compile_fault(
			compiler, compiler->rule->document, node->key->span,
			phrase_make(compiler->arena, MESSAGE_COMMIT_HAS_NO, 1, doc_key_text(node)),
			NULL, NULL);
		return false;
	}
	return compile_operand(compiler, OPERAND_CHECK, compile_rule_key(compiler, "commit"),
			       compiler->judge, CEL_STRICT, &cel_bool);
}

static bool (*const compile_check[])(struct compiler *compiler) = {
	[RULE_ASSERT] = compile_assert,         [RULE_PRESENT] = compile_present,
	[RULE_INCLUDES] = compile_includes,     [RULE_ONE_OF] = compile_one_of,
	[RULE_ORDER] = compile_order,           [RULE_UNIQUE] = compile_key,
	[RULE_REFERENCE] = compile_reference,   [RULE_ACYCLIC] = compile_key,
	[RULE_DISJOINT] = compile_disjoint,     [RULE_GROUP_BY] = compile_group_by,
	[RULE_TRANSITION] = compile_transition, [RULE_COMMIT] = compile_commit,
	[RULE_LEXICAL] = compile_lexical,
};
_Static_assert(G_N_ELEMENTS(compile_check) == RULE_CHECK_COUNT, "a compiler for every check");

/* --- a rule */

static bool rule_wants(const struct rule *rule, const char *kind)
{
	for (size_t i = 0; i < rule->kind_count; i++)
		if (!strcmp(rule->kinds[i], kind))
			return true;
	return !rule->kind_count;
}

static const struct doc_node *message_of(const struct rule *rule)
{
	const struct doc_node *message = doc_get(rule->node, "message");

	return message ? message : doc_get(rule->node, "title");
}

static bool compile_outcome(struct compiler *compiler)
{
	const struct doc_node *at = compile_rule_key(compiler, "at");
	const struct doc_node *message = message_of(compiler->rule);

	if (!message) {
		compile_fault(compiler, compiler->rule->document,
			      doc_get(compiler->rule->node, "id")->span,
			      phrase_make(compiler->arena, MESSAGE_NO_WORDS, 1,
					  slice_of(compiler->rule->id)),
			      NULL, NULL);
		return false;
	}
	bool good = compile_operand(compiler, OPERAND_AT, at, compiler->outcome, CEL_LENIENT, NULL);

	return compile_words(compiler, &compiler->instance->message, message) && good;
}

static void note_program(void *context, enum rule_operand operand,
			 const struct rule_expression *expression)
{
	struct rule_instance *instance = context;

	(void)operand;
	instance->reads_as_of |= cel_program_reads_slot(expression->program,
							(unsigned)instance->slots[VARIABLE_AS_OF]);
	instance->reads_file |= cel_program_reads_slot(expression->program,
						       (unsigned)instance->slots[VARIABLE_FILE]);
	if (instance->slots[VARIABLE_CHANGES] >= 0)
		instance->reads_changes |= cel_program_reads_slot(
			expression->program, (unsigned)instance->slots[VARIABLE_CHANGES]);
	instance->reads_name |= cel_program_reads_slot(expression->program,
						       (unsigned)instance->slots[VARIABLE_NAME]);
	instance->cost = MAX(instance->cost, cel_program_cost(expression->program));
}

static void note_programs(struct compiler *compiler)
{
	struct rule_instance *instance = compiler->instance;

	rule_each_expression(instance, note_program, instance);
	instance->reads_as_of |= compiler->rule->since != DAY_OPEN_START ||
				 compiler->rule->until != DAY_OPEN_END;
	if (instance->reads_as_of)
		compiler->loader->store->public.reads_as_of = true;
	cost_check(compiler);
	reads_gather(compiler);
}

static void start_instance(struct compiler *compiler, const struct rule *rule)
{
	compiler->rule = rule;
	compiler->instance = arena_new(compiler->arena, struct rule_instance);
	compiler->instance->rule = rule;
	compiler->instance->root = compiler->root;
	compiler->instance->types[VARIABLE_DOCUMENT] = shape_type(compiler->shapes, compiler->root);
	compiler->good = true;
	for (enum rule_variable i = 0; i < VARIABLE_COUNT; i++)
		compiler->instance->slots[i] = names_slot(compiler->entry_env, i);
}

static const struct rule_instance *compile_in_env(struct compiler *compiler,
						  const struct rule *rule);

/* A rule about commits knows no document. */
static const struct rule_instance *compile_rule(struct compiler *compiler, const struct rule *rule)
{
	struct cel_env *entry_env = compiler->entry_env;
	const struct rule_instance *instance;

	if (rule->check == RULE_COMMIT)
		compiler->entry_env = compiler->commit_env;
	instance = compile_in_env(compiler, rule);
	compiler->entry_env = entry_env;
	return instance;
}

static const struct rule_instance *compile_in_env(struct compiler *compiler,
						  const struct rule *rule)
{
	start_instance(compiler, rule);
	if (!compile_given(compiler))
		return NULL;
	names_node(compiler);
	if (!names_lets(compiler) || !names_each(compiler))
		return NULL;
	if (!compile_operand(compiler, OPERAND_WHEN, compile_rule_key(compiler, "when"),
			     compiler->base, CEL_STRICT, &cel_bool))
		return NULL;
	names_judge(compiler);
	names_outcome(compiler);
	bool good = compile_check[rule->check](compiler);

	if (!compile_outcome(compiler) || !good || !reads_check_whole(compiler))
		return NULL;
	compiler->instance->slot_count = cel_env_variable_count(compiler->outcome);
	note_programs(compiler);
	return compiler->instance;
}

/* Kinds that no entry has: a slip in a rule file of one's own, nothing in a shipped one. */
static void check_kinds(struct compiler *compiler, const struct rule *rule)
{
	const struct doc_node *kinds = doc_get(rule->node, "kinds");

	compiler->rule = rule;
	if (!kinds)
		kinds = doc_get(rule->document->root, "kinds");
	for (const struct doc_node *n = doc_first(kinds); n && !rule->builtin; n = doc_next(n))
		if (kind_slot(compiler, doc_text(n)) < 0)
			unknown_kind(compiler, n);
}

/* --- an entry */

/* An expression of the entry that is built in; NULL where its schema knows no such field. */
static struct rule_expression *compile_default(struct compiler *compiler, const char *text)
{
	const struct cel_options options = {.mode = CEL_LENIENT};
	struct rule_expression *expression = arena_new(compiler->arena, struct rule_expression);
	struct cel_faults faults;

	expression->program = cel_compile(compiler->entry_env, slice_of(text), &options,
					  compiler->arena, &faults);
	return expression->program ? expression : NULL;
}

static void compile_entry_expressions(struct compiler *compiler, struct entry_source *source)
{
	struct cel_options options = {.mode = CEL_LENIENT};
	struct rule_expression *key = arena_new(compiler->arena, struct rule_expression);

	compiler->rule = NULL;
	compiler->instance = NULL;
	if (source->default_key) {
		source->entry.key = compile_default(compiler, source->default_key);
		((struct document_label *)source->entry.labels)->value = compile_default(
			compiler, source->default_label);
		return;
	}
	if (source->key && compile_expression(compiler, key, compiler->entry_env, source->document,
					      source->key, 0, SIZE_MAX, &options))
		source->entry.key = key;
	const struct doc_node *node = doc_first(source->labels);

	for (size_t i = 0; i < source->entry.label_count; i++, node = doc_next(node)) {
		struct document_label *label = (struct document_label *)&source->entry.labels[i];
		struct rule_expression *value = arena_new(compiler->arena, struct rule_expression);

		if (compile_expression(compiler, value, compiler->entry_env, source->document, node,
				       0, SIZE_MAX, &options))
			label->value = value;
	}
}

static void compile_entry(struct compiler *compiler, struct entry_source *source)
{
	struct document_entry *entry = &source->entry;
	struct entry_programs *programs = arena_new(compiler->arena, struct entry_programs);
	GPtrArray *instances = g_ptr_array_new();
	const struct rule_instance **copy;

	compiler->entry = entry;
	compiler->rule = NULL;
	compiler->instance = NULL;
	compiler->root = shape_of_schema(compiler->shapes, entry->schema);
	compiler->entry_env = names_env(compiler, NULL);
	names_declare(compiler, compiler->entry_env, VARIABLE_DOCUMENT,
		      shape_type(compiler->shapes, compiler->root));
	names_declare(compiler, compiler->entry_env, VARIABLE_FILE, &cel_string);
	names_declare(compiler, compiler->entry_env, VARIABLE_AS_OF, &cel_day);
	compile_tables(compiler, compiler->entry_env);
	names_commit(compiler);
	compile_tables(compiler, compiler->commit_env);
	compile_entry_expressions(compiler, source);
	for (guint i = 0; i < compiler->loader->rules->len; i++) {
		const struct rule *rule = compiler->loader->rules->pdata[i];
		const struct rule_instance *instance = rule_wants(rule, entry->kind)
							       ? compile_rule(compiler, rule)
							       : NULL;

		if (instance && rule->severity != SEVERITY_OFF)
			g_ptr_array_add(instances, (gpointer)instance);
	}
	copy = arena_array(compiler->arena, instances->len, sizeof(*copy));
	if (instances->len)
		memcpy(copy, instances->pdata, instances->len * sizeof(*copy));
	entry->rules = copy;
	entry->rule_count = instances->len;
	programs->kind_slot = (uint32_t)kind_slot(compiler, slice_of(entry->kind));
	programs->document_type = shape_type(compiler->shapes, compiler->root);
	programs->root = compiler->root;
	programs->document_slot = names_slot(compiler->entry_env, VARIABLE_DOCUMENT);
	entry->programs = programs;
	shapes_complete(compiler->shapes, compiler->root);
	g_ptr_array_free(instances, TRUE);
}

void compile_entries(struct loader *loader)
{
	struct compiler compiler = {
		.loader = loader,
		.arena = loader->arena,
		.said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
	};
	struct cel_env *types = names_env(&compiler,
					  NULL); /* where object types get their symbols */

	compiler.shapes = shapes_new(loader->arena, types);
	for (guint i = 0; i < loader->rules->len; i++)
		check_kinds(&compiler, loader->rules->pdata[i]);
	for (guint i = 0; i < loader->entries->len; i++)
		compile_entry(&compiler, loader->entries->pdata[i]);
	reads_join_targets(loader);
	shapes_free(compiler.shapes);
	g_hash_table_destroy(compiler.said);
}

void compile_release(struct ruleset_store *store)
{
	for (guint i = 0; i < store->paths->len; i++)
		given_free(store->paths->pdata[i]);
}
