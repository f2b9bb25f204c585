#!/usr/bin/env bash
# Compiles the Pulumi program. Pulumi would do this by itself, but without a word;
# the first time takes a while.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/look.sh
source scripts/look.sh

if infra/compile.sh --needless; then
  say "Pulumi program: already compiled"
  exit
fi
begins "Pulumi program: compiling, usually 4m the first time"
log=bin/logs/program.log
mkdir -p "${log%/*}"
if ! infra/compile.sh >"$log" 2>&1; then
  grep -v '^go: downloading ' "$log" >&2 || true
  fail "the Pulumi program does not compile: $PWD/$log"
fi
say "Pulumi program: compiled in $(span "$SECONDS")"
