/*
 * A history to measure with, as a stream for git fast-import:
 *	generate PLANS COMMITS
 * Commit n brings a distinct version of plan n modulo PLANS, 1 to 3 KB of a plausible plan; a
 *quarter of the commits are merges, of a side branch of one commit:
 *
 *	4k --- 4k+1 ------- 4k+3 --- ...
 *	  \--- 4k+2 (side) --/
 *
 * One plan in sixteen has a fault that a later version mends. With PLANS = COMMITS the last tree
 * holds every version. Nothing here depends on a clock or on chance.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const partners[] = {
	"ARM", "AUT", "AZE", "BIH", "CHE", "GEO", "IRL", "KAZ", "KGZ", "MDA", "MLT",
	"SRB", "TJK", "TKM", "UKR", "UZB", "DZA", "EGY", "ISR", "JOR", "MRT", "MAR",
	"TUN", "BHR", "KWT", "QAT", "ARE", "AUS", "IRQ", "JPN", "KOR", "MNG",
};
static const char *const verbs[] = {"review", "train", "publish", "adopt", "test", "fund"};
static const char *const things[] = {"the law on defence",  "peace support units",
				     "the export controls", "civil emergency planning",
				     "the budget process",  "interoperability goals"};

enum { PARTNERS = sizeof(partners) / sizeof(partners[0]), TEXT_MAX = 8192 };

static char text[TEXT_MAX];
static size_t length;

static void add(const char *format, unsigned a, unsigned b, const char *c, const char *d)
{
	length += (size_t)snprintf(text + length, sizeof(text) - length, format, a, b, c, d);
}

static uint32_t mixed(uint32_t x)
{
	x ^= x >> 16;
	x *= 0x7feb352d;
	x ^= x >> 15;
	x *= 0x846ca68b;
	return x ^ x >> 16;
}

static void objective(unsigned number, uint32_t noise)
{
	add("  - id: \"1.%u\"\n    text:\n      en: \"Objective %u: %s %s\"\n", number, noise % 997,
	    verbs[noise % 6], things[noise / 7 % 6]);
	add("      fr: \"Objectif %u (%u) : %s, %s\"\n", number, noise % 997, verbs[noise % 6],
	    things[noise / 7 % 6]);
}

/* Version `version` of plan `plan`; its size lies between 1 and 3 KB. */
static void make_plan(unsigned plan, unsigned version)
{
	uint32_t noise = mixed(plan * 65537u + version);
	unsigned turn = plan / PARTNERS, year = 2013 + turn % 6, count = 6 + noise % 13;
	unsigned month = 1 + turn / 6 % 12,
		 day = 1 + turn / 72 % 28; /* a date for each of one partner */
	const char *partner = partners[plan % PARTNERS];

	length = 0;
	add("# version %u\nid: plan-%u\ncoverage: outline\npartner: %s\nprogramme: IPCP\n%s",
	    version, plan, partner, "");
	add("title:\n  en: \"Cooperation programme %u, version %u\"\n%s%s", plan, version, "", "");
	add("  fr: \"Programme de coopération %u, version %u\"\n%s%s", plan, version, "", "");
	add("dates:\n  agreed: %u-%02u%s%s", year, month, "", "");
	add("-%02u\nperiod:\n  start: %u%s%s", day, year, "", "");
	add("-%02u-%02u\n%s%s", month, day, "", "");
	add("  end: %u-12-3%u\n%s%s", noise % 16 ? year + 2 : year - 1, 1, "", "");
	add("objectives:\n%.0u%.0u%s%s", 0, 0, "", "");
	for (unsigned i = 1; i <= count; i++)
		objective(i, mixed(noise + i));
	add("sources:\n  - url: \"https://example.org/plans/%u/%u\"\n%s%s", plan, version, "", "");
}

static void put_plan(unsigned plan, unsigned version)
{
	make_plan(plan, version);
	printf("M 100644 inline plans/%02u/plan-%u.yaml\ndata %zu\n%s\n", plan % 64, plan, length,
	       text);
}

static void begin(const char *branch, unsigned number)
{
	printf("commit refs/heads/%s\nmark :%u\ncommitter Registry <registry@example.org> %u "
	       "+0000\n",
	       branch, number + 1, 1609459200 + number * 3600);
	printf("data 9\nversion x\n");
}

int main(int argc, char **argv)
{
	unsigned plans = argc > 2 ? (unsigned)atoi(argv[1]) : 0;
	unsigned commits = argc > 2 ? (unsigned)atoi(argv[2]) : 0;
	unsigned tip = 0;

	if (!plans || !commits)
		return fputs("usage: generate PLANS COMMITS\n", stderr), 2;
	for (unsigned n = 0; n < commits; n++) {
		int is_side = n % 4 == 2, is_merge = n % 4 == 3;

		begin(is_side ? "side" : "main", n);
		if (n)
			printf("from :%u\n", is_side ? n - 1 : tip);
		if (is_merge) {
			printf("merge :%u\n", n);
			put_plan((n - 1) % plans, (n - 1) / plans);
		}
		put_plan(n % plans, n / plans);
		if (!is_side)
			tip = n + 1;
	}
	return 0;
}
