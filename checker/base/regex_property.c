/*
 * The names inside \p{...}: ECMA-262 22.2.1.9 asks for the exact spelling of the Unicode database,
 * so neither engine's loose reading can be used. The lists are regex_property.def.
 */
#include "base/regex_tree.h"

#include <string.h>

struct names {
	const char *names[3];
};

static const struct names categories[] = {
#define CATEGORY(code, name, alias) {{code, name, alias}},
#include "base/regex_property.def"
#undef CATEGORY
};

static const struct names scripts[] = {
#define SCRIPT(name, code, alias) {{name, code, alias}},
#include "base/regex_property.def"
#undef SCRIPT
};

static const struct names binaries[] = {
#define BINARY(name, alias) {{name, alias, ""}},
#include "base/regex_property.def"
#undef BINARY
};

/* The first name of the row that has `name`, or NULL. An empty name is in no row. */
static const char *find_name(const struct names *rows, size_t count, struct slice name)
{
	for (size_t i = 0; i < count && name.len; i++) {
		for (size_t j = 0; j < G_N_ELEMENTS(rows[i].names); j++) {
			if (slice_equal(name, slice_of(rows[i].names[j])))
				return rows[i].names[0];
		}
	}
	return NULL;
}

/* LoneUnicodePropertyNameOrValue: a general category, or a binary property */
static bool find_lone(struct regex_property *out, struct slice name)
{
	out->kind = REGEX_PROPERTY_CATEGORY;
	out->name = find_name(categories, G_N_ELEMENTS(categories), name);
	if (out->name)
		return true;
	if (slice_equal(name, SLICE("Assigned"))) {
		out->name = "Cn";
		out->negated = true;
		return true;
	}
	out->kind = REGEX_PROPERTY_BINARY;
	out->name = find_name(binaries, G_N_ELEMENTS(binaries), name);
	if (!out->name && slice_equal(name, SLICE("Any"))) {
		out->kind = REGEX_PROPERTY_ANY;
		out->name = "Any";
	}
	return out->name != NULL;
}

/* UnicodePropertyValueExpression: UnicodePropertyName = UnicodePropertyValue | the above */
bool regex_property_find(struct regex_property *out, struct slice name)
{
	const char *equals = name.len ? memchr(name.data, '=', name.len) : NULL;
	struct slice key, value;

	*out = (struct regex_property){0};
	if (!equals)
		return find_lone(out, name);
	key = (struct slice){name.data, (size_t)(equals - name.data)};
	value = (struct slice){equals + 1, name.len - key.len - 1};
	if (slice_equal(key, SLICE("General_Category")) || slice_equal(key, SLICE("gc"))) {
		out->kind = REGEX_PROPERTY_CATEGORY;
		out->name = find_name(categories, G_N_ELEMENTS(categories), value);
	} else if (slice_equal(key, SLICE("Script")) || slice_equal(key, SLICE("sc"))) {
		out->kind = REGEX_PROPERTY_SCRIPT;
		out->name = find_name(scripts, G_N_ELEMENTS(scripts), value);
	} else if (slice_equal(key, SLICE("Script_Extensions")) || slice_equal(key, SLICE("scx"))) {
		out->kind = REGEX_PROPERTY_SCRIPT_EXTENSIONS;
		out->name = find_name(scripts, G_N_ELEMENTS(scripts), value);
	}
	return out->name != NULL;
}
