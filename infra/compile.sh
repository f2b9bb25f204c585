#!/usr/bin/env bash
# Compiles the program into bin/infra, if it has changed since the last time. Go
# would find that out by itself, but takes as long to look through all packages of
# the SDKs as the rest of `pulumi up`. This compares the times of the files' last
# changes, which no tool can set back (-newercm). With --needless it compiles
# nothing, and fails if there is something to compile.
set -euo pipefail
cd "$(dirname "$0")"
program=../bin/infra

[[ ! -x $program || -n $(find . ../go.mod ../go.sum -newercm "$program" -print | head -n 1) ]] || exit 0
[[ ${1:-} != --needless ]] || exit 1
begun=$(mktemp)
trap 'rm "$begun"' EXIT
# Without cgo and folders' names, like everything that make compiles: then what is
# shared is compiled once.
CGO_ENABLED=0 GOWORK=off go build -trimpath -buildvcs=false -o "$program" .
touch -r "$begun" "$program" # a file that changed meanwhile must be compiled next time
