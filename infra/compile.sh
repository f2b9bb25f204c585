#!/usr/bin/env bash
# Compiles the program, if that has not been done for these sources, and prints its
# path. Go would find that out by itself, but takes as long to look through all
# packages of the SDKs as the rest of `pulumi up`. The name has a checksum of the
# sources: times of files say nothing when a clock steps back. With --needless it
# compiles nothing, and fails if there is something to compile.
set -euo pipefail
cd "$(dirname "$0")"
sum=$(find . ../go.mod ../go.sum -type f ! -name '*_test.go' -print0 | LC_ALL=C sort -z | xargs -0 cksum | cksum)
program=../bin/infra-${sum%% *}

if [[ ! -x $program ]]; then
  [[ ${1:-} != --needless ]] || exit 1
  mkdir -p ../bin
  made=$(mktemp ../bin/.infra-XXXXXX)
  trap 'rm -f "$made"' EXIT
  # Without cgo and folders' names, like everything that make compiles: then what is
  # shared is compiled once.
  CGO_ENABLED=0 GOWORK=off go build -trimpath -buildvcs=false -o "$made" . >&2
  rm -f ../bin/infra ../bin/infra-*
  mv "$made" "$program" # in one step, so that an interrupted one leaves nothing
fi
echo "$PWD/$program"
