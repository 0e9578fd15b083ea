# A fast-import stream of documents in the words of circles.test: for each seed from 1 to `seeds` a history
# on a branch of its own, 20 commits with documents that lead to each other: chains are laid, closed to
# circles, cut, joined and moved to other files; texts change without the way they lead, documents go. One
# rule is in force for a month only and reads the day.
function pick(n) { return int(rand() * n) }
function put(n, next_one, more) {
	leads[n] = next_one
	text = "id: p" n "\n" more
	if (next_one) text = text "next: " next_one "\n"
	if (rand() < .15) text = text "also: [p" 1 + pick(size) ", p" 1 + pick(size) "]\n"
	print "M 100644 inline plans/" (rand() < .03 ? "moved/" : "") "p" n ".yaml"
	printf "data %d\n%s\n", length(text), text
}
function words() { return rand() < .4 ? "title: t" pick(9) "\n" : "" }
function law() {
	print "M 100644 inline planlint.yaml"
	text = "documents: [{files: \"plans/**\", kind: thing, schema: thing.schema, key: document.id}]\nrules: [rules.yaml]\n"
	printf "data %d\n%s\n", length(text), text
	print "M 100644 inline thing.schema"
	text = "type: object\nproperties:\n  id: {type: string}\n  title: {type: string}\n  next: {type: string}\n  also: {type: array, items: {type: string}}\n"
	printf "data %d\n%s\n", length(text), text
	print "M 100644 inline rules.yaml"
	text = "ruleset: r\nrules:\n- {id: no-circle, acyclic: document.next, message: \"{document.id} is in a circle\"}\n- {id: since-then, severity: warning, since: 2020-01-20, until: 2020-02-20, acyclic: document.next, message: \"{document.id} as of {as_of}\"}\n- {id: none-at-all, for-each: {item: document.also}, acyclic: item, message: \"all in a circle\"}\n"
	printf "data %d\n%s\n", length(text), text
}
BEGIN {
	day = 1577880000
	for (seed = 1; seed <= seeds; seed++) {
		srand(seed)
		size = seed % 3 == 0 ? 60 : seed % 3 == 1 ? 5 : 14
		delete leads
		for (commit = 0; commit < 20; commit++) {
			day += 3600
			print "commit refs/heads/" (seed == 1 ? "main" : "s" seed)
			print "committer A <a@b.c> " day " +0000"
			print "data 2\nc\n"
			if (!commit) {
				law()
				for (n = 1; n <= size; n++) put(n, n < size ? "p" n + 1 : rand() < .3 ? "p1" : "", words())
				continue
			}
			for (edits = 1 + pick(rand() < .1 ? size : 3); edits > 0; edits--) {
				n = 1 + pick(size)
				r = rand()
				if (r < .35) put(n, leads[n], words())
				else if (r < .5) put(n, "", words())
				else if (r < .65) put(n, "p" 1 + (n % size), words())
				else if (r < .9) put(n, "p" 1 + pick(size), words())
				else if (r < .95) { print "D plans/p" n ".yaml"; leads[n] = "" }
				else { put(n, "", ""); m = 1 + pick(size); put(m, "p" m, words()) }
			}
		}
	}
}
