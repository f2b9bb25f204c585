#!/usr/bin/env bash
# Fuzzes what takes others' bytes, each target for the time $1, such as 2m. What it finds is in testdata/fuzz, to be committed with
# the mend: from then on, `make check` runs it, too.
set -euo pipefail
cd "$(dirname "$0")/.."
git grep --name-only '^func Fuzz' -- '*_test.go' | while read -r file; do
  sed -n 's/^func \(Fuzz[A-Za-z]*\).*/\1/p' "$file" | while read -r target; do
    echo "fuzzing $target of $(dirname "$file") for $1"
    (cd "$(dirname "$file")" && go test -run '^$' -fuzz "^$target\$" -fuzztime "$1" .) </dev/null | grep -v '^fuzz: elapsed'
  done
done
