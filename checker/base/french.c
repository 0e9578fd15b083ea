/*
 * Gender and number of French nouns, by their endings.
 *
 * The endings below are feminine in nearly all words of administrative language; words that go
 * against their ending are listed. A word in -s or -x is a plural but for those that end so in the
 * singular. An adjective that stands before its noun is passed over, unless it tells by itself.
 */
#include "base/french.h"

#include <string.h>

static const char *const feminine_endings[] = {
	"tion", "sion",  "xion", "té",   "ance", "ence",  "ure",   "ie",    "ée",   "ette",
	"esse", "ade",   "ise",  "elle", "onne", "trice", "euse",  "ante",  "ente", "ode",
	"orme", "ource", "ense", "ape",  "ase",  "onse",  "ienne", "fense",
};

static const char *const feminine_words[] = {
	"date",  "fin",    "clé",    "clef",  "loi",     "part",   "liste",  "note",  "annexe",
	"ligne", "charge", "aide",   "table", "demande", "cause",  "suite",  "zone",  "règle",
	"revue", "langue", "valeur", "durée", "page",    "tâche",  "somme",  "cible", "échelle",
	"main",  "force",  "place",  "voie",  "taxe",    "source", "équipe",
};

static const char *const masculine_words[] = {
	"comité",  "traité",  "côté",  "arrêté", "comté",   "été",       "silence",
	"murmure", "génie",   "musée", "lycée",  "trophée", "incendie",  "code",
	"mode",    "épisode", "exode", "stade",  "grade",   "squelette", "vase",
};

static const char *const singular_in_s[] = {
	"pays",  "accès", "processus", "succès", "progrès",   "cours", "recours", "concours",
	"corps", "temps", "choix",     "prix",   "avis",      "poids", "mois",    "fois",
	"cas",   "bois",  "consensus", "procès", "compromis", "tiers", "sens",    "repas",
};

static const char *const before_nouns[] = {"autre", "autres",  "même",
					   "mêmes", "premier", "dernier"};

static bool is_one_of(struct slice word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (slice_equal(word, slice_of(words[i])))
			return true;
	return false;
}

#define IS_ONE_OF(word, words) is_one_of((word), (words), G_N_ELEMENTS(words))

static bool ends_feminine(struct slice word)
{
	for (size_t i = 0; i < G_N_ELEMENTS(feminine_endings); i++) {
		size_t len = strlen(feminine_endings[i]);

		if (word.len >= len &&
		    !memcmp(word.data + word.len - len, feminine_endings[i], len))
			return true;
	}
	return false;
}

static struct slice first_word(struct slice phrase)
{
	size_t len = 0;

	while (len < phrase.len && phrase.data[len] != ' ')
		len++;
	return (struct slice){phrase.data, len};
}

/* The noun of a phrase: its first word that is no adjective of those that stand before nouns. */
static struct slice noun_of(struct slice phrase)
{
	struct slice word = first_word(phrase);

	while (word.len < phrase.len && IS_ONE_OF(word, before_nouns)) {
		phrase.data += word.len + 1;
		phrase.len -= word.len + 1;
		word = first_word(phrase);
	}
	return word;
}

enum french_form french_form_of(struct slice phrase)
{
	struct slice noun = noun_of(phrase);
	bool is_plural = noun.len > 1 && strchr("sx", noun.data[noun.len - 1]) &&
			 !IS_ONE_OF(noun, singular_in_s);
	bool is_feminine;

	if (is_plural)
		noun.len--;
	is_feminine = IS_ONE_OF(noun, feminine_words) ||
		      (ends_feminine(noun) && !IS_ONE_OF(noun, masculine_words));
	if (is_plural)
		return is_feminine ? FRENCH_FEMININE_PLURAL : FRENCH_MASCULINE_PLURAL;
	return is_feminine ? FRENCH_FEMININE : FRENCH_MASCULINE;
}
