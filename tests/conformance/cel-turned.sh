#!/bin/sh
# cel-turned.sh RUNNER SUITES: the runner must fail on turned expectations and turned types. Each of
# three copies of the suites has one kind of thing turned; the number of failures must be that of
# the cases that were turned.
set -eu
runner=$1 suites=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# turned NAME SED-SCRIPT: how many lines the script changes, and that so many cases fail
turned() {
	rm -rf "$work/cel" && cp -R "$suites/cel" "$work/cel" && chmod -R u+w "$work/cel"
	changed=0
	for file in "$work"/cel/core/*.json; do
		sed "$2" "$file" >"$work/new"
		changed=$((changed + $(diff "$file" "$work/new" | grep -c '^>' || true)))
		mv "$work/new" "$file"
	done
	if "$runner" "$work" >"$work/out"; then
		echo "cel: the runner passes with $1 turned"
		exit 1
	fi
	failed=$(grep -ac '^FAILED cel-core' "$work/out")
	if [ "$changed" -eq 0 ] || [ "$failed" -ne "$changed" ]; then
		echo "cel: $1: $changed turned, $failed noticed"
		exit 1
	fi
	echo "cel: $1: $changed turned, all noticed"
}

turned 'true values' 's/,"value":{"boolValue":true}/,"value":{"boolValue":false}/'
turned 'integer values' 's/,"value":{"int64Value":"\([0-9]*\)"}\(,"checkedType"\)/,"value":{"int64Value":"424242"}\2/'
turned 'types' 's/"checkedType":"int"/"checkedType":"uint"/'
turned 'errors' 's/"evalError":{"errors":\[{[^]]*\]}/"value":{"boolValue":true}/'
