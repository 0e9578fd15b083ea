#!/bin/sh
# What a commit costs its author: `check --staged FILE` of the one changed file, warm, in a repository of
# many plans beside one of few; and the whole of `check --staged` for comparison.
#   staged.sh BUILD FEW MANY
# ROUNDS (9): how often each is run; the best counts.
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
	sed -i 's/^  en: "Objective 3:.*/  en: "another text"/; s/version/edition/' "$work/$size/$file"
	git -C "$work/$size" add "$file"
done
one() { echo "cd $work/$1 && $planlint check --staged -q -f jsonl $2"; }
"$build/bench/measure" "${ROUNDS:-9}" "$2 plans" "$(one "$2" $file)" "$3 plans" "$(one "$3" $file)" \
	"$2, all" "$(one "$2" "")" "$3, all" "$(one "$3" "")" \
	"$3, cold" "$(one "$3" "--no-cache")"
