/* The tables of findings and messages, and how phrases become words. See finding.h. */
#include "source/finding.h"

#include "base/catalogue.h"
#include "source/message.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

static const struct {
	const char *id;
	enum severity severity;
	bool suppressible;
} codes[] = {
#define FINDING(name, id, severity, suppressible) {id, SEVERITY_##severity, suppressible},
#include "source/finding.def"
#undef FINDING
};

static const char *const messages[] = {
	"",
#define MESSAGE(name, text) text,
#include "source/message.def"
#undef MESSAGE
};

_Static_assert(G_N_ELEMENTS(codes) == FINDING_CODE_COUNT, "a row for each code");
_Static_assert(G_N_ELEMENTS(messages) == MESSAGE_COUNT, "a text for each message");

void finding_emit(const struct finding_sink *sink, const struct finding *finding)
{
	sink->emit(sink->context, finding);
}

const char *finding_id(enum finding_code code)
{
	assert(code < FINDING_CODE_COUNT);
	return codes[code].id;
}

enum severity finding_severity(enum finding_code code)
{
	assert(code < FINDING_CODE_COUNT);
	return codes[code].severity;
}

bool finding_is_suppressible(enum finding_code code)
{
	assert(code < FINDING_CODE_COUNT);
	return codes[code].suppressible;
}

enum finding_code finding_code_of(struct slice id)
{
	enum finding_code code = 0;

	while (code < FINDING_CODE_COUNT && !slice_equal(id, slice_of(codes[code].id)))
		code++;
	return code;
}

const char *severity_name(enum severity severity)
{
	static const char *const names[] = {"off", "info", "warning", "error"};

	return names[severity];
}

struct phrase phrase_make(struct arena *arena, int message, int count, ...)
{
	struct phrase phrase = {.message = message, .value_count = (size_t)count};
	struct slice *values = arena_array(arena, (size_t)count, sizeof(*values));
	va_list args;

	va_start(args, count);
	for (int i = 0; i < count; i++) {
		struct slice value = va_arg(args, struct slice);

		values[i] = (struct slice){arena_dup(arena, value.data, value.len), value.len};
	}
	va_end(args);
	phrase.values = values;
	return phrase;
}

bool phrase_is_empty(const struct phrase *phrase)
{
	return phrase->message == MESSAGE_NONE && !phrase->words;
}

static void append_plain(GString *out, const char *data, size_t len)
{
	g_string_append_len(out, data, (gssize)len);
}

static struct slice template_of(const struct phrase *phrase, enum language language)
{
	if (phrase->words)
		return language == LANGUAGE_FR ? phrase->words->fr : phrase->words->en;
	if (phrase->message == MESSAGE_NONE)
		return SLICE("");
	return slice_of(language == LANGUAGE_FR ? catalogue_text(messages[phrase->message])
						: messages[phrase->message]);
}

/* A value as it is, or a sentence of ours in the language. phrase_make() ends values with NUL. */
static struct slice value_of(const struct phrase *phrase, size_t number, enum language language)
{
	struct slice value = phrase->values[number];

	if (language == LANGUAGE_FR && phrase->sentences >> number & 1 && value.len)
		return slice_of(catalogue_text(value.data));
	return value;
}

void phrase_append(GString *out, const struct phrase *phrase, enum language language,
		   phrase_escape *escape)
{
	struct slice text = template_of(phrase, language);

	if (!escape)
		escape = append_plain;
	for (size_t i = 0; i < text.len; i++) {
		bool slot = text.len - i >= 3 && text.data[i] == '{' &&
			    g_ascii_isdigit(text.data[i + 1]) && text.data[i + 2] == '}';

		if (!slot) {
			g_string_append_c(out, text.data[i]);
			continue;
		}
		size_t number = (size_t)(text.data[i + 1] - '0');

		assert(number < phrase->value_count && "a template's slots have values");
		struct slice value = value_of(phrase, number, language);

		escape(out, value.data, value.len);
		i += 2;
	}
}

/*
 * The catalogue lies beside the binary when it is run from its build folder (build/locale) and
 * under the prefix when installed; LOCALEDIR is where it was installed at first.
 */
static char *catalogue_file(void)
{
	static const char *const beside[] = {"locale", "../locale", "../share/locale"};
	static const char name[] = "fr/LC_MESSAGES/planlint.mo";
	char *binary = g_file_read_link("/proc/self/exe", NULL);
	char *folder = binary ? g_path_get_dirname(binary) : NULL;
	char *found = NULL;

	for (size_t i = 0; folder && !found && i < G_N_ELEMENTS(beside); i++) {
		found = g_build_filename(folder, beside[i], name, NULL);
		if (!g_file_test(found, G_FILE_TEST_EXISTS))
			g_clear_pointer(&found, g_free);
	}
	g_free(folder);
	g_free(binary);
	return found ? found : g_build_filename(LOCALEDIR, name, NULL);
}

void language_use(enum language language)
{
	char *file = language == LANGUAGE_FR ? catalogue_file() : NULL;

	catalogue_use(file);
	g_free(file);
}
