#!/usr/bin/env bash
# Compiles the program into bin/infra, if it has changed since the last time. Go
# would find that out by itself, but takes as long to look through all packages
# of the SDKs as the whole of `pulumi up` takes otherwise. Here, the times at
# which files were last changed tell, which no tool can set back (-newercm).
# With --needless it compiles nothing, and fails if there is something to compile.
set -euo pipefail
cd "$(dirname "$0")"
program=../bin/infra

[[ ! -x $program || -n $(find . ../go.mod ../go.sum -newercm "$program" -print | head -n 1) ]] || exit 0
[[ ${1:-} != --needless ]] || exit 1
begun=$(mktemp)
trap 'rm "$begun"' EXIT
# Without cgo, as all tools are: what they have in common is compiled once.
CGO_ENABLED=0 GOWORK=off go build -buildvcs=false -o "$program" .
touch -r "$begun" "$program" # what changed while Go compiled counts as changed since
