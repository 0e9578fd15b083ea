# A fast-import stream of real plans and real configurations: a history for each seed from 1 to
# `seeds`, on branches of its own (sSEED/bN), in which documents and the law change in turn: the
# patterns, kinds and severities, a schema, rules of each sort, a vocabulary, a table, suppressions,
# the configuration's folder; broken now and then, or gone; merged with other laws.
function pick(n) { return int(rand() * n) }
function one_of(list,  parts) { return (split(list, parts, "|") ? parts[1 + pick(split(list, parts, "|"))] : "") }
function config(  text) {
	text = "documents:\n  - {files: " one_of("'plans/*.yaml'|'plans/*.yaml'|'plans/**'|'plans/p[01].yaml'|'**/*.yaml'") \
		(rand() < .3 ? ", exclude: 'plans/p2.*'" : "") ", kind: " one_of("plan|plan|plan|other") ", schema: law/plan.schema" \
		(rand() < .7 ? ", key: document.id" : "") "}\n"
	if (rand() < .3) text = text "  - {files: 'plans/**', kind: other, schema: law/plan.schema}\n"
	text = text "rules: [" (rand() < .5 ? "law/rules/" : "law/rules/a.yaml, law/rules/words.yaml, law/rules/table.yaml") "]\n"
	if (rand() < .3) text = text "severity: {enough: " one_of("off|warning|info") "}\n"
	if (rand() < .2) text = text "suppress: [{rule: " one_of("enough|one-id") ", files: 'plans/p1.yaml', reason: r" (rand() < .5 ? ", until: 1970-01-" 10 + pick(19) : "") "}]\n"
	if (rand() < .08) text = text "rulez: []\n"
	return text
}
function schema() {
	return "type: object\nproperties:\n  id: {type: string}\n  next: {type: string}\n  level: {type: integer, maximum: " 3 + pick(6) "}\n  kind: {type: string}\n  due: {type: string, x-planlint-type: date}\n" \
		(rand() < .3 ? "required: [level]\n" : "") (rand() < .3 ? "additionalProperties: false\n" : "")
}
function rule(id, body) {
	return "  - {id: " id ", severity: error, title: {en: t}, message: {en: m" (rand() < .2 ? "m" : "") "}, " body "}\n"
}
function rules(  text) {
	text = "ruleset: r\nrules:\n" rule("enough", "when: present(document.level), assert: \"document." (rand() < .07 ? "levle" : "level") " > " pick(4) "\"")
	if (rand() < .6) text = text rule("one-id", "unique: document.id, across: repository")
	if (rand() < .6) text = text rule("next-there", "given: $.next, reference: " one_of("plan|plan|other"))
	if (rand() < .6) text = text rule("no-fall", "given: $.level, transition: \"" one_of("this >= old|this >= old|this == old|this <= old + 2") "\"")
	if (rand() < .5) text = text rule("known", "given: $.kind, one-of: words")
	if (rand() < .5) text = text rule("in-table", "when: present(document.kind) && present(document.level), assert: '!(document.kind in table(\"limits\")) || document.level <= table(\"limits\")[document.kind].most'")
	if (rand() < .5) text = text rule("late", "when: present(document.due), assert: latest(document.due) >= as_of")
	return text
}
function words() { return "vocabulary: words\nterms:\n  - {id: red, title: {en: Red}" (rand() < .5 ? ", aliases: [rot]" : "") "}\n" (rand() < .7 ? "  - {id: green, title: {en: Green}}\n" : "") }
function table() { return "table: limits\nkey: kind\nschema: {type: object, required: [kind, most], properties: {kind: {type: string}, most: {type: integer}}}\nrows:\n  - {kind: red, most: " pick(6) "}\n" }
function plan(  text) {
	if (rand() < .07) return "id: [\n"
	text = rand() < .85 ? "id: k" pick(4) "\n" : ""
	if (rand() < .8) text = text "level: " pick(8) "\n"
	if (rand() < .4) text = text "next: k" pick(4) "\n"
	if (rand() < .5) text = text "kind: " one_of("red|green|rot|blue") (rand() < .15 ? " # planlint: ignore[known] because" : "") "\n"
	if (rand() < .4) text = text "due: 1970-01-" 10 + pick(20) "\n"
	if (rand() < .3) text = text "more: 1\n"
	return text
}
function put(i, p, text) {
	print "M 100644 inline " p
	printf "data %d\n%s\n", length(text), text
	has[i, p] = text
	files[p]
}
function law(i, all) {
	if (all || rand() < .5) put(i, "law/rules/a.yaml", rules())
	if (all || rand() < .2) put(i, "law/plan.schema", schema())
	if (all || rand() < .2) put(i, "law/rules/words.yaml", words())
	if (all || rand() < .2) put(i, "law/rules/table.yaml", table())
	if (all || rand() < .3) put(i, "planlint.yaml", config())
}
function history(seed,  commits) {
	srand(seed)
	commits = 14 + seed % 12
	split("", tip); split("", has); split("", files)
	day = 5
	for (i = 1; i <= commits; i++) {
		branch = "b" pick(3)
		day += pick(3)
		print "commit refs/heads/s" seed "/" branch
		print "mark :" marks + i
		print "committer C <c@example.org> " day * 86400 + i " +0000"
		print "data 2\nx"
		print ""
		parent = (branch in tip) ? tip[branch] : i > 1 ? 1 + pick(i - 1) : 0
		if (parent) print "from :" marks + parent
		for (p in files) if (parent && (parent, p) in has) has[i, p] = has[parent, p]
		m = 1 + pick(i - 1)
		if (i > 3 && parent && m != parent && rand() < .35) {
			print "merge :" marks + m
			for (p in files) if (((m, p) in has) && rand() < .5) put(i, p, has[m, p])
		}
		if (i == 1) law(i, 1)
		for (n = 1 + pick(3); n > 0; n--) put(i, "plans/p" pick(5) ".yaml", plan())
		if (rand() < .4) law(i, 0)
		if (rand() < .05) for (p in files) if (((i, p) in has) && rand() < .3) { print "D " p; delete has[i, p] }
		tip[branch] = i
	}
	marks += commits
}
BEGIN { for (number = 1; number <= seeds; number++) history(number) }
