/* Gender and number of French noun phrases, the titles of the shipped schema among them. */
#include "base/french.h"

#include "unit/unit.h"

#include <stdio.h>

static void expect(enum french_form form, const char *const *phrases)
{
	for (; *phrases; phrases++) {
		enum french_form found = french_form_of(slice_of(*phrases));

		if (found != form)
			printf("\n\"%s\" is form %d, not %d\n", *phrases, found, form);
		CU_ASSERT_EQUAL(found, form);
	}
}

static void test_masculine(void)
{
	static const char *const phrases[] = {"contributeur",
					      "plan successeur",
					      "objectif",
					      "but de partenariat",
					      "mécanisme",
					      "chapitre",
					      "numéro de l'objectif",
					      "début du plan",
					      "pays partenaire",
					      "texte",
					      "organe d'approbation",
					      "examen",
					      "traité",
					      "comité",
					      "statut",
					      "",
					      " ",
					      "x",
					      NULL};

	expect(FRENCH_MASCULINE, phrases);
}

static void test_feminine(void)
{
	static const char *const phrases[] = {"prolongation",
					      "date d'adoption",
					      "autre date",
					      "nouvelle fin",
					      "période",
					      "échéance",
					      "activité d'appui",
					      "approbation",
					      "composante",
					      "institution chef de file",
					      "mise en lecture publique",
					      "source",
					      "priorité",
					      "référence",
					      "structure du programme",
					      "adresse web",
					      "qualité",
					      "fin du plan",
					      NULL};

	expect(FRENCH_FEMININE, phrases);
}

static void test_plural(void)
{
	static const char *const masculine[] = {"contributeurs",       "examens",
						"thèmes transversaux", "objectifs servis",
						"mécanismes",          NULL};
	static const char *const feminine[] = {
		"prolongations", "sources divergentes", "dates", "observations",
		"catégories",    "activités d'appui",   NULL};

	expect(FRENCH_MASCULINE_PLURAL, masculine);
	expect(FRENCH_FEMININE_PLURAL, feminine);
}

UNIT_SUITE(test_french){
	{"masculine", test_masculine},
	{"feminine", test_feminine},
	{"plural", test_plural},
	{0},
};
