#!/bin/sh
# Evaluation of planlint beside that of the peer's binary and of ajv on the sets of a folder, in one
# run: microseconds over all instances of a set and the ratio planlint/peer (below 1: faster). Each is
# the best of several rounds in which the programs take turns, so that other load on the machine
# falls on none of them alone.
# Then, beside the peer alone and parse included: the sets' instances as 3,000 YAML files, on two cores,
# and one small file, the whole process.
#   schema.sh PLANLINT BENCH_DIR TOOLS_DIR [LOOP [ROUNDS]]
set -eu
planlint=$1 sets=$2 tools=$3 loop=${4:-100} rounds=${5:-5}
peer=$(ls "$tools"/node_modules/@sourcemeta/jsonschema/build/github-releases/jsonschema-linux-"$(
	uname -m | sed s/aarch64/arm64/)" 2>/dev/null || true)
here=$(cd "$(dirname "$0")" && pwd)

# sum_of FILE: the means of all lines "NAME[N]: PASS MEAN +- DEVIATION us"
sum_of() {
	awk '/PASS/ {for (i = 1; i < NF; i++) if ($i == "PASS") sum += $(i + 1)} END {printf "%.1f", sum}' "$1"
}

least() {
	awk -v a="$1" -v b="$2" 'BEGIN {print a == "" || b + 0 < a + 0 ? b : a}'
}

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
printf '%-24s %10s %10s %7s %10s %7s\n' set planlint peer ratio ajv ratio
: >"$out/ratios"
for set in "$sets"/*/; do
	name=$(basename "$set")
	own= other= round=0
	while [ $round -lt "$rounds" ]; do
		round=$((round + 1))
		"$planlint" validate --schema "$set/schema.json" --benchmark --loop "$loop" \
			"$set/instances.jsonl" >"$out/own" 2>&1 || { echo "$name: planlint failed"; exit 1; }
		"$peer" validate "$set/schema.json" "$set/instances.jsonl" --benchmark --loop "$loop" \
			--fast >"$out/peer" 2>&1 || { echo "$name: peer failed"; exit 1; }
		own=$(least "$own" "$(sum_of "$out/own")") other=$(least "$other" "$(sum_of "$out/peer")")
	done
	ajv=$(cd "$tools" && node "$here/ajv.cjs" "$set/schema.json" "$set/instances.jsonl" "$loop" 2>/dev/null || echo -)
	awk -v name="$name" -v own="$own" -v peer="$other" -v ajv="$ajv" -v file="$out/ratios" 'BEGIN {
		ratio = own / peer
		print ratio >>file
		printf "%-24s %10.1f %10.1f %7.2f %10s %7s\n", name, own, peer, ratio, ajv,
			ajv + 0 ? sprintf("%.2f", own / ajv) : "-" }'
done
awk '{sum += log($1); n++; if ($1 > worst) worst = $1}
	END {printf "bench-schema: geometric mean %.2f, worst %.2f, of %d sets (planlint/peer, evaluation alone)\n",
		exp(sum / n), worst, n}' "$out/ratios"

# --- parse included
files=$tools/yaml
if [ ! -d "$files" ]; then
	node "$here/yaml.cjs" "$sets" "$files.new" 3000 && mv "$files.new" "$files"
fi
own= other= small=
for set in "$files"/*/; do
	name=$(basename "$set")
	schema=$sets/$name/schema.json
	own="$own $planlint validate -q -j2 --schema $schema $set*.yaml || exit 9;"
	other="$other $peer validate $schema $set*.yaml --fast 2>/dev/null || exit 9;"
	small="${small:-$name}"
done
echo "3,000 YAML files, parse included:"
"$tools/measure" "$rounds" peer "$other" planlint "$own"
for name in $small stale cspell; do
	file=$files/$name/00000.yaml schema=$sets/$name/schema.json
	echo "one file of $name, whole process:"
	"$tools/measure" $((rounds * 5)) peer "exec $peer validate $schema $file --fast 2>/dev/null" \
		planlint "exec $planlint validate -q --schema $schema $file"
done
