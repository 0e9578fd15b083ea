/*
 * Rules meet schemas: every expression of every rule is compiled for each `documents` entry whose
 * kind it names (DESIGN.md section 5, Types).
 *
 * The names that each may use are declared in names.c; what each check takes stands in operands.c.
 *
 * Must not: evaluate anything but literals, or know how checks are run.
 */
#include "ruleset/compile.h"

#include "source/message.h"

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

bool compile_operand(struct compiler *compiler, enum rule_operand operand,
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

/* --- kinds */

/* The slot of a kind in the index: behind those of the rules. */
int compile_kind_slot(const struct compiler *compiler, struct slice kind)
{
	const GPtrArray *entries = compiler->loader->entries;

	for (guint i = 0; i < entries->len; i++) {
		const struct document_entry *entry = entries->pdata[i];

		if (slice_equal(slice_of(entry->kind), kind))
			return (int)(compiler->loader->rules->len + i);
	}
	return -1;
}

void compile_unknown_kind(struct compiler *compiler, const struct doc_node *node)
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
	for (unsigned slot = 0; slot < RULE_SLOTS_MAX; slot++)
		if (cel_program_reads_slot(expression->program, slot))
			instance->reads_slots |= (uint64_t)1 << slot;
}

static uint64_t slot_bit(int slot)
{
	return slot >= 0 ? (uint64_t)1 << slot : 0;
}

/* The variables of the document are there, and every visit sets those of its node. */
static uint64_t foreign_slots(const struct rule_instance *instance)
{
	static const enum rule_variable of_document[] = {VARIABLE_DOCUMENT, VARIABLE_FILE,
							 VARIABLE_AS_OF};
	const struct rule_visit *visit = &instance->visit;
	uint64_t set = slot_bit(visit->this_slot) | slot_bit(visit->parent_slot) |
		       slot_bit(visit->name_slot);

	for (size_t i = 0; i < G_N_ELEMENTS(of_document); i++)
		set |= slot_bit(instance->slots[of_document[i]]);
	for (size_t i = 0; i < instance->let_count; i++)
		set |= slot_bit((int)instance->lets[i].slot);
	if (instance->has_each)
		set |= slot_bit((int)instance->each.slot);
	return instance->reads_slots & ~set;
}

static int8_t slot_read(const struct rule_instance *instance, enum rule_variable variable)
{
	int slot = instance->slots[variable];

	return slot >= 0 && instance->reads_slots >> slot & 1 ? (int8_t)slot : -1;
}

_Static_assert(OPERAND_COUNT <= 16, "a bit for each operand");

void rule_visit_fill(struct rule_instance *instance)
{
	struct rule_visit *visit = &instance->visit;

	*visit = (struct rule_visit){
		.this_type = instance->types[VARIABLE_THIS],
		.parent_type = instance->types[VARIABLE_PARENT],
		.this_slot = slot_read(instance, VARIABLE_THIS),
		.parent_slot = slot_read(instance, VARIABLE_PARENT),
		.name_slot = instance->reads_name ? slot_read(instance, VARIABLE_NAME) : -1,
		.check = (uint8_t)instance->rule->check,
		.slot_count = (uint8_t)instance->slot_count,
		.has_lets = instance->let_count,
		.has_each = instance->has_each,
		.reads_file = instance->reads_file,
		.slot = instance->rule->slot,
		.reads = instance->reads,
		.vocabulary = instance->vocabulary,
	};
	for (unsigned i = 0; i < OPERAND_COUNT; i++)
		if (instance->operands[i].program)
			visit->operands |= (uint16_t)(1u << i);
	visit->foreign = foreign_slots(instance);
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
	rule_visit_fill(instance);
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
	bool good = compile_check(compiler);

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
		if (compile_kind_slot(compiler, doc_text(n)) < 0)
			compile_unknown_kind(compiler, n);
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
	share_begin(compiler);
	for (guint i = 0; i < compiler->loader->rules->len; i++) {
		const struct rule *rule = compiler->loader->rules->pdata[i];
		const struct rule_instance *instance = rule_wants(rule, entry->kind)
							       ? compile_rule(compiler, rule)
							       : NULL;

		if (!instance || rule->severity == SEVERITY_OFF)
			continue;
		g_ptr_array_add(instances, (gpointer)instance);
		share_rule(compiler, instance);
	}
	copy = arena_array(compiler->arena, instances->len, sizeof(*copy));
	if (instances->len)
		memcpy(copy, instances->pdata, instances->len * sizeof(*copy));
	entry->rules = copy;
	entry->rule_count = instances->len;
	programs->kind_slot = (uint32_t)compile_kind_slot(compiler, slice_of(entry->kind));
	programs->document_type = shape_type(compiler->shapes, compiler->root);
	programs->root = compiler->root;
	programs->document_slot = names_slot(compiler->entry_env, VARIABLE_DOCUMENT);
	programs->file_slot = names_slot(compiler->entry_env, VARIABLE_FILE);
	programs->as_of_slot = names_slot(compiler->entry_env, VARIABLE_AS_OF);
	share_end(compiler, programs);
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

	compiler.shapes = shapes_new(loader->arena, types, loader->store->symbols);
	for (guint i = 0; i < loader->rules->len; i++)
		check_kinds(&compiler, loader->rules->pdata[i]);
	for (guint i = 0; i < loader->entries->len; i++)
		compile_entry(&compiler, loader->entries->pdata[i]);
	reads_finish(loader);
	shapes_free(compiler.shapes);
	g_hash_table_destroy(compiler.said);
}

void compile_release(struct ruleset_store *store)
{
	for (guint i = 0; i < store->paths->len; i++)
		given_free(store->paths->pdata[i]);
}
