#!/usr/bin/env bash
# Runs a command of Go, such as `go build`, in ship/. That module uses packages of the
# one above, whose owner may require newer modules than ship's go.mod knows of: a copy
# of it takes them over, so that nobody has to keep the two in step.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p bin
cp ship/go.mod bin/ship.mod
cat ship/go.sum go.sum >bin/ship.sum
export GOFLAGS="${GOFLAGS:-} -modfile=../bin/ship.mod -mod=mod" GOWORK=off
cd ship
exec "$@"
