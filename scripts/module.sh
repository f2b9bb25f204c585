#!/usr/bin/env bash
# module.sh FOLDER COMMAND…: runs a command of Go, such as `go build`, in a folder with
# a module of its own that uses packages of the one above. Its owner may require newer
# modules than the folder's go.mod knows of: a copy of it takes them over, so that
# nobody has to keep the two in step.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p bin
cp "$1/go.mod" "bin/$1.mod"
cat "$1/go.sum" go.sum >"bin/$1.sum"
# Relative to that folder: GOFLAGS takes no path with a space.
export GOFLAGS="${GOFLAGS:-} -modfile=../bin/$1.mod -mod=mod" GOWORK=off
cd "$1"
shift
exec "$@"
