#!/bin/sh
# cel.sh BENCH NODE_FOLDER ROUNDS: evaluation of the expressions in cel.expressions on the same
# documents, here and with @marcbachmann/cel-js, in turns; the best
# of three counts. Fails where an answer differs or this
# is less than 5 times as fast.
set -eu
bench=$(realpath "$1") node=$2 rounds=${3:-100}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
node -e '
	const names = ["political", "defence", "science", "emergency", "security", "information"]
	const plans = []
	for (let i = 0; i < 100; i++) plans.push({
		title: "Plan " + (2000 + i % 20), programme: i % 3 ? "IPAP" : "IPCP",
		created: `20${10 + i % 20}-05-27T10:00:00Z`,
		...(i % 4 ? {dates: {agreed: `${2000 + i % 15}-05-27`}} : {}),
		period: {start: 2000 + i % 20 + 0.5, end: 2003 + i % 17 + 0.5},
		objectives: Array.from({length: 4 + i % 9}, (_, j) => ({id: "1." + j,
			category: names[(i + j) % 6], level: 1.0 + (i * j) % 5 + 0.0})),
		contacts: [{name: "Anna", email: "anna@example.org"}, {name: "Bo", email: "bo" + (i % 2 ? "@example.org" : "")}],
	})
	console.log(JSON.stringify(plans))' > "$work/documents.json"
cp "$here/cel.mjs" "$node/cel.mjs"
for turn in 1 2 3; do
	"$bench" "$here/cel.expressions" "$work/documents.json" "$rounds" >"$work/ours"
	node "$node/cel.mjs" "$here/cel.expressions" "$work/documents.json" "$rounds" >"$work/theirs"
	echo "$(tail -1 "$work/ours") $(tail -1 "$work/theirs")" >>"$work/times"
done
sed '$d' "$work/ours" >"$work/a"
sed '$d' "$work/theirs" >"$work/b"
if ! diff "$work/a" "$work/b" >"$work/diff"; then
	echo "bench-cel: the answers differ (left here, right there):"
	cat "$work/diff"
	exit 1
fi
awk '
	NR == 1 || $1 < ours { ours = $1 }
	NR == 1 || $2 < theirs { theirs = $2 }
	END {
		printf "bench-cel: %.1f ns an evaluation here, %.1f ns there: %.1f times as fast\n",
			ours, theirs, theirs / ours
		exit theirs / ours < 5
	}' "$work/times"
