/*
 * Verdicts between runs (DESIGN.md section 8). A row is known by the id of its blob, the entry of
 * the configuration, how a file of its name is read, and the law: a digest over the ruleset, the
 * program with its libraries, the limits, and the time zones of the system. What a rule reads
 * besides is in the row: a verdict that read the day or the path stands beside others for other
 * days and paths, a few at most.
 *
 * An id that a tree gives is believed when something is asked for; before anything is kept it is
 * computed from the bytes, so that a repository that lies about them harms nobody else.
 */
#include "check/warm.h"

#include "base/build.h"
#include "check/keep.h"
#include "document/document.h"
#include "ruleset/rule.h"

#include <string.h>
#include <sys/stat.h>

enum { LAW_SIZE = 32, VARIANTS_MAX = 8 };

#define FORMAT "planlint verdicts 2"

struct warm {
	struct store *store;
	const struct ruleset *ruleset;
	unsigned char law[LAW_SIZE];
};

/* The system's time zones, which CEL's functions on timestamps read. */
static void append_zones(GString *out)
{
	struct stat status;

	if (!stat("/usr/share/zoneinfo/tzdata.zi", &status))
		g_string_append_printf(out, "%lld|%lld", (long long)status.st_size,
				       (long long)status.st_mtim.tv_sec);
	g_string_append(out, g_getenv("TZDIR") ? g_getenv("TZDIR") : "");
}

static void make_law(struct warm *warm)
{
	GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
	GString *text = g_string_new(FORMAT);
	gsize size = LAW_SIZE;

	pack_text(text, warm->ruleset->digest);
	pack_bytes(text, &document_default_limits, sizeof(document_default_limits));
	build_append(text);
	append_zones(text);
	g_checksum_update(checksum, (const guchar *)text->str, (gssize)text->len);
	g_checksum_get_digest(checksum, warm->law, &size);
	g_checksum_free(checksum);
	g_string_free(text, TRUE);
}

struct warm *warm_new(struct store *store, const struct ruleset *ruleset)
{
	struct warm *warm;

	if (!store)
		return NULL;
	warm = g_new0(struct warm, 1);
	warm->store = store;
	warm->ruleset = ruleset;
	make_law(warm);
	return warm;
}

void warm_free(struct warm *warm)
{
	g_free(warm);
}

struct store_link *warm_link(struct warm *warm)
{
	return warm ? store_link_new(warm->store) : NULL;
}

struct store *warm_store(const struct warm *warm)
{
	return warm->store;
}

const struct ruleset *warm_ruleset(const struct warm *warm)
{
	return warm->ruleset;
}

/* --- keys */

/* `data` begins with eight bytes that are spread well. */
void warm_key_make(struct warm_key *out, const struct warm *warm, char what, const void *data,
		   size_t size)
{
	uint64_t law, number;

	g_assert(size >= 8 && LAW_SIZE + 1 + size <= sizeof(out->data));
	memcpy(out->data, warm->law, LAW_SIZE);
	out->data[LAW_SIZE] = (unsigned char)what;
	memcpy(out->data + LAW_SIZE + 1, data, size);
	memcpy(&law, warm->law, sizeof(law));
	memcpy(&number, data, sizeof(number));
	out->key = (struct store_key){number ^ law ^ (uint64_t)what, out->data,
				      LAW_SIZE + 1 + size};
}

static void key_of(struct warm_key *out, const struct warm *warm, const struct warm_blob *blob)
{
	unsigned char data[OBJECT_ID_SIZE + 5];
	uint32_t entry = (uint32_t)blob->entry->index;

	memcpy(data, blob->id.bytes, OBJECT_ID_SIZE);
	memcpy(data + OBJECT_ID_SIZE, &entry, sizeof(entry));
	data[OBJECT_ID_SIZE + 4] = (unsigned char)document_syntax_of(blob->path);
	warm_key_make(out, warm, 'v', data, sizeof(data));
	out->key.number += entry * UINT64_C(0x9e3779b97f4a7c15) + data[OBJECT_ID_SIZE + 4];
}

/* --- variants: (days, whether words may name one and which, the path or none, the verdict)... */

struct variant {
	int64_t from, until;
	bool names_day;
	int64_t made_on;
	const char *path; /* NULL: any */
	struct slice verdict;
};

static bool variant_read(struct variant *out, struct unpack *in)
{
	if (in->at == in->end)
		return false;
	out->from = unpack_signed(in);
	out->until = unpack_signed(in);
	out->names_day = unpack_number(in) != 0;
	out->made_on = unpack_signed(in);
	out->path = unpack_text(in);
	out->verdict = unpack_slice(in);
	return !in->failed;
}

static void variant_keep(GString *out, const struct variant *variant)
{
	pack_signed(out, variant->from);
	pack_signed(out, variant->until);
	pack_number(out, variant->names_day);
	pack_signed(out, variant->made_on);
	pack_text(out, variant->path);
	pack_slice(out, variant->verdict);
}

static bool is_undated(const struct variant *variant)
{
	return variant->from == DAY_OPEN_START && variant->until == DAY_OPEN_END;
}

static bool reads_day(const struct document_entry *entry, const char *rule)
{
	for (size_t i = 0; i < entry->rule_count; i++)
		if (!strcmp(entry->rules[i]->rule->id, rule))
			return entry->rules[i]->reads_as_of;
	return false;
}

bool warm_names_day(const struct verdict *verdict)
{
	if (verdict->from == DAY_OPEN_START && verdict->until == DAY_OPEN_END)
		return false;
	for (size_t i = 0; i < verdict->finding_count; i++) {
		const struct finding *finding = &verdict->findings[i].finding;

		if (finding->code == FINDING_RULE_ERROR || reads_day(verdict->entry, finding->rule))
			return true;
	}
	return false;
}

static struct verdict *get(struct warm *warm, struct store_link *link, const struct warm_blob *blob,
			   bool on_day, int64_t *made_on)
{
	struct variant variant;
	struct warm_key key;
	struct unpack in = {0};
	const void *data;
	size_t size;

	if (!warm || !link)
		return NULL;
	key_of(&key, warm, blob);
	if (store_get(link, &key.key, &data, &size))
		in = (struct unpack){data, (const char *)data + size, false};
	while (variant_read(&variant, &in)) {
		if (blob->as_of < variant.from || variant.until < blob->as_of ||
		    (variant.path && strcmp(variant.path, blob->path) != 0) ||
		    (on_day && variant.names_day && variant.made_on != blob->as_of))
			continue;
		*made_on = variant.made_on;
		return keep_read(warm->ruleset, blob->entry, variant.verdict);
	}
	return NULL;
}

struct verdict *warm_get(struct warm *warm, struct store_link *link, const struct warm_blob *blob,
			 int64_t *made_on)
{
	return get(warm, link, blob, false, made_on);
}

struct verdict *warm_get_on_day(struct warm *warm, struct store_link *link,
				const struct warm_blob *blob)
{
	int64_t made_on;

	return get(warm, link, blob, true, &made_on);
}

/* --- keeping */

/* What a parser gave up on may be the machine's fault. */
static bool is_lasting(const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->finding_count; i++)
		if (verdict->findings[i].finding.code == FINDING_YAML_PARSER ||
		    verdict->findings[i].finding.code == FINDING_READ)
			return false;
	return true;
}

static bool is_of(const struct bytes *bytes, const struct object_id *id)
{
	struct object_id actual;

	return !bytes->over_limit && !object_id_of_blob(&actual, bytes->data, bytes->size, NULL) &&
	       object_id_equal(&actual, id);
}

/* The other variants of the row, the newest first. */
static void append_others(GString *out, struct store_link *link, const struct warm_key *key)
{
	struct variant variant;
	struct unpack in = {0};
	const void *data;
	size_t size;

	if (store_get(link, &key->key, &data, &size))
		in = (struct unpack){data, (const char *)data + size, false};
	for (int i = 1; i < VARIANTS_MAX && variant_read(&variant, &in); i++)
		variant_keep(out, &variant);
}

void warm_put(struct warm *warm, struct store_link *link, const struct warm_blob *blob,
	      const struct bytes *bytes, const struct verdict *verdict)
{
	struct variant variant = {.from = verdict->from,
				  .until = verdict->until,
				  .names_day = warm_names_day(verdict),
				  .made_on = blob->as_of,
				  .path = verdict->reads_path ? blob->path : NULL};
	struct warm_key key;

	if (!warm || !link || !is_lasting(verdict) || !is_of(bytes, &blob->id))
		return;
	GString *body = g_string_new(NULL), *row = g_string_new(NULL);

	keep_verdict(body, verdict, warm->ruleset);
	variant.verdict = (struct slice){body->str, body->len};
	variant_keep(row, &variant);
	key_of(&key, warm, blob);
	if (variant.path || !is_undated(&variant))
		append_others(row, link, &key);
	store_put(warm->store, &key.key, row->str, row->len);
	g_string_free(body, TRUE);
	g_string_free(row, TRUE);
}

/* --- steps */

_Static_assert(sizeof(struct warm_step) == 2 * OBJECT_ID_SIZE + 4 * sizeof(uint32_t),
	       "the key has no holes");

static void step_key(struct warm_key *out, const struct warm *warm, const struct warm_step *step)
{
	warm_key_make(out, warm, 't', step, sizeof(*step));
}

bool warm_has_step(struct warm *warm, struct store_link *link, const struct warm_step *step)
{
	struct warm_key key;
	const void *data;
	size_t size;

	if (!warm || !link)
		return false;
	step_key(&key, warm, step);
	return store_get(link, &key.key, &data, &size);
}

void warm_put_step(struct warm *warm, struct store_link *link, const struct warm_step *step,
		   const struct bytes *old, const struct bytes *new, const struct verdict *verdict)
{
	static const char nothing[] = "0";
	struct warm_key key;

	if (!warm || !link || verdict->finding_count || verdict->reads_path ||
	    verdict->from != DAY_OPEN_START || verdict->until != DAY_OPEN_END ||
	    !is_of(old, &step->old_blob) || !is_of(new, &step->new_blob))
		return;
	step_key(&key, warm, step);
	store_put(warm->store, &key.key, nothing, sizeof(nothing));
}
