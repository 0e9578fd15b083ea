#!/bin/sh
# json-schema-turned.sh RUNNER SUITES: the runner must fail on turned expectations. In a copy of the
# required cases of one dialect "valid" is turned, once where it is true and once where it is false;
# the number of failures must be that of the cases that were turned.
set -eu
runner=$1 suites=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
draft=tests/draft2020-12

# turned FROM TO
turned() {
	rm -rf "$work/json-schema" && mkdir -p "$work/json-schema/$draft"
	cp -R "$suites/json-schema/remotes" "$work/json-schema"
	turned=0
	for file in "$suites/json-schema/$draft"/*.json; do
		sed "s/\"valid\": $1/\"valid\": $2/" "$file" >"$work/json-schema/$draft/$(basename "$file")"
		turned=$((turned + $(grep -c "\"valid\": $1" "$file" || true)))
	done
	"$runner" "$work" required >"$work/out" 2>&1 && { echo "json-schema: the runner passes with $1 turned"; exit 1; }
	failed=$(grep -ac "^FAILED .*/$draft/" "$work/out" || true)
	if [ "$turned" -eq 0 ] || [ "$failed" -ne "$turned" ]; then
		echo "json-schema: valid: $1: $turned turned, $failed noticed"
		exit 1
	fi
	echo "json-schema: valid: $1: $turned turned, all noticed"
}

turned true false
turned false true
