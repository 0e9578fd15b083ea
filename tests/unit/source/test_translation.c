/*
 * The French catalogue: every message of message.def has French words that are not the English
 * ones and hold the same placeholders. A new message needs a line in po/fr.po (po/update adds it).
 */
#include "source/finding.h"
#include "source/message.h"
#include "unit/unit.h"

#include <stdio.h>

enum { VALUES = 10 };

static char *words_of(enum message message, enum language language, const struct slice *values)
{
	struct phrase phrase = {.message = message, .values = values, .value_count = VALUES};
	GString *words = g_string_new(NULL);

	phrase_append(words, &phrase, language, NULL);
	return g_string_free(words, FALSE);
}

/* A message of placeholders and signs alone has nothing to translate. */
static bool has_letters(const char *words)
{
	for (; *words; words++) {
		if (g_ascii_isalpha(*words))
			return true;
	}
	return false;
}

/* Every value that the English words show is in the French ones too, and no other. */
static bool has_same_values(const char *english, const char *french, const struct slice *values)
{
	for (size_t i = 0; i < VALUES; i++) {
		if (!strstr(english, values[i].data) != !strstr(french, values[i].data))
			return false;
	}
	return true;
}

static void test_every_message_is_said_in_french(void)
{
	/* signs that stand in no message */
	static const char *const marks[VALUES] = {"\x01", "\x02", "\x03", "\x04", "\x05",
						  "\x06", "\x07", "\x0e", "\x0f", "\x10"};
	struct slice values[VALUES];

	for (size_t i = 0; i < VALUES; i++)
		values[i] = slice_of(marks[i]);
	language_use(LANGUAGE_FR);
	for (int message = MESSAGE_NONE + 1; message < MESSAGE_COUNT; message++) {
		char *english = words_of((enum message)message, LANGUAGE_EN, values);
		char *french = words_of((enum message)message, LANGUAGE_FR, values);
		bool said = !has_letters(english) || strcmp(english, french) != 0;
		bool same = has_same_values(english, french, values);

		CU_ASSERT_TRUE(said);
		CU_ASSERT_TRUE(same);
		if (!said || !same)
			fprintf(stderr, "po/fr.po: %s: %s\n",
				said ? "another placeholder" : "no French words", english);
		g_free(english);
		g_free(french);
	}
	language_use(LANGUAGE_EN);
}

UNIT_SUITE(test_translation){
	{"every message is said in french", test_every_message_is_said_in_french},
	{0},
};
