# A fast-import stream of documents in the words of fake.c: a history for each seed from 1 to `seeds`,
# each on branches of its own (sSEED/bN), 15 to 44 commits long, with edits,
# renames, moves between kinds, lines put in another order, copies, deleted targets, versions that
# cannot be read, merges of two and three branches with content of their own or a parent's, criss-cross
# ones, steps that a transition forbids and their restoring, empty commits, orphan roots, files turned
# into folders, changed modes, days that pass. With laws=1 configurations come, change, break, move
# and go as well.
function pick(n) { return int(rand() * n) }
function path(  p) {
	p = "d" pick(4) (rand() < .8 ? ".plan" : ".other")
	if (rand() < .3) p = "folder/" p
	if (rand() < .05) p = "d" pick(4) ".plan/inner.plan"
	if (rand() < .05) p = "readme"
	return p
}
function line(  r) {
	r = rand()
	if (r < .12) return "step s" pick(3) " " pick(5)
	if (r < .18) return "keep k" pick(2)
	if (r < .21) return "---\nkey K" pick(5)
	r = rand()
	if (r < .25) return "fault f" pick(3) (rand() < .3 ? " v" pick(2) : "")
	if (r < .35) return "ref K" pick(5)
	if (r < .45) return "unique U" pick(3)
	if (r < .53) return "pair P" pick(2) " " pick(40)
	if (r < .65) return "after " pick(40)
	if (r < .75) return "until " pick(40)
	if (r < .8) return "path p" pick(2)
	if (r < .88) return "ignore " (rand() < .5 ? "f" pick(3) : rand() < .3 ? "ref" : rand() < .5 ? "step" : "unique")
	return ""
}
function content(  text, n) {
	if (rand() < .12) return "unreadable\n" pick(3) "\n"
	text = rand() < .7 ? "key K" pick(5) "\n" : ""
	for (n = pick(6); n > 0; n--) text = text line() "\n"
	return text
}
function shuffled(text,  n, lines, i, j, swap) {
	n = split(text, lines, "\n")
	for (i = n - 1; i > 1; i--) { j = 1 + pick(i); swap = lines[i]; lines[i] = lines[j]; lines[j] = swap }
	text = ""
	for (i = 1; i < n; i++) text = text lines[i] "\n"
	return text
}
# a number up or down, a line or a document gone: what transitions are about
function edited(text,  n, lines, i) {
	n = split(text, lines, "\n")
	text = ""
	for (i = 1; i < n; i++) {
		if (lines[i] ~ /^step/ && rand() < .7) sub(/ [0-9]*$/, " " pick(5), lines[i])
		if (lines[i] ~ /^keep/ && rand() < .4) continue
		if (lines[i] == "---" && rand() < .2) break
		text = text lines[i] "\n"
	}
	return text
}
function put(p, text) {
	if (text !~ /^unreadable/ && text != last_good[p]) { before[p] = last_good[p]; last_good[p] = text }
	print "M 100" (rand() < .1 ? 755 : 644) " inline " p
	printf "data %d\n%s\n", length(text), text
	last = text
	lastpath = p
}
# a line of a configuration
function law_line(  r) {
	r = rand()
	if (r < .12) return "off " rule_name()
	if (r < .18) return "mute " rule_name()
	if (r < .26) return "suppress " rule_name()
	if (r < .38) return "plans " end_of_name()
	if (r < .46) return "others " end_of_name()
	if (r < .52) return "nokey"
	if (r < .56) return "nosteps"
	if (r < .64) return "loose " pick(4)
	if (r < .68) return "renumber"
	if (r < .72) return "undated"
	if (r < .82) return "include " (rand() < .5 ? "law/a" : "table")
	if (r < .92) return "folder law/"
	return rand() < .5 ? "broken b" pick(2) : ""
}
function rule_name(  r) {
	r = pick(10)
	return r < 3 ? "f" r : r == 3 ? "ref" : r == 4 ? "unique" : r == 5 ? "step" : r == 6 ? "keep" : r == 7 ? "after" : r == 8 ? "p0" : "f1.other"
}
function end_of_name() { return rand() < .5 ? ".plan" : rand() < .6 ? ".other" : rand() < .5 ? "*" : ".none" }
function law_path(  r) {
	r = rand()
	return (rand() < .25 ? "folder/" : "") (r < .55 ? "planlint.yaml" : r < .75 ? "law/a" : r < .85 ? "law/b" : r < .95 ? "table" : "law/link")
}
function change_law(i,  p, n, text) {
	p = law_path()
	if ((i, p) in has && rand() < .2) { print "D " p; delete has[i, p]; return }
	text = ""
	for (n = pick(4); n > 0; n--) text = text law_line() "\n"
	if (rand() < .15 && gone_law != "") text = gone_law
	gone_law = has[i, p]
	print (p ~ /link/ ? "M 120000" : "M 100644") " inline " p
	printf "data %d\n%s\n", length(text), text
	has[i, p] = text
	if (p !~ /link/) files[p]
}
function history(seed,  commits) {
	srand(seed)
	commits = 15 + seed % 30
	gone_law = ""
	split("", tip); split("", has); split("", files); split("", last_good); split("", before)
	last = lastpath = ""
	day = 0
	for (i = 1; i <= commits; i++) {
		branch = "b" pick(rand() < .5 ? 2 : 5)
		day += rand() < .7 ? 1 : rand() < .8 ? 0 : -pick(4)
		print "commit refs/heads/s" seed "/" branch
		print "mark :" marks + i
		print "committer C <c@example.org> " day * 86400 + pick(4) * 20000 " +0000"
		print "data 2\nx"
		print ""
		parent = ""
		if (branch in tip) { parent = tip[branch]; print "from :" marks + parent }
		else if (i > 1 && rand() < .85) { parent = 1 + pick(i - 1); print "from :" marks + parent }
		merges = 0
		if (i > 4 && parent && rand() < .35) {
			merges = 1
			m = 1 + pick(i - 1)
			if (rand() < .6) for (b in tip) if (b != branch && rand() < .5) m = tip[b]
			if (m != parent) print "merge :" marks + m
			if (rand() < .25) { o = 1 + pick(i - 1); if (o != m && o != parent) print "merge :" marks + o }
			# the merge takes some files of the other side
			if (m != parent && rand() < .7) for (p in files) if (((m, p) in has) && rand() < .6) put(p, has[m, p])
		}
		for (p in files) if (parent && (parent, p) in has) has[i, p] = has[parent, p]
		for (n = merges ? pick(2) : pick(4); n > 0; n--) {
			r = rand(); p = path()
			# a file that cannot be read is often mended
			for (f in files) if (((i, f) in has) && has[i, f] ~ /^unreadable/ && rand() < .3) { p = f; r = .7 }
			for (f in files) if (((i, f) in has) && has[i, f] ~ /step|keep/ && rand() < .1) { p = f; r = .4 + rand() / 4 }
			if (r < .08 && ((i, p) in has)) { put(p, has[i, p] "ignore " (has[i, p] ~ /unique/ ? "unique" : has[i, p] ~ /pair/ ? "pair" : "ref") "\n"); has[i, p] = last }
			else if (r < .1) { print "D " p; delete has[i, p] }
			else if (r < .2 && last != "") put(p, last)
			else if (r < .3 && ((i, p) in has)) { put(p, shuffled(has[i, p])) ; has[i, p] = last }
			else if (r < .4 && ((i, p) in has)) { text = has[i, p]; print "D " p; delete has[i, p]; p = path(); if (rand() < .4) text = edited(text); put(p, text); has[i, p] = text; files[p] }
			else if (r < .6 && ((i, p) in has) && has[i, p] ~ /step|keep/) { put(p, edited(has[i, p])); has[i, p] = last }
			else if (r < .64 && ((i, p) in has) && has[i, p] ~ /step|keep/) { put(p, "unreadable\n" pick(3) "\n"); has[i, p] = last }
			else if (r < .69 && before[p] != "") { put(p, before[p]); has[i, p] = last; files[p] }
			else if (r < .8 && ((i, p) in has) && has[i, p] ~ /^unreadable/ && last_good[p] != "") { put(p, last_good[p]); has[i, p] = last }
			else { put(p, content()); has[i, p] = last; files[p] }
		}
		for (n = laws && rand() < .4 ? 1 + pick(2) : 0; n > 0; n--) change_law(i)
		tip[branch] = i
	}
	marks += commits
}
BEGIN { for (number = 1; number <= seeds; number++) history(number) }
