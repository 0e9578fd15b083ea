#!/bin/sh
# What a commit costs its author: `check --staged FILE` of the one changed file, warm, in a repository of
# many plans beside one of few; and the whole of `check --staged` for comparison.
#   staged.sh BUILD FEW MANY
# ROUNDS (9): how often each is run; the best counts. First of all the warm check must say what a cold one
# says, of that file and of all, whatever the change has to do with other files.
set -eu
build=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work" XDG_CACHE_HOME="$work/cache" GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=b GIT_AUTHOR_EMAIL=b@example.org \
	GIT_COMMITTER_NAME=b GIT_COMMITTER_EMAIL=b@example.org
planlint=$build/planlint
file=plans/07/plan-7.yaml
for size in $2 $3; do
	git init -q -b main "$work/$size"
	"$build/bench/generate" "$size" "$size" | git -C "$work/$size" fast-import --quiet
	git -C "$work/$size" reset -q --hard
	(cd "$work/$size" && "$planlint" check --rev HEAD -q >"$work/out" || [ $? = 1 ])
done

passed=0 failed=0
say() { "$planlint" check --staged -f json "$@" 2>&1 || [ $? = 1 ]; }
# WORDS CHANGE: a change of the file (sed), and words that the report of it must hold
same() {
	sed -i "$2" "$file" && git add "$file"
	for asked in "" "$file"; do
		say --no-cache $asked >"$work/cold"
		say $asked >"$work/warm"
		say $asked >"$work/again"
		if ! cmp -s "$work/cold" "$work/warm" || ! cmp -s "$work/cold" "$work/again"; then
			echo "FAILED: $2, of ${asked:-all}: a warm check says something else than a cold one"
			diff "$work/cold" "$work/warm" | head -5; failed=$((failed + 1))
		else passed=$((passed + 1)); fi
	done
	grep -q "$1" "$work/cold" || { echo "FAILED: $2: no finding of $1"; failed=$((failed + 1)); }
	git reset -q --hard
}
cd "$work/$3"
same 'nothing found' 's/edition/version/'
same plan-id-unique 's/^id: .*/id: plan-6/'
same plan-filed-twice 's/^partner: .*/partner: IRL/'
same supersedes-exists '/^partner:/i supersedes: plan-0000'
same supersedes-partner '/^partner:/i supersedes: plan-8'
same date-format 's/^  agreed: .*/  agreed: 1.1.2013/'
same yaml 's/^partner:/partner: [/'
cd "$work"
echo "staged: $passed passed, $failed failed"
[ $failed = 0 ] || exit 1

for size in $2 $3; do
	(cd "$work/$size" && sed -i 's/^  en: "Objective 3:.*/  en: "another text"/; s/version/edition/' "$file" &&
		git add "$file")
done
one() { echo "cd $work/$1 && $planlint check --staged -q -f jsonl $2"; }
"$build/bench/measure" "${ROUNDS:-9}" "$2 plans" "$(one "$2" $file)" "$3 plans" "$(one "$3" $file)" \
	"$2, all" "$(one "$2" "")" "$3, all" "$(one "$3" "")" \
	"$3, cold" "$(one "$3" "--no-cache")"
