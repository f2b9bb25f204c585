#!/usr/bin/env bash
# Measures this project against its alternatives, on a cluster of its own.
set -euo pipefail
cd "$(dirname "$0")/.."

echo "compiling the programs to compare, usually 3m0s the first time"
go build -modfile e2e/bench/ko/go.mod -o bin/ko github.com/google/ko
# A node of the cluster runs it too, whatever libraries it has.
CGO_ENABLED=0 go build -tags e2e -o bin/bench ./e2e/bench
echo "  compiled in ${SECONDS}s"
exec bin/bench bin/ko
