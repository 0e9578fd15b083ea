#!/bin/sh
# Prints C source that holds the named files: embedded_files[] of path, bytes and size.
set -eu
echo '/* Made by checker/embed.sh from rules/ and schemas/. */'
echo '#include "base/embedded.h"'
n=0
for file; do
	echo "static const unsigned char file_${n}[] = {"
	od -An -v -tx1 "$file" | sed 's/ \([0-9a-f][0-9a-f]\)/0x\1,/g'
	echo '0};'
	n=$((n + 1))
done
echo 'const struct embedded_file embedded_files[] = {'
n=0
for file; do
	echo "{\"$file\", (const char *)file_$n, sizeof(file_$n) - 1},"
	n=$((n + 1))
done
echo '{0}};'
